//! Refusals because of how things stand: a name that is in use, a version that has changed since, a thing that is closed.
//!
//! Whatever their status is, they say nothing about the values of a request, or about what it leaves out. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::{self, Input};
use crate::model::Operation;
use crate::model::shared::{Errors, Shared};

/// Texts nested deeper are not looked at.
const DEPTH: usize = 6;

/// True if a refusal says that what a request names is in use, or has changed since.
pub(crate) fn says_taken(body: &Value) -> bool {
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \bin\s+use\b | \balready\b | \b(?:is|are|was|been)\s+taken\b | \bexists\b | \bduplicate[ds]?\b | \brepeated\b | \b(?:not|be)\s+unique\b
            | ^[a-z]+(?:\s[a-z]+)*\s(?:taken|conflict|exhausted)$ | \bconflicts?\s+with\b | \bidempoten\w+
            | \b(?:stale|outdated|out\s+of\s+date)\b
            | \b(?:changed|modified|updated)\s+(?:since|meanwhile|in\s+the\s+meantime|by\s+(?:somebody|someone|another))\b
            | \b(?:rev|revision|version|e-?tag)\b[^.;]*\b(?:match|matches|mismatch|conflict|current|latest|behind)\b",
        )
    });
    texts(body).iter().any(|it| TAKEN.is_match(it))
}

/// Words of a thing that is not in a state for a request, or has no room for more.
static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        \b(?:is|are|was|been|being|currently|document|item|resource|object)\s+(?:not\s+|still\s+|no\s+longer\s+)?(?:archived|locked|frozen|expired|retired|closed|cancel[l]?ed|finished|completed|deleted
              |paused|suspended|disabled|assigned|published|sent|paid|busy|full|running)\b
            | ^[a-z]+(?:\s[a-z]+)*\s(?:archived|locked|frozen|expired|retired|closed|cancel[l]?ed|finished|suspended|assigned|full|busy)$
            | \b(?:archived|locked|closed|retired)\b[^.;]*\bread[\s-]?only\b | \b(?:wrong|bad|invalid|illegal)\s+(?:state|status|stage|transition)\b
            | \bin\s+(?:this|that|its|the)\s+(?:current\s+)?(?:state|status|stage)\b
            | \b(?:limit|quota)\s+(?:(?:is|was|has\s+been|of\s+\w+)\s+)?(?:reached|exhausted|used\s+up)\b | \bquota\b | \bno\s+(?:more\s+)?(?:room|space|seats)\b
            | \binsufficient\b | \bnot\s+enough\b | \bnot\s+(?:yet\s+)?(?:ready|started|active|open|enabled)\b",
    )
});

/// True if a refusal says that there is too little of something: money, stock, seats.
pub(crate) fn says_short(body: &Value) -> bool {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \binsufficient\b | \bnot\s+enough\b | \btoo\s+(?:little|few)\b | \bquota\b | \bpayment\s+required\b | \btop(?:ped)?[\s-]?up\b
            | \b(?:exceeds?|larger\s+than|more\s+than|greater\s+than|higher\s+than|lower\s+than|below|beyond)\b[^.;]*\b(?:available|remaining|balance|credits?|funds|stock|left)\b
            | \b(?:available|remaining|balance|credits?|funds|stock)\b[^.;]*\b(?:exhausted|used\s+up|exceeded|too\s+(?:low|small)|lower\s+than|less\s+than)\b
            | \b(?:no|out\s+of)\s+(?:more\s+|free\s+)?(?:credits?|funds|money|stock|balance|seats|licen[cs]es|inventory|capacity)\b",
        )
    });
    texts(body).iter().any(|it| SHORT.is_match(it))
}

/// True if a refusal has a code for programs that the docs have for its status, and that is not the one for values that are
/// wrong in themselves: "`422 too_wide` if the slot is smaller" is about another thing.
pub(crate) fn has_own_reason(
    operation: &Operation,
    shared: &Shared,
    status: u16,
    body: &Value,
) -> bool {
    static OF_VALUES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)valid|schema|malformed|format|syntax|parse|bad|wrong|missing|required|unprocess|param|field|input|value|request|body|argument|type|out_?of_?range",
        )
    });
    documented_code(operation, shared, status, body).is_some_and(|code| !OF_VALUES.is_match(&code))
}

/// True if a refusal says that a thing is not in a state for it, or that there is no room for more.
pub(crate) fn says_shut(body: &Value) -> bool {
    texts(body).iter().any(|it| CLOSED.is_match(it))
}

/// The same, of a request in which one input was changed: what names that may be about its value.
pub(crate) fn says_closed(body: &Value, about: &Input) -> bool {
    let named = letters(&about.name);
    let names_it = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| letters(word) == named)
    };
    let texts = texts(body);
    let mut closed = texts.iter().filter(|it| CLOSED.is_match(it)).peekable();
    closed.peek().is_some() && !closed.any(|it| names_it(it))
}

