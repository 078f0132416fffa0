//! The `Location` of what is created, of which a page without an endpoint speaks: "Creating a book or a shelf answers with a
//! `Location` header." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::{self, Kind};
use crate::conform::pattern::pattern;
use crate::conform::said::touches;
use crate::model::shared::Remark;
use crate::model::{Api, Fact, ResponseHeader};

/// The name of the header.
const LOCATION: &str = "Location";

/// The status that says that something was created.
const CREATED: u16 = 201;

/// Gives the header to each create that a sentence speaks of.
pub(super) fn give(api: &mut Api, remarks: &[Remark]) {
    let mut said = remarks.iter().filter(|it| tells(&it.text.value));
    // Two sentences may speak of two kinds of answers.
    let (Some(said), None) = (said.next(), said.next()) else {
        return;
    };
    let roles = chain::roles(api);
    let creates = || roles.iter().filter(|role| role.kind == Kind::Create);
    let is_named = |noun: &str| touches::names_noun(&said.text.value, noun);
    let is_of_some = creates().any(|role| is_named(&role.noun));
    for (operation, role) in api.operations.iter_mut().zip(&roles) {
        let is_meant = role.kind == Kind::Create
            && operation.endpoint.value.method == "POST"
            && (!is_of_some || is_named(&role.noun));
        let mut codes = operation.responses.iter().map(|it| it.status.code());
        let is_created = codes.any(|it| it == Some(CREATED));
        let mut known = operation.response_headers.iter();
        if is_meant && is_created && !known.any(|it| it.name.value.eq_ignore_ascii_case(LOCATION)) {
            operation.response_headers.push(ResponseHeader {
                name: Fact {
                    value: LOCATION.to_owned(),
                    evidence: said.text.evidence,
                },
                status: Some(CREATED),
                shape: None,
                shown: None,
                is_optional: false,
                description: said.text.value.clone(),
            });
        }
    }
}

/// True for a sentence that says of all creates, or of those that it names, that they answer with the header.
fn tells(text: &str) -> bool {
    static CREATES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*creat(?:ing|es?)\b|\b(?:every|each|all|any)\b[^.`]*?(?:\bcreat(?:es?|ed|ions?|ing)\b|`?\b201\b`?)|\b(?:when|after|whenever)\s+(?:you\s+create|something\s+(?:is|was)\s+created)\b|\b(?:answers?|responses?)\s+to\s+(?:a\s+)?creat\w+",
        )
    });
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:if|unless|except|but|only|may|might|can|could|some|most|usually|often|no|not|never|without|where|redirect\w*|20[02-9]|30\d)\b",
        )
    });
    text.contains("`Location`") && CREATES.is_match(text) && !OPEN.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: [&str; 3] = [
        "---\napi: POST /jars\n---\n\n```json 201\n{\"id\": \"jar_1\"}\n```\n",
        "---\napi: GET /jars/{jar_id}\n---\n\n```json 200\n{\"id\": \"jar_1\"}\n```\n",
        "---\napi: POST /lids\n---\n\n```json 201\n{\"id\": \"lid_1\"}\n```\n",
    ];

    /// The paths of the operations that answer with the header.
    fn given(text: &str) -> Vec<String> {
        let guide = format!("---\ntitle: Basics\n---\n\n{text}\n");
        let pages = [PAGES[0], PAGES[1], PAGES[2], &guide];
        let (_, mut documentation) = crate::conform::tests::documentation("", &pages);
        crate::conform::shared::spread(&mut documentation.api);
        let operations = documentation.api.operations.into_iter();
        let found = operations.filter(|operation| {
            let mut headers = operation.response_headers.iter();
            operation.endpoint.value.method == "POST"
                && headers.any(|it| it.name.value == LOCATION && it.status == Some(CREATED))
        });
        found.map(|it| it.endpoint.value.path).collect()
    }

    #[test]
    fn a_guide_says_which_creates_answer_with_a_location() {
        let both = ["/jars", "/lids"];
        for text in [
            "Every create answers with `201` and a `Location` header.",
            "Creating a jar or a lid answers with a `Location` header, the path of the new object.",
            "Each `201` comes with a `Location` header.",
        ] {
            assert_eq!(given(text), both, "{text}");
        }
        assert_eq!(
            given("Creating a lid answers with a `Location` header."),
            ["/lids"]
        );
        for text in [
            "Creating something answers with a `Location` header if it takes long.",
            "A `202` has a `Location` header.",
            "Moved things answer with `301` and `Location`.",
        ] {
            assert!(given(text).is_empty(), "{text}");
        }
    }
}
