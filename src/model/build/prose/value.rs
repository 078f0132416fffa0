//! Values as texts write them, and the facts that are one value: constants and defaults.

use std::sync::LazyLock;

use serde_json::Value;

use crate::model::build::pattern::{Groups, Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::types::Mask;

use super::passage::{Passage, Text};

pub(super) static CONSTANT_IN_TEXT: ReadingRule = ReadingRule {
    name: "constant-in-text",
    origin: Origin::Prose,
    summary: "`always true` and the like state the one value",
};
pub(super) static DEFAULT_IN_TEXT: ReadingRule = ReadingRule {
    name: "default-in-text",
    origin: Origin::Prose,
    summary: "`defaults to 10` and the like state the value that stands for none",
};
pub(super) static WORD_FOR_NUMBER: ReadingRule = ReadingRule {
    name: "word-for-number",
    origin: Origin::Prose,
    summary: "a word in code or quotes in the text of a number, as in \"or `me` for yourself\", may stand in its place",
};
/// The value that a word stands for: a number, a truth value, `null`, else itself.
///
/// A number that JSON would write in another way, such as `2.0` or `007`, keeps its text: it may be one in a string.
pub(in crate::model::build) fn of_text(text: &str) -> Value {
    match text {
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        "null" | "None" => Value::Null,
        _ => {
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
            let number = if plain {
                text.parse::<serde_json::Number>().ok()
            } else {
                None
            };
            // `1.10` is a version: as a number it would be another text.
            let number = number.filter(|number| number.to_string() == text);
            number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
        }
    }
}

/// Words and letters that stand for what is to be put there: `field:asc`, `vX.Y.Z`, `N%`, `WxH`, `#rrggbb`.
static STANDS_FOR: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"^-?(?:property|field|column|attribute|field_?[nN]ame|column_?[nN]ame)[,:\s]|^v?[A-Z](?:\.[A-Z])+$|^[A-Z]%$|^[WN]x[HN]$|^[a-z_-]+/(?:name|id|key|path|slug|version|repo|model|project)$|^#(?:[rR]{1,2}[gG]{1,2}[bB]{1,2}|RGB)",
    )
});

/// False for what is no value: a pattern, a template, a call, an assignment, JSON, running text.
pub(super) fn is_value(text: &str) -> bool {
    const LONGEST: usize = 64;
    let upper = text.to_ascii_uppercase();
    let is_template = text.contains(['<', '>', '{', '}', '*', '=', '`', '"', '\n', '…', '?', '&'])
        || text.contains("...")
        || text.contains("://")
        || text.contains("[]")
        || text.ends_with(['_', ':', '-', ')', '(', ','])
        || text.starts_with('.');
    let is_notation = upper.contains("YYYY") || upper.contains("HH:") || upper.contains("XXX");
    let is_date = || text.contains(['-', '/', '.']) && Mask::of_date(text).is_some();
    let is_notation = is_notation || STANDS_FOR.is_match(text) || is_date();
    // So many digits are an identifier or a number to call, shown as a sample.
    let is_sample = text.bytes().filter(u8::is_ascii_digit).count() > 9;
    let words = text.split_whitespace().count();
    !text.is_empty()
        && text.len() <= LONGEST
        && (1..=5).contains(&words)
        && !is_template
        && !is_notation
        && !is_sample
}

const ONE: &str = r"(?P<token>[\x{E000}\x{E001}])|(?P<plain>true|false)\b";

