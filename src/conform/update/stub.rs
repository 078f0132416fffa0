//! A field for a member that has none, to be completed by the author.

use serde_json::Value;

use crate::model::Field;
use crate::model::shape::{Path, Step};
use crate::source::{Sources, Span};

use super::{Answers, Edits, field};

/// Puts a field after the one whose member comes before it in the answer.
pub(super) fn insert(
    fields: &[Field],
    path: &Path,
    answers: &Answers<'_>,
    sources: &Sources,
    edits: &mut Edits,
) {
    let mut object = path.clone();
    let Some(Step::Member(name)) = object.0.pop() else {
        return;
    };
    let has_parent = object.0.iter().any(|step| !matches!(step, Step::Item(_)));
    let siblings = if has_parent {
        match field::find(fields, &object) {
            Some(parent) => &parent.children,
            None => return,
        }
    } else {
        fields
    };
    let Some(sibling) = sibling(siblings, &name, &answers.at(&object)) else {
        return;
    };
    let kind = field::type_of(&answers.at(path));
    let (separator, indent) = layout(siblings, sibling, sources);
    let tag = sources.text(sibling.open);
    let tag = if tag.starts_with("<ParamField") {
        "ParamField body"
    } else {
        "ResponseField name"
    };
    let component = tag.split(' ').next().unwrap_or(tag);
    let name = name.replace('"', "&quot;");
    let text = format!(
        "{separator}{indent}<{tag}=\"{name}\" type=\"{kind}\">\n{indent}  TODO: describe `{name}`.\n{indent}</{component}>"
    );
    edits.insert(sibling.span, &text);
}

/// The field of the member that stands before the new one; the last field if none does.
fn sibling<'f>(siblings: &'f [Field], name: &str, objects: &[&Value]) -> Option<&'f Field> {
    let mut before = None;
    let object = objects
        .iter()
        .find_map(|it| it.as_object().filter(|it| it.contains_key(name)));
    for (known, _) in object.into_iter().flatten() {
        if known == name {
            break;
        }
        before = siblings
            .iter()
            .find(|it| it.name.value == *known)
            .or(before);
    }
    before.or(siblings.last())
}

/// The line ends and the indentation before a field that comes behind another one.
///
/// The distance is that of neighbours: to the next field, or else from the one before, or else what stands before it.
fn layout(siblings: &[Field], field: &Field, sources: &Sources) -> (String, String) {
    let span: Span = field.span;
    let text = sources.file(span.file).text();
    let before = text.get(..span.start as usize).unwrap_or_default();
    let content = before.trim_end_matches([' ', '\t']);
    let indent = before.get(content.len()..).unwrap_or_default().to_owned();
    let blank = content.get(content.trim_end().len()..);
    let lines = blank.map_or(1, |it| it.matches('\n').count());
    let at = siblings.iter().position(|it| it.span == span);
    let neighbours = |at: usize| gap(siblings.get(at)?, siblings.get(at + 1)?, sources);
    let lines = at
        .and_then(|at| neighbours(at).or_else(|| neighbours(at.checked_sub(1)?)))
        .unwrap_or(lines);
    ("\n".repeat(lines.clamp(1, 2)), indent)
}

/// The line ends between two fields, if nothing else stands there.
fn gap(field: &Field, next: &Field, sources: &Sources) -> Option<usize> {
    let (start, end) = (field.span.end as usize, next.span.start as usize);
    let text = sources.file(field.span.file).text();
    let between = text
        .get(start..end)
        .filter(|_| field.span.file == next.span.file)?;
    let is_blank = between.trim().is_empty();
    is_blank.then(|| between.matches('\n').count())
}
