//! What the docs promise to accept beside the example.

use serde_json::Value;

use crate::conform::chain::{Slot, SlotPlace, identity};
use crate::conform::judge::{self, blame, doubt, refusal};
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Phase, Variant, choice, conditions, relative, value};
use crate::conform::said::promises::OF_STATES;
use crate::model::shape::ShapeKind;

use super::{Session, Thing};

/// More inputs are not sent one by one to find the one that is refused.
const SINGLES: usize = 12;

/// One change of the example: another value, or none.
struct Single {
    input: Input,
    value: Option<Value>,
    variant: Variant,
}

impl Session<'_, '_> {
    /// Sends the variants of each example that was accepted.
    pub(super) fn positive(&mut self) {
        let mut items = self.items(|item| item.variant.phase() == Phase::Positive);
        items.sort_by_key(|item| self.plan.roles.get(item.operation).map(|role| role.kind));
        for item in items {
            if self.accepted.contains_key(&item.operation) {
                self.positive_item(item);
            }
        }
        if self.plan.has(Phase::Positive) {
            self.check_nulls();
            self.check_empties();
            self.check_rounding();
            self.check_counted_moves();
        }
    }

    fn positive_item(&mut self, item: &Item) {
        let Some(at) = self.positive_exchange(item) else {
            return;
        };
        let at = self.with_fresh_one(item, at).unwrap_or(at);
        let at = self.without_stage(item, at).unwrap_or(at);
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let is_success = exchange.is_success;
        let is_refused = self.is_turned_down(at) || self.turns_down_row(at);
        match &item.variant {
            Variant::Garbled(_) if is_refused => {}
            _ if is_refused
                && (self.is_of_state(at) || self.is_about_made_up(at) || self.is_conflict(at)) => {}
            Variant::OtherScripts if is_refused => self.scripts_one_by_one(item),
            _ if is_refused => self.refused(item, at),
            _ => self.judge(at),
        }
        if is_success {
            self.keep(at);
            self.after_write(at);
            self.check_repeated(at);
            self.check_answered(at);
        }
    }

    /// True if a refusal names an input that the run varies to make another thing each time, and the variant is not about.
    fn is_about_made_up(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let (Some(case), Some(body)) = (self.case(&exchange.item), &exchange.body) else {
            return false;
        };
        let Some(named) = blame::named_input(&case, body) else {
            return false;
        };
        let subject = named.subject();
        // A thing that the run chose may not go with a value that the request is about.
        let role = self.role(exchange.item.operation);
        let mut slots = role.iter().flat_map(|role| &role.slots);
        let is_chosen = slots.any(|slot| !slot.is_own && slot.is_for(&named));
        let sent = exchange.item.draft.value(&named);
        let is_moved = sent.is_some_and(|it| self.moves(exchange.item.operation, &it));
        let made_up = self.unique.get(&exchange.item.operation);
        let mut made_up = made_up.into_iter().flatten();
        let is_changed = match &exchange.item.variant {
            Variant::Values(changes) => changes.iter().any(|(it, _)| it.subject() == subject),
            _ => false,
        };
        !is_changed && (is_chosen || is_moved || made_up.any(|input| input.subject() == subject))
    }

    /// True if an answer says, with a status that the page documents for it, that things are not as they have to be: that
    /// says nothing about the values of the request.
    pub(super) fn is_of_state(&self, at: usize) -> bool {
        let exchange = self.exchanges.get(at);
        let status = exchange.and_then(super::Exchange::status);
        let operation = exchange.and_then(|it| self.operation(it.item.operation));
        let is_documented = operation.is_some_and(|operation| {
            let mut codes = operation.responses.iter().map(|it| it.status.code());
            codes.any(|code| code == status)
                || status.is_some_and(|code| !judge::words_about(operation, code).is_empty())
                || self.documented_code(at).is_some()
        });
        // A version that is promised to be any one is no matter of states.
        let is_any_version = exchange.is_some_and(|it| match &it.item.variant {
            Variant::Values(changes) => changes
                .iter()
                .any(|(input, value)| input.is_any_version(value)),
            _ => false,
        });
        status.is_some_and(|status| OF_STATES.contains(&status))
            && is_documented
            && !(is_any_version && status == Some(412))
    }

