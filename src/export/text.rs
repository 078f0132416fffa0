//! A document as text, and running text in it.

use std::borrow::Cow;

use saphyr::{Mapping, Scalar, ScalarStyle, Yaml, YamlEmitter};
use serde_json::Value;

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
    if emitter.dump(&yaml(document)).is_err() {
        return to_json(document);
    }
    let text = text.strip_prefix("---\n").unwrap_or(&text);
    format!("{}\n", text.trim_end_matches('\n'))
}

fn yaml(value: &Value) -> Yaml<'_> {
    match value {
        Value::Null => Yaml::Value(Scalar::Null),
        Value::Bool(truth) => Yaml::Value(Scalar::Boolean(*truth)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Yaml::Value(Scalar::Integer(integer)),
            (None, Some(float)) => Yaml::Value(Scalar::FloatingPoint(float.into())),
            (None, None) => Yaml::Value(Scalar::Null),
        },
        Value::String(text) if is_plain(text) => {
            Yaml::Representation(Cow::Borrowed(text), ScalarStyle::Plain, None)
        }
        Value::String(text) => Yaml::Value(Scalar::String(Cow::Borrowed(text))),
        Value::Array(items) => Yaml::Sequence(items.iter().map(yaml).collect()),
        Value::Object(members) => {
            let pairs = members.iter().map(|(key, value)| {
                let key = Yaml::Value(Scalar::String(Cow::Borrowed(key)));
                (key, yaml(value))
            });
            Yaml::Mapping(pairs.collect::<Mapping<'_>>())
        }
    }
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
pub(super) fn flowing(text: &str) -> String {
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
