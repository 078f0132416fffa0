//! What the description of a field says that it is computed from: "`quantity` times `unit_price`", "sum of the amounts of
//! all lines", "number of words in `body`".
//!
//! The words are read here; `value` puts the members in. What a formula needs and an object lacks is not judged.

mod value;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Field;
use super::call::pattern;
use super::types::Type;
use crate::model::names::letters;

pub(crate) use value::{differs, given, is_rounded, left_over};

/// What a member is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Formula {
    /// Members beside it: "`quantity` times `unit_price`".
    Expression(Vec<Operand>),
    /// The same as a member beside it: "Equal to `total`."
    Same(String),
    /// Something of each item of a list, added up.
    Sum {
        /// The list beside the member.
        list: String,
        /// What of each item.
        operands: Vec<Operand>,
    },
    /// Something of each item of a list, on average.
    Average {
        /// The list beside the member.
        list: String,
        /// What of each item.
        operands: Vec<Operand>,
    },
    /// How many items a list has.
    Count {
        /// The list beside the member.
        list: String,
    },
    /// How many words a text has.
    Words {
        /// The text beside the member.
        text: String,
    },
    /// Texts with a blank between them: "`first_name` and `last_name`, joined by a space".
    Joined(Vec<String>),
    /// A part of members beside it, in percent: "`tax_percent` of (`subtotal` less `discount`), rounded".
    Share {
        /// The member that says how many percent.
        rate: String,
        /// What it is a share of.
        of: Vec<Operand>,
        /// How the page says that it is rounded.
        rounding: Rounding,
    },
}

impl Formula {
    /// The first member that it needs of those beside it.
    pub(crate) fn first(&self) -> Option<&str> {
        match self {
            Self::Expression(operands) => operands.first().map(|it| it.name.as_str()),
            Self::Share { rate, .. } => Some(rate),
            Self::Sum { list, .. } | Self::Average { list, .. } | Self::Count { list } => {
                Some(list)
            }
            Self::Words { text } | Self::Same(text) => Some(text),
            Self::Joined(names) => names.first().map(String::as_str),
        }
    }
}

/// How a share is made a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To the nearest one.
    Nearest,
    /// To the next lower or higher one, or not told.
    Other,
}

/// A member in an expression, and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Operand {
    /// How it goes on from what stands before it.
    pub(crate) sign: Sign,
    /// The member, or the way to it.
    pub(crate) name: String,
}

/// What an expression does with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It is added.
    Plus,
    /// It is taken away.
    Minus,
    /// It multiplies.
    Times,
    /// It divides.
    Over,
}

const OPERATOR: &str =
    r"(?:plus|\+|minus|−|–|-|less|times|×|x|\*|multiplied\s+by|/|÷|divided\s+by)";

/// Where a formula is at its end.
const END: &str = r"(?:\s*(?:[.;)]|$)|,?\s+in\s+(?:whole\s+)?(?:cents|euros?|dollars|minor\s+units|the\s+smallest)|,\s*(?:as|in|with|rounded|before|without|excluding|`0`)\b?|\s+as\s+an?\s+(?:float|decimal|number|fraction|ratio)\b)";

/// The formula that the first sentence of a description states.
pub(crate) fn read(field: &Field, beside: &[Field]) -> Option<Formula> {
    let text = field.description.trim();
    if !text.contains(' ') {
        return None;
    }
    let others: Vec<&Field> = beside
        .iter()
        .filter(|it| it.name.value != field.name.value)
        .collect();
    let of_members = share(text, &others).or_else(|| expression(text, &others));
    of_members
        .or_else(|| over_list(text, &others))
        .or_else(|| count(text, &others))
        .or_else(|| words(text, &others))
        .or_else(|| joined(text, &others))
}

/// One way to read a formula in a text about members.
type Read = fn(&str, &[&Field]) -> Option<Formula>;

/// The formula of a description that is about members beside the field, and about how many items a list has that it names in
/// code: what an example shows in full.
pub(crate) fn of_members<'f>(
    field: &Field,
    beside: impl IntoIterator<Item = &'f Field>,
) -> Option<Formula> {
    let text = &*apart(field.description.trim());
    let reads: [Read; 3] = match () {
        () if has_operator(text) => [share, expression, sum],
        () if is_about_one(text) => [same, counted, sum],
        () => return None,
    };
    let others = beside.into_iter();
    let others = others.filter(|it| it.name.value != field.name.value);
    let others: Vec<&Field> = others.collect();
    reads.iter().find_map(|read| read(text, &others))
}