    /// Sends a request, and looks whether what is refused for want of something takes it all the same.
    fn positive_exchange(&mut self, item: &Item) -> Option<usize> {
        let row = self.watch(item);
        let at = self.positive_request(item);
        if let Some(row) = row {
            self.end_row(row);
        }
        at
    }

    /// Sends a request; a create that may make everything only once makes something else instead.
    fn positive_request(&mut self, item: &Item) -> Option<usize> {
        self.look_before(item, None);
        let mut prepared = self.prepared(item, None).ok()?;
        if matches!(item.variant, Variant::Everything) {
            prepared = self.with_references(item, &prepared)?;
            prepared = self.made_telling(prepared);
        }
        let prepared = self.distinct(prepared);
        if self.known(&prepared).is_some() {
            return None;
        }
        let at = self.exchange(prepared)?;
        let is_first = !self.unique.contains_key(&item.operation);
        if self.is_conflict(at) && is_first {
            self.make_unique(at, false);
            let prepared = self.prepared(item, None).ok()?;
            let other = self.distinct(prepared);
            let again = self.exchange(other)?;
            return Some(self.make_room(item, again).unwrap_or(again));
        }
        let at = self.sent_far_apart(item, at).unwrap_or(at);
        let is_whole = matches!(item.variant, Variant::Everything);
        let room = if is_whole {
            None
        } else {
            self.make_room(item, at)
        };
        Some(room.unwrap_or(at))
    }

    /// A request that names things of this run wherever it may; none if it then is the example.
    fn with_references(&self, planned: &Item, item: &Item) -> Option<Item> {
        let role = self.role(item.operation)?;
        let mut draft = item.draft.clone();
        for slot in role.slots.iter().filter(|slot| item.draft.lacks(slot)) {
            if let Some(id) = self.known_reference(item, slot) {
                draft.add_slot(slot, id);
            }
        }
        let example = self.example_item(item.operation)?;
        let is_other = planned.draft.json() != example.draft.json()
            || planned.request.url != example.request.url
            || draft.json() != item.draft.json();
        is_other.then(|| Item::new(item.operation, item.variant.clone(), draft))
    }

    /// The id of something that this run made, as a value that a slot takes.
    pub(super) fn known_reference(&self, item: &Item, slot: &Slot) -> Option<Value> {
        let index = item.operation;
        let is_fit = |thing: &Thing| self.may_stand_above(item, slot, thing);
        let at = self.store.first_of(&slot.noun, true, is_fit)?;
        let thing = self.store.things.get(at)?;
        identity::id(&thing.object, &thing.key, &thing.noun)?;
        let id = thing.id(&slot.name)?;
        let inputs = self.operation(index).map(input::inputs).unwrap_or_default();
        let kind = inputs
            .iter()
            .find(|it| slot.is_for(it))
            .map(|it| &it.shape.kind);
        if matches!(kind, Some(ShapeKind::Integer | ShapeKind::Number)) {
            return id.parse::<i64>().ok().map(Value::from);
        }
        let mut named = ["id", thing.key.as_str()].into_iter();
        let is_number = named.any(|it| thing.object.get(it).is_some_and(Value::is_number));
        (!is_number).then(|| Value::from(id))
    }

    /// True unless a thing is of the kind that a request is about, and is what it changes, or belongs elsewhere.
    fn may_stand_above(&self, item: &Item, slot: &Slot, thing: &Thing) -> bool {
        let Some(role) = self.role(item.operation).filter(|it| it.noun == slot.noun) else {
            return true;
        };
        let mut ways = role.slots.iter().filter(|it| it.place == SlotPlace::Path);
        ways.all(|way| {
            let Some(id) = item.draft.slot(way) else {
                return true;
            };
            if way.is_own {
                return thing.id(&way.name).as_ref() != Some(&id);
            }
            let mut parents = thing.parents.iter();
            parents.any(|(noun, known)| *noun == way.noun && *known == id)
        })
    }

