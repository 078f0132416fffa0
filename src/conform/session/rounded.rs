//! Shares that a page says are rounded to the nearest whole number: a server that cuts off does the same to most examples. One
//! more thing is made, with numbers that tell the two apart.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::value::is_documented;
use crate::conform::plan::{Draft, Item, Phase, Variant};
use crate::model::formula::{self, Formula};
use crate::model::{Field, Operation};

use super::Session;

/// What is added to the numbers of the documented request, one after the other.
const STEPS: [i64; 3] = [7, 12, 3];

impl Session<'_, '_> {
    /// Makes things whose shares have to be rounded up, where nothing that was made so far is one.
    pub(super) fn check_rounding(&mut self) {
        if !self.plan.has(Phase::Positive) || self.is_mock || self.is_forgetful {
            return;
        }
        for (item, _) in self.accepted_of(Kind::Create) {
            let Some(operation) = self.operation(item.operation) else {
                continue;
            };
            let formulas = rounded(operation);
            let mut made = 0..self.exchanges.len();
            if formulas.is_empty() || made.any(|at| self.tells(at, item.operation, &formulas)) {
                continue;
            }
            for step in STEPS {
                let Ok(prepared) = self.prepared(item, None) else {
                    break;
                };
                let mut draft = prepared.draft.clone();
                if !add(&mut draft, &input::inputs(operation), step) {
                    break;
                }
                let variant = Variant::Step("numbers that have to be rounded");
                let other = self.distinct(Item::new(item.operation, variant, draft));
                let Some(at) = self.exchange(other) else {
                    return;
                };
                if !self.has_succeeded(at) {
                    break;
                }
                self.judge(at);
                self.keep(at);
                if self.tells(at, item.operation, &formulas) {
                    break;
                }
            }
        }
    }

    /// True if an answer has a share that is rounded up.
    fn tells(&self, at: usize, operation: usize, formulas: &[Formula]) -> bool {
        let exchange = self.exchanges.get(at);
        let is_its = exchange.is_some_and(|it| it.is_success && it.item.operation == operation);
        let object = self.object(at).filter(|_| is_its);
        object.is_some_and(|object| {
            let mut left = formulas
                .iter()
                .filter_map(|it| formula::left_over(it, &object));
            left.any(|it| (0.55..0.99).contains(&it))
        })
    }
}

/// The shares among the members of the documented successes that are rounded to the nearest whole number.
fn rounded(operation: &Operation) -> Vec<Formula> {
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let mut found = Vec::new();
    let mut levels: Vec<&[Field]> = successes.map(|it| it.fields.as_slice()).collect();
    while let Some(fields) = levels.pop() {
        let formulas = fields.iter().filter_map(|it| formula::read(it, fields));
        found.extend(formulas.filter(formula::is_rounded));
        // Members of what is wrapped, but of no item.
        let inner = fields.iter().filter(|_| fields.len() == 1);
        levels.extend(inner.map(|it| it.children.as_slice()));
    }
    found
}

/// Adds to each whole number that a request sends; false if there is none.
fn add(draft: &mut Draft, inputs: &[Input], step: i64) -> bool {
    let mut is_changed = false;
    let numbers = inputs
        .iter()
        .filter(|it| it.place == Place::Body && !it.is_reference());
    for (at, input) in (0..).zip(numbers) {
        let Some(number) = draft.value(input).and_then(|it| it.as_i64()) else {
            continue;
        };
        let other = Value::from(number.saturating_add(step).saturating_add(at));
        if is_documented(&input.shape, &other) {
            is_changed |= draft.set(input, Some(&other));
        }
    }
    is_changed
}
