//! What pages without an endpoint say of the objects of all pages: "Every record has the following members:", "## Common
//! fields", "Fields without a value are `null`."

mod words;

use std::collections::{BTreeSet, HashSet};

use crate::mdx::{Element, Node, Page};
use crate::model::json::{self, Json};

use super::documentation::Documentation;
use super::field;
use words::{ANSWERS, EVERY, LISTS, PARAMETERS, THINGS};

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
    /// Those of parameters, in sentences and rows about lists and their pages, and in addresses.
    pub of_lists: BTreeSet<String>,
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
    const NEVER: [&str; 7] = [
        "never", "not", "omitted", "nie", "niemals", "nunca", "jamais",
    ];
    if !text.contains("null") && !text.contains("Null") {
        return false;
    }
    let lines = text.lines().flat_map(|line| line.split(". "));
    let mut lines = lines.flat_map(|line| line.split_inclusive('。'));
    lines.any(|line| {
        let lower = line.to_lowercase();
        if names_nothing(line) && !refuses_null(&lower) {
            return true;
        }
        let is_about = words(&lower).any(|word| {
            THINGS
                .iter()
                .any(|thing| word.starts_with(thing) && is_plural(word, thing))
        });
        let refuses = words(&lower).any(|word| NEVER.contains(&word));
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

/// True for a sentence with `null` in code that names no member: it is about all of them, whatever its language.
fn names_nothing(sentence: &str) -> bool {
    let code: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
    let is_value = |it: &&str| {
        matches!(
            *it,
            "null" | "true" | "false" | "undefined" | "None" | "PATCH" | "PUT" | "POST" | "GET"
        ) || !it.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '@' | '$'))
    };
    code.contains(&"null") && code.iter().all(is_value)
}

/// True for a sentence, in lower case, that says that there is no `null`, or speaks of what is sent.
fn refuses_null(sentence: &str) -> bool {
    const WORDS: [&str; 22] = [
        "never", "not", "no", "omitted", "error", "send", "sent", "request", "requests", "body",
        "cannot", "nunca", "jamais", "nie", "niemals", "nicht", "kein", "pas", "não", "ni",
        "clears", "treated",
    ];
    let says = words(sentence).any(|word| WORDS.contains(&word));
    says || sentence.contains("n't")
        || ["不会", "不返回", "不能", "ません", "请求", "リクエスト"]
            .iter()
            .any(|it| sentence.contains(it))
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
    /// True if it is about lists.
    is_about_lists: bool,
    /// True if the table around says that its first cells are parameters.
    is_of_parameters: bool,
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
            self.is_of_parameters = false;
            self.is_about_lists &= rest.trim_start().starts_with(['-', '*', '|', '+']);
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
        // The words of a head are about the rows below it.
        if line.starts_with('|') && !line.contains('`') && !line.contains("--") {
            self.is_of_parameters = has_any(line, &PARAMETERS);
        }
        if self.is_of_parameters || self.is_about_lists || has_any(line, &LISTS) {
            self.names
                .of_lists
                .extend(first_name(line).map(str::to_owned));
            self.names.of_lists.extend(codes(line));
        }
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
            if has_any(sentence, &LISTS) {
                self.names.of_lists.extend(codes(sentence));
                self.is_about_lists = true;
            }
            self.names
                .of_lists
                .extend(codes(sentence).filter(|it| is_of_pages(it)));
            self.names.of_lists.extend(in_addresses(sentence));
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

/// True if a text has a word that begins with one of these, or one of a script without spaces anywhere.
fn has_any(text: &str, known: &[&str]) -> bool {
    let lower = text.to_lowercase();
    known.iter().any(|it| {
        if it.chars().any(|c| c >= '\u{2E80}') {
            lower.contains(it)
        } else {
            words(&lower).any(|word| word.starts_with(it))
        }
    })
}

/// True for the name of a parameter that hardly anything but a list has.
fn is_of_pages(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "page",
        "per_page",
        "perpage",
        "page_size",
        "pagesize",
        "page_number",
        "limit",
        "offset",
        "cursor",
        "skip",
        "starting_after",
        "ending_before",
        "sort",
        "order_by",
    ];
    NAMES.contains(&name.to_lowercase().as_str())
}

/// The names of the parameters in addresses: `?page=2&per_page=50`.
fn in_addresses(text: &str) -> impl Iterator<Item = String> + '_ {
    let code = text.split('`').skip(1).step_by(2);
    let queries = code.filter_map(|it| Some(it.split_once('?')?.1));
    let pairs = queries.flat_map(|it| it.split('&'));
    let names = pairs.filter_map(|pair| Some(pair.split_once('=')?.0));
    names.filter(|it| is_name(it)).map(str::to_owned)
}

/// The names in code.
fn codes(text: &str) -> impl Iterator<Item = String> + '_ {
    let code = text.split('`').skip(1).step_by(2);
    let names = code.filter(|it| is_name(it));
    // A list is sent as `expand[]`, and called `expand`.
    names.map(|it| it.trim_end_matches("[]").to_owned())
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
    fn parameters_of_lists_stand_on_pages_of_any_title() {
        let of_lists = |text: &str| {
            let page = format!("---\ntitle: Introduction\n---\n\n{text}\n");
            let site = crate::source::load::Site::from_files([("a.mdx", page.as_str())]);
            let documentation = crate::model::read(&site);
            names_of_guide(&documentation.pages[0]).of_lists
        };
        for text in [
            "Lists take `page` and `per_page`.",
            "Add `?page=2&per_page=50` to any of them.",
            "Alle Listen kennen `page` und `per_page`.",
            "一覧系の API では `page` と `per_page` を指定できます。",
            "| Parameter | Meaning |\n|---|---|\n| `page` | From 1. |\n| `per_page` | At most 100. |",
            "| What | How |\n|---|---|\n| Paging | `page`, `per_page` |",
            "For lists:\n\n- `page`: from 1\n- `per_page`: at most 100",
        ] {
            let found = of_lists(text);
            assert!(
                found.contains("page") && found.contains("per_page"),
                "{text}: {found:?}"
            );
        }
        assert!(of_lists("An order has a `status` and a `total`.").is_empty());
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
            "値のない項目は `null` で返します",
            "空值以 `null` 表示。",
            "Lo que falta vale `null`.",
            "We use `null` for everything that is unknown.",
        ] {
            assert!(text_says_null(text), "{text}");
        }
        for text in [
            "Fields are never null.",
            "A `owner` is `null` then.",
            "Felder sind nie `null`.",
            "Members are sorted.",
        ] {
            assert!(!text_says_null(text), "{text}");
        }
    }
}
