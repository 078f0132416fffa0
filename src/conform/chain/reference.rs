//! Ids in the query and in the body: `author_id`, `customer.id`, `items[].product_id`, and `{"type": "…", "id": "…"}`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::input;
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::{Api, Field, Location, Operation};

use super::batch;
use super::recurrence::Recurring;
use super::words::{self, singular};
use super::{Kind, Role, Slot, SlotPlace};

/// References nested deeper are not followed.
const DEPTH: usize = 5;

/// Names that say where something stands, and not what it is.
const WRAPPERS: &[&str] = &[
    "data",
    "attributes",
    "relationships",
    "item",
    "element",
    "object",
    "ref",
    "reference",
];

/// What ids are of whose own words name it, by the letters of their names: `assignee_id` is the "id of a member".
#[derive(Debug, Default)]
pub(super) struct Worded(HashMap<String, Option<String>>);

impl Worded {
    /// What the fields of all operations say; a name that stands for several things stands for none.
    pub(super) fn of(api: &Api, nouns: &[String]) -> Self {
        let mut worded = Self::default();
        for operation in &api.operations {
            let parameters = operation.parameters.iter().map(|it| &it.field);
            let body = operation.body.iter().flat_map(|body| &body.fields);
            for field in parameters.chain(body) {
                worded.read(field, nouns, DEPTH);
            }
        }
        worded
    }

    fn read(&mut self, field: &Field, nouns: &[String], depth: usize) {
        static ID_OF: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:(?:the|optional|new)\s+)*(?:unique\s+)?(?:id|uuid|identifier|number)\s+of\s+(?:an?|the|another|one|some)\s+(?:other\s+|existing\s+|registered\s+)?(?P<noun>[a-z]+)\b",
            )
        });
        let found = ID_OF.captures(&field.description);
        let noun = found.and_then(|it| Some(singular(it.name("noun")?.as_str())));
        let name = &field.name.value;
        if let Some(noun) = noun.filter(|noun| nouns.contains(noun))
            && !words::is_bare_id(name)
            && !nouns.contains(&words::without_id(name))
        {
            match self.0.entry(letters(name)) {
                Entry::Occupied(mut known) => {
                    if known.get().as_ref() != Some(&noun) {
                        known.insert(None);
                    }
                }
                Entry::Vacant(free) => _ = free.insert(Some(noun)),
            }
        }
        for child in field.children.iter().filter(|_| depth > 0) {
            self.read(child, nouns, depth - 1);
        }
    }

    fn noun(&self, name: &str) -> Option<String> {
        self.0.get(&letters(name)).cloned().flatten()
    }
}

/// Adds the ids in the query and in the body, of what the API can make or list.
pub(super) fn add(
    role: &mut Role,
    operation: &Operation,
    nouns: &[String],
    recurring: &Recurring,
    worded: &Worded,
) {
    let query = operation.parameters_in(Location::Query);
    let query: Vec<_> = query
        .map(|it| (it.field.name.value.clone(), SlotPlace::Query))
        .collect();
    let body = operation.body.iter().filter(|body| !body.whole);
    let body = body.flat_map(|body| body.shape.members());
    let root = body
        .clone()
        .map(|it| (it.name.clone(), SlotPlace::Body))
        .collect::<Vec<_>>();
    let takes_own = matches!(
        role.kind,
        Kind::Read | Kind::Update | Kind::Delete | Kind::Action
    ) && !role.slots.iter().any(|slot| slot.is_own);
    let takes_noun = takes_own && own_name(operation, &role.noun).is_some();
    let inputs = input::inputs(operation);
    let texts = shown_texts(operation);
    for (name, place) in query.into_iter().chain(root) {
        let of = words::without_id(&name);
        if place == SlotPlace::Body && is_above(&name, &of, &role.noun, nouns) {
            let noun = role.noun.clone();
            let is_own = false;
            role.slots.push(Slot {
                name,
                place,
                noun,
                is_own,
            });
            continue;
        }
        let is_bare = words::is_bare_id(&name);
        // `channel` may hold the id of a channel, and so may that of what an operation is about.
        let is_noun = nouns.contains(&of) && (of != role.noun || takes_noun);
        // A `comment` that is a text of its own is the id of none.
        let is_prose = is_noun
            && !words::is_id(&name)
            && inputs
                .iter()
                .any(|it| it.name == name && is_prose(it, &texts));
        if is_prose {
            continue;
        }
        if let Some(noun) = worded.noun(&name).filter(|_| !nouns.contains(&of)) {
            // "Id of the wallet that pays" is what a transfer is about, if nothing else is.
            let mut slots = role.slots.iter();
            let has_own = slots.any(|slot| slot.is_own || slot.place == SlotPlace::Path);
            let is_own = takes_own
                && !has_own
                && noun == role.noun
                && own_name(operation, &role.noun).is_none();
            role.slots.push(Slot {
                name,
                place,
                noun,
                is_own,
            });
            continue;
        }
        if is_bare && !takes_own || !is_bare && !words::is_id(&name) && !is_noun {
            continue;
        }
        let noun = if is_bare { role.noun.clone() } else { of };
        if nouns.contains(&noun) {
            let is_own = takes_own && noun == role.noun;
            role.slots.push(Slot {
                name,
                place,
                noun,
                is_own,
            });
        }
    }
    for member in body {
        of_many(member, &member.name, role, nouns);
        let way = Way::default().to(member);
        below(member, &way, role, nouns);
    }
    role.slots
        .retain(|slot| slot.place != SlotPlace::Body || !takes_name(operation, slot));
    for slot in recurring.slots(operation) {
        // What a request names itself is no id of something else, and neither is one of a set of documented values.
        let mut inputs = inputs.iter().filter(|it| slot.is_for(it));
        let is_of_set = inputs.any(|it| it.shape.constraints.allowed.is_some());
        if recurring.names_itself(&slot, role) || is_of_set {
            continue;
        }
        let mut known = role.slots.iter();
        if known.any(|it| it.name == slot.name && it.place == slot.place) {
            continue;
        }
        let has_own = role.slots.iter().any(|it| it.is_own);
        let is_own = takes_own && !has_own && slot.noun == role.noun;
        role.slots.push(Slot { is_own, ..slot });
    }
}

