//! Filters, searches, and orders of a list: each does what it is named for.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::judge::effect::{self, Effect, Relation};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::sample;
use crate::conform::said::{ranks, stated};
use crate::model::shape::ShapeKind;

use super::pages::{List, Walk};
use super::worded::{fits, in_mixed_case, is_exact};
use crate::conform::session::Session;

/// More ways to sort are not tried.
const ORDERS: usize = 8;

impl Session<'_, '_> {
    /// A filter that every request has to have.
    pub(super) fn check_fixed(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
        relation: Relation,
    ) {
        let (Some(value), Some(at)) = (list.fixed(input), all.exchanges.first().copied()) else {
            return;
        };
        let wrong = all
            .items
            .iter()
            .filter(|item| !effect::passes(item, member, relation, &value));
        let wrong = wrong.count();
        if wrong == 0 {
            return;
        }
        let text = sample::plain(&value);
        let observed = format!(
            "{wrong} of {} items with another `{member}`",
            all.items.len()
        );
        self.found(
            at,
            &list.noun,
            &input.subject(),
            Found::about(
                &state::INPUT_WITHOUT_EFFECT,
                input.subject(),
                format!(
                    "{} with `{}` as `{text}` answers with {observed}",
                    list.operation.name(),
                    input.name
                ),
            )
            .promised_at(input.span)
            .seen(
                format!("only items whose `{member}` fits `{text}`"),
                observed,
            ),
        );
    }

    pub(super) fn check_filter(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
        relation: Relation,
    ) {
        let telling = effect::telling(input, &all.items, member, relation);
        let is_promised = telling.as_ref().is_some_and(|it| it.is_promised);
        let other = || self.other_value(list, all, member, relation);
        let other = if is_promised { None } else { other() };
        let telling = other.or(telling);
        let is_of_items = is_promised;
        if let Some(telling) = telling {
            self.check_filter_by(list, all, input, (member, relation), telling);
        }
        // In other letters, a value that all items have finds all of them.
        let mut values = all
            .items
            .iter()
            .filter_map(|item| effect::at(item, member)?.as_str());
        let is_blind = relation == Relation::Is && list.is_blind(input);
        if let (Some(value), true, false) = (values.next(), is_blind, is_of_items) {
            let telling = effect::Telling {
                value: Value::from(value),
                is_promised: true,
            };
            self.check_filter_by(list, all, input, (member, relation), telling);
        }
        self.check_off(list, all, input, (member, relation));
        if relation == Relation::Is {
            self.check_exactly(list, all, input, member);
            self.check_several(list, all, input, member);
            self.check_repeatable(list, all, input, member);
        }
    }

    pub(super) fn check_filter_by(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        (member, relation): (&str, Relation),
        telling: effect::Telling,
    ) {
        let value = telling.value;
        let text = sample::plain(&value);
        // Where the page says that case does not matter, the other one is asked for.
        let text = if list.is_blind(input) {
            in_mixed_case(&text)
        } else {
            text
        };
        if !fits(input, &text) {
            return;
        }
        let pairs = [(input.name.clone(), text.clone())];
        let walk = if telling.is_promised {
            let surely = |it: &Value| effect::passes_surely(it, member, relation, &value);
            let size = self.size_of_some(list, all, surely);
            self.walk(list, size.or(list.largest()), &pairs)
        } else {
            self.glance(list, &pairs)
        };
        let Some(some) = walk else {
            return;
        };
        let Some(at) = some.exchanges.first().copied() else {
            return;
        };
        if some.is_complete {
            self.check_count(list, &some, some.items.len());
        }
        // What is exactly at the line is judged where the words say on which side it is.
        let is_line = matches!(relation, Relation::AtLeast | Relation::AtMost);
        let closed = effect::is_closed(&input.description).filter(|_| is_line);
        let is_edge = |item: &Value| effect::at(item, member) == Some(&value);
        let is_exact = relation == Relation::Is && is_exact(&input.description);
        let is_part_only = |item: &Value| {
            let held = effect::at(item, member).and_then(Value::as_str);
            let pair = held.zip(value.as_str());
            is_exact
                && pair.is_some_and(|(held, wanted)| held.to_lowercase() != wanted.to_lowercase())
        };
        let passes = |item: &&Value| {
            let is_beyond = closed == Some(false) && is_edge(item) || is_part_only(item);
            effect::passes(item, member, relation, &value) && !is_beyond
        };
        let wrong = some.items.iter().filter(|item| !passes(item)).count();
        let surely = |item: &&Value| {
            let is_part = closed == Some(true) && is_edge(item);
            effect::passes_surely(item, member, relation, &value) || is_part
        };
        let wanted = all.items.iter().filter(surely).count();
        let (observed, expected) = if wrong > 0 {
            (
                format!(
                    "{wrong} of {} items with {} `{member}`",
                    some.items.len(),
                    if relation == Relation::IsNot {
                        "that"
                    } else {
                        "another"
                    }
                ),
                format!("only items whose `{member}` fits `{text}`"),
            )
        } else if some.is_complete && some.items.len() < wanted && !self.has_moved(list, all) {
            (
                format!("{} of {wanted} items that fit it", some.items.len()),
                format!("the {wanted} items whose `{member}` fits `{text}`"),
            )
        } else {
            return;
        };
        self.found(
            at,
            &list.noun,
            &input.subject(),
            Found::about(
                &state::INPUT_WITHOUT_EFFECT,
                input.subject(),
                format!(
                    "{} with `{}` as `{text}` answers with {observed}",
                    list.operation.name(),
                    input.name
                ),
            )
            .promised_at(input.span)
            .seen(expected, observed),
        );
    }

