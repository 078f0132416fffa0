//! Ferries: ports that are loaded many at once under codes of the client, crossings between two of them that are sold
//! once, and remarks whose reason goes with what they are about. What has to come first stands last on the pages.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "ferries",
    arguments: &[],
    table: "",
    false_alarms: 0,
    start: || Box::<Ferries>::default(),
};

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "no-crossing-is-priced",
        "refused-request",
        "POST /v1/crossings",
    ),
    ("no-ticket-is-sold", "refused-request", "POST /v1/tickets"),
    (
        "short-code-is-added",
        "invalid-value-accepted",
        "POST /v1/ports/load",
    ),
    (
        "row-without-name-is-added",
        "required-not-enforced",
        "POST /v1/ports/load",
    ),
    (
        "refused-rows-are-not-counted",
        "wrong-count",
        "POST /v1/ports/load",
    ),
    (
        "added-row-is-not-kept",
        "created-not-readable",
        "GET /v1/ports/{code}",
    ),
    (
        "tides-are-not-kept",
        "default-not-applied",
        "GET /v1/ports/{code}",
    ),
    (
        "name-of-row-is-cut",
        "input-not-kept",
        "GET /v1/ports/{code}",
    ),
    (
        "classes-by-letters",
        "input-without-effect",
        "GET /v1/crossings",
    ),
    (
        "no-reason-for-delay",
        "required-not-enforced",
        "POST /v1/tickets/{id}/remarks",
    ),
    (
        "reason-for-luggage",
        "invalid-value-accepted",
        "POST /v1/tickets/{id}/remarks",
    ),
    (
        "long-name-is-sold",
        "invalid-value-accepted",
        "POST /v1/tickets",
    ),
    ("berths-are-not-kept", "input-not-kept", "POST /v1/tickets"),
    (
        "bad-names-are-bad-codes",
        "wrong-blame",
        "POST /v1/ports/load",
    ),
    ("rows-from-zero", "wrong-computation", "POST /v1/ports/load"),
    (
        "forty-letters-are-too-many",
        "refused-value",
        "POST /v1/ports/load",
    ),
    (
        "crossing-is-sold-twice",
        "accepted-again",
        "POST /v1/tickets",
    ),
];

#[test]
fn what_has_to_come_first_is_sent_first() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    assert!(
        trial.shown.contains("7 of 7 operations exercised"),
        "{}",
        trial.shown
    );
}

#[test]
fn faults_of_rows_and_of_what_depends_on_others_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The ports, the crossings, and the tickets.
#[derive(Default)]
struct Ferries {
    ports: Vec<Value>,
    crossings: Vec<Value>,
    tickets: Vec<Value>,
    next: u64,
}

const CLASSES: [&str; 3] = ["suite", "cabin", "deck"];

impl Service for Ferries {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        let body = request.json();
        let body = match (&body, request.method.as_str()) {
            (Some(Value::Object(members)), "POST") => members.clone(),
            (_, "POST") => return error(400, "unreadable"),
            _ => Map::new(),
        };
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["ports", "load"]) => self.load(&body, seed),
            ("GET", ["ports", code]) => self.port(code, seed),
            ("POST", ["crossings"]) => self.price(&body, seed),
            ("GET", ["crossings"]) => self.crossings(request, seed),
            ("POST", ["tickets"]) => self.sell(&body, seed),
            ("GET", ["tickets", id]) => found(&self.tickets, "id", id),
            ("POST", ["tickets", id, "remarks"]) => self.remark(id, &body, seed),
            _ => error(404, "unknown"),
        }
    }
}

fn error(status: u16, code: &str) -> Reply {
    Reply::json(status, json!({"code": code, "text": "That did not work."}))
}

fn invalid(input: &str) -> Reply {
    let fault = json!({"input": input, "why": "is not right"});
    let body = json!({"code": "invalid", "text": "Something is not right.", "faults": [fault]});
    Reply::json(422, body)
}

fn found(things: &[Value], key: &str, id: &str) -> Reply {
    match things.iter().find(|it| it[key] == id) {
        Some(thing) => Reply::json(200, thing.clone()),
        None => error(404, "unknown"),
    }
}

fn has_length(value: Option<&Value>, least: usize, most: usize) -> bool {
    let count = value.and_then(Value::as_str).map(|it| it.chars().count());
    count.is_some_and(|count| (least..=most).contains(&count))
}

impl Ferries {
    fn number(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{:06x}", self.next * 7919 % 0x00ff_ffff)
    }

