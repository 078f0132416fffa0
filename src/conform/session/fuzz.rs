//! Requests that are drawn from what is documented: several inputs at once with values that the docs allow, or one with a
//! value that they do not.
//!
//! What fails is shrunk, change by change and value by value, to the smallest request that still fails, held against the
//! model once more, and sent once more. An answer that is another one then is flaky, and no error.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::{self, refusal};
use crate::conform::plan::around::Put;
use crate::conform::plan::draw::Draw;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::value::{self, Refused};
use crate::conform::plan::{Item, Phase, Variant, choice, conditions, relative};

use super::Session;
use crate::diagnostic::Part;
use crate::model::Operation;

/// Requests for an operation, those for shrinking not counted.
const CASES: usize = 48;

/// Requests to make one failure smaller, at most.
const SHRINKS: usize = 24;

/// The findings of one operation, at most.
const FINDINGS: usize = 4;

type Changes = Vec<(Input, Value)>;

/// What is sent.
#[derive(Clone)]
enum Case {
    /// Values that the docs allow.
    Allowed(Changes),
    /// A value that they do not.
    Refused(Box<(Input, Refused)>),
}

/// What went wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failure {
    /// The server failed.
    Crash,
    /// What is allowed was refused.
    Refused,
    /// What is not allowed was accepted.
    Accepted,
}

