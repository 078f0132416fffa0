//! Lists beside something that is no value: "A block number, or one of `latest`, `earliest`."

use std::sync::LazyLock;

use serde_json::Value;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::prose::passage::Text;

/// True if the words before a list leave another choice.
pub(super) fn has_alternative(text: &Text) -> bool {
    static OF: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<last>[\w%)\x{E000}\x{E001}]+)[,;]?\s+(?:(?:or|alternatively,?|otherwise,?)\s+(?:(?:else|also|it\s+is|is|be|just|simply|use|give|send|pass)\s+)*(?:one|any)\s+of|oder\s+eine[rs]?\s+(?:von|der)|ou\s+(?:(?:bien\s+)?l['’]une?\s+des?|uma?\s+d[eo]s?)|o\s+un[oa]\s+de)\b",
        )
    });
    // "Hash, tag, or branch (`main`, `dev`)": the last one of several things has such values.
    static THINGS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^[^.;:()]*\w\s*,\s*(?:[^.;:(),]+,\s*)*or\s+(?:an?\s+)?\w+\s*\([\x{E000}\x{E001}]",
        )
    });
    let flat = &text.flat;
    if text.tokens.is_empty() {
        return false;
    }
    // What stands for none is no other choice, and a value is one of the list.
    let is_open = |last: &str| {
        const NONE: [&str; 8] = [
            "null", "none", "empty", "nothing", "omitted", "unset", "blank", "one",
        ];
        let last = last.to_lowercase();
        !NONE.contains(&last.as_str()) && !last.contains(['\u{E000}', '\u{E001}'])
    };
    OF.captures_iter(flat).any(|found| {
        found
            .name("last")
            .is_some_and(|last| is_open(last.as_str()))
    }) || THINGS.is_match(flat)
}

/// True for a noun before a bracket of which there are more than anybody lists: "Language code (`en`, `de`)".
pub(super) fn is_open_noun(before: &str) -> bool {
    static NOUN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:names?|city|cities|languages?|countr(?:y|ies)|currenc(?:y|ies)|locales?|time\s?zones?|models?|regions?|extensions?|file\s+types?|domains?)(?:\s+codes?)?\s*[(\[（]\s*$",
        )
    });
    NOUN.is_match(before)
}

/// True for specimens of a notation that the words before them name: "A duration: `30s`, `5m`."
pub(super) fn are_specimens(before: &str, values: &[Value], after: &str) -> bool {
    static NOUN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:durations?|notation|expressions?|(?:time\s*)?zones?|lengths?|(?:phone\s+)?numbers?|paths?|coordinates|iso(?:\s+8601)?|relative|percentages?|ratio|weeks?|amounts?|memory|minutes|hours|unit|size)\b",
        )
    });
    static BOUND: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:at\s+most|at\s+least|not\s+(?:under|over)|up\s+to|maximum|minimum)\b")
    });
    let written = values.iter().filter_map(Value::as_str);
    let is_of_notation = values.len() > 1
        && written.clone().count() == values.len()
        && written.filter(|it| is_written_out(it)).count() * 2 >= values.len();
    is_of_notation && (NOUN.is_match(before) || BOUND.is_match(after))
}

/// True for `30s`, `10 EUR`, `16:9`, `PT1H`, `+49…`, `/a/b`, `-7d`, `Europe/Oslo`, and `52.5,13.4`.
fn is_written_out(value: &str) -> bool {
    let digits = value.trim_start_matches(['+', '-', 'P', 'T', '~', '<', '>']);
    let first = digits.chars().next();
    let has_more = digits.contains(|c: char| !c.is_ascii_digit());
    let is_counted = first.is_some_and(|c| c.is_ascii_digit()) && (has_more || digits != value);
    let is_path = value.starts_with('/')
        || value.split_once('/').is_some_and(|(area, place)| {
            area.starts_with(char::is_uppercase) && place.starts_with(char::is_uppercase)
        });
    is_counted || is_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_have_specimens() {
        let values =
            |list: &[&str]| -> Vec<Value> { list.iter().map(|it| Value::from(*it)).collect() };
        assert!(are_specimens("A duration: ", &values(&["30s", "5m"]), "."));
        assert!(are_specimens(
            "Time zone name: ",
            &values(&["Europe/Oslo", "UTC"]),
            "."
        ));
        assert!(are_specimens(
            "Every: ",
            &values(&["30m", "2h"]),
            ". Not under 5 minutes."
        ));
        assert!(!are_specimens("Interval: ", &values(&["1m", "5m"]), "."));
        assert!(!are_specimens("Size: ", &values(&["small", "large"]), "."));
    }
}
