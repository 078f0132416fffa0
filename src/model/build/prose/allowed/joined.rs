//! Values that stand in one code span together: "`a | b | c`", "`'a', 'b'`", "`[a, b]`".

use serde_json::Value;

use crate::model::build::prose::passage::Token;
use crate::model::build::prose::value;

/// The values of a code span that is a list.
pub(super) fn values(token: &Token) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for piece in pieces(&token.text)? {
        let bare = piece.trim_matches(['"', '\'', '`']);
        if !value::is_value(bare) {
            return None;
        }
        let value = if token.quoted || bare.len() < piece.len() {
            Value::String(bare.to_owned())
        } else {
            value::of_text(bare)
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    (values.len() > 1).then_some(values)
}

/// True for what holds several values, and is therefore none itself.
pub(super) fn is_list(text: &str) -> bool {
    let is_set_off = text.contains('|')
        || text.starts_with('[')
        || [", ", " / ", "、"].iter().any(|sign| text.contains(sign));
    is_set_off && pieces(text).is_some()
}

/// True for what may hold several values, so that it alone is no list of one: `image/png`, `a or b`.
pub(super) fn has_parts(text: &str) -> bool {
    text.contains(['|', ',', ';', '/', '·', '、', '，']) || text.contains(" or ")
}

/// The words between bars, commas, or slashes; a slash without spaces may also be a part of one word: `image/png`.
fn pieces(text: &str) -> Option<Vec<&str>> {
    const SEPARATORS: [char; 5] = ['|', ',', ';', '、', '，'];
    let pairs = [('[', ']'), ('(', ')'), ('{', '}')];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?;
        inner.strip_suffix(*close)
    });
    let text = inner.unwrap_or(text);
    let separator = SEPARATORS.into_iter().find(|it| text.contains(*it));
    let pieces: Vec<&str> = match separator {
        Some(separator) => text.split(separator).map(str::trim).collect(),
        None if text.contains(" / ") => text.split(" / ").map(str::trim).collect(),
        None => text.split('/').collect(),
    };
    let fewest = if separator.is_some() || text.contains(" / ") {
        2
    } else {
        3
    };
    // "`1,000`" is one number, and "`10,20`" may be a place.
    let is_number = |piece: &&str| piece.parse::<f64>().is_ok();
    let is_digits = separator == Some(',') && !text.contains(", ") && pieces.iter().all(is_number);
    let are_words = pieces.iter().all(|piece| is_word(piece));
    (pieces.len() >= fewest && are_words && !is_digits).then_some(pieces)
}

/// True for one word, perhaps in quotes.
fn is_word(piece: &str) -> bool {
    let bare = piece.trim_matches(['"', '\'', '`']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '+');
    !bare.is_empty() && bare.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{is_list, pieces};

    #[test]
    fn lists_are_told_from_values_with_signs_in_them() {
        for text in [
            "a | b",
            "a|b",
            "a' | 'b",
            "a, b",
            "[a, b]",
            "['a','b']",
            "A / B",
        ] {
            assert!(pieces(text).is_some() && is_list(text), "{text}");
        }
        assert!(pieces("a,b").is_some() && pieces("a/b/c").is_some());
        for text in [
            "image/png",
            "Europe/Oslo",
            "1,000",
            "60.1,24.9",
            "a",
            "/a/b/c",
            "a, or what else",
        ] {
            assert!(pieces(text).is_none(), "{text}");
        }
    }
}
