//! Which answer the client asks for.
//!
//! ```text
//! Prefer: code=404, example="Not found"; handling=lenient        RFC 7240
//! ?__code=404&__example=Not%20found                              for clients that cannot set headers
//! ```
//!
//! `,` and `;` both separate, keys are read in any case, several header lines add up, and the first of a repeated key
//! counts. `status` and `statusCode` stand for `code`. For each key the header wins over the query.

use super::form;
use super::message::Request;

/// What the client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    /// A status, as written.
    pub(super) code: Option<String>,
    /// The title of an example.
    pub(super) example: Option<String>,
    /// True if the usual answer will do where there is no such status or example.
    pub(super) lenient: bool,
}

impl Preferences {
    pub(super) fn of(request: &Request) -> Self {
        let mut preferences = Self::default();
        for line in request.headers_named("prefer") {
            for (key, value) in pairs(line) {
                preferences.take(&key, value);
            }
        }
        for (key, value) in form::pairs(request.query()) {
            if let Some(key) = key.strip_prefix("__") {
                preferences.take(key, value);
            }
        }
        preferences
    }

    /// True if there is a choice to be made.
    pub(super) fn is_some(&self) -> bool {
        self.code.is_some() || self.example.is_some()
    }

    /// True if the client asks for an error, which it then gets whatever else it sent.
    pub(super) fn asks_for_error(&self) -> bool {
        self.code
            .as_ref()
            .and_then(|code| code.parse::<u16>().ok())
            .is_some_and(|code| code >= 400)
    }

    /// The preferences as `Preference-Applied` names them.
    pub(super) fn applied(&self) -> String {
        let code = self.code.as_ref().map(|code| format!("code={code}"));
        let example = self
            .example
            .as_ref()
            .map(|example| format!("example={}", quoted(example)));
        let applied: Vec<_> = code.into_iter().chain(example).collect();
        applied.join(", ")
    }

    fn take(&mut self, key: &str, value: String) {
        match key.to_ascii_lowercase().as_str() {
            "code" | "status" | "statuscode" => {
                self.code.get_or_insert(value);
            }
            "example" => {
                self.example.get_or_insert(value);
            }
            "handling" => self.lenient |= value.eq_ignore_ascii_case("lenient"),
            _ => {}
        }
    }
}

/// The keys and values of one header line.
fn pairs(line: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut characters = line.chars().peekable();
    while characters.peek().is_some() {
        let mut key = String::new();
        let mut value = String::new();
        let mut in_value = false;
        while let Some(character) = characters.next() {
            match character {
                ',' | ';' => break,
                '=' if !in_value => in_value = true,
                '"' if in_value => value.push_str(&quoted_string(&mut characters)),
                _ if in_value => value.push(character),
                _ => key.push(character),
            }
        }
        if !key.trim().is_empty() {
            pairs.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    pairs
}

fn quoted_string(characters: &mut impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

fn quoted(text: &str) -> String {
    let is_token = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    if is_token {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[&str], query: &str) -> Preferences {
        Preferences::of(&Request {
            target: format!("/?{query}"),
            headers: headers
                .iter()
                .map(|value| ("prefer".to_owned(), (*value).to_owned()))
                .collect(),
            ..Request::default()
        })
    }

    #[test]
    fn both_separators_and_quotes_are_read() {
        let both = read(&["Code=404; example=\"a \\\"b\\\", c\", wait=10"], "");
        assert_eq!(both.code.as_deref(), Some("404"));
        assert_eq!(both.example.as_deref(), Some("a \"b\", c"));
        assert_eq!(both.applied(), "code=404, example=\"a \\\"b\\\", c\"");
    }

    #[test]
    fn lines_add_up_and_the_header_wins_for_each_key() {
        let merged = read(
            &["statusCode=201", "code=500, handling=lenient"],
            "__code=404&__example=x+y",
        );
        assert_eq!(merged.code.as_deref(), Some("201"));
        assert_eq!(merged.example.as_deref(), Some("x y"));
        assert!(merged.lenient);
    }

    #[test]
    fn other_preferences_choose_nothing() {
        assert!(!read(&["respond-async, ,;return=minimal"], "code=1").is_some());
    }
}
