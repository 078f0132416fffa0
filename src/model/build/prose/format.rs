//! Notations and units: "ISO 8601 timestamp", "UUID of the order", "in seconds".
//!
//! A word such as "URL" or "email" in a text is a notation only if the name of the field says the same.

use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::types::Format;

use super::passage::{Passage, Text};
use super::{characters, mask};

static ISO: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\bISO[\s-]?8601\b"));
/// What else than a point in time is written as ISO 8601 says.
static OTHER_ISO: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\bISO[\s-]?8601[\s-]+(?:\w+\s+)?(?:intervals?|ranges?|periods?|weeks?|months?|years?|quarters?|times?\s+of\s+(?:the\s+)?day|offsets?|recurr\w+)\b
        | \b(?:intervals?|weeks?|year\s+and\s+month|times?\s+of\s+(?:the\s+)?day|offsets?)\b[\s,(]*(?:\w+\s+){0,2}ISO[\s-]?8601\b",
    )
});
static RFC: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\bRFC[\s-]?3339\b"));
static DATE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\bYYYY-MM-DD\b"));
static CLOCK: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\bHH\b|HH:|THH|\btimestamp\b|date-?\s?time|\bwith\s+time|hora|uhrzeit|zeitstempel|时间",
    )
});
static DURATION: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)duration|duração|duración|durée|dauer"));
static UUID: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\b(?:UUID(?:\s?v\d)?|GUID|uuid)\b"));
static EMAIL: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\be-?mail\b|邮箱"));
/// The whole sentence is about an address: "Email address of who answers for it."
static ADDRESS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:an?\s+|the\s+|(?:your|their|his|her)\s+)?(?:valid\s+)?e-?mail\s+address(?:\s+(?:of|for|to\s+which|that|which|the|where)\s[^.]*)?\s*(?:\.\s*$|$)",
    )
});
static URL: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\b(?:URL|url|URI)\b"));
static UNIX: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:unix(?:[\s-]+(?:epoch|time(?:stamp)?))*|epoch\s+(?:time(?:stamp)?|seconds|milliseconds|ms))\b",
    )
});
static MILLISECONDS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:milliseconds?|millis|ms|millisekunden|milissegundos|milisegundos)\b|毫秒")
});
static SECONDS: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:seconds?|secs?|sekunden|segundos|secondes)\b|秒"));
static IPV4: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\bIPv4(?:\s+address)?\b"));
static NETWORK: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:CIDR|range|network|subnet|block|mask|port|IPv6)\b|/\d"));
static PHONE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"\bE\.?\s?164\b"));
static BASE64: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\bbase-?64[\s-]+(?:encoded|string|data|codiert|kodiert)|\b(?:as|in|with|using)\s+(?:(?:standard|padded|plain|url-safe)\s+)?base-?64\b",
    )
});
pub(super) static NOTATION_IN_TEXT: ReadingRule = ReadingRule {
    name: "notation-in-text",
    origin: Origin::Prose,
    summary: "words such as `ISO 8601` or `UUID` state the notation of a value, letters such as `MM/YY` what stands where in it; `URL` and `email` only for a field of such a name",
};
pub(super) static UNIT_IN_TEXT: ReadingRule = ReadingRule {
    name: "unit-in-text",
    origin: Origin::Prose,
    summary: "`in seconds` and the like state the unit of a number",
};
pub(super) static PREFIX_IN_TEXT: ReadingRule = ReadingRule {
    name: "prefix-in-text",
    origin: Origin::Prose,
    summary: "`starts with` and a code that ends in a separator, such as `pay_`, state what a text begins with",
};
/// What turns a notation into one of several, or into none.
static ELSE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\s+(?:format(?:ted)?|address(?:es)?|string|timestamp|date|duration|time|interval|number|link|value))?[\s)*]*(?:/|or\b|oder\b|ou\b|,?\s*or\b|或|,?\s*and\s+an?\b)|^[^.;:()]{1,60}?(?:\*\*|\s)(?:or|oder|ou|или|o)(?:\*\*|\s)[^.;]{0,40}\(|^[\s-]*(?:or|prefix|suffix|list|array|pattern|path|param|template|slug|fragment|notification|subject|body|template)|\(?partial|^[^.]*\bpartial(?:ly)?\b",
    )
});
static ELSE_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:or|either|not|no|without|non|relative|partial|path|comma[\s-]separated|list\s+of|if|when|whether|supports?|accepts|can\s+be|such\s+as|e\.?g|oder|ou|kein|wie|como|between|compare[ds]?|except)\b[^.]*$|\bfor\b[^.]*,\s*$|或",
    )
});

/// "or `null` to remove it"
static OR_NULL: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^[)`*]*,?\s+or\s+(?:send\s+|use\s+)?`?null\b"));

