//! Requests and pages that nobody would write, put to the mock: whatever comes, there is an answer, and it is a right one.
//!
//! The suite draws a few hundred of each. `FIELDPROOF_FUZZ_SECONDS=1200` draws others for so long, and prints the seed of
//! what fails; see `docs/contributing.md`.

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use fieldproof::mock::{Mock, Options, Request, reply};
use fieldproof::model::{self, Documentation};
use fieldproof::source::load::{self, Site};
use http::{HeaderName, HeaderValue, Uri};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};

use crate::fuzz::targets::reply::is_right;

const CASES: u32 = 200;

/// Runs a property for some cases, or for as long as the environment asks.
pub(crate) fn hold<S: Strategy>(
    strategy: &S,
    cases: u32,
    property: impl Fn(S::Value) -> TestCaseResult,
) {
    let seconds = std::env::var("FIELDPROOF_FUZZ_SECONDS");
    let time = seconds.map_or(Duration::ZERO, |seconds| {
        Duration::from_secs(seconds.parse().unwrap())
    });
    let start = Instant::now();
    for round in 0_u64.. {
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&round.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        match TestRunner::new_with_rng(config, rng).run(strategy, &property) {
            Ok(()) => {}
            Err(TestError::Fail(reason, value)) => panic!("round {round}: {reason}\n{value:#?}"),
            Err(TestError::Abort(reason)) => panic!("round {round}: {reason}"),
        }
        if start.elapsed() >= time {
            return;
        }
    }
}

// Requests.

static SAMPLE: LazyLock<Mock> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample");
    let site = load::load(&folder).unwrap();
    mock_of(&site, &model::read(&site))
});

fn mock_of(site: &Site, documentation: &Documentation) -> Mock {
    Mock::new(documentation, &site.sources, Options::default())
}

/// Pieces of what is sent, right and wrong.
const PIECES: &[&str] = &[
    "/",
    "//",
    "..",
    "%2e%2e",
    "%",
    "%zz",
    "%00",
    "v1",
    "books",
    "book_7Hq2",
    "orders",
    "webhooks",
    "api.example.com",
    "?",
    "&",
    "=",
    "limit=2",
    "limit=x",
    "__code=404",
    "__example=",
    "__delay=1e308",
    "__seed=a",
    "__dynamic",
    "page[a][b]=1",
    "+",
    "ü",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-0",
    "1e999",
    "1.5",
    "99999999999999999999",
    "customer",
    "name",
    "email",
    "items",
    "quantity",
    "book_id",
    " ",
    "\n",
    "\t",
    "*/*",
    "application/json",
    "text/csv",
    "q=0",
    "q=2",
    "multipart/form-data",
    "boundary=x",
    "--x",
    "--x--",
    "\r\n\r\n",
    "name=\"a\"",
    "application/x-www-form-urlencoded",
    "gzip",
    "br",
    "identity",
    "Bearer x",
    "Basic YTpi",
    "Basic ====",
    "code=404",
    "code=500",
    "code=",
    "example=\"a",
    "handling=lenient",
    "dynamic",
    "seed=1",
    "delay=0",
    "page=books",
    "W/\"x\"",
    "*",
    "http://a.example",
    "OPTIONS",
];

const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "content-type",
    "cookie",
    "host",
    "idempotency-key",
    "if-none-match",
    "origin",
    "prefer",
    "x-forwarded-host",
];

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "TRACE", "CONNECT", "X",
];

const ORDER: &str = r#"{"customer": {"name": "a", "email": "b", "address": {"street": "c", "city": "d", "postal_code": "e", "country": "DE"}}, "items": [{"book_id": "f", "quantity": 2}]}"#;

fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// A right text with a part of it replaced.
fn spoilt(text: &'static str) -> impl Strategy<Value = String> {
    let ends = (0..=text.len(), 0..=text.len());
    (ends, words()).prop_map(|((one, other), words)| {
        let (start, end) = (one.min(other), one.max(other));
        format!("{}{words}{}", &text[..start], &text[end..])
    })
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        words().prop_map(String::into_bytes),
        spoilt(ORDER).prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..64),
        (
            1..100_000_usize,
            prop::sample::select(&["[", "{\"a\":"][..])
        )
            .prop_map(|(depth, open)| open.repeat(depth).into_bytes()),
    ]
}

fn targets() -> impl Strategy<Value = Uri> {
    let known = prop::sample::select(
        &[
            "/v1/books",
            "/v1/books/book_7Hq2",
            "/v1/orders",
            "/v1/webhooks/a",
            "/",
            "",
        ][..],
    );
    (known, words()).prop_map(|(known, words)| {
        let raw = format!("{known}{words}");
        // What no request line can hold is left out.
        raw.parse()
            .unwrap_or_else(|_| Uri::from_static("/v1/books"))
    })
}

