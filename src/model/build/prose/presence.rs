//! Whether a value must be there, and whether it may be `null`.

use std::ops::Range;
use std::sync::LazyLock;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};

use super::passage::{CODE, Passage, Text};

static CONDITIONAL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:optional(?:ly)?
        | only\s+(?:if|when|present|returned|included|available|for|on|in|applicable|shown|set|appears?|provided|populated|required|relevant|visible)
        | where\s+(?:available|applicable|present|possible)
        | (?:if|when|unless)\s+(?:\w+\s+){0,6}(?:available|present|applicable|provided|requested|enabled|specified|known|given|included|supplied|configured|assigned)
        | (?:if|when)\s+(?:\w+\s+){0,3}(?:set|exists?|any)\s*(?:[.,;)]|$)
        | (?:present|returned|included|available|populated)\s+(?:only\s+)?(?:if|when|unless|in\s+case)
        | (?:required|mandatory|needed|necessary|present)\s+(?:only\s+)?(?:if|when|unless|in\s+case|only\s+for)
        | may\s+be\s+(?:absent|omitted|missing|empty|undefined)
        | (?:is|be|are|when|if)\s+(?:omitted|absent|missing|left\s+out)
        | (?:can|may)\s+(?:also\s+)?(?:omit|leave|be\s+left)
        | not\s+(?:always\s+)?(?:present|returned|included|available|set|there|shown)\s*(?:if|when|for|in|on|unless|after|before|[.,;)]|$) | not\s+(?:always\s+)?required
        | (?:either|at\s+least\s+one)\b[^.]*\b(?:required|must|provide[d]?) | provide\s+(?:either|exactly\s+one|one\s+of) | mutually\s+exclusive
        | (?:is|be|or)\s+undefined\s+(?:if|when|for|until|unless) | absent | conditionally | deprecated
        | for\s+\S+\s+only
        | (?:falls|wenn)\s+(?:\w+\s+){0,5}(?:vorhanden|verfügbar|gesetzt|angegeben|zutreffend|bekannt) | nur\s+(?:bei|wenn|falls|für|vorhanden)
        | opcional(?:mente)? | facultati(?:f|ve|vo|va) | optionnel(?:le)?
        | (?:se|caso)\s+(?:\w+\s+){0,5}(?:dispon[ií]vel|presente|aplic[áa]vel|definid[oa]|informad[oa]|houver|existir) | (?:apenas|somente|só)\s+(?:se|quando|para|em)
        | si\s+(?:\w+\s+){0,5}(?:disponible|presente|aplicable|existe|corresponde|est[áa]) | s[óo]lo\s+(?:si|cuando|para|en) | solamente\s+(?:si|cuando|para|en)
        | si\s+(?:\w+\s+){0,5}(?:applicable|présent|fourni|renseigné) | (?:uniquement|seulement)\s+(?:si|pour|en|lorsque)
        | obrigatóri[oa]\s+(?:se|quando|para) | obligatori[oa]\s+(?:si|cuando|para) | requis\s+(?:si|pour) | erforderlich,?\s+wenn )\b
        | (?:^|[.(]\s*)(?:required|mandatory|needed|present)\s+for\s
        | \((?:if|when)\s+[\x{E000}\x{E001}][^()]*\)
        | (?:^|[.(]\s*)(?:left\s+out|omitted|missing)\s+(?:if|when|for|in|on|unless|after|before)\b
        | \b(?:if|when)\s+(?:there\s+(?:is|are)|(?:it|they|the\s+\w+)\s+(?:has|have))\s+(?:one|any|some|such)\s*(?:[.,;)]|$)
        | 可选|选填|非必[填须需]|仅[在当限]|如果有|(?:存在|可用|适用)时|可省略|不返回|任意|省略可",
    )
});
/// "Empty if none is configured" says what the value is, not that it is absent; so does "null if not configured".
static NONE: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)^(?:if|when)\s+(?:no|none)\b"));
/// "The time when the book was set aside" is about the time, and binds nothing to a condition.
static WHEN_IT_WAS: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:time(?:stamp)?|date|moment|day|hour)(?:\s+of)?\s+$"));
/// "The timezone is optional" says nothing about the value that it is a part of.
static OTHER_SUBJECT: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:the|its|their|whose)\s+(?:time\s?zone|time|offset|prefix|suffix|port|protocol|scheme|extension|country\s+code|unit|seconds|milliseconds|dash(?:es)?|hyphens?|quotes|brackets|separator|sign|slash|hash)\s+(?:is|are)\s+$",
    )
});
static REQUIRED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        ^[\s*]*(?:required|mandatory|erforderlich|pflichtfeld|obrigatóri[oa]|obligatori[oa]|requis|obligatoire|必填|必须|必需)[\s*]*(?:[.:)–—\-。]|$)
        | [.!]\s+(?:required|mandatory)\s*(?:\.|$)
        | \((?:required|mandatory|erforderlich|pflichtfeld|obrigatóri[oa]|obligatori[oa]|requis|obligatoire|必填)\)
        | （必填）",
    )
});
static NULLABLE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:nullable|nullish
        | (?:may|can|could|might|will|would|be|or|and|also|otherwise|return(?:s|ed)?|as|to|of|→|:|value)\s+(?:also\s+)?(?:be\s+)?(?:set\s+to\s+|a\s+)?null
        | null\s+(?:if|when|for|unless|until|means|indicates|on|otherwise|where|while|in|value\s+(?:if|when|is|means))
        | (?:ou|o|oder|sonst|ist|é|es|est|será|sein)\s+(?:null|nulo|nula|nulle)
        | (?:null|nulo|nula|nulle)\s*,?\s+(?:wenn|falls|bei|se|quando|caso|si|cuando|lorsque|sofern|para)
        | empty\s+if | none\s+(?:if|for|when|on|in) | (?:n/a|nil)\s+(?:if|for|when|on|in) | or\s+(?:nil|none|nothing) | (?:leer|nicht\s+gesetzt),?\s+(?:wenn|falls|solange) | nulo\s+enquanto
        | (?:puede|pode|peut)\s+(?:ser|être)\s+(?:null|nulo|nula|nulle|nul)
        )\b
        | (?:可|可能|或|则|时|为|返回)\s*(?:为|是)?\s*null | 可为空 | null\s*(?:表示|如果|当|时|或)
        | ^[\s(*]*null[\s)*.,;:–—-]
        | \b(?:if|when|where)\s+(?:there\s+is|it\s+has|they\s+have)\s+(?:one|any|some)\s*(?:$|[.,;)])
        | \b(?:if|when|where)\s+(?:any|available|known|set|present|applicable|provided|assigned|configured)\s*(?:$|[.,;)])",
    )
});
/// What a list is without items.
static EMPTY: LazyLock<Pattern> = LazyLock::new(|| pattern(r"(?i)^(?:empty|leer)\b"));
/// The word alone, in whatever sentence: "Pass null to remove it".
static NULL: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[\s(*/])null(?:$|[\s)*/.,;:–—-])"));
/// "Needed if the title is null" is about another value.
static IF: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:if|when|while|unless|wenn|falls|se|quando|si|cuando)\b[^.,;]*$")
});
static NEVER_NULL: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:not|never|non|cannot|can't|isn't|must\s+not|nicht|nie|não|no|nunca|jamais|pas)[\s-]+(?:be\s+|ser\s+|sein\s+|ever\s+)*null(?:able)?\b|不(?:能|可)?为\s*null",
    )
});

