//! The request of a curl command, as it is written.
//!
//! The method and the path are those of the endpoint, so that a command with a slip still tests the operation; values of
//! path parameters, query, headers, and body are those of the command. What is bound takes the place of its mark:
//! `<token>`, `$TOKEN`, `YOUR_TOKEN`, `{{token}}`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::conform::bindings::{Bindings, is_secret, shell_name};
use crate::conform::encode;
use crate::conform::message::BOUNDARY;
use crate::model::curl::{self, Curl, Part, PartValue, Variable, VariableForm};
use crate::model::route::{Router, Template};
use crate::model::{Operation, RequestExample};

use super::Reason;
use super::draft::{Draft, Payload};
use super::path;

/// Headers that belong to the connection, or ask for an encoding that is not read here.
const DROPPED: &[&str] = &[
    "host",
    "content-length",
    "connection",
    "transfer-encoding",
    "accept-encoding",
    "expect",
];

/// The command that shows the operation: one of its method and path, else one of its path, else one of its method.
pub(super) fn choose(operation: &Operation) -> Option<(&RequestExample, &Curl)> {
    let commands = ranked(operation).min_by_key(|(rank, _)| *rank);
    commands.map(|(_, command)| command)
}

/// All commands of its method and path.
pub(super) fn all(operation: &Operation) -> impl Iterator<Item = (&RequestExample, &Curl)> {
    let commands = ranked(operation).filter(|(rank, _)| *rank == (false, false));
    commands.map(|(_, command)| command)
}

/// The commands with whether they have another path, and another method; without those that have both.
fn ranked(operation: &Operation) -> impl Iterator<Item = ((bool, bool), (&RequestExample, &Curl))> {
    let path = &operation.endpoint.value.path;
    let curls = operation.request_examples.iter();
    let curls = curls.filter_map(|example| Some((example, example.curl.as_ref()?)));
    curls
        .filter(|(_, curl)| curl.url.is_some())
        .filter_map(|(example, curl)| {
            let other_path = capture(path, curl).is_none();
            let other_method = curl.method.value != operation.endpoint.value.method;
            let is_other = other_path && other_method;
            (!is_other).then_some(((other_path, other_method), (example, curl)))
        })
}

/// The values of the path parameters; `None` if the command calls another path.
fn capture(path: &str, curl: &Curl) -> Option<Vec<(String, String)>> {
    let called = &curl.url.as_ref()?.path.value;
    let documented: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let called: Vec<_> = called.split('/').filter(|part| !part.is_empty()).collect();
    // Above the shorter one stands a base path, or a variable that holds it.
    let depth = documented.len().min(called.len());
    if depth == 0 && !documented.is_empty() {
        return None;
    }
    let tail = |parts: &[&str]| {
        let parts = parts.get(parts.len() - depth..).unwrap_or_default();
        format!("/{}", parts.join("/"))
    };
    let mut router = Router::new();
    router.insert(Template::parse(&tail(&documented)), ());
    let found = router.find(&tail(&called)).into_iter().next()?;
    let values = found.parameters.into_iter();
    Some(
        values
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// The request, or why it cannot be sent.
pub(super) fn draft(
    operation: &Operation,
    example: &RequestExample,
    curl: &Curl,
    bindings: &Bindings,
) -> Result<Draft, Reason> {
    let marks = Marks::of(example, curl, bindings);
    let captured: Vec<_> = capture(&operation.endpoint.value.path, curl)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name, marks.path_value(&value)))
        .collect();
    let mut draft = Draft::new(operation, path::fill(operation, &captured, bindings));
    draft.span = example.text.span(curl.range.clone());
    if let Some(url) = &curl.url {
        for pair in &url.query {
            let value = pair.value.as_ref().map(|value| marks.bind(&value.value));
            draft.query.push((pair.name.value.clone(), value));
        }
    }
    if !draft.query.is_empty() {
        drop_repeated(&mut draft);
    }
    for header in &curl.headers {
        let name = &header.name.value;
        if !DROPPED.contains(&name.to_ascii_lowercase().as_str()) {
            if is_secret(name) {
                draft.secrets.extend(marks.values_in(&header.value.value));
            }
            draft
                .headers
                .push((name.clone(), marks.bind(&header.value.value)));
        }
    }
    add_user(&mut draft, curl, &marks);
    add_body(&mut draft, curl, &marks)?;
    draft.placeholders = marks.unbound;
    Ok(draft)
}

/// The query of the endpoint is not sent where the command repeats it.
fn drop_repeated(draft: &mut Draft) {
    let Some(fixed) = draft.fixed_query.take() else {
        return;
    };
    let is_new = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !draft.query.iter().any(|(known, _)| known == name)
    };
    let rest: Vec<_> = fixed.split('&').filter(is_new).collect();
    draft.fixed_query = (!rest.is_empty()).then(|| rest.join("&"));
}

fn add_user(draft: &mut Draft, curl: &Curl, marks: &Marks) {
    let has_header = curl.header("authorization").is_some();
    let Some(user) = curl.user.as_ref().filter(|_| !has_header) else {
        return;
    };
    let plain = marks.bind(&user.value);
    let colon = if plain.contains(':') { "" } else { ":" };
    let encoded = STANDARD.encode(format!("{plain}{colon}"));
    let bound = marks.values_in(&user.value);
    if !bound.is_empty() {
        draft.secrets.extend(bound);
        draft
            .secrets
            .push((encoded.clone(), "BASIC_CREDENTIALS".to_owned()));
    }
    draft
        .headers
        .push(("Authorization".to_owned(), format!("Basic {encoded}")));
}

