//! An example shows a member that no field documents.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::json::JsonKind;
use crate::source::Sources;

use super::comparison::{Comparison, Shown};
use super::{nesting, stub};

pub(super) static RULE: Rule = Rule {
    name: "undocumented-member",
    severity: Severity::Error,
    summary: "an example shows a member that no field documents",
};

pub(super) fn check(
    comparison: &Comparison<'_>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut texts = Texts::default();
    let undocumented = comparison.undocumented();
    let is_null = |example: &Shown<'_>, key: &Range<usize>| {
        let value = example.member_at(key);
        value.is_some_and(|value| value.kind == JsonKind::Null)
    };
    // What an object shows with a value is surely there.
    let objects: HashSet<String> = undocumented
        .iter()
        .filter(|(example, mismatch)| !is_null(example, &mismatch.range))
        .map(|(_, mismatch)| nesting::split(&mismatch.path.subject()).0.to_owned())
        .collect();
    for (example, mismatch) in undocumented {
        let path = mismatch.path.subject();
        let name = path.rsplit('.').next().unwrap_or(&path);
        if texts.name(comparison, example, &mismatch.range, &path) {
            continue;
        }
        let span = example.span(&mismatch.range);
        let pair = comparison.renamed.iter().find(|pair| pair.shown == path);
        let message = match pair {
            Some(pair) => format!(
                "`{path}` is shown, and `{}` is documented in its place",
                pair.documented
            ),
            None => format!("`{path}` is shown but not documented"),
        };
        let mut diagnostic = Diagnostic::new(&RULE, span, message)
            .label("no field documents it")
            .help(format!(
                "document `{name}` with a field, or remove it from the example"
            ))
            .subject(comparison.subject(&path))
            .cause(cause(comparison, &path));
        if !objects.contains(nesting::split(&path).0) {
            diagnostic = diagnostic.severity(Severity::Warning);
        }
        if let Some(pair) = pair {
            diagnostic = diagnostic
                .cause(Cause::on_site(format!("{path} {}", pair.documented)))
                .related(
                    pair.field,
                    format!("`{}` is documented here and shown nowhere", pair.documented),
                )
                .help(format!(
                    "use one name in both places: `{}` or `{}`",
                    pair.documented, path
                ));
        } else if let Some(stub) = stub::of(comparison, example, &mismatch.range, &path, sources) {
            diagnostic = diagnostic.fix(stub);
        }
        diagnostics.push(diagnostic);
    }
}

/// The undocumented members of one object are one slip, and so are those of an envelope that all pages show.
fn cause(comparison: &Comparison<'_>, path: &str) -> Cause {
    let side = comparison.side();
    comparison
        .of_object(path)
        .of(
            format!("`{path}`"),
            "{} are shown but not documented",
            "document them with fields, or remove them from the examples",
        )
        .across(format!("{side} {path}"))
}

/// The words of the texts around objects, by the paths of the objects.
#[derive(Default)]
struct Texts<'a>(HashMap<String, HashSet<&'a str>>);

impl<'a> Texts<'a> {
    /// True if the text of the field around names the member: by a name that is no word of a language, or together with
    /// others that the object shows, as in "includes summary, facts, and entities".
    fn name(
        &mut self,
        comparison: &Comparison<'a>,
        example: &Shown<'_>,
        key: &Range<usize>,
        path: &str,
    ) -> bool {
        let (around, name) = nesting::split(path);
        if !self.0.contains_key(around) {
            let text = match comparison.field(around) {
                Some(field) if !around.is_empty() => field.description.as_str(),
                _ => "",
            };
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            self.0.insert(around.to_owned(), words.collect());
        }
        let words = self.0.get(around);
        let Some(words) = words.filter(|words| words.contains(name)) else {
            return false;
        };
        let shown = example.siblings_at(key).unwrap_or_default();
        let mut named = shown.iter().filter(|it| words.contains(it.key.as_str()));
        is_identifier(name) || named.nth(1).is_some()
    }
}

/// True for names that no sentence holds by chance.
fn is_identifier(name: &str) -> bool {
    let is_camel =
        name.chars().skip(1).any(char::is_uppercase) && name.starts_with(char::is_lowercase);
    name.trim_matches('_').contains('_') || is_camel
}
