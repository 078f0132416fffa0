//! What headings, tabs, and accordions say about the fences below them, and the statuses in tables.

use std::sync::LazyLock;

use crate::mdx::markdown::{Block, Inline};
use crate::mdx::{Fence, Prose};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::Status;

use super::{headers, status};

static STATUS_IN_TABLE: ReadingRule = ReadingRule {
    name: "status-in-table",
    origin: Origin::Prose,
    summary: "a table headed by a word for statuses or errors lists the statuses of the operation",
};
static VARIANT_HEADING: ReadingRule = ReadingRule {
    name: "variant-heading",
    origin: Origin::Prose,
    summary: "headings that have the titles of examples tell variants of a response apart",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&STATUS_IN_TABLE, &VARIANT_HEADING];

/// What a part of a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Request,
    Response,
    /// Something else that holds JSON, such as events that the server sends.
    Other,
}

impl Section {
    /// What a heading, or the title of a tab or fence, announces.
    pub(super) fn of_title(title: &str) -> Option<Self> {
        static OTHER: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:webhooks?|events?|callbacks?|schema|sdk|websocket|stream\w*|types?|typescript|objects?|next\s+steps?)\b",
            )
        });
        static RESPONSE: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:responses?|returns?|answers?|antwort(?:en|felder)?|rückgabe(?:wert)?|respostas?|retorno|respuestas?|réponses?)\b|响应|返回|応答",
            )
        });
        static REQUEST: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:requests?|body|payload|parameters?|params?|parameter|par[áâ]metros?|paramètres?|corps|cuerpo|corpo|curl|usage|anfragen?|requisiç(?:ão|ões)|solicitud(?:es)?|petici(?:ón|ones)|requêtes?)\b|请求|参数",
            )
        });
        if OTHER.is_match(title) {
            return Some(Self::Other);
        }
        if RESPONSE.is_match(title) {
            return Some(Self::Response);
        }
        (REQUEST.is_match(title) && !is_refusal(title)).then_some(Self::Request)
    }
}

/// True for the reason phrase of an error that speaks of requests.
fn is_refusal(title: &str) -> bool {
    let title = title.to_ascii_lowercase();
    ["bad request", "too many requests", "request timeout"]
        .iter()
        .any(|phrase| title.contains(phrase))
}

/// True for a title that says what a part holds, such as "Optional parameters", and tells no alternative from another.
pub(super) fn is_label(title: &str) -> bool {
    static WORDS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)^[\s:&/+,]*(?:(?:
              optional|required|additional|advanced|basic|common|general|query|body|path|headers?|requests?|responses?|parameters?|params?
            | fields?|attributes?|propert(?:y|ies)|settings?|options?|schema|objects?|examples?|details?|more|other|all|show|view|the|and|of|full|available
            | output|input|data|configuration|config|children|child|items?|nested|metadata|success|error
            | optionale?|erforderliche?|weitere|parametros|parâmetros|parámetros|opcionales|opcionais|campos|propriedades|propiedades|eigenschaften|felder|resposta|respuesta|antwort
            | paramètres?|champs|corps|requête|réponse|cuerpo|corpo|petición|solicitud|requisição|anfrage-?|retorno|请求|响应|返回|参数|字段|de|da|del|la|du|do|en
            )[\s:&/+,]*)+$",
        )
    });
    WORDS.is_match(title)
}

/// The sections and statuses that the headings above a node state, outermost first.
#[derive(Clone, Default)]
pub(super) struct Headings {
    open: Vec<Heading>,
}

#[derive(Clone)]
struct Heading {
    level: u8,
    title: Option<Fact<String>>,
    status: Option<Status>,
    section: Option<Section>,
    is_about_headers: bool,
}

impl Headings {
    /// Takes in the headings of the Markdown.
    pub(super) fn read(&mut self, prose: &Prose) {
        if !prose.text.text().contains(['#', '=', '-']) {
            return;
        }
        for block in prose.blocks() {
            if let Block::Heading(level, inline) = block {
                self.enter(level, &inline);
            }
        }
    }

