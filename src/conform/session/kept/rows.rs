//! Things in a row of what they belong to: those of another one do not count, one that is moved makes room, and one that is
//! taken out leaves no gap.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::judge::rows;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Item, Variant, relative};
use crate::conform::said::{promises, stated};
use crate::model::Operation;

use crate::conform::session::{Session, Thing};

impl Session<'_, '_> {
    /// Makes one thing below another parent than the others, so that lists of one are told from lists of all.
    pub(in crate::conform::session) fn make_elsewhere(&mut self) {
        for (item, role) in self.accepted_of(Kind::Create) {
            let index = item.operation;
            if self.example_of(&role.noun, Kind::List).is_none() {
                continue;
            }
            let mut slots = role.slots.iter().filter(|slot| role.names_parent(slot));
            let Some(slot) = slots.next_back() else {
                continue;
            };
            let Ok(prepared) = self.prepared(item, None) else {
                continue;
            };
            let used = prepared.draft.slot(slot);
            let others = self.store.own(&slot.noun);
            let mut ids = others
                .iter()
                .filter(|it| it.uses == 0)
                .filter_map(|it| it.id(&slot.name));
            let Some(other) = ids.find(|id| Some(id) != used.as_ref()) else {
                continue;
            };
            let mut draft = prepared.draft.clone();
            draft.set_slot(slot, &other);
            let step = Variant::Step("one more, below another one");
            let item = self.as_another(Item::new(index, step, draft));
            if let Some(at) = self.exchange(item) {
                self.keep(at);
                let mut things = self.store.things.iter();
                // The lists that are looked at are those of the first parent.
                let made = things.position(|it| it.made_by == Some(at));
                self.use_up(made);
            }
        }
    }

