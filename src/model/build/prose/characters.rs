//! Which characters a text may have: "2 to 20 capital letters, digits, and hyphens", "Only letters and numbers".

use std::sync::LazyLock;

use crate::model::build::pattern::{Found, Groups, Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::types::{Characters, Format};

use super::passage::{Text, Token, around};
use super::range::told;
use std::borrow::Cow;

pub(super) static CHARACTERS_IN_TEXT: ReadingRule = ReadingRule {
    name: "characters-in-text",
    origin: Origin::Prose,
    summary: "`lowercase letters, digits, and hyphens` are all the characters of a value, if nothing else is said of them",
};

const CLASS: &str = r"(?:(?:ascii|latin)\s+)?(?:(?:lower-?\s?case|small|upper-?\s?case|capital)\s+)?letters(?:\s+(?:from\s+)?a\s*(?:to|-|–|through)\s*z\b)?|alphanumerics?(?:\s+characters)?|(?:digits|numbers|numerals)(?:\s+(?:from\s+)?0\s*(?:to|-|–|through)\s*9\b)?|(?:single\s+)?(?:hyphens|dashes)|underscores|dots|periods|colons|slashes|spaces|a\s*(?:to|-|–|through)\s*z|0\s*(?:to|-|–|through)\s*9";

static CLASSES: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?P<list>\b(?:{CLASS})(?:\s*(?:,\s*(?:and\s+|or\s+)?|/|\s(?:and|or)\s|&)\s*(?:{CLASS}))*)\b",
    ))
});
static EACH: LazyLock<Pattern> = LazyLock::new(|| pattern(&format!(r"(?i)\b(?:{CLASS})\b")));
/// What may stand before the list for it to be all that there is.
static LEAD: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:(?:^|[.;:,(\n])\s*(?:(?:exactly\s+)?(?:(?:\d+|one|two|three|four|five|six|eight)\s*(?:to|or|-|–)\s*)?(?:\d+|two|three|four|five|six|eight|ten|twelve|twenty)\s+(?:(?:characters?\s+)?(?:out\s+)?of\s+)?)?|\b(?:only|contains?\s+only|may\s+contain|can\s+contain|made\s+(?:up\s+)?of|consists?\s+of|allowed(?:\s+characters)?\s*(?:are)?:?|accepts?|use)\s+)$",
    )
});
/// What may stand before the list where the first character is told apart: "A lowercase letter, followed by".
static FIRST: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:^|[.;:(\n])\s*(?:(?:it\s+)?(?:must\s+)?(?:begins?|starts?)\s+with\s+)?(?:an?|one)\s+(?P<first>(?:(?:ascii|latin)\s+)?(?:(?:lower-?\s?case|small|upper-?\s?case|capital)\s+)?letter)
        \s*,?\s*(?:and\s+)?(?:then|followed\s+by)\s+(?:any\s+number\s+of\s+|only\s+)?$",
    )
});
/// What may follow it.
static END: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^(?:\s+(?:only|are\s+allowed|allowed|long))?(?:\s*\((?:a|A)\s?[–—]\s?(?:z|Z)\))?\s*(?:$|[.;)\n]|,\s*(?:beginning|starting|ending|such\s+as|e\.g|like|unique|at\s+most|up\s+to|no\s+(?:longer|more)|max))",
    )
});
/// Words by which more is said, or something else.
static OTHERWISE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:at\s+least|not?|never|cannot|must\s+(?:contain|include|have)|includes?|including|mix(?:ture)?|combination|except|without|if|when|unless|any|other|followed|groups?|prefix|suffix|separated|per|each|first|last|words?)\b",
    )
});

/// A text without the first list of characters in it, and without what it says of the first or last one.
pub(super) fn without_list(text: &str) -> Cow<'_, str> {
    static EDGE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i),?\s*\b(?:(?:begin|start)(?:s|ning|ing)?(?:\s+and\s+end(?:s|ing)?)?|end(?:s|ing)?)\s+(?:with|in)\s+(?:an?\s+)?(?:(?:lower-?\s?case|small|upper-?\s?case|capital)\s+)?(?:letter|digit|number)(?:\s+or\s+(?:an?\s+)?(?:letter|digit|number))?\b",
        )
    });
    match CLASSES.remove(text) {
        Cow::Borrowed(text) => EDGE.remove(text),
        Cow::Owned(text) => Cow::Owned(EDGE.remove(&text).into_owned()),
    }
}

