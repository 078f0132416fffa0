//! Members that a page leaves to another one that it links to: "A [book](/books/list) with its owner."

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Documentation, Field, Location, Operation, Written};
use crate::source::{FileId, load};

use super::request::undocumented_request_parameter::is_of_query;
use super::site::page_name;
use super::undocumented_member;

/// The pages of a site, and what operations they document.
pub(super) struct Links<'d> {
    pages: HashMap<FileId, &'d Written<'d>>,
    operations: HashMap<&'d str, Vec<&'d Operation>>,
    /// The pages without an operation, by their paths.
    guides: HashMap<&'d str, &'d Written<'d>>,
    /// The titles of more than one word, in lower case.
    titles: Vec<(FileId, String)>,
    documentation: &'d Documentation,
}

impl<'d> Links<'d> {
    pub(super) fn new(pages: &'d [Written<'d>], documentation: &'d Documentation) -> Self {
        let mut operations: HashMap<&str, Vec<&Operation>> = HashMap::new();
        for operation in &documentation.api.operations {
            for page in &operation.pages {
                let path = page_name(documentation.path(*page));
                operations.entry(path).or_default().push(operation);
            }
        }
        let mut guides = HashMap::new();
        for page in pages {
            let path = page_name(documentation.path(page.file));
            if !operations.contains_key(path) {
                guides.insert(path, page);
            }
        }
        let titles = pages.iter().filter_map(|page| {
            let title = page.entry("title").and_then(|it| it.value.as_str())?;
            title
                .trim()
                .contains(' ')
                .then(|| (page.file, title.trim().to_lowercase()))
        });
        Self {
            titles: titles.collect(),
            guides,
            pages: pages.iter().map(|page| (page.file, page)).collect(),
            operations,
            documentation,
        }
    }

    /// A member that a linked page documents is worth knowing, and no contradiction, where the text speaks of what that page
    /// documents.
    pub(super) fn soften<'m>(
        &self,
        diagnostics: impl Iterator<Item = &'m mut Diagnostic>,
        operation: &Operation,
    ) {
        let (mut known, mut queries): (Option<HashSet<&str>>, Option<HashSet<&str>>) = (None, None);
        let of_rule = |it: &&mut Diagnostic| {
            let is_member = it.rule.name == undocumented_member::RULE.name;
            (is_member || is_of_query(it)) && it.severity > Severity::Info
        };
        for diagnostic in diagnostics.filter(of_rule) {
            let of_query = is_of_query(diagnostic);
            let known = if of_query { &mut queries } else { &mut known };
            let known = known.get_or_insert_with(|| {
                if of_query {
                    self.parameters(operation)
                } else {
                    self.members(operation)
                }
            });
            let subject = diagnostic.subject.as_deref().unwrap_or_default();
            let name = subject.rsplit('.').next().unwrap_or_default();
            let name = name.trim_end_matches("[]").to_owned();
            if !known.contains(name.as_str()) {
                continue;
            }
            diagnostic.severity = Severity::Info;
            let verb = if is_of_query(diagnostic) {
                "sent"
            } else {
                "shown"
            };
            diagnostic.message =
                format!("`{name}` is {verb}, and documented on a page that this one links to");
            diagnostic.help = Some(format!(
                "document `{name}` here, too, or say that the rest is on that page"
            ));
            diagnostic.fix = None;
            diagnostic.cause = None;
        }
    }

    /// Most of what an example shows, and all that the page leaves out, is what another page of the same resource documents:
    /// the page lists what is new.
    pub(super) fn leave_to_resource(
        &self,
        diagnostics: &mut [Diagnostic],
        first: usize,
        operation: &Operation,
    ) {
        let of_rule = |it: &&mut Diagnostic| {
            it.rule.name == undocumented_member::RULE.name
                && it.severity > Severity::Info
                && it
                    .subject
                    .as_deref()
                    .is_some_and(|it| it.starts_with("response"))
        };
        let found = diagnostics.iter_mut().skip(first).filter(of_rule);
        let mut found: Vec<&mut Diagnostic> = found.collect();
        let names: HashSet<String> = found.iter().filter_map(|it| shown_name(it)).collect();
        let successes = operation
            .responses
            .iter()
            .filter(|it| it.status.is_success());
        let listed: usize = successes.map(|it| it.fields.len()).sum();
        let pages = operation
            .pages
            .iter()
            .filter_map(|file| self.pages.get(file));
        let mut texts = pages.flat_map(|page| page.texts_outside());
        if names.len() < 2 || names.len() <= listed || !texts.any(|it| borrows(it.text())) {
            return;
        }
        let path = operation.endpoint.value.path.as_str();
        let operations = self.documentation.api.operations.iter();
        let mut others = operations.filter(|other| {
            let other_path = other.endpoint.value.path.as_str();
            other.endpoint.value.method == "GET"
                && (path.starts_with(other_path) || other_path.starts_with(path))
                && other.pages != operation.pages
        });
        let documents_all = |other: &&Operation| {
            let mut known = HashSet::new();
            for field in other.responses.iter().flat_map(|it| &it.fields) {
                add_names(field, &mut known);
            }
            names.iter().all(|name| known.contains(name.as_str()))
        };
        let Some(other) = others.find(documents_all) else {
            return;
        };
        for diagnostic in &mut found {
            let name = shown_name(diagnostic).unwrap_or_default();
            diagnostic.severity = Severity::Info;
            diagnostic.message = format!("`{name}` is shown, and documented for {}", other.name());
            diagnostic.help = Some(format!(
                "document `{name}` here, too, or say that the rest is as there"
            ));
            diagnostic.fix = None;
            diagnostic.cause = None;
        }
    }

    /// The names of all members that the pages document to which the operation's own pages lead for what they leave out.
    fn members(&self, operation: &Operation) -> HashSet<&'d str> {
        let mut found = HashSet::new();
        for file in &operation.pages {
            let Some(page) = self.pages.get(file) else {
                continue;
            };
            let own = self.documentation.path(*file);
            for text in page.texts_outside() {
                for named in text
                    .text()
                    .split("\n\n")
                    .flat_map(|it| self.named(*file, it))
                {
                    let operations = self.operations.get(named);
                    for operation in operations.into_iter().flatten() {
                        add_all(operation, &mut found);
                    }
                }
                for target in text.text().split("\n\n").flat_map(targets) {
                    let Some(path) = resolved(own, target) else {
                        continue;
                    };
                    if let Some(guide) = self.guides.get(path.as_str()) {
                        let texts = guide.texts();
                        found.extend(texts.iter().flat_map(|text| tabled(text.text())));
                    }
                    let linked = self.operations.get(path.as_str());
                    for linked in linked.into_iter().flatten() {
                        add_all(linked, &mut found);
                    }
                }
            }
        }
        found
    }

    /// The names of the query parameters of the operations to which the operation's own pages lead for what can be sent.
    fn parameters(&self, operation: &Operation) -> HashSet<&'d str> {
        let pages = operation.pages.iter();
        let pages = pages.filter_map(|file| Some((*file, *self.pages.get(file)?)));
        let mut found = HashSet::new();
        for (file, page) in pages {
            let own = self.documentation.path(file);
            let texts = page.texts_outside().into_iter();
            let paragraphs = texts.flat_map(|text| text.text().split("\n\n"));
            let speaking = paragraphs.filter(|it| speaks_of_parameters(&it.to_lowercase()));
            for path in speaking.flat_map(links).filter_map(|it| resolved(own, it)) {
                let linked = self.operations.get(path.as_str()).into_iter().flatten();
                let parameters = linked.flat_map(|it| it.parameters_in(Location::Query));
                found.extend(parameters.map(|it| it.field.name.value.trim()));
            }
        }
        found
    }

    /// The paths of the pages whose titles a paragraph of another page has without a link: "Same response as Get a book."
    fn named<'s>(&'s self, own: FileId, paragraph: &str) -> Vec<&'s str> {
        let lower = paragraph.to_lowercase();
        if !speaks_of_members(&lower) {
            return Vec::new();
        }
        let titles = self.titles.iter();
        let named = titles.filter(|(file, title)| *file != own && lower.contains(title.as_str()));
        named
            .map(|(file, _)| page_name(self.documentation.path(*file)))
            .collect()
    }
}

