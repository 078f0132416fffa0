//! One finding for one cause: what several requests show, and what several operations share.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Related, Severity};

use super::{echoes, renamed};

/// Puts findings together that have one cause.
///
/// The same rule about the same subject of one operation is one finding, however many requests show it. The same rule
/// about the same member of several operations is one as well, with the others as related places, as long as the same
/// was expected and the same kind of thing was seen.
pub fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, usize)> = Vec::new();
    let mut places = HashMap::new();
    for diagnostic in diagnostics {
        let (operation, subject) = (diagnostic.operation.clone(), diagnostic.subject.clone());
        let place = *places
            .entry((diagnostic.rule.name, operation, subject))
            .or_insert(folded.len());
        match folded.get_mut(place) {
            Some((known, count)) => {
                *count += 1;
                known.severity = known.severity.max(diagnostic.severity);
            }
            None => folded.push((diagnostic, 1)),
        }
    }
    let folded = folded.into_iter().map(|(mut diagnostic, count)| {
        if count > 1 {
            diagnostic.message = format!("{} (seen in {count} answers)", diagnostic.message);
        }
        diagnostic
    });
    several(across(folded.collect()))
}

/// Rules of which many findings about one operation have one cause: nothing was kept, or it is another thing altogether.
const OF_MEMBERS: &[&str] = &["read-differs", "list-differs", "update-not-kept"];

/// So many members that differ are one finding.
const MANY: usize = 3;

/// An action that changes nothing shows it in many members.
const OF_ACTIONS: &str = "action-without-effect";

/// So many of the others a finding names; the rest it counts.
const NAMED: usize = 3;

/// One finding in the place of many members, or many inputs, that show the same.
fn several(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let keys: Vec<_> = diagnostics.iter().map(key_of_many).collect();
    let mut counts: HashMap<&String, usize> = HashMap::new();
    for key in keys.iter().flatten() {
        *counts.entry(key).or_default() += 1;
    }
    let mut found: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (diagnostic, key) in diagnostics.into_iter().zip(&keys) {
        let key = key.clone().filter(|key| {
            let many = if key.starts_with(OF_ACTIONS) { 2 } else { MANY };
            counts.get(key).is_some_and(|count| *count >= many)
        });
        let place = key.map(|key| *places.entry(key).or_insert(found.len()));
        match place.and_then(|place| found.get_mut(place)) {
            Some((first, others)) => {
                first.severity = first.severity.max(diagnostic.severity);
                let is_other = first.operation != diagnostic.operation;
                let place = diagnostic.operation.filter(|_| is_other);
                let subject = diagnostic.subject.unwrap_or_default();
                let subject = subject.rsplit('.').next().unwrap_or_default().to_owned();
                let name = place.unwrap_or_else(|| format!("`{subject}`"));
                if !others.contains(&name) {
                    others.push(name);
                }
            }
            None => found.push((diagnostic, Vec::new())),
        }
    }
    let found = found.into_iter();
    let found = found.map(|(diagnostic, others)| naming(diagnostic, "so do", &others));
    found.collect()
}

/// The finding with the first of those that it stands for, behind `words`.
fn naming(mut diagnostic: Diagnostic, words: &str, others: &[String]) -> Diagnostic {
    if others.is_empty() {
        return diagnostic;
    }
    let shown = others.get(..NAMED).unwrap_or(others);
    let more = match others.len() - shown.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let names = shown.join(", ");
    diagnostic.message = format!("{}; {words} {names}{more}", diagnostic.message);
    diagnostic
}

