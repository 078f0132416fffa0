//! `fieldproof check --fix` and `--diff`: the edits that mend what was found.

use std::fs;
use std::io::Write;
use std::path::Path;

use clap::Args;
use fieldproof::check::{self, Mended};
use fieldproof::diagnostic::{Diagnostic, Safety};
use fieldproof::report::diff::{self, Change};
use fieldproof::source::FileId;
use fieldproof::source::load::Site;

use super::docs::Docs;
use super::replacement::Replacement;
use super::{Failure, Streams};

/// What to do with fixes.
#[derive(Clone, Debug, Args)]
pub(crate) struct FixArgs {
    /// Apply the safe fixes to the pages
    #[arg(long)]
    pub(crate) fix: bool,
    /// Apply also fixes that guess, or leave something to fill in
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what --fix would change, and change nothing, also together with it
    #[arg(long)]
    pub(crate) diff: bool,
}

impl FixArgs {
    /// True if fixes are to be worked out at all.
    pub(crate) fn wanted(&self) -> Result<bool, Failure> {
        if self.unsafe_fixes && !self.fix && !self.diff {
            return Err(Failure::Usage(
                "--unsafe-fixes goes together with --fix or --diff".to_owned(),
            ));
        }
        Ok(self.fix || self.diff)
    }
}

/// How many findings have fixes, for the figures under a report.
pub(crate) fn offered(diagnostics: &[Diagnostic]) -> Vec<(String, usize)> {
    let count = |safety| {
        let fixes = diagnostics.iter().filter_map(|it| it.fix.as_deref());
        fixes.filter(|fix| fix.safety == safety).count()
    };
    let figures = [
        ("mendable with --fix", count(Safety::Safe)),
        ("with --unsafe-fixes", count(Safety::Unsafe)),
    ];
    let found = figures.into_iter().filter(|(_, count)| *count > 0);
    found
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

/// Applies fixes or shows them. True if pages were changed, and are to be read again.
pub(crate) fn run(
    args: &FixArgs,
    docs: &Docs,
    diagnose: &dyn Fn(&Site) -> Vec<Diagnostic>,
    streams: &mut Streams,
) -> Result<bool, Failure> {
    let safety = if args.unsafe_fixes {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let mended = check::mend(&docs.site, safety, diagnose);
    if args.diff {
        show(docs, &mended.site, &mended.changed, streams)?;
    } else {
        write(docs, &mended.site, &mended.changed)?;
    }
    if !streams.quiet {
        let said = said(args, &mended);
        writeln!(streams.err, "fieldproof: {said}")?;
    }
    Ok(!args.diff && !mended.changed.is_empty())
}

fn said(args: &FixArgs, mended: &Mended) -> String {
    let count = |count: usize, noun: &str, nouns: &str| {
        format!("{count} {}", if count == 1 { noun } else { nouns })
    };
    let verb = if args.diff {
        "can be applied"
    } else {
        "applied"
    };
    let left_out = match mended.refused {
        0 => String::new(),
        refused => format!(
            "; {refused} left out, because the finding would stay, or another one would come"
        ),
    };
    format!(
        "{} {verb} in {}{left_out}",
        count(mended.applied, "fix", "fixes"),
        count(mended.changed.len(), "file", "files"),
    )
}

/// Prints how files of a site become by a change.
pub(crate) fn show(
    docs: &Docs,
    after: &Site,
    changed: &[FileId],
    streams: &mut Streams,
) -> Result<(), Failure> {
    let paths: Vec<_> = changed.iter().map(|id| docs.path(*id)).collect();
    let pages: Vec<_> = changed
        .iter()
        .zip(&paths)
        .map(|(id, path)| Change {
            path,
            before: docs.site.sources.file(*id).text(),
            after: after.sources.file(*id).text(),
        })
        .collect();
    diff::write(&pages, streams.terminal, &mut streams.out)?;
    Ok(streams.out.flush()?)
}

/// Writes all changed files, or none if one of them cannot be written.
pub(crate) fn write(docs: &Docs, after: &Site, changed: &[FileId]) -> Result<(), Failure> {
    let mut ready = Vec::new();
    for id in changed {
        let before = docs.site.sources.file(*id);
        let path = docs.site.root.join(before.path());
        check_target(&docs.site.root, &path, before.text())?;
        ready.push(Replacement::prepare(path, after.sources.file(*id).text())?);
    }
    ready.into_iter().try_for_each(Replacement::finish)
}

/// Refuses what is not the file that was read, or is not to be written.
fn check_target(root: &Path, path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |reason: std::io::Error| Failure::File {
        path: path.to_owned(),
        reason,
    };
    let real = fs::canonicalize(path).map_err(failed)?;
    if !real.starts_with(root) {
        return Err(failed(std::io::Error::other(
            "it lies outside the root of the docs",
        )));
    }
    if fs::metadata(path).map_err(failed)?.permissions().readonly() {
        return Err(failed(std::io::Error::other("it is read-only")));
    }
    if fs::read(path).map_err(failed)? != text.as_bytes() {
        return Err(failed(std::io::Error::other(
            "it has changed since it was read",
        )));
    }
    Ok(())
}
