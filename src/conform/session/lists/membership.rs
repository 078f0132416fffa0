//! What is put into a list of a thing by its path, as in `PUT /articles/{slug}/tags/{tag}`: it is in the list afterwards,
//! once, and what else was there stays.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};

use crate::conform::plan::strange::unknown;
use crate::conform::session::{Session, Thing};

/// A value in a list of a thing.
#[derive(Clone, Debug)]
struct Membership {
    /// The thing that has the list.
    parent: usize,
    /// The last name of the path before the value: `tags`.
    collection: String,
    value: String,
}

impl Session<'_, '_> {
    /// What was put is there, with what was put before, and only once.
    pub(in crate::conform::session) fn check_member_added(&mut self, at: usize) {
        let Some((index, place)) = self.membership(at) else {
            return;
        };
        if !self.passed.insert(index) {
            return;
        }
        let Some((read, member, values)) = self.values(&place, "a read after the request") else {
            return;
        };
        let shown = Value::Array(values.clone());
        if !holds(&values, &place.value) {
            self.not_there(at, read, &member, &place.value, &shown);
            return;
        }
        let Some((second, again)) = self.put_another(at, &place) else {
            return;
        };
        let Some((read, member, values)) =
            self.values(&place, "a read after the same request again")
        else {
            return;
        };
        let shown = Value::Array(values.clone());
        if !holds(&values, &second) {
            self.not_there(again, read, &member, &second, &shown);
        } else if !holds(&values, &place.value) {
            self.not_kept(again, read, &member, &place.value, &shown);
        } else if values.iter().filter(|it| is(it, &second)).count() > 1 {
            let message = format!("the same request again puts `{second}` into `{member}` twice");
            let subject = self.subject_of(read, &member);
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
                .seen(format!("`{second}` once"), sample::plain(&shown))
                .weak_if(true);
            self.found(again, &member, &format!("{index} twice"), found);
        }
    }

    /// What was taken away is not there any more, and all else is.
    pub(in crate::conform::session) fn check_member_removed(
        &mut self,
        at: usize,
        others: &[String],
    ) {
        let Some((index, place)) = self.membership(at) else {
            return;
        };
        let Some((read, member, values)) = self.values(&place, "a read after the delete") else {
            return;
        };
        let shown = Value::Array(values.clone());
        let name = self.name_of(index);
        if holds(&values, &place.value) {
            let message = format!(
                "after {name} a read still shows `{}` in `{member}`",
                place.value
            );
            let subject = self.subject_of(read, &member);
            let found = Found::about(&state::DELETED_STILL_LISTED, subject, message)
                .seen(format!("no `{}`", place.value), sample::plain(&shown));
            self.found(at, &member, &format!("{index} removed"), found);
            return;
        }
        let lost = others
            .iter()
            .find(|it| **it != place.value && !holds(&values, it));
        if let Some(lost) = lost {
            self.not_kept(at, read, &member, lost, &shown);
        }
    }

    /// The values that this run has put beside the one that a request names.
    pub(in crate::conform::session) fn members_beside(&self, at: usize) -> Vec<String> {
        let Some((_, place)) = self.membership(at) else {
            return Vec::new();
        };
        let Some(role) = self
            .exchanges
            .get(at)
            .and_then(|it| self.role(it.item.operation))
        else {
            return Vec::new();
        };
        let parent = self.store.things.get(place.parent);
        let (noun, id) = parent.map_or_else(Default::default, |it| {
            (it.noun.clone(), it.key().unwrap_or_default())
        });
        let things = self.store.things.iter().filter(|it| {
            let mut parents = it.parents.iter();
            it.noun == role.noun
                && it.made_by.is_some()
                && !it.is_gone
                && parents.any(|(of, known)| *of == noun && *known == id)
        });
        things.filter_map(Thing::key).collect()
    }

    /// Puts another value beside the first one, twice; the value, and the second exchange.
    fn put_another(&mut self, at: usize, place: &Membership) -> Option<(String, usize)> {
        let item = self.exchanges.get(at)?.item.clone();
        let slot = self.role(item.operation)?.own_path()?.clone();
        let mut second = unknown(&place.value);
        if second == place.value {
            second.push('9');
        }
        let mut draft = item.draft.clone();
        draft.set_slot(&slot, &second);
        let mut last = None;
        for words in ["another one beside it", "the same request again"] {
            let again = Item::new(item.operation, Variant::Step(words), draft.clone());
            let put = self.exchange(again)?;
            if !self.has_succeeded(put) {
                return None;
            }
            if last.is_none() {
                self.keep(put);
            }
            last = Some(put);
        }
        Some((second, last?))
    }

    fn membership(&self, at: usize) -> Option<(usize, Membership)> {
        let exchange = self.exchanges.get(at)?;
        let index = exchange.item.operation;
        let role = self.role(index)?;
        let own = role.own_path()?;
        let path = &self.operation(index)?.endpoint.value.path;
        let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
        let is_last = segments.next()?.contains(own.name.as_str());
        let collection = segments.next().filter(|_| is_last)?.to_owned();
        let mut slots = role.slots.iter().filter(|slot| !slot.is_own);
        let above = slots.rfind(|slot| exchange.item.draft.path_value(&slot.name).is_some())?;
        let id = exchange.item.draft.slot(above)?;
        let value = exchange.item.draft.slot(own)?;
        let mut things = self.store.things.iter();
        let parent = things.position(|it| {
            it.noun == above.noun && !it.is_gone && it.id(&above.name).as_ref() == Some(&id)
        })?;
        let known = &self.store.things.get(parent)?.object;
        list_of(known, &collection)?;
        let place = Membership {
            parent,
            collection,
            value,
        };
        Some((index, place))
    }

    /// What a read of the thing shows in the list: the exchange, the member, and its values.
    fn values(
        &mut self,
        place: &Membership,
        words: &'static str,
    ) -> Option<(usize, String, Vec<Value>)> {
        let read = self.read(place.parent, words)?;
        let shown = self.shown(read)?;
        let (member, values) = list_of(&shown, &place.collection)?;
        let found = (read, member.to_owned(), values.clone());
        self.refresh(place.parent, shown);
        Some(found)
    }

    fn not_there(&mut self, at: usize, read: usize, member: &str, value: &str, shown: &Value) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let name = self.name_of(index);
        let message = format!("after {name} a read does not show `{value}` in `{member}`");
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::CREATED_NOT_LISTED, subject, message)
            .seen(format!("`{value}` among the values"), sample::plain(shown));
        self.found(at, member, &format!("{index} added"), found);
    }

    fn not_kept(&mut self, at: usize, read: usize, member: &str, value: &str, shown: &Value) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let name = self.name_of(index);
        let message = format!("{name} takes `{value}` out of `{member}`, which it is not about");
        let subject = self.subject_of(read, member);
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
            .seen(format!("`{value}` as before"), sample::plain(shown));
        self.found(at, member, &format!("{index} beside"), found);
    }
}

/// The member of that name that is a list of texts or numbers.
fn list_of<'v>(object: &'v Value, collection: &str) -> Option<(&'v str, &'v Vec<Value>)> {
    let wanted = letters(collection);
    let mut members = object.as_object()?.iter();
    let (name, value) = members.find(|(name, _)| letters(name) == wanted)?;
    let values = value.as_array()?;
    let is_plain = values.iter().all(|it| it.is_string() || it.is_number());
    is_plain.then_some((name.as_str(), values))
}

fn is(value: &Value, text: &str) -> bool {
    echo::is_same(value, &Value::from(text))
}

fn holds(values: &[Value], text: &str) -> bool {
    values.iter().any(|value| is(value, text))
}
