//! Where the URL of the next page leads that a page names.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::conform::plan::input::{self, Place};
use crate::model::{Operation, ResponseHeader};

use super::pages::{List, Walk};
use crate::conform::session::kept::state::resolved;
use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// The URL of the next page, where the first one names it, shows what the second one holds.
    pub(in crate::conform::session) fn check_next(&mut self, list: &List<'_>, pages: &Walk) {
        let (Some(first), Some(second)) = (pages.exchanges.first(), pages.exchanges.get(1)) else {
            return;
        };
        let (Some(exchange), Some(next)) =
            (self.exchanges.get(*first), self.exchanges.get(*second))
        else {
            return;
        };
        let in_body = exchange.body.as_ref().and_then(list::next_url);
        let is_said = exchange.body.as_ref().and_then(|body| list.more(body));
        let header = exchange.answer.as_ref().ok().filter(|_| is_said.is_none());
        let header = header.and_then(|answer| answer.header("link"));
        let in_header = || Some(("Link".to_owned(), list::next_link(header?)?.to_owned()));
        let is_of_header = in_body.is_none();
        let Some((name, link)) = in_body.or_else(in_header) else {
            self.check_link(list, *first, *second);
            return;
        };
        let Some(url) = resolved(&exchange.item.request.url, &link) else {
            return;
        };
        if url == next.item.request.url {
            return;
        }
        let mut item = exchange.item.clone();
        item.request.url = url;
        item.variant = Variant::Step("the next page as a page names it");
        let wanted = self.ids_of(list, *second);
        let own = self.ids_of(list, *first);
        let Some(at) = self.exchange(item) else {
            return;
        };
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let found = self.ids_of(list, at);
        let is_dead = matches!(status, Some(404 | 405 | 410));
        let is_other = found.is_some() && (found == own || found != wanted);
        if !is_dead && !is_other {
            return;
        }
        let subject = if is_of_header {
            "response.header.Link".to_owned()
        } else {
            list.of_envelope(&name)
        };
        let observed = match status.filter(|_| is_dead) {
            Some(status) => describe_status(status),
            None if found == own => "the same page again".to_owned(),
            None => "other items".to_owned(),
        };
        let message = format!(
            "`{name}` of the first page of {} does not lead to the second one",
            list.operation.name()
        );
        let found = Found::about(&state::BROKEN_PAGING, subject, message)
            .promised_at(list.field(&name))
            .seen("the items of the second page", observed);
        let noun = list.noun.clone();
        self.found(at, &noun, &format!("next {}", list.index), found);
    }

    /// The URLs of other pages that a page names ask for the same: with the filters and the order of the request.
    ///
    /// A place in the server's own words may hold those; a number of a page does not.
    pub(in crate::conform::session) fn check_kept_queries(&mut self) {
        let remarks = self.api.shared.remarks.iter();
        let is_of_all = remarks.map(|it| &it.text.value).any(|it| keeps_filters(it));
        let keeps = |it: &Operation| is_of_all || keeps_queries(it);
        let keeping: Vec<bool> = self.api.operations.iter().map(keeps).collect();
        for at in 0..self.exchanges.len() {
            let index = self.exchanges.get(at).map(|it| it.item.operation);
            if index.is_none_or(|index| keeping.get(index) != Some(&true)) {
                continue;
            }
            let Some((name, input, url)) = self.lost_query(at) else {
                continue;
            };
            let Some((index, operation, role)) = self.about(at) else {
                continue;
            };
            let subject = match name.as_str() {
                "Link" => "response.header.Link".to_owned(),
                name => format!("response.{name}"),
            };
            let message = format!(
                "`{name}` of {} leads to `{url}`, which loses `{input}` of the request",
                operation.name()
            );
            let found = Found::about(&state::BROKEN_PAGING, subject, message)
                .seen(format!("a URL with `{input}`"), "a URL without it")
                .weak_if(true);
            let noun = role.noun.clone();
            self.found(at, &noun, &format!("next {index}"), found);
        }
    }

    /// What names another page, the parameter that its URL has lost, and that URL.
    fn lost_query(&self, at: usize) -> Option<(String, String, String)> {
        let exchange = self.exchanges.get(at).filter(|it| it.is_success)?;
        let (_, operation, role) = self.about(at)?;
        let is_read = role.kind == Kind::List && exchange.item.request.method == "GET";
        if !is_read {
            return None;
        }
        let inputs = input::inputs(operation);
        let is_of_place =
            |it: &&input::Input| matches!(effect::effect(it, &[]), Effect::Page | Effect::Offset);
        let place = inputs.iter().find(is_of_place)?;
        let in_body = exchange.body.as_ref().and_then(list::next_url);
        let header = exchange
            .answer
            .as_ref()
            .ok()?
            .header("link")
            .unwrap_or_default();
        let in_header = header.split(',').filter_map(|target| {
            let (_, rest) = target.split_once('<')?;
            let (url, _) = rest.split_once('>')?;
            Some(("Link".to_owned(), url.to_owned()))
        });
        let mut urls = in_body.into_iter().chain(in_header);
        urls.find_map(|(name, url)| {
            list::in_url(&url, &place.name)?;
            let asked = inputs.iter().filter(|it| {
                let effect = effect::effect(it, &[]);
                it.place == Place::Query
                    && !matches!(effect, Effect::Page | Effect::Offset | Effect::Cursor)
            });
            let mut lost = asked.filter(|it| {
                let sent = list::in_url(&exchange.item.request.url, &it.name);
                sent.is_some_and(|sent| !sent.is_empty()) && list::in_url(&url, &it.name).is_none()
            });
            let lost = lost.next()?.name.clone();
            Some((name, lost, url))
        })
    }

    /// A `Link` that is documented to lead to the next page is there where a further page holds other items.
    fn check_link(&mut self, list: &List<'_>, first: usize, second: usize) {
        let (Some(own), Some(further)) = (self.ids_of(list, first), self.ids_of(list, second))
        else {
            return;
        };
        if further.is_empty() || further.iter().any(|id| own.contains(id)) {
            return;
        }
        let mut headers = list.operation.response_headers.iter();
        let is_next = |it: &&ResponseHeader| {
            let is_link = it.name.value.eq_ignore_ascii_case("link");
            is_link && it.description.to_lowercase().contains("next")
        };
        let Some(header) = headers.find(is_next) else {
            return;
        };
        let message = format!(
            "the first page of {} has no `Link` to the next one, which holds {} more items",
            list.operation.name(),
            further.len()
        );
        let found = Found::about(&state::BROKEN_PAGING, "response.header.Link", message)
            .promised_at(header.name.evidence.span)
            .seen("a `Link` with `rel=\"next\"`", "no such link");
        let noun = list.noun.clone();
        self.found(first, &noun, &format!("next {}", list.index), found);
    }

    /// The items of a page, by what names them.
    fn ids_of(&self, list: &List<'_>, at: usize) -> Option<Vec<String>> {
        let exchange = self.exchanges.get(at).filter(|it| it.is_success)?;
        let items = list::array(list.operation, exchange.body.as_ref())?;
        let page = Walk {
            items: items.iter().map(flat).collect(),
            ..Walk::default()
        };
        Some(page.ids(list))
    }
}

