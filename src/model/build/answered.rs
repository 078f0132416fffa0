//! What running text says of the kind of an answer: "Returns a PDF file.", "Streams the lines as server-sent events."

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::json::JsonKind;
use crate::model::operation::{Example, Response, Status};

use super::headers::sentences;
use super::remarks;

static MEDIA_TYPE_IN_TEXT: ReadingRule = ReadingRule {
    name: "media-type-in-text",
    origin: Origin::Prose,
    summary: "`returns a PDF file`, `the response is an image (image/png)`, and `streams … as server-sent events` state the media type of the answer",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&MEDIA_TYPE_IN_TEXT];

/// A file of which only its being one is said.
const FILE: &str = "application/octet-stream";

/// What a stream of events is.
const EVENTS: &str = "text/event-stream";

/// What files are called, and their media types.
const KINDS: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("gif", "image/gif"),
    ("svg", "image/svg+xml"),
    ("zip", "application/zip"),
    ("wav", "audio/wav"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("csv", "text/csv"),
    ("ics", "text/calendar"),
];

/// What follows the kind of a file.
const NOUNS: &[&str] = &[
    "file", "image", "picture", "document", "archive", "export", "audio", "video", "binary",
    "data", "report",
];

/// How sentences about the answer begin.
const LEADS: &[&str] = &[
    "returns ",
    "responds with ",
    "answers with ",
    "downloads ",
    "streams ",
    "the response is ",
    "the response body is ",
    "the answer is ",
];

/// Words of sentences that speak of something else, or of some answers only.
const OTHERS: &[&str] = &[
    "url",
    "urls",
    "link",
    "links",
    "base64",
    "json",
    "if",
    "when",
    "or",
    "list",
    "id",
    "metadata",
    "information",
    "details",
    "about",
    "whether",
];

/// The media type that a text states.
pub(super) fn read(prose: &Prose) -> Option<Fact<String>> {
    let text = prose.text.text();
    let is_led = LEADS.iter().any(|lead| {
        let rest = lead.get(1..).unwrap_or_default();
        text.contains(rest)
    });
    is_led.then(|| prose.blocks())?.iter().find_map(|block| {
        let Block::Paragraph(inline) = block else {
            return None;
        };
        of_paragraph(inline)
    })
}

fn of_paragraph(inline: &Inline) -> Option<Fact<String>> {
    let sentences = sentences(inline);
    sentences.iter().find_map(|sentence| {
        let said = remarks::marked(sentence)?;
        let text = said.value.to_lowercase();
        let rest = LEADS.iter().find_map(|lead| text.strip_prefix(lead))?;
        let media_type = media_type(rest, text.starts_with("streams "))?;
        Some(Fact::new(
            media_type,
            said.evidence.span,
            &MEDIA_TYPE_IN_TEXT,
        ))
    })
}

/// The media type of what is returned.
fn media_type(text: &str, is_streamed: bool) -> Option<String> {
    let words: Vec<&str> = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_events = ["server-sent events", "server sent events", EVENTS]
        .iter()
        .any(|name| text.contains(name));
    if is_events && (is_streamed || text.contains("stream")) {
        return Some(EVENTS.to_owned());
    }
    if words.iter().any(|word| OTHERS.contains(word)) {
        return None;
    }
    let named = text.split(|it: char| !(it.is_ascii_alphanumeric() || "/+-.".contains(it)));
    let groups = ["application", "image", "audio", "video", "text"];
    let mut named = named.filter(|it| {
        let parts = it.split_once('/');
        parts.is_some_and(|(group, name)| groups.contains(&group) && !name.is_empty())
    });
    if let Some(named) = named.next() {
        return Some(named.trim_end_matches('.').to_owned());
    }
    let is_noun = |word: Option<&&str>| word.is_some_and(|word| NOUNS.contains(word));
    let kind = |word: &str| KINDS.iter().find(|kind| kind.0 == word);
    let mut files = words.iter().enumerate().filter_map(|(index, word)| {
        let before = words.get(index.checked_sub(1)?);
        let is_form = before == Some(&"as") || before.is_some_and(|it| matches!(*it, "a" | "an"));
        let is_last = index + 1 == words.len();
        let is_file = is_noun(words.get(index + 1)) || is_form && is_last;
        kind(word).filter(|_| is_file && index < 8)
    });
    if let Some((_, media_type)) = files.next() {
        return Some((*media_type).to_owned());
    }
    let is_file = text.starts_with("a file") || text.starts_with("the file ");
    is_file.then(|| FILE.to_owned())
}

/// Gives the successes the media type that the text states, where they show nothing else.
pub(super) fn apply(responses: &mut Vec<Response>, said: Option<&Fact<String>>) {
    let Some(said) = said else {
        return;
    };
    let is_stream = said.value == EVENTS;
    let mut successes = responses.iter_mut().filter(|it| it.status.is_success());
    let Some(first) = successes.next() else {
        responses.push(Response {
            status: Status::Success,
            variant: None,
            fields: Vec::new(),
            shape: None,
            media_type: Some(said.clone()),
            examples: Vec::new(),
        });
        return;
    };
    // A list as the example of a stream shows its events.
    let is_list = |example: &Example| {
        let value = example.value();
        is_stream && value.is_some_and(|it| matches!(it.kind, JsonKind::Array(_)))
    };
    let is_free = first.examples.iter().all(is_list) && (first.fields.is_empty() || is_stream);
    if is_free && successes.next().is_none() {
        first.media_type = Some(said.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_kind_of_file_is_a_media_type() {
        for (text, expected) in [
            ("a pdf file.", Some("application/pdf")),
            ("the invoice as a pdf.", Some("application/pdf")),
            (
                "a png image (`content-type: image/png`).",
                Some("image/png"),
            ),
            (
                "a file in the requested format.",
                Some("application/octet-stream"),
            ),
            ("the url of the pdf file.", None),
            ("a png image or an error.", None),
            ("the boat.", None),
        ] {
            assert_eq!(media_type(text, false).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_stream_of_events_is_said_to_be_one() {
        let events = Some("text/event-stream".to_owned());
        assert_eq!(media_type("log lines as server-sent events;", true), events);
        assert_eq!(media_type("a list of server-sent events.", false), None);
    }
}
