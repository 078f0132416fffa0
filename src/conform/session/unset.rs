//! What the things of an answer were not given by the requests that made them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Exchange, Session};
use crate::conform::chain::Kind;
use crate::conform::judge::{Unset, optional};

impl Session<'_, '_> {
    /// The members that the things of an answer may lack, as they can be sent and were not.
    pub(super) fn unset(&self, exchange: &Exchange) -> Unset {
        let Some(role) = self.role(exchange.item.operation) else {
            return Unset::default();
        };
        let optional = self.settable(&role.noun);
        let Some(body) = exchange.body.as_ref().filter(|_| !optional.is_empty()) else {
            return Unset::default();
        };
        let mut given = given(&exchange.item.draft.content().unwrap_or_default());
        if role.kind != Kind::Create {
            let text = body.to_string();
            let shown = self.store.own(&role.noun).into_iter();
            let shown = shown.filter(|it| it.key().is_some_and(|id| text.contains(&id)));
            for made_by in shown.filter_map(|it| it.made_by) {
                given.extend(self.sent(made_by).iter().flat_map(self::given));
            }
        }
        Unset {
            by_all: optional.difference(&given).cloned().collect(),
            by_some: optional,
        }
    }

    /// What the operations that make and change things of a noun take without demanding it.
    fn settable(&self, noun: &str) -> BTreeSet<String> {
        let operations = self.api.operations.iter().zip(&self.plan.roles);
        let writes = operations.filter(|(_, role)| {
            role.noun == noun && matches!(role.kind, Kind::Create | Kind::Update)
        });
        writes.flat_map(|(it, _)| optional(it)).collect()
    }
}

/// The names of the members that have a value.
fn given(sent: &Map<String, Value>) -> BTreeSet<String> {
    let given = sent.iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    /// The rules that a server breaks which shows of its tasks only what `shows` keeps.
    fn found(shows: impl Fn(&str, &Value) -> bool) -> Vec<&'static str> {
        let fields = "<ResponseField name=\"id\" type=\"string\" />\n<ResponseField name=\"title\" type=\"string\" />\n<ResponseField name=\"place\" type=\"string\" />\n";
        let create = format!(
            "---\napi: POST /tasks\n---\n\n<ParamField body=\"title\" type=\"string\" required />\n<ParamField body=\"place\" type=\"string\" />\n\n{fields}\n```bash\ncurl -X POST https://api.example.com/tasks -d '{{\"title\": \"Sweep\", \"place\": \"Yard\"}}'\n```\n\n```json 201\n{{\"id\": \"t_1\", \"title\": \"Sweep\", \"place\": \"Yard\"}}\n```\n"
        );
        let read = format!(
            "---\napi: GET /tasks/{{task_id}}\n---\n\n{fields}\n```json 200\n{{\"id\": \"t_1\", \"title\": \"Sweep\", \"place\": \"Yard\"}}\n```\n"
        );
        let list = "---\napi: GET /tasks\n---\n\n<ResponseField name=\"items\" type=\"object[]\">\n<Expandable><ResponseField name=\"id\" type=\"string\" /><ResponseField name=\"title\" type=\"string\" /><ResponseField name=\"place\" type=\"string\" /></Expandable>\n</ResponseField>\n\n```json 200\n{\"items\": [{\"id\": \"t_1\", \"title\": \"Sweep\", \"place\": \"Yard\"}]}\n```\n";
        let mut tasks: Vec<Value> = Vec::new();
        let mut send = |request: &Request| -> Result<Answer, Unanswered> {
            let path = request.url.split("/tasks").nth(1).unwrap_or_default();
            if request.method == "POST" {
                let sent: Value = serde_json::from_str(&request.body_text()).unwrap_or_default();
                if !sent["title"].is_string() {
                    return Ok(answer(422, "{\"error\": \"title\"}"));
                }
                let mut task = json!({"id": format!("t_{}7", tasks.len())});
                for (name, value) in sent.as_object().into_iter().flatten() {
                    task[name] = value.clone();
                }
                task.as_object_mut()
                    .unwrap()
                    .retain(|name, value| shows(name, value));
                tasks.push(task);
                return Ok(answer(201, &tasks[tasks.len() - 1].to_string()));
            }
            if path.is_empty() {
                return Ok(answer(200, &json!({"items": tasks}).to_string()));
            }
            let mut known = tasks.iter();
            let known = known.find(|it| it["id"].as_str() == path.strip_prefix('/'));
            Ok(known.map_or_else(
                || answer(404, "{\"error\": \"unknown\"}"),
                |it| answer(200, &it.to_string()),
            ))
        };
        run_with(&[&create, &read, list], &mut send).0
    }

    #[test]
    fn only_what_was_given_has_to_be_there() {
        assert!(!found(|_, _| true).contains(&"missing-response-member"));
        let rules = found(|name, _| name != "place");
        assert!(rules.contains(&"missing-response-member"), "{rules:?}");
    }
}
