//! Lists beside something that is no value: "A block number, or one of `latest`, `earliest`."

use std::sync::LazyLock;

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
