//! A body for a response that is documented by fields alone.
//!
//! What the page says comes first: constants and allowed values, then the values that the request sends under the same
//! name, then defaults and samples, then formats, and last what the name and the text suggest (`name`), or what examples
//! of the site show under that name. Members that say the same of one thing agree (`agree`), and each page of a list shows
//! its part (`paging`).
//!
//! An object with an id takes all its values from that id and from what kind of thing it is, so that `GET /users/7`, and
//! the item 7 of `GET /users`, are the same user. Everything else depends on the operation and the place of the value.

mod agree;
mod cast;
mod choice;
mod computed;
mod conditions;
mod each;
mod failure;
mod items;
mod listed;
mod measure;
mod moment;
mod name;
mod notation;
mod number;
mod paging;
mod path;
mod sent;
mod series;
mod stage;
mod sums;
mod text;
mod things;
mod union;

use serde_json::{Map, Value};

use crate::model::json::read_strict;
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::types::Format;
use crate::model::{Field, Parameter, ResponseHeader};

use super::answer::Fields;
use super::lexicon::Lexicon;
use super::state::make;
use super::{limits, parts, words};

use name::Topic;
use paging::Page;
use sent::Given;
use series::Range;
use text::Text;

/// Deeper levels of arrays have one item: two on each level would double a body with each of them.
const DEEP: usize = 3;

/// How many items a list has that is a part of something else.
const ITEMS: u64 = 2;

/// What a made-up body depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstances<'a> {
    /// The operation, such as `GET /users/{id}`.
    pub(super) operation: &'a str,
    /// The values of the path parameters.
    pub(super) captured: &'a [(String, String)],
    /// The pairs of the query.
    pub(super) query: &'a [(String, String)],
    /// The body of the request.
    pub(super) body: &'a [u8],
    /// Its media type, where it is a form.
    pub(super) content_type: Option<&'a str>,
    /// What bodies are documented to be.
    pub(super) asked: Option<&'a Shape>,
    /// The documented parameters.
    pub(super) parameters: &'a [Parameter],
    /// The documented members of bodies, as they are written.
    pub(super) inputs: &'a [Field],
    /// The status of the answer, where that is known.
    pub(super) status: u16,
    /// What the examples of the site show.
    pub(super) lexicon: Option<&'a Lexicon>,
    /// What the client, or the mock for a `dynamic` body, adds to the choice.
    pub(super) seed: u64,
}

/// A value of that shape.
pub(super) fn generate(fields: &Fields, circumstances: Circumstances<'_>) -> Value {
    let Circumstances {
        operation,
        captured,
        body,
        seed,
        ..
    } = circumstances;
    let noun = words::subject(operation);
    let root = words::mix(words::SEED, seed);
    let mut here = words::hash(root, operation);
    for (name, value) in captured {
        here = words::hash(words::hash(here, name), value);
    }
    let is_write = ["POST ", "PUT ", "PATCH ", "DELETE "]
        .iter()
        .any(|it| operation.starts_with(it));
    let sent = is_write.then(|| sent::members(circumstances.content_type, body));
    let sent = sent.unwrap_or_default();
    let content_type = circumstances.content_type.filter(|_| is_write);
    let generator = Generator {
        fields,
        circumstances,
        files: sent::files(content_type, body),
        named: path::named(operation, captured, fields.shape.members()),
        noun: &noun,
        root,
        envelope: sent::envelope(&fields.shape, &sent, &noun),
        page: Page::of(&circumstances, &sent),
        sent,
        range: Range::of(circumstances.query),
    };
    let at = At {
        name: "",
        noun: &noun,
        around: &noun,
        seed: here,
        kin: here,
        depth: 0,
        is_subject: true,
        is_listed: true,
        text: "",
        named: "",
        index: None,
        given: None,
    };
    let made = generator.value(&fields.shape, &at);
    let is_sent = |name: &str| generator.sent.contains_key(name);
    match parts::choose(&fields.parts, &made, is_sent) {
        Some(part) => generator.value(part, &at),
        None => made,
    }
}

