//! The configuration that is saved while the mock runs, and what is wrong with one.

use std::path::{Path, PathBuf};

use fieldproof::mock::{Mock, Options};

use super::MockArgs;
use crate::cli::Failure;
use crate::cli::config::{self, MockConfig};

/// The configuration as it was read last, and the flags that win over it.
pub(super) struct Configured {
    args: MockArgs,
    root: PathBuf,
    known: MockConfig,
}

impl Configured {
    pub(super) fn new(args: &MockArgs, root: &Path, config: &MockConfig) -> Self {
        Self {
            args: args.clone(),
            root: root.to_owned(),
            known: config.clone(),
        }
    }

    /// The file, which need not be there.
    pub(super) fn path(&self) -> PathBuf {
        config::path(self.args.config.as_deref(), &self.root)
    }

    /// The folder of the file.
    pub(super) fn folder(&self) -> PathBuf {
        let path = self.path();
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        folder.map_or_else(|| PathBuf::from("."), Path::to_owned)
    }

    /// True for the file, however its path is written.
    pub(super) fn is(&self, path: &Path) -> bool {
        let own = self.path();
        let folder = |path: &Path| path.parent().and_then(|it| it.canonicalize().ok());
        own.file_name() == path.file_name()
            && folder(path).is_some()
            && folder(path) == self.folder().canonicalize().ok()
    }

    /// The options of the file as it stands, and the keys that only a new start heeds.
    pub(super) fn read(&mut self) -> Result<(Options, Vec<&'static str>), String> {
        let told = |failure: Failure| failure.to_string();
        let config = config::read(self.args.config.as_deref(), &self.root);
        let config = config.map_err(|error| error.to_string())?.mock;
        let options = self.args.options(&config).map_err(told)?;
        let late = later(&self.known, &config);
        self.known = config;
        Ok((options, late))
    }
}

/// The keys that differ and are needed before the first request comes.
fn later(before: &MockConfig, after: &MockConfig) -> Vec<&'static str> {
    let keys = [
        ("host", before.host != after.host),
        ("port", before.port != after.port),
        ("stateful", before.stateful != after.stateful),
        ("state", before.state != after.state),
        ("upstream", before.upstream != after.upstream),
        ("fallback", before.fallback != after.fallback),
    ];
    let keys = keys.into_iter().filter(|(_, differs)| *differs);
    keys.map(|(key, _)| key).collect()
}

/// What is said of an exception that is made for no operation.
pub(super) fn idle_exceptions(mock: &Mock) -> Vec<String> {
    let idle = mock.idle_exceptions().into_iter();
    idle.map(|it| format!("fieldproof: `mock.operations` names `{it}`, which no page documents"))
        .collect()
}

/// What is said of the first of the answers in turn that no page documents.
pub(super) fn unknown_answer(mock: &Mock) -> Option<String> {
    let (operation, answer, known) = mock.unknown_answers().into_iter().next()?;
    let known = known.join("`, `");
    Some(format!(
        "`mock.operations`: {operation} has no answer `{answer}`; it has `{known}`"
    ))
}
