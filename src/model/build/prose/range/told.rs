//! What the words around a number say that it is: a comparison, something that is told of so many, a number in another
//! unit than the value.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};

/// True if the text compares: what stands behind it in brackets is no length without room.
pub(super) fn is_compared(text: &str) -> bool {
    static COMPARED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:than|longer|larger|bigger|shorter|smaller|greater|exceed(?:s|ing)?|beyond|at\s+least|at\s+most|up\s+to|min(?:imum)?|max(?:imum)?|fewer|länger|mindestens|höchstens)\b",
        )
    });
    COMPARED.is_match(text)
}

/// True for "days are kept" behind a number: something is told of so many, which bounds no value.
pub(super) fn is_told_of(after: &str) -> bool {
    static TOLD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s)]*(?:[a-z]+\s+){0,2}?(?:is|are|was|were|gets?|will|counts?|stays?)\s+(?P<verb>[a-z]+)",
        )
    });
    const TAKEN: [&str; 13] = [
        "accepted",
        "allowed",
        "at",
        "be",
        "enough",
        "fine",
        "inclusive",
        "ok",
        "permitted",
        "possible",
        "supported",
        "taken",
        "the",
    ];
    let told = TOLD.captures(after);
    let verb = told.and_then(|found| Some(found.name("verb")?.as_str().to_ascii_lowercase()));
    verb.is_some_and(|verb| !TAKEN.contains(&verb.as_str()))
}

/// True for what stands in brackets behind one of several things: "ZIP (5 digits) or postcode", "Room (three digits) and
/// floor", "4 digits; 6 with a second factor".
pub(in crate::model::build::prose) fn is_one_of_several(lead: &str, after: &str) -> bool {
    static BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)^(?:\s*\)\s*,?\s*(?:or|and|oder|und|ou|o|y|e)\b|\s*[;,]\s*\d)")
    });
    static BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:or|oder|ou)\s+[^().;,:]{1,40}(?:\(\s*(?:\w+\s+){0,2})?$")
    });
    BEHIND.is_match(after) || BEFORE.is_match(lead)
}

/// The text behind a number of items without what it says of the length of each: "of 1 to 24 characters each", ", each at
/// most 24 characters long".
pub(super) fn without_length(text: &str) -> Cow<'_, str> {
    static LENGTH: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix),?\s+(?:
            (?:of|with|at|having)\s+(?:(?:up\s+to|at\s+most|max(?:imum|\.)?|no\s+more\s+than)\s+)?(?:\d+\s*(?:to|and|-|–|—)\s*)?\d+\s+(?:characters?|chars|letters)(?:\s+(?:each|per\s+[a-z]+))?
            | (?:and\s+|with\s+)?each\s+(?:of\s+(?:them\s+)?|with\s+)?(?:(?:up\s+to|at\s+most|max(?:imum|\.)?|no\s+(?:more|longer)\s+than)\s+)?(?:\d+\s*(?:to|and|-|–|—)\s*)?\d+\s+(?:characters?|chars|letters)(?:\s+(?:long|at\s+most|or\s+(?:less|fewer)))?)",
        )
    });
    LENGTH.remove(text)
}

/// True for the last steps of a sequence: of "0, 5, 10 … 120" and "0, 15, 30 to 90", no range begins with the last number
/// that is written out.
pub(super) fn goes_on(before: &str, found: &str, joint: Option<&str>) -> bool {
    static STEPS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?P<two>\d\s*,\s*)?[-−]?\d+(?:\.\d+)?\s*$"));
    let is_open = joint.is_some_and(|it| it.starts_with(['.', '…']));
    let steps = found.starts_with(',').then(|| STEPS.captures(before));
    let steps = steps.flatten();
    joint.is_some() && steps.is_some_and(|steps| is_open || steps.name("two").is_some())
}

/// True for what comes behind so many others: "two letters and up to 12 characters".
pub(super) fn is_further(before: &str) -> bool {
    static FIRST: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:letters?|digits?|characters?|numbers?)\s*(?:,|\+|and|plus|then|followed\s+by|,\s*then)\s*$",
        )
    });
    FIRST.is_match(before)
}

static UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)%|\b(?:ms|millis|milliseconds?|microseconds?|seconds|secs?|minutes?|mins|hours?|hrs?|days?|weeks?|months?|years?|percent|per\s?mille|basis\s+points?|bps|times\s+100|hundredths|thousandths)\b",
    )
});

