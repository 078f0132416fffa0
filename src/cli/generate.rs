//! `fieldproof completions` and `fieldproof man`: what is made from the command line itself.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Exit, Failure, Streams};

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page, or that of a command
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command, such as `check`
    command: Option<String>,
}

pub(crate) fn completions(args: &CompletionsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fieldproof", &mut script);
    streams.out.write_all(&script)?;
    streams.out.flush()?;
    Ok(Exit::Clean)
}

pub(crate) fn man(args: &ManArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut whole = Cli::command();
    whole.build();
    let command = match &args.command {
        None => whole,
        Some(name) => {
            let command = whole.find_subcommand(name).cloned();
            let unknown = || Failure::Usage(format!("there is no command `{name}`"));
            command
                .ok_or_else(unknown)?
                .display_name(format!("fieldproof-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    streams.out.write_all(&page)?;
    streams.out.flush()?;
    Ok(Exit::Clean)
}
