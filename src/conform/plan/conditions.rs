//! What the text of an input makes depend on the value of another one: "Required for `hold` and `cancel`, not allowed for
//! the other types."
//!
//! What is sent obeys it, and both ways of breaking it are sent to be refused.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;

use super::draft::Draft;
use super::input::{Input, Place};
use super::sample;

/// The values of another input for which something holds.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::conform) struct When {
    /// The other input, by its number.
    other: usize,
    values: Vec<String>,
    /// True if it holds for these values, false if for all others.
    is_for: bool,
}

impl When {
    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|it| it == value) == self.is_for
    }
}

/// On what it depends whether an input has to be sent, and whether it may be.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::conform) struct Condition {
    /// The input, by its number.
    input: usize,
    required: Option<When>,
    forbidden: Option<When>,
    /// True if the text says that it is refused otherwise, and not only that it means nothing.
    is_refused: bool,
}

/// The conditions that the texts of inputs state.
pub(in crate::conform) fn of(inputs: &[Input]) -> Vec<Condition> {
    let all = inputs.iter().enumerate();
    let found = all.filter_map(|(at, input)| {
        if input.place == Place::Path || input.required.is_some() {
            return None;
        }
        of_text(at, inputs)
    });
    found.collect()
}

static REQUIRED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?P<not>\bnot\s+|n['’]t\s+)?\b(?:required|mandatory|needed|has\s+to\s+be\s+(?:sent|given|set|present)|must\s+be\s+(?:sent|given|set|present|provided|specified))[*_]*\s+(?:only\s+)?(?P<link>for|if|when|with|unless)[*_]*\s+(?P<rest>.*)$",
    )
});

/// True if a text makes it depend on something, whatever that is, whether an input has to be sent.
pub(in crate::conform) fn is_needed_sometimes(text: &str) -> bool {
    clauses(text).iter().any(|clause| {
        let found = REQUIRED.captures(clause);
        found.is_some_and(|found| found.name("not").is_none())
    })
}

fn of_text(at: usize, inputs: &[Input]) -> Option<Condition> {
    static FORBIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not\s+(?:be\s+)?(?:allowed|permitted|accepted)|forbidden|refused|rejected|(?:must|may|can)\s*not\s+be\s+(?:sent|given|set|present|used|provided|specified))\b\s*(?:(?P<link>for|if|when|with|unless)\s+)?(?P<rest>.*)$",
        )
    });
    static ONLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?P<strict>(?:allowed|permitted|accepted)\s+only|only\s+(?:allowed|permitted|accepted)|(?:may|can|must)\s+only\s+be\s+(?:sent|given|set|used))\s+(?:for|if|when|with)\s+(?P<rest>.*)$|^only\s+(?:used\s+)?(?:for|if|when|with)\s+(?P<loose>.*)$",
        )
    });
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:the|all|any|every)\s+others?|(?:the|all|any)\s+rest|otherwise|other\s+\w+)\b",
        )
    });
    let input = inputs.get(at)?;
    let mut exempt: Option<When> = None;
    let mut condition = Condition {
        input: at,
        required: None,
        forbidden: None,
        is_refused: false,
    };
    for clause in clauses(&input.description) {
        if let Some(found) = ONLY.captures(&clause) {
            let rest = found.name("rest").or_else(|| found.name("loose"))?;
            let mut when = when(at, inputs, rest.as_str())?;
            when.is_for = !when.is_for;
            condition.is_refused |= found.name("strict").is_some();
            condition.forbidden = Some(when);
        } else if let Some(found) = FORBIDDEN.captures(&clause) {
            let rest = found.name("rest").map_or("", |it| it.as_str());
            let before = clause.get(..found.get(0)?.start()).unwrap_or_default();
            // "For all others it is not allowed."
            let is_of_others = OTHERS.is_match(rest) || OTHERS.is_match(before);
            let is_unless = found.name("link").is_some_and(|it| it.as_str() == "unless");
            let forbidden = if is_of_others {
                let known = condition.required.clone()?;
                Some(When {
                    is_for: !known.is_for,
                    ..known
                })
            } else {
                when(at, inputs, rest).map(|it| When {
                    is_for: it.is_for != is_unless,
                    ..it
                })
            };
            condition.is_refused |= forbidden.is_some();
            condition.forbidden = condition.forbidden.or(forbidden);
        } else if let Some(found) = REQUIRED.captures(&clause) {
            let rest = found.name("rest")?.as_str();
            if found.name("not").is_some() {
                exempt = exempt.or(when(at, inputs, rest));
                continue;
            }
            // "Not required for `exists`; required for all other operators."
            if let (true, Some(exempt)) = (OTHERS.is_match(rest), &exempt) {
                let required = When {
                    is_for: !exempt.is_for,
                    ..exempt.clone()
                };
                condition.required = condition.required.or(Some(required));
                continue;
            }
            let is_unless = found.name("link")?.as_str().eq_ignore_ascii_case("unless");
            let required = when(at, inputs, rest).map(|it| When {
                is_for: it.is_for != is_unless,
                ..it
            });
            condition.required = condition.required.or(required);
        }
    }
    (condition.required.is_some() || condition.forbidden.is_some()).then_some(condition)
}

