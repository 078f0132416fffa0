//! An example shows a member that no field documents.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Related, Rule, Severity};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::MismatchKind;
use crate::model::{Documentation, Field, Operation};
use crate::source::Sources;

use super::comparison::{Comparison, Shown};
use super::request::{self, Requests};
use super::{nesting, site, spoken, stub};

pub(super) static RULE: Rule = Rule {
    name: "undocumented-member",
    severity: Severity::Error,
    summary: "an example shows a member that no field documents",
};

/// A page that documents one of so many shown members lists none.
const FEW: usize = 3;

pub(super) fn check(
    comparison: &Comparison<'_>,
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut texts = Texts::default();
    let undocumented = comparison.undocumented();
    if undocumented.is_empty() {
        return;
    }
    let choices = choices(comparison);
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
        if texts.name(comparison, example, &mismatch.range, &path)
            || is_choice(&choices, &path)
            || is_of_protocol(comparison, example, &path)
        {
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
        let around = nesting::split(&path).0;
        if is_more_than_listed(comparison, around) && pair.is_none()
            || is_one_of_few(comparison, example, &mismatch.range, around)
            || is_other_form(comparison, example, &mismatch.range, around)
            || is_commented(example, &mismatch.range)
            || is_of_other(comparison, example)
            || is_of_error(comparison, example, &path)
            || is_open(comparison, around)
        {
            diagnostic = diagnostic.severity(Severity::Info);
        } else if comparison.is_in_text() || !objects.contains(around) {
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

/// True if a table or a list in the text documents what comes back there: it may leave out what fields would not.
fn is_more_than_listed(comparison: &Comparison<'_>, around: &str) -> bool {
    !comparison.is_request() && around.trim_end_matches("[]").is_empty() && comparison.is_in_text()
}

/// More of the members that are nowhere shown stand for no others.
const CHOICES: usize = 64;

/// The documented members that are nowhere shown, and whose texts have names in code, each with the path around it.
fn choices<'a, 'c>(comparison: &'c Comparison<'a>) -> Vec<(&'c str, &'a Field)> {
    let hidden = comparison.hidden.iter().take(CHOICES);
    let found = hidden.filter_map(|hidden| {
        let field = comparison.field(&hidden.path)?;
        // What must be sent is not left out for another one, unless its name and its text say so: `value[x]`.
        let has_names = hidden.member.name.contains(['[', '<', '{', '*']);
        let may_stand = !hidden.is_required() || has_names && offers_others(&field.description);
        let around = nesting::split(&hidden.path).0;
        (may_stand && field.description.contains('`')).then_some((around, field))
    });
    found.collect()
}

/// True if a text has several names in code, or words of a choice: "see `old_id` there" puts nothing in the place of a member.
fn offers_others(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = [
        " or ",
        "either",
        "instead",
        "in place of",
        "depend",
        "one of",
    ];
    text.matches('`').count() > 2 || words.iter().any(|it| lower.contains(it))
}

/// True if the text of one beside it has the member in code: "`value[x]`: `valueText` or `valueDate`."
fn is_choice(choices: &[(&str, &Field)], path: &str) -> bool {
    let (around, name) = nesting::split(path);
    choices
        .iter()
        .any(|(own, field)| *own == around && names_in_code(&field.description, name))
}

/// True if a fence that is only taken for an example shows three times as many members of the object as are
/// documented, or more: the page describes some of them, and lists none.
fn is_one_of_few(
    comparison: &Comparison<'_>,
    example: &Shown<'_>,
    key: &Range<usize>,
    around: &str,
) -> bool {
    let undocumented = names_around(example, around);
    comparison.is_inferred()
        && !comparison.is_request()
        && example.siblings_at(key).is_some_and(|shown| {
            let unlisted = shown
                .iter()
                .filter(|it| undocumented.contains(it.key.as_str()));
            let unlisted = unlisted.count();
            let listed = shown.len() - unlisted;
            listed > 0 && listed * FEW <= shown.len()
        })
}

/// True if the object shows nothing that is documented for it, in an example with a title, while it does in another one:
/// the title tells that this is another form of it.
fn is_other_form(
    comparison: &Comparison<'_>,
    example: &Shown<'_>,
    key: &Range<usize>,
    around: &str,
) -> bool {
    let Some(title) = example
        .title
        .filter(|title| title.contains(char::is_alphabetic))
    else {
        return false;
    };
    let undocumented = names_around(example, around);
    let shown = example.siblings_at(key).unwrap_or_default();
    let is_other = shown.len() > 1
        && shown
            .iter()
            .all(|it| undocumented.contains(it.key.as_str()));
    let path = around.replace("[]", "");
    is_other
        && comparison.examples.iter().any(|other| {
            let undocumented = names_around(other, around);
            let object = other.object_at(path.trim_start_matches('.'));
            let mut members = object.into_iter().flat_map(Json::members);
            other.title != Some(title) && members.any(|it| !undocumented.contains(it.key.as_str()))
        })
}

/// True if a comment stands on the line of the member, behind it: it is what the page says of it.
fn is_commented(example: &Shown<'_>, key: &Range<usize>) -> bool {
    let Some(value) = example.member_at(key).filter(|_| example.decoded.is_none()) else {
        return false;
    };
    let text = example.text.text();
    let behind = |at: usize| text.get(at..).and_then(|it| it.lines().next());
    let is_comment = |rest: &str| {
        let rest = rest.trim_start_matches([',', ' ', '\t', '{', '[']);
        rest.starts_with("//") || rest.starts_with("/*")
    };
    behind(value.range.end).is_some_and(is_comment)
        || behind(value.range.start).is_some_and(|it| it.starts_with(['{', '[']) && is_comment(it))
}

/// True if one of several examples of a success is one of a failure that is answered so, or of another thing: its title says
/// so.
fn is_of_other(comparison: &Comparison<'_>, example: &Shown<'_>) -> bool {
    let is_of_success = || {
        comparison.side() == "response"
            && example
                .title
                .is_some_and(|it| spoken::tells_failure(it) || spoken::tells_other(it))
    };
    !comparison.is_request() && is_of_success()
}

/// True if an example has a member for errors at its root, and lacks one that is documented there and that another example
/// shows: it is that of a failure, whatever its title says.
fn is_of_error(comparison: &Comparison<'_>, example: &Shown<'_>, path: &str) -> bool {
    let is_payload = |name: &str| {
        let others = comparison.examples.iter();
        let mut shown = others.filter_map(|other| other.value.get(name));
        let is_titled = comparison.examples.len() == 1
            && example
                .title
                .is_some_and(|title| title.contains(char::is_alphabetic));
        example.value.get(name).is_none() && (shown.next().is_some() || is_titled)
    };
    let mut members = comparison.shape.members().iter();
    !comparison.is_request()
        && spoken::is_of_errors(path)
        && members.any(|member| is_payload(&member.name))
}

/// True for what JSON-RPC puts around a result: a page that documents `result` or `error` leaves the rest to the protocol.
fn is_of_protocol(comparison: &Comparison<'_>, example: &Shown<'_>, path: &str) -> bool {
    const AROUND: [&str; 4] = ["jsonrpc", "id", "result", "error"];
    let version = example.value.get("jsonrpc").and_then(Json::as_str);
    let mut members = comparison.shape.members().iter();
    AROUND.contains(&path)
        && version.is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
        && members.any(|it| AROUND.contains(&it.name.as_str()))
}

/// True if the text of the object says that others may be in it.
fn is_open(comparison: &Comparison<'_>, around: &str) -> bool {
    let object = around.trim_end_matches("[]");
    let field = comparison
        .field(around)
        .or_else(|| comparison.field(object));
    // A body as a whole is a field without a name.
    let is_whole = || field.is_some_and(|it| it.name.value.trim().is_empty());
    (!object.is_empty() || is_whole())
        && field.is_some_and(|it| spoken::is_open_object(&it.description, comparison.is_request()))
}

/// The names of the undocumented members that an example shows in the object at a path.
fn names_around(example: &Shown<'_>, around: &str) -> HashSet<String> {
    let undocumented = example
        .mismatches
        .iter()
        .filter(|mismatch| mismatch.kind == MismatchKind::Undocumented);
    let paths = undocumented.map(|mismatch| mismatch.path.subject());
    let split = paths.filter_map(|path| {
        let (own, name) = nesting::split(&path);
        (own == around).then(|| name.to_owned())
    });
    split.collect()
}

/// A member that has its name from a value of the request was asked for: `?columns=branch` and `"branch": "north"`.
pub(super) fn leave_to_requests<'d>(
    diagnostics: impl Iterator<Item = &'d mut Diagnostic>,
    requests: &Requests<'_>,
) {
    let of_rule = |it: &&mut Diagnostic| {
        let subject = it.subject.as_deref().unwrap_or_default();
        it.rule.name == RULE.name && it.severity > Severity::Info && subject.starts_with("response")
    };
    let mut asked: Option<HashSet<String>> = None;
    for diagnostic in diagnostics.filter(of_rule) {
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        let name = nesting::split(subject).1.trim_end_matches("[]");
        let asked = asked.get_or_insert_with(|| request::sent::words(requests));
        if !asked.contains(name) {
            continue;
        }
        diagnostic.severity = Severity::Info;
        diagnostic.message = format!("`{name}` is shown, and only the request beside it names it");
        diagnostic.help =
            Some("say in the text of the object which members it can have".to_owned());
        diagnostic.fix = None;
        diagnostic.cause = None;
    }
}

/// A member of a request that another page of the same endpoint documents is documented, only not where it is shown; a
/// translation is a page of its own.
pub(super) fn leave_to_twins<'d>(
    diagnostics: impl Iterator<Item = &'d mut Diagnostic>,
    operation: &Operation,
    twins: &[Operation],
    documentation: &Documentation,
) {
    let path = |operation: &Operation| {
        operation
            .pages
            .first()
            .map(|page| documentation.path(*page))
    };
    let Some(own) = path(operation) else {
        return;
    };
    let is_twin = |twin: &&Operation| {
        path(twin)
            .is_some_and(|path| path != own && !site::are_translations(path, own, documentation))
    };
    let twins: Vec<&Operation> = twins.iter().filter(is_twin).collect();
    for diagnostic in diagnostics.filter(|it| it.rule.name == RULE.name) {
        let name = diagnostic
            .subject
            .as_deref()
            .and_then(|it| it.strip_prefix("request.body."));
        let member = name.and_then(|name| {
            let bodies = twins.iter().filter_map(|twin| twin.body.as_ref());
            let mut members = bodies.flat_map(|body| body.shape.members());
            members.find(|member| member.name == name)
        });
        if let (Some(name), Some(evidence)) = (name, member.and_then(|it| it.evidence)) {
            diagnostic.severity = Severity::Info;
            diagnostic.message = format!("`{name}` is shown, and documented on another page only");
            diagnostic.help = Some(format!(
                "document `{name}` here, too, or name the page that does"
            ));
            diagnostic.fix = None;
            diagnostic.cause = None;
            diagnostic.related = vec![Related {
                span: evidence.span,
                label: "documented here".to_owned(),
            }];
        }
    }
}

/// True if the text has the name in code, or its start as in `@desk.…`, or the first of a row of such names: "Lines
/// `address1`, …"
pub(super) fn names_in_code(text: &str, name: &str) -> bool {
    if name.is_empty() || !text.contains('`') {
        return false;
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_row = |at: usize| {
        let behind = text.get(at..).unwrap_or_default();
        let behind = behind.split_once('`').map_or("", |(_, behind)| behind);
        let behind = behind.trim_start_matches([',', ' ']);
        behind.starts_with('…') || behind.starts_with("...")
    };
    let mut spans = text.split('`').filter(|span| span.len() < 60);
    let is_start = |span: &str| {
        let start = ["…", "...", "*"]
            .iter()
            .find_map(|end| span.strip_suffix(end));
        start.is_some_and(|start| start.len() > 1 && name.starts_with(start))
    };
    text.contains(&format!("`{name}`"))
        || spans.any(is_start)
        || stem.len() < name.len()
            && ["0`", "1`", "2`"].iter().any(|first| {
                let first = format!("`{stem}{first}");
                let found = text.find(&first);
                found.is_some_and(|at| is_row(at + 1))
            })
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
pub(super) fn is_identifier(name: &str) -> bool {
    let is_camel =
        name.chars().skip(1).any(char::is_uppercase) && name.starts_with(char::is_lowercase);
    name.trim_matches('_').contains('_') || is_camel
}
