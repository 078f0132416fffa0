//! Who asks: every source of credentials arrives at the server, and none of them in any output.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::server::{Act, Received, Server, json};
use super::{Outcome, fieldproof, fieldproof_with};

/// A page that shows a placeholder in a header, and one in the query.
const PAGE: &str = r#"---
title: "Read the notes"
api: "GET https://api.example.com/notes"
---

<ParamField query="space" type="string" />

<ResponseField name="text" type="string" required />

<RequestExample>

```bash
curl 'https://api.example.com/notes?space=<space_key>' -H 'Authorization: Bearer YOUR_TOKEN'
```

</RequestExample>

<ResponseExample>

```json 200
{"text": "Hello"}
```

</ResponseExample>
"#;

const LOGIN: &str = r#"---
title: "Log in"
api: "POST https://api.example.com/auth/login"
---

<ParamField body="user" type="string" required />

<ParamField body="password" type="string" required />

<ResponseField name="access_token" type="string" required />

<RequestExample>

```bash
curl https://api.example.com/auth/login --json '{"user": "ann", "password": "<password>"}'
```

</RequestExample>

<ResponseExample>

```json 200
{"access_token": "abc"}
```

</ResponseExample>
"#;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.mdx"), PAGE).unwrap();
    folder
}

#[test]
fn each_source_of_credentials_arrives() {
    let encoded = format!("Basic {}", STANDARD.encode("ann:s3cr3t-1"));
    let bearer = "Bearer s3cr3t-1";
    let cases: [(&[&str], &str, &str); 12] = [
        (
            &["-H", "Authorization: Bearer s3cr3t-1"],
            "authorization",
            bearer,
        ),
        (&["--auth", "bearer:s3cr3t-1"], "authorization", bearer),
        (&["--auth", "bearer:$NOTES_TOKEN"], "authorization", bearer),
        (&["--auth", "basic:ann:s3cr3t-1"], "authorization", &encoded),
        (&["--auth", "key:X-Key=${NOTES_TOKEN}"], "x-key", "s3cr3t-1"),
        (&["--netrc"], "authorization", &encoded),
        (&["--secret", "token=s3cr3t-1"], "authorization", bearer),
        (&["--var", "YOUR_TOKEN=s3cr3t-1"], "authorization", bearer),
        (&["--secrets-file", "secrets"], "authorization", bearer),
        (&["--variables-file", "secrets"], "authorization", bearer),
        (&["--config", "headers.toml"], "authorization", bearer),
        (&["--config", "variables.toml"], "authorization", bearer),
    ];
    for (flags, header, expected) in cases {
        let folder = site();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("secrets", "# ours\ntoken=s3cr3t-1\n");
        write("netrc", "machine 127.0.0.1 login ann password s3cr3t-1\n");
        write(
            "headers.toml",
            "[test.headers]\nAuthorization = \"Bearer s3cr3t-1\"\n",
        );
        write(
            "variables.toml",
            "[test.variables]\nyour_token = \"s3cr3t-1\"\n",
        );
        let server = Server::start(|_| json("{\"text\": \"Hello\"}"));
        let netrc = folder.path().join("netrc");
        let environment = [
            ("NOTES_TOKEN", "s3cr3t-1"),
            ("NETRC", netrc.to_str().unwrap()),
        ];
        let url = server.url();
        let arguments = ["test", ".", "--phase", "examples", "--url", &url];
        let outcome = fieldproof_with(
            &[&arguments[..], flags].concat(),
            folder.path(),
            &environment,
        );
        outcome.ends_with(0);
        let received = server.received();
        assert_eq!(received[0].header(header), Some(expected), "{flags:?}");
    }
}

#[test]
fn the_environment_holds_secrets() {
    let server = Server::start(|_| json("{\"text\": \"Hello\"}"));
    let url = server.url();
    let environment = [("FIELDPROOF_SECRET_TOKEN", "s3cr3t-1")];
    let outcome = fieldproof_with(&["test", ".", "--url", &url], site().path(), &environment);
    outcome.ends_with(0);
    let received = server.received();
    assert_eq!(received[0].header("authorization"), Some("Bearer s3cr3t-1"));
}

