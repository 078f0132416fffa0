//! The comparison of a value with a shape.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Number;

use super::path::erased;
use super::placeholder::{is_bracketed, is_placeholder};
use super::words::{describe, kind_word};
use super::{Member, Mismatch, MismatchKind, Openness, Path, Shape, ShapeKind, Step, format};
use crate::model::Evidence;
use crate::model::json::{self, Json, JsonKind};
use crate::model::types::Format;

/// Shapes nested deeper than this are not looked into.
const MAX_DEPTH: usize = 128;

impl Shape {
    /// Every way in which `value` differs from this shape, in the order of the value; nothing if it matches.
    pub fn mismatches(&self, value: &Json) -> Vec<Mismatch> {
        if self.surely_matches(value) {
            return Vec::new();
        }
        self.compare(value)
    }

    /// The same without the first look.
    pub(super) fn compare(&self, value: &Json) -> Vec<Mismatch> {
        let mut matcher = Matcher::default();
        matcher.value(self, value);
        matcher.finish()
    }
}

/// What is known of a comparison so far.
#[derive(Default)]
pub(super) struct Matcher {
    /// The way to where the comparison is.
    steps: Vec<Step>,
    depth: usize,
    found: Vec<Mismatch>,
    /// Where in `found` the mismatch of all items of an array is kept.
    folded: HashMap<(String, MismatchKind, String), usize>,
    /// How many items there are at each erased path that ends in an item.
    items: HashMap<String, usize>,
}

