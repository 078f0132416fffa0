//! Request examples that belong to a response example: both have the same title.
//!
//! A request that is sent as one of them shows is answered with its response. What all of them send says nothing, so only
//! what sets them apart is compared; a value that the reader is meant to fill in says nothing either.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::curl::{Body, Curl, PartValue};
use crate::model::json::{Json, JsonKind, read};
use crate::model::shape::is_placeholder;
use crate::model::{Operation, RequestExample};

use super::answer::{Answer, folded};
use super::shown;

/// The request examples of an operation that lead to an answer, the ones that say most first.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pairs: Vec<Pair>,
}

#[derive(Clone, Debug)]
struct Pair {
    /// What tells the request from the others.
    facts: Facts,
    /// The answer, by its number.
    answer: usize,
}

/// What a request sends: `path.id`, `query.page`, and `body/user/name`, each with its value as text.
pub(super) type Facts = BTreeMap<String, String>;

/// Bodies with more values are compared by the first ones.
const MOST: usize = 500;

impl Pairs {
    pub(super) fn of(operation: &Operation, answers: &[Answer]) -> Self {
        let examples = operation.request_examples.iter();
        let examples = examples.filter(|example| example.curl.is_some());
        let answered: Vec<_> = examples
            .map(|example| (example, answer_to(example, answers)))
            .collect();
        if answered.iter().all(|(_, answer)| answer.is_none()) {
            return Self::default();
        }
        let mut examples: Vec<(Option<usize>, Facts)> = Vec::new();
        for (example, answer) in answered {
            examples.extend(facts_of(operation, example).map(|facts| (answer, facts)));
        }
        let paired = examples.iter();
        let paired = paired.filter_map(|(answer, facts)| Some((facts.clone(), (*answer)?)));
        let shared = shared(examples.iter().map(|(_, facts)| facts));
        let mut pairs: Vec<_> = paired
            .map(|(mut facts, answer)| {
                facts.retain(|key, value| shared.get(key) != Some(value));
                Pair { facts, answer }
            })
            .collect();
        pairs.retain(|pair| !pair.facts.is_empty());
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.facts.len()));
        drop_contradictions(&mut pairs);
        Self { pairs }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The answer of the request example that shows this request.
    pub(super) fn find(&self, sent: &Facts) -> Option<usize> {
        let shows = |pair: &&Pair| {
            let mut facts = pair.facts.iter();
            facts.all(|(key, value)| sent.get(key) == Some(value))
        };
        self.pairs.iter().find(shows).map(|pair| pair.answer)
    }
}

/// The number of the answer that has the title of a request example.
fn answer_to(example: &RequestExample, answers: &[Answer]) -> Option<usize> {
    let title = folded(example.title.as_deref()?);
    let is_named = |answer: &Answer| answer.names.iter().any(|name| folded(name) == title);
    let mut answers = answers.iter();
    let answer = answers.position(|answer| is_named(answer) && answer.has_body());
    answer.filter(|_| !title.is_empty())
}

/// What all examples send; nothing if there is only one, as then all of it counts.
fn shared<'f>(mut all: impl Iterator<Item = &'f Facts>) -> Facts {
    let mut shared = all.next().cloned().unwrap_or_default();
    let mut others = 0;
    for facts in all {
        shared.retain(|key, value| facts.get(key) == Some(value));
        others += 1;
    }
    if others == 0 { Facts::new() } else { shared }
}

/// Two examples of one request with different answers tell nothing.
fn drop_contradictions(pairs: &mut Vec<Pair>) {
    let mut seen: BTreeMap<Facts, BTreeSet<usize>> = BTreeMap::new();
    for pair in pairs.iter() {
        let answers = seen.entry(pair.facts.clone()).or_default();
        answers.insert(pair.answer);
    }
    pairs.retain(|pair| {
        seen.get(&pair.facts)
            .is_some_and(|answers| answers.len() == 1)
    });
}

fn facts_of(operation: &Operation, example: &RequestExample) -> Option<Facts> {
    let curl = example.curl.as_ref()?;
    let mut facts = Facts::new();
    if let Some(url) = &curl.url {
        for (name, value) in shown::captured(operation, url.text.text()) {
            insert(&mut facts, format!("path.{name}"), &value);
        }
        for pair in &url.query {
            let value = pair.value.as_ref().map_or("", |value| &value.value);
            insert(&mut facts, format!("query.{}", pair.name.value), value);
        }
    }
    body_facts(curl, &mut facts);
    Some(facts)
}

fn body_facts(curl: &Curl, facts: &mut Facts) {
    match &curl.body {
        Some(Body::Raw(text)) => json_text(text.text(), facts),
        Some(Body::Form(text, pairs)) => {
            if text.text().trim_start().starts_with(['{', '[']) {
                return json_text(text.text(), facts);
            }
            for pair in pairs {
                let value = pair.value.as_ref().map_or("", |value| &value.value);
                insert(facts, format!("body/{}", pair.name.value), value);
            }
        }
        Some(Body::Multipart(parts)) => {
            for part in parts {
                if let PartValue::Text(text) = &part.value {
                    insert(facts, format!("body/{}", part.name.value), &text.value);
                }
            }
        }
        Some(Body::File(_) | Body::Upload(_)) | None => {}
    }
}

fn json_text(text: &str, facts: &mut Facts) {
    if let Some(value) = read(text).documents.first() {
        json_facts("body", value, facts);
    }
}

/// The plain values inside a JSON value, by their places.
pub(super) fn json_facts(at: &str, value: &Json, facts: &mut Facts) {
    if facts.len() > MOST {
        return;
    }
    match &value.kind {
        JsonKind::Object(members) => {
            for member in members {
                json_facts(&format!("{at}/{}", member.key), &member.value, facts);
            }
        }
        JsonKind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                json_facts(&format!("{at}/{index}"), item, facts);
            }
        }
        JsonKind::Elision | JsonKind::Placeholder(_) => {}
        JsonKind::String(text) => insert(facts, at.to_owned(), text),
        _ => insert(facts, at.to_owned(), &value.to_value().to_string()),
    }
}

fn insert(facts: &mut Facts, key: String, value: &str) {
    if !is_placeholder(value) && !value.contains('$') {
        facts.insert(key, value.to_owned());
    }
}
