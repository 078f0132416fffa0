//! A request against what its operation documents: everything that is wrong with it, at once.
//!
//! Only what an attribute or a type says rejects a request; running text, examples, and guesses never do, and neither
//! do members and parameters that are not documented.

mod body;
mod chosen;
mod media;
mod parameters;
mod text;

use std::collections::HashSet;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::{Mismatch, MismatchKind, Shape, Step};
use crate::model::{Evidence, Location, Operation, Origin};

use super::message::Request;
use super::places::{Place, Places};
use super::problem::Problem;
use super::routes::Captured;
use super::shown;
use super::telling::Cause;

use media::Accepted;
use parameters::Parameters;

/// Why a request cannot be read at all.
pub(super) enum Unreadable {
    /// The media type is not the documented one.
    MediaType(Problem),
    /// The body is not what its media type says.
    Syntax(Problem),
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    at: At,
    rule: &'static str,
    /// What is wrong, as a sentence without its place in the docs.
    message: String,
    expected: String,
    found: String,
    source: Option<Place>,
}

#[derive(Clone, Debug)]
enum At {
    /// A JSON pointer into the body.
    Body(String),
    /// A parameter.
    Parameter(String, Location),
}

impl At {
    /// How messages name it.
    fn name(&self) -> String {
        match self {
            Self::Body(pointer) if pointer.is_empty() => "the body".to_owned(),
            Self::Body(pointer) => {
                let name = pointer.trim_start_matches('/').replace('/', ".");
                format!("`{}`", name.replace("~1", "/").replace("~0", "~"))
            }
            Self::Parameter(name, location) => format!("{} `{name}`", location.as_str()),
        }
    }
}

/// `items[0].sku` of `/items/0/sku`.
fn dotted(pointer: &str) -> String {
    let mut name = String::new();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        if step.parse::<usize>().is_ok() {
            name = format!("{name}[{step}]");
        } else if name.is_empty() {
            name = step;
        } else {
            name = format!("{name}.{step}");
        }
    }
    name
}

impl Violation {
    fn missing(at: At, shape: &Shape, source: Option<Place>) -> Self {
        let rule = match at {
            At::Body(_) => "missing-member",
            At::Parameter(..) => "missing-parameter",
        };
        Self {
            message: format!("{} is required and missing", at.name()),
            at,
            rule,
            expected: shape.describe(),
            found: "nothing".to_owned(),
            source,
        }
    }

    fn of(at: At, mismatch: &Mismatch, places: &Places) -> Self {
        let rule = match mismatch.kind {
            MismatchKind::Missing => "missing-member",
            MismatchKind::NotAllowed | MismatchKind::Constant => "value-not-allowed",
            kind => kind.as_str(),
        };
        let documented = match mismatch.kind {
            MismatchKind::Length => "is documented with",
            _ => "is documented as",
        };
        let (name, expected, found) = (at.name(), &mismatch.expected, &mismatch.found);
        let message = match mismatch.kind {
            MismatchKind::Missing => format!("{name} is required and missing"),
            _ => format!("{name} {documented} {expected}, and the request has {found}"),
        };
        Self {
            message,
            at,
            rule,
            expected: mismatch.expected.clone(),
            found: mismatch.found.clone(),
            source: mismatch.evidence.map(|it| places.of(it.span)),
        }
    }

    /// True if both are about the same place.
    fn is_at(&self, other: &Self) -> bool {
        self.at.name() == other.at.name()
    }

    fn dispute(&self) -> (String, &'static str, String) {
        let place = match &self.at {
            At::Body(pointer) => pointer.clone(),
            At::Parameter(name, location) => format!("{} {name}", location.as_str()),
        };
        (place, self.rule, self.found.clone())
    }

    /// What is wrong, as an API would say it.
    pub(super) fn cause(&self) -> Cause {
        let name = match &self.at {
            At::Parameter(name, _) => name.clone(),
            At::Body(pointer) => dotted(pointer),
        };
        let subject = if name.is_empty() { "The body" } else { &name };
        let expected = self.expected.replace('`', "");
        let message = match self.rule {
            "missing-member" | "missing-parameter" => format!("{subject} is required."),
            "null" => format!("{subject} must not be null."),
            "wrong-type" => format!("{subject} must be of type {expected}."),
            _ => format!("{subject} must be {expected}."),
        };
        Cause {
            name: Some(name).filter(|it| !it.is_empty()),
            message,
        }
    }

