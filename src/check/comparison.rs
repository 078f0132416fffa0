//! A documented shape beside the examples of it.
//!
//! `request` makes comparisons of what is sent: bodies, queries, and paths.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::{Cause, Severity};
use crate::model::curl::Decoded;
use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::{self, Mismatch, MismatchKind, Shape};
use crate::model::{Example, Field, Operation, Origin, Payload, Response};
use crate::source::{Excerpt, Span};

use super::field_index::FieldIndex;
use super::hidden::{self, Hidden};
use super::nesting::{self, Drift};
use super::renaming::{self, Renamed};
use super::unrelated_example;

/// A shape, the examples of it, and how they differ.
pub(super) struct Comparison<'a> {
    /// What the shape is of, as in subjects: `response`, `response.404`, or `request.body`.
    pub(super) subject: String,
    /// What the value itself is called in messages.
    pub(super) named: String,
    pub(super) shape: &'a Shape,
    pub(super) examples: Vec<Shown<'a>>,
    /// The documented members that no example shows.
    pub(super) hidden: Vec<Hidden<'a>>,
    /// The members that are documented at one level and shown at another.
    pub(super) drifts: Vec<Drift>,
    /// The members that are documented under one name and shown under another.
    pub(super) renamed: Vec<Renamed>,
    /// True if the examples show none of the documented members, but others.
    pub(super) is_unrelated: bool,
    /// The fields that the shape is made of.
    pub(super) fields: FieldIndex<'a>,
    /// The field, if the shape is that of one parameter.
    pub(super) parameter: Option<&'a Field>,
}

/// An example and its mismatches.
pub(super) struct Shown<'a> {
    /// How sure it is that it is an example of the shape.
    pub(super) origin: Origin,
    /// The title of the fence.
    pub(super) title: Option<&'a str>,
    pub(super) value: Cow<'a, Json>,
    pub(super) mismatches: Vec<Mismatch>,
    pub(super) text: &'a Excerpt,
    /// Where the value stands if it was written inside a command.
    pub(super) decoded: Option<&'a Decoded>,
}

impl Shown<'_> {
    /// The value of the member whose key stands at `key` of the JSON text.
    pub(super) fn member_at(&self, key: &Range<usize>) -> Option<&Json> {
        let mut siblings = self.siblings_at(key)?.iter();
        siblings
            .find(|member| member.key_range == *key)
            .map(|member| &member.value)
    }

    /// The members of the object that has a key at `key` of the JSON text.
    pub(super) fn siblings_at(&self, key: &Range<usize>) -> Option<&[Member]> {
        let mut within: &Json = &self.value;
        loop {
            let members = within.members();
            if members.iter().any(|member| member.key_range == *key) {
                return Some(members);
            }
            let holds =
                |value: &&Json| value.range.start <= key.start && key.end <= value.range.end;
            let values = members.iter().map(|member| &member.value);
            within = values.chain(within.items()).find(holds)?;
        }
    }

    /// The first object at a path, through the items of arrays.
    pub(super) fn object_at(&self, path: &str) -> Option<&Json> {
        object_at(&self.value, path)
    }

    /// The place of bytes of the JSON text in the author's file.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let range = self
            .decoded
            .map_or_else(|| range.clone(), |decoded| decoded.range(range.clone()));
        self.text.span(range)
    }
}

impl<'a> Comparison<'a> {
    /// The comparison of a shape with examples; nothing if there are none.
    pub(super) fn new(
        subject: impl Into<String>,
        named: impl Into<String>,
        shape: &'a Shape,
        examples: Vec<Shown<'a>>,
        fields: &'a [Field],
    ) -> Option<Self> {
        if examples.is_empty() {
            return None;
        }
        let mut comparison = Self {
            subject: subject.into(),
            named: named.into(),
            shape,
            examples,
            hidden: Vec::new(),
            drifts: Vec::new(),
            renamed: Vec::new(),
            is_unrelated: false,
            fields: FieldIndex::new(fields),
            parameter: None,
        };
        // Each of these rests on the ones before it.
        comparison.hidden = hidden::of(&comparison);
        comparison.drifts = nesting::drifts(&comparison);
        comparison.renamed = renaming::renamed(&comparison);
        comparison.is_unrelated = unrelated_example::holds(&comparison);
        Some(comparison)
    }

