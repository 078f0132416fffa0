//! The members of an answer beside the fields that document them. Pure.

use serde_json::Value;

use crate::model::Field;

/// A member that a field documents.
pub(super) struct Documented<'m, 'v> {
    pub(super) field: &'m Field,
    /// The fields of the object that has the member.
    pub(super) beside: &'m [Field],
    /// The objects that hold the member, the outermost first.
    pub(super) around: &'m [&'v Value],
    pub(super) value: &'v Value,
    /// `data[].total`
    pub(super) path: &'m str,
}

/// Looks at every documented member, down to so many objects and arrays within each other.
pub(super) fn each(
    fields: &[Field],
    value: &Value,
    deepest: usize,
    look: &mut impl FnMut(&Documented<'_, '_>),
) {
    let mut around = Vec::new();
    visit(fields, value, &mut around, ("", deepest), look);
}

fn visit<'v>(
    fields: &[Field],
    value: &'v Value,
    around: &mut Vec<&'v Value>,
    (path, left): (&str, usize),
    look: &mut impl FnMut(&Documented<'_, '_>),
) {
    let deeper = left.checked_sub(1);
    match value {
        Value::Array(items) => {
            let path = format!("{path}[]");
            for item in items.iter().filter(|_| deeper.is_some()) {
                let left = deeper.unwrap_or_default();
                visit(fields, item, around, (&path, left), look);
            }
        }
        Value::Object(members) => {
            around.push(value);
            for field in fields {
                let name = &field.name.value;
                let Some(member) = members.get(name) else {
                    continue;
                };
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                look(&Documented {
                    field,
                    beside: fields,
                    around: around.as_slice(),
                    value: member,
                    path: &path,
                });
                if let Some(left) = deeper {
                    visit(&field.children, member, around, (&path, left), look);
                }
            }
            around.pop();
        }
        _ => {}
    }
}
