//! What pages say that callers of a kind are refused: "A read-only key gets `403` for anything but a `GET` request". Pure.
//!
//! A kind is what stands before "key", "token", "role", and the like, or in code. Who calls as one of that kind is known by the
//! name that the user gives it; names are compared by their letters.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Role};
use crate::conform::class::Class;
use crate::conform::pattern::pattern;
use crate::model::{Api, Evidence, Fact, Operation};

/// A refusal of callers of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The code for programs, if the sentence names one.
    pub code: Option<String>,
    /// The sentence.
    pub evidence: Evidence,
}

/// What a page says of the callers of a kind.
struct Sentence<'a> {
    said: &'a Fact<String>,
    text: String,
    status: u16,
}

/// More words than these make no name of a kind.
const LONGEST: usize = 3;

/// How callers whom the user calls `name` are refused by an operation, as its page or a page about all of them says.
pub(crate) fn refusal(api: &Api, at: (&Operation, &Role, Class), name: &str) -> Option<Refusal> {
    let (operation, ..) = at;
    let of_kind = said(api, operation)
        .into_iter()
        .filter(|it| speaks_of(&it.text, name) && holds_for(it, at));
    let mut found: Vec<Sentence<'_>> = of_kind.collect();
    // What the page of the operation says comes first, then what names a code as well.
    found.sort_by_key(|it| (!is_own(operation, it.said), code(it).is_none()));
    let first = found.first()?;
    // Sentences that do not agree say nothing.
    let is_one = found.iter().all(|it| it.status == first.status);
    is_one.then(|| Refusal {
        status: first.status,
        code: code(first),
        evidence: first.said.evidence,
    })
}

/// True if the pages say that callers of that name are refused something.
pub fn is_spoken_of(api: &Api, name: &str) -> bool {
    let roles = crate::conform::chain::roles(api);
    let mut all = api.operations.iter().zip(&roles);
    all.any(|(operation, role)| {
        let class = crate::conform::class::class(operation);
        refusal(api, (operation, role, class), name).is_some()
    })
}

/// The kinds of callers that some operation refuses, each with the sentence that says so first.
pub fn kinds(api: &Api) -> Vec<(String, Fact<String>)> {
    static KIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:`(?P<code>[\w:.-]+)`|\b(?P<kind>[a-z][\w-]*))\s+(?:api\s+|access\s+)?(?:keys?|tokens?|roles?|scopes?|credentials)\b",
        )
    });
    let roles = crate::conform::chain::roles(api);
    let mut found: Vec<(String, Fact<String>)> = Vec::new();
    for (operation, role) in api.operations.iter().zip(&roles) {
        let class = crate::conform::class::class(operation);
        for sentence in said(api, operation) {
            for kind in KIND.captures_iter(&sentence.text) {
                let kind = kind.name("code").or_else(|| kind.name("kind"));
                let Some(kind) = kind.map(|it| it.as_str()) else {
                    continue;
                };
                let is_known = found.iter().any(|(it, _)| letters(it) == letters(kind));
                if !is_known && !is_no_kind(kind) && holds_for(&sentence, (operation, role, class))
                {
                    found.push((kind.to_owned(), sentence.said.clone()));
                }
            }
        }
    }
    found
}

/// True for words before "key" that tell no kind of keys.
fn is_no_kind(word: &str) -> bool {
    const OTHERS: &[&str] = &[
        "a",
        "an",
        "the",
        "this",
        "that",
        "your",
        "our",
        "its",
        "their",
        "no",
        "any",
        "each",
        "every",
        "one",
        "same",
        "other",
        "another",
        "api",
        "access",
        "valid",
        "invalid",
        "wrong",
        "missing",
        "unknown",
        "expired",
        "revoked",
        "bad",
        "correct",
        "right",
        "bearer",
        "idempotency",
        "new",
        "old",
        "without",
        "with",
        "of",
        "for",
        "or",
        "and",
        "if",
        "whose",
        "which",
        "disabled",
        "blocked",
        "foreign",
        "malformed",
        "not",
        "required",
        "sufficient",
        "necessary",
        "cursor",
        "page",
        "sort",
        "primary",
        "unique",
        "object",
        "user",
        "current",
        "to",
        "by",
        "use",
        "using",
    ];
    word.len() < 3 || OTHERS.contains(&word) || word.bytes().all(|it| it.is_ascii_digit())
}

