//! Inputs of which only one is sent: "Send exactly one of `file` and `url`", "`email` cannot be combined with `phone`",
//! "Required if `id` is not sent".
//!
//! What is sent obeys it. That both are refused, and that none is, is promised only where the words say so.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::conditions::{Broken, is_beside};
use super::draft::Draft;
use super::input::{Input, Place};

/// Inputs that stand for each other.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::conform) struct Choice {
    /// The inputs, by their numbers.
    members: Vec<usize>,
    /// True if one of them has to be sent.
    is_needed: bool,
    /// True if no two of them may be sent; false if two are no mistake.
    is_exclusive: bool,
}

/// Words about two inputs that are sent together, and refused then.
const TOGETHER: &str = r"\b(?:send|pass|giv|us|sett?|provid|specify|includ)ing\s+(?:them\s+)?both\b[^.;]*\b(?:4\d\d|errors?|refused|rejected|fails?|invalid|not\s+(?:allowed|possible|accepted))\b|\bboth\s+(?:at\s+once|together|of\s+them)?\s*(?:is|are|gets?|gives?)\b[^.;]*\b(?:4\d\d|errors?|refused|rejected|invalid|not\s+(?:allowed|possible|accepted))\b";

static BOTH: LazyLock<Regex> = LazyLock::new(|| pattern(&format!("(?i){TOGETHER}")));

/// The choices that the texts of inputs and the sentences of the page state.
pub(in crate::conform) fn of(operation: &Operation, inputs: &[Input]) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        if input.place != Place::Path {
            let mut before = String::new();
            for text in sentences(&input.description) {
                let own = in_text(text, inputs, Some(at));
                // "Required unless there is a `template`; sending both gets a `400`."
                let of_both = || {
                    let both = BOTH.is_match(text).then(|| format!("{before} {text}"))?;
                    in_text(&both, inputs, Some(at))
                };
                add(own.or_else(of_both).into_iter(), &mut found);
                text.clone_into(&mut before);
            }
        }
    }
    let described = operation.description.iter().map(String::as_str);
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let all: Vec<&str> = described.chain(remarks).flat_map(sentences).collect();
    for (at, text) in all.iter().enumerate() {
        let own = in_text(text, inputs, None);
        let before = all.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
        let choice = own
            .or_else(|| of_two_before(text, before, inputs))
            .or_else(|| of_all_two(text, inputs));
        add(choice.into_iter(), &mut found);
    }
    found
}

/// What a sentence says of the two inputs that a page has: "Exactly one of the two parameters."
fn of_all_two(text: &str, inputs: &[Input]) -> Option<Choice> {
    static TWO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:one|either|both)\s+of\s+(?:the\s+(?:two|following)|these(?:\s+two)?|both|them)\b|\bone\s+or\s+the\s+other\b",
        )
    });
    let open = inputs
        .iter()
        .filter(|it| matches!(it.place, Place::Body | Place::Query) && it.steps.len() < 2);
    let names: Vec<&Input> = open.collect();
    let is_open = names.iter().all(|it| it.required.is_none());
    if names.len() != 2 || !is_open || !TWO.is_match(text) || text.contains('`') {
        return None;
    }
    let names: Vec<String> = names.iter().map(|it| format!("`{}`", it.name)).collect();
    in_text(&format!("{text} ({})", names.join(" ")), inputs, None)
}

/// Sentences further before are about something else.
const NEAR: usize = 8;

/// What a sentence says of two inputs that those before it name: "You need one of the two, and can't have both."
fn of_two_before(text: &str, before: &[&str], inputs: &[Input]) -> Option<Choice> {
    static TWO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:one|either|neither|both)\s+of\s+(?:the\s+two|these(?:\s+two)?|them|those(?:\s+two)?)\b|\b(?:the\s+two|they)\b[^.]*\b(?:exclu|combin|together)|\bboth\b",
        )
    });
    if !TWO.is_match(text) || text.contains('`') {
        return None;
    }
    // The nearest sentences that name two are meant.
    let mut spoken = String::new();
    for sentence in before.iter().rev() {
        spoken = format!("{sentence} {spoken}");
        let Some(members) = named(&spoken, inputs, None) else {
            continue;
        };
        let names = members.iter().filter_map(|at| inputs.get(*at));
        let is_open = names.clone().all(|it| it.required.is_none());
        let names: Vec<String> = names.map(|it| format!("`{}`", it.name)).collect();
        let whole = format!("{text} ({})", names.join(" "));
        return (names.len() == 2 && is_open).then(|| in_text(&whole, inputs, None))?;
    }
    None
}

