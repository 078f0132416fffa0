//! Every rule of every layer.

use crate::diagnostic::Rule;
use crate::{check, conform, model};

/// All rules, by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = of_check();
    rules.extend(conform::rules());
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The rules that reading and checking the pages can raise, by name.
pub fn of_check() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = model::rules();
    rules.extend(check::rules());
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The rule of that name.
pub fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    let rules = rules();
    if let Some(rule) = rules.iter().find(|rule| rule.name == name) {
        return Ok(rule);
    }
    let nearest = rules
        .iter()
        .max_by(|one, other| likeness(one.name, name).total_cmp(&likeness(other.name, name)));
    Err(UnknownRule {
        name: name.to_owned(),
        hint: nearest.map_or("", |rule| rule.name),
    })
}

/// A name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`; did you mean `{hint}`?")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The rule whose name is most alike.
    pub hint: &'static str,
}

/// How alike two names are, from 0 to 1.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    similar::TextDiff::from_chars(one, other).ratio()
}
