//! A documented shape beside the examples of it.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Severity;
use crate::model::curl::{self, Decoded};
use crate::model::json::{self, Json, Member};
use crate::model::shape::{Mismatch, MismatchKind, Shape};
use crate::model::{Operation, Origin, Response};
use crate::source::{Excerpt, Span};

/// A shape, the examples of it, and how they differ.
pub(super) struct Comparison<'a> {
    /// What the shape is of, as in subjects: `response`, `response.404`, or `request.body`.
    pub(super) subject: String,
    pub(super) shape: &'a Shape,
    pub(super) examples: Vec<Shown<'a>>,
}

/// An example and its mismatches.
pub(super) struct Shown<'a> {
    /// How sure it is that it is an example of the shape.
    pub(super) origin: Origin,
    pub(super) value: Cow<'a, Json>,
    pub(super) mismatches: Vec<Mismatch>,
    text: &'a Excerpt,
    /// Where the value stands if it was written inside a command.
    decoded: Option<&'a Decoded>,
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

    /// The place of bytes of the JSON text in the author's file.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let range = self
            .decoded
            .map_or_else(|| range.clone(), |decoded| decoded.range(range.clone()));
        self.text.span(range)
    }
}

impl Comparison<'_> {
    /// True if all examples are only taken for examples.
    pub(super) fn is_inferred(&self) -> bool {
        let mut examples = self.examples.iter();
        examples.all(|example| example.origin == Origin::Inferred)
    }

    /// The mismatches of that kind, the first of each path, with the example that shows it.
    pub(super) fn mismatches(&self, kind: MismatchKind) -> Vec<(&Shown<'_>, &Mismatch)> {
        let mut found: Vec<(&Shown<'_>, &Mismatch)> = Vec::new();
        for example in &self.examples {
            for mismatch in example
                .mismatches
                .iter()
                .filter(|mismatch| mismatch.kind == kind)
            {
                let path = mismatch.path.subject();
                if !found.iter().any(|(_, known)| known.path.subject() == path) {
                    found.push((example, mismatch));
                }
            }
        }
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
}

/// The comparisons of an operation: each response with fields and examples, and the request body.
pub(super) fn of(operation: &Operation) -> Vec<Comparison<'_>> {
    let mut comparisons: Vec<_> = operation.responses.iter().filter_map(of_response).collect();
    comparisons.extend(of_body(operation));
    comparisons
}

/// The severity of a mismatch: running text may be meant less strictly than a type or an attribute.
pub(super) fn severity(mismatch: &Mismatch, stated: Severity, prose: Severity) -> Severity {
    let is_in_text = mismatch
        .evidence
        .is_some_and(|evidence| evidence.origin == Origin::Prose);
    if is_in_text { prose } else { stated }
}

fn of_response(response: &Response) -> Option<Comparison<'_>> {
    let shape = response.shape.as_ref()?;
    let examples: Vec<_> = response
        .examples
        .iter()
        .filter_map(|example| {
            let value = example.value()?;
            Some(Shown {
                origin: example.origin,
                value: Cow::Borrowed(value),
                mismatches: shape.mismatches(value),
                text: &example.text,
                decoded: None,
            })
        })
        .collect();
    let subject = match response.status.code() {
        Some(code) if !response.status.is_success() => format!("response.{code}"),
        _ => "response".to_owned(),
    };
    (!examples.is_empty()).then_some(Comparison {
        subject,
        shape,
        examples,
    })
}

fn of_body(operation: &Operation) -> Option<Comparison<'_>> {
    let body = operation.body.as_ref()?;
    let examples: Vec<_> = operation
        .request_examples
        .iter()
        .filter_map(|example| {
            let Some(curl::Body::Raw(decoded)) = example.curl.as_ref()?.body.as_ref() else {
                return None;
            };
            let mut reading = json::read(decoded.text());
            let value = (reading.documents.len() == 1)
                .then(|| reading.documents.pop())
                .flatten()?;
            Some(Shown {
                origin: example.origin,
                mismatches: body.shape.mismatches(&value),
                value: Cow::Owned(value),
                text: &example.text,
                decoded: Some(decoded),
            })
        })
        .collect();
    (!examples.is_empty()).then_some(Comparison {
        subject: "request.body".to_owned(),
        shape: &body.shape,
        examples,
    })
}
