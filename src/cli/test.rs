//! `fieldproof test`: does a live server do what the pages promise?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use fieldproof::conform::bindings::Bindings;
use fieldproof::conform::client::{Client, Limits};
use fieldproof::conform::plan::{self, Omitted, Plan};
use fieldproof::conform::repeat;
use fieldproof::conform::run::{self, Run};
use fieldproof::conform::target::Target;
use fieldproof::diagnostic::baseline::Coverage;
use fieldproof::model::Operation;
use fieldproof::report::visible::escape;
use fieldproof::report::{self, Covered, Findings};

use super::baseline::BaselineArgs;
use super::config::{self, Config, FailOn};
use super::docs::{self, Docs, DocsArgs};
use super::output::{Format, FormatArgs};
use super::{Exit, Failure, Streams};

/// Test whether a live server does what the pages promise
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// Base URL of the server; a path in it stands for the documented base path
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Header to send with every request, instead of a documented one of that name
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// Value for a placeholder, a path parameter, or a required value without an example
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    var: Vec<(String, String)>,
    /// Send requests that may change data to servers that are not on this machine
    #[arg(long)]
    allow_writes: bool,
    /// Print the requests as curl commands, and send nothing
    #[arg(long, conflicts_with_all = ["format", "fail_on"])]
    plan: bool,
    /// Seconds to wait for each answer
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    #[command(flatten)]
    format: FormatArgs,
    #[command(flatten)]
    baseline: BaselineArgs,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &TestArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let target = target(args, &config)?;
    let bindings = bindings(args, &config)?;
    let api = &docs.documentation.api;
    let plan = plan::plan(api, &target, &bindings, args.allow_writes);
    for name in &plan.unused {
        let name = escape(name);
        writeln!(
            streams.err,
            "fieldproof: --var {name} is not used: no page has a placeholder or parameter of that name"
        )?;
    }
    if plan.items.is_empty() {
        write!(streams.err, "{}", table(&docs, &[], &plan.omitted))?;
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    if args.plan {
        return print(&docs, &plan, streams);
    }
    let limits = Limits {
        time: args.timeout,
        ..Limits::default()
    };
    let client = Client::new(limits).map_err(|error| Failure::Unreachable(error.to_string()))?;
    let run = run::run(&plan, api, &mut |request| client.send(request));
    if let Some(reason) = &run.unreachable {
        return Err(Failure::Unreachable(format!(
            "{} cannot be tested: {reason}; check the URL, and that the server is running",
            target.origin
        )));
    }
    if run.exercised.is_empty() {
        write!(streams.err, "{}", table(&docs, &[], &run.omitted))?;
        return Err(Failure::NotExercised(nothing(&docs, &plan)));
    }
    finish(args, &config, &docs, run, streams)
}

