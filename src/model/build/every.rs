//! What pages without an endpoint say of the objects of all pages: "Every record has the following members:", "## Common
//! fields", "Fields without a value are `null`."

use std::collections::{BTreeSet, HashSet};

use crate::mdx::{Element, Node, Page};
use crate::model::json::{self, Json};

use super::documentation::Documentation;
use super::field;

/// Words for all things of a kind.
const EVERY: [&str; 40] = [
    "every",
    "each",
    "all",
    "any",
    "always",
    "also",
    "common",
    "shared",
    "share",
    "base",
    "system",
    "standard",
    "general",
    "global",
    "cada",
    "todos",
    "todas",
    "todo",
    "toda",
    "siempre",
    "sempre",
    "comunes",
    "comuns",
    "jeder",
    "jede",
    "jedes",
    "jedem",
    "alle",
    "allen",
    "immer",
    "gemeinsame",
    "chaque",
    "tous",
    "toutes",
    "toujours",
    "communs",
    "所有",
    "每个",
    "每条",
    "公共",
];

/// What pages call things, and what they call the parts of them; each stands for all words that begin so.
const THINGS: [&str; 40] = [
    "record",
    "object",
    "resource",
    "entit",
    "model",
    "item",
    "document",
    "field",
    "member",
    "attribute",
    "propert",
    "registro",
    "objeto",
    "recurso",
    "entidad",
    "campo",
    "atributo",
    "propiedad",
    "propriedad",
    "objekt",
    "datensatz",
    "datensätz",
    "ressource",
    "eintrag",
    "einträg",
    "feld",
    "eigenschaft",
    "objet",
    "enregistrement",
    "champ",
    "attribut",
    "propriété",
    "value",
    "valor",
    "wert",
    "valeur",
    "对象",
    "记录",
    "字段",
    "资源",
];

/// What pages call answers.
const ANSWERS: [&str; 7] = [
    "response",
    "answer",
    "respuesta",
    "resposta",
    "antwort",
    "réponse",
    "响应",
];

/// Of what a text or a title speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scope {
    #[default]
    Other,
    /// Of all answers: what it names stands at their root.
    Answers,
    /// Of all objects.
    Objects,
}

/// The names that a page without an endpoint has.
#[derive(Clone, Debug, Default)]
pub struct GuideNames {
    /// Those that it documents for the objects, or the requests, of all pages.
    pub of_all: BTreeSet<String>,
    /// Those that it documents for the root of all answers.
    pub of_answers: BTreeSet<String>,
    /// Those of fields, and at the heads of rows and items.
    pub documented: BTreeSet<String>,
    /// Those in code.
    pub named: BTreeSet<String>,
}

/// The pages without an endpoint.
pub fn guides(documentation: &Documentation) -> impl Iterator<Item = &Page> {
    let operations = documentation.api.operations.iter();
    let documenting: HashSet<_> = operations.flat_map(|it| &it.pages).collect();
    let pages = documentation.pages.iter();
    pages.filter(move |page| !documenting.contains(&page.file))
}

/// The names that a page without an endpoint has.
pub fn names_of_guide(page: &Page) -> GuideNames {
    let title = page.frontmatter.text("title").unwrap_or_default();
    let mut reader = Reader {
        is_convention: is_convention(title),
        title: scope_of_title(title),
        ..Reader::default()
    };
    reader.nodes(&page.nodes);
    reader.names
}

/// True if the page, which has no endpoint, says of members in general that they may be `null`.
pub fn says_null_of_all(page: &Page) -> bool {
    nodes_say_null(&page.nodes)
}

fn nodes_say_null(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Prose(prose) => text_says_null(prose.text.text()),
        Node::Element(element) if !field::is_field(&element.name) => {
            nodes_say_null(&element.children)
        }
        _ => false,
    })
}

