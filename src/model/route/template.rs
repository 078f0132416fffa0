//! Path templates: `/users/{id}`, `/users/:id`, `/models/{model}:generate`.
//!
//! ```text
//! template  = { "/" } [ segment { "/" { "/" } segment } ] [ "/" ] [ ( "?" | "#" ) … ] ;
//! segment   = ":" name { literal | parameter } | { literal | parameter } ;
//! parameter = "{" name "}" ;
//! ```
//!
//! What does not fit is kept as literal text and reported as a [`Fault`].

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use super::path_of;
use super::segment::{PATH_CHARACTERS, Part, Segment, decode, encode};

/// A path with parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    segments: Vec<Segment>,
    parameters: Vec<String>,
    faults: Vec<Fault>,
}

/// Something in a template that cannot have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Which bytes of the template.
    pub range: Range<usize>,
}

/// What can be wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `{id` without its `}`.
    UnclosedBrace,
    /// `}` without its `{`.
    StrayBrace,
    /// `{}`
    NoName,
    /// `{a}{b}`: nothing says where one ends and the other begins.
    AdjacentParameters,
    /// The second of two parameters with one name.
    RepeatedName,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnclosedBrace => "`{` is not closed",
            Self::StrayBrace => "`}` closes nothing",
            Self::NoName => "the parameter has no name",
            Self::AdjacentParameters => "nothing separates two parameters",
            Self::RepeatedName => "the name of the parameter is used twice",
        })
    }
}

impl Template {
    /// Reads a template; never fails, see [`Template::faults`].
    pub fn parse(text: &str) -> Self {
        let mut template = Self {
            text: text.to_owned(),
            segments: Vec::new(),
            parameters: Vec::new(),
            faults: Vec::new(),
        };
        let mut names = HashSet::new();
        let mut start = 0;
        for raw in split_outside_braces(path_of(text)) {
            if !raw.is_empty() {
                template.push_segment(raw, start, &mut names);
            }
            start += raw.len() + 1;
        }
        template
    }

    /// The template as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is wrong with it.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The names of the parameters, in order.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The template without the names of its parameters: `/users/{id}/` and `/users/:user` are both `/users/{}`.
    ///
    /// Two templates that have one identity match the same paths.
    pub fn identity(&self) -> String {
        let mut identity = String::new();
        for Segment(parts) in &self.segments {
            identity.push('/');
            for part in parts {
                match part {
                    Part::Literal(text) if text.starts_with(':') && identity.ends_with('/') => {
                        // A colon at the start of a segment would read back as a parameter.
                        identity.push_str("%3A");
                        identity.push_str(&encode(
                            text.get(1..).unwrap_or_default(),
                            PATH_CHARACTERS,
                            &[],
                        ));
                    }
                    Part::Literal(text) => identity.push_str(&encode(text, PATH_CHARACTERS, &[])),
                    Part::Parameter => identity.push_str("{}"),
                }
            }
        }
        if identity.is_empty() {
            identity.push('/');
        }
        identity
    }

    /// The path with `values` in place of the parameters, percent-encoded; a parameter without a value stays `{name}`.
    ///
    /// [`Router::find`](super::Router::find) gives the same values back, unless one of them is empty.
    pub fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut path = String::new();
        let mut names = self.parameters.iter();
        for Segment(parts) in &self.segments {
            path.push('/');
            let separators = separators(parts);
            for part in parts {
                match (part, names.as_slice().first()) {
                    (Part::Parameter, Some(name)) => {
                        names.next();
                        match values.iter().find(|(of, _)| of == name) {
                            Some((_, value)) => path.push_str(&encode(value, &[], &separators)),
                            None => path.extend(["{", name, "}"]),
                        }
                    }
                    (Part::Literal(text), _) => path.push_str(&encode(text, PATH_CHARACTERS, &[])),
                    (Part::Parameter, None) => {}
                }
            }
        }
        if path.is_empty() || self.text.len() > 1 && path_of(&self.text).ends_with('/') {
            path.push('/');
        }
        path
    }

    fn push_segment(&mut self, raw: &str, start: usize, names: &mut HashSet<String>) {
        let last = start + raw.rfind('}').unwrap_or(0);
        let mut parts = Vec::new();
        let mut rest = raw;
        if let Some(length) = colon_name(raw) {
            let name = raw.get(1..length).unwrap_or_default();
            let repeated = !names.insert(name.to_owned());
            self.push_parameter(&mut parts, name, start..start + length, repeated);
            rest = raw.get(length..).unwrap_or_default();
        }
        while let Some(first) = rest.chars().next() {
            let at = start + raw.len() - rest.len();
            let length = match first {
                '{' => match (at < last).then(|| rest.find('}')).flatten() {
                    Some(close) => {
                        let name = rest.get(1..close).unwrap_or_default().trim();
                        let repeated = !names.insert(name.to_owned());
                        self.push_parameter(&mut parts, name, at..at + close + 1, repeated);
                        close + 1
                    }
                    None => self.push_stray(&mut parts, "{", at, FaultKind::UnclosedBrace),
                },
                '}' => self.push_stray(&mut parts, "}", at, FaultKind::StrayBrace),
                _ => {
                    let length = rest.find(['{', '}']).unwrap_or(rest.len());
                    push_literal(&mut parts, &decode(rest.get(..length).unwrap_or_default()));
                    length
                }
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        self.segments.push(Segment(parts));
    }

    fn push_parameter(
        &mut self,
        parts: &mut Vec<Part>,
        name: &str,
        range: Range<usize>,
        repeated: bool,
    ) {
        let adjacent = parts.last() == Some(&Part::Parameter);
        let kinds = [
            (name.is_empty(), FaultKind::NoName),
            (adjacent, FaultKind::AdjacentParameters),
            (repeated && !name.is_empty(), FaultKind::RepeatedName),
        ];
        for (_, kind) in kinds.into_iter().filter(|(holds, _)| *holds) {
            let range = range.clone();
            self.faults.push(Fault { kind, range });
        }
        self.parameters.push(name.to_owned());
        parts.push(Part::Parameter);
    }

    fn push_stray(
        &mut self,
        parts: &mut Vec<Part>,
        brace: &str,
        at: usize,
        kind: FaultKind,
    ) -> usize {
        self.faults.push(Fault {
            kind,
            range: at..at + 1,
        });
        push_literal(parts, brace);
        brace.len()
    }
}

/// Splits at slashes, but not at one in the name of a parameter.
fn split_outside_braces(path: &str) -> impl Iterator<Item = &str> {
    let last = path.rfind('}').unwrap_or(0);
    let mut close = 0;
    let mut at = 0;
    path.split(move |c: char| {
        let here = at;
        at += c.len_utf8();
        // A brace that is never closed hides nothing.
        if c == '{' && (close..last).contains(&here) {
            close = path
                .get(here..)
                .and_then(|rest| rest.find('}'))
                .map_or(close, |end| here + end);
        }
        c == '/' && here >= close
    })
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Literal(before)) => before.push_str(text),
        _ => parts.push(Part::Literal(text.to_owned())),
    }
}

