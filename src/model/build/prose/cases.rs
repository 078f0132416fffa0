//! Texts that say one thing for each of several cases: "US: 5 digits. UK: 5 to 7 characters.", "For sandbox keys: a UUID."
//!
//! Which of them a value is of is not known, so bounds and notations in such a text hold for none.

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};

use super::passage::{Passage, Text};

/// True if one of the passages tells cases apart.
pub(super) fn tell(passages: &[Passage]) -> bool {
    passages
        .iter()
        .any(|passage| matches!(passage, Passage::Text(text) if are_told(text)))
}

fn are_told(text: &Text) -> bool {
    let flat = &text.flat;
    flat.contains(':') && (has_condition(flat) || has_labels(flat))
        || flat.contains(" for ") && COUNTED.is_match(flat)
        || has_second(flat)
}

/// "At most 50. With `all`, up to 5000.": a later sentence that begins with a case, and has a number of its own.
fn has_second(flat: &str) -> bool {
    static SECOND: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)\d.*?[.;]\s+(?:(?:and|or|but)\s+)?(?:with|for|if|when|where|in\s+case|mit|für|bei|wenn|falls|com|con|para|se|si|quando|cuando|avec|pour|lorsque)\s+
            [^.;]*?(?:,|:|\b(?:is|are|it\s+is|up\s+to|at\s+most|at\s+least|bis|até|hasta|jusqu))[^.;]*\d",
        )
    });
    static SMALL: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:example|instance|default|retr(?:y|ies)|after)\b"));
    SECOND
        .find(flat)
        .is_some_and(|found| !SMALL.is_match(found.as_str()))
}

/// "160 characters for SMS, 5000 for mail"
static COUNTED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\d[^.;]*\bfor\s+[^.;,\d]+[,;]\s*(?:(?:and|or|but)\s+)?(?:(?:at\s+most|at\s+least|up\s+to|only)\s+)?\d[\d,.]*(?:\s+[a-z]+)?\s+for\b",
    )
});

/// "With Stripe: starts with `cus_`."
fn has_condition(flat: &str) -> bool {
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?:^|[.;\n]\s*)(?:(?i:for|with|on|at|under|within)\s+(?P<what>[^.:;,\n]{1,40})|(?i:in)\s+(?:[A-Z]|the\s)[^.:;,\n]{1,40}):\s",
        )
    });
    CONDITION.captures_iter(flat).any(|found| {
        let what = found.name("what").map_or("", |what| what.as_str());
        let what = what.to_ascii_lowercase();
        // "At most 12 characters: letters and digits" is no case.
        let is_bound = ["most", "least", "the most", "the least"];
        let mut bounds = is_bound.iter().filter_map(|it| what.strip_prefix(it));
        !["example", "instance", "reference"].contains(&what.as_str())
            && !bounds.any(|rest| rest.starts_with(' '))
    })
}

/// "Individuals: 11 digits. Companies: 14 digits."
fn has_labels(flat: &str) -> bool {
    static LABEL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?:^|[.;\n]\s*)\**(?P<label>[A-Z][A-Za-z-]*(?:\s[A-Za-z-]+){0,2})\**:\s")
    });
    let labels = LABEL.captures_iter(flat);
    let labels = labels.filter_map(|found| Some(!is_of_values(found.name("label")?.as_str())));
    labels.filter(|is_case| *is_case).nth(1).is_some()
}

/// True for a label that says what about the value follows, such as "Format" or "Default".
fn is_of_values(label: &str) -> bool {
    const LABELS: [&str; 32] = [
        "allowed",
        "bounds",
        "caution",
        "characters",
        "constraint",
        "constraints",
        "default",
        "defaults",
        "enum",
        "example",
        "examples",
        "format",
        "important",
        "length",
        "limit",
        "limits",
        "max",
        "maximum",
        "min",
        "minimum",
        "note",
        "notation",
        "options",
        "pattern",
        "range",
        "required",
        "size",
        "tip",
        "type",
        "unit",
        "value",
        "values",
    ];
    let words = label.split([' ', '-']);
    let mut words = words.map(str::to_ascii_lowercase);
    words.any(|word| LABELS.contains(&word.as_str()))
}
