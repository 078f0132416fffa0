//! What stands around the answering core: the admin paths, and what is written down of requests.
//!
//! Each is there only if it is wanted, and costs nothing where it is not.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::together::{Lost, Together};
use crate::mock::admin::{self, Desk, Record};
use crate::mock::problem::Problem;
use crate::mock::{Drifts, Mock, Reply, Request, Sequences, State, respond};

/// Describes what is served as OpenAPI, or says why that cannot be done.
pub type Describe = dyn Fn() -> Result<String, String> + Send + Sync;

/// What stands around the answers of a mock.
#[derive(Default)]
pub struct Rooms {
    /// Where requests are written down.
    pub record: Option<Mutex<Record>>,
    /// Who answers below `/__fieldproof`.
    pub admin: Option<Admin>,
    /// What requests make, change, and remove.
    pub state: Option<Kept>,
    /// Whose turn it is, where answers come one after another.
    pub sequences: Option<Mutex<Sequences>>,
    /// In which ways the server drifts that requests are passed on to.
    pub drifts: Option<Arc<Mutex<Drifts>>>,
}

/// Where a world is kept.
pub enum Kept {
    /// In the memory of this mock.
    Here(Mutex<World>),
    /// In Redis, together with other mocks.
    Together(Together),
}

/// A state, and the mock that it belongs to.
pub struct World {
    state: State,
    mock: Arc<Mock>,
}

impl World {
    /// The world as the pages show it.
    pub fn new(mock: Arc<Mock>) -> Self {
        Self {
            state: State::new(&mock),
            mock,
        }
    }

    fn reply(&mut self, mock: &Arc<Mock>, request: &Request) -> Reply {
        if !Arc::ptr_eq(&self.mock, mock) {
            self.state.follow(mock);
            self.mock = Arc::clone(mock);
        }
        self.state.apply(mock, request, now())
    }
}

/// What is said where the world is not there.
fn unreachable(lost: &Lost) -> Problem {
    Problem::new(503, "state-unreachable", lost.to_string())
}

/// The admin paths.
#[derive(Default)]
pub struct Admin {
    /// The token that is asked for; without one, only this machine is answered.
    pub token: Option<String>,
    /// Describes what is served.
    pub describe: Option<Arc<Describe>>,
}

impl Rooms {
    /// True if requests are written down.
    pub(super) fn is_recording(&self) -> bool {
        self.record.is_some()
    }

    /// True for a request that is not for the documented API.
    pub(super) fn is_admin(&self, request: &Request) -> bool {
        self.admin.is_some() && admin::is_admin(request.path())
    }

    /// The answer of an admin path; `None` if there are none.
    pub(super) async fn admin(
        &self,
        mock: &Mock,
        request: &Request,
        peer: IpAddr,
    ) -> Option<Reply> {
        let admin = self.admin.as_ref()?;
        let token = admin.token.as_deref();
        if let Some(refused) = admin::refused(request, peer, token) {
            return Some(refused);
        }
        let describe = admin.describe.clone();
        let describe = describe.filter(|_| admin::needs_description(request));
        let description = match describe {
            // The pages are read for it.
            Some(describe) => tokio::task::spawn_blocking(move || describe()).await.ok(),
            None => None,
        };
        if let Some(Kept::Together(world)) = &self.state {
            if admin::is_reset(request) {
                if let Some(sequences) = &self.sequences {
                    locked(sequences).reset();
                }
                let outcome = world.reset().await;
                return Some(admin::has_reset(
                    request,
                    outcome.map_err(|lost| unreachable(&lost)),
                ));
            }
            if admin::is_ready(request)
                && let Err(lost) = world.ping().await
            {
                return Some(admin::has_reset(request, Err(unreachable(&lost))));
            }
        }
        let mut record = self.record.as_ref().map(locked);
        let mut drifts = self.drifts.as_deref().map(locked);
        let mut world = match &self.state {
            Some(Kept::Here(world)) => Some(locked(world)),
            Some(Kept::Together(_)) | None => None,
        };
        let mut sequences = self.sequences.as_ref().map(locked);
        let desk = Desk {
            sequences: sequences.as_deref_mut(),
            state: world.as_deref_mut().map(|world| &mut world.state),
            mock,
            record: record.as_deref_mut(),
            drifts: drifts.as_deref_mut(),
            description,
        };
        Some(admin::reply(desk, request))
    }

    /// True if answers depend on what was asked before.
    pub(super) fn remembers(&self, mock: &Mock) -> bool {
        self.state.is_some() || self.sequences.is_some() && mock.has_sequences()
    }

    /// The answer of the API: the one whose turn it is, out of the world if one is kept.
    pub(super) async fn reply(&self, mock: &Arc<Mock>, request: &Request) -> Reply {
        let sequences = self.sequences.as_ref().filter(|_| mock.has_sequences());
        let turn = sequences.and_then(|it| locked(it).turn(mock, request));
        let Some(turn) = turn else {
            return self.kept(mock, request).await;
        };
        let mut reply = self.kept(mock, &turn.request).await;
        turn.note(request, &mut reply);
        reply
    }

    async fn kept(&self, mock: &Arc<Mock>, request: &Request) -> Reply {
        match &self.state {
            None => respond::reply(mock, request),
            Some(Kept::Here(world)) => locked(world).reply(mock, request),
            Some(Kept::Together(world)) => {
                let reply = world.reply(Arc::clone(mock), request).await;
                reply.unwrap_or_else(|lost| respond::own(request, unreachable(&lost)))
            }
        }
    }

    /// Writes a request down.
    pub(super) fn write_down(&self, request: &Request, reply: &Reply, took: Duration) {
        let Some(record) = &self.record else {
            return;
        };
        let now = now();
        let mut record = locked(record);
        record.journal.keep(request, reply, now, took);
        record.metrics.count(reply, took);
    }
}

/// The time, in milliseconds since 1970.
pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX))
}

/// What a mutex guards; what a panic left behind is as good as any.
pub(super) fn locked<T>(guarded: &Mutex<T>) -> MutexGuard<'_, T> {
    guarded.lock().unwrap_or_else(PoisonError::into_inner)
}
