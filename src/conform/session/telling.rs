//! Updates that show whether they were made: a list that is another one than before, and the stage that a thing has already
//! where another one might be refused.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::echo;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Variant};
use crate::conform::said::promises::OF_STATES;
use crate::model::shape::ShapeKind;

use super::stages::actions::names_stage;
use super::{Exchange, Session};

impl Session<'_, '_> {
    /// An update with all that it takes: lists that a thing has already are sent with an item less, so that what is added to
    /// them shows, and stages are sent as they are.
    pub(super) fn made_telling(&self, item: Item) -> Item {
        let Some((operation, known)) = self.operation(item.operation).zip(self.known_of(&item))
        else {
            return item;
        };
        let example = self.example_draft(item.operation);
        let mut draft = item.draft.clone();
        for input in input::inputs(operation)
            .iter()
            .filter(|it| it.is_root_member())
        {
            let (Some(sent), Some(now)) = (draft.value(input), known.get(&input.name)) else {
                continue;
            };
            let is_shown = example.as_ref().is_some_and(|it| it.value(input).is_some());
            if !is_shown && is_stage(input) && is_documented(input, now) {
                draft.set(input, Some(now));
            } else if let Some(fewer) = fewer(input, &sent, now) {
                draft.set(input, Some(&fewer));
            }
        }
        Item::new(item.operation, item.variant, draft)
    }

    /// What is known of the thing that an update is about.
    fn known_of(&self, item: &Item) -> Option<Value> {
        let role = self.role(item.operation);
        let role = role.filter(|it| it.kind == Kind::Update)?;
        let slot = role.slots.iter().find(|slot| slot.is_own)?;
        let id = item.draft.slot(slot)?;
        let at = self.store.first_of(&slot.noun, true, |it| {
            it.id(&slot.name).as_ref() == Some(&id)
        })?;
        self.store.things.get(at).map(|it| it.object.clone())
    }

    /// An update of several members that is refused because of how the thing stands, without the stage that it asks for.
    pub(super) fn without_stage(&mut self, item: &Item, at: usize) -> Option<usize> {
        let role = self.role(item.operation)?;
        let exchange = self.exchanges.get(at)?;
        let is_of_state = exchange.status().is_some_and(|it| OF_STATES.contains(&it));
        let is_telling = match &item.variant {
            Variant::Values(changes) => changes.iter().any(|(it, _)| !is_stage(it)),
            Variant::Everything => true,
            _ => false,
        };
        if role.kind != Kind::Update || !is_of_state || !is_telling || self.says_taken(at) {
            return None;
        }
        let operation = self.operation(item.operation)?;
        let mut draft = exchange.item.draft.clone();
        let mut is_other = false;
        for input in input::inputs(operation).iter().filter(|it| is_stage(it)) {
            if draft.value(input).is_some() {
                is_other |= draft.set(input, None);
            }
        }
        let is_empty = draft.content().is_none_or(|it| it.is_empty());
        if !is_other || is_empty {
            return None;
        }
        let variant = match &item.variant {
            Variant::Values(changes) => {
                let others = changes.iter().filter(|(it, _)| !is_stage(it));
                Variant::Values(others.cloned().collect())
            }
            other => other.clone(),
        };
        let again = self.exchange(Item::new(item.operation, variant, draft))?;
        self.exchanges
            .get(again)
            .is_some_and(Exchange::is_done)
            .then_some(again)
    }
}

/// True for a member that says how far a thing is, with documented values.
fn is_stage(input: &Input) -> bool {
    input.is_root_member()
        && names_stage(&input.name)
        && input.shape.constraints.allowed.is_some()
        && !matches!(input.shape.kind, ShapeKind::Boolean)
}

fn is_documented(input: &Input, value: &Value) -> bool {
    let allowed = input.shape.constraints.allowed.as_ref();
    allowed.is_some_and(|it| it.value.contains(value))
}

/// The list without its first item, if it is there already.
fn fewer(input: &Input, sent: &Value, now: &Value) -> Option<Value> {
    let (items, now_items) = (sent.as_array()?, now.as_array()?);
    let least = input.shape.constraints.min_length.as_ref();
    let least = least.map_or(1, |it| it.value.max(1));
    let is_plain = items.iter().all(Value::is_string);
    let is_same = items.len() == now_items.len() && echo::is_same(sent, now);
    let rest = items.get(1..)?;
    let is_enough = u64::try_from(rest.len()).is_ok_and(|it| it >= least);
    (is_plain && is_same && is_enough).then(|| Value::Array(rest.to_vec()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::tests::documentation;

    #[test]
    fn a_list_that_is_there_already_is_sent_with_an_item_less() {
        let page = "---\napi: PATCH /notes/{id}\n---\n\n<ParamField body=\"tags\" type=\"string[]\">The tags.</ParamField>\n";
        let (_, documentation) = documentation("", &[page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        let tags = inputs.iter().find(|it| it.name == "tags").unwrap();
        let of = |sent: Value, now: Value| fewer(tags, &sent, &now);
        assert_eq!(of(json!(["a", "b"]), json!(["b", "a"])), Some(json!(["b"])));
        assert_eq!(of(json!(["a", "b"]), json!(["c"])), None);
        assert_eq!(of(json!(["a"]), json!(["a"])), None);
    }
}
