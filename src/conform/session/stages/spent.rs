//! Creates that use up what they name: "A quote can be booked only once."
//!
//! Where a page or an answer says so, each further request names another one, which is made for it.

use super::{again, cases, late, ready};
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::chain::{Slot, SlotPlace};
use crate::conform::judge::words_about;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::promises::OF_STATES;
use crate::model::Operation;

use super::places::Place;
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// A request that names something in the place of what an earlier one has used up.
    pub(in crate::conform::session) fn with_unspent(&mut self, item: Item) -> Item {
        let Some((slot, key)) = self.spent_slot(&item) else {
            return item;
        };
        let is_ours = |place: &Place| place.is_spent_by_use();
        if !self.places.get(&key).is_some_and(is_ours) {
            return item;
        }
        self.with_another(&item, &slot, &key).unwrap_or(item)
    }

    /// Sends a create once more that was refused because what it names is used up; the exchange, if that helps.
    pub(in crate::conform::session) fn replace_spent(&mut self, at: usize) -> Option<usize> {
        let item = self.exchanges.get(at)?.item.clone();
        let (slot, key) = self.spent_slot(&item)?;
        if self.places.contains_key(&key) || !self.says_once(at, &slot) {
            return None;
        }
        let again = self.with_another(&item, &slot, &key)?;
        if self.stopped().is_some() {
            return None;
        }
        let sent = self.send_once(again);
        if self.is_out_of_place(sent) {
            self.places.remove(&key);
            return None;
        }
        Some(sent)
    }

    /// The slot of a create whose value an accepted request of the same create has named before.
    fn spent_slot(&self, item: &Item) -> Option<(Slot, (usize, String))> {
        let index = item.operation;
        if self.is_repeated_on_purpose(item) {
            return None;
        }
        let slots = self.places_of(index).into_iter();
        let mut slots = slots.filter(|slot| slot.place == SlotPlace::Body);
        let slot = slots.find(|slot| {
            let named = item.draft.slot(slot);
            named.is_some() && self.was_named(index, slot, named.as_ref())
        })?;
        let key = (index, slot.noun.clone());
        Some((slot, key))
    }

    /// True for a request whose point is that the same was sent before, as it stands or with the same key.
    pub(super) fn is_repeated_on_purpose(&self, item: &Item) -> bool {
        let Variant::Step(words) = item.variant else {
            return false;
        };
        let key = item.draft.idempotency_key();
        let mut known = self.exchanges.iter();
        // What is asked in a stage is about the thing that is in it.
        matches!(words, again::WORDS | late::WORDS | cases::WORDS)
            || key.is_some()
                && words != ready::WORDS
                && known.any(|it| it.is_success && it.item.draft.idempotency_key() == key)
    }

    fn was_named(&self, index: usize, slot: &Slot, id: Option<&String>) -> bool {
        let mut known = self.exchanges.iter();
        known.any(|it| {
            it.is_success && it.item.operation == index && it.item.draft.slot(slot).as_ref() == id
        })
    }

    /// The same request with a new thing in a slot, which all later ones name as well until it is used up.
    fn with_another(&mut self, item: &Item, slot: &Slot, key: &(usize, String)) -> Option<Item> {
        let thing = self.another_of(&slot.noun)?;
        let id = self.store.things.get(thing)?.id(&slot.name)?;
        self.use_up(Some(thing));
        self.places.insert(key.clone(), Place::spent_by_use(thing));
        let mut draft = item.draft.clone();
        draft.set_slot(slot, &id);
        if draft.idempotency_key().is_some() {
            draft.renew_idempotency_key(self.exchanges.len());
        }
        Some(Item::new(item.operation, item.variant.clone(), draft))
    }

    /// True if the page or the answer says that what a slot names is used up.
    fn says_once(&self, at: usize, slot: &Slot) -> bool {
        static ONCE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:once|twice|(?:second|another)\s+time|used|redeemed|consumed|spent|converted|booked|sold|claimed)\b",
            )
        });
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        let answer = exchange.body.as_ref().map(ToString::to_string);
        let states = OF_STATES.map(|status| words_about(operation, status));
        let texts = texts_about(operation, slot);
        let mut texts = texts.into_iter().chain(states).chain(answer);
        texts.any(|text| says(&text, &slot.noun, &ONCE))
    }

    /// True if the page says in so many words that what a create names can be named once, as in "A quote can be booked only
    /// once".
    pub(in crate::conform::session) fn promises_once(&self, at: usize) -> bool {
        static ONLY: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:can|may|must|is|are)\b.*\b(?:(?:only|at\s+most|exactly)\s+once|once\s+only|a\s+single\s+time)\b|\b(?:not|cannot|never|no)\b.*\b(?:twice|a\s+second\s+time|more\s+than\s+once)\b|\b(?:twice|a\s+second\s+time|more\s+than\s+once)\b.*\b(?:refused|rejected|409)\b",
            )
        });
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let index = exchange.item.operation;
        let Some(operation) = self.operation(index) else {
            return false;
        };
        let slots = self.places_of(index).into_iter();
        let mut slots = slots.filter(|slot| slot.place == SlotPlace::Body);
        slots.any(|slot| {
            let mut texts = texts_about(operation, &slot).into_iter();
            exchange.item.draft.slot(&slot).is_some()
                && texts.any(|text| says(&text, &slot.noun, &ONLY))
        })
    }
}

/// What the page says of what a slot names.
fn texts_about(operation: &Operation, slot: &Slot) -> Vec<String> {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let of_slot = fields.filter(|field| field.name.value == slot.name);
    let description = operation.description.iter().cloned();
    description
        .chain(operation.remarks.iter().map(|it| it.value.clone()))
        .chain(of_slot.map(|field| format!("{}: {}", slot.noun, field.description)))
        .collect()
}

/// True if one of the sentences names a noun and has such words; names that are had once, and keys, are something else.
fn says(text: &str, noun: &str, words: &Regex) -> bool {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:exists?|existing|unique|same|named?|keys?|idempotent|idempotency)\b")
    });
    text.split(['.', '\n', ',']).any(|sentence| {
        let sentence = sentence.replace('_', " ");
        let mut parts = sentence.split(|c: char| !c.is_alphanumeric());
        let is_named = parts.any(|word| letters(word) == noun);
        is_named && words.is_match(&sentence) && !NAMES.is_match(&sentence)
    })
}
