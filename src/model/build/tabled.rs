//! Parameters and members that Markdown tables document.
//!
//! ```text
//! | Parameter | Type   | Required | Description        |
//! | --------- | ------ | -------- | ------------------ |
//! | `name`    | string | yes      | What readers see.  |
//! ```
//!
//! A table counts if its head names what it lists and the column of types, and if the heading above it is about the
//! request or the response. What a component documents is not read again from a table.

use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline, Part};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::endpoint::Endpoint;
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Field, Location, RequestExample};
use crate::model::route::Template;
use crate::model::types;
use crate::source::Span;

use super::collect::{Collected, Context};
use super::field::Role;
use super::headers;
use super::prose as facts;
use super::sections::{self, Headings, Section};
use super::sent;

static FIELD_TABLE: ReadingRule = ReadingRule {
    name: "field-table",
    origin: Origin::Prose,
    summary: "a table with a column of names and one of types documents the parameters, or the members of the response",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&FIELD_TABLE];

/// Rows of tables, and what stands around them.
pub(super) struct Row {
    /// What the heading, or the head of the table, says that it is; nothing if that depends on the request.
    role: Option<Role>,
    /// True if the head or a heading says that it is sent.
    is_sent: bool,
    /// True below a heading that names something, or below none: the table lists its members, and whether it is what comes
    /// back is told by the examples.
    is_of_thing: bool,
    context: Context,
    field: Field,
}

/// The fields that tables in the Markdown document.
///
/// `headings` are those above the text, and `below` says what stands below headings.
pub(super) fn in_prose(
    prose: &Prose,
    mut headings: Headings,
    below: &dyn Fn(&Headings) -> Context,
) -> Vec<Row> {
    let mut found = Vec::new();
    if !prose.text.text().contains('|') {
        return found;
    }
    for block in prose.blocks() {
        match block {
            Block::Heading(level, inline) => headings.enter(level, &inline),
            Block::Table(rows) => found.extend(of_table(&rows, &below(&headings))),
            _ => {}
        }
    }
    found
}

/// The members of an object that a table lists, on a page that is about no operation.
pub(super) fn members(rows: &[Vec<Inline>]) -> Vec<Field> {
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let Some(columns) = Columns::of(head) else {
        return Vec::new();
    };
    if columns.is_sent || columns.role.is_some_and(|role| role != Role::Response) {
        return Vec::new();
    }
    let fields: Option<Vec<_>> = rows.iter().map(|row| of_row(row, &columns)).collect();
    fields.unwrap_or_default().into_iter().flatten().collect()
}

/// The columns of a table, by number.
struct Columns {
    role: Option<Role>,
    is_sent: bool,
    kind: usize,
    /// Where each row stands in the request.
    place: Option<usize>,
    required: Option<usize>,
    default: Option<usize>,
}