impl Session<'_, '_> {
    /// Draws requests for each operation whose example was accepted.
    pub(super) fn fuzz(&mut self) {
        if !self.plan.has(Phase::Fuzz) {
            return;
        }
        let since = self.diagnostics.len();
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let kind = self.role(item.operation).map(|role| role.kind);
            let is_lasting = matches!(kind, Some(Kind::Action | Kind::Delete));
            if !is_lasting && self.accepted.contains_key(&item.operation) {
                self.fuzz_operation(item);
            }
        }
        self.belongs_to(Part::Fuzz, since);
    }

    fn fuzz_operation(&mut self, item: &Item) {
        let Some(operation) = self.operation(item.operation) else {
            return;
        };
        let all = input::inputs(operation);
        let choices = choice::of(operation, &all);
        // What stands for something that the example sends would have to come in its place.
        let is_other = |it: &Input| {
            let is_chosen = choices.iter().any(|choice| choice.has(&all, it));
            is_chosen && item.draft.value(it).is_none()
        };
        let inputs: Vec<_> = all
            .iter()
            .filter(|it| !is_other(it))
            .filter(|it| it.place != Place::Path && !it.is_reference() && !it.is_cursor())
            .filter(|it| !it.deprecated)
            .cloned()
            .collect();
        // The same for an operation whatever else is documented.
        let mut draw = Draw::new(self.plan.seed, &operation.name());
        let mut found: Vec<String> = Vec::new();
        for _ in 0..CASES {
            let Some(case) = drawn(item, &inputs, &mut draw) else {
                return;
            };
            let Some((at, Some(failure))) = self.try_out(item, &case) else {
                continue;
            };
            let (case, at) = self.shrunk(item, case, at, failure);
            let key = subjects(&case);
            if found.contains(&key) {
                continue;
            }
            found.push(key);
            self.report_drawn(item, &case, at, failure);
            if found.len() >= FINDINGS {
                return;
            }
        }
    }

    /// Sends a case; the exchange, and what went wrong. Nothing if it cannot be sent.
    fn try_out(&mut self, item: &Item, case: &Case) -> Option<(usize, Option<Failure>)> {
        let prepared = self.prepared(item, None).ok()?;
        let mut draft = self.distinct(prepared).draft;
        let inputs = self.operation(item.operation).map(input::inputs)?;
        let mut put = |input: &Input, value: &Value| {
            let put = draft.put(input, value, &inputs, &self.plan.shown);
            let is_lost = input.place == Place::Body
                && draft.json().is_some()
                && draft.value(input).as_ref() != Some(value);
            put.filter(|_| !is_lost)
        };
        // What is around a value and was made up for it may be what is refused.
        let mut is_wrapped = false;
        let variant = match case {
            Case::Allowed(changes) => {
                let mut sent = Changes::new();
                for (input, value) in changes {
                    if let Some(how) = put(input, value) {
                        is_wrapped |= how == Put::Wrapped;
                        sent.push((input.clone(), value.clone()));
                    }
                }
                Variant::Values(sent)
            }
            Case::Refused(refused) => {
                let (input, refused) = refused.as_ref();
                put(input, &refused.value)?;
                Variant::Invalid(
                    input.clone(),
                    refused.value.clone(),
                    refused.fault,
                    refused.evidence,
                )
            }
        };
        let at = self.exchange(Item::new(item.operation, variant, draft))?;
        self.keep(at);
        let exchange = self.exchanges.get(at)?;
        let operation = self.operation(item.operation)?;
        let status = exchange.status()?;
        let is_documented = operation
            .responses
            .iter()
            .any(|it| it.status.code() == Some(status));
        let failure = match (case, status) {
            (_, 500..) if !is_documented && status != 503 => Some(Failure::Crash),
            (Case::Refused(..), 200..300) if exchange.is_success => Some(Failure::Accepted),
            (Case::Allowed(changes), 400 | 422) if !is_wrapped && changes.iter().all(is_bound) => {
                Some(Failure::Refused)
            }
            _ => None,
        };
        Some((at, failure))
    }

    /// The smallest case that fails in the same way, and its exchange.
    fn shrunk(&mut self, item: &Item, case: Case, at: usize, failure: Failure) -> (Case, usize) {
        let (mut case, mut at) = (case, at);
        let mut left = SHRINKS;
        'smaller: loop {
            for smaller in smaller(item, &case) {
                if left == 0 || !is_sound(&smaller) {
                    break;
                }
                left -= 1;
                match self.try_out(item, &smaller) {
                    Some((again, Some(found))) if found == failure => {
                        (case, at) = (smaller, again);
                        continue 'smaller;
                    }
                    Some(_) => {}
                    None => return (case, at),
                }
            }
            return (case, at);
        }
    }

    /// Sends the smallest case once more, and reports it: an error only if it fails again.
    fn report_drawn(&mut self, item: &Item, case: &Case, at: usize, failure: Failure) {
        let again = self.try_out(item, case);
        let is_stable = again.is_some_and(|(_, found)| found == Some(failure));
        if !is_sound(case) {
            return;
        }
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let (Some(mut judged), Ok(answer)) = (self.case(&exchange.item), &exchange.answer) else {
            return;
        };
        let unset = self.unset(&exchange);
        judged.unset = Some(&unset);
        if !is_stable {
            self.diagnostics.push(refusal::flaky(&judged, answer));
            return;
        }
        match (failure, case) {
            (Failure::Refused, Case::Allowed(changes)) => {
                if let [(input, value)] = changes.as_slice()
                    && !depends(judged.operation, input)
                {
                    self.report_refused(at, input, value);
                }
            }
            _ => self
                .diagnostics
                .extend(judge::judge(&judged, answer).diagnostics),
        }
    }
}

/// True if the text of an input makes it depend on others whether a value is allowed.
fn depends(operation: &Operation, input: &Input) -> bool {
    let inputs = input::inputs(operation);
    let mut conditions = conditions::of(&inputs).into_iter();
    let is_it = |at: usize| inputs.get(at).map(Input::subject) == Some(input.subject());
    relative::different(input).is_some() || conditions.any(|it| is_it(it.input()))
}

