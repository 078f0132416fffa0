//! Findings that another finding about the same operation, or the same path, explains.

use crate::diagnostic::Diagnostic;

/// The findings without those that are the same mistake, seen from another side.
pub(super) fn without(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let explained: Vec<bool> = diagnostics
        .iter()
        .map(|it| diagnostics.iter().any(|other| explains(other, it)))
        .collect();
    let pairs = diagnostics.into_iter().zip(explained);
    pairs
        .filter(|(_, is_explained)| !is_explained)
        .map(|(it, _)| it)
        .collect()
}

/// True if one finding is the reason of another one.
fn explains(cause: &Diagnostic, effect: &Diagnostic) -> bool {
    let is_same = cause.operation == effect.operation;
    let is_at_least_as_bad = cause.severity >= effect.severity;
    let is_reason = match (cause.rule.name, effect.rule.name) {
        // Who answers about anything answers about what is gone; what has not been done is done again.
        ("unknown-id-accepted", "repeated-delete")
        | ("action-without-effect", "accepted-again") => is_same,
        ("unknown-id-accepted", "deleted-still-there") => {
            is_read(cause) && path(cause).is_some() && path(cause) == path(effect)
        }
        ("wrong-identity", "response-format" | "response-value")
        | ("missing-response-header", "response-header-value") => {
            is_same && cause.subject == effect.subject
        }
        // The page documents that refusal with another status.
        ("unexpected-refusal", "refused-request") => {
            is_same && cause.message.contains(" the code ") && status(cause) == status(effect)
        }
        ("server-error", "broken-paging") => is_same && status(cause) == status(effect),
        // A code that comes with another status is not the one of that status.
        ("unexpected-refusal", "response-value") => {
            let subject = effect.subject.as_deref().unwrap_or_default();
            let about = status(cause).map(|status| format!("response.{status}."));
            is_same
                && cause.message.contains(" the code ")
                && about.is_some_and(|about| subject.starts_with(&about))
        }
        // Who does not look at credentials finds other reasons to refuse.
        ("credentials-not-enforced", "unexpected-refusal") => cause.subject == effect.subject,
        ("update-not-kept", "input-not-kept") => is_same && last(cause) == last(effect),
        // What is said of a key of requests that means nothing.
        ("input-without-effect", "accepted-again" | "invalid-value-accepted") => {
            is_same && cause.subject == effect.subject && is_of_header(cause)
        }
        ("input-without-effect", "response-header-value") => {
            is_same && is_of_header(cause) && effect.message.contains(" with the same `")
        }
        _ => false,
    };
    is_reason && is_at_least_as_bad && !std::ptr::eq(cause, effect)
}

fn is_read(diagnostic: &Diagnostic) -> bool {
    let operation = diagnostic.operation.as_deref().unwrap_or_default();
    operation.starts_with("GET ")
}

fn is_of_header(diagnostic: &Diagnostic) -> bool {
    let subject = diagnostic.subject.as_deref().unwrap_or_default();
    subject.starts_with("request.header.")
}

/// The last name of the subject.
fn last(diagnostic: &Diagnostic) -> Option<&str> {
    diagnostic.subject.as_deref()?.rsplit('.').next()
}

/// The path of the operation.
fn path(diagnostic: &Diagnostic) -> Option<&str> {
    let (_, path) = diagnostic.operation.as_deref()?.split_once(' ')?;
    Some(path)
}

/// The status that was observed.
fn status(diagnostic: &Diagnostic) -> Option<&str> {
    let observed = diagnostic.observation.as_ref()?.observed.as_deref()?;
    observed.get(..3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Observation, Rule, Severity};
    use crate::source::{SourceFile, Sources, Span};

    fn rule(name: &'static str) -> &'static Rule {
        Box::leak(Box::new(Rule {
            name,
            severity: Severity::Error,
            summary: "something is wrong",
        }))
    }

    fn finding(name: &'static str, operation: &str, message: &str, observed: &str) -> Diagnostic {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", "a"));
        let mut finding = Diagnostic::new(rule(name), Span::new(file, 0..1), message);
        finding.operation = Some(operation.to_owned());
        finding.observation = Some(Box::new(Observation {
            observed: Some(observed.to_owned()),
            ..Observation::default()
        }));
        finding
    }

    /// The rules of the findings that stay.
    fn left(findings: Vec<Diagnostic>) -> Vec<&'static str> {
        without(findings).iter().map(|it| it.rule.name).collect()
    }

    #[test]
    fn one_mistake_is_one_finding() {
        let unknown = || finding("unknown-id-accepted", "GET /jars/{id}", "m", "200 OK");
        let there = |path| finding("deleted-still-there", path, "m", "200 OK");
        let both = vec![there("DELETE /jars/{id}"), unknown()];
        assert_eq!(left(both), ["unknown-id-accepted"]);
        let both = vec![there("DELETE /lids/{id}"), unknown()];
        assert_eq!(left(both).len(), 2);
        let refused = |status| finding("refused-request", "POST /jars", "m", status);
        let code = || {
            finding(
                "unexpected-refusal",
                "POST /jars",
                "and the code `x`",
                "400 Bad Request",
            )
        };
        assert_eq!(
            left(vec![refused("400 Bad Request"), code()]),
            ["unexpected-refusal"]
        );
        assert_eq!(left(vec![refused("404 Not Found"), code()]).len(), 2);
    }

    #[test]
    fn who_is_not_let_in_is_so_once() {
        let refused = |operation: &str, status| {
            let mut finding = finding("refused-request", operation, "refused", status);
            finding.subject = Some("endpoint".to_owned());
            finding
        };
        let of = |status| {
            let paths = ["GET /jars", "POST /jars", "GET /lids", "GET /racks"];
            let found = paths.map(|path| refused(path, status));
            super::super::fold(found.to_vec())
        };
        let told = of("401 Unauthorized with {}");
        let messages: Vec<_> = told.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            messages,
            ["refused; so do POST /jars, GET /lids, GET /racks"]
        );
        assert_eq!(of("400 Bad Request").len(), 4);
    }
}
