//! Lists of objects inside of answers: they are in the order that their field states, and the places of what stands in a
//! row are the ones that the page promises, such as 1, 2, 3 without a gap.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::input;
use crate::diagnostic::Diagnostic;
use crate::model::{Field, Response};

use super::computed::{Wrong, tell};
use super::{Case, effect, sample_of};
use crate::conform::said::stated;

/// Members nested deeper are not looked at.
const DEPTH: usize = 6;

/// Adds a finding for each list that is not in its order, and for each row with other places.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    response: &Response,
    value: &Value,
    into: &mut Vec<Diagnostic>,
) {
    let mut wrong = Vec::new();
    visit(case, &response.fields, value, "", 0, &mut wrong);
    tell(case, answer, wrong, "documented here", into);
}

fn visit(
    case: &Case<'_>,
    fields: &[Field],
    value: &Value,
    path: &str,
    depth: usize,
    into: &mut Vec<Wrong>,
) {
    let Some(members) = value.as_object().filter(|_| depth < DEPTH) else {
        return;
    };
    for field in fields {
        let name = &field.name.value;
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{name}");
        match members.get(name) {
            Some(Value::Array(items)) => {
                // What a request chooses, or narrows, is judged by what it asks for.
                let is_whole = depth > 0 || is_whole(case);
                let places = field.children.iter().filter(|_| is_whole);
                for place in places {
                    into.extend(places_of(field, place, items, &path));
                }
                let is_plain = depth > 0 || !case.item.request.url.contains('?');
                into.extend(order_of(field, items, &path).filter(|_| is_plain));
                for item in items {
                    let path = format!("{path}[]");
                    visit(case, &field.children, item, &path, depth + 1, into);
                }
            }
            Some(inner) => visit(case, &field.children, inner, &path, depth + 1, into),
            None => {}
        }
    }
}

/// True if the list at the root of an answer is all there is.
fn is_whole(case: &Case<'_>) -> bool {
    let mut inputs = input::inputs(case.operation).into_iter();
    !case.item.request.url.contains('?') && !inputs.any(|it| it.place == input::Place::Query)
}

/// What is wrong with the order of a list, if its field states one.
fn order_of(field: &Field, items: &[Value], path: &str) -> Option<Wrong> {
    let texts = [field.description.clone()];
    let order = stated::order(&texts, items).filter(|_| items.len() > 1)?;
    let is_silent = order.is_descending.is_none();
    let is_upside_down = is_silent && effect::is_text_upside_down(items, &order);
    if effect::is_sorted(items, &order) && !is_upside_down {
        return None;
    }
    let member = &order.member;
    let values = items.iter().filter_map(|it| effect::at(it, member));
    let values: Vec<_> = values.map(sample_of).take(8).collect();
    Some(Wrong {
        span: field.open,
        path: path.to_owned(),
        message: format!("`{path}` is not sorted by `{member}`"),
        expected: format!("sorted by `{member}`"),
        observed: values.join(", "),
        is_sure: false,
    })
}

/// What is wrong with the places of a row that begins with 0 or 1 and has no gaps.
fn places_of(list: &Field, place: &Field, items: &[Value], path: &str) -> Option<Wrong> {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:latest|last|first\s+\d+|recent|newest|up\s+to|page|preview|top|some|limited)\b",
        )
    });
    let first = first_place(&place.description)?;
    if items.is_empty() || PART.is_match(&list.description) {
        return None;
    }
    let name = &place.name.value;
    let places: Option<Vec<u64>> = items.iter().map(|it| it.get(name)?.as_u64()).collect();
    let mut places = places?;
    places.sort_unstable();
    let count = places.len() as u64;
    let wanted: Vec<u64> = (first..first + count).collect();
    let shown = |places: &[u64]| {
        let places: Vec<_> = places.iter().take(12).map(ToString::to_string).collect();
        places.join(", ")
    };
    (places != wanted).then(|| Wrong {
        span: place.open,
        path: format!("{path}[].{name}"),
        message: format!("`{path}[].{name}` is not counted from {first} without gaps"),
        expected: shown(&wanted),
        observed: shown(&places),
        is_sure: false,
    })
}

/// The place of the first in a row that has no gaps, if a text says both.
pub(crate) fn first_place(text: &str) -> Option<u64> {
    static FIRST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:first\s+(?:\w+\s+){0,3}?(?:has|is|stands|at|gets)\s+(?:(?:at|on|in|the|has)\s+)*(?:position|place|number|index)?\s*|(?:starts?|starting|begins?|beginning|counted|counting|numbered)\s+(?:at|with|from)\s+)`?(?P<first>[01])`?\b
            | \b(?P<based>[01]|one|zero)-based\b",
        )
    });
    static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no|never|without|not\s+have)\s+(?:\w+\s+)?gaps?\b|\bgap-?less\b|\bgaps?\s+(?:are\s+)?clos|\bconsecutive(?:ly)?\b|\bcontiguous\b",
        )
    });
    let found = FIRST.captures(text)?;
    let first = found.name("first").or_else(|| found.name("based"))?;
    let first = match first.as_str().to_ascii_lowercase().as_str() {
        "0" | "zero" => 0,
        _ => 1,
    };
    WITHOUT.is_match(text).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_where_a_row_begins() {
        let one = "The first item has position 1, and there are never gaps.";
        assert_eq!(first_place(one), Some(1));
        let one = "The first line is at position 1, and there are no gaps.";
        assert_eq!(first_place(one), Some(1));
        assert_eq!(first_place("Starts at 0, without gaps."), Some(0));
        assert_eq!(first_place("Counted from 1. Gaps are closed."), Some(1));
        assert_eq!(first_place("The first position is 1."), None);
        assert_eq!(first_place("Its place in the list."), None);
    }
}
