//! Refusals whose code for programs is documented with another status than they have.

use crate::conform::chain::SlotPlace;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::conform::judge::blame;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::Variant;
use crate::conform::plan::input::Place;
use crate::conform::said::{coded, source};
use crate::model::answer::MISSING_RESPONSE_MEMBER;

use super::{Exchange, Session, TOO_MANY};

/// Fewer refusals say nothing about all of them.
const FEWEST: usize = 5;

impl Session<'_, '_> {
    /// Looks at the codes of all refusals of a run.
    pub(super) fn check_codes(&mut self) {
        if self.is_mock || self.is_forgetful {
            return;
        }
        let shared = &self.api.shared;
        let mut found = Vec::new();
        for at in 0..self.exchanges.len() {
            let Some((index, operation, role)) = self.about(at) else {
                continue;
            };
            let Some(exchange) = self.exchanges.get(at) else {
                continue;
            };
            let status = exchange
                .status()
                .filter(|it| (400..500).contains(it) && *it != TOO_MANY);
            let (Some(status), Some(body)) = (status, &exchange.body) else {
                continue;
            };
            let Some(code) = coded::code_of(body) else {
                continue;
            };
            let statuses = coded::statuses(operation, shared, code);
            let [wanted] = statuses.as_slice() else {
                continue;
            };
            let is_other = *wanted != status && !may_be_of_body(exchange, status, *wanted);
            if *wanted < 400 || !is_other {
                continue;
            }
            let message = format!(
                "{} is answered with {} and the code `{code}`, which the pages document with {}",
                operation.name(),
                describe_status(status),
                describe_status(*wanted)
            );
            let finding = Found::about(&UNEXPECTED_REFUSAL, "endpoint", message)
                .promised_at(source::code(operation, shared, code, *wanted))
                .seen(describe_status(*wanted), describe_status(status));
            found.push((
                at,
                role.noun.clone(),
                format!("{index} code {code}"),
                finding,
            ));
        }
        for (at, noun, key, finding) in found {
            self.found(at, &noun, &key, finding);
        }
    }

