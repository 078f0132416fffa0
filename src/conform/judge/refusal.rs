//! Requests that the docs promise to refuse, and requests that they promise to accept beside the example.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::chain::SlotPlace;
use crate::conform::message::{Answer, describe_status};
use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::conform::plan::conditions;
use crate::conform::plan::input::{Input, Place, is_condition};
use crate::conform::plan::value::Fault;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::shape::ShapeKind;
use crate::model::{Evidence, Operation, Origin, Status};

use super::about::about;
use super::callers::{says_missing, says_unauthorized};
use super::causes::{self, Cause};
use super::{Case, Seen, blame, locked, permitted, plain, told};
use crate::conform::said::{bodies, coded, promises, tolerant};

/// A required input is not.
static REQUIRED_NOT_ENFORCED: Rule = Rule {
    name: "required-not-enforced",
    severity: Severity::Error,
    summary: "the server accepts a request without an input that is documented as required",
};

/// Anything goes.
pub(crate) static INVALID_VALUE_ACCEPTED: Rule = Rule {
    name: "invalid-value-accepted",
    severity: Severity::Error,
    summary: "the server accepts a value that is documented not to be taken",
};

/// Nobody is asked.
pub(super) static CREDENTIALS_NOT_ENFORCED: Rule = Rule {
    name: "credentials-not-enforced",
    severity: Severity::Error,
    summary: "the server answers without the documented credentials, or with wrong ones",
};

/// Everything is known.
static UNKNOWN_ID_ACCEPTED: Rule = Rule {
    name: "unknown-id-accepted",
    severity: Severity::Error,
    summary: "the server answers with a success for an id that nothing has",
};

/// Refused, but otherwise than documented.
pub(crate) static UNEXPECTED_REFUSAL: Rule = Rule {
    name: "unexpected-refusal",
    severity: Severity::Error,
    summary: "the server refuses a request with another status than the documented one",
};

/// Documented, and not taken.
pub(crate) static REFUSED_VALUE: Rule = Rule {
    name: "refused-value",
    severity: Severity::Error,
    summary: "the server refuses a value that is documented",
};

/// Required, and not said to be.
static OPTIONAL_IS_REQUIRED: Rule = Rule {
    name: "optional-is-required",
    severity: Severity::Error,
    summary: "the server refuses a request without an input that is not documented as required",
};

/// Now so, now otherwise.
static FLAKY_ANSWER: Rule = Rule {
    name: "flaky-answer",
    severity: Severity::Warning,
    summary: "the server answers the same request once as documented and once not",
};

/// The rules of this file.
pub(super) static RULES: &[&Rule] = &[
    &REQUIRED_NOT_ENFORCED,
    &INVALID_VALUE_ACCEPTED,
    &CREDENTIALS_NOT_ENFORCED,
    &UNKNOWN_ID_ACCEPTED,
    &UNEXPECTED_REFUSAL,
    &REFUSED_VALUE,
    &OPTIONAL_IS_REQUIRED,
    &FLAKY_ANSWER,
];

/// Judges the status of a request that is to be refused; true if the body is worth a look.
pub(super) fn check(
    case: &Case<'_>,
    answer: &Answer,
    body: Option<&Value>,
    into: &mut Vec<Diagnostic>,
) -> bool {
    let code = answer.status;
    if let Variant::As(_, Some(refusal)) = &case.item.variant
        && code < 500
    {
        return permitted::check(case, refusal, (answer, body), into);
    }
    match code {
        // What is too much at the moment says nothing about this request.
        429 | 503 => false,
        200..300 if super::is_failure(Some(case.operation), body) => {
            let is_documented = super::status::documents_failure(case.operation);
            into.extend(other_status(case, answer).filter(|_| !is_documented));
            false
        }
        200..300 if told::is_told_of_row(case, body) => {
            into.extend(body.and_then(|body| told::other_reason(case, answer, body)));
            false
        }
        200..300 => {
            into.extend(accepted(case, answer));
            false
        }
        400..500 => {
            into.extend(other_status(case, answer));
            into.extend(body.and_then(|body| blame::other_input(case, answer, body)));
            into.extend(body.and_then(|body| locked::other_reason(case, answer, body)));
            into.extend(body.and_then(|body| blame::nobody(case, answer, body)));
            into.extend(body.and_then(|body| blame::cut_short(case, answer, body)));
            true
        }
        _ => {
            let known = into.len();
            let is_worth_a_look = super::status::check(case, answer, into);
            let (subject, span) = about(case);
            let documented = documented(case, classes(&case.item.variant));
            for finding in into.iter_mut().skip(known) {
                finding.subject = Some(subject.clone());
                // A success is not what the request is to be answered with.
                finding.span = span;
                finding.label = Some("documented here".to_owned());
                if let Some(observation) = &mut finding.observation {
                    observation.expected = Some(expected(&documented));
                }
            }
            is_worth_a_look
        }
    }
}

