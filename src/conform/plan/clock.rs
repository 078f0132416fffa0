//! Days and moments that the text of an input binds to now: what is on the wrong side of it, and what is too far away. Pure: the
//! values are centuries away, and what is to be taken is brought to the days to come by who knows the day.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::bindings::letters;
use crate::conform::chain;
use crate::conform::pattern::pattern;
use crate::conform::said::later;
use crate::model::shape::ShapeKind;
use crate::model::types::Format;

use super::input::Input;
use super::value::is_documented;

/// A day that has passed.
const LONG_AGO: &str = "2001-02-03";

/// A day that nobody waits for.
const FAR_AWAY: &str = "2999-02-03";

/// On which side of now something has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Future,
    Past,
}

fn side(text: &str) -> Option<Side> {
    static FUTURE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:must|may|can|should)\ ?not|can['’]t|never)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+past\b
            | \b(?:must|has\ to|have\ to|needs\ to)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+future\b
            | \b(?:must|has\ to|needs\ to)\s+be\s+a\s+future\b | \b(?:today|tomorrow|now)\s+or\s+later\b
            | \bnot\s+(?:be\s+)?(?:before|earlier\s+than)\s+(?:today|now)\b
            | (?:^|[.,;]\s+)not\s+in\s+(?:the\s+)?past\b | (?:^|[.,;]\s+)(?:a|any)\s+future\s+(?:date|day|time|moment|timestamp)\s*(?:[.,;]|$)
            | (?:^|[.,;]\s+)(?:a\s+(?:date|day|time|moment)\s+)?in\s+the\s+future\s*(?:[.,;]|$)
            | \b(?:date|day|time|moment|timestamp|value|one|anything)s?\s+in\s+the\s+past\s+(?:(?:is|are|gets?|gives?|leads?|returns?|results?|will)\b[^.;]*\b(?:4\d\d|refused|rejected|errors?|invalid|not\s+(?:allowed|accepted))|fails?)\b",
        )
    });
    static PAST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:must|may|can|should)\ ?not|can['’]t|never)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+future\b
            | \b(?:must|has\ to|have\ to|needs\ to)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+past\b
            | \b(?:today|now)\s+or\s+earlier\b | \bnot\s+(?:be\s+)?(?:after|later\s+than)\s+(?:today|now)\b
            | (?:^|[.,;]\s+)not\s+in\s+(?:the\s+)?future\b
            | \b(?:date|day|time|moment|timestamp|value|one|anything)s?\s+in\s+the\s+future\s+(?:(?:is|are|gets?|gives?|leads?|returns?|results?|will)\b[^.;]*\b(?:4\d\d|refused|rejected|errors?|invalid|not\s+(?:allowed|accepted))|fails?)\b",
        )
    });
    match (FUTURE.is_match(text), PAST.is_match(text)) {
        (true, false) => Some(Side::Future),
        (false, true) => Some(Side::Past),
        _ => None,
    }
}

/// True if the text says how far ahead something may be: "180 days ahead at most".
fn is_near(text: &str) -> bool {
    static NEAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:at\s+most|up\s+to|(?:no|not)\s+more\s+than|max(?:imum|\.)?(?:\s+of)?|within)\s+(?:the\s+next\s+)?`?\w+`?\s+(?:minutes?|hours?|days?|weeks?|months?|years?)
              \s+(?:ahead|in\s+advance|from\s+(?:now|today)|in\s+the\s+future|away|out)\b
            | \b\w+\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\s+(?:ahead|in\s+advance|from\s+(?:now|today)|in\s+the\s+future|away)\s+(?:at\s+most|at\s+the\s+(?:most|latest)|or\s+less)\b
            | \bwithin\s+the\s+next\s+`?\w+`?\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\b",
        )
    });
    NEAR.is_match(text)
}

