//! The title of a response example states a status that does not exist, or that something else contradicts: its own
//! words, the body below it, or the fields of the page.

mod said;

use std::collections::HashMap;
use std::sync::LazyLock;

use http::StatusCode;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::json::{Json, JsonKind};
use crate::model::shape::{Member, MismatchKind, Shape};
use crate::model::{Example, Operation, Origin, Response};

pub(super) static RULE: Rule = Rule {
    name: "wrong-example-status",
    severity: Severity::Error,
    summary: "the title of a response example states a status that something else contradicts",
};

/// The codes by their reason phrases in lower case, including phrases of RFC 9110 that replaced older ones.
static CODES: LazyLock<HashMap<String, u16>> = LazyLock::new(|| {
    let renamed = [
        ("content too large".to_owned(), 413),
        ("unprocessable content".to_owned(), 422),
    ];
    (100..600)
        .filter_map(|code| Some((StatusCode::from_u16(code).ok()?.canonical_reason()?, code)))
        .map(|(reason, code)| (reason.to_lowercase(), code))
        .chain(renamed)
        .collect()
});

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    said::check(operation, diagnostics);
    for response in &operation.responses {
        for example in &response.examples {
            let wrong = title(operation, example)
                .or_else(|| line(example))
                .or_else(|| bodiless(response, example))
                .or_else(|| body(response, example))
                .or_else(|| success(operation, response, example));
            let Some(wrong) = wrong else {
                continue;
            };
            let most = if example.origin == Origin::Inferred {
                Severity::Warning
            } else {
                Severity::Error
            };
            diagnostics.push(
                Diagnostic::new(&RULE, example.title_span, wrong.message)
                    .severity(wrong.severity.min(most))
                    .label("this status")
                    .help(wrong.help)
                    .subject(response.status.subject()),
            );
        }
    }
}

struct Wrong {
    message: String,
    help: &'static str,
    severity: Severity,
}

/// A title that names a status by its phrase and then by another number: "Not Found (400)".
fn phrase_first(title: &str) -> Option<Wrong> {
    let (words, number) = title.strip_suffix(')')?.rsplit_once('(')?;
    let code: u16 = number.trim().parse().ok()?;
    let words = words.trim().to_lowercase();
    let wanted = CODES
        .get(&words)
        .copied()
        .filter(|wanted| *wanted != code)?;
    // "No Content (400)" says what was not sent.
    if wanted == 204 && code >= 400 {
        return None;
    }
    (100..600).contains(&code).then(|| Wrong {
        message: format!("the title says {code}, and `{words}` is {wanted}"),
        help: "make number and words agree",
        severity: Severity::Error,
    })
}

/// A title that contradicts itself.
fn title(operation: &Operation, example: &Example) -> Option<Wrong> {
    let title = example.title.as_deref()?.trim();
    if let Some(wrong) = phrase_first(title) {
        return Some(wrong);
    }
    let digits = title.split(|c: char| !c.is_ascii_digit()).next()?;
    let words = title
        .get(digits.len()..)?
        .trim_matches(|c: char| !c.is_alphanumeric() && c != '\'')
        .to_lowercase();
    let code: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    // "200 found" says what was found, and "404 too early" why nothing was.
    let is_phrase = |meant: &u16| !matches!(meant, 100..=103 | 206..=208 | 302 | 423 | 425);
    let meant = CODES.get(&words).copied().filter(is_phrase);
    if !(100..600).contains(&code) {
        let is_status = words.is_empty() || meant.is_some() || says_any(&words, &ANSWERS);
        return is_status.then(|| Wrong {
            message: format!("`{title}` is no status: they are numbers from 100 to 599"),
            help: "write the status that the server answers with",
            severity: Severity::Error,
        });
    }
    if code >= 400 && says_any(&words, &SUCCESSES) {
        return Some(Wrong {
            message: format!("the title says {code}, and calls it a success"),
            help: "make number and words agree",
            severity: Severity::Error,
        });
    }
    let wanted = meant.filter(|wanted| *wanted != code)?;
    // Text that names the number shows that it is meant.
    if said::is_named(operation, example.span.file, code) {
        return None;
    }
    // One word may be that of a sentence: "400 Conflict".
    let severity = if words.contains(' ') {
        Severity::Error
    } else {
        Severity::Warning
    };
    Some(Wrong {
        message: format!("the title says {code}, and `{words}` is {wanted}"),
        help: "make number and words agree",
        severity,
    })
}

/// A title that states another status than the first line of the message below it.
fn line(example: &Example) -> Option<Wrong> {
    let title = example.title.as_deref()?.trim();
    let digits = title.split(|c: char| !c.is_ascii_digit()).next()?;
    let code: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    let first = example.head.as_ref()?.text().trim_start().lines().next()?;
    let stated = first.strip_prefix("HTTP/")?.split_whitespace().nth(1)?;
    let stated: u16 = stated.parse().ok().filter(|it| *it != code)?;
    Some(Wrong {
        message: format!("the title says {code}, and the message below it says {stated}"),
        help: "make title and message agree",
        severity: Severity::Warning,
    })
}