impl Columns {
    fn of(head: &[Inline]) -> Option<Self> {
        static NAME: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?xi)^\s*(?:(?:(?P<place>query|path|header|body|url|request|response)\s+)?(?P<what>parameters?|params?|arguments?|args?|fields?|members?|propert(?:y|ies)|attributes?|keys?|names?|headers?|query
                  | param[èe]tres?|par[áâ]metros?|参数名?称?|パラメータ名?|매개변수|параметр
                  | feld(?:name)?|schlüssel|eigenschaft|champs?|cl[ée]|propriété|campos?|clave|chave|propiedad|propriedade|nom|nome|nombre|naam|veld|pole|nazwa|字段名?称?|名称|键名?|フィールド名?|項目|이름|필드|поле|имя)(?:\s+names?)?)\s*$",
            )
        });
        static TYPE: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:data\s*)?(?:(?:daten)?typ|types?|tipo(?:\s+de\s+dat?os?)?|类型|型|타입|тип)\s*$",
            )
        });
        static REQUIRED: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:required|mandatory|req|erforderlich|pflicht(?:feld)?|notwendig|obrigat[óo]ri[oa]|obligatori[oa]|obligatoire|requis(?:e|o)?|requerid[oa]|obbligatorio|verplicht|wymagan[ey]|必填|必须|必需|是否必填|是否必须|必須|필수|обязательн\w+)\s*\??\s*$",
            )
        });
        static DEFAULT: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:default(?:\s+value)?|standard(?:wert)?|vorgabe|(?:valeur\s+)?par\s+défaut|défaut|(?:valor\s+)?(?:por\s+(?:defecto|omisión)|predeterminado|padrão)|padrão|默认值?|既定値)\s*$",
            )
        });
        static PLACE: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)^\s*(?:in|place|location|where|position|(?:sent|passed)\s+(?:in|as|via)|param(?:eter)?\s+(?:in|location|place|type)|field\s+location)\s*\??\s*$",
            )
        });
        let title = head.first()?.text();
        let named = NAME.captures(&title)?;
        let word = |name: &str| named.name(name).map(|it| it.as_str().to_ascii_lowercase());
        let column = |pattern: &Pattern| {
            let mut cells = head.iter().enumerate().skip(1);
            cells
                .find(|(_, cell)| pattern.is_match(&cell.text()))
                .map(|(at, _)| at)
        };
        let role = match word("place").or_else(|| word("what")).as_deref() {
            Some("query") => Some(Role::Parameter(Location::Query)),
            Some("path" | "url") => Some(Role::Parameter(Location::Path)),
            Some("header" | "headers") => Some(Role::Parameter(Location::Header)),
            Some("body") => Some(Role::Body),
            Some("response") => Some(Role::Response),
            _ => None,
        };
        let is_sent = word("what").is_some_and(|what| {
            ["param", "arg", "header"]
                .iter()
                .any(|start| what.starts_with(start))
                || ["par", "参", "パ", "매", "пар"]
                    .iter()
                    .any(|start| what.starts_with(start))
        });
        Some(Self {
            role,
            is_sent,
            kind: column(&TYPE)?,
            place: column(&PLACE),
            required: column(&REQUIRED),
            default: column(&DEFAULT),
        })
    }
}

fn of_table(rows: &[Vec<Inline>], context: &Context) -> Vec<Row> {
    static SENT: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\b(?:arguments?|inputs?|parameters?)\b"));
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let Some(columns) = Columns::of(head) else {
        return Vec::new();
    };
    let heading = context.heading.as_ref();
    let is_schema = heading.is_some_and(|it| is_schema_of_answer(&it.value));
    if context.section == Some(Section::Other) && !is_schema {
        return Vec::new();
    }
    let is_sent = columns.is_sent
        || context.section == Some(Section::Request)
        || heading.is_some_and(|it| SENT.is_match(&it.value));
    let mut is_of_thing = false;
    let role = match heading.map(|heading| of_heading(&heading.value)) {
        Some(Heading::Place(role)) => Some(role),
        Some(Heading::NoPlace) => columns.role,
        Some(Heading::SomethingElse) if is_sent => return Vec::new(),
        Some(Heading::SomethingElse) => {
            is_of_thing = true;
            columns.role
        }
        None => {
            is_of_thing = columns.role.is_none() && !is_sent;
            columns.role
        }
    };
    if is_of_thing && role.is_some_and(|role| role != Role::Response) {
        return Vec::new();
    }
    // Below a heading about the response stands what comes back, whatever the table calls it.
    let is_answer = context.section == Some(Section::Response) || is_schema;
    let role = if is_answer && !matches!(role, Some(Role::Parameter(_))) {
        Some(Role::Response)
    } else {
        role
    };
    // The headers of answers are read elsewhere.
    if is_answer && role == Some(Role::Parameter(Location::Header)) {
        return Vec::new();
    }
    let of_row = |row: &Vec<Inline>| {
        let own = columns.place.and_then(|at| place_of(row.get(at)?));
        let fields = of_row(row, &columns).into_iter().flatten();
        let row = |field: Field| Row {
            role: own.filter(|_| !is_answer).or(role),
            is_sent: is_sent || own.is_some(),
            is_of_thing,
            context: context.clone(),
            field,
        };
        fields.map(row).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}

/// Where a cell says that its row stands in the request.
fn place_of(cell: &Inline) -> Option<Role> {
    static PLACE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?ix)^[\s\W]*(?:in\s+)?(?:the\s+)?(?:http\s+|request\s+|url\s+|json\s+)?
            (?P<place>path|route|query|header|cookie|body|payload|json|form)s?(?:[\s_-]*(?:string|param(?:eter)?s?|variables?|data|segments?|body|fields?))?[\s\W]*$",
        )
    });
    let text = cell.text();
    let found = PLACE.captures(&text)?;
    let place = found.name("place")?.as_str().to_ascii_lowercase();
    Some(match place.as_str() {
        "path" | "route" => Role::Parameter(Location::Path),
        "query" => Role::Parameter(Location::Query),
        "header" => Role::Parameter(Location::Header),
        "cookie" => Role::Parameter(Location::Cookie),
        _ => Role::Body,
    })
}

