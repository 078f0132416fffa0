//! The id of something in what a server answers about it.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::plan::sample;

/// How well a member fits as the value of a parameter: 0 is best, `None` is not at all.
pub fn rank(member: &str, parameter: &str, noun: &str) -> Option<usize> {
    Wanted::new(parameter, noun).rank(member)
}

/// The parameter that wants a value.
struct Wanted<'n> {
    /// Its name in letters.
    parameter: String,
    noun: &'n str,
}

impl<'n> Wanted<'n> {
    fn new(parameter: &str, noun: &'n str) -> Self {
        Self {
            parameter: letters(parameter),
            noun,
        }
    }

    fn rank(&self, member: &str) -> Option<usize> {
        let member = letters(member);
        let (parameter, noun) = (&self.parameter, self.noun);
        let stem = parameter.strip_prefix(noun).filter(|stem| !stem.is_empty());
        let ranks = [
            member == *parameter,
            stem.is_some_and(|stem| member == stem),
            member == "id",
            member.strip_suffix("id") == Some(noun),
            ["uuid", "sid", "guid"]
                .iter()
                .any(|name| member == *name || member.strip_suffix(*name) == Some(noun)),
        ];
        // Beside a name that says what it wants (`slug`), an id of another name is no answer.
        let wants_id = parameter.ends_with("id") || parameter == noun || parameter.is_empty();
        let count = if wants_id { ranks.len() } else { 2 };
        ranks.iter().take(count).position(|fits| *fits)
    }
}

/// The object that an answer is about: the answer itself, or what its envelope holds.
pub fn object<'v>(answer: &'v Value, parameter: &str, noun: &str) -> Option<&'v Value> {
    enveloped(answer, parameter, noun).map(|(_, object)| object)
}

/// The object that an answer is about, and the name of the member that holds it, if one does.
pub fn enveloped<'v>(
    answer: &'v Value,
    parameter: &str,
    noun: &str,
) -> Option<(Option<&'v str>, &'v Value)> {
    let wanted = Wanted::new(parameter, noun);
    let has_id = |value: &Value| {
        let members = value.as_object();
        members.is_some_and(|members| {
            members.iter().any(|(name, value)| {
                (value.is_string() || value.is_number()) && wanted.rank(name).is_some()
            })
        })
    };
    if has_id(answer) {
        return Some((None, answer));
    }
    let members = answer.as_object()?;
    let mut inner = members.iter().filter(|(_, value)| has_id(value));
    let first = inner.next()?;
    let own = members
        .iter()
        .find(|(name, value)| letters(name) == noun && has_id(value));
    let (name, object) = own.unwrap_or(first);
    Some((Some(name), object))
}

/// The object that is all that an envelope holds: `{"data": {…}}`.
pub fn wrapped(answer: &Value) -> Option<&Value> {
    const NAMES: &[&str] = &["data", "result", "item", "payload", "response", "object"];
    let members = answer.as_object()?;
    let (name, inner) = members.iter().next().filter(|_| members.len() == 1)?;
    let is_wrapper = NAMES.contains(&letters(name).as_str()) && inner.is_object();
    is_wrapper.then_some(inner)
}

/// The value that goes into a parameter.
pub fn id(object: &Value, parameter: &str, noun: &str) -> Option<String> {
    named(object, parameter, noun).map(|(_, id)| id)
}

/// The value that goes into a parameter, and the name of the member that holds it.
pub fn named<'v>(object: &'v Value, parameter: &str, noun: &str) -> Option<(&'v str, String)> {
    let wanted = Wanted::new(parameter, noun);
    let members = object.as_object()?.iter();
    let held = members.filter(|(_, value)| match value {
        Value::String(text) => !text.is_empty(),
        _ => value.is_number(),
    });
    let ranked = held.filter_map(|(name, value)| Some((wanted.rank(name)?, name, value)));
    let (_, name, value) = ranked.min_by_key(|(rank, ..)| *rank)?;
    Some((name, sample::plain(value)))
}

/// The members that say something: of `attributes` beside a `type` and an `id`, of the one object that a wrapper holds.
pub fn flat(object: &Value) -> Value {
    let Some(members) = object.as_object() else {
        return object.clone();
    };
    let Some(inner) = members.get("attributes").and_then(Value::as_object) else {
        return object.clone();
    };
    let outer = members.iter().filter(|(name, _)| *name != "attributes");
    let all = outer
        .chain(inner)
        .map(|(name, value)| (name.clone(), value.clone()));
    Value::Object(all.collect())
}

/// What a body that is sent says, without the wrappers around it: `{"book": {…}}`, `{"data": {"attributes": {…}}}`.
pub fn unwrapped(sent: serde_json::Map<String, Value>) -> serde_json::Map<String, Value> {
    if let (1, Some(Value::Object(inner))) = (sent.len(), sent.values().next()) {
        return unwrapped(inner.clone());
    }
    match flat(&Value::Object(sent)) {
        Value::Object(members) => members,
        _ => serde_json::Map::new(),
    }
}
