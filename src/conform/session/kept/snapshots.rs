//! Things that keep what another one had when they were made: "Orders keep the prices that they were placed with." A later
//! change of the other one does not show in them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::conform::chain::Kind;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::sample;
use crate::conform::said::promises;
use crate::conform::said::totals::is_same as is_one_noun;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// After an update: what was made of the thing before is as it was then, where the pages say so.
    pub(in crate::conform::session) fn check_snapshots(
        &mut self,
        at: usize,
        thing: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let changed = changes(before, after);
        let things = 0..self.store.things.len();
        let made_of_it: Vec<usize> = things.filter(|it| self.was_made_of(*it, thing)).collect();
        for one in made_of_it {
            let Some(known) = self.store.things.get(one) else {
                continue;
            };
            let (noun, old) = (known.noun.clone(), known.object.clone());
            let is_told = changed.iter().any(|(was, _)| holds(&old, was));
            let said = self.keeps_what_was(index, &noun).filter(|_| is_told);
            let Some(is_plain) = said else {
                continue;
            };
            if self.is_written_since(one, Some(at))
                || !self
                    .reported
                    .insert((format!("snapshot {index}"), noun.clone()))
            {
                continue;
            }
            let Some(read) = self.read(one, "a read of what was made before") else {
                return;
            };
            let Some(shown) = self.shown(read) else {
                return;
            };
            let mut found = Vec::new();
            differing(&old, &shown, "", &mut found);
            let taken = found
                .into_iter()
                .find(|(_, was, now)| changed.iter().any(|(old, new)| old == was && new == now));
            self.refresh(one, shown);
            let Some((path, was, now)) = taken else {
                return;
            };
            let message = format!(
                "{} changes `{path}` of a {noun} that was made before",
                operation.name()
            );
            let found = Found::about(
                &state::UPDATE_CHANGES_OTHERS,
                self.subject_of(read, &path),
                message,
            )
            .seen(sample::plain(&was), sample::plain(&now))
            .plain_if(is_plain)
            .weak_if(!is_plain);
            self.found(at, &noun, &format!("{index} snapshot"), found);
            return;
        }
    }

    /// True for a thing of another kind of this run that can be read, and whose create named that thing.
    fn was_made_of(&self, one: usize, thing: usize) -> bool {
        let things = &self.store.things;
        things
            .get(one)
            .zip(things.get(thing))
            .is_some_and(|(it, of)| {
                it.noun != of.noun
                    && !it.is_gone
                    && !it.is_lost
                    && self.example_of(&it.noun, Kind::Read).is_some()
                    && self.names_in_create(one, of.key().as_deref())
            })
    }

    /// True if the request that made a thing has that id somewhere in its body.
    fn names_in_create(&self, one: usize, id: Option<&str>) -> bool {
        let made_by = self.store.things.get(one).and_then(|it| it.made_by);
        let draft = made_by.and_then(|at| Some(&self.exchanges.get(at)?.item.draft));
        let body = draft.and_then(|it| it.json());
        let id = id.map(Value::from);
        body.zip(id).is_some_and(|(body, id)| holds(body, &id))
    }

    /// Whether pages say that things of a noun keep what was so when they were made: that of the update in so many words, or
    /// a field of theirs.
    fn keeps_what_was(&self, update: usize, noun: &str) -> Option<bool> {
        let of_update = self.operation(update)?;
        if promises::sentences(of_update).any(|text| keeps(&text, noun)) {
            return Some(true);
        }
        let read = self.example_of(noun, Kind::Read)?.operation;
        let mut fields = self.fields_of(read).into_iter();
        fields
            .any(|field| is_of_then(&field.description, noun))
            .then_some(false)
    }
}

