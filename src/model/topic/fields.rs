//! What a field says that is not in the shape that became of it.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::evidence::{Evidence, Fact};
use crate::model::operation::{Field, Operation};
use crate::source::Span;

use super::{Topic, required};

/// The fields of an operation by the place of their names.
pub(super) struct Fields<'o> {
    by_name: HashMap<Span, &'o Field>,
}

impl<'o> Fields<'o> {
    pub(super) fn of(operation: &'o Operation) -> Self {
        let mut fields = Self {
            by_name: HashMap::new(),
        };
        let parameters = operation.parameters.iter().map(|it| &it.field);
        let body = operation.body.iter().flat_map(|body| &body.fields);
        let responses = operation.responses.iter().flat_map(|it| &it.fields);
        for field in parameters.chain(body).chain(responses) {
            fields.insert(field);
        }
        fields
    }

    fn insert(&mut self, field: &'o Field) {
        self.by_name.insert(field.name.evidence.span, field);
        for child in &field.children {
            self.insert(child);
        }
    }

    /// Tells of the field whose name stands there.
    pub(super) fn of_name(&self, name: Span, topic: &mut Topic) {
        let Some(field) = self.by_name.get(&name) else {
            return;
        };
        topic.fact(field.default.as_ref(), |it| {
            format!("is {} by default", shown(it))
        });
        topic.fact(field.prose.unit.as_ref(), |it| {
            format!("is measured in {it}")
        });
        match &field.type_text {
            Some(text) if field.kind.is_understood() => {
                let says = format!("the type `{}` is read as {}", text.value, field.kind);
                topic.remark(says, text.evidence.span);
            }
            Some(text) => {
                let says = format!("the type `{}` is not understood", text.value);
                topic.remark(says, text.evidence.span);
            }
            None => topic.remark("no type is given", field.open),
        }
    }

    /// Remarks in the first topic what the text of the field says and no fact of the topics tells.
    pub(super) fn overruled(&self, name: Span, topics: &mut [Topic]) {
        let told: Vec<_> = topics
            .iter()
            .flat_map(|topic| topic.facts.iter().map(|told| told.evidence))
            .collect();
        let Some(topic) = topics.first_mut() else {
            return;
        };
        let Some(field) = self.by_name.get(&name) else {
            return;
        };
        let prose = &field.prose;
        let values = |values: &Vec<Value>| {
            let words: Vec<_> = values.iter().map(shown).collect();
            format!("lists the values {}", words.join(", "))
        };
        unused(topic, &told, prose.allowed.as_ref(), values);
        unused(topic, &told, prose.constant.as_ref(), |it| {
            format!("says that it is always {}", shown(it))
        });
        unused(topic, &told, prose.format.as_ref(), |it| {
            format!("speaks of {it}")
        });
        unused(topic, &told, prose.minimum.as_ref(), |it| {
            format!("speaks of at least {it}")
        });
        unused(topic, &told, prose.maximum.as_ref(), |it| {
            format!("speaks of at most {it}")
        });
        unused(topic, &told, prose.min_length.as_ref(), |it| {
            format!("speaks of a length of at least {it}")
        });
        unused(topic, &told, prose.max_length.as_ref(), |it| {
            format!("speaks of a length of at most {it}")
        });
        unused(topic, &told, prose.required.as_ref(), |it| {
            format!("says that it {}", required(*it))
        });
    }
}

fn unused<T>(
    topic: &mut Topic,
    told: &[Evidence],
    fact: Option<&Fact<T>>,
    says: impl Fn(&T) -> String,
) {
    if let Some(fact) = fact
        && !told.contains(&fact.evidence)
    {
        let says = format!(
            "the text {}, but its type or an attribute decides",
            says(&fact.value)
        );
        topic.remark(says, fact.evidence.span);
    }
}

/// A value as people quote it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}
