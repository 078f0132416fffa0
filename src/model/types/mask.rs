//! Texts that are written place by place: `MM/YY`, `dd.mm.yyyy hh:mm`, `key_` and 24 characters.

use std::fmt::Write as _;

/// What stands where in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mask {
    parts: Vec<Part>,
    /// How the docs write it.
    name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// These letters.
    Literal(String),
    /// A number of so many digits in a range.
    Number {
        digits: usize,
        least: u32,
        most: u32,
    },
    /// So many characters of a class.
    Run(CharacterClass, usize),
}

/// Characters of which a part of a text is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CharacterClass {
    /// `0` to `9`.
    Digits,
    /// Letters of any case.
    Letters,
    /// Letters and digits.
    Alphanumeric,
    /// Hexadecimal digits.
    Hex,
    /// Anything but spaces.
    Any,
}

/// What a letter of a notation stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

impl Mask {
    /// The notation of a date or a time in letters, such as `YYYY-MM`, `dd.mm.yyyy`, `JJJJ-MM`, or `HH:mm`; `None` for
    /// all other texts.
    ///
    /// Years, months, days, hours, minutes, and seconds have two letters or more each, and each stands once.
    pub fn of_date(name: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut units: Vec<Unit> = Vec::new();
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            let length = rest
                .find(|c: char| !c.eq_ignore_ascii_case(&first))
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(length)?;
            rest = after;
            let is_separator = matches!(run, "-" | "/" | "." | ":" | " " | "_" | "T" | ", ");
            if is_separator && !parts.is_empty() && !rest.is_empty() {
                parts.push(Part::Literal(run.to_owned()));
                continue;
            }
            let unit = unit(first, length, units.last(), rest)?;
            if units.contains(&unit) {
                return None;
            }
            units.push(unit);
            let (least, most) = unit.range();
            let most = if length == 4 { 9999 } else { most };
            parts.push(Part::Number {
                digits: length,
                least,
                most,
            });
        }
        let has = |unit| units.contains(&unit);
        let is_date = has(Unit::Year) && units.len() > 1 || has(Unit::Month) && has(Unit::Day);
        let is_time = has(Unit::Minute) && (has(Unit::Hour) || has(Unit::Second));
        (is_date || is_time).then(|| Self {
            parts,
            name: name.to_owned(),
        })
    }

    /// Groups of `X`, such as `XXXX-XXXX`, each for a letter or a digit; `None` for all other texts.
    pub fn of_groups(name: &str) -> Option<Self> {
        let separator = name.chars().find(|c| *c != 'X')?;
        let is_group = |group: &str| group.len() > 1 && group.bytes().all(|it| it == b'X');
        let groups: Vec<&str> = name.split(separator).collect();
        if !matches!(separator, '-' | '.' | ' ' | '/') || !groups.iter().all(|it| is_group(it)) {
            return None;
        }
        let mut parts = Vec::new();
        for group in groups {
            if !parts.is_empty() {
                parts.push(Part::Literal(separator.to_string()));
            }
            parts.push(Part::Run(CharacterClass::Alphanumeric, group.len()));
        }
        Some(Self {
            parts,
            name: name.to_owned(),
        })
    }

    /// A beginning that is meant letter by letter, and so many characters of a class behind it.
    pub fn of_beginning(beginning: &str, class: CharacterClass, count: usize) -> Self {
        let noun = match class {
            CharacterClass::Digits => "digits",
            CharacterClass::Letters => "letters",
            CharacterClass::Alphanumeric => "letters or digits",
            CharacterClass::Hex => "hexadecimal digits",
            CharacterClass::Any => "characters",
        };
        Self {
            parts: vec![Part::Literal(beginning.to_owned()), Part::Run(class, count)],
            name: format!("`{beginning}` and {count} {noun}"),
        }
    }

    /// How the docs write it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same for a message, with code in backticks.
    pub fn described(&self) -> String {
        if self.name.contains('`') {
            self.name.clone()
        } else {
            format!("`{}`", self.name)
        }
    }

    /// True if the text is so written, or is the notation itself, which stands for a value.
    pub fn accepts(&self, text: &str) -> bool {
        let mut parts = self.parts.iter();
        let rest = parts.try_fold(text, |rest, part| part.after(rest));
        rest == Some("") || text.eq_ignore_ascii_case(&self.name)
    }

    /// A text that is so written; the same for the same seed.
    pub fn sample(&self, seed: u64) -> String {
        let mut text = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            part.write(seed.rotate_left(index as u32 * 7), &mut text);
        }
        text
    }

    /// A regular expression for the whole of such a text.
    pub fn to_pattern(&self) -> String {
        let mut pattern = "^".to_owned();
        for part in &self.parts {
            part.write_pattern(&mut pattern);
        }
        pattern.push('$');
        pattern
    }
}