/// True for "Response schema" and the like: below other words for types, fences hold programs.
fn is_schema_of_answer(title: &str) -> bool {
    static SCHEMA: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:the\s+)?(?:(?:success(?:ful)?|json)\s+)?responses?\s+(?:body\s+)?(?:schema|objects?|types?)\W*$",
        )
    });
    SCHEMA.is_match(title)
}

/// What a heading says of the table below it.
enum Heading {
    /// Where its fields stand.
    Place(Role),
    /// That it lists fields.
    NoPlace,
    /// That it is about something else, such as an object that is a part of the body.
    SomethingElse,
}

fn of_heading(title: &str) -> Heading {
    static PLACE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?P<query>query)|(?P<path>path|url)|(?P<header>headers?)|(?P<body>body|payload|json))\b",
        )
    });
    static NEUTRAL: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s\W]*(?:arguments?|inputs?|request\s+schema|returns?|result|answer|what\s+(?:you\s+)?(?:send|get\s+back))[\s\W]*$",
        )
    });
    let is_about = sections::is_label(title) || NEUTRAL.is_match(title);
    let found = PLACE.captures(title);
    let named = |name: &str| found.as_ref().is_some_and(|it| it.name(name).is_some());
    let role = match () {
        () if named("query") => Some(Role::Parameter(Location::Query)),
        () if named("path") => Some(Role::Parameter(Location::Path)),
        () if named("header") => Some(Role::Parameter(Location::Header)),
        () if named("body") => Some(Role::Body),
        () => None,
    };
    match role {
        _ if !is_about => Heading::SomethingElse,
        Some(role) => Heading::Place(role),
        None => Heading::NoPlace,
    }
}

/// The fields of a row; none if it documents something else.
fn of_row(row: &[Inline], columns: &Columns) -> Option<Vec<Field>> {
    let cell = row.first()?;
    let Some(names) = several(cell) else {
        return Some(vec![named(row, columns, None)?]);
    };
    names
        .into_iter()
        .map(|name| named(row, columns, Some(name)))
        .collect()
}

/// The names of a row that documents several alike: "`page`, `per_page`", "`from` and `to`".
fn several(cell: &Inline) -> Option<Vec<&Part>> {
    let (names, words): (Vec<&Part>, Vec<&Part>) = cell.parts.iter().partition(|part| part.code);
    let is_joint = |part: &&Part| matches!(part.text.trim(), "," | "/" | "and" | "or" | "&" | "");
    (names.len() > 1 && words.iter().all(is_joint)).then_some(names)
}

