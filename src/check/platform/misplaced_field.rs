//! A field stands in a field of another kind.

use crate::diagnostic::{Diagnostic, Rule, Severity};

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "misplaced-field",
    severity: Severity::Warning,
    summary: "a field stands in a field of another kind",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let Some(parent) = place.parent.filter(|parent| parent.tag != field.tag) else {
        return;
    };
    // Of a whole group the first one is enough.
    let is_first = parent
        .children
        .iter()
        .find(|child| child.tag == field.tag)
        .is_some_and(|child| child.open == field.open);
    if !is_first {
        return;
    }
    let message = format!(
        "the platform drops a `{}` in a `{}`: `{}` in `{}`",
        field.tag,
        parent.tag,
        field.shown_name(),
        parent.shown_name()
    );
    diagnostics.push(
        Diagnostic::new(&RULE, field.tag_span, message)
            .label(format!("not a `{}`", parent.tag))
            .related(parent.tag_span, "stands in this field")
            .help(format!("make it a `{}`, or move it out", parent.tag))
            .subject(place.subject.clone()),
    );
}
