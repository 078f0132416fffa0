//! One line for each request: what came, what was answered, and from where.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use clap::ValueEnum;
use fieldproof::mock::server::Log;
use fieldproof::mock::{Reply, Request, shown_target};
use fieldproof::report::visible;
use serde_json::json;

/// How requests are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One object for each line
    Json,
}

/// Who writes them down.
pub(super) fn log(format: LogFormat) -> Box<Log> {
    match format {
        LogFormat::Text => Box::new(|request, reply, _| write(text(request, reply))),
        LogFormat::Json => Box::new(|request, reply, time| write(object(request, reply, time))),
    }
}

fn write(mut line: String) {
    line.push('\n');
    // Whoever closed the stream does not want the line.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

fn text(request: &Request, reply: &Reply) -> String {
    let method = visible::escape(request.method.as_str());
    let target = shown_target(request);
    let path = visible::escape(&target);
    let mut line = format!("{method} {path} {}", reply.status.as_u16());
    let source = source(reply);
    for part in [reply.operation.as_deref(), source].into_iter().flatten() {
        line.push_str("  ");
        line.push_str(&visible::escape(part));
    }
    if let Some(reason) = &reply.reason {
        line.push_str("  ");
        line.push_str(&visible::escape(reason));
    }
    if let Some(passed) = &reply.passed {
        for (drift, _) in passed.drifts.iter().filter(|(_, is_new)| *is_new) {
            let _ = write!(line, "\n  drift: {}", visible::escape(&drift.to_string()));
        }
    }
    line
}

/// The line of the page that the answer comes from, or is to be as.
fn source(reply: &Reply) -> Option<&str> {
    let passed = reply.passed.as_ref();
    reply
        .header("mock-source")
        .or_else(|| passed?.source.as_deref())
}

/// Secrets in the query are blotted out.
fn object(request: &Request, reply: &Reply, time: Duration) -> String {
    let passed = reply.passed.as_ref();
    let mut lines = json!({
        "event": "request",
        "time": jiff::Timestamp::now().to_string(),
        "serial": request.serial,
        "method": request.method.as_str(),
        "path": request.path(),
        "target": shown_target(request),
        "status": reply.status.as_u16(),
        "operation": reply.operation.as_deref(),
        "source": source(reply),
        "reason": reply.reason.as_deref(),
        "violations": reply.header("mock-violations").and_then(|it| it.parse::<u64>().ok()),
        "drifts": passed.map(|it| it.drifts.len()),
        "bytes": passed.map_or(0, |it| it.length).max(reply.body.len() as u64),
        "microseconds": u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
    })
    .to_string();
    // Each of them once, where it is met first.
    let drifts = passed.map_or(&[][..], |it| it.drifts.as_slice());
    for (drift, _) in drifts.iter().filter(|(_, is_new)| *is_new) {
        let mut line = json!({ "event": "drift" });
        if let (Some(line), Some(all)) = (line.as_object_mut(), drift.to_json().as_object()) {
            line.extend(all.clone());
        }
        let _ = write!(lines, "\n{line}");
    }
    lines
}
