//! Ranges and lengths: "between 1 and 100", "(1-100)", "max 80 characters", "at least 1", "up to 500 items".

mod asides;
pub(super) mod special;
pub(super) mod told;

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::build::pattern::{Groups, Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::numerals::numeral;

use super::characters;
use super::passage::{CODE, Passage, QUOTED, Text, around};

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

const NUMBER: &str = r"[-−]?\d{1,3}(?:,\d{3})+|[-−]?\d+(?:\.\d+)?";
/// A count in words. "At least one" is said of many things, and not read here.
const WORDS: &str = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|hundred)\b";

/// What a number is that lies between two others and nowhere else.
const SCORE: &str = r"(?:score|scale|rating|probability|confidence)";

/// A number that stands in digits or in words.
fn number_of(text: &str) -> Option<f64> {
    if let Some(number) = numeral(&text.to_ascii_lowercase()) {
        return Some(number.into());
    }
    // `1.000` may be a thousand.
    if text.ends_with(".000") {
        return None;
    }
    text.replace(',', "").replace('−', "-").parse().ok()
}

/// True for `2.000`, which is two thousand to some, and two to others.
fn has_points(written: &str) -> bool {
    let written = written.trim_start_matches(['-', '−']);
    let parts = written.split_once('.');
    parts.is_some_and(|(whole, rest)| rest.len() == 3 && whole.len() < 4 && whole != "0")
}

