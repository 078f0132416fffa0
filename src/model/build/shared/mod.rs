//! Pages without an endpoint that speak of all operations: a table of errors with the body that they have in common, and
//! headers of every answer.
//!
//! ```text
//! Every error has the same body:        | Status | Code        | When                |
//! {"error": {"code": "not_found"}}      | 404    | `not_found` | There is no such id |
//! ```
//!
//! A site that describes its errors in two places may mean two products, and then none of them holds for all.

mod body;
mod remarks;
mod sent;
mod stages;
mod things;
mod together;
mod told;

use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Element, Fence, Node, Page, Prose};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Example, Field, ResponseHeader, Status};
use crate::model::shared::{
    ALL_ARE_THERE, BODY_OF_ERRORS, ErrorBody, ErrorKind, Errors, NULL_IS_THERE, Remark,
    SPELLED_OUT, Shared,
};
use crate::model::types::Format;
use crate::source::Span;

pub(super) use together::{agreed, together};

use super::collect::{self, Collected};
use super::headers::{Piece, sentences};
use super::{examples, headers};

static ERROR_ON_PAGE: ReadingRule = ReadingRule {
    name: "error-on-page",
    origin: Origin::Prose,
    summary: "a table or list below a title about errors, on a page without an endpoint, states the statuses of all operations, and the codes that come with them",
};
static SUCCESS_ON_PAGE: ReadingRule = ReadingRule {
    name: "success-on-page",
    origin: Origin::Prose,
    summary: "`a call that worked is answered with 200`, on a page without an endpoint, states the success of operations whose pages state none",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &ERROR_ON_PAGE,
    &BODY_OF_ERRORS,
    &SUCCESS_ON_PAGE,
    &NULL_IS_THERE,
    &ALL_ARE_THERE,
    &SPELLED_OUT,
    &things::OBJECT_ON_PAGE,
    &things::NOTATION_ON_PAGE,
    &sent::HEADER_ON_PAGE,
    &sent::SCHEMES_ON_PAGE,
];

/// What one page says of all operations.
pub(super) fn of_page(page: &Page) -> Shared {
    let title = page.frontmatter.text("title").unwrap_or_default();
    let mut reader = Reader {
        title: title.to_owned(),
        ..Reader::default()
    };
    reader.nodes(&page.nodes);
    let errors = reader.errors(page);
    Shared {
        errors,
        headers: reader.headers,
        success: reader.success,
        remarks: reader.remarks,
        things: things::of(reader.members),
        notations: reader.notations,
        sent: sent::of_page(page),
    }
}

/// The errors that a page describes which is about these as a whole.
pub(super) fn errors_of_page(page: &Page) -> Option<Errors> {
    let title = page.frontmatter.text("title").unwrap_or_default();
    if !is_about_errors(title) {
        return None;
    }
    let mut reader = Reader {
        title: title.to_owned(),
        ..Reader::default()
    };
    reader.nodes(&page.nodes);
    reader.errors(page)
}

fn is_about_errors(title: &str) -> bool {
    static ERRORS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:is|goes|went)\s+wrong|(?:when|if)\s+(?:\w+\s+){1,3}fails?|failures?|failed\s+requests?|errors?|error\s+codes?|status\s+codes?|problems?|fehler\w*|erros?|errores|erreurs?)\b|^\s*(?:(?:return|response|result|reply|answer)\s+)?codes\s*$|错误|エラー",
        )
    });
    ERRORS.is_match(title)
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else")]
struct Reader<'p> {
    /// The title of the page; it may be about errors as a whole.
    title: String,
    /// The headings above, with their levels.
    headings: Vec<(u8, String)>,
    kinds: Vec<ErrorKind>,
    fences: Vec<&'p Fence>,
    headers: Vec<ResponseHeader>,
    headers_of_errors: Vec<ResponseHeader>,
    /// True if the paragraph before speaks of all answers.
    speaks_of_all: bool,
    /// Its last sentence, if that speaks of errors as well.
    intro: String,
    /// True if it speaks of what went wrong.
    speaks_of_failure: bool,
    /// True if the page says that all errors look alike.
    is_one_body: bool,
    /// True if a text says that some errors have more members than others.
    is_varied: bool,
    /// The status of what worked.
    success: Option<Fact<u16>>,
    /// Members of errors that are not always there.
    sometimes: Vec<String>,
    remarks: Vec<Remark>,
    /// Members that stand together below a heading.
    members: Vec<(String, Vec<Field>)>,
    notations: Vec<Fact<Format>>,
    /// What sentences say of members: "`params` names the arguments that were wrong."
    told: Vec<Field>,
    /// The media type of errors.
    media_type: Option<Fact<String>>,
}

