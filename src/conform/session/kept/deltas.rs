//! Numbers that requests change by something: stock, balances, versions.

use serde_json::{Map, Value};

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::deltas::{self, Delta};
use crate::conform::said::outcomes;
use crate::source::Span;

use super::state::is_clockwork;
use crate::conform::session::Session;
use crate::conform::session::beside::Beside;

impl Session<'_, '_> {
    /// Makes one more of something whose page says that it changes a number of what it is added to, and looks whether it does.
    pub(in crate::conform::session) fn check_addition(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((_, operation, role)) = self.about(at) else {
            return;
        };
        let deltas = deltas::deltas(operation);
        if deltas.is_empty() || !matches!(exchange.item.variant, Variant::Example) {
            return;
        }
        let slots = role.slots.iter().filter(|slot| !slot.is_own);
        let parent = slots.filter_map(|slot| {
            let id = exchange.item.draft.slot(slot)?;
            let mut things = self.store.things.iter();
            things.position(|it| {
                let is_it = it.noun == slot.noun && it.id(&slot.name).as_ref() == Some(&id);
                is_it && it.made_by.is_some() && !it.is_gone
            })
        });
        let is_told = |parent: &usize| {
            let known = self.store.things.get(*parent);
            let has =
                |it: &Delta| known.is_some_and(|known| within(&known.object, &it.member).is_some());
            deltas.iter().any(has)
        };
        let Some(parent) = parent.rev().find(is_told) else {
            return;
        };
        let mut item = exchange.item.clone();
        let Some(before) = self.read(parent, "a read before one more is added") else {
            return;
        };
        let Some(before) = self.shown(before) else {
            return;
        };
        item.variant = Variant::Step("one more, to see what it changes");
        let item = self.as_another(item);
        let Some(added) = self.exchange(item).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        self.keep(added);
        let Some(read) = self.read(parent, "a read after one more was added") else {
            return;
        };
        if let Some(after) = self.shown(read) {
            self.check_deltas(added, read, &before, &after);
            self.check_told_after(added, &after);
            self.refresh(parent, after);
        }
    }

    /// What something belongs to, of which the page of an action says that it changes a number.
    pub(in crate::conform::session) fn changed_beside(
        &mut self,
        item: &Item,
        thing: usize,
    ) -> Option<Beside> {
        let deltas = deltas::deltas(self.operation(item.operation)?);
        let known = self.store.things.get(thing)?.clone();
        let is_own = |it: &Delta| number_within(&known.object, &it.member).is_some();
        if deltas.is_empty() || deltas.iter().any(is_own) || !self.is_stateful() {
            return None;
        }
        let beside = self.beside(item, Some(thing));
        let has = |it: &Beside| {
            let mut members = deltas.iter().map(|it| &it.member);
            members.any(|member| number_within(&it.value, member).is_some())
        };
        beside.into_iter().find(has)
    }

    /// Looks whether an action changed the numbers of what a thing belongs to.
    pub(in crate::conform::session) fn check_changed_beside(&mut self, at: usize, it: &Beside) {
        let Some(read) = self.exchange(it.item.clone()) else {
            return;
        };
        if let Some(after) = self.shown(read) {
            self.check_deltas(at, read, &it.value, &after);
            let mut things = self.store.things.iter();
            let id = after.get("id").map(sample::plain);
            let known = things.position(|known| known.noun == it.noun && known.key() == id);
            if let Some(thing) = known.filter(|_| id.is_some()) {
                self.refresh(thing, after);
            }
        }
    }

