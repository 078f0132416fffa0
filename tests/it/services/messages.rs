//! Messages in channels: every call is a POST with arguments in JSON, every answer stands in an envelope. Key in a header.
//!
//! The server knows the ids of the examples.

use serde_json::{Value, json};

use super::seed::Seed;
use super::wire::{Reply, Request, Service};

const KEY: &str = "k3y-of-the-pigeon";
const KINDS: [&str; 3] = ["note", "alert", "digest"];

/// The channels and their messages.
pub(crate) struct Messages {
    messages: Vec<Value>,
    next: i64,
}

impl Default for Messages {
    fn default() -> Self {
        let mut messages = Self {
            messages: Vec::new(),
            next: 36,
        };
        let texts = [
            (7, "Good morning", "note", true),
            (7, "Milk is out", "alert", false),
            (7, "What happened today", "digest", false),
            (3, "Who has the keys?", "note", false),
            (7, "Found them", "note", true),
            (7, "The kettle is on", "note", false),
            (7, "Window left open", "alert", false),
            (3, "See you tomorrow", "note", false),
        ];
        for (channel, text, kind, pinned) in texts {
            messages.send(&json!({"channel": channel, "text": text, "kind": kind}));
            if let Some(message) = messages.messages.last_mut() {
                message["pinned"] = json!(pinned);
            }
        }
        messages.next = 4001;
        messages
    }
}

/// Either what stands in `result`, or a refusal.
type Outcome = Result<Value, Reply>;

impl Service for Messages {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let call = request.path.strip_prefix("/api/").unwrap_or_default();
        if request.method != "POST" {
            return refusal(405, "no_method", "Use POST.").with("allow", "POST");
        }
        match call {
            "messages.pin" if seed.is("routing/pin-is-not-there") => {
                return refusal(404, "no_call", "There is no such call.");
            }
            "members.lookup" if seed.is("routing/lookup-is-not-allowed") => {
                return refusal(405, "no_method", "Use GET.").with("allow", "GET");
            }
            "messages.history" if seed.is("routing/history-is-moved") => {
                return Reply::empty(308).with("location", "/api/v2/messages.history");
            }
            "channels.list" if seed.is("routing/channels-is-not-implemented") => {
                return refusal(501, "soon", "This comes soon.");
            }
            _ => {}
        }
        if let Some(refusal) = unauthorized(request, call, seed) {
            return refusal;
        }
        let Some(arguments) = request.json().filter(Value::is_object) else {
            if seed.is("robustness/what-is-no-object-crashes") {
                return Reply::crash();
            }
            return bad("The arguments must be a JSON object.");
        };
        let outcome = match call {
            "channels.list" => channels(&arguments, seed),
            "members.lookup" => lookup(&arguments, seed),
            "messages.send" => self.checked_send(&arguments, seed),
            "messages.get" => self.get(&arguments, seed),
            "messages.history" => self.history(&arguments, seed),
            "messages.edit" => self.edit(&arguments, seed),
            "messages.pin" => self.pin(&arguments, seed),
            "messages.delete" => self.delete(&arguments, seed),
            _ => Err(refusal(404, "no_call", "There is no such call.")),
        };
        outcome.map_or_else(|refusal| refusal, |result| enveloped(call, result, seed))
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(
        status,
        json!({"ok": false, "error": {"code": code, "message": message}}),
    )
}

fn bad(message: &str) -> Reply {
    refusal(400, "bad_input", message)
}

fn unauthorized(request: &Request, call: &str, seed: &Seed) -> Option<Reply> {
    let key = request.header("x-api-key");
    if key == Some(KEY) {
        if call == "messages.send" && seed.is("auth/send-refuses-the-key") {
            return Some(refusal(401, "no_key", "The key is missing or not valid."));
        }
        return None;
    }
    let is_open = match call {
        "messages.get" => key.is_none() && seed.is("auth/get-needs-no-key"),
        "messages.send" => key.is_none() && seed.is("auth/send-needs-no-key"),
        "members.lookup" => key.is_some() && seed.is("auth/lookup-takes-any-key"),
        _ => false,
    };
    if is_open {
        return None;
    }
    if seed.is("auth/missing-key-answers-400") {
        return Some(bad("The key is missing."));
    }
    if seed.is("auth/refusal-has-no-envelope") {
        return Some(Reply::json(401, json!({"message": "The key is missing."})));
    }
    if seed.is("auth/refusal-is-200") {
        let refusal = refusal(401, "no_key", "The key is missing or not valid.");
        return Some(Reply {
            status: 200,
            ..refusal
        });
    }
    Some(refusal(401, "no_key", "The key is missing or not valid."))
}

