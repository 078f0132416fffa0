//! One cause, one finding.
//!
//! A rule looks at one place at a time, and says with a [`Cause`] which of its findings are one mistake: five members of
//! one object without fields, a type that a whole site spells alike. [`gather`] makes one finding of those with equal
//! causes. It comes last, behind everything that asks for single places: fixes, comments that silence a rule, baselines,
//! and the choice of files.

use std::collections::HashMap;

use crate::source::{FileId, Sources, Span};

use super::{Diagnostic, Fix, Related, Safety, compatible};

/// What the findings of one rule that are one mistake have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    reach: Reach,
    /// The same for all of them.
    key: String,
    /// What tells them apart, if that can be listed.
    part: Option<Part>,
    /// What the findings of several pages have in common beyond that, the nearest first: those with the same parts are
    /// one mistake, too.
    across: Vec<String>,
}

/// Where findings are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Within one file and one operation.
    Page,
    /// All over the site.
    Site,
}

/// What a finding says of one of many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// What it is about, as in messages: a name in backticks.
    name: String,
    /// What is said of several of them, with `{}` in the place of their names.
    message: String,
    /// What to do about several of them.
    help: String,
}

impl Cause {
    /// A mistake of one page, and of one operation on it.
    pub fn on_page(key: impl Into<String>) -> Self {
        Self::new(Reach::Page, key.into())
    }

    /// A mistake that a whole site repeats.
    pub fn on_site(key: impl Into<String>) -> Self {
        Self::new(Reach::Site, key.into())
    }

    fn new(reach: Reach, key: String) -> Self {
        Self {
            reach,
            key,
            part: None,
            across: Vec::new(),
        }
    }

    /// The same where findings of several pages with that key, about the same names, are one mistake.
    #[must_use]
    pub fn across(mut self, key: impl Into<String>) -> Self {
        self.across.push(key.into());
        self
    }

    /// The same where each finding is about something with a name; `message` says it of several, with `{}` in the place
    /// of their names.
    #[must_use]
    pub fn of(
        mut self,
        name: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        self.part = Some(Part {
            name: name.into(),
            message: message.into(),
            help: help.into(),
        });
        self
    }
}

/// Another place of a finding that stands for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The place.
    pub span: Span,
    /// What is wrong there.
    pub message: String,
    /// A few words that stand at the place itself.
    pub label: Option<String>,
    /// What belongs to it.
    pub related: Vec<Related>,
}

