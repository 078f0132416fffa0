//! An update to the name that another thing has, where the page says that this is refused.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Phase, Variant};
use crate::conform::said::promises;
use crate::model::Operation;

use super::again::says_unique;
use crate::conform::session::{Exchange, Session, Thing};

/// The status of what another thing has.
const CONFLICT: u16 = 409;

impl Session<'_, '_> {
    /// Gives one thing of the run the name of another one, by the update of its kind.
    pub(in crate::conform::session) fn check_rivals(&mut self) {
        if !self.plan.has(Phase::Negative) || !self.plan.has(Phase::State) {
            return;
        }
        for (item, role) in self.accepted_of(Kind::Update) {
            let operation = self.operation(item.operation);
            let told = operation.and_then(|it| Some((it, single(it)?)));
            if let Some((operation, single)) = told {
                self.check_rival(item, &role.noun, operation, &single);
            }
        }
    }

    fn check_rival(
        &mut self,
        item: &Item,
        noun: &str,
        operation: &Operation,
        single: &Input,
    ) -> Option<()> {
        let name = single.name.as_str();
        let index = item.operation;
        let expected = describe_status(CONFLICT);
        // An update of the run may have done so already.
        let known = self.shared_name(index, noun, name);
        let at = if let Some(at) = known {
            at
        } else {
            let (thing, taken) = self.rivals(noun, name)?;
            let mut item = self.prepared(item, Some(thing)).ok()?;
            item.draft.set(single, Some(&taken)).then_some(())?;
            let step = Variant::Step("an update to what another one has");
            self.exchange(Item::new(index, step, item.draft))?
        };
        let status = self.exchanges.get(at).and_then(Exchange::status)?;
        if self.has_succeeded(at) {
            if known.is_none() {
                self.keep(at);
            }
            let message = format!(
                "{} gives one {noun} the `{name}` of another one, and the page says that it is refused then",
                operation.name()
            );
            let found = Found::about(&state::ACCEPTED_AGAIN, single.subject(), message)
                .promised_at(Some(single.span))
                .seen(expected, describe_status(status));
            self.found(at, noun, &format!("{index} rival"), found);
        } else if matches!(status, 400 | 422) {
            let message = format!(
                "{} with the `{name}` of another {noun} is answered with {} in place of {expected}",
                operation.name(),
                describe_status(status)
            );
            let found = Found::about(&UNEXPECTED_REFUSAL, single.subject(), message)
                .promised_at(Some(single.span))
                .seen(expected, describe_status(status));
            self.found(at, noun, &format!("{index} rival"), found);
        }
        Some(())
    }

    /// The update that gave a thing of the run the name that another one beside it has.
    fn shared_name(&self, index: usize, noun: &str, name: &str) -> Option<usize> {
        let own = self.named(noun, name);
        let (_, one, value) = own.iter().find(|(at, one, value)| {
            let mut others = own.iter().filter(|(other, ..)| other != at);
            others.any(|(_, other, it)| it == value && other.parents == one.parents)
        })?;
        let updates = self.exchanges.iter().enumerate().rev();
        let mut updates = updates.filter(|(_, it)| it.item.operation == index && it.is_success);
        let id = one.key()?;
        let at = updates.find(|(at, it)| {
            let sent = self.sent(*at).unwrap_or_default();
            sent.get(name) == Some(*value) && it.item.request.url.contains(&id)
        });
        at.map(|(at, _)| at)
    }

    /// A thing of the run that nothing was done to, and the name of another one beside it.
    fn rivals(&self, noun: &str, name: &str) -> Option<(usize, Value)> {
        let own = self.named(noun, name);
        let (_, first, taken) = own.first()?;
        let other = own
            .iter()
            .find(|(_, it, value)| it.parents == first.parents && value != taken)?;
        Some((other.0, (*taken).clone()))
    }

    /// The things of the run that nothing was done to, with their names.
    fn named(&self, noun: &str, name: &str) -> Vec<(usize, &Thing, &Value)> {
        let things = self.store.things.iter().enumerate();
        things
            .filter(|(_, it)| it.noun == noun && it.made_by.is_some() && it.uses == 0)
            .filter(|(_, it)| it.is_own && !it.is_gone && !it.is_lost)
            .filter_map(|(at, it)| Some((at, it, it.object.get(name)?)))
            .filter(|(.., value)| value.as_str().is_some_and(|it| !it.is_empty()))
            .collect()
    }
}

