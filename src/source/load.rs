//! Finds and reads the files of a docs site: the only place that reads files.
//!
//! Which files are pages follows the platform: every `.mdx` and `.md` file, except below the top-level `snippets/` and
//! `_snippets/`, in hidden, dependency, and build folders, in what `.mintignore` names, and `.md` files that belong to
//! the repository (readme, license, contributing). What is left out is counted and can be listed.
//! OpenAPI files are read wherever they lie in the site, with the files that they refer to.

mod below;
mod specification;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use ignore::{DirEntry, WalkBuilder};

use super::{FileId, SourceFile, Sources, parallel};

pub use specification::resolved;

/// The files of a docs site.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder of `docs.json` or `mint.json`; without them, the folder that was asked for.
    pub root: PathBuf,
    /// What was asked for, from the root; empty for the root itself and for a folder above it.
    pub subfolder: String,
    /// The root, from a folder above it that was asked for; empty if the root or a place below was.
    pub below: String,
    /// All files that were read: pages and what belongs to them by their paths, then OpenAPI files by theirs.
    pub sources: Sources,
    /// The files that may be pages, below the place that was asked for, in the order of their paths.
    pub pages: Vec<FileId>,
    /// `docs.json`, else `mint.json`.
    pub config: Option<FileId>,
    /// The OpenAPI files, and the files that those refer to.
    pub specifications: Vec<FileId>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// Files that are not valid UTF-8, with the offset of the first wrong byte; they are read with replacements.
    pub not_utf8: Vec<(FileId, usize)>,
}

/// A file or folder that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path from the root.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file or folder is no part of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// A folder of dependencies, builds, or tools, which the platform ignores.
    IgnoredFolder,
    /// A file of the repository, such as a readme.
    RepositoryFile,
    /// A symbolic link; links are not followed.
    SymbolicLink,
    /// Larger than [`MAX_FILE_SIZE`].
    TooLarge,
    /// The folder could not be listed.
    Unlistable,
    /// A snippet that no page uses.
    Unused,
    /// A page beside the only docs site of the folder that was asked for.
    Outside,
}

impl SkipReason {
    /// The reason in a few words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IgnoredFolder => "a folder that the platform ignores",
            Self::RepositoryFile => "a file of the repository, not a page",
            Self::SymbolicLink => "a symbolic link, which is not followed",
            Self::TooLarge => "larger than 16 MiB",
            Self::Unlistable => "a folder that cannot be listed",
            Self::Unused => "a snippet that no page uses",
            Self::Outside => "outside the folder of the docs site",
        }
    }
}

/// Larger files are not read: the largest real page is under 1 MiB.
pub const MAX_FILE_SIZE: u64 = 16 * 1024 * 1024;

/// Why a site could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Nothing is there.
    #[error("`{}` does not exist: give a page, a docs folder, or a docs site", .0.display())]
    Missing(PathBuf),
    /// The folder holds no page.
    #[error("`{}` holds no pages: a page is an `.mdx` or `.md` file outside `snippets/`", .0.display())]
    NoPages(PathBuf),
    /// The folder holds no page that is small enough.
    #[error("`{}` is larger than 16 MiB, the limit for pages, and there are no others: split it", .0.display())]
    TooLarge(PathBuf),
    /// A file other than a page was given.
    #[error("`{}` is not a page: a page is an `.mdx` or `.md` file", .0.display())]
    NotAPage(PathBuf),
    /// A file or folder could not be read.
    #[error("`{}` cannot be read: {reason}; check its permissions", .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// Several docs sites below one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several {
    /// Their folders from there, in the order of their paths.
    pub sites: Vec<String>,
    /// The pages that are no part of any, from there.
    pub outside: Vec<String>,
}

