//! SARIF 2.1.0, which code scanning services and editors read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html> says what the properties mean.
//! Lines and columns count from 1, columns in characters. The fingerprint `fieldproof/v1` stays while lines move.
//! What a live server did stands in the property bag of the result.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Findings, fingerprint, line, write_json};
use crate::diagnostic::{Diagnostic, Edit, Fix, Rule, Severity};
use crate::source::{FileId, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    short_description: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Mending>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mending {
    description: Message,
    artifact_changes: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<Live<'a>>,
}

#[derive(Serialize)]
struct Live<'a> {
    request: &'a str,
    path: Option<&'a str>,
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documented: Option<&'a str>,
    observed: Option<&'a str>,
    curl: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<String>,
}

/// Writes one SARIF log with one run, and a line end.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<&'static Rule> = findings.diagnostics.iter().map(|it| it.rule).collect();
    rules.sort_by_key(|rule| rule.name);
    rules.dedup_by_key(|rule| rule.name);
    let fingerprints = fingerprint::all(findings);
    let results = findings
        .diagnostics
        .iter()
        .zip(fingerprints)
        .map(|(diagnostic, fingerprint)| outcome(findings, &rules, diagnostic, fingerprint))
        .collect();
    let driver = Driver {
        name: "fieldproof",
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: rules.iter().map(|rule| descriptor(rule)).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints",
        results,
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    };
    write_json(&log, out)
}

fn descriptor(rule: &Rule) -> Descriptor<'_> {
    Descriptor {
        id: rule.name,
        short_description: message(rule.summary),
        default_configuration: Configuration {
            level: level(rule.severity),
        },
    }
}

fn outcome<'a>(
    findings: &Findings<'_>,
    rules: &[&Rule],
    diagnostic: &'a Diagnostic,
    fingerprint: String,
) -> Outcome<'a> {
    let related = |(span, label): (Span, &str)| Location {
        message: (!label.is_empty()).then(|| message(label)),
        ..location(findings, span)
    };
    let mut text = message(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        text.text.push_str("\nhelp: ");
        text.text.push_str(&message(help).text);
    }
    Outcome {
        rule_id: diagnostic.rule.name,
        rule_index: rules.partition_point(|rule| rule.name < diagnostic.rule.name),
        level: level(diagnostic.severity),
        message: text,
        locations: [Location {
            message: diagnostic.label.as_deref().map(message),
            ..location(findings, diagnostic.span)
        }],
        related_locations: diagnostic.other_places().map(related).collect(),
        partial_fingerprints: BTreeMap::from([("fieldproof/v1", fingerprint)]),
        fixes: diagnostic
            .fix
            .iter()
            .map(|fix| mending(findings, fix))
            .collect(),
        properties: Properties {
            operation: diagnostic.operation.as_deref(),
            subject: diagnostic.subject.as_deref(),
            live: live(findings, diagnostic),
        },
    }
}

fn mending(findings: &Findings<'_>, fix: &Fix) -> Mending {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    let replacement = |edit: &Edit| Replacement {
        deleted_region: region(findings, edit.span),
        // The text of a page, not a message: it stays as it is.
        inserted_content: Message {
            text: edit.text.clone(),
        },
    };
    Mending {
        description: message(&fix.title),
        artifact_changes: by_file
            .into_iter()
            .map(|(file, edits)| Change {
                artifact_location: artifact(findings, file),
                replacements: edits.into_iter().map(replacement).collect(),
            })
            .collect(),
    }
}

fn location(findings: &Findings<'_>, span: Span) -> Location {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: artifact(findings, span.file),
            region: region(findings, span),
        },
        message: None,
    }
}

fn artifact(findings: &Findings<'_>, file: FileId) -> ArtifactLocation {
    ArtifactLocation {
        uri: uri(&findings.path(file)),
    }
}

fn region(findings: &Findings<'_>, span: Span) -> Region {
    let positions = findings.sources.positions(span);
    Region {
        start_line: positions.start.line,
        start_column: positions.start.column,
        end_line: positions.end.line,
        end_column: positions.end.column,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn live<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Option<Live<'a>> {
    let observation = diagnostic.observation.as_deref()?;
    Some(Live {
        request: &observation.request,
        path: observation.path.as_deref(),
        expected: observation.expected.as_deref(),
        documented: observation.documented.as_deref(),
        observed: observation.observed.as_deref(),
        curl: &observation.curl,
        id: findings.id(diagnostic),
        replay: findings.replay(diagnostic),
    })
}

/// Plain text as a message: braces are doubled (§3.11.5), and what would be a link is none (§3.11.6).
fn message(text: &str) -> Message {
    let mut text = line(text).replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        text = text.replace('[', "\\[").replace(']', "\\]");
    }
    Message { text }
}

/// A path as a URI reference, each byte outside the unreserved ones percent-encoded.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(byte as char);
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
