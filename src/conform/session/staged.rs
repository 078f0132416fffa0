//! Tables and sentences of pages without an endpoint that say what members are in each stage: all answers are held against
//! them, once the run is over.

use serde_json::{Map, Value};

use crate::conform::judge::echo;
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
                .plain_if(self.is_shown_staged(at, &noun, &said))
                .weak_if(!self.is_shown_staged(at, &noun, &said));
                self.found(at, &noun, &format!("staged {} {member}", said.stage), found);
            }
        }
    }

    /// True if the example of the same answer shows the stage, and the member as the sentence says: the two agree.
    fn is_shown_staged(&self, at: usize, noun: &str, said: &Staged) -> bool {
        let Some((_, operation, _)) = self.about(at) else {
            return false;
        };
        let shown = |name: &String| Some((name.clone(), echo::shown(operation, noun, name)?));
        let members = shown(&said.of).zip(shown(&said.member));
        members.is_some_and(|(of, member)| {
            let is_stage = of.1.as_str() == Some(said.stage.as_str());
            let object = Value::Object(Map::from_iter([of, member]));
            is_stage && said.broken(&object).is_none()
        })
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
