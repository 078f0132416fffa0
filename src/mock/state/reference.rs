//! Bodies that name a thing of another collection: `"customer": "cus_4Kd9"` of a new bill.
//!
//! Where nobody made that thing, and the page of the operation documents the error for it, that is the answer.

use serde_json::{Map, Value};

use super::candidate::noun;
use super::collections::Collection;
use super::view::{is_id, text};
use super::world::Spot;
use super::{Outcome, State, Turn};
use crate::mock::answer::Answer;
use crate::mock::rows::{self, MISSING};
use crate::mock::words;

impl State {
    /// The documented refusal of a body that names something that nobody made.
    pub(super) fn unknown_reference<'t>(
        &self,
        turn: &Turn<'t>,
        spot: &Spot<'_>,
        sent: &Map<String, Value>,
    ) -> Option<Outcome<'t>> {
        let plain = sent.iter().filter(|(_, value)| is_id(value));
        let mut refused = plain.filter_map(|(name, value)| {
            let other = self.referred(name)?;
            let id = text(value);
            let word = words::singular(noun(&other.path));
            let mut answers = turn.served.answers.iter();
            let answer = answers.find(|it| tells(it, &word));
            let row = rows::of_missing(&turn.served.rows, &word);
            if answer.is_none() && row.is_none() {
                return None;
            }
            let is_known = || {
                let mut seeds = spot.collection.seeds.iter();
                self.anywhere(other, &id).is_some()
                    || seeds.any(|seed| seed.get(name) == Some(value))
                    || is_shown(turn, &id)
            };
            if is_known() {
                return None;
            }
            let reason = format!("nothing has the id `{id}`, which `{name}` names");
            match answer {
                Some(answer) => Some(Outcome::Refused(answer, reason)),
                None => Some(Outcome::Told(row?, name.clone(), reason)),
            }
        });
        refused.next()
    }

    /// The only collection that a member is named for, if all of its things are known.
    fn referred(&self, name: &str) -> Option<&Collection> {
        let folded = words::folded(name);
        let mut all = self.collections.all.iter().filter(|it| {
            let noun = words::singular(noun(&it.path));
            folded == noun || folded == format!("{noun}id")
        });
        let found = all.next()?;
        let is_told = found.is_complete && found.missing.is_some();
        (is_told && all.next().is_none()).then_some(found)
    }
}

/// True for an error that says that there is no such thing.
fn tells(answer: &Answer, word: &str) -> bool {
    let status = answer.status.code();
    let is_fitting = matches!(status, Some(400 | 404 | 409 | 422)) && answer.has_body();
    is_fitting
        && answer.json().is_some_and(|body| {
            let text = format!("{body} {}", answer.names.join(" "));
            let text = words::folded(&text);
            text.contains(word) && MISSING.iter().any(|it| text.contains(it))
        })
}

/// True if an example of the page names it.
fn is_shown(turn: &Turn<'_>, id: &str) -> bool {
    let mut examples = turn.served.operation.request_examples.iter();
    let view = turn.used.view.as_ref();
    examples.any(|it| it.text.text().contains(id))
        || view.is_some_and(|view| view.template.to_string().contains(id))
}
