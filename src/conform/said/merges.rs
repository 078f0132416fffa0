//! What becomes of the members of an object that an update leaves out: "merged into what is there", or "replaced as a whole".
//! Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;
use crate::model::shared::Remark;

use super::promises;
use super::touches::is_noun;

/// What an update does with an object that it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    /// What is not sent is kept.
    Merged {
        /// A member that is sent as `null` is taken out.
        drops_null: bool,
        /// So it is with objects inside.
        is_deep: bool,
    },
    /// What is not sent is gone.
    Replaced,
}

/// What the pages say that becomes of the object of that name; `description` is the text of its field, and `remarks` are the
/// sentences of pages without an endpoint.
pub(crate) fn of(
    operation: &Operation,
    name: &str,
    description: &str,
    remarks: &[Remark],
) -> Option<Merge> {
    let about = remarks.iter().filter(|it| is_about(it, name));
    let about = about.map(|it| it.text.value.as_str());
    let own: Vec<String> = std::iter::once(description)
        .chain(about)
        .flat_map(clauses)
        .map(str::to_owned)
        .collect();
    let of_page: Vec<String> = promises::sentences(operation)
        .flat_map(|text| clauses(&text).map(str::to_owned).collect::<Vec<_>>())
        .filter(|clause| names(clause, name))
        .collect();
    let of_all = promises::sentences(operation).any(|text| is_merge_patch(&text));
    let all = || own.iter().chain(&of_page);
    let is_merged = of_all || all().any(|it| is_merged(it));
    let is_replaced = all().any(|it| is_replaced(it));
    match (is_merged, is_replaced) {
        (true, false) => Some(Merge::Merged {
            drops_null: of_all || all().any(|it| drops_null(it)),
            is_deep: of_all || all().any(|it| is_deep(it)),
        }),
        (_, true) if !all().any(|it| is_merged_clause(it)) => Some(Merge::Replaced),
        _ => None,
    }
}

/// True if the text of the field itself says in so many words what becomes of the members that an update leaves out.
pub(crate) fn is_plain(description: &str, how: Merge) -> bool {
    static BOUND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|unless|when|except|only|but|may|might|otherwise|default)\b")
    });
    let mut clauses = clauses(description);
    let (is_merged, is_replaced): (Vec<_>, Vec<_>) = clauses
        .by_ref()
        .filter(|it| !BOUND.is_match(it))
        .map(|it| (is_merged(it), is_replaced(it)))
        .unzip();
    let (is_merged, is_replaced) = (is_merged.contains(&true), is_replaced.contains(&true));
    match how {
        Merge::Merged { .. } => is_merged && !is_replaced,
        Merge::Replaced => is_replaced && !is_merged,
    }
}

/// True for a sentence below a title that is the name of a member: what a page about `metadata` says.
fn is_about(remark: &Remark, name: &str) -> bool {
    let name = letters(name);
    let one = name.strip_suffix('s').unwrap_or(&name);
    let mut titles = remark.about.split(" / ");
    titles.any(|title| is_noun(title, one))
}

fn is_merge_patch(text: &str) -> bool {
    static PATCH: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:merge[\s-]patch|rfc[\s-]?(?:7386|7396))\b"));
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not|no|instead\s+of|unlike|except)\b"));
    PATCH.is_match(text) && !NOT.is_match(text)
}

/// The parts of a text that speak of one thing each.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    static ENDS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)[.;]\s+|\n|,?\s+(?:while|but|whereas)\s+"));
    ENDS.split(text)
}

fn names(clause: &str, name: &str) -> bool {
    clause.contains(&format!("`{name}`")) || clause.contains(&format!("`{name}."))
}

fn is_negated(clause: &str) -> bool {
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|no|nothing|none|instead\s+of|rather\s+than|without|isn['’]t|aren['’]t|doesn['’]t|don['’]t\s+(?:merge|replace)|may|might|if|unless|when)\b",
        )
    });
    NOT.is_match(clause)
}

fn is_merged(clause: &str) -> bool {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:keys|entries|members|pairs|properties|settings|values|fields|labels|attributes|options|those|others?|what|the\s+rest)\b
            [^.;]*\b(?:leave\s+out|left\s+out|omit(?:ted)?|(?:not|don['’]t|do\s+not|aren['’]t)\s+(?:send|sent|include[sd]?|mention(?:ed)?|listed?|present)|other|rest)\b
            [^.;]*\b(?:(?:are|is|be)\s+kept|stays?|remains?|keeps?|unchanged|untouched|preserved|left\s+(?:alone|as))\b",
        )
    });
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:other|existing)\s+(?:keys|entries|members|pairs|properties|labels|attributes)\s+(?:(?:are|is)\s+(?:kept|preserved|unchanged|untouched|left)|stay|remain)\b",
        )
    });
    is_merged_clause(clause) || KEPT.is_match(clause) || OTHERS.is_match(clause)
}

/// True for "merged into what is there", and not for "not merged".
fn is_merged_clause(clause: &str) -> bool {
    static MERGED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bmerge[sd]?\b"));
    // "A merge request" and "after the merge" say nothing.
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bmerge\s+(?:request|commit|conflict)|\b(?:the|a|after|before)\s+merge\b|\bmerged_|`merged?`",
        )
    });
    MERGED.is_match(clause) && !OTHERWISE.is_match(clause) && !is_negated(clause)
}

