//! Defaults: what a create or an action leaves out has the documented value in the answer, also within objects and lists.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{self, echo};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place, Step};
use crate::conform::plan::sample;
use crate::model::Origin;

use super::Session;

impl Session<'_, '_> {
    /// What was not sent has its default.
    pub(super) fn check_member_defaults(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at).cloned(), self.object(at))
        else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        // Without a body nothing is sent of it.
        let draft = &exchange.item.draft;
        let sent = draft
            .content()
            .or_else(|| draft.is_bodiless().then(Map::new));
        let Some(sent) = sent else {
            return;
        };
        let inputs = input::inputs(operation);
        self.check_inner_defaults(at, &inputs, &sent, &object);
        self.check_equal(at, &inputs, &sent, &object);
        self.check_null(at, &inputs, &sent, &object);
        for input in inputs.clone() {
            let is_plain = input.place == Place::Body && echo::is_of_wrapper(&inputs, &input);
            if !is_plain || sent.contains_key(&input.name) {
                continue;
            }
            let Some(answered) =
                echo::answered(operation, &role.noun, &exchange.item.draft, &input.name)
            else {
                continue;
            };
            let back = echo::member(&object, &input.name).map(|(_, value)| value);
            let (Some((default, evidence)), Some(back)) = (answered.default, back) else {
                continue;
            };
            if echo::is_same(&default, back) || is_written_out(&default, back) {
                continue;
            }
            // What the server makes of a list, it makes of an empty one, too.
            if back.is_array() && self.comes_back_otherwise(&role.noun, &input.name) {
                continue;
            }
            self.found(
                at,
                &role.noun,
                &format!("{index} {}", input.name),
                Found::about(
                    &state::DEFAULT_NOT_APPLIED,
                    input.subject(),
                    format!(
                        "{} without `{}` answers with `{}` in place of the documented default `{}`",
                        operation.name(),
                        input.name,
                        judge::start_of(&sample::plain(back), 60),
                        judge::start_of(&sample::plain(&default), 60)
                    ),
                )
                .promised_at(evidence.map_or(input.span, |it| it.span))
                .seen(sample::plain(&default), sample::plain(back))
                .weak_if(evidence.is_none_or(|it| it.origin <= Origin::Prose)),
            );
        }
    }

    /// "Equal to `opening_balance`": a member that the page says to be an input of another name.
    fn check_equal(
        &mut self,
        at: usize,
        inputs: &[Input],
        sent: &Map<String, Value>,
        object: &Value,
    ) {
        static EQUAL: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:is\s+)?(?:equal\s+to|equals|the\s+same\s+as|same\s+as)\s+(?:the\s+)?`(?P<name>\w+)`\s*(?:at\s+first\s*)?(?:\.|$)",
            )
        });
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let fields = self.fields_of(index);
        let wrong = fields.iter().find_map(|field| {
            let found = EQUAL.captures(&field.description)?;
            let name = found.name("name")?.as_str();
            let input = inputs
                .iter()
                .find(|it| it.is_root_member() && it.name == name)?;
            let member = field.name.value.as_str();
            // A member of the answer that has that name is meant rather.
            let (back, true) = (object.get(member)?, object.get(name).is_none()) else {
                return None;
            };
            let value = sent.get(name).or(input.default.as_ref())?;
            (!echo::is_same(value, back))
                .then(|| (field.clone(), name.to_owned(), value.clone(), back.clone()))
        });
        let Some((field, name, value, back)) = wrong else {
            return;
        };
        let member = &field.name.value;
        let message = format!(
            "{} answers with another `{member}` than the `{name}` that was sent",
            operation.name()
        );
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, member), message)
            .promised_at(field.open)
            .seen(sample::plain(&value), sample::plain(&back))
            .weak_if(true);
        self.found(at, &role.noun.clone(), &format!("{index} {member}"), found);
    }

    /// "As sent, or `null`": what is not sent is no empty text.
    fn check_null(
        &mut self,
        at: usize,
        inputs: &[Input],
        sent: &Map<String, Value>,
        object: &Value,
    ) {
        static OR_NULL: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\bor\s+`null`|`null`\s+(?:if|when|unless|for)\b|\belse\s+`null`|\botherwise\s+`null`",
            )
        });
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let fields = self.fields_of(index);
        let is_left_out = |name: &str| {
            let mut inputs = inputs.iter();
            let input = inputs.find(|it| it.is_root_member() && it.name == name);
            let is_open = input.is_some_and(|it| it.required.is_none() && it.default.is_none());
            is_open && sent.get(name).is_none_or(Value::is_null)
        };
        let wrong = fields.iter().find(|field| {
            let name = field.name.value.as_str();
            let is_empty = object.get(name).and_then(Value::as_str) == Some("");
            is_empty && is_left_out(name) && OR_NULL.is_match(&field.description)
        });
        let Some(field) = wrong.cloned() else {
            return;
        };
        let member = &field.name.value;
        let message = format!(
            "{} without `{member}` answers with an empty text, and the page says that it is null then",
            operation.name()
        );
        let found = Found::about(
            &state::DEFAULT_NOT_APPLIED,
            self.subject_of(at, member),
            message,
        )
        .promised_at(field.open)
        .seen("null", "an empty text")
        .weak_if(true);
        self.found(at, &role.noun.clone(), &format!("{index} {member}"), found);
    }

    /// What is left out within an object or a list that was sent.
    fn check_inner_defaults(
        &mut self,
        at: usize,
        inputs: &[Input],
        sent: &Map<String, Value>,
        object: &Value,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let sent = Value::Object(sent.clone());
        for input in inputs
            .iter()
            .filter(|it| it.place == Place::Body && it.steps.len() > 1)
        {
            let Some(default) = &input.default else {
                continue;
            };
            let Some(back) = left_out(&sent, object, &input.steps) else {
                continue;
            };
            if echo::is_same(default, &back) || is_written_out(default, &back) {
                continue;
            }
            let message = format!(
                "{} without the {} answers with `{}` in place of the documented default `{}`",
                operation.name(),
                input.describe(),
                judge::start_of(&sample::plain(&back), 60),
                judge::start_of(&sample::plain(default), 60)
            );
            let found = Found::about(&state::DEFAULT_NOT_APPLIED, input.subject(), message)
                .promised_at(input.span)
                .seen(sample::plain(default), sample::plain(&back))
                .weak_if(true);
            self.found(
                at,
                &role.noun,
                &format!("{index} {}", input.subject()),
                found,
            );
        }
    }
}