/// The sentences that an operation may be meant by and that name one status of a refusal.
fn said<'a>(api: &'a Api, operation: &'a Operation) -> Vec<Sentence<'a>> {
    static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(40[1345])\b"));
    static NOTHING: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:,|;|\band\b)?\s*\b(?:and\s+)?nothing\b[^.;]*"));
    if operation.auth.schemes.is_empty() {
        return Vec::new();
    }
    let shared = api.shared.remarks.iter().map(|it| &it.text);
    let kinds = api.shared.errors.iter().flat_map(|it| &it.kinds);
    let all = operation.remarks.iter().chain(shared);
    let all = all.chain(kinds.map(|it| &it.text));
    let mut found: Vec<Sentence<'_>> = Vec::new();
    for fact in all {
        let text = fact.value.to_lowercase();
        let mut statuses = STATUS.find_iter(&text).map(|it| it.as_str());
        let (Some(status), None) = (statuses.next(), statuses.next()) else {
            continue;
        };
        let Ok(status) = status.parse() else {
            continue;
        };
        if found.iter().all(|it| it.said.evidence != fact.evidence) {
            let text = NOTHING.replace_all(&text, "").into_owned();
            found.push(Sentence {
                said: fact,
                text,
                status,
            });
        }
    }
    found
}

/// True if a text names callers of that kind: "read-only keys" for `read_only`.
fn speaks_of(text: &str, name: &str) -> bool {
    let name = letters(name);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .collect();
    (1..=LONGEST).any(|count| {
        let mut windows = words.windows(count);
        windows.any(|window| {
            let window = window.concat();
            window == name || window.strip_suffix('s') == Some(&name)
        })
    })
}

fn is_own(operation: &Operation, said: &Fact<String>) -> bool {
    said.evidence.span.file == operation.endpoint.evidence.span.file
}