pub(super) static OPTIONAL_IN_TEXT: ReadingRule = ReadingRule {
    name: "optional-in-text",
    origin: Origin::Prose,
    summary: "text that calls a value optional, or that binds its presence to a condition, does not ask for it",
};
pub(super) static REQUIRED_IN_TEXT: ReadingRule = ReadingRule {
    name: "required-in-text",
    origin: Origin::Prose,
    summary: "text that starts with `Required`, or says so in brackets, asks for the value",
};
pub(super) static NULL_IN_TEXT: ReadingRule = ReadingRule {
    name: "null-in-text",
    origin: Origin::Prose,
    summary: "text such as `null if there is none` allows null",
};
/// Whether the value must be there, if the text says so of the field of that name.
pub(super) fn required(name: &str, passages: &[Passage]) -> Option<Fact<bool>> {
    let said = |pattern: &Pattern, rule: &'static ReadingRule| {
        first(passages, |text| {
            let written = text.written_out(is_null);
            let mut places = pattern.find_iter(&written.flat);
            let found = places.find(|found| {
                let before = written.flat.get(..found.start()).unwrap_or_default();
                !NONE.is_match(found.as_str())
                    && !before.ends_with("null ")
                    && !OTHER_SUBJECT.is_match(before)
                    && !WHEN_IT_WAS.is_match(before)
                    && !is_whether(&written.flat, &found.range())
                    && !is_of_another(name, text, before, found.as_str())
            })?;
            text.evidence(&written.range(&found.range()), rule)
        })
    };
    if let Some(evidence) = said(&CONDITIONAL, &OPTIONAL_IN_TEXT) {
        return Some(Fact {
            value: false,
            evidence,
        });
    }
    said(&REQUIRED, &REQUIRED_IN_TEXT).map(|evidence| Fact {
        value: true,
        evidence,
    })
}

