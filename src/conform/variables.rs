//! What the pages leave open: every placeholder, in all the ways in which authors mark it, and what fills it in.
//!
//! Names are compared as for `--var`: `<api-key>`, `$API_KEY`, and `YOUR_API_KEY` are one variable.

use std::collections::BTreeMap;

use crate::model::curl::{self, Curl};
use crate::model::json::{Json, JsonKind};
use crate::model::route::Template;
use crate::model::shape::is_placeholder;
use crate::model::{Api, Operation, RequestExample};
use crate::source::Span;

use super::bindings::{Bindings, bare};
use super::chain::Kind;
use super::plan::{self, Phase, Plan};
use super::target::Target;

/// A variable of the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variable {
    /// Its name as it is written first.
    pub name: String,
    /// The ways in which it is written.
    pub forms: Vec<String>,
    /// Where it is used.
    pub uses: Vec<Use>,
    /// What fills it in, if something does.
    pub bound: Option<Bound>,
}

/// A place where a variable is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The index of the operation.
    pub operation: usize,
    /// The part of the request: `path`, `query`, `header Authorization`, `body`, or `host`.
    pub place: String,
    /// Where it is written.
    pub span: Span,
}

/// What fills in a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A value that is given.
    Value,
    /// A header that is given, in the place of the documented one.
    Header,
    /// The URL of the server.
    Url,
    /// What another operation makes or lists.
    Operation,
    /// The example or the default that the page shows.
    Page,
}

impl Bound {
    /// As it stands in a table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value => "a value",
            Self::Header => "a header",
            Self::Url => "--url",
            Self::Operation => "another operation",
            Self::Page => "the page",
        }
    }
}

/// The variables of all operations, by name.
pub fn variables(api: &Api, target: &Target, bindings: &Bindings) -> Vec<Variable> {
    let options = plan::Options {
        allow_writes: true,
        phases: vec![Phase::Examples],
        ..plan::Options::default()
    };
    let plan = plan::plan(api, target, bindings, &options);
    let mut found: BTreeMap<String, Variable> = BTreeMap::new();
    for (index, operation) in api.operations.iter().enumerate() {
        let mut marks = Vec::new();
        endpoint(operation, &mut marks);
        for example in &operation.request_examples {
            match &example.curl {
                Some(curl) => command(example, curl, &mut marks),
                None => body(example, &mut marks),
            }
        }
        for mark in marks {
            let variable = found.entry(bare(&mark.name)).or_default();
            if variable.name.is_empty() {
                variable.name.clone_from(&mark.name);
            }
            if !variable.forms.contains(&mark.form) {
                variable.forms.push(mark.form.clone());
            }
            let bound = bound(&mark, bindings, &plan, index);
            // One place that is open makes the variable one that is open.
            let is_first = variable.uses.is_empty();
            variable.bound = bound.filter(|_| is_first || variable.bound.is_some());
            let place = Use {
                operation: index,
                place: mark.place,
                span: mark.span,
            };
            if !variable.uses.contains(&place) {
                variable.uses.push(place);
            }
        }
    }
    let mut variables: Vec<_> = found.into_values().collect();
    for variable in &mut variables {
        variable.forms.sort();
    }
    variables
}

/// A variable as it is written somewhere.
struct Mark {
    name: String,
    form: String,
    place: String,
    span: Span,
}

fn bound(mark: &Mark, bindings: &Bindings, plan: &Plan, operation: usize) -> Option<Bound> {
    if mark.place == "host" {
        return Some(Bound::Url);
    }
    if bindings.value(&mark.name).is_some() {
        return Some(Bound::Value);
    }
    let header = mark.place.strip_prefix("header ");
    let mut headers = bindings.headers.iter();
    if header.is_some_and(|name| headers.any(|(known, _)| known.eq_ignore_ascii_case(name))) {
        return Some(Bound::Header);
    }
    let mut items = plan.items.iter();
    let item = items.find(|item| item.operation == operation);
    let in_path = item.filter(|_| mark.place == "path");
    if in_path.is_some_and(|item| item.draft.path_value(&mark.name).is_some()) {
        return Some(Bound::Page);
    }
    let slots = plan.roles.get(operation).map(|role| role.slots.as_slice());
    let slot = slots?.iter().find(|slot| slot.name == mark.name)?;
    let mut makers = plan.roles.iter();
    let is_made = makers
        .any(|role| role.makes(&slot.noun) || role.noun == slot.noun && role.kind == Kind::List);
    is_made.then_some(Bound::Operation)
}

