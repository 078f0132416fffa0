//! What a request asks to be shown in full, as with `expand=author`, and is shown as an id all the same. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::joined;
use crate::conform::plan::sample::plain;
use crate::diagnostic::Diagnostic;

use super::state::INPUT_WITHOUT_EFFECT;
use super::{Case, Seen};

/// Members deeper in the answer are not looked at.
const DEPTH: usize = 3;

/// Adds a finding for a documented word that was sent and did nothing.
pub(super) fn check(case: &Case<'_>, body: &Value, into: &mut Vec<Diagnostic>) {
    if case.item.request.method != "GET" {
        return;
    }
    let inputs = input::inputs(case.operation);
    for input in inputs.iter().filter(|it| is_expansion(it)) {
        let Some(sent) = case.item.draft.value(input) else {
            continue;
        };
        let sent = plain(&sent);
        let words = joined::words(input);
        let mut asked = sent.split(',').map(str::trim);
        let Some((word, id)) = asked.find_map(|word| {
            let is_documented = words.iter().any(|it| it == word);
            let id = still_id(body, word).filter(|_| is_documented)?;
            Some((word, id))
        }) else {
            continue;
        };
        let message = format!(
            "{} with `{}={word}` shows `{word}` as `{id}`, and not in full",
            case.operation.name(),
            input.name
        );
        let seen = Seen {
            expected: "an object".to_owned(),
            observed: id,
            ..Seen::default()
        };
        let finding = case.finding(&INPUT_WITHOUT_EFFECT, input.span, &message, seen);
        into.push(finding.subject(input.subject()).label("documented here"));
    }
}

/// True for an input that asks for objects in the place of ids.
fn is_expansion(input: &Input) -> bool {
    const NAMES: &[&str] = &[
        "expand", "include", "includes", "embed", "with", "populate", "resolve",
    ];
    let name = letters(&input.name);
    input.place == Place::Query
        && NAMES.contains(&name.as_str())
        && speaks_of_objects(&input.description)
}

fn speaks_of_objects(text: &str) -> bool {
    static FULL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:in\s+full|(?:full|whole|complete|entire)\s+objects?|as\s+(?:full\s+)?objects?)\b
            | \b(?:instead\s+of|in\s+(?:the\s+)?place\s+of|rather\s+than)\s+(?:as\s+)?(?:an?\s+|its\s+|their\s+|the\s+|only\s+|just\s+)*(?:ids?|identifiers?)\b
            | \bids?\s+(?:are|is)\s+replaced\b | \bexpand(?:s|ed)?\s+(?:into|to)\s+(?:an?\s+)?(?:full\s+)?objects?\b",
        )
    });
    FULL.is_match(text)
}

/// The id that a member of that name is, if it is one in each place where it stands.
fn still_id(body: &Value, word: &str) -> Option<String> {
    let mut found = Vec::new();
    collect(body, word, 0, &mut found);
    let is_full = |it: &&Value| it.is_object() || it.is_array();
    let is_id = |it: &&Value| it.is_string() || it.is_number();
    if found.iter().any(is_full) {
        return None;
    }
    found.into_iter().find(is_id).map(plain)
}

fn collect<'v>(value: &'v Value, word: &str, depth: usize, into: &mut Vec<&'v Value>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            into.extend(members.get(word));
            let others = members.iter().filter(|(name, _)| *name != word);
            others.for_each(|(_, value)| collect(value, word, depth + 1, into));
        }
        Value::Array(items) => {
            for item in items {
                collect(item, word, depth + 1, into);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_say_that_objects_come_in_the_place_of_ids() {
        for text in [
            "Objects to return in full, separated by commas.",
            "Related objects to send instead of their ids.",
            "Ids are replaced by what they stand for.",
            "Which members to show as objects rather than an id.",
            "Sends the whole object in place of the ID.",
        ] {
            assert!(speaks_of_objects(text), "{text}");
        }
        for text in [
            "Which parts to include.",
            "Adds the number of replies.",
            "Whether archived ones are listed as well.",
        ] {
            assert!(!speaks_of_objects(text), "{text}");
        }
    }

    #[test]
    fn an_id_is_one_that_no_place_shows_in_full() {
        let id = |body: Value| still_id(&body, "author");
        assert_eq!(id(json!({"author": "au_1"})).as_deref(), Some("au_1"));
        assert_eq!(
            id(json!({"data": [{"author": 7}, {"author": null}]})).as_deref(),
            Some("7")
        );
        for body in [
            json!({"author": {"id": "au_1"}}),
            json!({"author": null}),
            json!({"data": [{"author": "au_1"}, {"author": {"id": "au_2"}}]}),
            json!({"title": "author"}),
        ] {
            assert_eq!(id(body.clone()), None, "{body}");
        }
    }
}
