//! A URL as it is written in a command: parts may be variables, and any part may be missing.

use std::ops::Range;

use super::{Decoded, Spanned};

/// A URL and its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The URL, without quotes.
    pub text: Decoded,
    /// The bytes of the whole word.
    pub range: Range<usize>,
    /// `https`, if it is given.
    pub scheme: Option<Spanned<String>>,
    /// `name:password` in front of the host.
    pub user: Option<Spanned<String>>,
    /// Host and port, or the variable that stands for them, such as `$BASE_URL`; nothing if the URL begins with a path.
    pub host: Option<Spanned<String>>,
    /// The path, with its leading slash; empty if there is none.
    pub path: Spanned<String>,
    /// The pairs of the query, and what `-G` and `--url-query` add to them.
    pub query: Vec<Pair>,
}

/// A name and a value, of a query or of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name, percent-decoded.
    pub name: Spanned<String>,
    /// The value, percent-decoded; nothing if there is no `=`.
    pub value: Option<Spanned<String>>,
    /// The bytes of both.
    pub range: Range<usize>,
}

impl Url {
    /// Takes a URL apart.
    pub(super) fn new(text: Decoded, range: Range<usize>) -> Self {
        let whole = text.text();
        let end = whole.find('#').unwrap_or(whole.len());
        let scheme = whole
            .find("://")
            .filter(|at| is_scheme(whole.get(..*at).unwrap_or_default()));
        let host_start = scheme.map_or(0, |at| at + "://".len());
        let rest = whole.get(host_start..end).unwrap_or_default();
        let host_end = host_start + host_length(rest);
        let host = whole.get(host_start..host_end).unwrap_or_default();
        let user_end = host
            .rfind('@')
            .filter(|_| scheme.is_some() && !host.contains(['{', '<', '$']));
        let user = user_end.map(|at| host_start..host_start + at);
        let host_start = user.as_ref().map_or(host_start, |user| user.end + 1);
        let query_start = whole
            .get(host_end..end)
            .and_then(|rest| rest.find('?'))
            .map(|at| host_end + at);
        let path_end = query_start.unwrap_or(end);
        let spanned = |part: Range<usize>| {
            let value = whole.get(part.clone()).unwrap_or_default().to_owned();
            Spanned::new(value, text.range(part))
        };
        Self {
            scheme: scheme.map(|at| spanned(0..at)),
            user: user.map(spanned),
            host: (host_end > host_start).then(|| spanned(host_start..host_end)),
            path: spanned(host_end..path_end),
            query: query_start.map_or_else(Vec::new, |at| pairs(&text, at + 1..end)),
            range,
            text,
        }
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// The length of the host at the start of a text; slashes inside of `{…}` and `<…>` belong to it.
fn host_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'<' | b'(' => depth += 1,
            b'}' | b'>' | b')' => depth = depth.saturating_sub(1),
            b'/' | b'?' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// The pairs in bytes `range`, separated by `&`.
pub(super) fn pairs(text: &Decoded, range: Range<usize>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut start = range.start;
    for part in text.text().get(range).unwrap_or_default().split('&') {
        let end = start + part.len();
        if !part.is_empty() {
            pairs.push(pair(text, start..end));
        }
        start = end + 1;
    }
    pairs
}

fn pair(text: &Decoded, range: Range<usize>) -> Pair {
    let part = text.text().get(range.clone()).unwrap_or_default();
    let spanned = |start: usize, value: &str| {
        Spanned::new(decode(value), text.range(start..start + value.len()))
    };
    let (name, value) = part
        .split_once('=')
        .map_or((part, None), |(name, value)| (name, Some(value)));
    Pair {
        name: spanned(range.start, name),
        value: value.map(|value| spanned(range.start + name.len() + 1, value)),
        range: text.range(range),
    }
}

/// Resolves `%41` and `+`; what is no escape stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = match (first, escaped) {
            (b'%', Some(byte)) => (byte, 3),
            (b'+', _) => (b' ', 1),
            _ => (first, 1),
        };
        bytes.push(byte);
        rest = rest.get(length..).unwrap_or_default();
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        let mut decoded = Decoded::default();
        decoded.push(text, 10);
        Url::new(decoded, 10..10 + text.len())
    }

    fn parts(text: &str) -> (Option<String>, Option<String>, String) {
        let url = url(text);
        (
            url.scheme.map(|part| part.value),
            url.host.map(|part| part.value),
            url.path.value,
        )
    }

    #[test]
    fn a_url_falls_apart_with_places() {
        let url = url("https://h.example:8080/a/:id?x=1%20a&y&z=a=b#f");
        assert_eq!(
            url.host.unwrap(),
            Spanned::new("h.example:8080".into(), 18..32)
        );
        assert_eq!(url.path, Spanned::new("/a/:id".into(), 32..38));
        let pairs: Vec<_> = url
            .query
            .into_iter()
            .map(|pair| (pair.name.value, pair.value.map(|v| (v.value, v.range))))
            .collect();
        assert_eq!(
            pairs,
            [
                ("x".into(), Some(("1 a".into(), 41..46))),
                ("y".into(), None),
                ("z".into(), Some(("a=b".into(), 51..54))),
            ]
        );
    }

    #[test]
    fn host_and_path_may_be_missing_or_variables() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("$BASE/users"), (None, some("$BASE"), "/users".into()));
        assert_eq!(
            parts("{{a/b}}/users"),
            (None, some("{{a/b}}"), "/users".into())
        );
        assert_eq!(parts("/users"), (None, None, "/users".into()));
        assert_eq!(parts("h.example"), (None, some("h.example"), String::new()));
        assert_eq!(
            parts("https://h?x=1"),
            (some("https"), some("h"), String::new())
        );
    }
}
