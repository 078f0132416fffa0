//! Numbers beside a list that say how many things are so: `unread_count`, `open_count`, `{"counts": {"done": 2}}`.
//!
//! The name says what is counted, and the example must have that many of them.

use serde_json::{Map, Value};

use super::view::{View, text};
use crate::mock::words;

type Thing = Map<String, Value>;

/// What is counted.
enum Counted {
    /// Things that have something there, or have nothing.
    Set(String, bool),
    /// Things with that value.
    With(String, String),
}

impl Counted {
    fn is(&self, thing: &Thing) -> bool {
        match self {
            Self::Set(name, is_set) => match thing.get(name) {
                Some(Value::Bool(is)) => is == is_set,
                value => value.is_some_and(|it| !it.is_null()) == *is_set,
            },
            Self::With(name, value) => thing.get(name).map(text).as_ref() == Some(value),
        }
    }
}

/// Sets the numbers beside a list that say how many of all things are so.
pub(super) fn tell(view: &View, all: &[&Thing], whole: &mut Value) {
    let shown = view
        .way
        .iter()
        .try_fold(&view.template, |value, name| value.get(name));
    let shown = shown.and_then(Value::as_array).into_iter().flatten();
    let shown: Vec<&Thing> = shown.filter_map(Value::as_object).collect();
    let Value::Object(members) = whole else {
        return;
    };
    for (name, value) in members {
        match value {
            Value::Object(inner) if view.way.first() != Some(name) => {
                for (name, value) in inner {
                    set(name, value, &shown, all);
                }
            }
            value => set(name, value, &shown, all),
        }
    }
}

fn set(name: &str, value: &mut Value, shown: &[&Thing], all: &[&Thing]) {
    let Some(told) = value.as_u64() else { return };
    let how_many = |counted: &Counted, things: &[&Thing]| {
        let things = things.iter().filter(|thing| counted.is(thing));
        things.count() as u64
    };
    let counted = counted(name, shown).into_iter();
    let mut fitting = counted.filter(|it| how_many(it, shown) == told);
    if let (Some(only), None) = (fitting.next(), fitting.next()) {
        *value = how_many(&only, all).into();
    }
}

/// All that a name may count.
fn counted(name: &str, shown: &[&Thing]) -> Vec<Counted> {
    let parts = words::parts(name);
    let own = parts
        .iter()
        .filter(|it| !matches!(it.as_str(), "count" | "total" | "num" | "number"));
    let own: String = own.map(String::as_str).collect();
    let Some(first) = shown.first().filter(|_| own.len() > 2) else {
        return Vec::new();
    };
    let members = first.iter().flat_map(|(member, value)| {
        let folded = words::folded(member);
        let bare = folded.strip_prefix("is").unwrap_or(&folded);
        let is_time = bare.strip_suffix("at").is_some() && !value.is_boolean();
        let bare = bare.strip_suffix("at").filter(|_| is_time).unwrap_or(bare);
        let is_truth = is_time || value.is_boolean();
        let of = |wanted: &str, is_set| {
            (is_truth && own == wanted).then(|| Counted::Set(member.clone(), is_set))
        };
        let values = shown.iter().filter_map(|thing| thing.get(member)?.as_str());
        let with = values.clone().find(|value| words::folded(value) == own);
        let with = with.map(|value| Counted::With(member.clone(), value.to_owned()));
        let opposite = ["un", "not"]
            .iter()
            .find_map(|word| of(&format!("{word}{bare}"), false));
        [of(bare, true), opposite, with]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    });
    let mut counted: Vec<Counted> = members.collect();
    // `read` and `read_at` say the same.
    let is_truth = |it: &Counted| matches!(it, Counted::Set(name, _) if first.get(name).is_some_and(Value::is_boolean));
    if counted.iter().any(is_truth) {
        counted.retain(is_truth);
    }
    counted
}
