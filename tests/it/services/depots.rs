//! Parcels in depots: nested paths, forms, numbers with fractions, jobs that take a while, and rates from a query. Basic.
//!
//! The server knows the depots of the examples, and neither their parcels nor their jobs.

use serde_json::{Value, json};

use super::seed::Seed;
use super::wire::{Reply, Request, Service};

/// `postie:stamps`
const CREDENTIALS: &str = "Basic cG9zdGllOnN0YW1wcw==";
const DEPOTS: [(&str, &str, bool, f64); 3] = [
    ("BRE", "Bremen", true, 53.08),
    ("HAM", "Hamburg", true, 53.55),
    ("MUC", "Munich", false, 48.14),
];
const SERVICES: [&str; 3] = ["letter", "standard", "express"];
const STATES: [&str; 3] = ["waiting", "moving", "delivered"];

/// The parcels and the jobs.
pub(crate) struct Depots {
    parcels: Vec<Value>,
    jobs: Vec<(String, i64, u32)>,
    next: i64,
}

impl Default for Depots {
    fn default() -> Self {
        let mut depots = Self {
            parcels: Vec::new(),
            jobs: Vec::new(),
            next: 410_001,
        };
        let parcels = [
            ("BRE", "Ines Okoro", 1.2, "standard", "waiting"),
            ("BRE", "Jon Bell", 0.3, "letter", "moving"),
            ("HAM", "Mara Feld", 12.5, "standard", "waiting"),
            ("BRE", "Tomas Reyes", 7.0, "express", "waiting"),
            ("BRE", "Lena Brandt", 3.4, "standard", "delivered"),
            ("BRE", "Ada Winter", 22.0, "standard", "waiting"),
            ("BRE", "Ines Okoro", 5.5, "letter", "waiting"),
        ];
        for (depot, recipient, weight, service, state) in parcels {
            let number = depots.next;
            depots.next += 1;
            depots.parcels.push(json!({
                "number": number, "depot": depot, "recipient": recipient, "weight": weight, "service": service,
                "fragile": false, "state": state,
            }));
        }
        depots
    }
}

impl Service for Depots {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/api/2");
        let method = request.method.as_str();
        if let Some(elsewhere) = elsewhere(method, &parts, seed) {
            return elsewhere;
        }
        if let Some(refusal) = unauthorized(method, &parts, request, seed) {
            return refusal;
        }
        if let ["depots", depot, ..] = parts.as_slice()
            && !DEPOTS.iter().any(|(code, ..)| code == depot)
        {
            if parts.len() == 3
                && method == "GET"
                && seed.is("status/list-unknown-depot-answers-200")
            {
                return Reply::json(
                    200,
                    json!({"items": [], "page": 1, "per_page": 3, "count": 0}),
                );
            }
            if parts.len() == 3
                && method == "POST"
                && seed.is("robustness/hand-in-at-unknown-depot-crashes")
            {
                return Reply::crash();
            }
            return refusal(404, "There is no such depot.");
        }
        match (method, parts.as_slice()) {
            ("GET", ["depots"]) => depots(seed),
            ("GET", ["rates"]) => rates(request, seed),
            ("GET", ["jobs", job]) => self.job(job, seed),
            ("GET", ["depots", depot, "parcels"]) => self.list(depot, request, seed),
            ("POST", ["depots", depot, "parcels"]) => self.hand_in(depot, request, seed),
            (_, ["depots", depot, "parcels", number, rest @ ..]) => {
                let number: i64 = number.parse().unwrap_or_default();
                let place = self
                    .parcels
                    .iter()
                    .position(|parcel| parcel["number"] == number && parcel["depot"] == *depot);
                let Some(place) = place else {
                    return unknown(method, rest, seed);
                };
                match (method, rest) {
                    ("GET", []) => self.read(place, seed),
                    ("PUT", []) => self.replace(place, request, seed),
                    ("DELETE", []) => self.remove(place, seed),
                    ("POST", ["dispatch"]) => self.dispatch(place, seed),
                    _ => refusal(405, "This is not possible.").with("allow", "GET, PUT, DELETE"),
                }
            }
            _ => refusal(404, "There is nothing here."),
        }
    }
}

/// The next page, with all else that was asked for.
fn link(depot: &str, request: &Request, (page, per_page): (usize, usize)) -> String {
    let mut query = format!("page={page}&per_page={per_page}");
    for name in ["state", "service", "min_weight", "order"] {
        if let Some(value) = request.query(name) {
            query = format!("{query}&{name}={value}");
        }
    }
    format!("</api/2/depots/{depot}/parcels?{query}>; rel=\"next\"")
}

