//! Members that cannot be changed any more once something belongs to a thing: "Once there is a vote the question is fixed". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;

/// A member, and what has to be there for it to be fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frozen {
    /// The letters of its name.
    pub(crate) member: String,
    /// The noun of what belongs to the thing.
    pub(crate) child: String,
}

/// What a sentence says.
pub(crate) fn of(sentence: &str) -> Option<Frozen> {
    const ONCE: &str = r"(?:once|as\s+soon\s+as|after|from\s+the\s+moment)";
    const THERE: &str = r"(?:there\s+(?:is|are)\s+|(?:it|they|(?:the|an?)\s+\w+)\s+(?:has|have)\s+|the\s+first\s+)(?:an?\s+|any\s+|at\s+least\s+one\s+|one\s+|some\s+)?";
    const FIXED: &str = r"(?:(?:is|are)\s+(?:then\s+)?(?:fixed|frozen|locked|final)|(?:cannot|can['’]t|can\s+no\s+longer|may\s+not|must\s+not)\s+be\s+(?:changed|edited|updated)|(?:is|are)\s+no\s+longer\s+(?:editable|changeable))";
    static AHEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)\b{ONCE}\s+{THERE}`?(?P<child>[a-z]+)`?,?\s+(?:(?:the|its|their)\s+)?`?(?P<member>\w+)`?\s+{FIXED}\b"
        ))
    });
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|\b(?:the|its|their)\s+|[.;:]\s+)`?(?P<member>\w+)`?\s+{FIXED}[^.;]*?\b{ONCE}\s+{THERE}`?(?P<child>[a-z]+)\b"
        ))
    });
    static OTHERWISE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:unless|except|only|still|force)\b"));
    let found = AHEAD
        .captures(sentence)
        .or_else(|| BEHIND.captures(sentence))?;
    let child = letters(found.name("child")?.as_str());
    let child = child.strip_suffix('s').unwrap_or(&child).to_owned();
    let member = letters(found.name("member")?.as_str());
    (!OTHERWISE.is_match(sentence)).then_some(Frozen { member, child })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_is_fixed_once_something_is_there() {
        for (text, member, child) in [
            (
                "Once there is a vote the question is fixed: changing it gives `409` `has_votes`.",
                "question",
                "vote",
            ),
            (
                "As soon as a poll has votes, its `question` can't be changed (`409`).",
                "question",
                "vote",
            ),
            (
                "The `question` can no longer be changed once there are votes.",
                "question",
                "vote",
            ),
            (
                "After the first vote the question is frozen.",
                "question",
                "vote",
            ),
            (
                "`currency` is fixed once the account has an entry.",
                "currency",
                "entry",
            ),
        ] {
            let found = of(text).map(|it| (it.member, it.child));
            assert_eq!(found, Some((member.to_owned(), child.to_owned())), "{text}");
        }
        for text in [
            "Once there is a vote the poll is shown.",
            "The question can be changed once there are votes.",
            "The question is fixed.",
            "Once there is a vote the question is fixed, unless you send `force`.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
