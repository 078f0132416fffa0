//! What a mock tells about itself below `/__fieldproof`, over the wire.

use super::*;

fn journal(mock: &Mock, query: &str) -> Value {
    let answer = mock.send("GET", &format!("/__fieldproof/requests{query}"), &[], "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[test]
fn the_journal_tells_what_matched_and_what_is_wrong() {
    let mock = Mock::of_page(&["--log", "json"]);
    let token = "Authorization: Bearer s-3cr3t";
    mock.send("POST", "/notes", &[JSON, token], r#"{"text": "a"}"#);
    mock.send("POST", "/notes", &[JSON], r#"{"text": 5}"#);
    mock.send("POST", "/nots", &["Accept-Encoding: gzip"], "");
    let shown = journal(&mock, "");
    assert!(!shown.to_string().contains("s-3cr3t"));
    let requests = shown["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 3);
    let [unknown, wrong, right] = requests.as_slice() else {
        panic!("{shown}");
    };
    assert_eq!(right["operation"], "POST /notes");
    assert_eq!(right["source"], "note.mdx:9");
    assert_eq!(right["request"]["body"], r#"{"text": "a"}"#);
    assert_eq!(right["response"]["body"], EXAMPLE);
    assert_eq!(right["violations"], json!([]));
    assert_eq!(wrong["status"], 422);
    assert_eq!(wrong["violations"][0]["pointer"], "/text");
    assert_eq!(
        wrong["violations"][0]["source"],
        json!({"page": "note.mdx", "line": 5})
    );
    assert_eq!(
        (&unknown["status"], &unknown["operation"]),
        (&json!(404), &Value::Null)
    );
    assert_eq!(
        unknown["nearest"],
        json!([{
            "method": "POST",
            "path": "/notes",
            "why": "`nots` stands where it has `notes`",
            "source": {"page": "note.mdx", "line": 2},
        }])
    );
    let only = journal(&mock, "?unmatched=true");
    assert_eq!(only["requests"].as_array().unwrap().len(), 1);
    assert_eq!(journal(&mock, "?since=3")["requests"], json!([]));

    let cleared = mock.send("DELETE", "/__fieldproof/requests", &[], "");
    assert_eq!(cleared.status, 204);
    assert_eq!(journal(&mock, "")["requests"], json!([]));
}

#[test]
fn a_mock_tells_how_it_is_and_what_it_serves() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample");
    let mock = Mock::start(&docs, &[]);
    let get = |path: &str| mock.send("GET", &format!("/__fieldproof{path}"), &[], "");
    assert_eq!(get("/health").json(), json!({"status": "ok"}));
    assert_eq!(
        get("/ready").json(),
        json!({"status": "ready", "operations": 7})
    );
    let description = get("/openapi.json").json();
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description["paths"].as_object().unwrap().len(), 6);
    mock.send("GET", "/v1/books", &[], "");
    let metrics = get("/metrics");
    assert_eq!(
        metrics.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let counted = "fieldproof_requests_total{operation=\"GET /books\",status=\"401\"} 1\n";
    assert!(metrics.body.contains(counted), "{}", metrics.body);
    assert_eq!(get("/nothing").status, 404);
}

#[test]
fn a_token_is_asked_for_where_there_is_one_and_nothing_is_there_without_leave() {
    let guarded = Mock::of_page(&["--admin-token", "t-1", "-q", "--journal", "2"]);
    let path = "/__fieldproof/requests";
    let refused = guarded.send("GET", path, &[], "");
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, "Bearer")
    );
    let taken = guarded.send("GET", path, &["Authorization: Bearer t-1"], "");
    assert_eq!(taken.status, 200);
    assert_eq!(
        guarded.send("GET", "/__fieldproof/health", &[], "").status,
        200
    );

    let open = Mock::of_page(&[]);
    let elsewhere = open.send("GET", path, &["X-Forwarded-For: 192.0.2.1"], "");
    assert_eq!(elsewhere.status, 403);
    let quiet = Mock::of_page(&["-q"]);
    assert_eq!(
        quiet.send("GET", path, &[], "").json()["code"],
        "no-journal"
    );
    let closed = Mock::of_page(&["--no-admin"]);
    assert_eq!(
        closed.send("GET", path, &[], "").json()["code"],
        "path-not-documented"
    );
}
