//! What is done with a thing: `POST /orders/{order_id}/pay`, and `POST /tasks.archive`.
//!
//! The example shows the thing afterwards. Only what the action is about is taken from it, as the rest tells of another
//! thing: members with documented values, such as a status, truth values, and what was not set before, such as the time
//! of the payment. Where the path names an array of the thing, the action is about that (`part`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::candidate::{erased, is_parameter, noun, own, spoken_path};
use super::collections::{ALONE, Collection, Collections, Role, Use};
use super::part::{self, Found, Part};
use super::view::{View, body, is_id, member, text, view};
use super::world::Spot;
use super::{Outcome, State, Turn, location, make, overlay, renamed, seed, spans, total};
use crate::mock::{Mock, Served, words};
use crate::model::json;

const NO_THING: &str = "its answer does not show what it is done with";
const NO_ITEM: &str = "what is sent is no item of the array that the path names";

/// The operations that do something with a thing, such as `PUT /notices/{id}/read`, by the path of all such things.
pub(super) fn paths(mock: &Mock) -> BTreeMap<String, Vec<&Served>> {
    let mut paths: BTreeMap<String, Vec<&Served>> = BTreeMap::new();
    for served in &mock.operations {
        let operation = &served.operation;
        let path = erased(&operation.joined_path());
        let thing = path.rsplit_once('/').filter(|(_, last)| *last != "{}");
        let list = thing.and_then(|(thing, _)| thing.strip_suffix("/{}"));
        if let ("POST" | "PUT" | "PATCH", Some(list)) =
            (operation.endpoint.value.method.as_str(), list)
        {
            paths.entry(list.to_owned()).or_default().push(served);
        }
    }
    paths
}

/// Adds the operations that do something with a thing of a collection.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    for (index, served) in mock.operations.iter().enumerate() {
        if known.uses.contains_key(&index) {
            continue;
        }
        match of(served, known) {
            Some(Ok(used)) => {
                known.refused.remove(&index);
                known.uses.insert(index, Arc::new(used));
            }
            Some(Err(reason)) => {
                known.refused.insert(index, reason.to_owned());
            }
            None => {}
        }
    }
    tell(mock, known);
}

/// Says of what is below a thing that nothing of that is kept, where that is why.
fn tell(mock: &Mock, known: &mut Collections) {
    let operations = mock.operations.iter().enumerate().rev();
    let things = operations.map(|(index, it)| {
        let path = it.operation.joined_path();
        (erased(&path), (index, it.name.to_string()))
    });
    let things: BTreeMap<_, _> = things.filter(|(path, _)| path.ends_with("/{}")).collect();
    let mut refused = std::mem::take(&mut known.refused);
    for (index, reason) in &mut refused {
        let path = mock
            .operations
            .get(*index)
            .map(|it| it.operation.joined_path());
        let Some(path) = path.filter(|_| reason == ALONE) else {
            continue;
        };
        let erased = erased(&path);
        let above = erased
            .rsplit_once('/')
            .and_then(|(thing, _)| things.get(thing));
        if let Some((_, name)) = above.filter(|(index, _)| !known.uses.contains_key(index)) {
            *reason = format!("it is below the thing of `{name}`, which is not kept");
        } else if let Some((before, _)) = erased.rsplit_once('/')
            && at(known, before).is_some()
        {
            let list = path.rsplit_once('/').map_or("", |(list, _)| list);
            *reason = format!("what it does with the things at `{list}` is not known");
        }
    }
    known.refused = refused;
}

fn of(served: &Served, known: &Collections) -> Option<Result<Use, &'static str>> {
    let operation = &served.operation;
    let method = operation.endpoint.value.method.as_str();
    if !matches!(method, "POST" | "PUT" | "PATCH" | "DELETE") {
        return None;
    }
    if let Some((path, _)) = spoken_path(operation)
        && let Some((collection, reach)) = at(known, &path)
        && let Some(own) = own(operation, &path)
    {
        let used = acts(served, known, (collection, reach), |_, _| Found::None);
        let named = |used| Use {
            own: Some(own),
            ..used
        };
        return Some(used.map(named));
    }
    let joined = operation.joined_path();
    let (before, last) = joined.trim_end_matches('/').rsplit_once('/')?;
    let is_item = is_parameter(last);
    let (thing, literal) = if is_item {
        before.rsplit_once('/')?
    } else {
        (before, last)
    };
    let thing = erased(thing);
    let place = at(known, thing.strip_suffix("/{}")?).filter(|_| !is_parameter(literal))?;
    let parameter = is_item.then(|| words::folded(last));
    if !is_item && method == "DELETE" {
        // What `PUT` of the path did is undone, if the answer shows the thing without it.
        return acts(served, known, place, |_, _| Found::None).ok().map(Ok);
    }
    Some(acts(served, known, place, |collection, view| {
        part::of(operation, collection, view, literal, parameter.as_deref())
    }))
}