/// The finding for a request that was not refused.
fn accepted(case: &Case<'_>, answer: &Answer) -> Option<Diagnostic> {
    let (subject, span) = about(case);
    let words = case.item.variant.clause();
    let (rule, evidence) = match &case.item.variant {
        Variant::Missing(input) => (&REQUIRED_NOT_ENFORCED, input.required),
        Variant::Invalid(_, _, _, evidence) => (&INVALID_VALUE_ACCEPTED, *evidence),
        Variant::NoCredentials | Variant::WrongCredentials => (&CREDENTIALS_NOT_ENFORCED, None),
        Variant::UnknownId(_) if tolerant::accepts_missing(case.operation) => return None,
        Variant::UnknownId(_) => (&UNKNOWN_ID_ACCEPTED, None),
        // It may be taken for nothing at all.
        Variant::OtherBody if !bodies::wants_object(case.operation) => return None,
        Variant::BrokenBody | Variant::OtherBody | Variant::EmptyBody => {
            (&INVALID_VALUE_ACCEPTED, None)
        }
        _ => return None,
    };
    let promised: Vec<u16> = classes(&case.item.variant).to_vec();
    let documented = documented(case, &promised);
    let seen = Seen {
        expected: expected(&documented),
        observed: answer.status_line(),
        ..Seen::default()
    };
    let message = format!(
        "{} {words} is answered with {}",
        case.operation.name(),
        answer.status_line()
    );
    let span = evidence.map_or(span, |evidence| evidence.span);
    let finding = case.finding(rule, span, &message, seen).subject(subject);
    let finding = finding.label("documented here");
    let is_promised = !documented.is_empty()
        || case
            .operation
            .responses
            .iter()
            .any(|it| it.status == Status::Error);
    // Servers that read numbers from texts, and texts from numbers, are many.
    let is_number_in_quotes = match &case.item.variant {
        Variant::Invalid(_, Value::String(text), Fault::Type, _) => text.parse::<f64>().is_ok(),
        Variant::Invalid(input, Value::Number(_), Fault::Type, _) => {
            input.shape.kind == ShapeKind::String
        }
        _ => false,
    };
    let mut sentences = promises::sentences(case.operation);
    if is_number_in_quotes && sentences.any(|it| tolerant::takes_numbers_in_quotes(&it)) {
        return None;
    }
    let is_of_order = match &case.item.variant {
        Variant::Invalid(input, _, Fault::Beside, _) => {
            !plain::is_said(input) || !plain::documents_refusal(case.operation, input, &documented)
        }
        _ => false,
    };
    let is_plain = match &case.item.variant {
        Variant::Invalid(input, _, fault, Some(evidence)) => {
            plain::is_plain(input, *fault, *evidence)
                && plain::documents_refusal(case.operation, input, &documented)
        }
        // "Required." is what the attribute says as well.
        Variant::Missing(input) => {
            plain::documents_refusal(case.operation, input, &documented)
                && evidence.is_some_and(|it| it.origin == Origin::Prose)
        }
        _ => false,
    };
    let is_weak = evidence.is_some_and(|it| it.origin <= Origin::Prose && !is_plain)
        || is_number_in_quotes
        || is_of_order;
    // Who documents no way to refuse may mean that nothing is refused.
    let severity = match &case.item.variant {
        Variant::NoCredentials | Variant::WrongCredentials
            if !asks(case, !documented.is_empty()) =>
        {
            Severity::Warning
        }
        Variant::UnknownId(slot)
            if !is_promised
                || slot.place == SlotPlace::Body
                    && !plain::is_unknown_refused(case.operation, slot) =>
        {
            Severity::Warning
        }
        Variant::BrokenBody if !is_promised => Severity::Warning,
        Variant::EmptyBody if !documented.is_empty() => rule.severity,
        Variant::OtherBody | Variant::EmptyBody => Severity::Warning,
        Variant::Missing(input)
            if input.required.is_none()
                && !(conditions::is_needed_sometimes(&input.description)
                    && plain::documents_refusal(case.operation, input, &documented)) =>
        {
            Severity::Warning
        }
        Variant::Missing(_) | Variant::Invalid(..) if is_weak || !is_promised => Severity::Warning,
        _ => rule.severity,
    };
    Some(finding.severity(severity))
}

