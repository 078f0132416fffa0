//! A value against a shape: every mismatch, with its place and the evidence that it contradicts.
//!
//! An elision in an object or array stands for anything that is left out, and a placeholder for any value.
//! A quoted placeholder such as `"<token>"` is a string of any format and one of any allowed values.
//! What repeats in the items of an array is one mismatch with a count.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::evidence::Evidence;
use crate::model::json::{Json, JsonKind};

use super::path::JsonPath;
use super::{Member, ObjectShape, Openness, Shape, ShapeKind};

/// One way in which a value does not match.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// In which way.
    pub kind: MismatchKind,
    /// Where in the value; for a missing member, where it should be.
    pub path: JsonPath,
    /// What is documented.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// The bytes of the value or key in the text that was read; for a missing member, those of its object.
    pub range: Range<usize>,
    /// Where the documentation says otherwise.
    pub evidence: Option<Evidence>,
    /// In how many places: more than one for items of an array.
    pub count: usize,
    /// Of how many places that could have had it.
    pub of: usize,
}

/// A way in which a value does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MismatchKind {
    /// Another JSON type.
    WrongType,
    /// `null` where it is not documented.
    Null,
    /// A member that is not documented.
    Undocumented,
    /// A promised member that is not there.
    Missing,
    /// A documented member in another spelling: `createdAt` for `created_at`.
    Casing,
    /// A value outside the allowed ones.
    NotAllowed,
}

impl Shape {
    /// All the ways in which `value` does not match.
    pub fn mismatches(&self, value: &Json) -> Vec<Mismatch> {
        let mut mismatches = Vec::new();
        self.match_value(value, &JsonPath::default(), &mut mismatches);
        mismatches
    }

    /// True if `value` matches.
    pub fn matches(&self, value: &Json) -> bool {
        self.mismatches(value).is_empty()
    }

    fn match_value(&self, value: &Json, path: &JsonPath, into: &mut Vec<Mismatch>) {
        match (&self.kind, &value.kind) {
            (ShapeKind::Any | ShapeKind::Unknown, _)
            | (_, JsonKind::Elision | JsonKind::Placeholder(_)) => {}
            (_, JsonKind::Null) => {
                if self.nullable.is_none() && self.kind != ShapeKind::Null {
                    into.push(self.mismatch(MismatchKind::Null, value, path));
                }
            }
            (ShapeKind::Union(shapes), _) => match_union(shapes, value, path, into),
            (ShapeKind::Array(items), JsonKind::Array(values)) => {
                match_items(items, values, path, into)
            }
            (ShapeKind::Object(object), JsonKind::Object(_)) => {
                match_object(object, value, path, into)
            }
            (ShapeKind::Map(values), JsonKind::Object(members)) => {
                for member in members.iter().filter(|member| !member.is_elision()) {
                    values.match_value(&member.value, &path.member(&member.key), into);
                }
            }
            (kind, found) => {
                if has_type(kind, found) {
                    self.match_allowed(value, path, into);
                } else {
                    into.push(self.mismatch(MismatchKind::WrongType, value, path));
                }
            }
        }
    }

    fn match_allowed(&self, value: &Json, path: &JsonPath, into: &mut Vec<Mismatch>) {
        let Some(allowed) = &self.allowed else { return };
        if value.as_str().is_some_and(is_placeholder) {
            return;
        }
        let found = value.to_value();
        if !allowed.value.iter().any(|allowed| equal(allowed, &found)) {
            let values: Vec<_> = allowed
                .value
                .iter()
                .map(|value| format!("`{value}`"))
                .collect();
            into.push(Mismatch {
                expected: values.join(" or "),
                found: format!("`{found}`"),
                evidence: Some(allowed.evidence),
                ..self.mismatch(MismatchKind::NotAllowed, value, path)
            });
        }
    }

    fn mismatch(&self, kind: MismatchKind, value: &Json, path: &JsonPath) -> Mismatch {
        Mismatch {
            kind,
            path: path.clone(),
            expected: self.describe(),
            found: value.type_name().to_owned(),
            range: value.range.clone(),
            evidence: self.evidence,
            count: 1,
            of: 1,
        }
    }
}

