//! What pages without an endpoint say that every answer has around what the other pages document: "All responses have this
//! form:", and a fence with `success`, `data`, and `meta`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::mdx::markdown::Block;
use crate::mdx::{Node, Page};
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::json::{self, JsonKind};
use crate::model::types::{self, Type};

use super::field;

/// Sentences and titles about all answers.
static OF_ALL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:all|every|each)\s+(?:(?:api|successful|json|our|of\s+(?:the|our)|the|http|single)\s+){0,2}(?:responses?|answers?|replies|reply)\b
        | \b(?:responses?|answers?)\s+(?:format|structure|envelope|wrapper|shape|are\s+(?:always|all|wrapped)|is\s+always|have\s+(?:this|the\s+(?:same|following)))\b
        | \b(?:standard|common|general|format\s+of|form\s+of|shape\s+of|structure\s+of)\s+(?:(?:the|all|our|api)\s+){0,2}(?:responses?|answers?)\b
        | \benvelope\b",
    )
});

/// What errors have in common is said of them alone.
fn is_of_all_answers(text: &str) -> bool {
    OF_ALL.is_match(text) && !text.to_lowercase().contains("error")
}

/// The names of the members that a page without an endpoint says all answers have at their root.
pub fn members_of_all(page: &Page) -> BTreeSet<String> {
    let mut reader = Reader::default();
    reader.nodes(&page.nodes);
    reader.names
}

/// The names at the root of each object in a fence of a page without an endpoint, with those among them under which nothing
/// is shown: `data` of `{"code": 0, "data": {}}`; and those of each table of members there, with those that hold more by
/// their types.
pub fn roots_of_fences(page: &Page) -> Vec<RootNames> {
    let mut found = Vec::new();
    roots_in(&page.nodes, &mut found);
    found
}

/// The names at the root of an object.
#[derive(Clone, Debug)]
pub struct RootNames {
    /// All of them.
    pub all: BTreeSet<String>,
    /// Those whose values are left empty.
    pub empty: BTreeSet<String>,
}

fn roots_in(nodes: &[Node], into: &mut Vec<RootNames>) {
    for node in nodes {
        match node {
            Node::Fence(fence) if fence.code.text().trim_start().starts_with('{') => {
                let read = json::read(fence.code.text());
                into.extend(read.documents.iter().map(|value| {
                    let is_empty = |it: &&json::Member| {
                        let value = &it.value;
                        let has_more = value.members().iter().any(|it| !it.key.starts_with('.'))
                            || value.items().iter().any(|it| it.kind != JsonKind::Elision);
                        !has_more
                            && !matches!(
                                value.kind,
                                JsonKind::String(_) | JsonKind::Number(_) | JsonKind::Bool(_)
                            )
                    };
                    let members = value.members();
                    RootNames {
                        all: members.iter().map(|it| it.key.clone()).collect(),
                        empty: members
                            .iter()
                            .filter(is_empty)
                            .map(|it| it.key.clone())
                            .collect(),
                    }
                }));
            }
            Node::Prose(prose) if prose.text.text().contains('|') => {
                into.extend(prose.blocks().iter().filter_map(roots_of_table));
            }
            Node::Element(element) if !field::is_field(&element.name) => {
                roots_in(&element.children, into);
            }
            _ => {}
        }
    }
}

/// The names in the first column of a table whose rows name types.
fn roots_of_table(block: &Block) -> Option<RootNames> {
    const HOLDING: [&str; 6] = ["object", "array", "list", "any", "map", "json"];
    let Block::Table(rows) = block else {
        return None;
    };
    let mut names = RootNames {
        all: BTreeSet::new(),
        empty: BTreeSet::new(),
    };
    let mut rows_with_types = 0;
    for row in rows.iter().skip(1) {
        let (first, rest) = row.split_first()?;
        let name = first.text().trim().to_owned();
        let cells: Vec<String> = rest
            .iter()
            .map(|cell| cell.text().trim().to_lowercase())
            .filter(|text| !text.contains(' '))
            .collect();
        if !is_name(&name) {
            return None;
        }
        let is_holding = |text: &String| HOLDING.iter().any(|it| text.starts_with(it));
        let is_known =
            |text: &String| !matches!(types::parse(text), Type::Unknown(_) | Type::Named(_));
        rows_with_types += usize::from(cells.iter().any(is_known));
        if cells.iter().any(is_holding) {
            names.empty.insert(name.clone());
        }
        names.all.insert(name);
    }
    (names.all.len() > 1 && rows_with_types >= names.all.len()).then_some(names)
}

#[derive(Default)]
struct Reader {
    names: BTreeSet<String>,
    /// True if the nearest title is about all answers.
    is_titled: bool,
    /// True if the paragraph right above is.
    is_led: bool,
}

impl Reader {
    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Prose(prose) => self.text(prose.text.text()),
                Node::Fence(fence) if self.is_led || self.is_titled => {
                    self.fence(fence.code.text());
                }
                Node::Element(element) if !field::is_field(&element.name) => {
                    self.nodes(&element.children);
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        // The patterns are slow, and the words are rare.
        let lower = text.to_lowercase();
        let may_tell = [
            "response", "answer", "repl", "result", "endpoint", "envelope", "wrapped",
        ]
        .iter()
        .any(|word| lower.contains(word));
        for paragraph in text.split("\n\n") {
            let trimmed = paragraph.trim();
            if trimmed.is_empty() {
                continue;
            }
            let is_of_all = may_tell && is_of_all_answers(trimmed);
            if trimmed.starts_with('#') {
                self.is_titled = is_of_all;
                self.is_led = false;
                continue;
            }
            self.is_led = is_of_all;
            if is_of_all {
                self.sentences(trimmed);
            }
        }
    }

    /// "`meta` comes with every response."
    fn sentences(&mut self, paragraph: &str) {
        static HAVE: LazyLock<Pattern> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:ha(?:s|ve)|contains?|includes?|carr(?:y|ies)|comes?\s+with|shares?|returns?|sends?|holds?|is\s+in)\b",
            )
        });
        for sentence in paragraph.split(['.', ';']) {
            if is_of_all_answers(sentence) && HAVE.is_match(sentence) {
                let code = sentence.split('`').skip(1).step_by(2);
                self.names
                    .extend(code.filter(|it| is_name(it)).map(str::to_owned));
            }
        }
    }

    fn fence(&mut self, text: &str) {
        if !text.trim_start().starts_with('{') {
            return;
        }
        let read = json::read(text);
        for value in &read.documents {
            let names = value.members().iter().map(|member| member.key.clone());
            self.names.extend(names);
        }
    }
}

/// True for what can be the name of a member.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || c == '_')
}