/// What is said of the same inputs in several places is one choice.
fn add(read: impl Iterator<Item = Choice>, into: &mut Vec<Choice>) {
    for choice in read {
        match into.iter_mut().find(|it| it.members == choice.members) {
            Some(known) => {
                known.is_needed |= choice.is_needed;
                known.is_exclusive |= choice.is_exclusive;
            }
            None => into.push(choice),
        }
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', ';']);
    let parts = lines.flat_map(|line| line.split(". "));
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// What one sentence says, of the input whose text it is or of the inputs that it names.
fn in_text(text: &str, inputs: &[Input], own: Option<usize>) -> Option<Choice> {
    static EXACTLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:exactly|precisely)[*_\s]+one[*_\s]+of\b | \b(?:one\s+and\s+only\s+one|only\s+and\s+exactly\s+one)\s+of\b
            | \b(?:send|pass|provide|give|specify|supply|use|set|include|needs?|requires?|takes?|expects?)[*_\s]+either\b.+\bor\b
            | \beither\b.+\bor\b.+\b(?:is|are)\s+(?:required|mandatory|needed)\b | \beither\b.+\bor\b.+\b(?:must|has\s+to|have\s+to|needs\s+to)\s+be\b",
        )
    });
    static NEEDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bat\s+least\s+one[*_\s]+of\b | \bone\s+of\b.+\b(?:is|are)\s+(?:required|mandatory|needed)\b
            | \bone\s+of\b.+\b(?:must|has\s+to|have\s+to|needs\s+to)\s+be\s+(?:sent|given|set|present|provided|specified|supplied|included|passed|there)\b
            | \b(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:send|give|set|provide|specify|supply|include|pass|contain|have)\s+one\s+of\b
            | \b(?:you|it|requests?)\s+needs?\s+one\s+of\b
            | \b(?:required|mandatory|needed|must\s+be\s+(?:sent|given|set|present|provided))[*_]*\s+(?:if|when|unless|without|only\s+if)\b",
        )
    });
    static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:unless|without|not|no|n['’]t|absent|missing|omitted|left\s+out|empty)\b",
        )
    });
    static APART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bmutually\s+exclusive\b | \b(?:only|at\s+most|no\s+more\s+than|not\s+more\s+than)[*_\s]+one[*_\s]+of\b | \bnot[*_\s]+both\b | \bexclude\s+each\s+other\b
            | \b(?:cannot|can\s+not|can['’]t|must\s+not|may\s+not|never)\s+(?:all\s+|both\s+)?be\s+(?:combined|used|sent|given|set|present|provided|specified|passed|mixed)\s*(?:together|both|with|alongside|at\s+the\s+same\s+time|in\s+the\s+same|along)\b
            | \b(?:cannot|can\s+not|can['’]t|must\s+not|may\s+not)\s+(?:combine|mix|(?:send|use|set|have|give|pass|provide)\s+both|both\s+be)\b
            | \b(?:cannot|can['’]t|must\s+not|may\s+not)\s+be\s+(?:combined|mixed)\b
            | \bnot\s+(?:be\s+)?(?:allowed|permitted|accepted|possible|compatible|valid|combinable)\s+(?:together\s+)?(?:with|together|in\s+combination|alongside)\b
            | \b(?:not|cannot|must\s+not\s+be|may\s+not\s+be)\s+(?:allowed|permitted|accepted|sent|given|set|used|present)\s+(?:if|when)\b.+\b(?:is|are)\s+(?:sent|given|set|present|provided|specified|used)\b
            | \bincompatible\s+with\b | \bexclusive\s+(?:with|of)\b",
        )
    });
    static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:instead\s+of|in\s+place\s+of|alternative(?:ly)?\s+to|as\s+an\s+alternative)\b",
        )
    });
    let members = named(text, inputs, own)?;
    let is_exactly = EXACTLY.is_match(text);
    let is_apart = APART.is_match(text) || BOTH.is_match(text);
    let is_needed = match NEEDED.find(text) {
        // "Required if `kind` is `file`" is about a value, and not about whether the other one is there.
        Some(found) if text_has_link(found.as_str()) => {
            let rest = text.get(found.start()..).unwrap_or_default();
            own.is_some() && WITHOUT.is_match(rest) && !speaks_of_values(rest)
        }
        Some(_) => true,
        None => false,
    };
    let is_choice = is_exactly || is_apart || is_needed || INSTEAD.is_match(text) && own.is_some();
    is_choice.then_some(Choice {
        members,
        is_needed: is_needed || is_exactly,
        is_exclusive: is_exactly || is_apart,
    })
}

/// True for "required if" and the like, which names only the other one.
fn text_has_link(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["if", "when", "unless", "without"]
        .iter()
        .any(|word| text.ends_with(word))
}

