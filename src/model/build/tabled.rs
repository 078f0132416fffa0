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

mod list;
mod place;

use std::sync::LazyLock;

use crate::mdx::Prose;
use crate::mdx::markdown::{Block, Inline, Part};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::operation::{Field, Location};
use crate::model::prose::ProseFacts;
use crate::model::types::{self, Type};
use crate::source::Span;

use super::collect::Context;
use super::field::Role;
use super::headers;
use super::prose as facts;
use super::sections::Headings;

use place::{Place, place_of};

pub(super) use place::place;

static FIELD_TABLE: ReadingRule = ReadingRule {
    name: "field-table",
    origin: Origin::Prose,
    summary: "a table with a column of names and one of types documents the parameters, or the members of the response",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&FIELD_TABLE, &list::FIELD_LIST];

/// Says that a value is asked for.
pub(super) static REQUIRED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:required|mandatory|req|erforderlich|pflicht(?:feld)?|notwendig|obrigat[óo]ri[oa]|obligatori[oa]|obligatoire|requis(?:e|o)?|requerid[oa]|obbligatorio|verplicht|wymagan[ey]|必填|必须|必需|是否必填|是否必须|必須|필수|обязательн\w+)\s*\??\s*$",
    )
});

/// Rows of tables and items of lists, and what stands around them.
pub(super) struct Row {
    /// What the heading, or the head of the table, says that it is; nothing if that depends on the request.
    role: Option<Role>,
    /// True if the head or a heading says that it is sent.
    is_sent: bool,
    /// True below a heading that names something, or below none: the table lists its members, and whether it is what comes
    /// back is told by the examples.
    is_of_thing: bool,
    /// True for an item of a list: lists document fields only where nothing else does.
    is_listed: bool,
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
    if !prose.text.text().contains(['|', '-', '*', '+']) {
        return found;
    }
    let mut label: Option<Fact<String>> = None;
    for block in prose.blocks() {
        let context = |label: &Option<Fact<String>>| match label {
            Some(label) => Context {
                heading: Some(label.clone()),
                section: list::section(label),
                ..below(&headings)
            },
            None => below(&headings),
        };
        match block {
            Block::Heading(level, inline) => {
                label = None;
                headings.enter(level, &inline);
            }
            Block::Paragraph(inline) => label = list::label(&inline),
            Block::Table(rows) => found.extend(of_table(&rows, &context(&label))),
            Block::List(items) => {
                let fields = list::fields(&items).unwrap_or_default();
                found.extend(of_list(fields, &context(&label)));
            }
            Block::Quote(_) => {}
        }
    }
    found
}

fn of_list(fields: Vec<Field>, context: &Context) -> Vec<Row> {
    let asks = fields.iter().any(|it| it.required.is_some());
    let is_sent = context.heading.is_none() && asks;
    let Some(place) = Place::of(context, None, is_sent) else {
        return Vec::new();
    };
    let row = |field: Field| Row {
        role: place.role,
        is_sent: place.is_sent,
        is_of_thing: place.is_of_thing,
        is_listed: true,
        context: context.clone(),
        field,
    };
    fields.into_iter().map(row).collect()
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
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let Some(columns) = Columns::of(head) else {
        return Vec::new();
    };
    let Some(place) = Place::of(context, columns.role, columns.is_sent) else {
        return Vec::new();
    };
    let of_row = |row: &Vec<Inline>| {
        let own = columns.place.and_then(|at| place_of(row.get(at)?));
        let fields = of_row(row, &columns).into_iter().flatten();
        let row = |field: Field| Row {
            role: own.filter(|_| !place.is_answer).or(place.role),
            is_sent: place.is_sent || own.is_some(),
            is_of_thing: place.is_of_thing,
            is_listed: false,
            context: context.clone(),
            field,
        };
        fields.map(row).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
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
    let end = row.iter().rev().find_map(self::span).unwrap_or(span);
    let required = columns.required.and_then(|at| required(row.get(at)?));
    let is_starred = || {
        cell.text()
            .trim_end()
            .ends_with('*')
            .then(|| Fact::new(true, span, &FIELD_TABLE))
    };
    let said = Said {
        name: Fact::new(name.to_owned(), span, &FIELD_TABLE),
        type_text,
        kind,
        required: required.or_else(is_starred),
        default: columns.default.and_then(|at| default(row.get(at)?)),
        description: description.join(" "),
        prose: facts,
        span: span.to(end),
    };
    Some(said.field())
}

/// What a row of a table, or an item of a list, says of a field.
pub(super) struct Said {
    pub(super) name: Fact<String>,
    pub(super) type_text: Option<Fact<String>>,
    pub(super) kind: Type,
    pub(super) required: Option<Fact<bool>>,
    pub(super) default: Option<Fact<serde_json::Value>>,
    pub(super) description: String,
    pub(super) prose: ProseFacts,
    pub(super) span: Span,
}

impl Said {
    pub(super) fn field(self) -> Field {
        let default = self.default;
        Field {
            name: self.name,
            type_text: self.type_text,
            default: default.or_else(|| facts::default(&self.prose, &self.kind)),
            kind: self.kind,
            required: self.required,
            description: self.description.trim().to_owned(),
            prose: self.prose.shared(),
            deprecated: false,
            variant: None,
            children: Vec::new(),
            span: self.span,
            open: self.span,
        }
    }
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
