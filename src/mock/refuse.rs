//! Requests that are not as documented: what is wrong with them, and how they are told.

use http::StatusCode;
use http::header::{ACCEPT, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::credentials::{self, Fault, Required};
use super::generate::Circumstances;
use super::message::{Reply, Request, header_value};
use super::places::Place;
use super::problem::{self, Problem};
use super::routes::Captured;
use super::select::Choice;
use super::settings::{Auth, Validation};
use super::telling::{self, Cause};
use super::validate::{Unreadable, Violation};
use super::{Mock, Served, accept, header, respond, shown};
use crate::model::{Status, is_credential};

/// How many violations the sentence of a problem names; all of them are in its list.
const NAMED: usize = 3;

/// How many violations are headers of their own.
const LISTED: usize = 16;

/// What helps a client that has to send such a request all the same.
const PASSES: &str = "send `Prefer: handling=lenient` to be answered all the same, or start the mock with `--validate warn`";

/// What helps a client that has no credentials.
const PASSES_WITHOUT: &str =
    "any credentials of that form are taken; start the mock with `--auth off` to need none";

/// The same where the mock knows which ones are right.
const PASSES_KNOWN: &str = "`--credential` names the credentials that are taken; start the mock with `--auth off` to need none";

/// What is wrong with a request.
pub(super) struct Rejection {
    /// The problem details.
    reply: Reply,
    /// The statuses that the page may document for it, the best first.
    codes: &'static [u16],
    /// Each thing that is wrong, in a line.
    lines: Vec<String>,
    /// How many there are.
    count: usize,
    /// True if a page shows exactly this request.
    is_shown: bool,
    /// The same as an API would say it, if it can be said.
    causes: Vec<Cause>,
}

/// Compares a request with its operation; `None` if nothing is wrong.
///
/// A request without credentials is looked at no further where it is rejected for that: unless the client wants an answer
/// in any case, however strict the mock is with all else.
pub(super) fn judge(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &Captured,
    (validation, is_lenient): (Validation, bool),
) -> Option<Rejection> {
    let is_asked = served.behaviour.auth == Auth::Strict;
    let known = &mock.options.credentials;
    let fault = is_asked.then(|| credentials::fault(&served.required, known, request));
    let fault = fault.flatten();
    let unauthorized = fault.map(|(required, fault)| unauthorized(mock, required, fault));
    let is_rejected = unauthorized.is_some() && !is_lenient;
    if is_rejected || validation == Validation::Off {
        return unauthorized;
    }
    let rejection = judge_parts(mock, served, request, captured);
    match (unauthorized, rejection) {
        (Some(first), Some(second)) => Some(first.and(second)),
        (first, second) => first.or(second),
    }
}

/// The same without a look at credentials.
fn judge_parts(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &Captured,
) -> Option<Rejection> {
    let expected = &served.expected;
    let mut in_path = Vec::new();
    let mut in_headers = false;
    let rejection = match expected.violations(&served.operation, request, captured, &mock.places) {
        Ok(violations) if violations.is_empty() => None,
        Ok(violations) => {
            let parameters = violations.iter().filter_map(Violation::path_parameter);
            in_path.extend(parameters.map(str::to_owned));
            in_headers = violations.iter().any(Violation::is_value_of_header);
            let rejection = Rejection::of(&violations, stated(mock, served, INVALID));
            let lacks = violations.iter().any(|it| lacks_credentials(served, it));
            Some(Rejection {
                codes: if lacks { UNAUTHORIZED } else { INVALID },
                ..rejection
            })
        }
        Err(Unreadable::Syntax(problem)) => {
            let problem = problem.status(stated(mock, served, UNREADABLE));
            Some(Rejection {
                causes: vec![Cause::unreadable()],
                ..Rejection::one(problem.reply(), UNREADABLE)
            })
        }
        Err(Unreadable::MediaType(problem)) => {
            let mut reply = problem.reply();
            reply.set(ACCEPT, &expected.accepted.header());
            return Some(Rejection::one(reply, &[415]));
        }
    };
    rejection.map(|rejection| Rejection {
        // The shown request may carry any value of a header, and what the page shows there is not rejected anyway.
        is_shown: !in_headers
            && shown::is(&served.operation, request, captured, |name| {
                in_path.iter().any(|it| it == name)
            }),
        ..rejection
    })
}

/// One thing that is wrong with a request, whoever answers it.
pub(super) struct Wrong {
    pub(super) rule: &'static str,
    pub(super) message: String,
    /// What it is about: `request.body.name`.
    pub(super) subject: String,
    pub(super) source: Option<Place>,
}

impl Wrong {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "subject": self.subject,
            "message": self.message,
            "source": self.source.as_ref().map(Place::to_json),
        })
    }
}