/// True for a number that is a point in time, as `closes_at`, and whose text tells how far that is away: "In the future, but
/// no more than 90 days."
pub(super) fn is_away(input: &Input) -> bool {
    static SPAN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:seconds?|minutes?|min|hours?|days?|weeks?|months?|years?|hrs?|\d+\s*[smhd])\b",
        )
    });
    static AWAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:in\s+the\s+(?:future|past)|from\s+now|ahead|ago|out|away|within\s+the\s+(?:next|last|past)|unix|epoch|timestamp|now)\b",
        )
    });
    const ENDS: [&str; 7] = [
        "at",
        "until",
        "expires",
        "timestamp",
        "deadline",
        "before",
        "after",
    ];
    let is_number = matches!(input.shape.kind, ShapeKind::Integer | ShapeKind::Number);
    // `expires_in_days` is a span by its name, whatever its text says of the moment that it leads to.
    if later::unit_of(&input.name).is_some() || is_span(input) {
        return false;
    }
    let name = letters(&input.name);
    let is_named = name.starts_with("expir") || ENDS.iter().any(|end| name.ends_with(end));
    let text = &input.description;
    is_number && SPAN.is_match(text) && (is_named || AWAY.is_match(text))
}

/// True for a number that says how long something lasts: by its name, by a text that begins with what is counted, or by a
/// default that is within its bounds, as no moment is.
fn is_span(input: &Input) -> bool {
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:the\s+)?(?:(?:number|count|amount)\s+of\s+)?(?:seconds|minutes|hours|days|weeks)\s+(?:until|till|before|after|that|for|to|from|the|a|an|in|it)\b|^\s*(?:how\s+long|duration|lifetime|time\s+to\s+live)\b",
        )
    });
    let words = chain::split(&input.name);
    let is_named = words.last().is_some_and(|it| it == "in")
        || words.iter().any(|it| later::SPANS.contains(&it.as_str()));
    let constraints = &input.shape.constraints;
    let bounds = (constraints.minimum.as_ref(), constraints.maximum.as_ref());
    let is_within = |value: f64| match bounds {
        (Some(least), Some(most)) => (least.value..=most.value).contains(&value),
        _ => false,
    };
    let default = input.default.as_ref().and_then(Value::as_f64);
    is_named || COUNTED.is_match(&input.description) || default.is_some_and(is_within)
}

/// Takes the bounds of a moment that are those of how far it is away.
pub(super) fn unbind(input: &mut Input) {
    let constraints = &input.shape.constraints;
    let is_bound = constraints.minimum.is_some() || constraints.maximum.is_some();
    if is_bound && is_away(input) {
        input.shape.constraints.minimum = None;
        input.shape.constraints.maximum = None;
    }
}

/// True if a value may not be later than now.
pub(crate) fn is_of_past(input: &Input) -> bool {
    side(&input.description) == Some(Side::Past)
}

/// True if a value has to be later than now.
pub(crate) fn is_of_future(input: &Input) -> bool {
    side(&input.description) == Some(Side::Future)
}

/// A day or a moment on the wrong side of now: "must not be in the past".
pub(super) fn out_of_time(input: &Input, base: Option<&Value>) -> Option<Value> {
    let side = side(&input.description)?;
    if matches!(input.shape.kind, ShapeKind::Integer | ShapeKind::Number) {
        return out_of_unix_time(input, base, side);
    }
    let day = match side {
        Side::Future => LONG_AGO,
        Side::Past => FAR_AWAY,
    };
    written(input, base, day)
}

/// A day or a moment further ahead than the text allows.
pub(super) fn too_far(input: &Input, base: Option<&Value>) -> Option<Value> {
    let is_bound = is_of_future(input) && is_near(&input.description);
    is_bound.then(|| written(input, base, FAR_AWAY))?
}

