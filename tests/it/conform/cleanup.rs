//! What a run makes is removed, or listed and kept for `--cleanup`; what it did not make is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use super::fieldproof;
use super::server::{Act, Received, Server};

/// The pages of a shop of pens: create, read, update, and delete.
fn pages(folder: &Path) {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/conform/pens");
    for page in fs::read_dir(pages).unwrap() {
        let page = page.unwrap();
        fs::copy(page.path(), folder.join(page.file_name())).unwrap();
    }
}

/// What the shop holds, and what is to be different in a test.
#[derive(Clone, Debug, Default)]
struct Shop {
    pens: BTreeMap<String, String>,
    made: usize,
    /// Deletes are refused.
    keeps_all: bool,
}

impl Shop {
    fn answer(&mut self, request: &Received) -> Act {
        let headers = || vec![("Content-Type", "application/json".to_owned())];
        let (method, path) = request.line.split_once(' ').unwrap();
        let id = path
            .strip_prefix("/pens")
            .unwrap_or_default()
            .trim_start_matches('/');
        let sent: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
        let colour = sent["colour"].as_str().map(str::to_owned);
        let shown =
            |id: &str, colour: &str| format!("{{\"id\": \"{id}\", \"colour\": \"{colour}\"}}");
        if request
            .header("authorization")
            .is_none_or(|it| !it.contains("s3cr3t"))
        {
            return Act::Answer(401, headers(), "{}".to_owned());
        }
        match (method, self.pens.get(id).cloned()) {
            ("POST", _) => {
                let Some(colour) = colour else {
                    return Act::Answer(422, headers(), "{}".to_owned());
                };
                self.made += 1;
                let id = format!("new_{}", self.made);
                self.pens.insert(id.clone(), colour.clone());
                Act::Answer(201, headers(), shown(&id, &colour))
            }
            (_, None) => Act::Answer(404, headers(), "{}".to_owned()),
            ("GET", Some(colour)) => Act::Answer(200, headers(), shown(id, &colour)),
            ("PATCH", Some(old)) => {
                let colour = colour.unwrap_or(old);
                self.pens.insert(id.to_owned(), colour.clone());
                Act::Answer(200, headers(), shown(id, &colour))
            }
            ("DELETE", _) if self.keeps_all => Act::Answer(409, headers(), "{}".to_owned()),
            ("DELETE", _) => {
                self.pens.remove(id);
                Act::Answer(204, vec![], String::new())
            }
            _ => Act::Answer(405, headers(), "{}".to_owned()),
        }
    }
}

/// The pens that are not the run's own.
fn foreign() -> BTreeMap<String, String> {
    let pens = ["pen_1", "pen_2"];
    pens.map(|id| (id.to_owned(), "green".to_owned())).into()
}

fn start(shop: &Arc<Mutex<Shop>>) -> Server {
    let shop = Arc::clone(shop);
    Server::start(move |request| shop.lock().unwrap().answer(request))
}

fn shop() -> Arc<Mutex<Shop>> {
    let pens = foreign();
    Arc::new(Mutex::new(Shop {
        pens,
        ..Shop::default()
    }))
}

/// The ids that requests other than reads named.
fn written(server: &Server) -> Vec<String> {
    let requests = server.received();
    let writes = requests.iter().filter(|it| !it.line.starts_with("GET"));
    let ids = writes.filter_map(|it| it.line.split_once("/pens/").map(|(_, id)| id.to_owned()));
    ids.collect()
}

const ARGUMENTS: [&str; 5] = ["test", ".", "--secret", "token=s3cr3t-value", "--url"];

#[test]
fn a_run_leaves_nothing_and_changes_only_what_it_made() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    let server = start(&shop);
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&server.url()]].concat(), folder.path());
    outcome.ends_with(0);
    assert!(shop.lock().unwrap().made > 0);
    assert_eq!(shop.lock().unwrap().pens, foreign());
    let ids = written(&server);
    assert!(!ids.is_empty());
    assert!(ids.iter().all(|id| !foreign().contains_key(id)), "{ids:?}");
    assert!(!folder.path().join("fieldproof-leftovers.json").exists());
}

#[test]
fn limits_do_not_leave_anything() {
    for most in ["1", "2", "3", "5", "8"] {
        let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
        pages(folder.path());
        let server = start(&shop);
        let url = server.url();
        fieldproof(
            &[&ARGUMENTS[..], &[&url, "--max-requests", most]].concat(),
            folder.path(),
        );
        assert_eq!(shop.lock().unwrap().pens, foreign(), "{most}");
    }
}

