//! The further requests that a page shows: "Later", "From a template", beside the first one.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::draft::Draft;
use super::input::{Input, Place};
use super::vary::Vary;
use super::{Item, Variant, clock, documented};
use crate::conform::chain::is_id_name;
use crate::conform::judge::moment::Moment;
use crate::conform::pattern::pattern;

/// So many of them are sent.
const MOST: usize = 4;

impl Vary<'_> {
    /// The documented requests that send other inputs than those before; the path and the credentials are those of the
    /// first one.
    ///
    /// Those that name something by an id that the run cannot make are left out.
    pub(super) fn further(&self) -> Vec<Item> {
        let mut known = vec![self.sent(&self.base())];
        let mut items = Vec::new();
        for (example, curl) in documented::all(self.operation) {
            let Ok(other) = documented::draft(self.operation, example, curl, self.bindings) else {
                continue;
            };
            let sent = self.sent(&other);
            if known.contains(&sent) || items.len() == MOST {
                continue;
            }
            known.push(sent);
            items.extend(self.as_shown(&other));
        }
        items
    }

    /// The first request with what another one sends.
    fn as_shown(&self, other: &Draft) -> Option<Item> {
        let base = self.base();
        let mut draft = self.base();
        let mut changes: Vec<(Input, Value)> = Vec::new();
        for input in self.inputs.iter().filter(|it| is_free(it)) {
            let (shown, own) = (other.value(input), base.value(input));
            if shown == own {
                continue;
            }
            let is_made = self.role.slots.iter().any(|slot| slot.is_for(input));
            if shown.is_some() && own.is_none() && !is_made && names_other(input) {
                return None;
            }
            // A moment may have passed since the page was written.
            let is_moment = shown
                .as_ref()
                .and_then(Value::as_str)
                .and_then(Moment::read);
            let is_body = input.place == Place::Body;
            if is_moment.is_some() && is_body && !clock::is_of_future(input) {
                return None;
            }
            draft.set(input, shown.as_ref());
            changes.extend(shown.map(|value| (input.clone(), value)));
        }
        let is_sent = |(input, value): &(Input, Value)| draft.value(input).as_ref() == Some(value);
        let is_whole = !changes.is_empty() && changes.iter().all(is_sent);
        is_whole.then(|| self.item(Variant::Values(changes), draft))
    }

    /// The inputs that a request has a value for.
    fn sent(&self, draft: &Draft) -> Vec<bool> {
        let inputs = self.inputs.iter().filter(|it| is_free(it));
        inputs.map(|it| draft.value(it).is_some()).collect()
    }
}

/// True for what requests for the same thing may differ in.
fn is_free(input: &Input) -> bool {
    matches!(input.place, Place::Query | Place::Body)
}

/// True for an input that names something else, by its name or by its text: "Name of a [template](/templates)".
fn names_other(input: &Input) -> bool {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:ids?|uuids?|identifiers?|names?|codes?|keys?|slugs?|tokens?|handles?)\s+of\b|\bexisting\b",
        )
    });
    is_id_name(&input.name) || NAMES.is_match(&input.description)
}
