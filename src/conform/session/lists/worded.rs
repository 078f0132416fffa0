//! What the words of a filter say beyond its name: exactly this value, several at once, and any case.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{Input, Place};
use crate::conform::plan::sample;
use crate::conform::said::{outcomes, promises};
use crate::model::shape::ShapeKind;

use super::heeded::unheeded;
use super::pages::{List, Walk};
use crate::conform::session::Session;

/// Shorter values have no part that tells.
const SHORTEST: usize = 4;

impl Session<'_, '_> {
    /// "Exactly this tag": a part of a value finds nothing.
    pub(super) fn check_exactly(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
    ) {
        let constraints = &input.shape.constraints;
        let is_free = constraints.allowed.is_none() && constraints.format.is_none();
        if !is_exact(&input.description) || !is_free {
            return;
        }
        let values = texts(&all.items, member);
        let part = values.iter().find_map(|value| {
            let part = part_of(value)?;
            let is_other = values.iter().all(|it| !it.eq_ignore_ascii_case(part));
            is_other.then(|| part.to_owned())
        });
        let Some(part) = part else {
            return;
        };
        let Some(some) = self.glance(list, &[(input.name.clone(), part.clone())]) else {
            return;
        };
        let has_it = |item: &Value| {
            let held = texts(std::slice::from_ref(item), member);
            held.is_empty() || held.iter().any(|it| it.eq_ignore_ascii_case(&part))
        };
        let wrong = some.items.iter().filter(|item| !has_it(item)).count();
        if wrong == 0 {
            return;
        }
        let observed = format!("{wrong} items whose `{member}` only holds it as a part");
        self.filter_found(
            list,
            &some,
            input,
            &part,
            (
                format!("only items whose `{member}` is exactly `{part}`"),
                observed,
            ),
        );
    }

    /// "Separate several statuses with commas": what has any of them is found.
    pub(super) fn check_several(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
    ) {
        if !takes_several(&input.description) {
            return;
        }
        let Some((one, other)) = two_values(all, input, member) else {
            return;
        };
        let text = format!("{one},{other}");
        let Some(some) = self.walk(list, list.largest(), &[(input.name.clone(), text.clone())])
        else {
            return;
        };
        let is_any = |item: &&Value| {
            let held = effect::at(item, member).map(sample::plain);
            held.is_some_and(|it| it == one || it == other)
        };
        let wrong = some.items.iter().filter(|item| !is_any(item)).count();
        let wanted = all.items.iter().filter(is_any).count();
        let observed = if wrong > 0 {
            format!(
                "{wrong} of {} items with another `{member}`",
                some.items.len()
            )
        } else if some.is_complete && some.items.len() < wanted && !self.has_moved(list, all) {
            format!("{} items", some.items.len())
        } else {
            return;
        };
        let expected = format!("the {wanted} items whose `{member}` is one of `{text}`");
        self.filter_found(list, &some, input, &text, (expected, observed));
    }

    /// In other letters a search finds what it found before, where the page says that case does not matter.
    pub(super) fn check_letters(&mut self, list: &List<'_>, all: &Walk) {
        if !all.is_complete || all.items.is_empty() || self.has_moved(list, all) {
            return;
        }
        let inputs = list.inputs.iter().filter(|it| list.is_blind(it));
        let asked = inputs.filter_map(|it| Some((it, list.fixed(it)?.as_str()?.to_owned())));
        let asked: Vec<(&Input, String)> = asked
            .filter(|(it, text)| text.is_ascii() && it.shape.constraints.allowed.is_none())
            .collect();
        for (input, text) in asked {
            let other = in_mixed_case(&text);
            if other == text {
                continue;
            }
            let pairs = [(input.name.clone(), other.clone())];
            let Some(some) = self.walk(list, list.largest(), &pairs) else {
                continue;
            };
            let Some(at) = some.exchanges.first().copied().filter(|_| some.is_complete) else {
                continue;
            };
            let found = some.ids(list);
            if all.ids(list).iter().all(|id| found.contains(id)) {
                continue;
            }
            let message = format!(
                "{} with `{}` as `{other}` finds less than as `{text}`, and the page says that case does not matter",
                list.operation.name(),
                input.name
            );
            let finding = Found::about(&state::INPUT_WITHOUT_EFFECT, input.subject(), message)
                .promised_at(input.span)
                .seen(
                    format!("{} items", all.items.len()),
                    format!("{} items", some.items.len()),
                )
                .plain_if(true);
            self.found(
                at,
                &list.noun,
                &format!("{} letters", input.subject()),
                finding,
            );
        }
    }

