//! How long an answer takes.
//!
//! ```text
//! delay = time | time ".." time | "lognormal(" median "," spread ")"
//! time  = number ["ms" | "s"]                                           a number alone counts milliseconds
//! ```
//!
//! A log-normal delay is near its median most of the time, and now and then far above it, as those of real servers are.
//! The spread is the standard deviation of the logarithm: with 0.5, one answer in twenty takes more than 2.3 medians.

use std::f64::consts::TAU;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::Chance;

/// Longer delays are cut: whoever waits so long has met a slip of the pen.
const LONGEST: Duration = Duration::from_mins(5);

/// How long an answer takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// The same time for each.
    Fixed(Duration),
    /// From one time to another, each as likely as any.
    Between(Duration, Duration),
    /// Log-normal.
    Lognormal {
        /// Half of the answers take longer.
        median: Duration,
        /// The standard deviation of the logarithm.
        spread: f64,
    },
}

impl Delay {
    /// The delay of one request.
    pub(in crate::mock) fn sample(self, chance: Chance) -> Duration {
        let delay = match self {
            Self::Fixed(delay) => delay,
            Self::Between(least, most) => {
                let range = most.saturating_sub(least);
                least.saturating_add(range.mul_f64(chance.draw("delay")))
            }
            Self::Lognormal { median, spread } => {
                // Box and Muller: two even numbers make a normal one. The first is never 0.
                let (first, second) = (1.0 - chance.draw("delay"), chance.draw("angle"));
                let normal = (-2.0 * first.ln()).sqrt() * (TAU * second).cos();
                let seconds = median.as_secs_f64() * (spread * normal).exp();
                Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST)
            }
        };
        delay.min(LONGEST)
    }
}

/// Why a text is no delay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no delay: write `200ms`, `100..400ms`, or `lognormal(200ms, 0.5)`")]
pub struct NoDelay(String);

impl FromStr for Delay {
    type Err = NoDelay;

    fn from_str(text: &str) -> Result<Self, NoDelay> {
        read(text.trim()).ok_or_else(|| NoDelay(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Delay> {
    if let Some(inside) = text.strip_prefix("lognormal(") {
        let (median, spread) = inside.strip_suffix(')')?.split_once(',')?;
        let spread = spread.trim().parse().ok()?;
        let median = time(median)?;
        return (0.0..=5.0)
            .contains(&spread)
            .then_some(Delay::Lognormal { median, spread });
    }
    let Some((least, most)) = text.split_once("..") else {
        return time(text).map(Delay::Fixed);
    };
    // `100..400ms`: the unit at the end is that of both.
    let is_bare = least.trim().ends_with(|it: char| it.is_ascii_digit());
    let unit = if is_bare { unit(most).0 } else { "" };
    let (least, most) = (time(&format!("{}{unit}", least.trim()))?, time(most)?);
    (least <= most).then_some(Delay::Between(least, most))
}

/// The unit at the end of a time, and how many seconds it has.
fn unit(text: &str) -> (&'static str, f64) {
    let text = text.trim();
    if text.ends_with("ms") {
        ("ms", 0.001)
    } else if text.ends_with('s') {
        ("s", 1.0)
    } else {
        ("", 0.001)
    }
}

fn time(text: &str) -> Option<Duration> {
    let (name, seconds) = unit(text);
    let number = text.trim().strip_suffix(name)?.trim().parse::<f64>().ok()?;
    let time = Duration::try_from_secs_f64(number * seconds).ok()?;
    Some(time.min(LONGEST))
}

impl fmt::Display for Delay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(delay) => write!(formatter, "{delay:?}"),
            Self::Between(least, most) => write!(formatter, "{least:?}..{most:?}"),
            Self::Lognormal { median, spread } => {
                write!(formatter, "lognormal({median:?}, {spread})")
            }
        }
    }
}
