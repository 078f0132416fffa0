//! The blocks that prefix their lines: block quotes, list items, and footnote definitions.
//!
//! Each line first continues as many of the open containers as its indentation and markers allow, then may open
//! new ones (CommonMark 0.31, appendix "A parsing strategy"). In MDX there is no indented code, so that any
//! indentation may stand before a marker.

use super::lines::{At, Line};
use super::tree::Scope;

/// An open container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container {
    pub(super) kind: ContainerKind,
    pub(super) scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContainerKind {
    Quote,
    Item(Item),
    Footnote,
}

/// A list item: its content starts `size` columns behind the content of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    size: usize,
    /// The first line holds nothing but the marker; a blank line after it ends the item.
    starts_blank: bool,
    ended: bool,
}

impl ContainerKind {
    /// What the container is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Quote => "block quote",
            Self::Item(_) => "list item",
            Self::Footnote => "footnote",
        }
    }
}

/// Where the containers of a line end: one entry for each that the line continues.
pub(super) struct Continued {
    pub(super) count: usize,
    pub(super) at: At,
}

/// Continues the open containers on a line; `ends` receives the place behind each continued one.
pub(super) fn continue_all(
    containers: &mut [Container],
    line: Line<'_>,
    ends: &mut Vec<At>,
) -> Continued {
    let mut at = line.begin();
    ends.clear();
    for container in containers.iter_mut() {
        let Some(next) = continue_one(&mut container.kind, line, at) else {
            break;
        };
        at = next;
        ends.push(at);
    }
    Continued {
        count: ends.len(),
        at,
    }
}

fn continue_one(kind: &mut ContainerKind, line: Line<'_>, at: At) -> Option<At> {
    let blank = line.is_blank(at);
    match kind {
        ContainerKind::Quote => quote_marker(line, at),
        ContainerKind::Item(item) if blank => {
            item.ended |= item.starts_blank;
            Some(line.skip(at, item.size))
        }
        ContainerKind::Item(item) => {
            let next = line.skip(at, item.size);
            item.starts_blank = false;
            (!item.ended && next.column >= at.column + item.size).then_some(next)
        }
        ContainerKind::Footnote if blank => Some(line.skip(at, 4)),
        ContainerKind::Footnote => {
            let next = line.skip(at, 4);
            (next.column >= at.column + 4).then_some(next)
        }
    }
}

fn quote_marker(line: Line<'_>, at: At) -> Option<At> {
    let at = line.skip_all(at);
    line.rest(at).starts_with('>').then(|| {
        let after = at.behind(1);
        line.skip(after, 1)
    })
}

/// Opens a container if one starts at `at`; `interrupting` if a paragraph would be interrupted by it.
pub(super) fn open(line: Line<'_>, at: At, interrupting: bool) -> Option<(ContainerKind, At)> {
    if let Some(next) = quote_marker(line, at) {
        return Some((ContainerKind::Quote, next));
    }
    let marker = line.skip_all(at);
    let rest = line.rest(marker);
    if let Some(length) = footnote_marker(rest) {
        return Some((
            ContainerKind::Footnote,
            line.skip_all(marker.behind(length)),
        ));
    }
    let length = list_marker(rest, interrupting)?;
    let after = marker.behind(length);
    if line.is_blank(after) {
        let item = Item {
            size: after.column + 1 - at.column,
            starts_blank: true,
            ended: false,
        };
        return (!interrupting).then_some((ContainerKind::Item(item), line.skip_all(after)));
    }
    let content = line.skip_all(after);
    let item = Item {
        size: content.column - at.column,
        starts_blank: false,
        ended: false,
    };
    Some((ContainerKind::Item(item), content))
}

/// The length of a list marker that is followed by white space or the end of the line.
fn list_marker(rest: &str, interrupting: bool) -> Option<usize> {
    let bytes = rest.as_bytes();
    let length = match bytes.first()? {
        b'-' | b'+' | b'*' if !is_thematic_break(rest) => 1,
        b'0'..=b'9' => {
            let digits = bytes
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let allowed = digits <= 9 && (!interrupting || rest.starts_with('1') && digits == 1);
            (allowed && matches!(bytes.get(digits), Some(b'.' | b')'))).then_some(digits + 1)?
        }
        _ => return None,
    };
    matches!(bytes.get(length), None | Some(b' ' | b'\t' | b'\r')).then_some(length)
}

fn footnote_marker(rest: &str) -> Option<usize> {
    let label = rest.strip_prefix("[^")?;
    let length = label.find(']')?;
    let plain = !label
        .get(..length)?
        .contains(|c: char| c.is_whitespace() || c == '[');
    (plain && length > 0 && label.get(length + 1..)?.starts_with(':')).then_some(2 + length + 2)
}

/// True for `---`, `* * *`, `___`, and the like.
pub(super) fn is_thematic_break(rest: &str) -> bool {
    let Some(marker @ (b'-' | b'*' | b'_')) = rest.bytes().next() else {
        return false;
    };
    let mut count = 0;
    rest.bytes().all(|byte| {
        count += usize::from(byte == marker);
        byte == marker || matches!(byte, b' ' | b'\t' | b'\r')
    }) && count >= 3
}
