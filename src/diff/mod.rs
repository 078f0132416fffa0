//! What changed between two revisions of the docs, from the point of view of those who call the API.
//!
//! An error breaks callers that did as the older docs say, a warning may break some, and an info breaks nobody.
//! What a page says in running text changes by rewording, so such a change is at most a warning, and what is inferred
//! or only shown by examples is at most an info.

mod operation;
mod response;
mod rules;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::route::Template;
use crate::model::{Api, Evidence, Operation, Origin};
use crate::source::{Moved, Span};

pub use rules::rules;

/// The changes from `old` to `new`; `moved` leads from the files of the old docs to where they are now.
pub fn compare(old: &Api, new: &Api, moved: Moved) -> Vec<Diagnostic> {
    let mut changes = Changes {
        moved,
        found: Vec::new(),
        operation: String::new(),
    };
    let pairs = pairs(&old.operations, &new.operations);
    let kept_old: BTreeSet<usize> = pairs.iter().map(|(old, _)| *old).collect();
    let kept_new: BTreeSet<usize> = pairs.iter().map(|(_, new)| *new).collect();
    for (index, operation) in old.operations.iter().enumerate() {
        if !kept_old.contains(&index) {
            changes.operation = operation.name();
            let span = changes.moved.span(operation.endpoint.evidence.span);
            let message = format!("`{}` is no longer documented", operation.name());
            changes.push(
                &rules::REMOVED_OPERATION,
                Severity::Error,
                span,
                None,
                message,
                "endpoint",
            );
        }
    }
    for (index, operation) in new.operations.iter().enumerate() {
        if !kept_new.contains(&index) {
            changes.operation = operation.name();
            let span = operation.endpoint.evidence.span;
            let message = format!("`{}` is new", operation.name());
            changes.push(
                &rules::ADDED_OPERATION,
                Severity::Info,
                span,
                None,
                message,
                "endpoint",
            );
        }
    }
    for (old_index, new_index) in pairs {
        if let (Some(old), Some(new)) =
            (old.operations.get(old_index), new.operations.get(new_index))
        {
            changes.operation = new.name();
            operation::compare(&mut changes, old, new);
        }
    }
    changes.found
}

/// The operations of both sides that are one: by method and whole path, then by the path without that of the server.
fn pairs(old: &[Operation], new: &[Operation]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut taken = BTreeSet::new();
    let mut left: Vec<usize> = (0..old.len()).collect();
    for path in [Operation::joined_path, |operation: &Operation| {
        operation.endpoint.value.path.clone()
    }] {
        let key = |operation: &Operation| {
            let method = operation.endpoint.value.method.clone();
            (method, Template::parse(&path(operation)).identity())
        };
        let mut known: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (index, operation) in new.iter().enumerate().rev() {
            if !taken.contains(&index) {
                known.entry(key(operation)).or_default().push(index);
            }
        }
        left.retain(|&index| {
            let same = old.get(index).and_then(|it| known.get_mut(&key(it))?.pop());
            if let Some(same) = same {
                taken.insert(same);
                pairs.push((index, same));
            }
            same.is_none()
        });
    }
    pairs.sort_unstable();
    pairs
}

/// The changes found so far.
struct Changes {
    moved: Moved,
    found: Vec<Diagnostic>,
    /// The operation that is being compared.
    operation: String,
}

impl Changes {
    /// Adds a change that shows at `span` of the new docs, and at `before` of the old ones.
    fn push(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        span: Span,
        before: Option<Span>,
        message: String,
        subject: &str,
    ) {
        let mut diagnostic = Diagnostic::new(rule, span, message)
            .severity(severity)
            .operation(self.operation.clone())
            .subject(subject);
        if let Some(before) = before {
            diagnostic = diagnostic.related(self.moved.span(before), "it was this before");
        }
        self.found.push(diagnostic);
    }

    /// Adds a change from one fact to another; the weaker evidence decides how bad it can be.
    fn changed(
        &mut self,
        rule: &'static Rule,
        severity: Severity,
        (old, new): (Evidence, Evidence),
        message: String,
        subject: &str,
    ) {
        let most = worst(old.origin.min(new.origin));
        self.push(
            rule,
            severity.min(most),
            new.span,
            Some(old.span),
            message,
            subject,
        );
    }
}

/// How bad a change of such a fact can be.
fn worst(origin: Origin) -> Severity {
    match origin {
        Origin::Inferred | Origin::Example => Severity::Info,
        Origin::Prose => Severity::Warning,
        Origin::Config | Origin::Type | Origin::Attribute | Origin::Specification => {
            Severity::Error
        }
    }
}
