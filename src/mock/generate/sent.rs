//! What a request sends, in the body that answers it.
//!
//! The thing that an answer is about has the values of the path, the query, and the body; it may stand in an object of
//! another name than the path has. Items of lists that were sent are those items, with what the server adds.

use serde_json::{Map, Value};

use crate::mock::state::unsent;
use crate::mock::{form, upload, words};
use crate::model::json::read_strict;
use crate::model::shape::{Member, MismatchKind, Shape, ShapeKind};
use crate::model::types::Type;
use crate::model::{Field, Location, Origin};

use super::{At, Circumstances, Generator, conditions, fits, is_identity, readings, series};

/// What a request sends for a part of the answer.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    members: &'a Map<String, Value>,
    /// What the body is documented to have there.
    asked: Option<&'a Shape>,
    /// True for a file, or a plain value, of which the server says more than was sent.
    is_added: bool,
}

/// The members of a body, or of the only object in it.
pub(super) fn members(content_type: Option<&str>, body: &[u8]) -> Map<String, Value> {
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        return match members.values().next() {
            Some(Value::Object(inner)) if members.len() == 1 => inner.clone(),
            _ => members,
        };
    }
    let Some(content_type) = content_type else {
        return Map::new();
    };
    let mut members = form::members(content_type, body);
    for (name, value) in upload::facts(content_type, body) {
        if !members.keys().any(|known| is_same(known, &name)) {
            members.insert(name, value);
        }
    }
    members
}

/// The files of a form.
pub(super) fn files(content_type: Option<&str>, body: &[u8]) -> Vec<Map<String, Value>> {
    content_type.map_or_else(Vec::new, |it| upload::files(it, body))
}

/// The object in an answer that shows what was sent: the one whose members that are, where those of the answer are not.
pub(super) fn envelope(shape: &Shape, sent: &Map<String, Value>, noun: &str) -> Option<String> {
    let members = shape.members();
    if sent.is_empty() || members.iter().any(|it| is_identity(&it.name, noun)) {
        return None;
    }
    let known = |members: &[Member]| {
        let known = members.iter().filter(|member| {
            let name = words::folded(&member.name);
            sent.keys().any(|sent| words::folded(sent) == name)
        });
        known.count()
    };
    let objects = members.iter().filter_map(|member| {
        let ShapeKind::Object { members, .. } = &member.shape.kind else {
            return None;
        };
        Some((known(members), &member.name))
    });
    let mut objects: Vec<_> = objects.collect();
    objects.sort_by_key(|(known, _)| std::cmp::Reverse(*known));
    let (most, name) = objects.first()?;
    let is_alone = objects.get(1).is_none_or(|(known, _)| known < most);
    (*most > known(members) && is_alone).then(|| (*name).clone())
}

impl<'a> Given<'a> {
    /// An object that was sent, and what it is documented to have.
    pub(super) fn of(members: &'a Map<String, Value>, asked: Option<&'a Shape>) -> Self {
        Self {
            members,
            asked,
            is_added: false,
        }
    }

    /// What is known of a file, or of a plain value, of which the server says more.
    pub(super) fn added(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            asked: None,
            is_added: true,
        }
    }

    /// True for a member that is not there, or `null`, as it was not sent and the server does not add it.
    pub(super) fn leaves_out(&self, member: &Member, noun: &str) -> bool {
        if self.is_added {
            return false;
        }
        let is_required = member.required.as_ref().is_some_and(|it| it.value);
        let asked = self.asked.map_or(&[][..], Shape::members);
        let is_asked = asked.iter().any(|it| is_same(&it.name, &member.name));
        let is_added = is_identity(&member.name, noun) || !asked.is_empty() && !is_asked;
        !is_added && (!is_required || may_be_null(&member.shape))
    }
}