/// A server whose tokens are good for a few requests.
#[derive(Default)]
struct Doorkeeper {
    logins: usize,
    /// Requests that the latest token has opened.
    uses: usize,
}

impl Doorkeeper {
    fn answer(&mut self, request: &Received, most: usize) -> Act {
        let refusal = || Act::Answer(401, vec![], "{}".to_owned());
        if request.line == "POST /auth/login" {
            if !request.body.contains("pa55word") {
                return refusal();
            }
            self.logins += 1;
            self.uses = 0;
            return json(&format!("{{\"access_token\": \"t0ken-{}\"}}", self.logins));
        }
        let expected = format!("Bearer t0ken-{}", self.logins);
        self.uses += 1;
        if request.header("authorization") != Some(&expected) || self.uses > most {
            return refusal();
        }
        json(&format!("{{\"text\": \"Hello, {expected}\"}}"))
    }
}

fn with_login(most: usize, password: &str) -> (Outcome, usize) {
    let folder = site();
    fs::write(folder.path().join("login.mdx"), LOGIN).unwrap();
    let config = "[test]\ntoken = \"login.access_token\"\n";
    fs::write(folder.path().join("fieldproof.toml"), config).unwrap();
    let keeper = Arc::new(Mutex::new(Doorkeeper::default()));
    let at = Arc::clone(&keeper);
    let server = Server::start(move |request| at.lock().unwrap().answer(request, most));
    let secret = format!("password={password}");
    let url = server.url();
    let arguments = [
        "test", ".", "--path", "/notes", "--url", &url, "--secret", &secret,
    ];
    let outcome = fieldproof(&arguments, folder.path());
    let logins = keeper.lock().unwrap().logins;
    (outcome, logins)
}

#[test]
fn a_documented_login_gives_the_token() {
    let (outcome, logins) = with_login(usize::MAX, "pa55word");
    outcome.ends_with(0);
    assert_eq!(logins, 1);
}

#[test]
fn a_token_that_is_used_up_is_renewed() {
    let (outcome, logins) = with_login(2, "pa55word");
    outcome.ends_with(0);
    assert!(logins > 1, "{logins}");
    assert!(!(outcome.out + &outcome.err).contains("t0ken-"));
}

/// Who is not let in with a new token either does not ask for a third one.
#[test]
fn a_server_that_takes_no_token_is_asked_twice() {
    let (outcome, logins) = with_login(0, "pa55word");
    outcome.ends_with(1);
    assert_eq!(logins, 2);
}

#[test]
fn a_login_without_a_token_is_never_green() {
    let (outcome, _) = with_login(usize::MAX, "wrong-one");
    outcome.ends_with(4);
    outcome.shows("the login operation POST /auth/login answers 401 Unauthorized without a token at `access_token`");
}

#[test]
fn a_plan_shows_where_the_token_goes() {
    let folder = site();
    fs::write(folder.path().join("login.mdx"), LOGIN).unwrap();
    let config = folder.path().join("fieldproof.toml");
    fs::write(&config, "[test]\ntoken = \"login.access_token\"\n").unwrap();
    let arguments = [
        "test",
        ".",
        "--plan",
        "--format",
        "concise",
        "--path",
        "/notes",
        "--url",
        "http://127.0.0.1:1",
    ];
    let outcome = fieldproof(&arguments, folder.path());
    outcome.ends_with(0);
    outcome.shows("-H 'Authorization: Bearer '\"$AUTHORIZATION\"");
    fs::write(&config, "[test]\ntoken = \"signin.access_token\"\n").unwrap();
    let outcome = fieldproof(&arguments, folder.path());
    outcome.ends_with(2);
    outcome.shows("no page documents the operation of `signin.access_token`; did you mean");
}

/// The secrets of the next test, each from another source.
const SECRETS: [&str; 6] = [
    "s3cr3t/\"one\" x",
    "s3cr3t+two&é",
    "s3cr3t-three",
    "s3cr3t-four",
    "s3cr3t-five",
    "s3cr3t-six",
];

