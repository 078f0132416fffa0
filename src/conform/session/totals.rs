//! Totals and counts of what a list of its own shows: "The sum of the amounts of its lines" of an invoice, and
//! "The number of lines".

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::Kind;
use crate::conform::judge::effect;
use crate::conform::judge::state::{self, Found};
use crate::conform::pattern::pattern;
use crate::conform::plan::{Variant, sample};
use crate::model::Field;

use super::Session;

/// What a member of a thing is computed from: all things of a noun that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Total {
    /// A member of each, added up.
    Sum(String),
    Count,
}

impl Session<'_, '_> {
    /// What things say of all that belongs to them is what the lists of it show.
    pub(super) fn check_totals(&mut self) {
        for item in self.items(|item| matches!(item.variant, Variant::Example)) {
            let role = self.role(item.operation);
            if role.is_some_and(|role| role.kind == Kind::List) {
                self.check_totals_over(item.operation);
            }
        }
    }

    fn check_totals_over(&mut self, index: usize) {
        let Some(list) = self.list(index) else {
            return;
        };
        let Some((noun, id)) = list.parents().last().cloned() else {
            return;
        };
        let Some(read) = self.example_of(&noun, Kind::Read) else {
            return;
        };
        let fields = self.fields_of(read.operation);
        let totals = fields.iter().filter_map(|field| {
            let total = total_of(&field.description, &list.noun)?;
            Some((field, total))
        });
        let totals: Vec<_> = totals.collect();
        let mut things = self.store.things.iter();
        let thing = things.position(|it| {
            it.noun == noun && it.made_by.is_some() && !it.is_gone && it.key().as_ref() == Some(&id)
        });
        let (Some(thing), false) = (thing, totals.is_empty()) else {
            return;
        };
        let Some(walk) = self.walk(&list, list.largest(), &[]) else {
            return;
        };
        if !walk.is_complete || walk.items.is_empty() {
            return;
        }
        let Some(read) = self.read(thing, "a read beside the list of what belongs to it") else {
            return;
        };
        let Some(object) = self.shown(read) else {
            return;
        };
        for (field, total) in totals {
            let name = &field.name.value;
            let Some(shown) = object.get(name).and_then(number) else {
                continue;
            };
            let Some((right, room)) = value_of(&total, &walk.items) else {
                continue;
            };
            if (right - shown).abs() <= room {
                continue;
            }
            let what = match &total {
                Total::Sum(word) => {
                    format!("the sum of the {word} of its {} items", walk.items.len())
                }
                Total::Count => format!("the number of its {} items", walk.items.len()),
            };
            let message = format!("`{name}` of the {noun} is not {what}");
            let subject = self.subject_of(read, name);
            let found = Found::about(&state::WRONG_COUNT, subject, message)
                .promised_at(Some(field.open))
                .seen(
                    format!("{}", (right * 1e6).round() / 1e6),
                    object.get(name).map(sample::plain).unwrap_or_default(),
                )
                .weak_if(true);
            self.found(read, &noun, &format!("total {name}"), found);
        }
    }

    /// The fields of the successes of an operation, and those inside of an envelope.
    pub(super) fn fields_of(&self, index: usize) -> Vec<Field> {
        let Some(operation) = self.operation(index) else {
            return Vec::new();
        };
        let responses = operation.responses.iter();
        let fields = responses
            .filter(|it| it.status.is_success())
            .flat_map(|it| &it.fields);
        let all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
        all.cloned().collect()
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// What a total is, and how far off rounding may lead.
fn value_of(total: &Total, items: &[Value]) -> Option<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    let count = items.len() as f64;
    let Total::Sum(word) = total else {
        return Some((count, 0.0));
    };
    let first = items.first()?.as_object()?;
    let mut names = first.keys().filter(|name| is_same(name, word));
    let name = names.next().filter(|_| names.next().is_none())?;
    let values = items
        .iter()
        .map(|item| effect::at(item, name).and_then(number));
    let values: Option<Vec<f64>> = values.collect();
    Some((values?.iter().sum(), 0.011 * count))
}

/// The total that a text states of all things of a noun.
fn total_of(text: &str, noun: &str) -> Option<Total> {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:sum|total)\s+of\s+(?:the\s+|all\s+)*`?(?P<what>\w+)`?\s+of\s+(?:all\s+|its\s+|the\s+|their\s+)*(?P<noun>[a-z_]+)(?P<rest>[^.]*)",
        )
    });
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:(?:number|count)\s+of|how\s+many)\s+(?:all\s+|its\s+|the\s+)*(?P<noun>[a-z_]+)(?P<rest>[^.]*)",
        )
    });
    // "That are open" speaks of some of them only.
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:that|which|who|without|except|only|if|not|open|active|paid|excluding|including|plus|minus|times)\b",
        )
    });
    let is_it = |found: &regex::Captures<'_>| {
        let word = found.name("noun").map_or("", |it| it.as_str());
        let rest = found.name("rest").map_or("", |it| it.as_str());
        is_same(word, noun) && !SOME.is_match(rest)
    };
    if let Some(found) = SUM.captures(text).filter(is_it) {
        return Some(Total::Sum(found.name("what")?.as_str().to_owned()));
    }
    COUNT.captures(text).filter(is_it).map(|_| Total::Count)
}

/// True for a word and its plural.
fn is_same(one: &str, other: &str) -> bool {
    let single = |text: &str| {
        let text = letters(text);
        match text.strip_suffix("ies") {
            Some(stem) if stem.len() > 2 => format!("{stem}y"),
            _ => text.strip_suffix('s').map(str::to_owned).unwrap_or(text),
        }
    };
    single(one) == single(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_state_totals_of_what_belongs_to_a_thing() {
        let sum = |word: &str| Some(Total::Sum(word.to_owned()));
        let of = |text: &str| total_of(text, "line");
        assert_eq!(of("The sum of the amounts of its lines."), sum("amounts"));
        assert_eq!(of("Sum of the `amount` of all lines."), sum("amount"));
        assert_eq!(of("The number of lines of the job."), Some(Total::Count));
        assert_eq!(of("How many lines it has."), Some(Total::Count));
        assert_eq!(of("The number of lines that are open."), None);
        assert_eq!(of("The number of jobs."), None);
    }
}
