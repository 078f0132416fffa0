//! What an operation takes: parameters and members of the body, each with what is documented about it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::Format;
use crate::model::{AuthScheme, Evidence, Field, Location, Operation, Origin};
use crate::source::Span;

use super::{clock, spelled};

/// Members nested deeper are not varied.
const DEPTH: usize = 3;

/// A parameter or a member of the body.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it is sent.
    pub place: Place,
    /// The name of the parameter, or of the member.
    pub name: String,
    /// The way to a member from the root of the body.
    pub steps: Vec<Step>,
    /// What values it takes.
    pub shape: Shape,
    /// Where it is said that it must be there.
    pub required: Option<Evidence>,
    /// What stands for none.
    pub default: Option<Value>,
    /// The field that documents it.
    pub span: Span,
    /// True if it is going away.
    pub deprecated: bool,
    /// The words of the field.
    pub description: String,
}

/// Where an input is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
    /// In the body.
    Body,
}

/// A step on the way to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a member of an object.
    Member(String),
    /// To the items of an array.
    Item,
}

impl Step {
    /// The name of a member; none for the items of an array.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Member(name) => Some(name),
            Self::Item => None,
        }
    }
}

impl Input {
    /// True for a member of the body itself, and not of an object inside of it.
    pub fn is_root_member(&self) -> bool {
        self.place == Place::Body && self.steps.len() == 1
    }

    /// `request.body.items[].sku`
    pub fn subject(&self) -> String {
        let place = match self.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Body => {
                let mut subject = "request.body".to_owned();
                for step in &self.steps {
                    match step {
                        Step::Member(name) => {
                            subject.push('.');
                            subject.push_str(name);
                        }
                        Step::Item => subject.push_str("[]"),
                    }
                }
                return subject;
            }
        };
        format!("request.{place}.{}", self.name)
    }

    /// How people call it: ``query parameter `limit` ``.
    pub fn describe(&self) -> String {
        let subject = self.subject();
        match self.place {
            Place::Path => format!("path parameter `{}`", self.name),
            Place::Query => format!("query parameter `{}`", self.name),
            Place::Header => format!("header `{}`", self.name),
            Place::Cookie => format!("cookie `{}`", self.name),
            Place::Body => {
                let path = subject
                    .trim_start_matches("request.body")
                    .trim_start_matches('.');
                format!("member `{path}` of the body")
            }
        }
    }

    /// True for a text that nothing restricts but its length.
    pub fn is_free_text(&self) -> bool {
        let constraints = &self.shape.constraints;
        matches!(self.shape.kind, ShapeKind::String)
            && !self.is_called_base64()
            && constraints.allowed.is_none()
            && constraints.constant.is_none()
            && constraints.pattern.is_none()
            && constraints
                .format
                .as_ref()
                .is_none_or(|format| matches!(format.value, Format::Characters(_)))
    }

    /// True for the value that stands for any version: `*` in `If-Match`, where the text names it.
    pub fn is_any_version(&self, value: &Value) -> bool {
        self.place == Place::Header
            && self.name.eq_ignore_ascii_case("if-match")
            && self.description.contains("`*`")
            && value == "*"
    }

    /// True for a text whose name says that it is Base64: `content_base64`, `imageB64`.
    pub fn is_called_base64(&self) -> bool {
        let name = crate::conform::bindings::letters(&self.name);
        let is_said = self.shape.constraints.format.is_none();
        is_said && (name.ends_with("base64") || name.ends_with("b64"))
    }

    /// True for names such as `cursor`, whose values only the server can make.
    pub fn is_cursor(&self) -> bool {
        let name = crate::conform::bindings::letters(&self.name);
        [
            "cursor",
            "pagetoken",
            "startingafter",
            "endingbefore",
            "nexttoken",
            "continuation",
        ]
        .iter()
        .any(|word| name.contains(word))
            || matches!(name.as_str(), "after" | "before" | "next" | "marker")
                && !matches!(self.shape.kind, ShapeKind::Integer | ShapeKind::Number)
                && self.shape.constraints.format.is_none()
    }

    /// True for a cursor that leads to the page before: `before`, `ending_before`, `previous_cursor`.
    pub fn leads_back(&self) -> bool {
        let name = crate::conform::bindings::letters(&self.name);
        self.is_cursor() && (name.contains("before") || name.starts_with("prev"))
    }

    /// True for a header or a member that names the request: each has one of its own.
    pub fn is_key_of_request(&self) -> bool {
        match self.place {
            Place::Header => is_key_of_request(&self.name),
            Place::Body => self.is_root_member() && is_key_in_body(&self.name),
            _ => false,
        }
    }

    /// True for what says in which order a list is.
    pub(super) fn is_order(&self) -> bool {
        const NAMES: [&str; 6] = [
            "sort",
            "sortby",
            "orderby",
            "order",
            "ordering",
            "sortorder",
        ];
        NAMES.contains(&letters(&self.name).as_str())
    }

    /// True for the words of a search, unless these have signs of their own.
    pub(super) fn is_search(&self) -> bool {
        static SYNTAX: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:syntax|operators?|expressions?|wildcards?|regex\w*|patterns?|lucene|boolean|quoted|query\s+language|globs?|full[- ]?text|letters|digits)\b",
            )
        });
        let name = letters(&self.name);
        let is_named = matches!(
            name.as_str(),
            "q" | "query" | "search" | "searchterm" | "keyword"
        );
        is_named && self.place == Place::Query && !SYNTAX.is_match(&self.description)
    }

    /// True for names such as `author_id`: values that stand for something else.
    ///
    /// An `external_id` that is "your own number", or has to be unique, stands for the thing itself in another system.
    pub fn is_reference(&self) -> bool {
        static OWN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)^\W*(?:your|an?|the|any)\s+(?:own|external|internal|custom)\b|\b(?:in|from|of)\s+your\s+(?:own\s+)?(?:system|database|side|shop|application|app)\b|\b(?:must|has\s+to)\s+be\s+unique\b",
            )
        });
        let name = self.name.as_str();
        let lower = name.to_ascii_lowercase();
        if lower.len() > 2 && OWN.is_match(&self.description) {
            return false;
        }
        lower == "id"
            || lower.ends_with("_id")
            || lower.ends_with("-id")
            || name.ends_with("Id")
            || name.ends_with("ID")
            || lower.ends_with("_ids")
            || name.ends_with("Ids")
    }
}

