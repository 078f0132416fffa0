//! What a text must hold for a pattern to match in it.
//!
//! Most descriptions match hardly any pattern. Which letters a pattern cannot do without is read off its syntax, which
//! takes a fraction of the time of compiling it, and which letters a text has is found once for all patterns.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    Ast, ClassSet, ClassSetItem, Concat, GroupKind, RepetitionKind, RepetitionRange,
};

/// So many alternatives at most: with more of them, some occur in most texts.
const MOST: usize = 120;
/// A class of so many characters at most stands for each of them.
const MOST_OF_CLASS: u32 = 16;
/// Longer texts have nearly all letters that a pattern may ask for.
const LONGEST: usize = 2048;

/// Alternatives, one of which occurs in each text that a pattern matches; any text may match without alternatives.
#[derive(Debug, Default)]
pub(super) struct Needed(Vec<[Place; 2]>);

/// Runs of up to three bytes, in ASCII lower case, that a text has.
///
/// A set of their hashes: what it lacks is not in the text, what it has nearly always is.
#[derive(Clone, Debug)]
pub(super) struct Letters {
    runs: [u64; Letters::WORDS],
    /// True if there is no telling what the text lacks.
    is_open: bool,
}

/// A bit of [`Letters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u16);

impl Needed {
    /// What a pattern needs, in the syntax of `regex`.
    pub(super) fn by(pattern: &str) -> Self {
        let Ok(ast) = Parser::new().parse(pattern) else {
            return Self::default();
        };
        let needed = of(&ast).filter(|needed| needed.len() <= MOST);
        let needed = needed.unwrap_or_default();
        Self(needed.iter().map(|run| places(run)).collect())
    }

    /// False if the pattern cannot match in a text with these letters.
    pub(super) fn may_match(&self, letters: &Letters) -> bool {
        let is_there = |places: &[Place; 2]| places.iter().all(|place| letters.has(*place));
        self.is_nothing() || letters.is_open || self.0.iter().any(is_there)
    }

    /// True if any text may match.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}

impl Letters {
    const WORDS: usize = 128;

    /// Becomes the letters of a text.
    pub(super) fn read(&mut self, text: &str) {
        // These two are equal to `k` and `s` for patterns that ignore case.
        self.is_open = text.len() > LONGEST || text.contains(['\u{212A}', '\u{17F}']);
        if self.is_open {
            return;
        }
        self.runs.fill(0);
        let (mut first, mut second) = (None, None);
        for byte in text.bytes() {
            let byte = byte.to_ascii_lowercase();
            self.add(Place::of(&[byte]));
            if let Some(before) = second {
                self.add(Place::of(&[before, byte]));
                if let Some(first) = first {
                    self.add(Place::of(&[first, before, byte]));
                }
            }
            (first, second) = (second, Some(byte));
        }
    }

    fn add(&mut self, Place(bit): Place) {
        if let Some(word) = self.runs.get_mut(usize::from(bit / 64)) {
            *word |= 1 << (bit % 64);
        }
    }

