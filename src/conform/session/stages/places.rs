//! Creates that the page refuses unless what they name is in some state: an order for an event that is not published, a
//! charge to an account without credit.
//!
//! Such an answer is no refusal of the request. What is named is made anew, and what changes its state is done to it; all
//! later requests of that create name it, and another one in its place when it is used up.

use serde_json::Value;

use super::{cases, late, ready, stock};
use crate::conform::chain::{Kind, Slot};
use crate::conform::judge::standing;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::promises::OF_STATES;

use crate::conform::session::{Exchange, Session, Thing};

/// What is used up is not made anew more often for one operation.
const RENEWALS: usize = 8;

/// So many things are tried that other creates name.
const OTHERS: usize = 2;

/// So many other values of a create are tried before its example.
const CHOICES: usize = 6;

/// The same where there is too little of something: a variant may ask for more than there ever is.
const REFILLS: usize = 2;

/// Where the things of a create go.
#[derive(Clone, Debug)]
pub(in crate::conform::session) struct Place {
    /// The thing that the create names.
    thing: usize,
    /// What was done to it, in this order, by the operations.
    openers: Vec<usize>,
    /// The request of the same create that comes before all others, by its place in the plan.
    first: Option<usize>,
    renewals: usize,
    /// True if each request uses it up.
    is_spent_by_use: bool,
    /// True if it was there before, and cannot be made anew.
    is_found: bool,
}

impl Place {
    /// Something in the place of what is full.
    pub(in crate::conform::session) fn fresh(thing: usize) -> Self {
        Self {
            thing,
            openers: Vec::new(),
            first: None,
            renewals: 0,
            is_spent_by_use: false,
            is_found: false,
        }
    }

    /// Something that each request uses up.
    pub(in crate::conform::session) fn spent_by_use(thing: usize) -> Self {
        Self {
            is_spent_by_use: true,
            ..Self::fresh(thing)
        }
    }

    /// True if each request uses it up.
    pub(in crate::conform::session) fn is_spent_by_use(&self) -> bool {
        self.is_spent_by_use
    }
}

