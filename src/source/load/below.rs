//! The docs sites of a repository whose root was asked for: docs often lie in folders of their own.

use std::path::{Path, PathBuf};

use super::{CONFIGURATIONS, SkipReason, Skipped, entries, is_ignored_folder, read_file, relative};

/// The folder of the configuration below `folder`, if there is one and not several, and the pages that are no part of
/// that site, with their paths from its root.
pub(super) fn only_site(folder: &Path) -> Option<(PathBuf, Vec<Skipped>)> {
    let found = sites(folder);
    let [root] = found.roots.as_slice() else {
        return None;
    };
    let skipped = found.outside.iter().map(|path| Skipped {
        path: from(root, path),
        reason: SkipReason::Outside,
    });
    Some((root.clone(), skipped.collect()))
}

/// The docs sites below a folder.
pub(super) struct Sites {
    /// Their folders, in the order of their paths.
    pub(super) roots: Vec<PathBuf>,
    /// The pages that are no part of any.
    pub(super) outside: Vec<PathBuf>,
}

/// The docs sites below `folder`; a site inside of another one belongs to that.
pub(super) fn sites(folder: &Path) -> Sites {
    let mut roots: Vec<PathBuf> = Vec::new();
    let mut pages = Vec::new();
    for path in files(folder) {
        if path.extension().is_some_and(|it| it == "mdx") {
            pages.push(path);
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str());
        if !name.is_some_and(|name| CONFIGURATIONS.contains(&name)) || !is_configuration(&path) {
            continue;
        }
        let Some(site) = path.parent() else {
            continue;
        };
        roots.retain(|known| !known.starts_with(site));
        if !roots.iter().any(|known| site.starts_with(known)) {
            roots.push(site.to_owned());
        }
    }
    roots.sort();
    pages.retain(|path| !roots.iter().any(|root| path.starts_with(root)));
    pages.sort();
    Sites {
        roots,
        outside: pages,
    }
}

/// The path of a file that lies beside a folder, from there.
fn from(folder: &Path, path: &Path) -> String {
    let mut up = String::new();
    for above in folder.ancestors() {
        if path.starts_with(above) {
            return up + &relative(above, path);
        }
        up.push_str("../");
    }
    relative(folder, path)
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = entries(folder)
        .filter_entry(|entry| entry.depth() == 0 || !is_ignored_folder(entry))
        .build();
    let files = entries.filter_map(Result::ok);
    files
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
}

/// True for a file that the platform reads as such; other tools have files of these names.
fn is_configuration(path: &Path) -> bool {
    let text = read_file(path).ok().flatten();
    let value: Option<serde_json::Value> = text.and_then(|it| serde_json::from_slice(&it).ok());
    value.is_some_and(|value| value.get("navigation").is_some())
}
