//! Fields in titled parts of a page, put where the examples show them.
//!
//! Parts whose titles are those of examples are variants, whatever component or heading they are. A part of which one
//! example shows nothing, and another one does, is of some values only. And a part whose members stand in the value of an
//! object that is documented without members describes that object, or the values of it.

use std::collections::{HashMap, HashSet};

use crate::model::evidence::Fact;
use crate::model::json::{Json, JsonKind};
use crate::model::operation::{Field, Response, Status};

use crate::source::Span;

use super::collect::Context;
use super::field;
use super::sections;
use super::status;
use crate::model::names::letters;

/// Objects of an example are looked for so many levels deep.
const DEPTH: usize = 2;
/// More parts of a page are taken as they stand.
const PARTS: usize = 64;

/// The fields, those of parts with titles of examples as variants.
pub(super) fn by_titles(fields: &[(Context, Field)], titles: &[String]) -> Vec<(Context, Field)> {
    let titles: Vec<String> = titles.iter().map(|title| letters(title)).collect();
    let named = |context: &Context| {
        let part = context.part.as_ref().or(context.heading.as_ref())?;
        let is_status =
            status::of_title(&part.value, part.evidence.span, &status::STATUS_IN_HEADING);
        let is_named = context.variant.is_none() && titles.contains(&letters(&part.value));
        (is_named && is_status.is_none() && !part.value.is_empty()).then(|| part.clone())
    };
    let mut parts: Vec<_> = fields.iter().filter_map(|(it, _)| named(it)).collect();
    parts.dedup_by(|one, other| one.value == other.value);
    let mut fields = fields.to_vec();
    if parts.len() > 1 {
        for (context, _) in &mut fields {
            context.variant = named(context).or(context.variant.take());
        }
    }
    fields
}

/// The status of the variant with that title: as it is that of a state, it says nothing of the status.
pub(super) fn status_of_variant(fields: &[(Context, Field)], title: &str) -> Option<Status> {
    let title = letters(title);
    let is_named = |variant: &Fact<String>| !title.is_empty() && letters(&variant.value) == title;
    let found = fields
        .iter()
        .find(|(context, _)| context.variant.as_ref().is_some_and(is_named))?;
    Some(found.0.status.clone().unwrap_or(Status::Success))
}

/// Gives fields that stand above parts for success and for errors to the errors, too, as far as examples show them.
pub(super) fn share(responses: &mut [Response], fields: &[(Context, Field)]) {
    let states_success = fields.iter().any(|(context, _)| {
        let status = context.status.as_ref();
        context.variant.is_some() || status.is_some_and(Status::is_success)
    });
    let common: Vec<&Field> = fields
        .iter()
        .filter(|(context, _)| context.status.is_none() && context.variant.is_none())
        .map(|(_, field)| field)
        .collect();
    if !states_success || common.is_empty() {
        return;
    }
    for response in responses {
        if response.status.is_success() || response.fields.is_empty() {
            continue;
        }
        let examples = response.examples.iter();
        let values = examples.filter_map(|example| example.value());
        let shown: HashSet<&str> = values
            .flat_map(Json::members)
            .map(|member| member.key.as_str())
            .collect();
        let known: HashSet<&str> = response.fields.iter().map(name).collect();
        let is_missing =
            |field: &&Field| shown.contains(name(field)) && !known.contains(name(field));
        let more: Vec<Field> = common.iter().copied().filter(is_missing).cloned().collect();
        response.fields.extend(more);
    }
}