/// True for a text that speaks of a thing as a whole, beside what is listed: "The book, and on top:", "Responds with the
/// book as it is now."
fn borrows(text: &str) -> bool {
    const WORDS: [&str; 19] = [
        "plus",
        "and adds",
        "on top",
        "in addition",
        "besides",
        "together with",
        "repeat",
        "omitted",
        "complete",
        "usual",
        "brevity",
        "only the additional",
        "only the new",
        "as it is now",
        "see there",
        "with its new",
        "those of",
        "but without",
        "description of the members",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// The name of the member that a finding is about.
fn shown_name(diagnostic: &Diagnostic) -> Option<String> {
    let name = diagnostic.subject.as_deref()?.rsplit('.').next()?;
    Some(name.trim_end_matches("[]").to_owned())
}

/// The names of all members that an operation documents.
fn add_all<'f>(operation: &'f Operation, into: &mut HashSet<&'f str>) {
    let bodies = operation.body.iter().flat_map(|body| &body.fields);
    let answers = operation.responses.iter().flat_map(|it| &it.fields);
    for field in bodies.chain(answers) {
        add_names(field, into);
    }
}

fn add_names<'f>(field: &'f Field, into: &mut HashSet<&'f str>) {
    let name = field.name.value.trim().trim_end_matches("[]");
    into.insert(name.rsplit('.').next().unwrap_or(name));
    for child in &field.children {
        add_names(child, into);
    }
}

