//! The documented error that tells what is wrong with a request: one that does already, else one that is made to.
//!
//! Clients show what `message` says beside the input that `field` names, so an example that is about another input misleads
//! them. One that names no input at all is sent as it is.

use serde_json::{Map, Value};

use crate::model::{Field, Operation};

use super::{cases, words};

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

/// What an error says of any request that is not as it should be.
const REFUSALS: [&str; 13] = [
    "invalid_request",
    "bad_request",
    "bad request",
    "validation",
    "missing",
    "required",
    "malformed",
    "valid",
    "invalid",
    "unprocessable",
    "inválido",
    "inválidos",
    "invalide",
];

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
    if let Some(index) = fitting {
        let error = errors.get(index).and_then(Option::as_ref);
        let names_input = cause.name.is_some();
        let is_other = names_input && error.is_some_and(|error| !lists_all(error, causes));
        return (index, is_other);
    }
    let is_general = |error: &Value| {
        let names = inputs.iter().any(|name| mentions(error, name)) || names_any(error, 0);
        !names && !cases::is_of_case(error, 0)
    };
    let is_refusal = |error: &Value| REFUSALS.iter().any(|word| mentions(error, word));
    if let Some(index) = of(&|error| is_general(error) && is_refusal(error)) {
        return (index, false);
    }
    // What it says may be about anything: that there are no credits left.
    if let Some(index) = of(&is_general) {
        return (index, cause.name.is_some());
    }
    let is_plain = errors.first().is_none_or(Option::is_none);
    (0, !is_plain)
}

/// True for an error that says which input it is about, whether this operation has it or not.
fn names_any(error: &Value, depth: usize) -> bool {
    match error {
        Value::Object(members) => members.iter().any(|(name, value)| {
            let folded = words::folded(name);
            let is_named = match value {
                Value::String(_) => is_input(&folded) && !is_address(members, name),
                Value::Array(steps) => is_way(&folded, steps),
                Value::Object(inner) => is_map(&folded, inner),
                _ => false,
            };
            is_named || depth < DEEPEST && names_any(value, depth + 1)
        }),
        Value::Array(items) if depth < DEEPEST => items.iter().any(|item| names_any(item, depth)),
        _ => false,
    }
}

/// False if a list in an error names other inputs than these, or not all of them.
fn lists_all(error: &Value, causes: &[Cause]) -> bool {
    let Value::Object(members) = error else {
        return true;
    };
    members.iter().all(|(name, value)| match value {
        Value::Array(items) if is_list_of(&words::folded(name), items) && is_told(items) => {
            let mut names = causes.iter().filter_map(Cause::last);
            let count = causes.iter().filter(|cause| cause.name.is_some()).count();
            items.len() == count && names.all(|name| items.iter().any(|it| mentions(it, name)))
        }
        Value::Object(_) => lists_all(value, causes),
        _ => true,
    })
}

/// True for the items of a list that are about one input each.
fn is_told(items: &[Value]) -> bool {
    items.iter().all(|item| match item {
        Value::String(text) => text.contains(' '),
        Value::Object(members) => {
            let mut lists = members
                .iter()
                .filter_map(|(name, it)| Some((name, it.as_array()?)));
            lists.all(|(name, steps)| is_way(&words::folded(name), steps))
        }
        _ => false,
    })
}