/// Puts the parts of a response where its examples show them.
pub(super) fn place(response: &mut Response, fields: &[(Context, Field)]) {
    let titles: HashMap<Span, &Fact<String>> = fields
        .iter()
        .filter_map(|(context, field)| {
            let title = context.part.as_ref().or(context.variant.as_ref())?;
            Some((field.open, title))
        })
        .collect();
    let title = |field: &Field| titles.get(&field.open).copied();
    let mut parts: Vec<&Fact<String>> = response.fields.iter().filter_map(title).collect();
    parts.dedup_by(|one, other| one.evidence.span == other.evidence.span);
    let examples = response.examples.iter();
    let values: Vec<Json> = examples
        .filter_map(|example| example.value())
        .cloned()
        .collect();
    for part in parts.into_iter().take(PARTS) {
        let is_inside = |field: &&Field| {
            title(field).is_some_and(|title| title.evidence.span == part.evidence.span)
        };
        let (inside, outside): (Vec<&Field>, Vec<&Field>) =
            response.fields.iter().partition(is_inside);
        let (names, around) = (Names::of(&inside), Names::of(&outside));
        let records = around.records(&values);
        if let Some(holder) = holder(&outside, &names, &records).map(|field| field.open) {
            let (inside, mut outside): (Vec<Field>, Vec<Field>) =
                std::mem::take(&mut response.fields)
                    .into_iter()
                    .partition(|field| is_inside(&field));
            if let Some(holder) = outside.iter_mut().find(|field| field.open == holder) {
                holder.children.extend(inside);
            }
            response.fields = outside;
        } else if names.is_of_some(&part.value, &records) {
            for field in &mut response.fields {
                if is_inside(&&*field) {
                    field.variant.get_or_insert_with(|| part.clone());
                }
            }
        }
    }
}

fn name(field: &Field) -> &str {
    field.name.value.trim()
}

/// The names of fields, to look for in examples.
struct Names(HashSet<String>);

impl Names {
    fn of(fields: &[&Field]) -> Self {
        Self(fields.iter().map(|field| name(field).to_owned()).collect())
    }

    fn are_shown(&self, value: &Json) -> bool {
        let mut members = value.members().iter();
        members.any(|member| self.0.contains(&member.key))
    }

    /// The objects that show one of them, the outermost.
    fn records<'j>(&self, values: &'j [Json]) -> Vec<&'j Json> {
        let mut found = Vec::new();
        let mut left: Vec<(&Json, usize)> = values.iter().map(|value| (value, DEPTH)).collect();
        while let Some((value, depth)) = left.pop() {
            if self.are_shown(value) {
                found.push(value);
            } else if depth > 0 {
                left.extend(inner(value).map(|inner| (inner, depth - 1)));
            }
        }
        found
    }

    /// True for a part of which one object shows something and another, with the same surroundings, nothing.
    fn is_of_some(&self, title: &str, records: &[&Json]) -> bool {
        let is_whole =
            |record: &&Json| matches!(&record.kind, JsonKind::Object(_)) && !record.is_open();
        let lacks = |record: &&Json| is_whole(record) && !self.are_shown(record);
        !sections::is_label(title)
            && records.iter().any(|record| self.are_shown(record))
            && records.iter().any(lacks)
    }
}

/// The field whose value has the members of the part, which stand nowhere beside it.
fn holder<'f>(outside: &[&'f Field], names: &Names, records: &[&Json]) -> Option<&'f Field> {
    if records.is_empty() || records.iter().any(|record| names.are_shown(record)) {
        return None;
    }
    let mut found = outside.iter().filter(|field| {
        let has_room = field::has_room(&field.kind) && field.type_text.is_some();
        // Children from elsewhere are those of parts that were placed before.
        let is_own = |child: &Field| {
            let (child, own) = (child.open, field.span);
            child.file == own.file && own.start <= child.start && child.end <= own.end
        };
        let is_free = !field.children.iter().any(is_own);
        let shows = |record: &&Json| {
            record.get(name(field)).is_some_and(|value| {
                names.are_shown(value) || inner(value).any(|inner| names.are_shown(inner))
            })
        };
        has_room && is_free && records.iter().any(shows)
    });
    let field = found.next()?;
    found.next().is_none().then_some(*field)
}

/// The values of members and items.
fn inner(value: &Json) -> impl Iterator<Item = &Json> {
    let members = value.members().iter().map(|member| &member.value);
    members.chain(value.items())
}
