//! What an answer tells of each of several things that were sent, and how many these are.

use serde_json::{Map, Value};

use crate::mock::words::{self, singular};
use crate::model::shape::{Member, Shape, ShapeKind};

use super::agree::is_number;
use super::sent::{Given, inner, is_same};
use super::{At, Generator, fits, series};

/// Words for what became of things that were sent.
const DONE: [&str; 20] = [
    "created",
    "updated",
    "added",
    "imported",
    "inserted",
    "saved",
    "processed",
    "invited",
    "sent",
    "queued",
    "accepted",
    "uploaded",
    "stored",
    "registered",
    "deleted",
    "removed",
    "archived",
    "assigned",
    "tagged",
    "moved",
];

/// Words for those of which nothing became.
const OTHERS: [&str; 13] = [
    "failed",
    "failures",
    "failure",
    "errors",
    "error",
    "skipped",
    "rejected",
    "invalid",
    "duplicates",
    "remaining",
    "missing",
    "ignored",
    "unchanged",
];

impl Generator<'_> {
    /// The things that were sent under another name, where the answer shows one for each of them.
    pub(super) fn each(&self, member: &Member, around: &At<'_>) -> Option<Value> {
        let ShapeKind::Array(items) = &member.shape.kind else {
            return None;
        };
        if !matches!(&items.kind, ShapeKind::Object { members, .. } if !members.is_empty()) {
            return None;
        }
        let is_for_each = series::is_for_each(self.text_of(member));
        let files = is_for_each.then(|| self.each_file(member, items, around));
        if let Some(made) = files.flatten() {
            return Some(made);
        }
        let (name, sent) = self.list()?;
        if sent.iter().all(Value::is_object) {
            let is_alike = || is_about_each(member, self.text_of(member)) && share(items, sent);
            if !is_for_each && !is_alike() {
                return None;
            }
            let asked = self.circumstances.asked.and_then(|it| inner(it, name));
            let asked = asked.and_then(|it| match &it.kind {
                ShapeKind::Array(items) => Some(&**items),
                _ => None,
            });
            // What was sent says what kind of things these are.
            let noun = singular(name);
            let at = self.inside(member, around, &noun);
            let made = sent.iter().take(MOST).enumerate().map(|(index, value)| {
                let given = Given::of(value.as_object()?, asked);
                self.item_of_sent(items, Some(given), index as u64, &at)
            });
            let made = Value::Array(made.collect::<Option<_>>()?);
            return fits(&member.shape, &made).then_some(made);
        }
        if !is_for_each && !is_about_each(member, self.text_of(member)) {
            return None;
        }
        self.each_plain(member, items, (name, sent), around)
    }

    /// The only list that the body of the request holds.
    fn list(&self) -> Option<(&String, &Vec<Value>)> {
        let lists = self.sent.iter().filter_map(|(name, value)| {
            let items = value.as_array().filter(|it| !it.is_empty())?;
            Some((name, items))
        });
        let mut lists = lists.take(2);
        let only = lists.next()?;
        lists.next().is_none().then_some(only)
    }

    /// A thing for each of the plain values that were sent, which has it in the member of that name: `email` of `emails`.
    fn each_plain(
        &self,
        member: &Member,
        items: &Shape,
        (name, sent): (&String, &[Value]),
        around: &At<'_>,
    ) -> Option<Value> {
        let own = own_name(items, name)?;
        let noun = singular(&member.name);
        let at = self.inside(member, around, &noun);
        let made = sent.iter().take(MOST).enumerate().map(|(index, value)| {
            let members: Map<String, Value> = [(own.clone(), value.clone())].into_iter().collect();
            let given = Given::added(&members);
            self.item_of_sent(items, Some(given), index as u64, &at)
        });
        let made = Value::Array(made.collect::<Option<_>>()?);
        fits(&member.shape, &made).then_some(made)
    }

    /// What an answer says of each of the files that were sent.
    fn each_file(&self, member: &Member, items: &Shape, around: &At<'_>) -> Option<Value> {
        if self.files.is_empty() {
            return None;
        }
        let noun = singular(&member.name);
        let at = self.inside(member, around, &noun);
        let files = self.files.iter().enumerate();
        let made = files.map(|(index, members)| {
            self.item_of_sent(items, Some(Given::added(members)), index as u64, &at)
        });
        let made = Value::Array(made.collect::<Option<_>>()?);
        fits(&member.shape, &made).then_some(made)
    }

    /// How many things were sent, where the name and the text of a number ask for that: "How many were sent."
    pub(super) fn sent_count(&self, member: &Member) -> Option<Value> {
        if !is_number(&member.shape) {
            return None;
        }
        let said = words::parts_of_text(self.text_of(member));
        let parts = words::parts(&member.name);
        if said
            .iter()
            .chain(&parts)
            .any(|it| OTHERS.contains(&it.as_str()))
        {
            return None;
        }
        let counted = counted(&said);
        if !self.files.is_empty() {
            let is_file = |it: &String| it.starts_with("file") || it.starts_with("upload");
            let count = Value::from(self.files.len());
            let is_asked = counted.is_some() && said.iter().any(is_file);
            return (is_asked && fits(&member.shape, &count)).then_some(count);
        }
        let (name, length) = self.length()?;
        let noun = singular(&name);
        let is_done = parts.first().is_some_and(|it| DONE.contains(&it.as_str()));
        let is_counting = |it: &String| matches!(it.as_str(), "count" | "total" | "num" | "number");
        let rest = parts
            .iter()
            .filter(|it| !is_counting(it) && !DONE.contains(&it.as_str()));
        let is_named = parts.iter().any(is_counting) || is_done && parts.len() < 3;
        let is_plain = is_named && rest.clone().all(|it| singular(it) == noun);
        let is_its = counted.map(|it| {
            let it = singular(it);
            it == noun || it == self.noun || GENERAL.contains(&it.as_str())
        });
        let count = Value::from(length);
        let is_asked = match is_its {
            Some(is_its) => is_its && (is_plain || is_done),
            None => is_plain && is_done,
        };
        (is_asked && fits(&member.shape, &count)).then_some(count)
    }

    /// The name and the length of the only list that was sent, also one in the query of a removal.
    fn length(&self) -> Option<(String, usize)> {
        if let Some((name, items)) = self.list() {
            return Some((name.clone(), items.len()));
        }
        let is_removal = self.circumstances.operation.starts_with("DELETE ");
        let mut query = self.circumstances.query.iter();
        let named = query.find(|(name, _)| is_removal && words::folded(name).ends_with("ids"))?;
        let values = named.1.split(',').filter(|it| !it.trim().is_empty());
        Some((named.0.clone(), values.count()))
    }
}

