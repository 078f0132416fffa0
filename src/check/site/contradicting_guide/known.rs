//! What the pages of operations document, by its names, for guides to be held against.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use crate::check::linked::{links, resolved};
use crate::check::site::page_name;
use crate::model::json::{Json, JsonKind};
use crate::model::shape::Stated;
use crate::model::types::Type;
use crate::model::{AuthScheme, Documentation, Field, Location, Operation, Written};
use crate::source::Span;

use super::sentence::Sentence;

/// Where a documented name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Sent,
    Header,
    Answered,
}

/// A field that documents a name.
#[derive(Clone, Copy)]
pub(super) struct Named<'d> {
    pub(super) operation: usize,
    pub(super) place: Place,
    pub(super) field: &'d Field,
    stated: Option<&'d Stated>,
}

impl Named<'_> {
    /// The values that the field lists, and where it does.
    pub(super) fn allowed(&self) -> Option<(Vec<String>, Span)> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let stated = self.stated.and_then(|it| it.allowed.as_ref());
        let listed = stated.or(self.field.prose.allowed.as_ref());
        let (values, span): (Vec<String>, Span) = if let Some(fact) = listed {
            (fact.value.iter().map(text).collect(), fact.evidence.span)
        } else {
            let (Type::Union(kinds), Some(written)) = (&self.field.kind, &self.field.type_text)
            else {
                return None;
            };
            let values = kinds.iter().map(|kind| match kind {
                Type::Literal(value) => Some(text(value)),
                _ => None,
            });
            let values: Option<Vec<String>> = values.collect();
            (values?, written.evidence.span)
        };
        let mut values = values;
        let words = self.stated.and_then(|it| it.words.as_ref());
        let words = words.or(self.field.prose.words.as_ref());
        values.extend(words.iter().flat_map(|it| it.value.iter().cloned()));
        Some((values, span))
    }

    pub(super) fn maximum(&self) -> Option<(f64, Span)> {
        let stated = self.stated.and_then(|it| it.maximum.as_ref());
        let fact = stated.or(self.field.prose.maximum.as_ref())?;
        Some((fact.value, fact.evidence.span))
    }

    pub(super) fn minimum(&self) -> Option<(f64, Span)> {
        let stated = self.stated.and_then(|it| it.minimum.as_ref());
        let fact = stated.or(self.field.prose.minimum.as_ref())?;
        Some((fact.value, fact.evidence.span))
    }

    pub(super) fn default(&self) -> Option<(String, Span)> {
        let fact = self.field.default.as_ref();
        let fact = fact.or(self.field.prose.default.as_ref())?;
        let text = match &fact.value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((text, fact.evidence.span))
    }
}

/// The values that a field lists.
pub(super) struct List<'d> {
    pub(super) name: &'d str,
    pub(super) values: Vec<String>,
    pub(super) span: Span,
}

/// What all pages document.
pub(super) struct Known<'d> {
    pub(super) documentation: &'d Documentation,
    fields: HashMap<&'d str, Vec<Named<'d>>>,
    /// The headers that are sent or answered, as they are first written, and where.
    pub(super) headers: Vec<(&'d str, Span)>,
    /// Every name that fields, examples, and paths have.
    names: HashSet<&'d str>,
    /// The statuses of the examples of errors that show a code, and the first of these.
    pub(super) codes: HashMap<&'d str, (BTreeSet<u16>, Span)>,
    /// The lists of values that fields have, each once.
    lists: Vec<List<'d>>,
    /// The places of the lists that have a value.
    by_value: HashMap<String, Vec<usize>>,
    /// The operations by the paths of their pages.
    pages: HashMap<&'d str, Vec<usize>>,
    /// The joined paths of the operations.
    pub(super) targets: Vec<String>,
    /// The operations by the last segments of their paths; a parameter is `{}`.
    by_end: HashMap<String, Vec<usize>>,
    /// How many files have a word.
    words: OnceCell<HashMap<&'d str, usize>>,
}