impl<'p> Reader<'p> {
    fn is_page(&self) -> bool {
        is_about_errors(&self.title)
    }

    fn is_here(&self) -> bool {
        self.is_page()
            || self
                .headings
                .iter()
                .any(|(_, title)| is_about_errors(title))
    }

    fn nodes(&mut self, nodes: &'p [Node]) {
        for node in nodes {
            match node {
                Node::Prose(prose) => self.prose(prose),
                Node::Fence(fence) if self.speaks_of_failure && shows_object(fence) => {
                    self.fences.push(fence);
                    self.speaks_of_failure = false;
                }
                Node::Element(element) if super::field::is_field(&element.name) => {
                    if !self.is_here() && element.name == "ResponseField" {
                        let field = super::field::read(element).1;
                        self.add_members(vec![field], false);
                    }
                }
                Node::Element(element) => {
                    self.kinds
                        .extend(of_titled(element).filter(|_| self.is_here()));
                    self.nodes(&element.children);
                }
                Node::Fence(fence) if self.is_here() && shows_object(fence) => {
                    self.fences.push(fence);
                }
                Node::Fence(_) | Node::Expression(_) => {}
            }
        }
    }

    fn prose(&mut self, prose: &Prose) {
        self.blocks(&prose.blocks());
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading(level, inline) => {
                    self.headings.retain(|(known, _)| known < level);
                    self.headings.push((*level, inline.text()));
                    self.speaks_of_all = self.is_below_all();
                    self.intro.clear();
                }
                Block::Table(rows) if self.is_here() => self.table(rows),
                Block::Table(rows) if self.speaks_of_all => {
                    let mut headers = headers::of_all(rows);
                    // "Each answer, errors included, has these headers:"
                    for header in &mut headers {
                        if !self.intro.is_empty() {
                            let description = &header.description;
                            header.description = format!("{description} ({})", self.intro);
                        }
                    }
                    self.headers.extend(headers);
                }
                Block::Table(rows) => {
                    self.headers.extend(headers::of_every(rows));
                    self.add_remarks(stages::of_table(rows));
                    self.add_remarks(of_callers(rows));
                    self.add_members(super::tabled::members(rows), true);
                }
                Block::List(items) => {
                    for item in items {
                        if let (Some(Block::Paragraph(inline)), true) =
                            (item.first(), self.is_here())
                        {
                            self.kinds.extend(of_item(inline));
                        }
                        self.blocks(item);
                    }
                }
                Block::Quote(blocks) => self.blocks(blocks),
                Block::Paragraph(inline) => {
                    let text = inline.text();
                    self.speaks_of_all = speaks_of_all(&text) || self.is_below_all();
                    let last = text.trim().trim_end_matches(['.', ':']);
                    let last = last.rsplit(". ").next().unwrap_or(last);
                    let is_of_errors = last.to_lowercase().contains("error");
                    self.intro = if is_of_errors {
                        last.to_owned()
                    } else {
                        String::new()
                    };
                    self.is_one_body |= is_one_body(&text);
                    self.is_varied |= body::varies(&text);
                    self.speaks_of_failure = speaks_of_failure(&text);
                    self.success = self.success.take().or_else(|| success(inline));
                    self.note_sometimes(inline);
                    self.told.extend(told::members(inline));
                    self.headers.extend(headers::of_every_answer(inline));
                    self.headers.extend(headers::of_refusals(inline));
                    self.remark(inline);
                    self.notations.extend(things::notations(inline));
                    let media_type = self.media_type.take();
                    self.media_type = media_type.or_else(|| told::media_type_of_errors(inline));
                }
            }
        }
    }

    /// True below a heading such as "Headers on every answer".
    fn is_below_all(&self) -> bool {
        let mut titles = self.headings.iter().rev();
        titles.next().is_some_and(|(_, title)| {
            title.to_lowercase().contains("header") && speaks_of_all(title)
        })
    }

    /// Notes members below the heading above; those of a table are an object of their own.
    fn add_members(&mut self, fields: Vec<Field>, is_table: bool) {
        let title = self.headings.last().map_or(&self.title, |(_, title)| title);
        match self.members.last_mut() {
            Some((known, members)) if known == title && !is_table => members.extend(fields),
            _ => self.members.push((title.clone(), fields)),
        }
    }

    /// "`params` names what is wrong. It is only there when …"
    fn note_sometimes(&mut self, inline: &Inline) {
        if body::SOMETIMES.is_match(&inline.text()) {
            let names = inline.parts.iter().filter(|part| part.code);
            self.sometimes.extend(names.map(|part| part.text.clone()));
        }
        for sentence in sentences(inline) {
            let text: String = sentence.iter().map(|it| it.text.as_str()).collect();
            if body::is_of_some_errors(&text) {
                let names = sentence.into_iter().filter(|it| it.code);
                self.sometimes.extend(names.map(|it| it.text));
            }
        }
    }

    fn table(&mut self, rows: &[Vec<Inline>]) {
        let Some((head, rows)) = rows.split_first() else {
            return;
        };
        let titles: Vec<_> = head.iter().map(|it| it.text().to_lowercase()).collect();
        let of_codes = |column: &usize| {
            let cells = rows.iter().filter_map(|row| row.get(*column));
            let mut cells = cells
                .filter(|cell| !cell.text().trim().is_empty())
                .peekable();
            cells.peek().is_some() && cells.all(|cell| !codes(cell).is_empty())
        };
        let named = |column: &usize| {
            let title = titles.get(*column).map(String::as_str).unwrap_or_default();
            ["code", "type", "error", "name", "slug", "reason"]
                .iter()
                .any(|word| title.contains(word))
        };
        let mut columns = (0..head.len()).filter(named).filter(of_codes);
        let of_codes = columns.next();
        for row in rows {
            let Some((column, status)) = status_in(row) else {
                continue;
            };
            let cell = of_codes.filter(|codes| *codes != column);
            let cell = cell.and_then(|column| row.get(column));
            let Some(text) = sentence(row) else {
                continue;
            };
            let pieces = row.iter().flat_map(|cell| &cell.parts).map(|part| Piece {
                text: part.text.clone(),
                code: part.code,
                span: part.span,
            });
            // "The header `X-Key` is missing" speaks of requests.
            let headers = if is_about_answers(&text.value) {
                headers::of_sentence(&pieces.collect::<Vec<_>>())
            } else {
                Vec::new()
            };
            self.headers_of_errors
                .extend(headers.into_iter().map(|header| ResponseHeader {
                    status: Some(status.value),
                    ..header
                }));
            self.kinds.push(ErrorKind {
                status,
                codes: cell.map(codes).unwrap_or_default(),
                text,
            });
        }
    }

    fn errors(&self, page: &Page) -> Option<Errors> {
        if self.kinds.is_empty() && self.fences.is_empty() {
            return None;
        }
        let shown = self.fences.iter();
        let shown: Vec<Example> = shown
            .map(|fence| examples::response(fence, Origin::Inferred))
            .filter(|it| it.value().is_some_and(body::is_error))
            .collect();
        let collected = if self.is_page() {
            collect::collect(&[&page.nodes])
        } else {
            Collected::default()
        };
        let is_success = |code: u16| code < 400;
        let fields = collected.response_fields.iter().filter(|(context, _)| {
            let code = context.status.as_ref().and_then(Status::code);
            !code.is_some_and(is_success)
        });
        let fields: Vec<_> = fields.map(|(_, field)| field.clone()).collect();
        let body = body::body(&fields, &shown).map(|mut shape| {
            let is_one_body = self.is_one_body && !self.is_varied;
            body::relax(&mut shape, &fields, (&self.sometimes, is_one_body), 0);
            let values = shown.iter().filter_map(|it| Some(it.value()?.to_value()));
            let known = self.kinds.iter().flat_map(|kind| &kind.codes);
            let known: Vec<&str> = known.map(|code| code.value.as_str()).collect();
            let values: Vec<_> = values.collect();
            let mut codes = values.iter();
            let code = codes.find_map(|it| body::way_to_code(it, &known, 0));
            let (code, prefix) = code.unwrap_or_default();
            ErrorBody {
                shape,
                code,
                prefix,
                status: body::way_to_status(&values).unwrap_or_default(),
                shown: values,
            }
        });
        let mut fields = fields;
        let is_new = |told: &&Field| !fields.iter().any(|it| it.name.value == told.name.value);
        let told: Vec<Field> = self.told.iter().filter(is_new).cloned().collect();
        let is_shown = |told: &Field| {
            let mut shown = shown.iter().filter_map(|it| it.value());
            shown.any(|it| it.get(&told.name.value).is_some())
        };
        fields.extend(told.into_iter().filter(is_shown));
        (body.is_some() || !self.kinds.is_empty()).then(|| Errors {
            body,
            fields,
            kinds: self.kinds.clone(),
            headers: self.headers_of_errors.clone(),
            media_type: self.media_type.clone(),
        })
    }
}

