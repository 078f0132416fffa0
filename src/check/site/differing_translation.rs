//! A translation documents other fields than the page that it translates.
//!
//! Translations are pages of one path below folders that are named by languages; the page that is translated stands in
//! the folder of the first language of the navigation, in `en`, or outside of such folders.

use std::collections::{BTreeMap, HashMap};

use crate::check::linked::{links, resolved};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::endpoint::Endpoint;
use crate::model::types::Type;
use crate::model::{Documentation, Fact, Field, Operation, Written, WrittenField};
use crate::source::{FileId, Span};

use super::page_name;

pub(super) static RULE: Rule = Rule {
    name: "differing-translation",
    severity: Severity::Warning,
    summary: "a translation documents other fields than the page that it translates",
};

/// How many names a message lists.
const LISTED: usize = 3;

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let by_name: HashMap<&str, &Written<'_>> = pages
        .iter()
        .map(|page| (page_name(documentation.path(page.file)), page))
        .collect();
    let languages = &documentation.config.languages;
    if languages.is_empty() {
        return;
    }
    let by_page = operations_by_page(documentation);
    for page in pages {
        let name = page_name(documentation.path(page.file));
        let Some((folder, rest)) = name.split_once('/') else {
            continue;
        };
        if !languages.iter().any(|language| language == folder) {
            continue;
        }
        let first = languages.first().map_or("en", String::as_str);
        if folder == first {
            continue;
        }
        let original = [
            format!("{first}/{rest}"),
            rest.to_owned(),
            format!("en/{rest}"),
        ];
        let original = original.iter().find_map(|name| by_name.get(name.as_str()));
        if let Some(original) = original.filter(|original| original.file != page.file) {
            compare(page, original, (documentation, &by_page), diagnostics);
        }
    }
}

/// The first server and the path of an operation, whatever the slashes between them.
fn whole(operation: &Operation) -> String {
    let server = operation.servers.first().map_or("", |it| it.value.as_str());
    let path = operation.endpoint.value.path.trim_start_matches('/');
    format!("{}/{path}", server.trim_end_matches('/'))
}

fn compare(
    page: &Written<'_>,
    original: &Written<'_>,
    (documentation, by_page): (&Documentation, &HashMap<FileId, Vec<&Operation>>),
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (Some(api), Some(original_api)) = (page.entry("api"), original.entry("api")) else {
        return;
    };
    let path = documentation.path(original.file);
    let endpoint = |text: Option<&str>| Endpoint::parse(text.unwrap_or_default()).ok();
    let operations = |page: &Written<'_>| by_page.get(&page.file).map_or(&[][..], Vec::as_slice);
    // The one may be a URL, and the other a path below the server of the site.
    let is_one = || {
        let joined = |page| {
            let operations = operations(page).iter();
            let joined = operations.map(|it| (it.endpoint.value.method.as_str(), whole(it)));
            joined.collect::<Vec<_>>()
        };
        let (here, there) = (joined(page), joined(original));
        !here.is_empty() && here == there
    };
    if endpoint(api.value.as_str()) != endpoint(original_api.value.as_str()) && !is_one() {
        let message = format!("the translation documents another endpoint than `{path}`");
        diagnostics.push(
            Diagnostic::new(&RULE, api.value_span, message)
                .related(original_api.value_span, "the page that it translates")
                .help("make the endpoints agree")
                .subject("endpoint"),
        );
        return;
    }
    let (here, there) = (
        fields(page, &by_place(operations(page))),
        fields(original, &by_place(operations(original))),
    );
    let lacks: Vec<_> = there
        .iter()
        .filter(|(name, _)| !here.contains_key(*name))
        .collect();
    let adds: Vec<_> = here
        .iter()
        .filter(|(name, _)| !there.contains_key(*name))
        .collect();
    if let Some((_, field)) = lacks.first() {
        let message = format!("the translation lacks {} of `{path}`", listed(&lacks));
        let own = documentation.path(page.file);
        let texts = page.texts();
        let mut targets = texts.iter().flat_map(|text| links(text.text()));
        let is_linked = |target| resolved(own, target).is_some_and(|it| it == page_name(path));
        // A translation that leads to the original leaves the rest to it.
        let severity = if targets.any(is_linked) {
            Severity::Info
        } else {
            RULE.severity
        };
        diagnostics.push(
            Diagnostic::new(&RULE, api.value_span, message)
                .severity(severity)
                .label("the translation")
                .related(field.place, "documented there")
                .help("document the same fields in both")
                .subject("page"),
        );
    }
    if let Some((name, field)) = adds.first() {
        let message = format!(
            "the translation documents {}, which `{path}` lacks",
            listed(&adds)
        );
        diagnostics.push(
            Diagnostic::new(&RULE, field.place, message)
                .related(original_api.value_span, "the page that it translates")
                .help("document the same fields in both")
                .subject(name.as_str()),
        );
    }
    for (name, field) in &here {
        let Some(other) = there.get(name) else {
            continue;
        };
        let spelling = spelling(field, other);
        if field.says == other.says || spelling == Spelling::SameType {
            diagnostics.extend(in_text(name, field, other, path));
            continue;
        }
        let message = format!(
            "`{name}` is {} in the translation, and {} in `{path}`",
            field.says, other.says
        );
        diagnostics.push(
            Diagnostic::new(&RULE, field.place, message)
                .severity(match spelling {
                    Spelling::Unknown => Severity::Info,
                    _ => RULE.severity,
                })
                .related(other.place, other.says.clone())
                .help("make the fields agree")
                .subject(name.as_str()),
        );
    }
}