    /// Finds out which part of a request is the one that is refused.
    pub(super) fn refused(&mut self, item: &Item, at: usize) {
        // One at a time they would be refused alike.
        if self.says_taken(at) {
            return;
        }
        match &item.variant {
            Variant::Values(changes) => {
                let changes = changes.clone();
                self.refused_values(item, at, &changes);
            }
            Variant::Everything => {
                // What else is in it may be what is refused: one input alone is no proof.
                let added = self.added(item);
                self.refused_one_by_one(item, &added);
            }
            Variant::Minimal => self.refused_minimum(item, at),
            _ => {}
        }
    }

    /// Sends texts in other scripts one by one: a server that refuses one of them has to stand the others.
    fn scripts_one_by_one(&mut self, item: &Item) {
        let (Some(example), Some(operation)) = (
            self.example_item(item.operation).cloned(),
            self.operation(item.operation),
        ) else {
            return;
        };
        let inputs = input::inputs(operation).into_iter();
        let changed = inputs.filter_map(|input| {
            let value = item.draft.value(&input)?;
            (example.draft.value(&input).as_ref() != Some(&value)).then_some((input, value))
        });
        let changed: Vec<_> = changed.take(SINGLES).collect();
        if changed.len() < 2 {
            return;
        }
        for (input, value) in changed {
            let mut draft = example.draft.clone();
            if !draft.set(&input, Some(&value)) {
                continue;
            }
            let single = Item::new(item.operation, Variant::OtherScripts, draft);
            let Some(at) = self.positive_exchange(&single) else {
                return;
            };
            if self.is_turned_down(at) || self.turns_down_row(at) {
                continue;
            }
            self.judge(at);
            if self.has_succeeded(at) {
                self.keep(at);
                self.after_write(at);
            }
        }
    }

    /// The inputs that a request has and the example has not.
    fn added(&self, item: &Item) -> Vec<(Input, Value)> {
        let Some(operation) = self.operation(item.operation) else {
            return Vec::new();
        };
        let Some(example) = self.example_item(item.operation) else {
            return Vec::new();
        };
        let inputs = input::inputs(operation).into_iter();
        let new = inputs.filter(|input| example.draft.value(input).is_none());
        new.filter_map(|input| {
            let value = item.draft.value(&input)?;
            Some((input, value))
        })
        .collect()
    }

    fn refused_values(&mut self, item: &Item, at: usize, changes: &[(Input, Value)]) {
        if let [(input, value)] = changes {
            self.report_refused(at, input, value);
            return;
        }
        self.refused_one_by_one(item, changes);
    }

    fn refused_one_by_one(&mut self, item: &Item, changes: &[(Input, Value)]) {
        let singles = changes.iter().map(|(input, value)| Single {
            variant: Variant::Values(vec![(input.clone(), value.clone())]),
            input: input.clone(),
            value: Some(value.clone()),
        });
        for (at, single) in self.refused_singles(item, singles.collect()) {
            if let Some(value) = &single.value {
                self.report_refused(at, &single.input, value);
            }
        }
    }

    /// The example with one change at a time: those that are refused, and their exchanges.
    fn refused_singles(&mut self, item: &Item, singles: Vec<Single>) -> Vec<(usize, Single)> {
        let mut refused = Vec::new();
        let Some(example) = self.example_item(item.operation).cloned() else {
            return refused;
        };
        let operation = self.operation(item.operation);
        let inputs = operation.map(input::inputs).unwrap_or_default();
        let conditions = conditions::of(&inputs);
        let choices = operation.map(|it| choice::of(it, &inputs));
        let choices = choices.unwrap_or_default();
        for single in singles.into_iter().take(SINGLES) {
            let mut draft = example.draft.clone();
            if !draft.set(&single.input, single.value.as_ref()) {
                continue;
            }
            // What goes with the value only goes with it as well.
            let made = |input: &Input| item.draft.value(input);
            for condition in &conditions {
                condition.settle(&inputs, &mut draft, &[&single.input], made);
            }
            for choice in &choices {
                choice.settle(&inputs, &mut draft, &[&single.input], &example.draft);
            }
            relative::tell_apart(&inputs, &mut draft, &example.draft, &[&single.input]);
            // Of two that exclude each other, the other one gave way, or this one came back.
            if draft.value(&single.input).is_some() != single.value.is_some() {
                continue;
            }
            if conditions
                .iter()
                .any(|it| it.unmet(&inputs, &draft).is_some())
            {
                continue;
            }
            let changed = Item::new(item.operation, single.variant.clone(), draft);
            let Some(at) = self.positive_exchange(&changed) else {
                return refused;
            };
            let Some(exchange) = self.exchanges.get(at) else {
                return refused;
            };
            if self.turns_down_row(at) {
                refused.push((at, single));
            } else if exchange.is_success {
                self.keep(at);
                if single.value.is_some() {
                    self.after_write(at);
                }
            } else if self.is_turned_down(at) && !self.is_of_state(at) {
                let is_of_value = single.value.is_none() || !self.is_about_made_up(at);
                if !is_of_value {
                    continue;
                }
                refused.push((at, single));
            }
        }
        refused
    }