/// The parts of a text that each state one thing: "Required for `a`, not allowed for `b`" are two.
fn clauses(text: &str) -> Vec<String> {
    static BREAK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)[.;\n]+|,?\s+(?:and|but)\s+(?P<a>(?:is\s+)?(?:not\s+|must\s*not|may\s*not|cannot|forbidden|refused|required))|,\s+(?P<b>(?:is\s+)?(?:not\s+|must\s*not|may\s*not|cannot|forbidden|refused|required|otherwise))",
        )
    });
    let mut clauses = Vec::new();
    let mut start = 0;
    for found in BREAK.captures_iter(text) {
        let Some(whole) = found.get(0) else {
            continue;
        };
        let word = found.name("a").or_else(|| found.name("b"));
        clauses.extend(text.get(start..whole.start()).map(str::to_owned));
        start = word.map_or(whole.end(), |word| word.start());
    }
    clauses.extend(text.get(start..).map(str::to_owned));
    clauses.retain(|clause| !clause.trim().is_empty());
    clauses.iter().map(|it| it.trim().to_owned()).collect()
}

/// The other input and its values that a clause names: "`hold` and `cancel`", "`type` is `hold`", "type is not hold".
fn when(at: usize, inputs: &[Input], rest: &str) -> Option<When> {
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:is|are|was)\s*(?:not|n['’]t)\b|\bother\s+than\b|\bexcept\b")
    });
    static PRESENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:sent|given|set|present|provided|specified|missing|absent|left\s+out|omitted)\b",
        )
    });
    // "If `place` is sent" is about no value.
    if PRESENT.is_match(rest) {
        return None;
    }
    let input = inputs.get(at)?;
    let near = inputs.iter().enumerate().filter(|(other, it)| {
        *other != at && is_beside(it, input) && it.shape.constraints.allowed.is_some()
    });
    let coded: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let bare: Vec<&str> = rest
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .collect();
    let words = if coded.is_empty() { bare } else { coded };
    let found = near.filter_map(|(other, it)| {
        let allowed = it.shape.constraints.allowed.as_ref()?;
        let all: Vec<String> = allowed.value.iter().map(sample::plain).collect();
        let is_value = |word: &&&str| all.iter().any(|value| value == **word);
        let values: Vec<String> = words
            .iter()
            .filter(is_value)
            .map(|it| (*it).to_owned())
            .collect();
        let is_named = words.contains(&it.name.as_str());
        // Each word in code is a value, or the name of the input that has them.
        let has_code = words
            .iter()
            .any(|word| is_value(&word) && word.contains('_'));
        let is_clear = has_code
            || rest.contains('`') && words.iter().all(|word| is_value(&word) || *word == it.name)
            || is_named;
        let is_proper = !values.is_empty() && values.len() < all.len();
        (is_clear && is_proper).then_some(When {
            other,
            values,
            is_for: !NOT.is_match(rest),
        })
    });
    let mut found = found.collect::<Vec<_>>().into_iter();
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

pub(super) fn is_beside(one: &Input, other: &Input) -> bool {
    let way = |it: &Input| it.steps.split_last().map(|(_, way)| way.to_vec());
    one.place == other.place && (one.place != Place::Body || way(one) == way(other))
}

/// A request that breaks a condition or a choice.
pub(super) struct Broken {
    /// The input that is there or is not.
    pub(super) input: usize,
    /// The value that is sent and must not be; none for what is left out and must not be.
    pub(super) value: Option<Value>,
    pub(super) draft: Draft,
}

impl Condition {
    /// The number of the input whose text states it.
    pub(in crate::conform) fn input(&self) -> usize {
        self.input
    }

    /// Brings a draft in line: adds what its other values require, and takes out what they forbid.
    ///
    /// `kept` are the inputs that the request is about: for them the other input gives way.
    pub(in crate::conform) fn settle(
        &self,
        inputs: &[Input],
        draft: &mut Draft,
        kept: &[&Input],
        made: impl Fn(&Input) -> Option<Value>,
    ) {
        let Some(input) = inputs.get(self.input) else {
            return;
        };
        let is_sent = draft.value(input).is_some();
        let is_kept = kept.iter().any(|it| it.subject() == input.subject());
        if applies(self.forbidden.as_ref(), inputs, draft) && is_sent {
            if is_kept {
                self.give_way(inputs, draft);
            } else {
                draft.set(input, None);
            }
        } else if applies(self.required.as_ref(), inputs, draft)
            && !is_sent
            && let Some(value) = made(input)
        {
            draft.set(input, Some(&value));
        }
    }