/// The number of exactly `length` digits at the start of `text`, and the rest.
pub(in crate::model) fn digits(text: &str, length: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(length)?;
    let all = head.bytes().all(|byte| byte.is_ascii_digit());
    Some((head.parse().ok().filter(|_| all)?, rest))
}

/// The unit of a run of equal letters; `M` is a minute behind an hour, and before seconds.
fn unit(letter: char, length: usize, last: Option<&Unit>, rest: &str) -> Option<Unit> {
    let is_minute = || {
        last == Some(&Unit::Hour) || last.is_none() && rest.to_ascii_lowercase().starts_with(":ss")
    };
    Some(match (letter.to_ascii_lowercase(), length) {
        ('y', 2 | 4) | ('a' | 'j', 4) => Unit::Year,
        ('m', 2) if is_minute() => Unit::Minute,
        ('m', 2) => Unit::Month,
        ('d' | 't' | 'j', 2) => Unit::Day,
        ('h', 2) => Unit::Hour,
        ('s', 2) => Unit::Second,
        _ => return None,
    })
}

impl Unit {
    /// The least and the greatest number of two digits.
    fn range(self) -> (u32, u32) {
        match self {
            Self::Year => (0, 99),
            Self::Month => (1, 12),
            Self::Day => (1, 31),
            Self::Hour => (0, 24),
            Self::Minute => (0, 59),
            Self::Second => (0, 60),
        }
    }
}

impl CharacterClass {
    fn has(self, character: char) -> bool {
        match self {
            Self::Digits => character.is_ascii_digit(),
            Self::Letters => character.is_alphabetic(),
            Self::Alphanumeric => character.is_alphanumeric(),
            Self::Hex => character.is_ascii_hexdigit(),
            Self::Any => !character.is_whitespace(),
        }
    }

    fn as_pattern(self) -> &'static str {
        match self {
            Self::Digits => "[0-9]",
            Self::Letters => "[A-Za-z]",
            Self::Alphanumeric => "[0-9A-Za-z]",
            Self::Hex => "[0-9A-Fa-f]",
            Self::Any => r"\S",
        }
    }

    /// Characters for samples.
    fn alphabet(self) -> &'static [u8] {
        match self {
            Self::Digits => b"0123456789",
            Self::Letters => b"abcdefghijklmnopqrstuvwxyz",
            Self::Alphanumeric | Self::Any => b"0123456789abcdefghijklmnopqrstuvwxyz",
            Self::Hex => b"0123456789abcdef",
        }
    }
}