/// Shows what came of a run.
fn finish(
    args: &TestArgs,
    config: &Config,
    docs: &Docs,
    mut run: Run,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    report::sort(&docs.site.sources, &mut run.diagnostics);
    let operations = &docs.documentation.api.operations;
    let asked = run
        .exercised
        .iter()
        .filter_map(|index| operations.get(*index));
    let coverage = Coverage::Places(asked.map(Operation::name).collect());
    let sources = &docs.site.sources;
    let known = (args.baseline).apply(sources, &mut run.diagnostics, &coverage, streams)?;
    let mut summary = docs.summary().counting(&run.diagnostics);
    summary.suppressed += known.count;
    summary.more = figures(&run);
    summary.more.extend(known.figures);
    let operations = covered(docs, &run);
    let fail_on = args.fail_on.or(config.fail_on).unwrap_or(FailOn::Error);
    let findings = Findings {
        sources: &docs.site.sources,
        diagnostics: &run.diagnostics,
        summary: &summary,
        prefix: &docs.prefix,
        operations: &operations,
        fails_from: fail_on.severity(),
    };
    streams.findings(&findings, &args.format)?;
    let table = table(docs, &run.exercised, &run.omitted);
    if args.format.format == Format::Human && args.format.output.is_none() {
        write!(streams.out, "\n{table}")?;
        streams.out.flush()?;
    } else {
        write!(streams.err, "{table}")?;
    }
    let fails = run.diagnostics.iter().any(|it| findings.fails(it));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// All operations, with the reasons of those that were not exercised.
fn covered(docs: &Docs, run: &Run) -> Vec<Covered> {
    let mut covered = docs.covered();
    for omitted in &run.omitted {
        if let Some(operation) = covered.get_mut(omitted.operation) {
            operation.not_exercised = Some(omitted.reason.to_string());
        }
    }
    covered
}

/// Figures for the summary: nothing that was left out goes uncounted.
fn figures(run: &Run) -> Vec<(String, usize)> {
    let mut figures = vec![
        ("exercised".to_owned(), run.exercised.len()),
        ("compared with fields or examples".to_owned(), run.compared),
        ("not exercised".to_owned(), run.omitted.len()),
    ];
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for omitted in &run.omitted {
        *kinds.entry(omitted.reason.kind()).or_default() += 1;
    }
    figures.extend(
        kinds
            .into_iter()
            .map(|(kind, count)| (kind.to_owned(), count)),
    );
    figures
}

/// Each operation that was not exercised with the reason, and both counts.
fn table(docs: &Docs, exercised: &[usize], omitted: &[Omitted]) -> String {
    let operations = &docs.documentation.api.operations;
    let rows: Vec<_> = omitted
        .iter()
        .filter_map(|omitted| {
            let operation: &Operation = operations.get(omitted.operation)?;
            let name = escape(&operation.name()).into_owned();
            let reason = escape(&omitted.reason.to_string()).into_owned();
            Some((name, reason))
        })
        .collect();
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default().min(60);
    let mut text = format!(
        "{} of {} operations exercised, {} not exercised\n",
        exercised.len(),
        operations.len(),
        omitted.len()
    );
    for (name, reason) in rows {
        let _ = writeln!(text, "  {name:<width$}  {reason}");
    }
    text
}

/// Why nothing is exercised, in one sentence.
fn nothing(docs: &Docs, plan: &Plan) -> String {
    if docs.documentation.api.operations.is_empty() {
        return format!(
            "nothing is exercised: no page under `{}` has an `api:` line with a method and a URL or path",
            docs.prefix
        );
    }
    let count = plan.omitted.len().max(1);
    let operations = if count == 1 {
        "operation"
    } else {
        "operations"
    };
    format!("nothing is exercised: for the {count} {operations} above there is no request to send")
}

/// Prints the requests as a script that a shell can run.
fn print(docs: &Docs, plan: &Plan, streams: &mut Streams) -> Result<Exit, Failure> {
    let operations = &docs.documentation.api.operations;
    let sources = &docs.site.sources;
    for item in &plan.items {
        let Some(operation) = operations.get(item.operation) else {
            continue;
        };
        let path = docs.path(item.span.file);
        let line = sources.positions(item.span).start.line;
        let name = operation.name();
        writeln!(
            streams.out,
            "# {} ({}:{line})",
            escape(&name),
            escape(&path)
        )?;
        let command = repeat::command(&item.request, &plan.secrets);
        writeln!(streams.out, "{}", escape(&command))?;
    }
    for line in table_lines(docs, plan) {
        writeln!(streams.out, "# {line}")?;
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

fn table_lines(docs: &Docs, plan: &Plan) -> Vec<String> {
    let planned: Vec<_> = plan.items.iter().map(|item| item.operation).collect();
    let table = table(docs, &planned, &plan.omitted);
    let table = table.replacen("exercised,", "to be exercised,", 1);
    table.lines().map(str::to_owned).collect()
}

fn target(args: &TestArgs, config: &Config) -> Result<Target, Failure> {
    let url = args.url.as_ref().or(config.test.url.as_ref());
    let Some(url) = url else {
        return Err(Failure::Usage(
            "there is no server to test; name it with --url, or as `url` under `[test]` in fieldproof.toml"
                .to_owned(),
        ));
    };
    Target::parse(url).map_err(|error| Failure::Usage(error.to_string()))
}

/// Flags win over the headers of the configuration.
fn bindings(args: &TestArgs, config: &Config) -> Result<Bindings, Failure> {
    let mut headers = Vec::new();
    for (name, value) in &config.test.headers {
        let is_given = |(given, _): &(String, String)| given.eq_ignore_ascii_case(name);
        if !args.header.iter().any(is_given) {
            let both = header(&format!("{name}: {value}")).map_err(|reason| {
                Failure::Usage(format!(
                    "the header `{}` of the configuration is not valid: {reason}",
                    escape(name)
                ))
            })?;
            headers.push(both);
        }
    }
    headers.extend(args.header.iter().cloned());
    Ok(Bindings {
        variables: args.var.clone(),
        headers,
    })
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) {
        return Err("the name of a header has only letters, digits, and hyphens".to_owned());
    }
    if value.chars().any(char::is_control) {
        return Err("the value has a line break or another control character".to_owned());
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if name.chars().any(char::is_alphanumeric) => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("write it as name=value".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is not a number")?;
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err("it is not between 0.001 and 86400".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}
