//! A workshop for bicycles: jobs with lines in a row, and mechanics. Its errors, the life of a job, and bounds stand in words
//! alone, most of them on pages of their own.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::seed::Seed;
use super::wire::{Reply, Request, Service};

const TOKEN: &str = "Bearer sp0ke-and-hub";

/// The jobs, their lines, and the mechanics.
#[derive(Default)]
pub(crate) struct Bench {
    jobs: Vec<Value>,
    lines: Vec<Value>,
    mechanics: Vec<Value>,
    next: u64,
}

type Answer = Result<Reply, Reply>;

impl Service for Bench {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        if request.header("authorization") != Some(TOKEN) {
            return unauthorized(seed);
        }
        if !request.body.is_empty() && request.json().is_none() {
            return malformed(seed);
        }
        let parts = request.parts("/v2");
        let answer = match (request.method.as_str(), parts.as_slice()) {
            ("POST", ["jobs"]) => self.create_job(request, seed),
            ("GET", ["jobs"]) => self.list_jobs(request, seed),
            ("GET", ["jobs", id]) => self.job(id, seed).map(|at| ok(&self.shown(at, seed))),
            ("PATCH", ["jobs", id]) => self.update_job(id, request, seed),
            ("DELETE", ["jobs", id]) => self.delete_job(id, seed),
            ("POST", ["jobs", id, "start"]) => self.start(id, seed),
            ("POST", ["jobs", id, "close"]) => self.close(id, seed),
            ("POST", ["jobs", id, "lines"]) => self.add_line(id, request, seed),
            ("GET", ["jobs", id, "lines"]) => self.list_lines(id, seed),
            ("GET", ["lines", id]) => self.line(id, seed).map(|at| ok(&self.lines[at])),
            ("PATCH", ["lines", id]) => self.update_line(id, request, seed),
            ("DELETE", ["lines", id]) => self.delete_line(id, seed),
            ("POST", ["mechanics"]) => self.add_mechanic(request, seed),
            ("GET", ["mechanics"]) => Ok(self.list_mechanics(seed)),
            ("GET", ["mechanics", id]) => self
                .mechanic(id, seed)
                .map(|at| ok(&self.with_count(at, seed))),
            ("DELETE", ["mechanics", id]) => self.remove_mechanic(id, seed),
            ("POST", ["jobs", id, _]) if seed.is("routing/any-action-answers-with-the-job") => {
                self.job(id, seed).map(|at| ok(&self.shown(at, seed)))
            }
            _ => Err(error(404, "not_found", None)),
        };
        answer.unwrap_or_else(|reply| reply)
    }
}

fn ok(body: &Value) -> Reply {
    Reply::json(200, body.clone())
}

fn error(status: u16, code: &str, field: Option<&str>) -> Reply {
    Reply::json(
        status,
        json!({"error": {"code": code, "message": "This did not work.", "field": field}}),
    )
}

fn unauthorized(seed: &Seed) -> Reply {
    if seed.is("status/missing-token-answers-403") {
        return error(403, "unauthorized", None);
    }
    if seed.is("shape/missing-token-has-a-bare-message") {
        return Reply::json(401, json!({"message": "Who are you?"}));
    }
    error(401, "unauthorized", None)
}

fn malformed(seed: &Seed) -> Reply {
    if seed.is("status/broken-json-answers-422") {
        return error(422, "malformed_json", None);
    }
    if seed.is("shape/broken-json-is-called-invalid") {
        return error(400, "invalid", None);
    }
    error(400, "malformed_json", None)
}

fn wrong_status(seed: &Seed) -> Reply {
    if seed.is("status/wrong-status-answers-400") {
        return error(400, "wrong_status", None);
    }
    if seed.is("shape/wrong-status-is-called-conflict") {
        return error(409, "conflict", None);
    }
    error(409, "wrong_status", None)
}

