//! Keys of requests, such as `Idempotency-Key`, that are new in every run.
//!
//! A server remembers keys for longer than a run takes: with the documented key, a second run gets the answers of the
//! first one. So keys are changed on the way out, and changed back in what comes in. All that plans, judges, and reports
//! knows the documented keys only; the same key is the same one throughout a run.
//!
//! What is changed keeps its form: digits stay digits, letters stay letters of the same case, and a UUID stays a UUID.
//! Pure: the nonce comes from outside.

use std::collections::BTreeMap;

use serde_json::Value;

use super::message::{Body, Request};
use super::plan::draw::Draw;
use super::plan::input::{is_key_in_body, is_key_of_request};
use super::session::Outcome;

/// So many letters and digits are changed, at most: the start of a key may mean something.
const CHANGED: usize = 12;

/// A key with fewer letters and digits gets more of them: there are too few of its form.
const FEWEST: usize = 6;

/// The keys of a run.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// What makes them new; documented keys are sent as they are without it.
    nonce: Option<u64>,
    /// The documented keys, by those that were sent in their places.
    sent: BTreeMap<String, String>,
}

impl Keys {
    pub(super) fn new(nonce: Option<u64>) -> Self {
        Self {
            nonce,
            ..Self::default()
        }
    }

    /// Sends requests with new keys, and gives answers with the documented ones.
    pub(super) fn send(
        &mut self,
        requests: &[Request],
        send: &mut dyn FnMut(&[Request]) -> Vec<Outcome>,
    ) -> Vec<Outcome> {
        if self.nonce.is_none() {
            return send(requests);
        }
        let renewed: Vec<_> = requests.iter().map(|it| self.renewed(it)).collect();
        let mut answers = send(&renewed);
        for answer in answers.iter_mut().flatten() {
            for (_, value) in &mut answer.headers {
                if let Some(known) = self.as_documented(value) {
                    *value = known;
                }
            }
            let text = std::str::from_utf8(&answer.body).ok();
            if let Some(known) = text.and_then(|it| self.as_documented(it)) {
                answer.body = known.into_bytes();
            }
        }
        answers
    }

    fn renewed(&mut self, request: &Request) -> Request {
        let mut request = request.clone();
        for (name, value) in &mut request.headers {
            if is_key_of_request(name) {
                *value = self.renew(value);
            }
        }
        if let Some(Body::Text(text)) = &mut request.body
            && let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text)
        {
            let keys = members.iter().filter(|(name, _)| is_key_in_body(name));
            for key in keys.filter_map(|(_, value)| value.as_str()) {
                let quoted = Value::from(key).to_string();
                *text = text.replace(&quoted, &Value::from(self.renew(key)).to_string());
            }
        }
        request
    }

    /// The key that is sent in the place of a documented one.
    fn renew(&mut self, known: &str) -> String {
        let Some(nonce) = self.nonce.filter(|_| !known.is_empty()) else {
            return known.to_owned();
        };
        let key = renewed(known, nonce);
        self.sent.insert(key.clone(), known.to_owned());
        key
    }

    /// The text with the documented keys in the places of those that were sent; `None` if it has none of them.
    fn as_documented(&self, text: &str) -> Option<String> {
        let sent = self.sent.iter().filter(|(key, _)| text.contains(*key));
        sent.fold(None, |changed: Option<String>, (key, known)| {
            let text = changed.as_deref().unwrap_or(text);
            Some(text.replace(key, known))
        })
    }
}

