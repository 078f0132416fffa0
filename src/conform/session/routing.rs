//! Paths that no page documents, and deletes: they are refused as the pages say. `methods` asks for other methods.

use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{self, Case};
use crate::conform::message::describe_status;
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::routes::{self, Routes};
use crate::conform::shared;
use crate::model::answer::SERVER_ERROR;
use crate::model::shared::{ErrorKind, Errors};

use super::Session;

/// More kinds of things are not tried.
const MOST: usize = 3;

impl Session<'_, '_> {
    /// Asks for a path that is none, and for deletes that are none, where the pages say what comes of it.
    pub(super) fn check_routes(&mut self) {
        let api = self.api;
        let Some(errors) = api.shared.errors.as_ref() else {
            return;
        };
        if self.is_mock || self.is_forgetful || !self.plan.has(Phase::Negative) {
            return;
        }
        let routes = Routes::of(errors, api);
        if let Some(kind) = &routes.path {
            self.check_unknown_path(errors, kind);
        }
        if let Some(kind) = &routes.method {
            self.check_deletes(errors, kind);
        }
    }

    fn check_unknown_path(&mut self, errors: &Errors, kind: &ErrorKind) {
        let Some(mut item) = self.plain_read() else {
            return;
        };
        let url = item
            .request
            .url
            .split(['?', '#'])
            .next()
            .unwrap_or_default();
        let Some((folder, _)) = url.rsplit_once('/') else {
            return;
        };
        item.request.url = format!("{folder}/no-such-path");
        item.variant = Variant::Step("a path that no page documents");
        if let Some(at) = self.exchange(item) {
            self.judge_route(at, errors, kind, "a path");
        }
        if let Some(item) = self.no_such_action()
            && let Some(at) = self.exchange(item)
        {
            self.judge_route(at, errors, kind, "an action");
        }
    }

    /// An accepted action under a name that no page documents: `POST /books/7/no-such-path`.
    fn no_such_action(&self) -> Option<Item> {
        let paths = self.api.operations.iter();
        let paths: Vec<String> = paths
            .map(|it| routes::nameless(&it.endpoint.value.path))
            .collect();
        let mut examples = self.plan.items.iter().filter(|item| {
            let is_post = item.request.method == "POST";
            is_post && self.plan.may_write && matches!(item.variant, Variant::Example)
        });
        let at = examples.find_map(|item| {
            let at = *self.accepted.get(&item.operation)?;
            let (folder, name) = paths.get(item.operation)?.rsplit_once('/')?;
            let is_action = folder.ends_with("{}") && !name.contains("{}");
            (is_action && !paths.contains(&format!("{folder}/{{}}"))).then_some(at)
        })?;
        let mut item = self.exchanges.get(at)?.item.clone();
        let url = item.request.url.split(['?', '#']).next()?;
        let (folder, _) = url.rsplit_once('/')?;
        item.request.url = format!("{folder}/no-such-path");
        item.variant = Variant::Step("an action that no page documents");
        Some(item)
    }

    /// The accepted read with the shortest path, if that has no parameters and its last segment stands for no id.
    fn plain_read(&self) -> Option<Item> {
        let paths = self.api.operations.iter();
        let paths: Vec<String> = paths
            .map(|it| routes::nameless(&it.endpoint.value.path))
            .collect();
        let examples = self.plan.items.iter().filter(|item| {
            let method = item.request.method == "GET";
            method && matches!(item.variant, Variant::Example)
        });
        let plain = examples.filter_map(|item| {
            let at = *self.accepted.get(&item.operation)?;
            let path = paths.get(item.operation)?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let with_id = format!("{folder}/{{}}");
            let is_plain = !path.contains("{}") && !paths.contains(&with_id);
            is_plain.then_some((path.len(), at))
        });
        let (_, at) = plain.min()?;
        Some(self.exchanges.get(at)?.item.clone())
    }

    /// Deletes what the run has made where no page says that this can be done; other methods are tried in `methods`.
    fn check_deletes(&mut self, errors: &Errors, kind: &ErrorKind) {
        let mut known: Vec<String> = Vec::new();
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let Some(operation) = self.operation(item.operation) else {
                continue;
            };
            let path = &operation.endpoint.value.path;
            let nameless = routes::nameless(path);
            let is_open = routes::is_of_item(path)
                && !known.contains(&nameless)
                && !routes::methods(self.api, path).contains(&"DELETE")
                && self.accepted.contains_key(&item.operation);
            let own = self.role(item.operation).and_then(|role| role.own_path());
            let made = own.and_then(|slot| {
                let spare = self.store.spare(&slot.noun, |it| it.made_by.is_some());
                spare.filter(|_| self.plan.may_write)
            });
            let Some(thing) = made.filter(|_| is_open && known.len() < MOST) else {
                continue;
            };
            known.push(nameless);
            self.try_delete(item, thing, (errors, kind));
        }
    }

    fn try_delete(&mut self, item: &Item, thing: usize, (errors, kind): (&Errors, &ErrorKind)) {
        let Ok(mut prepared) = self.prepared(item, Some(thing)) else {
            return;
        };
        prepared.variant = Variant::Step("a delete that no page documents");
        let request = &mut prepared.request;
        "DELETE".clone_into(&mut request.method);
        let url = request.url.split(['?', '#']).next();
        request.url = url.unwrap_or_default().to_owned();
        request.body = None;
        request
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        let Some(at) = self.exchange(prepared) else {
            return;
        };
        self.judge_route(at, errors, kind, "the method DELETE");
        let is_deleted = self.has_succeeded(at);
        if let Some(thing) = self.store.things.get_mut(thing).filter(|_| is_deleted) {
            thing.is_gone = true;
        }
    }

    /// Judges the answer to what no page documents.
    fn judge_route(&mut self, at: usize, errors: &Errors, kind: &ErrorKind, words: &str) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let (Some(operation), Ok(answer)) =
            (self.operation(exchange.item.operation), &exchange.answer)
        else {
            return;
        };
        let wanted = kind.status.value;
        let status = answer.status;
        if status == wanted {
            let local = shared::with_refusal(operation, errors, kind, &self.api.shared.remarks);
            let case = Case {
                operation: &local,
                item: &exchange.item,
                secrets: &self.plan.secrets,
                marks_null: self.plan.marks_null,
                unset: None,
            };
            let found = judge::refusal_of_route(&case, answer);
            self.diagnostics.extend(found);
            return;
        }
        let url = exchange.item.request.url.as_str();
        let start = url.find("://").map_or(0, |at| at + 3);
        let path = url
            .get(start..)
            .and_then(|it| it.find('/').and_then(|at| it.get(at..)));
        let line = describe_status(status);
        let rule = match status {
            200..300 => &state::UNKNOWN_ROUTE_ACCEPTED,
            500.. => &SERVER_ERROR,
            // Who asks, and how often, may be looked at first.
            401 | 403 | 429 => return,
            _ => &UNEXPECTED_REFUSAL,
        };
        let message = format!(
            "{words} that no page documents for {} is answered with {line}",
            path.unwrap_or("/")
        );
        let found = Found::about(rule, "endpoint", message)
            .promised_at(kind.text.evidence.span)
            .seen(describe_status(wanted), line);
        let key = format!("route {words} {}", exchange.item.operation);
        self.found(at, "route", &key, found);
    }
}