fn requests() -> impl Strategy<Value = Request> {
    let name = prop::sample::select(HEADERS);
    let value = prop_oneof![
        words().prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..32),
    ];
    let headers = prop::collection::vec((name, value), 0..5);
    let method = prop::sample::select(METHODS);
    (method, targets(), headers, bodies(), any::<u64>()).prop_map(
        |(method, uri, headers, body, serial)| {
            let mut request = Request {
                method: method.parse().unwrap(),
                uri,
                body: body.into(),
                serial,
                ..Request::default()
            };
            for (name, value) in headers {
                if let Ok(value) = HeaderValue::from_bytes(&value) {
                    request.headers.append(HeaderName::from_static(name), value);
                }
            }
            request
        },
    )
}

#[test]
fn every_request_has_a_right_answer() {
    hold(&requests(), CASES, |request| {
        let answer = reply(&SAMPLE, &request);
        is_right(&request, &answer);
        // The sample site documents no failure of the server.
        prop_assert!(answer.status.as_u16() < 500, "{}", answer.status);
        let again = reply(&SAMPLE, &request);
        prop_assert_eq!(answer.status, again.status);
        prop_assert_eq!(answer.headers, again.headers);
        prop_assert_eq!(answer.body, again.body);
        Ok(())
    });
}

// Pages.

const PAGE: &str = r#"---
title: "Create a book"
api: "POST /books/{id}"
---

<ParamField path="id" type="integer" required />
<ParamField query="tags" type="string[]">At most 3. One of `a` or `b`.</ParamField>
<ParamField body="title" type="string" required>Between 1 and 40 characters.</ParamField>
<ParamField body="price" type="number | null" default="9.5" />
<ResponseField name="data" type="object[]" required>
  <Expandable title="book">
    <ResponseField name="id" type="integer" required>The id, from 1 to 99.</ResponseField>
    <ResponseField name="kind" type="enum<string>">Always `book`.</ResponseField>
    <ResponseField name="at" type="string<date-time>" />
    <ResponseField name="more" type="Record<string, Book[]>" />
  </Expandable>
</ResponseField>

<RequestExample>
```bash One
curl -X POST 'https://api.example.com/v1/books/7?tags=a' -H 'Authorization: Bearer {{token}}' -d '{"title": "x"}'
```
</RequestExample>

<ResponseExample>
```json One
{"data": [{"id": 1, "kind": "book",}, ...]}
```
```text 404
event: a
data: {}
```
</ResponseExample>
"#;

/// Pieces of pages that other pieces stand in the place of.
const MARKS: &[&str] = &[
    "\"",
    "'",
    "`",
    "```",
    "<",
    ">",
    "/>",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "---\n",
    "<ResponseField name=\"a\" type=\"int\">",
    "</ResponseField>",
    "<ParamField body=\"\" />",
    "<Tabs>",
    "<ResponseExample>",
    "```json 200\n",
    "type=\"object\"",
    "required",
    "api: GET {a}{b}/:c",
    "204",
    "500",
    "HTTP/1.1 999 x\n\n",
    "1e400",
    "\u{0}",
    "\u{fffd}",
    "ü",
    "\\u00",
    "minimum",
    "between 5 and 1",
    "at least 99999999999 characters",
    "integer",
    "file",
    "null",
    "Authorization: Basic",
];

/// A page with some of its parts replaced.
fn pages() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(MARKS);
    let cut = (0..PAGE.len(), 0..12_usize, mark);
    prop::collection::vec(cut, 0..6).prop_map(|cuts| {
        let mut page = PAGE.to_owned();
        for (start, length, mark) in cuts {
            let boundary = |at: usize| {
                let mut places = (0..=at.min(page.len())).rev();
                places.find(|at| page.is_char_boundary(*at)).unwrap_or(0)
            };
            let place = boundary(start)..boundary(start + length);
            page.replace_range(place, mark);
        }
        page
    })
}

#[test]
fn every_page_is_served_as_far_as_it_can_be_read() {
    hold(&pages(), CASES, |page| {
        let site = Site::from_files([("page.mdx", page.as_str())]);
        let documentation = model::read(&site);
        let mock = mock_of(&site, &documentation);
        for operation in &documentation.api.operations {
            for prefer in [
                "",
                "handling=lenient",
                "dynamic, handling=lenient",
                "code=404",
            ] {
                let request = Request {
                    method: operation.endpoint.value.method.parse().unwrap_or_default(),
                    uri: "/v1/books/7".parse().unwrap(),
                    headers: [(
                        HeaderName::from_static("prefer"),
                        HeaderValue::from_static(prefer),
                    )]
                    .into_iter()
                    .collect(),
                    ..Request::default()
                };
                let answer = reply(&mock, &request);
                is_right(&request, &answer);
            }
        }
        Ok(())
    });
}