/// A key of the same form: each letter and digit is moved on by the nonce, so that two keys stay two.
fn renewed(known: &str, nonce: u64) -> String {
    // `$(uuidgen)`, `<unique-key>`, and `{{$guid}}` stand for a key.
    if known.contains(['$', '<', '{']) {
        return uuid(known, nonce);
    }
    let mut shifts = Draw::new(nonce, "");
    let count = known.chars().filter(char::is_ascii_alphanumeric).count();
    if count < FEWEST {
        let tail: String = (0..CHANGED)
            .filter_map(|_| char::from_digit(u32::try_from(shifts.one_of(16)).ok()?, 16))
            .collect();
        return format!("{known}-{tail}");
    }
    let is_hexadecimal = |c: char| c.is_ascii_hexdigit() || !c.is_ascii_alphanumeric();
    let is_lower = !known.contains(|c: char| c.is_ascii_uppercase());
    let is_upper = !known.contains(|c: char| c.is_ascii_lowercase());
    let is_one = known.chars().all(is_hexadecimal) && (is_lower || is_upper);
    let mut left = CHANGED;
    let mut move_on = |letter: char| {
        let digits: &[u8] = match letter {
            '0'..='9' | 'a'..='f' | 'A'..='F' if is_one && is_lower => b"0123456789abcdef",
            '0'..='9' | 'a'..='f' | 'A'..='F' if is_one => b"0123456789ABCDEF",
            '0'..='9' => b"0123456789",
            'a'..='z' => b"abcdefghijklmnopqrstuvwxyz",
            'A'..='Z' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            _ => return letter,
        };
        let at = digits.iter().position(|it| char::from(*it) == letter);
        let Some(at) = at.filter(|_| left > 0) else {
            return letter;
        };
        left -= 1;
        let at = (at + shifts.one_of(digits.len())) % digits.len();
        digits.get(at).map_or(letter, |it| char::from(*it))
    };
    let moved: Vec<char> = known.chars().rev().map(&mut move_on).collect();
    moved.into_iter().rev().collect()
}

/// A random UUID, version 4, for what stands for a key.
fn uuid(known: &str, nonce: u64) -> String {
    let mut draw = Draw::new(nonce, known);
    let digit = |letter: char| match letter {
        'x' => char::from_digit(u32::try_from(draw.one_of(16)).unwrap_or_default(), 16)
            .unwrap_or_default(),
        other => other,
    };
    "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"
        .chars()
        .map(digit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::message::Answer;

    #[test]
    fn a_key_keeps_its_form_and_is_another_one_in_each_run() {
        let key = "3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d5e6f";
        let (one, other) = (renewed(key, 1), renewed(key, 2));
        assert_ne!(one, other);
        assert_eq!(one, renewed(key, 1));
        assert_eq!(one.len(), key.len());
        assert!(one.starts_with("3f2b8c1e-0d4a-4f6b-9c7d-"));
        assert!(one.chars().all(|it| it == '-' || it.is_ascii_hexdigit()));
        let named = renewed("order_2041-GHK", 3);
        let forms = named.chars().zip("order_2041-GHK".chars());
        for (new, known) in forms {
            assert_eq!(new.is_ascii_digit(), known.is_ascii_digit(), "{named}");
            assert_eq!(new.is_uppercase(), known.is_uppercase(), "{named}");
        }
    }

    #[test]
    fn two_keys_stay_two() {
        let first = renewed("3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d0001", 9);
        assert_ne!(first, renewed("3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d0002", 9));
    }

    #[test]
    fn what_stands_for_a_key_becomes_one() {
        for text in ["$(uuidgen)", "<unique-key>", "{{$guid}}"] {
            let key = renewed(text, 4);
            assert_eq!(key.len(), 36, "{key}");
            assert_ne!(key, renewed(text, 5));
        }
        assert!(renewed("k1", 4).starts_with("k1-"));
    }

    #[test]
    fn what_comes_back_has_the_documented_key() {
        let mut keys = Keys::new(Some(7));
        let request = Request {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:1/tickets".to_owned(),
            headers: vec![("Idempotency-Key".to_owned(), "ticket-4711-abc".to_owned())],
            body: Some(Body::Text(
                "{\"client_token\": \"seat-0815\", \"seat\": \"A1\"}".to_owned(),
            )),
        };
        let mut sent = Vec::new();
        let answers = keys.send(&[request], &mut |requests| {
            sent = requests.to_vec();
            let request = &requests[0];
            vec![Ok(Answer {
                status: 201,
                headers: request.headers.clone(),
                body: request.body_text().into_bytes(),
                cut_at: None,
            })]
        });
        assert!(!sent[0].headers[0].1.contains("4711"));
        assert!(!sent[0].body_text().contains("0815"));
        assert!(sent[0].body_text().ends_with("\"seat\": \"A1\"}"));
        let answer = answers[0].as_ref().unwrap();
        assert_eq!(answer.headers[0].1, "ticket-4711-abc");
        assert!(String::from_utf8_lossy(&answer.body).contains("\"seat-0815\""));
    }

    #[test]
    fn without_a_nonce_nothing_is_changed() {
        let mut keys = Keys::new(None);
        assert_eq!(keys.renew("ticket-4711"), "ticket-4711");
    }
}