/// Makes one finding of those that have one cause, at the place of the first; the order stays.
pub fn gather(sources: &Sources, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<Vec<Diagnostic>> = Vec::with_capacity(diagnostics.len());
    let mut known = HashMap::new();
    for diagnostic in diagnostics {
        let Some(cause) = &diagnostic.cause else {
            groups.push(vec![diagnostic]);
            continue;
        };
        let place = match cause.reach {
            Reach::Page => Some((diagnostic.span.file, diagnostic.operation.clone())),
            Reach::Site => None,
        };
        let key = (
            diagnostic.rule.name,
            diagnostic.severity,
            place,
            cause.key.clone(),
        );
        let index = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    for level in 0..ACROSS {
        groups = across(groups, level);
    }
    let joined = |group| joined(sources, group);
    groups.into_iter().filter_map(joined).collect()
}

/// So many keys can join the findings of several pages.
const ACROSS: usize = 2;

/// Puts groups together that have a key in common, and are about the same names.
fn across(groups: Vec<Vec<Diagnostic>>, level: usize) -> Vec<Vec<Diagnostic>> {
    let mut found: Vec<Vec<Diagnostic>> = Vec::with_capacity(groups.len());
    let mut known = HashMap::new();
    for group in groups {
        let first = group.first();
        let key = first.and_then(|it| it.cause.as_ref()?.across.get(level).cloned());
        let Some((first, key)) = first.zip(key) else {
            found.push(group);
            continue;
        };
        let key = (first.rule.name, first.severity, key, names(&group));
        let index = *known.entry(key).or_insert(found.len());
        match found.get_mut(index) {
            Some(same) => same.extend(group),
            None => found.push(group),
        }
    }
    found
}

fn joined(sources: &Sources, group: Vec<Diagnostic>) -> Option<Diagnostic> {
    if group.len() < 2 {
        return group.into_iter().next();
    }
    let (message, help) = words(&group)?;
    let fix = fix_of_all(sources, &group);
    let subject = common(group.iter().map(|it| it.subject.as_deref()));
    let mut rest = group.into_iter();
    let mut first = rest.next()?;
    let rest: Vec<Diagnostic> = rest.collect();
    first.message = message;
    first.help = help;
    first.subject = subject;
    first.fix = fix.map(Box::new);
    if rest.iter().any(|other| other.operation != first.operation) {
        first.operation = None;
    }
    first.repeats = rest.into_iter().map(Repeat::of).collect();
    Some(first)
}

/// What is said of all of them, and what to do about it.
fn words(group: &[Diagnostic]) -> Option<(String, Option<String>)> {
    let first = group.first()?;
    let names = names(group);
    let part = first.cause.as_ref().and_then(|cause| cause.part.as_ref());
    let places = group.len();
    let pages = match files(group) {
        1 => "this page".to_owned(),
        count => format!("{count} pages"),
    };
    let Some(part) = part.filter(|_| names.len() > 1) else {
        let unit = if places == 2 { "place" } else { "places" };
        let message = format!(
            "{}, here and in {} other {unit} on {pages}",
            first.message,
            places - 1
        );
        return Some((message, first.help.clone()));
    };
    let mut message = part.message.replacen("{}", &listed(&names), 1);
    if places > names.len() {
        message = format!("{message}, in {places} places on {pages}");
    }
    Some((message, Some(part.help.clone())))
}

impl Repeat {
    fn of(diagnostic: Diagnostic) -> Self {
        Self {
            span: diagnostic.span,
            message: diagnostic.message,
            label: diagnostic.label,
            related: diagnostic.related,
        }
    }
}

/// The names that the findings are about, each once.
fn names(group: &[Diagnostic]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let parts = group
        .iter()
        .filter_map(|it| it.cause.as_ref()?.part.as_ref());
    let new = parts.filter(|part| seen.insert(part.name.as_str()));
    new.map(|part| part.name.clone()).collect()
}

fn files(group: &[Diagnostic]) -> usize {
    let mut files: Vec<FileId> = group.iter().map(|it| it.span.file).collect();
    files.sort_unstable();
    files.dedup();
    files.len()
}

/// So many names are listed, and one more if it is the last.
const LISTED: usize = 8;

/// `a`, `b`, and 3 more
fn listed(names: &[String]) -> String {
    let shown = if names.len() <= LISTED + 1 {
        names.len()
    } else {
        LISTED
    };
    let (shown, more) = names.split_at(shown);
    let last = match (more.len(), shown) {
        (0, [one, other]) => return format!("{one} and {other}"),
        (0, [first @ .., last]) => return format!("{}, and {last}", first.join(", ")),
        (more, _) => format!("{more} more"),
    };
    format!("{}, and {last}", shown.join(", "))
}

/// What subjects have in common, up to a dot: `response.user` of `response.user.id` and `response.user.name`.
fn common<'a>(mut subjects: impl Iterator<Item = Option<&'a str>>) -> Option<String> {
    let first = subjects.next()??;
    let mut parts: Vec<&str> = first.split('.').collect();
    for subject in subjects {
        let same = subject.unwrap_or_default().split('.').zip(&parts);
        let same = same.take_while(|(one, other)| one == *other).count();
        parts.truncate(same);
    }
    if parts.is_empty() {
        return Some("page".to_owned());
    }
    Some(parts.join("."))
}

