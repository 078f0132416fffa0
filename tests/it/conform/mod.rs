//! `fieldproof test` against servers that keep their word, and servers that do not.

mod cleanup;
mod credentials;
mod faults;
mod network;
mod nothing;
pub(crate) mod server;

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use server::{Act, Received, Server, json};

/// A page in our own words, with all that the command reads: fields, nested fields, a curl command, and an answer.
const PAGE: &str = r#"---
title: "Open a locker"
api: "POST https://api.example.com/lockers/open"
---

### Body

<ParamField body="code" type="string" required>
  The code on the key.
</ParamField>

### Response

<ResponseField name="opened" type="number">
  How many doors have sprung open.
</ResponseField>

<ResponseField name="locker" type="object">
  The locker.

  <Expandable title="locker">
    <ResponseField name="owner_id" type="number">
      The member who rents it.
    </ResponseField>

    <ResponseField name="label" type="string">
      What the sign says.
    </ResponseField>

    <ResponseField name="zone" type="string | null">
      Where it stands.
    </ResponseField>
  </Expandable>
</ResponseField>

<RequestExample>

```bash Request
curl --request POST 'https://api.example.com/lockers/open' \
--header 'Content-Type: application/json' \
--header 'Authorization: Key <locker_key>' \
--data-raw '{
    "code": "B-17"
}'
```

</RequestExample>

<ResponseExample>

```json Response
{
  "opened": 1,
  "locker": {
    "owner_id": 3,
    "label": "Bikes"
  }
}
```

</ResponseExample>
"#;

const GOOD: &str = r#"{"opened": 1, "locker": {"owner_id": 9, "label": "Boats", "zone": null}}"#;

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Outcome {
    /// The command ended with that code.
    fn ends_with(&self, code: i32) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
    }

    /// These words were printed.
    fn shows(&self, words: &str) {
        let is_shown = self.out.contains(words) || self.err.contains(words);
        assert!(is_shown, "{words}\n{}{}", self.out, self.err);
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }

    /// The only finding.
    fn finding(&self) -> Value {
        let json = self.json();
        let findings = json["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{}", self.out);
        findings[0].clone()
    }
}

fn fieldproof(arguments: &[&str], folder: &std::path::Path) -> Outcome {
    fieldproof_with(arguments, folder, &[])
}

/// The same with variables of the environment.
fn fieldproof_with(
    arguments: &[&str],
    folder: &std::path::Path,
    environment: &[(&str, &str)],
) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Tests the documented request of a page in a folder of its own.
fn test_page(page: &str, url: &str, more: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.mdx"), page).unwrap();
    let arguments = ["test", "page.mdx", "--phase", "examples", "--url", url];
    let arguments = [&arguments[..], more].concat();
    fieldproof(&arguments, folder.path())
}

fn test_json(page: &str, url: &str, more: &[&str]) -> Outcome {
    test_page(page, url, &[&["--format", "json"], more].concat())
}

fn sample(url: &str, more: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join("left.json");
    let arguments = ["test", "docs/sample", "--phase", "examples", "--url", url];
    let left = ["--leftovers", left.to_str().unwrap()];
    let arguments = [&arguments[..], &left, more].concat();
    fieldproof(&arguments, env!("CARGO_MANIFEST_DIR").as_ref())
}

/// The line of `text` in the page, from 1.
fn line_of(text: &str) -> u64 {
    let before = PAGE.split(text).next().unwrap();
    before.matches('\n').count() as u64 + 1
}

#[test]
fn a_server_that_does_as_documented_is_clean() {
    let server = Server::start(|_| json(GOOD));
    let outcome = test_page(PAGE, &server.url(), &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.out);
    assert!(
        outcome
            .out
            .ends_with("1 of 1 operations exercised, 0 not exercised\n")
    );
    let request = &server.received()[0];
    assert_eq!(request.line, "POST /lockers/open");
    assert_eq!(request.body, "{\n    \"code\": \"B-17\"\n}");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some("Key <locker_key>"));
}

