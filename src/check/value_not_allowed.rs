//! An example shows a value that is not among the documented ones.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Origin;
use crate::model::shape::{Mismatch, MismatchKind};

use super::comparison::{self, Comparison};
use super::nesting;

pub(super) static RULE: Rule = Rule {
    name: "value-not-allowed",
    severity: Severity::Error,
    summary: "an example shows a value that is not among the documented ones",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = comparison.mismatches(MismatchKind::NotAllowed);
    found.extend(comparison.mismatches(MismatchKind::Constant));
    for (example, mismatch) in found {
        let path = mismatch.path.subject();
        if names_sibling(comparison, mismatch, &path)
            || names_states(comparison, mismatch, &path)
            || is_turned_round(mismatch, &path)
        {
            continue;
        }
        let message = format!(
            "{} shows {}, and {} is documented",
            comparison.name(&path),
            mismatch.found,
            mismatch.expected
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .severity(comparison::severity(
                mismatch,
                RULE.severity,
                Severity::Warning,
            ))
            .label("not among the documented values")
            .help("show a documented value, or document this one")
            .subject(comparison.subject(&path));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic
                .cause(comparison::of_field(evidence.span))
                .related(evidence.span, "the values are documented here");
        }
        diagnostics.push(diagnostic);
    }
}

/// True for `-name` where the values are names to sort by: a sign turns the order round.
fn is_turned_round(mismatch: &Mismatch, path: &str) -> bool {
    let name = path.to_lowercase();
    let turned = mismatch.found.trim_matches('"').strip_prefix(['-', '+']);
    (name.contains("sort") || name.contains("order"))
        && turned.is_some_and(|value| mismatch.expected.contains(&format!("`{value}`")))
}

/// True for "Always equals `id`.": the one value is the name of a member beside it.
fn names_sibling(comparison: &Comparison<'_>, mismatch: &Mismatch, path: &str) -> bool {
    let name = mismatch.expected.trim_matches('`');
    let around = nesting::split(path).0;
    mismatch.kind == MismatchKind::Constant
        && comparison.field(&nesting::join(around, name)).is_some()
}

/// True for "Set once the job is over (`done`, `failed`)": all that the text lists are some of the values that another
/// member beside it has.
fn names_states(comparison: &Comparison<'_>, mismatch: &Mismatch, path: &str) -> bool {
    let is_in_text = mismatch
        .evidence
        .is_some_and(|it| it.origin == Origin::Prose);
    if !is_in_text {
        return false;
    }
    let (around, name) = nesting::split(path);
    let mut names = around.split('.').filter(|name| !name.is_empty());
    let members = names.try_fold(comparison.shape.members(), |members, name| {
        let name = name.trim_end_matches("[]");
        let member = members.iter().find(|member| member.name == name)?;
        Some(member.shape.members())
    });
    let members = members.unwrap_or_default();
    let allowed = |name: &str| {
        let member = members.iter().find(|member| member.name == name)?;
        member.shape.constraints.allowed.as_ref()
    };
    let Some(own) = allowed(name.trim_end_matches("[]")) else {
        return false;
    };
    let mut others = members.iter().filter_map(|member| allowed(&member.name));
    others.any(|other| {
        other.value.len() > own.value.len()
            && own.value.iter().all(|value| other.value.contains(value))
    })
}
