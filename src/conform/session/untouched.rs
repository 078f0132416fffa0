//! Updates that are refused change nothing: a thing is read before the wrong values are sent, and after. And what only requests
//! that were refused have sent, no answer shows.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::class::Class;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::value::is_documented;
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::conform::said::source;

use super::Session;

/// A thing that updates are to be refused of.
pub(super) struct Untouched {
    operation: usize,
    thing: usize,
    before: Value,
    /// How many exchanges there were then.
    since: usize,
}

impl Session<'_, '_> {
    /// What a read shows of each thing that wrong updates will be sent to.
    pub(super) fn before_refusals(&mut self) -> Vec<Untouched> {
        if !self.is_stateful() {
            return Vec::new();
        }
        let updates = self.accepted_of(Kind::Update).into_iter();
        let updates = updates.filter(|(item, _)| {
            let mut all = self.plan.items.iter();
            all.any(|it| {
                it.operation == item.operation
                    && it.variant.phase() == Phase::Negative
                    && matches!(it.variant, Variant::Invalid(..) | Variant::Missing(_))
            })
        });
        let items: Vec<Item> = updates.map(|(item, _)| item.clone()).collect();
        let mut found = Vec::new();
        for item in items {
            if let Some(untouched) = self.before_refusals_of(&item) {
                found.push(untouched);
            }
        }
        found
    }

    fn before_refusals_of(&mut self, item: &Item) -> Option<Untouched> {
        let thing = self.updated_thing(item)?;
        let read = self.read(thing, "a read before what is to be refused")?;
        let before = self.shown(read)?;
        Some(Untouched {
            operation: item.operation,
            thing,
            before,
            since: self.exchanges.len(),
        })
    }

