//! A run of `fieldproof test` as data: what was sent, what came back, and what was found, without secrets.
//!
//! A [`Record`] is what the forms of runs are made of. As JSON it is the report of a shard: [`merge`] puts several into
//! one. `docs/schemas/run-1.json` is its schema.

pub mod har;
pub mod hurl;
pub mod merge;
pub mod ndjson;
pub mod shell;
mod sides;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::conform::coverage;
use crate::conform::message::{Answer, Request};
use crate::conform::plan::{Omitted, Plan};
use crate::conform::repeat;
use crate::conform::run::Run;
use crate::conform::session::Exchange;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::hash::{START, fnv};
use crate::model::{Documentation, Operation};
use crate::source::{Sources, Span};

use super::Findings;

/// Longer bodies are cut in records, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the form.
    pub version: u32,
    /// The version of fieldproof.
    pub program: String,
    /// Scheme, host, and port of the server.
    pub url: String,
    /// Which part of the operations it is about: the number of the shard, and how many there are.
    pub shard: Option<(usize, usize)>,
    /// The pages, and a fingerprint of each.
    pub pages: Vec<(String, String)>,
    /// All documented operations.
    pub operations: Vec<Exercised>,
    /// What was sent, in that order, and what came back.
    pub exchanges: Vec<Sent>,
    /// What was found, before findings of one cause are put together.
    pub found: Vec<Found>,
    /// The finding that stands for all, if all answers have one cause.
    pub cause: Option<Finding>,
    /// In how many answers the body was compared with what is documented.
    pub compared: usize,
    /// What the run made and could not remove: what it is, its id, and a command that may remove it.
    pub leftovers: Vec<(String, String, Option<String>)>,
    /// The limit that ended the run.
    pub ended: Option<String>,
    /// True if what answered is a mock of the pages.
    pub is_mock: bool,
    /// The command that asks once more about a finding, but for the name of the finding.
    #[serde(default)]
    pub replay: Option<String>,
}

/// An operation, and what was seen of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exercised {
    /// Method and path.
    pub name: String,
    /// True if something was sent.
    pub exercised: bool,
    /// Why it was not exercised.
    pub not_exercised: Option<String>,
    /// The kind of that reason, as a figure of a summary is named.
    pub kind: Option<String>,
    /// True if it was not chosen, and called to prepare for those that were.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prepares: bool,
    /// How many requests were sent.
    pub requests: usize,
    /// The documented answers, and how many were seen of each.
    pub answers: Vec<(String, usize)>,
    /// The documented members of successes, and whether one was seen.
    pub members: Vec<(String, bool)>,
    /// The documented values of such members, and whether one was seen.
    pub values: Vec<(String, bool)>,
    /// What fields say, examples show, and the server answers of each member of the documented success.
    pub members_compared: Vec<Compared>,
    /// Each kind of request, each status that it was answered with, and how often.
    pub variants: Vec<(String, u16, usize)>,
}

/// A member as three sources have it; what one of them does not have is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The way to the member.
    pub member: String,
    /// What its field says.
    pub documented: Option<String>,
    /// The value in the example.
    pub shown: Option<String>,
    /// The value in the first answer that was a success.
    pub observed: Option<String>,
}

/// A request, and what came back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Method and path of the operation.
    pub operation: String,
    /// The part of the run.
    pub phase: String,
    /// In which way the request differs from the documented one.
    pub check: String,
    /// When it was sent, as RFC 3339 has it.
    pub started: Option<String>,
    /// How long the answer took, in milliseconds.
    pub milliseconds: Option<f64>,
    /// What was sent.
    pub request: Asked,
    /// What came back.
    pub response: Option<Answered>,
    /// Why nothing came back.
    pub failure: Option<String>,
    /// The command that repeats the request.
    pub curl: String,
}

/// A request without secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Upper-case method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, as text.
    pub body: Option<String>,
}

/// An answer without secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The start of the body, as text.
    pub body: String,
    /// How long the body is, in bytes.
    pub size: usize,
}

/// A finding, and the part of the run that it is from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The part, from 0.
    pub stage: usize,
    /// What was found.
    pub finding: Finding,
}

/// A finding that leads back to its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The name of the rule.
    pub rule: String,
    /// `error`, `warning`, or `info`.
    pub severity: String,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// A few words at the place.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places, and what is there.
    pub related: Vec<(Place, String)>,
    /// Method and path.
    pub operation: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What was asked of the server, and how it answered.
    pub observation: Option<Observed>,
}

/// Bytes of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The path below the root of the docs.
    pub file: String,
    /// The first byte.
    pub start: usize,
    /// The first byte that no longer belongs.
    pub end: usize,
}

