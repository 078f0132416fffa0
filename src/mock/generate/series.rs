//! Points of a series, and places in a list: days one after another in the range that is asked for, numbers that count, and
//! as many things as were sent.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::mock::words::{folded, parts};
use crate::model::shape::{Member, Shape, ShapeKind};

use super::agree::{is_number, set};
use super::text::Text;
use super::{is_identity, moment};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A longer range has as many days as a chart of a month.
const MOST_DAYS: i64 = 31;

/// Longer lists are not made because a text says so.
const MOST_TOLD: u64 = 32;

/// More things than these are not made, however many were sent.
const MOST_THINGS: usize = 100;

/// How many things there are at most if a number among these is sent.
const LIMITS: [&str; 10] = [
    "limit",
    "n",
    "topk",
    "k",
    "topn",
    "maxresults",
    "numresults",
    "pagesize",
    "perpage",
    "count",
];

/// A range of time, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    from: i64,
    to: i64,
}

impl Range {
    /// The range that a query asks for.
    pub(super) fn of(query: &[(String, String)]) -> Option<Self> {
        let bound = |names: &[&str]| {
            let mut known = query.iter();
            let (_, text) = known.find(|(name, _)| names.contains(&folded(name).as_str()))?;
            seconds(text)
        };
        let from = bound(&[
            "from",
            "since",
            "start",
            "startdate",
            "starttime",
            "startday",
            "datefrom",
            "fromdate",
            "after",
            "begin",
        ])?;
        let to = bound(&[
            "to", "until", "end", "enddate", "endtime", "endday", "dateto", "todate", "before",
        ])?;
        (from <= to).then_some(Self { from, to })
    }

    fn days(self) -> i64 {
        ((self.to - self.from) / DAY + 1).min(MOST_DAYS)
    }
}

fn seconds(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        let is_milliseconds = number > 100_000_000_000;
        return match number {
            _ if is_milliseconds => Some(number / 1000),
            1_000_000_000.. => Some(number),
            _ => None,
        };
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_second());
    }
    let day = text.parse::<Date>().ok()?;
    let day = day.to_zoned(TimeZone::UTC).ok()?;
    Some(day.timestamp().as_second())
}

/// The member that says when a point of a series is; none if these are things with ids.
fn moment_of(items: &Shape) -> Option<&Member> {
    let members = items.members();
    if members.iter().any(|member| is_identity(&member.name, "")) {
        return None;
    }
    let mut times = members.iter().filter(|member| {
        matches!(
            folded(&member.name).as_str(),
            "date" | "day" | "timestamp" | "ts" | "time" | "datetime" | "bucket" | "period"
        )
    });
    let time = times.next()?;
    times.next().is_none().then_some(time)
}

/// How many points a series of days has in a range.
pub(super) fn days(items: &Shape, range: Option<Range>) -> Option<u64> {
    let time = moment_of(items)?;
    let is_day = matches!(folded(&time.name).as_str(), "date" | "day") && time.shape.is_text();
    let range = range.filter(|_| is_day)?;
    u64::try_from(range.days()).ok()
}

/// Lets points follow each other: days, or moments in the range, else hours.
pub(super) fn line_up(made: &mut [Value], items: &Shape, range: Option<Range>) {
    let Some(time) = moment_of(items) else {
        return;
    };
    let first = made
        .first()
        .and_then(|first| first.get(&time.name)?.as_str());
    let Some(first) = first.and_then(|text| Some((text.len() == 10, seconds(text)?))) else {
        return;
    };
    let (is_day, known) = first;
    let count = i64::try_from(made.len()).unwrap_or(1).max(1);
    let step = match range {
        _ if is_day => DAY,
        Some(range) => (range.to - range.from) / count,
        None => HOUR,
    };
    let mut moment = range.map_or(known, |range| range.from);
    for point in made.iter_mut().filter_map(Value::as_object_mut) {
        if is_day {
            set(point, time, moment::date(moment));
        } else {
            set(point, time, moment::date_time(moment));
        }
        moment += step;
    }
}

/// Numbers the things of a list: `index` from 0, and `rank` from 1, if their texts do not say otherwise.
pub(super) fn number<'t>(
    made: &mut Map<String, Value>,
    items: &Shape,
    index: u64,
    text: &dyn Fn(&Member) -> &'t str,
) {
    for member in items.members().iter().filter(|it| is_number(&it.shape)) {
        let is_from_zero = match folded(&member.name).as_str() {
            "index" => true,
            "rank" | "position" => false,
            _ => continue,
        };
        let said = Text::new(text(member));
        let is_from_zero = if said.says(&["0-based", "zero-based", "from 0", "with 0", "at 0"]) {
            true
        } else {
            is_from_zero && !said.says(&["1-based", "one-based", "from 1", "with 1", "at 1"])
        };
        set(made, member, if is_from_zero { index } else { index + 1 });
    }
}

