//! In which stage new things are: "A new job is `open`", "starts as `done` if the switch is set". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::promises::{names_stage, sentences};

/// The stage that the page says new things have, if its words name one of them: "A new job is `open`."
pub(crate) fn first_stage<'s>(operation: &Operation, stages: &'s [String]) -> Option<&'s String> {
    static NEW: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:new|makes|creates|begins?|starts?|initially|at first)\b")
    });
    static BOUND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|unless|except|when|without|otherwise|depend\w*|or)\b")
    });
    let first = sentences(operation).find_map(|text| {
        if !NEW.is_match(&text) || BOUND.is_match(&text) {
            return None;
        }
        let mut named = stages.iter().filter(|stage| names_stage(&text, stage));
        named.next().filter(|_| named.next().is_none())
    });
    // "If you send no trial, it starts as `active`": the exception may stand in another sentence.
    let is_exception = |text: String| {
        let mut others = stages.iter().filter(|it| Some(*it) != first);
        NEW.is_match(&text) && BOUND.is_match(&text) && others.any(|it| names_stage(&text, it))
    };
    first.filter(|_| !sentences(operation).any(is_exception))
}

/// The stage in which a new thing is for a switch that is set, if its text names one: "Set to `true` to confirm it at once. It
/// then starts as `confirmed`."
pub(crate) fn first_stage_if<'s>(description: &str, stages: &'s [String]) -> Option<&'s String> {
    static STARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:it|\w+)\s+(?:(?:then|now)\s+)?(?:starts|begins|is\s+created|is\s+made|is)\s+(?:(?:then|out|at\s+once|immediately)\s+)?(?:as|in|with)?\s*(?:an?\s+)?[`*]?(?P<stage>\w+)",
        )
    });
    // "Is sent to all contacts" tells what happens, and no stage.
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:[`*,)]|\s*$|\s+(?:at\s+once|immediately|right\s+away|straight\s+away|now|and|from)\b)",
        )
    });
    static BOUND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unless|except|otherwise|when(?:ever)?|after|until|while|may|might|depend\w*|or|not|false|default)\b",
        )
    });
    let mut named = stages
        .iter()
        .filter(|stage| names_stage(description, stage));
    let only = named.next().filter(|_| named.next().is_none())?;
    let mut sentences = description.split(['.', ';', '\n']);
    let is_said = sentences.any(|sentence| {
        let mut found = STARTS.captures_iter(sentence);
        found.any(|it| {
            it.name("stage").is_some_and(|it| {
                let rest = sentence.get(it.end()..).unwrap_or_default();
                it.as_str().eq_ignore_ascii_case(only) && ENDS.is_match(rest)
            })
        })
    });
    (is_said && !BOUND.is_match(description)).then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_says_in_which_stage_a_thing_starts() {
        let stages = ["open", "done"].map(str::to_owned);
        let of = |text: &str| first_stage_if(text, &stages).map(String::as_str);
        assert_eq!(
            of("Set to `true` to finish it at once. It then starts as `done`."),
            Some("done")
        );
        assert_eq!(of("If `true`, the job is `done` at once."), Some("done"));
        assert_eq!(of("Whether it is `open` or `done`."), None);
        assert_eq!(of("If `false`, it starts as `done`."), None);
        assert_eq!(of("Sends a mail when it is done."), None);
        assert_eq!(of("If `true`, the job is done by all workers."), None);
        assert_eq!(of("If `true`, the job is done immediately."), Some("done"));
    }
}
