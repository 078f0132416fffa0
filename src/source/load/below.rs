//! The docs site of a repository whose root was asked for: docs often lie in a folder of their own.

use std::path::{Path, PathBuf};

use super::{CONFIGURATIONS, SkipReason, Skipped, entries, is_ignored_folder, read_file, relative};

/// The folder of the configuration below `folder`, if there is one and not several.
///
/// A site inside of another one belongs to that.
pub(super) fn only_site(folder: &Path) -> Option<PathBuf> {
    let mut sites: Vec<PathBuf> = Vec::new();
    for path in files(folder) {
        let name = path.file_name().and_then(|name| name.to_str());
        if !name.is_some_and(|name| CONFIGURATIONS.contains(&name)) || !is_configuration(&path) {
            continue;
        }
        let site = path.parent()?;
        sites.retain(|known| !known.starts_with(site));
        if !sites.iter().any(|known| site.starts_with(known)) {
            sites.push(site.to_owned());
        }
    }
    match sites.as_slice() {
        [site] => Some(site.clone()),
        _ => None,
    }
}

/// The pages of `folder` that are no part of the site below it, with their paths from the root of that.
pub(super) fn outside(folder: &Path, root: &Path) -> Vec<Skipped> {
    let is_page = |path: &PathBuf| path.extension().is_some_and(|it| it == "mdx");
    let pages = files(folder).filter(|path| is_page(path) && !path.starts_with(root));
    let skipped = pages.map(|path| Skipped {
        path: from(root, &path),
        reason: SkipReason::Outside,
    });
    skipped.collect()
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
