//! The facts of a shape, each member a topic of its own.

use crate::model::json::Json;
use crate::model::operation::Example;
use crate::model::shape::{Constraints, Member, Openness, Shape, ShapeKind};

use super::fields::{Fields, shown as quoted};
use super::{Topic, join, required, shown};

/// Adds the topic of a value of that shape, and those of its members; `values` are shown in its place.
pub(super) fn add(
    mut topic: Topic,
    shape: &Shape,
    values: &[(&Example, &Json)],
    fields: &Fields<'_>,
    topics: &mut Vec<Topic>,
) {
    tell(shape, &mut topic);
    let around = topic.subject.clone();
    topics.push(topic);
    inside(&around, shape, values, fields, topics);
}

fn inside(
    around: &str,
    shape: &Shape,
    values: &[(&Example, &Json)],
    fields: &Fields<'_>,
    topics: &mut Vec<Topic>,
) {
    match &shape.kind {
        ShapeKind::Object { members, .. } => {
            for member in members {
                of_member(around, member, values, fields, topics);
            }
        }
        ShapeKind::Array(items) => {
            let items_shown = shown::items(values);
            let mut topic = Topic::new(format!("{around}[]"));
            tell(items, &mut topic);
            topics.push(topic);
            inside(&format!("{around}[]"), items, &items_shown, fields, topics);
        }
        ShapeKind::Map(entries) => {
            let entries_shown = shown::entries(values);
            inside(
                &format!("{around}.*"),
                entries,
                &entries_shown,
                fields,
                topics,
            );
        }
        ShapeKind::Union(variants) => {
            for variant in variants {
                inside(around, variant, values, fields, topics);
            }
        }
        _ => {}
    }
}

fn of_member(
    around: &str,
    member: &Member,
    values: &[(&Example, &Json)],
    fields: &Fields<'_>,
    topics: &mut Vec<Topic>,
) {
    let mut topic = Topic::new(join(around, &member.name));
    if let Some(evidence) = member.evidence {
        topic.told("is documented", evidence);
    }
    topic.fact(member.required.as_ref(), |it| required(*it));
    let Some(name) = member.evidence.map(|evidence| evidence.span) else {
        let shown = shown::member(&member.name, values, &mut topic);
        return add(topic, &member.shape, &shown, fields, topics);
    };
    fields.of_name(name, &mut topic);
    let shown = shown::member(&member.name, values, &mut topic);
    let place = topics.len();
    add(topic, &member.shape, &shown, fields, topics);
    fields.overruled(name, topics.get_mut(place..).unwrap_or_default());
}

fn tell(shape: &Shape, topic: &mut Topic) {
    if let Some(evidence) = shape.evidence {
        let says = match shape.kind {
            ShapeKind::Unknown => "may be anything, as far as it is understood".to_owned(),
            _ => format!("is of the type {}", shape.kind.describe()),
        };
        topic.told(says, evidence);
    }
    if let Some(evidence) = shape.nullable {
        topic.told("may be null", evidence);
    }
    if let ShapeKind::Object {
        open: Openness::Open(evidence),
        ..
    } = shape.kind
    {
        topic.told("may have members that are not documented", evidence);
    }
    constraints(&shape.constraints, topic);
}

fn constraints(constraints: &Constraints, topic: &mut Topic) {
    topic.fact(constraints.constant.as_ref(), |it| {
        format!("is always {}", quoted(it))
    });
    topic.fact(constraints.allowed.as_ref(), |values| {
        let words: Vec<_> = values.iter().map(quoted).collect();
        format!("is one of {}", words.join(", "))
    });
    topic.fact(constraints.format.as_ref(), |it| {
        format!("is written as {it}")
    });
    topic.fact(constraints.prefix.as_ref(), |it| {
        format!("starts with `{it}`")
    });
    topic.fact(constraints.minimum.as_ref(), |it| {
        format!("is at least {it}")
    });
    topic.fact(constraints.maximum.as_ref(), |it| {
        format!("is at most {it}")
    });
    topic.fact(constraints.min_length.as_ref(), |it| {
        format!("has a length of at least {it}")
    });
    topic.fact(constraints.max_length.as_ref(), |it| {
        format!("has a length of at most {it}")
    });
}
