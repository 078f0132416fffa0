//! Members that are computed from others, as their texts say, and truths that other pages tell.

use serde_json::{Map, Value};

use crate::model::formula;
use crate::model::shape::Member;

use super::{At, Generator, fits, number};

impl Generator<'_> {
    /// What all examples of the site that are successes say of how they went, else what the name suggests.
    pub(super) fn truth(&self, at: &At<'_>) -> bool {
        let lexicon = self
            .circumstances
            .lexicon
            .filter(|_| self.fields.is_success);
        match lexicon.map(|it| it.values(at.name)) {
            Some([Value::Bool(is)]) if at.depth == 0 => *is,
            _ => number::boolean(at.name, at.seed),
        }
    }

    /// Sets the members that are computed from others, as the page says.
    pub(super) fn compute(&self, made: &mut Map<String, Value>, members: &[Member]) {
        let formulas = members.iter().filter_map(|member| {
            let span = member.evidence?.span;
            Some((member, self.fields.samples.formula(span)?))
        });
        let formulas: Vec<_> = formulas.collect();
        // What is computed may be needed for something else.
        for (member, formula) in formulas.iter().chain(&formulas) {
            let Some(shown) = made.get(&member.name).cloned() else {
                continue;
            };
            let object = Value::Object(std::mem::take(made));
            let value = formula::given(formula, &object, &shown);
            if let Value::Object(members) = object {
                *made = members;
            }
            if let Some(value) = value.filter(|value| fits(&member.shape, value)) {
                made.insert(member.name.clone(), value);
            }
        }
    }
}

/// A text without the targets of its links.
pub(super) fn unlinked(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, behind)) = rest.split_once("](") {
        plain.push_str(before);
        rest = behind.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain
}