/// The finding for an answer that was another one when the same request was sent again.
pub(crate) fn flaky(case: &Case<'_>, answer: &Answer) -> Diagnostic {
    let line = answer.status_line();
    let message = format!(
        "{} {} is answered with {line}, and otherwise when it is sent again",
        case.operation.name(),
        case.item.variant.clause()
    );
    let seen = Seen {
        expected: "the same answer again".to_owned(),
        observed: line,
        ..Seen::default()
    };
    case.finding(&FLAKY_ANSWER, case.endpoint(), &message, seen)
}

/// True if the page says that credentials are needed, and the run was given some.
///
/// A command that shows a header does not say that nobody is let in without it, and who tests without credentials tests a
/// server that is known to ask for none.
fn asks(case: &Case<'_>, is_refusal_documented: bool) -> bool {
    let mut schemes = case.operation.auth.schemes.iter();
    let is_stated = schemes.any(|scheme| scheme.evidence.origin > Origin::Prose);
    (is_stated || is_refusal_documented) && case.item.placeholders.is_empty()
}

/// The finding for a request that was refused, but not in the documented way.
fn other_status(case: &Case<'_>, answer: &Answer) -> Option<Diagnostic> {
    let code = answer.status;
    let documented = documented(case, classes(&case.item.variant));
    // What has changed since, or is there already, may be seen before what is wrong.
    if promises::OF_STATES.contains(&code)
        && is_spoken_of_or_stated(case.operation, code)
        && super::json_of(answer).is_some_and(|body| super::standing::says_taken(&body))
    {
        return None;
    }
    // A success that is documented is none for what failed.
    let is_stated = code >= 400
        && case
            .operation
            .responses
            .iter()
            .any(|it| it.status.code() == Some(code));
    // A body that cannot be read is refused before its values are, in a way of its own.
    let is_unread = matches!(case.item.variant, Variant::BrokenBody | Variant::OtherBody)
        && classes(&case.item.variant).contains(&code);
    let is_of_unknown = matches!(case.item.variant, Variant::UnknownId(_))
        && told_by_field(case).is_none()
        && may_tell_unknown(case.operation, code);
    // What does not go together may only go in another state, and a server may see that first.
    let is_of_state = promises::OF_STATES.contains(&code) && is_stated;
    let is_too_early = is_of_state && depends_on_others(&case.item.variant);
    // Who is known to be somebody else is forbidden, unless the page says otherwise.
    let is_forbidden = code == 403
        && matches!(case.item.variant, Variant::WrongCredentials)
        && !says_unauthorized(case.operation);
    if documented.is_empty()
        || is_forbidden
        || documented.contains(&code)
        || is_unread
        || is_of_unknown
        || is_too_early
    {
        return None;
    }
    let (subject, _) = about(case);
    let words = case.item.variant.clause();
    let message = format!(
        "{} {words} is answered with {} in place of {}",
        case.operation.name(),
        answer.status_line(),
        expected(&documented)
    );
    let span = case
        .operation
        .responses
        .iter()
        .find_map(|it| match &it.status {
            Status::Code(fact) if documented.contains(&fact.value) => Some(fact.evidence.span),
            _ => None,
        })
        .unwrap_or_else(|| case.endpoint());
    let seen = Seen {
        expected: expected(&documented),
        observed: super::status::observed(answer),
        ..Seen::default()
    };
    let finding = case.finding(&UNEXPECTED_REFUSAL, span, &message, seen);
    let finding = finding.subject(subject);
    let finding = finding.label("documented here");
    // Of several reasons to refuse a request the server may see another one first, and 422 is a narrower 400.
    let is_related = classes(&case.item.variant).contains(&code);
    let is_sure = plain::is_other_for_sure(case, code, &documented);
    Some(if !is_sure && (is_stated || is_related) {
        finding.severity(Severity::Warning)
    } else {
        finding
    })
}

/// True for what is only wrong beside the value of another input.
fn depends_on_others(variant: &Variant) -> bool {
    match variant {
        Variant::Missing(input) => input.required.is_none(),
        Variant::Invalid(_, _, fault, _) => *fault == Fault::Beside,
        _ => false,
    }
}

