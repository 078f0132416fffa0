//! The server that requests are passed on to, and what is said of it at the end.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use fieldproof::diagnostic::Severity;
use fieldproof::mock::Drifts;
use fieldproof::mock::server::{Front, Upstream};
use fieldproof::network::{Target, Tls};
use fieldproof::report::visible;
use serde_json::json;

use super::log::LogFormat;
use crate::cli::config::MockConfig;
use crate::cli::{Exit, Failure};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "A server behind the mock")]
pub(super) struct UpstreamArgs {
    /// Pass requests on to this server, and tell where it is not as documented
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// Answer from the pages where the server cannot be reached, or answers 404 or 501
    #[arg(long)]
    fallback: bool,
    /// How long the server may take until its answer begins
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = crate::cli::duration::seconds)]
    upstream_timeout: Duration,
    /// End with exit code 1 if the server was seen to drift
    #[arg(long)]
    fail_on_drift: bool,
    /// PEM file with the certificates of servers to trust, in the place of those of the system
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Trust any certificate of a server
    #[arg(long, conflicts_with = "cacert")]
    insecure: bool,
}

impl UpstreamArgs {
    /// True if requests are passed on.
    pub(super) fn is_set(&self, config: &MockConfig) -> bool {
        self.url(config).is_some()
    }

    fn url<'u>(&'u self, config: &'u MockConfig) -> Option<&'u str> {
        self.upstream.as_deref().or(config.upstream.as_deref())
    }

    /// The server, if there is one.
    pub(super) fn upstream(
        &self,
        config: &MockConfig,
        port: u16,
    ) -> Result<Option<(String, Upstream)>, Failure> {
        let Some(url) = self.url(config) else {
            let idle = [
                (self.fallback, "--fallback"),
                (self.fail_on_drift, "--fail-on-drift"),
            ];
            let Some((_, flag)) = idle.iter().find(|(is_set, _)| *is_set) else {
                return Ok(None);
            };
            return Err(Failure::Usage(format!(
                "{flag} is about a server behind the mock: name it with --upstream URL"
            )));
        };
        let refused =
            |error: &dyn std::fmt::Display| Failure::Usage(format!("--upstream: {error}"));
        let target = Target::parse(url).map_err(|error| refused(&error))?;
        if target.is_loopback && target.origin.ends_with(&format!(":{port}")) {
            let own = "this is where the mock itself listens; choose another port with --port";
            return Err(refused(&own));
        }
        let name = format!("{}{}", target.origin, target.path.as_deref().unwrap_or(""));
        let front = Front {
            target,
            tls: Tls {
                roots: self.cacert.clone(),
                identity: None,
                trusts_anybody: self.insecure,
            },
            time: self.upstream_timeout,
            is_fallback: self.fallback || config.fallback == Some(true),
        };
        let upstream = Upstream::new(&front).map_err(|error| refused(&error))?;
        Ok(Some((name, upstream)))
    }

    /// How the mock ends, given what was seen.
    pub(super) fn exit(&self, drifts: &Drifts) -> Exit {
        let is_error = drifts.iter().any(|it| it.drift.severity == Severity::Error);
        if self.fail_on_drift && is_error {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}

/// What was seen of the server, most frequent first.
pub(super) fn summary(drifts: &Drifts, format: LogFormat, out: &mut dyn Write) -> io::Result<()> {
    if format == LogFormat::Json {
        let mut line = json!({ "event": "drifts" });
        if let (Some(line), Some(all)) = (line.as_object_mut(), drifts.to_json().as_object()) {
            line.extend(all.clone());
        }
        return writeln!(out, "{line}");
    }
    let (exchanges, drifting) = (drifts.exchanges(), drifts.drifting());
    let mut all: Vec<_> = drifts.iter().collect();
    let requests = if exchanges == 1 {
        "request"
    } else {
        "requests"
    };
    if all.is_empty() {
        return writeln!(out, "no drift in {exchanges} {requests}");
    }
    let ways = if all.len() == 1 { "way" } else { "ways" };
    writeln!(
        out,
        "the server drifts in {} {ways}, in {drifting} of {exchanges} {requests}:",
        all.len()
    )?;
    all.sort_by_key(|it| {
        (
            std::cmp::Reverse(it.drift.severity),
            std::cmp::Reverse(it.count),
        )
    });
    for counted in all {
        let drift = counted.drift.to_string();
        writeln!(out, "{:>7} x {}", counted.count, visible::escape(&drift))?;
    }
    if drifts.more() > 0 {
        writeln!(out, "{:>7} more, which are not told apart", drifts.more())?;
    }
    Ok(())
}
