//! An example shows `null` where neither type nor text of the field allows it.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::shape::{Mismatch, MismatchKind};
use crate::model::{Evidence, Origin};

use super::comparison::{Comparison, Shown};

pub(super) static RULE: Rule = Rule {
    name: "example-null",
    severity: Severity::Warning,
    summary: "an example shows `null` for a member that is not documented as nullable",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Null) {
        // What no field documents by itself says nothing of `null`.
        let is_implied = |evidence: Evidence| evidence.origin == Origin::Inferred;
        if !mismatch.evidence.is_some_and(is_implied) {
            diagnostics.push(of_one(comparison, example, mismatch));
        }
    }
}

fn of_one(comparison: &Comparison<'_>, example: &Shown<'_>, null: &Mismatch) -> Diagnostic {
    let path = null.path.subject();
    let message = format!(
        "{} is documented as {} and shown as null",
        comparison.name(&path),
        null.expected
    );
    let severity = if is_conditional(comparison, &path) {
        Severity::Info
    } else {
        RULE.severity
    };
    let diagnostic = Diagnostic::new(&RULE, example.span(&null.range), message)
        .severity(severity)
        .label("null here")
        .help(format!(
            "write the type as `{} | null` if it can be null",
            null.expected
        ))
        .subject(comparison.subject(&path))
        .cause(
            Cause::on_page(comparison.side())
                .of(
                    comparison.name(&path),
                    "{} are shown as null, and not documented as nullable",
                    "write the types as `… | null` for those that can be null",
                )
                .across(comparison.side()),
        );
    match null.evidence {
        Some(evidence) => diagnostic.related(evidence.span, format!("{} here", null.expected)),
        None => diagnostic,
    }
}

/// True if the field is called optional, or if its text states a condition, or that there may be nothing: then `null` may
/// stand for its absence.
fn is_conditional(comparison: &Comparison<'_>, path: &str) -> bool {
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let stated = field.required.as_ref().or(field.prose.required.as_ref());
    let text = field.description.trim_start();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    stated.is_some_and(|required| !required.value)
        || is_for_some(text)
        || says_none(text)
        || words.any(|word| {
            [
                "if",
                "when",
                "unless",
                "only",
                "empty",
                "blank",
                "unset",
                "absent",
                "once",
                "later",
                "until",
                "undefined",
                "unknown",
                "unavailable",
                "cleared",
                "nil",
                "none",
                "nothing",
                "wenn",
                "falls",
                "leer",
                "se",
                "quando",
                "vazio",
                "vazia",
                "si",
                "cuando",
                "vacío",
                "vacía",
                "vide",
                "tom",
                "tomt",
                "leeg",
                "vuoto",
            ]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(word))
        })
}

/// True for a sentence that begins with what is not there: "Not known for old books.", "No value means no limit."
fn says_none(text: &str) -> bool {
    let mut sentences = text.split(['.', ';', '\n', '(']).map(str::trim_start);
    sentences.any(|sentence| {
        let first = sentence.split(|c: char| !c.is_alphanumeric()).next();
        first.is_some_and(|first| {
            ["no", "not"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(first))
        })
    })
}

/// True for "For teams of the league, …" and "… (for teams of the league)": not every object has it.
fn is_for_some(text: &str) -> bool {
    let first = text.split(['.', '\n']).next().unwrap_or_default();
    let is_start = first
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("for "));
    let mut notes = text.split("(for ").skip(1);
    is_start && first.contains(',')
        || notes.any(|note| !note.starts_with("example") && !note.starts_with("instance"))
}
