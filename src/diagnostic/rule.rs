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

/// The rule of that name.
pub fn find(rules: &[&'static Rule], name: &str) -> Result<&'static Rule, UnknownRule> {
    if let Some(rule) = rules.iter().find(|rule| rule.name == name) {
        return Ok(rule);
    }
    Err(UnknownRule::new(name, rules.iter().map(|rule| rule.name)))
}

/// A name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`; did you mean `{hint}`?")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The known name that is most alike.
    pub hint: &'static str,
}

impl UnknownRule {
    /// `name` is none of the names that are known.
    pub fn new(name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        let nearest =
            known.max_by(|one, other| likeness(one, name).total_cmp(&likeness(other, name)));
        Self {
            name: name.to_owned(),
            hint: nearest.unwrap_or_default(),
        }
    }
}

/// How alike two names are, from 0 to 1.
pub fn likeness(one: &str, other: &str) -> f32 {
    similar::TextDiff::from_chars(one, other).ratio()
}
