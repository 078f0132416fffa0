//! A run as events, one JSON document a line, each written as soon as it is known.
//!
//! ```text
//! {"event": "start", "version": 1, "program", "url", "operations": […]}
//! {"event": "exchange", "number", "found", …}      as `exchanges` of docs/schemas/run-1.json
//! {"event": "finding", …}                          as `findings` of docs/schemas/findings-1.json
//! {"event": "end", "errors", "warnings", "infos", "requests", "exercised", "not_exercised"}
//! ```
//!
//! Exchanges come as they happen. `found` counts what was found so far; findings come at the end, when those of one cause
//! are put together.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::{Record, Sent};
use crate::report::{Findings, json, visible};

/// The first event.
pub fn start(url: &str, operations: &[String], out: &mut dyn Write) -> io::Result<()> {
    let event = json!({
        "event": "start",
        "version": 1,
        "program": env!("CARGO_PKG_VERSION"),
        "url": url,
        "operations": operations,
    });
    event_line(&event, out)
}

#[derive(Serialize)]
struct Exchange<'a> {
    event: &'static str,
    number: usize,
    found: usize,
    #[serde(flatten)]
    sent: &'a Sent,
}

/// The event of an exchange; `number` counts from 1.
pub fn exchange(number: usize, found: usize, sent: &Sent, out: &mut dyn Write) -> io::Result<()> {
    let event = Exchange {
        event: "exchange",
        number,
        found,
        sent,
    };
    event_line(&event, out)
}

/// All events of a run that is over.
pub fn whole(findings: &Findings<'_>, record: &Record, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<_> = record.operations.iter().map(|it| it.name.clone()).collect();
    start(&record.url, &names, out)?;
    for (at, sent) in record.exchanges.iter().enumerate() {
        exchange(at + 1, record.found.len(), sent, out)?;
    }
    end(findings, record, out)
}

/// The findings, and the last event.
pub fn end(findings: &Findings<'_>, record: &Record, out: &mut dyn Write) -> io::Result<()> {
    for mut finding in json::each(findings) {
        if let Some(members) = finding.as_object_mut() {
            members.shift_insert(0, "event".to_owned(), "finding".into());
        }
        event_line(&finding, out)?;
    }
    let exercised = record.operations.iter().filter(|it| it.exercised).count();
    let skipped = record
        .operations
        .iter()
        .filter(|it| it.not_exercised.is_some())
        .count();
    let event = json!({
        "event": "end",
        "errors": findings.summary.errors,
        "warnings": findings.summary.warnings,
        "infos": findings.summary.infos,
        "requests": record.exchanges.len(),
        "exercised": exercised,
        "not_exercised": skipped,
    });
    event_line(&event, out)
}

fn event_line(event: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let json = serde_json::to_string(event)?;
    writeln!(out, "{}", visible::escape_json(&json))?;
    out.flush()
}
