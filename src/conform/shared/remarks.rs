//! Sentences of pages without an endpoint about states, given to the operations that they speak of: "Only drafts can be
//! deleted" to the delete, "A new order is a `draft`" to the create.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::chain::{self, Kind, Role};
use crate::conform::pattern::pattern;
use crate::conform::said::outcomes;
use crate::conform::said::{order, tolerant, unlisted};
use crate::model::shared::Remark;
use crate::model::{Api, Location, Operation};

/// Gives each operation the sentences about it.
pub(super) fn give(api: &mut Api, remarks: &[Remark]) {
    if remarks.is_empty() {
        return;
    }
    let roles = chain::roles(api);
    // Where nothing is sent in a query, parameters are members of bodies.
    let mut operations = api.operations.iter();
    let takes_query = operations.any(|it| it.parameters_in(Location::Query).next().is_some());
    let is_about_all = |text: &str| {
        is_about_all(text) || !takes_query && unlisted::refuses_unknown_parameters(text)
    };
    let said: Vec<Said<'_>> = remarks.iter().map(Said::of).collect();
    for (operation, role) in api.operations.iter_mut().zip(&roles) {
        let word = word(operation).filter(|_| role.kind == Kind::Action);
        let word = word.and_then(|word| done(&word));
        let about = said
            .iter()
            .filter(|it| it.is_about(role, word.as_ref()) || is_about_all(&it.text));
        for said in about {
            let text = &said.remark.text;
            if !operation.remarks.iter().any(|it| it.value == text.value) {
                operation.remarks.push(text.clone());
            }
        }
    }
}

/// True for a sentence about all that is sent.
fn is_about_all(text: &str) -> bool {
    tolerant::takes_numbers_in_quotes(text)
        || tolerant::refuses_null(text) && tolerant::never_null(text).is_empty()
        || unlisted::refuses_unknown_members(text)
        || unlisted::ignores_unknown_members(text)
        || tolerant::takes_null_for_nothing(text)
        || tolerant::names_one_scheme(text)
        || order::says_state_last(text)
        || tolerant::ignored_in_query(text).is_some()
}

/// A sentence, and what it and its titles name.
struct Said<'r> {
    remark: &'r Remark,
    text: String,
    about: String,
}

impl<'r> Said<'r> {
    fn of(remark: &'r Remark) -> Self {
        Self {
            remark,
            text: remark.text.value.to_lowercase(),
            about: remark.about.to_lowercase(),
        }
    }

    fn names(&self, noun: &str) -> bool {
        names(&self.text, noun) || names(&self.about, noun)
    }

    /// True for a sentence about what an operation of that role does; actions have a word of their own for it.
    fn is_about(&self, role: &Role, word: Option<&Regex>) -> bool {
        static ADDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
            done(
                r"add(?:ed)?|creat(?:e|ed)|plac(?:e|ed)|put|attach(?:ed)?|order(?:ed)?|insert(?:ed)?",
            )
        });
        static CHANGED: LazyLock<Option<Regex>> = LazyLock::new(|| {
            done(r"chang(?:e|ed)|updat(?:e|ed)|edit(?:ed)?|modif(?:y|ied)|alter(?:ed)?")
        });
        static REMOVED: LazyLock<Option<Regex>> =
            LazyLock::new(|| done(r"delet(?:e|ed)|remov(?:e|ed)|destroy(?:ed)?"));
        let is_done = |done: Option<&Regex>| done.is_some_and(|it| it.is_match(&self.text));
        let mut parents = role.slots.iter().filter(|slot| !slot.is_own);
        match role.kind {
            Kind::Create => {
                let is_first = self.names(&role.noun) && begins(&self.text);
                is_first
                    || names(&self.text, &role.noun)
                        && parents.any(|slot| self.names(&slot.noun))
                        && is_done(ADDED.as_ref())
            }
            Kind::Update => self.names(&role.noun) && is_done(CHANGED.as_ref()),
            Kind::Delete => self.names(&role.noun) && is_done(REMOVED.as_ref()),
            Kind::Action => self.names(&role.noun) && is_done(word),
            Kind::List => {
                let is_about = names(&self.text, "list") || names(&self.text, &role.noun);
                is_about && outcomes::is_behind(&self.text)
                    || outcomes::is_empty_behind_the_end(&self.text)
            }
            _ => false,
        }
    }
}

/// The pattern of sentences that say when something can be done, or cannot: "can be started", "has to be started".
fn done(words: &str) -> Option<Regex> {
    let limited = format!(
        r"\b(?:can|cannot|can['’]t|could|may|must|has\s+to|have\s+to|needs?\s+to|allowed\s+to|possible\s+to|longer)\b(?:\s+(?:not|no|longer|only|still|ever))*(?:\s+be)?\s+(?:{words})\b"
    );
    Regex::new(&limited).ok()
}

/// True for a sentence that says how things begin.
fn begins(text: &str) -> bool {
    static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:an?|the|every|each|all)?\s*(?:new|newly)\b|\b(?:starts?|begins?)\s+(?:out\s+|life\s+)?(?:as|in|with)\b|\b(?:initially|at\s+first)\b",
        )
    });
    BEGINS.is_match(text)
}

/// What an action does to a thing: `publish(?:e?d)?` for `POST /events/{id}/publish`.
fn word(operation: &Operation) -> Option<String> {
    let last = operation.endpoint.value.path.trim_end_matches('/');
    let last = last.rsplit(['/', '.', ':']).next()?.to_lowercase();
    let is_word = last.len() > 2 && last.chars().all(|c| c.is_ascii_alphabetic());
    let others = match last.as_str() {
        "pay" => "|paid",
        "send" => "|sent",
        "hold" => "|held",
        "begin" => "|begun",
        "undo" => "|undone",
        _ => "",
    };
    let stem = last.trim_end_matches(['e', 'y']);
    let double = stem.chars().next_back()?;
    is_word.then(|| format!("{last}|{stem}(?:ed|ied)|{stem}{double}ed{others}"))
}

/// True if a text names a noun, or several of it.
fn names(text: &str, noun: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let word = letters(word);
        let stem = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
        word == noun
            || word.strip_suffix('s') == Some(noun)
            || word.strip_suffix("es") == Some(noun)
            || stem.as_deref() == Some(noun)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_when_something_can_be_done() {
        let is_done = |text: &str, words: &str| done(words).is_some_and(|it| it.is_match(text));
        assert!(is_done("only drafts can be deleted.", "deleted"));
        assert!(is_done("closed jobs can't be changed any more", "changed"));
        assert!(is_done("it can no longer be edited", "edited"));
        assert!(!is_done("deleted jobs can be restored", "deleted"));
        assert!(!is_done("the job was changed", "changed"));
    }

    #[test]
    fn sentences_say_how_things_begin() {
        assert!(begins("a job starts as a `draft`."));
        assert!(begins("a new event is a `draft`."));
        assert!(!begins("start it when the work begins"));
    }
}