    /// Errors that never name what is wrong, although the pages show that they do.
    pub(super) fn check_blame(&mut self) {
        if self.is_mock || self.is_forgetful {
            return;
        }
        let of_pages = self
            .api
            .shared
            .errors
            .iter()
            .filter_map(|it| it.body.as_ref());
        let of_pages = of_pages.flat_map(|it| it.shown.clone());
        let responses = self.api.operations.iter().flat_map(|it| &it.responses);
        let wrong = responses.filter(|it| matches!(it.status.code(), Some(400 | 422)));
        let shown = wrong
            .flat_map(|it| &it.examples)
            .filter_map(|it| Some(it.value()?.to_value()));
        let Some(way) = shown
            .chain(of_pages)
            .find_map(|it| blame::way_of_blame(&it))
        else {
            return;
        };
        let mut refusals = Vec::new();
        for (at, exchange) in self.exchanges.iter().enumerate() {
            let wrong = match &exchange.item.variant {
                Variant::Missing(input) | Variant::Invalid(input, ..) => Some(input),
                _ => None,
            };
            let is_refused = matches!(exchange.status(), Some(400 | 422));
            let wrong = wrong.filter(|it| it.place == Place::Body && is_refused);
            let (Some(body), Some(wrong)) = (exchange.body.as_ref(), wrong) else {
                continue;
            };
            if blame::way_of_blame(body).is_some() || blame::names(body, wrong) {
                return;
            }
            refusals.push(at);
        }
        let Some(at) = refusals
            .first()
            .copied()
            .filter(|_| refusals.len() >= FEWEST)
        else {
            return;
        };
        let message = format!(
            "none of {} refusals of wrong members names one in `{way}`, as the pages show",
            refusals.len()
        );
        let found = Found::about(&blame::WRONG_BLAME, format!("response.{way}"), message)
            .seen("the name of the member", "nothing")
            .weak_if(true);
        self.found(at, "", "blame", found);
    }
    /// Entries of errors that never have a member which every example of an error shows there: `code` of `error.fields[]`.
    pub(super) fn check_entries_of_errors(&mut self) {
        if self.is_mock || self.is_forgetful {
            return;
        }
        let mut shown = Entries::default();
        let of_pages = self.api.shared.errors.iter();
        let of_pages = of_pages.filter_map(|it| it.body.as_ref());
        for body in of_pages.flat_map(|it| &it.shown) {
            shown.add(body, None);
        }
        for operation in &self.api.operations {
            let refusals = operation
                .responses
                .iter()
                .filter(|it| !it.status.is_success());
            for value in refusals
                .flat_map(|it| &it.examples)
                .filter_map(|it| it.value())
            {
                shown.add(&value.to_value(), None);
            }
        }
        let mut answered = Entries::default();
        for (at, exchange) in self.exchanges.iter().enumerate() {
            let is_refused = matches!(exchange.status(), Some(400..=422));
            if let Some(body) = exchange.body.as_ref().filter(|_| is_refused) {
                answered.add(body, Some(at));
            }
        }
        for (way, of_way) in shown.0.iter().filter(|(_, it)| it.count > 1) {
            let Some(seen) = answered.0.get(way).filter(|it| it.count >= FEWEST) else {
                continue;
            };
            let always = of_way
                .members
                .iter()
                .filter(|(_, count)| **count == of_way.count);
            let missing = always.filter(|(name, _)| !seen.members.contains_key(*name));
            let missing: Vec<_> = missing.map(|(name, _)| name.clone()).collect();
            for name in missing {
                let message = format!(
                    "none of {} entries of `{way}` in answers has `{name}`, which all of them have that the pages show",
                    seen.count
                );
                let subject = format!("response.{way}[].{name}");
                let found = Found::about(&MISSING_RESPONSE_MEMBER, subject, message)
                    .seen(format!("`{name}`"), "nothing");
                if let Some(at) = seen.first {
                    self.found(at, "", &format!("{way}[].{name}"), found);
                }
            }
        }
    }
}

/// The objects in the lists of errors, by the way to the list.
#[derive(Default)]
struct Entries(BTreeMap<String, Entry>);

/// How many entries there are, and how many have each member.
#[derive(Default)]
struct Entry {
    count: usize,
    members: BTreeMap<String, usize>,
    /// The first exchange with one.
    first: Option<usize>,
}

impl Entries {
    /// Counts what stands in the lists of an error, and of the object in it.
    fn add(&mut self, error: &Value, at: Option<usize>) {
        let inner = error.as_object().into_iter().flatten();
        for (name, value) in inner {
            self.add_list(name, value, at);
            for (deeper, value) in value.as_object().into_iter().flatten() {
                self.add_list(&format!("{name}.{deeper}"), value, at);
            }
        }
    }

    fn add_list(&mut self, way: &str, list: &Value, at: Option<usize>) {
        let items = list.as_array().into_iter().flatten();
        for item in items.filter_map(Value::as_object) {
            let entry = self.0.entry(way.to_owned()).or_default();
            entry.count += 1;
            entry.first = entry.first.or(at);
            for name in item.keys() {
                *entry.members.entry(name.clone()).or_default() += 1;
            }
        }
    }
}

/// True if what is unknown may be something that the body names: that is refused as wrong values are by some.
fn may_be_of_body(exchange: &Exchange, status: u16, wanted: u16) -> bool {
    let is_of_path = match &exchange.item.variant {
        Variant::UnknownId(slot) => slot.place == SlotPlace::Path,
        _ => false,
    };
    let method = exchange.item.request.method.as_str();
    let has_body = matches!(method, "POST" | "PUT" | "PATCH");
    matches!(wanted, 404 | 410) && matches!(status, 400 | 409 | 422) && has_body && !is_of_path
}
