//! Delays and faults, as flags and the configuration name them.

use clap::Args;
use fieldproof::mock::{Delay, Fault, NoRate, Plan, Rates};

use crate::cli::Failure;
use crate::cli::config::MockConfig;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Delays and faults")]
pub(super) struct FaultArgs {
    /// How long answers take: 200ms, 100..400ms, or lognormal(200ms, 0.5)
    #[arg(long, value_name = "DELAY")]
    delay: Option<Delay>,
    /// Share of the answers that fail; the same as `--fault error=SHARE`
    #[arg(long, value_name = "SHARE")]
    error_rate: Option<String>,
    /// Share of the answers that go wrong: error, throttle, reset, truncate, or drip; may be given several times
    #[arg(long, value_name = "FAULT=SHARE")]
    fault: Vec<String>,
    /// What delays and faults depend on [default: 0]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

impl FaultArgs {
    /// What happens to answers: what flags say, else what the configuration does.
    pub(super) fn plan(&self, config: &MockConfig) -> Result<Plan, Failure> {
        let refused = |error: NoRate| Failure::Usage(error.to_string());
        let mut rates = Rates::default();
        if let Some(share) = &self.error_rate {
            rates.set(Fault::Error, share).map_err(refused)?;
        }
        for pair in &self.fault {
            rates.set_pair(pair).map_err(refused)?;
        }
        Ok(Plan {
            delay: self.delay.or(config.delay),
            rates: config.faults.0.with(&rates),
            seed: self.seed.or(config.seed).unwrap_or_default(),
        })
    }
}