/// A value for a header, by its name and what is said of it.
pub(super) fn of_header(header: &ResponseHeader, name: &str, seed: u64) -> String {
    let topic = Topic {
        name,
        around: "",
        seed,
        kin: seed,
        text: Text::new(&header.description),
        index: None,
    };
    let constraints = header.shape.as_ref().map(|shape| &shape.constraints);
    let format = constraints
        .and_then(|it| it.format.as_ref())
        .map(|it| &it.value);
    match header.shape.as_ref().map(|shape| &shape.kind) {
        Some(ShapeKind::Integer | ShapeKind::Number) => number::integer(&topic, format).to_string(),
        Some(ShapeKind::Boolean) => "true".to_owned(),
        _ => name::string(&topic, format),
    }
}

struct Generator<'a> {
    fields: &'a Fields,
    circumstances: Circumstances<'a>,
    noun: &'a str,
    root: u64,
    /// What the request sends in its body.
    sent: Map<String, Value>,
    /// What it says of each of its files.
    files: Vec<Map<String, Value>>,
    /// The values of the path, by what they are ids of.
    named: Vec<(String, String)>,
    /// The member of the answer that shows what was sent.
    envelope: Option<String>,
    /// Which part of a list is asked for.
    page: Option<Page>,
    /// The time that is asked for.
    range: Option<Range>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct At<'a> {
    /// The key of the nearest member.
    name: &'a str,
    /// What kind of thing is described here.
    noun: &'a str,
    /// What kind of thing this is a member of.
    around: &'a str,
    seed: u64,
    /// The number of the thing that this is a member of.
    kin: u64,
    depth: usize,
    /// True for the thing that the path names, not one of its parts.
    is_subject: bool,
    /// True for the list of things that the path names.
    is_listed: bool,
    /// What the page says of it.
    text: &'a str,
    /// The name that is its type.
    named: &'a str,
    /// Its place in a list.
    index: Option<u64>,
    /// What the request sends for it, where it is a part of what was sent.
    given: Option<Given<'a>>,
}

