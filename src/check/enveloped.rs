//! Members that pages leave to one that says what all answers have: "All responses are wrapped:"

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::model::Documentation;
use crate::model::build::{self, members_of_all};

use super::undocumented_member;

/// What pages without an operation say that all answers have at their root; they are only read where it matters.
pub(super) struct Enveloped<'d> {
    documentation: &'d Documentation,
    names: OnceCell<BTreeSet<String>>,
}

impl<'d> Enveloped<'d> {
    pub(super) fn new(documentation: &'d Documentation) -> Self {
        Self {
            documentation,
            names: OnceCell::new(),
        }
    }

    /// Takes out of what was found from `first` on that such members are not documented.
    pub(super) fn leave_to_guides(&self, diagnostics: &mut Vec<Diagnostic>, first: usize) {
        let mut at = 0;
        diagnostics.retain(|diagnostic| {
            at += 1;
            let name = (at > first && diagnostic.rule.name == undocumented_member::RULE.name)
                .then(|| at_root(diagnostic.subject.as_deref()?))
                .flatten();
            name.is_none_or(|name| !self.names().contains(name))
        });
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