#[test]
fn each_difference_points_to_the_line_that_promised_otherwise() {
    for (body, rule, place, path, expected, observed) in [
        (
            GOOD.replace("\"opened\": 1", "\"opened\": \"1\""),
            "response-type",
            "number\">",
            "$.opened",
            "number",
            "string \"1\"",
        ),
        (
            GOOD.replace("\"owner_id\": 9, ", ""),
            "missing-response-member",
            "owner_id",
            "$.locker.owner_id",
            "member `owner_id`",
            "no such member",
        ),
        (
            GOOD.replace("\"owner_id\"", "\"size\": 2, \"owner_id\""),
            "undocumented-response-member",
            "object\">",
            "$.locker.size",
            "a documented member",
            "member `size`",
        ),
        (
            GOOD.replace("owner_id", "ownerId"),
            "misspelled-response-member",
            "owner_id",
            "$.locker.ownerId",
            "member `owner_id`",
            "member `ownerId`",
        ),
    ] {
        let server = Server::start(move |_| json(&body));
        let outcome = test_json(PAGE, &server.url(), &[]);
        assert_eq!(outcome.code, 1, "{rule}: {}", outcome.err);
        let finding = outcome.finding();
        assert_eq!(finding["rule"], rule);
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["file"], "page.mdx");
        assert_eq!(finding["line"], line_of(place), "{rule}");
        assert_eq!(finding["operation"], "POST /lockers/open");
        assert_eq!(finding["path"], path);
        assert_eq!(finding["subject"], path.replace('$', "response"));
        assert_eq!(finding["expected"], expected);
        assert_eq!(finding["observed"], observed);
        let request = format!("POST {}/lockers/open", server.url());
        assert_eq!(finding["request"], request);
        let curl = finding["curl"].as_str().unwrap();
        assert!(curl.ends_with("--data-raw '{\"code\":\"B-17\"}'"), "{curl}");
    }
}

type Make = Box<dyn Fn() -> Act + Send>;

#[test]
fn answers_that_are_not_the_documented_success_have_their_rules() {
    let html = || vec![("Content-Type", "text/html".to_owned())];
    let moved = || vec![("Location", "https://elsewhere.example.com/".to_owned())];
    let cases: Vec<(&str, &str, Make)> = vec![
        (
            "server-error",
            "500 Internal Server Error with oops",
            Box::new(|| Act::Answer(500, vec![], "oops".into())),
        ),
        (
            "undocumented-status",
            "418",
            Box::new(|| Act::Answer(418, vec![], String::new())),
        ),
        (
            "unimplemented-operation",
            "404 Not Found",
            Box::new(|| Act::Answer(404, vec![], String::new())),
        ),
        (
            "redirected",
            "301 Moved Permanently to https://elsewhere.example.com/",
            Box::new(move || Act::Answer(301, moved(), String::new())),
        ),
        (
            "response-media-type",
            "text/html: <h1>Hello</h1>",
            Box::new(move || Act::Answer(200, html(), "<h1>Hello</h1>".into())),
        ),
        (
            "invalid-response-json",
            "{\"opened\": 1",
            Box::new(|| json("{\"opened\": 1")),
        ),
        ("empty-response", "nothing", Box::new(|| json(""))),
        (
            "oversized-response",
            "more than 8388608 bytes",
            Box::new(|| json(&" ".repeat(9 << 20))),
        ),
    ];
    for (rule, observed, make) in cases {
        let server = Server::start(move |_| make());
        let outcome = test_json(PAGE, &server.url(), &[]);
        assert_eq!(outcome.code, 1, "{rule}: {}", outcome.err);
        let finding = outcome.finding();
        assert_eq!(
            (finding["rule"].as_str(), finding["observed"].as_str()),
            (Some(rule), Some(observed))
        );
        assert_eq!(
            server.received().len(),
            1,
            "no redirect is followed, and nothing is sent twice"
        );
    }
}

#[test]
fn a_server_without_a_single_answer_is_not_reached() {
    let closing = Server::start(|_| Act::Raw(Vec::new()));
    let silent = Server::start(|_| Act::Hang);
    let foreign = Server::start(|_| Act::Raw(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()));
    for (server, words) in [
        (&closing, "closed the connection"),
        (&silent, "no whole answer within 0.3 s"),
        (&foreign, "is not HTTP"),
    ] {
        let outcome = test_page(PAGE, &server.url(), &["--timeout", "0.3"]);
        assert_eq!(outcome.code, 3, "{}", outcome.err);
        assert!(outcome.err.contains(words), "{}", outcome.err);
        assert_eq!(outcome.err.lines().count(), 1);
    }
}

