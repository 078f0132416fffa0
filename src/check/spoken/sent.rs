//! "What you sent, plus:" in front of the fields of an answer.

use crate::model::{Operation, Written};

use super::words::{has, sentences};

/// What is sent, in sentences.
const SENT: [&str; 32] = [
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
    "enviou",
    "angaben",
    "inviat*",
    "送信",
    "リクエスト",
];

/// What comes on top, in sentences.
const MORE: [&str; 42] = [
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
    "ainda",
    "também",
    "acrescid*",
    "dazu",
    "außer",
    "inoltre",
    "加えて",
    "ほか",
    "次の項目",
];

/// True if a member of an answer, or one around it, is a member of the body of the same operation.
pub(super) fn is_of_body(operation: &Operation, subject: &str) -> bool {
    let mut body = operation.body.iter().flat_map(|body| &body.fields);
    let is_around = |name: &str| subject.split(['.', '[', ']']).any(|it| it == name);
    body.any(|field| is_around(field.name.value.trim()))
}

/// True if the page says where its answers are documented that what is sent comes back: of each member if the sentence leads
/// over to those that come on top, else if `is_all_sent`.
pub(super) fn comes_back(pages: &[&Written<'_>], is_all_sent: bool) -> bool {
    pages.iter().any(|page| {
        let answers = page.fields.iter().filter(|field| field.is_response());
        let mut leads = answers.map(|field| field.lead);
        leads.any(|lead| {
            let lower = lead.trim().to_lowercase();
            let leads_over = lower.ends_with([':', '：', '。']);
            !lower.starts_with('#') && (is_all_sent || leads_over) && sentences(&lower).any(tells)
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