fn refusal(status: u16, detail: &str) -> Reply {
    let error = match status {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        405 => "method_not_allowed",
        _ => "not_found",
    };
    Reply::json(status, json!({"error": error, "detail": detail}))
}

fn bad(detail: &str) -> Reply {
    refusal(400, detail)
}

/// The refusal of a number that no parcel has.
fn unknown(method: &str, rest: &[&str], seed: &Seed) -> Reply {
    match (method, rest) {
        ("GET", []) if seed.is("status/read-unknown-answers-200") => {
            return Reply::json(200, json!({}));
        }
        ("GET", []) if seed.is("status/read-unknown-answers-403") => {
            return refusal(403, "You may not see this.");
        }
        ("GET", []) if seed.is("robustness/read-unknown-crashes") => return Reply::crash(),
        ("GET", []) if seed.is("robustness/read-unknown-hangs-up") => return Reply::hangup(),
        ("DELETE", []) if seed.is("status/remove-unknown-answers-200") => {
            return Reply::json(200, json!({"number": 1, "removed": true}));
        }
        ("GET", []) if seed.is("shape/read-unknown-has-another-form") => {
            return Reply::json(404, json!({"status": 404, "title": "Not found"}));
        }
        _ => {}
    }
    refusal(404, "There is no such parcel.")
}

fn elsewhere(method: &str, parts: &[&str], seed: &Seed) -> Option<Reply> {
    let nothing = || Some(refusal(404, "There is nothing here."));
    match (method, parts) {
        ("GET", ["rates"]) if seed.is("routing/rates-are-not-there") => nothing(),
        ("PUT", _) if seed.is("routing/replace-is-not-allowed") => {
            Some(refusal(405, "This is not possible.").with("allow", "GET, PATCH, DELETE"))
        }
        ("GET", ["depots"]) if seed.is("routing/depots-are-moved") => {
            Some(Reply::empty(302).with("location", "https://post.example.com/login"))
        }
        ("GET", ["jobs", _]) if seed.is("routing/jobs-are-not-there") => nothing(),
        ("POST", ["depots", _, "parcels"]) if seed.is("routing/hand-in-is-not-allowed") => {
            Some(refusal(405, "This is not possible.").with("allow", "GET"))
        }
        _ => None,
    }
}

fn unauthorized(method: &str, parts: &[&str], request: &Request, seed: &Seed) -> Option<Reply> {
    let given = request.header("authorization");
    if given == Some(CREDENTIALS) {
        return None;
    }
    let is_open = match (method, parts) {
        ("GET", ["depots"]) => given.is_none() && seed.is("auth/depots-need-no-password"),
        ("GET", ["rates"]) => {
            given.is_some_and(|given| given.starts_with("Basic "))
                && seed.is("auth/rates-take-any-password")
        }
        ("DELETE", _) => given.is_none() && seed.is("auth/remove-needs-no-password"),
        ("POST", ["depots", _, "parcels"]) => {
            given.is_none() && seed.is("auth/hand-in-needs-no-password")
        }
        _ => false,
    };
    if is_open {
        return None;
    }
    if seed.is("auth/missing-password-answers-404") {
        return Some(refusal(404, "There is nothing here."));
    }
    if seed.is("auth/missing-password-leads-to-login") {
        return Some(Reply::empty(302).with("location", "/login"));
    }
    Some(refusal(401, "Name and password are needed."))
}

fn depots(seed: &Seed) -> Reply {
    let mut depots: Vec<Value> = DEPOTS
        .iter()
        .map(|(code, city, open, latitude)| {
            json!({"code": code, "city": city, "open": open, "latitude": latitude})
        })
        .collect();
    if seed.is("shape/depots-open-is-yes-or-no") {
        depots[2]["open"] = json!("no");
    }
    if seed.is("shape/depots-latitude-is-out-of-range") {
        depots[1]["latitude"] = json!(5_355_000);
    }
    if seed.is("shape/depots-have-no-city") {
        remove(&mut depots[0], "city");
    }
    if seed.is("robustness/depots-hold-a-nan") {
        return Reply::text(
            200,
            "application/json",
            r#"{"depots": [{"code": "BRE", "city": "Bremen", "open": true, "latitude": NaN}]}"#,
        );
    }
    let reply = Reply::json(200, json!({"depots": depots}));
    if seed.is("headers/depots-are-called-xml") {
        return reply.with("content-type", "application/xml");
    }
    reply
}