/// All that a server may make of a text.
fn forms(text: &str) -> Vec<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escaped: String = text
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let in_json = serde_json::Value::from(text).to_string();
    vec![
        text.to_owned(),
        escaped.to_lowercase(),
        escaped,
        in_json.trim_matches('"').to_owned(),
        STANDARD.encode(text),
        STANDARD.encode(format!("user:{text}")),
        STANDARD.encode(format!("ab{text}")),
    ]
}

/// A server that sends all secrets back, in every form, where pages promise something else.
fn echo(request: &Received) -> Act {
    let all: Vec<String> = SECRETS.iter().flat_map(|it| forms(it)).collect();
    let text = all.join(" | ");
    let members: serde_json::Map<String, serde_json::Value> =
        all.iter().map(|it| (it.clone(), 1.into())).collect();
    let body = serde_json::json!({ "text": [text], "echo": members, "own": request.line });
    let headers = vec![
        ("Content-Type", "application/json".to_owned()),
        ("Location", format!("/notes/{}", forms(SECRETS[2])[1])),
    ];
    Act::Answer(200, headers, body.to_string())
}

/// Every text below a folder.
fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
}

#[test]
fn no_output_holds_a_secret_in_any_form() {
    let formats = [
        "human", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html",
        "har", "ndjson", "hurl", "shell", "run",
    ];
    let folder = site();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    let secrets = tempfile::tempdir().unwrap();
    let file = secrets.path().join("secrets");
    fs::write(&file, format!("third={}\n", SECRETS[2])).unwrap();
    let config = format!("[test.headers]\nX-Api-Key = \"{}\"\n", SECRETS[3]);
    let config_file = secrets.path().join("settings.toml");
    fs::write(&config_file, config).unwrap();
    write(
        "create.mdx",
        PAGE.replace("GET https", "POST https")
            .replace("curl '", "curl -X POST '"),
    );
    let server = Server::start(echo);
    let reports = folder.path().join("out");
    fs::create_dir(&reports).unwrap();
    let at = |name: &str| reports.join(name).display().to_string();
    let url = server.url();
    let given = [
        format!("space-key={}", SECRETS[0]),
        format!("bearer:{}", SECRETS[1]),
        format!("X-Session-Token: {}", SECRETS[5]),
    ];
    let mut arguments: Vec<String> = ["test", ".", "--url", &url].map(str::to_owned).to_vec();
    let files = [
        ("--secret", given[0].clone()),
        ("--auth", given[1].clone()),
        ("-H", given[2].clone()),
        ("--secrets-file", file.display().to_string()),
        ("--config", config_file.display().to_string()),
        ("--leftovers", at("left.json")),
    ];
    for (flag, value) in files {
        arguments.extend([flag.to_owned(), value]);
    }
    for format in formats {
        arguments.extend(["--report".to_owned(), format!("{format}={}", at(format))]);
    }
    let environment = [("FIELDPROOF_SECRET_FIFTH", SECRETS[4])];
    let mut found = Vec::new();
    for more in [&[][..], &["--plan"]] {
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if !more.is_empty() {
            arguments.retain(|it| !it.starts_with("--report") && !it.contains("=/"));
        }
        let outcome = fieldproof_with(
            &[&arguments[..], more].concat(),
            folder.path(),
            &environment,
        );
        assert!(outcome.code < 2, "{}", outcome.err);
        found.push(("standard output".to_owned(), outcome.out));
        found.push(("standard error".to_owned(), outcome.err));
    }
    texts(&reports, &mut found);
    assert!(found.len() >= formats.len() + 4);
    let requests = server.received();
    assert!(
        requests
            .iter()
            .any(|it| it.header("authorization").is_some())
    );
    for (name, text) in &found {
        for secret in SECRETS {
            for form in forms(secret) {
                let at = text.find(&form);
                let around = at.and_then(|at| text.get(at.saturating_sub(200)..at + form.len()));
                assert_eq!(around, None, "{name} holds {form}");
            }
        }
    }
}
