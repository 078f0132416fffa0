//! A harbour: boats with states and slugs that are had once, trips that name a boat inside of an object, and notes as forms
//! below paths with `.json`. What is odd about it is documented, and no fault.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "harbour",
    arguments: &[],
    table: "",
    false_alarms: 0,
    start: || Box::<Harbour>::default(),
};

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    ("new-boat-sails", "default-not-applied", "POST /boats"),
    (
        "launch-of-one-launches-none",
        "action-without-effect",
        "POST /boats/{slug}/launch",
    ),
    (
        "recall-of-moored",
        "accepted-in-state",
        "POST /boats/{slug}/recall",
    ),
    (
        "recall-keeps-state",
        "action-without-effect",
        "POST /boats/{slug}/recall",
    ),
    (
        "change-lands-boat",
        "update-changes-others",
        "PATCH /boats/{slug}",
    ),
    (
        "change-changes-all",
        "update-changes-others",
        "PATCH /boats/{slug}",
    ),
    (
        "retired-is-gone",
        "created-not-readable",
        "DELETE /boats/{slug}",
    ),
    (
        "retired-without-time",
        "action-without-effect",
        "DELETE /boats/{slug}",
    ),
    ("retired-is-listed", "deleted-still-listed", "GET /boats"),
    ("next-on-last-page", "broken-paging", "GET /boats"),
    ("page-is-ignored", "broken-paging", "GET /boats"),
    ("harbour-is-ignored", "input-without-effect", "GET /boats"),
    ("fee-is-refused", "refused-value", "POST /boats"),
    ("trip-of-unknown-boat", "unknown-id-accepted", "POST /trips"),
    ("trips-are-not-counted", "wrong-count", "GET /boats/{slug}"),
    (
        "dropped-trip-sinks-boat",
        "update-changes-others",
        "DELETE /trips/{id}",
    ),
    (
        "note-to-nobody",
        "input-not-kept",
        "POST /Desks/{DeskSid}/Notes.json",
    ),
    (
        "days-are-lost",
        "input-not-kept",
        "POST /Desks/{DeskSid}/Notes.json",
    ),
    (
        "default-days",
        "default-not-applied",
        "POST /Desks/{DeskSid}/Notes.json",
    ),
    (
        "edit-is-lost",
        "update-not-kept",
        "POST /Desks/{DeskSid}/Notes/{Sid}.json",
    ),
    (
        "to-is-ignored",
        "input-without-effect",
        "GET /Desks/{DeskSid}/Notes.json",
    ),
    (
        "dropped-note-stays",
        "deleted-still-there",
        "DELETE /Desks/{DeskSid}/Notes/{Sid}.json",
    ),
];

/// Documented preconditions, names that are had once, and a page beyond the last are no findings, and everything is tried.
#[test]
fn what_is_odd_and_documented_is_no_finding() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    assert!(
        trial.shown.contains("15 of 15 operations exercised"),
        "{}",
        trial.shown
    );
}

#[test]
fn faults_of_states_references_and_forms_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The boats, the trips, and the notes.
#[derive(Default)]
struct Harbour {
    boats: Vec<Value>,
    trips: Vec<Value>,
    notes: Vec<Value>,
    next: u64,
}

impl Service for Harbour {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["boats"]) => self.add(request, seed),
            ("GET", ["boats"]) => self.list(request, seed),
            (method, ["boats", slug, rest @ ..]) => self.boat(method, slug, rest, request, seed),
            ("POST", ["trips"]) => self.plan(request, seed),
            (method, ["trips", id]) => self.trip(method, id, seed),
            (method, ["Desks", "DK01", "Notes.json"]) => self.notes(method, request, seed),
            (method, ["Desks", "DK01", "Notes", note]) => self.note(method, note, request, seed),
            _ => unknown(),
        }
    }
}

fn unknown() -> Reply {
    Reply::json(404, json!({"detail": "There is no such thing."}))
}

fn at_fault(name: &str, text: &str) -> Reply {
    Reply::json(400, json!({name: [text]}))
}

fn conflict(text: &str) -> Reply {
    Reply::json(409, json!({"detail": text}))
}

fn members(request: &Request) -> Option<Map<String, Value>> {
    request.json()?.as_object().cloned()
}

fn is_fee(value: &Value) -> bool {
    let amount = value.as_str().and_then(|text| text.split_once('.'));
    value.is_null()
        || amount.is_some_and(|(units, cents)| units.parse::<u32>().is_ok() && cents.len() == 2)
}

