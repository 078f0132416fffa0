//! The endpoint of a page beside the fields of the page.

mod body_of_get;
mod contradicting_table;
mod contradicting_title;
mod malformed_path;
mod repeated_endpoint;
mod undocumented_path_parameter;
mod unknown_path_parameter;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::endpoint::{Endpoint, split_server};
use crate::model::route::Template;
use crate::model::{Documentation, Written, WrittenField};
use crate::source::Span;

/// Every rule of the group.
pub(super) const RULES: &[&Rule] = &[
    &body_of_get::RULE,
    &contradicting_table::RULE,
    &contradicting_title::RULE,
    &malformed_path::RULE,
    &repeated_endpoint::RULE,
    &undocumented_path_parameter::RULE,
    &unknown_path_parameter::RULE,
];

/// The rules that compare pages.
pub(super) const ACROSS_PAGES: &[&Rule] = &[&repeated_endpoint::RULE];

pub(super) fn check(pages: &[Written<'_>], documentation: &Documentation) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for page in pages.iter().filter(|page| page.is_endpoint()) {
        contradicting_table::check(page, &mut diagnostics);
    }
    let stated: Vec<_> = pages
        .iter()
        .filter_map(|page| Some((page, Stated::of(page)?)))
        .collect();
    let left_out: Vec<Vec<String>> = stated
        .iter()
        .map(|(page, stated)| PathFields::of(page, stated).left_out(stated))
        .collect();
    for (page, stated) in &stated {
        malformed_path::check(stated, &mut diagnostics);
        body_of_get::check(page, stated, &mut diagnostics);
        contradicting_title::check(page, stated, &mut diagnostics);
        // What is in a malformed path is anybody's guess.
        if !stated.template.faults().is_empty() {
            continue;
        }
        let paths = PathFields::of(page, stated);
        undocumented_path_parameter::check(page, stated, &paths, &left_out, &mut diagnostics);
        unknown_path_parameter::check(page, stated, &paths, &mut diagnostics);
    }
    for page in pages {
        let Some(named) = Stated::named(page).filter(|it| it.template.faults().is_empty()) else {
            continue;
        };
        let mut paths = PathFields::of(page, &named);
        // The OpenAPI file documents what no field does.
        paths.undocumented.clear();
        unknown_path_parameter::check(page, &named, &paths, &mut diagnostics);
    }
    repeated_endpoint::check(pages, documentation, &mut diagnostics);
    diagnostics
}

/// What the `api:` line of a page states, or its `openapi:` line names.
struct Stated {
    endpoint: Endpoint,
    template: Template,
    /// The place of the value.
    span: Span,
}

impl Stated {
    fn of(page: &Written<'_>) -> Option<Self> {
        let entry = page.entry("api")?;
        let endpoint = Endpoint::parse(entry.value.as_str()?).ok()?;
        Some(Self::new(endpoint, entry.value_span))
    }

    /// What the `openapi:` line of a page without `api:` names, with or without the name of a file before it.
    fn named(page: &Written<'_>) -> Option<Self> {
        if page.is_endpoint() {
            return None;
        }
        let entry = page.entry("openapi")?;
        let (_, endpoint) = Endpoint::named(entry.value.as_str()?)?;
        Some(Self::new(endpoint, entry.value_span))
    }

    fn new(endpoint: Endpoint, span: Span) -> Self {
        Self {
            template: Template::parse(&endpoint.path),
            endpoint,
            span,
        }
    }

    /// The path up to a parameter, with the names of those before it.
    fn up_to(&self, name: &str) -> String {
        let path = &self.endpoint.path;
        let is_it = |part: &str| part == format!("{{{name}}}") || part == format!(":{name}");
        let parts = path.split('/');
        let before: Vec<&str> = parts.take_while(|part| !is_it(part)).collect();
        format!("{}/{{{name}}}", before.join("/"))
    }

    /// The place of bytes of `text`, which is a part of the value, if the value is written as it is read.
    fn place(&self, api: &str, text: &str, range: &Range<usize>) -> Span {
        let quotes = self.span.len().saturating_sub(api.len());
        match api.find(text) {
            Some(at) if quotes == 0 || quotes == 2 => {
                let start = self.span.start as usize + quotes / 2 + at;
                Span::new(self.span.file, start + range.start..start + range.end)
            }
            _ => self.span,
        }
    }
}

/// The path parameters of the URL and of the fields, as far as they do not match each other.
struct PathFields<'a> {
    /// Names in the path that no field documents.
    undocumented: Vec<String>,
    /// Fields that name nothing in the URL.
    unknown: Vec<&'a WrittenField<'a>>,
}

impl<'a> PathFields<'a> {
    fn of(page: &'a Written<'_>, stated: &Stated) -> Self {
        let mut fields = Vec::new();
        of_paths(&page.fields, &mut fields);
        let in_path = stated.template.parameters();
        let elsewhere = in_braces(page);
        let names: Vec<&str> = fields.iter().filter_map(|it| Some(it.name()?.0)).collect();
        let undocumented = in_path
            .iter()
            .filter(|name| !names.contains(&name.as_str()));
        let undocumented = undocumented.cloned().collect();
        fields.retain(|field| {
            field.name().is_some_and(|(name, _)| {
                !in_path.iter().chain(&elsewhere).any(|known| known == name)
            })
        });
        Self {
            undocumented,
            unknown: fields,
        }
    }

    /// The paths up to the parameters that no field documents.
    fn left_out(&self, stated: &Stated) -> Vec<String> {
        let names = self.undocumented.iter();
        names.map(|name| stated.up_to(name)).collect()
    }

    /// The field and the name that are meant for each other: the only ones that are left over.
    fn pair(&self) -> Option<(&'a WrittenField<'a>, &str)> {
        match (self.unknown.as_slice(), self.undocumented.as_slice()) {
            ([field], [name]) => Some((field, name)),
            _ => None,
        }
    }
}

fn of_paths<'a>(fields: &'a [WrittenField<'a>], into: &mut Vec<&'a WrittenField<'a>>) {
    for field in fields {
        let locations = field.locations();
        let is_own = field.is_own && !field.is_response();
        if is_own && locations.first().is_some_and(|it| it.name == "path") {
            // Of what stands in it the same is to be said.
            into.push(field);
        } else {
            of_paths(&field.children, into);
        }
    }
}

/// The names in braces in the host and in the query.
fn in_braces(page: &Written<'_>) -> Vec<String> {
    let api = page.entry("api").and_then(|entry| entry.value.as_str());
    let target = api
        .and_then(|api| api.split_whitespace().nth(1))
        .unwrap_or_default();
    let (server, rest) = split_server(target);
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let mut names = Vec::new();
    for text in [server.as_deref().unwrap_or_default(), query] {
        let parts = text.split('{').skip(1);
        names.extend(parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned())));
    }
    names
}
