//! Connections: straight to the server, or through the proxy that `HTTP_PROXY`, `HTTPS_PROXY`, or `ALL_PROXY` names.
//!
//! Plain HTTP is handed to the proxy with whole URLs, and TLS goes through a tunnel that it opens (`CONNECT`).
//! `NO_PROXY` lists hosts that are reached without one. This machine is always reached without one.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

/// Why there is no connection.
type Failure = Box<dyn Error + Send + Sync>;

/// Makes connections.
#[derive(Clone, Debug)]
pub struct Connector {
    direct: HttpConnector,
    /// Nothing if all servers are reached without one.
    proxies: Option<Arc<Matcher>>,
}

impl Connector {
    pub(super) fn new(time: Duration, is_loopback: bool) -> Self {
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        direct.set_connect_timeout(Some(time));
        direct.set_nodelay(true);
        Self {
            direct,
            proxies: (!is_loopback).then(|| Arc::new(Matcher::from_env())),
        }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, Failure>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let mut direct = self.direct.clone();
        let proxy = self.proxies.as_ref().and_then(|it| it.intercept(&uri));
        Box::pin(async move {
            let Some(proxy) = proxy else {
                let inner = direct.call(uri).await?;
                let is_handed_on = false;
                return Ok(Stream {
                    inner,
                    is_handed_on,
                });
            };
            if uri.scheme_str() == Some("https") {
                let inner = tunnel(proxy, direct, uri).await?;
                let is_handed_on = false;
                return Ok(Stream {
                    inner,
                    is_handed_on,
                });
            }
            let inner = direct.call(proxy.uri().clone()).await?;
            let is_handed_on = true;
            Ok(Stream {
                inner,
                is_handed_on,
            })
        })
    }
}

async fn tunnel(
    proxy: Intercept,
    direct: HttpConnector,
    uri: Uri,
) -> Result<TokioIo<TcpStream>, Failure> {
    let mut tunnel = Tunnel::new(proxy.uri().clone(), direct);
    if let Some(credentials) = proxy.basic_auth() {
        tunnel = tunnel.with_auth(credentials.clone());
    }
    Ok(tunnel.call(uri).await?)
}

/// A connection that knows whether a proxy hands the requests on.
#[derive(Debug)]
pub struct Stream {
    inner: TokioIo<TcpStream>,
    is_handed_on: bool,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.inner.connected().proxy(self.is_handed_on)
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