/// "`opened / sent`" with each name in code of its own.
fn apart(text: &str) -> Cow<'_, str> {
    const OPERATORS: [&str; 5] = [" / ", " + ", " - ", " * ", " × "];
    let holds = |span: &str| OPERATORS.iter().any(|it| span.contains(it));
    if !text.split('`').skip(1).step_by(2).any(holds) {
        return text.into();
    }
    let pieces = text.split('`').enumerate().map(|(at, piece)| {
        let names = |c: char| c.is_alphanumeric() || "_./+-*× ".contains(c);
        if at % 2 == 0 || !piece.chars().all(names) {
            return piece.to_owned();
        }
        OPERATORS.iter().fold(piece.to_owned(), |piece, operator| {
            piece.replace(operator, &format!("`{operator}`"))
        })
    });
    pieces.collect::<Vec<_>>().join("`").into()
}

/// True if something is done with two code spans. The patterns are slow to make, and few sites have such texts.
fn has_operator(text: &str) -> bool {
    const OPERATORS: [&str; 19] = [
        "plus ",
        "+",
        "minus ",
        "−",
        "–",
        "-",
        "less ",
        "times ",
        "×",
        "x ",
        "*",
        "/",
        "÷",
        "of ",
        "multiplied by ",
        "divided by ",
        "% of ",
        "percent of ",
        "per cent of ",
    ];
    let mut behind = text.split('`').skip(2).step_by(2);
    let is_sum = || starts(text, &["sum of ", "total of "]) && text.matches('`').count() > 3;
    behind.any(|between| {
        let words = between.trim_start();
        let mut operators = OPERATORS.iter().filter_map(|it| words.strip_prefix(it));
        operators.any(|rest| matches!(rest.trim(), "" | "the" | "(" | "(the"))
    }) || is_sum()
}

/// True for a sentence that may say that the field is what one other member is, or how many items that has.
fn is_about_one(text: &str) -> bool {
    const STARTS: [&str; 11] = [
        "equal to ",
        "equals ",
        "always equal",
        "same as ",
        "identical to ",
        "number of ",
        "count of ",
        "length of ",
        "how many ",
        "size of ",
        "is the same as ",
    ];
    text.contains('`') && starts(text, &STARTS)
}

fn starts(text: &str, words: &[&str]) -> bool {
    let text = text.get(..40).unwrap_or(text).to_lowercase();
    let text = text.strip_prefix("the ").unwrap_or(&text);
    words.iter().any(|it| text.starts_with(it))
}

/// "Sum of `net` and `vat`."
fn sum(text: &str, others: &[&Field]) -> Option<Formula> {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:sum|total)\s+of\s+(?:the\s+)?(?P<all>`\w+`(?:(?:,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?`\w+`)+)\s*(?:\.|$)",
        )
    });
    let operands = operands(SUM.captures(text)?.name("all")?.as_str())?;
    let is_known = |it: &Operand| others.iter().any(|field| field.name.value == it.name);
    operands
        .iter()
        .all(is_known)
        .then_some(Formula::Expression(operands))
}

/// "Equal to `total`.", and nothing more in the sentence.
fn same(text: &str, others: &[&Field]) -> Option<Formula> {
    static SAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:always\s+)?(?:equal\s+to|equals|(?:is\s+)?(?:the\s+)?same\s+as|identical\s+to)\s+(?:the\s+)?`(?P<name>\w+)`\s*(?:\.\s|\.?$)",
        )
    });
    let name = SAME.captures(text)?.name("name")?.as_str();
    let is_known = others.iter().any(|field| field.name.value == name);
    is_known.then(|| Formula::Same(name.to_owned()))
}

/// "Number of `items`.", and nothing more in the text.
fn counted(text: &str, others: &[&Field]) -> Option<Formula> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:(?:number|count)\s+of|length\s+of|size\s+of|how\s+many)\s+(?:the\s+|entries\s+in\s+|items\s+in\s+)?`(?P<list>\w+)`(?:\s+there\s+are)?\s*\.?$",
        )
    });
    let name = COUNT.captures(text)?.name("list")?.as_str();
    let is_list = |it: &&&Field| it.name.value == name && matches!(it.kind, Type::Array(_));
    others.iter().find(is_list).map(|list| Formula::Count {
        list: list.name.value.clone(),
    })
}

