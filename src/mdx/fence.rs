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

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Excerpt, Span};

use super::node::Fence;
use super::rules;

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

/// Lines of the body of a fence: spaces that a tab leaves, and bytes of the page.
pub(super) type Body = Vec<(usize, Range<usize>)>;

/// Adds a line; lines that adjoin become one range.
pub(super) fn add_line(body: &mut Body, spaces: usize, line: Range<usize>) {
    match body.last_mut() {
        Some((_, last)) if spaces == 0 && last.end == line.start => last.end = line.end,
        _ => body.push((spaces, line)),
    }
}

/// The text of a body, without its last line ending.
pub(super) fn body(source: &Excerpt, mut body: Body) -> Excerpt {
    if let Some((_, last)) = body.last_mut() {
        let text = source.text().get(last.clone()).unwrap_or_default();
        let rest = text
            .strip_suffix("\r\n")
            .or_else(|| text.strip_suffix(['\n', '\r']));
        last.end = last.start + rest.unwrap_or(text).len();
    }
    let bytes = body
        .iter()
        .map(|(spaces, range)| spaces + range.len())
        .sum();
    let mut code = Excerpt::with_capacity(source.file(), bytes);
    for (spaces, range) in body {
        if spaces > 0 {
            let tab = source.span(range.start.saturating_sub(1)..range.start);
            code.push_replaced(&" ".repeat(spaces), tab);
        }
        code.push_excerpt(source, range);
    }
    code
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
    pattern(
        r#"(?x)
        (?:^|\s)(?:title|filename)=
        (?: "((?u:[^"]*))" | '((?u:[^']*))' | \{"((?u:[^"]*))"\} | ((?u:[^\t\n\r\ ]+)) )"#,
    )
});
static OPTIONS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?x)
        \{\d[\d,\s-]*\}                                             # marked lines
        | \b(?:theme|icon|highlight|focus|lang|lines|wrap|expandable|nocopy|twoslash|dropdown|iconType)
          =(?u:"[^"]*"|'[^']*'|\{\{[^}]*\}\}|\{[^}]*\}|[^\t\n\r\ ]+) # options with a value
        | \[expandable\]
        | (?:^|\s)(?:wrap|lines|expandable|nocopy|twoslash)(?:$|\s) # flags
        "#,
    )
});
const FLAGS: [&str; 5] = ["wrap", "lines", "expandable", "nocopy", "twoslash"];

/// Classes are those of ASCII: the tables of Unicode would take longer to prepare than a small site to read.
fn pattern(text: &str) -> Regex {
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    RegexBuilder::new(text).unicode(false).build().unwrap()
}

impl Fence {
    /// The title that the author gave the fence, such as `200 - Success` or `cURL`.
    pub fn title(&self) -> Option<String> {
        title(&self.meta)
    }
}

fn title(meta: &str) -> Option<String> {
    let is_plain = !meta.contains(['=', '{', '[']);
    if is_plain && !meta.split_whitespace().any(|word| FLAGS.contains(&word)) {
        let words: Vec<_> = meta.split_whitespace().collect();
        return (!words.is_empty()).then(|| words.join(" "));
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

/// What is said of a fence that the end of its block ends.
pub(super) fn never_closed(before: &str, fenced: &str, marker: Span) -> Diagnostic {
    let (first, body) = fenced.split_once('\n').unwrap_or((fenced, ""));
    let is_bare = first.trim().trim_matches(['`', '~']).is_empty();
    let body = body.trim_start();
    if is_bare && body.is_empty() {
        let message = "a code fence is opened here, and nothing follows it";
        unclosed(marker, message).help("remove it: there is nothing to close")
    } else if is_bare && before.trim().is_empty() && body.starts_with("---") {
        let message = "a code fence before the frontmatter hides it, so that the page has neither title nor endpoint";
        unclosed(marker, message)
            .severity(Severity::Error)
            .help("remove it: a page begins with its frontmatter")
    } else {
        unclosed(marker, "the code fence is not closed before its block ends")
    }
}

/// A fence that nothing closes.
pub(super) fn unclosed(marker: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&rules::UNCLOSED_FENCE, marker, message)
        .label("opened here")
        .help("add a closing fence of the same length on a line of its own")
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
