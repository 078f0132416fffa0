//! Which of the answers of one status a parameter asks for: `format=csv` that of the title `CSV`, `"type": "card"` that of
//! `Card payment`, `view=full` that of `With view=full`, `"dry_run": true` that of `Dry run`.
//!
//! Both sides have to name it: a value that is documented for the parameter, or the parameter itself, and a title. Where
//! titles say nothing, the examples themselves may, if each shows another value of the member with that name. A truth
//! value about streaming chooses between a stream and one document, whatever their titles are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Field, Location, Operation};

use super::answer::{Answer, folded};
use super::pairs::Facts;
use super::words;

/// What parameters say of the answer, by their places as in [`Facts`].
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    asking: BTreeMap<String, Asking>,
    stream: Option<Stream>,
}

/// The answers that a parameter can ask for.
#[derive(Clone, Debug, Default)]
struct Asking {
    /// Their numbers, by the value in lower case.
    answers: BTreeMap<String, BTreeSet<usize>>,
    /// The documented default.
    default: Option<String>,
}

/// The answers to a request with a truth value about streaming.
#[derive(Clone, Debug)]
struct Stream {
    key: String,
    is_default: bool,
    on: usize,
    off: usize,
}

/// A parameter, or a member of the body.
struct Named<'o> {
    key: String,
    field: &'o Field,
    shape: &'o Shape,
}

