//! The documented error that tells what is wrong with a request: one that does already, else one that is made to.
//!
//! Clients show what `message` says beside the input that `field` names, so an example that is about another input misleads
//! them. One that names no input at all is sent as it is.

use serde_json::{Map, Value};

use crate::model::{Field, Operation};

use super::words;

/// What is wrong with a request, as an API would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    /// The parameter or member: `items[0].sku`; none for a body that cannot be read.
    pub(super) name: Option<String>,
    /// A sentence for people.
    pub(super) message: String,
}

impl Cause {
    /// A body that cannot be read.
    pub(super) fn unreadable() -> Self {
        Self {
            name: None,
            message: "The body of the request cannot be read.".to_owned(),
        }
    }

    /// The name without what it stands in: `sku`.
    fn last(&self) -> Option<&str> {
        let name = self.name.as_deref()?;
        name.rsplit(['.', ']']).find(|it| !it.is_empty())
    }
}

/// How many causes a list in an error names.
const MOST: usize = 16;

/// What an error says of a body that cannot be read.
const UNREADABLE: [&str; 5] = ["json", "parse", "parsed", "malformed", "syntax"];

/// Deeper errors are sent as they are.
const DEEPEST: usize = 4;

/// The names of all inputs of an operation.
pub(super) fn inputs(operation: &Operation) -> Vec<&str> {
    fn add<'o>(fields: &'o [Field], names: &mut Vec<&'o str>) {
        for field in fields {
            names.push(field.name.value.trim());
            add(&field.children, names);
        }
    }
    let parameters = operation.parameters.iter();
    let mut names: Vec<&str> = parameters.map(|it| it.field.name.value.trim()).collect();
    if let Some(body) = &operation.body {
        add(&body.fields, &mut names);
    }
    names
}

/// The number of the error that fits best, and whether it has to be made to fit.
pub(super) fn pick(errors: &[Option<Value>], causes: &[Cause], inputs: &[&str]) -> (usize, bool) {
    let of = |is_wanted: &dyn Fn(&Value) -> bool| {
        let mut errors = errors.iter();
        errors.position(|error| error.as_ref().is_some_and(is_wanted))
    };
    let Some(cause) = causes.first() else {
        return (0, false);
    };
    let fitting = match cause.last() {
        Some(name) => of(&|error| mentions(error, name)),
        None => of(&|error| UNREADABLE.iter().any(|word| mentions(error, word))),
    };
    let is_general = |error: &Value| !inputs.iter().any(|name| mentions(error, name));
    if let Some(index) = fitting.or_else(|| of(&is_general)) {
        return (index, false);
    }
    let is_plain = errors.first().is_none_or(Option::is_none);
    (0, !is_plain)
}

/// True if a text in a value has that word, also as a part of a code such as `missing_email`.
fn mentions(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => has_word(text, word),
        Value::Array(items) => items.iter().any(|item| mentions(item, word)),
        Value::Object(members) => members.iter().any(|(name, value)| {
            let is_list = matches!(value, Value::Array(_) | Value::String(_));
            is_list && name == word || mentions(value, word)
        }),
        _ => false,
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric();
    let (lower, wanted) = (text.to_lowercase(), word.to_lowercase());
    let mut found = lower.match_indices(&wanted);
    let stands_alone = found.any(|(at, _)| {
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(at + wanted.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    });
    let is_code = !text.contains(' ');
    stands_alone
        || is_code && !word.is_empty() && {
            let (text, word) = (words::parts(text), words::parts(word));
            !word.is_empty() && text.windows(word.len()).any(|it| it == word.as_slice())
        }
}

/// Makes an error say what is wrong.
pub(super) fn adapt(error: &mut Value, causes: &[Cause], inputs: &[&str]) {
    if let (Value::Object(members), Some(cause)) = (error, causes.first()) {
        adapt_object(members, cause, causes, inputs, 0);
    }
}

fn adapt_object(
    members: &mut Map<String, Value>,
    cause: &Cause,
    causes: &[Cause],
    inputs: &[&str],
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    for (name, value) in members.iter_mut() {
        let name = words::folded(name);
        match value {
            Value::String(text) if is_message(&name, text) => cause.message.clone_into(text),
            Value::String(text) if is_input(&name) => *text = named_like(text, cause),
            Value::Array(items) if is_list(&name) => adapt_list(items, causes, inputs, depth),
            Value::Object(inner) if is_by_input(inner, inputs) => {
                let like = inner.values().next().cloned().unwrap_or_default();
                *inner = by_input(&like, causes);
            }
            Value::Object(inner) => adapt_object(inner, cause, causes, inputs, depth + 1),
            _ => {}
        }
    }
}

/// One item for each cause.
fn adapt_list(items: &mut Vec<Value>, causes: &[Cause], inputs: &[&str], depth: usize) {
    let Some(like) = items.first().cloned() else {
        return;
    };
    let item = |cause: &Cause| match &like {
        Value::String(_) => Value::from(cause.message.as_str()),
        Value::Object(members) => {
            let mut members = members.clone();
            adapt_object(&mut members, cause, causes, inputs, depth + 1);
            Value::Object(members)
        }
        other => other.clone(),
    };
    *items = causes.iter().take(MOST).map(item).collect();
}

/// True for `{"email": ["is not valid"]}`.
fn is_by_input(members: &Map<String, Value>, inputs: &[&str]) -> bool {
    let is_text = |value: &Value| match value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => false,
    };
    !members.is_empty()
        && members.iter().all(|(name, value)| {
            let last = name.rsplit('.').next().unwrap_or_default();
            is_text(value) && inputs.contains(&last)
        })
}

