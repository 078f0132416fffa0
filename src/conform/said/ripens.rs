//! Stages that end with the value of another member: "It stays `open` until `left` is `0`", "Once `left` is `0`, it becomes
//! `done`." Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::pattern::pattern;

/// The value of a member with which a stage ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ripens {
    /// The stage that ends, if it is named.
    pub(crate) from: Option<String>,
    /// The stage that begins, if it is named.
    pub(crate) to: Option<String>,
    pub(crate) member: String,
    pub(crate) value: Value,
    /// The sentence that says so.
    pub(crate) sentence: String,
}

/// What a text says of it; the stages are not known here.
pub(crate) fn of(text: &str) -> Vec<Ripens> {
    text.split(". ").filter_map(of_sentence).collect()
}

fn of_sentence(sentence: &str) -> Option<Ripens> {
    static STAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:stays?|remains?|is\s+still|is\s+kept)\s+(?:in\s+(?:the\s+)?(?:status|state)\s+)?`(?P<from>\w+)`\s+until\s+(?:its\s+|the\s+)?
              `(?P<member>\w+)`\s+(?:is|reaches|equals|becomes|gets\s+to|drops\s+to|falls\s+to|has\s+reached)\s+`?(?P<value>-?[\w.]+)`?(?:[\s,;.)]|$)",
        )
    });
    static BECOMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:becomes?|turns?|changes?\s+to|goes\s+to|is\s+set\s+to|gets?)\s+`(?P<to>\w+)`\s+(?:when|once|as\s+soon\s+as)\s+(?:its\s+|the\s+)?
              `(?P<member>\w+)`\s+(?:is|reaches|equals|becomes|gets\s+to|drops\s+to|falls\s+to|has\s+reached)\s+`?(?P<value>-?[\w.]+)`?(?:[\s,;.)]|$)",
        )
    });
    static ONCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:when|once|as\s+soon\s+as)\s+(?:its\s+|the\s+)?
              `(?P<member>\w+)`\s+(?:is|reaches|equals|becomes|gets\s+to|drops\s+to|falls\s+to|has\s+reached)\s+`?(?P<value>-?[\w.]+)`?,?\s+
              (?:it|the\s+(?:\w+\s+)?`?\w+`?|its\s+`?\w+`?)\s+(?:becomes?|turns?|changes?\s+to|goes\s+to|is\s+set\s+to|is\s+then|is)\s+`(?P<to>\w+)`",
        )
    });
    // Who may be spared says nothing of the others.
    static OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:may|might|can|unless|except|if|not|never|usually|later|eventually|within|minutes?|hours?|days?)\b",
        )
    });
    if OPEN.is_match(sentence) {
        return None;
    }
    let found = [&STAYS, &BECOMES, &ONCE]
        .into_iter()
        .find_map(|it| it.captures(sentence))?;
    let part = |name: &str| Some(found.name(name)?.as_str().to_owned());
    let value = part("value")?;
    let value = value.trim_end_matches('.');
    Some(Ripens {
        from: part("from"),
        to: part("to"),
        member: part("member")?,
        value: serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)),
        sentence: sentence.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sentences_say_with_which_value_a_stage_ends() {
        let said = |text: &str| {
            let found = of(text).into_iter().next()?;
            Some((found.from, found.to, found.member, found.value))
        };
        let from = |stage: &str| Some(stage.to_owned());
        assert_eq!(
            said("Sold in parts. It stays `offered` until `left` is `0` and then becomes `sold`."),
            Some((from("offered"), None, "left".to_owned(), json!(0)))
        );
        for text in [
            "The status becomes `sold` as soon as `left` reaches `0`.",
            "Once `left` is `0`, the status becomes `sold`.",
            "When `left` drops to 0, it turns `sold`.",
        ] {
            let wanted = Some((None, from("sold"), "left".to_owned(), json!(0)));
            assert_eq!(said(text), wanted, "{text}");
        }
        for text in [
            "It stays `offered` until it is sold.",
            "It may become `sold` once `left` is `0`.",
            "It becomes `sold` once `left` is `0`, unless it is kept.",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
