//! What is served, as the page shows it: each operation with its place in the docs, and a request to try.

use serde_json::{Value, json};

use crate::mock::{Mock, Served, select};
use crate::model::curl::{Body, Curl};
use crate::model::{Operation, endpoint};

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
        "request": request(operation),
    })
}

/// The request of the first command of the pages; without one, the path alone.
fn request(operation: &Operation) -> Value {
    let examples = operation.request_examples.iter();
    let mut commands = examples.filter_map(|example| example.curl.as_ref());
    let Some((curl, url)) = commands.find_map(|curl| Some((curl, curl.url.as_ref()?))) else {
        return json!({ "target": operation.joined_path(), "headers": [], "body": null });
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
    json!({ "target": target, "headers": headers, "body": body(curl) })
}

/// The body, if it is text that a page can send.
fn body(curl: &Curl) -> Option<&str> {
    match curl.body.as_ref()? {
        Body::Raw(text) | Body::Form(text, _) => Some(text.text()),
        Body::Multipart(_) | Body::File(_) | Body::Upload(_) => None,
    }
}