    /// The thing that a request of an operation names where none is chosen for it.
    fn updated_thing(&self, item: &Item) -> Option<usize> {
        let own = self.role(item.operation)?.own_path()?;
        let id = self.prepared(item, None).ok()?.draft.slot(own)?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            it.noun == own.noun && it.made_by.is_some() && it.id(&own.name).as_ref() == Some(&id)
        })
    }

    /// Reports what an update that was refused has changed all the same.
    pub(super) fn check_all_untouched(&mut self, all: &[Untouched]) {
        for untouched in all {
            self.check_untouched_by(untouched);
        }
    }

    fn check_untouched_by(&mut self, untouched: &Untouched) {
        let index = untouched.operation;
        let refusals = self.refusals_since(untouched);
        let Some(refusals) = refusals.filter(|it| !it.is_empty()) else {
            return;
        };
        let read = self.read(untouched.thing, "a read after what was refused");
        let Some((read, after)) = read.and_then(|read| Some((read, self.shown(read)?))) else {
            return;
        };
        let members = after.as_object().into_iter().flatten();
        let changed = members.filter(|(name, now)| {
            let old = untouched.before.get(name.as_str());
            old.is_some_and(|old| !echo::is_same(old, now))
        });
        let changed: Vec<(String, Value)> = changed
            .map(|(name, now)| (name.clone(), now.clone()))
            .collect();
        for (name, now) in changed {
            // What nobody sent may change by itself.
            let is_of_caller = |at: &&usize| {
                let exchange = self.exchanges.get(**at);
                exchange.is_some_and(|it| it.item.variant.is_of_caller())
            };
            let mut sorted: Vec<&usize> = refusals.iter().collect();
            sorted.sort_by_key(is_of_caller);
            let sent = sorted.into_iter().find(|at| {
                let sent = self.sent(**at).unwrap_or_default();
                sent.get(&name).is_some_and(|it| echo::is_same(it, &now))
            });
            let Some(at) = sent.copied() else {
                continue;
            };
            let Some((_, operation, role)) = self.about(at) else {
                return;
            };
            // Which of them it was is not known.
            let message = match refusals.len() {
                1 => format!("{} is refused, and has changed `{name}`", operation.name()),
                count => format!(
                    "{} is refused {count} times, and one of these requests has changed `{name}`",
                    operation.name()
                ),
            };
            let status = self.exchanges.get(at).and_then(super::Exchange::status);
            let answer = status.and_then(|it| source::answer(operation, it));
            let noun = role.noun.clone();
            let old = untouched.before.get(&name).map(sample::plain);
            let subject = self.subject_of(read, &name);
            let found = Found::about(&state::REFUSED_YET_MADE, subject, message)
                .promised_at(answer)
                .seen(old.unwrap_or_default(), sample::plain(&now))
                .between(&untouched.before, &after);
            self.found(at, &noun, &format!("{index} untouched"), found);
            return;
        }
    }

    /// The first update with a wrong value, with another valid text beside: a server that keeps what comes before the wrong
    /// value, or writes before it looks, shows that.
    pub(super) fn with_a_change_beside(&self, prepared: Item) -> Item {
        let index = prepared.operation;
        let is_update = self.role(index).is_some_and(|it| it.kind == Kind::Update);
        let is_of_value = |variant: &Variant| matches!(variant, Variant::Invalid(..));
        let mut before = self
            .exchanges
            .iter()
            .filter(|it| it.item.operation == index);
        let is_first = !before.any(|it| is_of_value(&it.item.variant));
        let Variant::Invalid(wrong, ..) = &prepared.variant else {
            return prepared;
        };
        let inputs = self.operation(index).map(input::inputs).unwrap_or_default();
        let change = inputs.iter().find_map(|input| {
            let is_plain = input.place == Place::Body
                && input.is_root_member()
                && input.is_free_text()
                && !input.is_reference()
                && input.subject() != wrong.subject();
            let sent = prepared.draft.value(input).filter(|_| is_plain)?;
            let other = Value::from(format!("{} {}", sent.as_str()?, self.exchanges.len()));
            is_documented(&input.shape, &other).then_some((input, other))
        });
        let Some((input, other)) = change.filter(|_| is_update && is_first) else {
            return prepared;
        };
        let mut draft = prepared.draft.clone();
        if !draft.set(input, Some(&other)) {
            return prepared;
        }
        Item::new(index, prepared.variant.clone(), draft)
    }

    /// Looks in all answers for texts that the run has made up, and that only requests have sent which were refused.
    pub(super) fn check_refused_texts(&mut self) {
        if !self.is_stateful() || self.is_mock {
            return;
        }
        let mut found = Vec::new();
        for at in 0..self.exchanges.len() {
            for (name, text) in self.refused_texts(at) {
                if let Some(read) = self.shown_since(at, &name, &text) {
                    found.push((at, read, name, text));
                    break;
                }
            }
        }
        for (at, read, name, text) in found {
            let Some((index, operation, role)) = self.about(at) else {
                continue;
            };
            let (noun, is_update) = (role.noun.clone(), role.kind == Kind::Update);
            let status = self.exchanges.get(at).and_then(super::Exchange::status);
            let answer = status.and_then(|it| source::answer(operation, it));
            let by = self.about(read).map(|(_, it, _)| it.name());
            let message = format!(
                "{} is refused, and {} shows the `{name}` that it sent",
                operation.name(),
                by.unwrap_or_default()
            );
            let subject = format!("request.body.{name}");
            let found = Found::about(&state::REFUSED_YET_MADE, subject, message)
                .promised_at(answer)
                .seen(format!("`{text}` nowhere"), format!("`{text}`"));
            let key = if is_update {
                format!("{index} untouched")
            } else {
                "refused".to_owned()
            };
            self.found(at, &noun, &key, found);
        }
    }

    /// The texts that a refused write has sent, which no page shows and no accepted request has sent.
    fn refused_texts(&self, at: usize) -> Vec<(String, String)> {
        let Some((index, operation, _)) = self.about(at) else {
            return Vec::new();
        };
        let exchange = self.exchanges.get(at);
        let exchange = exchange.filter(|it| {
            matches!(it.status(), Some(400..500)) && self.plan.class(index) > Class::Read
        });
        let Some(exchange) = exchange else {
            return Vec::new();
        };
        let example = self.example_item(index).and_then(|it| it.draft.content());
        let is_shown = |name: &str, text: &str| {
            let shown = example.as_ref().and_then(|it| it.get(name)?.as_str());
            let mut examples = self.api.operations.iter().flat_map(|it| &it.responses);
            shown == Some(text)
                || examples.any(|it| it.examples.iter().any(|it| it.text.text().contains(text)))
        };
        let is_accepted = |text: &str| {
            let mut accepted = self.exchanges.iter().filter(|it| it.is_success);
            accepted.any(|it| {
                it.item.request.body_text().contains(text) || it.item.request.url.contains(text)
            })
        };
        let was_there = |text: &str| {
            let mut before = self.exchanges.iter().take(at);
            before.any(|it| {
                it.body
                    .as_ref()
                    .is_some_and(|it| it.to_string().contains(text))
            })
        };
        // What there may be once only is refused because it is there.
        let unique = self.unique.get(&index).map_or(&[][..], Vec::as_slice);
        let is_taken = |input: &Input| {
            let is_unique = unique.iter().any(|it| it.subject() == input.subject());
            exchange.status() == Some(409) && is_unique
        };
        let inputs = input::inputs(operation);
        let sent = exchange.item.draft.content().unwrap_or_default();
        let texts = inputs.iter().filter_map(|input| {
            let is_text = input.place == Place::Body
                && input.is_root_member()
                && input.is_free_text()
                && !is_taken(input);
            let text = sent.get(&input.name).filter(|_| is_text)?.as_str()?;
            let is_told_apart = text.chars().count() >= SHORTEST
                && text.chars().any(|it| it.is_ascii_digit())
                && text
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || " -_.".contains(it));
            let is_fit = is_told_apart
                && !is_shown(&input.name, text)
                && !is_accepted(text)
                && !was_there(text);
            is_fit.then(|| (input.name.clone(), text.to_owned()))
        });
        texts.collect()
    }

    /// The first read since then with a member of that name and that text.
    fn shown_since(&self, at: usize, name: &str, text: &str) -> Option<usize> {
        let since = self.exchanges.iter().enumerate().skip(at + 1);
        let mut reads = since.filter(|(_, it)| it.is_success && it.item.request.method == "GET");
        let found = reads.find(|(_, it)| it.body.as_ref().is_some_and(|it| holds(it, name, text)));
        found.map(|(at, _)| at)
    }

    /// The updates of a thing that were refused since it was read, the last first; none if one was accepted, or not answered.
    fn refusals_since(&self, untouched: &Untouched) -> Option<Vec<usize>> {
        let id = self.store.things.get(untouched.thing)?.key()?;
        let own = self.role(untouched.operation)?.own_path()?;
        let mut found = Vec::new();
        for (at, exchange) in self
            .exchanges
            .iter()
            .enumerate()
            .skip(untouched.since)
            .rev()
        {
            let role = self.role(exchange.item.operation)?;
            let is_read = matches!(role.kind, Kind::Read | Kind::List | Kind::Look);
            let slot = role.own_path().unwrap_or(own);
            let is_it = exchange.item.draft.slot(slot).as_ref() == Some(&id);
            if is_read || !is_it {
                continue;
            }
            match exchange.status() {
                Some(400..500) if exchange.item.operation == untouched.operation => found.push(at),
                Some(400..500) => {}
                _ => return None,
            }
        }
        Some(found)
    }
}

