//! Tables and sentences of pages without an endpoint that say what members are in each stage: all answers are held against
//! them, once the run is over.

use serde_json::Value;

use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;
use crate::conform::said::staged::{self, Staged};

use super::Session;

/// Answers are not looked at deeper.
const DEPTH: usize = 3;

impl Session<'_, '_> {
    /// Looks at all things in answers.
    pub(super) fn check_staged(&mut self) {
        let remarks = self.api.shared.remarks.iter();
        let said: Vec<(Staged, crate::source::Span)> = remarks
            .filter_map(|it| Some((staged::of(&it.text.value)?, it.text.evidence.span)))
            .collect();
        for (said, span) in said {
            if let Some((at, noun, expected, now)) = self.broken(&said) {
                let member = &said.member;
                let message = format!(
                    "{} shows `{member}` as {now} while `{}` is `{}`, and a page says what it is then",
                    self.name_at(at),
                    said.of,
                    said.stage
                );
                let found = Found::about(
                    &state::ACTION_WITHOUT_EFFECT,
                    self.subject_of(at, member),
                    message,
                )
                .promised_at(Some(span))
                .seen(expected, now)
                .weak_if(true);
                self.found(at, &noun, &format!("staged {} {member}", said.stage), found);
            }
        }
    }

    /// The first answer that shows something else.
    fn broken(&self, said: &Staged) -> Option<(usize, String, String, String)> {
        let mut exchanges = self.exchanges.iter().enumerate();
        exchanges.find_map(|(at, exchange)| {
            let noun = &self.role(exchange.item.operation)?.noun;
            let stages = self.stages(noun, &said.of)?;
            let is_known = exchange.is_success && stages.contains(&said.stage);
            let body = exchange.body.as_ref().filter(|_| is_known)?;
            let (expected, object) = inside(body, 0, said)?;
            let now = object.get(&said.member).map(sample::plain);
            Some((at, noun.clone(), expected, now.unwrap_or_default()))
        })
    }
}

/// The object in a body that is not as is said.
fn inside<'v>(value: &'v Value, depth: usize, said: &Staged) -> Option<(String, &'v Value)> {
    if depth > DEPTH {
        return None;
    }
    match value {
        Value::Array(items) => items.iter().find_map(|it| inside(it, depth + 1, said)),
        Value::Object(members) => {
            let own = said.broken(value).map(|expected| (expected, value));
            own.or_else(|| members.values().find_map(|it| inside(it, depth + 1, said)))
        }
        _ => None,
    }
}