fn invalid(field: &str, seed: &Seed) -> Reply {
    if seed.is("status/invalid-answers-400") {
        return error(400, "invalid", Some(field));
    }
    if seed.is("shape/invalid-names-another-field") {
        let other = match field {
            "title" | "mechanic_id" => "due_on",
            "quantity" => "unit_price",
            "description" | "unit_price" => "quantity",
            "name" => "skills",
            "skills" | "hourly_rate" => "name",
            "limit" => "status",
            "status" => "limit",
            _ => "title",
        };
        return error(422, "invalid", Some(other));
    }
    if seed.is("shape/invalid-names-no-field") {
        return error(422, "invalid", None);
    }
    if seed.is("shape/invalid-is-called-validation-error") {
        return error(422, "validation_error", Some(field));
    }
    error(422, "invalid", Some(field))
}

/// The body, and what is sent in it.
fn members(request: &Request, seed: &Seed) -> Result<Map<String, Value>, Reply> {
    let body = request.json().unwrap_or_default();
    body.as_object()
        .cloned()
        .ok_or_else(|| invalid("body", seed))
}

/// Today as `2026-03-01`.
fn today() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut days = days.as_secs() / 86_400;
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text
        .split('-')
        .map(|part| (part.len(), part.parse::<u32>().ok()))
        .collect();
    matches!(
        parts.as_slice(),
        [(4, Some(_)), (2, Some(1..=12)), (2, Some(1..=31))]
    )
}

fn in_cents(value: &Value) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "prices are small")]
    let cents = (value.as_f64().unwrap_or_default() * 100.0).round() as i64;
    cents
}

fn price(cents: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "prices are small")]
    let price = cents as f64 / 100.0;
    json!(price)
}

impl Bench {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn find(things: &[Value], id: &str, seed: &Seed) -> Result<usize, Reply> {
        let place = things.iter().position(|it| it["id"] == id);
        place.ok_or_else(|| {
            if seed.is("status/unknown-answers-400") {
                return error(400, "not_found", None);
            }
            if seed.is("shape/unknown-has-no-code") {
                return Reply::json(404, json!({"error": {"message": "No.", "field": null}}));
            }
            if seed.is("shape/unknown-has-another-code") {
                return error(404, "resource_missing", None);
            }
            if seed.is("shape/unknown-answers-bare") {
                return Reply::json(
                    404,
                    json!({"code": "not_found", "message": "No.", "field": null}),
                );
            }
            error(404, "not_found", None)
        })
    }

    fn job(&self, id: &str, seed: &Seed) -> Result<usize, Reply> {
        Self::find(&self.jobs, id, seed)
    }

    fn line(&self, id: &str, seed: &Seed) -> Result<usize, Reply> {
        Self::find(&self.lines, id, seed)
    }

    fn mechanic(&self, id: &str, seed: &Seed) -> Result<usize, Reply> {
        Self::find(&self.mechanics, id, seed)
    }

    /// The lines of a job, by their positions.
    fn lines_of(&self, job: &Value) -> Vec<usize> {
        let lines = self.lines.iter().enumerate();
        let mut places: Vec<_> = lines
            .filter(|(_, it)| it["job_id"] == job["id"])
            .map(|(at, _)| at)
            .collect();
        places.sort_by_key(|at| self.lines[*at]["position"].as_u64());
        places
    }

    /// A job with what its lines make of it.
    fn shown(&self, at: usize, seed: &Seed) -> Value {
        let mut job = self.jobs[at].clone();
        let lines = self.lines_of(&job);
        let mut count = lines.len();
        let mut total = 0;
        for (index, line) in lines.iter().enumerate() {
            let line = &self.lines[*line];
            if seed.is("state/total-leaves-out-the-first-line") && index == 0 && count > 1 {
                continue;
            }
            let of = if seed.is("state/total-ignores-quantities") {
                "unit_price"
            } else {
                "amount"
            };
            total += in_cents(&line[of]);
        }
        if seed.is("state/line-count-is-one-too-many") {
            count += 1;
        }
        job["line_count"] = json!(count);
        job["total"] = price(total);
        if seed.is("state/total-stays-at-zero") {
            job["total"] = price(0);
        }
        job
    }

