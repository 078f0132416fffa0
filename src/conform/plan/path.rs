//! The values of the parameters of a path.

use crate::conform::bindings::Bindings;
use crate::model::route::Template;
use crate::model::shape::is_placeholder;
use crate::model::{Location, Operation};

use super::sample;

/// The values that are known before anything is sent.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) values: Vec<(String, String)>,
    /// The parameters whose values are those of an example.
    pub(super) examples: Vec<String>,
}

/// Fills the path: what the user binds comes first, then what the example has, then what the page states.
pub(super) fn fill(
    operation: &Operation,
    captured: &[(String, String)],
    bindings: &Bindings,
) -> Filled {
    let template = Template::parse(&operation.endpoint.value.path);
    let mut filled = Filled {
        values: Vec::new(),
        examples: Vec::new(),
    };
    for name in template.parameters() {
        let in_example = captured
            .iter()
            .find(|(known, value)| known == name && is_value(value));
        let value = if let Some(bound) = bindings.value(name) {
            bound.to_owned()
        } else if let Some((_, value)) = in_example {
            filled.examples.push(name.clone());
            value.clone()
        } else if let Some(stated) = stated(operation, name) {
            stated
        } else {
            continue;
        };
        filled.values.push((name.clone(), value));
    }
    filled
}

/// True for values that stand for themselves.
fn is_value(value: &str) -> bool {
    // `01HX...` is cut off.
    let is_whole =
        !value.ends_with("...") && !value.ends_with('…') && !value.ends_with("%E2%80%A6");
    !value.is_empty() && !value.starts_with(':') && is_whole && !is_placeholder(value)
}

fn stated(operation: &Operation, name: &str) -> Option<String> {
    let parameter = operation
        .parameters_in(Location::Path)
        .find(|parameter| parameter.field.name.value == name)?;
    sample::stated(&parameter.field, &parameter.shape).map(|value| sample::plain(&value))
}
