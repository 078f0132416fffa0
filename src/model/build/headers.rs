//! The headers of answers: fields and tables below a heading about them, and what running text says of one.
//!
//! ```text
//! | Header | Description |              <ResponseField name="Retry-After" type="integer">
//! | `Location` | The new book. |        The `Location` header of the answer holds its URL.
//! ```

use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline, Part};
use crate::mdx::{Element, Prose};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::operation::{Field, ResponseHeader, Status};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types;

mod every;
mod spoken;

use super::collect::Context;
use super::sections::{Headings, Section};
use super::shape;

pub(super) use every::{in_rows as of_every, in_text as of_every_answer};
pub(super) use spoken::{of_sentence, without_sent};

use spoken::of_text;

static RESPONSE_HEADER_FIELD: ReadingRule = ReadingRule {
    name: "response-header-field",
    origin: Origin::Attribute,
    summary: "a ResponseField with `header`, with a name such as `X-Request-Id`, or below a heading about headers of answers, documents a header",
};
static RESPONSE_HEADER_TABLE: ReadingRule = ReadingRule {
    name: "response-header-table",
    origin: Origin::Prose,
    summary: "a table headed `Header`, or a list, below a heading about answers documents headers",
};
static RESPONSE_HEADER_TEXT: ReadingRule = ReadingRule {
    name: "response-header-in-text",
    origin: Origin::Prose,
    summary: "text that speaks of a header of the response documents it",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &RESPONSE_HEADER_FIELD,
    &RESPONSE_HEADER_TABLE,
    &RESPONSE_HEADER_TEXT,
];

/// What sentences hold that show a header, and do not call it one.
const LINES: [&str; 4] = [
    "Cache-Control: ",
    "Content-Disposition: ",
    "Set-Cookie: ",
    "Access-Control-",
];

/// Headers that only answers have, as texts write them.
const NAMES: [&str; 4] = ["`Location`", "`ETag`", "`X-Total-Count`", "`Last-Modified`"];

/// True for a heading about headers.
pub(super) fn is_title(title: &str) -> bool {
    static TITLE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\bheaders\b"));
    TITLE.is_match(title)
}

/// True for a field that documents a header of the answer, and no member of its body.
pub(super) fn is_header(element: &Element, field: &Field, context: &Context) -> bool {
    let is_plain = field.children.is_empty();
    let is_below = context.is_about_headers && context.section == Some(Section::Response);
    // Members have no names such as `x-request-id`, and headers of one's own do.
    let is_own = || {
        field
            .name
            .value
            .get(..2)
            .is_some_and(|it| it.eq_ignore_ascii_case("x-"))
    };
    let is_named = || is_name(&field.name.value) && (is_below || is_own());
    is_plain && (element.attribute("header").is_some() || is_named())
}

/// The header that a field documents.
pub(super) fn of_field(field: Field, context: &Context) -> ResponseHeader {
    let optional = field.required.as_ref().is_some_and(|it| !it.value);
    ResponseHeader {
        is_optional: optional || is_conditional(&field.description),
        status: status(context).or_else(|| stated(&field.description)),
        shape: field.type_text.as_ref().map(|_| shape::of_field(&field)),
        shown: None,
        description: field.description,
        name: Fact::new(
            field.name.value,
            field.name.evidence.span,
            &RESPONSE_HEADER_FIELD,
        ),
    }
}

