//! Things that are parts of another one and have no read of their own, such as the lines of an order.
//!
//! What adds, changes, or removes a part is answered with the whole, and a read of the whole shows the part.

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};

use super::state::is_clockwork;
use crate::conform::session::{Session, Thing};

/// The parts of a thing, and the member that holds them.
#[derive(Clone, Debug)]
struct Parts {
    member: String,
    items: Vec<Value>,
}

/// What a write did to a part.
struct Change<'c> {
    /// The exchange.
    at: usize,
    noun: &'c str,
    /// The id of the part.
    id: &'c str,
    sent: Map<String, Value>,
}

impl Session<'_, '_> {
    /// The part that an accepted create added, if it is answered with the whole.
    pub(in crate::conform::session) fn new_part(&self, at: usize) -> Option<Value> {
        let exchange = self.exchanges.get(at)?;
        let noun = &self.role(exchange.item.operation)?.noun;
        let (parent, id) = self.parent_named(at)?;
        let whole = self.whole(at, &parent, &id)?;
        let parts = self.parts(&whole, noun)?;
        let key = self.key(noun);
        let known: Vec<String> = self.known_parts(noun, &parent, &id);
        let is_new =
            |item: &&Value| identity::id(item, &key, noun).is_some_and(|id| !known.contains(&id));
        let sent = exchange.item.draft.content().unwrap_or_default();
        let is_sent = |item: &&Value| {
            let sent = echo::named_as(sent.clone(), item);
            let mut told = sent.iter().filter(|(name, _)| item.get(name).is_some());
            told.all(|(name, value)| item.get(name).is_some_and(|it| echo::is_same(value, it)))
        };
        let new: Vec<&Value> = parts.items.iter().filter(is_new).collect();
        let as_sent = new.iter().rev().find(|item| is_sent(item));
        as_sent.or(new.last()).map(|item| (*item).clone())
    }

