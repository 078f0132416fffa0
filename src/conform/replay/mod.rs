//! Asking once more about one finding: its name, and the part of a plan that shows it.
//!
//! ```text
//! 7k2m-s49q-c3dz
//! ^^^^            the operation
//!      ^          what has to be sent: `a` the request, `s` what is about the same things, `f` fuzz, `w` everything
//!       ^^        the case: in which way the request differs from the documented one
//!         ^ ^^^   operation, rule, subject, and case together
//!              ^  a sum over the others, so that a slip is told from a finding that is gone
//! ```
//!
//! What was drawn with another seed than 0 has one more group: the seed, and a sum over all letters before.
//!
//! Nothing has to be kept between runs: the first parts say what to send, and the answers are judged as in any run. The name
//! stays the same when lines move, pages are put into another order, or the server makes up other ids.

mod focus;

use std::fmt;
use std::str::FromStr;

use crate::diagnostic::hash::{START, fnv};
use crate::diagnostic::{Diagnostic, Part};
use crate::model::{Api, Operation};

use super::judge;
use super::plan::{Phase, Plan};
use super::session::Exchange;

pub use focus::{Focus, focus};

/// Digits and letters without those that are taken for others; that there are 31, a prime, makes the sum a good one.
const LETTERS: &[u8; 31] = b"0123456789abcdfghjkmnpqrstvwxyz";

/// How many letters a name has.
const LENGTH: usize = 12;

/// How many letters a seed has at most.
const SEED_LENGTH: usize = 13;

/// The name of a finding of a live server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id {
    operation: u64,
    part: Part,
    case: u64,
    finding: u64,
    seed: u64,
}

/// What is no name of a finding of these pages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{id}` is no finding of these pages{}", hint(.likely.as_ref()))]
pub struct UnknownId {
    /// What was given.
    pub id: String,
    /// What may have been meant.
    pub likely: Option<String>,
}

fn hint(likely: Option<&String>) -> String {
    match likely {
        Some(likely) => format!("; did you mean `{likely}`?"),
        None => "; findings of `fieldproof test` show their own, such as 7k2m-s49q-c3dz".to_owned(),
    }
}

impl Id {
    /// The name of a finding, if a live server was asked.
    pub fn of(diagnostic: &Diagnostic) -> Option<Self> {
        let tried = &diagnostic.observation.as_deref()?.tried;
        let operation = diagnostic.operation.as_deref().unwrap_or_default();
        let subject = diagnostic.subject.as_deref().unwrap_or_default();
        Some(Self {
            operation: number(&[operation], 4),
            part: tried.part,
            case: number(&[&tried.case], 2),
            finding: number(&[operation, diagnostic.rule.name, subject, &tried.case], 4),
            seed: tried.seed,
        })
    }

    /// The name that a text is, if an operation of the docs can have a finding of that name.
    pub fn find(text: &str, api: &Api) -> Result<Self, UnknownId> {
        let read = text.parse::<Self>().ok();
        let known = read.filter(|id| id.is_of_one(api));
        known.ok_or_else(|| UnknownId {
            id: text.to_owned(),
            likely: likely(text, api),
        })
    }

    /// The phases that a plan needs.
    pub fn phases(self) -> Vec<Phase> {
        match self.part {
            Part::Answer | Part::State => Phase::DEFAULT.to_vec(),
            Part::Fuzz => vec![Phase::Examples, Phase::Fuzz],
            Part::Whole => vec![Phase::Examples],
        }
    }

    /// What a finding was drawn with; nothing for a name that does not tell.
    pub fn seed(self) -> Option<u64> {
        (self.seed != 0).then_some(self.seed)
    }

    /// True for the name of the same finding, whether or not it tells the seed.
    fn is_same(self, other: Self) -> bool {
        let seed = self.seed;
        self == Self { seed, ..other }
    }

