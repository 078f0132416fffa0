//! What a state keeps, as named texts, so that several mocks can keep it together.
//!
//! ```text
//! ["things","/books"]              [{"id":"b1","made":true,"members":{…}}]
//! ["things","/shops/{}/books","7"] those below the shop 7
//! ["removed","/books","b2"]        1
//! ["made"]                         3
//! ["answered","POST /books","/books","key 1"]  {"sent":…,"status":201,"headers":{…},"body":"…"}
//! ```

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::repeats::Answered;
use super::{State, Thing, Things};

/// What became of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The name.
    pub(crate) field: String,
    /// The text; none if there is none any more.
    pub(crate) text: Option<String>,
}

impl State {
    /// What is different in a state that this one came from.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (place, things) in &self.kept {
            let known = before.kept.get(place);
            if !known.is_some_and(|known| Arc::ptr_eq(known, things)) {
                changes.push(Change {
                    field: field("things", place),
                    text: Some(written(things)),
                });
            }
        }
        let gone = before.kept.keys().filter(|it| !self.kept.contains_key(*it));
        changes.extend(gone.map(|place| Change {
            field: field("things", place),
            text: None,
        }));
        let removed = self.removed.difference(&before.removed);
        changes.extend(removed.map(|place| Change {
            field: field("removed", place),
            text: Some("1".to_owned()),
        }));
        let back = before.removed.difference(&self.removed);
        changes.extend(back.map(|place| Change {
            field: field("removed", place),
            text: None,
        }));
        for (asked, answered) in &self.answered {
            let known = before.answered.get(asked);
            if !known.is_some_and(|known| Arc::ptr_eq(known, answered)) {
                changes.push(Change {
                    field: field("answered", asked),
                    text: Some(answered.written()),
                });
            }
        }
        let gone = before.answered.keys();
        let gone = gone.filter(|it| !self.answered.contains_key(*it));
        changes.extend(gone.map(|asked| Change {
            field: field("answered", asked),
            text: None,
        }));
        if self.made != before.made {
            changes.push(Change {
                field: MADE.to_owned(),
                text: Some(self.made.to_string()),
            });
        }
        changes
    }

    /// Takes over what another mock changed; what is no text of a state is left alone.
    pub(crate) fn take(&mut self, change: &Change) {
        if change.field == MADE {
            let made = change.text.as_ref().and_then(|text| text.parse().ok());
            self.made = made.unwrap_or_default();
            return;
        }
        let Ok(names) = serde_json::from_str::<Vec<String>>(&change.field) else {
            return;
        };
        let [kind, path, ids @ ..] = names.as_slice() else {
            return;
        };
        let place = (path.clone(), ids.to_vec());
        match (kind.as_str(), &change.text) {
            ("things", Some(text)) => {
                if let Some(things) = read(text) {
                    self.kept.insert(place, Arc::new(things));
                }
            }
            ("things", None) => {
                self.kept.remove(&place);
            }
            ("removed", Some(_)) => {
                self.removed.insert(place);
            }
            ("removed", None) => {
                self.removed.remove(&place);
            }
            ("answered", Some(text)) => {
                if let Some(answered) = Answered::read(text) {
                    self.answered.insert(place, Arc::new(answered));
                }
            }
            ("answered", None) => {
                self.answered.remove(&place);
            }
            _ => {}
        }
    }
}

const MADE: &str = "[\"made\"]";

fn field(kind: &str, (path, ids): &(String, Vec<String>)) -> String {
    let names: Vec<&str> = [kind, path]
        .into_iter()
        .chain(ids.iter().map(String::as_str))
        .collect();
    json!(names).to_string()
}

fn written(things: &Things) -> String {
    let things = things
        .iter()
        .map(|thing| json!({ "id": thing.id, "made": thing.is_made, "below": thing.below, "members": thing.members }));
    things.collect::<Value>().to_string()
}

fn read(text: &str) -> Option<Things> {
    let things: Vec<Map<String, Value>> = serde_json::from_str(text).ok()?;
    let things = things.into_iter().map(|mut thing| {
        let Some(Value::Object(members)) = thing.remove("members") else {
            return None;
        };
        let id = thing.get("id")?.as_str()?.to_owned();
        let is_made = thing.get("made")?.as_bool()?;
        let below = thing.remove("below").map(serde_json::from_value);
        let mut thing = Thing::new(id, members, is_made);
        thing.below = below.and_then(Result::ok).unwrap_or_default();
        Some(thing)
    });
    things.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(id: &str) -> Arc<Things> {
        let mut members = Map::new();
        members.insert("id".to_owned(), id.into());
        Arc::new(vec![Thing::new(id.to_owned(), members, true)])
    }

    fn place(path: &str, ids: &[&str]) -> (String, Vec<String>) {
        let ids = ids.iter().map(|id| (*id).to_owned());
        (path.to_owned(), ids.collect())
    }

    #[test]
    fn a_state_that_takes_all_changes_of_another_is_like_it() {
        let mut before = State::default();
        before.kept.insert(place("/books", &[]), things("b1"));
        before.removed.insert(place("/books", &["b9"]));
        let mut after = before.clone();
        after.made = 7;
        after.kept.remove(&place("/books", &[]));
        let below = place("/shops/{}/books", &["7 \"x\""]);
        after.kept.insert(below.clone(), things("b2"));
        after.removed.clear();
        after.removed.insert(place("/books", &["b1"]));
        let text = r#"{"sent":7,"status":201,"headers":{"location":"/books/b2"},"body":"{}"}"#;
        let answered = Arc::new(Answered::read(text).unwrap());
        assert_eq!(answered.written(), text);
        let asked = place("POST /books", &["/books", "key"]);
        after.answered.insert(asked, Arc::clone(&answered));
        let changes = after.changes_since(&before);
        assert_eq!(changes.len(), 6);
        for change in &changes {
            before.take(change);
        }
        assert_eq!((before.made, &before.removed), (7, &after.removed));
        assert_eq!(before.answered, after.answered);
        assert_eq!(before.kept.len(), 1);
        assert_eq!(before.kept.get(&below).unwrap()[0].id, "b2");
        assert!(after.changes_since(&after.clone()).is_empty());
    }

    #[test]
    fn what_is_no_text_of_a_state_is_left_alone() {
        let mut state = State::default();
        for (field, text) in [
            ("", "1"),
            ("[]", "1"),
            ("[\"things\"]", "[]"),
            ("[\"things\",\"/books\"]", "{"),
            ("[\"others\",\"/books\"]", "[]"),
        ] {
            state.take(&Change {
                field: field.to_owned(),
                text: Some(text.to_owned()),
            });
        }
        assert!(state.kept.is_empty() && state.removed.is_empty());
    }
}
