//! "What you sent, plus:" in front of the fields of an answer.

use std::collections::HashSet;

use crate::model::{Operation, Written};

use super::words::{has, sentences};

/// What is sent, in sentences.
const SENT: [&str; 27] = [
    "request*",
    "sent",
    "send",
    "submit*",
    "input*",
    "body",
    "payload",
    "above",
    "echo*",
    "envías",
    "envía",
    "enviad*",
    "envoy*",
    "petición",
    "solicitud",
    "requisi*",
    "pedido",
    "anfrage*",
    "gesendet*",
    "geschickt*",
    "requête*",
    "请求",
    "提交",
    "发送",
    "传入",
    "arriba",
    "oben",
];

/// What comes on top, in sentences.
const MORE: [&str; 33] = [
    "plus",
    "and",
    "with",
    "addition*",
    "additional",
    "besides",
    "apart",
    "also",
    "adds",
    "same",
    "all",
    "más",
    "mais",
    "además",
    "junto",
    "con",
    "com",
    "além",
    "zusätzlich",
    "sowie",
    "und",
    "auch",
    "neben",
    "en plus",
    "ainsi",
    "et",
    "outre",
    "以及",
    "还",
    "并",
    "加上",
    "另",
    "之外",
];

/// True if all that the page leaves out of its answers are members of its own body, and it says so where the answers are
/// documented.
pub(super) fn comes_back(
    pages: &[&Written<'_>],
    operation: &Operation,
    subjects: &[String],
) -> bool {
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let body: HashSet<&str> = body.map(|it| it.name.value.trim()).collect();
    let answered = subjects.iter().filter(|it| it.starts_with("response"));
    let is_sent = |subject: &String| {
        let mut names = subject.split(['.', '[', ']']);
        names.any(|name| body.contains(name))
    };
    !body.is_empty() && answered.clone().all(is_sent) && says_so(pages)
}

fn says_so(pages: &[&Written<'_>]) -> bool {
    pages.iter().any(|page| {
        let answers = page.fields.iter().filter(|field| field.is_response());
        let mut leads = answers.map(|field| field.lead);
        leads.any(|lead| {
            let lower = lead.to_lowercase();
            !lower.starts_with('#') && sentences(&lower).any(tells)
        })
    })
}

/// True for a sentence, in lower case, that says that what is sent comes back.
fn tells(sentence: &str) -> bool {
    has(sentence, &SENT) && has(sentence, &MORE)
}

#[cfg(test)]
mod tests {
    use super::tells;

    #[test]
    fn what_was_sent_comes_back_with_more() {
        for text in [
            "what you sent, plus:",
            "same fields as in the request, plus:",
            "echoes the request and adds",
            "in addition to the fields above:",
            "lo que envías más `id`.",
            "zusätzlich zu den feldern der anfrage:",
            "返回请求中的所有字段，以及：",
        ] {
            assert!(tells(text), "{text}");
        }
        for text in ["the new book:", "returns the book and its owner."] {
            assert!(!tells(text), "{text}");
        }
    }
}