fn is_replaced(clause: &str) -> bool {
    static REPLACED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\breplaces?\s+(?:all|the\s+(?:whole|entire|existing|old|current|previous|stored|complete))\b
            | \b(?:is|are|be)\s+(?:always\s+)?replaced\s+(?:as\s+a\s+whole|entirely|completely|whole|in\s+full|altogether)\b
            | \b(?:entirely|completely|wholly)\s+replaced\b
            | \breplaced\s+as\s+a\s+whole\b",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|instead\s+of|rather\s+than|without|may|might|if|unless|keys?\s+(?:that|which)|same\s+keys?)\b",
        )
    });
    REPLACED.is_match(clause) && !NOT.is_match(clause)
}

/// True for "a key sent with the value `null` is removed".
fn drops_null(clause: &str) -> bool {
    static NULL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:keys?|entr(?:y|ies)|pairs?|members?|values?|propert(?:y|ies)|labels?|items?|attributes?)\b[^.;]*`?\bnull\b`?[^.;]*\b(?:remov|delet|drop|clear|unset|eras)
            | `?\bnull\b`?[^.;]*\b(?:remov|delet|drop|clear|unset|eras)\w*\s+(?:the|a|an|that|this|its|single|individual)\s+(?:\w+\s+)?(?:keys?|entr(?:y|ies)|pairs?|members?|propert(?:y|ies)|labels?|attributes?)\b
            | \b(?:remov|delet|drop|clear|unset|eras)\w*\s+(?:the\s+|a\s+|an\s+|any\s+|one\s+|some\s+|single\s+|individual\s+)?(?:keys?|entr(?:y|ies)|pairs?|members?|propert(?:y|ies)|labels?|attributes?)\b[^.;]*\bnull\b",
        )
    });
    NULL.is_match(clause)
}

fn is_deep(clause: &str) -> bool {
    static DEEP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:deep(?:ly)?|recursive(?:ly)?|member\s+by\s+member|at\s+every\s+level|on\s+all\s+levels)\b",
        )
    });
    DEEP.is_match(clause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str, field: &str) -> Option<Merge> {
        let page = format!(
            "---\napi: PATCH /books/{{id}}\n---\n\n{text}\n\n<ParamField body=\"labels\" type=\"object\">{field}</ParamField>\n"
        );
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        of(&documentation.api.operations[0], "labels", field, &[])
    }

    #[test]
    fn a_page_about_a_member_says_what_becomes_of_it() {
        let page = "---\napi: PATCH /books/{id}\n---\n\n<ParamField body=\"labels\" type=\"object\">See Labels.</ParamField>\n";
        for (title, text, found) in [
            (
                "Labels",
                "Updates of labels are merged. To remove a key, set it to `null` or to an empty string.",
                Some(merged(true, false)),
            ),
            (
                "Labels",
                "Labels are always replaced as a whole.",
                Some(Merge::Replaced),
            ),
            ("Books", "Updates of labels are merged.", None),
        ] {
            let guide = format!("---\ntitle: {title}\n---\n\n{text}\n");
            let (_, documentation) = crate::conform::tests::documentation("", &[page, &guide]);
            let api = &documentation.api;
            let said = of(
                &api.operations[0],
                "labels",
                "See Labels.",
                &api.shared.remarks,
            );
            assert_eq!(said, found, "{title}: {text}");
        }
    }

    fn merged(drops_null: bool, is_deep: bool) -> Merge {
        Merge::Merged {
            drops_null,
            is_deep,
        }
    }

    #[test]
    fn texts_say_that_an_object_is_merged() {
        for text in [
            "Merged into the existing labels.",
            "Keys that you leave out are kept.",
            "Only the keys that you send change; other keys are kept.",
            "Merged with the stored object, key by key.",
        ] {
            assert_eq!(
                of_text("Changes a book.", text),
                Some(merged(false, false)),
                "{text}"
            );
        }
        for text in [
            "Merged into what's there. `null` as a value drops the key.",
            "Merges with the stored labels. Set a key to `null` to remove it.",
            "Merged; send `null` to delete an entry.",
        ] {
            assert_eq!(
                of_text("Changes a book.", text),
                Some(merged(true, false)),
                "{text}"
            );
        }
        let page = "`labels` and `labels.inner` are merged member by member, while `tags` are replaced as a whole.";
        assert_eq!(
            of_text(page, "Labels to change."),
            Some(merged(false, true))
        );
        let page = "A JSON merge patch: absent members stay.";
        assert_eq!(of_text(page, "Labels."), Some(merged(true, true)));
    }

    #[test]
    fn texts_say_that_an_object_is_replaced() {
        for text in [
            "Replaces all existing labels.",
            "The labels are replaced as a whole.",
            "Is always replaced entirely; nothing is merged.",
        ] {
            assert_eq!(
                of_text("Changes a book.", text),
                Some(Merge::Replaced),
                "{text}"
            );
        }
        let page = "`tags` are merged, while `labels` is replaced as a whole.";
        assert_eq!(of_text(page, "Labels."), Some(Merge::Replaced));
    }

    #[test]
    fn a_field_says_it_plainly() {
        let kept = merged(false, false);
        assert!(is_plain(
            "Labels. Keys that you leave out keep their value.",
            kept
        ));
        assert!(is_plain("Replaces all existing labels.", Merge::Replaced));
        assert!(!is_plain(
            "Keys that you leave out are kept unless they are old.",
            kept
        ));
        assert!(!is_plain("New labels.", kept));
    }

    #[test]
    fn other_texts_say_nothing_of_it() {
        for text in [
            "New labels, or `null` to remove them.",
            "Not merged.",
            "Labels of the merge request.",
            "After the merge there are ten at most.",
            "A value that is there is replaced.",
        ] {
            assert_eq!(of_text("Changes a book.", text), None, "{text}");
        }
    }
}
