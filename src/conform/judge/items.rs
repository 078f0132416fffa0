//! What an answer says of each of the many things that one request sent: `{"results": [{"index": 0, "outcome": "created"},
//! {"index": 1, "outcome": "rejected", "reason": "bad_code"}]}`, or `{"errors": [{"index": 1, …}]}` alone. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::conform::plan::input::{Input, Place, Step};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Fact, Operation, Reason};

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was taken: the word that says so, if there is one.
    Taken(Option<String>),
    /// It was not taken: the code or the words that say why, if there are some.
    Rejected(Option<String>),
}

/// Names of lists of what was not taken.
const LISTS: &[&str] = &[
    "errors",
    "failures",
    "failed",
    "faileditems",
    "failedrows",
    "rejected",
    "rejections",
    "rejecteditems",
    "rejectedrows",
    "invalid",
    "problems",
    "unprocessed",
];

/// Names of members that say what became of a row.
const OUTCOMES: &[&str] = &[
    "outcome",
    "status",
    "state",
    "result",
    "action",
    "disposition",
];

/// Names of members that say why a row was not taken.
const REASONS: &[&str] = &[
    "reason",
    "error",
    "errors",
    "errorcode",
    "code",
    "message",
    "failure",
    "problem",
    "detail",
];

/// Words for rows that were not taken.
const WORDS: &[&str] = &[
    "rejected",
    "failed",
    "failure",
    "error",
    "errored",
    "invalid",
    "refused",
    "skipped",
    "not_imported",
    "not_created",
];

/// What became of each row, as far as an answer tells.
pub(crate) fn fates(body: &Value, rows: &[Value]) -> Vec<Option<Fate>> {
    let lists = lists(body);
    let (of_rejected, of_all): (Vec<_>, Vec<_>) = lists
        .into_iter()
        .partition(|(name, _)| LISTS.contains(&name.as_str()));
    let whole = of_all.iter().find(|(_, entries)| {
        let tells = |entry: &&Value| fate(entry).is_some();
        entries.len() == rows.len() && entries.iter().filter(tells).count() == entries.len()
    });
    if let Some((_, entries)) = whole {
        let numbered = Numbered::of(entries);
        return (0..rows.len())
            .map(|at| fate(numbered.entry(at)?))
            .collect();
    }
    let Some((_, rejected)) = of_rejected.first() else {
        return vec![None; rows.len()];
    };
    let numbered = Numbered::of(rejected);
    let is_told = rejected.iter().all(|entry| number(entry).is_some());
    let places = rows.iter().enumerate().map(|(at, row)| {
        let named = rejected.iter().find(|entry| is_named(entry, row));
        let found = if is_told {
            numbered.numbered(at)
        } else {
            named
        };
        match found {
            Some(entry) => Some(Fate::Rejected(reason(entry))),
            None if is_told || rejected.is_empty() => Some(Fate::Taken(None)),
            None => None,
        }
    });
    places.collect()
}

/// The number of the first row, where an answer or an example numbers all rows one after the other.
pub(crate) fn first_number(body: &Value) -> Option<u64> {
    let lists = lists(body);
    let (_, entries) = lists.iter().find(|(name, entries)| {
        entries.len() > 1
            && !LISTS.contains(&name.as_str())
            && entries.iter().all(|it| fate(it).is_some())
    })?;
    let numbers: Option<Vec<u64>> = entries.iter().map(number).collect();
    let numbers = numbers?;
    let first = *numbers.first()?;
    let is_row = numbers
        .iter()
        .zip(first..)
        .all(|(one, wanted)| *one == wanted);
    is_row.then_some(first)
}

/// The lists of objects in an answer, or in an object of it, with the letters of their names.
fn lists(body: &Value) -> Vec<(String, &Vec<Value>)> {
    let mut lists = Vec::new();
    if let Some(items) = body.as_array() {
        lists.push((String::new(), items));
    }
    let members = body.as_object().into_iter().flatten();
    let inner = members.clone();
    let inner = inner.filter_map(|(_, value)| value.as_object()).flatten();
    for (name, value) in members.chain(inner) {
        let items = value.as_array();
        let items = items.filter(|items| items.iter().all(Value::is_object));
        lists.extend(items.map(|items| (letters(name), items)));
    }
    lists
}

/// Entries of which each may say the number of its row.
struct Numbered<'v> {
    entries: &'v [Value],
    /// The number of the first row.
    first: u64,
}

