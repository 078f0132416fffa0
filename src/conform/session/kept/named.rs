//! More things whose names the request chooses itself, as in `PUT /polls/{id}/votes/{voter}`: lists of one item show little.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::{Kind, Slot, SlotPlace};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::value::is_documented;
use crate::conform::plan::{Draft, Item, Variant, sample};

use crate::conform::session::{Exchange, Session, Thing};

/// So many more are made.
const MORE: usize = 2;

impl Session<'_, '_> {
    /// Makes more things beside the only one of a list, where each has a name of the caller's choice.
    pub(in crate::conform::session) fn make_beside(&mut self) {
        for (item, role) in self.accepted_of(Kind::Create) {
            let Some(slot) = role.own_path().cloned() else {
                continue;
            };
            let index = item.operation;
            let made = self.store.things.iter().filter(|it| it.noun == role.noun);
            let parents: Vec<_> = made.map(|it| it.parents.clone()).collect();
            let first = parents.first();
            let is_alone = parents.iter().filter(|it| Some(*it) == first).count() == 1;
            let example = self
                .accepted
                .get(&index)
                .and_then(|at| self.exchanges.get(*at));
            let Some(draft) = example.map(|it| it.item.draft.clone()).filter(|_| is_alone) else {
                continue;
            };
            if self.example_of(&role.noun, Kind::List).is_none() || !self.plan.may_write {
                continue;
            }
            let Some(names) = self.names_beside(index, &slot, &draft) else {
                continue;
            };
            for (number, name) in names.into_iter().enumerate() {
                let mut draft = draft.clone();
                draft.set_slot(&slot, &name);
                self.choose_beside(&mut draft, number);
                let step = Variant::Step("one more of another name");
                let Some(at) = self.exchange(Item::new(index, step, draft)) else {
                    return;
                };
                if !self.has_succeeded(at) {
                    break;
                }
                self.keep(at);
            }
        }
    }

    /// Reads what is below a thing that nothing was added to yet: what counts or lists what is there may trip over nothing.
    pub(in crate::conform::session) fn look_below_new(&mut self) {
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let Some(role) = self.role(item.operation) else {
                continue;
            };
            let mut slots = role.slots.iter().filter(|slot| {
                slot.place == SlotPlace::Path && (!slot.is_own || role.kind == Kind::List)
            });
            let slot = slots.next_back().filter(|_| item.request.method == "GET");
            let known = self.accepted.get(&item.operation).copied();
            let (Some(slot), Some(known)) = (slot, known) else {
                continue;
            };
            let used = self
                .exchanges
                .get(known)
                .and_then(|it| it.item.draft.slot(slot));
            let own = self.store.own(&slot.noun);
            let mut new = own.iter().filter(|it| it.additions == 0 && it.uses == 0);
            let id = new.find_map(|it| it.id(&slot.name).filter(|id| Some(id) != used.as_ref()));
            let Some((id, prepared)) = id.zip(self.prepared(item, None).ok()) else {
                continue;
            };
            let mut draft = prepared.draft;
            draft.set_slot(slot, &id);
            let step = Variant::Step("a read below what is new");
            let Some(at) = self.exchange(Item::new(item.operation, step, draft)) else {
                return;
            };
            // That there is nothing yet may be refused as well.
            let status = self.exchanges.get(at).and_then(Exchange::status);
            if status.is_some_and(|it| !(400..500).contains(&it)) {
                self.judge(at);
            }
        }
    }

    /// Other names, if the page lets the caller choose any.
    fn names_beside(&self, index: usize, slot: &Slot, draft: &Draft) -> Option<Vec<String>> {
        let inputs = input::inputs(self.operation(index)?);
        let input = inputs.iter().find(|it| slot.is_for(it))?;
        let shown = draft.slot(slot).filter(|_| is_own_choice(input))?;
        let names = (0..MORE).map(|number| format!("{shown}{}", number + 2));
        let names: Vec<String> = names.collect();
        let is_fit = |it: &String| is_documented(&input.shape, &Value::from(it.as_str()));
        names.iter().all(is_fit).then_some(names)
    }

    /// Puts another value that the same thing offers in the place of the one that is sent: another of the choices of a poll.
    fn choose_beside(&self, draft: &mut Draft, number: usize) {
        let Some(Value::Object(mut sent)) = draft.json().cloned() else {
            return;
        };
        let is_named = |it: &&Thing| {
            let key = it.key();
            let mut words = draft.path_words().into_iter();
            it.made_by.is_some() && words.any(|word| Some(word) == key)
        };
        let things: Vec<_> = self.store.things.iter().filter(is_named).collect();
        for value in sent.values_mut() {
            let place = match value {
                Value::Array(items) if items.len() == 1 => items.first_mut(),
                Value::String(_) => Some(value),
                _ => None,
            };
            let Some(place) = place else {
                continue;
            };
            let others = things.iter().find_map(|it| beside(&it.object, place));
            if let Some(other) = others.and_then(|it| it.into_iter().cycle().nth(number)) {
                *place = other;
            }
        }
        draft.set_json(Value::Object(sent));
    }
}

/// The other values of a member in a list of an object, one of whose items has a value there.
fn beside(object: &Value, value: &Value) -> Option<Vec<Value>> {
    let text = value.as_str()?;
    let lists = object.as_object()?.values().filter_map(Value::as_array);
    lists.into_iter().find_map(|items| {
        let first = items.first()?.as_object()?;
        first.keys().find_map(|name| {
            let all: Vec<&Value> = items.iter().filter_map(|it| it.get(name)).collect();
            let has_it = all.iter().any(|it| sample::plain(it) == text);
            let others = all.into_iter().filter(|it| sample::plain(it) != text);
            let others: Vec<Value> = others.cloned().collect();
            (has_it && !others.is_empty()).then_some(others)
        })
    })
}

/// True if the text of a name says that the caller chooses it: "Your id for the voter. 1 to 64 letters, digits, or dashes".
fn is_own_choice(input: &Input) -> bool {
    static CHOICE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:your|own|you\s+(?:choose|make|pick|give|like)|any\s+(?:name|id|text|string)|free(?:ly)?\s+chosen|letters|characters|unique)\b",
        )
    });
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bone\s+of\b|\b(?:has|have)\s+to\s+exist\b|\bexisting\b|\b(?:codes?|locale|language|country|currency|domain|address|e-?mail)\b|`\w+`,\s*`\w+`",
        )
    });
    let text = &input.description;
    input.is_free_text() && CHOICE.is_match(text) && !LISTED.is_match(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn things_offer_other_values_of_a_list() {
        let poll = json!({"id": "p1", "choices": [{"id": "c1"}, {"id": "c2"}, {"id": "c3"}]});
        assert_eq!(
            beside(&poll, &json!("c2")),
            Some(vec![json!("c1"), json!("c3")])
        );
        assert_eq!(beside(&poll, &json!("c9")), None);
        assert_eq!(beside(&json!({"tags": ["a", "b"]}), &json!("a")), None);
    }
}
