//! Pages that are saved while the mock runs.
//!
//! Only the folders that hold files of the site are watched, as what lies beside them, such as `node_modules`, may be
//! very large.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::configured::{self, Configured};
use arc_swap::ArcSwap;
use fieldproof::mock::Mock;
use fieldproof::mock::reload::{Edition, Reloaded};
use fieldproof::report::visible;
use fieldproof::source::load::{self, Site};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// An editor writes a file in several steps: so long nothing must happen before the site is read.
const QUIET: Duration = Duration::from_millis(4);

/// No longer than this, even if files go on changing.
const PATIENCE: Duration = Duration::from_millis(25);

/// What is read again, and where it goes.
pub(super) struct Watch {
    /// What the user named.
    pub(super) docs: PathBuf,
    pub(super) configured: Configured,
    pub(super) edition: Edition,
    pub(super) mock: Arc<ArcSwap<Mock>>,
    pub(super) quiet: bool,
}

impl Watch {
    /// Starts watching a site, in a thread that ends with the process.
    pub(super) fn start(mut self) -> notify::Result<()> {
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(move |event| {
            // Nobody listens any more when the process ends.
            let _ = sender.send(event);
        })?;
        let root = self.edition.site().root.clone();
        let mut known = BTreeSet::new();
        add(&mut watcher, &mut known, folders(self.edition.site()));
        // Named with a flag, the configuration stands anywhere.
        let folder = BTreeSet::from([self.configured.folder()]);
        add(&mut watcher, &mut known, folder);
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || {
                while let Some(paths) = next(&events) {
                    let (settings, paths): (Vec<_>, Vec<_>) =
                        paths.into_iter().partition(|path| is_settings(path));
                    if settings.iter().any(|path| self.configured.is(path)) {
                        self.configure();
                    }
                    if paths.is_empty() {
                        continue;
                    }
                    // A new folder is watched at once, as its pages may be saved before it is found among those of the site.
                    let new = paths
                        .iter()
                        .filter(|it| it.is_dir() && it.starts_with(&root));
                    add(&mut watcher, &mut known, new.cloned().collect());
                    if let Some(reloaded) = self.edition.saved(&paths) {
                        self.show(&reloaded);
                    } else if let Ok(site) = load::load(&self.docs) {
                        add(&mut watcher, &mut known, folders(&site));
                        let reloaded = self.edition.reload(site);
                        self.show(&reloaded);
                    }
                }
            })
            .map(drop)
            .map_err(notify::Error::io)
    }

    /// Reads the configuration again; one that cannot be used changes nothing.
    fn configure(&mut self) {
        // Who removes all of the docs does not ask for other settings.
        if !self.edition.site().root.is_dir() {
            return;
        }
        let (options, late) = match self.configured.read() {
            Ok(read) => read,
            Err(error) => return self.say(&format!("kept the last good configuration: {error}")),
        };
        let before = self.edition.configure(options);
        if let Some(unknown) = configured::unknown_answer(self.edition.mock()) {
            self.edition.configure(before);
            return self.say(&format!("kept the last good configuration: {unknown}"));
        }
        self.mock.store(Arc::clone(self.edition.mock()));
        let name = self.configured.path();
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        self.say(&format!("reloaded {name}"));
        for line in configured::idle_exceptions(self.edition.mock()) {
            self.say(&line);
        }
        for key in late {
            self.say(&format!(
                "`{key}` in {name} is heeded when the mock is started again"
            ));
        }
    }

    /// Says something on standard error.
    fn say(&self, line: &str) {
        if !self.quiet {
            let line = format!("{}\n", visible::escape(line));
            let _ = io::stderr().lock().write_all(line.as_bytes());
        }
    }

    fn show(&self, reloaded: &Reloaded) {
        if reloaded.changed.is_empty() && reloaded.kept.is_empty() {
            return;
        }
        let lines = lines(reloaded);
        self.mock.store(Arc::clone(&reloaded.mock));
        if !self.quiet {
            let _ = io::stderr().lock().write_all(lines.as_bytes());
        }
    }
}

/// What is said of a site that was read again.
fn lines(reloaded: &Reloaded) -> String {
    const NAMED: usize = 3;
    let mut lines = String::new();
    let changed: Vec<_> = reloaded
        .changed
        .iter()
        .take(NAMED)
        .map(|path| visible::escape(path))
        .collect();
    let more = reloaded.changed.len().saturating_sub(NAMED);
    if !changed.is_empty() {
        lines.push_str("reloaded ");
        lines.push_str(&changed.join(", "));
        if more > 0 {
            let _ = write!(lines, ", and {more} more");
        }
        lines.push('\n');
    }
    for (path, fault) in &reloaded.kept {
        let (path, fault) = (visible::escape(path), visible::escape(fault));
        let _ = writeln!(lines, "kept the last good answers of {path}: {fault}");
    }
    lines
}

/// Waits for the next change, and for the end of those that come with it; `None` at the end of all.
fn next(events: &Receiver<notify::Result<Event>>) -> Option<Vec<PathBuf>> {
    loop {
        let mut paths = changes(events.recv().ok()?);
        if paths.is_empty() {
            continue;
        }
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            match events.recv_timeout(QUIET) {
                Ok(event) => paths.extend(changes(event)),
                Err(_) => break,
            }
        }
        return Some(paths);
    }
}

/// True for a file that may be the configuration.
fn is_settings(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "toml")
}

/// The paths of an event that may change what is documented.
fn changes(event: notify::Result<Event>) -> Vec<PathBuf> {
    let Ok(event) = event else {
        return Vec::new();
    };
    if matches!(event.kind, EventKind::Access(_)) {
        return Vec::new();
    }
    let is_relevant = |path: &PathBuf| {
        let extension = path.extension().and_then(|it| it.to_str());
        match extension {
            Some(extension) => {
                ["mdx", "md", "jsx", "tsx", "json", "yaml", "yml", "toml"].contains(&extension)
            }
            // A folder, or one that is gone.
            None => true,
        }
    };
    event.paths.into_iter().filter(is_relevant).collect()
}

/// The folders of all files of a site, and those around them.
fn folders(site: &Site) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::from([site.root.clone()]);
    for (_, file) in site.sources.iter() {
        let mut folder = Path::new(file.path()).parent();
        while let Some(path) = folder {
            if !folders.insert(site.root.join(path)) {
                break;
            }
            folder = path.parent();
        }
    }
    folders
}

fn add(
    watcher: &mut RecommendedWatcher,
    known: &mut BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
) {
    for folder in folders {
        if !known.contains(&folder) && watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
            known.insert(folder);
        }
    }
}