/// What findings have in common that are one.
fn key_of_many(diagnostic: &Diagnostic) -> Option<String> {
    let name = diagnostic.rule.name;
    if OF_MEMBERS.contains(&name) || name == OF_ACTIONS {
        return Some(format!("{name} {}", diagnostic.operation.as_deref()?));
    }
    // What one line says of the errors, or the headers, of all operations.
    let subject = diagnostic.subject.as_deref().unwrap_or_default();
    let is_of_all = ["response.4", "response.5", "response.header."]
        .iter()
        .any(|start| subject.starts_with(start));
    if is_of_all && (name.contains("response-") || name == "wrong-blame") {
        let span = diagnostic.span;
        return Some(format!("{name} {:?} {}", span.file, span.start));
    }
    let observation = diagnostic.observation.as_ref()?;
    if name == "unanswered-request" {
        let observed = observation.observed.as_deref().unwrap_or_default();
        return Some(format!("{name} {observed}"));
    }
    let status = observation.observed.as_deref()?.split(' ').next()?;
    // Errors that come with the status of a success do so everywhere.
    if matches!(name, "unexpected-refusal" | "refused-request") && status.starts_with('2') {
        return Some(format!("errors with {status}"));
    }
    // Whoever is not let in is let in nowhere.
    let is_documented_request = diagnostic.subject.as_deref() == Some("endpoint");
    let is_refused = matches!(name, "refused-request" | "undocumented-status");
    if is_refused && is_documented_request && matches!(status, "401" | "403") {
        return Some(format!("credentials {status}"));
    }
    let expected = observation.expected.as_deref().unwrap_or_default();
    match name {
        "unexpected-refusal" => Some(format!("{name} {expected} {status}")),
        // Failures of requests that are to be refused: all of one kind.
        "server-error" if diagnostic.subject.as_deref() != Some("endpoint") => {
            let subject = diagnostic.subject.as_deref().unwrap_or_default();
            let kind = subject.split('.').take(2).collect::<Vec<_>>().join(".");
            Some(format!("{name} {kind}"))
        }
        _ => None,
    }
}

/// The same of several operations, as the first of them has it.
fn across(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for diagnostic in diagnostics {
        let alike = shared_key(&diagnostic).map(|key| places.entry(key).or_default());
        let known = alike.as_ref().and_then(|alike| {
            let alike = alike.iter();
            // The same operation may have it at two places.
            alike.copied().find(|place| {
                let known = folded.get(*place);
                known.is_some_and(|(known, _)| known.operation != diagnostic.operation)
            })
        });
        if let (None, Some(alike)) = (known, alike) {
            alike.push(folded.len());
        }
        match known.and_then(|place| folded.get_mut(place)) {
            Some((known, others)) => {
                let name = diagnostic.operation.clone().unwrap_or_default();
                known.severity = known.severity.max(diagnostic.severity);
                if known.span != diagnostic.span {
                    known.related.push(Related::same_at(diagnostic.span, &name));
                }
                if !others.contains(&name) {
                    others.push(name);
                }
            }
            None => folded.push((diagnostic, Vec::new())),
        }
    }
    let folded = folded.into_iter();
    let folded = folded.map(|(diagnostic, others)| naming(diagnostic, "the same at", &others));
    folded.collect()
}

/// Rules about what a server has in common for all its operations.
const SHARED: &[&str] = &[
    "credentials-not-enforced",
    "response-type",
    "response-null",
    "response-value",
    "response-format",
    "response-limit",
    "missing-response-member",
    "undocumented-response-member",
    "misspelled-response-member",
    "misplaced-response-members",
    "response-media-type",
    "unexpected-refusal",
    "error-without-member",
    "wrong-computation",
];

/// What findings of several operations have in common that are one; nothing for rules that are about one operation.
fn shared_key(diagnostic: &Diagnostic) -> Option<String> {
    let name = diagnostic.rule.name;
    if !SHARED.contains(&name) {
        return None;
    }
    let is_whatever = matches!(
        name,
        "misplaced-response-members" | "credentials-not-enforced" | "wrong-computation"
    );
    let observation = diagnostic.observation.as_ref().filter(|_| !is_whatever);
    let expected = observation.and_then(|it| it.expected.as_ref());
    Some(format!("{name} {:?} {expected:?}", last(diagnostic)))
}

