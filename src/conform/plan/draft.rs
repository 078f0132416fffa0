//! A request in parts, so that one of them can be changed while the others stay.

mod rows;

use serde_json::Value;

use crate::conform::bindings::{Bindings, is_secret};
use crate::conform::chain::{Slot, SlotPlace, identity, is_own_id};
use crate::conform::encode;
use crate::conform::message::{Body, Request};
use crate::model::route::Template;
use crate::model::{AuthScheme, Location, Operation};
use crate::source::Span;

use super::documented;
use super::input::{Input, Place, Step};
use super::path;

/// A request in parts.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) method: String,
    /// Scheme, host, and port.
    pub(super) origin: String,
    /// The path below the origin, with the names of its parameters.
    pub(super) template: String,
    /// The values of the parameters of the path; those that have none are missing.
    pub(super) path: Vec<(String, String)>,
    /// The query of the endpoint, as it stands.
    pub(super) fixed_query: Option<String>,
    /// Names and values, not encoded.
    pub(super) query: Vec<(String, Option<String>)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Payload>,
    /// The documented members of the body, if they are several: one that is sent alone wraps nothing.
    members: Vec<String>,
    pub(super) span: Span,
    pub(super) placeholders: Vec<String>,
    pub(super) examples: Vec<String>,
    /// Further texts that hold secrets, and their names.
    pub(super) secrets: Vec<(String, String)>,
}

/// The names of the members that a body has, none if it has only one.
fn several_members(operation: &Operation) -> Vec<String> {
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        let name = field
            .name
            .value
            .split(['.', '['])
            .next()
            .unwrap_or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    if names.len() > 1 { names } else { Vec::new() }
}

/// The body of a request, in a form that can be changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Payload {
    /// JSON, and its text as long as that is as the page has it.
    Json(Value, Option<String>),
    /// A form: names and values.
    Form(Vec<(String, String)>),
    /// A form in several parts.
    Parts(Vec<(String, String)>),
    /// Anything else.
    Text(String),
}

impl Payload {
    /// A text that is JSON if it can be read as such.
    pub(super) fn of_text(text: String) -> Self {
        match serde_json::from_str(&text) {
            Ok(value) => Self::Json(value, Some(text)),
            Err(_) => Self::Text(text),
        }
    }

    fn to_body(&self) -> Body {
        match self {
            Self::Json(_, Some(text)) | Self::Text(text) => Body::Text(text.clone()),
            Self::Json(value, None) => Body::Text(value.to_string()),
            Self::Form(pairs) => Body::Text(documented::form(pairs.iter().cloned())),
            Self::Parts(parts) => Body::Parts(parts.clone()),
        }
    }
}

