//! What the description of a field says about its values, and putting that into shapes.
//!
//! `passage` makes the text ready for patterns; each other file reads the facts it is named for.

mod allowed;
mod apply;
mod cases;
mod characters;
mod expression;
mod format;
mod mask;
mod passage;
mod presence;
mod range;
mod silent;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;
use std::sync::LazyLock;

use crate::mdx::Node;
use crate::mdx::markdown::{self, Block, Inline};
use crate::model::build::field;
use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Evidence, Fact, Origin, ReadingRule};
use crate::model::prose::ProseFacts;
use crate::model::types::Type;
use crate::source::Excerpt;

use passage::Passage;
use range::{Bounds, Counted};

pub(super) use apply::{apply, default};
pub(super) use value::of_text;

/// Reads the running text among the children of a field.
pub(super) fn read(name: &str, kind: &Type, nodes: &[Node]) -> ProseFacts {
    let mut prose = Vec::new();
    passage::of_field(nodes, &mut prose);
    // A text that is known to state nothing need not be read as Markdown.
    let written: Vec<_> = prose.iter().map(|it| (it.inline, it.text.text())).collect();
    let mut facts = silent::known_or(name, kind, &written, || {
        of_passages(name, kind, &passage::passages(&prose))
    });
    facts.keyed = facts.keyed.or_else(|| keyed_in_title(nodes));
    facts
}

/// Reads what a part of a text outside of fields says of the field that it names.
pub fn said_of(name: &str, kind: &Type, text: &Excerpt, range: Range<usize>) -> ProseFacts {
    let mut part = Excerpt::empty(text.file());
    part.push_excerpt(text, range);
    let blocks = markdown::blocks(&part);
    let inlines = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(inline) => Some(inline),
        _ => None,
    });
    let passages: Vec<_> = inlines.map(Passage::of_cell).collect();
    of_passages(name, kind, &passages)
}

/// Where the title of an expandable part says that its members are keyed: "one entry per currency".
fn keyed_in_title(nodes: &[Node]) -> Option<Evidence> {
    let elements = nodes.iter().filter_map(Node::as_element);
    let mut titles = elements
        .filter(|element| element.name == "Expandable")
        .filter_map(field::title);
    titles.find_map(|(title, span)| {
        let is_keyed = title.contains(' ') && KEYED.is_match(title);
        is_keyed.then(|| Evidence::new(span, &OPEN_IN_TEXT))
    })
}

/// Reads the cells of a table that tell something of a field.
pub(super) fn of_cells(name: &str, kind: &Type, cells: &[&Inline]) -> ProseFacts {
    let passages = cells.iter().map(|cell| Passage::of_cell(cell));
    of_passages(name, kind, &passages.collect::<Vec<_>>())
}

/// Reads what an item of a list tells of a field.
pub(super) fn of_blocks(name: &str, kind: &Type, blocks: &[Block]) -> ProseFacts {
    of_passages(name, kind, &passage::of_blocks(blocks))
}

fn of_passages(name: &str, kind: &Type, passages: &[Passage]) -> ProseFacts {
    if passages.is_empty() {
        return ProseFacts::default();
    }
    silent::known_or(name, kind, &passages, || facts(name, kind, passages))
}

