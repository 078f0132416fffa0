//! Ranges and lengths: "between 1 and 100", "(1-100)", "max 80 characters", "at least 1", "up to 500 items".

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::evidence::{Fact, Origin, ReadingRule};

use super::passage::{Passage, Text};
use super::pattern;

/// A bound that a text states.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
    pub(super) counted: Counted,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Nothing: the number itself.
    Value,
    Characters,
    Items,
}

const NUMBER: &str = r"-?\d{1,3}(?:,\d{3})+|-?\d+(?:\.\d+)?";

static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:between|zwischen|entre|range(?:s|\s+is)?(?:\s+(?:of|from))?\s*:?|from|von|de|desde|must\s+be|length\s*:?|valid\s+values?\s*:?|values?\s*:)\s+
          | [(\[（]\s*(?:range\s*:?\s*|values?\s*:?\s*)? | 范围\s*[:：为是]?\s*)
        \**(?P<least>{NUMBER})\**\s*(?P<joint>-|–|—|~|to|and|und|bis|e|y|et|a|à|até|hasta|至|到)\s*\**(?P<most>{NUMBER})\**",
    ))
});
/// A range that stands alone: "3 to 80 characters.", "Items per page, 1-100."
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)(?:^|[.;,:\n])\s*\**(?P<least>{NUMBER})\**\s*(?P<joint>-|–|—|to)\s*\**(?P<most>{NUMBER})\**(?P<alone>)",
    ))
});
static MOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:max(?:imum|imal|\.)?(?:\s+(?:length|value|of|is|number\s+of\s+\w+))*\s*:?
          | up\s+to | at\s+most | no\s+(?:more|longer|greater)\s+than | must\s+not\s+exceed | cannot\s+exceed
          | less\s+than\s+or\s+equal\s+to | höchstens | bis\s+zu | máximo(?:\s+(?:de|es))?\s*:? | (?:no|como)\s+m[áa]ximo | até | hasta | au\s+plus | jusqu['’]à | maximum\s+de )
          | ≤ | <= | 最多 | 最大(?:值|长度)?(?:为|是)?\s*[:：]? | 不超过)
        \s*\**(?P<most>{NUMBER})\**",
    ))
});
static LEAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:min(?:imum|imal|\.)?(?:\s+(?:length|value|of|is|number\s+of\s+\w+))*\s*:?
          | at\s+least | no\s+(?:less|fewer|shorter)\s+than | greater\s+than\s+or\s+equal\s+to
          | mindestens | mínimo(?:\s+(?:de|es))?\s*:? | (?:pelo|no)\s+m[íi]nimo | al\s+menos | au\s+moins | minimum\s+de )
          | ≥ | >= | 至少 | 最少 | 最小(?:值|长度)?(?:为|是)?\s*[:：]? )
        \s*\**(?P<least>{NUMBER})\**",
    ))
});
static CHARACTERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s-]*(?:unicode\s+|ascii\s+|alphanumeric\s+)?(?:characters?|chars?|zeichen|caract[eè]res?|个?字符)(?:\b|$|[^a-z])",
    )
});
static ITEMS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:\w+\s+){0,2}?(?:items?|entries|elements?|ids?|recipients?|tags?|values?|objects?|numbers?|addresses|emails?|urls?|contacts?|records?|files?|images?|leads?|messages?|elemente|einträge|itens|elementos|éléments|项|个|条)(?:\b|$)",
    )
});
/// What may follow a number that is the value itself.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s*(?:$|[).,;\]）。，、*]|%|(?:per\s+page|inclusive|\(|–|—|-\s|default|results?|records?|items?|entries|seconds?|milliseconds?|minutes?|hours?|days?|percent|and\s+default|according|por\s+página|pro\s+seite|segundos|sekunden|minuten|dias|tage|stunden|días))",
    )
});
static LENGTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:length|long|longueur|länge|tamanho|longitud)\b|长度"));
/// Words that make a bound hold for something else, or only sometimes.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:if|when|unless|wenn|falls|se|quando|si|cuando|lorsque|plan|tier|free|pro|rate|requests?|takes?|example|e\.g|each|every|per\s+(?:second|minute|hour|day|month|user|account|request)|bytes?|mb|kb|gb|words?|digits?|retries|attempts|older|newer|than\s+\d+\s+(?:days|hours)|ago|step|steps|decimals?|places|combined|total|size|resolution|pixels?|px|account|otherwise|clamped|capped|rounded|recommended|suggested|ideally|usually|typically|approximately|about|empfohlen|recomendado|versions?|chapters?|weekday|month)\b|如果|当",
    )
});

