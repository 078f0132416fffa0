//! Refusals because of how things stand, which say nothing about what was sent: another thing is used in the place of one
//! that is closed, and what nothing is known about is not judged.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::class::Class;
use crate::conform::judge::{self, doubt, standing};
use crate::conform::plan::Item;
use crate::conform::plan::input::{Input, Place};

use super::Session;

impl Session<'_, '_> {
    /// True if a request was refused: by the status, or by what the body says where pages show that the status does not.
    pub(super) fn is_turned_down(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let operation = self.operation(exchange.item.operation);
        match exchange.status() {
            Some(super::TOO_MANY) => false,
            Some(400..500) => true,
            Some(200..300) if !exchange.is_success => {
                operation.is_some_and(judge::documents_failure)
            }
            _ => false,
        }
    }

    /// True if a refusal says that what is sent is in use already, or out of date: no value is to blame.
    pub(super) fn says_taken(&self, at: usize) -> bool {
        let body = self.exchanges.get(at).and_then(|it| it.body.as_ref());
        body.is_some_and(standing::says_taken)
    }

    /// True if an answer that was turned down says that a thing is not in a state for it.
    pub(super) fn says_shut(&self, at: usize) -> bool {
        let body = self.exchanges.get(at).and_then(|it| it.body.as_ref());
        self.is_turned_down(at) && body.is_some_and(standing::says_shut)
    }

    /// The code of a refusal that the docs have for its status.
    pub(super) fn documented_code(&self, at: usize) -> Option<String> {
        let exchange = self.exchanges.get(at)?;
        let operation = self.operation(exchange.item.operation)?;
        let body = exchange.body.as_ref()?;
        standing::documented_code(operation, &self.api.shared, exchange.status()?, body)
    }

    /// Sends the documented update of a thing to which something was done before once more, about a new thing, if it is refused
    /// for a reason of states that the docs have. The exchange, if it was accepted then.
    pub(super) fn sent_to_fresh(
        &mut self,
        item: &Item,
        thing: Option<usize>,
        at: usize,
    ) -> Option<usize> {
        let role = self.role(item.operation)?;
        let is_update = role.kind == Kind::Update && thing.is_none();
        let is_of_state = is_update && self.is_turned_down(at) && self.is_of_state(at);
        if !is_of_state || self.says_taken(at) || self.documented_code(at).is_none() {
            return None;
        }
        let noun = role.noun.clone();
        let (old, id) = self.own_named(at)?;
        let made_by = self.store.things.get(old)?.made_by;
        let mut writes = self.exchanges.iter().enumerate().filter(|(index, it)| {
            let is_write = self.plan.class(it.item.operation) > Class::Read;
            is_write && it.is_success && Some(*index) != made_by
        });
        let was_touched = writes.any(|(_, it)| {
            let slots = self.role(it.item.operation).map(|role| &role.slots);
            let mut slots = slots.into_iter().flatten();
            slots.any(|slot| slot.noun == noun && it.item.draft.slot(slot).as_ref() == Some(&id))
        });
        let new = self.another_of(&noun).filter(|_| was_touched)?;
        let prepared = self.prepared(item, Some(new)).ok()?;
        let again = self.exchange(prepared)?;
        self.has_succeeded(again).then_some(again)
    }

    /// The thing of our own that a request changes, and its id.
    fn own_named(&self, at: usize) -> Option<(usize, String)> {
        let (_, _, role) = self.about(at)?;
        let own = role.slots.iter().find(|slot| slot.is_own)?;
        let id = self.exchanges.get(at)?.item.draft.slot(own)?;
        let is_it = |thing: &super::Thing| thing.id(&own.name).as_ref() == Some(&id);
        let old = self.store.first_of(&role.noun, true, is_it)?;
        Some((old, id))
    }

