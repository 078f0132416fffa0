//! What a request that is to be refused is about.

use crate::conform::plan::Variant;
use crate::conform::said::source;
use crate::source::Span;

use super::Case;
use super::refusal::{auth_subject, classes};

/// What of the operation a request is about, and where that is documented.
pub(super) fn about(case: &Case<'_>) -> (String, Span) {
    match &case.item.variant {
        Variant::Missing(input) | Variant::Invalid(input, ..) => (input.subject(), input.span),
        Variant::UnknownId(slot) => {
            let answer = [404, 410]
                .iter()
                .find_map(|status| source::answer(case.operation, *status));
            (slot.subject(), answer.unwrap_or_else(|| case.endpoint()))
        }
        Variant::As(_, Some(refusal)) => (auth_subject(case), refusal.evidence.span),
        Variant::NoCredentials | Variant::WrongCredentials => {
            let scheme = case.operation.auth.schemes.first();
            let span = scheme.map_or_else(|| case.endpoint(), |scheme| scheme.evidence.span);
            (auth_subject(case), span)
        }
        Variant::BrokenBody | Variant::OtherBody | Variant::EmptyBody => {
            let mut fields = case.operation.body.iter().flat_map(|body| &body.fields);
            let field = fields.next().map(|field| field.open);
            let mut answers = classes(&case.item.variant).iter();
            let answer = answers.find_map(|status| source::answer(case.operation, *status));
            let span = answer.or(field).unwrap_or_else(|| case.endpoint());
            ("request.body".to_owned(), span)
        }
        _ => ("endpoint".to_owned(), case.endpoint()),
    }
}

/// What of the operation a request that is to be refused is about.
pub(super) fn subject(case: &Case<'_>) -> String {
    about(case).0
}
