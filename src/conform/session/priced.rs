//! Numbers that a sentence names for one value of an option, and that the examples show beside it: "Express delivery always
//! costs 900 cents" and `"delivery": "express", "delivery_cost": 900`. All answers are held against it, once the run is over.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::split;
use crate::conform::judge::computed::WRONG_COMPUTATION;
use crate::conform::judge::state::Found;
use crate::conform::plan::sample;
use crate::conform::said::{priced, promises};
use crate::model::json::Json;

use super::Session;

/// What an option is worth.
struct Price {
    noun: String,
    option: String,
    value: String,
    member: String,
    number: f64,
}

impl Price {
    /// The number that an object shows, if it is about that value of the option.
    fn shown<'o>(&self, object: &'o Value) -> Option<&'o Value> {
        let is_it = object.get(&self.option)?.as_str() == Some(&self.value);
        object
            .get(&self.member)
            .filter(|it| is_it && it.is_number())
    }

    fn is_right(&self, shown: &Value) -> bool {
        shown
            .as_f64()
            .is_some_and(|it| (it - self.number).abs() < 1e-6)
    }
}

impl Session<'_, '_> {
    /// Looks at all answers about things of which pages name such prices.
    pub(super) fn check_prices(&mut self) {
        for price in self.prices() {
            let wrong = self.first_shown(
                |noun| noun == price.noun,
                |object| {
                    let shown = price.shown(object)?;
                    (!price.is_right(shown)).then(|| sample::plain(shown))
                },
            );
            let Some((at, noun, observed)) = wrong else {
                continue;
            };
            let Price {
                option,
                value,
                member,
                number,
                ..
            } = &price;
            let message = format!(
                "{} shows `{member}` as {observed} while `{option}` is `{value}`, and the page says {number}",
                self.name_at(at)
            );
            // The sentence and the examples agree.
            let found = Found::about(&WRONG_COMPUTATION, self.subject_of(at, member), message)
                .seen(number.to_string(), observed)
                .plain_if(true);
            self.found(
                at,
                &noun,
                &format!("price {option} {value} {member}"),
                found,
            );
        }
    }

    /// The prices that a sentence names and that each example shows which is about them.
    fn prices(&self) -> Vec<Price> {
        let mut prices: Vec<Price> = Vec::new();
        for (index, operation) in self.api.operations.iter().enumerate() {
            let Some(noun) = self.role(index).map(|role| role.noun.clone()) else {
                continue;
            };
            let sentences: Vec<String> = promises::sentences(operation).collect();
            for field in self.fields_of(index) {
                let option = field.name.value;
                let Some(values) = self.stages(&noun, &option) else {
                    continue;
                };
                for text in &sentences {
                    let Some((value, number)) = priced::of(text, &values) else {
                        continue;
                    };
                    let is_known = prices
                        .iter()
                        .any(|it| it.noun == noun && it.option == option && it.value == *value);
                    let member = self.priced_member(&noun, &option, value, number);
                    if let Some(member) = member.filter(|_| !is_known) {
                        prices.push(Price {
                            noun: noun.clone(),
                            option: option.clone(),
                            value: value.clone(),
                            member,
                            number,
                        });
                    }
                }
            }
        }
        prices
    }

    /// The one member that all examples of things of a noun show with that number beside the value of the option.
    fn priced_member(&self, noun: &str, option: &str, value: &str, number: f64) -> Option<String> {
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let of_noun = roles.filter(|(role, _)| role.noun == noun);
        let shown = of_noun.flat_map(|(_, operation)| operation.shown_successes());
        let mut objects = Vec::new();
        for example in shown.map(Json::to_value) {
            collect(&example, option, value, &mut objects);
        }
        let first = objects.first()?.as_object()?;
        let is_price = |name: &str| {
            let words = split(name);
            let begins = split(option).first().is_some_and(|it| words.contains(it));
            let costs = [
                "cost",
                "price",
                "fee",
                "rate",
                "charge",
                "amount",
                "surcharge",
            ];
            letters(name) != letters(option)
                && begins
                && costs
                    .iter()
                    .any(|cost| words.iter().any(|word| word.starts_with(cost)))
        };
        let mut named = first.keys().filter(|name| {
            let mut all = objects.iter();
            is_price(name)
                && all.all(|it| it.get(name.as_str()).and_then(Value::as_f64) == Some(number))
        });
        named.next().filter(|_| named.next().is_none()).cloned()
    }
}

/// The objects in which an option has that value.
fn collect(value: &Value, option: &str, wanted: &str, into: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|it| collect(it, option, wanted, into)),
        Value::Object(members) => {
            if members.get(option).and_then(Value::as_str) == Some(wanted) {
                into.push(value.clone());
            }
            members
                .values()
                .for_each(|it| collect(it, option, wanted, into));
        }
        _ => {}
    }
}
