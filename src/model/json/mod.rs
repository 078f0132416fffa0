//! JSON with places: examples, request bodies, and live answers are all read into [`Json`].
//!
//! [`read_strict`] knows RFC 8259 and nothing else; it is for what a program sent.
//! [`read`] is for what a person wrote: it tries the strict reader first, and where that fails it repairs as it goes,
//! and lists each [`Repair`].

mod cursor;
mod repair;
mod strict;
mod tolerant;

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use serde_json::Value;

pub use repair::{Duplicate, Failure, Reading, Repair, RepairKind};
pub use strict::read_strict;
pub use tolerant::read;

/// How many arrays and objects may be open at once; the same as in `serde_json`.
const DEPTH: usize = 127;

/// A JSON value and the bytes of the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// The bytes of the value in the text that was read.
    pub range: Range<usize>,
    /// What it is.
    pub kind: JsonKind,
}

/// What a JSON value is; beside the six kinds of RFC 8259, what authors write where a value should stand.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; digits beyond the precision of an `f64` are in the text only, under [`Json::range`].
    Number(serde_json::Number),
    /// A string, its escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the order written; duplicate keys are kept.
    Object(Vec<Member>),
    /// `...`: here the author left something out. As an item or a member it stands for any number of them.
    Elision,
    /// Something that stands for a value without being one, such as an unquoted `<id>` or `{amount}`.
    Placeholder(String),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key; empty for an elision that stands for further members.
    pub key: String,
    /// The bytes of the key with its quotes.
    pub key_range: Range<usize>,
    /// The value.
    pub value: Json,
}

impl Json {
    /// The value of a member; the last one if the key is repeated, as most programs have it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let mut members = self.members().iter().rev();
        members
            .find(|member| member.key == key && !member.is_elision())
            .map(|member| &member.value)
    }

    /// True for an array without items: it shows nothing of what its items would be.
    pub fn is_empty_list(&self) -> bool {
        matches!(&self.kind, JsonKind::Array(items) if items.is_empty())
    }

    /// The members of an object, elisions included; none if this is not an object.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            JsonKind::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array, elisions included; none if this is not an array.
    pub fn items(&self) -> &[Json] {
        match &self.kind {
            JsonKind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            JsonKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// True if the author left something out directly in here: an elided item, member, or the value itself.
    pub fn is_open(&self) -> bool {
        self.kind == JsonKind::Elision
            || self.members().iter().any(Member::is_elision)
            || self
                .items()
                .iter()
                .any(|item| item.kind == JsonKind::Elision)
    }

    /// What it is, in one word.
    ///
    /// `1` is an integer, `1.0` a number.
    /// Whatever is too large for 64 bits has no fraction left and counts as an integer.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            JsonKind::Null => "null",
            JsonKind::Bool(_) => "boolean",
            JsonKind::Number(number) if is_integer(number) => "integer",
            JsonKind::Number(_) => "number",
            JsonKind::String(_) => "string",
            JsonKind::Array(_) => "array",
            JsonKind::Object(_) => "object",
            JsonKind::Elision => "elision",
            JsonKind::Placeholder(_) => "placeholder",
        }
    }

    /// The plain value: elided items and members are left out, an elided value is `null`, placeholders are strings.
    ///
    /// Of a repeated key the last value counts.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            JsonKind::Null | JsonKind::Elision => Value::Null,
            JsonKind::Bool(bool) => Value::Bool(*bool),
            JsonKind::Number(number) => Value::Number(number.clone()),
            JsonKind::String(text) | JsonKind::Placeholder(text) => Value::String(text.clone()),
            JsonKind::Array(items) => {
                let items = items.iter().filter(|item| item.kind != JsonKind::Elision);
                items.map(Json::to_value).collect()
            }
            JsonKind::Object(members) => {
                let members = members.iter().filter(|member| !member.is_elision());
                let pairs = members.map(|member| (member.key.clone(), member.value.to_value()));
                Value::Object(pairs.collect())
            }
        }
    }

    /// The value as JSON that every program can read, indented by two spaces.
    pub fn to_text(&self) -> String {
        format!("{:#}", self.to_value())
    }

    /// Every key that an object inside this value repeats, in the order written.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let mut found = Vec::new();
        self.find_duplicates(&mut found);
        found.sort_by_key(|duplicate| duplicate.second.start);
        found
    }

    fn find_duplicates(&self, found: &mut Vec<Duplicate>) {
        let mut seen: HashMap<&str, &Range<usize>, RandomState> = HashMap::default();
        for member in self.members() {
            member.value.find_duplicates(found);
            if member.is_elision() {
                continue;
            }
            match seen.get(member.key.as_str()) {
                Some(first) => found.push(Duplicate {
                    key: member.key.clone(),
                    first: (*first).clone(),
                    second: member.key_range.clone(),
                }),
                None => {
                    seen.insert(&member.key, &member.key_range);
                }
            }
        }
        for item in self.items() {
            item.find_duplicates(found);
        }
    }
}

impl Member {
    /// True if this is no member but stands for any number of them that the author left out.
    ///
    /// `"key": ...` is a member whose value was left out, and not an elision in this sense.
    pub fn is_elision(&self) -> bool {
        self.key.is_empty() && self.value.kind == JsonKind::Elision
    }
}

fn is_integer(number: &serde_json::Number) -> bool {
    const BEYOND_64_BITS: f64 = 18_446_744_073_709_551_616.0;
    !number.is_f64()
        || number
            .as_f64()
            .is_some_and(|float| float.abs() >= BEYOND_64_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn strict(text: &str) -> Json {
        read_strict(text.as_bytes()).unwrap()
    }

    #[test]
    fn numbers_are_integers_unless_they_are_written_with_a_fraction() {
        let types =
            strict("[1, -1, 1.0, 1e2, 18446744073709551615, 123456789012345678901234567890]");
        let names: Vec<_> = types.items().iter().map(Json::type_name).collect();
        assert_eq!(
            names,
            [
                "integer", "integer", "number", "number", "integer", "integer"
            ]
        );
    }

    #[test]
    fn the_last_of_a_repeated_key_counts_and_each_repetition_is_listed() {
        let json = strict(r#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}"#);
        assert_eq!(json.to_value(), json!({"a": 3, "b": {"c": 2}}));
        assert_eq!(json.get("a").unwrap().to_value(), json!(3));
        let keys: Vec<_> = json
            .duplicates()
            .into_iter()
            .map(|d| (d.key, d.first, d.second))
            .collect();
        assert_eq!(
            keys,
            [("c".into(), 15..18, 23..26), ("a".into(), 1..4, 32..35)]
        );
    }

    #[test]
    fn a_value_left_out_is_not_a_member_left_out() {
        let json = read(r#"{"a": ..., ...}"#).documents.remove(0);
        assert!(json.is_open());
        assert_eq!(json.get("a").unwrap().kind, JsonKind::Elision);
        assert_eq!(json.to_value(), json!({"a": null}));
    }
}
