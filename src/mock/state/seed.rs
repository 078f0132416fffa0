//! What a collection holds at the start: what examples show, and commands name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::collections::{Role, Use};
use super::make;
use super::view::{View, is_id, text};
use crate::mock::answer::Answer;
use crate::mock::routes::Captured;
use crate::mock::{Served, shown};
use crate::model::json;

/// A thing with all members that the answers show, those of one that was just made first.
pub(super) fn sample(uses: &[(usize, Arc<Use>)]) -> Map<String, Value> {
    let mut views: Vec<_> = uses
        .iter()
        .filter_map(|(_, used)| Some((used.role, used.view.as_ref()?)))
        .collect();
    // What is made up says nothing where something is shown.
    views.sort_by_key(|(role, view)| match role {
        Role::Create => (view.is_made, 0),
        Role::Read => (view.is_made, 1),
        Role::List => (view.is_made, 2),
        Role::Update => (view.is_made, 3),
        Role::Delete | Role::Act => (view.is_made, 4),
    });
    let mut sample = Map::new();
    for (name, value) in views
        .iter()
        .filter(|(role, _)| *role != Role::Delete)
        .flat_map(|(_, view)| &view.sample)
    {
        sample.entry(name.clone()).or_insert_with(|| value.clone());
    }
    sample
}

/// Takes the things that an answer shows into what the collection holds at the start.
pub(super) fn seed(seeds: &mut Vec<Map<String, Value>>, key: &str, role: Role, view: &View) {
    // What a request makes, changes, or removes is not there before it.
    if !matches!(role, Role::List | Role::Read) {
        return;
    }
    let place = view
        .way
        .iter()
        .try_fold(&view.template, |value, name| value.get(name));
    let things: Vec<&Value> = match place {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(thing) => vec![thing],
        None => Vec::new(),
    };
    for thing in things.into_iter().filter_map(Value::as_object) {
        let Some(id) = thing.get(key).filter(|id| is_id(id)) else {
            continue;
        };
        match seeds.iter_mut().find(|known| known.get(key) == Some(id)) {
            Some(known) => {
                for (name, value) in thing {
                    known.entry(name.clone()).or_insert_with(|| value.clone());
                }
            }
            None => seeds.push(thing.clone()),
        }
    }
}

/// The things that further examples of a page of one thing show, each of another one.
pub(super) fn others(served: &Served, key: &str, view: &View) -> Vec<Map<String, Value>> {
    let answers = served.answers.iter();
    let bodies = answers.filter(|it| it.status.is_success());
    let bodies = bodies.filter_map(Answer::json);
    let things = bodies.filter_map(|body| {
        let mut way = view.way.iter();
        let thing = way.try_fold(&body, |value, name| value.get(name))?;
        thing.as_object().cloned()
    });
    things.filter(|it| it.get(key).is_some_and(is_id)).collect()
}

/// Puts the things in the order of the first list that shows them; what no list shows comes last.
pub(super) fn sort(seeds: &mut [Map<String, Value>], key: &str, uses: &[(usize, Arc<Use>)]) {
    let lists = uses.iter().filter(|(_, used)| used.role == Role::List);
    let views = lists.filter_map(|(_, used)| used.view.as_ref());
    let items = views.filter_map(|view| {
        let mut way = view.way.iter();
        let place = way.try_fold(&view.template, |value, name| value.get(name))?;
        place.as_array()
    });
    let ids: Vec<&Value> = items.flatten().filter_map(|item| item.get(key)).collect();
    seeds.sort_by_key(|seed| {
        let place = ids.iter().position(|id| seed.get(key) == Some(*id));
        place.unwrap_or(usize::MAX)
    });
}

/// Adds the things that the examples of their changes show, as they were made where an example shows that.
pub(super) fn seed_changed(
    seeds: &mut Vec<Map<String, Value>>,
    key: &str,
    uses: &[(usize, Arc<Use>)],
    making: &BTreeSet<usize>,
) {
    let of = |role: Role| {
        let uses = uses.iter().filter(move |(_, used)| used.role == role);
        uses.filter_map(|(index, used)| {
            let view = used.view.as_ref().filter(|view| !view.is_made)?;
            Some((index, &view.sample))
        })
    };
    for (_, changed) in of(Role::Update).filter(|(index, _)| !making.contains(index)) {
        let Some(id) = changed.get(key).filter(|id| is_id(id)) else {
            continue;
        };
        if seeds.iter().any(|known| known.get(key) == Some(id)) {
            continue;
        }
        let mut made = of(Role::Create).filter(|(_, made)| made.get(key) == Some(id));
        let made = made.next().map(|(_, made)| made);
        seeds.push(made.unwrap_or(changed).clone());
    }
}

/// Adds the things that the commands of the pages name in their paths.
pub(super) fn seed_shown(
    seeds: &mut Vec<Map<String, Value>>,
    (key, alias): (&str, Option<&str>),
    ids: &[String],
    sample: &Map<String, Value>,
) {
    for id in ids {
        if let Some(alias) = alias {
            seed_named(seeds, (key, alias), id, sample);
            continue;
        }
        let is_known =
            |thing: &Map<String, Value>| thing.get(key).is_some_and(|it| text(it) == *id);
        if seeds.iter().any(is_known) {
            continue;
        }
        let value = match sample.get(key) {
            Some(Value::Number(_)) => id.parse::<i64>().ok().map(Value::from),
            _ => Some(Value::from(id.as_str())),
        };
        if let Some(value) = value {
            let mut thing = sample.clone();
            thing.insert(key.to_owned(), value);
            seeds.push(thing);
        }
    }
}

