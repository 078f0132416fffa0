//! A curl command sends its body under another media type than the body has, or than the page documents.

use std::ops::Range;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::curl::{Body, Curl};
use crate::model::{Field, Location, Operation, Origin};
use crate::source::Span;

use super::{Call, Requests};

pub(in crate::check) static RULE: Rule = Rule {
    name: "wrong-request-media-type",
    severity: Severity::Warning,
    summary: "a curl command sends its body under a media type that does not fit",
};

pub(super) fn check(requests: &Requests<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (call, curl) in requests.own() {
        diagnostics.extend(unfit(call, curl));
        let undocumented = undocumented(call, curl, requests.operation)
            .or_else(|| other_than_field(call, curl, requests.operation));
        diagnostics.extend(undocumented);
    }
}

/// A body that is not what the header says.
fn unfit(call: &Call<'_>, curl: &Curl) -> Option<Diagnostic> {
    let header = curl.header("content-type");
    let stated = header.map(|header| header.value.value.to_ascii_lowercase());
    let (message, range, help): (_, Range<usize>, _) = match (curl.body.as_ref()?, &stated) {
        (Body::Raw(text), None) if is_json(text.text()) && !curl.reads_headers => (
            "curl sends this JSON as `application/x-www-form-urlencoded`".to_owned(),
            start(&text.range(0..text.text().len())),
            "add `-H 'Content-Type: application/json'`",
        ),
        (Body::Raw(text), Some(stated))
            if is_json(text.text()) && stated.contains("x-www-form-urlencoded") =>
        {
            (
                format!("the body is JSON, and sent as `{stated}`"),
                header?.value.range.clone(),
                "send JSON as `application/json`",
            )
        }
        (Body::Form(..), Some(stated)) if stated.contains("json") => (
            format!("the body is a form, and sent as `{stated}`"),
            header?.value.range.clone(),
            "send a form as `application/x-www-form-urlencoded`",
        ),
        (Body::Multipart(_), Some(stated)) if !stated.contains("multipart") => (
            format!("`-F` sends a multipart body, and the header says `{stated}`"),
            header?.value.range.clone(),
            "leave the header out: curl writes the right one",
        ),
        _ => return None,
    };
    Some(
        Diagnostic::new(&RULE, call.span(range), message.clone())
            .cause(match stated {
                // Without a header it is a habit of the site.
                None => Cause::on_site(message),
                Some(_) => Cause::on_page(message),
            })
            .label("this media type does not fit")
            .help(help)
            .subject("request.header.Content-Type"),
    )
}

/// A media type that contradicts the field of the header, if that has media types in code and no others.
fn other_than_field(call: &Call<'_>, curl: &Curl, operation: &Operation) -> Option<Diagnostic> {
    let mut fields = operation
        .parameters_in(Location::Header)
        .map(|it| &it.field);
    let is_it = |field: &&Field| field.name.value.trim().eq_ignore_ascii_case("content-type");
    let field = fields.find(is_it)?;
    let header = curl.header("content-type")?;
    let sent = plain(&header.value.value);
    let codes = field.description.split('`').skip(1).step_by(2);
    let stated = field.default.as_ref().and_then(|it| it.value.as_str());
    let known: Vec<String> = codes.chain(stated).map(plain).collect();
    let is_type = |text: &String| text.contains('/') && !text.contains([' ', '*', '<', '{']);
    let lower = field.description.to_lowercase();
    let is_open = ["e.g", "example", "such as", "any", "multipart"];
    if known.is_empty()
        || !known.iter().all(is_type)
        || known.contains(&sent)
        || sent.contains(['$', '<', '{'])
        || is_open.iter().any(|it| lower.contains(it))
    {
        return None;
    }
    let wanted = known.join("`, `");
    let at = call.span(header.value.range.clone());
    Some(another(at, &sent, &wanted, field.name.evidence.span))
}

/// A media type without its parameters, in lower case.
fn plain(text: &str) -> String {
    let first = text.split(';').next().unwrap_or_default();
    first.trim().to_ascii_lowercase()
}

/// A media type that contradicts `contentType`.
fn undocumented(call: &Call<'_>, curl: &Curl, operation: &Operation) -> Option<Diagnostic> {
    let documented = &operation.body.as_ref()?.media_type;
    if documented.evidence.origin != Origin::Attribute {
        return None;
    }
    if let (Body::Multipart(parts), Some(part)) = (curl.body.as_ref()?, first_part(curl))
        && curl.header("content-type").is_none()
        && documented.value.contains("json")
        && !parts.is_empty()
    {
        let message = format!(
            "`-F` sends a multipart body, and `{}` is documented",
            documented.value
        );
        return Some(
            Diagnostic::new(&RULE, call.span(part), message.clone())
                .label("a part of a multipart body")
                .help("use one media type in both places")
                .related(documented.evidence.span, "documented here")
                .subject("request.header.Content-Type")
                .cause(Cause::on_page(message)),
        );
    }
    let header = curl.header("content-type")?;
    let sent = header
        .value
        .value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let wanted = documented
        .value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if sent.eq_ignore_ascii_case(wanted) || sent.contains(['$', '<', '{']) {
        return None;
    }
    let at = call.span(header.value.range.clone());
    Some(another(at, sent, wanted, documented.evidence.span))
}

/// The finding for a header that states another media type than the one that is documented elsewhere.
fn another(at: Span, sent: &str, wanted: &str, documented: Span) -> Diagnostic {
    let message = format!("the body is sent as `{sent}`, and `{wanted}` is documented");
    Diagnostic::new(&RULE, at, message)
        .label("another media type")
        .help("use one media type in both places")
        .related(documented, "documented here")
        .subject("request.header.Content-Type")
        .cause(Cause::on_page(sent))
}

/// The name of the first part of a multipart body.
fn first_part(curl: &Curl) -> Option<Range<usize>> {
    match curl.body.as_ref()? {
        Body::Multipart(parts) => Some(parts.first()?.name.range.clone()),
        _ => None,
    }
}

fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn start(range: &Range<usize>) -> Range<usize> {
    range.start..(range.start + 1).min(range.end)
}
