//! Which request example a request is most like, where it is sent as none of them shows.
//!
//! What is chosen from few values says most: truth values, documented values, and words such as `kind=square`. A value of
//! that kind that an example does not send excludes it. Then counts which of the members that not all examples have are
//! there, and last equal values of any kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Location, Operation};

use super::pairs::{Facts, HEADER};

/// What an equal value that is chosen from few is worth, beside a member that is there, and a value of any kind.
const CHOSEN: i32 = 16;
const PRESENT: i32 = 4;
const EQUAL: i32 = 1;

/// The request examples of an operation, with what tells them apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Likeness {
    examples: Vec<Example>,
    /// Where the examples send different values, or some of them none.
    telling: BTreeMap<String, Telling>,
    /// The places that some examples have, and others have not.
    optional: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Example {
    /// What it sends of what tells the examples apart.
    facts: Facts,
    /// Which places that are not in all examples it has; items of a list are one place, however many there are.
    places: BTreeSet<String>,
    /// The number of its answer, if it has one of its own.
    answer: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// The docs say which values there are.
    Closed,
    /// The examples show words.
    Word,
    /// Texts, numbers, and ids.
    Free,
}

impl Likeness {
    /// Of examples with their answers and all that they send; `is_chosen` says where the docs list the values.
    pub(super) fn of(
        examples: &[(Option<usize>, Facts)],
        is_chosen: impl Fn(&str) -> bool,
    ) -> Self {
        let keys: BTreeSet<&String> = examples
            .iter()
            .flat_map(|(_, facts)| facts.keys())
            .collect();
        let telling = keys.into_iter().filter_map(|key| {
            let values: Vec<_> = examples.iter().map(|(_, facts)| facts.get(key)).collect();
            let first = values.first()?;
            let is_shared = values.iter().all(|value| value == first);
            (!is_shared).then(|| (key.clone(), telling(key, &values, &is_chosen)))
        });
        let telling: BTreeMap<_, _> = telling.collect();
        let examples = examples.iter().map(|(answer, facts)| {
            let facts = facts.iter().filter(|(key, _)| telling.contains_key(*key));
            let facts: Facts = facts
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            Example {
                places: places(&facts),
                facts,
                answer: *answer,
            }
        });
        let mut examples: Vec<Example> = examples.collect();
        let all: BTreeSet<String> = examples.iter().flat_map(|it| it.places.clone()).collect();
        let is_optional = |place: &String| !examples.iter().all(|it| it.places.contains(place));
        let optional: BTreeSet<String> = all.into_iter().filter(is_optional).collect();
        for example in &mut examples {
            example.places.retain(|place| optional.contains(place));
        }
        Self {
            examples,
            telling,
            optional,
        }
    }

    /// The headers that tell examples apart, in lower case.
    pub(super) fn headers(&self) -> impl Iterator<Item = &str> {
        self.telling
            .keys()
            .filter_map(|key| key.strip_prefix(HEADER))
    }

    /// The answer of the example that a request is most like; `None` if that is none, or has no answer of its own.
    pub(super) fn find(&self, sent: &Facts) -> Option<usize> {
        let mut places = places(sent);
        places.retain(|place| self.optional.contains(place));
        let scores = self.examples.iter();
        let scores = scores.map(|example| self.score(example, sent, &places));
        let scores: Vec<Option<i32>> = scores.collect();
        let best = scores
            .iter()
            .flatten()
            .max()
            .filter(|best| **best >= PRESENT)?;
        let mut winners = self.examples.iter().zip(&scores);
        let winner = winners.find(|(_, score)| score.as_ref() == Some(best))?.0;
        // Two that are as good, with different answers, tell nothing.
        let is_alone = winners
            .all(|(other, score)| score.as_ref() != Some(best) || other.answer == winner.answer);
        winner.answer.filter(|_| is_alone)
    }

    /// How like an example a request is that has these places; `None` if it is sent something else on purpose.
    fn score(&self, example: &Example, sent: &Facts, places: &BTreeSet<String>) -> Option<i32> {
        let mut score = 0;
        for (key, telling) in &self.telling {
            match (example.facts.get(key), sent.get(key)) {
                (Some(own), Some(value)) if own == value && *telling == Telling::Free => {
                    score += EQUAL;
                }
                (Some(own), Some(value)) if own == value => score += CHOSEN,
                (Some(_), Some(_)) if *telling == Telling::Closed => return None,
                _ => {}
            }
        }
        let shared = example.places.intersection(places).map(|_| PRESENT);
        let other = example
            .places
            .symmetric_difference(places)
            .map(|_| -PRESENT);
        Some(score + shared.chain(other).sum::<i32>())
    }
}