fn named(row: &[Inline], columns: &Columns, one: Option<&Part>) -> Option<Field> {
    static NAME: LazyLock<Pattern> = LazyLock::new(|| pattern(r"^[A-Za-z_$][A-Za-z0-9_$.\[\]-]*$"));
    let cell = row.first()?;
    let code = one.or_else(|| cell.parts.iter().find(|part| part.code));
    let text = code.map_or_else(|| cell.text(), |part| part.text.clone());
    let text = text.trim();
    let marked = text.strip_suffix('*').or_else(|| text.strip_suffix('?'));
    let name = marked.unwrap_or(text).trim();
    if !NAME.is_match(name) {
        return None;
    }
    let span = one.map_or_else(|| span(cell), |part| Some(part.span))?;
    let kind_cell = row.get(columns.kind)?;
    let kind_text = kind_cell.text();
    let type_text = span_of(kind_cell, kind_text.trim());
    let kind = types::parse(kind_text.trim());
    let is_told = |at: usize| {
        let facts = [columns.place, columns.required, columns.default];
        at != columns.kind && !facts.contains(&Some(at))
    };
    let told = row
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(at, _)| is_told(*at));
    let told: Vec<&Inline> = told.map(|(_, cell)| cell).collect();
    let facts = facts::of_cells(name, &kind, &told);
    let description: Vec<String> = told.iter().map(|cell| headers::marked(cell)).collect();
    let default = columns.default.and_then(|at| default(row.get(at)?));
    let end = row.iter().rev().find_map(self::span).unwrap_or(span);
    let required = columns.required.and_then(|at| required(row.get(at)?));
    let is_starred = || {
        cell.text()
            .trim_end()
            .ends_with('*')
            .then(|| Fact::new(true, span, &FIELD_TABLE))
    };
    Some(Field {
        name: Fact::new(name.to_owned(), span, &FIELD_TABLE),
        type_text,
        default: default.or_else(|| facts::default(&facts, &kind)),
        kind,
        required: required.or_else(is_starred),
        description: description.join(" ").trim().to_owned(),
        prose: facts.shared(),
        deprecated: false,
        variant: None,
        children: Vec::new(),
        span: span.to(end),
        open: span.to(end),
    })
}

fn span(cell: &Inline) -> Option<Span> {
    Some(cell.parts.first()?.span.to(cell.parts.last()?.span))
}

fn span_of(cell: &Inline, text: &str) -> Option<Fact<String>> {
    let span = span(cell).filter(|_| !text.is_empty())?;
    Some(Fact::new(text.to_owned(), span, &FIELD_TABLE))
}

/// Whether a row asks for a value.
fn required(cell: &Inline) -> Option<Fact<bool>> {
    let text = cell.text().trim().to_lowercase();
    let value = match text.as_str() {
        "yes" | "y" | "true" | "required" | "mandatory" | "always" | "✓" | "✔" | "✔️" | "✅"
        | "ja" | "sí" | "si" | "sì" | "sim" | "oui" | "tak" | "да" | "是" | "必填" | "必须"
        | "はい" | "예" | "pflicht" | "obligatoire" | "obligatorio" | "obrigatório" => true,
        "no" | "n" | "false" | "optional" | "✗" | "✘" | "❌" | "nein" | "não" | "nao" | "non"
        | "nee" | "nie" | "нет" | "否" | "可选" | "选填" | "いいえ" | "아니요" | "opcional"
        | "optionnel" | "facultatif" => false,
        _ => return None,
    };
    Some(Fact::new(value, span(cell)?, &FIELD_TABLE))
}

/// The value that stands for none: one in code, or a single word.
fn default(cell: &Inline) -> Option<Fact<serde_json::Value>> {
    let code = cell.parts.iter().find(|part| part.code);
    let text = code.map_or_else(|| cell.text(), |part| part.text.clone());
    let text = text.trim().trim_matches(['"', '\'']);
    let is_none = matches!(
        text.to_lowercase().as_str(),
        "" | "-" | "–" | "—" | "none" | "n/a"
    );
    let is_value = code.is_some() || !text.contains(char::is_whitespace);
    let span = span(cell).filter(|_| is_value && !is_none)?;
    Some(Fact::new(facts::of_text(text), span, &FIELD_TABLE))
}

