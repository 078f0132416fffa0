//! A run as a file for Hurl, <https://hurl.dev>.
//!
//! The URL of the server and the secrets are variables. A body is a one-line string or a block of several lines, in which
//! Hurl reads backslashes and `{{…}}`; both are written so that the server gets the same bytes.

use std::io::{self, Write};

use super::{line, place};
use crate::conform::script::{
    Capture, Content, Part, Promise, Promised, Script, Source, Statuses, Step, Text,
};
use crate::report::Findings;

/// Writes the file.
pub fn write(script: &Script, findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Requests that fieldproof made of the pages, and what the pages promise of the answers."
    )?;
    write!(out, "# hurl --test --variable url={}", line(&script.origin))?;
    for name in &script.secrets {
        write!(out, " --secret {name}=…")?;
    }
    writeln!(out, " FILE")?;
    for step in &script.steps {
        write_step(step, findings, out)?;
    }
    Ok(())
}

fn write_step(step: &Step, findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = |text: &Text| rendered(text, &|plain| escaped(plain, "\\#"));
    writeln!(out, "\n# {}", line(&step.title))?;
    writeln!(out, "# {}", place(findings, step.span))?;
    writeln!(out, "{} {{{{url}}}}{}", step.method, text(&step.target))?;
    for (name, value) in &step.headers {
        writeln!(out, "{}: {}", escaped(name, "\\#:"), text(value))?;
    }
    match &step.content {
        None => {}
        Some(Content::Text(body)) => {
            writeln!(out, "`{}`", rendered(body, &|plain| escaped(plain, "\\`")))?;
        }
        Some(Content::Parts(parts)) => {
            writeln!(out, "[Multipart]")?;
            for (name, value) in parts {
                writeln!(out, "{}: {}", escaped(name, "\\#:"), text(value))?;
            }
        }
    }
    let code = match &step.statuses {
        Statuses::Codes(codes) if codes.len() == 1 => codes.iter().map(u16::to_string).collect(),
        _ => "*".to_owned(),
    };
    writeln!(out, "HTTP {code}")?;
    if !step.captures.is_empty() {
        writeln!(out, "[Captures]")?;
    }
    for capture in &step.captures {
        writeln!(out, "{}: {}", capture.name, query(capture))?;
    }
    let mut asserts = bounds(&step.statuses);
    asserts.extend(step.promises.iter().map(assert));
    if !asserts.is_empty() {
        writeln!(out, "[Asserts]")?;
    }
    for assert in asserts {
        writeln!(out, "{assert}")?;
    }
    Ok(())
}

fn bounds(statuses: &Statuses) -> Vec<String> {
    let between =
        |least: u16, limit: u16| vec![format!("status >= {least}"), format!("status < {limit}")];
    match statuses {
        Statuses::Codes(codes) if codes.len() > 1 => {
            let least = codes.iter().min().copied().unwrap_or(200);
            let most = codes.iter().max().copied().unwrap_or(299);
            between(least, most + 1)
        }
        Statuses::Codes(_) | Statuses::Any => Vec::new(),
        Statuses::Success => between(200, 300),
        Statuses::Refusal => between(400, 500),
        Statuses::NoFailure => vec!["status < 500".to_owned()],
    }
}

fn query(capture: &Capture) -> String {
    match &capture.source {
        Source::Body(path) => format!("jsonpath {}", quoted(&path.to_string())),
        Source::Location => "header \"Location\" regex \"([^/?#]+)/?(?:[?#].*)?$\"".to_owned(),
    }
}

fn assert(promise: &Promise) -> String {
    let path = quoted(&promise.path.to_string());
    let is = match &promise.is {
        Promised::Present => "exists".to_owned(),
        Promised::Boolean => "isBoolean".to_owned(),
        Promised::Integer => "isInteger".to_owned(),
        Promised::Number => "isNumber".to_owned(),
        Promised::String => "isString".to_owned(),
        Promised::Array => "isList".to_owned(),
        Promised::Object => "isObject".to_owned(),
        Promised::Equal(value) => match value.as_str() {
            Some(text) => format!("== {}", quoted(text)),
            None => format!("== {value}"),
        },
    };
    format!("jsonpath {path} {is}")
}

/// A string in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, "\\\""))
}

fn rendered(text: &Text, plain: &dyn Fn(&str) -> String) -> String {
    let parts = text.0.iter().map(|part| match part {
        Part::Plain(text) => plain(text),
        Part::Captured(name) | Part::Secret(name) => format!("{{{{{name}}}}}"),
    });
    parts.collect()
}

/// Text in which Hurl reads nothing but text: these characters, braces that begin a variable, and control characters are
/// escaped.
fn escaped(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '{' if matches!(characters.peek(), None | Some('{')) => escaped.push_str("\\u{7b}"),
            _ if special.contains(character) => escaped.extend(['\\', character]),
            _ if crate::report::visible::is_unsafe(character) => {
                escaped.extend(character.escape_unicode());
            }
            other => escaped.push(other),
        }
    }
    escaped
}