impl<'d> Known<'d> {
    pub(super) fn new(documentation: &'d Documentation) -> Self {
        let mut known = Self {
            documentation,
            fields: HashMap::new(),
            headers: Vec::new(),
            names: HashSet::new(),
            codes: HashMap::new(),
            lists: Vec::new(),
            by_value: HashMap::new(),
            pages: HashMap::new(),
            targets: Vec::new(),
            by_end: HashMap::new(),
            words: OnceCell::new(),
        };
        for (index, operation) in documentation.api.operations.iter().enumerate() {
            known.operation(index, operation);
        }
        known.add_lists();
        known
    }

    fn operation(&mut self, index: usize, operation: &'d Operation) {
        let target = operation.joined_path();
        let end = crate::check::mentioned::end_of(&target).to_owned();
        self.by_end.entry(end).or_default().push(index);
        self.targets.push(target);
        for page in &operation.pages {
            let path = page_name(self.documentation.path(*page));
            self.pages.entry(path).or_default().push(index);
        }
        for parameter in &operation.parameters {
            let place = match parameter.location {
                Location::Header => Place::Header,
                _ => Place::Sent,
            };
            let stated = Some(&parameter.shape.constraints);
            self.field(index, place, (&parameter.field, stated));
            if place == Place::Header {
                let name = &parameter.field.name;
                self.headers.push((name.value.trim(), name.evidence.span));
            }
        }
        for scheme in &operation.auth.schemes {
            if let AuthScheme::Header(name) = &scheme.value {
                self.headers.push((name, scheme.evidence.span));
            }
        }
        for header in &operation.response_headers {
            let name = &header.name;
            self.headers.push((name.value.trim(), name.evidence.span));
        }
        for field in operation.body.iter().flat_map(|body| &body.fields) {
            self.field(index, Place::Sent, (field, None));
        }
        for response in &operation.responses {
            for field in &response.fields {
                self.field(index, Place::Answered, (field, None));
            }
            for example in &response.examples {
                let Some(value) = example.value() else {
                    continue;
                };
                self.shown(value);
                if let Some(status) = response.status.code().filter(|it| *it >= 400) {
                    self.code(status, value, example.span);
                }
            }
        }
    }

    fn field(&mut self, operation: usize, place: Place, field: (&'d Field, Option<&'d Stated>)) {
        let (field, stated) = field;
        let name = field.name.value.trim();
        let last = name.rsplit('.').next().unwrap_or(name);
        let last = last.trim_end_matches("[]");
        self.names.extend([name, last]);
        self.fields.entry(last).or_default().push(Named {
            operation,
            place,
            field,
            stated,
        });
        for child in &field.children {
            self.field(operation, place, (child, None));
        }
    }

    fn shown(&mut self, value: &'d Json) {
        for member in value.members() {
            self.names.insert(&member.key);
            self.shown(&member.value);
        }
        for item in value.items() {
            self.shown(item);
        }
    }

    /// The codes in the body of an error: words without blanks that stand for a reason.
    fn code(&mut self, status: u16, value: &'d Json, span: Span) {
        for member in value.members() {
            if let JsonKind::String(text) = &member.value.kind
                && is_code(text)
            {
                let known = self.codes.entry(text);
                let known = known.or_insert_with(|| (BTreeSet::new(), span));
                known.0.insert(status);
            }
            self.code(status, &member.value, span);
        }
        for item in value.items() {
            self.code(status, item, span);
        }
    }

