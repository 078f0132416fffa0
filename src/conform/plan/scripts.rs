//! Texts that look otherwise than those of the example: other scripts and signs, and lists whose items are in no order and in
//! both kinds of letters. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::pattern::pattern;
use crate::conform::said::normal;
use crate::model::shape::{Shape, ShapeKind};

use super::input::{Input, Place};
use super::vary::Vary;
use super::{Item, Variant, value};

/// A text in several scripts.
const SCRIPTS: &str = "Zoë “名前” ✓ 🙂";

/// The same with signs that mean something in HTML.
const SCRIPTS_AND_SIGNS: &str = "Zoë & “名前” ✓ 🙂 < 3";

/// The same in two lines.
const SCRIPTS_IN_LINES: &str = "Zoë & “名前” ✓ 🙂 < 3\nand a second line that ends here";

/// Signs that mean something in patterns, in queries of databases, and in addresses.
const SIGNS: &str = "Zoë (50%' [+*";

impl Vary<'_> {
    /// The example with texts in other scripts.
    pub(super) fn other_scripts(&self) -> Option<Item> {
        let mut draft = self.base();
        let mut is_other = false;
        for input in self.inputs.iter().filter(|it| !it.is_reference()) {
            let shown = draft.value(input);
            let is_item = self.role.slots.iter().any(|slot| slot.is_for(input));
            // An update takes any of its members alone, and what names the thing would leave it without its name.
            let own = self.role.own_path().map(|it| letters(&it.name));
            let is_key = own.is_some_and(|own| own.contains(&letters(&input.name)));
            let is_update = self.role.kind == Kind::Update && !is_key;
            let is_taken = is_update && input.is_root_member() && !input.deprecated;
            let text = match &input.shape.kind {
                ShapeKind::Array(items) if !is_item => list(input, items, shown.as_ref()),
                _ if input.is_free_text() => text(input, shown.as_ref(), is_taken),
                _ => None,
            };
            if let Some(text) = text {
                is_other |= draft.set(input, Some(&text));
            }
        }
        is_other.then(|| self.item(Variant::OtherScripts, draft))
    }
}

/// A text in other scripts for an input that takes any.
fn text(input: &Input, shown: Option<&Value>, is_taken: bool) -> Option<Value> {
    // One of some words that the text tells is no free text, and neither is what has a word as its default.
    let word = shown.and_then(Value::as_str);
    let is_one = word.is_some_and(|it| is_told(&input.description, it) || is_notation(it));
    let is_word = is_one || input.default.as_ref().is_some_and(Value::is_string);
    let is_text =
        matches!(input.place, Place::Body | Place::Query) && !input.is_cursor() && !is_word;
    let is_search = input.is_search();
    let texts = match (is_search, normal::keeps_lines(&input.description)) {
        (true, _) => vec![SIGNS, SCRIPTS],
        (false, true) => vec![SCRIPTS_IN_LINES, SCRIPTS_AND_SIGNS, SCRIPTS],
        (false, false) => vec![SCRIPTS_AND_SIGNS, SCRIPTS],
    };
    let mut texts = texts.into_iter().map(Value::from);
    let fitting = texts.find(|text| value::is_documented(&input.shape, text));
    let is_sent = is_search || is_taken || shown.is_some();
    fitting.filter(|_| is_text && is_sent)
}

/// A list of texts in no order, in small and capital letters, for an input that takes any.
fn list(input: &Input, items: &Shape, shown: Option<&Value>) -> Option<Value> {
    let shown = shown.and_then(Value::as_array)?;
    let is_free = input.is_root_member()
        && matches!(items.kind, ShapeKind::String)
        && items.constraints.allowed.is_none()
        && items.constraints.pattern.is_none()
        && items.constraints.format.is_none();
    let mut words = shown.iter().map(Value::as_str);
    let is_plain = words.all(|word| {
        word.is_some_and(|it| {
            !is_told(&input.description, it)
                && !is_notation(it)
                && it.chars().all(char::is_alphabetic)
        })
    });
    let lists = [json!(["Zest", "apart", "Moss"]), json!(["Zest", "apart"])];
    let mut lists = lists.into_iter();
    let fitting = lists.find(|list| value::is_documented(&input.shape, list));
    fitting.filter(|_| is_free && is_plain && !shown.is_empty())
}

/// True for one of some words that a text tells, unless it is told as an example: "for example `mail.send`".
fn is_told(description: &str, word: &str) -> bool {
    static EXAMPLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:for\s+(?:example|instance)|e\.\s?g\.|such\s+as|like)[\s,:]*$")
    });
    let marked = format!("`{word}`");
    let mut told = description.match_indices(&marked);
    told.any(|(at, _)| !EXAMPLE.is_match(description.get(..at).unwrap_or_default()))
}

/// True for a text that is written by rules of its own: a time, an address, a number, and the like.
fn is_notation(text: &str) -> bool {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_one = !text.trim().contains(char::is_whitespace);
    is_one && has_digit || text.contains('@') || text.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_told_as_examples_are_not_all_there_are() {
        assert!(is_told("One of `draft` and `sent`.", "sent"));
        assert!(!is_told(
            "Name of the step, for example `mail.send`.",
            "mail.send"
        ));
        assert!(!is_told("A shelf, such as `north`. Any letters.", "north"));
    }
}
