//! Two pages with one title document one endpoint.
//!
//! Pages that share an endpoint are often right: translations, versions, and variants that a member of the body tells
//! apart. They have titles, or folders, of their own.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Documentation, Written};

use super::Stated;

pub(super) static RULE: Rule = Rule {
    name: "repeated-endpoint",
    severity: Severity::Warning,
    summary: "two pages of one folder document one endpoint",
};

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: HashMap<(String, String), (&Written<'_>, Stated)> = HashMap::new();
    for page in pages {
        let Some(stated) = Stated::of(page) else {
            continue;
        };
        let endpoint = &stated.endpoint;
        let server = endpoint.server.as_deref().unwrap_or_default();
        let query = endpoint.query.as_deref().unwrap_or_default();
        let name = format!(
            "{} {server}{}?{query}",
            endpoint.method,
            stated.template.identity()
        );
        let path = documentation.path(page.file);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let key = (name, folder.to_owned());
        let Some((known, known_stated)) = first.get(&key) else {
            first.insert(key, (page, stated));
            continue;
        };
        let title = |page: &Written<'_>| {
            let entry = page.entry("title")?;
            Some(entry.value.as_str()?.trim().to_lowercase())
        };
        let same_title = title(known).is_some() && title(known) == title(page);
        let severity = if same_title {
            Severity::Warning
        } else {
            Severity::Info
        };
        let message = format!(
            "`{}` is documented by two pages of this folder",
            stated.endpoint.name()
        );
        diagnostics.push(
            Diagnostic::new(&RULE, stated.span, message)
                .severity(severity)
                .label("documented again")
                .related(known_stated.span, "documented here first")
                .help("correct the endpoint of one page, or put the pages together")
                .subject("endpoint"),
        );
    }
}
