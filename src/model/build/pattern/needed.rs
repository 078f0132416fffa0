//! What a text must hold for a pattern to match in it.
//!
//! Most descriptions match hardly any pattern. Which letters and words a pattern cannot do without is read off its syntax,
//! which takes a fraction of the time of compiling it, and which letters a text has is found once for all patterns.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, Concat,
    GroupKind, RepetitionKind, RepetitionRange,
};

/// So many runs to choose from at most: with more of them, one is found in most texts.
const MOST: usize = 160;
/// A class of so many characters at most stands for each of them.
const MOST_OF_CLASS: u32 = 16;
/// So many parts of a row at most: those that tell most.
const MOST_OF_ROW: usize = 3;
/// Longer texts have nearly all letters that a pattern may ask for.
const LONGEST: usize = 2048;
/// Stands in a run for the edge of a word of ASCII letters.
const EDGE: u8 = 0;

/// What is in each text that a pattern matches; any text may match if nothing is known of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Needed(Option<Need<[Place; 3]>>);

/// Runs of letters that a text must have.
#[derive(Debug, PartialEq)]
enum Need<R> {
    /// One of the runs, or one of the needs.
    Any(Vec<R>, Vec<Need<R>>),
    All(Vec<Need<R>>),
}

/// Bytes of a pattern that stand one after another, in ASCII lower case.
#[derive(Debug, PartialEq)]
struct Run {
    bytes: Vec<u8>,
    /// True if nothing of the match is before it.
    is_first: bool,
    /// True if nothing of the match is after it.
    is_last: bool,
}

/// Runs of up to three bytes, in ASCII lower case, that a text has, and those at the edges of its words.
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
    /// What a pattern needs, as it is written: `\d` stands for ASCII digits, and `\b` for the edge of a word of ASCII letters.
    pub(super) fn by(pattern: &str) -> Self {
        let ast = Parser::new().parse(pattern).ok();
        let need = ast.and_then(|ast| of(&ast));
        Self(need.map(|need| need.map(&|run| places(&run.bytes))))
    }

    /// False if the pattern cannot match in a text with these letters.
    pub(super) fn may_match(&self, letters: &Letters) -> bool {
        let need = self.0.as_ref().filter(|_| !letters.is_open);
        need.is_none_or(|need| need.is_met(&|places| places.iter().all(|it| letters.has(*it))))
    }

    /// True if any text may match.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.is_none()
    }
}

impl<R> Need<R> {
    fn is_met(&self, has: &impl Fn(&R) -> bool) -> bool {
        match self {
            Self::Any(runs, needs) => {
                runs.iter().any(has) || needs.iter().any(|need| need.is_met(has))
            }
            Self::All(needs) => needs.iter().all(|need| need.is_met(has)),
        }
    }

    fn map<T>(self, to: &impl Fn(R) -> T) -> Need<T> {
        let all = |needs: Vec<Self>| needs.into_iter().map(|need| need.map(to)).collect();
        match self {
            Self::Any(runs, needs) => Need::Any(runs.into_iter().map(to).collect(), all(needs)),
            Self::All(needs) => Need::All(all(needs)),
        }
    }

    /// How many runs may meet it.
    fn count(&self) -> usize {
        match self {
            Self::Any(runs, needs) => runs.len() + needs.iter().map(Self::count).sum::<usize>(),
            Self::All(needs) => needs.iter().map(Self::count).min().unwrap_or(0),
        }
    }
}

impl Need<Run> {
    fn of_run(run: Run) -> Self {
        Self::Any(vec![run], Vec::new())
    }

    /// The length of the run that is found most easily.
    fn shortest(&self) -> usize {
        match self {
            Self::Any(runs, needs) => {
                let runs = runs.iter().map(|run| run.bytes.len());
                runs.chain(needs.iter().map(Self::shortest))
                    .min()
                    .unwrap_or(0)
            }
            Self::All(needs) => needs.iter().map(Self::shortest).max().unwrap_or(0),
        }
    }

    /// The same where a word has an edge right before the match.
    fn after_edge(mut self) -> Self {
        self.each(&|run| {
            if run.is_first && run.bytes.first().is_some_and(|byte| is_of_word(*byte)) {
                run.bytes.insert(0, EDGE);
            }
        });
        self
    }

    /// The same where a word has an edge right after the match.
    fn before_edge(mut self) -> Self {
        self.each(&|run| {
            if run.is_last && run.bytes.last().is_some_and(|byte| is_of_word(*byte)) {
                run.bytes.push(EDGE);
            }
        });
        self
    }

