//! `fieldproof mock`: what would this API answer?

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use fieldproof::mock::server::{self, Limits, Log};
use fieldproof::mock::{Mock, Options, Reply, Request, Validation};
use fieldproof::report::visible;
use serde_json::json;
use tokio::net::TcpListener;

use super::config::{self, MockConfig};
use super::docs::{self, DocsArgs};
use super::{Exit, Failure, Streams};

pub(crate) const HOST: &str = "127.0.0.1";
pub(crate) const PORT: u16 = 4010;

/// How many pages that are not served are listed for people; sites with other kinds of pages have hundreds.
const LISTED: usize = 20;

/// Answer requests as the pages document it
#[derive(Debug, Args)]
pub(crate) struct MockArgs {
    #[command(flatten)]
    docs: DocsArgs,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Port to listen on, 0 for any that is free [default: 4010]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Configuration file [default: fieldproof.toml in the root of the docs]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What to do with requests that are not as documented
    #[arg(long, value_enum, value_name = "MODE", default_value_t = Mode::Strict)]
    validate: Mode,
    /// The same as `--validate off`
    #[arg(long, conflicts_with = "validate")]
    no_validate: bool,
    /// Print where the mock listens as one line of JSON, and nothing else
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Reject them
    Strict,
    /// Answer them, with a header that counts what is wrong
    Warn,
    /// Do not look
    Off,
}

pub(crate) fn run(args: &MockArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let docs = docs::read(&args.docs)?;
    let config = config::read(args.config.as_deref(), &docs.site.root)?;
    let mock = Mock::new(&docs.documentation, &docs.site.sources, args.options());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Unreachable(format!("no threads can be started: {error}")))?;
    runtime.block_on(serve(args, &config.mock, mock, streams))
}

async fn serve(
    args: &MockArgs,
    config: &MockConfig,
    mock: Mock,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let host = args.host.as_deref().or(config.host.as_deref());
    let host = host.unwrap_or(HOST);
    let port = args.port.or(config.port).unwrap_or(PORT);
    // The signals are caught before anybody can know that the mock is there.
    let stop = stop()?;
    let listener = bind(host, port).await?;
    let address = listener.local_addr()?;
    if args.json {
        announce_json(&mock, address, &mut streams.out)?;
    } else {
        announce(&mock, address, streams.quiet, &mut streams.out)?;
    }
    streams.out.flush()?;
    let log: Arc<Log> = if streams.quiet {
        Arc::new(|_, _| {})
    } else {
        Arc::new(log)
    };
    server::serve(listener, Arc::new(mock), Limits::default(), log, stop).await;
    Ok(Exit::Clean)
}

impl MockArgs {
    fn options(&self) -> Options {
        let validation = match self.validate {
            _ if self.no_validate => Validation::Off,
            Mode::Strict => Validation::Strict,
            Mode::Warn => Validation::Warn,
            Mode::Off => Validation::Off,
        };
        Options { validation }
    }
}

async fn bind(host: &str, port: u16) -> Result<TcpListener, Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    TcpListener::bind((bare, port)).await.map_err(|error| {
        Failure::Unreachable(match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "port {port} of {host} is in use: stop what listens there, or choose another port with --port (0 for any that is free)"
            ),
            io::ErrorKind::PermissionDenied => format!(
                "port {port} may not be opened: choose one above 1023 with --port"
            ),
            _ => format!(
                "`{host}` is no address of this machine ({error}): give one with --host, such as 127.0.0.1, or 0.0.0.0 for all"
            ),
        })
    })
}

/// Is over when the process is told to stop.
fn stop() -> Result<impl Future<Output = ()>, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without a handler there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn announce(
    mock: &Mock,
    address: SocketAddr,
    quiet: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if !quiet {
        table(mock, out)?;
    }
    writeln!(out, "fieldproof mock listening on http://{address}")?;
    Ok(())
}

fn table(mock: &Mock, out: &mut dyn Write) -> io::Result<()> {
    let routes = mock.routes();
    let path = |route: &fieldproof::mock::Route| visible::escape(&route.path).into_owned();
    let width = |text: &str| text.chars().count();
    let paths = routes.iter().map(|route| width(&path(route))).max();
    let answers = routes.iter().map(|route| width(&route.answer)).max();
    let (paths, answers) = (paths.unwrap_or(0).min(60), answers.unwrap_or(0));
    for route in &routes {
        let (method, path, answer) = (&route.method, path(route), &route.answer);
        let source = visible::escape(&route.source);
        writeln!(
            out,
            "{method:<7} {path:<paths$}  {answer:<answers$}  {source}"
        )?;
    }
    if routes.is_empty() {
        writeln!(out, "no page states an endpoint, so every path answers 404")?;
    }
    let unserved = mock.unserved();
    for unserved in unserved.iter().take(LISTED) {
        let (page, reason) = (
            visible::escape(&unserved.page),
            visible::escape(&unserved.reason),
        );
        writeln!(out, "not served: {page}: {reason}")?;
    }
    if unserved.len() > LISTED {
        let more = unserved.len() - LISTED;
        writeln!(out, "not served: {more} more pages, all listed with --json")?;
    }
    Ok(())
}

fn announce_json(mock: &Mock, address: SocketAddr, out: &mut dyn Write) -> Result<(), Failure> {
    let unserved = mock.unserved().iter();
    let unserved = unserved.map(|it| json!({ "page": it.page, "reason": it.reason }));
    let line = json!({
        "event": "listening",
        "url": format!("http://{address}"),
        "host": address.ip().to_string(),
        "port": address.port(),
        "operations": mock.routes().len(),
        "unserved": unserved.collect::<Vec<_>>(),
    });
    writeln!(out, "{line}")?;
    Ok(())
}

/// One line for each request: what came, what was answered, and which operation, or why not.
fn log(request: &Request, reply: &Reply) {
    let method = visible::escape(&request.method);
    let path = visible::escape(request.path());
    let mut line = format!("{method} {path} {}", reply.status);
    let source = reply.header("Mock-Source");
    for part in [reply.operation.as_deref(), source].into_iter().flatten() {
        line.push_str("  ");
        line.push_str(&visible::escape(part));
    }
    if let Some(reason) = &reply.reason {
        line.push_str("  ");
        line.push_str(&visible::escape(reason));
    }
    line.push('\n');
    // Whoever closed the stream does not want the line.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}