/// "Every error has the same body:"
fn is_one_body(text: &str) -> bool {
    static ONE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:every|each|all|any)\b[^.]*\b(?:errors?|failures?|answers?|responses?|calls?)\b|\berrors?\b[^.]*\b(?:always|same)\b|\b(?:a\s+)?(?:call|request)\s+that\b[^.]*\b(?:did\s+not\s+work|fail(?:s|ed))\b",
        )
    });
    ONE.is_match(text)
}

/// "Each answer tells where you are:"
fn speaks_of_all(text: &str) -> bool {
    static ALL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:every|each|all)\s+(?:\w+\s+)?(?:responses?|answers?|replies|reply)\b|^(?:our\s+|the\s+)?(?:responses|answers|replies)\s+(?:to\s+.*\s)?(?:tell|have|carry|come|include|contain|show|say)\b",
        )
    });
    static SOME: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:may|might|can|some|unless|except|if)\b"));
    let text = text.trim().trim_end_matches(['.', ':']);
    let last = text.rsplit(". ").next().unwrap_or(text);
    ALL.is_match(last) && !SOME.is_match(last)
}

/// "A call that did not work has an error code and a sentence:"
fn speaks_of_failure(text: &str) -> bool {
    static FAILURE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:did\s+not\s+work|fail(?:s|ed|ures?)|goes\s+wrong|went\s+wrong|errors?)\b[^.]*:\s*$",
        )
    });
    FAILURE.is_match(text.trim())
}

