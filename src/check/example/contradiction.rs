//! Two values of one example that contradict each other.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::Field;
use crate::model::json::{Json, Member};

use super::Read;

/// Two members of an object that do not go together.
pub(super) struct Contradiction {
    /// What is wrong.
    pub(super) message: String,
    /// The value that is wrong.
    pub(super) place: Range<usize>,
    /// What it contradicts.
    pub(super) other: Range<usize>,
    /// The name of the member that is wrong.
    pub(super) name: String,
}

/// How a rule speaks of the two values.
pub(super) struct Words {
    pub(super) label: &'static str,
    pub(super) other: &'static str,
    pub(super) help: &'static str,
}

impl Contradiction {
    pub(super) fn diagnostic(
        self,
        rule: &'static Rule,
        words: &Words,
        read: &Read<'_>,
    ) -> Diagnostic {
        Diagnostic::new(rule, read.span(&self.place), self.message)
            .severity(rule.severity.min(read.severity()))
            .label(words.label)
            .related(read.span(&self.other), words.other)
            .help(words.help)
            .subject(format!("{}.{}", read.subject, self.name))
    }
}

/// Looks at the members of every object in a value.
pub(super) fn visit(value: &Json, look: &mut impl FnMut(&[Member])) {
    if !value.members().is_empty() {
        look(value.members());
    }
    let inner = value.members().iter().map(|member| &member.value);
    for value in inner.chain(value.items()) {
        visit(value, look);
    }
}

/// The field of that name, at any depth; `page.total` documents `total`, too.
pub(super) fn field_named<'f>(fields: &'f [Field], name: &str) -> Option<&'f Field> {
    let own = fields.iter().find(|field| {
        let own = field.name.value.trim();
        own.rsplit('.').next() == Some(name)
    });
    let below = || fields.iter().find_map(|it| field_named(&it.children, name));
    own.or_else(below)
}

/// True if the text of the field of that name holds one of the words, which are in lower case.
pub(super) fn says(fields: &[Field], name: &str, words: &[&str]) -> bool {
    let text = field_named(fields, name).map(|field| field.description.to_lowercase());
    text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
}
