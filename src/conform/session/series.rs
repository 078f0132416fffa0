//! Headers that mean something over a run: an id that is different for every request, a number of calls left that goes
//! down, and a tag that is the version of what is answered.
//!
//! Nothing is sent for it: all answers of the run are looked at once it is over.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::state::Found;
use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::sample;
use crate::conform::said::shares;
use crate::model::answer::{RESPONSE_HEADER_VALUE, headers_of};
use crate::model::{Operation, ResponseHeader};

use super::{Exchange, Session};

/// So many answers with one number show that it stands still.
const ENOUGH: usize = 8;

/// The values of one header, each with the exchange that it is of.
#[derive(Default)]
struct Series {
    description: String,
    values: Vec<(usize, String)>,
}

impl Session<'_, '_> {
    /// Looks at the headers of all answers.
    pub(super) fn check_series(&mut self) {
        let mut all: HashMap<String, Series> = HashMap::new();
        for (at, exchange) in self.exchanges.iter().enumerate() {
            let Some(operation) = self.operation(exchange.item.operation) else {
                continue;
            };
            let Ok(answer) = &exchange.answer else {
                continue;
            };
            for header in headers_of(operation, answer.status) {
                let Some(value) = answer.header(&header.name.value) else {
                    continue;
                };
                let series = all
                    .entry(header.name.value.to_ascii_lowercase())
                    .or_default();
                if series.description.is_empty() {
                    series.description.clone_from(&header.description);
                }
                series.values.push((at, value.trim().to_owned()));
            }
        }
        let mut names: Vec<_> = all.keys().cloned().collect();
        names.sort_unstable();
        for name in names {
            if let Some(series) = all.get(&name) {
                self.check_different(&name, series);
                self.check_countdown(&name, series);
            }
        }
        self.check_tags();
        self.check_shared_values();
        self.check_kept_queries();
    }

    /// "`request_id` has the same value as the `X-Request-Id` header."
    fn check_shared_values(&mut self) {
        let of_errors = self.api.shared.errors.as_ref();
        let of_errors = of_errors.map(|it| shares::of_fields(&it.fields));
        let of_errors = of_errors.unwrap_or_default();
        let remarks = self.api.shared.remarks.iter();
        let of_all: Vec<_> = remarks
            .filter_map(|it| shares::of_sentence(&it.text.value))
            .collect();
        let remarks = &self.api.shared.remarks;
        let none = String::new();
        let before = std::iter::once(&none).chain(remarks.iter().map(|it| &it.text.value));
        let of_two: Vec<_> = before
            .zip(remarks)
            .filter_map(|(before, it)| shares::of_two(before, &it.text.value))
            .collect();
        // What an operation says of the successes or the failures of a status.
        let mut known = HashMap::new();
        for at in 0..self.exchanges.len() {
            let Some((exchange, operation, answer, body)) = self.with_body(at) else {
                continue;
            };
            let of = (exchange.item.operation, answer.status, exchange.is_success);
            let shared = known.entry(of).or_insert_with(|| {
                let headers = headers_of(operation, answer.status).into_iter();
                let mut shared: Vec<_> = headers.filter_map(shares::of_header).collect();
                let responses = operation.responses_for(answer.status).into_iter();
                shared.extend(responses.flat_map(|it| shares::of_fields(&it.fields)));
                if exchange.is_success {
                    shared.extend(of_all.iter().cloned());
                } else {
                    shared.extend(of_errors.iter().cloned());
                }
                let of_two = of_two.iter().filter(|(_, it)| it.has(exchange.is_success));
                shared.extend(of_two.map(|(it, _)| it.clone()));
                shared
            });
            let mut told = shared.iter().filter_map(|it| {
                let value = answer.header(&it.header)?.trim().to_owned();
                let mut names = it.member.split('.');
                // Errors may stand in a member of their own.
                let member = names.clone().try_fold(body, |value, name| value.get(name));
                let inner = || names.try_fold(body.get("error")?, |value, name| value.get(name));
                let member = member.or_else(inner)?;
                let is_scalar = member.is_string() || member.is_number();
                let other = sample::plain(member);
                (is_scalar && other != unquoted(&value))
                    .then(|| (it.header.clone(), value, it.member.clone(), other))
            });
            if let Some((name, value, member, other)) = told.next() {
                let message = format!(
                    "`{name}` is `{value}`, and `{member}` of the same answer, which is to be the same, is `{other}`"
                );
                self.header_found(at, &name, message, (&value, other));
                return;
            }
        }
    }