    /// True if requests that are no part of the focus may lead to the finding as well: what brings a thing into the state
    /// that it is found in may be any operation.
    pub fn may_need_others(self) -> bool {
        matches!(self.part, Part::Answer | Part::State)
    }

    /// True for findings about that operation.
    pub fn is_of(self, operation: &Operation) -> bool {
        self.operation == number(&[&operation.name()], 4)
    }

    fn is_of_one(self, api: &Api) -> bool {
        api.operations.iter().any(|operation| self.is_of(operation))
    }

    fn is_case(self, words: &str) -> bool {
        self.case == number(&[words], 2)
    }

    fn letters(self) -> String {
        let part = match self.part {
            Part::Answer => 'a',
            Part::State => 's',
            Part::Fuzz => 'f',
            Part::Whole => 'w',
        };
        let mut letters = spelled(self.operation, 4);
        letters.push(part);
        letters.push_str(&spelled(self.case, 2));
        letters.push_str(&spelled(self.finding, 4));
        letters.push(sum(letters.as_bytes()));
        if let Some(seed) = self.seed() {
            letters.push_str(spelled(seed, SEED_LENGTH).trim_start_matches('0'));
            letters.push(sum(letters.as_bytes()));
        }
        letters
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = self.letters();
        let (first, rest) = letters.split_at(4);
        let (second, rest) = rest.split_at(4);
        let (third, seed) = rest.split_at(4);
        write!(f, "{first}-{second}-{third}")?;
        if !seed.is_empty() {
            write!(f, "-{seed}")?;
        }
        Ok(())
    }
}

impl FromStr for Id {
    type Err = ();

    /// Reads a name, with or without hyphens, in letters of any case.
    fn from_str(text: &str) -> Result<Self, ()> {
        let letters = plain(text);
        let (letters, seed) = letters.split_at_checked(LENGTH).ok_or(())?;
        let (body, check) = letters.split_at_checked(LENGTH - 1).ok_or(())?;
        if !check.starts_with(sum(body.as_bytes())) {
            return Err(());
        }
        let part = match body.get(4..5) {
            Some("a") => Part::Answer,
            Some("s") => Part::State,
            Some("f") => Part::Fuzz,
            Some("w") => Part::Whole,
            _ => return Err(()),
        };
        let seed = match seed.len().checked_sub(1) {
            None => 0,
            Some(length) if part == Part::Fuzz && (1..=SEED_LENGTH).contains(&length) => {
                let (digits, check) = seed.split_at_checked(length).ok_or(())?;
                let whole = format!("{letters}{digits}");
                if !check.starts_with(sum(whole.as_bytes())) {
                    return Err(());
                }
                read(digits).ok_or(())?
            }
            Some(_) => return Err(()),
        };
        let value = |range| body.get(range).and_then(read).ok_or(());
        Ok(Self {
            operation: value(0..4)?,
            part,
            case: value(5..7)?,
            finding: value(7..11)?,
            seed,
        })
    }
}

/// A number below 31 to the power of `length`, made of texts.
fn number(texts: &[&str], length: u32) -> u64 {
    let hash = texts
        .iter()
        .fold(START, |hash, text| fnv(fnv(hash, text.as_bytes()), &[0xff]));
    // The upper bits are mixed better.
    (hash >> 16) % 31_u64.pow(length)
}

fn spelled(mut number: u64, length: usize) -> String {
    let mut letters = vec!['0'; length];
    for letter in letters.iter_mut().rev() {
        let digit = usize::try_from(number % 31).unwrap_or_default();
        *letter = LETTERS.get(digit).copied().map_or('0', char::from);
        number /= 31;
    }
    letters.into_iter().collect()
}

fn read(letters: &str) -> Option<u64> {
    let mut number: u64 = 0;
    for letter in letters.bytes() {
        number = number.checked_mul(31)?.checked_add(digit(letter)?)?;
    }
    Some(number)
}

fn digit(letter: u8) -> Option<u64> {
    let at = LETTERS.iter().position(|known| *known == letter)?;
    u64::try_from(at).ok()
}