/// The collection that a path leads to, and which of its paths that is.
pub(super) fn at(known: &Collections, path: &str) -> Option<(usize, usize)> {
    known.all.iter().enumerate().find_map(|(number, it)| {
        let mut reaches = it.reaches.iter();
        let reach = reaches.position(|reach| reach.path == path)?;
        Some((number, reach))
    })
}

fn acts(
    served: &Served,
    known: &Collections,
    (number, reach): (usize, usize),
    part: impl FnOnce(&Collection, Option<&View>) -> Found,
) -> Result<Use, &'static str> {
    let collection = known.all.get(number).ok_or(NO_THING)?;
    let body = body(served);
    let view = body
        .as_ref()
        .and_then(|body| view(served, Role::Act, body, &collection.key));
    let view = view.filter(|view| is_of(view, collection) && !names_parent(view, collection));
    let part = match part(collection, view.as_ref()) {
        Found::Part(part) => Some(*part),
        Found::Other => return Err(NO_ITEM),
        Found::None => None,
    };
    // Something is removed without a word about the rest.
    let is_silent = part.as_ref().is_some_and(Part::removes) && body.is_none();
    if view.is_none() && !is_silent {
        return Err(NO_THING);
    }
    Ok(Use {
        collection: number,
        reach,
        role: Role::Act,
        renamed: view
            .as_ref()
            .map(|view| renamed::of(served, view))
            .unwrap_or_default(),
        quoted: Vec::new(),
        view,
        receipt: None,
        is_newest_first: false,
        replaces: false,
        echoed: BTreeSet::new(),
        own: None,
        by: None,
        part,
    })
}

/// True if what an answer shows has an id of its own and names a thing of the collection: a payment with its `invoice`.
fn names_parent(view: &View, collection: &Collection) -> bool {
    let noun = words::singular(noun(&collection.path));
    let key = words::folded(&collection.key);
    let mut others = view.sample.iter().filter(|(name, value)| {
        let name = words::folded(name);
        name != key && is_id(value) && (name == noun || name == format!("{noun}id"))
    });
    others.any(|(name, _)| !collection.sample.contains_key(name))
}

/// True if an answer shows a thing of the collection, and not what was made below it.
pub(super) fn is_of(view: &View, collection: &Collection) -> bool {
    let shared = view.sample.keys();
    let shared = shared.filter(|name| collection.sample.contains_key(*name));
    let shared = shared.count();
    shared > 1 && shared * 2 >= view.sample.len()
}

impl State {
    /// Makes one more of the same, with what was sent.
    fn copy(&mut self, turn: &Turn<'_>, spot: &Spot<'_>, id: &str) -> Outcome<'static> {
        let things = self.things(spot.collection, spot.place());
        let source = self.position(spot, id).and_then(|at| things.get(at));
        let Some(source) = source.cloned() else {
            return Outcome::Missing(id.to_owned());
        };
        if !self.has_room(source.length) {
            return Outcome::Full;
        }
        let collection = spot.collection;
        let mut sent = overlay::sent(
            turn.request,
            &turn.served.operation,
            turn.used.view.as_ref(),
        );
        let named = sent.remove(&collection.key);
        let own = self.new_id(spot, named);
        let mut copy = source.clone();
        copy.id = text(&own);
        copy.is_made = true;
        location::rename(&mut copy.members, noun(&spot.reach.path), id, &copy.id);
        copy.members.insert(collection.key.clone(), own);
        sent.retain(|name, _| copy.members.contains_key(name));
        let shape = turn.used.view.as_ref().and_then(|view| view.shape.as_ref());
        overlay::lay(&mut copy.members, sent, shape);
        make::stamp(&mut copy.members, true, turn.now);
        let members = copy.members.clone();
        self.things_mut(collection, spot.place()).push(copy);
        turn.show(&members)
    }

    pub(super) fn act(&mut self, turn: &Turn<'_>, spot: &Spot<'_>, id: &str) -> Outcome<'static> {
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        if is_copy(turn.served, view, spot.collection) {
            return self.copy(turn, spot, id);
        }
        let mut changes = done(view, spot.collection, turn.now);
        if !toggles(turn.served) {
            for (name, value) in self.undone(turn, view, spot.collection) {
                changes.entry(name).or_insert(value);
            }
        }
        let uncounted = self.uncounted(turn, spot.collection);
        let mut sent = overlay::sent(turn.request, &turn.served.operation, Some(view));
        sent.remove(&spot.collection.key);
        self.refer(spot.collection, &mut sent);
        renamed::put(&turn.used.renamed, &view.sample, &mut sent);
        for (name, member) in stored(turn.served, view, &sent) {
            // What the example shows was sent with the example.
            changes.remove(&member);
            changes.extend(sent.remove(&name).map(|value| (member, value)));
        }
        sent.retain(|name, _| view.sample.contains_key(name));
        if let Some(missing) = self.unknown_parent(spot.collection, &sent) {
            return Outcome::Missing(missing);
        }
        let names: Vec<String> = sent.keys().cloned().collect();
        changes.extend(sent);
        self.change(turn, spot, id, |members, view| {
            let before = members.clone();
            if toggles(turn.served) {
                turn_over(members, &mut changes, &names);
            }
            let mut steps = view.map_or_else(Vec::new, |view| {
                steps(view, spot.collection, &changes, members)
            });
            if steps.is_empty() && !is_done(&changes, members) {
                steps = uncounted;
            }
            overlay::lay(members, changes, view.and_then(|view| view.shape.as_ref()));
            step(members, &steps, &names);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let length = spans::renew(spot.collection, members, &before, &names);
            total::renew(spot.collection, members, &names, length);
        })
    }
}

