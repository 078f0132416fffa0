//! `fieldproof export`: the API in the form that other tools read.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use fieldproof::export::{self, Export, Note, Options};
use fieldproof::report::{counted, visible};

use super::docs::{self, Docs, DocsArgs};
use super::{Exit, Failure, Streams};

/// Write the documented API in the form that other tools read
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    form: Form,
}

#[derive(Debug, Subcommand)]
enum Form {
    /// An OpenAPI 3.1 description; what it cannot express is listed on standard error
    Openapi(OpenapiArgs),
}

#[derive(Debug, Args)]
struct OpenapiArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// The notation [default: that of the output's name, else yaml]
    #[arg(long, value_enum, value_name = "NOTATION")]
    format: Option<Notation>,
    /// Write to a file, and not to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Let objects whose members are documented forbid all others
    #[arg(long)]
    closed: bool,
    /// Let what only running text says of requests be constraints, too
    #[arg(long)]
    from_text: bool,
    /// Make schemas of the examples of answers that no field documents
    #[arg(long)]
    from_examples: bool,
    /// The title of the API [default: the name of the site, else the host of the API]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Notation {
    Json,
    Yaml,
}

pub(crate) fn run(args: &ExportArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let Form::Openapi(args) = &args.form;
    let docs = docs::read(&args.docs)?;
    let api = &docs.documentation.api;
    if api.operations.is_empty() {
        let message = "no page documents an operation, so there is nothing to export";
        return Err(Failure::NotExercised(message.to_owned()));
    }
    let title = args.title.clone();
    let config = &docs.documentation.config;
    let specifications = docs.documentation.specifications.files.iter();
    let options = Options {
        title: title.or_else(|| config.name.clone()),
        closed: args.closed,
        from_text: args.from_text,
        from_examples: args.from_examples,
        groups: config.groups.clone(),
        schemas: specifications
            .flat_map(|file| file.schemas.clone())
            .collect(),
    };
    let export = export::openapi(api, &docs.site.sources, &options);
    let text = match notation(args) {
        Notation::Json => export::to_json(&export.document),
        Notation::Yaml => export::to_yaml(&export.document),
    };
    match &args.output {
        Some(path) => std::fs::write(path, text).map_err(|error| {
            let path = path.display();
            Failure::Unreachable(format!(
                "`{path}` cannot be written: {error}; give another path with --output"
            ))
        })?,
        None => streams.out.write_all(text.as_bytes())?,
    }
    streams.out.flush()?;
    docs.tell_too_large(streams)?;
    notes(&docs, &export, streams)?;
    Ok(Exit::Clean)
}

fn notation(args: &OpenapiArgs) -> Notation {
    let named = args.output.as_deref().and_then(|path| path.extension());
    let by_name = match named.and_then(|extension| extension.to_str()) {
        Some("json") => Notation::Json,
        _ => Notation::Yaml,
    };
    args.format.unwrap_or(by_name)
}

/// How many places a line names beside its own.
const NAMED: usize = 3;

/// The other places of a fact, the first few by their names.
fn also(docs: &Docs, same: &[&Note]) -> String {
    let others = same.iter().skip(1);
    let count = others.len();
    if count == 0 {
        return String::new();
    }
    let named: Vec<_> = others.take(NAMED).map(|it| docs.place(it.span)).collect();
    let rest = match count.saturating_sub(NAMED) {
        0 => String::new(),
        rest => format!(", and {rest} more"),
    };
    let places = counted(count, "other place");
    format!(", here and in {places}: {}{rest}", named.join(", "))
}

/// What the description does not say: a line for each fact, at its first place.
fn notes(docs: &Docs, export: &Export, streams: &mut Streams) -> Result<(), Failure> {
    if streams.quiet {
        return Ok(());
    }
    let mut places: HashMap<&str, Vec<&Note>> = HashMap::new();
    for note in &export.notes {
        places.entry(&note.message).or_default().push(note);
    }
    for note in &export.notes {
        // All places of a fact are said at its first.
        let Some(same) = places.remove(note.message.as_str()) else {
            continue;
        };
        let others = also(docs, &same);
        let position = docs.site.sources.positions(note.span).start;
        let line = format!(
            "{}:{}:{}: {}{others}",
            docs.path(note.span.file),
            position.line,
            position.column,
            note.message
        );
        // Names of files and what pages say may hold what a terminal obeys.
        writeln!(streams.err, "{}", visible::escape(&line))?;
    }
    if !export.notes.is_empty() {
        let count = export.notes.len();
        let facts = if count == 1 { "fact" } else { "facts" };
        writeln!(
            streams.err,
            "{count} {facts} of the docs could not be expressed"
        )?;
    }
    Ok(())
}
