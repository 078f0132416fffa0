//! The text of a field describes a value of another type than the field has.
//!
//! Only the words with which a text begins count, and only those that name a type: "true if …", "Array of …",
//! "Unix timestamp …"; beside them a sentence that says both "true if …" and "false if …".

use std::collections::HashSet;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Field;
use crate::model::types::Type;
use crate::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "contradicting-description",
    severity: Severity::Warning,
    summary: "the text of a field describes a value of another type than the field has",
};

pub(super) fn check(field: &Field, subject: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some(kind) = &field.type_text else {
        return;
    };
    let Some(meant) = meant(&field.description).filter(|meant| meant.excludes(&field.kind)) else {
        return;
    };
    // What has members is no slip for a boolean.
    if matches!(meant, Meant::Boolean) && !field.children.is_empty() {
        return;
    }
    let message = format!(
        "`{}` is documented as {}, and its text describes {}",
        field.name.value,
        kind.value,
        meant.words()
    );
    let cause = Cause::on_site(format!("{subject} {message}"));
    diagnostics.push(
        Diagnostic::new(&RULE, kind.evidence.span, message)
            .label("the type")
            .help("correct the type, or the text")
            .subject(subject)
            .cause(cause),
    );
}

/// What a text can describe by its first words.
#[derive(Clone, Copy)]
enum Meant {
    Boolean,
    /// As said further on in the text, which may be about something inside of the value.
    Truth,
    Array,
    Moment,
    Number,
}

impl Meant {
    fn words(self) -> &'static str {
        match self {
            Self::Boolean | Self::Truth => "a boolean",
            Self::Array => "an array",
            Self::Moment => "a point in time",
            Self::Number => "a number",
        }
    }

    /// True if no value of the type is what the text describes; a text may hold almost anything.
    fn excludes(self, kind: &Type) -> bool {
        let is_number = matches!(kind, Type::Integer(_) | Type::Number(_));
        let is_nested = matches!(kind, Type::Array(_) | Type::Object);
        let is_boolean = *kind == Type::Boolean;
        match self {
            Self::Boolean => is_number || is_nested,
            Self::Truth => is_number,
            Self::Array => is_number || is_boolean || *kind == Type::Object,
            Self::Moment | Self::Number => is_boolean,
        }
    }
}

fn meant(text: &str) -> Option<Meant> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '`' | '*' | '_'))
        .collect();
    let text = text.trim_start().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(&[
        "true if ",
        "true when ",
        "whether ",
        "wahr, wenn ",
        "verdadeiro se ",
    ]) {
        return (!is_told_otherwise(&text)).then_some(Meant::Boolean);
    }
    let says = |value: &str| {
        ["if", "when", "otherwise"]
            .iter()
            .any(|word| text.contains(&format!("{value} {word} ")))
    };
    let ends_otherwise = text.contains("false otherwise") || text.contains("otherwise false");
    if says("true") && (says("false") || ends_otherwise) {
        return Some(Meant::Truth);
    }
    if begins(&["array of ", "an array of ", "the array of "]) {
        return Some(Meant::Array);
    }
    if begins(&["unix timestamp", "iso 8601", "timestamp "]) {
        return Some(Meant::Moment);
    }
    // "Number of days is rounded" says what becomes of another value.
    let is_sentence = text
        .split_whitespace()
        .take(8)
        .any(|word| matches!(word, "is" | "are"));
    let is_number = begins(&["number of ", "the number of ", "total number of "]);
    (is_number && !is_sentence).then_some(Meant::Number)
}

/// "Whether it rains, as a probability", "Whether it is new: 1 or 0": the sentence says in which form it is told.
fn is_told_otherwise(text: &str) -> bool {
    const QUESTIONS: [&str; 9] = [
        "how", "what", "when", "where", "which", "who", "whom", "why", "since",
    ];
    let first = text.split(['.', '\n']).next().unwrap_or_default();
    let forms = [", as ", ": ", ", by "];
    let mut forms = forms.iter().filter_map(|sign| first.split_once(sign));
    // "Whether and how often it is sent", "Whether there is a fault. Empty if there is none."
    let words = first.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let asks_more = words
        .windows(2)
        .any(|pair| matches!(pair, ["and" | "or", next] if QUESTIONS.contains(next)))
        || words
            .windows(3)
            .any(|triple| matches!(triple, ["and" | "or", _, next] if QUESTIONS.contains(next)));
    forms.any(|(_, form)| !form.contains("bool") && !form.contains("true"))
        || asks_more
        || text.contains("empty ")
        || first.bytes().any(|byte| byte.is_ascii_digit())
}

/// An example that shows the same says it better.
pub(in crate::check) fn leave_to_examples(diagnostics: &mut Vec<Diagnostic>) {
    let shown: HashSet<Span> = diagnostics
        .iter()
        .filter(|it| it.rule.name == "example-type")
        .flat_map(|it| &it.related)
        .map(|related| related.span)
        .collect();
    diagnostics.retain(|it| it.rule != &RULE || !shown.contains(&it.span));
}
