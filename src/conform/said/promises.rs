//! What sentences promise about states: in which a request is refused, which members are set, and which stay. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

use super::{taken, undone, until};
use crate::conform::judge::words_about;

/// The statuses of what cannot be done as things are.
pub(crate) const OF_STATES: [u16; 3] = [409, 412, 423];

/// True if the page says that a request is refused of a thing in that stage.
///
/// `stages` are all that are documented. "Only open invoices can be paid" refuses those in any other stage; "a published event
/// has to be cancelled first" and "what is paid cannot be changed" refuse those in the stage that they speak of.
pub(crate) fn refuses(operation: &Operation, stage: &str, stages: &[String]) -> bool {
    let lines = OF_STATES.map(|status| lines_with_limits(operation, status));
    let is_chosen = taken::chooses(operation, stages);
    let lines: Vec<&String> = lines
        .iter()
        .flatten()
        // "Cannot go from trial to paused" refuses one of the ways from there.
        .filter(|line| !is_chosen || !taken::names_way(line, stages))
        .collect();
    // "Only open invoices can be voided" stands whatever is said of some of them.
    let is_for = |text: String| taken::is_for(&text, stage, stages);
    if lines.iter().any(|line| permits(line, stage, stages)) || sentences(operation).any(is_for) {
        return false;
    }
    let first = lines
        .iter()
        .find_map(|line| refuses_in(line, stage, stages));
    let is_refused = first.unwrap_or(false);
    // The message of an example has fewer words than it needs, and a sentence that says otherwise is plainer.
    let mut texts = sentences(operation).map(|text| text.to_lowercase());
    let is_of_text = || refusals(operation, stage, stages).next().is_some();
    is_refused && (is_of_text() || !texts.any(|text| undone::takes(&text, stage)))
}

/// The sentences of the text that refuse a request in that stage, the message of an example being none.
fn refusals<'a>(
    operation: &'a Operation,
    stage: &'a str,
    stages: &'a [String],
) -> impl Iterator<Item = String> + 'a {
    sentences(operation)
        .filter(move |text| refuses_in(&text.to_lowercase(), stage, stages) == Some(true))
}

/// The sentence that says so.
pub(crate) fn refusing(operation: &Operation, stage: &str, stages: &[String]) -> Option<String> {
    let of_statuses = || {
        let statuses = OF_STATES.iter();
        let mut lines = statuses.flat_map(|status| lines_with_limits(operation, *status));
        lines.find(|line| refuses_in(&line.to_lowercase(), stage, stages) == Some(true))
    };
    let first = refusals(operation, stage, stages).next();
    first.or_else(of_statuses)
}

/// True if the text of the page says so itself, and not only the message of an example.
pub(crate) fn refuses_in_words(operation: &Operation, stage: &str, stages: &[String]) -> bool {
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:409|412|423|refused|rejected|cannot|can\s+(?:no\s+longer|not)|only|must|has\s+to|have\s+to|needs?\s+to|until|unless|not\s+(?:possible|allowed))\b|\bcan['’]t\b",
        )
    });
    let mut refusals = refusals(operation, stage, stages);
    refusals.any(|text| REFUSED.is_match(&text.to_lowercase()))
}

/// True if a sentence says that a request is for things in that stage: "Only open and overdue ones can be voided."
fn permits(line: &str, stage: &str, stages: &[String]) -> bool {
    static ONLY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\bonly\s+(?P<which>[^.:;]*?)\b(?:can|may|are|is)\b"));
    let which = ONLY.captures(line).and_then(|it| it.name("which"));
    let is_known = stages.iter().any(|it| it == stage);
    let which = which
        .map(|it| it.as_str())
        .filter(|it| !it.starts_with("be "));
    which.is_some_and(|which| is_known && names_stage(which, stage))
}

