//! The documented responses, made ready to be sent.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderValue, LOCATION, VARY,
};
use http::{HeaderMap, StatusCode};

use crate::model::json::Json;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Example, Operation, Response, Status};

use super::encode::Encodings;
use super::message::{Reply, header_value};
use super::places::{Place, Places};
use super::samples::Samples;
use super::{cors, events, file, guessed, header, implied, parts, promised, raw, words};

/// What is sent where a page documents no body at all.
pub(super) const NOTHING: &[u8] = b"{}";

const JSON: &str = "application/json";

/// One answer that an operation documents.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The status that is sent.
    pub(super) code: u16,
    /// What the page says of the status.
    pub(super) status: Status,
    /// The titles it goes by: of the fence, and of the tab around it.
    pub(super) names: Vec<String>,
    /// What is sent.
    pub(super) content: Content,
    /// The documented members, if there are any, for bodies that are made up.
    pub(super) fields: Option<Arc<Fields>>,
    /// True for a stream of events that are made of the fields.
    pub(super) is_events: bool,
    /// Where it is documented.
    pub(super) source: Place,
    /// The headers that it always has.
    head: HeaderMap,
    /// The names of those that an example shows.
    shown: Vec<String>,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// An example, as the author wrote it or repaired.
    Example(Text),
    /// Fields without an example: the body is made of them.
    Fields,
    /// A status, and nothing about its body.
    Nothing(&'static str),
}

/// A body that is the same each time.
#[derive(Clone, Debug)]
pub(super) struct Text {
    bytes: Bytes,
    media_type: String,
    /// What was repaired.
    repaired: Option<String>,
    /// Where each event or line ends, if the answer is a stream of them.
    ends: Option<Arc<[usize]>>,
    encodings: Arc<Encodings>,
}

/// The documented members of a response.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) shape: Shape,
    /// The same with each of the titled parts that such a body may have; none if the page has no parts.
    pub(super) parts: Vec<Shape>,
    pub(super) samples: Samples,
    /// True if no error is described.
    pub(super) is_success: bool,
}

impl Answer {
    pub(super) fn new(
        response: &Response,
        names: Vec<String>,
        content: Content,
        source: Place,
    ) -> Self {
        let mut head = HeaderMap::new();
        let text = |text: &'static str| HeaderValue::from_static(text);
        match &content {
            Content::Example(example) => {
                head.insert(CONTENT_TYPE, header_value(&example.media_type));
                if example.ends.is_none() {
                    head.insert(CONTENT_LENGTH, HeaderValue::from(example.bytes.len()));
                }
                if let Some(repaired) = &example.repaired {
                    head.insert(header::REPAIRED, header_value(repaired));
                }
            }
            Content::Fields => {
                head.insert(CONTENT_TYPE, text(JSON));
                head.insert(header::REASON, text("generated-from-fields"));
            }
            Content::Nothing(reason) => {
                head.insert(CONTENT_TYPE, text(JSON));
                head.insert(CONTENT_LENGTH, HeaderValue::from(NOTHING.len()));
                head.insert(header::REASON, text(reason));
            }
        }
        head.insert(header::SOURCE, header_value(&source.to_string()));
        head.insert(VARY, header::VARY);
        Self {
            code: code(&response.status).map_or(200, |code| match range(&names) {
                Some(5) if response.status == Status::Error => 500,
                _ => code,
            }),
            status: response.status.clone(),
            names,
            content,
            fields: None,
            is_events: false,
            source,
            head,
            shown: Vec::new(),
        }
    }

    /// The answer with the headers that an example shows.
    fn shows(mut self, example: &Example) -> Self {
        let Some(head) = &example.head else {
            return self;
        };
        for (name, value) in raw::sent(head.text()) {
            self.shown.push(name.to_string());
            self.head.append(name, value);
        }
        self
    }

    /// The answer with the documented members.
    fn with(self, fields: Option<Arc<Fields>>) -> Self {
        Self { fields, ..self }
    }

    /// True if an answer of that status is what is described here.
    pub(super) fn covers(&self, code: u16) -> bool {
        let is_stated = self.status.code().is_some();
        let is_within = |first: u16| is_stated || code / 100 == first;
        self.status.covers(code) && range(&self.names).is_none_or(is_within)
    }

    /// True for an answer of that status, which the page states, or says in its own words.
    pub(super) fn is_of(&self, code: u16) -> bool {
        match &self.status {
            Status::Code(stated) => stated.value == code,
            // What stands for any error has the first of their statuses.
            Status::Error => self.code == code && code > 400 && !self.is_ranged(),
            Status::Success => false,
        }
    }

