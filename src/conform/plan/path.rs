//! The path of a request: the template of the endpoint, with a value for each of its parameters.

use crate::conform::bindings::Bindings;
use crate::conform::encode;
use crate::model::route::Template;
use crate::model::shape::is_placeholder;
use crate::model::{Location, Operation};

use super::Reason;
use super::sample;

/// A path without parameters.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) text: String,
    /// The parameters whose values are those of an example.
    pub(super) examples: Vec<String>,
}

/// Fills the path: what the user binds comes first, then what the example has, then what the page states.
pub(super) fn fill(
    operation: &Operation,
    captured: &[(String, String)],
    bindings: &Bindings,
) -> Result<Filled, Reason> {
    let path = &operation.endpoint.value.path;
    let template = Template::parse(path);
    let mut examples = Vec::new();
    let mut values = Vec::new();
    for name in template.parameters() {
        let in_example = captured
            .iter()
            .find(|(known, value)| known == name && is_value(value));
        let value = if let Some(bound) = bindings.value(name) {
            bound.to_owned()
        } else if let Some((_, value)) = in_example {
            examples.push(name.clone());
            value.clone()
        } else {
            stated(operation, name).ok_or_else(|| Reason::PathValue(name.clone()))?
        };
        values.push((name.clone(), value));
    }
    let pairs: Vec<_> = values
        .iter()
        .map(|(name, value): &(String, String)| (name.as_str(), value.as_str()))
        .collect();
    let mut text = encode::path(&template.fill(&pairs));
    if path.len() > 1 && path.ends_with('/') && !text.ends_with('/') {
        text.push('/');
    }
    Ok(Filled { text, examples })
}

/// True for values that stand for themselves.
fn is_value(value: &str) -> bool {
    !value.is_empty() && !value.starts_with(':') && !is_placeholder(value)
}

fn stated(operation: &Operation, name: &str) -> Option<String> {
    let parameter = operation
        .parameters_in(Location::Path)
        .find(|parameter| parameter.field.name.value == name)?;
    sample::stated(&parameter.field, &parameter.shape).map(|value| sample::plain(&value))
}
