//! Which media types an operation takes.

use crate::model::curl;
use crate::model::{Operation, Origin};

/// The media types that requests of an operation may have.
#[derive(Clone, Debug, Default)]
pub(in crate::mock) struct Accepted {
    /// Without parameters, in lower case, and how such bodies are read; the documented one comes first.
    types: Vec<(String, Kind)>,
}

/// How a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Form,
    Multipart,
    /// In a way that we do not judge.
    Other,
}

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl Accepted {
    /// The documented media type, and those that the examples of the operation send.
    pub(in crate::mock) fn of(operation: &Operation) -> Self {
        let mut types = Vec::new();
        let Some(body) = &operation.body else {
            return Self { types };
        };
        let mut add = |name: &str, kind: fn(&str) -> Kind| {
            let name = normal(name);
            let kind = kind(&name);
            if types.iter().all(|(known, _)| *known != name) {
                types.push((name, kind));
            }
        };
        add(&body.media_type.value, kind);
        let origin = body.media_type.evidence.origin;
        let is_stated = origin != Origin::Inferred;
        let curls = operation
            .request_examples
            .iter()
            .filter_map(|it| it.curl.as_ref());
        for curl in curls.filter(|_| !is_stated) {
            // What curl sends by itself says nothing about the API.
            let is_meant = match &curl.body {
                Some(curl::Body::Form(..) | curl::Body::Multipart(_)) => true,
                Some(_) => curl.header("content-type").is_some(),
                None => false,
            };
            if let Some(shown) = curl.content_type().filter(|_| is_meant) {
                add(shown, kind);
            }
        }
        // The members that an OpenAPI file documents are those of one media type; others may have others.
        let is_specified = origin == Origin::Specification;
        let of_others = if is_specified {
            |_: &str| Kind::Other
        } else {
            kind
        };
        for shown in &operation.sent_in_text.media_types {
            add(shown, of_others);
        }
        Self { types }
    }

    /// How a body of that media type is read; `None` if the operation does not take it.
    pub(super) fn kind(&self, content_type: Option<&str>, body: &[u8]) -> Option<Kind> {
        let essence = essence(content_type.unwrap_or_default());
        if essence.is_empty() {
            return Some(self.types.first().map_or(Kind::Other, |(_, kind)| *kind));
        }
        let is_sent = |(known, _): &&(String, Kind)| known.eq_ignore_ascii_case(essence);
        if let Some((_, kind)) = self.types.iter().find(is_sent) {
            return Some(*kind);
        }
        let sent = normal(essence);
        if self.types.iter().any(|(known, _)| is_range(known, &sent)) {
            return Some(kind(&sent));
        }
        let takes_json = self.types.iter().any(|(_, kind)| *kind == Kind::Json);
        let is_taken = self.types.iter().any(|(known, _)| *known == sent);
        if is_taken || takes_json && kind(&sent) == Kind::Json {
            return Some(kind(&sent));
        }
        // curl calls every `-d` a form.
        let looks_like_json = body.trim_ascii_start().starts_with(b"{")
            || body.trim_ascii_start().starts_with(b"[")
            || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
        (takes_json && sent == FORM && looks_like_json).then_some(Kind::Json)
    }

    /// The types as `Accept` names them.
    pub(in crate::mock) fn header(&self) -> String {
        let names = self.types.iter().map(|(name, _)| name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }
}

/// True for `*/*` and `image/*`, if the media type is among these.
fn is_range(known: &str, sent: &str) -> bool {
    let start = known.strip_suffix('*').filter(|it| it.ends_with('/'));
    start.is_some_and(|start| start == "*/" || sent.starts_with(start))
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

fn normal(media_type: &str) -> String {
    let essence = essence(media_type).to_ascii_lowercase();
    match essence.as_str() {
        "json" => "application/json".to_owned(),
        "form" | "form-urlencoded" | "x-www-form-urlencoded" => FORM.to_owned(),
        "form-data" | "multipart" => MULTIPART.to_owned(),
        _ => essence,
    }
}

fn kind(media_type: &str) -> Kind {
    match media_type {
        FORM => Kind::Form,
        MULTIPART => Kind::Multipart,
        "application/json" | "text/json" => Kind::Json,
        other if other.ends_with("+json") => Kind::Json,
        _ => Kind::Other,
    }
}
