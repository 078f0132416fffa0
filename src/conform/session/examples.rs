//! The documented examples, and what else is needed to send them.

use crate::conform::chain::{Kind, SlotPlace};
use crate::conform::judge;
use crate::conform::message::Unanswered;
use crate::conform::plan::{Item, Phase, Reason, Variant};

use super::{Session, Thing};

impl Session<'_, '_> {
    /// Sends the documented examples: creates first, parents before children, then all that changes no more than it says.
    pub(super) fn examples(&mut self) {
        let mut items = self.items(|item| matches!(item.variant, Variant::Example));
        items.sort_by_key(|item| self.rank(item));
        for item in items {
            let kind = self.role(item.operation).map(|role| role.kind);
            if matches!(kind, Some(Kind::Action | Kind::Delete)) {
                continue;
            }
            self.example(item, None);
        }
    }

    /// Creates come first, in the order of what they need; then lists, reads, and all else.
    fn rank(&self, item: &Item) -> (usize, usize, usize) {
        let Some(role) = self.role(item.operation) else {
            return (9, 0, item.operation);
        };
        let needs = role.slots.iter().filter(|slot| {
            let mut roles = self.plan.roles.iter();
            roles.any(|it| it.kind == Kind::Create && it.noun == slot.noun)
        });
        let order = match role.kind {
            Kind::Create => 0,
            Kind::List => 1,
            Kind::Read => 2,
            Kind::Look => 3,
            Kind::Update => 4,
            Kind::Other => 5,
            Kind::Action => 6,
            Kind::Delete => 7,
        };
        (order, needs.count(), item.operation)
    }

    /// Sends an example and judges the answer; the exchange, if there is one.
    pub(super) fn example(&mut self, item: &Item, thing: Option<usize>) -> Option<usize> {
        let operation = item.operation;
        if let Some(reason) = self.stopped() {
            self.omitted.entry(operation).or_insert(reason);
            return None;
        }
        let prepared = match self.prepared(item, thing) {
            Ok(prepared) => prepared,
            Err(reason) => {
                self.omitted.entry(operation).or_insert(reason);
                return None;
            }
        };
        let mut at = self.send(prepared);
        let is_create = self
            .role(operation)
            .is_some_and(|it| it.kind == Kind::Create);
        let is_conflict = self
            .exchanges
            .get(at)
            .is_some_and(|it| it.status() == Some(409));
        if is_create && is_conflict {
            // What the example makes is there already: another one of the same kind is as good.
            self.unique.insert(operation);
            if let Ok(again) = self.prepared(item, thing) {
                let other = self.distinct(again);
                at = self.exchange(other).unwrap_or(at);
            }
        }
        if let Some(Err(Unanswered::Unsendable(reason))) =
            self.exchanges.get(at).map(|it| &it.answer)
        {
            let reason = Reason::Unsendable(reason.clone());
            self.omitted.insert(operation, reason);
            return None;
        }
        if self.plan.has(Phase::Examples) {
            self.judge(at);
        }
        let exchange = self.exchanges.get(at)?;
        if exchange.is_success {
            self.accepted.insert(operation, at);
            self.keep(at);
            self.learn(at);
            self.after_write(at);
        }
        Some(at)
    }

    /// A request that makes something else than the one before: its texts are told apart by a number.
    pub(super) fn distinct(&mut self, item: Item) -> Item {
        if !self.unique.contains(&item.operation) {
            return item;
        }
        let Some(operation) = self.operation(item.operation) else {
            return item;
        };
        self.made += 1;
        let mut draft = item.draft.clone();
        judge::echo::tell_apart(operation, &mut draft, self.made);
        Item::new(item.operation, item.variant, draft)
    }

    /// Keeps what a list shows, for readers of what nobody can create.
    fn learn(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(role), Some(operation)) = (self.plan.roles.get(index), self.operation(index))
        else {
            return;
        };
        if role.kind != Kind::List {
            return;
        }
        let noun = role.noun.clone();
        let parents: Vec<_> = role
            .slots
            .iter()
            .filter(|slot| slot.place == SlotPlace::Path)
            .filter_map(|slot| {
                let value = exchange.item.draft.path_value(&slot.name)?;
                Some((slot.noun.clone(), value.to_owned()))
            })
            .collect();
        let items = judge::list::items(operation, exchange.body.as_ref());
        let items: Vec<_> = items.into_iter().take(3).cloned().collect();
        for object in items {
            self.store.add(Thing {
                noun: noun.clone(),
                object,
                location: None,
                parents: parents.clone(),
                is_own: false,
                is_gone: false,
                uses: 0,
                made_by: None,
            });
        }
    }

    /// True if all answers are refused for one reason, which one finding tells.
    pub(super) fn has_one_cause(&self) -> bool {
        if self.is_lost {
            return true;
        }
        let statuses: Vec<_> = self
            .exchanges
            .iter()
            .filter_map(super::Exchange::status)
            .collect();
        let Some(first) = statuses.first() else {
            return true;
        };
        let is_cause = matches!(first, 401 | 403 | 404 | 301 | 302 | 307 | 308);
        is_cause && statuses.iter().all(|status| status == first)
    }
}
