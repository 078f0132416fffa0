//! Documents that are tests.
//!
//! A document is Markdown. Its headings name behaviour, and each section with a `console` block is one case, run in a
//! fresh directory:
//!
//! - A fenced block with `title="path"` in its info string, of any language, is a file. The files of a section are there
//!   in its sub-sections too; a later file of the same path replaces an earlier one from there on.
//! - A `console` block holds lines `$ fieldproof …`, each followed by what the command prints: standard output, then
//!   standard error. Where the exit code is not 0, the last line is `[exit 1]`.
//! - A line `...` stands for any lines, and `[..]` for anything within a line. The section's directory is shown as `[DIR]`.
//! - A command is split into words as a shell does with quotes and backslashes, and nothing else: no variables, no globs,
//!   no pipes. Words `NAME=value` in front of it are added to the environment, which is otherwise fixed.
//! - `$ fieldproof mock … &` starts a server, and `$ curl …` asks it; `session.rs` says how.
//! - A longer fence (four backticks) holds a page that has fences of its own.
//!
//! Documents are `tests/mdtest/**/*.md` and `tests/cmd/**/*.md`, in which a document without a command is a failure,
//! and `README.md` and `docs/*.md`, which find `docs/sample` in their directory.
//!
//! `UPDATE=1 cargo test` writes what commands print into the documents. `LITERATE=part` runs only documents whose path
//! contains that part.

mod command;
mod document;
mod pattern;
mod session;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use document::{Block, Document, Run, Section};
use session::Session;

/// A place of a document that did not hold.
#[derive(Debug)]
struct Failure {
    document: String,
    line: usize,
    section: String,
    text: String,
}

/// New lines for a run of lines of a document.
struct Edit {
    lines: std::ops::Range<usize>,
    text: Vec<String>,
}

#[test]
fn documents_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let only = std::env::var("LITERATE").unwrap_or_default();
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let documents = documents(root);
    let failures: Vec<Failure> = documents
        .par_iter()
        .filter(|path| path.contains(&only))
        .flat_map(|path| check(root, path, update))
        .collect();

    let mut report = String::new();
    for failure in &failures {
        let Failure {
            document,
            line,
            section,
            text,
        } = failure;
        let _ = writeln!(report, "\n--- {section}\n    {document}:{line}\n\n{text}");
    }
    let count = failures.len();
    assert!(
        failures.is_empty(),
        "{report}\n{count} failures; `UPDATE=1 cargo test` accepts the new output, read the diff\n"
    );
}

/// The paths of all documents from the root of the repository, in order.
fn documents(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    walk(root, &root.join("tests/mdtest"), true, &mut found);
    walk(root, &root.join("tests/cmd"), true, &mut found);
    walk(root, &root.join("docs"), false, &mut found);
    if root.join("README.md").exists() {
        found.push("README.md".to_owned());
    }
    found.sort();
    found
}

fn walk(root: &Path, folder: &Path, deep: bool, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && deep {
            walk(root, &path, deep, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let path = path.strip_prefix(root).unwrap();
            found.push(path.to_str().unwrap().replace('\\', "/"));
        }
    }
}

fn check(root: &Path, path: &str, update: bool) -> Vec<Failure> {
    let text = fs::read_to_string(root.join(path)).unwrap();
    let failure = |line, section: &str, text: String| Failure {
        document: path.to_owned(),
        line,
        section: section.to_owned(),
        text,
    };
    let document = match Document::parse(&text) {
        Ok(document) => document,
        Err((line, problem)) => return vec![failure(line, path, problem)],
    };
    let is_test = path.starts_with("tests/");
    if is_test
        && document
            .sections
            .iter()
            .all(|section| section.runs().next().is_none())
    {
        return vec![failure(
            1,
            path,
            "no `console` block: this test cannot fail".to_owned(),
        )];
    }
    let sample = (!is_test).then(|| root.join("docs/sample"));
    let mut failures = Vec::new();
    let mut edits = Vec::new();
    for section in &document.sections {
        for outcome in run_section(&document, section, sample.as_deref(), update) {
            match outcome {
                Ok(edit) => edits.push(edit),
                Err((line, text)) => failures.push(failure(line, &section.name, text)),
            }
        }
    }
    if !edits.is_empty() {
        fs::write(root.join(path), edited(&text, edits)).unwrap();
    }
    failures
}

/// Runs the commands of a section; for each that does not hold, what is wrong, or the edit that makes it hold.
fn run_section(
    document: &Document,
    section: &Section,
    sample: Option<&Path>,
    update: bool,
) -> Vec<Result<Edit, (usize, String)>> {
    if section.runs().next().is_none() {
        return Vec::new();
    }
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().canonicalize().unwrap();
    if let Some(sample) = sample {
        copy(sample, &folder.join("docs/sample"));
    }
    let mut session = Session::new(&folder);
    let mut outcomes = Vec::new();
    for block in document.blocks(section) {
        match block {
            Block::File { path, text } => write(&folder, path, text),
            Block::Run(run) => match hold(run, &mut session) {
                Ok(None) => {}
                Ok(Some(actual)) if update => outcomes.push(edit(run, &actual)),
                Ok(Some(actual)) => outcomes.push(Err((run.line, difference(run, &actual)))),
                Err(problem) => outcomes.push(Err((run.line, problem))),
            },
        }
    }
    outcomes
}

/// What the command printed, if it is not what was expected.
fn hold(run: &Run, session: &mut Session) -> Result<Option<Vec<String>>, String> {
    let actual = session.run(&run.command)?;
    Ok((!pattern::matches(&run.expected, &actual)).then_some(actual))
}

fn difference(run: &Run, actual: &[String]) -> String {
    let (expected, actual) = (joined(&run.expected), joined(actual));
    let diff = similar::TextDiff::from_lines(&expected, &actual);
    let diff = diff.unified_diff().header("expected", "actual").to_string();
    format!("$ {}\n{diff}", run.command)
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| line.clone() + "\n").collect()
}

fn edit(run: &Run, actual: &[String]) -> Result<Edit, (usize, String)> {
    let text = pattern::updated(&run.expected, actual);
    if text
        .iter()
        .any(|line| line.starts_with(&run.fence) || line.starts_with("$ "))
    {
        return Err((
            run.line,
            format!(
                "the output holds a line that would end the block `{}`",
                run.fence
            ),
        ));
    }
    let start = run.line;
    Ok(Edit {
        lines: start..start + run.expected.len(),
        text,
    })
}

fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.lines.start));
    for edit in edits {
        lines.splice(edit.lines, edit.text);
    }
    joined(&lines)
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn an_update_replaces_the_output_and_nothing_else() {
    let text = "# a\n```console\n$ fieldproof\nold\nold\n$ fieldproof x\nkept\n```\nend\n";
    let document = Document::parse(text).unwrap();
    let runs: Vec<_> = document.sections.iter().flat_map(Section::runs).collect();
    let edits =
        vec![edit(runs[0], &["new".to_owned()]).unwrap_or_else(|(_, problem)| panic!("{problem}"))];
    assert_eq!(
        edited(text, edits),
        "# a\n```console\n$ fieldproof\nnew\n$ fieldproof x\nkept\n```\nend\n"
    );
}

#[test]
fn output_that_would_end_its_block_is_refused() {
    let document = Document::parse("# a\n```console\n$ fieldproof\n```\n").unwrap();
    let run = document.sections[1].runs().next().unwrap();
    assert!(edit(run, &["```json".to_owned()]).is_err());
}