/// True if a refusal offers another input in the place of one, or beside it: "give `id` or `name`".
pub(crate) fn offers_another(operation: &Operation, body: &Value, input: &Input) -> bool {
    let inputs = input::inputs(operation);
    let others = inputs
        .iter()
        .filter(|it| it.place == input.place && it.name != input.name && it.required.is_none());
    let mut pairs = others.flat_map(|it| [(&it.name, &input.name), (&input.name, &it.name)]);
    let texts = texts(body);
    let offers = |one: &str, other: &str| {
        let words = |text: &str| {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let words = text.split(move |c: char| !is_part(c));
            words
                .filter(|it| !it.is_empty())
                .map(str::to_lowercase)
                .collect::<Vec<_>>()
        };
        let wanted = [&one.to_lowercase(), &other.to_lowercase()];
        texts.iter().any(|text| {
            words(text).windows(3).any(|it| {
                matches!(it, [first, link, last]
                    if [first, last] == wanted && matches!(link.as_str(), "or" | "and" | "nor"))
            })
        })
    };
    pairs.any(|(one, other)| offers(one, other))
}

/// True if a refusal has a code of its own for an input that the docs list: `missing_variables` is when that has to be sent.
pub(crate) fn has_code_for(
    operation: &Operation,
    errors: Option<&Errors>,
    body: &Value,
    input: &Input,
) -> bool {
    let named = letters(&input.name);
    let mut codes = Vec::new();
    collect(body, 0, &mut codes);
    let mut of_input = codes.into_iter().filter(|code| {
        let is_code = !code.contains(char::is_whitespace) && code.contains(['_', '-', '.']);
        is_code && named.len() > 2 && letters(code) != named && letters(code).contains(&named)
    });
    of_input.any(|code| is_listed(operation, errors, &code))
}

/// The code for programs of a refusal, if the docs have that code for such a status: in a table of errors, or in a sentence
/// about the operation or about all of them, as "changing it gives `409` `has_votes`".
pub(crate) fn documented_code(
    operation: &Operation,
    shared: &Shared,
    status: u16,
    body: &Value,
) -> Option<String> {
    let mut codes = Vec::new();
    collect(body, 0, &mut codes);
    let number = status.to_string();
    let own = operation.remarks.iter().map(|it| it.value.as_str());
    let all = shared.remarks.iter().map(|it| it.text.value.as_str());
    let sentences: Vec<&str> = own.chain(all).filter(|it| it.contains(&number)).collect();
    let kinds = shared.errors.iter().flat_map(|it| &it.kinds);
    let kinds: Vec<_> = kinds.filter(|it| it.status.value == status).collect();
    codes.into_iter().find(|code| {
        let is_code = code.len() > 2 && !code.contains(char::is_whitespace);
        let marked = format!("`{code}`");
        let is_told = sentences.iter().any(|it| it.contains(&marked));
        let mut listed = kinds.iter().flat_map(|it| &it.codes);
        is_code && (is_told || listed.any(|it| it.value == *code))
    })
}

/// True if a page lists a code for programs.
fn is_listed(operation: &Operation, errors: Option<&Errors>, code: &str) -> bool {
    let examples = operation.responses.iter().flat_map(|it| &it.examples);
    let shown = format!("\"{code}\"");
    let mut examples = examples.map(|it| it.text.text());
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let fields = operation.body.iter().flat_map(|body| &body.fields);
    let fields = fields.map(|field| field.description.as_str());
    let mut texts = remarks.chain(fields);
    let mut kinds = errors.into_iter().flat_map(|it| &it.kinds);
    examples.any(|it| it.contains(&shown))
        || texts.any(|it| it.contains(code))
        || operation.reasons.iter().any(|it| it.value.code == code)
        || kinds.any(|kind| kind.codes.iter().any(|it| it.value == code))
}

/// The texts of a body, codes for programs as words.
fn texts(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(body, 0, &mut found);
    let words = found.into_iter().map(|text| {
        if text.contains(char::is_whitespace) {
            text
        } else {
            text.replace(['_', '-', '.'], " ")
        }
    });
    words.collect()
}

