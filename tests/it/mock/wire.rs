//! What only a socket can show: saved pages, HTTP/2, encryption, and requests that are made to hurt.

use std::sync::Arc;

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};

use super::*;

#[test]
fn a_saved_page_is_live_on_open_connections() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("note.mdx");
    fs::write(&page, PAGE).unwrap();
    let mut mock = Mock::start(folder.path(), &[]);
    let mut said = BufReader::new(mock.child.stderr.take().unwrap()).lines();
    let mut wait_for = |words: &str| {
        let line = said.find(|line| line.as_ref().unwrap().contains(words));
        assert!(line.is_some(), "{words}");
    };
    let mut stream = mock.connect();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut answer = || {
        write_request(&mut stream, "POST", "/notes", &[], "");
        Answer::read(&mut reader, "POST").body
    };
    assert_eq!(answer(), EXAMPLE);
    fs::write(&page, PAGE.replace("\"id\": 1", "\"id\": 2")).unwrap();
    wait_for("reloaded note.mdx");
    let saved = EXAMPLE.replace("\"id\": 1", "\"id\": 2");
    assert_eq!(answer(), saved);
    fs::write(&page, PAGE.replace("<text>\" }", "")).unwrap();
    wait_for("kept the last good answers of note.mdx");
    assert_eq!(answer(), saved);
    // A page in a folder that was not there when the mock started.
    let folder = folder.path().join("more");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("other.mdx"), PAGE.replace("/notes", "/others")).unwrap();
    wait_for("reloaded more/other.mdx");
    assert_eq!(mock.send("POST", "/others", &[], "").body, EXAMPLE);
}

#[test]
fn a_saved_configuration_is_heeded() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.mdx"), PAGE).unwrap();
    let mut mock = Mock::start(folder.path(), &[]);
    let mut said = BufReader::new(mock.child.stderr.take().unwrap()).lines();
    let mut wait_for = |words: &str| {
        let line = said.find(|line| line.as_ref().unwrap().contains(words));
        assert!(line.is_some(), "{words}");
    };
    let status = || {
        mock.send("POST", "/notes", &[JSON], r#"{"text": 5}"#)
            .status
    };
    let path = folder.path().join("fieldproof.toml");
    // At once, as a file that is half written is a configuration as well.
    let save = |text: &str| {
        let new = folder.path().join("new.txt");
        fs::write(&new, text).unwrap();
        fs::rename(new, &path).unwrap();
    };
    assert_eq!(status(), 422);
    save("[mock]\nvalidate = \"warn\"\n");
    wait_for("reloaded fieldproof.toml");
    assert_eq!(status(), 200);
    save("[mock]\nvalidat = \"strict\"\n");
    wait_for("kept the last good configuration");
    assert_eq!(status(), 200);
    let answers = "[mock.operations.\"POST /notes\"]\nanswers = [\"Done\"]\n";
    save(answers);
    wait_for("has no answer `Done`");
    assert_eq!(status(), 200);
    save("[mock]\nport = 1\n");
    wait_for("`port` in fieldproof.toml is heeded when the mock is started again");
    assert_eq!(status(), 422);
    fs::remove_file(&path).unwrap();
    wait_for("reloaded fieldproof.toml");
    assert_eq!(status(), 422);
}

#[test]
fn a_path_that_is_copied_from_a_page_may_hold_angle_brackets() {
    let folder = tempfile::tempdir().unwrap();
    let page = PAGE.replace("/notes", "/notes/{id}/send");
    fs::write(folder.path().join("note.mdx"), page).unwrap();
    let mock = Mock::start(folder.path(), &[]);
    let mut stream = mock.connect();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    for _ in 0..2 {
        let body = r#"{"text": "<b>"}"#;
        write_request(&mut stream, "POST", "/notes/<id>/send?a=<b>", &[JSON], body);
        let answer = Answer::read(&mut reader, "POST");
        assert_eq!((answer.status, answer.body.as_str()), (200, EXAMPLE));
    }
}

