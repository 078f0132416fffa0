//! An example shows what looks like a real secret: a key with the prefix of a known issuer and a random rest.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::{Operation, Origin};
use crate::source::Excerpt;

pub(super) static RULE: Rule = Rule {
    name: "secret-in-example",
    severity: Severity::Warning,
    summary: "an example shows what looks like a real secret",
};

/// The beginnings of keys, and how many letters and digits follow at least.
const ISSUED: [(&str, usize); 11] = [
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 35),
    ("ghp_", 36),
    ("gho_", 36),
    ("github_pat_", 60),
    ("glpat-", 20),
    ("sk_live_", 24),
    ("rk_live_", 24),
    ("xoxb-", 40),
    ("sk-proj-", 40),
];

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for example in &operation.request_examples {
        diagnostics.extend(in_text(&example.text, "request"));
    }
    for response in &operation.responses {
        for example in &response.examples {
            if example.origin != Origin::Specification {
                diagnostics.extend(in_text(&example.text, &response.status.subject()));
            }
        }
    }
}

fn in_text(excerpt: &Excerpt, subject: &str) -> Option<Diagnostic> {
    static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
        let beginnings = ISSUED.map(|(beginning, _)| regex::escape(beginning));
        #[expect(clippy::unwrap_used, reason = "escaped texts are a pattern")]
        Regex::new(&beginnings.join("|")).unwrap()
    });
    let text = excerpt.text();
    if !BEGINNING.is_match(text) {
        return None;
    }
    ISSUED.iter().find_map(|(prefix, least)| {
        let (start, _) = text.match_indices(prefix).find(|(start, _)| {
            let before = text
                .get(..*start)
                .and_then(|before| before.chars().next_back());
            let rest = text.get(start + prefix.len()..).unwrap_or_default();
            let is_apart = !before.is_some_and(char::is_alphanumeric);
            is_apart && is_random(key_in(rest), *least)
        })?;
        let rest = text.get(start + prefix.len()..)?;
        let end = start + prefix.len() + key_in(rest).len();
        let message = format!("the example shows what looks like a real key: `{prefix}…`");
        Some(
            Diagnostic::new(&RULE, excerpt.span(start..end), message)
                .label("a secret, if it is real")
                .help("withdraw the key if it was ever valid, and show one that is plainly made up")
                .subject(subject)
                .cause(Cause::on_site(text.get(start..end).unwrap_or_default())),
        )
    })
}

/// The letters and digits at the start.
fn key_in(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// True for text that nobody types: long enough, of many different characters, without runs such as `1234` or `abcd`.
fn is_random(text: &str, least: usize) -> bool {
    if text.len() < least || text.to_ascii_lowercase().contains("example") {
        return false;
    }
    let bytes = text.as_bytes();
    let mut kinds = [false; 256];
    for byte in bytes {
        kinds[usize::from(*byte)] = true;
    }
    let different = kinds.iter().filter(|it| **it).count();
    let has_run = bytes.windows(4).any(|run| {
        let steps = run
            .windows(2)
            .map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
        let mut steps = steps.clone();
        let first = steps.next().unwrap_or_default();
        matches!(first, -1..=1) && steps.all(|step| step == first)
    });
    let has_digit = bytes.iter().any(u8::is_ascii_digit);
    let has_letter = bytes.iter().any(u8::is_ascii_alphabetic);
    different >= 12 && !has_run && has_digit && has_letter
}
