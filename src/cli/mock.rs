//! `fieldproof mock`: what would this API answer?

mod admin;
mod announce;
mod configured;
mod contradictions;
mod faults;
mod log;
mod state;
mod upstream;
mod watch;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use clap::Args;
use fieldproof::mock::reload::Edition;
use fieldproof::mock::server::{self, Identity, Limits, Server};
use fieldproof::mock::{self, Exception, Mock, Options, Validation};
use fieldproof::source::load;
use tokio::net::TcpListener;

use super::config::{self, Auth, MockConfig, Validate};
use super::docs::{self, DocsArgs};
use super::{Exit, Failure, Streams};
use admin::AdminArgs;
use configured::Configured;
use faults::FaultArgs;
use log::LogFormat;
use state::StateArgs;
use upstream::UpstreamArgs;
use watch::Watch;

pub(crate) const HOST: &str = "127.0.0.1";
pub(crate) const PORT: u16 = 4010;

/// Answer requests as the pages document it
#[derive(Clone, Debug, Args)]
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
    /// What to do with requests that are not as documented [default: strict]
    #[arg(long, value_enum, value_name = "MODE")]
    validate: Option<Validate>,
    /// The same as `--validate off`
    #[arg(long, conflicts_with = "validate")]
    no_validate: bool,
    /// What to do with requests without the documented credentials [default: strict]
    #[arg(long, value_enum, value_name = "MODE")]
    auth: Option<Auth>,
    /// Take only this token, key, or NAME:PASSWORD; may be given several times
    #[arg(long, value_name = "TEXT")]
    credential: Vec<String>,
    #[command(flatten)]
    pages: PageArgs,
    /// Print where the mock listens as one line of JSON, and nothing else
    #[arg(long)]
    json: bool,
    /// How requests are written to standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    log: LogFormat,
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    faults: FaultArgs,
    #[command(flatten)]
    admin: AdminArgs,
    #[command(flatten)]
    upstream: UpstreamArgs,
    #[command(flatten)]
    tls: TlsArgs,
    #[command(flatten)]
    limits: LimitArgs,
}

/// What is done with the pages beside serving them.
#[derive(Clone, Debug, Args)]
struct PageArgs {
    /// Do not read the pages again when they are saved
    #[arg(long)]
    no_watch: bool,
    /// Tell on standard error what `check` finds in the pages, one line each; in a terminal they are counted anyway
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Encryption")]
struct TlsArgs {
    /// Encrypt connections, with a certificate made at the start
    #[arg(long)]
    tls: bool,
    /// Encrypt connections, with the certificates in this PEM file
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        conflicts_with = "tls"
    )]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Largest body of a request, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body)]
    max_body: u64,
    /// Largest head of a request, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().head as u64,
        value_parser = clap::value_parser!(u64).range(Limits::LEAST_HEAD as u64..=16 * 1024 * 1024))]
    max_head: u64,
    /// Connections that are served at once; further ones wait
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().connections,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// How long the head of a request may take
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = super::duration::seconds)]
    head_timeout: Duration,
    /// How long the body of a request may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = super::duration::seconds)]
    body_timeout: Duration,
    /// How long a connection may idle between requests
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = super::duration::seconds)]
    idle_timeout: Duration,
    /// How long open requests may go on when the mock is told to stop
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = super::duration::seconds)]
    grace: Duration,
}