/// The only member of an update that may not be that of another thing, as the page says it.
fn single(operation: &Operation) -> Option<Input> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:another|other|existing|different)\s+\w+\s+(?:already\s+)?(?:has|have|uses?|owns?)\b|\balready\s+(?:in\s+use|used|taken|exists?)\b|\b(?:taken|used|in\s+use)\s+by\s+(?:another|an?\s+other)\b",
        )
    });
    let lines = promises::lines_about(operation, CONFLICT);
    let status = format!("{CONFLICT}");
    let is_told = |input: &Input| {
        let text = &input.description;
        if text.contains(&status) {
            return OTHER.is_match(text) || says_unique(&text.to_lowercase());
        }
        let mut own = lines.iter().filter(|line| names(line, &input.name));
        own.any(|line| OTHER.is_match(line) || says_unique(line))
    };
    let inputs = input::inputs(operation).into_iter();
    let mut singles = inputs
        .filter(|it| it.is_root_member() && it.shape.is_text())
        .filter(is_told);
    let single = singles.next()?;
    singles.next().is_none().then_some(single)
}

/// True if a line has a name as a word, in backticks or not.
fn names(line: &str, name: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    /// The rules that a server breaks which answers an update to a taken name with a status.
    fn found(text: &str, status: u16) -> Vec<&'static str> {
        let fields = "<ResponseField name=\"id\" type=\"string\" required />\n<ResponseField name=\"name\" type=\"string\" required />\n";
        let create = format!(
            "---\napi: POST /crews\n---\n\n<ParamField body=\"name\" type=\"string\" required />\n\n{fields}\n```bash\ncurl -X POST https://api.example.com/crews -d '{{\"name\": \"Terns\"}}'\n```\n\n```json 201\n{{\"id\": \"c_1\", \"name\": \"Terns\"}}\n```\n"
        );
        let update = format!(
            "---\napi: PATCH /crews/{{crew_id}}\n---\n\n<ParamField body=\"name\" type=\"string\">{text}</ParamField>\n\n{fields}\n```bash\ncurl -X PATCH https://api.example.com/crews/c_1 -d '{{\"name\": \"Gulls\"}}'\n```\n\n```json 200\n{{\"id\": \"c_1\", \"name\": \"Gulls\"}}\n```\n"
        );
        let read = format!(
            "---\napi: GET /crews/{{crew_id}}\n---\n\n{fields}\n```json 200\n{{\"id\": \"c_1\", \"name\": \"Terns\"}}\n```\n"
        );
        let mut crews: Vec<Value> = Vec::new();
        let mut send = |request: &Request| -> Result<Answer, Unanswered> {
            let path = request.url.split("/crews").nth(1).unwrap_or_default();
            let sent: Value = serde_json::from_str(&request.body_text()).unwrap_or_default();
            let name = sent["name"].clone();
            if request.method != "GET" && !name.is_string() {
                return Ok(answer(422, "{\"error\": \"name\"}"));
            }
            let is_taken = crews.iter().any(|it| it["name"] == name);
            if request.method == "POST" {
                let id = format!("c_{}7", crews.len());
                crews.push(json!({"id": id, "name": name}));
                return Ok(answer(201, &crews[crews.len() - 1].to_string()));
            }
            let mut known = crews.iter_mut();
            let Some(crew) = known.find(|it| it["id"].as_str() == path.strip_prefix('/')) else {
                return Ok(answer(404, "{\"error\": \"unknown\"}"));
            };
            if request.method == "PATCH" {
                if is_taken && crew["name"] != name && status != 200 {
                    return Ok(answer(status, "{\"error\": \"taken\"}"));
                }
                crew["name"] = name;
            }
            Ok(answer(200, &crew.to_string()))
        };
        run_with(&[&create, &update, &read], &mut send).0
    }

    #[test]
    fn a_name_that_another_thing_has_is_refused() {
        let text = "A name that another crew has gets a `409`.";
        assert!(!found(text, 409).contains(&"unexpected-refusal"));
        assert!(found(text, 200).contains(&"accepted-again"));
        assert!(found(text, 400).contains(&"unexpected-refusal"));
        assert!(!found("The name.", 200).contains(&"accepted-again"));
    }
}
