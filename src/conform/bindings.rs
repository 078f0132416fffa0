//! What the user binds: `--var name=value` and `-H 'Name: value'`, and which of it is secret.
//!
//! Names are compared by their letters and digits: `--var api_key=…` binds `<api-key>`, `$API_KEY`, and `{{apiKey}}`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::encode;
pub(super) use crate::model::names::letters;

/// Values that stand in for what the pages leave open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// Variables, by the name that the user wrote.
    pub variables: Vec<(String, String)>,
    /// Headers that are sent with every request, instead of documented ones of the same name.
    pub headers: Vec<(String, String)>,
    /// Variables that no output may show, whatever their names.
    pub secrets: Vec<(String, String)>,
    /// Further texts that no output may show, and the names that stand for them.
    pub hidden: Vec<(String, String)>,
    /// Who else asks, beside the one that `headers` are of.
    pub callers: Vec<Caller>,
}

/// Somebody with other credentials, such as those that may only read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What the pages call such callers: `read-only`.
    pub name: String,
    /// The header that authenticates them.
    pub header: (String, String),
}

impl Bindings {
    /// The value of a variable.
    pub fn value(&self, name: &str) -> Option<&str> {
        let wanted = bare(name);
        let all = self.variables.iter().chain(&self.secrets);
        all.into_iter()
            .find(|(known, _)| bare(known) == wanted)
            .map(|(_, value)| value.as_str())
    }

    /// The secret that `$NAME` stands for in commands and files.
    pub fn secret(&self, name: &str) -> Option<String> {
        let all = self
            .hidden
            .iter()
            .chain(&self.secrets)
            .chain(&self.variables);
        let mut all = all.filter(|(known, _)| shell_name(known) == name);
        all.next().map(|(_, value)| value.clone())
    }

    /// The values that no output may show, and the names that stand for them.
    pub fn secrets(&self) -> Secrets {
        let mut values = Vec::new();
        for (name, value) in &self.headers {
            if is_secret(name) {
                values.push((credential(value).to_owned(), shell_name(name)));
            }
        }
        for (name, value) in &self.variables {
            if is_secret(name) {
                values.push((value.clone(), shell_name(name)));
            }
        }
        for (name, value) in self.secrets.iter().chain(&self.hidden) {
            values.push((value.clone(), shell_name(name)));
        }
        Secrets::new(values)
    }
}

/// The letters of a name, without the `your` of `YOUR_API_KEY`.
pub(super) fn bare(name: &str) -> String {
    let letters = letters(name);
    match letters.strip_prefix("your") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => letters,
    }
}

/// Shorter texts are too common to be told from other text, and are not taken for secrets.
const SHORTEST_SECRET: usize = 4;

/// Values that no output may show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// A value, and the name that stands for it; the longest first.
    values: Vec<(String, String)>,
}

impl Secrets {
    fn new(plain: Vec<(String, String)>) -> Self {
        let mut values = Vec::new();
        for (value, name) in plain {
            if value.len() < SHORTEST_SECRET {
                continue;
            }
            for form in forms(&value) {
                if !values.iter().any(|(known, _)| *known == form) {
                    values.push((form, name.clone()));
                }
            }
        }
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// The same with one more value, such as a secret in another encoding.
    pub fn add(&mut self, value: &str, name: &str) {
        if value.len() >= SHORTEST_SECRET && !self.values.iter().any(|(known, _)| known == value) {
            self.values.push((value.to_owned(), name.to_owned()));
            self.values
                .sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        }
    }

    /// True if the text holds a secret.
    pub fn are_in(&self, text: &str) -> bool {
        self.first(text, 0).is_some()
    }

    /// `text` with the name of each secret in place of its value, as `$TOKEN`.
    pub fn hide(&self, text: &str) -> String {
        self.split(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Secret(name) => format!("${name}"),
            })
            .collect()
    }

    /// `text` in pieces, each of them free of secrets or a secret's name.
    pub(super) fn split<'s>(&'s self, text: &'s str) -> Vec<Piece<'s>> {
        let mut pieces = Vec::new();
        let mut from = 0;
        while let Some((at, value, name)) = self.first(text, from) {
            pieces.push(Piece::Text(text.get(from..at).unwrap_or_default()));
            pieces.push(Piece::Secret(name));
            from = at + value.len();
        }
        pieces.push(Piece::Text(text.get(from..).unwrap_or_default()));
        pieces
    }

