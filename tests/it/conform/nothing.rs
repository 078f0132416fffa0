//! Runs that exercise nothing: each ends with a code other than 0, and with one sentence that says why.

use std::fs;

use super::server::{Act, Received, Server, json};
use super::{GOOD, Outcome, PAGE, fieldproof};

/// Three operations that read: what is wrong with all of them has one cause.
const SITE: [(&str, &str); 3] = [
    ("books", "books"),
    ("shelves", "shelves"),
    ("staff", "staff"),
];

/// A page of a list: an array at the root, with a member in its items.
fn page(path: &str) -> String {
    format!(
        "---\ntitle: {path}\napi: GET https://api.example.com/{path}\n---\n\n\
         <ResponseField name=\"[].name\" type=\"string\" required />\n\n\
         <ResponseExample>\n\n```json 200\n[{{\"name\": \"One\"}}]\n```\n\n</ResponseExample>\n"
    )
}

fn run(pages: &[(&str, String)], url: &str, more: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in pages {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let arguments = [&["test", ".", "--url", url, "--timeout", "2"][..], more].concat();
    fieldproof(&arguments, folder.path())
}

fn site() -> Vec<(&'static str, String)> {
    let names = ["books.mdx", "shelves.mdx", "staff.mdx"];
    let paths = SITE.iter().map(|(_, path)| page(path));
    names.into_iter().zip(paths).collect()
}

type Make = Box<dyn Fn(&Received) -> Act + Send>;

fn status(code: u16) -> Make {
    Box::new(move |_| Act::Answer(code, vec![], "{}".to_owned()))
}

fn headed(code: u16, name: &'static str, value: &'static str, body: &'static str) -> Make {
    Box::new(move |_| Act::Answer(code, vec![(name, value.to_owned())], body.to_owned()))
}

#[test]
fn answers_that_say_nothing_are_never_green() {
    let cases: Vec<(&str, Make, i32, &str)> = vec![
        (
            "all 401",
            status(401),
            1,
            "all 3 requests are answered with 401 Unauthorized: the credentials",
        ),
        (
            "all 403",
            status(403),
            1,
            "all 3 requests are answered with 403 Forbidden: the credentials",
        ),
        (
            "all 404",
            status(404),
            1,
            "all 3 requests are answered with 404 Not Found: the base URL is wrong",
        ),
        (
            "all 405",
            status(405),
            1,
            "405 Method Not Allowed: the base URL is wrong",
        ),
        (
            "all 500",
            status(500),
            1,
            "500 Internal Server Error: the server does not work",
        ),
        (
            "all 503",
            status(503),
            1,
            "503 Service Unavailable: the server does not work",
        ),
        ("all 400", status(400), 1, "400 Bad Request"),
        (
            "all 429",
            status(429),
            4,
            "the server turned all requests away with 429 Too Many Requests",
        ),
        (
            "redirects elsewhere",
            headed(302, "Location", "https://login.example.com/", ""),
            1,
            "all 3 requests are answered with 302 Found: the base URL is not the one",
        ),
        (
            "HTML instead of JSON",
            headed(
                200,
                "Content-Type",
                "text/html",
                "<!doctype html><title>Shop</title>",
            ),
            1,
            "a web page (`text/html`): a web site is running there",
        ),
        (
            "empty arrays",
            Box::new(|_| json("[]")),
            4,
            "every answer is empty, so that none of the 3 documented members was seen",
        ),
        (
            "empty bodies",
            headed(200, "Content-Type", "application/json", ""),
            1,
            "is answered without a body",
        ),
        (
            "a failure in every body",
            Box::new(|_| json(r#"{"success": false, "error": "no tenant"}"#)),
            4,
            "200 OK with a body that says that the request failed 3 times",
        ),
    ];
    for (name, make, code, words) in cases {
        let server = Server::start(make);
        let outcome = run(&site(), &server.url(), &[]);
        let shown = outcome.out + &outcome.err;
        assert_eq!(outcome.code, code, "{name}: {shown}");
        assert!(shown.contains(words), "{name}: {shown}");
    }
}

/// Whoever does not look at a finding does not get a green run instead.
#[test]
fn filters_and_thresholds_do_not_turn_nothing_green() {
    for (code, words) in [
        (
            401,
            "the server accepts no request: it answers 401 Unauthorized 3 times",
        ),
        (
            500,
            "the server accepts no request: it answers 500 Internal Server Error 3 times",
        ),
    ] {
        for more in [
            &["--rule", "response-type"][..],
            &["--fail-on", "never"],
            &["--phase", "positive"],
            &["--phase", "negative", "--rule", "response-type"],
        ] {
            let server = Server::start(status(code));
            let outcome = run(&site(), &server.url(), more);
            let is_told = outcome.out.contains("all 3 requests are answered with");
            let expected = if is_told && more[0] == "--phase" {
                1
            } else {
                4
            };
            assert_eq!(outcome.code, expected, "{code} {more:?}: {}", outcome.out);
            if expected == 4 {
                assert!(outcome.err.contains(words), "{}", outcome.err);
            }
        }
    }
}

/// A page that promises nothing but a success is not kept by a web site that answers everything.
#[test]
fn one_web_page_is_no_api() {
    let bare = "---\ntitle: Health\napi: GET https://api.example.com/health\n---\n".to_owned();
    let server = Server::start(headed(200, "Content-Type", "text/html", "<html></html>"));
    let outcome = run(&[("health.mdx", bare)], &server.url(), &[]);
    assert_eq!(outcome.code, 4, "{}", outcome.out);
    assert!(
        outcome.err.contains("are web pages (`text/html`)"),
        "{}",
        outcome.err
    );
}

/// The run ends with that code, and with one sentence that has these words.
fn assert_ends(name: &str, outcome: &Outcome, code: i32, words: &str) {
    let shown = format!("{}{}", outcome.out, outcome.err);
    assert_eq!(outcome.code, code, "{name}: {shown}");
    assert!(outcome.err.contains(words), "{name}: {shown}");
    let sentences = outcome.err.lines();
    let sentences = sentences.filter(|it| it.starts_with("fieldproof:"));
    assert_eq!(sentences.count(), 1, "{name}: {shown}");
}

#[test]
fn docs_without_a_request_are_never_green() {
    let server = Server::idle();
    let open = PAGE.replace("lockers/open", "lockers/{id}");
    let open = open.replace("curl", "wget");
    for (name, page, words) in [
        ("an empty site", "", "has an `api:` line"),
        ("no operation", "# Hello\n", "has an `api:` line"),
        ("an unbound variable", &open, "--var id=VALUE"),
    ] {
        let outcome = run(&[("page.mdx", page.to_owned())], &server.url(), &[]);
        assert_ends(name, &outcome, 4, words);
    }
    let page = [("page.mdx", PAGE.to_owned())];
    let outcome = run(&page, "http://fieldproof.invalid", &[]);
    assert_ends("only writes", &outcome, 4, "allow it with --allow-writes");
}

#[test]
fn flags_that_leave_nothing_are_never_green() {
    let server = Server::idle();
    for (flag, value, code, words) in [
        ("--path", "/bocks", 2, "did you mean `/books`?"),
        ("--method", "POTS", 2, "--method POTS matches no operation"),
        ("--page", "boks.mdx", 2, "did you mean `"),
        ("--rule", "respons-type", 2, "did you mean `response-type`"),
        (
            "--max-requests",
            "0",
            4,
            "--max-requests was reached before",
        ),
        ("--max-time", "0", 4, "--max-time was reached before"),
    ] {
        let outcome = run(&site(), &server.url(), &[flag, value]);
        assert_ends(flag, &outcome, code, words);
    }
}

#[test]
fn servers_that_are_not_there_are_never_green() {
    for url in [
        "http://127.0.0.1:1",
        "https://127.0.0.1:1",
        "http://fieldproof.invalid",
    ] {
        let outcome = run(&site(), url, &[]);
        assert_ends(
            url,
            &outcome,
            3,
            "cannot be tested: no connection could be made",
        );
    }
}

#[test]
fn filters_that_choose_nothing_together_are_never_green() {
    let server = Server::idle();
    let mut pages = site();
    pages.push(("page.mdx", PAGE.to_owned()));
    let more = ["--method", "POST", "--path", "/books"];
    let outcome = run(&pages, &server.url(), &more);
    let words = "--method, --path, and --page together choose no operation";
    assert_ends("filters", &outcome, 4, words);
}

#[test]
fn other_protocols_are_not_reached() {
    let tls_alert = vec![0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
    for bytes in [Vec::new(), b"SSH-2.0-OpenSSH_9.0\r\n".to_vec(), tls_alert] {
        let server = Server::start(move |_| Act::Raw(bytes.clone()));
        let outcome = run(&site(), &server.url(), &[]);
        assert_eq!(outcome.code, 3, "{}", outcome.err);
        assert!(outcome.err.contains("cannot be tested"), "{}", outcome.err);
    }
}

/// What is accepted is exercised, even if all else is not.
#[test]
fn one_accepted_request_is_something() {
    let server = Server::start(|_| json(GOOD));
    let outcome = run(
        &[("page.mdx", PAGE.to_owned())],
        &server.url(),
        &["--phase", "examples"],
    );
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
}