    /// A filter that lets through what it should not, or too little.
    fn filter_found(
        &mut self,
        list: &List<'_>,
        some: &Walk,
        input: &Input,
        text: &str,
        (expected, observed): (String, String),
    ) {
        let Some(at) = some.exchanges.first().copied() else {
            return;
        };
        let found = unheeded(list, input, text, (expected, observed)).weak_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }

    /// The size of pages on which the items of a filter are more than one page: once for each list, so that it shows
    /// whether the next page keeps the filter.
    pub(super) fn size_of_some(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        passes: impl Fn(&Value) -> bool,
    ) -> Option<u64> {
        let least = list.limit()?.shape.constraints.minimum.as_ref();
        let least = least.map_or(1, |it| super::pages::whole(it.value).max(1));
        list.turn()?;
        let count = all.items.iter().filter(|it| passes(it)).count();
        let size = (count as u64).div_ceil(2).max(least);
        let tells = count >= 2 && count < all.items.len() && size < count as u64;
        (tells && self.narrowed.insert(list.index)).then_some(size)
    }
}

impl List<'_> {
    /// True if it makes no difference whether letters of a parameter are capital: its own text says so, or a sentence of the
    /// page that names it, or that names none where only one is searched for.
    pub(super) fn is_blind(&self, input: &Input) -> bool {
        if is_blind(&input.description) {
            return true;
        }
        let is_search = |it: &Input| {
            let is_text = it.place == Place::Query && it.shape.kind == ShapeKind::String;
            is_text && effect::effect(it, &[]) == Effect::Search
        };
        let mut searched = self.inputs.iter().filter(|it| is_search(it));
        let is_only = searched.next().is_some_and(|it| it.name == input.name);
        let is_only = is_only && searched.next().is_none();
        let says = |text: &str| {
            let mut quoted = self.inputs.iter().map(|it| format!("`{}`", it.name));
            let is_about = match quoted.find(|name| text.contains(name.as_str())) {
                Some(name) => name == format!("`{}`", input.name) && is_search(input),
                None => is_only && is_of_search(text),
            };
            is_about && is_blind(text)
        };
        promises::sentences(self.operation).any(|text| says(&text))
    }
}

/// True for a sentence that speaks of what is looked for.
fn is_of_search(text: &str) -> bool {
    static SEARCH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:search\w*|find\w*|found|match\w*|look\w*|contain\w*|hits?|results?|compar\w*)\b|^\s*(?:the\s+)?(?:upper|lower|capitals?|case|letters?|capitali[sz]ation)\b",
        )
    });
    SEARCH.is_match(text)
}

/// The texts that the items have for a member, or for one of its items.
fn texts(items: &[Value], member: &str) -> Vec<String> {
    let held = items.iter().filter_map(|item| effect::at(item, member));
    let texts = held.flat_map(|value| match value {
        Value::Array(inner) => inner.iter().collect(),
        other => vec![other],
    });
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A text without its end, as long as something is left that could be one of its kind.
fn part_of(text: &str) -> Option<&str> {
    let mut characters = text.char_indices().rev().skip(1);
    let (at, last) = characters.find(|(_, it)| it.is_alphanumeric())?;
    let part = text.get(..at + last.len_utf8())?;
    let is_plain = text
        .chars()
        .all(|it| it.is_alphanumeric() || "-_ .".contains(it));
    (is_plain && part.chars().count() + 1 >= SHORTEST).then_some(part)
}

/// Two values, the second of which an item has: one that most servers would overlook.
fn two_values(all: &Walk, input: &Input, member: &str) -> Option<(String, String)> {
    let held = all.items.iter().filter_map(|it| effect::at(it, member));
    let mut values: Vec<String> = Vec::new();
    for value in held {
        if value.is_array() || value.is_object() || value.is_boolean() {
            return None;
        }
        let text = sample::plain(value);
        let is_fit = !value.is_null() && !text.is_empty() && !text.contains([',', ' ']);
        if is_fit && !values.contains(&text) {
            values.push(text);
        }
    }
    let other = values.first()?.clone();
    let allowed = input.shape.constraints.allowed.as_ref();
    let documented = allowed.into_iter().flat_map(|it| &it.value);
    let documented = documented.filter(|it| it.is_string()).map(sample::plain);
    let all = values.iter().skip(1).cloned().chain(documented);
    let one = all.into_iter().find(|it| *it != other)?;
    Some((one, other))
}

/// True for "comma-separated", "separate several with commas", or "one or more states, separated by commas".
fn takes_several(text: &str) -> bool {
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bcomma[- ](?:separated|delimited)\b|\b(?:separate[ds]?|joined|divided|delimited)\b[^.;]*\bcommas?\b|\b(?:several|multiple|more)\b[^.;]*\b(?:with|by)\s+commas?\b",
        )
    });
    static ALL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:all|each|every\s+one)\s+of\s+(?:them|these|the)\b"));
    SEVERAL.is_match(text) && !ALL.is_match(text)
}

