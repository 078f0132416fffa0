//! What is answered, without a socket.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model;
use crate::source::load::Site;

const CREATE: &str = r#"---
api: POST https://api.example.com/v1/books
---

<ParamField body="title" type="string" required>
  The title.
</ParamField>

<ParamField body="pages" type="integer" />

<ParamField body="binding" type="'hard' | 'soft'" />

<ParamField body="note" type="string">
  One of `short` or `long`.
</ParamField>

<ParamField query="dry_run" type="boolean" />

<ParamField header="Idempotency-Key" type="string" required />

<ResponseExample>

```json 201 Created
{ "id":   7 }
```

```json 409 Taken
{ "code": "taken", }
```

```json Error
{"code": "other"}
```

</ResponseExample>
"#;

const GET: &str = r#"---
api: GET /books/{id}
---

<ParamField path="id" type="integer" required />

<ResponseField name="id" type="integer" />

<ResponseField name="state" type="string" default="open" />
"#;

const NEW: &str = "---\napi: GET /books/new\n---\n\nNothing is said here.\n";

const DELETE: &str = "---\napi: DELETE /books/{id}\n---\n\n<ResponseExample>\n\n```text 204\n```\n\n</ResponseExample>\n";

const PAGES: [(&str, &str); 4] = [
    ("create.mdx", CREATE),
    ("get.mdx", GET),
    ("new.mdx", NEW),
    ("delete.mdx", DELETE),
];

const BEARER: &str =
    r#"{"api": {"mdx": {"server": "https://api.example.com/v1", "auth": {"method": "bearer"}}}}"#;

fn mock_of(pages: &[(&str, &str)], options: Options) -> Mock {
    let site = Site::from_files(pages.iter().copied());
    Mock::new(&model::read(&site), &site.sources, options)
}

fn strict() -> Mock {
    mock_of(&PAGES, Options::default())
}

fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let mut request = Request {
        method: method.parse().unwrap(),
        uri: target.parse().unwrap(),
        body: body.to_owned().into(),
        ..Request::default()
    };
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().unwrap();
        // As they come over the wire, where bytes beyond ASCII are allowed.
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        request.headers.append(name, value);
    }
    request
}

const KEY: (&str, &str) = ("idempotency-key", "1");

fn get(target: &str, headers: &[(&str, &str)]) -> Reply {
    reply(&strict(), &request("GET", target, headers, ""))
}

fn post(body: &str, headers: &[(&str, &str)]) -> Reply {
    let headers = [&[KEY], headers].concat();
    reply(&strict(), &request("POST", "/v1/books", &headers, body))
}

fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

fn problem(reply: &Reply) -> Value {
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    let value: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(value["status"], reply.status.as_u16());
    value
}

const RIGHT: &str = r#"{"title": "Low Tide"}"#;

#[test]
fn an_example_is_sent_byte_for_byte() {
    let reply = post(RIGHT, &[]);
    assert_eq!(
        (reply.status.as_u16(), text(&reply)),
        (201, "{ \"id\":   7 }")
    );
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("mock-source"), Some("create.mdx:23"));
    assert_eq!(reply.header("content-length"), Some("13"));
    assert_eq!(reply.header("mock-repaired"), None);
}

#[test]
fn an_example_that_is_not_json_is_repaired_and_says_so() {
    let reply = post(RIGHT, &[("prefer", "code=409")]);
    assert_eq!(reply.status.as_u16(), 409);
    assert_eq!(
        serde_json::from_slice::<Value>(&reply.body).unwrap(),
        json!({"code": "taken"})
    );
    assert_eq!(reply.header("mock-repaired"), Some("trailing comma"));
    assert_eq!(reply.header("preference-applied"), Some("code=409"));
    assert_eq!(
        reply.header("vary"),
        Some("Prefer, Accept, Accept-Encoding, Origin")
    );
}

#[test]
fn answers_are_chosen_by_status_and_by_title() {
    let status = |prefer: &str| post(RIGHT, &[("prefer", prefer)]).status;
    assert_eq!(status("status=409; wait=1"), 409);
    assert_eq!(status("example=\"409 taken\""), 409);
    assert_eq!(status("example=error"), 400);
    // The page shows an error of unstated status.
    assert_eq!(status("statusCode=503"), 503);
    assert_eq!(status("code=201, example=\"201 Created\""), 201);
    let by_query = request("POST", "/v1/books?__code=409", &[KEY], RIGHT);
    assert_eq!(reply(&strict(), &by_query).status, 409);
}