impl Generator<'_> {
    /// What the request sends under that name; `id` stands for the last parameter of the path.
    pub(super) fn sent(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        if !around.is_subject {
            let own = self.own_id(member, around);
            let above = || self.above(member, around);
            return own.or_else(above).or_else(|| self.as_asked(member));
        }
        let Circumstances {
            captured, query, ..
        } = self.circumstances;
        let in_path = self
            .named
            .iter()
            .find(|(known, _)| is_same(known, &member.name));
        let own = || {
            let last = self.circumstances.operation.rsplit('/').next();
            let ends_there = last.is_some_and(|it| it.starts_with(':') || it.ends_with('}'));
            let is_making = self.circumstances.operation.starts_with("POST ");
            // `POST /jobs/{target}` makes a job that has an id of its own.
            let is_id = |name: &str| {
                let name = words::folded(name);
                let is_key = matches!(name.as_str(), "uuid" | "slug" | "key" | "name" | "code");
                name.ends_with("id") || is_key || name == words::folded(around.noun)
            };
            captured
                .last()
                .filter(|_| ends_there && is_identity(&member.name, around.noun))
                .filter(|(name, _)| !is_making || is_id(name))
                .filter(|(name, _)| !self.is_of_other(name, around.noun))
        };
        let in_query = || query.iter().find(|(known, _)| is_same(known, &member.name));
        if let Some((_, text)) = in_path.or_else(own).or_else(in_query) {
            return reading(text, &member.shape);
        }
        if let Some(id) = self.own_id(member, around) {
            return Some(id);
        }
        let mut sent = self.sent.iter();
        let sent = sent.find(|(known, _)| is_same(known, &member.name));
        let Some((name, value)) = sent else {
            let each = self.same(member).or_else(|| self.each(member, around));
            return each
                .or_else(|| self.sent_count(member))
                .or_else(|| self.default(member))
                .or_else(|| self.not_sent(member));
        };
        let asked = self.circumstances.asked.and_then(|it| inner(it, name));
        self.shown(member, value, asked, around)
    }

    /// True for a parameter that the answer shows under its own name, beside an id of what it is about.
    fn is_of_other(&self, parameter: &str, noun: &str) -> bool {
        let own = format!("{}id", words::folded(noun));
        let name = words::folded(parameter);
        let mut shown = self.fields.shape.members().iter();
        name.ends_with("id")
            && !matches!(name.as_str(), "id" | "uuid")
            && name != own
            && shown.any(|member| is_same(&member.name, parameter))
    }

    /// The id of the thing above, as the items of a list name it: `user_id` of the posts of `/users/{id}/posts`.
    fn above(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        let is_item = around.index.is_some() && around.depth == 1;
        if !is_item || is_identity(&member.name, around.noun) {
            return None;
        }
        let mut named = self.named.iter();
        let (_, text) = named.find(|(known, _)| is_same(known, &member.name))?;
        reading(text, &member.shape)
    }

    /// What the query asks for, also by its default, where the text of a member of an item says so: "As asked."
    fn as_asked(&self, member: &Member) -> Option<Value> {
        let said = self.text_of(member).to_lowercase();
        if !["as asked", "as requested"]
            .iter()
            .any(|it| said.starts_with(it))
        {
            return None;
        }
        let mut query = self.circumstances.query.iter();
        let sent = query.find(|(known, _)| is_same(known, &member.name));
        let sent = sent.and_then(|(_, text)| reading(text, &member.shape));
        sent.or_else(|| self.default(member))
    }

    /// What was sent under the name that the text gives: "As `capture`."
    fn same(&self, member: &Member) -> Option<Value> {
        let name = conditions::same_as(self.text_of(member))?;
        let value = self.sent.get(name)?;
        let mut readings = as_sent(value, &member.shape).into_iter();
        readings.find(|value| fits(&member.shape, value))
    }

    /// An item that was sent, with what the server adds, at its place.
    pub(super) fn item_of_sent<'a>(
        &'a self,
        items: &Shape,
        given: Option<Given<'a>>,
        index: u64,
        at: &At<'a>,
    ) -> Option<Value> {
        let at = at.item(index);
        match &items.kind {
            ShapeKind::Object { members, .. } if !members.is_empty() => {
                let mut made = self.object(members, &At { given, ..at });
                if let Value::Object(made) = &mut made {
                    let text = |member: &Member| self.text_of(member);
                    series::number(made, items, index, &text);
                }
                Some(made)
            }
            _ => None,
        }
    }

    /// The default of a parameter of the query that was not sent.
    fn default(&self, member: &Member) -> Option<Value> {
        let mut parameters = self.circumstances.parameters.iter();
        let parameter = parameters.find(|it| {
            it.location == Location::Query && is_same(&it.field.name.value, &member.name)
        })?;
        let default = &parameter.field.default.as_ref()?.value;
        let mut readings = readings(default).into_iter();
        readings.find(|value| fits(&member.shape, value))
    }

    /// What a member of a new thing is that may be sent, and was not: its default, else `null`.
    fn not_sent(&self, member: &Member) -> Option<Value> {
        let operation = self.circumstances.operation;
        if self.sent.is_empty() || !operation.starts_with("POST ") {
            return None;
        }
        let mut inputs = self.circumstances.inputs.iter();
        let input = inputs.find(|it| is_same(&it.name.value, &member.name))?;
        let Some(default) = &input.default else {
            let none = Value::Array(Vec::new());
            let is_open = matches!(member.shape.kind, ShapeKind::Any | ShapeKind::Unknown);
            let is_list = match member.shape.kind {
                ShapeKind::Array(_) => true,
                _ => is_open && matches!(input.kind, Type::Array(_)),
            };
            if may_be_null(&member.shape) || is_open && !is_list && is_of_client(input) {
                return Some(Value::Null);
            }
            return (is_list && fits(&member.shape, &none)).then_some(none);
        };
        let mut readings = readings(&default.value).into_iter();
        readings.find(|value| fits(&member.shape, value))
    }

    /// The id of the object `user`, where the path names it as `user_id`.
    fn own_id(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        if around.index.is_some() || !is_identity(&member.name, around.noun) {
            return None;
        }
        let wanted = format!("{}id", words::folded(around.noun));
        let mut named = self.named.iter();
        let (_, text) = named.find(|(known, _)| words::folded(known) == wanted)?;
        reading(text, &member.shape)
    }

    /// What the request sends for a member of a part.
    pub(super) fn given(
        &self,
        member: &Member,
        given: Given<'_>,
        around: &At<'_>,
    ) -> Option<Value> {
        let mut sent = given.members.iter();
        let found = sent.find(|(known, _)| is_same(known, &member.name));
        let Some((name, value)) = found else {
            return self.default_inside(member, around);
        };
        let asked = given.asked.and_then(|it| inner(it, name));
        self.shown(member, value, asked, around)
    }

    /// The default of a member of what was sent, such as the `quantity` of each of the `items`.
    fn default_inside(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        let inputs = || self.circumstances.inputs.iter();
        let whole = inputs().find(|it| is_same(&it.name.value, around.name));
        let mut children = whole.into_iter().flat_map(|it| &it.children);
        let own = children.find(|it| is_same(&it.name.value, &member.name));
        // `items[].quantity` is one name of a field.
        let dotted = format!("{}.{}", around.name, member.name);
        let own = own.or_else(|| inputs().find(|it| is_same(&it.name.value, &dotted)))?;
        let default = &own.default.as_ref()?.value;
        let mut readings = readings(default).into_iter();
        readings.find(|value| fits(&member.shape, value))
    }

    /// A value that was sent, as the answer shows it; none if it cannot stand there.
    pub(super) fn shown(
        &self,
        member: &Member,
        value: &Value,
        asked: Option<&Shape>,
        around: &At<'_>,
    ) -> Option<Value> {
        let noun = words::singular(&member.name);
        let at = self.inside(member, around, &noun);
        let filled = match (&member.shape.kind, value) {
            (ShapeKind::Array(items), Value::Array(sent)) => {
                let asked = asked.and_then(|asked| match &asked.kind {
                    ShapeKind::Array(items) => Some(&**items),
                    _ => None,
                });
                let sent = sent.iter().enumerate();
                let filled = sent.map(|(index, value)| {
                    let given = Some(Given {
                        members: value.as_object()?,
                        asked,
                        is_added: false,
                    });
                    self.item_of_sent(items, given, index as u64, &at)
                });
                filled.collect::<Option<Vec<_>>>().map(Value::Array)
            }
            (_, Value::Object(sent)) => object_in(&member.shape).map(|members| {
                let given = Some(Given {
                    members: sent,
                    asked: asked.filter(|it| !it.members().is_empty()),
                    is_added: false,
                });
                self.object(members, &At { given, ..at })
            }),
            _ => None,
        };
        let filled = filled.filter(|value| fits(&member.shape, value));
        filled.or_else(|| {
            let readings = as_sent(value, &member.shape);
            let mut strict = readings.iter();
            let fitting = strict.find(|value| fits(&member.shape, value));
            let mut lenient = readings.iter();
            fitting
                .or_else(|| lenient.find(|it| takes(&member.shape, it)))
                .cloned()
        })
    }
}