    /// True if a title says of which statuses it is: `4XX`.
    pub(super) fn is_ranged(&self) -> bool {
        range(&self.names).is_some()
    }

    /// True if an example can be sent.
    pub(super) fn has_example(&self) -> bool {
        matches!(self.content, Content::Example(_))
    }

    /// True if the page says what the body is.
    pub(super) fn has_body(&self) -> bool {
        !matches!(self.content, Content::Nothing(_))
    }

    /// True for the name of this answer, in any case.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let name = folded(name);
        self.names.iter().any(|known| folded(known) == name)
    }

    /// True for what the name of this answer says beside its status: `Not found` of `404 Not Found`, and of `404: Not found`.
    pub(super) fn is_called(&self, name: &str) -> bool {
        let wanted = folded(name);
        self.names.iter().any(|known| {
            let known = folded(known);
            let rest = known.trim_start_matches(|it: char| it.is_ascii_digit());
            let rest = rest.trim_start_matches([' ', ':', '-', '–', '—']);
            rest.len() < known.len() && rest == wanted
        })
    }

    /// True for events and lines that are sent one after another.
    pub(super) fn is_stream(&self) -> bool {
        matches!(&self.content, Content::Example(text) if text.ends.is_some())
    }

    /// The media type of the body, if the page says anything of the body.
    pub(super) fn media_type(&self) -> Option<&str> {
        match &self.content {
            Content::Example(text) => Some(&text.media_type),
            Content::Fields if self.is_events => Some(events::MEDIA_TYPE),
            Content::Fields => Some(JSON),
            Content::Nothing(_) => None,
        }
    }

    /// The body as JSON, if it is one JSON document.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        match &self.content {
            Content::Example(text) if text.ends.is_none() && text.media_type == JSON => {
                serde_json::from_slice(&text.bytes).ok()
            }
            _ => None,
        }
    }

    /// The answer with that status; the body of one that is made of fields is still to be set.
    pub(super) fn reply(&self, code: u16) -> Reply {
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
        let mut reply = Reply::empty(status);
        reply.headers.clone_from(&self.head);
        match &self.content {
            Content::Example(text) => {
                reply.body = text.bytes.clone();
                reply.encodings = Some(Arc::clone(&text.encodings));
                reply.pieces = text.ends.as_ref().map(events::pieces);
            }
            Content::Fields => {
                reply.reason = Some("generated from the documented fields".into());
            }
            Content::Nothing(reason) => {
                reply.body = Bytes::from_static(NOTHING);
                let reason = format!("the page documents no body ({reason})");
                reply.reason = Some(reason.into());
            }
        }
        reply
    }

    /// Says that the body is a file of that name.
    pub(super) fn attach(&mut self, name: &str) {
        let value = header_value(&format!("attachment; filename=\"{name}\""));
        self.head.insert(CONTENT_DISPOSITION, value);
    }

    /// Adds the headers that pages document for such an answer, and lets pages of other origins read them.
    fn promise(&mut self, operation: &Operation) {
        let body = self.json();
        let headers = promised::headers(operation, self.code, body.as_ref());
        let mut names = self.shown.clone();
        names.extend(headers.iter().map(|(name, _)| name.to_string()));
        for (name, value) in headers {
            self.head.entry(name).or_insert(value);
        }
        if matches!(self.code, 301 | 302 | 303 | 307 | 308) {
            let elsewhere = HeaderValue::from_static("https://example.com/");
            self.head.entry(LOCATION).or_insert(elsewhere);
        }
        let disposition = CONTENT_DISPOSITION.as_str();
        let is_known = names.iter().any(|name| name == disposition);
        if self.head.contains_key(CONTENT_DISPOSITION) && !is_known {
            names.push(CONTENT_DISPOSITION.to_string());
        }
        if !names.is_empty() {
            let exposed = cors::exposed_with(&names);
            self.head.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }

    /// Marks the answer as one that a client may keep and ask about later.
    fn tag(&mut self) {
        let tag = match &self.content {
            Content::Example(text) if text.ends.is_none() => tag(&text.bytes),
            // The body will have its own.
            Content::Fields => tag(b""),
            Content::Example(_) | Content::Nothing(_) => return,
        };
        self.head.insert(ETAG, tag);
    }
}

/// The tag of a body; a weak one, as it is the same for all encodings.
pub(super) fn tag(body: &[u8]) -> HeaderValue {
    header_value(&format!(
        "W/\"{:016x}\"",
        words::hash_bytes(words::SEED, body)
    ))
}

