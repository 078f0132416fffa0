//! Patterns for running text.

mod needed;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::Span;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::captures::Captures;

use needed::{Letters, Needed};

/// What the classes of a pattern stand for: Latin letters with their accents, ASCII digits, and the spaces that pages hold.
///
/// The classes of Unicode hold hundreds of ranges each, and compiling them takes longer than reading a site.
const CLASSES: [(&str, &str); 3] = [
    (r"\w", r"[0-9A-Za-z_\x{C0}-\x{24F}]"),
    (r"\d", r"[0-9]"),
    (r"\s", r"[\t-\r\x20\x{A0}\x{2000}-\x{200B}\x{3000}]"),
];

/// The edge of a word of ASCII letters: for that of Unicode, the automata of `regex` give way to a search that is ten
/// times slower, wherever a text holds a dash or a quote that is not ASCII.
const EDGE: (&str, &str) = (r"\b", r"(?-u:\b)");

/// A pattern that is a constant, in the syntax of `regex`, with the classes of [`CLASSES`] and the [`EDGE`].
///
/// It is not `regex::Regex`, since that looks for literals in each pattern to speed up searches of long texts: with words
/// in upper and lower case this takes longer than all else that is done with a pattern on the pages of a site.
/// It is compiled when a text comes that may match.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    needed: Needed,
    regex: OnceLock<Regex>,
}

/// A part of a text that a pattern matches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'t> {
    text: &'t str,
    span: Span,
}

/// A match with its groups.
#[derive(Debug)]
pub(super) struct Groups<'t> {
    text: &'t str,
    captures: Captures,
}

/// See [`Pattern`].
pub(super) fn pattern(text: &str) -> Pattern {
    // The classes are short as they are written, and so is reading them.
    let needed = Needed::by(text);
    let text = CLASSES
        .iter()
        .chain([&EDGE])
        .fold(text.to_owned(), |text, (class, characters)| {
            text.replace(class, characters)
        });
    let pattern = Pattern {
        needed,
        text,
        regex: OnceLock::new(),
    };
    if cfg!(test) {
        assert_eq!(pattern.needed, Needed::by(&pattern.text));
        pattern.compiled();
    }
    pattern
}

/// The letters of the texts that were looked at last: nearly all patterns are tried on a text one after another.
#[derive(Default)]
struct Latest {
    texts: [(String, Letters); Latest::COUNT],
    next: usize,
}

thread_local! {
    static LATEST: RefCell<Latest> = RefCell::default();
}

impl Latest {
    /// A description is tried as it is, and with some of its code written out.
    const COUNT: usize = 4;

    /// True if the text has what the pattern needs.
    fn may_match(&mut self, text: &str, needed: &Needed) -> bool {
        let known = self.texts.iter().position(|(known, _)| known == text);
        let index = known.unwrap_or_else(|| {
            self.next = (self.next + 1) % Self::COUNT;
            if let Some((place, letters)) = self.texts.get_mut(self.next) {
                letters.read(text);
                text.clone_into(place);
            }
            self.next
        });
        let letters = self.texts.get(index);
        letters.is_none_or(|(_, letters)| needed.may_match(letters))
    }
}

fn compile(text: &str) -> Regex {
    let config = Config::new()
        .auto_prefilter(false)
        .onepass(false)
        .dfa(false);
    #[expect(
        clippy::unwrap_used,
        reason = "the patterns are constants, and a test compiles each"
    )]
    Regex::builder().configure(config).build(text).unwrap()
}

impl Pattern {
    fn compiled(&self) -> &Regex {
        self.regex.get_or_init(|| compile(&self.text))
    }

    /// The compiled pattern, if it may match in the text.
    fn regex(&self, text: &str) -> Option<&Regex> {
        let may_match = self.needed.is_nothing()
            || LATEST.with_borrow_mut(|latest| latest.may_match(text, &self.needed));
        may_match.then(|| self.compiled())
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex(text).is_some_and(|regex| regex.is_match(text))
    }

    /// The first match.
    pub(super) fn find<'t>(&self, text: &'t str) -> Option<Found<'t>> {
        let span = self.regex(text)?.find(text)?.span();
        Some(Found { text, span })
    }

    /// All matches, none inside another.
    pub(super) fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Found<'t>> {
        let regex = self.regex(text).into_iter();
        let found = regex.flat_map(move |regex| regex.find_iter(text));
        found.map(move |found| Found {
            text,
            span: found.span(),
        })
    }

    /// The first match with its groups.
    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Groups<'t>> {
        let regex = self.regex(text)?;
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        captures.is_match().then_some(Groups { text, captures })
    }

    /// All matches with their groups.
    pub(super) fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Groups<'t>> {
        let regex = self.regex(text).into_iter();
        let found = regex.flat_map(move |regex| regex.captures_iter(text));
        found.map(move |captures| Groups { text, captures })
    }

    /// The text without the first match.
    pub(super) fn remove<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.find(text) {
            Some(found) => {
                let (before, after) = (text.get(..found.start()), text.get(found.end()..));
                format!(
                    "{}{}",
                    before.unwrap_or_default(),
                    after.unwrap_or_default()
                )
                .into()
            }
            None => text.into(),
        }
    }

    /// What stands between the matches.
    pub(super) fn split<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let regex = self.compiled();
        let parts = regex.split(text);
        parts.map(move |part| text.get(part.range()).unwrap_or_default())
    }
}

impl<'t> Found<'t> {
    pub(super) fn as_str(&self) -> &'t str {
        self.text.get(self.span.range()).unwrap_or_default()
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.span.range()
    }

    pub(super) fn start(&self) -> usize {
        self.span.start
    }

    pub(super) fn end(&self) -> usize {
        self.span.end
    }
}

impl<'t> Groups<'t> {
    /// The group of that number, 0 being the whole match.
    pub(super) fn get(&self, number: usize) -> Option<Found<'t>> {
        let span = self.captures.get_group(number)?;
        Some(Found {
            text: self.text,
            span,
        })
    }

    /// The group of that name.
    pub(super) fn name(&self, name: &str) -> Option<Found<'t>> {
        let span = self.captures.get_group_by_name(name)?;
        Some(Found {
            text: self.text,
            span,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_also_inside_brackets() {
        let words = pattern(r"^[\s\d]+\w+[^\s]$");
        assert!(words.is_match("1\u{A0}Länge!"));
        assert!(!words.is_match("1 Länge "));
    }

    #[test]
    fn matches_know_their_places_and_groups() {
        let number = pattern(r"(?i)(?P<word>at\smost)\s(\d+)");
        let groups = number.captures("ä: At most 10, at most 20").unwrap();
        assert_eq!(groups.get(0).unwrap().range(), 4..14);
        assert_eq!(groups.name("word").unwrap().as_str(), "At most");
        assert_eq!(groups.get(2).unwrap().as_str(), "10");
        assert_eq!(number.remove("ä: At most 10."), "ä: .");
        let comma = pattern(r"\s*,\s*");
        assert_eq!(comma.split("a , b,c").collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