/// The statuses that refuse a request for such a reason.
pub(super) fn classes(variant: &Variant) -> &'static [u16] {
    match variant {
        Variant::NoCredentials | Variant::WrongCredentials => &[401, 403],
        Variant::UnknownId(slot) if slot.place == SlotPlace::Body => &[400, 404, 409, 422],
        Variant::UnknownId(_) => &[404, 410],
        Variant::Invalid(input, ..) if is_precondition(input) => &[412],
        Variant::Missing(input) if is_precondition(input) => &[428],
        // No route may lead to a name that is none.
        Variant::Invalid(input, ..) if input.place == Place::Path => &[400, 404, 414, 422],
        _ => &[400, 422],
    }
}

fn is_precondition(input: &Input) -> bool {
    input.place == Place::Header && is_condition(&input.name)
}

/// True if a text of the page names the status: "An id that does not exist is answered with `404`".
fn is_spoken_of(operation: &Operation, code: u16) -> bool {
    let parameters = operation.parameters.iter().map(|it| &it.field);
    let members = operation.body.iter().flat_map(|body| &body.fields);
    let mut fields = parameters.chain(members);
    let mut remarks = operation.remarks.iter();
    remarks.any(|it| names_status(&it.value, code))
        || fields.any(|field| names_status(&field.description, code))
}

/// True if a status that a text names may be that of what is not known: the page itself names it, or a page about all errors
/// says that it is for what is not there. "400: The body is not JSON" is about something else.
fn may_tell_unknown(operation: &Operation, code: u16) -> bool {
    static OTHER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:any\s+other|invalid|missing|none|nothing)\b"));
    let own = operation.endpoint.evidence.span.file;
    let (of_page, of_all): (Vec<_>, Vec<_>) = operation
        .remarks
        .iter()
        .partition(|it| it.evidence.span.file == own);
    let parameters = operation.parameters.iter().map(|it| &it.field);
    let members = operation.body.iter().flat_map(|body| &body.fields);
    let mut fields = parameters.chain(members);
    let is_stated = operation.responses.iter().any(|it| match &it.status {
        Status::Code(status) => {
            matches!(status.value, 404 | 410) && status.evidence.span.file == own
        }
        _ => false,
    });
    // "Any other order is refused with `409`" is about orders that are there, on a page that has a 404 for the others.
    let is_meant = |text: &str| !is_stated || is_of_unknown(&OTHER.replace_all(text, ""), code);
    of_page
        .iter()
        .any(|it| names_status(&it.value, code) && is_meant(&it.value))
        || fields.any(|field| names_status(&field.description, code))
        || of_all
            .iter()
            .any(|it| names_status(&it.value, code) && !is_stated && is_of_unknown(&it.value, code))
}

fn names_status(text: &str, code: u16) -> bool {
    let number = code.to_string();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word == number)
}

/// True if the page states a status, or names it in a text.
fn is_spoken_of_or_stated(operation: &Operation, code: u16) -> bool {
    let mut codes = operation.responses.iter().map(|it| it.status.code());
    codes.any(|it| it == Some(code)) || is_spoken_of(operation, code)
}

/// True if the page says that a status is for what stands in the URL or in headers.
fn is_for_parameters(operation: &Operation, code: u16) -> bool {
    coded::tells_parameters(&super::status::words_about(operation, code))
}

/// The one status with which the field of an id says that unknown ones are answered.
fn told_by_field(case: &Case<'_>) -> Option<u16> {
    let Variant::UnknownId(slot) = &case.item.variant else {
        return None;
    };
    let inputs = crate::conform::plan::input::inputs(case.operation);
    let input = inputs.iter().find(|input| slot.is_for(input))?;
    let words = input
        .description
        .split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes = words.filter_map(|word| word.parse::<u16>().ok());
    let code = codes.next().filter(|code| (400..500).contains(code))?;
    (codes.next().is_none() && is_of_unknown(&input.description, code)).then_some(code)
}

/// True if the sentence that names a status is about what is not there: "must be in the same region, else `409`" is about
/// things that are.
fn is_of_unknown(text: &str, code: u16) -> bool {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:unknown|unrecogni[sz]ed|missing|not\s+found|not\s+know|no\s+(?:such|\w+\s+(?:has|with|of))|nothing|nobody|none|deleted|gone
            |(?:does|do|did)\s*(?:not|n['’]t)\s+(?:exist|have|know|find|belong)|(?:doesn|don|didn)['’]t\s+(?:exist|have|know|find)
            |(?:can|could)\s*(?:not|n['’]t)\s+(?:be\s+)?f(?:ind|ound)|exists?|existing|is\s+not\s+there|isn['’]t\s+there|invalid|other\s+ids?|any\s+other)\b",
        )
    });
    let number = code.to_string();
    let mut sentences = text.split(['.', ';', '\n']);
    sentences.any(|sentence| sentence.contains(&number) && UNKNOWN.is_match(sentence))
}

