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
        let Some((index, operation, role)) = self.about(at).filter(|_| is_moved) else {
            return;
        };
        let noun = role.noun.clone();
        let inputs = operation.body.iter().flat_map(|body| &body.fields);
        let inputs = inputs.filter(|field| field.name.value == name);
        let mut texts: Vec<String> = inputs.map(|it| it.description.clone()).collect();
        let fields = self.fields_of_noun(&noun);
        let fields = fields.iter().filter(|field| field.name.value == name);
        texts.extend(fields.map(|it| it.description.clone()));
        if !texts.iter().any(|text| normal::keeps_order(text)) {
            return;
        }
        let message = format!(
            "{} answers with `{name}` in another order than it was sent in",
            operation.name()
        );
        let list = |items: &[Value]| sample::plain(&Value::Array(items.to_vec()));
        let found = Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, name), message)
            .seen(list(sent), list(back))
            .weak_if(true);
        self.found(at, &noun, &format!("{index} order of {name}"), found);
    }
}
