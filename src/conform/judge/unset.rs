//! Members that no answer need have: their things can be given them, and were not.

use std::collections::BTreeSet;

use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::{Operation, Origin};

/// The members that things may lack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unset {
    /// What none of the things of the answer was given.
    pub by_all: BTreeSet<String>,
    /// What some of them may not have been given.
    pub by_some: BTreeSet<String>,
}

impl Unset {
    /// True for a missing member that only examples promise, which show things that were given it.
    pub(super) fn explains(&self, mismatch: &Mismatch) -> bool {
        let is_shown = mismatch
            .evidence
            .is_some_and(|it| matches!(it.origin, Origin::Example | Origin::Inferred));
        if mismatch.kind != MismatchKind::Missing || !is_shown {
            return false;
        }
        let subject = mismatch.path.subject();
        let name = subject.rsplit('.').next().unwrap_or(&subject);
        let is_partly = mismatch.count < mismatch.of;
        self.by_all.contains(name) || is_partly && self.by_some.contains(name)
    }
}

/// The names of what an operation takes, and neither demands nor replaces by a default.
pub(in crate::conform) fn optional(operation: &Operation) -> BTreeSet<String> {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let optional = fields.filter(|field| !field.is_required() && field.default.is_none());
    optional.map(|field| field.name.value.clone()).collect()
}
