//! Tags and expressions that stand alone on their lines: blocks of their own, "flow" in micromark.
//!
//! ```text
//! flow = item { white space item } end of line
//! item = tag | expression | HTML comment       an expression may not follow another one; the comment is a fault
//! ```
//!
//! Where anything else stands on the line, all of it is a paragraph.

use std::ops::Range;

use super::container::{self, Container};
use super::expression;
use super::inline::{Piece, Text};
use super::lines::{At, Line, Lines};
use super::lookahead::Lookahead;
use super::tag::{self, Found, Tag};

/// What stands on the lines of a flow block.
pub(super) enum Item {
    Tag(Tag),
    Expression(Range<usize>),
    Comment(Range<usize>),
}

/// Where it turned out that a line is not made of tags and expressions alone.
pub(super) struct Failed {
    pub(super) at: usize,
    /// The text ended inside a tag or expression.
    pub(super) unfinished: bool,
}

impl Failed {
    fn at(at: usize) -> Self {
        Self {
            at,
            unfinished: false,
        }
    }

    fn unfinished(at: usize) -> Self {
        Self {
            at,
            unfinished: true,
        }
    }
}

/// The items that `text` starts with, and where their last line ends.
///
/// If the text is `complete`, a tag that it breaks off is recovered.
pub(super) fn items(
    text: &str,
    complete: bool,
    lookahead: &mut Lookahead,
) -> Result<(Vec<Item>, usize), Failed> {
    let result = read_items(lookahead.window(text, 0), complete);
    if let Err(failed) = &result {
        lookahead.in_vain(0, failed.at);
    }
    result
}

fn read_items(text: &str, complete: bool) -> Result<(Vec<Item>, usize), Failed> {
    let mut items = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        match text.as_bytes().get(at) {
            None | Some(b'\n') if items.is_empty() => return Err(Failed::at(at)),
            None | Some(b'\n') => return Ok((items, at)),
            Some(b'<') => {
                if let Some(end) = html_comment(text, at) {
                    items.push(Item::Comment(at..end));
                    at = end;
                    continue;
                }
                match tag::read(text, at) {
                    Found::Tag(tag) => {
                        at = tag.range.end;
                        items.push(Item::Tag(tag));
                    }
                    Found::Unfinished(fault) => {
                        let recovered = complete.then(|| tag::read_unfinished(text, at, &fault));
                        let Some(tag) = recovered.flatten() else {
                            return Err(Failed::unfinished(text.len()));
                        };
                        at = tag.range.end;
                        items.push(Item::Tag(tag));
                    }
                    Found::Text => return Err(Failed::at(at)),
                    Found::Fault(fault) => return Err(Failed::at(fault.range.start)),
                }
            }
            Some(b'{') if !matches!(items.last(), Some(Item::Expression(_))) => {
                let end = expression::end(text, at).ok_or(Failed::unfinished(text.len()))?;
                items.push(Item::Expression(at..end));
                at = end;
            }
            Some(_) => return Err(Failed::at(at)),
        }
    }
}

fn html_comment(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix("<!--")?;
    Some(at + 4 + rest.find("-->")? + 3)
}

/// The text from a place on, without the markers of its containers.
pub(super) struct View<'s> {
    pub(super) text: Text<'s>,
    /// Nothing more belongs to the containers.
    pub(super) complete: bool,
    /// The line at which the containers end, if a paragraph would go on there.
    pub(super) lazy: Option<Line<'s>>,
}

/// The text from `at`, in the line of that index, to the end of the page or of the containers, `count` lines at most.
pub(super) fn view<'s>(
    text: &'s str,
    lines: &Lines<'s>,
    containers: &[Container],
    index: usize,
    at: At,
    count: usize,
) -> View<'s> {
    let piece = |start: usize, end: usize| Piece {
        prefix: start,
        start,
        end,
        line_start: true,
    };
    if containers.is_empty() {
        return View {
            text: Text::new(text, &[piece(at.offset, text.len())]),
            complete: true,
            lazy: None,
        };
    }
    let mut containers = containers.to_vec();
    let mut pieces = vec![piece(at.offset, lines.end(lines.get(index)))];
    let mut ends = Vec::new();
    let mut complete = false;
    let mut lazy = None;
    while pieces.len() < count {
        let next = index + pieces.len();
        if next >= lines.len() {
            complete = true;
            break;
        }
        let line = lines.get(next);
        let continued = container::continue_all(&mut containers, line, &mut ends);
        if continued.count < containers.len() {
            complete = true;
            let goes_on = !line.is_blank(continued.at)
                && container::open(line, continued.at, false).is_none();
            lazy = goes_on.then_some(line);
            break;
        }
        pieces.push(piece(continued.at.offset, lines.end(line)));
    }
    View {
        text: Text::new(text, &pieces),
        complete,
        lazy,
    }
}
