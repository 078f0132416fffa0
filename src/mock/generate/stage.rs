//! What a status says of the times and truths beside it: what was cancelled has the time of that, and was not shipped.

use serde_json::{Map, Value};

use crate::mock::words::{folded, parts};
use crate::model::shape::{Member, ShapeKind};

use super::agree::set;
use super::moment;

/// How far a thing has come that has such a status, or to which such a thing has happened.
const STEPS: [&[&str]; 6] = [
    &[
        "draft",
        "pending",
        "queued",
        "new",
        "unpaid",
        "waiting",
        "scheduled",
    ],
    &[
        "started",
        "confirmed",
        "approved",
        "accepted",
        "published",
        "activated",
    ],
    &["paid"],
    &["shipped", "sent"],
    &["delivered"],
    &[
        "completed",
        "finished",
        "ended",
        "done",
        "closed",
        "resolved",
        "succeeded",
    ],
];

/// What goes on, so that it has not come to its end.
const UNDER_WAY: [&str; 5] = ["running", "processing", "active", "open", "progress"];

/// What is there no more.
const GONE: [&str; 11] = [
    "cancelled",
    "deleted",
    "archived",
    "revoked",
    "suspended",
    "expired",
    "disabled",
    "inactive",
    "removed",
    "banned",
    "closed",
];

/// Makes times and truths fit the status.
pub(super) fn settle(values: &mut Map<String, Value>, members: &[Member], kin: u64) {
    let status = members.iter().find_map(|member| {
        let name = folded(&member.name);
        let is_status = matches!(name.as_str(), "status" | "state");
        let value = values.get(&member.name).filter(|_| is_status)?;
        word(value.as_str()?)
    });
    let Some(status) = status else {
        return;
    };
    for member in members {
        if matches!(member.shape.kind, ShapeKind::Boolean) {
            if let Some(truth) = truth(&member.name, &status) {
                set(values, member, truth);
            }
        } else {
            time(values, member, &status, kin);
        }
    }
}

/// The word of a status that says most, in one spelling.
fn word(text: &str) -> Option<String> {
    let word = parts(text).pop()?;
    Some(if word == "canceled" {
        "cancelled".to_owned()
    } else {
        word
    })
}

fn step(word: &str) -> Option<usize> {
    STEPS.iter().position(|step| step.contains(&word))
}

/// True if what the word names has not happened to a thing of that status; `None` if that is not known.
fn is_ahead(happened: &str, status: &str) -> Option<bool> {
    let own = step(happened)?;
    if UNDER_WAY.contains(&status) {
        return (own == STEPS.len() - 1).then_some(true);
    }
    if GONE.contains(&status) && step(status).is_none() {
        return (own > 2).then_some(true);
    }
    Some(own > step(status)?)
}

/// Whether `is_paid`, `archived`, or `is_active` is so.
fn truth(name: &str, status: &str) -> Option<bool> {
    let parts = parts(name);
    let happened = match parts.as_slice() {
        [only] => only,
        [is, what] if matches!(is.as_str(), "is" | "was" | "has") => what,
        _ => return None,
    };
    let happened = word(happened)?;
    if happened == status {
        return Some(true);
    }
    if matches!(happened.as_str(), "active" | "enabled") {
        return GONE.contains(&status).then_some(false);
    }
    if GONE.contains(&happened.as_str()) {
        return Some(false);
    }
    is_ahead(&happened, status).map(|is_ahead| !is_ahead)
}

/// Sets the time of what the status names, and takes away that of what has not happened.
fn time(values: &mut Map<String, Value>, member: &Member, status: &str, kin: u64) {
    let parts = parts(&member.name);
    let [happened, last] = parts.as_slice() else {
        return;
    };
    let Some(happened) = word(happened).filter(|_| matches!(last.as_str(), "at" | "on" | "date"))
    else {
        return;
    };
    if happened == status {
        if values.get(&member.name).is_some_and(Value::is_null) {
            let seconds = moment::seconds(&parts, kin);
            set(values, member, moment::date(seconds));
            set(values, member, seconds);
            set(values, member, moment::date_time(seconds));
        }
    } else if is_ahead(&happened, status) == Some(true) && member.shape.allows_null() {
        set(values, member, Value::Null);
    }
}
