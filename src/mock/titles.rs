//! Titles of requests and answers that mean the same: `Wrong password` and `401 Wrong password`, `cURL - Disable` and
//! `Success - Disabled`.
//!
//! Statuses, languages, and words such as `Success` tell nothing apart. Where the rest is not the same, the words count
//! that only one title on each side has; an error is never found by these, as it may speak of what was right.

use std::collections::BTreeSet;

use super::answer::{Answer, folded};
use super::words;

/// The titles of the requests and the answers of one page.
pub(super) struct Titles<'a> {
    /// What each request title is about.
    asked: BTreeSet<Vec<String>>,
    answers: Vec<(usize, &'a Answer)>,
}

/// Words that say nothing about which of several a title is of.
const NOISE: [&str; 26] = [
    "success",
    "successful",
    "response",
    "request",
    "example",
    "ok",
    "curl",
    "bash",
    "shell",
    "python",
    "javascript",
    "js",
    "node",
    "nodejs",
    "typescript",
    "ts",
    "php",
    "ruby",
    "go",
    "java",
    "http",
    "fetch",
    "requests",
    "axios",
    "body",
    "sample",
];

/// Shorter words are one only if they are the same; longer ones also with another ending.
const STEM: usize = 5;

impl<'a> Titles<'a> {
    pub(super) fn of<'t>(
        requests: impl Iterator<Item = &'t str>,
        answers: impl Iterator<Item = (usize, &'a Answer)>,
    ) -> Self {
        let asked = requests.map(subject).filter(|words| !words.is_empty());
        Self {
            asked: asked.collect(),
            answers: answers.filter(|(_, answer)| answer.has_body()).collect(),
        }
    }

    /// The number of the answer that a request title means.
    pub(super) fn find(&self, title: &str) -> Option<usize> {
        let own = subject(title);
        if own.is_empty() {
            return None;
        }
        let is_same = |answer: &Answer| answer.names.iter().any(|name| subject(name) == own);
        let mut answers = self.answers.iter();
        let same = answers.find(|(_, answer)| is_same(answer));
        same.map(|(index, _)| *index)
            .or_else(|| self.find_by_words(&own))
    }

    fn find_by_words(&self, own: &[String]) -> Option<usize> {
        let has = |words: &[String], word: &str| words.iter().any(|it| is_one(it, word));
        let is_only = |word: &&String| {
            let asked = self.asked.iter();
            asked.filter(|words| has(words, word)).count() == 1
        };
        let telling: Vec<&String> = own.iter().filter(is_only).collect();
        let answers = self
            .answers
            .iter()
            .filter(|(_, answer)| answer.status.is_success());
        let answers: Vec<(usize, Vec<String>)> = answers
            .map(|(index, answer)| {
                (
                    *index,
                    answer.names.iter().flat_map(|it| subject(it)).collect(),
                )
            })
            .collect();
        let mut found = telling.iter().filter_map(|word| {
            let mut having = answers.iter().filter(|(_, words)| has(words, word));
            let (index, _) = having.next()?;
            having.next().is_none().then_some(*index)
        });
        let index = found
            .next()
            .filter(|_| answers.len() > 1 && self.asked.len() > 1)?;
        found.all(|other| other == index).then_some(index)
    }
}

/// True for one word, also in two forms: `disable` and `disabled`.
fn is_one(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    short == long || short.len() >= STEM && long.starts_with(short)
}

/// What a title is about: its words without those that tell nothing apart.
fn subject(title: &str) -> Vec<String> {
    let mut words = words::parts(&folded(title));
    let is_status = |it: &String| it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit());
    if words.first().is_some_and(is_status) {
        words.remove(0);
    }
    words.retain(|word| !NOISE.contains(&word.as_str()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_nothing_apart_are_left_out() {
        assert_eq!(subject("200 - Success (Vector-Only)"), ["vector", "only"]);
        assert_eq!(subject("cURL - Mark as unread"), ["mark", "as", "unread"]);
        assert_eq!(subject("Refund request"), subject("201 Refund response"));
        assert!(subject("Python").is_empty());
    }

    #[test]
    fn a_word_may_have_another_ending() {
        assert!(is_one("disable", "disabled") && is_one("read", "read"));
        assert!(!is_one("read", "ready"));
    }
}