#[test]
fn requests_may_be_sent_before_the_answers_are_read() {
    let mock = Mock::of_page(&[]);
    let mut stream = mock.connect();
    let request = "POST /notes HTTP/1.1\r\nHost: a\r\n\r\n";
    stream.write_all(request.repeat(3).as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    for _ in 0..3 {
        assert_eq!(Answer::read(&mut reader, "POST").body, EXAMPLE);
    }
}

#[test]
fn what_is_made_to_hurt_is_refused() {
    let mock = Mock::of_page(&[]);
    let status = |request: &str| {
        let answer = mock.raw(request);
        answer.split(' ').nth(1).unwrap_or("closed").to_owned()
    };
    assert_eq!(status("GET /notes HTTP/1.1\r\n\r\n"), "400");
    assert_eq!(
        status("GET /notes HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        "400"
    );
    assert_eq!(status("GET /a/../notes HTTP/1.1\r\nHost: a\r\n\r\n"), "400");
    let whole = "GET http://api.example.com/notes HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(status(whole), "405");
    let head = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(100_000)
    );
    assert!(["431", "closed"].contains(&status(&head).as_str()));

    assert_eq!(
        status("GET /a/%2e%2E/notes HTTP/1.1\r\nHost: a\r\n\r\n"),
        "400"
    );
    let chunks = "POST /notes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(status(&format!("{chunks}ffffffffffffffffff\r\n")), "400");

    let open = "[".repeat(100_000);
    let closed = format!("{open}{}", "]".repeat(100_000));
    let objects = "{\"text\":".repeat(100_000);
    for deep in [open, closed, objects] {
        assert_eq!(mock.send("POST", "/notes", &[JSON], &deep).status, 400);
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let mock = Mock::of_page(&[]);
    let status = |head: &str, rest: &[u8]| {
        let mut stream = mock.connect();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(rest).unwrap();
        Answer::read(&mut BufReader::new(stream), "POST").status
    };
    let body = b"{\"text\": \"\xff\"}";
    let head = format!(
        "POST /notes HTTP/1.1\r\nHost: a\r\n{JSON}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    assert_eq!(status(&head, body), 400);
    assert_eq!(
        status("POST /\u{fffd}", b"\xff HTTP/1.1\r\nHost: a\r\n\r\n"),
        400
    );
    let start = "POST /notes HTTP/1.1\r\nHost: a\r\nX: ";
    assert_eq!(status(start, b"\0\r\n\r\n"), 400);
    assert_eq!(status(start, b"\xff\r\n\r\n"), 200);
}

#[test]
fn a_request_with_two_lengths_is_the_last_of_its_connection() {
    let mock = Mock::of_page(&[]);
    let length = "Content-Length: 6\r\n";
    let chunks = "Transfer-Encoding: chunked\r\n";
    for (one, other) in [(length, chunks), (chunks, length)] {
        // What one reader takes for the next request is part of the body to another.
        let smuggled = "POST /others HTTP/1.1\r\nHost: a\r\n\r\n";
        let head = format!("POST /notes HTTP/1.1\r\nHost: a\r\n{one}{other}\r\n");
        let answers = mock.raw(&format!("{head}0\r\n\r\n{smuggled}"));
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
        assert!(answers.starts_with("HTTP/1.1 200"), "{answers}");
    }
}

#[test]
fn limits_are_flags() {
    let mock = Mock::of_page(&["--max-body", "4", "--head-timeout", "50ms"]);
    let refused = mock.raw("POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
    // A head that never ends is given up, and the connection with it.
    assert_eq!(mock.raw("POST /notes HTTP/1.1\r\nHos"), "");
}

#[test]
fn requests_are_logged_as_objects() {
    let mock = Mock::of_page(&["--log", "json"]);
    mock.send("POST", "/notes?key=secret", &[JSON], r#"{"text": 5}"#);
    let (_, log) = mock.stop();
    let line: Value = serde_json::from_str(log.trim()).unwrap();
    assert_eq!(line["path"], "/notes");
    assert_eq!(
        (&line["status"], &line["operation"]),
        (&json!(422), &json!("POST /notes"))
    );
    assert!(!log.contains("secret"), "{log}");
}

fn runtime() -> tokio::runtime::Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

/// Posts to `/notes` in HTTP/2.
async fn post<S>(stream: S, scheme: &str) -> String
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::post(format!("{scheme}://localhost/notes"));
    let request = request.body(Empty::<bytes::Bytes>::new()).unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn http_2_is_spoken_without_asking() {
    let mock = Mock::of_page(&[]);
    let body = runtime().block_on(async {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", mock.port));
        post(stream.await.unwrap(), "http").await
    });
    assert_eq!(body, EXAMPLE);
}

#[test]
fn connections_may_be_encrypted() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let certificate = write("certificate.pem", made.cert.pem());
    let key = write("key.pem", made.signing_key.serialize_pem());
    let mock = Mock::of_page(&["--tls-cert", &certificate, "--tls-key", &key]);
    assert!(mock.printed.last().unwrap().contains("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let body = runtime().block_on(async {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", mock.port));
        let name = ServerName::try_from("localhost").unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector
            .connect(name, stream.await.unwrap())
            .await
            .unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        post(stream, "https").await
    });
    assert_eq!(body, EXAMPLE);
}

#[test]
fn a_certificate_is_made_if_none_is_given() {
    let mock = Mock::of_page(&["--tls", "--json"]);
    let event: Value = serde_json::from_str(&mock.printed[0]).unwrap();
    assert!(event["url"].as_str().unwrap().starts_with("https://"));
    assert_eq!(event["routes"][0]["path"], "/notes");
}