/// The length of `:name` at the start of a segment.
fn colon_name(raw: &str) -> Option<usize> {
    let name = raw.strip_prefix(':')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut length = 0;
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        let inner_hyphen =
            c == '-' && length > 0 && characters.peek().is_some_and(|next| is_name(*next));
        if !is_name(c) && !inner_hyphen {
            break;
        }
        length += 1;
    }
    (length > 0).then_some(length + 1)
}

/// The characters that end a parameter which another one follows; in a value they are escaped.
fn separators(parts: &[Part]) -> Vec<char> {
    let parameters = parts
        .iter()
        .filter(|part| **part == Part::Parameter)
        .count();
    let literals = parts
        .iter()
        .filter(|_| parameters > 1)
        .filter_map(|part| match part {
            Part::Literal(text) => text.chars().next(),
            Part::Parameter => None,
        });
    literals.collect()
}

impl fmt::Display for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn identity(text: &str) -> String {
        Template::parse(text).identity()
    }

    #[test]
    fn identity_forgets_names_slashes_and_queries() {
        for same in [
            "/users/{id}",
            "users/:user",
            "//users///{a b}/?x={y}",
            "/users/{a/b}#top",
        ] {
            assert_eq!(identity(same), "/users/{}", "{same}");
        }
        assert_eq!(identity(""), "/");
        assert_eq!(identity("/v{version}/{model}:generate"), "/v{}/{}:generate");
        assert_eq!(identity("/a%20b/:id.json"), "/a%20b/{}.json");
    }

    #[test]
    fn a_colon_inside_a_segment_is_text() {
        let template = Template::parse("/items:batch/:user-id:x");
        assert_eq!(template.parameters(), ["user-id"]);
        assert_eq!(template.identity(), "/items:batch/{}:x");
    }

    #[test]
    fn faults_have_places() {
        let faults = |text: &str| -> Vec<_> {
            let faults = Template::parse(text).faults().to_vec();
            faults
                .into_iter()
                .map(|fault| (fault.kind, fault.range))
                .collect()
        };
        assert_eq!(faults("/a/{id"), [(FaultKind::UnclosedBrace, 3..4)]);
        assert_eq!(faults("/a}/b"), [(FaultKind::StrayBrace, 2..3)]);
        assert_eq!(faults("/{}"), [(FaultKind::NoName, 1..3)]);
        assert_eq!(faults("/{a}{b}"), [(FaultKind::AdjacentParameters, 4..7)]);
        assert_eq!(faults("/{a}/:a"), [(FaultKind::RepeatedName, 5..7)]);
        assert_eq!(faults("/{a}/b"), []);
    }

    #[test]
    fn filling_escapes_what_would_end_the_segment() {
        let template = Template::parse("/a/{from}-{to}/{missing}/");
        assert_eq!(
            template.fill(&[("from", "x-y"), ("to", "ü/?")]),
            "/a/x%2Dy-%C3%BC%2F%3F/{missing}/"
        );
    }

    proptest! {
        #[test]
        fn identities_are_their_own_identity(text in "[a{}:/%?# .é37ABD]{0,20}") {
            let first = identity(&text);
            prop_assert_eq!(identity(&first), first);
        }

        #[test]
        fn faults_lie_inside_the_text(text in any::<String>()) {
            for fault in Template::parse(&text).faults() {
                prop_assert!(text.get(fault.range.clone()).is_some());
            }
        }
    }
}