#[test]
fn what_cannot_be_removed_is_listed_and_removed_by_cleanup() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    shop.lock().unwrap().keeps_all = true;
    let server = start(&shop);
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&server.url()]].concat(), folder.path());
    let left: Vec<String> = shop
        .lock()
        .unwrap()
        .pens
        .keys()
        .filter(|id| id.starts_with("new"))
        .cloned()
        .collect();
    assert!(!left.is_empty());
    for id in &left {
        let line = format!(
            "  pen {id}  curl -X DELETE {}/pens/{id} -H 'Authorization: Bearer '\"$TOKEN\"",
            server.url()
        );
        outcome.shows(&line);
    }
    let file = folder.path().join("fieldproof-leftovers.json");
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("s3cr3t"), "{text}");
    assert!(
        outcome
            .out
            .ends_with("remove it with: fieldproof test --cleanup fieldproof-leftovers.json\n")
    );

    let cleanup = ["test", "--cleanup", "fieldproof-leftovers.json"];
    let secret = ["--secret", "TOKEN=s3cr3t-value"];
    // Without the secret nothing can be sent, and nothing is forgotten.
    let outcome = fieldproof(&cleanup, folder.path());
    outcome.ends_with(1);
    outcome.shows("its request needs the secret `TOKEN`");
    // The server still refuses.
    let outcome = fieldproof(&[&cleanup[..], &secret].concat(), folder.path());
    outcome.ends_with(1);
    outcome.shows(": the server answers 409 Conflict");
    assert!(file.exists());

    shop.lock().unwrap().keeps_all = false;
    let outcome = fieldproof(&[&cleanup[..], &secret].concat(), folder.path());
    outcome.ends_with(0);
    assert!(
        outcome
            .out
            .ends_with(&format!("{} removed, 0 left\n", left.len())),
        "{}",
        outcome.out
    );
    assert_eq!(shop.lock().unwrap().pens, foreign());
    assert!(!file.exists());
    assert!(
        written(&server)
            .iter()
            .all(|id| !foreign().contains_key(id))
    );
}

/// Who chooses some operations gets what they need made, and removed; neither is judged.
#[test]
fn what_chosen_operations_need_is_made_for_them() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    let server = start(&shop);
    let chosen = [server.url(), "--method".to_owned(), "GET".to_owned()];
    let chosen = chosen.each_ref().map(String::as_str);
    let outcome = fieldproof(&[&ARGUMENTS[..], &chosen].concat(), folder.path());
    outcome.ends_with(0);
    outcome.shows("1 of 4 operations exercised");
    outcome.shows("called to prepare, and not judged: POST /pens, DELETE /pens/{pen_id}");
    assert_eq!(shop.lock().unwrap().pens, foreign());
    let requests = server.received();
    let count = |start: &str| {
        requests
            .iter()
            .filter(|it| it.line.starts_with(start))
            .count()
    };
    assert_eq!((count("POST"), count("DELETE"), count("PATCH")), (1, 1, 0));
}

/// Runs against several servers share the file, and what no operation removes is not in it.
#[test]
fn leftovers_belong_to_their_server() {
    let folder = tempfile::tempdir().unwrap();
    pages(folder.path());
    let shops = [shop(), shop()];
    let servers = shops.each_ref().map(start);
    for (shop, server) in shops.iter().zip(&servers) {
        shop.lock().unwrap().keeps_all = true;
        fieldproof(&[&ARGUMENTS[..], &[&server.url()]].concat(), folder.path());
    }
    let [first, second] = servers.each_ref().map(Server::url);
    let arguments = [
        "test",
        "--cleanup",
        "fieldproof-leftovers.json",
        "--secret",
        "TOKEN=s3cr3t-value",
    ];
    let outcome = fieldproof(&arguments, folder.path());
    outcome.ends_with(2);
    outcome.shows("choose one of them with --url");
    shops[0].lock().unwrap().keeps_all = false;
    let outcome = fieldproof(
        &[&arguments[..], &["--url", &first]].concat(),
        folder.path(),
    );
    outcome.ends_with(0);
    assert_eq!(shops[0].lock().unwrap().pens, foreign());
    let file = folder.path().join("fieldproof-leftovers.json");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(&second) && !text.contains(&first), "{text}");

    fs::remove_file(&file).unwrap();
    fs::remove_file(folder.path().join("delete-pen.mdx")).unwrap();
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&first]].concat(), folder.path());
    outcome.shows("no documented operation removes it");
    assert!(!outcome.out.contains("--cleanup"), "{}", outcome.out);
    assert!(!file.exists());
}

