//! Things that a page says cannot be deleted because of what they are: "The owner cannot be removed."

use crate::conform::judge::list;
use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::promises;

use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// Tries to delete what came with a thing of our own, and is said to stay.
    pub(in crate::conform::session) fn check_protected(&mut self, item: &Item) {
        let Some(role) = self.role(item.operation).filter(|_| self.is_stateful()) else {
            return;
        };
        let noun = role.noun.clone();
        if let Some((at, member, value)) = self.delete_protected(item, &noun) {
            self.tell_unprotected(at, &noun, &member, &value);
        }
    }

    /// The accepted delete of an item that the page protects, and the member and value that it is protected by.
    fn delete_protected(&mut self, item: &Item, noun: &str) -> Option<(usize, String, String)> {
        let operation = self.operation(item.operation)?;
        let role = self.role(item.operation)?;
        let (own, list) = (role.own_path()?, self.example_of(noun, Kind::List)?);
        // Only below what the run has made is all of it the run's.
        let parents = role.slots.iter().filter(|slot| role.names_parent(slot));
        let parents: Vec<_> = parents.cloned().collect();
        let accepted = *self.accepted.get(&list.operation)?;
        let body = self.exchanges.get(accepted)?.body.clone();
        let listed = self.operation(list.operation)?;
        let items = list::items(listed, body.as_ref());
        let key = self.key(noun);
        let found = items.into_iter().find_map(|it| {
            let members = it.as_object()?.iter();
            let mut stages = members.filter_map(|(name, value)| {
                let values = self.stages(noun, name)?;
                let value = value.as_str()?;
                let is_said = promises::refuses(operation, value, &values);
                let others = values.iter().filter(|it| *it != value);
                let is_special = others
                    .clone()
                    .any(|it| !promises::refuses(operation, it, &values));
                (is_said && is_special).then(|| (name.clone(), value.to_owned()))
            });
            let (name, value) = stages.next()?;
            Some((identity::id(it, &key, noun)?, name, value))
        });
        let (id, member, value) = found?;
        let is_made = self
            .store
            .own(noun)
            .iter()
            .any(|it| it.key().as_ref() == Some(&id));
        let of_list = self.exchanges.get(accepted)?.item.draft.clone();
        let slots = self.role(list.operation)?.slots.clone();
        let mut draft = item.draft.clone();
        for parent in &parents {
            let slot = slots.iter().find(|slot| slot.noun == parent.noun)?;
            let of = of_list.slot(slot)?;
            let own = self.store.own(&parent.noun);
            if !own.iter().any(|it| it.key().as_ref() == Some(&of)) {
                return None;
            }
            draft.set_slot(parent, &of);
        }
        if is_made || parents.is_empty() {
            return None;
        }
        draft.set_slot(own, &id);
        let step = Variant::Step("a delete of what is said to stay");
        let at = self.exchange(Item::new(item.operation, step, draft))?;
        if !self.has_succeeded(at) {
            self.judge_conflict(at);
            return None;
        }
        Some((at, member, value))
    }

    fn tell_unprotected(&mut self, at: usize, noun: &str, member: &str, value: &str) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let message = format!(
            "{} of what has `{member}` as `{value}` is accepted, and the page says that it is refused",
            operation.name()
        );
        let found = Found::about(&state::ACCEPTED_IN_STATE, "endpoint", message).seen(
            format!("a refusal of `{}`", sample::plain(&Value::from(value))),
            describe_status(status.unwrap_or_default()),
        );
        self.found(at, noun, &format!("{index} protected"), found.weak_if(true));
    }

    /// True if the page of what was read documents 410.
    pub(super) fn documents_gone(&self, read: usize) -> bool {
        let operation = self.exchanges.get(read).map(|it| it.item.operation);
        let operation = operation.and_then(|index| self.operation(index));
        let responses = operation.into_iter().flat_map(|it| &it.responses);
        let mut codes = responses.map(|it| it.status.code());
        codes.any(|code| code == Some(410))
    }
}
