//! What is left of a session when it is over.

use crate::conform::plan::{Omitted, Reason};
use crate::conform::run::Found;

use super::{Course, Session};

impl Session<'_, '_> {
    /// What was planned and neither exercised nor left out for a known reason could not be prepared.
    fn account(&mut self) {
        let stopped = self.stopped();
        for item in &self.plan.items {
            let operation = item.operation;
            let is_accounted_for = self.exercised.contains(&operation)
                || self.unknown.contains(&operation)
                || self.plan.prepares.contains(&operation);
            if !is_accounted_for {
                let slots = self.role(operation).map_or(&[][..], |role| &role.slots);
                let reason = stopped.clone().unwrap_or_else(|| {
                    let mut slots = slots.iter();
                    let unchosen = slots.find_map(|slot| self.unchosen(&slot.noun));
                    let none = || "none of the requests before was accepted".to_owned();
                    Reason::Blocked(unchosen.unwrap_or_else(none))
                });
                self.omitted.entry(operation).or_insert(reason);
            }
        }
    }

    /// What came of the session.
    pub(super) fn outcome(mut self) -> Course {
        let is_answered = self.exchanges.iter().any(|it| it.answer.is_ok());
        let unreachable = self.unanswered.first().cloned().filter(|_| !is_answered);
        if unreachable.is_some() {
            self.exercised.clear();
            self.diagnostics.clear();
        }
        self.account();
        let mut omitted = self.plan.omitted.clone();
        let prepares = &self.plan.prepares;
        self.exercised.retain(|it| !prepares.contains(it));
        let rest = self.omitted.into_iter();
        let rest = rest.filter(|(operation, _)| !prepares.contains(operation));
        omitted.extend(rest.map(|(operation, reason)| Omitted { operation, reason }));
        omitted.sort_by_key(|omitted| omitted.operation);
        self.exercised.sort_unstable();
        Course {
            exchanges: self.exchanges,
            found: self
                .diagnostics
                .into_iter()
                .zip(self.staged)
                .map(|(diagnostic, stage)| Found { stage, diagnostic })
                .collect(),
            exercised: self.exercised,
            omitted,
            compared: self.compared,
            unreachable,
            leftovers: self.leftovers,
            ended: self.ended,
            is_mock: self.is_forgetful,
        }
    }
}
