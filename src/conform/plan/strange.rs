//! Ids that nothing has, in the form of those that are known, and inputs whose text says how such ones are refused. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::shape::ShapeKind;

use super::input::{Input, Place};
use super::value::{Fault, Refused};

/// An id that nothing has, where the text of the input says that those are refused as wrong: "A user who does not exist is
/// refused with `422`."
pub(super) fn refused(input: &Input, base: Option<&Value>) -> Option<Refused> {
    let is_body = input.place == Place::Body && input.shape.constraints.allowed.is_none();
    if !is_body || !says_so(&input.description) {
        return None;
    }
    let value = match (&input.shape.kind, base?) {
        (ShapeKind::Array(items), Value::Array(shown)) if items.constraints.allowed.is_none() => {
            let mut shown = shown.clone();
            let last = shown.last_mut()?;
            *last = Value::from(unknown(last.as_str()?));
            Value::Array(shown)
        }
        (_, Value::String(shown)) => Value::from(unknown(shown)),
        _ => return None,
    };
    (Some(&value) != base).then_some(Refused {
        value,
        fault: Fault::Beside,
        evidence: None,
    })
}

/// Moments of no clock in the notation of cron: minute 60 and hour 24, where the request shows five fields or six.
pub(super) fn out_of_cron(input: &Input, base: Option<&Value>) -> Vec<Refused> {
    let is_named = letters(&input.name).contains("cron");
    let fields: Vec<&str> = match base {
        Some(Value::String(shown)) if is_named => shown.split_whitespace().collect(),
        _ => return Vec::new(),
    };
    // With six of them seconds come first.
    let minute = match fields.len() {
        5 => 0,
        6 => 1,
        _ => return Vec::new(),
    };
    let refused = [(minute, "60"), (minute + 1, "24")].map(|(at, beyond)| {
        let fields = fields.iter().enumerate();
        let fields = fields.map(|(place, field)| if place == at { beyond } else { *field });
        Refused {
            value: Value::from(fields.collect::<Vec<_>>().join(" ")),
            fault: Fault::Format,
            evidence: None,
        }
    });
    refused.into_iter().collect()
}

/// True if a text says in so many words that what does not exist is refused, with a status of wrong values if it names one.
fn says_so(text: &str) -> bool {
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:who|that|which)\s+(?:does|do)\s*(?:not|n['’]t)\s+exist|unknown\s+\w+|unknown\s+ones)\s*,?\s+(?:is|are|gets?|gives?|leads?\s+to)\b
            [^.;]*?(?:\b(?:refused|rejected|invalid|an?\s+error)\b(?:[^.;]*?`?(?P<status>4\d\d)`?)?|`(?P<code>4\d\d)`)",
        )
    });
    let Some(found) = REFUSED.captures(text) else {
        return false;
    };
    let status = found.name("status").or_else(|| found.name("code"));
    status.is_none_or(|it| ["400", "422"].contains(&it.as_str()))
}

/// An id of the same form that nothing is likely to have: digits become nines, letters the end of the alphabet.
pub(crate) fn unknown(known: &str) -> String {
    let is_number = known.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return "9".repeat(known.len().clamp(7, 9));
    }
    let is_uuid = known.len() == 36 && known.bytes().filter(|byte| *byte == b'-').count() == 4;
    if is_uuid {
        return "ffffffff-ffff-4fff-bfff-fffffffffff0".to_owned();
    }
    let start = known.rfind(['_', '-', ':']).map_or(0, |at| at + 1);
    let (prefix, rest) = known.split_at(start);
    let rest: String = rest
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'a'..='z' => 'z',
            'A'..='Z' => 'Z',
            other => other,
        })
        .collect();
    format!("{prefix}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_how_what_does_not_exist_is_refused() {
        for text in [
            "Readers to invite. A reader who does not exist is refused with `422`, and no club is made.",
            "Unknown shelves are rejected.",
            "Codes of shelves. One that doesn't exist is answered with `400`.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "A reader that does not exist is answered with `404`.",
            "Readers who do not exist are ignored.",
            "An unknown reader is invited by mail.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }

    #[test]
    fn clocks_have_no_hour_24() {
        let page = "---\napi: POST /alarms\n---\n\n<ParamField body=\"cron\" type=\"string\">When it rings.</ParamField>\n";
        let (_, documentation) = crate::conform::tests::documentation("", &[page]);
        let inputs = crate::conform::plan::input::inputs(&documentation.api.operations[0]);
        let values = |shown: &str| {
            let refused = out_of_cron(&inputs[0], Some(&Value::from(shown)));
            refused.into_iter().map(|it| it.value).collect::<Vec<_>>()
        };
        assert_eq!(values("30 2 * * 1-5"), ["60 2 * * 1-5", "30 24 * * 1-5"]);
        assert_eq!(values("0 30 2 * * *"), ["0 60 2 * * *", "0 30 24 * * *"]);
        assert!(values("@daily").is_empty());
    }

    #[test]
    fn unknown_ids_look_like_known_ones() {
        assert_eq!(unknown("usr_ab12"), "usr_zz99");
        assert_eq!(unknown("41"), "9999999");
    }
}
