//! The part of a shape that describes the value at a path.

use super::path::Step;
use super::{JsonPath, Shape, ShapeKind};

impl Shape {
    /// What is documented for the value at `path`; of alternatives, the first that documents it.
    ///
    /// A mismatch names a place in a value; this leads from there to the place in the documentation.
    pub fn at(&self, path: &JsonPath) -> Option<&Self> {
        self.after(&path.steps)
    }

    fn after(&self, steps: &[Step]) -> Option<&Self> {
        let Some((step, rest)) = steps.split_first() else {
            return Some(self);
        };
        match (&self.kind, step) {
            (ShapeKind::Union(shapes), _) => shapes.iter().find_map(|shape| shape.after(steps)),
            (ShapeKind::Array(items), Step::Item(_)) => items.after(rest),
            (ShapeKind::Map(values), Step::Member(_)) => values.after(rest),
            (ShapeKind::Object(object), Step::Member(name)) => {
                let member = object.members.iter().find(|member| member.name == *name);
                member?.shape.after(rest)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::evidence::{Evidence, Origin};
    use crate::model::shape::{JsonPath, Shape};
    use crate::model::types;
    use crate::source::{SourceFile, Sources, Span};

    #[test]
    fn paths_lead_through_items_members_and_alternatives() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("page.mdx", ""));
        let evidence = Evidence {
            span: Span::new(file, 0..0),
            origin: Origin::Type,
        };
        let kind = types::parse("{ items: { id: integer }[] } | string");
        let shape = Shape::from_type(&kind, evidence);
        let id = JsonPath::default().member("items").item(3).member("id");
        assert_eq!(shape.at(&id).unwrap().describe(), "integer");
        assert_eq!(
            shape.at(&id.parent().unwrap()).unwrap().describe(),
            "object"
        );
        assert!(shape.at(&JsonPath::default().member("other")).is_none());
    }
}
