//! What sentences say that a request makes of a thing in one stage: "A `public` note on a `done` task sets it back to `open`."
//! Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Place};
use crate::model::Operation;

use super::promises::sentences;

/// What becomes of a thing that is in one stage.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Case {
    /// The stage that it is in.
    pub(crate) from: String,
    /// The member that has to be sent, and its value.
    pub(crate) sent: Option<(String, Value)>,
    /// The stage that it gets into; the one that it is in if that stays.
    pub(crate) to: String,
}

/// What the page says of stages; what leaves them as they are comes first.
pub(crate) fn of(operation: &Operation, stages: &[String]) -> Vec<Case> {
    let clauses: Vec<String> = sentences(operation).flat_map(|it| clauses(&it)).collect();
    let mut cases: Vec<Case> = Vec::new();
    for clause in &clauses {
        let found = case(operation, clause, stages);
        cases.extend(found.filter(|it| !cases.contains(it)));
    }
    let kept: Vec<Case> = clauses
        .iter()
        .filter_map(|clause| kept(operation, clause))
        .flat_map(|sent| {
            let others = cases.iter().filter(|it| it.sent.as_ref() != Some(&sent));
            let kept = others.map(|it| Case {
                from: it.from.clone(),
                to: it.from.clone(),
                sent: Some(sent.clone()),
            });
            kept.collect::<Vec<_>>()
        })
        .collect();
    let mut all: Vec<Case> = Vec::new();
    for case in kept.into_iter().chain(cases) {
        if !all.contains(&case) {
            all.push(case);
        }
    }
    all
}

/// The stages that values of inputs lead to: "`sent` and `seen` make it `open`, `lost` makes it `closed`."
pub(crate) fn led_to(operation: &Operation, stages: &[String]) -> Vec<(String, Value, String)> {
    static MAKES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<values>`[\w-]+`(?:(?:,\s+|,?\s+(?:and|or)\s+)`[\w-]+`)*)\s+(?:makes?|turns?|sets?|moves?|brings?|puts?)\s+(?:it|the\s+\w+|its\s+\w+)\s+(?:(?:in)?to\s+|as\s+)?`(?P<stage>\w+)`",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|when|unless|only|not|never|may|might|can|cannot|until|once|first|last)\b",
        )
    });
    let mut led = Vec::new();
    for text in sentences(operation).filter(|it| !OPEN.is_match(it)) {
        for found in MAKES.captures_iter(&text) {
            let (Some(values), Some(stage)) = (found.name("values"), found.name("stage")) else {
                continue;
            };
            let Some(stage) = stages.iter().find(|it| *it == stage.as_str()) else {
                continue;
            };
            let codes = values.as_str().split('`').skip(1).step_by(2);
            let sent = codes.filter_map(|code| value_of(operation, code));
            led.extend(sent.map(|(name, value)| (name, value, stage.clone())));
        }
    }
    led
}

/// A value that a member gets if a thing is in one stage: "A job that was still `queued` is free: `credits` is `0`."
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// The stage that the thing is in before.
    pub(crate) from: String,
    pub(crate) member: String,
    pub(crate) value: Value,
}

/// What the page says of the members of what is in one stage.
pub(crate) fn values(operation: &Operation, stages: &[String]) -> Vec<Outcome> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`(?P<member>[a-z]\w*)`\s+(?:is|becomes|is\s+then|is\s+set\s+(?:back\s+)?to|goes\s+(?:back\s+)?to|turns|stays)\s+(?:then\s+)?`(?P<value>[^`]+)`",
        )
    });
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:that|which)\s+(?:was|is)|(?:if|when)\s+(?:it|the\s+\w+)\s+(?:was|is|were))\s+(?:still\s+|already\s+)?[`'“]?$",
        )
    });
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not|never|unless|except|or|may|can|if)\b"));
    let mut outcomes = Vec::new();
    for text in sentences(operation) {
        for sentence in text.split(". ") {
            let found = found(sentence, stages);
            let [(at, end, from)] = found.as_slice() else {
                continue;
            };
            let (before, behind) = (
                sentence.get(..*at).unwrap_or_default(),
                sentence.get(*end..).unwrap_or_default(),
            );
            if !BEFORE.is_match(before) || NOT.is_match(behind) {
                continue;
            }
            for it in VALUE.captures_iter(behind) {
                let (Some(member), Some(value)) = (it.name("member"), it.name("value")) else {
                    continue;
                };
                let text = value.as_str().trim();
                outcomes.push(Outcome {
                    from: from.clone(),
                    member: member.as_str().to_owned(),
                    value: serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
                });
            }
        }
    }
    outcomes
}

