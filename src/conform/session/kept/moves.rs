//! Things that an update moves from one place to another: what counts them where they are follows.
//!
//! No sentence has to say so: a number of the place that goes up when something is made there counts what is there.

use serde_json::{Value, json};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Slot, SlotPlace};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Draft, Item, Variant};

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// Makes something in a new place, and moves it to another one.
    pub(in crate::conform::session) fn check_counted_moves(&mut self) {
        if !self.is_stateful() || self.is_mock {
            return;
        }
        for (item, role) in self.accepted_of(Kind::Update) {
            let slots = role.slots.iter().filter(|it| {
                let is_one = it.place == SlotPlace::Body && !it.is_list();
                is_one && !it.is_own && it.noun != role.noun
            });
            for slot in slots {
                self.check_move(item, &role.noun, slot);
            }
        }
    }

    fn check_move(&mut self, item: &Item, noun: &str, slot: &Slot) -> Option<()> {
        let create = self.example_of(noun, Kind::Create)?;
        let mut slots = self.role(create.operation)?.slots.iter();
        let into = slots.find(|it| !it.is_own && it.noun == slot.noun)?;
        let is_known = self.accepted.contains_key(&create.operation);
        let other = self.store.first(&slot.noun, true).filter(|_| is_known)?;
        // A place without any such number counts nothing.
        let counting = numbers(&self.place_now(other)?, noun);
        counting.first()?;
        let place = self.another_of(&slot.noun).filter(|it| *it != other)?;
        let empty = self.place_now(place)?;
        let mut draft = self.prepared(create, None).ok()?.draft;
        put(
            &mut draft,
            into,
            &self.store.things.get(place)?.id(&into.name)?,
        );
        let step = Variant::Step("one more, to be moved");
        let step = self.as_another(Item::new(create.operation, step, draft));
        let made = self.exchange(step).filter(|at| self.has_succeeded(*at))?;
        self.keep(made);
        let mut things = self.store.things.iter();
        let thing = things.position(|it| it.made_by == Some(made))?;
        let full = self.place_now(place)?;
        let member = counting
            .into_iter()
            .find(|name| count(&full, name) == count(&empty, name).map(|it| it + 1))?;
        let there = count(&self.place_now(other)?, &member)?;
        let target = self.store.things.get(other)?.id(&slot.name)?;
        let mut draft = self.prepared(item, Some(thing)).ok()?.draft;
        if item.request.method == "PATCH" {
            draft.set_json(json!({}));
        }
        put(&mut draft, slot, &target);
        let step = Variant::Step("a move to another place");
        let moved = self.exchange(Item::new(item.operation, step, draft));
        let moved = moved.filter(|at| self.has_succeeded(*at))?;
        let read = self.read(thing, "a read after the move")?;
        let shown = self.shown(read)?;
        let is_moved = shown.get(&slot.name).and_then(Value::as_str) == Some(target.as_str());
        self.refresh(thing, shown);
        if !is_moved {
            return None;
        }
        let left = (place, count(&empty, &member)?, "left");
        for (place, wanted, what) in [left, (other, there + 1, "went to")] {
            let now = count(&self.place_now(place)?, &member)?;
            if now != wanted {
                self.tell_not_counted(moved, noun, slot, (&member, what), (wanted, now));
                break;
            }
        }
        Some(())
    }

    fn tell_not_counted(
        &mut self,
        at: usize,
        noun: &str,
        slot: &Slot,
        (member, what): (&str, &str),
        (wanted, now): (i64, i64),
    ) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let message = format!(
            "after {} with another `{}` the {} that the {noun} {what} does not count it right in `{member}`",
            operation.name(),
            slot.name,
            slot.noun
        );
        let subject = format!("request.body.{}", slot.name);
        let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
            .seen(wanted.to_string(), now.to_string());
        self.found(at, noun, &format!("{index} {member} moved"), found);
    }

    /// What a read shows of a place at this moment.
    fn place_now(&mut self, place: usize) -> Option<Value> {
        let read = self.read(place, "a read of what things are moved to")?;
        self.shown(read)
    }
}

/// The members that may count things of a noun: `book_count`, `books`.
fn numbers(object: &Value, noun: &str) -> Vec<String> {
    let members = object.as_object().into_iter().flatten();
    let numbers = members.filter(|(name, value)| value.is_i64() && letters(name).contains(noun));
    numbers.map(|(name, _)| name.clone()).collect()
}

fn count(object: &Value, member: &str) -> Option<i64> {
    object.get(member)?.as_i64()
}

fn put(draft: &mut Draft, slot: &Slot, id: &str) {
    if draft.lacks(slot) {
        draft.add_slot(slot, Value::from(id));
    } else {
        draft.set_slot(slot, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_the_noun_in_their_names_may_count() {
        let place = json!({"id": "r_1", "book_count": 2, "books": 2, "width": 90, "book": "b_1"});
        assert_eq!(numbers(&place, "book"), ["book_count", "books"]);
        assert_eq!(count(&place, "book_count"), Some(2));
        assert!(numbers(&place, "pen").is_empty());
    }
}
