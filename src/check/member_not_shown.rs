//! A documented member is shown in no example.
//!
//! That is worth knowing, no more: it may be conditional. It is a contradiction if the member is stated to be required,
//! or if the example shows another, undocumented member of the same object in its place.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Origin;

use super::comparison::Comparison;
use super::hidden;
use super::renaming::renamed;

pub(super) static RULE: Rule = Rule {
    name: "member-not-shown",
    severity: Severity::Info,
    summary: "a documented member is shown in no example",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let renamed = renamed(comparison);
    for hidden in hidden::of(comparison) {
        let is_request = comparison.subject.starts_with("request");
        let stated = hidden
            .member
            .required
            .as_ref()
            .filter(|required| required.value);
        let required = stated.is_some_and(|required| required.evidence.origin >= Origin::Attribute);
        let pair = renamed.iter().find(|pair| pair.documented == hidden.path);
        // Requests normally leave out what is optional, and a specification says what is.
        let stated = hidden.member.required.as_ref();
        let is_optional =
            stated.is_some_and(|it| !it.value && it.evidence.origin == Origin::Specification);
        if (is_request || is_optional) && !required && pair.is_none() {
            continue;
        }
        let message = format!("`{}` is documented but shown in no example", hidden.path);
        let Some(evidence) = hidden.member.evidence else {
            continue;
        };
        let span = evidence.span;
        let mut diagnostic =
            Diagnostic::new(&RULE, span, message).subject(comparison.subject(&hidden.path));
        if let Some(pair) = pair {
            diagnostic = diagnostic
                .severity(Severity::Error)
                .label("documented here")
                .related(pair.key, format!("`{}` is shown in its place", pair.shown))
                .help(format!(
                    "use one name in both places: `{}` or `{}`",
                    pair.documented, pair.shown
                ));
        } else if required {
            diagnostic = diagnostic
                .severity(Severity::Error)
                .label("required, so every example must show it")
                .help("add it to the example, or drop `required`");
        } else {
            diagnostic = diagnostic
                .label("documented here")
                .help("add it to an example, or say when it is absent");
        }
        diagnostics.push(diagnostic);
    }
}