/// The answer around a result.
fn enveloped(call: &str, result: Value, seed: &Seed) -> Reply {
    let mut result = result;
    let mut status = 200;
    let mut ok = json!(true);
    match call {
        "messages.get" => {
            if seed.is("shape/get-id-is-text") {
                result["id"] = json!(result["id"].to_string());
            }
            if seed.is("shape/get-has-no-author") {
                remove(&mut result, "author");
            }
            if seed.is("shape/get-sent-at-is-a-date") {
                result["sent_at"] = json!("2026-03-01T09:00:00Z");
            }
            if seed.is("shape/get-kind-outside-the-set") {
                result["kind"] = json!("reminder");
            }
            if seed.is("shape/get-reply-to-is-0-as-text") {
                result["reply_to"] = json!("none");
            }
            if seed.is("shape/get-has-no-envelope") {
                return Reply::json(200, result);
            }
        }
        "messages.send" => {
            if seed.is("shape/send-spells-reply-to-in-camel-case") {
                result["replyTo"] = remove(&mut result, "reply_to");
            }
            if seed.is("shape/send-has-another-member") {
                result["trace"] = json!("a81c");
            }
            if seed.is("status/send-answers-201") {
                status = 201;
            }
        }
        "messages.pin" => {
            if seed.is("shape/pin-ok-is-a-number") {
                ok = json!(1);
            }
            if seed.is("status/pin-answers-204") {
                return Reply::empty(204);
            }
            if seed.is("headers/pin-is-called-javascript") {
                return Reply::json(200, json!({"ok": ok, "result": result}))
                    .with("content-type", "text/javascript");
            }
        }
        "messages.delete" => {
            if seed.is("shape/delete-result-is-true") {
                result = json!(true);
            }
            if seed.is("status/delete-answers-202") {
                status = 202;
            }
        }
        "messages.history" if seed.is("robustness/history-is-html-text") => {
            return Reply::text(200, "text/html", "<html><body>Loading</body></html>");
        }
        "messages.edit" if seed.is("headers/edit-has-no-content-type") => {
            return Reply::json(200, json!({"ok": ok, "result": result})).without("content-type");
        }
        "messages.edit" if seed.is("robustness/edit-answers-nothing") => {
            return Reply::empty(200).with("content-type", "application/json");
        }
        _ => {}
    }
    Reply::json(status, json!({"ok": ok, "result": result}))
}

fn remove(value: &mut Value, name: &str) -> Value {
    let members = value.as_object_mut();
    let removed = members.and_then(|members| members.shift_remove(name));
    removed.unwrap_or_default()
}

/// An integer in a range; `None` if it is not given.
fn integer(arguments: &Value, name: &str, low: usize, high: usize) -> Result<Option<usize>, Reply> {
    let Some(value) = arguments.get(name) else {
        return Ok(None);
    };
    let value = value.as_u64().and_then(|value| usize::try_from(value).ok());
    match value {
        Some(value) if (low..=high).contains(&value) => Ok(Some(value)),
        _ => Err(bad(&format!(
            "`{name}` must be an integer from {low} to {high}."
        ))),
    }
}

