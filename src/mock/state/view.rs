//! Where in an answer the things of a collection are, and what names them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::candidate::{Candidate, noun};
use super::collections::Role;
use crate::mock::generate::Circumstances;
use crate::mock::{Served, generate, words};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Location, Operation};

/// The usual answer of an operation, and where in it the things are.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// The member that names things.
    pub(super) key: String,
    /// The whole body.
    pub(super) template: Value,
    /// The members that lead to the thing, or to the array of things.
    pub(super) way: Vec<String>,
    /// A thing as it is shown there: the members that all have.
    pub(super) sample: Map<String, Value>,
    /// What a thing is documented to be there.
    pub(super) shape: Option<Shape>,
    /// What the whole body is documented to be.
    pub(super) whole: Option<Shape>,
    /// Members that other examples of the things show as `null`.
    pub(super) nulls: BTreeSet<String>,
    /// All members that any of the shown things has.
    pub(super) shown: Vec<String>,
    /// True if no example shows it: then its values are made up of the fields.
    pub(super) is_made: bool,
}

/// The usual answer as JSON; one of fields alone is made up.
pub(super) fn body(served: &Served) -> Option<Value> {
    let answer = served.usual()?.answer;
    if let Some(value) = answer.json() {
        return Some(value);
    }
    let fields = answer.fields.as_ref().filter(|_| !answer.has_example())?;
    let circumstances = Circumstances {
        operation: &served.name,
        ..Circumstances::default()
    };
    Some(generate::generate(fields, circumstances))
}

/// The member that names things: one that an answer shows.
pub(super) fn key(path: &str, candidates: &[&Candidate<'_>]) -> Option<String> {
    let noun = words::singular(noun(path));
    let parameter = candidates.iter().find_map(|it| it.parameter.clone());
    let parameter = parameter.unwrap_or_default();
    let told = candidates.iter().find_map(|it| told(&it.served.operation));
    // `{bookId}` and `{id}` are `id` of a book, `{slug}` is `slug`.
    let wanted = [
        parameter.clone(),
        told.unwrap_or_default().to_owned(),
        format!("{noun}id"),
        "id".to_owned(),
        "uuid".to_owned(),
        format!("{noun}uuid"),
        parameter
            .strip_prefix(noun.as_str())
            .unwrap_or_default()
            .to_owned(),
    ];
    let wanted = || wanted.iter().filter(|name| !name.is_empty());
    let found = |candidate: &Candidate<'_>, name: &str| {
        let is_list = candidate.role == Role::List;
        named(candidate.body.as_ref()?, name, is_list, 0)
    };
    let outermost = |candidate: &Candidate<'_>, name: &String| {
        let (depth, name) = found(candidate, name)?;
        // `shipment.order_id` of an order with an `id` names no order by itself.
        let mut others = wanted().filter_map(|other| found(candidate, other));
        others.all(|(other, _)| depth <= other).then_some(name)
    };
    let (key, role) = wanted().find_map(|name| {
        let mut found = candidates
            .iter()
            .filter_map(|it| Some((outermost(it, name)?, it.role)));
        found.next()
    })?;
    // `{"bookId": "…"}` tells what `_id` of the books in the list is.
    let shows = |it: &&&Candidate<'_>| matches!(it.role, Role::List | Role::Read);
    let listed = candidates.iter().filter(shows);
    let is_shown = |it: &Candidate<'_>| found(it, &words::folded(&key)).is_some();
    if role != Role::Create || words::folded(&key) == "id" || listed.clone().any(|it| is_shown(it))
    {
        return Some(key);
    }
    let id = "id".to_owned();
    let mut others = listed.filter_map(|it| outermost(it, &id));
    Some(others.next().unwrap_or(key))
}

/// The member that the text of the last path parameter speaks of: "Slug of the team".
fn told(operation: &Operation) -> Option<&'static str> {
    let parameter = operation.parameters_in(Location::Path).last()?;
    let said = words::parts(&parameter.field.description);
    let names = ["slug", "login", "handle", "username", "uid"];
    let mut known = names
        .iter()
        .filter(|name| said.iter().any(|it| it == *name));
    let is_choice = said.iter().any(|it| matches!(it.as_str(), "id" | "or"));
    known.next().filter(|_| !is_choice).copied()
}

