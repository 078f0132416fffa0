//! A request example sends another method than the page documents.
//!
//! The method is the one that curl sends: `-d` implies POST, `-G` takes that back, and `-X` wins over both.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};

use crate::model::{Operation, Origin};

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
        .filter(|call| !(call.company.exact && is_named(requests.operation, call)))
    {
        let severity = if call.company.exact {
            Severity::Warning
        } else {
            call.severity(requests.operation)
        };
        let sent = call.method.text;
        let written = call.example.text.text().get(call.method.range.clone());
        let written = written.unwrap_or_default();
        let is_written = written.eq_ignore_ascii_case(sent);
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
        diagnostic = if is_written && has_no_body(documented) && sends_body(call) {
            diagnostic.help(format!(
                "document `{sent}`, or send `{documented}` without the body"
            ))
        } else if is_written {
            diagnostic
                .help("use one method in both places")
                .fix(Fix::replace(
                    format!("send `{documented}`"),
                    Safety::Unsafe,
                    span,
                    spelled(documented, written),
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

/// The method as it is written where another one was: `requests.post` has it in lower case.
fn spelled(method: &str, written: &str) -> String {
    if written.bytes().any(|byte| byte.is_ascii_uppercase()) {
        method.to_owned()
    } else {
        method.to_ascii_lowercase()
    }
}

/// True for methods that go without a body: another method in their place leaves one that cannot be sent.
fn has_no_body(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// True if the call has a body: that of the command, or what the code of another language calls one.
fn sends_body(call: &Call<'_>) -> bool {
    const SIGNS: [&str; 5] = [
        "body:",
        "JSON.stringify(",
        "json=",
        "data=",
        "CURLOPT_POSTFIELDS",
    ];
    match call.curl {
        Some(curl) => curl.body.is_some(),
        None => SIGNS
            .iter()
            .any(|sign| call.example.text.text().contains(sign)),
    }
}

/// True if the text of the page names the method: "unlock with `DELETE` on the same path".
fn is_named(operation: &Operation, call: &Call<'_>) -> bool {
    let mut named = operation.sent_in_text.methods.iter();
    named.any(|method| method.value == call.method.text)
}

/// True for a call that evidently shows another way, beside one that is as documented.
fn is_beside_its_own(call: &Call<'_>) -> bool {
    let is_named = call.example.title.as_ref().is_some_and(|title| {
        title
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case(call.method.text))
    });
    // What no page documents is hardly shown on purpose.
    let is_bare = call.example.origin == Origin::Inferred && call.is_documented;
    call.company.exact && (call.company.several || is_named || is_bare)
}
