//! Pages that describe one operation between them, such as the calls of JSON-RPC: which of them a request is for.
//!
//! One value tells the pages apart: a member or a query parameter that each of them calls constant, or shows with a value
//! of its own under a name such as `method` or `action`. Of a GraphQL document, that is what it asks for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::shape::{Member, Shape, ShapeKind, is_placeholder};
use crate::model::{Location, Operation};
use crate::source::FileId;

use super::pairs::Facts;
use super::{form, words};

/// The name under which the fields are kept that a GraphQL document asks for.
pub(super) const ASKED: &str = "graphql";

/// What tells the pages of an operation apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    key: String,
    /// The usual answer of each page, by the value that it has.
    answers: HashMap<String, usize>,
}

/// What a page says of its requests, and the number of its usual answer.
pub(super) struct Page {
    pub(super) file: FileId,
    /// What all its examples send.
    pub(super) shown: Facts,
    pub(super) answer: usize,
}

impl Kinds {
    pub(super) fn of(operation: &Operation, pages: &[Page]) -> Self {
        if pages.len() < 2 {
            return Self::default();
        }
        let constants: Vec<Facts> = pages
            .iter()
            .map(|page| constants(operation, page.file))
            .collect();
        let keys = constants.iter().chain(pages.iter().map(|page| &page.shown));
        let keys: BTreeSet<&String> = keys.flat_map(BTreeMap::keys).collect();
        let told = keys.into_iter().filter_map(|key| {
            let values: Option<Vec<&String>> = pages
                .iter()
                .zip(&constants)
                .map(|(page, constants)| constants.get(key).or_else(|| page.shown.get(key)))
                .collect();
            let values = values?;
            let is_constant = constants.iter().all(|facts| facts.contains_key(key));
            let name = key.rsplit(['/', '.']).next().unwrap_or_default();
            let rank = NAMES.iter().position(|known| words::folded(name) == *known);
            let distinct = values.iter().collect::<BTreeSet<_>>().len();
            let tells = distinct > 1 && (is_constant || rank.is_some());
            let depth = key.matches('/').count();
            tells.then(|| {
                let rank = rank.unwrap_or(NAMES.len());
                let order = (Reverse(distinct), rank, depth);
                (order, key, values)
            })
        });
        let Some((_, key, values)) = told.min_by_key(|(order, ..)| *order) else {
            return Self::default();
        };
        let mut answers = HashMap::new();
        for (page, value) in pages.iter().zip(values) {
            answers.entry(value.clone()).or_insert(page.answer);
        }
        Self {
            key: key.clone(),
            answers,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// The usual answer of the page that the request is for.
    pub(super) fn find(&self, sent: &Facts) -> Option<usize> {
        self.answers.get(sent.get(&self.key)?).copied()
    }
}

/// Names of what says which call a request makes, the plainest first.
const NAMES: [&str; 14] = [
    "graphql",
    "method",
    "action",
    "operation",
    "operationname",
    "procedure",
    "function",
    "command",
    "cmd",
    "op",
    "type",
    "event",
    "kind",
    "mode",
];

/// The constants that a page documents for the body and the query, also in the query of its endpoint.
fn constants(operation: &Operation, file: FileId) -> Facts {
    let mut facts = Facts::new();
    let bodies = operation
        .body
        .iter()
        .flat_map(|body| match &body.shape.kind {
            ShapeKind::Union(shapes) => shapes.iter().collect(),
            _ => vec![&body.shape],
        });
    let members = bodies.flat_map(Shape::members);
    let is_here = |member: &&Member| member.evidence.is_some_and(|it| it.span.file == file);
    for member in members.filter(is_here) {
        if let Some(value) = constant(&member.shape) {
            facts.insert(format!("body/{}", member.name), value);
        }
    }
    for parameter in operation.parameters_in(Location::Query) {
        let name = &parameter.field.name;
        if let Some(value) = constant(&parameter.shape)
            && name.evidence.span.file == file
        {
            facts.insert(format!("query.{}", name.value), value);
        }
    }
    let queries = operation.queries.iter().filter(|(page, _)| *page == file);
    for (name, value) in queries.flat_map(|(_, query)| form::pairs(query)) {
        if !is_placeholder(&value) {
            facts.insert(format!("query.{name}"), value);
        }
    }
    facts
}

fn constant(shape: &Shape) -> Option<String> {
    let constraints = &shape.constraints;
    let constant = constraints.constant.as_ref().map(|it| &it.value);
    let only = || match constraints.allowed.as_ref()?.value.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let value = constant.or_else(only)?;
    Some(match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// What a GraphQL document asks for: `query user`, `mutation createUser deleteUser`.
pub(super) fn asked(document: &str) -> Option<String> {
    let document = document.trim_start();
    let verb = ["mutation", "subscription", "query"]
        .into_iter()
        .find(|verb| document.starts_with(verb));
    if verb.is_none() && !document.starts_with('{') {
        return None;
    }
    let mut asked = vec![verb.unwrap_or("query")];
    let body = document.get(document.find('{')? + 1..)?;
    let (mut braces, mut parens) = (0_usize, 0_usize);
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let word = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        if word > 0 {
            let after = rest.get(word..).unwrap_or_default();
            let is_alias = after.trim_start().starts_with(':');
            if braces == 0 && parens == 0 && !is_alias {
                asked.push(rest.get(..word).unwrap_or_default());
            }
            rest = after;
            continue;
        }
        match first {
            '{' => braces += 1,
            '}' if braces == 0 => break,
            '}' => braces -= 1,
            '(' => parens += 1,
            ')' => parens = parens.saturating_sub(1),
            _ => {}
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    Some(asked.join(" "))
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn a_document_asks_for_its_outermost_fields() {
        let asked = |text: &str| asked(text).unwrap_or_default();
        assert_eq!(
            asked("query($id: ID!) { block(number: $id) { hash } }"),
            "query block"
        );
        assert_eq!(
            asked("{ me: user(id: 7) { name } count }"),
            "query user count"
        );
        assert_eq!(asked("mutation M { add { id } }"), "mutation add");
        assert_eq!(asked("red shoes"), "");
    }
}
