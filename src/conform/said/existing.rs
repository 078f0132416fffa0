//! Whether what an input names has to exist. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// Words by which a text says that something has to exist.
const WORDS: &[&str] = &[
    "exist",
    "not found",
    "unknown",
    "no such",
    "does not know",
    "any other",
];

/// True if the text of an input says itself that what it names has to exist.
pub(crate) fn says_so(description: &str) -> bool {
    let text = description.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// True if the page says that what an input with that description names, a thing of that noun, has to exist.
pub(crate) fn has_to_exist(operation: &Operation, description: &str, noun: &str) -> bool {
    static ONE_OF_THEM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\s*(?:the\s+)?(?:id|uuid|identifier|number)\s+of\s+(?:an?|another|one)\s+(?:other\s+)?\w+\s+(?:of|in|under|on|from|within)\s+(?:the|this|that|your)\b",
        )
    });
    let description = description.to_lowercase();
    let refusals = operation
        .responses
        .iter()
        .filter(|it| !it.status.is_success());
    let texts = refusals
        .flat_map(|it| &it.examples)
        .map(|it| it.text.text().to_lowercase());
    let remarks = operation.remarks.iter().map(|it| it.value.to_lowercase());
    let says = |text: &str| WORDS.iter().any(|word| text.contains(word));
    ONE_OF_THEM.is_match(&description)
        || says(&description)
        || texts
            .chain(remarks)
            .any(|text| text.contains(noun) && says(&text))
}
