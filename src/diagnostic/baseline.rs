//! What is known to be wrong, and is not to be shown again: `--baseline FILE`.
//!
//! ```text
//! {"version": 1,
//!  "entries": [{"place", "rule", "subject", "count", "first_seen", "reason", "expires"}]}
//! ```
//!
//! An entry stands for `count` findings of one [`Signature`], in which there is no line, so that it holds while pages
//! change around it. `reason` and `expires` are written by people, and kept. Days are written as `2026-11-23`.
//! `docs/schemas/baseline-1.json` is the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::source::Sources;

use super::{Diagnostic, Signature};

/// The findings that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    entries: Vec<Entry>,
}

/// Findings of one signature that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The operation; the path of the page for what belongs to none.
    pub place: String,
    /// The name of the rule.
    pub rule: String,
    /// What of the operation or page it is about.
    pub subject: String,
    /// How many findings of this signature are known.
    pub count: usize,
    /// The day on which it was taken in.
    pub first_seen: Day,
    /// Why it is put up with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The first day on which it is shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
}

/// A day, as `2026-11-23`: in this form days compare as texts do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(String);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_day = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if is_day {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no day; write it as 2026-11-23"))
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Which entries a run can say something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of them.
    Everything,
    /// Those of these operations and pages.
    Places(BTreeSet<String>),
}

impl Coverage {
    fn includes(&self, entry: &Entry) -> bool {
        match self {
            Self::Everything => true,
            Self::Places(places) => places.contains(&entry.place),
        }
    }
}

/// What a baseline leaves of findings.
#[derive(Debug)]
pub struct Remaining {
    /// The findings that are not known, in their order.
    pub diagnostics: Vec<Diagnostic>,
    /// How many are known.
    pub known: usize,
    /// Entries that have expired; their findings are among the diagnostics.
    pub expired: Vec<Entry>,
    /// Entries of which nothing is found any more.
    pub vanished: Vec<Entry>,
}

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON, or holds other keys.
    #[error("{0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of another version.
    #[error("it is of version {0}, and only version 1 is known")]
    Version(u32),
}

impl Default for Baseline {
    fn default() -> Self {
        Self {
            version: 1,
            entries: Vec::new(),
        }
    }
}

impl Baseline {
    /// Reads the text of a baseline file.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Self = serde_json::from_str(text)?;
        if baseline.version == 1 {
            Ok(baseline)
        } else {
            Err(BaselineError::Version(baseline.version))
        }
    }

    /// The text of the file: one entry after the other by place, rule, and subject, so that changes merge well.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Takes the findings that are known out of all findings.
    pub fn apply(
        &self,
        sources: &Sources,
        diagnostics: Vec<Diagnostic>,
        today: &Day,
        coverage: &Coverage,
    ) -> Remaining {
        let found = counted(sources, &diagnostics);
        let mut left: BTreeMap<Signature, usize> = BTreeMap::new();
        let (mut expired, mut vanished) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            if !found.contains_key(&entry.signature()) {
                if coverage.includes(entry) {
                    vanished.push(entry.clone());
                }
            } else if entry.has_expired(today) {
                expired.push(entry.clone());
            } else {
                *left.entry(entry.signature()).or_default() += entry.count;
            }
        }
        let mut known = 0;
        let mut is_new =
            |diagnostic: &Diagnostic| match left.get_mut(&Signature::of(sources, diagnostic)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    known += 1;
                    false
                }
                _ => true,
            };
        let diagnostics = diagnostics
            .into_iter()
            .filter(|diagnostic| is_new(diagnostic))
            .collect();
        Remaining {
            diagnostics,
            known,
            expired,
            vanished,
        }
    }

    /// The same without entries of which nothing is found any more.
    #[must_use]
    pub fn pruned(mut self, sources: &Sources, found: &[Diagnostic], coverage: &Coverage) -> Self {
        let found = counted(sources, found);
        self.entries
            .retain(|entry| found.contains_key(&entry.signature()) || !coverage.includes(entry));
        self
    }

    /// The same with no more findings than there are; with `new_on`, also with all that were not known, taken in on
    /// that day. An expired entry stays as it is, since only its author can say how long it may go on.
    #[must_use]
    pub fn updated(
        self,
        sources: &Sources,
        found: &[Diagnostic],
        coverage: &Coverage,
        new_on: Option<&Day>,
    ) -> Self {
        let mut baseline = self.pruned(sources, found, coverage);
        let mut left = counted(sources, found);
        for entry in &mut baseline.entries {
            if let Some(count) = left.get_mut(&entry.signature()) {
                entry.count = entry.count.min(*count);
                *count -= entry.count;
            }
        }
        baseline
            .entries
            .retain(|entry| entry.count > 0 || !coverage.includes(entry));
        if let Some(day) = new_on {
            let known = baseline.entries.iter().map(Entry::signature);
            let known: BTreeMap<_, _> = known.zip(0..).collect();
            for (signature, count) in left.into_iter().filter(|(_, count)| *count > 0) {
                match known
                    .get(&signature)
                    .and_then(|at| baseline.entries.get_mut(*at))
                {
                    Some(entry) => entry.count += count,
                    None => baseline.entries.push(Entry::new(signature, count, day)),
                }
            }
        }
        baseline.entries.sort_by_key(Entry::signature);
        baseline
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }

    /// True if it knows none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Entry {
    fn new(signature: Signature, count: usize, day: &Day) -> Self {
        Self {
            place: signature.place,
            rule: signature.rule,
            subject: signature.subject,
            count,
            first_seen: day.clone(),
            reason: None,
            expires: None,
        }
    }

    fn signature(&self) -> Signature {
        Signature {
            place: self.place.clone(),
            rule: self.rule.clone(),
            subject: self.subject.clone(),
        }
    }

    fn has_expired(&self, today: &Day) -> bool {
        self.expires.as_ref().is_some_and(|day| day <= today)
    }
}