/// Adds the thing that a command names by its id or by another member; what looks like no id is that.
fn seed_named(
    seeds: &mut Vec<Map<String, Value>>,
    (key, alias): (&str, &str),
    name: &str,
    sample: &Map<String, Value>,
) {
    let has = |thing: &Map<String, Value>, member: &str| {
        thing.get(member).is_some_and(|it| text(it) == *name)
    };
    if seeds.iter().any(|it| has(it, key) || has(it, alias)) {
        return;
    }
    let Some(shown) = sample.get(key) else { return };
    let taken: Vec<&Value> = seeds.iter().filter_map(|seed| seed.get(key)).collect();
    let id = make::free(shown, &taken, 0);
    let mut thing = sample.clone();
    thing.insert(key.to_owned(), id);
    thing.insert(alias.to_owned(), name.into());
    seeds.push(thing);
}

/// The members of a new thing that are shown as a request of the page sends them.
pub(super) fn echoed(served: &Served, view: &View) -> BTreeSet<String> {
    let is_shown = |(name, value): &(String, Value)| view.sample.get(name) == Some(value);
    let sent = sent(served).filter(is_shown);
    sent.map(|(name, _)| name).collect()
}

/// The members of any answer that its example shows, at its root or in an object there, as a request of the page sends
/// them, with the names that they are sent under; all that may be sent, where no request is shown.
pub(super) fn echoed_in(served: &Served) -> BTreeMap<String, String> {
    let shown = served.usual().and_then(|choice| choice.answer.json());
    let Some(Value::Object(shown)) = shown else {
        return BTreeMap::new();
    };
    let inner = shown.values().filter_map(Value::as_object);
    let objects: Vec<_> = inner.chain([&shown]).collect();
    let mut sent = sent(served).peekable();
    if sent.peek().is_none() {
        // Nothing says otherwise.
        let fields = served.operation.body.iter().flat_map(|body| &body.fields);
        let names = fields.map(|field| field.name.value.clone());
        let names = names.filter(|name| objects.iter().any(|it| it.contains_key(name)));
        return names.map(|name| (name.clone(), name)).collect();
    }
    let shown_as = |(name, value): (String, Value)| {
        if objects.iter().any(|it| it.get(&name) == Some(&value)) {
            return Some((name.clone(), name));
        }
        // A list is hardly the same by chance.
        let is_list = value.as_array().is_some_and(|it| !it.is_empty());
        let members = objects.iter().flat_map(|it| it.iter());
        let mut same = members.filter(|(_, shown)| is_list && **shown == value);
        let (own, _) = same.next()?;
        same.next().is_none().then(|| (own.clone(), name))
    };
    sent.filter_map(shown_as).collect()
}

/// The members of the bodies that the requests of a page send.
fn sent(served: &Served) -> impl Iterator<Item = (String, Value)> {
    let examples = served.operation.request_examples.iter();
    let bodies = examples.filter_map(|example| match &example.curl {
        Some(curl) => Some(curl.body.as_ref()?.text()?.text()),
        None => Some(example.text.text()).filter(|text| text.trim_start().starts_with('{')),
    });
    let bodies = bodies.flat_map(|text| json::read(text).documents);
    bodies.flat_map(|body| {
        let members = body.members().iter();
        let members = members.map(|it| (it.key.clone(), it.value.to_value()));
        members.collect::<Vec<_>>()
    })
}

/// What the commands of a page have in the place of the last path parameter.
pub(super) fn shown_ids(served: &Served) -> Vec<String> {
    let shown = shown_parameters(served).into_iter();
    let last = shown.filter_map(|captured| captured.into_iter().next_back());
    last.map(|(_, id)| id).filter(|id| is_value(id)).collect()
}

/// What the commands of a page send as the member of the body, or of the query, that names a thing.
pub(super) fn shown_own(served: &Served, own: &str) -> Vec<String> {
    let in_body = sent(served).filter(|(name, value)| name == own && is_id(value));
    let in_body = in_body.map(|(_, value)| text(&value));
    let examples = served.operation.request_examples.iter();
    let urls = examples.filter_map(|example| example.curl.as_ref()?.url.as_ref());
    let pairs = urls.flat_map(|url| &url.query);
    let in_query = pairs.filter(|pair| pair.name.value == own);
    let in_query = in_query.filter_map(|pair| Some(pair.value.as_ref()?.value.clone()));
    in_body.chain(in_query).filter(|id| is_value(id)).collect()
}

/// The values of the path parameters in each command of a page.
pub(super) fn shown_parameters(served: &Served) -> Vec<Captured> {
    let examples = served.operation.request_examples.iter();
    let urls = examples.filter_map(|example| example.curl.as_ref()?.url.as_ref());
    urls.map(|url| shown::captured(&served.operation, url.text.text()))
        .collect()
}

/// False for what stands for a value: `{id}`, `$ID`, `YOUR_ID`.
pub(super) fn is_value(id: &str) -> bool {
    !crate::model::shape::is_placeholder(id) && !id.contains(['$', '{', '<', ':'])
}

/// Members that are `null` in some examples, as others show them.
pub(super) fn set(uses: &[(usize, Arc<Use>)], seeds: &[Map<String, Value>]) -> Map<String, Value> {
    let views = uses.iter().filter_map(|(_, used)| used.view.as_ref());
    let samples = views.map(|view| &view.sample).chain(seeds);
    let mut set = Map::new();
    for (name, value) in samples.flatten().filter(|(_, value)| !value.is_null()) {
        set.entry(name.clone()).or_insert_with(|| value.clone());
    }
    set
}
