//! Texts of which a page says what becomes of them: "stored in lower case", "trimmed". They come back as that, also within
//! objects.

use serde_json::Value;

use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::{self, Place};
use crate::conform::plan::sample;
use crate::conform::said::normal::{self, Normal};

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// A value of which the page says what becomes of it is that; false if the page says nothing of the kind.
    pub(in crate::conform::session) fn check_normal(
        &mut self,
        at: usize,
        name: &str,
        sent: &Value,
        back: Option<&Value>,
    ) -> bool {
        let Some((index, operation, role)) = self.about(at) else {
            return false;
        };
        let mut inputs = operation.body.iter().flat_map(|body| &body.fields);
        let field = inputs.find(|field| field.name.value == name);
        let text = field.map(|it| it.description.clone()).unwrap_or_default();
        let told = Normal::of(&text).or_else(|| self.normal_of_answer(index, &[name]));
        let (Some(normal), Some(back)) = (told, back) else {
            return false;
        };
        // Of texts that come back as objects nothing is said.
        if !echo::is_alike(sent, back) {
            return false;
        }
        if self.is_misread(&role.noun, name, normal) {
            return true;
        }
        let is_ordered = normal::keeps_order(&text);
        let is_one =
            |sent: &Value, back: &Value| self.is_written_otherwise(operation, name, sent, back);
        let is_kept = normal.is_kept(sent, back, is_ordered)
            || normal.is_kept_otherwise(sent, back, is_ordered, is_one);
        if sent.is_null() || is_kept {
            return true;
        }
        let message = format!(
            "{} answers with `{name}` as something else than what the page says that becomes of it",
            operation.name()
        );
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, name), message)
            .promised_at(field.map(|it| it.open))
            .seen(sample::plain(&normal.applied(sent)), sample::plain(back))
            .weak_if(true);
        self.found(at, &role.noun.clone(), &format!("{index} {name}"), found);
        true
    }

    /// The same for the members of an object.
    pub(in crate::conform::session) fn check_normal_inside(
        &mut self,
        at: usize,
        name: &str,
        sent: &Value,
        back: Option<&Value>,
    ) {
        let (Some((index, operation, role)), Some(back)) = (self.about(at), back) else {
            return;
        };
        if !sent.is_object() || !back.is_object() {
            return;
        }
        let noun = role.noun.clone();
        for input in input::inputs(operation) {
            let names: Option<Vec<&str>> = input.steps.iter().map(|it| it.name()).collect();
            let Some(names) = names.filter(|it| {
                input.place == Place::Body && it.len() > 1 && it.first() == Some(&name)
            }) else {
                continue;
            };
            let inner = |of: &Value| {
                let mut way = names.iter().skip(1);
                let found = way.try_fold(of, |it, name| it.get(*name));
                found.filter(|it| it.is_string()).cloned()
            };
            let (Some(sent), Some(back)) = (inner(sent), inner(back)) else {
                continue;
            };
            let told = Normal::of(&input.description);
            let Some(normal) = told.or_else(|| self.normal_of_answer(index, &names)) else {
                continue;
            };
            if normal.is_kept(&sent, &back, false) || !echo::is_same(&sent, &back) {
                continue;
            }
            let path = names.join(".");
            let message = format!(
                "{} answers with `{path}` as something else than what the page says that becomes of it",
                operation.name()
            );
            let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, &path), message)
                .promised_at(Some(input.span))
                .seen(sample::plain(&normal.applied(&sent)), sample::plain(&back))
                .weak_if(true);
            self.found(at, &noun, &format!("{index} {path}"), found);
        }
    }

    /// A text of several lines has them when it comes back, where the page says so.
    pub(in crate::conform::session) fn check_lines_kept(
        &mut self,
        at: usize,
        name: &str,
        sent: &Value,
        back: Option<&Value>,
    ) {
        let (Some(sent), Some(back)) = (sent.as_str(), back.and_then(Value::as_str)) else {
            return;
        };
        let lines = |text: &str| text.trim().lines().count();
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let mut fields = operation.body.iter().flat_map(|body| &body.fields);
        let field = fields.find(|it| it.name.value == name);
        let Some(field) =
            field.filter(|it| lines(back) < lines(sent) && normal::keeps_lines(&it.description))
        else {
            return;
        };
        let message = format!(
            "{} answers with fewer lines of `{name}` than were sent",
            operation.name()
        );
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, name), message)
            .promised_at(Some(field.open))
            .seen(
                sample::plain(&Value::from(sent)),
                sample::plain(&Value::from(back)),
            )
            .weak_if(true);
        let noun = role.noun.clone();
        self.found(at, &noun, &format!("{index} lines of {name}"), found);
    }

    /// What the page says of the letters of a member of the answer.
    fn normal_of_answer(&self, index: usize, way: &[&str]) -> Option<Normal> {
        let (name, inner) = way.split_first()?;
        let fields = self.fields_of(index);
        let mut field = fields.iter().find(|it| it.name.value == *name)?;
        for name in inner {
            field = field.children.iter().find(|it| it.name.value == *name)?;
        }
        normal::of_answer(&field.description)
    }
}
