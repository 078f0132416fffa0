//! What pages say may be had again once the thing that had it is deleted: "Its SKU can be used for a new item". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input, Place};
use crate::model::Operation;
use crate::model::shape::ShapeKind;

use super::promises;

/// The inputs of a create whose texts are free again after the delete, as one of the two pages says.
pub(crate) fn inputs(delete: &Operation, create: &Operation) -> Vec<Input> {
    let all = input::inputs(create).into_iter();
    let texts = all.filter(|it| {
        it.is_root_member()
            && it.place == Place::Body
            && it.shape.kind == ShapeKind::String
            && it.shape.constraints.allowed.is_none()
            && !it.is_reference()
    });
    let of_delete: Vec<String> = promises::sentences(delete)
        .flat_map(|it| pieces(&it))
        .collect();
    let of_create: Vec<String> = promises::sentences(create)
        .flat_map(|it| pieces(&it))
        .collect();
    let is_said = |input: &Input| {
        let own = pieces(&input.description);
        let mut own = own.iter();
        own.any(|it| says_free(it) && says_deleted(it))
            || of_delete
                .iter()
                .any(|it| says_free(it) && names(it, &input.name))
            || of_create
                .iter()
                .any(|it| says_free(it) && says_deleted(it) && names(it, &input.name))
    };
    texts.filter(is_said).collect()
}

fn pieces(text: &str) -> Vec<String> {
    let text = text.replace('\n', " ");
    let sentences = text.split(['.', ';', '!']);
    sentences.map(|it| it.trim().to_lowercase()).collect()
}

fn says_deleted(sentence: &str) -> bool {
    ["delet", "remov", "gone"]
        .iter()
        .any(|word| sentence.contains(word))
}

fn names(sentence: &str, name: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word == name.to_lowercase())
}

fn says_free(sentence: &str) -> bool {
    static FREE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:can|may|could)\s+(?:then\s+|now\s+|afterwards\s+)?(?:be\s+)?(?:re-?used?|used?\s+(?:it\s+)?again|taken?\s+again|chosen\s+again|registered?\s+again|(?:used?|taken?|chosen)\s+(?:it\s+)?(?:for|by)\s+(?:an?\s+)?(?:new|another|other)(?:\s+one)?)\b
            | \b(?:is|are|becomes?|gets?)\s+(?:then\s+|now\s+)?(?:free|available|released)(?:\s+again)?\s*(?:$|,|and\b|for\s+(?:a\s+new|new|another|others?|reuse|everybody|everyone))
            | \b(?:frees|releases)\s+(?:up\s+)?(?:its|the|their)\b",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|cannot|no\s+longer|until|after\s+\d|days?|hours?|minutes?|stays?|remains?|keeps?|unless)\b|n['’]t\b",
        )
    });
    FREE.is_match(sentence) && !NOT.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_that_a_name_is_free_again() {
        for text in [
            "the `slug` of a deleted book can be used again",
            "its slug is free and you can use it for a new book",
            "after that the slug can be reused",
            "the slug becomes available again",
            "deleting a book frees its slug",
            "a slug is released and may be taken by another one",
        ] {
            assert!(says_free(text) && names(text, "slug"), "{text}");
        }
        for text in [
            "the slug cannot be used again",
            "the slug is never free again",
            "the slug stays taken",
            "the slug is free again after 30 days",
            "the slug can be used in links",
            "slugs are free of charge",
        ] {
            assert!(!says_free(text), "{text}");
        }
    }

    #[test]
    fn the_page_of_the_delete_or_the_field_names_what_is_free() {
        let found = |of_delete: &str, of_field: &str| {
            let create = format!(
                "---\napi: POST /books\n---\n\n<ParamField body=\"slug\" type=\"string\" required>\n{of_field}\n</ParamField>\n\n<ParamField body=\"title\" type=\"string\" />\n"
            );
            let delete = format!("---\napi: DELETE /books/{{id}}\n---\n\n{of_delete}\n");
            let (_, documentation) = crate::conform::tests::documentation("", &[&create, &delete]);
            let operations = &documentation.api.operations;
            let of = |method: &str| {
                operations
                    .iter()
                    .find(|it| it.endpoint.value.method == method)
            };
            let found = inputs(of("DELETE").unwrap(), of("POST").unwrap());
            found.into_iter().map(|it| it.name).collect::<Vec<_>>()
        };
        assert_eq!(
            found("Its slug can then be used again.", "Unique."),
            ["slug"]
        );
        assert_eq!(
            found("", "Unique. That of a deleted book may be used again."),
            ["slug"]
        );
        assert!(found("The number can be used again.", "Unique.").is_empty());
        assert!(found("", "Unique. It can be used again in other shops.").is_empty());
    }
}