/// The headers that tables, lists, and sentences document.
///
/// `headings` are those above the text, and `below` says what stands below headings.
pub(super) fn in_prose(
    prose: &Prose,
    mut headings: Headings,
    below: &dyn Fn(&Headings) -> Context,
) -> Vec<ResponseHeader> {
    let text = prose.text.text();
    let mut found = Vec::new();
    let mut context = below(&headings);
    let may_hold_line = LINES.iter().any(|line| text.contains(line));
    let may_name_one = NAMES.iter().any(|name| text.contains(name));
    if !text.contains("eader") && !may_hold_line && !may_name_one && !context.is_about_headers {
        return found;
    }
    for block in prose.blocks() {
        match block {
            Block::Heading(level, inline) => {
                headings.enter(level, &inline);
                context = below(&headings);
            }
            Block::Table(rows)
                if context.section == Some(Section::Response) || is_of_answers(&rows) =>
            {
                found.extend(of_table(&rows, &context));
                found.extend(of_statuses(&rows));
            }
            Block::List(items) if is_list_of_headers(&context) => {
                let paragraphs = items.iter().filter_map(|item| match item.first() {
                    Some(Block::Paragraph(inline)) => Some(inline),
                    _ => None,
                });
                found.extend(paragraphs.filter_map(|inline| of_item(inline, &context)));
            }
            Block::Paragraph(inline) => {
                found.extend(of_text(&inline, &context));
            }
            _ => {}
        }
    }
    found
}

fn is_list_of_headers(context: &Context) -> bool {
    context.is_about_headers && context.section == Some(Section::Response)
}

/// True for a table headed "Response header", wherever it stands, and for one headed "Header" of such that only answers have.
fn is_of_answers(rows: &[Vec<Inline>]) -> bool {
    static HEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)^\s*(?P<whose>response\s+|answer\s+|returned\s+)?headers?\s*$")
    });
    let Some((head, rows)) = rows.split_first() else {
        return false;
    };
    let title = head.first().map(Inline::text).unwrap_or_default();
    let Some(found) = HEAD.captures(&title) else {
        return false;
    };
    let is_only_theirs = |row: &Vec<Inline>| {
        let name = row.first().map(Inline::text).unwrap_or_default();
        let name = name.trim().to_ascii_lowercase();
        name.contains("ratelimit-") || ONLY_OF_ANSWERS.contains(&name.as_str())
    };
    found.name("whose").is_some() || !rows.is_empty() && rows.iter().all(is_only_theirs)
}

/// The headers that no request has.
const ONLY_OF_ANSWERS: [&str; 7] = [
    "etag",
    "last-modified",
    "link",
    "location",
    "retry-after",
    "set-cookie",
    "x-total-count",
];

fn of_table(rows: &[Vec<Inline>], context: &Context) -> Vec<ResponseHeader> {
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let title = head.first().map(Inline::text).unwrap_or_default();
    let title = title.trim().to_ascii_lowercase();
    let names_headers = title.starts_with("header")
        || title.ends_with("header")
        || title.ends_with("headers")
        || context.is_about_headers && title == "name";
    if !names_headers {
        return Vec::new();
    }
    let is_type = |cell: &Inline| cell.text().trim().eq_ignore_ascii_case("type");
    let types = head.iter().position(is_type);
    let header = |row: &Vec<Inline>| {
        let cell = row.first()?;
        let text = cell.text();
        let span = cell.parts.first()?.span.to(cell.parts.last()?.span);
        let rest = row.iter().enumerate().skip(1);
        let rest = rest.filter(|(column, _)| Some(*column) != types);
        let rest: Vec<_> = rest.map(|(_, cell)| marked(cell)).collect();
        let rest = rest.join(" ");
        is_name(text.trim()).then(|| ResponseHeader {
            name: Fact::new(text.trim().to_owned(), span, &RESPONSE_HEADER_TABLE),
            status: status(context).or_else(|| stated(&rest)),
            shape: types.and_then(|column| of_type(row.get(column)?)),
            shown: always(&rest),
            is_optional: is_conditional(&rest),
            description: rest,
        })
    };
    rows.iter().filter_map(header).collect()
}

