//! Slips put into sample sites one at a time: nearly all are found, on the right line, and the sites as they are have none.
//!
//! `operators` makes the slips. A slip counts as found if a finding that the site did not have before points, with its
//! own place, a related one, or one that its message names, to a line that the slip names. What only counts the pages of a site is not compared.

mod mend;
mod operators;
mod page;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fieldproof::diagnostic::{self, Diagnostic, Repeat, Severity};
use fieldproof::source::load::Site;
use fieldproof::{check, model};
use rayon::prelude::*;

use operators::{OPERATORS, Slip};
use page::Page;

/// The files of a site by their paths.
type Files = BTreeMap<String, String>;

/// A finding, as far as it is compared.
struct Finding {
    key: (String, String),
    severity: Severity,
    /// Path and line, from 1, of its own place and of the related ones.
    places: Vec<(String, usize)>,
}

#[test]
fn the_sites_as_they_are_have_no_findings() {
    for (name, files) in sites() {
        let found: Vec<_> = findings(&files)
            .into_iter()
            .filter(|finding| finding.severity > Severity::Info)
            .map(|finding| (finding.key, finding.places))
            .collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is for a person")]
fn nearly_every_slip_is_found_on_its_line() {
    let mut report = String::new();
    let mut tallies: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, files) in sites() {
        let pages = files.iter().filter(|(path, _)| is_page(path));
        let slips: Vec<(&str, Alone, Slip)> = pages
            .flat_map(|(path, text)| {
                let page = Page::new(text);
                let alone = Alone::new(&files, path);
                OPERATORS.iter().flat_map(move |(operator, slips)| {
                    let alone = alone.clone();
                    let slips = spread(slips(&page)).into_iter();
                    slips.map(move |slip| (*operator, alone.clone(), slip))
                })
            })
            .collect();
        let outcomes: Vec<bool> = slips
            .par_iter()
            .map(|(_, alone, slip)| alone.is_found(slip))
            .collect();
        for ((operator, alone, slip), found) in slips.iter().zip(outcomes) {
            let tally = tallies.entry(operator).or_default();
            tally.0 += usize::from(found);
            tally.1 += 1;
            if !found {
                let _ = writeln!(report, "{operator}: {name}/{}: {}", alone.path, slip.what);
            }
        }
    }
    let mut table = String::new();
    let mut failed = Vec::new();
    for (operator, (found, of)) in &tallies {
        let _ = writeln!(table, "{operator:<24} {found:>4} of {of:>4}");
        if !is_enough(*found, *of) {
            failed.push(*operator);
        }
    }
    let found: usize = tallies.values().map(|tally| tally.0).sum();
    let of: usize = tallies.values().map(|tally| tally.1).sum();
    println!("{table}{:<24} {found:>4} of {of:>4}\n\n{report}", "all");
    let silent: Vec<_> = OPERATORS
        .iter()
        .map(|(operator, _)| *operator)
        .filter(|operator| !tallies.contains_key(operator))
        .collect();
    assert!(silent.is_empty(), "the sites offer nothing to {silent:?}");
    assert!(
        failed.is_empty() && is_enough(found, of),
        "{found} of {of} slips are found; too few of {failed:?}\n\n{table}\n{report}"
    );
}

/// True if at least 95 of 100 are found.
fn is_enough(found: usize, of: usize) -> bool {
    found * 100 >= of * 95
}

/// So many slips of one kind in one page: more tell little more, and take long.
const MOST: usize = 4;

/// At most [`MOST`] of the slips, from all over the page.
fn spread<T>(slips: Vec<T>) -> Vec<T> {
    let step = slips.len().div_ceil(MOST).max(1);
    slips.into_iter().step_by(step).collect()
}

fn is_page(path: &str) -> bool {
    let is_mdx = Path::new(path).extension().is_some_and(|it| it == "mdx");
    is_mdx && !path.starts_with("snippets/")
}

/// A page of a site with all that it needs to be read: reading the other pages with each slip would take minutes.
#[derive(Clone)]
struct Alone {
    path: String,
    files: Arc<Files>,
    before: Arc<Vec<(String, String)>>,
}

impl Alone {
    fn new(files: &Files, path: &str) -> Self {
        let needed = files
            .iter()
            .filter(|(other, _)| *other == path || !is_page(other));
        let files: Files = needed
            .map(|(path, text)| (path.clone(), text.clone()))
            .collect();
        let before = findings(&files).into_iter().map(|found| found.key);
        Self {
            path: path.to_owned(),
            before: Arc::new(before.collect()),
            files: Arc::new(files),
        }
    }

    fn is_found(&self, slip: &Slip) -> bool {
        let mut files = Files::clone(&self.files);
        files.insert(self.path.clone(), slip.text.clone());
        findings(&files).iter().any(|finding| {
            !self.before.contains(&finding.key)
                && finding
                    .places
                    .iter()
                    .any(|(file, line)| *file == self.path && slip.lines.contains(line))
        })
    }
}

fn findings(files: &Files) -> Vec<Finding> {
    let site = Site::from_files(
        files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    let documentation = model::read(&site);
    let place = |span| {
        let line = site.sources.positions(span).start.line;
        (
            site.sources.file(span.file).path().to_owned(),
            usize::try_from(line).unwrap(),
        )
    };
    // Findings with one cause are joined, as a user sees them.
    diagnostic::gather(&site.sources, check::check(&documentation))
        .iter()
        .map(|diagnostic: &Diagnostic| {
            let named = diagnostic
                .repeats
                .iter()
                .filter(|it| is_named(it, diagnostic));
            let related = diagnostic.related.iter().map(|related| related.span);
            let related = related.chain(named.map(|it| it.span));
            Finding {
                key: (diagnostic.rule.name.to_owned(), diagnostic.message.clone()),
                severity: diagnostic.severity,
                places: std::iter::once(diagnostic.span)
                    .chain(related)
                    .map(place)
                    .collect(),
            }
        })
        .collect()
}

/// True if the message of a finding that stands for several names what is wrong at one of them.
fn is_named(repeat: &Repeat, diagnostic: &Diagnostic) -> bool {
    let name = repeat.message.split('`').nth(1);
    name.is_some_and(|name| diagnostic.message.contains(name))
}

/// The sample site of the documentation, and the sites of the services that conformance is tested with.
fn sites() -> Vec<(String, Files)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    [
        "docs/sample",
        "tests/it/services/bookshop",
        "tests/it/services/depots",
        "tests/it/services/messages",
    ]
    .iter()
    .map(|folder| {
        let mut files = Files::new();
        walk(&root.join(folder), &PathBuf::new(), &mut files);
        ((*folder).to_owned(), files)
    })
    .filter(|(_, files)| !files.is_empty())
    .collect()
}

fn walk(root: &Path, below: &Path, files: &mut Files) {
    let Ok(entries) = fs::read_dir(root.join(below)) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            walk(root, &path, files);
        } else {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            files.insert(path.to_str().unwrap().replace('\\', "/"), text);
        }
    }
}
