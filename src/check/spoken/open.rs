//! Words by which a page leaves members to others: "Important fields", "All other parameters are passed through", "`key` plus
//! whatever you like".

use crate::check::nesting;
use crate::model::Written;
use crate::model::build::written::WrittenField;

use super::Member;
use super::words::{PARTS, has, sentences};

/// Some of several.
const SOME: [&str; 38] = [
    "important",
    "key",
    "main",
    "notable",
    "selected",
    "excerpt",
    "abridged",
    "worth",
    "custom",
    "most",
    "some",
    "undocumented",
    "guaranteed",
    "others",
    "among",
    "common",
    "commonly",
    "relevant",
    "interesting",
    "special",
    "partial",
    "importante",
    "importantes",
    "principales",
    "principais",
    "principaux",
    "wichtig*",
    "auszug",
    "auswahl",
    "extracto",
    "extrait",
    "trecho",
    "selección",
    "主要",
    "重要",
    "部分",
    "常用",
    "关键",
];

/// True if a heading, or the paragraph, above the fields of an answer calls them some of several, or the text says outside of
/// fields that there are others.
pub(super) fn is_selection(pages: &[&Written<'_>]) -> bool {
    pages.iter().any(|page| {
        let answers = page.fields.iter().filter(|field| field.is_response());
        let mut titles = answers.flat_map(|field| [field.heading, field.lead]);
        titles.any(selects)
            || page
                .texts_outside()
                .iter()
                .any(|text| leaves_some(text.text()))
    })
}

/// True for a title, or a paragraph above fields, that calls them some of several.
fn selects(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_excerpt = || {
        let words = [
            "excerpt",
            "abridged",
            "at least",
            "new in ",
            "new fields",
            "among other",
        ];
        lower.len() < 60 && words.iter().any(|it| lower.contains(it))
    };
    is_excerpt()
        || sentences(&lower).any(|sentence| {
            // "Key" and "Value" head the columns of tables.
            !lower.starts_with('|') && has(sentence, &SOME) && has(sentence, &PARTS[..4])
        })
}

/// True for "…" or "(and more)" between fields, and for sentences about members of somebody's own choice.
fn leaves_some(text: &str) -> bool {
    let trimmed = text.trim();
    let is_rest = ["…", "...", "(and ", "etc", "and more"];
    if trimmed.len() < 20 && is_rest.iter().any(|it| trimmed.starts_with(it)) {
        return true;
    }
    let lower = text.to_lowercase();
    let may_say = [
        "custom",
        "undocumented",
        "your columns",
        "own columns",
        "unlisted",
    ];
    may_say.iter().any(|it| lower.contains(it))
        && sentences(&lower).any(|sentence| {
            let own = ["custom", "undocumented", "unlisted", "own", "your"];
            has(sentence, &own)
                && has(
                    sentence,
                    &["fields", "members", "attributes", "properties", "columns"],
                )
        })
}

/// True if the text of the pages says that a request takes more than is listed.
pub(super) fn is_passed(pages: &[&Written<'_>]) -> bool {
    pages.iter().any(|page| {
        let described = page.entry("description").and_then(|it| it.value.as_str());
        let texts = page.texts_outside();
        let mut texts = texts.iter().map(|it| it.text()).chain(described);
        texts.any(|text| sentences(text).any(passes))
    })
}

/// True for a sentence that takes parameters that are not listed.
fn passes(sentence: &str) -> bool {
    const OTHERS: [&str; 27] = [
        "other",
        "others",
        "any",
        "anything",
        "every",
        "everything",
        "else",
        "unlisted",
        "unknown",
        "additional",
        "extra",
        "further",
        "specific",
        "usual",
        "undocumented",
        "arbitrary",
        "otros",
        "demás",
        "outros",
        "demais",
        "autres",
        "weitere",
        "übrigen",
        "其他",
        "其余",
        "更多",
        "任意",
    ];
    const ALL: [&str; 8] = [
        "all", "full", "same", "more", "todos", "alle", "tous", "所有",
    ];
    const TAKEN: [&str; 35] = [
        "included",
        "sent",
        "pass",
        "passed",
        "passes",
        "forward",
        "forwarded",
        "forwards",
        "support",
        "supported",
        "supports",
        "accepted",
        "accepts",
        "added",
        "kept",
        "stored",
        "understood",
        "proxied",
        "through",
        "used",
        "list",
        "reference",
        "aceptan",
        "pasan",
        "repassados",
        "aceitos",
        "transmis",
        "acceptés",
        "weitergereicht",
        "weitergeleitet",
        "unterstützt",
        "transparent",
        "透传",
        "支持",
        "转发",
    ];
    let lower = sentence.to_lowercase();
    let lower = lower.as_str();
    if has(
        lower,
        &[
            "compatible",
            "drop-in",
            "kompatibel",
            "compatibles",
            "compatível",
            "兼容",
        ],
    ) {
        return true;
    }
    // Those of somebody else: "all parameters of Example's".
    let is_far = lower.contains("](http");
    let mut words = sentence.split_whitespace().skip(1);
    let mut is_of_other = || is_far || words.any(|word| word.starts_with(char::is_uppercase));
    let leaves = has(lower, &OTHERS) || has(lower, &ALL) && is_of_other();
    leaves
        && (has(lower, &PARTS) || has(lower, &["anything", "everything"]) || is_far)
        && (has(lower, &TAKEN) || is_far)
        && !has(
            lower,
            &["not", "rejected", "ignored", "error", "no", "only", "must"],
        )
}

/// True for the text of an object that takes members of somebody's own choice.
pub(in crate::check) fn is_open_object(text: &str, is_sent: bool) -> bool {
    const OPEN: [&str; 20] = [
        "custom",
        "dynamic",
        "arbitrary",
        "additional",
        "unknown",
        "whatever",
        "anything",
        "schema",
        "well-known",
        "known",
        "reserved",
        "open",
        "template",
        "extra",
        "beliebig*",
        "libre*",
        "livre*",
        "自定义",
        "任意",
        "扩展",
    ];
    const SENT: [&str; 20] = [
        "other", "others", "any", "else", "further", "more", "own", "rest", "special", "always",
        "free", "meaning", "mean", "otros", "outros", "autres", "weitere", "sonst", "其他", "其余",
    ];
    let lower = text.to_lowercase();
    let says = |words: &[&str]| sentences(&lower).any(|it| has(it, words) && !refuses(it));
    let leaves = |it: &str| leaves_members(it) && !refuses(it);
    says(&OPEN) || is_sent && says(&SENT) || sentences(&lower).any(leaves)
}

/// True for a sentence, in lower case, about members that it does not name, or about some of several: "Your own fields.", "One
/// member per day.", "Contains at least:".
fn leaves_members(sentence: &str) -> bool {
    const SEVERAL: [&str; 15] = [
        "fields",
        "members",
        "attributes",
        "properties",
        "columns",
        "campos",
        "propiedades",
        "propriedades",
        "champs",
        "propriétés",
        "felder",
        "eigenschaften",
        "字段",
        "属性",
        "フィールド",
    ];
    const ONE: [&str; 10] = [
        "field",
        "member",
        "attribute",
        "property",
        "column",
        "key",
        "entry",
        "campo",
        "champ",
        "eintrag",
    ];
    const UNNAMED: [&str; 26] = [
        "any",
        "other",
        "others",
        "further",
        "more",
        "own",
        "yours",
        "rest",
        "asked",
        "requested",
        "selected",
        "chosen",
        "common",
        "usual",
        "weiter*",
        "eigen*",
        "übrige*",
        "propios",
        "demás",
        "otros",
        "próprios",
        "demais",
        "outros",
        "propres",
        "autres",
        "其他",
    ];
    const SOME: [&str; 6] = [
        "at least",
        "including",
        "mindestens",
        "al menos",
        "pelo menos",
        "au moins",
    ];
    let is_each = || {
        let words = [" per ", " for each ", " for every ", " pro ", " por "];
        has(sentence, &["one", "a", "an", "ein", "un", "uma"])
            && has(sentence, &ONE)
            && words.iter().any(|it| sentence.contains(it))
    };
    let is_lead = || {
        let end = sentence.trim_end();
        end.ends_with(':') && end.len() < 60 && SOME.iter().any(|it| end.contains(it))
    };
    let are_yours = || {
        SEVERAL
            .iter()
            .any(|it| sentence.contains(&format!("your {it}")))
    };
    let is_every = || has(sentence, &["every"]) && has(sentence, &["column", "columns"]);
    has(sentence, &SEVERAL) && (has(sentence, &UNNAMED) || are_yours())
        || has(sentence, &["yours"])
        || is_every()
        || is_each()
        || is_lead()
}

fn refuses(sentence: &str) -> bool {
    has(
        sentence,
        &["not", "no", "rejected", "must", "cannot", "ignored", "only"],
    )
}

/// True if the members of the object stand in a part such as "Known attributes".
pub(super) fn is_titled_open(pages: &[&Written<'_>], member: &Member<'_>) -> bool {
    let around = member.around;
    if !member.is_sent || around.is_empty() {
        return false;
    }
    pages
        .iter()
        .any(|page| page.fields.iter().any(|it| has_open_part(it, around)))
}

fn has_open_part(field: &WrittenField<'_>, name: &str) -> bool {
    let own = field.name().map_or("", |(name, _)| name);
    let is_it = nesting::split(own).1.trim_end_matches("[]") == name;
    let mut parts = field.children.iter().filter_map(|child| child.inside);
    is_it
        && parts.any(|part| {
            let title = part.attribute("title").and_then(|it| it.value.as_str());
            let lower = title.unwrap_or_default().to_lowercase();
            has(
                &lower,
                &[
                    "known",
                    "reserved",
                    "special",
                    "standard",
                    "common",
                    "predefined",
                    "default",
                    "built",
                ],
            ) && has(&lower, &PARTS)
        })
        || field
            .children
            .iter()
            .any(|child| has_open_part(child, name))
}

/// True for the name of a member that answers have where something failed.
pub(in crate::check) fn is_of_errors(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "error",
        "errors",
        "err",
        "errcode",
        "errmsg",
        "error_code",
        "error_message",
        "errorcode",
        "errormessage",
    ];
    NAMES.contains(&name.to_lowercase().as_str())
}

/// True for the title of an example, whatever number stands beside its words, that calls it one of a failure.
pub(in crate::check) fn tells_failure(title: &str) -> bool {
    const FAILURE: [&str; 25] = [
        "error*",
        "fail*",
        "refused",
        "declined",
        "denied",
        "invalid",
        "unsuccessful",
        "rejected",
        "bad",
        "wrong",
        "not",
        "missing",
        "fehler*",
        "abgelehnt",
        "ungültig",
        "erro",
        "erros",
        "falha",
        "erreur*",
        "échec",
        "fallo",
        "refus*",
        "失败",
        "错误",
        "异常",
    ];
    has(&title.to_lowercase(), &FAILURE)
}

/// True for the title of an example that calls it one of another thing than the answer of today: "Webhook", "v1 (deprecated)".
pub(in crate::check) fn tells_other(title: &str) -> bool {
    const OTHER: [&str; 17] = [
        "webhook*",
        "callback*",
        "event",
        "schema",
        "headers",
        "request",
        "config*",
        "deprecated",
        "legacy",
        "old",
        "before",
        "verbose",
        "expand*",
        "expanded",
        "postman",
        "batch",
        "veraltet",
    ];
    has(&title.to_lowercase(), &OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_call_fields_some_of_several() {
        for text in [
            "## Important fields",
            "## Key response fields",
            "Some fields need a word:",
            "Response (excerpt)",
            "Includes at least:",
        ] {
            assert!(selects(text), "{text}");
        }
        for text in [
            "## Response",
            "## Fields",
            "The new book:",
            "| Key | Field |",
        ] {
            assert!(!selects(text), "{text}");
        }
    }

    #[test]
    fn sentences_take_what_is_not_listed() {
        for text in [
            "all other parameters are passed through to the provider.",
            "this endpoint is openai compatible.",
            "anything else is sent through to the model.",
            "all other fields of the form can be included to update them.",
            "see the [reference](https://example.com) for all parameters.",
            "provider-specific parameters can be added.",
        ] {
            assert!(passes(text), "{text}");
        }
        for text in [
            "all parameters are optional.",
            "other parameters are not supported.",
            "returns all books.",
            "every field must be sent.",
        ] {
            assert!(!passes(text), "{text}");
        }
    }

    #[test]
    fn objects_may_take_what_is_not_listed() {
        assert!(is_open_object("`key` plus whatever you like.", true));
        assert!(is_open_object("Custom attributes of the user.", false));
        assert!(!is_open_object("Own account of the user.", false));
        for text in [
            "Your own fields.",
            "Any members.",
            "Plus the members you asked for with `fields`.",
            "Contains at least:",
            "Including:",
            "Common members:",
            "Other fields are passed through.",
            "One member per day, then the sums.",
        ] {
            assert!(is_open_object(text, false), "{text}");
        }
        for text in [
            "Each field is optional.",
            "The members of your team.",
            "At least one book.",
        ] {
            assert!(!is_open_object(text, false), "{text}");
        }
        assert!(!is_open_object("No other members are taken.", true));
    }

    #[test]
    fn titles_tell_failures() {
        assert!(
            tells_failure("200 Error") && tells_failure("200 失败") && !tells_failure("200 OK")
        );
    }
}
