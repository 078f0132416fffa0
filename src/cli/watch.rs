//! Waiting until files of a folder change.

use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Failure;

/// An editor that saves a file does several things to it; they are over when nothing happens for so long.
const SETTLED: Duration = Duration::from_millis(80);
/// Where something always happens, it is looked at this often all the same.
const LONGEST: usize = 25;

/// A folder that is watched.
pub(crate) struct Watch {
    events: Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Starts to watch a folder, and all in it.
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let (sender, events) = mpsc::channel();
        let tell = move |event: notify::Result<Event>| {
            // A folder that cannot be watched any more is looked at once more.
            if event.is_ok_and(|event| !is_change(event.kind)) {
                return;
            }
            // Who waits no more need not be told.
            let _ = sender.send(());
        };
        let failed = |error: notify::Error| {
            Failure::Unreachable(format!(
                "`{}` cannot be watched: {error}; check again without --watch",
                folder.display()
            ))
        };
        let mut watcher = notify::recommended_watcher(tell).map_err(failed)?;
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .map_err(failed)?;
        Ok(Self {
            events,
            _watcher: watcher,
        })
    }

    /// Waits for a change, and until changes are over; false if there will be none.
    pub(crate) fn wait(&self) -> bool {
        if self.events.recv().is_err() {
            return false;
        }
        for _ in 0..LONGEST {
            if self.events.recv_timeout(SETTLED).is_err() {
                break;
            }
            while self.events.try_recv().is_ok() {}
        }
        true
    }
}

/// Reading a file is no change of it.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
