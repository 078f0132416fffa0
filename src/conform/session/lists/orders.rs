//! Orders that no value names: the one of a list that is asked for none, and a direction without a member.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::judge::effect::{self, Order};
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::Input;
use crate::conform::plan::sample;
use crate::conform::said::stated;
use crate::model::shape::ShapeKind;

use super::pages::{List, Walk};
use crate::conform::session::Session;

/// Fewer items tell nothing of an order.
const ENOUGH: usize = 3;

impl Session<'_, '_> {
    /// The order of a list that is asked for none is the default of the parameter, or the one that the page states.
    pub(in crate::conform::session) fn check_default_order(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        values: &[String],
    ) {
        let Some(at) = all.exchanges.first().copied() else {
            return;
        };
        if list.fixed(input).is_some() || all.items.len() < ENOUGH {
            return;
        }
        let Some(order) = default_order(list, all, input, values) else {
            return;
        };
        let member = &order.member;
        if !effect::is_sortable(&all.items, member) || effect::is_sorted(&all.items, &order) {
            return;
        }
        let shown = all.items.iter().filter_map(|it| effect::at(it, member));
        let shown: Vec<_> = shown.map(sample::plain).take(8).collect();
        let direction = match order.is_descending {
            Some(true) => "falling ",
            _ => "rising ",
        };
        let message = format!(
            "{} without `{}` is not in the order that the page states",
            list.operation.name(),
            input.name
        );
        let found = Found::about(&state::DEFAULT_NOT_APPLIED, input.subject(), message)
            .promised_at(input.span)
            .seen(format!("{direction}`{member}`"), shown.join(", "))
            .weak_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }

    /// A direction that is the only choice there is turns the items around.
    pub(in crate::conform::session) fn check_turned(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        values: &[String],
    ) {
        let Some(falling) = by_making(all).filter(|_| all.items.len() >= ENOUGH) else {
            return;
        };
        let is_turned = |it: &&String| it.to_ascii_lowercase().starts_with("desc") != falling;
        let (Some(value), true) = (values.iter().find(is_turned), list.fixed(input).is_none())
        else {
            return;
        };
        let pairs = [(input.name.clone(), value.clone())];
        let Some(turned) = self.walk(list, list.largest(), &pairs) else {
            return;
        };
        let Some(at) = turned.exchanges.first().copied() else {
            return;
        };
        if !turned.is_complete || turned.ids(list) != all.ids(list) {
            return;
        }
        let message = format!(
            "{} with `{}` as `{value}` answers in the same order as without it",
            list.operation.name(),
            input.name
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
            .promised_at(input.span)
            .seen("the items the other way around", "the same order")
            .weak_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }
}

/// True if the items are in falling order of their making, false if in rising order; nothing if that does not show.
fn by_making(all: &Walk) -> Option<bool> {
    let falling = effect::order("newest", &all.items)?;
    let rising = effect::order("oldest", &all.items)?;
    let is_told = effect::is_sortable(&all.items, &falling.member);
    let found = (
        effect::is_sorted(&all.items, &falling),
        effect::is_sorted(&all.items, &rising),
    );
    match found {
        (true, false) if is_told => Some(true),
        (false, true) if is_told => Some(false),
        _ => None,
    }
}

fn default_order(list: &List<'_>, all: &Walk, input: &Input, values: &[String]) -> Option<Order> {
    let value = input.default.as_ref().map(sample::plain);
    let value = value.or_else(|| told_default(&input.description).map(str::to_owned));
    let Some(value) = value else {
        let stated = stated::order(&list.order_texts(), &all.items)?;
        // What is newest is told by the time of making, whatever the parameter is called.
        let newest = effect::order("newest", &all.items)?;
        let is_of_making = newest.member == stated.member && stated.is_descending.is_some();
        return is_of_making.then_some(stated);
    };
    let mut order = effect::order(&value, &all.items)?;
    let opposite = format!("-{value}");
    let has_opposite = values.contains(&opposite) || input.description.contains("-`");
    order.is_descending = order
        .is_descending
        .or_else(|| has_opposite.then_some(false));
    order.is_descending.is_some().then_some(order)
}

/// "If you do not say, it is `-created_at`."
fn told_default(text: &str) -> Option<&str> {
    static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:if\s+you\s+do\s?n[o'’]t\s+(?:say|send\s+it|choose)|if\s+(?:it\s+is\s+)?(?:omitted|left\s+out|not\s+(?:set|given|sent|present))|without\s+it|by\s+default|defaults?\s+(?:is|to)|default:)
            [^.;`]{0,24}`(?P<value>[-+]?\w+)`",
        )
    });
    let found = DEFAULT.captures(text)?;
    found.name("value").map(|it| it.as_str())
}

/// The orders that the text of a parameter names, where nothing lists them: "`created_at` for oldest first, `-created_at`
/// for newest first".
pub(super) fn told_values(input: &Input, all: &Walk) -> Vec<String> {
    if input.shape.kind != ShapeKind::String {
        return Vec::new();
    }
    let codes = input.description.split('`').skip(1).step_by(2);
    let mut values: Vec<String> = Vec::new();
    for code in codes {
        let is_new = !values.iter().any(|it| it == code);
        let is_direction = matches!(code, "asc" | "desc" | "ascending" | "descending");
        if is_new && (is_direction || effect::order(code, &all.items).is_some()) {
            values.push(code.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_tell_the_order_that_holds_by_default() {
        for (text, value) in [
            (
                "If you do not say, it is `-created_at`.",
                Some("-created_at"),
            ),
            ("By default `name`.", Some("name")),
            ("Without it the order is `name`.", Some("name")),
            ("Defaults to `-date`.", Some("-date")),
            ("If omitted, items are sorted by `name`.", Some("name")),
            ("`name` or `date`.", None),
        ] {
            assert_eq!(told_default(text), value, "{text}");
        }
    }
}
