//! Totals and counts of what a list of its own shows: "The sum of the amounts of its lines" of an invoice, and
//! "The number of lines".

use crate::conform::chain::Kind;
use crate::conform::class::Class;
use crate::conform::judge::start_of;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Variant, sample};
use crate::conform::said::listed;
use crate::conform::said::totals::{self, Total};
use crate::model::Field;

use super::pages::{List, Walk};
use crate::conform::session::{Session, Thing};

impl<'a> Session<'a, '_> {
    /// Of nothing there is a total, too.
    pub(in crate::conform::session) fn check_totals_of_nothing(&mut self) {
        for index in self.lists_of_parts() {
            let Some(list) = self.list(index) else {
                continue;
            };
            if self.totals(&list).is_empty() {
                continue;
            }
            let Some(empty) = self.list_of_nothing(&list) else {
                continue;
            };
            if let Some(walk) = self.walk(&empty, empty.largest(), &[]) {
                self.check_totals_in(&empty, &walk);
            }
        }
    }

    /// Once more after all that was done: lists of what most was done to, their order, and what is computed of them.
    pub(in crate::conform::session) fn look_at_parts_again(&mut self) {
        for index in self.lists_of_parts() {
            let Some(list) = self.list(index) else {
                continue;
            };
            let Some((noun, id)) = list.parents().last().cloned() else {
                continue;
            };
            let Some(busiest) = self.busiest(&noun) else {
                continue;
            };
            let is_new = self.written_since_walk(index, &noun, &busiest);
            if busiest == id && !is_new {
                continue;
            }
            let belongings = [(noun, busiest)];
            let Some(list) = self.list_of(index, &belongings) else {
                continue;
            };
            let Some(walk) = self.walk(&list, list.largest(), &[]) else {
                continue;
            };
            self.check_contents(&list, &walk);
            if walk.is_complete && walk.items.len() > 1 {
                self.check_stated_order(&list, &walk);
            }
            self.check_totals_in(&list, &walk);
            self.check_numbers_of(&list, &walk);
        }
    }

    /// The documented lists of what belongs to something.
    fn lists_of_parts(&self) -> Vec<usize> {
        let items = self.items(|item| matches!(item.variant, Variant::Example));
        let lists = items.into_iter().map(|item| item.operation);
        let is_list = |index: &usize| {
            let role = self.role(*index);
            role.is_some_and(|role| {
                role.kind == Kind::List && role.slots.iter().any(|slot| !slot.is_own)
            })
        };
        lists.filter(is_list).collect()
    }

    /// The same list of something that has nothing of the kind, as far as is known.
    fn list_of_nothing(&self, list: &List<'_>) -> Option<List<'a>> {
        let (noun, id) = list.parents().last()?;
        let own = self.store.own(&list.noun);
        let is_empty = |it: &&&Thing| {
            let key = it.key();
            let mut parts = own.iter();
            key.is_some()
                && key.as_ref() != Some(id)
                && !parts.any(|part| {
                    let belongings = self.belongings(part);
                    let mut of = belongings.iter();
                    of.any(|(of, it)| of == noun && Some(it) == key.as_ref())
                })
        };
        let parents = self.store.own(noun);
        let empty = parents.iter().find(is_empty)?.key()?;
        self.list_of(list.index, &[(noun.clone(), empty)])
    }

    /// The thing of a noun that the most accepted writes named, and that is still there.
    fn busiest(&self, noun: &str) -> Option<String> {
        let own = self.store.own(noun).into_iter().enumerate();
        let counted = own.filter_map(|(at, thing)| {
            let id = thing.key()?;
            let count = self.writes_about(noun, &id).count();
            (count > 0).then_some((count, std::cmp::Reverse(at), id))
        });
        counted.max().map(|(.., id)| id)
    }

    /// The accepted writes that name a thing.
    pub(in crate::conform::session) fn writes_about(
        &self,
        noun: &str,
        id: &str,
    ) -> impl Iterator<Item = usize> {
        let exchanges = self.exchanges.iter().enumerate();
        exchanges.filter_map(move |(at, exchange)| {
            let index = exchange.item.operation;
            let slots = self.role(index).map(|role| &role.slots);
            let mut slots = slots.into_iter().flatten();
            let is_about = exchange.is_success
                && self.plan.class(index) > Class::Read
                && slots.any(|slot| {
                    slot.noun == noun && exchange.item.draft.slot(slot).as_deref() == Some(id)
                });
            is_about.then_some(at)
        })
    }

    /// True if something was written to a thing since its list was walked over last.
    fn written_since_walk(&self, list: usize, noun: &str, id: &str) -> bool {
        let write = self.writes_about(noun, id).last();
        let mut later = self.exchanges.iter().skip(write.map_or(0, |at| at + 1));
        write.is_some()
            && !later.any(|it| {
                let slots = self.role(list).map(|role| &role.slots);
                let mut slots = slots.into_iter().flatten();
                it.item.operation == list
                    && slots.any(|slot| it.item.draft.slot(slot).as_deref() == Some(id))
            })
    }

    /// The fields that state a total of the items of a list, each member once.
    fn totals(&self, list: &List<'_>) -> Vec<(Field, Total)> {
        let Some((noun, _)) = list.parents().last() else {
            return Vec::new();
        };
        let is_partial = listed::leaves_some_out(list.operation);
        if is_partial || list.is_narrowed_by_default() {
            return Vec::new();
        }
        let roles = self.plan.roles.iter().enumerate();
        let of_noun = roles.filter(|(_, role)| role.noun == *noun);
        let mut totals: Vec<(Field, Total)> = Vec::new();
        for field in of_noun.flat_map(|(index, _)| self.fields_of(index)) {
            let is_known = totals
                .iter()
                .any(|(known, _)| known.name.value == field.name.value);
            if let Some(total) = totals::read(&field.description, &list.noun).filter(|_| !is_known)
            {
                totals.push((field, total));
            }
        }
        totals
    }

    /// What the items belong to says of all of them what is so.
    pub(in crate::conform::session) fn check_totals_in(&mut self, list: &List<'_>, walk: &Walk) {
        let Some((noun, id)) = list.parents().last().cloned() else {
            return;
        };
        let totals = self.totals(list);
        let mut things = self.store.things.iter();
        let thing = things.position(|it| {
            it.noun == noun && it.made_by.is_some() && !it.is_gone && it.key().as_ref() == Some(&id)
        });
        let (Some(thing), false, true) = (thing, totals.is_empty(), walk.is_complete) else {
            return;
        };
        let Some(read) = self.read(thing, "a read beside the list of what belongs to it") else {
            return;
        };
        let Some(object) = self.shown(read) else {
            return;
        };
        for (field, total) in totals {
            let name = &field.name.value;
            let Some((member, shown)) = object
                .get(name)
                .and_then(|member| Some((member, totals::number(member)?)))
            else {
                continue;
            };
            let documented = |member: &str| self.stages(&list.noun, member);
            let value = totals::value(&total, &walk.items, member, documented);
            let Some((right, room)) = value else {
                continue;
            };
            if (right - shown).abs() <= room {
                continue;
            }
            let text = start_of(field.description.trim(), 60);
            let message = format!(
                "`{name}` of the {noun} is not what its {} items make: {text}",
                walk.items.len()
            );
            let subject = self.subject_of(read, name);
            let found = Found::about(&state::WRONG_COUNT, subject, message)
                .promised_at(Some(field.open))
                .seen(
                    format!("{}", (right * 1e6).round() / 1e6),
                    sample::plain(member),
                )
                // How many there are leaves little to read otherwise.
                .weak_if(!total.is_count());
            self.found(read, &noun, &format!("total {name}"), found);
        }
    }

    /// The fields of the successes of an operation, and those inside of an envelope.
    pub(in crate::conform::session) fn fields_of(&self, index: usize) -> Vec<Field> {
        let Some(operation) = self.operation(index) else {
            return Vec::new();
        };
        let responses = operation.responses.iter();
        let fields = responses
            .filter(|it| it.status.is_success())
            .flat_map(|it| &it.fields);
        let all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
        all.cloned().collect()
    }
}
