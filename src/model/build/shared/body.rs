//! The body that errors have in common: what fields say of it, else what all examples show.

use std::sync::LazyLock;

use serde_json::Value;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::build::shape;
use crate::model::evidence::{Evidence, Fact};
use crate::model::json::{Json, JsonKind};
use crate::model::operation::{Example, Field};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};
use crate::model::shared::BODY_OF_ERRORS;
use crate::source::Span;

/// Members of error bodies nested deeper are not looked at.
const DEPTH: usize = 3;

/// The shape of the body: what the fields say, else what all examples have in common.
pub(super) fn body(fields: &[Field], shown: &[Example]) -> Option<Shape> {
    let values: Vec<&Json> = shown.iter().filter_map(|it| it.value()).collect();
    if fields.is_empty() {
        let span = shown.first()?.span;
        return Some(in_common(&values, span, 0));
    }
    let mut of_fields = shape::of_members(fields, &values);
    promise(&mut of_fields, fields, &values);
    open(&mut of_fields, 0);
    Some(of_fields)
}

/// Takes back that members are always there, of which a text says that they are not.
///
/// Unless it says that all errors look alike, only what errors usually have is expected of all.
pub(super) fn relax(
    shape: &mut Shape,
    fields: &[Field],
    (sometimes, is_one_body): (&[String], bool),
    depth: usize,
) {
    /// "Empty if it is not about parameters": then, too, it is there.
    static EMPTY: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:empty|null)\b[^.;]*\b(?:if|when|unless|for|otherwise)\b|\b(?:else|otherwise)\s+(?:it\s+is\s+)?(?:empty|null)\b",
        )
    });
    const USUAL: &[&str] = &[
        "code", "detail", "error", "message", "msg", "ok", "status", "success", "title", "type",
    ];
    if let ShapeKind::Object { members, .. } = &mut shape.kind
        && depth < DEPTH
    {
        for member in members {
            let field = fields.iter().find(|it| it.name.value == member.name);
            let is_usual = USUAL.contains(&member.name.to_lowercase().as_str())
                || field.is_some_and(|it| EMPTY.is_match(&it.description));
            if sometimes.contains(&member.name) || !is_one_body && !is_usual {
                member.required = None;
            }
            forget_keys(member);
            let inner = field.map(|it| it.children.as_slice()).unwrap_or_default();
            relax(
                &mut member.shape,
                inner,
                (sometimes, is_one_body),
                depth + 1,
            );
        }
    }
}

/// Takes back that what is wrong with some inputs is there by their names: `{"fields": {"name": "too long"}}` shows which ones
/// were wrong that time.
fn forget_keys(member: &mut Member) {
    const MAPS: &[&str] = &[
        "details",
        "errors",
        "fielderrors",
        "fields",
        "invalid",
        "invalidfields",
        "messages",
        "parameters",
        "params",
        "problems",
        "validation",
        "validationerrors",
        "violations",
    ];
    const OF_ERRORS: &[&str] = &[
        "code", "detail", "error", "field", "message", "param", "path", "pointer", "reason",
        "status", "title", "type",
    ];
    let name = member.name.replace(['_', '-'], "").to_lowercase();
    let ShapeKind::Object { members, .. } = &mut member.shape.kind else {
        return;
    };
    let is_word = |it: &Member| {
        matches!(it.shape.kind, ShapeKind::String | ShapeKind::Array(_))
            && !OF_ERRORS.contains(&it.name.to_lowercase().as_str())
    };
    if MAPS.contains(&name.as_str()) && members.iter().all(is_word) {
        for inner in members {
            inner.required = None;
        }
    }
}

/// True for a sentence that says that errors have members of their own: "Some errors have more members, see the last column."
pub(super) fn varies(text: &str) -> bool {
    static MORE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:some|certain|several|many)\b[^.]*\b(?:errors?|codes?|problems?|failures?|responses?|answers?)\b[^.]*\b(?:more|further|additional|extra|other)\s+(?:members?|fields?|properties|keys|attributes|information|details)\b|\b(?:more|further|additional|extra|other)\s+(?:members?|fields?|properties|keys|attributes)\b[^.]*\b(?:depend(?:s|ing)?|some|certain|in\s+some\s+cases)\b",
        )
    });
    MORE.is_match(text)
}

