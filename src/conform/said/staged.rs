//! What sentences say that members are in one stage: "`progress` is `100` when `status` is `done`." Pure.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::conform::pattern::pattern;

/// What a member is as long as another one has a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Staged {
    /// The member that says how far a thing is.
    pub(crate) of: String,
    pub(crate) stage: String,
    pub(crate) member: String,
    /// The value; none for any but `null`.
    pub(crate) value: Option<Value>,
}

/// What a sentence says.
pub(crate) fn of(sentence: &str) -> Option<Staged> {
    const WHEN: &str = r"(?:when|while|if|once|as\s+long\s+as)\s+(?:the\s+|its\s+)?`(?P<of>\w+)`\s+is\s+`(?P<stage>[\w-]+)`";
    const IS: &str = r"(?:the\s+|its\s+)?`(?P<member>\w+)`\s+is\s+(?:always\s+|then\s+)?(?:`(?P<value>[^`]+)`|(?P<set>set|not\s+`?null`?))";
    static BEHIND: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"(?i)^{IS}\s+{WHEN}\s*\.?\s*$")));
    static BEFORE: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"(?i)^{WHEN},?\s+{IS}\s*\.?\s*$")));
    let text = sentence.trim();
    let found = BEHIND.captures(text).or_else(|| BEFORE.captures(text))?;
    read(&found)
}

fn read(found: &Captures<'_>) -> Option<Staged> {
    let text = |name: &str| found.name(name).map(|it| it.as_str().trim().to_owned());
    let value = text("value").map(|it| serde_json::from_str(&it).unwrap_or(Value::String(it)));
    let (of, member) = (text("of")?, text("member")?);
    (of != member).then(|| Staged {
        of,
        stage: text("stage").unwrap_or_default(),
        member,
        value,
    })
}

impl Staged {
    /// What a member was to be, if it is something else in that object.
    pub(crate) fn broken(&self, object: &Value) -> Option<String> {
        let stage = object.get(&self.of)?.as_str()?;
        let now = object.get(&self.member)?;
        if stage != self.stage {
            return None;
        }
        match &self.value {
            None => now.is_null().then(|| "a value".to_owned()),
            Some(value) => {
                let is_near = value.as_f64().is_some() && value.as_f64() == now.as_f64();
                let is_it = value == now || is_near;
                (!is_it).then(|| value.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sentences_say_what_members_are_in_a_stage() {
        let done = |value: Option<Value>| {
            Some(Staged {
                of: "status".to_owned(),
                stage: "done".to_owned(),
                member: "share".to_owned(),
                value,
            })
        };
        for text in [
            "`share` is `100` when `status` is `done`.",
            "When `status` is `done`, `share` is always `100`.",
            "If the `status` is `done`, the `share` is `100`.",
            "Once `status` is `done` its `share` is `100`",
            "`share` is `100` as long as `status` is `done`.",
        ] {
            assert_eq!(of(text), done(Some(json!(100))), "{text}");
        }
        assert_eq!(of("`share` is set when `status` is `done`."), done(None));
        for text in [
            "`share` is `100` when `status` is `done` or `failed`.",
            "`share` is not `100` when `status` is `done`.",
            "`share` is `100` unless `status` is `done`.",
            "`share` is at most `100` when `status` is `done`.",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn members_are_held_against_it() {
        let said = of("`share` is `100` when `status` is `done`.").unwrap();
        let broken = |object: Value| said.broken(&object).is_some();
        assert!(!broken(json!({"status": "done", "share": 100})));
        assert!(!broken(json!({"status": "begun", "share": 20})));
        assert!(!broken(json!({"status": "done"})));
        assert!(broken(json!({"status": "done", "share": 99})));
    }
}