/// What a value that was sent can be: the texts of forms are numbers and lists as well.
fn as_sent(value: &Value, shape: &Shape) -> Vec<Value> {
    let mut all = vec![value.clone()];
    if !shape.is_text() && value.is_string() {
        all.extend(readings(value));
    }
    match (&shape.kind, value) {
        // A form sends a list of one as that one, and numbers as texts.
        (ShapeKind::Array(items), Value::String(_)) => {
            let lists = as_sent(value, items).into_iter();
            all.extend(lists.map(|it| Value::Array(vec![it])));
        }
        // A part of a form may hold an object as JSON.
        (ShapeKind::Object { .. } | ShapeKind::Map(_), Value::String(text)) => {
            let read = serde_json::from_str::<Value>(text).ok();
            all.extend(read.filter(Value::is_object));
        }
        (ShapeKind::Array(items), Value::Array(sent)) => {
            let read = sent.iter().map(|it| {
                let mut readings = as_sent(it, items).into_iter();
                readings.find(|it| fits(items, it))
            });
            all.extend(read.collect::<Option<Vec<_>>>().map(Value::Array));
        }
        _ => {}
    }
    all
}

/// A value of the path or the query, as the answer shows it: one of several with commas where a list stands.
fn reading(text: &str, shape: &Shape) -> Option<Value> {
    if let ShapeKind::Array(items) = &shape.kind {
        let values = text.split(',').map(|it| reading(it.trim(), items));
        let values = Value::Array(values.collect::<Option<_>>()?);
        return takes(shape, &values).then_some(values);
    }
    let number = serde_json::from_str::<Value>(text).ok();
    let readings = number.into_iter().chain([Value::from(text)]);
    let mut plain =
        readings.filter(|value| value.is_string() || value.is_number() || value.is_boolean());
    plain.find(|value| takes(shape, value))
}

