//! Members of a create that come back under another name: `initial_stock` becomes `stock`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::conform::plan::sample;
use crate::model::Operation;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// What a create sends as the first value of a member is that value.
    pub(in crate::conform::session) fn check_become(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at).cloned(), self.object(at))
        else {
            return;
        };
        let Some((index, operation, role)) = self.about(at).filter(|_| self.is_stateful()) else {
            return;
        };
        let Some(example) = self.example_draft(index) else {
            return;
        };
        let noun = role.noun.clone();
        for input in input::inputs(operation) {
            let Some(sent) = exchange.item.draft.value(&input).filter(is_telling) else {
                continue;
            };
            let names = object.as_object().into_iter().flatten();
            let is_it = |name: &str| becomes(&input, name, sent.is_number());
            let mut members = names.filter(|(name, _)| is_it(name));
            let Some((member, back)) = members.next() else {
                continue;
            };
            let is_one = members.next().is_none() && object.get(&input.name).is_none();
            let is_kept = echo::is_same(&sent, back) || back.is_object() || back.is_array();
            // What the examples show otherwise is computed.
            let shown = example.value(&input);
            let is_shown = shown_back(operation, &noun, member).zip(shown);
            let is_other = is_shown
                .as_ref()
                .is_some_and(|(back, sent)| !echo::is_same(back, sent));
            if !is_one || is_kept || is_other {
                continue;
            }
            let message = format!(
                "{} answers with another `{member}` than what was sent as `{}`",
                operation.name(),
                input.name
            );
            let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, member), message)
                .promised_at(input.span)
                .seen(sample::plain(&sent), sample::plain(back))
                .weak_if(is_shown.is_none());
            self.found(at, &noun, member, found);
        }
    }
}

/// What the example of an answer shows for a member.
fn shown_back(operation: &Operation, noun: &str, member: &str) -> Option<Value> {
    echo::shown(operation, noun, member)
}

/// A value that is not what there would be anyway.
fn is_telling(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|it| it != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Bool(truth) => *truth,
        _ => false,
    }
}

/// True if a member of the answer begins as what an input sends, by the name of a number or by the text of the input.
fn becomes(input: &Input, member: &str, is_number: bool) -> bool {
    const BEFORE: &[&str] = &["initial", "starting", "opening", "beginning"];
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:becomes?|is\s+(?:stored|kept|saved|returned|shown|taken)\s+as|(?:is|are)\s+the\s+(?:first|initial|opening)(?:\s+value\s+of)?|
              (?:first|initial|opening|starting)\s+value\s+(?:of|for)|comes?\s+back\s+as|appears?\s+as|ends?\s+up\s+(?:as|in))\s+(?:the\s+|its\s+)?`(?P<member>\w+)`",
        )
    });
    if !input.is_root_member() || input.name == member {
        return false;
    }
    let name = letters(&input.name);
    let own = letters(member);
    let mut rests = BEFORE.iter().filter_map(|word| name.strip_prefix(word));
    let mut said = SAID.captures_iter(&input.description);
    is_number && own.len() > 2 && rests.any(|rest| rest == own)
        || said.any(|it| it.name("member").is_some_and(|it| it.as_str() == member))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    fn is_said(name: &str, text: &str) -> bool {
        let page = format!(
            "---\napi: POST /things\n---\n\n<ParamField body=\"{name}\" type=\"integer\">{text}</ParamField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        becomes(&inputs[0], "stock", true)
    }

    #[test]
    fn first_values_are_named_or_told() {
        for (name, text) in [
            ("initial_stock", "How many there are."),
            ("openingStock", "How many there are."),
            ("count", "It becomes the `stock` of the record."),
            ("count", "Initial value of `stock`."),
            ("count", "Is stored as `stock`."),
            ("count", "Comes back as `stock`."),
        ] {
            assert!(is_said(name, text), "{name} {text}");
        }
        for (name, text) in [
            ("stock", "How many there are."),
            ("max_stock", "How many there are."),
            ("first_stock", "How many there are."),
            ("count", "Must not exceed `stock`."),
            ("count", "Is added to `stock`."),
        ] {
            assert!(!is_said(name, text), "{name} {text}");
        }
    }
}