/// Words that say that others are taken, and become these.
static CHANGED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:hex(?:adecimal)?|octal|base[\s-]?\d+|stripped|removed|replaced|converted|normali[sz]ed|ignored|lower-?cased|upper-?cased)\b",
    )
});

/// True if an item that is not understood stands before the list: "Lower case, digits, hyphens".
fn goes_before(before: &str) -> bool {
    static CHARACTERS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\b(?:\w+s|(?:lower|upper)[\s-]?case|ascii|latin|greek|cyrillic|unicode|utf-?8|punctuation|[a-z]-[a-z])|[\x{E000}\x{E001}])\s*,\s*$",
        )
    });
    CHARACTERS.is_match(before)
}

/// What a code span such as `a-z` or `-` stands for in a list of characters.
fn class(token: &Token) -> Option<&str> {
    Some(match token.text.as_str() {
        "a-z" | "a–z" => "lowercase letters",
        "A-Z" | "A–Z" => "capital letters",
        "a-zA-Z" | "A-Za-z" => "letters",
        "0-9" | "0–9" => "digits",
        "a" => "a",
        "z" => "z",
        "A" => "A",
        "Z" => "Z",
        "0" => "0",
        "9" => "9",
        "-" => "hyphens",
        "_" => "underscores",
        "." => "dots",
        ":" => "colons",
        "/" => "slashes",
        _ => return None,
    })
}

/// The characters that a text states, if it states any.
pub(super) fn read(text: &Text) -> Option<Fact<Format>> {
    let written = text.spelled(class);
    let mut found = CLASSES.captures_iter(&written.flat);
    let only = found.next()?;
    let list = only.name("list")?;
    // "Letters, and digits behind a hyphen" is said in two places, and "capital letters (A–Z)" once.
    let is_aside = |it: &Groups<'_>| {
        let start = it.name("list").map_or(0, |it| it.start());
        let between = written.flat.get(list.end()..start).unwrap_or_default();
        between.trim() == "("
    };
    if found.any(|it| !is_aside(&it)) {
        return None;
    }
    let (before, after) = around(&written.flat, &list.range());
    let first = FIRST
        .captures(before)
        .and_then(|it| it.name("first").map(|it| it.as_str()));
    let is_led = first.is_some() || LEAD.is_match(before) && !OTHERWISE.is_match(before);
    if CHANGED.is_match(&text.flat)
        || goes_before(before) && first.is_none()
        || told::is_one_of_several(before, after)
        || !is_led
        || !END.is_match(after)
    {
        return None;
    }
    let classes = EACH.find_iter(list.as_str()).map(|class| {
        let class = Found::as_str(&class);
        // "Single dashes" are dashes, of which no two stand beside each other.
        let single = class
            .get(..7)
            .is_some_and(|it| it.eq_ignore_ascii_case("single "));
        if single {
            class.get(7..).unwrap_or(class)
        } else {
            class
        }
    });
    let classes: Vec<_> = classes.collect();
    let is_counted = before.ends_with(|c: char| c.is_whitespace()) && !before.trim().is_empty();
    // "Digits" alone may be said of anything.
    if classes.len() < 2 && !is_counted && !after.trim_start().starts_with("only") {
        return None;
    }
    let characters = Characters::of(classes)?;
    // The first one is one of the others as well.
    let probe = first.map(|it| match it.to_lowercase() {
        it if it.contains("capital") || it.contains("upper") => "A",
        it if it.contains("small") || it.contains("lower") => "a",
        _ => "aA",
    });
    if probe.is_some_and(|it| !characters.accepts(it)) {
        return None;
    }
    let format = Format::Characters(Box::new(characters));
    Some(Fact::new(
        format,
        text.span(&written.range(&list.range()))?,
        &CHARACTERS_IN_TEXT,
    ))
}
