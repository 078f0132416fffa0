//! Examples of one site write what stands for the credentials in different ways: `YOUR_API_KEY` here, `<token>` there.

use std::collections::BTreeMap;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Api, is_credential};
use crate::source::Span;

pub(in crate::check) static RULE: Rule = Rule {
    name: "mixed-placeholders",
    severity: Severity::Info,
    summary: "examples write what stands for the credentials in different ways",
};

/// Ways to write what the reader fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Angle,
    Braces,
    Capitals,
    Shell,
}

/// A placeholder, and where it stands.
struct Placeholder<'a> {
    text: &'a str,
    span: Span,
    operation: String,
}

pub(in crate::check) fn check(api: &Api, diagnostics: &mut Vec<Diagnostic>) {
    let styles = placeholders(api);
    let usual = styles.iter().max_by_key(|(_, found)| found.len());
    let Some((usual, most)) = usual.filter(|_| styles.len() > 1) else {
        return;
    };
    let Some(sample) = most.first() else {
        return;
    };
    for (style, found) in styles.iter().filter(|(style, _)| *style != usual) {
        // Where one way is as usual as the other, neither is a slip.
        if found.len() * 2 > most.len() {
            continue;
        }
        diagnostics.extend(found.iter().map(|placeholder| {
            let message = format!(
                "`{}` stands for the credentials here, and `{}` in {} other examples",
                placeholder.text,
                sample.text,
                most.len()
            );
            Diagnostic::new(&RULE, placeholder.span, message)
                .label("written otherwise")
                .related(sample.span, "the usual way")
                .help("write all of them in one way: readers replace them by searching")
                .subject("request.header.Authorization")
                .operation(placeholder.operation.clone())
                .cause(Cause::on_site(format!("{style:?}")))
        }));
    }
}

fn placeholders(api: &Api) -> BTreeMap<Style, Vec<Placeholder<'_>>> {
    let mut styles: BTreeMap<Style, Vec<Placeholder<'_>>> = BTreeMap::new();
    for operation in &api.operations {
        for example in &operation.request_examples {
            let headers = example.curl.iter().flat_map(|curl| &curl.headers);
            for header in headers.filter(|header| is_credential(&header.name.value)) {
                let value = header.value.value.trim();
                let text = value.rsplit(char::is_whitespace).next().unwrap_or(value);
                if let Some(style) = style(text) {
                    styles.entry(style).or_default().push(Placeholder {
                        text,
                        span: example.text.span(header.value.range.clone()),
                        operation: operation.name(),
                    });
                }
            }
        }
    }
    styles
}

/// How a placeholder is written; nothing for what may be a key.
fn style(text: &str) -> Option<Style> {
    let is_word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let has_upper = || text.chars().any(|c| c.is_ascii_uppercase());
    match text.chars().next()? {
        '<' => Some(Style::Angle),
        '{' => Some(Style::Braces),
        '$' => Some(Style::Shell),
        _ if text.contains('_') && has_upper() && text.chars().all(is_word) => {
            Some(Style::Capitals)
        }
        _ => None,
    }
}
