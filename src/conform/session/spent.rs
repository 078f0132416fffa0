//! Creates that use up what they name: "A quote can be booked only once."
//!
//! Where a page or an answer says so, each further request names another one, which is made for it.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::chain::{Slot, SlotPlace};
use crate::conform::judge::promises::OF_STATES;
use crate::conform::judge::words_about;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Item, Variant};

use super::Session;
use super::places::Place;

impl Session<'_, '_> {
    /// A request that names something in the place of what an earlier one has used up.
    pub(super) fn with_unspent(&mut self, item: Item) -> Item {
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
    pub(super) fn replace_spent(&mut self, at: usize) -> Option<usize> {
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
        let is_again = matches!(item.variant, Variant::Step("the same request again"));
        if is_again || item.draft.idempotency_key().is_some() && self.was_accepted(item) {
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

    fn was_accepted(&self, item: &Item) -> bool {
        let mut known = self.exchanges.iter();
        known.any(|it| it.is_success && it.item.request == item.request)
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

    /// True if the page or the answer says that what a slot names can be used once.
    fn says_once(&self, at: usize, slot: &Slot) -> bool {
        static ONCE: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:once|twice|(?:second|another)\s+time|used|redeemed|consumed|spent|converted|booked|claimed)\b",
            )
        });
        static NAMES: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)\b(?:exists?|existing|unique|same|named?)\b"));
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        let answer = exchange.body.as_ref().map(ToString::to_string);
        let fields = operation.body.iter().flat_map(|body| &body.fields);
        let of_slot = fields.filter(|field| field.name.value == slot.name);
        let texts = operation
            .description
            .iter()
            .cloned()
            .chain(operation.remarks.iter().map(|it| it.value.clone()))
            .chain(of_slot.map(|field| format!("{}: {}", slot.noun, field.description)))
            .chain(OF_STATES.map(|status| words_about(operation, status)))
            .chain(answer);
        let texts: Vec<String> = texts.collect();
        let sentences = texts.iter().flat_map(|text| text.split(['.', '\n', ',']));
        sentences.into_iter().any(|sentence| {
            let words = sentence.replace('_', " ");
            let mut parts = words.split(|c: char| !c.is_alphanumeric());
            let is_named = parts.any(|word| letters(word) == slot.noun);
            is_named && ONCE.is_match(&words) && !NAMES.is_match(&words)
        })
    }
}