impl Part {
    /// What follows it in a text that begins with it.
    fn after<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Literal(literal) => text.strip_prefix(literal.as_str()),
            Self::Number {
                digits,
                least,
                most,
            } => {
                let (number, rest) = self::digits(text, *digits)?;
                (*least..=*most).contains(&number).then_some(rest)
            }
            Self::Run(class, count) => {
                let end = text
                    .char_indices()
                    .nth(*count)
                    .map_or(text.len(), |it| it.0);
                let (run, rest) = text.split_at_checked(end)?;
                let fits = run.chars().count() == *count && run.chars().all(|it| class.has(it));
                fits.then_some(rest)
            }
        }
    }

    fn write(&self, seed: u64, text: &mut String) {
        match self {
            Self::Literal(literal) => text.push_str(literal),
            Self::Number {
                digits,
                least,
                most,
            } => {
                // Years near to now, and no day that a month lacks.
                let number = match *most {
                    9999 => 2026,
                    99 => 26,
                    most => u64::from(*least) + seed % u64::from(most.min(28) - least + 1),
                };
                let _ = write!(text, "{number:0digits$}");
            }
            Self::Run(class, count) => {
                let alphabet = class.alphabet();
                let mut state = seed;
                for _ in 0..*count {
                    // The constants of Knuth's MMIX generator; its upper bits are the random ones.
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    let index = (state >> 33) as usize % alphabet.len();
                    text.extend(alphabet.get(index).copied().map(char::from));
                }
            }
        }
    }

    fn write_pattern(&self, pattern: &mut String) {
        let _ = match self {
            Self::Literal(literal) => {
                pattern.push_str(&regex::escape(literal));
                Ok(())
            }
            Self::Number { digits, .. } => write!(pattern, "[0-9]{{{digits}}}"),
            Self::Run(class, count) => write!(pattern, "{}{{{count}}}", class.as_pattern()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_for_years_months_days_and_times() {
        for (name, right, wrong) in [
            ("YYYY-MM", "2026-03", "03-2026"),
            ("MM/YY", "07/28", "2028-07"),
            (
                "dd.mm.yyyy hh:mm:ss",
                "28.02.2026 12:00:41",
                "2026-02-28T12:00:41",
            ),
            ("yyyymmdd", "20260201", "2026-02-01"),
            ("dd/mm/aaaa", "02/03/2026", "03/15/2026"),
            ("TT.MM.JJJJ", "31.12.2026", "12.31.2026"),
            ("HH:mm", "23:59", "11:59 pm"),
            ("mm:ss", "59:07", "61:07"),
            ("YYYY-MM-DDTHH:mm", "2026-01-31T10:30", "2026-01-31 10:30"),
        ] {
            let mask = Mask::of_date(name).unwrap();
            assert!(mask.accepts(right), "{name}: {right}");
            assert!(!mask.accepts(wrong), "{name}: {wrong}");
            assert!(mask.accepts(name), "{name}");
            for seed in [0, 7, u64::MAX] {
                let sample = mask.sample(seed);
                assert!(mask.accepts(&sample), "{name}: {sample}");
                let pattern = regex::Regex::new(&mask.to_pattern()).unwrap();
                assert!(pattern.is_match(&sample), "{name}: {sample}");
            }
        }
    }

    #[test]
    fn other_words_are_no_dates() {
        for name in [
            "",
            "-",
            "yyyy",
            "mm",
            "YYYY-",
            "-MM",
            "dddd",
            "mm-mm",
            "address",
            "yyyy-ss-yyyy",
            "hh",
            "YYYY-QQ",
            "ss",
            "Y-M-D",
        ] {
            assert_eq!(Mask::of_date(name), None, "{name}");
        }
    }

    #[test]
    fn groups_and_beginnings_are_as_long_as_they_are_said_to_be() {
        let groups = Mask::of_groups("XXXX-XXXX").unwrap();
        assert!(groups.accepts("A7F2-99KD") && groups.accepts(&groups.sample(3)));
        assert!(!groups.accepts("A7F299KD") && !groups.accepts("A7F2-99KD-1"));
        for name in ["XXXX", "X-X", "INV-XXXX", "xx-xx", "XX-XX.XX"] {
            assert_eq!(Mask::of_groups(name), None, "{name}");
        }
        let key = Mask::of_beginning("key_", CharacterClass::Any, 6);
        assert!(key.accepts("key_aB3-9x") && key.accepts(&key.sample(11)));
        assert!(
            !key.accepts("key_aB3-9") && !key.accepts("id_aB3-9x") && !key.accepts("key_ä b c d")
        );
        assert_eq!(key.to_pattern(), r"^key_\S{6}$");
        assert_eq!(key.name(), "`key_` and 6 characters");
    }
}