    /// The field that documents the value at a path.
    pub(super) fn field(&self, path: &str) -> Option<&'a Field> {
        if self.parameter.is_some() {
            return self.parameter;
        }
        // Fields may document what stands inside of an object that none of them documents.
        let inside = || {
            let (around, inside) = path.split_once('.')?;
            self.fields
                .at(around)
                .is_none()
                .then(|| self.fields.at(inside))?
        };
        self.fields.at(path).or_else(inside)
    }

    /// True if all examples are only taken for examples.
    pub(super) fn is_inferred(&self) -> bool {
        let mut examples = self.examples.iter();
        examples.all(|example| example.origin == Origin::Inferred)
    }

    /// True if tables or lists in the text document the members.
    pub(super) fn is_in_text(&self) -> bool {
        let first = self.fields.first();
        first.is_some_and(|field| field.name.evidence.origin <= Origin::Prose)
    }

    /// True if what is compared is sent.
    pub(super) fn is_request(&self) -> bool {
        self.subject.starts_with("request")
    }

    /// The mismatches of that kind, the first of each path, with the example that shows it.
    pub(super) fn mismatches(&self, kind: MismatchKind) -> Vec<(&Shown<'a>, &Mismatch)> {
        self.mismatches_of(kind, |_| true)
    }

    /// The same of those examples that a condition holds for.
    pub(super) fn mismatches_of(
        &self,
        kind: MismatchKind,
        is_wanted: impl Fn(&Shown<'_>) -> bool,
    ) -> Vec<(&Shown<'a>, &Mismatch)> {
        let mut found: Vec<(&Shown<'a>, &Mismatch)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for example in self.examples.iter().filter(|it| is_wanted(it)) {
            for mismatch in example
                .mismatches
                .iter()
                .filter(|mismatch| mismatch.kind == kind)
            {
                if seen.insert(mismatch.path.subject()) {
                    found.push((example, mismatch));
                }
            }
        }
        found
    }

    /// The undocumented members of the examples, without those that are only documented at another level.
    pub(super) fn undocumented(&self) -> Vec<(&Shown<'a>, &Mismatch)> {
        let mut found = self.mismatches(MismatchKind::Undocumented);
        found.retain(|(_, mismatch)| {
            let path = mismatch.path.subject();
            !self.drifts.iter().any(|drift| drift.explains_shown(&path))
        });
        found
    }

    /// The subject of a value at a path: `response.user.id`, `response[].id`.
    pub(super) fn subject(&self, path: &str) -> String {
        match path {
            "" => self.subject.clone(),
            path if path.starts_with('[') => format!("{}{path}", self.subject),
            path => format!("{}.{path}", self.subject),
        }
    }

    /// The cause that the members of one object have in common, whatever example or status shows them.
    pub(super) fn of_object(&self, path: &str) -> Cause {
        let side = self.side();
        Cause::on_page(format!("{side} {}", nesting::split(path).0))
    }

    /// What is compared, with all errors taken together.
    pub(super) fn side(&self) -> &str {
        match self.subject.strip_prefix("response.") {
            Some(status) if !status.starts_with('2') => "error",
            _ if self.is_request() => &self.subject,
            _ => "response",
        }
    }

    /// A value at a path in messages: its path in backticks, or what the whole is called.
    pub(super) fn name(&self, path: &str) -> String {
        if path.is_empty() {
            self.named.clone()
        } else {
            format!("`{path}`")
        }
    }
}

/// The cause that all contradictions of one field have in common: a field of a snippet is shown by many pages.
pub(super) fn of_field(field: Span) -> Cause {
    Cause::on_site(format!("{} {}", field.file.index(), field.start))
}

/// The comparisons of the responses of an operation.
pub(super) fn of_responses(operation: &Operation) -> Vec<Comparison<'_>> {
    operation.responses.iter().filter_map(of_response).collect()
}

/// The severity of a mismatch: running text may be meant less strictly than a type or an attribute.
pub(super) fn severity(mismatch: &Mismatch, stated: Severity, prose: Severity) -> Severity {
    let is_in_text = mismatch
        .evidence
        .is_some_and(|evidence| evidence.origin == Origin::Prose);
    if is_in_text { prose } else { stated }
}

/// The comparison of what a page without an endpoint documents.
pub(super) fn of_payload(payload: &Payload) -> Option<Comparison<'_>> {
    compare(&payload.content, "payload".to_owned(), "the payload")
}

fn of_response(response: &Response) -> Option<Comparison<'_>> {
    compare(response, response.status.subject(), "the body")
}

fn compare<'r>(response: &'r Response, subject: String, named: &str) -> Option<Comparison<'r>> {
    let shape = response.shape.as_ref()?;
    let known: Vec<bool> = response
        .examples
        .iter()
        .map(|example| shows_documented(shape, example))
        .collect();
    let is_object = matches!(shape.kind, shape::ShapeKind::Object { .. });
    let any_known = known.iter().any(|known| *known);
    let examples: Vec<_> = response
        .examples
        .iter()
        .zip(known)
        .filter(|(example, known)| *known || !any_known || states_status(example))
        .filter_map(|(example, _)| {
            // A list without items shows nothing of what the fields describe.
            let value = example
                .value()
                .filter(|value| !(is_object && value.is_empty_list()))?;
            Some(Shown {
                origin: example.origin,
                title: example.title.as_deref(),
                value: Cow::Borrowed(value),
                mismatches: shape.as_shown().mismatches(value),
                text: &example.text,
                decoded: None,
            })
        })
        .collect();
    Comparison::new(subject, named, shape, examples, &response.fields)
}

/// True if the example shows a documented member, at its level or in an envelope, or if no members are documented.
///
/// Beside an example that does, one that shows none and whose title states no status is of another answer, such as an
/// error with a title of its own.
fn shows_documented(shape: &Shape, example: &Example) -> bool {
    let members = shape.members();
    members.is_empty()
        || example
            .value()
            .is_some_and(|value| shows_any(members, value, ENVELOPES))
}

/// So many objects and arrays may stand around the documented members.
const ENVELOPES: usize = 2;

fn shows_any(members: &[shape::Member], value: &Json, depth: usize) -> bool {
    let mut names = members.iter().map(|member| member.name.as_str());
    let inner = value.members().iter().map(|member| &member.value);
    names.any(|name| value.get(name).is_some())
        || depth > 0
            && inner
                .chain(value.items())
                .any(|inner| shows_any(members, inner, depth - 1))
}

fn states_status(example: &Example) -> bool {
    let title = example.title.as_deref().unwrap_or_default();
    title.contains(|c: char| c.is_ascii_digit())
}

/// The first object at a path, through the items of arrays.
fn object_at<'j>(value: &'j Json, path: &str) -> Option<&'j Json> {
    match &value.kind {
        JsonKind::Array(items) => items.iter().find_map(|item| object_at(item, path)),
        JsonKind::Object(_) if path.is_empty() => Some(value),
        JsonKind::Object(members) => members.iter().find_map(|member| {
            let rest = path.strip_prefix(member.key.as_str())?;
            if rest.is_empty() {
                return object_at(&member.value, rest);
            }
            object_at(&member.value, rest.strip_prefix('.')?)
        }),
        _ => None,
    }
}
