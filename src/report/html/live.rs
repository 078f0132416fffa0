//! The parts of the page that only a run has: exchanges, members beside each other, and what was seen.

use std::collections::HashSet;
use std::io::{self, Write};

use super::text;
use crate::diagnostic::Observation;
use crate::report::counted;
use crate::report::run::{Answered, Asked, Exercised, Record, Sent};

/// Longer bodies are cut, in characters.
const LONGEST: usize = 4000;

/// What was seen of the whole API.
pub(super) fn overview(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let (seen, all) = record.share();
    let exercised = record.operations.iter().filter(|it| it.exercised).count();
    let percent = (seen * 100).checked_div(all).unwrap_or(100);
    writeln!(
        out,
        "<section class=\"overview\">\n<p>{} to {}; {exercised} of {} operations exercised</p>\n\
         <p><progress value=\"{seen}\" max=\"{}\"></progress> {seen} of {all} documented answers and members seen ({percent} %)</p>\n</section>",
        counted(record.exchanges.len(), "request"),
        text(&record.url),
        record.operations.len(),
        all.max(1),
    )
}

/// What a live server did, beside what was promised.
pub(super) fn observation(
    observation: &Observation,
    exchange: Option<&Sent>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let at = observation
        .path
        .as_deref()
        .map_or(String::new(), |path| format!(" at {}", text(path)));
    let quote = observation.documented.as_deref();
    if let Some(quote) = quote {
        writeln!(out, "<h4>documented</h4><pre>{}</pre>", text(quote))?;
    }
    let side = |value: &Option<String>| text(value.as_deref().unwrap_or("nothing"));
    writeln!(
        out,
        "<div class=\"sides\">\n\
         <div><h4>expected</h4><pre>{}</pre></div>\n<div><h4>observed{at}</h4><pre>{}</pre></div>\n</div>",
        side(&observation.expected),
        side(&observation.observed),
    )?;
    match exchange {
        Some(sent) => self::exchange(sent, out),
        None => command("request", Some(&observation.request), out),
    }
}

/// Something to copy, with a word about it.
pub(super) fn command(name: &str, command: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    match command {
        Some(command) => writeln!(
            out,
            "<div class=\"command\"><h4>{name}</h4><pre>{}</pre></div>",
            text(command)
        ),
        None => Ok(()),
    }
}

/// A request beside its answer.
fn exchange(sent: &Sent, out: &mut dyn Write) -> io::Result<()> {
    let asked = asked(&sent.request);
    let answered = match &sent.response {
        Some(response) => answered(response),
        None => text(sent.failure.as_deref().unwrap_or("no answer")),
    };
    writeln!(
        out,
        "<div class=\"sides exchange\">\n<div><h4>request: {}</h4><pre>{asked}</pre></div>\n\
         <div><h4>answer</h4><pre>{answered}</pre></div>\n</div>",
        super::rich(&sent.check)
    )
}

fn asked(asked: &Asked) -> String {
    let line = format!("{} {}", asked.method, asked.url);
    message(
        &line,
        &asked.headers,
        asked.body.as_deref().unwrap_or_default(),
    )
}

fn answered(answered: &Answered) -> String {
    let line = crate::conform::message::describe_status(answered.status);
    message(&line, &answered.headers, &answered.body)
}

/// The first line, the headers, and the body, with real line ends.
fn message(first: &str, headers: &[(String, String)], body: &str) -> String {
    let mut lines = vec![text(first)];
    let headers = headers.iter();
    lines.extend(headers.map(|(name, value)| text(&format!("{name}: {value}"))));
    if !body.is_empty() {
        lines.push(String::new());
        let pretty = serde_json::from_str::<serde_json::Value>(body)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_else(|_| body.to_owned());
        let start: String = pretty.chars().take(LONGEST).collect();
        lines.extend(start.lines().map(text));
        if start.len() < pretty.len() {
            lines.push("…".to_owned());
        }
    }
    lines.join("\n")
}

/// What of an operation was seen.
pub(super) fn operation(operation: &Exercised, out: &mut dyn Write) -> io::Result<()> {
    if operation.requests == 0 {
        return Ok(());
    }
    writeln!(out, "<div class=\"seen\">")?;
    variants(operation, out)?;
    members(operation, out)?;
    let values: Vec<_> = operation
        .values
        .iter()
        .filter(|(_, is_seen)| !is_seen)
        .collect();
    if !values.is_empty() {
        write!(out, "<p class=\"dim\">values never seen:")?;
        for (value, _) in values {
            write!(out, " <code>{}</code>", text(value))?;
        }
        writeln!(out, "</p>")?;
    }
    writeln!(out, "</div>")
}

/// Requests by variant, and the statuses that they were answered with; documented statuses come first.
fn variants(operation: &Exercised, out: &mut dyn Write) -> io::Result<()> {
    let mut statuses: Vec<String> = operation
        .answers
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let others = operation
        .variants
        .iter()
        .map(|(_, status, _)| column(*status, &statuses));
    for status in others.collect::<Vec<_>>() {
        if !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    let mut names: Vec<&str> = operation
        .variants
        .iter()
        .map(|(name, ..)| name.as_str())
        .collect();
    let mut known = HashSet::new();
    names.retain(|name| known.insert(*name));
    write!(
        out,
        "<div class=\"scroll\"><table class=\"variants\">\n<tr><th>request</th>"
    )?;
    for status in &statuses {
        write!(out, "<th>{}</th>", text(status))?;
    }
    writeln!(out, "</tr>")?;
    for name in names {
        write!(out, "<tr><td>{}</td>", super::rich(name))?;
        for status in &statuses {
            let own = operation
                .variants
                .iter()
                .filter(|(known, code, _)| known == name && column(*code, &statuses) == *status);
            match own.map(|(.., count)| count).sum::<usize>() {
                0 => write!(out, "<td></td>")?,
                count => write!(out, "<td>{count}</td>")?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</table></div>")
}

/// The column of a status: its own, or that of successes or errors in words.
fn column(status: u16, known: &[String]) -> String {
    let own = match status {
        0 => return "no answer".to_owned(),
        code => code.to_string(),
    };
    let word = match status {
        200..300 => "success",
        400.. => "error",
        _ => "",
    };
    if !known.contains(&own) && known.iter().any(|it| it == word) {
        return word.to_owned();
    }
    own
}

/// Each member as its field, the example, and the server have it.
fn members(operation: &Exercised, out: &mut dyn Write) -> io::Result<()> {
    if operation.members_compared.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<div class=\"scroll\"><table class=\"members\">\n\
         <tr><th>member</th><th>field</th><th>example</th><th>server</th><th>seen</th></tr>"
    )?;
    for row in &operation.members_compared {
        let cell = |value: &Option<String>| match value {
            Some(value) => format!("<td><code>{}</code></td>", text(value)),
            None => "<td class=\"dim\">–</td>".to_owned(),
        };
        let mut members = operation.members.iter();
        let is_seen = members
            .find(|(name, _)| *name == row.member)
            .map(|(_, is_seen)| *is_seen);
        let seen = match is_seen {
            Some(true) => "<td class=\"good\">yes</td>",
            Some(false) => "<td class=\"warning\">never</td>",
            None => "<td class=\"dim\">–</td>",
        };
        writeln!(
            out,
            "<tr><td><code>{}</code></td>{}{}{}{seen}</tr>",
            text(&row.member),
            cell(&row.documented),
            cell(&row.shown),
            cell(&row.observed),
        )?;
    }
    writeln!(out, "</table></div>")
}