/// The docs sites below `docs`, if that is a folder with more than one of them, and part of none.
pub fn several(docs: &Path) -> Option<Several> {
    let folder = fs::canonicalize(docs).ok().filter(|it| it.is_dir())?;
    if site_root(&folder).is_some() {
        return None;
    }
    let found = below::sites(&folder);
    let names = |paths: Vec<PathBuf>| paths.iter().map(|path| relative(&folder, path)).collect();
    (found.roots.len() > 1).then(|| Several {
        sites: names(found.roots),
        outside: names(found.outside),
    })
}

/// Reads the site that `docs` belongs to: a page, a folder, or the root of a site.
pub fn load(docs: &Path) -> Result<Site, LoadError> {
    let unreadable = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => LoadError::Missing(docs.to_owned()),
        _ => LoadError::Unreadable {
            path: docs.to_owned(),
            reason,
        },
    };
    let asked = fs::canonicalize(docs).map_err(unreadable)?;
    let is_file = asked.is_file();
    if is_file && !is_page_name(&asked) {
        return Err(LoadError::NotAPage(docs.to_owned()));
    }
    let folder = if is_file {
        asked.parent().unwrap_or(&asked)
    } else {
        &asked
    };
    let mut outside = Vec::new();
    let root = site_root(folder).or_else(|| {
        if is_file {
            return None;
        }
        let (root, skipped) = below::only_site(folder)?;
        outside = skipped;
        Some(root)
    });
    let root = root.unwrap_or_else(|| folder.to_owned());
    let mut found = walk(&root)?;
    found.skipped.extend(outside);
    let (subfolder, below) = if root.starts_with(folder) && folder != root {
        (String::new(), relative(folder, &root))
    } else {
        (relative(&root, &asked), String::new())
    };
    let read = parallel::map(&found.files, |path| {
        (relative(&root, path), read_file(path), path)
    });
    let mut site = Site {
        root: root.clone(),
        subfolder,
        below,
        sources: Sources::default(),
        pages: Vec::new(),
        config: None,
        specifications: Vec::new(),
        skipped: found.skipped,
        not_utf8: Vec::new(),
    };
    for (name, bytes, path) in read {
        let bytes = bytes.map_err(|reason| LoadError::Unreadable {
            path: path.clone(),
            reason,
        })?;
        match bytes {
            Some(bytes) => site.add(&name, bytes),
            None => site.skipped.push(Skipped {
                path: name,
                reason: SkipReason::TooLarge,
            }),
        }
    }
    for (name, bytes) in specifications(&root, &found.data) {
        site.add(&name, bytes);
    }
    site.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    for link in &site.skipped {
        if link.reason == SkipReason::SymbolicLink {
            site.sources.add_link(&link.path);
        }
    }
    let generated = site.subfolder.is_empty() && site.config.is_some();
    if site.pages.is_empty() && (site.specifications.is_empty() || !generated) {
        let mut skipped = site.skipped.iter();
        let too_large = skipped.find(|it| it.reason == SkipReason::TooLarge);
        return Err(match too_large {
            Some(page) => LoadError::TooLarge(root.join(&page.path)),
            None => LoadError::NoPages(docs.to_owned()),
        });
    }
    Ok(site)
}