fn remove(value: &mut Value, name: &str) -> Value {
    let members = value.as_object_mut();
    let removed = members.and_then(|members| members.shift_remove(name));
    removed.unwrap_or_default()
}

fn number(text: Option<&str>) -> Option<f64> {
    text?.parse().ok().filter(|number: &f64| number.is_finite())
}

fn rates(request: &Request, seed: &Seed) -> Reply {
    let from = request.query("from");
    let to = request.query("to");
    if to.is_none() && seed.is("robustness/rates-without-to-crash") {
        return Reply::crash();
    }
    let to = to.or_else(|| seed.is("inputs/rates-take-no-to").then_some("HAM"));
    let (Some(from), Some(to)) = (from, to) else {
        return bad("`from` and `to` are required.");
    };
    let is_depot = |wanted: &str| DEPOTS.iter().any(|(code, ..)| *code == wanted);
    if !is_depot(from) || !is_depot(to) {
        return refusal(404, "There is no such depot.");
    }
    let weight = number(request.query("weight"));
    if request.query("weight").is_some()
        && weight.is_none()
        && seed.is("robustness/rates-weight-as-text-crashes")
    {
        return Reply::crash();
    }
    let weight = match weight {
        Some(weight) if weight > 30.0 && seed.is("inputs/rates-take-a-heavy-weight") => weight,
        Some(weight) if weight < 0.1 && seed.is("inputs/rates-take-a-weight-of-0") => weight,
        Some(weight)
            if (weight - 30.0).abs() < f64::EPSILON && seed.is("inputs/rates-refuse-30") =>
        {
            return bad("The weight must be below 30.");
        }
        Some(weight) if (0.1..=30.0).contains(&weight) => weight,
        None if request.query("weight").is_none() && seed.is("inputs/rates-take-no-weight") => 1.0,
        _ => return bad("The weight must be between 0.1 and 30."),
    };
    let service = request.query("service").unwrap_or_else(|| {
        if seed.is("inputs-effect/rates-have-another-default-service") {
            "express"
        } else {
            "standard"
        }
    });
    if !SERVICES.contains(&service) && !seed.is("inputs/rates-take-any-service") {
        return bad("There is no such service.");
    }
    if service == "letter" && seed.is("inputs/rates-refuse-letter") {
        return bad("There is no such service.");
    }
    let service = if seed.is("inputs-effect/rates-ignore-service") {
        "standard"
    } else {
        service
    };
    let (base, days) = match service {
        "letter" => (1.0, 3),
        "express" => (9.0, 1),
        _ => (4.0, 2),
    };
    let weight = if seed.is("inputs-effect/rates-ignore-weight") {
        1.0
    } else {
        weight
    };
    let (from, to) = if seed.is("inputs-effect/rates-mix-up-from-and-to") {
        (to, from)
    } else {
        (from, to)
    };
    let mut rate = json!({
        "from": from, "to": to, "service": service, "price": format!("{:.2}", base + weight),
        "currency": "EUR", "days": days,
    });
    if seed.is("shape/rates-price-is-a-number") {
        rate["price"] = json!(base + weight);
    }
    if seed.is("shape/rates-currency-is-another-one") {
        rate["currency"] = json!("USD");
    }
    if seed.is("shape/rates-days-are-0") {
        rate["days"] = json!(0);
    }
    if seed.is("status/rates-answer-203") {
        return Reply::json(203, rate);
    }
    Reply::json(200, rate)
}

fn pair<'f>(form: &'f [(String, String)], name: &str) -> Option<&'f str> {
    let pair = form.iter().find(|(known, _)| known == name);
    pair.map(|(_, value)| value.as_str())
}

