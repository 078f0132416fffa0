//! Values that are written as plain words: "One of: draft, sent, paid", "json | csv", "1 = too big, 2 = too small".
//!
//! Words are as well those of a sentence, so a list of them needs more than one of tokens does: an announcement, or
//! separators that no sentence has.

use std::ops::Range;
use std::sync::LazyLock;

use serde_json::Value;

use crate::model::build::pattern::{Found as Match, Pattern, pattern};
use crate::model::build::prose::passage::Text;
use crate::model::build::prose::value;

use super::{EXAMPLES, Found, OPEN_END, VALUES, is_about_names, scale};
use crate::model::names::letters;
use crate::model::types::Type;

/// The values of a text about a field of that name.
pub(super) fn read(name: &str, kind: &Type, text: &Text) -> Option<Found> {
    announced(text)
        .or_else(|| whole(name, kind, text))
        .or_else(|| numbered(text).filter(|found| !scale::are_ends(kind, &found.values)))
        .or_else(|| bracketed(name, text))
}

/// A list whose items start with a word that stands alone, or that a sign sets off from its meaning; words announce it.
pub(super) fn in_items(items: &[Text], lead: &str) -> Option<Found> {
    static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)\b(?:(?:one|any|either)\s+of(?:\s+the(?:\s+following)?(?:\s+{VALUES})?)?|(?:possible|allowed|valid|accepted|supported|available|permitted)\s+(?:\w+\s+)?{VALUES}|values|options|choices|enum)(?:\s+(?:are|is))?\s*:?\s*$"
        ))
    });
    static HEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"^[\s*]*(?P<head>[A-Za-z0-9](?:[\w.-]*\w)?)[\s*]*(?:$|\n|\.\s*$|:\s|[–—(=]|-\s)")
    });
    // "Supported formats" are mostly those of a file.
    if !LEAD.is_match(lead) || lead.to_lowercase().contains("format") {
        return None;
    }
    let mut found = List::default();
    for item in items {
        let head = HEAD.captures(&item.flat)?;
        found.add(item, &head.name("head")?.range())?;
    }
    found.finish()
}

/// Cells of one word each.
pub(super) fn in_cells<'t>(cells: impl Iterator<Item = &'t Text>) -> Option<Found> {
    static WORD: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"^\s*(?P<head>[A-Za-z0-9][\w.-]*)\s*$"));
    let mut found = List::default();
    for cell in cells {
        let head = WORD.captures(&cell.flat)?;
        found.add(cell, &head.name("head")?.range())?;
    }
    found.finish()
}

/// The values of a list so far.
#[derive(Default)]
struct List {
    values: Vec<Value>,
    span: Option<crate::source::Span>,
}

impl List {
    fn add(&mut self, text: &Text, range: &Range<usize>) -> Option<()> {
        let word = text.flat.get(range.clone())?;
        // The article of a sentence, and words that speak of values instead of being one.
        let is_of_sentence = matches!(
            word.to_ascii_lowercase().as_str(),
            "the"
                | "a"
                | "an"
                | "these"
                | "following"
                | "your"
                | "this"
                | "any"
                | "other"
                | "others"
                | "etc"
                | "and"
                | "or"
        );
        if is_of_sentence || !value::is_value(word) {
            return None;
        }
        let value = value::of_text(word);
        if !self.values.contains(&value) {
            self.values.push(value);
        }
        let span = text.span(range)?;
        self.span = Some(self.span.map_or(span, |whole| whole.to(span)));
        Some(())
    }

    fn finish(self) -> Option<Found> {
        let span = self.span?;
        (self.values.len() > 1).then_some(Found {
            values: self.values,
            span,
            announced: true,
        })
    }
}

/// Announcements that are strong enough for a list of plain words.
static ANNOUNCED_WORDS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:one\s+of(?:\s+the\s+following(?:\s+{VALUES})?)?
        | (?:possible|allowed|valid|accepted|acceptable|supported|available|permitted|enum)\s+{VALUES}(?:\s+are)?
        | options|enum | (?:mögliche|erlaubte|gültige)\s+werte
        | valores\s+(?:possíveis|aceitos|permitidos|válidos|posibles|aceptados)
        | valeurs\s+(?:possibles|autorisées|acceptées)
        )\s*:?\s*[(\[]?|(?:可选值|可能的?值|允许的?值|取值)\s*[:：为是]\s*)
        (?P<list>[A-Za-z0-9][\w-]*(?:\.\d+)?(?:\s*(?:[,/|、]\s*(?:or\s+|and\s+)?|\sor\s|\sou\s|\soder\s|\so\s|或)\s*[A-Za-z0-9][\w-]*(?:\.\d+)?)+)
        \s*(?:[)\].;。]|$|\n)",
    ))
});
fn announced(text: &Text) -> Option<Found> {
    static SEPARATOR: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"\s*(?:[,/|、或]\s*(?:or\s+|and\s+)?|\sor\s|\sou\s|\soder\s|\so\s)\s*")
    });
    let found = ANNOUNCED_WORDS.captures(&text.flat)?;
    let list = found.name("list")?;
    let (before, after) = text.around(&list.range());
    // "Supported formats: PNG, JPG" is about files.
    if before.to_lowercase().contains("format") {
        return None;
    }
    if EXAMPLES.is_match(before) || OPEN_END.is_match(after) || is_about_names(before) {
        return None;
    }
    let mut values = Vec::new();
    for word in SEPARATOR.split(list.as_str()) {
        if matches!(
            word,
            "the" | "a" | "an" | "these" | "following" | "your" | "this"
        ) {
            return None;
        }
        let value = value::of_text(word);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let span = text.span(&list.range())?;
    (values.len() > 1).then_some(Found {
        values,
        span,
        announced: true,
    })
}