    fn with_count(&self, at: usize, seed: &Seed) -> Value {
        let mut mechanic = self.mechanics[at].clone();
        let jobs = self
            .jobs
            .iter()
            .filter(|it| it["mechanic_id"] == mechanic["id"]);
        let count = if seed.is("state/job-count-is-that-of-all") {
            self.jobs.len()
        } else {
            jobs.count()
        };
        mechanic["job_count"] = json!(count);
        mechanic
    }

    /// What is wrong with the members of a job.
    fn check_job(&self, body: &Map<String, Value>, seed: &Seed) -> Result<(), Reply> {
        if let Some(title) = body.get("title") {
            let title = title.as_str().ok_or_else(|| invalid("title", seed))?;
            if title.trim().is_empty() && !seed.is("inputs/create-takes-a-blank-title") {
                return Err(invalid("title", seed));
            }
            let length = title.chars().count();
            let is_long = length > 80 && !seed.is("inputs/create-takes-a-long-title");
            if is_long || length == 80 && seed.is("inputs/create-refuses-80-characters") {
                return Err(invalid("title", seed));
            }
        }
        if let Some(id) = body.get("mechanic_id").filter(|it| !it.is_null()) {
            let is_known = self.mechanics.iter().any(|it| it["id"] == *id);
            if !id.is_string() || !is_known && !seed.is("inputs/create-takes-unknown-mechanics") {
                return Err(invalid("mechanic_id", seed));
            }
        }
        if let Some(due) = body.get("due_on").filter(|it| !it.is_null()) {
            let due = due
                .as_str()
                .filter(|it| is_date(it))
                .ok_or_else(|| invalid("due_on", seed))?;
            if due < today().as_str() && !seed.is("inputs/create-takes-a-date-in-the-past") {
                return Err(invalid("due_on", seed));
            }
        }
        if let Some(tags) = body.get("tags") {
            let tags = tags.as_array().filter(|it| it.iter().all(Value::is_string));
            let tags = tags.ok_or_else(|| invalid("tags", seed))?;
            let is_many = tags.len() > 5 && !seed.is("inputs/create-takes-six-tags");
            if is_many || tags.len() == 5 && seed.is("inputs/create-refuses-five-tags") {
                return Err(invalid("tags", seed));
            }
        }
        Ok(())
    }

    fn create_job(&mut self, request: &Request, seed: &Seed) -> Answer {
        let body = members(request, seed)?;
        if !body.contains_key("title") {
            return Err(invalid("title", seed));
        }
        self.check_job(&body, seed)?;
        let number = self.number();
        let sent = |name: &str| body.get(name).cloned().unwrap_or_default();
        let status = if seed.is("state/new-job-is-started") {
            "started"
        } else {
            "draft"
        };
        let time = format!("2026-03-01T08:{:02}:{:02}Z", number / 60 % 60, number % 60);
        let is_early = seed.is("state/new-job-has-a-time-of-start");
        let mut tags = body.get("tags").cloned().unwrap_or(json!([]));
        if seed.is("state/tags-are-sorted")
            && let Some(tags) = tags.as_array_mut()
        {
            tags.sort_by_key(ToString::to_string);
        }
        self.jobs.push(json!({
            "id": format!("job_{number:04x}"), "title": sent("title"), "status": status, "mechanic_id": sent("mechanic_id"),
            "due_on": sent("due_on"), "tags": tags, "line_count": 0, "total": 0, "created_at": time.clone(),
            "started_at": if is_early { json!(time) } else { Value::Null },
        }));
        Ok(Reply::json(201, self.shown(self.jobs.len() - 1, seed)))
    }

