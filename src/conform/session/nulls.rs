//! `null` in the place of all that is optional, where the pages say that it is the same as nothing.

use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::blame;
use crate::conform::judge::refusal::REFUSED_VALUE;
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::{Item, Variant, conditions};
use crate::conform::said::{promises, tolerant};
use crate::model::Operation;
use crate::model::shape::ShapeKind;

use super::{Exchange, Session};

impl Session<'_, '_> {
    /// Makes one thing of each kind with `null` for what is optional.
    pub(super) fn check_nulls(&mut self) {
        if self.is_mock || self.is_forgetful {
            return;
        }
        for (item, role) in self.accepted_of(Kind::Create) {
            let Some(operation) = self.operation(item.operation) else {
                continue;
            };
            let inputs = nullable(operation);
            let Ok(mut prepared) = self.prepared(item, None) else {
                continue;
            };
            let mut draft = prepared.draft.clone();
            let set = inputs
                .iter()
                .filter(|it| draft.set(it, Some(&Value::Null)))
                .count();
            if set == 0 {
                continue;
            }
            let variant = Variant::Step("`null` for what is optional");
            prepared = Item::new(item.operation, variant, draft);
            let prepared = self.distinct(prepared);
            let Some(at) = self.exchange(prepared) else {
                return;
            };
            let status = self.exchanges.get(at).and_then(Exchange::status);
            match status {
                Some(400 | 422) => self.check_refused_null(at, &inputs, &role.noun),
                Some(409 | 412 | 423) => {}
                _ => self.judge(at),
            }
            self.keep(at);
        }
    }

    fn check_refused_null(&mut self, at: usize, inputs: &[Input], noun: &str) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let (Some(case), Some(body)) = (self.case(&exchange.item), &exchange.body) else {
            return;
        };
        // What is refused has to be one of them: others may be there once only.
        let named = blame::named_input(&case, body).map(|it| it.subject());
        let Some(input) = inputs
            .iter()
            .find(|it| named.as_ref() == Some(&it.subject()))
        else {
            return;
        };
        let line = describe_status(exchange.status().unwrap_or_default());
        let message = format!(
            "{} with `{}` as `null` is answered with {line}, and the pages say that it is the same as leaving it out",
            case.operation.name(),
            input.name
        );
        let found = Found::about(&REFUSED_VALUE, input.subject(), message)
            .promised_at(Some(input.span))
            .seen("a success", line)
            .weak_if(true);
        self.found(at, noun, &format!("null {}", input.name), found);
    }
}

/// The members of the body that may be `null` because they may be left out.
fn nullable(operation: &Operation) -> Vec<Input> {
    let said = |is_it: fn(&str) -> bool| promises::sentences(operation).any(|it| is_it(&it));
    if !said(tolerant::takes_null_for_nothing) || said(tolerant::refuses_null) {
        return Vec::new();
    }
    let is_fit = |it: &Input| {
        it.is_root_member()
            && it.required.is_none()
            && !it.deprecated
            && !it.is_reference()
            && !it.description.contains("null")
            && !conditions::is_needed_sometimes(&it.description)
            && !matches!(
                it.shape.kind,
                ShapeKind::Object { .. } | ShapeKind::Array(_)
            )
    };
    let mut inputs = input::inputs(operation);
    inputs.retain(is_fit);
    inputs
}
