//! Objects that an update is sent: are they merged with what is there, or put in its place, as the page says?

use serde_json::{Map, Value};

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::merges::{self, Merge};
use crate::model::Operation;
use crate::model::shape::ShapeKind;

use crate::conform::session::{Exchange, Session};

/// A key that no object has by itself.
const KEY: &str = "fieldproof";

/// Why an object is not as it is to be.
struct Wrong {
    path: String,
    what: &'static str,
    expected: String,
    observed: String,
}

impl Session<'_, '_> {
    /// What the pages say that becomes of an object that an update sends.
    fn merge_of(&self, operation: &Operation, input: &Input) -> Option<Merge> {
        let remarks = &self.api.shared.remarks;
        merges::of(operation, &input.name, &input.description, remarks)
    }

    /// After an update: the objects that were sent are merged with those before, or in their place, as the page says.
    pub(in crate::conform::session) fn check_merged(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
        sent: &Map<String, Value>,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let name = operation.name();
        let inputs = input::inputs(operation);
        let paths: Vec<String> = inputs.iter().map(path).collect();
        for input in inputs.iter().filter(|it| is_root_object(it)) {
            let Some(how) = self.merge_of(operation, input) else {
                continue;
            };
            let part = |of: &Value| of.get(&input.name).and_then(Value::as_object).cloned();
            let sent = sent.get(&input.name).and_then(Value::as_object);
            let (Some(before), Some(after), Some(sent)) = (part(before), part(after), sent) else {
                continue;
            };
            let inner = inner(&inputs, input);
            let wrong = match how {
                Merge::Merged {
                    drops_null,
                    is_deep,
                } => {
                    let merging = Rule {
                        drops_null: drops_null && inner.is_empty(),
                        is_deep,
                        paths: &paths,
                    };
                    merging.broken(&input.name, (&before, &after), sent)
                }
                Merge::Replaced => left_over(&input.name, &inner, (&before, &after), sent),
            };
            let Some(wrong) = wrong else {
                continue;
            };
            let message = format!("{name} {} `{}`", wrong.what, wrong.path);
            let subject = self.subject_of(read, &wrong.path);
            let found = Found::about(&state::UPDATE_NOT_KEPT, subject, message)
                .promised_at(input.span)
                .seen(wrong.expected, wrong.observed)
                .weak_if(!merges::is_plain(&input.description, how));
            self.found(at, &noun, &format!("{index} {}", wrong.path), found);
        }
    }

    /// Sends what shows whether objects are merged: a new key alone, the same as `null`, and as little of an object as is
    /// required where it is to be replaced.
    pub(in crate::conform::session) fn try_merges(&mut self, at: usize, thing: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        if !matches!(exchange.item.variant, Variant::Example) {
            return;
        }
        let inputs = input::inputs(operation);
        let example = exchange.item.draft.content().unwrap_or_default();
        for input in inputs.iter().filter(|it| is_root_object(it)) {
            let Some(how) = self.merge_of(operation, input) else {
                continue;
            };
            let things = self.store.things.get(thing);
            let known = things.and_then(|it| it.object.get(&input.name)?.as_object().cloned());
            let inner = inner(&inputs, input);
            let shown = example.get(&input.name).and_then(Value::as_object);
            let values = match how {
                Merge::Merged { drops_null, .. } if inner.is_empty() => {
                    let others = known.iter().chain(shown).flat_map(Map::values);
                    let mut others = others.filter(|it| !it.is_null() && !it.is_object());
                    let value = others
                        .next()
                        .cloned()
                        .unwrap_or_else(|| Value::from("kept"));
                    let added = Some(only(KEY, value));
                    added
                        .into_iter()
                        .chain(drops_null.then(|| only(KEY, Value::Null)))
                        .collect()
                }
                Merge::Merged { .. } => Vec::new(),
                Merge::Replaced => fewer(&inner, known.as_ref())
                    .into_iter()
                    .collect::<Vec<_>>(),
            };
            for value in values {
                if !self.send_object(index, thing, input, &value) {
                    break;
                }
            }
        }
    }

