//! Creates that the page refuses unless what they name is in some state: an order for an event that is not published, a
//! charge to an account without credit.
//!
//! Such an answer is no refusal of the request. What is named is made anew, and what changes its state is done to it; all
//! later requests of that create name it, and another one in its place when it is used up.

use super::{ready, stock};
use crate::conform::chain::{Kind, Slot};
use crate::conform::judge::standing;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::promises::OF_STATES;

use crate::conform::session::{Exchange, Session};

/// What is used up is not made anew more often for one operation.
const RENEWALS: usize = 8;

/// The same where there is too little of something: a variant may ask for more than there ever is.
const REFILLS: usize = 2;

/// Where the things of a create go.
#[derive(Clone, Debug)]
pub(in crate::conform::session) struct Place {
    /// The thing that the create names.
    thing: usize,
    /// What was done to it, in this order, by the operations.
    openers: Vec<usize>,
    renewals: usize,
    /// True if each request uses it up.
    is_spent_by_use: bool,
}

impl Place {
    /// Something in the place of what is full.
    pub(in crate::conform::session) fn fresh(thing: usize) -> Self {
        Self {
            thing,
            openers: Vec::new(),
            renewals: 0,
            is_spent_by_use: false,
        }
    }

    /// Something that each request uses up.
    pub(in crate::conform::session) fn spent_by_use(thing: usize) -> Self {
        Self {
            thing,
            openers: Vec::new(),
            renewals: 0,
            is_spent_by_use: true,
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
        // There may be enough of another one.
        let is_meant = matches!(exchange.item.variant, Variant::Step(stock::WORDS));
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
    pub(in crate::conform::session) fn put_in_place(&mut self, item: &Item) -> Option<usize> {
        for slot in self.places_of(item.operation) {
            let openers = self.openers_of(item, &slot.noun);
            if openers.is_empty() {
                continue;
            }
            let thing = self.another_of(&slot.noun)?;
            self.use_up(Some(thing));
            let mut done = Vec::new();
            for opener in openers {
                if !self.open(opener, thing) {
                    continue;
                }
                done.push(opener.operation);
                let key = (item.operation, slot.noun.clone());
                let place = Place {
                    thing,
                    openers: done.clone(),
                    renewals: 0,
                    is_spent_by_use: false,
                };
                self.places.insert(key.clone(), place);
                let again = self.prepared(item, None).ok()?;
                self.stopped().is_none().then_some(())?;
                let again = self.with_own_key(again);
                let at = self.send_once(again);
                if !self.is_out_of_place(at) {
                    return Some(at);
                }
                self.places.remove(&key);
            }
        }
        None
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
        if place.is_spent_by_use {
            return None;
        }
        let used = self.store.things.get(place.thing)?.id(&slot.name);
        if is_refused || place.renewals >= most || item.draft.slot(&slot) != used {
            return None;
        }
        let thing = self.another_of(&slot.noun)?;
        self.use_up(Some(thing));
        for operation in &place.openers {
            let opener = self.example_item(*operation)?;
            if !self.open(opener, thing) {
                return None;
            }
        }
        let id = self.store.things.get(thing)?.id(&slot.name)?;
        let renewed = Place {
            thing,
            renewals: place.renewals + 1,
            ..place
        };
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