/// All that is wrong with a request; which credentials it carries is for who answers it to judge.
pub(super) fn wrongs(
    mock: &Mock,
    served: &Served,
    request: &Request,
    captured: &Captured,
) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    if served.behaviour.auth == Auth::Strict
        && let Some((required, Fault::Missing)) = credentials::fault(&served.required, &[], request)
    {
        let what = credentials::describe(&required.scheme);
        wrongs.push(Wrong {
            rule: "missing-credentials",
            message: format!("the request carries no credentials, and {what} is documented"),
            subject: "request.auth".to_owned(),
            source: Some(mock.places.of(required.evidence.span)),
        });
    }
    if served.behaviour.validation == Validation::Off {
        return wrongs;
    }
    let operation = &served.operation;
    let unreadable = |problem: Problem| Wrong {
        rule: problem.code(),
        message: problem.detail().to_owned(),
        subject: "request.body".to_owned(),
        source: operation
            .body
            .as_ref()
            .map(|body| mock.places.of(body.media_type.evidence.span)),
    };
    match (served.expected).violations(operation, request, captured, &mock.places) {
        Ok(violations) => wrongs.extend(violations.iter().map(|violation| Wrong {
            rule: violation.rule(),
            message: violation.message().to_owned(),
            subject: violation.subject(),
            source: violation.source().cloned(),
        })),
        Err(Unreadable::Syntax(problem) | Unreadable::MediaType(problem)) => {
            wrongs.push(unreadable(problem));
        }
    }
    wrongs
}

/// What refuses requests that are not as documented, and those that cannot be read; the first unless the page states
/// another one.
const INVALID: &[u16] = &[422, 400];
const UNREADABLE: &[u16] = &[400, 422];

/// The same for requests without a parameter that carries credentials.
const UNAUTHORIZED: &[u16] = &[401, 422, 400];

/// True if a parameter is missing that carries credentials, by its name, by being the cookie of a session where a `401` is
/// documented, or by what the documented `401` says where that is the only refusal.
fn lacks_credentials(served: &Served, violation: &Violation) -> bool {
    let Some(name) = violation.missing_parameter() else {
        return false;
    };
    let stated = |code: u16| {
        let answers = served.answers.iter();
        answers.filter(move |answer| answer.is_of(code))
    };
    let is_only = stated(400).chain(stated(422)).next().is_none();
    let is_told = || {
        let mut errors = stated(401).filter_map(Answer::json);
        errors.any(|error| telling::mentions(&error, name))
    };
    let is_cookie = violation.is_of_cookie()
        && (name.eq_ignore_ascii_case("cookie") || credentials::is_cookie(name) || is_told());
    let is_stated = || stated(401).next().is_some();
    is_credential(name)
        || is_cookie && is_stated()
        || is_only && (credentials::is_named(name) || is_told())
}

/// The first of the statuses that the page states, else the usual one of the site, else the first.
fn stated(mock: &Mock, served: &Served, codes: &'static [u16]) -> u16 {
    let answers = &served.answers;
    let is_stated = |code: &&u16| (answers.iter()).any(|it| it.status.code() == Some(**code));
    let is_listed = |code: &&u16| served.listed.contains(code);
    let own = codes.iter().find(is_stated);
    let own = own.or_else(|| codes.iter().find(is_listed)).copied();
    let usual = || mock.usual_of(codes);
    own.or_else(usual).or(codes.first().copied()).unwrap_or(400)
}

fn unauthorized(mock: &Mock, required: &Required, fault: Fault) -> Rejection {
    let source = mock.places.of(required.evidence.span);
    let what = credentials::describe(&required.scheme);
    let (code, detail) = match fault {
        Fault::Missing => (
            "missing-credentials",
            format!("the request carries no credentials: {what} is documented ({source})"),
        ),
        Fault::Form => (
            "malformed-credentials",
            format!("the credentials have another form: {what} is documented ({source})"),
        ),
        Fault::Unknown => (
            "unknown-credentials",
            format!("the credentials in {what} are none of those that this mock takes"),
        ),
    };
    let hint = match mock.options.credentials.as_slice() {
        [] => PASSES_WITHOUT,
        _ => PASSES_KNOWN,
    };
    let problem = Problem::new(401, code, detail).with("hint", json!(hint));
    let mut reply = problem.with("source", source.to_json()).reply();
    reply.set(header::SOURCE, &source.to_string());
    reply.set(WWW_AUTHENTICATE, &credentials::challenge(&required.scheme));
    Rejection::one(reply, &[401])
}

impl Rejection {
    fn one(reply: Reply, codes: &'static [u16]) -> Self {
        let line = reply.reason.as_deref().unwrap_or_default().to_owned();
        Self {
            reply,
            codes,
            lines: vec![line],
            count: 1,
            is_shown: false,
            causes: Vec::new(),
        }
    }

    fn of(violations: &[Violation], status: u16) -> Self {
        let named = violations.iter().take(NAMED);
        let named: Vec<_> = named.map(Violation::to_string).collect();
        let mut detail = named.join("; ");
        if violations.len() > NAMED {
            detail = format!("{detail}; and {} more", violations.len() - NAMED);
        }
        let errors: Value = violations.iter().map(Violation::to_json).collect();
        let problem =
            Problem::new(status, "request-not-as-documented", detail).with("hint", json!(PASSES));
        let mut reply = problem.with("errors", errors).reply();
        if let Some(source) = violations.iter().find_map(Violation::source) {
            reply.set(header::SOURCE, &source.to_string());
        }
        let lines = violations.iter().take(LISTED).map(Violation::line);
        Self {
            reply,
            codes: INVALID,
            lines: lines.collect(),
            count: violations.len(),
            is_shown: false,
            causes: violations.iter().map(Violation::cause).collect(),
        }
    }

