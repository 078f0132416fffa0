//! Requests with the ids of what exists in the places of those that the pages show.

use serde_json::Value;

use crate::conform::chain::{Kind, Role, Slot, SlotPlace, is_own_id};
use crate::conform::class::Class;
use crate::conform::plan::strange::unknown;
use crate::conform::plan::{Draft, Item, Phase, Reason, Variant};
use crate::conform::said::promises::OF_STATES;
use crate::model::Location;

use super::keys::OTHER_BODY;
use super::{Exchange, Session, Thing};

/// The ids that a request was given so far.
///
/// What the documented request tells apart is told apart: `from` and `to` are two wallets.
#[derive(Default)]
struct Placed<'r>(Vec<(&'r Slot, String, String)>);

impl<'r> Placed<'r> {
    fn put(&mut self, slot: &'r Slot, shown: &str, id: &str) {
        self.0.push((slot, shown.to_owned(), id.to_owned()));
    }

    /// True if the id is in the place of one that the documented request shows as another one.
    fn is_other(&self, slot: &Slot, shown: Option<&str>, id: &str) -> bool {
        // `id` and `project_id` are two names for one thing, whatever the examples show.
        let is_named = |slot: &Slot| {
            let name = slot.name.rsplit('.').next().unwrap_or(&slot.name);
            is_own_id(name, &slot.noun)
        };
        self.0.iter().any(|(other, example, known)| {
            let is_apart = other.noun == slot.noun && Some(example.as_str()) != shown;
            let is_said = is_named(slot) && is_named(other) || slot.name == other.name;
            shown.is_some() && is_apart && !is_said && known == id
        })
    }
}

impl Session<'_, '_> {
    /// Takes what the user lists as disposable for things that may be changed and deleted.
    pub(super) fn lend(&mut self) {
        for (parameter, id) in &self.plan.disposable {
            let mut slots = self.plan.roles.iter().flat_map(|role| &role.slots);
            let Some(slot) = slots.find(|slot| slot.is_own && slot.name == *parameter) else {
                continue;
            };
            self.store.add(Thing {
                location: Some(id.clone()),
                ..Thing::own(&slot.noun, Value::Null, parameter)
            });
        }
    }