    /// The same as a part of something larger.
    fn within(mut self, is_first: bool, is_last: bool) -> Self {
        if !(is_first && is_last) {
            self.each(&|run| {
                run.is_first &= is_first;
                run.is_last &= is_last;
            });
        }
        self
    }

    fn each(&mut self, change: &impl Fn(&mut Run)) {
        let needs = match self {
            Self::Any(runs, needs) => {
                runs.iter_mut().for_each(change);
                needs
            }
            Self::All(needs) => needs,
        };
        for need in needs {
            need.each(change);
        }
    }
}

/// True for what `\w` stands for in a pattern without Unicode.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Letters {
    const WORDS: usize = 128;

    /// Becomes the letters of a text.
    pub(super) fn read(&mut self, text: &str) {
        // These two are equal to `k` and `s` for patterns that ignore case.
        let has_twins = !text.is_ascii() && text.contains(['\u{212A}', '\u{17F}']);
        self.is_open = text.len() > LONGEST || has_twins;
        if self.is_open {
            return;
        }
        self.runs.fill(0);
        let (mut first, mut second) = (None, None);
        for byte in text.bytes() {
            let byte = byte.to_ascii_lowercase();
            self.add(&[byte]);
            if let Some(before) = second {
                self.add(&[before, byte]);
                if let Some(first) = first {
                    self.add(&[first, before, byte]);
                }
            }
            self.add_edges(first, second, Some(byte));
            (first, second) = (second, Some(byte));
        }
        self.add_edges(first, second, None);
    }

    /// Adds the runs of the middle one of three bytes at an edge of its word.
    fn add_edges(&mut self, before: Option<u8>, byte: Option<u8>, after: Option<u8>) {
        let Some(byte) = byte.filter(|byte| is_of_word(*byte)) else {
            return;
        };
        let starts = !before.is_some_and(is_of_word);
        let ends = !after.is_some_and(is_of_word);
        if starts {
            self.add(&[EDGE, byte]);
            if let Some(after) = after {
                self.add(&[EDGE, byte, after]);
            }
        }
        if ends {
            self.add(&[byte, EDGE]);
            if let Some(before) = before {
                self.add(&[before, byte, EDGE]);
            }
        }
        if starts && ends {
            self.add(&[EDGE, byte, EDGE]);
        }
    }

    fn add(&mut self, run: &[u8]) {
        let Place(bit) = Place::of(run);
        self.runs[usize::from(bit / 64) % Self::WORDS] |= 1 << (bit % 64);
    }

    fn has(&self, Place(bit): Place) -> bool {
        let word = self.runs[usize::from(bit / 64) % Self::WORDS];
        word >> (bit % 64) & 1 == 1
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

/// The places of the first, the middle, and the last bytes of a run.
fn places(run: &[u8]) -> [Place; 3] {
    let first = run.first_chunk::<3>().map_or(run, |first| first);
    let last = run.last_chunk::<3>().map_or(run, |last| last);
    let middle = run.len().saturating_sub(3) / 2;
    let middle = run.get(middle..middle + 3).unwrap_or(first);
    [first, middle, last].map(Place::of)
}

/// Runs of letters that each match holds; `None` if there is no telling.
fn of(ast: &Ast) -> Option<Need<Run>> {
    match ast {
        Ast::Literal(literal) => of_literal(literal.c).map(Need::of_run),
        Ast::ClassBracketed(class) if !class.negated => of_class(&class.kind),
        Ast::ClassPerl(class) if class.kind == ClassPerlKind::Digit && !class.negated => {
            any(('0'..='9').map(|digit| of_literal(digit).map(Need::of_run)))
        }
        Ast::Group(group) => match group.kind {
            GroupKind::CaptureIndex(_)
            | GroupKind::CaptureName { .. }
            | GroupKind::NonCapturing(_) => of(&group.ast),
        },
        Ast::Alternation(alternation) => any(alternation.asts.iter().map(of)),
        Ast::Concat(concat) => of_row(concat),
        Ast::Repetition(repetition) => {
            let (least, most) = match &repetition.op.kind {
                RepetitionKind::OneOrMore => (1, None),
                RepetitionKind::ZeroOrOne => (0, Some(1)),
                RepetitionKind::ZeroOrMore => (0, None),
                RepetitionKind::Range(range) => match range {
                    RepetitionRange::Exactly(times) => (*times, Some(*times)),
                    RepetitionRange::AtLeast(least) => (*least, None),
                    RepetitionRange::Bounded(least, most) => (*least, Some(*most)),
                },
            };
            // The first time is not the last one.
            let need = (least > 0).then(|| of(&repetition.ast)).flatten()?;
            Some(need.within(true, most == Some(1)))
        }
        _ => None,
    }
}

/// One of several; `None` if one of them may be anything, or if they are too many.
fn any(needs: impl Iterator<Item = Option<Need<Run>>>) -> Option<Need<Run>> {
    let (mut runs, mut others) = (Vec::new(), Vec::new());
    let mut count = 0;
    for need in needs {
        let need = need?;
        count += need.count();
        if count > MOST {
            return None;
        }
        match need {
            Need::Any(more, needs) => {
                runs.extend(more);
                others.extend(needs);
            }
            Need::All(_) => others.push(need),
        }
    }
    (count > 0).then_some(Need::Any(runs, others))
}

/// What a row of parts needs, as it is read from its first part to its last one.
#[derive(Default)]
struct Row {
    parts: Vec<Need<Run>>,
    /// The letters just read, with `true` if nothing was before them, and `true` if an edge was.
    letters: Option<(Vec<u8>, bool, bool)>,
    /// True if something was read that may have letters.
    has_begun: bool,
    /// True if an edge of a word was read last.
    is_at_edge: bool,
    /// True if what was read last is the last of the parts.
    is_at_part: bool,
}

/// What the parts of a row need that tell most.
fn of_row(concat: &Concat) -> Option<Need<Run>> {
    let mut row = Row::default();
    for part in &concat.asts {
        row.read(part);
    }
    row.end_letters();
    let Row {
        parts, is_at_part, ..
    } = row;
    let last = parts.len().checked_sub(1).filter(|_| is_at_part);
    let mut parts: Vec<_> = parts.into_iter().enumerate().collect();
    parts.sort_by_key(|(_, need)| {
        // Three letters tell nearly as much as more of them.
        let shortest = need.shortest();
        std::cmp::Reverse((shortest.min(3), usize::MAX - need.count(), shortest))
    });
    parts.truncate(MOST_OF_ROW);
    let mut parts: Vec<_> = parts
        .into_iter()
        .map(|(index, need)| need.within(true, last == Some(index)))
        .collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Need::All(parts)),
    }
}

