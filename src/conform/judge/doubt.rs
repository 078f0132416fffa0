//! Refusals of documented requests that are nobody's fault: of a value that does not go with another one, of one of two that
//! exclude each other, and for a reason that the page gives for the input.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::sample;

use super::{Case, blame};

/// True if a refusal speaks of another input beside that which was changed, and of what was sent for it: what is refused is
/// that both stand together.
pub(crate) fn is_about_both(case: &Case<'_>, body: &Value, input: &Input) -> bool {
    let texts = texts(body);
    let inputs = input::inputs(case.operation);
    let others = inputs.iter().filter(|it| {
        let is_inner = it.steps.starts_with(&input.steps) && it.place == input.place;
        it.subject() != input.subject() && (!is_inner || input.place != Place::Body)
    });
    let has_word = |text: &str, wanted: &str| {
        wanted.len() > 1 && words(text).any(|word| word.eq_ignore_ascii_case(wanted))
    };
    let mut others = others.filter_map(|it| {
        let sent = case.item.draft.value(it)?;
        let sent = sample::plain(&sent);
        Some((it.name.clone(), sent))
    });
    let is_text = |text: &&String| text.contains(' ');
    others.any(|(name, sent)| {
        let mut texts = texts.iter().filter(is_text);
        name != input.name && texts.any(|text| has_word(text, &name) && has_word(text, &sent))
    })
}

/// True if a refusal names one input of those that were sent, and it is another one: what is wrong is that.
pub(crate) fn blames_another(case: &Case<'_>, body: &Value, input: &Input) -> bool {
    let named = blame::named_input(case, body);
    named.is_some_and(|named| {
        let is_inner = named.place == input.place
            && (named.steps.starts_with(&input.steps) || input.steps.starts_with(&named.steps));
        let is_within = named.place == Place::Body && is_inner;
        named.subject() != input.subject() && !is_within && case.item.draft.value(&named).is_some()
    })
}

/// True if the text of an input narrows its values by another thing: "must be the currency of the account", "at most the
/// slot's `max_width`". Which ones that leaves is known only with that thing.
///
/// `nouns` are what the other things are called.
pub(crate) fn depends_on_another<'n>(
    input: &Input,
    mut nouns: impl Iterator<Item = &'n str>,
) -> bool {
    static NARROWS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|ha(?:s|ve)\s+to|needs?\s+to|should|same|match(?:es|ing)?|equals?|exceed(?:s|ed|ing)?|at\s+most|at\s+least|up\s+to|(?:no|not)\s+\w+\s+than|limits?|enough|only|accepted|allowed|refused?|rejected?|above|below|within|depends?|another|other)\b|\b4\d\d\b",
        )
    });
    let narrow: Vec<String> = input
        .description
        .split(['.', ';', '\n'])
        .filter(|sentence| NARROWS.is_match(sentence))
        .flat_map(|sentence| sentence.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .map(letters)
        .collect();
    nouns.any(|noun| {
        let is_noun = |word: &String| word == noun || word.strip_suffix('s') == Some(noun);
        noun.len() > 2 && narrow.iter().any(is_noun)
    })
}

/// True if a refusal speaks of a choice between an input and another one: "either `to` or `list`, not both".
pub(crate) fn is_about_choice(case: &Case<'_>, body: &Value, input: &Input) -> bool {
    static CHOICE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:either|both|one\s+of|only\s+one|at\s+least\s+one|instead\s+of|together|mutually|exclusive|combined?|unless|without)\b",
        )
    });
    let texts = texts(body);
    let inputs = input::inputs(case.operation);
    let has_word = |text: &str, wanted: &str| words(text).any(|word| word == wanted);
    texts.iter().any(|text| {
        let mut others = inputs
            .iter()
            .filter(|it| it.name != input.name && it.place == input.place && it.required.is_none());
        CHOICE.is_match(text)
            && has_word(text, &input.name)
            && others.any(|it| has_word(text, &it.name))
    })
}

/// True if the text of an input says that a request is refused with that status, or for that reason, if it lacks something:
/// "If one is missing you get a `422` with `missing_variables`".
pub(crate) fn is_told_of_input(answer: &Answer, body: Option<&Value>, input: &Input) -> bool {
    let texts = body.map(texts).unwrap_or_default();
    let text = &input.description;
    let mut coded = text.split('`').skip(1).step_by(2);
    let is_code = coded.any(|code| code.contains(['_', '-']) && texts.iter().any(|it| it == code));
    let number = answer.status.to_string();
    let mut sentences = text.split(['.', ';', '\n']);
    let is_lack = sentences.any(|it| {
        let it = it.to_lowercase();
        let words = [
            "missing", "without", "lack", "left out", "empty", "leave", "omit",
        ];
        it.contains(&number) && words.iter().any(|word| it.contains(word))
    });
    is_code || is_lack
}

/// The texts of a body, and the names inside of it.
fn texts(body: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    blame::collect_texts(body, 0, &mut texts);
    texts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_narrows_values_by_another_thing() {
        let depends = |text: &str| {
            let page = format!(
                "---\napi: POST /bookings\n---\n\n<ParamField body=\"width\" type=\"number\">{text}</ParamField>\n"
            );
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            let inputs = input::inputs(&documentation.api.operations[0]);
            depends_on_another(&inputs[0], ["slot", "account"].into_iter())
        };
        for text in [
            "Over 0, max 80. Must not exceed the slot's `max_width`.",
            "Over 0, max 80. Slots have their own limit, see `max_width`.",
            "Metres. Greater than 0 and up to 80. At most `max_width` of the slot.",
            "0 < w ≤ 80. The slot must be large enough.",
            "Over 0, max 80. `422 too_wide` if above the slot's limit.",
            "`EUR` or `USD`. It must be the currency of the account.",
            "`EUR` or `USD`, the same currency as the account.",
            "A charge in another currency than that of the account is refused.",
        ] {
            assert!(depends(text), "{text}");
        }
        for text in [
            "Over 0, max 80.",
            "The width in metres, at most 80. Shown beside the slot.",
            "The account's currency: `EUR` or `USD`.",
        ] {
            assert!(!depends(text), "{text}");
        }
    }
}
