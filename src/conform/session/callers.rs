//! Callers with other credentials than those of the run: each operation that the pages say refuses them does.

use crate::conform::bindings::Caller;
use crate::conform::chain::Kind;
use crate::conform::plan::{Draft, Item, Variant};
use crate::conform::said::permitted;
use crate::model::Operation;

use super::Session;

impl Session<'_, '_> {
    /// Sends what other callers are refused, once for each operation and caller.
    pub(super) fn other_callers(&mut self) {
        for caller in &self.plan.callers {
            if !self.is_mock && self.is_known(caller) {
                self.refused_to(caller);
            }
        }
    }

    /// Reads something as a caller; false if that is refused, as then all else would be as well.
    fn is_known(&mut self, caller: &Caller) -> bool {
        let items = self.items(|item| matches!(item.variant, Variant::Example));
        let read = items.into_iter().find(|item| {
            self.accepted.contains_key(&item.operation)
                && item.request.method == "GET"
                && self.refusal(item.operation, caller).is_none()
                && self.is_locked_one(item.operation)
        });
        let Some(read) = read else {
            return true;
        };
        let Ok(prepared) = self.prepared(read, None) else {
            return true;
        };
        let variant = Variant::As(caller.name.clone(), None);
        let Some(operation) = self.operation(read.operation) else {
            return true;
        };
        let draft = called_by(prepared.draft, operation, caller);
        let Some(at) = self.exchange(Item::new(read.operation, variant, draft)) else {
            return false;
        };
        self.judge(at);
        self.has_succeeded(at)
    }

    fn refused_to(&mut self, caller: &Caller) {
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let index = item.operation;
            let kind = self.role(index).map(|role| role.kind);
            let is_late = matches!(kind, Some(Kind::Action | Kind::Delete));
            let Some(refusal) = self.refusal(index, caller) else {
                continue;
            };
            let Some(operation) = self.operation(index) else {
                continue;
            };
            if self.accepted.contains_key(&index) || is_late {
                let draft = called_by(item.draft.clone(), operation, caller);
                let variant = Variant::As(caller.name.clone(), Some(refusal));
                let row = self.begin_row(item);
                self.negative_item(&Item::new(index, variant, draft));
                self.end_row(row);
            }
        }
    }

    fn refusal(&self, index: usize, caller: &Caller) -> Option<permitted::Refusal> {
        let at = (
            self.operation(index)?,
            self.role(index)?,
            self.plan.class(index),
        );
        permitted::refusal(self.api, at, &caller.name)
    }

    fn is_locked_one(&self, index: usize) -> bool {
        let operation = self.operation(index);
        operation.is_some_and(|it| !it.auth.schemes.is_empty())
    }
}

/// The request with the credentials of a caller in the place of all others.
fn called_by(mut draft: Draft, operation: &Operation, caller: &Caller) -> Draft {
    draft.without_credentials(operation);
    let (name, value) = &caller.header;
    draft.set_header(name, value);
    draft
}

#[cfg(test)]
mod tests {
    use crate::conform::bindings::{Bindings, Caller};
    use crate::conform::message::{Answer, Request};
    use crate::conform::run::run;
    use crate::conform::session::Wire;
    use crate::conform::shared;
    use crate::conform::tests::{answer, documentation, planned};

    const AUTH: &str = "<ParamField header=\"Authorization\" type=\"string\" required>Your key as a bearer token.</ParamField>";

    /// The findings about a server that answers the looking key as told.
    fn found(answer_to_write: u16, code: &str, answer_to_read: u16) -> Vec<String> {
        let list = format!(
            "---\napi: GET https://api.example.com/jars\n---\n\n{AUTH}\n\n```json 200\n{{\"data\": [{{\"id\": \"jar_1\"}}]}}\n```\n"
        );
        let create = format!(
            "---\napi: POST https://api.example.com/jars\n---\n\n{AUTH}\n\n<ParamField body=\"label\" type=\"string\" required />\n\n```json 201\n{{\"id\": \"jar_1\", \"label\": \"Plum\"}}\n```\n"
        );
        let guide = "---\ntitle: Keys\n---\n\nA look-only key gets `403` with `look_only` for anything but `GET`.\n";
        let (_, mut documentation) = documentation("", &[&list, &create, guide]);
        shared::spread(&mut documentation.api);
        let bearer = |key: &str| ("Authorization".to_owned(), format!("Bearer {key}"));
        let bindings = Bindings {
            headers: vec![bearer("full-key")],
            callers: vec![Caller {
                name: "look_only".to_owned(),
                header: bearer("look-key"),
            }],
            ..Bindings::default()
        };
        let plan = planned(&documentation, &bindings);
        let send = |request: &Request| -> Answer {
            let is_read = request.method == "GET";
            let refusal = format!("{{\"error\": {{\"code\": \"{code}\"}}}}");
            match (request.header("Authorization"), is_read) {
                (Some("Bearer full-key"), true) => answer(200, "{\"data\": []}"),
                (Some("Bearer full-key"), false) => {
                    answer(201, "{\"id\": \"jar_1\", \"label\": \"Plum\"}")
                }
                (Some("Bearer look-key"), true) => answer(answer_to_read, "{\"data\": []}"),
                (Some("Bearer look-key"), false) if answer_to_write == 201 => {
                    answer(201, "{\"id\": \"jar_2\", \"label\": \"Plum\"}")
                }
                (Some("Bearer look-key"), false) => answer(answer_to_write, &refusal),
                _ => answer(401, "{\"error\": {\"code\": \"no_key\"}}"),
            }
        };
        let wire = Wire {
            send: &mut |requests| requests.iter().map(|it| Ok(send(it))).collect(),
            stop: &mut || None,
            progress: &mut |_, _| {},
            pause: &mut |_| false,
            max_requests: None,
            jobs: 1,
            nonce: None,
        };
        let run = run(&plan, &documentation.api, wire);
        let found = run.diagnostics.into_iter().map(|it| it.message);
        found.filter(|it| it.contains("look_only")).collect()
    }

    #[test]
    fn other_callers_are_refused_as_the_pages_say() {
        assert!(found(403, "look_only", 200).is_empty());
        for (status, code) in [(201, "look_only"), (401, "look_only"), (403, "no_key")] {
            let told = found(status, code, 200);
            let is_about = |it: &&String| it.starts_with("POST /jars with the credentials");
            assert_eq!(told.iter().filter(is_about).count(), 1, "{told:?}");
        }
    }

    #[test]
    fn credentials_that_are_not_taken_are_one_finding() {
        assert_eq!(found(401, "no_key", 401).len(), 1);
    }
}
