//! Fields and examples put together to responses, by their statuses and variants.

use crate::mdx::Fence;
use crate::model::evidence::Origin;
use crate::model::operation::{Example, Response, Status};

use super::collect::{Collected, Context};
use super::{
    examples, keyed, parts, placed, presence, sent, shape, sides, states, status, variants,
};

/// The responses: fields and examples put together by status and variant.
pub(super) fn of(collected: &Collected<'_>) -> Vec<Response> {
    let mut responses: Vec<Response> = Vec::new();
    let shown = shown(collected);
    let origin = shown.first().map(|it| it.origin);
    let titles = shown.iter().filter(|it| Some(it.origin) == origin);
    let titles: Vec<_> = titles.filter_map(|it| it.fence.title()).collect();
    let fields = placed::by_titles(&collected.response_fields, &titles);
    let read: Vec<_> = shown
        .iter()
        .map(|it| examples::response(it.fence, it.origin))
        .collect();
    let requests = collected.request_fences.iter();
    let requests: Vec<_> = requests.filter_map(|fence| fence.title()).collect();
    let is_error = |example: &Example| read.len() > 1 && sides::tells_error(example, &read);
    for (Shown { context, fence, .. }, example) in shown.iter().zip(&read) {
        let title = example.title.clone().unwrap_or_default();
        let worded = status::of_title(&title, fence.info_span, &status::STATUS_IN_EXAMPLE_TITLE)
            .filter(|status| *status != Status::Error || !states::of_example(example, &read));
        let is_default = || sides::is_other_error(example, &read, &requests);
        let stated = placed::status_of_variant(&fields, &title)
            .or(worded)
            .or_else(|| is_default().then_some(Status::Error))
            .or_else(|| examples::message_status(fence))
            .or_else(|| examples::comment_status(fence))
            .or_else(|| context.status.clone());
        let status = match stated {
            // A word says that it is an error, and the body which one.
            Some(Status::Error) if sides::says_success(example) => None,
            Some(Status::Error) => examples::code_in_body(example).or(stated),
            None => examples::status_in_body(example, shown.len() > 1)
                .or_else(|| is_error(example).then_some(Status::Error)),
            Some(_) => stated,
        };
        let context = Context {
            status: Some(status.unwrap_or(Status::Success)),
            ..Context::default()
        };
        let response = response_of(&mut responses, &context);
        response.examples.push(example.clone());
    }
    for (context, field) in &fields {
        if let Some(status) = status::of_field_name(&field.name.value, field.name.evidence.span) {
            let context = Context {
                status: Some(status),
                ..context.clone()
            };
            response_of(&mut responses, &context)
                .fields
                .extend(field.children.iter().cloned());
            continue;
        }
        response_of(&mut responses, context)
            .fields
            .push(field.clone());
    }
    parts::of_one_object(&mut responses);
    fields_without_status(&mut responses, &Status::Success);
    fields_without_status(&mut responses, &Status::Error);
    variants::put_together(&mut responses);
    placed::share(&mut responses, &fields);
    for response in &mut responses {
        placed::place(response, &fields);
    }
    for response in &mut responses {
        if !response.fields.is_empty() {
            let examples: Vec<_> = response
                .examples
                .iter()
                .filter_map(|example| example.value())
                .collect();
            let is_success = response.status.is_success();
            let said = collected.keyed.filter(|_| is_success);
            let mut shape = shape::of_answer(&response.fields, &examples, said);
            keyed::apply(&mut shape, &examples);
            if let (Some(elsewhere), true) = (collected.elsewhere.response, is_success) {
                shape.open(elsewhere);
            }
            presence::promise(&mut shape, response);
            if sent::are_both_forms(&shape, &examples) {
                shape = sent::one_or_several(shape);
            }
            response.shape = Some(shape);
        }
        // Most have few fields, and a vector makes room for four.
        response.fields.shrink_to_fit();
    }
    responses.shrink_to_fit();
    responses
}

/// A fence that shows a response, and what stands around it.
struct Shown<'c, 'p> {
    context: &'c Context,
    fence: &'p Fence,
    origin: Origin,
}

/// The fences in the component for them; bare ones on pages that do not use it, and those of errors that it does not show.
fn shown<'c, 'p>(collected: &'c Collected<'p>) -> Vec<Shown<'c, 'p>> {
    let of = |fences: &'c [(Context, &'p Fence)], origin| {
        let fences = fences.iter();
        fences.map(move |(context, fence)| Shown {
            context,
            fence,
            origin,
        })
    };
    let bare = of(&collected.bare_responses, Origin::Inferred);
    if collected.response_fences.is_empty() {
        return bare.collect();
    }
    let mut shown: Vec<_> = of(&collected.response_fences, Origin::Example).collect();
    let known: Vec<u16> = shown.iter().filter_map(Shown::code).collect();
    let is_more = |it: &Shown<'_, '_>| {
        let code = it.code().filter(|code| *code >= 400);
        code.is_some_and(|code| !known.contains(&code))
    };
    shown.extend(bare.filter(is_more));
    shown
}

impl Shown<'_, '_> {
    /// The status in its title, or in what stands around it.
    fn code(&self) -> Option<u16> {
        let title = self.fence.title().unwrap_or_default();
        let span = self.fence.info_span;
        let titled = status::of_title(&title, span, &status::STATUS_IN_EXAMPLE_TITLE);
        let titled = titled.and_then(|status| status.code());
        titled.or_else(|| self.context.status.as_ref()?.code())
    }
}

/// The response of that status and variant, made if there is none.
fn response_of<'r>(responses: &'r mut Vec<Response>, context: &Context) -> &'r mut Response {
    let status = context.status.clone().unwrap_or(Status::Success);
    let variant = context
        .variant
        .as_ref()
        .map(|variant| variant.value.as_str());
    let same = |response: &Response| {
        let code = response.status.code() == status.code()
            && response.status.is_success() == status.is_success();
        code && response
            .variant
            .as_ref()
            .map(|variant| variant.value.as_str())
            == variant
    };
    let index = responses.iter().position(same).unwrap_or_else(|| {
        responses.push(Response {
            status,
            variant: context.variant.clone(),
            fields: Vec::new(),
            shape: None,
            media_type: None,
            examples: Vec::new(),
        });
        responses.len() - 1
    });
    &mut responses[index]
}

/// Fields of a side without a status document all answers of that side: they join each one that has examples but no
/// fields.
fn fields_without_status(responses: &mut Vec<Response>, side: &Status) {
    let unstated = |response: &Response| response.status == *side && response.variant.is_none();
    let Some(index) = responses
        .iter()
        .position(|response| unstated(response) && !response.fields.is_empty())
    else {
        return;
    };
    let fields = responses[index].fields.clone();
    let mut joined = false;
    for response in responses.iter_mut() {
        let has_body = response
            .examples
            .iter()
            .any(|example| example.value().is_some());
        let code = response.status.code();
        if code.is_some_and(|code| side.covers(code)) && response.fields.is_empty() && has_body {
            response.fields.clone_from(&fields);
            joined = true;
        }
    }
    if joined && responses[index].examples.is_empty() {
        responses.remove(index);
    }
}