impl Row {
    fn read(&mut self, part: &Ast) {
        if let Ast::Literal(literal) = part
            && let Some(letter) = of_literal(literal.c)
        {
            let (has_begun, is_at_edge) = (self.has_begun, self.is_at_edge);
            let letters = self
                .letters
                .get_or_insert((Vec::new(), !has_begun, is_at_edge));
            letters.0.extend(letter.bytes);
            (self.has_begun, self.is_at_edge, self.is_at_part) = (true, false, false);
            return;
        }
        self.end_letters();
        if is_edge(part) {
            self.end_word();
            self.is_at_edge = true;
            return;
        }
        if matches!(part, Ast::Assertion(_) | Ast::Flags(_) | Ast::Empty(_)) {
            return;
        }
        let is_gap = is_gap(part);
        if is_gap {
            self.end_word();
        }
        let need = of(part);
        self.is_at_part = need.is_some();
        if let Some(need) = need {
            let need = if self.is_at_edge {
                need.after_edge()
            } else {
                need
            };
            self.parts.push(need.within(!self.has_begun, true));
        }
        (self.has_begun, self.is_at_edge) = (true, is_gap);
    }

    /// Notes that a word ends where the row was read to.
    fn end_word(&mut self) {
        if let Some(last) = self.parts.pop_if(|_| self.is_at_part) {
            self.parts.push(last.before_edge());
        }
    }

    /// Makes a part of the letters just read.
    fn end_letters(&mut self) {
        if let Some((bytes, is_first, is_after_edge)) = self.letters.take() {
            let need = Need::of_run(Run {
                bytes,
                is_first: true,
                is_last: true,
            });
            let need = if is_after_edge {
                need.after_edge()
            } else {
                need
            };
            self.parts.push(need.within(is_first, true));
            self.is_at_part = true;
        }
    }
}

/// True for the edge of a word, as patterns are given it.
fn is_edge(ast: &Ast) -> bool {
    match ast {
        Ast::Assertion(assertion) => assertion.kind == AssertionKind::WordBoundary,
        Ast::Group(group) => is_edge(&group.ast),
        _ => false,
    }
}

/// True for what always stands between two words: a space, for one.
fn is_gap(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(repetition) => {
            matches!(repetition.op.kind, RepetitionKind::OneOrMore) && is_gap(&repetition.ast)
        }
        Ast::ClassPerl(class) => is_space(class),
        Ast::ClassBracketed(class) => has_no_letters(class),
        _ => false,
    }
}

