//! `JUnit` XML, which CI systems show as tests.
//!
//! Each operation is a suite, and has a case for each group of rules: its `page`, its `endpoint`, its `request`, and its
//! `response`. A case fails if a finding of it fails the run; other findings stand in its output.
//! What belongs to no operation is a suite by the name of its page. An operation that was not exercised is skipped.
//!
//! In a run of `test`, an operation has a case for each check in the place of these groups: for each way in which its
//! requests differ from the documented one.
//!
//! The elements and attributes are those that <https://github.com/jenkinsci/xunit-plugin> accepts. There are no times: same input, same
//! output.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::group::{Group, groups};
use super::{Findings, line};
use crate::diagnostic::Diagnostic;

/// The groups of rules that every operation has a case for.
const GROUPS: [&str; 4] = ["endpoint", "page", "request", "response"];

struct Suite<'a> {
    name: &'a str,
    skipped: Option<&'a str>,
    cases: BTreeMap<&'a str, Case<'a>>,
}

#[derive(Default)]
struct Case<'a> {
    failing: Vec<&'a Diagnostic>,
    others: Vec<&'a Diagnostic>,
}

/// Writes one XML document.
pub fn write(findings: &Findings<'_>, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(findings);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut root = BytesStart::new("testsuites");
    root.push_attribute(("name", "fieldproof"));
    // The root has no count of what was skipped: only suites may have one.
    count(&mut root, &suites);
    xml.write_event(Event::Start(root))?;
    for suite in &suites {
        write_suite(findings, suite, &mut xml)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writeln!(xml.into_inner())
}

/// Suites of the operations in their order, then those of the pages.
fn suites<'a>(findings: &Findings<'a>) -> Vec<Suite<'a>> {
    let suite = |found: Group<'a>| {
        let mut suite = Suite {
            name: found.name,
            skipped: found.not_exercised,
            cases: always(findings, &found)
                .into_iter()
                .map(|it| (it, Case::default()))
                .collect(),
        };
        for diagnostic in found.diagnostics {
            let check = findings
                .run
                .map(|record| match record.exchange_of(diagnostic) {
                    Some(exchange) => exchange.check.as_str(),
                    None => diagnostic.rule.name,
                });
            let name = check.unwrap_or_else(|| group(diagnostic));
            let case = suite.cases.entry(name).or_default();
            if findings.fails(diagnostic) {
                case.failing.push(diagnostic);
            } else {
                case.others.push(diagnostic);
            }
        }
        suite
    };
    groups(findings).into_iter().map(suite).collect()
}

/// The cases that a suite has whether something was found or not.
fn always<'a>(findings: &Findings<'a>, found: &Group<'a>) -> Vec<&'a str> {
    let Some(record) = findings.run else {
        return if found.is_operation {
            GROUPS.to_vec()
        } else {
            Vec::new()
        };
    };
    let mut operations = record.operations.iter();
    match operations.find(|it| it.name == found.name) {
        Some(operation) if operation.variants.is_empty() => vec!["request"],
        Some(operation) => {
            let variants = operation.variants.iter();
            variants.map(|(name, ..)| name.as_str()).collect()
        }
        None => Vec::new(),
    }
}

/// The first part of the subject.
fn group(diagnostic: &Diagnostic) -> &str {
    let subject = diagnostic.subject.as_deref().unwrap_or("page");
    let end = subject.find(['.', '[']).unwrap_or(subject.len());
    match &subject[..end] {
        "" => "page",
        group => group,
    }
}

fn write_suite<W: Write>(
    findings: &Findings<'_>,
    suite: &Suite<'_>,
    xml: &mut Writer<W>,
) -> io::Result<()> {
    let mut start = BytesStart::new("testsuite");
    start.push_attribute(("name", text(suite.name).as_str()));
    count(&mut start, std::slice::from_ref(suite));
    let skipped = suite
        .cases
        .values()
        .filter(|case| suite.skipped_in(case).is_some());
    start.push_attribute(("skipped", skipped.count().to_string().as_str()));
    xml.write_event(Event::Start(start))?;
    for (group, case) in &suite.cases {
        let mut start = BytesStart::new("testcase");
        start.push_attribute(("classname", text(suite.name).as_str()));
        start.push_attribute(("name", text(group).as_str()));
        xml.write_event(Event::Start(start))?;
        if let Some(reason) = suite.skipped_in(case) {
            let mut skipped = BytesStart::new("skipped");
            skipped.push_attribute(("message", text(reason).as_str()));
            xml.write_event(Event::Empty(skipped))?;
        }
        if let Some(first) = case.failing.first() {
            let mut failure = BytesStart::new("failure");
            failure.push_attribute(("type", first.rule.name));
            failure.push_attribute(("message", text(&first.message).as_str()));
            element(findings, &failure, &case.failing, xml)?;
        }
        if !case.others.is_empty() {
            element(findings, &BytesStart::new("system-out"), &case.others, xml)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testcase")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))
}

impl<'a> Suite<'a> {
    /// Why a case has no result, if it has none.
    fn skipped_in(&self, case: &Case<'_>) -> Option<&'a str> {
        self.skipped
            .filter(|_| case.failing.is_empty() && case.others.is_empty())
    }
}

/// An element with one line for each finding, and one for its help.
fn element<W: Write>(
    findings: &Findings<'_>,
    start: &BytesStart<'_>,
    diagnostics: &[&Diagnostic],
    xml: &mut Writer<W>,
) -> io::Result<()> {
    let end = start.to_end();
    let mut lines = String::from("\n");
    for diagnostic in diagnostics {
        lines.push_str(&text(&findings.in_one_line(diagnostic)));
        lines.push('\n');
        let live = diagnostic.observation.as_deref();
        let replay = findings.replay(diagnostic);
        let more = [
            ("help", diagnostic.help.as_deref()),
            ("repeat", live.map(|live| live.curl.as_str())),
            ("replay", replay.as_deref()),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                lines.push_str("  ");
                lines.push_str(name);
                lines.push_str(": ");
                lines.push_str(&text(value));
                lines.push('\n');
            }
        }
    }
    xml.write_event(Event::Start(start.borrow()))?;
    xml.write_event(Event::Text(BytesText::new(&lines)))?;
    xml.write_event(Event::End(end))
}

fn count(start: &mut BytesStart<'_>, suites: &[Suite<'_>]) {
    let cases = suites.iter().flat_map(|suite| suite.cases.values());
    let failures = cases.clone().filter(|case| !case.failing.is_empty());
    for (name, number) in [
        ("tests", cases.clone().count()),
        ("failures", failures.count()),
        ("errors", 0),
    ] {
        start.push_attribute((name, number.to_string().as_str()));
    }
}

/// Text on one line, without the characters that XML cannot hold in any form.
fn text(text: &str) -> String {
    line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
