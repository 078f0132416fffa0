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

#[cfg(test)]
mod tests {
    use super::*;

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