/// A few inputs with other allowed values, or one with a value that is not; nothing if there is nothing to change.
fn drawn(item: &Item, inputs: &[Input], draw: &mut Draw) -> Option<Case> {
    let refusing = |input: &Input, draw: &mut Draw| {
        let shown = item.draft.value(input);
        let refused = value::refused(input, shown.as_ref(), item.draft.json().is_some());
        draw.refused(input, &refused)
    };
    if inputs.is_empty() {
        return None;
    }
    if draw.one_of(3) == 0 {
        let input = draw.choice(inputs)?.clone();
        if let Some(refused) = refusing(&input, draw) {
            return Some(Case::Refused(Box::new((input, refused))));
        }
    }
    // Many inputs meet what only several together do, and few what free text would hide.
    let is_among = |draw: &mut Draw, is_many: bool| (draw.one_of(4) == 0) != is_many;
    let is_many = draw.one_of(2) == 0;
    let mut changes: Changes = Vec::new();
    for input in inputs {
        let value = draw.allowed(input);
        if let Some(value) = value.filter(|_| is_among(draw, is_many)) {
            changes.push((input.clone(), value));
        }
    }
    Some(Case::Allowed(changes))
}

/// True if the docs bound what values there are: free text may be refused for reasons of its own.
fn is_bound((input, value): &(Input, Value)) -> bool {
    input.shape.constraints.allowed.is_some()
        || value.is_boolean()
        || value.is_number()
            && input.shape.constraints.minimum.is_some()
            && input.shape.constraints.maximum.is_some()
}

/// True if the model still says of the values what the case is about.
fn is_sound(case: &Case) -> bool {
    match case {
        Case::Allowed(changes) => changes
            .iter()
            .all(|(input, value)| value::is_documented(&input.shape, value)),
        Case::Refused(refused) => {
            let (input, refused) = refused.as_ref();
            !value::is_documented(&input.shape, &refused.value)
        }
    }
}

fn subjects(case: &Case) -> String {
    match case {
        Case::Allowed(changes) => {
            let subjects = changes.iter().map(|(input, _)| input.subject());
            subjects.collect::<Vec<_>>().join(" ")
        }
        Case::Refused(refused) => {
            let (input, refused) = refused.as_ref();
            format!("{} {}", input.subject(), refused.fault.describe())
        }
    }
}

/// Cases with less in them: without one of the changes, or with a simpler value.
fn smaller(item: &Item, case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    match case {
        Case::Allowed(changes) => {
            if changes.len() > 1 {
                for at in 0..changes.len() {
                    let mut fewer = changes.clone();
                    fewer.remove(at);
                    found.push(Case::Allowed(fewer));
                }
            }
            for (at, (input, value)) in changes.iter().enumerate() {
                let shown = item.draft.value(input);
                for simpler in simpler(value) {
                    let mut other = changes.clone();
                    if let Some((_, value)) = other
                        .get_mut(at)
                        .filter(|_| Some(&simpler) != shown.as_ref())
                    {
                        *value = simpler;
                        found.push(Case::Allowed(other));
                    }
                }
            }
        }
        Case::Refused(refused) => {
            let (input, refused) = refused.as_ref();
            for simpler in simpler(&refused.value) {
                let refused = Refused {
                    value: simpler,
                    ..refused.clone()
                };
                found.push(Case::Refused(Box::new((input.clone(), refused))));
            }
        }
    }
    found
}

/// Values of the same kind with less in them: half of a text, half of a number, fewer items.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let characters: Vec<char> = text.chars().collect();
            let half = characters.len() / 2;
            if half == 0 {
                return Vec::new();
            }
            let (left, right) = characters.split_at(half);
            [left, right]
                .map(|part| Value::from(part.iter().collect::<String>()))
                .to_vec()
        }
        Value::Number(number) => match number.as_i64() {
            Some(number) if number != 0 => vec![Value::from(number / 2)],
            _ => Vec::new(),
        },
        Value::Array(items) if !items.is_empty() => {
            let half = items.len() / 2;
            vec![items.iter().take(half).cloned().collect()]
        }
        _ => Vec::new(),
    }
}
