//! `fieldproof diff`: what changed between two revisions of the docs?

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Args;
use fieldproof::diff;
use fieldproof::model;
use fieldproof::report::{self, Findings};
use fieldproof::source::load::{self, MAX_FILE_SIZE, Site};

use super::config::FailOn;
use super::docs;
use super::output::FormatArgs;
use super::{Exit, Failure, Streams};

/// Show what changed between two revisions of the docs, for those who call the API
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older docs: a folder, or `REV:` or `REV:FOLDER` for a revision of git
    old: String,
    /// The newer docs, likewise
    #[arg(default_value = ".")]
    new: String,
    #[command(flatten)]
    format: FormatArgs,
    /// Severity from which changes fail the run: `error` is a breaking change [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

pub(crate) fn run(args: &DiffArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let (before, after) = (model::read(&old), model::read(&new));
    let summary = docs::summary(&after, &new);
    let mut sources = new.sources;
    sources.rename(|path| shown(&args.new, path));
    let moved = sources.absorb(old.sources, |path| shown(&args.old, path));
    let mut diagnostics = diff::compare(&before.api, &after.api, moved);
    report::sort(&sources, &mut diagnostics);
    let summary = summary.counting(&diagnostics);
    let fail_on = args.fail_on.unwrap_or(FailOn::Error);
    let findings = Findings {
        sources: &sources,
        diagnostics: &diagnostics,
        summary: &summary,
        prefix: "",
        operations: &[],
        fails_from: fail_on.severity(),
        run: None,
    };
    streams.findings(&findings, &args.format)?;
    let fails = diagnostics.iter().any(|change| findings.fails(change));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// The path of a file in one of the two docs, as the user named them.
fn shown(docs: &str, path: &str) -> String {
    match docs {
        "." | "./" => path.to_owned(),
        revision if revision.ends_with(':') => format!("{revision}{path}"),
        folder => format!("{}/{path}", folder.trim_end_matches('/')),
    }
}

/// Reads a folder, or else a revision.
fn read(docs: &str) -> Result<Site, Failure> {
    let path = Path::new(docs);
    match docs.split_once(':') {
        Some((revision, folder)) if !path.exists() => of_revision(revision, folder),
        _ => {
            let site = load::load(path)?;
            if site.subfolder.is_empty() {
                Ok(site)
            } else {
                let message =
                    format!("`{docs}` is a part of a site: give the folder of its docs.json");
                Err(Failure::Usage(message))
            }
        }
    }
}

/// The files of a folder in a revision, read by `git` without touching the work tree.
fn of_revision(revision: &str, folder: &str) -> Result<Site, Failure> {
    if revision.is_empty() || revision.starts_with('-') {
        return Err(Failure::Usage(format!("`{revision}` is no revision")));
    }
    let folder = folder.trim_matches('/');
    let tree = match folder {
        "" | "." => format!("{revision}^{{tree}}"),
        folder => format!("{revision}:{folder}"),
    };
    let root = String::from_utf8_lossy(&git(&["rev-parse", "--show-toplevel"], b"")?)
        .trim_end()
        .to_owned();
    let arguments = [
        "-C",
        root.as_str(),
        "ls-tree",
        "-r",
        "-l",
        "-z",
        tree.as_str(),
    ];
    let listing = git(&arguments, b"")?;
    let listing = String::from_utf8_lossy(&listing).into_owned();
    let wanted: Vec<(&str, &str)> = listing.split('\0').filter_map(entry).collect();
    let mut names = String::new();
    for (object, _) in &wanted {
        names.push_str(object);
        names.push('\n');
    }
    let contents = git(&["cat-file", "--batch"], names.as_bytes())?;
    let mut files: Vec<(&str, String)> = Vec::new();
    let mut rest = contents.as_slice();
    for (_, path) in &wanted {
        let Some((content, after)) = next_object(rest) else {
            break;
        };
        files.push((path, String::from_utf8_lossy(content).into_owned()));
        rest = after;
    }
    if files.is_empty() {
        return Err(Failure::Usage(format!("`{tree}` holds no pages")));
    }
    Ok(Site::from_files(
        files.iter().map(|(path, text)| (*path, text.as_str())),
    ))
}

/// The object and the path of a line of `ls-tree -l`, if it is a file that a site may hold.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split_whitespace();
    let (mode, object, size) = (facts.next()?, facts.nth(1)?, facts.next()?);
    let is_file = mode.starts_with("100") && size.parse::<u64>().ok()? <= MAX_FILE_SIZE;
    let extension = Path::new(path).extension()?.to_str()?;
    let is_wanted = matches!(
        extension,
        "mdx" | "md" | "jsx" | "tsx" | "json" | "yaml" | "yml"
    );
    let is_hidden = |part: &str| part.starts_with('.') || load::is_ignored_name(part);
    let (folder, _) = path.rsplit_once('/').unwrap_or_default();
    (is_file && is_wanted && !folder.split('/').any(is_hidden)).then_some((object, path))
}

/// The content of the first object of `cat-file --batch`, and what follows it.
fn next_object(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let header = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let size: usize = header.rsplit(' ').next()?.parse().ok()?;
    let content = bytes.get(end + 1..end + 1 + size)?;
    Some((content, bytes.get(end + 2 + size..)?))
}

fn git(arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
    let failed = |what: String| Failure::Usage(format!("a revision cannot be read by git: {what}"));
    let mut child = Command::new("git")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("it cannot be started: {error}")))?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Both ends at once: what `git` prints may fill its pipe before all is written.
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(input);
            }
        });
        child.wait_with_output()
    });
    let output = output.map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(
        said.lines().next().unwrap_or("it failed").to_owned(),
    ))
}