fn facts(name: &str, kind: &Type, passages: &[Passage]) -> ProseFacts {
    let is_numeric = matches!(kind, Type::Integer(_) | Type::Number(_));
    let is_array = matches!(kind, Type::Array(None));
    let is_list = matches!(kind, Type::Array(_));
    let tells_cases = cases::tell(passages);
    let bounds = if tells_cases {
        Vec::new()
    } else {
        range::read(name, passages, is_list)
    };
    // Objects have no size of their own: a bound is about how many there are.
    let is_of_objects = matches!(kind, Type::Array(Some(items)) if matches!(**items, Type::Object));
    // Nor have texts: "not more than eight" of a list of them counts them.
    let is_of_texts =
        is_array || matches!(kind, Type::Array(Some(items)) if matches!(**items, Type::String(_)));
    let value = |bounds: &Bounds| {
        bounds.counted == Counted::Value && !is_of_objects && !is_of_texts
            || is_numeric && bounds.counted == Counted::Items
    };
    // Lists have no characters: their items have.
    let of_item = |bounds: &Bounds| is_list && bounds.counted == Counted::Characters;
    let length = |bounds: &Bounds| !value(bounds) && !of_item(bounds);
    // Only what has members borrows some.
    let is_scalar = is_numeric || matches!(kind, Type::String(_) | Type::Boolean);
    let borrowing = if is_scalar { 0 } else { passages.len() };
    let several = said(passages, &ARRAY, &SEVERAL_IN_TEXT);
    let single = said(passages, &SINGLE, &SEVERAL_IN_TEXT);
    let mut facts = ProseFacts {
        samples: Vec::new(),
        allowed: allowed::read(name, kind, passages),
        words: is_numeric.then(|| value::words(passages)).flatten(),
        constant: value::constant(passages),
        default: value::default(name, passages, is_numeric),
        minimum: bound(&bounds, value, |bounds| bounds.least).or_else(|| {
            let is_whole = matches!(kind, Type::Integer(_));
            is_numeric
                .then(|| range::sign(passages, is_whole))
                .flatten()
        }),
        maximum: bound(&bounds, value, |bounds| bounds.most),
        min_length: length_of(bound(&bounds, length, |bounds| bounds.least)).or_else(|| {
            let is_counted = is_list || matches!(kind, Type::String(_));
            is_counted.then(|| range::filled(passages)).flatten()
        }),
        max_length: length_of(bound(&bounds, length, |bounds| bounds.most)),
        item_max_length: length_of(bound(&bounds, of_item, |bounds| bounds.most)),
        contradicting_bounds: None,
        format: (!tells_cases)
            .then(|| format::read(name, passages))
            .flatten(),
        pattern: (!tells_cases)
            .then(|| expression::read(passages))
            .flatten()
            .map(Box::new),
        prefix: (!tells_cases).then(|| format::prefix(passages)).flatten(),
        unit: if is_numeric {
            format::unit(passages)
        } else {
            None
        },
        nullable: presence::nullable(passages, is_list),
        required: presence::required(name, passages),
        several: if is_list { single } else { several },
        is_single_allowed: is_list && single.is_some(),
        open: said(passages, &OPEN, &OPEN_IN_TEXT)
            .or_else(|| said(passages.get(..borrowing)?, &BORROWED, &OPEN_IN_TEXT)),
        keyed: said(passages, &KEYED, &OPEN_IN_TEXT),
    };
    if let (Some(allowed), None) = (&facts.allowed, &facts.words) {
        facts.words = value::beside(allowed, passages);
    }
    if facts.minimum.is_some() || facts.maximum.is_some() {
        for special in range::special::numbers(passages) {
            widen(&mut facts, &special);
        }
    }
    // "Starts with `b_`. Older ones have a UUID." speaks of two kinds of values.
    if facts.prefix.is_some() && facts.format.is_some() {
        facts.prefix = None;
        facts.format = None;
    }
    agree(&mut facts);
    facts
}

/// A number that means something of its own is one that the value may be.
fn widen(facts: &mut ProseFacts, special: &Fact<f64>) {
    let (least, most) = (&mut facts.minimum, &mut facts.maximum);
    if let Some(minimum) = least.as_mut().filter(|it| special.value < it.value) {
        *minimum = special.clone();
    }
    if let Some(maximum) = most.as_mut().filter(|it| special.value > it.value) {
        *maximum = special.clone();
    }
}