    fn has(&self, Place(bit): Place) -> bool {
        let word = self.runs.get(usize::from(bit / 64));
        word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

impl Default for Letters {
    /// Those of the empty text.
    fn default() -> Self {
        Self {
            runs: [0; Self::WORDS],
            is_open: false,
        }
    }
}

impl Place {
    /// The place of a run of one to three bytes.
    fn of(run: &[u8]) -> Self {
        // The length is a part of the run, so that no run is equal to the beginning of another one.
        let number = run.iter().fold(run.len() as u32, |number, byte| {
            number << 8 | u32::from(*byte)
        });
        let bits = (Letters::WORDS * 64).trailing_zeros();
        // Multiplicative hashing: the upper bits depend on all of the number (Knuth, volume 3, section 6.4).
        Self((number.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as u16)
    }
}

/// The places of the first and the last letters of a run.
fn places(run: &str) -> [Place; 2] {
    let bytes = run.as_bytes();
    let first = bytes.first_chunk::<3>().map_or(bytes, |first| first);
    let last = bytes.last_chunk::<3>().map_or(bytes, |last| last);
    [Place::of(first), Place::of(last)]
}

/// Runs of letters, one of which each match holds; `None` if there is no telling.
fn of(ast: &Ast) -> Option<Vec<String>> {
    match ast {
        Ast::Literal(literal) => of_literal(literal.c).map(|run| vec![run]),
        Ast::ClassBracketed(class) if !class.negated => of_class(&class.kind),
        Ast::Group(group) => match group.kind {
            GroupKind::CaptureIndex(_)
            | GroupKind::CaptureName { .. }
            | GroupKind::NonCapturing(_) => of(&group.ast),
        },
        Ast::Alternation(alternation) => {
            let mut all = Vec::new();
            for branch in &alternation.asts {
                all.extend(of(branch)?);
                if all.len() > MOST {
                    return None;
                }
            }
            Some(all)
        }
        Ast::Concat(concat) => of_row(concat),
        Ast::Repetition(repetition) => {
            let is_needed = match &repetition.op.kind {
                RepetitionKind::OneOrMore => true,
                RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => false,
                RepetitionKind::Range(range) => match range {
                    RepetitionRange::Exactly(least)
                    | RepetitionRange::AtLeast(least)
                    | RepetitionRange::Bounded(least, _) => *least > 0,
                },
            };
            is_needed.then(|| of(&repetition.ast)).flatten()
        }
        _ => None,
    }
}

/// What the parts of a row need that tells most.
fn of_row(row: &Concat) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut offer = |needed: Vec<String>| {
        let worth = |needed: &[String]| {
            let shortest = needed.iter().map(String::len).min().unwrap_or(0);
            // Three letters tell nearly as much as more of them.
            (shortest.min(3), usize::MAX - needed.len(), shortest)
        };
        if best
            .as_deref()
            .is_none_or(|best| worth(&needed) > worth(best))
        {
            best = Some(needed);
        }
    };
    let mut run = String::new();
    for part in &row.asts {
        if let Ast::Literal(literal) = part
            && let Some(letter) = of_literal(literal.c)
        {
            run.push_str(&letter);
            continue;
        }
        if !run.is_empty() {
            offer(vec![std::mem::take(&mut run)]);
        }
        if let Some(needed) = of(part) {
            offer(needed);
        }
    }
    if !run.is_empty() {
        offer(vec![run]);
    }
    best
}

/// A character in lower case; `None` for one of which it is not known whether the pattern ignores its case.
fn of_literal(letter: char) -> Option<String> {
    let is_same = letter.is_ascii()
        || letter.to_lowercase().eq([letter]) && letter.to_uppercase().eq([letter]);
    is_same.then(|| letter.to_ascii_lowercase().to_string())
}

/// The characters of a class, if they are few.
fn of_class(set: &ClassSet) -> Option<Vec<String>> {
    let ClassSet::Item(item) = set else {
        return None;
    };
    let mut all = Vec::new();
    add_item(item, &mut all)?;
    (!all.is_empty()).then_some(all)
}

fn add_item(item: &ClassSetItem, all: &mut Vec<String>) -> Option<()> {
    match item {
        ClassSetItem::Literal(literal) => all.push(of_literal(literal.c)?),
        ClassSetItem::Range(range) => {
            let count = u32::from(range.end.c).checked_sub(u32::from(range.start.c))?;
            if count >= MOST_OF_CLASS {
                return None;
            }
            for letter in range.start.c..=range.end.c {
                all.push(of_literal(letter)?);
            }
        }
        ClassSetItem::Union(union) => {
            for item in &union.items {
                add_item(item, all)?;
            }
        }
        _ => return None,
    }
    (all.len() <= MOST_OF_CLASS as usize).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(pattern: &str) -> Vec<String> {
        of(&Parser::new().parse(pattern).unwrap()).unwrap_or_default()
    }

    #[test]
    fn a_row_needs_its_longest_run_and_an_alternation_each_of_its_branches() {
        assert_eq!(runs(r"(?i)\bISO[\s-]?8601\b"), ["8601"]);
        assert_eq!(runs(r"(?i)\be-?mail\b|邮箱"), ["mail", "邮箱"]);
        assert_eq!(
            runs(r"(?xi) (?:at \s+ most | up \s+ to) \s+ \d+"),
            ["most", "up"]
        );
        assert_eq!(runs(r"(?i)schlüssel"), ["schl"]);
        assert_eq!(runs(r"a(?:bc)?d[0-9]{2,}"), ["a"]);
        assert_eq!(runs(r"[,/]+x{0,2}"), [",", "/"]);
    }

    #[test]
    fn what_may_be_missing_is_not_needed() {
        for pattern in [
            r"(?:one|two|)",
            r"(?:one)?\s*",
            r"\w+",
            r"[^a]",
            r"(?:one|\d+)",
            "(?i)ß",
        ] {
            assert!(Needed::by(pattern).is_nothing(), "{pattern}");
        }
    }

    #[test]
    fn texts_without_the_letters_cannot_match() {
        let needed = Needed::by(r"(?i)\b(?:at\s+most|bis\s+zu)\s+\d+");
        let mut letters = Letters::default();
        let mut may_match = |text: &str| {
            letters.read(text);
            needed.may_match(&letters)
        };
        assert!(may_match("AT MOST 3"));
        assert!(may_match("Bis zu 3"));
        assert!(!may_match("The full name."));
        assert!(!may_match(""));
        assert!(may_match("\u{212A}"), "there is no telling");
    }
}
