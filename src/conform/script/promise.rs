//! What the pages promise of an answer, as other tools can assert it.

use serde_json::Value;

use crate::conform::bindings::Secrets;
use crate::conform::chain::identity;
use crate::conform::plan::Variant;
use crate::conform::session::Exchange;
use crate::model::shape::{Path, Shape, ShapeKind, Step};
use crate::model::{Operation, Status};

/// Members nested deeper are not asserted.
const DEPTH: usize = 4;

/// What the status of an answer is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statuses {
    /// One of these.
    Codes(Vec<u16>),
    /// Any of 200 to 299.
    Success,
    /// Any of 400 to 499.
    Refusal,
    /// Anything but a failure of the server.
    NoFailure,
    /// Anything.
    Any,
}

/// Something that the body of an answer is to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// Where.
    pub path: Path,
    /// What.
    pub is: Promised,
}

/// What is promised of a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Promised {
    /// Something is there.
    Present,
    /// A truth value.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// This value, which the request sent.
    Equal(Value),
}

/// What is to be asserted of an answer.
pub(super) fn of(
    operation: &Operation,
    exchange: &Exchange,
    is_faulty: bool,
    secrets: &Secrets,
) -> (Statuses, Vec<Promise>) {
    let documented = statuses(operation, exchange);
    let status = exchange.status();
    let is_kept = status.is_some_and(|status| documented.cover(status));
    let statuses = match status {
        _ if is_kept || is_faulty => documented,
        Some(200..=299) => Statuses::Success,
        Some(400..=499) => Statuses::Refusal,
        _ => Statuses::Any,
    };
    let is_success = matches!(statuses, Statuses::Success | Statuses::Codes(_))
        && !exchange.item.variant.is_refused();
    let mut promises = Vec::new();
    if is_success && exchange.item.request.method != "HEAD" {
        let body = exchange.body.as_ref();
        if let Some(shape) = shape(operation, status) {
            members(shape, body, is_faulty, &mut Vec::new(), &mut promises);
        }
        if let Some(body) = body {
            echoes(exchange, body, secrets, &mut promises);
        }
    }
    (statuses, promises)
}

impl Statuses {
    /// True if such a status is as it is to be.
    pub fn cover(&self, code: u16) -> bool {
        match self {
            Self::Codes(codes) => codes.contains(&code),
            Self::Success => (200..300).contains(&code),
            Self::Refusal => (400..500).contains(&code),
            Self::NoFailure => code < 500,
            Self::Any => true,
        }
    }
}

fn statuses(operation: &Operation, exchange: &Exchange) -> Statuses {
    let status = exchange.status();
    match &exchange.item.variant {
        Variant::OtherScripts | Variant::Garbled(_) => Statuses::NoFailure,
        // What a step of a chain is to be answered with depends on the steps before; that it is judged shows in findings.
        Variant::Step(_) => match status {
            Some(400..=499) => Statuses::Refusal,
            _ => Statuses::Success,
        },
        variant if variant.is_refused() => {
            let documented = operation
                .responses
                .iter()
                .any(|it| it.status.code() == status);
            match status {
                Some(code @ 400..=499) if documented => Statuses::Codes(vec![code]),
                _ => Statuses::Refusal,
            }
        }
        _ => {
            let successes = operation
                .responses
                .iter()
                .filter(|it| it.status.is_success());
            let mut codes = Vec::new();
            for response in successes {
                match &response.status {
                    Status::Code(code) => codes.push(code.value),
                    Status::Success | Status::Error => return Statuses::Success,
                }
            }
            codes.sort_unstable();
            codes.dedup();
            if codes.is_empty() {
                Statuses::Success
            } else {
                Statuses::Codes(codes)
            }
        }
    }
}

/// The shape of the documented success, if there are no alternatives.
fn shape(operation: &Operation, status: Option<u16>) -> Option<&Shape> {
    let is_it = |code: &Option<u16>| code.is_some_and(|code| (200..300).contains(&code));
    let responses = match status.filter(|it| is_it(&Some(*it))) {
        Some(code) => operation.responses_for(code),
        None => operation
            .responses
            .iter()
            .filter(|it| it.status.is_success())
            .collect(),
    };
    match responses.as_slice() {
        [one] => one.shape.as_ref(),
        _ => None,
    }
}

/// What is promised of the members, as long as the answer keeps it or the run found that it does not.
fn members(
    shape: &Shape,
    value: Option<&Value>,
    is_faulty: bool,
    way: &mut Vec<Step>,
    into: &mut Vec<Promise>,
) {
    if way.len() > DEPTH {
        return;
    }
    let is = match &shape.kind {
        ShapeKind::Boolean => Some(Promised::Boolean),
        ShapeKind::Integer => Some(Promised::Integer),
        ShapeKind::Number => Some(Promised::Number),
        ShapeKind::String => Some(Promised::String),
        ShapeKind::Array(_) => Some(Promised::Array),
        ShapeKind::Object { .. } | ShapeKind::Map(_) => Some(Promised::Object),
        _ => None,
    };
    if let Some(is) = is.filter(|_| !shape.allows_null()) {
        let is_kept = value.is_some_and(|value| is.fits(value));
        if is_kept || is_faulty && value.is_some() {
            into.push(Promise {
                path: Path(way.clone()),
                is,
            });
        }
    }
    let first = value
        .and_then(Value::as_array)
        .and_then(|items| items.first());
    if let (ShapeKind::Array(items), Some(first)) = (&shape.kind, first) {
        way.push(Step::Item(0));
        members(items, Some(first), is_faulty, way, into);
        way.pop();
    }
    let ShapeKind::Object { members: own, .. } = &shape.kind else {
        return;
    };
    for member in own {
        let inner = value.and_then(|value| value.get(&member.name));
        let is_promised = member.required.as_ref().is_some_and(|it| it.value);
        way.push(Step::Member(member.name.clone()));
        if is_promised && (inner.is_some() || is_faulty) {
            into.push(Promise {
                path: Path(way.clone()),
                is: Promised::Present,
            });
        }
        if is_promised && inner.is_some() {
            members(&member.shape, inner, is_faulty, way, into);
        }
        way.pop();
    }
}

impl Promised {
    fn fits(&self, value: &Value) -> bool {
        match self {
            Self::Present => true,
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
            Self::Equal(other) => value == other,
        }
    }
}

/// Values that were sent and came back under the same name.
fn echoes(exchange: &Exchange, body: &Value, secrets: &Secrets, into: &mut Vec<Promise>) {
    let Some(sent) = exchange.item.draft.sent() else {
        return;
    };
    let object = identity::object(body, "id", "").unwrap_or(body);
    let outer = body.as_object().into_iter().flatten();
    let wrapper = outer
        .filter(|(_, value)| std::ptr::eq(*value, object))
        .map(|(name, _)| Step::Member(name.clone()));
    let way: Vec<_> = wrapper.collect();
    for (name, value) in &sent {
        let is_plain = match value {
            Value::String(text) => !secrets.are_in(text) && !text.contains(char::is_control),
            Value::Number(number) => number.is_i64(),
            Value::Bool(_) => true,
            _ => false,
        };
        if is_plain && object.get(name) == Some(value) && !is_id(name) {
            let mut way = way.clone();
            way.push(Step::Member(name.clone()));
            into.push(Promise {
                path: Path(way),
                is: Promised::Equal(value.clone()),
            });
        }
    }
}

/// An id may be one that the server made up.
fn is_id(name: &str) -> bool {
    name.to_lowercase().ends_with("id")
}
