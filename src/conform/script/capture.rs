//! Values that the server made up, and the answers that told them first.
//!
//! A value belongs to the server if an answer holds it before any request does. Where such a value is sent, a mark stands
//! in its place while the request is built; the marks consist of letters and digits, so that no encoding changes them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::conform::bindings::{Secrets, letters};
use crate::conform::chain::{Role, identity};
use crate::conform::plan::{Item, sample};
use crate::conform::session::Exchange;
use crate::model::shape;

use super::{Capture, Part, Source, Step, Text};

/// Shorter values that name nothing are taken for accidents.
const SHORTEST: usize = 6;

/// Longer values are not looked for.
const LONGEST: usize = 512;

/// Values nested deeper, and items of arrays further behind, are not looked at.
const DEPTH: usize = 6;
const ITEMS: usize = 5;

/// Of one value so many places are remembered.
const PLACES: usize = 8;

const MARK: &str = "fieldproofmark";

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Captures {
    sent: HashSet<String>,
    told: HashMap<String, Vec<Told>>,
    /// The names of the variables, by the number of their mark.
    names: Vec<String>,
    /// The number of a capture, by its place.
    known: HashMap<(usize, String), usize>,
}

/// A place where an answer holds a value.
#[derive(Clone, Debug)]
struct Told {
    step: usize,
    source: Source,
    member: String,
}

impl Captures {
    /// The request with marks for what is captured; the steps that told it get captures.
    pub(super) fn mark(&mut self, item: &Item, role: Option<&Role>, steps: &mut [Step]) -> Item {
        let mut draft = item.draft.clone();
        draft.swap(&mut |sent| {
            let told = self.best(sent.name, sent.text, role)?.clone();
            let number = self.capture(sent.name, told, steps)?;
            let kind = if sent.is_number { 'n' } else { 's' };
            Some(format!("{MARK}{kind}{number}z"))
        });
        let mut remember = item.draft.clone();
        remember.swap(&mut |sent| {
            if !self.told.contains_key(sent.text) {
                self.sent.insert(sent.text.to_owned());
            }
            None
        });
        if draft.request() == item.draft.request() {
            return item.clone();
        }
        Item::new(item.operation, item.variant.clone(), draft)
    }

    /// Where a value was told, at the member whose name fits best.
    fn best(&self, name: &str, text: &str, role: Option<&Role>) -> Option<&Told> {
        let told = self.told.get(text)?;
        let slots = role.map_or(&[][..], |role| &role.slots);
        let slot = slots.iter().find(|slot| slot.name == name);
        let rank = |it: &Told| match slot {
            Some(_) if it.source == Source::Location => Some(8),
            Some(slot) => identity::rank(&it.member, &slot.name, &slot.noun)
                .or_else(|| (letters(&it.member) == slot.noun).then_some(7)),
            None => None,
        };
        let ranked = told.iter().filter_map(|it| Some((rank(it)?, it)));
        let ranked = ranked.min_by_key(|(rank, it)| (*rank, it.step));
        ranked.map(|(_, it)| it).or_else(|| {
            let is_long = text.len() >= SHORTEST && !text.bytes().all(|it| it.is_ascii_digit());
            told.first().filter(|_| is_long)
        })
    }

    /// The number of the variable that holds what was told there.
    fn capture(&mut self, name: &str, told: Told, steps: &mut [Step]) -> Option<usize> {
        let key = (told.step, format!("{:?}", told.source));
        if let Some(number) = self.known.get(&key) {
            return Some(*number);
        }
        let step = steps.get_mut(told.step)?;
        let name = self.free(name);
        step.captures.push(Capture {
            name: name.clone(),
            source: told.source,
        });
        self.names.push(name);
        self.known.insert(key, self.names.len() - 1);
        Some(self.names.len() - 1)
    }

    /// A name that no other variable has.
    fn free(&self, name: &str) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        };
        let name: String = name.chars().map(plain).collect();
        let name = match name.trim_matches('_') {
            "" | "url" => "value",
            name => name,
        };
        let name = if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("value_{name}")
        } else {
            name.to_owned()
        };
        let is_taken = |name: &String| self.names.contains(name);
        let more = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(more);
        names.find(|name| !is_taken(name)).unwrap_or(name)
    }

    /// Remembers what an answer tells that was not sent before.
    pub(super) fn listen(&mut self, step: usize, exchange: &Exchange) {
        let Ok(answer) = &exchange.answer else {
            return;
        };
        if !exchange.is_success {
            return;
        }
        if let Some(body) = &exchange.body {
            self.visit(step, body, &mut Vec::new());
        }
        let location = answer
            .header("location")
            .and_then(|it| it.split(['?', '#']).next());
        let last = location.and_then(|it| it.trim_end_matches('/').rsplit('/').next());
        if let Some(last) = last {
            self.tell(last, step, Source::Location, "");
        }
    }

    fn visit(&mut self, step: usize, value: &Value, way: &mut Vec<shape::Step>) {
        if way.len() > DEPTH {
            return;
        }
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate().take(ITEMS) {
                    way.push(shape::Step::Item(at));
                    self.visit(step, item, way);
                    way.pop();
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    way.push(shape::Step::Member(name.clone()));
                    self.visit(step, member, way);
                    way.pop();
                }
            }
            Value::String(_) | Value::Number(_) => {
                let member = way.iter().rev().find_map(|it| match it {
                    shape::Step::Member(name) => Some(name.clone()),
                    _ => None,
                });
                let source = Source::Body(shape::Path(way.clone()));
                let text = sample::plain(value);
                self.tell(&text, step, source, &member.unwrap_or_default());
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn tell(&mut self, text: &str, step: usize, source: Source, member: &str) {
        if text.is_empty() || text.len() > LONGEST || self.sent.contains(text) {
            return;
        }
        let places = self.told.entry(text.to_owned()).or_default();
        if places.len() < PLACES {
            places.push(Told {
                step,
                source,
                member: member.to_owned(),
            });
        }
    }

    /// Text with variables in the places of marks and secrets.
    pub(super) fn text(&self, text: &str, secrets: &Secrets) -> Text {
        let mut parts = Text::default();
        let mut rest = text;
        while let Some((at, is_number, number, end)) = find(rest) {
            let Some(name) = self.names.get(number) else {
                break;
            };
            let before = rest.get(..at).unwrap_or_default();
            let after = rest.get(end..).unwrap_or_default();
            // A number of JSON stands without the quotes of its mark.
            let (before, after) = match (before.strip_suffix('"'), after.strip_prefix('"')) {
                (Some(before), Some(after)) if is_number => (before, after),
                _ => (before, after),
            };
            parts.push_hidden(before, secrets);
            parts.0.push(Part::Captured(name.clone()));
            rest = after;
        }
        parts.push_hidden(rest, secrets);
        parts
    }
}

/// The next mark: where it begins, whether it stands for a number, its own number, and where it ends.
fn find(text: &str) -> Option<(usize, bool, usize, usize)> {
    let at = text.find(MARK)?;
    let after = text.get(at + MARK.len()..)?;
    let is_number = after.starts_with('n');
    let digits = after.get(1..)?;
    let length = digits.find('z')?;
    let number = digits.get(..length)?.parse().ok()?;
    Some((at, is_number, number, at + MARK.len() + 1 + length + 1))
}