static BETWEEN: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:between|zwischen|entre|range(?:s|\s+is)?(?:\s+(?:of|from))?\s*:?|from|von|de|desde|must\s+be|length\s*:?|scale\s+(?:of|from)|valid\s+values?\s*:?|values?\s*:|as\s+an?\s+(?:float|decimal|fraction|number|integer|percentage)|{SCORE})\s+
          | [(\[（]\s*(?:range\s*:?\s*|values?\s*:?\s*)? | 范围\s*[:：为是]?\s* | [，。：；]\s*(?:从\s*)?)
        \**(?P<least>{NUMBER})\**(?:\s*\([a-z\s]{{1,24}}\))?\s*(?P<joint>-|–|—|~|\.\.\.?|…|through|up\s+to|to|and|und|bis|e|y|et|a|à|até|hasta|至|到)\s*\**(?P<most>{NUMBER})\**(?:\s*之间)?",
    ))
});
/// An interval as mathematics writes it: "in [0, 1]".
static INTERVAL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:in|within|range|interval)\s*:?\s*\[\s*(?P<least>{NUMBER})\s*,\s*(?P<most>{NUMBER})\s*\]",
    ))
});
/// A length without room: "exactly 4 characters", "5 digits.", "Three-letter code", "A 6-digit code".
static EXACTLY: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        (?:(?:\b(?:exactly|genau|exatamente|exactamente|exactement)\s+ | (?:^|[.;,:(\n])\s*)\**(?P<exact>\d{1,3}|two|three|four|five|six|eight|ten)\**\s+(?:(?:hex(?:adecimal)?|random|lower-?case|upper-?case|capital|alphanumeric)\s+)?(?P<unit>characters?|chars|digits?|letters?|zeichen|ziffern|caracteres|dígitos|caractères|chiffres)(?:\s+long)?
        | (?:^|[.\n]\s)\s*(?:(?:the|an?|your|its)\s+)?\**(?P<letters>\d{1,2}|two|three|four|five|six|eight|ten)[-\s](?:(?:capital|upper-?case|lower-?case|small)\s)?(?:digit|letter|character)s?\b
        | (?:恰好|固定)\s*(?P<count>\d{1,3})\s*(?:位|个)(?:字符|数字)?
        | (?:\bISO\s?3166(?:-1)?\s+|(?:^|[.]\s+)(?:an?\s+)?)alpha-(?P<country>[23])\b | \bISO\s?(?P<currency>4217)\b)",
    )
});
/// A range that stands alone: "3 to 80 characters.", "Items per page, 1-100."
static ALONE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)(?:^|[.;,:\n])\s*\**(?P<least>{NUMBER}|one\b|{WORDS})\**(?:\s*\([a-z\s]{{1,24}}\))?\s*(?P<joint>-|–|—|\.\.\.?|…|through|to|bis|à|a|até|hasta|到|至)\s*\**(?P<most>{NUMBER}|{WORDS})\**(?:(?P<score>\s+(?:[a-z]+\s+)?{SCORE}\b)|(?P<alone>))",
    ))
});
/// A bound whose words stand behind the number: "300 characters at most", "Three labels at most", "50 max."
static BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)(?P<number>{NUMBER}|\b{WORDS})\**
        (?P<unit>(?:[\s-]+(?:unicode|ascii|alphanumeric|short|different|distinct))?\s+[a-z]{{3,}}s?|\s*%|)
        (?:,?\s+(?:
            (?P<most>at\s+(?:the\s+)?most|max(?:imum\b|imal\b|\b)|or\s+(?:less|fewer)\b|and\s+no\s+more\b|höchstens|au\s+(?:maximum|plus)|(?:como|no)\s+m[áa]ximo)
          | (?P<least>at\s+(?:the\s+)?least|min(?:imum\b|\b)|or\s+more\b|mindestens))
          | \s*\((?:(?P<most_in>max(?:imum\b|\b)\.?)|(?P<least_in>min(?:imum\b|\b)\.?))\))\s*(?:$|[.;,)\n])",
    ))
});
static MOST: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:max(?:imum|imal|\.)?(?:\s+(?:allowed|permitted|possible|length|value|of|is|number\s+of\s+\w+))*\s*:?
          | up\s+to(?:\s+and\s+including)? | at\s+most | (?:no|not)\s+(?:more|longer|greater)\s+than | must\s+not\s+exceed | cannot\s+exceed | never\s+(?:above|over|(?:more|longer|greater|higher)\s+than)
          | (?:must\s+not|cannot|can\s+not|may\s+not)\s+be\s+(?:more|longer|greater|larger|higher|bigger)\s+than | limited\s+to
          | (?:highest|largest|greatest)\s+(?:possible\s+|allowed\s+)?(?:value\s+)?is
          | less\s+than\s+or\s+equal\s+to | höchstens | bis\s+zu | máximo(?:\s+(?:de|es))?\s*:? | (?:no|como)\s+m[áa]ximo | até | hasta | au\s+plus | jusqu['’]à | maximum\s+de )
          | ≤ | <= | 最多 | 最大(?:值|长度)?(?:为|是)?\s*[:：]? | 不超过)
        \s*\**(?:a\s+)?(?P<most>{NUMBER}|{WORDS})\**",
    ))
});
static LEAST: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:min(?:imum|imal|\.)?(?:\s+(?:length|value|of|is|number\s+of\s+\w+))*\s*:?
          | at\s+least | no\s+(?:less|fewer|shorter)\s+than | greater\s+than\s+or\s+equal\s+to
          | mindestens | mínimo(?:\s+(?:de|es))?\s*:? | (?:pelo|no)\s+m[íi]nimo | al\s+menos | au\s+moins | minimum\s+de )
          | ≥ | >= | 至少 | 最少 | 最小(?:值|长度)?(?:为|是)?\s*[:：]? )
        \s*\**(?P<least>{NUMBER}|{WORDS}|one(?:\s+\w+)?\s+(?:characters?|letters?)\b)\**",
    ))
});
static COUNTED: LazyLock<Pattern> = LazyLock::new(|| pattern(&format!(r"(?i)\b{WORDS}")));
static CHARACTERS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s-]*(?:unicode\s+|ascii\s+|alphanumeric\s+)?(?:of\s+a-z\b|characters?|chars?|(?:(?:capital|upper-?case|lower-?case|small)\s+)?letters|zeichen|caract[eè]res?|个?字符)(?:\b|$|[^a-z])",
    )
});
static ITEMS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:\w+\s+){0,2}?(?:items?|entries|elements?|ids?|recipients?|tags?|values?|objects?|numbers?|addresses|emails?|urls?|contacts?|records?|files?|images?|leads?|messages?|elemente|einträge|itens|elementos|éléments|项|个|条)(?:\b|$)",
    )
});
/// What a field that is a list has so many of, whatever it is called: "1 to 50 lines".
static SEVERAL: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^\s+(?:[a-z]+\s+)?[a-z]{3,}s\b"));
/// "1 to 10 of them"
static OF_THEM: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^\s+of\s+(?:them|these|those)\b"));
/// What may follow a number that is the value itself.
static BARE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)^\s*(?:$|[).,;\]）。，、*]|%|(?:per\s+page|inclusive|or\s+(?:more|less|greater|higher|lower)|and\s+(?:at\s+most|up\s+to|(?:no|not)\s+more)|\(|–|—|-\s|default|per\s+(?:request|call)|stars?\b|points?\b|are\s+(?:allowed|accepted|possible)|(?:[a-z]+\s+)?(?:{SCORE}|range)\b|results?|records?|items?|entries|seconds?|milliseconds?|minutes?|hours?|days?|percent|and\s+default|according|por\s+página|pro\s+seite|segundos|sekunden|minuten|dias|tage|stunden|días))",
    ))
});
static LENGTH: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:length|long|longueur|länge|tamanho|longitud)\b|长度"));
/// Words that make a bound hold for something else, or only sometimes.
static ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:if|when|unless|wenn|falls|se|quando|si|cuando|lorsque|plan|tier|free|pro|rate\s*limit\w*|requests?|takes?|(?:can|may)\s+exceed|exceeds|example|e\.g|each|every|per\s+(?:second|minute|hour|day|month|user|account|request)|bytes?|mb|kb|gb|words?|digits?|retries|attempts|older|newer|than\s+\d+\s+(?:days|hours)|ago|step|steps|decimals|decimal\s+(?:places?|digits?)|places|combined|total|size|resolution|pixels?|px|account|otherwise|clamped|capped|rounded|recommend(?:ed|s)?|prefer(?:ably|red)?|shown\s*$|visible|split|per\s+SMS|levels?\s+deep|(?:comma|space|semicolon)[\s-]+separated|separated|then|followed|\w+s\s+have|(?:new|old|existing)\s+(?:accounts?|users?|customers?)|suggested|ideally|usually|typically|mostly|normally|generally|best|sensible|reasonable|approximately|(?:negative|below|above|under|over|higher|lower|longer|shorter|larger|smaller|more|less|fewer)\s+(?:for|with|on)|about|empfohlen|recomendado|versions?|chapters?|weekday|month|remain(?:s|ing)?)\b|如果|当",
    )
});

