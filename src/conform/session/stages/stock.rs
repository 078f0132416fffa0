//! Requests for more than there is: they are refused, leave all as it was, and what is left can be had.

use serde_json::Value;

use crate::conform::chain::{Kind, Slot};
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::plan::input::{self, Input, Place, Step};
use crate::conform::plan::{Draft, Item, Phase, Variant, sample};
use crate::conform::said::stock::{self, Limit};
use crate::conform::said::{promises, totals};

use crate::conform::session::kept::state::is_clockwork;
use crate::conform::session::{Exchange, Session, Thing};

/// What a request is called that asks for what is left.
pub(super) const WORDS: &str = "a request for what is left, or more";

/// How an operation asks for something, and of what.
pub(super) struct Asking<'a> {
    pub(super) item: &'a Item,
    pub(super) slot: Slot,
    pub(super) limit: Limit,
    pub(super) input: Input,
    /// New things for the other slots: nothing was done to them that may be in the way.
    others: Vec<(Slot, String)>,
}

/// What there is of a thing.
pub(super) struct Left {
    pub(super) thing: usize,
    pub(super) object: Value,
    pub(super) member: String,
    pub(super) amount: f64,
    pub(super) digits: usize,
}

impl<'a> Session<'a, '_> {
    /// Asks for a little more than there is, and for all of it.
    pub(in crate::conform::session) fn check_stocks(&mut self) {
        if !self.is_stateful() || !self.plan.has(Phase::Negative) {
            return;
        }
        let mut items = self.accepted_of(Kind::Create);
        items.extend(self.accepted_of(Kind::Action));
        for (item, _) in items {
            if let Some(mut asking) = self.asking(item) {
                asking.others = self.partners(&asking);
                self.check_stock(&asking);
            }
        }
    }

    fn asking(&self, item: &'a Item) -> Option<Asking<'a>> {
        let operation = self.operation(item.operation)?;
        let role = self.role(item.operation)?;
        let limit = stock::limit(operation)?;
        let is_of_parts = role.kind == Kind::Create;
        let mut slots = role.slots.iter();
        let slot = slots.find(|slot| slot.is_own != is_of_parts)?.clone();
        let inputs = input::inputs(operation).into_iter();
        let inputs: Vec<Input> = inputs
            .filter(|it| {
                it.place == Place::Body
                    && item
                        .draft
                        .value(it)
                        .is_some_and(|it| totals::number(&it).is_some())
            })
            .collect();
        let is_amount = |input: &&Input| {
            let name = &input.name;
            match &limit.input {
                Some(named) => named == name,
                None => [
                    "quantity", "amount", "count", "seats", "units", "qty", "number", "points",
                ]
                .contains(&name.as_str()),
            }
        };
        let mut amounts = inputs.iter().filter(is_amount);
        let input = amounts.next().filter(|_| amounts.next().is_none())?.clone();
        Some(Asking {
            item,
            slot,
            limit,
            input,
            others: Vec::new(),
        })
    }

    /// New things of the kind that is asked, for what else a request names of it.
    fn partners(&mut self, asking: &Asking<'a>) -> Vec<(Slot, String)> {
        let slots = self
            .role(asking.item.operation)
            .map(|role| role.slots.clone());
        let others = slots
            .into_iter()
            .flatten()
            .filter(|slot| slot.noun == asking.slot.noun && slot.name != asking.slot.name);
        let mut partners = Vec::new();
        for slot in others {
            let thing = self.another_of(&slot.noun);
            let id = thing.and_then(|at| self.store.things.get(at)?.id(&slot.name));
            partners.extend(id.map(|id| (slot, id)));
        }
        partners
    }

    /// What there is of the thing that an operation would ask now.
    pub(super) fn left(&mut self, asking: &Asking<'a>, thing: usize) -> Option<Left> {
        let read = self.read(thing, "a read of what there is")?;
        let object = self.shown(read)?;
        self.refresh(thing, object.clone());
        let (member, amount, digits) = stock::available(&asking.limit, &object)?;
        Some(Left {
            thing,
            object,
            member,
            amount,
            digits,
        })
    }

    /// A thing of which there is some, and no more than can be asked for at once.
    fn stocked(&mut self, asking: &Asking<'a>) -> Option<Left> {
        let most = asking
            .input
            .shape
            .constraints
            .maximum
            .as_ref()
            .map(|it| it.value);
        let is_enough =
            |left: &Left| left.amount > 0.0 && most.is_none_or(|most| left.amount < most);
        // Where orders go, or something new to act upon.
        let place = self.place(asking.item.operation, &asking.slot.noun);
        let is_create = self
            .role(asking.item.operation)
            .is_some_and(|role| role.kind == Kind::Create);
        let known = match place {
            Some(place) => place,
            None if is_create => self.first_named(asking)?,
            None => self.another_of(&asking.slot.noun)?,
        };
        let first = self.left(asking, known)?;
        if is_enough(&first) {
            return Some(first);
        }
        // Another one is made with little in it.
        let create = self.example_of(&asking.slot.noun, Kind::Create)?;
        let made_by = self.store.things.get(known)?.made_by?;
        let born = self.object(made_by)?;
        let sent = self.exchanges.get(made_by)?.item.draft.clone();
        let at_first = totals::number(born.get(&first.member)?)?;
        let inputs = input::inputs(self.operation(create.operation)?);
        let mut sources = inputs.into_iter().filter(|it| {
            let value = sent.value(it).and_then(|it| totals::number(&it));
            it.place == Place::Body && value == Some(at_first) && value.is_some_and(|it| it > 2.0)
        });
        let source = sources.next().filter(|_| sources.next().is_none())?;
        let mut draft = self.prepared(create, None).ok()?.draft;
        let least = source
            .shape
            .constraints
            .minimum
            .as_ref()
            .map_or(0.0, |it| it.value);
        let few = least.max(2.0);
        if most.is_some_and(|most| few >= most)
            || !draft.set(
                &source,
                Some(&number(few, first.digits, &sent.value(&source)?)?),
            )
        {
            return None;
        }
        let step = Variant::Step("one with little in it");
        let made = self.as_another(Item::new(create.operation, step, draft));
        let at = self.exchange(made).filter(|at| self.has_succeeded(*at))?;
        self.keep(at);
        let mut things = self.store.things.iter();
        let thing = things.position(|it| it.made_by == Some(at))?;
        self.use_up(Some(thing));
        for opener in self.openers_at(asking.item.operation, &asking.slot.noun) {
            self.open(opener, thing);
        }
        self.left(asking, thing).filter(is_enough)
    }

    /// The thing that the documented request named.
    fn first_named(&self, asking: &Asking<'a>) -> Option<usize> {
        let accepted = *self.accepted.get(&asking.item.operation)?;
        let draft = &self.exchanges.get(accepted)?.item.draft;
        let id = draft.slot(&asking.slot)?;
        let mut things = self.store.things.iter();
        things.position(|it| {
            let is_own = it.noun == asking.slot.noun && it.made_by.is_some() && !it.is_gone;
            is_own && it.key().as_ref() == Some(&id)
        })
    }

    fn check_stock(&mut self, asking: &Asking<'a>) {
        let Some(left) = self.stocked(asking) else {
            return;
        };
        let unit = 10_f64.powi(-i32::try_from(left.digits.min(4)).unwrap_or(0));
        let Some(more) = self.request_for(asking, &left, left.amount + unit) else {
            return;
        };
        let Some(at) = self.exchange(more) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let name = &asking.input.name;
        let member = left.member.clone();
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let status = status.unwrap_or_default();
        if self.has_succeeded(at) {
            self.keep(at);
            let message = format!(
                "{} accepts a `{name}` above the `{member}` of the {}, and the page says that it is refused",
                operation.name(),
                asking.slot.noun
            );
            let found = Found::about(&state::ACCEPTED_IN_STATE, asking.input.subject(), message)
                .promised_at(Some(asking.input.span))
                .seen("a refusal", describe_status(status))
                .plain_if(true);
            self.found(at, &noun, &format!("{index} more than left"), found);
            return;
        }
        if !(400..500).contains(&status) {
            return;
        }
        self.judge_conflict(at);
        self.check_untouched(at, &left);
        self.check_other_line(asking, &left, left.amount + unit);
        if promises::OF_STATES.contains(&status) {
            self.take_all(asking, &left);
        }
    }

    /// What was refused leaves what it names as it was.
    pub(super) fn check_untouched(&mut self, at: usize, left: &Left) {
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let slots: Vec<Slot> = role.slots.clone();
        for slot in slots {
            let id = exchange.item.draft.slot(&slot);
            let mut things = self.store.things.iter();
            let thing = things.position(|it| {
                it.noun == slot.noun
                    && it.made_by.is_some()
                    && !it.is_gone
                    && id.is_some()
                    && it.key() == id
            });
            let Some(thing) = thing else {
                continue;
            };
            let before = if thing == left.thing {
                left.object.clone()
            } else {
                let known = self.store.things.get(thing);
                known
                    .filter(|it| !self.written_since(it))
                    .map(|it| it.object.clone())
                    .unwrap_or_default()
            };
            let Some(read) = self.read(thing, "a read after a refusal") else {
                continue;
            };
            let Some(after) = self.shown(read) else {
                continue;
            };
            let mut differences = echo::differences(&before, &after);
            differences.retain(|it| !is_clockwork(&it.path) && !it.left.is_null());
            self.refresh(thing, after);
            let Some(difference) = differences
                .into_iter()
                .next()
                .filter(|_| before.is_object())
            else {
                continue;
            };
            let member = difference.path;
            let message = format!(
                "{} refuses a request, and changes `{member}` of the {} all the same",
                operation.name(),
                slot.noun
            );
            let found = Found::about(
                &state::UPDATE_CHANGES_OTHERS,
                self.subject_of(read, &member),
                message,
            )
            .seen(
                sample::plain(&difference.left),
                sample::plain(&difference.right),
            );
            let remarks = self.api.shared.remarks.iter();
            let mut texts = remarks.map(|it| it.text.value.clone());
            let is_plain = promises::sentences(operation)
                .chain(&mut texts)
                .any(|it| stock::changes_nothing(&it));
            self.found(
                at,
                &noun,
                &format!("{index} refused {member}"),
                found.plain_if(is_plain),
            );
        }
    }

    /// True if something was written that names a thing since it was seen last.
    pub(in crate::conform::session) fn written_since(&self, thing: &Thing) -> bool {
        let Some(id) = thing.key() else {
            return true;
        };
        self.writes_about(&thing.noun, &id)
            .any(|at| at >= thing.as_of)
    }

    /// Asks for all that is left.
    fn take_all(&mut self, asking: &Asking<'a>, left: &Left) {
        let Some(all) = self.request_for(asking, left, left.amount) else {
            return;
        };
        let Some(at) = self.exchange(all) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let name = &asking.input.name;
        let status = self.exchanges.get(at).and_then(Exchange::status);
        if !self.has_succeeded(at) {
            if status.is_some_and(|it| promises::OF_STATES.contains(&it)) {
                let message = format!(
                    "{} refuses a `{name}` that is no more than the `{}` of the {}",
                    operation.name(),
                    left.member,
                    asking.slot.noun
                );
                let found = Found::about(
                    &state::ACTION_WITHOUT_EFFECT,
                    asking.input.subject(),
                    message,
                )
                .promised_at(Some(asking.input.span))
                .seen("a success", describe_status(status.unwrap_or_default()))
                .weak_if(true);
                self.found(at, &noun, &format!("{index} all that is left"), found);
            }
            return;
        }
        self.keep(at);
        let Some(read) = self.read(left.thing, "a read when nothing is left") else {
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        self.check_deltas(at, read, &left.object, &after);
        self.check_used_up(asking, at, read, (left, &after));
        self.refresh(left.thing, after);
    }

    /// What is used up is in the stage that pages name, and out of it when something comes back.
    fn check_used_up(
        &mut self,
        asking: &Asking<'a>,
        at: usize,
        read: usize,
        (left, after): (&Left, &Value),
    ) {
        let noun = asking.slot.noun.clone();
        let is_none = after.get(&left.member).and_then(totals::number) == Some(0.0);
        let (Some(before), Some(now)) = (
            self.stage_now(&noun, &left.object),
            self.stage_now(&noun, after),
        ) else {
            return;
        };
        let (member, first, all) = before;
        let texts = self.texts_about(asking.item.operation, &noun);
        let Some(wanted) = stock::stage_of_none(&texts, &all).filter(|_| is_none) else {
            return;
        };
        let now = now.1;
        if now != *wanted {
            let message = format!(
                "the {noun} of which nothing is left has `{member}` as `{now}`, and the page says `{wanted}`"
            );
            let found = Found::about(
                &state::ACTION_WITHOUT_EFFECT,
                self.subject_of(read, &member),
                message,
            )
            .seen(wanted.clone(), now)
            .weak_if(true);
            self.found(at, &noun, "used up", found);
            return;
        }
        let mut things = self.store.things.iter();
        let Some(made) = things.position(|it| it.made_by == Some(at)) else {
            return;
        };
        self.give_back(made, left.thing, (&member, &first, wanted));
    }

    /// Undoes what took the last, where the page says that the stage of before is back then.
    fn give_back(&mut self, made: usize, thing: usize, (member, first, last): (&str, &str, &str)) {
        let Some(noun) = self.store.things.get(made).map(|it| it.noun.clone()) else {
            return;
        };
        let says = |operation: &crate::model::Operation| {
            promises::sentences(operation).any(|text| {
                let has = |stage: &str| text.contains(&format!("`{stage}`"));
                has(first) && has(last) && text.contains("again")
            })
        };
        let actions = self.items(|item| matches!(item.variant, Variant::Example));
        let action = actions.into_iter().find(|item| {
            let role = self.role(item.operation);
            role.is_some_and(|role| {
                role.noun == noun && matches!(role.kind, Kind::Action | Kind::Delete)
            }) && self.operation(item.operation).is_some_and(says)
        });
        let Some(mut undo) = action.and_then(|item| self.prepared(item, Some(made)).ok()) else {
            return;
        };
        undo.variant = Variant::Step("what gives something back");
        let Some(at) = self.exchange(undo).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        self.use_up(Some(made));
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        if role.kind == Kind::Delete
            && let Some(made) = self.store.things.get_mut(made)
        {
            made.is_gone = true;
        }
        let Some(read) = self.read(thing, "a read when something is left again") else {
            return;
        };
        let Some(after) = self.shown(read) else {
            return;
        };
        let now = after.get(member).map(sample::plain).unwrap_or_default();
        self.refresh(thing, after);
        if now == first {
            return;
        }
        let message = format!(
            "after {} a read shows `{member}` as `{now}`, and the page says `{first}` again",
            operation.name()
        );
        let found = Found::about(
            &state::ACTION_WITHOUT_EFFECT,
            self.subject_of(read, member),
            message,
        )
        .seen(first, now)
        .weak_if(true);
        self.found(at, &noun, &format!("{index} given back"), found);
    }

    /// What pages about things of a noun, and the one of an operation, say beside their fields.
    fn texts_about(&self, index: usize, noun: &str) -> Vec<String> {
        let roles = self.plan.roles.iter().enumerate();
        let about = roles.filter(|(at, role)| *at == index || role.noun == noun);
        let operations = about.filter_map(|(at, _)| self.operation(at));
        operations.flat_map(promises::sentences).collect()
    }

    /// The request for an amount, of the thing that there is some of.
    pub(super) fn request_for(
        &self,
        asking: &Asking<'_>,
        left: &Left,
        amount: f64,
    ) -> Option<Item> {
        let role = self.role(asking.item.operation)?;
        let own = (role.kind != Kind::Create).then_some(left.thing);
        let mut draft: Draft = self.prepared(asking.item, own).ok()?.draft;
        let id = self.store.things.get(left.thing)?.id(&asking.slot.name)?;
        draft.set_slot(&asking.slot, &id);
        for (slot, id) in &asking.others {
            draft.set_slot(slot, id);
        }
        let old = draft.value(&asking.input)?;
        let value = number(amount, left.digits, &old)?;
        // One line asks for all.
        if let Some((Step::Member(list), Step::Item)) = asking
            .input
            .steps
            .first()
            .zip(asking.input.steps.get(1))
            .map(|(one, other)| (one.clone(), other.clone()))
        {
            let mut body = draft.json()?.clone();
            body.get_mut(&list)?.as_array_mut()?.truncate(1);
            draft.set_json(body);
        }
        draft.set(&asking.input, Some(&value)).then(|| {
            let variant = Variant::Step(WORDS);
            Item::new(asking.item.operation, variant, draft)
        })
    }
}

/// A number in the notation of another one.
pub(super) fn number(amount: f64, digits: usize, like: &Value) -> Option<Value> {
    match like {
        Value::String(_) => Some(Value::from(format!("{amount:.digits$}"))),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "amounts are small, and whole here"
        )]
        Value::Number(_) if amount.fract() == 0.0 => Some(Value::from(amount as i64)),
        Value::Number(_) => serde_json::Number::from_f64(amount).map(Value::Number),
        _ => None,
    }
}
