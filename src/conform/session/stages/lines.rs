//! Requests with several lines, of which one asks for more than there is: they are refused as a whole, and no line takes
//! anything.

use serde_json::Value;

use crate::conform::plan::input::Step;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::promises;

use super::stock::{Asking, Left, WORDS, number};
use crate::conform::session::{Exchange, Session};

impl<'a> Session<'a, '_> {
    /// Of several lines of which one asks for too much, the one before takes nothing either.
    pub(super) fn check_other_line(&mut self, asking: &Asking<'a>, left: &Left, amount: f64) {
        let Some((list, other)) = self.before_others(asking, left) else {
            return;
        };
        let Some(request) = self.request_for(asking, left, amount) else {
            return;
        };
        let mut draft = request.draft;
        let ids = [other.thing, left.thing];
        let ids = ids.map(|it| self.store.things.get(it)?.id(&asking.slot.name));
        let [Some(first), Some(second)] = ids else {
            return;
        };
        let Some(like) = draft.value(&asking.input) else {
            return;
        };
        let with_other = |body: &mut Value| {
            let rows = body.get_mut(&list)?.as_array_mut()?;
            let mut row = rows.first()?.clone();
            swap(&mut row, &second, &first);
            let mut place = &mut row;
            for step in asking.input.steps.get(2..)? {
                place = place.get_mut(step.name()?)?;
            }
            *place = number(1.0, other.digits, &like)?;
            rows.insert(0, row);
            Some(())
        };
        let Some(mut body) = draft.json().cloned() else {
            return;
        };
        if with_other(&mut body).is_none() {
            return;
        }
        draft.set_json(body);
        let item = Item::new(asking.item.operation, Variant::Step(WORDS), draft);
        let Some(at) = self.exchange(item) else {
            return;
        };
        if self.has_succeeded(at) {
            self.keep(at);
            return;
        }
        let status = self.exchanges.get(at).and_then(Exchange::status);
        if status.is_some_and(|it| promises::OF_STATES.contains(&it)) {
            self.check_untouched(at, &other);
        }
    }

    /// The list whose lines ask, and another thing of which there is some.
    fn before_others(&mut self, asking: &Asking<'a>, left: &Left) -> Option<(String, Left)> {
        let (list, item) = asking.input.steps.first().zip(asking.input.steps.get(1))?;
        let (Step::Member(list), Step::Item) = (list, item) else {
            return None;
        };
        let things = self.store.things.iter().enumerate();
        let mut others = things.filter(|(at, it)| {
            let is_own = it.noun == asking.slot.noun && it.made_by.is_some();
            *at != left.thing && is_own && !it.is_gone && !it.is_lost
        });
        let (other, _) = others.next()?;
        let other = self.left(asking, other)?;
        (other.amount >= 1.0 && other.member == left.member).then(|| (list.clone(), other))
    }
}

/// Puts one id in the place of another one.
fn swap(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|it| swap(it, from, to)),
        Value::Object(members) => members.values_mut().for_each(|it| swap(it, from, to)),
        _ => {}
    }
}
