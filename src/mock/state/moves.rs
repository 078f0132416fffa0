//! What follows from a change: a thing that names another parent is below that one, and times are those of its status.

use serde_json::{Map, Value};

use super::collections::Collection;
use super::view::{View, text};
use super::world::{Parent, Spot};
use super::{State, make};

impl State {
    /// The parent in the place of the one of the path that a body names and nobody made, where a page says what is
    /// answered then.
    pub(super) fn unknown_home(
        &self,
        spot: &Spot<'_>,
        sent: &Map<String, Value>,
    ) -> Option<String> {
        let place = Self::named_place(spot, sent)?;
        let reach = spot.collection.reaches.first()?;
        let parent = self.collections.all.get(reach.around?.collection)?;
        let is_told = parent.is_complete && parent.missing.is_some();
        let is_missing = self.parent(reach, &place) == Parent::Missing;
        (is_told && is_missing).then(|| place.last().cloned().unwrap_or_default())
    }

    /// Takes a thing that names another parent than its path does to that one.
    pub(super) fn move_home(&mut self, spot: &Spot<'_>, id: &str) {
        let (collection, place) = (spot.collection, spot.place());
        let Some(at) = self.position(spot, id) else {
            return;
        };
        let things = self.things(collection, place);
        let thing = things.get(at);
        let Some(named) = thing.and_then(|thing| Self::named_place(spot, &thing.members)) else {
            return;
        };
        let reach = collection.reaches.first();
        if !reach.is_some_and(|reach| self.parent(reach, &named) != Parent::Missing) {
            return;
        }
        let thing = self.things_mut(collection, place).remove(at);
        self.removed
            .insert((collection.path.clone(), spot.whole(id)));
        let whole = [named.as_slice(), &[id.to_owned()]].concat();
        self.removed.remove(&(collection.path.clone(), whole));
        self.things_mut(collection, &named).push(thing);
    }

    /// Where a thing says that it is kept, if that is another place than that of the path.
    fn named_place(spot: &Spot<'_>, thing: &Map<String, Value>) -> Option<Vec<String>> {
        let reach = spot.collection.reaches.first()?;
        reach.around.filter(|_| reach.depth > 0)?;
        let named = text(reach.named(thing).filter(|id| !id.is_null())?);
        let mut place = spot.place().to_vec();
        let last = place.last_mut().filter(|last| **last != named)?;
        *last = named;
        Some(place)
    }
}

/// Sets the times that go with a value that was sent, such as `completed_at` with `"status": "done"`, and takes them back
/// with one that never has them; as all examples have it.
pub(super) fn keep_times(
    collection: &Collection,
    view: Option<&View>,
    thing: &mut Map<String, Value>,
    told: &[String],
    now: u64,
) {
    let samples = view.into_iter().map(|view| &view.sample);
    let examples: Vec<_> = collection.seeds.iter().chain(samples).collect();
    let names = thing.keys().filter(|name| is_time(name, told));
    for name in names.cloned().collect::<Vec<_>>() {
        let mut of_told = told.iter();
        let Some(is_set) = of_told.find_map(|told| goes_with(&examples, &name, told, thing)) else {
            continue;
        };
        let is_null = thing.get(&name).is_none_or(Value::is_null);
        let time = match collection.set.get(&name) {
            Some(shown) if is_set && is_null => make::time(shown, now),
            _ if is_set => continue,
            _ => Some(Value::Null),
        };
        thing.extend(time.map(|time| (name, time)));
    }
}

fn is_time(name: &str, told: &[String]) -> bool {
    let is_own = make::is_creation(name) || make::is_change(name);
    (name.ends_with("_at") || name.ends_with("At")) && !is_own && !told.iter().any(|it| it == name)
}

/// Whether all examples with the value that a member has now have a time, if those with other values tell that it depends
/// on that.
fn goes_with(
    examples: &[&Map<String, Value>],
    time: &str,
    member: &str,
    thing: &Map<String, Value>,
) -> Option<bool> {
    let value = thing
        .get(member)
        .filter(|it| it.is_string() || it.is_boolean())?;
    let shown = examples.iter().filter_map(|example| {
        let is_set = !example.get(time)?.is_null();
        Some((example.get(member)?, is_set))
    });
    let shown: Vec<_> = shown.collect();
    let of_value = shown.iter().filter(|(shown, _)| *shown == value);
    let mut of_value = of_value.map(|(_, is_set)| *is_set);
    let is_set = of_value.next()?;
    let mut others = shown.iter().filter(|(shown, _)| *shown != value);
    let is_otherwise = others.any(|(_, other)| *other != is_set);
    // Each other value has it always or never, too: else it depends on something else.
    let is_steady = shown.iter().all(|(one, is_set)| {
        let mut same = shown.iter().filter(|(other, _)| other == one);
        same.all(|(_, other)| other == is_set)
    });
    (of_value.all(|it| it == is_set) && is_otherwise && is_steady).then_some(is_set)
}
