//! Members whose field says in which stage they are `null`: "`null` unless the state is `done`", "`null` for drafts", "for
//! transfers the other wallet, else `null`". Pure.
//!
//! The stage is a member beside it whose documented values the words name.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::diagnostic::Diagnostic;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Field, Response};

use super::computed::{Wrong, bear_out, tell};
use super::{Case, sample_of};

/// Members nested deeper are not looked at.
const DEPTH: usize = 6;

/// Adds a finding for each member that is `null`, or is not, against what its field says.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    response: &Response,
    shape: &Shape,
    value: &Value,
    into: &mut Vec<Diagnostic>,
) {
    let look = |value: &Value, held: &mut Vec<String>| {
        let mut found = (Vec::new(), Vec::new());
        visit(&response.fields, shape, value, "", 0, &mut found);
        held.append(&mut found.1);
        found.0
    };
    let mut wrong = look(value, &mut Vec::new());
    bear_out(&mut wrong, response, look);
    tell(case, answer, wrong, "documented here", into);
}

fn visit(
    fields: &[Field],
    shape: &Shape,
    value: &Value,
    path: &str,
    depth: usize,
    into: &mut (Vec<Wrong>, Vec<String>),
) {
    if depth > DEPTH {
        return;
    }
    match (value, &shape.kind) {
        (Value::Array(items), kind) => {
            let inner = match kind {
                ShapeKind::Array(inner) => inner,
                _ => shape,
            };
            for item in items {
                visit(fields, inner, item, &format!("{path}[]"), depth + 1, into);
            }
        }
        (Value::Object(members), _) => {
            for field in fields {
                let name = &field.name.value;
                let Some(member) = members.get(name) else {
                    continue;
                };
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                let is_null = null_as_things_are(field, shape, value);
                if is_null == Some(member.is_null()) {
                    into.1.push(path.clone());
                } else if let Some(is_null) = is_null
                    && !into.0.iter().any(|it| it.path == path)
                {
                    let text = super::start_of(field.description.trim(), 60);
                    into.0.push(Wrong {
                        span: field.open,
                        message: format!("`{path}` is not as the page says: {text}"),
                        path: path.clone(),
                        expected: if is_null { "null" } else { "a value" }.to_owned(),
                        observed: sample_of(member),
                        is_sure: false,
                    });
                }
                let mut inner = shape.members().iter();
                if let Some(inner) = inner.find(|it| it.name == *name) {
                    visit(
                        &field.children,
                        &inner.shape,
                        member,
                        &path,
                        depth + 1,
                        into,
                    );
                }
            }
        }
        _ => {}
    }
}

/// Whether a member has to be `null` in an object as it is; nothing if its words do not say.
fn null_as_things_are(field: &Field, shape: &Shape, object: &Value) -> Option<bool> {
    let text = field.description.trim();
    if !text.contains("null") {
        return None;
    }
    let said = said(text)?;
    let stages = shape.members().iter().filter_map(|member| {
        let allowed = member.shape.constraints.allowed.as_ref()?;
        let values: Vec<String> = allowed
            .value
            .iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect();
        let is_named = said.words.contains(&member.name);
        let named: Vec<_> = values
            .iter()
            .filter(|value| names(&said.words, value))
            .cloned()
            .collect();
        (!named.is_empty() && member.name != field.name.value).then_some((is_named, member, named))
    });
    let stages: Vec<_> = stages.collect();
    let mut by_name = stages.iter().filter(|(is_named, ..)| *is_named);
    // "`null` for active members": members are what all of them are, and one of the roles may be called so.
    let mut by_kind = stages.iter().filter(|(_, it, _)| is_stage(&it.name));
    let (_, member, named) = match (by_name.next(), stages.as_slice()) {
        (Some(named), _) => named,
        (None, [only]) => only,
        (None, _) => by_kind.next().filter(|_| by_kind.next().is_none())?,
    };
    let now = object.get(&member.name)?.as_str()?;
    let is_in = named.iter().any(|it| it == now);
    match said.when {
        When::Unless => Some(!is_in),
        When::While if is_in => Some(true),
        When::While => None,
    }
}

/// True for the name of a member that says how far a thing is.
fn is_stage(name: &str) -> bool {
    let name = letters(name);
    ["state", "status", "stage", "phase"]
        .iter()
        .any(|word| name.ends_with(word))
}

/// What a text says of `null`.
struct Said {
    when: When,
    /// The words that name the stages.
    words: String,
}

#[derive(Clone, Copy)]
enum When {
    /// It is `null` in all other stages, and has a value in these.
    Unless,
    /// It is `null` in these.
    While,
}