    /// Sends an update of one member; true if it was accepted.
    fn send_object(&mut self, index: usize, thing: usize, input: &Input, value: &Value) -> bool {
        let Some((operation, mut draft)) = self.operation(index).zip(self.example_draft(index))
        else {
            return false;
        };
        let inputs = input::inputs(operation);
        for other in inputs.iter().rev() {
            let is_other = other.steps.first() != input.steps.first();
            if other.place == Place::Body && is_other && other.required.is_none() {
                draft.set(other, None);
            }
        }
        if !draft.set(input, Some(value)) {
            return false;
        }
        let item = Item::new(index, Variant::Step("an update of one object"), draft);
        let Ok(item) = self.prepared(&item, Some(thing)) else {
            return false;
        };
        let Some(at) = self.exchange(item) else {
            return false;
        };
        let is_done = self.exchanges.get(at).is_some_and(Exchange::is_done);
        if is_done {
            self.check_updated(at);
        }
        is_done
    }
}

/// How objects are merged.
#[derive(Clone, Copy)]
struct Rule<'p> {
    drops_null: bool,
    is_deep: bool,
    /// The documented members of the body, as `settings.mail.sender`.
    paths: &'p [String],
}

impl Rule<'_> {
    /// True for a member that requests may have, and that is not computed of others.
    fn takes(self, way: &str, name: &str) -> bool {
        let below = format!("{way}.");
        let mut beside = self.paths.iter().filter(|it| it.starts_with(&below));
        let path = format!("{way}.{name}");
        beside.clone().next().is_none() || beside.any(|it| *it == path)
    }

    fn broken(
        self,
        way: &str,
        (before, after): (&Map<String, Value>, &Map<String, Value>),
        sent: &Map<String, Value>,
    ) -> Option<Wrong> {
        let kept = before
            .iter()
            .filter(|(name, old)| {
                !sent.contains_key(*name) && !echo::is_nothing(old) && !is_nested(old)
            })
            .filter(|(name, _)| self.takes(way, name));
        for (name, old) in kept {
            let new = after.get(name).unwrap_or(&Value::Null);
            if !echo::is_same(old, new) {
                return Some(wrong(
                    way,
                    name,
                    "does not keep",
                    Some(old),
                    after.get(name),
                ));
            }
        }
        for (name, value) in sent {
            let new = after.get(name);
            match (value, new) {
                (Value::Null, Some(_)) if self.drops_null => {
                    return Some(wrong(way, name, "does not remove", None, new));
                }
                (Value::Object(value), Some(Value::Object(new))) if self.is_deep => {
                    let old = before.get(name).and_then(Value::as_object);
                    let inner = old
                        .and_then(|old| self.broken(&format!("{way}.{name}"), (old, new), value));
                    if inner.is_some() {
                        return inner;
                    }
                }
                (Value::String(_) | Value::Number(_) | Value::Bool(_), None)
                    if !echo::is_nothing(value) =>
                {
                    return Some(wrong(way, name, "does not keep", Some(value), None));
                }
                _ => {}
            }
        }
        None
    }
}

/// What is left of an object that was to be replaced.
fn left_over(
    way: &str,
    inner: &[&Input],
    (before, after): (&Map<String, Value>, &Map<String, Value>),
    sent: &Map<String, Value>,
) -> Option<Wrong> {
    let mut left = before.iter().filter(|(name, old)| {
        let input = inner.iter().find(|it| it.name == **name);
        // What the request does not take comes from the server.
        let is_taken = inner.is_empty() || input.is_some();
        let default = input.and_then(|it| it.default.as_ref());
        is_taken
            && !sent.contains_key(*name)
            && !echo::is_nothing(old)
            && !is_nested(old)
            && default.is_none_or(|default| !echo::is_same(default, old))
            && **old != Value::Bool(false)
    });
    let (name, old) = left.find(|(name, old)| after.get(*name) == Some(*old))?;
    Some(wrong(
        way,
        name,
        "does not replace all, and keeps",
        None,
        Some(old),
    ))
}

fn wrong(
    way: &str,
    name: &str,
    what: &'static str,
    expected: Option<&Value>,
    observed: Option<&Value>,
) -> Wrong {
    let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), sample::plain);
    Wrong {
        path: format!("{way}.{name}"),
        what,
        expected: text(expected),
        observed: text(observed),
    }
}