impl Generator<'_> {
    fn value(&self, shape: &Shape, at: &At<'_>) -> Value {
        let constraints = &shape.constraints;
        if let Some(value) = stated(shape, at.seed) {
            return value;
        }
        let format = constraints.format.as_ref().map(|format| &format.value);
        match &shape.kind {
            ShapeKind::Null => Value::Null,
            ShapeKind::Boolean => self.truth(at).into(),
            ShapeKind::Integer => {
                let made = || number::integer(&at.topic(), format);
                let known = self.known(shape, at, format).and_then(|it| it.as_i64());
                limits::integer(constraints, known.unwrap_or_else(made)).into()
            }
            ShapeKind::Number => {
                let known = self.known(shape, at, format);
                let made = || number::number(&at.topic(), format);
                limits::number(constraints, known.unwrap_or_else(made))
            }
            ShapeKind::Any | ShapeKind::Unknown => self.untyped(shape, at, format),
            ShapeKind::String | ShapeKind::File => self.text(shape, at, format),
            ShapeKind::Array(items) => self.items(constraints, items, at),
            ShapeKind::Object { members, .. } if members.is_empty() => self.bare(at),
            ShapeKind::Object { members, .. } => self.object(members, at),
            ShapeKind::Map(values) => {
                let mut keys = listed::keys(at.text);
                if keys.is_empty() {
                    keys.push(notation::key(&at.topic()));
                }
                let made = keys.into_iter().zip(0..);
                let made = made.map(|(key, index)| (key, self.value(values, &at.item(index))));
                Value::Object(made.collect())
            }
            ShapeKind::Union(shapes) => {
                let is_unix = at.topic().text.says(&["unix", "epoch", "seconds since"]);
                let rank = |shape: &&Shape| match shape.kind {
                    ShapeKind::Null => 3,
                    ShapeKind::Unknown => 2,
                    ShapeKind::Integer if is_unix => 0,
                    _ => 1,
                };
                let told = union::told(self.circumstances.query, &self.sent, shapes, at);
                let telling = told.or_else(|| shapes.iter().min_by_key(rank));
                telling.map_or(Value::Null, |shape| self.value(shape, at))
            }
        }
    }

    fn text(&self, shape: &Shape, at: &At<'_>, format: Option<&Format>) -> Value {
        let made = || {
            let topic = at.topic();
            let like = self
                .id_like(at, format)
                .filter(|_| topic.text.prefix().is_none());
            Value::from(like.unwrap_or_else(|| name::string(&topic, format)))
        };
        let value = self.known(shape, at, format).unwrap_or_else(made);
        let text = plain_text(&value);
        limits::string(&shape.constraints, text).into()
    }

    /// An id in the notation that examples of the site show for that kind of thing.
    fn id_like(&self, at: &At<'_>, format: Option<&Format>) -> Option<String> {
        let parts = words::parts(at.name);
        let (last, before) = parts.split_last()?;
        if format.is_some() || !matches!(last.as_str(), "id" | "ids" | "uuid") {
            return None;
        }
        let kind = before.last().map_or(at.around, String::as_str);
        let shown = self.circumstances.lexicon?.id(kind)?;
        Some(plain_text(&make::id(&Value::from(shown), at.seed)))
    }

    /// What examples of the site show under a name that says nothing by itself.
    fn known(&self, shape: &Shape, at: &At<'_>, format: Option<&Format>) -> Option<Value> {
        let values = self.circumstances.lexicon?.values(at.name);
        if values.is_empty() || format.is_some() || at.name.is_empty() {
            return None;
        }
        let is_text = matches!(shape.kind, ShapeKind::String);
        if is_text && name::is_understood(&at.topic(), format)
            || !is_text && !number::is_vague(&at.topic())
        {
            return None;
        }
        let fitting: Vec<&Value> = values.iter().filter(|it| fits(shape, it)).collect();
        let index = at.seed as usize % fitting.len().max(1);
        fitting.get(index).map(|it| Value::clone(it))
    }

    fn object(&self, members: &[Member], at: &At<'_>) -> Value {
        let identity = members
            .iter()
            .position(|member| is_identity(&member.name, at.noun));
        let own = At {
            around: at.noun,
            kin: at.seed,
            ..*at
        };
        let identified = identity.and_then(|index| {
            let member = members.get(index)?;
            let value = self.member(member, &own)?;
            Some((index, value))
        });
        let seed = match &identified {
            Some((_, id)) => words::hash(words::hash(self.root, at.noun), &plain_text(id)),
            None => at.seed,
        };
        let here = At {
            seed,
            kin: seed,
            ..own
        };
        let made = members.iter().enumerate().filter_map(|(index, member)| {
            let value = match &identified {
                Some((known, value)) if *known == index => Some(value.clone()),
                _ => self
                    .as_shown(member, at.noun, identified.as_ref().map(|it| &it.1))
                    .or_else(|| self.member(member, &here)),
            };
            Some((member.name.clone(), value?))
        });
        let mut made = made.collect::<Map<_, _>>();
        let is_list = |member: &&Member| {
            at.is_subject && at.is_listed && self.is_list(member) && made.contains_key(&member.name)
        };
        let listed = members.iter().find(is_list).map(|it| it.name.as_str());
        let listed = listed.and_then(|name| Some((name, self.page?)));
        let text = |member: &Member| self.text_of(member);
        agree::agree(&mut made, members, listed, &text, seed);
        conditions::settle(&mut made, members, &text);
        self.compute(&mut made, members);
        if let Some((_, page)) = listed {
            agree::turn_inner(&mut made, members, page);
        }
        Value::Object(made)
    }

    /// What the page says of a member.
    fn text_of(&self, member: &Member) -> &str {
        let span = member.evidence.map(|evidence| evidence.span);
        span.map_or("", |span| self.fields.samples.text(span))
    }

    /// True for the list of what the operation is about.
    fn is_list(&self, member: &Member) -> bool {
        matches!(member.shape.kind, ShapeKind::Array(_))
            && words::is_wrapper(&member.name, self.noun)
    }

    /// The value of a member; none for an error that a success need not have.
    fn member(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        if let Some(given) = around.given {
            if let Some(value) = self.given(member, given, around) {
                return Some(value);
            }
            if given.leaves_out(member, around.noun) {
                return sent::may_be_null(&member.shape).then_some(Value::Null);
            }
        } else if let Some(value) = self.sent(member, around) {
            return Some(value);
        }
        let is_required = member.required.as_ref().is_some_and(|it| it.value);
        let is_null = || conditions::is_null_while(self.text_of(member));
        if self.fields.is_success && (number::is_seldom(&member.name) || is_null()) {
            if member.shape.allows_null() && fits(&member.shape, &Value::Null) {
                return Some(Value::Null);
            }
            if number::is_error(&member.name) && !is_required {
                return None;
            }
        }
        let span = member.evidence.map(|evidence| evidence.span);
        let given = span.map_or(&[][..], |span| self.fields.samples.at(span));
        // A sample is the same for all; where each must have its own, such as ids, only the first one gets it.
        let is_own = is_identity(&member.name, around.noun) && !around.is_subject;
        if let Some(value) = given.iter().find(|value| fits(&member.shape, value)) {
            if !is_own {
                return Some(value.clone());
            }
            let like = make::id(value, words::hash(around.seed, &member.name));
            if like != *value && fits(&member.shape, &like) {
                return Some(like);
            }
        }
        if let Some(value) = self.outcome(member, around) {
            return Some(value);
        }
        if let ShapeKind::Array(items) = &member.shape.kind
            && !given.is_empty()
            && given
                .iter()
                .all(|value| !value.is_array() && fits(items, value))
        {
            let samples = Value::Array(given.to_vec());
            if fits(&member.shape, &samples) {
                return Some(samples);
            }
        }
        Some(self.value(
            &member.shape,
            &self.inside(member, around, &self.noun_of(member, around)),
        ))
    }

    /// What a member says of how it went, if nothing is stated about it.
    fn outcome(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        if !self.fields.is_success && stated(&member.shape, 0).is_some() {
            return None;
        }
        let is_removal = self.circumstances.operation.starts_with("DELETE ");
        if self.fields.is_success && self.circumstances.operation.starts_with("POST ") {
            return self.beginning(member);
        }
        if !self.fields.is_success {
            return failure::told(member, self.circumstances.status);
        }
        (is_removal && around.is_subject && failure::is_removal(member)).then_some(true.into())
    }

    /// What a member of a new thing is at first, as its text says; of a status the first that is listed.
    fn beginning(&self, member: &Member) -> Option<Value> {
        let told = conditions::at_first(self.text_of(member));
        let told = told.map(Value::from).into_iter();
        let mut told = told.flat_map(|it| readings(&it));
        if let Some(value) = told.find(|value| fits(&member.shape, value)) {
            return Some(value);
        }
        let path = self.circumstances.operation.rsplit('/').next()?;
        let is_making = words::singular(path) != words::folded(path);
        let is_status = matches!(words::folded(&member.name).as_str(), "status" | "state");
        (is_making && is_status)
            .then(|| stated(&member.shape, 0))
            .flatten()
    }

    /// What kind of thing a member is.
    fn noun_of(&self, member: &Member, around: &At<'_>) -> String {
        match &member.shape.kind {
            _ if self.is_wrapper(member, around) => self.noun.to_owned(),
            ShapeKind::Object { .. }
            | ShapeKind::Array(_)
            | ShapeKind::Map(_)
            | ShapeKind::Union(_) => words::singular(&member.name),
            _ => String::new(),
        }
    }

    /// True for a member that only wraps what the answer is about.
    fn is_wrapper(&self, member: &Member, around: &At<'_>) -> bool {
        around.is_subject && words::is_wrapper(&member.name, self.noun)
    }

    /// The place of a member.
    fn inside<'a>(&'a self, member: &'a Member, around: &At<'a>, noun: &'a str) -> At<'a> {
        let is_wrapper = self.is_wrapper(member, around);
        let is_envelope = around.is_subject && self.envelope.as_ref() == Some(&member.name);
        At {
            name: &member.name,
            noun,
            around: around.noun,
            seed: words::hash(around.seed, &member.name),
            kin: around.kin,
            depth: around.depth,
            is_subject: is_envelope
                || is_wrapper && matches!(member.shape.kind, ShapeKind::Object { .. }),
            is_listed: is_wrapper && around.is_listed,
            text: self.text_of(member),
            named: (member.evidence).map_or("", |it| self.fields.samples.named(it.span)),
            index: None,
            given: None,
        }
    }
}

