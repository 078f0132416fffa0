//! What an answer says of how it went: a refusal has its status and its reason, and what was to be removed is.

use http::StatusCode;
use serde_json::Value;

use crate::mock::words::{code_of_status, folded, parts};
use crate::model::shape::{Member, Shape, ShapeKind};

use super::fits;

/// What a member of a refusal of that status says; none if it is about something else.
pub(super) fn told(member: &Member, status: u16) -> Option<Value> {
    let reason = StatusCode::from_u16(status).ok()?.canonical_reason()?;
    let value = match folded(&member.name).as_str() {
        "code" | "status" | "statuscode" | "httpstatus" | "httpcode" | "errorcode"
            if is_number(&member.shape) =>
        {
            Value::from(status)
        }
        "code" | "errorcode" => Value::from(code_of_status(status)?),
        "message" | "msg" | "errormessage" | "error" | "detail" | "title" | "reason"
        | "description" | "errordescription" => Value::from(reason),
        "success" | "ok" | "succeeded" => Value::from(false),
        _ => return None,
    };
    fits(&member.shape, &value).then_some(value)
}

/// True for what says that a removal was made.
pub(super) fn is_removal(member: &Member) -> bool {
    let is_truth = matches!(member.shape.kind, ShapeKind::Boolean);
    let parts = parts(&member.name);
    let last = parts.last().map_or("", String::as_str);
    is_truth
        && matches!(
            last,
            "deleted" | "removed" | "success" | "ok" | "acknowledged"
        )
}

fn is_number(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Integer | ShapeKind::Number)
}
