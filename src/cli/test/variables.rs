//! `fieldproof test --variables`: what the pages leave open, where, and what fills it in.

use fieldproof::conform::target::Target;
use fieldproof::conform::variables::{self, Use, Variable};
use fieldproof::report::column::{columns, padded};
use fieldproof::report::counted;
use fieldproof::report::visible::escape;
use serde::Serialize;

use super::TestArgs;
use crate::cli::config::Config;
use crate::cli::docs::Docs;
use crate::cli::output::Format;
use crate::cli::record::TestFormat;
use crate::cli::{Exit, Failure, Streams};

#[derive(Serialize)]
struct Document {
    version: u32,
    variables: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    /// The ways in which it is written.
    forms: Vec<String>,
    /// What fills it in; nothing if it is unbound.
    bound: Option<&'static str>,
    uses: Vec<Usage>,
}

#[derive(Serialize)]
struct Usage {
    operation: String,
    /// The part of the request.
    place: String,
    file: String,
    line: u32,
}

/// Lists the variables; nothing is sent.
pub(super) fn list(
    args: &TestArgs,
    docs: &Docs,
    config: &Config,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let target = target(args, config)?;
    let bindings = args.credentials.bindings(&config.test, &target)?;
    let variables = variables::variables(&docs.documentation.api, &target, &bindings);
    let entries: Vec<_> = variables.iter().map(|it| entry(docs, it)).collect();
    match args.format.format {
        TestFormat::Findings(Format::Human) => table(&entries, streams)?,
        TestFormat::Findings(Format::Json) => {
            let variables = entries;
            let document = Document {
                version: 1,
                variables,
            };
            serde_json::to_writer_pretty(&mut streams.out, &document)
                .map_err(std::io::Error::from)?;
            writeln!(streams.out)?;
        }
        _ => {
            return Err(Failure::Usage(
                "--variables is written with --format human or --format json".to_owned(),
            ));
        }
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

/// The server that will be tested, or any.
fn target(args: &TestArgs, config: &Config) -> Result<Target, Failure> {
    let url = args.url.as_ref().or(config.test.url.as_ref());
    let url = url.map_or("http://localhost", String::as_str);
    Target::parse(url).map_err(|error| Failure::Usage(error.to_string()))
}

fn entry(docs: &Docs, variable: &Variable) -> Entry {
    let operations = &docs.documentation.api.operations;
    let place = |used: &Use| {
        let operation = operations.get(used.operation)?;
        let line = docs.site.sources.positions(used.span).start.line;
        Some(Usage {
            operation: operation.name(),
            place: used.place.clone(),
            file: docs.path(used.span.file),
            line,
        })
    };
    Entry {
        name: variable.name.clone(),
        forms: variable.forms.clone(),
        bound: variable.bound.map(variables::Bound::as_str),
        uses: variable.uses.iter().filter_map(place).collect(),
    }
}

fn table(entries: &[Entry], streams: &mut Streams) -> Result<(), Failure> {
    let width = |text: &dyn Fn(&Entry) -> usize| entries.iter().map(text).max();
    let names = width(&|it| columns(&it.name)).unwrap_or_default();
    let forms = width(&|it| columns(&it.forms.join(", "))).unwrap_or_default();
    let (names, forms) = (names.min(30), forms.min(40));
    for entry in entries {
        let name = escape(&entry.name).into_owned();
        let written = entry.forms.join(", ");
        let written = escape(&written).into_owned();
        let bound = match entry.bound {
            Some(bound) => format!("filled in by {bound}"),
            None => "unbound".to_owned(),
        };
        let (name, written) = (padded(&name, names), padded(&written, forms));
        writeln!(streams.out, "{name}  {written}  {bound}")?;
        for used in &entry.uses {
            let Usage {
                operation,
                place,
                file,
                line,
            } = used;
            let (operation, file) = (escape(operation), escape(file));
            let place = escape(place);
            writeln!(streams.out, "  {operation}: {place} ({file}:{line})")?;
        }
    }
    let open = entries.iter().filter(|it| it.bound.is_none()).count();
    let variables = counted(entries.len(), "variable");
    writeln!(streams.out, "{variables}, {open} unbound")?;
    Ok(())
}