/// True for the id of what stands above a thing of the same kind: `parent_id`, `parent_comment_id`, or `reply_to` of a
/// comment.
fn is_above(name: &str, of: &str, noun: &str, nouns: &[String]) -> bool {
    if is_answered(name) && nouns.iter().any(|it| it == noun) {
        return true;
    }
    let Some(rest) = of.strip_prefix("parent").filter(|_| words::is_id(name)) else {
        return false;
    };
    let is_own = rest.is_empty() || rest == noun;
    is_own && nouns.iter().any(|it| it == noun) && !nouns.iter().any(|it| it == of)
}

/// True for the id of what something of the same kind answers: `reply_to`, `in_reply_to_id`.
fn is_answered(name: &str) -> bool {
    let name = letters(name);
    let name = name.strip_suffix("id").unwrap_or(&name);
    matches!(name, "replyto" | "inreplyto" | "repliesto" | "answerto")
}

/// True for a member that is no id by its name, and takes the name of something by its text: `key`, "the name of the key".
fn takes_name(operation: &Operation, slot: &Slot) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:the|an?|optional|new|full|display)\s+)*(?:name|title|label)\s+(?:of|for)\b|\bnot\s+(?:the|its|an?)\s+(?:id|identifier)\b",
        )
    });
    let mut fields = operation.body.as_ref().map(|body| &body.fields);
    let mut found = None;
    for name in slot.name.split('.') {
        let name = name.trim_end_matches("[]");
        let field = fields.and_then(|it| it.iter().find(|field| field.name.value == name));
        fields = field.map(|it| &it.children);
        found = field;
    }
    found.is_some_and(|it| !words::is_id(&it.name.value) && NAME.is_match(&it.description))
}

/// The texts that documented requests send, by the names of their members.
fn shown_texts(operation: &Operation) -> Vec<(String, String)> {
    let commands = operation.request_examples.iter();
    let bodies = commands.filter_map(|it| batch::body_of(it.curl.as_ref()?));
    let texts = bodies.flat_map(|body| {
        let members = body.as_object().cloned().unwrap_or_default();
        let texts = members.into_iter();
        texts.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
    });
    texts.collect()
}

/// True for a text that people write: the example shows words, or it may be longer than any id.
fn is_prose(input: &input::Input, shown: &[(String, String)]) -> bool {
    const LONGEST_ID: u64 = 100;
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:an?|the|optional|your|any|short|closing|internal|public|free[- ]form)\s+)*(?:note|text|message|remark|explanation|summary|description|sentences?|words)\b|\bfree[- ](?:form|text)\b|\bmarkdown\b|\bline\s+breaks\b",
        )
    });
    let has_words = |text: &str| text.trim().contains(char::is_whitespace);
    let longest = input.shape.constraints.max_length.as_ref();
    let is_text = matches!(input.shape.kind, ShapeKind::String | ShapeKind::Unknown);
    let is_shown = shown
        .iter()
        .any(|(name, text)| *name == input.name && has_words(text));
    let is_long = longest.is_some_and(|it| it.value > LONGEST_ID);
    is_text && (is_shown || is_long || WRITTEN.is_match(&input.description))
}

