//! A server whose seats name a plan, and do what the pages say of it.

use serde_json::{Value, json};

use crate::conform::message::{Answer, Body, Request, Unanswered};
use crate::conform::tests::{answer, run_with};

const MAKE_PLAN: &str = "---\ntitle: Create a plan\napi: POST https://api.example.com/plans\n---\n\n<ParamField body=\"name\" type=\"string\" required>The name.</ParamField>\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseField name=\"name\" type=\"string\" required>The name.</ResponseField>\n\n<ResponseField name=\"seat_count\" type=\"integer\" required>How many seats have the plan at present.</ResponseField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/plans -d '{\"name\": \"Basic\"}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{\"id\": \"pln_1\", \"name\": \"Basic\", \"seat_count\": 0}\n```\n</ResponseExample>\n";
const GET_PLAN: &str = "---\ntitle: Get a plan\napi: GET https://api.example.com/plans/{plan_id}\n---\n\n<ParamField path=\"plan_id\" type=\"string\" required>The id.</ParamField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"pln_1\", \"name\": \"Basic\", \"seat_count\": 0}\n```\n\n```json 404\n{\"error\": {\"code\": \"not_found\", \"field\": null}}\n```\n</ResponseExample>\n";
const MAKE_SEAT: &str = "---\ntitle: Create a seat\napi: POST https://api.example.com/seats\n---\n\nA new seat is `waiting`.\n\n<ParamField body=\"label\" type=\"string\" required>What is written on it.</ParamField>\n\n<ParamField body=\"plan_id\" type=\"string | null\">The plan of the seat.</ParamField>\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseField name=\"label\" type=\"string\" required>What is written on it.</ResponseField>\n\n<ResponseField name=\"plan_id\" type=\"string | null\" required>The plan, `null` if it has none.</ResponseField>\n\n<ResponseField name=\"status\" type=\"string\" required>`waiting`, `open`, or `closed`.</ResponseField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/seats -d '{\"label\": \"A 12\"}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{\"id\": \"seat_1\", \"label\": \"A 12\", \"plan_id\": null, \"status\": \"waiting\"}\n```\n</ResponseExample>\n";
const GET_SEAT: &str = "---\ntitle: Get a seat\napi: GET https://api.example.com/seats/{seat_id}\n---\n\n<ParamField path=\"seat_id\" type=\"string\" required>The id.</ParamField>\n\n<ResponseExample>\n```json 200\n{\"id\": \"seat_1\", \"label\": \"A 12\", \"plan_id\": null, \"status\": \"waiting\"}\n```\n\n```json 404\n{\"error\": {\"code\": \"not_found\", \"field\": null}}\n```\n</ResponseExample>\n";
const CHANGE_SEAT: &str = "---\ntitle: Change a seat\napi: PATCH https://api.example.com/seats/{seat_id}\n---\n\nA seat goes from `waiting` to `open`, and from then on back and forth between `open` and `closed`. Any other change is refused with `409` and the code `invalid_transition`. A seat that is `open` has to have a plan, or the request is refused with `409` and the code `plan_required`.\n\n<ParamField path=\"seat_id\" type=\"string\" required>The id.</ParamField>\n\n<ParamField body=\"label\" type=\"string\">1 to 20 characters.</ParamField>\n\n<ParamField body=\"plan_id\" type=\"string | null\">The plan of the seat. It has to exist, otherwise the request is refused with `422` and the code `unknown_plan`.</ParamField>\n\n<ParamField body=\"status\" type=\"string\">`waiting`, `open`, or `closed`.</ParamField>\n\n<ResponseField name=\"id\" type=\"string\" required>The id.</ResponseField>\n\n<ResponseField name=\"label\" type=\"string\" required>What is written on it.</ResponseField>\n\n<ResponseField name=\"plan_id\" type=\"string | null\" required>The plan, `null` if it has none.</ResponseField>\n\n<ResponseField name=\"status\" type=\"string\" required>`waiting`, `open`, or `closed`.</ResponseField>\n\n<RequestExample>\n```bash\ncurl -X PATCH https://api.example.com/seats/seat_1 -d '{\"plan_id\": \"pln_1\", \"status\": \"open\"}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 200\n{\"id\": \"seat_1\", \"label\": \"A 12\", \"plan_id\": \"pln_1\", \"status\": \"open\"}\n```\n\n```json 409\n{\"error\": {\"code\": \"invalid_transition\", \"field\": \"status\"}}\n```\n</ResponseExample>\n";