pub(super) static BOUNDS_IN_TEXT: ReadingRule = ReadingRule {
    name: "bounds-in-text",
    origin: Origin::Prose,
    summary: "text such as `between 1 and 100` or `at most 64 characters` bounds a number, a length, or a count",
};
/// The bounds that the passages state, each with its place.
pub(super) fn read(name: &str, passages: &[Passage]) -> Vec<Fact<Bounds>> {
    let mut found: Vec<Fact<Bounds>> = Vec::new();
    for passage in passages {
        if let Passage::Text(text) = passage {
            found.extend(in_text(name, text));
        }
    }
    found
}

fn in_text(name: &str, text: &Text) -> Vec<Fact<Bounds>> {
    let mut found: Vec<(Range<usize>, Fact<Bounds>)> = Vec::new();
    let numbers = text.written_out(|token| {
        token.text.len() <= 12 && token.text.parse::<f64>().is_ok_and(f64::is_finite)
    });
    for regex in [&BETWEEN, &ALONE, &MOST, &LEAST] {
        for captures in regex.captures_iter(&numbers.flat) {
            let Some((range, bounds)) = bounds(name, &numbers.flat, &captures) else {
                continue;
            };
            let taken = found
                .iter()
                .any(|(known, _)| known.start < range.end && range.start < known.end);
            if let (false, Some(span)) = (taken, text.span(&numbers.range(&range))) {
                found.push((range, Fact::new(bounds, span, &BOUNDS_IN_TEXT)));
            }
        }
    }
    found.into_iter().map(|(_, fact)| fact).collect()
}

fn bounds(name: &str, flat: &str, captures: &Captures<'_>) -> Option<(Range<usize>, Bounds)> {
    let whole = captures.get(0)?;
    let number = |name: &str| {
        captures
            .name(name)?
            .as_str()
            .replace(',', "")
            .parse::<f64>()
            .ok()
    };
    let (least, most) = (number("least"), number("most"));
    let after = flat.get(whole.end()..)?;
    let before = flat.get(..whole.start())?;
    let joint = captures.name("joint").map(|joint| joint.as_str());
    if let (Some(least), Some(most), Some(joint)) = (least, most, joint) {
        // "1-2-3" is a date, and "2 to 2" is no range.
        let signed = matches!(joint, "-" | "–")
            && (after.starts_with(['-', '–', '/'])
                || after.starts_with('.')
                    && after.as_bytes().get(1).is_some_and(u8::is_ascii_digit));
        if least >= most || signed {
            return None;
        }
    }
    let line = |text: &str, last: bool| {
        let mut lines = text.split(['\n', '。']);
        let line = if last {
            lines.next_back()
        } else {
            lines.next()
        };
        line.unwrap_or_default().to_owned()
    };
    let (lead, rest) = (line(before, true), line(after, false));
    let sentence_rest = rest.split(". ").next().unwrap_or_default();
    let lead = lead.rsplit(". ").next().unwrap_or_default();
    if ELSEWHERE.is_match(lead)
        || ELSEWHERE.is_match(sentence_rest)
        || after.starts_with(|c: char| c.is_alphabetic() && c.is_ascii())
    {
        return None;
    }
    let counted =
        if CHARACTERS.is_match(after) || LENGTH.is_match(whole.as_str()) || LENGTH.is_match(lead) {
            Counted::Characters
        } else if ITEMS.is_match(after) || counts(name, after) {
            Counted::Items
        } else if BARE.is_match(after) {
            Counted::Value
        } else {
            return None;
        };
    if captures.name("alone").is_some() && counted != Counted::Characters && !ends(after) {
        return None;
    }
    let bounds = Bounds {
        least,
        most,
        counted,
    };
    Some((whole.range(), bounds))
}

/// True if what is counted is what a field of several things is named for: "up to 10 labels" of `labels`.
fn counts(name: &str, after: &str) -> bool {
    let is_end = |c: char| !c.is_alphanumeric() && c != '_';
    let word = after.trim_start().split(is_end).next().unwrap_or_default();
    let last = name.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_named = name.eq_ignore_ascii_case(word)
        || last.eq_ignore_ascii_case(word)
        || name.to_ascii_lowercase().ends_with(&word.to_ascii_lowercase());
    word.len() > 3 && word.ends_with('s') && is_named
}

/// True if nothing more is said in the sentence.
fn ends(after: &str) -> bool {
    let mut rest = after.chars();
    match rest.next() {
        None | Some('\n') => true,
        Some('.' | ';' | ')') => rest.next().is_none_or(char::is_whitespace),
        _ => false,
    }
}
