//! Ensembles and their players: an envelope everywhere, cursors, nested paths, replacing, and recordings by jobs. Bearer
//! token, and one list that anybody may read.
//!
//! The server does not know the ids of the examples, and has twelve ensembles of its own.

use serde_json::{Map, Value, json};

use super::seed::Seed;
use super::wire::{Reply, Request, Service};

const TOKEN: &str = "Bearer br4vo-da-capo";
const KINDS: [&str; 3] = ["chamber", "symphony", "choir"];
const SECTIONS: [&str; 3] = ["strings", "winds", "voices"];

/// The ensembles, the players, and the jobs.
pub(crate) struct Stages {
    ensembles: Vec<Value>,
    players: Vec<Value>,
    jobs: Vec<(Value, u32)>,
    next: u32,
}

impl Default for Stages {
    fn default() -> Self {
        let names = [
            ("Harbour Consort", "chamber", 1972, "Bergen"),
            ("City Philharmonic", "symphony", 1899, "Oslo"),
            ("Evening Choir", "choir", 2004, "Bergen"),
            ("Wind and Reed", "chamber", 1988, "Tromso"),
            ("Old Town Voices", "choir", 1931, "Oslo"),
            ("Island Orchestra", "symphony", 1954, "Bodo"),
            ("Quartet of the North", "chamber", 2011, "Tromso"),
            ("Riverside Singers", "choir", 1977, "Oslo"),
            ("Summer Symphony", "symphony", 1995, "Bergen"),
            ("Birch Trio", "chamber", 2019, "Bodo"),
            ("Cathedral Choir", "choir", 1712, "Oslo"),
            ("Ferry Band", "symphony", 1966, "Bodo"),
        ];
        let mut stages = Self {
            ensembles: Vec::new(),
            players: Vec::new(),
            jobs: Vec::new(),
            next: 100,
        };
        for (name, kind, founded, city) in names {
            let body = json!({"displayName": name, "kind": kind, "founded": founded, "city": city});
            let members = body.as_object().cloned().unwrap_or_default();
            stages.add(&members, "public");
        }
        for (name, section, chair) in [
            ("Ola Berg", "strings", 1),
            ("Siri Dahl", "winds", 2),
            ("Per Lie", "strings", 3),
        ] {
            let id = format!("plr_{:04x}", stages.number());
            let ensemble = stages.ensembles[1]["id"].clone();
            stages.players.push(json!({
                "id": id, "ensembleId": ensemble, "name": name, "section": section, "chair": chair,
            }));
        }
        stages
    }
}

impl Service for Stages {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/public/v3");
        let method = request.method.as_str();
        if let Some(elsewhere) = elsewhere(method, &parts, seed) {
            return elsewhere;
        }
        if let Some(refusal) = unauthorized(method, &parts, request, seed) {
            return refusal;
        }
        match (method, parts.as_slice()) {
            ("GET", ["ensembles"]) => self.list(request, seed),
            ("POST", ["ensembles"]) => self.create(request, seed),
            ("GET", ["jobs", job]) => self.job(job, seed),
            (_, ["ensembles", id, rest @ ..]) => {
                let place = self.ensembles.iter().position(|it| it["id"] == *id);
                let Some(place) = place else {
                    return self.unknown(method, rest, request, seed);
                };
                match (method, rest) {
                    ("GET", []) => self.get(place, seed),
                    ("PUT", []) => self.replace(place, request, seed),
                    ("DELETE", []) => self.delete(place, seed),
                    ("GET", ["players"]) => self.players(id, request, seed),
                    ("POST", ["players"]) => self.join(id, request, seed),
                    ("DELETE", ["players", player]) => self.leave(id, player, seed),
                    ("POST", ["recordings"]) => self.record(id, request, seed),
                    _ => refusal(405, "method", "This cannot be done."),
                }
            }
            _ => refusal(404, "unknown", "There is nothing here."),
        }
    }
}

