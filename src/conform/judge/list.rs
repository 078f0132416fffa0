//! The items, the count, and the next page of an answer that lists.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain;
use crate::conform::pattern::pattern;
use crate::model::counts::TOTALS;
use crate::model::{Operation, route};

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
    of_envelope(answer, &TOTALS, Value::as_u64)
}

/// How many pages there are, as the answer says, and the name of the member that says so.
pub fn page_count(answer: &Value) -> Option<(String, u64)> {
    const NAMES: &[&str] = &[
        "totalpages",
        "pagecount",
        "pagestotal",
        "numpages",
        "numberofpages",
    ];
    of_envelope(answer, NAMES, Value::as_u64)
}

/// The members beside the items that count these: those whose descriptions say so, of all pages or of this one, and then the
/// one that is named as a total.
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
    static COUNT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:how many|number of|count of)\b"));
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
        let is_count =
            NAMES.iter().any(|word| folded.contains(word)) || COUNT.is_match(&field.description);
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
    counts.extend(total(answer).map(|(name, count)| Count {
        name,
        count,
        is_of_all: true,
    }));
    counts
}

/// How many things of a noun an object says that it has: `player_count`, `totalPlayers`, `stats.players`.
pub fn count_of(object: &Value, noun: &str) -> Option<(String, u64)> {
    let names = [
        format!("{noun}count"),
        format!("{noun}scount"),
        format!("{noun}stotal"),
        format!("total{noun}s"),
        format!("num{noun}s"),
        format!("numberof{noun}s"),
    ];
    let members = object.as_object()?.iter();
    let mut counts = members
        .clone()
        .filter(|(name, _)| names.contains(&letters(name)));
    let own = counts.find_map(|(name, count)| Some((name.clone(), count.as_u64()?)));
    let counting = members.filter(|(name, _)| {
        matches!(
            letters(name).as_str(),
            "stats" | "statistics" | "counts" | "totals"
        )
    });
    let plural = format!("{noun}s");
    let mut inner = counting.filter_map(|(outer, value)| {
        let mut members = value.as_object()?.iter();
        let (name, count) = members.find(|(name, _)| {
            let name = letters(name);
            name == plural || names.contains(&name)
        })?;
        Some((format!("{outer}.{name}"), count.as_u64()?))
    });
    own.or_else(|| inner.next())
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

/// Whether there is another page, as the answer says.
pub fn has_more(answer: &Value) -> Option<bool> {
    more(answer).map(|(_, more)| more)
}

/// The member that says whether there is another page, and what it says.
pub fn more(answer: &Value) -> Option<(String, bool)> {
    const NAMES: &[&str] = &[
        "hasmore",
        "hasnext",
        "hasnextpage",
        "hasmorepages",
        "hasmoreitems",
        "hasmoreresults",
        "moreavailable",
        "more",
    ];
    of_envelope(answer, NAMES, Value::as_bool)
}

/// Whether an answer names a next page, by a member such as `next` that is `null` on the last one, and its name.
pub fn next_page(answer: &Value) -> Option<(String, bool)> {
    of_envelope(answer, NEXT, |value| match linked(value) {
        Value::Null => Some(false),
        Value::String(text) => Some(!text.is_empty()),
        Value::Number(_) => Some(true),
        _ => None,
    })
}

/// The URL of the next page, and the name of the member that holds it.
pub fn next_url(answer: &Value) -> Option<(String, String)> {
    of_envelope(answer, NEXT, |value| match linked(value) {
        Value::String(text) if text.contains('/') => Some(text.clone()),
        _ => None,
    })
}

/// How many items there are on all pages, as a header says.
pub fn total_header(name: &str, value: &str) -> Option<u64> {
    const NAMES: &[&str] = &[
        "xtotalcount",
        "totalcount",
        "xtotal",
        "xtotalitems",
        "xtotalresults",
        "xcount",
        "xpaginationtotal",
        "xpaginationtotalcount",
        "paginationcount",
    ];
    let is_total = NAMES.contains(&letters(name).as_str());
    is_total.then(|| value.trim().parse().ok()).flatten()
}

/// What members are called that lead to the next page; those that are most often a cursor come first.
const NEXT: &[&str] = &[
    "next",
    "nextpage",
    "nextlink",
    "nexturl",
    "nexturi",
    "nexthref",
    "nextpagelink",
    "nextpageurl",
    "nextpageuri",
    "nextpagehref",
    "nextpath",
    "nextpagepath",
];

/// What a link says: `{"href": "…"}` stands for the URL in it.
fn linked(value: &Value) -> &Value {
    let inner = ["href", "url", "uri"];
    let members = value.as_object();
    let inner = members.and_then(|members| inner.iter().find_map(|name| members.get(*name)));
    inner.unwrap_or(value)
}

/// Where the next page starts: the name of the member, and its value unless that is null.
///
/// It is called `next_cursor` and the like, or by the name of the parameter that takes it, or `next`; a URL holds it as
/// the value of that parameter.
pub fn next_cursor(answer: &Value, parameter: &str) -> Option<(String, Option<String>)> {
    const NAMES: &[&str] = &[
        "nextcursor",
        "nextpagetoken",
        "nexttoken",
        "nextkey",
        "nextmarker",
        "endcursor",
        "continuationtoken",
        "cursor",
    ];
    let parameter_letters = letters(parameter);
    let of_parameter = [format!("next{parameter_letters}"), parameter_letters];
    let text = |value: &Value| match linked(value) {
        Value::String(text) if text.is_empty() => Some(None),
        Value::String(text) if text.contains('?') && text.contains('/') => {
            in_url(text, parameter).map(Some)
        }
        Value::String(text) => Some(Some(text.clone())),
        Value::Number(number) => Some(Some(number.to_string())),
        Value::Null => Some(None),
        _ => None,
    };
    let names = NAMES.iter().copied();
    let names: Vec<&str> = names
        .chain(of_parameter.iter().map(String::as_str))
        .chain(NEXT.iter().copied())
        .collect();
    of_envelope(answer, &names, text)
}

/// Where a `Link` header says that the next page is; `None` if it has no such relation.
pub fn next_link(header: &str) -> Option<&str> {
    let mut links = header.split(',').filter(|link| link.contains('<'));
    links.find_map(|link| {
        let (url, parameters) = link.split_once('<')?.1.split_once('>')?;
        let mut parameters = parameters.split(';').map(str::trim);
        let is_next = parameters.any(|it| {
            let relation = it.strip_prefix("rel=").unwrap_or_default();
            let mut relations = relation.trim_matches('"').split_whitespace();
            relations.any(|it| it.eq_ignore_ascii_case("next"))
        });
        is_next.then_some(url)
    })
}

/// The value of a parameter in the query of a URL.
pub fn in_url(url: &str, parameter: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let pairs = query.split('#').next()?.split('&');
    let mut values = pairs.filter_map(|pair| pair.split_once('='));
    let (_, value) = values.find(|(name, _)| *name == parameter)?;
    let value = value.replace('+', " ");
    Some(route::decode(&value))
}

/// Envelopes hold no more objects within each other.
const LEVELS: usize = 3;

/// A member at the root, or in an object beside the items; those further out come first.
fn of_envelope<T>(
    answer: &Value,
    names: &[&str],
    read: impl Fn(&Value) -> Option<T> + Copy,
) -> Option<(String, T)> {
    let mut level: Vec<&Value> = vec![answer];
    let mut all = Vec::new();
    for _ in 0..LEVELS {
        let members = level
            .iter()
            .filter_map(|value| value.as_object())
            .flatten()
            .collect::<Vec<_>>();
        level = members.iter().map(|(_, value)| *value).collect();
        all.extend(members);
    }
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
        let cursor = |answer: &Value| next_cursor(answer, "after");
        assert_eq!(cursor(&answer), Some(("next_cursor".to_owned(), None)));
        assert_eq!(cursor(&json!([])), None);
        let some = |name: &str, value: &str| Some((name.to_owned(), Some(value.to_owned())));
        let nested = json!({"data": [], "meta": {"page": {"next": "a1"}}});
        assert_eq!(cursor(&nested), some("next", "a1"));
        let link = json!({"links": {"next": "https://api.example.com/books?after=b%202&size=5"}});
        assert_eq!(cursor(&link), some("next", "b 2"));
        let path = json!({"next_page_uri": "/books?after=P3"});
        assert_eq!(cursor(&path), some("next_page_uri", "P3"));
        let last = json!({"_links": {"next": {"href": "/books?after=P9"}}});
        assert_eq!(cursor(&last), some("next", "P9"));
        let header = "</books?page=1>; rel=\"prev\", </books?page=3>; rel=\"next\"";
        assert_eq!(next_link(header), Some("/books?page=3"));
        assert_eq!(next_link("</books?page=1>; rel=\"prev\""), None);
    }
}
