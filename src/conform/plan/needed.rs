//! What other operations an operation needs: those that make what it names, and those that take away what was made.

use std::collections::BTreeSet;

use crate::conform::chain::{self, Kind};
use crate::model::Api;

use super::{Plan, Reason};

impl Plan {
    /// The operations of a kind on a noun; creates are all that make such a thing.
    pub(in crate::conform) fn of(&self, noun: &str, kinds: &[Kind]) -> Vec<usize> {
        let roles = self.roles.iter().enumerate();
        let is_made = kinds.contains(&Kind::Create);
        let fits = roles.filter(|(_, role)| {
            role.noun == noun && kinds.contains(&role.kind) || is_made && role.gives(noun)
        });
        fits.map(|(operation, _)| operation).collect()
    }

    /// What makes, shows, or tells what an operation takes the id of, and what takes away what it makes.
    pub(in crate::conform) fn needed(&self, api: &Api, operation: usize) -> Vec<usize> {
        let Some(role) = self.roles.get(operation) else {
            return Vec::new();
        };
        let mut needed = Vec::new();
        for slot in &role.slots {
            let makers = self.of(&slot.noun, &[Kind::Create, Kind::List]);
            if makers.is_empty() {
                let operations = api.operations.iter().enumerate();
                let tell = operations.filter(|(_, it)| chain::told(it).contains(&slot.noun));
                needed.extend(tell.map(|(teller, _)| teller));
            }
            needed.extend(makers);
        }
        if role.kind == Kind::Create {
            needed.extend(self.of(&role.noun, &[Kind::Delete]));
        }
        if let Some(yields) = &role.yields {
            needed.extend(self.of(&yields.noun, &[Kind::Action, Kind::Delete]));
        }
        needed
    }

    /// Leaves the chosen operations, and the documented requests of those that they need.
    ///
    /// What only prepares is not judged, and counts as not chosen. What cannot be sent of it keeps its reason, since the
    /// chosen operations cannot be exercised for the same one.
    pub(super) fn narrow(&mut self, api: &Api, chosen: &[usize]) {
        let mut all: BTreeSet<usize> = chosen.iter().copied().collect();
        let mut open: Vec<usize> = chosen.to_vec();
        while let Some(operation) = open.pop() {
            for needed in self.prepared_by(api, operation) {
                if all.insert(needed) {
                    open.push(needed);
                }
            }
        }
        self.items.retain(|item| all.contains(&item.operation));
        self.omitted.retain(|it| all.contains(&it.operation));
        for operation in 0..api.operations.len() {
            if chosen.contains(&operation) {
                continue;
            }
            if self.items.iter().any(|it| it.operation == operation) {
                self.prepares.insert(operation);
            }
            if !self.omitted.iter().any(|it| it.operation == operation) {
                self.omit(operation, Reason::Unwanted);
            }
        }
        self.omitted.sort_by_key(|it| it.operation);
    }

    /// The same without lists of what can be made, and without what tidies up after the operation that was chosen itself
    /// where nothing but reading is allowed.
    fn prepared_by(&self, api: &Api, operation: usize) -> Vec<usize> {
        let role = |index: usize| self.roles.get(index);
        let needed = self.needed(api, operation);
        let is_made = |noun: &str| !self.of(noun, &[Kind::Create]).is_empty();
        let is_spare = |index: usize| {
            role(index).is_some_and(|role| role.kind == Kind::List && is_made(&role.noun))
        };
        let needed = needed.into_iter();
        needed.filter(|index| !is_spare(*index)).collect()
    }
}
