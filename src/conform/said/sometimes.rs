//! Inputs that mean something only beside others: "Only kept when the new state is `closed`", "Ignored unless `kind` is
//! `other`". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// True if the text of a member of the request says that it counts in some cases only.
pub(crate) fn counts(operation: &Operation, name: &str) -> bool {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let mut own = fields.filter(|field| field.name.value == name);
    own.any(|field| says_so(&field.description))
}

fn says_so(text: &str) -> bool {
    static SOMETIMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:ignored|disregarded|dropped|discarded|not\s+(?:kept|stored|saved|used|recorded|read|taken|shown)|no\s+(?:effect|meaning)|meaningless|without\s+(?:any\s+)?effect)\b[^.;]*\b(?:if|when|unless|for|with|without|while|except|otherwise|in\s+all\s+other)\b
            | \b(?:otherwise|else|if\s+not)\b[^.;]*\b(?:ignored|disregarded|dropped|discarded|no\s+effect)\b
            | \bonly\s+(?:\w+ly\s+)?(?:kept|stored|saved|used|recorded|read|applied|applies|counts?|matters?|relevant|meaningful|considered|honou?red|looked\s+at|taken|makes\s+sense|has\s+(?:an\s+)?(?:effect|meaning))\b
            | \b(?:kept|stored|saved|used|recorded|read|applied|applies|counts?|matters?|relevant|meaningful|considered|honou?red|taken|makes\s+sense|has\s+(?:an\s+)?(?:effect|meaning))\s+only\s+(?:if|when|for|with|while|as\s+long)\b
            | ^only\s+(?:for|if|when|with|while)\b",
        )
    });
    text.split_inclusive('.')
        .any(|sentence| SOMETIMES.is_match(sentence.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_an_input_counts_sometimes() {
        for text in [
            "Why it is closed. Only kept when the new state is `closed`.",
            "Ignored unless `kind` is `other`.",
            "Used only with `kind` `other`.",
            "Only for orders that are sent abroad.",
            "Has no effect when the job is done.",
            "Required when `kind` is `other`, and without any effect for the other kinds.",
            "For `other` the reason; otherwise it is ignored.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "Why it is closed.",
            "Only letters and digits.",
            "The only name of the thing.",
            "Unknown members are ignored.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
