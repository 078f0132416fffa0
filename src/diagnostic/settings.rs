//! Which rules apply, how hard, and where: from flags and configuration to what is shown.

use globset::GlobSet;

use crate::source::Sources;

use super::rule::find;
use super::suppression::UNKNOWN_RULE;
use super::{Diagnostic, Rule, Severity, Suppression};

/// What a user asked of the rules.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How strict the rules are as a whole.
    pub profile: Profile,
    /// The only rules that apply; `None` for all.
    pub selected: Option<Vec<&'static Rule>>,
    /// Rules that do not apply.
    pub ignored: Vec<&'static Rule>,
    /// Severities that replace those of rules and profile; later entries win.
    pub levels: Vec<(&'static Rule, Level)>,
    /// Settings of some files.
    pub paths: Vec<PathSettings>,
}

/// Settings of the files that a set of globs names.
#[derive(Clone, Debug)]
pub struct PathSettings {
    /// The files, by their paths from the root of the docs.
    pub include: GlobSet,
    /// The files among them that are left out.
    pub exclude: GlobSet,
    /// Rules whose findings there are suppressed.
    pub ignored: Vec<&'static Rule>,
    /// Severities there; later entries win.
    pub levels: Vec<(&'static Rule, Level)>,
}

/// How strict the rules are as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// What only a closed reading of the page makes wrong is a warning, and infos are not shown.
    Lenient,
    /// Severities by evidence.
    #[default]
    Default,
    /// Every warning is an error.
    Strict,
}

/// The severity that a user gives a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not apply.
    Off,
    /// Each of its findings has this severity.
    At(Severity),
}

/// The rules as far as settings need to know them.
#[derive(Clone, Debug)]
pub struct Known {
    /// Every rule there is.
    pub all: Vec<&'static Rule>,
    /// The rules that this run could raise wherever they are broken: only of these a suppression can be unused.
    pub judged: Vec<&'static Rule>,
    /// The rules whose errors are warnings in the lenient profile.
    pub lenient: Vec<&'static Rule>,
}

/// What is left to show.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The findings, those about suppressions included.
    pub diagnostics: Vec<Diagnostic>,
    /// How many findings the pages and the settings of their paths keep silent.
    pub suppressed: usize,
}

impl Settings {
    /// Applies the settings, and the comments of the pages, to what was found.
    pub fn apply(
        &self,
        sources: &Sources,
        found: Vec<Diagnostic>,
        suppressions: &[Suppression],
        known: &Known,
    ) -> Applied {
        let mut applied = Applied::default();
        let mut used: Vec<Vec<bool>> = suppressions
            .iter()
            .map(|suppression| vec![false; suppression.rules.len()])
            .collect();
        for diagnostic in found {
            let Some(diagnostic) = self.levelled(diagnostic, known) else {
                continue;
            };
            let silenced = silence(&diagnostic, suppressions, &mut used);
            match self.at_path(sources, diagnostic) {
                Some(diagnostic) if !silenced => applied.diagnostics.push(diagnostic),
                _ => applied.suppressed += 1,
            }
        }
        let about = about_suppressions(suppressions, &used, known, |rule| self.applies(rule));
        let about = about.into_iter();
        let about = about.filter_map(|diagnostic| self.levelled(diagnostic, known));
        applied
            .diagnostics
            .extend(about.filter_map(|diagnostic| self.at_path(sources, diagnostic)));
        applied
    }

    /// True unless the rule is switched off everywhere.
    pub fn applies(&self, rule: &Rule) -> bool {
        let selected = |rules: &Vec<&'static Rule>| rules.iter().any(|it| it.name == rule.name);
        self.selected.as_ref().is_none_or(selected)
            && !self.ignored.iter().any(|it| it.name == rule.name)
            && level(&self.levels, rule) != Some(Level::Off)
    }

    /// The diagnostic with the severity that rule, profile, and settings give it; `None` if it is not wanted.
    fn levelled(&self, mut diagnostic: Diagnostic, known: &Known) -> Option<Diagnostic> {
        let rule = diagnostic.rule;
        if !self.applies(rule) {
            return None;
        }
        match (level(&self.levels, rule), self.profile) {
            (Some(Level::At(severity)), _) => diagnostic.severity = severity,
            (_, Profile::Strict) if diagnostic.severity == Severity::Warning => {
                diagnostic.severity = Severity::Error;
            }
            (_, Profile::Lenient) if diagnostic.severity == Severity::Info => return None,
            (_, Profile::Lenient) if known.lenient.contains(&rule) => {
                diagnostic.severity = Severity::Warning;
            }
            _ => {}
        }
        Some(diagnostic)
    }

    /// The diagnostic as the settings of its file have it; `None` if they suppress it.
    fn at_path(&self, sources: &Sources, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let path = sources.file(diagnostic.span.file).path();
        let applicable = self
            .paths
            .iter()
            .filter(|settings| settings.include.is_match(path) && !settings.exclude.is_match(path));
        for settings in applicable {
            if settings.ignored.contains(&diagnostic.rule) {
                return None;
            }
            match level(&settings.levels, diagnostic.rule) {
                Some(Level::Off) => return None,
                Some(Level::At(severity)) => diagnostic.severity = severity,
                None => {}
            }
        }
        Some(diagnostic)
    }
}

fn level(levels: &[(&'static Rule, Level)], rule: &Rule) -> Option<Level> {
    let last = levels.iter().rev().find(|(it, _)| it.name == rule.name);
    last.map(|(_, level)| *level)
}

/// True if a comment silences the diagnostic; all comments that do are marked as used.
fn silence(diagnostic: &Diagnostic, suppressions: &[Suppression], used: &mut [Vec<bool>]) -> bool {
    let mut silenced = false;
    for (suppression, used) in suppressions.iter().zip(used) {
        for ((name, _), used) in suppression.rules.iter().zip(used) {
            if name == diagnostic.rule.name && suppression.covers(diagnostic) {
                *used = true;
                silenced = true;
            }
        }
    }
    silenced
}

fn about_suppressions(
    suppressions: &[Suppression],
    used: &[Vec<bool>],
    known: &Known,
    applies: impl Fn(&Rule) -> bool,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (suppression, used) in suppressions.iter().zip(used) {
        if suppression.rules.is_empty() {
            found.push(suppression.without_rules());
        }
        for ((name, place), used) in suppression.rules.iter().zip(used) {
            match find(&known.all, name) {
                Err(unknown) => found.push(
                    Diagnostic::new(
                        &UNKNOWN_RULE,
                        *place,
                        format!("there is no rule `{}`", unknown.name),
                    )
                    .help(format!("write `{}` if that is meant", unknown.hint))
                    .subject("page"),
                ),
                Ok(rule) if !used && known.judged.contains(&rule) && applies(rule) => {
                    found.push(suppression.unused(name, *place));
                }
                Ok(_) => {}
            }
        }
    }
    found
}
