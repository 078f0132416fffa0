//! The server that commands send requests to, and how: what `test` and `update` have in common.

use clap::Args;

use super::credentials::CredentialArgs;
use super::network::NetworkArgs;

/// A server and the way to it.
#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    /// Base URL of the server; a path in it stands for the documented base path
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) credentials: CredentialArgs,
    /// Send requests that may change data to servers that are not on this machine
    #[arg(long)]
    pub(super) allow_writes: bool,
    #[command(flatten)]
    pub(super) network: NetworkArgs,
}
