//! One HTML page that needs nothing else: search, filters, and each operation with what was found about it.
//!
//! Findings of a live server show what was expected and observed side by side, with the command that repeats the
//! request; of a run the page also shows the request and the answer, the members as fields, examples, and answers have
//! them, and what of each operation was seen. Without scripts the page shows everything. It loads nothing, and its policy forbids it to.

use std::fmt::Write as _;
use std::io::{self, Write};

mod live;

use super::group::{Group, groups};
use super::{Findings, line};
use crate::diagnostic::{Diagnostic, Severity};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// With more findings than this, operations start folded.
const UNFOLDED: usize = 50;

/// More places of a finding are folded.
const PLACES: usize = 4;

/// Writes the page.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let figures = text(&findings.summary.to_line());
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>fieldproof: {figures}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>fieldproof</h1>\n<p>{figures}</p>\n</header>\n"
    )?;
    if let Some(record) = findings.run {
        live::overview(record, out)?;
    }
    writeln!(out, "{TOOLS}<main>")?;
    let unfolded = findings.diagnostics.len() <= UNFOLDED;
    let mut groups = groups(findings);
    // What somebody has to look at comes first.
    groups.sort_by_key(|group| std::cmp::Reverse(rank(group)));
    for group in groups {
        write_group(findings, &group, unfolded, out)?;
    }
    write!(
        out,
        "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

const TOOLS: &str = r#"<form class="tools" onsubmit="return false">
<input type="search" id="search" placeholder="Search operations, rules, and messages" aria-label="Search">
<select id="status" aria-label="Operations">
<option value="">All operations</option>
<option value="found">With findings</option>
<option value="clean">Without findings</option>
<option value="skipped">Not exercised</option>
</select>
<label><input type="checkbox" name="severity" value="error" checked> errors</label>
<label><input type="checkbox" name="severity" value="warning" checked> warnings</label>
<label><input type="checkbox" name="severity" value="info" checked> infos</label>
<span class="dim" id="count" role="status"></span>
</form>
"#;

/// How bad what was found is, and whether the operation itself has the finding.
fn rank(group: &Group<'_>) -> (Option<Severity>, bool) {
    let all = group.diagnostics.iter().chain(&group.same_as);
    let worst = all.map(|it| it.severity).max();
    (worst, !group.diagnostics.is_empty())
}

fn write_group(
    findings: &Findings<'_>,
    group: &Group<'_>,
    unfolded: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let is_found = !group.diagnostics.is_empty() || !group.same_as.is_empty();
    let status = match (is_found, group.not_exercised) {
        (true, _) => "found",
        (false, Some(_)) => "skipped",
        (false, None) => "clean",
    };
    let open = if unfolded && !group.diagnostics.is_empty() {
        " open"
    } else {
        ""
    };
    writeln!(
        out,
        "<details data-status=\"{status}\"{open}>\n<summary><span class=\"name\">{}</span>{}</summary>",
        text(group.name),
        badges(group),
    )?;
    for diagnostic in &group.diagnostics {
        article(findings, diagnostic, out)?;
    }
    for diagnostic in &group.same_as {
        writeln!(
            out,
            "<p class=\"same\" data-severity=\"{}\"><span class=\"{0}\">{0}</span> <code>{}</code> the same as at {}: {}</p>",
            diagnostic.severity,
            text(diagnostic.rule.name),
            text(diagnostic.operation.as_deref().unwrap_or_default()),
            rich(&diagnostic.message),
        )?;
    }
    let record = findings.run.map_or(&[][..], |record| &record.operations);
    if let Some(operation) = record.iter().find(|it| it.name == group.name) {
        live::operation(operation, out)?;
    }
    writeln!(out, "</details>")
}

/// What came of an operation, in a few words.
fn badges(group: &Group<'_>) -> String {
    let mut badges = String::new();
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    for severity in severities {
        let count = |list: &[&Diagnostic]| list.iter().filter(|it| it.severity == severity).count();
        let shared = count(&group.same_as);
        let count = count(&group.diagnostics);
        if shared > 0 {
            let _ = write!(
                badges,
                " <span class=\"{severity}\">{shared} shared {severity}{}</span>",
                if shared == 1 { "" } else { "s" }
            );
        }
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            let _ = write!(
                badges,
                " <span class=\"{severity}\">{count} {severity}{plural}</span>"
            );
        }
    }
    if let Some(reason) = group.not_exercised {
        let reason = text(reason);
        let _ = write!(
            badges,
            " <span class=\"dim\">not exercised: {reason}</span>"
        );
    } else if group.diagnostics.is_empty() && group.same_as.is_empty() {
        badges.push_str(" <span class=\"good\">nothing found</span>");
    }
    badges
}

fn article(
    findings: &Findings<'_>,
    diagnostic: &Diagnostic,
    out: &mut dyn Write,
) -> io::Result<()> {
    let severity = diagnostic.severity;
    let place = |span| {
        let start = findings.sources.positions(span).start;
        format!(
            "{}:{}:{}",
            text(&findings.path(span.file)),
            start.line,
            start.column
        )
    };
    writeln!(
        out,
        "<article class=\"{severity}\" data-severity=\"{severity}\">\n<h3>{}</h3>\n\
         <div class=\"what\"><span class=\"{severity}\">{severity}</span> <code>{}</code> <span class=\"dim\">{}</span></div>",
        rich(&diagnostic.message),
        text(diagnostic.rule.name),
        place(diagnostic.span),
    )?;
    if let Some(observation) = &diagnostic.observation {
        let exchange = findings
            .run
            .and_then(|record| record.exchange_of(diagnostic));
        live::observation(observation, exchange, out)?;
        live::command("repeat", Some(&observation.curl), out)?;
        live::command("replay", findings.replay(diagnostic).as_deref(), out)?;
    }
    let lines = diagnostic.other_places().map(|(span, label)| {
        let label = rich(label);
        let place = place(span);
        format!("<div class=\"what\">{label} <span class=\"dim\">{place}</span></div>\n")
    });
    let lines: Vec<_> = lines.collect();
    if lines.len() > PLACES {
        let lines_text = lines.concat();
        writeln!(
            out,
            "<details class=\"places\"><summary>{} more places</summary>\n{lines_text}</details>",
            lines.len()
        )?;
    } else {
        write!(out, "{}", lines.concat())?;
    }
    if let Some(help) = &diagnostic.help {
        writeln!(out, "<div>{}</div>", rich(help))?;
    }
    writeln!(out, "</article>")
}

/// Text as HTML, on one line, with what stands between backticks as code.
fn rich(source: &str) -> String {
    let escaped = text(source);
    let mut parts = escaped.split('`');
    let mut html = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        match parts.next() {
            Some(after) if !code.is_empty() => {
                let _ = write!(html, "<code>{code}</code>{after}");
            }
            Some(after) => {
                let _ = write!(html, "``{after}");
            }
            None => {
                let _ = write!(html, "`{code}");
            }
        }
    }
    html
}

/// Text as HTML, on one line.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