/// What a form says of a parcel.
fn accepted(request: &Request, is_new: bool, seed: &Seed) -> Result<Value, Reply> {
    let form = request.form();
    let recipient = match pair(&form, "recipient") {
        Some(recipient) => recipient,
        None if is_new && seed.is("inputs/hand-in-takes-no-recipient") => "Nobody",
        None if is_new && seed.is("robustness/hand-in-without-recipient-crashes") => {
            return Err(Reply::crash());
        }
        None => return Err(bad("`recipient` is required.")),
    };
    let length = recipient.chars().count();
    let is_long = length > 60 && !(is_new && seed.is("inputs/hand-in-takes-a-long-recipient"));
    let is_short = length < 2 && !(is_new && seed.is("inputs/hand-in-takes-a-short-recipient"));
    if is_long || is_short {
        return Err(bad("`recipient` has between 2 and 60 characters."));
    }
    let weight = match number(pair(&form, "weight")) {
        Some(weight) if (0.1..=30.0).contains(&weight) => {
            if is_new && weight < 0.11 && seed.is("inputs/hand-in-refuses-the-least-weight") {
                return Err(bad("That is too light."));
            }
            weight
        }
        Some(weight)
            if weight > 30.0 && is_new && seed.is("inputs/hand-in-takes-a-heavy-parcel") =>
        {
            weight
        }
        Some(weight)
            if weight > 30.0 && !is_new && seed.is("inputs/replace-takes-a-heavy-parcel") =>
        {
            weight
        }
        None if is_new
            && pair(&form, "weight").is_some()
            && seed.is("inputs/hand-in-takes-a-weight-in-words") =>
        {
            1.0
        }
        _ => return Err(bad("The weight must be between 0.1 and 30.")),
    };
    let service = pair(&form, "service").unwrap_or_else(|| {
        if is_new && seed.is("inputs-effect/hand-in-has-another-default-service") {
            "letter"
        } else {
            "standard"
        }
    });
    let is_service =
        SERVICES.contains(&service) || is_new && seed.is("inputs/hand-in-takes-any-service");
    if !is_service {
        return Err(bad("There is no such service."));
    }
    if service == "express" && is_new && seed.is("inputs/hand-in-refuses-express") {
        return Err(bad("There is no such service."));
    }
    let fragile = match pair(&form, "fragile").unwrap_or("false") {
        "true" => true,
        "false" => false,
        _ => return Err(bad("`fragile` must be true or false.")),
    };
    let note = pair(&form, "note");
    if note.is_some_and(|note| note.chars().count() > 40)
        && !(is_new && seed.is("inputs/hand-in-takes-a-long-note"))
    {
        return Err(bad("`note` has at most 40 characters."));
    }
    if is_new && note.is_none() && seed.is("inputs/hand-in-needs-a-note") {
        return Err(bad("`note` is required."));
    }
    let mut parcel = json!({
        "number": 0, "depot": "", "recipient": recipient, "weight": weight, "service": service,
        "fragile": fragile, "state": "waiting",
    });
    if let Some(note) = note {
        parcel["note"] = json!(note);
    }
    Ok(parcel)
}

/// Which page, and how many items it has.
fn page(request: &Request, seed: &Seed) -> Result<(usize, usize), Reply> {
    let page: usize = match request.query("page").map(str::parse) {
        None => 1,
        Some(Ok(page @ 1..)) => page,
        Some(_) => return Err(bad("`page` must be at least 1.")),
    };
    let per_page: usize = match request.query("per_page").map(str::parse) {
        None if seed.is("inputs-effect/list-has-another-default-per-page") => 2,
        None => 3,
        Some(Ok(_)) if seed.is("inputs-effect/list-ignores-per-page") => 3,
        Some(Ok(0)) if seed.is("inputs/list-takes-per-page-0") => 0,
        Some(Ok(100)) if seed.is("inputs/list-refuses-per-page-100") => {
            return Err(bad("`per_page` must be between 1 and 99."));
        }
        Some(Ok(per_page @ 1..=100)) => per_page,
        Some(_) => return Err(bad("`per_page` must be between 1 and 100.")),
    };
    Ok((page, per_page))
}

