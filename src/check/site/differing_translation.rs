//! A translation documents other fields than the page that it translates.
//!
//! Translations are pages of one path below folders that are named by languages; the page that is translated stands in
//! the folder of the first language of the navigation, in `en`, or outside of such folders.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::endpoint::Endpoint;
use crate::model::{Documentation, Written, WrittenField};
use crate::source::Span;

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
            compare(page, original, documentation, diagnostics);
        }
    }
}

fn compare(
    page: &Written<'_>,
    original: &Written<'_>,
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (Some(api), Some(original_api)) = (page.entry("api"), original.entry("api")) else {
        return;
    };
    let path = documentation.path(original.file);
    let endpoint = |text: Option<&str>| Endpoint::parse(text.unwrap_or_default()).ok();
    if endpoint(api.value.as_str()) != endpoint(original_api.value.as_str()) {
        let message = format!("the translation documents another endpoint than `{path}`");
        diagnostics.push(
            Diagnostic::new(&RULE, api.value_span, message)
                .related(original_api.value_span, "the page that it translates")
                .help("make the endpoints agree")
                .subject("endpoint"),
        );
        return;
    }
    let (here, there) = (fields(page), fields(original));
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
        diagnostics.push(
            Diagnostic::new(&RULE, api.value_span, message)
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
        if field.says == other.says {
            continue;
        }
        let message = format!(
            "`{name}` is {} in the translation, and {} in `{path}`",
            field.says, other.says
        );
        diagnostics.push(
            Diagnostic::new(&RULE, field.place, message)
                .related(other.place, other.says.clone())
                .help("make the fields agree")
                .subject(name.as_str()),
        );
    }
}

struct Said {
    place: Span,
    /// Type and presence.
    says: String,
}

fn fields(page: &Written<'_>) -> BTreeMap<String, Said> {
    let mut found = BTreeMap::new();
    collect(&page.fields, None, &mut found);
    found
}

fn collect(fields: &[WrittenField<'_>], around: Option<&str>, into: &mut BTreeMap<String, Said>) {
    for field in fields {
        let subject = field.subject(around);
        collect(&field.children, Some(&subject), into);
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
        into.entry(subject).or_insert(Said { place, says });
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
