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
use super::inline::{self, Piece, Text};
use super::lines::{At, Line, Lines};
use super::lookahead::Lookahead;
use super::tag::{self, Fault, Found, Tag, TagKind};
use super::{expression, rules};

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
    /// How far it was looked for.
    seen: usize,
    /// What the strict parser gives up at, even if the line is in a code span.
    pub(super) fault: Option<Fault>,
}

impl Failed {
    fn at(at: usize) -> Self {
        Self {
            at,
            unfinished: false,
            seen: at,
            fault: None,
        }
    }

    /// What stands before the place may be what the strict parser gave up at.
    fn or_earlier(mut self, text: &str, items: &[Item]) -> Self {
        let earlier = items.iter().find_map(|item| match item {
            Item::Comment(range) => Some(html_comment(range.clone())),
            // What is wrong with a closing tag counts only where it is one.
            Item::Tag(tag) if tag.kind == TagKind::Close => None,
            Item::Tag(tag) => tag.faults.first().cloned(),
            Item::Expression(range) => inline::expression_fault(text, range),
        });
        self.fault = earlier.or(self.fault);
        self
    }

    fn faulty(fault: Fault) -> Self {
        let at = fault.range.start;
        Self {
            fault: Some(fault),
            ..Self::at(at)
        }
    }

    fn unfinished(at: usize) -> Self {
        Self {
            at,
            unfinished: true,
            seen: at,
            fault: None,
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
    let mut items = Vec::new();
    let window = lookahead.window(text, 0);
    let result = match read_items(window, complete, &mut items) {
        Ok(end) => Ok((items, end)),
        Err(failed) => Err(failed.or_earlier(window, &items)),
    };
    match &result {
        Err(failed) => lookahead.in_vain(0, failed.seen),
        Ok((items, end)) => {
            let seen = items.iter().map(Item::seen).max().unwrap_or(0);
            lookahead.in_vain(*end, seen);
        }
    }
    result
}

impl Item {
    /// True for a tag that breaks the grammar.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self, Self::Tag(tag) if !tag.faults.is_empty())
    }

    fn seen(&self) -> usize {
        match self {
            Self::Tag(tag) => tag.seen,
            Self::Expression(range) | Self::Comment(range) => range.end,
        }
    }
}

/// Reads items up to the end of their last line, and gives that end.
fn read_items(text: &str, complete: bool, items: &mut Vec<Item>) -> Result<usize, Failed> {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        match text.as_bytes().get(at) {
            None | Some(b'\n' | b'\r') if items.is_empty() => return Err(Failed::at(at)),
            None | Some(b'\n' | b'\r') => return Ok(at),
            Some(b'<') => {
                if text.get(at..).is_some_and(|rest| rest.starts_with("<!--")) {
                    let Some(end) = comment_end(text, at) else {
                        items.push(Item::Comment(at..at + 4));
                        let failed = Failed::at(at);
                        let seen = text.len();
                        return Err(Failed { seen, ..failed });
                    };
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
                            return Err(Failed {
                                fault: complete.then_some(fault),
                                ..Failed::unfinished(text.len())
                            });
                        };
                        at = tag.range.end;
                        items.push(Item::Tag(tag));
                    }
                    Found::Text => return Err(Failed::at(at)),
                    Found::Fault(fault) => return Err(Failed::faulty(fault)),
                }
            }
            Some(b'{') if !matches!(items.last(), Some(Item::Expression(_))) => {
                let Some(end) = expression::end(text, at) else {
                    return Err(Failed {
                        fault: complete.then(|| inline::unclosed_brace(at)),
                        ..Failed::unfinished(text.len())
                    });
                };
                items.push(Item::Expression(at..end));
                at = end;
            }
            Some(_) => return Err(Failed::at(at)),
        }
    }
}

/// The fault of an HTML comment at that place.
pub(super) fn html_comment(range: Range<usize>) -> Fault {
    Fault {
        rule: &rules::HTML_COMMENT,
        ..Fault::new(range, "MDX has no HTML comments", "write `{/* … */}`")
    }
}

/// The offset behind the `-->` that ends the HTML comment at `at`.
pub(super) fn comment_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at + 4..)?;
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
