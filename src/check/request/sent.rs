//! What requests send, beside the shapes of it: bodies of curl commands and of JSON fences, queries, and paths.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::check::comparison::{Comparison, Shown};
use crate::model::curl::{Body, Curl, PartValue, Spanned};
use crate::model::json::{self, Json, JsonKind, Member};
use crate::model::route::Template;
use crate::model::shape::{Mismatch, MismatchKind, Shape, ShapeKind};
use crate::model::{self, Field, Location, Operation, Origin, Parameter, code};

use super::parameters;
use super::{Call, Requests, fit};

/// The comparisons of what is sent with what is documented as sent.
pub(in crate::check) fn comparisons<'a>(requests: &Requests<'a>) -> Vec<Comparison<'a>> {
    let mut found: Vec<_> = body(requests).into_iter().collect();
    found.extend(body_of_code(requests));
    for parameter in &requests.operation.parameters {
        found.extend(of_parameter(requests, parameter));
    }
    found
}

fn body<'a>(requests: &Requests<'a>) -> Option<Comparison<'a>> {
    let body = requests.operation.body.as_ref()?;
    let mut examples: Vec<Shown<'a>> = Vec::new();
    for (call, curl) in requests.own() {
        let mut shown = of_curl(call, curl, &body.shape);
        if let Some(shown) = shown.as_mut().filter(|_| sends_basic(curl)) {
            shown
                .mismatches
                .retain(|mismatch| !is_sent_as_basic(mismatch, &body.fields));
        }
        examples.extend(shown);
    }
    let fences = of_fences(requests.operation, &body.shape);
    examples.extend(
        fences
            .into_iter()
            .filter(|it| it.origin != Origin::Inferred),
    );
    Comparison::new(
        "request.body",
        "the body",
        &body.shape,
        examples,
        &body.fields,
    )
}

/// The words that the values of queries and the texts in bodies consist of.
pub(in crate::check) fn words(requests: &Requests<'_>) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut add = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        found.extend(words.filter(|it| !it.is_empty()).map(str::to_owned));
    };
    for (_, curl) in requests.own() {
        let queries = curl.url.iter().flat_map(|url| &url.query);
        for value in queries.filter_map(|pair| pair.value.as_ref()) {
            add(&value.value);
        }
        if let Some(body) = parameters::json_body(curl) {
            let items = body.members().iter().flat_map(|it| it.value.items());
            items.filter_map(Json::as_str).for_each(&mut add);
        }
    }
    found
}

fn sends_basic(curl: &Curl) -> bool {
    let header = curl.header("authorization");
    let words = header.and_then(|header| header.value.value.split_whitespace().next());
    curl.user.is_some() || words.is_some_and(|word| word.eq_ignore_ascii_case("basic"))
}

/// True for a member that is missing because its value is sent as the user or the password of HTTP Basic: OAuth has it so
/// for clients, and other texts say it.
fn is_sent_as_basic(mismatch: &Mismatch, fields: &[Field]) -> bool {
    let path = mismatch.path.subject();
    let is_of_client = matches!(
        path.as_str(),
        "client_id" | "client_secret" | "clientId" | "clientSecret"
    );
    let says_so = || {
        let mut fields = fields.iter();
        let field = fields.find(|field| field.name.value.trim() == path);
        field.is_some_and(|field| {
            let text = field.description.to_lowercase();
            text.contains("basic auth") || text.contains("http basic")
        })
    };
    mismatch.kind == MismatchKind::Missing && (is_of_client || says_so())
}

/// The bodies that code in other languages writes out, and fences that are only taken for bodies, apart from those of curl:
/// they are read less surely.
fn body_of_code<'a>(requests: &Requests<'a>) -> Option<Comparison<'a>> {
    let body = requests.operation.body.as_ref()?;
    let calls = requests
        .calls
        .iter()
        .filter(|call| call.curl.is_none() && call.is_own());
    let fences = of_fences(requests.operation, &body.shape);
    let fences = fences
        .into_iter()
        .filter(|it| it.origin == Origin::Inferred);
    let examples = calls.filter_map(|call| {
        let language = call.example.language.as_deref()?;
        let value = code::body(call.example.text.text(), language)?;
        Some(Shown {
            origin: Origin::Inferred,
            title: call.example.title.as_deref(),
            mismatches: body.shape.as_shown().mismatches(&value),
            value: Cow::Owned(value),
            text: &call.example.text,
            decoded: None,
        })
    });
    Comparison::new(
        "request.body",
        "the body",
        &body.shape,
        examples.chain(fences).collect(),
        &body.fields,
    )
}