/// Shorter texts may be there by chance.
const SHORTEST: usize = 6;

/// True if an object somewhere in a value has a member of that name and that text.
fn holds(value: &Value, name: &str, text: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|it| holds(it, name, text)),
        Value::Object(members) => members.iter().any(|(known, value)| {
            known == name && value.as_str() == Some(text) || holds(value, name, text)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    const PAGES: [&str; 3] = [
        "---\napi: POST /jars\n---\n\n<ParamField body=\"label\" type=\"string\" required />\n\n```bash\ncurl -X POST https://api.example.com/jars -d '{\"label\": \"Plum\"}'\n```\n\n```json 201\n{\"id\": \"jar_1\", \"label\": \"Plum\", \"size\": 1}\n```\n",
        "---\napi: GET /jars/{jar_id}\n---\n\n```json 200\n{\"id\": \"jar_1\", \"label\": \"Plum\", \"size\": 1}\n```\n",
        "---\napi: PATCH /jars/{jar_id}\n---\n\n<ParamField body=\"label\" type=\"string\" />\n<ParamField body=\"size\" type=\"integer\" />\n\n```bash\ncurl -X PATCH https://api.example.com/jars/jar_1 -d '{\"label\": \"Fig\", \"size\": 2}'\n```\n\n```json 200\n{\"id\": \"jar_1\", \"label\": \"Fig\", \"size\": 2}\n```\n\n```json 422\n{\"error\": \"wrong\"}\n```\n",
    ];

    /// The rules that a server breaks that keeps what came before a wrong value, or does not.
    fn found(is_partial: bool) -> Vec<&'static str> {
        let mut jar = json!({"id": "jar_1", "label": "Plum", "size": 1});
        let mut send = |request: &Request| -> Result<Answer, Unanswered> {
            let sent: Option<Value> = serde_json::from_str(&request.body_text()).ok();
            match request.method.as_str() {
                // Further ones are of no interest.
                "POST" => Ok(answer(201, &jar.to_string())),
                _ if !request.url.ends_with("/jar_1") => {
                    Ok(answer(404, "{\"error\": \"unknown\"}"))
                }
                "GET" => Ok(answer(200, &jar.to_string())),
                _ => {
                    let sent = sent.unwrap_or_default();
                    let mut next = jar.clone();
                    let mut is_wrong = !sent.is_object();
                    if let Some(label) = sent.get("label") {
                        is_wrong |= !label.is_string();
                        next["label"] = label.clone();
                    }
                    if let (false, Some(size)) = (is_wrong, sent.get("size")) {
                        is_wrong = !size.is_i64();
                        if !is_wrong {
                            next["size"] = size.clone();
                        } else if is_partial {
                            jar = next.clone();
                        }
                    }
                    if is_wrong {
                        return Ok(answer(422, "{\"error\": \"wrong\"}"));
                    }
                    jar = next;
                    Ok(answer(200, &jar.to_string()))
                }
            }
        };
        run_with(&PAGES, &mut send).0
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        assert!(found(true).contains(&"refused-yet-made"));
        assert!(!found(false).contains(&"refused-yet-made"));
    }
}
