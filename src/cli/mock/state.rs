//! What is kept of requests, and where.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Args;
use fieldproof::mock::Mock;
use fieldproof::mock::server::{Kept, Place, Together, World};

use crate::cli::Failure;
use crate::cli::config::MockConfig;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "State")]
pub(super) struct StateArgs {
    /// Keep what requests make, change, and remove, in the memory of the mock
    #[arg(long)]
    stateful: bool,
    /// Keep it in Redis, together with other mocks: redis://HOST:PORT/NUMBER, or rediss:// for encryption
    #[arg(
        long,
        value_name = "URL",
        env = "FIELDPROOF_STATE",
        hide_env_values = true
    )]
    state: Option<String>,
    /// What tells this world from others in the same Redis [default: made of the operations]
    #[arg(long, value_name = "NAME")]
    state_name: Option<String>,
    /// How long after the last request Redis keeps the world [default: for ever]
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration::seconds)]
    state_expiry: Option<Duration>,
}

impl StateArgs {
    /// The world that is kept, if one is.
    pub(super) async fn world(
        &self,
        config: &MockConfig,
        mock: &Arc<Mock>,
    ) -> Result<Option<Kept>, Failure> {
        let Some(url) = self.state.as_ref().or(config.state.as_ref()) else {
            if self.state_name.is_some() || self.state_expiry.is_some() {
                let help = "--state-name and --state-expiry are about a world in Redis: name it with --state URL";
                return Err(Failure::Usage(help.to_owned()));
            }
            let is_kept = self.stateful || config.stateful == Some(true);
            let world = || Kept::Here(Mutex::new(World::new(Arc::clone(mock))));
            return Ok(is_kept.then(world));
        };
        let schemes = ["redis://", "rediss://", "redis+unix://", "unix://"];
        if !schemes.iter().any(|scheme| url.starts_with(scheme)) {
            let help = "--state takes the URL of a Redis, such as redis://127.0.0.1:6379";
            return Err(Failure::Usage(help.to_owned()));
        }
        let name = self.state_name.clone().unwrap_or_else(|| mock.identity());
        let place = Place {
            url: url.clone(),
            name: name.replace(['{', '}'], "-"),
            expiry: self.state_expiry,
        };
        let world = Together::connect(&place, mock).await;
        let world = world.map_err(|lost| Failure::Unreachable(format!("--state: {lost}")))?;
        Ok(Some(Kept::Together(world)))
    }
}
