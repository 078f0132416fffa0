//! Every exit code, in one place.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing was found.
    Clean,
    /// There are findings at or above `--fail-on`.
    Findings,
    /// The command line, the configuration, or the docs cannot be used.
    Usage,
    /// The target could not be reached, or reading or writing failed.
    Unreachable,
    /// Nothing was exercised, a run was interrupted, or a gate was missed.
    NotExercised,
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::NotExercised => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table that `--help` ends with.
pub(crate) const HELP: &str = "\
Exit codes:
  0  nothing was found
  1  there are findings at or above --fail-on
  2  the command line, the configuration, or the docs cannot be used
  3  the target could not be reached, or reading or writing failed
  4  nothing was exercised, a run was interrupted, or a gate was missed";
