//! The docs that a command works on.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use fieldproof::diagnostic::Diagnostic;
use fieldproof::mdx::rules::NOT_UTF8;
use fieldproof::model::{self, Documentation, Operation};
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Covered, Findings, Summary};
use fieldproof::source::load::{self, Site, SkipReason, Skipped};
use fieldproof::source::{FileId, Span};

use super::{Failure, Streams};

/// Which docs.
#[derive(Clone, Debug, Args)]
pub(crate) struct DocsArgs {
    /// A page, a folder, or the root of a docs site
    #[arg(default_value = ".", value_name = "DOCS")]
    pub(crate) docs: PathBuf,
}

/// A site that was read, and how its paths are shown.
pub(crate) struct Docs {
    pub(crate) site: Site,
    pub(crate) documentation: Documentation,
    /// The root of the site as the user would write it.
    pub(crate) prefix: String,
}

/// Reads the docs that the user named.
pub(crate) fn read(args: &DocsArgs) -> Result<Docs, Failure> {
    let mut site = load::load(&args.docs)?;
    let mut documentation = model::read(&site);
    if site.subfolder.is_empty() {
        note_unused(&mut site, &documentation);
    }
    for (file, offset) in &site.not_utf8 {
        let span = Span::new(*file, *offset..*offset);
        let diagnostic =
            Diagnostic::new(&NOT_UTF8, span, "the file is not valid UTF-8 from here on")
                .help("save it as UTF-8")
                .subject("page");
        documentation.diagnostics.push(diagnostic);
    }
    let prefix = prefix(&args.docs, &site);
    Ok(Docs {
        site,
        documentation,
        prefix,
    })
}

/// Lists the snippets that no page of the site uses among what was left out.
fn note_unused(site: &mut Site, documentation: &Documentation) {
    let known: HashSet<&str> = site.skipped.iter().map(|s| s.path.as_str()).collect();
    let unused: Vec<Skipped> = documentation
        .unused
        .iter()
        .map(|&file| site.sources.file(file).path())
        .filter(|path| !known.contains(path))
        .map(|path| Skipped {
            path: path.to_owned(),
            reason: SkipReason::Unused,
        })
        .collect();
    site.skipped.extend(unused);
    site.skipped.sort_by(|a, b| a.path.cmp(&b.path));
}

impl Docs {
    /// The path of a file, as the user can open it.
    pub(crate) fn path(&self, file: FileId) -> String {
        let findings = Findings {
            sources: &self.site.sources,
            diagnostics: &[],
            summary: &Summary::default(),
            prefix: &self.prefix,
            operations: &[],
            fails_from: None,
            run: None,
        };
        findings.path(file)
    }

    /// The path of something in the root of the site, as the user can open it.
    pub(crate) fn in_root(&self, name: &str) -> String {
        report::path_below(&self.prefix, name)
    }

    /// `path:line` of a place, as the user can open it.
    pub(crate) fn place(&self, span: Span) -> String {
        self.in_root(&self.site.sources.place(span))
    }

    /// Says on standard error which pages are too large to be read.
    pub(crate) fn tell_too_large(&self, streams: &mut Streams) -> io::Result<()> {
        tell_too_large(&self.site, |name| self.in_root(name), streams)
    }

    /// The operations, for a report about all of them.
    pub(crate) fn covered(&self) -> Vec<Covered> {
        let operations = self.documentation.api.operations.iter();
        operations
            .map(|operation| Covered {
                name: operation.name(),
                not_exercised: None,
            })
            .collect()
    }

    /// What was read, for the summary of a report.
    pub(crate) fn summary(&self) -> Summary {
        summary(&self.documentation, &self.site)
    }
}

/// See [`Docs::tell_too_large`].
pub(crate) fn tell_too_large(
    site: &Site,
    path: impl Fn(&str) -> String,
    streams: &mut Streams,
) -> io::Result<()> {
    let skipped = site.skipped.iter();
    let too_large = skipped.filter(|it| it.reason == SkipReason::TooLarge);
    for skipped in too_large {
        let path = escape(&path(&skipped.path)).into_owned();
        writeln!(
            streams.err,
            "fieldproof: `{path}` is not read: it is larger than 16 MiB, the limit for pages"
        )?;
    }
    Ok(())
}

/// What was read, for the summary of a report.
pub(crate) fn summary(documentation: &Documentation, site: &Site) -> Summary {
    let operations = &documentation.api.operations;
    Summary {
        pages: documentation.pages.len(),
        operations: operations.len(),
        fields: operations.iter().map(Operation::field_count).sum(),
        examples: operations.iter().map(Operation::example_count).sum(),
        skipped: site.skipped.len(),
        more: unspecified(documentation).into_iter().collect(),
        ..Summary::default()
    }
}

/// How many pages name an operation that no OpenAPI file of the site states, if any do: nothing of them is checked.
fn unspecified(documentation: &Documentation) -> Option<(String, usize)> {
    let others: HashSet<&FileId> = documentation.api.other_pages.iter().collect();
    let pages = documentation.pages.iter();
    let others = pages.filter(|page| others.contains(&page.file));
    let unspecified = others.filter(|page| page.frontmatter.get("openapi").is_some());
    let count = unspecified.count();
    (count > 0).then(|| ("without their OpenAPI file".to_owned(), count))
}

/// The path of the root, in the words of the path that the user gave.
fn prefix(docs: &Path, site: &Site) -> String {
    if !site.below.is_empty() {
        return docs.join(&site.below).display().to_string();
    }
    let depth = site
        .subfolder
        .split('/')
        .filter(|part| !part.is_empty())
        .count();
    let mut root = docs;
    for _ in 0..depth {
        match root.parent() {
            Some(parent) => root = parent,
            None => return site.root.display().to_string(),
        }
    }
    // `docs/.` and the like lead somewhere else than their words say.
    let same = std::fs::canonicalize(if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    });
    if same.is_ok_and(|same| same == site.root) {
        root.display().to_string()
    } else {
        site.root.display().to_string()
    }
}
