//! Deletes of what something else belongs to: they take it along, or are refused, as the page says.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::list;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::promises::{self, Children};
use crate::conform::said::{deltas, gone};
use crate::model::Operation;

use crate::conform::session::stages::plainly;
use crate::conform::session::{Exchange, Session, Thing};

/// More things are not deleted to see what becomes of what belongs to them.
const PARENTS: usize = 3;

/// A number of something that counts what belongs to it, as a read showed it.
pub(in crate::conform::session) struct Counted {
    parent: usize,
    member: String,
    count: u64,
}

impl Session<'_, '_> {
    /// What counts a thing among others, before that is deleted.
    pub(in crate::conform::session) fn counted_by(&mut self, thing: usize) -> Option<Counted> {
        let known = self
            .store
            .things
            .get(thing)
            .filter(|_| self.is_stateful())?;
        let noun = known.noun.clone();
        let parent = known.parents.iter().rev().find_map(|(of, id)| {
            let mut things = self.store.things.iter();
            things.position(|it| {
                let is_it = it.noun == *of && it.key().as_ref() == Some(id);
                is_it && !it.is_gone && list::count_of(&it.object, &noun).is_some()
            })
        })?;
        let read = self.read(parent, "a read of what it belongs to")?;
        let (member, count) = list::count_of(&self.shown(read)?, &noun)?;
        (count > 0).then_some(Counted {
            parent,
            member,
            count,
        })
    }

