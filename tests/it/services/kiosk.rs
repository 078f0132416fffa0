//! A kiosk: orders whose lines are seen in the order alone, and signs with methods that are called by their names. What
//! values may be stands in words.

use serde_json::{Map, Value, json};

use super::Subject;
use super::seed::Seed;
use super::trial::{self, Trial};
use super::wire::{Reply, Request, Service};

const SUBJECT: Subject = Subject {
    name: "kiosk",
    arguments: &[],
    table: "",
    false_alarms: 0,
    start: || Box::<Kiosk>::default(),
};

const ADD: &str = "POST /orders/{order_id}/lines";
const LINE: &str = "/orders/{order_id}/lines/{line_no}";
const CLOSE: &str = "POST /orders/{order_id}/close";

/// Single faults, the rule that finds each, and where.
const FAULTS: &[(&str, &str, &str)] = &[
    ("line-is-another", "input-not-kept", ADD),
    ("line-is-not-kept", "created-not-listed", ADD),
    ("line-takes-the-place", "update-changes-others", ADD),
    ("line-of-closed", "accepted-in-state", ADD),
    ("change-is-lost", "input-not-kept", LINE),
    ("change-is-not-kept", "update-not-kept", LINE),
    ("change-of-all", "update-changes-others", LINE),
    ("dropped-stays", "deleted-still-listed", LINE),
    ("dropped-takes-all", "update-changes-others", LINE),
    ("closed-again", "accepted-again", CLOSE),
    ("closes-all", "update-changes-others", CLOSE),
    ("no-total", "missing-response-header", "GET /orders"),
    ("total-in-words", "response-header-value", "GET /orders"),
    ("without-is-ignored", "input-without-effect", "GET /orders"),
    (
        "descending-is-ignored",
        "input-without-effect",
        "GET /orders",
    ),
    ("sort-is-anything", "invalid-value-accepted", "GET /orders"),
    (
        "code-is-anything",
        "invalid-value-accepted",
        "POST /signs.create",
    ),
    ("no-tags", "invalid-value-accepted", "POST /signs.create"),
    ("many-tags", "invalid-value-accepted", "POST /signs.create"),
    ("two-tags-refused", "refused-value", "POST /signs.create"),
    (
        "main-tag-is-anything",
        "invalid-value-accepted",
        "POST /signs.create",
    ),
    (
        "rename-is-not-kept",
        "update-not-kept",
        "POST /signs.rename",
    ),
    (
        "rename-at-no-time",
        "action-without-effect",
        "POST /signs.rename",
    ),
    ("switch-is-ignored", "update-not-kept", "POST /signs.switch"),
    (
        "switches-both",
        "update-changes-others",
        "POST /signs.switch",
    ),
    (
        "takes-down-two",
        "update-changes-others",
        "POST /signs.delete",
    ),
];

#[test]
fn parts_methods_and_words_are_no_findings_by_themselves() {
    let trial = Trial::run(&SUBJECT, Seed::none());
    assert!(trial.findings.is_empty(), "{}", trial.shown);
    let all = "13 of 13 operations exercised";
    assert!(trial.shown.contains(all), "{}", trial.shown);
}

#[test]
fn faults_of_parts_methods_and_words_are_found() {
    let missed = trial::missed(&SUBJECT, FAULTS);
    assert!(missed.is_empty(), "{missed}");
}

/// The orders and the signs.
#[derive(Default)]
struct Kiosk {
    orders: Vec<Value>,
    signs: Vec<Value>,
    next: u64,
}

impl Service for Kiosk {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["orders"]) => self.open(request),
            ("GET", ["orders"]) => self.list(request, seed),
            (method, ["orders", id, rest @ ..]) => self.order(method, id, rest, request, seed),
            ("GET", ["signs.list"]) => Reply::json(200, json!({"signs": self.signs})),
            ("POST", ["signs.create"]) => self.put_up(request, seed),
            ("GET", ["signs.info"]) => {
                let id = request.query("sign_id").unwrap_or_default();
                match self.signs.iter().find(|it| it["id"] == id) {
                    Some(sign) => Reply::json(200, json!({"sign": sign})),
                    None => unknown_sign(),
                }
            }
            ("POST", [method]) if method.starts_with("signs.") => self.sign(method, request, seed),
            _ => unknown(),
        }
    }
}

fn unknown() -> Reply {
    Reply::json(404, json!({"message": "There is no such thing."}))
}

fn unknown_sign() -> Reply {
    Reply::json(404, json!({"error": "unknown"}))
}

fn wrong() -> Reply {
    Reply::json(
        422,
        json!({"message": "Something is missing or wrong.", "error": "wrong"}),
    )
}

