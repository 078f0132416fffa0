//! `fieldproof.toml`: settings beside the docs. Flags win over it.

use std::path::{Path, PathBuf};

use fieldproof::conform::class::Class;
use fieldproof::diagnostic::Severity;
use fieldproof::mock::{Delay, NoRate, Rates};
use serde::Deserialize;

use super::rules::RuleConfig;

/// The settings of a site.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Severity from which findings fail a run.
    pub(crate) fail_on: Option<FailOn>,
    /// Settings of `check`.
    #[serde(default)]
    pub(crate) check: RuleConfig,
    /// Settings of `mock`.
    #[serde(default)]
    pub(crate) mock: MockConfig,
    /// Settings of `test`.
    #[serde(default)]
    pub(crate) test: TestConfig,
}

/// Settings of `mock`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MockConfig {
    /// Address to listen on.
    pub(crate) host: Option<String>,
    /// Port to listen on.
    pub(crate) port: Option<u16>,
    /// What to do with requests that are not as documented.
    pub(crate) validate: Option<Validate>,
    /// Whether documented credentials are asked for.
    pub(crate) auth: Option<Auth>,
    /// The credentials that are taken.
    #[serde(default)]
    pub(crate) credentials: Vec<String>,
    /// Whether what requests make, change, and remove is kept.
    pub(crate) stateful: Option<bool>,
    /// The URL of the Redis that keeps it, together with other mocks.
    pub(crate) state: Option<String>,
    /// The server that requests are passed on to.
    pub(crate) upstream: Option<String>,
    /// Whether the pages answer what that server does not.
    pub(crate) fallback: Option<bool>,
    /// How long answers take.
    #[serde(default, deserialize_with = "parsed")]
    pub(crate) delay: Option<Delay>,
    /// How often answers go wrong, by the name of the fault.
    #[serde(default)]
    pub(crate) faults: Faults,
    /// What delays and faults depend on.
    pub(crate) seed: Option<u64>,
    /// What is different for some operations, by `METHOD /path`.
    #[serde(default)]
    pub(crate) operations: std::collections::BTreeMap<String, OperationConfig>,
}

/// Settings of some operations.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OperationConfig {
    /// What to do with requests that are not as documented.
    pub(crate) validate: Option<Validate>,
    /// Whether documented credentials are asked for.
    pub(crate) auth: Option<Auth>,
    /// How long answers take.
    #[serde(default, deserialize_with = "parsed")]
    pub(crate) delay: Option<Delay>,
    /// How often answers go wrong, by the name of the fault.
    #[serde(default)]
    pub(crate) faults: Faults,
    /// The answers that come one after another, by title or status.
    #[serde(default)]
    pub(crate) answers: Vec<String>,
}

/// The shares of faults, as in `reset = "5%"`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "std::collections::BTreeMap<String, String>")]
pub(crate) struct Faults(pub(crate) Rates);

impl TryFrom<std::collections::BTreeMap<String, String>> for Faults {
    type Error = NoRate;

    fn try_from(shares: std::collections::BTreeMap<String, String>) -> Result<Self, NoRate> {
        let mut rates = Rates::default();
        for (fault, share) in shares {
            rates.set(fault.parse()?, &share)?;
        }
        Ok(Self(rates))
    }
}

/// A value that stands as text.
fn parsed<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// What to do with requests that are not as documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Validate {
    /// Reject them
    Strict,
    /// Answer them, with headers that tell what is wrong
    Warn,
    /// Do not look
    Off,
}

/// Whether documented credentials are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Auth {
    /// Reject requests without them
    Strict,
    /// Do not look
    Off,
}

/// Settings of `test`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TestConfig {
    /// Base URL of the server under test.
    pub(crate) url: Option<String>,
    /// Where a token comes from: a documented operation, and the member of its answer, as `login.access_token`.
    pub(crate) token: Option<String>,
    /// Headers that are sent with every request.
    #[serde(default)]
    pub(crate) headers: std::collections::BTreeMap<String, String>,
    /// Credentials of other callers, by what the pages call them.
    #[serde(default)]
    pub(crate) auth_as: std::collections::BTreeMap<String, String>,
    /// Values for placeholders, path parameters, and required values without an example.
    #[serde(default)]
    pub(crate) variables: std::collections::BTreeMap<String, String>,
    /// What is different for some operations, by `METHOD /path`.
    #[serde(default)]
    pub(crate) operations: std::collections::BTreeMap<String, TestOperation>,
    /// Ids that may be changed and deleted although no run made them, by the parameter that names them.
    #[serde(default)]
    pub(crate) disposable: std::collections::BTreeMap<String, Vec<String>>,
}

/// What is different for an operation under test.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TestOperation {
    /// What it does to the world.
    pub(crate) class: Option<Class>,
}

/// A severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Info,
    /// Nothing
    Never,
}

impl FailOn {
    /// The severity from which a finding fails the run.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file named with `--config` is not there or not readable.
    #[error("`{}` cannot be read: {reason}; check the path given with --config", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file is not TOML, or holds what is not known.
    #[error("{place}: {message}; docs/configuration.md lists every key")]
    Invalid {
        /// `path:line:column`
        place: String,
        /// What is wrong there.
        message: String,
    },
}

/// The file named with `--config`, else `fieldproof.toml` in the root of the docs.
pub(crate) fn path(named: Option<&Path>, root: &Path) -> PathBuf {
    named.map_or_else(|| root.join("fieldproof.toml"), Path::to_owned)
}

/// Reads the file named with `--config`, else `fieldproof.toml` in the root of the docs, if there is one.
pub(crate) fn read(named: Option<&Path>, root: &Path) -> Result<Config, ConfigError> {
    let path = path(named, root);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Config::default());
        }
        Err(reason) => return Err(ConfigError::Unreadable { path, reason }),
    };
    parse(&path, &text)
}

/// Reads the text of a configuration file; the path is only named in what is wrong with it.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        ConfigError::Invalid {
            place: format!("{}:{line}:{column}", path.display()),
            message: error.message().replace('\n', " "),
        }
    })
}