/// What lies between two things, which are no bounds: "Difference between 2024 and 2025".
static RELATION: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:differences?|distance|gap|changes?|delta|ratio|margin|comparison|growth|correlation|transition|switch(?:es)?)\s*$",
    )
});
/// "such as `SE`"
static SPECIMEN: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"^(?:\s+code)?,?\s*(?i:such\s+as|like|e\.\s?g\.,?|for\s+example,?)\s*(?:[\x{E000}\x{E001}]|[A-Z]{2,3}\b)",
    )
});
/// What may follow a length without room: "code", but not "code or name".
static OPEN_END: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:or|and|plus|followed|then|prefix|suffix|separated|at\s+the|list|codes|oder|und|ou|e|o|y|et)\b|[,/+]|或|和",
    )
});

pub(super) static BOUNDS_IN_TEXT: ReadingRule = ReadingRule {
    name: "bounds-in-text",
    origin: Origin::Prose,
    summary: "text such as `between 1 and 100` or `at most 64 characters` bounds a number, a length, or a count",
};
/// The bounds that the passages state, each with its place.
pub(super) fn read(name: &str, passages: &[Passage], is_list: bool) -> Vec<Fact<Bounds>> {
    let mut found: Vec<Fact<Bounds>> = Vec::new();
    for passage in passages {
        if let Passage::Text(text) = passage {
            found.extend(in_text(name, text, is_list));
            found.extend(at_least_one(name, text));
        }
    }
    found
}