/// True for "only wallets of this owner": a part of a text is another owner.
pub(super) fn is_exact(text: &str) -> bool {
    static EXACT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*only\s+(?:\w+\s+){1,3}(?:of|for|from|by|with|in)\s+this\s+\w+\s*(?:[.:]|$)|\bexact(?:ly)?\b",
        )
    });
    EXACT.is_match(text)
}

/// The text with every other letter capital, as nobody writes it: "bolt" is in neither "Hex bolt" nor "BOLT-M8" so.
pub(super) fn in_mixed_case(text: &str) -> String {
    let mixed = |capital: bool| {
        let mut is_capital = capital;
        let letters = text.chars().flat_map(|letter| {
            let other: String = if is_capital {
                letter.to_uppercase().collect()
            } else {
                letter.to_lowercase().collect()
            };
            is_capital = letter.is_alphabetic() != is_capital;
            other.chars().collect::<Vec<_>>()
        });
        letters.collect::<String>()
    };
    let other = mixed(true);
    // "A1" is the same so.
    if other == text { mixed(false) } else { other }
}

/// True unless a text is shorter or longer than a parameter takes: records may hold longer ones than can be looked for.
pub(super) fn fits(input: &Input, text: &str) -> bool {
    let constraints = &input.shape.constraints;
    let length = text.chars().count() as u64;
    let is_long = constraints
        .max_length
        .as_ref()
        .is_some_and(|it| length > it.value);
    let is_short = constraints
        .min_length
        .as_ref()
        .is_some_and(|it| length < it.value);
    !is_long && !is_short
}

/// True for a text that says that it makes no difference whether letters are capital.
pub(super) fn is_blind(text: &str) -> bool {
    let lower = text.to_lowercase();
    let says = [
        "regardless of case",
        "upper and lower case are the same",
        "upper or lower case",
        "capitals do not matter",
    ];
    outcomes::is_blind_to_case(text) || says.iter().any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_several_values_are_taken() {
        assert!(takes_several("Comma-separated list of statuses."));
        assert!(takes_several(
            "Separate several statuses with commas to get orders with any of them."
        ));
        assert!(takes_several("One or more states, separated by commas."));
        assert!(takes_several("Several are given with commas."));
        assert!(!takes_several(
            "Comma-separated; an order has to have all of them."
        ));
        assert!(!takes_several("A status such as `open`."));
    }

    #[test]
    fn texts_say_that_case_is_ignored() {
        assert!(is_blind("Whose title contains this text, ignoring case."));
        assert!(is_blind("Upper/lower case does not matter."));
        assert!(is_blind("Case-insensitive."));
        assert!(is_blind("The search is not case-sensitive."));
        assert!(is_blind("Upper and lower case make no difference."));
        assert!(is_blind("Capitalization does not matter."));
        assert!(!is_blind("Case-sensitive."));
        assert!(!is_blind("Only in this case."));
    }

    #[test]
    fn sentences_that_name_nothing_are_about_the_search() {
        assert!(is_of_search("upper and lower case make no difference."));
        assert!(is_of_search("The search is not case-sensitive."));
        assert!(!is_of_search("Two names that differ in case are the same."));
    }

    #[test]
    fn letters_come_in_mixed_case() {
        for (text, mixed) in [
            ("bolt", "BoLt"),
            ("BoLt", "bOlT"),
            ("Ab-12", "aB-12"),
            ("m8", "M8"),
        ] {
            assert_eq!(in_mixed_case(text), mixed);
        }
    }

    #[test]
    fn a_part_of_a_value_is_another_value() {
        assert_eq!(part_of("billing"), Some("billin"));
        assert_eq!(part_of("high-5"), Some("high"));
        assert_eq!(part_of("vat"), None);
        assert_eq!(part_of("dana@example.com"), None);
    }
}
