//! What was sent, laid over what the pages show.

use serde_json::{Map, Value};

use super::candidate::noun;
use super::make;
use super::view::{View, is_id, member, text};
use crate::mock::message::Request;
use crate::mock::{form, upload, words};
use crate::model::json::{Json, read_strict};
use crate::model::shape::format::accepts;
use crate::model::shape::{MismatchKind, Openness, Shape, ShapeKind};
use crate::model::types::{Format, Type};
use crate::model::{Field, Operation, Origin};

/// The members of a body that the page documents; the time at which a thing was made must be among them to be set.
pub(super) fn sent(
    request: &Request,
    operation: &Operation,
    view: Option<&View>,
) -> Map<String, Value> {
    let body = operation.body.as_ref().filter(|body| !body.whole);
    let shape = body.map(|body| &body.shape);
    let (mut members, shape) = unwrapped(self::body(request), shape, view);
    match shape.and_then(closed) {
        Some(documented) => members.retain(|name, _| documented.contains(name)),
        None => members.retain(|name, _| !make::is_creation(name)),
    }
    members
}

/// The members that a body may have, if the page says so.
pub(super) fn documented(operation: &Operation) -> Option<Vec<String>> {
    let body = operation.body.as_ref().filter(|body| !body.whole)?;
    closed(&body.shape)
}

fn closed(shape: &Shape) -> Option<Vec<String>> {
    let ShapeKind::Object {
        members,
        open: Openness::Closed,
    } = &shape.kind
    else {
        return None;
    };
    let names = members.iter().map(|member| member.name.clone());
    Some(names.collect()).filter(|names: &Vec<String>| !names.is_empty())
}

/// A member of the body or the query, as it stands in a path.
pub(super) fn named(request: &Request, name: &str) -> Option<String> {
    let members = body(request);
    let mut query = form::pairs(request.query()).into_iter();
    let found = query.find(|(known, _)| known == name);
    members
        .get(name)
        .map(text)
        .or_else(|| found.map(|(_, value)| value))
}

/// The members of a body: of a JSON object, or of a form.
pub(super) fn body(request: &Request) -> Map<String, Value> {
    if let Ok(Value::Object(members)) = serde_json::from_slice(&request.body) {
        return members;
    }
    let content_type = request
        .header(http::header::CONTENT_TYPE)
        .unwrap_or_default();
    form::members(&content_type, &request.body)
}

/// The members of the thing in a body that wraps it as the answer does: `{"data": {…}}`.
fn unwrapped<'s>(
    members: Map<String, Value>,
    shape: Option<&'s Shape>,
    view: Option<&View>,
) -> (Map<String, Value>, Option<&'s Shape>) {
    let Some((view, name)) = view.and_then(|view| Some((view, view.way.last()?))) else {
        return (members, shape);
    };
    let is_wrapped = !view.sample.contains_key(name);
    match members.get(name).and_then(Value::as_object) {
        Some(inner) if is_wrapped && members.len() == 1 => {
            let shape = shape.and_then(|shape| member(shape, name));
            (inner.clone(), shape)
        }
        _ => (members, shape),
    }
}

/// Adds what is known of a file that was sent, under the names that the thing shows.
pub(super) fn upload(request: &Request, sent: &mut Map<String, Value>, shown: &Map<String, Value>) {
    let content_type = request
        .header(http::header::CONTENT_TYPE)
        .unwrap_or_default();
    if !content_type.starts_with("multipart/") {
        return;
    }
    for (name, value) in upload::facts(&content_type, &request.body) {
        let mut members = shown.keys().filter(|it| words::folded(it) == *name);
        if let Some(member) = members.next() {
            sent.entry(member.clone()).or_insert(value);
        }
    }
}

/// Adds the documented defaults of members that were not sent, also in the objects and lists that were, and in objects
/// that are shown.
pub(super) fn defaults(
    operation: &Operation,
    sent: &mut Map<String, Value>,
    shown: &Map<String, Value>,
) {
    if let Some(body) = &operation.body {
        add_defaults(&body.fields, sent, Some(shown), 0);
    }
}