    /// Both, told together.
    fn and(self, other: Self) -> Self {
        let mut lines = self.lines;
        lines.extend(other.lines);
        Self {
            lines,
            count: self.count + other.count,
            ..self
        }
    }

    /// True if the request lacks credentials, or has others than it should.
    pub(super) fn is_unauthorized(&self) -> bool {
        self.reply.status == StatusCode::UNAUTHORIZED
    }

    /// True if the request is what a page shows, whatever else the page says: then it is answered.
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// Tells what is wrong in the headers of another reply.
    pub(super) fn note(self, reply: &mut Reply) {
        reply.set(header::VIOLATIONS, &self.count.to_string());
        for line in &self.lines {
            let value = header_value(line);
            reply.headers.append(header::VIOLATION, value);
        }
        reply.reason = self.reply.reason;
    }

    /// The answer: the error that the page documents for it, else problem details.
    ///
    /// A client that names `application/problem+json` gets these in any case.
    pub(super) fn answer(
        self,
        mock: &Mock,
        served: &Served,
        request: &Request,
        circumstances: Circumstances<'_>,
    ) -> Reply {
        let is_fitting = |choice: &Choice<'_>| {
            let media_type = choice.answer.media_type().unwrap_or_default();
            accept::takes(request, media_type) && !accept::names(request, problem::MEDIA_TYPE)
        };
        let inputs = telling::inputs(&served.operation);
        let mut choices: Vec<_> = self.documented(served);
        choices.retain(is_fitting);
        let common = mock.common();
        let is_unreadable = self.codes == UNREADABLE && common.knows_unreadable();
        if is_unreadable
            && choices
                .iter()
                .all(|it| it.answer.status.code() != Some(400))
        {
            // The page of all errors knows better what is wrong.
            choices.clear();
        }
        let errors: Vec<_> = choices.iter().map(|it| it.answer.json()).collect();
        let (index, is_other) = telling::pick(&errors, &self.causes, &inputs);
        let Some(choice) = choices.get(index) else {
            let own = [self.reply.status.as_u16()];
            let codes = if self.codes == INVALID {
                &own
            } else {
                self.codes
            };
            let kind = common.of_refusal(codes, &self.causes);
            let told = (self.causes.as_slice(), inputs.as_slice());
            let is_known = kind.is_some();
            let mut reply = common.instead(kind, self.reply.clone(), request, told);
            if is_known {
                self.note(&mut reply);
            } else {
                reply.set(header::VIOLATIONS, &self.count.to_string());
            }
            return reply;
        };
        let mut reply = respond::sent(choice, circumstances, false);
        let is_made_up = matches!(choice.answer.content, Content::Fields);
        if is_other || is_made_up && !self.causes.is_empty() {
            adapt(&mut reply, &self.causes, &inputs);
        }
        if let Some(challenge) = self.reply.headers.get(WWW_AUTHENTICATE)
            && reply.status == StatusCode::UNAUTHORIZED
        {
            reply.headers.insert(WWW_AUTHENTICATE, challenge.clone());
        }
        if let Some(accepts) = self.reply.headers.get(ACCEPT) {
            reply.headers.insert(ACCEPT, accepts.clone());
        }
        self.note(&mut reply);
        reply
    }

    /// What the page documents for the first of the statuses that it does, else for errors of whatever status.
    fn documented<'s>(&self, served: &'s Served) -> Vec<Choice<'s>> {
        let answers = || served.answers.iter().filter(|answer| answer.has_body());
        let stated = |code: &u16| -> Vec<_> {
            let stated = answers().filter(|answer| answer.is_of(*code));
            stated.map(Choice::of).collect()
        };
        let mut stated = self.codes.iter().map(stated);
        stated
            .find(|choices| !choices.is_empty())
            .unwrap_or_else(|| {
                let code = self.reply.status.as_u16();
                let others = answers().filter(|answer| answer.status == Status::Error);
                let mut others: Vec<_> = others.filter(|answer| answer.covers(code)).collect();
                // One that is told to be of another status comes last.
                others.sort_by_key(|answer| (!answer.is_ranged(), answer.code > 400));
                others
                    .into_iter()
                    .map(|answer| Choice { answer, code })
                    .collect()
            })
    }
}

/// Makes an error say what is wrong with this request.
fn adapt(reply: &mut Reply, causes: &[Cause], inputs: &[&str]) {
    let Ok(mut error) = serde_json::from_slice::<Value>(&reply.body) else {
        return;
    };
    let shown = error.clone();
    telling::adapt(&mut error, causes, inputs);
    if error == shown {
        return;
    }
    reply.headers.remove(header::REPAIRED);
    reply.encodings = None;
    reply.set(header::REASON, "error-of-this-request");
    reply.set_body(format!("{error:#}\n").into());
}