/// The server, and what can be wrong with it.
#[derive(Default)]
struct Theatre {
    plans: Vec<Value>,
    seats: Vec<Value>,
    /// Plans are not taken when they are sent alone.
    refuses_plans: bool,
    /// What is closed is never opened again.
    stays_closed: bool,
}

fn error(status: u16, code: &str, field: &str) -> Answer {
    let body = json!({"error": {"code": code, "field": field}});
    answer(status, &body.to_string())
}

impl Theatre {
    fn answer(&mut self, request: &Request) -> Answer {
        let path = request.url.split('/').skip(3).collect::<Vec<_>>();
        let body = match &request.body {
            Some(Body::Text(text)) => match serde_json::from_str(text) {
                Ok(body @ Value::Object(_)) => body,
                _ => return error(400, "malformed", ""),
            },
            _ => Value::Null,
        };
        let is_text = |name: &str| body.get(name).is_some_and(Value::is_string);
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["plans"]) if !is_text("name") => error(422, "invalid", "name"),
            ("POST", ["plans"]) => {
                let id = format!("pln_{}", self.plans.len() + 10);
                self.plans.push(json!({"id": id, "name": body["name"]}));
                self.plan(&id, 201)
            }
            ("GET", ["plans", id]) => self.plan(id, 200),
            ("POST", ["seats"]) if !is_text("label") => error(422, "invalid", "label"),
            ("POST", ["seats"]) => {
                let id = format!("seat_{}", self.seats.len() + 10);
                let mut seat = json!({"id": id, "label": "", "plan_id": null, "status": "waiting"});
                if let Err(refused) = self.change(&mut seat, &body) {
                    return refused;
                }
                self.seats.push(seat.clone());
                answer(201, &seat.to_string())
            }
            ("GET" | "PATCH", ["seats", id]) => {
                let Some(at) = self.seats.iter().position(|it| it["id"] == *id) else {
                    return error(404, "not_found", "");
                };
                let mut seat = self.seats[at].clone();
                if request.method == "PATCH"
                    && let Err(refused) = self.change(&mut seat, &body)
                {
                    return refused;
                }
                self.seats[at] = seat.clone();
                answer(200, &seat.to_string())
            }
            _ => error(405, "no_such_method", ""),
        }
    }

    fn plan(&self, id: &str, status: u16) -> Answer {
        let Some(mut plan) = self.plans.iter().find(|it| it["id"] == id).cloned() else {
            return error(404, "not_found", "");
        };
        let seats = self.seats.iter().filter(|it| it["plan_id"] == id);
        plan["seat_count"] = json!(seats.count());
        answer(status, &plan.to_string())
    }

    fn change(&self, seat: &mut Value, body: &Value) -> Result<(), Answer> {
        let was = seat["status"].as_str().unwrap_or_default().to_owned();
        for (name, value) in body.as_object().into_iter().flatten() {
            let is_known = self.plans.iter().any(|it| it["id"] == *value);
            let is_alone = body.as_object().is_some_and(|it| it.len() == 1);
            let length = value.as_str().map_or(0, |it| it.chars().count());
            let is_right = match name.as_str() {
                "label" => (1..=20).contains(&length),
                "plan_id" if self.refuses_plans && is_alone => value.is_null(),
                "plan_id" => value.is_null() || is_known,
                "status" => matches!(value.as_str(), Some("waiting" | "open" | "closed")),
                _ => continue,
            };
            match name.as_str() {
                "plan_id" if !is_right => return Err(error(422, "unknown_plan", name)),
                _ if !is_right => return Err(error(422, "invalid", name)),
                _ => seat[name] = value.clone(),
            }
        }
        let is = seat["status"].as_str().unwrap_or_default();
        let is_allowed = was == is
            || matches!(
                (was.as_str(), is),
                ("waiting" | "closed", "open") | ("open", "closed")
            );
        let has_plan = !seat["plan_id"].is_null();
        if !is_allowed || self.stays_closed && was == "closed" && is != was {
            return Err(error(409, "invalid_transition", "status"));
        }
        if is == "open" && !has_plan {
            return Err(error(409, "plan_required", "plan_id"));
        }
        Ok(())
    }
}

