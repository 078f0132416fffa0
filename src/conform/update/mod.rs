//! Pages brought up to what a live server answers: edits for a person to look at.
//!
//! ```text
//! example   members that are answered and not shown come in, members that are never answered go, and values of another
//!           type are replaced; everything else stays as the author has it: order, placeholders, `...`, and comments
//! fields    a member without a field gets one with a `TODO`, another spelling or type takes the place of the old one,
//!           values beyond the listed ones are listed, and what is missing is `required` no more
//! ```
//!
//! What stands for one answer only, such as a date, an id, or a secret, is masked. A response with several variants is left
//! alone: nobody says which of them an answer is.

mod example;
mod field;
mod mask;
mod stub;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::{Edit, Fix, Safety};
use crate::model::json::{self, Json};
use crate::model::shape::{Mismatch, MismatchKind, Path, Step};
use crate::model::{Api, Field, Response};
use crate::source::{Sources, Span};

use super::bindings::Secrets;
use super::run::Run;
use super::session::Exchange;

/// What is to change, by operation, in the order of the pages.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// The edits of each operation that differs, and its name.
    pub fixes: Vec<(String, Fix)>,
    /// The operations with several variants of the success that was answered: nobody says which of them it is.
    pub ambiguous: Vec<String>,
}

/// The edits that bring the pages up to the answers of a run.
pub fn update(api: &Api, sources: &Sources, secrets: &Secrets, run: &Run) -> Update {
    let mut update = Update::default();
    let mut known = BTreeSet::new();
    for (index, operation) in api.operations.iter().enumerate() {
        let exchanges = run.exchanges.iter().filter(|it| it.item.operation == index);
        let exchanges = exchanges.filter(|it| it.is_success && !it.item.variant.is_refused());
        let mut by_status: BTreeMap<u16, Vec<&Exchange>> = BTreeMap::new();
        for exchange in exchanges {
            let status = exchange.status().unwrap_or_default();
            by_status.entry(status).or_default().push(exchange);
        }
        let mut edits = Edits::default();
        for (status, exchanges) in by_status {
            let answers = Answers::of(&exchanges, secrets);
            match operation.responses_for(status).as_slice() {
                [response] => of_response(response, &answers, sources, &mut edits),
                [] => {}
                _ if !update.ambiguous.contains(&operation.name()) => {
                    update.ambiguous.push(operation.name());
                }
                _ => {}
            }
        }
        // Pages that share a snippet ask for the same edit.
        let edits: Vec<_> = edits
            .done()
            .into_iter()
            .filter(|it| known.insert((it.span, it.text.clone())))
            .collect();
        if !edits.is_empty() {
            let fix = Fix {
                title: format!("write down what {} answers", operation.name()),
                safety: Safety::Unsafe,
                edits,
            };
            update.fixes.push((operation.name(), fix));
        }
    }
    update
}

/// The bodies that a server answered with, of one status.
struct Answers<'a> {
    bodies: Vec<Json>,
    /// The same as plain values.
    values: Vec<&'a Value>,
    secrets: &'a Secrets,
}

impl<'a> Answers<'a> {
    fn of(exchanges: &[&'a Exchange], secrets: &'a Secrets) -> Self {
        let mut answers = Self {
            bodies: Vec::new(),
            values: Vec::new(),
            secrets,
        };
        for exchange in exchanges {
            let Ok(answer) = &exchange.answer else {
                continue;
            };
            if let (Ok(body), Some(value)) = (json::read_strict(&answer.body), &exchange.body) {
                answers.bodies.push(body);
                answers.values.push(value);
            }
        }
        answers
    }

    /// All values at a place, in all items of arrays on the way.
    fn at(&self, path: &Path) -> Vec<&'a Value> {
        let mut values = self.values.clone();
        for step in &path.0 {
            values = values
                .into_iter()
                .flat_map(|value| match step {
                    Step::Member(name) | Step::Entry(name) => {
                        value.get(name).into_iter().collect::<Vec<_>>()
                    }
                    Step::Item(_) => value.as_array().into_iter().flatten().collect(),
                })
                .collect();
        }
        values
    }
}