/// What was asked of a server, and how its answer differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// Method and URL.
    pub request: String,
    /// Where in the answer.
    pub path: Option<String>,
    /// What is documented.
    pub expected: Option<String>,
    /// The words of the page that promise it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documented: Option<String>,
    /// What the server did.
    pub observed: Option<String>,
    /// Which of field, example, and server the other two contradict.
    #[serde(default)]
    pub odd_one_out: Option<String>,
    /// The bodies that differ, beside each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// The command that repeats the request.
    pub curl: String,
    /// In which way the request differs from the documented one.
    #[serde(default)]
    pub case: String,
    /// What has to be sent with it to see the same again: `answer`, `state`, `fuzz`, or `whole`.
    #[serde(default)]
    pub part: String,
    /// What it was drawn with, if it was drawn.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seed: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// When a request was sent, and how long its answer took.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// RFC 3339.
    pub started: String,
    /// In milliseconds.
    pub milliseconds: f64,
}

/// What a record is made of, beside the run.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The files of the docs.
    pub sources: &'a Sources,
    /// What they document.
    pub documentation: &'a Documentation,
    /// What was planned.
    pub plan: &'a Plan,
    /// Scheme, host, and port of the server.
    pub url: &'a str,
    /// The number of the shard, and how many there are.
    pub shard: Option<(usize, usize)>,
    /// The command that asks once more about a finding, but for the name of the finding.
    pub replay: Option<&'a str>,
}

/// The record of a run; `timings` are those of its exchanges, in their order.
pub fn record(origin: &Origin<'_>, run: &Run, timings: &[Timing]) -> Record {
    let sources = origin.sources;
    let secrets = &origin.plan.secrets;
    let api = &origin.documentation.api;
    let mut timings = timings.iter();
    Record {
        version: 1,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        url: origin.url.to_owned(),
        shard: origin.shard,
        pages: pages(sources),
        operations: exercised(origin, run),
        exchanges: run
            .exchanges
            .iter()
            .filter_map(|it| {
                let operation = api.operations.get(it.item.operation)?;
                Some(sent(operation, it, origin.plan, timings.next()))
            })
            .collect(),
        found: run
            .found
            .iter()
            .map(|found| Found {
                stage: found.stage,
                finding: finding(sources, &found.diagnostic),
            })
            .collect(),
        cause: run.cause.as_ref().map(|cause| finding(sources, cause)),
        compared: run.compared,
        leftovers: run
            .leftovers
            .iter()
            .map(|it| {
                let curl = it.request.as_ref();
                let curl = curl.map(|it| repeat::command(it, secrets));
                let id = it.id.as_deref().unwrap_or_default();
                (it.noun.clone(), secrets.hide(id), curl)
            })
            .collect(),
        ended: run.ended.map(|it| it.to_string()),
        is_mock: run.is_mock,
        replay: origin.replay.map(str::to_owned),
    }
}

/// Writes a record as JSON.
pub fn write(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    super::write_json(record, out)
}

/// The paths of all files, and a fingerprint of each.
fn pages(sources: &Sources) -> Vec<(String, String)> {
    let pages = sources.iter().map(|(_, file)| {
        let fingerprint = fnv(START, file.text().as_bytes());
        (file.path().to_owned(), format!("{fingerprint:016x}"))
    });
    let mut pages: Vec<_> = pages.collect();
    pages.sort();
    pages
}

fn exercised(origin: &Origin<'_>, run: &Run) -> Vec<Exercised> {
    let api = &origin.documentation.api;
    let rows = coverage::rows(api, &run.exchanges);
    let omitted: HashMap<usize, &Omitted> =
        run.omitted.iter().map(|it| (it.operation, it)).collect();
    let exercised: HashSet<usize> = run.exercised.iter().copied().collect();
    let mut exchanges: HashMap<usize, Vec<&Exchange>> = HashMap::new();
    for exchange in &run.exchanges {
        let own = exchanges.entry(exchange.item.operation).or_default();
        own.push(exchange);
    }
    let operations = api.operations.iter().enumerate().zip(rows);
    let operations = operations.map(|((index, operation), row)| {
        // What was given up once, and went through later, counts once.
        let reason = omitted.get(&index).map(|it| &it.reason);
        let reason = reason.filter(|_| !exercised.contains(&index));
        let own = exchanges.get(&index).map_or(&[][..], Vec::as_slice);
        let success = own.iter().find(|it| it.is_success);
        let success = success.and_then(|it| it.body.as_ref());
        Exercised {
            name: operation.name(),
            exercised: exercised.contains(&index),
            prepares: origin.plan.prepares.contains(&index),
            not_exercised: reason.map(ToString::to_string),
            kind: reason.map(|it| it.kind().to_owned()),
            requests: row.requests,
            answers: row.answers,
            members: row.members,
            values: row.values,
            members_compared: sides::compared(operation, success, origin.plan),
            variants: variants(own, origin.plan),
        }
    });
    operations.collect()
}

