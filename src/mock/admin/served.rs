//! What is served, as the page shows it: each operation with its place in the docs, and a request to try.

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::mock::answer::Fields;
use crate::mock::generate::{self, Circumstances};
use crate::mock::samples::Samples;
use crate::mock::{Mock, Served, credentials, form, select, shown, words};
use crate::model::curl::{Body, Curl, Url};
use crate::model::route::{Router, Template};
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::{Location, Operation, Parameter, endpoint};

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

/// The request of the first command of the pages that leads to the operation; without one, a made-up request with all that
/// is required.
fn request(mock: &Mock, served: &Served) -> Value {
    let operation = &served.operation;
    let examples = operation.request_examples.iter();
    let mut commands = examples.filter_map(|example| example.curl.as_ref());
    let own = commands.find_map(|curl| {
        let url = curl.url.as_ref()?;
        leads_here(served, curl, &url.path.value).then_some((curl, url))
    });
    let Some((curl, url)) = own else {
        return made_up(mock, served);
    };
    let target = known(mock, &target(operation, url));
    let headers = curl.headers.iter();
    let mut headers: Vec<[&str; 2]> = headers
        .map(|header| [header.name.value.as_str(), header.value.value.as_str()])
        .collect();
    let user = curl.user.as_ref().map(|user| basic(&user.value));
    let has_own = headers
        .iter()
        .any(|[name, _]| name.eq_ignore_ascii_case("authorization"));
    headers.extend(
        user.iter()
            .filter(|_| !has_own)
            .map(|it| ["Authorization", it.as_str()]),
    );
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

/// True if a command asks for the operation, or for a path at which it is answered as well.
fn leads_here(served: &Served, curl: &Curl, path: &str) -> bool {
    let ways = &served.ways;
    let method = &curl.method.value;
    let is_at = |template: &str, path: &str| {
        let mut router = Router::new();
        router.insert(Template::parse(template), ());
        !router.find(path).is_empty()
    };
    let is_own = || {
        let mut paths = ways.paths.iter().chain(&ways.shorter);
        path.is_empty()
            || paths.any(|it| is_at(it, path) || ways.is_deep && is_at(it, &cut(path, it)))
    };
    let mut shown = ways.shown.iter();
    method == ways.entry.method.as_str() && is_own()
        || shown.any(|it| it.method.as_str() == method && is_at(&it.path, path))
}

/// The first segments of a path, as many as a template has.
fn cut(path: &str, template: &str) -> String {
    let count = template.split('/').count();
    path.split('/').take(count).collect::<Vec<_>>().join("/")
}

/// The path of a command with all that it sends in the query, also what `-G` puts there.
fn target(operation: &Operation, url: &Url) -> String {
    let (_, target) = endpoint::split_server(url.text.text());
    let target = if target.starts_with('/') {
        target.to_owned()
    } else {
        operation.joined_path()
    };
    let (path, written) = target.split_once('?').unwrap_or((&target, ""));
    let is_whole = form::pairs(written).len() == url.query.len();
    if is_whole {
        return plain(&target);
    }
    let pairs = url.query.iter().map(|pair| {
        let value = pair.value.as_ref().map_or("", |value| &value.value);
        (pair.name.value.clone(), value.to_owned())
    });
    let query = form::to_query(&pairs.collect::<Vec<_>>());
    format!("{}?{query}", plain(path))
}

/// A target with its spaces escaped, as no request may hold them.
fn plain(target: &str) -> String {
    target.trim().replace(' ', "%20")
}

/// A value as one segment of a path, or as several where these are taken.
fn segment(value: &str, is_deep: bool) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@,".contains(&byte);
    let mut escaped = String::new();
    for byte in value.bytes() {
        if is_plain(byte) || is_deep && byte == b'/' {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// What a user and a password are sent as.
fn basic(user: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(user))
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
                let value = segment(&value, served.ways.is_deep);
                for form in [format!("{{{name}}}"), format!(":{name}")] {
                    target = target.replace(&form, &value);
                }
            }
            Location::Query => query.push((name.to_owned(), value)),
            Location::Header => headers.push([name.to_owned(), value]),
            Location::Cookie => headers.push(["Cookie".to_owned(), format!("{name}={value}")]),
        }
    }
    target = filled(mock, &target);
    let fixed = operation
        .endpoint
        .value
        .query
        .as_deref()
        .unwrap_or_default();
    query.splice(0..0, form::pairs(fixed));
    if !query.is_empty() {
        target = format!("{target}?{}", form::to_query(&query));
    }
    let (media_type, body) = made_up_body(mock, served).unzip();
    headers.extend(media_type.map(|it| ["Content-Type".to_owned(), it]));
    json!({ "target": plain(&target), "headers": headers, "body": body })
}

