//! What a request asks for in its query and the answer repeats: the page, the service, the two ends of a journey.
//!
//! An answer repeats a parameter if it has a member of that name and kind, and the examples of the page show the same
//! value on both sides; for the parameters of paging the name is enough.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::echo;
use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Draft, Item, Variant, sample, value};
use crate::conform::said::tolerant;
use crate::model::Origin;

use crate::conform::session::Session;

/// More parameters of an operation are not tried one by one.
const TRIED: usize = 3;

impl Session<'_, '_> {
    /// What an accepted request asked for is what the answer says that it was asked for.
    pub(in crate::conform::session) fn check_repeated(&mut self, at: usize) {
        if !self.is_stateful() {
            return;
        }
        let Some(exchange) = self.exchanges.get(at).cloned() else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        // What no page gives may be brought into the range.
        let is_garbled = matches!(exchange.item.variant, Variant::Garbled(_));
        let is_reading = matches!(role.kind, Kind::List | Kind::Look | Kind::Other) && !is_garbled;
        let (Some(body), true) = (&exchange.body, is_reading && exchange.is_success) else {
            return;
        };
        let Some(example) = self.example_draft(index) else {
            return;
        };
        for input in input::inputs(operation) {
            if input.place != Place::Query {
                continue;
            }
            let Some((member, back)) = echo::repeated(body, &input.name) else {
                continue;
            };
            let shown = echo::is_shown_repeated(operation, &example, &input);
            let is_paging = matches!(
                effect::effect(&input, &[]),
                Effect::Page | Effect::Offset | Effect::Limit
            );
            let sent = exchange.item.draft.value(&input);
            let is_default = sent.is_none();
            let Some(wanted) = sent.or_else(|| input.default.clone()) else {
                continue;
            };
            let constraints = &input.shape.constraints;
            let is_open = constraints.minimum.is_none() || constraints.maximum.is_none();
            let is_changed = tolerant::brings_into_range(&input.description)
                && (is_open || !value::is_documented(&input.shape, &wanted_as(&wanted, &back)));
            let is_kept = echo::is_same(&wanted, &back) || is_changed;
            let is_promised = shown || is_paging && back.is_number();
            if is_kept || !is_promised {
                continue;
            }
            let evidence = operation
                .parameters
                .iter()
                .find(|it| it.field.name.value == input.name)
                .and_then(|it| it.field.default.as_ref())
                .map(|it| it.evidence);
            let (broken, message, subject) = if is_default {
                (
                    &state::DEFAULT_NOT_APPLIED,
                    format!(
                        "{} without `{}` answers with another `{member}` than the documented default",
                        operation.name(),
                        input.name
                    ),
                    input.subject(),
                )
            } else {
                (
                    &state::INPUT_NOT_KEPT,
                    format!(
                        "{} answers with another `{member}` than the one that was asked for",
                        operation.name()
                    ),
                    format!("response.{member}"),
                )
            };
            let is_prose = evidence.is_none_or(|it| it.origin <= Origin::Prose);
            let found = Found::about(broken, subject, message)
                .promised_at(input.span)
                .seen(sample::plain(&wanted), sample::plain(&back))
                .weak_if(!shown || is_default && is_prose);
            self.found(at, &role.noun, &format!("{index} {}", input.name), found);
        }
    }

    /// What an answer is computed from makes a difference to it.
    pub(in crate::conform::session) fn check_differences(&mut self) {
        if !self.is_stateful() {
            return;
        }
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let kind = self.role(item.operation).map(|role| role.kind);
            let is_accepted = self.accepted.contains_key(&item.operation);
            if is_accepted && kind == Some(Kind::Look) {
                self.check_difference(item);
            }
        }
    }

    /// Both ends of the range of a required number, with all else as in the example.
    fn check_difference(&mut self, item: &Item) {
        let (Some(operation), Some(role)) =
            (self.operation(item.operation), self.role(item.operation))
        else {
            return;
        };
        let inputs = input::inputs(operation).into_iter();
        let telling = inputs.filter(|input| {
            input.place == Place::Query && input.required.is_some() && ends(input).is_some()
        });
        for input in telling.take(TRIED) {
            let Some((least, most)) = ends(&input) else {
                continue;
            };
            let (Some((_, low)), Some((at, high))) = (
                self.look(item, &input, &least),
                self.look(item, &input, &most),
            ) else {
                continue;
            };
            if echo::without(&low, &input.name) != echo::without(&high, &input.name) {
                continue;
            }
            let (least, most) = (sample::plain(&least), sample::plain(&most));
            let message = format!(
                "{} answers the same with `{}` as `{least}` and as `{most}`",
                operation.name(),
                input.name
            );
            let found = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
                .promised_at(input.span)
                .seen("another answer", "the same answer")
                .weak_if(true);
            self.found(at, &role.noun, &input.subject(), found);
        }
    }

    fn look(&mut self, item: &Item, input: &Input, value: &Value) -> Option<(usize, Value)> {
        let mut draft = self.prepared(item, None).ok()?.draft;
        draft.set(input, Some(value));
        let step = Variant::Step("an end of a range");
        let at = self.exchange(Item::new(item.operation, step, draft))?;
        let exchange = self.exchanges.get(at)?;
        let body = exchange.body.clone()?;
        exchange.is_success.then_some((at, body))
    }

    pub(in crate::conform::session) fn example_draft(&self, operation: usize) -> Option<Draft> {
        self.example_item(operation).map(|it| it.draft.clone())
    }
}

/// A text of the query as a number, if it comes back as one.
fn wanted_as(wanted: &Value, back: &Value) -> Value {
    let text = wanted.as_str().filter(|_| back.is_number());
    let number = text.and_then(|it| it.parse::<i64>().ok());
    number.map_or_else(|| wanted.clone(), Value::from)
}

/// The least and the greatest documented value.
fn ends(input: &Input) -> Option<(Value, Value)> {
    let is_bounded =
        input.shape.constraints.minimum.is_some() && input.shape.constraints.maximum.is_some();
    match value::accepted(input, None).as_slice() {
        [least, most] if is_bounded => Some((least.clone(), most.clone())),
        _ => None,
    }
}