/// True if a clause speaks of some of the things in a stage: "an open invoice on which a part has been paid".
fn is_about_some(words: &str, stages: &[String]) -> bool {
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:(?:on|for|to|in|of|from|with)\s+which|whose|that\s+(?:already\s+|still\s+)?(?:has|have|had|holds?|contains?)|(?:has|have)\s+(?:any|open|some|been)|with\s+(?P<what>\w+))\b",
        )
    });
    const OF_ANSWERS: &[&str] = &["status", "code", "http", "the", "a", "an", "error", "this"];
    SOME.captures_iter(words).any(|found| {
        let Some(all) = found.get(0) else {
            return false;
        };
        let is_of_answer = found.name("what").is_some_and(|what| {
            let what = what.as_str();
            OF_ANSWERS.contains(&what) || what.starts_with(|c: char| c.is_ascii_digit())
        });
        let before = words.get(..all.start()).unwrap_or_default();
        // "A draft is refused with lines of text" is no part of what the stage is about.
        let is_near = !before.contains("refus") && !before.contains("cannot");
        let mut names = stages.iter();
        !is_of_answer && is_near && names.any(|stage| names_stage(before, stage))
    })
}

/// The sentences about a status, and those that say what only some things can do: the status may stand in another sentence.
fn lines_with_limits(operation: &Operation, status: u16) -> Vec<String> {
    static LIMIT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:only|cannot|can['’]t|can not|can no longer|unless|until|must be|has to be|have to be|needs? to be|works? (?:for|on|with|while))\b",
        )
    });
    let mut lines = lines_about(operation, status);
    // The text says more than the message, and the status may stand in another sentence: "Only drafts can be deleted; for all
    // others the answer is `409`."
    let code = status.to_string();
    lines.sort_by_key(|line| !line.contains(&code));
    let mut codes = operation.responses.iter().map(|it| it.status.code());
    if codes.any(|it| it == Some(status)) || lines.iter().any(|line| line.contains(&code)) {
        let others = sentences(operation).map(|text| text.to_lowercase());
        lines.extend(others.filter(|text| LIMIT.is_match(text) && !text.contains(&code)));
    }
    lines
}

/// The sentences about a status: of the text, and of the messages in its examples, but no codes for programs.
pub(crate) fn lines_about(operation: &Operation, status: u16) -> Vec<String> {
    static MESSAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r#""([^":{}\[\],][^"]*\s[^"]*)""#));
    let text = words_about(operation, status);
    let lines = text.lines().flat_map(|line| {
        let messages = MESSAGE.captures_iter(line);
        let messages = messages.filter_map(|found| Some(found.get(1)?.as_str().to_owned()));
        let is_json = line.contains("\":") || line.trim_start().starts_with(['{', '}', '[', ']']);
        let whole = (!is_json).then(|| line.to_owned());
        messages
            .filter(|_| is_json)
            .chain(whole)
            .collect::<Vec<_>>()
    });
    lines.collect()
}

fn refuses_in(line: &str, stage: &str, stages: &[String]) -> Option<bool> {
    // "It must be published: an order for a draft is refused" says two things.
    let clauses = line.split([':', ';']);
    let mut clauses = clauses.filter(|clause| !taken::tells_result(clause));
    clauses.find_map(|clause| {
        let own = taken::without_others(clause, stages);
        refuses_in_clause(&undone::without(&own), stage, stages)
    })
}