    fn list_jobs(&self, request: &Request, seed: &Seed) -> Answer {
        let limit = request.query("limit").unwrap_or("25").parse::<usize>();
        let limit = limit
            .ok()
            .filter(|it| *it > 0)
            .ok_or_else(|| invalid("limit", seed))?;
        let is_beyond = limit > 100 && !seed.is("inputs/list-takes-limit-101");
        if is_beyond || limit == 100 && seed.is("inputs/list-refuses-limit-100") {
            return Err(invalid("limit", seed));
        }
        let status = request.query("status");
        if status.is_some_and(|it| !["draft", "started", "closed"].contains(&it)) {
            return Err(invalid("status", seed));
        }
        let status = status.filter(|_| !seed.is("inputs-effect/list-ignores-status"));
        let mut places: Vec<_> = (0..self.jobs.len()).collect();
        if !seed.is("state/list-has-the-oldest-first") {
            places.reverse();
        }
        let jobs = places.into_iter().map(|at| self.shown(at, seed));
        let jobs = jobs.filter(|it| status.is_none_or(|status| it["status"] == status));
        Ok(ok(&json!({"jobs": jobs.take(limit).collect::<Vec<_>>()})))
    }

    fn update_job(&mut self, id: &str, request: &Request, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        let body = members(request, seed)?;
        self.check_job(&body, seed)?;
        if self.jobs[at]["status"] == "closed" && !seed.is("state/closed-job-is-changed") {
            return Err(wrong_status(seed));
        }
        for name in ["title", "mechanic_id", "due_on", "tags"] {
            match body.get(name) {
                Some(value) => self.jobs[at][name] = value.clone(),
                None if name == "tags" && seed.is("state/update-forgets-tags") => {
                    self.jobs[at]["tags"] = json!([]);
                }
                None => {}
            }
        }
        Ok(ok(&self.shown(at, seed)))
    }

    fn delete_job(&mut self, id: &str, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        if self.jobs[at]["status"] != "draft" && !seed.is("state/started-job-is-deleted") {
            return Err(wrong_status(seed));
        }
        let job = self.jobs.remove(at);
        if seed.is("state/delete-takes-lines-of-others") {
            self.lines.clear();
        } else if !seed.is("state/delete-keeps-lines") {
            self.lines.retain(|it| it["job_id"] != job["id"]);
        }
        Ok(Reply::empty(204))
    }

    fn start(&mut self, id: &str, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        let status = self.jobs[at]["status"].clone();
        let is_again = status == "started" && seed.is("state/started-job-is-started");
        let is_late = status == "closed" && seed.is("state/closed-job-is-started");
        if status != "draft" && !is_again && !is_late {
            return Err(wrong_status(seed));
        }
        if !seed.is("state/start-keeps-the-status") {
            self.jobs[at]["status"] = json!("started");
        }
        if !seed.is("state/start-has-no-time") {
            self.jobs[at]["started_at"] = json!("2026-03-02T08:00:00Z");
        }
        Ok(ok(&self.shown(at, seed)))
    }

    fn close(&mut self, id: &str, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        let status = self.jobs[at]["status"].clone();
        let is_early = status == "draft" && seed.is("state/draft-is-closed");
        if status != "started" && !is_early {
            return Err(wrong_status(seed));
        }
        if !seed.is("state/close-keeps-the-status") {
            self.jobs[at]["status"] = json!("closed");
        }
        Ok(ok(&self.shown(at, seed)))
    }

    fn check_line(body: &Map<String, Value>, seed: &Seed) -> Result<(), Reply> {
        if body.get("description").is_some_and(|it| !it.is_string()) {
            return Err(invalid("description", seed));
        }
        if let Some(quantity) = body.get("quantity") {
            let number = quantity.as_f64().ok_or_else(|| invalid("quantity", seed))?;
            let is_low = number < 0.0 || number == 0.0 && !seed.is("inputs/add-takes-quantity-0");
            let is_part = number.fract() != 0.0 && !seed.is("inputs/add-takes-half-a-thing");
            let is_high = number > 500.0 && !seed.is("inputs/add-takes-quantity-501");
            if is_low || is_part || is_high {
                return Err(invalid("quantity", seed));
            }
        }
        if let Some(price) = body.get("unit_price") {
            let number = price.as_f64().ok_or_else(|| invalid("unit_price", seed))?;
            let cents = number * 100.0;
            let is_fine = (cents - cents.round()).abs() > 1e-6;
            let is_low = number < 0.0 && !seed.is("inputs/add-takes-a-price-below-zero");
            let is_free = number == 0.0 && seed.is("inputs/add-refuses-price-0");
            if is_low || is_free || is_fine && !seed.is("inputs/add-takes-three-decimals") {
                return Err(invalid("unit_price", seed));
            }
        }
        Ok(())
    }

