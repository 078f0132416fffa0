//! Which of the documented answers is sent.

use serde_json::{Value, json};

use super::answer::Answer;
use super::prefer::Preferences;

/// The answer that is sent, and its status.
pub(super) struct Choice<'a> {
    pub(super) answer: &'a Answer,
    pub(super) code: u16,
}

/// The answer that the client asks for; `None` if there is none.
pub(super) fn preferred<'a>(
    answers: &'a [Answer],
    preferences: &Preferences,
) -> Option<Choice<'a>> {
    let code = match &preferences.code {
        Some(code) => Some(code.parse::<u16>().ok()?),
        None => None,
    };
    let mut fitting: Vec<_> = answers
        .iter()
        .filter(|answer| code.is_none_or(|code| answer.status.covers(code)))
        .filter(|answer| {
            let name = preferences.example.as_ref();
            name.is_none_or(|name| answer.is_named(name))
        })
        .collect();
    // Successes come first, then statuses that the page states, then examples; among equals the first one counts.
    fitting.sort_by_key(|answer| {
        let is_stated = answer.status.code().is_some();
        (
            !answer.status.is_success(),
            !is_stated,
            !answer.has_example(),
        )
    });
    let answer = *fitting.first()?;
    Some(Choice {
        answer,
        code: code.unwrap_or(answer.code),
    })
}

/// The answer to a request that asks for none: the lowest success with an example, else any success.
pub(super) fn usual(answers: &[Answer]) -> Option<Choice<'_>> {
    let successes = || answers.iter().filter(|answer| answer.status.is_success());
    let answer = successes()
        .filter(|answer| answer.has_example())
        .min_by_key(|answer| answer.code)
        .or_else(|| successes().min_by_key(|answer| answer.code))?;
    Some(Choice {
        answer,
        code: answer.code,
    })
}

/// What a client can ask for: each status with the names of its answers.
pub(super) fn listing(answers: &[Answer]) -> Value {
    let mut listed: Vec<(u16, Vec<&str>)> = Vec::new();
    for answer in answers {
        let names = answer.names.iter().map(String::as_str);
        match listed.iter_mut().find(|(code, _)| *code == answer.code) {
            Some((_, known)) => known.extend(names),
            None => listed.push((answer.code, names.collect())),
        }
    }
    listed.sort_by_key(|(code, _)| *code);
    listed
        .into_iter()
        .map(|(code, examples)| json!({ "code": code, "examples": examples }))
        .collect()
}