/// What a number is counted in, by the start of the word for it.
const UNITS: [(&str, &str); 20] = [
    ("%", "%"),
    ("percent", "%"),
    ("pct", "%"),
    ("ms", "milliseconds"),
    ("milli", "milliseconds"),
    ("micro", "microseconds"),
    ("sec", "seconds"),
    ("min", "minutes"),
    ("hour", "hours"),
    ("hr", "hours"),
    ("day", "days"),
    ("week", "weeks"),
    ("month", "months"),
    ("year", "years"),
    ("basis", "basis points"),
    ("bps", "basis points"),
    ("times", "hundredths"),
    ("hundredth", "hundredths"),
    ("thousandth", "thousandths"),
    ("per", "thousandths"),
];

fn unit_of(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let known = UNITS.iter().find(|(start, _)| word.starts_with(start));
    known.map(|(_, unit)| *unit)
}

/// True if the number that ends at `end` counts what the value counts: it has no unit, or the text or the name of the
/// field has the same one, and none has another. "Minutes. At least 15, at most 24 hours" bounds minutes by 15 only.
pub(super) fn is_in_unit(name: &str, flat: &str, end: usize) -> bool {
    let after = flat.get(end..).unwrap_or_default();
    let start = end + (after.len() - after.trim_start_matches([' ', '*', '-']).len());
    let mut own = None;
    let mut others: Vec<&str> = of_name(name);
    for found in UNIT.find_iter(flat) {
        let before = flat.get(..found.start()).unwrap_or_default();
        let word = before
            .trim_end()
            .rsplit([' ', '('])
            .next()
            .unwrap_or_default();
        if found.start() == start {
            own = unit_of(found.as_str());
        } else if !["the", "this", "a", "per", "each", "every", "of"].contains(&word) {
            // "Share of the day" is counted in no days.
            others.extend(unit_of(found.as_str()));
        }
    }
    let Some(own) = own else {
        return true;
    };
    // A share is mostly one in percent, and what is said in seconds is not counted in less; other times may be.
    let is_plain = ["%", "seconds", "milliseconds"].contains(&own);
    others.iter().all(|other| *other == own) && (is_plain || !others.is_empty())
}

/// The units that the words of a name say: `ttlSeconds` says one.
fn of_name(name: &str) -> Vec<&'static str> {
    let mut spaced = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
    }
    // `min` is a bound as well, and `per` says no unit.
    let is_unit = |word: &&str| UNIT.is_match(word) || *word == "pct" || *word == "percentage";
    let words = spaced.split(|c: char| !c.is_alphanumeric());
    words.filter(is_unit).filter_map(unit_of).collect()
}

/// Where the words about the length of each item end that stand behind what is counted: "of up to 50 characters".
pub(super) fn of_each(rest: &str) -> usize {
    static OF_EACH: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^,?\s+(?:of|with|having)\s+(?:up\s+to|at\s+most|(?:no|not)\s+more\s+than|max(?:imum|\.)?(?:\s+of)?|(?:\d+\s*(?:to|-|–)))\s*\d+\s+(?:characters?|chars|letters)",
        )
    });
    OF_EACH.find(rest).map_or(0, |it| it.end())
}

/// What stands behind the number of items, up to what is said of each of them: "tags, each with 1 to 32 letters".
pub(super) fn without_each(rest: &str) -> &str {
    static EACH: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s+(?:[a-z]+\s+){0,2}[a-z]{3,}s(?P<each>\s*,?\s+(?:and\s+)?each\s+(?:with|of|one|has|is|at|up|between|may|can|must|having)\b)",
        )
    });
    let each = EACH.captures(rest).and_then(|found| found.name("each"));
    each.and_then(|each| rest.get(..each.start()))
        .unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_another_unit_bounds_nothing() {
        for (name, text, is_own) in [
            ("wait", "In seconds, at most 60 seconds", true),
            ("waitSeconds", "At most 60 seconds", true),
            ("share", "At most 100 %", true),
            ("count", "At most 60", true),
            ("share", "Share of the day, at most 100 %", true),
            ("wait_minutes", "At least 15, at most 24 hours", false),
            ("wait", "Milliseconds, at most 10 seconds", false),
            ("ttl", "At most 30 days", false),
            ("fee", "Basis points, at most 5 %", false),
        ] {
            let end = text.rfind(|c: char| c.is_ascii_digit()).unwrap() + 1;
            assert_eq!(is_in_unit(name, text, end), is_own, "{name}: {text}");
        }
    }

    #[test]
    fn what_is_told_of_so_many_is_no_bound() {
        assert!(is_told_of(" days are kept"));
        assert!(is_told_of(" lines is shown"));
        for after in [" days", " characters are allowed", " lines at most."] {
            assert!(!is_told_of(after), "{after}");
        }
    }
}