    /// A documented value of a member that no item has: nothing is to be found with it.
    fn other_value(
        &self,
        list: &List<'_>,
        all: &Walk,
        member: &str,
        relation: Relation,
    ) -> Option<effect::Telling> {
        let values = self
            .stages(&list.noun, member)
            .or_else(|| self.items_sent(&list.noun, member))
            .filter(|_| relation == Relation::Is)?;
        let has = |value: &String| {
            let mut items = all.items.iter();
            items.any(|item| effect::at(item, member).is_some_and(|it| sample::plain(it) == *value))
        };
        let value = values.into_iter().find(|value| !has(value))?;
        Some(effect::Telling {
            value: Value::from(value),
            is_promised: true,
        })
    }

    /// The documented items of a list that a create takes.
    fn items_sent(&self, noun: &str, member: &str) -> Option<Vec<String>> {
        let create = self.example_of(noun, Kind::Create)?;
        let inputs = self.operation(create.operation).map(input::inputs)?;
        let input = inputs
            .iter()
            .find(|it| it.place == Place::Body && it.name == member)?;
        let ShapeKind::Array(items) = &input.shape.kind else {
            return None;
        };
        let allowed = items.constraints.allowed.as_ref()?;
        Some(allowed.value.iter().map(sample::plain).collect())
    }

    /// A text that nothing holds finds less than no text at all.
    pub(super) fn check_search(&mut self, list: &List<'_>, all: &Walk, input: &Input) {
        let nonsense = effect::NONSENSE.to_owned();
        let Some(none) = self.walk(
            list,
            list.largest(),
            &[(input.name.clone(), nonsense.clone())],
        ) else {
            return;
        };
        let Some(at) = none.exchanges.first().copied() else {
            return;
        };
        if none.items.len() >= all.items.len() {
            self.found(
                at,
                &list.noun,
                &input.subject(),
                Found::about(
                    &state::INPUT_WITHOUT_EFFECT,
                    input.subject(),
                    format!(
                        "{} with `{}` as `{nonsense}` answers with all {} items",
                        list.operation.name(),
                        input.name,
                        none.items.len()
                    ),
                )
                .promised_at(input.span)
                .seen("fewer items", format!("{} items", none.items.len())),
            );
            return;
        }
        for (member, word) in searched(input, &all.items) {
            self.check_found(list, all, input, &member, &word);
        }
    }

    /// A search for a word of a member in which the page says that it looks finds what has the word there.
    fn check_found(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
        word: &str,
    ) {
        let holds = |item: &Value| {
            let text = item.get(member).and_then(Value::as_str).unwrap_or_default();
            text.split(|c: char| !c.is_alphanumeric())
                .any(|it| it == word)
        };
        let wanted: Vec<Value> = all.items.iter().filter(|it| holds(it)).cloned().collect();
        let text = if list.is_blind(input) {
            in_mixed_case(word)
        } else {
            word.to_owned()
        };
        let pairs = [(input.name.clone(), text.clone())];
        let Some(some) = self.walk(list, list.largest(), &pairs) else {
            return;
        };
        let Some(at) = some.exchanges.first().copied().filter(|_| some.is_complete) else {
            return;
        };
        let found = some.ids(list);
        let page = Walk {
            items: wanted,
            ..Walk::default()
        };
        let Some(absent) = page.ids(list).into_iter().find(|id| !found.contains(id)) else {
            return;
        };
        let message = format!(
            "{} with `{}` as `{text}` does not find `{absent}`, which has it in `{member}`",
            list.operation.name(),
            input.name
        );
        let finding = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
            .promised_at(input.span)
            .seen(
                format!("`{absent}` among the items"),
                format!("{} items", some.items.len()),
            )
            .weak_if(true);
        self.found(
            at,
            &list.noun,
            &format!("{} {member}", input.subject()),
            finding,
        );
    }