    /// Makes one thing that comes first in a list whose page states an order, where all that was made is alike.
    pub(in crate::conform::session) fn make_first(&mut self) {
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let Some(list) = self.list(item.operation) else {
                continue;
            };
            let own = self.store.own(&list.noun);
            let objects: Vec<Value> = own.iter().map(|it| it.object.clone()).collect();
            let order = stated::order(&list.order_texts(), &objects);
            let Some(order) = order.filter(|it| it.is_descending.is_some()) else {
                continue;
            };
            let mut values = objects.iter().filter_map(|it| it.get(&order.member));
            let first = values.next().cloned();
            let is_alike = values.all(|it| Some(it) == first.as_ref());
            let (Some(value), true) = (first, is_alike && objects.len() > 1) else {
                continue;
            };
            let wanted = match order.is_descending {
                Some(true) => Ordering::Greater,
                _ => Ordering::Less,
            };
            let other = relative::moved(&value, wanted);
            let create = self.example_of(&list.noun, Kind::Create).cloned();
            let (Some(other), Some(create)) = (other, create) else {
                continue;
            };
            let inputs = self.operation(create.operation).map(input::inputs);
            let mut inputs = inputs.into_iter().flatten();
            let input = inputs.find(|it| it.name == order.member && it.steps.len() == 1);
            let (Some(input), Ok(prepared)) = (input, self.prepared(&create, None)) else {
                continue;
            };
            let mut draft = prepared.draft;
            if draft.value(&input).is_none() || !draft.set(&input, Some(&other)) {
                continue;
            }
            let step = Variant::Step("one that comes first");
            let made = self.as_another(Item::new(create.operation, step, draft));
            if let Some(at) = self.exchange(made) {
                self.keep(at);
            }
        }
    }

    /// Moves the last of a row to its front, and looks at the row.
    pub(in crate::conform::session) fn check_moves(&mut self) {
        for (item, role) in self.accepted_of(Kind::Update) {
            let operation = self.operation(item.operation);
            let place = operation.and_then(|it| self.place_input(it, &role.noun));
            if let Some((place, first)) = place {
                self.move_to_front(item, &role.noun, &place, first);
            }
        }
    }

    /// The input that says where in its row a thing is, and the place of the first.
    fn place_input(&self, operation: &Operation, noun: &str) -> Option<(Input, u64)> {
        let inputs = input::inputs(operation);
        let mut inputs = inputs.into_iter().filter(|it| it.place == Place::Body);
        inputs.find_map(|input| {
            let first = self.row_begins(noun, &input.name)?;
            Some((input, first))
        })
    }

    /// The place of the first in a row of things of a noun, if a page promises rows without gaps.
    fn row_begins(&self, noun: &str, name: &str) -> Option<u64> {
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let mut all = roles.flat_map(|(role, operation)| {
            let responses = operation.responses.iter();
            let fields = responses
                .filter(|it| it.status.is_success())
                .flat_map(|it| &it.fields);
            let is_own = role.noun == noun;
            let own = fields.clone().filter(move |_| is_own);
            // What stands in a row may be shown in its whole alone.
            let rows = fields.filter(move |field| {
                let name = letters(&field.name.value);
                !is_own && (name == noun || name.strip_suffix('s') == Some(noun))
            });
            own.chain(rows)
                .flat_map(|field| std::iter::once(field).chain(&field.children))
        });
        all.find_map(|field| {
            let is_it = field.name.value == name;
            is_it
                .then(|| rows::first_place(&field.description))
                .flatten()
        })
    }

    fn move_to_front(&mut self, item: &Item, noun: &str, place: &Input, first: u64) {
        let things = self.store.things.iter().enumerate();
        let last = things
            .filter(|(_, it)| it.noun == noun && it.made_by.is_some() && !it.is_gone)
            .filter_map(|(at, it)| Some((it.object.get(&place.name)?.as_u64()?, at)))
            .max();
        let Some((_, thing)) = last.filter(|(at, _)| *at > first) else {
            return;
        };
        let Ok(prepared) = self.prepared(item, Some(thing)) else {
            return;
        };
        let mut draft = prepared.draft;
        draft.set_json(json!({}));
        if !draft.set(place, Some(&Value::from(first))) {
            return;
        }
        let variant = Variant::Values(vec![(place.clone(), Value::from(first))]);
        let Some(at) = self.exchange(Item::new(item.operation, variant, draft)) else {
            return;
        };
        if !self.has_succeeded(at) {
            return;
        }
        self.check_echo(at);
        self.look_at_row(thing);
    }

    /// Reads what a thing stands in a row of, or its list; the answer is judged as any other.
    pub(in crate::conform::session) fn look_at_row(&mut self, thing: usize) {
        let Some(known) = self.store.things.get(thing).cloned() else {
            return;
        };
        let belongings = self.belongings(&known);
        let Some((noun, id)) = belongings.last().cloned() else {
            return;
        };
        let list = self.example_of(&known.noun, Kind::List).cloned();
        let of_list = list.and_then(|item| {
            let role = self.role(item.operation)?;
            let slot = role.slots.iter().find(|slot| slot.noun == noun)?;
            let mut draft = self.prepared(&item, None).ok()?.draft;
            draft.set_slot(slot, &id);
            let step = Variant::Step("a look at what stands in a row");
            Some(Item::new(item.operation, step, draft))
        });
        let mut things = self.store.things.iter();
        let parent = things.position(|it| it.noun == noun && it.key().as_ref() == Some(&id));
        let read = match of_list {
            Some(item) => self.exchange(item),
            None => parent.and_then(|at| self.read(at, "a look at what stands in a row")),
        };
        if let Some(read) = read.filter(|at| self.has_succeeded(*at)) {
            self.judge(read);
        }
    }

    /// What the page says is added at the end of a row stands behind all that stood there.
    pub(in crate::conform::session) fn check_added_at_end(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let mut things = self.store.things.iter();
        let made = things.position(|it| it.made_by == Some(at));
        if !promises::adds_at_end(operation) || made.is_none() {
            return;
        }
        let Some(thing) = made.and_then(|at| self.store.things.get(at)) else {
            return;
        };
        let sent = self.sent(at);
        let members = thing.object.as_object().into_iter().flatten();
        let place = members.into_iter().find_map(|(name, value)| {
            let is_sent = sent.as_ref().is_some_and(|it| it.contains_key(name));
            self.row_begins(&noun, name).filter(|_| !is_sent)?;
            Some((name.clone(), value.as_u64()?))
        });
        let Some((name, place)) = place else {
            return;
        };
        let belongings = self.belongings(thing);
        let beside =
            self.store.things.iter().filter(|it| {
                it.noun == noun && it.made_by.is_some_and(|by| by < at) && !it.is_gone
            });
        let beside = beside.filter(|it| self.belongings(it) == belongings);
        let last = beside.filter_map(|it| it.object.get(&name)?.as_u64()).max();
        let Some(last) = last.filter(|last| place <= *last) else {
            return;
        };
        let message = format!(
            "{} puts the {noun} at `{name}` {place}, and the page says that it goes to the end",
            operation.name()
        );
        let found = Found::about(
            &state::DEFAULT_NOT_APPLIED,
            self.subject_of(at, &name),
            message,
        )
        .seen(format!("more than {last}"), place.to_string())
        .weak_if(true);
        self.found(at, &noun, &format!("{index} end {name}"), found);
    }

    /// The first of a row in which others follow, for deletes to leave a gap if they do.
    pub(in crate::conform::session) fn first_of_row(&self, item: &Item) -> Option<usize> {
        let noun = &self.role(item.operation)?.noun;
        let things = self.store.things.iter().enumerate();
        let own: Vec<_> = things
            .filter(|(_, it)| it.noun == *noun && it.made_by.is_some())
            .filter(|(_, it)| !it.is_gone && !it.is_lost)
            .collect();
        own.iter().find_map(|(at, thing)| {
            let object = thing.object.as_object()?;
            let mut names = object.iter().filter(|(_, value)| value.is_u64());
            names.find(|(name, value)| self.row_begins(noun, name) == value.as_u64())?;
            let belongings = self.belongings(thing);
            let is_beside = |other: &Thing| self.belongings(other) == belongings;
            let beside = own
                .iter()
                .filter(|(other, it)| other != at && is_beside(it));
            (beside.count() > 0).then_some(*at)
        })
    }

    /// True if things of a noun stand in a row that has no gaps, or its whole counts or adds up what is in it.
    pub(in crate::conform::session) fn stands_in_row(&self, thing: usize) -> bool {
        let Some(known) = self.store.things.get(thing) else {
            return false;
        };
        let members = known.object.as_object().into_iter().flatten();
        let mut numbers = members.filter(|(_, value)| value.is_u64());
        numbers.any(|(name, _)| self.row_begins(&known.noun, name).is_some())
    }
}
