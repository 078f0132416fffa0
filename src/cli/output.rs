//! Where output goes, and in which form.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use fieldproof::report::human::Screen;
use fieldproof::report::{self, Findings};

use super::Failure;

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
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// `JUnit` XML: a case for each operation and group of rules
    Junit,
    /// Annotations for GitHub Actions
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// A summary in Markdown
    Markdown,
    /// One HTML page with search and filters
    Html,
}

/// Where findings go, and in which forms.
#[derive(Clone, Debug, Args)]
pub(crate) struct FormatArgs<F: ValueEnum + Send + Sync + 'static = Format> {
    /// The form of the findings
    #[arg(long, value_enum, default_value = "human")]
    pub(crate) format: F,
    /// Write the findings to a file, and not to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write the findings to a file in a further form; can be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_to::<F>)]
    pub(crate) report: Vec<(F, PathBuf)>,
}

fn report_to<F: ValueEnum>(text: &str) -> Result<(F, PathBuf), String> {
    match text.split_once('=') {
        Some((format, path)) if !path.is_empty() => {
            let known = F::from_str(format, true);
            let known = known.map_err(|_| format!("there is no format `{format}`"))?;
            Ok((known, PathBuf::from(path)))
        }
        _ => Err("write it as FORMAT=FILE, such as sarif=findings.sarif".to_owned()),
    }
}

/// The streams of the process.
pub(crate) struct Streams {
    pub(crate) out: Box<dyn Write>,
    pub(crate) err: Box<dyn Write>,
    pub(crate) screen: Screen,
    pub(crate) quiet: bool,
    /// Whether standard output is shown to a person.
    pub(crate) terminal: bool,
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
            screen: Screen {
                colour: match args.color {
                    Colour::Always => true,
                    Colour::Never => false,
                    Colour::Auto => terminal && wanted && !dumb,
                },
                width: width(),
            },
            quiet: args.quiet,
            terminal,
        }
    }

    /// Streams that nobody reads.
    #[cfg(test)]
    pub(crate) fn nowhere() -> Self {
        Self {
            out: Box::new(std::io::sink()),
            err: Box::new(std::io::sink()),
            screen: Screen::NONE,
            quiet: false,
            terminal: false,
        }
    }

    /// Writes findings in the forms, and to the places, asked for.
    pub(crate) fn findings(
        &mut self,
        findings: &Findings<'_>,
        args: &FormatArgs,
    ) -> Result<(), Failure> {
        for (format, path) in &args.report {
            file(findings, *format, path)?;
        }
        match &args.output {
            Some(path) => file(findings, args.format, path),
            None => self.show(findings, args.format),
        }
    }

    /// Writes findings to standard output.
    pub(crate) fn show(&mut self, findings: &Findings<'_>, format: Format) -> Result<(), Failure> {
        let nothing_to_say =
            self.quiet && format == Format::Human && findings.diagnostics.is_empty();
        if !nothing_to_say {
            write(findings, format, self.screen, &mut self.out)?;
            self.out.flush()?;
        }
        Ok(())
    }
}

/// The columns of the terminal that standard output is, if it is one; narrower ones than anybody reads in count as wider.
fn width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    let columns = size.map(|(terminal_size::Width(columns), _)| usize::from(columns));
    columns.map_or(Screen::NONE.width, |it| it.clamp(60, Screen::NONE.width))
}

fn file(findings: &Findings<'_>, format: Format, path: &Path) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    write(findings, format, Screen::NONE, &mut bytes)?;
    to_file(&bytes, path)
}

/// Writes a file.
pub(crate) fn to_file(bytes: &[u8], path: &Path) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|reason| Failure::File {
        path: path.to_owned(),
        reason,
    })
}

/// Writes findings in a form.
pub(crate) fn write(
    findings: &Findings<'_>,
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match format {
        Format::Human => report::human::write(findings, screen, out),
        Format::Concise => report::concise::write(findings, out),
        Format::Json => report::json::write(findings, out),
        Format::Sarif => report::sarif::write(findings, out),
        Format::Junit => report::junit::write(findings, out),
        Format::Github => report::github::write(findings, out),
        Format::Gitlab => report::gitlab::write(findings, out),
        Format::Markdown => report::markdown::write(findings, out),
        Format::Html => report::html::write(findings, out),
    }
}
