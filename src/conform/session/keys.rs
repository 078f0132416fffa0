//! Keys that name a request, such as `Idempotency-Key`: with the same key nothing is done a second time.
//!
//! | sent | promised |
//! | --- | --- |
//! | the same again | the same thing, and no second one; the first answer, where the page says so |
//! | the same key with another body | a refusal, where the page states its status |

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{SlotPlace, identity};
use crate::conform::judge::refusal::UNEXPECTED_REFUSAL;
use crate::conform::judge::state::{self, Found};
use crate::conform::judge::{blame, echo};
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::value::is_documented;
use crate::conform::plan::{Draft, Item, Variant, worded};
use crate::model::answer::RESPONSE_HEADER_VALUE;

use super::Session;
use super::kept::state as session_state;

/// The key that is sent where the page shows none.
const KEY: &str = "5f0c2a1e-7d3b-4c8e-9a61-2b4d8f7e6c10";

/// What the request is called whose key belongs to another one.
pub(super) const OTHER_BODY: &str = "the same key with another body";

/// What the pages say of keys.
#[derive(Default)]
struct Promise {
    /// The first answer comes again.
    is_same_answer: bool,
    /// So does its status.
    is_same_status: bool,
    /// A header that tells the second answer from the first one.
    header: Option<(String, String)>,
    /// The status of the same key with another body.
    conflict: Option<u16>,
}