#[test]
fn an_answer_that_is_not_documented_is_not_made_up() {
    let reply = post(RIGHT, &[("prefer", "code=202")]);
    assert_eq!(reply.status.as_u16(), 404);
    let codes: Vec<_> = problem(&reply)["available"]
        .as_array()
        .unwrap()
        .iter()
        .map(|available| available["code"].clone())
        .collect();
    assert_eq!(codes, [201, 400, 409]);
    assert_eq!(post(RIGHT, &[("prefer", "code=abc")]).status, 404);
    assert_eq!(
        post(RIGHT, &[("prefer", "code=202, handling=lenient")]).status,
        201
    );
}

#[test]
fn a_documented_error_can_be_had_without_making_one() {
    let reply = reply(
        &strict(),
        &request("POST", "/v1/books", &[("prefer", "code=409")], "{"),
    );
    assert_eq!(reply.status.as_u16(), 409);
}

#[test]
fn a_response_of_fields_is_generated() {
    let reply = get("/books/7", &[]);
    assert_eq!(reply.status.as_u16(), 200);
    let value: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(value, json!({"id": 7, "state": "open"}));
    assert_eq!(reply.header("mock-reason"), Some("generated-from-fields"));
    assert_eq!(reply.header("mock-source"), Some("get.mdx:7"));
}

#[test]
fn a_page_that_says_nothing_answers_with_an_empty_object() {
    let reply = get("/books/new", &[]);
    assert_eq!((reply.status.as_u16(), text(&reply)), (200, "{}"));
    assert_eq!(reply.header("mock-reason"), Some("no-response"));
    assert_eq!(reply.header("mock-source"), Some("new.mdx:2"));
}

#[test]
fn no_content_has_no_body() {
    let reply = reply(&strict(), &request("DELETE", "/books/7", &[], ""));
    assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
    assert_eq!(reply.header("content-type"), None);
    assert_eq!(reply.header("content-length"), None);
}

#[test]
fn a_literal_path_comes_before_a_parameter_and_its_other_methods_after() {
    let source = |method| {
        let reply = reply(&strict(), &request(method, "/books/new", &[], ""));
        reply.header("mock-source").unwrap_or_default().to_owned()
    };
    assert_eq!(source("GET"), "new.mdx:2");
    assert!(source("DELETE").starts_with("delete.mdx"));
}

#[test]
fn an_unknown_path_names_the_nearest() {
    let reply = get("/book/7", &[]);
    assert_eq!(reply.status.as_u16(), 404);
    assert_eq!(problem(&reply)["nearest"][0]["path"], "/books/{id}");
}

#[test]
fn another_method_is_told_which_there_are() {
    let put = reply(&strict(), &request("PUT", "/books/7", &[], ""));
    assert_eq!(put.status, 405);
    assert_eq!(put.header("allow"), Some("GET, HEAD, DELETE, OPTIONS"));
    let options = reply(&strict(), &request("OPTIONS", "/books/7", &[], ""));
    assert_eq!(
        (options.status.as_u16(), options.header("allow")),
        (204, put.header("allow"))
    );
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let get = get("/books/7", &[]);
    let head = reply(&strict(), &request("HEAD", "/books/7", &[], ""));
    assert_eq!((head.status.as_u16(), &head.headers), (200, &get.headers));
    assert!(head.body.is_empty() && !get.body.is_empty());
}

