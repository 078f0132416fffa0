//! Every rule of every layer.

use crate::diagnostic::Rule;
use crate::{check, conform, model};

/// All rules, by name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = model::rules();
    rules.extend(check::rules());
    rules.extend(conform::rules());
    rules.sort_by_key(|rule| rule.name);
    rules
}
