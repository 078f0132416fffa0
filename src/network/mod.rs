//! How a server is reached: connections, through a proxy where the environment names one, and whom to trust.
//!
//! `test` reaches the server under test so, and the mock the server that it stands before.

mod connect;
mod target;
mod tls;

pub use connect::Connector;
pub use target::{Target, TargetError};
pub use tls::{Tls, TlsError};

use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};

/// Makes connections to a server, encrypted where its URL says so.
///
/// `time` is how long a connection may take; a server on this machine is reached without a proxy.
pub fn connector(
    tls: &Tls,
    is_encrypted: bool,
    is_loopback: bool,
    time: Duration,
) -> Result<HttpsConnector<Connector>, TlsError> {
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls.config(is_encrypted)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(Connector::new(time, is_loopback)))
}
