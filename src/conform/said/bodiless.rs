//! What pages say of requests that need no body: "The body is optional", "You may send none at all". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises;

/// True if the page says that a request may come without a body.
pub(crate) fn goes_without(operation: &Operation) -> bool {
    promises::sentences(operation).any(|it| says_so(&it))
}

fn says_so(text: &str) -> bool {
    static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            (?:^|[.;:,]\s*)(?:the\s+|a\s+|this\s+)?(?:json\s+|request\s+)?(?:body|payload)\s+(?:itself\s+)?
              (?:is\s+(?:entirely\s+|completely\s+)?(?:optional|not\s+(?:required|needed|necessary|mandatory))|isn['’]t\s+(?:required|needed|necessary)
              |(?:may|can)\s+be\s+(?:left\s+out|omitted|missing|absent|left\s+away|skipped))\b
            | \b(?:body|payload)\b[^.;]*[.;]\s*(?:you\s+|it\s+)?(?:may|can)\s+(?:also\s+)?(?:send|have)\s+none\b
            | \b(?:may|can)\s+(?:also\s+)?be\s+(?:called|sent|made|used)\s+(?:with\s+no|without\s+an?|without\s+any)\s+(?:request\s+)?(?:body|payload)\b
            | \b(?:works|is\s+fine|is\s+accepted|is\s+allowed)\s+(?:with\s+no|without\s+an?|without)\s+(?:request\s+)?(?:body|payload)\b
            | \b(?:no|an?\s+missing)\s+(?:request\s+)?body\s+(?:at\s+all\s+)?is\s+(?:fine|allowed|accepted|ok|enough)\b
            | \b(?:optional\s+(?:json\s+|request\s+)?(?:body|payload)|leave\s+(?:out\s+)?the\s+(?:request\s+)?body\s+(?:out|away|off))\b",
        )
    });
    WITHOUT.is_match(text)
}

/// True for a sentence that says that a body has to have something in it: "Send at least one of them".
///
/// "If at least one value is different, the revision goes up" asks for nothing.
pub(crate) fn wants_some(text: &str) -> bool {
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bat\s+least\s+one\s+(?:of\s+(?:them|these|the|those)\b|(?:\w+\s+)?(?:fields?|members?|propert(?:y|ies)|parameters?|attributes?|values?|changes?)\b)",
        )
    });
    static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:if|when|whenever|once|unless|after|as\s+soon\s+as|until)\s+(?:\w+\s+){0,4}?at\s+least\s+one\b
            | \bat\s+least\s+one\s+(?:\S+\s+){1,4}?(?:is|are|was|were|has)\s+(?:really\s+|actually\s+)?(?:different|changed|new|other)\b",
        )
    });
    SOME.is_match(text) && !CONDITION.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_want_something_in_a_body() {
        for text in [
            "Send at least one of them.",
            "At least one field is required.",
            "At least one of these has to be there.",
            "The body needs at least one member.",
        ] {
            assert!(wants_some(text), "{text}");
        }
        for text in [
            "If at least one value is different after the update, the revision goes up by one.",
            "When the body has at least one field, it is checked.",
            "The version changes once at least one member is another.",
            "At least one member is changed by this.",
        ] {
            assert!(!wants_some(text), "{text}");
        }
    }

    #[test]
    fn texts_say_that_no_body_is_needed() {
        for text in [
            "The body is optional.",
            "The request body may be left out.",
            "Takes a JSON body; you may send none at all.",
            "The body isn't required.",
            "Can be called without a body.",
            "No body is fine as well.",
            "To keep the date, leave the body out.",
            "Takes an optional body.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "The body is required.",
            "The body of the message is text.",
            "Members of the body are optional.",
            "Each member may be left out.",
            "Members of the body may be left out.",
            "The answer has no body.",
            "An empty body is refused.",
            "A body that is not JSON is refused.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
