//! A table lists the fields that stand below it, and says otherwise than they do.
//!
//! Only a table counts whose head names what its columns are, and of which at least two rows have the names of fields
//! below the same heading: then it is about them.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::build::written::{Block, Inline};
use crate::model::types::{self, excludes};
use crate::model::{Written, WrittenField};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-table",
    severity: Severity::Warning,
    summary: "a table says otherwise than the fields that it lists",
};

/// So many rows make a table one of the fields.
const ROWS: usize = 2;

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (heading, prose) in &page.tables {
        for block in prose.blocks() {
            if let Block::Table(rows) = block
                && let Some(table) = Table::of(&rows)
            {
                let is_below = |field: &&WrittenField<'_>| field.heading == *heading;
                let fields: Vec<_> = page.fields.iter().filter(is_below).collect();
                table.compare(page, &fields, diagnostics);
            }
        }
    }
}

/// A table with a column of names, and columns of types or of what is required.
struct Table<'t> {
    name: usize,
    kind: Option<usize>,
    required: Option<usize>,
    rows: &'t [Vec<Inline>],
}

impl<'t> Table<'t> {
    fn of(rows: &'t [Vec<Inline>]) -> Option<Self> {
        let (head, rows) = rows.split_first()?;
        let column = |names: &[&str]| {
            head.iter().position(|cell| {
                let text = cell.text().trim().to_lowercase();
                names.contains(&text.as_str())
            })
        };
        let name = column(&[
            "parameter",
            "parameters",
            "param",
            "name",
            "field",
            "property",
            "attribute",
            "campo",
            "parâmetro",
            "parámetro",
            "feld",
            "nombre",
            "nome",
        ])?;
        let kind = column(&["type", "data type", "typ", "tipo"]);
        let required = column(&[
            "required",
            "required?",
            "pflicht",
            "obrigatório",
            "obligatorio",
        ]);
        (kind.is_some() || required.is_some()).then_some(Self {
            name,
            kind,
            required,
            rows,
        })
    }

    fn compare(
        &self,
        page: &Written<'_>,
        fields: &[&WrittenField<'_>],
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let named = |row: &Vec<Inline>| {
            let name = row.get(self.name)?.text().trim().to_owned();
            let is_it = |it: &&&WrittenField<'_>| it.name().is_some_and(|(own, _)| own == name);
            Some((fields.iter().find(is_it).copied(), name))
        };
        let known = self.rows.iter().filter_map(named);
        let count = known.filter(|(field, _)| field.is_some()).count();
        if count < ROWS || count * 2 < self.rows.len() {
            return;
        }
        for row in self.rows {
            match named(row) {
                Some((Some(field), name)) => self.row(row, field, &name, diagnostics),
                Some((None, name)) if is_name(&name) && !documents(&page.fields, &name) => {
                    diagnostics.extend(unknown(row.get(self.name), &name, fields));
                }
                _ => {}
            }
        }
    }

    fn row(
        &self,
        row: &[Inline],
        field: &WrittenField<'_>,
        name: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let place = field.name().map_or(field.open, |(_, span)| span);
        let cell = |column: Option<usize>| {
            let cell = row.get(column?)?;
            Some((cell.text().trim().to_owned(), span(cell)?))
        };
        let stated = field.attribute("type").and_then(|it| it.value.as_str());
        if let (Some((text, at)), Some(stated)) = (cell(self.kind), stated)
            && excludes(&types::parse(&text), &types::parse(stated))
        {
            let message = format!("the table lists `{name}` as {text}, and its field as {stated}");
            diagnostics.push(diagnostic(at, message, place, name));
        }
        let Some((text, at)) = cell(self.required) else {
            return;
        };
        let is_required = field.attribute("required").map(|it| it.value.to_value());
        let says = match text.to_lowercase().as_str() {
            "yes" | "true" | "required" | "✓" | "✅" | "sim" | "sí" | "ja" => true,
            "no" | "false" | "optional" | "✗" | "❌" | "não" | "nein" => false,
            _ => return,
        };
        let flag = match is_required {
            None => false,
            Some(Some(serde_json::Value::Bool(flag))) => flag,
            Some(_) => return,
        };
        if says != flag {
            let (one, other) = if says {
                ("required", "optional")
            } else {
                ("optional", "required")
            };
            let message = format!("the table lists `{name}` as {one}, and its field as {other}");
            diagnostics.push(diagnostic(at, message, place, name));
        }
    }
}

/// A row of which there is no field.
fn unknown(cell: Option<&Inline>, name: &str, fields: &[&WrittenField<'_>]) -> Option<Diagnostic> {
    let first = fields.first()?;
    let message = format!("the table lists `{name}`, and no field documents it");
    Some(
        diagnostic(span(cell?)?, message, first.open, name).cause(Cause::on_page("").of(
            format!("`{name}`"),
            "the table lists {}, and no field documents them",
            "make table and fields agree",
        )),
    )
}

fn diagnostic(at: Span, message: String, field: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, at, message)
        .label("in the table")
        .related(field, "the fields here")
        .help("make table and fields agree")
        .subject(format!("page.{name}"))
}

fn span(cell: &Inline) -> Option<Span> {
    let (first, last) = (cell.parts.first()?, cell.parts.last()?);
    Some(first.span.to(last.span))
}

/// True for a name alone.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !text.is_empty() && text.chars().all(is_part)
}

fn documents(fields: &[WrittenField<'_>], name: &str) -> bool {
    fields.iter().any(|field| {
        field
            .name()
            .is_some_and(|(own, _)| own.split(['.', '[']).next() == Some(name))
            || documents(&field.children, name)
    })
}
