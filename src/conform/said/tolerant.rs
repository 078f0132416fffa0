//! What pages say that a server puts up with: deleting what is not there ("It is no error if there is none"), values beyond
//! a limit ("Other values are brought into this range"), and numbers in quotes ("Numbers may be sent as strings"). Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::{outcomes, promises};

/// True if the page says that a delete of what is unknown, or is gone already, is a success as well.
pub(crate) fn accepts_missing(operation: &Operation) -> bool {
    operation.endpoint.value.method == "DELETE"
        && promises::sentences(operation).any(|it| says_so(&it))
}

fn says_so(sentence: &str) -> bool {
    static TOLERANT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:no|not\s+an)\s+error\s+(?:if|when|to)\b
            | \b(?:that|this|it)\s+is\s+(?:no|not\s+an)\s+error\b
            | \bis\s+(?:an?\s+)?`?2\d\d`?\s*,?\s*(?:too|as\s+well|also)\b
            | \b(?:repeated|repeat|called\s+again|sent\s+again|retried)\b .* \b(?:without\s+harm|safely|no\s+harm|as\s+often)\b
            | \b(?:safe|harmless|fine)\s+to\s+(?:repeat|retry|call|send|delete)\b | \bdoes\s+no\s+harm\b
            | \bidempotent\b
            | \b(?:succeeds|successful|a\s+success|answered\s+with\s+`?2\d\d`?)\b .* \b(?:even\s+(?:if|when)|whether\s+or\s+not|also\s+(?:if|when))\b
            | \b(?:even\s+(?:if|when)|whether\s+or\s+not|also\s+(?:if|when))\b .* \b(?:succeeds|successful|a\s+success|`?2\d\d`?)\b
            | \b(?:gone|deleted|removed)\s+already\b .* \b(?:the\s+same|too|as\s+well|succeeds|success)\b
            | \balready\s+(?:gone|deleted|removed)\b .* \b(?:the\s+same|too|as\s+well|succeeds|success)\b",
        )
    });
    TOLERANT.is_match(sentence)
}

/// True if the page says that the operation takes other credentials than most: "With an ordinary key the answer is `403`".
pub(crate) fn needs_others(operation: &Operation) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:admin(?:istrator)?|owner|master|root|super-?user|elevated|ordinary|normal|read-?only|another|special|higher)s?(?:['’]s)?\s+(?:api\s+)?(?:keys?|tokens?|roles?|credentials?|permissions?|scopes?|accounts?|rights|users?)\b|\b(?:scope|permission|role)\s+`",
        )
    });
    promises::sentences(operation).any(|it| OTHERS.is_match(&it))
}

/// True if the text of an input says that it means nothing beside another input, or without one: "Ignored without a
/// `template`".
pub(crate) fn is_ignored_beside(description: &str) -> bool {
    static IGNORED: LazyLock<Regex> = LazyLock::new(|| {
        const NOTHING: &str = r"(?:ignored|not\s+(?:used|looked\s+at|read)|unused|(?:no|without)\s+(?:effect|meaning))";
        const BESIDE: &str = r"(?:without|if|when|unless|with|beside|except|otherwise)";
        pattern(&format!(
            r"(?i)\b{NOTHING}\b[^.;]*\b{BESIDE}\b|\b{BESIDE}\b[^.;]*\b{NOTHING}\b|\botherwise\s+(?:it\s+is\s+)?{NOTHING}\b"
        ))
    });
    IGNORED.is_match(description)
}

/// True if the text of an input says that a value beyond its limits is changed, and not refused.
pub(crate) fn brings_into_range(description: &str) -> bool {
    static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:other|larger|greater|bigger|higher|longer|smaller|lower|shorter)\s+(?:values?|numbers?|ones|texts?)\s+(?:are|is|count|counts|get)\b
              .* \b(?:brought|treated|clamped|capped|cut|reduced|raised|lowered|set|taken|limited|shortened|as)\b
            | \b(?:out\s+of\s+(?:the\s+)?(?:range|bounds)|outside(?:\s+of)?\s+(?:the|this|that|it)(?:\s+range)?|beyond\s+(?:it|this|that|the\s+limits?)|anything\s+(?:else|above|below|larger|higher|more))\b
              .* \b(?:corrected|adjusted|brought|treated|set|read|counts?|taken|limited|reduced|nearest|becomes?|moved)\b
            | \b(?:nearest|closest)\s+(?:allowed|valid|permitted)\b | \b(?:silently|quietly)\s+(?:limited|reduced|lowered|corrected)\b
            | \b(?:above|more\s+than|over|below|less\s+than)\s+`?\d+`?\s+(?:is|are|counts?|becomes?)\s+(?:treated|read|taken|lowered|raised|reduced|set|as)\b
            | \b(?:clamped|capped|truncated)\b | \bwhat\s+is\s+(?:more|longer|beyond)\b .* \bcut\b",
        )
    });
    CHANGED.is_match(description)
}