const WORD: &str = r"[A-Za-z0-9](?:[\w.-]*\w)?";
/// What stands between the words of a list, perhaps with an explanation in brackets before it.
const BETWEEN: &str =
    r"\s*(?:\([^()]{1,60}\))?\s*(?:[,/|]\s*(?i:(?:or|and)\s+)?|\s(?i:or)\s+|[→>]\s*)";

static NEXT: LazyLock<Pattern> = LazyLock::new(|| pattern(WORD));
/// An explanation in brackets.
static ASIDE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\([^()]*\)"));

/// The place in the text of a word of a list.
fn within(list: &Match<'_>, word: &Match<'_>) -> Range<usize> {
    list.start() + word.start()..list.start() + word.end()
}

/// A text that is a list of words and nothing else, but for a label.
fn whole(name: &str, kind: &Type, text: &Text) -> Option<Found> {
    static WHOLE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(
            r"^\s*(?:(?P<label>[A-Za-z_][\w\s-]{{1,24}})\s*:\s*)?(?P<lead>(?i:must\s+be|can\s+be|is|either|one\s+of)\s+)?(?P<list>{WORD}(?:{BETWEEN}{WORD})+)\s*(?:\([^()]{{1,60}}\))?\s*[.;]?\s*$"
        ))
    });
    static OTHER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:formats?|syntax|pattern|examples?|e\.g|sample|note|see|like|such)\b")
    });
    let found = WHOLE.captures(&text.flat)?;
    let list = found.name("list")?;
    let label = found
        .name("label")
        .map_or("", |label| label.as_str().trim());
    let is_led = found.name("lead").is_some();
    let is_of_numbers = matches!(kind, Type::Integer(_)) && are_numbers(list.as_str());
    let has_default = list.as_str().contains("(default)") && !names_type(list.as_str());
    let is_plain = label.is_empty() && (is_of_numbers || has_default);
    let is_list = is_plain || is_of_values(name, label, is_led, list.as_str());
    if OTHER.is_match(label) || !is_list {
        return None;
    }
    let asides: Vec<_> = ASIDE
        .find_iter(list.as_str())
        .map(|it| it.range())
        .collect();
    let is_aside = |at: usize| asides.iter().any(|aside| aside.contains(&at));
    let is_joint = |word: &str| matches!(word.to_ascii_lowercase().as_str(), "or" | "and");
    let mut values = List::default();
    let words = NEXT.find_iter(list.as_str());
    for word in words.filter(|word| !is_aside(word.start()) && !is_joint(word.as_str())) {
        values.add(text, &within(&list, &word))?;
    }
    values.finish()
}

/// True for "7, 14, 30": three numbers or more.
fn are_numbers(list: &str) -> bool {
    let numbers: Vec<&str> = list.split(',').map(str::trim).collect();
    let is_number = |it: &&str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    numbers.len() > 2 && numbers.iter().all(is_number)
}

/// True if one of the words says what a value is, such as `string`.
fn names_type(list: &str) -> bool {
    list.split(|c: char| !c.is_alphanumeric()).any(is_type)
}

fn is_type(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "string"
            | "str"
            | "number"
            | "integer"
            | "int"
            | "float"
            | "boolean"
            | "bool"
            | "object"
            | "array"
            | "any"
            | "undefined"
            | "date"
            | "datetime"
            | "uuid"
    )
}