fn is_space(class: &ClassPerl) -> bool {
    class.kind == ClassPerlKind::Space && !class.negated
}

fn has_no_letters(class: &ClassBracketed) -> bool {
    match &class.kind {
        ClassSet::Item(item) => !class.negated && is_no_letter(item),
        ClassSet::BinaryOp(_) => false,
    }
}

fn is_no_letter(item: &ClassSetItem) -> bool {
    match item {
        ClassSetItem::Literal(literal) => !u8::try_from(literal.c).is_ok_and(is_of_word),
        ClassSetItem::Range(range) => {
            let (start, end) = (range.start.c, range.end.c);
            let mut letters = ['0'..='9', 'A'..='Z', '_'..='_', 'a'..='z'].into_iter();
            !letters.any(|letters| start <= *letters.end() && *letters.start() <= end)
        }
        ClassSetItem::Bracketed(class) => has_no_letters(class),
        ClassSetItem::Perl(class) => is_space(class),
        ClassSetItem::Union(union) => union.items.iter().all(is_no_letter),
        _ => false,
    }
}

/// A character in lower case; `None` for one of which it is not known whether the pattern ignores its case.
fn of_literal(letter: char) -> Option<Run> {
    let is_same = letter.is_ascii()
        || letter.to_lowercase().eq([letter]) && letter.to_uppercase().eq([letter]);
    is_same.then(|| Run {
        bytes: letter.to_ascii_lowercase().to_string().into_bytes(),
        is_first: true,
        is_last: true,
    })
}

/// The characters of a class, if they are few.
fn of_class(set: &ClassSet) -> Option<Need<Run>> {
    let ClassSet::Item(item) = set else {
        return None;
    };
    let mut all = Vec::new();
    add_item(item, &mut all)?;
    any(all.into_iter().map(|run| Some(Need::of_run(run))))
}

fn add_item(item: &ClassSetItem, all: &mut Vec<Run>) -> Option<()> {
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

    /// What a pattern needs, with `|` for an edge of a word.
    fn needed(pattern: &str) -> String {
        fn text(need: &Need<Run>) -> String {
            let of_run = |run: &Run| {
                let text = String::from_utf8(run.bytes.clone()).unwrap();
                text.replace(char::from(EDGE), "|")
            };
            let (parts, between): (Vec<_>, _) = match need {
                Need::Any(runs, needs) => {
                    let runs = runs.iter().map(of_run);
                    (runs.chain(needs.iter().map(text)).collect(), " or ")
                }
                Need::All(needs) => (needs.iter().map(text).collect(), " and "),
            };
            match &parts[..] {
                [part] => part.clone(),
                _ => format!("({})", parts.join(between)),
            }
        }
        let pattern = pattern.replace(r"\b", r"(?-u:\b)");
        let need = of(&Parser::new().parse(&pattern).unwrap());
        need.as_ref().map(text).unwrap_or_default()
    }

    #[test]
    fn a_row_needs_all_of_its_parts_and_an_alternation_one_of_its_branches() {
        for (pattern, expected) in [
            (r"(?i)\bISO[\s-]?8601\b", "(8601| and |iso)"),
            (r"(?i)\be-?mail\b|邮箱", "(邮箱 or (mail| and |e))"),
            (
                r"(?xi) (?:at \s+ most | up \s+ to) \s+ \w+",
                "((|most| and at|) or (up| and |to|))",
            ),
            (r"(?i)schlüssel", "(schl and ssel)"),
            (r"a(?:bc)?d[0-3]{2,}", "(a and d and (0 or 1 or 2 or 3))"),
            (r"[,/]+x{0,2}", "(, or /)"),
        ] {
            assert_eq!(needed(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn an_edge_belongs_to_what_is_right_beside_it() {
        for (pattern, expected) in [
            (r"\b(?:all|any)\b", "(|all| or |any|)"),
            (r"\b(?:all|any)s?\b", "(|all or |any)"),
            (r"\b(?:only\s+if|no)\b", "(|no| or (|only| and |if|))"),
            (r"\b(?:a|b)+\b", "(|a or |b)"),
            (r"\b(?:ab){1}\b", "|ab|"),
            (r"\b-no\b,", "(-no| and ,)"),
            (r"x?\bno", "|no"),
            (r"\b\s*no", "no"),
            (r"^\bno\b$", "|no|"),
        ] {
            assert_eq!(needed(pattern), expected, "{pattern}");
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
        assert!(!may_match("That most will do 3"));
        assert!(!may_match("at almost 3"));
        assert!(may_match("\u{212A}"), "there is no telling");
    }
}
