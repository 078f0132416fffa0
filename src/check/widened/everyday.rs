//! Types that are words of everyday language as well as names of notations: `time` for a moment, `timestamp` for
//! "2026-02-13 18:22", `boolean (0/1)`.

use crate::check::comparison::Comparison;
use crate::model::Field;
use crate::model::shape::{Mismatch, format};
use crate::model::types::Format;

/// True if the type of the field is such a word, and the value what people mean by it.
pub(in crate::check) fn means(
    comparison: &Comparison<'_>,
    path: &str,
    mismatch: &Mismatch,
) -> bool {
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let shown = mismatch.found.trim_matches('"');
    match word(field).as_str() {
        "time" | "timestamp" | "datetime" => begins_with_day(shown) || shown.ends_with(" GMT"),
        "date" => begins_with_day(shown) && tells_hour(&field.description),
        "duration" => is_clock(shown),
        "email" => shown.ends_with('>') && shown.contains('<') && shown.contains('@'),
        "uuid" | "guid" => shown.len() == 32 && shown.bytes().all(|it| it.is_ascii_hexdigit()),
        _ => false,
    }
}

/// True for a number in the place of such a notation, or one that the type names itself: `boolean (0/1)`.
pub(super) fn is_number(field: &Field, found: &str) -> bool {
    let number = found.rsplit(' ').next().unwrap_or_default();
    if number.parse::<f64>().is_err() {
        return false;
    }
    let kind = word(field);
    let mut words = kind.split(|c: char| !c.is_ascii_digit());
    matches!(kind.as_str(), "time" | "timestamp" | "duration" | "byte")
        || words.any(|it| it == number)
}

fn word(field: &Field) -> String {
    let kind = field.type_text.as_ref().map_or("", |it| it.value.trim());
    kind.to_lowercase()
}

fn begins_with_day(text: &str) -> bool {
    let day = text.get(..10);
    day.is_some_and(|day| format::accepts(&Format::Date, day))
}

fn tells_hour(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "hour" | "time" | "minute" | "moment"))
}

/// `1:30`
fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    text.contains(':')
        && parts
            .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_by_their_day() {
        assert!(begins_with_day("2026-02-13 18:22"));
        assert!(!begins_with_day("13.02.2026 18:22"));
        assert!(is_clock("1:30") && !is_clock("90") && !is_clock("PT1H"));
        assert!(tells_hour("Day and hour") && !tells_hour("Day of the loan"));
    }
}