    /// What is deleted is not counted any more, unless the text of the number says that it is.
    pub(in crate::conform::session) fn check_uncounted(
        &mut self,
        at: usize,
        thing: usize,
        counted: Option<Counted>,
    ) {
        static EVER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?i)\b(?:deleted|removed|ever|lifetime|all\s+time|so\s+far|archived)\b")
        });
        static DOWN: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)\b(?:down|lower|less|fewer|only|not)\b"));
        let Some(Counted {
            parent,
            member,
            count,
        }) = counted
        else {
            return;
        };
        let things = &self.store.things;
        let nouns = things.get(thing).zip(things.get(parent));
        let Some((noun, of)) = nouns.map(|(one, of)| (one.noun.clone(), of.noun.clone())) else {
            return;
        };
        let name = member.rsplit('.').next().unwrap_or(&member);
        let fields = self.fields_of_noun(&of);
        let all = fields
            .iter()
            .flat_map(|field| std::iter::once(field).chain(&field.children));
        let mut told = all.filter(|field| field.name.value == name);
        let is_ever = |text: &str| EVER.is_match(text) && !DOWN.is_match(text);
        if told.any(|field| is_ever(&field.description)) {
            return;
        }
        let Some(read) = self.read(parent, "a read of what it belonged to") else {
            return;
        };
        let Some(shown) = self.shown(read) else {
            return;
        };
        let now = list::count_of(&shown, &noun).map(|(_, count)| count);
        self.refresh(parent, shown);
        if now != Some(count) {
            return;
        }
        let index = self.exchanges.get(at).map(|it| it.item.operation);
        let operation = index.and_then(|it| self.operation(it));
        // "The `note_count` of the book goes down by one."
        let is_told = operation.is_some_and(|it| {
            let mut deltas = deltas::deltas(it).into_iter();
            deltas.any(|it| it.member == name && it.amount(&Map::new(), None) == Some(-1.0))
        });
        let name = operation.map(Operation::name).unwrap_or_default();
        let message = format!("after {name} the {of} has `{member}` {count}, as before");
        let found = Found::about(&state::WRONG_COUNT, self.subject_of(read, &member), message)
            .seen((count - 1).to_string(), count.to_string())
            .weak_if(!is_told);
        self.found(read, &of, &format!("count {member}"), found);
    }

    /// Deletes something to which other things belong, if the page says what becomes of those.
    pub(in crate::conform::session) fn delete_with_children(&mut self, item: &Item) {
        if !self.is_stateful() {
            return;
        }
        let (Some(operation), Some(role)) =
            (self.operation(item.operation), self.role(item.operation))
        else {
            return;
        };
        let noun = role.noun.clone();
        let own = (0..self.store.things.len()).filter(|at| {
            let thing = self.store.things.get(*at);
            thing.is_some_and(|it| {
                it.noun == noun && it.made_by.is_some() && !it.is_gone && !it.is_lost
            })
        });
        let found = own.rev().filter_map(|parent| {
            let child = self.child_of(parent)?;
            let of = &self.store.things.get(child)?.noun;
            Some((parent, child, promises::on_children(operation, of)?))
        });
        // Some may be in a state in which they cannot be deleted.
        let found: Vec<_> = found.take(PARENTS).collect();
        for (parent, child, said) in found {
            let Ok(mut prepared) = self.prepared(item, Some(parent)) else {
                continue;
            };
            prepared.variant = Variant::Step("a delete of what others belong to");
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            if self.has_succeeded(at) {
                self.after_delete_of_parent(at, (parent, child), said, &noun, operation);
                return;
            }
        }
    }

    fn after_delete_of_parent(
        &mut self,
        at: usize,
        (parent, child): (usize, usize),
        said: Children,
        noun: &str,
        operation: &Operation,
    ) {
        let id = self.store.things.get(parent).and_then(Thing::key);
        if let Some(parent) = self.store.things.get_mut(parent) {
            parent.is_gone = true;
        }
        match said {
            Children::Held => self.taken_with_children(at, noun, operation),
            Children::TakenAlong => {
                self.check_taken_along(at, child, operation);
                self.check_children_of_others(at, child, operation);
            }
            Children::Kept => self.check_kept(at, child, id, noun, operation),
        }
    }

    /// What belonged to something that is gone stays, and names it no more.
    fn check_kept(
        &mut self,
        at: usize,
        child: usize,
        id: Option<String>,
        of: &str,
        operation: &Operation,
    ) {
        let Some(noun) = self.store.things.get(child).map(|it| it.noun.clone()) else {
            return;
        };
        let Some((_, shown)) = self.glimpse(child, "a read of what belonged to it") else {
            return;
        };
        if shown.is_none() {
            let message = format!(
                "after {} the {noun} that belonged to it is gone, and the page says that it stays",
                operation.name()
            );
            let found = Found::about(&state::UPDATE_CHANGES_OTHERS, "endpoint", message)
                .seen(format!("the {noun}"), "nothing")
                .weak_if(true);
            self.found(at, &noun, "kept", found);
            if let Some(child) = self.store.things.get_mut(child) {
                child.is_gone = true;
            }
            return;
        }
        let (Some(object), Some(id)) = (shown, id) else {
            return;
        };
        let wanted = [of.to_owned(), format!("{of}id")];
        let members = object.as_object().into_iter().flatten();
        let mut naming = members.filter(|(name, value)| {
            let is_it = sample::plain(value) == id;
            let name = letters(name);
            is_it && (wanted.contains(&name) || id.len() > 5 && name.ends_with("id"))
        });
        let says_none = promises::unassigns(operation);
        if let Some((member, _)) = naming.next().filter(|_| says_none) {
            let message = format!(
                "after {} the {noun} still names it in `{member}`",
                operation.name()
            );
            let found = Found::about(&state::ACTION_WITHOUT_EFFECT, "endpoint", message)
                .seen("null", id)
                .weak_if(true);
            self.found(at, &noun, "unassigned", found);
        }
    }

    /// What belongs to others is still there.
    fn check_children_of_others(&mut self, at: usize, child: usize, operation: &Operation) {
        let Some(known) = self.store.things.get(child).cloned() else {
            return;
        };
        let of = self.belongings(&known);
        let mut things = self.store.things.iter();
        let other = things.position(|it| {
            let is_alike = it.noun == known.noun && it.made_by.is_some();
            is_alike && !it.is_gone && !it.is_lost && self.belongings(it) != of
        });
        let Some(read) =
            other.and_then(|it| self.read(it, "a read of what belongs to another one"))
        else {
            return;
        };
        let status = self.exchanges.get(read).and_then(Exchange::status);
        if !matches!(status, Some(404 | 410)) {
            return;
        }
        let noun = known.noun;
        let message = format!(
            "after {} a {noun} that belonged to another one is gone",
            operation.name()
        );
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, "endpoint", message)
            .seen(format!("the {noun}"), "nothing");
        self.found(at, &noun, "of others", found);
    }

    /// A thing that belongs to no other one of its kind, and none to it, if the page says what becomes of such.
    pub(in crate::conform::session) fn free_of_its_kind(&self, item: &Item) -> Option<usize> {
        let noun = &self.role(item.operation)?.noun;
        promises::on_children(self.operation(item.operation)?, noun)?;
        let is_named = |it: &Thing| self.belongings(it).iter().any(|(of, _)| of == noun);
        let things = self.store.things.iter().enumerate();
        let mut free = things.filter(|(at, it)| {
            let is_own = it.noun == *noun && it.made_by.is_some() && !it.is_gone && !it.is_lost;
            is_own && !is_named(it) && self.child_of(*at).is_none()
        });
        free.next_back().map(|(at, _)| at)
    }

    /// A thing of our own that belongs to another one, and that can be read.
    pub(in crate::conform::session) fn child_of(&self, parent: usize) -> Option<usize> {
        let known = self.store.things.get(parent)?;
        let id = known.key()?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            let made_by = it.made_by.and_then(|at| self.exchanges.get(at));
            let is_named = made_by.is_some_and(|exchange| {
                let role = self.role(exchange.item.operation);
                let mut slots = role.into_iter().flat_map(|role| &role.slots);
                slots.any(|slot| {
                    // It may have been moved to another one since.
                    let now = it.object.get(&slot.name);
                    !slot.is_own
                        && slot.noun == known.noun
                        && exchange.item.draft.slot(slot).as_ref() == Some(&id)
                        && now.is_none_or(|it| sample::plain(it) == id)
                })
            });
            is_named
                && !it.is_gone
                && !it.is_lost
                && [Kind::Read, Kind::List]
                    .iter()
                    .any(|kind| self.example_of(&it.noun, *kind).is_some())
        })
    }

    /// What is seen of a thing now, by a read or else in its list: the exchange, and the thing if it is there.
    fn glimpse(&mut self, thing: usize, words: &'static str) -> Option<(usize, Option<Value>)> {
        let known = self.store.things.get(thing)?.clone();
        if self.example_of(&known.noun, Kind::Read).is_some() {
            let read = self.read(thing, words)?;
            let status = self.exchanges.get(read)?.status()?;
            if matches!(status, 404 | 410) {
                return Some((read, None));
            }
            return self.shown(read).map(|shown| (read, Some(shown)));
        }
        let list = self.example_of(&known.noun, Kind::List)?.operation;
        // A list of what is gone itself is none.
        let asked = self.list_of(list, &self.belongings(&known))?;
        let is_there = |(noun, id): &(String, String)| {
            let mut things = self.store.things.iter();
            things.any(|it| it.noun == *noun && !it.is_gone && it.key().as_ref() == Some(id))
        };
        if !asked.parents().iter().all(is_there) {
            return None;
        }
        let (list, walk) = self.everything_beside(list, thing)?;
        let id = known.key()?;
        let is_it = |it: &&Value| identity::id(it, &list.key, &list.noun).as_ref() == Some(&id);
        let item = walk.items.iter().find(is_it).cloned();
        self.check_totals_in(&list, &walk);
        Some((*walk.exchanges.last()?, item))
    }

    pub(super) fn taken_with_children(&mut self, at: usize, noun: &str, operation: &Operation) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        // "Unless you send `force`": who asks for it gets it.
        if exchange.item.draft.is_forced() {
            return;
        }
        let status = describe_status(exchange.status().unwrap_or_default());
        let message = format!(
            "{} of what others belong to is accepted, and the page says that it is refused then",
            operation.name()
        );
        let found =
            Found::about(&state::ACCEPTED_IN_STATE, "endpoint", message).seen("a refusal", status);
        // The sentence and the documented refusal agree.
        let is_plain = plainly::refuses_by_itself(operation);
        let found = found.plain_if(is_plain).weak_if(!is_plain);
        self.found(at, noun, &format!("{index} held"), found);
    }

    fn check_taken_along(&mut self, at: usize, child: usize, operation: &Operation) {
        // What stays readable itself leaves no less of what belongs to it.
        if (self.about(at)).is_some_and(|(_, it, role)| gone::says_stays(it, &role.noun)) {
            return;
        }
        let Some(noun) = self.store.things.get(child).map(|it| it.noun.clone()) else {
            return;
        };
        let Some((_, shown)) = self.glimpse(child, "a read of what belonged to it") else {
            return;
        };
        if shown.is_none() {
            if let Some(child) = self.store.things.get_mut(child) {
                child.is_gone = true;
            }
            return;
        }
        let message = format!(
            "after {} the {noun} that belonged to it can still be read",
            operation.name()
        );
        let found = Found::about(&state::DELETED_STILL_THERE, "endpoint", message)
            .seen("404 Not Found", "200 OK")
            .weak_if(!promises::deletes_with(operation, &noun));
        self.found(at, &noun, "taken along", found);
    }
}
