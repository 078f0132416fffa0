//! Which answer the client asks for.
//!
//! ```text
//! Prefer: code=404, example="Not found"; handling=lenient        RFC 7240
//! ?__code=404&__example=Not%20found                              for clients that cannot set headers
//! ```
//!
//! | key | asks for |
//! | --- | --- |
//! | `code`, `status`, `statusCode` | a status |
//! | `example` | the example of that title |
//! | `page` | an answer of the pages below that path, such as `v2` or `de/orders` |
//! | `dynamic` | a body made from the fields, another one each time |
//! | `seed` | the same made-up values for the same seed |
//! | `delay` | a pause before the answer, or before each event: `250`, `1.5s`, `100..400ms`, `lognormal(200ms, 0.5)` |
//! | `fault` | what goes wrong: `error`, `throttle`, `reset`, `truncate`, `drip` |
//! | `handling` | `strict` or `lenient` |
//!
//! `,` and `;` both separate, keys are read in any case, several header lines add up, and the first of a repeated key
//! counts. For each key the header wins over the query.

use super::faults::{Delay, Fault};
use super::form;
use super::header;
use super::message::Request;

/// What the client asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Preferences {
    /// A status, as written.
    pub(super) code: Option<String>,
    /// The title of an example.
    pub(super) example: Option<String>,
    /// The start of the path of a page.
    pub(super) page: Option<String>,
    /// True if the body is to be made from the fields.
    pub(super) dynamic: bool,
    /// What made-up values depend on.
    pub(super) seed: Option<String>,
    /// How long to wait.
    pub(super) delay: Option<Delay>,
    /// What goes wrong with the answer.
    pub(super) fault: Option<Fault>,
    /// How requests that are not as documented, and answers that are not there, are dealt with.
    pub(super) handling: Option<Handling>,
    /// What asks for nothing that there is, with the reason.
    pub(super) ignored: Vec<String>,
}

/// How strict the client wants the mock to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    Strict,
    Lenient,
}

impl Preferences {
    pub(super) fn of(request: &Request) -> Self {
        let mut preferences = Self::default();
        for line in request.headers_named(header::PREFER) {
            for (key, value) in pairs(&line) {
                preferences.take(&key, value);
            }
        }
        if request.query().contains("__") {
            for (key, value) in form::pairs(request.query()) {
                if let Some(key) = key.strip_prefix("__") {
                    preferences.take(key, value);
                }
            }
        }
        preferences
    }

    /// True if there is a choice to be made.
    pub(super) fn is_choice(&self) -> bool {
        self.code.is_some() || self.example.is_some() || self.page.is_some()
    }

    /// True if the usual answer will do where there is no such status or example.
    pub(super) fn is_lenient(&self) -> bool {
        self.handling == Some(Handling::Lenient)
    }

    /// True if the client asks for an error, which it then gets whatever else it sent.
    pub(super) fn asks_for_error(&self) -> bool {
        self.code
            .as_ref()
            .and_then(|code| code.parse::<u16>().ok())
            .is_some_and(|code| code >= 400)
    }

    /// The choice as `Preference-Applied` names it.
    pub(super) fn choice(&self) -> Vec<String> {
        let code = self.code.as_ref().map(|code| format!("code={code}"));
        let pair = |key: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!("{key}={}", quoted(value)))
        };
        let example = pair("example", &self.example);
        code.into_iter()
            .chain(example)
            .chain(pair("page", &self.page))
            .collect()
    }

    /// The preferences for values that are made up, as `Preference-Applied` names them.
    pub(super) fn made_up(&self) -> Vec<String> {
        let dynamic = self.dynamic.then(|| "dynamic=true".to_owned());
        let seed = self.seed.as_ref();
        let seed = seed.map(|seed| format!("seed={}", quoted(seed)));
        dynamic.into_iter().chain(seed).collect()
    }

    fn take(&mut self, key: &str, value: String) {
        if let Some(reason) = reason(key, &value) {
            self.ignored
                .push(format!("{key}={} ({reason})", quoted(&value)));
        }
        match key.to_ascii_lowercase().as_str() {
            "code" | "status" | "statuscode" => {
                self.code.get_or_insert(value);
            }
            "example" => {
                self.example.get_or_insert(value);
            }
            "page" => {
                self.page.get_or_insert(value);
            }
            "dynamic" => {
                self.dynamic |= value.is_empty() || value.eq_ignore_ascii_case("true");
            }
            "seed" => {
                self.seed.get_or_insert(value);
            }
            "delay" => self.delay = self.delay.or(value.parse().ok()),
            "fault" => self.fault = self.fault.or(value.parse().ok()),
            "handling" => self.handling = self.handling.or(handling(&value)),
            _ => {}
        }
    }
}