    /// The request with the ids of what exists in it, or what it lacks.
    pub(super) fn prepared(&self, item: &Item, thing: Option<usize>) -> Result<Item, Reason> {
        let Some(role) = self.role(item.operation) else {
            return Ok(item.clone());
        };
        let mut draft = item.draft.clone();
        let writes = self.plan.class(item.operation) > Class::Read;
        // A name that the request chooses itself is one of its own, or a new one.
        let is_put = role.kind == Kind::Create && role.own_path().is_some();
        let must_be_own =
            writes && (role.kind != Kind::Create || is_put) && !self.forgets(item.operation);
        // Which of the things it names is changed by what has no kind, nobody knows.
        let may_change_any = role.kind == Kind::Other && must_be_own;
        let own = role.slots.iter().find(|slot| slot.is_own);
        let chosen = thing.or_else(|| self.chosen(item, own?, must_be_own));
        let chosen = chosen.and_then(|at| self.store.things.get(at));
        let mut placed = Placed::default();
        for slot in &role.slots {
            // The id of the example that is sent alone stands for one that is there, as in the example.
            let is_chosen = item.variant.is_about(slot) && !self.is_as_shown(item, slot);
            let is_bound = self.is_bound(item, &slot.name) || is_chosen;
            // What is of the same kind is a part of what is done: money goes from one wallet to another.
            let is_same_kind = own.is_some_and(|own| own.noun == slot.noun);
            let is_changed = slot.is_own || may_change_any || is_same_kind;
            if !slot.is_own && self.is_as_page_shows(item.operation, &slot.noun) {
                continue;
            }
            let place = self.place(item.operation, &slot.noun);
            let place = place.filter(|_| !slot.is_own && thing.is_none());
            let place = place.and_then(|at| self.store.things.get(at)?.id(&slot.name));
            let is_filled = !is_bound
                && (slot.is_list() && place.is_none() && self.fill_list(slot, &mut draft)
                    || self.fill_rows(slot, &mut draft));
            if is_filled {
                continue;
            }
            let shown = item.draft.slot(slot);
            let is_of_list = role.kind == Kind::List && !slot.is_own && thing.is_none();
            let fullest = is_of_list.then(|| self.fullest(slot, &role.noun));
            let id = place.or_else(|| fullest.flatten()).or_else(|| {
                let is_taken = |id: &str| placed.is_other(slot, shown.as_deref(), id);
                // What a request has named itself is there under the name that the examples show.
                let same = shown
                    .clone()
                    .filter(|id| !slot.is_own && thing.is_none() && !is_taken(id));
                let same = same.filter(|id| self.ours_of(slot, id).is_some());
                if same.is_some() {
                    return same;
                }
                self.slot_id(slot, chosen, must_be_own && is_changed, is_taken)
            });
            let id = id.map(|id| self.as_address(slot, shown.as_deref(), id));
            if let (Some(id), Some(shown)) = (&id, &shown) {
                placed.put(slot, shown, id);
            }
            match id {
                Some(id)
                    if !is_bound
                        && draft.slot(slot).is_some_and(|it| {
                            slot.is_own
                                || slot.place != SlotPlace::Query
                                || it == id
                                || self.is_required(item.operation, &slot.name)
                                || self.is_unfit(item.operation, &slot.name)
                        }) =>
                {
                    draft.set_slot(slot, &id);
                }
                Some(id) if !is_bound && slot.place == SlotPlace::Path => draft.set_slot(slot, &id),
                None if is_put && slot.is_own && !is_bound => {
                    if let Some(shown) = draft.slot(slot) {
                        // Below something of this run a name is free, and it may be one of a few, such as a language.
                        let is_free = self.is_below_own(role);
                        let name = if is_free { shown } else { unknown(&shown) };
                        draft.set_slot(slot, &name);
                    }
                }
                None if !is_bound && self.is_unfit(item.operation, &slot.name) => {
                    draft.set_query(&slot.name, None);
                }
                None if must_be_own && is_changed && !is_bound && draft.slot(slot).is_some() => {
                    let none = || format!("there is no {} of its own", slot.noun);
                    let reason = self.unchosen(&slot.noun).unwrap_or_else(none);
                    return Err(Reason::Blocked(reason));
                }
                _ => {}
            }
        }
        if let Some(name) = draft.open().first() {
            return Err(Reason::Blocked(format!(
                "nothing is known that `{name}` could name"
            )));
        }
        self.fit(item, &mut draft);
        self.fit_version(item, chosen, &mut draft);
        self.tell_keys_apart(&mut draft);
        let mut variant = item.variant.clone();
        if let Variant::Values(changes) = &mut variant {
            for (input, value) in changes {
                let mut slots = role.slots.iter();
                let is_slot = slots.any(|slot| slot.is_for(input));
                if let Some(other) = draft.value(input).filter(|_| is_slot) {
                    *value = other;
                }
            }
        }
        Ok(Item::new(item.operation, variant, draft))
    }

    /// The mail address of a thing in the place of its id, where the page shows an address: `account=me@example.com`.
    fn as_address(&self, slot: &Slot, shown: Option<&str>, id: String) -> String {
        let is_address = |text: &str| text.contains('@') && !text.contains(char::is_whitespace);
        if !shown.is_some_and(is_address) || is_address(&id) {
            return id;
        }
        let is_it = |thing: &Thing| thing.id(&slot.name).as_deref() == Some(id.as_str());
        let at = self.store.first_of(&slot.noun, false, is_it);
        let thing = at.and_then(|at| self.store.things.get(at));
        let members = thing.and_then(|it| it.object.as_object()).into_iter();
        let mut texts = members.flat_map(|it| it.values()).filter_map(Value::as_str);
        texts.find(|it| is_address(it)).map_or(id, str::to_owned)
    }

    /// True if a request names for a slot what the documented request names.
    fn is_as_shown(&self, item: &Item, slot: &Slot) -> bool {
        let example = self.example_item(item.operation);
        let shown = example.and_then(|it| it.draft.slot(slot));
        shown.is_some() && shown == item.draft.slot(slot)
    }