    fn add_lists(&mut self) {
        let mut seen: HashSet<Vec<String>> = HashSet::new();
        let mut names: Vec<&str> = self.fields.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            for named in self.fields.get(name).into_iter().flatten() {
                let Some((values, span)) = named.allowed() else {
                    continue;
                };
                let mut sorted = values.clone();
                sorted.sort();
                if values.len() < 2 || !seen.insert(sorted) {
                    continue;
                }
                let place = self.lists.len();
                for value in &values {
                    self.by_value.entry(value.clone()).or_default().push(place);
                }
                self.lists.push(List { name, values, span });
            }
        }
    }

    /// The lists that have a value.
    pub(super) fn lists_with(&self, value: &str) -> impl Iterator<Item = &List<'d>> {
        let places = self.by_value.get(value).into_iter().flatten();
        places.filter_map(|place| self.lists.get(*place))
    }

    /// The fields that document a name.
    pub(super) fn named(&self, name: &str) -> &[Named<'d>] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// The documented names.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'d str, &[Named<'d>])> {
        let names = self.fields.iter();
        names.map(|(name, fields)| (*name, fields.as_slice()))
    }

    /// True if a field, an example, or a path has the name.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The operations that a text leads to by links, or names by method and path.
    pub(super) fn operations_in(&self, page: &str, text: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for path in links(text).filter_map(|target| resolved(page, target)) {
            found.extend(self.pages.get(path.as_str()).into_iter().flatten());
        }
        for (method, path) in super::endpoints::named(text) {
            let there = self.at(path).filter(|(_, it)| {
                let documented = &it.endpoint.value.method;
                documented.eq_ignore_ascii_case(method)
            });
            found.extend(there.map(|(index, _)| index));
        }
        // A path alone is asked for.
        let codes = text.split('`').skip(1).step_by(2);
        for path in codes.filter(|it| it.len() > 1 && it.starts_with('/') && !it.contains(' ')) {
            let there = self.at(path);
            let read = there.filter(|(_, it)| it.endpoint.value.method == "GET");
            found.extend(read.map(|(index, _)| index));
        }
        found
    }

    /// The operations at a path, whatever their methods are.
    pub(super) fn at<'k>(
        &'k self,
        path: &'k str,
    ) -> impl Iterator<Item = (usize, &'d Operation)> + 'k {
        let end = crate::check::mentioned::end_of(path);
        let ends = [self.by_end.get(end), self.by_end.get("{}")];
        let ends = ends.into_iter().take(if end == "{}" { 1 } else { 2 });
        let near = ends.flatten().flatten().copied();
        let there = near.filter(move |index| {
            let target = self.targets.get(*index);
            target.is_some_and(|target| crate::check::mentioned::are_one(target, path))
        });
        let all = &self.documentation.api.operations;
        there.filter_map(move |index| Some((index, all.get(index)?)))
    }

    /// True if no more than one file has a word.
    pub(super) fn is_rare(&self, word: &str) -> bool {
        let words = self.words.get_or_init(|| {
            let mut found: HashMap<&str, usize> = HashMap::new();
            for (_, file) in self.documentation.sources.iter() {
                let own: BTreeSet<&str> = words_of(file.text()).collect();
                for word in own {
                    *found.entry(word).or_default() += 1;
                }
            }
            found
        });
        if words_of(word).any(|it| words.get(it).is_none_or(|count| *count < 2)) {
            return true;
        }
        let files = self.documentation.sources.iter();
        files.filter(|(_, file)| file.text().contains(word)).count() < 2
    }

    /// True if a word stands nowhere on the site but in the text of one page.
    pub(super) fn is_only_here(
        &self,
        word: &str,
        sentence: &Sentence<'_>,
        page: &Written<'_>,
    ) -> bool {
        let count = |text: &str| text.matches(word).count();
        let file = self.documentation.sources.file(sentence.text.file());
        let texts = page.texts_outside();
        let said: usize = texts
            .iter()
            .filter(|text| text.file() == sentence.text.file())
            .map(|text| count(text.text()))
            .sum();
        self.is_rare(word) && count(file.text()) <= said
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|it| !it.is_empty())
}

/// True for a code that programs read: `not_found`, `LIMIT_EXCEEDED`, `invalid-key`.
pub(super) fn is_code(text: &str) -> bool {
    (4..48).contains(&text.len())
        && text.contains(['_', '-', '.'])
        && text
            .chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.'))
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphabetic())
}