/// Numbers that the example of an action shows one higher or lower than the other examples of the same thing, such as
/// `likes`; none where the thing is already what the action makes of it.
fn steps(
    view: &View,
    collection: &Collection,
    changes: &Map<String, Value>,
    thing: &Map<String, Value>,
) -> Vec<(String, i64)> {
    let steps = difference_of(view, collection);
    let steps = steps.filter(|(name, _)| !changes.contains_key(name) && !is_done(changes, thing));
    steps.collect()
}

/// True for a thing that is already what the action makes of it.
fn is_done(changes: &Map<String, Value>, thing: &Map<String, Value>) -> bool {
    let truths = changes.iter().filter(|(_, value)| value.is_boolean());
    let mut truths = truths.peekable();
    truths.peek().is_some() && truths.all(|(name, set)| thing.get(name) == Some(set))
}

/// The numbers that an example shows one higher or lower than the other examples of the same thing.
pub(super) fn difference_of<'v>(
    view: &'v View,
    collection: &'v Collection,
) -> impl Iterator<Item = (String, i64)> + 'v {
    let before = same(view, collection);
    view.sample.iter().filter_map(move |(name, value)| {
        let before = before?.get(name)?.as_i64()?;
        let step = value.as_i64()?.checked_sub(before)?;
        (step.abs() == 1 && *name != collection.key).then(|| (name.clone(), step))
    })
}

fn step(thing: &mut Map<String, Value>, steps: &[(String, i64)], sent: &[String]) {
    for (name, step) in steps.iter().filter(|(name, _)| !sent.contains(name)) {
        let number = thing.get(name).and_then(Value::as_i64);
        let number = number.and_then(|number| number.checked_add(*step));
        if let Some(number) = number.filter(|number| *number >= 0) {
            thing.insert(name.clone(), number.into());
        }
    }
}

/// True for `POST /tasks/{task_id}/toggle`, and for what its page says flips something.
fn toggles(served: &Served) -> bool {
    let operation = &served.operation;
    let path = operation.endpoint.value.path.as_str();
    let action = path.rsplit(['/', '.', ':']).next();
    let texts = operation.title.iter().chain(&operation.description);
    let texts = texts.map(String::as_str).chain(action);
    let mut words = texts.flat_map(words::parts);
    words.any(|it| matches!(it.as_str(), "toggle" | "toggles" | "flip" | "flips"))
}

/// Turns the truths over that an action sets, unless they were sent.
fn turn_over(thing: &Map<String, Value>, changes: &mut Map<String, Value>, sent: &[String]) {
    for (name, value) in changes.iter_mut().filter(|(name, _)| !sent.contains(name)) {
        if let (Value::Bool(set), Some(Value::Bool(is))) = (value, thing.get(name)) {
            *set = !is;
        }
    }
}

/// True for `POST /books/{book_id}/duplicate` that answers with another thing than its command names, or with `201` or `200`
/// and a thing that no other example shows.
fn is_copy(served: &Served, view: &View, collection: &Collection) -> bool {
    let path = served.operation.endpoint.value.path.as_str();
    let action = words::parts(path.rsplit(['/', '.', ':']).next().unwrap_or_default());
    if !action.iter().any(|word| COPIES.contains(&word.as_str())) {
        return false;
    }
    let own = view.sample.get(&collection.key).map(text);
    let named = seed::shown_ids(served);
    match named.first() {
        Some(_) => own.is_some_and(|own| !named.contains(&own)),
        None => same(view, collection).is_none(),
    }
}

/// Words for the making of one more of the same.
const COPIES: [&str; 5] = ["duplicate", "copy", "clone", "fork", "replicate"];

