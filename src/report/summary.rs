//! The figures under a report.

use crate::diagnostic::{Diagnostic, Severity};

/// What was read, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pages that were read.
    pub pages: usize,
    /// Operations they document.
    pub operations: usize,
    /// Fields they document.
    pub fields: usize,
    /// Examples they show.
    pub examples: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are worth knowing only.
    pub infos: usize,
    /// Findings that were not shown, because somebody said so.
    pub suppressed: usize,
    /// Things that could not be judged.
    pub skipped: usize,
    /// Further figures with their names, in the order in which they are to appear.
    pub more: Vec<(String, usize)>,
}

impl Summary {
    /// The same with `errors`, `warnings`, and `infos` counted from the diagnostics that are shown.
    #[must_use]
    pub fn counting(mut self, diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| {
            diagnostics
                .iter()
                .filter(|it| it.severity == severity)
                .count()
        };
        self.errors = count(Severity::Error);
        self.warnings = count(Severity::Warning);
        self.infos = count(Severity::Info);
        self
    }

    /// The figures of two readings together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.pages += other.pages;
        self.operations += other.operations;
        self.fields += other.fields;
        self.examples += other.examples;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.suppressed += other.suppressed;
        self.skipped += other.skipped;
        for (name, count) in other.more {
            match self.more.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known += count,
                None => self.more.push((name, count)),
            }
        }
        self
    }

    /// The figures in one line for people, as `2 errors and 1 warning in 8 pages (9 operations, 60 fields, 20 examples)`.
    ///
    /// Figures that are zero are left out, apart from the pages.
    pub fn to_line(&self) -> String {
        let found = listed(&[
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.infos, "info"),
        ]);
        let found = found.unwrap_or_else(|| "no findings".to_owned());
        let read = [
            (self.operations, "operation"),
            (self.fields, "field"),
            (self.examples, "example"),
        ];
        let read = if read.iter().any(|(count, _)| *count > 0) {
            let read = read.map(|(count, noun)| counted(count, noun));
            format!(" ({})", read.join(", "))
        } else {
            String::new()
        };
        let named = [(self.suppressed, "suppressed"), (self.skipped, "skipped")];
        let more = self
            .more
            .iter()
            .map(|(name, count)| (*count, name.as_str()));
        let rest = named
            .into_iter()
            .chain(more)
            .filter(|(count, _)| *count > 0);
        let rest = rest.map(|(count, name)| match (count, name) {
            (1, "requests") => "1 request".to_owned(),
            (count, name) => format!("{count} {}", super::line(name)),
        });
        let first = format!("{found} in {}{read}", counted(self.pages, "page"));
        std::iter::once(first)
            .chain(rest)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn listed(counts: &[(usize, &str)]) -> Option<String> {
    let counts: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(*count, noun))
        .collect();
    match counts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [one, other] => Some(format!("{one} and {other}")),
        [first @ .., last] => Some(format!("{}, and {last}", first.join(", "))),
    }
}

/// `1 page`, `2 pages`; both words of `file or folder` take the plural.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {}s", noun.replace(" or ", "s or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_left_out_and_one_is_singular() {
        let mut summary = Summary {
            pages: 1,
            ..Summary::default()
        };
        assert_eq!(summary.to_line(), "no findings in 1 page");
        summary.errors = 2;
        summary.infos = 1;
        summary.operations = 1;
        summary.skipped = 3;
        summary.more.push(("cut short".to_owned(), 4));
        assert_eq!(
            summary.to_line(),
            "2 errors and 1 info in 1 page (1 operation, 0 fields, 0 examples), 3 skipped, 4 cut short"
        );
    }
}