fn said(text: &str) -> Option<Said> {
    static UNLESS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`?null`?\s+(?:unless|except\s+(?:for|if|when|while|in)|(?:if|while|as\s+long\s+as|so\s+long\s+as)\s+(?:the\s+\w+\s+|it\s+|`\w+`\s+)(?:is|has|was)(?:\s+not|n['’]t))\b(?P<words>[^.;]*)",
        )
    });
    static ELSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[.;]\s*)(?:only\s+)?(?:for|if|when|with|in)\s+(?P<words>[^.;,]*?)(?:[,:]|\s+the\b|\s+its?\b)[^.;]*?[,;]\s*(?:else|otherwise|and|or)\s+`?null`?",
        )
    });
    static WHILE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`?null`?\s+(?:for|in|on|while|if|when|(?:as|so)\s+long\s+as)\s+(?P<words>[^.;,]*)",
        )
    });
    // Who was never asked to fill it in, and what may be left open, say nothing of stages.
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:may|can|might|new|not|no|without|none|never|until|yet|unknown|missing|there|empty|left|before|nobody|nothing)\b|n['’]t\b",
        )
    });
    let words = |found: regex::Captures<'_>| Some(found.name("words")?.as_str().to_owned());
    if let Some(found) = UNLESS.captures(text) {
        let words = words(found)?;
        return (!OPEN.is_match(&words)).then_some(Said {
            when: When::Unless,
            words,
        });
    }
    if let Some(found) = ELSE.captures(text) {
        let words = words(found)?;
        return (!OPEN.is_match(&words)).then_some(Said {
            when: When::Unless,
            words,
        });
    }
    let words = words(WHILE.captures(text)?)?;
    (!OPEN.is_match(&words)).then_some(Said {
        when: When::While,
        words,
    })
}

/// True if words name a value: `done`, "drafts" for `draft`, "transfers" for `transfer_in`.
fn names(words: &str, value: &str) -> bool {
    let value = letters(value);
    let mut parts = words.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
    parts.any(|word| {
        let word = letters(word);
        let single = word.strip_suffix('s').unwrap_or(&word);
        let is_start = single.len() > 4 && single != word && value.starts_with(single);
        word.len() > 2 && (word == value || single == value || is_start)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::tests::documentation;

    /// Whether `at` has to be null, by its text, in a job of a state.
    fn of(text: &str, state: &str) -> Option<bool> {
        let page = format!(
            "---\napi: GET /jobs/{{id}}\n---\n\n<ResponseField name=\"state\" type=\"string\">`open`, `done`, `hand_over` or `hand_back`.</ResponseField>\n<ResponseField name=\"at\" type=\"string | null\">{text}</ResponseField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let response = &documentation.api.operations[0].responses[0];
        let object = json!({"state": state, "at": null});
        null_as_things_are(
            &response.fields[1],
            response.shape.as_ref().unwrap(),
            &object,
        )
    }

    #[test]
    fn fields_say_in_which_stage_they_are_null() {
        let unless = "When it was done; `null` unless the state is `done`.";
        assert_eq!(of(unless, "open"), Some(true));
        assert_eq!(of(unless, "done"), Some(false));
        assert_eq!(of("Since when, `null` for open jobs.", "open"), Some(true));
        assert_eq!(of("Since when, `null` for open jobs.", "done"), None);
        assert_eq!(of("`null` while the job is `open`.", "open"), Some(true));
        assert_eq!(of("For hands the other one, else `null`.", "open"), None);
        let other = "For handovers the other one, else `null`";
        assert_eq!(of(other, "hand_over"), Some(false));
        assert_eq!(of(other, "open"), Some(true));
        let long = "`null` as long as it isn't done.";
        assert_eq!(of(long, "done"), Some(false));
        assert_eq!(of(long, "open"), Some(true));
        assert_eq!(
            of("`null` while the job hasn't been done.", "done"),
            Some(false)
        );
    }

    #[test]
    fn what_all_of_them_are_is_no_stage() {
        let of = |stage: &str, object: serde_json::Value| {
            let page = format!(
                "---\napi: GET /guards/{{id}}\n---\n\n<ResponseField name=\"rank\" type=\"string\">`guard` or `chief`.</ResponseField>\n<ResponseField name=\"{stage}\" type=\"string\">`resting` or `posted`.</ResponseField>\n<ResponseField name=\"post\" type=\"string | null\">Where they stand. `null` for resting guards.</ResponseField>\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            let response = &documentation.api.operations[0].responses[0];
            let shape = response.shape.as_ref().unwrap();
            null_as_things_are(&response.fields[2], shape, &object)
        };
        let posted = json!({"rank": "guard", "status": "posted", "post": "gate"});
        assert_eq!(of("status", posted), None);
        let resting = json!({"rank": "chief", "status": "resting", "post": null});
        assert_eq!(of("status", resting), Some(true));
        // Which of two the words are about is not said.
        let other = json!({"rank": "guard", "duty": "resting", "post": null});
        assert_eq!(of("duty", other), None);
    }

    #[test]
    fn other_words_about_null_say_nothing_of_stages() {
        assert_eq!(of("The note or `null`.", "open"), None);
        assert_eq!(of("`null` if there is none.", "open"), None);
        assert_eq!(of("`null` until it is done.", "open"), None);
        assert_eq!(of("`null` while nobody made it done.", "done"), None);
        assert_eq!(
            of("`null` so long as someone hasn't called it open.", "open"),
            None
        );
        assert_eq!(of("`null` if it may be open.", "open"), None);
        assert_eq!(of("`null` for jobs that you did not name.", "open"), None);
    }
}