fn refusal(status: u16, code: &str, detail: &str) -> Reply {
    let named = detail.strip_prefix('`').and_then(|it| it.split_once('`'));
    let error = json!({"code": code, "detail": detail, "field": named.map(|(name, _)| name)});
    Reply::json(status, json!({"errors": [error]}))
}

fn invalid(detail: &str) -> Reply {
    refusal(422, "invalid", detail)
}

fn enveloped(status: u16, data: &Value) -> Reply {
    Reply::json(status, json!({"data": data, "requestId": "r-1"}))
}

fn elsewhere(method: &str, parts: &[&str], seed: &Seed) -> Option<Reply> {
    match (method, parts) {
        ("GET", ["ensembles", _, "players"]) if seed.is("routing/players-are-not-there") => {
            Some(refusal(404, "route", "There is nothing here."))
        }
        ("PUT", _) if seed.is("routing/replace-is-not-allowed") => {
            Some(refusal(405, "method", "Use PATCH.").with("allow", "GET, PATCH, DELETE"))
        }
        ("GET", ["jobs", _]) if seed.is("routing/jobs-are-moved") => {
            Some(Reply::empty(308).with("location", "/public/v4/jobs"))
        }
        ("POST", ["ensembles"]) if seed.is("routing/create-is-not-implemented") => {
            Some(refusal(501, "later", "Not yet."))
        }
        _ => None,
    }
}

fn unauthorized(method: &str, parts: &[&str], request: &Request, seed: &Seed) -> Option<Reply> {
    let given = request.header("authorization");
    let refused = || {
        if seed.is("auth/missing-token-answers-400") {
            return Some(refusal(400, "no_token", "Send a token."));
        }
        Some(refusal(401, "no_token", "Send a token."))
    };
    let is_open = match (method, parts) {
        ("GET", ["ensembles"]) => !(given.is_none() && seed.is("auth/list-needs-a-token")),
        ("GET", ["ensembles", _]) => given.is_none() && seed.is("auth/get-needs-no-token"),
        ("POST", ["ensembles"]) => given.is_some() && seed.is("auth/create-takes-any-token"),
        ("DELETE", ["ensembles", _]) => given.is_none() && seed.is("auth/delete-needs-no-token"),
        ("GET", ["jobs", _]) => given.is_some() && seed.is("auth/jobs-take-any-token"),
        _ => false,
    };
    if is_open || given == Some(TOKEN) {
        None
    } else {
        refused()
    }
}

fn number(text: Option<&str>) -> Option<i64> {
    text?.parse().ok()
}

/// The start and the size of a page; the cursor is the index behind the last item.
fn page(
    request: &Request,
    (usual, most): (usize, usize),
    is_main: bool,
    seed: &Seed,
) -> Result<(usize, usize), Reply> {
    let usual = if is_main && seed.is("inputs-effect/list-has-another-default-size") {
        usual + 3
    } else {
        usual
    };
    let size = match request.query("size").map(str::parse::<usize>) {
        None => usual,
        Some(Ok(_)) if is_main && seed.is("inputs-effect/list-ignores-size") => usual,
        Some(Ok(size)) if size == most && is_main && seed.is("inputs/list-refuses-size-100") => {
            return Err(invalid("`size` is too large."));
        }
        Some(Ok(size)) if size == most + 1 && is_main && seed.is("inputs/list-takes-size-101") => {
            size
        }
        Some(Ok(size)) if (1..=most).contains(&size) => size,
        Some(Ok(0)) if !is_main && seed.is("inputs/players-take-size-0") => 1,
        Some(_) => return Err(invalid("`size` is out of range.")),
    };
    let start = match request.query("after") {
        None => 0,
        Some(_) if is_main && seed.is("inputs-effect/list-ignores-the-cursor") => 0,
        Some(after) => match after.strip_prefix("at").map(str::parse::<usize>) {
            Some(Ok(start)) => start,
            _ if is_main && seed.is("robustness/list-with-a-broken-cursor-crashes") => {
                return Err(Reply::crash());
            }
            _ => return Err(invalid("`after` is no cursor.")),
        },
    };
    Ok((start, size))
}

