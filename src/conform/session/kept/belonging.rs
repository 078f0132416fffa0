//! What things belong to: where they were made, what they name, and what they are put into and taken out of.

use crate::conform::chain::Role;
use crate::conform::plan::Item;

use crate::conform::session::{Session, Thing};

impl Session<'_, '_> {
    /// The thing of our own to do something with: one of those that the path speaks of, used least.
    pub(in crate::conform::session) fn spare(&self, item: &Item) -> Option<usize> {
        let role = self.role(item.operation)?;
        let own = role.slots.iter().find(|slot| slot.is_own)?;
        // What is taken out of something is something that was put in.
        let parents = role.slots.iter().filter(|slot| role.names_parent(slot));
        let parents: Vec<_> = parents.map(|slot| &slot.noun).collect();
        let is_within = |thing: &Thing| {
            let belongings = self.belongings(thing);
            let mut parents = parents.iter();
            parents.all(|noun| belongings.iter().any(|(of, _)| of == *noun))
        };
        let within = self.store.spare(&own.noun, is_within);
        within.or_else(|| self.store.spare(&own.noun, |_| true))
    }

    /// What a thing belongs to, as far as the request that made it tells: noun and id.
    pub(in crate::conform::session) fn belongings(&self, thing: &Thing) -> Vec<(String, String)> {
        let made_by = thing.made_by.and_then(|at| self.exchanges.get(at));
        let named = made_by.into_iter().flat_map(|exchange| {
            let role = self.role(exchange.item.operation);
            let slots = role.into_iter().flat_map(|role| &role.slots);
            let slots = slots.filter(|slot| !slot.is_own);
            slots.filter_map(|slot| Some((slot.noun.clone(), exchange.item.draft.slot(slot)?)))
        });
        thing.parents.iter().cloned().chain(named).collect()
    }

    /// A thing that an accepted request put among those of a parent: `PUT /shelves/{shelf_id}/books/{book_id}`.
    pub(in crate::conform::session) fn note_joined(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some(role) = self.role(exchange.item.operation) else {
            return;
        };
        let Some(own) = role.own_path() else {
            return;
        };
        let id = exchange.item.draft.slot(own);
        let slots = role.slots.iter().filter(|slot| role.names_parent(slot));
        let parents =
            slots.filter_map(|slot| Some((slot.noun.clone(), exchange.item.draft.slot(slot)?)));
        let parents = parents.collect();
        let mut things = self.store.things.iter();
        let thing = things.position(|it| it.noun == own.noun && it.id(&own.name) == id);
        if let Some(thing) = thing {
            self.store.join(thing, parents);
        }
    }

    /// True if a delete takes a thing out of something that it was not made in; then it belongs there no more, and goes on
    /// to be.
    pub(in crate::conform::session) fn is_taken_out(&mut self, at: usize, thing: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let Some(role) = self.role(exchange.item.operation) else {
            return false;
        };
        let made_by = self.store.things.get(thing).and_then(|it| it.made_by);
        let made_by = made_by.and_then(|at| self.exchanges.get(at));
        let maker = made_by.and_then(|it| self.role(it.item.operation));
        let names = |role: &Role, noun: &str| role.slots.iter().any(|slot| slot.noun == noun);
        let foreign = role.slots.iter().filter(|slot| role.names_parent(slot));
        let foreign = foreign.filter(|slot| maker.is_some_and(|maker| !names(maker, &slot.noun)));
        let foreign: Vec<String> = foreign.map(|slot| slot.noun.clone()).collect();
        let Some(known) = self
            .store
            .things
            .get_mut(thing)
            .filter(|_| !foreign.is_empty())
        else {
            return false;
        };
        let before = known.parents.len();
        known.parents.retain(|(noun, _)| !foreign.contains(noun));
        known.parents.len() < before
    }
}
