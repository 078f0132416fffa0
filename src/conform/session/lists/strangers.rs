//! Things that were there before the run, and are in states that it brings nothing into: a read shows what is documented of
//! these, such as the entries of an array that is empty for all that is new.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::coverage;
use crate::conform::session::{Exchange, Session, Thing};

use super::pages::{List, Walk};

/// More of them are not read.
const READS: usize = 4;

impl Session<'_, '_> {
    /// Reads items of a list that the run has not made, one in each state, while documented members were not seen.
    pub(super) fn read_strangers(&mut self, list: &List<'_>, all: &Walk) {
        let Some(read) = self.example_of(&list.noun, Kind::Read) else {
            return;
        };
        let index = read.operation;
        if self.plan.prepares.contains(&index) || !self.accepted.contains_key(&index) {
            return;
        }
        let strangers = all.items.iter().filter(|item| {
            let id = identity::id(item, &list.key, &list.noun);
            let mut own = self.store.things.iter();
            id.is_some_and(|id| {
                !own.any(|it| it.noun == list.noun && it.is_own && it.key().as_ref() == Some(&id))
            })
        });
        let strangers: Vec<Value> = strangers.cloned().collect();
        let mut missed = self.missed(index);
        for _ in 0..READS {
            // What has a value that no read has shown shows most.
            let Some(item) = strangers.iter().find(|item| has_missed(item, &missed)) else {
                return;
            };
            let thing = self.store.things.len();
            self.store.things.push(Thing {
                is_own: false,
                ..Thing::own(&list.noun, item.clone(), &list.key)
            });
            let at = self.read(thing, "a read of what was there before");
            self.store.things.truncate(thing);
            let Some(at) = at else {
                return;
            };
            if !self.exchanges.get(at).is_some_and(|it| it.is_success) {
                return;
            }
            self.judge(at);
            let left = self.missed(index);
            // What shows nothing new is no help.
            if left.len() == missed.len() {
                return;
            }
            missed = left;
        }
    }

    /// The documented values that no answer of an operation has shown, if it has not shown all documented members either.
    fn missed(&self, index: usize) -> Vec<String> {
        let of_it = self
            .exchanges
            .iter()
            .filter(|it: &&Exchange| it.item.operation == index);
        let of_it: Vec<&Exchange> = of_it.collect();
        let row = self
            .operation(index)
            .map(|it| coverage::row(index, it, &of_it))
            .unwrap_or_default();
        if row.members.iter().all(|(_, is_seen)| *is_seen) {
            return Vec::new();
        }
        let values = row.values.into_iter();
        let missed = values.filter(|(_, is_seen)| !is_seen);
        missed.map(|(value, _)| value).collect()
    }
}

/// True if an item of a list has one of the values at its root: `state=done`, also where a read has an envelope.
fn has_missed(item: &Value, missed: &[String]) -> bool {
    let mut members = item.as_object().into_iter().flatten();
    members.any(|(name, value)| {
        let text = value.as_str().map(|it| format!("{name}={it}"));
        text.is_some_and(|text| {
            let inside = format!(".{text}");
            missed.iter().any(|it| *it == text || it.ends_with(&inside))
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    const FIELDS: &str = "<ResponseField name=\"id\" type=\"string\" required />\n<ResponseField name=\"state\" type=\"string\" required>One of `new`, `done`.</ResponseField>\n<ResponseField name=\"notes\" type=\"object[]\" required>\n<Expandable><ResponseField name=\"text\" type=\"string\" required /></Expandable>\n</ResponseField>\n";

    /// The rules that a server breaks whose only task with notes was there before.
    fn found(note: &Value) -> Vec<&'static str> {
        let create = format!(
            "---\napi: POST /tasks\n---\n\n<ParamField body=\"title\" type=\"string\" required />\n\n{FIELDS}\n```bash\ncurl -X POST https://api.example.com/tasks -d '{{\"title\": \"Sweep\"}}'\n```\n\n```json 201\n{{\"id\": \"t_1\", \"state\": \"new\", \"notes\": []}}\n```\n"
        );
        let read = format!(
            "---\napi: GET /tasks/{{task_id}}\n---\n\n{FIELDS}\n```json 200\n{{\"id\": \"t_1\", \"state\": \"done\", \"notes\": [{{\"text\": \"Swept.\"}}]}}\n```\n"
        );
        let list = "---\napi: GET /tasks\n---\n\n<ResponseField name=\"items\" type=\"object[]\" required>\n<Expandable><ResponseField name=\"id\" type=\"string\" required /><ResponseField name=\"state\" type=\"string\" required /></Expandable>\n</ResponseField>\n\n```json 200\n{\"items\": [{\"id\": \"t_1\", \"state\": \"new\"}]}\n```\n";
        let mut tasks = vec![json!({"id": "t_0", "state": "done", "notes": [note]})];
        let mut send = |request: &Request| -> Result<Answer, Unanswered> {
            let path = request.url.split("/tasks").nth(1).unwrap_or_default();
            if request.method == "POST" {
                let id = format!("t_{}7", tasks.len());
                tasks.push(json!({"id": id, "state": "new", "notes": []}));
                return Ok(answer(201, &tasks[tasks.len() - 1].to_string()));
            }
            if path.is_empty() {
                let items = tasks.iter();
                let items: Vec<Value> = items
                    .map(|it| json!({"id": it["id"], "state": it["state"]}))
                    .collect();
                return Ok(answer(200, &json!({"items": items}).to_string()));
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
    fn what_only_older_things_show_is_looked_at() {
        assert!(found(&json!({"by": "Ann"})).contains(&"missing-response-member"));
        let rules = found(&json!({"text": "Swept."}));
        assert!(!rules.contains(&"missing-response-member"), "{rules:?}");
    }
}
