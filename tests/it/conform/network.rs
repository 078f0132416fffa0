//! The way to the server: certificates, proxies, patience, and several requests at a time.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};

use super::server::{Act, Server, json};
use super::{Outcome, fieldproof_with};

/// A page of an operation that reads.
fn page(path: &str) -> String {
    format!(
        "---\ntitle: {path}\napi: GET https://api.example.com{path}\n---\n\n<ResponseField name=\"name\" type=\"string\" />\n"
    )
}

/// Tests the documented requests of some paths.
fn run(paths: &[&str], url: &str, more: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    for path in paths {
        let name = format!("{}.mdx", path.trim_start_matches('/'));
        fs::write(folder.path().join(name), page(path)).unwrap();
    }
    let arguments = ["test", ".", "--phase", "examples", "--url", url];
    let arguments = [&arguments[..], more].concat();
    fieldproof_with(&arguments, folder.path(), environment)
}

const NAMED: &str = r#"{"name": "One"}"#;

/// A certificate of its own, in files.
struct Certificate {
    folder: tempfile::TempDir,
    made: rcgen::CertifiedKey<rcgen::KeyPair>,
}

impl Certificate {
    fn of(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("certificate.pem"), made.cert.pem()).unwrap();
        let key = made.signing_key.serialize_pem();
        fs::write(folder.path().join("key.pem"), key).unwrap();
        Self { folder, made }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.made.signing_key.serialize_der()).into()
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.made.cert.der().clone()).unwrap();
        roots
    }
}

/// A server that speaks TLS, and may want to know who asks.
struct Encrypted {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Encrypted {
    fn start(own: &Certificate, client: Option<&Certificate>) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let builder = match client {
            None => builder.with_no_client_auth(),
            Some(client) => {
                let roots = Arc::new(client.roots());
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let chain = vec![own.made.cert.der().clone()];
        let config = Arc::new(builder.with_single_cert(chain, own.key()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ends = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&ends);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                // Who does not trust us hangs up.
                let _ = serve(&config, stream.unwrap());
            }
        });
        Self {
            address,
            ends,
            thread: Some(thread),
        }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        let outcome = self.thread.take().map(JoinHandle::join);
        assert!(std::thread::panicking() || outcome.unwrap().is_ok());
    }
}

fn serve(config: &Arc<ServerConfig>, stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let length = NAMED.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{NAMED}"
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}

#[test]
fn only_certificates_that_are_trusted_will_do() {
    let own = Certificate::of("localhost");
    let other = Certificate::of("other.example.com");
    let server = Encrypted::start(&own, None);
    let known = own.path("certificate.pem");
    let strange = other.path("certificate.pem");
    for (more, code) in [
        (&["--cacert", &known][..], 0),
        (&["--insecure"], 0),
        (&["--cacert", &strange], 3),
        (&[], 3),
    ] {
        let outcome = run(&["/a"], &server.url(), more, &[]);
        outcome.ends_with(code);
        if code == 3 {
            outcome.shows("certificate");
        }
    }
    let missing = run(&["/a"], &server.url(), &["--cacert", "missing.pem"], &[]);
    missing.ends_with(2);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let other = Certificate::of("other.example.com");
    let server = Encrypted::start(&other, None);
    let known = other.path("certificate.pem");
    let outcome = run(&["/a"], &server.url(), &["--cacert", &known], &[]);
    outcome.ends_with(3);
    outcome.shows("certificate");
    run(&["/a"], &server.url(), &["--insecure"], &[]).ends_with(0);
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let (own, client) = (Certificate::of("localhost"), Certificate::of("client"));
    let server = Encrypted::start(&own, Some(&client));
    let known = own.path("certificate.pem");
    let outcome = run(&["/a"], &server.url(), &["--cacert", &known], &[]);
    outcome.ends_with(3);
    let (certificate, key) = (client.path("certificate.pem"), client.path("key.pem"));
    let shown = ["--cacert", &known, "--cert", &certificate, "--key", &key];
    run(&["/a"], &server.url(), &shown, &[]).ends_with(0);
}

#[test]
fn a_server_without_encryption_is_not_taken_for_one_with_it() {
    let server = Server::start(|_| Act::Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()));
    let url = server.url().replace("http://", "https://");
    let outcome = run(&["/a"], &url, &["--insecure", "--timeout", "2s"], &[]);
    outcome.ends_with(3);
    outcome.shows("cannot be tested");
    // The server waits for the end of a line, which TLS does not send, until it is asked in plain HTTP.
    run(&["/a"], &server.url(), &[], &[]).ends_with(1);
}

