//! A darkroom: negatives that are sent or linked, and changed only in the version that one has, and prints of several of
//! them, which are made in the background. What has to come first stands last on the pages.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "darkroom",
    arguments: &[],
    table: "",
    false_alarms: 0,
    start: || Box::<Darkroom>::default(),
};

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "scan-and-link-are-taken",
        "invalid-value-accepted",
        "POST /v1/negatives",
    ),
    (
        "neither-is-taken",
        "required-not-enforced",
        "POST /v1/negatives",
    ),
    (
        "any-text-is-a-scan",
        "invalid-value-accepted",
        "POST /v1/negatives",
    ),
    (
        "old-version-is-labelled",
        "invalid-value-accepted",
        "PATCH /v1/negatives/{negative_id}",
    ),
    (
        "no-version-is-labelled",
        "required-not-enforced",
        "PATCH /v1/negatives/{negative_id}",
    ),
    (
        "tag-stays-the-same",
        "response-header-value",
        "PATCH /v1/negatives/{negative_id}",
    ),
    (
        "any-version-is-refused",
        "refused-value",
        "PATCH /v1/negatives/{negative_id}",
    ),
    (
        "unchanged-is-sent-again",
        "input-without-effect",
        "GET /v1/negatives/{negative_id}",
    ),
    ("paper-is-not-kept", "input-not-kept", "POST /v1/prints"),
    (
        "unknown-negative-is-printed",
        "unknown-id-accepted",
        "POST /v1/prints",
    ),
    (
        "print-is-of-other-paper",
        "read-differs",
        "GET /v1/prints/{print_id}",
    ),
];

#[test]
fn versions_of_now_and_one_of_two_are_sent() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    assert!(
        trial.shown.contains("5 of 5 operations exercised"),
        "{}",
        trial.shown
    );
}

#[test]
fn faults_of_versions_choices_and_work_in_the_background_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The negatives with their tags, and the prints.
#[derive(Default)]
struct Darkroom {
    negatives: Vec<(Value, u64)>,
    prints: Vec<Value>,
    next: u64,
}

impl Service for Darkroom {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        let body = request.json();
        let body = match (&body, request.method.as_str()) {
            (Some(Value::Object(members)), "POST" | "PATCH") => members.clone(),
            (_, "POST" | "PATCH") => return error(422),
            _ => Map::new(),
        };
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["negatives"]) => self.keep(&body, seed),
            ("GET", ["negatives", id]) => self.negative(id, request, seed),
            ("PATCH", ["negatives", id]) => self.label(id, request, &body, seed),
            ("POST", ["prints"]) => self.order(&body, seed),
            ("GET", ["prints", id]) => self.print(id, seed),
            _ => error(404),
        }
    }
}

fn error(status: u16) -> Reply {
    Reply::json(status, json!({"message": "That did not work."}))
}

fn tag(number: u64) -> String {
    format!("\"t{number}\"")
}

fn is_label(value: Option<&Value>) -> bool {
    let count = value.and_then(Value::as_str).map(|it| it.chars().count());
    count.is_some_and(|count| (1..=40).contains(&count))
}

fn is_base64(text: &str) -> bool {
    let letters = text.trim_end_matches('=');
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    !text.is_empty() && text.len().is_multiple_of(4) && letters.chars().all(is_letter)
}

impl Darkroom {
    fn number(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{:06x}", self.next * 7919 % 0x00ff_ffff)
    }

    fn keep(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let (scan, link) = (body.get("scan_base64"), body.get("link"));
        let is_one = match (scan, link) {
            (Some(_), Some(_)) => seed.is("scan-and-link-are-taken"),
            (None, None) => seed.is("neither-is-taken"),
            _ => true,
        };
        let is_scan = |it: &Value| it.as_str().is_some_and(is_base64);
        let is_text =
            scan.is_none_or(|it| is_scan(it) || it.is_string() && seed.is("any-text-is-a-scan"));
        let is_link = link.is_none_or(Value::is_string);
        if !is_one || !is_text || !is_link || !is_label(body.get("label")) {
            return error(422);
        }
        let id = self.number("neg");
        let negative = json!({"id": id, "label": body["label"], "link": link});
        self.negatives.push((negative.clone(), self.next));
        Reply::json(201, negative).with("etag", &tag(self.next))
    }

    fn negative(&self, id: &str, request: &Request, seed: &Seed) -> Reply {
        let Some((negative, number)) = self.negatives.iter().find(|(it, _)| it["id"] == id) else {
            return error(404);
        };
        let tag = tag(*number);
        if request.header("if-none-match") == Some(&tag) && !seed.is("unchanged-is-sent-again") {
            return Reply::empty(304).with("etag", &tag);
        }
        Reply::json(200, negative.clone()).with("etag", &tag)
    }

    fn label(
        &mut self,
        id: &str,
        request: &Request,
        body: &Map<String, Value>,
        seed: &Seed,
    ) -> Reply {
        let mut negatives = self.negatives.iter_mut();
        let Some((negative, number)) = negatives.find(|(it, _)| it["id"] == id) else {
            return error(404);
        };
        match request.header("if-match") {
            None if !seed.is("no-version-is-labelled") => return error(428),
            Some("*") if seed.is("any-version-is-refused") => return error(412),
            Some(wanted)
                if wanted != "*"
                    && wanted != tag(*number)
                    && !seed.is("old-version-is-labelled") =>
            {
                return error(412);
            }
            _ => {}
        }
        if !is_label(body.get("label")) {
            return error(422);
        }
        negative["label"] = body["label"].clone();
        if !seed.is("tag-stays-the-same") {
            self.next += 1;
            *number = self.next;
        }
        Reply::json(200, negative.clone()).with("etag", &tag(*number))
    }

    fn order(&mut self, body: &Map<String, Value>, seed: &Seed) -> Reply {
        let ids = body.get("negative_ids").and_then(Value::as_array);
        let Some(ids) = ids.filter(|ids| (1..=3).contains(&ids.len())) else {
            return error(422);
        };
        let is_known = |id: &Value| self.negatives.iter().any(|(it, _)| it["id"] == *id);
        let is_open = seed.is("unknown-negative-is-printed");
        if !ids
            .iter()
            .all(|id| is_known(id) || id.is_string() && is_open)
        {
            return error(422);
        }
        let paper = body.get("paper").cloned().unwrap_or(json!("glossy"));
        if !["glossy", "matte"].iter().any(|it| paper == *it) {
            return error(422);
        }
        let id = self.number("prt");
        let paper = if seed.is("paper-is-not-kept") {
            json!("glossy")
        } else {
            paper
        };
        let print = json!({
            "id": id,
            "status": "queued",
            "negative_ids": ids,
            "paper": paper,
            "sheets": null,
        });
        self.prints.push(print.clone());
        Reply::json(202, print)
    }

    /// Each look at a print finds it one step further.
    fn print(&mut self, id: &str, seed: &Seed) -> Reply {
        let Some(print) = self.prints.iter_mut().find(|it| it["id"] == id) else {
            return error(404);
        };
        let shown = print.clone();
        if print["status"] == "queued" {
            print["status"] = json!("processing");
        } else {
            print["status"] = json!("done");
            print["sheets"] = json!(print["negative_ids"].as_array().unwrap().len());
        }
        Reply::json(200, shown).edit(|it| {
            if seed.is("print-is-of-other-paper") {
                it["paper"] = json!(if it["paper"] == "matte" {
                    "glossy"
                } else {
                    "matte"
                });
            }
        })
    }
}
