//! A request example calls another path than the page documents.
//!
//! A page may call other operations too, before or after its own: nothing is said of these where one call fits.

use std::collections::HashMap;

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::Operation;
use crate::model::endpoint;
use crate::source::FileId;

use super::fit::{self, Fit};
use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-path",
    severity: Severity::Error,
    summary: "a request example calls another path than the page documents",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let endpoint = &requests.operation.endpoint;
    let mut seen: HashMap<(&str, FileId), Severity> = HashMap::new();
    for call in requests
        .calls
        .iter()
        .filter(|call| is_wrong(call, requests))
    {
        let place = (call.target.path.as_str(), call.example.span.file);
        let own = if call.company.exact || call.fit == Fit::Other {
            Severity::Warning
        } else {
            call.severity(requests.operation)
        };
        // The tabs of other languages repeat the mistake of the first one.
        let severity = *seen.entry(place).or_insert(own);
        let shown = format!("{} {}", call.method.text, call.target.path);
        let message = format!(
            "the example calls `{shown}`, and `{}` is documented",
            documented(requests.operation)
        );
        let span = call.span(call.target.path_range.clone());
        let mut diagnostic = Diagnostic::new(&RULE, span, message)
            .severity(severity)
            .label("another path")
            .help("call the documented path, or document this one")
            .related(endpoint.evidence.span, "documented here")
            .subject("endpoint")
            .cause(Cause::on_page(call.target.path.as_str()));
        if let Some(path) = mended(requests.operation, call) {
            let title = format!("call `{path}`");
            diagnostic = diagnostic.fix(Fix::replace(title, Safety::Unsafe, span, path));
        }
        diagnostics.push(diagnostic);
    }
}

fn is_wrong(call: &Call<'_>, requests: &Requests<'_>) -> bool {
    let company = call.company;
    match call.fit {
        Fit::Exact | Fit::Method | Fit::Unknown | Fit::Base => false,
        Fit::Other => !company.exact && !company.several,
        Fit::Path if company.exact => !company.several && is_near(call, requests.operation),
        Fit::Path => !company.several || is_near(call, requests.operation),
    }
}

/// True if all but one segment are the documented ones, and the host is not another: a slip rather than another call.
fn is_near(call: &Call<'_>, operation: &Operation) -> bool {
    let documented = operation.joined_path();
    let wanted: Vec<_> = fit::segments(&documented).collect();
    let found: Vec<_> = fit::segments(&call.target.path).collect();
    let same_method = call
        .method
        .text
        .eq_ignore_ascii_case(&operation.endpoint.value.method);
    let differing = wanted
        .iter()
        .zip(&found)
        .filter(|(wanted, found)| {
            wanted != found && !wanted.contains('{') && !wanted.starts_with(':')
        })
        .count();
    let is_same_host = call.target.host.as_ref().is_some_and(|host| {
        let mut servers = operation.servers.iter();
        servers.any(|server| fit::host_of(&server.value).as_ref() == Some(host))
    });
    same_method
        && wanted.len() == found.len()
        && differing == 1
        && (wanted.len() > 1 || is_same_host)
}

fn documented(operation: &Operation) -> String {
    format!(
        "{} {}",
        operation.endpoint.value.method,
        operation.joined_path()
    )
}

/// The documented path, with the values that the example has in the places of parameters.
fn mended(operation: &Operation, call: &Call<'_>) -> Option<String> {
    let base = operation
        .servers
        .first()
        .map_or("", |server| endpoint::split_server(&server.value).1);
    let path = format!(
        "{}{}",
        base.trim_end_matches('/'),
        operation.endpoint.value.path
    );
    let found: Vec<_> = fit::segments(&call.target.path).collect();
    let wanted: Vec<_> = fit::segments(&path).collect();
    // A part of the path may stand elsewhere in code.
    let is_written = call.target.path_range.len() == call.target.path.len();
    if wanted.len() != found.len() || call.target.path_range.is_empty() || !is_written {
        return None;
    }
    let segments: Vec<_> = wanted
        .iter()
        .zip(found)
        .map(|(wanted, found)| {
            if wanted.contains('{') || wanted.starts_with(':') {
                found
            } else {
                wanted
            }
        })
        .collect();
    Some(format!("/{}", segments.join("/")))
}