#[test]
fn a_browser_may_ask_and_read() {
    let headers = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type, prefer"),
    ];
    let preflight = reply(&strict(), &request("OPTIONS", "/v1/books", &headers, ""));
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        Some("POST, OPTIONS")
    );
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        Some("content-type, prefer")
    );
    for reply in [
        preflight,
        get("/books/7", &headers[..1]),
        get("/no", &headers[..1]),
    ] {
        assert_eq!(
            reply.header("access-control-allow-origin"),
            Some("http://localhost:3000")
        );
        assert_eq!(
            reply.header("access-control-allow-credentials"),
            Some("true")
        );
        assert!(reply.header("vary").unwrap().contains("Origin"));
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let body = r#"{"pages": "many", "binding": "none", "extra": 1}"#;
    let wrong = request("POST", "/v1/books?dry_run=perhaps", &[], body);
    let reply = reply(&strict(), &wrong);
    assert_eq!(reply.status.as_u16(), 422);
    let problem = problem(&reply);
    let errors = problem["errors"].as_array().unwrap();
    let of = |key: &str| -> Vec<_> { errors.iter().map(|error| error[key].clone()).collect() };
    assert_eq!(
        of("rule"),
        [
            "wrong-type",
            "missing-parameter",
            "wrong-type",
            "value-not-allowed",
            "missing-member"
        ]
    );
    assert_eq!(
        of("pointer")[2..],
        [json!("/pages"), json!("/binding"), json!("/title")]
    );
    assert_eq!(errors[0]["parameter"], "dry_run");
    assert_eq!(errors[0]["in"], "query");
    assert_eq!(
        errors[2]["source"],
        json!({"page": "create.mdx", "line": 9})
    );
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("(create.mdx:17)") && detail.ends_with("and 2 more"),
        "{detail}"
    );
}

