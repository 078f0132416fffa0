//! Texts of certain characters: "lowercase letters, digits, and hyphens".

use std::fmt::Write as _;

/// The characters that a text may be made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Characters {
    has_lower: bool,
    has_upper: bool,
    has_digits: bool,
    /// Neither letters nor digits.
    others: String,
    /// What they are called.
    name: String,
}

impl Characters {
    /// The characters of classes such as `lowercase letters` and `hyphens`; `None` if one of them says nothing certain.
    pub fn of<'t>(classes: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        let mut found = Self {
            has_lower: false,
            has_upper: false,
            has_digits: false,
            others: String::new(),
            name: String::new(),
        };
        for class in classes {
            found.add(class)?;
        }
        found.name = found.described();
        let is_any = found.has_lower || found.has_upper || found.has_digits;
        is_any.then_some(found)
    }

    fn add(&mut self, class: &str) -> Option<()> {
        let class = match ranged(class) {
            Some((_, 'A'..='Z')) => "uppercase",
            Some((_, '0'..='9')) => "digits",
            Some(("" | "letters", _)) => "lowercase",
            Some((words, _)) => words,
            None => class,
        };
        let class = class.to_lowercase().replace(['-', ' '], "");
        let class = class
            .trim_start_matches("ascii")
            .trim_start_matches("latin");
        match class {
            "lowercaseletters" | "smallletters" | "az" | "lowercase" => self.has_lower = true,
            "uppercaseletters" | "capitalletters" | "capitals" | "uppercase" => {
                self.has_upper = true;
            }
            "letters" => (self.has_lower, self.has_upper) = (true, true),
            "alphanumeric" | "alphanumericcharacters" | "alphanumerics" => {
                (self.has_lower, self.has_upper, self.has_digits) = (true, true, true);
            }
            "digits" | "numbers" | "numerals" => self.has_digits = true,
            "hyphens" | "dashes" => self.others.push('-'),
            "underscores" => self.others.push('_'),
            "dots" | "periods" | "fullstops" => self.others.push('.'),
            "colons" => self.others.push(':'),
            "slashes" => self.others.push('/'),
            "spaces" => self.others.push(' '),
            _ => return None,
        }
        Some(())
    }

    fn described(&self) -> String {
        let mut parts = match (self.has_lower, self.has_upper) {
            (true, true) => vec!["letters".to_owned()],
            (true, false) => vec!["lowercase letters".to_owned()],
            (false, true) => vec!["capital letters".to_owned()],
            (false, false) => Vec::new(),
        };
        if self.has_digits {
            parts.push("digits".to_owned());
        }
        parts.extend(self.others.chars().map(|other| match other {
            ' ' => "spaces".to_owned(),
            other => format!("`{other}`"),
        }));
        let last = parts.pop().unwrap_or_default();
        match parts.as_slice() {
            [] => last,
            [one] => format!("{one} and {last}"),
            several => format!("{}, and {last}", several.join(", ")),
        }
    }

    /// What they are called: "lowercase letters, digits, and `-`".
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True if the text has no others. Letters of all scripts are letters.
    pub fn accepts(&self, text: &str) -> bool {
        text.chars().all(|character| self.has(character))
    }

    fn has(&self, character: char) -> bool {
        if character.is_alphabetic() {
            let is_cased = character.is_lowercase() || character.is_uppercase();
            return character.is_lowercase() && self.has_lower
                || character.is_uppercase() && self.has_upper
                || !is_cased && (self.has_lower || self.has_upper);
        }
        character.is_numeric() && self.has_digits || self.others.contains(character)
    }

    /// The text, as long as it is, with other characters in the places of those that it may not have.
    pub fn fitted(&self, text: &str) -> String {
        let digits = ('1'..='9').cycle();
        let fit = |(character, digit): (char, char)| {
            let (lower, upper) = (
                character.to_ascii_lowercase(),
                character.to_ascii_uppercase(),
            );
            let letter = if self.has_lower { 'x' } else { 'X' };
            let other = self.others.chars().next();
            let has_letters = self.has_lower || self.has_upper;
            match character {
                character if self.has(character) => character,
                _ if lower.is_ascii_alphabetic() && self.has(lower) => lower,
                _ if upper.is_ascii_alphabetic() && self.has(upper) => upper,
                _ if character.is_alphanumeric() && has_letters => letter,
                _ if character.is_alphanumeric() => digit,
                _ => other.unwrap_or(if has_letters { letter } else { digit }),
            }
        };
        text.chars().zip(digits).map(fit).collect()
    }

    /// A text of the same length that has something else: the other case, if only one is allowed.
    pub fn broken(&self, text: &str) -> String {
        let other = match (self.has_lower, self.has_upper) {
            (true, false) => text.to_uppercase(),
            (false, true) => text.to_lowercase(),
            _ => text.to_owned(),
        };
        if !self.accepts(&other) {
            return other;
        }
        let mut characters: Vec<char> = other.chars().collect();
        characters.pop();
        characters.push('!');
        characters.into_iter().collect()
    }

    /// A text of the same length with a sign in the middle that is usual in names and not allowed here, if there is one.
    pub fn joined(&self, text: &str) -> Option<String> {
        let sign = ['-', '_'].into_iter().find(|it| !self.has(*it))?;
        let mut characters: Vec<char> = text.chars().collect();
        let middle = characters.len() / 2;
        // At the beginning other rules may hold.
        *characters.get_mut(middle).filter(|_| middle > 0)? = sign;
        Some(characters.into_iter().collect())
    }

    /// A regular expression for the whole of such a text.
    pub fn to_pattern(&self) -> String {
        let mut class = String::new();
        for (is_in, range) in [
            (self.has_lower, "a-z"),
            (self.has_upper, "A-Z"),
            (self.has_digits, "0-9"),
        ] {
            if is_in {
                class.push_str(range);
            }
        }
        for other in self.others.chars() {
            let escape = if matches!(other, '-' | '.' | '/') {
                "\\"
            } else {
                ""
            };
            let _ = write!(class, "{escape}{other}");
        }
        format!("^[{class}]*$")
    }
}

