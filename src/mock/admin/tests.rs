//! Who is answered below `/__fieldproof`, and what.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::HeaderName;
use http::header::{AUTHORIZATION, HOST, ORIGIN};

use super::*;
use crate::mock::Options;
use crate::mock::tests::mock_of;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

fn request(method: Method, target: &str, headers: &[(HeaderName, &'static str)]) -> Request {
    let mut request = Request {
        method,
        uri: target.parse().unwrap(),
        ..Request::default()
    };
    request
        .headers
        .insert(HOST, HeaderValue::from_static("127.0.0.1:4010"));
    for (name, value) in headers {
        request
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    request
}

/// The status for a request for the journal, 200 if nothing speaks against it.
fn status(peer: IpAddr, token: Option<&str>, headers: &[(HeaderName, &'static str)]) -> u16 {
    let request = request(Method::GET, "/__fieldproof/requests", headers);
    refused(&request, peer, token).map_or(200, |reply| reply.status.as_u16())
}

fn answered(record: Option<&mut Record>, method: Method, target: &str) -> Reply {
    let mock = mock_of(&[], Options::default());
    let desk = Desk {
        sequences: None,
        mock: &mock,
        record,
        state: None,
        drifts: None,
        description: None,
    };
    reply(desk, &request(method, target, &[]))
}

#[test]
fn without_a_token_only_this_machine_is_answered() {
    assert_eq!(status(HERE, None, &[]), 200);
    assert_eq!(status(IpAddr::V6(Ipv6Addr::LOCALHOST), None, &[]), 200);
    assert_eq!(
        status(IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped()), None, &[]),
        200
    );
    assert_eq!(status(ELSEWHERE, None, &[]), 403);
    let forwarded = HeaderName::from_static("x-forwarded-for");
    assert_eq!(status(HERE, None, &[(forwarded, "192.0.2.7")]), 403);
}

#[test]
fn pages_of_other_sites_are_turned_away() {
    assert_eq!(
        status(HERE, None, &[(ORIGIN, "http://127.0.0.1:4010")]),
        200
    );
    assert_eq!(status(HERE, None, &[(ORIGIN, "https://example.com")]), 403);
    let site = HeaderName::from_static("sec-fetch-site");
    assert_eq!(status(HERE, None, &[(site.clone(), "same-origin")]), 200);
    assert_eq!(status(HERE, None, &[(site, "cross-site")]), 403);
    // A name of another site that is made to lead here.
    assert_eq!(status(HERE, None, &[(HOST, "example.com")]), 403);
    assert_eq!(status(HERE, None, &[(HOST, "localhost:4010")]), 200);
    assert_eq!(status(HERE, None, &[(HOST, "[::1]:4010")]), 200);
}

#[test]
fn with_a_token_whoever_has_it_is_answered() {
    let token = Some("t-123");
    assert_eq!(status(HERE, token, &[]), 401);
    assert_eq!(
        status(ELSEWHERE, token, &[(AUTHORIZATION, "Bearer t-124")]),
        401
    );
    assert_eq!(
        status(ELSEWHERE, token, &[(AUTHORIZATION, "Bearer t-1234")]),
        401
    );
    assert_eq!(
        status(ELSEWHERE, token, &[(AUTHORIZATION, "bearer t-123")]),
        200
    );
}

#[test]
fn health_is_told_to_everybody() {
    for target in ["/__fieldproof/health", "/__fieldproof/ready"] {
        let request = request(Method::GET, target, &[]);
        assert!(refused(&request, ELSEWHERE, None).is_none(), "{target}");
        assert_eq!(answered(None, Method::GET, target).status, 200);
    }
}

#[test]
fn the_journal_is_read_and_cleared() {
    let mut record = Record {
        journal: Journal::new(crate::mock::Bounds::default()),
        ..Record::default()
    };
    let seen = request(Method::GET, "/seen", &[]);
    let answer = Reply::empty(StatusCode::OK);
    record
        .journal
        .keep(&seen, &answer, 0, std::time::Duration::ZERO);
    let count = |record: &mut Record| {
        let reply = answered(Some(record), Method::GET, "/__fieldproof/requests");
        let value: Value = serde_json::from_slice(&reply.body).unwrap();
        value["requests"].as_array().unwrap().len()
    };
    assert_eq!(count(&mut record), 1);
    let cleared = answered(Some(&mut record), Method::DELETE, "/__fieldproof/requests");
    assert_eq!((cleared.status.as_u16(), count(&mut record)), (204, 0));
    let refused = answered(Some(&mut record), Method::PUT, "/__fieldproof/requests");
    assert_eq!(refused.header("allow"), Some("GET, HEAD, DELETE"));
    let bad = answered(
        Some(&mut record),
        Method::GET,
        "/__fieldproof/requests?limit=x",
    );
    assert_eq!(bad.status, 400);
}

#[test]
fn what_is_not_there_says_so() {
    let status = |target| answered(None, Method::GET, target).status.as_u16();
    assert_eq!(status("/__fieldproof/requests"), 404);
    assert_eq!(status("/__fieldproof/metrics"), 404);
    assert_eq!(status("/__fieldproof/openapi.json"), 404);
    assert_eq!(status("/__fieldproof/nothing"), 404);
    assert!(is_admin("/__fieldproof") && !is_admin("/__fieldproofs"));
}
