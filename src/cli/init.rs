//! `fieldproof init`: a configuration file and a CI job for a site, after a look at it.

mod job;

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use fieldproof::diagnostic::{self, Diagnostic, Severity};
use fieldproof::report::counted;
use fieldproof::report::visible::escape;

use super::check;
use super::config;
use super::docs::{self, Docs, DocsArgs};
use super::rules::{self, RuleArgs};
use super::{Exit, Failure, Streams, baseline};

use job::{Ci, Job};

/// Write a configuration file and a CI job for a site, after a look at it
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// The CI system [default: what the repository shows]
    #[arg(long, value_enum)]
    ci: Option<Ci>,
    /// Do what would be proposed, and ask nothing
    #[arg(long, short)]
    yes: bool,
}

/// A file to write.
struct Proposal {
    path: PathBuf,
    text: String,
    /// Why, for the question.
    purpose: String,
}

pub(crate) fn run(args: &InitArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if !args.yes && !std::io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "`init` asks before it writes a file, and there is no terminal; --yes writes what it would propose"
                .to_owned(),
        ));
    }
    let mut input = std::io::stdin().lock();
    let answers = Answers {
        input: &mut input,
        yes: args.yes,
    };
    propose(args, answers, streams)
}

/// Where the answers to questions come from.
struct Answers<'a> {
    input: &'a mut dyn BufRead,
    /// Every answer is yes.
    yes: bool,
}