    /// Takes in a heading.
    pub(super) fn enter(&mut self, level: u8, inline: &Inline) {
        static PART: LazyLock<Pattern> =
            LazyLock::new(|| pattern(r"(?i)^\W*(?:body|payload|parameters?)\W*$"));
        let text = inline.text();
        let place = inline.parts.first().map(|part| part.span);
        self.open.retain(|heading| heading.level < level);
        // A response has a body as well as a request.
        let is_part = PART.is_match(&text) && self.section() == Some(Section::Response);
        self.open.push(Heading {
            level,
            title: place.map(|span| Fact::new(text.clone(), span, &VARIANT_HEADING)),
            status: place
                .and_then(|span| status::of_title(&text, span, &status::STATUS_IN_HEADING)),
            section: Section::of_title(&text).filter(|_| !is_part),
            is_about_headers: headers::is_title(&text),
        });
    }

    pub(super) fn status(&self) -> Option<Status> {
        let mut inner = self.open.iter().rev();
        inner.find_map(|heading| heading.status.clone())
    }

    /// The nearest heading.
    pub(super) fn title(&self) -> Option<Fact<String>> {
        self.open.last().and_then(|heading| heading.title.clone())
    }

    pub(super) fn section(&self) -> Option<Section> {
        self.open.iter().rev().find_map(|heading| heading.section)
    }

    /// True if the nearest heading is about headers.
    pub(super) fn is_about_headers(&self) -> bool {
        self.open
            .last()
            .is_some_and(|heading| heading.is_about_headers)
    }
}

/// True for a fence outside of example components that shows a response.
pub(super) fn shows_response(
    fence: &Fence,
    around: Option<Section>,
    status: Option<&Status>,
) -> bool {
    let title = fence.title().unwrap_or_default();
    let section = Section::of_title(&title).or(around);
    let is_named = || Section::of_title(&title) == Some(Section::Response);
    let is_data = matches!(language(fence).as_str(), "javascript" | "js") && is_named();
    let is_json = holds_json(fence) || is_data && starts_json(fence);
    let is_titled = title.starts_with(|c: char| c.is_ascii_digit())
        && status::of_title(&title, fence.info_span, &status::STATUS_IN_EXAMPLE_TITLE).is_some();
    let is_response = match section {
        Some(section) => section == Section::Response,
        None => is_titled || status.is_some_and(|status| status.code().is_some()),
    };
    let is_http = language(fence) == "http";
    let is_message = is_http && fence.code.text().starts_with("HTTP/");
    // A status in the title of a text says that it is answered.
    let is_text = matches!(
        language(fence).as_str(),
        "text" | "txt" | "plaintext" | "sse" | "csv" | "xml"
    );
    is_json && is_response
        || is_message
        || is_text && is_titled && section != Some(Section::Request)
}

fn language(fence: &Fence) -> String {
    let language = fence.language.as_deref().unwrap_or_default();
    language.to_ascii_lowercase()
}

/// True for a fence with JSON in a language for it, or in none.
pub(super) fn holds_json(fence: &Fence) -> bool {
    let may_be_json = matches!(language(fence).as_str(), "" | "json" | "jsonc" | "json5");
    may_be_json && starts_json(fence)
}

fn starts_json(fence: &Fence) -> bool {
    fence.code.text().trim_start().starts_with(['{', '['])
}

/// The statuses of successes and errors that the tables of the Markdown list: each row starts with one.
pub(super) fn table_statuses(prose: &Prose) -> Vec<Fact<u16>> {
    if !prose.text.text().contains('|') {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in prose.blocks() {
        if let Block::Table(rows) = block {
            found.extend(of_table(&rows));
        }
    }
    found
}

pub(super) fn of_table(rows: &[Vec<Inline>]) -> Vec<Fact<u16>> {
    static HEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:http|status|code|error|fehler|código|codigo|estado|erro|statut|状态|错误)",
        )
    });
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    if !head.first().is_some_and(|cell| HEAD.is_match(&cell.text())) {
        return Vec::new();
    }
    let status = |row: &Vec<Inline>| {
        let cell = row.first()?;
        let text = cell.text();
        let digits = text.trim().get(..3)?;
        let rest = text.trim().get(3..)?;
        let code: u16 = digits.parse().ok()?;
        let apart = !rest.starts_with(|c: char| c.is_alphanumeric());
        let span = cell.parts.first()?.span.to(cell.parts.last()?.span);
        (apart && (100..600).contains(&code)).then(|| Fact::new(code, span, &STATUS_IN_TABLE))
    };
    let statuses: Option<Vec<_>> = rows.iter().map(status).collect();
    let mut statuses = statuses.unwrap_or_default();
    statuses.retain(|status| status.value >= 400 || (200..300).contains(&status.value));
    statuses
}
