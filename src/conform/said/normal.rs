//! What the text of an input says that becomes of its values: "We turn them to small letters and drop repeated ones." Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::model::Operation;

/// What is done with a value before it is kept.
const MADE: &str = r"turn(?:s|ed)?|convert(?:s|ed)?|chang(?:es?|ed)|stored?|kept|saved|made|put|returned|normali[sz](?:es?|ed)|folded|forced|transformed|written|held";

/// Which letters a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Letters {
    /// In those that were sent.
    #[default]
    Any,
    Small,
    Capital,
}

/// How values are changed before they are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Normal {
    /// The letters of texts.
    letters: Letters,
    /// Without blanks at the ends.
    is_trimmed: bool,
    /// Each item once.
    pub(crate) is_distinct: bool,
}

impl Normal {
    /// What a description says, if it says anything.
    pub(crate) fn of(description: &str) -> Option<Self> {
        static LOWER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(&format!(
                r"(?i)\b(?:{MADE})\b[^.;]*?\b(?:to|in|into|as)\s+(?:all\s+)?(?:small|lower[\s-]?case)\b|\blower-?cased\b"
            ))
        });
        static UPPER: LazyLock<Regex> = LazyLock::new(|| {
            pattern(&format!(
                r"(?i)\b(?:{MADE})\b[^.;]*?\b(?:to|in|into|as)\s+(?:all\s+)?(?:capitals?|capital\s+letters|upper[\s-]?case)\b|\bupper-?cased\b"
            ))
        });
        static TRIMMED: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?ix)\b(?:trimmed
                | (?:surrounding|outer|leading\s+(?:and|or)\s+trailing)\s+(?:white[\s-]?space|blanks|spaces)\s+(?:(?:is|are)\s+)?(?:removed|dropped|cut|ignored|stripped)
                | (?:white[\s-]?space|blanks|spaces)\s+(?:at\s+(?:either\s+end|both\s+ends|the\s+ends)|on\s+(?:either\s+side|both\s+sides)|around\s+(?:it|them|the\s+\w+))\s+(?:is|are)\s+(?:removed|dropped|cut|ignored|stripped)
                | (?:stored|kept|saved)\s+without\s+(?:surrounding|outer|leading\s+(?:and|or)\s+trailing)\s+(?:white[\s-]?space|blanks|spaces))\b",
            )
        });
        static DISTINCT: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?ix)\b(?:drops?|removes?|ignores?|merges?|collapses?)\s+(?:the\s+)?(?:repeated|duplicate|double|repeating)\b
                | \b(?:duplicates?|repeated\s+ones|repetitions|repeats)\s+(?:\w+\s+)?(?:is|are)\s+(?:removed|dropped|ignored|merged)\b
                | \b(?:duplicates?|repeated\s+ones)\s+(?:collapse|count\s+once)\b
                | \b(?:stored|kept|saved|returned)\s+without\s+(?:duplicates|repetitions)\b
                | \b(?:repeated|duplicate|double|identical|equal)\s+\w+\s+(?:is|are|count|counts)\s+(?:(?:stored|kept|saved|counted|listed|taken)\s+)?(?:only\s+)?once\b",
            )
        });
        static OPEN: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"(?i)\b(?:may|might|can|if\s+possible|usually|unless)\b"));
        let is = |pattern: &Regex| {
            let found = pattern.find(description);
            found.is_some_and(|it| !OPEN.is_match(it.as_str()))
        };
        let letters = match (is(&LOWER), is(&UPPER)) {
            (true, true) => return None,
            (true, false) => Letters::Small,
            (false, true) => Letters::Capital,
            (false, false) => Letters::Any,
        };
        let normal = Self {
            letters,
            is_trimmed: is(&TRIMMED),
            is_distinct: is(&DISTINCT),
        };
        (normal != Self::default()).then_some(normal)
    }

    /// A text that shows whether this is done to it, and is the same afterwards as another one.
    pub(crate) fn probe(self, text: &str) -> Option<String> {
        let turned = match self.letters {
            Letters::Small => text.to_uppercase(),
            Letters::Capital => text.to_lowercase(),
            Letters::Any => text.to_owned(),
        };
        let probe = if self.is_trimmed {
            format!("  {turned} ")
        } else {
            turned
        };
        (probe != text && !text.trim().is_empty()).then_some(probe)
    }

    /// What becomes of a value.
    pub(crate) fn applied(self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(text)),
            Value::Array(items) => {
                let mut kept: Vec<Value> = Vec::new();
                for item in items.iter().map(|item| self.applied(item)) {
                    if !self.is_distinct || !kept.contains(&item) {
                        kept.push(item);
                    }
                }
                Value::Array(kept)
            }
            other => other.clone(),
        }
    }

    fn text(self, text: &str) -> String {
        let text = if self.is_trimmed { text.trim() } else { text };
        match self.letters {
            Letters::Small => text.to_lowercase(),
            Letters::Capital => text.to_uppercase(),
            Letters::Any => text.to_owned(),
        }
    }

    /// True if a value came back as it is to become; items in any order unless that is kept.
    pub(crate) fn is_kept(self, sent: &Value, back: &Value, is_ordered: bool) -> bool {
        // What the text does not speak of a server may do all the same.
        let is_any = self.letters == Letters::Any;
        let also = Self {
            letters: if is_any { Letters::Small } else { Letters::Any },
            is_trimmed: !self.is_trimmed,
            ..Self::default()
        };
        let expected = also.applied(&self.applied(sent));
        let back = also.applied(back);
        match (&expected, &back) {
            (Value::Array(left), Value::Array(right)) if !is_ordered => {
                left.len() == right.len() && left.iter().all(|item| right.contains(item))
            }
            _ => expected == back,
        }
    }

    /// True if a value came back in another notation than it is to become, as `is_one` tells it of two values: that is no
    /// excuse for letters and an order that are stated.
    pub(crate) fn is_kept_otherwise(
        self,
        sent: &Value,
        back: &Value,
        is_ordered: bool,
        is_one: impl Fn(&Value, &Value) -> bool,
    ) -> bool {
        if self.applied(back) != *back {
            return false;
        }
        match (&self.applied(sent), back) {
            (Value::Array(left), Value::Array(right)) if is_ordered => {
                let mut pairs = left.iter().zip(right);
                left.len() == right.len()
                    && pairs.all(|(left, right)| left == right || is_one(left, right))
            }
            (applied, back) => is_one(applied, back),
        }
    }
}

