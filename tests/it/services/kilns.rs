//! Kilns, and firings that take them for some days: what is sent to a place that is taken says nothing about what it was
//! sent for.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "kilns",
    arguments: &["--auth", "key:X-Pottery-Key=clay_9f27c1"],
    table: "",
    false_alarms: 0,
    start: || Box::<Kilns>::default(),
};

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "empty-before-load",
        "invalid-value-accepted",
        "POST /v1/firings",
    ),
    ("eleven-days", "invalid-value-accepted", "POST /v1/firings"),
    (
        "long-note-is-taken",
        "invalid-value-accepted",
        "POST /v1/firings",
    ),
    ("note-is-not-kept", "input-not-kept", "POST /v1/firings"),
    (
        "stopped-are-planned",
        "input-without-effect",
        "GET /v1/firings",
    ),
    (
        "hot-without-effect",
        "input-without-effect",
        "GET /v1/firings",
    ),
    ("stopped-are-counted", "wrong-count", "GET /v1/kilns/{id}"),
    ("bottle-is-empty", "input-not-kept", "POST /v1/kilns"),
    (
        "no-key-to-plan",
        "credentials-not-enforced",
        "POST /v1/firings",
    ),
];

#[test]
fn there_is_room_for_what_is_sent_later() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    assert!(
        trial.shown.contains("6 of 6 operations exercised"),
        "{}",
        trial.shown
    );
}

#[test]
fn faults_behind_a_place_that_is_taken_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The kilns and the firings.
#[derive(Default)]
struct Kilns {
    ovens: Vec<Value>,
    firings: Vec<Value>,
    next: u64,
}

impl Service for Kilns {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        let method = request.method.as_str();
        let is_open =
            seed.is("no-key-to-plan") && (method, parts.as_slice()) == ("POST", &["firings"]);
        if request.header("x-pottery-key") != Some("clay_9f27c1") && !is_open {
            return error(401, "no_key");
        }
        let body = match (request.json(), request.body.is_empty()) {
            (Some(Value::Object(members)), _) => members,
            (_, true) => Map::new(),
            _ => return error(400, "unreadable"),
        };
        match (method, parts.as_slice()) {
            ("POST", ["kilns"]) => self.add(&body, seed),
            ("GET", ["kilns", id]) => self.kiln(id, seed),
            ("POST", ["firings"]) => self.plan(&body, seed),
            ("GET", ["firings"]) => self.list(request, seed),
            ("GET", ["firings", id]) => match self.firings.iter().find(|it| it["id"] == *id) {
                Some(firing) => Reply::json(200, firing.clone()),
                None => error(404, "unknown"),
            },
            ("POST", ["firings", id, "stop"]) => self.stop(id),
            _ => error(404, "unknown"),
        }
    }
}

fn error(status: u16, code: &str) -> Reply {
    Reply::json(status, json!({"code": code, "text": "That did not work."}))
}

fn invalid(input: &str) -> Reply {
    let text = format!("{input} is not right.");
    Reply::json(422, json!({"code": "invalid", "text": text}))
}

fn day(value: Option<&Value>) -> Option<jiff::civil::Date> {
    value?.as_str()?.parse().ok()
}

impl Kilns {
    fn number(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{:06x}", self.next * 7919 % 0x00ff_ffff)
    }

    fn add(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let name = body.get("name").and_then(Value::as_str);
        if !name.is_some_and(|it| (2..=40).contains(&it.chars().count())) {
            return invalid("name");
        }
        let gas = body.get("initial_gas").cloned().unwrap_or_else(|| json!(0));
        if gas.as_u64().is_none_or(|it| it > 90) {
            return invalid("initial_gas");
        }
        let gas = if seed.is("bottle-is-empty") {
            json!(0)
        } else {
            gas
        };
        let id = self.number("kil");
        let kiln = json!({"id": id, "name": name, "gas": gas, "firing_count": 0});
        self.ovens.push(kiln.clone());
        Reply::json(201, kiln)
    }

    fn kiln(&self, id: &str, seed: &Seed) -> Reply {
        let Some(kiln) = self.ovens.iter().find(|it| it["id"] == id) else {
            return error(404, "unknown");
        };
        let mut kiln = kiln.clone();
        let counted = self.firings.iter().filter(|it| {
            it["kiln_id"] == id && (it["state"] == "planned" || seed.is("stopped-are-counted"))
        });
        kiln["firing_count"] = json!(counted.count());
        Reply::json(200, kiln)
    }

    fn plan(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let kiln = body.get("kiln_id").and_then(Value::as_str);
        if !self.ovens.iter().any(|it| it["id"].as_str() == kiln) {
            return invalid("kiln_id");
        }
        let Some(load) = day(body.get("load_on")) else {
            return invalid("load_on");
        };
        let Some(empty) = day(body.get("empty_on")) else {
            return invalid("empty_on");
        };
        let days = (empty - load).get_days();
        let is_short = days < 1 && !seed.is("empty-before-load");
        if is_short || days > 10 && !seed.is("eleven-days") {
            return invalid("empty_on");
        }
        let degrees = body.get("degrees").and_then(Value::as_u64);
        if !degrees.is_some_and(|it| (600..=1300).contains(&it)) {
            return invalid("degrees");
        }
        let note = body.get("note").cloned().unwrap_or_default();
        let is_long = note.as_str().is_some_and(|it| it.chars().count() > 60);
        if !note.is_string() && body.contains_key("note")
            || is_long && !seed.is("long-note-is-taken")
        {
            return invalid("note");
        }
        let is_taken = self.firings.iter().any(|it| {
            let (first, last) = (day(it.get("load_on")), day(it.get("empty_on")));
            let is_apart =
                last.is_some_and(|last| load >= last) || first.is_some_and(|first| empty <= first);
            it["kiln_id"].as_str() == kiln && it["state"] == "planned" && !is_apart
        });
        if is_taken {
            return error(409, "kiln_taken");
        }
        let note = if seed.is("note-is-not-kept") {
            Value::Null
        } else {
            note
        };
        let id = self.number("fir");
        let firing = json!({
            "id": id, "kiln_id": kiln, "load_on": body["load_on"], "empty_on": body["empty_on"],
            "degrees": degrees, "note": note, "state": "planned",
        });
        self.firings.push(firing.clone());
        Reply::json(201, firing)
    }

    fn list(&self, request: &Request, seed: &Seed) -> Reply {
        let state = request.query("state");
        if !state.is_none_or(|it| ["planned", "stopped"].contains(&it)) {
            return invalid("state");
        }
        let hot = match request.query("hot") {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => return invalid("hot"),
        };
        let state = state.filter(|it| !(seed.is("stopped-are-planned") && *it == "stopped"));
        let hot = hot.filter(|_| !seed.is("hot-without-effect"));
        let found = self.firings.iter().filter(|it| {
            let is_hot = it["degrees"].as_u64().is_some_and(|it| it > 1200);
            state.is_none_or(|state| it["state"] == state) && hot.is_none_or(|hot| hot == is_hot)
        });
        let found: Vec<_> = found.collect();
        Reply::json(200, json!({"firings": found}))
    }

    fn stop(&mut self, id: &str) -> Reply {
        let Some(firing) = self.firings.iter_mut().find(|it| it["id"] == id) else {
            return error(404, "unknown");
        };
        if firing["state"] == "stopped" {
            return error(409, "stopped");
        }
        firing["state"] = json!("stopped");
        Reply::json(200, firing.clone())
    }
}
