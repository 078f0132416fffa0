//! A mock that remembers, over the wire.

use super::*;

fn sample() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample")
}

const TOKEN: &str = "Authorization: Bearer x";
const ORDER: &str = r#"{"customer": {"name": "Ada", "email": "ada@example.com", "address": {"street": "1", "city": "B", "postal_code": "2", "country": "DE"}}, "items": [{"book_id": "book_7Hq2", "quantity": 3}], "shipping": "express"}"#;

#[test]
fn an_order_is_made_listed_changed_and_forgotten() {
    let mock = Mock::start(&sample(), &["--stateful"]);
    let made = mock.send("POST", "/v1/orders", &[TOKEN, JSON], ORDER);
    assert_eq!((made.status, made.header("mock-state")), (201, "kept"));
    let made = made.json();
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("order_") && id != "order_9Kd4", "{id}");
    assert_eq!(
        (&made["shipping"], &made["items"][0]["quantity"]),
        (&json!("express"), &json!(3))
    );

    let ids = || -> Vec<Value> {
        let listed = mock.send("GET", "/v1/orders", &[TOKEN], "").json();
        listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["id"].clone())
            .collect()
    };
    // The page says that the newest come first.
    assert_eq!(ids(), [json!(id), json!("order_9Kd4")]);
    let note = r#"{"gift_note": "Hello"}"#;
    let changed = mock.send("PATCH", &format!("/v1/orders/{id}"), &[TOKEN, JSON], note);
    assert_eq!(
        (&changed.json()["gift_note"], &changed.json()["shipping"]),
        (&json!("Hello"), &json!("express"))
    );

    assert_eq!(
        mock.send("POST", "/__fieldproof/reset", &[], "").status,
        204
    );
    assert_eq!(ids(), [json!("order_9Kd4")]);
    let gone = mock.send("PATCH", &format!("/v1/orders/{id}"), &[TOKEN, JSON], note);
    assert_eq!(
        (gone.status, &gone.json()["code"]),
        (404, &json!("order_not_found"))
    );
}

#[test]
fn a_conformance_run_finds_that_everything_is_kept() {
    let mock = Mock::start(&sample(), &["--stateful"]);
    let url = format!("http://127.0.0.1:{}", mock.port);
    // What cannot be removed, since no operation does it, is listed in a file here.
    let place = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .arg("test")
        .arg(sample())
        .args(["--url", &url, "--fail-on", "error"])
        .current_dir(place.path())
        .output()
        .unwrap();
    let report =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert!(!report.contains("which keeps nothing"), "{report}");
}

#[test]
fn a_conformance_run_looks_at_what_is_kept_beside_what_is_not() {
    let docs = tempfile::tempdir().unwrap();
    let page = |name: &str, api: &str, fields: &str, example: &str| {
        let example =
            format!("<ResponseExample>\n```json 200\n{example}\n```\n</ResponseExample>\n");
        let text = format!("---\napi: {api}\n---\n\n{fields}\n{example}");
        std::fs::write(docs.path().join(name), text).unwrap();
    };
    let text = r#"<ParamField body="text" type="string" required>The text.</ParamField>"#;
    page(
        "list.mdx",
        "GET /notes",
        "",
        r#"[{"id": "note_1", "text": "Milk"}]"#,
    );
    page(
        "get.mdx",
        "GET /notes/{note_id}",
        "",
        r#"{"id": "note_1", "text": "Milk"}"#,
    );
    page(
        "make.mdx",
        "POST /notes",
        text,
        r#"{"id": "note_1", "text": "Milk"}"#,
    );
    page("login.mdx", "POST /login", "", r#"{"token": "t"}"#);
    let mock = Mock::start(docs.path(), &["--stateful"]);
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .arg("test")
        .arg(docs.path())
        .args(["--url", &format!("http://127.0.0.1:{}", mock.port)])
        .current_dir(docs.path())
        .output()
        .unwrap();
    let report =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert!(!report.contains("which keeps nothing"), "{report}");
    // What was made is looked for, and then left, since no operation removes it.
    assert!(
        report.contains("no documented operation removes it"),
        "{report}"
    );
}
