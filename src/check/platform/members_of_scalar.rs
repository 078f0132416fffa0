//! Fields stand in a field whose type has no members.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::types;
use crate::source::Span;

use super::Place;

pub(super) static RULE: Rule = Rule {
    name: "members-of-scalar",
    severity: Severity::Error,
    summary: "fields stand in a field whose type has no members",
};

pub(super) fn check(place: &Place<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let field = place.field;
    let Some(attribute) = field.attribute("type") else {
        return;
    };
    // A field without a name is no member, and reported as such.
    let mut members = field.children.iter().filter(|child| child.is_named());
    let (Some(text), Some(first)) = (attribute.value.as_str(), members.next()) else {
        return;
    };
    let platform = types::platform(text);
    if platform.takes_members() || platform == types::Platform::Null {
        return;
    }
    // Any value may have members, and values are sometimes listed as if they were fields.
    let open = matches!(platform, types::Platform::Any | types::Platform::File);
    let typed = field
        .children
        .iter()
        .any(|child| child.attribute("type").is_some());
    let severity = if open || !typed {
        Severity::Warning
    } else {
        Severity::Error
    };
    let name = field.shown_name();
    let members = match members.count() {
        0 => format!("`{}`", first.shown_name()),
        more => format!("`{}` and {more} more", first.shown_name()),
    };
    let message = format!(
        "`{name}` is documented as {text} and with the members {members}, which the platform drops"
    );
    let is_array = matches!(platform, types::Platform::Array(_));
    let meant = if is_array { "object[]" } else { "object" };
    diagnostics.push(
        Diagnostic::new(&RULE, attribute.value_span, message)
            .severity(severity)
            .label("has no members")
            .related(first.open, "a member")
            .help(format!(
                "write the type as `{meant}`, or move the fields out of it"
            ))
            .subject(place.subject.clone()),
    );
}

/// A type that is known to be wrong is not held against examples as well: one cause, one finding.
pub(in crate::check) fn replace_types(diagnostics: &mut Vec<Diagnostic>) {
    let wrong: HashSet<Span> = diagnostics
        .iter()
        .filter(|it| it.rule == &RULE)
        .map(|it| it.span)
        .collect();
    diagnostics.retain(|it| {
        let mut related = it.related.iter();
        it.rule.name != "example-type" || !related.any(|place| wrong.contains(&place.span))
    });
}