/// The bound on which all that the text says agrees.
fn bound(
    bounds: &[Fact<Bounds>],
    which: impl Fn(&Bounds) -> bool,
    side: impl Fn(&Bounds) -> Option<f64>,
) -> Option<Fact<f64>> {
    let mut found = bounds
        .iter()
        .filter(|fact| which(&fact.value))
        .filter_map(|fact| {
            Some(Fact {
                value: side(&fact.value)?,
                evidence: fact.evidence,
            })
        });
    let first = found.next()?;
    found
        .all(|other| (other.value - first.value).abs() < f64::EPSILON)
        .then_some(first)
}

fn length_of(bound: Option<Fact<f64>>) -> Option<Fact<u64>> {
    let bound = bound?;
    let whole = bound.value >= 0.0 && bound.value.fract() == 0.0 && bound.value < 1e15;
    #[expect(
        clippy::cast_sign_loss,
        reason = "the number is whole and not negative"
    )]
    whole.then_some(Fact {
        value: bound.value as u64,
        evidence: bound.evidence,
    })
}

/// Facts of one text that contradict each other are no facts.
fn agree(facts: &mut ProseFacts) {
    if let (Some(least), Some(most)) = (&facts.minimum, &facts.maximum)
        && least.value > most.value
    {
        facts.contradicting_bounds = Some((least.clone(), most.clone()));
        facts.minimum = None;
        facts.maximum = None;
    }
    if let (Some(least), Some(most)) = (&facts.min_length, &facts.max_length)
        && least.value > most.value
    {
        #[expect(clippy::cast_precision_loss, reason = "lengths are below 2^53")]
        let number = |bound: &Fact<u64>| Fact {
            value: bound.value as f64,
            evidence: bound.evidence,
        };
        facts.contradicting_bounds = Some((number(least), number(most)));
        facts.min_length = None;
        facts.max_length = None;
    }
    // `null` among the values says that the value may be null.
    if let Some(allowed) = &mut facts.allowed {
        let listed = allowed.value.len();
        allowed.value.retain(|value| !value.is_null());
        if allowed.value.len() < listed {
            facts.nullable.get_or_insert(allowed.evidence);
        }
    }
    let is_outside = |allowed: &Fact<Vec<serde_json::Value>>, value: &serde_json::Value| {
        !value.is_null() && !allowed.value.contains(value)
    };
    if let Some(allowed) = &facts.allowed {
        let outside = [&facts.default, &facts.constant]
            .into_iter()
            .flatten()
            .any(|fact| is_outside(allowed, &fact.value));
        if allowed.value.is_empty() || outside {
            facts.allowed = None;
        }
    }
    if facts
        .constant
        .as_ref()
        .is_some_and(|constant| constant.value.is_null())
        || facts.constant.is_some() && facts.allowed.is_some()
    {
        facts.constant = None;
    }
}

static OPEN: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:arbitrary|key[-/\s]value|free[-\s]?form|dynamic\s+keys|additional\s+(?:fields|properties|members|metadata|data)
        | (?:key|main|some|important|notable)\s+(?:fields|properties|members|attributes)|among\s+others?
        | any\s+(?:valid\s+)?json|custom\s+(?:fields|attributes|properties|data|key|metadata)|keyed\s+by|same\s+(?:fields|structure|shape|schema|properties)\s+as|map\s+of|mapping\s+of|dictionary\s+of|varies|vary\s+depending|depends\s+on
        | beliebige\w*|schlüssel-wert\S*|benutzerdefinierte\s+(?:felder|daten|variablen)
        | chave[-/\s]valor|campos\s+(?:personalizados|adicionais|adicionales)|dados\s+(?:personalizados|adicionais)|arbitr[áa]ri[oa]s?|clave[-/\s]valor|datos\s+(?:personalizados|adicionales)
        | cl[ée][-/\s]valeur|champs\s+personnalisés|arbitraires?)\b
        | 任意|键值|自定义(?:字段|数据|属性)",
    )
});

