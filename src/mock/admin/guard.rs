//! Who may use the admin paths.
//!
//! Without a token, only a program on the same machine may: the peer is a loopback address and no proxy stands between.
//! A page in a browser on that machine must come from the mock itself, under a name of the machine, so that no other
//! site can read or clear the journal, not even one whose name is made to lead to the loopback address.

use std::net::IpAddr;

use http::HeaderName;
use http::header::{AUTHORIZATION, HOST, ORIGIN};

use crate::mock::message::Request;
use crate::mock::problem::Problem;

const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// Why a request is turned away; `None` if it may go on.
pub(super) fn refusal(request: &Request, peer: IpAddr, token: Option<&str>) -> Option<Problem> {
    if is_of_other_site(request) {
        let detail = "the admin paths do not answer pages of other sites";
        return Some(Problem::new(403, "other-site", detail));
    }
    if let Some(token) = token {
        let sent = request.header(AUTHORIZATION);
        let sent = sent.as_deref().and_then(bearer);
        return (!sent.is_some_and(|sent| is_same(sent, token))).then(|| {
            let detail = "the admin paths ask for the token of `--admin-token`, as `Authorization: Bearer TOKEN`";
            Problem::new(401, "missing-admin-token", detail)
        });
    }
    let is_forwarded = FORWARDED
        .iter()
        .any(|name| request.headers.contains_key(HeaderName::from_static(name)));
    if is_loopback(peer) && !is_forwarded && is_named_locally(request) {
        return None;
    }
    let detail = "the admin paths answer this machine only; start the mock with `--admin-token` to use them from others";
    Some(Problem::new(403, "not-this-machine", detail))
}

fn is_loopback(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

/// True for a request that a page of another site makes.
fn is_of_other_site(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return !matches!(&*site, "same-origin" | "none");
    }
    let Some(origin) = request.header(ORIGIN) else {
        return false;
    };
    let authority = origin.split_once("://").map_or("", |(_, rest)| rest);
    request.header(HOST).as_deref() != Some(authority)
}

/// True if the host that is addressed is a name of this machine.
fn is_named_locally(request: &Request) -> bool {
    let Some(host) = request.host() else {
        return true;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.to_ascii_lowercase().ends_with(".localhost")
        || bare.parse().is_ok_and(is_loopback)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Compares in a time that does not tell where the texts differ.
fn is_same(one: &str, other: &str) -> bool {
    let pairs = one.bytes().zip(other.bytes());
    let difference = pairs.fold(0, |difference, (one, other)| difference | (one ^ other));
    one.len() == other.len() && difference == 0
}