fn refuses_in_clause(words: &str, stage: &str, stages: &[String]) -> Option<bool> {
    static WANTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:only|unless|not|no|(?:is|are|was|were|in) neither|until|must be|has to be|have to be|needs to be|works? (?:for|on|with|while))\b",
        )
    });
    // "What is open has to have a plan, or it is refused" is about the plan.
    static NEEDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:has\s+to|have\s+to|needs?\s+to|must)\s+(?:have|name|hold|carry|contain|include)\b|\b(?:needs?|requires?)\s+(?:an?|its|at\s+least|one)\b",
        )
    });
    static MORE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:also|too|as well|even|still)\b"));
    static POSSIBLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:possible|can|may|allowed|works?|open|available)\b(?:[^.]*\bbe\b)?[^.]*$")
    });
    static FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:until|must be|has to be|have to be|needs to be)$"));
    let named = |text: &str| -> Vec<&String> {
        let names = stages.iter();
        names.filter(|stage| names_stage(text, stage)).collect()
    };
    let is_in = |named: &[&String]| named.iter().any(|it| *it == stage);
    let Some(word) = WANTED.find(words) else {
        // "The wallet is frozen" says nothing of one that is closed.
        let is_refused = is_in(&named(words)) && !is_about_some(words, stages);
        let is_other = NEEDED.is_match(words) || taken::tells_remedy(words);
        return (is_refused && !is_other).then_some(true);
    };
    // "Works for drafts as well" leaves nothing out.
    if word.as_str().starts_with("work") && MORE.is_match(words) {
        return None;
    }
    // "Possible until it is done" is refused of what is done, and of nothing else.
    if word.as_str() == "until" && until::is_possible(words.get(..word.start()).unwrap_or_default())
    {
        let end = named(words.get(word.end()..).unwrap_or_default());
        return (!end.is_empty()).then(|| is_in(&end));
    }
    let before = named(words.get(..word.start()).unwrap_or_default());
    let rest = words.get(word.end()..).unwrap_or_default();
    if word.as_str() == "no" && rest.trim_start().starts_with("longer") {
        return is_in(&before).then_some(true);
    }
    // "Possible until it is done" refuses what is.
    if word.as_str() == "until" && POSSIBLE.is_match(words.get(..word.start()).unwrap_or_default())
    {
        return is_in(&named(rest)).then_some(true);
    }
    // "Only drafts can be published" names the stage that they come from before that which they get into.
    let rest = rest.split(" be ").next().unwrap_or_default();
    let after = named(rest);
    if !before.is_empty() && FIRST.is_match(word.as_str()) {
        return Some(is_in(&before));
    }
    (!after.is_empty()).then(|| !is_in(&after))
}

/// True if a text names a stage: `draft` and "drafts", `trashed` and "in the trash".
pub(crate) fn names_stage(text: &str, stage: &str) -> bool {
    let stage = stage.to_lowercase();
    let stem = stage.strip_suffix("ed").filter(|stem| stem.len() > 3);
    // `checklist_open` is a code that speaks of no stage; `in_progress` and "in progress" are one.
    let phrase = stage.replace(['_', '-'], " ");
    if phrase != stage && format!(" {} ", text.to_lowercase()).contains(&format!(" {phrase} ")) {
        return true;
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| {
        let word = word.to_lowercase();
        word == stage || word.strip_suffix('s') == Some(&stage) || Some(word.as_str()) == stem
    })
}

/// True if the text of the page says that a member stays as it is: "The status does not change."
pub(crate) fn keeps(operation: &Operation, name: &str) -> bool {
    static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:does|do|is|are) not (?:change|changed|touch|touched|affect|affected)|never changes?|stays?|remains?|unchanged|untouched|keeps? (?:its|their))\b",
        )
    });
    let wanted = letters(name);
    sentences(operation).any(|text| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        KEEPS.is_match(&text) && words.any(|word| letters(word) == wanted)
    })
}

