//! Versions in headers: what is changed is named by the tag that the server gives it now, and what has not changed since is
//! not sent again.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::class::Class;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::model::Operation;
use crate::model::answer::RESPONSE_HEADER_VALUE;
use crate::model::json::Json;

use super::{Exchange, Session};

/// The status of an update of a version that is not the current one.
const STALE: u16 = 412;

impl Session<'_, '_> {
    /// The request with the tag that the server has now in the place of the one that the page shows; and the thing.
    pub(super) fn with_tag(&mut self, item: Item) -> (Item, Option<usize>) {
        let Some(shown) = item.draft.if_match().map(str::to_owned) else {
            return (item, None);
        };
        if shown == "*" || self.forgets(item.operation) || is_about_tag(&item.variant) {
            return (item, None);
        }
        let Some(thing) = self.thing_of(&item) else {
            return (item, None);
        };
        let known = self.known_tag(&item, thing, &shown);
        match known.or_else(|| self.read_tag(thing, &shown)) {
            Some(tag) => (tagged(&item, &tag), Some(thing)),
            None => (item, None),
        }
    }

    /// Sends an update once more that is refused as one of an old version, if the server has another one now.
    pub(super) fn with_fresh_tag(&mut self, at: usize, thing: usize) -> Option<usize> {
        let exchange = self.exchanges.get(at)?;
        let item = exchange.item.clone();
        let used = item.draft.if_match()?.to_owned();
        if exchange.status() != Some(STALE) || self.stopped().is_some() {
            return None;
        }
        let fresh = self.read_tag(thing, &used).filter(|tag| *tag != used)?;
        Some(self.send_once(tagged(&item, &fresh)))
    }