/// "A call that worked is answered with `200`": the one status of every success.
fn success(inline: &Inline) -> Option<Fact<u16>> {
    static WORKED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:(?:an?|every|each|all)\s+(?:calls?|requests?|methods?)\s+that\s+(?:worked|works?|succeeds?|succeeded)|(?:every|each|all|an?)?\s*successful\s+(?:calls?|requests?|responses?|answers?))\b[^.]*\b(?:answered?|return(?:s|ed)?|respond(?:s|ed)?|have|has)\b[^.]*?\b(?P<code>2\d\d)\b(?P<rest>[^.]*)",
        )
    });
    for sentence in sentences(inline) {
        let text: String = sentence.iter().map(|it| it.text.as_str()).collect();
        let Some(found) = WORKED.captures(&text) else {
            continue;
        };
        let code = found.name("code")?.as_str().parse().ok()?;
        let rest = found.name("rest").map_or("", |it| it.as_str());
        let is_open = rest.contains(" or ") || rest.chars().filter(|c| *c == '2').count() > 0;
        let span = sentence.first()?.span.to(sentence.last()?.span);
        return (!is_open).then(|| Fact::new(code, span, &SUCCESS_ON_PAGE));
    }
    None
}

fn shows_object(fence: &Fence) -> bool {
    let language = fence.language.as_deref().unwrap_or_default();
    let is_json = matches!(
        language.to_ascii_lowercase().as_str(),
        "" | "json" | "jsonc"
    );
    is_json && fence.code.text().trim_start().starts_with('{')
}

/// The column of a row that states an error's status, and that status.
fn status_in(row: &[Inline]) -> Option<(usize, Fact<u16>)> {
    row.iter().enumerate().find_map(|(column, cell)| {
        let (status, rest) = leading_status(&cell.text())?;
        let is_alone = rest.split_whitespace().count() <= 4;
        let span = place(cell)?;
        is_alone.then(|| (column, Fact::new(status, span, &ERROR_ON_PAGE)))
    })
}

/// The rows about who asks: "A read-only key, on anything but `GET` | `403`".
fn of_callers(rows: &[Vec<Inline>]) -> impl Iterator<Item = Fact<String>> {
    let rows = rows.iter().skip(1);
    let is_of_callers = |row: &&Vec<Inline>| {
        let status = status_in(row).map(|(_, status)| status.value);
        matches!(status, Some(401 | 403))
    };
    rows.filter(is_of_callers).filter_map(|row| sentence(row))
}