fn has_type(kind: &ShapeKind, found: &JsonKind) -> bool {
    match (kind, found) {
        (ShapeKind::Boolean, JsonKind::Bool(_))
        | (ShapeKind::Number, JsonKind::Number(_))
        | (ShapeKind::String | ShapeKind::File, JsonKind::String(_)) => true,
        (ShapeKind::Integer, JsonKind::Number(number)) => {
            !number.is_f64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
        }
        _ => false,
    }
}

fn equal(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => one == other,
    }
}

/// True for strings that stand for a value: `<token>`, `YOUR_KEY`, `{{id}}`, `...`, `string`.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let wrapped = [
        ("<", ">"),
        ("{{", "}}"),
        ("{", "}"),
        ("[", "]"),
        ("${", "}"),
    ]
    .iter()
    .any(|(open, close)| text.starts_with(open) && text.ends_with(close));
    let upper = text.to_ascii_uppercase();
    wrapped
        || text.contains("...")
        || text.contains('…')
        || text.starts_with('$')
        || upper.starts_with("YOUR") && text.contains(['_', '-', ' '])
        || matches!(text, "string" | "number" | "integer" | "boolean")
        || text.contains("xxx")
        || text.contains("***")
}

/// The alternative that fits best decides.
fn match_union(shapes: &[Shape], value: &Json, path: &JsonPath, into: &mut Vec<Mismatch>) {
    let mut best: Option<Vec<Mismatch>> = None;
    for shape in shapes {
        let mut mismatches = Vec::new();
        shape.match_value(value, path, &mut mismatches);
        if mismatches.is_empty() {
            return;
        }
        let other_type = |list: &[Mismatch]| {
            list.iter()
                .any(|m| m.kind == MismatchKind::WrongType && m.path == *path)
        };
        let rank = |list: &[Mismatch]| (other_type(list), list.len());
        if best
            .as_ref()
            .is_none_or(|best| rank(&mismatches) < rank(best))
        {
            best = Some(mismatches);
        }
    }
    let mut best = best.unwrap_or_default();
    if let [only] = best.as_mut_slice()
        && only.kind == MismatchKind::WrongType
        && only.path == *path
    {
        let words: Vec<_> = shapes.iter().map(Shape::describe).collect();
        only.expected = words.join(" or ");
    }
    into.extend(best);
}

fn match_items(items: &Shape, values: &[Json], path: &JsonPath, into: &mut Vec<Mismatch>) {
    let mut folded: BTreeMap<(String, MismatchKind), usize> = BTreeMap::new();
    let first = into.len();
    let total = values
        .iter()
        .filter(|value| value.kind != JsonKind::Elision)
        .count();
    for (index, value) in values.iter().enumerate() {
        let mut mismatches = Vec::new();
        items.match_value(value, &path.item(index), &mut mismatches);
        for mut mismatch in mismatches {
            let key = (mismatch.path.subject(), mismatch.kind);
            if let Some(known) = folded.get(&key).and_then(|at| into.get_mut(*at)) {
                known.count += mismatch.count;
                known.of = known.of.max(total);
            } else {
                mismatch.of = mismatch.of.max(total);
                folded.insert(key, into.len().max(first));
                into.push(mismatch);
            }
        }
    }
}