    /// The thing that a path names.
    fn thing_of(&self, item: &Item) -> Option<usize> {
        let role = self.role(item.operation)?;
        let slot = role.own_path()?;
        let id = item.draft.slot(slot)?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            it.noun == slot.noun && !it.is_gone && it.id(&slot.name).as_ref() == Some(&id)
        })
    }

    /// The tag of the last answer about a thing, if nothing was written to it since.
    fn known_tag(&self, item: &Item, thing: usize, shown: &str) -> Option<String> {
        let made_by = self.store.things.get(thing)?.made_by;
        let url = path_of(&item.request.url);
        for (at, exchange) in self.exchanges.iter().enumerate().rev() {
            if !exchange.is_success {
                continue;
            }
            let other = path_of(&exchange.item.request.url);
            let names_it = self
                .role(exchange.item.operation)
                .is_some_and(|role| role.own_path().is_some());
            let is_below = |one: &str, other: &str| {
                let rest = one.strip_prefix(other);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let is_about = names_it && (is_below(url, other) || is_below(other, url));
            if !is_about && made_by != Some(at) {
                continue;
            }
            let tag = self.tag_in(exchange, shown);
            let is_write = self.plan.class(exchange.item.operation) > Class::Read;
            if tag.is_some() || is_write {
                return tag;
            }
        }
        None
    }

    /// Reads a thing for its tag.
    fn read_tag(&mut self, thing: usize, shown: &str) -> Option<String> {
        let read = self.read(thing, "a read for the version")?;
        let exchange = self.exchanges.get(read).filter(|it| it.is_success)?;
        self.tag_in(exchange, shown)
    }

    /// The tag in an answer, written as the page shows one: a header, else the member whose value the page shows.
    fn tag_in(&self, exchange: &Exchange, shown: &str) -> Option<String> {
        let answer = exchange.answer.as_ref().ok()?;
        let is_bare = !shown.contains('"') && shown.chars().all(|it| it.is_ascii_alphanumeric());
        if let Some(tag) = answer.header("etag") {
            let bare = tag.trim_start_matches("W/").trim_matches('"');
            return Some(if is_bare { bare } else { tag }.to_owned());
        }
        let operation = self.operation(exchange.item.operation)?;
        let object = exchange.body.as_ref()?;
        let version = member_of(operation, object, shown)?;
        let quote = if shown.contains('"') { "\"" } else { "" };
        let weak = if shown.starts_with("W/") { "W/" } else { "" };
        Some(format!("{weak}{quote}{version}{quote}"))
    }

    /// What has not changed since it was read is not sent again, for all reads of the pages.
    pub(super) fn check_all_not_modified(&mut self) {
        if self.is_mock || self.is_forgetful || !self.plan.has(Phase::State) {
            return;
        }
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let index = item.operation;
            if item.request.method != "GET" || self.revalidated.contains(&index) {
                continue;
            }
            let last = self.exchanges.iter().rposition(|it| {
                let is_read = it.item.operation == index && it.item.request.method == "GET";
                is_read && it.status() == Some(200)
            });
            if let Some(last) = last {
                self.check_not_modified(last);
            }
        }
    }

    /// What has not changed is not sent again, where the page says so.
    pub(super) fn check_not_modified(&mut self, read: usize) {
        let Some(exchange) = self.exchanges.get(read) else {
            return;
        };
        let (index, is_success) = (exchange.item.operation, exchange.is_success);
        let answer = exchange.answer.as_ref().ok();
        let tag = answer.and_then(|answer| answer.header("etag"));
        let (Some(tag), Some((_, operation, role)), true) =
            (tag.map(str::to_owned), self.about(read), is_success)
        else {
            return;
        };
        let inputs = input::inputs(operation);
        let mut inputs = inputs.iter();
        let header = inputs
            .find(|it| it.place == Place::Header && it.name.eq_ignore_ascii_case("if-none-match"));
        let span = header.map(|it| it.span);
        let words = header.map(|it| it.description.as_str()).unwrap_or_default();
        let mut codes = operation.responses.iter().map(|it| it.status.code());
        let is_documented = codes.any(|code| code == Some(304));
        let is_said = operation.remarks.iter().any(|it| it.value.contains("304"));
        // A sentence that names both says so without a field, also of all reads.
        let of_all = self.api.shared.remarks.iter().map(|it| &it.text);
        let mut told = operation.remarks.iter().chain(of_all);
        let told = told.find(|it| promises_not_modified(&it.value));
        let span = span.or(told.map(|it| it.evidence.span));
        let is_promised =
            is_documented || words.contains("304") || header.is_some() && is_said || told.is_some();
        if !is_promised || !self.revalidated.insert(index) {
            return;
        }
        let mut draft = exchange.item.draft.clone();
        draft.set_header("If-None-Match", &tag);
        let noun = role.noun.clone();
        let step = Variant::Step("the tag of the read before");
        let Some(at) = self.exchange(Item::new(index, step, draft)) else {
            return;
        };
        let again = self.exchanges.get(at);
        let answer = again.and_then(|it| it.answer.as_ref().ok());
        // Another tag is another version.
        let is_same =
            answer.is_some_and(|it| it.status == 200 && it.header("etag") == Some(tag.as_str()));
        if !is_same {
            return;
        }
        let message = format!(
            "{} sends again what has not changed: the tag is that of `If-None-Match`",
            operation.name()
        );
        let found = Found::about(
            &state::INPUT_WITHOUT_EFFECT,
            "request.header.If-None-Match",
            message,
        )
        .promised_at(span)
        .seen("304 Not Modified", format!("200 OK with `ETag: {tag}`"))
        .weak_if(!is_documented);
        self.found(at, &noun, "if-none-match", found);
    }

    /// What was changed has another tag than before.
    pub(super) fn check_tag_moved(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let before = exchange.item.draft.if_match().unwrap_or_default();
        let answer = exchange.answer.as_ref().ok();
        let after = answer.and_then(|answer| answer.header("etag"));
        let is_same = !before.is_empty() && after == Some(before);
        let (Some((_, operation, role)), true) = (self.about(at), is_same) else {
            return;
        };
        let headers = &operation.response_headers;
        let header = headers
            .iter()
            .find(|it| it.name.value.eq_ignore_ascii_case("etag"));
        if header.is_none() {
            return;
        }
        let message = format!(
            "{} changes what it is about, and answers with the `ETag` of what was there before",
            operation.name()
        );
        let found = Found::about(&RESPONSE_HEADER_VALUE, "response.header.ETag", message)
            .promised_at(header.map(|it| it.name.evidence.span))
            .seen("another tag", format!("`{before}`"))
            .weak_if(true);
        self.found(at, &role.noun.clone(), "etag", found);
    }
}

impl Session<'_, '_> {
    /// The tag that a write answers with is the one that the next read of the same thing shows, if both show the same bytes.
    pub(super) fn check_tags_agree(&mut self) {
        for at in 0..self.exchanges.len() {
            let Some((read, tag, shown)) = self.other_tag(at) else {
                continue;
            };
            let Some((_, operation, role)) = self.about(at) else {
                continue;
            };
            let mut headers = operation.response_headers.iter();
            let header = headers.find(|it| it.name.value.eq_ignore_ascii_case("etag"));
            let mut remarks = operation.remarks.iter();
            let told = remarks.find(|it| it.value.contains("ETag"));
            let span = header.map(|it| it.name.evidence.span);
            let Some(span) = span.or(told.map(|it| it.evidence.span)) else {
                continue;
            };
            let name = self.name_of(self.exchanges.get(read).map_or(0, |it| it.item.operation));
            let message = format!(
                "{} answers with another `ETag` than {name} has for the same thing",
                operation.name()
            );
            let noun = role.noun.clone();
            let found = Found::about(&RESPONSE_HEADER_VALUE, "response.header.ETag", message)
                .promised_at(Some(span))
                .seen(format!("`{shown}`"), format!("`{tag}`"))
                .weak_if(true);
            self.found(at, &noun, "etag", found);
        }
    }