/// "At least one line" of `lines`.
fn at_least_one(name: &str, text: &Text) -> Option<Fact<Bounds>> {
    static ONE: LazyLock<Pattern> =
        LazyLock::new(|| pattern(r"(?i)\bat\s+least\s+one\s+(?P<noun>[a-z]{3,})\b(?P<rest>[^.]*)"));
    let found = ONE.captures(&text.flat)?;
    let (noun, rest) = (found.name("noun")?, found.name("rest")?);
    let name = name.to_ascii_lowercase();
    let noun_text = noun.as_str().to_ascii_lowercase();
    let is_of_field = name.ends_with('s') && name.contains(&noun_text);
    if !is_of_field || ELSEWHERE.is_match(rest.as_str()) || rest.as_str().contains(" or ") {
        return None;
    }
    let bounds = Bounds {
        least: Some(1.0),
        most: None,
        counted: Counted::Items,
    };
    let span = text.span(&(found.get(0)?.start()..noun.end()))?;
    Some(Fact::new(bounds, span, &BOUNDS_IN_TEXT))
}

/// The least number that a word states: "Must be positive", "non-negative integer".
pub(super) fn sign(passages: &[Passage], is_whole: bool) -> Option<Fact<f64>> {
    static SIGN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)(?P<positive>\b(?:must|has\s+to)\s+be\s+(?:an?\s+)?(?:positive|greater\s+than\s+(?:0|zero)) | \bpositive\s+(?:whole\s+)?(?:integer|number|amount)\b)
            | \b(?:cannot|can\s?not|can['’]t|must\s+not|may\s+not|never)\s+(?:be\s+)?(?:negative|below\s+(?:0|zero)|less\s+than\s+(?:0|zero))\b | \bnon-?negative\b
            | \b(?:0|zero)\s+or\s+(?:more|greater|higher|above)\b | \b(?:0|zero)-(?:based|indexed)\b
            | (?P<one>\b(?:1|one)-(?:based|indexed)\b | (?:^|[.;,(]\s*)(?:(?:counted|counting|numbered|beginning|starting)\s+)?(?:from|at)\s+1\s*(?:[.;)]|$) | (?:^|[.;,(]\s*)(?:counting\s+|numbering\s+)?starts?\s+(?:at|from|with)\s+1\s*(?:[.;)]|$) | \balways\s+positive\s*(?:[.;)]|$))",
        )
    });
    super::value::only(passages, |text| {
        let found = SIGN.captures_iter(&text.flat);
        let found = found.filter_map(|found| {
            let range = found.get(0)?.range();
            let is_positive = is_whole
                && ["positive", "one"]
                    .iter()
                    .any(|it| found.name(it).is_some());
            let least = if is_positive { 1.0 } else { 0.0 };
            said_plainly(text, &range)
                .then(|| Some(Fact::new(least, text.span(&range)?, &BOUNDS_IN_TEXT)))?
        });
        found.collect()
    })
}

/// The least length that a word states: "Must not be empty", "non-empty string".
pub(super) fn filled(passages: &[Passage]) -> Option<Fact<u64>> {
    static FILLED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:cannot|can\s?not|must\s+not|may\s+not)\s+be\s+(?:empty|blank)\b|\bnon-?empty\s+(?:string|text|array|list)\b|(?:^|[.;]\s+)not\s+(?:empty|blank)\b|(?:^|[.;,]\s+)at\s+least\s+one\s*(?:[.;,)]|$)|(?:^|[.;,]\s+)one\s+or\s+more\s*(?:[.;)]|$)",
        )
    });
    super::value::only(passages, |text| {
        let found = FILLED.find_iter(&text.flat).map(|found| found.range());
        let found = found.filter(|range| said_plainly(text, range));
        let fact = |range| Some(Fact::new(1, text.span(&range)?, &BOUNDS_IN_TEXT));
        found.filter_map(fact).collect()
    })
}

