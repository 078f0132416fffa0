//! Notations that a text spells out piece by piece: "two capital letters, a hyphen, then 3 to 12 capital letters or digits". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::numerals::numeral;
use crate::model::shape::{ShapeKind, TextPattern};
use crate::model::shared::SPELLED_OUT;
use crate::model::{Evidence, Fact};

use super::input::Input;

/// Gives an input the notation that its text spells out, if nothing else tells one.
pub(super) fn bind(input: &mut Input) {
    let constraints = &input.shape.constraints;
    let is_open = input.shape.kind == ShapeKind::String
        && constraints.pattern.is_none()
        && constraints.format.is_none()
        && constraints.allowed.is_none()
        && constraints.constant.is_none();
    let Some(expression) = of_text(&input.description).filter(|_| is_open) else {
        return;
    };
    let mut constraints = (**constraints).clone();
    constraints.pattern = Some(Fact {
        value: TextPattern::new(&expression),
        evidence: Evidence::new(input.span, &SPELLED_OUT),
    });
    // The whole says how long it is, and lengths of pieces are none of it.
    constraints.min_length = None;
    constraints.max_length = None;
    input.shape.constraints = constraints.into();
}

/// The expression for the one sentence of a text that is nothing but pieces of a notation.
fn of_text(text: &str) -> Option<String> {
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|unless|when|optional(?:ly)?|removed|ignored|stripped|converted|turned|made|becomes?|accepted|either|old(?:er)?|legacy|also|suggested|usually|without|any\s+case|case[\s-]insensitive|(?:lower|upper)[\s-]?case\s+(?:is|works))\b",
        )
    });
    let sentences = text.split(['.', ';', '\n', ':']).map(str::trim);
    let mut found = sentences.filter_map(of_sentence);
    let only = found.next()?;
    (found.next().is_none() && !OTHERWISE.is_match(text)).then_some(only)
}

/// The expression of a sentence of which each piece is understood; one piece alone is a length, and told elsewhere.
fn of_sentence(sentence: &str) -> Option<String> {
    static LEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:(?:it|this|must|has\s+to|is|be|always|consists?\s+of|made\s+(?:up\s+)?of|of\s+the\s+form|in\s+the\s+form|exactly)\s+)+",
        )
    });
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\s*(?:,\s*)?(?:(?:and\s+)?then|followed\s+by|and|plus)?\s*")
    });
    static END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\s*(?:$|,?\s*(?:such\s+as|like|e$|for\s+example|as\s+in)\b|\()")
    });
    let mut rest = LEAD.replace(sentence, "").into_owned();
    let mut expression = String::from("^");
    let mut pieces = 0;
    let mut has_count = false;
    loop {
        let (piece, counts, length) = piece(&rest)?;
        expression.push_str(&piece);
        pieces += 1;
        has_count |= counts;
        rest = rest.get(length..)?.to_owned();
        if END.is_match(&rest) {
            break;
        }
        let joint = JOINT.find(&rest)?;
        if joint.as_str().trim().is_empty() {
            return None;
        }
        rest = rest.get(joint.end()..)?.to_owned();
    }
    expression.push('$');
    (pieces > 1 && has_count).then_some(expression)
}

/// The expression of the piece that a text begins with, whether it is a number of characters, and how long it is.
fn piece(text: &str) -> Option<(String, bool, usize)> {
    const NUMBER: &str =
        r"\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve";
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?ix)^(?P<least>{NUMBER})(?:\s*(?:to|–|-|or)\s*(?P<most>{NUMBER}))?\s+(?P<first>(?:(?:capital|upper-?case|lower-?case|small)\s+)?(?:letters?|digits?|figures?)|hex(?:adecimal)?\s+digits?)
              (?:\s+(?:or|and)\s+(?P<second>(?:(?:capital|upper-?case|lower-?case|small)\s+)?(?:letters|digits|figures)))?\b"
        ))
    });
    static SIGN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:an?|one|the)\s+(?:single\s+)?(?P<sign>hyphen|dash|dot|period|point|underscore|colon|slash|plus(?:\s+sign)?)\b|^`(?P<code>[A-Za-z0-9_:.#/-]{1,8})`",
        )
    });
    if let Some(found) = COUNTED.captures(text) {
        let least = number(found.name("least")?.as_str())?;
        let most = match found.name("most") {
            Some(most) => number(most.as_str())?,
            None => least,
        };
        let mut class = class(found.name("first")?.as_str());
        if let Some(second) = found.name("second") {
            class.push_str(&self::class(second.as_str()));
        }
        let count = if least == most {
            format!("{{{least}}}")
        } else {
            format!("{{{least},{most}}}")
        };
        let is_range = (1..=64).contains(&least) && least <= most;
        return is_range.then(|| (format!("[{class}]{count}"), true, length_of(&found)));
    }
    let found = SIGN.captures(text)?;
    let sign = match (found.name("code"), found.name("sign")) {
        (Some(code), _) => regex::escape(code.as_str()),
        (None, Some(sign)) => {
            let sign = sign.as_str().to_ascii_lowercase();
            let sign = match sign.as_str() {
                "hyphen" | "dash" => "-",
                "dot" | "period" | "point" => r"\.",
                "underscore" => "_",
                "colon" => ":",
                "slash" => "/",
                _ => r"\+",
            };
            sign.to_owned()
        }
        _ => return None,
    };
    Some((sign, false, length_of(&found)))
}

/// How long the text is that was found.
fn length_of(found: &regex::Captures<'_>) -> usize {
    found.get(0).map_or(0, |it| it.end())
}

fn class(words: &str) -> String {
    let words = words.to_ascii_lowercase();
    let is_any = |names: &[&str]| names.iter().any(|it| words.contains(it));
    let class = match () {
        () if words.starts_with("hex") => "0-9a-fA-F",
        () if is_any(&["digit", "figure"]) => "0-9",
        () if is_any(&["capital", "upper"]) => "A-Z",
        () if is_any(&["small", "lower"]) => "a-z",
        () => "A-Za-z",
    };
    class.to_owned()
}

fn number(text: &str) -> Option<u32> {
    let text = text.to_ascii_lowercase();
    if matches!(text.as_str(), "a" | "an") {
        return Some(1);
    }
    numeral(&text).or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_spell_notations_out() {
        for (text, expression) in [
            (
                "Your own reference: two capital letters, a hyphen, then 3 to 12 capital letters or digits. Unique.",
                "^[A-Z]{2}-[A-Z0-9]{3,12}$",
            ),
            (
                "Three digits, a dash, and four digits",
                "^[0-9]{3}-[0-9]{4}$",
            ),
            (
                "`INV-` followed by 6 digits, such as `INV-000123`",
                "^INV\\-[0-9]{6}$",
            ),
            (
                "Must be one uppercase letter followed by two digits.",
                "^[A-Z]{1}[0-9]{2}$",
            ),
            (
                "A lower-case letter, then 2 to 19 letters or digits",
                "^[a-z]{1}[A-Za-z0-9]{2,19}$",
            ),
        ] {
            assert_eq!(of_text(text).as_deref(), Some(expression), "{text}");
        }
        for text in [
            "Two capital letters.",
            "3 to 80 characters.",
            "Two letters and a description of the place.",
            "Two capital letters, a hyphen, then three digits. Older ones have no hyphen, and may be used.",
            "Letters, digits, and hyphens.",
            "Two digits, a colon, and two digits, or `now`.",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