/// True if what a sentence refuses is what an operation does.
fn holds_for(sentence: &Sentence<'_>, at: (&Operation, &Role, Class)) -> bool {
    static NOT_GET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:anything|everything|something|method|request|call)s?\b[^.]*?\b(?:but|than|except|beside|besides|apart\s+from)\b[^.]*?\bget\b|\b(?:another|other|any\s+other)\s+methods?\b|\bnon-get\b|\b(?:is|are)\s+(?:not|no)\s+(?:an?\s+)?`?get\b",
        )
    });
    static WRITES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:writ(?:e|es|ing)|chang(?:e|es|ing)|modif(?:y|ies|ying)|mutat\w+)\b")
    });
    static MAKES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bcreat(?:e|es|ing)\b"));
    static UPDATES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:updat(?:e|es|ing)|edit(?:s|ing)?)\b"));
    static DELETES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:delet(?:e|es|ing)|remov(?:e|es|ing))\b"));
    static METHOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:post|put|patch|delete)\b"));
    let (operation, role, class) = at;
    let text = &sentence.text;
    let method = operation.endpoint.value.method.as_str();
    // "A read-only key gets `403` on `POST`, `PUT`, and `DELETE`."
    let methods: Vec<&str> = METHOD.find_iter(text).map(|it| it.as_str()).collect();
    if methods.len() > 1 {
        return methods.iter().any(|it| it.eq_ignore_ascii_case(method));
    }
    let is_read = method.eq_ignore_ascii_case("GET") || method.eq_ignore_ascii_case("HEAD");
    if NOT_GET.is_match(text) {
        return !is_read;
    }
    if WRITES.is_match(text) {
        return !is_read && class != Class::Read;
    }
    let done = [
        (&MAKES, Kind::Create),
        (&UPDATES, Kind::Update),
        (&DELETES, Kind::Delete),
    ];
    let told: Vec<Kind> = done
        .iter()
        .filter(|(words, _)| words.is_match(text))
        .map(|(_, kind)| *kind)
        .collect();
    if is_own(operation, sentence.said) {
        return told.is_empty() || told.contains(&role.kind);
    }
    // "Deleting a folder with an editor key" is about folders.
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(letters)
        .collect();
    let is_of_noun = words.iter().any(|word| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        *word == role.noun || singular == role.noun
    });
    told.contains(&role.kind) && is_of_noun
}

/// The code for programs that the sentence names: "with `read_only`".
fn code(sentence: &Sentence<'_>) -> Option<String> {
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"`([a-z][a-z0-9]*(?:[_-][a-z0-9]+)+)`"));
    let mut codes = CODE.captures_iter(&sentence.said.value);
    let code = codes.next()?.get(1)?.as_str().to_owned();
    codes.next().is_none().then_some(code)
}

#[cfg(test)]
mod tests {
    use crate::conform::{chain, class};

    use super::*;

    /// The operations that refuse callers of a kind, with status and code.
    fn refused(guide: &str, note: &str, name: &str) -> Vec<String> {
        let auth = "<ParamField header=\"Authorization\" type=\"string\" required>Your key as a bearer token.</ParamField>";
        let page =
            |endpoint: &str, note: &str| format!("---\napi: {endpoint}\n---\n\n{note}\n\n{auth}\n");
        let pages = [
            page("GET /jars", ""),
            page("POST /jars", ""),
            page("DELETE /jars/{jar_id}", note),
        ];
        let guide = format!("---\ntitle: Keys\n---\n\n{guide}\n");
        let (_, documentation) =
            crate::conform::tests::documentation("", &[&pages[0], &pages[1], &pages[2], &guide]);
        let api = &documentation.api;
        let roles = chain::roles(api);
        let all = api.operations.iter().zip(&roles);
        let refused = all.filter_map(|(operation, role)| {
            let at = (operation, role, class::class(operation));
            let found = refusal(api, at, name)?;
            let code = found.code.unwrap_or_default();
            Some(format!(
                "{} {} {code}",
                operation.endpoint.value.method, found.status
            ))
        });
        refused.collect()
    }

    #[test]
    fn a_guide_says_who_may_only_read() {
        let writes = ["POST 403 look_only", "DELETE 403 look_only"];
        for (guide, name) in [
            (
                "A look-only key gets `403` with `look_only` for anything but `GET`.",
                "look_only",
            ),
            (
                "A look-only key that is used with another method is answered with `403` and the code `look_only`.",
                "Look only",
            ),
            (
                "| You send | You get |\n| --- | --- |\n| A look-only key, on anything but `GET` | `403`, code `look_only` |",
                "look-only",
            ),
            (
                "A look-only key gets a `403` (`look_only`) on `POST` and `DELETE`.",
                "look-only",
            ),
            (
                "If you try to change something with the looking key, the answer is a `403` with the code `look_only`, and nothing is changed.",
                "looking",
            ),
        ] {
            assert_eq!(refused(guide, "", name), writes, "{guide}");
            assert!(refused(guide, "", "full").is_empty());
        }
    }

    #[test]
    fn sentences_without_a_kind_or_a_deed_say_nothing() {
        for guide in [
            "A look-only key may read, and nothing is changed: `403`.",
            "A look-only key gets `401` or `403` for anything but `GET`.",
            "A key that nobody knows gets `403`.",
        ] {
            assert!(refused(guide, "", "look-only").is_empty(), "{guide}");
        }
    }

    #[test]
    fn a_page_speaks_of_its_own_operation() {
        let found = refused("", "Guest keys are refused with `403`.", "guest");
        assert_eq!(found, ["DELETE 403 "]);
    }
}