fn of_curl<'a>(call: &Call<'a>, curl: &'a Curl, shape: &Shape) -> Option<Shown<'a>> {
    let (value, decoded) = match curl.body.as_ref()? {
        Body::Raw(text) => (parameters::json_body(curl)?, Some(text)),
        Body::Form(_, pairs) => {
            let members = pairs.iter().map(|pair| {
                let value = pair.value.clone().unwrap_or_else(|| Spanned {
                    value: String::new(),
                    range: pair.range.clone(),
                });
                (&pair.name, Some(value))
            });
            (form(curl, members, shape), None)
        }
        Body::Multipart(parts) => {
            let members = parts.iter().map(|part| match &part.value {
                PartValue::Text(text) => (&part.name, Some(text.clone())),
                PartValue::File(_) => (&part.name, None),
            });
            (form(curl, members, shape), None)
        }
        Body::File(_) | Body::Upload(_) => return None,
    };
    Some(Shown {
        origin: call.example.origin,
        title: call.example.title.as_deref(),
        mismatches: shape.as_shown().mismatches(&value),
        value: Cow::Owned(value),
        text: &call.example.text,
        decoded,
    })
}

/// JSON fences among the request examples that show a body alone.
fn of_fences<'a>(operation: &'a Operation, shape: &Shape) -> Vec<Shown<'a>> {
    let mut found = Vec::new();
    for example in &operation.request_examples {
        let is_json = example
            .language
            .as_deref()
            .is_some_and(|language| language.eq_ignore_ascii_case("json"));
        if !is_json || example.curl.is_some() || !example.text.text().trim_start().starts_with('{')
        {
            continue;
        }
        let mut reading = json::read(example.text.text());
        let Some(value) = (reading.documents.len() == 1)
            .then(|| reading.documents.pop())
            .flatten()
        else {
            continue;
        };
        found.push(Shown {
            origin: example.origin,
            title: example.title.as_deref(),
            mismatches: shape.as_shown().mismatches(&value),
            value: Cow::Owned(value),
            text: &example.text,
            decoded: None,
        });
    }
    found
}

/// A form as the object that it stands for: each text is taken for what its field documents.
fn form<'p>(
    curl: &Curl,
    pairs: impl Iterator<Item = (&'p Spanned<String>, Option<Spanned<String>>)>,
    shape: &Shape,
) -> Json {
    let mut members: Vec<Member> = Vec::new();
    for (name, value) in pairs {
        let documented = shape
            .members()
            .iter()
            .find(|member| member.name == name.value);
        let key = if documented.is_some() {
            name.value.clone()
        } else {
            parameters::plain(&name.value).to_owned()
        };
        let is_bracketed = key != name.value;
        let value = match value {
            Some(text) if !is_bracketed => {
                let kind = documented.map_or(&ShapeKind::Unknown, |member| &member.shape.kind);
                value_of(&text, kind)
            }
            // Files, and values in brackets, stand for something that the text does not show.
            _ => Json {
                range: name.range.clone(),
                kind: JsonKind::Elision,
            },
        };
        members.push(Member {
            key,
            key_range: name.range.clone(),
            value,
        });
    }
    Json {
        range: curl.range.clone(),
        kind: JsonKind::Object(members),
    }
}

/// A text as the value that its documented kind makes of it; what cannot be one stays a string.
fn value_of(text: &Spanned<String>, kind: &ShapeKind) -> Json {
    let value = text.value.as_str();
    let is_filled_in = value.contains(['$', '{', '<'])
        || value.to_ascii_lowercase().contains("your_")
        || value.contains("...")
        || crate::model::shape::is_placeholder(value)
        || value.is_empty();
    let kind = if is_filled_in {
        JsonKind::Elision
    } else {
        kind_of(value, kind, &text.range)
    };
    Json {
        range: text.range.clone(),
        kind,
    }
}

/// True for words with commas between them.
fn is_list(value: &str) -> bool {
    let is_word = |item: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        !item.is_empty() && item.chars().all(is_part)
    };
    value.contains(',') && value.split(',').all(is_word)
}

fn is_scalar(kind: &ShapeKind) -> bool {
    matches!(
        kind,
        ShapeKind::String | ShapeKind::Integer | ShapeKind::Number
    )
}

