//! Codes of errors with a status: "`409` with the code `too_late`", and rows of tables of errors.

use crate::diagnostic::Diagnostic;

use super::Page;
use super::sentence::Sentence;

pub(super) fn check(
    page: &Page<'_, '_>,
    sentence: &Sentence<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let known = sentence.codes.iter().filter_map(|code| {
        let (statuses, span) = page.known.codes.get(code.text)?;
        Some((code, statuses, *span))
    });
    let known: Vec<_> = known.collect();
    if known.is_empty() {
        return;
    }
    let statuses = named(sentence.words());
    let [status] = statuses.as_slice() else {
        return;
    };
    for (code, documented, span) in known {
        if documented.contains(status) {
            continue;
        }
        let shown: Vec<String> = documented.iter().map(|it| format!("`{it}`")).collect();
        let message = format!(
            "the text says that `{}` comes with `{status}`, and an example shows it with {}",
            code.text,
            shown.join(" and ")
        );
        diagnostics.push(super::found(
            sentence.span(code),
            message,
            (span, "shown here"),
            "errors",
        ));
    }
}

/// The statuses that a text names, in code or as numbers of their own.
fn named(text: &str) -> Vec<u16> {
    let mut found = Vec::new();
    for word in text.split([' ', '`', '|', '(', ')', ',', '\n', '*', ':']) {
        let word = word.trim_end_matches(['.', ';']);
        let status = word.parse::<u16>().ok().filter(|_| word.len() == 3);
        if let Some(status) = status.filter(|it| (100..600).contains(it))
            && !found.contains(&status)
        {
            found.push(status);
        }
    }
    found.retain(|it| *it >= 400);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_errors_are_statuses() {
        assert_eq!(named("| 409 | `too_late` | at 4000 |"), [409]);
        assert_eq!(named("answers `402`, not 404."), [402, 404]);
        assert!(named("up to 200 of them").is_empty());
    }
}
