//! Names that may be had again: what was deleted is made once more, where the pages say that its name is free then.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::{Item, Variant};
use crate::conform::said::freed;

use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// Makes something with the name that a deleted thing had.
    pub(super) fn check_freed(&mut self, at: usize, thing: usize) {
        let Some((_, delete, _)) = self.about(at) else {
            return;
        };
        let Some(known) = self.store.things.get(thing) else {
            return;
        };
        let made_by = known.made_by.and_then(|it| self.exchanges.get(it));
        let Some(made_by) = made_by.filter(|it| it.is_success) else {
            return;
        };
        let index = made_by.item.operation;
        let is_create = self.role(index).is_some_and(|it| it.kind == Kind::Create);
        let Some(create) = self.operation(index).filter(|_| is_create) else {
            return;
        };
        let mut draft = made_by.item.draft.clone();
        let object = known.object.clone();
        // What was renamed on the way had another name in the end, and nobody knows who has the first one.
        let is_kept = |input: &crate::conform::plan::input::Input| {
            let sent = draft.value(input);
            let sent = sent.as_ref().and_then(Value::as_str);
            let now = object.get(&input.name).and_then(Value::as_str);
            sent.zip(now).is_some_and(|(sent, now)| {
                !sent.is_empty() && sent.to_lowercase() == now.to_lowercase()
            })
        };
        let inputs = freed::inputs(delete, create);
        let Some(input) = inputs.into_iter().find(is_kept) else {
            return;
        };
        draft.renew_idempotency_key(self.exchanges.len());
        let variant = Variant::Step("the same again after the delete");
        let Some(again) = self.exchange(Item::new(index, variant, draft)) else {
            return;
        };
        if self.has_succeeded(again) {
            self.keep(again);
            return;
        }
        let status = self.exchanges.get(again).and_then(Exchange::status);
        let Some(status) = status.filter(|_| self.is_conflict(again) || self.says_taken(again))
        else {
            return;
        };
        let Some(noun) = self.role(index).map(|role| role.noun.clone()) else {
            return;
        };
        let message = format!(
            "{} with the `{}` of what was deleted is answered with {}, and the page says that it is free then",
            self.name_of(index),
            input.name,
            describe_status(status)
        );
        let found = Found::about(&UNEXPECTED_REFUSAL, input.subject(), message)
            .promised_at(Some(input.span))
            .seen("a success", describe_status(status))
            .weak_if(true);
        self.found(again, &noun, &format!("{} free again", input.name), found);
    }
}
