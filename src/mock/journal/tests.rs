//! What is kept, what makes room, and what is not shown.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::*;

fn request(target: &str, body: &'static str) -> Request {
    Request {
        method: Method::POST,
        uri: target.parse().unwrap(),
        body: Bytes::from_static(body.as_bytes()),
        ..Request::default()
    }
}

fn all(journal: &Journal) -> Vec<Value> {
    let shown = journal.to_json(&Selection::of("").unwrap());
    shown["requests"].as_array().unwrap().clone()
}

fn targets(journal: &Journal) -> Vec<String> {
    let entries = all(journal).into_iter();
    entries
        .map(|it| it["target"].as_str().unwrap().to_owned())
        .collect()
}

fn keep(journal: &mut Journal, request: &Request) {
    let reply = Reply::empty(StatusCode::OK);
    journal.keep(request, &reply, 0, Duration::ZERO);
}

#[test]
fn the_oldest_make_room_for_the_newest_in_number_and_in_bytes() {
    let mut journal = Journal::new(Bounds {
        entries: 2,
        bytes: 1_000_000,
    });
    for target in ["/1", "/2", "/3"] {
        keep(&mut journal, &request(target, ""));
    }
    assert_eq!(targets(&journal), ["/3", "/2"]);

    let mut journal = Journal::new(Bounds {
        entries: 100,
        bytes: 3 * OVERHEAD,
    });
    for target in ["/1", "/2", "/3", "/4"] {
        keep(&mut journal, &request(target, ""));
    }
    assert_eq!(targets(&journal), ["/4", "/3"]);
    journal.clear();
    keep(&mut journal, &request("/5", ""));
    assert_eq!(all(&journal)[0]["id"], 4);
}

#[test]
fn a_large_body_is_kept_in_part_and_its_size_in_full() {
    let mut journal = Journal::new(Bounds::default());
    let mut large = request("/", "");
    large.body = "é".repeat(KEPT).into();
    keep(&mut journal, &large);
    let shown = &all(&journal)[0]["request"];
    assert_eq!(shown["bytes"], 2 * KEPT);
    assert_eq!(shown["body"].as_str().unwrap().len(), KEPT);
}

