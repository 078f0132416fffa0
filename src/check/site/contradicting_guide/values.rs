//! Values that texts give a member, and that no field of the name has: "`status` is `done`", "`kind=hall`", "`queued` or
//! `started`", and lists of values of which one is another.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, likeness};
use crate::source::{Excerpt, Span};

use super::known::{List, Named};
use super::sentence::{Code, Sentence, sentences};
use super::{Page, is_word};

/// Values that are less alike are different ones.
const ALIKE: f32 = 0.8;

pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for code in &sentence.codes {
        assigned(page, sentence, code, diagnostics);
    }
    for pair in sentence.codes.windows(2) {
        if let [one, other] = pair {
            said(page, sentence, (one, other), diagnostics);
            beside(page, sentence, (one, other), diagnostics);
            beside(page, sentence, (other, one), diagnostics);
        }
    }
    if sentence.head.is_none() {
        near(page, sentence, diagnostics);
    }
}

/// "`kind=hall`"
fn assigned(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    code: &Code<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some((name, value)) = code.text.split_once('=') else {
        return;
    };
    let value = value.trim().trim_matches('"');
    let name = name.trim().trim_start_matches(['?', '&']);
    if !is_word(value) || !is_word(name) || !page.is_only_here(value, sentence) {
        return;
    }
    if let Some((values, span)) = values_of(page, sentence, name)
        && !values.iter().any(|it| it == value)
    {
        let start = code.range.end - value.len();
        let place = sentence.text.span(start..code.range.end);
        diagnostics.push(another(place, (name, value, &values, span)));
    }
}

/// "`status` is `done`": few words between a name and a value.
fn said(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    (one, other): (&Code<'_>, &Code<'_>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let value = other.text.trim_matches('"');
    let between = gap(sentence, one, other);
    if !is_word(value)
        || page.known.has_name(value)
        || !is_told(between)
        || !page.is_only_here(value, sentence)
    {
        return;
    }
    if let Some((values, span)) = values_of(page, sentence, one.text)
        && !values.iter().any(|it| it == value)
        && are_like(&values, value)
    {
        let place = sentence.span(other);
        diagnostics.push(another(place, (one.text, value, &values, span)));
    }
}

/// What stands between two code spans.
fn gap<'t>(sentence: &Sentence<'t>, one: &Code<'_>, other: &Code<'_>) -> &'t str {
    let start = one.range.end + 1;
    sentence.between(start..(other.range.start.max(start + 1) - 1))
}

/// True for words that can give a value to a name: "is", "to", "den Wert".
fn is_told(between: &str) -> bool {
    const OTHER: [&str; 34] = [
        "and", "or", "with", "of", "in", "from", "for", "on", "by", "und", "oder", "mit", "von",
        "aus", "e", "ou", "y", "o", "con", "com", "de", "da", "do", "et", "avec", "if", "when",
        "where", "via", "without", "than", "the", "per", "but",
    ];
    let words: Vec<&str> = between.split_whitespace().collect();
    let is_plain = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '=' | ':'))
    };
    (1..=3).contains(&words.len())
        && words.iter().all(is_plain)
        && !words
            .iter()
            .any(|word| OTHER.contains(&word.to_lowercase().as_str()))
}