/// The parts of a text with one verb each.
fn clauses(text: &str) -> Vec<String> {
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?:[.;]\s+|\n|,\s+(?:and|but|while|whereas)\s+(?:`|an?\b|other\b|all\b|it\b))")
    });
    ENDS.split(text).map(str::to_owned).collect()
}

fn case(operation: &Operation, clause: &str, stages: &[String]) -> Option<Case> {
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|cannot|can['’]t|no|unless|except|only|may|might|can|could|must|refused|rejected|fails?|after\s+\d+)\b",
        )
    });
    static MOVES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:sets?|puts?|brings?|moves?|moved|turns?|turned|becomes?|goes|returns?|switch(?:es|ed)?|changes?|changed|back|reopens?|makes?)\b",
        )
    });
    static HELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:an?|already|still|is|was|are|were|has\s+been|which\s+is|that\s+is)\s+[`'“]?$",
        )
    });
    if OPEN.is_match(clause) {
        return None;
    }
    let found = found(clause, stages);
    let [(at, end, from), rest @ ..] = found.as_slice() else {
        return None;
    };
    let before = clause.get(..*at)?;
    if !HELD.is_match(before) {
        return None;
    }
    let to = match rest {
        [(to_at, _, to)] if to != from => {
            let between = clause.get(*end..*to_at)?;
            MOVES.is_match(between).then(|| to.clone())?
        }
        [] => reopened(clause.get(*end..)?, stages)?,
        _ => return None,
    };
    let sent = sent(operation, before)?;
    (to != *from).then(|| Case {
        from: from.clone(),
        sent,
        to,
    })
}

/// The stages that a text names, with their places; those in code, else in words.
fn found(text: &str, stages: &[String]) -> Vec<(usize, usize, String)> {
    let lower = text.to_lowercase();
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for stage in stages {
        let name = stage.to_lowercase();
        let mut start = 0;
        while let Some(at) = lower.get(start..).and_then(|it| it.find(&name)) {
            let at = start + at;
            let end = at + name.len();
            let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let before = lower.get(..at).and_then(|it| it.chars().next_back());
            let behind = lower.get(end..).and_then(|it| it.chars().next());
            if !is_part(before) && !is_part(behind) {
                found.push((at, end, stage.clone()));
            }
            start = end;
        }
    }
    found.sort();
    found.dedup_by(|right, left| left.2 == right.2);
    found
}

/// "Reopens it": the stage `open`, if there is one.
fn reopened(text: &str, stages: &[String]) -> Option<String> {
    static REOPENS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:reopens?|is\s+(?:then\s+)?reopened|opens?\s+(?:it|the\s+\w+)\s+again)\b")
    });
    let open = stages.iter().find(|it| it.eq_ignore_ascii_case("open"));
    open.filter(|_| REOPENS.is_match(text)).cloned()
}

/// The value of an input that the words before a stage name in code: none inside if they name nothing, none at all if it is
/// not known what they name.
#[expect(
    clippy::option_option,
    reason = "nothing sent and nothing known are two things"
)]
fn sent(operation: &Operation, words: &str) -> Option<Option<(String, Value)>> {
    let mut codes = words
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|it| !it.is_empty());
    match (codes.next(), codes.next()) {
        (None, _) => Some(None),
        (Some(code), None) => value_of(operation, code).map(Some),
        _ => None,
    }
}

/// The only input that has a documented value, or whose words name it.
fn value_of(operation: &Operation, code: &str) -> Option<(String, Value)> {
    let value = Value::from(code);
    let quoted = format!("`{code}`");
    let inputs = input::inputs(operation).into_iter();
    let mut having = inputs.filter(|it| {
        let allowed = it.shape.constraints.allowed.as_ref();
        let is_named = it.shape.is_text() && it.description.contains(&quoted);
        it.place == Place::Body
            && it.is_root_member()
            && it.name != code
            && allowed.map_or(is_named, |it| it.value.contains(&value))
    });
    let input = having.next().filter(|_| having.next().is_none())?;
    Some((input.name, value))
}

