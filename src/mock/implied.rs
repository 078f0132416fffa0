//! Answers that a page documents without fields and examples: a status in running text, and files.

use crate::model::answer::Success;
use crate::model::{Operation, Response, Status};

use super::answer::{Answer, Content};
use super::file;
use super::places::Places;

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
