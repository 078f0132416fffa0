//! Actions with other values than the example has: what the text of an input says that the value, or its default, leads to.

use serde_json::Value;

use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, input, sample};
use crate::conform::said::chosen;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// The answer shows what the value of each input leads to.
    pub(super) fn check_chosen(&mut self, item: &Item, at: usize) {
        let (Some((index, operation, role)), Some(answer)) = (self.about(at), self.object(at))
        else {
            return;
        };
        if !matches!(item.variant, Variant::Minimal | Variant::Values(_)) {
            return;
        }
        let noun = role.noun.clone();
        let sent = self.sent(at).unwrap_or_default();
        let before = self
            .acted_upon(at)
            .and_then(|thing| self.store.things.get(thing))
            .map(|it| it.object.clone());
        let stage = before.and_then(|it| self.stage_now(&noun, &it));
        for input in input::inputs(operation)
            .iter()
            .filter(|it| it.is_root_member())
        {
            let value = sent.get(&input.name).or(input.default.as_ref());
            let Some(value) = value.map(sample::plain) else {
                continue;
            };
            let Some(said) = chosen::of(&input.description, &value) else {
                continue;
            };
            let unset = said
                .set
                .iter()
                .find(|it| answer.get(it.as_str()) == Some(&Value::Null));
            let stage = stage.as_ref().filter(|_| said.keeps_stage);
            let moved = stage.filter(|(member, old, _)| {
                let now = answer.get(member.as_str()).and_then(Value::as_str);
                now.is_some_and(|now| now != old)
            });
            let (member, expected) = match (unset, moved) {
                (Some(member), _) => (member.clone(), "a value".to_owned()),
                (None, Some((member, old, _))) => (member.clone(), old.clone()),
                (None, None) => continue,
            };
            let name = &input.name;
            let message = format!(
                "{} with `{name}` as `{value}` answers with another `{member}` than the page says",
                operation.name()
            );
            let now = answer.get(&member).map(sample::plain).unwrap_or_default();
            let found = Found::about(
                &state::ACTION_WITHOUT_EFFECT,
                self.subject_of(at, &member),
                message,
            )
            .promised_at(Some(input.span))
            .seen(expected, now)
            .weak_if(true);
            self.found(at, &noun, &format!("{index} {name} {member}"), found);
        }
    }
}
