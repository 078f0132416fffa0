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
}