/// True if a clause compares an input with a value: "is `file`", "equals", "set to".
fn speaks_of_values(text: &str) -> bool {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:is|are|equals?|=|to|be)\s+(?:not\s+|one\s+of\s+)?(?:`|true\b|false\b)")
    });
    VALUE.is_match(text)
}

/// The inputs beside each other that a sentence names, and the one whose text it is; none if those are not two at least.
fn named(text: &str, inputs: &[Input], own: Option<usize>) -> Option<Vec<usize>> {
    let mine = own.and_then(|at| inputs.get(at));
    // The values of a set are no names.
    let is_value = |word: &str| {
        let allowed = mine.and_then(|it| it.shape.constraints.allowed.as_ref());
        allowed.is_some_and(|it| it.value.iter().any(|value| value == word))
    };
    let coded = text.split('`').skip(1).step_by(2).map(str::trim);
    let bare = text
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .filter(|word| word.contains('_') || word.chars().skip(1).any(char::is_uppercase))
        .map(|word| word.trim_matches('.'));
    let words: Vec<&str> = coded.chain(bare).filter(|word| !is_value(word)).collect();
    let is_named = |input: &Input| {
        let subject = input.subject();
        let way = subject.strip_prefix("request.body.");
        words
            .iter()
            .any(|word| *word == input.name || Some(*word) == way)
    };
    let all = inputs.iter().enumerate();
    let all = all.filter(|(_, it)| it.place != Place::Path);
    let mut members: Vec<usize> = all
        .filter(|(at, it)| own == Some(*at) || is_named(it))
        .map(|(at, _)| at)
        .collect();
    let first = own
        .or_else(|| members.first().copied())
        .and_then(|at| inputs.get(at))?;
    members.retain(|at| {
        inputs
            .get(*at)
            .is_some_and(|it| is_beside(it, first) || it.subject() == first.subject())
    });
    (members.len() > 1).then_some(members)
}

impl Choice {
    /// Brings a draft in line: leaves one of those that exclude each other, and adds one if there has to be one.
    ///
    /// `kept` are the inputs that the request is about, and `base` is what the page shows.
    pub(in crate::conform) fn settle(
        &self,
        inputs: &[Input],
        draft: &mut Draft,
        kept: &[&Input],
        base: &Draft,
    ) {
        let sent = self.sent(inputs, draft);
        if let [_, _, ..] = sent.as_slice()
            && !self.are_shown_together(inputs, base)
        {
            let is_kept = |input: &&&Input| kept.iter().any(|it| it.subject() == input.subject());
            let is_shown = |input: &&&Input| base.value(input).is_some();
            let stays = sent.iter().find(is_kept);
            let stays = stays.or_else(|| sent.iter().find(is_shown));
            let stays = stays.or_else(|| sent.first()).map(|it| it.subject());
            for input in &sent {
                if Some(input.subject()) != stays {
                    draft.set(input, None);
                }
            }
        }
        if sent.is_empty() && self.is_needed {
            let shown = self.all(inputs).into_iter();
            let mut shown = shown.filter_map(|input| Some((input, base.value(input)?)));
            if let Some((input, value)) = shown.next() {
                draft.set(input, Some(&value));
            }
        }
    }

    /// True if the input is one of those of which one has to be sent.
    pub(in crate::conform) fn has(&self, inputs: &[Input], input: &Input) -> bool {
        let subject = input.subject();
        let mut all = self.all(inputs).into_iter();
        all.any(|it| it.subject() == subject)
    }

    /// The requests that break the choice: two where there may be one, and none where there has to be one.
    pub(super) fn broken(
        &self,
        inputs: &[Input],
        base: &Draft,
        made: impl Fn(&Input) -> Option<Value>,
    ) -> Vec<Broken> {
        let mut broken = Vec::new();
        let sent = self.sent(inputs, base);
        let Some(first) = sent.first() else {
            return broken;
        };
        if self.is_exclusive && sent.len() == 1 {
            let others = self.members.iter().copied();
            let mut others = others.filter_map(|at| {
                let input = inputs.get(at)?;
                let is_other = input.subject() != first.subject();
                let value = made(input).filter(|_| is_other)?;
                let mut draft = base.clone();
                draft.set(input, Some(&value)).then_some(Broken {
                    input: at,
                    value: Some(value),
                    draft,
                })
            });
            broken.extend(others.next());
        }
        if self.is_needed {
            let mut draft = base.clone();
            let is_cleared = sent.iter().all(|input| draft.set(input, None));
            let first = self.members.iter().copied().find(|at| {
                let input = inputs.get(*at);
                input.is_some_and(|it| it.subject() == first.subject())
            });
            if let (true, Some(input)) = (is_cleared, first) {
                broken.push(Broken {
                    input,
                    value: None,
                    draft,
                });
            }
        }
        broken
    }