impl Site {
    /// A site of the given files, as if they had been read from a folder.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut site = Self {
            root: PathBuf::new(),
            subfolder: String::new(),
            below: String::new(),
            sources: Sources::default(),
            pages: Vec::new(),
            config: None,
            specifications: Vec::new(),
            skipped: Vec::new(),
            not_utf8: Vec::new(),
        };
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable();
        for (path, text) in files {
            site.add(path, text.as_bytes().to_vec());
        }
        site
    }

    fn add(&mut self, path: &str, bytes: Vec<u8>) {
        let mut first_wrong = None;
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            first_wrong = Some(error.utf8_error().valid_up_to());
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        let id = self.sources.add(SourceFile::new(path, text));
        if let Some(offset) = first_wrong {
            self.not_utf8.push((id, offset));
        }
        let inside = path == self.subfolder
            || self.subfolder.is_empty()
            || path
                .strip_prefix(&self.subfolder)
                .is_some_and(|rest| rest.starts_with('/'));
        match path {
            "docs.json" => self.config = Some(id),
            "mint.json" if self.config.is_none() => self.config = Some(id),
            _ if is_page_name(Path::new(path)) && !in_snippets(path) => {
                if path != self.subfolder && is_repository_file(path) {
                    self.skipped.push(Skipped {
                        path: path.to_owned(),
                        reason: SkipReason::RepositoryFile,
                    });
                } else if inside {
                    self.pages.push(id);
                }
            }
            _ if specification::may_be(Path::new(path)) => self.specifications.push(id),
            _ => {}
        }
    }

    /// The same site after something happened to files at these paths; `None` if it must be loaded as a whole, because
    /// files may have come or gone.
    ///
    /// What lies outside of the site, or is no part of one, changes nothing.
    pub fn reread(&self, paths: &[PathBuf]) -> Option<Self> {
        let mut site = self.clone();
        for path in paths {
            let name = relative(&self.root, path);
            let Some(file) = self.sources.find(&name) else {
                if self.may_hold(&name, path) {
                    return None;
                }
                continue;
            };
            // What an OpenAPI file refers to may be another file now.
            if self.specifications.contains(&file) {
                return None;
            }
            // A link in its place is not followed.
            if !fs::symlink_metadata(path).is_ok_and(|it| it.is_file()) {
                return None;
            }
            let bytes = read_file(path).ok().flatten()?;
            site.sources.replace(file, String::from_utf8(bytes).ok()?);
            site.not_utf8.retain(|(known, _)| *known != file);
        }
        Some(site)
    }

    /// True if a path that is no file of the site may be a new one, or a folder of some.
    fn may_hold(&self, name: &str, path: &Path) -> bool {
        let is_above = |path: &str| {
            let below = path.strip_prefix(name);
            below.is_some_and(|below| below.starts_with('/'))
        };
        let mut files = self.sources.iter();
        name.is_empty() || path.exists() || files.any(|(_, file)| is_above(file.path()))
    }

    /// The path of a file from the place that was asked for, if it lies below it.
    pub fn path_below<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if !self.below.is_empty() {
            return Cow::Owned(format!("{}/{path}", self.below));
        }
        if path == self.subfolder {
            return path.rsplit_once('/').map_or(path, |(_, name)| name).into();
        }
        let path = path
            .strip_prefix(&self.subfolder)
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|_| !self.subfolder.is_empty())
            .unwrap_or(path);
        Cow::Borrowed(path)
    }
}

/// The entries of a folder that a docs site may be made of.
fn entries(folder: &Path) -> WalkBuilder {
    let mut entries = WalkBuilder::new(folder);
    entries
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .add_custom_ignore_filename(".mintignore");
    entries
}

struct Found {
    /// Pages, snippets, and the configuration.
    files: Vec<PathBuf>,
    /// Files that may be OpenAPI files.
    data: Vec<PathBuf>,
    skipped: Vec<Skipped>,
}

fn walk(root: &Path) -> Result<Found, LoadError> {
    let mut found = Found {
        files: Vec::new(),
        data: Vec::new(),
        skipped: Vec::new(),
    };
    let ignored = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&ignored);
    let walk = entries(root)
        .filter_entry(move |entry| {
            let skip = entry.depth() > 0 && is_ignored_folder(entry);
            if skip && let Ok(mut seen) = seen.lock() {
                seen.push(entry.path().to_owned());
            }
            !skip
        })
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = PathBuf::from(error.to_string());
                if error.depth() == Some(0) {
                    return Err(LoadError::Unreadable {
                        path: root.to_owned(),
                        reason: io::Error::other(error),
                    });
                }
                found.skip(root, &path, SkipReason::Unlistable);
                continue;
            }
        };
        let Some(kind) = entry.file_type() else {
            continue;
        };
        let path = entry.into_path();
        let (is_wanted, may_be_data) = (is_wanted(&path, root), specification::may_be(&path));
        if kind.is_symlink() {
            if is_wanted || may_be_data || path.is_dir() {
                found.skip(root, &path, SkipReason::SymbolicLink);
            }
        } else if kind.is_file() && is_wanted {
            found.files.push(path);
        } else if kind.is_file() && may_be_data {
            found.data.push(path);
        }
    }
    if let Ok(ignored) = ignored.lock() {
        for path in ignored.iter() {
            found.skip(root, path, SkipReason::IgnoredFolder);
        }
    }
    Ok(found)
}