impl Harbour {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn add(&mut self, request: &Request, seed: &Seed) -> Reply {
        let Some(body) = members(request) else {
            return at_fault("slug", "is missing");
        };
        for name in ["slug", "harbour"] {
            match body.get(name).map(Value::as_str) {
                Some(Some(text)) if name == "harbour" || text.chars().count() <= 40 => {}
                _ => return at_fault(name, "is missing or wrong"),
            }
        }
        let fee = body.get("fee").cloned().unwrap_or_default();
        if !is_fee(&fee) || !fee.is_null() && seed.is("fee-is-refused") {
            return at_fault("fee", "is no amount");
        }
        if self.boats.iter().any(|it| it["slug"] == body["slug"]) {
            return conflict("This slug is taken.");
        }
        let state = if seed.is("new-boat-sails") {
            "sailing"
        } else {
            "moored"
        };
        self.boats.push(json!({
            "slug": body["slug"], "harbour": body["harbour"], "fee": fee, "state": state, "flags": [],
            "trip_count": 0, "retired_at": null, "created": "2026-03-01T08:00:00Z",
        }));
        Reply::json(201, self.boats.last().cloned().unwrap_or_default())
    }

    fn list(&self, request: &Request, seed: &Seed) -> Reply {
        let number = |name: &str, default: usize| match request.query(name) {
            Some(text) => text.parse::<usize>().ok().filter(|number| *number > 0),
            None => Some(default),
        };
        let Some(page) = number("page", 1) else {
            return at_fault("page", "is no number");
        };
        let Some(size) = number("page_size", 20).filter(|size| *size <= 50) else {
            return at_fault("page_size", "is out of range");
        };
        let harbour = request
            .query("harbour")
            .filter(|_| !seed.is("harbour-is-ignored"));
        let boats = self.boats.iter().filter(|it| {
            let is_listed = it["state"] != "retired" || seed.is("retired-is-listed");
            is_listed && harbour.is_none_or(|harbour| it["harbour"] == harbour)
        });
        let boats: Vec<_> = boats.cloned().collect();
        let pages = boats.len().div_ceil(size).max(1);
        if page > pages {
            return unknown();
        }
        let start = if seed.is("page-is-ignored") {
            0
        } else {
            (page - 1) * size
        };
        let results: Vec<_> = boats.iter().skip(start).take(size).collect();
        let has_next = page < pages || seed.is("next-on-last-page");
        let next =
            has_next.then(|| format!("https://harbour.example.org/v1/boats?page={}", page + 1));
        Reply::json(
            200,
            json!({"count": boats.len(), "next": next, "results": results}),
        )
    }

    fn boat(
        &mut self,
        method: &str,
        slug: &str,
        rest: &[&str],
        request: &Request,
        seed: &Seed,
    ) -> Reply {
        let Some(place) = self.boats.iter().position(|it| it["slug"] == slug) else {
            return unknown();
        };
        let state = self.boats[place]["state"].clone();
        match (method, rest) {
            ("GET", []) if state == "retired" && seed.is("retired-is-gone") => return unknown(),
            ("GET", []) => {}
            ("PATCH", []) if state == "retired" => return conflict("The boat is retired."),
            ("PATCH", []) => {
                let Some(body) = members(request) else {
                    return at_fault("harbour", "is wrong");
                };
                match body.get("harbour") {
                    Some(harbour @ Value::String(_)) => self.move_to(place, harbour, seed),
                    Some(_) => return at_fault("harbour", "is wrong"),
                    None => {}
                }
            }
            ("POST", ["launch"]) => {
                if !seed.is("launch-of-one-launches-none") {
                    self.boats[place]["state"] = json!("sailing");
                }
            }
            ("POST", ["recall"]) if state != "retired" && !seed.is("recall-of-moored") => {
                return conflict("The boat is not retired.");
            }
            ("POST", ["recall"]) => {
                if !seed.is("recall-keeps-state") {
                    self.boats[place]["state"] = json!("moored");
                    self.boats[place]["retired_at"] = Value::Null;
                }
            }
            ("DELETE", []) => {
                self.boats[place]["state"] = json!("retired");
                if !seed.is("retired-without-time") {
                    self.boats[place]["retired_at"] = json!("2026-03-02T08:00:00Z");
                }
            }
            _ => return unknown(),
        }
        Reply::json(200, self.boats[place].clone())
    }

    fn move_to(&mut self, place: usize, harbour: &Value, seed: &Seed) {
        self.boats[place]["harbour"] = harbour.clone();
        if seed.is("change-lands-boat") {
            self.boats[place]["state"] = json!("moored");
        }
        if seed.is("change-changes-all") {
            for boat in &mut self.boats {
                boat["harbour"] = harbour.clone();
            }
        }
    }