impl Draft {
    pub(super) fn new(operation: &Operation, path: path::Filled) -> Self {
        let endpoint = &operation.endpoint;
        Self {
            method: endpoint.value.method.clone(),
            origin: String::new(),
            template: endpoint.value.path.clone(),
            path: path.values,
            fixed_query: endpoint.value.query.clone(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            members: several_members(operation),
            span: endpoint.evidence.span,
            placeholders: Vec::new(),
            examples: path.examples,
            secrets: Vec::new(),
        }
    }

    /// What the user sends with every request comes in the place of what is documented.
    pub(super) fn override_headers(&mut self, bindings: &Bindings) {
        for (name, value) in &bindings.headers {
            self.headers
                .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            self.headers.push((name.clone(), value.clone()));
        }
    }

    /// The names of the parameters of the path that have no value.
    pub fn open(&self) -> Vec<String> {
        let template = Template::parse(&self.template);
        let names = template.parameters().iter();
        let is_open = |name: &&String| !self.path.iter().any(|(known, _)| known == *name);
        names.filter(is_open).cloned().collect()
    }

    /// The same request of a path that nobody documents: its last name is another one; `None` for a path without names.
    pub fn elsewhere(&self) -> Option<Self> {
        let mut segments: Vec<String> = self.template.split('/').map(str::to_owned).collect();
        let is_name = |segment: &&mut String| !segment.is_empty() && !segment.contains(['{', ':']);
        let last = segments.iter_mut().rev().find(is_name)?;
        last.push_str("-elsewhere");
        Some(Self {
            template: segments.join("/"),
            ..self.clone()
        })
    }

    /// The names and values that the path is made of.
    pub fn path_words(&self) -> Vec<String> {
        let names = self.template.split('/');
        let names = names.filter(|name| !name.is_empty() && !name.contains(['{', ':']));
        let values = self.path.iter().map(|(_, value)| value.clone());
        names.map(str::to_owned).chain(values).collect()
    }

    /// The same request with another method.
    #[must_use]
    pub fn with_method(&self, method: &str) -> Self {
        let has_body = !matches!(method, "GET" | "HEAD");
        Self {
            method: method.to_owned(),
            body: self.body.clone().filter(|_| has_body),
            ..self.clone()
        }
    }

    /// The version that is to be changed: the value of `If-Match`.
    pub fn if_match(&self) -> Option<&str> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(name, _)| name.eq_ignore_ascii_case("if-match"))?;
        Some(header.1.as_str())
    }

    /// Gives a parameter of the path another value.
    pub fn set_path(&mut self, name: &str, value: &str) {
        self.path.retain(|(known, _)| known != name);
        self.path.push((name.to_owned(), value.to_owned()));
        self.examples.retain(|known| known != name);
    }

    /// The value of a parameter of the path.
    pub fn path_value(&self, name: &str) -> Option<&str> {
        let mut values = self.path.iter();
        let value = values.find(|(known, _)| known == name);
        value.map(|(_, value)| value.as_str())
    }

    /// The names of the parameters of the path, in order.
    pub fn path_names(&self) -> Vec<String> {
        Template::parse(&self.template).parameters().to_vec()
    }

    /// The parameters of the path with their values.
    pub fn path_values(&self) -> Vec<(String, String)> {
        self.path.clone()
    }

    /// The value of a parameter of the query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        pairs.find(|(known, _)| known == name)?.1.as_deref()
    }

    /// Gives a parameter of the query a value, or takes it out.
    pub fn set_query(&mut self, name: &str, value: Option<&str>) {
        let at = self.query.iter().position(|(known, _)| known == name);
        self.query.retain(|(known, _)| known != name);
        if let Some(value) = value {
            let at = at.unwrap_or(self.query.len()).min(self.query.len());
            self.query
                .insert(at, (name.to_owned(), Some(value.to_owned())));
        }
    }

    /// Leaves out all of the query.
    pub fn clear_query(&mut self) {
        self.query.clear();
    }

    /// The body, if it is JSON.
    pub fn json(&self) -> Option<&Value> {
        match &self.body {
            Some(Payload::Json(value, _)) => Some(value),
            _ => None,
        }
    }

    /// The members of the body, whether it is JSON or a form.
    pub fn sent(&self) -> Option<serde_json::Map<String, Value>> {
        match self.body.as_ref()? {
            Payload::Json(value, _) => value.as_object().cloned(),
            Payload::Form(pairs) | Payload::Parts(pairs) => {
                let pairs = pairs.iter();
                let members =
                    pairs.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
                Some(members.collect())
            }
            Payload::Text(_) => None,
        }
    }

    /// The members of the body, whatever is wrapped around them.
    pub fn content(&self) -> Option<serde_json::Map<String, Value>> {
        let sent = self.sent()?;
        let mut members = self.members.iter();
        if sent.len() == 1 && members.any(|member| sent.contains_key(member)) {
            return identity::flat(&Value::Object(sent)).as_object().cloned();
        }
        Some(identity::unwrapped(sent))
    }

    /// The name of what the query or the body names the thing by that the operation is about: `id` or `book_id`.
    pub(super) fn own_id(&self, noun: &str) -> Option<String> {
        let query = self.query.iter().map(|(name, _)| name.clone());
        let body = self.sent().unwrap_or_default();
        let mut names = query.chain(body.into_iter().map(|(name, _)| name));
        names.find(|name| is_own_id(name, noun))
    }

    /// The id that a slot holds.
    pub fn slot(&self, slot: &Slot) -> Option<String> {
        match slot.place {
            SlotPlace::Path => self.path_value(&slot.name).map(str::to_owned),
            SlotPlace::Query => self.query_value(&slot.name).map(str::to_owned),
            SlotPlace::Body => {
                let body = Value::Object(self.sent()?);
                let value = slot.name.split('.').try_fold(&body, |value, name| {
                    match name.strip_suffix("[]") {
                        Some(name) => value.get(name)?.get(0),
                        None => value.get(name),
                    }
                })?;
                Some(super::sample::plain(value))
            }
        }
    }

    /// Puts an id into a slot; one in a body keeps its type, and is not put where there was none. A list of ids holds no
    /// other then.
    pub fn set_slot(&mut self, slot: &Slot, id: &str) {
        match slot.place {
            SlotPlace::Body if !self.slot_items(slot).is_empty() => {
                self.set_slot_items(slot, &[id.to_owned()]);
            }
            SlotPlace::Path => self.set_path(&slot.name, id),
            SlotPlace::Query => self.set_query(&slot.name, Some(id)),
            SlotPlace::Body => match &mut self.body {
                Some(Payload::Json(body, text)) => {
                    let is_replaced = replace(body, &slot.name, id);
                    text.take_if(|_| is_replaced);
                }
                Some(Payload::Form(pairs) | Payload::Parts(pairs)) => {
                    for (_, value) in pairs.iter_mut().filter(|(name, _)| *name == slot.name) {
                        id.clone_into(value);
                    }
                }
                _ => {}
            },
        }
    }

    /// The ids that a list of them holds.
    pub fn slot_items(&self, slot: &Slot) -> Vec<String> {
        let Some(way) = slot.name.strip_suffix("[]").filter(|it| !it.contains("[]")) else {
            return Vec::new();
        };
        let body = self.sent().map(Value::Object).unwrap_or_default();
        let list = at(&body, way);
        let items = list.and_then(Value::as_array).into_iter().flatten();
        items.map(super::sample::plain).collect()
    }

    /// Puts ids into a list of them.
    pub fn set_slot_items(&mut self, slot: &Slot, ids: &[String]) {
        let Some(Payload::Json(body, text)) = &mut self.body else {
            return;
        };
        let way = slot.name.strip_suffix("[]").unwrap_or(&slot.name);
        let list = at_mut(body, way);
        if let Some(list @ Value::Array(_)) = list {
            let first = list.get(0).cloned().unwrap_or_default();
            let ids = ids.iter().map(|id| typed(&first, id));
            *list = Value::Array(ids.collect());
            *text = None;
        }
    }

    /// True for a slot in the root of a body in JSON that holds nothing, and names something else.
    pub(crate) fn lacks(&self, slot: &Slot) -> bool {
        let is_root = slot.place == SlotPlace::Body && !slot.name.contains(['.', '[']);
        let body = self.json().and_then(Value::as_object);
        is_root && !slot.is_own && body.is_some_and(|body| !body.contains_key(&slot.name))
    }

    /// Puts an id into a slot that the draft lacks.
    pub(crate) fn add_slot(&mut self, slot: &Slot, id: Value) {
        if let (true, Some(Payload::Json(Value::Object(body), text))) =
            (self.lacks(slot), &mut self.body)
        {
            body.insert(slot.name.clone(), id);
            *text = None;
        }
    }

    /// Puts another JSON body in the place of one.
    pub fn set_json(&mut self, value: Value) {
        if matches!(self.body, Some(Payload::Json(..))) {
            self.body = Some(Payload::Json(value, None));
        }
    }

    /// Sends a body that is no JSON where JSON is documented.
    pub(super) fn break_json(&mut self) {
        self.body = Some(Payload::Text("{\"broken\": ".to_owned()));
    }

    /// The value of an input.
    pub(crate) fn value(&self, input: &Input) -> Option<Value> {
        let name = input.name.as_str();
        let text = |value: &str| Value::from(value);
        match input.place {
            Place::Path => self.path_value(name).map(text),
            Place::Query => self.query_value(name).map(text),
            Place::Header => {
                let mut headers = self.headers.iter();
                let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
                header.map(|(_, value)| text(value))
            }
            Place::Cookie => None,
            Place::Body => match self.body.as_ref()? {
                Payload::Json(value, _) => find(value, &input.steps).cloned(),
                Payload::Form(pairs) | Payload::Parts(pairs) => {
                    let mut pairs = pairs.iter();
                    let pair = pairs.find(|(known, _)| known == name);
                    pair.map(|(_, value)| text(value))
                }
                Payload::Text(_) => None,
            },
        }
    }

    /// Gives an input a value, or takes it out; false if that cannot be done.
    pub(crate) fn set(&mut self, input: &Input, value: Option<&Value>) -> bool {
        let name = input.name.as_str();
        let plain = value.map(super::sample::plain);
        match input.place {
            Place::Path => match plain {
                Some(plain) => self.set_path(name, &plain),
                None => return false,
            },
            Place::Query => match value {
                Some(Value::Array(items)) => return self.set_queries(input, items),
                _ => self.set_query(name, plain.as_deref()),
            },
            Place::Header => {
                self.headers
                    .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                if let Some(plain) = plain {
                    self.headers.push((name.to_owned(), plain));
                }
            }
            Place::Cookie => return false,
            Place::Body => return self.set_member(input, value, plain),
        }
        true
    }

    fn set_member(&mut self, input: &Input, value: Option<&Value>, plain: Option<String>) -> bool {
        match &mut self.body {
            Some(Payload::Json(body, text)) => {
                *text = None;
                put(body, &input.steps, value)
            }
            Some(Payload::Form(pairs) | Payload::Parts(pairs)) => {
                let name = input.name.as_str();
                pairs.retain(|(known, _)| known != name);
                if let Some(plain) = plain {
                    pairs.push((name.to_owned(), plain));
                }
                true
            }
            Some(Payload::Text(_)) | None => false,
        }
    }

    /// Takes out everything that authenticates the request.
    pub fn without_credentials(&mut self, operation: &Operation) {
        let schemes = &operation.auth.schemes;
        let is_scheme = |name: &str| {
            schemes.iter().any(|scheme| match &scheme.value {
                AuthScheme::Bearer | AuthScheme::Basic => {
                    name.eq_ignore_ascii_case("authorization")
                }
                AuthScheme::Header(header) => name.eq_ignore_ascii_case(header),
                AuthScheme::Query(_) => false,
            })
        };
        self.headers
            .retain(|(name, _)| !is_scheme(name) && !is_secret(name));
        for scheme in schemes {
            if let AuthScheme::Query(name) = &scheme.value {
                self.set_query(name, None);
            }
        }
    }

    /// True if a documented header that authenticates is required, and not sent.
    pub fn lacks_credentials(&self, operation: &Operation) -> bool {
        let mut schemes = operation.auth.schemes.iter();
        schemes.any(|scheme| {
            let AuthScheme::Header(name) = &scheme.value else {
                return false;
            };
            let is_it = |known: &str| known.eq_ignore_ascii_case(name);
            let mut documented = operation.parameters_in(Location::Header);
            documented.any(|it| is_it(&it.field.name.value) && it.field.is_required())
                && !self.headers.iter().any(|(known, _)| is_it(known))
        })
    }

    /// Sends a header, and nothing else of that name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The request as it is sent.
    pub fn request(&self) -> Request {
        let pairs: Vec<_> = self
            .path
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let template = Template::parse(&self.template);
        let mut path = encode::path(&template.fill(&pairs));
        if self.template.len() > 1 && self.template.ends_with('/') && !path.ends_with('/') {
            path.push('/');
        }
        let pairs = self.query.iter().map(|(name, value)| match value {
            Some(value) => format!("{}={}", encode::query(name), encode::query(value)),
            None => encode::query(name),
        });
        let query: Vec<_> = self.fixed_query.iter().cloned().chain(pairs).collect();
        let separator = if query.is_empty() { "" } else { "?" };
        Request {
            method: self.method.clone(),
            url: format!("{}{path}{separator}{}", self.origin, query.join("&")),
            headers: self.headers.clone(),
            body: self.body.as_ref().map(Payload::to_body),
        }
    }
}