/// True if the text of the page says that an update leaves alone what is not sent.
pub(crate) fn keeps_the_rest(operation: &Operation) -> bool {
    static REST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b(?:only|just)\b[^.]*\b(?:what|those|the\ (?:members|fields|properties|attributes|parameters|values|ones))\b[^.]*\b(?:you\ (?:send|give|pass|provide|include|specify)|(?:are|is)\ (?:sent|given|passed|provided|included|present|specified)|sent|given|provided)\b[^.]*\b(?:chang|updat|set\b|replac|modif)
            | \bchang(?:es|ed|e)\s+(?:only\s+)?what\s+(?:you\s+send|is\s+sent|is\s+given)
            | \b(?:(?:not|n't)\s+(?:send|sent|given|provided|included|present|specified|pass|passed)|left\s+out|leave\s+out|omit(?:ted)?|missing|absent)\b[^.]*\b(?:stays?|remains?|keeps?|unchanged|untouched|not\s+changed|left\s+(?:alone|as))\b
            | \bpartial\s+update",
        )
    });
    let body = operation.body.iter().flat_map(|body| &body.fields);
    let names: Vec<String> = body
        .map(|field| format!("`{}`", field.name.value))
        .collect();
    // "A `slug` that you leave out stays as it was" is about that member alone.
    let is_of_all = |part: &str| !names.iter().any(|name| part.contains(name.as_str()));
    sentences(operation).any(|text| {
        let mut parts = text.split(';');
        parts.any(|part| REST.is_match(part) && is_of_all(part))
    })
}

/// True if the text of the page names a member in code.
pub(crate) fn names_member(operation: &Operation, name: &str) -> bool {
    let code = format!("`{name}`");
    sentences(operation).any(|text| text.contains(&code))
}

/// The members that the text of the page says are set: "`paid_at` is set", "sets `paid_at`".
pub(crate) fn set_members(operation: &Operation) -> Vec<String> {
    static SET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`([A-Za-z_][A-Za-z0-9_]*)`\s+(?:is|are|gets?|will be|holds)\s+(?:then\s+|also\s+)?(?:set(?: to (?:now|the (?:current|present) (?:time|date|moment)|today))?|filled(?: in)?|recorded|the (?:current |present )?(?:time|date|moment))(?:[.,;]|\s+(?:and|then)\b|$)",
        )
    });
    static SETS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:sets|records|fills in|stamps|notes)\s+(?:the\s+|its\s+)?`([A-Za-z_][A-Za-z0-9_]*)`(?:[.,;]|\s+(?:of|and|to (?:now|the (?:current|present) (?:time|date|moment)|today))\b|$)",
        )
    });
    let texts: Vec<_> = sentences(operation).collect();
    let patterns: [&Regex; 2] = [&SET, &SETS];
    let found = texts
        .iter()
        .filter(|text| !text.contains(" if "))
        .flat_map(|text| patterns.iter().flat_map(move |it| it.captures_iter(text)));
    found
        .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
        .collect()
}

/// What becomes of what belongs to a thing that is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Children {
    /// The delete is refused.
    Held,
    /// It is deleted, too.
    TakenAlong,
    /// It stays.
    Kept,
}

/// What the page of a delete says about things of a noun that belong to what is deleted: "Deletes the project and its flags",
/// "A customer with orders cannot be deleted: `409`."
pub(crate) fn on_children(operation: &Operation, noun: &str) -> Option<Children> {
    static ALONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:deletes?|removes?|deleted|removed|gone|disappears?|vanish(?:es)?|cascades?)\b[^.]*\b(?:and|with|along|together|including|also|too|as\s+well|to)\b|\balso\s+(?:deletes?|removes?)\b",
        )
    });
    static HELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:409|refused|cannot\s+be\s+(?:deleted|removed)|not\s+(?:be\s+)?(?:deleted|removed))\b",
        )
    });
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:stays?|remains?|keeps?|kept|not\s+deleted|unchanged|no)\b")
    });
    static STAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:are|is|be)\s+(?:kept|not\s+(?:deleted|removed|affected|touched))\b|\b(?:stays?|remains?)\b|\bunassigned\b",
        )
    });
    static HAS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:with|has|have|having|while|still|contains?|in\s+use)\b")
    });
    // "With open tasks" speaks of some of them only.
    const BEFORE: &[&str] = &[
        "", "a", "all", "and", "any", "has", "have", "having", "its", "of", "or", "other", "still",
        "the", "their", "while", "with",
    ];
    let is_named = |text: &str| {
        let words: Vec<_> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let before = std::iter::once(&"").chain(words.iter());
        let mut pairs = before.zip(words.iter());
        pairs.any(|(before, word)| {
            let word = letters(word);
            let is_it = word == noun || word.strip_suffix('s') == Some(noun);
            is_it && BEFORE.contains(&before.to_lowercase().as_str())
        })
    };
    let texts: Vec<String> = sentences(operation).collect();
    let mut parts = texts
        .iter()
        .flat_map(|text| text.split_inclusive(". "))
        .filter(|text| is_named(text));
    parts.find_map(|text| {
        if HELD.is_match(text) && !STAY.is_match(text) {
            return HAS.is_match(text).then_some(Children::Held);
        }
        if STAY.is_match(text) {
            return Some(Children::Kept);
        }
        let is_along = ALONG.is_match(text) && !KEPT.is_match(text);
        is_along.then_some(Children::TakenAlong)
    })
}

