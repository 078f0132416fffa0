//! One path template.

use std::fmt::Write as _;

/// A path with parameters, such as `/users/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
}

/// What stands between two slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Parameter(String),
}

impl Template {
    /// Reads a path; braces that are never closed are literal.
    pub fn parse(path: &str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Self {
            segments: path
                .split('/')
                .filter(|text| !text.is_empty())
                .map(Segment::parse)
                .collect(),
        }
    }

    /// The names of the parameters, in the order of the path.
    pub fn parameters(&self) -> Vec<&str> {
        self.segments
            .iter()
            .flat_map(|segment| &segment.parts)
            .filter_map(Part::name)
            .collect()
    }

    /// The template with the names of its parameters erased: `/users/{}`.
    pub fn identity(&self) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            for part in &segment.parts {
                text.push_str(match part {
                    Part::Literal(literal) => literal,
                    Part::Parameter(_) => "{}",
                });
            }
        }
        if text.is_empty() {
            "/".to_owned()
        } else {
            text
        }
    }

    /// The path with `value` of each parameter in its place, percent-encoded; a parameter without a value stays.
    pub fn fill(&self, value: &dyn Fn(&str) -> Option<String>) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            for part in &segment.parts {
                match part {
                    Part::Literal(literal) => text.push_str(literal),
                    Part::Parameter(name) => match value(name) {
                        Some(value) => encode(&value, &mut text),
                        None => {
                            let _ = write!(text, "{{{name}}}");
                        }
                    },
                }
            }
        }
        if text.is_empty() {
            "/".to_owned()
        } else {
            text
        }
    }

    /// True if `path` is an instance of the template.
    pub fn matches(&self, path: &str) -> bool {
        self.capture(path).is_some()
    }

    /// The values of the parameters in `path`, decoded; `None` if it is no instance of the template.
    pub fn capture(&self, path: &str) -> Option<Vec<(String, String)>> {
        let segments = split(path);
        if segments.len() != self.segments.len() {
            return None;
        }
        let mut captured = Vec::new();
        for (template, segment) in self.segments.iter().zip(&segments) {
            if !template.capture(segment, &mut captured) {
                return None;
            }
        }
        Some(captured)
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }
}

/// The decoded segments of a path; its query is left out.
pub(super) fn split(path: &str) -> Vec<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split('/')
        .filter(|text| !text.is_empty())
        .map(decode)
        .collect()
}

impl Segment {
    fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        if let Some(rest) = text.strip_prefix(':') {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            if let Some((name @ [_, ..], rest)) = rest
                .split_at_checked(length)
                .map(|(name, rest)| (name.as_bytes(), rest))
            {
                parts.push(Part::Parameter(String::from_utf8_lossy(name).into_owned()));
                parts.extend(parts_of(rest));
                return Self { parts };
            }
        }
        Self {
            parts: parts_of(text),
        }
    }

    /// The literal, if the segment is nothing else.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal(literal)] => Some(literal),
            _ => None,
        }
    }

    /// How much of the segment is literal: more is more specific.
    pub(super) fn literal_length(&self) -> usize {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(literal) => literal.len(),
                Part::Parameter(_) => 0,
            })
            .sum()
    }

    /// True if two segments match the same texts.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|pair| match pair {
                (Part::Literal(one), Part::Literal(other)) => one == other,
                (Part::Parameter(_), Part::Parameter(_)) => true,
                _ => false,
            })
    }

    /// Matches a decoded segment: each parameter takes as little as it can, and at least one character.
    pub(super) fn capture(&self, text: &str, into: &mut Vec<(String, String)>) -> bool {
        let mut rest = text;
        let mut pending: Option<&str> = None;
        for part in &self.parts {
            match part {
                Part::Literal(literal) => {
                    let at = match pending {
                        None if rest.starts_with(literal.as_str()) => 0,
                        None => return false,
                        Some(_) => {
                            let from = rest.chars().next().map_or(0, char::len_utf8);
                            match rest
                                .get(from..)
                                .and_then(|tail| tail.find(literal.as_str()))
                            {
                                Some(found) => from + found,
                                None => return false,
                            }
                        }
                    };
                    let (value, tail) = rest.split_at(at);
                    if let Some(name) = pending.take() {
                        into.push((name.to_owned(), value.to_owned()));
                    }
                    rest = tail.get(literal.len()..).unwrap_or_default();
                }
                Part::Parameter(name) => pending = Some(name),
            }
        }
        match pending {
            Some(name) if !rest.is_empty() => {
                into.push((name.to_owned(), rest.to_owned()));
                true
            }
            Some(_) => false,
            None => rest.is_empty(),
        }
    }
}

fn parts_of(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest.get(open..).and_then(|tail| tail.find('}')) else {
            break;
        };
        let (literal, tail) = rest.split_at(open);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let name = tail
            .get(1..close)
            .unwrap_or_default()
            .trim_matches('{')
            .trim();
        parts.push(Part::Parameter(name.to_owned()));
        rest = tail
            .get(close + 1..)
            .unwrap_or_default()
            .trim_start_matches('}');
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(decode(rest)));
    }
    parts
}

impl Part {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Parameter(name) => Some(name),
            Self::Literal(_) => None,
        }
    }
}

/// Percent-decodes; what is not valid UTF-8 afterwards is replaced.
pub fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                decoded.push(code);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(byte as char);
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        Template::parse(template).capture(path)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn both_forms_of_parameters_are_captured_and_decoded() {
        assert_eq!(
            captured("/users/{id}", "/users/a%2Fb/"),
            Some(vec![pair("id", "a/b")])
        );
        assert_eq!(
            captured("users/:id", "//users//7?x=1"),
            Some(vec![pair("id", "7")])
        );
        assert_eq!(captured("/users/{id}", "/users"), None);
    }

    #[test]
    fn a_segment_may_hold_several_parts() {
        assert_eq!(
            captured(
                "/models/{model}:generate/v{version}",
                "/models/m-1:generate/v2"
            ),
            Some(vec![pair("model", "m-1"), pair("version", "2")])
        );
        assert_eq!(
            captured("/a/{x}.{y}", "/a/b.c.d"),
            Some(vec![pair("x", "b"), pair("y", "c.d")])
        );
        assert_eq!(
            captured("/a/:id:run", "/a/1:run"),
            Some(vec![pair("id", "1")])
        );
    }

    #[test]
    fn filling_and_capturing_are_inverse() {
        let template = Template::parse("/a/{x}/b");
        let path = template.fill(&|_| Some("ä/ 1".to_owned()));
        assert_eq!(path, "/a/%C3%A4%2F%201/b");
        assert_eq!(template.capture(&path), Some(vec![pair("x", "ä/ 1")]));
        assert_eq!(template.identity(), "/a/{}/b");
    }
}