/// "Orders keep the prices that they were placed with", "existing bookings do not change".
fn keeps(text: &str, noun: &str) -> bool {
    static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?P<noun>\w+)\s+(?:that\s+(?:already\s+)?(?:exist|were\s+(?:placed|made|created|booked|issued)(?:\s+(?:before|already|earlier))?)\s+)?(?:keeps?\s+(?:the|their|its)|(?:is|are)\s+(?:not\s+(?:changed|affected|touched|updated)|unaffected|unchanged)|(?:does|do)\s*(?:not|n['’]t)\s+change|stays?\s+(?:as|the\s+same|unchanged)|remains?\s+(?:as|the\s+same|unchanged))\b",
        )
    });
    static OPEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:if|unless|when|until|may|can|might|except|only)\b"));
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:does|do|will)\s*(?:not|n['’]t)\s+(?:change|affect|touch|alter|update)\s+(?:the\s+|any\s+)?(?:existing|earlier|older|past|previous|open|placed)\s+(?P<noun>\w+)",
        )
    });
    let named = |regex: &Regex| {
        let mut found = regex.captures_iter(text);
        found.any(|it| {
            it.name("noun")
                .is_some_and(|it| is_one_noun(it.as_str(), noun))
        })
    };
    (named(&KEEPS) || named(&OTHERS)) && !OPEN.is_match(text)
}

/// "Price of the item when the order was placed", "name at the time of the booking".
fn is_of_then(text: &str, noun: &str) -> bool {
    static THEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:when|as)\s+(?:the|this)\s+(?P<noun>\w+)\s+was\s+(?:placed|made|created|booked|issued|taken|sent)\b|\bat\s+the\s+(?:time|moment)\s+of\s+(?:the\s+|its\s+)?(?P<of>\w+)",
        )
    });
    THEN.captures(text).is_some_and(|found| {
        let word = found.name("noun").or_else(|| found.name("of"));
        word.is_some_and(|it| is_one_noun(it.as_str(), noun))
    })
}

/// What was changed: the old and the new value of each member that tells.
fn changes(before: &Value, after: &Value) -> Vec<(Value, Value)> {
    let members = after.as_object().into_iter().flatten();
    let changed = members.filter_map(|(name, new)| {
        let old = before.get(name)?;
        let tells = |it: &Value| match it {
            Value::String(text) => text.len() > 2,
            Value::Number(number) => number.as_f64().is_some_and(|it| it.abs() > 1.0),
            _ => false,
        };
        (old != new && tells(old) && tells(new)).then(|| (old.clone(), new.clone()))
    });
    changed.collect()
}

/// True if a value is somewhere in another one.
fn holds(value: &Value, wanted: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|it| holds(it, wanted)),
        Value::Object(members) => members.values().any(|it| holds(it, wanted)),
        other => other == wanted,
    }
}

/// What differs between two values of one form: the way to it, and both.
fn differing(old: &Value, new: &Value, way: &str, into: &mut Vec<(String, Value, Value)>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => each(old, new, way, into),
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (old, new) in old.iter().zip(new) {
                differing(old, new, &format!("{way}[]"), into);
            }
        }
        _ if old != new => into.push((way.to_owned(), old.clone(), new.clone())),
        _ => {}
    }
}

fn each(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    way: &str,
    into: &mut Vec<(String, Value, Value)>,
) {
    for (name, old) in old {
        let dot = if way.is_empty() { "" } else { "." };
        if let Some(new) = new.get(name) {
            differing(old, new, &format!("{way}{dot}{name}"), into);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_say_that_what_was_made_before_keeps_what_it_had() {
        for text in [
            "Tickets keep the fares that they were sold with.",
            "Tickets that already exist are not changed.",
            "A new fare does not affect existing tickets.",
            "Earlier tickets stay as they are.",
        ] {
            assert!(keeps(text, "ticket"), "{text}");
        }
        for text in [
            "Tickets keep the fare unless they are open.",
            "Trains keep the fares.",
            "Open tickets get the new fare.",
        ] {
            assert!(!keeps(text, "ticket"), "{text}");
        }
        assert!(is_of_then("Fare when the ticket was made.", "ticket"));
        assert!(is_of_then("Fare at the time of the ticket.", "ticket"));
        assert!(!is_of_then("When the ticket was made.", "train"));
    }

    #[test]
    fn what_shows_the_new_value_in_another_thing_is_found() {
        let (before, after) = (
            json!({"fare": 300, "open": true}),
            json!({"fare": 450, "open": false}),
        );
        assert_eq!(changes(&before, &after), [(json!(300), json!(450))]);
        let mut found = Vec::new();
        let old = json!({"rows": [{"fare": 300, "seats": 2}]});
        let new = json!({"rows": [{"fare": 450, "seats": 2}]});
        differing(&old, &new, "", &mut found);
        assert_eq!(found, [("rows[].fare".to_owned(), json!(300), json!(450))]);
    }
}
