//! An example shows none of the documented members, but others: it is an example of something else, or the fields are.
//!
//! Of an answer, one member in the place of another may be the same one renamed. A request that sends nothing of what is
//! documented, and leaves out what is required, contradicts its fields once, however few members there are.

use std::collections::HashSet;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::{Openness, Shape, ShapeKind};

use super::comparison::Comparison;
use super::hidden::Hidden;
use super::spoken;

pub(super) static RULE: Rule = Rule {
    name: "unrelated-example",
    severity: Severity::Error,
    summary: "an example shows none of the documented members, but others",
};

/// Fewer members on a side may be one that was renamed.
const FEWEST: usize = 2;

/// So many members are not renamed to one.
const MANY: usize = 8;

/// True if documented and shown members have nothing in common.
pub(super) fn holds(comparison: &Comparison<'_>) -> bool {
    let documented = comparison.shape.members();
    let values: Vec<&Json> = comparison
        .examples
        .iter()
        .map(|it| it.value.as_ref())
        .collect();
    let objects = comparison.shape.objects(&values);
    let names: HashSet<String> = documented.iter().map(|it| folded(&it.name)).collect();
    let required = documented.iter().filter(|it| it.is_promised());
    let required = required.count();
    let lacks_required =
        comparison.subject == "request.body" && comparison.hidden.iter().any(Hidden::is_required);
    let fewest = if lacks_required { 1 } else { FEWEST };
    let is_other = |object: &&Json| {
        let shown = object.members();
        // One alone in the place of many is no other name of them, nor of several that have to be there.
        let is_one_of_many = documented.len() >= MANY || required >= FEWEST;
        let is_enough = shown.len() >= fewest || !shown.is_empty() && is_one_of_many;
        is_enough && !object.is_open() && !shown.iter().any(|it| names.contains(&folded(&it.key)))
    };
    documented.len() >= fewest
        && is_closed(comparison.shape)
        && comparison.drifts.is_empty()
        && comparison.renamed.is_empty()
        && !objects.is_empty()
        && objects.iter().all(is_other)
}

/// What all spellings of a name have in common.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn is_closed(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Array(items) => is_closed(items),
        ShapeKind::Object { open, .. } => *open == Openness::Closed,
        _ => false,
    }
}

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let documented = comparison.shape.members();
    let field = documented.iter().find_map(|member| member.evidence);
    let shown = comparison
        .examples
        .iter()
        .find_map(|example| Some((example, members(&example.value).first()?)));
    let (Some(field), Some((example, member))) = (field, shown) else {
        return;
    };
    let shown: Vec<&str> = members(&example.value)
        .iter()
        .map(|member| member.key.as_str())
        .collect();
    let copied = format!("{} {}", comparison.side(), shown.join(" "));
    let message = if comparison.is_request() {
        "the example sends none of the documented members"
    } else {
        "the example shows none of the documented members"
    };
    diagnostics.push(
        Diagnostic::new(&RULE, example.span(&member.key_range), message)
            .severity(match example.title {
                Some(title)
                    if !comparison.is_request()
                        && (spoken::tells_other(title) || is_of_failure(title, &shown)) =>
                {
                    Severity::Info
                }
                _ => RULE.severity,
            })
            .label("other members")
            .related(
                field.span,
                match documented.len() {
                    1 => "the documented member".to_owned(),
                    count => format!("the first of {count} documented members"),
                },
            )
            .help("show the documented members, or document those that are shown")
            .subject(comparison.subject(""))
            .cause(Cause::on_site(copied)),
    );
}

/// True for an example that has a title in words and shows an error.
fn is_of_failure(title: &str, shown: &[&str]) -> bool {
    title.contains(char::is_alphabetic) && shown.iter().any(|name| spoken::is_of_errors(name))
}

/// The members of the object, or of the first one of several.
fn members(value: &Json) -> &[Member] {
    match &value.kind {
        JsonKind::Array(items) => {
            let mut objects = items.iter().map(members);
            objects.find(|it| !it.is_empty()).unwrap_or_default()
        }
        _ => value.members(),
    }
}
