//! Bounds and defaults that texts state for a parameter: "`limit` (1–100, default 20)", "`limit` is at most 100".

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::model::build::said_of;
use crate::model::{Fact, ProseFacts};
use crate::source::Span;

use super::Page;
use super::known::{Named, Place};
use super::sentence::{Code, Sentence};

/// What a text says of one parameter, held against its fields.
pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if is_of_some(sentence.words()) {
        return;
    }
    let documented = |code: &&Code<'_>| page.known.named(code.text).iter().any(is_sent);
    let count = sentence.codes.iter().filter(documented).count();
    for code in sentence.codes.iter().filter(documented) {
        let behind = sentence.behind(code);
        let Some(said) = told_of(behind, count) else {
            continue;
        };
        let start = sentence.range.end.max(code.range.end) - behind.len();
        let range = start + said.start..start + said.end;
        let fields = fields(page, sentence, code.text);
        let Some(first) = fields.first() else {
            continue;
        };
        let facts = said_of(code.text, &first.field.kind, sentence.text, range);
        compare(code.text, (&facts, &fields), diagnostics);
    }
}

/// The part of a text behind a name that tells of it: what stands in brackets, or all, if it names no other one.
fn told_of(behind: &str, count: usize) -> Option<Range<usize>> {
    const OTHER: [&str; 14] = [
        "and ", "or ", "of ", "in ", "with ", "to ", "for ", "und ", "oder ", "e ", "y ", "et ",
        "if ", "as ",
    ];
    let trimmed = behind.trim_start();
    let start = behind.len() - trimmed.len();
    if trimmed.starts_with(['(', '（']) {
        let end = trimmed.find([')', '）'])?;
        let close = trimmed.get(end..)?.chars().next()?.len_utf8();
        return Some(start..start + end + close);
    }
    let is_verb = start > 0 && trimmed.starts_with(char::is_alphabetic) || trimmed.starts_with(':');
    let is_other = OTHER.iter().any(|it| trimmed.starts_with(it));
    (count == 1 && is_verb && !is_other).then_some(start..behind.len())
}

/// True for a sentence about some plans, or about a case.
fn is_of_some(sentence: &str) -> bool {
    const WORDS: [&str; 29] = [
        "plan",
        "plans",
        "tier",
        "tiers",
        "enterprise",
        "free",
        "example",
        "e.g",
        "except",
        "unless",
        "if",
        "when",
        "recommend",
        "recommended",
        "usually",
        "typically",
        "per",
        "some",
        "sandbox",
        "trial",
        "wenn",
        "falls",
        "se",
        "si",
        "cuando",
        "quando",
        "lorsque",
        "beispiel",
        "exemplo",
    ];
    let lower = sentence.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_'));
    words.any(|word| WORDS.contains(&word))
}

fn is_sent(named: &Named<'_>) -> bool {
    named.place == Place::Sent
}

/// The fields that a text is about: those of the operations that it names, else all.
fn fields<'p>(page: &'p Page<'_, '_>, sentence: &Sentence<'_>, name: &str) -> Vec<Named<'p>> {
    let operations = page.operations(sentence);
    let all: Vec<_> = page
        .known
        .named(name)
        .iter()
        .filter(|it| is_sent(it))
        .copied()
        .collect();
    let own: Vec<_> = all
        .iter()
        .filter(|it| operations.contains(&it.operation))
        .copied()
        .collect();
    if own.is_empty() { all } else { own }
}