/// What is sent, or shown to be sent, and stands in the thing under a name with the action before it: `reason` of `cancel`
/// in `cancel_reason`.
fn stored(served: &Served, view: &View, sent: &Map<String, Value>) -> Vec<(String, String)> {
    let operation = &served.operation;
    let path = operation.endpoint.value.path.as_str();
    let action = words::parts(path.rsplit(['/', '.', ':']).next().unwrap_or_default());
    // `cancel`, `cancelled`, and `cancellation` are one word.
    let Some(action) = action.first().and_then(|it| it.get(..it.len().min(5))) else {
        return Vec::new();
    };
    let examples = operation.request_examples.iter();
    let bodies = examples.filter_map(|it| it.curl.as_ref()?.body.as_ref()?.text());
    let shown = bodies.flat_map(|text| json::read(text.text()).documents);
    let shown = shown.flat_map(|body| {
        let members = body.members().iter();
        members.map(|it| it.key.clone()).collect::<Vec<_>>()
    });
    let names: BTreeSet<String> = shown.chain(sent.keys().cloned()).collect();
    let names = names.into_iter().filter(|it| !view.sample.contains_key(it));
    let pairs = names.filter_map(|name| {
        let is_its = |member: &&String| {
            let (own, told) = (words::parts(member), words::parts(&name));
            let (first, rest) = own.split_first().unzip();
            first.is_some_and(|first: &String| first.starts_with(action))
                && rest.is_some_and(|rest| rest == told.as_slice() && !told.is_empty())
        };
        let member = view.sample.keys().find(is_its)?.clone();
        Some((name, member))
    });
    pairs.collect()
}

/// True if the answer to a removal shows what the thing was, and does not only tell about the removal.
pub(super) fn shows_thing(view: &View, collection: &Collection) -> bool {
    let same = same(view, collection);
    let shared = view.sample.iter();
    let mut shared = shared.filter(|(name, _)| collection.sample.contains_key(*name));
    let is_same =
        |(name, value): (&String, &Value)| same.and_then(|it| it.get(name)) == Some(value);
    is_of(view, collection) && (shared.clone().count() > 2 || shared.all(is_same))
}

/// The thing of an example as the other examples show it.
fn same<'c>(view: &View, collection: &'c Collection) -> Option<&'c Map<String, Value>> {
    let id = view.sample.get(&collection.key);
    let mut seeds = collection.seeds.iter();
    seeds.find(|seed| seed.get(&collection.key) == id)
}

/// What the example shows that the action did: what other examples show of the same thing, else of any, was before it.
///
/// Where the others show the same thing as it is afterwards, any thing tells the status and the truths that the action is
/// about, and with a status the times of what was done; all else would be of another thing.
pub(super) fn done(view: &View, collection: &Collection, now: u64) -> Map<String, Value> {
    let of_any = || difference(view, &collection.sample, collection, now, false);
    let Some(same) = same(view, collection) else {
        return of_any();
    };
    let done = difference(view, same, collection, now, true);
    if done.keys().any(|name| !make::is_change(name)) {
        return done;
    }
    let of_any = of_any();
    let was_null = |name: &String| collection.sample.get(name).is_some_and(Value::is_null);
    let has_status = of_any
        .iter()
        .any(|(name, value)| !was_null(name) && value.is_string());
    let is_time = |name: &str| name.ends_with("_at") || name.ends_with("At");
    let told = of_any.into_iter();
    told.filter(|(name, _)| !was_null(name) || has_status && is_time(name))
        .collect()
}

fn difference(
    view: &View,
    before: &Map<String, Value>,
    collection: &Collection,
    now: u64,
    is_same: bool,
) -> Map<String, Value> {
    let mut done = Map::new();
    for (name, value) in &view.sample {
        let Some(before) = before.get(name).filter(|it| *it != value) else {
            continue;
        };
        let shape = view.shape.as_ref().and_then(|shape| member(shape, name));
        let is_listed = shape.is_some_and(|it| {
            it.constraints.allowed.is_some() || it.constraints.constant.is_some()
        });
        let is_state = matches!(words::folded(name).as_str(), "status" | "state");
        if value.is_null() {
            // What is undone is no more: `archived_at` of what was restored.
            if is_same {
                done.insert(name.clone(), Value::Null);
            }
        } else if before.is_null() {
            // What some other thing has all the time is not set by what is done with this one.
            let is_time = name.ends_with("_at") || name.ends_with("At");
            let mut others = collection.seeds.iter().filter_map(|seed| seed.get(name));
            if !is_same && !is_time && others.any(|other| !other.is_null()) {
                continue;
            }
            let time = make::time(value, now).filter(|_| value.is_string());
            done.insert(name.clone(), time.unwrap_or_else(|| value.clone()));
        } else if *name != collection.key && (is_listed || is_state || value.is_boolean()) {
            done.insert(name.clone(), value.clone());
        }
    }
    done
}
