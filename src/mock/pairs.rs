//! Request examples that belong to a response example: both have the same title, or stand on the same one of several
//! pages.
//!
//! A request that is sent as one of them shows is answered with its response. What all of them send says nothing, so only
//! what sets them apart is compared; a value that the reader is meant to fill in says nothing either. Clients send texts
//! and numbers of their own, so where no example is sent as it is, the one decides that a request fits best (`likeness`).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::curl::{Body, Curl, PartValue};
use crate::model::json::{Json, JsonKind, read};
use crate::model::shape::is_placeholder;
use crate::model::{Operation, RequestExample, code, is_credential};

use super::answer::{Answer, folded};
use super::kinds::{self, Kinds, Page};
use super::likeness::{self, Likeness};
use super::places::Places;
use super::titles::Titles;
use super::{select, shown};

/// The request examples of an operation that lead to an answer, the ones that say most first.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    shown: Vec<Pair>,
    likeness: Likeness,
    kinds: Kinds,
    /// The answers to GraphQL documents, by the fields that they show.
    shown_fields: Vec<(BTreeSet<String>, usize)>,
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
    pub(super) fn of(operation: &Operation, answers: &[Answer], places: &Places) -> Self {
        let examples = operation.request_examples.iter();
        let has_pages = operation.pages.len() > 1;
        let answered = examples.filter_map(|example| {
            let page = places.path(example.span.file);
            let titled = answer_to(example, operation, answers, page);
            if example.curl.is_none() {
                // The languages of one request say nothing about which one it is.
                return titled.map(|answer| (example, Some(answer)));
            }
            let of_page = || has_pages.then(|| select::usual_of(answers, page)).flatten();
            Some((example, titled.or_else(of_page)))
        });
        let answered: Vec<_> = answered.collect();
        let kinds = Kinds::of(operation, &pages(operation, answers, places));
        let shown_fields = shown_fields(answers);
        if answered.iter().all(|(_, answer)| answer.is_none()) {
            return Self {
                kinds,
                shown_fields,
                ..Self::default()
            };
        }
        let mut examples: Vec<(Option<usize>, Facts)> = Vec::new();
        for (example, answer) in answered {
            let facts = facts_of(operation, example).or_else(|| written(operation, example));
            examples.extend(facts.map(|facts| (answer, facts)));
        }
        let likeness = Likeness::of(&examples, |key| likeness::is_chosen(operation, key));
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
        Self {
            shown: pairs,
            likeness,
            kinds,
            shown_fields,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.kinds.is_empty() && self.shown_fields.is_empty()
    }

    /// The headers that tell examples apart, in lower case.
    pub(super) fn headers(&self) -> impl Iterator<Item = &str> {
        self.likeness.headers()
    }

    /// The answer of the request example that shows this request, else of the page that it is for.
    pub(super) fn find(&self, sent: &Facts) -> Option<usize> {
        let shows = |pair: &&Pair| {
            let mut facts = pair.facts.iter();
            facts.all(|(key, value)| sent.get(key) == Some(value))
        };
        let answer = self.shown.iter().find(shows).map(|pair| pair.answer);
        if let (None, Some(asked)) = (answer, self.asked(sent)) {
            let mut like = self.likeness.find(sent).into_iter();
            let like = like.find(|answer| asked.contains(answer));
            return like.or_else(|| asked.first().copied());
        }
        answer
            .or_else(|| self.without_headers(sent))
            .or_else(|| self.kinds.find(sent))
            .or_else(|| self.likeness.find(sent))
    }

    /// The answers to what a GraphQL document asks for, those of examples that ask for it before those that show it;
    /// `None` if the request is no such document, or the pages show none.
    fn asked(&self, sent: &Facts) -> Option<BTreeSet<usize>> {
        let asked = sent.get(kinds::ASKED)?;
        let pairs = || {
            let pairs = self.shown.iter();
            pairs.filter_map(|pair| Some((pair.facts.get(kinds::ASKED)?, pair.answer)))
        };
        if pairs().next().is_none() && self.shown_fields.is_empty() {
            return None;
        }
        let same = pairs().filter(|(it, _)| *it == asked);
        let same: BTreeSet<usize> = same.map(|(_, answer)| answer).collect();
        if !same.is_empty() {
            return Some(same);
        }
        let fields: BTreeSet<String> = asked.split(' ').skip(1).map(str::to_owned).collect();
        let shown = self.shown_fields.iter().filter(|(it, _)| *it == fields);
        Some(shown.map(|(_, answer)| *answer).take(1).collect())
    }

    /// The same for a request that lacks headers of the example, if all others lead elsewhere.
    fn without_headers(&self, sent: &Facts) -> Option<usize> {
        let shows = |pair: &&Pair| {
            let is_shown = |key: &String, value: &String| match sent.get(key) {
                Some(own) => own == value,
                None => key.starts_with(HEADER),
            };
            let mut facts = pair.facts.iter();
            let tells = pair.facts.keys().any(|key| !key.starts_with(HEADER));
            tells && facts.all(|(key, value)| is_shown(key, value))
        };
        let mut answers = self.shown.iter().filter(shows).map(|pair| pair.answer);
        let first = answers.next()?;
        answers.all(|other| other == first).then_some(first)
    }
}