/// The names in the first cells of the rows of tables: "| `shelf_id` | string | Where it stands. |".
fn tabled(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let cell = line.trim_start().strip_prefix('|')?.split('|').next()?;
        cell.trim().strip_prefix('`')?.strip_suffix('`')
    })
}

/// The targets of the links in a paragraph, if it is about what is documented there.
fn targets(paragraph: &str) -> Vec<&str> {
    if !paragraph.contains("](") || !speaks_of_members(&paragraph.to_lowercase()) {
        return Vec::new();
    }
    links(paragraph).collect()
}

/// The targets of all links in a text.
pub(super) fn links(text: &str) -> impl Iterator<Item = &str> {
    let links = text.split("](").skip(1);
    links.filter_map(|rest| rest.split([')', ' ']).next())
}

/// True for a paragraph, in lower case, with a link, and about what can be sent.
fn speaks_of_parameters(paragraph: &str) -> bool {
    const WORDS: [&str; 8] = [
        "filter", "filters", "query", "counts", "count", "works", "narrow", "narrows",
    ];
    let mut words = paragraph.split(|c: char| !c.is_alphanumeric());
    paragraph.contains("](")
        && (words.any(|word| WORDS.contains(&word)) || speaks_of_members(paragraph))
}

/// True for a paragraph, in lower case, about what is documented somewhere.
fn speaks_of_members(paragraph: &str) -> bool {
    const WORDS: [&str; 41] = [
        "fields",
        "field",
        "members",
        "member",
        "properties",
        "attributes",
        "parameters",
        "object",
        "return",
        "returns",
        "returned",
        "response",
        "responses",
        "answer",
        "answers",
        "body",
        "same",
        "like",
        "extends",
        "inherits",
        "superset",
        "differs",
        "rest",
        "full",
        "common",
        "plus",
        "with",
        "and",
        "everything",
        "besides",
        "partial",
        "explained",
        "described",
        "documented",
        "listed",
        "also",
        "its",
        "includes",
        "contains",
        "see",
        "know",
    ];
    let mut words = paragraph.split(|c: char| !c.is_alphanumeric());
    words.any(|word| WORDS.contains(&word)) || !is_english(paragraph)
}

/// True for a paragraph, in lower case, with words that English sentences have, or without any words beside its links: of
/// other languages the words are not known.
fn is_english(paragraph: &str) -> bool {
    const FEWEST: usize = 2;
    const WORDS: [&str; 16] = [
        "the", "is", "are", "to", "of", "this", "that", "you", "your", "from", "when", "if", "by",
        "how", "next", "related",
    ];
    let outside = paragraph
        .split(['[', '\n'])
        .map(|part| match part.split_once("](") {
            Some((_, behind)) => behind.split_once(')').map_or("", |it| it.1),
            None => part,
        });
    let words: Vec<&str> = outside
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let has_foreign = words.iter().any(|word| !word.is_ascii());
    words.iter().any(|word| WORDS.contains(word)) || words.len() < FEWEST && !has_foreign
}

/// The path of the page that a link leads to, as a navigation names it; `None` if it is outside of the site.
pub(super) fn resolved(own: &str, target: &str) -> Option<String> {
    let target = target.split(['#', '?']).next().unwrap_or_default();
    load::resolved(own, target).map(|path| page_name(&path).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_name_members_in_their_first_cells() {
        let text = "| Member | Type |\n|---|---|\n| `id` | string |\n| `shelf` | `text` |\n| see `x` | - |\n";
        assert_eq!(tabled(text).collect::<Vec<_>>(), ["id", "shelf"]);
    }

    #[test]
    fn only_english_is_known_by_its_words() {
        for text in [
            "- [get campaigns](/a)\n- [all of them](/b)",
            "see [list books](/books/list) if you need more",
            "related: [books](/b)",
        ] {
            assert!(is_english(text), "{text}");
        }
        for text in [
            "devuelve lo mismo que [contratar](/crear) y además:",
            "[作成](/create)の項目に加えて：",
            "a resposta é a de [chamar](/criar), com a linha do tempo:",
        ] {
            assert!(!is_english(text), "{text}");
        }
    }

    #[test]
    fn links_lead_from_the_root_or_from_the_page() {
        for (target, path) in [
            ("/books/list", "books/list"),
            ("/books/list#fields", "books/list"),
            ("./list", "books/list"),
            ("list.mdx", "books/list"),
            ("../shelves/get", "shelves/get"),
        ] {
            let found = resolved("books/get.mdx", target);
            assert_eq!(found.as_deref(), Some(path), "{target}");
        }
    }
}
