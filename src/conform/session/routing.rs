//! Paths and methods that no page documents: they are refused as the pages say.

use crate::conform::chain::Kind;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{self, Case};
use crate::conform::message::{Body, describe_status};
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::routes::{self, Routes};
use crate::conform::shared;
use crate::model::answer::SERVER_ERROR;
use crate::model::shared::{ErrorKind, Errors};

use super::Session;

/// More requests are not sent for it.
const MOST: usize = 8;

impl<'a> Session<'a, '_> {
    /// Asks for a path that is none, and for methods that paths have not, where the pages say what comes of it.
    pub(super) fn check_routes(&mut self) {
        let api = self.api;
        let Some(errors) = api.shared.errors.as_ref() else {
            return;
        };
        if self.is_mock || self.is_forgetful || !self.plan.has(Phase::Negative) {
            return;
        }
        let routes = Routes::of(errors);
        if let Some(kind) = &routes.path {
            self.check_unknown_path(errors, kind);
        }
        if let Some(kind) = &routes.method {
            self.check_methods(errors, kind);
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
            let with_id = if folder.is_empty() {
                "{}".to_owned()
            } else {
                format!("{folder}/{{}}")
            };
            let is_plain = !path.contains("{}") && !paths.contains(&with_id);
            is_plain.then_some((path.len(), at))
        });
        let (_, at) = plain.min()?;
        Some(self.exchanges.get(at)?.item.clone())
    }

    fn check_methods(&mut self, errors: &Errors, kind: &ErrorKind) {
        let mut known: Vec<String> = Vec::new();
        let mut left = MOST;
        let mut examples = self.items(|item| matches!(item.variant, Variant::Example));
        // An update shows what a body looks like.
        examples.sort_by_key(|item| {
            let kind = self.role(item.operation).map(|role| role.kind);
            kind != Some(Kind::Update)
        });
        for item in examples {
            let Some(operation) = self.operation(item.operation) else {
                continue;
            };
            let path = &operation.endpoint.value.path;
            let nameless = routes::nameless(path);
            // Actions come last, and have not been accepted yet.
            let is_action = self.role(item.operation).map(|role| role.kind) == Some(Kind::Action);
            let is_there = is_action || self.accepted.contains_key(&item.operation);
            if known.contains(&nameless) || !is_there {
                continue;
            }
            known.push(nameless);
            let own = self.role(item.operation).and_then(|role| role.own_path());
            let spare = own.and_then(|slot| self.store.spare(&slot.noun, |_| true));
            let documented = routes::methods(self.api, path);
            for method in routes::untold(path, &documented, spare.is_some()) {
                if left == 0 || method != "GET" && !self.plan.may_write {
                    continue;
                }
                left -= 1;
                self.try_method(item, spare, method, (errors, kind));
            }
        }
    }

    fn try_method(
        &mut self,
        item: &Item,
        thing: Option<usize>,
        method: &str,
        (errors, kind): (&Errors, &ErrorKind),
    ) {
        let Ok(mut prepared) = self.prepared(item, thing) else {
            return;
        };
        prepared.variant = Variant::Step("a method that no page documents");
        method.clone_into(&mut prepared.request.method);
        let url = prepared.request.url.split(['?', '#']).next();
        prepared.request.url = url.unwrap_or_default().to_owned();
        match method {
            "GET" | "DELETE" => {
                prepared.request.body = None;
                prepared
                    .request
                    .headers
                    .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            }
            _ if prepared.request.body.is_none() => {
                prepared.request.body = Some(Body::Text("{}".to_owned()));
                let json = ("Content-Type".to_owned(), "application/json".to_owned());
                prepared.request.headers.push(json);
            }
            _ => {}
        }
        let Some(at) = self.exchange(prepared) else {
            return;
        };
        let words = format!("the method {method}");
        self.judge_route(at, errors, kind, &words);
        let is_deleted = method == "DELETE" && self.has_succeeded(at);
        if let Some(thing) = thing.filter(|_| is_deleted) {
            if let Some(thing) = self.store.things.get_mut(thing) {
                thing.is_gone = true;
            }
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
            .seen(describe_status(wanted), line)
            .weak_if(status < 500);
        let key = format!("route {words} {}", exchange.item.operation);
        self.found(at, "route", &key, found);
    }
}