/// The last name of the subject: `price` of `response.data[].price`.
fn last(diagnostic: &Diagnostic) -> Option<(&str, bool)> {
    let subject = diagnostic.subject.as_deref()?;
    let last = subject.rsplit('.').next()?;
    Some((last.trim_end_matches("[]"), subject.starts_with("response")))
}

/// The findings sorted out: nothing about the inside of what is not there at all.
pub fn without_echoes(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let broken: Vec<_> = diagnostics
        .iter()
        .filter(|it| {
            // What becomes of one variant says nothing about the operation.
            let is_whole = it.subject.as_deref() == Some("endpoint");
            is_whole
                && matches!(
                    it.rule.name,
                    "unimplemented-operation" | "unanswered-request"
                )
        })
        .map(|it| it.operation.clone())
        .collect();
    let is_kept = |it: &Diagnostic| {
        !broken.contains(&it.operation)
            || matches!(
                it.rule.name,
                "unimplemented-operation" | "unanswered-request"
            )
            || it.severity == Severity::Error && it.rule.name == "server-error"
    };
    let kept: Vec<_> = diagnostics.into_iter().filter(is_kept).collect();
    without_consequences(echoes::without(renamed::together(kept)))
}

/// What a member that is wrong by itself brings about: it differs from other places, and does not come back.
const CONSEQUENCES: &[&str] = &[
    "read-differs",
    "list-differs",
    "update-not-kept",
    "action-without-effect",
    "input-not-kept",
    "update-changes-others",
];

/// Shape rules about whether a member is there, whatever its value.
const OF_PRESENCE: &[&str] = &[
    "missing-response-member",
    "undocumented-response-member",
    "misspelled-response-member",
];

/// The findings without those that another finding about the same member explains.
fn without_consequences(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let name = |it: &Diagnostic| last(it).map(|(name, _)| name.to_owned());
    let of = |is_cause: &dyn Fn(&Diagnostic) -> bool| -> Vec<_> {
        let causes = diagnostics.iter().filter(|it| is_cause(it));
        causes
            .filter_map(|it| Some((name(it)?, it.operation.clone())))
            .collect()
    };
    let is_shape = |it: &Diagnostic| {
        let about = it.subject.as_deref().unwrap_or_default();
        let is_success =
            about == "response" || about.starts_with("response.") || about.starts_with("response[");
        it.rule.name.contains("response-") && is_success
    };
    let wrong = of(&is_shape);
    // An object differs if what it holds is wrong.
    let holders = diagnostics.iter().filter(|it| is_shape(it));
    let holders: HashSet<String> = holders
        .flat_map(|it| it.subject.as_deref().unwrap_or_default().split('.').skip(1))
        .map(|name| name.trim_end_matches("[]").to_owned())
        .collect();
    let accepted = of(&|it| it.rule.name == "invalid-value-accepted");
    let misread = of(&|it| it.rule.name == "read-differs");
    let is_explained = |it: &Diagnostic| {
        let Some(name) = name(it) else {
            return false;
        };
        let is_known = |(known, _): &(String, Option<String>)| *known == name;
        if CONSEQUENCES.contains(&it.rule.name) {
            let is_shown = it.rule.name != "read-differs" && it.rule.name != "input-not-kept";
            return wrong.iter().any(is_known)
                || holders.contains(&name)
                || accepted.iter().any(is_known)
                || is_shown && misread.iter().any(is_known);
        }
        // What was taken although it is invalid is shown afterwards, and does not go away.
        let is_value = is_shape(it) && !OF_PRESENCE.contains(&it.rule.name);
        is_value && accepted.iter().any(is_known) && name != "response"
    };
    let explained: Vec<_> = diagnostics.iter().map(is_explained).collect();
    let pairs = diagnostics.into_iter().zip(explained);
    pairs
        .filter(|(_, is_explained)| !is_explained)
        .map(|(it, _)| it)
        .collect()
}