fn text_says_null(text: &str) -> bool {
    const MORE: [&str; 9] = [
        "data",
        "null means",
        "unset",
        "not set",
        "missing",
        "empty",
        "leave out",
        "any field",
        "renseigné",
    ];
    if !text.contains("null") && !text.contains("Null") {
        return false;
    }
    let mut lines = text.lines().flat_map(|line| line.split(". "));
    lines.any(|line| {
        let lower = line.to_lowercase();
        let is_about = words(&lower).any(|word| {
            THINGS
                .iter()
                .any(|thing| word.starts_with(thing) && is_plural(word, thing))
        });
        let refuses = words(&lower).any(|word| matches!(word, "never" | "not" | "omitted"));
        let forms = ["`null`", "be null", "are null", "nullable", "null means"];
        forms.iter().any(|it| lower.contains(it))
            && !["will set", "sets ", "set to"]
                .iter()
                .any(|it| lower.contains(it))
            && (is_about || MORE.iter().any(|it| lower.contains(it)) || lower.contains("字段"))
            && (!refuses
                || ["not set", "unset", "leave out", "do not have"]
                    .iter()
                    .any(|it| lower.contains(it)))
    })
}

/// True for several of them: one field that may be `null` tells nothing of others.
fn is_plural(word: &str, thing: &str) -> bool {
    word.len() > thing.len() && !matches!(word, "campo" | "entity" | "property" | "attribute")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

/// Whether a sentence or a title is about all objects; what errors have is said of them alone.
fn scope(text: &str) -> Scope {
    let lower = text.to_lowercase();
    let has = |known: &[&str], begins: bool| {
        known.iter().any(|it| {
            if it.chars().any(|c| c >= '\u{2E80}') {
                lower.contains(it)
            } else {
                words(&lower).any(|word| word == *it || begins && word.starts_with(it))
            }
        })
    };
    let others = [
        "error", "fehler", "erro", "erreur", "header", "request", "错误",
    ];
    if !has(&EVERY, false) || has(&others, true) {
        Scope::Other
    } else if has(&ANSWERS, true) {
        Scope::Answers
    } else if has(&THINGS, true) {
        Scope::Objects
    } else {
        Scope::Other
    }
}

fn scope_of_title(title: &str) -> Scope {
    match scope(title) {
        Scope::Other if is_convention(title) => Scope::Objects,
        scope => scope,
    }
}

/// True for the title of a page, or of a part of it, about what many endpoints have in common.
fn is_convention(title: &str) -> bool {
    const COMMON: [&str; 22] = [
        "paginat",
        "paging",
        "pagina",
        "paginier",
        "convention",
        "konvention",
        "convencion",
        "convenç",
        "common",
        "shared",
        "envelope",
        "wrapper",
        "filtering",
        "sorting",
        "expanding",
        "cursor",
        "general",
        "standard",
        "response format",
        "分页",
        "约定",
        "通用",
    ];
    let lower = title.to_lowercase();
    COMMON.iter().any(|it| lower.contains(it)) && !is_about_errors(&lower)
}

fn is_about_errors(title: &str) -> bool {
    [
        "error",
        "fehler",
        "erro",
        "erreur",
        "错误",
        "webhook",
        "event",
        "changelog",
    ]
    .iter()
    .any(|it| title.contains(it))
}

#[derive(Default)]
struct Reader {
    names: GuideNames,
    /// True if the page is about what many endpoints have in common.
    is_convention: bool,
    /// Of what the nearest title speaks.
    title: Scope,
    /// Of what the paragraph right above does.
    lead: Scope,
}

impl Reader {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Prose(prose) => self.text(prose.text.text()),
                Node::Fence(fence) if self.scope() != Scope::Other => {
                    self.fence(fence.code.text());
                }
                Node::Element(element) if field::is_field(&element.name) => self.field(element),
                Node::Element(element) => self.nodes(&element.children),
                _ => {}
            }
        }
    }

    fn field(&mut self, element: &Element) {
        let mut names = element
            .attributes
            .iter()
            .filter(|it| matches!(it.name.as_str(), "name" | "body" | "query" | "header"));
        let name = names.find_map(|it| it.value.as_str());
        if let Some(name) = name.and_then(|it| it.trim_end_matches("[]").rsplit('.').next()) {
            self.document(name);
        }
        let around = (self.lead, self.title);
        self.nodes(&element.children);
        (self.lead, self.title) = around;
    }

    fn document(&mut self, name: &str) {
        self.names.documented.insert(name.to_owned());
        self.share(self.scope(), [name.to_owned()]);
    }

    /// Of what the text around speaks.
    fn scope(&self) -> Scope {
        if self.lead == Scope::Other {
            self.title
        } else {
            self.lead
        }
    }

    fn share(&mut self, scope: Scope, names: impl IntoIterator<Item = String>) {
        match scope {
            Scope::Other => {}
            Scope::Answers => self.names.of_answers.extend(names),
            Scope::Objects => self.names.of_all.extend(names),
        }
    }

    fn text(&mut self, text: &str) {
        for paragraph in text.split("\n\n") {
            let (title, rest) = match paragraph.trim() {
                "" => continue,
                it if it.starts_with('#') => it.split_once('\n').unwrap_or((it, "")),
                it => ("", it),
            };
            if !title.is_empty() {
                let is_other = is_about_errors(&title.to_lowercase());
                self.title = match scope_of_title(title) {
                    Scope::Other if self.is_convention && !is_other => Scope::Objects,
                    scope => scope,
                };
                self.lead = Scope::Other;
            }
            let mut lead = self.lead;
            for line in rest.lines().map(str::trim) {
                let is_row = line.starts_with(['-', '*', '|', '+']) && !line.starts_with("**");
                if is_row {
                    self.lead = lead;
                    self.row(line);
                } else {
                    lead = self.sentences(line);
                }
            }
            self.lead = lead;
        }
    }

    fn row(&mut self, line: &str) {
        match first_name(line) {
            Some(name) => self.document(name),
            None => {
                self.sentences(line);
            }
        }
        self.names.named.extend(codes(line));
    }

    /// "`rev` is part of every object." Of what the last sentence speaks.
    fn sentences(&mut self, line: &str) -> Scope {
        let mut last = Scope::Other;
        for sentence in line.split(". ").flat_map(|it| it.split("; ")) {
            last = scope(sentence);
            let own = if last == Scope::Other {
                self.title
            } else {
                last
            };
            self.share(own, codes(sentence));
            self.names.named.extend(codes(sentence));
        }
        last
    }

    fn fence(&mut self, text: &str) {
        if text.trim_start().starts_with('{') {
            for value in &json::read(text).documents {
                self.names_in(value);
            }
        }
    }

    fn names_in(&mut self, value: &Json) {
        let names = value.members().iter().map(|member| member.key.clone());
        self.share(self.scope(), names);
    }
}