#[test]
fn credentials_are_blotted_out_wherever_they_stand() {
    let mut journal = Journal::new(Bounds::default());
    let body = r#"{"name": "Ada", "password": "hunter2", "keys": [{"api_key": "k-1"}], "next_token": "n"}"#;
    let mut login = request("/login?access_token=t-1&page=2", body);
    for name in ["authorization", "x-api-key", "cookie", "x-signature"] {
        let name = http::HeaderName::from_static(name);
        login
            .headers
            .insert(name, HeaderValue::from_static("hidden-value"));
    }
    login
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    keep(&mut journal, &login);
    keep(
        &mut journal,
        &request("/login", "user=ada&password=hunter2"),
    );
    keep(
        &mut journal,
        &request("/login", r#"{"password": "hunter2", "cut": "#),
    );
    let shown = all(&journal);
    let text = Value::from(shown.clone()).to_string();
    for secret in ["hunter2", "k-1", "t-1", "hidden-value"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(shown[2]["target"], "/login?access_token=[redacted]&page=2");
    assert_eq!(
        shown[2]["request"]["headers"][AUTHORIZATION.as_str()],
        "[redacted]"
    );
    assert_eq!(
        shown[2]["request"]["headers"]["content-type"],
        "application/json"
    );
    assert!(
        shown[2]["request"]["body"]
            .as_str()
            .unwrap()
            .contains(r#""next_token":"n""#)
    );
    assert_eq!(shown[1]["request"]["body"], "user=ada&password=[redacted]");
    assert_eq!(
        shown[0]["request"]["body"],
        r#"{"password": "[redacted]", "cut": "#
    );
}

#[test]
fn entries_are_chosen_by_number_and_by_what_matched() {
    let mut journal = Journal::new(Bounds::default());
    for target in ["/1", "/2", "/3"] {
        let mut reply = Reply::empty(StatusCode::OK);
        if target != "/2" {
            reply.operation = Some(format!("POST {target}").into());
        }
        journal.keep(
            &request(target, ""),
            &reply,
            1_700_000_000_123,
            Duration::ZERO,
        );
    }
    let chosen = |query: &str| -> Vec<Value> {
        let shown = journal.to_json(&Selection::of(query).unwrap());
        let entries = shown["requests"].as_array().unwrap().iter();
        entries.map(|it| it["target"].clone()).collect()
    };
    assert_eq!(chosen("since=1"), ["/3", "/2"]);
    assert_eq!(chosen("limit=1"), ["/3"]);
    assert_eq!(chosen("unmatched=true"), ["/2"]);
    assert_eq!(chosen("operation=POST%20/1"), ["/1"]);
    assert_eq!(chosen("violating"), Vec::<Value>::new());
    assert_eq!(all(&journal)[0]["time"], "2023-11-14T22:13:20.123Z");
    assert!(Selection::of("limit=all").unwrap_err().contains("`all`"));
    assert!(Selection::of("most=1").unwrap_err().contains("`most`"));
}

#[test]
fn what_is_wrong_comes_from_the_problem_else_from_the_headers() {
    let mut journal = Journal::new(Bounds::default());
    let mut noted = Reply::empty(StatusCode::OK);
    noted.headers.append(
        header::VIOLATION,
        HeaderValue::from_static("wrong-type at /a"),
    );
    journal.keep(&request("/", ""), &noted, 0, Duration::ZERO);
    let problem = crate::mock::problem::Problem::new(401, "missing-credentials", "none");
    journal.keep(&request("/", ""), &problem.reply(), 0, Duration::ZERO);
    let problem = crate::mock::problem::Problem::new(422, "request-not-as-documented", "two");
    let reply = problem.with("errors", json!([{"rule": "null"}])).reply();
    journal.keep(&request("/", ""), &reply, 0, Duration::ZERO);
    let shown = all(&journal);
    assert_eq!(shown[0]["violations"], json!([{"rule": "null"}]));
    assert_eq!(
        shown[1]["violations"],
        json!([{"rule": "missing-credentials", "message": "none"}])
    );
    assert_eq!(
        shown[2]["violations"],
        json!([{"message": "wrong-type at /a"}])
    );
}

#[test]
fn an_answer_that_was_spoilt_says_nothing_of_the_request() {
    let mut journal = Journal::new(Bounds::default());
    for code in ["made-to-fail", "made-to-be-too-many"] {
        let problem = crate::mock::problem::Problem::new(500, code, "as asked");
        journal.keep(&request("/", ""), &problem.reply(), 0, Duration::ZERO);
    }
    let shown = all(&journal);
    assert!(shown.iter().all(|it| it["violations"] == json!([])));
}

#[test]
fn keys_of_any_product_are_not_kept() {
    let mut journal = Journal::new(Bounds::default());
    let mut sent = request("/?scan_key=S1&session=S2&sort_key=name", "");
    for name in ["x-scan-key", "x-app-key", "x-auth", "x-session"] {
        sent.headers.insert(name, HeaderValue::from_static("S3"));
    }
    sent.headers
        .insert("idempotency-key", HeaderValue::from_static("order-7"));
    keep(&mut journal, &sent);
    let text = all(&journal)[0].to_string();
    assert!(!text.contains("S1") && !text.contains("S2") && !text.contains("S3"));
    assert!(text.contains("sort_key=name") && text.contains("order-7"));
}

#[test]
fn secret_parts_of_a_form_are_not_kept() {
    let mut journal = Journal::new(Bounds::default());
    let body = "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nS1\r\n\
        --x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nBoat\r\n\
        --x\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nS2\r\n\
        --x\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\n{\"token\": \"S3\"}\r\n--x--\r\n";
    let mut sent = request("/", body);
    sent.headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("multipart/form-data; boundary=x"),
    );
    keep(&mut journal, &sent);
    let text = all(&journal)[0].to_string();
    assert!(
        !text.contains("S1") && !text.contains("S2") && !text.contains("S3"),
        "{text}"
    );
    assert!(text.contains("Boat"), "{text}");
}
