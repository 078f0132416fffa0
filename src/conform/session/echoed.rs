//! Headers that the pages say come back as they were sent.

use crate::conform::judge::state::Found;
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::echoed;
use crate::model::Evidence;
use crate::model::answer::RESPONSE_HEADER_VALUE;
use crate::source::Span;

use super::Session;

/// A value that any server takes for an id.
const SENT: &str = "fieldproof-7d3b4c8e9a61";

impl Session<'_, '_> {
    /// Sends such a header with a read that was accepted before: one request.
    pub(super) fn check_echoed(&mut self) {
        if !self.is_stateful() || self.is_mock || !self.plan.has(Phase::State) {
            return;
        }
        let read = self.exchanges.iter().rposition(|it| {
            it.is_success && it.item.request.method == "GET" && it.status() == Some(200)
        });
        let Some(read) = read else {
            return;
        };
        let Some((name, span)) = self.echoed_header(read) else {
            return;
        };
        let Some((index, operation, role)) = self.about(read) else {
            return;
        };
        let Some(mut draft) = self.exchanges.get(read).map(|it| it.item.draft.clone()) else {
            return;
        };
        draft.set_header(&name, SENT);
        let step = Variant::Step("a header that is to come back");
        let Some(at) = self.exchange(Item::new(index, step, draft)) else {
            return;
        };
        let answer = self.exchanges.get(at).filter(|it| it.is_success);
        let answer = answer.and_then(|it| it.answer.as_ref().ok());
        let Some(back) = answer.map(|it| it.header(&name).map(str::to_owned)) else {
            return;
        };
        let is_back = back
            .as_deref()
            .is_some_and(|it| it.trim().eq_ignore_ascii_case(SENT));
        if is_back {
            return;
        }
        let message = format!(
            "{} does not answer with the `{name}` that was sent",
            operation.name()
        );
        let seen = back.map_or_else(|| "no such header".to_owned(), |it| format!("`{it}`"));
        let found = Found::about(
            &RESPONSE_HEADER_VALUE,
            format!("response.header.{name}"),
            message,
        )
        .promised_at(Some(span))
        .seen(format!("`{SENT}`"), seen);
        self.found(at, &role.noun.clone(), "echoed header", found);
    }

    /// The header that comes back, and where that is said: of all operations, or of the one that was read.
    fn echoed_header(&self, read: usize) -> Option<(String, Span)> {
        let (_, operation, _) = self.about(read)?;
        let of_field = input::inputs(operation).into_iter().find_map(|it| {
            let is_it = it.place == Place::Header
                && echoed::is_free(&it.name)
                && echoed::repeats(&it.description);
            is_it.then_some((it.name, it.span))
        });
        let shared = self.api.shared.remarks.iter().map(|it| &it.text);
        let own = operation.remarks.iter();
        let texts: Vec<(&str, Evidence)> = shared
            .chain(own)
            .map(|it| (it.value.as_str(), it.evidence))
            .collect();
        let before = std::iter::once("").chain(texts.iter().map(|(text, _)| *text));
        let mut pairs = before.zip(&texts);
        of_field.or_else(|| {
            pairs.find_map(|(before, (text, evidence))| {
                Some((echoed::header(before, text)?, evidence.span))
            })
        })
    }
}
