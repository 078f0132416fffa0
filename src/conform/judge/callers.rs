//! What pages say of those who call without credentials, or with wrong ones: which status is for whom. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::conform::plan::Variant;
use crate::model::Operation;

use super::status::words_about;

/// True if the page says that wrong credentials are answered with 401.
pub(super) fn says_unauthorized(operation: &Operation) -> bool {
    static WRONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:wrong|invalid|incorrect|unknown|unrecogni[sz]ed|revoked|expired|bad|malformed|(?:does|do)(?:\s+not|n['’]t)\s+exist|nobody\s+has|(?:never|not|n['’]t)\s+issued|no\s+such|(?:not|n['’]t)\s+(?:\w+\s+){0,2}(?:valid|known|ours|yours|exactly|match|recogni[sz]ed|registered|issued|one\s+of))\b",
        )
    });
    WRONG.is_match(&words_about(operation, 401)) && !WRONG.is_match(&words_about(operation, 403))
}

/// True if the page says that no credentials are answered with 401, and nothing of the kind of 403.
pub(super) fn says_missing(operation: &Operation) -> bool {
    static MISSING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:missing|without|absent|no)\b[^.;]*\b(?:key|token|credentials?|header|authori[sz]ation|authentication)\b|\b(?:key|token|credentials?|header)\b[^.;]*\b(?:missing|absent|left\s+out|not\s+(?:sent|given|there))\b",
        )
    });
    MISSING.is_match(&words_about(operation, 401))
        && !MISSING.is_match(&words_about(operation, 403))
}

/// True if a status other than 401 is no answer to who is not known: the pages say in words that such callers get 401, and
/// speak of none of them where they explain the other one.
pub(super) fn leaves_no_room(operation: &Operation, variant: &Variant, code: u16) -> bool {
    static CALLERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:authenticat\w*|authori[sz](?:ation|ed)|credentials?|api[\s_-]?keys?|access\s+tokens?|bearer|tokens?|logged\s+in|log\s+in|sign(?:ed)?\s+in|may\s+(?:not\s+)?see|hidden|private|no\s+access)\b",
        )
    });
    let is_said = match variant {
        Variant::NoCredentials => says_missing(operation),
        Variant::WrongCredentials => says_unauthorized(operation),
        _ => false,
    };
    // Whom 403 is for, `says_missing` and `says_unauthorized` have looked at.
    // "Checked in this order: token (`401`), … state (`409`)" says that who is not known comes before the state.
    let is_order = |line: &str| matches!(code, 409 | 415 | 422) && line.contains("401");
    let words = words_about(operation, code);
    let mut lines = words.lines().filter(|line| !is_order(line));
    is_said && (code == 403 || !lines.any(|line| CALLERS.is_match(line)))
}