impl<'a> Session<'a, '_> {
    /// The thing of a noun that an operation has to name.
    pub(in crate::conform::session) fn place(&self, operation: usize, noun: &str) -> Option<usize> {
        let place = self.places.get(&(operation, noun.to_owned()))?;
        let thing = self.store.things.get(place.thing)?;
        (!thing.is_gone && !thing.is_lost).then_some(place.thing)
    }

    /// True if a create was refused because of the state of what it names, as a page says that it may be.
    pub(in crate::conform::session) fn is_out_of_place(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let is_of_state = exchange
            .status()
            .is_some_and(|status| OF_STATES.contains(&status));
        let index = exchange.item.operation;
        let is_create = self
            .role(index)
            .is_some_and(|role| role.kind == Kind::Create);
        // There may be enough of another one, and another one is in another stage.
        let is_meant = matches!(
            exchange.item.variant,
            Variant::Step(stock::WORDS | late::WORDS | cases::WORDS)
        );
        is_create
            && !is_meant
            && (is_of_state && self.documents_state(index) || self.is_short(at))
            && !self.places_of(index).is_empty()
    }

    /// True if a documented request is refused because there is too little of something, as the docs say that it may be.
    pub(in crate::conform::session) fn is_short(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let operation = self.operation(exchange.item.operation);
        let Some((operation, status)) = operation.zip(exchange.status()) else {
            return false;
        };
        let is_said = exchange.body.as_ref().is_some_and(standing::says_short);
        matches!(status, 400 | 402 | 403 | 409 | 422 | 424)
            && is_said
            && self.is_turned_down(at)
            && (self.documented_code(at).is_some()
                || status == 402 && ready::documents(operation, status)
                || self.is_shown_refusal_of(at))
    }

    /// True if the answer or the page speaks of things that are there already.
    pub(in crate::conform::session) fn speaks_of_repeats(&self, at: usize) -> bool {
        const WORDS: &[&str] = &["already", "exist", "taken", "duplicate", "unique", "in use"];
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let body = exchange.body.as_ref().map(ToString::to_string);
        let text = body.unwrap_or_default().to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    }

    fn documents_state(&self, index: usize) -> bool {
        self.operation(index).is_some_and(|operation| {
            OF_STATES
                .iter()
                .any(|status| ready::documents(operation, *status))
        })
    }

    /// The slots that name other things which the run can make.
    pub(in crate::conform::session) fn places_of(&self, index: usize) -> Vec<Slot> {
        let Some(role) = self.role(index) else {
            return Vec::new();
        };
        let is_made = |slot: &&Slot| {
            let create = self.example_of(&slot.noun, Kind::Create);
            !slot.is_own && create.is_some_and(|it| self.accepted.contains_key(&it.operation))
        };
        role.slots.iter().filter(is_made).cloned().collect()
    }

    /// Brings what a create names into other states until the create is accepted; the exchange.
    ///
    /// What other creates have found ready comes first, and what the example of the page names last.
    pub(in crate::conform::session) fn put_in_place(&mut self, item: &Item) -> Option<usize> {
        for slot in self.places_of(item.operation) {
            for thing in self.ready_for_others(item.operation, &slot.noun) {
                let place = Place::fresh(thing);
                if let Some(at) = self.put_into(item, &slot, place) {
                    return Some(at);
                }
            }
            if let Some(at) = self.put_after_openers(item, &slot) {
                return Some(at);
            }
            if let Some(at) = self.put_after_another(item, &slot) {
                return Some(at);
            }
        }
        self.put_as_shown(item)
    }

    /// True if a create names what its page shows, as nothing that the run makes would do.
    pub(in crate::conform::session) fn is_as_page_shows(&self, index: usize, noun: &str) -> bool {
        let place = self.places.get(&(index, noun.to_owned()));
        place.is_some_and(|it| it.is_found)
    }

    /// The things of a noun that other creates name.
    fn ready_for_others(&self, index: usize, noun: &str) -> Vec<usize> {
        let others = self.places.iter().filter(|((operation, of), place)| {
            let thing = self.store.things.get(place.thing);
            let is_there = thing.is_some_and(|it| !it.is_gone && !it.is_lost);
            *operation != index && of == noun && is_there && !place.is_spent_by_use
        });
        let mut things: Vec<usize> = others.map(|(_, place)| place.thing).collect();
        things.sort_unstable();
        things.dedup();
        things.truncate(OTHERS);
        things
    }

    /// Sends a create that names a thing; the exchange, if it is not refused because of the state of that.
    fn put_into(&mut self, item: &Item, slot: &Slot, place: Place) -> Option<usize> {
        let key = (item.operation, slot.noun.clone());
        self.places.insert(key.clone(), place);
        let again = self.prepared(item, None).ok();
        let at = match again.filter(|_| self.stopped().is_none()) {
            Some(again) => {
                let again = self.with_own_key(again);
                Some(self.send_once(again))
            }
            None => None,
        };
        let status = at.and_then(|at| self.exchanges.get(at)?.status());
        let is_unknown = status.is_none_or(|it| matches!(it, 404 | 410));
        let at = at.filter(|at| !is_unknown && !self.is_out_of_place(*at));
        if at.is_none() {
            self.places.remove(&key);
        }
        at
    }

    /// Does to a new thing what changes its state, until a create that names it is accepted.
    fn put_after_openers(&mut self, item: &Item, slot: &Slot) -> Option<usize> {
        let mut openers = self.openers_of(item, &slot.noun);
        // Nothing goes into what is gone.
        openers.retain(|it| {
            let role = self.role(it.operation);
            role.is_some_and(|it| it.kind != Kind::Delete)
        });
        if openers.is_empty() {
            return None;
        }
        let thing = self.another_of(&slot.noun)?;
        self.use_up(Some(thing));
        let mut done = Vec::new();
        for opener in openers {
            if !self.open(opener, thing) {
                continue;
            }
            done.push(opener.operation);
            let place = Place {
                openers: done.clone(),
                ..Place::fresh(thing)
            };
            if let Some(at) = self.put_into(item, slot, place) {
                return Some(at);
            }
        }
        None
    }

    /// Sends the same create with other documented values first, each for one new thing: what comes in goes out later.
    fn put_after_another(&mut self, item: &Item, slot: &Slot) -> Option<usize> {
        let index = item.operation;
        let is_choice = |it: &Item| match &it.variant {
            Variant::Values(changes) => changes.iter().all(|(input, _)| {
                input.is_root_member() && input.shape.constraints.allowed.is_some()
            }),
            _ => false,
        };
        let items = self.plan.items.iter().enumerate();
        let choices = items.filter(|(_, it)| it.operation == index && is_choice(it));
        let choices: Vec<_> = choices.map(|(at, _)| at).take(CHOICES).collect();
        if choices.is_empty() {
            return None;
        }
        let thing = self.another_of(&slot.noun)?;
        self.use_up(Some(thing));
        for first in choices {
            let place = Place {
                first: Some(first),
                ..Place::fresh(thing)
            };
            if !self.begin(index, &slot.noun, place.clone()) {
                continue;
            }
            if let Some(at) = self.put_into(item, slot, place) {
                return Some(at);
            }
        }
        None
    }

    /// Sends what comes before all other requests of a create that name a thing; true if it was accepted.
    fn begin(&mut self, index: usize, noun: &str, place: Place) -> bool {
        let Some(first) = place.first.and_then(|at| self.plan.items.get(at)) else {
            return true;
        };
        let key = (index, noun.to_owned());
        self.places.insert(key.clone(), place);
        let prepared = self.prepared(first, None).ok();
        self.places.remove(&key);
        let Some(mut prepared) = prepared.filter(|_| self.stopped().is_none()) else {
            return false;
        };
        prepared.variant = Variant::Step("what has to be done before");
        let prepared = self.with_own_key(prepared);
        let at = self.send_once(prepared);
        let is_done = self.has_succeeded(at);
        if is_done {
            self.keep(at);
        }
        is_done
    }

    /// Sends a create with the ids that its page shows: they may be those of things that everybody has.
    pub(in crate::conform::session) fn put_as_shown(&mut self, item: &Item) -> Option<usize> {
        let slots = self.places_of(item.operation);
        let shown: Vec<_> = slots
            .into_iter()
            .filter_map(|slot| Some((item.draft.slot(&slot)?, slot)))
            .collect();
        let is_open = !item.draft.open().is_empty() || !item.placeholders.is_empty();
        if shown.is_empty() || is_open || self.stopped().is_some() {
            return None;
        }
        let again = Item::new(item.operation, item.variant.clone(), item.draft.clone());
        let mut sent = self.exchanges.iter().map(|it| &it.item);
        let is_sent = sent.any(|it| {
            it.operation == again.operation
                && it.request.url == again.request.url
                && it.request.body == again.request.body
        });
        if is_sent {
            return None;
        }
        let again = self.with_own_key(again);
        let at = self.send_once(again);
        if !self.has_succeeded(at) {
            return None;
        }
        for (id, slot) in shown {
            let is_it = |it: &Thing| it.noun == slot.noun && it.id(&slot.name) == Some(id.clone());
            let known = self.store.things.iter().position(is_it);
            let thing = known.unwrap_or_else(|| {
                let key = self.key(&slot.noun);
                self.store.add(Thing {
                    location: Some(id.clone()),
                    is_own: false,
                    ..Thing::own(&slot.noun, Value::Null, &key)
                });
                self.store.things.len() - 1
            });
            let place = Place {
                is_found: true,
                ..Place::fresh(thing)
            };
            self.places.insert((item.operation, slot.noun), place);
        }
        Some(at)
    }

    pub(in crate::conform::session) fn open(&mut self, opener: &Item, thing: usize) -> bool {
        let Ok(mut prepared) = self.prepared(opener, Some(thing)) else {
            return false;
        };
        prepared.variant = Variant::Step("what has to be done before");
        let done = self.exchange(prepared);
        let done = done.and_then(|at| self.exchanges.get(at));
        if !done.is_some_and(Exchange::is_done) {
            return false;
        }
        // What is known of the thing is from before.
        let read = self.read(thing, "a read of what was prepared");
        let status = read.and_then(|read| self.exchanges.get(read)?.status());
        if let Some(known) = self.store.things.get_mut(thing)
            && status.is_some_and(|it| matches!(it, 404 | 410))
        {
            known.is_gone = true;
            return false;
        }
        if let Some(shown) = read.and_then(|read| self.shown(read)) {
            self.refresh(thing, shown);
        }
        true
    }

    /// What was done to the things that a create names, before it was accepted.
    pub(in crate::conform::session) fn openers_at(
        &self,
        operation: usize,
        noun: &str,
    ) -> Vec<&'a Item> {
        let place = self.places.get(&(operation, noun.to_owned()));
        let openers = place.map(|it| it.openers.clone()).unwrap_or_default();
        let examples = openers.into_iter().map(|it| self.example_item(it));
        examples.flatten().collect()
    }

    /// One more thing in the state in which the requests of an operation have to find it.
    pub(in crate::conform::session) fn another_in_place(
        &mut self,
        index: usize,
        slot: &Slot,
    ) -> Option<usize> {
        match self.places.get(&(index, slot.noun.clone())).cloned() {
            Some(place) if place.is_found || place.first.is_some() => None,
            Some(place) => self.opened(&place, slot),
            None => self.another_of(&slot.noun),
        }
    }

    /// A new thing to which is done what was done to the one that a create names.
    fn opened(&mut self, place: &Place, slot: &Slot) -> Option<usize> {
        let thing = self.another_of(&slot.noun)?;
        self.use_up(Some(thing));
        for operation in &place.openers {
            let opener = self.example_item(*operation)?;
            if !self.open(opener, thing) {
                return None;
            }
        }
        Some(thing)
    }

    /// Sends a create once more with another thing in the place of one that is used up; the exchange.
    ///
    /// `at` is the exchange that was refused.
    pub(in crate::conform::session) fn renew_place(
        &mut self,
        item: &Item,
        at: usize,
    ) -> Option<usize> {
        let most = if self.is_short(at) { REFILLS } else { RENEWALS };
        let is_refused = item.variant.is_refused() || self.is_repeated_on_purpose(item);
        let slots = self.places_of(item.operation);
        let slot = slots.into_iter().find(|slot| {
            let key = (item.operation, slot.noun.clone());
            self.places.contains_key(&key)
        })?;
        let key = (item.operation, slot.noun.clone());
        let place = self.places.get(&key)?.clone();
        if place.is_spent_by_use || place.is_found {
            return None;
        }
        let used = self.store.things.get(place.thing)?.id(&slot.name);
        if is_refused || place.renewals >= most || item.draft.slot(&slot) != used {
            return None;
        }
        let thing = self.opened(&place, &slot)?;
        let id = self.store.things.get(thing)?.id(&slot.name)?;
        let renewed = Place {
            thing,
            renewals: place.renewals + 1,
            ..place
        };
        if !self.begin(item.operation, &slot.noun, renewed.clone()) {
            return None;
        }
        self.places.insert(key, renewed);
        let mut draft = item.draft.clone();
        draft.set_slot(&slot, &id);
        let again = Item::new(item.operation, item.variant.clone(), draft);
        if self.stopped().is_some() {
            return None;
        }
        // The key of what was refused belongs to that.
        let again = self.with_own_key(again);
        Some(self.send_once(again))
    }
}

#[cfg(test)]
mod tests;