    pub(super) fn report_refused(&mut self, at: usize, input: &Input, value: &Value) {
        if self.stands_in_the_way(at, input, Some(value)) {
            return;
        }
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let (Some(case), Ok(answer)) = (self.case(&exchange.item), &exchange.answer) else {
            return;
        };
        let mut body = exchange.body.iter();
        if body.any(|body| {
            doubt::is_about_both(&case, body, input)
                || doubt::is_about_choice(&case, body, input)
                || doubt::blames_another(&case, body, input)
        }) {
            return;
        }
        if value.is_null() && self.is_needed_sometimes(exchange.item.operation, input) {
            return;
        }
        let constraints = &input.shape.constraints;
        let evidence = match value {
            _ if constraints.allowed.is_some() => {
                constraints.allowed.as_ref().map(|it| it.evidence)
            }
            Value::Number(_) => constraints
                .minimum
                .as_ref()
                .or(constraints.maximum.as_ref())
                .map(|it| it.evidence),
            Value::String(_) => constraints
                .min_length
                .as_ref()
                .or(constraints.max_length.as_ref())
                .map(|it| it.evidence),
            _ => None,
        };
        let evidence = evidence.or(input.shape.evidence);
        let is_promised = value::is_promised(input, value, &self.plan.shown);
        let finding = refusal::refused(&case, answer, input, evidence, is_promised);
        self.diagnostics.push(finding);
    }

    /// True if a page about the same things says that it depends on others whether an input has to have a value.
    fn is_needed_sometimes(&self, index: usize, input: &Input) -> bool {
        let noun = self.role(index).map(|role| role.noun.as_str());
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let mut of_noun = roles.filter(|(role, _)| Some(role.noun.as_str()) == noun);
        of_noun.any(|(_, operation)| {
            let inputs = input::inputs(operation).into_iter();
            let mut alike = inputs.filter(|it| it.place == input.place && it.steps == input.steps);
            alike.any(|it| conditions::is_needed_sometimes(&it.description))
        })
    }

    /// Leaves out one optional input after the other: what is refused now is required in truth.
    fn refused_minimum(&mut self, item: &Item, at: usize) {
        let (Some(operation), Some(example)) = (
            self.operation(item.operation),
            self.example_item(item.operation).cloned(),
        ) else {
            return;
        };
        let inputs: Vec<_> = input::inputs(operation)
            .into_iter()
            .filter(|input| {
                example.draft.value(input).is_some() && item.draft.value(input).is_none()
            })
            .collect();
        if let [input] = inputs.as_slice() {
            self.report_needed(at, input);
            return;
        }
        let singles = inputs.into_iter().map(|input| Single {
            variant: Variant::Minimal,
            input,
            value: None,
        });
        for (at, single) in self.refused_singles(item, singles.collect()) {
            self.report_needed(at, &single.input);
        }
    }

    fn report_needed(&mut self, at: usize, input: &Input) {
        if self.stands_in_the_way(at, input, None) {
            return;
        }
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        if let (Some(case), Ok(answer)) = (self.case(&exchange.item), &exchange.answer) {
            let body = exchange.body.as_ref();
            let is_choice = body.is_some_and(|it| doubt::is_about_choice(&case, it, input));
            if is_choice || doubt::is_told_of_input(answer, body, input) {
                return;
            }
            let finding = judge::refusal::needed(&case, answer, input);
            self.diagnostics.push(finding);
        }
    }
}