impl Told {
    pub(super) fn of(operation: &Operation, answers: &[Answer], usual: Option<usize>) -> Self {
        let Some(code) = usual.and_then(|usual| answers.get(usual)).map(|it| it.code) else {
            return Self::default();
        };
        let same = answers.iter().enumerate();
        let same: Vec<_> = same
            .filter(|(_, answer)| answer.code == code && answer.has_body())
            .collect();
        if same.len() < 2 {
            return Self::default();
        }
        let named = named(operation);
        let asking = named.iter().filter_map(|named| {
            let asking = Asking::of(named, &same);
            let is_telling = asking.answers.values().any(|it| it.len() < same.len());
            is_telling.then(|| (named.key.clone(), asking))
        });
        Self {
            asking: asking.collect(),
            stream: named.iter().find_map(|named| Stream::of(named, &same)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.asking.is_empty() && self.stream.is_none()
    }

    /// True if the request asks for a stream.
    pub(super) fn is_streamed(&self, sent: &Facts) -> bool {
        self.stream.as_ref().is_some_and(|stream| {
            let value = sent.get(&stream.key);
            value.map_or(stream.is_default, |value| {
                value.eq_ignore_ascii_case("true")
            })
        })
    }

    /// The number of the answer that a request asks for, if that is another one than `usual`.
    pub(super) fn find(&self, sent: &Facts, usual: usize) -> Option<usize> {
        match &self.stream {
            Some(stream) if self.is_streamed(sent) => Some(stream.on),
            Some(stream) if stream.on == usual => {
                Some(self.asked(sent, stream.off).unwrap_or(stream.off))
            }
            _ => self.asked(sent, usual),
        }
    }

    fn asked(&self, sent: &Facts, usual: usize) -> Option<usize> {
        let of_value = |(key, asking): (&String, &'_ Asking)| {
            let value = sent.get(key)?.trim().to_lowercase();
            asking.answers.get(&value).cloned()
        };
        let of_default = |(key, asking): (&String, &'_ Asking)| {
            let default = asking
                .default
                .as_ref()
                .filter(|_| !sent.contains_key(key))?;
            asking.answers.get(default).cloned()
        };
        let wanted = self.asking.iter().filter_map(of_value);
        let mut wanted: Vec<BTreeSet<usize>> = wanted.collect();
        if wanted.is_empty() {
            wanted = self.asking.iter().filter_map(of_default).collect();
        }
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for answer in wanted.into_iter().flatten() {
            *votes.entry(answer).or_default() += 1;
        }
        let most = votes.values().max()?;
        let mut best = votes.iter().filter(|(_, count)| *count == most);
        let is_usual = best.clone().any(|(answer, _)| *answer == usual);
        best.next().map(|(answer, _)| *answer).filter(|_| !is_usual)
    }
}

impl Asking {
    fn of(named: &Named<'_>, same: &[(usize, &Answer)]) -> Self {
        let default = named.field.default.as_ref();
        let default = default.map(|it| text(&it.value).to_lowercase());
        let mut asking = Self {
            answers: BTreeMap::new(),
            default,
        };
        asking.add_assigned(named, same);
        if named.shape.kind == ShapeKind::Boolean {
            asking.add_truths(named, same);
            return asking;
        }
        let listed = listed(named.shape);
        let mut values = listed.clone();
        values.extend(in_code(&named.field.description));
        if is_format(named.name()) {
            let titles = same.iter().flat_map(|(_, answer)| &answer.names);
            values.extend(titles.map(|name| title(name).concat()));
        }
        for value in &values {
            let whole = words::folded(value);
            asking.add(value, same, |title| {
                !whole.is_empty() && title.concat() == whole
            });
        }
        for value in &listed {
            let parts = words::parts(value);
            let says = |title: &[String]| title.windows(parts.len().max(1)).any(|it| it == parts);
            if !asking.answers.contains_key(value) {
                asking.add(value, same, says);
            }
        }
        if asking.answers.is_empty() && !listed.is_empty() {
            asking.add_shown(named, same, &listed);
        }
        asking
    }

    /// Takes a value for one that asks for the answers of such titles.
    fn add(&mut self, value: &str, same: &[(usize, &Answer)], is_its: impl Fn(&[String]) -> bool) {
        let is_named = |answer: &Answer| answer.names.iter().any(|name| is_its(&title(name)));
        let named = same.iter().filter(|(_, answer)| is_named(answer));
        let named: BTreeSet<usize> = named.map(|(index, _)| *index).collect();
        if !named.is_empty() {
            let known = self.answers.entry(value.to_owned()).or_default();
            known.extend(named);
        }
    }

    /// Titles such as `view=full` and `With stream: true`.
    fn add_assigned(&mut self, named: &Named<'_>, same: &[(usize, &Answer)]) {
        let name = words::folded(named.name());
        for (index, answer) in same {
            for title in &answer.names {
                let Some((before, value)) = title.split_once(['=', ':']) else {
                    continue;
                };
                if self::title(before).concat() == name {
                    let value = value
                        .trim()
                        .trim_matches(['`', '"', '\'', ')'])
                        .to_lowercase();
                    self.answers.entry(value).or_default().insert(*index);
                }
            }
        }
    }

    /// Titles such as `Dry run` and `Without items`, for `dry_run` and `include_items`.
    fn add_truths(&mut self, named: &Named<'_>, same: &[(usize, &Answer)]) {
        let parts = words::parts(named.name());
        let rest = match parts.as_slice() {
            [first, rest @ ..] if VERBS.contains(&first.as_str()) && !rest.is_empty() => rest,
            all => all,
        };
        let is_its = |title: &[String]| title == parts || title == rest;
        self.add("true", same, is_its);
        self.add("false", same, |title| match title {
            [no, what @ ..] => {
                matches!(no.as_str(), "no" | "non" | "not" | "without") && is_its(what)
            }
            [] => false,
        });
    }

    /// Examples that each show what was asked for.
    fn add_shown(
        &mut self,
        named: &Named<'_>,
        same: &[(usize, &Answer)],
        listed: &BTreeSet<String>,
    ) {
        let shown = same.iter().map(|(index, answer)| {
            let body = answer.json()?;
            let value = body.get(named.name())?.as_str()?.to_lowercase();
            listed.contains(&value).then_some((value, *index))
        });
        let shown: Option<Vec<_>> = shown.collect();
        for (value, index) in shown.unwrap_or_default() {
            self.answers.entry(value).or_default().insert(index);
        }
    }
}

impl Stream {
    fn of(named: &Named<'_>, same: &[(usize, &Answer)]) -> Option<Self> {
        let parts = words::parts(named.name());
        let is_about = parts
            .iter()
            .any(|it| matches!(it.as_str(), "stream" | "streaming"));
        if named.shape.kind != ShapeKind::Boolean || !is_about {
            return None;
        }
        let first = |is_stream: bool| {
            let mut answers = same.iter();
            let found = answers.find(|(_, answer)| answer.is_stream() == is_stream);
            found.map(|(index, _)| *index)
        };
        let default = named.field.default.as_ref();
        Some(Self {
            key: named.key.clone(),
            is_default: default.is_some_and(|it| text(&it.value) == "true"),
            on: first(true)?,
            off: first(false)?,
        })
    }
}

impl Named<'_> {
    fn name(&self) -> &str {
        self.field.name.value.trim()
    }
}

/// How names of truth values begin that say what is in an answer.
const VERBS: [&str; 9] = [
    "include", "with", "return", "show", "is", "enable", "use", "expand", "only",
];

/// The parameters of the path and the query, and the members of the body.
fn named(operation: &Operation) -> Vec<Named<'_>> {
    let of_parameters = |location: Location, at: &'static str| {
        let parameters = operation.parameters_in(location);
        parameters.map(move |it| Named {
            key: format!("{at}{}", it.field.name.value.trim()),
            field: &it.field,
            shape: &it.shape,
        })
    };
    let mut named: Vec<_> = of_parameters(Location::Path, "path.").collect();
    named.extend(of_parameters(Location::Query, "query."));
    let body = operation.body.iter().filter(|body| !body.whole);
    named.extend(body.flat_map(|body| {
        let fields = body.fields.iter();
        fields.filter_map(|field| {
            let name = field.name.value.trim();
            Some(Named {
                key: format!("body/{name}"),
                field,
                shape: member(&body.shape, name)?,
            })
        })
    }));
    named
}

