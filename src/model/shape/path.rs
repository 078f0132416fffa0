//! Paths into JSON values.

use std::fmt;

/// A path to a value inside a document; the path of the document itself is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath {
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

impl JsonPath {
    /// The path of a member of the value at this path.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        self.step(Step::Member(name.to_owned()))
    }

    /// The path of an item of the array at this path.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        self.step(Step::Item(index))
    }

    /// The path of the value that holds the value at this path; `None` for the document itself.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, steps) = self.steps.split_last()?;
        Some(Self {
            steps: steps.to_vec(),
        })
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps }
    }

    /// The path without the numbers of items, as in subjects: `user.items[].id`.
    pub fn subject(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Member(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Item(_) => text.push_str("[]"),
            }
        }
        text
    }

    /// The path as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            text.push('/');
            match step {
                Step::Member(name) => text.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Item(index) => text.push_str(&index.to_string()),
            }
        }
        text
    }
}

/// `$.user.items[2].id`; members that are no plain words stand in brackets and quotes (RFC 9535).
impl fmt::Display for JsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("$")?;
        for step in &self.steps {
            match step {
                Step::Member(name) if is_plain(name) => write!(formatter, ".{name}")?,
                Step::Member(name) => {
                    let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
                    write!(formatter, "['{escaped}']")?;
                }
                Step::Item(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_three_forms() {
        let path = JsonPath::default()
            .member("user")
            .member("a/b")
            .item(2)
            .member("id");
        assert_eq!(path.to_string(), "$.user['a/b'][2].id");
        assert_eq!(path.pointer(), "/user/a~1b/2/id");
        assert_eq!(path.subject(), "user.a/b[].id");
    }
}
