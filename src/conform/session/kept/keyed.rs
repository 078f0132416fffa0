//! What is sent for one of several parts that a value names: `{"environment": "staging", "on": true}` is for
//! `environments.staging.on`, and for none of the other environments.

use serde_json::{Map, Value};

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;

use crate::conform::session::Session;

/// Parts nested deeper are not looked at.
const DEPTH: usize = 3;

/// Where a part stands: the way to the object that holds all parts, and the name of this one.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    way: Vec<String>,
    key: String,
}

impl Place {
    fn parts<'v>(&self, object: &'v Value) -> Option<&'v Map<String, Value>> {
        let way = self.way.iter();
        let all = way.clone().try_fold(object, |value, name| value.get(name));
        all?.as_object()
    }

    fn path(&self, key: &str, member: &str) -> String {
        let way = self.way.iter().map(String::as_str);
        way.chain([key, member]).collect::<Vec<_>>().join(".")
    }
}

impl Session<'_, '_> {
    /// After a write: the part that was named is as it was sent, and the others are as they were.
    pub(in crate::conform::session) fn check_keyed(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let sent = self.sent(at);
        let sent = sent.unwrap_or_default();
        let Some((place, member)) = place(&sent, after) else {
            return;
        };
        let (Some(parts), Some(wanted)) = (place.parts(after), sent.get(&member)) else {
            return;
        };
        let noun = role.noun.clone();
        let name = operation.name();
        let shown = parts.get(&place.key).and_then(|part| part.get(&member));
        if let Some(shown) = shown.filter(|shown| !echo::is_same(wanted, shown)) {
            let path = place.path(&place.key, &member);
            let what = if read == at {
                "answers with"
            } else {
                "is followed by a read that shows"
            };
            let message = format!("{name} {what} another `{path}` than the one that was sent");
            let found = Found::about(
                &state::UPDATE_NOT_KEPT,
                self.subject_of(read, &path),
                message,
            )
            .seen(sample::plain(wanted), sample::plain(shown));
            self.found(at, &noun, &format!("{index} {path}"), found);
            return;
        }
        let known = place.parts(before);
        let other = parts
            .iter()
            .filter(|(key, _)| **key != place.key)
            .find_map(|(key, part)| {
                let (old, new) = (known?.get(key)?.get(&member)?, part.get(&member)?);
                (!echo::is_same(old, new)).then(|| (key.clone(), old.clone(), new.clone()))
            });
        if let Some((key, old, new)) = other {
            let path = place.path(&key, &member);
            let message = format!("{name} for `{}` changes `{path}`", place.key);
            let found = Found::about(
                &state::UPDATE_CHANGES_OTHERS,
                self.subject_of(read, &path),
                message,
            )
            .seen(sample::plain(&old), sample::plain(&new));
            self.found(at, &noun, &format!("{index} {path}"), found);
        }
    }
}

/// Where an object has the part that a sent text names, and the member of it that was sent.
fn place(sent: &Map<String, Value>, object: &Value) -> Option<(Place, String)> {
    let texts = sent
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)));
    texts.into_iter().find_map(|(name, key)| {
        let others = sent.keys().filter(|other| *other != name);
        let others: Vec<&String> = others.collect();
        within(object, key, &others, &mut Vec::new())
    })
}

fn within(
    object: &Value,
    key: &str,
    members: &[&String],
    way: &mut Vec<String>,
) -> Option<(Place, String)> {
    let parts = object.as_object()?;
    // One object by itself may have a name that happens to be a value.
    let are_parts = parts.len() > 1 && parts.values().all(Value::is_object);
    let part = parts.get(key).filter(|_| are_parts && !way.is_empty());
    let member = part.and_then(|part| members.iter().find(|it| part.get(it.as_str()).is_some()));
    if let Some(member) = member {
        let place = Place {
            way: way.clone(),
            key: key.to_owned(),
        };
        return Some((place, (*member).clone()));
    }
    if way.len() >= DEPTH {
        return None;
    }
    parts.iter().find_map(|(name, value)| {
        way.push(name.clone());
        let found = within(value, key, members, way);
        way.pop();
        found
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_that_is_sent_names_a_part() {
        let object = json!({"id": 1, "stages": {"draft": {"on": true}, "live": {"on": false}}});
        let found = |sent: Value| {
            let (place, member) = place(sent.as_object()?, &object)?;
            Some(place.path(&place.key, &member))
        };
        let sent = json!({"id": 1, "stage": "live", "on": true});
        assert_eq!(found(sent).as_deref(), Some("stages.live.on"));
        for other in [
            json!({"stage": "gone", "on": true}),
            json!({"stage": "live", "note": "x"}),
            json!({"stage": "stages", "on": true}),
        ] {
            assert_eq!(found(other), None);
        }
    }
}
