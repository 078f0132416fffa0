//! `fieldproof inspect`: what was understood of the pages, and from where.

use clap::Args;
use fieldproof::report::why::{self, Facts};
use fieldproof::source::load;
use fieldproof::{model, report};

use super::docs::{self, Docs, DocsArgs};
use super::{Exit, Failure, Streams};

/// Show what was understood of the pages
#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// Print the syntactic reading of each page, one JSON object a line
    #[arg(long)]
    raw: bool,
    /// Print every type string, how often it is written, and how it was read
    #[arg(long, conflicts_with = "raw")]
    types: bool,
    /// List the rules by which pages are read, and read none
    #[arg(long, conflicts_with_all = ["raw", "types"])]
    readings: bool,
    #[command(flatten)]
    facts: FactArgs,
    /// Show this operation only, such as `POST /users`
    #[arg(long, value_name = "OPERATION", conflicts_with_all = ["raw", "types", "readings"])]
    operation: Option<String>,
    /// The form of the model
    #[arg(long, value_enum, default_value_t = ModelFormat::Table, conflicts_with_all = ["raw", "types", "readings", "facts", "why"])]
    format: ModelFormat,
}

/// The facts one by one.
#[derive(Debug, Args)]
struct FactArgs {
    /// Print each fact in a line, with its origin, its place, and the rule that read it
    #[arg(long, conflicts_with_all = ["raw", "types", "readings"])]
    facts: bool,
    /// Explain each fact about a subject such as `response.user.id`, `request.query.page`, or `endpoint`
    #[arg(long, value_name = "SUBJECT", conflicts_with_all = ["raw", "types", "readings", "facts"])]
    why: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ModelFormat {
    /// For people
    Table,
    /// One JSON document
    Json,
}

pub(crate) fn run(args: &InspectArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if args.readings {
        report::readings::write(&mut streams.out)?;
        streams.out.flush()?;
        return Ok(Exit::Clean);
    }
    if args.raw {
        return raw(args, streams);
    }
    let mut docs = docs::read(&args.docs)?;
    if let Some(name) = &args.operation {
        why::only(&mut docs.documentation, name)?;
    }
    if args.facts.facts || args.facts.why.is_some() {
        facts(&args.facts, &docs, streams)?;
    } else if args.types {
        report::types::write(&docs.documentation, &mut streams.out)?;
    } else if args.format == ModelFormat::Json {
        let model = report::model_json::render(&docs.documentation, &docs.site)
            .map_err(std::io::Error::from)?;
        writeln!(streams.out, "{model}")?;
    } else {
        report::model::write(
            &docs.documentation,
            &docs.site,
            &docs.prefix,
            &mut streams.out,
        )?;
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn facts(args: &FactArgs, docs: &Docs, streams: &mut Streams) -> Result<(), Failure> {
    let facts = Facts {
        sources: &docs.site.sources,
        documentation: &docs.documentation,
        prefix: &docs.prefix,
    };
    match &args.why {
        Some(subject) => facts.write_about(subject, &mut streams.out)??,
        None => facts.write_all(&mut streams.out)?,
    }
    Ok(())
}

/// The syntactic reading needs no model.
fn raw(args: &InspectArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let site = load::load(&args.docs.docs)?;
    let reading = model::read_pages(&site);
    for page in &reading.pages {
        if let Some(line) = report::raw::line(&site, page) {
            writeln!(streams.out, "{line}")?;
        }
    }
    streams.out.flush()?;
    // The process ends here, and the system takes the memory back sooner than we could give it.
    std::mem::forget((site, reading));
    Ok(Exit::Clean)
}