fn tested(mut theatre: Theatre) -> Vec<String> {
    let mut send =
        |request: &Request| -> Result<Answer, Unanswered> { Ok(theatre.answer(request)) };
    let pages = [MAKE_PLAN, GET_PLAN, MAKE_SEAT, GET_SEAT, CHANGE_SEAT];
    let (_, run) = run_with(&pages, &mut send);
    let found = run.diagnostics.iter();
    let found = found.filter(|it| it.severity > crate::diagnostic::Severity::Info);
    let found = found.map(|it| format!("{}: {}", it.rule.name, it.message));
    found.collect()
}

#[test]
fn what_is_referred_to_is_there_and_may_change() {
    assert_eq!(tested(Theatre::default()), [""; 0]);
}

#[test]
fn a_reference_that_is_sent_alone_is_taken() {
    let found = tested(Theatre {
        refuses_plans: true,
        ..Theatre::default()
    });
    let [only] = found.as_slice() else {
        panic!("{found:#?}");
    };
    assert!(
        only.starts_with("refused-value: PATCH /seats/{seat_id} with member `plan_id`"),
        "{only}"
    );
}

#[test]
fn a_step_that_the_page_allows_is_made() {
    let found = tested(Theatre {
        stays_closed: true,
        ..Theatre::default()
    });
    let [only] = found.as_slice() else {
        panic!("{found:#?}");
    };
    assert!(
        only.contains("as `closed` refuses `open`, and the page says that it can be done"),
        "{only}"
    );
}

const MAKE_BULB: &str = "---\napi: POST https://api.example.com/bulbs\n---\n\n<ParamField body=\"watts\" type=\"integer\" required />\n\n<RequestExample>\n```bash\ncurl https://api.example.com/bulbs -d '{\"watts\": 40}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{\"id\": \"bulb_1\", \"watts\": 40}\n```\n</ResponseExample>\n";
const MAKE_LAMP: &str = "---\napi: POST https://api.example.com/lamps\n---\n\nEach part has another bulb.\n\n<ParamField body=\"parts\" type=\"object[]\" required>\n<Expandable>\n<ParamField body=\"bulb_id\" type=\"string\" required />\n<ParamField body=\"side\" type=\"string\" required />\n</Expandable>\n</ParamField>\n\n<RequestExample>\n```bash\ncurl https://api.example.com/lamps -d '{\"parts\": [{\"bulb_id\": \"bulb_1\", \"side\": \"left\"}, {\"bulb_id\": \"bulb_2\", \"side\": \"right\"}]}'\n```\n</RequestExample>\n\n<ResponseExample>\n```json 201\n{\"id\": \"lamp_1\"}\n```\n</ResponseExample>\n";

#[test]
fn rows_that_name_several_things_name_as_many_as_there_are() {
    let mut bulbs = 0;
    let mut lamps = Vec::new();
    let mut send = |request: &Request| -> Result<Answer, Unanswered> {
        let Some(Body::Text(text)) = &request.body else {
            return Ok(error(400, "malformed", ""));
        };
        if request.url.ends_with("/bulbs") {
            bulbs += 1;
            let id = format!("bulb_x{bulbs}");
            return Ok(answer(201, &json!({"id": id, "watts": 40}).to_string()));
        }
        lamps.push(text.clone());
        Ok(answer(201, &json!({"id": "lamp_x"}).to_string()))
    };
    run_with(&[MAKE_BULB, MAKE_LAMP], &mut send);
    assert_eq!(
        lamps.first().map(String::as_str),
        Some(r#"{"parts":[{"bulb_id":"bulb_x1","side":"left"}]}"#)
    );
}
