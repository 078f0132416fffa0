//! An example shows members at another level than they are documented at: inside of `data`, say.

use std::collections::HashMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::shape::{Member, Openness, ShapeKind};
use crate::model::{Field, Origin, Response, Written};
use crate::source::Span;

use super::comparison::Comparison;
use super::enveloped::Enveloped;
use super::nesting::{self, Drift};

pub(super) static RULE: Rule = Rule {
    name: "wrong-nesting",
    severity: Severity::Error,
    summary: "an example shows members at another level than their fields document",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for drift in &comparison.drifts {
        let first = drift.names.first().map_or("", String::as_str);
        let documented = nesting::join(&drift.documented, first);
        let shown = nesting::join(&drift.shown, first);
        let message = match drift.names.len() {
            0 | 1 => format!("`{documented}` is documented, and shown as `{shown}`"),
            count => format!(
                "`{documented}` and {} more are documented, and shown as `{shown}` and so on",
                count - 1
            ),
        };
        let diagnostic = Diagnostic::new(&RULE, drift.key, message)
            .label(format!("shown {}", inside(&drift.shown)))
            .help(help(drift))
            .related(
                drift.field,
                format!("documented {}", inside(&drift.documented)),
            )
            .subject(comparison.subject(&shown));
        let is_loose = comparison.is_in_text() && drift.documented.is_empty();
        diagnostics.push(if is_loose {
            diagnostic.severity(Severity::Info)
        } else {
            diagnostic
        });
    }
}

/// What the paragraph above the fields calls by its name, as "Wrap these in `shop`:" does, is told to readers.
pub(super) fn leave_to_text<'d>(
    comparison: &Comparison<'_>,
    headings: &Headings<'_>,
    diagnostics: impl Iterator<Item = &'d mut Diagnostic>,
) {
    let named = comparison.drifts.iter().filter(|drift| {
        let first = drift.names.first();
        let field = first.and_then(|name| comparison.field(name));
        let field = field.or(comparison.fields.first());
        drift.documented.is_empty() && field.is_some_and(|it| headings.lead_to(it, &drift.shown))
    });
    let named: Vec<String> = named
        .map(|drift| {
            let first = drift.names.first().map_or("", String::as_str);
            comparison.subject(&nesting::join(&drift.shown, first))
        })
        .collect();
    if named.is_empty() {
        return;
    }
    for diagnostic in diagnostics.filter(|it| it.rule.name == RULE.name) {
        let subject = diagnostic.subject.as_deref();
        if subject.is_some_and(|it| named.iter().any(|own| own == it)) {
            diagnostic.severity = Severity::Info;
        }
    }
}

fn inside(path: &str) -> String {
    if path.is_empty() {
        "at the top".to_owned()
    } else {
        format!("inside of `{path}`")
    }
}

fn help(drift: &Drift) -> String {
    match (drift.shown.as_str(), drift.documented.as_str()) {
        ("", documented) => {
            format!("show the members inside of `{documented}`, or document them without it")
        }
        (shown, _) => format!("document the members inside of `{shown}`, or show them without it"),
    }
}

/// A response whose fields only fit what stands inside of one member of the examples, or the other way round.
pub(super) fn check_envelope(
    response: &Response,
    headings: &Headings<'_>,
    enveloped: &Enveloped<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let found = unwrapped(response, headings, enveloped).or_else(|| wrapped(response));
    diagnostics.extend(found);
}

/// The headings and the paragraphs above the fields of a site, by the opening tags of these.
pub(super) struct Headings<'p>(HashMap<Span, (&'p str, &'p str)>);

impl<'p> Headings<'p> {
    pub(super) fn new(pages: &[Written<'p>]) -> Self {
        let fields = pages.iter().flat_map(|page| &page.fields);
        let above = fields.map(|field| (field.open, (field.heading, field.lead)));
        Self(above.collect())
    }

    /// True if the paragraph above a field has the member in code, or if that or the heading is not much more than its name:
    /// "### The owner object", "**lines[]:**".
    fn lead_to(&self, field: &Field, member: &str) -> bool {
        let member = nesting::split(member).1.trim_end_matches("[]");
        let above = self.0.get(&field.open);
        above.is_some_and(|(heading, lead)| {
            names_in_code(lead, member) || is_title_of(heading, member) || is_title_of(lead, member)
        })
    }

    /// True if the heading above the first field names the member, as "Team fields" names `teams`, or if the paragraph does
    /// so in code, as "Inside of `result`:" does.
    fn name(&self, response: &Response, member: &str) -> bool {
        let first = response.fields.first();
        let above = first.and_then(|field| self.0.get(&field.open));
        let Some((heading, lead)) = above else {
            return false;
        };
        if names_in_code(lead, member) {
            return true;
        }
        let words = heading.split(|c: char| !c.is_alphanumeric());
        let wanted = singular(&member.to_lowercase()).to_owned();
        let mut words = words.map(str::to_lowercase);
        words.any(|word| singular(&word) == wanted)
    }
}

/// True if the last sentence of a paragraph has the member in code.
fn names_in_code(paragraph: &str, member: &str) -> bool {
    let ends = paragraph.trim_end_matches([' ', '.', ':', '*', '_']);
    let last = ends.rsplit(". ").next().unwrap_or(ends);
    let mut spans = last.split('`').skip(1).step_by(2);
    spans.any(|span| span.trim_end_matches("[]") == member)
}

/// True for a short title that has the name of the member.
fn is_title_of(title: &str, member: &str) -> bool {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|it| !it.is_empty())
        .collect();
    let wanted = member.to_lowercase();
    let is_it = |word: &&str| *word == wanted || singular(word) == singular(&wanted);
    !wanted.is_empty() && words.len() < 5 && words.iter().any(is_it)
}

