//! Values that a header and the body of the same answer share: "the same value as the `X-Request-Id` header". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::{Field, ResponseHeader};

/// A header, and the way to a member with the same value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) header: String,
    pub(crate) member: String,
}

/// What the fields of an answer say.
pub(crate) fn of_fields(fields: &[Field]) -> Vec<Shared> {
    let mut found = Vec::new();
    collect(fields, "", 0, &mut found);
    found
}

/// Objects nested deeper are not looked at.
const DEPTH: usize = 3;

fn collect(fields: &[Field], around: &str, depth: usize, into: &mut Vec<Shared>) {
    if depth > DEPTH {
        return;
    }
    for field in fields {
        let member = format!("{around}{}", field.name.value);
        if let Some(header) = header_in(&field.description) {
            let member = member.clone();
            into.push(Shared { header, member });
        }
        collect(&field.children, &format!("{member}."), depth + 1, into);
    }
}

/// The header that the text of a member says it repeats.
fn header_in(text: &str) -> Option<String> {
    static HEADER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:same|identical|equal|copy|repeats?|equals|also\s+(?:sent\s+|available\s+|returned\s+|given\s+)?(?:in|as))\b[^.;`]*?(?:`(?P<name>[A-Za-z]+(?:-[A-Za-z]+)+)`|\b(?P<bare>[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+)\s+header\b)(?P<after>[^.;]*)",
        )
    });
    let found = HEADER.captures(text)?;
    let after = found.name("after")?.as_str().to_lowercase();
    // What was sent, or is not so at times, is nothing to compare with.
    let is_other = [
        "request header",
        "you sent",
        "was sent",
        "unless",
        "except",
        " if ",
    ];
    let is_other = is_other.iter().any(|words| after.contains(words));
    let name = found.name("name").or_else(|| found.name("bare"));
    (!is_other).then(|| name.map(|it| it.as_str().to_owned()))?
}

/// The member that the text of a header says has the same value.
pub(crate) fn of_header(header: &ResponseHeader) -> Option<Shared> {
    static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\b(?:same(?:\s+\w+)?\s+as|identical\s+to|equal\s+to|copy\s+of|repeats|equals)\s+(?:the\s+)?(?:member\s+|field\s+)?`(?P<one>[a-z_]\w*(?:\.\w+)*)`|`(?P<other>[a-z_]\w*(?:\.\w+)*)`\s+(?:in\s+the\s+body\s+)?(?:has|holds|carries)\s+the\s+same\s+value\b)",
        )
    });
    let found = MEMBER.captures(&header.description)?;
    let member = found.name("one").or_else(|| found.name("other"))?;
    Some(Shared {
        header: header.name.value.clone(),
        member: member.as_str().to_owned(),
    })
}

/// What a sentence about all answers says: "`X-Total-Count` (same as `total`)".
pub(crate) fn of_sentence(text: &str) -> Option<Shared> {
    static BOTH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)`(?P<header>[A-Z][A-Za-z]*(?:-[A-Za-z]+)+)`\s*(?:header\s*)?(?:\(\s*|,\s*|has\s+|is\s+|holds\s+|carries\s+|contains\s+)?(?:the\s+)?
            (?:same(?:\s+\w+)?\s+as|identical\s+to|equal\s+to|an?\s+copy\s+of|repeats)\s+(?:the\s+)?(?:member\s+|field\s+)?`(?P<member>[a-z_]\w*(?:\.\w+)*)`",
        )
    });
    let found = BOTH.captures(text)?;
    Some(Shared {
        header: found.name("header")?.as_str().to_owned(),
        member: found.name("member")?.as_str().to_owned(),
    })
}

/// What a sentence, with the one before it, says of all answers: "Every response has the header `X-Request-Id`. Error bodies
/// repeat the same value as `request_id`."
pub(crate) fn of_two(before: &str, text: &str) -> Option<(Shared, Answers)> {
    static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:same|this)\s+(?:value|id|identifier)\b[^.;`]*\b(?:as|in|under)\s+(?:the\s+(?:member|field)\s+)?`(?P<one>[a-z_]\w*(?:\.\w+)*)`
            | `(?P<other>[a-z_]\w*(?:\.\w+)*)`[^.;]*\b(?:same|this)\s+(?:value|id)\b",
        )
    });
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:you\s+sent|was\s+sent|requests?\s+header|unless|except|if|may|might|not|never|sometimes)\b|n['’]t\b",
        )
    });
    let found = MEMBER.captures(text).filter(|_| !OTHER.is_match(text))?;
    let member = found.name("one").or_else(|| found.name("other"))?;
    let header = only_header(text).or_else(|| {
        let is_of_all = before.to_lowercase();
        let is_of_all = ["every", "each", "all"]
            .iter()
            .any(|it| is_of_all.contains(it));
        only_header(before).filter(|_| is_of_all)
    })?;
    let words = text.to_lowercase();
    let answers = match (words.contains("error"), words.contains("success")) {
        (true, false) => Answers::Errors,
        (false, true) => Answers::Successes,
        _ => Answers::All,
    };
    let member = member.as_str().to_owned();
    Some((Shared { header, member }, answers))
}