/// "`queued` or `started`": a value beside another word, which no list of the first one has.
fn beside(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    (value, word): (&Code<'_>, &Code<'_>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    const JOINTS: [&str; 16] = [
        "or", ",", ", or", "oder", "ou", "o", "/", "或", "、", "and", ", and", "und", "e", "y",
        "et", "和",
    ];
    let between = if value.range.start < word.range.start {
        gap(sentence, value, word)
    } else {
        gap(sentence, word, value)
    };
    let is_candidate = is_word(word.text)
        && !page.known.has_name(word.text)
        && JOINTS.contains(&between.trim())
        && page.is_only_here(word.text, sentence);
    if !is_candidate || page.known.has_name(value.text) {
        return;
    }
    // The text may be the one that lists both.
    if page.known.lists_with(word.text).next().is_some() {
        return;
    }
    let lists: Vec<_> = page.known.lists_with(value.text).collect();
    // What another member is an example of is no value of this one.
    let is_of = |list: &List<'_>| {
        let mut names = sentence.codes.iter().map(|it| it.text);
        let mut others = names.clone().filter(|it| page.known.has_name(it));
        names.any(|it| it == list.name) || others.next().is_none()
    };
    let lower = sentence.words().to_lowercase();
    let shows = [
        "e.g.", "example", "such as", "z. b.", "z.b.", "exemp", "ejemplo",
    ];
    if let [list] = lists.as_slice()
        && is_of(list)
        && !shows.iter().any(|it| lower.contains(it))
        && are_like(&list.values, word.text)
        && is_whole(list)
    {
        diagnostics.push(another(
            sentence.span(word),
            (list.name, word.text, &list.values, list.span),
        ));
    }
}

/// A word that is almost a value, in a sentence that has the name, or another of its values.
fn near(page: &Page<'_, '_>, sentence: &Sentence<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let others: BTreeSet<&str> = sentence.codes.iter().map(|it| it.text).collect();
    for code in &sentence.codes {
        if !is_word(code.text) || code.text.len() < 5 || page.known.has_name(code.text) {
            continue;
        }
        let mut lists = others.iter().flat_map(|other| {
            let of_value = page.known.lists_with(other);
            let of_value = of_value.map(|list| (list.name, list.values.clone(), list.span));
            let of_name = values_of(page, sentence, other);
            of_value.chain(of_name.map(|(values, span)| (*other, values, span)))
        });
        let found = lists.find_map(|(name, values, span)| {
            let is_near = |it: &&String| likeness(it, code.text) >= ALIKE && it.len() > 4;
            let near = values.iter().find(is_near)?.clone();
            (!values.iter().any(|it| it == code.text)).then_some((name, near, span))
        });
        if let Some((name, near, span)) = found
            && page.is_only_here(code.text, sentence)
        {
            let message = format!(
                "the text names `{}`, and `{near}` is a value of `{name}`",
                code.text
            );
            let place = sentence.span(code);
            diagnostics.push(super::found(place, message, (span, "the values"), name));
        }
    }
}

/// The values that all fields of a name list; none if one of them lists none.
fn values_of(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    name: &str,
) -> Option<(Vec<String>, Span)> {
    let operations = page.operations(sentence);
    let all = page.known.named(name);
    let own = |it: &&Named<'_>| operations.contains(&it.operation);
    let is_own = all.iter().any(|it| own(&it));
    let fields = all.iter().filter(|it| !is_own || own(it));
    let mut values = Vec::new();
    let mut first = None;
    for field in fields {
        let (listed, span) = field.allowed()?;
        values.extend(listed);
        first = first.or(Some(span));
    }
    Some((values, first?))
}

/// True if a word is written as the values are.
fn are_like(values: &[String], word: &str) -> bool {
    let is_lower = |it: &str| it.chars().all(|c| !c.is_uppercase());
    let is_plain = |it: &&String| is_word(it);
    values.iter().filter(is_plain).count() > 1
        && values.iter().all(|it| is_lower(it)) == is_lower(word)
}

/// True for a list of words.
fn is_whole(list: &List<'_>) -> bool {
    list.values
        .iter()
        .all(|it| it.chars().any(char::is_alphabetic))
}

fn another(place: Span, (name, value, values, span): (&str, &str, &[String], Span)) -> Diagnostic {
    const MOST: usize = 6;
    let mut listed: Vec<String> = Vec::new();
    for value in values {
        let value = format!("`{value}`");
        if !listed.contains(&value) {
            listed.push(value);
        }
    }
    let more = if listed.len() > MOST { ", …" } else { "" };
    listed.truncate(MOST);
    let message = format!(
        "the text gives `{name}` the value `{value}`, and one of {}{more} is documented",
        listed.join(", ")
    );
    super::found(place, message, (span, "the values"), name)
}