/// Puts the rows where they belong: into the path, the query, the headers, the body, or the response.
pub(super) fn place(
    collected: &mut Collected<'_>,
    endpoint: &Endpoint,
    examples: &[RequestExample],
) {
    let path = Template::parse(&endpoint.path);
    let bodies = sent::objects(examples);
    let is_sent = |name: &str| {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        bodies.iter().any(|body| body.get(root).is_some())
    };
    let has_body = !matches!(endpoint.method.as_str(), "GET" | "HEAD" | "DELETE");
    let mut shown = shown_things(collected);
    // What no heading calls an answer is one only if nothing of it is sent, and nothing else is an answer.
    let is_shown = |name: &str| {
        path.parameters().iter().any(|it| it == name) || is_sent(name) || is_queried(examples, name)
    };
    let mut bare = collected.tabled.iter().filter(|it| it.heading().is_none());
    if !collected.response_fields.is_empty() || bare.any(|row| is_shown(&row.field.name.value)) {
        shown.retain(Option::is_some);
    }
    for mut row in std::mem::take(&mut collected.tabled) {
        if row.is_of_thing {
            if shown.contains(&row.heading()) {
                row.role = Some(Role::Response);
            } else if row.heading().is_some() {
                continue;
            }
        }
        let name = row.field.name.value.clone();
        let is_in_path = path.parameters().contains(&name);
        if row.role.is_none() && !row.is_sent && !is_shown(&name) {
            continue;
        }
        let role = row.role.unwrap_or_else(|| match () {
            () if is_in_path => Role::Parameter(Location::Path),
            () if has_body && is_queried(examples, &name) && !is_sent(&name) => {
                Role::Parameter(Location::Query)
            }
            () if has_body || is_sent(&name) => Role::Body,
            () => Role::Parameter(Location::Query),
        });
        let role = match role {
            Role::Body if is_in_path => Role::Parameter(Location::Path),
            Role::Parameter(Location::Path) if !is_in_path => continue,
            role => role,
        };
        let is_known = |field: &Field| field.name.value.trim() == name;
        if role == Role::Response {
            let mut known = collected.response_fields.iter();
            if !known.any(|(_, field)| is_known(field)) {
                collected.response_fields.push((row.context, row.field));
            }
        } else {
            let mut known = collected.request_fields.iter();
            if !known.any(|(_, field)| is_known(field)) {
                collected.request_fields.push((role, row.field));
            }
        }
    }
}

impl Row {
    /// The place of the heading above.
    fn heading(&self) -> Option<Span> {
        self.context.heading.as_ref().map(|it| it.evidence.span)
    }
}

/// The headings whose tables list the members of what comes back: the example of a success shows all of them, and little
/// else.
fn shown_things(collected: &Collected<'_>) -> Vec<Option<Span>> {
    const LEAST: usize = 3;
    let mut headings: Vec<Option<Span>> = Vec::new();
    let rows = collected.tabled.iter().filter(|row| row.is_of_thing);
    for row in rows.clone() {
        if !headings.contains(&row.heading()) {
            headings.push(row.heading());
        }
    }
    if headings.is_empty() {
        return headings;
    }
    let responses = super::responses::of(collected);
    let successes = responses.iter().filter(|it| it.status.is_success());
    let examples = successes.flat_map(|it| &it.examples);
    let shown: Vec<Vec<String>> = examples
        .filter_map(|example| example.value())
        .map(|value| value.members().iter().map(|it| it.key.clone()).collect())
        .collect();
    headings.retain(|heading| {
        let of_it = rows.clone().filter(|row| row.heading() == *heading);
        let names = of_it.map(|row| row.field.name.value.split(['.', '[']).next());
        let names: Vec<&str> = names.flatten().collect();
        names.len() >= LEAST
            && shown.iter().any(|shown| {
                let is_shown = |name: &&str| shown.iter().any(|it| it == name);
                names.iter().all(is_shown) && names.len() * 2 > shown.len()
            })
    });
    headings
}

/// True if a documented request sends a value of that name in the query.
fn is_queried(examples: &[RequestExample], name: &str) -> bool {
    let curls = examples.iter().filter_map(|example| example.curl.as_ref());
    let mut pairs = curls
        .filter_map(|curl| curl.url.as_ref())
        .flat_map(|url| &url.query);
    pairs.any(|pair| pair.name.value == name)
}