#[test]
fn a_file_that_lists_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("other.json"), "{}").unwrap();
    for name in ["other.json", "missing.json"] {
        let outcome = fieldproof(&["test", "--cleanup", name], folder.path());
        outcome.ends_with(2);
        outcome.shows(&format!("`{name}` cannot be used"));
    }
}

/// The signal comes in the middle of the run, while a request waits for its answer.
#[cfg(unix)]
#[test]
fn an_interrupted_run_removes_what_it_made() {
    for (signal, method) in [("INT", "GET"), ("TERM", "GET"), ("INT", "PATCH")] {
        let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
        pages(folder.path());
        let child: Arc<Mutex<Option<u32>>> = Arc::default();
        let (at, process) = (Arc::clone(&shop), Arc::clone(&child));
        let server = Server::start(move |request| {
            let answer = at.lock().unwrap().answer(request);
            let waiting = process
                .lock()
                .unwrap()
                .take_if(|_| request.line.starts_with(method));
            match waiting {
                Some(id) => {
                    let id = id.to_string();
                    let kill = Command::new("kill").args(["-s", signal, &id]).status();
                    assert!(kill.unwrap().success());
                    // What reads is given up at once; what writes is waited for.
                    if method == "GET" { Act::Hang } else { answer }
                }
                None => answer,
            }
        });
        // The server waits for the id of the process before it answers anything.
        let mut number = child.lock().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_fieldproof"))
            .args([&ARGUMENTS[..], &[&server.url()]].concat())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        *number = Some(process.id());
        drop(number);
        let output = process.wait_with_output().unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(4), "{signal}: {shown}");
        assert!(
            shown.contains("the run was interrupted before its end"),
            "{shown}"
        );
        assert_eq!(shop.lock().unwrap().pens, foreign(), "{signal} {method}");
    }
}

/// An answer that never comes may be one about something that was made.
#[test]
fn a_create_without_an_answer_is_listed() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    let at = Arc::clone(&shop);
    let server = Server::start(move |request| {
        let mut shop = at.lock().unwrap();
        let answer = shop.answer(request);
        let is_second = request.line.starts_with("POST") && shop.made == 2;
        if is_second {
            Act::Raw(Vec::new())
        } else {
            answer
        }
    });
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&server.url()]].concat(), folder.path());
    let line = "  perhaps pen  POST /pens was sent and not answered\n";
    let is_left = shop.lock().unwrap().pens.contains_key("new_2");
    assert_eq!(outcome.out.contains(line), is_left, "{}", outcome.out);
    assert!(is_left);
}

/// Verbs in paths, ids in bodies, and `GET`s that destroy: nothing that the run did not make is named.
#[test]
fn ids_of_examples_are_not_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let pages = [
        (
            "a",
            "POST https://api.example.com/delete-pen",
            "-d '{\"id\": \"pen_1\"}'",
            "",
        ),
        (
            "b",
            "GET https://api.example.com/pens/{pen_id}/delete",
            "",
            "/pens/pen_1/delete",
        ),
        (
            "c",
            "GET https://api.example.com/pens/purge",
            "",
            "/pens/purge?id=pen_1",
        ),
        (
            "d",
            "PUT https://api.example.com/inks/{ink_id}",
            "-d '{\"colour\": \"red\"}'",
            "/inks/ink_1",
        ),
        (
            "e",
            "POST https://api.example.com/inks/{ink_id}/archive",
            "",
            "/inks/ink_1/archive",
        ),
        ("f", "GET https://api.example.com/inks", "", "/inks"),
    ];
    for (name, api, data, path) in pages {
        let method = api.split(' ').next().unwrap();
        let path = if path.is_empty() { "/delete-pen" } else { path };
        let text = format!(
            "---\ntitle: {name}\napi: {api}\n---\n\n<RequestExample>\n\n```bash\ncurl -X {method} 'https://api.example.com{path}' {data}\n```\n\n</RequestExample>\n"
        );
        fs::write(folder.path().join(format!("{name}.mdx")), text).unwrap();
    }
    let server = Server::start(|_| super::server::json("{\"id\": \"ink_7\"}"));
    let outcome = fieldproof(&["test", ".", "--url", &server.url()], folder.path());
    outcome.ends_with(0);
    let lines: Vec<_> = server.received().into_iter().map(|it| it.line).collect();
    assert!(lines.iter().all(|it| it == "GET /inks"), "{lines:?}");
    outcome.shows("5 not made by the run");
}

