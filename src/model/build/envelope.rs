//! Members that examples show around the documented ones: `data` of `{"data": {"id": 1}}`.

use crate::model::evidence::Evidence;
use crate::model::json::{self, Json};
use crate::model::shape::{Member, Openness, Shape, ShapeKind};

use super::dotted::Step;

/// The members of an example under which the documented members stand, from the outside to the inside.
pub(super) struct Wrapper {
    pub(super) path: Vec<Step>,
    /// How many of them stand there.
    pub(super) fit: usize,
}

impl Wrapper {
    /// The name of the outermost member.
    pub(super) fn key(&self) -> &str {
        self.path.first().map_or("", |step| step.name.as_str())
    }

    /// The object that an example has there; of an array, the first one.
    pub(super) fn reached<'j>(&self, example: &'j Json) -> Option<&'j Json> {
        self.path.iter().try_fold(example, |value, step| {
            let value = value.get(&step.name)?;
            value.items().first().or(Some(value))
        })
    }

    /// True if the example shows so much more there than at its root that the fields must describe what is there: one
    /// name, such as `data`, may stand at both.
    pub(super) fn fits_better_than(&self, at_root: usize) -> bool {
        at_root == 0 || self.fit > 2 && self.fit >= 2 * at_root
    }
}

/// So many members may stand around the documented ones: `{"data": {"insert": {"returning": […]}}}`.
const WRAPPERS: usize = 4;

/// The member that shows the most, the outermost and first of several; `fit` tells how much a value shows.
pub(super) fn wrapper(example: &Json, fit: &dyn Fn(&Json) -> usize) -> Option<Wrapper> {
    let mut best: Option<Wrapper> = None;
    let mut around: Vec<(Vec<&json::Member>, &Json)> = vec![(Vec::new(), example)];
    for _ in 0..WRAPPERS {
        let mut inner = Vec::new();
        for (path, value) in around {
            for member in value.members() {
                let mut path = path.clone();
                path.push(member);
                if let Some(found) = fitting(&path, fit, best.as_ref().map_or(0, |best| best.fit)) {
                    best = Some(found);
                }
                inner.push((path, member.value.items().first().unwrap_or(&member.value)));
            }
        }
        // What is found further outside is what is meant.
        if best.is_some() {
            break;
        }
        around = inner;
    }
    best
}

/// The path to the last of the members, if its value or an item of it shows more than `least`.
fn fitting(path: &[&json::Member], fit: &dyn Fn(&Json) -> usize, least: usize) -> Option<Wrapper> {
    /// More items of an array show nothing new.
    const ITEMS: usize = 8;
    let value = &path.last()?.value;
    let items = value.items().iter().take(ITEMS).map(fit).max().unwrap_or(0);
    let own = fit(value);
    let (inner, outer) = path.split_last()?;
    let mut steps: Vec<_> = outer
        .iter()
        .map(|member| Step {
            name: member.key.clone(),
            is_array: !member.value.items().is_empty(),
            is_map: false,
        })
        .collect();
    steps.push(Step {
        name: inner.key.clone(),
        is_array: items > own,
        is_map: false,
    });
    (items.max(own) > least).then(|| Wrapper {
        path: steps,
        fit: items.max(own),
    })
}

/// An object of which the member that holds the documented ones is known, and those that stand beside it.
pub(super) fn enveloped(
    wrapper: &Wrapper,
    object: Shape,
    mut outer: Vec<Member>,
    evidence: Evidence,
) -> Shape {
    let mut inner = object;
    for (depth, step) in wrapper.path.iter().enumerate().rev() {
        if step.is_array {
            inner = Shape::new(ShapeKind::Array(Box::new(inner)), Some(evidence));
        }
        let mut members = if depth == 0 {
            std::mem::take(&mut outer)
        } else {
            Vec::new()
        };
        members.push(Member {
            name: step.name.clone(),
            shape: inner,
            required: None,
            evidence: Some(evidence),
        });
        let open = Openness::Open(evidence);
        inner = Shape::new(ShapeKind::Object { members, open }, Some(evidence));
    }
    inner
}
