//! Requests that send many things at once: what became of each is told by the answer, and the things that were taken are
//! there as they were sent.

use serde_json::Value;

use crate::conform::judge::computed::WRONG_COMPUTATION;
use crate::conform::judge::echo;
use crate::conform::judge::items::{self, Fate};
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::plan::input::{self, Input, Step};
use crate::conform::plan::{Variant, sample};

use super::{Session, Thing};

/// Words for things that were there before.
const KNOWN: &[&str] = &[
    "updated",
    "overwritten",
    "replaced",
    "changed",
    "unchanged",
    "exists",
    "known",
    "merged",
];

/// A row that was sent.
struct Row {
    /// Its place among the others.
    at: usize,
    /// What names the thing.
    id: String,
    sent: Value,
    fate: Option<Fate>,
}

impl Session<'_, '_> {
    /// The rows of an accepted request that makes many things, and what the answer says became of them.
    fn rows(&self, at: usize) -> Vec<Row> {
        let Some(exchange) = self.exchanges.get(at) else {
            return Vec::new();
        };
        let batch = self
            .role(exchange.item.operation)
            .and_then(|role| role.batch.as_ref());
        let (Some(batch), Some(body)) = (batch, exchange.item.draft.json()) else {
            return Vec::new();
        };
        let rows = if batch.rows.is_empty() {
            body.as_array()
        } else {
            body.get(&batch.rows).and_then(Value::as_array)
        };
        let rows = rows.cloned().unwrap_or_default();
        let answer = exchange.body.clone().unwrap_or_default();
        let fates = items::fates(&answer, &rows);
        let named = rows.into_iter().zip(fates).enumerate();
        let rows = named.filter_map(|(at, (sent, fate))| {
            let id = sent.get(&batch.key)?.as_str()?.to_owned();
            Some(Row { at, id, sent, fate })
        });
        rows.collect()
    }

    /// Keeps the things that a request with many rows made.
    pub(super) fn keep_rows(&mut self, at: usize) {
        let operation = self.exchanges.get(at).map(|it| it.item.operation);
        let Some(role) = operation.and_then(|index| self.role(index)) else {
            return;
        };
        let noun = role.noun.clone();
        let key = self.key(&noun);
        for row in self.rows(at) {
            if matches!(row.fate, Some(Fate::Rejected(_))) {
                continue;
            }
            let is_known = matches!(&row.fate, Some(Fate::Taken(Some(word))) if KNOWN.contains(&word.as_str()));
            let is_ours = self
                .store
                .own(&noun)
                .iter()
                .any(|it| it.key().as_ref() == Some(&row.id));
            if is_ours {
                continue;
            }
            self.store.add(Thing {
                location: Some(row.id),
                is_own: !is_known,
                made_by: (!is_known).then_some(at),
                as_of: self.exchanges.len(),
                ..Thing::own(&noun, row.sent, &key)
            });
        }
    }

    /// What an answer says of many rows agrees with itself, and with what can be read afterwards.
    pub(super) fn check_rows(&mut self, at: usize) {
        self.check_counts_of_rows(at);
        self.check_numbers_of_rows(at);
        let rows = self.rows(at);
        // A row that comes twice may be there either way.
        let is_single = |row: &&Row| rows.iter().filter(|it| it.id == row.id).count() == 1;
        let taken = rows
            .iter()
            .filter(|row| matches!(row.fate, Some(Fate::Taken(_))))
            .filter(is_single);
        let first = taken.clone().next();
        // One that leaves something out tells of its default.
        let size = |row: &&Row| row.sent.as_object().map_or(0, serde_json::Map::len);
        let least = taken.min_by_key(size);
        let least = least.filter(|row| first.as_ref().is_some_and(|first| size(row) < size(first)));
        for row in first.into_iter().chain(least) {
            self.check_row(at, row);
        }
    }