/// No more things are made, however many were sent.
const MOST: usize = 100;

/// Words for things of any kind.
const GENERAL: [&str; 10] = [
    "were", "wa", "was", "have", "many", "item", "record", "row", "entry", "object",
];

/// What a text says that a number counts: `were` of "How many were sent".
fn counted(said: &[String]) -> Option<&String> {
    let mut words = said.windows(3);
    let found = words.find(|words| match words {
        [one, two, _] => {
            one == "how" && two == "many"
                || matches!(one.as_str(), "number" | "count") && two == "of"
        }
        _ => false,
    });
    // "How many." and nothing else.
    let is_bare = matches!(said, [one, two] if one == "how" && two == "many");
    let counted = found.and_then(<[String]>::last);
    counted.or_else(|| said.last().filter(|_| is_bare))
}

/// True for a list of what became of what was sent, by its name or its text.
fn is_about_each(member: &Member, said: &str) -> bool {
    let parts = words::parts(&member.name);
    let said = words::parts_of_text(said);
    let has =
        |words: &[String], known: &[&str]| words.iter().any(|it| known.contains(&it.as_str()));
    let is_wrapper = words::is_wrapper(&member.name, "");
    !has(&parts, &OTHERS)
        && !has(&said, &OTHERS)
        && (is_wrapper || has(&parts, &DONE) || has(&said, &DONE))
}

/// True if the things that were sent have members of the items.
fn share(items: &Shape, sent: &[Value]) -> bool {
    let members = items.members();
    let is_known = |name: &String| members.iter().any(|it| is_same(&it.name, name));
    let objects = sent.iter().filter_map(Value::as_object);
    objects.flat_map(Map::keys).any(is_known)
}

/// The member of an item that holds what was sent in a list of that name.
fn own_name(items: &Shape, sent: &str) -> Option<String> {
    let noun = singular(sent);
    let whole = words::parts(sent).concat();
    let whole = whole.strip_suffix('s').unwrap_or(&whole);
    let mut members = items.members().iter();
    let found = members.find(|it| {
        let name = words::folded(&it.name);
        name == noun || name == whole
    });
    found.map(|it| it.name.clone())
}