    fn plan(&mut self, request: &Request, seed: &Seed) -> Reply {
        let refusal = |text: &str| Reply::json(422, json!({"detail": text}));
        let Some(body) = members(request) else {
            return refusal("Send an object.");
        };
        let purpose = body.get("purpose").cloned().unwrap_or(json!("leisure"));
        let log = body.get("log").cloned().unwrap_or_default();
        let boat = body
            .get("vessel")
            .and_then(|it| it.get("boat"))
            .cloned()
            .unwrap_or_default();
        let is_known = self.boats.iter().any(|it| it["slug"] == boat);
        if !boat.is_string() || !is_known && !seed.is("trip-of-unknown-boat") {
            return refusal("There is no such boat.");
        }
        if !(purpose == "cargo" || purpose == "leisure") || !(log.is_string() || log.is_null()) {
            return refusal("The purpose or the log is wrong.");
        }
        let counted = self.boats.iter_mut().find(|it| it["slug"] == boat);
        if let Some(counted) = counted.filter(|_| !seed.is("trips-are-not-counted")) {
            counted["trip_count"] = json!(counted["trip_count"].as_u64().unwrap_or_default() + 1);
        }
        let id = self.number();
        let trip = json!({"id": id, "vessel": {"boat": boat}, "purpose": purpose, "log": log});
        self.trips.push(trip.clone());
        Reply::json(201, trip)
    }

    fn trip(&mut self, method: &str, id: &str, seed: &Seed) -> Reply {
        let Some(place) = self
            .trips
            .iter()
            .position(|it| it["id"].as_u64() == id.parse().ok())
        else {
            return unknown();
        };
        match method {
            "GET" => Reply::json(200, self.trips[place].clone()),
            "DELETE" => {
                let trip = self.trips.remove(place);
                if seed.is("dropped-trip-sinks-boat") {
                    self.boats.retain(|it| it["slug"] != trip["vessel"]["boat"]);
                }
                Reply::empty(204)
            }
            _ => unknown(),
        }
    }

    fn notes(&mut self, method: &str, request: &Request, seed: &Seed) -> Reply {
        if method == "GET" {
            let to = request.query("To").filter(|_| !seed.is("to-is-ignored"));
            let notes = self
                .notes
                .iter()
                .filter(|it| to.is_none_or(|to| it["to"] == to));
            return Reply::json(200, json!({"notes": notes.collect::<Vec<_>>()}));
        }
        let form: std::collections::BTreeMap<_, _> = request.form().into_iter().collect();
        let days = form
            .get("ValidDays")
            .map_or(Some(7), |text| text.parse::<i64>().ok());
        let (Some(to), Some(body), Some(days)) = (form.get("To"), form.get("Body"), days) else {
            return refused_note();
        };
        if body.chars().count() > 80 || !(1..=30).contains(&days) {
            return refused_note();
        }
        let is_sent = form.contains_key("ValidDays");
        let days = match days {
            _ if is_sent && seed.is("days-are-lost") => 1,
            _ if !is_sent && seed.is("default-days") => 30,
            days => days,
        };
        let to = if seed.is("note-to-nobody") {
            "nobody"
        } else {
            to
        };
        let sid = format!("NT{:04x}", self.number());
        let note = json!({"sid": sid, "to": to, "body": body, "valid_days": days});
        self.notes.push(note.clone());
        Reply::json(201, note)
    }

    fn note(&mut self, method: &str, name: &str, request: &Request, seed: &Seed) -> Reply {
        let sid = name.trim_end_matches(".json");
        let Some(place) = self.notes.iter().position(|it| it["sid"] == sid) else {
            return Reply::json(
                404,
                json!({"code": 20, "message": "There is no such note."}),
            );
        };
        match method {
            "GET" => Reply::json(200, self.notes[place].clone()),
            "POST" => {
                let body = request.form().into_iter().find(|(name, _)| name == "Body");
                let Some((_, body)) = body.filter(|(_, body)| body.chars().count() <= 80) else {
                    return refused_note();
                };
                let mut note = self.notes[place].clone();
                note["body"] = json!(body);
                if !seed.is("edit-is-lost") {
                    self.notes[place] = note.clone();
                }
                Reply::json(200, note)
            }
            "DELETE" => {
                if !seed.is("dropped-note-stays") {
                    self.notes.remove(place);
                }
                Reply::empty(204)
            }
            _ => unknown(),
        }
    }
}

fn refused_note() -> Reply {
    Reply::json(
        400,
        json!({"code": 21, "message": "Something is missing or wrong."}),
    )
}
