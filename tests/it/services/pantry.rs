//! A pantry: what its pages leave to a guide, to a page of problems, and to sentences. Objects stand in a table, errors have a
//! media type and name who is at fault, headers mean something over many answers, and there is room for so many.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Content, Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "pantry",
    arguments: &[],
    table: "",
    false_alarms: 0,
    start: || Box::<Pantry>::default(),
};

const ADD: &str = "POST /shelves";
const ALL: &str = "GET /shelves";
const ONE: &str = "GET /shelves/{shelf_id}";
const REPLACE: &str = "PUT /shelves/{shelf_id}";
const JAR: &str = "POST /shelves/{shelf_id}/jars";

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    ("shelf-without-version", "missing-response-member", ADD),
    ("listed-without-version", "missing-response-member", ALL),
    ("time-in-seconds", "response-format", ADD),
    ("not-ok", "missing-response-member", ""),
    ("same-trace", "response-header-value", ""),
    ("calls-stand-still", "response-header-value", ""),
    ("tag-stands-still", "response-header-value", ONE),
    ("tag-without-quotes", "response-header-value", ONE),
    ("errors-as-json", "response-header-value", ""),
    ("another-problem", "response-value", ""),
    ("another-status", "response-value", ""),
    ("nobody-at-fault", "wrong-blame", ""),
    ("no-names", "missing-response-member", ""),
    ("key-is-ignored", "input-without-effect", ADD),
    ("no-word-of-replay", "response-header-value", ADD),
    ("code-twice", "accepted-again", ADD),
    ("seven-letters", "invalid-value-accepted", ADD),
    ("small-letters", "invalid-value-accepted", ADD),
    ("four-labels", "invalid-value-accepted", ADD),
    ("labels-as-sent", "input-not-kept", ADD),
    ("labels-in-order", "input-not-kept", ADD),
    ("note-of-21", "invalid-value-accepted", ADD),
    ("note-is-empty", "default-not-applied", ADD),
    ("number-as-code", "invalid-value-accepted", ADD),
    ("any-version", "invalid-value-accepted", REPLACE),
    ("stale-is-409", "response-value", REPLACE),
    ("first-label-alone", "input-without-effect", ALL),
    ("holding-is-ignored", "input-without-effect", ALL),
    ("pages-of-20", "default-not-applied", ALL),
    ("pages-of-5", "default-not-applied", ALL),
    ("nine-jars", "invalid-value-accepted", JAR),
    ("seven-jars", "refused-value", JAR),
    ("full-is-422", "unexpected-refusal", JAR),
    ("nameless-jar", "invalid-value-accepted", JAR),
    ("beside-nothing", "unknown-id-accepted", JAR),
];

#[test]
fn guides_problems_and_sentences_are_no_findings_by_themselves() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    let all = "7 of 7 operations exercised";
    assert!(trial.shown.contains(all), "{}", trial.shown);
}

#[test]
fn faults_against_guides_problems_and_sentences_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The shelves and the jars.
#[derive(Default)]
struct Pantry {
    shelves: Vec<Value>,
    jars: Vec<Value>,
    keys: Vec<(String, Value, Value)>,
    next: u64,
    calls: u64,
}

impl Service for Pantry {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        self.calls += 1;
        let mut reply = match self.called(request, seed) {
            Ok(reply) => reply,
            Err(problem) => problem.reply(seed),
        };
        if seed.is("not-ok")
            && let Content::Json(Value::Object(body)) = &mut reply.body
        {
            body.remove("ok");
        }
        let calls = if seed.is("calls-stand-still") {
            9
        } else {
            100_000 - self.calls
        };
        let trace = if seed.is("same-trace") { 1 } else { self.calls };
        let reply = reply.with("x-calls-left", &calls.to_string());
        reply.with("x-trace", &format!("t{trace}"))
    }
}