/// True if a text in a value has that word, also as a part of a code such as `missing_email`.
pub(super) fn mentions(value: &Value, word: &str) -> bool {
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
    let Some(cause) = causes.first() else { return };
    match error {
        Value::Object(members) => {
            let is_listed = members.values().all(Value::is_array);
            if is_listed && is_by_input(members, inputs) {
                let like = members.values().next().cloned().unwrap_or_default();
                *members = by_input(&like, causes);
            } else {
                adapt_object(members, cause, causes, inputs, 0);
            }
        }
        Value::Array(items) => adapt_list(items, causes, inputs, 0),
        _ => {}
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
    let names_input = names_input(members);
    let is_item = names_input && members.keys().any(|name| words::folded(name) == "reason");
    let all = members.clone();
    for (own, value) in members.iter_mut() {
        let name = words::folded(own);
        let is_text = |text: &str| {
            is_message(&name, text) || names_input && is_remark(&name) && is_said(text)
        };
        let is_input =
            |name: &str| (is_input(name) || is_item && name == "name") && !is_address(&all, own);
        match value {
            Value::String(text) if is_text(text) => cause.message.clone_into(text),
            Value::String(text) if cause.name.is_some() && cases::is_case(&name, text) => {
                *text = cases::general(text);
            }
            // No input is to blame.
            Value::String(_) if is_input(&name) && cause.name.is_none() => *value = Value::Null,
            Value::String(text) if is_input(&name) => *text = named_like(text, cause),
            // The error that is shown is about no input.
            Value::Null if matches!(name.as_str(), "field" | "param" | "parameter") => {
                *value = cause.name.clone().map_or(Value::Null, Value::from);
            }
            Value::Array(steps) if is_way(&name, steps) => locate(steps, cause),
            Value::Array(items) if is_list_of(&name, items) => {
                adapt_list(items, causes, inputs, depth);
            }
            Value::Object(inner) if is_by_input(inner, inputs) || is_map(&name, inner) => {
                let like = inner.values().next().cloned().unwrap_or_default();
                *inner = by_input(&like, causes);
            }
            // `{"isNotEmpty": "name should not be empty"}`
            Value::Object(rules) if names_input && name == "constraints" => {
                let rule = rules.keys().next().cloned().unwrap_or_default();
                *rules = [(rule, Value::from(cause.message.as_str()))]
                    .into_iter()
                    .collect();
            }
            Value::Object(inner) => adapt_object(inner, cause, causes, inputs, depth + 1),
            _ => {}
        }
    }
}

/// True for an object that is about one input.
fn names_input(members: &Map<String, Value>) -> bool {
    members.iter().any(|(own, value)| {
        let name = words::folded(own);
        let is_way = value.as_array().is_some_and(|steps| is_way(&name, steps));
        let is_named = is_input(&name) && !value.is_array() && !is_address(members, own);
        // `{"name": "size", "reason": "is too large"}`
        let is_item = name == "name" && members.keys().any(|it| words::folded(it) == "reason");
        is_way || is_named || is_item
    })
}

/// True for the path of the request: `{"timestamp": …, "status": 400, "path": "/books"}`.
fn is_address(members: &Map<String, Value>, own: &str) -> bool {
    let is_beside = |name: &str| matches!(name, "timestamp" | "status" | "statuscode");
    let starts = members.get(own).and_then(Value::as_str);
    own == "path"
        && starts.is_some_and(|it| it.starts_with('/'))
        && members.keys().any(|name| is_beside(&words::folded(name)))
}

/// True for the steps that lead to an input: `["body", "size"]`.
fn is_way(name: &str, steps: &[Value]) -> bool {
    let is_step = |step: &Value| step.is_u64() || step.as_str().is_some_and(|it| !it.contains(' '));
    name == "loc" || name == "path" && !steps.is_empty() && steps.iter().all(is_step)
}

/// True for a list of what is wrong, by its name or as all of its items are about an input.
fn is_list_of(name: &str, items: &[Value]) -> bool {
    let is_told = |item: &Value| item.as_str().is_some_and(|it| it.contains(' '));
    let is_about_input = |item: &Value| item.as_object().is_some_and(names_input);
    is_list(name)
        || !items.is_empty()
            && (name == "message" && items.iter().all(is_told) || items.iter().all(is_about_input))
}

/// True for texts by the names of inputs, also of those of another page: `"errors": {"size": ["is too large"]}`.
fn is_map(name: &str, members: &Map<String, Value>) -> bool {
    let is_said = |value: &Value| match value {
        Value::String(text) => text.contains(' ') && name != "details",
        Value::Array(items) => {
            let mut items = items.iter().peekable();
            items.peek().is_some() && items.all(|it| it.as_str().is_some_and(is_said))
        }
        _ => false,
    };
    let mut names = members.keys().map(|it| words::folded(it));
    is_list(name)
        && !members.is_empty()
        && members.values().all(is_said)
        && !names.any(|it| is_input(&it) || is_remark(&it) || is_message(&it, " "))
}

/// True for words, and not for a code.
fn is_said(text: &str) -> bool {
    text.contains(' ') || text.bytes().all(|it| it.is_ascii_lowercase())
}

/// One item for each cause.
fn adapt_list(items: &mut Vec<Value>, causes: &[Cause], inputs: &[&str], depth: usize) {
    let Some(like) = items.first().cloned() else {
        return;
    };
    // A list in an item is that of the causes.
    if let Value::Object(members) = &like
        && let Some(cause) = causes.first()
        && members.iter().any(|(name, value)| {
            let name = words::folded(name);
            let is_list = |items: &Vec<Value>| is_list(&name) && !is_way(&name, items);
            value.as_array().is_some_and(is_list)
        })
    {
        let mut members = members.clone();
        adapt_object(&mut members, cause, causes, inputs, depth + 1);
        *items = vec![Value::Object(members)];
        return;
    }
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

/// The way to an input: `["body", "items", 0, "sku"]`, after the word for where it is sent.
fn locate(steps: &mut Vec<Value>, cause: &Cause) {
    let Some(name) = &cause.name else {
        steps.truncate(1);
        return;
    };
    let places = ["body", "query", "path", "header", "cookie"];
    let is_place = |it: &Value| it.as_str().is_some_and(|it| places.contains(&it));
    steps.truncate(usize::from(steps.first().is_some_and(is_place)));
    let name = name.replace('[', ".").replace(']', "");
    let own = name.split('.').filter(|step| !step.is_empty());
    steps.extend(own.map(|step| {
        let index = step.parse::<u64>().map(Value::from);
        index.unwrap_or_else(|_| step.into())
    }));
}

/// True for `{"email": ["is not valid"]}`.
fn is_by_input(members: &Map<String, Value>, inputs: &[&str]) -> bool {
    let is_text = |value: &Value| match value {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => false,
    };
    // What is said of the whole stands beside.
    let is_of_all = |name: &str| {
        let name = words::folded(name);
        matches!(name.as_str(), "nonfielderrors" | "all" | "base" | "general")
    };
    let is_named = |name: &str| inputs.contains(&name.rsplit('.').next().unwrap_or_default());
    members.keys().any(|name| is_named(name))
        && members
            .iter()
            .all(|(name, value)| is_text(value) && (is_named(name) || is_of_all(name)))
}

fn by_input(like: &Value, causes: &[Cause]) -> Map<String, Value> {
    let causes = causes.iter().take(MOST);
    let named = causes.map(|cause| {
        let text = Value::from(cause.message.as_str());
        let value = if like.is_array() {
            Value::Array(vec![text])
        } else {
            text
        };
        let name = cause.name.clone().filter(|name| !name.is_empty());
        (name.unwrap_or_else(|| "body".to_owned()), value)
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
            | "defaultmessage"
            | "reason"
    ) || name == "error" && text.contains(' ') && !is_phrase(text)
}

/// True for the phrase of a status, such as `Bad Request`.
fn is_phrase(text: &str) -> bool {
    let statuses = (400..=511).filter_map(|code| http::StatusCode::from_u16(code).ok());
    let mut phrases = statuses.filter_map(|it| it.canonical_reason());
    phrases.any(|phrase| phrase == text)
}

/// True for what is said to people beside the name of an input.
fn is_remark(name: &str) -> bool {
    matches!(name, "issue" | "problem" | "title" | "text" | "hint")
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
            | "propertypath"
            | "propertyname"
            | "attribute"
            | "target"
            | "errorfield"
            | "errorparam"
            | "fieldpath"
            | "invalidfield"
    )
}

fn is_list(name: &str) -> bool {
    matches!(
        name,
        "detail" | "details" | "issues" | "fields" | "invalidparams" | "messages"
    ) || name.ends_with("errors")
        || name.ends_with("violations")
}

/// The name of an input in the notation of another one: a pointer, or with dots.
fn named_like(text: &str, cause: &Cause) -> String {
    let Some(name) = &cause.name else {
        return text.to_owned();
    };
    let steps = name.replace('[', ".").replace(']', "");
    if text.starts_with('/') {
        let prefix = ["/data/attributes", "/data/relationships", "/body"];
        let mut prefix = prefix.iter().filter(|it| text.starts_with(*it));
        let is_told = steps.starts_with("data.") || steps.starts_with("body.");
        let prefix = prefix.next().filter(|_| !is_told).copied();
        format!("{}/{}", prefix.unwrap_or_default(), steps.replace('.', "/"))
    } else if text.starts_with("$.") {
        format!("$.{name}")
    } else if text.split('.').any(|it| it.parse::<usize>().is_ok()) {
        steps
    } else {
        name.clone()
    }
}

/// A parameter or member that is missing.
#[cfg(test)]
pub(super) fn cause(name: &str) -> Cause {
    Cause {
        name: Some(name.to_owned()),
        message: format!("{name} is required."),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

    #[test]
    fn errors_of_many_forms_are_made_to_fit() {
        let errors = [
            (
                json!({ "statusCode": 400, "message": ["tag must be set"], "error": "Bad Request" }),
                json!({ "statusCode": 400, "message": ["size is required."], "error": "Bad Request" }),
            ),
            (
                json!({ "issues": [{ "path": ["tag"], "message": "Required" }], "name": "E" }),
                json!({ "issues": [{ "path": ["size"], "message": "size is required." }], "name": "E" }),
            ),
            (
                json!({ "size": ["Not valid."], "non_field_errors": ["Not valid."] }),
                json!({ "size": ["size is required."] }),
            ),
            (
                json!({ "invalid-params": [{ "name": "tag", "reason": "is missing" }] }),
                json!({ "invalid-params": [{ "name": "size", "reason": "size is required." }] }),
            ),
            (
                json!({ "status": 400, "path": "/boats", "errors": [{ "field": "tag", "defaultMessage": "is blank" }] }),
                json!({ "status": 400, "path": "/boats", "errors": [{ "field": "size", "defaultMessage": "size is required." }] }),
            ),
            (
                json!({ "error_code": "MISSING", "error_field": "tag", "error_message": "No tag." }),
                json!({ "error_code": "MISSING", "error_field": "size", "error_message": "size is required." }),
            ),
            (
                json!({ "errors": [{ "source": { "pointer": "/data/attributes/tag" } }] }),
                json!({ "errors": [{ "source": { "pointer": "/data/attributes/size" } }] }),
            ),
            (
                json!({ "errors": { "tag": ["The tag is too long."] } }),
                json!({ "errors": { "size": ["size is required."] } }),
            ),
            (
                json!([{ "property": "tag", "constraints": { "isSet": "tag must be set" } }]),
                json!([{ "property": "size", "constraints": { "isSet": "size is required." } }]),
            ),
            (
                json!({ "details": { "field": "tag", "issue": "required" } }),
                json!({ "details": { "field": "size", "issue": "size is required." } }),
            ),
        ];
        for (error, expected) in errors {
            let causes = [cause("size")];
            let (_, is_other) = pick(&[Some(error.clone())], &causes, &["size", "tag"]);
            let mut told = error.clone();
            adapt(&mut told, &causes, &["size"]);
            assert_eq!(told, expected, "{error}");
            assert!(is_other || error.get("size").is_some(), "{error}");
        }
    }
}
