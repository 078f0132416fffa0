//! A field stands in a field of another kind.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::WrittenField;

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "misplaced-field",
    severity: Severity::Warning,
    summary: "a field stands in a field of another kind",
};

/// So many names are listed.
const LISTED: usize = 8;

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let Some(parent) = place.parent.filter(|parent| parent.tag != field.tag) else {
        return;
    };
    // Of a whole group the first one is enough.
    let group: Vec<_> = parent
        .children
        .iter()
        .filter(|child| child.tag == field.tag)
        .collect();
    if group.first().is_none_or(|child| child.open != field.open) {
        return;
    }
    let names = group
        .iter()
        .map(|child| format!("`{}`", child.shown_name()));
    let mut names: Vec<String> = names.take(LISTED).collect();
    if group.len() > LISTED {
        names.push(format!("{} more", group.len() - LISTED));
    }
    let message = format!(
        "the platform drops a `{}` in a `{}`: {} in `{}`",
        field.tag,
        parent.tag,
        names.join(", "),
        parent.shown_name()
    );
    let mut diagnostic = Diagnostic::new(&RULE, field.tag_span, message)
        .label(format!("not a `{}`", parent.tag))
        .related(parent.tag_span, "stands in this field")
        .help(format!("make it a `{}`, or move it out", parent.tag))
        .subject(place.subject.clone());
    if illustrates(field) {
        diagnostic = diagnostic
            .severity(Severity::Info)
            .help("nothing has to be done if they only show what may be sent");
    }
    diagnostics.push(diagnostic);
}

/// True below a title such as "Example properties": the fields show what may stand there, and document nothing.
fn illustrates(field: &WrittenField<'_>) -> bool {
    let title = field.heading.trim_start().to_lowercase();
    ["example", "sample", "e.g."]
        .iter()
        .any(|word| title.starts_with(word))
}