fn match_object(object: &ObjectShape, value: &Json, path: &JsonPath, into: &mut Vec<Mismatch>) {
    let found = value.members();
    let elided = value.is_open();
    let mut respelled = Vec::new();
    for member in &object.members {
        if let Some(known) = value.get(&member.name) {
            member
                .shape
                .match_value(known, &path.member(&member.name), into);
            continue;
        }
        let other = found.iter().find(|found| {
            !object.members.iter().any(|member| member.name == found.key)
                && same_words(&found.key, &member.name)
        });
        if let Some(other) = other {
            respelled.push(other.key.as_str());
            into.push(Mismatch {
                kind: MismatchKind::Casing,
                path: path.member(&other.key),
                expected: format!("`{}`", member.name),
                found: format!("`{}`", other.key),
                range: other.key_range.clone(),
                evidence: Some(member.evidence),
                count: 1,
                of: 1,
            });
            member
                .shape
                .match_value(&other.value, &path.member(&other.key), into);
        } else if member.is_required() && !elided {
            into.push(missing(member, value, path));
        }
    }
    if object.openness == Openness::Open {
        return;
    }
    for member in found.iter().filter(|member| !member.is_elision()) {
        let known = object.members.iter().any(|known| known.name == member.key);
        if !known && !respelled.contains(&member.key.as_str()) {
            into.push(Mismatch {
                kind: MismatchKind::Undocumented,
                path: path.member(&member.key),
                expected: "no such member".to_owned(),
                found: member.value.type_name().to_owned(),
                range: member.key_range.clone(),
                evidence: None,
                count: 1,
                of: 1,
            });
        }
    }
}

fn missing(member: &Member, value: &Json, path: &JsonPath) -> Mismatch {
    Mismatch {
        kind: MismatchKind::Missing,
        path: path.member(&member.name),
        expected: member.shape.describe(),
        found: "nothing".to_owned(),
        range: value.range.clone(),
        evidence: Some(member.evidence),
        count: 1,
        of: 1,
    }
}

/// True for names that differ only in case and separators.
fn same_words(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let one = letters(one);
    !one.is_empty() && one == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::{Fact, Origin};
    use crate::model::{json, types};
    use crate::source::{SourceFile, Sources, Span};

    fn evidence() -> Evidence {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        Evidence {
            span: Span::new(file, 0..0),
            origin: Origin::Attribute,
        }
    }

    fn shape(text: &str) -> Shape {
        Shape::from_type(&types::parse(text), evidence())
    }

    fn found(shape: &Shape, text: &str) -> Vec<(MismatchKind, String)> {
        let reading = json::read(text);
        let mismatches = shape.mismatches(&reading.documents[0]);
        mismatches
            .into_iter()
            .map(|mismatch| (mismatch.kind, mismatch.path.to_string()))
            .collect()
    }

    #[test]
    fn types_match_their_values() {
        assert!(found(&shape("integer"), "1.0").is_empty());
        assert_eq!(
            found(&shape("integer"), "1.5")[0].0,
            MismatchKind::WrongType
        );
        assert!(found(&shape("string or null"), "null").is_empty());
        assert_eq!(found(&shape("string"), "null")[0].0, MismatchKind::Null);
        assert_eq!(
            found(&shape("'a' | 'b'"), "\"c\"")[0].0,
            MismatchKind::NotAllowed
        );
        assert!(found(&shape("'a' | 'b'"), "\"<value>\"").is_empty());
        assert!(found(&shape("Whatever This Is"), "[1]").is_empty());
    }

    #[test]
    fn objects_are_closed_and_spelling_is_one_mismatch() {
        let mut shape = shape("{ created_at: string, id: integer }");
        assert_eq!(
            found(&shape, "{\"createdAt\": \"x\", \"id\": 1}"),
            [(MismatchKind::Casing, "$.createdAt".to_owned())]
        );
        assert_eq!(found(&shape, "{\"id\": 1, \"x\": 1}").len(), 2);
        assert!(found(&shape, "{\"id\": 1, ...}").is_empty());
        for member in shape.members_mut().unwrap() {
            member.required = Some(Fact {
                value: false,
                evidence: evidence(),
            });
        }
        assert!(found(&shape, "{}").is_empty());
    }

    #[test]
    fn items_fold() {
        let shape = shape("{ id: integer }[]");
        let reading = json::read("[{\"id\": \"a\"}, {\"id\": 1}, {\"id\": \"b\"}]");
        let mismatches = shape.mismatches(&reading.documents[0]);
        assert_eq!(mismatches.len(), 1);
        assert_eq!((mismatches[0].count, mismatches[0].of), (2, 3));
    }
}
