//! A document as text, and running text in it.

use std::borrow::Cow;

use saphyr::{Mapping, Scalar, ScalarStyle, Yaml, YamlEmitter};
use serde_json::Value;

use crate::source::yaml::LONGEST_KEY;

/// JSON, indented by two spaces.
pub fn to_json(document: &Value) -> String {
    format!("{document:#}\n")
}

/// YAML in block style; text of several lines stands as it is.
pub fn to_yaml(document: &Value) -> String {
    let mut text = String::new();
    let mut emitter = YamlEmitter::new(&mut text);
    emitter.multiline(true);
    // Writing to a string does not fail.
    if emitter.dump(&yaml(document, 0)).is_err() {
        return to_json(document);
    }
    let text = text.strip_prefix("---\n").unwrap_or(&text);
    format!("{}\n", text.trim_end_matches('\n'))
}

/// A value that stands inside of so many others.
fn yaml(value: &Value, depth: usize) -> Yaml<'_> {
    match value {
        Value::Null => Yaml::Representation(Cow::Borrowed("null"), ScalarStyle::Plain, None),
        Value::Bool(truth) => Yaml::Value(Scalar::Boolean(*truth)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Yaml::Value(Scalar::Integer(integer)),
            (None, Some(float)) => Yaml::Value(Scalar::FloatingPoint(float.into())),
            (None, None) => Yaml::Value(Scalar::Null),
        },
        Value::String(text) if is_plain(text) => {
            Yaml::Representation(Cow::Borrowed(text), ScalarStyle::Plain, None)
        }
        Value::String(text) => word(text),
        Value::Array(items) => {
            let items = items.iter().map(|item| yaml(item, depth + 1));
            Yaml::Sequence(items.collect())
        }
        Value::Object(members) => {
            let pairs = members.iter().map(|(text, value)| {
                let value = yaml(value, depth + 1);
                (key(text, depth), value)
            });
            Yaml::Mapping(pairs.collect::<Mapping<'_>>())
        }
    }
}

/// A key of a mapping that stands inside of so many values; the colon of a long one is on a line of its own.
fn key(text: &str, depth: usize) -> Yaml<'_> {
    let length = |character: char| match character {
        '"' | '\\' => 2,
        character if character.is_control() => "\\u0000".len(),
        _ => 1,
    };
    let with_quotes = text.chars().map(length).sum::<usize>() + 2;
    if with_quotes <= LONGEST_KEY {
        return word(text);
    }
    let quoted = Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    let indented = format!("? {quoted}\n{:1$}", "", 2 * depth);
    Yaml::Representation(Cow::Owned(indented), ScalarStyle::Plain, None)
}

/// A text as a key, or as a value that may need quotes.
fn word(text: &str) -> Yaml<'_> {
    if is_ambiguous(text) {
        return Yaml::Representation(Cow::Borrowed(text), ScalarStyle::DoubleQuoted, None);
    }
    Yaml::Value(Scalar::String(Cow::Borrowed(text)))
}

/// True for what readers of YAML 1.1 take for a date, a time, a number, or a truth value, and the emitter leaves bare.
///
/// <https://yaml.org/type/>
fn is_ambiguous(text: &str) -> bool {
    let is_made_of = |text: &str, others: &str| {
        let mut characters = text.chars();
        characters.all(|it| it.is_ascii_digit() || others.contains(it))
    };
    let is_time = || {
        let is_year = text.get(..5).is_some_and(|year| year.ends_with('-'));
        is_year && is_made_of(text, "-:.+ TtZz")
    };
    let is_number = || {
        let digits = text.trim_start_matches(['+', '-', '.']);
        digits.starts_with(|first: char| first.is_ascii_digit())
            && is_made_of(digits, "_:.+-xoabcdefABCDEF")
            && digits.matches('.').count() < 2
            && !digits.contains('-')
    };
    let is_word = || {
        let words = ["y", "n", "yes", "no", "on", "off", "="];
        words.iter().any(|word| text.eq_ignore_ascii_case(word))
    };
    is_time() || is_number() || is_word()
}

/// True for words that need no quotes as the value of a key, though the emitter, which thinks of all places, sets them.
///
/// A text that begins with a letter and goes on behind a space is never taken for a number, a date, or `null`.
/// <https://yaml.org/spec/1.2.2/#733-plain-style>
fn is_plain(text: &str) -> bool {
    let is_shown = |character: char| {
        !character.is_control()
            && !matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    text.starts_with(char::is_alphabetic)
        && text.contains(' ')
        && text.chars().all(is_shown)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
}

/// Running text with the line breaks that only wrapped it taken out; paragraphs, lists, and tables keep theirs.
///
/// Links within the site lead nowhere from a description of the API, and only their words stay.
pub(super) fn flowing(text: &str) -> String {
    let text = unlinked(text);
    let mut flowing = String::new();
    let mut after_blank = true;
    for line in text.trim().lines().map(str::trim) {
        let starts_block = line.starts_with(['-', '*', '#', '|', '>', '+'])
            || line.starts_with(|first: char| first.is_ascii_digit());
        if line.is_empty() {
            after_blank = true;
            continue;
        }
        if !flowing.is_empty() {
            flowing.push_str(match (after_blank, starts_block) {
                (true, _) => "\n\n",
                (false, true) => "\n",
                (false, false) => " ",
            });
        }
        flowing.push_str(line);
        after_blank = false;
    }
    flowing
}

/// The text without the targets of links that begin at the page or at the root of its site; code stays as it is.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut in_code = false;
    while let Some(at) = rest.find(['`', '[']) {
        let (before, found) = rest.split_at(at);
        let link = (!in_code).then(|| inner_link(found)).flatten();
        if let Some((words, behind)) = link {
            // Of a picture, too.
            out.push_str(before.strip_suffix('!').unwrap_or(before));
            out.push_str(words);
            rest = behind;
            continue;
        }
        out.push_str(before);
        in_code ^= found.starts_with('`');
        let (mark, behind) = found.split_at(1);
        out.push_str(mark);
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The words of a link at the start of a text that leads to a place in the site, and what stands behind the link.
fn inner_link(text: &str) -> Option<(&str, &str)> {
    let (words, target) = text.strip_prefix('[')?.split_once("](")?;
    let (target, behind) = target.split_once(')')?;
    let is_inner = target.starts_with(['/', '#', '.']) && !target.starts_with("//");
    let is_one = !words.contains(['[', ']', '\n']) && !target.contains(['(', '\n']);
    (is_inner && is_one).then_some((words, behind))
}