/// All that an operation takes, in the order of the page; headers that authenticate are not among it.
pub fn inputs(operation: &Operation) -> Vec<Input> {
    let mut inputs = Vec::new();
    for parameter in &operation.parameters {
        let field = &parameter.field;
        let place = match parameter.location {
            Location::Path => Place::Path,
            Location::Query => Place::Query,
            Location::Header => Place::Header,
            Location::Cookie => Place::Cookie,
        };
        if is_credential(operation, place, &field.name.value) || is_negotiated(place, field) {
            continue;
        }
        inputs.push(of_field(field, place, Vec::new(), &parameter.shape));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| !body.whole) {
        members(&body.shape, &body.fields, &[], &mut inputs);
    }
    for input in &mut inputs {
        let listed = &operation.listed;
        super::listed::give(&input.name, &input.description, &mut input.shape, listed);
    }
    inputs
}

fn is_credential(operation: &Operation, place: Place, name: &str) -> bool {
    operation
        .auth
        .schemes
        .iter()
        .any(|scheme| match &scheme.value {
            AuthScheme::Bearer | AuthScheme::Basic => {
                place == Place::Header && name.eq_ignore_ascii_case("authorization")
            }
            AuthScheme::Header(header) => {
                place == Place::Header && name.eq_ignore_ascii_case(header)
            }
            AuthScheme::Query(query) => place == Place::Query && name == query,
        })
        || place == Place::Header
            && crate::conform::bindings::is_secret(name)
            && !is_key_of_request(name)
}