/// The parameter or member by which a request names what the operation is about: `id`, `book_id`, else a `book` that is a
/// text or a number.
pub(super) fn own_name(operation: &Operation, noun: &str) -> Option<String> {
    let query = operation.parameters_in(Location::Query);
    let query = query.map(|it| (it.field.name.value.clone(), it.shape.clone()));
    let body = operation.body.iter().flat_map(|body| body.shape.members());
    let body = body.map(|member| (member.name.clone(), member.shape.clone()));
    let all: Vec<_> = query.chain(body).collect();
    let is_own = |name: &str| words::is_id(name) && words::without_id(name) == noun;
    let by_id = all
        .iter()
        .find(|(name, _)| words::is_bare_id(name) || is_own(name));
    let by_noun = || {
        let mut all = all.iter();
        all.find(|(name, shape)| {
            let is_scalar = matches!(shape.kind, ShapeKind::String | ShapeKind::Integer);
            is_scalar && singular(name) == noun
        })
    };
    by_id.or_else(by_noun).map(|(name, _)| name.clone())
}

/// What a request without a slot of its own names things by, one or many: `ids`, `book_ids`, `books`.
pub fn names_things(operation: &Operation, nouns: &[String]) -> Option<String> {
    let query = operation.parameters_in(Location::Query);
    let query = query.map(|it| (it.field.name.value.clone(), it.shape.clone()));
    let body = operation.body.iter().flat_map(|body| body.shape.members());
    let body = body.map(|member| (member.name.clone(), member.shape.clone()));
    let mut all = query.chain(body);
    let found = all.find(|(name, shape)| {
        let single = name.strip_suffix(['s', 'S']).unwrap_or(name);
        let scalar = match &shape.kind {
            ShapeKind::Array(items) => items,
            _ => shape,
        };
        let is_scalar = scalar.members().is_empty();
        let is_noun = nouns.contains(&singular(name));
        is_scalar && (words::is_id(name) || words::is_id(single) || is_noun)
    });
    found.map(|(name, _)| name)
}

/// A list of ids: `book_ids`.
fn of_many(member: &Member, way: &str, role: &mut Role, nouns: &[String]) {
    let is_scalar = |shape: &Shape| {
        matches!(
            shape.kind,
            ShapeKind::String | ShapeKind::Integer | ShapeKind::Any | ShapeKind::Unknown
        ) && shape.constraints.allowed.is_none()
    };
    let is_list = matches!(&member.shape.kind, ShapeKind::Array(items) if is_scalar(items));
    let noun = words::of_many_ids(&member.name).map(words::without_id);
    let noun = noun.filter(|noun| is_list && nouns.contains(noun) && *noun != role.noun);
    if let Some(noun) = noun {
        role.slots.push(Slot {
            name: format!("{way}[]"),
            place: SlotPlace::Body,
            noun,
            is_own: false,
        });
    }
}

/// The way to a member, and the nearest name on it that says what something is.
#[derive(Clone, Default)]
struct Way {
    names: String,
    noun: Option<String>,
    depth: usize,
}

impl Way {
    fn to(&self, member: &Member) -> Self {
        let dot = if self.names.is_empty() { "" } else { "." };
        let noun = singular(&member.name);
        let is_wrapper = WRAPPERS.contains(&noun.as_str());
        Self {
            names: format!("{}{dot}{}", self.names, member.name),
            noun: if is_wrapper {
                self.noun.clone()
            } else {
                Some(noun)
            },
            depth: self.depth + 1,
        }
    }

    fn into_items(mut self) -> Self {
        self.names.push_str("[]");
        self
    }
}

/// What a member holds that is an id of something else.
fn below(member: &Member, way: &Way, role: &mut Role, nouns: &[String]) {
    if way.depth > DEPTH {
        return;
    }
    let (shape, way): (&Shape, Way) = match &member.shape.kind {
        ShapeKind::Array(items) => (items, way.clone().into_items()),
        _ => (&member.shape, way.clone()),
    };
    for inner in shape.members() {
        let to = way.to(inner);
        if inner.shape.members().is_empty() && !matches!(inner.shape.kind, ShapeKind::Array(_)) {
            let noun = if words::is_bare_id(&inner.name) {
                way.noun.clone()
            } else if words::is_id(&inner.name) || letters(&inner.name).len() > 2 {
                Some(words::without_id(&inner.name))
            } else {
                None
            };
            let noun = noun.filter(|noun| *noun != role.noun && nouns.contains(noun));
            if let Some(noun) = noun {
                role.slots.push(Slot {
                    name: to.names,
                    place: SlotPlace::Body,
                    noun,
                    is_own: false,
                });
            }
            continue;
        }
        of_many(inner, &to.names, role, nouns);
        below(inner, &to, role, nouns);
    }
}
