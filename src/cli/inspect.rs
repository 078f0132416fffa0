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
}

pub(crate) fn run(args: &InspectArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    if args.raw {
        for page in &docs.documentation.pages {
            if let Some(line) = report::raw::line(&docs.site, page) {
                writeln!(streams.out, "{line}")?;
            }
        }
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