/// How deep in a body the things may stand.
const DEEPEST: usize = 3;

/// The name of a member in that spelling that holds a plain value, and how deep it is; the outermost one.
///
/// Things of a list are in an array, and a single one is in none: what an array of it names are other things.
pub(super) fn named(
    value: &Value,
    folded: &str,
    is_in_array: bool,
    depth: usize,
) -> Option<(usize, String)> {
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Object(members) => {
            let own = members.iter().filter(|(_, value)| is_id(value));
            let mut own = own.filter(|_| !is_in_array);
            if let Some((name, _)) = own.find(|(name, _)| words::folded(name) == folded) {
                return Some((depth, name.clone()));
            }
            let inner = members.values();
            let inner = inner.filter_map(|value| named(value, folded, is_in_array, depth + 1));
            inner.min_by_key(|(depth, _)| *depth)
        }
        Value::Array(items) if is_in_array => named(items.first()?, folded, false, depth + 1),
        _ => None,
    }
}

pub(super) fn is_id(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_u64()
}

/// Where the things are in an answer.
pub(super) fn view(served: &Served, role: Role, body: &Value, key: &str) -> Option<View> {
    let is_list = role == Role::List;
    let mut ways = vec![(Vec::new(), body)];
    let mut way = None;
    // The outermost place counts, and the first one of a level.
    for _ in 0..DEEPEST {
        let is_it = |(_, value): &&(Vec<String>, &Value)| {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            if is_list {
                items.iter().any(|it| it.get(key).is_some_and(is_id))
            } else {
                value.get(key).is_some_and(is_id)
            }
        };
        if let Some((found, value)) = ways.iter().find(is_it) {
            way = Some((found.clone(), *value));
            break;
        }
        let inner = ways.iter().flat_map(|(way, value)| {
            let members = value.as_object().into_iter().flatten();
            members.map(move |(name, value)| {
                let way = way.iter().chain([name]).cloned().collect();
                (way, value)
            })
        });
        ways = inner.collect();
    }
    let (way, _) = way?;
    view_at(served, body, &way, key, is_list)
}

/// The same where it is known which members lead there.
pub(super) fn view_at(
    served: &Served,
    body: &Value,
    way: &[String],
    key: &str,
    is_list: bool,
) -> Option<View> {
    let found = way.iter().try_fold(body, |value, name| value.get(name))?;
    let things: Vec<&Map<String, Value>> = match found {
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        Value::Object(thing) => vec![thing],
        _ => Vec::new(),
    };
    let first = *things.first()?;
    let mut sample = first.clone();
    sample.retain(|name, _| things.iter().all(|thing| thing.contains_key(name)));
    let mut shown: Vec<String> = Vec::new();
    for name in things.iter().flat_map(|thing| thing.keys()) {
        if !shown.contains(name) {
            shown.push(name.clone());
        }
    }
    let fields = served.usual().and_then(|it| it.answer.fields.clone());
    let whole = fields.map(|fields| fields.shape.clone());
    let shape = whole.as_ref().and_then(|whole| {
        let found = way.iter().try_fold(whole, member)?;
        match &found.kind {
            ShapeKind::Array(items) if is_list => Some((**items).clone()),
            _ if is_list => None,
            _ => Some(found.clone()),
        }
    });
    Some(View {
        key: key.to_owned(),
        template: body.clone(),
        way: way.to_vec(),
        sample,
        shape,
        whole,
        nulls: BTreeSet::new(),
        shown,
        is_made: served.usual().is_none_or(|it| !it.answer.has_example()),
    })
}

/// The shape of a member.
pub(super) fn member<'s>(shape: &'s Shape, name: &String) -> Option<&'s Shape> {
    let ShapeKind::Object { members, .. } = &shape.kind else {
        return None;
    };
    let mut members = members.iter();
    members
        .find(|member| member.name == *name)
        .map(|member| &member.shape)
}

/// An id as it stands in a path.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