impl Promise {
    fn of(texts: &[String]) -> Self {
        static SAME: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?ix)\b(?:gets?|returns?|returned|answered|receives?|replays?|replayed|repeats?|gives?|sends?|with)\b[^.]*\b(?:the\s+(?:answer|response|result|reply)\s+(?:of|to|from)\s+(?:the|your)\s+(?:first|original|earlier|previous)|(?:first|original|same|stored|saved|cached|kept|earlier|previous)\s+(?:answer|response|result|reply))\b",
            )
        });
        static HEADER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?ix)\bheader\s+`(?P<name>[A-Za-z]+(?:-[A-Za-z]+)+):\s*(?P<value>[^`]+)`
                | \b(?:with|plus|has|have|carr(?:y|ies)|contains?|includes?|sets?|adds?|and)\s+(?:an?\s+|the\s+)?`(?P<before>[A-Za-z]+(?:-[A-Za-z]+)+):\s*(?P<of>[^`]+)`
                | `(?P<first>[A-Za-z]+(?:-[A-Za-z]+)+):\s*(?P<second>[^`]+)`\s+(?:response\s+)?header",
            )
        });
        static OTHER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:another|different|other|changed)\s+(?:request\s+)?(?:body|request|payload|parameters|content|arguments|data)\b[^.]*?\b(?P<status>4\d\d)\b",
            )
        });
        // How long a key is known is no condition for what is sent at once.
        static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:within|for|during)\s+(?:at\s+least\s+|up\s+to\s+)?(?:the\s+(?:next|following|first)\s+)?(?:\d+|an?|one|the)\s*(?:h|hours?|days?|minutes?)\b",
            )
        });
        static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
            pattern(r"(?i)\b(?:may|might|can|unless|sometimes|hours?|days?|minutes?)\b")
        });
        // "It can be told from the first one by" is no condition.
        static TOLD: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:can|may)\s+be\s+(?:told|recogni[sz]ed|distinguished|identified|seen)\b|\byou\s+can\s+(?:tell|recogni[sz]e|see)\b",
            )
        });
        static STATUS: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:(?:same|first|original)\s+(?:http\s+)?status|(?:first|original)\s+(?:response|answer|reply)['’]s\s+status)\b",
            )
        });
        let mut promise = Self::default();
        for text in texts.iter().flat_map(|text| sentences(text)) {
            let told = TOLD.replace_all(text, "is told");
            let told = WITHIN.replace_all(&told, "");
            let sure = !CONDITION.is_match(&told);
            promise.is_same_answer |= sure && SAME.is_match(text);
            promise.is_same_status |= sure && STATUS.is_match(text);
            if let Some(found) = HEADER.captures(text).filter(|_| sure) {
                let part = |names: [&str; 3]| {
                    let part = names.into_iter().find_map(|name| found.name(name))?;
                    Some(part.as_str().trim().to_owned())
                };
                let name = part(["name", "before", "first"]);
                // What requests carry tells nothing of answers.
                let of_answer = name.filter(|it| {
                    let name = letters(it);
                    !name.ends_with("key") && !name.starts_with("content")
                });
                let header = of_answer.zip(part(["value", "of", "second"]));
                promise.header = header.or_else(|| promise.header.take());
            }
            let status = OTHER.captures(text).and_then(|it| it.name("status"));
            let status = status.and_then(|it| it.as_str().parse().ok());
            promise.conflict = promise.conflict.or(status.filter(|_| sure));
        }
        promise
    }
}

/// The sentences of a text; what is written as code has no end in it.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ").flat_map(str::lines)
}

impl Session<'_, '_> {
    /// A request with the same key makes the same thing, and no second one; `thing` is what it is about.
    pub(super) fn check_key(&mut self, at: usize, thing: Option<usize>) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        if !matches!(exchange.item.variant, Variant::Example) || !self.is_stateful() {
            return;
        }
        let mut inputs = input::inputs(operation).into_iter();
        let Some(key) = inputs.find(Input::is_key_of_request) else {
            return;
        };
        let promise = Promise::of(&self.texts_about_keys(index, &key));
        let mut draft = exchange.item.draft.clone();
        // One operation, one key: some servers know no two things by the same one.
        if draft.value(&key).is_none() {
            draft.set(&key, Some(&Value::from(KEY)));
        }
        draft.renew_idempotency_key(self.exchanges.len());
        let words = "a request with a key, and the same again";
        let Some(first) = self.send_first(index, words, draft) else {
            return;
        };
        // What it names may have been made for it, or told apart.
        let sent = self.exchanges.get(first);
        let Some(draft) = sent.map(|it| it.item.draft.clone()) else {
            return;
        };
        let thing = thing.or_else(|| self.parent_of(first));
        let before = thing.and_then(|it| self.before(Some(it)));
        let Some(second) = self.send_step(index, words, &draft) else {
            return self.check_refused_again(&key, &promise, index);
        };
        self.check_same_thing(&key, first, second);
        self.check_same_answer(&key, &promise, first, second);
        if let (Some(before), Some(thing)) = (before, thing) {
            self.check_done_once(&key, &promise, second, thing, &before);
        }
        if let Some(status) = promise.conflict {
            self.check_other_body(&key, &draft, index, status);
        }
    }

    /// A second request that is refused has not got the first answer.
    fn check_refused_again(&mut self, key: &Input, promise: &Promise, index: usize) {
        let at = self.exchanges.len().saturating_sub(1);
        let status = self.exchanges.get(at).and_then(super::Exchange::status);
        let is_refused = status.is_some_and(|it| (400..500).contains(&it) && it != 429);
        let Some((of, operation, role)) = self.about(at) else {
            return;
        };
        if !is_refused || of != index || !promise.is_same_answer {
            return;
        }
        let line = describe_status(status.unwrap_or_default());
        let message = format!(
            "{} with the same `{}` is answered with {line}, and not as the first time",
            operation.name(),
            key.name
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, key.subject(), message)
            .promised_at(key.span)
            .seen("the first answer", line);
        self.found(at, &role.noun.clone(), &format!("{index} key"), found);
    }

    /// Sends the first request; where there is only one of each, with another name.
    fn send_first(&mut self, index: usize, words: &'static str, draft: Draft) -> Option<usize> {
        let item = Item::new(index, Variant::Step(words), draft);
        let item = self.distinct(item);
        let draft = item.draft.clone();
        let mut at = self.exchange(item)?;
        if self.is_conflict(at) {
            if !self.unique.contains_key(&index) {
                self.make_unique(at, false);
            }
            let planned = Item::new(index, Variant::Step(words), draft);
            let other = self.distinct(planned.clone());
            at = self.exchange(other)?;
            at = self.make_room(&planned, at).unwrap_or(at);
        }
        let is_success = self.has_succeeded(at);
        if is_success {
            self.keep(at);
        }
        is_success.then_some(at)
    }

    /// Sends a step that is to be accepted, and keeps what it makes.
    fn send_step(&mut self, index: usize, words: &'static str, draft: &Draft) -> Option<usize> {
        let item = Item::new(index, Variant::Step(words), draft.clone());
        let at = self.exchange(item)?;
        let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
        if is_success {
            self.keep(at);
        }
        is_success.then_some(at)
    }

    /// What the page of an operation and those without an endpoint say of keys.
    fn texts_about_keys(&self, index: usize, key: &Input) -> Vec<String> {
        let operation = self.operation(index);
        let remarks = operation.into_iter().flat_map(|it| &it.remarks);
        let mut texts: Vec<String> = vec![key.description.clone()];
        let is_about = |text: &str| {
            let text = letters(text);
            text.contains("idempot")
                || text.contains(&letters(&key.name))
                || text.contains("samekey")
        };
        texts.extend(remarks.map(|it| it.value.clone()).filter(|it| is_about(it)));
        let shared = self.api.shared.remarks.iter();
        let shared = shared.filter(|it| is_about(&it.about) || is_about(&it.text.value));
        texts.extend(shared.map(|it| it.text.value.clone()));
        texts
    }

    fn check_same_thing(&mut self, key: &Input, first: usize, second: usize) {
        let Some((index, operation, role)) = self.about(second) else {
            return;
        };
        let noun = role.noun.clone();
        let id = |at: usize| {
            let object = self.object(at)?;
            identity::id(&object, &self.key(&noun), &noun)
        };
        let (Some(one), Some(other)) = (id(first), id(second)) else {
            return;
        };
        if one == other {
            return;
        }
        let name = operation.name();
        let message = format!("{name} with the same `{}` makes another {noun}", key.name);
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, key.subject(), message)
            .promised_at(key.span)
            .seen(one, other);
        self.found(second, &noun, &format!("{index} key"), found);
    }

    fn check_same_answer(&mut self, key: &Input, promise: &Promise, first: usize, second: usize) {
        let Some((index, operation, role)) = self.about(second) else {
            return;
        };
        let (noun, name) = (role.noun.clone(), operation.name());
        // What an envelope has beside the thing, such as the id of the request, is of each answer.
        let body = |at: usize| self.object(at);
        if let (Some(one), Some(other), true) = (body(first), body(second), promise.is_same_answer)
            && one != other
        {
            let message = format!(
                "{name} with the same `{}` is answered otherwise than the first time",
                key.name
            );
            let found = Found::about(&state::INPUT_WITHOUT_EFFECT, key.subject(), message)
                .promised_at(key.span)
                .seen("the first answer", "another one")
                .between(&one, &other)
                .weak_if(true);
            self.found(second, &noun, &format!("{index} key"), found);
        }
        let status = |at: usize| self.exchanges.get(at).and_then(super::Exchange::status);
        if let (Some(one), Some(other), true) =
            (status(first), status(second), promise.is_same_status)
            && one != other
        {
            let message = format!(
                "{name} with the same `{}` is answered with another status than the first time",
                key.name
            );
            let found = Found::about(&state::INPUT_WITHOUT_EFFECT, key.subject(), message)
                .promised_at(key.span)
                .seen(describe_status(one), describe_status(other));
            self.found(second, &noun, &format!("{index} key"), found);
        }
        let Some((header, value)) = &promise.header else {
            return;
        };
        let answer = self
            .exchanges
            .get(second)
            .and_then(|it| it.answer.as_ref().ok());
        let told = answer.and_then(|it| it.header(header)).map(str::to_owned);
        if told
            .as_deref()
            .is_some_and(|it| it.trim().eq_ignore_ascii_case(value))
        {
            return;
        }
        let message = format!(
            "{name} with the same `{}` is answered without `{header}: {value}`",
            key.name
        );
        let subject = format!("response.header.{header}");
        let found = Found::about(&RESPONSE_HEADER_VALUE, subject, message)
            .promised_at(key.span)
            .seen(
                format!("`{value}`"),
                told.unwrap_or_else(|| "no such header".to_owned()),
            );
        self.found(second, &noun, &format!("{index} key {header}"), found);
    }

    /// What a create adds to, if the run has made it.
    fn parent_of(&self, at: usize) -> Option<usize> {
        let (_, _, role) = self.about(at)?;
        let draft = &self.exchanges.get(at)?.item.draft;
        let mut slots = role.slots.iter().filter(|slot| role.names_parent(slot));
        slots.find_map(|slot| {
            let id = draft.slot(slot)?;
            let mut things = self.store.things.iter();
            things.position(|it| {
                it.noun == slot.noun
                    && it.is_own
                    && !it.is_gone
                    && it.id(&slot.name).as_ref() == Some(&id)
            })
        })
    }

    /// What the request is about is as it was before the second one.
    fn check_done_once(
        &mut self,
        key: &Input,
        promise: &Promise,
        second: usize,
        thing: usize,
        before: &Value,
    ) {
        let Some(read) = self.read(thing, "a read after the second request") else {
            return;
        };
        let (Some(after), Some((index, operation, role))) = (self.shown(read), self.about(second))
        else {
            return;
        };
        let changes = echo::differences(before, &after);
        let mut changes = changes
            .iter()
            .filter(|it| !session_state::is_clockwork(&it.path));
        let Some(change) = changes.next() else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} with the same `{}` changes `{}` a second time",
            operation.name(),
            key.name,
            change.path
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, key.subject(), message)
            .promised_at(key.span)
            .seen(change.left.to_string(), change.right.to_string())
            .weak_if(!promise.is_same_answer);
        self.found(second, &noun, &format!("{index} key"), found);
        self.refresh(thing, after);
    }

    fn check_other_body(&mut self, key: &Input, draft: &Draft, index: usize, status: u16) {
        let Some(other) = self.other_body(draft, index) else {
            return;
        };
        let item = Item::new(index, Variant::Step(OTHER_BODY), other);
        let Some(at) = self.exchange(item) else {
            return;
        };
        let Some((_, operation, role)) = self.about(at) else {
            return;
        };
        let came = self
            .exchanges
            .get(at)
            .and_then(super::Exchange::status)
            .unwrap_or_default();
        let (noun, name) = (role.noun.clone(), operation.name());
        let broken = match came {
            429 | 500.. => return,
            _ if came == status => return,
            // That errors come with the status of a success is told elsewhere.
            200..300 if !self.has_succeeded(at) => return,
            200..300 => &state::ACCEPTED_AGAIN,
            // The value that makes it another body may be one that is not taken.
            400 | 422 if self.names_input(at) => return,
            _ => &UNEXPECTED_REFUSAL,
        };
        self.keep(at);
        let line = describe_status(came);
        let message = format!(
            "{name} with a known `{}` and another body is answered with {line}",
            key.name
        );
        let found = Found::about(broken, key.subject(), message)
            .promised_at(key.span)
            .seen(describe_status(status), line);
        self.found(at, &noun, &format!("{index} other body"), found);
    }

    /// True if a refusal names one of the inputs.
    fn names_input(&self, at: usize) -> bool {
        let exchange = self.exchanges.get(at);
        exchange.is_some_and(|exchange| {
            let case = self.case(&exchange.item);
            let body = exchange.body.as_ref();
            case.zip(body)
                .is_some_and(|(case, body)| blame::named_input(&case, body).is_some())
        })
    }

    /// The draft with another text, or another number, that is as good as the first one.
    fn other_body(&self, draft: &Draft, index: usize) -> Option<Draft> {
        let (operation, role) = (self.operation(index)?, self.role(index)?);
        let is_slot = |input: &Input| {
            let mut slots = role.slots.iter();
            slots.any(|slot| slot.place == SlotPlace::Body && slot.is_for(input))
        };
        let mut inputs = input::inputs(operation);
        inputs.retain(|it| it.place == Place::Body && !it.is_reference() && !is_slot(it));
        // A text of any words is less likely to break a rule than a number.
        inputs.sort_by_key(|it| !it.is_free_text());
        let others = inputs.iter().find_map(|input| {
            let value = draft.value(input)?;
            let other = match &value {
                Value::String(text) if input.is_free_text() && text.parse::<f64>().is_err() => {
                    // A name of one word may take no blanks.
                    let blank = if text.contains(' ') { " " } else { "" };
                    Value::from(format!("{text}{blank}2"))
                }
                Value::Number(number) => {
                    Value::from(number.as_i64()?.checked_add(worded::step_of(input))?)
                }
                _ => return None,
            };
            is_documented(&input.shape, &other).then(|| (input.clone(), other))
        });
        let mut changed = draft.clone();
        if let Some((input, other)) = others {
            return changed.set(&input, Some(&other)).then_some(changed);
        }
        // Else one that need not be there is left out.
        let is_open = |input: &&Input| input.required.is_none() && draft.value(input).is_some();
        let left_out = inputs
            .iter()
            .filter(|it| it.steps.len() == 1)
            .find(is_open)?;
        changed.set(left_out, None).then_some(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_what_comes_of_a_key() {
        let promise = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|it| (*it).to_owned()).collect();
            Promise::of(&texts)
        };
        let all = promise(&[
            "It gets the answer of the first call, together with the header `Idempotent-Replay: true`.",
            "A known key with another body is refused with `409`.",
        ]);
        assert!(all.is_same_answer);
        let header = Some(("Idempotent-Replay".to_owned(), "true".to_owned()));
        assert_eq!(all.header, header);
        assert_eq!(all.conflict, Some(409));
        let none = promise(&[
            "A key may be used with another body.",
            "A key of your choice.",
        ]);
        assert!(!none.is_same_answer);
        assert_eq!((none.header, none.conflict), (None, None));
        assert!(promise(&["The same key returns the original response."]).is_same_answer);
    }

    #[test]
    fn how_long_a_key_is_known_is_no_condition() {
        let promise = |text: &str| Promise::of(&[text.to_owned()]);
        for text in [
            "Used again within 24 hours with the same body, you get the response of the first request again.",
            "A value of your choice that you can log. For a day the same key gives you the first answer again.",
            "A repeated request is replayed with the stored response for 24 hours.",
        ] {
            assert!(promise(text).is_same_answer, "{text}");
        }
        for text in [
            "After 24 hours the same key no longer gets the first response.",
            "It may get the first response again.",
        ] {
            assert!(!promise(text).is_same_answer, "{text}");
        }
    }

    #[test]
    fn a_header_tells_that_an_answer_is_repeated() {
        let header = |text: &str| Promise::of(&[text.to_owned()]).header;
        let wanted = Some(("Key-Replayed".to_owned(), "true".to_owned()));
        for text in [
            "It comes with the header `Key-Replayed: true`.",
            "A repeated answer carries `Key-Replayed: true`.",
            "It is marked by the `Key-Replayed: true` header.",
        ] {
            assert_eq!(header(text), wanted, "{text}");
        }
        for text in [
            "Sent with `Content-Type: application/json`.",
            "A request with `Idempotency-Key: abc` gets the first answer again.",
        ] {
            assert_eq!(header(text), None, "{text}");
        }
    }

    /// The rules that a server breaks at which a payment of a tab counts each time, or once for a key.
    fn paid(is_once: bool) -> Vec<&'static str> {
        use crate::conform::message::Request;
        use crate::conform::tests::{answer, run_with};
        let pages = [
            "---\napi: POST /tabs\n---\n\n<ParamField body=\"guest\" type=\"string\" required />\n\n```bash\ncurl -X POST https://api.example.com/tabs -d '{\"guest\": \"Ann\"}'\n```\n\n```json 201\n{\"id\": \"tab_1\", \"guest\": \"Ann\", \"left\": 90}\n```\n",
            "---\napi: GET /tabs/{tab_id}\n---\n\n```json 200\n{\"id\": \"tab_1\", \"guest\": \"Ann\", \"left\": 90}\n```\n",
            "---\napi: POST /tabs/{tab_id}/payments\n---\n\n<ParamField header=\"Idempotency-Key\" type=\"string\">The same key gets the first answer again.</ParamField>\n<ParamField body=\"sum\" type=\"integer\" required />\n\n```bash\ncurl -X POST https://api.example.com/tabs/tab_1/payments -H 'Idempotency-Key: k-1' -d '{\"sum\": 3}'\n```\n\n```json 201\n{\"id\": \"pay_1\", \"sum\": 3}\n```\n",
        ];
        let (mut left, mut known) = (90, Vec::new());
        let mut send = |request: &Request| {
            let key = request.header("Idempotency-Key").map(str::to_owned);
            let tab =
                |left: i64| format!("{{\"id\": \"tab_7\", \"guest\": \"Ann\", \"left\": {left}}}");
            Ok(match request.method.as_str() {
                "GET" => answer(200, &tab(left)),
                _ if request.url.ends_with("/tabs") => answer(201, &tab(left)),
                _ => {
                    let is_known = known.contains(&key);
                    if !is_known || !is_once {
                        left -= 3;
                    }
                    if !is_known {
                        known.push(key.clone());
                    }
                    let at = known.iter().position(|it| *it == key).unwrap_or_default();
                    answer(201, &format!("{{\"id\": \"pay_{at}\", \"sum\": 3}}"))
                }
            })
        };
        run_with(&pages, &mut send).0
    }

    #[test]
    fn what_is_repeated_with_its_key_takes_nothing_again() {
        assert!(paid(false).contains(&"input-without-effect"));
        let rules = paid(true);
        assert!(!rules.contains(&"input-without-effect"), "{rules:?}");
    }
}