/// The places of all that is sent.
fn places(facts: &Facts) -> BTreeSet<String> {
    facts.keys().map(|key| erased(key)).collect()
}

/// A place without the numbers of items: `body/items/0/id` is `body/items//id`.
fn erased(key: &str) -> String {
    let is_number = |step: &str| !step.is_empty() && step.bytes().all(|it| it.is_ascii_digit());
    let steps = key
        .split('/')
        .map(|step| if is_number(step) { "" } else { step });
    steps.collect::<Vec<_>>().join("/")
}

/// True where the docs of an operation say which values there are.
pub(super) fn is_chosen(operation: &Operation, key: &str) -> bool {
    shape(operation, key).is_some_and(is_closed)
}

fn telling(key: &str, values: &[Option<&String>], is_chosen: impl Fn(&str) -> bool) -> Telling {
    let mut shown = values.iter().flatten();
    let is_truth = |value: &&String| matches!(value.as_str(), "true" | "false");
    if is_chosen(key) || shown.clone().all(is_truth) {
        return Telling::Closed;
    }
    let is_free = key.starts_with("path.") || erased(key) != key;
    if !is_free && shown.all(|value| is_word(value)) {
        Telling::Word
    } else {
        Telling::Free
    }
}

/// True for what looks like one of few values: `square`, `json_lines`, `getBlock`, `order.paid`, and `BUY_NOW`.
fn is_word(text: &str) -> bool {
    let is_of = |is_letter: fn(&u8) -> bool| {
        let is_part = |byte: u8| is_letter(&byte) || b"_-.".contains(&byte);
        text.bytes().all(is_part)
    };
    let is_lower = text.starts_with(|first: char| first.is_ascii_lowercase());
    let is_letters = is_lower && is_of(u8::is_ascii_alphabetic) || is_of(u8::is_ascii_uppercase);
    (1..=30).contains(&text.len()) && is_letters
}

fn is_closed(shape: &Shape) -> bool {
    let is_chosen = shape.constraints.allowed.is_some() || shape.constraints.constant.is_some();
    is_chosen || shape.kind == ShapeKind::Boolean
}

/// The documented shape of what stands at a place.
fn shape<'o>(operation: &'o Operation, key: &str) -> Option<&'o Shape> {
    let parameter = |location: Location, name: &str| {
        let mut parameters = operation.parameters_in(location);
        let found = parameters.find(|it| it.field.name.value.trim().eq_ignore_ascii_case(name));
        found.map(|parameter| &parameter.shape)
    };
    if let Some(name) = key.strip_prefix("query.") {
        return parameter(Location::Query, name);
    }
    if let Some(name) = key.strip_prefix(HEADER) {
        return parameter(Location::Header, name);
    }
    let steps = key.strip_prefix("body/")?;
    let mut shape = &operation.body.as_ref()?.shape;
    for step in steps.split('/') {
        if let ShapeKind::Array(items) = &shape.kind {
            shape = items;
            continue;
        }
        shape = &shape
            .members()
            .iter()
            .find(|member| member.name == step)?
            .shape;
    }
    Some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(&str, &str)]) -> Facts {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    /// What tells three examples apart without documented values.
    fn likeness() -> Likeness {
        let examples = [
            (Some(0), facts(&[("body/kind", "circle"), ("body/r", "2")])),
            (
                Some(1),
                facts(&[("body/kind", "square"), ("body/side", "3")]),
            ),
            (
                Some(2),
                facts(&[("body/kind", "path"), ("body/input/0", "x")]),
            ),
            (
                None,
                facts(&[("body/kind", "line"), ("body/stream", "true")]),
            ),
        ];
        Likeness::of(&examples, |_| false)
    }

    #[test]
    fn a_word_decides_before_members_and_these_before_texts() {
        let find = |pairs: &[(&str, &str)]| likeness().find(&facts(pairs));
        assert_eq!(find(&[("body/kind", "square"), ("body/r", "9")]), Some(1));
        assert_eq!(find(&[("body/side", "9")]), Some(1));
        assert_eq!(
            find(&[("body/input/3", "y"), ("body/input/4", "z")]),
            Some(2)
        );
        assert_eq!(find(&[("body/r", "9")]), Some(0));
    }

    #[test]
    fn what_fits_nothing_or_an_example_without_an_answer_has_none() {
        let find = |pairs: &[(&str, &str)]| likeness().find(&facts(pairs));
        assert_eq!(find(&[("body/other", "9")]), None);
        assert_eq!(find(&[("body/kind", "line")]), None);
        assert_eq!(find(&[("body/r", "9"), ("body/side", "9")]), None);
    }
}
