//! The input that a refusal names, where the examples of the page show that refusals name it: `"field": "name"`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::conform::plan::input::{self, Input, Place, Step};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Field;
use crate::model::answer::subject;
use crate::model::shape::{Member, Shape};
use crate::source::Span;

use super::{Case, Seen};

/// Somebody else is blamed.
pub(crate) static WRONG_BLAME: Rule = Rule {
    name: "wrong-blame",
    severity: Severity::Warning,
    summary: "a refusal names another input than the one that is wrong",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[&WRONG_BLAME];

/// Names of members that say which input is wrong.
const NAMES: &[&str] = &[
    "field",
    "param",
    "parameter",
    "property",
    "attribute",
    "pointer",
    "path",
    "input",
    "argument",
];

/// The finding for a refusal of one wrong input that names another one.
pub(super) fn other_input(case: &Case<'_>, answer: &Answer, body: &Value) -> Option<Diagnostic> {
    let (Variant::Missing(wrong) | Variant::Invalid(wrong, ..)) = &case.item.variant else {
        return None;
    };
    if !matches!(answer.status, 400 | 422) {
        return None;
    }
    let inputs = input::inputs(case.operation);
    let shown = case
        .operation
        .responses
        .iter()
        .filter(|it| it.status.code() == Some(answer.status))
        .flat_map(|it| &it.examples)
        .find_map(|example| {
            let (way, text) = blamed(&example.value()?.to_value(), "", 0)?;
            let is_input = inputs.iter().any(|input| is_called(input, &text));
            is_input.then_some((way, example.span))
        });
    let (found_way, text) = blamed(body, "", 0)?;
    let (way, span) = shown.or_else(|| {
        // What a page says of all errors shows no input of this operation.
        let responses = case.operation.responses_for(answer.status);
        let mut evidence = responses.iter().filter_map(|it| {
            let shape = it.shape.as_ref().filter(|_| it.examples.is_empty())?;
            member_at(shape, &found_way)?.evidence
        });
        Some((found_way.clone(), evidence.next()?.span))
    })?;
    let is_same_place = found_way == way;
    // What is named has to be another input: words of any kind are no blame.
    let is_other = !is_called(wrong, &text)
        && inputs
            .iter()
            .any(|input| is_called(input, &text) && !is_around(input, wrong))
        // What a request refers to may have changed since, so that it is wrong, too.
        && !inputs.iter().any(|input| {
            is_called(input, &text) && input.is_reference() && case.item.draft.value(input).is_some()
        });
    if !is_same_place || !is_other {
        return None;
    }
    let message = format!(
        "{} {} is refused for `{text}`",
        case.operation.name(),
        case.item.variant.clause()
    );
    let seen = Seen {
        expected: wrong.name.clone(),
        observed: text,
        ..Seen::default()
    };
    let finding = case.finding(&WRONG_BLAME, span, &message, seen);
    Some(
        finding
            .subject(subject(answer.status, &way))
            .label("shown here"),
    )
}

/// The finding for a refusal of one wrong input that names none, where the page says that such refusals name it: "the name
/// of the offending parameter", "`params` names the arguments that were wrong".
pub(super) fn nobody(case: &Case<'_>, answer: &Answer, body: &Value) -> Option<Diagnostic> {
    let (Variant::Missing(wrong) | Variant::Invalid(wrong, ..)) = &case.item.variant else {
        return None;
    };
    if !matches!(answer.status, 400 | 422) {
        return None;
    }
    let responses = case.operation.responses_for(answer.status);
    let is_mock = answer.header("mock-source").is_some();
    let mut bare = responses
        .iter()
        .filter(|it| it.examples.is_empty() && !is_mock);
    let (way, span) = bare.find_map(|it| naming(&it.fields, wrong))?;
    if names(body, wrong) {
        return None;
    }
    let text = body.to_string().to_lowercase();
    // What cannot be read at all is nobody's fault.
    if ["json", "syntax", "malformed", "parse"]
        .iter()
        .any(|word| text.contains(word))
    {
        return None;
    }
    let mut names = way.split('.');
    let last = names.next_back()?;
    let around = names.try_fold(body, |value, name| value.get(name))?;
    let is_empty = match around.get(last) {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::String(text)) => text.is_empty(),
        _ => false,
    };
    if !is_empty {
        return None;
    }
    let message = format!(
        "{} {} is refused with no input in `{way}`",
        case.operation.name(),
        case.item.variant.clause()
    );
    let observed = around
        .get(last)
        .map_or_else(|| "nothing".to_owned(), Value::to_string);
    let seen = Seen {
        expected: wrong.name.clone(),
        observed,
        ..Seen::default()
    };
    let finding = case.finding(&WRONG_BLAME, span, &message, seen);
    let finding = finding.subject(subject(answer.status, &way));
    Some(finding.label("documented here"))
}

