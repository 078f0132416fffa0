//! Names of members and parameters that no page has: almost a documented one, or beside those of the operation that the
//! sentence names.

use crate::check::undocumented_member::is_identifier;
use crate::diagnostic::{Diagnostic, likeness};
use crate::model::Operation;
use crate::model::names::letters;

use super::known::{Named, Place};
use super::sentence::{Code, Sentence};
use super::{Page, is_word};

/// Names that are less alike are different ones.
const ALIKE: f32 = 0.85;

/// Names that are almost documented ones.
pub(super) fn near_names(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut named = None;
    for code in &sentence.codes {
        let name = code.text;
        if !is_identifier(name) || !is_new(page, sentence, code) {
            continue;
        }
        let Some((known, field)) = near(page, name) else {
            continue;
        };
        // Libraries have names in the notation of their language.
        let named = named.get_or_insert_with(|| {
            let operations = page.known.operations_in(page.path, sentence.words());
            !operations.is_empty() || !page.own.is_empty()
        });
        if letters(known) == letters(name) && !*named {
            continue;
        }
        let message = format!("the text names `{name}`, and `{known}` is documented");
        let place = (field.field.name.evidence.span, "documented here");
        diagnostics.push(super::found(sentence.span(code), message, place, known));
    }
}

/// True for a name that stands nowhere else.
fn is_new(page: &Page<'_, '_>, sentence: &Sentence<'_>, code: &Code<'_>) -> bool {
    let name = code.text;
    is_name(name)
        && !page.known.has_name(name)
        && page.known.lists_with(name).next().is_none()
        && page.is_only_here(name, sentence)
}

/// Names that the operation of the sentence does not have.
pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let named = page.known.operations_in(page.path, sentence.words());
    for (index, code) in sentence.codes.iter().enumerate() {
        let name = code.text;
        if named.len() != 1 || !is_new(page, sentence, code) {
            continue;
        }
        let mut operations = named.iter();
        let (Some(operation), None) = (operations.next(), operations.next()) else {
            continue;
        };
        let stated = valued(page, sentence, (index, code), *operation);
        if let Some(field) = stated {
            let own = field.field.name.value.trim();
            let message = format!("the text names `{name}`, and `{own}` has the value beside it");
            let place = (field.field.name.evidence.span, "documented here");
            diagnostics.push(super::found(sentence.span(code), message, place, own));
            continue;
        }
        let is_missing = is_identifier(name) && is_sent(sentence, code)
            || is_listed(page, sentence, index, *operation);
        if is_missing {
            let all = &page.known.documentation.api.operations;
            let Some(operation) = all.get(*operation) else {
                continue;
            };
            if is_open(operation) {
                continue;
            }
            let message = format!(
                "the text names `{name}`, which `{}` does not document",
                operation.name()
            );
            let place = (operation.endpoint.evidence.span, "documented here");
            diagnostics.push(super::found(sentence.span(code), message, place, "page"));
        }
    }
}

fn is_name(text: &str) -> bool {
    is_word(text) && text.len() > 3 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The documented name that is almost that one, or the same in another notation.
fn near<'p, 'd>(page: &'p Page<'_, 'd>, name: &str) -> Option<(&'d str, &'p Named<'d>)> {
    let own = letters(name);
    let mut best: Option<(f32, &'d str, &'p Named<'d>)> = None;
    for (known, fields) in page.known.all() {
        if known.len().abs_diff(name.len()) > 3 || known.len() < 6 {
            continue;
        }
        let alike = if letters(known) == own {
            1.0
        } else {
            likeness(known, name)
        };
        let Some(first) = fields.first() else {
            continue;
        };
        let is_better = best
            .is_none_or(|(before, other, _)| alike > before || alike >= before && known < other);
        if alike >= ALIKE && is_slip(known, name) && is_better {
            best = Some((alike, known, first));
        }
    }
    best.map(|(_, known, field)| (known, field))
}

/// True if the words of two names are the same but for few letters: `start_date` and `end_date` are not.
fn is_slip(known: &str, name: &str) -> bool {
    let (one, other) = (letters(known), letters(name));
    if one == other {
        return true;
    }
    let words = |text: &str| -> Vec<String> { text.split('_').map(str::to_lowercase).collect() };
    let (one, other) = (words(known), words(name));
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| {
            let is_plural =
                one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one);
            one == other
                || is_plural
                || one.len() > 3
                    && likeness(one, other) >= 0.8
                    && one.len().abs_diff(other.len()) < 3
        })
}