/// Words about what is not always there.
pub(super) static SOMETIMES: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:optional(?:ly)?|only|absent|omitted|left\s+out|missing|may\s+be\s+there|present\s+(?:if|when)|sometimes|additional)\b",
    )
});

/// True for a sentence about errors of one kind: "Validation errors also have `fields`", "A conflict error has `conflicts`".
pub(super) fn is_of_some_errors(sentence: &str) -> bool {
    static SOME: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[\s,(])(?P<kind>[\w-]+)\s+(?:errors?|failures?|problems?)\s+(?:\w+\s+)?(?:have|has|contains?|carry|carries|includes?|lists?|adds?|comes?\s+with|gets?)\b|\b(?:for|on|with|in\s+case\s+of)\s+(?:an?\s+)?(?P<of>[\w-]+)\s+(?:errors?|failures?|problems?)\b|\b(?:for|with|of|on)\s+(?:an?\s+)?(?P<status>[45]\d\d)\b[^.]*\b(?:also|additionally|further)\b",
        )
    });
    const ALL: &[&str] = &[
        "a", "all", "an", "and", "any", "api", "each", "every", "http", "more", "other", "our",
        "such", "that", "the", "these", "this", "those", "which",
    ];
    let mut found = SOME.captures_iter(sentence);
    found.any(|found| {
        let kind = found.name("kind").or_else(|| found.name("of"));
        let kind = kind.map(|it| it.as_str().to_lowercase());
        kind.is_none_or(|kind| !ALL.contains(&kind.as_str()))
    })
}

/// What every example shows is in every error, unless its text says when it is not.
fn promise(shape: &mut Shape, fields: &[Field], values: &[&Json]) {
    let ShapeKind::Object { members, .. } = &mut shape.kind else {
        return;
    };
    for member in members {
        let field = fields.iter().find(|it| it.name.value == member.name);
        let inner: Option<Vec<&Json>> = values.iter().map(|it| it.get(&member.name)).collect();
        let (Some(field), Some(inner)) = (field, inner.filter(|it| !it.is_empty())) else {
            continue;
        };
        if member.required.is_none() && !SOMETIMES.is_match(&field.description) {
            member.required = Some(Fact::new(true, field.open, &BODY_OF_ERRORS));
        }
        promise(&mut member.shape, &field.children, &inner);
    }
}

/// Errors have further members more often than pages say: none is held against a server.
fn open(shape: &mut Shape, depth: usize) {
    if let ShapeKind::Object { members, open: it } = &mut shape.kind
        && depth < DEPTH
    {
        if *it == Openness::Closed {
            *it = Openness::Unknown;
        }
        for member in members {
            open(&mut member.shape, depth + 1);
        }
    }
}

fn in_common(values: &[&Json], span: Span, depth: usize) -> Shape {
    let evidence = Evidence::new(span, &BODY_OF_ERRORS);
    let Some(first) = values.first() else {
        return Shape::unknown();
    };
    let kind = match &first.kind {
        JsonKind::Object(members) if depth < DEPTH && !first.is_open() => {
            let shared = members.iter().filter_map(|member| {
                let inner: Option<Vec<&Json>> =
                    values.iter().map(|it| it.get(&member.key)).collect();
                Some(Member {
                    name: member.key.clone(),
                    shape: in_common(&inner?, span, depth + 1),
                    required: Some(Fact::new(true, span, &BODY_OF_ERRORS)),
                    evidence: Some(evidence),
                })
            });
            ShapeKind::Object {
                members: shared.collect(),
                open: Openness::Unknown,
            }
        }
        JsonKind::Array(_) => ShapeKind::Array(Box::new(Shape::unknown())),
        JsonKind::Bool(_) => ShapeKind::Boolean,
        JsonKind::Number(_) => ShapeKind::Number,
        JsonKind::String(_) => ShapeKind::String,
        _ => ShapeKind::Unknown,
    };
    let is_alike =
        |it: &&Json| std::mem::discriminant(&it.kind) == std::mem::discriminant(&first.kind);
    let kind = if values.iter().all(is_alike) {
        kind
    } else {
        ShapeKind::Unknown
    };
    let mut shape = Shape::new(kind, Some(evidence));
    // One example does not show that a member is never empty.
    shape.nullable = (depth > 0).then_some(evidence);
    shape
}