/// The OpenAPI files among `paths`, and those of the others that they refer to, in the order of their paths.
///
/// A file of data that cannot be read belongs to the site no more than one that is not an OpenAPI file.
fn specifications(root: &Path, paths: &[PathBuf]) -> BTreeMap<String, Vec<u8>> {
    let read = |path: &PathBuf| read_file(path).ok().flatten();
    let stated = parallel::map(paths, |path| {
        let bytes = read(path).filter(|bytes| specification::is_stated(bytes));
        bytes.map(|bytes| (relative(root, path), bytes))
    });
    let mut others: BTreeMap<String, &PathBuf> = paths
        .iter()
        .map(|path| (relative(root, path), path))
        .collect();
    let mut found = BTreeMap::new();
    let mut next: Vec<(String, Vec<u8>)> = stated.into_iter().flatten().collect();
    while !next.is_empty() {
        let mut names = BTreeSet::new();
        for (name, bytes) in next.drain(..) {
            others.remove(&name);
            names.extend(specification::referred(&name, &bytes));
            found.insert(name, bytes);
        }
        for name in names {
            let bytes = others.remove(&name).and_then(read);
            next.extend(bytes.map(|bytes| (name, bytes)));
        }
    }
    found
}

/// The bytes of a file; `None` if it is too large.
fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_FILE_SIZE {
        return Ok(None);
    }
    // One byte more shows the end without another allocation.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

impl Found {
    fn skip(&mut self, root: &Path, path: &Path, reason: SkipReason) {
        self.skipped.push(Skipped {
            path: relative(root, path),
            reason,
        });
    }
}

/// The names of the configuration of a site.
const CONFIGURATIONS: [&str; 2] = ["docs.json", "mint.json"];

/// The nearest folder above that holds the configuration of a site, within the same repository.
fn site_root(folder: &Path) -> Option<PathBuf> {
    for candidate in folder.ancestors() {
        if CONFIGURATIONS
            .iter()
            .any(|name| candidate.join(name).is_file())
        {
            return Some(candidate.to_owned());
        }
        if candidate.join(".git").exists() {
            return None;
        }
    }
    None
}

/// Folders that the platform never takes pages from.
const IGNORED_FOLDERS: [&str; 6] = ["node_modules", "build", "dist", "coverage", "tmp", "target"];

/// True for the names of folders that the platform never takes pages from.
pub fn is_ignored_name(name: &str) -> bool {
    IGNORED_FOLDERS.contains(&name)
}

fn is_ignored_folder(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && entry.file_name().to_str().is_some_and(is_ignored_name)
}

fn is_wanted(path: &Path, root: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("mdx" | "md" | "jsx" | "tsx") => true,
        Some("json") => {
            let name = path.file_name().and_then(|name| name.to_str());
            path.parent() == Some(root) && name.is_some_and(|it| CONFIGURATIONS.contains(&it))
        }
        _ => false,
    }
}

fn is_page_name(path: &Path) -> bool {
    matches!(
        path.extension().and_then(|extension| extension.to_str()),
        Some("mdx" | "md")
    )
}

fn in_snippets(path: &str) -> bool {
    path.starts_with("snippets/") || path.starts_with("_snippets/")
}

fn is_repository_file(path: &str) -> bool {
    let name = path
        .rsplit_once('/')
        .map_or(path, |(_, name)| name)
        .to_ascii_lowercase();
    matches!(
        name.strip_suffix(".md"),
        Some("readme" | "license" | "contributing" | "contribute")
    )
}

/// The path of `path` from `root`, with `/` between its parts.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests;
