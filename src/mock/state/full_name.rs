//! Names that are made of others: `display_name` of `first_name` and `last_name`, if the examples show it so.

use serde_json::{Map, Value};

use crate::mock::words;

const FIRST: [&str; 3] = ["firstname", "givenname", "forename"];
const LAST: [&str; 3] = ["lastname", "familyname", "surname"];
const WHOLE: [&str; 4] = ["displayname", "fullname", "name", "completename"];

/// Makes the whole name anew if it was made of the others before, and was not sent.
pub(super) fn renew(thing: &mut Map<String, Value>, before: &Map<String, Value>, sent: &[String]) {
    let named = |names: &[&str]| {
        let mut keys = before.keys();
        keys.find(|key| names.contains(&words::folded(key).as_str()))
    };
    let (Some(first), Some(last), Some(whole)) = (named(&FIRST), named(&LAST), named(&WHOLE))
    else {
        return;
    };
    let joined = |members: &Map<String, Value>| {
        let parts = [first, last].into_iter();
        let parts = parts.filter_map(|name| members.get(name)?.as_str());
        parts.collect::<Vec<_>>().join(" ")
    };
    let is_joined = before.get(whole).and_then(Value::as_str) == Some(joined(before).as_str());
    if is_joined && !sent.contains(whole) {
        thing.insert(whole.clone(), joined(thing).into());
    }
}
