//! Work that the server goes on with by itself: what was made is looked at until it is done, before anything is said of what
//! depends on that.
//!
//! The time is bounded for a run as a whole, and nobody waits where no server is.

use std::time::Duration;

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::said::progress;

use super::Session;
use super::lists::pages::{List, Walk};

/// A run waits no longer in all.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Milliseconds between looks at one thing.
const STEPS: [u64; 6] = [10, 20, 40, 80, 150, 300];

impl Session<'_, '_> {
    /// Waits; false if there is no time left for it.
    pub(super) fn pause(&mut self, milliseconds: u64) -> bool {
        let time = Duration::from_millis(milliseconds);
        if self.waited + time > PATIENCE || self.stopped().is_some() {
            return false;
        }
        let has_waited = (self.wire.pause)(time);
        if has_waited {
            self.waited += time;
        }
        has_waited
    }

    /// True if pages say that things of a noun change without a request.
    pub(super) fn moves_by_itself(&self, noun: &str) -> bool {
        let roles = self.plan.roles.iter().enumerate();
        let mut of_noun = roles.filter(|(_, role)| {
            role.noun == noun && matches!(role.kind, Kind::Create | Kind::Action)
        });
        of_noun.any(|(index, _)| self.operation(index).is_some_and(progress::only_begins))
    }

    /// Looks at a thing until it is done; the last look, if it came to an end.
    pub(super) fn finish(&mut self, thing: usize) -> Option<usize> {
        let made_by = self.store.things.get(thing)?.made_by;
        if made_by.is_some_and(|at| self.unfinished.contains(&at)) {
            return None;
        }
        for step in STEPS {
            let read = self.read(thing, "a look whether it is done")?;
            if !self.exchanges.get(read)?.is_success {
                return None;
            }
            let shown = self.shown(read)?;
            let is_under_way = progress::is_under_way(&shown);
            self.refresh(thing, shown);
            if !is_under_way {
                return Some(read);
            }
            if !self.pause(step) {
                break;
            }
        }
        self.unfinished.extend(made_by);
        None
    }

    /// True if an answer with `202` shows the thing itself in another state, in which it rests: what was asked is done.
    pub(super) fn is_applied(&self, at: usize, thing: usize, before: &Value) -> bool {
        let (Some(answered), Some(known)) = (self.object(at), self.store.things.get(thing)) else {
            return false;
        };
        let is_it = answered.get("id").is_some() && known.is_told_by(&answered);
        let (Some((_, old)), Some((_, new))) =
            (progress::stage(before), progress::stage(&answered))
        else {
            return false;
        };
        // In what is under way a thing rests if others that the run has made do.
        let mut others = self.store.things.iter().filter(|it| it.noun == known.noun);
        let rests = others.any(|it| {
            it.made_by.is_some() && progress::stage(&it.object).is_some_and(|(_, it)| it == new)
        });
        is_it && old != new && (rests || !progress::is_under_way(&answered))
    }

    /// True if a list shows something else than before although nothing was sent: what is in it goes on by itself.
    pub(super) fn has_moved(&mut self, list: &List<'_>, before: &Walk) -> bool {
        if !self.moves_by_itself(&list.noun) {
            return false;
        }
        let again = self.walk(list, list.largest(), &[]);
        again.is_none_or(|again| again.items != before.items)
    }

    /// Waits until what was made is done: once the last of a kind is, so are those before it.
    pub(super) fn finish_all(&mut self) {
        if self.is_forgetful || self.is_mock {
            return;
        }
        let mut nouns: Vec<String> = Vec::new();
        for thing in &self.store.things {
            if thing.made_by.is_some() && !nouns.contains(&thing.noun) {
                nouns.push(thing.noun.clone());
            }
        }
        nouns.retain(|noun| self.moves_by_itself(noun));
        for noun in nouns {
            let things = self.store.things.iter().enumerate();
            let under_way = things.filter(|(_, it)| {
                let is_new = it.made_by.is_some_and(|at| !self.unfinished.contains(&at));
                it.noun == noun && is_new && !it.is_gone && progress::is_under_way(&it.object)
            });
            let under_way: Vec<usize> = under_way.map(|(at, _)| at).collect();
            let Some(last) = under_way.last().copied() else {
                continue;
            };
            // One that is to wait for long says nothing of the others.
            let first = under_way.first().copied().filter(|first| *first != last);
            if self.finish(last).is_none()
                && let Some(first) = first
            {
                self.finish(first);
            }
        }
    }
}
