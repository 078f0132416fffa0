//! How much later than another point in time a text says that one is: "exactly 24 hours after `finished_at`", "`created_at`
//! plus `hold_minutes`". Pure.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::numerals::numeral;

/// A distance from another point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Later {
    /// The member that it counts from; none for the creation.
    pub(crate) base: Option<String>,
    pub(crate) by: By,
}

/// How much later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// So many seconds.
    Seconds(i64),
    /// So many months, which are not all alike.
    Months(i64),
    /// As a member says, in so many seconds each.
    Member(String, i64),
}

/// Words in the names of inputs that say how long something lasts.
pub(crate) const SPANS: &[&str] = &[
    "ttl", "duration", "period", "term", "lifetime", "validity", "timeout",
];

const COUNT: &str =
    r"(?P<count>\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)";
const UNIT: &str = r"(?P<unit>seconds?|minutes?|hours?|days?|weeks?|months?|years?)";
const BASE: &str = r"(?:(?:the\s+)?`(?P<base>[\w.]+)`|(?P<birth>(?:its\s+|the\s+)?creation|(?:it|the\s+\w+)\s+(?:was|is|has\s+been)\s+(?:created|made)))";

/// What the description of a point in time says of its distance from another one.
pub(crate) fn of(description: &str) -> Option<Later> {
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)\b{COUNT}\s+{UNIT}\s+(?:after|from|later\s+than|past)\s+{BASE}"
        ))
    });
    static PLUS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i){BASE}\s*(?:plus|\+)\s*(?:the\s+)?(?:{COUNT}\s+{UNIT}|`(?P<by>\w+)`)"
        ))
    });
    static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)`(?P<by>\w+)`\s+(?:{UNIT}\s+)?(?:after|from|later\s+than|past)\s+{BASE}"
        ))
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:about|around|roughly|approximately|up\s+to|at\s+most|at\s+least|at\s+the\s+(?:latest|earliest)|within|not?\s+(?:more|later|earlier|sooner|before)|or|unless|if|when|usually|normally|default(?:s|ed)?|may|can|could|might|should|earliest|latest|more\s+than|less\s+than|before|until|except|extended|renewed|every|each|first|last|end\s+of|business|working|must)\b",
        )
    });
    let clauses = clauses(description);
    clauses.iter().find_map(|clause| {
        let patterns: [&Regex; 3] = [&AFTER, &PLUS, &MEMBER];
        let found = patterns.iter().find_map(|it| it.captures(clause))?;
        read(&found).filter(|_| !OPEN.is_match(clause))
    })
}

/// The clauses of a text, without what is said of `null`.
fn clauses(text: &str) -> Vec<String> {
    static NULL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i),?\s*(?:(?:or|and|else|otherwise)\s+)?(?:it\s+is\s+)?`?\bnull\b`?[^.;]*")
    });
    let text = NULL.replace_all(text, "");
    let parts = text.split(['.', ';', ':', '\n']);
    // A point may stand in the way to a member.
    let mut clauses: Vec<String> = Vec::new();
    let mut open = String::new();
    for part in parts {
        if !open.is_empty() {
            open.push('.');
        }
        open.push_str(part);
        if open.matches('`').count().is_multiple_of(2) {
            clauses.push(std::mem::take(&mut open));
        }
    }
    clauses
}

fn read(found: &Captures<'_>) -> Option<Later> {
    let text = |name: &str| found.name(name).map(|it| it.as_str().to_lowercase());
    let base = found.name("base").map(|it| it.as_str().to_owned());
    let unit = text("unit");
    if let Some(member) = found.name("by") {
        let member = member.as_str().to_owned();
        let each = unit
            .as_deref()
            .and_then(seconds)
            .or_else(|| unit_of(&member))?;
        let by = By::Member(member, each);
        return Some(Later { base, by });
    }
    let count = number(&text("count")?)?;
    let unit = unit?;
    let by = match unit.trim_end_matches('s') {
        "month" => By::Months(count),
        "year" => By::Months(count * 12),
        _ => By::Seconds(count.checked_mul(seconds(&unit)?)?),
    };
    Some(Later { base, by })
}

fn number(text: &str) -> Option<i64> {
    if matches!(text, "a" | "an") {
        return Some(1);
    }
    let word = numeral(text).map(i64::from);
    word.or_else(|| text.parse().ok().filter(|it: &i64| *it < 100_000))
}

/// The seconds of a unit of time.
pub(crate) fn seconds(unit: &str) -> Option<i64> {
    Some(match unit.trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    })
}

/// The seconds of the unit that the name of a member ends or begins with: `hold_minutes`, `days_until_due`.
pub(crate) fn unit_of(name: &str) -> Option<i64> {
    let name = letters(name);
    let mut units = ["seconds", "minutes", "hours", "days", "weeks"].into_iter();
    let is_named = |unit: &&str| name.ends_with(unit) || name.starts_with(unit);
    units.find(is_named).and_then(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(base: &str, by: By) -> Later {
        let base = (!base.is_empty()).then(|| base.to_owned());
        Later { base, by }
    }

    #[test]
    fn texts_say_how_much_later_something_is() {
        let day = || By::Seconds(86_400);
        for text in [
            "The file is kept for 24 hours: this is exactly 24 hours after `finished_at`.",
            "One day after `finished_at`, `null` until then.",
            "`finished_at` plus 24 hours.",
            "Always `finished_at` + 1 day, or `null` if it is not finished.",
            "24 hours from `finished_at`",
        ] {
            assert_eq!(of(text), Some(said("finished_at", day())), "{text}");
        }
        for text in [
            "30 minutes after creation.",
            "30 minutes after it was created.",
        ] {
            assert_eq!(of(text), Some(said("", By::Seconds(1800))), "{text}");
        }
        let hold = || By::Member("hold_minutes".to_owned(), 60);
        for text in [
            "`created_at` plus `hold_minutes`.",
            "`hold_minutes` minutes after `created_at`.",
            "When it ends, `hold_minutes` after `created_at`.",
        ] {
            let found = of(text).map(|it| it.by);
            assert_eq!(found, (!text.starts_with("When")).then(hold), "{text}");
        }
        assert_eq!(
            of("A month after `times.started_at`."),
            Some(said("times.started_at", By::Months(1)))
        );
    }

    #[test]
    fn texts_that_leave_it_open_say_nothing() {
        for text in [
            "At most 24 hours after `finished_at`.",
            "By default 30 days after `created_at`.",
            "24 hours after `finished_at`, unless it is extended.",
            "30 days after `created_at` or at the end of the month.",
            "When it was created.",
            "Within 2 minutes after `created_at`.",
            "5 business days after `created_at`.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