/// Which answers something is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// Whatever they say.
    All,
    /// Those of what was done.
    Successes,
    /// Those of what was refused, or failed.
    Errors,
}

impl Answers {
    /// True if a success, or another answer, is one of them.
    pub(crate) fn has(self, is_success: bool) -> bool {
        match self {
            Self::All => true,
            Self::Successes => is_success,
            Self::Errors => !is_success,
        }
    }
}

/// The one header that a sentence names.
fn only_header(text: &str) -> Option<String> {
    static HEADER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"`(?P<name>[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+)`"));
    let mut found = HEADER.captures_iter(text);
    let name = found.next()?.name("name")?.as_str().to_owned();
    found.next().is_none().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_members_name_the_header_that_they_repeat() {
        let of = |text: &str| header_in(text);
        let id = Some("X-Request-Id".to_owned());
        assert_eq!(
            of("The same value as the `X-Request-Id` response header."),
            id
        );
        assert_eq!(of("A copy of the `X-Request-Id` header."), id);
        assert_eq!(of("Equal to `X-Request-Id`."), id);
        assert_eq!(of("Also in the `X-Request-Id` header."), id);
        assert_eq!(of("is the same as in the X-Request-Id header."), id);
        assert_eq!(of("The same as the `Idempotency-Key` you sent."), None);
        assert_eq!(of("Sent with `X-Request-Id`."), None);
        assert_eq!(of("The same value as `id`."), None);
    }

    #[test]
    fn sentences_name_a_header_and_the_member_that_it_repeats() {
        for (text, is_said) in [
            (
                "Two headers: `X-Total-Count` (same as `total`) and `Link`.",
                true,
            ),
            ("`X-Total-Count` has the same number as `total`.", true),
            ("The `X-Total-Count` header is the same as `total`.", true),
            (
                "`X-Total-Count` counts all, and `total` those of the page.",
                false,
            ),
            ("Send `If-Match` with the same tag as before.", false),
        ] {
            let wanted = is_said.then(|| Shared {
                header: "X-Total-Count".to_owned(),
                member: "total".to_owned(),
            });
            assert_eq!(of_sentence(text), wanted, "{text}");
        }
    }

    #[test]
    fn two_sentences_say_that_a_member_repeats_a_header() {
        let every = "Every response has the header `X-Request-Id`.";
        let of = |before: &str, text: &str| {
            of_two(before, text).map(|(it, answers)| (it.header, it.member, answers))
        };
        let id =
            |member: &str, answers| Some(("X-Request-Id".to_owned(), member.to_owned(), answers));
        for (before, text, member, answers) in [
            (
                every,
                "Error bodies repeat the same value as `request_id`.",
                "request_id",
                Answers::Errors,
            ),
            (
                every,
                "The same value is in `meta.request_id`.",
                "meta.request_id",
                Answers::All,
            ),
            (
                every,
                "`request_id` of errors has the same value.",
                "request_id",
                Answers::Errors,
            ),
            (
                "",
                "`meta.request_id` is different for each request, and the same value is in the `X-Request-Id` response header.",
                "meta.request_id",
                Answers::All,
            ),
            (
                every,
                "Successes carry the same id in `meta.id`.",
                "meta.id",
                Answers::Successes,
            ),
        ] {
            assert_eq!(of(before, text), id(member, answers), "{text}");
        }
        for (before, text) in [
            (every, "Errors have a `request_id`."),
            (every, "If you send one, the same value is in `request_id`."),
            ("Send `X-Request-Id`.", "The same value is in `request_id`."),
            (
                "All lists have `X-Total-Count` and `X-Page-Count`.",
                "The same value is in `total`.",
            ),
        ] {
            assert_eq!(of(before, text), None, "{text}");
        }
    }
}
