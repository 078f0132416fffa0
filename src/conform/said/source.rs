//! Where the pages say what a finding holds against a server: a sentence, a field, or the answer with a status. Pure.
//!
//! Readers that know the sentence they read hand it on themselves. For all others the sentence is looked for here, by the
//! names and values that the words of a finding have in backticks; what names none of them is no source.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::conform::plan::input;
use crate::model::shared::Shared;
use crate::model::{Field, Operation, Status};
use crate::source::Span;

use super::{coded, promises};

/// Longer words of a finding are a part of what is meant; shorter ones are in every sentence.
const SHORTEST: usize = 4;

/// A status counts as much as so many names.
const NAMES: usize = 3;

/// The sentence of a page that names most of these, at least one of them in backticks or as a number; the first of several.
pub(crate) fn sentence(operation: &Operation, named: &[String]) -> Option<String> {
    let texts: Vec<String> = promises::sentences(operation).collect();
    let sentences = texts.iter().flat_map(|text| each(text));
    let mut best: Option<(usize, &str)> = None;
    for sentence in sentences {
        let told = named.iter().filter(|name| names(sentence, name));
        // Which status is expected says more than which names there are.
        let count: usize = told
            .map(|name| if is_status(name) { NAMES } else { 1 })
            .sum();
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, sentence));
        }
    }
    best.map(|(_, sentence)| sentence.trim().to_owned())
}

fn is_status(name: &str) -> bool {
    name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a finding names in its words: what stands there in backticks, but for operations, and what is expected.
pub(crate) fn named(message: &str, expected: &str) -> Vec<String> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`([^`]+)`"));
    static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[1-5]\d\d\b"));
    let code = CODE
        .captures_iter(message)
        .chain(CODE.captures_iter(expected));
    let code = code.filter_map(|found| Some(found.get(1)?.as_str().to_owned()));
    let mut named: Vec<String> = code.collect();
    if let Some(status) = STATUS.find(expected) {
        named.push(status.as_str().to_owned());
    } else {
        let words = expected.split_whitespace();
        named.extend(words.filter(|it| it.len() >= SHORTEST).map(str::to_owned));
    }
    named.sort();
    named.dedup();
    named
}

/// The sentences of a text, each with its full stop.
fn each(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split_inclusive(". "))
}

/// True if a sentence has that name or value as a whole word, or as the start of one: `draft` of "drafts".
fn names(sentence: &str, name: &str) -> bool {
    let (sentence, name) = (sentence.to_lowercase(), name.to_lowercase());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut places = sentence.match_indices(&name);
    let is_free = |text: Option<&str>, is_end: bool| {
        text.is_none_or(|text| {
            let next = if is_end {
                text.chars().next()
            } else {
                text.chars().next_back()
            };
            next.is_none_or(|it| !is_word(it))
        })
    };
    places.any(|(at, _)| {
        let behind = sentence.get(at + name.len()..);
        let plural = behind.and_then(|it| it.strip_prefix('s'));
        is_free(sentence.get(..at), false)
            && (is_free(behind, true) || is_free(plural, true) && plural.is_some())
    })
}

/// Where a page documents what a finding is about: the field, the input, or else the answer with the status that is expected.
pub(crate) fn place(operation: &Operation, subject: &str, expected: &str) -> Option<Span> {
    if let Some(way) = subject.strip_prefix("response") {
        let names: Vec<&str> = way
            .split(['.', '['])
            .map(|name| name.trim_end_matches(']'))
            .filter(|name| !name.is_empty())
            .collect();
        let mut successes = operation
            .responses
            .iter()
            .filter(|it| it.status.is_success());
        return successes.find_map(|response| at(&response.fields, &names));
    }
    if subject.starts_with("request.") {
        let inputs = input::inputs(operation);
        let input = inputs.iter().find(|input| input.subject() == subject);
        return input.map(|input| input.span);
    }
    let status = expected.get(..3)?.parse().ok()?;
    answer(operation, status)
}

/// The place of the field at the end of a way; of the last field of the way that there is.
fn at(fields: &[Field], names: &[&str]) -> Option<Span> {
    let (name, rest) = names.split_first()?;
    let field = fields.iter().find(|field| field.name.value == *name)?;
    Some(at(&field.children, rest).unwrap_or(field.open))
}

/// Where the answer with a status is documented.
pub(crate) fn answer(operation: &Operation, status: u16) -> Option<Span> {
    operation.responses.iter().find_map(|it| match &it.status {
        Status::Code(code) if code.value == status => Some(code.evidence.span),
        _ => None,
    })
}

/// Where a code for programs is documented with a status.
pub(crate) fn code(
    operation: &Operation,
    shared: &Shared,
    code: &str,
    status: u16,
) -> Option<Span> {
    let mut own = operation
        .responses
        .iter()
        .filter_map(|it| match &it.status {
            Status::Code(known) if known.value == status => {
                Some((known.evidence.span, &it.examples))
            }
            _ => None,
        });
    let shown = own.find(|(_, examples)| {
        let mut values = examples.iter().filter_map(|it| it.value());
        values.any(|it| coded::code_of(&it.to_value()) == Some(code))
    });
    let kinds = shared.errors.iter().flat_map(|it| &it.kinds);
    let listed = || {
        let mut codes = kinds
            .filter(|kind| kind.status.value == status)
            .flat_map(|kind| &kind.codes);
        codes
            .find(|it| code.ends_with(it.value.as_str()))
            .map(|it| it.evidence.span)
    };
    shown
        .map(|(span, _)| span)
        .or_else(listed)
        .or_else(|| answer(operation, status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    const PAGE: &str = "---\ntitle: Lend a book\ndescription: Lends a book. Its `state` becomes `lent`.\napi: POST https://api.example.com/books/{book_id}/lend\n---\n\nOnly `free` books can be lent; for all others the answer is `409`.\n\n<ResponseField name=\"shelf\" type=\"object\"><Expandable>\n<ResponseField name=\"row\" type=\"integer\">The row.</ResponseField>\n</Expandable></ResponseField>\n\n<ResponseExample>\n```json 200\n{\"shelf\": {\"row\": 1}}\n```\n```json 409\n{\"code\": \"book_lent\"}\n```\n</ResponseExample>\n";

    #[test]
    fn the_sentence_is_the_one_that_names_most() {
        let (_, documentation) = documentation("", &[PAGE]);
        let operation = &documentation.api.operations[0];
        let of = |message: &str, expected: &str| sentence(operation, &named(message, expected));
        let found = of("a read does not show `state` as `lent`", "lent").unwrap();
        assert_eq!(found, "Its `state` becomes `lent`.");
        let found = of("it is accepted although `state` is `lent`", "409 Conflict").unwrap();
        assert!(found.contains("409"), "{found}");
        assert_eq!(of("`colour` is as before", "a later time"), None);
    }

    #[test]
    fn fields_and_answers_have_places() {
        let (sources, documentation) = documentation("", &[PAGE]);
        let operation = &documentation.api.operations[0];
        let text = |span: Option<Span>| span.map(|span| sources.text(span));
        let row = text(place(operation, "response.shelf.row", ""));
        assert_eq!(row, Some("<ResponseField name=\"row\" type=\"integer\">"));
        assert!(text(place(operation, "response.shelf.other", "")).is_some());
        assert_eq!(place(operation, "response.other", ""), None);
        let conflict = text(place(operation, "endpoint", "409 Conflict"));
        assert!(conflict.is_some_and(|it| it.contains("409")));
        let shared = &documentation.api.shared;
        assert_eq!(text(code(operation, shared, "book_lent", 409)), conflict);
    }
}