/// The field of the operation that has the value which the sentence gives the name: "`state` is `done`".
fn valued<'p, 'd>(
    page: &'p Page<'_, 'd>,
    sentence: &Sentence<'_>,
    (index, code): (usize, &Code<'_>),
    operation: usize,
) -> Option<&'p Named<'d>> {
    let value = sentence.codes.get(index + 1)?;
    let between = sentence
        .between(code.range.end + 1..value.range.start.saturating_sub(1).max(code.range.end + 1));
    let words = between.split_whitespace().count();
    if !(1..=2).contains(&words)
        || !between
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '='))
    {
        return None;
    }
    let has = |field: &&Named<'_>| {
        let listed = field.allowed();
        field.operation == operation
            && listed.is_some_and(|(values, _)| values.iter().any(|it| it == value.text))
    };
    let mut found = page.known.lists_with(value.text).filter_map(|list| {
        let mut fields = page.known.named(list.name).iter();
        fields.find(has)
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// True if words before the name say that it is sent: "send `x`", "if you pass an `x`".
fn is_sent(sentence: &Sentence<'_>, code: &Code<'_>) -> bool {
    const VERBS: [&str; 20] = [
        "when", "if", "with", "says", "returns", "wenn", "send", "sending", "pass", "passing",
        "set", "setting", "sende", "senden", "envie", "envía", "envoyez", "include", "provide",
        "supply",
    ];
    let before = sentence.before(code).to_lowercase();
    let words: Vec<&str> = before
        .split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .collect();
    let last = words.iter().rev().take(3);
    last.into_iter().any(|word| VERBS.contains(word)) && !before.ends_with('`')
}

/// True if the name stands in a row of names that the operation documents as sent.
fn is_listed(page: &Page<'_, '_>, sentence: &Sentence<'_>, index: usize, operation: usize) -> bool {
    const JOINTS: [&str; 12] = [
        ",", "and", "or", ", and", ", or", "und", "oder", "e", "y", "et", "、", "和",
    ];
    let is_known = |place: Option<usize>| {
        let code = place.and_then(|it| sentence.codes.get(it));
        code.is_some_and(|code| {
            let mut fields = page.known.named(code.text).iter();
            fields.any(|it| it.operation == operation && it.place == Place::Sent)
        })
    };
    let joined = |one: Option<usize>, other: Option<usize>| {
        let pair = one
            .and_then(|it| sentence.codes.get(it))
            .zip(other.and_then(|it| sentence.codes.get(it)));
        pair.is_some_and(|(one, other)| {
            let start = one.range.end + 1;
            let between = sentence.between(start..other.range.start.max(start + 1) - 1);
            JOINTS.contains(&between.trim())
        })
    };
    let (before, behind) = (index.checked_sub(1), Some(index + 1));
    sentence.head.is_none()
        && joined(before, Some(index))
        && joined(Some(index), behind)
        && is_known(before)
        && is_known(behind)
}

/// True if the operation takes more than its pages list.
fn is_open(operation: &Operation) -> bool {
    operation.sent_in_text.elsewhere.is_some()
        || operation.sent_in_text.body.is_some()
        || operation.body.is_none() && operation.parameters.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_of_a_name_may_be_misspelt() {
        assert!(is_slip("on_conflict", "on_conflicts"));
        assert!(is_slip("sailing_id", "sailingId"));
        assert!(!is_slip("start_date", "end_date"));
        assert!(!is_slip("total_count", "total_amount"));
    }
}
