//! Records of shards to one record, and a record back to findings about the pages.

use std::cmp::Ordering;

use super::{Exercised, Finding, Place, Record, pages};
use crate::conform::chain::Role;
use crate::conform::run::{self, Found};
use crate::diagnostic::{Diagnostic, Observation, Odd, Part, Related, Severity, Tried};
use crate::report::catalog;
use crate::source::{Sources, Span};

/// Why records cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// It was written by another version.
    #[error("the record of `{0}` has version {1}, and this program reads version 1")]
    Version(String, u32),
    /// It is about other pages.
    #[error("the record is about another text of `{0}`; merge with the docs that were tested")]
    Changed(String),
    /// It is about other operations.
    #[error("the records are about different operations; they must come from one site")]
    Operations,
    /// A shard is missing or comes twice.
    #[error("the records are not those of all shards: {0}")]
    Shards(String),
    /// It names a rule that does not exist.
    #[error("the record names the rule `{0}`, which does not exist")]
    Rule(String),
    /// It names a place that does not exist.
    #[error("the record names a place outside of `{0}`")]
    Place(String),
}

/// Puts the records of all shards together.
pub fn merge(mut records: Vec<Record>, sources: &Sources) -> Result<Record, MergeError> {
    records.sort_by_key(|it| it.shard);
    check(&records, sources)?;
    let mut records = records.into_iter();
    let Some(mut merged) = records.next() else {
        return Err(MergeError::Shards("there are none".to_owned()));
    };
    merged.shard = None;
    for record in records {
        if record.operations.len() != merged.operations.len() {
            return Err(MergeError::Operations);
        }
        for (one, other) in merged.operations.iter_mut().zip(record.operations) {
            join(one, other)?;
        }
        merged.exchanges.extend(record.exchanges);
        merged.found.extend(record.found);
        // Shards that were refused as a whole are, with others that were not, findings like any other.
        merged.found.extend(
            record
                .cause
                .map(|finding| super::Found { stage: 0, finding }),
        );
        merged.compared += record.compared;
        merged.leftovers.extend(record.leftovers);
        merged.ended = merged.ended.or(record.ended);
        merged.is_mock |= record.is_mock;
    }
    if let Some(finding) = merged.cause.take() {
        merged.found.insert(0, super::Found { stage: 0, finding });
    }
    Ok(merged)
}

fn check(records: &[Record], sources: &Sources) -> Result<(), MergeError> {
    let known = pages(sources);
    for record in records {
        if record.version != 1 {
            return Err(MergeError::Version(record.url.clone(), record.version));
        }
        let is_known = |page: &&(String, String)| known.binary_search(page).is_err();
        if let Some((path, _)) = record.pages.iter().find(is_known) {
            return Err(MergeError::Changed(path.clone()));
        }
    }
    let shards: Vec<_> = records.iter().filter_map(|it| it.shard).collect();
    let Some((_, count)) = shards.first().copied() else {
        return match records {
            [_] => Ok(()),
            _ => Err(MergeError::Shards("they have no --shard".to_owned())),
        };
    };
    let is_whole = shards.len() == records.len()
        && shards
            .iter()
            .copied()
            .eq((1..=count).map(|index| (index, count)));
    if is_whole {
        return Ok(());
    }
    let found: Vec<_> = shards
        .iter()
        .map(|(index, count)| format!("{index}/{count}"))
        .collect();
    Err(MergeError::Shards(format!(
        "these were given: {}",
        found.join(", ")
    )))
}

/// What one shard exercised, the others were not to.
fn join(one: &mut Exercised, other: Exercised) -> Result<(), MergeError> {
    if one.name != other.name {
        return Err(MergeError::Operations);
    }
    let rank = |it: &Exercised| {
        (
            it.exercised,
            it.requests > 0,
            it.kind.as_deref() != Some("not chosen"),
        )
    };
    if rank(one).cmp(&rank(&other)) == Ordering::Less {
        *one = other;
    }
    Ok(())
}

/// The findings of a record, those of one cause put together.
pub fn diagnostics(
    record: &Record,
    sources: &Sources,
    roles: &[Role],
) -> Result<Vec<Diagnostic>, MergeError> {
    if let Some(cause) = &record.cause {
        return Ok(vec![diagnostic(cause, sources)?]);
    }
    let found = record.found.iter().map(|found| {
        Ok(Found {
            stage: found.stage,
            diagnostic: diagnostic(&found.finding, sources)?,
        })
    });
    let names: Vec<_> = record.operations.iter().map(|it| it.name.clone()).collect();
    Ok(run::conclude(
        found.collect::<Result<_, _>>()?,
        &names,
        roles,
    ))
}

fn diagnostic(finding: &Finding, sources: &Sources) -> Result<Diagnostic, MergeError> {
    let rule = catalog::find(&finding.rule).map_err(|_| MergeError::Rule(finding.rule.clone()))?;
    let mut diagnostic = Diagnostic::new(rule, span(&finding.place, sources)?, &finding.message);
    diagnostic.severity = match finding.severity.as_str() {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    };
    diagnostic.label.clone_from(&finding.label);
    diagnostic.help.clone_from(&finding.help);
    diagnostic.operation.clone_from(&finding.operation);
    diagnostic.subject.clone_from(&finding.subject);
    for (place, label) in &finding.related {
        diagnostic.related.push(Related {
            span: span(place, sources)?,
            label: label.clone(),
        });
    }
    diagnostic.observation = finding.observation.as_ref().map(|it| {
        Box::new(Observation {
            request: it.request.clone(),
            path: it.path.clone(),
            expected: it.expected.clone(),
            documented: it.documented.clone(),
            observed: it.observed.clone(),
            odd: it.odd_one_out.as_deref().and_then(Odd::of),
            diff: it.diff.clone(),
            curl: it.curl.clone(),
            tried: Tried {
                case: it.case.clone(),
                part: Part::of(&it.part).unwrap_or_default(),
                seed: it.seed,
            },
        })
    });
    Ok(diagnostic)
}

fn span(place: &Place, sources: &Sources) -> Result<Span, MergeError> {
    let file = sources
        .find(&place.file)
        .ok_or_else(|| MergeError::Place(place.file.clone()))?;
    let text = sources.file(file).text();
    if place.start > place.end || text.get(place.start..place.end).is_none() {
        return Err(MergeError::Place(place.file.clone()));
    }
    Ok(Span::new(file, place.start..place.end))
}