    /// "It is different for every request."
    fn check_different(&mut self, name: &str, series: &Series) {
        static DIFFERENT: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:different|another|new|unique|its\s+own)\b[^.]*\b(?:for|with|per|to|in|on)\s+(?:every|each|any)\s+(?:request|call|answer|response|reply)\b|\b(?:unique|different)\s+per\s+(?:request|call|answer|response)\b|\bunique\s+(?:(?:id|identifier|value|number|name)\s+)?(?:for|of|per)\s+(?:the|this|each|every|your)\s+(?:request|call|answer|response)\b|\b(?:every|each)\s+(?:request|call|answer|response)\s+(?:has|gets)\s+(?:its\s+own|another|a\s+(?:new|different))\b",
            )
        });
        if !DIFFERENT.is_match(&series.description) {
            return;
        }
        let mut known: HashMap<&str, usize> = HashMap::new();
        let repeats = series.values.iter().filter(|(at, value)| {
            let before = known.insert(value, *at);
            before.is_some()
        });
        let repeats: Vec<_> = repeats.collect();
        // A request that a proxy repeats keeps its id: once may be chance.
        let [(at, value), _, ..] = repeats.as_slice() else {
            return;
        };
        let times = repeats.len() + 1;
        self.header_found(
            *at,
            name,
            format!("`{name}` is `{value}` again, and the page says that it is different for every request"),
            ("another value in each answer", format!("`{value}`, and {times} of {} values known before", series.values.len())),
        );
    }

    /// "Goes down with each call."
    fn check_countdown(&mut self, name: &str, series: &Series) {
        static DOWN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:goes|counts|going|counting)\s+down\b|\bthis\s+(?:one|request|call)\s+(?:already\s+)?(?:taken\s+off|counted|included|deducted|subtracted)\b|\b(?:including|after)\s+this\s+(?:one|request|call)\b|\b(?:lowers?|reduces?|decreases?|decrements?)\s+(?:it|this|the\s+\w+)\s+by\s+(?:one|1)\b|\b(?:lowered|reduced|decreased|decremented)\s+by\s+(?:one|1|each|every)\b|\b(?:takes?|uses?)\s+(?:up\s+)?one\b[^.]*\b(?:each|every)\b|\b(?:each|every)\s+(?:request|call)\s+(?:takes|uses|costs|counts)\b|\b(?:decreases|falls|drops|is\s+lowered|one\s+(?:less|fewer))\b[^.]*\b(?:each|every)\b",
            )
        });
        if !DOWN.is_match(&series.description) {
            return;
        }
        let numbers = series.values.iter();
        let numbers: Option<Vec<i64>> = numbers.map(|(_, value)| value.parse().ok()).collect();
        let Some(numbers) = numbers.filter(|it| it.len() >= ENOUGH) else {
            return;
        };
        let first = numbers.first().copied().unwrap_or_default();
        // At the end of what is left there is nothing to go down from.
        if first == 0 || numbers.iter().any(|number| *number != first) {
            return;
        }
        let Some((at, value)) = series.values.last() else {
            return;
        };
        self.header_found(
            *at,
            name,
            format!("`{name}` is `{value}` in all answers, and the page says that it goes down"),
            (
                "a smaller number than before",
                format!("`{value}` in {} answers", numbers.len()),
            ),
        );
    }

    /// An exchange whose answer has a body that was read.
    fn with_body(&self, at: usize) -> Option<(&Exchange, &Operation, &Answer, &Value)> {
        let exchange = self.exchanges.get(at)?;
        let operation = self.operation(exchange.item.operation)?;
        let answer = exchange.answer.as_ref().ok()?;
        Some((exchange, operation, answer, exchange.body.as_ref()?))
    }

    /// "`ETag`: the current version in double quotes, such as `"2"`": it is that of the body beside it.
    fn check_tags(&mut self) {
        for at in 0..self.exchanges.len() {
            let Some((_, operation, answer, body)) = self.with_body(at) else {
                continue;
            };
            let headers = headers_of(operation, answer.status);
            let mut told = headers.into_iter().filter_map(|header| {
                let value = answer.header(&header.name.value)?;
                let member = repeated(operation, header)?;
                let wanted = sample::plain(member_of(body, &member)?);
                let is_wrong = unquoted(value) != wanted && value.starts_with(['"', 'W']);
                is_wrong.then(|| (header.name.value.clone(), value.to_owned(), member, wanted))
            });
            if let Some((name, value, member, wanted)) = told.next() {
                let message = format!(
                    "`{name}` is `{value}`, and `{member}` of the same answer is `{wanted}`"
                );
                self.header_found(
                    at,
                    &name,
                    message,
                    (&format!("`\"{wanted}\"`"), format!("`{value}`")),
                );
                return;
            }
        }
    }

    fn header_found(&mut self, at: usize, name: &str, message: String, seen: (&str, String)) {
        let Some((_, operation, role)) = self.about(at) else {
            return;
        };
        let mut headers = operation.response_headers.iter();
        let header = headers.find(|it| it.name.value.eq_ignore_ascii_case(name));
        let name = header.map_or(name, |it| it.name.value.as_str());
        let found = Found::about(
            &RESPONSE_HEADER_VALUE,
            format!("response.header.{name}"),
            message,
        )
        .promised_at(header.map(|it| it.name.evidence.span))
        .seen(seen.0, seen.1)
        .weak_if(true);
        self.found(at, &role.noun.clone(), &format!("header {name}"), found);
    }
}

/// The member that a header repeats: its words name it, and its specimen is the value of the example.
fn repeated(operation: &Operation, header: &ResponseHeader) -> Option<String> {
    static SPECIMEN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"`(?:W/)?"(?P<value>[^`"]+)"`"#));
    let specimen = SPECIMEN.captures(&header.description)?;
    let value = specimen.name("value")?.as_str();
    let words = header.description.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words.map(letters).filter(|it| it.len() > 2).collect();
    let shown = operation.shown_successes().next()?.to_value();
    let inner = shown.as_object()?.values().filter_map(Value::as_object);
    let mut members = shown.as_object().into_iter().chain(inner).flatten();
    let is_it = |(name, of): &(&String, &Value)| {
        words.contains(&letters(name))
            && (of.is_number() || of.is_string())
            && sample::plain(of) == value
    };
    members.find(is_it).map(|(name, _)| name.clone())
}

/// A member of an answer, or of an object in it.
fn member_of<'v>(body: &'v Value, name: &str) -> Option<&'v Value> {
    let members = body.as_object()?;
    members.get(name).or_else(|| {
        let mut inner = members.values().filter_map(Value::as_object);
        inner.find_map(|members| members.get(name))
    })
}

fn unquoted(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}