    /// Puts what exists into a list of ids, each once, and as many as the documented request has at most; false if there is
    /// nothing, or nothing to replace.
    fn fill_list(&self, slot: &Slot, draft: &mut Draft) -> bool {
        let shown = draft.slot_items(slot);
        let mut ids = self.known_ids(slot);
        if shown.is_empty() || ids.is_empty() {
            return false;
        }
        if shown.iter().all(|id| ids.contains(id)) {
            return true;
        }
        ids.truncate(shown.len());
        // What is sorted on the way shows.
        if ids.is_sorted() {
            ids.reverse();
        }
        draft.set_slot_items(slot, &ids);
        true
    }

    /// Puts what exists into the rows of a list that name several things, each in the place of one, and leaves out the rows
    /// of those that are more than there are; false if all rows name one, or nothing exists.
    fn fill_rows(&self, slot: &Slot, draft: &mut Draft) -> bool {
        let mut shown: Vec<String> = Vec::new();
        for id in draft.slot_rows(slot) {
            if !shown.contains(&id) {
                shown.push(id);
            }
        }
        let ids = self.known_ids(slot);
        if shown.len() < 2 || ids.is_empty() {
            return false;
        }
        let mut free = ids.iter().filter(|id| !shown.contains(id));
        let pairs = shown.iter().filter_map(|id| {
            let known = ids.contains(id).then_some(id);
            Some((id.clone(), known.or_else(|| free.next())?.clone()))
        });
        let pairs: Vec<_> = pairs.collect();
        draft.set_slot_rows(slot, &pairs);
        true
    }

    /// The ids of what exists, of what this run made first.
    fn known_ids(&self, slot: &Slot) -> Vec<String> {
        let things = self.store.things.iter();
        let known = things.filter(|it| it.noun == slot.noun && !it.is_gone && !it.is_lost);
        let (own, other): (Vec<_>, Vec<_>) = known.partition(|it| it.is_own);
        let mut ids: Vec<String> = Vec::new();
        for thing in own.into_iter().chain(other) {
            let id = thing.id(&slot.name);
            ids.extend(id.filter(|id| !ids.contains(id)));
        }
        ids
    }

    /// The id of what has the most things of a noun of our own: a list of it has more to show.
    pub(super) fn fullest(&self, slot: &Slot, noun: &str) -> Option<String> {
        let own = self.store.own(noun);
        let belongings: Vec<_> = own.iter().map(|it| self.belongings(it)).collect();
        let parents = self.store.own(&slot.noun).into_iter().enumerate();
        let counted = parents.filter_map(|(at, parent)| {
            let id = parent.id(&slot.name)?;
            let is_in = |of: &&Vec<(String, String)>| {
                of.iter().any(|(of, it)| *of == slot.noun && *it == id)
            };
            let count = belongings.iter().filter(is_in).count();
            (count > 0).then_some((count, std::cmp::Reverse(at), id))
        });
        counted.max().map(|(.., id)| id)
    }

    /// Why nothing of a noun was made, if that is because what makes it was not chosen.
    pub(super) fn unchosen(&self, noun: &str) -> Option<String> {
        let mut omitted = self.plan.omitted.iter();
        let maker = omitted.find(|it| {
            let role = self.role(it.operation);
            matches!(it.reason, Reason::Unwanted)
                && role.is_some_and(|role| role.kind == Kind::Create && role.noun == noun)
        })?;
        let name = self.name_of(maker.operation);
        Some(format!("{name}, which makes the {noun}, was not chosen"))
    }

    /// A key belongs to one request: another body with the same key would be refused, or answered as the first one.
    pub(super) fn tell_keys_apart(&self, draft: &mut Draft) {
        let Some(key) = draft.idempotency_key() else {
            return;
        };
        let request = draft.request();
        let is_other = |exchange: &Exchange| {
            let known = &exchange.item;
            let is_same = known.request.url == request.url && known.request.body == request.body;
            known.draft.idempotency_key() == Some(key) && !is_same
        };
        if self.exchanges.iter().any(is_other) {
            draft.renew_idempotency_key(self.exchanges.len());
        }
    }

    /// The request with a key of its own, unless the point of it is that the key is known.
    pub(super) fn with_own_key(&self, item: Item) -> Item {
        let is_about_key = match &item.variant {
            Variant::Step(words) => *words == OTHER_BODY,
            Variant::Invalid(input, ..) => input.is_key_of_request(),
            Variant::Values(changes) => changes.iter().any(|(it, _)| it.is_key_of_request()),
            _ => false,
        };
        if is_about_key || item.draft.idempotency_key().is_none() {
            return item;
        }
        let mut draft = item.draft.clone();
        self.tell_keys_apart(&mut draft);
        if draft.idempotency_key() == item.draft.idempotency_key() {
            return item;
        }
        Item::new(item.operation, item.variant, draft)
    }

