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
                || is_pattern_of(&own.to_ascii_lowercase(), &name.to_ascii_lowercase())
        } else {
            own == name
                || is_one_of_several(own, name)
                || plain(own) == plain(name) && !are_of_one_object(own, name)
                || is_pattern_of(own, name)
        }
    };
    match place {
        Place::Parameter(location) => operation
            .parameters_in(location)
            .map(|parameter| &parameter.field)
            .find(|field| is_named(field))
            .or_else(|| {
                let mut fields = operation.parameters_in(location).map(|it| &it.field);
                fields.find(|field| is_modified(field, name))
            }),
        Place::Body => operation
            .body
            .iter()
            .flat_map(|body| &body.fields)
            .find(|field| is_named(field)),
    }
}

/// True if the field is named by several names: `lat, lng`.
fn is_one_of_several(own: &str, name: &str) -> bool {
    own.contains([',', '|', ' ']) && own.split([',', '|', '/', ' ']).any(|part| part == name)
}

/// The name without brackets and what follows a dot: `filter[name]` and `filter.name` are both `filter`.
pub(super) fn plain(name: &str) -> &str {
    name.split(['[', '.']).next().unwrap_or(name)
}

/// True for a name with something before or behind it that the text of the field has in code: "Append `__gte`", "`-name`".
fn is_modified(field: &Field, name: &str) -> bool {
    let own = field.name.value.trim();
    let affix = name.strip_prefix(own).or_else(|| name.strip_suffix(own));
    let affix = affix.filter(|affix| !affix.is_empty());
    let mut spans = field.description.split('`').skip(1).step_by(2);
    spans.any(|span| affix.is_some_and(|it| it == span) || span == name)
}

/// True if a documented name has a part for something else, such as `{field}`, `<field>`, or `*`, and the name fits.
fn is_pattern_of(documented: &str, name: &str) -> bool {
    let mut pieces: Vec<&str> = Vec::new();
    let mut rest = documented;
    while let Some(open) = rest.find(['{', '<', '*']) {
        let close = match rest.as_bytes().get(open) {
            Some(b'{') => rest.find('}'),
            Some(b'<') => rest.find('>'),
            _ => Some(open),
        };
        let Some(close) = close.filter(|close| *close >= open) else {
            return false;
        };
        pieces.push(rest.get(..open).unwrap_or_default());
        rest = rest.get(close + 1..).unwrap_or_default();
    }
    // `[op]` behind such a part is one of its own.
    let end = if pieces.is_empty() { rest } else { plain(rest) };
    let has_operator = end.len() < rest.len() && rest.starts_with(end);
    let Some((first, inner)) = pieces.split_first() else {
        return false;
    };
    let name = if has_operator {
        before_bracket(name)
    } else {
        name
    };
    let Some(mut left) = name.strip_prefix(first) else {
        return false;
    };
    for piece in inner {
        match left.split_once(piece) {
            Some((filled, behind)) if !filled.is_empty() => left = behind,
            _ => return false,
        }
    }
    // A name that is nothing but such a part would fit anything.
    let is_named = !first.is_empty() || !end.is_empty();
    is_named && left.len() > end.len() && left.ends_with(end)
}

/// The name without the brackets at its end.
fn before_bracket(name: &str) -> &str {
    name.rsplit_once('[').map_or(name, |(before, _)| before)
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
