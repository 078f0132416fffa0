//! When to end: a time that is over, or a signal to the process.
//!
//! ```text
//! running ── the time is over, or a first signal ──▶ closing ── a second signal, or ten seconds ──▶ closed
//! ```
//!
//! What only reads is given up at once. What writes is waited for while closing, as an answer that nobody reads may tell
//! of something that was made; and what was made is removed in that time. Once closed, nothing is sent.

use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::conform::message::Stop;

/// How long to go on for the sake of order once a run is to end.
const GRACE: Duration = Duration::from_secs(10);

/// What ends a run when its time is over.
pub(super) const TIME: Stop = Stop::Limit("--max-time");

/// How far the end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody wants an end.
    Running,
    /// The run is to end, and what was made is removed.
    Closing(Stop),
    /// Nothing is sent.
    Closed(Stop),
}

impl Stage {
    /// What ends the run, if something does.
    pub(super) fn stop(self) -> Option<Stop> {
        match self {
            Self::Running => None,
            Self::Closing(stop) | Self::Closed(stop) => Some(stop),
        }
    }
}

/// Begins to listen; without a time, only signals end a run.
pub(super) fn listen(
    runtime: &Runtime,
    end: Option<Instant>,
) -> std::io::Result<watch::Receiver<Stage>> {
    let (sender, receiver) = watch::channel(Stage::Running);
    let _inside = runtime.enter();
    let mut signals = Signals::new()?;
    runtime.spawn(async move {
        let stop = tokio::select! {
            () = signals.next() => Stop::Interrupted,
            () = reached(end) => TIME,
        };
        sender.send_replace(Stage::Closing(stop));
        tokio::select! {
            () = signals.next() => {}
            () = tokio::time::sleep(GRACE) => {}
        }
        sender.send_replace(Stage::Closed(stop));
    });
    Ok(receiver)
}

async fn reached(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}

/// What asks a process to end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What asks a process to end.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without a handler there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