/// What the text of a member of an answer says of its letters: "Email address in lower case."
///
/// Only of those that were sent: what a server makes itself may be written in another way.
pub(crate) fn of_answer(description: &str) -> Option<Normal> {
    static LOWER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^[^.;(]*[,\s](?:always\s+)?in\s+(?:all\s+)?lower[\s-]?case\s*(?:letters\s*)?(?:[.,;)]|$)",
        )
    });
    static UPPER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^[^.;(]*[,\s](?:always\s+)?in\s+(?:all\s+)?(?:upper[\s-]?case|capital\s+letters|capitals)\s*(?:letters\s*)?(?:[.,;)]|$)",
        )
    });
    let letters = match (LOWER.is_match(description), UPPER.is_match(description)) {
        (true, false) => Letters::Small,
        (false, true) => Letters::Capital,
        _ => return Normal::of(description),
    };
    let known = Normal::of(description).unwrap_or_default();
    Some(Normal { letters, ..known })
}

/// True for a sentence that says in which letters texts are kept, or that blanks are dropped: "letters of tags become lower case".
pub(crate) fn is_of_letters(text: &str) -> bool {
    static LETTERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:lower|upper)[\s-]?case[ds]?\b|\b(?:small|capital)\s+letters\b|\bcapitals\b|\bwhite\s?space\b|\bspaces\b|\bblanks\b|\btrimmed\b",
        )
    });
    LETTERS.is_match(text)
}

/// True if a value came back in another notation of which a text tells: without blanks and signs ("dashes are removed"), in
/// other letters ("in lower case"), or rounded ("rounded to one decimal").
pub(crate) fn is_written_otherwise(text: &str, sent: &Value, back: &Value) -> bool {
    static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:removed?|strip(?:s|ped)?|dropped|drops|ignored?|normali[sz]\w*|formatted|tid(?:y|ied)|cleaned|E\.?164|canonical\w*|without|collapsed|becomes?)\b",
        )
    });
    static ROUNDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:round(?:s|ed|ing)?|truncated?|decimals?|precision|nearest|cut|whole\s+numbers?)\b",
        )
    });
    match (sent, back) {
        (Value::String(sent), Value::String(back)) => {
            let bare = |text: &str| {
                let letters = text.chars().filter(|c| c.is_alphanumeric());
                letters.flat_map(char::to_lowercase).collect::<String>()
            };
            let is_told = SIGNS.is_match(text) || is_of_letters(text);
            let (sent, back) = (bare(sent), bare(back));
            is_told && !sent.is_empty() && sent == back
        }
        (Value::Array(sent), Value::Array(back)) => {
            let is_it =
                |one: &Value, other: &Value| one == other || is_written_otherwise(text, one, other);
            let is_known = |back: &Value| sent.iter().any(|sent| is_it(sent, back));
            let is_there = |sent: &Value| back.iter().any(|back| is_it(sent, back));
            !sent.is_empty() && back.iter().all(is_known) && sent.iter().all(is_there)
        }
        (Value::Number(sent), Value::Number(back)) => {
            let apart = sent.as_f64().zip(back.as_f64());
            ROUNDED.is_match(text) && apart.is_some_and(|(sent, back)| (sent - back).abs() <= 1.0)
        }
        _ => false,
    }
}

