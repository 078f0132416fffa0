//! Points in time as APIs write them, so that two writings of one are not taken for two.
//!
//! Servers cut fractions of seconds, add the offset from UTC, or leave out the time of the day; none of that is another
//! point in time. Where one side leaves the offset open, a day more or less is no difference.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::model::shape::format::accepts;
use crate::model::types::Format;

/// Clocks and rounding differ by less.
const SECONDS: i64 = 60;

/// A point in time, as exactly as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A day.
    Day(Date),
    /// A day and a time, wherever that is.
    Local(DateTime),
    /// A day and a time with an offset from UTC.
    Zoned(Timestamp),
}

impl Moment {
    /// The point in time that a text is.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if accepts(&Format::Date, text) {
            return text.parse().ok().map(Self::Day);
        }
        if !accepts(&Format::DateTime, text) {
            return None;
        }
        let instant = text.parse().ok().map(Self::Zoned);
        instant.or_else(|| text.parse().ok().map(Self::Local))
    }

    /// The day, in UTC where the offset is known.
    pub(crate) fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Local(local) => local.date(),
            Self::Zoned(instant) => instant.to_zoned(TimeZone::UTC).date(),
        }
    }

    /// The seconds since 1970, as if what is open were UTC.
    pub(crate) fn seconds(self) -> Option<i64> {
        let local = match self {
            Self::Day(day) => day.to_datetime(jiff::civil::Time::midnight()),
            Self::Local(local) => local,
            Self::Zoned(instant) => return Some(instant.as_second()),
        };
        let zoned = local.to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp().as_second())
    }

    fn is_same_kind(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// True if two texts are one point in time; `None` if one of them is none.
pub(crate) fn is_same(left: &str, right: &str) -> Option<bool> {
    let (left, right) = (Moment::read(left)?, Moment::read(right)?);
    let apart = (left.seconds()? - right.seconds()?).abs();
    Some(match (left, right) {
        (Moment::Day(left), Moment::Day(right)) => left == right,
        _ if left.is_same_kind(right) => apart <= SECONDS,
        _ => apart <= 86_400 + SECONDS,
    })
}

/// The order of two points in time, by days where one of them has no time.
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Moment::read(left)?, Moment::read(right)?);
    if let (Moment::Zoned(left), Moment::Zoned(right)) = (left, right) {
        return Some(left.cmp(&right));
    }
    match (left, right) {
        (Moment::Day(_), _) | (_, Moment::Day(_)) => Some(left.day().cmp(&right.day())),
        _ => Some(left.seconds()?.cmp(&right.seconds()?)),
    }
}

/// A day that comes so many days later, or earlier.
pub(crate) fn moved(text: &str, days: i64) -> Option<Date> {
    Moment::read(text)?.day().checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_point_in_time_has_many_writings() {
        for (left, right) in [
            ("2024-01-31T12:00:00Z", "2024-01-31T13:00:00+01:00"),
            ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00.123Z"),
            ("2024-01-31T12:00:00", "2024-01-31T12:00:00Z"),
            ("2024-01-31", "2024-01-31T00:00:00Z"),
            ("2024-01-31", "2024-01-31"),
        ] {
            assert_eq!(is_same(left, right), Some(true), "{left} {right}");
        }
        for (left, right) in [
            ("2024-01-31", "2024-02-01"),
            ("2024-01-31T12:00:00Z", "2024-01-31T13:00:00Z"),
            ("2024-01-31T12:00:00", "2024-02-02T12:00:00Z"),
        ] {
            assert_eq!(is_same(left, right), Some(false), "{left} {right}");
        }
        assert_eq!(is_same("2024-01-31", "soon"), None);
    }

    #[test]
    fn days_are_compared_as_days() {
        let order = compare("2024-01-31T23:00:00Z", "2024-01-31");
        assert_eq!(order, Some(Ordering::Equal));
        let order = compare("2024-01-31T23:00:00Z", "2024-01-31T22:59:59Z");
        assert_eq!(order, Some(Ordering::Greater));
    }
}
