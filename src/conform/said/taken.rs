//! Which things a sentence about stages speaks of: those that a request is for, others beside them, or what becomes of them.
//! Pure.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::conform::plan::input;
use crate::model::Operation;

use super::promises::names_stage;

/// True if a sentence says that the request is for things in that stage: "Moves a `pending` or `confirmed` job".
pub(super) fn is_for(sentence: &str, stage: &str, stages: &[String]) -> bool {
    static WHAT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:[a-z]+ly\s+)?[a-z]+(?:\s+(?:back|off|out|up|over))?\s+(?:an?|any|every|all|the)\s+(?P<which>.+)",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|cannot|never|no|unless|refus\w+|reject\w*|fails?|error|4\d\d)\b|n['’]t\b",
        )
    });
    let Some(which) = WHAT.captures(sentence).and_then(|it| it.name("which")) else {
        return false;
    };
    let first = sentence.split(['.', ';', ':']).next().unwrap_or_default();
    !NOT.is_match(first) && names_stage(leading(which.as_str(), stages), stage)
}

/// The beginning of a text that names stages, with the words that join them.
fn leading<'t>(text: &'t str, stages: &[String]) -> &'t str {
    const JOINING: &[&str] = &["or", "and", "as", "well", "either", "a", "an", "still"];
    let parts = text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '`'));
    let named = parts.take_while(|part| {
        let word =
            part.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '`'));
        word.is_empty()
            || JOINING.contains(&word)
            || stages.iter().any(|stage| names_stage(word, stage))
    });
    let end = named.map(str::len).sum();
    text.get(..end).unwrap_or_default()
}

/// True for a clause about what becomes of a thing: "It is `pending` afterwards and has to be confirmed again".
pub(super) fn tells_result(clause: &str) -> bool {
    static RESULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:afterwards|thereafter|after\s+(?:that|this)\s*$)|\b(?:has|have|needs?|must)\s+(?:to\s+)?be\s+\w+\s+(?:again|anew|once\s+more)\b|\b(?:goes|falls|returns|gets|moves|is\s+(?:set|put|moved|reset))\s+back\s+(?:in)?to\b",
        )
    });
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:cannot|can\s+no\s+longer|refused|rejected|4\d\d)\b|can['’]t\b")
    });
    RESULT.is_match(clause) && !REFUSED.is_match(clause)
}

/// True for words that say what to do before: "Please block the card before you delete it" refuses what is not blocked.
pub(super) fn tells_remedy(words: &str) -> bool {
    static REMEDY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:please|first|before\s+(?:you|it|this|that|the|\w+ing)|beforehand|in\s+order\s+to|so\s+that)\b",
        )
    });
    REMEDY.is_match(words)
}

/// A clause without the stages of other things: "another pending or confirmed job that has the place".
pub(super) fn without_others<'t>(clause: &'t str, stages: &[String]) -> Cow<'t, str> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:another|(?:an|any|some|all|two|the)\s+other|other|overlapping|conflicting)\s+",
        )
    });
    let Some(found) = OTHER.find(clause) else {
        return Cow::Borrowed(clause);
    };
    let (before, rest) = clause.split_at(found.end());
    let named = leading(rest, stages);
    Cow::Owned(format!(
        "{before}{}",
        rest.get(named.len()..).unwrap_or_default()
    ))
}

/// True if the request says into which of the stages the thing is to go.
pub(super) fn chooses(operation: &Operation, stages: &[String]) -> bool {
    input::inputs(operation).iter().any(|input| {
        let allowed = input.shape.constraints.allowed.as_ref();
        let values = allowed.iter().flat_map(|it| &it.value);
        let is_stage = |value: &&Value| stages.iter().any(|it| value.as_str() == Some(it));
        values.filter(is_stage).count() > 1
    })
}

/// True for a sentence about the way from one stage to another: "cannot go from trial to paused".
pub(super) fn names_way(line: &str, stages: &[String]) -> bool {
    static WAY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:\b(?:in)?to|→|->)\s+[`'“]?(?P<to>\w+)"));
    let mut named = stages.iter().filter(|stage| names_stage(line, stage));
    let is_two = named.nth(1).is_some();
    is_two
        && WAY.captures_iter(line).any(|found| {
            let to = found.name("to").map_or("", |it| it.as_str());
            stages.iter().any(|stage| names_stage(to, stage))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Vec<String> {
        ["pending", "confirmed", "done"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_sentence_says_which_things_a_request_is_for() {
        let is_for = |text: &str| {
            let stages = stages();
            let named = stages.iter().filter(|it| is_for(text, it, &stages));
            named.cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            is_for("Moves a `pending` or `confirmed` job to another day."),
            ["pending", "confirmed"]
        );
        assert_eq!(is_for("Puts back a done job."), ["done"]);
        assert_eq!(
            is_for("Confirms the job, which is `pending` then."),
            [""; 0]
        );
        assert_eq!(is_for("Refuses a done job with `409`."), [""; 0]);
        assert_eq!(is_for("Moving a done job is not possible."), [""; 0]);
    }

    #[test]
    fn stages_of_other_things_are_left_out() {
        let stages = stages();
        for (text, own) in [
            (
                "if another pending or confirmed job has the place, it is refused",
                "if another job has the place, it is refused",
            ),
            ("a pending job is refused", "a pending job is refused"),
            ("refused in any other stage", "refused in any other stage"),
        ] {
            assert_eq!(without_others(text, &stages), own);
        }
    }

    #[test]
    fn what_becomes_of_a_thing_is_no_condition() {
        assert!(tells_result(
            "the job is `pending` afterwards and has to be confirmed again"
        ));
        assert!(tells_result("it goes back to `pending`"));
        assert!(!tells_result("a done job cannot be confirmed again"));
        assert!(!tells_result("the job has to be `pending`"));
        assert!(tells_remedy("please block the card before you delete it"));
        assert!(!tells_remedy("the card is blocked"));
    }

    #[test]
    fn a_page_that_is_for_a_stage_does_not_refuse_it() {
        let stages = stages();
        let refused = |text: &str, field: &str| {
            let page = format!(
                "---\napi: POST /jobs/{{id}}/move\n---\n\n{text}\n\n{field}\n\n<ParamField path=\"id\" type=\"string\" required />\n"
            );
            let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
            let operation = &documentation.api.operations[0];
            let refused = stages
                .iter()
                .filter(|it| super::super::promises::refuses(operation, it, &stages));
            refused.cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            refused("Moves a job. A done one is refused with `409`.", ""),
            ["done"]
        );
        assert_eq!(
            refused(
                "Moves a job. If another pending or confirmed job has the place, it is refused with `409`.",
                ""
            ),
            [""; 0]
        );
        assert_eq!(
            refused(
                "Moves a pending job. One that is pending or done is refused with `409`.",
                ""
            ),
            ["done"]
        );
        let way = "Moves a job. `409`: a job cannot go from pending to done.";
        let field =
            "<ParamField body=\"status\" type=\"string\">One of `confirmed`, `done`.</ParamField>";
        assert_eq!(refused(way, field), [""; 0]);
    }

    #[test]
    fn a_line_names_the_way_from_one_stage_to_another() {
        let stages = stages();
        assert!(names_way("A job cannot go from pending to done.", &stages));
        assert!(!names_way(
            "A done job cannot be moved to another day.",
            &stages
        ));
    }
}
