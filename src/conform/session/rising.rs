//! Numbers of which the page says that they never go down: over the reads of a run they do not.
//!
//! Nothing is sent for it: all answers of the run are looked at once it is over.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::Kind;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::model::Field;

use super::Session;

/// The values of the members of things: by the noun, the URL, and the name.
type Seen = HashMap<(String, String, String), f64>;

impl Session<'_, '_> {
    /// A number of which its text says that it never goes down is nowhere less than a read before has shown.
    pub(super) fn check_rising(&mut self) {
        let mut seen: Seen = HashMap::new();
        for at in 0..self.exchanges.len() {
            let Some((_, operation, role)) = self.about(at) else {
                continue;
            };
            let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
            let noun = role.noun.clone();
            // What is made under the name of one that is gone begins anew.
            if is_success && role.kind == Kind::Delete {
                seen.retain(|(of, ..), _| *of != noun);
            }
            let is_read = role.kind == Kind::Read && is_success;
            let Some(object) = self.object(at).filter(|_| is_read) else {
                continue;
            };
            // Numbers name things only below what they belong to.
            let url = self.exchanges.get(at).map(|it| it.item.request.url.clone());
            let url = url.unwrap_or_default();
            let responses = operation
                .responses
                .iter()
                .filter(|it| it.status.is_success());
            let fields = responses.flat_map(|it| match it.fields.as_slice() {
                // All of it is in an envelope.
                [envelope] if !envelope.children.is_empty() => &envelope.children,
                _ => &it.fields,
            });
            let rising = fields.filter(|field| never_falls(&field.description));
            let rising: Vec<&Field> = rising.collect();
            for field in rising {
                let name = &field.name.value;
                let Some(now) = object.get(name).and_then(Value::as_f64) else {
                    continue;
                };
                let before = seen.insert((noun.clone(), url.clone(), name.clone()), now);
                let Some(before) = before.filter(|it| *it > now) else {
                    continue;
                };
                let message = format!(
                    "{} shows a `{name}` that went down, and the page says that it never does",
                    operation.name()
                );
                let found = Found::about(
                    &state::INPUT_WITHOUT_EFFECT,
                    self.subject_of(at, name),
                    message,
                )
                .promised_at(field.open)
                .seen(format!("{before} or more"), now.to_string());
                self.found(at, &noun, &format!("rising {name}"), found);
                return;
            }
        }
    }
}

/// True for the text of a number that never goes down.
fn never_falls(text: &str) -> bool {
    static NEVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:never|(?:does|do|can|will)\s*not|doesn['’]t|cannot|can['’]t)\s+(?:be\s+)?(?:go(?:es)?\s+down|decreas\w*|falls?|shrinks?|drops?|(?:gets?|becomes?)\s+(?:smaller|less|lower)|(?:make|makes)\s+it\s+(?:smaller|less|lower)|reduced?|lowers?\s+it|reduces?\s+it)\b
            | \bonly\s+(?:ever\s+)?(?:grows?|goes\s+up|increases?|rises?)\b",
        )
    });
    static UNLESS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:unless|except|until|below|under|reset)\b"));
    let mut sentences = text.split(['.', ';']);
    sentences.any(|it| NEVER.is_match(it) && !UNLESS.is_match(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_a_number_never_goes_down() {
        for text in [
            "All pages that were ever read. Returning a book does not make it smaller.",
            "A count that never goes down.",
            "It only grows.",
        ] {
            assert!(never_falls(text), "{text}");
        }
        for text in [
            "Pages that are left.",
            "It never falls below zero.",
            "Does not go down unless it is reset.",
        ] {
            assert!(!never_falls(text), "{text}");
        }
    }
}
