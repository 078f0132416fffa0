//! Fenced code blocks: the opening line, and what its info string says.
//!
//! ```text
//! opening = ("```" { "`" } info without backtick) | ("~~~" { "~" } info)
//! info    = [ language ] [ meta ]
//! meta    = { option | title text }
//! option  = name [ "=" value ] | "{1,3-5}"
//! ```
//!
//! The title of a fence is `title="…"` or `filename="…"` if there is one, else the meta text that is no option.

use std::sync::LazyLock;

use regex::Regex;

use super::node::Fence;

/// The opening line of a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) marker: u8,
    pub(super) length: usize,
}

/// Reads the marker at the start of `line`, which has no indentation any more.
pub(super) fn opening(line: &str) -> Option<Opening> {
    let marker = *line.as_bytes().first()?;
    if !matches!(marker, b'`' | b'~') {
        return None;
    }
    let length = line.bytes().take_while(|&byte| byte == marker).count();
    let info = line.get(length..)?;
    let allowed = length >= 3 && (marker == b'~' || !info.contains('`'));
    allowed.then_some(Opening { marker, length })
}

/// True if `line`, without its indentation, closes a fence that started with `opening`.
pub(super) fn closes(line: &str, opening: Opening) -> bool {
    let length = line
        .bytes()
        .take_while(|&byte| byte == opening.marker)
        .count();
    length >= opening.length
        && line
            .get(length..)
            .is_some_and(|rest| rest.trim().is_empty())
}

/// Splits an info string into the language and the rest.
pub(super) fn split_info(info: &str) -> (Option<String>, String) {
    let info = info.trim();
    let length = info.find(char::is_whitespace).unwrap_or(info.len());
    let (language, meta) = info.split_at(length);
    let language = (!language.is_empty()).then(|| decode(language));
    (language, decode(meta.trim_start()))
}

/// Resolves backslash escapes and entities, as CommonMark does in info strings.
fn decode(text: &str) -> String {
    if !text.contains(['\\', '&']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {}
            _ => plain.push(c),
        }
    }
    htmlize::unescape(plain.as_str()).into_owned()
}

static NAMED_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?:^|\s)(?:title|filename)=(?:"([^"]*)"|'([^']*)'|\{"([^"]*)"\}|(\S+))"#)
});
static OPTIONS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x)
        \{\d[\d,\s-]*\}                                             # marked lines
        | \b(?:theme|icon|highlight|focus|lang|lines|wrap|expandable|nocopy|twoslash|dropdown|iconType)
          =(?:"[^"]*"|'[^']*'|\{\{[^}]*\}\}|\{[^}]*\}|\S+)          # options with a value
        | \[expandable\]
        | (?:^|\s)(?:wrap|lines|expandable|nocopy|twoslash)(?:$|\s) # flags",
        "#,
    )
});

fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    Regex::new(text).unwrap()
}

impl Fence {
    /// The title that the author gave the fence, such as `200 - Success` or `cURL`.
    pub fn title(&self) -> Option<String> {
        title(&self.meta)
    }
}

fn title(meta: &str) -> Option<String> {
    if meta.is_empty() {
        return None;
    }
    if let Some(found) = NAMED_TITLE.captures(meta) {
        let text = (1..=4)
            .find_map(|group| found.get(group))
            .map(|found| found.as_str().to_owned());
        return text.filter(|text| !text.is_empty());
    }
    let mut rest = meta.to_owned();
    while OPTIONS.is_match(&rest) {
        rest = OPTIONS.replace(&rest, " ").into_owned();
    }
    let words: Vec<_> = rest.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_what_is_left_of_the_meta_text() {
        for (meta, expected) in [
            ("", None),
            ("200", Some("200")),
            ("404 Not Found theme={null}", Some("404 Not Found")),
            ("400 {2} lines wrap", Some("400")),
            ("title=\"Two words\" {1,3-5}", Some("Two words")),
            ("Example Request", Some("Example Request")),
            ("icon=\"code\" expandable", None),
            ("wrap wrap lines", None),
        ] {
            assert_eq!(title(meta).as_deref(), expected, "{meta}");
        }
    }

    #[test]
    fn a_backtick_in_the_info_string_is_no_fence() {
        assert_eq!(opening("```a`"), None);
        assert_eq!(opening("``"), None);
        assert!(opening("~~~ a`").is_some());
        assert!(closes("````  ", opening("```").unwrap()));
        assert!(!closes("``` a", opening("```").unwrap()));
    }
}