/// A target of a command with values that examples of the site show in the place of `<book_id>`.
fn known(mock: &Mock, target: &str) -> String {
    let (path, query) = target
        .find('?')
        .map_or((target, ""), |at| target.split_at(at));
    if !path.contains(['<', '{']) {
        return target.to_owned();
    }
    let segments = path.split('/').map(|segment| {
        let name = segment
            .strip_prefix('<')
            .and_then(|it| it.strip_suffix('>'));
        name.map_or_else(|| segment.to_owned(), |name| format!("{{{name}}}"))
    });
    let path = segments.collect::<Vec<_>>().join("/");
    format!("{}{query}", filled(mock, &path))
}

/// A path with values that examples of the site show in the place of parameters that are not documented.
fn filled(mock: &Mock, path: &str) -> String {
    let mut before = "";
    let mut filled = Vec::new();
    for segment in path.split('/') {
        let braced = segment
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'));
        let name = braced.or_else(|| segment.strip_prefix(':'));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => filled.push(self::segment(&shown_value(mock, name, before), false)),
            None => filled.push(segment.to_owned()),
        }
        before = segment;
    }
    filled.join("/")
}

/// What examples show under the name of a parameter, or as the id of what stands before it in the path.
fn shown_value(mock: &Mock, name: &str, before: &str) -> String {
    let noun = words::singular(before);
    let parts = words::parts(name);
    let kind = match parts.split_last() {
        Some((last, [.., kind])) if last == "id" => kind.clone(),
        _ => noun.clone(),
    };
    let id = mock.lexicon.id(&kind).or_else(|| mock.lexicon.id(&noun));
    let is_id = parts.last().is_some_and(|last| last == "id");
    let named = mock.lexicon.values(name).first().map(text);
    let id = id.map(str::to_owned).filter(|_| is_id || named.is_none());
    id.or(named).unwrap_or_else(|| "1".to_owned())
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
        parts: Vec::new(),
        samples: Samples::of(std::slice::from_ref(field)),
        is_success: true,
    };
    let made = generate::generate(&fields, circumstances(mock, served));
    made.get(name).map(text)
}

/// A body for an operation that documents one, and its media type.
fn made_up_body(mock: &Mock, served: &Served) -> Option<(String, String)> {
    let body = served.operation.body.as_ref()?;
    let fields = Fields {
        shape: body.shape.clone(),
        parts: Vec::new(),
        samples: Samples::of(&body.fields),
        is_success: true,
    };
    let made = generate::generate(&fields, circumstances(mock, served));
    let media_type = body.media_type.value.clone();
    let is_form = media_type.contains("urlencoded");
    if !is_form && !media_type.contains("multipart") {
        return Some((media_type, format!("{made:#}")));
    }
    let members = made.as_object()?.iter();
    let pairs = members.flat_map(|(name, value)| {
        let values = match value {
            Value::Array(items) => items.iter().map(text).collect(),
            single => vec![text(single)],
        };
        values.into_iter().map(|value| (name.clone(), value))
    });
    let pairs: Vec<_> = pairs.collect();
    if is_form {
        return Some((media_type, form::to_query(&pairs)));
    }
    let is_file = |name: &str| {
        let mut members = body.shape.members().iter();
        members.any(|member| member.name == name && takes_file(&member.shape))
    };
    let media_type = format!("multipart/form-data; boundary={}", shown::BOUNDARY);
    Some((media_type, multipart(&pairs, is_file)))
}

fn takes_file(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::File => true,
        ShapeKind::Array(items) => takes_file(items),
        ShapeKind::Union(shapes) => shapes.iter().any(takes_file),
        _ => false,
    }
}

/// A form with a small file in each part that takes one.
fn multipart(pairs: &[(String, String)], is_file: impl Fn(&str) -> bool) -> String {
    let mut form = String::new();
    for (name, value) in pairs {
        let (file, value) = if is_file(name) {
            ("; filename=\"example.txt\"", "example")
        } else {
            ("", value.as_str())
        };
        let _ = write!(
            form,
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n",
            shown::BOUNDARY
        );
    }
    let _ = write!(form, "--{}--\r\n", shown::BOUNDARY);
    form
}

/// A value as it stands in a query.
fn text(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}
