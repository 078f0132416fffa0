//! Requests that are not as documented.

use super::*;

#[test]
fn handling_is_chosen_by_the_request() {
    let lenient = [("prefer", "handling=lenient")];
    let answer = reply(&strict(), &request("POST", "/v1/books", &lenient, "{}"));
    assert_eq!(answer.status.as_u16(), 201);
    assert_eq!(answer.header("mock-violations"), Some("2"));
    assert_eq!(
        answer.header("preference-applied"),
        Some("handling=lenient")
    );
    let lines: Vec<_> = answer.headers.get_all("mock-violation").iter().collect();
    assert_eq!(
        lines[1],
        "missing-member \"/title\": `title` is required and missing (create.mdx:5)"
    );
}

#[test]
fn the_error_that_a_page_documents_is_sent_with_what_is_wrong_in_headers() {
    let page = CREATE.replace(
        "```json 409 Taken",
        "```json 422 Wrong\n{ \"error\": 1 }\n```\n\n```json 409 Taken",
    );
    let mock = mock_of(&[("create.mdx", &page)], Options::default());
    let answer = |headers: &[_]| reply(&mock, &request("POST", "/v1/books", headers, "{}"));
    let documented = answer(&[]);
    assert_eq!(
        (documented.status.as_u16(), text(&documented)),
        (422, "{ \"error\": 1 }")
    );
    assert_eq!(documented.header("mock-violations"), Some("2"));
    let details = answer(&[("accept", "application/problem+json")]);
    assert_eq!(problem(&details)["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn a_media_type_that_is_not_there_is_refused() {
    let status = |accept| post(RIGHT, &[("accept", accept)]).status.as_u16();
    assert_eq!(status("text/html, */*;q=0.1"), 201);
    assert_eq!(status("application/vnd.api+json"), 201);
    assert_eq!(status("text/csv"), 406);
    let lenient = post(
        RIGHT,
        &[("accept", "text/csv"), ("prefer", "handling=lenient")],
    );
    assert_eq!(lenient.status.as_u16(), 201);
}

#[test]
fn requests_that_http_forbids_are_refused() {
    let refused = |target, headers: &[_]| {
        let reply = reply(&strict(), &request("GET", target, headers, ""));
        assert!(reply.close);
        reply.header("mock-reason").unwrap().to_owned()
    };
    assert_eq!(refused("/books/..", &[]), "unresolved-path");
    assert_eq!(refused("/books/%2e%2E/new", &[]), "unresolved-path");
    assert_eq!(
        refused("/books/7", &[("host", "a"), ("host", "b")]),
        "repeated-host"
    );
    assert_eq!(get("/books/a..b", &[]).status.as_u16(), 422);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let body = r#"{"pages": "many", "binding": "none", "extra": 1}"#;
    let wrong = request("POST", "/v1/books?dry_run=perhaps", &[DETAILS], body);
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
    let reply = post(r#"{"Title": 5}"#, &[DETAILS]);
    assert_eq!(reply.status.as_u16(), 422);
    let errors = problem(&reply)["errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1);
    assert_eq!(errors[0]["rule"], "missing-member");
}

#[test]
fn a_broken_body_is_told_where() {
    let reply = post("{\"title\":", &[DETAILS]);
    assert_eq!(reply.status.as_u16(), 400);
    assert_eq!(problem(&reply)["offset"], 9);
    assert_eq!(post("\"text\"", &[]).status, 422);
}

#[test]
fn several_bodies_at_once_are_taken_where_a_command_sends_some() {
    let curl = "\n```bash\ncurl -X POST https://api.example.com/v1/books --json '[{\"title\": \"A\"}]'\n```\n";
    let shown = format!("{CREATE}\n<RequestExample>\n{curl}\n</RequestExample>\n");
    let shown = mock_of(&[("create.mdx", &shown)], Options::default());
    let status = |mock: &Mock, body: &str| {
        let request = request("POST", "/v1/books", &[KEY], body);
        reply(mock, &request).status.as_u16()
    };
    for body in ["[1]", "[null]", &format!("[{RIGHT}, 1]")] {
        assert_eq!(status(&strict(), body), 422, "{body}");
    }
    let several = format!("[{RIGHT}, {RIGHT}]");
    assert_eq!(status(&shown, &several), 201);
    assert_eq!(status(&strict(), &several), 422);
}

#[test]
fn an_error_of_whatever_status_is_what_a_request_is_refused_with() {
    let reply = post(r#"{"title": 5}"#, &[]);
    assert_eq!(reply.status.as_u16(), 422);
    assert_eq!(text(&reply).trim(), r#"{"code": "other"}"#);
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
fn what_a_page_shows_is_not_rejected_and_anything_else_like_it_is() {
    let page = "---\napi: POST /books\n---\n\n<ParamField body=\"pages\" type=\"integer\" required />\n\n\
        <RequestExample>\n\n```bash\ncurl /books --json '{\"pages\": \"many\"}'\n```\n\n```bash\ncurl /books --json '{}'\n```\n\n</RequestExample>\n";
    let mock = mock_of(&[("books.mdx", page)], Options::default());
    let status = |body| {
        reply(&mock, &request("POST", "/books", &[], body))
            .status
            .as_u16()
    };
    assert_eq!(status(r#"{"pages": "many"}"#), 200);
    assert_eq!(status(r#"{"pages": "few"}"#), 422);
    assert_eq!(status("{}"), 200);
    assert_eq!(status(r#"{"page": 1}"#), 422);
}

#[test]
fn a_shown_request_without_a_header_that_is_shown_is_another_one() {
    let page = "---\napi: GET /books\n---\n\n<ParamField header=\"X-Project\" type=\"string\" required />\n\n\
        <RequestExample>\n\n```bash\ncurl /books -H 'X-Project: YOUR_PROJECT'\n```\n\n</RequestExample>\n";
    let mock = mock_of(&[("books.mdx", page)], Options::default());
    let status = |headers: &[_]| reply(&mock, &request("GET", "/books", headers, "")).status;
    assert_eq!(status(&[("x-project", "mine")]), 200);
    assert_eq!(status(&[]), 422);
}

#[test]
fn a_shown_request_with_another_value_of_a_header_is_judged_by_that_value() {
    let page = "---\napi: POST /books\n---\n\n<ParamField header=\"X-Depth\" type=\"integer\" />\n\n\
        <ParamField body=\"title\" type=\"string\" required />\n\n\
        <RequestExample>\n\n```bash\ncurl /books -H 'X-Depth: 2' --json '{}'\n```\n\n</RequestExample>\n";
    let mock = mock_of(&[("books.mdx", page)], Options::default());
    let status = |depth| {
        reply(
            &mock,
            &request("POST", "/books", &[("x-depth", depth)], "{}"),
        )
        .status
    };
    assert_eq!(status("3"), 200);
    assert_eq!(status("deep"), 422);
}

#[test]
fn credentials_have_their_documented_form_and_may_be_told() {
    let pages = [("get.mdx", GET), ("docs.json", BEARER)];
    let answer = |known: &[&str], authorization: &str| {
        let options = Options {
            credentials: known.iter().map(|it| (*it).to_owned()).collect(),
            ..Options::default()
        };
        let mock = mock_of(&pages, options);
        let sent = request("GET", "/books/7", &[("authorization", authorization)], "");
        reply(&mock, &sent).status.as_u16()
    };
    assert_eq!(answer(&[], "Bearer any"), 200);
    assert_eq!(answer(&[], "any"), 401);
    assert_eq!(answer(&["right"], "Bearer any"), 401);
    assert_eq!(answer(&["right"], "Bearer right"), 200);
}

#[test]
fn credentials_are_asked_for_however_requests_are_validated() {
    let pages = [("get.mdx", GET), ("docs.json", BEARER)];
    let answer = |validation, auth, headers: &[_]| {
        let options = Options {
            validation,
            auth,
            ..Options::default()
        };
        let mock = mock_of(&pages, options);
        reply(&mock, &request("GET", "/books/x", headers, ""))
            .status
            .as_u16()
    };
    for validation in [Validation::Warn, Validation::Off] {
        assert_eq!(answer(validation, Auth::Strict, &[]), 401);
        assert_eq!(answer(validation, Auth::Off, &[]), 200);
        let with = [("authorization", "Bearer any")];
        assert_eq!(answer(validation, Auth::Strict, &with), 200);
        let lenient = [("prefer", "handling=lenient")];
        assert_eq!(answer(validation, Auth::Strict, &lenient), 200);
    }
}

#[test]
fn exceptions_are_made_for_operations() {
    let options = Options {
        exceptions: vec![
            Exception {
                operations: "POST /v1/*".to_owned(),
                validation: Some(Validation::Off),
                ..Exception::default()
            },
            Exception {
                operations: "GET /no".to_owned(),
                validation: Some(Validation::Off),
                ..Exception::default()
            },
        ],
        ..Options::default()
    };
    let mock = mock_of(&PAGES, options);
    assert_eq!(mock.idle_exceptions(), ["GET /no"]);
    let post = reply(&mock, &request("POST", "/v1/books", &[], "{"));
    assert_eq!(post.status.as_u16(), 201);
    let get = reply(&mock, &request("GET", "/books/x", &[], ""));
    assert_eq!(get.status.as_u16(), 422);
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