/// What the configuration lists may be changed and deleted, and is not tidied up.
#[test]
fn disposable_ids_are_changed_and_deleted() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    fs::remove_file(folder.path().join("create-pen.mdx")).unwrap();
    let server = start(&shop);
    let url = server.url();
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&url]].concat(), folder.path());
    assert_eq!(shop.lock().unwrap().pens, foreign(), "{}", outcome.out);
    assert_eq!(written(&server), [""; 0]);

    let config = "[test.disposable]\npen_id = [\"pen_2\"]\n";
    fs::write(folder.path().join("fieldproof.toml"), config).unwrap();
    let outcome = fieldproof(&[&ARGUMENTS[..], &[&url]].concat(), folder.path());
    let ids = written(&server);
    assert!(!ids.is_empty(), "{}{}", outcome.out, outcome.err);
    assert!(ids.iter().all(|id| id != "pen_1"), "{ids:?}");
    let left: Vec<_> = shop.lock().unwrap().pens.keys().cloned().collect();
    assert_eq!(left, ["pen_1"]);
}

/// What a page warns of, and what the configuration knows better.
#[test]
fn warnings_of_pages_and_classes_of_the_configuration_decide_what_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let page = |api: &str, text: &str| format!("---\ntitle: A\napi: {api}\n---\n\n{text}\n");
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write(
        "a.mdx",
        page(
            "GET https://api.example.com/a",
            "{/* fieldproof-unsafe: rings a bell */}",
        ),
    );
    write("b.mdx", page("POST https://api.example.com/b", ""));
    write("c.mdx", page("GET https://api.example.com/c", ""));
    let plan = |more: &[&str]| {
        let arguments = [
            "test",
            ".",
            "--plan",
            "--format",
            "concise",
            "--phase",
            "examples",
            "--url",
            "https://api.example.com",
        ];
        fieldproof(&[&arguments[..], more].concat(), folder.path())
    };
    let outcome = plan(&["--allow-writes"]);
    assert!(
        !outcome.out.contains("curl https://api.example.com/a"),
        "{}",
        outcome.out
    );
    outcome.shows("its page says `fieldproof-unsafe`");
    outcome.shows("curl -X POST https://api.example.com/b");

    let classes = "[test.operations]\n\"GET /a\".class = \"read\"\n\"POST /b\".class = \"read\"\n\"GET /c\".class = \"external\"\n";
    write("fieldproof.toml", classes.to_owned());
    let outcome = plan(&[]);
    outcome.shows("curl https://api.example.com/a");
    outcome.shows("curl -X POST https://api.example.com/b");
    outcome.shows("it may reach people or money");

    write("fieldproof.toml", classes.replace("GET /c", "GET /d"));
    let outcome = plan(&[]);
    outcome.ends_with(2);
    let words = "`test.operations` names `GET /d`, which no page documents; did you mean `GET /";
    outcome.shows(words);
}

/// What is only looked up is not taken for made, and is not removed.
#[test]
fn what_a_lookup_shows_is_not_removed() {
    let (shop, folder) = (shop(), tempfile::tempdir().unwrap());
    pages(folder.path());
    fs::remove_file(folder.path().join("create-pen.mdx")).unwrap();
    let page = fs::read_to_string(folder.path().join("read-pen.mdx")).unwrap();
    let page = page.replace(
        "GET https://api.example.com/pens/{pen_id}",
        "POST https://api.example.com/pens/lookup",
    );
    let page = page.replace(
        "-X GET https://api.example.com/pens/pen_1",
        "-X POST https://api.example.com/pens/lookup",
    );
    fs::write(folder.path().join("look-up-pen.mdx"), page).unwrap();
    let at = Arc::clone(&shop);
    let server = Server::start(move |request| {
        if request.line == "POST /pens/lookup" {
            return super::server::json("{\"id\": \"pen_2\", \"colour\": \"green\"}");
        }
        at.lock().unwrap().answer(request)
    });
    fieldproof(&[&ARGUMENTS[..], &[&server.url()]].concat(), folder.path());
    assert_eq!(shop.lock().unwrap().pens, foreign());
    assert!(
        server
            .received()
            .iter()
            .any(|it| it.line == "POST /pens/lookup")
    );
}