/// The names in code.
fn codes(text: &str) -> impl Iterator<Item = String> + '_ {
    let code = text.split('`').skip(1).step_by(2);
    code.filter(|it| is_name(it)).map(str::to_owned)
}

/// The name at the head of a row or an item: "| `rev` | integer |", "- **rev** (integer)".
fn first_name(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['-', '*', '|', '+', ' ']);
    let end = line.find(['`', '*', '|', ':', '(']);
    let (start, marks) = match line.strip_prefix('`') {
        Some(behind) => (behind, '`'),
        None => (line, ' '),
    };
    let name = if marks == '`' {
        start.split('`').next()?
    } else {
        line.get(..end?)?.trim()
    };
    is_name(name).then_some(name)
}

/// True for what can be the name of a member.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || matches!(first, '_' | '@' | '$'))
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '[' | ']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_items_begin_with_names() {
        for (line, name) in [
            ("| `rev` | integer |", Some("rev")),
            ("| rev | integer |", Some("rev")),
            ("- `@id`: the path", Some("@id")),
            ("- **rev** (integer)", Some("rev")),
            ("|---|---|", None),
            ("- See there", None),
        ] {
            assert_eq!(first_name(line), name, "{line}");
        }
    }

    #[test]
    fn sentences_are_about_all_objects_or_not() {
        for text in [
            "Every record has `rev`.",
            "## Common fields",
            "Alle Objekte haben `rev`.",
            "所有对象都包含 `rev`。",
        ] {
            assert_eq!(scope(text), Scope::Objects, "{text}");
        }
        for text in [
            "All errors have a `code`.",
            "The record has a `rev`.",
            "Each request needs a header.",
        ] {
            assert_eq!(scope(text), Scope::Other, "{text}");
        }
    }

    #[test]
    fn texts_say_of_members_in_general_that_they_may_be_null() {
        for text in [
            "Optional fields without a value are `null`.",
            "Fields may be null.",
            "| Missing data | `null` |",
            "Un champ facultatif non renseigné vaut `null` en lecture.",
            "Los campos sin valor son `null`.",
            "Leere Felder sind `null`.",
            "未设置的字段返回 `null`。",
        ] {
            assert!(text_says_null(text), "{text}");
        }
        for text in [
            "Fields are never null.",
            "The owner is `null`.",
            "Members are sorted.",
        ] {
            assert!(!text_says_null(text), "{text}");
        }
    }
}
