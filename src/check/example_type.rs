//! An example shows a value of another JSON type than its field documents.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Evidence;
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::types::{self, Type};

use super::comparison::{Comparison, Shown};
use super::{nesting, widened};

pub(super) static RULE: Rule = Rule {
    name: "example-type",
    severity: Severity::Error,
    summary: "an example shows a value of another JSON type than its field documents",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::WrongType) {
        let path = mismatch.path.subject();
        let mut drifts = comparison.drifts.iter();
        if drifts.any(|drift| drift.explains_type(&path))
            || widened::explains(comparison, &path, mismatch)
            || names_type(mismatch)
        {
            continue;
        }
        let subject = comparison.subject(&path);
        let found = as_written(example, mismatch);
        let message = format!(
            "{} is documented as {} and shown as {found}",
            comparison.name(&path),
            mismatch.expected,
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .label(format!("{found} here"))
            .help("make the type of the field and the example agree")
            .subject(subject);
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic
                .cause(cause(
                    comparison,
                    &path,
                    (&mismatch.expected, &found),
                    evidence,
                ))
                .related(evidence.span, format!("{} here", mismatch.expected));
        }
        diagnostics.push(diagnostic);
    }
}

/// True for a text that stands for a value of the documented type: an author who shows the form of an answer writes
/// `"total": "<integer>"` or `"total": "int"`, and means neither as a value.
fn names_type(mismatch: &Mismatch) -> bool {
    let shown = mismatch.found.strip_prefix("string \"");
    let Some(text) = shown.map(|it| it.trim_end_matches('"').trim()) else {
        return false;
    };
    let inside = text.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    let expected = types::parse(&mismatch.expected);
    let mut expected = expected.alternatives().iter().filter_map(types::class);
    match kind_of(&types::parse(inside.unwrap_or(text))) {
        Some(named) => expected.any(|it| it == named),
        // A text that is cut short is a text, and so is one with letters blotted out.
        None => mismatch.placeholder && text.starts_with(['<', '{', '[', '$']),
    }
}

/// The JSON type that a text names; `true | false` names one, too.
fn kind_of(named: &Type) -> Option<&'static str> {
    let is_truth = |it: &Type| matches!(it, Type::Literal(value) if value.is_boolean());
    match named {
        Type::Union(all) if all.iter().all(is_truth) => Some("boolean"),
        other => types::class(other),
    }
}

/// What is shown, with a number that has a point as the page has it: `1000.00` is whole, and no integer to a reader.
fn as_written(example: &Shown<'_>, mismatch: &Mismatch) -> String {
    let text = match example.decoded {
        Some(decoded) => decoded.text(),
        None => example.text.text(),
    };
    let written = text.get(mismatch.range.clone()).unwrap_or_default();
    let is_number = written.contains('.') && written.parse::<f64>().is_ok();
    if is_number && mismatch.found.starts_with("integer ") {
        format!("number {written}")
    } else {
        mismatch.found.clone()
    }
}

/// Members of one object that are documented as one type and shown as another are one slip; so is a field of a snippet
/// that many pages show, and a member that pages have copied.
fn cause(
    comparison: &Comparison<'_>,
    path: &str,
    (expected, found): (&str, &str),
    evidence: Evidence,
) -> Cause {
    let kind = found.trim_start_matches("empty ");
    let kind = kind.split_whitespace().next().unwrap_or_default();
    let (object, _) = nesting::split(path);
    let side = comparison.side();
    let field = evidence.span;
    Cause::on_page(format!("{side} {object} {expected} {kind}"))
        .of(
            comparison.name(path),
            format!("{{}} are documented as {expected} and shown as {kind}"),
            "make the types of the fields and the example agree",
        )
        .across(format!("{} {}", field.file.index(), field.start))
        .across(format!("{side} {path} {expected} {kind}"))
}
