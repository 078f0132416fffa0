//! One segment of a template: literal text, a parameter, or several of both such as `{model}:generate`.

use std::borrow::Cow;

/// A piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Text that the path repeats, percent-decoded.
    Literal(String),
    /// A parameter, which takes at least one character.
    Parameter,
}

/// The text between two slashes of a template, without the names of its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Segment(pub(super) Vec<Part>);

impl Segment {
    /// True if any segment of a path matches.
    pub(super) fn is_parameter(&self) -> bool {
        self.0 == [Part::Parameter]
    }

    /// The text, if there is no parameter.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// How much of the segment is fixed: of two that match, the one with the greater weight is the closer.
    pub(super) fn weight(&self) -> usize {
        let literals = self.0.iter().map(|part| match part {
            Part::Literal(text) => text.len(),
            Part::Parameter => 0,
        });
        literals.sum()
    }

    /// The decoded values of the parameters, if the raw segment of a path matches.
    ///
    /// An escape that stands for a literal, such as `%3A` for the colon in `{model}:generate`, is text of a parameter
    /// unless the segment only matches with it decoded.
    pub(super) fn captures(&self, raw: &str) -> Option<Vec<String>> {
        let decoded = |values: Vec<&str>| values.into_iter().map(decode).collect();
        if let Some(values) = self.split(raw, written, is_in_escape) {
            return Some(decoded(values));
        }
        if raw.contains('%')
            && let Some(values) = self.split(raw, escaped, is_in_escape)
        {
            return Some(decoded(values));
        }
        let text = decode(raw);
        let values = self.split(&text, |literal| Cow::Borrowed(literal), |_, _| false)?;
        Some(values.into_iter().map(ToOwned::to_owned).collect())
    }

    /// Literals are found from the left, each as early as it can be, so the time is linear in the text.
    ///
    /// `is_inside` says where no literal begins.
    fn split<'p>(
        &self,
        text: &'p str,
        written: impl Fn(&str) -> Cow<'_, str>,
        is_inside: impl Fn(&str, usize) -> bool,
    ) -> Option<Vec<&'p str>> {
        let mut values = Vec::new();
        let (mut rest, mut parts) = (text, self.0.as_slice());
        let mut open = false;
        if let [.., Part::Parameter, Part::Literal(suffix)] = parts {
            rest = rest.strip_suffix(&*written(suffix))?;
            if is_inside(text, rest.len()) {
                return None;
            }
            parts = parts.get(..parts.len() - 1)?;
        }
        for part in parts {
            match part {
                Part::Parameter if open => {
                    let end = rest.chars().next()?.len_utf8();
                    values.push(rest.get(..end)?);
                    rest = rest.get(end..)?;
                }
                Part::Parameter => open = true,
                Part::Literal(literal) if open => {
                    let literal = written(literal);
                    let first = rest.chars().next()?.len_utf8();
                    let mut places = rest.get(first..)?.match_indices(&*literal);
                    let (end, _) = places.find(|(at, _)| !is_inside(rest, first + at))?;
                    let end = first + end;
                    values.push(rest.get(..end)?);
                    rest = rest.get(end + literal.len()..)?;
                    open = false;
                }
                Part::Literal(literal) => rest = rest.strip_prefix(&*written(literal))?,
            }
        }
        if open && !rest.is_empty() {
            values.push(rest);
            rest = "";
            open = false;
        }
        (rest.is_empty() && !open).then_some(values)
    }
}

/// A literal as a raw path has it: a percent sign that begins no escape is one itself.
fn written(literal: &str) -> Cow<'_, str> {
    if literal.contains('%') {
        Cow::Owned(literal.replace('%', "%25"))
    } else {
        Cow::Borrowed(literal)
    }
}

/// A literal with all escapes that it may have.
fn escaped(literal: &str) -> Cow<'_, str> {
    Cow::Owned(encode(literal, PATH_CHARACTERS, &[]))
}

/// True for a place behind the percent sign of an escape.
fn is_in_escape(text: &str, at: usize) -> bool {
    let is_escape = |back: usize| {
        let start = at.checked_sub(back)?;
        let rest = text.as_bytes().get(start..)?;
        Some(matches!(rest, [b'%', high, low, ..] if hex(*high).is_some() && hex(*low).is_some()))
    };
    [1, 2].into_iter().any(|back| is_escape(back) == Some(true))
}

/// Percent-decoding; an escape that is none stays as it is, and bytes that are not UTF-8 become U+FFFD.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        bytes.push(escaped.map_or(*first, |(high, low)| high * 16 + low));
        rest = tail
            .get(if escaped.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

/// Percent-encodes all that may not stand in a segment as itself, and the characters of `also`.
pub(super) fn encode(text: &str, plain: &[u8], also: &[char]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        let is_plain = c.is_ascii_alphanumeric()
            || matches!(c, '-' | '.' | '_' | '~')
            || u8::try_from(c).is_ok_and(|byte| plain.contains(&byte));
        if is_plain && !also.contains(&c) {
            encoded.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.extend(
                    char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()),
                );
            }
        }
    }
    encoded
}

/// Beside the unreserved characters, what RFC 3986 lets stand in a segment.
pub(super) const PATH_CHARACTERS: &[u8] = b"!$&'()*+,;=:@";