/// The first digit of the statuses that a title names: 4 of `4XX`.
fn range(names: &[String]) -> Option<u16> {
    let first = |name: &String| {
        let name = folded(name);
        let (digit, rest) = name.split_at_checked(1)?;
        let is_end = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        let is_range = rest.strip_prefix("xx").is_some_and(is_end);
        digit.parse().ok().filter(|_| is_range)
    };
    names.iter().find_map(first)
}

/// A title by which requests and people find an answer: case, and white space around it, make no difference.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Content {
    /// A body that is the same each time.
    pub(super) fn text(body: impl AsRef<[u8]>, media_type: &str) -> Self {
        Self::Example(Text::new(body, media_type))
    }

    /// What is sent, in a few words.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Example(Text { repaired: None, .. }) => "example",
            Self::Example(_) => "example, repaired",
            Self::Fields => "generated from fields",
            Self::Nothing(_) => "nothing documented",
        }
    }
}

/// All answers that the pages of an operation document, in their order.
pub(super) fn answers(operation: &Operation, places: &Places) -> Vec<Answer> {
    let mut answers: Vec<_> = operation
        .responses
        .iter()
        .filter(|response| code(&response.status).is_some())
        .flat_map(|response| of_response(operation, response, places))
        .collect();
    name_the_success(&mut answers);
    implied::add(&mut answers, operation, places);
    guess(&mut answers, operation);
    for answer in &mut answers {
        answer.promise(operation);
        if operation.endpoint.value.method == "GET" && answer.code == 200 {
            answer.tag();
        }
        if operation.deprecated {
            let value = HeaderValue::from_static("true");
            answer.head.insert(header::DEPRECATION, value);
        }
    }
    answers
}

/// The status that stands for what the page says; interim statuses cannot be answered with.
fn code(status: &Status) -> Option<u16> {
    match status {
        Status::Code(code) => Some(code.value).filter(|code| (200..600).contains(code)),
        Status::Success => Some(200),
        Status::Error => Some(400),
    }
}

/// Errors of unstated status have the one that their titles or bodies tell, and so has the only success of a page.
fn guess(answers: &mut [Answer], operation: &Operation) {
    let is_open =
        |answer: &Answer, status: &Status| answer.status == *status && !answer.is_ranged();
    for answer in answers.iter_mut() {
        if is_open(answer, &Status::Error) {
            let code = guessed::of_error(&answer.names, answer.json().as_ref());
            answer.code = code.unwrap_or(answer.code);
        }
    }
    let mut successes = answers.iter_mut().filter(|it| it.status.is_success());
    if let (Some(only), None) = (successes.next(), successes.next())
        && is_open(only, &Status::Success)
        && only.code == 200
        && operation.endpoint.value.method != "GET"
    {
        only.code = guessed::of_success(&only.names).unwrap_or(only.code);
    }
}

/// A success of unstated status has the one that the page states elsewhere, such as in a table, if it is the only one.
fn name_the_success(answers: &mut Vec<Answer>) {
    let mut stated = answers
        .iter()
        .filter(|answer| answer.status.is_success() && answer.status.code().is_some());
    let Some(only) = stated.next().filter(|answer| !answer.has_body()) else {
        return;
    };
    if stated.next().is_some() {
        return;
    }
    let (code, place) = (only.code, only.source.clone());
    let mut is_named = false;
    for answer in answers.iter_mut() {
        if answer.status == Status::Success && answer.has_body() {
            answer.code = code;
            is_named = true;
        }
    }
    if is_named {
        answers.retain(|answer| {
            let is_bare = answer.status.code() == Some(code) && answer.source == place;
            answer.has_body() || !is_bare
        });
    }
}

fn of_response(operation: &Operation, response: &Response, places: &Places) -> Vec<Answer> {
    let variant = response.variant.as_ref().map(|it| it.value.clone());
    let fields = fields(operation, response);
    if !response.examples.is_empty() {
        let answers = response.examples.iter().map(|example| {
            let names: Vec<_> = example.title.iter().chain(&variant).cloned().collect();
            let content = match file::shown(operation, example.text.text()) {
                Some(file) => Content::text(file.bytes, &file.media_type),
                None => of_example(example, response, &names),
            };
            let answer = Answer::new(response, names, content, places.of(example.span));
            answer.shows(example).with(fields.clone())
        });
        return answers.collect();
    }
    let span = match (response.fields.first(), &response.status) {
        (Some(field), _) => field.open,
        (None, Status::Code(code)) => code.evidence.span,
        (None, _) => operation.endpoint.evidence.span,
    };
    let place = places.of(span);
    let files = implied::files(operation, response);
    if !files.is_empty() {
        let answers = files.into_iter().map(|(name, file)| {
            let names = name.into_iter().chain(variant.clone()).collect();
            let content = Content::text(file.bytes, &file.media_type);
            Answer::new(response, names, content, place.clone())
        });
        return answers.collect();
    }
    let names = variant.into_iter().collect();
    let content = of_fields(response, "no-example");
    let is_events = matches!(content, Content::Fields) && implied::are_events(response);
    let answer = Answer::new(response, names, content, place);
    vec![Answer {
        is_events,
        ..answer.with(fields)
    }]
}