/// "`internal` notes never change the status": what is sent then.
fn kept(operation: &Operation, clause: &str) -> Option<(String, Value)> {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`(?P<value>[\w-]+)`[^`]*\b(?:(?:never|(?:do|does)\s+not|don['’]t|doesn['’]t)\s+(?:change|touch|affect)|leaves?)\s+(?:the|its)\s+(?:\w+['’]s\s+)?`?(?:status|state|stage)`?(?:\s+(?:as\s+it\s+is|alone|unchanged|of\s+the\s+\w+))?\s*$",
        )
    });
    let clause = clause.trim_end_matches(['.', ',', ' ']);
    // "Other statuses are left as they are" goes on in the same breath.
    let first = clause.split(", ").next().unwrap_or_default();
    let found = KEPT.captures(first)?;
    value_of(operation, found.name("value")?.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::tests::documentation;

    fn cases(text: &str) -> Vec<(String, Option<Value>, String)> {
        let page = format!(
            "---\napi: POST /tasks/{{task_id}}/notes\n---\n\n{text}\n\n<ParamField body=\"seen_by\" type=\"string\">One of `all` or `staff`.</ParamField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let stages = ["open", "waiting", "done", "closed"].map(str::to_owned);
        let found = of(&documentation.api.operations[0], &stages).into_iter();
        found
            .map(|it| (it.from, it.sent.map(|(_, value)| value), it.to))
            .collect()
    }

    #[test]
    fn sentences_say_what_becomes_of_a_thing_in_a_stage() {
        let is = |sent: Option<Value>| vec![("done".to_owned(), sent, "open".to_owned())];
        for text in [
            "A note on a `done` task sets the task back to `open`.",
            "If the task is `done`, it goes back to `open`.",
            "Adding a note to a done task changes its status back to open.",
            "When the task was `done`, it becomes `open` again.",
            "A note on a `done` task reopens it.",
        ] {
            assert_eq!(cases(text), is(None), "{text}");
        }
        let text = "A note for `all` on a `done` task moves the task back to `open`.";
        assert_eq!(cases(text), is(Some(json!("all"))));
    }

    #[test]
    fn sentences_say_which_stages_values_lead_to() {
        let led = |text: &str| {
            let page = format!(
                "---\napi: POST /tasks/{{task_id}}/notes\n---\n\n{text}\n\n<ParamField body=\"kind\" type=\"string\">One of `begun`, `paused`, or `done`.</ParamField>\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            let stages = ["open", "waiting", "done"].map(str::to_owned);
            let found = led_to(&documentation.api.operations[0], &stages).into_iter();
            found
                .map(|(_, value, stage)| format!("{value} {stage}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            led(
                "A note moves the task on: `begun` and `paused` make it `waiting`, `done` makes it `done`."
            ),
            ["\"begun\" waiting", "\"paused\" waiting", "\"done\" done"]
        );
        assert!(led("If it is the last one, `done` makes it `done`.").is_empty());
        assert!(led("`lost` makes it `waiting`.").is_empty());
    }

    #[test]
    fn sentences_say_what_leaves_a_stage_as_it_is() {
        let text = "An `all` note on a `done` task sets the task back to `open`. `staff` notes never change the status, and other statuses are left as they are.";
        let expected = vec![
            ("done".to_owned(), Some(json!("staff")), "done".to_owned()),
            ("done".to_owned(), Some(json!("all")), "open".to_owned()),
        ];
        assert_eq!(cases(text), expected);
    }

    #[test]
    fn sentences_say_which_values_members_get_in_a_stage() {
        let values = |text: &str| {
            let page = format!("---\napi: POST /tasks/{{id}}/stop\n---\n\n{text}\n");
            let (_, documentation) = documentation("", &[&page]);
            let stages = ["open", "waiting", "done"].map(str::to_owned);
            let found = values(&documentation.api.operations[0], &stages).into_iter();
            found
                .map(|it| (it.from, it.member, it.value))
                .collect::<Vec<_>>()
        };
        let is = |list: &[(&str, Value)]| {
            let list = list.iter();
            let list =
                list.map(|(name, value)| ("open".to_owned(), (*name).to_owned(), value.clone()));
            list.collect::<Vec<_>>()
        };
        assert_eq!(
            values(
                "A task that was still `open` becomes free of charge: `cost` is `0` and `begun_at` is `null`. A task that was `waiting` keeps its price."
            ),
            is(&[("cost", json!(0)), ("begun_at", json!(null))])
        );
        assert_eq!(
            values("If the task was `open`, its `result` is set to `skipped`."),
            is(&[("result", json!("skipped"))])
        );
        for text in [
            "If the task is `open` or `waiting`, `cost` is `0`.",
            "Unless it is `open`, `cost` is `0`.",
            "If the task is `open`, `cost` is not changed, and `rate` is `1`.",
        ] {
            assert_eq!(values(text), [], "{text}");
        }
    }

    #[test]
    fn other_sentences_say_nothing_of_it() {
        for text in [
            "A `done` task cannot go back to `open`.",
            "A task is `open`, `waiting`, or `done`.",
            "Only a `done` task becomes `closed`.",
            "Notes on `done` tasks are refused.",
            "Goes from `done` to `open`.",
            "A `secret` note on a `done` task sets it back to `open`.",
        ] {
            assert_eq!(cases(text), [], "{text}");
        }
    }
}
