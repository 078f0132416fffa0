//! An example shows a value in another notation than its field documents.

use crate::diagnostic::{Cause, Diagnostic, Rule, Severity};
use crate::model::Origin;
use crate::model::shape::{Mismatch, MismatchKind};

use super::comparison::Comparison;
use super::widened;

pub(super) static RULE: Rule = Rule {
    name: "value-format",
    severity: Severity::Warning,
    summary: "an example shows a value in another notation than its field documents",
};

pub(super) fn check(comparison: &Comparison<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (example, mismatch) in comparison.mismatches(MismatchKind::Format) {
        let path = mismatch.path.subject();
        if is_in_text(mismatch) && is_explained(comparison, &path, mismatch)
            || !is_in_text(mismatch)
                && (widened::explains(comparison, &path, mismatch)
                    || widened::everyday::means(comparison, &path, mismatch))
        {
            continue;
        }
        let message = format!(
            "{} shows {}, and {} is documented",
            comparison.name(&path),
            mismatch.found,
            mismatch.expected
        );
        let mut diagnostic = Diagnostic::new(&RULE, example.span(&mismatch.range), message)
            .label(format!("not {}", mismatch.expected))
            .help("show a value in the documented notation, or document this one")
            .subject(comparison.subject(&path))
            .cause(cause(comparison, &path, mismatch));
        if let Some(evidence) = mismatch.evidence {
            diagnostic = diagnostic.related(evidence.span, "the notation is documented here");
        }
        diagnostics.push(diagnostic);
    }
}

fn is_in_text(mismatch: &Mismatch) -> bool {
    mismatch
        .evidence
        .is_some_and(|it| it.origin == Origin::Prose)
}

/// True if the text that speaks of a notation allows the value, too: it names it, or an empty one, or something else
/// that may stand there; or if the value names the notation instead of being written in it.
fn is_explained(comparison: &Comparison<'_>, path: &str, mismatch: &Mismatch) -> bool {
    let shown = mismatch.found.split_once('"').map_or("", |(_, rest)| rest);
    let shown = shown.trim_end_matches('"').to_lowercase();
    let names_notation = ["base64", "uuid"]
        .iter()
        .any(|name| shown.contains(name) && mismatch.expected.to_lowercase().contains(name));
    // Who counts the digits of a telephone number does not count the plus before them.
    let digits = shown.strip_prefix('+').map(|it| it.replace([' ', '-'], ""));
    let is_phone =
        digits.is_some_and(|it| it.len() > 6 && it.bytes().all(|byte| byte.is_ascii_digit()));
    if names_notation || is_phone && mismatch.expected.contains("digits") {
        return true;
    }
    let Some(field) = comparison.field(path) else {
        return false;
    };
    let text = field.description.to_lowercase();
    if shown.is_empty() {
        return ["empty", "leer", "vazi", "vací", "vide"]
            .iter()
            .any(|it| text.contains(it));
    }
    // "Those on loan start with `loan-`"
    let mut codes = text.split('`').skip(1).step_by(2);
    let is_other_start = codes.any(|code| {
        code.len() > 1 && code.ends_with(['-', '_', ':', '.']) && shown.starts_with(code)
    });
    text.contains(&shown) || is_other_start || offers_another(&text)
}

/// True for "a UUID, or a bare domain".
fn offers_another(text: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "domain",
        "email",
        "e-mail",
        "slug",
        "name",
        "handle",
        "username",
        "url",
        "string",
        "number",
        "key",
        "code",
        "alias",
        "address",
        "identifier",
        "keyword",
    ];
    text.split([' ', '\n'])
        .collect::<Vec<_>>()
        .windows(5)
        .any(|words| {
            let bare = |word: &str| {
                word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-')
                    .to_owned()
            };
            matches!(words, ["or", "a" | "an" | "any" | "the", rest @ ..]
            if rest.iter().any(|word| OTHERS.contains(&bare(word).as_str())))
        })
}

/// All members of a page that show one notation otherwise; where only texts state it, made-up values are the habit of a
/// site.
fn cause(comparison: &Comparison<'_>, path: &str, mismatch: &Mismatch) -> Cause {
    let expected = &mismatch.expected;
    let cause = if is_in_text(mismatch) {
        Cause::on_site(expected.as_str())
    } else {
        Cause::on_page(format!("{} {expected}", comparison.side()))
    };
    // The value that stands for the notation looks like one of theirs.
    let notation = expected.split(" (").next().unwrap_or(expected);
    cause.of(
        comparison.name(path),
        format!("{{}} show values in another notation, and {notation} is documented"),
        "show values in the documented notation, or document this one",
    )
}
