//! What was sent beside what came back: is it kept?
//!
//! A server may write a value in another way (`A@B.example` as `a@b.example`, `1` as `1.0`, an array in another order, a point
//! in time with another offset), and nothing of that is a difference here.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::identity;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::{Draft, sample};
use crate::model::json::Json;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::Format;
use crate::model::{Evidence, Field, Operation};
use crate::source::Span;

use super::moment;

/// A member that has another value on the other side.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The names on the way, joined by dots.
    pub path: String,
    /// The value on the one side.
    pub left: Value,
    /// The value on the other side.
    pub right: Value,
}

/// True if what is sent has another value for a member than an object had before.
pub fn is_change(before: &Value, sent: &serde_json::Map<String, Value>) -> bool {
    let is_other = |(name, value): (&String, &Value)| {
        let old = before.get(name);
        old.is_some_and(|old| !is_same(old, value))
    };
    sent.iter().any(is_other)
}

/// The members that both objects have, and that differ.
pub fn differences(left: &Value, right: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(left, right, "", &mut found);
    found
}

fn collect(left: &Value, right: &Value, way: &str, into: &mut Vec<Difference>) {
    let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
        return;
    };
    for (name, value) in left {
        let Some(other) = right.get(name) else {
            continue;
        };
        let path = if way.is_empty() {
            name.clone()
        } else {
            format!("{way}.{name}")
        };
        let is_emptied = |value: &Value, other: &Value| {
            let empty = other.as_object().is_some_and(serde_json::Map::is_empty);
            empty && value.as_object().is_some_and(|it| !it.is_empty())
        };
        if value.is_object() && other.is_object() && !is_emptied(value, other) {
            collect(value, other, &path, into);
        } else if is_emptied(value, other) || !is_same(value, other) {
            into.push(Difference {
                path,
                left: value.clone(),
                right: other.clone(),
            });
        }
    }
}

/// True if one value may stand for the other.
pub fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|item| right.iter().any(|other| is_same(item, other)))
        }
        (Value::Object(left), Value::Object(right)) => left
            .iter()
            .all(|(name, value)| right.get(name).is_none_or(|other| is_same(value, other))),
        (Value::Null, other) | (other, Value::Null) => {
            other.is_null() || other.as_array().is_some_and(Vec::is_empty)
        }
        // `"Red"` may come back as `{"id": "col_1", "label": "Red"}`.
        (Value::Object(members), plain) | (plain, Value::Object(members))
            if plain.is_string() || plain.is_number() =>
        {
            members
                .values()
                .any(|it| !it.is_object() && is_same(it, plain))
        }
        _ => {
            let (left, right) = (sample::plain(left), sample::plain(right));
            if let Some(is_same) = moment::is_same(&left, &right) {
                return is_same;
            }
            let number = |text: &str| text.trim().parse::<f64>().ok();
            match (number(&left), number(&right)) {
                (Some(left), Some(right)) => (left - right).abs() < 1e-9 * left.abs().max(1.0),
                _ => folded(&left) == folded(&right),
            }
        }
    }
}

/// A text as servers may write it: spaces count once, and the case of names and codes does not; that of sentences does.
fn folded(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let folded = words.join(" ");
    if words.len() > 3 {
        folded
    } else {
        folded.to_lowercase()
    }
}

/// How sure it is that an answer repeats a member of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Echo {
    /// Both have a member of that name and kind.
    Named,
    /// The example of the request leaves it out, and that of the answer shows its documented default.
    Default,
    /// The examples of both show the same value.
    Shown,
}

/// What is documented of a member of an answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// How sure it is that the answer repeats it.
    pub echo: Echo,
    /// The field that documents it, or the operation.
    pub span: Span,
    /// Where its default is stated.
    pub default: Option<(Value, Option<Evidence>)>,
    /// What the fields document of the member of the answer.
    pub shape: Option<Shape>,
}

impl Answered {
    /// True if the page leaves no doubt that what came back should be what was sent: its examples show that, or they show the
    /// default where nothing is sent, and it is the default that came back.
    pub fn is_sure(&self, back: Option<&Value>) -> bool {
        let default = self.default.as_ref().map(|(value, _)| value);
        let is_default = || {
            default
                .zip(back)
                .is_some_and(|(it, back)| is_same(it, back))
        };
        match self.echo {
            Echo::Named => false,
            Echo::Default => is_default(),
            Echo::Shown => true,
        }
    }
}

/// A value that was sent, and that does not come back.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// The names on the way, joined by dots.
    pub path: String,
    /// What was sent.
    pub sent: Value,
    /// What came back in its place, if anything did.
    pub back: Option<Value>,
}