static CONSTANT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        (?:\b(?:always|must\s+always\s+be|immer|sempre|siempre|toujours)
          (?:\s+(?:the\s+(?:string|value)|be|is|set\s+to|equals?|returns?|ist|será|é|es|sera|est))*
        | (?:\bthe\s+literal|\bconstant|\bfixed|(?:^|[.]\s+)equals)\s*
        | \b(?:is|will)\s+always(?:\s+(?:be|set\s+to|equal\s+to))?
        | \b(?:must\s+be|will\s+be|muss)(?:\s+(?:exactly|set\s+to|the\s+string|the\s+value))?
        | (?:始终|总是|固定|恒)(?:返回|等于|为|是)?(?:值为)?
        )\s*:?\s*\**(?:{ONE})",
    ))
});
/// What makes the value one of several, or bound to a condition.
static BOUND: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*]*
        (?:[,;]?\s*(?:if|when|whenever|unless|or|and|for|in|on|until|while|once|where|except|after|before|with|wenn|falls|oder|bei|für|und|se|ou|quando|para|si|cuando|o|si|lorsque|pour|as|at\s+the|to|by|but|otherwise|depending)\b
        | [,/|]\s*[\x{E000}\x{E001}] | (?:如果|当|或|时)|(?:fields?|parameters?|characters?|objects?|arrays?|headers?)\b)",
    )
});
/// Conditions that are always met where the field is documented: its response is a success.
static ON_SUCCESS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*]*(?:(?:if|when|on|for|in)\s+(?:the\s+|a\s+|all\s+)?(?:request\s+(?:is|was)\s+)?success(?:ful(?:ly)?)?(?:\s+(?:responses?|requests?|calls?|operations?|\w{4,}))?|(?:on|in)\s+an?\s+20\d\s+(?:response|answer)|bei\s+(?:Erfolg|erfolgreiche[nr]?\s+\w+)|(?:em|en)\s+caso\s+de\s+(?:sucesso|éxito)|en\s+cas\s+de\s+succès)\s*(?:[.,;)]|$)",
    )
});
static CONDITION_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:if|when|whenever|unless|for|where|wenn|falls|bei|se|quando|para|si|cuando|lorsque|pour|not|almost|nearly|nicht|nem|no|pas|either|in|on|until|otherwise)\b|如果|当|不",
    )
});

/// The value that is always there.
pub(super) fn constant(passages: &[Passage]) -> Option<Fact<Value>> {
    only(passages, |text| {
        if !text.may_state_value() {
            return Vec::new();
        }
        CONSTANT
            .captures_iter(&text.flat)
            .filter_map(|found| {
                let whole = found.get(0)?;
                let (before, after) = text.around(&whole.range());
                let bound = BOUND.is_match(after) && !ON_SUCCESS.is_match(after);
                if bound || CONDITION_BEFORE.is_match(before) {
                    return None;
                }
                fact(text, &found, &CONSTANT_IN_TEXT)
            })
            .collect()
    })
}

static DEFAULT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        (?:\b(?:defaults?(?:\s+value)?(?:\s+(?:to|is|of|are|being|set\s+to))?
        | standard(?:wert|mäßig|mässig|einstellung)?(?:\s+ist)? | voreinstellung
        | (?:valor\s+)?padrão(?:\s+(?:é|de))? | por\s+(?:padrão|defecto|omisión)(?:\s+es)? | (?:valor\s+)?predeterminado(?:\s+es)?
        | (?:valeur\s+)?par\s+défaut(?:\s+est)?)
        | 默认(?:值)?(?:为|是)?
        )\s*[:：=]?\s*[*]*\s*(?:the\s+value\s+(?:of\s+)?)?(?:(?P<token>[\x{E000}\x{E001}])|(?P<plain>true|false|-?\d+(?:\.\d+)?)(?P<tail>[^\s]*))",
    )
});