    fn add_line(&mut self, id: &str, request: &Request, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        let body = members(request, seed)?;
        for name in ["description", "quantity", "unit_price"] {
            if !body.contains_key(name) {
                return Err(invalid(name, seed));
            }
        }
        Self::check_line(&body, seed)?;
        if self.jobs[at]["status"] == "closed" && !seed.is("state/line-is-added-to-a-closed-job") {
            return Err(wrong_status(seed));
        }
        let number = self.number();
        let others = self.lines_of(&self.jobs[at]);
        let mut position = others.len() + 1;
        if seed.is("state/line-goes-to-the-front") {
            for other in others {
                let place = self.lines[other]["position"].as_u64().unwrap_or_default();
                self.lines[other]["position"] = json!(place + 1);
            }
            position = 1;
        } else if seed.is("state/positions-start-at-0") {
            position -= 1;
        }
        let mut line = json!({
            "id": format!("lin_{number:04x}"), "job_id": self.jobs[at]["id"], "position": position,
            "description": body["description"], "quantity": body["quantity"], "unit_price": body["unit_price"],
        });
        Self::weigh(&mut line, seed);
        self.lines.push(line.clone());
        Ok(Reply::json(201, line))
    }

    /// Puts the amount right.
    fn weigh(line: &mut Value, seed: &Seed) {
        let one = in_cents(&line["unit_price"]);
        #[expect(clippy::cast_possible_truncation, reason = "a whole number")]
        let quantity = line["quantity"].as_f64().unwrap_or_default() as i64;
        let cents = if seed.is("state/amount-is-the-unit-price") {
            one
        } else {
            one * quantity
        };
        line["amount"] = price(cents);
    }

    fn list_lines(&self, id: &str, seed: &Seed) -> Answer {
        let at = self.job(id, seed)?;
        let mut places = self.lines_of(&self.jobs[at]);
        if seed.is("state/lines-are-in-reverse") {
            places.reverse();
        }
        let lines: Vec<_> = places.iter().map(|at| &self.lines[*at]).collect();
        let count = if seed.is("state/count-is-that-of-all-lines") {
            self.lines.len()
        } else {
            lines.len()
        };
        Ok(ok(&json!({"count": count, "lines": lines})))
    }

    fn update_line(&mut self, id: &str, request: &Request, seed: &Seed) -> Answer {
        let at = self.line(id, seed)?;
        let body = members(request, seed)?;
        Self::check_line(&body, seed)?;
        let job = json!({"id": self.lines[at]["job_id"]});
        let mut row = self.lines_of(&job);
        let position = match body.get("position") {
            Some(position) => {
                let position = position.as_u64().and_then(|it| usize::try_from(it).ok());
                let is_open = seed.is("inputs/move-behind-the-end-is-taken");
                let position = position.filter(|it| *it > 0 && (*it <= row.len() || is_open));
                Some(position.ok_or_else(|| invalid("position", seed))?)
            }
            None => None,
        };
        let status = self
            .jobs
            .iter()
            .find(|it| it["id"] == job["id"])
            .map(|it| it["status"].clone());
        if status.is_some_and(|it| it == "closed")
            && !seed.is("state/line-of-a-closed-job-is-changed")
        {
            return Err(wrong_status(seed));
        }
        for name in ["description", "quantity", "unit_price"] {
            if let Some(value) = body.get(name) {
                self.lines[at][name] = value.clone();
            }
        }
        if !seed.is("state/update-keeps-the-amount") {
            Self::weigh(&mut self.lines[at], seed);
        }
        if let Some(position) = position.filter(|_| !seed.is("inputs-effect/position-is-ignored")) {
            if seed.is("state/move-leaves-the-others") {
                self.lines[at]["position"] = json!(position);
            } else {
                row.retain(|it| *it != at);
                row.insert((position - 1).min(row.len()), at);
                for (index, line) in row.iter().enumerate() {
                    self.lines[*line]["position"] = json!(index + 1);
                }
            }
        }
        Ok(ok(&self.lines[at]))
    }

