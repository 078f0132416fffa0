//! The form that the errors of a site have by the examples of its operations, for operations whose own pages show none.
//!
//! Clients read errors in one place, so that those of an API with a form of its own are looked for in vain in problem details.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::Value;

use super::answer::Answer;
use super::shared_errors::{Common, Kind};
use super::{Served, cases};

/// In so many operations a form is no chance.
const OPERATIONS: usize = 3;

/// An error that a page shows.
struct Shown<'s> {
    operation: usize,
    answer: &'s Answer,
    body: Value,
}

impl Common {
    /// The errors in the form that most operations show, one for each status; none if most show others.
    pub(super) fn shown<'s>(operations: impl Iterator<Item = &'s Served>) -> Self {
        let mut forms: BTreeMap<String, Vec<Shown<'_>>> = BTreeMap::new();
        let mut all = BTreeSet::new();
        for (operation, served) in operations.enumerate() {
            let errors = served
                .answers
                .iter()
                .filter(|it| (400..500).contains(&it.code));
            for answer in errors {
                let Some(body) = answer.json().filter(Value::is_object) else {
                    continue;
                };
                all.insert(operation);
                let shown = Shown {
                    operation,
                    answer,
                    body,
                };
                forms.entry(form(&shown.body)).or_default().push(shown);
            }
        }
        let count = |form: &Vec<Shown<'_>>| {
            let operations: BTreeSet<usize> = form.iter().map(|it| it.operation).collect();
            operations.len()
        };
        let usual = forms.into_values().max_by_key(count);
        let usual = usual.filter(|it| count(it) >= OPERATIONS && count(it) * 2 > all.len());
        let mut by_status: BTreeMap<u16, Vec<Shown<'_>>> = BTreeMap::new();
        for shown in usual.into_iter().flatten() {
            by_status.entry(shown.answer.code).or_default().push(shown);
        }
        let kinds = by_status
            .into_iter()
            .filter_map(|(status, shown)| kind(status, &shown));
        Self::of_kinds(kinds.collect())
    }
}

/// The error of a status: the one that is shown most often, if that is about no case of its own.
fn kind(status: u16, shown: &[Shown<'_>]) -> Option<Kind> {
    let general = shown
        .iter()
        .filter(|it| cases::is_general(&it.body, status));
    let general: Vec<(String, &Shown<'_>)> = general.map(|it| (it.body.to_string(), it)).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for (text, _) in &general {
        *times.entry(text).or_default() += 1;
    }
    // Of several that are shown as often, the first.
    let often = |(text, _): &&(String, &Shown<'_>)| times.get(text.as_str()).copied();
    let (_, best) = general.iter().rev().max_by_key(often)?;
    let reason = StatusCode::from_u16(status).ok()?.canonical_reason()?;
    // The others name what is not there, or what stands in the way.
    let sentence = matches!(status, 404 | 409 | 410).then_some(reason);
    let body = best.body.clone();
    Some(Kind::new(
        status,
        sentence,
        body,
        best.answer.source.clone(),
    ))
}

/// The names of the members of an error, and of the objects in it, in a line.
fn form(body: &Value) -> String {
    let Value::Object(members) = body else {
        return String::new();
    };
    let mut names: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{name}{{{}}}", form(value)))
        .collect();
    names.sort_unstable();
    names.join(",")
}
