//! The requests that the examples of an operation show, beside the request that it documents.
//!
//! `fit` compares method and URL, once for all rules. What a call sends is only judged where method or path shows that
//! it is a call of this operation: an example may also fetch a token first, or clean up afterwards.

pub(super) mod fit;
pub(super) mod habit;
pub(super) mod hosts;
pub(super) mod parameters;
pub(super) mod sent;

mod invalid_curl;
mod mismatched_exchange;
mod misplaced_request_parameter;
mod missing_request_parameter;
pub(super) mod mixed_placeholders;
pub(super) mod undocumented_request_parameter;
pub(super) mod wrong_request_credentials;
mod wrong_request_host;
mod wrong_request_media_type;
pub(super) mod wrong_request_method;
mod wrong_request_path;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::curl::Curl;
use crate::model::{Operation, Origin, RequestExample};
use crate::source::Span;

use fit::{Directory, Fit, Target};
use habit::Habit;
use hosts::Hosts;

/// Every rule about requests.
pub(super) static RULES: [&Rule; 11] = [
    &invalid_curl::RULE,
    &mismatched_exchange::RULE,
    &misplaced_request_parameter::RULE,
    &missing_request_parameter::RULE,
    &mixed_placeholders::RULE,
    &undocumented_request_parameter::RULE,
    &wrong_request_credentials::RULE,
    &wrong_request_host::RULE,
    &wrong_request_media_type::RULE,
    &wrong_request_method::RULE,
    &wrong_request_path::RULE,
];

/// An operation and the calls that its pages show.
pub(super) struct Requests<'a> {
    pub(super) operation: &'a Operation,
    pub(super) calls: Vec<Call<'a>>,
}

/// A request that an example shows.
pub(super) struct Call<'a> {
    pub(super) example: &'a RequestExample,
    /// The command, if it is one of curl; else only method and URL are known.
    pub(super) curl: Option<&'a Curl>,
    method: Word<'a>,
    target: Target,
    fit: Fit,
    /// True if a page of the site documents the method at the path.
    is_documented: bool,
    company: Company,
}

/// A word of an example, and its bytes in the text of the fence.
struct Word<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// What other calls stand on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Company {
    /// Another call on the page is one of this operation.
    exact: bool,
    /// The fence makes several calls.
    several: bool,
}

impl Call<'_> {
    /// True if it is meant as a call of the operation.
    pub(super) fn is_own(&self) -> bool {
        match self.fit {
            Fit::Exact | Fit::Base => true,
            // Without any that fits, it is this one that is meant.
            Fit::Method | Fit::Path => !self.company.exact && !self.company.several,
            Fit::Other | Fit::Unknown => false,
        }
    }

    /// The place of bytes of the fence in the author's file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.example.text.span(range)
    }

    /// Only what a curl of an example component shows against a stated endpoint is an error.
    fn severity(&self, operation: &Operation) -> Severity {
        let is_taken_for_one = self.example.origin == Origin::Inferred || operation.is_inferred();
        if is_taken_for_one || self.curl.is_none() {
            Severity::Warning
        } else {
            Severity::Error
        }
    }
}

impl<'a> Requests<'a> {
    /// The curl commands that are meant as calls of the operation.
    pub(super) fn own(&self) -> impl Iterator<Item = (&Call<'a>, &'a Curl)> {
        self.calls
            .iter()
            .filter(|call| call.is_own())
            .filter_map(|call| Some((call, call.curl?)))
    }
}

/// The calls in the request examples of an operation.
pub(super) fn of<'a>(operation: &'a Operation, directory: &Directory<'_>) -> Requests<'a> {
    let mut calls: Vec<Call<'a>> = operation
        .request_examples
        .iter()
        .filter_map(|example| call(operation, directory, example))
        .collect();
    let places: Vec<_> = calls
        .iter()
        .map(|call| {
            (
                call.example.span,
                matches!(call.fit, Fit::Exact | Fit::Base),
                call.curl.is_some(),
            )
        })
        .collect();
    for call in &mut calls {
        let here = call.example.span;
        call.company = Company {
            exact: places
                .iter()
                .any(|(place, exact, curl)| *exact && *curl && place.file == here.file),
            several: places.iter().filter(|(place, ..)| *place == here).count() > 1,
        };
    }
    Requests { operation, calls }
}

/// The method of a call, and where it goes.
pub(super) fn target_of(example: &RequestExample) -> Option<(&str, Target)> {
    let (method, target) = match (&example.curl, &example.call) {
        (Some(curl), _) => (&curl.method, Target::of_curl(curl)?),
        (None, Some(call)) => (&call.method, Target::of_call(call)),
        (None, None) => return None,
    };
    Some((&method.value, target))
}

fn call<'a>(
    operation: &'a Operation,
    directory: &Directory<'_>,
    example: &'a RequestExample,
) -> Option<Call<'a>> {
    let (method, target) = match (&example.curl, &example.call) {
        (Some(curl), _) => (&curl.method, Target::of_curl(curl)?),
        (None, Some(call)) => (&call.method, Target::of_call(call)),
        (None, None) => return None,
    };
    let method = Word {
        text: &method.value,
        range: method.range.clone(),
    };
    let fit = fit::of(operation, directory, method.text, &target);
    Some(Call {
        is_documented: directory.documents_at(method.text, &target),
        example,
        curl: example.curl.as_ref(),
        method,
        target,
        fit,
        company: Company::default(),
    })
}

/// Everything that is wrong with the requests of an operation.
pub(super) fn check(
    requests: &Requests<'_>,
    directory: &Directory<'_>,
    habit: &Habit<'_>,
    hosts: &Hosts<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    invalid_curl::check(requests, diagnostics);
    wrong_request_method::check(requests, diagnostics);
    wrong_request_path::check(requests, diagnostics);
    wrong_request_host::check(requests, directory, hosts, diagnostics);
    missing_request_parameter::check(requests, diagnostics);
    misplaced_request_parameter::check(requests, diagnostics);
    undocumented_request_parameter::check(requests, habit, diagnostics);
    wrong_request_media_type::check(requests, diagnostics);
    wrong_request_credentials::check(requests, habit, diagnostics);
    mismatched_exchange::check(requests, diagnostics);
}