fn channels(arguments: &Value, seed: &Seed) -> Outcome {
    let topics = [
        (1, "lobby", "public", Some("Say hello"), 31),
        (2, "board", "private", None, 4),
        (3, "office", "public", Some("Desks and keys"), 18),
        (4, "garden", "public", None, 9),
        (5, "payroll", "private", Some("Figures"), 3),
        (6, "books", "public", Some("What we read"), 14),
        (7, "kitchen", "public", Some("Tea and biscuits"), 12),
    ];
    let mut channels: Vec<Value> = topics
        .into_iter()
        .map(|(id, name, visibility, topic, members)| {
            json!({"id": id, "name": name, "visibility": visibility, "topic": topic, "members": members})
        })
        .collect();
    let wanted = match arguments.get("visibility") {
        Some(wanted) if wanted == "public" || wanted == "private" => Some(wanted),
        Some(wanted) if wanted.is_string() && seed.is("inputs/channels-take-any-visibility") => {
            Some(wanted)
        }
        Some(_) => return Err(bad("There is no such visibility.")),
        None => None,
    };
    if let Some(wanted) = wanted.filter(|_| !seed.is("inputs-effect/channels-ignore-visibility")) {
        channels.retain(|channel| channel["visibility"] == *wanted);
    }
    let per_page = match integer(arguments, "per_page", 1, 20) {
        Ok(Some(20)) if seed.is("inputs/channels-refuse-per-page-20") => {
            return Err(bad("`per_page` must be an integer from 1 to 19."));
        }
        Ok(Some(_)) if seed.is("inputs-effect/channels-ignore-per-page") => 3,
        Ok(Some(per_page)) => per_page,
        Ok(None) if seed.is("inputs-effect/channels-have-another-default-per-page") => 4,
        Ok(None) => 3,
        Err(_) if arguments["per_page"] == 21 && seed.is("inputs/channels-take-per-page-21") => 21,
        Err(refusal) => return Err(refusal),
    };
    let page = integer(arguments, "page", 1, 1_000_000)?.unwrap_or(1);
    let total = channels.len();
    let pages = total.div_ceil(per_page);
    let first = if seed.is("inputs-effect/channels-ignore-page") {
        0
    } else if page > 1 && seed.is("state/channels-pages-overlap") {
        (page - 1) * per_page - 1
    } else {
        (page - 1) * per_page
    };
    let mut shown: Vec<Value> = channels.into_iter().skip(first).take(per_page).collect();
    for channel in &mut shown {
        if seed.is("shape/channels-members-are-text") {
            channel["members"] = json!(channel["members"].to_string());
        }
        if seed.is("shape/channels-have-no-name") {
            remove(channel, "name");
        }
    }
    let total = if seed.is("state/channels-total-is-that-of-the-page") {
        shown.len()
    } else {
        total
    };
    Ok(json!({"channels": shown, "page": page, "pages": pages, "total": total}))
}

fn lookup(arguments: &Value, seed: &Seed) -> Outcome {
    let email = match arguments.get("email") {
        Some(email) => email.as_str().unwrap_or_default(),
        None if seed.is("inputs/lookup-takes-no-email") => "mara@example.com",
        None if seed.is("robustness/lookup-without-email-crashes") => return Err(Reply::crash()),
        None => return Err(bad("`email` is required.")),
    };
    if !email.contains('@') && !seed.is("inputs/lookup-takes-what-is-no-address") {
        return Err(bad("`email` is no address."));
    }
    if email.contains('@') && !email.eq_ignore_ascii_case("mara@example.com") {
        return Err(refusal(
            404,
            "no_member",
            "There is no member with this address.",
        ));
    }
    let mut member = json!({
        "id": "6f1c1f9e-4f0e-4c55-9a55-0d8f4f2a9b11",
        "email": "mara@example.com",
        "handle": "mara",
        "role": "owner",
        "joined_on": "2025-09-14",
    });
    if seed.is("shape/lookup-id-is-no-uuid") {
        member["id"] = json!("member-17");
    }
    if seed.is("shape/lookup-role-in-capitals") {
        member["role"] = json!("OWNER");
    }
    if seed.is("shape/lookup-joined-on-is-in-another-notation") {
        member["joined_on"] = json!("14/09/2025");
    }
    if seed.is("shape/lookup-handle-is-null") {
        member["handle"] = Value::Null;
    }
    Ok(member)
}

fn checked_text(arguments: &Value, call: &str, seed: &Seed) -> Result<(), Reply> {
    let is_send = call == "send";
    let Some(text) = arguments.get("text") else {
        if is_send && seed.is("inputs/send-takes-no-text") {
            return Ok(());
        }
        return Err(bad("`text` is required."));
    };
    let length = match text.as_str() {
        Some(text) => text.chars().count(),
        None if is_send && seed.is("inputs/send-takes-a-number-as-text") => 1,
        None if is_send && seed.is("robustness/send-number-as-text-crashes") => {
            return Err(Reply::crash());
        }
        None => return Err(bad("`text` must be text.")),
    };
    if length == 0 && !(is_send && seed.is("inputs/send-takes-an-empty-text")) {
        return Err(bad("`text` must not be empty."));
    }
    if length == 500 && is_send && seed.is("inputs/send-refuses-500-characters") {
        return Err(bad("`text` is too long."));
    }
    if length > 500 {
        if is_send && seed.is("robustness/send-long-text-crashes") {
            return Err(Reply::crash());
        }
        if !(if is_send {
            seed.is("inputs/send-takes-a-long-text")
        } else {
            seed.is("inputs/edit-takes-a-long-text")
        }) {
            return Err(bad("`text` is too long."));
        }
    }
    Ok(())
}

fn is_channel(arguments: &Value) -> Result<i64, Reply> {
    let channel = arguments.get("channel");
    let channel = channel.ok_or_else(|| bad("`channel` is required."))?;
    let channel = channel.as_i64();
    let channel = channel.ok_or_else(|| bad("`channel` must be an integer."))?;
    if (1..=7).contains(&channel) {
        return Ok(channel);
    }
    Err(refusal(
        404,
        "no_channel",
        "There is no channel with this id.",
    ))
}