    /// The order that the text states, where no parameter chooses another.
    pub(super) fn check_stated_order(&mut self, list: &List<'_>, all: &Walk) {
        let mut inputs = list.inputs.iter();
        if inputs.any(|input| effect::effect(input, &[]) == Effect::Sort) {
            return;
        }
        let Some(at) = all.exchanges.first().copied() else {
            return;
        };
        let texts = list.order_texts();
        let Some(order) = stated::order(&texts, &all.items) else {
            return;
        };
        let is_silent = order.is_descending.is_none();
        let is_upside_down = is_silent && effect::is_text_upside_down(&all.items, &order);
        if effect::is_sorted(&all.items, &order) && !is_upside_down {
            self.check_order_of_making(list, all, &order);
            return;
        }
        let member = &order.member;
        let values = all.items.iter().filter_map(|it| effect::at(it, member));
        let values: Vec<_> = values.map(sample::plain).take(8).collect();
        let message = format!("{} is not sorted by `{member}`", list.operation.name());
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, list.subject(), message)
            .said(list.order_sentence(&all.items))
            .seen(format!("sorted by `{member}`"), values.join(", "));
        self.found(at, &list.noun, &format!("order {}", list.index), found);
    }

    pub(super) fn check_sort(&mut self, list: &List<'_>, all: &Walk, input: &Input) {
        if effect::descends(input).is_some() {
            let values = ["true", "false"].map(str::to_owned);
            self.check_direction(list, all, input, &values);
            return;
        }
        let allowed = input.shape.constraints.allowed.as_ref();
        let values: Vec<String> = allowed
            .iter()
            .flat_map(|it| &it.value)
            .map(sample::plain)
            .collect();
        let values = match values.as_slice() {
            [] => super::orders::told_values(input, all),
            _ => values,
        };
        self.check_default_order(list, all, input, &values);
        if values.is_empty() {
            return;
        }
        let stated = Self::stated_direction(list, all, input);
        let is_direction = !values.is_empty()
            && values.iter().all(|it| {
                it.to_ascii_lowercase().starts_with("asc")
                    || it.to_ascii_lowercase().starts_with("desc")
            });
        if is_direction {
            self.check_direction(list, all, input, &values);
            return;
        }
        let reversed = reversed(input, &values, all);
        for value in values.iter().take(ORDERS).chain(&reversed) {
            let Some(mut order) = effect::order(value, &all.items) else {
                continue;
            };
            let opposite = format!("-{value}");
            let has_opposite = values.contains(&opposite) || reversed.as_ref() == Some(&opposite);
            let plain = has_opposite.then_some(false).or(stated);
            order.is_descending = order.is_descending.or(plain);
            if !effect::is_sortable(&all.items, &order.member) {
                continue;
            }
            let pairs = [(input.name.clone(), value.clone())];
            self.check_order(list, input, &pairs, &order);
        }
    }

    /// The direction that another parameter has by default.
    fn stated_direction(list: &List<'_>, all: &Walk, input: &Input) -> Option<bool> {
        let mut others = list.inputs.iter().filter(|other| {
            other.name != input.name && effect::effect(other, &all.items) == Effect::Sort
        });
        let default = list.fixed(others.clone().next()?);
        let default = default.or_else(|| others.find_map(|other| other.default.clone()))?;
        let text = sample::plain(&default).to_ascii_lowercase();
        let is_direction = text.starts_with("asc") || text.starts_with("desc");
        is_direction.then(|| text.starts_with("desc"))
    }

    /// The direction, together with the first member that there is a choice of.
    pub(super) fn check_direction(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        values: &[String],
    ) {
        let other = list.inputs.iter().find(|other| {
            other.name != input.name && effect::effect(other, &all.items) == Effect::Sort
        });
        let Some(other) = other else {
            self.check_turned(list, all, input, values);
            return;
        };
        let allowed = other.shape.constraints.allowed.as_ref();
        let mut members = allowed.iter().flat_map(|it| &it.value).map(sample::plain);
        let by = members.find_map(|value| {
            let order = effect::order(&value, &all.items)?;
            let is_fit =
                order.is_descending.is_none() && effect::is_sortable(&all.items, &order.member);
            is_fit.then_some((value, order))
        });
        let Some((by, order)) = by else {
            return;
        };
        for value in values.iter().take(2) {
            let is_descending = match effect::descends(input) {
                Some(descends) => descends == (value == "true"),
                None => value.to_ascii_lowercase().starts_with("desc"),
            };
            let order = effect::Order {
                member: order.member.clone(),
                is_descending: Some(is_descending),
            };
            let pairs = [
                (other.name.clone(), by.clone()),
                (input.name.clone(), value.clone()),
            ];
            self.check_order(list, input, &pairs, &order);
        }
    }

    pub(super) fn check_order(
        &mut self,
        list: &List<'_>,
        input: &Input,
        pairs: &[(String, String)],
        order: &effect::Order,
    ) {
        let Some(sorted) = self.walk(list, list.largest(), pairs) else {
            return;
        };
        let Some(at) = sorted.exchanges.first().copied() else {
            return;
        };
        let mut others = list.inputs.iter().filter(|other| other.name != input.name);
        let has_direction = others.any(|other| effect::effect(other, &[]) == Effect::Sort);
        let is_silent = order.is_descending.is_none()
            && !has_direction
            && !effect::speaks_of_direction(&input.description);
        let is_upside_down = is_silent && effect::is_text_upside_down(&sorted.items, order);
        let is_right = effect::is_sorted(&sorted.items, order) && !is_upside_down;
        if ranked(list, input, pairs, order, &sorted.items).unwrap_or(is_right) {
            return;
        }
        let values: Vec<_> = sorted
            .items
            .iter()
            .filter_map(|it| effect::at(it, &order.member))
            .map(sample::plain)
            .take(8)
            .collect();
        let value = pairs
            .last()
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        let direction = match order.is_descending {
            Some(true) => "falling ",
            Some(false) => "rising ",
            None => "",
        };
        self.found(
            at,
            &list.noun,
            &input.subject(),
            Found::about(
                &state::INPUT_WITHOUT_EFFECT,
                input.subject(),
                format!(
                    "{} with `{}` as `{value}` is not sorted by `{}`",
                    list.operation.name(),
                    input.name,
                    order.member
                ),
            )
            .promised_at(input.span)
            .seen(format!("{direction}`{}`", order.member), values.join(", ")),
        );
    }
}

