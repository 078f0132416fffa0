//! Values that look like those of a documented notation, and are none.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::pattern::pattern;
use crate::model::Origin;
use crate::model::shape::ShapeKind;
use crate::model::types::{Characters, Format};

use super::input::{Input, Place};
use super::value::{Fault, Refused};

/// A value in another notation than the documented one, if there is one that nobody takes for it.
pub(super) fn misnoted(input: &Input, base: Option<&Value>) -> Option<Refused> {
    if let (ShapeKind::Union(kinds), true) = (&input.shape.kind, input.shape.is_text()) {
        let formats = kinds.iter().map(|kind| kind.constraints.format.as_ref());
        let is_day = |it: Option<&crate::model::Fact<Format>>| {
            it.is_some_and(|it| matches!(it.value, Format::Date | Format::DateTime))
        };
        return formats.clone().all(is_day).then(|| Refused {
            value: json!("2024-02-30x"),
            fault: Fault::Format,
            evidence: input.shape.evidence,
        });
    }
    let constraints = &input.shape.constraints;
    if let (None, Some(pattern)) = (&constraints.format, &constraints.pattern) {
        return pattern.value.broken().map(|broken| Refused {
            value: json!(broken),
            fault: Fault::Format,
            evidence: Some(pattern.evidence),
        });
    }
    let format = constraints.format.as_ref()?;
    let value = match &format.value {
        Format::Characters(characters) => {
            let right = right(characters, base)?;
            return Some(Refused {
                value: json!(characters.broken(&right)),
                fault: Fault::Format,
                evidence: Some(format.evidence),
            });
        }
        // What is only called an address is looked for as it stands: nothing has it, and the list is empty.
        Format::Email | Format::Uri | Format::Phone | Format::Uuid if is_looked_for(input) => {
            return None;
        }
        Format::Uuid => "not-a-uuid",
        Format::Date if is_of_calendar(&input.description) => "2024-02-30",
        Format::Date => "2024-02-30x",
        Format::DateTime | Format::Iso8601 => "yesterday at noon",
        Format::Email => "not-an-address",
        Format::Uri => "not a url",
        Format::Mask(mask) if names_no_thing(input) => {
            let shown = base.and_then(Value::as_str).map(str::to_owned);
            let mut broken = shown
                .filter(|it| mask.accepts(it))
                .unwrap_or_else(|| mask.sample(1));
            broken.pop();
            return Some(Refused {
                value: json!(format!("{broken}!")),
                fault: Fault::Format,
                evidence: Some(format.evidence),
            });
        }
        Format::Phone if input.description.contains("164") => "not-a-number",
        Format::Ip | Format::Ipv4 => "999.1.1.1",
        Format::Base64 => "not base64!",
        _ => return None,
    };
    matches!(input.shape.kind, ShapeKind::String).then(|| Refused {
        value: json!(value),
        fault: Fault::Format,
        evidence: Some(format.evidence),
    })
}

/// True for a parameter of the query whose text calls it an address and the like, and does not say that it has to be one.
fn is_looked_for(input: &Input) -> bool {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|has\s+to|have\s+to|needs?\s+to|valid|well[- ]formed|format|refused|rejected|400|422)\b",
        )
    });
    let format = input.shape.constraints.format.as_ref();
    let is_in_text = format.is_some_and(|it| it.evidence.origin <= Origin::Prose);
    input.place == Place::Query && is_in_text && !ASKED.is_match(&input.description)
}

/// True for a text that is no name of a thing: another one of those is unknown, and not wrong.
fn names_no_thing(input: &Input) -> bool {
    static ID: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:ids?|identifiers?|keys?|tokens?)\b"));
    !input.is_reference() && !ID.is_match(&input.description)
}

/// "It must exist in the calendar."
fn is_of_calendar(text: &str) -> bool {
    static CALENDAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:exists?|existing|real|actual|possible|valid)\b[^.;]*\b(?:calendar|dates?|days?)\b|\bcalendar\s+dates?\b|\b(?:dates?|days?)\b[^.;]*\b(?:must|has\s+to)\s+exist\b",
        )
    });
    CALENDAR.is_match(text)
}

/// A text with a sign between others that is not among the characters that it may have: `left-right`.
pub(super) fn misjoined(input: &Input, base: Option<&Value>) -> Option<Refused> {
    let format = input.shape.constraints.format.as_ref()?;
    let Format::Characters(characters) = &format.value else {
        return None;
    };
    let broken = characters.joined(&right(characters, base)?)?;
    Some(Refused {
        value: json!(broken),
        fault: Fault::Format,
        evidence: Some(format.evidence),
    })
}

/// What is shown, or else a text of such characters.
fn right(characters: &Characters, base: Option<&Value>) -> Option<String> {
    let shown = base.and_then(Value::as_str).map(str::to_owned);
    let right = shown.unwrap_or_else(|| characters.fitted("string"));
    (characters.accepts(&right) && !right.is_empty()).then_some(right)
}