fn propose(
    args: &InitArgs,
    mut answers: Answers<'_>,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    let found = found(&docs)?;
    look(&docs, &found, streams)?;
    let repository = repository(&docs.site.root);
    let ci = args.ci.unwrap_or_else(|| Ci::of(repository.as_deref()));
    let mut job = Job {
        docs: docs_in(repository.as_deref(), &docs),
        baseline: None,
        branch: job::branch(repository.as_deref().unwrap_or(&docs.site.root)),
    };

    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    let errors = errors.count();
    let known = docs.site.root.join(BASELINE);
    if errors > 0 {
        let text = baseline::of_today(&docs.site.sources, &found)?;
        let purpose = format!(
            "notes the {} of today as known, so that a run fails only for new ones",
            counted(errors, "error")
        );
        let proposal = Proposal {
            path: known.clone(),
            text,
            purpose,
        };
        write(&proposal, &mut answers, streams)?;
    }
    let settings = Proposal {
        path: docs.site.root.join("fieldproof.toml"),
        text: settings(&docs, known.exists()),
        purpose: "holds the settings of the site".to_owned(),
    };
    let is_new = write(&settings, &mut answers, streams)?;
    if known.exists() && !is_new && !names_baseline(&docs)? {
        job.baseline = Some(job.in_docs(BASELINE));
        writeln!(
            streams.out,
            "`baseline = \"{BASELINE}\"` below `[check]` there lets every run know it"
        )?;
    }

    if let Some((path, text)) = ci.file(&job) {
        let folder = repository.unwrap_or_else(|| docs.site.root.clone());
        let proposal = Proposal {
            path: folder.join(path),
            text,
            purpose: format!("checks the pages in {}", ci.name()),
        };
        if write(&proposal, &mut answers, streams)?
            && let Some(more) = ci.more()
        {
            writeln!(streams.out, "{more}")?;
        }
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

/// Name of the file of known findings.
const BASELINE: &str = "fieldproof-baseline.json";

/// The findings of today, with the settings that the site may already have.
fn found(docs: &Docs) -> Result<Vec<Diagnostic>, Failure> {
    let config = config::read(None, &docs.site.root)?;
    let settings = rules::settings(&RuleArgs::default(), &config.check);
    Ok(check::judge(&settings, &docs.site, &docs.documentation).diagnostics)
}

/// True if the settings that are there name a file of known findings.
fn names_baseline(docs: &Docs) -> Result<bool, Failure> {
    let config = config::read(None, &docs.site.root)?;
    Ok(config.check.baseline.is_some())
}

/// Says what the site is.
fn look(docs: &Docs, found: &[Diagnostic], streams: &mut Streams) -> Result<(), Failure> {
    let summary = docs.summary();
    if summary.operations == 0 {
        return Err(Failure::NotExercised(format!(
            "no page in `{}` documents an operation; give the folder with `docs.json`, or a page with `api:` in its frontmatter",
            escape(&docs.site.root.display().to_string())
        )));
    }
    let found = diagnostic::gather(&docs.site.sources, found.to_vec());
    let count = |severity| found.iter().filter(|it| it.severity == severity).count();
    writeln!(
        streams.out,
        "{}, {}, {}; {} and {} today",
        counted(summary.pages, "page"),
        counted(summary.operations, "operation"),
        counted(summary.fields, "field"),
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
    )?;
    Ok(())
}

/// The folder with `.git`, from the root of the docs upwards.
fn repository(root: &Path) -> Option<PathBuf> {
    let mut folders = root.ancestors();
    let found = folders.find(|folder| folder.join(".git").exists());
    found.map(Path::to_owned)
}

/// The root of the docs from the root of the repository, with slashes.
fn docs_in(repository: Option<&Path>, docs: &Docs) -> String {
    let inner = repository.and_then(|folder| docs.site.root.strip_prefix(folder).ok());
    let parts = inner.into_iter().flat_map(Path::components);
    let parts: Vec<_> = parts
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// The text of `fieldproof.toml`: what is in effect anyway, to be changed, and the file of known findings.
fn settings(docs: &Docs, has_baseline: bool) -> String {
    let baseline = if has_baseline {
        format!(
            "# Findings that are known, and are not shown; --no-baseline shows them.\n\
             baseline = \"{BASELINE}\"\n"
        )
    } else {
        String::new()
    };
    let servers = &docs.documentation.config.servers;
    let documented = servers.first().map_or(String::new(), |server| {
        let shown = escape(&server.value);
        format!("# The pages document `{shown}`.\n")
    });
    format!(
        "# Settings of fieldproof for these docs. Flags and the environment win over them; unknown keys are errors.\n\
         \n\
         # Severity from which findings fail a run: error, warning, info, or never.\n\
         fail-on = \"error\"\n\
         \n\
         [check]\n\
         # How strict the rules are as a whole: lenient, default, or strict.\n\
         profile = \"default\"\n\
         # Rules that do not apply; `fieldproof explain` lists them.\n\
         ignore = []\n\
         {baseline}\
         \n\
         [mock]\n\
         port = 4010\n\
         \n\
         [test]\n\
         # Base URL of the server that `fieldproof test` exercises.\n\
         {documented}\
         # url = \"http://127.0.0.1:8080\"\n"
    )
}

/// A path as the user would write it: from here, if it lies below.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok();
    let below = here
        .as_deref()
        .and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path).display().to_string()
}

/// Writes a file after asking; one that is there is left alone. True if it was written.
fn write(
    proposal: &Proposal,
    answers: &mut Answers<'_>,
    streams: &mut Streams,
) -> Result<bool, Failure> {
    let shown = escape(&shown(&proposal.path)).into_owned();
    if proposal.path.exists() {
        writeln!(streams.out, "{shown} is there, and stays as it is")?;
        return Ok(false);
    }
    if !answers.yes {
        write!(
            streams.out,
            "write {shown}, which {}? [Y/n] ",
            proposal.purpose
        )?;
        streams.out.flush()?;
        let mut line = String::new();
        let is_end = answers.input.read_line(&mut line)? == 0;
        let answer = line.trim().to_lowercase();
        if is_end || !matches!(answer.as_str(), "" | "y" | "yes") {
            return Ok(false);
        }
    }
    let failed = |reason| Failure::File {
        path: proposal.path.clone(),
        reason,
    };
    if let Some(folder) = proposal.path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .open(&proposal.path)
        .map_err(failed)?;
    file.write_all(proposal.text.as_bytes()).map_err(failed)?;
    writeln!(streams.out, "wrote {shown}")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers questions about files of these names, and gives the names of those that were written.
    fn written(answers: &str, names: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let mut input = answers.as_bytes();
        let mut answers = Answers {
            input: &mut input,
            yes: false,
        };
        let mut streams = Streams::nowhere();
        for name in names {
            let proposal = Proposal {
                path: folder.path().join(name),
                text: "text".to_owned(),
                purpose: "is a test".to_owned(),
            };
            write(&proposal, &mut answers, &mut streams).unwrap();
        }
        let is_there = |name: &&&str| folder.path().join(name).exists();
        names
            .iter()
            .filter(is_there)
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_is_not_wanted_is_not_written() {
        assert_eq!(
            written("n\ny\n\nno\n", &["a", "b", "c/d", "e"]),
            ["b", "c/d"]
        );
    }

    #[test]
    fn the_end_of_the_input_is_no_answer() {
        assert!(written("", &["a", "b"]).is_empty());
    }
}
