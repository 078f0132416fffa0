//! The items of lists: how many there are, which each of them is, and what they say of their places.

use serde_json::{Map, Value};

use crate::mock::limits;
use crate::mock::words::folded;
use crate::model::shape::{Constraints, Member, Shape, ShapeKind};

use super::cast::Place;
use super::{At, DEEP, Generator, ITEMS, agree, all_stated, fits, listed, readings, series};

impl Generator<'_> {
    pub(super) fn items(&self, constraints: &Constraints, items: &Shape, at: &At<'_>) -> Value {
        let page = self.page.filter(|_| at.is_listed && at.depth == 0);
        let (first, count) = match page {
            Some(page) => (page.offset, page.shown()),
            None if at.depth < DEEP => (0, ITEMS),
            None => (0, 1),
        };
        let is_main = at.depth == 0;
        let count = series::days(items, self.range)
            .or_else(|| series::told(at.text).filter(|_| page.is_none()))
            .or_else(|| {
                series::count(
                    &self.sent,
                    self.circumstances.asked,
                    at.text,
                    is_main,
                    count,
                )
            })
            .unwrap_or(count);
        let is_bare =
            matches!(&items.kind, ShapeKind::Object { members, .. } if members.is_empty());
        let is_open = is_bare || matches!(items.kind, ShapeKind::Unknown | ShapeKind::Any);
        let listed = if is_open {
            listed::members(at.text)
        } else {
            Vec::new()
        };
        if !listed.is_empty() {
            let count = limits::count(constraints, count);
            let made = (0..count).map(|index| self.object(&listed, &at.item(first + index)));
            return made.collect();
        }
        // Things of which nothing is known are worse than none.
        let is_nameless = is_bare || is_open && self.names_object(at);
        let is_unknown = is_nameless && page.is_none() && self.thing(at).is_none();
        let count = if is_unknown { 0 } else { count };
        let count = limits::count(constraints, count);
        let text = |member: &Member| self.text_of(member);
        let made = (0..count).map(|index| {
            let shape = in_turn(constraints, items, index).unwrap_or(items);
            let number = first.saturating_add(index);
            let mut item = self.value(shape, &at.item(number));
            if page.is_some() {
                self.fit_filters(items, &mut item);
            }
            if let Value::Object(made) = &mut item {
                series::number(made, items, number, &text);
            }
            item
        });
        let mut made: Vec<Value> = made.collect();
        if page.is_none() {
            tell_apart(&mut made, items, constraints);
        }
        if series::rank(&mut made, items, at.name, at.text) {
            for (item, number) in made.iter_mut().zip(first..) {
                if let Value::Object(made) = item {
                    series::number(made, items, number, &text);
                }
            }
        }
        series::line_up(&mut made, items, self.range);
        Value::Array(made)
    }

    /// Gives an item of the list the values that the query asks for by the names of its members.
    fn fit_filters(&self, items: &Shape, item: &mut Value) {
        let Value::Object(made) = item else {
            return;
        };
        for member in items.members() {
            let query = self.circumstances.query.iter();
            let mut asked = query.filter(|(name, _)| *name == member.name);
            if let Some(known) = made.get_mut(&member.name)
                && let Some((_, text)) = asked.next()
                && let Some(value) = readings(&Value::from(text.as_str()))
                    .into_iter()
                    .find(|value| fits(&member.shape, value))
            {
                *known = value;
                if folded(&member.name).starts_with("country") {
                    fit_country(made, items, text);
                }
            }
        }
    }
}

/// Takes plain values out that are there already, once others of those that are allowed stand in their place.
fn tell_apart(made: &mut Vec<Value>, items: &Shape, constraints: &Constraints) {
    let allowed = all_stated(items);
    let first = made
        .first()
        .and_then(|first| allowed.iter().position(|it| it == first));
    if let Some(first) = first {
        for (value, other) in made.iter_mut().zip(allowed.iter().cycle().skip(first)) {
            value.clone_from(other);
        }
    }
    let least = constraints.min_length.as_ref().map_or(0, |it| it.value);
    let mut at = 1;
    while let Some(value) = made.get(at) {
        let is_known = made.iter().take(at).any(|it| it == value);
        let is_plain = value.is_string() && is_known;
        if is_plain && made.len() as u64 > least {
            made.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Gives a thing the currency of the country that is asked for.
fn fit_country(made: &mut Map<String, Value>, items: &Shape, code: &str) {
    let Some(place) = Place::in_country(code) else {
        return;
    };
    for member in items.members() {
        let is_currency = matches!(folded(&member.name).as_str(), "currency" | "currencycode");
        let is_made = made.get(&member.name).and_then(Value::as_str);
        if is_currency && is_made.is_some_and(|it| it.len() == 3) {
            let is_lower = is_made.is_some_and(|it| it.starts_with(|it: char| it.is_lowercase()));
            let code = place.currency;
            let code = if is_lower {
                code.to_lowercase()
            } else {
                code.to_owned()
            };
            agree::set(made, member, code);
        }
    }
}

/// What stands at a place of a tuple; none if the array has any number of items.
fn in_turn<'s>(constraints: &Constraints, items: &'s Shape, index: u64) -> Option<&'s Shape> {
    let ShapeKind::Union(shapes) = &items.kind else {
        return None;
    };
    let length = constraints.min_length.as_ref()?.value;
    let is_fixed = constraints.max_length.as_ref()?.value == length;
    let is_tuple = is_fixed && length == shapes.len() as u64;
    shapes
        .get(usize::try_from(index).ok()?)
        .filter(|_| is_tuple)
}
