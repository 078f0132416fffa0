//! Creates that are refused because of what is there already: what another one is made of.
//!
//! Another name comes first. Where a thing takes a place for a while, as a booking does, the next one comes later; and
//! where what it belongs to holds no more, the next one goes into another. What helped once is done for all later requests of
//! the create, since a request that is refused for want of room says nothing about what it was sent for.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::moment::Moment;
use crate::conform::message::Answer;
use crate::conform::plan::input;
use crate::conform::plan::value::Fault;
use crate::conform::plan::{Item, Variant, clock, moments};
use crate::conform::said;

use super::stages::places::Place;
use super::{Exchange, Session};

/// More often no room is looked for, for what is to be refused.
const TRIES: u8 = 3;

/// By how many days each request of a create comes after the one before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    /// The days between two; none if that does not help.
    days: i64,
    /// How many came so far.
    count: i64,
}

impl Session<'_, '_> {
    /// A request that makes something else than the one before: its texts are told apart by a number, and its days come later,
    /// where that is known to be needed.
    pub(super) fn distinct(&mut self, item: Item) -> Item {
        let index = item.operation;
        let pace = self.paces.get_mut(&index).filter(|it| it.days != 0);
        let moved = pace.map(|it| {
            it.count += 1;
            it.days.saturating_mul(it.count)
        });
        let members = self.unique.get(&index);
        if members.is_none() && moved.is_none() {
            return item;
        }
        self.made += 1;
        let mut draft = item.draft.clone();
        let mut variant = item.variant.clone();
        if let Some(members) = members {
            said::once::tell_apart(members, &variant, &mut draft, self.made);
        }
        if let Some(days) = moved.filter(|_| !is_of_time(&variant)) {
            let known = draft.moments();
            draft.move_moments(&known, days);
            move_value(&mut variant, days);
        }
        self.tell_keys_apart(&mut draft);
        Item::new(index, variant, draft)
    }

    /// Sends a create once more whose names are taken although they were changed: by what earlier runs have left, which count
    /// in the same way. From then on the numbers of this run are those that the answer makes, and no others.
    pub(super) fn sent_far_apart(&mut self, item: &Item, at: usize) -> Option<usize> {
        let members = self.unique.get(&item.operation)?;
        let is_tested = match &item.variant {
            Variant::Values(changes) => changes
                .iter()
                .any(|(changed, _)| members.iter().any(|it| it.subject() == changed.subject())),
            _ => false,
        };
        if self.made >= FAR || is_tested || !self.is_conflict(at) {
            return None;
        }
        let answer = self.exchanges.get(at)?.answer.as_ref().ok()?;
        self.made = far(answer);
        let prepared = self.prepared(item, None).ok()?;
        let mut other = self.distinct(prepared);
        if let Some(exchange) = self.exchanges.get(at) {
            other.variant = exchange.item.variant.clone();
        }
        self.exchange(other)
    }

    /// True for a day or a moment that each request of a create sends later.
    pub(super) fn moves(&self, index: usize, sent: &Value) -> bool {
        let is_paced = self.paces.get(&index).is_some_and(|it| it.days != 0);
        is_paced && sent.as_str().and_then(Moment::read).is_some()
    }

    /// Looks for room for a create that is refused although it is another one: later, and then elsewhere; the exchange, if it
    /// was accepted there.
    pub(super) fn make_room(&mut self, item: &Item, at: usize) -> Option<usize> {
        let index = item.operation;
        let is_create = self.role(index).is_some_and(|it| it.kind == Kind::Create);
        if !is_create || self.has_succeeded(at) || self.is_mock {
            return None;
        }
        let is_short = self.is_short(at);
        // Who asks for the most there may be finds it nowhere.
        if is_short && matches!(item.variant, Variant::Values(_)) {
            return None;
        }
        let is_full = self.is_conflict(at) && !is_short;
        let later = if is_full {
            self.sent_after(item, at)
        } else {
            None
        };
        later.or_else(|| self.sent_elsewhere(item, at))
    }

    /// Sends a create with later days, once for each operation.
    fn sent_after(&mut self, item: &Item, at: usize) -> Option<usize> {
        let index = item.operation;
        if self.paces.contains_key(&index) {
            return None;
        }
        let days = self.span(at)?;
        self.paces.insert(index, Pace { days, count: 0 });
        let again = self.prepared(item, None).ok()?;
        let again = self.distinct(again);
        let sent = self.exchange(again);
        let helped = sent.filter(|sent| self.has_succeeded(*sent));
        if helped.is_none() {
            self.paces.insert(index, Pace::default());
        }
        helped
    }

