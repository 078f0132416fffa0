//! Fields with dotted names, put inside the fields that their names lead to: what follows does not have to know how a page
//! was laid out.

use std::collections::VecDeque;

use crate::model::evidence::Fact;
use crate::model::operation::{Api, Field};
use crate::model::shape::Shape;
use crate::model::types::Type;

use super::dotted::{self, DOTTED_NAME, Step};
use super::shape::of_root_items;

/// Nests the fields of all bodies and answers as their shapes are nested: `amount.value` becomes `value` inside `amount`.
pub fn nest(api: &mut Api) {
    for operation in &mut api.operations {
        if let Some(body) = &mut operation.body {
            nest_fields(&mut body.fields, &body.shape);
        }
        for response in &mut operation.responses {
            if let Some(shape) = &response.shape {
                nest_fields(&mut response.fields, shape);
            }
        }
    }
}

fn nest_fields(fields: &mut Vec<Field>, shape: &Shape) {
    if shape.is_array() {
        for field in fields.iter_mut() {
            if let Some(rest) = of_root_items(&field.name.value) {
                field.name.value = rest.to_owned();
            }
        }
    }
    if fields.iter().any(|field| way(field, shape).is_some()) {
        let mut paths = Vec::new();
        for field in std::mem::take(fields) {
            match way(&field, shape) {
                Some(way) => paths.push((way, field)),
                None => fields.push(field),
            }
        }
        for (way, field) in paths {
            insert(fields, way, field);
        }
    }
    for field in fields {
        let members = shape.members();
        let member = members.iter().find(|it| it.name == field.name.value);
        let Some(member) = member else { continue };
        for child in &mut field.children {
            let name = dotted::without_parent(child.name.value.trim(), &field.name.value);
            child.name.value = name.to_owned();
        }
        nest_fields(&mut field.children, &member.shape);
    }
}

/// The steps that the name of a field leads through, if its shape has them.
fn way(field: &Field, shape: &Shape) -> Option<VecDeque<Step>> {
    let name = field.name.value.trim();
    if !name.contains(['.', '>', '/']) {
        return None;
    }
    let is_literal = shape.members().iter().any(|member| member.name == name);
    let steps = dotted::steps(name);
    // Names may be those inside an envelope.
    let mut roots = std::iter::once(shape).chain(shape.members().iter().map(|it| &it.shape));
    let is_way = steps.len() > 1 && !is_literal && roots.any(|root| leads(root, &steps));
    is_way.then(|| steps.into())
}

fn leads(root: &Shape, steps: &[Step]) -> bool {
    let mut shape = root;
    steps.iter().all(|step| {
        let member = shape.members().iter().find(|it| it.name == step.name);
        shape = member.map_or(shape, |it| &it.shape);
        member.is_some()
    })
}

/// Puts a field where its steps lead to, into fields that nothing else documents where there are none.
fn insert(fields: &mut Vec<Field>, mut way: VecDeque<Step>, mut field: Field) {
    let Some(step) = way.pop_front() else { return };
    if way.is_empty() {
        field.name.value = step.name;
        fields.push(field);
        return;
    }
    let is_it = |it: &Field| it.name.value.trim().trim_end_matches("[]") == step.name;
    if !fields.iter().any(is_it) {
        fields.push(implied(&step, &field));
    }
    if let Some(parent) = fields.iter_mut().find(|it| is_it(it)) {
        insert(&mut parent.children, way, field);
    }
}

/// The object that a field with a dotted name stands in, without any words of its own.
fn implied(step: &Step, leaf: &Field) -> Field {
    let kind = if step.is_array {
        Type::Array(Some(Box::new(Type::Object)))
    } else {
        Type::Object
    };
    Field {
        name: Fact::new(step.name.clone(), leaf.name.evidence.span, &DOTTED_NAME),
        type_text: None,
        kind,
        required: None,
        default: None,
        description: String::new(),
        prose: std::sync::Arc::default(),
        deprecated: false,
        variant: None,
        children: Vec::new(),
        span: leaf.span,
        open: leaf.open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build::tests::api;

    /// The names of fields as they are nested: `a(b,c)`.
    fn names(fields: &[Field]) -> String {
        let one = |field: &Field| match names(&field.children).as_str() {
            "" => field.name.value.clone(),
            inside => format!("{}({inside})", field.name.value),
        };
        fields.iter().map(one).collect::<Vec<_>>().join(",")
    }

    fn nested(fields: &str) -> String {
        let page = format!("---\napi: POST /orders\n---\n\n{fields}\n");
        let mut api = api(&[("a.mdx", &page)]);
        nest(&mut api);
        names(&api.operations[0].body.as_ref().unwrap().fields)
    }

    fn body(names: &[&str]) -> String {
        let field = |name: &&str| format!("<ParamField body=\"{name}\" type=\"string\" />\n");
        names.iter().map(field).collect()
    }

    #[test]
    fn dotted_names_lead_inside() {
        for (written, read) in [
            (&["amount.value", "amount.unit"][..], "amount(value,unit)"),
            (&["items[].sku", "note"], "note,items(sku)"),
            (&["a.b.c", "a.d"], "a(b(c),d)"),
            (&["note"], "note"),
            (&["[].id", "[].name"], "id,name"),
        ] {
            assert_eq!(nested(&body(written)), read);
        }
        let table = "## Body\n\n| Name | Type | Description |\n| --- | --- | --- |\n| `amount` | object | What. |\n| `amount.value` | integer | From 1 to 5. |\n";
        assert_eq!(nested(table), "amount(value)");
    }

    #[test]
    fn names_that_repeat_that_of_their_parent_lose_it() {
        let page = "<ParamField body=\"customer\" type=\"object\">\n<Expandable>\n<ParamField body=\"customer.name\" type=\"string\" />\n</Expandable>\n</ParamField>\n";
        assert_eq!(nested(page), "customer(name)");
    }

    #[test]
    fn a_name_that_an_example_shows_with_its_dot_stays() {
        let page = format!(
            "{}\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/orders -d '{{\"a.b\": \"x\"}}'\n```\n</RequestExample>\n",
            body(&["a.b"])
        );
        assert_eq!(nested(&page), "a.b");
    }
}
