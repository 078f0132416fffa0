//! Points in time: what happens to one thing happens in the order that the names say.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// What a thing goes through, in its order, and how long after its beginning each comes, in seconds.
const STAGES: &[(&[&str], i64)] = &[
    (
        &[
            "created",
            "creation",
            "registered",
            "joined",
            "ordered",
            "issued",
            "submitted",
            "requested",
            "queued",
            "received",
            "opened",
            "added",
            "since",
        ],
        0,
    ),
    (
        &[
            "start", "started", "starts", "begin", "begins", "began", "from", "after", "beginn",
        ],
        HOUR,
    ),
    (&["scheduled"], HOUR),
    (&["first"], HOUR + 600),
    (&["departure", "departs", "departed"], 2 * HOUR),
    (&["arrival", "arrives", "arrived"], 3 * HOUR),
    (
        &[
            "accepted",
            "confirmed",
            "approved",
            "verified",
            "activated",
            "published",
            "paid",
            "sent",
            "processed",
        ],
        2 * HOUR,
    ),
    (&["shipped", "delivered"], 2 * DAY),
    (
        &[
            "end",
            "ended",
            "ends",
            "completed",
            "finished",
            "closed",
            "to",
            "until",
            "before",
            "done",
            "resolved",
            "stopped",
            "failed",
            "ende",
        ],
        7 * DAY,
    ),
    (
        &[
            "updated",
            "update",
            "modified",
            "changed",
            "edited",
            "last",
            "latest",
            "seen",
            "accessed",
            "synced",
            "refreshed",
        ],
        8 * DAY,
    ),
    (
        &[
            "cancelled",
            "canceled",
            "deleted",
            "archived",
            "revoked",
            "removed",
            "refunded",
        ],
        9 * DAY,
    ),
    (&["due", "next", "renews", "renewal"], 30 * DAY),
    (
        &[
            "expires",
            "expired",
            "expiry",
            "expiration",
            "expire",
            "valid",
        ],
        90 * DAY,
    ),
];

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The first day of 2025.
const START: i64 = 1_735_689_600;

/// The seconds since 1970 of what the words of a name say, in the life of the thing that `kin` stands for.
pub(super) fn seconds(parts: &[String], kin: u64) -> i64 {
    let is_birth = |part: &String| {
        matches!(
            part.as_str(),
            "birth" | "birthday" | "birthdate" | "born" | "dob" | "geburtsdatum"
        )
    };
    if parts.iter().any(is_birth) {
        // From 1960 on.
        return -315_619_200 + (kin % 15_000).cast_signed() * DAY;
    }
    let begin =
        START + (kin % 200).cast_signed() * DAY + (kin / 200 % 36_000).cast_signed() + 7 * HOUR;
    begin + stage(parts).unwrap_or(0)
}

/// How long after the beginning it is.
fn stage(parts: &[String]) -> Option<i64> {
    // "Period end" is an end, and "last started" is late: the later stage is meant.
    // What was seen first was not seen late.
    if parts.iter().any(|part| part == "first") {
        return Some(HOUR + 600);
    }
    let of = |part: &String| {
        STAGES
            .iter()
            .find(|(names, _)| names.contains(&part.as_str()))
    };
    parts.iter().filter_map(of).map(|stage| stage.1).max()
}

/// True if the words name a stage.
pub(super) fn is_stage(part: &str) -> bool {
    STAGES.iter().any(|(names, _)| names.contains(&part))
}

/// `2025-03-09`
pub(super) fn date(seconds: i64) -> String {
    at(seconds).strftime("%Y-%m-%d").to_string()
}

fn at(seconds: i64) -> Zoned {
    let moment = Timestamp::from_second(seconds).unwrap_or_default();
    moment.to_zoned(TimeZone::UTC)
}

/// `07:30:00`; an end on the same day is after its start.
pub(super) fn time(parts: &[String], kin: u64) -> String {
    let hour = match stage(parts) {
        None | Some(0) => 7 + kin % 4,
        Some(..=HOUR) => 8 + kin % 4,
        Some(_) => 14 + kin % 6,
    };
    format!("{hour:02}:{:02}:00", kin / 8 % 4 * 15)
}

/// `2025-03-09T07:30:12Z`
pub(super) fn date_time(seconds: i64) -> String {
    at(seconds).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_is_later() {
        let at = |name: &str| seconds(&[name.to_owned(), "at".to_owned()], 77);
        let names = ["created", "started", "ended", "updated", "expires"];
        assert!(names.is_sorted_by_key(|name| at(name)), "{names:?}");
    }
}