/// The words before a range such as `A to Z`, and its first character.
fn ranged(class: &str) -> Option<(&str, char)> {
    let (first, last) = [('A', 'Z'), ('a', 'z'), ('0', '9')]
        .into_iter()
        .find(|(_, last)| class.ends_with(*last))?;
    let rest = class.strip_suffix(last)?.trim_end();
    let rest = ["to", "-", "–", "through"]
        .iter()
        .find_map(|word| rest.strip_suffix(word))?;
    let words = rest.trim_end().strip_suffix(first)?.trim_end();
    let words = words.strip_suffix("from").unwrap_or(words).trim_end();
    Some((words, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_told_by_many_names() {
        let slug = Characters::of(["lowercase letters", "numbers", "dashes"]).unwrap();
        assert_eq!(slug.name(), "lowercase letters, digits, and `-`");
        assert!(slug.accepts("low-tide-2") && !slug.accepts("Low-tide") && !slug.accepts("a b"));
        assert_eq!(slug.to_pattern(), "^[a-z0-9\\-]*$");
        let code = Characters::of(["capital letters"]).unwrap();
        assert_eq!(code.name(), "capital letters");
        assert!(code.accepts("SE") && !code.accepts("S1"));
        assert_eq!(Characters::of(["letters", "emojis"]), None);
        assert_eq!(Characters::of(["hyphens"]), None);
    }

    #[test]
    fn a_text_is_made_to_fit_and_made_not_to() {
        let slug = Characters::of(["small letters", "digits", "hyphens"]).unwrap();
        assert_eq!(slug.fitted("Low Tide!"), "low-tide-");
        assert_eq!(slug.broken("low"), "LOW");
        assert_eq!(slug.broken("12"), "1!");
        let pin = Characters::of(["digits"]).unwrap();
        assert_eq!(pin.fitted("string"), "123456");
        assert_eq!(pin.broken("123"), "12!");
        assert_eq!(slug.joined("low").as_deref(), Some("l_w"));
        assert_eq!(pin.joined("1"), None);
        for characters in [slug, pin] {
            assert!(characters.accepts(&characters.fitted("Ünï “x” 7_")));
        }
    }
}
