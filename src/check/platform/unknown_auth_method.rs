//! `authMethod`, or the method in the configuration of the site, is none that the platform knows.

use crate::diagnostic::{Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::{SiteConfig, Written};
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "unknown-auth-method",
    severity: Severity::Error,
    summary: "an authentication method is none that the platform knows",
};

const METHODS: [&str; 5] = ["bearer", "basic", "key", "none", "cobo"];

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(entry) = page.entry("authMethod") {
        let text = entry.value.as_str().unwrap_or_default();
        diagnostics.extend(unknown(text, entry.value_span, "endpoint"));
    }
}

pub(super) fn check_site(config: &SiteConfig, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(auth) = &config.auth {
        diagnostics.extend(unknown(&auth.value.method, auth.evidence.span, "page"));
    }
}

fn unknown(text: &str, span: Span, subject: &str) -> Option<Diagnostic> {
    if METHODS.contains(&text) {
        return None;
    }
    let message = format!(
        "the platform knows no authentication method `{text}`, and asks for no credentials"
    );
    let diagnostic = Diagnostic::new(&RULE, span, message)
        .label("not known")
        .help("write `bearer`, `basic`, `key`, or `none`, in lower case")
        .subject(subject);
    let meant = METHODS
        .iter()
        .find(|method| method.eq_ignore_ascii_case(text));
    Some(match meant {
        Some(method) if subject == "endpoint" => diagnostic.fix(Fix::replace(
            format!("write `{method}`"),
            Safety::Safe,
            span,
            format!("\"{method}\""),
        )),
        _ => diagnostic,
    })
}
