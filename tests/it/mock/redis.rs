//! Several mocks that keep one world in Redis: a real one, which the tests start.
//!
//! Without `redis-server` the tests say so and are over.

use std::path::PathBuf;

use super::*;
use crate::installed;

/// A Redis of its own for a test; it ends when it is dropped.
pub(super) struct Redis {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
    program: PathBuf,
    further: Vec<String>,
}

impl Redis {
    pub(super) fn start(further: &[&str]) -> Option<Self> {
        let program = installed::program("REDIS_SERVER", "redis-server")?;
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let further: Vec<_> = further.iter().map(|it| (*it).to_owned()).collect();
        let child = spawn(&program, port, folder.path(), &further);
        Some(Self {
            child,
            port,
            folder,
            program,
            further,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(super) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn again(&mut self) {
        self.child = spawn(&self.program, self.port, self.folder.path(), &self.further);
    }

    /// What it says to a command without spaces in its words.
    fn ask(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream
            .write_all(format!("{command}\r\nQUIT\r\n").as_bytes())
            .unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A Redis that answers.
fn spawn(program: &Path, port: u16, folder: &Path, further: &[String]) -> Child {
    let child = Command::new(program)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .args(further)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let start = std::time::Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < DEADLINE, "redis-server does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mock/shop")
}

const ORDER: &str = r#"{"product_id": "tea_01", "quantity": 5}"#;

fn order(mock: &Mock) -> String {
    let made = mock.send("POST", "/orders", &[JSON], ORDER);
    assert_eq!(made.status, 201, "{}", made.body);
    made.json()["id"].as_str().unwrap().to_owned()
}

fn total(mock: &Mock) -> Value {
    mock.send("GET", "/orders", &[], "").json()["total"].clone()
}

#[test]
fn two_mocks_on_one_redis_are_one_world() {
    let Some(redis) = Redis::start(&[]) else {
        return;
    };
    let url = redis.url();
    let [one, other] = [(); 2].map(|()| Mock::start(&shop(), &["--state", &url]));
    let id = order(&one);
    let path = format!("/orders/{id}");
    let read = other.send("GET", &path, &[], "");
    assert_eq!(
        (read.status, &read.json()["quantity"]),
        (200, &json!(5)),
        "{}",
        read.body
    );
    assert_eq!(total(&other), 2);
    let changed = other.send("PATCH", &path, &[JSON], r#"{"quantity": 6}"#);
    assert_eq!(changed.status, 200);
    assert_eq!(one.send("GET", &path, &[], "").json()["quantity"], 6);
    assert_eq!(
        other.send("POST", &format!("{path}/pay"), &[], "").status,
        200
    );
    assert_eq!(one.send("GET", &path, &[], "").json()["status"], "paid");
    assert_eq!(one.send("DELETE", &path, &[], "").status, 204);
    assert_eq!(other.send("GET", &path, &[], "").status, 404);
    order(&other);
    assert_eq!(total(&one), 2);
    let reset = other.send("POST", "/__fieldproof/reset", &[], "");
    assert_eq!(reset.status, 204);
    assert_eq!(total(&one), 1);
    // A mock that comes later finds the world as it is.
    order(&one);
    let third = Mock::start(&shop(), &["--state", &url]);
    assert_eq!(total(&third), 2);
}

#[test]
fn what_is_made_by_many_at_once_is_all_there() {
    let Some(redis) = Redis::start(&[]) else {
        return;
    };
    let url = redis.url();
    let mocks = [(); 2].map(|()| Mock::start(&shop(), &["--state", &url]));
    let mut ids = std::thread::scope(|scope| {
        let makers = (0..8).map(|maker| {
            let mock = &mocks[maker % 2];
            scope.spawn(move || (0..10).map(|_| order(mock)).collect::<Vec<_>>())
        });
        let makers: Vec<_> = makers.collect();
        let ids = makers.into_iter().flat_map(|it| it.join().unwrap());
        ids.collect::<Vec<_>>()
    });
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 80);
    for mock in &mocks {
        assert_eq!(total(mock), 81);
    }
}

#[test]
fn without_redis_there_is_a_reason_and_with_it_again_a_world() {
    let Some(mut redis) = Redis::start(&[]) else {
        return;
    };
    let mock = Mock::start(&shop(), &["--state", &redis.url()]);
    let ready = || mock.send("GET", "/__fieldproof/ready", &[], "").status;
    assert_eq!((order(&mock).is_empty(), ready()), (false, 200));
    redis.stop();
    let refused = mock.send("GET", "/orders", &[], "");
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (503, &json!("state-unreachable")),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("Redis does not answer"));
    assert_eq!(ready(), 503);
    // The process itself is well.
    assert_eq!(
        mock.send("GET", "/__fieldproof/health", &[], "").status,
        200
    );
    redis.again();
    // It forgot all, so the world is what the pages show.
    assert_eq!((total(&mock), ready()), (json!(1), 200));
    order(&mock);
    assert_eq!(total(&mock), 2);
}

#[test]
fn worlds_of_other_names_are_other_worlds_and_may_expire() {
    let Some(redis) = Redis::start(&[]) else {
        return;
    };
    let url = redis.url();
    let named = |name: &str| {
        let flags = [
            "--state",
            &url,
            "--state-name",
            name,
            "--state-expiry",
            "600s",
        ];
        Mock::start(&shop(), &flags)
    };
    let (one, other) = (named("one"), named("other"));
    order(&one);
    assert_eq!((total(&one), total(&other)), (json!(2), json!(1)));
    for key in ["meta", "things", "changes"] {
        let said = redis.ask(&format!("PTTL fieldproof:{{one}}:{key}"));
        let left: u64 = said.lines().next().unwrap()[1..].parse().unwrap();
        assert!((1..=600_000).contains(&left), "{said}");
    }
    // Whoever throws the world away leaves what the pages show.
    redis.ask("FLUSHALL");
    assert_eq!(total(&one), 1);
    order(&one);
    assert_eq!(total(&one), 2);
}

#[test]
fn an_encrypted_redis_is_reached_too() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let flags = [
        "--tls-port",
        &port,
        "--tls-cert-file",
        &cert,
        "--tls-key-file",
        &key,
    ];
    let further = [
        &flags[..],
        &["--tls-auth-clients", "no", "--requirepass", "s3cret"],
    ]
    .concat();
    let Some(_redis) = Redis::start(&further) else {
        return;
    };
    let url = format!("rediss://:s3cret@localhost:{port}");
    let start = |roots: &str| {
        let mut command = command(&shop(), &["--state", &url]);
        command.env("SSL_CERT_FILE", roots).spawn().unwrap()
    };
    let mut mock = start(&cert);
    let lines = BufReader::new(mock.stdout.take().unwrap()).lines();
    let line = lines
        .map(Result::unwrap)
        .find(|it| it.contains("listening"));
    mock.kill().unwrap();
    mock.wait().unwrap();
    assert!(line.is_some());
    // Whom nobody vouches for is not trusted, and no password is told.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(path("other.pem"), other.cert.pem()).unwrap();
    let refused = start(&path("other.pem")).wait_with_output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(
        said.contains("Redis does not answer") && !said.contains("s3cret"),
        "{said}"
    );
}

#[test]
fn a_redis_that_is_not_there_is_told_at_the_start() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let run = |url: &str| {
        let output = command(&shop(), &["--state", url]).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = run(&format!("redis://:s3cret@127.0.0.1:{port}"));
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("Redis does not answer") && !said.contains("s3cret"),
        "{said}"
    );
    let (code, said) = run("127.0.0.1:6379");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("redis://127.0.0.1:6379"), "{said}");
}
