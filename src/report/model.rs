//! The model as a table: every operation with its parameters, responses, and what is unknown.

use std::io::{self, Write};

use crate::model::platform::PlatformNote;
use crate::model::route::Template;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Documentation, Field, Location, Operation, Response, ResponseHeader, Status};
use crate::source::load::Site;

use super::{counted, visible};

/// Writes every operation of a site.
pub fn write(
    documentation: &Documentation,
    site: &Site,
    prefix: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let table = Table { site, prefix };
    for operation in &documentation.api.operations {
        table.operation(operation, out)?;
        let pages = operation.pages.iter();
        for note in pages
            .filter_map(|page| documentation.platform.get(page))
            .flatten()
        {
            table.platform(note, out)?;
        }
        writeln!(out)?;
    }
    let api = &documentation.api;
    let stated = api.pages - api.other_pages.len();
    writeln!(
        out,
        "{} on {}; {} without an endpoint; {} left out",
        counted(api.operations.len(), "operation"),
        counted(stated, "page"),
        counted(api.other_pages.len(), "page"),
        counted(site.skipped.len(), "file or folder"),
    )?;
    for skipped in &site.skipped {
        writeln!(
            out,
            "  left out: {} ({})",
            visible::escape(&skipped.path),
            skipped.reason.as_str()
        )?;
    }
    Ok(())
}

struct Table<'a> {
    site: &'a Site,
    prefix: &'a str,
}

impl Table<'_> {
    fn operation(&self, operation: &Operation, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", visible::escape(&operation.name()))?;
        for page in &operation.pages {
            let shown = super::path(&self.site.sources, self.prefix, *page);
            writeln!(out, "  page      {}", visible::escape(&shown))?;
        }
        if operation.deprecated {
            writeln!(out, "  deprecated")?;
        }
        if let Some(query) = &operation.endpoint.value.query {
            writeln!(out, "  fixed     ?{}", visible::escape(query))?;
        }
        for server in &operation.servers {
            writeln!(
                out,
                "  server    {} ({})",
                visible::escape(&server.value),
                server.evidence.origin.as_str()
            )?;
        }
        for scheme in &operation.auth.schemes {
            writeln!(
                out,
                "  auth      {} ({})",
                visible::escape(&scheme.value.to_string()),
                scheme.evidence.origin.as_str()
            )?;
        }
        let template = Template::parse(&operation.endpoint.value.path);
        let is_documented = |name: &str| {
            let mut parameters = operation.parameters_in(Location::Path);
            parameters.any(|parameter| parameter.field.name.value == name)
        };
        for name in template.parameters() {
            if !is_documented(name) {
                writeln!(out, "  path      {}: not documented", visible::escape(name))?;
            }
        }
        for parameter in &operation.parameters {
            self.field(
                &parameter.field,
                parameter.location.as_str(),
                &parameter.shape,
                1,
                out,
            )?;
        }
        if let Some(body) = &operation.body {
            let whole = match (body.whole, body.fields.first()) {
                (true, Some(field)) => {
                    let required = if field.is_required() { " required" } else { "" };
                    format!(": {}{required}", described(&body.shape))
                }
                _ => String::new(),
            };
            writeln!(
                out,
                "  body      {} ({}){}",
                visible::escape(&body.media_type.value),
                body.media_type.evidence.origin.as_str(),
                visible::escape(&whole)
            )?;
            self.members(&body.shape, 2, out)?;
        }
        for response in &operation.responses {
            self.response(response, out)?;
        }
        for header in &operation.response_headers {
            response_header(header, out)?;
        }
        Ok(())
    }

    /// What the platform's playground reads otherwise.
    fn platform(&self, note: &PlatformNote, out: &mut dyn Write) -> io::Result<()> {
        let sources = &self.site.sources;
        let place = sources.positions(note.span).start;
        let path = super::path(sources, self.prefix, note.span.file);
        writeln!(
            out,
            "  playground  {}:{}:{}  `{}`: {} ({})",
            visible::escape(&path),
            place.line,
            place.column,
            visible::escape(sources.text(note.span).trim()),
            note.trap.effect(),
            note.trap.as_str()
        )
    }

    fn response(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        let status = match &response.status {
            Status::Code(code) => code.value.to_string(),
            Status::Success => "success".to_owned(),
            Status::Error => "error".to_owned(),
        };
        let variant = response
            .variant
            .as_ref()
            .map_or_else(String::new, |variant| format!(", {}", variant.value));
        let examples = match response.examples.len() {
            0 => "no example".to_owned(),
            1 => "1 example".to_owned(),
            several => format!("{several} examples"),
        };
        let root = response
            .shape
            .as_ref()
            .map_or_else(String::new, |shape| format!("{}, ", described(shape)));
        let variant = visible::escape(&variant);
        writeln!(out, "  response  {status}{variant}: {root}{examples}")?;
        match &response.shape {
            Some(shape) => self.members(shape, 2, out),
            None => Ok(()),
        }
    }

    fn field(
        &self,
        field: &Field,
        location: &str,
        shape: &Shape,
        depth: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let required = if field.is_required() { " required" } else { "" };
        writeln!(
            out,
            "{:indent$}{location:<9} {}: {}{required}",
            "",
            visible::escape(&field.name.value),
            visible::escape(&described(shape)),
            indent = depth * 2
        )?;
        self.members(shape, depth + 1, out)
    }

    fn members(&self, shape: &Shape, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        for member in shape.members() {
            let required = match &member.required {
                Some(required) if required.value => {
                    format!(" required ({})", required.evidence.origin.as_str())
                }
                Some(required) => format!(" optional ({})", required.evidence.origin.as_str()),
                None => String::new(),
            };
            let place = member.evidence.map_or_else(String::new, |evidence| {
                let line = self.site.sources.positions(evidence.span).start.line;
                format!("  line {line}")
            });
            writeln!(
                out,
                "{:indent$}{}: {}{required}{place}",
                "",
                visible::escape(&member.name),
                visible::escape(&described(&member.shape)),
                indent = depth * 2 + 2
            )?;
            self.members(&member.shape, depth + 1, out)?;
        }
        Ok(())
    }
}

/// A header of answers, and what it holds.
fn response_header(header: &ResponseHeader, out: &mut dyn Write) -> io::Result<()> {
    let status = header
        .status
        .map_or_else(String::new, |status| format!("{status} "));
    let kind = header
        .shape
        .as_ref()
        .map_or_else(String::new, |shape| format!(": {}", described(shape)));
    let optional = if header.is_optional { " optional" } else { "" };
    let name = visible::escape(&header.name.value);
    let kind = visible::escape(&kind);
    writeln!(out, "  response  {status}header {name}{kind}{optional}")
}

fn described(shape: &Shape) -> String {
    match shape.kind {
        ShapeKind::Unknown => "unknown".to_owned(),
        _ => shape.describe(),
    }
}
