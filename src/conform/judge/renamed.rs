//! A member that is missing and one that no page documents, in the same object: the one is the other under another name.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;

/// Puts the two findings together where an answer lacks one member and has one too many in the same object.
pub(super) fn together(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut missing: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut added: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        let found = match diagnostic.rule.name {
            "missing-response-member" => &mut missing,
            "undocumented-response-member" => &mut added,
            _ => continue,
        };
        if let Some(object) = object(diagnostic) {
            found.entry(object).or_default().push(at);
        }
    }
    let mut left_out = BTreeSet::new();
    let mut named: BTreeMap<usize, String> = BTreeMap::new();
    for (object, missing) in &missing {
        let pair = (missing.as_slice(), added.get(object).map(Vec::as_slice));
        if let ([lost], Some([new])) = pair
            && let Some(name) = diagnostics.get(*new).and_then(name)
        {
            left_out.insert(*new);
            named.insert(*lost, name);
        }
    }
    let pairs = diagnostics.into_iter().enumerate();
    let kept = pairs.filter(|(at, _)| !left_out.contains(at));
    kept.map(|(at, mut diagnostic)| {
        if let Some(name) = named.get(&at) {
            diagnostic.message = format!(
                "{}; `{name}`, which no page documents, is there",
                diagnostic.message
            );
        }
        diagnostic
    })
    .collect()
}

/// The operation, the request, and the way to the object that a finding about a member is about.
fn object(diagnostic: &Diagnostic) -> Option<String> {
    let (object, _) = diagnostic.subject.as_deref()?.rsplit_once('.')?;
    let request = &diagnostic.observation.as_ref()?.curl;
    Some(format!(
        "{} {object} {request}",
        diagnostic.operation.as_deref()?
    ))
}

fn name(diagnostic: &Diagnostic) -> Option<String> {
    let (_, name) = diagnostic.subject.as_deref()?.rsplit_once('.')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Observation, Rule, Severity};
    use crate::source::{SourceFile, Sources, Span};

    static MISSING: Rule = Rule {
        name: "missing-response-member",
        severity: Severity::Error,
        summary: "a member is missing",
    };
    static ADDED: Rule = Rule {
        name: "undocumented-response-member",
        severity: Severity::Error,
        summary: "a member is not documented",
    };

    fn finding(rule: &'static Rule, subject: &str) -> Diagnostic {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.mdx", "a"));
        let finding = Diagnostic::new(rule, Span::new(file, 0..1), "it is not there");
        let mut finding = finding.operation("GET /jars").subject(subject);
        finding.observation = Some(Box::new(Observation::default()));
        finding
    }

    #[test]
    fn another_name_is_one_finding() {
        let one = finding(&MISSING, "response.owner.mail");
        let other = finding(&ADDED, "response.owner.address");
        let found = together(vec![other.clone(), one.clone()]);
        let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            messages,
            ["it is not there; `address`, which no page documents, is there"]
        );
        let elsewhere = finding(&ADDED, "response.address");
        assert_eq!(together(vec![one.clone(), elsewhere]).len(), 2);
        let second = finding(&ADDED, "response.owner.phone");
        assert_eq!(together(vec![one, other, second]).len(), 3);
    }
}