/// Arrays, objects, and unions.
impl Matcher {
    fn value(&mut self, shape: &Shape, value: &Json) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        match &value.kind {
            JsonKind::Elision | JsonKind::Placeholder(_) => {}
            JsonKind::String(text) if matches!(text.trim(), "..." | "…") => {}
            JsonKind::Null if shape.allows_null() => {}
            JsonKind::Null => {
                let found = Found::of(value, shape.evidence);
                self.report(MismatchKind::Null, shape.describe(), found);
            }
            _ if self.kind(shape, value) => self.constraints(&shape.constraints, value),
            _ => {}
        }
        self.depth -= 1;
    }

    /// Compares the kind, and what is inside; true if the kind is right.
    fn kind(&mut self, shape: &Shape, value: &Json) -> bool {
        match (&shape.kind, &value.kind) {
            (ShapeKind::Any | ShapeKind::Unknown, _)
            | (ShapeKind::Boolean, JsonKind::Bool(_))
            | (ShapeKind::Number, JsonKind::Number(_))
            | (ShapeKind::String | ShapeKind::File, JsonKind::String(_)) => true,
            (ShapeKind::Integer, JsonKind::Number(number)) if is_integral(number) => true,
            (ShapeKind::Number, JsonKind::String(text)) if is_decimal(shape, text) => true,
            (ShapeKind::Integer | ShapeKind::Number, JsonKind::String(text))
                if is_word(shape, text) =>
            {
                false
            }
            (ShapeKind::Array(items), JsonKind::Array(values)) => {
                self.array(items, values);
                true
            }
            (ShapeKind::Object { members, open }, JsonKind::Object(values)) => {
                self.object((shape, members, *open), values, &value.range);
                true
            }
            (ShapeKind::Map(values_shape), JsonKind::Object(values)) => {
                self.map(values_shape, values);
                true
            }
            (ShapeKind::Union(variants), _) => self.union(shape, variants, value),
            _ => {
                self.wrong_type(shape, value);
                false
            }
        }
    }

    fn wrong_type(&mut self, shape: &Shape, value: &Json) {
        let mut found = Found::of(value, shape.evidence);
        found.text = format!("{}{}", kind_word(value), found.text);
        self.report(MismatchKind::WrongType, shape.describe(), found);
    }

    fn array(&mut self, items: &Shape, values: &[Json]) {
        let values = values
            .iter()
            .filter(|value| value.kind != JsonKind::Elision);
        let mut count = 0;
        for (index, value) in values.enumerate() {
            self.inside(Step::Item(index), items, value);
            count += 1;
        }
        self.count_items(Step::Item(0), count);
    }

    fn map(&mut self, values_shape: &Shape, members: &[json::Member]) {
        let members = members.iter().filter(|member| !is_elision(member));
        let mut count = 0;
        for member in members {
            self.inside(Step::Entry(member.key.clone()), values_shape, &member.value);
            count += 1;
        }
        self.count_items(Step::Entry(String::new()), count);
    }

    fn inside(&mut self, step: Step, shape: &Shape, value: &Json) {
        self.steps.push(step);
        self.value(shape, value);
        self.steps.pop();
    }

    fn count_items(&mut self, step: Step, count: usize) {
        self.steps.push(step);
        *self.items.entry(erased(&self.steps)).or_default() += count;
        self.steps.pop();
    }

    fn object(
        &mut self,
        (shape, members, open): (&Shape, &[Member], Openness),
        values: &[json::Member],
        range: &Range<usize>,
    ) {
        // Of two members with one name the later counts, as it does to every reader of JSON.
        let last: HashMap<&str, usize> = values
            .iter()
            .enumerate()
            .map(|(at, value)| (value.key.as_str(), at))
            .collect();
        let documented: HashMap<&str, &Member> = members
            .iter()
            .map(|member| (member.name.as_str(), member))
            .collect();
        let mut absent: HashMap<String, &Member> = HashMap::new();
        for member in members
            .iter()
            .filter(|member| !last.contains_key(member.name.as_str()))
        {
            absent.entry(folded_name(&member.name)).or_insert(member);
        }
        let mut respelled = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let name = value.key.as_str();
            if is_elision(value) || last.get(name) != Some(&at) {
                continue;
            }
            let step = || Step::Member(name.to_owned());
            if let Some(member) = documented.get(name) {
                self.inside(step(), &member.shape, &value.value);
            } else if let Some(member) = take_respelled(&mut absent, name, open) {
                respelled.push(member.name.as_str());
                self.member(
                    MismatchKind::Casing,
                    value,
                    (format!("member `{}`", member.name), member.evidence),
                );
                self.inside(step(), &member.shape, &value.value);
            } else if open == Openness::Closed && !is_bracketed(name) && !is_keyless(value) {
                self.member(
                    MismatchKind::Undocumented,
                    value,
                    ("a documented member".to_owned(), shape.evidence),
                );
            }
        }
        if values.iter().any(is_elision) {
            return;
        }
        for member in members {
            let name = member.name.as_str();
            if !last.contains_key(name) && !respelled.contains(&name) {
                self.missing(member, range);
            }
        }
    }

    fn member(
        &mut self,
        kind: MismatchKind,
        value: &json::Member,
        (expected, evidence): (String, Option<Evidence>),
    ) {
        let found = Found {
            text: format!("member `{}`", value.key),
            range: value.key_range.clone(),
            evidence,
            placeholder: false,
        };
        self.steps.push(Step::Member(value.key.clone()));
        self.report(kind, expected, found);
        self.steps.pop();
    }

    fn missing(&mut self, member: &Member, range: &Range<usize>) {
        let Some(required) = member.required.as_ref().filter(|required| required.value) else {
            return;
        };
        let found = Found {
            text: "no such member".to_owned(),
            range: range.clone(),
            evidence: Some(required.evidence),
            placeholder: false,
        };
        self.steps.push(Step::Member(member.name.clone()));
        self.report(
            MismatchKind::Missing,
            format!("member `{}`", member.name),
            found,
        );
        self.steps.pop();
    }

    /// Reports the variant that comes closest: one of the right kind before one of another, then the one with the fewest
    /// mismatches, then the first. If none has the right kind, that is the one mismatch.
    fn union(&mut self, shape: &Shape, variants: &[Shape], value: &Json) -> bool {
        let mut best: Option<(usize, Self)> = None;
        let mut values = Some(Vec::new());
        for variant in variants {
            let mut trial = Self {
                steps: self.steps.clone(),
                depth: self.depth,
                ..Self::default()
            };
            trial.value(variant, value);
            match (trial.other_value(), &mut values) {
                (Some(expected), Some(values)) => values.push(expected.to_owned()),
                _ => values = None,
            }
            if trial.is_of_another_kind() {
                continue;
            }
            let count = trial.found.iter().map(|mismatch| mismatch.count).sum();
            if best.as_ref().is_none_or(|(least, _)| count < *least) {
                best = Some((count, trial));
            }
            if count == 0 {
                break;
            }
        }
        let Some((_, mut trial)) = best else {
            self.wrong_type(shape, value);
            return false;
        };
        // Where each variant is one value, all of them are allowed.
        if let (Some(values), [mismatch]) = (values, trial.found.as_mut_slice())
            && values.len() > 1
        {
            let values = values
                .iter()
                .map(|it| it.strip_prefix(ONE_OF).unwrap_or(it));
            mismatch.expected = format!("{ONE_OF}{}", values.collect::<Vec<_>>().join(", "));
            mismatch.kind = MismatchKind::NotAllowed;
        }
        self.absorb(trial);
        true
    }

    /// What is documented in the place of the value itself, if all that is wrong is that it is another one.
    fn other_value(&self) -> Option<&str> {
        let [only] = self.found.as_slice() else {
            return None;
        };
        let is_value = matches!(only.kind, MismatchKind::NotAllowed | MismatchKind::Constant);
        let is_here = only.path.0.len() == self.steps.len();
        (is_value && is_here).then_some(only.expected.as_str())
    }

    /// True if the value itself, not something inside it, is of the wrong kind.
    fn is_of_another_kind(&self) -> bool {
        self.found.iter().any(|mismatch| {
            let here = mismatch.path.0.len() == self.steps.len();
            here && matches!(mismatch.kind, MismatchKind::WrongType | MismatchKind::Null)
        })
    }

    fn absorb(&mut self, trial: Self) {
        for mismatch in trial.found {
            self.push(mismatch);
        }
        // The order of these does not matter: they are only added up.
        for (path, count) in trial.items.into_iter().collect::<Vec<_>>() {
            *self.items.entry(path).or_default() += count;
        }
    }
}

