//! The page of the mock in a browser: a request is sent from it, and seen in its log.
//!
//! Chromium is driven over its own protocol (<https://chromedevtools.github.io/devtools-protocol/>). Without Chromium the
//! test says so and is over.

use std::process::Child;

use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use super::*;

pub(super) const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser without a window; it ends when it is dropped.
pub(super) struct Browser {
    child: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    number: u64,
    /// The names of the events that came while something else was waited for.
    events: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    /// `None` if there is none on this machine.
    pub(super) fn start() -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        let mut child = BROWSERS.iter().find_map(|name| {
            let mut command = Command::new(name);
            command
                .args([
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-first-run",
                ])
                .args([
                    "--disable-background-networking",
                    "--remote-debugging-port=0",
                ])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg("about:blank")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
            command.spawn().ok()
        })?;
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = said.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("DevTools listening on ")
                .map(str::to_owned)
        });
        let (socket, _) = tungstenite::connect(url.expect("it says where it listens")).unwrap();
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(DEADLINE * 3)).unwrap();
        }
        // What else it says is of no interest, but must be taken.
        std::thread::spawn(move || said.for_each(drop));
        Some(Self {
            child,
            socket,
            number: 0,
            events: Vec::new(),
            _profile: profile,
        })
    }

    pub(super) fn call(
        &mut self,
        method: &str,
        parameters: &Value,
        session: Option<&str>,
    ) -> Value {
        self.number += 1;
        let mut call = json!({"id": self.number, "method": method, "params": parameters});
        if let Some(session) = session {
            call["sessionId"] = session.into();
        }
        self.socket.send(Message::text(call.to_string())).unwrap();
        loop {
            let mut answer = self.read();
            if answer["id"] == self.number {
                if answer["error"]["message"] == LEFT {
                    // The page went elsewhere before the script had run; it may run there.
                    return self.call(method, parameters, session);
                }
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    /// The next message, whose name is remembered if it is an event.
    fn read(&mut self) -> Value {
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else {
                continue;
            };
            let message: Value = serde_json::from_str(&text).unwrap();
            self.events
                .extend(message["method"].as_str().map(str::to_owned));
            return message;
        }
    }

    /// Opens a page; gives the session to talk about it.
    pub(super) fn open(&mut self, url: &str) -> String {
        let blank = json!({"url": "about:blank"});
        let target = self.call("Target.createTarget", &blank, None);
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = self.call("Target.attachToTarget", &attach, None);
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        self.call("Page.enable", &json!({}), Some(&session));
        self.events.clear();
        self.call("Page.navigate", &json!({"url": url}), Some(&session));
        while !self
            .events
            .iter()
            .any(|event| event == "Page.loadEventFired")
        {
            self.read();
        }
        session
    }

    /// The value that a script in the page comes to.
    pub(super) fn run(&mut self, session: &str, script: &str) -> Value {
        let parameters = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let mut result = self.call("Runtime.evaluate", &parameters, Some(session));
        assert!(result.get("exceptionDetails").is_none(), "{result}");
        result["result"]["value"].take()
    }
}

/// What the browser says of a script whose page is left.
const LEFT: &str = "Inspected target navigated or closed";

/// Sends a wrong request, then the usual one, and gives the lines of the log.
const TRY: &str = r##"
(async () => {
  const until = async (get) => {
    for (;;) {
      const found = get();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 10));
    }
  };
  const get = (selector) => document.querySelector(selector);
  await until(() => document.readyState === "complete" && get("#list button"));
  const lines = (count) => until(() => document.querySelectorAll("#entries > li").length >= count);
  get("#headers").value = "Content-Type: application/json";
  get("#body").value = '{"text": 5}';
  get("#form").requestSubmit();
  await until(() => get("#status").textContent === "422");
  await lines(1);
  get("#body").value = '{"text": "five"}';
  get("#form").requestSubmit();
  await until(() => get("#status").textContent === "200");
  await lines(2);
  return {
    operations: [...document.querySelectorAll("#list button")].map((it) => it.textContent),
    answer: get("#answer-body").textContent,
    log: [...document.querySelectorAll("#entries > li")].map((it) => it.textContent),
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
})()
"##;

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
fn a_request_that_is_tried_in_the_page_is_seen_in_its_log() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: none of {} can be started", BROWSERS.join(", "));
        return;
    };
    let mock = Mock::of_page(&[]);
    let session = browser.open(&format!("http://127.0.0.1:{}/__fieldproof/", mock.port));
    let seen = browser.run(&session, TRY);
    assert_eq!(seen["operations"], json!(["POST /notesnote.mdx:2"]));
    assert_eq!(seen["answer"], EXAMPLE);
    let log = seen["log"].as_array().unwrap();
    let line = |at: usize| log[at].as_str().unwrap();
    assert!(line(0).contains("POST/notes200"), "{seen}");
    assert!(line(1).contains("POST/notes4221 violation"), "{seen}");
    assert!(
        line(1).contains("documented as string") && line(1).contains("note.mdx:5"),
        "{seen}"
    );
    assert_eq!(seen["wide"], false);
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
fn with_a_token_the_links_of_the_page_lead_somewhere() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: none of {} can be started", BROWSERS.join(", "));
        return;
    };
    let mock = Mock::of_page(&["--admin-token", "t0ken"]);
    let page = format!("http://127.0.0.1:{}/__fieldproof/#token=t0ken", mock.port);
    let session = browser.open(&page);
    browser.run(&session, r#"document.querySelector("nav a").click()"#);
    let shown = "location.protocol + document.body.innerText";
    let looks = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(10));
        browser.run(&session, shown).to_string()
    });
    let text = looks.take(1000).find(|text| text.starts_with("\"blob:"));
    let text = text.expect("the link leads somewhere");
    assert!(text.contains("requests"), "{text}");
}