/// Puts the best hits of a search first; false if the things are none.
pub(super) fn rank(made: &mut [Value], items: &Shape, name: &str, said: &str) -> bool {
    let scores = [
        "score",
        "similarity",
        "relevance",
        "similarityscore",
        "relevancescore",
    ];
    let mut members = items.members().iter();
    let score = members.find(|it| scores.contains(&folded(&it.name).as_str()));
    let is_search = matches!(folded(name).as_str(), "hits" | "results" | "matches")
        || Text::new(said).says(&["best", "ranked", "relevance", "similarity", "most similar"]);
    let Some(score) = score.filter(|_| is_search) else {
        return false;
    };
    let of = |item: &Value| {
        item.get(&score.name)
            .and_then(Value::as_f64)
            .unwrap_or_default()
    };
    made.sort_by(|one, other| of(other).total_cmp(&of(one)));
    true
}

/// How many things a text says that a list has: "8 numbers", "exactly 3 items".
pub(super) fn told(said: &str) -> Option<u64> {
    const THINGS: [&str; 6] = [
        "numbers",
        "floats",
        "values",
        "dimensions",
        "items",
        "elements",
    ];
    let words: Vec<String> = parts(said);
    let mut pairs = words.windows(2).enumerate();
    let (at, count) = pairs.find_map(|(at, pair)| match pair {
        [number, thing] if THINGS.contains(&thing.as_str()) => {
            Some((at, number.parse::<u64>().ok()?))
        }
        _ => None,
    })?;
    let before = at.checked_sub(1).and_then(|at| words.get(at));
    let is_exact = before.is_none_or(|it| matches!(it.as_str(), "exactly" | "of" | "always"));
    (is_exact && (1..=MOST_TOLD).contains(&count)).then_some(count)
}

/// True if a text says that there is one thing for each that was sent.
pub(super) fn is_for_each(said: &str) -> bool {
    Text::new(said).says(&[
        "for each",
        "one per",
        "per input",
        "same order",
        "order of the",
    ])
}

/// How many things the answer to a body has: one for each that was sent, or no more than were asked for.
///
/// What may be a list of `asked` and was sent as one value is one.
pub(super) fn count(
    sent: &Map<String, Value>,
    asked: Option<&Shape>,
    said: &str,
    is_main: bool,
    usual: u64,
) -> Option<u64> {
    if is_for_each(said) {
        let documented = asked.map_or(&[][..], Shape::members);
        let may_be_list = |name: &str| {
            let mut members = documented.iter().filter(|it| it.name == name);
            members.any(|it| may_be_list(&it.shape))
        };
        let mut lists = sent.iter().filter_map(|(name, value)| match value {
            Value::Array(items) => Some(items.len()),
            Value::Null => None,
            _ => may_be_list(name).then_some(1),
        });
        let length = lists.next()?;
        if lists.next().is_none() {
            return u64::try_from(length.min(MOST_THINGS)).ok();
        }
    }
    let mut asked = sent.iter().filter(|_| is_main);
    let (name, number) = asked.find_map(|(name, value)| {
        let name = folded(name);
        let is_limit = LIMITS.contains(&name.as_str());
        Some((name, value.as_u64().filter(|_| is_limit)?))
    })?;
    Some(if name == "n" {
        number.min(10)
    } else {
        number.min(usual)
    })
}

fn may_be_list(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Array(_) => true,
        ShapeKind::Union(shapes) => shapes.iter().any(may_be_list),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_days_moments_and_numbers() {
        let range = |from: &str, to: &str| {
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            Range::of(&[pair("startDate", from), pair("end_date", to)])
        };
        let days = range("2026-01-01", "2026-01-07").unwrap();
        assert_eq!(days.days(), 7);
        assert_eq!(
            range("2026-01-01T00:00:00Z", "2026-01-07T00:00:00Z"),
            Some(days)
        );
        assert_eq!(range("1767225600", "1767744000"), Some(days));
        assert_eq!(range("1767225600000", "1767744000000"), Some(days));
        assert_eq!(range("2026-01-07", "2026-01-01"), None);
        assert_eq!(range("3", "5"), None);
    }
}
