//! One world for several mocks, kept in Redis.
//!
//! ```text
//! fieldproof:{NAME}:meta     a hash: the epoch of the world, and its version, which each change raises by one
//! fieldproof:{NAME}:things   a hash: the texts of `state::stored`
//! fieldproof:{NAME}:changes  a sorted set: the names of these texts, by the version that changed them last
//! ```
//!
//! One task owns the connection and the state as it was seen last. It takes all requests that wait, asks for what others
//! changed since then, answers the requests one after the other on a copy, and hands the changes back in one script,
//! which does nothing if somebody else was faster; then all of it begins anew. So each request sees all that were
//! answered before it, whoever answered them, and none is done by half.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script, Value};
use tokio::sync::{mpsc, oneshot};

use super::rooms::now;
use crate::mock::state::Change;
use crate::mock::{Mock, Reply, Request, State};

/// Where a world is kept.
#[derive(Clone)]
pub struct Place {
    /// `redis://127.0.0.1:6379/0`, `rediss://` for encrypted connections, `redis+unix://` for a socket of this machine.
    pub url: String,
    /// What tells it from other worlds there.
    pub name: String,
    /// How long it is kept after the last request; for ever if not set.
    pub expiry: Option<Duration>,
}

/// The world is not there: why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Lost(String);

/// A world that other mocks share.
#[derive(Clone, Debug)]
pub struct Together {
    asks: mpsc::Sender<Ask>,
}

/// What the task is asked for.
#[derive(Debug)]
enum Ask {
    Reply(
        Box<Request>,
        Arc<Mock>,
        oneshot::Sender<Result<Reply, Lost>>,
    ),
    Reset(oneshot::Sender<Result<(), Lost>>),
    /// Is it there?
    Ping(oneshot::Sender<Result<(), Lost>>),
}

/// So many requests wait; further ones wait to wait.
const WAITING: usize = 1024;

/// How long Redis may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often a batch is begun anew because others were faster.
const TRIES: usize = 100;

impl Together {
    /// Connects to the world of a mock.
    pub async fn connect(place: &Place, mock: &Arc<Mock>) -> Result<Self, Lost> {
        let client = Client::open(place.url.as_str()).map_err(|error| lost(&error))?;
        // A failure is told at once; the next request tries again.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(20))
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        let key = |what: &str| format!("fieldproof:{{{}}}:{what}", place.name);
        let expiry = place.expiry.map_or(0, |it| it.as_millis());
        let mut keeper = Keeper {
            connection: connection.map_err(|error| lost(&error))?,
            keys: [key("meta"), key("things"), key("changes")],
            expiry: u64::try_from(expiry).unwrap_or(u64::MAX),
            look: Script::new(LOOK),
            commit: Script::new(COMMIT),
            state: State::new(mock),
            mock: Arc::clone(mock),
            seen: Seen::default(),
        };
        keeper.look().await?;
        let (asks, waiting) = mpsc::channel(WAITING);
        tokio::spawn(keeper.serve(waiting));
        Ok(Self { asks })
    }

    /// Answers a request out of the world.
    pub(super) async fn reply(&self, mock: Arc<Mock>, request: &Request) -> Result<Reply, Lost> {
        let request = Box::new(request.clone());
        self.ask(|answer| Ask::Reply(request, mock, answer)).await
    }

    /// Makes the world what the pages show.
    pub(super) async fn reset(&self) -> Result<(), Lost> {
        self.ask(Ask::Reset).await
    }

    /// Looks whether the world is there.
    pub(super) async fn ping(&self) -> Result<(), Lost> {
        self.ask(Ask::Ping).await
    }

    async fn ask<T>(
        &self,
        ask: impl FnOnce(oneshot::Sender<Result<T, Lost>>) -> Ask,
    ) -> Result<T, Lost> {
        let (sender, answer) = oneshot::channel();
        let ended = || Lost("the mock is ending".to_owned());
        self.asks.send(ask(sender)).await.map_err(|_| ended())?;
        answer.await.unwrap_or_else(|_| Err(ended()))
    }
}

/// Which state of the world was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Another one if the world was forgotten and begun anew; empty before it is begun.
    epoch: String,
    version: u64,
}

/// Who owns the connection.
struct Keeper {
    connection: ConnectionManager,
    keys: [String; 3],
    /// In milliseconds; 0 for ever.
    expiry: u64,
    look: Script,
    commit: Script,
    /// The world as it was seen last.
    state: State,
    mock: Arc<Mock>,
    seen: Seen,
}

/// What one ask comes to.
enum Outcome {
    Reply(Box<Reply>),
    Done,
}

impl Keeper {
    async fn serve(mut self, mut waiting: mpsc::Receiver<Ask>) {
        let mut asks = Vec::new();
        while waiting.recv_many(&mut asks, WAITING).await > 0 {
            let outcomes = self.turn(&asks).await;
            answer(std::mem::take(&mut asks), outcomes);
        }
    }

    /// Answers all that wait, as one change of the world.
    async fn turn(&mut self, asks: &[Ask]) -> Result<Vec<Outcome>, Lost> {
        for _ in 0..TRIES {
            self.look().await?;
            let mut trial = self.state.clone();
            let mut outcomes = Vec::with_capacity(asks.len());
            for ask in asks {
                outcomes.push(match ask {
                    Ask::Reply(request, mock, _) => {
                        self.follow(mock, &mut trial);
                        Outcome::Reply(Box::new(trial.apply(mock, request, now())))
                    }
                    Ask::Reset(_) => {
                        trial.reset();
                        Outcome::Done
                    }
                    Ask::Ping(_) => Outcome::Done,
                });
            }
            let changes = trial.changes_since(&self.state);
            if changes.is_empty() {
                return Ok(outcomes);
            }
            if self.commit(&changes).await? {
                self.state = trial;
                return Ok(outcomes);
            }
        }
        let detail = format!("other mocks were faster in {TRIES} tries");
        Err(Lost(detail))
    }

