//! Which of the documented answers is sent.

use serde_json::{Map, Value, json};

use super::accept;
use super::answer::Answer;
use super::message::Request;
use super::prefer::Preferences;
use super::words;

/// The answer that is sent, and its status.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) answer: &'a Answer,
    pub(super) code: u16,
}

impl<'a> Choice<'a> {
    pub(super) fn of(answer: &'a Answer) -> Self {
        Self {
            answer,
            code: answer.code,
        }
    }
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
        .filter(|answer| code.is_none_or(|code| answer.code == code || answer.covers(code)))
        .filter(|answer| {
            let page = preferences.page.as_ref();
            page.is_none_or(|page| is_below(&answer.source.page, page))
        })
        .collect();
    if let Some(name) = &preferences.example {
        let has_title = fitting.iter().any(|answer| answer.is_named(name));
        // `Not found` is what people call `404 Not Found`.
        fitting.retain(|answer| {
            if has_title {
                answer.is_named(name)
            } else {
                answer.is_called(name)
            }
        });
    }
    // Successes come first, then statuses that the page states, also as `4XX`, then examples; among equals the first one
    // counts.
    fitting.sort_by_key(|answer| {
        let is_stated = answer.status.code().is_some();
        (
            !answer.status.is_success(),
            !is_stated,
            // What a title tells of the status outranks what may have any.
            code.is_some_and(|code| !answer.is_of(code)),
            !answer.is_ranged(),
            !answer.has_example(),
        )
    });
    let answer = *fitting.first()?;
    Some(Choice {
        answer,
        code: code.unwrap_or(answer.code),
    })
}

/// True for a page, with or without its ending, and for a folder above it.
fn is_below(page: &str, path: &str) -> bool {
    let rest = page.strip_prefix(path.trim_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
}

/// The answer to a request that asks for none: the lowest success, with a body before without one, and with an example
/// before without one, and with a status that the page states before one that it leaves open; else a redirection.
pub(super) fn usual(answers: &[Answer]) -> Option<usize> {
    usual_among(answers, |_| true)
}

/// The same, of those that one page documents.
pub(super) fn usual_of(answers: &[Answer], page: &str) -> Option<usize> {
    usual_among(answers, |answer| answer.source.page == page)
}

fn usual_among(answers: &[Answer], is_among: impl Fn(&Answer) -> bool) -> Option<usize> {
    let of = |is_wanted: fn(&Answer) -> bool| {
        let answers = answers.iter().enumerate();
        answers
            .filter(|(_, answer)| is_wanted(answer) && is_among(answer))
            .min_by_key(|(_, answer)| {
                let is_stated = answer.status.code().is_some();
                let has_example = answer.has_example();
                (!answer.has_body(), answer.code, !has_example, !is_stated)
            })
            .map(|(index, _)| index)
    };
    of(|answer| answer.status.is_success()).or_else(|| of(|it| (300..400).contains(&it.code)))
}

/// The answer in the format that a parameter such as `format=csv` names, beside another one of the same status.
pub(super) fn formatted<'a>(
    answers: &'a [Answer],
    usual: Choice<'a>,
    sent: &[(String, String)],
) -> Option<Choice<'a>> {
    let same = || {
        let answers = answers.iter();
        answers.filter(|it| it.code == usual.answer.code && it.has_body())
    };
    if same().all(|it| it.media_type() == usual.answer.media_type()) {
        return None;
    }
    let mut asking = sent.iter().filter(|(name, _)| {
        let name = words::folded(name);
        name.ends_with("format") || matches!(name.as_str(), "output" | "accept" | "ext")
    });
    let is_in = |answer: &Answer, format: &str| {
        let media_type = answer.media_type().unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default();
        let subtype = essence.rsplit('/').next().unwrap_or_default();
        essence.eq_ignore_ascii_case(format) || subtype.eq_ignore_ascii_case(format)
    };
    let answer = asking.find_map(|(_, format)| {
        let named = same().find(|it| it.is_named(format) || it.is_called(format));
        named.or_else(|| same().find(|it| is_in(it, format)))
    })?;
    Some(Choice { answer, ..usual })
}

/// The answer that shows the thing which the path names, beside another one of the same status.
pub(super) fn identified<'a>(
    answers: &'a [Answer],
    usual: Choice<'a>,
    captured: &[(String, String)],
) -> Option<Choice<'a>> {
    let (name, id) = captured.last()?;
    let same = answers.iter().filter(|it| it.code == usual.code);
    let mut same = same.filter(|_| answers.len() > 1);
    let shows = |answer: &Answer| answer.json().is_some_and(|body| has_id(&body, name, id));
    if shows(usual.answer) {
        return None;
    }
    let answer = same.find(|it| shows(it))?;
    Some(Choice { answer, ..usual })
}

/// True for a thing with that id, also in one object around it.
fn has_id(body: &Value, parameter: &str, id: &str) -> bool {
    let parameter = words::folded(parameter);
    let is_own = |members: &Map<String, Value>| {
        members.iter().any(|(name, value)| {
            let name = words::folded(name);
            let is_key = matches!(name.as_str(), "id" | "uuid" | "slug") || name == parameter;
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            is_key && text == id
        })
    };
    let members = body.as_object();
    let mut inner = members.into_iter().flat_map(Map::values);
    members.is_some_and(is_own) || inner.any(|it| it.as_object().is_some_and(is_own))
}

/// The answer that says what another one says in a media type that the client takes.
pub(super) fn acceptable<'a>(
    answers: &'a [Answer],
    choice: Choice<'a>,
    request: &Request,
) -> Option<Choice<'a>> {
    let quality = |answer: &Answer| {
        let media_type = answer.media_type();
        media_type.map_or(1000, |it| accept::quality_of(request, it))
    };
    let own = quality(choice.answer);
    if own == 1000 {
        return Some(choice);
    }
    let others = answers.iter().filter(|answer| {
        answer.code == choice.answer.code
            && answer.has_body()
            && answer.media_type() != choice.answer.media_type()
    });
    // The first of the best, and another one only if it is better.
    let better = others
        .map(|answer| (quality(answer), answer))
        .filter(|(quality, _)| *quality > own)
        .reduce(|best, other| if other.0 > best.0 { other } else { best });
    match better {
        Some((_, answer)) => Some(Choice { answer, ..choice }),
        None => (own > 0).then_some(choice),
    }
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