/// "When the order was placed, in ISO 8601": a clause about the past tells what time it is, and is no condition.
static TIME: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:the\s+\w+\s+)?when\s[^.,;]*\b(?:was|were|has\s+been|had\s+been)\b[^.,;]*,?|^\s*when\s+(?:it|the\s+\w+)\s+\w{4,}s(?:\s+\w+)?,\s+(?:as|in)\s|^\s*when\s+(?:it|they|the\s+\w+)\s+\w{2,}ed\s+(?:(?:the|its)\s+\w+\s+)?\(|\bor\s+(?:later|earlier|newer|older|after|before)\b",
    )
});

/// The notation that the description states for a field of that name.
pub(super) fn read(name: &str, passages: &[Passage]) -> Option<Fact<Format>> {
    let mut found: Option<Fact<Format>> = None;
    for passage in passages {
        let Passage::Text(text) = passage else {
            continue;
        };
        if EXCEPTION.is_match(&text.flat) {
            continue;
        }
        let mut facts = in_text(name, text);
        if facts.is_empty() {
            facts.extend(characters::read(text));
        }
        for fact in facts {
            match &found {
                Some(known) if known.value != fact.value => return None,
                Some(_) => {}
                None => found = Some(fact),
            }
        }
    }
    found
}

/// What makes a notation another one, or one of several: "UUID without dashes", "for legacy users a number".
static EXCEPTION: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:without|ohne|sans|sem|sin|no\s+(?:dashes|hyphens|colons|separators)|short\s+(?:forms?|formats?|notation|versions?|ids?|uuids?|dates?)|prefix(?:ed)?|compact|basic\s+(?:format|form|notation)|legacy|for\s+(?:old|older|people|most)\b|as\s+they\s+are|system\s+ones|as\s+an?\s+separator|extension|older\s+ones)\b",
    )
});

/// Several values in one text: "From and to, both RFC 3339", "Date range, ISO 8601".
static SEVERAL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\bboth\b | [,;(]\s*each\b | \bjoined\b | \bpairs?\s+of\b | \bas\s+two\b
        | \btwo\s+(?:of\s+(?:them|these)|(?:iso\s+|utc\s+|calendar\s+)?(?:dates?|times?|days?|timestamps?|instants?)|ISO|RFC|YYYY|HH)\b
        | ^\W*(?:(?:an?|the)\s+)?(?:(?:date|time|day|month|year|booking|opening)\s+)?(?:ranges?|spans?|windows?)\b
        | \b(?:from|start)\s*(?:/|\.\.|\s(?:and|until)\s)\s*(?:to|end|until)\b",
    )
});

/// True if neither the text before a notation nor that after it makes it one of several, or none.
pub(super) fn is_only(before: &str, after: &str) -> bool {
    !ELSE.is_match(after) && !ELSE_BEFORE.is_match(&TIME.remove(before))
}

/// True for the name of a field, in lower case, whose values are the names of notations and not values in one:
/// `date_format`.
fn is_of_notations(name: &str) -> bool {
    let mut endings = ["format", "type", "timezone", "pattern", "mask", "template"].iter();
    endings.any(|ending| name.ends_with(ending))
}

fn in_text(name: &str, text: &Text) -> Vec<Fact<Format>> {
    let name = name.to_lowercase();
    if is_of_notations(&name) || SEVERAL.is_match(&text.flat) {
        return Vec::new();
    }
    // A pattern in backticks, such as `YYYY-MM-DD`, tells as much as one without.
    let written =
        text.written_out(|token| token.text.len() <= 40 && !token.text.contains(['<', '{']));
    let flat = &written.flat;
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let mut found = Vec::new();
    let mut add = |regex: &Pattern, format: Format| {
        if let Some(place) = regex.find(flat) {
            let before = flat.get(..place.start()).unwrap_or_default();
            let after = flat.get(place.end()..).unwrap_or_default();
            // What stands for none is no other notation.
            let after = &*OR_NULL.remove(after);
            if is_only(before, after)
                && let Some(span) = text.span(&written.range(&place.range()))
            {
                found.push(Fact::new(format, span, &NOTATION_IN_TEXT));
            }
        }
    };
    let is_date = DATE.is_match(flat) && !CLOCK.is_match(flat);
    match () {
        // The name of another member in code says nothing about this one.
        () if DURATION.is_match(&text.flat) && ISO.is_match(flat) => add(&ISO, Format::Duration),
        () if is_date => add(&DATE, Format::Date),
        () if OTHER_ISO.is_match(flat) => {}
        () if ISO.is_match(flat) => add(&ISO, Format::Iso8601),
        () if RFC.is_match(flat) => add(&RFC, Format::DateTime),
        () => {}
    }
    if UNIX.is_match(flat) && !ISO.is_match(flat) {
        let format = match (SECONDS.is_match(flat), MILLISECONDS.is_match(flat)) {
            (true, false) => Format::UnixSeconds,
            (false, true) => Format::UnixMilliseconds,
            _ => Format::UnixTime,
        };
        add(&UNIX, format);
    }
    add(&UUID, Format::Uuid);
    add(&PHONE, Format::Phone);
    add(&BASE64, Format::Base64);
    if ends(&["ip", "ipv4", "ip_address", "ipaddress"]) && !NETWORK.is_match(flat) {
        add(&IPV4, Format::Ipv4);
    }
    if ends(&[
        "email",
        "e_mail",
        "mail_address",
        "emailaddress",
        "email_address",
    ]) {
        add(&EMAIL, Format::Email);
    } else {
        add(&ADDRESS, Format::Email);
    }
    if ends(&["url", "uri"]) {
        add(&URL, Format::Uri);
    }
    found.extend(shown_day(text));
    if found.is_empty() {
        found = mask::read(text, &written);
    }
    found
}

