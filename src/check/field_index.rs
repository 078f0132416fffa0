//! Fields, found by the paths of what they document.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::model::Field;

use super::nesting;

/// The fields of a shape; a lookup does not look at each of them.
pub(super) struct FieldIndex<'a> {
    fields: &'a [Field],
    /// The first field of each path, from the first lookup on.
    by_path: OnceCell<HashMap<String, &'a Field>>,
}

impl<'a> FieldIndex<'a> {
    pub(super) fn new(fields: &'a [Field]) -> Self {
        Self {
            fields,
            by_path: OnceCell::new(),
        }
    }

    /// The first field that is written.
    pub(super) fn first(&self) -> Option<&'a Field> {
        self.fields.first()
    }

    /// The field that documents the value at a path, such as `user.roles[].name`.
    pub(super) fn at(&self, path: &str) -> Option<&'a Field> {
        let by_path = self.by_path.get_or_init(|| {
            let mut by_path = HashMap::new();
            add(&mut by_path, self.fields, "");
            by_path
        });
        by_path.get(&without_items(path)).copied()
    }

    /// The field right above the one that documents the value at a path.
    pub(super) fn above(&self, path: &str) -> Option<&'a Field> {
        let field = self.at(path)?;
        let (around, _) = nesting::split(path);
        let siblings = match around {
            "" => self.fields,
            _ => &self.at(around)?.children,
        };
        let place = siblings.iter().position(|it| std::ptr::eq(it, field))?;
        siblings.get(place.checked_sub(1)?)
    }
}

fn add<'a>(by_path: &mut HashMap<String, &'a Field>, fields: &'a [Field], around: &str) {
    for field in fields {
        let path = format!("{around}{}", without_items(field.name.value.trim()));
        if !field.children.is_empty() {
            add(by_path, &field.children, &format!("{path}."));
        }
        by_path.entry(path).or_insert(field);
    }
}

/// A path without what says that a value is an item: authors write `items.name` as well as `items[].name`.
fn without_items(path: &str) -> String {
    path.replace("[]", "")
}

#[cfg(test)]
mod tests {
    use crate::model;
    use crate::source::load::Site;
    use crate::source::{SourceFile, Sources};

    use super::*;

    const PAGE: &str = "\
---
api: GET https://api.example.com/teams
---

<ResponseField name=\"teams\" type=\"object[]\">
  All teams.
  <Expandable>
    <ResponseField name=\"lead.name\" type=\"string\">first</ResponseField>
  </Expandable>
</ResponseField>
<ResponseField name=\"teams[].lead.name\" type=\"string\">second</ResponseField>
<ResponseField name=\"teams.lead.age\" type=\"integer\">third</ResponseField>
";

    #[test]
    fn values_have_the_first_field_of_their_path() {
        let mut sources = Sources::default();
        let page = sources.add(SourceFile::new("teams.mdx", PAGE));
        let documentation = model::read(&Site {
            root: "docs".into(),
            subfolder: String::new(),
            below: String::new(),
            sources,
            pages: vec![page],
            config: None,
            skipped: Vec::new(),
            specifications: Vec::new(),
            not_utf8: Vec::new(),
        });
        let operations = documentation.api.operations.iter();
        let mut responses = operations.flat_map(|operation| &operation.responses);
        let index = FieldIndex::new(&responses.next().unwrap().fields);
        let text = |path: &str| index.at(path).map(|field| field.description.trim());
        assert_eq!(text("teams"), Some("All teams."));
        assert_eq!(text("teams[].lead.name"), Some("first"));
        assert_eq!(text("teams.lead.name"), Some("first"));
        assert_eq!(text("teams[].lead.age"), Some("third"));
        assert_eq!(text("teams[].lead"), None);
        assert_eq!(text("team"), None);
        let above = |path: &str| index.above(path).map(|field| field.description.trim());
        assert_eq!(above("teams[].lead.age"), None);
        assert_eq!(above("teams"), None);
    }
}