/// Why a preference asks for nothing that there is; `None` if it does, or belongs to somebody else.
fn reason(key: &str, value: &str) -> Option<String> {
    let key = key.to_ascii_lowercase();
    match key.as_str() {
        "delay" => value.parse::<Delay>().err().map(|it| it.to_string()),
        "fault" => value.parse::<Fault>().err().map(|it| it.to_string()),
        "dynamic" => {
            let known = ["", "true", "false"];
            let is_known = known.iter().any(|it| value.eq_ignore_ascii_case(it));
            (!is_known).then(|| "it is true or false".to_owned())
        }
        "handling" => handling(value)
            .is_none()
            .then(|| "it is strict or lenient".to_owned()),
        known if KEYS.contains(&known) || OTHERS.contains(&known) => None,
        _ => {
            let likeness = |known: &str| similar::TextDiff::from_chars(known, &key).ratio();
            let near = KEYS.into_iter().find(|known| likeness(known) > 0.75)?;
            Some(format!("did you mean `{near}`?"))
        }
    }
}

/// What clients can ask for.
const KEYS: [&str; 10] = [
    "code",
    "status",
    "statuscode",
    "example",
    "page",
    "dynamic",
    "seed",
    "delay",
    "fault",
    "handling",
];

/// Preferences of others (<https://www.iana.org/assignments/http-parameters>), which a server may leave alone.
const OTHERS: [&str; 5] = ["respond-async", "return", "wait", "safe", "depth-noroot"];

fn handling(value: &str) -> Option<Handling> {
    match value.to_ascii_lowercase().as_str() {
        "strict" => Some(Handling::Strict),
        "lenient" => Some(Handling::Lenient),
        _ => None,
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

/// A value as it stands in a preference.
pub(super) fn quoted(text: &str) -> String {
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
        let mut request = Request {
            uri: format!("/?{query}").parse().unwrap(),
            ..Request::default()
        };
        for value in headers {
            let value = http::HeaderValue::from_str(value).unwrap();
            request.headers.append(header::PREFER, value);
        }
        Preferences::of(&request)
    }

    #[test]
    fn both_separators_and_quotes_are_read() {
        let both = read(&["Code=404; example=\"a \\\"b\\\", c\", wait=10"], "");
        assert_eq!(both.code.as_deref(), Some("404"));
        assert_eq!(both.example.as_deref(), Some("a \"b\", c"));
        assert_eq!(both.choice(), ["code=404", "example=\"a \\\"b\\\", c\""]);
    }

    #[test]
    fn lines_add_up_and_the_header_wins_for_each_key() {
        let merged = read(
            &["statusCode=201", "code=500, handling=lenient"],
            "__code=404&__example=x+y",
        );
        assert_eq!(merged.code.as_deref(), Some("201"));
        assert_eq!(merged.example.as_deref(), Some("x y"));
        assert!(merged.is_lenient());
    }

    #[test]
    fn other_preferences_choose_nothing() {
        assert!(!read(&["respond-async, ,;return=minimal"], "code=1").is_choice());
    }

    #[test]
    fn delays_have_units_and_an_end() {
        let delay = |text: &str| read(&[&format!("delay={text}")], "").delay;
        assert_eq!(delay("250ms"), delay("0.25s"));
        assert_eq!(delay("1e9s"), delay("300s"));
        assert!(delay("250").is_some() && delay("\"lognormal(200ms, 0.5)\"").is_some());
        assert_eq!(
            (delay("soon"), delay("-1"), delay("NaN")),
            (None, None, None)
        );
    }

    #[test]
    fn what_asks_for_nothing_is_said() {
        let ignored = |line: &str| read(&[line], "").ignored;
        assert_eq!(ignored("code=404, return=minimal, tea=green"), [""; 0]);
        assert_eq!(
            ignored("exampel=x"),
            ["exampel=x (did you mean `example`?)"]
        );
        assert_eq!(
            ignored("dynamic=maybe; handling=loose"),
            [
                "dynamic=maybe (it is true or false)",
                "handling=loose (it is strict or lenient)"
            ]
        );
        assert!(ignored("fault=zzz")[0].contains("there are error"));
    }

    #[test]
    fn made_up_values_are_asked_for_by_header_or_query() {
        let asked = read(&["dynamic"], "__seed=spring");
        assert_eq!(asked.made_up(), ["dynamic=true", "seed=spring"]);
        assert!(!read(&["dynamic=false"], "").dynamic);
    }
}