    fn is_unfit(&self, index: usize, name: &str) -> bool {
        self.unfit.contains(&(index, name.to_owned()))
    }

    /// The thing that a request is about where none is given.
    fn chosen(&self, item: &Item, own: &Slot, must_be_own: bool) -> Option<usize> {
        if let Some(at) = self.taken_instead(item, own) {
            return Some(at);
        }
        let shown = item.draft.slot(own);
        let shown = shown.and_then(|id| self.ours_of(own, &id));
        let known = shown.or_else(|| self.store.first(&own.noun, must_be_own));
        known.map(|at| self.in_place_of(at))
    }

    /// The thing that an update was taken for after others were refused as they are: its variants are about values.
    fn taken_instead(&self, item: &Item, own: &Slot) -> Option<usize> {
        let is_update = self.role(item.operation)?.kind == Kind::Update;
        let is_variant = matches!(item.variant.phase(), Phase::Positive);
        let at = *self.accepted.get(&item.operation)?;
        let mut before = self.exchanges.iter().take(at);
        let was_refused = before.any(|it| {
            let is_it = it.item.operation == item.operation;
            is_it && it.status().is_some_and(|it| OF_STATES.contains(&it))
        });
        let id = self.exchanges.get(at)?.item.draft.slot(own)?;
        let is_wanted = is_update && is_variant && was_refused;
        is_wanted.then(|| self.ours_of(own, &id))?
    }

    /// True if a path leads through something that this run made.
    fn is_below_own(&self, role: &Role) -> bool {
        let mut slots = role.slots.iter();
        slots.any(|slot| {
            slot.place == SlotPlace::Path && !slot.is_own && !self.store.own(&slot.noun).is_empty()
        })
    }

    /// True for a parameter of the query that is required and takes any text.
    pub(super) fn is_required(&self, index: usize, name: &str) -> bool {
        self.operation(index).is_some_and(|operation| {
            let mut parameters = operation.parameters_in(Location::Query);
            parameters.any(|it| {
                let is_it = it.field.name.value == name && it.field.is_required();
                is_it && it.shape.constraints.allowed.is_none()
            })
        })
    }

    /// The thing that this run made under the name that an example shows.
    fn ours_of(&self, slot: &Slot, id: &str) -> Option<usize> {
        let is_it = |thing: &Thing| thing.id(&slot.name).as_deref() == Some(id);
        let at = self.store.first_of(&slot.noun, true, is_it)?;
        let is_made = self
            .store
            .things
            .get(at)
            .is_some_and(|it| it.made_by.is_some());
        is_made.then_some(at)
    }

    /// True if the user gave the value of a parameter of the path.
    pub(super) fn is_bound(&self, item: &Item, name: &str) -> bool {
        self.plan.bound.iter().any(|bound| bound == name) && item.draft.path_value(name).is_some()
    }

    /// The id for a slot: that of the chosen thing, or of what it belongs to, else of the first thing that fits.
    fn slot_id(
        &self,
        slot: &Slot,
        chosen: Option<&Thing>,
        must_be_own: bool,
        is_taken: impl Fn(&str) -> bool,
    ) -> Option<String> {
        if let Some(chosen) = chosen {
            if slot.is_own && chosen.noun == slot.noun {
                return chosen.id(&slot.name);
            }
            let mut parents = chosen.parents.iter();
            let parent = parents.find(|(noun, id)| *noun == slot.noun && !is_taken(id));
            if let Some((_, id)) = parent {
                return Some(id.clone());
            }
        }
        let is_free = |thing: &Thing| thing.id(&slot.name).is_some_and(|id| !is_taken(&id));
        let free = self.store.first_of(&slot.noun, must_be_own, is_free);
        let at = free.or_else(|| self.store.first(&slot.noun, must_be_own));
        let at = at.map(|at| self.in_place_of(at));
        let known = at.and_then(|at| self.store.things.get(at)?.id(&slot.name));
        known.or_else(|| self.told.get(&slot.noun).cloned().filter(|_| !must_be_own))
    }
}

#[cfg(test)]
mod tests;
