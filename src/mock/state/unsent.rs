//! What a new thing has where nothing was sent: nothing, and not what the example of another thing shows.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::collections::Collection;
use super::make;
use super::overlay::{is_open, may_be_null};
use super::renamed;
use super::view::{View, member};
use crate::mock::{Served, words};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::Type;
use crate::model::{Field, Operation};

/// Adds `null` for members that may be sent, were not, and have no default, where the answer may say that there is none
/// or may leave them out; an object without members where their keys are of the client's choice; an empty list; and
/// nothing in the place of what the example shows because its request sent it. Gives the names of what is `null`.
pub(super) fn nothing(
    operation: &Operation,
    sent: &mut Map<String, Value>,
    view: Option<&View>,
    collection: &Collection,
    (echoed, chosen): (&BTreeSet<String>, &BTreeSet<String>),
) -> Vec<String> {
    let mut absent = Vec::new();
    let Some(body) = &operation.body else {
        // Only its commands tell what may be sent.
        let unsent = echoed.iter().filter(|name| !sent.contains_key(*name));
        let unsent: Vec<String> = unsent.filter(|it| !is_of_server(it)).cloned().collect();
        for name in unsent {
            sent.insert(name.clone(), Value::Null);
            absent.push(name);
        }
        return absent;
    };
    let is_made = view.is_some_and(|view| view.is_made);
    let whole = view.and_then(|view| view.shape.as_ref());
    for field in body.fields.iter().filter(|field| !field.is_required()) {
        let name = spelled(&field.name.value, collection);
        let is_sent = sent.contains_key(name) || sent.contains_key(&field.name.value);
        if is_sent || chosen.contains(name) {
            continue;
        }
        let shape = whole.and_then(|shape| member(shape, name));
        let asked = member(&body.shape, &field.name.value);
        let is_nullable = match shape {
            Some(shape) => may_be_null(shape),
            None => collection.nullable.contains(name),
        };
        let is_free = has_free_keys(field) && (shape.is_none() || is_open(shape));
        let is_list = matches!(field.kind, Type::Array(_));
        let is_echo = || echoed.contains(name);
        let nothing = if is_nullable {
            Value::Null
        } else if is_free {
            Value::Object(Map::new())
        } else if is_list && (is_echo() || !is_given(field)) {
            Value::Array(Vec::new())
        } else if is_echo() || is_text(field, asked) || is_made && is_reference(field, collection) {
            Value::Null
        } else {
            continue;
        };
        if nothing.is_null() {
            absent.push(name.clone());
        }
        sent.insert(name.clone(), nothing);
    }
    absent
}

/// The members that the example of an answer shows although no command of the page sends them: the server chooses them for
/// a request with these members.
///
/// For the making of a thing only a request that sends what a command does tells that; a thing that is there has chosen
/// already.
pub(super) fn chosen(
    served: &Served,
    view: Option<&View>,
    sent: &Map<String, Value>,
    is_there: bool,
) -> BTreeSet<String> {
    let bodies = renamed::bodies(served);
    let is_same = |body: &Map<String, Value>| body.keys().eq(sent.keys());
    let is_told = !bodies.is_empty() && (is_there || bodies.iter().any(is_same));
    let Some(view) = view.filter(|view| is_told && !view.is_made) else {
        return BTreeSet::new();
    };
    let is_sent = |name: &String| bodies.iter().any(|body| body.contains_key(name));
    let shown = view.sample.iter().filter(|(_, value)| !value.is_null());
    let names = shown.map(|(name, _)| name).filter(|name| !is_sent(name));
    names.cloned().collect()
}

/// Takes what the example shows out of a new thing where there is nothing, also where the answer may only leave it out.
pub(super) fn clear(thing: &mut Map<String, Value>, absent: Vec<String>) {
    for name in absent {
        thing.insert(name, Value::Null);
    }
}

/// Takes the objects out of what was sent whose keys are of the client's choice.
pub(super) fn take_free(
    operation: &Operation,
    sent: &mut Map<String, Value>,
) -> Map<String, Value> {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let free = fields.filter(|field| has_free_keys(field));
    let taken = free.filter_map(|field| {
        let name = &field.name.value;
        let value = sent.get(name).filter(|value| value.is_object()).cloned()?;
        sent.remove(name);
        Some((name.clone(), value))
    });
    taken.collect()
}

