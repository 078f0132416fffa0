//! The same create once more, where the page says that it makes nothing new then: the answer is about what is there.

use serde_json::Value;

use crate::conform::chain::identity;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::upserts;

use crate::conform::session::{Session, Thing};

impl Session<'_, '_> {
    /// Sends the example of a create again whose page says that this changes what is there already.
    pub(in crate::conform::session) fn check_upsert(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let Some(sentence) = upserts::of(operation) else {
            return;
        };
        let exchange = self.exchanges.get(at);
        let is_example = exchange.is_some_and(|it| matches!(it.item.variant, Variant::Example));
        let is_made = |it: &Thing| it.made_by == Some(at);
        let (true, true) = (is_example, self.store.things.iter().any(is_made)) else {
            return;
        };
        let Some(mut draft) = exchange.map(|it| it.item.draft.clone()) else {
            return;
        };
        // What the page names has to be sent, so that it is the same.
        let sent = draft.content().unwrap_or_default();
        let words = sentence.split('`').skip(1).step_by(2);
        let mut inputs = operation.body.iter().flat_map(|body| &body.fields);
        let mut named = words.filter(|name| inputs.any(|it| it.name.value == **name));
        if !named.all(|name| sent.get(name).is_some_and(|it| !it.is_null())) {
            return;
        }
        if draft.idempotency_key().is_some() {
            draft.renew_idempotency_key(self.exchanges.len());
        }
        let noun = role.noun.clone();
        let step = Item::new(index, Variant::Step("the same create again"), draft);
        let Some(again) = self.exchange(step).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        let (Some(first), Some(second)) = (self.object(at), self.object(again)) else {
            return;
        };
        let key = self.key(&noun);
        let id = |object: &Value| identity::id(object, &key, &noun);
        let (Some(old), Some(new)) = (id(&first), id(&second)) else {
            return;
        };
        self.keep(again);
        if old != new {
            let message = format!(
                "{} sent again makes another {noun}, and the page says that the one that is there is meant",
                operation.name()
            );
            let found = Found::about(&state::ACCEPTED_AGAIN, "endpoint", message)
                .seen(format!("the {noun} `{old}`"), format!("the {noun} `{new}`"));
            self.found(
                again,
                &noun,
                &format!("{index} upsert"),
                found.weak_if(true),
            );
            return;
        }
        let members = upserts::kept(&sentence).into_iter();
        let mut moved = members.filter_map(|name| {
            let (old, new) = (first.get(&name)?.clone(), second.get(&name)?.clone());
            (old != new).then_some((name, old, new))
        });
        if let Some((name, old, new)) = moved.next() {
            let message = format!(
                "{} sent again changes `{name}`, and the page says that it stays",
                operation.name()
            );
            let found = Found::about(
                &state::UPDATE_CHANGES_OTHERS,
                self.subject_of(again, &name),
                message,
            )
            .seen(sample::plain(&old), sample::plain(&new))
            .weak_if(true);
            self.found(again, &noun, &format!("{index} upsert {name}"), found);
        }
    }
}
