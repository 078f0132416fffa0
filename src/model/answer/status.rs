//! Which successes are documented.

use crate::diagnostic::{Rule, Severity};
use crate::model::{Operation, Origin, Status, describe_status};
use crate::source::Span;

/// The server failed.
pub static SERVER_ERROR: Rule = Rule {
    name: "server-error",
    severity: Severity::Error,
    summary: "the server answers the documented request with an error of its own that is not documented",
};

/// Another status than a documented one.
pub static UNDOCUMENTED_STATUS: Rule = Rule {
    name: "undocumented-status",
    severity: Severity::Error,
    summary: "the server answers the documented request with a status that is not documented",
};

/// Not there.
pub static UNIMPLEMENTED_OPERATION: Rule = Rule {
    name: "unimplemented-operation",
    severity: Severity::Error,
    summary: "the server knows no such path, or no such method on it",
};

/// What the pages promise of the status.
#[derive(Clone, Debug)]
pub struct Success {
    /// The stated numbers; none if any success will do.
    pub codes: Vec<u16>,
    /// Where the first of them is stated.
    pub span: Option<Span>,
    /// True if prose is all that states it.
    pub is_weak: bool,
}

impl Success {
    /// What an operation documents.
    pub fn of(operation: &Operation) -> Self {
        let stated = Self::stated(operation);
        let is_open = stated.codes.is_empty() && stated.span.is_none();
        match remarked(operation).filter(|_| is_open) {
            Some((code, span)) => Self {
                codes: vec![code],
                span: Some(span),
                is_weak: true,
            },
            None => stated,
        }
    }

    fn stated(operation: &Operation) -> Self {
        let responses = operation.responses.iter();
        let successes: Vec<_> = responses.filter(|it| it.status.is_success()).collect();
        let facts: Vec<_> = successes
            .iter()
            .filter_map(|response| match &response.status {
                Status::Code(code) => Some(code),
                Status::Success | Status::Error => None,
            })
            .collect();
        let is_any = facts.len() < successes.len();
        let codes = facts.iter().map(|fact| fact.value);
        Self {
            codes: if is_any { Vec::new() } else { codes.collect() },
            span: facts.first().map(|fact| fact.evidence.span),
            is_weak: facts
                .iter()
                .all(|fact| fact.evidence.origin <= Origin::Prose),
        }
    }

    /// True for a success that is documented.
    pub fn covers(&self, code: u16) -> bool {
        (200..300).contains(&code) && (self.codes.is_empty() || self.codes.contains(&code))
    }

    /// In words: `200 OK or 201 Created`.
    pub fn describe(&self) -> String {
        let mut codes: Vec<_> = self
            .codes
            .iter()
            .map(|code| describe_status(*code))
            .collect();
        codes.dedup();
        if codes.is_empty() {
            return "a success".to_owned();
        }
        codes.join(" or ")
    }
}

/// The success that running text states, as in "Answers with `204`."; nothing if it states several, or a condition.
fn remarked(operation: &Operation) -> Option<(u16, Span)> {
    const CONDITIONS: &[&str] = &[
        "if",
        "when",
        "unless",
        "otherwise",
        "or",
        "may",
        "while",
        "only",
    ];
    const ANSWERS: &[&str] = &[
        "answer", "answers", "answered", "returns", "returned", "responds", "response", "status",
        "replies", "get", "gets", "give", "gives",
    ];
    let mut found = operation.remarks.iter().filter_map(|remark| {
        let text = remark.value.to_lowercase();
        let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let codes = words.iter().filter(|word| word.len() == 3);
        let mut codes = codes.filter_map(|word| word.parse::<u16>().ok());
        let code = codes.next().filter(|code| (200..300).contains(code))?;
        // "With three lines you get 210 in all."
        let is_registered = (200..=208).contains(&code) || code == 226;
        let is_named = has(&["status", "code"]) || text.contains(&format!("`{code}"));
        if !is_registered && !is_named {
            return None;
        }
        // "`204` without a body." says it as well.
        let begins = text.trim_start_matches('`').starts_with(&code.to_string());
        let is_plain = codes.next().is_none() && (begins || has(ANSWERS)) && !has(CONDITIONS);
        is_plain.then_some((code, remark.evidence.span))
    });
    let first = found.next()?;
    found.all(|(code, _)| code == first.0).then_some(first)
}