    /// After a write of a part: the answer and a read of the whole show it as it was sent, and all others as they were.
    pub(in crate::conform::session) fn check_part(&mut self, at: usize) {
        let Some((_, _, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let Some((parent, parent_id)) = self.parent_named(at).filter(|_| self.is_part(&noun))
        else {
            return;
        };
        let Some(whole) = self.thing_named(&parent, &parent_id) else {
            return;
        };
        let id = self.part_named(at, &noun);
        let sent = self.sent(at);
        let is_read = matches!(
            self.exchanges.get(at).map(|it| &it.item.variant),
            Some(Variant::Example)
        );
        let answered = self.whole(at, &parent, &parent_id);
        let answered = answered.and_then(|it| self.parts(&it, &noun));
        let Some(id) = id else {
            if answered.is_some() {
                self.part_not_there(at, &noun, answered.as_ref());
            }
            return;
        };
        let mut change = Change {
            at,
            noun: &noun,
            id: &id,
            sent: sent.unwrap_or_default(),
        };
        if let Some(parts) = &answered
            && self.check_sent(&change, at, parts, &state::INPUT_NOT_KEPT) == Some(false)
        {
            // The read will show the same.
            change.sent = Map::new();
        }
        if is_read {
            self.look_at_whole(&change, whole);
            let count = self.parts_of(whole, &noun).map(|parts| parts.items.len());
            if count == Some(1) {
                self.add_beside(at, whole);
            }
        }
    }

    /// Adds another part beside the first one: what is done to one is to leave the other alone.
    fn add_beside(&mut self, at: usize, whole: usize) {
        let Some((index, _, role)) = self.about(at) else {
            return;
        };
        let item = self.exchanges.get(at).map(|it| it.item.clone());
        let Some(item) = item.filter(|_| role.kind == Kind::Create) else {
            return;
        };
        let words = Variant::Step("another one beside it");
        let item = self.as_another(Item::new(index, words, item.draft));
        let sent = item.draft.content().unwrap_or_default();
        let Some(at) = self.exchange(item).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        self.keep(at);
        let noun = role.noun.clone();
        if let Some(id) = self.part_named(at, &noun) {
            let change = Change {
                at,
                noun: &noun,
                id: &id,
                sent,
            };
            self.look_at_whole(&change, whole);
        }
    }

    /// After the removal of a part: a read of the whole does not show it, and shows all others.
    pub(in crate::conform::session) fn check_part_removed(&mut self, at: usize, thing: usize) {
        let Some(known) = self.store.things.get(thing) else {
            return;
        };
        let (noun, id) = (known.noun.clone(), known.key().unwrap_or_default());
        let named = known.parents.last().cloned();
        let Some((parent, parent_id)) = named.filter(|_| self.is_part(&noun)) else {
            return;
        };
        let Some(whole) = self.thing_named(&parent, &parent_id) else {
            return;
        };
        let before = self.parts_of(whole, &noun);
        let Some((read, after)) = self.read_parts(whole, &noun, "a read after the removal") else {
            return;
        };
        let name = self.name_at(at);
        let key = self.key(&noun);
        let is_there = |parts: &Parts, id: &str| {
            let mut ids = parts
                .items
                .iter()
                .filter_map(|it| identity::id(it, &key, &noun));
            ids.any(|it| it == id)
        };
        let subject = self.subject_of(read, &after.member);
        if is_there(&after, &id) {
            let message =
                format!("after {name} a read of the {parent} still shows the {noun} `{id}`");
            let found = Found::about(&state::DELETED_STILL_LISTED, subject, message)
                .seen(format!("no `{id}`"), id);
            self.found(at, &noun, "part removed", found);
            return;
        }
        self.check_told_rest(at, &noun, after.items.len());
        let Some(before) = before else {
            return;
        };
        let ids = before
            .items
            .iter()
            .filter_map(|it| identity::id(it, &key, &noun));
        let lost = ids.filter(|it| *it != id).find(|it| !is_there(&after, it));
        if let Some(lost) = lost {
            let message = format!("{name} of the {noun} `{id}` takes away the {noun} `{lost}`");
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
                .seen(format!("`{lost}` as before"), "no such part");
            self.found(at, &noun, "part lost", found);
        }
    }

    /// What a removal says is left is as many as are left.
    fn check_told_rest(&mut self, at: usize, noun: &str, left: usize) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let answer = self.object(at).unwrap_or_default();
        let fields = self.fields_of(index);
        let wrong = fields.iter().find_map(|field| {
            let text = field.description.to_lowercase();
            let is_count = text.starts_with("how many") || text.contains("number of");
            let is_rest = ["left", "now", "remain", "then", "still", "afterwards"]
                .iter()
                .any(|word| text.contains(word));
            let said = answer.get(&field.name.value)?.as_u64()?;
            (is_count && is_rest && said != left as u64).then_some((field, said))
        });
        let Some((field, said)) = wrong else {
            return;
        };
        let name = &field.name.value;
        let message = format!(
            "{} says `{name}` {said}, and {left} are left",
            self.name_of(index)
        );
        let found = Found::about(&state::WRONG_COUNT, format!("response.{name}"), message)
            .promised_at(Some(field.open))
            .seen(left.to_string(), said.to_string())
            .weak_if(true);
        self.found(at, noun, &format!("{index} rest {name}"), found);
    }

    /// Reads the whole, and looks at the part that was written, and at all others.
    fn look_at_whole(&mut self, change: &Change<'_>, whole: usize) {
        let before = self.parts_of(whole, change.noun);
        let Some((read, after)) = self.read_parts(whole, change.noun, "a read of the whole") else {
            return;
        };
        if self
            .check_sent(change, read, &after, &state::UPDATE_NOT_KEPT)
            .is_none()
        {
            self.part_not_there(change.at, change.noun, Some(&after));
            return;
        }
        let key = self.key(change.noun);
        let of = |parts: &Parts, id: &str| {
            let mut items = parts.items.iter();
            let is_it = |it: &&Value| identity::id(it, &key, change.noun).as_deref() == Some(id);
            items.find(is_it).cloned()
        };
        for old in before.iter().flat_map(|parts| &parts.items) {
            let Some(id) = identity::id(old, &key, change.noun).filter(|id| *id != change.id)
            else {
                continue;
            };
            let (what, path) = match of(&after, &id) {
                None => ("takes away", String::new()),
                Some(new) => {
                    let differences = echo::differences(old, &new);
                    let other = differences.into_iter().find(|it| !is_clockwork(&it.path));
                    match other {
                        Some(other) => ("changes", format!("`{}` of ", other.path)),
                        None => continue,
                    }
                }
            };
            let name = self.name_at(change.at);
            let noun = change.noun;
            let message = format!("{name} {what} {path}the {noun} `{id}`, which it is not about");
            let subject = self.subject_of(read, &after.member);
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
                .seen("what was there before", "something else");
            self.found(change.at, noun, "part others", found);
            return;
        }
    }

    /// True if what was sent is in a part as an answer shows it; `None` if the part is not there.
    fn check_sent(
        &mut self,
        change: &Change<'_>,
        shown_in: usize,
        parts: &Parts,
        rule: &'static crate::diagnostic::Rule,
    ) -> Option<bool> {
        let key = self.key(change.noun);
        let mut items = parts.items.iter();
        let is_it = |it: &&Value| identity::id(it, &key, change.noun).as_deref() == Some(change.id);
        let part = items.find(is_it)?;
        let name = self.name_at(change.at);
        for (member, value) in echo::named_as(change.sent.clone(), part) {
            let Some(back) = part.get(&member).filter(|it| !echo::is_same(&value, it)) else {
                continue;
            };
            let where_ = if shown_in == change.at {
                "answers with"
            } else {
                "is followed by a read that shows"
            };
            let message = format!("{name} {where_} another `{member}` than the one that was sent");
            let subject = self.subject_of(shown_in, &format!("{}[].{member}", parts.member));
            let found = Found::about(rule, subject, message)
                .seen(sample::plain(&value), sample::plain(back));
            self.found(change.at, change.noun, &format!("part {member}"), found);
            return Some(false);
        }
        Some(true)
    }

    fn part_not_there(&mut self, at: usize, noun: &str, parts: Option<&Parts>) {
        let name = self.name_at(at);
        let count = parts.map_or(0, |parts| parts.items.len());
        let member = parts.map(|parts| parts.member.clone()).unwrap_or_default();
        let message = format!("{name} is accepted, and the {noun} is not among the `{member}`");
        let subject = self.subject_of(at, &member);
        let found = Found::about(&state::CREATED_NOT_LISTED, subject, message)
            .seen(format!("the {noun}"), format!("{count} without it"))
            .weak_if(true);
        self.found(at, noun, "part missing", found);
    }

    /// True if things of a noun are seen in another thing alone.
    fn is_part(&self, noun: &str) -> bool {
        self.is_stateful()
            && self.example_of(noun, Kind::Read).is_none()
            && self.example_of(noun, Kind::List).is_none()
    }

    /// The id of the part that a request names, or has made.
    fn part_named(&self, at: usize, noun: &str) -> Option<String> {
        let exchange = self.exchanges.get(at)?;
        let role = self.role(exchange.item.operation)?;
        if let Some(own) = role.own_path() {
            return exchange.item.draft.slot(own);
        }
        let mut things = self.store.things.iter();
        let made = things.find(|it| it.made_by == Some(at) && it.noun == noun)?;
        made.key()
    }

    /// What a request names as the thing that its own belongs to: noun and id.
    fn parent_named(&self, at: usize) -> Option<(String, String)> {
        let exchange = self.exchanges.get(at)?;
        let role = self.role(exchange.item.operation)?;
        let mut slots = role.slots.iter().filter(|slot| !slot.is_own);
        let slot = slots.rfind(|slot| exchange.item.draft.path_value(&slot.name).is_some())?;
        (slot.noun != role.noun).then_some((slot.noun.clone(), exchange.item.draft.slot(slot)?))
    }

    fn thing_named(&self, noun: &str, id: &str) -> Option<usize> {
        let mut things = self.store.things.iter();
        things.position(|it| it.noun == noun && !it.is_gone && it.key().as_deref() == Some(id))
    }

    /// The thing of that noun and id that an answer is about.
    fn whole(&self, at: usize, noun: &str, id: &str) -> Option<Value> {
        let body = self.exchanges.get(at)?.body.as_ref()?;
        let key = self.key(noun);
        let whole = identity::object(body, &key, noun)?;
        let is_it = identity::id(whole, &key, noun).as_deref() == Some(id);
        is_it.then(|| identity::flat(whole))
    }

    /// The only array of things of a noun in a thing.
    fn parts(&self, whole: &Value, noun: &str) -> Option<Parts> {
        let key = self.key(noun);
        let holds = |items: &[Value]| {
            items
                .iter()
                .all(|it| identity::id(it, &key, noun).is_some())
                && !items.is_empty()
        };
        let is_named = |name: &str| letters(name).starts_with(noun);
        let members = whole.as_object()?.iter();
        let arrays = members.filter_map(|(name, value)| Some((name, value.as_array()?)));
        let arrays: Vec<_> = arrays
            .filter(|(name, items)| holds(items) || items.is_empty() && is_named(name))
            .collect();
        let named = arrays.iter().find(|(name, _)| is_named(name));
        let is_of_others = |name: &str| {
            let mut roles = self.plan.roles.iter();
            roles.any(|it| !it.noun.is_empty() && letters(name).starts_with(it.noun.as_str()))
        };
        let (member, items) = match (named, arrays.as_slice()) {
            (Some(named), _) => named,
            (None, [only]) if !is_of_others(only.0) => only,
            (None, _) => return None,
        };
        Some(Parts {
            member: (*member).clone(),
            items: (*items).clone(),
        })
    }

    fn parts_of(&self, whole: usize, noun: &str) -> Option<Parts> {
        self.parts(&self.store.things.get(whole)?.object, noun)
    }

    /// The ids of the parts that are known already.
    fn known_parts(&self, noun: &str, parent: &str, id: &str) -> Vec<String> {
        let key = self.key(noun);
        let whole = self.thing_named(parent, id);
        let parts = whole.and_then(|whole| self.parts_of(whole, noun));
        let shown = parts.iter().flat_map(|parts| &parts.items);
        let mut known: Vec<String> = shown
            .filter_map(|it| identity::id(it, &key, noun))
            .collect();
        let things = self.store.things.iter();
        let made = things.filter(|it| {
            let is_of = |(noun, of): &(String, String)| noun == parent && of == id;
            it.noun == noun && it.parents.iter().any(is_of)
        });
        known.extend(made.filter_map(Thing::key));
        known
    }

    /// Reads a thing, and keeps it as it is now: the exchange, and its parts.
    fn read_parts(
        &mut self,
        whole: usize,
        noun: &str,
        words: &'static str,
    ) -> Option<(usize, Parts)> {
        let read = self.read(whole, words)?;
        let shown = self.shown(read)?;
        let parts = self.parts(&shown, noun)?;
        self.refresh(whole, shown);
        Some((read, parts))
    }

    pub(in crate::conform::session) fn name_at(&self, at: usize) -> String {
        let index = self.exchanges.get(at).map(|it| it.item.operation);
        index.map(|index| self.name_of(index)).unwrap_or_default()
    }
}