/// True for a body that speaks of an error.
pub(super) fn is_error(value: &Json) -> bool {
    const NAMES: &[&str] = &[
        "error", "errors", "code", "message", "detail", "details", "title", "type", "reason",
        "status", "fault", "msg",
    ];
    value
        .members()
        .iter()
        .any(|member| NAMES.contains(&member.key.to_lowercase().as_str()))
}

/// The way to the first member whose value is one of the codes of the page, or a URL that ends with one; and what stands
/// before the code.
pub(super) fn way_to_code(
    value: &Value,
    known: &[&str],
    depth: usize,
) -> Option<(Vec<String>, String)> {
    let members = value.as_object().filter(|_| depth < DEPTH)?;
    let code = |text: &str| {
        let code = text.rsplit(['/', '#']).next()?;
        let before = text.strip_suffix(code)?;
        let is_url = before.is_empty() || before.contains("://");
        (known.contains(&code) && is_url).then(|| before.to_owned())
    };
    let mut own = members.iter();
    let own = own.find_map(|(name, value)| Some((vec![name.clone()], code(value.as_str()?)?)));
    own.or_else(|| {
        members.iter().find_map(|(name, value)| {
            let (mut way, prefix) = way_to_code(value, known, depth + 1)?;
            way.insert(0, name.clone());
            Some((way, prefix))
        })
    })
}

/// The way to the member that all examples show with the status of an error: `"status": 422`.
pub(super) fn way_to_status(values: &[Value]) -> Option<Vec<String>> {
    const NAMES: &[&str] = &[
        "status",
        "statuscode",
        "httpstatus",
        "httpcode",
        "httpstatuscode",
    ];
    let is_status = |name: &str, value: &Value| {
        let letters = name.replace(['_', '-'], "").to_ascii_lowercase();
        let is_error = value.as_u64().is_some_and(|it| (400..600).contains(&it));
        NAMES.contains(&letters.as_str()) && is_error
    };
    let way = |value: &Value| {
        let members = value.as_object()?;
        let own = members.iter().find(|(name, value)| is_status(name, value));
        own.map(|(name, _)| vec![name.clone()]).or_else(|| {
            members.iter().find_map(|(outer, value)| {
                let mut inner = value.as_object()?.iter();
                let (name, _) = inner.find(|(name, value)| is_status(name, value))?;
                Some(vec![outer.clone(), name.clone()])
            })
        })
    };
    let mut ways = values.iter().map(way);
    let first = ways.next().flatten()?;
    ways.all(|way| way.as_ref() == Some(&first))
        .then_some(first)
}

#[cfg(test)]
mod tests {
    use super::{is_of_some_errors, varies};

    #[test]
    fn a_text_may_say_that_some_errors_have_more_members() {
        for text in [
            "Some errors have more members, see the last column.",
            "Certain codes come with additional fields.",
            "Further members depend on the code.",
        ] {
            assert!(varies(text), "{text}");
        }
        for text in [
            "Every error has the same members.",
            "Some requests take more time.",
            "There are no other members.",
        ] {
            assert!(!varies(text), "{text}");
        }
    }

    #[test]
    fn sentences_speak_of_errors_of_one_kind() {
        for text in [
            "Validation errors also have fields, which lists each of them.",
            "A conflict error carries conflicts.",
            "For validation errors, fields lists what is wrong.",
            "Answers with 422 also have fields.",
        ] {
            assert!(is_of_some_errors(text), "{text}");
        }
        for text in [
            "All errors have a code and a message.",
            "Every error carries a code.",
            "Errors have an error object.",
            "Answers with 422 have a code.",
        ] {
            assert!(!is_of_some_errors(text), "{text}");
        }
    }
}