/// Puts an id in the place of another one; false if there is none.
fn replace(body: &mut Value, way: &str, id: &str) -> bool {
    let (name, rest) = match way.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (way, None),
    };
    let items = name.strip_suffix("[]");
    let Some(place) = body.get_mut(items.unwrap_or(name)) else {
        return false;
    };
    let inner = match (items, place) {
        (Some(_), Value::Array(items)) => items.iter_mut().collect(),
        (None, place) => vec![place],
        _ => return false,
    };
    let replaced = inner.into_iter().map(|place| match (rest, place) {
        (Some(rest), place) => replace(place, rest, id),
        (None, place @ (Value::Number(_) | Value::String(_))) => {
            *place = typed(place, id);
            true
        }
        _ => false,
    });
    // All of them, and not only the first.
    replaced.filter(|is_replaced| *is_replaced).count() > 0
}

/// What stands at the end of a way of members: `order.book_ids`.
fn at<'v>(value: &'v Value, way: &str) -> Option<&'v Value> {
    let mut names = way.split('.');
    names.try_fold(value, |value, name| value.get(name))
}

fn at_mut<'v>(value: &'v mut Value, way: &str) -> Option<&'v mut Value> {
    let mut names = way.split('.');
    names.try_fold(value, |value, name| value.get_mut(name))
}

/// An id as a number where the other one is.
fn typed(other: &Value, id: &str) -> Value {
    let number = id.parse::<i64>().ok().filter(|_| other.is_number());
    number.map_or_else(|| Value::from(id), Value::from)
}

fn find<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item => value.get(0),
    })
}

/// Sets the value at the end of the steps; false if the way there does not exist.
fn put(body: &mut Value, steps: &[Step], value: Option<&Value>) -> bool {
    let Some((last, way)) = steps.split_last() else {
        if let Some(value) = value {
            *body = value.clone();
        }
        return value.is_some();
    };
    let mut place = body;
    for step in way {
        let next = match step {
            Step::Member(name) => place.get_mut(name),
            Step::Item => place.get_mut(0),
        };
        match next {
            Some(next) => place = next,
            None => return false,
        }
    }
    match (last, place) {
        (Step::Member(name), Value::Object(members)) => {
            match value {
                Some(value) => {
                    members.insert(name.clone(), value.clone());
                }
                None => {
                    members.shift_remove(name);
                }
            }
            true
        }
        (Step::Item, Value::Array(items)) => match (items.first_mut(), value) {
            (Some(first), Some(value)) => {
                *first = value.clone();
                true
            }
            _ => false,
        },
        _ => false,
    }
}