fn by_input(like: &Value, causes: &[Cause]) -> Map<String, Value> {
    let causes = causes.iter().take(MOST);
    let named = causes.filter_map(|cause| {
        let text = Value::from(cause.message.as_str());
        let value = if like.is_array() {
            Value::Array(vec![text])
        } else {
            text
        };
        Some((cause.name.clone()?, value))
    });
    named.collect()
}

/// True for what is said to people.
fn is_message(name: &str, text: &str) -> bool {
    matches!(
        name,
        "message"
            | "detail"
            | "description"
            | "msg"
            | "errordescription"
            | "errormessage"
            | "reason"
    ) || name == "error" && text.contains(' ')
}

/// True for what names an input.
fn is_input(name: &str) -> bool {
    matches!(
        name,
        "param"
            | "parameter"
            | "field"
            | "fieldname"
            | "path"
            | "pointer"
            | "property"
            | "attribute"
    )
}

fn is_list(name: &str) -> bool {
    matches!(
        name,
        "details" | "errors" | "violations" | "issues" | "fields" | "invalidparams" | "messages"
    )
}

/// The name of an input in the notation of another one: a pointer, or with dots.
fn named_like(text: &str, cause: &Cause) -> String {
    let Some(name) = &cause.name else {
        return text.to_owned();
    };
    let steps = name.replace('[', ".").replace(']', "");
    if text.starts_with('/') {
        format!("/{}", steps.replace('.', "/"))
    } else if text.starts_with("$.") {
        format!("$.{name}")
    } else if text.split('.').any(|it| it.parse::<usize>().is_ok()) {
        steps
    } else {
        name.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cause(name: &str) -> Cause {
        Cause {
            name: Some(name.to_owned()),
            message: format!("{name} is required."),
        }
    }

    #[test]
    fn the_error_about_the_input_is_sent_as_it_is() {
        let errors = [
            Some(json!({ "message": "The size is too large.", "param": "size" })),
            Some(json!({ "message": "The color is not known.", "param": "color" })),
        ];
        let inputs = ["size", "color", "shape"];
        assert_eq!(pick(&errors, &[cause("color")], &inputs), (1, false));
        assert_eq!(pick(&errors, &[cause("shape")], &inputs), (0, true));
        let general = [errors[0].clone(), Some(json!({ "message": "Not valid." }))];
        assert_eq!(pick(&general, &[cause("shape")], &inputs), (1, false));
        let codes = [errors[0].clone(), Some(json!({ "code": "missing_shape" }))];
        assert_eq!(pick(&codes, &[cause("shape")], &inputs), (1, false));
    }

    #[test]
    fn an_error_about_another_input_is_made_to_fit() {
        let mut error = json!({
            "code": "not_valid",
            "message": "size must be a number.",
            "details": [{ "pointer": "/size", "message": "must be a number" }],
            "fields": { "size": ["must be a number"] }
        });
        let causes = [cause("items[0].shape"), cause("color")];
        adapt(&mut error, &causes, &["size"]);
        let expected = json!({
            "code": "not_valid",
            "message": "items[0].shape is required.",
            "details": [
                { "pointer": "/items/0/shape", "message": "items[0].shape is required." },
                { "pointer": "/color", "message": "color is required." }
            ],
            "fields": {
                "items[0].shape": ["items[0].shape is required."],
                "color": ["color is required."]
            }
        });
        assert_eq!(error, expected);
    }
}
