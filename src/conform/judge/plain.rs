//! How sure it is that the pages want a request to be refused, and how: what they say in so many words is no less a promise
//! than an attribute. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::{Slot, SlotPlace};
use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::value::Fault;
use crate::model::{Evidence, Operation, Origin, Status};

use super::Case;
use super::callers;
use super::status::words_about;
use crate::conform::said::order;
use crate::conform::said::promises::OF_STATES;

/// Words that leave it open whether a value is refused.
static LENIENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:should|usually|typically|recommended|ideally|(?:about|around|roughly)\s+(?:\d|an?\b|one|two|half)|capped|clamped|truncated|cut|shortened|rounded|e\.\s?g\.|for\s+example|such\s+as|treated\s+as|counts\s+as|ignored)\b",
    )
});

/// Words for a request that is not accepted.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:4\d\d|refused|rejected|errors?|invalid|fails?|not\s+(?:allowed|accepted|valid))\b",
    )
});

/// True if what a text says of a value is as plain as an attribute would be: a limit, a set of values that is announced as
/// such, or a notation that values must have.
pub(super) fn is_plain(input: &Input, fault: Fault, evidence: Evidence) -> bool {
    static SET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|:)\s*`[^`]+`(?:\s*,\s*`[^`]+`)*\s*,?\s*\bor\s+`[^`]+`\s*(?:[.;(]|$)|\b(?:one\s+of|either|must\s+be|has\s+to\s+be|allowed|valid|possible|accepted|permitted|supported|values?|only)\b|\b\d{1,2}\s+of\b",
        )
    });
    static NOTATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|has\s+to|have\s+to|needs?\s+to|valid|well[- ]formed|is\s+(?:refused|rejected)|only|format(?:ted)?|consists?\s+of|made\s+(?:up\s+)?of)\b|\bcharacters?\s*(?::|,|\(|from\b)\s*(?:only\s+)?(?:(?:lower|upper)[ -]?case|small|capital|ascii|latin|letters|digits|`|[a-z]-[a-z])|\bletter,?\s+followed\s+by\b|(?:^|[.:;]\s*)(?:(?:lower|upper)[ -]?case|small|capital|ascii|latin)\s+letters\s*,[^.;`]*\b(?:digits|numbers|hyphens|dashes|underscores)\s*(?:[.;]|$)",
        )
    });
    // "Any other name gets a `400`."
    static REST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:anything|everything|something)\s+else|(?:any|all|every)\s+others?(?:\s+\w+)?|other\s+(?:values?|names?|ones|texts?|characters?|types?))\s+(?:is|are|gets?|gives?|returns?|leads?|results?|fails?|will)\b(?:[^.;]*\b(?:4\d\d|refused|rejected|errors?|invalid|not\s+(?:allowed|accepted|valid)))?",
        )
    });
    let text = &input.description;
    if evidence.origin != Origin::Prose {
        return false;
    }
    let is_rest_refused = REST
        .find(text)
        .is_some_and(|it| REFUSED.is_match(it.as_str()));
    if is_rest_refused && !matches!(fault, Fault::Type | Fault::Beside) {
        return true;
    }
    if LENIENT.is_match(text) {
        return false;
    }
    match fault {
        Fault::Limit => true,
        Fault::Outside => SET.is_match(text),
        Fault::Format => NOTATION.is_match(text),
        Fault::Type | Fault::Beside => false,
    }
}

/// True for a limit of any text, or of a number, that the text of an input says as plainly as an attribute would.
pub(super) fn is_plain_limit(input: &Input, evidence: Evidence) -> bool {
    let told = &input.shape.constraints;
    let numbers = [&told.minimum, &told.maximum];
    let lengths = [&told.min_length, &told.max_length];
    let numbers = numbers.into_iter().flatten().map(|it| it.evidence);
    let lengths = lengths.into_iter().flatten().map(|it| it.evidence);
    let is_limit = numbers.chain(lengths).any(|it| it == evidence);
    let is_any = told.format.is_none() && told.pattern.is_none() && told.prefix.is_none();
    is_limit && is_any && is_plain(input, Fault::Limit, evidence)
}

/// True if a text says in so many words what a value must be that is neither a limit, a set, nor a notation: "in steps of 15",
/// "must be after `start`".
pub(super) fn is_said(input: &Input) -> bool {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|has\s+to|have\s+to|cannot|may\s+not|not\s+(?:allowed|permitted|accepted)|in\s+(?:steps|increments)\s+of|multiples?\s+of|divisible\s+by|(?:is|are)\s+(?:refused|rejected))\b|\bcan['’]t\b",
        )
    });
    SAID.is_match(&input.description) && !LENIENT.is_match(&input.description)
}

/// True if the pages document a refusal for an input in so many words: for the body any of them will do, and for what else is
/// sent the page of the operation has one, or the text about the status names the input.
pub(super) fn documents_refusal(operation: &Operation, input: &Input, documented: &[u16]) -> bool {
    let own = operation.endpoint.evidence.span.file;
    let mut responses = operation.responses.iter();
    let is_own = responses.any(|it| match &it.status {
        Status::Code(code) => documented.contains(&code.value) && code.evidence.span.file == own,
        _ => false,
    });
    let names = |code: &u16| {
        let text = words_about(operation, *code);
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| word == input.name.to_lowercase())
    };
    !documented.is_empty() && (input.place == Place::Body || is_own || documented.iter().any(names))
}

/// True if a request is refused with a status that the pages leave no room for: the one that they document for the reason is
/// told apart from all others, and that of the answer is not documented for it.
pub(super) fn is_other_for_sure(case: &Case<'_>, code: u16, documented: &[u16]) -> bool {
    if let (Variant::UnknownId(slot), [404]) = (&case.item.variant, documented) {
        return slot.place == SlotPlace::Path && is_told_unknown(case.operation, code);
    }
    let is_unauthenticated = matches!(
        case.item.variant,
        Variant::NoCredentials | Variant::WrongCredentials
    );
    // Where the state is looked at last, nothing that is wrong with the request is told of it.
    if OF_STATES.contains(&code)
        && !is_unauthenticated
        && !documented.is_empty()
        && documented.iter().all(|it| matches!(it, 400 | 422))
        && order::has_state_last(case.operation)
    {
        return true;
    }
    // What names a thing may be unknown or wrong, and who may not do something may have to log in first.
    let [401 | 400 | 422] = documented else {
        return false;
    };
    let responses = case.operation.responses.iter();
    let mut codes = responses.map(|it| it.status.code());
    let is_stated = codes.any(|it| it == Some(code));
    match &case.item.variant {
        // A value of another type may keep a body from being read at all.
        Variant::NoCredentials | Variant::WrongCredentials => {
            !is_stated || callers::leaves_no_room(case.operation, &case.item.variant, code)
        }
        Variant::Invalid(_, _, Fault::Type | Fault::Beside, _) => !is_stated,
        Variant::Missing(_) | Variant::Invalid(..) => matches!(code, 400 | 422),
        _ => false,
    }
}

/// True if the page itself has a 404 for what nothing is known of, and the status is one of how things stand: nothing stands
/// in any way that is not there.
fn is_told_unknown(operation: &Operation, code: u16) -> bool {
    let own = operation.endpoint.evidence.span.file;
    let is_own = operation.responses.iter().any(|it| match &it.status {
        Status::Code(code) => code.value == 404 && code.evidence.span.file == own,
        _ => false,
    });
    let is_of_state = matches!(code, 409 | 423);
    is_own
        && (is_of_state || is_of_bodies_alone(operation, code))
        && says_unknown(&words_about(operation, 404))
}

/// True if the pages have a 400 for bodies that cannot be read, and for nothing else: no id in a path is a part of a body.
fn is_of_bodies_alone(operation: &Operation, code: u16) -> bool {
    static BODIES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:json|body|syntax|malformed|pars(?:e|ed|ing))\b"));
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:ids?|identifiers?|paths?|urls?|parameters?|query|headers?|requests?)\b")
    });
    let words = words_about(operation, code);
    let mut lines = words.lines().filter(|it| !it.trim().is_empty()).peekable();
    let own = operation.endpoint.evidence.span.file;
    let is_own = operation.responses.iter().any(|it| match &it.status {
        Status::Code(it) => it.value == code && it.evidence.span.file == own,
        _ => false,
    });
    code == 400
        && !is_own
        && lines.peek().is_some()
        && lines.all(|it| BODIES.is_match(it) && !OTHERS.is_match(it))
}

/// True if the text of an input says what comes of an id that names nothing: "An unknown one is answered with `404`."
pub(super) fn is_unknown_refused(operation: &Operation, slot: &Slot) -> bool {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unknown|(?:does|do)\s+not\s+exist|doesn['’]t\s+exist|no\s+such|not\s+found|is\s+none)\b[^.;]*(?:\b4\d\d\b|\b(?:refused|rejected|error)\b)|(?:\b4\d\d\b|\b(?:refused|rejected|error)\b)[^.;]*\b(?:unknown|(?:does|do)\s+not\s+exist|doesn['’]t\s+exist|no\s+such|not\s+found)\b",
        )
    });
    let inputs = input::inputs(operation);
    let mut inputs = inputs.iter().filter(|it| slot.is_for(it));
    inputs.any(|it| UNKNOWN.is_match(&it.description))
}

/// True if a text says of something that it is not there.
fn says_unknown(text: &str) -> bool {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unknown|not\s+found|no\s+(?:such|\w+\s+(?:has|with|of|called|named))|(?:is|are)\s+no\b|(?:does|do|did)\s*(?:not|n['’]t)\s+exist|(?:could|can)\s*(?:not|n['’]t)\s+be\s+found|(?:isn|doesn|don)['’]t\s+(?:there|exist)|nothing\s+(?:has|with))\b|not_found",
        )
    });
    UNKNOWN.is_match(text)
}

/// The status with which the text of an input says that a request without it is refused: "If it is missing, you get a `400`,
/// if it is too long a `422`."
pub(super) fn told_if_missing(variant: &Variant) -> Option<u16> {
    static MISSING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:missing|absent|left\s+out|omitted|not\s+(?:sent|given|there)|without\s+(?:it|this|the\s+header|one))\b(?P<rest>[^.;]*)",
        )
    });
    static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?P<code>4\d\d)\b"));
    let Variant::Missing(input) = variant else {
        return None;
    };
    let rest = MISSING.captures(&input.description)?.name("rest")?;
    STATUS
        .captures(rest.as_str())?
        .name("code")?
        .as_str()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use crate::conform::bindings::Bindings;
    use crate::conform::judge::{Case, judge};
    use crate::conform::plan::Variant;
    use crate::conform::plan::value::Fault;
    use crate::conform::tests::{answer, documentation, planned};
    use crate::diagnostic::Severity;

    /// How bad it is that an answer comes to the first planned request of a kind.
    fn severity(
        pages: &[&str],
        status: u16,
        is_wanted: impl Fn(&Variant) -> bool,
    ) -> Option<Severity> {
        let (_, mut documentation) = documentation("", pages);
        crate::conform::shared::spread(&mut documentation.api);
        let plan = planned(&documentation, &Bindings::default());
        let item = plan.items.iter().find(|it| is_wanted(&it.variant))?;
        let case = Case {
            operation: &documentation.api.operations[0],
            item,
            secrets: &plan.secrets,
            marks_null: plan.marks_null,
            unset: None,
        };
        let verdict = judge(&case, &answer(status, "{}"));
        verdict.diagnostics.iter().map(|it| it.severity).max()
    }

    const ERRORS: &str = "---\ntitle: Errors\n---\n\n| Status | Code | Meaning |\n|---|---|---|\n| 400 | `bad_json` | The body is not valid JSON. |\n| 401 | `unauthorized` | The key is missing or wrong. |\n| 422 | `invalid` | A field is missing or breaks a rule of its page. |\n";

    fn page(field: &str) -> String {
        format!(
            "---\napi: POST /notes\n---\n\n{field}\n\n```bash\ncurl -X POST https://api.example.com/notes -d '{{\"text\": \"Hello\", \"size\": 2, \"kind\": \"a\", \"email\": \"ann@example.com\"}}'\n```\n\n```json 201\n{{\"id\": \"n_1\"}}\n```\n"
        )
    }

    #[test]
    fn what_a_text_says_plainly_is_promised() {
        let invalid = |variant: &Variant| matches!(variant, Variant::Invalid(_, _, fault, _) if *fault != super::Fault::Type);
        for (field, expected) in [
            (
                "<ParamField body=\"text\" type=\"string\">At most 20 characters.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"size\" type=\"integer\">Between 1 and 5.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"kind\" type=\"string\">One of `a`, `b`.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"email\" type=\"string\">Must be a valid email address.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"kind\" type=\"string\">1 to 8 characters: small letters, digits, and dashes.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"kind\" type=\"string\">Who can find it: `everybody` or `nobody`. This stays.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"kind\" type=\"string\">Small letters and digits, such as `a1`. Any other name gets a `422`.</ParamField>",
                Severity::Error,
            ),
            (
                "<ParamField body=\"email\" type=\"string\">Email address of the author.</ParamField>",
                Severity::Warning,
            ),
            (
                "<ParamField body=\"size\" type=\"integer\">Should be between 1 and 5.</ParamField>",
                Severity::Warning,
            ),
        ] {
            let page = page(field);
            assert_eq!(
                severity(&[&page, ERRORS], 201, invalid),
                Some(expected),
                "{field}"
            );
            let alone = severity(&[&page], 201, invalid);
            assert!(alone.is_none_or(|it| it < Severity::Error), "{field}");
        }
    }

    #[test]
    fn rules_of_other_kinds_are_promised_where_a_text_says_so() {
        let against =
            |variant: &Variant| matches!(variant, Variant::Invalid(_, _, Fault::Beside, _));
        for (text, expected) in [
            ("How many, in steps of 2.", Severity::Error),
            (
                "How many, in steps of 2. Should be large.",
                Severity::Warning,
            ),
        ] {
            let field = format!("<ParamField body=\"size\" type=\"integer\">{text}</ParamField>");
            let page = page(&field);
            assert_eq!(
                severity(&[&page, ERRORS], 201, against),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn statuses_that_are_told_apart_are_promised() {
        let page = page(
            "<ParamField body=\"text\" type=\"string\" required>At most 20 characters.</ParamField>",
        );
        let missing = |variant: &Variant| matches!(variant, Variant::Missing(_));
        assert_eq!(
            severity(&[&page, ERRORS], 400, missing),
            Some(Severity::Error)
        );
        assert_eq!(severity(&[&page, ERRORS], 422, missing), None);
        let vague = ERRORS.replace(
            "`bad_json` | The body is not valid JSON.",
            "`bad` | Something is wrong.",
        );
        assert!(severity(&[&page, &vague], 400, missing).is_none_or(|it| it < Severity::Error));
    }

    #[test]
    fn who_is_not_known_is_turned_away_before_all_else() {
        let of = |text: &str, unknown: &str| {
            let page = format!(
                "---\napi: POST /lamps/{{lamp_id}}/close\n---\n\nA request without a token, or with one that is not valid, is answered with `401`.\n\n{text}\n\n```json 404\n{{\"error\": \"{unknown}\"}}\n```\n\n```json 409\n{{\"error\": \"The lamp is not open.\"}}\n```\n"
            );
            let (_, documentation) = documentation("", &[&page]);
            let operation = &documentation.api.operations[0];
            let room = |variant, code| super::callers::leaves_no_room(operation, &variant, code);
            (
                room(Variant::NoCredentials, 409),
                room(Variant::WrongCredentials, 403),
                super::is_told_unknown(operation, 409),
            )
        };
        assert_eq!(of("Closes it.", "No such lamp."), (true, true, true));
        let order = "Checked in this order: token (`401`), lamp (`404`), state (`409`).";
        assert_eq!(of(order, "No such lamp."), (true, true, true));
        let private = "For who has no token, a closed lamp is answered with `409`.";
        assert!(!of(private, "No such lamp.").0);
        let open = "A token that is not valid for this lamp is answered with `403`.";
        assert_eq!(of(open, "No."), (true, false, false));
    }
}