fn is_kind(arguments: &Value, is_open: bool) -> Result<Option<&Value>, Reply> {
    match arguments.get("kind") {
        Some(kind) if KINDS.iter().any(|known| kind == known) || is_open && kind.is_string() => {
            Ok(Some(kind))
        }
        Some(_) => Err(bad("There is no such kind.")),
        None => Ok(None),
    }
}

impl Messages {
    fn send(&mut self, arguments: &Value) {
        let id = self.next;
        self.next += 1;
        let or = |name: &str, default: Value| arguments.get(name).cloned().unwrap_or(default);
        self.messages.push(json!({
            "id": id,
            "channel": arguments["channel"],
            "text": or("text", json!("")),
            "kind": or("kind", json!("note")),
            "silent": or("silent", json!(false)),
            "author": "mara",
            "pinned": false,
            "edited": false,
            "reply_to": or("reply_to", Value::Null),
            "sent_at": 1_772_355_000 + id,
        }));
    }

    fn place(&self, arguments: &Value, call: &str, seed: &Seed) -> Result<usize, Reply> {
        let Some(id) = arguments.get("id") else {
            return Err(bad("`id` is required."));
        };
        let Some(id) = id.as_i64() else {
            if call == "get" && seed.is("robustness/get-id-as-text-crashes") {
                return Err(Reply::crash());
            }
            return Err(bad("`id` must be an integer."));
        };
        let place = self.messages.iter().position(|message| message["id"] == id);
        if place.is_none() && call == "get" {
            if seed.is("status/get-unknown-answers-200") {
                return Err(Reply::json(200, json!({"ok": true, "result": null})));
            }
            if seed.is("status/get-unknown-answers-410") {
                return Err(refusal(410, "gone", "It is gone."));
            }
            if seed.is("robustness/get-unknown-crashes") {
                return Err(Reply::crash());
            }
            if seed.is("shape/get-unknown-has-no-envelope") {
                return Err(Reply::json(404, json!("no_message")));
            }
        }
        if place.is_none() && call == "delete" && seed.is("status/delete-unknown-answers-200") {
            return Err(Reply::json(
                200,
                json!({"ok": true, "result": {"id": id, "deleted": true}}),
            ));
        }
        place.ok_or_else(|| refusal(404, "no_message", "There is no message with this id."))
    }

    fn checked_send(&mut self, arguments: &Value, seed: &Seed) -> Outcome {
        if seed.is("inputs/send-needs-silent") && arguments.get("silent").is_none() {
            return Err(bad("`silent` is required."));
        }
        if arguments["kind"] == "digest" && seed.is("inputs/send-refuses-digest") {
            return Err(bad("There is no such kind."));
        }
        let channel = is_channel(arguments)?;
        if let Err(refusal) = checked_text(arguments, "send", seed) {
            if seed.is("state/refused-send-is-kept") {
                self.send(&json!({"channel": channel, "text": "?"}));
            }
            return Err(refusal);
        }
        is_kind(arguments, seed.is("inputs/send-takes-any-kind"))?;
        if arguments
            .get("silent")
            .is_some_and(|silent| !silent.is_boolean())
        {
            return Err(bad("`silent` must be true or false."));
        }
        if arguments
            .get("reply_to")
            .is_some_and(|id| !id.is_i64() && !id.is_null())
        {
            return Err(bad("`reply_to` must be an integer."));
        }
        let mut kept = arguments.clone();
        if !kept["text"].is_string() {
            kept["text"] = json!("?");
        }
        if seed.is("inputs-effect/send-ignores-silent") {
            kept["silent"] = json!(false);
        }
        if seed.is("inputs-effect/send-ignores-kind") {
            kept["kind"] = json!("note");
        }
        if seed.is("inputs-effect/send-drops-reply-to") {
            remove(&mut kept, "reply_to");
        }
        if seed.is("inputs-effect/send-has-another-default-kind") && kept.get("kind").is_none() {
            kept["kind"] = json!("alert");
        }
        self.send(&kept);
        let message = self.messages.last().cloned().unwrap_or_default();
        if seed.is("state/send-is-not-kept") {
            self.messages.pop();
        }
        if seed.is("state/send-keeps-another-text") {
            self.messages.last_mut().unwrap()["text"] = json!("…");
        }
        Ok(message)
    }