    /// True if a refusal is because of how things stand, or has a reason that the docs give for the input: what was sent for
    /// the input, or that nothing was, is not shown to be wrong.
    pub(super) fn stands_in_the_way(
        &self,
        at: usize,
        input: &Input,
        value: Option<&Value>,
    ) -> bool {
        let Some((exchange, body)) = self
            .exchanges
            .get(at)
            .and_then(|it| Some((it, it.body.as_ref()?)))
        else {
            return false;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        // What is there twice in a list is one of its values.
        let is_taken = !value.is_some_and(Value::is_array) && standing::says_taken(body);
        let errors = self.api.shared.errors.as_ref();
        // What was made up because the docs say no more than its type is nothing to insist on.
        let is_stub = value.is_some_and(is_stub) && input.place == Place::Query;
        let status = exchange.status().unwrap_or_default();
        let own = self
            .role(exchange.item.operation)
            .map(|role| role.noun.as_str());
        let nouns = self.plan.roles.iter().map(|role| role.noun.as_str());
        let others = nouns.filter(|noun| Some(*noun) != own);
        let is_narrowed = value.is_some()
            && (standing::has_own_reason(operation, &self.api.shared, status, body)
                || doubt::depends_on_another(input, others));
        is_taken
            || is_narrowed
            || is_stub && input.shape.constraints.allowed.is_none()
            || standing::offers_another(operation, body, input)
            || standing::says_closed(body, input)
            || value.is_none() && standing::has_code_for(operation, errors, body, input)
    }

    /// Sends a variant of an update that is refused because of how the thing stands once more, with a new thing in its place:
    /// what came before may have closed it. The exchange, if it was sent.
    pub(super) fn with_fresh_one(&mut self, item: &Item, at: usize) -> Option<usize> {
        let role = self.role(item.operation)?;
        let is_update = role.kind == Kind::Update && self.accepted.contains_key(&item.operation);
        let is_of_state = self.is_of_state(at) && !self.says_taken(at) || self.says_shut(at);
        if !is_update || !self.is_turned_down(at) || !is_of_state {
            return None;
        }
        let noun = role.noun.clone();
        let (old, id) = self.own_named(at)?;
        if self.replaced.contains_key(&old) || !self.was_changed(item.operation, &id) {
            return None;
        }
        let new = self.another_of(&noun).filter(|new| *new != old)?;
        self.replaced.insert(old, new);
        let prepared = self.prepared(item, Some(new)).ok()?;
        let prepared = self.distinct(prepared);
        self.exchange(prepared)
    }

    /// True if an operation was accepted before of the thing with that id.
    fn was_changed(&self, operation: usize, id: &str) -> bool {
        let own = self
            .role(operation)
            .and_then(|role| role.slots.iter().find(|slot| slot.is_own));
        let mut exchanges = self.exchanges.iter();
        own.is_some_and(|own| {
            exchanges.any(|it| {
                let is_it = it.item.operation == operation && it.is_success;
                is_it && it.item.draft.slot(own).as_deref() == Some(id)
            })
        })
    }

    /// The thing that is used in the place of one that was closed on the way.
    pub(super) fn in_place_of(&self, thing: usize) -> usize {
        let mut thing = thing;
        let mut seen = 0;
        while let Some(other) = self.replaced.get(&thing).filter(|_| seen < 4) {
            let is_there = self.store.things.get(*other);
            if !is_there.is_some_and(|it| !it.is_gone && !it.is_lost) {
                break;
            }
            (thing, seen) = (*other, seen + 1);
        }
        thing
    }
}

/// True for a text that stands for any, alone or in a list.
fn is_stub(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_stub),
        value => matches!(value.as_str(), Some("string" | r#"["string"]"#)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    const CREATE: &str = "---\ntitle: Create a lease\napi: POST https://api.example.com/leases\n---\n\nA new lease is `waiting`, unless it has no trial.\n\n<ParamField body=\"title\" type=\"string\" required>The title.</ParamField>\n\n<ParamField body=\"trial\" type=\"boolean\" default=\"true\">`false` skips the trial: then it is `active` right away.</ParamField>\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseField name=\"title\" type=\"string\" required>The title.</ResponseField>\n\n<ResponseField name=\"status\" type=\"string\" required>One of `waiting`, `active`, `paused`, `closed`.</ResponseField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/leases -d '{\"title\": \"Boat\"}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{\"id\": \"lse_1\", \"title\": \"Boat\", \"status\": \"waiting\"}\n```\n</ResponseExample>\n";
    const READ: &str = "---\ntitle: Get a lease\napi: GET https://api.example.com/leases/{id}\n---\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseField name=\"title\" type=\"string\" required>The title.</ResponseField>\n\n<ResponseField name=\"status\" type=\"string\" required>One of `waiting`, `active`, `paused`, `closed`.</ResponseField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"lse_1\", \"title\": \"Boat\", \"status\": \"waiting\"}\n```\n\n```json 404\n{\"error\": \"not_found\"}\n```\n</ResponseExample>\n";
    const CHANGE: &str = "---\ntitle: Change a lease\napi: PATCH https://api.example.com/leases/{id}\n---\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ParamField body=\"title\" type=\"string\">1 to 20 characters.</ParamField>\n\n<ParamField body=\"status\" type=\"string\">Must be `closed`.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X PATCH https://api.example.com/leases/lse_1 -d '{\"title\": \"Big boat\"}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 200\n{\"id\": \"lse_1\", \"title\": \"Big boat\", \"status\": \"waiting\"}\n```\n\n```json 409\n{\"error\": \"lease_closed\"}\n```\n</ResponseExample>\n";
    const PAUSE: &str = "---\ntitle: Pause a lease\napi: POST https://api.example.com/leases/{id}/pause\n---\n\nOnly `active` leases can be paused, else `409`.\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"lse_1\", \"title\": \"Boat\", \"status\": \"paused\"}\n```\n\n```json 409\n{\"error\": \"bad_state\"}\n```\n</ResponseExample>\n";

    /// A server that does as the pages say.
    #[derive(Default)]
    struct Leases {
        all: Vec<Value>,
        paused: usize,
        changed_when_closed: usize,
    }

    impl Leases {
        fn answer(&mut self, request: &Request) -> Answer {
            let path = request.url.split('/').skip(3).collect::<Vec<_>>();
            let body = match &request.body {
                Some(crate::conform::message::Body::Text(text)) => {
                    match serde_json::from_str(text) {
                        Ok(body) => body,
                        Err(_) => return answer(400, r#"{"error": "invalid"}"#),
                    }
                }
                _ => Value::Null,
            };
            let method = request.method.as_str();
            if let ("POST", ["leases"]) = (method, path.as_slice()) {
                return self.create(&body);
            }
            let [_, id, rest @ ..] = path.as_slice() else {
                return answer(404, r#"{"error": "not_found"}"#);
            };
            let Some(lease) = self.all.iter_mut().find(|it| it["id"] == *id) else {
                return answer(404, r#"{"error": "not_found"}"#);
            };
            match (method, rest) {
                ("GET", []) => {}
                ("PATCH", []) if !is_change(&body) => {
                    return answer(422, r#"{"error": "invalid"}"#);
                }
                ("PATCH", []) if lease["status"] == "closed" => {
                    self.changed_when_closed += 1;
                    return answer(409, r#"{"error": "lease_closed"}"#);
                }
                ("PATCH", []) => {
                    for name in ["title", "status"] {
                        if let Some(value) = body.get(name) {
                            lease[name] = value.clone();
                        }
                    }
                }
                ("POST", ["pause"]) if lease["status"] == "active" => {
                    lease["status"] = json!("paused");
                    self.paused += 1;
                }
                ("POST", ["pause"]) => return answer(409, r#"{"error": "bad_state"}"#),
                _ => return answer(405, r#"{"error": "no_such_method"}"#),
            }
            answer(200, &lease.to_string())
        }

        fn create(&mut self, body: &Value) -> Answer {
            let Some(title) = body.get("title").and_then(Value::as_str) else {
                return answer(422, r#"{"error": "title is required"}"#);
            };
            if body.get("trial").is_some_and(|it| !it.is_boolean()) {
                return answer(422, r#"{"error": "invalid"}"#);
            }
            let status = match body.get("trial") {
                Some(Value::Bool(false)) => "active",
                _ => "waiting",
            };
            let id = format!("lse_{}", self.all.len() + 10);
            let lease = json!({"id": id, "title": title, "status": status});
            self.all.push(lease.clone());
            answer(201, &lease.to_string())
        }
    }

    fn is_change(body: &Value) -> bool {
        let title = body.get("title").map(|it| it.as_str().map_or(0, str::len));
        let status = body.get("status");
        title.is_none_or(|it| (1..=20).contains(&it)) && status.is_none_or(|it| it == "closed")
    }

    fn tested(pages: &[&str]) -> (Vec<String>, Leases) {
        let mut leases = Leases::default();
        let mut send =
            |request: &Request| -> Result<Answer, Unanswered> { Ok(leases.answer(request)) };
        let (_, run) = run_with(pages, &mut send);
        let found = run.diagnostics.iter();
        let found = found.map(|it| format!("{}: {}", it.rule.name, it.message));
        (found.collect(), leases)
    }

    #[test]
    fn what_closed_a_thing_is_not_in_the_way_of_other_values() {
        let (found, leases) = tested(&[CREATE, READ, CHANGE]);
        assert_eq!(found, [""; 0]);
        assert!(
            leases.changed_when_closed < 4,
            "{}",
            leases.changed_when_closed
        );
    }

    #[test]
    fn a_choice_of_the_create_may_lead_to_the_state_that_an_action_is_for() {
        let (found, leases) = tested(&[CREATE, READ, PAUSE]);
        assert_eq!(found, [""; 0]);
        assert!(leases.paused > 0);
    }
}
