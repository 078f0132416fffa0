//! A request example calls another host, or another base path, than is documented.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::endpoint;
use crate::model::{Fact, Operation};
use crate::source::Span;

use super::Requests;
use super::fit::{self, Directory, Fit};
use super::hosts::{self, Hosts};

/// So many times as many operations tell what is the rule on a site.
const MAJORITY: usize = 3;

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-host",
    severity: Severity::Warning,
    summary: "a request example calls another server than the one that is documented",
};

pub(super) fn check(
    requests: &Requests<'_>,
    directory: &Directory<'_>,
    site: &Hosts<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let operation = requests.operation;
    let servers: Vec<&Fact<String>> = operation
        .servers
        .iter()
        .filter(|server| fit::is_stated(server.evidence.origin))
        .collect();
    let Some(first) = servers.first() else {
        return;
    };
    for call in requests.calls.iter().filter(|call| call.is_own()) {
        let Some(host) = &call.target.host else {
            continue;
        };
        let hosts: Option<Vec<String>> = servers
            .iter()
            .map(|server| fit::host_of(&server.value))
            .collect();
        // A server with a variable in its host may be any.
        let is_other_host = hosts.as_ref().is_some_and(|hosts| !hosts.contains(host));
        let is_other_base = call.fit == Fit::Base;
        let hosts = hosts.unwrap_or_default();
        if is_other_host && hosts::is_made_up(host, &hosts) {
            continue;
        }
        if !is_other_host && !is_other_base {
            continue;
        }
        if let (false, Some(base)) = (is_other_host, repeated_base(operation, &call.target.path)) {
            diagnostics.push(doubled(
                operation,
                first,
                &base,
                call.span(call.target.path_range.clone()),
            ));
            return;
        }
        let span = if is_other_host {
            call.span(call.target.host_range.clone())
        } else {
            call.span(call.target.path_range.clone())
        };
        let called = if is_other_host {
            host.clone()
        } else {
            format!("{host}{}", call.target.path)
        };
        let wanted = if is_other_host {
            fit::host_of(&first.value).unwrap_or_else(|| first.value.clone())
        } else {
            format!("{}{}", first.value, operation.endpoint.value.path)
        };
        if is_other_host && is_outlier(&wanted, host, directory) {
            diagnostics.push(outlier(first, host, &wanted, span));
            continue;
        }
        if is_other_host && site.speak_of(host) {
            continue;
        }
        let mut diagnostic = Diagnostic::new(
            &RULE,
            span,
            format!("the example calls `{called}`, and `{wanted}` is documented"),
        )
        .label("another server")
        .help("call the documented server, or list this one among the servers")
        .related(first.evidence.span, "documented here")
        .subject("endpoint")
        .cause(Cause::on_site(format!("{host} {}", first.value)));
        if is_other_host && hosts::is_other_environment(host, &hosts) {
            diagnostic = diagnostic.severity(Severity::Info);
        }
        if is_other_host {
            let title = format!("call `{wanted}`");
            diagnostic = diagnostic.fix(Fix::replace(title, Safety::Unsafe, span, wanted));
        }
        diagnostics.push(diagnostic);
    }
}

/// True if the site documents the called host for far more operations than the one that the page states.
fn is_outlier(wanted: &str, called: &str, directory: &Directory<'_>) -> bool {
    directory.documented_at(called) >= MAJORITY * directory.documented_at(wanted)
}

/// The page states another host than most of its site, and its example calls the one of the others.
fn outlier(stated: &Fact<String>, called: &str, wanted: &str, call: Span) -> Diagnostic {
    let message = format!(
        "`{wanted}` is documented, and the example calls `{called}`, as most pages document"
    );
    Diagnostic::new(&RULE, stated.evidence.span, message)
        .label("another server than most pages have")
        .help(format!(
            "write `{called}`, or call this server in the example"
        ))
        .related(call, "called here")
        .subject("endpoint")
        .cause(Cause::on_site(format!("{called} {wanted}")))
}

/// The path of the server, if the path of the endpoint begins with it as well, and the call goes there once.
fn repeated_base(operation: &Operation, called: &str) -> Option<String> {
    let server = operation.servers.first()?;
    let base = endpoint::split_server(&server.value)
        .1
        .trim_end_matches('/');
    let path = &operation.endpoint.value.path;
    let rest = path.strip_prefix(base)?;
    let is_base = base.len() > 1 && rest.starts_with('/');
    let is_called =
        fit::segments(called).count() == fit::segments(path).count() && called.starts_with(base);
    (is_base && is_called).then(|| base.to_owned())
}

/// The endpoint says again what the server says.
fn doubled(operation: &Operation, server: &Fact<String>, base: &str, call: Span) -> Diagnostic {
    let endpoint = &operation.endpoint;
    let path = &endpoint.value.path;
    let rest = path.strip_prefix(base).unwrap_or(path);
    let message = format!(
        "`{base}` stands in the server and in the path, so that `{base}{path}` is documented"
    );
    Diagnostic::new(&RULE, endpoint.evidence.span, message)
        .label(format!("`{base}` again"))
        .help(format!("write `{} {rest}`", endpoint.value.method))
        .related(server.evidence.span, "in the server here")
        .related(call, "called without it")
        .subject("endpoint")
        .cause(Cause::on_site(format!("doubled {base}")).of(
            format!("`{path}`"),
            format!("`{base}` stands in the server and in the paths {{}}"),
            format!("leave `{base}` out of the paths"),
        ))
}
