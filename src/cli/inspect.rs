//! `fieldproof inspect`: what was understood of the pages, and from where.

use clap::Args;
use fieldproof::report;

use super::docs::{self, DocsArgs};
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
    /// The form of the model
    #[arg(long, value_enum, default_value_t = ModelFormat::Table, conflicts_with_all = ["raw", "types", "readings"])]
    format: ModelFormat,
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
    let docs = docs::read(&args.docs)?;
    if args.raw {
        for page in &docs.documentation.pages {
            if let Some(line) = report::raw::line(&docs.site, page) {
                writeln!(streams.out, "{line}")?;
            }
        }
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