/// True if the sentence around a range holds in any case, and is about the field itself.
fn said_plainly(text: &Text, range: &Range<usize>) -> bool {
    let (before, after) = text.around(range);
    // How many decimals there are says nothing about the size.
    let after = &*asides::without_fineness(after);
    let is_other = |part: &str| ELSEWHERE.is_match(part) || part.contains([CODE, QUOTED]);
    !is_other(before) && !is_other(after)
}

/// A number of one unit of time where the value is in another: "Up to 24 hours (in seconds)".
static OTHER_UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\d\s*(?P<one>ms|milliseconds?|s|sec(?:onds?)?|min(?:utes?)?|h|hours?|days?|weeks?)\b[^.]*\bin\s+(?P<other>ms|milliseconds?|seconds?|minutes?|hours?|days?)\b|\bin\s+(?P<first>ms|milliseconds?|seconds?|minutes?|hours?|days?)\b[^.]*\d\s*(?P<then>ms|milliseconds?|s|sec(?:onds?)?|min(?:utes?)?|h|hours?|days?|weeks?)\b",
    )
});

/// True if the text counts in another unit than the value does.
fn counts_otherwise(text: &Text) -> bool {
    let Some(found) = OTHER_UNIT.captures(&text.flat) else {
        return false;
    };
    let unit = |one: &str, other: &str| {
        let group = found.name(one).or_else(|| found.name(other));
        let word = group
            .map_or("", |group| group.as_str())
            .to_ascii_lowercase();
        match word.as_str() {
            "ms" => 'x',
            word if word.starts_with("milli") => 'x',
            word => word.chars().next().unwrap_or_default(),
        }
    };
    unit("one", "then") != unit("other", "first")
}