/// True for a value that was sent and may stand there: what running text says of a notation rejects none, and so replaces
/// none.
fn takes(shape: &Shape, value: &Value) -> bool {
    let read = read_strict(value.to_string().as_bytes());
    read.is_ok_and(|value| {
        let mut mismatches = shape.mismatches(&value).into_iter();
        mismatches.all(|it| {
            let is_value = matches!(it.kind, MismatchKind::NotAllowed | MismatchKind::Constant);
            !is_value && it.evidence.is_some_and(|it| it.origin <= Origin::Prose)
        })
    })
}

/// True for what nobody but the client knows, and for the id of another thing.
fn is_of_client(input: &Field) -> bool {
    let parts = words::parts(&input.name.value);
    let is_id = parts.len() > 1 && parts.last().is_some_and(|it| it == "id");
    !input.is_required() && (is_id || !unsent::is_of_server(&input.name.value))
}

/// True for values of one kind.
pub(super) fn are_alike(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// True if `null` is named, and not only because anything may stand there.
pub(super) fn may_be_null(shape: &Shape) -> bool {
    let is_open = matches!(shape.kind, ShapeKind::Any | ShapeKind::Unknown);
    shape.allows_null() && (!is_open || shape.nullable.is_some())
}

/// The members of the only object that a shape has.
fn object_in(shape: &Shape) -> Option<&[Member]> {
    match &shape.kind {
        ShapeKind::Object { members, .. } => Some(members.as_slice()).filter(|it| !it.is_empty()),
        ShapeKind::Union(shapes) => {
            let mut objects = shapes.iter().filter_map(object_in);
            let first = objects.next()?;
            objects.next().is_none().then_some(first)
        }
        _ => None,
    }
}

pub(super) fn inner<'s>(shape: &'s Shape, name: &str) -> Option<&'s Shape> {
    let mut members = shape.members().iter();
    members.find(|it| it.name == name).map(|it| &it.shape)
}

pub(super) fn is_same(one: &str, other: &str) -> bool {
    words::folded(one) == words::folded(other)
}