    /// What is wrong, by its name.
    pub(super) fn rule(&self) -> &'static str {
        self.rule
    }

    /// What is wrong, as a sentence without its place in the docs.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// What it is about: `request.body.items[].id`.
    pub(super) fn subject(&self) -> String {
        match &self.at {
            At::Parameter(name, location) => format!("request.{}.{name}", location.as_str()),
            At::Body(pointer) => {
                let mut subject = "request.body".to_owned();
                for step in pointer.split('/').skip(1) {
                    if step.bytes().all(|byte| byte.is_ascii_digit()) {
                        subject.push_str("[]");
                    } else {
                        subject.push('.');
                        subject.push_str(&step.replace("~1", "/").replace("~0", "~"));
                    }
                }
                subject
            }
        }
    }

    /// The parameter of the path that it is about.
    pub(super) fn path_parameter(&self) -> Option<&str> {
        match &self.at {
            At::Parameter(name, Location::Path) => Some(name),
            At::Parameter(..) | At::Body(_) => None,
        }
    }

    /// True if a header or a cookie is sent with another value than is documented.
    pub(super) fn is_value_of_header(&self) -> bool {
        let is_header = matches!(&self.at, At::Parameter(_, at) if matches!(at, Location::Header | Location::Cookie));
        is_header && self.rule != "missing-parameter"
    }

    /// The parameter outside of the path that is missing, if that is what is wrong.
    pub(super) fn missing_parameter(&self) -> Option<&str> {
        match &self.at {
            At::Parameter(_, Location::Path) | At::Body(_) => None,
            At::Parameter(name, _) => (self.rule == "missing-parameter").then_some(name),
        }
    }

    /// True for a cookie, and for the header of all cookies.
    pub(super) fn is_of_cookie(&self) -> bool {
        match &self.at {
            At::Parameter(_, Location::Cookie) => true,
            At::Parameter(name, Location::Header) => name.eq_ignore_ascii_case("cookie"),
            At::Parameter(..) | At::Body(_) => false,
        }
    }

    /// Where the docs say otherwise.
    pub(super) fn source(&self) -> Option<&Place> {
        self.source.as_ref()
    }

    pub(super) fn to_json(&self) -> Value {
        let mut error = match &self.at {
            At::Body(pointer) => json!({ "pointer": pointer }),
            At::Parameter(name, location) => json!({ "parameter": name, "in": location.as_str() }),
        };
        if let Some(error) = error.as_object_mut() {
            error.insert("rule".to_owned(), self.rule.into());
            error.insert("message".to_owned(), self.message.clone().into());
            error.insert("expected".to_owned(), self.expected.clone().into());
            error.insert("found".to_owned(), self.found.clone().into());
            if let Some(source) = &self.source {
                error.insert("source".to_owned(), source.to_json());
            }
        }
        error
    }
}