/// True for the words of a text that may have several lines, and keeps them.
pub(crate) fn keeps_lines(description: &str) -> bool {
    static LINES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:line\s*-?breaks?|new\s?lines?)\b[^.;]*\b(?:kept|keep|preserved?|allowed|retained?|as\s+(?:they\s+are|sent|is)|stay|remain|unchanged)\b|\b(?:keeps?|preserves?|retains?)\s+(?:all\s+|the\s+|its\s+)?(?:line\s*-?breaks?|new\s?lines?)\b|\b(?:multi-?line|several\s+lines|multiple\s+lines)\b",
        )
    });
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not|no|never|cannot|without|removed|single)\b"));
    let mut clauses = description.split(['.', ';']);
    clauses.any(|it| LINES.is_match(it) && !NOT.is_match(it))
}

/// What becomes of a value of a member of the body, as far as its text says it.
pub(crate) fn of_input(operation: &Operation, name: &str, value: &Value) -> Value {
    let mut fields = operation.body.iter().flat_map(|body| &body.fields);
    let field = fields.find(|field| field.name.value == name);
    let normal = field.and_then(|field| Normal::of(&field.description));
    normal.map_or_else(|| value.clone(), |normal| normal.applied(value))
}

/// True for a text that says that a list keeps the order in which it is sent.
pub(crate) fn keeps_order(text: &str) -> bool {
    static ORDER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^as\s+(?:you\s+)?sent\b|\border\b[^.;]*\b(?:send|sent|given|give|gave|passed|added|listed|received)\b|\b(?:order\s+(?:is\s+)?(?:kept|preserved|stays|remains)|(?:keeps?|preserves?|kept\s+in)\s+(?:the|their)\s+order)\b",
        )
    });
    ORDER.is_match(text)
}

