//! The edit that documents a member that an example shows: a field with the type of the example, behind the field of its
//! neighbour and written like it. What it means is left to the author.

use std::ops::Range;

use crate::diagnostic::{Fix, Safety};
use crate::model::Field;
use crate::model::json::{Json, JsonKind};
use crate::source::{Sources, Span};

use super::comparison::{Comparison, Shown};
use super::nesting;

/// The edit, if a neighbour of the member is documented by a field that stands on lines of its own.
pub(super) fn of(
    comparison: &Comparison<'_>,
    example: &Shown<'_>,
    key: &Range<usize>,
    path: &str,
    sources: &Sources,
) -> Option<Fix> {
    let (around, name) = nesting::split(path);
    let kind = kind(example.member_at(key)?)?;
    let sibling = neighbour(comparison, example, key, around)?;
    let text = Layout::of(sibling, sources)?.field(name, &kind)?;
    let end = Span::new(
        sibling.span.file,
        sibling.span.range().end..sibling.span.range().end,
    );
    let title = format!("add a field for `{name}`, to be described");
    Some(Fix::replace(title, Safety::Unsafe, end, text))
}

/// The documented member that is shown nearest before the key, else the nearest after it.
fn neighbour<'a>(
    comparison: &Comparison<'a>,
    example: &Shown<'_>,
    key: &Range<usize>,
    around: &str,
) -> Option<&'a Field> {
    /// Further away, the order of the fields tells nothing.
    const NEAR: usize = 32;
    let members = example.siblings_at(key)?;
    let here = members.iter().position(|it| it.key_range == *key)?;
    let (before, after) = members.split_at(here);
    let mut near = before
        .iter()
        .rev()
        .take(NEAR)
        .chain(after.iter().take(NEAR));
    near.find_map(|member| comparison.field(&nesting::join(around, &member.key)))
}

/// The type of a value, as type strings write it.
fn kind(value: &Json) -> Option<String> {
    let kind = match &value.kind {
        JsonKind::Object(_) | JsonKind::Array(_) if value.is_open() => return None,
        JsonKind::Array(items) => match items.first() {
            Some(first) => format!("{}[]", kind(first)?),
            None => "array".to_owned(),
        },
        JsonKind::Null | JsonKind::Elision => return None,
        JsonKind::Placeholder(_) => "string".to_owned(),
        _ => value.type_name().to_owned(),
    };
    Some(kind)
}

/// How a field is written.
struct Layout<'s> {
    sibling: &'s Field,
    /// The tag, such as `ResponseField`.
    tag: &'s str,
    /// The attribute that holds the name.
    attribute: &'s str,
    indent: &'s str,
    line_end: &'static str,
    /// True if an empty line stands between fields.
    is_spaced: bool,
}

impl<'s> Layout<'s> {
    fn of(sibling: &'s Field, sources: &'s Sources) -> Option<Self> {
        let text = sources.file(sibling.span.file).text();
        let open = text.get(sibling.open.range())?;
        let start = sibling.open.range().start;
        let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let indent = text.get(line_start..start)?;
        let after = text.get(sibling.span.range().end..)?;
        let before = text.get(..line_start)?.trim_end_matches([' ', '\t']);
        if !indent.trim().is_empty() {
            return None;
        }
        let name = sibling.name.value.as_str();
        let written = [
            format!("=\"{name}\""),
            format!("='{name}'"),
            format!("={{\"{name}\"}}"),
        ];
        let value = written.iter().find_map(|it| open.find(it.as_str()))?;
        let attribute = open.get(..value)?;
        Some(Self {
            sibling,
            tag: open.strip_prefix('<')?.split_whitespace().next()?,
            attribute: attribute.split_whitespace().last()?,
            indent,
            line_end: if after.starts_with("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
            is_spaced: ["\n\n", "\r\n\r\n"]
                .iter()
                .any(|blank| before.ends_with(blank) || after.starts_with(blank)),
        })
    }

    /// A field for the author to describe, with what stands between it and its neighbour.
    fn field(&self, name: &str, kind: &str) -> Option<String> {
        // A name with dots is a path, and so is that of its neighbour.
        let name = match self.sibling.name.value.rsplit_once('.') {
            Some((around, _)) => format!("{around}.{name}"),
            None => name.to_owned(),
        };
        let is_plain = !name.contains(['"', '<', '>', '{', '}', '&']);
        let Self {
            tag,
            attribute,
            indent,
            line_end,
            ..
        } = self;
        let blank = if self.is_spaced { line_end } else { "" };
        is_plain.then(|| {
            format!(
                "{line_end}{blank}{indent}<{tag} {attribute}=\"{name}\" type=\"{kind}\">{line_end}\
                 {indent}  TODO: describe `{name}`.{line_end}{indent}</{tag}>"
            )
        })
    }
}