/// Those of the statuses that the operation documents.
fn documented(case: &Case<'_>, classes: &[u16]) -> Vec<u16> {
    if let Some(code) = told_by_field(case).or_else(|| plain::told_if_missing(&case.item.variant)) {
        return vec![code];
    }
    let codes = case
        .operation
        .responses
        .iter()
        .filter_map(|it| it.status.code());
    let mut codes: Vec<_> = codes.filter(|code| classes.contains(code)).collect();
    codes.sort_unstable();
    codes.dedup();
    // Of two statuses for callers, the pages may say which one is for those whom nobody knows.
    let is_unknown_caller = match &case.item.variant {
        Variant::WrongCredentials => says_unauthorized(case.operation),
        Variant::NoCredentials => says_missing(case.operation),
        _ => false,
    };
    if is_unknown_caller && codes.contains(&401) {
        codes.retain(|code| *code == 401);
    }
    // That of states alone says nothing about what is not there.
    if matches!(&case.item.variant, Variant::UnknownId(slot) if slot.place == SlotPlace::Body)
        && codes == [409]
    {
        return Vec::new();
    }
    // "A query parameter or header has a value that is not allowed" tells what is not in the body apart.
    if let Variant::Missing(input) | Variant::Invalid(input, ..) = &case.item.variant
        && input.place != Place::Body
    {
        let told: Vec<_> = codes
            .iter()
            .copied()
            .filter(|code| is_for_parameters(case.operation, *code))
            .collect();
        if !told.is_empty() {
            return told;
        }
    }
    let wanted = match &case.item.variant {
        Variant::BrokenBody => Cause::Syntax,
        Variant::Missing(_) | Variant::Invalid(..) => Cause::Values,
        _ => return codes,
    };
    causes::told(case.operation, codes, wanted)
}

fn expected(codes: &[u16]) -> String {
    let words: Vec<_> = codes.iter().map(|code| describe_status(*code)).collect();
    if words.is_empty() {
        "a refusal".to_owned()
    } else {
        words.join(" or ")
    }
}

/// The finding for a documented value, or a documented input, that is refused.
pub(crate) fn refused(
    case: &Case<'_>,
    answer: &Answer,
    input: &Input,
    evidence: Option<Evidence>,
    is_promised: bool,
) -> Diagnostic {
    let words = case.item.variant.clause();
    let message = format!(
        "{} {words} is answered with {}",
        case.operation.name(),
        answer.status_line()
    );
    let seen = Seen {
        expected: "a success".to_owned(),
        observed: super::status::observed(answer),
        ..Seen::default()
    };
    let span = evidence.map_or(input.span, |evidence| evidence.span);
    let finding = case
        .finding(&REFUSED_VALUE, span, &message, seen)
        .subject(input.subject());
    let is_weak =
        evidence.is_some_and(|it| it.origin <= Origin::Prose && !plain::is_plain_limit(input, it));
    // Which characters are counted is known to the server alone.
    let is_promised = is_promised && !tolerant::counts_some(&input.description);
    let finding = finding.label("documented here");
    match (is_promised, is_weak) {
        // The value was made up: the docs may mean others only.
        (false, _) => finding.severity(Severity::Info),
        (true, true) => finding.severity(Severity::Warning),
        (true, false) => finding,
    }
}

/// The finding for an input that has to be sent although nothing says so.
pub(crate) fn needed(case: &Case<'_>, answer: &Answer, input: &Input) -> Diagnostic {
    let message = format!(
        "{} without the {} is answered with {}",
        case.operation.name(),
        input.describe(),
        answer.status_line()
    );
    let seen = Seen {
        expected: "a success".to_owned(),
        observed: super::status::observed(answer),
        ..Seen::default()
    };
    case.finding(&OPTIONAL_IS_REQUIRED, input.span, &message, seen)
        .subject(input.subject())
        .label("not documented as required")
        .help("mark the field as `required`, or let the server do without it")
}

/// `request.header.Authorization`, or what else carries the credentials.
pub(super) fn auth_subject(case: &Case<'_>) -> String {
    use crate::model::AuthScheme;
    match case
        .operation
        .auth
        .schemes
        .first()
        .map(|scheme| &scheme.value)
    {
        Some(AuthScheme::Header(name)) => format!("request.header.{name}"),
        Some(AuthScheme::Query(name)) => format!("request.query.{name}"),
        Some(AuthScheme::Bearer | AuthScheme::Basic) | None => {
            "request.header.Authorization".to_owned()
        }
    }
}
