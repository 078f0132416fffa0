//! Totals and counts of what the run has made itself: "The number of confirmed bookings" of a room, and "Mean of the scores of
//! all reviews" of a book.
//!
//! What this run made belongs to no one else: of a thing that it made, all is known that was added to it, also where nothing
//! lists that.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::start_of;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;
use crate::conform::said::totals::{self, Total};
use crate::model::Field;

use crate::conform::session::{Session, Thing};

/// Of more things nobody makes sure what has become of them.
const READ: usize = 12;

impl Session<'_, '_> {
    /// Compares the totals of the things that most was added to with what was added.
    pub(in crate::conform::session) fn check_totals_of_own(&mut self) {
        if !self.is_stateful() || self.is_mock {
            return;
        }
        for (noun, part) in self.pairs_of_nouns() {
            let fields = self.totals_of(&noun, &part);
            if fields.is_empty() || self.has_list_below(&noun, &part) {
                continue;
            }
            if let Some(id) = self.busiest_with(&noun, &part) {
                self.check_totals_of(&noun, &id, &part, &fields);
            }
        }
    }

    /// Nouns of things that this run made, each with one of what it added to them.
    pub(super) fn pairs_of_nouns(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (index, role) in self.plan.roles.iter().enumerate() {
            let is_create = role.kind == Kind::Create && role.batch.is_none();
            if !is_create || !self.accepted.contains_key(&index) {
                continue;
            }
            for slot in role.slots.iter().filter(|it| !it.is_own) {
                let pair = (slot.noun.clone(), role.noun.clone());
                if slot.noun != role.noun && !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    /// The fields of things of a noun that state a total of another one.
    fn totals_of(&self, noun: &str, part: &str) -> Vec<(Field, Total)> {
        let roles = self.plan.roles.iter().enumerate();
        let of_noun = roles.filter(|(_, role)| role.noun == noun && role.kind == Kind::Read);
        let fields = of_noun.flat_map(|(index, _)| self.fields_of(index));
        let totals = fields.filter_map(|field| {
            let total = totals::read(&field.description, part)?;
            Some((field, total))
        });
        totals.collect()
    }

    /// True if a list of the parts of one thing is walked over anyway.
    fn has_list_below(&self, noun: &str, part: &str) -> bool {
        let mut roles = self.plan.roles.iter();
        roles.any(|role| {
            let mut slots = role.slots.iter();
            role.kind == Kind::List
                && role.noun == part
                && slots.any(|slot| slot.noun == noun && role.names_parent(slot))
        })
    }

    fn added_to(&self, noun: &str, id: &str, part: &str) -> Vec<usize> {
        let things = self.store.things.iter().enumerate();
        let own = things.filter(|(_, it)| it.noun == part && it.made_by.is_some() && !it.is_gone);
        let of_it = own.filter(|(_, it)| {
            let belongings = self.belongings(it);
            belongings
                .iter()
                .any(|(of, known)| of == noun && known == id)
        });
        of_it.map(|(at, _)| at).collect()
    }

    /// The thing of a noun to which most parts were added, if all of them are known.
    fn busiest_with(&self, noun: &str, part: &str) -> Option<String> {
        let own = self.store.own(noun).into_iter();
        let made = own.filter(|it| it.made_by.is_some()).filter_map(Thing::key);
        let counted = made.map(|id| (self.added_to(noun, &id, part).len(), id));
        let (count, id) = counted.max_by_key(|(count, _)| *count)?;
        (count > 1 && self.is_all_known(noun, &id, part)).then_some(id)
    }

    /// True if everything that accepted requests added to a thing is known, gone or not.
    fn is_all_known(&self, noun: &str, id: &str, part: &str) -> bool {
        let key = self.key(part);
        let adds = self.exchanges.iter().enumerate().filter(|(_, it)| {
            let role = self.role(it.item.operation);
            role.is_some_and(|role| {
                let mut slots = role.slots.iter();
                // What was accepted against the docs was added all the same.
                it.status().is_some_and(|it| (200..300).contains(&it))
                    && role.noun == part
                    && (role.kind == Kind::Create || role.batch.is_some())
                    && slots.any(|slot| {
                        slot.noun == noun && it.item.draft.slot(slot).as_deref() == Some(id)
                    })
            })
        });
        let mut ids = adds.map(|(at, _)| identity::id(&self.object(at)?, &key, part));
        ids.all(|id| {
            let mut things = self.store.things.iter();
            id.is_some() && things.any(|it| it.noun == part && it.key() == id)
        })
    }

    fn check_totals_of(&mut self, noun: &str, id: &str, part: &str, fields: &[(Field, Total)]) {
        let mut things = self.store.things.iter();
        let thing = things.position(|it| {
            it.noun == noun && !it.is_gone && !it.is_lost && it.key().as_deref() == Some(id)
        });
        let Some(thing) = thing.filter(|it| !self.may_have_given_away(*it, part)) else {
            return;
        };
        let Some(read) = self.read(thing, "a read beside what was added to it") else {
            return;
        };
        let Some(object) = self.shown(read) else {
            return;
        };
        for (field, total) in fields {
            let name = &field.name.value;
            let Some(member) = object.get(name) else {
                continue;
            };
            if self.off(noun, id, part, total, member).is_none() {
                continue;
            }
            // What was done to the parts may not be known.
            let added = self.added_to(noun, id, part);
            // The thing may have come with some of its own.
            let listed = object.as_object().into_iter().flatten();
            let mut listed = listed.filter_map(|(name, value)| {
                let is_list = letters(name).starts_with(part);
                value.as_array().filter(|_| is_list)
            });
            if added.len() > READ || listed.any(|it| it.len() != added.len()) {
                continue;
            }
            for at in added {
                let read = self.read(at, "a read of what was added");
                if let Some(shown) = read.and_then(|read| self.shown(read)) {
                    self.refresh(at, shown);
                }
            }
            let Some((right, count)) = self.off(noun, id, part, total, member) else {
                continue;
            };
            let text = start_of(field.description.trim(), 60);
            let message =
                format!("`{name}` of the {noun} is not what its {count} {part}s make: {text}");
            let found = Found::about(&state::WRONG_COUNT, self.subject_of(read, name), message)
                .promised_at(Some(field.open))
                .seen(
                    format!("{}", (right * 1e6).round() / 1e6),
                    sample::plain(member),
                )
                .weak_if(true);
            self.found(read, noun, &format!("total {name}"), found);
        }
    }

    /// What a total has to be, and of how many parts, if it is something else.
    fn off(
        &self,
        noun: &str,
        id: &str,
        part: &str,
        total: &Total,
        member: &Value,
    ) -> Option<(f64, usize)> {
        let shown = totals::number(member)?;
        let parts = self.added_to(noun, id, part).into_iter();
        let objects = parts.map(|at| self.whole_of(at));
        let objects: Vec<Value> = objects.collect::<Option<_>>()?;
        let documented = |member: &str| self.stages(part, member);
        let (right, room) = totals::value(total, &objects, member, documented)?;
        ((right - shown).abs() > room).then_some((right, objects.len()))
    }

    /// What is known of a thing: what the server says, and what was sent where the answer does not repeat it.
    fn whole_of(&self, at: usize) -> Option<Value> {
        let thing = self.store.things.get(at)?;
        let made_by = thing.made_by.and_then(|at| self.exchanges.get(at))?;
        let mut members = made_by.item.draft.content().unwrap_or_default();
        let shown = thing.object.as_object().cloned().unwrap_or_default();
        members.extend(shown);
        (!members.is_empty()).then_some(Value::Object(members))
    }
}