/// The parameters of the path and of the server: `{id}`, `:id`, and `{region}`.
fn endpoint(operation: &Operation, marks: &mut Vec<Mark>) {
    let endpoint = &operation.endpoint;
    for name in Template::parse(&endpoint.value.path).parameters() {
        let colon = format!(":{name}");
        let is_colon = endpoint.value.path.contains(&colon);
        marks.push(Mark {
            form: if is_colon {
                colon
            } else {
                format!("{{{name}}}")
            },
            name: name.clone(),
            place: "path".to_owned(),
            span: endpoint.evidence.span,
        });
    }
    for server in &operation.servers {
        for name in Template::parse(&server.value).parameters() {
            marks.push(Mark {
                name: name.clone(),
                form: format!("{{{name}}}"),
                place: "host".to_owned(),
                span: server.evidence.span,
            });
        }
    }
}

/// The variables of a command.
fn command(example: &RequestExample, curl: &Curl, marks: &mut Vec<Mark>) {
    let text = example.text.text();
    for variable in &curl.variables {
        let Some(form) = text.get(variable.range.clone()) else {
            continue;
        };
        marks.push(Mark {
            name: variable.name.clone(),
            form: form.to_owned(),
            place: place(curl, variable.range.start),
            span: example.text.span(variable.range.clone()),
        });
    }
}

/// The part of a request that a byte of its command belongs to.
fn place(curl: &Curl, at: usize) -> String {
    if let Some(url) = curl.url.as_ref().filter(|url| url.range.contains(&at)) {
        let host = url.host.as_ref();
        if host.is_some_and(|host| host.range.contains(&at)) {
            return "host".to_owned();
        }
        let is_path = url.path.range.contains(&at);
        return if is_path { "path" } else { "query" }.to_owned();
    }
    let mut headers = curl.headers.iter();
    if let Some(header) = headers.find(|header| header.range.contains(&at)) {
        return format!("header {}", header.name.value);
    }
    let user = curl.user.as_ref();
    if user.is_some_and(|user| user.range.contains(&at)) {
        return "header Authorization".to_owned();
    }
    match curl.body {
        Some(curl::Body::Form(..) | curl::Body::Raw(_) | curl::Body::Multipart(_)) => "body",
        _ => "query",
    }
    .to_owned()
}

/// The placeholders among the values of a body in JSON.
fn body(example: &RequestExample, marks: &mut Vec<Mark>) {
    let is_json = example.language.as_deref();
    if !is_json.is_some_and(|language| language.starts_with("json")) {
        return;
    }
    for document in &crate::model::json::read(example.text.text()).documents {
        values(document, 0, &mut |text, range| {
            let is_mark = |c: char| !c.is_alphanumeric() && c != '_' && c != '-';
            let name = text.trim_matches(is_mark);
            let is_marked = text.starts_with(['<', '{', '$', '['])
                || text.to_ascii_lowercase().starts_with("your");
            if is_placeholder(text) && is_marked && name.contains(char::is_alphabetic) {
                marks.push(Mark {
                    name: name.to_owned(),
                    form: text.to_owned(),
                    place: "body".to_owned(),
                    span: example.text.span(range),
                });
            }
        });
    }
}

/// Values nested deeper are not looked at.
const DEPTH: usize = 32;

fn values(value: &Json, depth: usize, see: &mut dyn FnMut(&str, std::ops::Range<usize>)) {
    if depth > DEPTH {
        return;
    }
    if let JsonKind::String(text) = &value.kind {
        see(text, value.range.clone());
    }
    for item in value.items() {
        values(item, depth + 1, see);
    }
    for member in value.members() {
        values(&member.value, depth + 1, see);
    }
}