/// What of a value does not come back: the value itself, or members of it that the answer is documented to have.
pub fn lost(path: &str, sent: &Value, back: Option<&Value>, shape: Option<&Shape>) -> Vec<Lost> {
    if let (Value::Object(members), Some(Value::Object(found))) = (sent, back) {
        let anything = Shape::unknown();
        let inner = members.iter().flat_map(|(name, value)| {
            let documented = shape.map(Shape::members).unwrap_or_default();
            let member = documented.iter().find(|it| it.name == *name);
            // The entries of a map have names that only the sender knows.
            let entry =
                shape.filter(|it| matches!(it.kind, ShapeKind::Map(_)) || documented.is_empty());
            let known = member
                .map(|it| &it.shape)
                .or_else(|| entry.map(|_| &anything));
            let path = format!("{path}.{name}");
            lost(&path, value, found.get(name), known)
        });
        return inner.collect();
    }
    let is_kept = match back {
        Some(back) => is_same(sent, back),
        None => is_nothing(sent) || shape.is_none(),
    };
    if is_kept {
        return Vec::new();
    }
    vec![Lost {
        path: path.to_owned(),
        sent: sent.clone(),
        back: back.cloned(),
    }]
}

/// True for a text of which the beginning comes back.
pub fn is_cut(sent: &Value, back: &Value) -> bool {
    let pair = sent.as_str().zip(back.as_str());
    pair.is_some_and(|(sent, back)| {
        !back.is_empty() && back.len() < sent.trim_end().len() && sent.starts_with(back)
    })
}

/// True for values that servers leave out: `null`, and what is empty.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The member of an object of that name, else the only one that is written with the same letters: `valid_for` for `ValidFor`.
pub fn member<'v>(object: &'v Value, name: &str) -> Option<(&'v str, &'v Value)> {
    let members = object.as_object()?;
    if let Some((known, value)) = members.get_key_value(name) {
        return Some((known, value));
    }
    let wanted = letters(name);
    let mut alike = members.iter().filter(|(known, _)| letters(known) == wanted);
    let (known, value) = alike.next()?;
    alike.next().is_none().then_some((known.as_str(), value))
}

/// What was sent, with the names that an answer has for it.
pub fn named_as(
    sent: serde_json::Map<String, Value>,
    object: &Value,
) -> serde_json::Map<String, Value> {
    let named = sent.into_iter().map(|(name, value)| {
        let known = member(object, &name).map(|(known, _)| known.to_owned());
        (known.unwrap_or(name), value)
    });
    named.collect()
}

/// True for the name of a moment that a server writes down by itself, whatever a request says: `created_at`, `updatedAt`.
pub fn is_stamp(name: &str) -> bool {
    const STAMPS: &[&str] = &["created", "updated", "modified", "inserted"];
    let name = letters(name);
    let ends = ["at", "on", "date", "time", "timestamp", ""];
    let stems = ends.iter().filter_map(|end| name.strip_suffix(end));
    let mut stems = stems.map(|stem| stem.strip_prefix("last").unwrap_or(stem));
    stems.any(|stem| STAMPS.contains(&stem))
}

/// What is documented about a member of the request that the answer has, too.
pub fn answered(operation: &Operation, noun: &str, draft: &Draft, name: &str) -> Option<Answered> {
    let inputs = input::inputs(operation);
    let is_member = |it: &&input::Input| it.place == Place::Body && is_of_wrapper(&inputs, it);
    let exact = inputs.iter().filter(is_member).find(|it| it.name == name);
    let wanted = letters(name);
    let alike = || {
        let mut members = inputs.iter().filter(is_member);
        members.find(|it| letters(&it.name) == wanted)
    };
    let input = exact.or_else(alike)?;
    let shape = answered_shape(operation, name);
    let shown = shown(operation, noun, name);
    if shape.is_none() && shown.is_none() {
        return None;
    }
    if shape
        .as_ref()
        .is_some_and(|it| !is_comparable(&input.shape, it))
    {
        return None;
    }
    let sent = draft.content().map(Value::Object);
    let sent = sent.and_then(|body| Some(member(&body, name)?.1.clone()));
    // What is paid is booked with the other sign.
    let is_negated = |(shown, sent): (&Value, &Value)| {
        let (shown, sent) = (number(shown), number(sent));
        shown
            .zip(sent)
            .is_some_and(|(shown, sent)| shown.abs() > 0.0 && is_near(shown, -sent))
    };
    if shown.as_ref().zip(sent.as_ref()).is_some_and(is_negated) {
        return None;
    }
    let is_shown = shown
        .as_ref()
        .zip(sent.as_ref())
        .is_some_and(|(shown, sent)| is_same(shown, sent));
    // What the examples show otherwise is what the server makes of it, and so is when a thing was made.
    if !is_shown && (shown.is_some() && sent.is_some() || is_stamp(name)) {
        return None;
    }
    // What opens doors is often shown masked; `keywords`, and the `key` of a project that the example shows, are no secrets.
    if is_secret_text(input) && !is_shown {
        return None;
    }
    let mut fields = operation.body.iter().flat_map(|body| &body.fields);
    let field = fields.find_map(|field| at_span(field, input.span, 4));
    let default = field.and_then(|field| field.default.as_ref());
    let is_default = |shown: &Value| default.is_some_and(|it| is_same(&it.value, shown));
    let echo = match &shown {
        _ if is_shown => Echo::Shown,
        Some(shown) if sent.is_none() && shape.is_some() && is_default(shown) => Echo::Default,
        _ => Echo::Named,
    };
    Some(Answered {
        echo,
        span: input.span,
        default: default.map(|fact| (fact.value.clone(), Some(fact.evidence))),
        shape,
    })
}