    /// The first secret from a place of a text on, the longest one if several begin there.
    fn first(&self, text: &str, from: usize) -> Option<(usize, &str, &str)> {
        self.values
            .iter()
            .filter_map(|(value, name)| Some((place(value, text, from)?, value, name)))
            .min_by_key(|(at, value, _)| (*at, std::cmp::Reverse(value.len())))
            .map(|(at, value, name)| (at, value.as_str(), name.as_str()))
    }
}

/// Words of fewer letters than this are told from other text by what stands around them alone.
const SHORTEST_WORD: usize = 8;

/// Longer words that people put in the place of a secret, and that texts are full of.
const COMMON: &[&str] = &[
    "password",
    "username",
    "changeme",
    "credential",
    "credentials",
];

/// True for what other text may well hold without meaning the secret: `test`, `Wrong`, `12345`.
fn is_common(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (value == lower
            || value.get(1..) == lower.get(1..)
            || value == value.to_ascii_uppercase());
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    (is_word || is_number) && value.len() < SHORTEST_WORD || COMMON.contains(&lower.as_str())
}

/// Where a value stands in a text, from a place on; a common word only where a value stands, and nothing else is meant.
fn place(value: &str, text: &str, from: usize) -> Option<usize> {
    let mut places = text
        .get(from..)?
        .match_indices(value)
        .map(|(at, _)| from + at);
    if !is_common(value) {
        return places.next();
    }
    places.find(|at| stands_alone(text, *at, at + value.len()))
}

/// True for what stands between the marks that values stand between: in quotes, behind `=` or the name of a scheme, as the
/// value of a header, or as the whole of a text.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    const BEFORE: &[char] = &['"', '\'', '`', '=', ':', '@'];
    const BEHIND: &[char] = &['"', '\'', '`', '&', ';', ',', '@', ':', '\\', '\n', '\r'];
    const SCHEMES: &[&str] = &["bearer ", "basic ", "token ", "key ", ": "];
    let (Some(before), Some(behind)) = (text.get(..start), text.get(end..)) else {
        return false;
    };
    let lower = before.to_ascii_lowercase();
    let is_begun = before.is_empty()
        || before.ends_with(BEFORE)
        || SCHEMES.iter().any(|scheme| lower.ends_with(scheme));
    is_begun && (behind.is_empty() || behind.starts_with(BEHIND))
}

/// The ways in which servers write a text back: as it is, in URLs, in JSON, and in base64, alone or within other text.
pub(super) fn forms(value: &str) -> Vec<String> {
    let in_url = encode::component(value);
    let in_json = serde_json::Value::from(value).to_string();
    let in_json = in_json
        .strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'))
        .unwrap_or(&in_json)
        .to_owned();
    let mut forms = vec![
        value.to_owned(),
        lower_escapes(&in_url),
        in_url.replace("%20", "+"),
        encode::query(value),
        in_url,
        in_json.replace('/', "\\/"),
        ascii(&in_json),
        in_json,
        STANDARD.encode(value),
    ];
    for shift in 0..3 {
        let inner = within_base64(value, shift);
        if inner.len() >= SHORTEST_BASE64 {
            forms.push(inner.replace('+', "-").replace('/', "_"));
            forms.push(inner);
        }
    }
    forms
}

/// Less of a secret in base64 is too common to be told from other text.
const SHORTEST_BASE64: usize = 7;

/// What a text looks like in base64 behind `shift` bytes, and a multiple of three, of other text.
fn within_base64(value: &str, shift: usize) -> String {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(value.as_bytes());
    // A character holds six bits: those with bits of what stands around are left out.
    let end = bytes.len() * 8 / 6;
    let start = (shift * 8).div_ceil(6);
    let encoded = STANDARD.encode(&bytes);
    encoded.get(start..end).unwrap_or_default().to_owned()
}