/// Words that follow a status in titles.
const ANSWERS: [&str; 8] = [
    "answer",
    "body",
    "error",
    "example",
    "response",
    "result",
    "success",
    "successful",
];
/// Words that only follow the status of a success.
const SUCCESSES: [&str; 3] = ["success", "successful", "successfully"];

/// True if a text starts with one of the words.
fn says_any(text: &str, words: &[&str]) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).next();
    first.is_some_and(|first| words.contains(&first))
}

/// A body that states another status.
fn body(response: &Response, example: &Example) -> Option<Wrong> {
    let stated = response.status.code()?;
    let value = example.value()?;
    let says_success = ["success", "ok"].iter().find(|key| {
        let value = value.get(key);
        value.is_some_and(|value| value.kind == JsonKind::Bool(true))
    });
    if let (true, Some(key)) = (stated >= 400, says_success) {
        return Some(Wrong {
            message: format!("the title says {stated}, and the body says `{key}: true`"),
            help: "make title and body agree",
            severity: Severity::Warning,
        });
    }
    let inner = ["error", "errors"].iter().filter_map(|key| value.get(key));
    let (_, inside) = std::iter::once(value)
        .chain(inner)
        .find_map(status_in)
        .filter(|(member, inside)| *inside != stated && !is_of_another(response, member))?;
    // A success may tell what another server answered.
    if response.status.is_success() && inside >= 400 {
        return None;
    }
    Some(Wrong {
        message: format!("the title says {stated}, and the body says {inside}"),
        help: "make title and body agree",
        severity: Severity::Warning,
    })
}

/// A body under a status that has none.
fn bodiless(response: &Response, example: &Example) -> Option<Wrong> {
    let stated = response.status.code()?;
    let value = example.value()?;
    let has_body = !value.members().is_empty() || !value.items().is_empty();
    (matches!(stated, 204 | 205 | 304) && has_body).then(|| Wrong {
        message: format!("an answer of status {stated} has no body, and the example shows one"),
        help: "write the status that comes with this body, or leave the body out",
        severity: Severity::Warning,
    })
}

/// The members in which bodies repeat their status.
const MEMBERS: [&str; 5] = [
    "statusCode",
    "status_code",
    "httpStatus",
    "http_status",
    "status",
];

/// True if the page documents the member as something else than the status of the answer.
fn is_of_another(response: &Response, member: &str) -> bool {
    let mut fields = response.fields.iter();
    let field = fields.find(|field| field.name.value.trim() == member);
    field.is_some_and(|field| {
        let text = field.description.to_lowercase();
        let is_said = ["http", "code", "response", "request"]
            .iter()
            .any(|word| text.contains(word));
        !text.trim().is_empty() && !is_said
    })
}

/// The member that repeats a status, and the status.
fn status_in(value: &Json) -> Option<(&'static str, u16)> {
    MEMBERS.iter().find_map(|key| {
        let JsonKind::Number(number) = &value.get(key)?.kind else {
            return None;
        };
        let number = u16::try_from(number.as_u64()?).ok()?;
        (200..600).contains(&number).then_some((*key, number))
    })
}

/// An example under an error status that shows what the page documents for success.
fn success(operation: &Operation, response: &Response, example: &Example) -> Option<Wrong> {
    let stated = response.status.code().filter(|code| *code >= 400)?;
    if response.shape.is_some() {
        return None;
    }
    let value = example.value().filter(|value| status_in(value).is_none())?;
    let successes = || {
        let responses = operation.responses.iter();
        responses.filter(|other| other.status.is_success())
    };
    // Beside an example of the success, a like one of an error is meant as it stands.
    if successes().any(|other| !other.examples.is_empty()) {
        return None;
    }
    let shape = successes().find_map(|other| other.shape.as_ref())?;
    is_whole(shape, value).then(|| Wrong {
        message: format!(
            "the title says {stated}, and the body is what the fields document for success"
        ),
        help: "write the status of the success",
        severity: Severity::Warning,
    })
}

/// True if the value has most of the documented members, and no others.
fn is_whole(shape: &Shape, value: &Json) -> bool {
    const FEWEST: usize = 3;
    let members = shape.members();
    let shown = value.members().len();
    let inner = |member: &Member| {
        let value = value.get(&member.name)?;
        let members = member.shape.members().iter();
        let object = value.items().first().unwrap_or(value);
        Some(
            members
                .filter(|inner| object.get(&inner.name).is_some())
                .count(),
        )
    };
    // An envelope counts with what it holds.
    let inside: usize = members.iter().filter_map(inner).sum();
    let is_enough = members.len() >= FEWEST || shown == members.len() && shown + inside >= FEWEST;
    is_enough
        && shown * 2 > members.len()
        && shape.mismatches(value).iter().all(|mismatch| {
            !matches!(
                mismatch.kind,
                MismatchKind::Undocumented | MismatchKind::WrongType
            )
        })
}