    /// Goes on with pages that were saved. What is known of collections that are gone is no change of the world.
    fn follow(&mut self, mock: &Arc<Mock>, trial: &mut State) {
        if !Arc::ptr_eq(&self.mock, mock) {
            self.state.follow(mock);
            trial.follow(mock);
            self.mock = Arc::clone(mock);
        }
    }

    /// Takes over what others changed. A connection that was lost is made anew, once.
    async fn look(&mut self) -> Result<(), Lost> {
        let mut answer = self.looked().await;
        if answer.as_ref().is_err_and(RedisError::is_io_error) {
            answer = self.looked().await;
        }
        let (epoch, version, is_whole, texts) = answer.map_err(|error| lost(&error))?;
        if is_whole == 1 {
            self.state.reset();
        }
        let mut texts = texts.into_iter();
        while let (Some(field), Some(text)) = (texts.next(), texts.next()) {
            let change = Change {
                field: self::text(field).unwrap_or_default(),
                text: self::text(text),
            };
            self.state.take(&change);
        }
        self.seen = Seen { epoch, version };
        Ok(())
    }

    async fn looked(&mut self) -> Result<(String, u64, u8, Vec<Value>), RedisError> {
        let [meta, things, changes] = &self.keys;
        let mut call = self.look.key(meta);
        call.key(things).key(changes);
        call.arg(&self.seen.epoch).arg(self.seen.version);
        call.arg(self.expiry)
            .invoke_async(&mut self.connection)
            .await
    }

    /// Hands changes back; false if somebody else changed the world since it was looked at.
    async fn commit(&mut self, changes: &[Change]) -> Result<bool, Lost> {
        let [meta, things, all] = &self.keys;
        let mut call = self.commit.key(meta);
        call.key(things).key(all);
        call.arg(&self.seen.epoch).arg(self.seen.version);
        call.arg(epoch()).arg(self.expiry);
        for change in changes {
            call.arg(if change.text.is_some() { "set" } else { "gone" });
            call.arg(&change.field);
            call.arg(change.text.as_deref().unwrap_or_default());
        }
        let outcome: Result<(String, u64), RedisError> =
            call.invoke_async(&mut self.connection).await;
        let (epoch, version) = outcome.map_err(|error| lost(&error))?;
        let is_done = version > 0;
        if is_done {
            self.seen = Seen { epoch, version };
        }
        Ok(is_done)
    }
}

fn answer(asks: Vec<Ask>, outcomes: Result<Vec<Outcome>, Lost>) {
    let (mut outcomes, lost) = match outcomes {
        Ok(outcomes) => (outcomes.into_iter(), None),
        Err(lost) => (Vec::new().into_iter(), Some(lost)),
    };
    for ask in asks {
        let outcome = outcomes.next();
        let lost = || {
            lost.clone()
                .unwrap_or_else(|| Lost("nothing came".to_owned()))
        };
        // Whoever does not wait any more needs no answer.
        match ask {
            Ask::Reply(_, _, sender) => {
                let reply = match outcome {
                    Some(Outcome::Reply(reply)) => Ok(*reply),
                    _ => Err(lost()),
                };
                drop(sender.send(reply));
            }
            Ask::Reset(sender) | Ask::Ping(sender) => {
                drop(sender.send(outcome.map(|_| ()).ok_or_else(lost)));
            }
        }
    }
}

/// What begins a world: nobody else makes the same.
fn epoch() -> String {
    format!("{:x}-{:x}", now(), std::process::id())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

/// Why Redis does not do what it should; without the URL, which may hold a password.
fn lost(error: &RedisError) -> Lost {
    let detail = if error.is_timeout() {
        format!("no answer within {} s", PATIENCE.as_secs())
    } else {
        error.to_string()
    };
    Lost(format!("Redis does not answer: {detail}"))
}

/// Gives the epoch, the version, whether all that was known is to be forgotten, and each text that changed since then.
const LOOK: &str = "
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'version')
local epoch, version = meta[1] or '', meta[2] or '0'
if ARGV[3] ~= '0' then
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[3]) end
end
if epoch == ARGV[1] and version == ARGV[2] then return {epoch, version, 0, {}} end
local since, is_whole = '(' .. ARGV[2], 0
if epoch ~= ARGV[1] then since, is_whole = '-inf', 1 end
local texts = {}
for _, field in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], since, '+inf')) do
  texts[#texts + 1] = field
  texts[#texts + 1] = redis.call('HGET', KEYS[2], field)
end
return {epoch, version, is_whole, texts}
";

/// Gives the epoch and the version after the changes; 0 for a version that is not the one that was seen.
const COMMIT: &str = "
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'version')
local epoch, version = meta[1] or '', meta[2] or '0'
if epoch ~= ARGV[1] or version ~= ARGV[2] then return {epoch, 0} end
if epoch == '' then epoch = ARGV[3] end
version = tonumber(version) + 1
redis.call('HSET', KEYS[1], 'epoch', epoch, 'version', version)
for at = 5, #ARGV, 3 do
  local field = ARGV[at + 1]
  if ARGV[at] == 'set' then
    redis.call('HSET', KEYS[2], field, ARGV[at + 2])
  else
    redis.call('HDEL', KEYS[2], field)
  end
  redis.call('ZADD', KEYS[3], version, field)
end
if ARGV[4] ~= '0' then
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[4]) end
end
return {epoch, version}
";