    fn delete_line(&mut self, id: &str, seed: &Seed) -> Answer {
        let at = self.line(id, seed)?;
        let job = json!({"id": self.lines[at]["job_id"]});
        let status = self
            .jobs
            .iter()
            .find(|it| it["id"] == job["id"])
            .map(|it| it["status"].clone());
        if status.is_some_and(|it| it == "closed") {
            return Err(wrong_status(seed));
        }
        self.lines.remove(at);
        if !seed.is("state/delete-leaves-a-gap") {
            for (index, line) in self.lines_of(&job).into_iter().enumerate() {
                self.lines[line]["position"] = json!(index + 1);
            }
        }
        Ok(Reply::empty(204))
    }

    fn add_mechanic(&mut self, request: &Request, seed: &Seed) -> Answer {
        let body = members(request, seed)?;
        let name = body.get("name").and_then(Value::as_str);
        let name = name.ok_or_else(|| invalid("name", seed))?;
        if name.is_empty() && !seed.is("inputs/mechanic-without-a-name-is-taken") {
            return Err(invalid("name", seed));
        }
        let skills = body.get("skills").and_then(Value::as_array);
        let skills = skills
            .filter(|it| it.iter().all(Value::is_string))
            .ok_or_else(|| invalid("skills", seed))?;
        let is_twice = skills
            .iter()
            .enumerate()
            .any(|(at, it)| skills[..at].contains(it));
        let is_none = skills.is_empty() && !seed.is("inputs/mechanic-without-skills-is-taken");
        if is_none || is_twice && !seed.is("inputs/mechanic-has-a-skill-twice") {
            return Err(invalid("skills", seed));
        }
        let rate = body.get("hourly_rate").and_then(Value::as_f64);
        let rate = rate.ok_or_else(|| invalid("hourly_rate", seed))?;
        if rate < 0.0 && !seed.is("inputs/mechanic-has-a-negative-rate") {
            return Err(invalid("hourly_rate", seed));
        }
        let id = format!("mec_{:04x}", self.number());
        self.mechanics.push(json!({
            "id": id, "name": name, "skills": skills, "hourly_rate": body["hourly_rate"], "job_count": 0,
        }));
        Ok(Reply::json(
            201,
            self.with_count(self.mechanics.len() - 1, seed),
        ))
    }

    fn list_mechanics(&self, seed: &Seed) -> Reply {
        let mut places: Vec<_> = (0..self.mechanics.len()).collect();
        if !seed.is("state/mechanics-are-in-order-of-creation") {
            places.sort_by_key(|at| self.mechanics[*at]["name"].to_string().to_lowercase());
        }
        let mechanics: Vec<_> = places
            .into_iter()
            .map(|at| self.with_count(at, seed))
            .collect();
        ok(&json!({"mechanics": mechanics}))
    }

    fn remove_mechanic(&mut self, id: &str, seed: &Seed) -> Answer {
        let at = self.mechanic(id, seed)?;
        let mechanic = self.mechanics.remove(at);
        if seed.is("state/removal-deletes-jobs") {
            self.jobs.retain(|it| it["mechanic_id"] != mechanic["id"]);
        }
        for job in &mut self.jobs {
            if job["mechanic_id"] == mechanic["id"] && !seed.is("state/removal-keeps-jobs-assigned")
            {
                job["mechanic_id"] = Value::Null;
            }
        }
        Ok(Reply::empty(204))
    }
}