/// True if the page of an operation says that the URLs of other pages keep what was asked for.
fn keeps_queries(operation: &Operation) -> bool {
    let own = operation.remarks.iter().map(|it| &it.value);
    let fields = operation.responses.iter().flat_map(|it| &it.fields);
    let fields = fields.map(|it| &it.description);
    let headers = operation.response_headers.iter().map(|it| &it.description);
    let mut all = own
        .chain(fields)
        .chain(headers)
        .chain(&operation.description);
    all.any(|text| keeps_filters(text))
}

/// True for "It keeps your filters and the order."
fn keeps_filters(text: &str) -> bool {
    static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:keeps?|preserves?|retains?|repeats?|carr(?:y|ies)(?:\s+over)?|(?:ha(?:s|ve)|with|includes?|contains?)\s+(?:all\s+)?(?:the\s+same|your|the\s+other))\s[^.;]*\b(?:filters?|sort(?:ing)?|order|query|parameters)\b",
        )
    });
    static SENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:send|sent|pass|use|repeat\s+the\s+request|must|cursor)\b")
    });
    let mut sentences = text.split(". ");
    sentences.any(|it| KEEPS.is_match(it) && !SENT.is_match(it))
}

fn flat(item: &Value) -> Value {
    crate::conform::chain::identity::flat(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_other_pages_keep_the_filters() {
        for (text, is_said) in [
            (
                "Links are relative and keep the filters and the sorting of your request.",
                true,
            ),
            (
                "The next page. It keeps your filters, sort and per_page.",
                true,
            ),
            ("The URL of the next page, with the same filters.", true),
            ("Preserves all query parameters.", true),
            ("`first` and `last` carry over the order.", true),
            ("Send `cursor` together with the same filters.", false),
            ("The URL of the next page.", false),
            ("Filters can be combined.", false),
        ] {
            assert_eq!(keeps_filters(text), is_said, "{text}");
        }
    }
}
