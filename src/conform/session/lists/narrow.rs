//! Filters by what items do not show: "only projects which the person with this address belongs to".

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::judge::effect;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{Input, Place};

use super::pages::{List, Walk};
use crate::conform::session::Session;

impl Session<'_, '_> {
    /// A filter by what the items do not show: a text that nothing has leaves none.
    pub(in crate::conform::session) fn check_narrowed(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
    ) {
        let is_text = input.place == Place::Query
            && input.is_free_text()
            && input.shape.constraints.allowed.is_none()
            && list.fixed(input).is_none();
        if !is_text {
            return;
        }
        let description = input.description.to_lowercase();
        let text = if description.contains("mail") {
            format!("{}@example.com", effect::NONSENSE)
        } else {
            effect::NONSENSE.to_owned()
        };
        let Some(none) = self.glance(list, &[(input.name.clone(), text.clone())]) else {
            return;
        };
        let Some(at) = none.exchanges.first().copied() else {
            return;
        };
        if none.items.is_empty() {
            return;
        }
        let message = format!(
            "{} with `{}` as `{text}` answers with {} items",
            list.operation.name(),
            input.name,
            none.items.len()
        );
        let found = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
            .promised_at(input.span)
            .seen(
                "no items",
                format!("{} of {} items", none.items.len(), all.items.len()),
            )
            .weak_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }
}

/// True for "only projects which this person belongs to": what is not found is none of them.
pub(in crate::conform::session) fn narrows(text: &str) -> bool {
    static ONLY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:shows?\s+|lists?\s+|returns?\s+)?only\s+\w+s\b"));
    ONLY.is_match(text)
}