fn counted(sources: &Sources, diagnostics: &[Diagnostic]) -> BTreeMap<Signature, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts
            .entry(Signature::of(sources, diagnostic))
            .or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Rule, Severity};
    use crate::source::{SourceFile, Span};

    static RULE: Rule = Rule {
        name: "a-rule",
        severity: Severity::Error,
        summary: "something is wrong",
    };

    /// Findings with these subjects, on lines of their own.
    fn found(subjects: &[&str]) -> (Sources, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", "\n".repeat(99)));
        let finding = |(at, subject): (usize, &&str)| {
            Diagnostic::new(&RULE, Span::new(file, at..at), "m").subject(*subject)
        };
        let diagnostics = subjects.iter().enumerate().map(finding).collect();
        (sources, diagnostics)
    }

    fn day(text: &str) -> Day {
        Day::try_from(text.to_owned()).unwrap()
    }

    fn of(subjects: &[&str]) -> Baseline {
        let (sources, diagnostics) = found(subjects);
        let day = day("2026-01-01");
        Baseline::default().updated(&sources, &diagnostics, &Coverage::Everything, Some(&day))
    }

    fn remaining(baseline: &Baseline, subjects: &[&str], today: &str) -> Remaining {
        let (sources, diagnostics) = found(subjects);
        baseline.apply(&sources, diagnostics, &day(today), &Coverage::Everything)
    }

    #[test]
    fn what_is_known_is_not_shown_wherever_it_stands() {
        let remaining = remaining(&of(&["a", "b"]), &["c", "b", "a", "a"], "2026-01-02");
        let shown: Vec<_> = remaining
            .diagnostics
            .iter()
            .map(|it| it.subject.as_deref())
            .collect();
        assert_eq!(shown, [Some("c"), Some("a")]);
        assert_eq!(remaining.known, 2);
    }

    #[test]
    fn what_is_found_no_more_is_said() {
        let baseline = of(&["a", "b"]);
        let remaining = remaining(&baseline, &["b"], "2026-01-02");
        assert_eq!(remaining.vanished.len(), 1);
        let (sources, diagnostics) = found(&["b"]);
        let elsewhere = Coverage::Places(BTreeSet::from(["b.mdx".to_owned()]));
        assert!(
            baseline
                .apply(&sources, diagnostics, &day("2026-01-02"), &elsewhere)
                .vanished
                .is_empty()
        );
    }

    #[test]
    fn an_entry_counts_until_the_day_before_it_expires() {
        let mut baseline = of(&["a"]);
        baseline.entries[0].expires = Some(day("2026-02-01"));
        assert_eq!(remaining(&baseline, &["a"], "2026-01-31").known, 1);
        let late = remaining(&baseline, &["a"], "2026-02-01");
        assert_eq!((late.diagnostics.len(), late.expired.len()), (1, 1));
    }

    #[test]
    fn an_update_shrinks_and_grows_only_if_told() {
        let baseline = of(&["a", "a", "b"]);
        let (sources, diagnostics) = found(&["a", "c"]);
        let update = |new_on| {
            baseline
                .clone()
                .updated(&sources, &diagnostics, &Coverage::Everything, new_on)
        };
        assert_eq!(update(None), of(&["a"]));
        let grown = update(Some(&day("2026-03-03")));
        assert_eq!(grown.len(), 2);
        assert_eq!(grown.entries[0].first_seen, day("2026-01-01"));
        assert_eq!(grown.entries[1].first_seen, day("2026-03-03"));
    }

    #[test]
    fn an_update_of_a_part_leaves_the_rest_alone() {
        let baseline = of(&["a", "b"]);
        let (sources, diagnostics) = found(&[]);
        let elsewhere = Coverage::Places(BTreeSet::new());
        assert_eq!(
            baseline
                .clone()
                .updated(&sources, &diagnostics, &elsewhere, None),
            baseline
        );
    }

    #[test]
    fn reasons_and_days_survive_reading_and_writing() {
        let mut baseline = of(&["a"]);
        baseline.entries[0].reason = Some("agreed with the partners".to_owned());
        baseline.entries[0].expires = Some(day("2027-01-01"));
        let text = baseline.to_text().unwrap();
        assert_eq!(Baseline::parse(&text).unwrap(), baseline);
        assert!(Baseline::parse(&text.replace("2027-01-01", "soon")).is_err());
        assert!(Baseline::parse(&text.replace("\"version\": 1", "\"version\": 2")).is_err());
        assert!(Baseline::parse(&text.replace("reason", "raison")).is_err());
    }

    #[test]
    fn a_baseline_is_as_its_schema_says() {
        let schema = include_str!("../../docs/schemas/baseline-1.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        let mut baseline = of(&["a"]);
        baseline.entries[0].expires = Some(day("2027-01-01"));
        let mut value = serde_json::to_value(&baseline).unwrap();
        assert!(schema.is_valid(&value));
        value["entries"][0]["expires"] = "soon".into();
        assert!(!schema.is_valid(&value));
    }
}
