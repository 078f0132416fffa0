//! What texts say of members that depend on a status: "Set when `failed`.", "`null` unless `paid`", "100 when `done`".

use serde_json::{Map, Value};

use crate::model::shape::Member;

use super::agree::set;

/// Words before the only value with which a member is there.
const WITH: [&str; 14] = [
    "set when `",
    "set if `",
    "set once `",
    "only when `",
    "only if `",
    "only for `",
    "only set for `",
    "present when `",
    "present if `",
    "null unless `",
    "null` unless `",
    "null until `",
    "null` until `",
    "null if not `",
];

/// Words before a value with which it is not.
const WITHOUT: [&str; 4] = ["null when `", "null` when `", "null if `", "null` if `"];

/// Words between a number and the value with which a member has it.
const NUMBER: [&str; 4] = [" when `", " if `", " for `", " once `"];

/// Makes members fit the documented values of those beside them.
pub(super) fn settle<'t>(
    values: &mut Map<String, Value>,
    members: &[Member],
    text: &dyn Fn(&Member) -> &'t str,
) {
    let is_told = |member: &&Member| member.shape.constraints.allowed.is_some();
    let told: Vec<&Member> = members.iter().filter(is_told).collect();
    if told.is_empty() {
        return;
    }
    for member in members {
        let said = text(member).to_lowercase();
        if !said.contains('`') {
            continue;
        }
        let is = |wanted: &str| has(values, &told, member, wanted);
        let named = |cues: &[&str]| cues.iter().find_map(|cue| value_behind(&said, cue));
        let is_with = named(&WITH).and_then(is);
        let is_without = named(&WITHOUT).and_then(is);
        if is_with == Some(false) || is_without == Some(true) {
            leave_out(values, member);
            continue;
        }
        let number = NUMBER.iter().find_map(|cue| {
            let at = said.find(cue)?;
            let number = said.get(..at)?.trim_end_matches('`');
            let number = number.rsplit([' ', '`', '(']).next()?;
            let number: i64 = number.parse().ok()?;
            let wanted = value_behind(&said, cue)?;
            (is(wanted)?).then_some(number)
        });
        if let Some(number) = number
            && values.get(&member.name).is_some_and(Value::is_number)
        {
            set(values, member, number);
        }
    }
}

/// The member of the request that a text says is told: "As `capture`.", "Same as `capture`".
pub(super) fn same_as(said: &str) -> Option<&str> {
    let rest = ["As `", "Same as `", "The same as `"];
    let rest = rest.iter().find_map(|start| said.strip_prefix(start))?;
    let (name, rest) = rest.split_once('`')?;
    matches!(rest.trim(), "" | "." | ", as sent.").then_some(name)
}

/// True for what is not there as long as nothing has happened: "`null` while employed".
pub(super) fn is_null_while(said: &str) -> bool {
    let said = said.to_lowercase();
    said.contains("null` while ") || said.contains("null while ")
}

/// What a member of a new thing is at first: "`queued` at first", "0 initially", "`false` until the mail is opened".
pub(super) fn at_first(said: &str) -> Option<String> {
    let said = said.to_lowercase();
    let behind = ["initially `", "starts as `", "start as `", "at first `"];
    if let Some(value) = behind.iter().find_map(|cue| value_behind(&said, cue)) {
        return Some(value.to_owned());
    }
    let before = [" at first", " initially", " to begin with", " until "];
    let at = before.iter().find_map(|cue| said.find(cue))?;
    let start = said.get(..at)?;
    if let Some(inside) = start.strip_suffix('`') {
        let value = inside.rsplit('`').next().filter(|it| !it.contains(' '))?;
        return Some(value.to_owned());
    }
    let word = start.rsplit([' ', '(', ',']).next()?;
    (word.parse::<i64>().is_ok()).then(|| word.to_owned())
}

/// The code behind some words.
fn value_behind<'t>(said: &'t str, cue: &str) -> Option<&'t str> {
    let (_, rest) = said.split_once(cue)?;
    let (value, rest) = rest.split_once('`')?;
    // "`a` or `b`" are two values.
    let is_alone = !rest.trim_start().starts_with([',', '`']) && !rest.starts_with(" or ");
    is_alone.then_some(value)
}

/// True if the member beside it that has such a value has it now; none if no member has such a value.
fn has(values: &Map<String, Value>, told: &[&Member], own: &Member, wanted: &str) -> Option<bool> {
    let is_it = |value: &Value| {
        let text = value.as_str();
        text.is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    };
    let others = told.iter().filter(|member| member.name != own.name);
    let mut others = others.filter(|member| {
        let allowed = member.shape.constraints.allowed.as_ref();
        allowed.is_some_and(|it| it.value.iter().any(is_it))
    });
    let member = others.next()?;
    Some(values.get(&member.name).is_some_and(is_it))
}

/// Sets what may be `null` to that, and takes away what need not be there.
fn leave_out(values: &mut Map<String, Value>, member: &Member) {
    let is_required = member.required.as_ref().is_some_and(|it| it.value);
    if member.shape.allows_null() {
        values.insert(member.name.clone(), Value::Null);
    } else if !is_required {
        values.remove(&member.name);
    }
}
