//! A run as a script for a shell, with curl, and with jq for what it reads in answers.
//!
//! The script goes on after a step that is not answered as promised, and ends with 1 if there was one.

use std::io::{self, Write};

use super::{line, place};
use crate::conform::script::{
    Capture, Content, Part, Promise, Promised, Script, Source, Statuses, Step, Text,
};
use crate::model::curl::quote;
use crate::model::shape;
use crate::report::Findings;
use crate::report::visible::{escape_json, is_unsafe};

const HEAD: &str = include_str!("shell/head.sh");
const TAIL: &str = include_str!("shell/tail.sh");

/// Writes the script.
pub fn write(script: &Script, findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEAD}")?;
    writeln!(out, "url=${{1:-{}}}", line(&script.origin))?;
    for name in &script.secrets {
        writeln!(
            out,
            ": \"${{{name}:?is a secret of the run: set it in the environment}}\""
        )?;
    }
    for step in &script.steps {
        write_step(step, findings, out)?;
    }
    write!(out, "{TAIL}")
}

fn write_step(step: &Step, findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n# {}", place(findings, step.span))?;
    let title = line(&step.title);
    let mut words = vec![
        "step".to_owned(),
        quote(&title),
        quote(&pattern(&step.statuses)),
    ];
    if step.method == "HEAD" {
        words.push("--head".to_owned());
    } else {
        words.extend(["-X".to_owned(), quote(&step.method)]);
    }
    words.push(format!("\"$url\"{}", word(&step.target)));
    for (name, value) in &step.headers {
        let mut header = Text::default();
        // `Name;` is how curl is told to send a header without a value.
        let start = if value.0.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: ")
        };
        header.0.push(Part::Plain(start));
        header.0.extend(value.0.iter().cloned());
        words.extend(["-H".to_owned(), word(&header)]);
    }
    match &step.content {
        None => {}
        Some(Content::Text(body)) => words.extend(["--data-raw".to_owned(), word(body)]),
        Some(Content::Parts(parts)) => {
            for (name, value) in parts {
                let mut part = Text(vec![Part::Plain(format!("{name}="))]);
                part.0.extend(value.0.iter().cloned());
                words.extend(["--form-string".to_owned(), word(&part)]);
            }
        }
    }
    writeln!(out, "{}", words.join(" "))?;
    for capture in &step.captures {
        writeln!(out, "{}", captured(capture))?;
    }
    if step.promises.is_empty() {
        return Ok(());
    }
    let conditions = step.promises.iter();
    let conditions: Vec<_> = conditions
        .map(|it| quote(&escape_json(&condition(it))))
        .collect();
    writeln!(out, "holds {}", conditions.join(" "))
}

/// The statuses as patterns of `case`, with spaces between them.
fn pattern(statuses: &Statuses) -> String {
    match statuses {
        Statuses::Codes(codes) => {
            let codes: Vec<_> = codes.iter().map(u16::to_string).collect();
            codes.join(" ")
        }
        Statuses::Success => "2??".to_owned(),
        Statuses::Refusal => "4??".to_owned(),
        Statuses::NoFailure => "[1-4]??".to_owned(),
        Statuses::Any => "???".to_owned(),
    }
}

fn captured(capture: &Capture) -> String {
    match &capture.source {
        Source::Body(path) => format!(
            "{}=$(told {})",
            capture.name,
            quote(&escape_json(&filter(path)))
        ),
        Source::Location => format!("{}=$(location)", capture.name),
    }
}

/// The path as jq has it.
fn filter(path: &shape::Path) -> String {
    let steps = path.0.iter().map(|step| match step {
        shape::Step::Member(name) | shape::Step::Entry(name) => {
            format!("[{}]", serde_json::Value::from(name.as_str()))
        }
        shape::Step::Item(at) => format!("[{at}]"),
    });
    let steps: String = steps.collect();
    format!(".{steps}")
}

fn condition(promise: &Promise) -> String {
    let place = filter(&promise.path);
    match &promise.is {
        Promised::Present => {
            let mut way = promise.path.clone();
            let last = match way.0.pop() {
                Some(shape::Step::Member(name) | shape::Step::Entry(name)) => {
                    serde_json::Value::from(name).to_string()
                }
                Some(shape::Step::Item(at)) => at.to_string(),
                None => return "true".to_owned(),
            };
            format!("{} | has({last})", filter(&way))
        }
        Promised::Boolean => format!("{place} | type == \"boolean\""),
        Promised::Integer => format!("{place} | type == \"number\" and . == floor"),
        Promised::Number => format!("{place} | type == \"number\""),
        Promised::String => format!("{place} | type == \"string\""),
        Promised::Array => format!("{place} | type == \"array\""),
        Promised::Object => format!("{place} | type == \"object\""),
        Promised::Equal(value) => format!("{place} == {value}"),
    }
}

/// A word, with variables outside of the single quotes.
fn word(text: &Text) -> String {
    let parts = text.0.iter().map(|part| match part {
        Part::Plain(text) => plain(text),
        Part::Captured(name) | Part::Secret(name) => format!("\"${{{name}}}\""),
    });
    let word: String = parts.collect();
    if word.is_empty() {
        "''".to_owned()
    } else {
        word
    }
}

/// Text in single quotes; what a terminal would obey is written by `printf`, apart from line ends.
fn plain(text: &str) -> String {
    let must_go = |character: char| is_unsafe(character) && character != '\n';
    if !text.contains(must_go) {
        return quote(text);
    }
    let mut word = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let is_same = |other: char| must_go(other) == must_go(character);
        let end = rest.find(|other| !is_same(other)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if must_go(character) {
            let octal = run.bytes().map(|byte| format!("\\{byte:03o}"));
            word.extend(["\"$(printf '", &octal.collect::<String>(), "')\""]);
        } else {
            word.push_str(&quote(run));
        }
        rest = after;
    }
    word
}