    fn all<'i>(&self, inputs: &'i [Input]) -> Vec<&'i Input> {
        let members = self.members.iter();
        members.filter_map(|at| inputs.get(*at)).collect()
    }

    fn sent<'i>(&self, inputs: &'i [Input], draft: &Draft) -> Vec<&'i Input> {
        let mut all = self.all(inputs);
        all.retain(|input| draft.value(input).is_some());
        all
    }

    /// True if the documented request sends several of them: then the words mean something else.
    fn are_shown_together(&self, inputs: &[Input], base: &Draft) -> bool {
        self.sent(inputs, base).len() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::input;
    use super::*;
    use crate::conform::tests::documentation;

    /// The names of a choice, and whether one is needed and two are refused: by a sentence of the page, and by the text of
    /// the input `url`.
    fn said(sentence: &str, text: &str) -> Vec<(String, bool, bool)> {
        let page = format!(
            "---\napi: POST /files\n---\n\n{sentence}\n\n<ParamField body=\"kind\" type=\"string\">One of `file`, `url`.</ParamField>\n\n<ParamField body=\"file\" type=\"string\">The file.</ParamField>\n\n<ParamField body=\"url\" type=\"string\">\n{text}\n</ParamField>\n\n<ParamField body=\"note_text\" type=\"string\">A note.</ParamField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let operation = &documentation.api.operations[0];
        let inputs = input::inputs(operation);
        let choices = of(operation, &inputs).into_iter();
        let named = choices.map(|it| {
            let names = it.all(&inputs).into_iter().map(|it| it.name.clone());
            (
                names.collect::<Vec<_>>().join(" "),
                it.is_needed,
                it.is_exclusive,
            )
        });
        named.collect()
    }

    #[test]
    fn sentences_of_the_page_say_that_one_is_sent() {
        let both = |needed, exclusive| vec![("file url".to_owned(), needed, exclusive)];
        for text in [
            "Send **exactly one** of `file` and `url`.",
            "Provide either `file` or `url`.",
            "Either `file` or `url` is required.",
            "Either `url` or `file` must be set, otherwise the answer is `400`.",
        ] {
            assert_eq!(said(text, "Where it is."), both(true, true), "{text}");
        }
        for text in [
            "`file` and `url` are mutually exclusive.",
            "`file` cannot be combined with `url`.",
            "You cannot send both `file` and `url`.",
            "Only one of `file` and `url` may be sent.",
            "Send `file` or `url`, but not both.",
        ] {
            assert_eq!(said(text, "Where it is."), both(false, true), "{text}");
        }
        for text in [
            "One of `file` or `url` is required.",
            "At least one of `file` and `url` must be present.",
            "One of `file`, `url` has to be given.",
        ] {
            assert_eq!(said(text, "Where it is."), both(true, false), "{text}");
        }
    }

    #[test]
    fn a_sentence_may_speak_of_two_that_were_named_before() {
        let both = |needed, exclusive| vec![("file url".to_owned(), needed, exclusive)];
        for text in [
            "Put a document into `file`.\n\nPut an address into `url`.\n\nYou need one of the two, and you can't have both.",
            "Put it into `file`, or its address into `url`. You must send one of them, and cannot use both.",
        ] {
            assert_eq!(said(text, "Where it is."), both(true, true), "{text}");
        }
        for text in [
            "Put a document into `file`.\n\nBoth are fine.",
            "`file` and `url` are for people. There are both small and large ones.",
            "The file is kept.\n\nYou need one of the two.",
        ] {
            assert!(said(text, "Where it is.").is_empty(), "{text}");
        }
    }

    #[test]
    fn texts_of_an_input_say_that_it_stands_for_another_one() {
        let both = |needed, exclusive| vec![("file url".to_owned(), needed, exclusive)];
        let of = |text: &str| said("Keeps something.", text);
        assert_eq!(
            of("Cannot be used together with `file`."),
            both(false, true)
        );
        assert_eq!(of("Not allowed together with `file`."), both(false, true));
        assert_eq!(
            of("Must not be sent if `file` is given."),
            both(false, true)
        );
        assert_eq!(of("Required if `file` is not sent."), both(true, false));
        assert_eq!(of("Required unless `file` is given."), both(true, false));
        assert_eq!(of("Where it is, instead of `file`."), both(false, false));
        assert_eq!(
            of("Required unless there is a `file`; sending both gets a `400`."),
            both(true, true)
        );
        assert!(of("The address, with `http` or `https`; both are fine.").is_empty());
    }

    #[test]
    fn other_words_state_no_choice() {
        for text in [
            "Where it is.",
            "Required if `kind` is `url`.",
            "One of `file`, `url`.",
            "The address of `file`.",
            "Required.",
            "Not required if `note_text` is long.",
        ] {
            let found = said(
                "Keeps exactly one of the files, `file` is what it is.",
                text,
            );
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }
}