/// One fix for all places; of those that touch each other the first, the others can be applied after it.
fn fix_of_all(sources: &Sources, group: &[Diagnostic]) -> Option<Fix> {
    let fixes = group.iter().filter_map(|it| it.fix.as_deref());
    let fixes: Vec<&Fix> = fixes.collect();
    let chosen = compatible(sources, &fixes);
    let fixes: Vec<&Fix> = chosen
        .into_iter()
        .filter_map(|at| fixes.get(at).copied())
        .collect();
    let title = &fixes.first()?.title;
    let title = match fixes.len() {
        1 => title.clone(),
        count if fixes.iter().all(|fix| fix.title == *title) => {
            format!("{title}, in {count} places")
        }
        count => format!("{title}, and {} more like it", count - 1),
    };
    let is_safe = fixes.iter().all(|fix| fix.safety == Safety::Safe);
    Some(Fix {
        title,
        safety: if is_safe {
            Safety::Safe
        } else {
            Safety::Unsafe
        },
        edits: fixes.iter().flat_map(|fix| fix.edits.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Rule, Severity};
    use crate::source::SourceFile;

    static RULE: Rule = Rule {
        name: "some-rule",
        severity: Severity::Warning,
        summary: "",
    };

    /// Findings at the bytes of files, each with a name and the key of its cause.
    fn gathered(found: &[(usize, usize, &str, &str)]) -> Vec<Diagnostic> {
        let mut sources = Sources::default();
        let files = ["a.mdx", "b.mdx"];
        let files = files.map(|path| sources.add(SourceFile::new(path, "0123456789")));
        let diagnostics = found.iter().map(|(file, at, name, key)| {
            let span = Span::new(files[*file], *at..at + 1);
            let help = "mend them";
            let cause = Cause::on_page(*key).of(format!("`{name}`"), "{} are wrong", help);
            let fix = Fix::replace("mend it", Safety::Safe, span, *name);
            Diagnostic::new(&RULE, span, format!("`{name}` is wrong"))
                .subject(format!("response.user.{name}"))
                .operation(format!("GET /{file}"))
                .cause(cause)
                .fix(fix)
        });
        gather(&sources, diagnostics.collect())
    }

    fn messages(found: &[(usize, usize, &str, &str)]) -> Vec<String> {
        let gathered = gathered(found);
        gathered.into_iter().map(|it| it.message).collect()
    }

    #[test]
    fn each_cause_is_one_finding_that_names_all_it_stands_for() {
        let found = [
            (0, 1, "a", "x"),
            (0, 2, "b", "y"),
            (0, 3, "c", "x"),
            (0, 5, "d", "x"),
        ];
        assert_eq!(
            messages(&found),
            ["`a`, `c`, and `d` are wrong", "`b` is wrong"]
        );
        assert_eq!(messages(&found[..2]), ["`a` is wrong", "`b` is wrong"]);
    }

    #[test]
    fn the_same_name_in_several_places_is_counted() {
        let found = [(0, 1, "a", "x"), (0, 2, "a", "x"), (0, 4, "a", "x")];
        assert_eq!(
            messages(&found),
            ["`a` is wrong, here and in 2 other places on this page"]
        );
        let found = [(0, 1, "a", "x"), (0, 2, "a", "x"), (0, 4, "b", "x")];
        assert_eq!(
            messages(&found),
            ["`a` and `b` are wrong, in 3 places on this page"]
        );
    }

    #[test]
    fn pages_are_apart_unless_the_cause_is_of_the_site() {
        let found = [(0, 1, "a", "x"), (1, 1, "a", "x")];
        assert_eq!(messages(&found), ["`a` is wrong", "`a` is wrong"]);
    }

    #[test]
    fn what_is_said_of_several_pages_is_one_finding_for_the_same_names() {
        let mut sources = Sources::default();
        let files = ["a.mdx", "b.mdx"];
        let files = files.map(|path| sources.add(SourceFile::new(path, "0123456789")));
        let found = |file: usize, at: usize, name: &str| {
            let cause = Cause::on_page("x").of(format!("`{name}`"), "{} are wrong", "mend them");
            let span = Span::new(files[file], at..at + 1);
            Diagnostic::new(&RULE, span, format!("`{name}` is wrong")).cause(cause.across("y"))
        };
        let messages = |found: Vec<Diagnostic>| -> Vec<String> {
            let gathered = gather(&sources, found);
            gathered.into_iter().map(|it| it.message).collect()
        };
        let same = [
            found(0, 1, "a"),
            found(0, 2, "b"),
            found(1, 1, "a"),
            found(1, 2, "b"),
        ];
        assert_eq!(
            messages(same.to_vec()),
            ["`a` and `b` are wrong, in 4 places on 2 pages"]
        );
        let others = [found(0, 1, "a"), found(0, 2, "b"), found(1, 1, "a")];
        assert_eq!(
            messages(others.to_vec()),
            ["`a` and `b` are wrong", "`a` is wrong"]
        );
    }

    #[test]
    fn a_joined_finding_is_about_what_its_parts_have_in_common() {
        let [joined] = &gathered(&[(0, 1, "a", "x"), (0, 3, "b", "x")])[..] else {
            panic!("one finding");
        };
        assert_eq!(joined.subject.as_deref(), Some("response.user"));
        assert_eq!(joined.operation.as_deref(), Some("GET /0"));
        assert_eq!(joined.repeats.len(), 1);
        let fix = joined.fix.as_deref().expect("a fix");
        assert_eq!(
            (fix.edits.len(), fix.title.as_str()),
            (2, "mend it, in 2 places")
        );
    }

    #[test]
    fn of_many_names_the_first_are_listed() {
        let names: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        assert_eq!(listed(&names), "0, 1, 2, 3, 4, 5, 6, 7, and 4 more");
        assert_eq!(listed(&names[..9]), "0, 1, 2, 3, 4, 5, 6, 7, and 8");
    }
}