fn collect(value: &Value, depth: usize, into: &mut Vec<String>) {
    match value {
        _ if depth > DEPTH => {}
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect(it, depth + 1, into)),
        Value::Object(members) => members.values().for_each(|it| collect(it, depth + 1, into)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::plan::input;
    use crate::conform::tests::documentation;

    fn operation(more: &str) -> Operation {
        let page = format!(
            "---\napi: POST /parcels\n---\n\n{more}\n\n<ParamField body=\"state\" type=\"string\">The state.</ParamField>\n\n<ParamField body=\"labels\" type=\"object\">Texts.</ParamField>\n"
        );
        let (_, mut documentation) = documentation("", &[&page]);
        documentation.api.operations.swap_remove(0)
    }

    fn input(name: &str) -> Input {
        let inputs = input::inputs(&operation(""));
        inputs.into_iter().find(|it| it.name == name).unwrap()
    }

    #[test]
    fn codes_of_refusals_are_those_of_the_docs() {
        let page = "---\napi: PATCH /parcels/{id}\n---\n\nWhat was sent is fixed: changing it gives `409` and the code `on_its_way`.\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ParamField body=\"state\" type=\"string\">The state.</ParamField>\n";
        let errors = "---\ntitle: When a request fails\n---\n\n| status | error | |\n|---|---|---|\n| 400 | `bad_request` | a field is wrong |\n| 409 | `too_many`, `locked_up` | see the guide |\n";
        let (_, documentation) = documentation("", &[page, errors]);
        let api = &documentation.api;
        let code = |status: u16, body: Value| {
            documented_code(&api.operations[0], &api.shared, status, &body)
        };
        for known in ["on_its_way", "too_many", "locked_up"] {
            assert_eq!(code(409, json!({"error": known})), Some(known.to_owned()));
            assert_eq!(code(422, json!({"error": known})), None);
        }
        assert_eq!(code(409, json!({"error": {"code": "no_such_code"}})), None);
        assert_eq!(code(409, json!({"error": "a field is wrong"})), None);
    }

    #[test]
    fn refusals_say_that_a_name_is_in_use() {
        for body in [
            json!({"code": 2004, "message": "tag in use"}),
            json!({"error": {"code": "name_taken", "message": "Choose another one."}}),
            json!({"error": "email_exists"}),
            json!({"errors": [{"detail": "A parcel of this name already is there."}]}),
            json!({"code": 2009, "message": "rev does not match"}),
            json!({"error": "version_conflict"}),
            json!({"message": "The page was changed since you read it: it has been modified by somebody else."}),
            json!({"error": {"type": "idempotency_key_reused"}}),
        ] {
            assert!(says_taken(&body), "{body}");
        }
        for body in [
            json!({"error": "validation_failed", "message": "state: not one of the allowed values"}),
            json!({"message": "name does not match the pattern"}),
            json!({"message": "state is required"}),
            json!({"message": "type mismatch"}),
            json!({"message": "no such parcel"}),
        ] {
            assert!(!says_taken(&body), "{body}");
        }
    }

    #[test]
    fn refusals_say_that_a_thing_is_closed() {
        for body in [
            json!({"error": {"code": "document_archived"}}),
            json!({"message": "asset is not assigned"}),
            json!({"message": "The asset is retired."}),
            json!({"message": "The limit of ten is reached: quota"}),
            json!({"message": "Not possible in this stage."}),
        ] {
            assert!(says_closed(&body, &input("labels")), "{body}");
        }
        // What names the input itself may be about its value.
        let body = json!({"message": "invalid state"});
        assert!(!says_closed(&body, &input("state")));
        for body in [
            json!({"message": "labels: must be an object"}),
            json!({"message": "labels is longer than the maximum"}),
            json!({"error": "bad_request"}),
        ] {
            assert!(!says_closed(&body, &input("state")), "{body}");
        }
    }

    #[test]
    fn refusals_say_that_there_is_too_little() {
        for body in [
            json!({"error": {"code": "insufficient_credit"}}),
            json!({"code": "out_of_stock", "message": "Sold out."}),
            json!({"message": "Not enough seats."}),
            json!({"message": "The charge is larger than the account's available credit."}),
            json!({"message": "Payment required: top up first"}),
            json!({"message": "The balance is too low."}),
            json!({"message": "Your quota is used up."}),
        ] {
            assert!(says_short(&body), "{body}");
        }
        for body in [
            json!({"message": "The name is longer than 80 characters."}),
            json!({"message": "quantity must be at most 50"}),
            json!({"code": "out_of_range"}),
        ] {
            assert!(!says_short(&body), "{body}");
        }
    }

    #[test]
    fn a_refusal_may_offer_another_input() {
        let offers = |text: &str| {
            let body = json!({"code": 1100, "message": text});
            offers_another(&operation(""), &body, &input("labels"))
        };
        assert!(offers("parameter labels: give state or labels"));
        assert!(offers("Send either `labels` or `state`, not both."));
        assert!(offers("labels and state exclude each other"));
        assert!(!offers("labels is not an object"));
        assert!(!offers("parameter state: give labels"));
    }

    #[test]
    fn a_code_may_be_for_one_input() {
        let body = json!({"error": {"type": "missing_labels", "field": "labels"}});
        let plain = operation("");
        let listed = operation(
            "| Code | When |\n| --- | --- |\n| `missing_labels` | A text of the template has no value. |\n",
        );
        let of =
            |operation: &Operation, name: &str| has_code_for(operation, None, &body, &input(name));
        assert!(of(&listed, "labels"));
        assert!(!of(&listed, "state"));
        assert!(!of(&plain, "labels"));
    }
}