/// One page of the items, in the envelope of lists.
fn paged(items: &[Value], start: usize, size: usize, is_main: bool, seed: &Seed) -> Value {
    let mut end = (start + size).min(items.len());
    let shown: Vec<Value> = items.iter().skip(start).take(size).cloned().collect();
    let has_more = end < items.len();
    let mut matching = items.len();
    if is_main && seed.is("state/cursor-skips-one") && has_more {
        end += 1;
    }
    if is_main && seed.is("state/matching-is-that-of-the-page") {
        matching = shown.len();
    }
    let next = has_more.then(|| format!("at{end}"));
    let says_more = has_more || is_main && seed.is("state/list-always-has-more");
    json!({
        "data": shown, "cursor": {"next": next, "hasMore": says_more}, "summary": {"matching": matching},
    })
}

fn text<'b>(body: &'b Map<String, Value>, name: &str) -> Option<&'b str> {
    body.get(name).and_then(Value::as_str)
}

/// What a body says of an ensemble, or why it is refused.
fn ensemble(request: &Request, is_new: bool, seed: &Seed) -> Result<Map<String, Value>, Reply> {
    let Some(Value::Object(body)) = request.json() else {
        if is_new && seed.is("robustness/create-without-an-object-crashes") {
            return Err(Reply::crash());
        }
        return Err(invalid("Send an object."));
    };
    let name = match body.get("displayName") {
        Some(Value::String(name)) => name.clone(),
        None if is_new && seed.is("inputs/create-takes-no-name") => "Nameless".to_owned(),
        _ => return Err(invalid("`displayName` must be text.")),
    };
    let length = name.chars().count();
    if is_new && !name.is_ascii() && seed.is("robustness/create-with-other-letters-crashes") {
        return Err(Reply::crash());
    }
    if is_new && length > 80 && seed.is("robustness/create-with-a-long-name-crashes") {
        return Err(Reply::crash());
    }
    let may_be_short = is_new && seed.is("inputs/create-takes-a-short-name");
    if length > 80 || length < 3 && !may_be_short {
        return Err(invalid("`displayName` has 3 to 80 characters."));
    }
    let kind = text(&body, "kind");
    let is_kind = kind.is_some_and(|kind| KINDS.contains(&kind));
    let is_taken = is_kind || is_new && kind.is_some() && seed.is("inputs/create-takes-any-kind");
    if !is_taken {
        if is_new && seed.is("status/create-with-another-kind-answers-409") {
            return Err(refusal(409, "conflict", "`kind` is not known."));
        }
        return Err(invalid("`kind` is not known."));
    }
    if is_new && kind == Some("choir") && seed.is("inputs/create-refuses-choirs") {
        return Err(invalid("No choirs."));
    }
    let founded = body.get("founded").and_then(Value::as_f64);
    let is_late = founded.is_some_and(|year| year > 2030.0)
        && is_new
        && seed.is("inputs/create-takes-the-year-2031");
    if !founded.is_some_and(|year| (1600.0..=2030.0).contains(&year)) && !is_late {
        return Err(invalid("`founded` is between 1600 and 2030."));
    }
    let has_city = text(&body, "city").is_some();
    if !has_city && (is_new || !seed.is("inputs/replace-takes-no-city")) {
        return Err(invalid("`city` is required."));
    }
    match body.get("motto") {
        None if is_new && seed.is("inputs/create-needs-a-motto") => {
            return Err(invalid("`motto` is required."));
        }
        None | Some(Value::Null) => {}
        Some(Value::String(motto)) if motto.chars().count() <= 60 => {}
        Some(Value::String(_)) if !is_new && seed.is("inputs/replace-takes-a-long-motto") => {}
        Some(_) => return Err(invalid("`motto` has at most 60 characters.")),
    }
    match body.get("visibility").map(Value::as_str) {
        None | Some(Some("public" | "members")) => {}
        Some(_) => return Err(invalid("`visibility` is not known.")),
    }
    if let Some(home) = body.get("home") {
        let seats = home["seats"].as_f64();
        let may_be_empty = is_new && seed.is("inputs/create-takes-a-hall-without-seats");
        let is_hall =
            home["hall"].is_string() && seats.is_some_and(|seats| seats >= 1.0 || may_be_empty);
        if !is_hall {
            return Err(invalid("`home` needs a hall with seats."));
        }
    }
    Ok(body)
}

