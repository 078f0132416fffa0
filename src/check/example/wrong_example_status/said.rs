//! A title that states another success than the text of the page: "Answers with `201`."

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Fact, Field, Operation, Status};
use crate::source::FileId;

use super::RULE;

pub(super) fn check(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    for response in &operation.responses {
        let Status::Code(status) = &response.status else {
            continue;
        };
        if !response.status.is_success() {
            continue;
        }
        for example in &response.examples {
            if status.evidence.span != example.title_span {
                continue;
            }
            let Some(said) = contradicting(operation, status.value, example.span.file) else {
                continue;
            };
            let codes = said.codes.iter().map(|code| format!("`{code}`"));
            let codes: Vec<_> = codes.collect();
            let message = format!(
                "the title says {}, and the text names {}",
                status.value,
                codes.join(" and ")
            );
            diagnostics.push(
                Diagnostic::new(&RULE, example.title_span, message)
                    .severity(Severity::Warning)
                    .label("this status")
                    .related(said.sentence.evidence.span, "named here")
                    .help("make title and text agree")
                    .subject(response.status.subject()),
            );
        }
    }
}

/// A sentence that says with which success the call is answered.
struct Said<'a> {
    sentence: &'a Fact<String>,
    codes: Vec<u16>,
}

/// What the text of a page says of the status of successes, if it speaks of that one nowhere.
fn contradicting(operation: &Operation, status: u16, file: FileId) -> Option<Said<'_>> {
    let sentences = || {
        let remarks = operation.remarks.iter();
        remarks.filter(move |remark| remark.evidence.span.file == file)
    };
    let mut said = sentences().filter_map(|sentence| {
        let codes = answered(&sentence.value);
        (!codes.is_empty()).then_some(Said { sentence, codes })
    });
    let said = said.next()?;
    (!is_named(operation, file, status)).then_some(said)
}

/// True if a sentence of the page, or the text of a field, names the status.
pub(super) fn is_named(operation: &Operation, file: FileId, status: u16) -> bool {
    let word = status.to_string();
    let remarks = operation.remarks.iter();
    let remarks = remarks.filter(|remark| remark.evidence.span.file == file);
    let texts = remarks.map(|sentence| sentence.value.as_str());
    let fields = operation.parameters.iter().map(|it| &it.field);
    let fields = fields.chain(operation.body.iter().flat_map(|body| &body.fields));
    let mut fields = fields.chain(operation.responses.iter().flat_map(|it| &it.fields));
    let mut texts = operation.description.as_deref().into_iter().chain(texts);
    texts.any(|text| names(text, &word)) || fields.any(|field| names_in(field, &word))
}

fn names_in(field: &Field, word: &str) -> bool {
    names(&field.description, word) || field.children.iter().any(|child| names_in(child, word))
}

fn names(text: &str, word: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|it| it == word) || text.contains("2xx")
}

/// The successes that a sentence says calls are answered with, whatever they do; nothing if it is about a condition.
fn answered(sentence: &str) -> Vec<u16> {
    const ANSWERS: [&str; 25] = [
        "antwortet",
        "antwort",
        "liefert",
        "responde",
        "retorna",
        "devuelve",
        "renvoie",
        "répond",
        "return",
        "returns",
        "returned",
        "respond",
        "responds",
        "answer",
        "answers",
        "answered",
        "reply",
        "replies",
        "response",
        "status",
        "code",
        "http",
        "success",
        "successful",
        "succeeds",
    ];
    const CONDITIONS: [&str; 48] = [
        "then",
        "which",
        "case",
        "cases",
        "wenn",
        "falls",
        "sofern",
        "sobald",
        "dann",
        "quando",
        "caso",
        "cuando",
        "lorsque",
        "si",
        "se",
        "alors",
        "if",
        "when",
        "unless",
        "once",
        "after",
        "where",
        "while",
        "until",
        "only",
        "except",
        "instead",
        "rather",
        "may",
        "can",
        "could",
        "might",
        "sometimes",
        "already",
        "again",
        "your",
        "you",
        "must",
        "should",
        "webhook",
        "webhooks",
        "callback",
        "later",
        "first",
        "second",
        "previously",
        "formerly",
        "not",
    ];
    let lower = sentence.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // "`201` if it is new, `200` otherwise" says it of all calls.
    let is_of_all =
        !has(&CONDITIONS) || has(&["otherwise", "else"]) && !has(&["your", "you", "not"]);
    // "Creates it (`201`) or replaces it (`200`)"
    let is_told_apart = lower.matches("(`2").count() > 1;
    if !has(&ANSWERS) && !is_told_apart || !is_of_all {
        return Vec::new();
    }
    successes(&lower)
}

/// The successes that a text, in lower case, has as statuses.
fn successes(lower: &str) -> Vec<u16> {
    let mut codes: Vec<u16> = Vec::new();
    for (at, _) in lower.match_indices('2') {
        let code = lower.get(at..at + 3).unwrap_or_default();
        // What is not whole comes to those who ask for a part.
        if code == "206" {
            continue;
        }
        let before = lower.get(..at).unwrap_or_default();
        let behind = lower.get(at + 3..).unwrap_or_default();
        let is_apart = !before
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '$'))
            && !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        if let (true, Ok(code)) = (is_apart && is_status(before, behind), code.parse())
            && (200..300).contains(&code)
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }
    codes
}

/// True if a number is called a status by what stands around it: "status `201`", "returns 201 Created", "`204`".
fn is_status(before: &str, behind: &str) -> bool {
    const PHRASES: [&str; 9] = [
        "ok",
        "created",
        "accepted",
        "no content",
        "multi",
        "non-auth",
        "reset",
        "partial",
        "already reported",
    ];
    let last = before
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let follows = behind.trim_start();
    let ends = follows.is_empty()
        || !follows.starts_with(|c: char| c.is_alphanumeric()) && !follows.starts_with('%');
    let is_led = matches!(
        last,
        "with"
            | "status"
            | "code"
            | "http"
            | "returns"
            | "return"
            | "always"
            | "answers"
            | "is"
            | "responds"
            | "a"
            | "or"
    );
    let on = ["on ", "for ", "and ", "with ", "upon ", "is ", "otherwise"];
    let goes_on = on.iter().any(|word| follows.starts_with(word));
    before.ends_with('`')
        || PHRASES.iter().any(|phrase| follows.starts_with(phrase))
        || is_led && (ends || goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_with_which_success_all_calls_are_answered() {
        for (text, codes) in [
            ("Answers with `201`.", &[201][..]),
            ("Returns `201 Created`.", &[201]),
            ("Returns 201 on success.", &[201]),
            ("Responds with status 202.", &[202]),
            ("The status is always `207`.", &[207]),
            ("HTTP 201 is returned.", &[201]),
            ("Success: `201 Created`", &[201]),
            ("Creates it (`201`) or replaces it (`200`).", &[201, 200]),
            ("Der Server antwortet mit `202`.", &[202]),
            ("Returns 204 with an empty body.", &[204]),
            (
                "Answered with `201` if it is new, `200` otherwise.",
                &[201, 200],
            ),
        ] {
            assert_eq!(answered(text), codes, "{text}");
        }
        for text in [
            "Returns `202` if the job is queued.",
            "Supports ranges; answers `206` then.",
            "which answers `204`.",
            "Your endpoint must answer with `200`.",
            "Returns up to 200 items.",
            "Returns 250 books a page.",
            "A book with 201 pages.",
            "It may be answered with `202`.",
            "Errors are answered with `400`.",
        ] {
            assert!(answered(text).is_empty(), "{text}");
        }
    }
}
