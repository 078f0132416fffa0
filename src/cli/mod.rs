//! Flags in, exit code out.

mod baseline;
mod check;
mod conclusion;
mod config;
mod credentials;
mod diff;
mod docs;
mod duration;
mod effective;
mod exit;
mod explain;
mod export;
mod fix;
mod generate;
mod init;
mod inspect;
mod lsp;
mod merge;
mod mock;
mod network;
mod output;
mod plan;
mod record;
mod replacement;
mod rules;
mod schema;
mod scope;
mod server;
mod since;
mod test;
mod update;
mod watch;

use std::io::Write;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use exit::Exit;
use output::Streams;

/// Holds hand-written Mintlify API pages to their word.
#[derive(Debug, Parser)]
#[command(version, about, after_help = exit::HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    output: output::OutputArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check whether the pages agree with themselves
    Check(check::CheckArgs),
    /// Answer requests as the pages document it
    Mock(Box<mock::MockArgs>),
    /// Show what was understood of the pages
    Inspect(inspect::InspectArgs),
    /// Test whether a live server does what the pages promise
    Test(Box<test::TestArgs>),
    /// Bring the pages up to what a live server answers
    Update(Box<update::UpdateArgs>),
    /// Put the records of the shards of a test together, and report them as one run
    Merge(merge::MergeArgs),
    /// Show findings, fixes, and what is known about fields in an editor
    Lsp(lsp::LspArgs),
    /// Explain a rule, or list all of them
    Explain(explain::ExplainArgs),
    /// Write a configuration file and a CI job for a site, after a look at it
    Init(init::InitArgs),
    /// Show every setting in effect, and where it comes from
    Config(effective::ConfigArgs),
    /// Show what changed between two revisions of the docs
    Diff(diff::DiffArgs),
    /// Write the documented API in the form that other tools read
    Export(export::ExportArgs),
    /// Print the schema of a JSON output, or list all of them
    Schema(schema::SchemaArgs),
    /// Print completions for a shell
    Completions(generate::CompletionsArgs),
    /// Print the manual page, or that of a command
    Man(generate::ManArgs),
}

/// Runs the command line of the process.
pub(crate) fn main() -> Exit {
    let (cli, matches) = match parsed() {
        Ok(both) => both,
        Err(error) => {
            let is_request = !error.use_stderr();
            // Nothing can be done where even the usage cannot be printed.
            let _ = error.print();
            return if is_request { Exit::Clean } else { Exit::Usage };
        }
    };
    let mut streams = Streams::of_process(&cli.output);
    let outcome = match &cli.command {
        Command::Check(args) => check::run(args, &mut streams),
        Command::Mock(args) => mock::run(args, &mut streams),
        Command::Inspect(args) => inspect::run(args, &mut streams),
        Command::Test(args) => test::run(args, &matches, &mut streams),
        Command::Update(args) => update::run(args, &mut streams),
        Command::Merge(args) => merge::run(args, &mut streams),
        Command::Lsp(args) => lsp::run(args, &mut streams),
        Command::Explain(args) => explain::run(args, &mut streams),
        Command::Init(args) => init::run(args, &mut streams),
        Command::Config(args) => effective::run(args, &mut streams),
        Command::Diff(args) => diff::run(args, &mut streams),
        Command::Schema(args) => schema::run(args, &mut streams),
        Command::Completions(args) => generate::completions(args, &mut streams),
        Command::Man(args) => generate::man(args, &mut streams),
        Command::Export(args) => export::run(args, &mut streams),
    };
    outcome.unwrap_or_else(|failure| {
        if !failure.is_closed_pipe() {
            let _ = writeln!(streams.err, "fieldproof: {failure}");
        }
        failure.exit()
    })
}

/// The flags as values, and as they were written.
fn parsed() -> Result<(Cli, ArgMatches), clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    Ok((cli, matches))
}

/// Why a command could not do its job: one sentence with a next step.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The docs cannot be read.
    #[error(transparent)]
    Docs(#[from] fieldproof::source::load::LoadError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// The pages do not say what was asked for.
    #[error(transparent)]
    Unknown(#[from] fieldproof::report::why::Unknown),
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The target could not be reached, or a port could not be opened.
    #[error("{0}")]
    Unreachable(String),
    /// There was nothing to do.
    #[error("{0}")]
    NotExercised(String),
    /// A file could not be written.
    #[error("`{}` cannot be written: {reason}; check that its folder is there, and its permissions", .path.display())]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// Output could not be written.
    #[error("output cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

impl Failure {
    /// True if nobody reads the output any more: whoever closes the pipe has seen enough.
    fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Docs(_) | Self::Config(_) | Self::Unknown(_) | Self::Usage(_) => Exit::Usage,
            Self::Output(_) if self.is_closed_pipe() => Exit::Clean,
            Self::NotExercised(_) => Exit::NotExercised,
            Self::Unreachable(_) | Self::File { .. } | Self::Output(_) => Exit::Unreachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