/// True if the text of an input counts only some of its characters: "not counting spaces and dashes".
pub(crate) fn counts_some(description: &str) -> bool {
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not\s+counting|without\s+counting|not\s+counted|excluding|(?:do|does)\s+not\s+count)\b",
        )
    });
    SOME.is_match(description)
}

/// True if the limit of a list counts something beside its items: "together with the owner", "cc and bcc included".
pub(crate) fn counts_more(description: &str) -> bool {
    static MORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:together\s+with|along\s+with|includ(?:ing|ed|es)|in\s+total|altogether|in\s+addition\s+to|besides?|overall|combined|counting|counts?\s+too)\b",
        )
    });
    MORE.is_match(description)
}

/// True for the text of a list that says something of items that are there more than once.
pub(crate) fn speaks_of_repeats(description: &str) -> bool {
    static REPEATS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:twice|duplicat\w*|doubles?|doubled|repeated|repeats?|repetitions?|once|distinct|unique|set|sets|different)\b",
        )
    });
    REPEATS.is_match(description)
}

/// True for a sentence about all inputs that says that `null` is for those alone whose type has it.
pub(crate) fn refuses_null(sentence: &str) -> bool {
    static ONLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bonly\b[^.]*\b(?:members?|fields?|propert(?:y|ies)|attributes?|parameters?|values?|those)\b[^.]*\b(?:accept|allow|take)s?\b[^.]*`?\bnull\b
            | `?\bnull\b`?[^.]*\b(?:only|never|not)\s+(?:be\s+)?(?:accepted|allowed|taken|permitted|valid)\b
            | `?\bnull\b`?[^.]*\b(?:accepted|allowed|taken|permitted|valid)\s+only\b
            | \b(?:may|can|must)\s+(?:only\s+)?be\s+(?:sent\s+as\s+)?`?null`?\s+only\s+(?:if|where|when)\b
            | \b(?:may|can|must)(?:\s+|-)?not\s+be\s+(?:sent\s+as\s+|set\s+to\s+)?`?null`?(?:\s|,|\.|$)",
        )
    });
    static ANSWERS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:respon[sd]\w*|answers?|returned|results?)\b"));
    static INPUTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:members?|fields?|propert(?:y|ies)|attributes?|types?|described|it)\b")
    });
    ONLY.is_match(sentence) && INPUTS.is_match(sentence) && !ANSWERS.is_match(sentence)
}

/// The members of which alone a sentence says that they never are `null`: "`name` and `place.zone` cannot be `null`".
pub(crate) fn never_null(sentence: &str) -> Vec<&str> {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:others?|rest|every|all|any|each|elsewhere|no\s+(?:\w+\s+)?(?:member|field|property))\b",
        )
    });
    let before = sentence.split("null").next().unwrap_or_default();
    if OTHERS.is_match(sentence) {
        return Vec::new();
    }
    let names = before.split('`').skip(1).step_by(2);
    let is_name = |it: &&str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && it
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    names.filter(is_name).collect()
}

