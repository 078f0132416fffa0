//! The values of an example contradict each other: it was updated before it was created, or has more pages and no cursor.

use jiff::Timestamp;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::json::{Json, JsonKind, Member};

use super::Read;
use super::contradiction::{Contradiction, Words, says, visit};

pub(super) static RULE: Rule = Rule {
    name: "incoherent-example",
    severity: Severity::Warning,
    summary: "the values of an example contradict each other",
};

/// Pairs of names, in lower case and without separators: the time of the first comes before that of the second.
const ORDERED: [(&str, &str); 9] = [
    ("createdat", "updatedat"),
    ("created", "updated"),
    ("createddate", "updateddate"),
    ("createdat", "deletedat"),
    ("createdat", "expiresat"),
    ("startedat", "endedat"),
    ("startedat", "completedat"),
    ("startsat", "endsat"),
    ("starttime", "endtime"),
];
/// Names of what says whether there are more pages.
const MORE: [&str; 3] = ["hasmore", "hasnext", "hasnextpage"];
/// Names of what leads to the next page.
const NEXT: [&str; 4] = ["nextcursor", "nextpagetoken", "nexttoken", "endcursor"];

/// What the text of a field says if its value is as it is for a reason: "Always null. Use `last_id`.", "May be in the past."
const EXPLAINED: [&str; 5] = [
    "always null",
    "always `null`",
    "in the past",
    "imported",
    "deprecated",
];

const WORDS: Words = Words {
    label: "this value",
    other: "contradicts this one",
    help: "show values that go together",
};

pub(super) fn check(read: &Read<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for document in &read.reading.documents {
        visit(document, &mut |members| {
            let found = disordered(members).into_iter().chain(pageless(members));
            let found = found.filter(|it| !says(read.fields, &it.name, &EXPLAINED));
            diagnostics.extend(found.map(|found| found.diagnostic(&RULE, &WORDS, read)));
        });
    }
}

/// The member of that name, in any spelling.
fn named<'j>(members: &'j [Member], name: &str) -> Option<&'j Member> {
    members.iter().find(|member| {
        let letters = member.key.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).eq(name.chars())
    })
}

fn disordered(members: &[Member]) -> Vec<Contradiction> {
    let pair = |(first, second): &(&str, &str)| {
        let (first, second) = (named(members, first)?, named(members, second)?);
        let (one, other) = (time(&first.value)?, time(&second.value)?);
        (one > other).then(|| Contradiction {
            message: format!("`{}` is before `{}`", second.key, first.key),
            place: second.value.range.clone(),
            other: first.value.range.clone(),
            name: second.key.clone(),
        })
    };
    ORDERED.iter().filter_map(pair).collect()
}

/// A moment that is written so that it can be compared: with its offset from UTC.
fn time(value: &Json) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// More pages without a cursor that leads to them.
fn pageless(members: &[Member]) -> Option<Contradiction> {
    let more = MORE.iter().find_map(|name| named(members, name))?;
    let next = NEXT.iter().find_map(|name| named(members, name))?;
    let has_more = more.value.kind == JsonKind::Bool(true);
    let has_next = next.value.kind != JsonKind::Null;
    (has_more && !has_next).then(|| Contradiction {
        message: format!("`{}` is true, and `{}` is null", more.key, next.key),
        place: next.value.range.clone(),
        other: more.value.range.clone(),
        name: next.key.clone(),
    })
}
