//! A path parameter is written `:name`.

use crate::diagnostic::{Cause, Diagnostic, Fix, Rule, Safety, Severity};
use crate::model::Written;
use crate::model::endpoint::Endpoint;
use crate::model::route::Template;

pub(super) static RULE: Rule = Rule {
    name: "colon-parameter",
    severity: Severity::Warning,
    summary: "a path parameter is written `:name`",
};

pub(super) fn check(page: &Written<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(entry) = page.entry("api") else {
        return;
    };
    let Some(text) = entry.value.as_str() else {
        return;
    };
    let Ok(endpoint) = Endpoint::parse(text) else {
        return;
    };
    let template = Template::parse(&endpoint.path);
    let colons: Vec<&String> = template
        .parameters()
        .iter()
        .filter(|name| endpoint.path.contains(&format!("/:{name}")))
        .collect();
    let Some(first) = colons.first() else {
        return;
    };
    let mut written = text.to_owned();
    for name in &colons {
        written = written.replace(&format!("/:{name}"), &format!("/{{{name}}}"));
    }
    let message = format!(
        "the platform sends `:{first}` as it stands: it knows path parameters as `{{{first}}}` only"
    );
    diagnostics.push(
        Diagnostic::new(&RULE, entry.value_span, message)
            .label("no parameter to the platform")
            .help(format!("write `{{{first}}}`"))
            .fix(Fix::replace(
                format!("write `{{{first}}}`"),
                Safety::Safe,
                entry.value_span,
                format!("\"{written}\""),
            ))
            .subject("endpoint")
            .cause(Cause::on_site("").of(
                format!("`:{first}`"),
                format!("the platform sends {{}} as they stand: it knows path parameters as `{{{first}}}` only"),
                "write the names of path parameters in braces",
            )),
    );
}
