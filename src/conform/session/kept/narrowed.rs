//! Lists in an answer that a list in the request keeps short: "Return the offers of these shops only."

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::sample;
use crate::model::shape::ShapeKind;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// Nothing in the answer has a value that the request has left out.
    pub(in crate::conform::session) fn check_left_out_by_input(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let inputs = input::inputs(operation).into_iter();
        let object = self.object(at).unwrap_or_default();
        let beyond = inputs.filter(narrows).find_map(|input| {
            let sent = exchange.item.draft.value(&input)?;
            let (path, value) = beyond(&object, &input.name, sent.as_array()?)?;
            Some((input, sent, path, value))
        });
        let Some((input, sent, path, value)) = beyond else {
            return;
        };
        let message = format!(
            "{} answers with `{value}` as `{path}`, and `{}` asks for others only",
            operation.name(),
            input.name
        );
        let noun = role.noun.clone();
        let found = Found::about(&state::INPUT_NOT_KEPT, input.subject(), message)
            .promised_at(input.span)
            .seen(sample::plain(&sent), value);
        self.found(at, &noun, &format!("{index} {} only", input.name), found);
    }
}

/// True for a list of documented values of which the text says that nothing else comes back.
fn narrows(input: &Input) -> bool {
    static ONLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:return|returns|returned|show|shows|shown|includes?|included|limits?|restricts?|results?|compare|compares)\b[^.;]*\b(?:these|those|the\s+given|listed|named)\b[^.;]*\bonly\b
            | \bonly\b[^.;]*\b(?:these|those|the\s+given|listed|named)\b[^.;]*\b(?:return|returned|shown|included)\b
            | \b(?:return|returns|show|shows|include|includes|compare|compares)\s+only\b[^.;]*\b(?:these|those|the\s+given|listed|named)\b",
        )
    });
    let is_list =
        matches!(&input.shape.kind, ShapeKind::Array(items) if items.constraints.allowed.is_some());
    is_list
        && input.place == Place::Body
        && input.is_root_member()
        && ONLY.is_match(&input.description)
}

/// The first value in a list of objects, under the name of one of the input, that was not sent.
fn beyond(object: &Value, name: &str, sent: &[Value]) -> Option<(String, String)> {
    let one = letters(name);
    let one = one.strip_suffix('s').unwrap_or(&one);
    let lists = object.as_object()?.iter();
    let mut lists = lists.filter_map(|(list, value)| Some((list, value.as_array()?)));
    lists.find_map(|(list, items)| {
        let mut items = items.iter().filter_map(Value::as_object).flatten();
        let (member, value) = items.find(|(member, value)| {
            letters(member) == one && value.is_string() && !sent.contains(value)
        })?;
        let is_some = !sent.is_empty() && !object.get(name).is_some_and(Value::is_array);
        is_some.then(|| (format!("{list}[].{member}"), sample::plain(value)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::tests::documentation;

    #[test]
    fn values_that_were_not_sent_are_beyond() {
        let answer = json!({"offers": [{"shop": "a", "price": 1}, {"shop": "c", "price": 2}]});
        let found = beyond(&answer, "shops", &[json!("a"), json!("b")]);
        assert_eq!(found, Some(("offers[].shop".to_owned(), "c".to_owned())));
        assert_eq!(beyond(&answer, "shops", &[json!("a"), json!("c")]), None);
        assert_eq!(beyond(&answer, "prices", &[json!("a")]), None);
        assert_eq!(beyond(&answer, "shops", &[]), None);
    }

    #[test]
    fn texts_say_that_nothing_else_comes_back() {
        let is_said = |text: &str| {
            let page = format!(
                "---\napi: POST /offers\n---\n\n<ParamField body=\"shops\" type=\"string[]\">{text} Each one of `a`, `b`.</ParamField>\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            narrows(&input::inputs(&documentation.api.operations[0])[0])
        };
        for text in [
            "Return offers of these shops only.",
            "Compare only these shops.",
            "Only offers of the given shops are returned.",
        ] {
            assert!(is_said(text), "{text}");
        }
        for text in [
            "The shops.",
            "Only for members.",
            "These shops are asked first.",
        ] {
            assert!(!is_said(text), "{text}");
        }
    }
}
