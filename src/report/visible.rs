//! Making characters visible that a terminal would obey instead of showing.
//!
//! These are the control characters (ESC starts a colour or moves the cursor, a newline ends a line that a program reads),
//! the line separators of Unicode, and the characters that turn the direction of text or cannot be seen
//! (<https://trojansource.codes>). A zero-width joiner is left alone: emoji are made of it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// True for a character that must not reach a terminal or a line-based format as it is.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// `text` with each unsafe character written as an escape: `\n`, `\t`, `\u{1b}`.
///
/// ```
/// use fieldproof::report::visible::escape;
///
/// assert_eq!(escape("a\u{1b}[31m\nb"), r"a\u{1b}[31m\nb");
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => escaped.extend(character.escape_default()),
            unsafe_one if is_unsafe(unsafe_one) => escaped.extend(unsafe_one.escape_unicode()),
            plain => escaped.push(plain),
        }
    }
    Cow::Owned(escaped)
}

/// One character of a source line, so that it takes one place and can be pointed at: `␛` for ESC. A tab stays a tab.
pub fn picture(character: char) -> char {
    match character {
        '\t' => '\t',
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        unsafe_one if is_unsafe(unsafe_one) => '\u{fffd}',
        plain => plain,
    }
}

/// JSON text with each unsafe character inside its strings written as `\uXXXX`; the value stays the same.
///
/// `serde_json` escapes the control characters of ASCII, and leaves the others.
/// Outside strings JSON has no unsafe character but line ends, which stay.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let must_go = |character| is_unsafe(character) && character != '\n';
    if !json.contains(must_go) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if must_go(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(escape("naïve `%s`::👩‍💻"), Cow::Borrowed(_)));
    }

    #[test]
    fn text_that_turns_direction_is_shown_as_an_escape() {
        assert_eq!(escape("a\u{202e}b\u{feff}"), r"a\u{202e}b\u{feff}");
    }

    #[test]
    fn a_source_character_keeps_its_one_place() {
        assert_eq!(picture('\u{1b}'), '␛');
        assert_eq!(picture('\u{9b}'), '\u{fffd}');
        assert_eq!(picture('\t'), '\t');
        assert_eq!(picture('語'), '語');
    }

    #[test]
    fn escaped_json_means_the_same() {
        let text = "\u{9b}31m \u{202e} \u{e0041} \u{7f}";
        let json = serde_json::to_string(text).unwrap();
        let escaped = escape_json(&json);
        assert!(escaped.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
    }
}
