//! Patterns for running text.

use regex::Regex;

/// What the classes of a pattern stand for: Latin letters with their accents, ASCII digits, and the spaces that pages hold.
///
/// The classes of Unicode hold hundreds of ranges each, and compiling them takes longer than reading a site.
const CLASSES: [(&str, &str); 3] = [
    (r"\w", r"[0-9A-Za-z_\x{C0}-\x{24F}]"),
    (r"\d", r"[0-9]"),
    (r"\s", r"[\t-\r\x20\x{A0}\x{2000}-\x{200B}\x{3000}]"),
];

/// The edge of a word of ASCII letters: for that of Unicode, the automata of `regex` give way to a search that is ten
/// times slower, wherever a text holds a dash or a quote that is not ASCII.
const EDGE: (&str, &str) = (r"\b", r"(?-u:\b)");

/// A pattern that is a constant, in the syntax of `regex`, with the classes of [`CLASSES`] and the [`EDGE`].
pub(super) fn pattern(text: &str) -> Regex {
    let text = CLASSES
        .iter()
        .chain([&EDGE])
        .fold(text.to_owned(), |text, (class, characters)| {
            text.replace(class, characters)
        });
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    Regex::new(&text).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_also_inside_brackets() {
        let words = pattern(r"^[\s\d]+\w+[^\s]$");
        assert!(words.is_match("1\u{A0}Länge!"));
        assert!(!words.is_match("1 Länge "));
    }
}