/// "`quantity` times `unit_price`", "The `subtotal` plus `tax`".
fn expression(text: &str, others: &[&Field]) -> Option<Formula> {
    static EXPRESSION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[:;=(]\s*|\bis\s+|\bequals\s+)(?:the\s+)?(?P<all>`[\w.]+`(?:\s*{OPERATOR}\s*(?:the\s+)?`[\w.]+`)+){END}"
        ))
    });
    let found = EXPRESSION.captures(text)?.name("all")?;
    // "`rate` of (`total` less `fee`)" and "`a` times (`b` plus `c`)" are more than what stands in brackets.
    if text.get(..found.start()).is_some_and(|it| it.contains('`')) {
        return None;
    }
    let operands = operands(found.as_str())?;
    let is_known = |it: &Operand| others.iter().any(|field| field.name.value == it.name);
    operands
        .iter()
        .all(is_known)
        .then_some(Formula::Expression(operands))
}

/// What is multiplied with a rate: one member, or several in parentheses.
const WHOLE: &str = r"(?:\(\s*(?P<group>(?:the\s+)?`\w+`(?:\s*(?:plus|\+|minus|−|–|-|less)\s*(?:the\s+)?`\w+`)*)\s*\)|(?P<one>`\w+`))";

const TIMES: &str = r"(?:times|×|x|\*|multiplied\s+by)";

/// "`discount_percent` of `subtotal`", "`tax_rate` percent of (`subtotal` less `discount`), rounded half up".
fn share(text: &str, others: &[&Field]) -> Option<Formula> {
    static SHARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?`(?P<rate>\w+)`\s*(?P<unit>%|percent|per\s+cent)?\s+of\s+(?:the\s+)?(?:\(\s*(?P<group>(?:the\s+)?`\w+`(?:\s*{OPERATOR}\s*(?:the\s+)?`\w+`)*)\s*\)|(?P<one>`\w+`)){END}"
        ))
    });
    static NEAREST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\brounded\s+(?:commercially|half|to\s+(?:the\s+nearest|an?\s+(?:whole|full|integer)|whole|full))\b|\bnearest\b",
        )
    });
    static PERCENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)percent|\bpct\b|_pct|\bper\s+cent\b|%"));
    // "`subtotal` times `tax_rate` / 100", and the other way round.
    static PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?{WHOLE}\s*{TIMES}\s*(?:the\s+)?`(?P<rate>\w+)`\s*(?P<unit>%|percent|per\s+cent|(?:/|÷|divided\s+by)\s*100\b){END}"
        ))
    });
    static TURNED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?`(?P<rate>\w+)`\s*(?P<unit>(?:/|÷|divided\s+by)\s*100)\s*{TIMES}\s*(?:the\s+)?{WHOLE}{END}"
        ))
    });
    let found = [&SHARE, &PRODUCT, &TURNED];
    let found = found.into_iter().find_map(|it| it.captures(text))?;
    let rate = found.name("rate")?.as_str();
    let field = others.iter().find(|it| it.name.value == rate)?;
    let is_percent = found.name("unit").is_some()
        || PERCENT.is_match(rate)
        || PERCENT.is_match(&field.description);
    let of = operands(found.name("group").or_else(|| found.name("one"))?.as_str())?;
    let is_known = |it: &Operand| others.iter().any(|field| field.name.value == it.name);
    let rounding = if NEAREST.is_match(text) {
        Rounding::Nearest
    } else {
        Rounding::Other
    };
    (is_percent && of.iter().all(is_known)).then(|| Formula::Share {
        rate: rate.to_owned(),
        of,
        rounding,
    })
}

/// What a text says of a member in some cases only: "`0` when the invoice is `void`", "unless it is a draft".
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Exception {
    /// It is that then.
    Value(Value),
    /// It may be anything then.
    Unknown,
}

