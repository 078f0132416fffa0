//! Where output goes, and in which form.

use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
use fieldproof::report::{self, Findings};

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(crate) struct OutputArgs {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    /// Print only findings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// The form of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: each finding with the lines it is about
    Human,
    /// One line a finding
    Concise,
    /// One JSON document
    Json,
}

/// The streams of the process.
pub(crate) struct Streams {
    pub(crate) out: Box<dyn Write>,
    pub(crate) err: Box<dyn Write>,
    pub(crate) colour: bool,
    pub(crate) quiet: bool,
}

impl Streams {
    /// The streams that the process was started with.
    pub(crate) fn of_process(args: &OutputArgs) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            out: Box::new(std::io::BufWriter::new(std::io::stdout())),
            err: Box::new(std::io::stderr()),
            colour: match args.color {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => terminal && wanted && !dumb,
            },
            quiet: args.quiet,
        }
    }

    /// Writes findings in the form asked for.
    pub(crate) fn findings(
        &mut self,
        findings: &Findings<'_>,
        format: Format,
    ) -> std::io::Result<()> {
        match format {
            Format::Human => report::human::write(findings, self.colour, &mut self.out)?,
            Format::Concise => report::concise::write(findings, &mut self.out)?,
            Format::Json => report::json::write(findings, &mut self.out)?,
        }
        self.out.flush()
    }
}