    fn get(&self, arguments: &Value, seed: &Seed) -> Outcome {
        let place = self.place(arguments, "get", seed)?;
        if seed.is("state/get-answers-the-first-message") {
            return Ok(self.messages[0].clone());
        }
        Ok(self.messages[place].clone())
    }

    fn history(&self, arguments: &Value, seed: &Seed) -> Outcome {
        let channel = is_channel(arguments)?;
        let kind = is_kind(arguments, seed.is("inputs/history-takes-any-kind"))?;
        let pinned = match arguments.get("pinned") {
            Some(pinned) if !pinned.is_boolean() => {
                return Err(bad("`pinned` must be true or false."));
            }
            pinned => pinned,
        };
        let order = match arguments.get("order") {
            None if seed.is("inputs-effect/history-has-another-default-order") => "oldest",
            None => "newest",
            Some(order) if order == "newest" => "newest",
            Some(order) if order == "oldest" && seed.is("inputs/history-refuses-oldest") => {
                return Err(bad("There is no such order."));
            }
            Some(order) if order == "oldest" && !seed.is("inputs-effect/history-ignores-order") => {
                "oldest"
            }
            Some(order) if order == "oldest" => "newest",
            Some(_) => return Err(bad("There is no such order.")),
        };
        let count = match integer(arguments, "count", 1, 100) {
            Err(_) if arguments["count"] == 0 && seed.is("inputs/history-takes-count-0") => 0,
            Err(_) if arguments["count"] == 101 && seed.is("inputs/history-takes-count-101") => 101,
            Err(refusal) => return Err(refusal),
            Ok(_) if seed.is("inputs-effect/history-ignores-count") => 4,
            Ok(Some(count)) => count,
            Ok(None) if seed.is("inputs-effect/history-has-another-default-count") => 3,
            Ok(None) => 4,
        };
        let offset = integer(arguments, "offset", 0, 1_000_000)?.unwrap_or(0);
        let offset = if seed.is("inputs-effect/history-ignores-offset") {
            0
        } else {
            offset
        };
        let mut found: Vec<Value> = self.messages.clone();
        found.retain(|message| {
            message["channel"] == channel || seed.is("inputs-effect/history-ignores-channel")
        });
        found.retain(|message| {
            kind.is_none_or(|kind| message["kind"] == *kind)
                || seed.is("inputs-effect/history-ignores-kind")
        });
        found.retain(|message| {
            pinned.is_none_or(|pinned| message["pinned"] == *pinned)
                || seed.is("inputs-effect/history-ignores-pinned")
        });
        if seed.is("state/send-is-not-in-history") {
            found.retain(|message| message["id"].as_i64() < Some(4000));
        }
        if order == "newest" {
            found.reverse();
        }
        let mut has_more = found.len() > offset + count;
        if seed.is("state/history-always-has-more") {
            has_more = true;
        }
        let shown: Vec<Value> = found.into_iter().skip(offset).take(count).collect();
        if seed.is("shape/history-is-a-list") {
            return Ok(json!(shown));
        }
        Ok(json!({"messages": shown, "has_more": has_more}))
    }

    fn edit(&mut self, arguments: &Value, seed: &Seed) -> Outcome {
        let place = self.place(arguments, "edit", seed)?;
        checked_text(arguments, "edit", seed)?;
        let message = &mut self.messages[place];
        let before = message.clone();
        if !seed.is("inputs-effect/edit-ignores-text") {
            message["text"] = arguments["text"].clone();
        }
        message["edited"] = json!(!seed.is("state/edit-does-not-set-edited"));
        if seed.is("state/edit-unpins-and-changes-the-kind") {
            message["kind"] = json!(if message["kind"] == "digest" {
                "note"
            } else {
                "digest"
            });
        }
        let answer = message.clone();
        if seed.is("state/edit-is-not-kept") {
            *message = before;
        }
        Ok(answer)
    }

    fn pin(&mut self, arguments: &Value, seed: &Seed) -> Outcome {
        let place = self.place(arguments, "pin", seed)?;
        let message = &mut self.messages[place];
        let mut answer = message.clone();
        answer["pinned"] = json!(true);
        if !seed.is("state/pin-is-not-kept") {
            message["pinned"] = json!(true);
        }
        Ok(answer)
    }

    fn delete(&mut self, arguments: &Value, seed: &Seed) -> Outcome {
        let place = self.place(arguments, "delete", seed)?;
        let id = self.messages[place]["id"].clone();
        if !seed.is("state/delete-keeps-the-message") {
            self.messages.remove(place);
        }
        let id = if seed.is("state/delete-answers-another-id") {
            json!(36)
        } else {
            id
        };
        Ok(json!({"id": id, "deleted": true}))
    }
}