/// The finding for a refusal that names a nested input by its last name alone, where the page says that the way to it is
/// told: "Members of objects are written with a dot, such as `author.name`".
pub(super) fn cut_short(case: &Case<'_>, answer: &Answer, body: &Value) -> Option<Diagnostic> {
    let (Variant::Missing(wrong) | Variant::Invalid(wrong, ..)) = &case.item.variant else {
        return None;
    };
    let names: Option<Vec<&str>> = wrong.steps.iter().map(Step::name).collect();
    let names = names.filter(|names| names.len() > 1)?;
    if !matches!(answer.status, 400 | 422) {
        return None;
    }
    let (way, text) = blamed(body, "", 0)?;
    let responses = case.operation.responses_for(answer.status);
    let fields = responses.iter().flat_map(|it| &it.fields);
    let fields = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
    let last = way.rsplit('.').next()?;
    let mut fields = fields.filter(|field| field.name.value == last);
    let field = fields.find(|field| says_dotted(&field.description))?;
    let inputs = input::inputs(case.operation);
    let mut roots = inputs.iter().filter(|it| it.steps.len() == 1);
    if text != wrong.name || roots.any(|it| it.name == text) {
        return None;
    }
    let expected = names.join(".");
    let message = format!(
        "{} {} is refused for `{text}`, and not for `{expected}`",
        case.operation.name(),
        case.item.variant.clause()
    );
    let seen = Seen {
        expected,
        observed: text,
        ..Seen::default()
    };
    let finding = case.finding(&WRONG_BLAME, field.open, &message, seen);
    let finding = finding.subject(subject(answer.status, &way));
    Some(finding.label("documented here"))
}

/// True for "members of objects are written with a dot: `author.name`".
fn says_dotted(text: &str) -> bool {
    static WAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"`[a-z_]\w*(?:\.[a-z_]\w*)+`"));
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:dots?|dotted|path|nested|inside|within|members?\s+of)\b")
    });
    WAY.is_match(text) && WORDS.is_match(text)
}

/// True if an error has the name of an input, or a pointer to it, as the value of a member of any name.
pub(crate) fn names(body: &Value, input: &Input) -> bool {
    let mut texts = Vec::new();
    collect_texts(body, 0, &mut texts);
    let is_way = |text: &str| !text.contains(char::is_whitespace) && text.contains(['/', '.', '#']);
    let mut texts = texts.iter();
    texts.any(|text| *text == input.name || is_way(text) && is_called(input, text))
}

/// The member of errors that holds the name of an input such as this one if it is at fault, and where that is said.
fn naming(fields: &[Field], wrong: &Input) -> Option<(String, Span)> {
    // "The name of the query parameter or header": members of bodies are told elsewhere, if at all.
    static PARAMETERS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:query|path|headers?|url|cookies?)\b"));
    static MEMBERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:body|fields?|members?|propert(?:y|ies)|attributes?|arguments?|inputs?)\b",
        )
    });
    // "It is only there for `invalid-parameter`."
    static SOMETIMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bonly\s+(?:\w+\s+){0,3}?(?:for|when|if|where|with|in|on)\b|\b(?:if|when|where)\s+(?:\w+\s+){0,3}?(?:known|possible|applicable|there\s+is)\b",
        )
    });
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bnames?\s+(?:of\s+)?(?:the\s+)?(?:\w+\s+){0,2}?(?:parameters?|arguments?|fields?|members?|inputs?|propert(?:y|ies)|attributes?)\b",
        )
    });
    let is_told = |text: &str| {
        let is_of_body = !PARAMETERS.is_match(text) || MEMBERS.is_match(text);
        !SOMETIMES.is_match(text) && (is_of_body || wrong.place != Place::Body)
    };
    let own = fields.iter().map(|it| (it.name.value.clone(), it));
    let inner = fields.iter().flat_map(|outer| {
        let children = outer.children.iter();
        children.map(|it| (format!("{}.{}", outer.name.value, it.name.value), it))
    });
    let mut all = own.chain(inner);
    let (way, field) =
        all.find(|(_, field)| NAMES.is_match(&field.description) && is_told(&field.description))?;
    Some((way, field.open))
}

