//! The bodies that examples show, where they decide what the fields of a body describe.
//!
//! They do so in two cases only: a field named `body` may be a member of that name, and all examples may be arrays of what
//! the fields describe. Else an example that differs from the fields is wrong.

use crate::model::code;
use crate::model::curl::Body;
use crate::model::evidence::{Evidence, Origin, ReadingRule};
use crate::model::json::{self, Json};
use crate::model::operation::{Field, RequestExample};
use crate::model::shape::{Shape, ShapeKind};

use super::shape;

pub(super) static OBJECT_OR_ARRAY: ReadingRule = ReadingRule {
    name: "object-or-array",
    origin: Origin::Example,
    summary: "where one example shows an object and another one an array, the body may be one or several of what the fields describe",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&OBJECT_OR_ARRAY];

/// The bodies that decide; none where the fields speak for themselves.
pub(super) fn deciding(fields: &[Field], examples: &[RequestExample]) -> Vec<Json> {
    let is_stand_in = matches!(fields, [only] if shape::is_root_stand_in(&only.name.value));
    let is_list = |text: &&str| text.trim_start().starts_with('[');
    let texts: Vec<&str> = examples.iter().filter_map(body).collect();
    if !is_stand_in && !texts.iter().all(is_list) {
        return Vec::new();
    }
    let documents = texts.iter().map(|text| json::read(text).documents.pop());
    documents.flatten().collect()
}

/// The objects that request examples send.
pub(super) fn objects(examples: &[RequestExample]) -> Vec<Json> {
    let texts = examples.iter().filter_map(body);
    let objects = texts.filter(|text| text.trim_start().starts_with('{'));
    let documents = objects.map(|text| json::read(text).documents.pop());
    documents.flatten().collect()
}

/// True if one example sends an object and another one an array: then either form is accepted.
pub(super) fn have_both_forms(examples: &[RequestExample]) -> bool {
    let starts = |open: char| {
        let mut texts = examples.iter().filter_map(body);
        texts.any(|text| text.trim_start().starts_with(open))
    };
    starts('{') && starts('[')
}

/// True if one of the answers is an object, and another one an array of such objects.
pub(super) fn are_both_forms(shape: &Shape, examples: &[&Json]) -> bool {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return false;
    };
    let shows = |value: &Json| {
        members
            .iter()
            .any(|member| value.get(&member.name).is_some())
    };
    let is_list = |value: &Json| !value.items().is_empty() && value.items().iter().all(shows);
    let (objects, others): (Vec<&Json>, Vec<&Json>) = examples.iter().partition(|it| shows(it));
    !objects.is_empty()
        && !others.is_empty()
        && others.iter().all(|it| is_list(it) || it.is_empty_list())
        && others.iter().any(|it| is_list(it))
}

/// The object, or a list of such objects.
pub(super) fn one_or_several(shape: Shape) -> Shape {
    let Some(span) = shape.evidence.map(|evidence| evidence.span) else {
        return shape;
    };
    let evidence = Evidence::new(span, &OBJECT_OR_ARRAY);
    let several = Shape::array(shape.clone(), Some(evidence));
    Shape::new(ShapeKind::Union(vec![shape, several]), Some(evidence))
}

/// The JSON text that a request sends.
fn body(example: &RequestExample) -> Option<&str> {
    let text = match &example.curl {
        Some(curl) => match curl.body.as_ref()? {
            Body::Raw(text) => text.text(),
            _ => return None,
        },
        None if example.language.as_deref().is_some_and(is_message) => {
            code::below_head(example.text.text())?.1
        }
        None => example.text.text(),
    };
    text.trim_start().starts_with(['{', '[']).then_some(text)
}

fn is_message(language: &str) -> bool {
    language.eq_ignore_ascii_case("http")
}