/// A value with a minus before it, where the text says that this turns the order around and no documented value has one.
fn reversed(input: &Input, values: &[String], all: &Walk) -> Option<String> {
    if !effect::is_reversed_by_minus(&input.description)
        || values.iter().any(|it| it.starts_with('-'))
    {
        return None;
    }
    let is_fit = |value: &&String| {
        let order = effect::order(value, &all.items);
        order.is_some_and(|it| effect::is_sortable(&all.items, &it.member))
    };
    let value = values.iter().rfind(is_fit)?;
    Some(format!("-{value}"))
}

/// Whether the items go by the order of the documented values of a member, where that may be what is meant.
fn ranked(
    list: &List<'_>,
    input: &Input,
    pairs: &[(String, String)],
    order: &effect::Order,
    items: &[Value],
) -> Option<bool> {
    let ranks = ranks::of_member(list.operation, &order.member)?;
    if let Some(stated) = ranks::stated(&input.description, &ranks) {
        return ranks::is_ranked(items, &order.member, &stated, order.is_descending);
    }
    let value = pairs.iter().find(|(name, _)| *name == input.name);
    let first =
        value.and_then(|(_, value)| ranks::last_comes_first(&input.description, value, &ranks));
    if first.is_some() {
        return ranks::is_ranked(items, &order.member, &ranks, first).or(Some(true));
    }
    // Without a word about it, the order of the page is as good as that of the alphabet.
    let is_ranked = ranks::is_ranked(items, &order.member, &ranks, order.is_descending)?;
    is_ranked.then_some(true)
}

/// The members in which a description says that a search looks, and a word that one of the items has there.
fn searched(input: &Input, items: &[Value]) -> Vec<(String, String)> {
    let text = input.description.to_lowercase();
    // "Searches in title and description"
    if !["search", " in ", "whose", "match"]
        .iter()
        .any(|word| text.contains(word))
    {
        return Vec::new();
    }
    let words: Vec<_> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .map(letters)
        .collect();
    let members = items
        .first()
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let named = members.filter(|(name, _)| {
        let name = letters(name);
        let plural = format!("{name}s");
        name.len() > 2 && words.iter().any(|word| *word == name || *word == plural)
    });
    let found = named.filter_map(|(name, _)| {
        let mut texts = items.iter().filter_map(|item| item.get(name)?.as_str());
        let word = texts.find_map(|text| {
            let mut words = text.split(|c: char| !c.is_alphanumeric());
            let is_fit =
                |word: &&str| word.len() > 3 && word.chars().all(|c| c.is_ascii_alphabetic());
            words
                .find(|word| is_fit(word) && fits(input, word))
                .map(str::to_owned)
        })?;
        Some((name.clone(), word))
    });
    // More of them are not tried.
    found.take(2).collect()
}