/// A word without the ending of its plural.
fn singular(word: &str) -> &str {
    ["ies", "es", "s", "y", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3))
        .unwrap_or(word)
}

/// The fields describe the members of `data`; the examples have `data` around them.
fn unwrapped(
    response: &Response,
    headings: &Headings<'_>,
    enveloped: &Enveloped<'_>,
) -> Option<Diagnostic> {
    let shape = response.shape.as_ref()?;
    let ShapeKind::Object {
        members,
        open: Openness::Open(evidence),
    } = &shape.kind
    else {
        return None;
    };
    let [member] = members.as_slice() else {
        return None;
    };
    let is_documented = response
        .fields
        .iter()
        .any(|field| field.name.value.split(['.', '[']).next() == Some(member.name.as_str()));
    if evidence.origin != Origin::Inferred || is_documented {
        return None;
    }
    let (example, key) = response.examples.iter().find_map(|example| {
        let value = example.value()?;
        let member = value.members().iter().find(|own| own.key == member.name)?;
        Some((example, member.key_range.clone()))
    })?;
    let inside = inferred_path(member);
    let message = match response.fields.as_slice() {
        [only] => format!(
            "the field `{}` documents what stands inside of `{inside}`, and not `{}` itself",
            only.name.value.trim(),
            member.name
        ),
        _ => format!(
            "the fields document what stands inside of `{inside}`, and not `{}` itself",
            member.name
        ),
    };
    // A heading tells readers whose members they are, or a page about all answers; and in the text, people list what
    // needs words.
    let is_told = headings.name(response, &member.name) || enveloped.tells_of(&member.name);
    let is_in_text = |field: &Field| field.name.evidence.origin <= Origin::Prose;
    let severity = if is_told || response.fields.first().is_some_and(is_in_text) {
        Severity::Info
    } else {
        Severity::Warning
    };
    Some(
        Diagnostic::new(&RULE, example.text.span(key), message)
            .severity(severity)
            .label("no field documents it")
            .help(format!(
                "put the fields into a field `{inside}`, or show the example without it"
            ))
            .related(evidence.span, "the fields begin here")
            .subject(response.status.subject())
            .cause(Cause::on_site(format!("around {inside}"))),
    )
}

/// The path through the members that only examples show: `data.insert.returning`.
fn inferred_path(member: &Member) -> String {
    let inner = match &member.shape.kind {
        ShapeKind::Array(items) => &items.kind,
        kind => kind,
    };
    match inner {
        ShapeKind::Object {
            members,
            open: Openness::Open(evidence),
        } if evidence.origin == Origin::Inferred && members.len() == 1 => {
            nesting::join(&member.name, &inferred_path(&members[0]))
        }
        _ => member.name.clone(),
    }
}

/// The only field is `data` with members; the examples show these members without `data`.
fn wrapped(response: &Response) -> Option<Diagnostic> {
    let [field] = response.fields.as_slice() else {
        return None;
    };
    let name = field.name.value.trim();
    if field.children.is_empty() || !is_envelope(name) {
        return None;
    }
    let values: Vec<_> = response
        .examples
        .iter()
        .filter_map(|example| Some((example, example.value()?)))
        .filter(|(_, value)| !value.members().is_empty())
        .collect();
    let (example, value) = values.first()?;
    let shows = |value: &crate::model::json::Json| {
        let children = field.children.iter().map(|child| child.name.value.trim());
        children.filter(|child| value.get(child).is_some()).count()
    };
    let is_at_top = values
        .iter()
        .all(|(_, value)| value.get(name).is_none() && !value.is_open() && shows(value) > 0);
    if !is_at_top || shows(value) * 2 < value.members().len() {
        return None;
    }
    let first = value.members().first()?;
    let message =
        format!("the fields document members of `{name}`, and the example shows them without it");
    Some(
        Diagnostic::new(&RULE, example.text.span(first.key_range.clone()), message)
            .severity(Severity::Warning)
            .label(format!("not inside of `{name}`"))
            .help(format!(
                "show the members inside of `{name}`, or document them without it"
            ))
            .related(field.name.evidence.span, "documented here")
            .subject(response.status.subject())
            .cause(Cause::on_site(format!("without {name}"))),
    )
}

/// Names that members have, and that are no titles for the body as a whole.
fn is_envelope(name: &str) -> bool {
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let stands_for_all = matches!(
        name,
        "array" | "response" | "object" | "root" | "body" | "json" | "returns" | "output"
    );
    is_word && !name.is_empty() && !stands_for_all
}
