//! A `PUT` that its page says replaces everything: what a later one leaves out is gone.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::{input, sample};
use crate::conform::said::promises;
use crate::model::Operation;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// Compares each accepted `PUT` with the one before it to the same place.
    pub(in crate::conform::session) fn check_replaced(&mut self) {
        for index in 0..self.api.operations.len() {
            let Some(operation) = self.operation(index) else {
                return;
            };
            let Some(sentence) = says_replaced(operation) else {
                continue;
            };
            let writes = self.exchanges.iter().enumerate().filter(|(_, it)| {
                it.is_success && it.item.operation == index && it.item.request.method == "PUT"
            });
            let writes: Vec<usize> = writes.map(|(at, _)| at).collect();
            let mut pairs = writes.iter().zip(writes.iter().skip(1));
            let first =
                pairs.find_map(|(before, after)| self.left_over(operation, *before, *after));
            if let Some((at, name, value)) = first {
                self.report_left_over(at, &name, &value, sentence);
            }
        }
    }

    /// A member that the first of two requests sent, the second did not, and that is there as before.
    fn left_over(
        &self,
        operation: &Operation,
        before: usize,
        after: usize,
    ) -> Option<(usize, String, Value)> {
        let (first, second) = (self.exchanges.get(before)?, self.exchanges.get(after)?);
        if first.item.request.url != second.item.request.url {
            return None;
        }
        let (old, new) = (self.sent(before)?, self.sent(after)?);
        let shown = self.object(after)?;
        let inputs = input::inputs(operation);
        let mut members = inputs.iter().filter(|it| {
            let is_open = it.is_root_member() && it.required.is_none() && it.default.is_none();
            is_open && !new.contains_key(&it.name) && !STAYS.is_match(&it.description)
        });
        members.find_map(|it| {
            let value = old.get(&it.name).filter(|it| !echo::is_nothing(it))?;
            let is_left = shown
                .get(&it.name)
                .is_some_and(|it| echo::is_same(it, value));
            // A truth may be its own default.
            (is_left && !value.is_boolean()).then(|| (after, it.name.clone(), value.clone()))
        })
    }

    fn report_left_over(&mut self, at: usize, name: &str, value: &Value, sentence: String) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let message = format!(
            "{} without `{name}` keeps it, and the page says that all is replaced",
            operation.name()
        );
        let found = Found::about(&state::UPDATE_NOT_KEPT, self.subject_of(at, name), message)
            .said(sentence)
            .seen(format!("no `{name}`"), sample::plain(value));
        self.found(at, &noun, &format!("{index} replaced {name}"), found);
    }
}

/// Words of a member that stays where it is not sent.
static STAYS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:stays?|kept|keeps?|unchanged|remains?|retained)\b"));

/// The sentence that says that what is left out is gone.
fn says_replaced(operation: &Operation) -> Option<String> {
    static GONE: LazyLock<Regex> = LazyLock::new(|| {
        const LEFT: &str = r"(?:leave|left|omit|omitted|skip)\s*(?:out)?|(?:not|n['’]t)\s+(?:sent|send|given|give|included?|in\s+the\s+(?:body|request))";
        const LOST: &str = r"(?:gone|removed|cleared|deleted|dropped|emptied|unset|reset|lost|null|goes?\s+back\s+to\s+(?:its|the|their)\s+defaults?)";
        pattern(&format!(
            r"(?i)\b(?:{LEFT})\b[^.;]*\b(?:is|are|becomes?|gets?|will\s+be|goes?)\b[^.;]*\b{LOST}\b|\bfull\s+replace(?:ment)?\b|\breplac(?:e|es|ed|ing)\s+(?:it\s+)?(?:as\s+a\s+whole|completely|entirely|in\s+full)\b|\breplac(?:e|es|ing)\s+the\s+(?:whole|entire|complete|full)\b"
        ))
    });
    if operation.endpoint.value.method != "PUT" {
        return None;
    }
    let mut sentences = promises::sentences(operation);
    sentences.find(|text| GONE.is_match(text) && !STAYS.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    #[test]
    fn pages_say_that_what_is_left_out_is_gone() {
        let says = |text: &str| {
            let page = format!("---\napi: PUT /lamps/{{name}}\n---\n\n{text}\n");
            let (_, documentation) = documentation("", &[&page]);
            says_replaced(&documentation.api.operations[0]).is_some()
        };
        for text in [
            "Replacing means replacing: a `note` that you leave out is gone.",
            "This is a full replace.",
            "Replaces the whole lamp.",
            "Fields that are not sent are removed.",
        ] {
            assert!(says(text), "{text}");
        }
        for text in [
            "Replaces a lamp that is broken.",
            "Fields that you leave out stay as they are.",
            "If it is left out, the lamp is on.",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}