/// What two spellings of types are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    SameType,
    OtherType,
    /// A word that is not understood may be that of the other language.
    Unknown,
}

fn spelling(one: &Said, other: &Said) -> Spelling {
    if one.is_required != other.is_required {
        return Spelling::OtherType;
    }
    match (&one.kind, &other.kind) {
        (Some(one), Some(other)) if one == other && !is_unknown(one) => Spelling::SameType,
        (Some(one), Some(other)) if is_unknown(one) || is_unknown(other) => Spelling::Unknown,
        _ => Spelling::OtherType,
    }
}

fn is_unknown(kind: &Type) -> bool {
    matches!(kind, Type::Unknown(_))
}

/// What each page says by itself.
fn operations_by_page(documentation: &Documentation) -> HashMap<FileId, Vec<&Operation>> {
    let mut found: HashMap<FileId, Vec<&Operation>> = HashMap::new();
    for (index, joined) in documentation.api.operations.iter().enumerate() {
        let apart = documentation.apart.get(&index);
        for operation in apart.map_or(std::slice::from_ref(joined), Vec::as_slice) {
            for page in &operation.pages {
                found.entry(*page).or_default().push(operation);
            }
        }
    }
    found
}

/// What the texts of both state, and state otherwise.
fn in_text(name: &str, here: &Said, there: &Said, path: &str) -> Option<Diagnostic> {
    let pairs = here.facts.iter().zip(&there.facts);
    let (ours, theirs) = pairs
        .filter_map(|(ours, theirs)| Some((ours.as_ref()?, theirs.as_ref()?)))
        .find(|(ours, theirs)| ours.value != theirs.value)?;
    let message = format!(
        "`{name}` is {} in the translation, and {} in `{path}`",
        ours.value, theirs.value
    );
    Some(
        Diagnostic::new(&RULE, ours.evidence.span, message)
            .related(theirs.evidence.span, theirs.value.clone())
            .help("make the texts agree")
            .subject(name),
    )
}

struct Said {
    place: Span,
    /// Type and presence.
    says: String,
    /// The type as read.
    kind: Option<Type>,
    is_required: bool,
    /// What the text says, in words: one of each kind.
    facts: Vec<Option<Fact<String>>>,
}

/// The facts of a text that have no language.
fn facts(field: &Field) -> Vec<Option<Fact<String>>> {
    fn words<T>(fact: Option<&Fact<T>>, words: impl Fn(&T) -> String) -> Option<Fact<String>> {
        fact.map(|it| Fact {
            value: words(&it.value),
            evidence: it.evidence,
        })
    }
    let prose = &field.prose;
    let allowed = words(prose.allowed.as_ref(), |values| {
        let mut words: Vec<_> = values.iter().map(text_of).collect();
        words.sort();
        format!("one of {}", words.join(", "))
    });
    vec![
        allowed,
        words(prose.minimum.as_ref(), |it| format!("at least {it}")),
        words(prose.maximum.as_ref(), |it| format!("at most {it}")),
        words(prose.min_length.as_ref(), |it| {
            format!("at least {it} long")
        }),
        words(prose.max_length.as_ref(), |it| format!("at most {it} long")),
    ]
}

fn text_of(value: &serde_json::Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    format!("`{text}`")
}

/// The fields that the operations of a page have, by the places of their tags.
fn by_place<'d>(operations: &[&'d Operation]) -> HashMap<Span, &'d Field> {
    fn add<'f>(field: &'f Field, into: &mut HashMap<Span, &'f Field>) {
        into.insert(field.open, field);
        for child in &field.children {
            add(child, into);
        }
    }
    let mut found = HashMap::new();
    for operation in operations {
        let parameters = operation.parameters.iter().map(|it| &it.field);
        let body = operation.body.iter().flat_map(|it| &it.fields);
        let responses = operation.responses.iter().flat_map(|it| &it.fields);
        for field in parameters.chain(body).chain(responses) {
            add(field, &mut found);
        }
    }
    found
}

fn fields(page: &Written<'_>, documented: &HashMap<Span, &Field>) -> BTreeMap<String, Said> {
    let mut found = BTreeMap::new();
    collect(&page.fields, None, documented, &mut found);
    found
}

fn collect(
    fields: &[WrittenField<'_>],
    around: Option<&str>,
    documented: &HashMap<Span, &Field>,
    into: &mut BTreeMap<String, Said>,
) {
    for field in fields {
        let subject = field.subject(around);
        collect(&field.children, Some(&subject), documented, into);
        let Some((_, place)) = field.name() else {
            continue;
        };
        let text = |name: &str| field.attribute(name).and_then(|it| it.value.as_str());
        let kind = text("type").unwrap_or("of no type");
        let flag = field
            .attribute("required")
            .and_then(|it| it.value.to_value());
        let is_required =
            flag.is_some_and(|it| it != serde_json::Value::Bool(false) && it != "false");
        let says = if is_required {
            format!("{kind}, required")
        } else {
            kind.to_owned()
        };
        let read = documented.get(&field.open);
        into.entry(subject).or_insert(Said {
            place,
            says,
            kind: read.map(|it| it.kind.clone()),
            is_required,
            facts: read.map(|it| facts(it)).unwrap_or_default(),
        });
    }
}

fn listed(fields: &[(&String, &Said)]) -> String {
    let names: Vec<_> = fields
        .iter()
        .take(LISTED)
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    match fields.len().saturating_sub(LISTED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
