//! What pages say becomes of members that nobody documents: "Unknown members are refused with `422`", "We ignore unknown
//! fields", and the row of a table of errors about "a field that we don't have". Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;

/// True for a sentence about all requests that says that members which nobody documents are refused.
pub(crate) fn refuses_unknown_members(sentence: &str) -> bool {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|extra|misspelt|misspelled)\s+(?:(?:body|top-level|request|json|or)\s+)*(?:members?|fields?|propert(?:y|ies)|attributes?|keys?)\b[^.;]*\b(?:refused|rejected|errors?|(?:not|never)\s+(?:accepted|allowed|permitted)|fails?|invalid|leads?\s+to|`?4(?:00|22)`?)
            | \b(?:members?|fields?|propert(?:y|ies)|attributes?|keys?)\s+(?:that|which)\s+[^.;]*\b(?:(?:do(?:es)?n['’]t|do(?:es)?\s+not)\s+(?:know|document|list|exist)|(?:is|are)\s+(?:not\s+documented|unknown|not\s+listed|undocumented))\b[^.;]*\b(?:refused|rejected|errors?|not\s+(?:accepted|allowed)|`?4(?:00|22)`?)
            | \b(?:refuse|reject)s?\b[^.;]*\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed)\s+(?:members?|fields?|propert(?:y|ies)|keys?)\b",
        )
    });
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bignored\b|\b(?:unless|except|query|parameters?)\b|\bno\s+errors?\b|\bnot\s+an\s+error\b|\b(?:not|never)\s+(?:be\s+)?(?:refused|rejected)\b",
        )
    });
    // "A parameter that the operation does not document, in the body or in the query": members of the body by another name.
    static OF_BODY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:parameters?|arguments?)\s+(?:that|which)\s+[^.;]*\b(?:(?:do(?:es)?n['’]t|do(?:es)?\s+not)\s+(?:know|document|list|exist)|(?:is|are)\s+(?:not\s+documented|unknown|undocumented))\b[^.;]*\bbody\b[^.;]*\b(?:refused|rejected|errors?|not\s+(?:accepted|allowed)|`?4(?:00|22)`?)
            | \b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|extra)\s+(?:body\s+(?:parameters?|arguments?)|(?:parameters?|arguments?)\s+(?:in|of)\s+(?:the|a)\s+(?:request\s+)?body)\b[^.;]*\b(?:refused|rejected|errors?|(?:not|never)\s+(?:accepted|allowed|permitted)|fails?|invalid|`?4(?:00|22)`?)",
        )
    });
    static FORGIVEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bignored\b|\b(?:unless|except)\b|\b(?:no|not\s+an)\s+errors?\b|\b(?:not|never)\s+(?:be\s+)?(?:refused|rejected)\b",
        )
    });
    // "A key that we do not know is answered with `401`" is about who asks.
    if CREDENTIALS.is_match(sentence) {
        return false;
    }
    UNKNOWN.is_match(sentence) && !OTHERWISE.is_match(sentence)
        || OF_BODY.is_match(sentence) && !FORGIVEN.is_match(sentence)
        || is_row_about_them(sentence)
}

