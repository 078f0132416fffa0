//! What a run of a reference service does wrong, or differently.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of a fault is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// `-`: nothing.
    Missed,
    /// `~`: there is a finding, but of another subject.
    Found,
    /// `+`: there is a finding of the right subject.
    Named,
}

impl Mark {
    /// The sign in the table.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Missed => "-",
            Self::Found => "~",
            Self::Named => "+",
        }
    }
}

/// A fault that can be switched on in a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// What the tool finds of it, so that it is never lost again.
    pub(crate) mark: Mark,
    /// `family/what-is-wrong`
    pub(crate) name: &'static str,
    /// The operations at which it may be reported, separated by ` | `; `*` for a cause that concerns all.
    pub(crate) operations: &'static str,
    /// The subjects that name it, separated by ` | `.
    pub(crate) subjects: &'static str,
}

impl Fault {
    /// The lines of a table: four columns with two spaces or more between them, and comments after `#`.
    pub(crate) fn table(text: &'static str) -> Vec<Self> {
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let faults = lines.map(|line| {
            let mut columns = line
                .split("  ")
                .map(str::trim)
                .filter(|column| !column.is_empty());
            let mut column = || {
                columns
                    .next()
                    .unwrap_or_else(|| panic!("four columns: {line}"))
            };
            let sign = column();
            let marks = [Mark::Missed, Mark::Found, Mark::Named];
            let mark = marks.into_iter().find(|mark| mark.sign() == sign);
            Self {
                mark: mark.unwrap_or_else(|| panic!("a mark: {line}")),
                name: column(),
                operations: column(),
                subjects: column(),
            }
        });
        faults.collect()
    }

    /// The part of the name before the slash.
    pub(crate) fn family(&self) -> &'static str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// What is switched on in one run.
#[derive(Debug, Default)]
pub(crate) struct Seed {
    names: Vec<&'static str>,
    was_reached: AtomicBool,
}

impl Seed {
    /// A service that does as its pages say.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn of(name: &'static str) -> Self {
        Self::all(&[name])
    }

    /// Several things that have nothing to do with each other.
    pub(crate) fn all(names: &[&'static str]) -> Self {
        Self {
            names: names.to_vec(),
            was_reached: AtomicBool::new(false),
        }
    }

    /// True where this is switched on.
    pub(crate) fn is(&self, name: &str) -> bool {
        let is_on = self.names.contains(&name);
        if is_on {
            self.was_reached.store(true, Ordering::SeqCst);
        }
        is_on
    }

    /// True if a request came to the place of a fault.
    pub(crate) fn was_reached(&self) -> bool {
        self.was_reached.load(Ordering::SeqCst)
    }
}

/// The table with other marks for some faults.
pub(crate) fn marked(table: &str, marks: &BTreeMap<&str, Mark>) -> String {
    let lines = table.lines().map(|line| {
        let name = line.get(3..).and_then(|rest| rest.split(' ').next());
        match name.and_then(|name| marks.get(name)) {
            Some(mark) => format!("{}{}\n", mark.sign(), &line[1..]),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}