fn of_example(example: &Example, response: &Response, names: &[String]) -> Content {
    let text = example.text.text();
    if let Some(ends) = events::ends(text) {
        return Content::Example(Text {
            ends: Some(ends),
            ..Text::new(events::closed(text).as_bytes(), events::MEDIA_TYPE)
        });
    }
    if implied::are_events(response)
        && let Some(items) = example.value().map(Json::items)
        && !items.is_empty()
    {
        let events = items
            .iter()
            .map(|item| format!("data: {}\n\n", item.to_value()));
        let text: String = events.collect();
        return Content::Example(Text {
            ends: events::ends(&text),
            ..Text::new(&text, events::MEDIA_TYPE)
        });
    }
    let head = example.head.as_ref().map(crate::source::Excerpt::text);
    let Some(reading) = &example.json else {
        if let Some(head) = head {
            let media_type = raw::media_type(head).unwrap_or(example.media_type);
            return Content::Example(Text::new(text, media_type));
        }
        let is_bodiless = match &response.status {
            Status::Code(code) => code.value == 204,
            Status::Success => guessed::of_success(names) == Some(204),
            Status::Error => false,
        };
        if text.trim().is_empty() && !is_bodiless {
            return of_fields(response, "empty-example");
        }
        let ends = events::line_ends(text).filter(|_| example.media_type == LINES);
        return Content::Example(Text {
            ends,
            ..Text::new(text, example.media_type)
        });
    };
    if reading.is_strict() {
        return Content::Example(Text::new(text, JSON));
    }
    if let Some(ends) = events::line_ends(text) {
        return Content::Example(Text {
            ends: Some(ends),
            ..Text::new(text, LINES)
        });
    }
    let Some(first) = reading.documents.first() else {
        return match of_fields(response, "unreadable-example") {
            Content::Nothing(_) => Content::Example(Text::new(text, "text/plain; charset=utf-8")),
            fields => fields,
        };
    };
    let mut repairs: Vec<_> = reading
        .repairs
        .iter()
        .map(|repair| repair.kind.describe())
        .collect();
    repairs.extend(reading.failure.as_ref().map(|_| "unreadable rest"));
    repairs.sort_unstable();
    repairs.dedup();
    Content::Example(Text {
        repaired: Some(repairs.join(", ")),
        ..Text::new(first.to_text(), JSON)
    })
}

/// What several JSON values on lines of their own are.
const LINES: &str = "application/x-ndjson";

fn of_fields(response: &Response, reason: &'static str) -> Content {
    match &response.shape {
        Some(shape) if is_file(shape) => {
            let file = file::placeholder(&response.fields);
            Content::text(file.bytes, &file.media_type)
        }
        Some(shape) if shape.kind != ShapeKind::Unknown => Content::Fields,
        _ => Content::Nothing(reason),
    }
}

/// True for a body that is a file, also for one that is documented as a single field of that type: JSON has no files.
pub(super) fn is_file(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::File => true,
        ShapeKind::Object { members, .. } => {
            matches!(members.as_slice(), [only] if only.shape.kind == ShapeKind::File)
        }
        _ => false,
    }
}

fn fields(operation: &Operation, response: &Response) -> Option<Arc<Fields>> {
    let shape = response.shape.as_ref()?;
    let is_known = shape.kind != ShapeKind::Unknown && !is_file(shape);
    is_known.then(|| {
        let whole = parts::of_part(operation, response);
        Arc::new(Fields {
            shape: parts::split(whole.unwrap_or_else(|| shape.clone()), &response.fields),
            parts: parts::of_whole(operation, response),
            samples: Samples::of(parts::fields(operation, response)),
            is_success: response.status.is_success(),
        })
    })
}

impl Text {
    fn new(body: impl AsRef<[u8]>, media_type: &str) -> Self {
        Self {
            bytes: Bytes::copy_from_slice(body.as_ref()),
            media_type: media_type.to_owned(),
            repaired: None,
            ends: None,
            encodings: Arc::default(),
        }
    }
}
