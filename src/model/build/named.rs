//! Types of a page's own whose names are words for notations, too: an `Email` with members is no text.
//!
//! `Email`, `Url`, and `Date` with a capital letter mostly mean what `email`, `url`, and `date` mean. Where a field of such a
//! type has members, or is shown as an object, the name is that of an object, wherever it stands on the page.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::json::{Json, JsonKind};
use crate::model::operation::Field;
use crate::model::types::{self, Type};

/// So many levels of an example are searched for a member.
const DEPTH: usize = 8;

/// The names of objects among the types of fields, as their members and the examples of their side tell.
pub(super) fn objects<'f>(
    fields: impl Iterator<Item = &'f Field>,
    shown: &[&Json],
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for field in fields {
        add(field, shown, &mut names);
    }
    names
}

fn add(field: &Field, shown: &[&Json], names: &mut BTreeSet<String>) {
    for word in words(field) {
        let is_object = || {
            let name = field.name.value.rsplit('.').next().unwrap_or_default();
            let name = name.trim_end_matches("[]").trim();
            shown.iter().any(|value| holds_object(value, name, DEPTH))
        };
        if !field.children.is_empty() || is_object() {
            names.insert(word.to_owned());
        }
    }
    for child in &field.children {
        add(child, shown, names);
    }
}

/// True if a field, or one in it, has a type with such a name.
pub(super) fn may_be_object(field: &Field) -> bool {
    !words(field).is_empty() || field.children.iter().any(may_be_object)
}

/// The capitalised words of the type that stand for a notation.
fn words(field: &Field) -> Vec<&str> {
    let text = field
        .type_text
        .as_ref()
        .map_or("", |text| text.value.as_str());
    let words = text.split(|c: char| !c.is_alphanumeric());
    let is_capitalised = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
    };
    let is_notation = |word: &&str| {
        let kind = types::parse(word);
        kind.alternatives().iter().all(is_text_with_notation)
    };
    words.filter(is_capitalised).filter(is_notation).collect()
}

fn is_text_with_notation(kind: &Type) -> bool {
    matches!(kind, Type::String(Some(_)))
}

/// True if a member of that name is shown as an object, or as a list that has one.
fn holds_object(value: &Json, name: &str, depth: usize) -> bool {
    let is_object = |value: &Json| matches!(value.kind, JsonKind::Object(_));
    let own = value.members().iter().any(|member| {
        let items = member.value.items();
        member.key == name && (is_object(&member.value) || items.iter().any(is_object))
    });
    let inner = value.members().iter().map(|member| &member.value);
    own || depth > 0
        && inner
            .chain(value.items())
            .any(|inner| holds_object(inner, name, depth - 1))
}

/// Takes the names for types of the page's own in a field and those in it.
pub(super) fn apply(field: &mut Field, names: &BTreeSet<String>) {
    let own: Vec<String> = words(field)
        .into_iter()
        .filter(|word| names.contains(*word))
        .map(str::to_owned)
        .collect();
    for word in own {
        let meant = types::parse(&word);
        field.kind = renamed(&field.kind, &word, meant.alternatives());
    }
    for child in &mut field.children {
        apply(child, names);
    }
}

fn renamed(kind: &Type, word: &str, meant: &[Type]) -> Type {
    let inner = |kind: &Type| renamed(kind, word, meant);
    match kind {
        Type::Array(Some(items)) => Type::array(inner(items)),
        Type::Union(types) => Type::union(types.iter().map(inner)),
        Type::Tuple(types) => Type::Tuple(types.iter().map(inner).collect()),
        Type::Map(key, value) => Type::Map(key.clone(), Box::new(inner(value))),
        kind if meant.contains(kind) => Type::Named(word.to_owned()),
        other => other.clone(),
    }
}

/// The type of a field with members; a list of which only the text says that its items may be objects has others, too.
pub(super) fn with_scalars(field: &Field) -> Cow<'_, Type> {
    static OR_OBJECTS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bor\s+(?:an?\s+)?(?:[a-z]+\s+)?objects?\b|\bobjects?,?\s+or\s+(?:an?\s+)?(?:plain\s+|bare\s+|just\s+)?(?:strings?|numbers?|ids?|names?|urls?)\b",
        )
    });
    if field.kind == Type::Array(None) && OR_OBJECTS.is_match(&field.description) {
        let scalars = [Type::String(None), Type::Number(None), Type::Boolean];
        let items = [Type::Object].into_iter().chain(scalars);
        return Cow::Owned(Type::array(Type::union(items)));
    }
    Cow::Borrowed(&field.kind)
}