/// The object with as little as is required of it, if that is less than is there.
fn fewer(inner: &[&Input], known: Option<&Map<String, Value>>) -> Option<Value> {
    let known = known?;
    let required = inner.iter().filter(|it| it.required.is_some());
    let mut least: Map<String, Value> = required
        .filter_map(|it| Some((it.name.clone(), known.get(&it.name)?.clone())))
        .collect();
    if least.is_empty() {
        let (name, value) = known.iter().find(|(name, value)| {
            let is_taken = inner.is_empty() || inner.iter().any(|it| it.name == **name);
            is_taken && !echo::is_nothing(value)
        })?;
        least.insert(name.clone(), value.clone());
    }
    let is_less = known.iter().any(|(name, value)| {
        !least.contains_key(name) && !echo::is_nothing(value) && !is_nested(value)
    });
    is_less.then_some(Value::Object(least))
}

fn only(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}

fn is_root_object(input: &Input) -> bool {
    let is_object = matches!(
        input.shape.kind,
        ShapeKind::Object { .. } | ShapeKind::Map(_)
    );
    input.is_root_member() && is_object
}

/// The way to a member, as `settings.mail.sender`.
fn path(input: &Input) -> String {
    let names = input.steps.iter().map(|step| step.name().unwrap_or("[]"));
    names.collect::<Vec<_>>().join(".")
}

/// The documented members of an object.
fn inner<'i>(inputs: &'i [Input], of: &Input) -> Vec<&'i Input> {
    let inputs = inputs.iter();
    let is_inner = |it: &&Input| {
        it.place == Place::Body
            && it.steps.len() == of.steps.len() + 1
            && it.steps.starts_with(&of.steps)
            && it.steps.last().is_some_and(|step| step.name().is_some())
    };
    inputs.filter(is_inner).collect()
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    fn broken(rule: Rule<'_>, before: &Value, sent: &Value, after: &Value) -> Option<String> {
        let (before, after) = (map(before), map(after));
        let wrong = rule.broken("labels", (&before, &after), &map(sent))?;
        Some(format!("{} {}", wrong.what, wrong.path))
    }

    #[test]
    fn what_is_merged_keeps_what_was_not_sent() {
        let rule = Rule {
            drops_null: true,
            is_deep: true,
            paths: &[],
        };
        let before = json!({"a": "1", "b": "2", "in": {"c": 3, "d": 4}});
        let right = json!({"a": "1", "x": "9", "in": {"c": 5, "d": 4}});
        let sent = json!({"b": null, "x": "9", "in": {"c": 5}});
        assert_eq!(broken(rule, &before, &sent, &right), None);
        for (after, what) in [
            (json!({"x": "9"}), "does not keep labels.a"),
            (
                json!({"a": "1", "b": null, "x": "9"}),
                "does not remove labels.b",
            ),
            (json!({"a": "1"}), "does not keep labels.x"),
            (
                json!({"a": "1", "x": "9", "in": {"c": 5}}),
                "does not keep labels.in.d",
            ),
        ] {
            let broken = broken(rule, &before, &sent, &after);
            assert_eq!(broken.as_deref(), Some(what));
        }
    }

    #[test]
    fn what_is_computed_may_change_with_what_is_merged() {
        let paths = ["address", "address.street", "address.city"].map(str::to_owned);
        let rule = Rule {
            drops_null: false,
            is_deep: false,
            paths: &paths,
        };
        let before = map(&json!({"street": "A", "city": "B", "text": "A, B"}));
        let sent = map(&json!({"city": "C"}));
        let broken = |after: Value| rule.broken("address", (&before, &map(&after)), &sent);
        assert!(broken(json!({"street": "A", "city": "C", "text": "A, C"})).is_none());
        assert!(broken(json!({"street": null, "city": "C", "text": "C"})).is_some());
    }

    #[test]
    fn what_is_replaced_keeps_nothing() {
        let (before, sent) = (map(&json!({"a": "1", "b": "2"})), map(&json!({"a": "1"})));
        let left = |after: Value| left_over("labels", &[], (&before, &map(&after)), &sent);
        assert!(left(json!({"a": "1", "b": null})).is_none());
        assert!(left(json!({"a": "1"})).is_none());
        let wrong = left(json!({"a": "1", "b": "2"}));
        assert_eq!(wrong.map(|it| it.path).as_deref(), Some("labels.b"));
    }
}
