//! Where in a JSON value something is.

use std::fmt;

/// The way from the root of a JSON value to a place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Step>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// To a member of an object.
    Member(String),
    /// To a member of an object whose keys are of the server's choice.
    Entry(String),
    /// To an item of an array, from 0.
    Item(usize),
}

impl Path {
    /// The JSON Pointer of RFC 6901, such as `/user/items/2/id`.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Member(name) | Step::Entry(name) => {
                    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                }
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }

    /// The path as subjects write it: `user.items[].id`, with names as they are.
    pub fn subject(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            let name = match step {
                Step::Member(name) => name.as_str(),
                Step::Entry(_) => "*",
                Step::Item(_) => {
                    text.push_str("[]");
                    continue;
                }
            };
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(name);
        }
        text
    }

    /// The path with items as `[]` and free keys as `*`: one for all items of an array.
    pub fn erased(&self) -> String {
        erased(&self.0)
    }
}

/// The steps as one text that is the same for all items of an array.
pub(super) fn erased(steps: &[Step]) -> String {
    let mut text = String::from("$");
    for step in steps {
        match step {
            Step::Member(name) => push_name(&mut text, name),
            Step::Entry(_) => text.push_str(".*"),
            Step::Item(_) => text.push_str("[]"),
        }
    }
    text
}

/// `.name`, or `["any name"]` where RFC 9535 asks for quotes.
fn push_name(text: &mut String, name: &str) {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    if name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit()) {
        text.push('.');
        text.push_str(name);
    } else {
        text.push('[');
        text.push_str(&serde_json::Value::from(name).to_string());
        text.push(']');
    }
}

impl fmt::Display for Path {
    /// As RFC 9535 writes it, such as `$.user.items[2].id`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::from("$");
        for step in &self.0 {
            match step {
                Step::Member(name) | Step::Entry(name) => push_name(&mut text, name),
                Step::Item(index) => {
                    text.push('[');
                    text.push_str(&index.to_string());
                    text.push(']');
                }
            }
        }
        formatter.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_json_path_and_as_pointer() {
        let path = Path(vec![
            Step::Member("user".into()),
            Step::Member("a/b ~".into()),
            Step::Item(2),
            Step::Entry("id".into()),
        ]);
        assert_eq!(path.to_string(), r#"$.user["a/b ~"][2].id"#);
        assert_eq!(path.pointer(), "/user/a~1b ~0/2/id");
        assert_eq!(path.erased(), r#"$.user["a/b ~"][].*"#);
        assert_eq!(Path::default().to_string(), "$");
    }
}