#[test]
fn proxies_of_the_environment_are_used_for_other_machines() {
    let proxy = Server::start(|_| json(NAMED));
    let url = proxy.url();
    let target = "http://api.fieldproof.invalid";
    let environment = [("HTTP_PROXY", url.as_str()), ("http_proxy", &url)];
    run(&["/a"], target, &[], &environment).ends_with(0);
    let lines = |proxy: &Server| -> Vec<_> {
        let received = proxy.received().into_iter();
        received.map(|it| it.line).collect()
    };
    assert_eq!(lines(&proxy), ["GET http://api.fieldproof.invalid/a"]);

    let except = [
        environment[0],
        environment[1],
        ("NO_PROXY", "api.fieldproof.invalid"),
    ];
    run(&["/a"], target, &[], &except).ends_with(3);
    assert_eq!(lines(&proxy).len(), 1);

    let tunnel = [("HTTPS_PROXY", url.as_str())];
    let target = "https://api.fieldproof.invalid";
    run(&["/a"], target, &["--insecure"], &tunnel).ends_with(3);
    assert_eq!(lines(&proxy)[1], "CONNECT api.fieldproof.invalid:443");
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let server = Server::start(|_| json(NAMED));
    let environment = [
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
    ];
    run(&["/a"], &server.url(), &[], &environment).ends_with(0);
}

/// A server that is busy for a while.
fn busy(times: usize, status: u16) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |_| {
        if count.fetch_add(1, Ordering::SeqCst) < times {
            let headers = vec![("Retry-After", "0".to_owned())];
            return Act::Answer(status, headers, String::new());
        }
        json(NAMED)
    })
}

#[test]
fn requests_are_sent_again_as_often_as_is_asked_for() {
    for (times, retries, code, sent) in [(1, "1", 0, 2), (2, "1", 1, 2), (1, "0", 1, 1)] {
        let server = busy(times, 503);
        let more = ["--retry", retries, "--retry-interval", "1ms"];
        run(&["/a"], &server.url(), &more, &[]).ends_with(code);
        assert_eq!(server.received().len(), sent, "{times} {retries}");
    }
}

#[test]
fn retry_after_is_obeyed_unless_a_rate_is_given() {
    let server = busy(2, 429);
    run(&["/a"], &server.url(), &[], &[]).ends_with(0);
    assert_eq!(server.received().len(), 3);
    let server = busy(2, 429);
    let outcome = run(&["/a"], &server.url(), &["--rate-limit", "1000/s"], &[]);
    outcome.ends_with(4);
    outcome.shows("the server turned all requests away with 429 Too Many Requests");
}

#[test]
fn a_rate_keeps_requests_apart() {
    let server = Server::start(|_| json(NAMED));
    let start = Instant::now();
    let more = ["--rate-limit", "20/s"];
    run(&["/a", "/b", "/c", "/d"], &server.url(), &more, &[]).ends_with(0);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[test]
fn a_run_waits_for_a_server_that_is_starting() {
    let server = Server::start({
        let count = AtomicUsize::new(0);
        move |request| {
            let is_starting =
                request.line == "GET /health" && count.fetch_add(1, Ordering::SeqCst) < 2;
            if is_starting {
                return Act::Answer(503, vec![], String::new());
            }
            json(NAMED)
        }
    });
    let health = format!("{}/health", server.url());
    run(&["/a"], &server.url(), &["--wait-for", &health], &[]).ends_with(0);
    let lines: Vec<_> = server.received().into_iter().map(|it| it.line).collect();
    assert_eq!(
        lines,
        ["GET /health", "GET /health", "GET /health", "GET /a"]
    );

    let idle = Server::idle();
    let more = [
        "--wait-for",
        "http://127.0.0.1:1/",
        "--wait-timeout",
        "200ms",
    ];
    let outcome = run(&["/a"], &idle.url(), &more, &[]);
    outcome.ends_with(3);
    outcome.shows("http://127.0.0.1:1/ is not ready after 0.2 s");
}

/// Three requests are answered only once all three are there.
#[test]
fn requests_that_need_nothing_of_each_other_are_sent_together() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let mut streams = Vec::new();
        while streams.len() < 3 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            streams.push(stream);
        }
        for mut stream in streams {
            let length = NAMED.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{NAMED}").unwrap();
        }
    });
    let paths = ["/a", "/b", "/c"];
    let more = ["--jobs", "3", "--timeout", "20s"];
    run(&paths, &format!("http://{address}"), &more, &[]).ends_with(0);
    server.join().unwrap();
}

#[test]
fn what_is_printed_does_not_depend_on_the_number_of_jobs() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let paths = ["/a", "/b", "/c", "/d", "/e", "/f"];
    let printed: Vec<_> = ["1", "4"]
        .into_iter()
        .map(|jobs| {
            let seen = Arc::clone(&order);
            let server = Server::start(move |request| {
                seen.lock().unwrap().push(request.line.clone());
                match request.line.as_str() {
                    "GET /b" => Act::Answer(500, vec![], String::new()),
                    "GET /e" => json(r#"{"name": 7}"#),
                    _ => json(NAMED),
                }
            });
            let outcome = run(&paths, &server.url(), &["--jobs", jobs], &[]);
            outcome.ends_with(1);
            outcome.out.replace(&server.url(), "")
        })
        .collect();
    assert_eq!(printed[0], printed[1]);
    assert_eq!(order.lock().unwrap().len(), 12);
}
