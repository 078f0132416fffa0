//! What the text of an input says that its values lead to: "`period_end` sets `ends_at` and keeps the status." Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::pattern::pattern;

/// What a value leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The members that have a value then.
    pub(crate) set: Vec<String>,
    /// The stage stays as it is.
    pub(crate) keeps_stage: bool,
}

/// What a description says of one of its values.
pub(crate) fn of(description: &str, value: &str) -> Option<Chosen> {
    static SETS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:sets|fills\s+in|records|stamps)\s+(?:the\s+|its\s+)?`(?P<name>\w+)`")
    });
    static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:keeps|leaves|does\s+not\s+change)\s+(?:the|its)\s+`?(?:status|state|stage)`?",
        )
    });
    static OPEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:if|unless|when|may|can|except|only|not)\b"));
    let quoted = format!("`{value}`");
    let mut sentences = description.split(['.', ';', '\n']);
    let found = sentences.find_map(|sentence| {
        let rest = sentence.trim().strip_prefix(&quoted)?;
        (!OPEN.is_match(rest)).then(|| Chosen {
            set: SETS
                .captures_iter(rest)
                .filter_map(|it| Some(it.name("name")?.as_str().to_owned()))
                .collect(),
            keeps_stage: KEEPS.is_match(rest),
        })
    });
    found.filter(|it| *it != Chosen::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_values_lead_to() {
        let text = "`later` sets `ends_at` and keeps the status until then. `now` ends it at once.";
        let later = Chosen {
            set: vec!["ends_at".to_owned()],
            keeps_stage: true,
        };
        assert_eq!(of(text, "later"), Some(later));
        assert_eq!(of(text, "now"), None);
        assert_eq!(of("`later` sets `ends_at` if it is open.", "later"), None);
        assert_eq!(of("Sets `ends_at`.", "later"), None);
    }
}
