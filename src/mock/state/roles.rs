//! What each kind of operation does with the things of a collection.

use http::HeaderMap;
use http::header::LOCATION;
use serde_json::{Map, Value};

use super::candidate::noun;
use super::collections::{Collection, Role};
use super::list::Asked;
use super::view::{is_id, text};
use super::world::Spot;
use super::{
    Outcome, State, Thing, Turn, action, full_name, items, location, make, moves, overlay, quoted,
    renamed, spans, tally, unsent,
};
use crate::mock::form;
use crate::mock::message::header_value;

impl State {
    pub(super) fn list<'t>(
        &self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        headers: &mut HeaderMap,
    ) -> Outcome<'t> {
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let query = form::pairs(turn.request.query());
        let asked = Asked::new(turn, spot.collection, &query);
        let is_newest_first = turn.used.is_newest_first || asked.is_newest_first();
        let all = self.things(spot.collection, spot.place());
        let is_known = |id: &str| {
            let mut gone = self.removed_of(&spot.collection.path);
            all.iter().any(|thing| thing.id == id) || gone.any(|gone| gone == id)
        };
        if let Some((cursor, answer)) = asked.unknown_cursor(&turn.served.answers, view, is_known) {
            return Outcome::Refused(answer, format!("`{cursor}` is no cursor that was given"));
        }
        let here = all.iter().filter(|thing| self.is_below(spot, thing));
        let here = here.filter(|thing| !self.is_gone(turn.used.collection, thing));
        // Those that were made stand behind those of the pages, which are in their own order.
        let (mut things, made): (Vec<_>, Vec<_>) = here.partition(|thing| !thing.is_made);
        if is_newest_first {
            things.splice(0..0, made.into_iter().rev());
        } else {
            things.extend(made);
        }
        let things = things.into_iter().map(|thing| {
            let mut members = thing.members.clone();
            self.embed(spot, &thing.id, &mut members);
            if spot.reach.selects() {
                spot.reach.place(&mut members, &spot.ids);
            }
            members
        });
        let things: Vec<_> = things.collect();
        let mut things: Vec<_> = things.iter().collect();
        let all: Vec<&Map<String, Value>> = things.clone();
        let is_sorted = asked.sort(&mut things, spot.collection, is_newest_first);
        let page = asked.page(view, spot.collection, things);
        page.tell_ignored(is_sorted, headers);
        let items = page.things.iter();
        let items = items.map(|thing| Value::Object(overlay::shown(view, thing)));
        let mut whole = overlay::put(view, items.collect());
        page.describe(view, &mut whole);
        tally::tell(view, &all, &mut whole);
        page.describe_headers(headers);
        Outcome::Body(whole)
    }

    pub(super) fn create<'t>(
        &mut self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        headers: &mut HeaderMap,
    ) -> Outcome<'t> {
        if let Some(receipt) = &turn.used.receipt {
            return self.create_told(turn, spot, receipt, headers);
        }
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let sent = overlay::sent(turn.request, &turn.served.operation, Some(view));
        match self.make(turn, spot, sent, headers) {
            Ok(members) => {
                self.locate(turn, spot, &members, headers);
                let thing = overlay::shown(view, &members);
                self.settle(spot, &members, &thing);
                Outcome::Body(overlay::put(view, Value::Object(thing)))
            }
            Err(outcome) => outcome,
        }
    }

    /// What the answer to the making shows where the thing has nothing is what the thing has from now on.
    fn settle(&mut self, spot: &Spot<'_>, members: &Map<String, Value>, told: &Map<String, Value>) {
        let collection = spot.collection;
        let Some(at) = self.position(spot, &collection.id(members)) else {
            return;
        };
        let Some(thing) = self.things_mut(collection, spot.place()).get_mut(at) else {
            return;
        };
        for (name, value) in &mut thing.members {
            if let Some(told) = told.get(name).filter(|_| value.is_null()) {
                *value = told.clone();
            }
        }
    }

    /// Makes one thing of what was sent; its members.
    pub(super) fn make<'t>(
        &mut self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        mut sent: Map<String, Value>,
        headers: &mut HeaderMap,
    ) -> Result<Map<String, Value>, Outcome<'t>> {
        let collection = spot.collection;
        let view = turn.used.view.as_ref();
        let example = view.map_or(&collection.sample, |view| &view.sample);
        let mut members = example.clone();
        for (name, value) in &collection.sample {
            members.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let operation = &turn.served.operation;
        if let Some(refused) = self.taken(turn, spot, &sent) {
            return Err(refused);
        }
        if let Some(known) = self.upsert(turn, spot, &mut sent) {
            return Ok(known);
        }
        quoted::put(&turn.used.quoted, &mut members, view, &sent);
        renamed::put(&turn.used.renamed, &members, &mut sent);
        overlay::upload(turn.request, &mut sent, &members);
        let chosen = unsent::chosen(turn.served, view, &sent, false);
        overlay::defaults(operation, &mut sent, &members);
        let shape = view.and_then(|view| view.shape.as_ref());
        let told = (&turn.used.echoed, &chosen);
        let absent = unsent::nothing(operation, &mut sent, view, collection, told);
        overlay::spelled(&mut sent, &members, &spot.reach.path);
        if let Some(missing) = self.unknown_parent(collection, &sent) {
            return Err(Outcome::Missing(missing));
        }
        if let Some(refused) = self.unknown_reference(turn, spot, &sent) {
            return Err(refused);
        }
        self.refer(collection, &mut sent);
        let named = sent.remove(&collection.key);
        let named = named.or_else(|| make::slug(collection, &sent));
        let id = self.new_id(spot, named);
        let (shown, name) = (collection.id(&members), text(&id));
        location::lead(headers, spot, &shown, &name);
        location::rename(&mut members, noun(&spot.reach.path), &shown, &name);
        members.insert(collection.key.clone(), id);
        let told: Vec<String> = sent.keys().cloned().collect();
        make::count(&mut members, example, collection, &told);
        let before = members.clone();
        members.extend(unsent::take_free(operation, &mut sent));
        if view.is_some_and(|view| view.is_made) {
            overlay::open(&mut members, &sent, shape);
        }
        items::lay(&mut members, sent, shape, collection);
        unsent::clear(&mut members, absent);
        full_name::renew(&mut members, &before, &told);
        spot.reach.place(&mut members, &spot.ids);
        self.count_on(collection, &mut members, &told);
        make::stamp(&mut members, true, turn.now);
        spans::expire(&mut members, example, &told);
        unsent::forget(&mut members, view, collection, &told);
        for embedded in &collection.embedded {
            members.insert(embedded.member.clone(), Value::Array(Vec::new()));
        }
        for counted in &collection.counted {
            members.insert(counted.member.clone(), 0.into());
        }
        let mut thing = Thing::new(name, members.clone(), true);
        thing.below = spot.below();
        if !self.has_room(thing.length) {
            return Err(Outcome::Full);
        }
        self.things_mut(collection, spot.place()).push(thing);
        Ok(members)
    }

    /// Changes the thing whose id was sent, if there is one; its members.
    fn upsert(
        &mut self,
        turn: &Turn<'_>,
        spot: &Spot<'_>,
        sent: &mut Map<String, Value>,
    ) -> Option<Map<String, Value>> {
        let collection = spot.collection;
        let id = text(sent.get(&collection.key).filter(|id| is_id(id))?);
        let at = self.position(spot, &id)?;
        sent.remove(&collection.key);
        overlay::spelled(sent, &collection.sample, &spot.reach.path);
        self.refer(collection, sent);
        let shape = turn.used.view.as_ref().and_then(|view| view.shape.as_ref());
        let free = unsent::take_free(&turn.served.operation, sent);
        let thing = self.things_mut(collection, spot.place()).get_mut(at)?;
        for (name, value) in free {
            put_keys(&mut thing.members, name, value, false);
        }
        items::lay(&mut thing.members, std::mem::take(sent), shape, collection);
        make::stamp(&mut thing.members, false, turn.now);
        thing.length = overlay::length(&thing.members);
        Some(thing.members.clone())
    }

    /// Gives a new thing the next id and the next number, where another member names the things.
    fn count_on(&self, collection: &Collection, thing: &mut Map<String, Value>, told: &[String]) {
        let names = ["id", "uuid", "number", "sequence"];
        for (name, value) in thing.iter_mut() {
            let is_counted = names.contains(&name.to_lowercase().as_str());
            if !is_counted || *name == collection.key || told.contains(name) || !is_id(value) {
                continue;
            }
            let kept = self.kept_of(&collection.path);
            let kept = kept.filter_map(|(_, thing)| thing.members.get(name));
            let seeds = collection.seeds.iter().filter_map(|seed| seed.get(name));
            let taken: Vec<&Value> = kept.chain(seeds).collect();
            if taken.contains(&&*value) {
                *value = make::free(value, &taken, self.made);
            }
        }
    }

    /// Says where a new thing is, if it can be read below the path that it was made at.
    fn locate(
        &self,
        turn: &Turn<'_>,
        spot: &Spot<'_>,
        thing: &Map<String, Value>,
        headers: &mut HeaderMap,
    ) {
        let uses = self.collections.uses.values();
        let mut reading = uses.filter(|it| {
            it.collection == turn.used.collection && it.role == Role::Read && it.by.is_none()
        });
        let is_here = reading.clone().any(|it| it.reach == turn.used.reach);
        // What is made below a parent may be read at the root.
        let root = reading.find_map(|it| {
            let reach = spot.collection.reaches.get(it.reach)?;
            reach.parents.is_empty().then_some(reach.path.as_str())
        });
        let id = spot.collection.id(thing);
        let is_plain = id
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
        let is_made = turn.served.usual().is_some_and(|it| it.code == 201);
        if !is_plain || !is_made || id.is_empty() || headers.contains_key(LOCATION) {
            return;
        }
        let path = turn.request.path().trim_end_matches('/');
        if is_here {
            headers.insert(LOCATION, header_value(&format!("{path}/{id}")));
        } else if let Some(root) = root {
            let own = spot.reach.path.matches('/').count();
            let before = path.matches('/').count().saturating_sub(own);
            let prefix = path.split('/').take(before + 1);
            let prefix = prefix.collect::<Vec<_>>().join("/");
            headers.insert(LOCATION, header_value(&format!("{prefix}{root}/{id}")));
        }
    }

    /// An id that no thing has: the one that was sent, if the request may choose it.
    pub(super) fn new_id(&mut self, spot: &Spot<'_>, named: Option<Value>) -> Value {
        self.made += 1;
        let (made, collection) = (self.made, spot.collection);
        let things = self.things(collection, spot.place());
        let is_here = |id: &Value| things.iter().any(|thing| thing.id == text(id));
        // No path leads to a thing with such a name.
        let is_lost = |id: &Value| matches!(text(id).as_str(), "" | "." | "..");
        let named = named.filter(|named| is_id(named) && !is_lost(named) && !is_here(named));
        if let Some(named) = named {
            return named;
        }
        let shown = collection.sample.get(&collection.key);
        let shown = shown.cloned().unwrap_or_default();
        let all = || self.kept_of(&collection.path).map(|(_, thing)| thing);
        if shown.is_number() {
            let numbers = all().filter_map(|thing| thing.id.parse::<i64>().ok());
            let seeds = collection.seeds.iter();
            let seeds = seeds.filter_map(|seed| seed.get(&collection.key)?.as_i64());
            let most = numbers.chain(seeds).max().unwrap_or_default();
            return most.saturating_add(1).into();
        }
        let seeds: Vec<String> = collection
            .seeds
            .iter()
            .map(|it| collection.id(it))
            .collect();
        let taken = || {
            let kept = all().map(|thing| thing.id.as_str());
            let gone = self.removed_of(&collection.path);
            kept.chain(seeds.iter().map(String::as_str)).chain(gone)
        };
        if let Some(id) = make::counted(&text(&shown), taken()) {
            return id.into();
        }
        let is_free = |id: &Value| taken().all(|taken| taken != text(id));
        // Short ids run out; then the number of the thing makes one longer.
        let tries = (0..8).map(|round| make::id(&shown, made.wrapping_mul(8).wrapping_add(round)));
        let mut free = tries.filter(is_free);
        free.next()
            .unwrap_or_else(|| format!("{}{made}", text(&shown)).into())
    }

    pub(super) fn read(&self, turn: &Turn<'_>, spot: &Spot<'_>, id: &str) -> Outcome<'static> {
        let things = self.things(spot.collection, spot.place());
        let at = self.position(spot, id);
        match at.and_then(|at| things.get(at)) {
            Some(thing) => {
                let mut members = thing.members.clone();
                self.embed(spot, id, &mut members);
                turn.show(&members)
            }
            None => Outcome::Missing(id.to_owned()),
        }
    }

    pub(super) fn update<'t>(&mut self, turn: &Turn<'t>, spot: &Spot<'_>, id: &str) -> Outcome<'t> {
        let view = turn.used.view.as_ref();
        let mut sent = overlay::sent(turn.request, &turn.served.operation, view);
        // What names a thing stays.
        sent.remove(&spot.collection.key);
        if let Some(own) = &turn.used.own {
            sent.remove(own);
        }
        if let Some(missing) = self.unknown_parent(spot.collection, &sent) {
            return Outcome::Missing(missing);
        }
        if let Some(missing) = self.unknown_home(spot, &sent) {
            return Outcome::Missing(missing);
        }
        if let Some(refused) = self.unknown_reference(turn, spot, &sent) {
            return refused;
        }
        if let Some(made) = self.make_named(turn, spot, id, &sent) {
            return made;
        }
        let operation = &turn.served.operation;
        let mut absent = Vec::new();
        if turn.used.replaces {
            let chosen = unsent::chosen(turn.served, view, &sent, true);
            overlay::defaults(operation, &mut sent, &Map::new());
            let told = (&turn.used.echoed, &chosen);
            absent = unsent::nothing(operation, &mut sent, view, spot.collection, told);
        }
        renamed::put(&turn.used.renamed, &spot.collection.sample, &mut sent);
        overlay::spelled(&mut sent, &spot.collection.sample, &spot.reach.path);
        self.refer(spot.collection, &mut sent);
        self.change(turn, spot, id, |members, view| {
            let shape = view.and_then(|view| view.shape.as_ref());
            let (before, told) = (members.clone(), sent.keys().cloned().collect::<Vec<_>>());
            for (name, value) in unsent::take_free(operation, &mut sent) {
                put_keys(members, name, value, turn.used.replaces);
            }
            items::lay(members, sent, shape, spot.collection);
            unsent::clear(members, absent);
            full_name::renew(members, &before, &told);
            moves::keep_times(spot.collection, view, members, &told, turn.now);
        })
    }

    /// Changes the members of a thing.
    pub(super) fn change(
        &mut self,
        turn: &Turn<'_>,
        spot: &Spot<'_>,
        id: &str,
        change: impl FnOnce(&mut Map<String, Value>, Option<&super::view::View>),
    ) -> Outcome<'static> {
        if !self.has_room(turn.request.body.len()) {
            return Outcome::Full;
        }
        let Some(at) = self.position(spot, id) else {
            return Outcome::Missing(id.to_owned());
        };
        let collection = spot.collection;
        let Some(thing) = self.things_mut(collection, spot.place()).get_mut(at) else {
            return Outcome::AsDocumented;
        };
        let before = parents(collection, &thing.members);
        change(&mut thing.members, turn.used.view.as_ref());
        add_times(&mut thing.members, turn);
        make::stamp(&mut thing.members, false, turn.now);
        make::set(&mut thing.members, collection, turn);
        // What was moved belongs where it was moved to.
        if thing.below.is_empty() && before != parents(collection, &thing.members) {
            thing.below = vec![collection.path.clone()];
        }
        thing.length = overlay::length(&thing.members);
        let mut members = thing.members.clone();
        self.embed(spot, id, &mut members);
        self.move_home(spot, id);
        turn.show(&members)
    }

    pub(super) fn delete(
        &mut self,
        turn: &Turn<'_>,
        spot: &Spot<'_>,
        id: &str,
    ) -> Outcome<'static> {
        if spot.collection.is_single {
            return self.empty(turn, spot);
        }
        let Some(at) = self.position(spot, id) else {
            return Outcome::Missing(id.to_owned());
        };
        if !self.has_room(0) {
            return Outcome::Full;
        }
        let (collection, whole) = (spot.collection, spot.whole(id));
        let gone = self.things_mut(collection, spot.place()).remove(at);
        self.removed
            .insert((collection.path.clone(), whole.clone()));
        self.forget_names(turn.used.collection, spot, &gone.members);
        self.cascade(turn.used.collection, whole);
        let Some(view) = &turn.used.view else {
            return Outcome::AsDocumented;
        };
        let shown = if action::shows_thing(view, collection) {
            let mut members = gone.members;
            let done = action::done(view, collection, turn.now);
            overlay::lay(&mut members, done, view.shape.as_ref());
            overlay::shown(view, &members)
        } else {
            // The rest of the answer tells about the removal, not about what the thing was.
            let mut shown = view.sample.clone();
            if let Some(id) = gone.members.get(&collection.key) {
                shown.insert(collection.key.clone(), id.clone());
            }
            shown
        };
        Outcome::Body(overlay::put(view, Value::Object(shown)))
    }
}

/// Adds the times of changes that no example shows, and the fields of an answer do.
fn add_times(thing: &mut Map<String, Value>, turn: &Turn<'_>) {
    let view = turn.used.view.as_ref().filter(|view| view.is_made);
    let shown = view.into_iter().flat_map(|view| &view.sample);
    for (name, value) in shown.filter(|(name, _)| make::is_change(name)) {
        thing.entry(name.clone()).or_insert_with(|| value.clone());
    }
}

/// Adds keys of the client's choice to those that are there, or puts them in their place.
fn put_keys(thing: &mut Map<String, Value>, name: String, value: Value, replaces: bool) {
    match (thing.get_mut(&name), value) {
        (Some(Value::Object(known)), Value::Object(sent)) if !replaces => known.extend(sent),
        (_, value) => {
            thing.insert(name, value);
        }
    }
}

/// What a thing says of its parents.
fn parents(collection: &Collection, thing: &Map<String, Value>) -> Vec<Option<Value>> {
    let selecting = collection.reaches.iter().filter(|reach| reach.selects());
    selecting.map(|reach| reach.named(thing).cloned()).collect()
}