/// A status from 400 to 599 that a text begins with, and what follows.
fn leading_status(text: &str) -> Option<(u16, String)> {
    let text = text.trim().trim_start_matches("HTTP ");
    let status: u16 = text.get(..3)?.parse().ok()?;
    let rest = text.get(3..)?;
    let is_apart = !rest.starts_with(|c: char| c.is_alphanumeric());
    (is_apart && (400..600).contains(&status)).then(|| (status, rest.to_owned()))
}

/// `` - `404` `not_found`: there is no such thing ``
fn of_item(inline: &Inline) -> Option<ErrorKind> {
    let (status, _) = leading_status(&inline.text())?;
    let row = std::slice::from_ref(inline);
    let text = sentence(row)?;
    let mut parts = inline.parts.iter().filter(|part| part.code);
    let codes = parts.find_map(|part| {
        let text = part
            .text
            .trim()
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        is_code(text).then(|| Fact::new(text.to_owned(), part.span, &ERROR_ON_PAGE))
    });
    Some(ErrorKind {
        status: Fact::new(status, place(inline)?, &ERROR_ON_PAGE),
        codes: codes.into_iter().collect(),
        text,
    })
}

/// `<Accordion title="404 not_found">There is no such thing.</Accordion>`
fn of_titled(element: &Element) -> Option<ErrorKind> {
    let (title, span) = super::field::title(element)?;
    let (status, rest) = leading_status(title)?;
    let code = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let codes = is_code(code).then(|| Fact::new(code.to_owned(), span, &ERROR_ON_PAGE));
    let prose = element.children.iter().find_map(|node| match node {
        Node::Prose(prose) => Some(prose.text.text().trim().to_owned()),
        _ => None,
    });
    let words = prose.filter(|it| it.len() < 300).unwrap_or_default();
    let text = match &codes {
        Some(code) => format!("`{status}` `{}` {words}", code.value),
        None => format!("`{status}` {code} {words}"),
    };
    Some(ErrorKind {
        status: Fact::new(status, span, &ERROR_ON_PAGE),
        codes: codes.into_iter().collect(),
        text: Fact::new(text, span, &ERROR_ON_PAGE),
    })
}

/// The codes for programs that a cell holds, if it holds nothing else: `` `too_many`, `closed` ``.
fn codes(cell: &Inline) -> Vec<Fact<String>> {
    let parts = cell.parts.iter().filter(|it| !it.text.trim().is_empty());
    let is_between = |text: &str| matches!(text.trim(), "," | "/" | "or" | "and" | ", or" | ";");
    let (between, parts): (Vec<_>, Vec<_>) =
        parts.partition(|part| !part.code && is_between(&part.text));
    let is_one_each = parts.len() == between.len() + 1;
    if !is_one_each || !parts.iter().all(|part| is_code(part.text.trim())) {
        return Vec::new();
    }
    let of = |text: &str, span| Fact::new(text.trim().to_owned(), span, &ERROR_ON_PAGE);
    parts.into_iter().map(|it| of(&it.text, it.span)).collect()
}

/// `not_found`, `NotFound`, `rate-limited`, `E1002`
fn is_code(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_part)
}

fn place(inline: &Inline) -> Option<Span> {
    Some(inline.parts.first()?.span.to(inline.parts.last()?.span))
}

/// The cells of a row as one sentence, with code in backticks.
fn sentence(row: &[Inline]) -> Option<Fact<String>> {
    let mut text = String::new();
    for cell in row {
        for part in &cell.parts {
            let mark = if part.code { "`" } else { "" };
            text.push_str(mark);
            text.push_str(&part.text);
            text.push_str(mark);
        }
        text.push(' ');
    }
    let first = place(row.first()?)?;
    let last = row.iter().rev().find_map(place)?;
    Some(Fact::new(
        text.trim().to_owned(),
        first.to(last),
        &ERROR_ON_PAGE,
    ))
}

/// True for "The response also has a `WWW-Authenticate` header".
fn is_about_answers(text: &str) -> bool {
    static ANSWER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:responses?|answers?|reply|replies|it)\s+(?:\w+\s+)?(?:has|have|holds?|carr(?:y|ies)|contains?|includes?|comes?\s+with)\b|(?:^|[.;|]\s*|\s)comes\s+with\b",
        )
    });
    ANSWER.is_match(text)
}