/// The headers of a table of answers: "| Status | Headers | Body |".
fn of_statuses(rows: &[Vec<Inline>]) -> Vec<ResponseHeader> {
    static HEADERS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:response\s+)?headers\s*$"));
    static STATUS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:http\s+)?(?:status|code)(?:\s+code)?\s*$"));
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let column = |pattern: &Pattern| head.iter().position(|it| pattern.is_match(&it.text()));
    let (Some(status), Some(headers)) = (column(&STATUS), column(&HEADERS)) else {
        return Vec::new();
    };
    let of_row = |row: &Vec<Inline>| {
        let code = row.get(status).and_then(|cell| stated(&cell.text()));
        let cell = row.get(headers)?;
        let words: String = cell
            .parts
            .iter()
            .filter(|it| !it.code)
            .map(|it| it.text.as_str())
            .collect();
        let names = cell
            .parts
            .iter()
            .filter(|it| it.code && is_name(it.text.trim()));
        let headers = names.map(|part| ResponseHeader {
            name: Fact::new(
                part.text.trim().to_owned(),
                part.span,
                &RESPONSE_HEADER_TABLE,
            ),
            status: code,
            shape: None,
            shown: None,
            is_optional: is_conditional(&words),
            description: words.trim().trim_matches(',').trim().to_owned(),
        });
        code.map(|_| headers.collect::<Vec<_>>())
    };
    rows.iter().filter_map(of_row).flatten().collect()
}

/// The headers that a table on a page without an endpoint lists for every answer.
pub(super) fn of_all(rows: &[Vec<Inline>]) -> Vec<ResponseHeader> {
    static WHOLE: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:an?\s+integer|a\s+(?:whole\s+)?number)\b"));
    let mut found = of_table(rows, &Context::default());
    found.retain(|header| !header.is_optional && header.status.is_none());
    for header in &mut found {
        let evidence = Evidence::new(header.name.evidence.span, &RESPONSE_HEADER_TABLE);
        let always = header.shown.clone();
        let is_whole = WHOLE.is_match(&header.description);
        if header.shape.is_none() && (is_whole || always.is_some()) {
            let kind = if is_whole {
                ShapeKind::Integer
            } else {
                ShapeKind::String
            };
            let mut shape = Shape::new(kind, Some(evidence));
            let value = always.map(|text| match text.parse::<i64>() {
                Ok(number) if is_whole => number.into(),
                _ => text.into(),
            });
            shape.constraints.constant = value.map(|value| Fact { value, evidence });
            header.shape = Some(shape);
        }
    }
    found
}

/// The headers with which a sentence says that a status comes: "answers `401` with the header `WWW-Authenticate: Bearer`".
pub(super) fn of_refusals(inline: &Inline) -> Vec<ResponseHeader> {
    static ANSWERS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:answers?|answered|responds?|responses?|returns?|returned|repl(?:y|ies)|gets?|refused|rejected|denied|turned\s+away|fails?)\b|→|->|=>",
        )
    });
    // Others may be headers of requests that are missing.
    const OF_ANSWERS: &[&str] = &["www-authenticate", "retry-after", "allow"];
    let texts = sentences(inline).into_iter().filter(|sentence| {
        let text: String = sentence.iter().map(|part| part.text.as_str()).collect();
        ANSWERS.is_match(&text) && !text.contains(" may ") && !text.contains(" can ")
    });
    let headers = texts.flat_map(|sentence| of_sentence(&sentence));
    let headers = headers.filter_map(|header| {
        let name = header.name.value.to_ascii_lowercase();
        // The sentence before may name the status, and only one goes with it.
        let own = (name == "www-authenticate" && header.shown.is_some()).then_some(401);
        let status = header.status.or(own).filter(|code| *code >= 400)?;
        OF_ANSWERS
            .contains(&name.as_str())
            .then_some(ResponseHeader {
                is_optional: false,
                status: Some(status),
                ..header
            })
    });
    headers.collect()
}