/// True for the row of a table of errors that has what is not documented among the reasons of a refusal: "400 `bad_request` Not
/// JSON, or a field that we don't have".
fn is_row_about_them(row: &str) -> bool {
    static ROW: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:`?[A-Za-z][\w.-]*`?\s+){0,2}`?4(?:00|22)\b"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:members?|fields?|propert(?:y|ies)|attributes?)\s+(?:(?:that|which)\s+)?(?:we|nobody|it|the\s+\w+)\s+(?:do(?:es)?n['’]t|do(?:es)?\s+not|never|can(?:no|['’])t)\s+(?:have|know|document|support|recogni[sz]e|expect|list|take|accept|understand)\b
            | \b(?:members?|fields?|propert(?:y|ies)|attributes?)\s+(?:that|which)\s+(?:(?:do(?:es)?n['’]t|do(?:es)?\s+not)\s+(?:exist|belong)|(?:is|are)\s+(?:not\s+(?:documented|known|listed|ours)|unknown|undocumented))\b
            | \b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|extra|misspel(?:t|led)|no\s+such)\s+(?:(?:body|top-level|request|json|or)\s+)*(?:members?|fields?|propert(?:y|ies)|attributes?)\b
            | \b(?:members?|fields?|propert(?:y|ies)|attributes?)(?:\s+(?:of|in)\s+(?:the|a)\s+(?:request\s+)?body)?(?:\s+(?:is|are))?\s+(?:(?:missing|required|wrong|invalid|malformed)(?:,\s+|\s+or\s+))+(?:or\s+)?unknown\b",
        )
    });
    // A query is another matter, and so are the values of a field.
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bignored\b|\bquery\b|\b(?:filters?|sort(?:ed|ing|s)?|order(?:ed|ing)?\s+by|expand\w*|select\w*|include[ds]?)\b",
        )
    });
    ROW.is_match(row) && NAMED.is_match(row) && !OTHER.is_match(row)
}

/// True for a sentence about parameters that says that those which nobody documents are refused: where nothing is sent in a
/// query, these are members of the body.
pub(crate) fn refuses_unknown_parameters(sentence: &str) -> bool {
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|extra)\s+(?:parameters?|arguments?|inputs?)\b[^.;]*\b(?:refused|rejected|errors?|(?:not|never)\s+(?:accepted|allowed|permitted)|fails?|invalid|leads?\s+to|`?4(?:00|22)`?)
            | \b(?:parameters?|arguments?|inputs?)\s+(?:that|which)\s+[^.;]*\b(?:(?:do(?:es)?n['’]t|do(?:es)?\s+not)\s+(?:know|document|list|exist|have)|(?:is|are)\s+(?:not\s+documented|unknown|not\s+listed|undocumented))\b[^.;]*\b(?:refused|rejected|errors?|not\s+(?:accepted|allowed)|`?4(?:00|22)`?)
            | \b(?:refuse|reject)s?\b[^.;]*\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed)\s+(?:parameters?|arguments?|inputs?)\b",
        )
    });
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bignored\b|\b(?:unless|except|query|url)\b|\b(?:no|not\s+an)\s+errors?\b|\b(?:not|never)\s+(?:be\s+)?(?:refused|rejected)\b",
        )
    });
    REFUSED.is_match(sentence) && !OTHERWISE.is_match(sentence) && !CREDENTIALS.is_match(sentence)
}

/// True for a sentence about all requests that says that members which nobody documents are ignored.
pub(crate) fn ignores_unknown_members(sentence: &str) -> bool {
    static IGNORED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|additional|extra|other)\s+(?:(?:body|top-level|request|json|or)\s+)*(?:members?|fields?|propert(?:y|ies)|attributes?|keys?)\b[^.;]*\b(?:ignored|dropped|discarded|(?:not|never)\s+(?:an?\s+error|refused|rejected))\b
            | \b(?:members?|fields?|propert(?:y|ies)|attributes?|keys?)\b[^.;]*\b(?:(?:do(?:es)?n['’]t|do(?:es)?\s+not)\s+(?:know|document|list|exist)|(?:is|are)\s+(?:not\s+(?:documented|listed|known)|unknown|undocumented))\b[^.;]*\b(?:ignored|dropped|discarded)\b
            | \b(?:ignore|drop|discard)s?\b[^.;]*\b(?:unknown|undocumented|unexpected|unrecogni[sz]ed|additional|extra)\s+(?:\w+\s+)?(?:members?|fields?|propert(?:y|ies)|attributes?|keys?)\b",
        )
    });
    IGNORED.is_match(sentence) && !CREDENTIALS.is_match(sentence)
}

/// Words of sentences about who asks.
static CREDENTIALS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b40[13]\b|\b(?:api|access|secret|idempotency)[\s_-]*keys?\b|\b(?:authori[sz]\w*|authenticat\w*|credentials?|headers?|tokens?|schemes?|revoked|expired)\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_unknown_members_are_refused() {
        for text in [
            "Unknown members are refused with `422`.",
            "A member that the endpoint doesn't know is refused with status 422.",
            "Undocumented top-level fields lead to a `422`.",
            "We reject unknown fields.",
            "Unexpected properties are not allowed.",
            "A parameter that the operation does not document, in the body or in the query, is refused with `400`.",
            "Unknown parameters in the body are rejected.",
            "Undocumented body parameters lead to errors.",
        ] {
            assert!(refuses_unknown_members(text), "{text}");
        }
        for text in [
            "Unknown members are ignored.",
            "Query parameters and body fields that are not documented are ignored.",
            "Unknown query parameters are refused.",
            "Unknown parameters are refused.",
            "Unknown parameters in the body are ignored and never rejected.",
            "Unknown fields are not rejected.",
            "Fields that are required lead to a `422`.",
            "A request with a key that we do not know is answered with `401` and an error.",
            "Unknown keys are rejected with 401.",
            "An API key that does not exist is refused.",
            "Unrecognised keys in the `Authorization` header lead to an error.",
        ] {
            assert!(!refuses_unknown_members(text), "{text}");
        }
    }

    #[test]
    fn rows_of_errors_tell_of_members_that_are_not_documented() {
        for row in [
            "400 `bad_request` not JSON, a field missing or wrong, or a field we don't have (we tell you)",
            "`invalid-body` 422 A member of the body is missing, unknown or has a value that isn't allowed.",
            "`422` `validation_failed` A body field is missing, unknown, of the wrong type or out of its bounds",
            "400 `unknown_field` The body has a field that the endpoint does not know",
            "`400` Unknown fields, or values of another type",
            "400 `bad_input` A property which is not documented",
        ] {
            assert!(refuses_unknown_members(row), "{row}");
        }
        for row in [
            "400 `bad_request` A field is missing or wrong",
            "400 `bad_filter` A field that we do not know in `filter`, or in the query",
            "400 `bad_sort` Sorted by an unknown field",
            "401 `no_key` A key that we don't have",
            "404 `unknown_field` There is no such field",
            "A field we don't have is empty in the answer.",
            "400 `bad_request` The value of a field is unknown",
        ] {
            assert!(!refuses_unknown_members(row), "{row}");
        }
    }

    #[test]
    fn parameters_that_nobody_documents_are_refused() {
        for text in [
            "Unknown parameters are refused (1100).",
            "We reject unknown arguments.",
            "A parameter that the method does not have is an error, `400`.",
            "Undocumented inputs lead to `422`.",
            "Unexpected parameters are not allowed.",
        ] {
            assert!(refuses_unknown_parameters(text), "{text}");
        }
        for text in [
            "Unknown parameters are ignored.",
            "Unknown query parameters are refused.",
            "A parameter is refused if its value is wrong.",
            "Unknown parameters are not an error.",
        ] {
            assert!(!refuses_unknown_parameters(text), "{text}");
        }
    }

    #[test]
    fn sentences_say_that_unknown_members_are_ignored() {
        for text in [
            "Unknown members are ignored.",
            "Members that an endpoint does not know are ignored, and so are unknown query parameters.",
            "Query parameters and body fields that are not documented are ignored.",
            "We ignore unknown fields.",
            "Additional properties are silently dropped.",
        ] {
            assert!(ignores_unknown_members(text), "{text}");
        }
        for text in [
            "Unknown members are refused with `422`.",
            "Members that are `null` are ignored.",
            "Unknown keys in the `Authorization` header are ignored.",
        ] {
            assert!(!ignores_unknown_members(text), "{text}");
        }
    }
}
