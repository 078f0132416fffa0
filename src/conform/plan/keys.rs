//! Keys that name a request, such as `Idempotency-Key`, in headers and in bodies.

use serde_json::Value;

use super::draft::{Draft, Payload};
use super::input::{is_key_in_body, is_key_of_request};

impl Draft {
    /// The key that makes the request safe to repeat: the value of `Idempotency-Key`, or of such a member.
    pub fn idempotency_key(&self) -> Option<&str> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(name, _)| is_key_of_request(name));
        let member = || {
            let mut members = self.json()?.as_object()?.iter();
            members.find(|(name, _)| is_key_in_body(name))?.1.as_str()
        };
        header.map(|(_, key)| key.as_str()).or_else(member)
    }

    /// Gives the request a key of the same notation that belongs to no other one.
    pub fn renew_idempotency_key(&mut self, number: usize) {
        let mut headers = self.headers.iter_mut();
        if let Some((_, key)) = headers.find(|(name, _)| is_key_of_request(name)) {
            *key = numbered(key, number);
        }
        if let Some(Payload::Json(Value::Object(members), text)) = &mut self.body {
            let mut members = members.iter_mut();
            let member = members.find(|(name, _)| is_key_in_body(name));
            if let Some((_, Value::String(key))) = member {
                *key = numbered(key, number);
                *text = None;
            }
        }
    }
}

/// A text with a number in the place of its last letters and digits; digits are also hexadecimal ones.
fn numbered(text: &str, number: usize) -> String {
    let mut digits = format!("{number:04}")
        .chars()
        .rev()
        .collect::<Vec<_>>()
        .into_iter();
    let mut put = |letter: char| {
        let is_place = letter.is_ascii_alphanumeric();
        let digit = is_place.then(|| digits.next()).flatten();
        digit.unwrap_or(letter)
    };
    let replaced: String = text.chars().rev().map(&mut put).collect();
    let rest: String = digits.rev().collect();
    let replaced: String = replaced.chars().rev().collect();
    if rest.is_empty() {
        replaced
    } else {
        format!("{rest}{replaced}")
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_numbered_key_keeps_its_notation() {
        let uuid = "3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d5e6f";
        assert_eq!(numbered(uuid, 12), "3f2b8c1e-0d4a-4f6b-9c7d-1a2b3c4d0012");
        assert_eq!(numbered("order-77", 3), "ord00-03");
        assert_eq!(numbered("k", 3), "0003");
    }
}