fn add_defaults(
    fields: &[Field],
    sent: &mut Map<String, Value>,
    shown: Option<&Map<String, Value>>,
    depth: usize,
) {
    for field in fields {
        let name = &field.name.value;
        let inner = shown.and_then(|shown| shown.get(name)?.as_object());
        match (sent.get_mut(name), &field.default) {
            (None, Some(default)) => {
                sent.insert(name.clone(), read_default(field, &default.value));
            }
            (None, None) if depth < DEEPEST && inner.is_some() => {
                let mut defaults = Map::new();
                add_defaults(&field.children, &mut defaults, inner, depth + 1);
                if !defaults.is_empty() {
                    sent.insert(name.clone(), Value::Object(defaults));
                }
            }
            (Some(value), _) if depth < DEEPEST => {
                let objects = match value {
                    Value::Array(items) => items.as_mut_slice(),
                    single => std::slice::from_mut(single),
                };
                for object in objects.iter_mut().filter_map(Value::as_object_mut) {
                    add_defaults(&field.children, object, None, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// A default as JSON: attributes that are texts say `null`, `[]`, and `{}` as well.
fn read_default(field: &Field, default: &Value) -> Value {
    let Value::String(text) = default else {
        return default.clone();
    };
    match serde_json::from_str(text) {
        Ok(Value::Null) => Value::Null,
        Ok(read @ Value::Bool(_)) if field.kind == Type::Boolean => read,
        Ok(read @ Value::Number(_)) if matches!(field.kind, Type::Integer(_) | Type::Number(_)) => {
            read
        }
        Ok(read @ (Value::Array(_) | Value::Object(_)))
            if !matches!(field.kind, Type::String(_)) =>
        {
            read
        }
        _ => default.clone(),
    }
}

/// Gives what was sent the names that the thing shows: `localPart` for `local_part`, and `name` for `book_name` of a book.
pub(super) fn spelled(sent: &mut Map<String, Value>, shown: &Map<String, Value>, path: &str) {
    let noun = words::folded(noun(path));
    let noun = noun.strip_suffix('s').unwrap_or(&noun);
    let others = sent.keys().filter(|name| !shown.contains_key(*name));
    for name in others.cloned().collect::<Vec<_>>() {
        let folded = words::folded(&name);
        let is_it = |own: &&String| {
            let own = words::folded(own);
            let rest = folded.strip_suffix(own.as_str()).filter(|_| own != "id");
            rest.is_some_and(|it| it.is_empty() || it.len() > 2 && noun.ends_with(it))
        };
        let mut members = shown.keys().filter(is_it);
        let own = members.next().filter(|own| !sent.contains_key(*own));
        if let Some(own) = own.filter(|_| members.next().is_none())
            && let Some(value) = sent.remove(&name)
        {
            sent.insert(own.clone(), value);
        }
    }
}

/// True if the docs say that there may be none.
pub(super) fn may_be_null(shape: &Shape) -> bool {
    !matches!(shape.kind, ShapeKind::Any | ShapeKind::Unknown) && shape.allows_null()
}

/// Takes made-up values of no documented type out of the way of what was sent.
pub(super) fn open(
    thing: &mut Map<String, Value>,
    sent: &Map<String, Value>,
    shape: Option<&Shape>,
) {
    for (name, value) in thing
        .iter_mut()
        .filter(|(name, _)| sent.contains_key(*name))
    {
        let shape = shape.and_then(|shape| member(shape, name));
        if shape.is_none_or(|it| it.kind == ShapeKind::Unknown) {
            *value = Value::Null;
        }
    }
}

/// Lays members over a thing; those that are not documented for it are kept beside, as other answers may show them.
pub(super) fn lay(thing: &mut Map<String, Value>, sent: Map<String, Value>, shape: Option<&Shape>) {
    for (name, value) in sent {
        let shape = shape.and_then(|shape| member(shape, &name));
        let value = match thing.get(&name) {
            Some(shown) => laid(shown, value, shape, 0),
            None => value,
        };
        thing.insert(name, value);
    }
}

/// About how many bytes members take up.
pub(super) fn length(members: &Map<String, Value>) -> usize {
    let all = members.iter();
    all.map(|(name, value)| 64 + name.len() + size(value)).sum()
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => 32 + text.len(),
        Value::Array(items) => 32 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => length(members),
        _ => 32,
    }
}

/// Deeper values are taken as they were sent.
const DEEPEST: usize = 8;

/// A value that was sent, with what is shown beside it; one that the docs would not call right stays as it is shown.
fn laid(shown: &Value, sent: Value, shape: Option<&Shape>, depth: usize) -> Value {
    match (shown, sent) {
        // Keys of the client's choice are those that were sent.
        (Value::Object(shown_members), Value::Object(sent))
            if sent.is_empty()
                || (shape.is_none() || is_open(shape))
                    && !sent.keys().any(|name| shown_members.contains_key(name)) =>
        {
            fitting(shown, Value::Object(sent), shape)
        }
        (Value::Object(shown), Value::Object(sent)) if depth < DEEPEST => {
            let is_open = is_open(shape);
            let mut laid_over = shown.clone();
            for (name, value) in sent {
                let shape = shape.and_then(|shape| member(shape, &name));
                let value = match shown.get(&name) {
                    Some(shown) => laid(shown, value, shape, depth + 1),
                    // An object shows what its page documents: an unknown member is not echoed into it.
                    None if shape.is_none() && !is_open => continue,
                    None => value,
                };
                laid_over.insert(name, value);
            }
            Value::Object(laid_over)
        }
        (Value::Array(items), Value::Array(sent)) if depth < DEEPEST => {
            let inner = shape.and_then(items_of);
            let Some(first) = items.first().filter(|first| first.is_object()) else {
                return fitting(shown, Value::Array(sent), shape);
            };
            let items = sent.into_iter().map(|item| {
                if item.is_object() {
                    let id = item.get("id");
                    let mut known = items.iter();
                    let known = known.rfind(|it| id.is_some() && it.get("id") == id);
                    let shown = known.unwrap_or(first);
                    laid(shown, item, inner, depth + 1)
                } else {
                    first.clone()
                }
            });
            Value::Array(items.collect())
        }
        (shown, sent) => fitting(shown, sent, shape),
    }
}

/// True for an object that may have any members.
pub(super) fn is_open(shape: Option<&Shape>) -> bool {
    shape.is_some_and(|shape| match &shape.kind {
        ShapeKind::Object { members, .. } => members.is_empty(),
        ShapeKind::Map(_) => true,
        _ => false,
    })
}

/// The shape of the items of an array.
pub(super) fn items_of(shape: &Shape) -> Option<&Shape> {
    match &shape.kind {
        ShapeKind::Array(items) => Some(items),
        _ => None,
    }
}

/// The value that was sent if it may stand there, else as what is shown, else what is shown.
fn fitting(shown: &Value, sent: Value, shape: Option<&Shape>) -> Value {
    let is_alike =
        shown.is_null() || std::mem::discriminant(shown) == std::mem::discriminant(&sent);
    if let Some(shape) = shape {
        return if fits(shape, &sent) {
            sent
        } else {
            spelled_as(shown, &sent)
                .filter(|it| fits(shape, it))
                .unwrap_or_else(|| shown.clone())
        };
    }
    if is_alike {
        return sent;
    }
    spelled_as(shown, &sent).unwrap_or_else(|| if sent.is_null() { sent } else { shown.clone() })
}

/// The number or truth value that a text of a form stands for, where one is shown; the text of a number where a text is;
/// and a list of the one value that a form sends for a list.
fn spelled_as(shown: &Value, sent: &Value) -> Option<Value> {
    match (shown, sent) {
        (Value::Array(items), Value::Array(sent)) => {
            let items = sent.iter().map(|it| {
                let shown = items.first()?;
                spelled_as(shown, it)
            });
            items.collect::<Option<Vec<_>>>().map(Value::Array)
        }
        (Value::Array(items), Value::String(_)) => {
            let item = items.first().and_then(|shown| spelled_as(shown, sent));
            Some(Value::Array(vec![item.unwrap_or_else(|| sent.clone())]))
        }
        (Value::Number(_) | Value::Bool(_), Value::String(text)) => {
            let value: Value = serde_json::from_str(text).ok()?;
            (value.is_number() == shown.is_number() && !value.is_object()).then_some(value)
        }
        // A part of a form may hold an object as JSON.
        (Value::Object(_), Value::String(text)) => {
            serde_json::from_str(text).ok().filter(Value::is_object)
        }
        (Value::String(_), Value::Number(number)) => Some(number.to_string().into()),
        _ => None,
    }
}

/// True if a value may stand there by types, attributes, and the values that running text lists; what else the text says
/// of values replaces none that was sent.
fn fits(shape: &Shape, value: &Value) -> bool {
    let text = value.to_string();
    let json: Option<Json> = read_strict(text.as_bytes()).ok();
    json.is_some_and(|json| {
        let mut mismatches = shape.mismatches(&json).into_iter();
        mismatches.all(|it| {
            let least = match it.kind {
                MismatchKind::NotAllowed => Origin::Prose,
                _ => Origin::Config,
            };
            it.evidence.is_some_and(|it| it.origin < least)
        })
    })
}

/// A thing as an answer shows it: all members that it always shows, and those others that it documents.
pub(super) fn shown(view: &View, thing: &Map<String, Value>) -> Map<String, Value> {
    let mut shown = Map::new();
    let is_other = thing.get(&view.key) != view.sample.get(&view.key);
    for (name, sample) in &view.sample {
        let own = thing.get(name);
        if own.is_none() && is_other && are_things(sample) {
            // These are of the thing of the example.
            shown.insert(name.clone(), Value::Array(Vec::new()));
            continue;
        }
        // The id of the example is that of another thing.
        let is_key = *name == view.key;
        let value = own.filter(|value| is_key || may_stand(view, name, sample, value));
        let value = value.or_else(|| unchanged(view, name, thing));
        if value.is_none() && own.is_some_and(Value::is_null) {
            match presence(view, name) {
                Presence::Promised => {}
                Presence::Unsaid(shape) => {
                    let nothing = nothing(shape, sample);
                    shown.extend(nothing.map(|nothing| (name.clone(), nothing)));
                    continue;
                }
                Presence::Optional => continue,
            }
        }
        shown.insert(name.clone(), value.unwrap_or(sample).clone());
    }
    for (name, value) in thing {
        if shown.contains_key(name) {
            continue;
        }
        let documented = view.shape.as_ref().and_then(|shape| member(shape, name));
        let may_stand = match documented {
            Some(shape) => fits(shape, value),
            None => view.shown.contains(name),
        };
        if may_stand {
            shown.insert(name.clone(), value.clone());
        }
    }
    shown
}

/// When a thing was made, for a made-up time of its last change.
fn unchanged<'t>(view: &View, name: &str, thing: &'t Map<String, Value>) -> Option<&'t Value> {
    let mut members = thing
        .iter()
        .filter(|_| view.is_made && make::is_change(name));
    let (_, time) = members.find(|(name, _)| make::is_creation(name))?;
    Some(time)
}

/// True for a list of things with ids.
fn are_things(value: &Value) -> bool {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    !items.is_empty() && items.iter().all(|it| it.get("id").is_some_and(is_id))
}

/// What the page says of whether a member is there.
enum Presence<'v> {
    /// It always is, or only examples show it.
    Promised,
    /// It is documented, and nothing is said of that.
    Unsaid(&'v Shape),
    /// It need not be.
    Optional,
}

fn presence<'v>(view: &'v View, name: &str) -> Presence<'v> {
    let shape = view.shape.as_ref();
    let mut members = shape.into_iter().flat_map(Shape::members);
    let Some(found) = members.find(|member| member.name == name) else {
        return Presence::Promised;
    };
    // What examples always show, they show of things that have it.
    let said = found.required.as_ref();
    match said.filter(|it| it.evidence.origin >= Origin::Prose) {
        Some(said) if said.value => Presence::Promised,
        Some(_) => Presence::Optional,
        None => Presence::Unsaid(&found.shape),
    }
}

/// What stands where a thing has nothing: an empty text where the sample is any text, the sample where there are a few
/// values, as one of them is the usual one, and nothing at all where no value says that there is none.
fn nothing(shape: &Shape, sample: &Value) -> Option<Value> {
    let empty = match sample {
        Value::String(text) if is_free(shape, text) => Value::from(""),
        Value::Bool(_) => Value::from(false),
        _ => Value::Null,
    };
    if fits(shape, &empty) {
        Some(empty)
    } else if shape.constraints.allowed.is_some() {
        Some(sample.clone())
    } else {
        None
    }
}

/// True for a text without a notation, which an empty one would not have.
fn is_free(shape: &Shape, text: &str) -> bool {
    let told = &shape.constraints;
    let is_told = told.format.is_some()
        || told.pattern.is_some()
        || told.prefix.is_some()
        || told.min_length.is_some();
    let mut notations = [Format::Email, Format::Iso8601, Format::Uri, Format::Uuid].iter();
    !is_told && !notations.any(|notation| accepts(notation, text))
}

/// True for a value that the answer may have in the place of its sample.
fn may_stand(view: &View, name: &str, sample: &Value, value: &Value) -> bool {
    if value == sample || value.is_null() && view.nulls.contains(name) {
        return true;
    }
    match view
        .shape
        .as_ref()
        .and_then(|shape| member(shape, &name.to_owned()))
    {
        Some(shape) => fits(shape, value),
        None => {
            view.is_made
                || sample.is_null()
                || value.is_null()
                || std::mem::discriminant(sample) == std::mem::discriminant(value)
        }
    }
}

/// The whole answer with another value in the place of what it shows.
pub(super) fn put(view: &View, value: Value) -> Value {
    let mut whole = view.template.clone();
    let mut place = &mut whole;
    for name in &view.way {
        match place.get_mut(name) {
            Some(inner) => place = inner,
            None => return view.template.clone(),
        }
    }
    *place = value;
    whole
}
