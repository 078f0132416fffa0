//! `fieldproof mock --upstream URL`: between a client and a server, unnoticed by both.

use super::browser::{BROWSERS, Browser};
use super::*;
use crate::conform::server::{Act, Received, Server, json as ok};

/// A page for each way to drift: what is requested, the fields, the example, and what the server answers.
struct Way {
    endpoint: &'static str,
    fields: &'static str,
    example: &'static str,
    answer: &'static str,
    /// The rule, and the start of the line that says otherwise.
    drift: (&'static str, &'static str),
}

const OK: &str = "200 OK\r\nContent-Type: application/json";

const fn way(
    endpoint: &'static str,
    fields: &'static str,
    example: &'static str,
    answer: &'static str,
    drift: (&'static str, &'static str),
) -> Way {
    Way {
        endpoint,
        fields,
        example,
        answer,
        drift,
    }
}

const WAYS: &[Way] = &[
    way(
        "GET /type",
        "<ResponseField name=\"pages\" type=\"integer\" required />",
        r#"{"pages": 1}"#,
        r#"{"pages": "ten"}"#,
        ("response-type", "<ResponseField name=\"pages\""),
    ),
    way(
        "GET /null",
        "<ResponseField name=\"title\" type=\"string\" required />",
        r#"{"title": "A"}"#,
        r#"{"title": null}"#,
        ("response-null", "<ResponseField name=\"title\""),
    ),
    way(
        "GET /missing",
        "<ResponseField name=\"id\" type=\"integer\" required />\n<ResponseField name=\"title\" type=\"string\" required />",
        r#"{"id": 1, "title": "A"}"#,
        r#"{"id": 1}"#,
        ("missing-response-member", "<ResponseField name=\"title\""),
    ),
    way(
        "GET /more",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        r#"{"id": 1, "hidden": true}"#,
        ("undocumented-response-member", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /spelling",
        "<ResponseField name=\"created_at\" type=\"string\" required />",
        r#"{"created_at": "now"}"#,
        r#"{"createdAt": "now"}"#,
        (
            "misspelled-response-member",
            "<ResponseField name=\"created_at\"",
        ),
    ),
    way(
        "GET /value",
        "<ResponseField name=\"state\" type=\"'open' | 'closed'\" required />",
        r#"{"state": "open"}"#,
        r#"{"state": "ajar"}"#,
        ("response-value", "<ResponseField name=\"state\""),
    ),
    way(
        "GET /notation",
        "<ResponseField name=\"id\" type=\"string (uuid)\" required />",
        r#"{"id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}"#,
        r#"{"id": "17"}"#,
        ("response-format", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /status",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        "202 Accepted\r\nContent-Type: application/json\r\n\r\n{\"id\": 1}",
        ("undocumented-status", "```json 200"),
    ),
    way(
        "GET /header",
        "<ResponseField header=\"X-Total\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        r#"{"id": 1}"#,
        (
            "missing-response-header",
            "<ResponseField header=\"X-Total\"",
        ),
    ),
    way(
        "GET /kind",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        "200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Hello</h1>",
        ("response-media-type", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /empty",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        "",
        ("empty-response", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /broken",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        r#"{"id": 1,"#,
        ("invalid-response-json", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /wrapped",
        "<ResponseField name=\"id\" type=\"integer\" required />\n<ResponseField name=\"title\" type=\"string\" required />",
        r#"{"id": 1, "title": "A"}"#,
        r#"{"data": {"id": 1, "title": "A"}}"#,
        ("misplaced-response-members", "<ResponseField name=\"id\""),
    ),
    way(
        "GET /failing",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        "500 Internal Server Error\r\n\r\n",
        ("server-error", "api: GET"),
    ),
    way(
        "GET /gone",
        "<ResponseField name=\"id\" type=\"integer\" required />",
        r#"{"id": 1}"#,
        "404 Not Found\r\n\r\n",
        ("unimplemented-operation", "api: GET"),
    ),
    way(
        "GET /required",
        "<ParamField query=\"q\" type=\"string\" required />",
        r#"{"id": 1}"#,
        r#"{"id": 1}"#,
        ("missing-parameter", "<ParamField query=\"q\""),
    ),
];

impl Way {
    fn path(&self) -> &'static str {
        self.endpoint.split_once(' ').unwrap().1
    }

    fn page(&self) -> String {
        let Self {
            endpoint,
            fields,
            example,
            ..
        } = self;
        format!(
            "---\napi: {endpoint}\n---\n\n{fields}\n\n<ResponseExample>\n\n```json 200\n{example}\n```\n\n</ResponseExample>\n"
        )
    }

    fn raw(&self) -> String {
        let is_whole = self.answer.contains("\r\n");
        let whole = if is_whole {
            self.answer.to_owned()
        } else {
            format!("{OK}\r\n\r\n{}", self.answer)
        };
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        let length = body.len();
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }

    /// `type.mdx:5`
    fn place(&self) -> String {
        let page = self.page();
        let line = page.lines().position(|line| line.starts_with(self.drift.1));
        format!("{}.mdx:{}", &self.path()[1..], line.unwrap() + 1)
    }
}

fn drifting() -> Server {
    Server::start(|received: &Received| {
        let path = received.line.split(' ').nth(1).unwrap();
        let way = WAYS.iter().find(|way| way.path() == path);
        match way {
            Some(way) => Act::Raw(way.raw().into_bytes()),
            None => ok(r#"{"not": "documented"}"#),
        }
    })
}

fn docs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for way in WAYS {
        let name = format!("{}.mdx", &way.path()[1..]);
        fs::write(folder.path().join(name), way.page()).unwrap();
    }
    folder
}

#[test]
fn a_server_that_drifts_in_many_ways_is_told_of_each_once() {
    let (server, docs) = (drifting(), docs());
    let url = server.url();
    let mock = Mock::start(docs.path(), &["--upstream", &url, "--fail-on-drift"]);
    for _ in 0..3 {
        for way in WAYS {
            let answer = mock.raw(&format!(
                "GET {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                way.path()
            ));
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            let raw = way.raw();
            let (_, expected) = raw.split_once("\r\n\r\n").unwrap();
            assert_eq!(body, expected, "{}", way.path());
        }
        mock.send("GET", "/secret/17", &[], "");
    }
    let seen = mock.send("GET", "/__fieldproof/drift", &[], "").json();
    let drifts = seen["drifts"].as_array().unwrap();
    for way in WAYS {
        let of_way = drifts.iter().filter(|it| it["operation"] == way.endpoint);
        let of_way: Vec<_> = of_way.collect();
        let [drift] = of_way.as_slice() else {
            panic!("{}: {of_way:#?}", way.endpoint);
        };
        let source = &drift["source"];
        let place = format!("{}:{}", source["page"].as_str().unwrap(), source["line"]);
        assert_eq!(
            (drift["rule"].as_str().unwrap(), place),
            (way.drift.0, way.place()),
            "{drift:#}"
        );
        assert_eq!(drift["count"], 3, "{drift:#}");
    }
    let secret = drifts
        .iter()
        .find(|it| it["rule"] == "undocumented-operation");
    assert_eq!(secret.unwrap()["subject"], "GET /secret/{}");
    assert_eq!(drifts.len(), WAYS.len() + 1);
    let journal = mock.send(
        "GET",
        "/__fieldproof/requests?drifting=true&limit=1000",
        &[],
        "",
    );
    let journal = journal.json();
    assert_eq!(
        journal["requests"].as_array().unwrap().len(),
        3 * (WAYS.len() + 1)
    );
    let (code, log) = mock.stop();
    assert_eq!(code, Some(1), "{log}");
    for way in WAYS {
        let line = format!("{}: ", way.place());
        let mut told = log
            .lines()
            .filter(|it| it.contains("drift: ") && it.contains(&line));
        assert!(
            told.next().is_some() && told.next().is_none(),
            "{line}\n{log}"
        );
        let mut summed = log
            .lines()
            .filter(|it| it.contains("3 x ") && it.contains(&line));
        assert!(summed.next().is_some(), "{line}\n{log}");
    }
}

#[test]
fn a_server_that_is_as_documented_does_not_drift() {
    let server = Server::start(|received: &Received| match received.line.as_str() {
        "POST /notes" if received.body.contains("five") => ok(EXAMPLE),
        // Refusals that any server may give, and one of a request that is not as documented.
        "POST /notes" => Act::Answer(400, Vec::new(), String::new()),
        _ => Act::Answer(404, Vec::new(), String::new()),
    });
    let mock = Mock::of_page(&["--upstream", &server.url(), "--fail-on-drift"]);
    mock.send("POST", "/notes", &[JSON], r#"{"text": "five"}"#);
    let refused = mock.send("POST", "/notes", &[JSON], r#"{"text": 5}"#);
    assert_eq!(refused.status, 400);
    mock.send("GET", "/favicon.ico", &[], "");
    let seen = mock.send("GET", "/__fieldproof/requests", &[], "").json();
    assert_eq!(seen["requests"][0]["operation"], Value::Null);
    let violations = seen["requests"][1]["violations"].as_array().unwrap();
    assert_eq!(violations[0]["rule"], "wrong-type", "{seen:#}");
    let (code, log) = mock.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("no drift in 3 requests"), "{log}");
}

/// A body as nobody would write it twice.
const ODD: &str = "{ \"id\": 1,\t\"text\": \"\u{e4}\u{f6}\u{fc}\" }\n\n\n";

#[test]
fn requests_and_answers_pass_as_they_are() {
    let server = Server::start(|_| {
        let head = "HTTP/1.1 200 Fine\r\nX-One: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2; Domain=127.0.0.1\r\nContent-Type: application/json\r\nConnection: close, X-Hop\r\nX-Hop: 1";
        let length = ODD.len();
        Act::Raw(format!("{head}\r\nContent-Length: {length}\r\n\r\n{ODD}").into_bytes())
    });
    let mock = Mock::of_page(&["--upstream", &server.url()]);
    let answer = mock.raw(
        "POST /notes?b=%20&a=%2F HTTP/1.1\r\nHost: front.example.com\r\nX-Mine: 7\r\nContent-Type: application/json\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{\"text\":\t\"five\"}\n",
    );
    let received = &server.received()[0];
    assert_eq!(received.line, "POST /notes?b=%20&a=%2F");
    assert_eq!(received.body, "{\"text\":\t\"five\"}\n");
    let header = |name| received.header(name).unwrap_or_default();
    let own = server.url();
    assert_eq!(header("host"), own.trim_start_matches("http://"));
    assert_eq!(
        (header("x-mine"), header("x-forwarded-host")),
        ("7", "front.example.com")
    );
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, ODD);
    let head = head.to_ascii_lowercase();
    assert!(
        head.contains("x-one: 1\r\n") && head.contains("set-cookie: a=1\r\nset-cookie: b=2\r\n"),
        "{head}"
    );
    assert!(!head.contains("x-hop") && !head.contains("mock-"), "{head}");
}

#[test]
fn a_redirect_of_the_server_stays_at_the_proxy() {
    let server = Server::start(|received: &Received| {
        let host = received.header("host").unwrap();
        let location = format!("http://{host}/v2/notes");
        Act::Answer(307, vec![("Location", location)], String::new())
    });
    let url = format!("{}/v2", server.url());
    let mock = Mock::of_page(&["--upstream", &url]);
    let answer = mock.send("POST", "/notes", &[JSON], r#"{"text": "five"}"#);
    assert_eq!((answer.status, answer.header("location")), (307, "/notes"));
    assert_eq!(server.received()[0].line, "POST /v2/notes");
}

#[test]
fn what_the_server_does_not_answer_the_pages_do() {
    let server = Server::start(|received: &Received| {
        if received.body.contains("absent") {
            return Act::Answer(404, Vec::new(), "no route".to_owned());
        }
        if received.body.contains("later") {
            return Act::Answer(501, Vec::new(), String::new());
        }
        ok(r#"{"id": 2, "text": "mine"}"#)
    });
    let mock = Mock::of_page(&["--upstream", &server.url(), "--fallback"]);
    let post = |text: &str| {
        let body = json!({ "text": text }).to_string();
        mock.send("POST", "/notes", &[JSON], &body)
    };
    let answered = post("here");
    assert_eq!(
        (answered.body.as_str(), answered.header("mock-fallback")),
        (r#"{"id": 2, "text": "mine"}"#, "")
    );
    let absent = post("absent");
    assert_eq!(
        (
            absent.status,
            absent.body.as_str(),
            absent.header("mock-fallback")
        ),
        (200, EXAMPLE, "404 Not Found")
    );
    assert_eq!(post("later").header("mock-fallback"), "501 Not Implemented");
    // What no page documents is for the server alone.
    let other = mock.send("POST", "/others", &[JSON], r#"{"text": "absent"}"#);
    assert_eq!((other.status, other.body.as_str()), (404, "no route"));
    drop(server);
    let unreachable = post("here");
    assert_eq!(
        (unreachable.status, unreachable.header("mock-fallback")),
        (200, "unreachable")
    );
    let other = mock.send("GET", "/others", &[], "").json();
    assert_eq!(other["code"], "upstream-unreachable");
}

#[test]
fn a_documented_absence_is_an_answer_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let page = "---\napi: GET /notes/{id}\n---\n\n<ResponseExample>\n\n```json 200\n{\"id\": 1}\n```\n\n```json 404\n{\"error\": \"none\"}\n```\n\n</ResponseExample>\n";
    fs::write(folder.path().join("note.mdx"), page).unwrap();
    let server = Server::start(|received: &Received| {
        let body = match received.line.as_str() {
            "GET /notes/7" => r#"{"error": "no note 7"}"#,
            _ => "<h1>Not found</h1>",
        };
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Act::Answer(404, headers, body.to_owned())
    });
    let mock = Mock::start(folder.path(), &["--upstream", &server.url(), "--fallback"]);
    let gone = mock.send("GET", "/notes/7", &[], "");
    assert_eq!(
        (gone.status, gone.body.as_str()),
        (404, r#"{"error": "no note 7"}"#)
    );
    assert_eq!(mock.send("GET", "/notes/8", &[], "").body, "{\"id\": 1}");
}

#[test]
fn an_answer_that_the_request_prefers_comes_from_the_pages() {
    let server = Server::start(|_: &Received| ok("{}"));
    let mock = Mock::start(docs().path(), &["--upstream", &server.url()]);
    let preferred = mock.send("GET", "/type", &["Prefer: code=200"], "");
    assert_eq!(
        (preferred.body.as_str(), preferred.header("mock-fallback")),
        (r#"{"pages": 1}"#, "preferred")
    );
    // What no page documents has no other answer than that of the server.
    assert_eq!(
        mock.send("GET", "/others", &["Prefer: code=200"], "").body,
        "{}"
    );
    // Nor is it asked for one of the pages by what other servers understand.
    assert_eq!(
        mock.send("GET", "/type", &["Prefer: return=minimal"], "")
            .body,
        "{}"
    );
    let lines: Vec<_> = server.received().iter().map(|it| it.line.clone()).collect();
    assert_eq!(lines, ["GET /others", "GET /type"]);
}

#[test]
fn a_server_without_an_answer_is_named() {
    let hangs = Server::start(|_| Act::Hang);
    let url = hangs.url();
    // A server that is slow may be doing what it was asked for, so that the pages do not answer for it.
    let arguments = [
        "--upstream",
        &url,
        "--upstream-timeout",
        "200ms",
        "--fallback",
    ];
    let mock = Mock::of_page(&arguments);
    let late = mock.send("POST", "/notes", &[JSON], r#"{"text": "a"}"#);
    assert_eq!(
        (late.status, &late.json()["code"]),
        (504, &json!("upstream-too-slow"))
    );
    let socket = ["Connection: Upgrade", "Upgrade: websocket"];
    let refused = mock.send("GET", "/live", &socket, "");
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (501, &json!("upgrade-not-supported"))
    );
}

#[test]
fn long_bodies_pass_and_are_not_judged() {
    let long = format!("{{\"id\": \"{}\"}}", "x".repeat(200_000));
    let body = long.clone();
    let server = Server::start(move |_| ok(&body));
    let mock = Mock::of_page(&["--upstream", &server.url(), "--max-body", "100000"]);
    let sent = format!("{{\"text\": \"{}\"}}", "y".repeat(300_000));
    let answer = mock.send("POST", "/notes", &[JSON], &sent);
    assert_eq!(answer.body, long);
    assert_eq!(server.received()[0].body, sent);
    let seen = mock.send("GET", "/__fieldproof/requests", &[], "").json();
    let entry = &seen["requests"][0];
    assert_eq!(entry["drift"], json!([]), "{entry:#}");
    assert_eq!(entry["unjudged"], "the body is longer than what is judged");
    assert_eq!(entry["response"]["bytes"], long.len());
}

#[test]
fn an_answer_passes_piece_by_piece() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mock = Mock::of_page(&["--upstream", &url]);
    let mut client = mock.connect();
    write_request(&mut client, "POST", "/notes", &[JSON], r#"{"text": "a"}"#);
    let (mut server, _) = listener.accept().unwrap();
    let mut request = [0; 4096];
    assert!(server.read(&mut request).unwrap() > 0);
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    server
        .write_all(format!("{head}9\r\ndata: 1\n\n\r\n").as_bytes())
        .unwrap();
    // The first event is there before the server sends the second.
    let mut reader = BufReader::new(client);
    let mut until = |end: &str| {
        let mut line = String::new();
        while !line.ends_with(end) {
            assert!(reader.read_line(&mut line).unwrap() > 0, "{line}");
        }
    };
    until("data: 1\n\n");
    server.write_all(b"9\r\ndata: 2\n\n\r\n0\r\n\r\n").unwrap();
    until("data: 2\n\n");
}

#[test]
fn a_server_is_reached_over_an_encrypted_connection() {
    let server = Mock::of_page(&["--tls"]);
    let url = format!("https://localhost:{}", server.port);
    let trusting = Mock::of_page(&["--upstream", &url, "--insecure"]);
    let answer = trusting.send("POST", "/notes", &[JSON], r#"{"text": "a"}"#);
    assert_eq!((answer.status, answer.body.as_str()), (200, EXAMPLE));
    let wary = Mock::of_page(&["--upstream", &url]);
    let refused = wary.send("POST", "/notes", &[JSON], r#"{"text": "a"}"#);
    assert_eq!(refused.json()["code"], "upstream-unreachable");
    assert!(refused.body.contains("certificate"), "{}", refused.body);
}

/// What a page does with its API: reads, writes, meets errors, follows a redirect, keeps a cookie, and reads events.
const CLIENT: &str = r#"
(async () => {
  const seen = [];
  const ask = async (path, options) => {
    const answer = await fetch(path, options);
    const text = await answer.text();
    const names = ["content-type", "x-own", "etag"].map((name) => answer.headers.get(name));
    seen.push([path, answer.status, new URL(answer.url).pathname, names, text]);
  };
  await ask("/items");
  await ask("/items", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"name": "\u00e4"}' });
  await ask("/items/9", { method: "DELETE" });
  await ask("/broken");
  await ask("/moved");
  await ask("/whoami");
  await ask("/packed");
  const events = await new Promise((done) => {
    const all = [];
    const source = new EventSource("/events");
    source.onmessage = (event) => { all.push(event.data); if (all.length === 2) { source.close(); done(all); } };
  });
  return { seen, events, title: document.title, image: document.querySelector("img").naturalWidth };
})()
"#;

/// The server of that page.
fn shop(received: &Received) -> Act {
    let answer = |status, kind: &str, body: &str| {
        let headers = vec![
            ("Content-Type", kind.to_owned()),
            ("X-Own", "yes".to_owned()),
            ("Set-Cookie", "session=s1; Path=/; HttpOnly".to_owned()),
        ];
        Act::Answer(status, headers, body.to_owned())
    };
    let is_known = received
        .header("cookie")
        .is_some_and(|it| it.contains("session=s1"));
    match received.line.as_str() {
        "GET /" => answer(200, "text/html", "<title>Shop</title><img src=dot.svg>"),
        "GET /dot.svg" => answer(
            200,
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='7'/>",
        ),
        "GET /items" => answer(200, "application/json", "[ {\"id\":1} ]"),
        "POST /items" if received.body.contains('\u{e4}') => {
            answer(201, "application/json", &received.body)
        }
        "DELETE /items/9" => Act::Answer(204, Vec::new(), String::new()),
        "GET /broken" => answer(500, "text/plain", "no"),
        "GET /moved" => Act::Answer(
            302,
            vec![(
                "Location",
                format!("http://{}/items", received.header("host").unwrap()),
            )],
            String::new(),
        ),
        "GET /whoami" => answer(200, "text/plain", if is_known { "s1" } else { "nobody" }),
        "GET /packed" => packed(),
        "GET /events" => answer(200, "text/event-stream", "data: a\n\ndata: b\n\n"),
        _ => answer(404, "text/plain", "none"),
    }
}

fn packed() -> Act {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"{\"packed\": true}").unwrap();
    let body = encoder.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Act::Raw([head.as_bytes(), &body].concat())
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
fn a_page_in_a_browser_does_through_the_proxy_what_it_does_without() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: none of {} can be started", BROWSERS.join(", "));
        return;
    };
    let server = Server::start(shop);
    let mock = Mock::of_page(&["--upstream", &server.url(), "--fallback"]);
    let mut visit = |url: &str| {
        let session = browser.open(&format!("{url}/"));
        browser.run(&session, CLIENT)
    };
    let without = visit(&server.url());
    // Another name, as cookies do not know ports.
    let with = visit(&format!("http://localhost:{}", mock.port));
    assert_eq!(with, without);
    assert_eq!(without["seen"][5][4], "s1", "{without:#}");
    assert_eq!(without["image"], 7);
}