/// The exception that the sentences behind a formula make.
pub(crate) fn exception(text: &str) -> Option<Exception> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:`(?P<code>[\w.]+)`|\b(?P<word>zero|0|null|empty))\s+(?:when|while|if|for|until|once|as\s+long\s+as|before|after|in\s+(?:the\s+|an?\s+)?(?:case|state|status))\b",
        )
    });
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:unless|except|otherwise|instead|but\s+(?:never|not|only)|at\s+(?:least|most)|never\s+(?:below|less|more|above|negative)|not\s+(?:below|less|more|above)|capped|frozen|fixed\s+(?:when|once|after)|(?:if|when|while|until|once)\s+(?:the|it|its|an?|there|no|any)\b)",
        )
    });
    if let Some(found) = VALUE.captures(text) {
        let code = found.name("code").or_else(|| found.name("word"))?;
        return Some(match code.as_str().to_lowercase().as_str() {
            "zero" => Exception::Value(Value::from(0)),
            "null" | "empty" => Exception::Value(Value::Null),
            code => match code.parse::<f64>() {
                Ok(number) => Exception::Value(Value::from(number)),
                Err(_) => Exception::Unknown,
            },
        });
    }
    OTHER.is_match(text).then_some(Exception::Unknown)
}

fn operands(text: &str) -> Option<Vec<Operand>> {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?P<sign>{OPERATOR})?\s*(?:the\s+)?`(?P<name>[\w.\[\]]+)`"
        ))
    });
    let parts = PART.captures_iter(text).map(|part| {
        let sign = part.name("sign").map(|it| it.as_str().to_lowercase());
        let sign = match sign.as_deref() {
            None | Some("plus" | "+") => Sign::Plus,
            Some("minus" | "−" | "–" | "-" | "less") => Sign::Minus,
            Some(over) if over.starts_with(['/', '÷', 'd']) => Sign::Over,
            Some(_) => Sign::Times,
        };
        Some(Operand {
            sign,
            name: part.name("name")?.as_str().to_owned(),
        })
    });
    parts.collect()
}

/// "Sum of the amounts of all lines", "Total of `price` times `quantity` over all `items`", "Average `stars` of the reviews".
fn over_list(text: &str, others: &[&Field]) -> Option<Formula> {
    static OVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?(?P<kind>sum|total|average|mean)\s+(?:of\s+)?(?:the\s+|all\s+|their\s+|its\s+)*(?P<what>`[\w.]+`(?:\s*{OPERATOR}\s*(?:the\s+)?`[\w.]+`)*|[a-z_]+(?:\s+(?:times|×|x|\*)\s+(?:the\s+)?[a-z_]+)?)\s+(?:of|over|in|for|across|from)\s+(?:all\s+|the\s+|its\s+|every\s+|each\s+)*`?(?P<list>[a-z_]+(?:\s[a-z_]+)?)`?{END}"
        ))
    });
    static ALONE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?(?P<kind>sum|total)\s+of\s+(?:the\s+|all\s+|their\s+|its\s+)*(?P<what>`[\w.]+`|[a-z_]+){END}"
        ))
    });
    let found = match OVER.captures(text) {
        Some(found) => found,
        None => ALONE.captures(text)?,
    };
    let what = found.name("what")?.as_str();
    let list = match found.name("list") {
        Some(list) => list_named(others, list.as_str())?,
        None => list_with(others, what.trim_matches('`'))?,
    };
    let operands = if what.contains('`') {
        operands(what)?
    } else {
        let words = what.split_whitespace();
        let words = words.filter(|word| !matches!(*word, "times" | "×" | "x" | "*" | "the"));
        let names: Option<Vec<_>> = words.map(|word| member_of(list, word)).collect();
        let names = names?.into_iter();
        names
            .map(|name| Operand {
                sign: Sign::Times,
                name,
            })
            .collect()
    };
    let is_known = |it: &Operand| {
        let mut members = list.children.iter();
        members.any(|member| member.name.value == it.name)
    };
    if operands.is_empty() || !operands.iter().all(is_known) {
        return None;
    }
    let list = list.name.value.clone();
    let kind = found.name("kind")?.as_str().to_lowercase();
    Some(if matches!(kind.as_str(), "sum" | "total") {
        Formula::Sum { list, operands }
    } else {
        Formula::Average { list, operands }
    })
}