/// `range` is the place of the value.
fn kind_of(value: &str, kind: &ShapeKind, range: &Range<usize>) -> JsonKind {
    match kind {
        ShapeKind::String => JsonKind::String(value.to_owned()),
        // A date, say, of which there are several notations.
        ShapeKind::Union(variants) if variants.iter().all(|it| it.kind == ShapeKind::String) => {
            JsonKind::String(value.to_owned())
        }
        ShapeKind::Boolean => match value.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => JsonKind::Bool(true),
            "false" | "0" | "no" | "off" => JsonKind::Bool(false),
            _ => JsonKind::String(value.to_owned()),
        },
        ShapeKind::Integer | ShapeKind::Number => value
            .parse::<serde_json::Number>()
            .map_or_else(|_| JsonKind::String(value.to_owned()), JsonKind::Number),
        // Of alternatives that a text can be, it is the first that it fits.
        ShapeKind::Union(variants) => {
            let read = variants.iter().map(|shape| Json {
                range: 0..0,
                kind: kind_of(value, &shape.kind, range),
            });
            let read: Vec<Json> = read.collect();
            if read.iter().any(|value| value.kind == JsonKind::Elision) {
                return JsonKind::Elision;
            }
            let fitting = variants
                .iter()
                .zip(&read)
                .find(|(shape, value)| shape.matches(value));
            fitting.map_or_else(
                || JsonKind::String(value.to_owned()),
                |(_, value)| value.kind.clone(),
            )
        }
        // Commas are the one notation of a list that looks like nothing else.
        ShapeKind::Array(items) if is_list(value) && is_scalar(&items.kind) => {
            let items = value.split(',').map(|item| Json {
                range: range.clone(),
                kind: kind_of(item, &items.kind, range),
            });
            JsonKind::Array(items.collect())
        }
        // Arrays and objects have as many notations in a query as there are APIs.
        _ => JsonKind::Elision,
    }
}

fn of_parameter<'a>(requests: &Requests<'a>, parameter: &'a Parameter) -> Option<Comparison<'a>> {
    let name = parameter.field.name.value.trim();
    let mut examples = Vec::new();
    for (call, curl) in requests.own() {
        for text in values(requests.operation, parameter, call, curl) {
            let value = value_of(&text, &parameter.shape.kind);
            examples.push(Shown {
                origin: call.example.origin,
                title: call.example.title.as_deref(),
                mismatches: parameter.shape.mismatches(&value),
                value: Cow::Owned(value),
                text: &call.example.text,
                decoded: None,
            });
        }
    }
    let place = parameter.location.as_str();
    let subject = format!("request.{place}.{name}");
    let comparison = Comparison::new(
        subject,
        format!("`{name}`"),
        &parameter.shape,
        examples,
        &[],
    )?;
    Some(Comparison {
        parameter: Some(&parameter.field),
        ..comparison
    })
}

/// The values that a command sends for a parameter.
fn values(
    operation: &Operation,
    parameter: &Parameter,
    call: &Call<'_>,
    curl: &Curl,
) -> Vec<Spanned<String>> {
    let name = parameter.field.name.value.trim();
    match parameter.location {
        Location::Query => parameters::query(curl)
            .iter()
            .filter(|pair| pair.name.value == name)
            .filter_map(|pair| pair.value.clone())
            .collect(),
        Location::Header if !model::is_credential(name) => curl
            .header(name)
            .map(|header| header.value.clone())
            .into_iter()
            .collect(),
        Location::Path => path_value(operation, name, call).into_iter().collect(),
        Location::Header | Location::Cookie => Vec::new(),
    }
}

/// The segment that stands in the place of a parameter.
pub(super) fn path_value(
    operation: &Operation,
    name: &str,
    call: &Call<'_>,
) -> Option<Spanned<String>> {
    if !matches!(call.fit, fit::Fit::Exact | fit::Fit::Method) {
        return None;
    }
    let template: Vec<&str> = fit::segments(&operation.endpoint.value.path).collect();
    let at = template.iter().position(|segment| {
        let own = Template::parse(segment);
        let is_whole =
            segment.starts_with(':') || segment.starts_with('{') && segment.ends_with('}');
        is_whole && own.parameters() == [name]
    })?;
    let from_end = template.len() - at;
    let segments = placed_segments(&call.target.path);
    let (text, range) = segments.get(segments.len().checked_sub(from_end)?)?.clone();
    let start = call.target.path_range.start;
    // The bytes can only be told where the path was written without quotes and escapes.
    let is_verbatim = call.target.path_range.len() == call.target.path.len();
    (is_verbatim && !fit::is_variable(text)).then(|| Spanned {
        value: crate::model::route::decode(text),
        range: start + range.start..start + range.end,
    })
}

/// The segments of a path with their bytes.
fn placed_segments(path: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    for segment in path.split('/') {
        if !segment.is_empty() {
            found.push((segment, at..at + segment.len()));
        }
        at += segment.len() + 1;
    }
    found
}