impl Stages {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    fn add(&mut self, body: &Map<String, Value>, visibility: &str) -> Value {
        let number = self.number();
        let member = |name: &str| body.get(name).cloned().unwrap_or_default();
        let home = body.get("home").cloned();
        let made = json!({
            "id": format!("ens_{number:04x}"), "displayName": member("displayName"), "kind": member("kind"),
            "founded": member("founded"), "city": member("city"), "motto": member("motto"),
            "visibility": text(body, "visibility").unwrap_or(visibility),
            "home": home.unwrap_or_else(|| json!({"hall": "Town Hall", "seats": 100})),
            "playerCount": 0, "recordings": 0,
            "createdAt": format!("2026-03-01T10:{:02}:{:02}Z", number / 60 % 60, number % 60),
        });
        self.ensembles.push(made.clone());
        made
    }

    fn list(&self, request: &Request, seed: &Seed) -> Reply {
        let mut found = self.ensembles.clone();
        found.reverse();
        let kind = request.query("kind");
        if kind.is_some_and(|kind| !KINDS.contains(&kind)) && !seed.is("inputs/list-takes-any-kind")
        {
            return invalid("`kind` is not known.");
        }
        found.retain(|it| {
            kind.is_none_or(|kind| it["kind"] == kind) || seed.is("inputs-effect/list-ignores-kind")
        });
        let before = request.query("foundedBefore");
        if before.is_some() && number(before).is_none() {
            return invalid("`foundedBefore` must be a year.");
        }
        if let Some(before) = before.and_then(|it| it.parse::<f64>().ok()) {
            let is_early = |it: &Value| it["founded"].as_f64().is_some_and(|year| year < before);
            found.retain(|it| is_early(it) || seed.is("inputs-effect/list-ignores-founded-before"));
        }
        if let Some(wanted) = request.query("q") {
            let wanted = wanted.to_lowercase();
            let holds = |it: &Value, name: &str| {
                let text = it[name].as_str().unwrap_or_default();
                text.to_lowercase().contains(&wanted)
            };
            found.retain(|it| {
                holds(it, "displayName")
                    || holds(it, "city")
                    || seed.is("inputs-effect/list-ignores-the-search")
            });
        }
        match request.query("order") {
            None => {}
            Some(_) if seed.is("inputs-effect/list-ignores-order") => {}
            Some(order) => {
                let Some((by, direction)) = order.split_once(':') else {
                    if seed.is("inputs/list-takes-any-order") {
                        return Reply::json(200, paged(&found, 0, 5, true, seed));
                    }
                    return invalid("`order` is not known.");
                };
                if by == "founded"
                    && direction == "desc"
                    && seed.is("inputs/list-refuses-the-youngest")
                {
                    return invalid("`order` is not known.");
                }
                found.sort_by(|left, right| match by {
                    "founded" => left[by].as_f64().partial_cmp(&right[by].as_f64()).unwrap(),
                    _ => left[by].as_str().cmp(&right[by].as_str()),
                });
                if direction == "desc" && !seed.is("inputs-effect/list-ignores-the-direction") {
                    found.reverse();
                }
            }
        }
        let (start, size) = match page(request, (5, 100), true, seed) {
            Ok(page) => page,
            Err(refusal) => return refusal,
        };
        let mut answer = paged(&found, start, size, true, seed);
        if seed.is("shape/list-names-in-snake-case") {
            for item in answer["data"].as_array_mut().into_iter().flatten() {
                item["display_name"] = item["displayName"].take();
                item.as_object_mut().unwrap().shift_remove("displayName");
            }
        }
        if seed.is("shape/list-without-cursor") {
            answer.as_object_mut().unwrap().shift_remove("cursor");
        }
        if seed.is("state/list-shows-another-city") {
            for item in answer["data"].as_array_mut().into_iter().flatten() {
                item["city"] = json!("Elsewhere");
            }
        }
        let reply = Reply::json(200, answer);
        if seed.is("headers/list-has-no-rate-limit") {
            return reply;
        }
        let left = if seed.is("headers/list-rate-limit-is-in-words") {
            "plenty"
        } else {
            "58"
        };
        reply.with("x-ratelimit-remaining", left)
    }

