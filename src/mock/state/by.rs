//! Paths that name a thing by another member than its id: `GET /books/isbn/{isbn}`, `DELETE /users/by-email/{email}`.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::State;
use super::action::at;
use super::candidate::{erased, is_parameter, noun};
use super::collections::{Collection, Collections, Role, Use};
use super::view::{body, is_id, text, view};
use super::world::Spot;
use crate::mock::{Mock, Served, words};
use crate::model::Location;

/// Adds the operations that name a thing of a collection by one of its members.
pub(super) fn add(mock: &Mock, known: &mut Collections) {
    for (index, served) in mock.operations.iter().enumerate() {
        if known.uses.contains_key(&index) {
            continue;
        }
        if let Some(used) = of(served, known) {
            known.refused.remove(&index);
            known.uses.insert(index, Arc::new(used));
        }
    }
}

fn of(served: &Served, known: &Collections) -> Option<Use> {
    let operation = &served.operation;
    let role = match operation.endpoint.value.method.as_str() {
        "GET" => Role::Read,
        "PUT" | "PATCH" => Role::Update,
        "DELETE" => Role::Delete,
        _ => return None,
    };
    let joined = operation.joined_path();
    let (before, parameter) = joined.trim_end_matches('/').rsplit_once('/')?;
    let (path, word) = before.rsplit_once('/')?;
    if !is_parameter(parameter) || is_parameter(word) {
        return None;
    }
    let (number, reach) = at(known, &erased(path))?;
    let collection = known.all.get(number).filter(|it| !it.is_single)?;
    let member = member(collection, word, parameter)?;
    let body = body(served);
    let view = body
        .as_ref()
        .and_then(|body| view(served, role, body, &collection.key));
    if role == Role::Read && view.is_none() {
        return None;
    }
    Some(Use {
        collection: number,
        reach,
        role,
        view,
        receipt: None,
        is_newest_first: false,
        replaces: false,
        echoed: BTreeSet::new(),
        renamed: Vec::new(),
        quoted: Vec::new(),
        own: None,
        by: Some(member),
        part: None,
    })
}

/// The member that both words of a path may mean: `email` for `/by-email/{userEmail}`.
fn member(collection: &Collection, word: &str, parameter: &str) -> Option<String> {
    let noun = words::singular(noun(&collection.path));
    let parts = words::parts(word);
    let word = parts.strip_prefix(&["by".to_owned()]).unwrap_or(&parts);
    let word = word.concat();
    let parameter = words::folded(parameter);
    let sample = collection.sample.iter().filter(|(_, value)| is_id(value));
    let mut named = sample.filter(|(name, _)| {
        let own = words::folded(name);
        let means = |said: &str| said == own || said.strip_prefix(noun.as_str()) == Some(&own);
        // `/name/{propertyName}` of a contact property, and `fieldName`.
        let ends = |said: &str| {
            let is_long = own.len() > 2 && said.len() > 2;
            is_long && (said.ends_with(own.as_str()) || own.ends_with(said))
        };
        (means(&word) || ends(&word)) && (means(&parameter) || ends(&parameter))
    });
    named.next().map(|(name, _)| name.clone())
}

/// What the last parameter of a path may hold beside an id: `name` for `id_or_name`, and for "The id or the name".
pub(super) fn alias(served: &Served) -> Option<String> {
    let parameter = served.operation.parameters_in(Location::Path).last()?;
    let names = words::parts(&parameter.field.name.value);
    let said = words::parts(&parameter.field.description);
    let said = said.into_iter().filter(|it| it != "the" && it != "its");
    [names, said.collect()].iter().find_map(|words| {
        let mut triples = words.windows(3);
        triples.find_map(|triple| match triple {
            [one, or, other] if or == "or" => match (is_id_word(one), is_id_word(other)) {
                (true, false) => Some(other.clone()),
                (false, true) => Some(one.clone()),
                _ => None,
            },
            _ => None,
        })
    })
}

fn is_id_word(word: &str) -> bool {
    matches!(word, "id" | "uuid")
}

/// The member of that name, in the spelling of a thing.
pub(super) fn spelled(name: &str, sample: &Map<String, Value>) -> Option<String> {
    let mut members = sample.iter().filter(|(_, value)| value.is_string());
    let found = members.find(|(own, _)| words::folded(own) == name);
    found.map(|(own, _)| own.clone())
}

impl State {
    /// Remembers that nothing has the names any more by which paths lead to a thing that was removed.
    pub(super) fn forget_names(
        &mut self,
        collection: usize,
        spot: &Spot<'_>,
        gone: &Map<String, Value>,
    ) {
        let uses = self.collections.uses.values();
        let uses = uses.filter(|used| used.collection == collection);
        let names = uses.filter_map(|used| used.by.as_ref());
        let names = names.chain(&spot.collection.alias);
        let values = names.filter_map(|name| gone.get(name)).map(text);
        let places = values.map(|value| (spot.collection.path.clone(), spot.whole(&value)));
        let places: Vec<_> = places.collect();
        self.removed.extend(places);
    }

    /// The id of the thing that a path names by another member; what the path says if there is none.
    pub(super) fn by(&self, spot: &Spot<'_>, used: &Use, said: String) -> String {
        let alias = spot.collection.alias.as_ref();
        let Some(member) = used.by.as_ref().or(alias) else {
            return said;
        };
        let things = self.things(spot.collection, spot.place());
        if used.by.is_none() && things.iter().any(|thing| thing.id == said) {
            return said;
        }
        let mut things = things.iter();
        let found = things.find(|it| it.members.get(member).map(text).as_ref() == Some(&said));
        found.map_or(said, |thing| thing.id.clone())
    }
}
