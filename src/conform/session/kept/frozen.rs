//! Updates of what the pages say is fixed by then: "Once there is a vote the question is fixed".

use crate::conform::bindings::letters;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::said::frozen;

use crate::conform::session::{Exchange, Session};

impl Session<'_, '_> {
    /// True if an accepted update changed what is fixed since something belongs to the thing; nothing is sent for it.
    pub(in crate::conform::session) fn check_frozen(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let own = role.own_path();
        let draft = self.exchanges.get(at).map(|it| it.item.draft.clone());
        let Some((id, sent)) = own
            .zip(draft)
            .and_then(|(slot, draft)| Some((draft.slot(slot)?, draft.content()?)))
        else {
            return;
        };
        let noun = role.noun.clone();
        let of_all = self.api.shared.remarks.iter().map(|it| &it.text);
        let told = operation.remarks.iter().chain(of_all);
        let told = told.filter_map(|it| Some((frozen::of(&it.value)?, it.evidence.span)));
        let mut things = self.store.things.iter();
        let Some(thing) = things.find(|it| it.noun == noun && it.key().as_ref() == Some(&id))
        else {
            return;
        };
        let mut broken = told.filter_map(|(frozen, span)| {
            let member = sent.keys().find(|it| letters(it) == frozen.member)?;
            let old = thing.object.get(member)?;
            let is_changed = !echo::is_same(old, sent.get(member)?);
            let parent = (noun.clone(), id.clone());
            let mut children = self.store.things.iter();
            let has_child = children.any(|it| {
                it.noun == frozen.child
                    && !it.is_gone
                    && it.made_by.is_some_and(|by| by < at)
                    && it.parents.contains(&parent)
            });
            (is_changed && has_child).then(|| (member.clone(), frozen.child, span))
        });
        let Some((member, child, span)) = broken.next() else {
            return;
        };
        let message = format!(
            "{} changes `{member}` of the {noun} that a {child} belongs to, and the pages say that it is fixed then",
            operation.name()
        );
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let found = Found::about(&state::ACCEPTED_IN_STATE, "endpoint", message)
            .promised_at(span)
            .seen("a refusal", describe_status(status.unwrap_or_default()))
            .weak_if(true);
        self.found(at, &noun, &format!("{index} fixed {member}"), found);
    }
}
