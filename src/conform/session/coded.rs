//! Refusals whose code for programs is documented with another status than they have.

use crate::conform::chain::SlotPlace;
use crate::conform::judge::blame;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::Variant;
use crate::conform::plan::input::Place;
use crate::conform::said::{coded, source};

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