/// An object that takes over what was sent: "Those of the request, plus:", "As sent, with one more member:".
static BORROWED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:
          \b(?:same|those|members|fields|properties|settings|values|everything|all|what)\b[^.:;]*\b(?:requests?|sent|submitted|passed|posted|input|body|payload|above)\b
        | \bas\s+(?:it\s+was\s+|you\s+|they\s+were\s+)?(?:sent|submitted|passed|given)\b
        | \becho(?:es|ed|ing)?\b
        )[^.:;]*(?:\b(?:plus|adds?|also|additional(?:ly)?|(?:one|two|three|some|few)\s+more|further|extra|extended)\b|\b(?:and|with)\s*:)",
    )
});

static KEYED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:keyed\s+(?:by|on) | (?:indexed|grouped)\s+by | maps\s+(?:each|every)
        | (?:map|mapping|dictionary)\s+(?:of|from)\s+[^.]*\bto | (?:hash|dictionary|map)\s+of
        | (?:the|each|every|its|whose)\s+keys?\s+(?:is|are) | (?:with|where|whose)\s+(?:the\s+|each\s+)?keys? | by\s+the\s+names?\s+of
        | (?:entry|object|item|member|key|property|field|value)\s+(?:per|for\s+(?:each|every)))\b
        | (?:^|[.]\s*)keys\s+are\b
        | (?:^|[.]\s*)by\s+(?:the\s+|its\s+|their\s+)?\w+(?:\s+(?:id|code|key|name|number|type))?\s*(?:[.:]|$)
        | \b(?:of|for)\s+each\s+\w+\s*(?:[.,;:]|$)
        | (?:^|[.]\s*)(?:the\s+)?\w{3,}s\s+(?:\w+\s+)?by\s+(?:\w+\s+){0,2}\w+\s*(?:[.,;:(]|$)",
    )
});
/// A value that may also be a list.
static ARRAY: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:pass|send|provide|supply|specify|give|accepts?|takes?|use|can\s+(?:also\s+)?be|may\s+(?:also\s+)?be|or|either|as)\s+
        (?:(?:in|as|also|a|an|single|string|value|id|or|of|one|the)\s+){0,5}an?\s+(?:json\s+)?array\b
        | \bor\s+(?:a\s+)?list\s+of\b",
    )
});
/// A list that may also be a single value.
static SINGLE: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:(?:or|either)\s+(?:just\s+|only\s+)?(?:a\s+|an\s+|one\s+)?single\b | single\s+(?:\w+\s+){1,3}or\s+(?:an?\s+)?(?:array|list)\b)",
    )
});

static SEVERAL_IN_TEXT: ReadingRule = ReadingRule {
    name: "several-in-text",
    origin: Origin::Prose,
    summary: "text such as `pass an array to filter by several` allows one value and a list of values",
};

static OPEN_IN_TEXT: ReadingRule = ReadingRule {
    name: "open-in-text",
    origin: Origin::Prose,
    summary: "text such as `arbitrary key-value pairs` leaves the members of an object to somebody else",
};
/// How descriptions are read.
pub(super) static READING_RULES: &[&ReadingRule] = &[
    &allowed::LISTED_VALUES,
    &value::CONSTANT_IN_TEXT,
    &value::WORD_FOR_NUMBER,
    &value::DEFAULT_IN_TEXT,
    &range::BOUNDS_IN_TEXT,
    &characters::CHARACTERS_IN_TEXT,
    &format::NOTATION_IN_TEXT,
    &expression::EXPRESSION_IN_TEXT,
    &format::PREFIX_IN_TEXT,
    &format::UNIT_IN_TEXT,
    &presence::NULL_IN_TEXT,
    &presence::OPTIONAL_IN_TEXT,
    &presence::REQUIRED_IN_TEXT,
    &OPEN_IN_TEXT,
    &SEVERAL_IN_TEXT,
];

/// Where a text says what the pattern matches.
fn said(passages: &[Passage], pattern: &Pattern, rule: &'static ReadingRule) -> Option<Evidence> {
    passages.iter().find_map(|passage| match passage {
        Passage::Text(text) => text.evidence(&pattern.find(&text.flat)?.range(), rule),
        _ => None,
    })
}