fn not_open() -> Reply {
    Reply::json(409, json!({"message": "The order is not open."}))
}

fn members(request: &Request) -> Option<Map<String, Value>> {
    request.json()?.as_object().cloned()
}

fn quantity(body: &Map<String, Value>) -> Option<i64> {
    let quantity = body.get("quantity")?.as_i64()?;
    (1..=99).contains(&quantity).then_some(quantity)
}

fn is_code(value: Option<&Value>, seed: &Seed) -> bool {
    let is_of = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    value.and_then(Value::as_str).is_some_and(|text| {
        (2..=12).contains(&text.len()) && (text.chars().all(is_of) || seed.is("code-is-anything"))
    })
}

/// Puts the number of lines right.
fn counted(order: &mut Value) {
    let count = order["lines"].as_array().map_or(0, Vec::len);
    order["line_count"] = json!(count);
}

impl Kiosk {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn open(&mut self, request: &Request) -> Reply {
        let Some(body) = members(request) else {
            return wrong();
        };
        let note = body.get("note").cloned().unwrap_or_default();
        if !note.is_null() && !note.is_string() {
            return wrong();
        }
        let id = format!("ord_{}", self.number());
        let order = json!({"id": id, "state": "open", "note": note, "lines": [], "line_count": 0});
        self.orders.push(order.clone());
        Reply::json(201, order)
    }

    fn list(&self, request: &Request, seed: &Seed) -> Reply {
        let sort = request.query("sort").unwrap_or("id");
        let is_known = matches!(sort, "id" | "line_count") || seed.is("sort-is-anything");
        let is_back = match request.query("descending").unwrap_or("false") {
            "true" => !seed.is("descending-is-ignored"),
            "false" => false,
            _ => return Reply::json(400, json!({"message": "Something is missing or wrong."})),
        };
        if !is_known {
            return Reply::json(400, json!({"message": "Something is missing or wrong."}));
        }
        let without = request.query("without_note");
        let without = without.filter(|_| !seed.is("without-is-ignored"));
        let orders = self.orders.iter();
        let orders = orders.filter(|it| without.is_none_or(|note| it["note"] != note));
        let mut orders: Vec<Value> = orders.cloned().collect();
        orders.sort_by_key(|it| match sort {
            "line_count" => (it["line_count"].as_u64().unwrap_or_default(), String::new()),
            _ => (0, it["id"].as_str().unwrap_or_default().to_owned()),
        });
        if is_back {
            orders.reverse();
        }
        for order in &mut orders {
            if let Some(order) = order.as_object_mut() {
                order.remove("lines");
            }
        }
        let total = match () {
            () if seed.is("total-in-words") => "several".to_owned(),
            () => orders.len().to_string(),
        };
        let reply = Reply::json(200, json!({"orders": orders}));
        if seed.is("no-total") {
            return reply;
        }
        reply.with("X-Total", &total)
    }

    fn order(
        &mut self,
        method: &str,
        id: &str,
        rest: &[&str],
        request: &Request,
        seed: &Seed,
    ) -> Reply {
        let Some(place) = self.orders.iter().position(|it| it["id"] == id) else {
            return unknown();
        };
        let is_open = self.orders[place]["state"] == "open";
        match (method, rest) {
            ("GET", []) => Reply::json(200, self.orders[place].clone()),
            ("POST", ["close"]) if !is_open && !seed.is("closed-again") => not_open(),
            ("POST", ["close"]) => {
                for (at, order) in self.orders.iter_mut().enumerate() {
                    if at == place || seed.is("closes-all") {
                        order["state"] = json!("closed");
                    }
                }
                Reply::json(200, self.orders[place].clone())
            }
            ("POST", ["lines"]) if !is_open && !seed.is("line-of-closed") => not_open(),
            ("POST", ["lines"]) => self.add(place, request, seed),
            (_, ["lines", line]) => self.line(method, place, line, request, seed),
            _ => unknown(),
        }
    }

    fn add(&mut self, place: usize, request: &Request, seed: &Seed) -> Reply {
        let body = members(request).unwrap_or_default();
        let product = body.get("product").and_then(Value::as_str);
        let (Some(product), Some(quantity)) = (product, quantity(&body)) else {
            return wrong();
        };
        let quantity = if seed.is("line-is-another") {
            1
        } else {
            quantity
        };
        let number = self.number();
        let line = json!({"line_no": number, "product": product, "quantity": quantity});
        let mut order = self.orders[place].clone();
        if let Some(lines) = order["lines"].as_array_mut() {
            if seed.is("line-takes-the-place") {
                lines.clear();
            }
            lines.push(line);
        }
        counted(&mut order);
        if !seed.is("line-is-not-kept") {
            self.orders[place] = order.clone();
        }
        Reply::json(201, order)
    }