impl Depots {
    fn list(&self, depot: &str, request: &Request, seed: &Seed) -> Reply {
        let state = request.query("state");
        if state.is_some_and(|state| !STATES.contains(&state))
            && !seed.is("inputs/list-takes-any-state")
        {
            return bad("There is no such state.");
        }
        if state == Some("delivered") && seed.is("inputs/list-refuses-delivered") {
            return bad("There is no such state.");
        }
        let service = request.query("service");
        if service.is_some_and(|service| !SERVICES.contains(&service)) {
            return bad("There is no such service.");
        }
        let least = request.query("min_weight");
        if least.is_some() && number(least).is_none() {
            if seed.is("robustness/list-weight-as-text-crashes") {
                return Reply::crash();
            }
            return bad("`min_weight` must be a number.");
        }
        let least = number(least);
        let order = request.query("order").unwrap_or("number");
        if !["number", "-number"].contains(&order) && !seed.is("inputs/list-takes-any-order") {
            return bad("There is no such order.");
        }
        let (page, per_page) = match page(request, seed) {
            Ok(page) => page,
            Err(refusal) => return refusal,
        };
        let mut found = self.parcels.clone();
        found.retain(|parcel| {
            parcel["depot"] == depot || seed.is("inputs-effect/list-ignores-depot")
        });
        found.retain(|parcel| {
            state.is_none_or(|state| parcel["state"] == state)
                || seed.is("inputs-effect/list-ignores-state")
        });
        found.retain(|parcel| {
            service.is_none_or(|service| parcel["service"] == service)
                || seed.is("inputs-effect/list-ignores-service")
        });
        found.retain(|parcel| {
            let weight = parcel["weight"].as_f64().unwrap_or_default();
            least.is_none_or(|least| {
                if seed.is("inputs-effect/list-takes-min-weight-for-max-weight") {
                    weight <= least
                } else {
                    weight >= least || seed.is("inputs-effect/list-ignores-min-weight")
                }
            })
        });
        if seed.is("state/hand-in-is-not-listed") {
            found.retain(|parcel| parcel["number"].as_i64() < Some(530_000));
        }
        if order == "-number" && !seed.is("inputs-effect/list-ignores-order") {
            found.reverse();
        }
        let count = if seed.is("state/list-count-is-one-too-high") {
            found.len() + 1
        } else {
            found.len()
        };
        let first = match page {
            _ if seed.is("state/list-shows-the-first-page-again") => 0,
            2.. if seed.is("state/list-pages-leave-one-out") => (page - 1) * per_page + 1,
            _ => (page - 1) * per_page,
        };
        let mut items: Vec<Value> = found.into_iter().skip(first).take(per_page).collect();
        for item in &mut items {
            if seed.is("shape/list-weight-is-text") {
                item["weight"] = json!(item["weight"].to_string());
            }
            if seed.is("shape/list-items-have-a-driver") {
                item["driver"] = json!({"name": "Kim"});
            }
        }
        let shown = if seed.is("state/list-answers-another-page") {
            page + 1
        } else {
            page
        };
        let answer = json!({"items": items, "page": shown, "per_page": per_page, "count": count});
        let is_last = page * per_page >= count;
        let reply = Self::listed(answer, seed);
        let reply = match count.to_string() {
            _ if seed.is("headers/list-has-no-total") => reply,
            _ if seed.is("headers/list-total-is-in-words") => reply.with("x-total-count", "many"),
            total => reply.with("x-total-count", &total),
        };
        if is_last || seed.is("headers/list-has-no-link") {
            return reply;
        }
        reply.with("link", &link(depot, request, (page + 1, per_page)))
    }

    fn listed(answer: Value, seed: &Seed) -> Reply {
        if seed.is("shape/list-is-in-data") {
            return Reply::json(200, json!({"data": answer}));
        }
        if seed.is("shape/list-count-is-null") {
            return Reply::json(200, answer).edit(|body| body["count"] = Value::Null);
        }
        Reply::json(200, answer)
    }

    fn hand_in(&mut self, depot: &str, request: &Request, seed: &Seed) -> Reply {
        let mut parcel = match accepted(request, true, seed) {
            Ok(parcel) => parcel,
            Err(refusal) if seed.is("status/hand-in-invalid-answers-200") => {
                return Reply {
                    status: 200,
                    ..refusal
                };
            }
            Err(refusal) => return refusal,
        };
        parcel["number"] = json!(self.next.max(530_002));
        parcel["depot"] = json!(depot);
        self.next = self.next.max(530_002) + 1;
        if seed.is("inputs-effect/hand-in-ignores-fragile") {
            parcel["fragile"] = json!(false);
        }
        if seed.is("inputs-effect/hand-in-drops-the-note") {
            remove(&mut parcel, "note");
        }
        if seed.is("inputs-effect/hand-in-rounds-the-weight") {
            parcel["weight"] = json!(parcel["weight"].as_f64().unwrap_or_default().floor());
        }
        if !seed.is("state/hand-in-is-not-kept") {
            let mut kept = parcel.clone();
            if seed.is("state/hand-in-keeps-another-recipient") {
                kept["recipient"] = json!("Postmaster");
            }
            self.parcels.push(kept);
        }
        if seed.is("shape/hand-in-number-is-text") {
            parcel["number"] = json!(parcel["number"].to_string());
        }
        if seed.is("shape/hand-in-has-no-state") {
            remove(&mut parcel, "state");
        }
        if seed.is("shape/hand-in-note-is-a-list") {
            parcel["note"] = json!([]);
        }
        let status = if seed.is("status/hand-in-answers-200") {
            200
        } else {
            201
        };
        Reply::json(status, parcel)
    }