/// "Number of lines", "How many `items` there are".
fn count(text: &str, others: &[&Field]) -> Option<Formula> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:(?:number|count)\s+of|how\s+many)\s+(?:the\s+|all\s+|its\s+)*`?(?P<list>[a-z_]+)`?(?:\s+(?:there\s+are|it\s+has|in\s+it))?\s*(?:\.|$)",
        )
    });
    let found = COUNT.captures(text)?;
    let list = list_of(others, found.name("list")?.as_str())?;
    Some(Formula::Count {
        list: list.name.value.clone(),
    })
}

/// "Number of words in `body`".
fn words(text: &str, others: &[&Field]) -> Option<Formula> {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:(?:number|count)\s+of|how\s+many)\s+words\s+(?:in|of)\s+(?:the\s+)?`(?P<text>\w+)`\s*(?:has)?\s*(?:\.|$)",
        )
    });
    static WORDS_OF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?:(?:number|count)\s+of|how\s+many)\s+words,?(?:\s+separated\s+by\s+(?:white\s*space|spaces|blanks),?)?\s+(?:(?:in|of)\s+)?(?:the|its)\s+`?(?P<text>\w+)`?\s*(?:has|contains|holds)?\s*(?:\.|$)",
        )
    });
    let found = WORDS.captures(text).or_else(|| WORDS_OF.captures(text))?;
    let name = found.name("text")?.as_str();
    let is_text = others.iter().any(|it| it.name.value == name);
    is_text.then(|| Formula::Words {
        text: name.to_owned(),
    })
}

/// "`first_name` and `last_name`, joined by a space".
fn joined(text: &str, others: &[&Field]) -> Option<Formula> {
    static JOINED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:the\s+)?(?P<all>`\w+`(?:(?:,\s*|\s+)(?:and\s+)?(?:the\s+)?`\w+`)+),?\s+(?:joined\s+(?:by|with)\s+a|with\s+a|separated\s+by\s+a)\s+(?:single\s+)?(?:space|blank)(?:\s+between(?:\s+them)?)?\s*(?:\.|$)",
        )
    });
    let found = JOINED.captures(text)?;
    let names: Vec<String> = operands(found.name("all")?.as_str())?
        .into_iter()
        .map(|it| it.name)
        .collect();
    let is_known = |name: &String| others.iter().any(|field| field.name.value == *name);
    names.iter().all(is_known).then_some(Formula::Joined(names))
}

/// The list that one or two words name: `agenda` for "agenda items".
fn list_named<'f>(others: &[&'f Field], words: &str) -> Option<&'f Field> {
    let mut names = words.split_whitespace();
    let first = names.next();
    list_of(others, words)
        .or_else(|| list_of(others, names.next()?))
        .or_else(|| list_of(others, first?))
}

/// The only list whose items have a member of that name.
fn list_with<'f>(others: &[&'f Field], word: &str) -> Option<&'f Field> {
    let mut lists = others
        .iter()
        .filter(|it| matches!(it.kind, Type::Array(_)) && member_of(it, word).is_some());
    let list = lists.next().filter(|_| lists.next().is_none())?;
    list_of(others, &list.name.value)
}

/// The list of that name, unless its own words say that it may be only a part.
fn list_of<'f>(others: &[&'f Field], word: &str) -> Option<&'f Field> {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:latest|last|first|recent|newest|oldest|up\s+to|at\s+most|page|preview|top|some|sample|limited|truncated|unless|if)\b",
        )
    });
    let is_it = |field: &&&Field| {
        matches!(field.kind, Type::Array(_)) && is_same_noun(&field.name.value, word)
    };
    let mut found = others.iter().filter(is_it);
    let list = found.next().filter(|_| found.next().is_none())?;
    (!PART.is_match(&list.description)).then_some(*list)
}

fn member_of(list: &Field, word: &str) -> Option<String> {
    let mut found = list
        .children
        .iter()
        .filter(|it| is_same_noun(&it.name.value, word));
    let member = found.next().filter(|_| found.next().is_none())?;
    Some(member.name.value.clone())
}

/// True for a word and its plural.
fn is_same_noun(name: &str, word: &str) -> bool {
    let single = |text: &str| {
        let text = letters(text);
        match text.strip_suffix("ies") {
            Some(stem) if stem.len() > 2 => format!("{stem}y"),
            _ => text.strip_suffix('s').map(str::to_owned).unwrap_or(text),
        }
    };
    single(name) == single(word)
}
