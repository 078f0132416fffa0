//! Objects that are like another one beside them: "Same shape as `from`", and two fields of one named type.

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Field;
use crate::model::types::Type;

pub(super) static LIKE_ANOTHER: ReadingRule = ReadingRule {
    name: "like-another",
    origin: Origin::Prose,
    summary: "text such as \"same shape as `from`\", and a named type whose members stand in a field beside it, give an object the members of that field",
};

/// The field with the members of the one that it is like.
pub(super) fn of(field: &Field, siblings: &[Field]) -> Option<Field> {
    let is_object = matches!(field.kind, Type::Object | Type::Named(_));
    if !field.children.is_empty() || !is_object || has_more(&field.description) {
        return None;
    }
    let mut others = siblings.iter().filter(|other| !other.children.is_empty());
    let other = match (named(&field.description), &field.kind) {
        (Some(name), _) => others.find(|other| other.name.value.trim() == name)?,
        (None, Type::Named(_)) => others.find(|other| other.kind == field.kind)?,
        (None, _) => return None,
    };
    if size(other, DEPTH)? > LARGEST {
        return None;
    }
    let mut like = field.clone();
    like.children.clone_from(&other.children);
    // Which members must be there is said of the other one.
    for child in &mut like.children {
        let evidence = child.name.evidence;
        child.required = Some(Fact::new(false, evidence.span, &LIKE_ANOTHER));
    }
    Some(like)
}

/// Members are taken over of objects that hold no more levels, and no more members: many fields may be like one.
const DEPTH: usize = 2;
const LARGEST: usize = 64;

/// How many fields there are in a field; nothing if they go deeper.
fn size(field: &Field, depth: usize) -> Option<usize> {
    let mut count = field.children.len();
    if depth == 0 && count > 0 {
        return None;
    }
    for child in &field.children {
        count += size(child, depth.saturating_sub(1))?;
    }
    Some(count)
}

/// True for a text by which an object is like another one, and has more or less: "Same members as `sender`, and `email`."
fn has_more(text: &str) -> bool {
    static MORE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:same|like|as|members|fields|properties)\b[^.]*\b(?:and|plus|also|with|additional(?:ly)?|addition|except|without|but|more)\b",
        )
    });
    MORE.is_match(text)
}

/// The name of the field that a text names as its like.
fn named(text: &str) -> Option<&str> {
    static LIKE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:\w+,\s+)?(?:(?:the\s+)?same\s+(?:shape|members|fields|structure|properties|object|form)(?:\s+(?:as|of))?|like|same\s+as|as)\s+(?:the\s+|in\s+)?`?(?P<name>[A-Za-z_][\w-]*)`?\s*(?:[.,;(]|$)",
        )
    });
    LIKE.captures(text)?.name("name").map(|name| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_the_field_that_another_one_is_like() {
        for (text, name) in [
            ("Same shape as `sell`.", Some("sell")),
            ("Place, like `from`.", Some("from")),
            ("Same members as `sender`, and `email`", Some("sender")),
            ("Like the weather is in spring.", None),
            ("The buyer.", None),
        ] {
            assert_eq!(named(text), name, "{text}");
        }
        assert!(has_more(
            "Where it goes. Same members as `sender`, and `email`."
        ));
        assert!(!has_more("Same shape as `sell`. Both are given."));
    }
}
