//! A folder with several docs sites: each is checked by itself, one after another, and one report is about all.

use std::collections::HashSet;
use std::io::Write;

use fieldproof::diagnostic::{Diagnostic, Severity};
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Covered, Findings, Summary};
use fieldproof::source::Sources;
use fieldproof::source::load::Several;

use super::{CheckArgs, Round, exit};
use crate::cli::docs::DocsArgs;
use crate::cli::{Exit, Failure, Streams};

/// Checks each of the sites with its own configuration, and shows what was found in all of them.
pub(super) fn run(
    args: &CheckArgs,
    several: &Several,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    refuse(args, several)?;
    let mut checked = Checked::default();
    for name in &several.sites {
        let place = DocsArgs {
            docs: args.docs.docs.join(name),
        };
        checked.add(Round::of(args, &place, streams)?);
    }
    checked.summary.skipped += several.outside.len();
    if let Some(page) = several.outside.first() {
        let page = args.docs.docs.join(page).display().to_string();
        let page = escape(&page);
        let said = match several.outside.len() {
            1 => format!("1 page of no docs site is not checked: `{page}`"),
            count => format!("{count} pages of no docs site are not checked, such as `{page}`"),
        };
        writeln!(streams.err, "fieldproof: {said}")?;
    }
    if !args.fixes.diff {
        checked.show(args, streams)?;
    }
    Ok(exit(&checked.diagnostics, checked.fails_from))
}

/// Says what can be asked of one site only.
fn refuse(args: &CheckArgs, several: &Several) -> Result<(), Failure> {
    let baseline = &args.baseline;
    let flag = if args.watch {
        "--watch"
    } else if baseline.is_given() {
        "--baseline"
    } else {
        return Ok(());
    };
    let sites = several.sites.iter().take(3);
    let sites: Vec<String> = sites
        .map(|name| format!("`{}`", args.docs.docs.join(name).display()))
        .collect();
    Err(Failure::Usage(format!(
        "{flag} is for one docs site, and `{}` holds {}: name one, such as {}",
        args.docs.docs.display(),
        several.sites.len(),
        sites.join(" or "),
    )))
}

/// What is left of sites that were checked: enough for a report, and no page.
#[derive(Default)]
struct Checked {
    /// All files, with the texts of those that findings point into.
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    summary: Summary,
    operations: Vec<Covered>,
    /// The least of the severities from which the sites fail.
    fails_from: Option<Severity>,
}

impl Checked {
    fn add(&mut self, round: Round) {
        self.operations.extend(round.docs.covered());
        let mut found = round.joined;
        let used: HashSet<_> = found
            .iter_mut()
            .flat_map(Diagnostic::spans_mut)
            .map(|span| span.file)
            .collect();
        let prefix = round.docs.prefix;
        let mut sources = round.docs.site.sources;
        sources.keep_texts(&used);
        let moved = self
            .sources
            .absorb(sources, |path| report::path_below(&prefix, path));
        for span in found.iter_mut().flat_map(Diagnostic::spans_mut) {
            *span = moved.span(*span);
        }
        self.diagnostics.extend(found);
        self.summary = std::mem::take(&mut self.summary).and(round.summary);
        self.fails_from = match (self.fails_from, round.fails_from) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    fn show(&self, args: &CheckArgs, streams: &mut Streams) -> Result<(), Failure> {
        let findings = Findings {
            sources: &self.sources,
            diagnostics: &self.diagnostics,
            summary: &self.summary,
            prefix: "",
            operations: &self.operations,
            fails_from: self.fails_from,
            run: None,
        };
        streams.findings(&findings, &args.format)
    }
}
