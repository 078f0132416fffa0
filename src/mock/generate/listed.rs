//! Members that a sentence lists: "Full note object with `id`, `title`, and `tags`", "Each with `description` and
//! `severity`".

use crate::model::shape::{Member, Shape};

/// Words before a list of members.
const LEADS: [&str; 9] = [
    "with",
    "contains",
    "containing",
    "contain",
    "including",
    "includes",
    "include",
    "has",
    "have",
];

/// The members that the text of an object, or of a list of objects, names one after another; none if these are values.
pub(super) fn members(text: &str) -> Vec<Member> {
    let parts: Vec<&str> = text.split('`').collect();
    let mut names: Vec<&str> = Vec::new();
    let mut is_led = false;
    // Code stands at every second place.
    for (index, code) in parts.iter().enumerate().skip(1).step_by(2) {
        let before = parts.get(index - 1).copied().unwrap_or_default().trim();
        let is_next = !names.is_empty() && matches!(before, "," | ", and" | "and" | "&");
        if !is_next {
            if names.len() > 1 {
                break;
            }
            names.clear();
            let last = before.trim_end_matches([':', '(', ' ']);
            let last = last.rsplit([' ', '(']).next().unwrap_or_default();
            is_led = LEADS.contains(&last.to_ascii_lowercase().as_str());
        }
        let is_closed = index + 1 < parts.len();
        if is_led && is_closed && is_name(code) {
            names.push(code);
        }
    }
    if names.len() < 2 {
        return Vec::new();
    }
    let names = names.into_iter();
    names.map(member).collect()
}

/// The keys of a map that its text names: "Price by class: `economy`, `business`".
pub(super) fn keys(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('`').collect();
    let lead = parts.first().map(|it| it.trim_end().to_ascii_lowercase());
    let leads = [" by ", " for each ", " per ", "keyed by", "keys"];
    let is_led = lead.is_some_and(|lead| {
        let lead = format!(" {lead}");
        lead.ends_with(':') && leads.iter().any(|it| lead.contains(it))
    });
    if !is_led {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for (index, code) in parts.iter().enumerate().skip(1).step_by(2) {
        let before = parts.get(index - 1).copied().unwrap_or_default().trim();
        let is_next = index == 1 || matches!(before, "," | ", and" | "and" | "or" | ", or");
        if !is_next || index + 1 >= parts.len() || !is_name(code) {
            break;
        }
        keys.push((*code).to_owned());
    }
    if keys.len() < 2 {
        keys.clear();
    }
    keys
}

fn member(name: &str) -> Member {
    Member {
        name: name.to_owned(),
        shape: Shape::unknown(),
        required: None,
        evidence: None,
    }
}

fn is_name(code: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    code.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && code.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{keys, members};

    #[test]
    fn keys_are_listed_behind_a_colon() {
        assert_eq!(
            keys("Price by class: `low`, `mid`, `high`."),
            ["low", "mid", "high"]
        );
        assert!(keys("Settings such as `low`, `high`").is_empty());
        assert!(keys("By class: `low`").is_empty());
    }

    fn names(text: &str) -> Vec<String> {
        let members = members(text).into_iter();
        members.map(|member| member.name).collect()
    }

    #[test]
    fn members_are_listed_behind_a_word() {
        assert_eq!(
            names("Full note object with `id`, `title`, and `tags`, …"),
            ["id", "title", "tags"]
        );
        assert_eq!(names("Each with `text` and `level`"), ["text", "level"]);
        assert_eq!(names("Contains: `from`, `to`"), ["from", "to"]);
    }

    #[test]
    fn values_are_no_members() {
        assert!(names("The state, `draft` or `published`").is_empty());
        assert!(names("One of `a`, `b`").is_empty());
        assert!(names("Goes with `plan`").is_empty());
        assert!(names("With `a` or `b`").is_empty());
    }
}