    fn create(&mut self, request: &Request, seed: &Seed) -> Reply {
        let mut body = match ensemble(request, true, seed) {
            Ok(body) => body,
            Err(refusal) => {
                if seed.is("state/refused-create-is-kept") {
                    let body = json!({"displayName": "Half", "kind": "choir", "founded": 1900, "city": "Oslo"});
                    self.add(body.as_object().unwrap(), "public");
                }
                return refusal;
            }
        };
        if seed.is("inputs-effect/create-ignores-the-motto") {
            body.remove("motto");
        }
        if seed.is("inputs-effect/create-ignores-the-hall") {
            body.remove("home");
        }
        let visibility = if seed.is("inputs-effect/create-has-another-default-visibility") {
            "members"
        } else {
            "public"
        };
        let made = self.add(&body, visibility);
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        if seed.is("state/create-is-not-kept") {
            self.ensembles.pop();
        }
        if seed.is("shape/create-answers-bare") {
            return Reply::json(201, made).with("location", &format!("/public/v3/ensembles/{id}"));
        }
        let mut made = made;
        if seed.is("shape/create-home-is-text") {
            made["home"] = made["home"]["hall"].take();
        }
        let status = if seed.is("status/create-answers-200") {
            200
        } else {
            201
        };
        let reply = enveloped(status, &made);
        if seed.is("headers/create-has-no-location") {
            return reply;
        }
        reply.with("location", &format!("/public/v3/ensembles/{id}"))
    }

    fn unknown(&mut self, method: &str, rest: &[&str], request: &Request, seed: &Seed) -> Reply {
        match (method, rest) {
            ("GET", []) if seed.is("status/get-unknown-answers-400") => {
                return refusal(400, "unknown", "There is no such ensemble.");
            }
            ("GET", []) if seed.is("shape/get-unknown-has-one-error") => {
                return Reply::json(404, json!({"error": {"code": "unknown"}}));
            }
            ("GET", []) if seed.is("robustness/get-unknown-hangs-up") => return Reply::hangup(),
            ("POST", ["players"]) if seed.is("status/join-of-unknown-answers-201") => {
                return self.join("ens_none", request, seed);
            }
            ("DELETE", []) if seed.is("status/delete-unknown-answers-204") => {
                return Reply::empty(204);
            }
            _ => {}
        }
        refusal(404, "unknown", "There is no such ensemble.")
    }

    fn get(&self, place: usize, seed: &Seed) -> Reply {
        let place = if seed.is("state/get-answers-the-first-ensemble") {
            0
        } else {
            place
        };
        let mut found = self.ensembles[place].clone();
        if seed.is("shape/get-founded-is-text") {
            found["founded"] = json!(found["founded"].to_string());
        }
        if seed.is("shape/get-without-city") {
            found.as_object_mut().unwrap().shift_remove("city");
        }
        if seed.is("shape/get-kind-outside-the-set") {
            found["kind"] = json!("band");
        }
        if seed.is("shape/get-has-another-member") {
            found["internalScore"] = json!(0.5);
        }
        if seed.is("shape/get-created-at-is-a-number") {
            found["createdAt"] = json!(1_772_355_600);
        }
        if seed.is("shape/get-hall-without-seats") {
            found["home"].as_object_mut().unwrap().shift_remove("seats");
        }
        let reply = enveloped(200, &found);
        if seed.is("headers/get-is-called-html") {
            return reply.with("content-type", "text/html");
        }
        reply
    }

