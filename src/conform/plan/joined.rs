//! Texts that hold several of some words: "separated by commas; the values are `author` and `tags`". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::shape::ShapeKind;

use super::input::Input;

/// The words that the text announces, if it says that several of them stand in one text.
pub(crate) fn words(input: &Input) -> Vec<String> {
    let is_text = input.shape.kind == ShapeKind::String
        && input.shape.constraints.allowed.is_none()
        && input.shape.constraints.format.is_none();
    if is_text {
        words_in(&input.description)
    } else {
        Vec::new()
    }
}

fn words_in(text: &str) -> Vec<String> {
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:comma[\s-]+(?:separated|delimited)|(?:separated|delimited|joined|split)\s+(?:by|with)\s+(?:an?\s+)?commas?|with\s+commas\s+between)\b",
        )
    });
    static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:the|possible|allowed|valid|supported|accepted|available|permitted)\s+(?:values?|options|names|words|members|fields|objects)(?:\s+(?:are|is))?
              | (?:one|any)\s+or\s+(?:more|several)\s+of | any\s+of | (?:choose|pick)\s+(?:from|among) | values | one\s+of)
              \s*:?\s*(?P<list>`[\w.-]+`(?:\s*(?:,|,?\s*(?:and|or))\s*`[\w.-]+`)+)\s*(?:[.;)]|,\s+[a-z]|$)",
        )
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`([A-Za-z][\w.-]*)`"));
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:for\s+example|such\s+as|e\.g|ignored?|more\s+may|not\s+exhaustive|and\s+so\s+on)\b",
        )
    });
    if !SEVERAL.is_match(text) || OPEN.is_match(text) {
        return Vec::new();
    }
    let lists = ANNOUNCED.captures_iter(text);
    let mut lists = lists.filter_map(|it| it.name("list"));
    let (Some(list), None) = (lists.next(), lists.next()) else {
        return Vec::new();
    };
    let words = CODE.captures_iter(list.as_str());
    let words = words.filter_map(|it| it.get(1));
    words.map(|it| it.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_announce_the_words_of_which_several_stand_in_one_text() {
        for text in [
            "What to return in full, separated by commas. The values are `author` and `tags`.",
            "Comma-separated list of related objects. Allowed values: `author`, `tags`.",
            "One or more of `author`, `tags`, joined with commas.",
            "A comma separated list. Possible values are `author` and `tags`",
            "Any of `author` or `tags`; separated by a comma.",
        ] {
            assert_eq!(words_in(text), ["author", "tags"], "{text}");
        }
        for text in [
            "One of `author`, `tags`.",
            "Comma-separated names, such as `author` and `tags`.",
            "Fields, separated by commas, for example one of `author`, `tags`.",
            "Separated by commas. The values are `author` and `tags`; others are ignored.",
            "The names of tags, separated by commas.",
            "Separated by commas; leave out `author` or `tags` to hide them.",
        ] {
            assert!(words_in(text).is_empty(), "{text}");
        }
    }
}
