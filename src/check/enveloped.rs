//! Members that pages leave to one that says what all answers have: "All responses are wrapped:"

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::model::build::{self, RootNames, members_of_all, roots_of_fences};
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Documentation, Operation, Written};
use crate::source::Excerpt;

use super::undocumented_member;

/// What pages without an operation say that all answers have at their root; they are only read where it matters.
pub(super) struct Enveloped<'d> {
    documentation: &'d Documentation,
    names: OnceCell<BTreeSet<String>>,
    roots: OnceCell<Vec<RootNames>>,
    guides: OnceCell<Vec<Written<'d>>>,
}

impl<'d> Enveloped<'d> {
    pub(super) fn new(documentation: &'d Documentation) -> Self {
        Self {
            documentation,
            names: OnceCell::new(),
            roots: OnceCell::new(),
            guides: OnceCell::new(),
        }
    }

    /// Takes out of what was found from `first` on that such members are not documented.
    pub(super) fn leave_to_guides(
        &self,
        diagnostics: &mut Vec<Diagnostic>,
        first: usize,
        operation: &Operation,
    ) {
        let mut at = 0;
        diagnostics.retain(|diagnostic| {
            at += 1;
            let name = (at > first && diagnostic.rule.name == undocumented_member::RULE.name)
                .then(|| at_root(diagnostic.subject.as_deref()?))
                .flatten();
            name.is_none_or(|name| !self.names().contains(name) && !self.is_around(name, operation))
        });
    }

    /// True if a page without an operation names what stands around that of which the other pages document the members.
    pub(super) fn tells_of(&self, name: &str) -> bool {
        let forms = [format!("`{name}`"), format!("\"{name}\"")];
        let guides = self.guides.get_or_init(|| {
            let guides = build::guides(self.documentation);
            guides.map(build::written::written).collect()
        });
        let mut texts = guides.iter().flat_map(Written::texts).map(Excerpt::text);
        texts.any(|text| forms.iter().any(|form| text.contains(form)))
            || self.roots().iter().any(|it| it.all.contains(name))
    }

    fn roots(&self) -> &[RootNames] {
        self.roots.get_or_init(|| {
            let guides = build::guides(self.documentation);
            guides.flat_map(roots_of_fences).collect()
        })
    }

    /// True if a page without an operation shows the member at the root of an object, beside one that this operation
    /// documents: what it documents stands inside of that, whatever language the page is in.
    fn is_around(&self, name: &str, operation: &Operation) -> bool {
        const PAYLOADS: [&str; 4] = ["data", "result", "results", "payload"];
        /// Objects with more members are things, and nothing around them.
        const MOST: usize = 6;
        let roots = self.roots();
        let successes = operation
            .responses
            .iter()
            .filter(|it| it.status.is_success());
        let shapes = successes.filter_map(|it| it.shape.as_ref());
        let holds_more = |kind: &ShapeKind| {
            !matches!(
                kind,
                ShapeKind::Boolean | ShapeKind::Integer | ShapeKind::Number | ShapeKind::String
            )
        };
        let members = shapes.flat_map(Shape::members);
        let members = members.filter(|it| holds_more(&it.shape.kind));
        let payloads: BTreeSet<&str> = members.map(|it| it.name.as_str()).collect();
        let mut around = roots
            .iter()
            .filter(|it| it.all.len() <= MOST && it.all.contains(name));
        around.any(|root| {
            payloads.iter().any(|payload| {
                *payload != name
                    && root.all.contains(*payload)
                    && (root.empty.contains(*payload) || PAYLOADS.contains(payload))
            })
        })
    }

    fn names(&self) -> &BTreeSet<String> {
        self.names.get_or_init(|| {
            let guides = build::guides(self.documentation);
            guides.flat_map(members_of_all).collect()
        })
    }
}

/// The name of a member at the root of an answer: `meta` of `response.meta` and `response.404.meta`.
fn at_root(subject: &str) -> Option<&str> {
    let path = subject.strip_prefix("response.")?;
    let name = match path.split_once('.') {
        Some((status, name)) if status.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) => return None,
        None => path,
    };
    let name = name.trim_end_matches("[]");
    (!name.contains('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::at_root;

    #[test]
    fn only_members_at_the_root_are_left_to_guides() {
        assert_eq!(at_root("response.meta"), Some("meta"));
        assert_eq!(at_root("response.404.meta"), Some("meta"));
        assert_eq!(at_root("response.data.meta"), None);
        assert_eq!(at_root("response.404.data.meta"), None);
        assert_eq!(at_root("request.body.meta"), None);
    }
}