/// True for the member that tells one thing of its kind from others.
fn is_identity(name: &str, noun: &str) -> bool {
    let name = words::folded(name);
    let own = name
        .strip_suffix("id")
        .filter(|kind| !kind.is_empty())
        .is_some_and(|kind| kind == words::folded(noun));
    own || matches!(name.as_str(), "id" | "uuid")
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The constant, or one of the allowed values.
fn stated(shape: &Shape, seed: u64) -> Option<Value> {
    let fitting = all_stated(shape);
    let index = seed as usize % fitting.len().max(1);
    fitting.into_iter().nth(index)
}

/// The constant, and all allowed values.
fn all_stated(shape: &Shape) -> Vec<Value> {
    let constant = shape.constraints.constant.iter().map(|it| &it.value);
    let allowed = shape.constraints.allowed.iter().flat_map(|it| &it.value);
    constant
        .chain(allowed)
        .filter(|value| !value.is_null())
        .flat_map(readings)
        .filter(|value| fits(shape, value))
        .collect()
}

/// What an allowed value can be: prose does not tell `1` from `"1"`.
fn readings(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let scalar = serde_json::from_str::<Value>(text).ok();
            let scalar = scalar.filter(|value| value.is_number() || value.is_boolean());
            let text = Value::from(text.as_str());
            scalar.into_iter().chain([text]).collect()
        }
        other => vec![other.clone()],
    }
}

