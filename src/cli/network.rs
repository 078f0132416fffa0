//! The flags of `test` that say how to reach the server.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use fieldproof::conform::client::{Client, Limits, Options, Pace, Rate, Tls};
use fieldproof::conform::target::Target;

use super::Failure;
use super::duration::{milliseconds, seconds};

/// How to reach the server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// How many requests that do not depend on each other to have under way at the same time
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) jobs: u8,
    /// How long to wait for each answer, as `2s` or `250ms`; a bare number means seconds
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// Send a request again, so many times, if there is no connection or the server is busy
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    retry: u32,
    /// How long to wait before that, as `500ms` or `2s`; a bare number means milliseconds
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = milliseconds)]
    retry_interval: Duration,
    /// How many requests to send at most, as `10/s` or `100/m`; `auto` waits as long as `Retry-After` asks for
    #[arg(long, value_name = "RATE", default_value = "auto", value_parser = rate)]
    rate_limit: Rate,
    /// Wait until this URL is answered before the run starts
    #[arg(long, value_name = "URL")]
    wait_for: Option<String>,
    /// How long to wait for it; a bare number means seconds
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = seconds)]
    wait_timeout: Duration,
    /// PEM file with the certificates to trust, in the place of those of the system
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// PEM file with a client certificate
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// PEM file with the key of the client certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, conflicts_with = "cacert")]
    insecure: bool,
}

impl NetworkArgs {
    /// A client for the server, once it is ready.
    pub(crate) fn client(&self, target: &Target) -> Result<Client, Failure> {
        let options = Options {
            jobs: usize::from(self.jobs),
            limits: Limits {
                time: self.timeout,
                ..Limits::default()
            },
            tls: Tls {
                roots: self.cacert.clone(),
                identity: self.cert.clone().zip(self.key.clone()),
                trusts_anybody: self.insecure,
            },
            pace: Pace {
                retries: self.retry,
                interval: self.retry_interval,
                rate: self.rate_limit,
            },
        };
        let client =
            Client::new(target, &options).map_err(|error| Failure::Usage(error.to_string()))?;
        if let Some(url) = &self.wait_for {
            Target::parse(url).map_err(|error| Failure::Usage(format!("--wait-for: {error}")))?;
            client.wait_for(url, self.wait_timeout).map_err(|reason| {
                Failure::Unreachable(format!(
                    "{url} is not ready after {} s: {reason}; --wait-timeout SECONDS gives it more time",
                    self.wait_timeout.as_secs_f64()
                ))
            })?;
        }
        Ok(client)
    }
}

/// `auto`, `10/s`, `100/m`, `1000/h`
fn rate(text: &str) -> Result<Rate, String> {
    if text == "auto" {
        return Ok(Rate::Auto);
    }
    let words = "write it as `10/s`, `100/m`, `1000/h`, or `auto`";
    let (count, unit) = text.split_once('/').ok_or(words)?;
    let count: u32 = count.parse().ok().filter(|it| *it > 0).ok_or(words)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(words.to_owned()),
    };
    Ok(Rate::Every(Duration::from_secs(seconds) / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_units() {
        assert_eq!(rate("10/s"), Ok(Rate::Every(Duration::from_millis(100))));
        assert_eq!(rate("60/m"), Ok(Rate::Every(Duration::from_secs(1))));
        assert_eq!(rate("auto"), Ok(Rate::Auto));
        for text in ["", "10", "0/s", "10/d", "/s"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