/// Why a request is refused.
struct Problem(u16, &'static str, Vec<String>);

impl Problem {
    fn reply(self, seed: &Seed) -> Reply {
        let Self(status, word, names) = self;
        let word = if seed.is("another-problem") {
            "oops"
        } else {
            word
        };
        let said = if seed.is("another-status") {
            400
        } else {
            status
        };
        let names = if seed.is("nobody-at-fault") {
            Vec::new()
        } else {
            names
        };
        let kind = format!("https://pantry.example.org/problems/{word}");
        let said = if seed.is("another-status") && status == 400 {
            422
        } else {
            said
        };
        let mut body = json!({"type": kind, "status": said, "names": names});
        if seed.is("no-names")
            && let Some(body) = body.as_object_mut()
        {
            body.remove("names");
        }
        let mut reply = Reply::json(status, body);
        if !seed.is("errors-as-json") {
            reply.headers = vec![(
                "content-type".to_owned(),
                "application/problem+json".to_owned(),
            )];
        }
        reply
    }
}

fn absent() -> Problem {
    Problem(404, "absent", Vec::new())
}

fn invalid(name: &str) -> Problem {
    Problem(422, "invalid", vec![name.to_owned()])
}

fn members(request: &Request) -> Result<Map<String, Value>, Problem> {
    let syntax = || Problem(400, "syntax", Vec::new());
    let body = request.json().ok_or_else(syntax)?;
    body.as_object().cloned().ok_or_else(syntax)
}

fn in_range(request: &Request, name: &str, default: usize) -> Result<usize, Problem> {
    let Some(text) = request.query(name) else {
        return Ok(default);
    };
    let number = text.parse().map_err(|_| invalid(name))?;
    if (1..=50).contains(&number) {
        Ok(number)
    } else {
        Err(invalid(name))
    }
}

impl Pantry {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn called(&mut self, request: &Request, seed: &Seed) -> Result<Reply, Problem> {
        let parts = request.parts("/v1");
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["shelves"]) => self.add(request, seed),
            ("GET", ["shelves"]) => self.all(request, seed),
            (method, ["shelves", id, rest @ ..]) => {
                let place = self.shelves.iter().position(|it| it["id"] == *id);
                let place = place.ok_or_else(absent)?;
                match (method, rest) {
                    ("GET", []) => Ok(self.one(place, seed)),
                    ("PUT", []) => self.replace(place, request, seed),
                    ("DELETE", []) => {
                        let stand = self.shelves.remove(place);
                        self.jars.retain(|jar| jar["shelf_id"] != stand["id"]);
                        Ok(Reply::empty(204))
                    }
                    ("POST", ["jars"]) => self.put(place, request, seed),
                    ("GET", ["jars"]) => {
                        let id = &self.shelves[place]["id"];
                        let jars = self.jars.iter().filter(|jar| jar["shelf_id"] == *id);
                        let jars: Vec<_> = jars.collect();
                        Ok(Reply::json(200, json!({"ok": true, "jars": jars})))
                    }
                    _ => Err(absent()),
                }
            }
            _ => Err(absent()),
        }
    }

    /// What a request says of a stand.
    fn content(
        &self,
        request: &Request,
        own: &str,
        seed: &Seed,
    ) -> Result<Map<String, Value>, Problem> {
        let body = members(request)?;
        let code = body.get("code").ok_or_else(|| invalid("code"))?;
        let is_number = code.is_number() && seed.is("number-as-code");
        let text = code.as_str().unwrap_or_default();
        let most = if seed.is("seven-letters") { 7 } else { 6 };
        let is_small = seed.is("small-letters") && text.chars().all(|c| c.is_ascii_lowercase());
        let is_capital = is_small || text.chars().all(|c| c.is_ascii_uppercase());
        if !is_number && (!(4..=most).contains(&text.len()) || !is_capital) {
            return Err(invalid("code"));
        }
        let is_taken = |it: &&Value| it["code"] == *code && it["id"] != own;
        if self.shelves.iter().any(|it| is_taken(&it)) && !seed.is("code-twice") {
            return Err(Problem(409, "taken", vec!["code".to_owned()]));
        }
        let labels = body.get("labels").cloned().unwrap_or_else(|| json!([]));
        let labels = labels.as_array().ok_or_else(|| invalid("labels"))?;
        let texts: Option<Vec<&str>> = labels.iter().map(Value::as_str).collect();
        let texts = texts.ok_or_else(|| invalid("labels"))?;
        let most = if seed.is("four-labels") { 4 } else { 3 };
        if texts.len() > most {
            return Err(invalid("labels"));
        }
        let mut kept: Vec<String> = Vec::new();
        for text in texts {
            let small = text.to_lowercase();
            if seed.is("labels-as-sent") {
                kept.push(text.to_owned());
            } else if !kept.contains(&small) {
                kept.push(small);
            }
        }
        if seed.is("labels-in-order") {
            kept.sort();
        }
        let note = body.get("note").cloned().unwrap_or_default();
        let length = note.as_str().map(|text| text.chars().count());
        let most = if seed.is("note-of-21") { 21 } else { 20 };
        if !note.is_null() && length.is_none_or(|length| length > most) {
            return Err(invalid("note"));
        }
        let note = if note.is_null() && seed.is("note-is-empty") {
            json!("")
        } else {
            note
        };
        let content = json!({"code": code, "labels": kept, "note": note});
        Ok(content.as_object().cloned().unwrap_or_default())
    }

    fn add(&mut self, request: &Request, seed: &Seed) -> Result<Reply, Problem> {
        let body = Value::Object(members(request)?);
        let key = request.header("idempotency-key").map(str::to_owned);
        let key = key.filter(|_| !seed.is("key-is-ignored"));
        let known = self
            .keys
            .iter()
            .find(|(known, ..)| Some(known) == key.as_ref());
        match known {
            Some((_, first, answer)) if *first == body => {
                let reply = Reply::json(201, answer.clone());
                let is_silent = seed.is("no-word-of-replay");
                return Ok(if is_silent {
                    reply
                } else {
                    reply.with("replayed-answer", "true")
                });
            }
            Some(_) => return Err(Problem(409, "taken", Vec::new())),
            None => {}
        }
        let mut stand = self.content(request, "", seed)?;
        let number = self.number();
        let made = 1_893_499_200_000_u64 + number;
        let made = if seed.is("time-in-seconds") {
            made / 1000
        } else {
            made
        };
        stand.insert("id".to_owned(), json!(format!("shf_{number}")));
        stand.insert("version".to_owned(), json!(1));
        stand.insert("made_at".to_owned(), json!(made));
        self.shelves.push(Value::Object(stand.clone()));
        if seed.is("shelf-without-version") {
            stand.remove("version");
        }
        let answer = json!({"ok": true, "shelf": stand});
        self.keys.extend(key.map(|key| (key, body, answer.clone())));
        Ok(Reply::json(201, answer))
    }

    fn all(&self, request: &Request, seed: &Seed) -> Result<Reply, Problem> {
        let default = match () {
            () if seed.is("pages-of-20") => 20,
            () if seed.is("pages-of-5") => 5,
            () => 8,
        };
        let limit = in_range(request, "limit", default)?;
        let page = in_range(request, "page", 1)?;
        let mut shelves = self.shelves.clone();
        if let Some(label) = request.query("label") {
            let most = if seed.is("first-label-alone") { 1 } else { 3 };
            shelves.retain(|it| {
                let mut labels = it["labels"].as_array().into_iter().flatten().take(most);
                labels.any(|it| it == label)
            });
        }
        let holding = request
            .query("holding")
            .filter(|_| !seed.is("holding-is-ignored"));
        if let Some(name) = holding {
            let has = |it: &Value| {
                let mut jars = self.jars.iter();
                jars.any(|jar| jar["shelf_id"] == it["id"] && jar["name"] == name)
            };
            shelves.retain(has);
        }
        let shelves = shelves.into_iter().skip((page - 1) * limit).take(limit);
        let mut shelves: Vec<Value> = shelves.collect();
        for stand in shelves.iter_mut().filter_map(Value::as_object_mut) {
            if seed.is("listed-without-version") {
                stand.remove("version");
            }
        }
        Ok(Reply::json(200, json!({"ok": true, "shelves": shelves})))
    }

    fn one(&self, place: usize, seed: &Seed) -> Reply {
        let stand = self.shelves[place].clone();
        let version = if seed.is("tag-stands-still") {
            json!(1)
        } else {
            stand["version"].clone()
        };
        let tag = if seed.is("tag-without-quotes") {
            version.to_string()
        } else {
            format!("\"{version}\"")
        };
        Reply::json(200, json!({"ok": true, "shelf": stand})).with("etag", &tag)
    }

    fn replace(&mut self, place: usize, request: &Request, seed: &Seed) -> Result<Reply, Problem> {
        let own = self.shelves[place]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let content = self.content(request, &own, seed)?;
        let tag = format!("\"{}\"", self.shelves[place]["version"]);
        let is_stale = request.header("if-match").is_some_and(|it| it != tag);
        if is_stale && !seed.is("any-version") {
            let status = if seed.is("stale-is-409") { 409 } else { 412 };
            return Err(Problem(status, "stale", Vec::new()));
        }
        let stand = &mut self.shelves[place];
        for (name, value) in content {
            stand[name] = value;
        }
        stand["version"] = json!(stand["version"].as_u64().unwrap_or_default() + 1);
        Ok(Reply::json(200, json!({"ok": true, "shelf": stand})))
    }

    fn put(&mut self, place: usize, request: &Request, seed: &Seed) -> Result<Reply, Problem> {
        let body = members(request)?;
        let id = self.shelves[place]["id"].clone();
        let name = body.get("name").and_then(Value::as_str);
        let name = name.ok_or_else(|| invalid("name"))?;
        let least = usize::from(!seed.is("nameless-jar"));
        if !(least..=30).contains(&name.chars().count()) {
            return Err(invalid("name"));
        }
        let beside = body.get("beside_id").cloned().unwrap_or_default();
        let own: Vec<_> = self
            .jars
            .iter()
            .filter(|jar| jar["shelf_id"] == id)
            .collect();
        let is_there = own.iter().any(|jar| jar["id"] == beside) || seed.is("beside-nothing");
        let is_right = beside.is_null() || beside.is_string() && is_there;
        if !is_right {
            return Err(invalid("beside_id"));
        }
        let room = match () {
            () if seed.is("nine-jars") => 9,
            () if seed.is("seven-jars") => 7,
            () => 8,
        };
        if own.len() >= room {
            let status = if seed.is("full-is-422") { 422 } else { 409 };
            return Err(Problem(status, "full", Vec::new()));
        }
        let number = self.number();
        let jar = json!({"id": format!("jar_{number}"), "shelf_id": id, "name": name, "beside_id": beside});
        self.jars.push(jar.clone());
        Ok(Reply::json(201, json!({"ok": true, "jar": jar})))
    }
}