    /// What an answer says that a number of something else is afterwards is what a read of that shows.
    pub(in crate::conform::session) fn check_told_after(&mut self, at: usize, after: &Value) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let own = self.object(at).unwrap_or_default();
        let noun = role.noun.clone();
        let body = self.exchanges.get(at).and_then(|it| it.body.clone());
        let body = body.unwrap_or_default();
        let inner = body.as_object().into_iter().flatten();
        // Of several the first is not always the one that is meant.
        let mut inner = inner.map(|(_, value)| value).filter(|it| it.is_object());
        let entry = inner.next().filter(|_| inner.next().is_none()).cloned();
        for (name, member) in deltas::told_after(operation) {
            let told = own.get(&name).or_else(|| entry.as_ref()?.get(&name));
            let (Some(told), Some(shown)) = (told, within(after, &member)) else {
                continue;
            };
            if echo::is_same(told, shown) {
                continue;
            }
            let message = format!(
                "{} answers with another `{name}` than the `{member}` that a read shows afterwards",
                operation.name()
            );
            let found = Found::about(&state::READ_DIFFERS, self.subject_of(at, &name), message)
                .seen(sample::plain(shown), sample::plain(told))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} {name} after"), found);
        }
    }

    /// An object that an answer has beside what was done is that which a read of the thing shows: its stock afterwards.
    pub(in crate::conform::session) fn check_told_parts(
        &mut self,
        at: usize,
        read: usize,
        after: &Value,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let body = self.exchanges.get(at).and_then(|it| it.body.clone());
        let body = body.unwrap_or_default();
        let inner = body.as_object().into_iter().flatten();
        let mut differing = inner.filter_map(|(name, told)| {
            let shown = after.get(name).filter(|it| it.is_object())?;
            let names = |it: &Value| {
                it.as_object()
                    .map(|it| it.keys().cloned().collect::<Vec<_>>())
            };
            let is_one = told.is_object() && names(told) == names(shown);
            let mut found = echo::differences(told, shown).into_iter();
            let found = found
                .find(|it| !is_clockwork(&it.path))
                .filter(|_| is_one)?;
            Some((format!("{name}.{}", found.path), found.left, found.right))
        });
        let Some((path, told, shown)) = differing.next().filter(|_| !self.moves_by_itself(&noun))
        else {
            return;
        };
        let message = format!(
            "{} answers with another `{path}` than a read shows afterwards",
            operation.name()
        );
        let found = Found::about(&state::READ_DIFFERS, self.subject_of(read, &path), message)
            .seen(sample::plain(&shown), sample::plain(&told))
            .weak_if(true);
        self.found(at, &noun, &format!("{index} told {path}"), found);
    }

    /// What the page says goes up or down has done so by as much.
    pub(in crate::conform::session) fn check_deltas(
        &mut self,
        at: usize,
        read: usize,
        before: &Value,
        after: &Value,
    ) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let mut sent = exchange.item.draft.content().unwrap_or_default();
        // What the server worked out for what was made counts as well: the seats of an order.
        for (name, value) in self
            .object(at)
            .iter()
            .filter_map(Value::as_object)
            .flatten()
        {
            sent.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let noun = role.noun.clone();
        let id = after.get("id").map(sample::plain);
        for delta in deltas::deltas(operation) {
            let number = |object: &Value| number_within(object, &delta.member);
            let (Some(old), Some(new), Some(amount)) = (
                number(before),
                number(after),
                delta.amount(&sent, id.as_deref()),
            ) else {
                continue;
            };
            if (new - old - amount).abs() < 1e-6 * old.abs().max(1.0) {
                continue;
            }
            let member = &delta.member;
            let name = operation.name();
            let message = if (new - old).abs() < f64::EPSILON {
                format!(
                    "{name} leaves `{member}` at {old}, and the page says that it changes by {amount}"
                )
            } else {
                format!(
                    "{name} changes `{member}` from {old} to {new}, and the page says by {amount}"
                )
            };
            let subject = self.subject_of(read, member);
            let found = Found::about(&state::ACTION_WITHOUT_EFFECT, subject, message)
                .seen((old + amount).to_string(), new.to_string());
            self.found(at, &noun, &format!("{index} {member} by"), found);
        }
    }

    /// What the text of an input that was sent says changes by as much has done so: "`seats_left` follows".
    pub(in crate::conform::session) fn check_followers(
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
        let fields = operation.body.iter().flat_map(|body| &body.fields);
        let following: Vec<_> = fields
            .filter(|field| sent.contains_key(&field.name.value))
            .filter_map(|field| Some((field, outcomes::follows(&field.description)?)))
            .collect();
        for (field, member) in following {
            let change = |name: &str| {
                let (old, new) = (number(before.get(name)?)?, number(after.get(name)?)?);
                Some((old, new - old))
            };
            let (Some((_, lead)), Some((old, follow))) =
                (change(&field.name.value), change(&member))
            else {
                continue;
            };
            if (lead - follow).abs() < 1e-6 {
                continue;
            }
            let message = format!(
                "{} changes `{}` by {lead}, and `{member}`, which follows it, by {follow}",
                operation.name(),
                field.name.value
            );
            let found = Found::about(
                &state::UPDATE_NOT_KEPT,
                self.subject_of(read, &member),
                message,
            )
            .promised_at(Some(field.open))
            .seen((old + lead).to_string(), (old + follow).to_string())
            .weak_if(true);
            self.found(at, &noun, &format!("{index} {member} follows"), found);
        }
    }

    /// What its field says counts changes is higher after a change.
    pub(in crate::conform::session) fn check_counted_changes(
        &mut self,
        at: usize,
        read: usize,
        (before, after): (&Value, &Value),
        sent: &Map<String, Value>,
    ) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let responses = operation.responses.iter();
        let fields = responses
            .filter(|it| it.status.is_success())
            .flat_map(|it| &it.fields);
        let all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
        let told = all.filter_map(|field| {
            let is_by_one = deltas::counts_changes(field)?;
            Some((field.name.value.clone(), is_by_one, field.open))
        });
        let remarks = self.api.shared.remarks.iter();
        let of_all = remarks.filter_map(|it| {
            let (name, is_by_one) = deltas::counted_in(&it.text.value, &role.noun)?;
            Some((name, is_by_one, it.text.evidence.span))
        });
        let counting: Vec<(String, bool, Span)> = told.chain(of_all).collect();
        for (name, is_by_one, span) in counting {
            let name = name.as_str();
            let number = |object: &Value| object.get(name)?.as_i64();
            let (Some(old), Some(new)) = (number(before), number(after)) else {
                continue;
            };
            let is_right = if is_by_one { new == old + 1 } else { new > old };
            if is_right || sent.contains_key(name) {
                continue;
            }
            let message = format!(
                "{} leaves `{name}`, which counts changes, at {new} after {old}",
                operation.name()
            );
            let subject = self.subject_of(read, name);
            let found = Found::about(&state::UPDATE_NOT_KEPT, subject, message)
                .promised_at(span)
                .seen((old + 1).to_string(), sample::plain(&Value::from(new)))
                .weak_if(true);
            self.found(at, &role.noun, &format!("{index} {name}"), found);
        }
    }
}

/// A member of an object, or of the only object in it that has one of that name: `on_hand` of `stock`.
fn within<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let members = object.as_object()?;
    members.get(name).or_else(|| {
        let mut inner = members.values().filter_map(|it| it.as_object()?.get(name));
        inner.next().filter(|_| inner.next().is_none())
    })
}

/// The number of a member, or the sum of those in the only list that has one of that name: `on_hand` of each place.
fn number_within(object: &Value, name: &str) -> Option<f64> {
    if let Some(value) = within(object, name) {
        return number(value);
    }
    let lists = object.as_object()?.values().filter_map(Value::as_array);
    let of_list = |items: &Vec<Value>| {
        let numbers = items.iter().map(|it| number(it.get(name)?));
        let sum = numbers.sum::<Option<f64>>();
        sum.filter(|_| !items.is_empty())
    };
    let mut sums = lists.filter_map(of_list);
    sums.next().filter(|_| sums.next().is_none())
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}