fn add_body(draft: &mut Draft, curl: &Curl, marks: &Marks) -> Result<(), Reason> {
    let Some(body) = &curl.body else {
        return Ok(());
    };
    draft.body = Some(match body {
        curl::Body::Raw(text) => Payload::of_text(marks.bind(text.text())),
        curl::Body::Form(_, pairs) => {
            let pairs = pairs.iter().map(|pair| {
                let value = pair.value.as_ref().map_or("", |value| &value.value);
                (pair.name.value.clone(), marks.bind(value))
            });
            Payload::Form(pairs.collect())
        }
        curl::Body::Multipart(parts) => {
            let parts = parts.iter().map(|part| text_part(part, marks));
            Payload::Parts(parts.collect::<Result<_, _>>()?)
        }
        curl::Body::File(name) | curl::Body::Upload(name) => {
            return Err(Reason::File(name.value.clone()));
        }
    });
    let is_multipart = matches!(body, curl::Body::Multipart(_));
    if is_multipart {
        draft
            .headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    }
    let has_type = draft
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(media_type) = curl.content_type().filter(|_| !has_type) {
        let value = content_type(media_type, is_multipart);
        draft.headers.push(("Content-Type".to_owned(), value));
    }
    Ok(())
}

fn text_part(part: &Part, marks: &Marks) -> Result<(String, String), Reason> {
    match &part.value {
        PartValue::Text(text) => Ok((part.name.value.clone(), marks.bind(&text.value))),
        PartValue::File(file) => Err(Reason::File(file.value.clone())),
    }
}

/// The header of that media type; forms of several parts say what separates the parts.
pub(super) fn content_type(media_type: &str, is_multipart: bool) -> String {
    if is_multipart {
        format!("multipart/form-data; boundary={BOUNDARY}")
    } else {
        media_type.to_owned()
    }
}

/// `a=1&b=2`; a pair without a name is its value alone.
pub(super) fn form(pairs: impl Iterator<Item = (String, String)>) -> String {
    let pairs = pairs.map(|(name, value)| match name.as_str() {
        "" => encode::component(&value),
        name => format!("{}={}", encode::component(name), encode::component(&value)),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The marks of a command that something is bound to, the longest first.
struct Marks {
    bound: Vec<(String, String)>,
    /// The names of those that nothing is bound to.
    unbound: Vec<String>,
    /// All marks that are bound to nothing, as written.
    open: Vec<String>,
}

/// True for what stands in a header that is given as a whole, or in the user of `-u` beside one: it is not sent.
fn is_replaced(curl: &Curl, variable: &Variable, bindings: &Bindings) -> bool {
    let at = variable.range.start;
    let is_given = |wanted: &str| {
        let mut given = bindings.headers.iter();
        given.any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    let mut headers = curl.headers.iter();
    let header = headers.find(|it| it.range.contains(&at));
    let of_url = curl.url.as_ref().and_then(|url| url.user.as_ref());
    let mut users = curl.user.iter().chain(of_url);
    header.is_some_and(|header| is_given(&header.name.value))
        || users.any(|user| user.range.contains(&at)) && is_given("authorization")
}

impl Marks {
    fn of(example: &RequestExample, curl: &Curl, bindings: &Bindings) -> Self {
        let mut marks = Self {
            bound: Vec::new(),
            unbound: Vec::new(),
            open: Vec::new(),
        };
        let url = curl.url.as_ref();
        let path = url.map(|url| url.path.range.clone()).unwrap_or_default();
        let host = url.and_then(|url| url.host.as_ref());
        let host = host.map(|host| host.range.clone()).unwrap_or_default();
        for variable in &curl.variables {
            let text = example.text.text();
            let mark = text
                .get(variable.range.clone())
                .unwrap_or_default()
                .to_owned();
            let is_in_path = path.contains(&variable.range.start);
            if mark.is_empty()
                || variable.form == VariableForm::Colon && !is_in_path
                || host.contains(&variable.range.start)
            {
                continue;
            }
            match bindings.value(&variable.name) {
                Some(value) => marks.bound.push((mark, value.to_owned())),
                None if is_in_path => marks.open.push(mark),
                None if is_replaced(curl, variable, bindings) => {}
                None => {
                    if !marks.unbound.contains(&variable.name) {
                        marks.unbound.push(variable.name.clone());
                    }
                }
            }
        }
        marks
            .bound
            .sort_by_key(|(mark, _)| std::cmp::Reverse(mark.len()));
        marks.bound.dedup();
        marks
    }

    /// The text with bound values in the place of their marks.
    fn bind(&self, text: &str) -> String {
        let mut bound = String::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let mark = self
                .bound
                .iter()
                .find(|(mark, _)| rest.starts_with(mark.as_str()));
            let length = if let Some((mark, value)) = mark {
                bound.push_str(value);
                mark.len()
            } else {
                bound.push(character);
                character.len_utf8()
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        bound
    }

    /// The values that are bound to marks of a text, and names for them in a shell.
    fn values_in(&self, text: &str) -> Vec<(String, String)> {
        let marks = self.bound.iter().filter(|(mark, _)| text.contains(mark));
        let pairs = marks.map(|(mark, value)| {
            let is_mark = |c: char| !c.is_alphanumeric();
            (value.clone(), shell_name(mark.trim_matches(is_mark)))
        });
        pairs.collect()
    }

    /// The value of a path parameter; nothing if it is still open.
    fn path_value(&self, value: &str) -> String {
        if self.open.iter().any(|mark| value.contains(mark.as_str())) {
            return String::new();
        }
        self.bind(value)
    }
}