/// The fields that successes show below `data`, as answers to GraphQL documents do, and the numbers of these.
fn shown_fields(answers: &[Answer]) -> Vec<(BTreeSet<String>, usize)> {
    let successes = answers.iter().enumerate();
    let shown = successes
        .filter(|(_, answer)| answer.status.is_success())
        .filter_map(|(index, answer)| {
            let body = answer.json()?;
            let is_bare = body.as_object()?.keys().all(|key| is_of_graphql(key));
            let data = body.get("data")?.as_object().filter(|_| is_bare)?;
            Some((data.keys().cloned().collect::<BTreeSet<_>>(), index))
        });
    let shown: Vec<_> = shown.collect();
    // One alone is the answer in any case.
    if shown.len() > 1 { shown } else { Vec::new() }
}

fn is_of_graphql(key: &str) -> bool {
    matches!(key, "data" | "errors" | "extensions")
}

/// The pages of an operation that have several, with what all examples of each send.
fn pages(operation: &Operation, answers: &[Answer], places: &Places) -> Vec<Page> {
    if operation.pages.len() < 2 {
        return Vec::new();
    }
    let page = |file| {
        let examples = operation.request_examples.iter();
        let examples = examples.filter(|example| example.span.file == file);
        let facts: Vec<Facts> = examples
            .filter_map(|example| facts_of(operation, example))
            .collect();
        let (first, rest) = facts.split_first().unzip();
        let mut shown = first.cloned().unwrap_or_default();
        for facts in rest.unwrap_or_default() {
            shown.retain(|key, value| facts.get(key) == Some(value));
        }
        let answer = select::usual_of(answers, places.path(file))?;
        Some(Page {
            file,
            shown,
            answer,
        })
    };
    let pages = operation.pages.iter();
    pages.filter_map(|file| page(*file)).collect()
}

/// The number of the answer that has the title of a request example; one of the same page comes before others.
fn answer_to(
    example: &RequestExample,
    operation: &Operation,
    answers: &[Answer],
    page: &str,
) -> Option<usize> {
    let title = folded(example.title.as_deref()?);
    if title.is_empty() {
        return None;
    }
    let is_named = |answer: &Answer| answer.names.iter().any(|name| folded(name) == title);
    let all = || answers.iter().enumerate();
    let is_here = |found: &(usize, &Answer)| found.1.source.page == page;
    let mut named = all().filter(|(_, answer)| is_named(answer) && answer.has_body());
    if let Some(first) = named.next() {
        let here = std::iter::once(first).chain(named).find(is_here);
        return Some(here.unwrap_or(first).0);
    }
    let examples = operation.request_examples.iter();
    let beside = examples.filter(|other| other.span.file == example.span.file);
    let titles = beside.filter_map(|other| other.title.as_deref());
    Titles::of(titles, all().filter(is_here)).find(&title)
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
    let headers = curl.headers.iter();
    for header in headers.filter(|header| !is_usual(&header.name.value)) {
        let name = header.name.value.to_ascii_lowercase();
        insert(&mut facts, format!("{HEADER}{name}"), &header.value.value);
    }
    body_facts(curl, &mut facts);
    Some(facts)
}

/// What an example sends that is no command: a body that stands there by itself, or in the code of another language.
fn written(operation: &Operation, example: &RequestExample) -> Option<Facts> {
    let mut facts = Facts::new();
    let text = example.text.text();
    let language = example.language.as_deref().unwrap_or_default();
    if text.trim_start().starts_with(['{', '[']) {
        operation.body.as_ref()?;
        json_text(text, &mut facts);
    } else {
        let body = code::body(text, language);
        json_facts("body", &body?, &mut facts);
        if let Some(call) = &example.call {
            for (name, value) in shown::captured(operation, &call.url.value) {
                insert(&mut facts, format!("path.{name}"), &value);
            }
        }
    }
    (!facts.is_empty()).then_some(facts)
}

/// How the facts of headers begin.
pub(super) const HEADER: &str = "header.";

/// True for headers that clients send of themselves, and for those with credentials.
fn is_usual(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let usual = [
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "idempotency-key",
        "user-agent",
    ];
    usual.contains(&name.as_str()) || is_credential(&name)
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
    if matches!(key.as_str(), "body/query" | "query.query")
        && let Some(asked) = kinds::asked(value)
    {
        facts.insert(kinds::ASKED.to_owned(), asked);
    }
    if !is_placeholder(value) && !value.contains('$') {
        facts.insert(key, value.to_owned());
    }
}