/// True for a sentence about all that is sent that says that `null` stands for nothing: "`null` is the same as leaving it out".
pub(crate) fn takes_null_for_nothing(sentence: &str) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:\bnull\b|`null`)[^.;]*?\s(?:is|means|counts?\s+as|equals|=|(?:is\s+)?(?:treated|read|handled|taken)\s+(?:as|like)|has\s+the\s+same\s+(?:effect|meaning)\s+as)\s+
              (?:the\s+same\s+as\s+|as\s+if\s+)?[^.;]{0,32}?
              \b(?:leaving\s+(?:it|them|the\s+\w+)\s+out|leaving\s+out|left\s+out|omitt(?:ed|ing)|(?:not|never|n['’]t)\s+(?:given|sent|present|set|provided|there)|not\s+sending|absent|missing)\b",
        )
    });
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never)\s+(?:the\s+same|left|omitted|missing|absent)\b|n['’]t\s+(?:the\s+same|left|omitted|missing|absent)\b|\b(?:unless|except|only|updates?|responses?|answers?|returned|PATCH|query)\b",
        )
    });
    let names = sentence.split('`').skip(1).step_by(2);
    let mut others = names.filter(|it| *it != "null");
    NOTHING.is_match(sentence) && !OTHERWISE.is_match(sentence) && others.next().is_none()
}

/// True for a sentence that says that a key counts with one scheme alone: "uses another scheme than `Bearer`".
pub(crate) fn names_one_scheme(sentence: &str) -> bool {
    static SCHEME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:another|other|wrong|different|unknown|unsupported|any\s+other)\s+(?:authentication\s+|authorization\s+)?schemes?\b|\bonly\s+(?:the\s+)?(?:`?bearer`?\s+)?(?:authentication\s+|authorization\s+)?scheme\b|\bno\s+other\s+(?:\w+\s+)?schemes?\b|\bschemes?\s+other\s+than\b",
        )
    });
    SCHEME.is_match(sentence)
}

/// The parameter of which a sentence says that no key is looked for in it: "A key in `?api_key=` is not read".
pub(crate) fn ignored_in_query(sentence: &str) -> Option<String> {
    static IGNORED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:not|never|no\s+longer|ignored?)\b|n['’]t\b"));
    static QUERY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:query|url|address)\b[^.]*`[?&]?(?P<after>\w+)=?[^`]*`|`[?&](?P<code>\w+)=?[^`]*`",
        )
    });
    static KEY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:keys?|tokens?|credentials)\b"));
    let found = QUERY.captures(sentence)?;
    let name = found.name("after").or_else(|| found.name("code"))?;
    let is_said = IGNORED.is_match(sentence) && KEY.is_match(sentence);
    is_said.then(|| name.as_str().to_owned())
}

/// True for a sentence about all inputs that says that numbers may come as texts.
pub(crate) fn takes_numbers_in_quotes(sentence: &str) -> bool {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bnumbers?\b[^.]*\b(?:may|can|could)\b[^.]*\b(?:as|in)\s+(?:strings?|texts?|quotes)\b|\bnumbers?\s+(?:are\s+)?(?:also\s+)?(?:accepted|allowed|fine|taken)\b|\bnumeric\s+strings?\b[^.]*\b(?:accepted|fine|allowed|converted)\b",
        )
    });
    QUOTED.is_match(sentence)
}