fn in_text(name: &str, text: &Text, is_list: bool) -> Vec<Fact<Bounds>> {
    if counts_otherwise(text) {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, Fact<Bounds>)> = Vec::new();
    let numbers = text.written_out(|token| {
        matches!(token.text.as_str(), "null" | "a-z" | "A-Z")
            || token.text.len() <= 12 && token.text.parse::<f64>().is_ok_and(f64::is_finite)
    });
    // Most of the patterns ask for a number.
    let has_digits =
        numbers.flat.bytes().any(|byte| byte.is_ascii_digit()) || COUNTED.is_match(&numbers.flat);
    let patterns: &[&Pattern] = if has_digits {
        &[
            &BETWEEN, &INTERVAL, &ALONE, &MOST, &LEAST, &BEHIND, &EXACTLY,
        ]
    } else {
        &[&EXACTLY]
    };
    for regex in patterns {
        for captures in regex.captures_iter(&numbers.flat) {
            let bounds = bounds(name, &numbers.flat, &captures, is_list)
                .or_else(|| behind(name, &numbers.flat, &captures, is_list));
            let Some((range, bounds)) = bounds.or_else(|| exact(name, &numbers.flat, &captures))
            else {
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

fn bounds(
    name: &str,
    flat: &str,
    captures: &Groups<'_>,
    is_list: bool,
) -> Option<(Range<usize>, Bounds)> {
    let whole = captures.get(0)?;
    // "At least one character" holds what is counted itself.
    let is_one = captures.name("least").is_some_and(|it| {
        let text = it.as_str().to_ascii_lowercase();
        text.starts_with("one") && text.contains(' ')
    });
    if is_one {
        return one_character(flat, captures);
    }
    let number = |name: &str| {
        let written = captures.name(name)?.as_str();
        number_of(written).filter(|_| !has_points(written))
    };
    let (least, most) = (number("least"), number("most"));
    least.or(most)?;
    let after = flat.get(whole.end()..)?;
    let before = flat.get(..whole.start())?;
    let joint = captures.name("joint").map(|joint| joint.as_str());
    if told::goes_on(before, whole.as_str(), joint) || told::is_further(before) {
        return None;
    }
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
    let rest = first_sentence(after);
    let sentence_rest = asides::behind(if is_list {
        told::without_each(rest)
    } else {
        rest
    });
    let sentence_rest = &*characters::without_list(&sentence_rest);
    let sentence_rest = &*told::without_length(sentence_rest);
    let lead = asides::before(last_sentence(before, whole.as_str()));
    let lead = &*characters::without_list(&lead);
    if ELSEWHERE.is_match(lead)
        || ELSEWHERE.is_match(sentence_rest)
        || RELATION.is_match(lead)
            && whole
                .as_str()
                .get(..7)
                .is_some_and(|it| it.eq_ignore_ascii_case("between"))
        || after.starts_with(|c: char| c.is_alphabetic() && c.is_ascii())
        || told::is_told_of(after)
    {
        return None;
    }
    let several = SEVERAL.find(after).filter(|_| is_list);
    let is_of_them = is_list && OF_THEM.is_match(after);
    let counted =
        if CHARACTERS.is_match(after) || LENGTH.is_match(whole.as_str()) || LENGTH.is_match(lead) {
            Counted::Characters
        } else if ITEMS.is_match(after) || counts(name, after) || several.is_some() || is_of_them {
            Counted::Items
        } else if captures.name("score").is_some()
            || (BARE.is_match(after) || captures.name("alone").is_some() && asides::is_unit(after))
                && told::is_in_unit(name, flat, whole.end())
        {
            Counted::Value
        } else {
            return None;
        };
    // What is counted may end the sentence as well: "1 to 50 lines.", "2 to 10 labels of up to 50 characters".
    let rest = several.and_then(|several| after.get(several.end()..));
    let rest = rest.map(|rest| rest.get(told::of_each(rest)..).unwrap_or(rest));
    if captures.name("alone").is_some()
        && counted != Counted::Characters
        && !is_of_them
        && !ends(&asides::closing(first_sentence(rest.unwrap_or(after))))
    {
        return None;
    }
    let bounds = Bounds {
        least,
        most,
        counted,
    };
    Some((whole.range(), bounds))
}

/// The sentence that goes on behind a match, up to its end.
fn first_sentence(after: &str) -> &str {
    let line = after.split(['\n', '。']).next().unwrap_or_default();
    line.split(". ").next().unwrap_or_default()
}

/// The sentence before a match; none if the match starts with the full stop of that one.
fn last_sentence<'t>(before: &'t str, found: &str) -> &'t str {
    if found.starts_with(['.', '\n']) {
        return "";
    }
    let line = before.rsplit(['\n', '。']).next().unwrap_or_default();
    line.rsplit(". ").next().unwrap_or_default()
}

/// "At least one character".
fn one_character(flat: &str, captures: &Groups<'_>) -> Option<(Range<usize>, Bounds)> {
    let whole = captures.get(0)?;
    let (before, after) = (flat.get(..whole.start())?, flat.get(whole.end()..)?);
    let lead = before.rsplit(['\n', '。']).next()?.rsplit(". ").next()?;
    let rest = after.split(['\n', '。']).next()?.split(". ").next()?;
    let bounds = Bounds {
        least: Some(1.0),
        most: None,
        counted: Counted::Characters,
    };
    let is_other = ELSEWHERE.is_match(lead) || ELSEWHERE.is_match(rest);
    (!is_other && !rest.trim_start().starts_with("that")).then(|| (whole.range(), bounds))
}

/// A bound whose words stand behind the number.
fn behind(
    name: &str,
    flat: &str,
    captures: &Groups<'_>,
    is_list: bool,
) -> Option<(Range<usize>, Bounds)> {
    let written = captures.name("number")?.as_str();
    let number = number_of(written).filter(|_| !has_points(written))?;
    let unit = captures.name("unit")?.as_str();
    let whole = captures.get(0)?;
    let (before, after) = (flat.get(..whole.start())?, flat.get(whole.end()..)?);
    let lead = asides::before(last_sentence(before, whole.as_str()));
    let lead = &*characters::without_list(&lead);
    // The match may hold the full stop.
    let rest = if whole.as_str().ends_with('.') {
        ""
    } else {
        first_sentence(after)
    };
    let is_elsewhere = [lead, unit, rest].iter().any(|it| ELSEWHERE.is_match(it));
    // "Between 3 and 40", "1.5", and "2 x 3": the number is a part of something else.
    let is_part = lead.ends_with(|c: char| c.is_alphanumeric() || "-–.,/".contains(c));
    if is_elsewhere || is_part || told::is_compared(lead) || told::is_told_of(rest) {
        return None;
    }
    let counted = if CHARACTERS.is_match(unit) || LENGTH.is_match(lead) && unit.is_empty() {
        Counted::Characters
    } else if ITEMS.is_match(unit) || counts(name, unit) || is_list && SEVERAL.is_match(unit) {
        Counted::Items
    } else if BARE.is_match(unit) && told::is_in_unit(name, flat, whole.start() + written.len()) {
        Counted::Value
    } else {
        return None;
    };
    let is_most = ["most", "most_in"]
        .iter()
        .any(|it| captures.name(it).is_some());
    let bounds = Bounds {
        least: (!is_most).then_some(number),
        most: is_most.then_some(number),
        counted,
    };
    Some((whole.range(), bounds))
}

/// A length without room.
fn exact(name: &str, flat: &str, captures: &Groups<'_>) -> Option<(Range<usize>, Bounds)> {
    let whole = captures.get(0)?;
    let after = flat.get(whole.end()..)?;
    let before = flat.get(..whole.start())?;
    let rest = first_sentence(after);
    let lead = last_sentence(before, whole.as_str());
    let code = code(name, captures);
    let is_named = captures.name("letters").is_some() || code.is_some();
    // "Not longer than a line (78 characters)", "at least 4 bytes, i.e. 10 characters"
    let compared = || told::is_compared(around(flat, &whole.range()).0);
    if captures.name("exact").is_some() && compared() {
        return None;
    }
    if told::is_one_of_several(lead, after) {
        return None;
    }
    let is_open = if is_named {
        OPEN_END.is_match(&SPECIMEN.remove(rest))
    } else {
        !ends(after) && !ends(&asides::closing(rest))
    };
    if is_open || ELSEWHERE.is_match(lead) || ELSEWHERE.is_match(rest) {
        return None;
    }
    let written = || {
        let groups = ["exact", "letters", "count"];
        let written = groups.iter().find_map(|name| captures.name(name))?;
        number_of(written.as_str())
    };
    // Of "2.000 characters" it is the end.
    let length = code.or_else(written).filter(|length| *length > 0.0)?;
    let bounds = Bounds {
        least: Some(length),
        most: Some(length),
        counted: Counted::Characters,
    };
    Some((whole.range(), bounds))
}

/// How long the code of a country or a currency is, if the field is named for one.
fn code(name: &str, captures: &Groups<'_>) -> Option<f64> {
    let name = name.to_ascii_lowercase();
    let is_named = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if let Some(letters) = captures.name("country") {
        let is_country = is_named(&["country", "country_code", "countrycode", "nationality"]);
        return number_of(letters.as_str()).filter(|_| is_country);
    }
    captures.name("currency")?;
    is_named(&["currency", "currency_code", "currencycode"]).then_some(3.0)
}

/// True if what is counted is what a field of several things is named for: "up to 10 labels" of `labels`.
fn counts(name: &str, after: &str) -> bool {
    let is_end = |c: char| !c.is_alphanumeric() && c != '_';
    let word = after.trim_start().split(is_end).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    word.len() > 3 && word.ends_with('s') && name.ends_with(&word.to_ascii_lowercase())
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

#[cfg(test)]
mod tests;
