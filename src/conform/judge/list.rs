//! The items, the count, and the next page of an answer that lists.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain;
use crate::model::Operation;

/// The items of a list, where the docs say that they are, or in the only array of objects.
pub fn items<'v>(operation: &Operation, answer: Option<&'v Value>) -> Vec<&'v Value> {
    array(operation, answer).map_or_else(Vec::new, |items| items.iter().collect())
}

/// The array of items; `None` if there is none.
pub fn array<'v>(operation: &Operation, answer: Option<&'v Value>) -> Option<&'v Vec<Value>> {
    let answer = answer?;
    if let Some(list) = chain::list_of(operation) {
        let found = list
            .way
            .iter()
            .try_fold(answer, |value, name| value.get(name));
        if let Some(items) = found.and_then(Value::as_array) {
            return Some(items);
        }
    }
    if let Some(items) = answer.as_array() {
        return Some(items);
    }
    let mut arrays = answer.as_object()?.values().filter_map(Value::as_array);
    arrays.next().filter(|_| arrays.next().is_none())
}

/// How many items there are on all pages, as the answer says, and the name of the member that says so.
pub fn total(answer: &Value) -> Option<(String, u64)> {
    const NAMES: &[&str] = &[
        "total",
        "totalcount",
        "totalitems",
        "totalresults",
        "totalrecords",
        "totalelements",
    ];
    of_envelope(answer, NAMES, Value::as_u64)
}

/// The members beside the items whose descriptions say that they count the items: of all pages, or of this one.
pub fn counts(operation: &Operation, answer: &Value) -> Vec<Count> {
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:all pages|in total|total (?:number|count|amount)|altogether|overall|in all|across (?:all )?pages|matching (?:items|results|records))\b",
        )
    });
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:number|count|how many)\b.*\b(?:this|the current) (?:page|response|batch|answer)\b",
        )
    });
    const NAMES: &[&str] = &["count", "total", "num", "size", "results", "returned"];
    let fields = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let mut counts = Vec::new();
    for field in fields.flat_map(|field| std::iter::once(field).chain(&field.children)) {
        let name = &field.name.value;
        let folded = letters(name);
        let is_count = NAMES.iter().any(|word| folded.contains(word));
        let is_all = ALL.is_match(&field.description);
        let is_page = PAGE.is_match(&field.description);
        if !is_count || is_all == is_page || folded.contains("page") {
            continue;
        }
        if let Some((name, count)) = of_envelope(answer, &[folded.as_str()], Value::as_u64) {
            counts.push(Count {
                name,
                count,
                is_of_all: is_all,
            });
        }
    }
    counts
}

/// A count that an answer tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The member.
    pub name: String,
    /// What it says.
    pub count: u64,
    /// True if it counts the items of all pages, and not those of one.
    pub is_of_all: bool,
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "the patterns are constants")]
    Regex::new(text).unwrap()
}

const MORE: &[&str] = &["hasmore", "hasnext", "hasnextpage"];

/// Whether there is another page, as the answer says.
pub fn has_more(answer: &Value) -> Option<bool> {
    of_envelope(answer, MORE, Value::as_bool).map(|(_, more)| more)
}

/// The name of the member that says whether there is another page.
pub fn more_name(answer: &Value) -> Option<String> {
    of_envelope(answer, MORE, Value::as_bool).map(|(name, _)| name)
}

/// Where the next page starts: the name of the member, and its value unless that is null.
pub fn next_cursor(answer: &Value) -> Option<(String, Option<String>)> {
    const NAMES: &[&str] = &[
        "nextcursor",
        "nextpagetoken",
        "nexttoken",
        "endcursor",
        "cursor",
    ];
    let text = |value: &Value| match value {
        Value::String(text) if text.is_empty() => Some(None),
        Value::String(text) => Some(Some(text.clone())),
        Value::Number(number) => Some(Some(number.to_string())),
        Value::Null => Some(None),
        _ => None,
    };
    of_envelope(answer, NAMES, text)
}

/// A member at the root, or in an object beside the items.
fn of_envelope<T>(
    answer: &Value,
    names: &[&str],
    read: impl Fn(&Value) -> Option<T> + Copy,
) -> Option<(String, T)> {
    let members = answer.as_object()?;
    let inner = members
        .values()
        .filter_map(Value::as_object)
        .flat_map(|inner| inner.iter());
    let all: Vec<_> = members.iter().chain(inner).collect();
    names.iter().find_map(|wanted| {
        let mut fitting = all.iter().filter(|(name, _)| letters(name) == *wanted);
        fitting.find_map(|(name, value)| Some(((*name).clone(), read(value)?)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_envelope_of_a_list_is_read() {
        let answer =
            json!({"data": [], "meta": {"total_count": 7, "next_cursor": null}, "hasMore": false});
        assert_eq!(total(&answer), Some(("total_count".to_owned(), 7)));
        assert_eq!(has_more(&answer), Some(false));
        assert_eq!(next_cursor(&answer), Some(("next_cursor".to_owned(), None)));
        assert_eq!(next_cursor(&json!([])), None);
    }
}
