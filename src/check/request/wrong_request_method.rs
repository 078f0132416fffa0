//! A request example sends another method than the page documents.
//!
//! The method is the one that curl sends: `-d` implies POST, `-G` takes that back, and `-X` wins over both.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};

use crate::model::Origin;

use super::fit::Fit;
use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-method",
    severity: Severity::Error,
    summary: "a request example sends another method than the page documents",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let endpoint = &requests.operation.endpoint;
    let documented = &endpoint.value.method;
    for call in requests
        .calls
        .iter()
        .filter(|call| call.fit == Fit::Method && !is_beside_its_own(call))
    {
        let severity = if call.company.exact {
            Severity::Warning
        } else {
            call.severity(requests.operation)
        };
        let sent = call.method.text;
        let is_written = call
            .example
            .text
            .text()
            .get(call.method.range.clone())
            .is_some_and(|text| text.eq_ignore_ascii_case(sent));
        let message = if is_written || call.curl.is_none() {
            format!("the example sends `{sent}`, and `{documented}` is documented")
        } else {
            format!("curl sends `{sent}` here, and `{documented}` is documented")
        };
        let span = call.span(call.method.range.clone());
        let mut diagnostic = Diagnostic::new(&RULE, span, message)
            .severity(severity)
            .label(format!("sends {sent}"))
            .related(endpoint.evidence.span, format!("{documented} here"))
            .subject("endpoint")
            .cause(Cause::on_page(sent));
        diagnostic = if is_written {
            diagnostic
                .help("use one method in both places")
                .fix(Fix::replace(
                    format!("send `{documented}`"),
                    Safety::Unsafe,
                    span,
                    documented.clone(),
                ))
        } else if call.curl.is_none() {
            diagnostic.help(format!(
                "name the method `{documented}` in the call, or document `{sent}`"
            ))
        } else {
            diagnostic.help(format!(
                "say the method with `-X {documented}`, or document `{sent}`"
            ))
        };
        diagnostics.push(diagnostic);
    }
}

/// True for a call that evidently shows another way, beside one that is as documented.
fn is_beside_its_own(call: &Call<'_>) -> bool {
    let is_named = call.example.title.as_ref().is_some_and(|title| {
        title
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case(call.method.text))
    });
    let is_bare = call.example.origin == Origin::Inferred;
    call.company.exact && (call.company.several || is_named || is_bare)
}