/// How a list of values begins.
const ONE_OF: &str = "one of ";

/// What a mismatch says about the value.
pub(super) struct Found {
    pub(super) text: String,
    pub(super) range: Range<usize>,
    pub(super) evidence: Option<Evidence>,
    pub(super) placeholder: bool,
}

impl Found {
    pub(super) fn of(value: &Json, evidence: Option<Evidence>) -> Self {
        Self {
            text: describe(value),
            range: value.range.clone(),
            evidence,
            placeholder: matches!(&value.kind, JsonKind::String(text) if is_placeholder(text)),
        }
    }
}

/// Keeping what is found.
impl Matcher {
    pub(super) fn report(&mut self, kind: MismatchKind, expected: String, found: Found) {
        let mismatch = Mismatch {
            path: Path(self.steps.clone()),
            kind,
            expected,
            found: found.text,
            range: found.range,
            evidence: found.evidence,
            placeholder: found.placeholder,
            count: 1,
            of: 1,
        };
        self.push(mismatch);
    }

    /// Keeps a mismatch; one that other items of the array had already is only counted.
    fn push(&mut self, mismatch: Mismatch) {
        if repeated(&mismatch.path).is_some() {
            let key = (
                mismatch.path.erased(),
                mismatch.kind,
                mismatch.expected.clone(),
            );
            let next = self.found.len();
            let at = *self.folded.entry(key).or_insert(next);
            if let Some(first) = self.found.get_mut(at) {
                first.count += mismatch.count;
                // It only counts as a placeholder if nothing else was found.
                first.placeholder &= mismatch.placeholder;
                return;
            }
        }
        self.found.push(mismatch);
    }

    fn finish(self) -> Vec<Mismatch> {
        let mut found = self.found;
        for mismatch in &mut found {
            if let Some(items) =
                repeated(&mismatch.path).and_then(|steps| self.items.get(&erased(steps)))
            {
                mismatch.of = *items;
            }
        }
        found
    }
}

/// The steps up to the innermost item or entry on the way.
fn repeated(path: &Path) -> Option<&[Step]> {
    let last = path
        .0
        .iter()
        .rposition(|step| !matches!(step, Step::Member(_)))?;
    path.0.get(..=last)
}

/// The absent member that `name` respells, unless the object is open and the member not promised.
fn take_respelled<'s>(
    absent: &mut HashMap<String, &'s Member>,
    name: &str,
    open: Openness,
) -> Option<&'s Member> {
    if absent.is_empty() {
        return None;
    }
    let folded = folded_name(name);
    if !absent.get(&folded)?.is_promised() && open != Openness::Closed {
        return None;
    }
    absent.remove(&folded)
}

/// A name without what sets spellings apart: `created_at`, `createdAt`, and `Created-At` are one.
fn folded_name(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// `...` among the members, with or without quotes.
fn is_elision(member: &json::Member) -> bool {
    let bare = member.key.is_empty() && member.value.kind == JsonKind::Elision;
    bare || matches!(member.key.as_str(), "..." | "…")
}

/// JSON Schema: a number without a fraction is an integer, however it is written.
pub(super) fn is_integral(number: &Number) -> bool {
    number.is_i64()
        || number.is_u64()
        || number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn is_decimal(shape: &Shape, text: &str) -> bool {
    let format = shape.constraints.format.as_ref();
    format.is_some_and(|format| format.value == Format::Decimal)
        && format::accepts(&Format::Decimal, text)
}

/// True for a word that may stand in the place of a number.
fn is_word(shape: &Shape, text: &str) -> bool {
    let words = shape.constraints.words.as_ref();
    words.is_some_and(|words| words.value.iter().any(|word| word == text))
}

/// True for a value without a key, or with an empty one, as a fault of the JSON leaves them behind.
fn is_keyless(member: &json::Member) -> bool {
    member.key.trim().is_empty()
}