fn member<'s>(shape: &'s Shape, name: &str) -> Option<&'s Shape> {
    if let ShapeKind::Union(shapes) = &shape.kind {
        return shapes.iter().find_map(|shape| member(shape, name));
    }
    let mut members = shape.members().iter();
    members.find(|it| it.name == name).map(|it| &it.shape)
}

/// The documented values, in lower case.
fn listed(shape: &Shape) -> BTreeSet<String> {
    let constant = shape.constraints.constant.iter().map(|it| &it.value);
    let allowed = shape.constraints.allowed.iter().flat_map(|it| &it.value);
    let values = constant.chain(allowed).map(|it| text(it).to_lowercase());
    values
        .filter(|it| it.chars().any(char::is_alphanumeric))
        .collect()
}

/// The words that a text writes as code, in lower case.
fn in_code(text: &str) -> impl Iterator<Item = String> {
    let code = text.split('`').skip(1).step_by(2);
    let is_word = |it: &&str| it.len() <= 40 && !it.contains(char::is_whitespace);
    code.filter(is_word).map(str::to_lowercase)
}

/// True for the name of a parameter that chooses a notation.
fn is_format(name: &str) -> bool {
    words::folded(name).ends_with("format")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The words of a title that tell answers apart: `user` of `200 User`, and `full view` of `Example with full view`.
fn title(name: &str) -> Vec<String> {
    let mut words = words::parts(&folded(name));
    let is_status = |it: &String| it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit());
    if words.len() > 1 && words.first().is_some_and(is_status) {
        words.remove(0);
    }
    let is_lead = |it: &String| {
        matches!(
            it.as_str(),
            "with" | "for" | "when" | "example" | "response"
        )
    };
    while words.len() > 1 && words.first().is_some_and(is_lead) {
        words.remove(0);
    }
    let is_end = |it: &String| matches!(it.as_str(), "response" | "example" | "result" | "output");
    while words.len() > 1 && words.last().is_some_and(is_end) {
        words.pop();
    }
    words
}
