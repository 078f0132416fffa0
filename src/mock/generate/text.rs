//! What the text of a field says of its value, beyond what the model reads.

/// The description of a field, in lower case.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    lower: String,
    own: String,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self {
            lower: text.to_lowercase(),
            own: text.to_owned(),
        }
    }

    /// True if one of the phrases stands in it.
    pub(super) fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| {
            let mut found = self.lower.match_indices(phrase);
            found.any(|(at, _)| {
                let before = self.lower.get(..at).unwrap_or_default();
                let after = self.lower.get(at + phrase.len()..).unwrap_or_default();
                !before.ends_with(char::is_alphanumeric)
                    && !after.starts_with(char::is_alphanumeric)
            })
        })
    }

    /// What values begin with: "Starts with `pay_`."
    pub(super) fn prefix(&self) -> Option<&str> {
        const WORDS: [&str; 12] = [
            "starts with",
            "start with",
            "starting with",
            "begins with",
            "beginning with",
            "prefixed with",
            "prefixed by",
            "prefix",
            "beginnt mit",
            "commence par",
            "empieza por",
            "começa com",
        ];
        let at = WORDS
            .iter()
            .find_map(|word| Some(self.lower.find(word)? + word.len()))?;
        // Lower case may have another length; then nothing is found at the wrong place.
        let rest = self.own.get(at..)?;
        let open = rest.find(['`', '"']).filter(|open| *open < 12)?;
        let mark = rest.get(open..=open)?;
        let inside = rest.get(open + 1..)?;
        let prefix = inside
            .get(..inside.find(mark)?)?
            .trim_end_matches(['*', '…', '.', 'x', 'X']);
        let is_plain = |it: char| it.is_ascii_graphic();
        (!prefix.is_empty() && prefix.len() <= 16 && prefix.chars().all(is_plain)).then_some(prefix)
    }

    /// True unless the text says that something else than a person has the name.
    pub(super) fn is_of_nobody_else(&self) -> bool {
        !self.says(&[
            "label", "nickname", "place", "location", "company", "address",
        ])
    }

    /// How many things there are is what it is about.
    pub(super) fn is_count(&self) -> bool {
        self.says(&[
            "how many",
            "number of",
            "count of",
            "anzahl",
            "wie viele",
            "nombre de",
            "número de",
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn prefixes_are_found() {
        let prefix = |text: &str| Text::new(text).prefix().map(str::to_owned);
        assert_eq!(prefix("Starts with `pay_`.").as_deref(), Some("pay_"));
        assert_eq!(prefix("Prefixed with \"cus_\"").as_deref(), Some("cus_"));
        assert_eq!(prefix("The id, prefix `evt_...`").as_deref(), Some("evt_"));
        assert_eq!(prefix("Starts with a letter; see `id`"), None);
    }

    #[test]
    fn words_stand_alone() {
        assert!(Text::new("The URL of it").says(&["url"]));
        assert!(!Text::new("Curls").says(&["url"]));
    }
}
