//! What a rule is.

use std::fmt;

/// A defect that can be found, with its one name.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case name of the defect; stable for ever.
    pub name: &'static str,
    /// Severity where evidence does not decide otherwise.
    pub severity: Severity,
    /// One line that says what is wrong when the rule is broken.
    pub summary: &'static str,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Info,
    /// Probably wrong, or wrong by weak evidence.
    Warning,
    /// A contradiction that the page's author would accept at once.
    Error,
}

impl Severity {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