/// The member at a way such as `error.field`.
fn member_at<'s>(shape: &'s Shape, way: &str) -> Option<&'s Member> {
    let mut found = None;
    let mut shape = shape;
    for name in way.split('.') {
        let member = shape.members().iter().find(|it| it.name == name)?;
        (found, shape) = (Some(member), &member.shape);
    }
    found
}

/// The first member that names an input: the way to it, and the name.
fn blamed(value: &Value, way: &str, depth: usize) -> Option<(String, String)> {
    match value {
        _ if depth > 4 => None,
        Value::Array(items) => blamed(items.first()?, &format!("{way}[]"), depth + 1),
        Value::Object(members) => {
            let dot = if way.is_empty() { "" } else { "." };
            let own = members.iter().find_map(|(name, value)| {
                let is_it = NAMES.contains(&letters(name).as_str());
                let text = value.as_str().filter(|_| is_it)?;
                Some((format!("{way}{dot}{name}"), text.to_owned()))
            });
            own.or_else(|| {
                let mut inner = members.iter();
                inner.find_map(|(name, value)| {
                    blamed(value, &format!("{way}{dot}{name}"), depth + 1)
                })
            })
        }
        _ => None,
    }
}

/// The way to the member of an error that names an input, if it is one that is called so and nothing else.
pub(crate) fn way_of_blame(body: &Value) -> Option<String> {
    const PLAIN: &[&str] = &[
        "field",
        "param",
        "parameter",
        "property",
        "attribute",
        "argument",
    ];
    let (way, text) = blamed(body, "", 0)?;
    let last = way.rsplit(['.', ']']).next().unwrap_or(&way);
    (PLAIN.contains(&letters(last).as_str()) && !text.is_empty()).then_some(way)
}

/// True if a text calls an input by its name, or by the way to it: `items[0].sku`, `/data/attributes/name`.
fn is_called(input: &Input, text: &str) -> bool {
    let last = text.rsplit(['.', '/']).next().unwrap_or(text);
    let last = last.split('[').next().unwrap_or(last);
    letters(last) == letters(&input.name)
}

/// True if one of two inputs is within the other: a refusal may name either.
fn is_around(one: &Input, other: &Input) -> bool {
    let (one, other) = (&one.steps, &other.steps);
    !one.is_empty() && !other.is_empty() && (one.starts_with(other) || other.starts_with(one))
}

/// The one input that a refusal names, by a value such as `"field": "name"`, a key, or a word of a message.
pub(crate) fn named_input(case: &Case<'_>, body: &Value) -> Option<Input> {
    let inputs = input::inputs(case.operation);
    let mut texts = Vec::new();
    collect_texts(body, 0, &mut texts);
    let only = |is_named: &dyn Fn(&Input, &str) -> bool| {
        let mut named = inputs
            .iter()
            .filter(|input| texts.iter().any(|text| is_named(input, text)));
        named.next().filter(|_| named.next().is_none()).cloned()
    };
    let is_it = |input: &Input, text: &str| {
        text == input.name
            || input.subject().ends_with(&format!(".{text}")) && text.contains('.')
            || text.starts_with(['/', '#']) && is_called(input, text)
    };
    let speaks_of = |input: &Input, text: &str| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let mut words = text.split(|c| !is_part(c));
        let is_name = |word: &str| {
            word == input.name || word.len() > 2 && word.eq_ignore_ascii_case(&input.name)
        };
        text.contains(' ') && words.any(is_name)
    };
    only(&is_it).or_else(|| only(&speaks_of))
}

/// Texts nested deeper are not looked at.
const DEPTH: usize = 6;

pub(super) fn collect_texts(value: &Value, depth: usize, into: &mut Vec<String>) {
    match value {
        _ if depth > DEPTH => {}
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => {
            for item in items {
                collect_texts(item, depth + 1, into);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                // At the root names are those of the error, and no inputs.
                if depth > 0 {
                    into.push(name.clone());
                }
                collect_texts(value, depth + 1, into);
            }
        }
        _ => {}
    }
}