/// True for a text that says that texts keep the letters in which they are sent.
pub(crate) fn keeps_letters(text: &str) -> bool {
    static LETTERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bcase[\s-]?sensitive\b
            | \b(?:exactly|just|precisely)\s+as\s+(?:you\s+(?:sent|gave|wrote)|(?:it\s+(?:was|is)\s+|they\s+(?:were|are)\s+)?(?:sent|given|received|written|entered|typed))\b
            | \b(?:upper(?:[\s-]?case)?\s+and\s+lower[\s-]?case|(?:letter\s+)?case)\s+(?:(?:is|are)\s+(?:kept|preserved|retained)|matters|(?:is|are)\s+significant)\b
            | \b(?:keeps?|preserves?|retains?)\s+(?:the\s+|their\s+|its\s+)?(?:letter\s+)?case\b
            | \bverbatim\b",
        )
    });
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not|never|no|isn['’]t|aren['’]t)\b"));
    let mut clauses = text.split(['.', ';']);
    clauses.any(|it| LETTERS.is_match(it) && !NOT.is_match(it))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_say_what_becomes_of_values() {
        let text = "We turn them to small letters and drop repeated ones; the order stays.";
        let normal = Normal::of(text).unwrap();
        let sent = json!(["Weather", "snow", "Weather"]);
        assert_eq!(normal.applied(&sent), json!(["weather", "snow"]));
        assert!(normal.is_kept(&sent, &json!(["weather", "snow"]), true));
        assert!(!normal.is_kept(&sent, &json!(["snow", "weather"]), true));
        assert!(normal.is_kept(&sent, &json!(["snow", "weather"]), false));
        assert!(!normal.is_kept(&sent, &json!(["Weather", "snow"]), false));
        assert!(!normal.is_kept(&sent, &json!(["weather", "snow", "weather"]), false));
        let once = Normal::of("Repeated tags are stored once.").unwrap();
        assert!(once.is_distinct);
        let first = "Leading and trailing whitespace is removed first.";
        let first = Normal::of(first).unwrap();
        assert_eq!(first.probe("A b").as_deref(), Some("  A b "));
        assert!(first.is_kept(&json!("  A b "), &json!("A b"), false));
        assert!(!first.is_kept(&json!("  A b "), &json!("  A b "), false));
        assert_eq!(once.probe("A b"), None);
        let trimmed = Normal::of("Surrounding white space is removed.").unwrap();
        assert_eq!(trimmed.applied(&json!(" a ")), json!("a"));
        assert_eq!(Normal::of("In small letters."), None);
        assert_eq!(Normal::of("Duplicates may be removed."), None);
    }

    #[test]
    fn texts_say_that_letters_and_orders_are_kept() {
        for text in [
            "Labels are case-sensitive.",
            "Stored and returned exactly as it was sent.",
            "Upper and lower case are kept.",
            "The name, which keeps its case.",
        ] {
            assert!(keeps_letters(text), "{text}");
        }
        for text in [
            "Not case-sensitive.",
            "Compared without regard to case.",
            "As it was sent to us.",
        ] {
            assert!(!keeps_letters(text), "{text}");
        }
        assert!(keeps_order("Up to 4 labels. Their order is kept."));
        assert!(!keeps_order("In alphabetical order."));
    }

    #[test]
    fn texts_say_that_lines_are_kept() {
        for text in [
            "Text of the note, 1–2,000 characters. Line breaks are kept.",
            "The body. Newlines are preserved.",
            "Keeps line breaks.",
            "Multi-line text.",
            "May have several lines.",
        ] {
            assert!(keeps_lines(text), "{text}");
        }
        for text in [
            "A title. Line breaks are not allowed.",
            "A single line.",
            "Line breaks are removed.",
            "The text.",
        ] {
            assert!(!keeps_lines(text), "{text}");
        }
    }

    #[test]
    fn many_words_say_in_which_letters_a_text_is_kept() {
        for text in [
            "Stored and returned in lower case.",
            "Normalized to lowercase.",
            "Upper-case letters are turned into lower-case ones.",
            "Converted to lower case before it is saved.",
            "We lower-case it; lowercased on save.",
            "Addresses can be up to 254 characters long and are stored in lower case.",
        ] {
            assert_eq!(
                Normal::of(text).and_then(|it| it.probe("Ab")).as_deref(),
                Some("AB"),
                "{text}"
            );
        }
        for text in [
            "Must be in lower case.",
            "Lowercase letters and digits only.",
            "Compared without regard to case.",
        ] {
            assert_eq!(Normal::of(text), None, "{text}");
        }
        for text in ["Email address in lower case.", "The address, in lowercase"] {
            assert_eq!(
                of_answer(text).map(|it| it.applied(&json!("A@b.example"))),
                Some(json!("a@b.example")),
                "{text}"
            );
        }
        assert_eq!(of_answer("Letters in lower case and digits."), None);
    }

    #[test]
    fn another_notation_is_no_other_letters_and_no_other_order() {
        let normal = Normal::of("Turned to small letters.").unwrap();
        let is_one =
            |sent: &Value, back: &Value| is_written_otherwise("Dashes are removed.", sent, back);
        let sent = json!(["Low-Tide", "Ebb"]);
        for (back, is_kept) in [
            (json!(["lowtide", "ebb"]), true),
            (json!(["LowTide", "ebb"]), false),
            (json!(["ebb", "lowtide"]), false),
        ] {
            let found = normal.is_kept_otherwise(&sent, &back, true, is_one);
            assert_eq!(found, is_kept, "{back}");
        }
    }

    #[test]
    fn texts_tell_of_other_notations() {
        let phone = (json!("+1 (555) 010-0199"), json!("+15550100199"));
        let signs = "With country code. Spaces, dashes and brackets are removed.";
        assert!(is_written_otherwise(signs, &phone.0, &phone.1));
        assert!(!is_written_otherwise(
            "With country code.",
            &phone.0,
            &phone.1
        ));
        assert!(!is_written_otherwise(
            signs,
            &phone.0,
            &json!("+15550100100")
        ));
        let score = "0 to 100. Rounded to one decimal.";
        assert!(is_written_otherwise(score, &json!(71.26), &json!(71.3)));
        assert!(!is_written_otherwise(score, &json!(71.26), &json!(80.0)));
        assert!(!is_written_otherwise(
            "0 to 100.",
            &json!(71.26),
            &json!(71.3)
        ));
        let all = "Letters of tags become lower case.";
        assert!(is_of_letters(all));
        assert!(is_written_otherwise(
            all,
            &json!("Zoë and the big One"),
            &json!("zoë and the big one")
        ));
    }
}
