//! Findings by what they are about: the operations in their order, then the pages of what belongs to none.

use std::collections::HashMap;

use super::Findings;
use crate::diagnostic::{Diagnostic, Related};

/// An operation or a page, and what was found about it.
pub(super) struct Group<'a> {
    /// The operation; the path of the page for what belongs to none.
    pub(super) name: &'a str,
    /// Whether it is an operation of the run.
    pub(super) is_operation: bool,
    /// Why a live server was not asked, if it was to be and was not.
    pub(super) not_exercised: Option<&'a str>,
    /// What was found, in the order of the report.
    pub(super) diagnostics: Vec<&'a Diagnostic>,
    /// What was found at another operation, and is the same here.
    pub(super) same_as: Vec<&'a Diagnostic>,
}

/// The groups of a report; each finding is in one of them.
pub(super) fn groups<'a>(findings: &Findings<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<&'a str, usize> = HashMap::new();
    for operation in findings.operations {
        known.entry(&operation.name).or_insert_with(|| {
            groups.push(Group {
                name: &operation.name,
                is_operation: true,
                not_exercised: operation.not_exercised.as_deref(),
                diagnostics: Vec::new(),
                same_as: Vec::new(),
            });
            groups.len() - 1
        });
    }
    for diagnostic in findings.diagnostics {
        let page = || findings.sources.file(diagnostic.span.file).path();
        let name = diagnostic.operation.as_deref().unwrap_or_else(page);
        let index = *known.entry(name).or_insert_with(|| {
            groups.push(Group {
                name,
                is_operation: false,
                not_exercised: None,
                diagnostics: Vec::new(),
                same_as: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(index) {
            group.diagnostics.push(diagnostic);
        }
    }
    for diagnostic in findings.diagnostics {
        for name in diagnostic
            .related
            .iter()
            .filter_map(Related::other_operation)
        {
            let group = known.get(name).and_then(|index| groups.get_mut(*index));
            if let Some(group) = group {
                group.same_as.push(diagnostic);
            }
        }
    }
    groups
}
