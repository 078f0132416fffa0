//! Actions with other values than the documented request has, each on another thing, which is made ready as that one was.

use serde_json::Value;

use crate::conform::judge::refusal::REFUSED_VALUE;
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::bodiless;
use crate::conform::said::promises::OF_STATES;

use crate::conform::session::{Exchange, Session};

/// More variants of an action that needs another one before it are not sent.
const OPENED: usize = 2;

/// What has to be done before cannot be done.
pub(super) struct NotReady;

impl Session<'_, '_> {
    /// The other documented values of an action, each time with a thing that was used least.
    ///
    /// What was done once may be impossible a second time: only a refusal of the values says something.
    pub(super) fn act_otherwise(&mut self, operation: usize) {
        let is_wanted = |item: &Item| {
            let is_other = matches!(
                item.variant,
                Variant::Values(_) | Variant::Everything | Variant::Minimal | Variant::OtherScripts
            );
            item.operation == operation && is_other
        };
        let mut items = self.items(is_wanted);
        let is_example = |it: &&Exchange| {
            it.item.operation == operation && matches!(it.item.variant, Variant::Example)
        };
        let mut examples = self.exchanges.iter().filter(is_example);
        let is_of_state = |it: &Exchange| it.status().is_some_and(|it| OF_STATES.contains(&it));
        if self.opened_by.contains_key(&operation) || examples.any(is_of_state) {
            // Each takes two requests, and everything at once shows most.
            items.sort_by_key(|it| !matches!(it.variant, Variant::Everything));
            items.truncate(OPENED);
        }
        let mut is_tried = false;
        for item in items {
            let Ok(thing) = self.readied(item) else {
                return;
            };
            self.use_up(thing);
            let Ok(prepared) = self.prepared(item, thing) else {
                return;
            };
            let Some(mut at) = self.exchange(prepared) else {
                return;
            };
            if let Some(thing) = thing.filter(|_| self.is_unready(at)) {
                // What makes one ready makes others so, and nothing more is tried if nothing does.
                let made = if is_tried {
                    None
                } else {
                    self.make_ready(item, thing, &mut None)
                };
                is_tried = true;
                let Some((ready, _)) = made else {
                    return;
                };
                at = ready;
            }
            match self.exchanges.get(at).and_then(Exchange::status) {
                Some(200..300) => {
                    self.judge(at);
                    self.note_action(at);
                    self.check_echo(at);
                    self.check_member_defaults(at);
                    self.check_chosen(item, at);
                    let answered = self.object(at).unwrap_or_default();
                    self.check_keyed(at, at, (&Value::Null, &answered));
                }
                Some(400 | 422)
                    if matches!(item.variant, Variant::Values(_))
                        && !self.is_shown_refusal_of(at) =>
                {
                    self.refused(item, at);
                }
                Some(400 | 411 | 415 | 422)
                    if matches!(item.variant, Variant::Minimal) && item.draft.is_bodiless() =>
                {
                    self.check_bodiless(item, at);
                }
                // Nothing came back.
                None => self.judge(at),
                _ => {}
            }
        }
    }

    /// A request without a body that is refused, where the page says that none is needed.
    fn check_bodiless(&mut self, item: &Item, at: usize) {
        let example = self.example_item(item.operation);
        let has_body = example.is_some_and(|it| !it.draft.is_bodiless());
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let (Some(status), true) = (status, has_body && bodiless::goes_without(operation)) else {
            return;
        };
        let message = format!(
            "{} without a body is answered with {}, and the page says that none is needed",
            operation.name(),
            describe_status(status)
        );
        let noun = role.noun.clone();
        let found = Found::about(&REFUSED_VALUE, "request.body", message)
            .seen("a success", describe_status(status))
            .weak_if(true);
        self.found(at, &noun, &format!("{index} without a body"), found);
    }

    /// Another thing to do something with, after what had to be done before the documented request.
    pub(super) fn readied(&mut self, item: &Item) -> Result<Option<usize>, NotReady> {
        let Some(opener) = self.opened_by.get(&item.operation).copied() else {
            return Ok(self.spare(item));
        };
        let opener = self.example_item(opener).ok_or(NotReady)?;
        let spare = self.spare(item);
        if let Some(thing) = spare.filter(|it| self.is_opened(opener, *it)) {
            return Ok(Some(thing));
        }
        let noun = self.role(item.operation).ok_or(NotReady)?.noun.clone();
        let another = self.another_of(&noun).ok_or(NotReady)?;
        let is_ready = self.is_opened(opener, another);
        is_ready.then_some(Some(another)).ok_or(NotReady)
    }

    /// Does to a thing what has to be done before; true if that was accepted.
    fn is_opened(&mut self, opener: &Item, thing: usize) -> bool {
        let Ok(mut prepared) = self.prepared(opener, Some(thing)) else {
            return false;
        };
        prepared.variant = Variant::Step("what has to be done before");
        let done = self.exchange(prepared);
        done.is_some_and(|at| self.exchanges.get(at).is_some_and(Exchange::is_done))
    }
}