    /// The input whose value requires what a draft does not send.
    pub(in crate::conform) fn unmet<'i>(
        &self,
        inputs: &'i [Input],
        draft: &Draft,
    ) -> Option<&'i Input> {
        let input = inputs.get(self.input)?;
        let is_sent = draft.value(input).is_some();
        let required = self.required.as_ref().filter(|_| !is_sent)?;
        let other = inputs.get(required.other)?;
        applies(Some(required), inputs, draft).then_some(other)
    }

    /// True if it is about that input whether it has to be sent.
    pub(super) fn is_about(&self, inputs: &[Input], input: &Input) -> bool {
        let own = inputs.get(self.input);
        self.required.is_some() && own.is_some_and(|own| own.subject() == input.subject())
    }

    /// Gives the other input a value with which this one may be sent.
    fn give_way(&self, inputs: &[Input], draft: &mut Draft) {
        let Some(when) = &self.forbidden else {
            return;
        };
        if let Some((other, value)) = other_value(inputs, when, false) {
            draft.set(other, Some(&value));
        }
    }

    /// The requests that break the condition; nothing is known of an input without a value.
    pub(super) fn broken(
        &self,
        inputs: &[Input],
        base: &Draft,
        made: impl Fn(&Input) -> Option<Value>,
    ) -> Vec<Broken> {
        let mut broken = Vec::new();
        let Some(input) = inputs.get(self.input) else {
            return broken;
        };
        let with = |when: &When| {
            let mut draft = base.clone();
            if !applies(Some(when), inputs, &draft) {
                let (other, value) = other_value(inputs, when, true)?;
                draft.set(other, Some(&value)).then_some(())?;
            }
            Some(draft)
        };
        if let Some(mut draft) = self.required.as_ref().and_then(with)
            && draft.set(input, None)
        {
            broken.push(Broken {
                input: self.input,
                value: None,
                draft,
            });
        }
        let forbidden = self.forbidden.as_ref().filter(|_| self.is_refused);
        let value = base.value(input).or_else(|| made(input));
        if let (Some(mut draft), Some(value)) = (forbidden.and_then(with), value)
            && draft.set(input, Some(&value))
        {
            broken.push(Broken {
                input: self.input,
                value: Some(value),
                draft,
            });
        }
        broken
    }
}

/// True if something holds for what a draft sends as the other input, or leaves out.
fn applies(when: Option<&When>, inputs: &[Input], draft: &Draft) -> bool {
    let value = |when: &When| {
        let other = inputs.get(when.other)?;
        draft.value(other).or_else(|| other.default.clone())
    };
    when.is_some_and(|when| value(when).is_some_and(|value| when.holds(&sample::plain(&value))))
}

/// The first documented value of the other input with which something holds, or does not.
fn other_value<'i>(inputs: &'i [Input], when: &When, holds: bool) -> Option<(&'i Input, Value)> {
    let other = inputs.get(when.other)?;
    let allowed = other.shape.constraints.allowed.as_ref()?;
    let mut values = allowed.value.iter();
    let value = values.find(|it| when.holds(&sample::plain(it)) == holds)?;
    Some((other, value.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::input;
    use super::*;
    use crate::conform::tests::documentation;

    /// For which of the types a text requires the reason, and for which it forbids it.
    fn said(text: &str) -> (String, String) {
        let page = format!(
            "---\napi: POST /events\n---\n\n<ParamField body=\"type\" type=\"string\">\nOne of `move`, `hold`, `cancel`.\n</ParamField>\n\n<ParamField body=\"reason\" type=\"string\">\n{text}\n</ParamField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        let conditions = of(&inputs);
        let for_which = |when: Option<&When>| {
            let types = ["move", "hold", "cancel"];
            let held = types
                .iter()
                .filter(|it| when.is_some_and(|when| when.holds(it)));
            held.copied().collect::<Vec<_>>().join(" ")
        };
        let first = conditions.first();
        (
            for_which(first.and_then(|it| it.required.as_ref())),
            for_which(first.and_then(|it| it.forbidden.as_ref())),
        )
    }

    #[test]
    fn texts_say_with_what_an_input_goes() {
        let both = |required: &str, forbidden: &str| (required.to_owned(), forbidden.to_owned());
        assert_eq!(
            said("Why. Required for `hold` and `cancel`, not allowed for the other types."),
            both("hold cancel", "move")
        );
        assert_eq!(said("Required if `type` is `hold`."), both("hold", ""));
        assert_eq!(said("Required when type is hold."), both("hold", ""));
        assert_eq!(
            said("Required unless `type` is `move`."),
            both("hold cancel", "")
        );
        assert_eq!(said("Must not be sent with `move`."), both("", "move"));
        assert_eq!(said("Only for `hold`."), both("", "move cancel"));
        assert_eq!(
            said("Only allowed when `type` is `cancel`."),
            both("", "move hold")
        );
        assert_eq!(
            said("Required for `hold`; otherwise it is refused."),
            both("hold", "move cancel")
        );
        assert_eq!(said("Required if `place` is sent."), both("", ""));
        assert_eq!(said("Not required for `move`."), both("", ""));
        assert_eq!(
            said("Not required for `move`; required for all other types."),
            both("hold cancel", "")
        );
        assert!(is_needed_sometimes("Required if not using `place`."));
        assert!(is_needed_sometimes("**Required unless** `urls` is sent."));
        assert!(!is_needed_sometimes("Not required for `move`."));
        assert!(!is_needed_sometimes("Required."));
        assert_eq!(said("Why, as in `hold`."), both("", ""));
        assert_eq!(said("Required for shipping."), both("", ""));
    }
}
