//! How often answers go wrong, and in which way.

use std::str::FromStr;

use super::Chance;

/// A way in which an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The documented answer with a status from 500 on, else `500`.
    Error,
    /// `429` with `Retry-After`.
    Throttle,
    /// The connection is reset, and there is no answer.
    Reset,
    /// The connection ends in the middle of the body.
    Truncate,
    /// The body comes in small pieces with pauses.
    Drip,
}

impl Fault {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Error,
        Self::Throttle,
        Self::Reset,
        Self::Truncate,
        Self::Drip,
    ];

    /// Its name in flags, in the configuration, and in `Prefer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Throttle => "throttle",
            Self::Reset => "reset",
            Self::Truncate => "truncate",
            Self::Drip => "drip",
        }
    }

    /// What happens, in a few words.
    pub(in crate::mock) fn describe(self) -> &'static str {
        match self {
            Self::Error => "made to fail (fault)",
            Self::Throttle => "made to be too many (fault)",
            Self::Reset => "the connection is reset (fault)",
            Self::Truncate => "the body is cut (fault)",
            Self::Drip => "the body comes slowly (fault)",
        }
    }
}

/// Why a text is no fault, no share, or too much of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRate {
    /// The name is not known.
    #[error("`{0}` is no fault; there are error, throttle, reset, truncate, and drip")]
    Fault(String),
    /// Not a share from nothing to all.
    #[error("`{0}` is no share of the answers: write `5%` or `0.05`")]
    Share(String),
    /// No `=` in between.
    #[error("`{0}` is no fault and its share: write `reset=5%`")]
    Pair(String),
    /// More than all.
    #[error("the shares of all faults add up to more than 100%")]
    Sum,
}

impl FromStr for Fault {
    type Err = NoRate;

    fn from_str(text: &str) -> Result<Self, NoRate> {
        let name = text.trim();
        let known = Self::ALL.into_iter();
        let mut found = known.filter(|fault| fault.as_str().eq_ignore_ascii_case(name));
        found.next().ok_or_else(|| NoRate::Fault(text.to_owned()))
    }
}

/// A share of the answers: `5%` or `0.05`.
pub(super) fn share(text: &str) -> Result<f64, NoRate> {
    let (number, whole) = match text.trim().strip_suffix('%') {
        Some(number) => (number.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    let share = number.parse::<f64>().ok().map(|number| number / whole);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| NoRate::Share(text.to_owned()))
}

/// The share of the answers that each fault has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates {
    shares: Vec<(Fault, f64)>,
}

impl Rates {
    /// Sets the share of a fault, given as `5%` or `0.05`.
    pub fn set(&mut self, fault: Fault, text: &str) -> Result<(), NoRate> {
        let share = share(text)?;
        self.shares.retain(|(known, _)| *known != fault);
        self.shares.push((fault, share));
        self.shares.sort_by_key(|(fault, _)| *fault);
        let sum: f64 = self.shares.iter().map(|(_, share)| share).sum();
        if sum > 1.0 + f64::EPSILON {
            return Err(NoRate::Sum);
        }
        Ok(())
    }

    /// Sets the share of a fault, given as `reset=5%`.
    pub fn set_pair(&mut self, text: &str) -> Result<(), NoRate> {
        let (fault, share) = text
            .split_once('=')
            .ok_or_else(|| NoRate::Pair(text.to_owned()))?;
        self.set(fault.parse()?, share)
    }

    /// The same, with the shares that others set in the place of its own.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        let own = self.shares.iter().filter(|(fault, _)| {
            let mut set = others.shares.iter();
            !set.any(|(other, _)| other == fault)
        });
        let mut shares: Vec<_> = own.chain(&others.shares).copied().collect();
        shares.sort_by_key(|(fault, _)| *fault);
        Self { shares }
    }

    /// True if nothing goes wrong.
    pub(super) fn is_none(&self) -> bool {
        self.shares.iter().all(|(_, share)| *share <= 0.0)
    }

    /// The fault of one request, if it meets one.
    pub(in crate::mock) fn pick(&self, chance: Chance) -> Option<Fault> {
        let mut left = chance.draw("fault");
        let mut shares = self.shares.iter();
        let found = shares.find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        found.map(|(fault, _)| *fault)
    }
}
