//! What comes back whole and in order: texts up to their ends, lists as they were sent.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::echo::{self, Lost};
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::sample;
use crate::conform::said::normal;

use crate::conform::session::Session;

impl Session<'_, '_> {
    /// True for a text that is cut off although nothing of its texts says so: no notation does that.
    pub(super) fn is_cut_short(&self, noun: &str, name: &str, lost: &Lost) -> bool {
        static CUT: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:cut|shorten\w*|truncat\w*|first|beginning|excerpt|preview|abbreviat\w*|clipped)\b",
            )
        });
        let is_cut = lost
            .back
            .as_ref()
            .is_some_and(|back| echo::is_cut(&lost.sent, back));
        let roles = self.plan.roles.iter().zip(&self.api.operations);
        let of_noun = roles.filter(|(role, _)| role.noun == noun);
        let bodies = of_noun.filter_map(|(_, operation)| operation.body.as_ref());
        let inputs = bodies.flat_map(|body| body.fields.iter().cloned());
        let mut fields = inputs.chain(self.fields_of_noun(noun));
        is_cut && !fields.any(|it| it.name.value == name && CUT.is_match(&it.description))
    }

    /// A list comes back in the order in which it was sent, where the page says so.
    pub(super) fn check_order_kept(
        &mut self,
        at: usize,
        name: &str,
        sent: &Value,
        back: Option<&Value>,
    ) {
        let (Some(sent), Some(back)) = (sent.as_array(), back.and_then(Value::as_array)) else {
            return;
        };
        let is_plain = |it: &Value| it.is_string() || it.is_number();
        let is_moved = sent.len() == back.len()
            && sent.iter().all(|it| is_plain(it) && back.contains(it))
            && sent != back;
        let Some((_, operation, _)) = self.about(at).filter(|_| is_moved) else {
            return;
        };
        let mut texts = self.texts_of_member(at, name).into_iter();
        if !texts.any(|text| normal::keeps_order(&text)) {
            return;
        }
        let message = format!(
            "{} answers with `{name}` in another order than it was sent in",
            operation.name()
        );
        let list = |items: &[Value]| sample::plain(&Value::Array(items.to_vec()));
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, name), message)
            .seen(list(sent), list(back));
        self.told_and_shown(at, name, "order", found);
    }

    /// Texts come back in the letters in which they were sent, where the page says so.
    pub(super) fn check_letters_kept(
        &mut self,
        at: usize,
        name: &str,
        sent: &Value,
        back: Option<&Value>,
    ) {
        let is_turned = back.is_some_and(|back| turned(sent, back));
        let Some((_, operation, _)) = self.about(at).filter(|_| is_turned) else {
            return;
        };
        let mut texts = self.texts_of_member(at, name).into_iter();
        if !texts.any(|text| normal::keeps_letters(&text)) {
            return;
        }
        let message = format!(
            "{} answers with `{name}` in other letters than it was sent in",
            operation.name()
        );
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, name), message).seen(
            sample::plain(sent),
            back.map(sample::plain).unwrap_or_default(),
        );
        self.told_and_shown(at, name, "letters", found);
    }

    /// Reports what a text says of a member: an error if the examples of the page show the member come back as it was sent.
    fn told_and_shown(&mut self, at: usize, name: &str, what: &str, found: Found) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let draft = self.example_draft(index);
        let answered = draft.and_then(|it| echo::answered(operation, &noun, &it, name));
        let is_shown = answered.is_some_and(|it| it.echo == echo::Echo::Shown);
        let found = found.weak_if(!is_shown);
        self.found(at, &noun, &format!("{index} {what} of {name}"), found);
    }

    /// What the inputs of a request and the fields of what it is about say of a member.
    fn texts_of_member(&self, at: usize, name: &str) -> Vec<String> {
        let Some((_, operation, role)) = self.about(at) else {
            return Vec::new();
        };
        let inputs = operation.body.iter().flat_map(|body| body.fields.clone());
        let fields = inputs.chain(self.fields_of_noun(&role.noun));
        let fields = fields.filter(|field| field.name.value == name);
        fields.map(|it| it.description).collect()
    }
}

/// True if texts came back in other letters, and otherwise as they were sent.
fn turned(sent: &Value, back: &Value) -> bool {
    match (sent, back) {
        (Value::String(sent), Value::String(back)) => {
            sent != back && sent.to_lowercase() == back.to_lowercase()
        }
        (Value::Array(sent), Value::Array(back)) => {
            let is_back = |it: &Value| back.iter().any(|other| it == other || turned(it, other));
            sent.len() == back.len()
                && sent.iter().all(is_back)
                && sent.iter().any(|it| !back.contains(it))
        }
        _ => false,
    }
}