fn compare(
    name: &str,
    (facts, fields): (&ProseFacts, &[Named<'_>]),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut add = |what: &str, said: String, span: Span, other: Option<(String, Span)>| {
        let Some((documented, place)) = other else {
            return;
        };
        let message = format!(
            "the text says that {what} of `{name}` is {said}, and {documented} is documented"
        );
        diagnostics.push(super::found(
            span,
            message,
            (place, "documented here"),
            name,
        ));
    };
    let number = |fact: &Fact<f64>| (fact.value, fact.evidence.span);
    if let Some((said, span)) = facts.maximum.as_ref().map(number) {
        let other = other(fields.iter().filter_map(Named::maximum), said);
        add("the maximum", said.to_string(), span, other);
    }
    if let Some((said, span)) = facts.minimum.as_ref().map(number) {
        let other = other(fields.iter().filter_map(Named::minimum), said);
        add("the minimum", said.to_string(), span, other);
    }
    if let Some(fact) = &facts.default {
        let said = match &fact.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let documented: Vec<_> = fields.iter().filter_map(Named::default).collect();
        let first = documented.first().cloned();
        let is_one = documented
            .iter()
            .all(|(value, _)| Some(value) == first.as_ref().map(|it| &it.0));
        let is_other = documented.iter().all(|(value, _)| *value != said);
        let other = first.filter(|_| is_one && is_other);
        add("the default", said, fact.evidence.span, other);
    }
}

/// The number on which all fields agree, if it is another one.
fn other(numbers: impl Iterator<Item = (f64, Span)>, said: f64) -> Option<(String, Span)> {
    let numbers: Vec<_> = numbers.collect();
    let (first, span) = *numbers.first()?;
    let is = |one: f64, other: f64| (one - other).abs() < f64::EPSILON;
    let is_one = numbers.iter().all(|(number, _)| is(*number, first));
    (is_one && !is(first, said)).then(|| (first.to_string(), span))
}

/// A row of a table of parameters, whose head says what its cells are.
pub(super) fn of_row(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    const DEFAULTS: [&str; 8] = [
        "default",
        "defaults",
        "default value",
        "standard",
        "padrão",
        "por defecto",
        "défaut",
        "默认值",
    ];
    const BOUNDS: [&str; 14] = [
        "max",
        "maximum",
        "range",
        "limits",
        "limit",
        "bounds",
        "allowed",
        "values",
        "constraints",
        "description",
        "bereich",
        "beschreibung",
        "descrição",
        "descripción",
    ];
    let (Some(head), cells) = (&sentence.head, sentence.cells()) else {
        return;
    };
    let heads = super::sentence::cells(sentence.text.text(), head);
    let Some(first) = cells.first() else {
        return;
    };
    let name = sentence.between(first.clone()).trim().trim_matches('`');
    let documented = page.known.named(name).iter().any(is_sent);
    if !documented || heads.len() != cells.len() || is_of_some(sentence.words()) {
        return;
    }
    let fields = fields(page, sentence, name);
    let Some(one) = fields.first() else {
        return;
    };
    for (head, cell) in heads.iter().zip(&cells).skip(1) {
        let head = sentence.between(head.clone()).trim().to_lowercase();
        let text = sentence.between(cell.clone());
        let start = cell.start + (text.len() - text.trim_start().len());
        let cell = start..start + text.trim().len();
        let bare = text.trim().trim_matches('`').trim_matches('"');
        let span = sentence.text.span(cell.clone());
        let mut facts = ProseFacts::default();
        if DEFAULTS.contains(&head.as_str()) {
            let is_value = !bare.is_empty()
                && bare
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            if is_value && !matches!(bare, "none" | "null" | "required" | "yes" | "no") {
                let value = serde_json::Value::String(bare.to_owned());
                let evidence = one.field.name.evidence;
                facts.default = Some(Fact {
                    value,
                    evidence: crate::model::Evidence { span, ..evidence },
                });
            }
        } else if matches!(head.as_str(), "max" | "maximum") {
            if let Ok(number) = bare.replace(',', "").parse::<f64>() {
                let evidence = one.field.name.evidence;
                facts.maximum = Some(Fact {
                    value: number,
                    evidence: crate::model::Evidence { span, ..evidence },
                });
            }
        } else if BOUNDS.contains(&head.as_str()) {
            facts = said_of(name, &one.field.kind, sentence.text, cell);
        }
        compare(name, (&facts, &fields), diagnostics);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_name_tells_of_it() {
        for (behind, count, said) in [
            (" (1–100, default 20) and", 2, Some("(1–100, default 20)")),
            (" is at most 100.", 1, Some("is at most 100.")),
            (" is at most 100.", 2, None),
            (" and `x` are at most 100.", 1, None),
            (", at most 100", 1, None),
        ] {
            let found = told_of(behind, count).and_then(|range| behind.get(range));
            assert_eq!(found, said, "{behind}");
        }
    }
}