/// True for `Idempotency-Key`, which names a request, and no one.
pub(in crate::conform) fn is_key_of_request(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "idempoten",
        "requesttoken",
        "clientrequestid",
        "clienttoken",
        "repeatabilityrequestid",
        "deduplicationid",
        "deduplicationkey",
    ];
    let name = crate::conform::bindings::letters(name);
    NAMES.iter().any(|it| name.contains(it))
}

/// True for a member of the body that names the request: `idempotency_key`, `client_token`.
pub(in crate::conform) fn is_key_in_body(name: &str) -> bool {
    const NAMES: &[&str] = &["idempotencykey", "idempotencytoken", "clienttoken"];
    NAMES.contains(&letters(name).as_str())
}

/// Headers that make a request depend on what the server has.
pub(in crate::conform) fn is_condition(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("if-") && ["match", "since"].iter().any(|end| name.ends_with(end))
}

fn is_negotiated(place: Place, field: &Field) -> bool {
    place == Place::Header && is_of_message(&field.name.value)
}

/// True for headers whose values are a matter between client and server, not of the API.
pub(super) fn is_of_message(header: &str) -> bool {
    matches!(
        header.to_ascii_lowercase().as_str(),
        "content-type" | "accept" | "content-length" | "host" | "user-agent"
    )
}

fn of_field(field: &Field, place: Place, steps: Vec<Step>, shape: &Shape) -> Input {
    let required = field.required.as_ref().filter(|required| required.value);
    let mut input = Input {
        place,
        name: field.name.value.clone(),
        steps,
        shape: shape.clone(),
        required: required.map(|required| required.evidence),
        default: field
            .default
            .as_ref()
            .map(|default| typed(&default.value, shape)),
        span: field.open,
        deprecated: field.deprecated,
        description: field.description.clone(),
    };
    clock::unbind(&mut input);
    spelled::bind(&mut input);
    input
}

/// Where it is said that a field, or one that its name alone puts inside of it, has to be there.
fn needed(field: &Field) -> Option<Evidence> {
    let own = field.required.as_ref().filter(|required| required.value);
    let inner = || {
        let is_implied = field.name.evidence.origin == Origin::Inferred;
        let mut children = field.children.iter().filter(|_| is_implied);
        children.find_map(needed)
    };
    own.map(|required| required.evidence).or_else(inner)
}

/// A default that stands in quotes as a value of the documented type.
fn typed(default: &Value, shape: &Shape) -> Value {
    let is_text = matches!(
        shape.kind,
        ShapeKind::String | ShapeKind::Any | ShapeKind::Unknown
    );
    let text = default.as_str().filter(|_| !is_text);
    let parsed = text.and_then(|text| serde_json::from_str(text).ok());
    parsed.unwrap_or_else(|| default.clone())
}

fn members(shape: &Shape, fields: &[Field], way: &[Step], into: &mut Vec<Input>) {
    if way.len() > DEPTH {
        return;
    }
    let ShapeKind::Object {
        members: documented,
        ..
    } = &shape.kind
    else {
        return;
    };
    for member in documented {
        let Some(field) = fields.iter().find(|field| field.name.value == member.name) else {
            continue;
        };
        if field.variant.is_some() {
            // One of several alternatives: what goes with it is not known.
            continue;
        }
        let mut steps = way.to_vec();
        steps.push(Step::Member(member.name.clone()));
        let mut input = of_field(field, Place::Body, steps.clone(), &member.shape);
        let required = member.required.as_ref().filter(|required| required.value);
        input.required = required
            .filter(|required| required.evidence.origin != Origin::Inferred)
            .map(|required| required.evidence);
        if field.name.evidence.origin == Origin::Inferred {
            // Nothing but the names of its members speaks of it.
            input.required = field.children.iter().find_map(needed);
        }
        into.push(input);
        match &member.shape.kind {
            ShapeKind::Object { .. } => members(&member.shape, &field.children, &steps, into),
            ShapeKind::Array(items) => {
                steps.push(Step::Item);
                members(items, &field.children, &steps, into);
            }
            _ => {}
        }
    }
}