/// True if the example of the answer shows another value of a member than the example of the request sends: what a server
/// makes of other values, nobody knows.
pub fn is_turned(operation: &Operation, noun: &str, draft: &Draft, name: &str) -> bool {
    let sent = draft.content().map(Value::Object);
    let sent = sent.and_then(|body| Some(member(&body, name)?.1.clone()));
    let shown = shown(operation, noun, name);
    shown
        .zip(sent)
        .is_some_and(|(shown, sent)| !is_same(&shown, &sent))
}

/// A number, also one in a text.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => value.as_f64(),
    }
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= f64::EPSILON * one.abs().max(other.abs())
}

/// The field of that place, or one below it.
fn at_span(field: &Field, span: Span, depth: usize) -> Option<&Field> {
    if field.open == span {
        return Some(field);
    }
    let mut children = field.children.iter().filter(|_| depth > 0);
    children.find_map(|child| at_span(child, span, depth - 1))
}

/// True for a member at the root, or of an object that is all that stands around it.
pub fn is_of_wrapper(inputs: &[input::Input], member: &input::Input) -> bool {
    let Some((_, way)) = member.steps.split_last() else {
        return false;
    };
    (0..way.len()).all(|depth| {
        let at_depth = inputs
            .iter()
            .filter(|it| it.place == Place::Body && it.steps.len() == depth + 1);
        let mut beside = at_depth.filter(|it| it.steps != way.get(..=depth).unwrap_or_default());
        let is_attributes = way.get(depth) == Some(&input::Step::Member("attributes".to_owned()));
        beside.next().is_none() || is_attributes
    })
}

fn is_secret_text(input: &input::Input) -> bool {
    let format = input.shape.constraints.format.as_ref();
    format.is_some_and(|format| matches!(format.value, Format::Password))
        || crate::conform::bindings::is_secret(&input.name)
}

fn is_comparable(sent: &Shape, answered: &Shape) -> bool {
    use ShapeKind::{Array, Boolean, Integer, Map, Number, Object, String};
    // `date` may have a time or not, and is a text in both cases.
    if sent.is_text() && answered.is_text() {
        return true;
    }
    match (&sent.kind, &answered.kind) {
        (Boolean, Boolean)
        | (Integer | Number, Integer | Number)
        | (String, String)
        | (Map(_) | Object { .. }, Map(_) | Object { .. }) => true,
        (Array(left), Array(right)) => is_comparable(left, right),
        _ => false,
    }
}

/// The shape of a member of the object that a success answers with.
pub fn answered_shape(operation: &Operation, name: &str) -> Option<Shape> {
    let responses = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    for shape in responses.filter_map(|it| it.shape.as_ref()) {
        // What an array holds is something else.
        let objects = shape.members().iter();
        let objects = objects.filter(|it| matches!(it.shape.kind, ShapeKind::Object { .. }));
        let inner = objects.flat_map(|it| it.shape.members());
        let attributes = inner.clone().filter(|it| it.name == "attributes");
        let attributes = attributes.flat_map(|it| it.shape.members());
        let mut members = shape.members().iter().chain(inner).chain(attributes);
        let wanted = letters(name);
        let exact = members.clone().find(|it| it.name == name);
        let found = exact.or_else(|| members.find(|it| letters(&it.name) == wanted));
        if let Some(member) = found {
            return Some(member.shape.clone());
        }
    }
    None
}

/// True if values are of the same kind, and lists hold values of the same kind.
pub fn is_alike(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            let pair = left.first().zip(right.first());
            pair.is_none_or(|(left, right)| is_of_one_type(left, right))
        }
        _ => is_of_one_type(left, right),
    }
}

/// True if both are of one JSON type.
pub fn is_of_one_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

