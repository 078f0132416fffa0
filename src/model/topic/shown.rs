//! What the examples show in the place of a member.

use crate::model::json::{Json, JsonKind};
use crate::model::operation::{Example, Response};

use super::Topic;

/// More items of an array than this tell nothing new about their members.
const ITEMS: usize = 3;
/// Longer values are cut.
const LONGEST: usize = 60;

/// The bodies that the examples of a response show.
pub(super) fn bodies(response: &Response) -> Vec<(&Example, &Json)> {
    let examples = response.examples.iter();
    examples
        .filter_map(|example| Some((example, example.value()?)))
        .collect()
}

/// What an example says about itself.
pub(super) fn status(example: &Example) -> String {
    let title = example.title.as_deref().unwrap_or_default();
    match (&example.json, title) {
        (Some(json), "") if !json.is_strict() => "an example is JSON only after repairs".to_owned(),
        (Some(json), title) if !json.is_strict() => {
            format!("the example `{title}` is JSON only after repairs")
        }
        (_, "") => "an example without a title".to_owned(),
        (_, title) => format!("the example `{title}`"),
    }
}

pub(super) fn items<'r>(values: &[(&'r Example, &'r Json)]) -> Vec<(&'r Example, &'r Json)> {
    let of = |(example, value): &(&'r Example, &'r Json)| {
        let items = value.items().iter().take(ITEMS);
        let example = *example;
        items.map(move |item| (example, item)).collect::<Vec<_>>()
    };
    values.iter().flat_map(of).collect()
}

pub(super) fn entries<'r>(values: &[(&'r Example, &'r Json)]) -> Vec<(&'r Example, &'r Json)> {
    let of = |(example, value): &(&'r Example, &'r Json)| {
        let members = value.members().iter().take(ITEMS);
        let example = *example;
        members
            .map(move |member| (example, &member.value))
            .collect::<Vec<_>>()
    };
    values.iter().flat_map(of).collect()
}

/// The values of a member, and a remark for each object that shows or lacks it.
pub(super) fn member<'r>(
    name: &str,
    values: &[(&'r Example, &'r Json)],
    topic: &mut Topic,
) -> Vec<(&'r Example, &'r Json)> {
    let mut shown = Vec::new();
    for (example, object) in values {
        if !matches!(object.kind, JsonKind::Object(_)) {
            continue;
        }
        if let Some(value) = object.get(name) {
            let span = example.text.span(value.range.clone());
            topic.remark(format!("an example shows {}", in_short(value)), span);
            shown.push((*example, value));
        } else {
            let span = example.text.span(object.range.clone());
            topic.remark("an example does not show it", span);
        }
    }
    shown
}

fn in_short(value: &Json) -> String {
    let text = match value.kind {
        JsonKind::Object(_) => return "an object".to_owned(),
        JsonKind::Array(_) => return "an array".to_owned(),
        JsonKind::Elision => return "an elision".to_owned(),
        _ => value.to_value().to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