/// Tables, lists, and paragraphs that have all values of a member but one, and one other in its place.
pub(super) fn of_lists(page: &Page<'_, '_>, text: &Excerpt, diagnostics: &mut Vec<Diagnostic>) {
    let all = sentences(text);
    let mut rows: Vec<(usize, Vec<(&Sentence<'_>, &Code<'_>)>)> = Vec::new();
    for sentence in &all {
        let Some(head) = &sentence.head else {
            continue;
        };
        let Some(first) = sentence.cells().first().cloned() else {
            continue;
        };
        let mut in_first = sentence
            .codes
            .iter()
            .filter(|it| first.contains(&it.range.start));
        let (Some(code), None) = (in_first.next(), in_first.next()) else {
            continue;
        };
        match rows.last_mut() {
            Some((known, codes)) if *known == head.start => codes.push((sentence, code)),
            _ => rows.push((head.start, vec![(sentence, code)])),
        }
    }
    let tables = rows.into_iter().map(|(_, codes)| codes);
    for codes in tables {
        of_list(page, &codes, diagnostics);
    }
    let mut blocks: Vec<(usize, Vec<(&Sentence<'_>, &Code<'_>)>)> = Vec::new();
    for sentence in all.iter().filter(|it| it.head.is_none()) {
        let codes = sentence.codes.iter().map(|code| (sentence, code));
        match blocks.last_mut() {
            Some((known, found)) if *known == sentence.block.start => found.extend(codes),
            _ => blocks.push((sentence.block.start, codes.collect())),
        }
    }
    for (_, codes) in blocks {
        // A paragraph names the member that it tells of.
        let names: Vec<&str> = codes.iter().map(|(_, code)| code.text).collect();
        let values: Vec<_> = codes
            .iter()
            .filter(|(_, code)| is_word(code.text) && !page.known.has_name(code.text))
            .copied()
            .collect();
        let mut lists = values
            .iter()
            .flat_map(|(_, code)| page.known.lists_with(code.text));
        if lists.any(|list| names.contains(&list.name)) {
            of_list(page, &values, diagnostics);
        }
    }
}

/// One of several words, if the others are all values of one list but one.
fn of_list(
    page: &Page<'_, '_>,
    codes: &[(&Sentence<'_>, &Code<'_>)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let named: BTreeSet<&str> = codes.iter().map(|(_, code)| code.text).collect();
    let mut lists = named.iter().flat_map(|it| page.known.lists_with(it));
    let known = |value: &str| page.known.lists_with(value).next().is_some();
    let fits = |list: &&List<'_>| {
        let shared = list.values.iter().filter(|it| named.contains(it.as_str()));
        let count = shared.count();
        count + 1 == list.values.len() && count + 1 == named.len() && count > 0
    };
    let Some(list) = lists.find(fits) else {
        return;
    };
    let mut others = codes
        .iter()
        .filter(|(_, code)| !list.values.iter().any(|it| it == code.text));
    let Some((sentence, code)) = others.next() else {
        return;
    };
    let is_other = is_word(code.text)
        && !known(code.text)
        && !page.known.has_name(code.text)
        && are_like(&list.values, code.text)
        && page.is_only_here(code.text, sentence)
        && (sentence.head.is_some() || !super::is_quiet(&sentence.words().to_lowercase()));
    if is_other {
        let place = sentence.span(code);
        diagnostics.push(another(
            place,
            (list.name, code.text, &list.values, list.span),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_words_give_a_value_to_a_name() {
        for between in [" is ", " to ", " den Wert ", " = "] {
            assert!(is_told(between), "{between}");
        }
        for between in [" ", " and ", ", ", " is one of those with "] {
            assert!(!is_told(between), "{between}");
        }
    }
}