/// True if the text of another input that was sent says that it changes the member: "`start` is moved back to midnight".
pub fn is_changed_by_others(
    operation: &Operation,
    sent: &serde_json::Map<String, Value>,
    name: &str,
) -> bool {
    static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:moves?|moved|sets?|changes?|changed|replaces?|replaced|overrides?|overridden|ignores?|ignored|rounded|adjust(?:s|ed)?|clear(?:s|ed)?|comput(?:es|ed)|extend(?:s|ed)?|shorten(?:s|ed)?|shift(?:s|ed)?|becomes?|turn(?:s|ed)?|derived|wins|takes\s+precedence)\b",
        )
    });
    let quoted = format!("`{name}`");
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let mut others = fields.filter(|field| {
        let other = &field.name.value;
        other != name && sent.get(other).is_some_and(|it| !it.is_null())
    });
    others.any(|field| {
        let mut sentences = field.description.split(['.', ';']);
        sentences.any(|it| it.contains(&quoted) && CHANGES.is_match(it))
    })
}

/// The value of a member in the example of a success.
pub fn shown(operation: &Operation, noun: &str, name: &str) -> Option<Value> {
    operation.shown_successes().find_map(|example| {
        let value = example.to_value();
        let object = identity::object(&value, "id", noun);
        let object = object
            .or_else(|| wrapped(&value, noun))
            .or_else(|| identity::wrapped(&value));
        let object = object.unwrap_or(&value);
        let object = identity::flat(object);
        member(&object, name).map(|(_, value)| value.clone())
    })
}

/// The object that a wrapper of the name of the noun holds: `{"article": {…}}`.
fn wrapped<'v>(value: &'v Value, noun: &str) -> Option<&'v Value> {
    let mut members = value.as_object()?.iter();
    let (_, object) = members.find(|(name, value)| letters(name) == noun && value.is_object())?;
    Some(object)
}

/// The members of the request that the example of the answer shows under another name, and that name.
///
/// Both show the same text, and one name holds the other, so that chance is ruled out.
pub fn renamed(operation: &Operation, noun: &str, example: &Draft) -> Vec<(String, String)> {
    let shown = operation.shown_successes().next();
    let (Some(sent), Some(value)) = (example.content(), shown.map(Json::to_value)) else {
        return Vec::new();
    };
    let object = identity::object(&value, "id", noun).unwrap_or(&value);
    let shown: Vec<_> = object.as_object().into_iter().flatten().collect();
    let mut found = Vec::new();
    for (name, value) in &sent {
        let is_telling = value.as_str().is_some_and(|text| text.len() > 3);
        if !is_telling || shown.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let folded = letters(name);
        let mut same = shown.iter().filter(|(_, shown)| *shown == value);
        if let (Some((member, _)), None) = (same.next(), same.next())
            && letters(member).contains(&folded)
        {
            found.push((name.clone(), (*member).clone()));
        }
        // `method` as `payment.method`
        let inner = shown.iter().filter_map(|(outer, shown)| {
            let same = shown.as_object()?.get(name)?;
            (same == value).then(|| format!("{outer}.{name}"))
        });
        let inner: Vec<_> = inner.collect();
        if let [only] = inner.as_slice() {
            found.push((name.clone(), only.clone()));
        }
    }
    found
}

/// The member of an answer that repeats a parameter of its name: at its root, or in an object beside the items.
pub fn repeated(answer: &Value, name: &str) -> Option<(String, Value)> {
    let wanted = letters(name);
    let members = answer.as_object()?;
    let is_it = |name: &str, value: &Value| {
        letters(name) == wanted && (value.is_string() || value.is_number() || value.is_boolean())
    };
    let inner = members.iter().filter_map(|(outer, value)| {
        let mut inner = value.as_object()?.iter();
        let (name, value) = inner.find(|(name, value)| is_it(name, value))?;
        Some((format!("{outer}.{name}"), value.clone()))
    });
    let mut own = members.iter().filter(|(name, value)| is_it(name, value));
    let own = own
        .next()
        .map(|(name, value)| (name.clone(), value.clone()));
    own.or_else(|| {
        let inner: Vec<_> = inner.collect();
        <[_; 1]>::try_from(inner).ok().map(|[only]| only)
    })
}

/// True if the examples of the page show one value on both sides: that of the command, or the default, and that of the
/// answer.
pub fn is_shown_repeated(operation: &Operation, example: &Draft, input: &input::Input) -> bool {
    let sent = example.value(input).or_else(|| input.default.clone());
    sent.is_some_and(|sent| {
        operation.shown_successes().any(|answer| {
            let answer = answer.to_value();
            repeated(&answer, &input.name).is_some_and(|(_, shown)| is_same(&sent, &shown))
        })
    })
}

/// An answer without the members of that name at its root.
pub fn without(answer: &Value, name: &str) -> Value {
    let mut answer = answer.clone();
    if let Some(members) = answer.as_object_mut() {
        members.retain(|known, _| letters(known) != letters(name));
    }
    answer
}

#[cfg(test)]
mod tests;
