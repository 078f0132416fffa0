//! `fieldproof config`: every setting in effect, and where it comes from.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use fieldproof::report::column::{columns, padded};
use fieldproof::report::visible;
use fieldproof::source::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::config::{self, FailOn};
use super::docs::{self, Docs, DocsArgs};
use super::rules::RuleArgs;
use super::{Exit, Failure, Streams, mock};

/// Show every setting in effect, and where it comes from
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(flatten)]
    docs: DocsArgs,
    #[command(flatten)]
    rules: RuleArgs,
    /// Severity from which findings fail the run [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY", env = "FIELDPROOF_FAIL_ON")]
    fail_on: Option<FailOn>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// A setting in effect.
struct Entry {
    key: String,
    value: String,
    origin: String,
}

pub(crate) fn run(args: &ConfigArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    // What cannot be used is an error here as it is anywhere else.
    config::read(args.config.as_deref(), &docs.site.root)?;
    let mut entries = of_flags(args);
    add(&mut entries, of_file(args.config.as_deref(), &docs));
    add(&mut entries, of_site(&docs));
    add(&mut entries, defaults());
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    let width = |text: fn(&Entry) -> &str| {
        let widths = entries.iter().map(|entry| columns(text(entry)));
        widths.max().unwrap_or(0)
    };
    let (keys, values) = (width(|entry| &entry.key), width(|entry| &entry.value));
    for entry in &entries {
        let Entry { key, value, origin } = entry;
        let (key, value) = (padded(key, keys), padded(value, values));
        writeln!(streams.out, "{key} = {value}  {origin}")?;
    }
    streams.out.flush()?;
    Ok(Exit::Clean)
}

/// Adds what is not said by what goes first.
fn add(entries: &mut Vec<Entry>, more: Vec<Entry>) {
    let new = more
        .into_iter()
        .filter(|entry| !entries.iter().any(|known| known.key == entry.key));
    let new: Vec<_> = new.collect();
    entries.extend(new);
}

fn of_flags(args: &ConfigArgs) -> Vec<Entry> {
    let fail_on = args.fail_on.and_then(|value| value.to_possible_value());
    let fail_on = fail_on.map(|value| ("fail-on".to_owned(), quoted(value.get_name())));
    let stated = fail_on.into_iter().chain(args.rules.stated());
    let environment = [
        ("fail-on", "FIELDPROOF_FAIL_ON"),
        ("check.profile", "FIELDPROOF_PROFILE"),
    ];
    stated
        .map(|(key, value)| {
            let variable = environment.iter().find(|(name, variable)| {
                *name == key && std::env::var(variable).is_ok_and(|it| quoted(&it) == value)
            });
            let origin = variable.map_or("command line".to_owned(), |(_, variable)| {
                format!("environment {variable}")
            });
            Entry { key, value, origin }
        })
        .collect()
}

/// The tables whose values are not shown.
const SECRET_TABLES: [&str; 3] = ["test.headers.", "test.variables.", "test.auth-as."];

/// What the configuration file says, if there is one; it was read before, so that it is known to be valid.
fn of_file(named: Option<&Path>, docs: &Docs) -> Vec<Entry> {
    let path = config::path(named, &docs.site.root);
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Vec::new();
    };
    let Ok(table) = DeTable::parse(&text) else {
        return Vec::new();
    };
    let shown = named.map_or_else(
        || docs.in_root("fieldproof.toml"),
        |path| path.display().to_string(),
    );
    let mut leaves = Vec::new();
    leaves_of(table.get_ref(), "", &mut leaves);
    let entry = |(key, span): (String, Range<usize>)| {
        let line = text
            .get(..span.start)
            .unwrap_or_default()
            .matches('\n')
            .count()
            + 1;
        let words: Vec<_> = text
            .get(span)
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let is_secret = SECRET_TABLES.iter().any(|start| key.starts_with(start));
        Entry {
            value: if is_secret {
                "(not shown)".to_owned()
            } else {
                visible::escape(&words.join(" ")).into_owned()
            },
            key: visible::escape(&key).into_owned(),
            origin: format!("{shown}:{line}"),
        }
    };
    leaves.into_iter().map(entry).collect()
}

/// The dotted keys of all values that are no tables, with their places.
fn leaves_of(table: &DeTable<'_>, around: &str, into: &mut Vec<(String, Range<usize>)>) {
    for (key, value) in table {
        let path = if around.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{around}.{}", key.get_ref())
        };
        leaf(value, path, into);
    }
}

fn leaf(value: &Spanned<DeValue<'_>>, path: String, into: &mut Vec<(String, Range<usize>)>) {
    match value.get_ref() {
        DeValue::Table(table) => leaves_of(table, &path, into),
        DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
            for (index, item) in items.iter().enumerate() {
                leaf(item, format!("{path}[{index}]"), into);
            }
        }
        _ => into.push((path, value.span())),
    }
}

/// What the configuration of the site says about the API.
fn of_site(docs: &Docs) -> Vec<Entry> {
    let config = &docs.documentation.config;
    let entry = |key: String, value: &str, span: Span| Entry {
        key,
        value: visible::escape(&quoted(value)).into_owned(),
        origin: docs.place(span),
    };
    let mut entries = Vec::new();
    for (index, server) in config.servers.iter().enumerate() {
        let key = format!("site.servers[{index}]");
        entries.push(entry(key, &server.value, server.evidence.span));
    }
    if let Some(auth) = &config.auth {
        let span = auth.evidence.span;
        entries.push(entry(
            "site.auth.method".to_owned(),
            &auth.value.method,
            span,
        ));
        if let Some(name) = &auth.value.name {
            entries.push(entry("site.auth.name".to_owned(), name, span));
        }
    }
    entries
}

fn defaults() -> Vec<Entry> {
    let defaults = [
        ("fail-on", quoted("error")),
        ("check.profile", quoted("default")),
        ("mock.host", quoted(mock::HOST)),
        ("mock.port", mock::PORT.to_string()),
        ("mock.validate", quoted("strict")),
        ("mock.auth", quoted("strict")),
    ];
    defaults
        .map(|(key, value)| Entry {
            key: key.to_owned(),
            value,
            origin: "default".to_owned(),
        })
        .into()
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
