//! What a page says of the value of a field beyond its type: the examples of an OpenAPI file, its default, the samples in
//! its text, and the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::model::Field;
use crate::model::formula::{self, Formula};
use crate::model::types::Type;
use crate::source::Span;

use super::words;

/// A word that announces a sample, and the sample in backticks or quotes.
static SAMPLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?:\be\.?g\.?|\bfor (?:example|instance)|\bexample|\bsuch as|\bz\. ?b\.|\bpor ejemplo|\bpar exemple|\bpor exemplo)[\s,:(*_]*(?:`([^`\n]{1,80})`|"([^"\n]{1,80})")"#,
    )
    .ok()
});

/// What pages give for fields, by the places of the fields' names.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    known: HashMap<Span, Known>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    values: Vec<Value>,
    text: Box<str>,
    /// What the text says that the value is computed from.
    formula: Option<Box<Formula>>,
    /// The name that is its type, or that of its items.
    named: Option<Box<str>>,
}

/// Longer texts are cut: what a value is stands at the beginning.
const LONGEST: usize = 240;

impl Samples {
    pub(super) fn of<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Self {
        let mut samples = Self::default();
        samples.collect(fields);
        samples
    }

    /// The values given for the field whose name stands there, the best first.
    pub(super) fn at(&self, span: Span) -> &[Value] {
        self.known.get(&span).map_or(&[], |known| &known.values)
    }

    /// The text of the field whose name stands there.
    pub(super) fn text(&self, span: Span) -> &str {
        self.known.get(&span).map_or("", |known| &known.text)
    }

    /// What the value of the field is computed from whose name stands there.
    pub(super) fn formula(&self, span: Span) -> Option<&Formula> {
        self.known.get(&span)?.formula.as_deref()
    }

    /// The name that is the type of the field whose name stands there, or that of its items: `User`, `User[]`.
    pub(super) fn named(&self, span: Span) -> &str {
        let known = self.known.get(&span);
        known.and_then(|it| it.named.as_deref()).unwrap_or("")
    }

    fn collect<'f>(&mut self, fields: impl IntoIterator<Item = &'f Field>) {
        let fields: Vec<&Field> = fields.into_iter().collect();
        for field in &fields {
            let default = field.default.iter().map(|default| default.value.clone());
            let given = field.prose.samples.iter().cloned();
            let values = given.chain(default).chain(in_text(&field.description));
            let values = values.chain(only_word(&field.name.value, &field.description));
            let values: Vec<_> = values.collect();
            let text = &field.description;
            let end = text
                .char_indices()
                .nth(LONGEST)
                .map_or(text.len(), |it| it.0);
            let text = text.get(..end).unwrap_or_default().into();
            let formula = formula::of_members(field, fields.iter().copied()).map(Box::new);
            let known = Known {
                values,
                text,
                formula,
                named: type_name(&field.kind).map(Into::into),
            };
            if !known.values.is_empty() || !known.text.is_empty() || known.named.is_some() {
                self.known.insert(field.name.evidence.span, known);
            }
            self.collect(&field.children);
        }
    }
}

/// The status that is all that a text says: "`cancelled`".
fn only_word(name: &str, text: &str) -> Option<Value> {
    let parts = words::parts(name);
    let last = parts.last().map_or("", String::as_str);
    let is_state = matches!(
        last,
        "status" | "state" | "type" | "kind" | "object" | "event"
    );
    let text = text.trim().trim_end_matches('.');
    let word = text.strip_prefix('`')?.strip_suffix('`')?;
    let is_word = !word.is_empty() && !word.contains(['`', ' ', '|', '/']);
    (is_state && is_word).then(|| word.into())
}

/// The name of a type that pages explain elsewhere.
fn type_name(kind: &Type) -> Option<&str> {
    match kind {
        Type::Named(name) => Some(name),
        Type::Array(Some(items)) => type_name(items),
        Type::Union(kinds) => kinds.iter().find_map(type_name),
        _ => None,
    }
}

/// The first sample in a text, as all that it can be: `1` may be a number or a string.
pub(super) fn in_text(text: &str) -> Vec<Value> {
    // Most texts have no sample, and looking for one takes longer than all else that is done with a field.
    if !text.contains(['`', '"']) {
        return Vec::new();
    }
    let Some(found) = SAMPLE.as_ref().and_then(|sample| sample.captures(text)) else {
        return Vec::new();
    };
    let sample = found.get(1).or_else(|| found.get(2));
    let sample = sample.map_or("", |sample| sample.as_str()).trim();
    if sample.is_empty() || sample.contains("...") || sample.contains('…') {
        return Vec::new();
    }
    let read = serde_json::from_str::<Value>(sample).ok();
    read.into_iter().chain([Value::from(sample)]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sample_is_announced_and_quoted() {
        assert_eq!(in_text("The color, e.g. `#ff0000`."), [json!("#ff0000")]);
        assert_eq!(in_text("Example: \"north\""), [json!("north")]);
        assert_eq!(in_text("For example, `12`"), [json!(12), json!("12")]);
        assert_eq!(in_text("z. B. `Bremen`"), [json!("Bremen")]);
    }

    #[test]
    fn other_code_is_no_sample() {
        assert_eq!(in_text("One of `a` or `b`"), [Value::Null; 0]);
        assert_eq!(in_text("e.g. `https://…`"), [Value::Null; 0]);
    }
}