#[test]
fn what_only_the_text_says_rejects_nothing() {
    assert_eq!(
        post(r#"{"title": "x", "note": "medium", "unknown": {}}"#, &[]).status,
        201
    );
}

#[test]
fn a_member_in_another_spelling_is_missing() {
    let reply = post(r#"{"Title": 5}"#, &[]);
    assert_eq!(reply.status.as_u16(), 422);
    let errors = problem(&reply)["errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1);
    assert_eq!(errors[0]["rule"], "missing-member");
}

#[test]
fn a_broken_body_is_told_where() {
    let reply = post("{\"title\":", &[]);
    assert_eq!(reply.status.as_u16(), 400);
    assert_eq!(problem(&reply)["offset"], 9);
    assert_eq!(post("\"text\"", &[]).status, 422);
}

#[test]
fn the_media_type_is_the_documented_one_or_what_curl_makes_of_json() {
    let status = |media: &str, body: &str| post(body, &[("Content-Type", media)]).status;
    assert_eq!(status("application/json; charset=utf-8", RIGHT), 201);
    assert_eq!(status("application/merge-patch+json", RIGHT), 201);
    assert_eq!(status("application/x-www-form-urlencoded", RIGHT), 201);
    assert_eq!(status("application/x-www-form-urlencoded", "{"), 400);
    assert_eq!(status("application/x-www-form-urlencoded", "title=x"), 415);
    let xml = post("<a/>", &[("Content-Type", "text/xml")]);
    assert_eq!(
        (xml.status.as_u16(), xml.header("accept")),
        (415, Some("application/json"))
    );
}

const FORM: &str = "---\napi: POST /files\ncontentType: multipart/form-data\n---\n\n\
    <ParamField body=\"file\" type=\"file\" required />\n<ParamField body=\"size\" type=\"integer\" />\n";

#[test]
fn a_form_is_judged_by_its_parts() {
    let mock = mock_of(&[("form.mdx", FORM)], Options::default());
    let send = |body: &str| {
        let media = ("content-type", "multipart/form-data; boundary=x");
        reply(&mock, &request("POST", "/files", &[media], body)).status
    };
    let file =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n";
    let size = "--x\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\nbig\r\n";
    assert_eq!(send(&format!("{file}--x--\r\n")), 200);
    assert_eq!(send(&format!("{file}{size}--x--\r\n")), 422);
    assert_eq!(send("--x--\r\n"), 422);
    assert_eq!(send("nothing"), 400);
}

#[test]
fn credentials_are_asked_for_where_the_site_or_the_page_documents_them() {
    let login = "---\napi: POST /login\n---\n\n<RequestExample>\n\n```bash\ncurl -X POST /login\n```\n\n</RequestExample>\n";
    let none = "---\napi: GET /status\nauthMethod: none\n---\n";
    let pages = [
        ("get.mdx", GET),
        ("login.mdx", login),
        ("none.mdx", none),
        ("docs.json", BEARER),
    ];
    let mock = mock_of(&pages, Options::default());
    let answer = |method, path, headers: &[_]| reply(&mock, &request(method, path, headers, ""));
    let refused = answer("GET", "/v1/books/7", &[]);
    assert_eq!(
        (refused.status.as_u16(), refused.header("www-authenticate")),
        (401, Some("Bearer"))
    );
    assert_eq!(refused.header("mock-source"), Some("docs.json:1"));
    assert_eq!(
        answer("GET", "/books/7", &[("Authorization", "Bearer x")]).status,
        200
    );
    assert_eq!(answer("POST", "/login", &[]).status, 200);
    assert_eq!(answer("GET", "/status", &[]).status, 200);
}

#[test]
fn requests_may_be_counted_wrong_or_not_looked_at() {
    let answer = |validation| {
        let mock = mock_of(
            &PAGES,
            Options {
                validation,
                ..Options::default()
            },
        );
        reply(&mock, &request("POST", "/v1/books", &[], "{}"))
    };
    let warned = answer(Validation::Warn);
    assert_eq!(
        (warned.status.as_u16(), warned.header("mock-violations")),
        (201, Some("2"))
    );
    let off = answer(Validation::Off);
    assert_eq!(
        (off.status.as_u16(), off.header("mock-violations")),
        (201, None)
    );
}

#[test]
fn two_hosts_of_one_path_are_told_apart() {
    let page = |host: &str| format!("---\napi: GET https://{host}/items\n---\n");
    let (one, other) = (page("{tenant}.example.com"), page("files.example.org"));
    let mock = mock_of(
        &[("one.mdx", &one), ("other.mdx", &other)],
        Options::default(),
    );
    let source = |target: &str, host: &str| {
        let reply = reply(&mock, &request("GET", target, &[("Host", host)], ""));
        reply.header("mock-source").unwrap_or_default().to_owned()
    };
    assert_eq!(source("/items", "127.0.0.1:4010"), "one.mdx:2");
    assert_eq!(source("/items", "files.example.org:80"), "other.mdx:2");
    assert_eq!(source("/items", "acme.example.com"), "one.mdx:2");
    assert_eq!(
        source("http://files.example.org/items", "acme.example.com"),
        "other.mdx:2"
    );
}

#[test]
fn pages_that_are_not_served_are_listed_with_a_reason() {
    let pages = [
        ("bad.mdx", "---\napi: FETCH /x\n---\n"),
        ("fields.mdx", "<ParamField query=\"a\" />\n"),
        ("guide.mdx", "Text.\n"),
        ("open.mdx", "---\nopenapi: GET /x\n---\n"),
    ];
    let mock = mock_of(&pages, Options::default());
    let listed: Vec<_> = mock.unserved().iter().map(|it| it.page.as_str()).collect();
    assert_eq!(listed, ["bad.mdx:2", "fields.mdx", "open.mdx"]);
    assert!(mock.routes().is_empty());
}

proptest! {
    #[test]
    fn nothing_that_is_sent_makes_the_mock_fail(
        method in "GET|HEAD|POST|DELETE|OPTIONS|[A-Z]{1,6}",
        target in "(/v1)?/books(/.{0,12})?|/.{0,20}|.{0,20}",
        headers in prop::collection::vec(
            (
                "prefer|content-type|host|origin|cookie|x|accept|accept-encoding|if-none-match|x-forwarded-host",
                "(code=|delay=|seed=|dynamic)?\\PC{0,20}|(application|multipart)/(json|form-data)(; boundary=x)?|gzip|br;q=.{0,3}",
            ),
            0..5,
        ),
        body in prop_oneof![
            "\\{\"(title|Title|TITLE|pages)\":.{0,12}\\}?".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..40),
        ],
    ) {
        let Ok(uri) = target.parse() else {
            // What is no target never gets past the parser of HTTP.
            return Ok(());
        };
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if headers.iter().any(|(_, value)| http::HeaderValue::from_bytes(value.as_bytes()).is_err()) {
            return Ok(());
        }
        let sent = Request { uri, body: body.into(), ..request(&method, "/", &headers, "") };
        let answer = reply(&strict(), &sent);
        // A page may be asked for the server error that it documents.
        let is_asked = headers.iter().any(|(name, _)| *name == "prefer") || target.contains("__");
        prop_assert!((200..500).contains(&answer.status.as_u16()) || is_asked);
        for (name, value) in &answer.headers {
            let is_echoed = name.as_str().starts_with("access-control-");
            prop_assert!(is_echoed || value.to_str().is_ok());
        }
    }
}
