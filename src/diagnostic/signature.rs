//! What a finding is about, whatever line it stands on.

use crate::source::Sources;

use super::Diagnostic;

/// Rule, operation, and subject of a finding: what stays the same while pages change around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// The operation; the path of the page for what belongs to none.
    pub place: String,
    /// The name of the rule.
    pub rule: String,
    /// What of the operation or page it is about, such as `response.user.id`.
    pub subject: String,
}

impl Signature {
    /// The signature of a finding.
    pub fn of(sources: &Sources, diagnostic: &Diagnostic) -> Self {
        let page = || sources.file(diagnostic.span.file).path().to_owned();
        Self {
            place: diagnostic.operation.clone().unwrap_or_else(page),
            rule: diagnostic.rule.name.to_owned(),
            subject: diagnostic
                .subject
                .clone()
                .unwrap_or_else(|| "page".to_owned()),
        }
    }
}
