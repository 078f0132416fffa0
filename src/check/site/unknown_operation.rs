//! The `openapi:` line of a page names an operation that the OpenAPI file does not have: the page stays empty.

use crate::diagnostic::{Diagnostic, Rule, Severity, likeness};
use crate::model::endpoint::Endpoint;
use crate::model::openapi::Specification;
use crate::model::route::Template;
use crate::model::{Documentation, Written};

pub(super) static RULE: Rule = Rule {
    name: "unknown-operation",
    severity: Severity::Error,
    summary: "an `openapi:` line names an operation that the OpenAPI file does not have",
};

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for page in pages {
        let Some(entry) = page.entry("openapi") else {
            continue;
        };
        let Some((file, endpoint)) = entry.value.as_str().and_then(named) else {
            continue;
        };
        // An operation may be in a file that is fetched, or that could not be read.
        let files = documentation.specifications_named(&file);
        let is_known = files.iter().any(|file| has(file, &endpoint));
        if files.is_empty() || is_known || !documentation.specifications.unread.is_empty() {
            continue;
        }
        let name = endpoint.name();
        let message = format!("the OpenAPI file `{file}` has no operation `{name}`");
        let near = nearest(&files, &name);
        let help = near.map_or_else(
            || "name an operation of the file, or add it there".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        diagnostics.push(
            Diagnostic::new(&RULE, entry.value_span, message)
                .label("no such operation")
                .help(help)
                .subject("endpoint"),
        );
    }
}

/// The file and the operation of `openapi.yaml GET /users`; nothing if no file is named.
fn named(line: &str) -> Option<(String, Endpoint)> {
    let (file, endpoint) = Endpoint::named(line)?;
    Some((file?, endpoint))
}

fn has(file: &Specification, endpoint: &Endpoint) -> bool {
    let path = Template::parse(&endpoint.path).identity();
    file.operations.iter().any(|operation| {
        let own = &operation.endpoint.value;
        own.method == endpoint.method
            && [own.path.clone(), operation.joined_path()]
                .iter()
                .any(|own| Template::parse(own).identity() == path)
    })
}

fn nearest(files: &[&Specification], name: &str) -> Option<String> {
    let operations = files.iter().flat_map(|file| &file.operations);
    let known = operations.map(|operation| operation.endpoint.value.name());
    let near = known.map(|known| (likeness(&known, name), known));
    near.filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}