impl<'v> Numbered<'v> {
    fn of(entries: &'v [Value]) -> Self {
        let numbers = entries.iter().map(number);
        let all: Option<Vec<u64>> = numbers.collect();
        // Numbers that go from 1 to the count of all count from 1.
        let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let is_from_one = all.is_some_and(|all| {
            all.iter().min() == Some(&1) && all.iter().max() == Some(&count) && count > 0
        });
        Self {
            entries,
            first: u64::from(is_from_one),
        }
    }

    fn numbered(&self, at: usize) -> Option<&'v Value> {
        let wanted = u64::try_from(at).ok()? + self.first;
        self.entries
            .iter()
            .find(|entry| number(entry) == Some(wanted))
    }

    fn entry(&self, at: usize) -> Option<&'v Value> {
        let is_told = self.entries.iter().all(|entry| number(entry).is_some());
        if is_told {
            return self.numbered(at);
        }
        self.entries.get(at)
    }
}

fn number(entry: &Value) -> Option<u64> {
    let mut members = entry.as_object()?.iter();
    let found = members.find(|(name, _)| {
        matches!(
            letters(name).as_str(),
            "index" | "row" | "line" | "rowindex" | "rownumber" | "position" | "item" | "itemindex"
        )
    });
    found?.1.as_u64()
}

/// True if an entry has a value by which a row names itself.
fn is_named(entry: &Value, row: &Value) -> bool {
    let members = row.as_object().into_iter().flatten();
    let mut shared = members.filter_map(|(name, value)| Some((value, entry.get(name)?)));
    shared.any(|(sent, told)| sent.is_string() && sent == told)
}

/// What an entry says of its row.
pub(crate) fn fate(entry: &Value) -> Option<Fate> {
    let members = entry.as_object()?;
    let word = members.iter().find_map(|(name, value)| {
        let is_outcome = OUTCOMES.contains(&letters(name).as_str());
        value.as_str().filter(|_| is_outcome).map(str::to_lowercase)
    });
    let is_refused_word = word.as_ref().is_some_and(|it| WORDS.contains(&it.as_str()));
    let is_denied = members.iter().any(|(name, value)| {
        let name = letters(name);
        let is_truth = matches!(
            name.as_str(),
            "success" | "ok" | "accepted" | "valid" | "imported" | "created"
        );
        let is_code = matches!(name.as_str(), "status" | "statuscode" | "httpstatus");
        is_truth && *value == Value::Bool(false)
            || is_code
                && value
                    .as_u64()
                    .is_some_and(|code| (400..600).contains(&code))
    });
    let has_error = members.iter().any(|(name, value)| {
        let is_error = matches!(letters(name).as_str(), "error" | "errors");
        let is_empty = value.is_null()
            || value.as_str() == Some("")
            || value.as_array().is_some_and(Vec::is_empty);
        is_error && !is_empty && *value != Value::Bool(false)
    });
    if is_refused_word || is_denied || has_error && word.is_none() {
        return Some(Fate::Rejected(reason(entry)));
    }
    let is_confirmed = members.iter().any(|(name, value)| {
        let name = letters(name);
        let is_code = matches!(name.as_str(), "status" | "statuscode" | "httpstatus");
        matches!(name.as_str(), "success" | "ok" | "accepted") && *value == Value::Bool(true)
            || is_code
                && value
                    .as_u64()
                    .is_some_and(|code| (200..300).contains(&code))
    });
    (word.is_some() || is_confirmed).then_some(Fate::Taken(word))
}

/// Why an entry says that its row was not taken.
fn reason(entry: &Value) -> Option<String> {
    let members = entry.as_object()?;
    REASONS.iter().find_map(|wanted| {
        let mut named = members.iter().filter(|(name, _)| letters(name) == *wanted);
        let (_, value) = named.next()?;
        let inner = value.get("code").or_else(|| value.get("message"));
        inner.unwrap_or(value).as_str().map(str::to_owned)
    })
}

/// The member of the body with the rows of which a success tells one by one what became of them.
pub(crate) fn told_one_by_one(operation: &Operation) -> Option<String> {
    let body = operation.body.as_ref()?;
    let is_rows = |shape: &Shape| match &shape.kind {
        ShapeKind::Array(items) => !items.members().is_empty(),
        _ => false,
    };
    let mut rows = body.shape.members().iter().filter(|it| is_rows(&it.shape));
    let only = rows.next().filter(|_| rows.next().is_none())?;
    let successes = operation
        .responses
        .iter()
        .filter(|it| it.status.is_success());
    let tells = successes.into_iter().any(|response| {
        let by_shape = response.shape.as_ref().is_some_and(|shape| tells(shape, 2));
        let mut examples = response.examples.iter().filter_map(|it| it.value());
        by_shape || examples.any(|it| shows(&it.to_value()))
    });
    tells.then(|| only.name.clone())
}