pub(crate) fn run(args: &MockArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let site = load::load(&args.docs.docs)?;
    docs::tell_too_large(&site, str::to_owned, streams)?;
    let config = config::read(args.config.as_deref(), &site.root)?;
    let edition = Edition::open(site, args.options(&config.mock)?);
    let mock = Arc::clone(edition.mock());
    for line in configured::idle_exceptions(&mock) {
        writeln!(streams.err, "{line}")?;
    }
    if let Some(unknown) = configured::unknown_answer(&mock) {
        return Err(Failure::Usage(unknown));
    }
    if args.pages.check {
        contradictions::show(&args.docs, &config, streams)?;
    } else {
        contradictions::tell(&args.docs, &config, streams.quiet || args.json);
    }
    let mock = Arc::new(ArcSwap::new(mock));
    if args.pages.no_watch {
        // Without somebody who watches, the mock holds all that it needs.
        drop(edition);
    } else {
        let watch = Watch {
            docs: args.docs.docs.clone(),
            configured: Configured::new(args, &edition.site().root, &config.mock),
            edition,
            mock: Arc::clone(&mock),
            quiet: streams.quiet,
        };
        if let Err(error) = watch.start() {
            writeln!(
                streams.err,
                "fieldproof: saved pages are not noticed: {error}"
            )?;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Unreachable(format!("no threads can be started: {error}")))?;
    let outcome = runtime.block_on(serve(args, &config.mock, mock, streams));
    // Requests beyond the time of grace are not waited for.
    runtime.shutdown_background();
    outcome
}

async fn serve(
    args: &MockArgs,
    config: &MockConfig,
    mock: Arc<ArcSwap<Mock>>,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let host = args.host.as_deref().or(config.host.as_deref());
    let host = host.unwrap_or(HOST);
    let port = args.port.or(config.port).unwrap_or(PORT);
    let identity = args.tls.identity(host)?;
    let limits = args.limits.limits();
    // Each connection is an open file; where the system does not allow so many, those that it does are served.
    let _ = rlimit::increase_nofile_limit(u64::from(limits.connections) + 64);
    // The signals are caught before anybody can know that the mock is there.
    let stop = stop()?;
    let world = args.state.world(config, &mock.load_full()).await?;
    let listener = bind(host, port).await?;
    let address = listener.local_addr()?;
    let (upstream, server_behind) = args.upstream.upstream(config, address.port())?.unzip();
    let drifts = server_behind.as_ref().map(|it| Arc::clone(&it.drifts));
    let scheme = if identity.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    let keeping = world.is_some().then(|| mock.load().keeping());
    if args.json {
        announce::json(
            &mock.load(),
            &url,
            upstream.as_deref(),
            keeping.as_deref(),
            address,
            &mut streams.out,
        )?;
    } else {
        announce::text(
            &mock.load(),
            &url,
            upstream.as_deref(),
            keeping.as_deref(),
            streams.quiet,
            &mut streams.out,
        )?;
    }
    streams.out.flush()?;
    let mut rooms = args.admin.rooms(&args.docs, streams.quiet);
    // A configuration that is saved later may bring some.
    if mock.load().has_sequences() || !args.pages.no_watch {
        rooms.get_or_insert_default().sequences = Some(Mutex::default());
    }
    if let Some(world) = world {
        rooms.get_or_insert_default().state = Some(world);
    }
    if let Some(rooms) = &mut rooms {
        rooms.drifts.clone_from(&drifts);
    }
    let server = Server {
        mock,
        limits,
        log: (!streams.quiet).then(|| log::log(args.log)),
        identity,
        rooms,
        upstream: server_behind,
    };
    server::serve(listener, server, stop).await;
    let Some(drifts) = drifts else {
        return Ok(Exit::Clean);
    };
    let drifts = drifts.lock().unwrap_or_else(PoisonError::into_inner);
    upstream::summary(&drifts, args.log, &mut streams.err)?;
    Ok(args.upstream.exit(&drifts))
}

impl MockArgs {
    fn options(&self, config: &MockConfig) -> Result<Options, Failure> {
        let validate = self.validate.or(config.validate);
        let validate = if self.no_validate {
            Some(Validate::Off)
        } else {
            validate
        };
        let credentials = if self.credential.is_empty() {
            &config.credentials
        } else {
            &self.credential
        };
        let exceptions = config
            .operations
            .iter()
            .map(|(operations, config)| Exception {
                operations: operations.clone(),
                validation: config.validate.map(validation),
                auth: config.auth.map(auth),
                delay: config.delay,
                rates: config.faults.0.clone(),
                answers: config.answers.clone(),
            });
        Ok(Options {
            validation: validate.map_or_else(Validation::default, validation),
            auth: self
                .auth
                .or(config.auth)
                .map_or_else(mock::Auth::default, auth),
            credentials: credentials.clone(),
            plan: self.faults.plan(config)?,
            is_judge: self.upstream.is_set(config),
            exceptions: exceptions.collect(),
        })
    }
}

fn validation(validate: Validate) -> Validation {
    match validate {
        Validate::Strict => Validation::Strict,
        Validate::Warn => Validation::Warn,
        Validate::Off => Validation::Off,
    }
}

fn auth(auth: Auth) -> mock::Auth {
    match auth {
        Auth::Strict => mock::Auth::Strict,
        Auth::Off => mock::Auth::Off,
    }
}

impl TlsArgs {
    fn identity(&self, host: &str) -> Result<Option<Identity>, Failure> {
        let refused = |error: server::TlsError| {
            Failure::Usage(format!("{error}; check --tls-cert and --tls-key"))
        };
        if let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) {
            let (certificate, key) = (read(certificate)?, read(key)?);
            return Identity::from_pem(&certificate, &key)
                .map(Some)
                .map_err(refused);
        }
        if !self.tls {
            return Ok(None);
        }
        let names = [host, "localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let identity = Identity::made_for(names.to_vec()).map_err(refused)?;
        Ok(Some(identity))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        let path = path.display();
        Failure::Usage(format!("`{path}` cannot be read: {error}; check its path"))
    })
}

impl LimitArgs {
    fn limits(&self) -> Limits {
        Limits {
            body: self.max_body,
            body_time: self.body_timeout,
            head: usize::try_from(self.max_head).unwrap_or(usize::MAX),
            head_time: self.head_timeout,
            idle_time: self.idle_timeout,
            connections: self.max_connections,
            grace: self.grace,
            ..Limits::default()
        }
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

/// Is over when the process is told to stop; told once more, the process ends at once.
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
            tokio::spawn(async move {
                interrupt.recv().await;
                #[expect(clippy::exit, reason = "who interrupts twice waits for nothing")]
                // As a shell says it of a process that was interrupted.
                std::process::exit(130);
            });
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
