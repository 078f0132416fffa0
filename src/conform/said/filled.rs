//! Members that the server fills in where no value is sent: "When it is left out, it is set at check-in". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises;

/// True if the page says that a member without a value gets one: `null` is no value that could be kept then.
pub(crate) fn fills_in(operation: &Operation, name: &str) -> bool {
    let bodies = operation.body.iter().flat_map(|body| &body.fields);
    let answers = operation.responses.iter().flat_map(|it| &it.fields);
    let mut fields = bodies
        .chain(answers)
        .filter(|field| field.name.value == name);
    let code = format!("`{name}`");
    fields.any(|field| says_so(&field.description))
        || promises::sentences(operation).any(|text| text.contains(&code) && says_so(&text))
}

/// True if a text says that what has no value gets one.
pub(super) fn says_so(text: &str) -> bool {
    static ABSENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:left|leave|leaving)\s+(?:\w+\s+){0,2}(?:out|empty|off)|omit(?:ted|ting|s)?|(?:not|n['’]t|never)\s+(?:sent|send|given|give|set|provided|provide|specified|specify|present|supplied|supply|passed|pass)
              |missing|absent|without\s+(?:one|it|this|a\s+value|that)|no\s+value|there\s+is\s+none|if\s+none|unset|by\s+default|otherwise)\b
              | \b(?:with|if|when|for|sending|send)\s+(?:it\s+is\s+)?(?:`null`|null\b)",
        )
    });
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:is|are|gets?|be|being)\s+(?:then\s+|automatically\s+)?(?:set|filled|computed|calculated|derived|generated|chosen|assigned|taken|copied|inherited|used|determined|created|made)
              |(?:sets?|fills?|computes?|calculates?|derives?|generates?|chooses?|picks?|assigns?|takes?|copies|inherits?|uses?|determines?)\s+(?:in\s+)?(?:an?|the|it|one|its|that|today|now|`\w+`|\w+\s+(?:in|out))
              |defaults?\s+to|falls?\s+back|automatic(?:ally)?|current|today|now)(?:\W|$)",
        )
    });
    // "`null` takes it away" is a value of its own.
    static TAKES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bnull\b`?\s+(?:to\s+)?(?:removes?|clears?|takes|deletes?|unsets?|resets?|empties)\b",
        )
    });
    let mut sentences = text.split(". ").flat_map(str::lines);
    sentences.any(|it| ABSENT.is_match(it) && MADE.is_match(it) && !TAKES.is_match(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_a_member_without_a_value_gets_one() {
        for text in [
            "The day of departure. When it is left out, it is set at check-in.",
            "If omitted, the server generates a name.",
            "Calculated automatically if it is not given.",
            "Without one, booking sets `departs_on` to the next day.",
            "With `null` the current day is taken.",
            "Defaults to the address of the customer if not provided.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "The day of departure, or `null`.",
            "`null` clears it; then the default is used.",
            "Is set by the server.",
            "A text. Left out, there is no text.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
