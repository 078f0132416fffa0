//! What pages say of those who call without credentials, or with wrong ones: which status is for whom. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::status::words_about;

/// True if the page says that wrong credentials are answered with 401.
pub(super) fn says_unauthorized(operation: &Operation) -> bool {
    static WRONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:wrong|invalid|incorrect|unknown|unrecogni[sz]ed|revoked|expired|bad|malformed|(?:does|do)(?:\s+not|n['’]t)\s+exist|nobody\s+has|(?:never|not|n['’]t)\s+issued|no\s+such|(?:not|n['’]t)\s+(?:\w+\s+){0,2}(?:valid|yours|exactly|match|recogni[sz]ed|one\s+of))\b",
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