impl Violation {
    /// One line for a header: the place, the rule, and what is wrong.
    pub(super) fn line(&self) -> String {
        let place = match &self.at {
            At::Body(pointer) => format!("\"{pointer}\""),
            At::Parameter(name, location) => format!("{} \"{name}\"", location.as_str()),
        };
        format!("{} {place}: {self}", self.rule)
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Some(source) => write!(formatter, "{} ({source})", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}

/// True if a request may be rejected for what is said there.
fn rejects(evidence: Option<Evidence>) -> bool {
    evidence.is_some_and(|it| it.origin >= Origin::Type)
}

/// What an operation expects of its requests, made ready to be compared with them.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    parameters: Parameters,
    pub(super) accepted: Accepted,
    /// True if the body has alternatives in titled parts.
    has_parts: bool,
    /// Found when they are first asked for, as most operations are never sent anything that is wrong.
    disputes: OnceLock<Disputes>,
}

/// What the pages of an operation say and show in contradiction: place, rule, and what is found there.
///
/// Who sends what a page shows has read it well, so that exactly this is not rejected. What is missing in an example is
/// no dispute: examples are often cut short. Only the whole request that a page shows may leave it out.
type Disputes = HashSet<(String, &'static str, String)>;

impl Expected {
    pub(super) fn of(operation: &Operation) -> Self {
        Self {
            parameters: Parameters::of(operation),
            accepted: Accepted::of(operation),
            has_parts: (operation.body.as_ref())
                .is_some_and(|body| chosen::has_parts(&body.fields)),
            disputes: OnceLock::new(),
        }
    }

    /// Everything in which a readable request is not as documented, parameters first.
    pub(super) fn violations(
        &self,
        operation: &Operation,
        request: &Request,
        captured: &Captured,
        places: &Places,
    ) -> Result<Vec<Violation>, Unreadable> {
        let mut found = self.differences(operation, request, captured, places)?;
        if !found.is_empty() {
            let disputes = self.disputes.get_or_init(|| self.shown(operation, places));
            found.retain(|violation| !disputes.contains(&violation.dispute()));
        }
        Ok(found)
    }

    fn differences(
        &self,
        operation: &Operation,
        request: &Request,
        captured: &Captured,
        places: &Places,
    ) -> Result<Vec<Violation>, Unreadable> {
        let parameters = &self.parameters;
        let mut found = parameters.violations(operation, request, captured, places);
        let (accepted, has_parts) = (&self.accepted, self.has_parts);
        found.extend(body::violations(
            operation, accepted, has_parts, request, places,
        )?);
        Ok(found)
    }

    /// The disputes with the requests that the pages show.
    fn shown(&self, operation: &Operation, places: &Places) -> Disputes {
        let examples = operation.request_examples.iter();
        let found = examples
            .filter_map(|example| shown::request(operation, example.curl.as_ref()?))
            .filter_map(|(request, captured)| {
                let found = self.differences(operation, &request, &captured, places);
                found.ok()
            });
        let disputes = found.flatten().filter(|it| !it.rule.starts_with("missing"));
        disputes.map(|violation| violation.dispute()).collect()
    }
}

/// The mismatches that reject a request, its members in another spelling counted as absent.
fn rejecting(shape: &Shape, value: &Json) -> Vec<Mismatch> {
    let mut mismatches = shape.mismatches(value);
    if mismatches.is_empty() {
        return mismatches;
    }
    let mut rest = value.clone();
    for _ in 0..SPELLINGS {
        let respelled: Vec<_> = mismatches
            .iter()
            .filter(|mismatch| mismatch.kind == MismatchKind::Casing)
            .map(|mismatch| mismatch.path.0.as_slice())
            .collect();
        if respelled.is_empty() {
            break;
        }
        rest = without(&rest, &respelled);
        mismatches = shape.mismatches(&rest);
    }
    mismatches.retain(|mismatch| {
        let is_unknown = matches!(
            mismatch.kind,
            MismatchKind::Undocumented | MismatchKind::Casing
        );
        !is_unknown && rejects(mismatch.evidence)
    });
    mismatches
}

/// In how many other spellings one member is looked for; nobody sends more of them by mistake.
const SPELLINGS: usize = 4;

/// The value without the members at these places; a place in one item of an array is one in each.
fn without(value: &Json, places: &[&[Step]]) -> Json {
    let inside = |leads: &dyn Fn(&Step) -> bool| -> Vec<&[Step]> {
        let split = places.iter().filter_map(|place| place.split_first());
        split
            .filter(|(step, _)| leads(step))
            .map(|(_, rest)| rest)
            .collect()
    };
    let kind = match &value.kind {
        JsonKind::Array(items) => {
            let places = inside(&|step| matches!(step, Step::Item(_)));
            JsonKind::Array(items.iter().map(|item| without(item, &places)).collect())
        }
        JsonKind::Object(members) => {
            let kept = members.iter().filter_map(|member| {
                let places = inside(&|step| match step {
                    Step::Member(name) => *name == member.key,
                    Step::Entry(_) => true,
                    Step::Item(_) => false,
                });
                let is_here = places.iter().any(|place| place.is_empty());
                (!is_here).then(|| Member {
                    value: without(&member.value, &places),
                    ..member.clone()
                })
            });
            JsonKind::Object(kept.collect())
        }
        other => other.clone(),
    };
    Json {
        kind,
        range: value.range.clone(),
    }
}