/// Where it is said that the value may be `null`; a list that is "empty if there are none" has no items then.
pub(super) fn nullable(passages: &[Passage], is_list: bool) -> Option<Evidence> {
    first(passages, |text| {
        let written = text.written_out(is_null);
        let mut told = NULLABLE.find_iter(&written.flat);
        let found = told.find(|found| !is_list || !EMPTY.is_match(found.as_str()));
        let found = found.or_else(|| {
            let mut places = NULL.find_iter(&written.flat);
            places.find(|found| !IF.is_match(written.flat.get(..found.start()).unwrap_or_default()))
        })?;
        if NEVER_NULL.is_match(&written.flat) {
            return None;
        }
        text.evidence(&written.range(&found.range()), &NULL_IN_TEXT)
    })
}

fn is_null(token: &super::passage::Token) -> bool {
    matches!(token.text.as_str(), "null" | "undefined")
}

/// "The `side` field is optional", "if `side` is left out": what is said of something else that has a name.
static NAMED_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:(?P<token>[\x{E000}\x{E001}])\s*(?:(?:field|parameter|param|member|property|attribute|header|argument|option|key|value)s?\s*)?
        | \b(?:the|a|an|its)\s+(?P<word>\w+)\s+(?:field|parameter|param|member|property|attribute|header|argument|option|key)s?\s*)
        (?:(?:is|are|was|can\s+be|may\s+be|becomes?|being)\s+)?(?:also\s+|then\s+|not\s+)?$",
    )
});
/// Words that stand before `field` and name none.
const NO_NAMES: [&str; 10] = [
    "this",
    "following",
    "same",
    "entire",
    "whole",
    "given",
    "above",
    "new",
    "optional",
    "input",
];

fn is_of_another(name: &str, text: &Text, before: &str, found: &str) -> bool {
    let Some(named) = NAMED_BEFORE.captures(before) else {
        return false;
    };
    let says = found.to_lowercase();
    let is_predicate = [
        "is", "are", "be", "optional", "required", "omitted", "absent", "not",
    ]
    .iter()
    .any(|word| says.starts_with(word));
    let is_own = |other: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        other == name || other == last || NO_NAMES.contains(&other.to_lowercase().as_str())
    };
    if let Some(word) = named.name("word") {
        return is_predicate && !is_own(word.as_str());
    }
    // Tokens that are `null` are written out already.
    let count = before.matches([CODE, super::passage::QUOTED]).count();
    let mut tokens = text.tokens.iter().filter(|token| !is_null(token));
    let token = count.checked_sub(1).and_then(|last| tokens.nth(last));
    is_predicate && token.is_some_and(|token| !is_own(&token.text))
}

/// What the first passage that says it says; the items of lists count as well, unless they are about what they name.
fn first<T>(passages: &[Passage], read: impl Fn(&Text) -> Option<T>) -> Option<T> {
    passages.iter().find_map(|passage| match passage {
        Passage::Text(text) => read(text),
        Passage::List(items) => items.iter().filter(|item| !names(item)).find_map(&read),
        Passage::Nested(_) | Passage::Table(_) => None,
    })
}

/// True for "If the book is available": a text that is nothing but a clause says what the value tells.
fn is_whether(flat: &str, found: &Range<usize>) -> bool {
    let starts = flat
        .get(..found.start)
        .is_some_and(|before| before.trim().is_empty());
    let clause = flat.get(found.clone()).unwrap_or_default();
    let is_if = clause
        .get(..2)
        .is_some_and(|word| word.eq_ignore_ascii_case("if"));
    let rest = flat.get(found.end..).unwrap_or_default();
    starts && is_if && !rest.contains([',', '.', ';', ':'])
}

/// True for "`color` (string, optional): …": what it says, it says of a value or a member.
fn names(item: &Text) -> bool {
    let starts = item.flat.trim_start_matches(['*', ' ']).starts_with(CODE);
    starts && item.tokens.first().is_some_and(|token| !is_null(token))
}
