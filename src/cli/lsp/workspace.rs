//! The sites of the files that are open in an editor, with the text that stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fieldproof::diagnostic::{Diagnostic, Settings};
use fieldproof::model::{self, Documentation};
use fieldproof::source::FileId;
use fieldproof::source::load::{self, Site};

use crate::cli::rules::{self, RuleArgs};
use crate::cli::{check, config};

/// Whole sites that take longer are read only when a file is opened or saved, and not while somebody pauses.
const QUICK: Duration = Duration::from_millis(250);

/// All that is known.
#[derive(Default)]
pub(super) struct Workspace {
    /// The texts of the files that are open, by their real paths.
    open: BTreeMap<PathBuf, String>,
    /// The sites, by their roots.
    sites: BTreeMap<PathBuf, Known>,
}

/// A site, and what is known about it.
pub(super) struct Known {
    pub(super) site: Site,
    settings: Settings,
    /// The model of the page that was read last, and that page.
    page: Option<(FileId, Documentation)>,
    /// The findings, by the file in which they stand.
    pub(super) found: BTreeMap<FileId, Vec<Diagnostic>>,
    /// Whether a page has changed since the whole site was checked.
    stale: bool,
    /// How long that took.
    took: Duration,
}

/// A file of a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) root: PathBuf,
    pub(super) file: FileId,
}

impl Workspace {
    /// Takes the text of a file that was opened or saved, and checks its site; gives the files whose findings may differ.
    pub(super) fn open(&mut self, path: &Path, text: Option<String>) -> Vec<Place> {
        let path = real(path);
        if let Some(text) = text {
            self.open.insert(path.clone(), text);
        }
        let Some(root) = root(&path) else {
            return Vec::new();
        };
        let Ok(mut site) = load::load(&root) else {
            return Vec::new();
        };
        for (path, text) in &self.open {
            if let Some(file) = file_of(&site, path) {
                site.sources.replace(file, text.clone());
            }
        }
        let root = site.root.clone();
        let before = self.sites.remove(&root);
        // A configuration with a mistake is the business of the command line, which says where it is.
        let config = config::read(None, &root).unwrap_or_default();
        let known = self.sites.entry(root.clone()).or_insert(Known {
            site,
            settings: rules::settings(&RuleArgs::default(), &config.check),
            page: None,
            found: BTreeMap::new(),
            stale: true,
            took: Duration::ZERO,
        });
        known.check_all();
        // Numbers of files may have changed; those that had findings are found again by their paths.
        let mut files: BTreeSet<FileId> = known.found.keys().copied().collect();
        files.extend(file_of(&known.site, &path));
        for (file, _) in before.iter().flat_map(|before| &before.found) {
            let old = before
                .as_ref()
                .map(|before| before.site.sources.file(*file).path());
            files.extend(old.and_then(|path| known.site.sources.find(path)));
        }
        files
            .into_iter()
            .map(|file| Place {
                root: root.clone(),
                file,
            })
            .collect()
    }

    /// Takes the new text of an open file, and checks its page alone.
    pub(super) fn change(&mut self, path: &Path, text: String) -> Option<Place> {
        let path = real(path);
        self.open.insert(path.clone(), text.clone());
        let place = self.place(&path)?;
        let known = self.sites.get_mut(&place.root)?;
        known.site.sources.replace(place.file, text);
        known.stale = true;
        known.check_page(place.file);
        Some(place)
    }

    /// Forgets the text of a file that was closed.
    pub(super) fn close(&mut self, path: &Path) -> Vec<Place> {
        let path = real(path);
        self.open.remove(&path);
        self.open(&path, None)
    }

    /// Checks whole sites in which pages have changed, if that is quick; gives the files whose findings may differ.
    pub(super) fn rest(&mut self) -> Vec<Place> {
        let mut places = Vec::new();
        let quick = |known: &Known| known.stale && known.took <= QUICK;
        for (root, known) in self.sites.iter_mut().filter(|(_, known)| quick(known)) {
            let mut files: BTreeSet<FileId> = known.found.keys().copied().collect();
            known.check_all();
            files.extend(known.found.keys().copied());
            let place = |file| Place {
                root: root.clone(),
                file,
            };
            places.extend(files.into_iter().map(place));
        }
        places
    }

    /// True if there is something to do while nothing comes in.
    pub(super) fn is_stale(&self) -> bool {
        self.sites
            .values()
            .any(|known| known.stale && known.took <= QUICK)
    }

    /// The file of a path, if it belongs to a site that is known.
    pub(super) fn place(&self, path: &Path) -> Option<Place> {
        let path = real(path);
        // The deepest root is the nearest one.
        let mut sites = self.sites.iter().rev();
        sites.find_map(|(root, known)| {
            let file = file_of(&known.site, &path)?;
            Some(Place {
                root: root.clone(),
                file,
            })
        })
    }

    pub(super) fn known(&self, place: &Place) -> Option<&Known> {
        self.sites.get(&place.root)
    }

    /// The model of a page as it stands.
    pub(super) fn page(&mut self, place: &Place) -> Option<(&Site, &Documentation)> {
        let known = self.sites.get_mut(&place.root)?;
        if known
            .page
            .as_ref()
            .is_none_or(|(file, _)| *file != place.file)
        {
            known.read_page(place.file);
        }
        let (_, documentation) = known.page.as_ref()?;
        Some((&known.site, documentation))
    }
}

impl Known {
    fn check_all(&mut self) {
        let start = Instant::now();
        let documentation = model::read(&self.site);
        let found = check::judge(&self.settings, &self.site, &documentation).diagnostics;
        self.found.clear();
        for diagnostic in found {
            self.found
                .entry(diagnostic.span.file)
                .or_default()
                .push(diagnostic);
        }
        self.page = None;
        self.stale = false;
        self.took = start.elapsed();
    }

    fn check_page(&mut self, file: FileId) {
        self.read_page(file);
        let Some((_, documentation)) = &self.page else {
            return;
        };
        let mut found = check::judge(&self.settings, &self.site, documentation).diagnostics;
        found.retain(|diagnostic| diagnostic.span.file == file);
        self.found.insert(file, found);
    }

    /// Reads a page alone; a file that is no page of its own, such as a snippet, waits for the whole site.
    fn read_page(&mut self, file: FileId) {
        self.page = None;
        if self.site.pages.contains(&file) {
            let pages = std::mem::replace(&mut self.site.pages, vec![file]);
            self.page = Some((file, model::read(&self.site)));
            self.site.pages = pages;
        }
    }
}

/// The path without links, where it exists.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The root of the site that a file belongs to: the nearest folder with a configuration, within the same repository;
/// else its own folder.
fn root(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    for candidate in folder.ancestors() {
        let has = |name: &str| candidate.join(name).exists();
        if has("docs.json") || has("mint.json") {
            return Some(candidate.to_owned());
        }
        if has(".git") {
            break;
        }
    }
    Some(folder.to_owned())
}

fn file_of(site: &Site, path: &Path) -> Option<FileId> {
    let below = path.strip_prefix(&site.root).ok()?;
    let parts: Vec<_> = below
        .components()
        .map(|it| it.as_os_str().to_string_lossy())
        .collect();
    site.sources.find(&parts.join("/"))
}
