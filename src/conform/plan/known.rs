//! What an update need not be sent, since the create of the same things is: what reads the one reads the other.

use serde_json::Value;

use crate::conform::chain::Kind;

use super::input::Place;
use super::value::Fault;
use super::{Item, Plan, Variant};

impl Plan {
    /// Leaves out wrong types of members of an update that the create of the same things is sent with as well, and all but one
    /// of wrong entries of its objects: what reads the ones reads the others.
    pub(super) fn leave_known_faults(&mut self) {
        let of_type = |item: &Item| match &item.variant {
            Variant::Invalid(input, value, Fault::Type, _) if input.place == Place::Body => {
                Some((input.steps.clone(), kind_of(value)))
            }
            _ => None,
        };
        let role = |item: &Item| self.roles.get(item.operation);
        let creates = self.items.iter().filter_map(|item| {
            let noun = role(item)
                .filter(|it| it.kind == Kind::Create)?
                .noun
                .clone();
            Some((noun, of_type(item)?))
        });
        let known: Vec<_> = creates.collect();
        let is_known = |item: &Item| {
            let noun = role(item).filter(|it| it.kind == Kind::Update);
            let noun = noun.map(|it| it.noun.clone());
            noun.zip(of_type(item))
                .is_some_and(|it| known.contains(&it))
        };
        // Of the entries of an object, one wrong one tells whether an update looks at them as the create does.
        let of_entries = |item: &Item| match &item.variant {
            Variant::Invalid(input, value, Fault::Beside, _) if value.is_object() => {
                Some((role(item)?.noun.clone(), input.steps.clone()))
            }
            _ => None,
        };
        let is_of = |item: &Item, kind: Kind| role(item).is_some_and(|it| it.kind == kind);
        let creates = self.items.iter().filter(|it| is_of(it, Kind::Create));
        let entries: Vec<_> = creates.filter_map(of_entries).collect();
        let mut sent = Vec::new();
        let mut is_one_more = |item: &Item| {
            let about = of_entries(item).filter(|it| entries.contains(it));
            let Some(about) = about.filter(|_| is_of(item, Kind::Update)) else {
                return false;
            };
            let is_sent = sent.contains(&about);
            sent.push(about);
            is_sent
        };
        let kept = self.items.iter();
        let kept = kept.map(|it| !is_known(it) && !is_one_more(it));
        let kept: Vec<bool> = kept.collect();
        let mut kept = kept.into_iter();
        self.items.retain(|_| kept.next().unwrap_or(true));
    }
}

/// What kind of wrong type a value is: a number in a text is that, whatever the number.
fn kind_of(value: &Value) -> Value {
    match value {
        Value::String(text) if text.parse::<f64>().is_ok() => Value::from("0"),
        other => other.clone(),
    }
}
