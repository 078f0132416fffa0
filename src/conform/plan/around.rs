//! The objects around a member that a request does not have: without them, the member would not be sent at all.

use serde_json::{Map, Value};

use crate::conform::bindings::Bindings;
use crate::model::shape::ShapeKind;

use super::draft::Draft;
use super::input::{Input, Place, Step};
use super::shown::Shown;
use super::value::made_up;

/// How a value got into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// As it is: what is around it was there.
    Plain,
    /// With objects around it that were made up for it.
    Wrapped,
}

impl Draft {
    /// Gives an input a value, together with the objects around it and what is required in them; nothing if the request
    /// would not hold the value then.
    pub(crate) fn put(
        &mut self,
        input: &Input,
        value: &Value,
        inputs: &[Input],
        shown: &Shown,
    ) -> Option<Put> {
        let mut put = Put::Plain;
        let length = input.steps.len().saturating_sub(1);
        for count in 1..=length {
            let way = input.steps.get(..count)?;
            let is_item = matches!(way.last(), Some(Step::Item));
            let around = inputs.iter().find(|it| is_at(it, way));
            // What is around items is an array, which is made with one of them.
            let Some(around) = around.filter(|_| !is_item) else {
                continue;
            };
            let known = self.value(around);
            let is_empty = known.as_ref().and_then(Value::as_array).map(Vec::is_empty);
            if known.is_some_and(|it| !it.is_null()) && is_empty != Some(true) {
                continue;
            }
            let object = made(around, inputs, shown)?;
            if !self.set(around, Some(&object)) {
                return None;
            }
            put = Put::Wrapped;
        }
        self.set(input, Some(value)).then_some(put)
    }
}

fn is_at(input: &Input, way: &[Step]) -> bool {
    input.place == Place::Body && input.steps == way
}

/// An object as the pages show it elsewhere, else one with what is required in it.
fn made(around: &Input, inputs: &[Input], shown: &Shown) -> Option<Value> {
    if let Some(known) = shown.value(around) {
        return Some(known);
    }
    let is_list = matches!(around.shape.kind, ShapeKind::Array(_));
    let mut way = around.steps.clone();
    if is_list {
        way.push(Step::Item);
    }
    let inside = inputs.iter().filter(|it| {
        let is_child = it.steps.len() == way.len() + 1 && it.steps.starts_with(&way);
        it.place == Place::Body && it.required.is_some() && is_child
    });
    let mut members = Map::new();
    for child in inside {
        let value = match child.shape.kind {
            ShapeKind::Object { .. } => made(child, inputs, shown),
            _ => made_up(child, &Bindings::default(), shown),
        };
        members.insert(child.name.clone(), value?);
    }
    let object = Value::Object(members);
    Some(if is_list {
        Value::Array(vec![object])
    } else {
        object
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::plan::{Item, input};

    const PAGE: &str = "---\napi: POST /shelves\n---\n\n<ParamField body=\"label\" type=\"string\" />\n<ParamField body=\"place\" type=\"object\">\n<Expandable>\n<ParamField body=\"room\" type=\"string\" required />\n<ParamField body=\"level\" type=\"integer\" required />\n<ParamField body=\"note\" type=\"string\" />\n</Expandable>\n</ParamField>\n<ParamField body=\"planks\" type=\"object[]\">\n<Expandable>\n<ParamField body=\"wood\" type=\"string\" required />\n<ParamField body=\"length\" type=\"integer\" />\n</Expandable>\n</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/shelves -d '{\"label\": \"A\"}'\n```\n</RequestExample>\n";

    fn example() -> (Vec<Input>, Item) {
        let (_, documentation) = crate::conform::tests::documentation("", &[PAGE]);
        let bindings = Bindings::default();
        let plan = crate::conform::tests::planned(&documentation, &bindings);
        let inputs = input::inputs(&documentation.api.operations[0]);
        (inputs, plan.items[0].clone())
    }

    #[test]
    fn a_member_comes_with_the_object_around_it_and_what_that_needs() {
        let (inputs, item) = example();
        let put = |name: &str, value: Value| {
            let input = inputs.iter().find(|it| it.name == name).unwrap();
            let mut draft = item.draft.clone();
            let put = draft.put(input, &value, &inputs, &Shown::default());
            (put, draft.json().cloned().unwrap())
        };
        let (how, body) = put("note", json!("dry"));
        assert_eq!(how, Some(Put::Wrapped));
        assert_eq!(body["label"], "A");
        assert_eq!(body["place"]["note"], "dry");
        assert!(body["place"]["room"].is_string());
        assert!(body["place"]["level"].is_number());
        let (how, body) = put("length", json!(4));
        assert_eq!(how, Some(Put::Wrapped));
        assert_eq!(body["planks"][0]["length"], 4);
        assert!(body["planks"][0]["wood"].is_string());
        let (how, _) = put("label", json!("B"));
        assert_eq!(how, Some(Put::Plain));
    }

    #[test]
    fn a_body_that_holds_no_members_is_left_alone() {
        let (inputs, item) = example();
        let mut draft = item.draft.clone();
        draft.set_json(json!([1]));
        let input = inputs.iter().find(|it| it.name == "note").unwrap();
        let put = draft.put(input, &json!("dry"), &inputs, &Shown::default());
        assert_eq!(put, None);
    }
}
