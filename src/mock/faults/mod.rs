//! Answers that come late, or go wrong on purpose, so that clients can be tried with both.
//!
//! What happens to a request depends on the seed, on its operation, and on how many requests came before it: the same
//! requests in the same order meet the same faults.

mod delay;
mod rates;
mod spoil;

use super::words;

pub use delay::{Delay, NoDelay};
pub use rates::{Fault, NoRate, Rates};

pub(super) use spoil::{respread, spoil};

/// What happens to the answers of an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// How long answers take.
    pub delay: Option<Delay>,
    /// How often they go wrong, and how.
    pub rates: Rates,
    /// What all choices depend on.
    pub seed: u64,
}

impl Plan {
    /// True if answers are as they would be without it.
    pub(super) fn is_idle(&self) -> bool {
        self.delay.is_none() && self.rates.is_none()
    }

    /// What all choices for one request depend on.
    pub(super) fn chance(&self, operation: &str, serial: u64) -> Chance {
        let seed = words::mix(words::mix(words::SEED, self.seed), serial.wrapping_add(1));
        Chance(words::hash(seed, operation))
    }
}

/// A number that decides what happens to a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// A number from 0 to below 1; another one for each name.
    pub(super) fn draw(self, name: &str) -> f64 {
        // The finalizer of SplitMix64, as neighbouring seeds must lead to numbers that have nothing in common.
        let mut bits = words::hash(self.0, name);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        #[expect(clippy::cast_precision_loss, reason = "the upper 53 bits are exact")]
        let number = (bits >> 11) as f64;
        number / 9_007_199_254_740_992.0
    }
}

#[cfg(test)]
mod tests;
