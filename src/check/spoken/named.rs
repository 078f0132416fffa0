//! Names of members in running text.

use std::collections::HashSet;

use crate::check::undocumented_member::{is_identifier, names_in_code};
use crate::model::{Field, Operation, Written};

use super::Member;

/// The running text of the pages of an operation.
pub(super) struct Texts<'p> {
    running: Vec<&'p str>,
    pages: Vec<&'p Written<'p>>,
    /// What is documented as sent, and as coming back.
    sent: HashSet<&'p str>,
    returned: HashSet<&'p str>,
}

impl<'p> Texts<'p> {
    pub(super) fn new(pages: &[&'p Written<'p>], operation: Option<&'p Operation>) -> Self {
        let outside = pages.iter().flat_map(|page| page.texts_outside());
        let mut texts: Vec<&str> = outside.map(crate::source::Excerpt::text).collect();
        let described = pages.iter().filter_map(|page| page.entry("description"));
        texts.extend(described.filter_map(|it| it.value.as_str()));
        let operation = || operation.into_iter();
        let body = operation().filter_map(|it| it.body.as_ref());
        let parameters = operation().flat_map(|it| &it.parameters);
        let body = body.flat_map(|body| &body.fields);
        let sent = body.chain(parameters.map(|it| &it.field));
        let returned = operation().flat_map(|it| &it.responses);
        let returned = returned.flat_map(|it| &it.fields);
        Self {
            running: texts,
            pages: pages.to_vec(),
            sent: names(sent),
            returned: names(returned),
        }
    }

    /// True if the text has the very name in code, at the head of an item, or as a word that no sentence holds by chance;
    /// not if it may speak of what goes the other way.
    pub(super) fn name(&self, member: &Member<'_>) -> bool {
        if self.has_sign(member) {
            return true;
        }
        let other = if member.is_sent {
            &self.returned
        } else {
            &self.sent
        };
        let name = member.name;
        let sets = format!("`{name}=");
        let is_set = || member.is_query && self.running.iter().any(|text| text.contains(&sets));
        if name.is_empty() || is_set() {
            return !name.is_empty();
        }
        if self.pages.iter().any(|page| page.documents_loosely(name)) {
            return true;
        }
        !other.contains(name)
            && self
                .running
                .iter()
                .any(|text| text.contains(name) && names_it(text, name))
    }

    /// True for a name of what is about the answer, such as `@desk.count` or `_links`, that stands in code.
    fn has_sign(&self, member: &Member<'_>) -> bool {
        let mut names = member.names();
        names.any(|name| {
            name.starts_with(['@', '$', '_'])
                && self.running.iter().any(|text| names_in_code(text, name))
        })
    }
}

fn names<'f>(fields: impl Iterator<Item = &'f Field>) -> HashSet<&'f str> {
    let mut found = HashSet::new();
    for field in fields {
        add(field, &mut found);
    }
    found
}

fn add<'f>(field: &'f Field, into: &mut HashSet<&'f str>) {
    let name = field.name.value.trim().trim_end_matches("[]");
    into.insert(name.rsplit('.').next().unwrap_or(name));
    for child in &field.children {
        add(child, into);
    }
}

fn names_it(text: &str, name: &str) -> bool {
    let stands = |start: &str| {
        let mut places = text.match_indices(start);
        places.any(|(at, _)| {
            let behind = text.get(at + start.len()..).unwrap_or_default();
            behind.starts_with(['`', ':', '='])
        })
    };
    // `name`, `name: true`, `"name": true`
    stands(&format!("`{name}"))
        || stands(&format!("`\"{name}\""))
        || text.contains(&format!(".{name}`"))
        || text.contains(&format!("**{name}**"))
        || is_identifier(name) && is_word(text, name)
}

fn is_word(text: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + name.len()..).unwrap_or_default();
        !before.ends_with(|c| goes_on(c) || c == '/' || c == '#') && !behind.starts_with(goes_on)
    })
}

#[cfg(test)]
mod tests {
    use super::names_it;

    #[test]
    fn names_stand_in_code_in_bold_or_by_themselves() {
        for (text, name) in [
            ("`cached` tells it.", "cached"),
            ("It has `\"cached\": true`.", "cached"),
            ("Contains `cached: true`.", "cached"),
            ("**cached** (boolean): from the cache", "cached"),
            ("Look at `page.cached`.", "cached"),
            ("The next_page is empty at the end.", "next_page"),
            ("nextPage is empty at the end.", "nextPage"),
        ] {
            assert!(names_it(text, name), "{text}");
        }
        for (text, name) in [
            ("Answers are cached.", "cached"),
            ("`cached_at` tells when.", "cached"),
            ("See /guides/next_page for more.", "next_page"),
            ("Send `is_next_page`.", "next_page"),
        ] {
            assert!(!names_it(text, name), "{text}");
        }
    }
}