    /// The read that follows a write without another write in between, and the two tags, if they differ and the bodies do not.
    fn other_tag(&self, at: usize) -> Option<(usize, String, String)> {
        let write = self.exchanges.get(at).filter(|it| it.is_success)?;
        let kind = self.role(write.item.operation)?.kind;
        let is_update = kind == Kind::Update && write.item.request.method != "GET";
        if !is_update && kind != Kind::Create {
            return None;
        }
        let answer = write.answer.as_ref().ok()?;
        let tag = answer.header("etag")?;
        let rest = self.exchanges.iter().enumerate().skip(at + 1);
        let mut reads = rest.take_while(|(_, it)| {
            self.plan.class(it.item.operation) == Class::Read && it.item.request.method == "GET"
        });
        let (read, shown) = reads.find_map(|(read, it)| {
            let shown = it.answer.as_ref().ok()?;
            let is_alike = it.status() == Some(200) && shown.body == answer.body;
            is_alike.then_some((read, shown))
        })?;
        let shown = shown.header("etag")?;
        (shown != tag).then(|| (read, tag.to_owned(), shown.to_owned()))
    }
}

/// "Send the `ETag` back as `If-None-Match` and you get `304` until something changes."
fn promises_not_modified(text: &str) -> bool {
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:may|might|could|some|not\s+supported|never|no\s+longer|except|unless\s+the)\b",
        )
    });
    text.contains("304") && text.contains("If-None-Match") && !SOME.is_match(text)
}

fn tagged(item: &Item, tag: &str) -> Item {
    let mut draft = item.draft.clone();
    draft.set_header("If-Match", tag);
    Item::new(item.operation, item.variant.clone(), draft)
}

/// True if a request is about the version itself.
fn is_about_tag(variant: &Variant) -> bool {
    let is_it = |it: &input::Input| it.place == Place::Header && input::is_condition(&it.name);
    match variant {
        Variant::Missing(input) | Variant::Invalid(input, ..) => is_it(input),
        Variant::Values(changes) => changes.iter().any(|(input, _)| is_it(input)),
        _ => false,
    }
}

/// A URL without its query.
fn path_of(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// The version that an object has: the member whose value the page shows in the header, else one of such a name.
fn member_of(operation: &Operation, object: &Value, shown: &str) -> Option<String> {
    let wanted = shown.trim_start_matches("W/").trim_matches('"');
    let example = operation.shown_successes().next().map(Json::to_value);
    let is_scalar = |value: &Value| value.is_string() || value.is_number();
    let members = object.as_object()?;
    let inner = members.values().filter_map(Value::as_object);
    let all: Vec<(&String, &Value)> = members.iter().chain(inner.flatten()).collect();
    let is_shown = |name: &str| {
        let example = example.as_ref().and_then(Value::as_object);
        let value = example.and_then(|it| it.get(name));
        value.is_some_and(|it| is_scalar(it) && sample::plain(it) == wanted)
    };
    let is_named = |name: &str| {
        matches!(
            letters(name).as_str(),
            "etag" | "version" | "revision" | "rev" | "lockversion"
        )
    };
    let all = all.iter().filter(|(_, value)| is_scalar(value));
    let by_name = all.clone().find(|(name, _)| is_named(name));
    let found = by_name.or_else(|| all.clone().find(|(name, _)| is_shown(name)));
    found.map(|(_, value)| sample::plain(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_promise_that_nothing_is_sent_again() {
        for text in [
            "Send the `ETag` back as `If-None-Match` and you get `304` until something changes.",
            "A request whose `If-None-Match` is the current tag is answered with `304`.",
            "With `If-None-Match` reads answer `304 Not Modified` if nothing changed.",
            "Reads honour `If-None-Match` (304).",
            "`If-None-Match: \"tag\"` gives 304 and no body as long as it is the same.",
        ] {
            assert!(promises_not_modified(text), "{text}");
        }
        for text in [
            "Some reads answer `304` to `If-None-Match`.",
            "Every answer has an `ETag`.",
            "`If-None-Match` is not supported, and there is no `304`.",
        ] {
            assert!(!promises_not_modified(text), "{text}");
        }
    }
}