/// Edits that do not touch each other; texts put in at one place follow each other.
#[derive(Debug, Default)]
struct Edits(BTreeMap<Span, String>);

impl Edits {
    fn insert(&mut self, span: Span, text: &str) {
        let known = self
            .0
            .entry(Span::new(span.file, span.end as usize..span.end as usize));
        let known = known.or_default();
        if !known.contains(text) {
            known.push_str(text);
        }
    }

    fn replace(&mut self, span: Span, text: String) {
        self.0.entry(span).or_insert(text);
    }

    fn done(self) -> Vec<Edit> {
        let edits = self.0.into_iter();
        edits.map(|(span, text)| Edit { span, text }).collect()
    }
}

fn of_response(response: &Response, answers: &Answers<'_>, sources: &Sources, edits: &mut Edits) {
    if answers.bodies.is_empty() {
        return;
    }
    if let Some(shape) = &response.shape {
        let mut seen = BTreeSet::new();
        for body in &answers.bodies {
            for mismatch in shape.mismatches(body) {
                if seen.insert((
                    mismatch.kind,
                    mismatch.path.erased(),
                    mismatch.found.clone(),
                )) {
                    of_mismatch(&response.fields, &mismatch, answers, sources, edits);
                }
            }
        }
    }
    let renamed = renamed(response, answers);
    // Further examples may show something else on purpose.
    if let Some(example) = response.examples.iter().find(|it| it.value().is_some()) {
        example::edit(example, &response.fields, answers, &renamed, edits);
    }
}

/// Documented names of members, and the names under which they are answered, by the path of the object.
type Renamed = BTreeMap<(String, String), String>;

fn renamed(response: &Response, answers: &Answers<'_>) -> Renamed {
    let mut renamed = Renamed::new();
    let Some(shape) = &response.shape else {
        return renamed;
    };
    for mismatch in answers
        .bodies
        .iter()
        .flat_map(|body| shape.mismatches(body))
    {
        if mismatch.kind != MismatchKind::Casing {
            continue;
        }
        if let (Some(documented), Some(found)) = (spelled(&mismatch), last(&mismatch.path)) {
            let mut object = mismatch.path.clone();
            object.0.pop();
            renamed.insert((object.erased(), documented.to_owned()), found.to_owned());
        }
    }
    renamed
}

/// The documented name of a member in another spelling.
fn spelled(mismatch: &Mismatch) -> Option<&str> {
    mismatch
        .expected
        .strip_prefix("member `")?
        .strip_suffix('`')
}

/// The last name of a path.
fn last(path: &Path) -> Option<&str> {
    path.0.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(name.as_str()),
        Step::Entry(_) | Step::Item(_) => None,
    })
}

fn of_mismatch(
    fields: &[Field],
    mismatch: &Mismatch,
    answers: &Answers<'_>,
    sources: &Sources,
    edits: &mut Edits,
) {
    match mismatch.kind {
        MismatchKind::Undocumented => stub::insert(fields, &mismatch.path, answers, sources, edits),
        MismatchKind::WrongType | MismatchKind::Null => {
            if let Some(field) = field::find(fields, &mismatch.path) {
                field::retype(field, &answers.at(&mismatch.path), sources, edits);
            }
        }
        MismatchKind::Casing => {
            let mut path = mismatch.path.clone();
            let documented = spelled(mismatch);
            if let (Some(Step::Member(name)), Some(documented)) = (path.0.last_mut(), documented) {
                let found = std::mem::replace(name, documented.to_owned());
                if let Some(field) = field::find(fields, &path) {
                    edits.replace(field.name.evidence.span, found);
                }
            }
        }
        MismatchKind::Missing => {
            if let Some(field) = field::find(fields, &mismatch.path) {
                field::relax(field, sources, edits);
            }
        }
        MismatchKind::NotAllowed => {
            if let Some(field) = field::find(fields, &mismatch.path) {
                field::extend(field, &answers.at(&mismatch.path), sources, edits);
            }
        }
        MismatchKind::Constant
        | MismatchKind::Format
        | MismatchKind::Range
        | MismatchKind::Length => {}
    }
}