/// True for the text of an input that takes its values in small and in capital letters: "Any case.", "Case-insensitive."
pub(crate) fn takes_any_case(text: &str) -> bool {
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[.;,(]\s*)(?:in\s+)?any\s+(?:letter\s+)?case\s*(?:[.;)]|$)|\b(?:in\s+)?(?:upper|lower)[\s-]?(?:case)?\s+or\s+(?:upper|lower)[\s-]?case\b",
        )
    });
    static NOT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\bcase[- ]sensitive\b|\bonly\b|\bmust\b"));
    let is_said = ANY.is_match(text) || outcomes::is_blind_to_case(text);
    is_said && !NOT.is_match(&text.replace("not case", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_that_no_key_is_looked_for_in_the_query() {
        for (text, name) in [
            (
                "A key in the query (`?api_key=`) is not read.",
                Some("api_key"),
            ),
            (
                "Keys are never taken from the URL, such as `?token=abc`.",
                Some("token"),
            ),
            ("The key isn't looked for in `?api_key=`.", Some("api_key")),
            ("Send the key as `?api_key=`.", None),
            ("The filter `?status=` is not read.", None),
        ] {
            assert_eq!(ignored_in_query(text).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn texts_say_that_an_input_means_nothing_beside_another() {
        for text in [
            "Values for the form. Ignored without a `form`.",
            "Ignored if `url` is sent.",
            "Has no effect unless `mode` is `fast`.",
        ] {
            assert!(is_ignored_beside(text), "{text}");
        }
        for text in ["Values for the form.", "Unknown names are ignored."] {
            assert!(!is_ignored_beside(text), "{text}");
        }
    }

    #[test]
    fn texts_say_that_values_are_taken_in_any_case() {
        for text in [
            "`usd` or `eur`. Any case.",
            "One of `a`, `b` (case-insensitive).",
            "`a` or `b`, in upper or lower case.",
            "`a` or `b`; case is ignored.",
            "`a` or `b`, not case-sensitive.",
        ] {
            assert!(takes_any_case(text), "{text}");
        }
        for text in [
            "`usd` or `eur`.",
            "In any case it has to be sent.",
            "`a` or `b`, case-sensitive.",
        ] {
            assert!(!takes_any_case(text), "{text}");
        }
    }

    #[test]
    fn texts_say_which_values_are_changed() {
        for text in [
            "Between 1 and 1000. Other values are brought into this range.",
            "Larger values are treated as 50.",
            "At most 100; clamped.",
        ] {
            assert!(brings_into_range(text), "{text}");
        }
        assert!(!brings_into_range(
            "Between 1 and 1000. Other values are refused."
        ));
        assert!(counts_some(
            "4 to 20 letters and digits, not counting spaces and dashes"
        ));
        assert!(takes_numbers_in_quotes(
            "Numbers may be sent as strings (`\"21.5\"`), we are not picky."
        ));
        assert!(!takes_numbers_in_quotes("Numbers of orders are strings."));
    }

    #[test]
    fn sentences_say_where_null_is_refused() {
        for text in [
            "`null` is only accepted where the type of the field says so.",
            "A member may be `null` only if its type says so.",
            "Only members described as nullable accept `null`.",
            "It may not be sent as `null`, except where its description says that `null` is allowed.",
            "Fields must not be null.",
        ] {
            assert!(refuses_null(text), "{text}");
        }
        for text in [
            "On input `null` is the same as leaving the field out.",
            "`next_cursor` is `null` only on the last page.",
            "A field is `null` in answers only if there is no value.",
            "Send `null` to remove the value of a field.",
            "Fields may be `null`.",
        ] {
            assert!(!refuses_null(text), "{text}");
        }
    }

    #[test]
    fn sentences_say_that_null_stands_for_nothing() {
        for text in [
            "Sending `null` for an optional parameter is the same as leaving it out.",
            "Input `null` = parameter not given.",
            "`null` is treated as if the member were omitted.",
            "A member that is null counts as missing.",
            "`null` means not set.",
            "`null` has the same effect as leaving the member out.",
        ] {
            assert!(takes_null_for_nothing(text), "{text}");
        }
        for text in [
            "`null` is not the same as leaving it out.",
            "`null` is refused; members may be left out.",
            "`null` for `note` is the same as leaving it out.",
            "In an update `null` clears a member, and what is left out stays.",
            "Members without a value are `null` and never left out.",
            "A member without a value is `null`, it is never left out.",
            "In answers, null is the same as missing.",
        ] {
            assert!(!takes_null_for_nothing(text), "{text}");
        }
    }

    #[test]
    fn sentences_say_that_one_scheme_counts() {
        assert!(names_one_scheme(
            "When the header uses another scheme than `Bearer`, the answer is `401`."
        ));
        assert!(names_one_scheme("`Bearer` is the only scheme."));
        assert!(!names_one_scheme("Send your key with the scheme `Bearer`."));
    }

    #[test]
    fn pages_say_that_a_delete_may_find_nothing() {
        for text in [
            "It is no error if there is no such document in the bucket: that is a `204` too.",
            "Can be repeated without harm.",
            "If the device is gone already, `removed` is `false` and the status is the same.",
            "Deletes are idempotent.",
            "Answered with `204` even if the book does not exist.",
            "Safe to retry.",
        ] {
            assert!(says_so(text), "{text}");
        }
        for text in [
            "Answered with `204`.",
            "A book that is deleted already is answered with `404`.",
            "The error is `not_found` if there is no such book.",
            "A deleted book cannot be deleted again.",
        ] {
            assert!(!says_so(text), "{text}");
        }
    }
}