/// What may follow a number that is a default: "20 items", not "30 days before the end".
static COUNTED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s+(?:items?|results?|records?|entries|per\s+page|seconds?|sekunden|segundos|milliseconds?|ms|minutes?|minuten|minutos|hours?|days?|and\s+max|with|max|characters?|if\s+(?:omitted|not))\b",
    )
});
static ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*]*(?:[,;]?\s*(?:if\s+(?:the|it|you|there|`|\w+\s+is)|when|for|unless|or|in|on|wenn|bei|für|oder|se|ou|para|si|cuando|pour|otherwise)\b|如果|当|(?:,\s*)?[\x{E000}\x{E001}]|[/|]|-?\d|[^.]*\b(?:before|after|ago|from\s+now|later|earlier|depending)\b)",
    )
});
/// Words that may stand before "defaults to" without being its subject.
const BEFORE_DEFAULT: [&str; 22] = [
    "it",
    "this",
    "and",
    "or",
    "is",
    "omitted",
    "provided",
    "specified",
    "set",
    "empty",
    "value",
    "field",
    "parameter",
    "the",
    "not",
    "optional",
    "given",
    "which",
    "that",
    "to",
    "of",
    "limit",
];

/// "20 by default", "`rows` (the default)"
static DEFAULT_BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:^|[\s(\[,;:（])\**(?:(?P<token>[\x{E000}\x{E001}])|(?P<plain>-?\d+(?:\.\d+)?))\**(?:\s+(?:items|results|entries))?
        (?:\s+(?:by\s+default|par\s+défaut|por\s+(?:padrão|defecto|omisión))|\s*\((?:(?:the|by)\s+)?default\))\s*(?:[.,;:)（）]|$)",
    )
});

/// The value that stands for none.
pub(super) fn default(name: &str, passages: &[Passage], is_numeric: bool) -> Option<Fact<Value>> {
    before(name, passages, is_numeric).or_else(|| {
        only(passages, |text| {
            let found = DEFAULT_BEHIND.captures_iter(&text.flat);
            let found = found.filter_map(|found| fact(text, &found, &DEFAULT_IN_TEXT));
            found.collect()
        })
    })
}

/// The value behind a word for it: "by default 20".
fn before(name: &str, passages: &[Passage], is_numeric: bool) -> Option<Fact<Value>> {
    only(passages, |text| {
        if !text.may_state_value() {
            return Vec::new();
        }
        DEFAULT
            .captures_iter(&text.flat)
            .filter_map(|found| {
                let whole = found.get(0)?;
                let tail = found.name("tail").map_or("", |tail| tail.as_str());
                let plain_end =
                    tail.trim_end_matches(['.', ',', ')', ']', ';', '*', '。', '，', '）']);
                let (before, after) = text.around(&whole.range());
                let is_number = found.name("plain").is_some();
                let goes_on = is_number
                    && tail.is_empty()
                    && after.trim_start().starts_with(char::is_alphabetic)
                    && !(is_numeric && COUNTED.is_match(after));
                let is_own = subject(before, whole.as_str()).is_none_or(|word| {
                    name.to_lowercase().ends_with(&word) || BEFORE_DEFAULT.contains(&word.as_str())
                });
                // "`0` means the system default of 120" speaks of another one.
                let is_other = before.ends_with(|c: char| c.is_whitespace())
                    && (before.contains(" means ") || before.contains(" stands for "));
                if !plain_end.is_empty()
                    || goes_on
                    || !is_own
                    || is_other
                    || ELSEWHERE.is_match(after)
                {
                    return None;
                }
                fact(text, &found, &DEFAULT_IN_TEXT)
            })
            .collect()
    })
}

/// The word right before "defaults to", which may be the name of something else: "the schema defaults to `public`".
fn subject(before: &str, found: &str) -> Option<String> {
    let verb = found.get(..8)?.eq_ignore_ascii_case("defaults");
    let word = before.trim_end().rsplit(char::is_whitespace).next()?;
    let word = word.trim_start_matches(['(', '[']);
    let plain = !word.is_empty() && word.chars().all(char::is_alphanumeric);
    (verb && plain).then(|| word.to_lowercase())
}

fn fact(text: &Text, found: &Groups<'_>, rule: &'static ReadingRule) -> Option<Fact<Value>> {
    let whole = found.get(0)?;
    if let Some(plain) = found.name("plain") {
        let value = of_text(&plain.as_str().to_ascii_lowercase());
        let span = text.span(&(whole.start()..plain.end()))?;
        return Some(Fact::new(value, span, rule));
    }
    let token = text.tokens_in(&found.name("token")?.range()).first()?;
    if !is_value(&token.text) {
        return None;
    }
    let value = if token.quoted {
        Value::String(token.text.clone())
    } else {
        of_text(&token.text)
    };
    Some(Fact::new(value, token.span, rule))
}

/// The fact, if all passages that state one agree.
pub(super) fn only<T: PartialEq>(
    passages: &[Passage],
    read: impl Fn(&Text) -> Vec<Fact<T>>,
) -> Option<Fact<T>> {
    let mut found = passages.iter().flat_map(|passage| match passage {
        Passage::Text(text) => read(text),
        Passage::List(items) => items.iter().flat_map(&read).collect(),
        Passage::Nested(_) | Passage::Table(_) => Vec::new(),
    });
    let first = found.next()?;
    found
        .all(|other| other.value == first.value)
        .then_some(first)
}

/// What a text gives beside the values that it lists: other words in code or quotes, "empty", and the values in capitals
/// where their case does not matter.
pub(super) fn beside(
    allowed: &Fact<Vec<Value>>,
    passages: &[Passage],
) -> Option<Box<Fact<Vec<String>>>> {
    static CASELESS: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\bcase[\s-]+(?:insensitive|is\s+ignored|does\s+not\s+matter|doesn['’]t\s+matter)|\b(?:ignor\w+|regardless\s+of|in\s+any)\s+(?:the\s+)?case\b|\bnot\s+case[\s-]sensitive|\b(?:upper|lower)[\s-]?case\b[^.]*\b(?:fine|allowed|accepted|works?|ok|well|too|for)\b|\balso\s+capitali[sz]ed\b",
        )
    });
    // "Use `start`, not `active`."
    static REFUSED: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|never|no\s+longer|instead\s+of|rather\s+than|unlike|than|n['’]t(?:\s+\w+)?)\s+(?:an?\s+|the\s+|be\s+)?[\s(*]*$",
        )
    });
    static EMPTY: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)\b(?:empty|blank)\b"));
    let texts = || {
        passages.iter().flat_map(|passage| match passage {
            Passage::Text(text) => std::slice::from_ref(text),
            Passage::List(items) | Passage::Nested(items) => items,
            Passage::Table(_) => &[],
        })
    };
    let is_listed = |text: &str| allowed.value.iter().any(|it| it.as_str() == Some(text));
    let mut refused: Vec<&str> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for text in texts() {
        for token in &text.tokens {
            let before = text.flat.get(..token.at).unwrap_or_default();
            if REFUSED.is_match(before) {
                refused.push(&token.text);
            } else if is_value(&token.text) && !is_listed(&token.text) {
                words.push(token.text.clone());
            }
        }
    }
    words.retain(|word| !refused.contains(&word.as_str()));
    if texts().any(|text| EMPTY.is_match(&text.flat)) {
        words.push(String::new());
    }
    if texts().any(|text| CASELESS.is_match(&text.flat)) {
        for value in allowed.value.iter().filter_map(Value::as_str) {
            let mut letters = value.chars();
            let first = letters.next().map(char::to_uppercase);
            let capitalized = first.into_iter().flatten().chain(letters).collect();
            words.extend([value.to_uppercase(), value.to_lowercase(), capitalized]);
        }
    }
    (!words.is_empty()).then(|| {
        Box::new(Fact {
            value: words,
            evidence: allowed.evidence,
        })
    })
}

/// The words in code or quotes that may stand in the place of a number.
pub(super) fn words(passages: &[Passage]) -> Option<Box<Fact<Vec<String>>>> {
    const LONGEST: usize = 24;
    let texts = passages.iter().flat_map(|passage| match passage {
        Passage::Text(text) => std::slice::from_ref(text),
        Passage::List(items) => items,
        Passage::Nested(_) | Passage::Table(_) => &[],
    });
    let tokens: Vec<_> = texts
        .flat_map(|text| &text.tokens)
        .filter(|token| {
            let is_part = |c: char| c.is_alphabetic() || c == '_' || c == '-';
            !token.text.is_empty()
                && token.text.len() <= LONGEST
                && token.text.chars().all(is_part)
                && of_text(&token.text).is_string()
        })
        .collect();
    let first = tokens.first()?;
    let words = tokens.iter().map(|token| token.text.clone()).collect();
    Some(Box::new(Fact::new(words, first.span, &WORD_FOR_NUMBER)))
}
