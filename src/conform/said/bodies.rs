//! What the pages say of bodies as a whole: how large they may be, and that they are refused as anything but JSON. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::shared::{ErrorKind, Shared};
use crate::model::{Field, Operation};
use crate::source::Span;

use super::promises;

/// The status of what is too large.
const TOO_LARGE: u16 = 413;

/// The status of a media type that is not taken.
const OTHER_TYPE: u16 = 415;

/// Larger bodies are not sent.
const LARGEST: u64 = 2 * 1024 * 1024;

/// What is promised of bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bodies {
    /// How many bytes a body may have, and where that is said to be refused.
    pub(crate) most: Option<(u64, Span)>,
    /// Where it is said that a body has to be called JSON.
    pub(crate) is_json: Option<Span>,
}

/// True if an array cannot be taken for the body of an operation: it lacks what is required, or a text says that bodies are
/// objects.
pub(crate) fn wants_object(operation: &Operation) -> bool {
    let mut fields = operation.body.iter().flat_map(|body| &body.fields);
    let says = |text: String| {
        let text = text.to_ascii_lowercase();
        text.contains("json object") || text.contains("not an object")
    };
    fields.any(Field::is_required) || promises::sentences(operation).any(says)
}

impl Bodies {
    /// What pages without an endpoint say.
    pub(crate) fn of(shared: &Shared) -> Self {
        let Some(errors) = &shared.errors else {
            return Self::default();
        };
        let of_status = |status: u16| {
            let kinds = errors.kinds.iter();
            kinds.filter(move |it| it.status.value == status)
        };
        let remarks: Vec<&str> = shared
            .remarks
            .iter()
            .map(|it| it.text.value.as_str())
            .collect();
        let own = of_status(TOO_LARGE).find_map(|kind| Some((size(&kind.text.value)?, span(kind))));
        let elsewhere = || {
            let kind = of_status(TOO_LARGE).find(|kind| is_of_bodies(&kind.text.value))?;
            let size = remarks.iter().find_map(|text| size(text))?;
            Some((size, span(kind)))
        };
        let names_type = |text: &str| {
            let text = text.to_lowercase();
            text.contains("json") || text.contains("content-type") || text.contains("content type")
        };
        let mut media = of_status(OTHER_TYPE).filter(|kind| {
            let is_told = names_type(&kind.text.value)
                || remarks
                    .iter()
                    .any(|it| it.contains("415") && names_type(it));
            is_told && !remarks.iter().any(|it| it.contains("text/plain"))
        });
        Self {
            most: own.or_else(elsewhere).filter(|(most, _)| *most <= LARGEST),
            is_json: media.next().map(span),
        }
    }
}

fn span(kind: &ErrorKind) -> Span {
    kind.status.evidence.span
}

/// True for a text about bodies, and not about what they hold.
fn is_of_bodies(text: &str) -> bool {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:files?|images?|pictures?|uploads?|attachments?|decoded|members?|fields?|parts?|rows?|lines?|responses?|answers?)\b",
        )
    });
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:bod(?:y|ies)|requests?|payloads?|content)\b"));
    WHOLE.is_match(text) && !PARTS.is_match(text)
}

/// The number of bytes that a text says a body may have.
fn size(text: &str) -> Option<u64> {
    static SIZE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?P<count>\d[\d,]*)\s*(?P<unit>bytes|ki?b|kilobytes?|mi?b|megabytes?)\b")
    });
    if !is_of_bodies(text) {
        return None;
    }
    let found = SIZE.captures_iter(text).map(|found| {
        let count: u64 = found
            .name("count")?
            .as_str()
            .replace(',', "")
            .parse()
            .ok()?;
        let unit = found.name("unit")?.as_str().to_ascii_lowercase();
        let factor = match unit.chars().next() {
            Some('b') => 1,
            Some('k') => 1024,
            _ => 1024 * 1024,
        };
        count.checked_mul(factor)
    });
    found.flatten().max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    #[test]
    fn texts_say_how_large_a_body_may_be() {
        for (text, bytes) in [
            ("The body is larger than 64 KB.", 65_536),
            ("Your request is larger than 256 KB", 262_144),
            ("A body may have at most 262,144 bytes (256 KB).", 262_144),
            ("Bodies have up to 1 MiB.", 1_048_576),
        ] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in [
            "The decoded file is larger than 1 MiB",
            "The body is too large.",
            "Images of up to 500 KB.",
            "A request may have 20 lines of 10 bytes.",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn a_table_of_errors_says_what_is_refused() {
        let said = |rows: &str, text: &str| {
            let page = format!(
                "---\ntitle: Errors\n---\n\n{text}\n\n| Status | Code | Meaning |\n| --- | --- | --- |\n{rows}\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            Bodies::of(&documentation.api.shared)
        };
        let both = said(
            "| 413 | `too_large` | The body has more than 64 KB. |\n| 415 | `wrong_type` | The body is not sent as `application/json`. |",
            "Errors are JSON.",
        );
        assert_eq!(both.most.map(|(most, _)| most), Some(65_536));
        assert!(both.is_json.is_some());
        let none = said(
            "| 413 | `too_large` | The picture has more than 64 KB. |\n| 404 | `gone` | There is none. |",
            "Errors are JSON.",
        );
        assert_eq!(none, Bodies::default());
    }
}
