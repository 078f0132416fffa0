//! Edits of an example: the text of its JSON, changed where answers differ, and nowhere else.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde_json::{Map, Value};

use crate::model::json::{Json, JsonKind, Member};
use crate::model::shape::{Path, Step, is_placeholder};
use crate::model::{Example, Field};

use super::{Answers, Edits, Renamed, field, mask};

/// Values nested deeper stay as they are.
const DEPTH: usize = 12;

/// Brings an example up to the answers.
///
/// A documented member that is not promised is shown or not as its author likes.
pub(super) fn edit(
    example: &Example,
    fields: &[Field],
    answers: &Answers<'_>,
    renamed: &Renamed,
    edits: &mut Edits,
) {
    let Some(value) = example.value() else {
        return;
    };
    if !example.text.is_contiguous() {
        return;
    }
    let text = example.text.text();
    let mut editor = Editor {
        text,
        fields,
        answers,
        renamed,
        changes: BTreeMap::new(),
    };
    let mut path = Path::default();
    editor.value(value, &mut path);
    for (range, new) in editor.changes {
        let span = example.text.span(range.0..range.1);
        if range.0 == range.1 {
            edits.insert(span, &new);
        } else {
            edits.replace(span, new);
        }
    }
}

struct Editor<'a> {
    text: &'a str,
    fields: &'a [Field],
    answers: &'a Answers<'a>,
    renamed: &'a Renamed,
    changes: BTreeMap<(usize, usize), String>,
}

impl Editor<'_> {
    fn value(&mut self, shown: &Json, path: &mut Path) {
        let answered = self.answers.at(path);
        if path.0.len() > DEPTH || answered.is_empty() {
            return;
        }
        match &shown.kind {
            JsonKind::Elision | JsonKind::Placeholder(_) => {}
            JsonKind::String(text) if is_placeholder(text) => {}
            _ if !answered.iter().any(|it| is_alike(shown, it)) => {
                if let Some(other) = answered.iter().find(|it| !it.is_null()) {
                    let name = super::last(path).unwrap_or_default();
                    let value = mask::mask(name, other, self.answers.secrets);
                    let indent = self.indent(shown.range.start);
                    self.change(shown.range.clone(), pretty(&value, &indent));
                }
            }
            JsonKind::Object(members) => self.object(shown, members, &answered, path),
            JsonKind::Array(items) => {
                path.0.push(Step::Item(0));
                for item in items {
                    self.value(item, path);
                }
                path.0.pop();
            }
            _ => {}
        }
    }

    fn object(&mut self, shown: &Json, members: &[Member], answered: &[&Value], path: &mut Path) {
        let objects: Vec<&Map<String, Value>> =
            answered.iter().filter_map(|it| it.as_object()).collect();
        let Some(first) = objects.first() else {
            return;
        };
        let object = path.erased();
        let mut names: Vec<String> = Vec::new();
        for (at, member) in members.iter().enumerate() {
            if member.is_elision() {
                continue;
            }
            let new = self.renamed.get(&(object.clone(), member.key.clone()));
            let name = new.unwrap_or(&member.key).clone();
            if let Some(new) = new {
                self.change(
                    member.key_range.clone(),
                    Value::from(new.as_str()).to_string(),
                );
            }
            if objects.iter().any(|it| it.contains_key(&name)) {
                path.0.push(Step::Member(name.clone()));
                self.value(&member.value, path);
                path.0.pop();
            } else if self.is_promised(path, &name) == Some(true) {
                self.remove(members, at);
            }
            names.push(name);
        }
        // What the author left out stays left out.
        if members.iter().any(Member::is_elision) {
            return;
        }
        let places: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        let mut before = None;
        for (name, value) in *first {
            if let Some(at) = places.get(name.as_str()) {
                before = members.get(*at);
            } else if self.is_promised(path, name).unwrap_or(true) {
                self.add(shown, members, before, (name, value));
            }
        }
    }

    /// Whether a member is required; nothing if no field documents it.
    fn is_promised(&self, object: &Path, name: &str) -> Option<bool> {
        let mut path = object.clone();
        path.0.push(Step::Member(name.to_owned()));
        let field = field::find(self.fields, &path)?;
        Some(field.is_required())
    }

    /// Puts a member behind another one, in the way in which its neighbours stand.
    fn add(
        &mut self,
        shown: &Json,
        members: &[Member],
        before: Option<&Member>,
        (name, value): (&str, &Value),
    ) {
        let value = mask::mask(name, value, self.answers.secrets);
        let key = Value::from(name);
        let Some(first) = members.first() else {
            let text = format!("{{{key}: {value}}}");
            self.change(shown.range.clone(), text);
            return;
        };
        let open = shown.range.start + 1;
        let blank = self
            .text
            .get(open..first.key_range.start)
            .unwrap_or_default();
        let blank = if blank.trim().is_empty() { blank } else { "\n" };
        let indent = self.indent(first.key_range.start);
        let value = if blank.contains('\n') {
            pretty(&value, &indent)
        } else {
            value.to_string()
        };
        let blank = match blank {
            "" => " ",
            blank => blank,
        };
        let (at, text) = match before {
            Some(before) => (before.value.range.end, format!(",{blank}{key}: {value}")),
            None => (first.key_range.start, format!("{key}: {value},{blank}")),
        };
        let change = self.changes.entry((at, at)).or_default();
        change.push_str(&text);
    }

    /// Takes a member out, with the comma that belongs to it.
    fn remove(&mut self, members: &[Member], at: usize) {
        let Some(member) = members.get(at) else {
            return;
        };
        let next = members.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| members.get(at));
        let range = match (next, before) {
            (Some(next), _) => member.key_range.start..next.key_range.start,
            (None, Some(before)) => before.value.range.end..member.value.range.end,
            (None, None) => member.key_range.start..member.value.range.end,
        };
        self.change(range, String::new());
    }

    fn change(&mut self, range: Range<usize>, text: String) {
        self.changes.entry((range.start, range.end)).or_insert(text);
    }

    /// The blank space at the start of the line.
    fn indent(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.get(line..).unwrap_or_default();
        line.chars()
            .take_while(|it| matches!(it, ' ' | '\t'))
            .collect()
    }
}

/// True if a value may stand for the other one: it has the same JSON type, or one of them is `null`.
fn is_alike(shown: &Json, answered: &Value) -> bool {
    matches!(
        (&shown.kind, answered),
        (JsonKind::Null, _)
            | (_, Value::Null)
            | (JsonKind::Bool(_), Value::Bool(_))
            | (JsonKind::Number(_), Value::Number(_))
            | (JsonKind::String(_), Value::String(_))
            | (JsonKind::Array(_), Value::Array(_))
            | (JsonKind::Object(_), Value::Object(_))
    )
}

/// JSON over several lines, behind that indentation.
fn pretty(value: &Value, indent: &str) -> String {
    match value {
        Value::Array(items) if items.iter().any(|it| it.is_object() || it.is_array()) => {}
        Value::Object(members) if !members.is_empty() => {}
        plain => return compact(plain),
    }
    let text = format!("{value:#}");
    text.replace('\n', &format!("\n{indent}"))
}

/// A plain value, or an array of such, on one line.
fn compact(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(ToString::to_string).collect();
            format!("[{}]", items.join(", "))
        }
        plain => plain.to_string(),
    }
}
