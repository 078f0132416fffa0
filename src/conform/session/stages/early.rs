//! What an action is to refuse, and was refused because the thing was not ready for it: that says nothing of what was sent.
//! Once it is known what makes things ready, it is sent again.

use crate::conform::chain::Kind;
use crate::conform::plan::{Item, Variant};

use crate::conform::session::Session;

/// More requests of one action are not sent again.
const AGAIN: usize = 3;

impl Session<'_, '_> {
    /// True if a request was refused too early to be judged; it is kept for later then.
    pub(in crate::conform::session) fn is_put_off(&mut self, item: &Item, at: usize) -> bool {
        let role = self.role(item.operation);
        let is_action = role.is_some_and(|it| it.kind == Kind::Action);
        let is_of_values = matches!(item.variant, Variant::Missing(_) | Variant::Invalid(..));
        if !is_action || !is_of_values || self.is_mock || !self.is_unready(at) {
            return false;
        }
        self.put_off.push(item.clone());
        true
    }

    /// Sends what was refused too early, on things that are ready.
    pub(in crate::conform::session) fn send_put_off(&mut self, operation: usize) {
        let all = std::mem::take(&mut self.put_off);
        let (items, others): (Vec<Item>, Vec<Item>) =
            all.into_iter().partition(|it| it.operation == operation);
        self.put_off = others;
        let mut ready = None;
        for item in items.into_iter().take(AGAIN) {
            if ready.is_none() {
                ready = self.readied(&item).ok().flatten();
            }
            let Some(thing) = ready else {
                return;
            };
            let Ok(prepared) = self.prepared(&item, Some(thing)) else {
                return;
            };
            let prepared = self.distinct(prepared);
            let Some(mut at) = self.exchange(prepared) else {
                return;
            };
            if self.is_unready(at) {
                let Some((again, other)) = self.make_ready(&item, thing, &mut None) else {
                    return;
                };
                (at, ready) = (again, Some(other));
            }
            self.judge(at);
            self.keep(at);
            if self.has_succeeded(at) {
                self.use_up(ready.take());
            }
        }
    }
}
