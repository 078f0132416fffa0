//! Answers that come piece by piece: streams of server-sent events, and lines of JSON.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::model::json::read_strict;

use super::answer::Fields;
use super::generate::{self, Circumstances};
use super::message::Pieces;

/// What a stream of events is.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// How many events are made up.
const EVENTS: u64 = 3;

/// Events that are made of the documented fields.
pub(super) fn of_fields(fields: &Fields, circumstances: Circumstances<'_>) -> String {
    let event = |index| {
        let seed = circumstances.seed.wrapping_add(index);
        let circumstances = Circumstances {
            seed,
            ..circumstances
        };
        let value = generate::generate(fields, circumstances);
        format!("data: {value}\n\n")
    };
    (0..EVENTS).map(event).collect()
}

/// Where each event of an example ends, if it is a stream of events and nothing else.
pub(super) fn ends(text: &str) -> Option<Arc<[usize]>> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let is_field = |line: &str| {
        ["data:", "event:", "id:", "retry:", ":"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let has_data = lines().any(|line| line.starts_with("data:"));
    if !has_data || !lines().all(is_field) {
        return None;
    }
    let closed = closed(text);
    let mut ends = Vec::new();
    let mut at = 0;
    let mut is_open = false;
    for line in closed.split_inclusive('\n') {
        at += line.len();
        let is_blank = line.trim().is_empty();
        if is_blank && is_open {
            ends.push(at);
        }
        is_open = !is_blank;
    }
    Some(ends.into())
}

/// The text with the blank line that ends its last event.
pub(super) fn closed(text: &str) -> Cow<'_, str> {
    if text.ends_with("\n\n") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}\n\n", text.trim_end_matches(['\r', '\n'])))
}

/// Where each line of an example ends, if it is several values of JSON, each on a line of its own.
pub(super) fn line_ends(text: &str) -> Option<Arc<[usize]>> {
    let mut ends = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        read_strict(line.as_bytes()).ok()?;
        ends.push(at);
    }
    (ends.len() > 1).then(|| ends.into())
}

/// Where the events begin that a client has not seen, which says the last one it saw; `None` if it saw none of these.
///
/// <https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header>
pub(super) fn unseen(text: &[u8], ends: &[usize], last: &str) -> Option<usize> {
    let mut start = 0;
    ends.iter().position(|end| {
        let event = text.get(start..*end).unwrap_or_default();
        start = *end;
        let mut lines = event.split(|byte| *byte == b'\n');
        lines.any(|line| {
            let id = line.strip_prefix(b"id:");
            id.is_some_and(|id| id.trim_ascii() == last.trim().as_bytes())
        })
    })?;
    Some(start)
}

/// Without a pause; that is for the client to ask for.
pub(super) fn pieces(ends: &Arc<[usize]>) -> Pieces {
    Pieces {
        ends: Arc::clone(ends),
        pause: Duration::ZERO,
        is_cut: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_end_with_a_blank_line() {
        let text = "event: a\ndata: 1\n\ndata: 2";
        let ends = ends(text).unwrap();
        assert_eq!(*ends, [18, 27]);
        assert_eq!(closed(text).len(), 27);
    }

    #[test]
    fn a_client_goes_on_after_the_event_that_it_saw() {
        let text = closed("id: 1\ndata: a\n\nid:2\ndata: b").into_owned();
        let ends = ends(&text).unwrap();
        let unseen = |last: &str| unseen(text.as_bytes(), &ends, last);
        assert_eq!((unseen("1"), unseen(" 2")), (Some(15), Some(text.len())));
        assert_eq!((unseen("3"), unseen("")), (None, None));
    }

    #[test]
    fn other_text_is_no_stream() {
        assert!(ends("{\n  \"data\": 1\n}").is_none());
        assert!(ends("data: 1\n\nand so on").is_none());
        assert!(ends("id: 7").is_none());
    }

    #[test]
    fn values_on_lines_of_their_own_are_lines_of_json() {
        assert_eq!(*line_ends("{\"a\": 1}\n{\"a\": 2}\n").unwrap(), [9, 18]);
        assert!(line_ends("{\"a\": 1}").is_none());
        assert!(line_ends("{\n}\n{\n}").is_none());
    }
}