/// The day as the shown value is written, or as the notation is.
fn written(input: &Input, base: Option<&Value>, day: &str) -> Option<Value> {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\d{4}-\d{2}-\d{2}(?P<time>T\d{2}:\d{2}.*)?$"));
    // "As an ISO 8601 timestamp."
    static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:ISO[-\s]?8601|RFC[-\s]?3339)\s+(?:timestamp|date\s*-?(?:and|\s)?\s*time|date-?time|instant)\b",
        )
    });
    let format = input.shape.constraints.format.as_ref();
    let time = match (base, format.map(|it| &it.value)) {
        (Some(base), _) => {
            let shown = DATE.captures(base.as_str()?)?;
            shown.name("time").map_or("", |it| it.as_str()).to_owned()
        }
        (None, Some(Format::Date)) => String::new(),
        (None, Some(Format::DateTime | Format::Iso8601)) => "T04:05:06Z".to_owned(),
        (None, None) if MOMENT.is_match(&input.description) => "T04:05:06Z".to_owned(),
        _ => return None,
    };
    let value = json!(format!("{day}{time}"));
    is_documented(&input.shape, &value).then_some(value)
}

/// The same in seconds since 1970, as far as what is shown, or the notation, says that these are seconds.
fn out_of_unix_time(input: &Input, base: Option<&Value>, side: Side) -> Option<Value> {
    let format = input.shape.constraints.format.as_ref();
    let is_seconds = format.is_some_and(|it| matches!(it.value, Format::UnixSeconds));
    let is_shown = base
        .and_then(Value::as_i64)
        .is_some_and(|it| (1_000_000_000..100_000_000_000).contains(&it));
    let value = match side {
        Side::Future => json!(981_173_106),
        Side::Past => json!(32_475_000_000_i64),
    };
    ((is_seconds || is_shown) && is_documented(&input.shape, &value)).then_some(value)
}

/// A day, for a text that is called one in no notation: "Date, today or later."
pub(super) fn day(input: &Input) -> Option<&'static str> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\s*(?:an?\s+|the\s+)?(?:calendar\s+)?(?:date|day)\s*(?:[.,;]|$)")
    });
    let is_open = input.shape.constraints.format.is_none() && input.is_free_text();
    (is_open && DAY.is_match(&input.description)).then_some("2024-01-31")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_in_a_unit_by_its_name_is_no_moment() {
        let is_away_of = |name: &str| {
            let page = format!(
                "---\napi: POST /holds\n---\n\n<ParamField body=\"{name}\" type=\"integer\">Number of days. Between 1 and 30. It ends 24 hours later.</ParamField>\n"
            );
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
            is_away(&inputs[0])
        };
        assert!(is_away_of("expires"));
        assert!(is_away_of("expires_at"));
        assert!(!is_away_of("expires_in_days"));
        assert!(!is_away_of("hours_until"));
        assert!(!is_away_of("expires_in"));
        assert!(!is_away_of("ttl"));
    }

    #[test]
    fn texts_say_on_which_side_of_now_a_value_is() {
        for text in [
            "Must be in the future.",
            "Date, today or later.",
            "When to go on. In the future, 180 days ahead at most.",
            "A future date.",
            "The day of delivery, not in the past.",
            "When to send it. A time in the past gets a `400`.",
            "Dates in the past are refused.",
            "Must not be before today.",
        ] {
            assert_eq!(side(text), Some(Side::Future), "{text}");
        }
        for text in [
            "Date, not in future.",
            "Cannot be in the future.",
            "Now or earlier.",
            "Must be in the past.",
        ] {
            assert_eq!(side(text), Some(Side::Past), "{text}");
        }
        for text in [
            "When it starts.",
            "If it is in the past, it is sent at once.",
            "May be in the future.",
            "A date in the future is kept for later, one in the past is sent now.",
        ] {
            assert_eq!(side(text), None, "{text}");
        }
    }

    #[test]
    fn texts_say_how_far_ahead_a_value_may_be() {
        for text in [
            "In the future, 180 days ahead at most.",
            "At most 30 days from now.",
            "Up to 12 months ahead.",
            "Must be within the next 90 days.",
            "No more than two weeks in advance.",
        ] {
            assert!(is_near(text), "{text}");
        }
        for text in [
            "Within 30 days of the order.",
            "We look at most 30 days back.",
            "Reminders go out two days ahead.",
        ] {
            assert!(!is_near(text), "{text}");
        }
    }
}
