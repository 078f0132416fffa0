//! Which rules apply, and how hard: flags over the configuration file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use fieldproof::diagnostic::{self, Level, PathSettings, Rule, Settings, Severity};
use fieldproof::report::catalog;
use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

/// Options of commands that raise rules.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RuleArgs {
    /// How strict the rules are as a whole [default: default]
    #[arg(long, value_enum, value_name = "PROFILE", env = "FIELDPROOF_PROFILE")]
    profile: Option<Profile>,
    /// Apply only these rules or groups of rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    select: Option<Vec<Selector>>,
    /// Do not apply these rules or groups of rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    ignore: Option<Vec<Selector>>,
    /// Severity of a rule or group: error, warning, info, or off
    #[arg(long, value_name = "RULE=SEVERITY", value_delimiter = ',', value_parser = level)]
    severity: Vec<(Selector, LevelName)>,
}

/// The table `[check]` of the configuration file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RuleConfig {
    profile: Option<Profile>,
    select: Option<Vec<Selector>>,
    #[serde(default)]
    ignore: Vec<Selector>,
    #[serde(default)]
    severity: BTreeMap<Selector, LevelName>,
    #[serde(default)]
    paths: Vec<PathConfig>,
    /// The file of known findings, from the folder of the configuration file.
    pub(crate) baseline: Option<PathBuf>,
}

/// An entry `[[check.paths]]` of the configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PathConfig {
    include: Vec<Pattern>,
    #[serde(default)]
    exclude: Vec<Pattern>,
    #[serde(default)]
    ignore: Vec<Selector>,
    #[serde(default)]
    severity: BTreeMap<Selector, LevelName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    /// Fewer errors: members that are not documented or not shown are warnings, and infos are left out
    Lenient,
    /// Severities by evidence
    Default,
    /// Every warning is an error
    Strict,
}

/// The name of a rule or of a group, and the rules that it stands for.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Selector {
    name: String,
    rules: Vec<&'static Rule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
enum LevelName {
    Off,
    Info,
    Warning,
    Error,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Pattern(Glob);

impl RuleArgs {
    /// What the flags say, as keys and values of the configuration file.
    pub(crate) fn stated(&self) -> Vec<(String, String)> {
        let list = |selectors: &[Selector]| {
            let names: Vec<_> = selectors
                .iter()
                .map(|it| format!("\"{}\"", it.name))
                .collect();
            format!("[{}]", names.join(", "))
        };
        let named = |value: Option<PossibleValue>| {
            value.map_or_else(String::new, |value| format!("\"{}\"", value.get_name()))
        };
        let mut stated = Vec::new();
        if let Some(profile) = self.profile {
            let name = named(profile.to_possible_value());
            stated.push(("check.profile".to_owned(), name));
        }
        if let Some(selectors) = &self.select {
            stated.push(("check.select".to_owned(), list(selectors)));
        }
        if let Some(selectors) = &self.ignore {
            stated.push(("check.ignore".to_owned(), list(selectors)));
        }
        for (selector, level) in &self.severity {
            let key = format!("check.severity.{}", selector.name);
            stated.push((key, named(level.to_possible_value())));
        }
        stated
    }
}

/// The settings that flags and configuration make together.
pub(crate) fn settings(args: &RuleArgs, config: &RuleConfig) -> Settings {
    let ignore = args.ignore.as_ref().unwrap_or(&config.ignore);
    let file = config.severity.iter().map(|(name, level)| (name, *level));
    let flags = args.severity.iter().map(|(name, level)| (name, *level));
    let mut levels = levels(file);
    levels.extend(self::levels(flags));
    Settings {
        profile: match args.profile.or(config.profile) {
            Some(Profile::Lenient) => diagnostic::Profile::Lenient,
            Some(Profile::Strict) => diagnostic::Profile::Strict,
            Some(Profile::Default) | None => diagnostic::Profile::Default,
        },
        selected: args
            .select
            .as_ref()
            .or(config.select.as_ref())
            .map(|it| rules(it)),
        ignored: rules(ignore),
        levels,
        paths: config.paths.iter().map(PathConfig::settings).collect(),
    }
}

impl PathConfig {
    fn settings(&self) -> PathSettings {
        PathSettings {
            include: globs(&self.include),
            exclude: globs(&self.exclude),
            ignored: rules(&self.ignore),
            levels: levels(self.severity.iter().map(|(name, level)| (name, *level))),
        }
    }
}

fn rules(selectors: &[Selector]) -> Vec<&'static Rule> {
    let rules = selectors.iter().flat_map(|selector| &selector.rules);
    rules.copied().collect()
}

/// What is said of a single rule wins over what is said of its group.
fn levels<'a>(
    stated: impl Iterator<Item = (&'a Selector, LevelName)>,
) -> Vec<(&'static Rule, Level)> {
    let mut stated: Vec<_> = stated.collect();
    stated.sort_by_key(|(selector, _)| selector.rules.len() == 1);
    stated
        .into_iter()
        .flat_map(|(selector, level)| {
            selector
                .rules
                .iter()
                .map(move |rule| (*rule, level.level()))
        })
        .collect()
}

fn globs(patterns: &[Pattern]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        builder.add(pattern.0.clone());
    }
    // Each glob is valid, so that only their number could be too much.
    builder.build().unwrap_or_default()
}

fn selector(name: &str) -> Result<Selector, String> {
    Selector::try_from(name.to_owned())
}

fn level(text: &str) -> Result<(Selector, LevelName), String> {
    let (name, level) = text
        .split_once('=')
        .ok_or("it is not RULE=SEVERITY, such as `platform-type=warning`")?;
    let level = LevelName::from_str(level, false)
        .map_err(|_| format!("`{level}` is not error, warning, info, or off"))?;
    Ok((selector(name)?, level))
}

impl LevelName {
    fn level(self) -> Level {
        match self {
            Self::Off => Level::Off,
            Self::Info => Level::At(Severity::Info),
            Self::Warning => Level::At(Severity::Warning),
            Self::Error => Level::At(Severity::Error),
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let rules = catalog::resolve(&name).map_err(|unknown| unknown.to_string())?;
        Ok(Self { name, rules })
    }
}

impl TryFrom<String> for Pattern {
    type Error = globset::Error;

    fn try_from(glob: String) -> Result<Self, globset::Error> {
        Glob::new(&glob).map(Self)
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Selector {}

impl PartialOrd for Selector {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Selector {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}
