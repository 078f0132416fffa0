//! What an operation documents as sent, by name and place, and what a curl command sends.

use crate::model::curl::{Body, Curl, Pair};
use crate::model::json::{self, Json, JsonKind};
use crate::model::{Field, Location, Operation};

/// A place in a request where a name can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Place {
    /// The path, the query, a header, or a cookie.
    Parameter(Location),
    /// A member of the body.
    Body,
}

impl Place {
    /// The place in words, after "in".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Parameter(Location::Path) => "the path",
            Self::Parameter(Location::Query) => "the query",
            Self::Parameter(Location::Header) => "a header",
            Self::Parameter(Location::Cookie) => "a cookie",
            Self::Body => "the body",
        }
    }
}

/// The field that documents a name in that place; brackets after a name, as in `ids[]`, belong to its notation.
pub(super) fn documented<'a>(
    operation: &'a Operation,
    place: Place,
    name: &str,
) -> Option<&'a Field> {
    let is_named = |field: &Field| {
        let own = field.name.value.trim();
        if place == Place::Parameter(Location::Header) {
            own.eq_ignore_ascii_case(name)
        } else {
            own == name || plain(own) == plain(name) && !are_of_one_object(own, name)
        }
    };
    match place {
        Place::Parameter(location) => operation
            .parameters_in(location)
            .map(|parameter| &parameter.field)
            .find(|field| is_named(field)),
        Place::Body => operation
            .body
            .iter()
            .flat_map(|body| &body.fields)
            .find(|field| is_named(field)),
    }
}

/// The name without brackets and what follows a dot: `filter[name]` and `filter.name` are both `filter`.
pub(super) fn plain(name: &str) -> &str {
    name.split(['[', '.']).next().unwrap_or(name)
}

/// True for different members of one object, each with a name of its own: `filter[label]` and `filter[tag]`.
fn are_of_one_object(one: &str, other: &str) -> bool {
    /// Words for any name.
    const ANY: [&str; 8] = [
        "key",
        "name",
        "field",
        "property",
        "attribute",
        "index",
        "i",
        "n",
    ];
    let inside = |name: &str| {
        let (_, rest) = name.split_once('[')?;
        let inner = rest.split(']').next()?.to_owned();
        let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic());
        (is_name && !ANY.contains(&inner.as_str())).then_some(inner)
    };
    match (inside(one), inside(other)) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}

/// True if the pages document anything that is sent.
pub(super) fn documents_any(operation: &Operation) -> bool {
    !operation.parameters.is_empty() || operation.body.is_some()
}

/// The pairs of the query that have a name of their own; a query that holds a variable in place of names has none.
pub(super) fn query(curl: &Curl) -> &[Pair] {
    let pairs = curl
        .url
        .as_ref()
        .map_or(&[][..], |url| url.query.as_slice());
    if is_elided(pairs) { &[] } else { pairs }
}

/// True if a part of the query is left out: `?...`, `?$QUERY`, `?{params}`.
pub(super) fn is_elided(pairs: &[Pair]) -> bool {
    pairs.iter().any(|pair| {
        let name = &pair.name.value;
        name.contains(['$', '{', '<', '…']) || name.contains("...") || name.trim().is_empty()
    })
}

/// The body as JSON, if it is that.
pub(in crate::check) fn json_body(curl: &Curl) -> Option<Json> {
    let Some(Body::Raw(text)) = &curl.body else {
        return None;
    };
    let mut reading = json::read(text.text());
    (reading.documents.len() == 1)
        .then(|| reading.documents.pop())
        .flatten()
}

/// The names that the body sends at its top; nothing if they are not known.
pub(super) fn body_names(curl: &Curl) -> Option<Vec<String>> {
    let names = match curl.body.as_ref()? {
        Body::Form(_, pairs) => pairs.iter().map(|pair| pair.name.value.clone()).collect(),
        Body::Multipart(parts) => parts.iter().map(|part| part.name.value.clone()).collect(),
        Body::Raw(_) => {
            let body = json_body(curl)?;
            if !matches!(body.kind, JsonKind::Object(_)) || body.is_open() {
                return None;
            }
            body.members()
                .iter()
                .map(|member| member.key.clone())
                .collect()
        }
        Body::File(_) | Body::Upload(_) => return None,
    };
    Some(names)
}
