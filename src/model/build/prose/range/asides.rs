//! What stands beside a bound and does not change it: how fine a number is, what is taken by default, a specimen.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};

static FINENESS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:with\s+)?(?:(?:no|not)\s+more\s+than|at\s+most|up\s+to)\s+\w+\s+(?:decimals?(?:\s+(?:places?|digits?))?)\b|,\s*(?:rounded|kept|stored|given|precise)\s+to\s+\w+\s+(?:decimals?|(?:decimal\s+)?(?:places?|digits?))\b",
    )
});
/// "How long it takes:" says what the number is.
static QUESTION: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:(?:for\s+)?how\s+(?:long|many|much|often|far|big|large|old)\b[^:.]*|\w+\s+(?:it|this|that|they)\s+(?:will\s+)?takes?\s*):",
    )
});
/// "How long we wait, 1 to 60": what is long is no text.
static HOW_LONG: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\b(?:how|as|so)\s+long\b"));
/// "What it is about"
static SUBJECT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:is|are|was|were)\s+about\b|\babout\s+(?:the|an?|your|this|that|its|it|him|her|them|themselves|yourself|oneself)\b",
    )
});
/// What is counted and in which unit, which binds a bound to nothing else: "Size in bytes, at most 5000".
static ITS_UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\bpro\s+seite\b|\b(?:(?:file|total|page)\s+)?(?:size\s+)?in\s+(?:bytes|(?:kilo|mega|giga|tera)bytes|[kmgt]i?b|pixels|px)\b|\bday\s+of\s+(?:the\s+)?(?:month|week|year)\b|\bon\s+a\s+scale\s*$|^\s*[a-z]+\s+per\s+(?:second|minute|hour|day|week|month|year)\s*[,:(]?\s*$",
    )
});
/// "50 per request"
static PER_REQUEST: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^\s+(?:[a-z]+\s+)?per\s+(?:request|call)\b"));
/// "(0-100), or null if it is not known": the condition is of `null`.
static OR_NULL: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^\)?[,;]?\s+(?:or\s+)?null\b[^.;]*\.?\s*$"));
/// "and 30 if you leave it out"
static BY_DEFAULT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)[,;(]?\s*(?:and\s+)?(?:(?:the\s+)?default(?:s|ing)?(?:\s+(?:to|is)|:)?\s*)?(?:[\x{E000}\x{E001}]|-?\d+(?:\.\d+)?|null|none)\s+(?:if|when)\s+
        (?:you\s+leave\s+it\s+(?:out|away|off)|(?:it\s+is\s+|it['’]s\s+)?(?:left\s+(?:out|off|away|blank|empty)|omitted|not\s+(?:set|given|sent|provided|specified|present)|absent|missing|unset|unspecified))\b",
    )
});
/// "that makes retries safe"
static PURPOSE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i),?\s*(?:(?:that|which)\s+makes?|to\s+make|making)\s+[^.;]*\bsafe\b[^.;]*")
});
/// "such as `8.25`", "instead of `ends_at`"
static SPECIMEN: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i),?\s*(?:such\s+as|like)\s+(?:[\x{E000}\x{E001}]|-?\d+(?:\.\d+)?)|,\s*(?:instead\s+of|in\s+(?:the\s+)?place\s+of|rather\s+than)\s+[\x{E000}\x{E001}]",
    )
});
/// What a number that stands for itself is counted in.
static UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:%|(?:percent|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|years?|cents|stars|points)\b|\([a-z][a-z\s]{0,24}\))",
    )
});

/// Any unit: "0 to 359 degrees", "0 to 120 dB".
static ANY_UNIT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:°\s?[CF]?|(?:degrees?|grad|grados?|graus|degrés?|celsius|fahrenheit|kelvin|met(?:er|re)s?|metros?|mètres?|km|kilomet(?:er|re)s?|miles?|cm|mm|kg|kilos?|grams?|gramm|litres?|liters?|db|decibels?|hertz|hz|khz|mhz|volts?|watts?|kwh?|amperes?|lux|lumens?|bar|hpa|mbar|pascals?|rpm|knots?|euros?|eur|usd|dollars?|pounds?|francs?)\b)",
    )
});
/// What a clause behind a range says of the number: "1 to 5, default 3", "0 to 359, where the wind comes from".
static CLAUSE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s*,\s*(?:
            (?:the\s+|par\s+|por\s+|als\s+)?(?:defaults?|défaut|standard|padrão|defecto)(?:\s+(?:to|is|value))?\s*[:=]?\s*(?:[\x{E000}\x{E001}]|-?\d+(?:\.\d+)?)
          | (?:[\x{E000}\x{E001}]|-?\d+(?:\.\d+)?)\s+(?:by\s+default|is\s+the\s+default|par\s+défaut|por\s+(?:padrão|defecto))
          | (?:where|with|which)\s+[^.;\d]*
          | (?:higher|lower|more|less|bigger|smaller)\s+(?:is|are|means?)\s+[^.;\d]*
          | inclusive(?:ly)? | both\s+(?:ends\s+)?(?:included|inclusive)
        )\s*$",
    )
});

/// True if the unit that a number is counted in follows.
pub(super) fn is_unit(after: &str) -> bool {
    ANY_UNIT.is_match(after)
}

/// What stands before a bound in its sentence.
pub(super) fn before(lead: &str) -> Cow<'_, str> {
    let all = [&QUESTION, &ITS_UNIT, &HOW_LONG, &SUBJECT];
    without(lead, &all)
}

/// What stands behind a bound in its sentence.
pub(super) fn behind(rest: &str) -> Cow<'_, str> {
    let all = [
        &PER_REQUEST,
        &OR_NULL,
        &FINENESS,
        &BY_DEFAULT,
        &PURPOSE,
        &SUBJECT,
    ];
    without(rest, &all)
}

/// What is left of the sentence behind a bound that stands alone.
pub(super) fn closing(after: &str) -> Cow<'_, str> {
    let rest = without(
        after,
        &[&UNIT, &ANY_UNIT, &FINENESS, &BY_DEFAULT, &SPECIMEN, &CLAUSE],
    );
    if rest.len() == after.len() {
        return rest;
    }
    rest.trim_start_matches([' ', ',']).to_owned().into()
}

/// A text without what says how fine a number is.
pub(super) fn without_fineness(text: &str) -> Cow<'_, str> {
    FINENESS.remove(text)
}

fn without<'t>(text: &'t str, all: &[&LazyLock<Pattern>]) -> Cow<'t, str> {
    all.iter().fold(Cow::Borrowed(text), |text, aside| {
        let less = match aside.remove(&text) {
            Cow::Owned(less) => Some(less),
            Cow::Borrowed(_) => None,
        };
        less.map_or(text, Cow::Owned)
    })
}
