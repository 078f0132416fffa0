//! Filters that may be sent more than once: "repeat it for books with all of several labels", `label=new&label=rare`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::effect::{self, NONSENSE, Relation};
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{Input, Place};
use crate::conform::plan::sample;
use crate::conform::session::Session;

use super::heeded::unheeded;
use super::pages::{List, Walk};

/// What several values of a filter leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Several {
    /// What has all of them.
    All,
    /// What has one of them.
    Any,
}

impl Session<'_, '_> {
    /// Two values at once leave what has both of them, or one of them, as the text says.
    pub(super) fn check_repeatable(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
    ) {
        let several = said(&input.name, &input.description);
        let Some(several) = several.filter(|_| input.place == Place::Query) else {
            return;
        };
        let passes =
            |item: &Value, value: &Value| effect::passes_surely(item, member, Relation::Is, value);
        let values = values(&all.items, member);
        let is_in = |value: &Value| all.items.iter().filter(|it| passes(it, value)).count();
        let leaves = |pair: &[Value; 2]| {
            let is_left = |it: &&Value| several.leaves(pair.iter().map(|value| passes(it, value)));
            all.items.iter().filter(is_left).count()
        };
        // Either value alone leaves others.
        let mut pairs = values
            .iter()
            .flat_map(|one| values.iter().map(move |other| [one.clone(), other.clone()]));
        let telling = pairs.find(|pair| {
            let left = leaves(pair);
            pair.iter().all(|value| is_in(value) != left)
        });
        let is_closed = input.shape.constraints.allowed.is_some() || !input.is_free_text();
        let made_up = || {
            let value = values.first().filter(|_| !is_closed)?.clone();
            Some([value, Value::from(NONSENSE)])
        };
        let Some([one, other]) = telling.clone().or_else(made_up) else {
            return;
        };
        let mut orders = vec![[one.clone(), other.clone()]];
        if telling.is_none() {
            orders.push([other, one]);
        }
        for pair in orders {
            self.check_repeated_by(list, all, input, member, (several, &pair));
        }
    }

    fn check_repeated_by(
        &mut self,
        list: &List<'_>,
        all: &Walk,
        input: &Input,
        member: &str,
        (several, pair): (Several, &[Value; 2]),
    ) {
        let mut narrowed = list.clone();
        let both = Value::Array(pair.to_vec());
        if !narrowed.base.set(input, Some(&both)) {
            return;
        }
        let Some(some) = self.walk(&narrowed, list.largest(), &[]) else {
            return;
        };
        let Some(at) = some.exchanges.first().copied() else {
            return;
        };
        let leaves = |item: &Value, is_sure: bool| {
            let held = |value: &Value| {
                if is_sure {
                    effect::passes_surely(item, member, Relation::Is, value)
                } else {
                    effect::passes(item, member, Relation::Is, value)
                }
            };
            several.leaves(pair.iter().map(held))
        };
        let wrong = some.items.iter().filter(|it| !leaves(it, false)).count();
        let wanted = all.items.iter().filter(|it| leaves(it, true)).count();
        let observed = if wrong > 0 {
            format!("{wrong} of {} items that do not fit", some.items.len())
        } else if some.is_complete && some.items.len() < wanted && !self.has_moved(list, all) {
            format!("{} of {wanted} items that fit", some.items.len())
        } else {
            return;
        };
        let words = match several {
            Several::All => "both",
            Several::Any => "one",
        };
        let [one, other] = pair.each_ref().map(sample::plain);
        let expected =
            format!("the {wanted} items whose `{member}` fits {words} of `{one}` and `{other}`");
        let text = format!("{one}` and `{other}");
        let found = unheeded(list, input, &text, (expected, observed)).plain_if(true);
        self.found(at, &list.noun, &input.subject(), found);
    }
}

impl Several {
    fn leaves(self, mut held: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::All => held.all(|it| it),
            Self::Any => held.any(|it| it),
        }
    }
}

/// The values that items have, each once; a list has those of its items.
fn values(items: &[Value], member: &str) -> Vec<Value> {
    let held = items.iter().filter_map(|it| effect::at(it, member));
    let mut values: Vec<Value> = Vec::new();
    for value in held {
        let inner = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in inner {
            let is_fit = value.as_str().is_some_and(|it| !it.is_empty());
            if is_fit && !values.contains(value) && values.len() < MOST {
                values.push(value.clone());
            }
        }
    }
    values
}

/// More values are not put in pairs.
const MOST: usize = 24;

/// What the text of a filter says that several values leave, if it may be sent more than once.
fn said(name: &str, text: &str) -> Option<Several> {
    static REPEATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:repeat|repeating)\s+(?:it|this|the|that)\b | \b(?:may|can)\s+be\s+(?:repeated|(?:sent|given|used|passed|set|specified|added)\s+(?:more\s+than\s+once|several\s+times|multiple\s+times|repeatedly|again))\b
              | \brepeatable\b | \b(?:more\s+than\s+once|several\s+times|multiple\s+times)\b",
        )
    });
    static ALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:all|both|every\s+one|each)\s+(?:of\s+)?(?:them|these|those|several|the|its)\b|\bhave\s+(?:all|both)\b|\bintersection\b|\bcombined\s+with\s+`?and`?\b",
        )
    });
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:any|one|either|at\s+least\s+one)\s+of\s+(?:them|these|those|several|the|its)\b|\bunion\b|\bcombined\s+with\s+`?or`?\b",
        )
    });
    let twice = text.contains(&format!("{name}=")) && {
        let mut parts = text.split('`').filter(|it| it.contains('&'));
        parts.any(|it| it.matches(&format!("{name}=")).count() > 1)
    };
    if !twice && !REPEATED.is_match(text) {
        return None;
    }
    match (ALL.is_match(text), ANY.is_match(text)) {
        (true, false) => Some(Several::All),
        (false, true) => Some(Several::Any),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_several_values_leave() {
        for text in [
            "Only books with this label. Repeat it for books with all of several labels.",
            "Books with the label. May be sent more than once: books have to have all of them.",
            "Label of the book; `label=new&label=rare` finds books with both of them.",
        ] {
            assert_eq!(said("label", text), Some(Several::All), "{text}");
        }
        for text in [
            "Can be repeated for books with any of these labels.",
            "`label=new&label=rare` finds what has at least one of them.",
        ] {
            assert_eq!(said("label", text), Some(Several::Any), "{text}");
        }
        for text in [
            "Only books with this label.",
            "Can be repeated.",
            "One of these: `new`, `rare`.",
            "`label=new&sort=name` finds all of them in order.",
        ] {
            assert_eq!(said("label", text), None, "{text}");
        }
    }
}
