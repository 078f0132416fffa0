//! Tables and sentences of pages without an endpoint that say what members are in each stage: all answers are held against
//! them, once the run is over.

use crate::conform::judge::state::{self, Found};
use crate::conform::plan::sample;
use crate::conform::said::staged::{self, Staged};

use super::Session;

impl Session<'_, '_> {
    /// Looks at all things in answers.
    pub(super) fn check_staged(&mut self) {
        let remarks = self.api.shared.remarks.iter();
        let said: Vec<(Staged, crate::source::Span)> = remarks
            .filter_map(|it| Some((staged::of(&it.text.value)?, it.text.evidence.span)))
            .collect();
        for (said, span) in said {
            if let Some((at, noun, (expected, now))) = self.broken(&said) {
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

    /// The first answer that shows something else, what was expected, and what it shows.
    fn broken(&self, said: &Staged) -> Option<(usize, String, (String, String))> {
        let has_stage = |noun: &str| {
            let stages = self.stages(noun, &said.of);
            stages.is_some_and(|it| it.contains(&said.stage))
        };
        self.first_shown(has_stage, |object| {
            let expected = said.broken(object)?;
            let now = object.get(&said.member).map(sample::plain);
            Some((expected, now.unwrap_or_default()))
        })
    }
}