    /// A row that was taken can be read, and is as it was sent.
    fn check_row(&mut self, at: usize, row: &Row) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let (name, noun) = (operation.name(), role.noun.clone());
        let key = self.key(&noun);
        let Some(thing) =
            self.store.things.iter().position(|it| {
                it.noun == noun && !it.is_gone && it.id(&key).as_ref() == Some(&row.id)
            })
        else {
            return;
        };
        let Some(read) = self.read(thing, "a read of a row that was taken") else {
            return;
        };
        let status = self.exchanges.get(read).and_then(super::Exchange::status);
        if let Some(status) = status.filter(|it| matches!(it, 404 | 410)) {
            let message = format!(
                "{name} says that row {} was taken, and a read does not find it",
                row.at
            );
            let found = Found::about(&state::CREATED_NOT_READABLE, "endpoint", message)
                .seen(format!("the {noun} `{}`", row.id), describe_status(status));
            self.found(read, &noun, "row", found);
            if let Some(thing) = self.store.things.get_mut(thing) {
                thing.is_lost = true;
            }
            return;
        }
        self.judge(read);
        let Some(shown) = self.shown(read) else {
            return;
        };
        let sent = row.sent.as_object().cloned().unwrap_or_default();
        for (member, value) in &sent {
            let Some(back) = shown.get(member).filter(|back| !echo::is_same(value, back)) else {
                continue;
            };
            let message = format!(
                "a read shows another `{member}` than {name} was sent in row {}",
                row.at
            );
            let found = Found::about(
                &state::INPUT_NOT_KEPT,
                self.subject_of(read, member),
                message,
            )
            .seen(sample::plain(value), sample::plain(back));
            self.found(read, &noun, &format!("{index} row {member}"), found);
        }
        let batch = role
            .batch
            .as_ref()
            .map(|it| it.rows.clone())
            .unwrap_or_default();
        for input in input::inputs(operation) {
            let is_of_row = matches!(input.steps.as_slice(),
                [Step::Member(rows), Step::Item, Step::Member(_)] if *rows == batch);
            let left_out = is_of_row && !sent.contains_key(&input.name);
            let (Some(default), Some(back)) = (&input.default, shown.get(&input.name)) else {
                continue;
            };
            let is_new = matches!(&row.fate, Some(Fate::Taken(word)) if word.as_ref().is_none_or(|it| !KNOWN.contains(&it.as_str())));
            if !left_out || !is_new || default.is_null() || echo::is_same(default, back) {
                continue;
            }
            let message = format!(
                "a read shows another `{}` than the documented default after {name} without it",
                input.name
            );
            let found = Found::about(&state::DEFAULT_NOT_APPLIED, input.subject(), message)
                .promised_at(input.span)
                .seen(sample::plain(default), sample::plain(back));
            self.found(read, &noun, &format!("{index} row {}", input.name), found);
        }
        self.refresh(thing, shown);
    }

    /// Rows are counted from the number that the example counts from.
    fn check_numbers_of_rows(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let mut examples = operation.shown_successes();
        let shown = examples.find_map(|it| items::first_number(&it.to_value()));
        let body = self.exchanges.get(at).and_then(|it| it.body.as_ref());
        let told = body.and_then(items::first_number);
        let (Some(shown), Some(told)) = (shown, told) else {
            return;
        };
        if shown == told {
            return;
        }
        let (name, noun) = (operation.name(), role.noun.clone());
        let message =
            format!("{name} counts the rows from {told}, and the page counts them from {shown}");
        let found = Found::about(&WRONG_COMPUTATION, "response", message)
            .seen(shown.to_string(), told.to_string())
            .weak_if(true);
        self.found(at, &noun, &format!("{index} numbers of rows"), found);
    }

    /// True if the first row of a request, which the docs promise to take, is told of as one that was not taken.
    pub(super) fn turns_down_row(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let Variant::Values(changes) = &exchange.item.variant else {
            return false;
        };
        let operation = self.operation(exchange.item.operation);
        let is_of_row = |(input, _): &(Input, Value)| {
            operation.is_some_and(|operation| items::is_of_row(operation, input))
        };
        changes.iter().any(is_of_row)
            && exchange.is_success
            && self
                .rows(at)
                .first()
                .is_some_and(|row| row.at == 0 && matches!(row.fate, Some(Fate::Rejected(_))))
    }

    /// Counts that are called by what became of rows are the numbers of those rows: `{"created": 2, "rejected": 1}`.
    fn check_counts_of_rows(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let name = operation.name();
        let noun = role.noun.clone();
        let rows = self.rows(at);
        let Some(body) = self.exchanges.get(at).and_then(|it| it.body.clone()) else {
            return;
        };
        let Some(wrong) = wrong_count(&body, &rows) else {
            return;
        };
        let message = format!(
            "{name} answers with `{}` as {}, and tells of {} such rows",
            wrong.way, wrong.told, wrong.counted
        );
        let found = Found::about(
            &state::WRONG_COUNT,
            format!("response.{}", wrong.way),
            message,
        )
        .seen(wrong.counted.to_string(), wrong.told.to_string());
        self.found(at, &noun, &format!("{index} {}", wrong.way), found);
    }
}

/// A count that is not the number of what it counts.
struct WrongCount {
    way: String,
    told: u64,
    counted: usize,
}

fn wrong_count(body: &Value, rows: &[Row]) -> Option<WrongCount> {
    const ALL: &[&str] = &["received", "submitted", "sent", "processed"];
    const REJECTED: &[&str] = &["rejected", "failed", "invalid", "refused"];
    if rows.is_empty() || rows.iter().any(|row| row.fate.is_none()) {
        return None;
    }
    let root = body.as_object()?;
    let inner = root
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_object()?)));
    let inner = inner.flat_map(|(outer, members)| {
        let way = move |name: &String| format!("{outer}.{name}");
        members
            .iter()
            .map(move |(name, value)| (way(name), name, value))
    });
    let own = root.iter().map(|(name, value)| (name.clone(), name, value));
    let words: Vec<String> = rows
        .iter()
        .map(|row| match &row.fate {
            Some(Fate::Taken(word)) => word.clone().unwrap_or_default(),
            _ => "rejected".to_owned(),
        })
        .collect();
    let mut counts = own.chain(inner).filter_map(|(way, name, value)| {
        let told = value.as_u64()?;
        let name = name.to_lowercase();
        let is_word = words.contains(&name) && name != "rejected";
        let counted = match name.as_str() {
            name if ALL.contains(&name) => rows.len(),
            name if REJECTED.contains(&name) => {
                words.iter().filter(|word| *word == "rejected").count()
            }
            _ if is_word => words.iter().filter(|word| **word == name).count(),
            _ => return None,
        };
        let is_right = u64::try_from(counted).is_ok_and(|it| it == told);
        (!is_right).then_some(WrongCount { way, told, counted })
    });
    counts.next()
}
