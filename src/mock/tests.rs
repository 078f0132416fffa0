//! What is answered, without a socket.

mod conditions;
mod refusing;

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

pub(super) fn mock_of(pages: &[(&str, &str)], options: Options) -> Mock {
    let site = Site::from_files(pages.iter().copied());
    Mock::new(&model::read(&site), &site.sources, options)
}

fn strict() -> Mock {
    mock_of(&PAGES, Options::default())
}

pub(super) fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Request {
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

/// Asks for all that is wrong, whatever error the page documents.
const DETAILS: (&str, &str) = ("accept", "application/problem+json");

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

/// A page that contradicts itself: its command leaves out what it asks for, and goes somewhere else.
fn contradicting(path: &str, curl: &str) -> Mock {
    let page = format!(
        "---\napi: POST https://api.example.com/v1{path}\n---\n\n\
         <ParamField body=\"name\" type=\"string\" required />\n\n<ParamField body=\"size\" type=\"integer\" />\n\n\
         <RequestExample>\n\n```bash\n{curl}\n```\n\n</RequestExample>\n"
    );
    mock_of(&[("a.mdx", &page)], Options::default())
}

const JSON_TYPE: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_request_that_a_page_shows_is_answered_whatever_else_the_page_says() {
    let mock = contradicting(
        "/boxes",
        "curl https://api.example.com/v1/boxes -H 'Content-Type: application/json' -d '{\"size\": 1}'",
    );
    let post = |body| reply(&mock, &request("POST", "/v1/boxes", &[JSON_TYPE], body));
    let shown = post("{\"size\":1}");
    assert_eq!(shown.status, 200);
    assert_eq!(shown.header("mock-violations"), Some("1"));
    assert_eq!(post("{\"size\": 2}").status, 422);
    assert_eq!(post("{}").status, 422);
}

#[test]
fn a_command_that_leads_elsewhere_leads_to_its_own_operation() {
    let post = |mock: &Mock, path| {
        let request = request("POST", path, &[JSON_TYPE], "{\"name\": \"a\"}");
        reply(mock, &request).status.as_u16()
    };
    let mock = contradicting(
        "/boxes/{id}",
        "curl -X POST https://api.example.com/v1/box/1",
    );
    assert_eq!(post(&mock, "/v1/box/1"), 200);
    assert_eq!(post(&mock, "/v1/box/2"), 404);
    assert_eq!(post(&mock, "/v1/boxes/1"), 200);
    // The host makes no difference where nothing else leads here.
    let mock = contradicting("/boxes", "curl -X POST https://files.example.org/v1/box");
    assert_eq!(post(&mock, "/v1/box"), 200);
    // A second command is about something else.
    let mock = contradicting(
        "/boxes",
        "curl -X POST https://api.example.com/v1/login\ncurl -X POST https://api.example.com/v1/boxes",
    );
    assert_eq!(post(&mock, "/v1/login"), 404);
}

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
fn dynamic_bodies_are_others_each_time_and_the_same_for_a_seed() {
    let mock = strict();
    let body = |serial, prefer: &str| {
        let sent = request("GET", "/books/7", &[("prefer", prefer)], "");
        let reply = reply(&mock, &Request { serial, ..sent });
        assert!(reply.header("preference-applied").is_some(), "{prefer}");
        text(&reply).to_owned()
    };
    // The id is that of the path, and the state has a default, so that only a page with more members shows it.
    assert_eq!(body(1, "dynamic"), body(2, "dynamic"));
    assert_eq!(body(1, "dynamic, seed=a"), body(2, "dynamic, seed=a"));
}

#[test]
fn a_delay_is_passed_on() {
    let reply = post(RIGHT, &[("prefer", "delay=1.5s")]);
    assert_eq!(reply.delay, Some(std::time::Duration::from_millis(1500)));
    assert_eq!(reply.header("preference-applied"), Some("delay=1500"));
}

const PAIRED: &str = r#"---
api: GET /books/{id}
---

<RequestExample>

```bash A book
curl https://api.example.com/books/42
```

```bash A lost book
curl https://api.example.com/books/7
```

</RequestExample>

<ResponseExample>

```json A book
{"id": 42}
```

```json A lost book
{"id": 7, "lost": true}
```

</ResponseExample>
"#;

#[test]
fn a_request_example_leads_to_the_response_of_the_same_title() {
    let mock = mock_of(&[("paired.mdx", PAIRED)], Options::default());
    let get = |path| reply(&mock, &request("GET", path, &[], ""));
    let lost = get("/books/7");
    assert_eq!(text(&lost), "{\"id\": 7, \"lost\": true}");
    assert_eq!(lost.header("mock-reason"), Some("request-example"));
    assert_eq!(text(&get("/books/42")), "{\"id\": 42}");
    let other = get("/books/1");
    assert_eq!(text(&other), "{\"id\": 42}");
    assert_eq!(other.header("mock-reason"), None);
}

#[test]
fn a_client_that_knows_the_body_need_not_read_it_again() {
    let mock = mock_of(&[("paired.mdx", PAIRED)], Options::default());
    let get = |headers: &[_]| reply(&mock, &request("GET", "/books/42", headers, ""));
    let tag = get(&[]).header("etag").unwrap().to_owned();
    let known = get(&[("if-none-match", &tag)]);
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    assert_eq!(known.header("etag"), Some(tag.as_str()));
    assert_eq!(get(&[("if-none-match", "\"x\"")]).status.as_u16(), 200);
}

#[test]
fn events_are_sent_one_by_one() {
    let page = "---\napi: GET /news\n---\n\n<ResponseExample>\n\n```text\ndata: 1\n\ndata: 2\n```\n\n</ResponseExample>\n";
    let mock = mock_of(&[("news.mdx", page)], Options::default());
    let answer = reply(&mock, &request("GET", "/news?__delay=20", &[], ""));
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(text(&answer), "data: 1\n\ndata: 2\n\n");
    let pieces = answer.pieces.unwrap();
    assert_eq!(
        (&*pieces.ends, pieces.pause.as_millis()),
        (&[9, 18][..], 20)
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
fn a_parameter_at_the_end_that_an_example_leaves_out_may_be_left_out() {
    let page = |attribute: &str| {
        format!(
            "---\napi: GET /fetch/{{shelf}}\n---\n\n<ParamField path=\"shelf\" type=\"string\" {attribute} />\n\n\
             <RequestExample>\n\n```bash\ncurl $URL/fetch\n```\n\n</RequestExample>\n"
        )
    };
    let status = |page: &str, path| {
        let mock = mock_of(&[("fetch.mdx", page)], Options::default());
        reply(&mock, &request("GET", path, &[], "")).status.as_u16()
    };
    assert_eq!(status(&page(""), "/fetch"), 200);
    assert_eq!(status(&page(""), "/fetch/a"), 200);
    // Who copies the command of a page is answered, even where the page contradicts it.
    assert_eq!(status(&page("required"), "/fetch"), 200);
}

#[test]
fn the_host_may_stand_before_the_path_or_come_from_a_proxy() {
    let page = |host: &str| format!("---\napi: GET https://{host}/items\n---\n");
    let (one, other) = (page("api.example.com"), page("files.example.org"));
    let mock = mock_of(
        &[("one.mdx", &one), ("other.mdx", &other)],
        Options::default(),
    );
    let source = |target: &str, headers: &[_]| {
        let reply = reply(&mock, &request("GET", target, headers, ""));
        reply.header("mock-source").unwrap_or_default().to_owned()
    };
    assert_eq!(source("/files.example.org/items", &[]), "other.mdx:2");
    assert_eq!(source("/api.example.com/items", &[]), "one.mdx:2");
    assert_eq!(source("/no.example.com/items", &[]), "");
    let proxied = ("X-Forwarded-Host", "files.example.org");
    assert_eq!(source("/items", &[proxied]), "other.mdx:2");
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
