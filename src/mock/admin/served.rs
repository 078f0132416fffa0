//! What is served, as the page shows it: each operation with its place in the docs, and a request to try.

use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::mock::answer::Fields;
use crate::mock::generate::{self, Circumstances};
use crate::mock::samples::Samples;
use crate::mock::{Mock, Served, credentials, form, select, shown};
use crate::model::curl::{Body, Curl};
use crate::model::shape::{Member, Shape};
use crate::model::{Location, Parameter, endpoint};

/// All operations, in the order of their pages.
pub(super) fn operations(mock: &Mock) -> Value {
    let operations = mock.operations.iter().map(|served| of(mock, served));
    json!({ "operations": operations.collect::<Vec<_>>() })
}

fn of(mock: &Mock, served: &Served) -> Value {
    let operation = &served.operation;
    let span = operation.endpoint.evidence.span;
    json!({
        "name": &*served.name,
        "method": operation.endpoint.value.method,
        "path": operation.joined_path(),
        "title": operation.title,
        "description": operation.description,
        "source": mock.places.of(span).to_json(),
        "answer": served.usual_answer(),
        "answers": select::listing(&served.answers),
        "request": request(mock, served),
    })
}

/// The request of the first command of the pages; without one, a made-up request with all that is required.
fn request(mock: &Mock, served: &Served) -> Value {
    let operation = &served.operation;
    let examples = operation.request_examples.iter();
    let mut commands = examples.filter_map(|example| example.curl.as_ref());
    let Some((curl, url)) = commands.find_map(|curl| Some((curl, curl.url.as_ref()?))) else {
        return made_up(mock, served);
    };
    let (_, target) = endpoint::split_server(url.text.text());
    let target = if target.starts_with('/') {
        target.to_owned()
    } else {
        operation.joined_path()
    };
    let headers = curl.headers.iter();
    let mut headers: Vec<[&str; 2]> = headers
        .map(|header| [header.name.value.as_str(), header.value.value.as_str()])
        .collect();
    let is_typed = headers
        .iter()
        .any(|[name, _]| name.eq_ignore_ascii_case("content-type"));
    if let Some(media_type) = curl.content_type()
        && !is_typed
    {
        headers.push(["Content-Type", media_type]);
    }
    if let Some(Body::Multipart(_)) = curl.body
        && let Some((form, _)) = shown::request(operation, curl)
    {
        // The boundary belongs to the body that is shown.
        headers.retain(|[name, _]| !name.eq_ignore_ascii_case("content-type"));
        let media_type = form.header(CONTENT_TYPE).unwrap_or_default();
        let headers = headers
            .iter()
            .copied()
            .chain([["Content-Type", &*media_type]]);
        let headers: Vec<[&str; 2]> = headers.collect();
        let body = String::from_utf8_lossy(&form.body);
        return json!({ "target": target, "headers": headers, "body": body });
    }
    json!({ "target": target, "headers": headers, "body": body(curl) })
}

/// The body, if it is text that a page can send.
fn body(curl: &Curl) -> Option<&str> {
    match curl.body.as_ref()? {
        Body::Raw(text) | Body::Form(text, _) => Some(text.text()),
        Body::Multipart(_) | Body::File(_) | Body::Upload(_) => None,
    }
}

/// A request with values for what the path, and whatever else is required, takes.
fn made_up(mock: &Mock, served: &Served) -> Value {
    let operation = &served.operation;
    let mut target = operation.joined_path();
    let mut headers: Vec<[String; 2]> = credentials::samples(operation);
    let mut query = Vec::new();
    let wanted = operation.parameters.iter().filter(|parameter| {
        let is_wanted = parameter.location == Location::Path || parameter.field.is_required();
        is_wanted && !credentials::covers(operation, parameter.field.name.value.trim())
    });
    for parameter in wanted {
        let name = parameter.field.name.value.trim();
        let Some(value) = value(mock, served, parameter) else {
            continue;
        };
        match parameter.location {
            Location::Path => {
                for form in [format!("{{{name}}}"), format!(":{name}")] {
                    target = target.replace(&form, &value);
                }
            }
            Location::Query => query.push((name.to_owned(), value)),
            Location::Header => headers.push([name.to_owned(), value]),
            Location::Cookie => headers.push(["Cookie".to_owned(), format!("{name}={value}")]),
        }
    }
    if !query.is_empty() {
        target = format!("{target}?{}", form::to_query(&query));
    }
    let media_type = operation.body.as_ref().map(|body| &body.media_type.value);
    headers.extend(media_type.map(|it| ["Content-Type".to_owned(), it.clone()]));
    let body = made_up_body(mock, served);
    json!({ "target": target, "headers": headers, "body": body })
}

fn circumstances<'a>(mock: &'a Mock, served: &'a Served) -> Circumstances<'a> {
    Circumstances {
        operation: &served.name,
        lexicon: Some(&mock.lexicon),
        ..Circumstances::default()
    }
}

/// A value for a parameter, made as that of a member with its name.
fn value(mock: &Mock, served: &Served, parameter: &Parameter) -> Option<String> {
    let field = &parameter.field;
    let name = field.name.value.trim();
    let member = Member {
        name: name.to_owned(),
        shape: parameter.shape.clone(),
        required: None,
        evidence: Some(field.name.evidence),
    };
    let fields = Fields {
        shape: Shape::object(vec![member], None),
        samples: Samples::of(std::slice::from_ref(field)),
        is_success: true,
    };
    let made = generate::generate(&fields, circumstances(mock, served));
    made.get(name).map(text)
}

/// A body for an operation that documents one.
fn made_up_body(mock: &Mock, served: &Served) -> Option<String> {
    let body = served.operation.body.as_ref()?;
    let fields = Fields {
        shape: body.shape.clone(),
        samples: Samples::of(&body.fields),
        is_success: true,
    };
    let made = generate::generate(&fields, circumstances(mock, served));
    if !body.media_type.value.contains("urlencoded") {
        return Some(format!("{made:#}"));
    }
    let members = made.as_object()?.iter();
    let pairs: Vec<_> = members
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    Some(form::to_query(&pairs))
}

/// A value as it stands in a query.
fn text(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}