    fn line(
        &mut self,
        method: &str,
        place: usize,
        line: &str,
        request: &Request,
        seed: &Seed,
    ) -> Reply {
        let mut order = self.orders[place].clone();
        let Some(lines) = order["lines"].as_array_mut() else {
            return unknown();
        };
        let number = line.parse::<u64>().ok();
        let Some(at) = lines.iter().position(|it| it["line_no"].as_u64() == number) else {
            return unknown();
        };
        match method {
            "PATCH" => {
                let Some(quantity) = members(request).as_ref().and_then(quantity) else {
                    return wrong();
                };
                for (index, line) in lines.iter_mut().enumerate() {
                    let is_it = index == at && !seed.is("change-is-lost");
                    if is_it || seed.is("change-of-all") {
                        line["quantity"] = json!(quantity);
                    }
                }
            }
            "DELETE" if seed.is("dropped-takes-all") => lines.clear(),
            "DELETE" if seed.is("dropped-stays") => {}
            "DELETE" => {
                lines.remove(at);
            }
            _ => return unknown(),
        }
        counted(&mut order);
        if !(method == "PATCH" && seed.is("change-is-not-kept")) {
            self.orders[place] = order.clone();
        }
        Reply::json(200, order)
    }

    fn put_up(&mut self, request: &Request, seed: &Seed) -> Reply {
        let body = members(request).unwrap_or_default();
        let tags = body.get("tags").and_then(Value::as_array).cloned();
        let Some(tags) = tags.filter(|tags| tags.iter().all(Value::is_string)) else {
            return wrong();
        };
        let is_few = !tags.is_empty() || seed.is("no-tags");
        let is_many = tags.len() > 3 && !seed.is("many-tags");
        let is_refused = tags.len() > 1 && seed.is("two-tags-refused");
        let main = body.get("main_tag");
        let is_main = main.is_none_or(|main| {
            main.is_string() && (tags.contains(main) || seed.is("main-tag-is-anything"))
        });
        if !is_code(body.get("code"), seed) || !is_few || is_many || is_refused || !is_main {
            return wrong();
        }
        let id = format!("sgn_{}", self.number());
        let sides = json!({"front": {"lit": false}, "back": {"lit": false}});
        let mut sign = json!({"id": id, "code": body["code"], "tags": tags, "sides": sides});
        self.stamp(&mut sign);
        self.signs.push(sign.clone());
        Reply::json(200, json!({"sign": sign}))
    }

    fn stamp(&mut self, sign: &mut Value) {
        let number = self.number();
        sign["updated_at"] = json!(format!("2026-03-01T08:00:{:02}.125Z", number % 60));
    }

    fn sign(&mut self, method: &str, request: &Request, seed: &Seed) -> Reply {
        let Some(body) = members(request) else {
            return wrong();
        };
        let id = body.get("sign_id").cloned().unwrap_or_default();
        if !id.is_string() {
            return wrong();
        }
        let Some(place) = self.signs.iter().position(|it| it["id"] == id) else {
            return unknown_sign();
        };
        let mut sign = self.signs[place].clone();
        match method {
            "signs.delete" => {
                let count = if seed.is("takes-down-two") { 2 } else { 1 };
                let end = (place + count).min(self.signs.len());
                let start = end - count.min(end);
                self.signs.drain(start..end);
                return Reply::json(200, json!({"ok": true}));
            }
            "signs.rename" => {
                if !is_code(body.get("code"), &Seed::none()) {
                    return wrong();
                }
                sign["code"] = body["code"].clone();
                if !seed.is("rename-at-no-time") {
                    self.stamp(&mut sign);
                }
                if !seed.is("rename-is-not-kept") {
                    self.signs[place] = sign.clone();
                }
            }
            "signs.switch" => {
                let side = body.get("side").and_then(Value::as_str);
                let lit = body.get("lit").filter(|lit| lit.is_boolean());
                let (Some(side @ ("front" | "back")), Some(lit)) = (side, lit) else {
                    return wrong();
                };
                for other in ["front", "back"] {
                    let is_it = other == side && !seed.is("switch-is-ignored");
                    if is_it || seed.is("switches-both") {
                        sign["sides"][other]["lit"] = lit.clone();
                    }
                }
                self.stamp(&mut sign);
                self.signs[place] = sign.clone();
            }
            _ => return unknown(),
        }
        Reply::json(200, json!({"sign": sign}))
    }
}