/// "Day of delivery, as `2026-07-15`."
fn shown_day(text: &Text) -> Option<Fact<Format>> {
    static AS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:as|in\s+the\s+(?:form|format)|formatted\s+as|written\s+as)\s+\x{E000}\s*(?:\.|$)",
        )
    });
    let found = AS.find(&text.flat)?;
    let token = text.tokens_in(&found.range()).first()?;
    let parts: Vec<&str> = token.text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_day = lengths == [4, 2, 2]
        && parts
            .iter()
            .all(|part| part.bytes().all(|it| it.is_ascii_digit()));
    is_day.then(|| Fact::new(Format::Date, token.span, &NOTATION_IN_TEXT))
}

static UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        (?:\b(?:in|em|en|measured\s+in|expressed\s+in)\s+|\()
        (?P<unit>seconds|milliseconds|minutes|hours|days|weeks|months|years|cents|bytes|kilobytes|megabytes|percent|meters|metres|kilometers|kilograms|grams|pixels|ms|sekunden|millisekunden|minuten|stunden|tagen|segundos|milissegundos|milisegundos|minutos|horas|dias|días|centavos|secondes|heures|jours|centimes)
        (?:\)|\b)",
    )
});

static PREFIX: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?P<before>[^.;(]*?)\b(?:(?:always\s+)?(?:starts?|starting|begins?|beginning|prefixed)\s+with|beginnt\s+(?:immer\s+)?mit|começa\s+com|(?:comienza|empieza)\s+(?:con|por)|commence\s+par)
        \s+(?:the\s+prefix\s+|a\s+)?(?P<token>[\x{E000}\x{E001}])(?P<after>[^.;]*)",
    )
});
static PREFIX_BOUND: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:if|when|whether|unless|not|never|or|oder|ou|must|can|may|usually|often|typically|for|in|e\.g|such\s+as|wenn|se|si|values?|names?|keys?|paths?|those|which|that|other|legacy|older|new)\b|[\x{E000}\x{E001}]",
    )
});

/// What the description says that the text begins with.
///
/// Only what ends in a separator is meant letter by letter.
pub(super) fn prefix(passages: &[Passage]) -> Option<Fact<String>> {
    super::value::only(passages, |text| {
        PREFIX
            .captures_iter(&text.flat)
            .filter_map(|found| {
                let is_bound = ["before", "after"].iter().any(|group| {
                    let around = found.name(group);
                    around.is_some_and(|around| PREFIX_BOUND.is_match(around.as_str()))
                });
                let subject = found.name("before").map_or("", |it| it.as_str());
                let said = flat_from(text, subject.len() + found.get(0)?.start());
                if is_of_some(subject, said) {
                    return None;
                }
                let place = found.name("token")?.range();
                let token = text.tokens_in(&place).first()?;
                let is_prefix = token.text.len() > 1 && token.text.ends_with(['_', '-', ':']);
                (is_prefix && !is_bound)
                    .then(|| Fact::new(token.text.clone(), token.span, &PREFIX_IN_TEXT))
            })
            .collect()
    })
}

fn flat_from(text: &Text, at: usize) -> &str {
    text.flat.get(at..).unwrap_or_default()
}

/// True for "ARNs start with": some of the values do.
fn is_of_some(subject: &str, said: &str) -> bool {
    const ALL: [&str; 10] = [
        "they",
        "ids",
        "identifiers",
        "tokens",
        "codes",
        "numbers",
        "all",
        "these",
        "always",
        "and",
    ];
    let verb = said.split_whitespace().next().unwrap_or_default();
    let is_plural = ["start", "begin"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(verb));
    let last = subject
        .split_whitespace()
        .next_back()
        .map(str::to_lowercase);
    is_plural && last.is_some_and(|last| subject.contains(" of ") || !ALL.contains(&last.as_str()))
}

/// The unit that the description states.
pub(super) fn unit(passages: &[Passage]) -> Option<Fact<String>> {
    super::value::only(passages, |text| {
        UNIT.captures_iter(&text.flat)
            .filter_map(|found| {
                let unit = found.name("unit")?;
                let span = text.span(&unit.range())?;
                Some(Fact::new(unit.as_str().to_lowercase(), span, &UNIT_IN_TEXT))
            })
            .collect()
    })
}