/// `%2f` for `%2F`
fn lower_escapes(encoded: &str) -> String {
    let mut pieces = encoded.split('%');
    let mut lower = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (escape, rest) = piece.split_at_checked(2).unwrap_or((piece, ""));
        lower.push('%');
        lower.push_str(&escape.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// The text in JSON as servers write it that send nothing but ASCII.
fn ascii(in_json: &str) -> String {
    let mut ascii = String::new();
    for character in in_json.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    /// Text as it is.
    Text(&'s str),
    /// The name of a secret.
    Secret(&'s str),
}

/// True for names of what opens doors. A header or variable of another name may be shown.
pub(super) fn is_secret(name: &str) -> bool {
    let name = letters(name);
    let words = [
        "auth",
        "key",
        "token",
        "secret",
        "password",
        "passwd",
        "pwd",
        "cookie",
        "session",
        "signature",
        "credential",
        "jwt",
        "bearer",
    ];
    words.iter().any(|word| name.contains(word))
}

/// The value without the name of its scheme: the second word of `Bearer abc`.
fn credential(value: &str) -> &str {
    match value.trim().split_once(' ') {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            rest.trim()
        }
        _ => value.trim(),
    }
}

/// The name of a variable of a shell.
pub(super) fn shell_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn names_are_compared_by_their_letters() {
        let bindings = Bindings {
            variables: pairs(&[("api_key", "1")]),
            ..Bindings::default()
        };
        assert_eq!(bindings.value("apiKey"), Some("1"));
        assert_eq!(bindings.value("API-KEY"), Some("1"));
        assert_eq!(bindings.value("YOUR_API_KEY"), Some("1"));
        assert_eq!(bindings.value("key"), None);
    }

    #[test]
    fn secrets_are_hidden_in_every_form() {
        let bindings = Bindings {
            variables: pairs(&[("user-token", "a/b\"c d"), ("page", "12345")]),
            headers: pairs(&[("Authorization", "Bearer s3cr3t"), ("Accept", "text/csv")]),
            ..Bindings::default()
        };
        let secrets = bindings.secrets();
        assert_eq!(
            secrets.hide(r#"s3cr3t a/b"c d a%2Fb%22c%20d "a/b\"c d" 12345 text/csv"#),
            r#"$AUTHORIZATION $USER_TOKEN $USER_TOKEN "$USER_TOKEN" 12345 text/csv"#
        );
        assert_eq!(secrets.hide("Bearer czNjcjN0"), "Bearer $AUTHORIZATION");
    }

    #[test]
    fn secrets_are_hidden_within_other_text_in_base64() {
        let bindings = Bindings {
            secrets: pairs(&[("token", "s3cr3t-t0ken")]),
            ..Bindings::default()
        };
        let secrets = bindings.secrets();
        for around in ["", "a", "ab", "abc", "user:"] {
            let encoded = STANDARD.encode(format!("{around}s3cr3t-t0ken{around}"));
            assert!(secrets.hide(&encoded).contains("$TOKEN"), "{around}");
        }
    }

    #[test]
    fn a_secret_has_the_forms_of_urls_and_of_json() {
        assert_eq!(lower_escapes("a%2Fb%C3%A9"), "a%2fb%c3%a9");
        assert_eq!(ascii("\u{e9}\u{1f600}"), "\\u00e9\\ud83d\\ude00");
    }

    #[test]
    fn a_common_word_is_hidden_where_a_value_stands() {
        let bindings = Bindings {
            secrets: pairs(&[("password", "wrong"), ("pin", "4711"), ("key", "s3cr3t")]),
            ..Bindings::default()
        };
        let secrets = bindings.secrets();
        for shown in [
            "the wrong credentials are wrong",
            "fieldproof test --auth: wrongly",
            "{\"wrongs\": 47110}",
        ] {
            assert_eq!(secrets.hide(shown), shown);
        }
        for (text, hidden) in [
            ("wrong", "$PASSWORD"),
            ("{\"pass\":\"wrong\"}", "{\"pass\":\"$PASSWORD\"}"),
            ("?a=wrong&b=4711", "?a=$PASSWORD&b=$PIN"),
            (
                "Authorization: Bearer wrong",
                "Authorization: Bearer $PASSWORD",
            ),
            ("-H 'X-Key: wrong'", "-H 'X-Key: $PASSWORD'"),
            ("`wrong` is wrong", "`$PASSWORD` is wrong"),
            (
                "http://me:wrong@127.0.0.1/",
                "http://me:$PASSWORD@127.0.0.1/",
            ),
            ("as3cr3tb", "a$KEYb"),
        ] {
            assert_eq!(secrets.hide(text), hidden);
        }
    }

    #[test]
    fn short_values_are_no_secrets() {
        let bindings = Bindings {
            variables: pairs(&[("token", "1")]),
            ..Bindings::default()
        };
        assert!(!bindings.secrets().are_in("1"));
    }
}
