//! Examples that are not shown in full, as titles and texts say: "200 (shortened)", "Fields omitted for brevity."

use crate::model::{Operation, Written};

use super::words::{has, sentences};

/// Words for what is not shown in full.
const SHORT: [&str; 32] = [
    "abridged",
    "shortened",
    "excerpt",
    "truncated",
    "omitted",
    "omits",
    "omit",
    "simplified",
    "brevity",
    "readability",
    "incomplete",
    "abbreviated",
    "minimal",
    "reduced",
    "trimmed",
    "gekürzt*",
    "auszug",
    "auszugsweise",
    "verkürzt*",
    "abreviad*",
    "resumid*",
    "extracto",
    "recortad*",
    "simplificad*",
    "extrait",
    "abrég*",
    "tronqu*",
    "simplifi*",
    "节选",
    "省略",
    "略",
    "部分",
];

/// True if the text says of examples that they are not shown in full.
pub(super) fn shortens_examples(text: &str) -> bool {
    let lower = text.to_lowercase();
    if ![
        "example", "beispiel", "ejemplo", "exemple", "exemplo", "示例",
    ]
    .iter()
    .any(|it| lower.contains(it))
    {
        return false;
    }
    sentences(&lower).any(|sentence| {
        has(
            sentence,
            &[
                "example*",
                "beispiel*",
                "ejemplo*",
                "exemple*",
                "exemplo*",
                "示例",
            ],
        ) && is_short(sentence)
    })
}

/// True for a sentence, in lower case, about what is not there.
fn is_short(sentence: &str) -> bool {
    const PHRASES: [&str; 10] = [
        "left out",
        "leave out",
        "not all",
        "only part",
        "not complete",
        "only the relevant",
        "beginning of",
        "not shown",
        "only some",
        "partial",
    ];
    has(sentence, &SHORT) || PHRASES.iter().any(|it| sentence.contains(it))
}

/// True if the title of an example, or a text of the pages, says that the example is not shown in full, or that it lacks the
/// member.
pub(super) fn lacks(pages: &[&Written<'_>], operation: &Operation, name: &str) -> bool {
    let answers = operation.responses.iter().flat_map(|it| &it.examples);
    let mut titles = answers.filter_map(|it| it.title.as_deref());
    titles.any(|title| {
        let lower = title.to_lowercase();
        title.contains('…') || title.contains("...") || is_short(&lower)
    }) || pages.iter().any(|page| {
        let texts = page.texts_outside();
        texts.iter().any(|text| tells(text.text(), name))
    })
}

fn tells(text: &str, name: &str) -> bool {
    const SHOWN: [&str; 14] = [
        "example*",
        "response*",
        "answer*",
        "fields",
        "members",
        "properties",
        "attributes",
        "beispiel*",
        "antwort*",
        "ejemplo*",
        "respuesta*",
        "exemple*",
        "exemplo*",
        "示例",
    ];
    let lower = text.to_lowercase();
    let quick = [
        "`", "…", "part", "short", "omit", "left out", "not all", "excerpt", "abr", "brev", "略",
        "kürz",
    ];
    if !quick.iter().any(|it| lower.contains(it)) {
        return false;
    }
    let code = format!("`{}`", name.to_lowercase());
    sentences(&lower).any(|sentence| {
        let is_note = sentence.len() < 30
            && (sentence.starts_with("only part") || sentence.ends_with("(shortened)"));
        let is_absent = || {
            has(
                sentence,
                &["without", "ohne", "sin", "sans", "sem", "lacks", "absent"],
            ) || is_short(sentence)
        };
        is_note
            || has(sentence, &SHOWN) && is_short(sentence)
            || sentence.contains(&code) && is_absent()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_examples_are_short() {
        for text in [
            "The example is abridged.",
            "Example response (excerpt):",
            "Some members are left out here.",
            "Not all fields are shown.",
            "`sum` is left out here.",
            "Without `sum`, because the order is still open:",
        ] {
            assert!(tells(text, "sum"), "{text}");
        }
        for text in [
            "The example:",
            "`sum` is the sum.",
            "Partial updates are fine.",
            "`note` is left out here.",
        ] {
            assert!(!tells(text, "sum"), "{text}");
        }
        assert!(shortens_examples(
            "Examples show only the relevant members."
        ));
        assert!(!shortens_examples("Examples are in JSON."));
    }
}