/// The value of "Always `no-store`".
fn always(text: &str) -> Option<String> {
    static ALWAYS: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\balways\s+`(?P<value>[^`]+)`"));
    let found = ALWAYS.captures(text)?;
    Some(found.name("value")?.as_str().to_owned())
}

/// What the column `Type` says of the values.
fn of_type(cell: &Inline) -> Option<Shape> {
    let kind = types::parse(cell.text().trim());
    let evidence = Evidence::new(cell.parts.first()?.span, &RESPONSE_HEADER_TABLE);
    let shape = Shape::from_type(&kind, evidence);
    (shape.kind != ShapeKind::Unknown).then_some(shape)
}

/// The text with code in backticks.
pub(super) fn marked(inline: &Inline) -> String {
    inline.parts.iter().map(marked_part).collect()
}

/// A part, code in its marks.
pub(super) fn marked_part(part: &Part) -> String {
    let mark = if part.code { "`" } else { "" };
    format!("{mark}{}{mark}", part.text)
}

/// `` - `Location`: the URL of the new book ``
fn of_item(inline: &Inline, context: &Context) -> Option<ResponseHeader> {
    let mut parts = inline.parts.iter().filter(|it| !it.text.trim().is_empty());
    let first = parts.next().filter(|it| it.code || it.strong)?;
    let rest: String = parts.map(marked_part).collect();
    let name = first.text.trim().trim_end_matches(':').to_owned();
    is_name(&name).then(|| ResponseHeader {
        name: Fact::new(name, first.span, &RESPONSE_HEADER_TABLE),
        status: status(context).or_else(|| stated(&rest)),
        shape: None,
        shown: always(&rest),
        is_optional: is_conditional(&rest),
        description: rest,
    })
}

/// A run of text, and whether it is code.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) code: bool,
    pub(super) span: crate::source::Span,
}

/// The pieces of each sentence; a full stop inside of code ends none.
pub(super) fn sentences(inline: &Inline) -> Vec<Vec<Piece>> {
    let mut sentences = vec![Vec::new()];
    for part in &inline.parts {
        let piece = |text: &str| Piece {
            text: text.to_owned(),
            code: part.code,
            span: part.span,
        };
        if part.code {
            if let Some(last) = sentences.last_mut() {
                last.push(piece(&part.text));
            }
            continue;
        }
        let mut rest = part.text.as_str();
        while let Some(end) = rest.find([';', '.', '!', '?']) {
            let (text, more) = rest.split_at(end + 1);
            if let Some(last) = sentences.last_mut() {
                last.push(piece(text));
            }
            sentences.push(Vec::new());
            rest = more;
        }
        if let (Some(last), false) = (sentences.last_mut(), rest.is_empty()) {
            last.push(piece(rest));
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// `Location`, `X-RateLimit-Limit`, `retry-after`: a name that only headers have.
fn is_name(text: &str) -> bool {
    let has_sign = text.contains('-') || text.starts_with(|c: char| c.is_ascii_uppercase());
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    has_sign && text.len() < 60 && text.split('-').all(is_word)
}

/// The status that stands around it.
fn status(context: &Context) -> Option<u16> {
    context.status.as_ref().and_then(Status::code)
}

/// The one status that a text names: "sent with 429".
fn stated(text: &str) -> Option<u16> {
    let numbers = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes = numbers
        .filter(|it| it.len() == 3)
        .filter_map(|it| it.parse::<u16>().ok())
        .filter(|code| (200..600).contains(code));
    let first = codes.next()?;
    codes.next().is_none().then_some(first)
}

/// True if a text says that the header is not always there.
fn is_conditional(text: &str) -> bool {
    static CONDITION: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|only|unless|optional|optionally|may|might|can|could|sometimes|for\s+paid|after\s+\w+\s+requests|once|deprecated)\b",
        )
    });
    // "Quote it when you write to support" is about the reader, and not about the header.
    static READER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|once)\s+you\b|\byou\s+(?:can|may|might|could)\b|\b(?:that|which)\s+(?:\w+\s+){0,2}can\b|\b(?:also|even)\s+(?:if|when)\b|\bcan\s+be\s+used\b|\buse\s+it\s+(?:if|when)\b",
        )
    });
    let rest: String = READER.split(text).collect();
    CONDITION.is_match(&rest)
}
