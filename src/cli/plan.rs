//! `fieldproof test --plan`: the requests that are known beforehand, and nothing is sent.
//!
//! ```text
//! human    a table: what is sent of each operation, and what is left out
//! concise  a script: one curl command a request
//! json     {"version", "requests": [{"operation", "phase", "variant", "file", "line", "method", "url", "curl"}],
//!           "omitted": [{"operation", "reason"}]}
//! ```

use std::io::{self, Write as _};

use fieldproof::conform::plan::{Item, Phase, Plan, Variant};
use fieldproof::conform::repeat;
use fieldproof::report::column::{columns, padded};
use fieldproof::report::counted;
use fieldproof::report::visible::{escape, escape_json};
use serde::Serialize;

use super::docs::Docs;
use super::output::Format;
use super::record::TestFormat;
use super::{Exit, Failure, Streams};

#[derive(Serialize)]
struct Document {
    version: u32,
    requests: Vec<Request>,
    omitted: Vec<Omission>,
}

#[derive(Serialize)]
struct Request {
    operation: String,
    phase: &'static str,
    variant: String,
    file: String,
    line: u32,
    method: String,
    url: String,
    curl: String,
}

#[derive(Serialize)]
struct Omission {
    operation: String,
    reason: String,
}

/// Prints the plan; `summary` is the table of the operations that are left out.
pub(super) fn print(
    docs: &Docs,
    plan: &Plan,
    format: TestFormat,
    summary: &str,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let requests: Vec<_> = plan
        .items
        .iter()
        .filter_map(|item| request(docs, plan, item))
        .collect();
    match format {
        TestFormat::Findings(Format::Human) => table(&requests, summary, streams)?,
        TestFormat::Findings(Format::Concise) => script(&requests, summary, streams)?,
        TestFormat::Findings(Format::Json) => json(docs, plan, requests, streams)?,
        _ => {
            return Err(Failure::Usage(
                "--plan is shown as human, concise, or json".to_owned(),
            ));
        }
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn request(docs: &Docs, plan: &Plan, item: &Item) -> Option<Request> {
    let operation = docs.documentation.api.operations.get(item.operation)?;
    let hide = |text: &str| plan.secrets.hide(text);
    let mut variant = hide(&item.variant.describe());
    if plan.prepares.contains(&item.operation) {
        variant.push_str(", to prepare");
    }
    Some(Request {
        operation: operation.name(),
        phase: item.variant.phase().as_str(),
        variant,
        file: docs.path(item.span.file),
        line: docs.site.sources.positions(item.span).start.line,
        method: item.request.method.clone(),
        url: hide(&item.request.url),
        curl: repeat::command(&item.request, &plan.secrets),
    })
}

/// One line a request, with the operation where it changes.
fn table(requests: &[Request], summary: &str, streams: &mut Streams) -> io::Result<()> {
    let width = |text: fn(&Request) -> &str| {
        let widths = requests.iter().map(|it| columns(text(it)));
        widths.max().unwrap_or_default().min(60)
    };
    let (operations, phases) = (width(|it| &it.operation), width(|it| it.phase));
    let mut rows: Vec<&Request> = requests.iter().collect();
    let first = |operation: &str| requests.iter().position(|it| it.operation == operation);
    rows.sort_by_key(|row| first(&row.operation));
    let mut before = "";
    for row in rows {
        let name = if row.operation == before {
            String::new()
        } else {
            escape(&row.operation).into_owned()
        };
        before = &row.operation;
        let variant = escape(&row.variant);
        writeln!(
            streams.out,
            "{}  {:<phases$}  {variant}",
            padded(&name, operations),
            row.phase
        )?;
    }
    let counts = [
        Phase::Examples,
        Phase::Positive,
        Phase::Negative,
        Phase::Fuzz,
    ];
    let counts = counts.iter().filter_map(|phase| {
        let count = requests
            .iter()
            .filter(|it| it.phase == phase.as_str())
            .count();
        (count > 0).then(|| format!("{count} {}", phase.as_str()))
    });
    let counts: Vec<_> = counts.collect();
    writeln!(
        streams.out,
        "\n{} ({}), and those that their answers call for",
        counted(requests.len(), "request"),
        counts.join(", ")
    )?;
    write!(streams.out, "{summary}")
}

/// What a shell can run.
fn script(requests: &[Request], summary: &str, streams: &mut Streams) -> io::Result<()> {
    for request in requests {
        let Request {
            operation,
            variant,
            file,
            line,
            curl,
            ..
        } = request;
        let what = if request.variant == Variant::Example.describe() {
            String::new()
        } else {
            format!(" with {variant}")
        };
        let words = format!("{operation}{what} ({file}:{line})");
        writeln!(streams.out, "# {}", escape(&words))?;
        writeln!(streams.out, "{}", escape(curl))?;
    }
    for line in summary.lines() {
        writeln!(streams.out, "# {line}")?;
    }
    Ok(())
}

fn json(docs: &Docs, plan: &Plan, requests: Vec<Request>, streams: &mut Streams) -> io::Result<()> {
    let omitted = plan.omitted.iter().filter_map(|omitted| {
        let operation = docs.documentation.api.operations.get(omitted.operation)?;
        Some(Omission {
            operation: operation.name(),
            reason: omitted.reason.to_string(),
        })
    });
    let document = Document {
        version: 1,
        requests,
        omitted: omitted.collect(),
    };
    let text = serde_json::to_string_pretty(&document)?;
    writeln!(streams.out, "{}", escape_json(&text))
}
