//! Things that answer another one of their kind: a comment in reply to a comment, a task below a task. The other one counts
//! them: "Number of replies to this comment."

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::{Kind, SlotPlace};
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::said::promises;
use crate::conform::said::totals::is_same as is_one_noun;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// A create that names another thing of its kind in its body: a number of that one which counts such things goes up by one.
    pub(in crate::conform::session) fn check_answered(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at).filter(|_| self.is_stateful()) else {
            return;
        };
        let slots = role.slots.iter();
        let mut slots = slots.filter(|it| it.place == SlotPlace::Body && it.noun == role.noun);
        let (Some(slot), Kind::Create) = (slots.next(), role.kind) else {
            return;
        };
        let draft = self.exchanges.get(at).map(|it| &it.item.draft);
        let id = draft.and_then(|it| it.slot(slot));
        let mut things = self.store.things.iter();
        let above = things.position(|it| {
            it.noun == role.noun
                && it.made_by.is_some_and(|by| by != at)
                && !it.is_gone
                && it.key() == id
        });
        let Some(above) = above.filter(|it| id.is_some() && !self.is_written_since(*it, Some(at)))
        else {
            return;
        };
        let mut fields = self.fields_of(index).into_iter();
        let Some(field) = fields.find(|it| counts_answers(&it.description, &role.noun)) else {
            return;
        };
        let name = field.name.value.clone();
        let known = self.store.things.get(above);
        let Some(before) = known.and_then(|it| it.object.get(&name)?.as_i64()) else {
            return;
        };
        let Some(read) = self.read(above, "a read of what was answered") else {
            return;
        };
        let Some(shown) = self.shown(read) else {
            return;
        };
        let now = shown.get(&name).and_then(Value::as_i64);
        self.refresh(above, shown);
        let Some(now) = now.filter(|it| *it != before + 1) else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} with `{}` leaves `{name}` of that {noun} at {now} after {before}",
            operation.name(),
            slot.name
        );
        // The field says what is counted, and the page that it goes up.
        let is_plain = promises::names_member(operation, &name);
        let found = Found::about(&state::WRONG_COUNT, self.subject_of(read, &name), message)
            .promised_at(Some(field.open))
            .seen((before + 1).to_string(), now.to_string())
            .weak_if(!is_plain);
        self.found(at, &noun, &format!("{index} {name} answered"), found);
    }
}

/// "Number of replies to this comment", "How many subtasks this task has."
fn counts_answers(text: &str, noun: &str) -> bool {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\s*(?:the\s+)?(?:(?:number|count)\s+of|how\s+many)\s+(?:direct\s+)?(?:repl(?:y|ies)|answers|responses|children|sub-?\w+|\w+)\s+(?:to|below|under|in\s+reply\s+to)\s+(?:this|the|it)\b\s*(?P<noun>\w*)\s*(?:[.;]|$)
            | ^\s*how\s+many\s+(?:direct\s+)?(?:replies|answers|children|sub-?\w+)\s+(?:this|the)\s+(?P<of>\w+)\s+has\s*(?:[.;]|$)
            | ^\s*(?:the\s+)?(?:number|count)\s+of\s+(?:direct\s+)?(?:replies|children|sub-?\w+)\s*(?:[.;]|$)",
        )
    });
    COUNT.captures(text).is_some_and(|found| {
        let word = found.name("noun").or_else(|| found.name("of"));
        word.is_none_or(|it| it.as_str().is_empty() || is_one_noun(it.as_str(), noun))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_count_what_answers_a_thing() {
        for text in [
            "Number of replies to this comment.",
            "How many replies this comment has.",
            "The number of direct replies.",
            "Number of comments below it.",
        ] {
            assert!(counts_answers(text, "comment"), "{text}");
        }
        for text in [
            "Number of replies to this thread.",
            "Number of replies that are read.",
            "Number of readers.",
        ] {
            assert!(!counts_answers(text, "comment"), "{text}");
        }
    }
}