/// What an answer has for a member that was left out of what was sent, where both have the same around it.
fn left_out(sent: &Value, back: &Value, steps: &[Step]) -> Option<Value> {
    match steps {
        [Step::Member(name)] => {
            let (members, found) = (sent.as_object()?, back.as_object()?);
            let is_alike = members.iter().all(|(name, value)| {
                let shown = found.get(name);
                shown.is_none_or(|shown| echo::is_same(value, shown))
            });
            let is_left_out = !members.contains_key(name);
            found.get(name).filter(|_| is_left_out && is_alike).cloned()
        }
        [Step::Member(name), rest @ ..] => left_out(sent.get(name)?, back.get(name)?, rest),
        [Step::Item, rest @ ..] => {
            let (items, found) = (sent.as_array()?, back.as_array()?);
            let mut pairs = items
                .iter()
                .zip(found)
                .filter(|_| items.len() == found.len());
            pairs.find_map(|(sent, back)| left_out(sent, back, rest))
        }
        [] => None,
    }
}

/// A default in words, or one that the docs write as text: `[]`, `"true"`.
fn is_written_out(default: &Value, back: &Value) -> bool {
    match default {
        Value::String(text) if !back.is_string() => {
            let parsed: Option<Value> = serde_json::from_str(text).ok();
            // What is no JSON describes the default in words.
            parsed.is_none_or(|parsed| echo::is_same(&parsed, back))
        }
        Value::Null => true,
        _ => false,
    }
}
