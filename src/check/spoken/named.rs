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
    /// The fields with code in their texts.
    described: Vec<Described<'p>>,
}

/// A field, and the side on which it is documented.
struct Described<'p> {
    field: &'p Field,
    side: Side,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Parameter,
    Body,
    Answer,
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
        let mut described = Vec::new();
        for operation in operation() {
            let parameters = operation.parameters.iter().map(|it| &it.field);
            let body = operation.body.iter().flat_map(|it| &it.fields);
            let answers = operation.responses.iter().flat_map(|it| &it.fields);
            describe(parameters, Side::Parameter, &mut described);
            describe(body, Side::Body, &mut described);
            describe(answers, Side::Answer, &mut described);
        }
        Self {
            described,
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
        if self.described.iter().any(|it| it.brings(member)) {
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

impl Described<'_> {
    /// True if the text of the field says that the member goes with it, or with one of its values: "`card` (with `token`)",
    /// "Adds `author`".
    fn brings(&self, member: &Member<'_>) -> bool {
        let is_its_side = match self.side {
            Side::Parameter => !member.is_sent,
            Side::Body => member.is_sent && !member.is_query,
            Side::Answer => !member.is_sent || member.is_query,
        };
        let text = self.field.description.as_str();
        if !is_its_side || !text.contains(member.name) {
            return false;
        }
        let is_it = |code: &str| {
            let code = code.trim_start_matches(['?', '&', '+']);
            let code = match code.split_once('=') {
                Some((name, _)) if member.is_query => name,
                _ => code,
            };
            code.trim_end_matches("[]") == member.name
        };
        let mut sentences = text.split(['\n', ';', '。']).flat_map(|it| it.split(". "));
        sentences.any(|sentence| {
            let mut codes = sentence.split('`').skip(1).step_by(2);
            codes.any(is_it)
                && (member.is_query
                    || self.adds_what_it_names()
                    || brings_along(sentence, member.name))
        })
    }

    /// True for a parameter whose values are the names of what the answer has in addition.
    fn adds_what_it_names(&self) -> bool {
        const NAMES: [&str; 12] = [
            "include",
            "includes",
            "expand",
            "with",
            "embed",
            "populate",
            "fields",
            "extra",
            "extras",
            "view",
            "relations",
            "select",
        ];
        let name = self
            .field
            .name
            .value
            .trim()
            .trim_end_matches("[]")
            .to_lowercase();
        self.side == Side::Parameter && NAMES.contains(&name.as_str())
    }
}

/// True if a sentence has words, or signs, by which what it names goes along with something.
fn brings_along(sentence: &str, name: &str) -> bool {
    const WORDS: [&str; 37] = [
        "with", "has", "have", "needs", "need", "requires", "adds", "add", "see", "then",
        "returned", "comes", "contains", "includes", "tells", "says", "holds", "gives", "also",
        "avec", "ajoute", "voir", "con", "tiene", "añade", "agrega", "ver", "com", "tem",
        "adiciona", "mit", "hat", "enthält", "fügt", "siehe", "braucht", "needed",
    ];
    let code = format!("`{name}`");
    let lower = sentence.to_lowercase();
    let mut texts = lower.split('`').step_by(2);
    let has_word = texts.any(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| WORDS.contains(&word))
    });
    // "`card`: `token`"
    let is_behind = sentence.find(&code).is_some_and(|at| {
        let before = sentence.get(..at).unwrap_or_default();
        before.trim_end().ends_with("`:")
    });
    has_word || is_behind
}

fn describe<'f>(
    fields: impl Iterator<Item = &'f Field>,
    side: Side,
    into: &mut Vec<Described<'f>>,
) {
    for field in fields {
        if field.description.contains('`') {
            into.push(Described { field, side });
        }
        describe(field.children.iter(), side, into);
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
    use super::{brings_along, names_it};

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

    #[test]
    fn texts_say_what_goes_along_with_a_value() {
        for text in [
            "`card` (with `token`) or `cash`",
            "`card`: `token`; `cash`: none",
            "`card`, then `token` is needed, or `cash`",
            "`carte` (avec `token`)",
            "A failed one has a `token`.",
        ] {
            assert!(brings_along(text, "token"), "{text}");
        }
        for text in [
            "`card` or `token`",
            "One of `token`, `key`.",
            "Sorted by `token`.",
        ] {
            assert!(!brings_along(text, "token"), "{text}");
        }
    }
}