    fn replace(&mut self, place: usize, request: &Request, seed: &Seed) -> Reply {
        let body = match ensemble(request, false, seed) {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        let before = self.ensembles[place].clone();
        let made = self.add(&body, "public");
        self.ensembles.pop();
        let mut after = made;
        for name in ["id", "playerCount", "recordings", "createdAt"] {
            after[name] = before[name].clone();
        }
        if body.get("city").is_none() {
            after["city"] = json!("");
        }
        if seed.is("state/replace-keeps-what-is-left-out") && !body.contains_key("motto") {
            after["motto"] = before["motto"].clone();
        }
        if seed.is("inputs-effect/replace-ignores-the-kind") {
            after["kind"] = before["kind"].clone();
        }
        if seed.is("state/replace-changes-created-at") {
            after["createdAt"] = json!("2026-04-01T12:00:00Z");
        }
        if seed.is("state/replace-forgets-the-recordings") {
            after["recordings"] = json!(7);
        }
        if !seed.is("state/replace-is-not-kept") {
            self.ensembles[place] = after.clone();
        }
        if seed.is("state/replace-answers-what-was-before") {
            return enveloped(200, &before);
        }
        if seed.is("status/replace-answers-204") {
            return Reply::empty(204);
        }
        enveloped(200, &after)
    }

    fn delete(&mut self, place: usize, seed: &Seed) -> Reply {
        if seed.is("state/delete-keeps-the-ensemble") {
            return Reply::empty(204);
        }
        let gone = self.ensembles.remove(place);
        self.players.retain(|it| it["ensembleId"] != gone["id"]);
        if seed.is("status/delete-answers-200") {
            return enveloped(200, &gone);
        }
        Reply::empty(204)
    }

    fn players(&self, id: &str, request: &Request, seed: &Seed) -> Reply {
        let section = request.query("section");
        if section.is_some_and(|section| !SECTIONS.contains(&section)) {
            return invalid("`section` is not known.");
        }
        let mut found = self.players.clone();
        found.retain(|it| it["ensembleId"] == id || seed.is("state/players-are-those-of-all"));
        found.retain(|it| {
            section.is_none_or(|section| it["section"] == section)
                || seed.is("inputs-effect/players-ignore-section")
        });
        if seed.is("shape/players-chair-has-a-fraction") {
            for player in &mut found {
                player["chair"] = json!(1.5);
            }
        }
        match page(request, (10, 50), false, seed) {
            Ok((start, size)) => Reply::json(200, paged(&found, start, size, false, seed)),
            Err(refusal) => refusal,
        }
    }

    fn join(&mut self, id: &str, request: &Request, seed: &Seed) -> Reply {
        let Some(Value::Object(body)) = request.json() else {
            return invalid("Send an object.");
        };
        let name = match body.get("name") {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Object(_)) if seed.is("inputs/join-takes-an-object-as-name") => {
                "Object".to_owned()
            }
            _ => return invalid("`name` must be text."),
        };
        let section = text(&body, "section").unwrap_or_default();
        if !SECTIONS.contains(&section) && !seed.is("inputs/join-takes-any-section") {
            return invalid("`section` is not known.");
        }
        let chair = body.get("chair").cloned().unwrap_or_default();
        if chair.is_null() && seed.is("robustness/join-without-chair-crashes") {
            return Reply::crash();
        }
        if !chair.as_f64().is_some_and(|chair| chair.fract() == 0.0) {
            return invalid("`chair` must be a whole number.");
        }
        let number = self.number();
        let mut player = json!({
            "id": format!("plr_{number:04x}"), "ensembleId": id, "name": name, "section": section, "chair": chair,
        });
        if !seed.is("state/join-is-not-kept") {
            self.players.push(player.clone());
        }
        let ensemble = self.ensembles.iter_mut().find(|it| it["id"] == id);
        if let Some(ensemble) = ensemble.filter(|_| !seed.is("state/join-is-not-counted")) {
            let count = ensemble["playerCount"].as_i64().unwrap_or_default();
            ensemble["playerCount"] = json!(count + 1);
        }
        if seed.is("inputs-effect/join-gives-the-next-chair") {
            player["chair"] = json!(chair.as_f64().unwrap_or_default() + 1.0);
        }
        if seed.is("state/join-answers-another-ensemble") {
            player["ensembleId"] = self.ensembles[0]["id"].clone();
        }
        enveloped(201, &player)
    }

