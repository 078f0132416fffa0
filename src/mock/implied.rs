//! Answers that a page documents without fields and examples: a status in running text, and files.

use crate::model::answer::Success;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Field, Operation, Response, Status};

use super::answer::{self, Answer, Content};
use super::events::MEDIA_TYPE;
use super::file::{self, File};
use super::places::Places;
use super::words;

/// The files that a response is said to be, each with the value of the parameter that asks for it, if there is one.
pub(super) fn files(operation: &Operation, response: &Response) -> Vec<(Option<String>, File)> {
    let Some(media_type) = &response.media_type else {
        return Vec::new();
    };
    let media_type = media_type.value.to_ascii_lowercase();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_plain = |shape: &Shape| {
        let is_text = matches!(shape.kind, ShapeKind::String | ShapeKind::Unknown);
        is_text || answer::is_file(shape)
    };
    let is_other = essence.ends_with("json") || essence.contains('*') || essence == MEDIA_TYPE;
    if is_other || !response.shape.as_ref().is_none_or(is_plain) {
        return Vec::new();
    }
    let formats = if essence == file::OCTETS {
        formats(operation)
    } else {
        Vec::new()
    };
    if formats.is_empty() {
        return vec![(None, File::of_type(essence))];
    }
    formats
}

/// The files of the formats that a parameter names, that of the default first: `csv` or `xlsx`.
fn formats(operation: &Operation) -> Vec<(Option<String>, File)> {
    let body = operation.body.iter().flat_map(|body| {
        body.fields.iter().filter_map(|field| {
            let mut members = body.shape.members().iter();
            let member = members.find(|it| it.name == field.name.value.trim())?;
            Some((field, &member.shape))
        })
    });
    let parameters = operation.parameters.iter().map(|it| (&it.field, &it.shape));
    let of = |(field, shape): (&Field, &Shape)| {
        let is_format = words::folded(&field.name.value).ends_with("format");
        let allowed = shape.constraints.allowed.as_ref().filter(|_| is_format)?;
        let files = allowed.value.iter().map(|value| {
            let name = value.as_str()?;
            Some((
                Some(name.to_owned()),
                File::of_name(&format!("file.{name}"))?,
            ))
        });
        let mut files: Vec<_> = files.collect::<Option<_>>()?;
        let default = field.default.as_ref().and_then(|it| it.value.as_str());
        files.sort_by_key(|(name, _)| name.as_deref() != default);
        Some(files)
    };
    parameters.chain(body).find_map(of).unwrap_or_default()
}

/// True for a response that is a stream of events, of which only the fields are documented.
pub(super) fn are_events(response: &Response) -> bool {
    let media_type = response.media_type.as_ref();
    media_type.is_some_and(|it| it.value.starts_with(MEDIA_TYPE))
}

/// Gives the successes the status that running text states, and adds those of which there is nothing else.
pub(super) fn add(answers: &mut Vec<Answer>, operation: &Operation, places: &Places) {
    if let Some(status) = said(operation) {
        let code = status.code().unwrap_or_default();
        let is_bodiless = matches!(code, 204 | 205);
        let mut has_success = false;
        for answer in answers.iter_mut().filter(|it| it.status.is_success()) {
            has_success = true;
            if answer.status == Status::Success && !(is_bodiless && answer.has_body()) {
                answer.code = code;
                answer.status = status.clone();
            }
        }
        if !has_success {
            let content = if is_bodiless {
                Content::text("", "text/plain; charset=utf-8")
            } else {
                Content::Nothing("no-example")
            };
            answers.push(answer(operation, &status, content, places));
        }
    }
    add_files(answers, operation, places);
    add_redirection(answers, operation, places);
}

/// A redirection that running text states, where no success is documented: "Redirects with `301` to the boat."
fn add_redirection(answers: &mut Vec<Answer>, operation: &Operation, places: &Places) {
    if answers.iter().any(|it| it.code < 400) {
        return;
    }
    let redirection = operation.remarks.iter().find_map(|remark| {
        let text = remark.value.to_lowercase();
        let words: Vec<&str> = text.split(|it: char| !it.is_alphanumeric()).collect();
        let is_said = words.iter().any(|word| word.starts_with("redirect"));
        let is_bound = words
            .iter()
            .any(|word| matches!(*word, "if" | "when" | "unless" | "may"));
        let mut codes = words.iter().filter_map(|word| match *word {
            "301" => Some(301),
            "302" => Some(302),
            "303" => Some(303),
            "307" => Some(307),
            "308" => Some(308),
            _ => None,
        });
        let code = codes.next().filter(|_| is_said && !is_bound)?;
        let status = Status::Code(crate::model::Fact {
            value: code,
            evidence: remark.evidence,
        });
        codes.next().is_none().then_some(status)
    });
    if let Some(status) = redirection {
        let content = Content::text("", "text/plain; charset=utf-8");
        answers.push(answer(operation, &status, content, places));
    }
}

/// Files, where no success has a body that is documented.
fn add_files(answers: &mut Vec<Answer>, operation: &Operation, places: &Places) {
    let mut successes = answers.iter().filter(|answer| answer.status.is_success());
    if successes.clone().any(Answer::has_body) {
        return;
    }
    let files = file::documented(operation);
    if files.is_empty() {
        return;
    }
    let status = successes
        .next()
        .map_or(Status::Success, |it| it.status.clone());
    answers.retain(|answer| !answer.status.is_success());
    for file in files {
        let content = Content::text(file.bytes, &file.media_type);
        let mut answer = answer(operation, &status, content, places);
        answer.attach(&file.name);
        answers.push(answer);
    }
}

fn answer(operation: &Operation, status: &Status, content: Content, places: &Places) -> Answer {
    let response = Response {
        status: status.clone(),
        variant: None,
        fields: Vec::new(),
        shape: None,
        media_type: None,
        examples: Vec::new(),
    };
    let span = match status {
        Status::Code(code) => code.evidence.span,
        Status::Success | Status::Error => operation.endpoint.evidence.span,
    };
    Answer::new(&response, Vec::new(), content, places.of(span))
}

/// The success that only running text states.
fn said(operation: &Operation) -> Option<Status> {
    let mut responses = operation.responses.iter();
    let is_stated = |it: &Response| it.status.is_success() && it.status.code().is_some();
    if responses.any(is_stated) {
        return None;
    }
    let success = Success::of(operation);
    let (code, span) = (*success.codes.first()?, success.span?);
    let mut remarks = operation.remarks.iter();
    let remark = remarks.find(|remark| remark.evidence.span == span)?;
    Some(Status::Code(crate::model::Fact {
        value: code,
        evidence: remark.evidence,
    }))
}