/// The name that the thing has for a member of the body.
fn spelled<'n>(name: &'n String, collection: &'n Collection) -> &'n String {
    if collection.sample.contains_key(name) {
        return name;
    }
    let folded = words::folded(name);
    let mut others = collection.sample.keys();
    let found = others.find(|other| words::folded(other) == folded);
    found.unwrap_or(name)
}

/// True for a text of the client's own, which no server makes up where it is not sent.
fn is_text(field: &Field, asked: Option<&Shape>) -> bool {
    let is_open = asked.is_some_and(|asked| {
        let constraints = &asked.constraints;
        asked.kind == ShapeKind::String
            && constraints.allowed.is_none()
            && constraints.constant.is_none()
    });
    is_open && !is_given(field) && !is_of_server(&field.name.value)
}

/// True for the id of another thing.
fn is_reference(field: &Field, collection: &Collection) -> bool {
    let parts = words::parts(&field.name.value);
    let is_id = parts.len() > 1 && parts.last().is_some_and(|it| it == "id");
    is_id && field.name.value != collection.key && !is_given(field)
}

/// True if the text says that there is something where nothing is sent.
fn is_given(field: &Field) -> bool {
    let said = words::parts(&field.description);
    let words = [
        "default",
        "defaults",
        "generated",
        "automatically",
        "auto",
        "otherwise",
        "inherits",
        "inherited",
        "derived",
        "omitted",
        "empty",
        "unset",
        "computed",
    ];
    let is_made = || {
        let mut pairs = said.windows(2);
        pairs.any(|pair| matches!(pair, [made, from] if made == "made" && (from == "from" || from == "of")))
    };
    said.iter().any(|it| words.contains(&it.as_str())) || is_made()
}

/// True for the names of what servers choose themselves: a status, a slug, the currency of an account.
pub(in crate::mock) fn is_of_server(name: &str) -> bool {
    const WORDS: [&str; 24] = [
        "id",
        "ids",
        "uuid",
        "status",
        "state",
        "type",
        "kind",
        "role",
        "mode",
        "plan",
        "slug",
        "code",
        "number",
        "key",
        "token",
        "secret",
        "reference",
        "timezone",
        "locale",
        "language",
        "currency",
        "country",
        "version",
        "object",
    ];
    let parts = words::parts(name);
    let last = parts.last().map_or("", String::as_str);
    WORDS.contains(&last) || make::is_creation(name) || make::is_change(name)
}

/// True for an object whose keys are the client's choice, as its type, its name, or its text says.
fn has_free_keys(field: &Field) -> bool {
    let said = words::parts(&field.description);
    let speaks = || {
        let is_map =
            said.first().is_some_and(|it| it == "map") || said.get(1).is_some_and(|it| it == "map");
        is_map
            || said
                .iter()
                .any(|it| matches!(it.as_str(), "keys" | "key" | "custom" | "arbitrary"))
    };
    let is_object = field.kind == Type::Object && field.children.is_empty();
    let names = words::parts(&field.name.value);
    let is_metadata = || said.iter().take(2).any(|it| it == "metadata");
    let is_custom = || names.iter().any(|it| it == "metadata" || it == "custom") || is_metadata();
    matches!(field.kind, Type::Map(..)) || is_object && (speaks() || is_custom())
}

/// Takes back what only other things are shown to have: texts, lists, and counts that neither the request nor the example
/// of the making tells.
pub(super) fn forget(
    thing: &mut Map<String, Value>,
    view: Option<&View>,
    collection: &Collection,
    told: &[String],
) {
    for (name, value) in thing.iter_mut() {
        let is_shown = view.is_some_and(|view| view.sample.contains_key(name));
        let is_of_other = collection.sample.get(name) == Some(value);
        let is_key = *name == collection.key;
        if is_shown || is_key || !is_of_other || told.contains(name) || is_of_server(name) {
            continue;
        }
        match value {
            Value::String(_) => *value = Value::Null,
            Value::Array(items) => items.clear(),
            Value::Number(number) if number.is_u64() && is_count(name) => *value = 0.into(),
            _ => {}
        }
    }
}

/// True for the number of what happened to a thing, or is below it: `total_leads`, `leads_replied`.
fn is_count(name: &str) -> bool {
    let parts = words::parts(name);
    let last = parts.last().map_or("", String::as_str);
    let is_done = last.len() > 4 && last.ends_with("ed");
    let mut words = parts.iter();
    is_done || words.any(|it| matches!(it.as_str(), "count" | "counts" | "total" | "num"))
}
