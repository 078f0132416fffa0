//! What the statuses of refusals are for, where a page has more than one of them: a body that cannot be read, or values. Pure.

use crate::model::Operation;

use super::status::words_about;

/// What a status that refuses a body is for, as its example and the text say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The body cannot be read.
    Syntax,
    /// A value is missing or wrong.
    Values,
    /// The one and the other.
    Both,
}

/// The cause that the page gives for a status.
fn cause(text: &str) -> Option<Cause> {
    const SYNTAX: &[&str] = &["json", "malformed", "parse", "syntax", "unreadable"];
    const VALUES: &[&str] = &[
        "validation",
        "required",
        "out of range",
        "missing",
        "must be",
        "too long",
        "too short",
    ];
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match (has(SYNTAX), has(VALUES)) {
        (true, false) => Some(Cause::Syntax),
        (false, true) => Some(Cause::Values),
        (true, true) => Some(Cause::Both),
        (false, false) => None,
    }
}

/// Those of the statuses that are for a cause; all of them unless the page tells them apart.
pub(super) fn told(operation: &Operation, codes: Vec<u16>, wanted: Cause) -> Vec<u16> {
    let causes: Vec<_> = codes
        .iter()
        .map(|code| cause(&words_about(operation, *code)))
        .collect();
    fitting(&codes, &causes, wanted).unwrap_or(codes)
}

/// The statuses whose cause is the one that is looked for, or that one and another one.
fn fitting(codes: &[u16], causes: &[Option<Cause>], wanted: Cause) -> Option<Vec<u16>> {
    let is_for = |cause: &Option<Cause>| cause.is_some_and(|it| it == wanted || it == Cause::Both);
    let is_told =
        codes.len() > 1 && causes.iter().all(Option::is_some) && causes.iter().any(is_for);
    let told = codes.iter().zip(causes).filter(|(_, cause)| is_for(cause));
    is_told.then(|| told.map(|(code, _)| *code).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: [&str; 2], wanted: Cause) -> Option<Vec<u16>> {
        let causes = texts.map(|text| cause(&text.to_lowercase()));
        fitting(&[400, 422], &causes, wanted)
    }

    #[test]
    fn statuses_are_told_apart_by_what_the_page_says_of_each() {
        let unread = "400 `bad_json` The body is not JSON.";
        for values in [
            "422 `invalid` A field is missing or too long.",
            "422 Validation failed.\n422 `bad_template` The syntax of the template is wrong.",
            "422 `name` is required.\n422 The JSON pointer of the field is in `pointer`.",
        ] {
            assert_eq!(
                of([unread, values], Cause::Values),
                Some(vec![422]),
                "{values}"
            );
        }
        assert_eq!(
            of([unread, "422 A value is out of range."], Cause::Syntax),
            Some(vec![400])
        );
    }

    #[test]
    fn statuses_of_which_the_page_says_too_little_are_both_possible() {
        for [unread, values] in [
            ["400 Something is wrong.", "422 A field is missing."],
            ["400 The request is malformed.", "422 We cannot process it."],
            [
                "400 Malformed, or a field is missing.",
                "422 A value must be unique and is required.",
            ],
        ] {
            let told = of([unread, values], Cause::Values);
            assert!(told.is_none_or(|it| it.len() == 2), "{unread}");
        }
    }
}
