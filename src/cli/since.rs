//! `check --since REV`: what has changed since a revision, by `git`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use fieldproof::diagnostic::Diagnostic;
use fieldproof::mdx::Node;
use fieldproof::source::FileId;

use super::Failure;
use super::docs::Docs;

/// The files whose findings are about changes: changed files, and the pages that show something of them.
/// `None` if all are, as the configuration of the site has changed.
pub(crate) fn concerned(docs: &Docs, revision: &str) -> Result<Option<BTreeSet<FileId>>, Failure> {
    let changed = changed(&docs.site.root, revision)?;
    let sources = &docs.site.sources;
    let is_config = |path: &String| path == "docs.json" || path == "mint.json";
    if changed.iter().any(is_config) {
        return Ok(None);
    }
    let files: BTreeSet<FileId> = sources
        .iter()
        .filter(|(_, file)| changed.contains(file.path()))
        .map(|(id, _)| id)
        .collect();
    // A page names what it shows: that is all there is to go by for a file that is gone.
    let gone: Vec<&str> = changed
        .iter()
        .filter(|path| sources.find(path).is_none())
        .map(|path| path.rsplit('/').next().unwrap_or(path))
        .collect();
    let mut concerned = files.clone();
    for page in &docs.documentation.pages {
        let mut shown = BTreeSet::new();
        collect(&page.nodes, &mut shown);
        let text = sources.file(page.file).text();
        if !shown.is_disjoint(&files) || gone.iter().any(|name| text.contains(name)) {
            concerned.insert(page.file);
        }
    }
    Ok(Some(concerned))
}

/// True if a finding is about one of these files.
pub(crate) fn is_about(diagnostic: &Diagnostic, files: &BTreeSet<FileId>) -> bool {
    let related = diagnostic.related.iter().map(|related| related.span);
    std::iter::once(diagnostic.span)
        .chain(related)
        .any(|span| files.contains(&span.file))
}

/// The files that the content of a page was written in.
fn collect(nodes: &[Node], into: &mut BTreeSet<FileId>) {
    for node in nodes {
        into.insert(node.span().file);
        if let Some(element) = node.as_element() {
            collect(&element.children, into);
        }
    }
}

/// The paths from the root of what differs from a revision, and of what `git` does not know yet.
fn changed(root: &Path, revision: &str) -> Result<BTreeSet<String>, Failure> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Failure::Usage(format!("`{revision}` is no revision")));
    }
    let differing = ["diff", "--name-only", "--relative", "-z", revision, "--"];
    let unknown = ["ls-files", "--others", "--exclude-standard", "-z"];
    let mut paths = BTreeSet::new();
    for arguments in [&differing[..], &unknown[..]] {
        paths.extend(git(root, arguments)?);
    }
    Ok(paths)
}

fn git(root: &Path, arguments: &[&str]) -> Result<Vec<String>, Failure> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .output()
        .map_err(|error| {
            Failure::Usage(format!(
                "--since needs `git`, which cannot be started: {error}"
            ))
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("it failed without a word");
        return Err(Failure::Usage(format!(
            "--since cannot be answered by git: {said}"
        )));
    }
    let names = output.stdout.split(|byte| *byte == 0);
    Ok(names
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect())
}