    fn load(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let rows = body.get("rows").and_then(Value::as_array);
        let Some(rows) = rows.filter(|rows| (1..=20).contains(&rows.len())) else {
            return invalid("rows");
        };
        let texts = ["code", "name"];
        for row in rows {
            let is_other = |name: &&str| row.get(name).is_some_and(|it| !it.is_string());
            let is_odd = row.get("tidal").is_some_and(|it| !it.is_boolean());
            if !row.is_object() || texts.iter().any(is_other) || is_odd {
                return invalid("rows");
            }
        }
        let (mut added, mut refused) = (0, 0);
        let mut results = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let code = row["code"].as_str().unwrap_or_default();
            let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            let least = if seed.is("short-code-is-added") { 1 } else { 3 };
            let is_code = has_length(row.get("code"), least, 6) && code.chars().all(is_capital);
            let most = if seed.is("forty-letters-are-too-many") {
                39
            } else {
                40
            };
            let is_named = has_length(row.get("name"), 1, most)
                || row.get("name").is_none() && seed.is("row-without-name-is-added");
            let reason = match (is_code, is_named) {
                (false, _) => Some("bad_code"),
                (_, false) if seed.is("bad-names-are-bad-codes") => Some("bad_code"),
                (_, false) => Some("bad_name"),
                _ => None,
            };
            let outcome = if reason.is_some() {
                refused += 1;
                "refused"
            } else if self.keep(row, code, seed) {
                added += 1;
                "added"
            } else {
                "changed"
            };
            let row = if seed.is("rows-from-zero") {
                at
            } else {
                at + 1
            };
            results.push(json!({"row": row, "outcome": outcome, "reason": reason}));
        }
        if seed.is("refused-rows-are-not-counted") {
            refused = 0;
        }
        Reply::json(
            200,
            json!({"added": added, "refused": refused, "results": results}),
        )
    }

    /// True if the port is a new one.
    fn keep(&mut self, row: &Value, code: &str, seed: &Seed) -> bool {
        let tidal = row.get("tidal").cloned();
        let default = !seed.is("tides-are-not-kept");
        let name = row["name"].as_str().unwrap_or("?");
        let name = if seed.is("name-of-row-is-cut") {
            name.chars().take(2).collect()
        } else {
            name.to_owned()
        };
        let port =
            json!({"code": code, "name": name, "tidal": tidal.unwrap_or(Value::Bool(default))});
        if let Some(known) = self.ports.iter_mut().find(|it| it["code"] == code) {
            *known = port;
            return false;
        }
        self.ports.push(port);
        true
    }

    fn port(&self, code: &str, seed: &Seed) -> Reply {
        if seed.is("added-row-is-not-kept") {
            return error(404, "unknown");
        }
        found(&self.ports, "code", code)
    }

    fn price(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        for name in ["origin", "target"] {
            let Some(code) = body.get(name).and_then(Value::as_str) else {
                return invalid(name);
            };
            let is_known = self.ports.iter().any(|it| it["code"] == code);
            if !is_known || seed.is("no-crossing-is-priced") {
                let text = format!("There is no port {code}.");
                return Reply::json(422, json!({"code": "unknown_port", "text": text}));
            }
        }
        let class = body.get("class").cloned().unwrap_or_else(|| json!("deck"));
        if !CLASSES.iter().any(|known| class == *known) {
            return invalid("class");
        }
        let id = self.number("cro");
        let crossing = json!({
            "id": id, "origin": body["origin"], "target": body["target"], "class": class,
        });
        self.crossings.push(crossing.clone());
        Reply::json(201, crossing)
    }

    fn crossings(&self, request: &Request, seed: &Seed) -> Reply {
        let mut crossings = self.crossings.clone();
        let text = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
        match request.query("sort") {
            None | Some("id") => crossings.sort_by_key(|it| text(it, "id")),
            Some("class") if seed.is("classes-by-letters") => {
                crossings.sort_by_key(|it| text(it, "class"));
            }
            Some("class") => {
                crossings.sort_by_key(|it| CLASSES.iter().position(|known| it["class"] == *known));
            }
            _ => return invalid("sort"),
        }
        Reply::json(200, json!({"crossings": crossings}))
    }

    fn sell(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let Some(crossing) = body.get("crossing_id").and_then(Value::as_str) else {
            return invalid("crossing_id");
        };
        let most = if seed.is("long-name-is-sold") {
            4000
        } else {
            40
        };
        if !has_length(body.get("name"), 2, most) {
            return invalid("name");
        }
        let berths = body.get("berths").cloned().unwrap_or_else(|| json!(1));
        if !berths.as_u64().is_some_and(|it| (1..=6).contains(&it)) {
            return invalid("berths");
        }
        if !self.crossings.iter().any(|it| it["id"] == crossing) {
            return error(404, "unknown");
        }
        let is_sold = !seed.is("crossing-is-sold-twice")
            && self.tickets.iter().any(|it| it["crossing_id"] == crossing);
        if is_sold || seed.is("no-ticket-is-sold") {
            return error(409, "crossing_used");
        }
        let id = self.number("tic");
        let berths = if seed.is("berths-are-not-kept") {
            json!(1)
        } else {
            berths
        };
        let ticket = json!({
            "id": id, "crossing_id": crossing, "name": body["name"], "berths": berths,
            "state": "open",
        });
        self.tickets.push(ticket.clone());
        Reply::json(201, ticket)
    }

    fn remark(&mut self, ticket: &str, body: &Map<String, Value>, seed: &Seed) -> Reply {
        if !self.tickets.iter().any(|it| it["id"] == ticket) {
            return error(404, "unknown");
        }
        let about = body
            .get("about")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !["luggage", "delay", "refund"].contains(&about) {
            return invalid("about");
        }
        let reason = body.get("reason");
        let is_needed = about != "luggage" && !seed.is("no-reason-for-delay");
        let is_allowed = about != "luggage" || seed.is("reason-for-luggage");
        let is_wrong = reason.is_some() && (!has_length(reason, 3, 80) || !is_allowed);
        if is_wrong || reason.is_none() && is_needed {
            return invalid("reason");
        }
        let id = self.number("rem");
        let remark = json!({"id": id, "ticket_id": ticket, "about": about, "reason": reason});
        Reply::json(201, remark)
    }
}
