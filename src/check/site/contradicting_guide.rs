//! Running text says otherwise than the fields of the pages: another number, value, name, header, status, or endpoint.
//!
//! Guides tell of other versions, other hosts, and of what does not work. So only what a text has in code counts, only where
//! all pages that document it agree, and mostly only words that stand nowhere else on the site.

mod endpoints;
mod foreign;
mod headers;
mod known;
mod names;
mod numbers;
mod sentence;
mod statuses;
mod values;

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Documentation, Written};
use crate::source::Span;

use known::Known;
use sentence::{Sentence, sentences};

pub(super) static RULE: Rule = Rule {
    name: "contradicting-guide",
    severity: Severity::Warning,
    summary: "running text says otherwise than the fields of the pages",
};

/// Longer texts are no guides.
const MOST: usize = 2000;

/// A page while its texts are compared.
struct Page<'p, 'd> {
    known: &'p Known<'d>,
    written: &'p Written<'d>,
    path: &'p str,
    /// The operations that the page itself documents.
    own: BTreeSet<usize>,
    /// True if its title or its path says that it tells of other versions.
    compares_versions: bool,
    /// Where its sections stand that are about endpoints which no page documents.
    foreign: Vec<Range<usize>>,
}

impl Page<'_, '_> {
    /// The operations that a sentence is about: those that it names, else those that its paragraph names, else those of the
    /// page.
    fn operations(&self, sentence: &Sentence<'_>) -> BTreeSet<usize> {
        let named = self.known.operations_in(self.path, sentence.words());
        if !named.is_empty() {
            return named;
        }
        let around = self.known.operations_in(self.path, sentence.around());
        if around.is_empty() {
            self.own.clone()
        } else {
            around
        }
    }

    /// True for a sentence about something else than the documented operations.
    fn is_of_others(&self, sentence: &Sentence<'_>) -> bool {
        let at = sentence.text.span(sentence.range.clone()).start as usize;
        self.foreign.iter().any(|it| it.contains(&at))
            || foreign::names_other(self.known, sentence)
            || foreign::is_of_other_table(sentence)
    }

    fn is_only_here(&self, word: &str, sentence: &Sentence<'_>) -> bool {
        self.known.is_only_here(word, sentence, self.written)
    }
}

pub(super) fn check(
    pages: &[Written<'_>],
    documentation: &Documentation,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if documentation.api.operations.is_empty() {
        return;
    }
    let known = Known::new(documentation);
    let mut seen: HashSet<Span> = HashSet::new();
    for written in pages {
        let path = documentation.path(written.file);
        let title = written.entry("title").and_then(|it| it.value.as_str());
        let told = format!("{path} {}", title.unwrap_or_default()).to_lowercase();
        if is_apart(&told) {
            continue;
        }
        let operations = documentation.api.operations.iter().enumerate();
        let own = operations.filter(|(_, it)| it.pages.contains(&written.file));
        let page = Page {
            known: &known,
            written,
            path,
            own: own.map(|(index, _)| index).collect(),
            compares_versions: says_versions(&told),
            foreign: foreign::sections(&known, written),
        };
        let mut found = Vec::new();
        let texts = written.texts_outside();
        let all = texts.iter().flat_map(|text| sentences(text));
        for sentence in all.take(MOST) {
            of_sentence(&page, &sentence, &mut found);
        }
        for text in &texts {
            values::of_lists(&page, text, &mut found);
        }
        headers::of_fences(&page, &mut found);
        // What is almost a documented name beside "parameter" has a rule of its own.
        let is_told = |span: Span| {
            let mut known = diagnostics.iter().map(|it| it.span);
            known.any(|it| it.file == span.file && it.start < span.end && span.start < it.end)
        };
        found.retain(|it| seen.insert(it.span) && !is_told(it.span));
        diagnostics.append(&mut found);
    }
}

/// A finding at a place of a text, and what it contradicts.
fn found(span: Span, message: String, (other, label): (Span, &str), subject: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, message)
        .label("the pages say otherwise")
        .related(other, label)
        .help("make the text and the fields agree")
        .subject(subject.to_owned())
}

fn of_sentence(page: &Page<'_, '_>, sentence: &Sentence<'_>, found: &mut Vec<Diagnostic>) {
    let lower = sentence.words().to_lowercase();
    let is_row = sentence.head.is_some();
    let is_quiet = is_quiet(&lower);
    if is_row || !is_quiet {
        statuses::check(page, sentence, found);
    }
    if !is_of_past(&lower) {
        names::near_names(page, sentence, found);
    }
    if is_quiet {
        return;
    }
    headers::check(page, sentence, found);
    endpoints::check(page, sentence, found);
    if page.is_of_others(sentence) {
        return;
    }
    values::check(page, sentence, found);
    names::check(page, sentence, found);
    if is_row {
        numbers::of_row(page, sentence, found);
    } else {
        numbers::check(page, sentence, found);
    }
}

/// True for pages that tell of what was, or of other things than the API.
fn is_apart(told: &str) -> bool {
    const PARTS: [&str; 18] = [
        "changelog",
        "change-log",
        "release",
        "whats-new",
        "deprecat",
        "legacy",
        "roadmap",
        "blog",
        "webhook",
        "graphql",
        "websocket",
        "sdk",
        "mcp",
        "cli/",
        "/cli",
        "self-host",
        "troubleshoot",
        "breaking",
    ];
    PARTS.iter().any(|part| told.contains(part))
}

/// True for pages about the way from one version to another one.
fn says_versions(told: &str) -> bool {
    ["migrat", "upgrad", "umstieg"]
        .iter()
        .any(|it| told.contains(it))
}

/// True for a sentence, in lower case, about what is not, or what was.
fn is_quiet(sentence: &str) -> bool {
    const WORDS: [&str; 38] = [
        "no",
        "not",
        "never",
        "neither",
        "nor",
        "cannot",
        "without",
        "unlike",
        "wrong",
        "invalid",
        "unknown",
        "unsupported",
        "webhook",
        "webhooks",
        "sdk",
        "beta",
        "kein",
        "keine",
        "keinen",
        "nicht",
        "nie",
        "statt",
        "não",
        "nunca",
        "sem",
        "sin",
        "antiguo",
        "pas",
        "jamais",
        "sans",
        "ancien",
        "obsolète",
        "aucun",
        "aucune",
        "geen",
        "niet",
        "non",
        "mai",
    ];
    const SIGNS: [&str; 7] = ["n't", "n’t", "不", "没", "旧", "ない", "ません"];
    is_of_past(sentence)
        || has_word(sentence, &WORDS)
        || SIGNS.iter().any(|it| sentence.contains(it))
}

/// True for a sentence, in lower case, about what was.
fn is_of_past(sentence: &str) -> bool {
    const WORDS: [&str; 18] = [
        "old",
        "older",
        "legacy",
        "deprecated",
        "previous",
        "previously",
        "former",
        "formerly",
        "renamed",
        "replaced",
        "replaces",
        "removed",
        "instead",
        "longer",
        "was",
        "were",
        "früher",
        "antes",
    ];
    has_word(sentence, &WORDS) || sentence.contains('→')
}

fn has_word(sentence: &str, wanted: &[&str]) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.any(|word| wanted.contains(&word))
}

/// True for `id` and `status_code`, which can be names and values.
fn is_word(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