impl At<'_> {
    fn item(&self, index: u64) -> Self {
        Self {
            seed: words::hash(self.seed, &index.to_string()),
            depth: self.depth + 1,
            is_subject: false,
            is_listed: false,
            index: Some(index),
            ..*self
        }
    }

    /// What a name suggests where any kind of value may stand; nothing if that is a text.
    fn suggested(&self) -> Option<Value> {
        let topic = self.topic();
        if self.index.is_some() || name::is_understood(&topic, None) {
            return None;
        }
        let parts = words::parts(self.name);
        match parts.first()?.as_str() {
            "is" | "has" | "can" | "should" | "allow" | "enable" => {
                return Some(number::boolean(self.name, self.seed).into());
            }
            _ => {}
        }
        match parts.last()?.as_str() {
            "metadata" | "data" | "properties" | "attributes" | "payload" | "context"
            | "options" | "settings" | "config" | "params" | "extra" => {
                Some(Value::Object(Map::new()))
            }
            "tags" | "labels" | "roles" | "scopes" | "permissions" | "events" | "features"
            | "categories" | "keywords" | "emails" => {
                let texts = (0..ITEMS).map(|index| name::string(&self.item(index).topic(), None));
                Some(texts.collect())
            }
            "status" | "state" | "code" | "version" | "order" | "number" | "level" => None,
            _ if number::is_vague(&topic) => None,
            _ => Some(number::integer(&topic, None).into()),
        }
    }

    fn topic(&self) -> Topic<'_> {
        Topic {
            name: self.name,
            around: self.around,
            seed: self.seed,
            kin: self.kin,
            text: Text::new(self.text),
            index: self.index,
        }
    }
}

/// True if the value may stand there.
fn fits(shape: &Shape, value: &Value) -> bool {
    read_strict(value.to_string().as_bytes()).is_ok_and(|value| shape.matches(&value))
}

#[cfg(test)]
mod tests;