    /// The days that a request takes up, and one more; less than none where what is in the future is refused.
    fn span(&self, at: usize) -> Option<i64> {
        let exchange = self.exchanges.get(at)?;
        let days = exchange.item.draft.moments();
        let days = days.iter().filter_map(|it| Some(Moment::read(it)?.day()));
        let (first, last) = (days.clone().min()?, days.max()?);
        let apart = i64::from(last.since(first).ok()?.get_days()) + 1;
        let inputs = self.operation(exchange.item.operation).map(input::inputs)?;
        let is_past = inputs.iter().any(clock::is_of_past);
        Some(if is_past { -apart } else { apart })
    }

    /// Sends a create that names another thing in the place of one that took what was sent before, and is full now.
    fn sent_elsewhere(&mut self, item: &Item, at: usize) -> Option<usize> {
        let index = item.operation;
        if !self.is_out_of_place(at) || !self.crowded.insert(index) {
            return None;
        }
        let named = self.exchanges.get(at)?.item.draft.clone();
        let slot = self.places_of(index).into_iter().find(|slot| {
            let id = named.slot(slot);
            let is_known = self.places.contains_key(&(index, slot.noun.clone()));
            let mut accepted = self.exchanges.iter();
            !is_known
                && id.is_some()
                && accepted.any(|it: &Exchange| {
                    it.is_success && it.item.operation == index && it.item.draft.slot(slot) == id
                })
        })?;
        let thing = self.another_of(&slot.noun)?;
        let key = (index, slot.noun);
        self.places.insert(key.clone(), Place::fresh(thing));
        let again = self.prepared(item, None).ok()?;
        let again = self.distinct(again);
        let sent = self.exchange(again);
        let helped = sent.filter(|sent| self.has_succeeded(*sent));
        if helped.is_none() {
            self.places.remove(&key);
        }
        helped
    }

    /// True if a request that is to be refused for what it sends was refused for want of room, and there is room now: it was
    /// not looked at before.
    pub(super) fn has_room_now(&mut self, item: &Item, at: usize) -> bool {
        let index = item.operation;
        let is_of_values = matches!(item.variant, Variant::Missing(_) | Variant::Invalid(..));
        if !is_of_values || !self.is_out_of_place(at) || self.has_succeeded(at) {
            return false;
        }
        let tries = self.tried_rooms.entry(index).or_default();
        *tries += 1;
        if *tries > TRIES {
            return false;
        }
        let Some(example) = self.example_item(index) else {
            return false;
        };
        let mut example = example.clone();
        example.variant = Variant::Step("a request that is right, to see whether there is room");
        let Ok(ready) = self.prepared(&example, None) else {
            return false;
        };
        let ready = self.distinct(ready);
        let Some(at) = self.exchange(ready) else {
            return false;
        };
        let found = if self.has_succeeded(at) {
            Some(at)
        } else {
            self.make_room(&example, at)
        };
        if let Some(at) = found {
            self.keep(at);
        }
        // Room that was there all the time was not what was wanting.
        found.is_some_and(|found| found != at)
    }
}

/// True for a variant whose point is how far a moment is away.
fn is_of_time(variant: &Variant) -> bool {
    let is_moment = |value: &Value| value.as_str().and_then(Moment::read).is_some();
    match variant {
        Variant::Invalid(_, value, fault, _) => *fault != Fault::Beside && is_moment(value),
        _ => false,
    }
}

/// The values that a variant is about come later as well.
fn move_value(variant: &mut Variant, days: i64) {
    let later = |value: &mut Value| {
        let text = value.as_str().filter(|it| Moment::read(it).is_some());
        let moved = text.and_then(|it| moments::moved(it, days));
        if let Some(moved) = moved {
            *value = Value::from(moved);
        }
    };
    match variant {
        Variant::Values(changes) => changes.iter_mut().for_each(|(_, value)| later(value)),
        Variant::Invalid(_, value, Fault::Beside, _) => later(value),
        _ => {}
    }
}
/// Names of a run that is repeated have numbers from here on: no run makes as many by counting.
const FAR: usize = 10_000;

/// A number that depends on all that an answer says: the hour, the id of the request, and what else is never twice the same.
fn far(answer: &Answer) -> usize {
    const COUNT: u64 = 80_000;
    let headers = answer.headers.iter();
    let headers = headers.flat_map(|(name, value)| name.bytes().chain(value.bytes()));
    // https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
    let hash = headers
        .chain(answer.body.iter().copied())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    FAR + usize::try_from((hash >> 16) % COUNT).unwrap_or_default()
}