/// True if the page of a delete says in so many words that things of a noun go with what is deleted: "Deletes the list and its
/// entries", "its entries are deleted as well".
pub(crate) fn deletes_with(operation: &Operation, noun: &str) -> bool {
    let several = match noun.strip_suffix('y') {
        Some(stem) => format!("{}ies", regex::escape(stem)),
        None => format!("{}(?:e?s)?", regex::escape(noun)),
    };
    let pattern = pattern(&format!(
        r"(?ix)\b(?:deletes?|removes?)\b[^.;]*?\b(?:and|with|including|also\s+deletes?)\s+(?:all\s+)?(?:of\s+)?(?:its|their|the)\s+{several}\s*(?:[.,;]|$)
        | \b(?:its|their|all)\s+{several}\s+(?:are|is|get|will\s+be)\s+(?:deleted|removed)\s+(?:too|as\s+well|with\s+it|along\s+with\s+it|together\s+with\s+it)\b",
    ));
    sentences(operation).any(|text| pattern.is_match(&text))
}

/// True if the page says that what is added goes to the end of a row.
pub(crate) fn adds_at_end(operation: &Operation) -> bool {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:added|appended|put|placed|goes|inserted|stands)\s+(?:at|to|behind)\s+the\s+(?:very\s+)?(?:end|others|last)\b|\bbecomes\s+the\s+last\b",
        )
    });
    sentences(operation).any(|text| END.is_match(&text))
}

/// True if the page says that what belonged to something names it no more: "they become unassigned".
pub(crate) fn unassigns(operation: &Operation) -> bool {
    static NONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bunassigned\b|\b(?:becomes?|set\s+to|is\s+then)\s+`?null\b|`\w+`\s+(?:is|are)\s+`null`|\b(?:nobody|no\s+one)\s+is\s+assigned\b|\bno\s+longer\s+assigned\b",
        )
    });
    sentences(operation).any(|text| NONE.is_match(&text))
}

/// True for the text of an input that says that its value stays what it was at first: "The SKU cannot change."
pub(crate) fn is_fixed(description: &str) -> bool {
    static FIXED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:cannot|can['’]t|can\s+not|can\s+never|must\s+not|may\s+not|does\s+not|doesn['’]t|never)\s+(?:be\s+)?(?:chang(?:e|es|ed)|edited|modified|updated|altered)|immutable|read[- ]only|unchangeable|fixed\s+(?:at|after|on|once))\b",
        )
    });
    FIXED.is_match(description)
}

/// True for a sentence that says that there is one of each only: "No two albums have the same UPC."
pub(crate) fn is_about_one_each(sentence: &str) -> bool {
    static ONE_EACH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\bno two\b|\bthe same\b|\bunique\b|\bonly once\b|\btwice\b")
    });
    ONE_EACH.is_match(sentence)
}

/// What the page says beside its fields.
pub(crate) fn sentences(operation: &Operation) -> impl Iterator<Item = String> {
    let description = operation.description.iter().cloned();
    description.chain(operation.remarks.iter().map(|it| it.value.clone()))
}

#[cfg(test)]
mod tests;