#[test]
fn a_closed_port_is_not_reached() {
    let url = "http://127.0.0.1:1";
    let outcome = test_page(PAGE, url, &[]);
    assert_eq!(outcome.code, 3, "{}", outcome.err);
    assert!(
        outcome
            .err
            .starts_with(&format!("fieldproof: {url} cannot be tested: "))
    );
    assert!(outcome.out.is_empty());
}

#[test]
fn one_operation_without_an_answer_is_a_finding() {
    for cut in [false, true] {
        let server = Server::start(move |request| {
            if !request.line.starts_with("DELETE") {
                return bookshop(request);
            }
            if cut {
                Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{".to_vec())
            } else {
                Act::Hang
            }
        });
        let outcome = sample(&server.url(), &["--timeout", "1", "--format", "json"]);
        assert_eq!(outcome.code, 1, "{}", outcome.err);
        assert_eq!(outcome.finding()["rule"], "unanswered-request");
        assert_eq!(
            outcome.finding()["file"],
            "docs/sample/webhooks/delete-webhook.mdx"
        );
    }
}

#[test]
fn the_bookshop_does_as_its_pages_say() {
    let server = Server::start(bookshop);
    let outcome = sample(&server.url(), &["--format", "json"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    let summary = &outcome.json()["summary"];
    assert_eq!(summary["more"]["exercised"], 7);
    assert_eq!(summary["more"]["not exercised"], 0);
    let lines: Vec<_> = server.received().iter().map(|it| it.line.clone()).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/orders",
            "POST /v1/webhooks",
            "GET /v1/books?author=Ines%20Okoro&limit=2",
            "GET /v1/orders?status=shipped&limit=20",
            "GET /v1/books/book_7Hq2",
            "PATCH /v1/orders/order_9Kd4",
            "DELETE /v1/webhooks/hook_3Ab",
        ]
    );
}

/// Answers with the examples of the sample site.
fn bookshop(request: &Received) -> Act {
    let (path, page) = match request.line.split('?').next().unwrap() {
        "GET /v1/books/book_7Hq2" => (200, "books/get-book"),
        "GET /v1/books" => (200, "books/list-books"),
        "POST /v1/orders" => (201, "orders/create-order"),
        "GET /v1/orders" => (200, "orders/list-orders"),
        "PATCH /v1/orders/order_9Kd4" => (200, "orders/update-order"),
        "POST /v1/webhooks" => (201, "webhooks/create-webhook"),
        _ => return Act::Answer(204, vec![], String::new()),
    };
    let root = env!("CARGO_MANIFEST_DIR");
    let text = fs::read_to_string(format!("{root}/docs/sample/{page}.mdx")).unwrap();
    let after = text.split_once("<ResponseExample>").unwrap().1;
    let (_, body) = after.split_once("```json").unwrap();
    let (_, body) = body.split_once('\n').unwrap();
    let body = body.split("```").next().unwrap().to_owned();
    let headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
    Act::Answer(path, headers, body)
}

#[test]
fn one_cause_is_one_finding() {
    let server = Server::start(|_| Act::Answer(401, vec![], "{}".to_owned()));
    let outcome = sample(&server.url(), &["--format", "json"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.finding()["rule"], "rejected-credentials");
    // Without a create, nothing may be changed or deleted.
    assert_eq!(server.received().len(), 5);
}

#[test]
fn a_wrong_base_path_is_one_finding_with_the_way_out() {
    let server = Server::start(|_| Act::Answer(404, vec![], "{}".to_owned()));
    let outcome = sample(&format!("{}/api", server.url()), &["--format", "json"]);
    let finding = outcome.finding();
    assert_eq!(finding["rule"], "missing-api");
    assert!(finding["help"].as_str().unwrap().contains("`/v1`"));
    assert_eq!(server.received()[1].line, "POST /api/webhooks");
}

#[test]
fn secrets_are_sent_and_not_shown() {
    let server = Server::start(|request| {
        let echo = request.header("authorization").unwrap_or_default();
        json(&format!("{{\"opened\": \"{echo}\"}}"))
    });
    let more = [
        "--var",
        "locker-key=s3cr3t-t0ken",
        "-H",
        "X-Api-Key: an0ther",
        "--format",
        "human",
    ];
    let outcome = test_page(PAGE, &server.url(), &more);
    assert_eq!(outcome.code, 1);
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Key s3cr3t-t0ken"));
    assert_eq!(request.header("x-api-key"), Some("an0ther"));
    let shown = outcome.out + &outcome.err;
    assert!(
        shown.contains("-H 'Authorization: Key '\"$LOCKER_KEY\" -H 'X-Api-Key: '\"$X_API_KEY\"")
    );
    assert!(
        !shown.contains("s3cr3t") && !shown.contains("an0ther"),
        "{shown}"
    );
}

#[test]
fn nothing_exercised_is_never_green() {
    let server = Server::idle();
    let foreign = "http://fieldproof.invalid";
    let open = PAGE.replace("lockers/open", "lockers/{id}");
    for (page, url, words) in [
        ("# No API here\n", server.url().as_str(), "no page under"),
        (
            open.replace("curl", "wget").as_str(),
            server.url().as_str(),
            "--var id=VALUE",
        ),
        (PAGE, foreign, "--allow-writes"),
    ] {
        for plan in [&[][..], &["--plan"]] {
            let outcome = test_page(page, url, plan);
            assert_eq!(outcome.code, 4, "{}", outcome.err);
            assert!(outcome.err.contains(words), "{}", outcome.err);
            assert!(outcome.out.is_empty());
        }
    }
}

#[test]
fn a_plan_sends_nothing() {
    let server = Server::idle();
    let outcome = test_page(PAGE, &server.url(), &["--plan", "--format", "concise"]);
    assert_eq!(outcome.code, 0);
    let line = line_of("curl --request");
    let url = server.url();
    assert_eq!(
        outcome.out,
        format!(
            "# POST /lockers/open (page.mdx:{line})\n\
             curl {url}/lockers/open -H 'Content-Type: application/json' -H 'Authorization: Key <locker_key>' --data-raw '{{\"code\":\"B-17\"}}'\n\
             # 1 of 1 operations to be exercised, 0 not exercised\n"
        )
    );
}

#[test]
fn a_url_that_is_none_is_a_usage_error() {
    for (url, words) in [
        (
            "localhost:8080",
            "write the scheme too, as `http://localhost:8080`",
        ),
        (
            "ftp://localhost",
            "neither an `http://` nor an `https://` URL",
        ),
        ("http://localhost:0", "no valid port"),
    ] {
        let outcome = test_page(PAGE, url, &[]);
        assert_eq!(outcome.code, 2, "{url}");
        assert!(outcome.err.contains(words), "{}", outcome.err);
        assert_eq!(outcome.err.lines().count(), 1);
    }
}

#[test]
fn the_configuration_names_url_and_headers_and_flags_win() {
    let server = Server::start(|_| json(GOOD));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.mdx"), PAGE).unwrap();
    let config = format!(
        "[test]\nurl = \"{}\"\nheaders = {{ x-a = \"1\", X-B = \"2\" }}\n",
        server.url()
    );
    fs::write(folder.path().join("fieldproof.toml"), config).unwrap();
    let outcome = fieldproof(&["test", ".", "-H", "X-A: 3"], folder.path());
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    let request = &server.received()[0];
    assert_eq!(
        (request.header("x-a"), request.header("x-b")),
        (Some("3"), Some("2"))
    );
    fs::remove_file(folder.path().join("fieldproof.toml")).unwrap();
    let outcome = fieldproof(&["test", "."], folder.path());
    assert_eq!(outcome.code, 2);
    assert!(outcome.err.contains("name it with --url"));
}

#[test]
fn the_threshold_decides_which_findings_fail() {
    let server = Server::start(|_| {
        let headers = vec![("Content-Type", "text/plain".to_owned())];
        Act::Answer(200, headers, GOOD.to_owned())
    });
    let code = |severity| test_page(PAGE, &server.url(), &["--fail-on", severity]).code;
    assert_eq!((code("error"), code("warning"), code("never")), (0, 1, 0));
}
