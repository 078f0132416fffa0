//! Refusals for want of credentials whose page has one code for none and another one for wrong ones. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::message::Answer;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Variant, forbidden};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::answer::subject;

use super::refusal::UNEXPECTED_REFUSAL;
use super::{Case, Seen};

/// A finding if the code of the answer is that of the other reason.
pub(super) fn other_reason(case: &Case<'_>, answer: &Answer, body: &Value) -> Option<Diagnostic> {
    let is_missing = match case.item.variant {
        Variant::NoCredentials => true,
        Variant::WrongCredentials if !forbidden::is_in_other_scheme(case.item) => false,
        _ => return None,
    };
    let remarks = case.operation.remarks.iter();
    let rows = remarks.filter_map(|it| Some((row(&it.value, answer.status)?, it)));
    let rows: Vec<_> = rows.collect();
    let only = |is_it: &dyn Fn(&str) -> bool| {
        let mut found = rows.iter().filter(|((_, text), _)| is_it(text));
        found.next().filter(|_| found.next().is_none())
    };
    let missing = only(&|text| is_of_none(text) && !is_of_wrong(text))?;
    let wrong = only(&|text| is_of_wrong(text) && !is_of_none(text))?;
    let (right, other) = if is_missing {
        (missing, wrong)
    } else {
        (wrong, missing)
    };
    let (wanted, told) = (&right.0.0, &other.0.0);
    let way = way_to(body, told)?;
    if way_to(body, wanted).is_some() {
        return None;
    }
    let message = format!(
        "{} {} is answered with `{told}`, and the page has `{wanted}` for it",
        case.operation.name(),
        case.item.variant.clause()
    );
    let seen = Seen {
        path: Some(way.clone()),
        expected: wanted.clone(),
        observed: told.clone(),
        ..Seen::default()
    };
    let finding = case.finding(&UNEXPECTED_REFUSAL, right.1.evidence.span, &message, seen);
    let finding = finding
        .subject(subject(answer.status, &way))
        .label("documented here");
    Some(finding.severity(Severity::Warning))
}

/// The code and the words of a row such as "`401` `no_key` There is no key".
fn row(text: &str, status: u16) -> Option<(String, String)> {
    static ROW: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^`?(?P<first>[\w-]+)`?\s+`?(?P<second>[\w-]+)`?\s+(?P<words>.+)$")
    });
    let found = ROW.captures(text.trim())?;
    let (first, second) = (
        found.name("first")?.as_str(),
        found.name("second")?.as_str(),
    );
    let status = status.to_string();
    let code = match (first == status, second == status) {
        (true, false) => second,
        (false, true) => first,
        _ => return None,
    };
    Some((
        code.to_owned(),
        found.name("words")?.as_str().to_lowercase(),
    ))
}

fn is_of_none(words: &str) -> bool {
    static NONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:no|missing|without|absent|left\s+out|not\s+(?:sent|given|there|present|provided))\b",
        )
    });
    NONE.is_match(words)
}

fn is_of_wrong(words: &str) -> bool {
    static WRONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:wrong|invalid|unknown|bad|expired|revoked|not\s+(?:one\s+of\s+ours|ours|known|valid|issued|recognized|recognised))\b",
        )
    });
    WRONG.is_match(words)
}

/// The way to a text that is a code, as `error.code`.
fn way_to(value: &Value, code: &str) -> Option<String> {
    match value {
        Value::String(text) => (text == code).then(String::new),
        Value::Array(items) => items.iter().find_map(|it| way_to(it, code)).map(|way| {
            if way.is_empty() {
                "[]".to_owned()
            } else {
                format!("[].{way}")
            }
        }),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let way = way_to(value, code)?;
            let dot = if way.is_empty() || way.starts_with('[') {
                ""
            } else {
                "."
            };
            Some(format!("{name}{dot}{way}"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_say_which_code_is_for_what() {
        let none = row("`401` `no_key` There is no `X-Api-Key` header", 401).unwrap();
        assert_eq!(none.0, "no_key");
        assert!(is_of_none(&none.1) && !is_of_wrong(&none.1));
        let wrong = row("401 `bad_key` The key is not one of ours", 401).unwrap();
        assert!(is_of_wrong(&wrong.1) && !is_of_none(&wrong.1));
        assert_eq!(row("`404` `unknown` There is none", 401), None);
        let both = row("`token` 401 Token missing or wrong.", 401).unwrap();
        assert!(is_of_none(&both.1) && is_of_wrong(&both.1));
    }

    #[test]
    fn codes_are_found_where_they_stand() {
        let body = json!({"errors": [{"code": "bad_key"}]});
        assert_eq!(way_to(&body, "bad_key"), Some("errors[].code".to_owned()));
        assert_eq!(way_to(&body, "no_key"), None);
    }
}
