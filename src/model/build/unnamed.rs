//! Fences with JSON outside of the components for examples, of which no title says what they show: the members do.

use crate::mdx::Fence;
use crate::model::evidence::{Origin, ReadingRule};
use crate::model::json::{self, Json};
use crate::model::operation::Status;

use super::collect::Collected;
use super::elsewhere::Side;
use super::field::Role;
use super::sections::Section;

static SHOWN_BY_MEMBERS: ReadingRule = ReadingRule {
    name: "shown-by-members",
    origin: Origin::Inferred,
    summary: "a fence with JSON outside of a component shows the answer if it has members that are documented for it, and a request below a title about requests",
};
/// How the code here reads pages.
pub(super) static READING_RULES: &[&ReadingRule] = &[&SHOWN_BY_MEMBERS];

/// So many documented members make a fence an example.
const FEWEST: usize = 2;

/// Takes the fences for responses, and for bodies of requests, that show their members.
pub(super) fn place(collected: &mut Collected<'_>) {
    if collected.unnamed.is_empty() {
        return;
    }
    let shows_others =
        !collected.response_fences.is_empty() || !collected.bare_responses.is_empty();
    let mut bodies = Vec::new();
    let mut responses = Vec::new();
    {
        let sent: Vec<&str> = collected
            .request_fields
            .iter()
            .filter(|(role, _)| *role == Role::Body)
            .map(|(_, field)| field.name.value.trim())
            .collect();
        let returned: Vec<&str> = collected
            .response_fields
            .iter()
            .filter(|(context, _)| context.status.as_ref().is_none_or(Status::is_success))
            .map(|(_, field)| field.name.value.trim())
            .collect();
        for (context, fence, last) in &collected.unnamed {
            let title = fence.title().unwrap_or_default();
            let section = Section::of_title(&title).or(context.section);
            let Some(value) = value(fence) else {
                continue;
            };
            let (of_request, of_response) = (count(&value, &sent), count(&value, &returned));
            match section {
                Some(Section::Request)
                    if of_request >= FEWEST.min(sent.len()).max(1) && of_request >= of_response =>
                {
                    bodies.push(*fence);
                }
                // A line such as "**Parameters**" does not reach over what comes back.
                None | Some(Section::Request) if !shows_others && of_response >= FEWEST => {
                    let is_after = *last == Some(Side::Response) && of_response == of_request;
                    let is_success = context.status.as_ref().is_none_or(Status::is_success);
                    if is_success && (of_response > of_request || is_after) {
                        responses.push((context.clone(), *fence));
                    }
                }
                _ => {}
            }
        }
    }
    let is_placed = |fence: &Fence| {
        let mut placed = bodies.iter().chain(responses.iter().map(|(_, it)| it));
        placed.any(|it| std::ptr::eq(*it, fence))
    };
    collected.unnamed.retain(|(_, fence, _)| !is_placed(fence));
    collected.bare_bodies.extend(bodies);
    collected.bare_responses.extend(responses);
}

fn value(fence: &Fence) -> Option<Json> {
    let mut reading = json::read(fence.code.text());
    let value = reading.documents.pop()?;
    reading.documents.is_empty().then_some(value)
}

/// How many of the names an object has, or the first object of a list.
fn count(value: &Json, names: &[&str]) -> usize {
    let object = value.items().first().unwrap_or(value);
    let shown = names.iter().filter(|name| object.get(name).is_some());
    shown.count()
}
