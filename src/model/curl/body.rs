//! The body of a request, put together from the data flags.

use std::ops::Range;

use super::url::{Pair, pairs};
use super::{Decoded, Spanned};

/// What a command sends as the body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Text, such as JSON.
    Raw(Decoded),
    /// `a=1&b=2`, whole and as its pairs.
    Form(Decoded, Vec<Pair>),
    /// The parts of `-F`.
    Multipart(Vec<Part>),
    /// The name of the file that `-d @name` reads; `-` is the standard input.
    File(Spanned<String>),
    /// The name of the file that `-T name` sends.
    Upload(Spanned<String>),
}

impl Body {
    /// The text that is sent, if the command itself holds it.
    pub fn text(&self) -> Option<&Decoded> {
        match self {
            Self::Raw(text) | Self::Form(text, _) => Some(text),
            Self::Multipart(_) | Self::File(_) | Self::Upload(_) => None,
        }
    }
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: Spanned<String>,
    /// What it holds.
    pub value: PartValue,
    /// The media type of `;type=`.
    pub content_type: Option<String>,
    /// The bytes of the whole part.
    pub range: Range<usize>,
}

/// What a part of a multipart body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartValue {
    /// Text.
    Text(Spanned<String>),
    /// The name of a file that is sent as a file (`@`) or as text (`<`).
    File(Spanned<String>),
}

impl Part {
    /// The part that the argument of `-F` or, if `is_literal`, of `--form-string` describes.
    pub(super) fn new(text: &Decoded, is_literal: bool) -> Self {
        let whole = text.text();
        let name = whole.split('=').next().unwrap_or_default();
        let start = (name.len() + 1).min(whole.len());
        let value = whole.get(start..).unwrap_or_default();
        let is_file = !is_literal && value.starts_with(['@', '<']);
        let start = start + usize::from(is_file);
        let value = whole.get(start..).unwrap_or_default();
        let plain = if is_literal {
            value
        } else {
            without_options(value)
        };
        let options = value.get(plain.len()..).unwrap_or_default();
        let unquoted = plain
            .strip_prefix('"')
            .and_then(|inner| inner.strip_suffix('"'));
        let shift = usize::from(unquoted.is_some());
        let spanned = Spanned::new(
            unquoted.unwrap_or(plain).to_owned(),
            text.range(start + shift..start + plain.len() - shift),
        );
        Self {
            name: Spanned::new(name.to_owned(), text.range(0..name.len())),
            value: if is_file {
                PartValue::File(spanned)
            } else {
                PartValue::Text(spanned)
            },
            content_type: options
                .split(';')
                .find_map(|option| option.trim().strip_prefix("type="))
                .map(str::to_owned),
            range: text.range(0..whole.len()),
        }
    }
}

/// The value of a part without `;type=…` and its like.
fn without_options(value: &str) -> &str {
    let option = [
        ";type=",
        ";filename=",
        ";headers=",
        ";encoder=",
        "; type=",
        "; filename=",
    ];
    let ends = option.iter().filter_map(|option| value.find(option));
    ends.min().and_then(|end| value.get(..end)).unwrap_or(value)
}

/// One data flag.
pub(super) enum Data {
    Text(Decoded),
    /// `--data-urlencode`: name and value, which is not encoded yet.
    Encoded(Decoded),
    File(Spanned<String>),
}

/// Joins the data flags as curl does; `is_form` tells if the media type calls it a form, `None` if it is not given.
pub(super) fn join(data: Vec<Data>, is_form: Option<bool>) -> Option<Body> {
    let mut text = Decoded::default();
    let mut form = Vec::new();
    let mut is_encoded = false;
    let count = data.len();
    for item in data {
        match item {
            Data::File(name) if count == 1 => return Some(Body::File(name)),
            Data::File(name) => {
                append(&mut text, &written(&format!("@{}", name.value), name.range));
            }
            Data::Text(part) => {
                form.extend(pairs(&part, 0..part.text().len()));
                append(&mut text, &part);
            }
            Data::Encoded(part) => {
                is_encoded = true;
                form.push(encoded_pair(&part));
                append(&mut text, &part);
            }
        }
    }
    let looks_like_form = is_encoded || (!form.is_empty() && form.iter().all(is_form_pair));
    if count == 0 {
        None
    } else if is_form.unwrap_or(looks_like_form) && looks_like_form {
        Some(Body::Form(text, form))
    } else {
        Some(Body::Raw(text))
    }
}

fn written(text: &str, range: Range<usize>) -> Decoded {
    let mut decoded = Decoded::default();
    decoded.push_replaced(text, range);
    decoded
}

fn append(text: &mut Decoded, part: &Decoded) {
    if !text.text().is_empty() {
        let start = part.range(0..0).start;
        text.push_replaced("&", start..start);
    }
    text.push_decoded(part, 0..part.text().len());
}

/// `content`, `=content`, or `name=content`.
fn encoded_pair(part: &Decoded) -> Pair {
    let whole = part.text();
    let (name, start) = whole
        .split_once('=')
        .map_or(("", 0), |(name, _)| (name, name.len() + 1));
    let value = whole.get(start..).unwrap_or_default().to_owned();
    Pair {
        name: Spanned::new(name.to_owned(), part.range(0..name.len())),
        value: Some(Spanned::new(value, part.range(start..whole.len()))),
        range: part.range(0..whole.len()),
    }
}

/// True if a pair is one by its looks: a name without the signs of JSON or XML, and a value.
fn is_form_pair(pair: &Pair) -> bool {
    let name = pair.name.value.as_str();
    pair.value.is_some()
        && !name.is_empty()
        && !name.starts_with(['{', '[', '<', '"'])
        && !name.contains(['\n', ' '])
}