/// True if a shape has a list of what was not taken, or one whose entries say what became of them.
fn tells(shape: &Shape, depth: usize) -> bool {
    shape.members().iter().any(|member| {
        let name = letters(&member.name);
        match &member.shape.kind {
            ShapeKind::Array(_) if LISTS.contains(&name.as_str()) => true,
            ShapeKind::Array(items) => {
                let inner = items.members();
                let mut values = inner
                    .iter()
                    .filter(|it| OUTCOMES.contains(&letters(&it.name).as_str()))
                    .filter_map(|it| it.shape.constraints.allowed.as_ref())
                    .flat_map(|allowed| &allowed.value);
                values.any(|it| it.as_str().is_some_and(is_refusal))
            }
            ShapeKind::Object { .. } if depth > 0 => tells(&member.shape, depth - 1),
            _ => false,
        }
    })
}

/// True if an example shows a list of what was not taken, or an entry that was not.
fn shows(body: &Value) -> bool {
    lists(body).iter().any(|(name, entries)| {
        let mut fates = entries.iter().map(fate);
        LISTS.contains(&name.as_str()) || fates.any(|it| matches!(it, Some(Fate::Rejected(_))))
    })
}

fn is_refusal(word: &str) -> bool {
    WORDS.contains(&word.to_lowercase().as_str())
}

/// The one code that a table of the page gives for a row without an input, or with a wrong one.
pub(crate) fn expected_reason(operation: &Operation, variant: &Variant) -> Option<Fact<Reason>> {
    static MISSING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:no|not|without|missing|lacks?|lacking|empty|absent|left\s+out)\b")
    });
    let (input, is_missing) = match variant {
        Variant::Missing(input) => (input, true),
        Variant::Invalid(input, ..) => (input, false),
        _ => return None,
    };
    let name = format!("`{}`", input.name);
    let mut reasons = operation.reasons.iter().filter(|it| {
        let text = &it.value.text;
        text.contains(&name) && (!is_missing || MISSING.is_match(text))
    });
    let only = reasons.next()?;
    reasons.next().is_none().then(|| only.clone())
}

/// True for an input within the rows of which a success tells one by one what became of them.
pub(crate) fn is_of_row(operation: &Operation, input: &Input) -> bool {
    let [Step::Member(first), Step::Item, _, ..] = input.steps.as_slice() else {
        return false;
    };
    input.place == Place::Body && told_one_by_one(operation).is_some_and(|rows| rows == *first)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_say_what_became_of_each_row() {
        let rows = [json!({"code": "A1"}), json!({"code": "B2"})];
        let rejected = |body: Value| {
            let fates = fates(&body, &rows).into_iter();
            let told = fates.map(|it| match it {
                Some(Fate::Taken(_)) => '+',
                Some(Fate::Rejected(_)) => '-',
                None => '?',
            });
            told.collect::<String>()
        };
        let results = json!({"results": [
            {"index": 0, "outcome": "created", "reason": null},
            {"index": 1, "outcome": "rejected", "reason": "bad_code"},
        ]});
        assert_eq!(rejected(results), "+-");
        let from_one = json!([{"row": 2, "status": "failed"}, {"row": 1, "status": "ok"}]);
        assert_eq!(rejected(from_one), "+-");
        assert_eq!(
            rejected(json!({"created": 1, "errors": [{"index": 0}]})),
            "-+"
        );
        assert_eq!(rejected(json!({"errors": []})), "++");
        assert_eq!(rejected(json!({"errors": [{"code": "B2"}]})), "?-");
        assert_eq!(
            rejected(json!({"items": [{"status": 201}, {"status": 422}]})),
            "+-"
        );
        assert_eq!(
            rejected(json!({"items": [{"name": "A"}, {"name": "B"}]})),
            "??"
        );
    }

    #[test]
    fn reasons_are_codes_or_words() {
        let entry = json!({"outcome": "rejected", "reason": "bad_code"});
        assert_eq!(
            fate(&entry),
            Some(Fate::Rejected(Some("bad_code".to_owned())))
        );
        let entry = json!({"success": false, "error": {"code": "taken"}});
        assert_eq!(fate(&entry), Some(Fate::Rejected(Some("taken".to_owned()))));
    }
}