/// What a person would see as broken: sections over each other, text that is cut off or hard to read.
const LOOK: &str = r##"
(async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  for (let tries = 0; tries < 500 && all("#entries > li").length < 2; tries += 1) {
    await new Promise((done) => setTimeout(done, 10));
  }
  const luminance = (color) => {
    const parts = color.match(/[\d.]+/g).slice(0, 3).map((it) => it / 255);
    const linear = parts.map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return color !== "rgba(0, 0, 0, 0)" && color !== "transparent" ? color : ground(element.parentElement);
  };
  const contrast = (element) => {
    const [one, other] = [getComputedStyle(element).color, ground(element)].map(luminance);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const boxes = all("header, section").map((it) => it.getBoundingClientRect());
  const overlaps = boxes.some((one, at) => boxes.slice(at + 1).some((other) =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1));
  const texts = all("h1, h2, a, button, .source, .method, .status, .bad, .path, label, input, textarea, summary")
    .filter((it) => it.offsetParent !== null);
  const hard = texts.filter((it) => contrast(it) < 4.5).map((it) => `${it.tagName}.${it.className} ${contrast(it).toFixed(2)}`);
  const cut = texts.filter((it) => it.getBoundingClientRect().right > innerWidth + 1).map((it) => it.textContent);
  return { width: innerWidth, texts: texts.length > 20, overlaps, hard, cut,
           wide: document.documentElement.scrollWidth > innerWidth, ground: getComputedStyle(document.body).backgroundColor };
})()
"##;

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know")]
fn the_page_is_legible_at_a_desk_and_on_a_telephone_by_day_and_by_night() {
    let Some(mut browser) = Browser::start() else {
        eprintln!("skipped: none of {} can be started", BROWSERS.join(", "));
        return;
    };
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample");
    let mock = Mock::start(&docs, &[]);
    mock.send(
        "GET",
        "/v1/bok/a-rather-long-path-of-which-nobody-knows",
        &[],
        "",
    );
    mock.send("POST", "/v1/orders", &[JSON], r#"{"items": 5}"#);
    let url = format!("http://127.0.0.1:{}/__fieldproof/", mock.port);
    let mut grounds = Vec::new();
    for (width, height) in [(1280, 900), (390, 844)] {
        for scheme in ["light", "dark"] {
            let session = browser.open(&url);
            let size =
                json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
            browser.call("Emulation.setDeviceMetricsOverride", &size, Some(&session));
            let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            browser.call("Emulation.setEmulatedMedia", &scheme, Some(&session));
            let mut seen = browser.run(&session, LOOK);
            grounds.push(seen["ground"].take());
            let expected = json!({
                "width": width, "texts": true, "overlaps": false, "hard": [], "cut": [], "wide": false, "ground": null,
            });
            assert_eq!(seen, expected, "{scheme}");
        }
    }
    // Day and night are told apart, and look the same on each.
    assert_eq!(grounds[..2], grounds[2..]);
    assert_ne!(grounds[0], grounds[1]);
}
