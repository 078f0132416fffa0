//! Texts that a regular expression describes, as `pattern` of JSON Schema does.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Compiled expressions larger than this many bytes are not judged by.
const MOST_COMPILED: usize = 1 << 20;

/// Expressions whose samples would be longer than this many characters have none.
const LONGEST_SAMPLE: usize = 1000;

/// A regular expression that some place of a text matches, unless it is anchored.
///
/// JSON Schema asks for the expressions of ECMA-262. What only those have, such as looking ahead, is kept and never
/// judged by.
#[derive(Clone, Debug)]
pub struct TextPattern {
    written: Box<str>,
    compiled: OnceLock<Option<Regex>>,
}

impl TextPattern {
    /// The expression as it is written.
    pub fn new(written: &str) -> Self {
        Self {
            written: written.into(),
            compiled: OnceLock::new(),
        }
    }

    /// The expression as it is written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// True unless the text surely does not match.
    pub fn accepts(&self, text: &str) -> bool {
        let regex = self.regex();
        regex.is_none_or(|regex| regex.is_match(text))
    }

    /// A short text that matches; `None` if none is found.
    pub fn sample(&self) -> Option<String> {
        let regex = self.regex()?;
        let mut text = String::new();
        let hir = regex_syntax::parse(&self.written).ok()?;
        write(&hir, &mut text)?;
        regex.is_match(&text).then_some(text)
    }

    /// A text that does not match; `None` if none is found.
    pub fn broken(&self) -> Option<String> {
        let sample = self.sample()?;
        let tries = ["!".to_owned(), format!("{sample}!"), "x".to_owned()];
        tries.into_iter().find(|text| !self.accepts(text))
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let mut builder = RegexBuilder::new(&self.written);
            builder.size_limit(MOST_COMPILED).build().ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

/// Adds the shortest that matches, but one character rather than none.
fn write(hir: &Hir, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Capture(group) => write(&group.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
        HirKind::Repetition(repeated) => {
            let count = repeated.max.map_or(1, |most| most.min(1)).max(repeated.min);
            for _ in 0..count {
                write(&repeated.sub, text)?;
                if text.len() > LONGEST_SAMPLE {
                    return None;
                }
            }
        }
    }
    Some(())
}

/// A member of a class, one that is easy to read if it has any.
fn member(class: &Class) -> Option<char> {
    let has = |wanted: &char| match class {
        Class::Unicode(class) => {
            let mut ranges = class.ranges().iter();
            ranges.any(|range| (range.start()..=range.end()).contains(wanted))
        }
        Class::Bytes(class) => {
            let byte = u8::try_from(*wanted).ok();
            let mut ranges = class.ranges().iter();
            byte.is_some_and(|byte| ranges.any(|it| (it.start()..=it.end()).contains(&byte)))
        }
    };
    let readable = ('a'..='z').chain('A'..='Z').chain('1'..='9');
    let first = match class {
        Class::Unicode(class) => class
            .ranges()
            .first()
            .map(regex_syntax::hir::ClassUnicodeRange::start),
        Class::Bytes(class) => class.ranges().first().map(|range| range.start().into()),
    };
    readable.chain(['0', '-', '_']).find(has).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match_and_broken_texts_do_not() {
        for (written, sample) in [
            (r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", "#aaa"),
            (r"^[a-z0-9-]+$", "a"),
            (r"^cloud\.[a-z0-9-]+\.[a-z0-9-]+$", "cloud.a.a"),
            (r"^\d+px$", "1px"),
            (r"^ann_", "ann_"),
            (r"^https?:\/\/", "https://"),
            (r"^[A-Z]{2,3}(-\w+)?$", "AA-a"),
        ] {
            let pattern = TextPattern::new(written);
            assert_eq!(pattern.sample().as_deref(), Some(sample), "{written}");
            assert!(pattern.accepts(sample), "{written}");
            let broken = pattern.broken().unwrap();
            assert!(!pattern.accepts(&broken), "{written}: {broken}");
        }
    }

    #[test]
    fn what_only_other_engines_have_is_not_judged() {
        let ahead = TextPattern::new(r"^(?!\.)[a-z.]+$");
        assert!(ahead.accepts(".x"));
        assert_eq!((ahead.sample(), ahead.broken()), (None, None));
        let large = TextPattern::new("^((a{100}){100}){100}$");
        assert!(large.accepts("b"));
        assert_eq!(large.sample(), None);
        assert_eq!(TextPattern::new("").sample().as_deref(), Some(""));
        assert_eq!(TextPattern::new("").broken(), None);
    }
}