/// A letter that changes with each of the others, and with their order.
fn sum(letters: &[u8]) -> char {
    let weighted = letters.iter().zip(1..);
    let sum = weighted.map(|(letter, weight)| digit(*letter).unwrap_or_default() * weight);
    spelled(sum.sum::<u64>() % 31, 1)
        .chars()
        .next()
        .unwrap_or('0')
}

/// The letters alone.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|it| *it != '-');
    letters.flat_map(char::to_lowercase).collect()
}

/// The only name of an operation of the docs that one slip makes of the text.
fn likely(text: &str, api: &Api) -> Option<String> {
    let letters: Vec<char> = plain(text).chars().take(LENGTH + 2).collect();
    let mut found: Vec<Id> = Vec::new();
    let slips = slips(&letters).into_iter();
    for id in slips.filter_map(|it| it.parse::<Id>().ok()) {
        if id.is_of_one(api) && !found.contains(&id) {
            found.push(id);
        }
    }
    match found.as_slice() {
        [one] => Some(one.to_string()),
        _ => None,
    }
}

/// The text with one letter more, less, or another, and with two letters in a row in each other's place.
fn slips(letters: &[char]) -> Vec<String> {
    let mut slips = Vec::new();
    let known = || LETTERS.iter().copied().map(char::from);
    for at in 0..=letters.len() {
        let (start, rest) = letters.split_at(at);
        let mut with = |middle: &[char], rest: &[char]| {
            slips.push(start.iter().chain(middle).chain(rest).collect::<String>());
        };
        known().for_each(|letter| with(&[letter], rest));
        if let Some((_, after)) = rest.split_first() {
            with(&[], after);
            known().for_each(|letter| with(&[letter], after));
        }
        if let [one, other, after @ ..] = rest {
            with(&[*other, *one], after);
        }
    }
    slips
}

/// What a run of a part of a plan says about a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is found again.
    Still(Box<Diagnostic>),
    /// The same was asked, and it is not found.
    Gone,
    /// It is not found, but the same requests show other findings.
    Others(Vec<Diagnostic>),
    /// It could not be asked.
    Unasked,
}

/// Judges what was found.
pub(super) fn verdict(
    id: Id,
    plan: &Plan,
    api: &Api,
    exchanges: &[Exchange],
    found: Vec<Diagnostic>,
) -> Verdict {
    let mut others = Vec::new();
    for diagnostic in found {
        if Id::of(&diagnostic).is_some_and(|it| it.is_same(id)) {
            return Verdict::Still(Box::new(diagnostic));
        }
        let is_of_case = Id::of(&diagnostic)
            .is_some_and(|other| other.operation == id.operation && other.case == id.case);
        if is_of_case {
            others.push(diagnostic);
        }
    }
    if !others.is_empty() {
        return Verdict::Others(judge::fold(others));
    }
    if was_asked(id, plan, api, exchanges) {
        Verdict::Gone
    } else {
        Verdict::Unasked
    }
}

/// True if the request of the finding was answered, or the one that it would have come of.
fn was_asked(id: Id, plan: &Plan, api: &Api, exchanges: &[Exchange]) -> bool {
    let is_case = |words: &str| id.is_case(&plan.secrets.hide(words));
    let is_of = |operation: usize| {
        let operation = api.operations.get(operation);
        id.part == Part::Whole || operation.is_some_and(|it| id.is_of(it))
    };
    let is_planned = plan
        .items
        .iter()
        .any(|item| is_of(item.operation) && is_case(&item.variant.describe()));
    exchanges
        .iter()
        .filter(|it| is_of(it.item.operation))
        .any(|it| {
            let is_answered = it.status().is_some_and(|status| status != 429);
            let is_it = is_case(&it.item.variant.describe());
            is_answered && (is_it || !is_planned && it.is_success)
        })
}

#[cfg(test)]
mod tests;