/// True if the words can only be values: bars stand between them, the label announces them or is the name of a state, or
/// they are codes.
fn is_of_values(name: &str, label: &str, is_led: bool, list: &str) -> bool {
    const ANNOUNCEMENTS: [&str; 11] = [
        "valid",
        "values",
        "value",
        "possible",
        "allowed",
        "accepted",
        "supported",
        "options",
        "choices",
        "enum",
        "one of",
    ];
    let lower = label.to_ascii_lowercase();
    if names_type(list) {
        return false;
    }
    let is_state = || {
        let name = name.to_ascii_lowercase();
        STATES.iter().any(|state| name.ends_with(state))
            && !label.is_empty()
            && letters(name.as_str()).ends_with(&letters(&lower))
    };
    let separators: String = list.split(char::is_alphanumeric).collect();
    let has_bars_only = list.contains(['|', '→', '>']) && !separators.contains([',', '/']);
    let are_numbers = || {
        let mut words = list.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
        let is_number = |word: &str| {
            word.is_empty() || word == "or" || word.bytes().all(|byte| byte.is_ascii_digit())
        };
        list.contains(" or ") && words.all(is_number)
    };
    has_bars_only
        || ANNOUNCEMENTS.contains(&lower.as_str())
        || is_state()
        || are_codes(list, is_led)
        || are_numbers()
}

/// Names of what has one of a few values.
const STATES: [&str; 10] = [
    "status", "state", "type", "kind", "mode", "level", "role", "priority", "stage", "phase",
];

/// "Current status (pending, running, failed)" of a field named `status`; other brackets may as well be an aside.
fn bracketed(name: &str, text: &Text) -> Option<Found> {
    static BRACKETED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(&format!(
            r"^[^.:;()]*?\b(?P<noun>[A-Za-z]+)\s*\((?P<list>{WORD}(?:\s*[,/|]\s*(?i:or\s+)?{WORD})+)\)\s*\.?\s*$"
        ))
    });
    let found = BRACKETED.captures(&text.flat)?;
    let noun = found.name("noun")?.as_str().to_ascii_lowercase();
    let list = found.name("list")?;
    let is_state = STATES.contains(&noun.as_str()) && letters(name).ends_with(&noun);
    // Words in capitals are codes, whatever stands before them.
    if !is_state && !are_codes(list.as_str(), false) || names_type(list.as_str()) {
        return None;
    }
    let mut values = List::default();
    let words = NEXT.find_iter(list.as_str());
    for word in words.filter(|word| word.as_str() != "or") {
        values.add(text, &within(&list, &word))?;
    }
    values.finish().filter(|found| found.values.len() > 2)
}

/// True for words in capitals: three or more, of which two are too long for abbreviations, or those that words lead to.
fn are_codes(list: &str, is_led: bool) -> bool {
    const SHORT: usize = 5;
    let mut bare = String::new();
    let mut from = 0;
    for aside in ASIDE.find_iter(list) {
        bare.push_str(list.get(from..aside.start()).unwrap_or_default());
        from = aside.end();
    }
    bare.push_str(list.get(from..).unwrap_or_default());
    let words: Vec<&str> = bare
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && !matches!(*word, "or" | "and"))
        .collect();
    let are_capitals = words.iter().all(|word| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    });
    let long = words.iter().filter(|word| word.len() >= SHORT).count();
    are_capitals && (words.len() > 2 && long > 1 || is_led && long > 0)
}

/// "1 = too big, 2 = too small", "Values: first = the first, second = another one".
fn numbered(text: &Text) -> Option<Found> {
    static NUMBERED: LazyLock<Pattern> = LazyLock::new(|| {
        let entry = r"-?\d{1,4}\s*(?:[=:]|[-–]\s)\s*[A-Za-z][^,;=:]{0,60}";
        pattern(&format!(
            r"^\s*(?:[A-Za-z][\w\s]{{0,24}}:\s*)?(?P<list>{entry}(?:[,;]\s*(?i:(?:or|and)\s+)?{entry})+)$"
        ))
    });
    static NAMED: LazyLock<Pattern> = LazyLock::new(|| {
        let entry = format!(r"{WORD}\s*=\s*[^,;=:]{{1,60}}");
        pattern(&format!(
            r"(?i)^\s*(?:(?:possible|allowed|valid)\s+)?{VALUES}(?:\s+are)?\s*:\s*(?P<list>{entry}(?:[,;]\s*(?:(?:or|and)\s+)?{entry})+)$"
        ))
    });
    static HEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(r"(?:^|[,;]\s*(?i:(?:or|and)\s+)?)(?P<head>-?[A-Za-z0-9][\w.-]*)\s*(?:[=:]|[-–]\s)")
    });
    if !text.tokens.is_empty() {
        return None;
    }
    let found = NUMBERED
        .captures(&text.flat)
        .or_else(|| NAMED.captures(&text.flat))?;
    let list = found.name("list")?;
    let mut values = List::default();
    for entry in HEAD.captures_iter(list.as_str()) {
        let head = entry.name("head")?;
        values.add(
            text,
            &(list.start() + head.start()..list.start() + head.end()),
        )?;
    }
    values.finish()
}