    fn leave(&mut self, id: &str, player: &str, seed: &Seed) -> Reply {
        let place = self
            .players
            .iter()
            .position(|it| it["id"] == player && it["ensembleId"] == id);
        let Some(place) = place else {
            return refusal(404, "unknown", "There is no such player.");
        };
        if !seed.is("state/leave-keeps-the-player") {
            self.players.remove(place);
            let ensemble = self.ensembles.iter_mut().find(|it| it["id"] == id);
            if let Some(ensemble) = ensemble {
                let count = ensemble["playerCount"].as_i64().unwrap_or_default();
                ensemble["playerCount"] = json!(count - 1);
            }
        }
        Reply::empty(204)
    }

    fn record(&mut self, id: &str, request: &Request, seed: &Seed) -> Reply {
        let body = request.json().unwrap_or_default();
        let format = body["format"].as_str().unwrap_or_default();
        if !["flac", "mp3"].contains(&format) && !seed.is("inputs/record-takes-any-format") {
            return invalid("`format` is not known.");
        }
        if format == "mp3" && seed.is("inputs/record-refuses-mp3") {
            return invalid("`format` is not known.");
        }
        let job_id = format!("job_{}", self.number());
        let format = if seed.is("inputs-effect/record-ignores-the-format") {
            "mp3"
        } else if SECTIONS.contains(&format) {
            "flac"
        } else {
            format
        };
        let job = json!({
            "jobId": job_id, "ensembleId": id, "status": "queued", "format": format, "progress": 0,
        });
        self.jobs.push((job.clone(), 0));
        let status = if seed.is("status/record-answers-200") {
            200
        } else {
            202
        };
        let folder = if seed.is("headers/record-location-leads-nowhere") {
            "tasks"
        } else {
            "jobs"
        };
        enveloped(status, &job).with("location", &format!("/public/v3/{folder}/{job_id}"))
    }

    /// Each look finds the job one step further.
    fn job(&mut self, id: &str, seed: &Seed) -> Reply {
        let Some((job, looks)) = self.jobs.iter_mut().find(|(it, _)| it["jobId"] == id) else {
            if seed.is("robustness/unknown-job-crashes") {
                return Reply::crash();
            }
            return refusal(404, "unknown", "There is no such job.");
        };
        *looks += 1;
        let (status, progress) = match looks {
            1 => ("running", 60),
            _ => ("done", 100),
        };
        let was_done = job["status"] == "done";
        job["status"] = json!(status);
        job["progress"] = json!(progress);
        let mut shown = job.clone();
        if status == "done" && !was_done && !seed.is("state/recording-leaves-nothing") {
            let ensemble = self
                .ensembles
                .iter_mut()
                .find(|it| it["id"] == shown["ensembleId"]);
            if let Some(ensemble) = ensemble {
                let count = ensemble["recordings"].as_i64().unwrap_or_default();
                ensemble["recordings"] = json!(count + 1);
            }
        }
        if seed.is("state/job-is-of-another-ensemble") {
            shown["ensembleId"] = self.ensembles[0]["id"].clone();
        }
        if seed.is("shape/job-progress-is-beyond-100") {
            shown["progress"] = json!(progress + 100);
        }
        if seed.is("shape/job-status-in-capitals") {
            shown["status"] = json!(status.to_uppercase());
        }
        enveloped(200, &shown)
    }
}
