//! Columns of tables for a terminal, where some characters are two columns wide and some none.

use unicode_width::UnicodeWidthStr as _;

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// The text with blanks behind it, up to so many columns; a wider one stays as it is.
pub fn padded(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_a_terminal_does() {
        assert_eq!(padded("日本", 6), "日本  ");
        assert_eq!(padded("e\u{301}", 3), "e\u{301}  ");
        assert_eq!(padded("longer", 3), "longer");
    }
}