    fn read(&self, place: usize, seed: &Seed) -> Reply {
        let mut parcel = self.parcels[place].clone();
        if seed.is("shape/read-service-in-capitals") {
            parcel["service"] = json!(
                parcel["service"]
                    .as_str()
                    .unwrap_or_default()
                    .to_uppercase()
            );
        }
        if seed.is("shape/read-fragile-is-text") {
            parcel["fragile"] = json!(parcel["fragile"].to_string());
        }
        if seed.is("shape/read-spells-recipient-in-another-way") {
            parcel["Recipient"] = remove(&mut parcel, "recipient");
        }
        if seed.is("state/read-answers-another-depot") {
            parcel["depot"] = json!("MUC");
        }
        let reply = Reply::json(200, parcel);
        if seed.is("headers/read-has-no-content-type") {
            return reply.without("content-type");
        }
        reply
    }

    fn replace(&mut self, place: usize, request: &Request, seed: &Seed) -> Reply {
        let mut parcel = match accepted(request, false, seed) {
            Ok(parcel) => parcel,
            Err(refusal) => return refusal,
        };
        let before = self.parcels[place].clone();
        for name in ["number", "depot", "state"] {
            parcel[name] = before[name].clone();
        }
        if seed.is("inputs-effect/replace-ignores-weight") {
            parcel["weight"] = before["weight"].clone();
        }
        if !seed.is("state/replace-is-not-kept") {
            self.parcels[place] = parcel.clone();
        }
        if seed.is("state/replace-makes-another-parcel") {
            let mut copy = parcel.clone();
            copy["number"] = json!(self.next.max(530_002));
            self.next = self.next.max(530_002) + 1;
            return Reply::json(200, copy);
        }
        let status = if seed.is("status/replace-answers-201") {
            201
        } else {
            200
        };
        Reply::json(status, parcel)
    }

    fn dispatch(&mut self, place: usize, seed: &Seed) -> Reply {
        let number = self.parcels[place]["number"].as_i64().unwrap_or_default();
        let job = format!("job-{}", 100 + self.jobs.len());
        if !seed.is("state/dispatch-makes-no-job") {
            self.jobs.push((job.clone(), number, 0));
        }
        let mut answer = json!({"job": job, "state": "queued"});
        if seed.is("shape/dispatch-state-outside-the-set") {
            answer["state"] = json!("accepted");
        }
        if seed.is("shape/dispatch-job-is-an-object") {
            answer["job"] = json!({"id": answer["job"]});
        }
        if seed.is("robustness/dispatch-answers-half") {
            return Reply::text(202, "application/json", r#"{"job": "job-1", "sta"#);
        }
        let status = if seed.is("status/dispatch-answers-200") {
            200
        } else {
            202
        };
        Reply::json(status, answer)
    }

    /// The first look finds a job running, and each later one finds it done.
    fn job(&mut self, job: &str, seed: &Seed) -> Reply {
        let Some((id, number, looks)) = self.jobs.iter_mut().find(|(id, ..)| id == job) else {
            return refusal(404, "There is no such job.");
        };
        *looks += 1;
        let is_done = *looks > 1;
        let parcel = self
            .parcels
            .iter_mut()
            .find(|parcel| parcel["number"] == *number);
        if let Some(parcel) = parcel.filter(|_| is_done && !seed.is("state/dispatch-has-no-effect"))
        {
            parcel["state"] = json!("moving");
        }
        let state = if is_done { "done" } else { "running" };
        let mut answer = json!({"job": id, "state": state, "parcel": number});
        if seed.is("shape/job-parcel-is-text") {
            answer["parcel"] = json!(number.to_string());
        }
        if seed.is("state/job-is-of-another-parcel") {
            answer["parcel"] = json!(410_001);
        }
        if seed.is("headers/job-is-called-plain-text") {
            return Reply::json(200, answer).with("content-type", "text/plain");
        }
        Reply::json(200, answer)
    }

    fn remove(&mut self, place: usize, seed: &Seed) -> Reply {
        let number = self.parcels[place]["number"].clone();
        if !seed.is("state/remove-keeps-the-parcel") {
            self.parcels.remove(place);
        }
        if seed.is("shape/remove-answers-a-text") {
            return Reply::json(200, json!("removed"));
        }
        if seed.is("status/remove-answers-204") {
            return Reply::empty(204);
        }
        Reply::json(200, json!({"number": number, "removed": true}))
    }
}