/// Each kind of request with each status that it was answered with, and how often.
fn variants(exchanges: &[&Exchange], plan: &Plan) -> Vec<(String, u16, usize)> {
    let mut variants: Vec<(String, u16, usize)> = Vec::new();
    let mut known: HashMap<(String, u16), usize> = HashMap::new();
    for exchange in exchanges {
        let name = plan.secrets.hide(&exchange.item.variant.describe());
        let status = exchange.status().unwrap_or_default();
        let at = *known
            .entry((name.clone(), status))
            .or_insert(variants.len());
        match variants.get_mut(at) {
            Some(variant) => variant.2 += 1,
            None => variants.push((name, status, 1)),
        }
    }
    variants
}

/// An exchange without secrets.
pub fn sent(
    operation: &Operation,
    exchange: &Exchange,
    plan: &Plan,
    timing: Option<&Timing>,
) -> Sent {
    let hide = |text: &str| plan.secrets.hide(text);
    let pairs = |pairs: &[(String, String)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), hide(value)))
            .collect()
    };
    let request: &Request = &exchange.item.request;
    let answered = |answer: &Answer| {
        let start = answer.body.get(..LONGEST_BODY).unwrap_or(&answer.body);
        Answered {
            status: answer.status,
            headers: pairs(&answer.headers),
            body: hide(&String::from_utf8_lossy(start)),
            size: answer.body.len(),
        }
    };
    Sent {
        operation: operation.name(),
        phase: exchange.item.variant.phase().as_str().to_owned(),
        check: hide(&exchange.item.variant.describe()),
        started: timing.map(|it| it.started.clone()),
        milliseconds: timing.map(|it| it.milliseconds),
        request: Asked {
            method: request.method.clone(),
            url: hide(&request.url),
            headers: pairs(&request.headers),
            body: request.body.as_ref().map(|_| hide(&request.body_text())),
        },
        response: exchange.answer.as_ref().ok().map(answered),
        failure: exchange.answer.as_ref().err().map(ToString::to_string),
        curl: repeat::command(request, &plan.secrets),
    }
}

fn finding(sources: &Sources, diagnostic: &Diagnostic) -> Finding {
    let place = |span: Span| Place {
        file: sources.file(span.file).path().to_owned(),
        start: span.start as usize,
        end: span.end as usize,
    };
    Finding {
        rule: diagnostic.rule.name.to_owned(),
        severity: diagnostic.severity.as_str().to_owned(),
        place: place(diagnostic.span),
        message: diagnostic.message.clone(),
        label: diagnostic.label.clone(),
        help: diagnostic.help.clone(),
        related: diagnostic
            .related
            .iter()
            .map(|it| (place(it.span), it.label.clone()))
            .collect(),
        operation: diagnostic.operation.clone(),
        subject: diagnostic.subject.clone(),
        observation: diagnostic.observation.as_deref().map(|it| Observed {
            request: it.request.clone(),
            path: it.path.clone(),
            expected: it.expected.clone(),
            documented: it.documented.clone(),
            observed: it.observed.clone(),
            odd_one_out: it.odd.map(|odd| odd.as_str().to_owned()),
            diff: it.diff.clone(),
            curl: it.curl.clone(),
            case: it.tried.case.clone(),
            part: it.tried.part.as_str().to_owned(),
            seed: it.tried.seed,
        }),
    }
}

impl Record {
    /// The exchange that a finding is about: the first that sent the same.
    pub fn exchange_of(&self, diagnostic: &Diagnostic) -> Option<&Sent> {
        let observation = diagnostic.observation.as_deref()?;
        let mut exchanges = self.exchanges.iter();
        exchanges.find(|it| it.curl == observation.curl)
    }

    /// How many documented answers and members were seen, and how many there are.
    pub fn share(&self) -> (usize, usize) {
        let shares = self.operations.iter().map(|it| {
            let answers = it.answers.iter().filter(|(_, count)| *count > 0).count();
            let members = it.members.iter().filter(|(_, is_seen)| *is_seen).count();
            (answers + members, it.answers.len() + it.members.len())
        });
        shares.fold((0, 0), |(seen, all), (more, most)| {
            (seen + more, all + most)
        })
    }
}

/// Text on one line.
fn line(text: &str) -> String {
    super::line(text).into_owned()
}

/// `page.mdx:12`
fn place(findings: &Findings<'_>, span: Span) -> String {
    let path = findings.path(span.file);
    let start = findings.sources.positions(span).start;
    format!("{}:{}", line(&path), start.line)
}
