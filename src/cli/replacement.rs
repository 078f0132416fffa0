//! Files that are replaced as a whole: whoever reads one at any time has the old text or the new one.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::Failure;

/// A new text of a file, written beside it.
pub(super) struct Replacement {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Replacement {
    /// Writes the text beside the file, with the permissions of that, or those of a new file.
    pub(super) fn prepare(path: PathBuf, text: &str) -> Result<Self, Failure> {
        let prepare = || {
            let before = match fs::metadata(&path) {
                Ok(metadata) => Some(metadata.permissions()),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            let mut file =
                beside(before.is_none()).tempfile_in(folder.unwrap_or(Path::new(".")))?;
            file.write_all(text.as_bytes())?;
            if let Some(permissions) = before {
                file.as_file().set_permissions(permissions)?;
            }
            file.as_file().sync_all()?;
            Ok(file)
        };
        match prepare() {
            Ok(file) => Ok(Self { path, file }),
            Err(reason) => Err(Failure::File { path, reason }),
        }
    }

    /// Puts the new text in place of the old one, at once.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.file.persist(&self.path) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::File {
                path: self.path,
                reason: error.error,
            }),
        }
    }
}

/// A temporary file is for its owner alone, and a new one of the user is for whom the system lets it.
fn beside(is_new: bool) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if is_new {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = is_new;
    builder
}

/// Gives a file another text at once.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    // What a link leads to is replaced, and not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    Replacement::prepare(path, text)?.finish()
}
