//! The values that a text lists: "One of `a`, `b`", "`a` or `b`", a bullet list whose items start with a value.
//!
//! A list counts if words announce values ("possible values", "muss … sein"), or if it stands where only values can
//! stand: behind a colon, in brackets, or alone. It does not count as soon as it may be a list of examples, of names,
//! or of conditions.

mod aside;
mod joined;
mod open;
mod plain;
mod scale;

use std::ops::Range;
use std::sync::LazyLock;

use serde_json::Value;

use crate::model::build::pattern::{Pattern, pattern};
use crate::model::evidence::{Fact, Origin, ReadingRule};
use crate::model::names::letters;
use crate::model::types::Type;
use crate::source::Span;

use super::passage::{Passage, Text, Token};
use super::value;

pub(super) static LISTED_VALUES: ReadingRule = ReadingRule {
    name: "listed-values",
    origin: Origin::Prose,
    summary: "values in code spans or quotes that words announce, or that stand where only values can, are all the values there are; lists of examples, names, and conditions are not",
};
/// A list of values, and whether words announce it.
struct Found {
    values: Vec<Value>,
    span: Span,
    announced: bool,
}

/// The values that the description of a field of that name lists.
///
/// In an array of unknown items, lists that nothing announces are names of members.
pub(super) fn read(name: &str, kind: &Type, passages: &[Passage]) -> Option<Fact<Vec<Value>>> {
    let is_array = matches!(kind, Type::Array(None));
    let is_joined =
        |passage: &Passage| matches!(passage, Passage::Text(text) if JOINED.is_match(&text.flat));
    let goes_on =
        |passage: &Passage| matches!(passage, Passage::Text(text) if GOES_ON.is_match(&text.flat));
    let is_open =
        |passage: &Passage| matches!(passage, Passage::Text(text) if open::has_alternative(text));
    let is_of_others = |it: &Passage| is_joined(it) || goes_on(it) || is_open(it);
    if passages.iter().any(is_of_others) {
        return None;
    }
    let mut found = Vec::new();
    let mut lead = "";
    let mut is_of_values = false;
    for passage in passages {
        let was_of_values = std::mem::take(&mut is_of_values);
        match passage {
            Passage::Text(text) => {
                found.extend(in_text(name, kind, text));
                lead = &text.flat;
            }
            Passage::List(items) => {
                if !is_array || ANNOUNCED.is_match(lead) {
                    let list = in_items(items, lead);
                    let list = list.filter(|it| !scale::are_ends(kind, &it.values));
                    // Of values in several lists, those of one are not all.
                    if list.is_none() && items.len() > 1 && items.iter().all(is_value_first) {
                        return None;
                    }
                    is_of_values = list.is_some();
                    found.extend(list);
                }
                lead = "";
            }
            // What stands below a value is one, too, or says something about it.
            Passage::Nested(items) => {
                let values = items.iter().filter(|_| was_of_values);
                let tokens: Vec<Token> = values.filter_map(of_item).flatten().cloned().collect();
                found.extend(values_of(&tokens));
            }
            Passage::Table(rows) => {
                found.extend(in_table(rows));
                lead = "";
            }
        }
    }
    let announced = found.iter().any(|list| list.announced);
    found.retain(|list| list.announced || !announced && !is_array);
    // "Accepts `user_id` or `userId`" is about the name.
    let is_name = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| letters(text) == letters(name))
    };
    if found.iter().any(|list| list.values.iter().any(is_name)) {
        return None;
    }
    let mut allowed = join(found, announced)?;
    if is_open_pair(name, &allowed.value) {
        return None;
    }
    if passages.iter().any(turns_round) {
        let turned: Vec<Value> = allowed.value.iter().filter_map(turned).collect();
        allowed.value.extend(turned);
    }
    Some(allowed)
}

/// True for "`user_id` or `me`": a word for an id beside a value.
fn is_open_pair(name: &str, values: &[Value]) -> bool {
    let [one, other] = values else {
        return false;
    };
    let is_id = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        text.ends_with("_id") || text.ends_with("Id")
    };
    // What a list is sorted or grouped by has such names.
    let is_of_names = ["sort", "order", "group", "by", "field", "include", "expand"];
    let name = name.to_lowercase();
    is_id(one) != is_id(other) && !is_of_names.iter().any(|it| name.contains(it))
}

/// True if the text says that a sign in front of a value turns an order round.
fn turns_round(passage: &Passage) -> bool {
    static SIGN: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?xi)\b(?:minus|hyphen|dash)\b[^.]*\b(?:front|before|leading|revers\w+|descend\w+|desc|prefix\w*)\b
            | \b(?:prefix\w*|leading|preced\w+|revers\w+|descend\w+|desc)\b[^.]*(?:\b(?:minus|hyphen|dash)\b|[\s`'(\x22]-(?:[\s`')\x22.,]|$))",
        )
    });
    let Passage::Text(text) = passage else {
        return false;
    };
    let written = text.written_out(|token| token.text == "-");
    SIGN.find_iter(&written.flat).any(|found| {
        let said = found.as_str().to_lowercase();
        said.contains('-')
            || ["minus", "hyphen", "dash"]
                .iter()
                .any(|it| said.contains(it))
    })
}

/// The value with the sign in front.
fn turned(value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| !text.starts_with('-'))?;
    Some(Value::String(format!("-{text}")))
}

/// Lists that words announce add up; of others there must be one alone.
fn join(found: Vec<Found>, announced: bool) -> Option<Fact<Vec<Value>>> {
    if found.len() > 1 && !announced {
        return None;
    }
    let mut found = found.into_iter();
    let first = found.next()?;
    let mut values = first.values;
    for list in found {
        for value in list.values {
            if !values.contains(&value) {
                values.push(value);
            }
        }
    }
    Some(Fact::new(values, first.span, &LISTED_VALUES))
}

/// One text that holds several values has none of them alone, and a free one has any.
static JOINED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:comma|space|pipe|semicolon)[\s-]+(?:separated|delimited)|separated\s+by|csv(?:\s+list|\s*:|\s+of)|(?:separate|split|join)\s+(?:\w+\s+){0,3}(?:with|by|using)\s+(?:an?\s+)?(?:commas?|pipes?|semicolons?|spaces?)|(?:can|may)\s+be\s+combined|bit[\s-]?(?:flags?|masks?|fields?|sets?|wise)|(?:the\s+)?sum\s+of|added\s+(?:up|together)|free[\s-]?form|free\s+text|custom\s+values?|kommagetrennt\w*|durch\s+kommas?|separad[oa]s\s+por|séparée?s?\s+par)\b|逗号分隔",
    )
});

/// "More may be added": the list is not all there is.
static GOES_ON: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)\bmore\s+(?:values\s+|options\s+|of\s+them\s+)?(?:may|can|will|might)\s+(?:be\s+added|come|follow)\b|\bother\s+values\s+(?:are|will\s+be|may\s+be)\s+(?:rounded|possible|allowed|accepted|mapped|treated|used)\b|\b(?:known|so|thus)\b[^.]*\b(?:so|thus)\s+far\b|\bnot\s+(?:exhaustive|complete)\b|\bmore\s+to\s+come\b|\bsubject\s+to\s+change\b|\bprepared\s+for\b|\bhave\s+(?:other|their\s+own)\b|\bcustom\s+(?:ranges?|names?)\b|\b(?:list|set)\s+(?:may|can|will)\s+(?:grow|change)\b|\bnew\s+(?:values|ones|types|states|kinds)\s+(?:may|can|will|might)\b|\betc\b|\band\s+so\s+(?:on|forth)\b|\(\s*all\s*\)|\bsee\s+the\s+(?:full\s+|whole\s+|complete\s+)?list\b|\blist\s+here\b|\(or\s+(?:an?\s+\w|-?\d|any\b|your\b|another\b)|\bothers?\s+(?:values\s+)?(?:up)?on\s+request\b|\bothers\s+by\s+request\b|\b(?:of|values|names|words)\s+(?:of\s+)?your\s+own\b|\b(?:plurals?|variants|abbreviations|synonyms|aliases|translations|spellings|dialects)\s+(?:work|are\b|is\b)",
    )
});

const TOKEN: &str = r"[\x{E000}\x{E001}]";
const ARROWS: [char; 4] = ['→', '⇒', '>', '='];
/// What may stand between two values: a separator, perhaps with an explanation in brackets before it.
const BETWEEN: &str = r"(?:\*\*|\s|\([^()]{1,80}\))*(?:[,/|;、，]\s*(?:(?i:or|and|and\s+then|then|ou|oder|und|e|o|u|y|et)\s+|或者?|和|以及)?|\s(?i:until|while|before)\s[^,.;()\x{E000}\x{E001}]{1,40},\s*(?i:(?:and\s+)?then)\s|\sand/or\s|→|⇒|->|=>|\s(?i:or|and|ou|oder|und|e|o|u|y|et)\s+|或者?|和|以及|、)\s*(?:\*\*|\s|(?i:an?|the)\s)*";

static LIST: LazyLock<Pattern> =
    LazyLock::new(|| pattern(&format!("{TOKEN}(?:{BETWEEN}{TOKEN})*")));

/// Words that announce values.
const VALUES: &str = r"(?:values?|options?|choices|status(?:es)?|states?|types?|modes?|formats?|levels?|roles?|events?|methods?|currencies|periods?|intervals?|sizes?|categories|kinds?|strings?)";
static ANNOUNCED: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(&format!(
        r"(?xi)
        \b(?:
          (?:that|which|who)\s+are(?:\s+either)?
        | (?:must\s+be\s+|can\s+be\s+|is\s+|any\s+|be\s+)?(?:one|any|either)(?:\s+or\s+(?:more|several|both))?\s+of(?:\s+the\s+following)?(?:\s+(?:these\s+)?{VALUES})?
        | (?:(?:between\s+)?\d{{1,2}}\s*(?:to|and|or|-|–)\s*\d{{1,2}}|(?:at\s+least|at\s+most|up\s+to|exactly)\s+(?:\d{{1,2}}|one|two|three|four|five))\s+of(?:\s+the\s+following)?(?:\s+(?:these\s+)?{VALUES})?
        | (?:possible|allowed|valid|accepted|acceptable|supported|available|permitted|returned|enum|expected|current|known)\s+(?:\w+\s+){{0,2}}?{VALUES}(?:\s+(?:are|is|here\s+are))?
        | (?:with|in|of|by)\s+(?:this|that|its|the)\s+(?:status|state|type|kind|category|role|level|mode|priority|stage|format)\s*:
        | (?:filter|order|sort|group)(?:\s+\w+){{0,3}}?\s+by(?:\s+\w+)?(?:\s*:)?
        | (?:supported|accepted|allowed|options?|choices|values?|enum|status(?:es)?|accepts?|supports?)(?:\s+(?:are|is|values?|either))?\s*:
        | (?:options|choices|values)\s+are
        | (?:accepts|returns|supports|must\s+be|can\s+be|may\s+be|should\s+be|could\s+be|will\s+be|is|either|set\s+to|choose(?:\s+(?:from|between))?|use|enum)(?:\s+either)?(?:\s+of)?
        | (?:mögliche|erlaubte|gültige|zulässige|akzeptierte|verfügbare|unterstützte)r?n?\s+(?:\w+\s+)?(?:werte?n?|optionen|status|typen)(?:\s+sind)?
        | (?:eine[rs]?|einen)\s+(?:von|der(?:\s+folgenden)?(?:\s+werte)?) | entweder | (?:kann|muss)(?:\s+\w+)?
        | (?:valores|opções|opciones|estados|tipos)\s+(?:poss[ií]ve(?:is|l)|aceit[oa]s|permitid[oa]s|v[áa]lid[oa]s|posibles|aceptad[oa]s|admitid[oa]s|soportad[oa]s|suportad[oa]s|dispon[ií]ve(?:is|l)|disponibles)(?:\s+(?:são|son))?
        | (?:um|uma|uno|una)\s+(?:de|dos|das|dos\s+seguintes|de\s+los\s+siguientes)(?:\s+valores)? | (?:pode|deve|puede|debe)\s+ser | aceita | acepta
        | (?:valeurs?|options)\s+(?:possibles?|autorisées?|acceptées?|valides?|prises?\s+en\s+charge)(?:\s+sont)? | l['’]une?\s+(?:des|de)(?:\s+valeurs)?(?:\s+suivantes)? | peut\s+être | doit\s+être | soit
        )[\s:*(\[]*(?:the\s+)?(?:folgende|following|die\s+werte)?[\s:*(\[]*$
        | (?:可选值|可选项|取值(?:范围)?|可能的?值|允许的?值|有效值|支持的?值|可选|支持|可以?是|枚举值?|必须[是为]|值为)(?:包括|有|为|是|如下)?[\s:：（(*]*$",
    ))
});
/// Announcements of examples, of names, and of conditions: what follows them is no list of allowed values.
static EXAMPLES: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:e\.?\s?g|i\.e|such\s+as|for\s+(?:example|instance)|examples?|like|similar\s+to|incl(?:\.|ud(?:e|es|ing))|z\.?\s?b|beispiels?\w*|bijv|np|etwa|wie|por\s+ejemplo|p\.\s?ej|ejemplos?|por\s+exemplo|p\.\s?ex|ex|exemplos?|como|par\s+exemple|exemples?|comme|tel(?:le)?s?\s+que|notamment|unlike|common(?:ly)?|popular|typical(?:ly)?|usually|often|built-?in|e\.x)\b\.?[^.;\x{E000}\x{E001}]*$
        | (?:例如|比如|如|示例|譬如|e\.g\.)[^。\x{E000}\x{E001}]*$",
    )
});
static NAMES: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:fields|parameters|params|properties|attributes|members|keys|columns|headers|objects|endpoints|functions|operators|keywords|variables|placeholders|prefix(?:es|ed)?|suffix(?:es)?|starts?|begins?|ends?|starting|contains?|containing|extensions|arguments|felder|feldern|parameter\w*|campos?|par[âa]metros?|param[èe]tres?|champs?|provide|specify|pass|required|replaces?|returns?\s+both|same\s+as|see(?:\s+(?:also|the|our|below|above|for|how)\b|\s*:?\s*$|\s*[\x{E000}\x{E001}])|via|through|both|descriptions?|names|reserved|avoid|forbidden|disallowed|conflicts?|except|cannot|combine[ds]?|together|mutually|exclusive|format(?:ted)?\s+(?:as|like)|syntax|pattern|regex)\b
        | \b(?:field|parameter|param|property|attribute|member|key|column|header|object|endpoint|function|variable|placeholder|extension|argument)\s*$
        | [\x{E000}\x{E001}]\s*(?:field|parameter|param|property|attribute|member|key|column|header|object|variable|argument)\b
        | 字段|参数|属性|对象|前缀",
    )
});
static CONDITIONS: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)
        \b(?:if|when|whenever|once|provided|unless|where|except|excluding|without|not|no|never|cannot|only\s+(?:for|on|in|with|when|if)|for|with|from|to|by|on|in|after|before|because|than|until|wenn|falls|bei|ohne|nicht|außer|quando|se|sem|não|cuando|si|sin|excepto|lorsque|sauf|pas|applies|applicable|depending|based|since|while|as|instead|whether|ob|means?|indicates?|uses?|using|by)\b
        | 当|如果|若|仅|不|除",
    )
});
/// "Whether it is `a` or `b`" binds nothing to a condition.
static WHETHER: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^\s*whether\s+(?:it|this|the\s+\w+)\s*$"));
/// What follows a list that goes on beyond what is written.
static OPEN_END: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*]*(?:\([^()\x{E000}\x{E001}]{1,60}\))?[\s)\]*,;–—-]*
        (?:etc|\.\.\.|…|and\s+(?:more|others?|so\s+on|many)|or\s+(?:any|an?\s|other|custom|your|ask|similar|more|the|null\b\s+\w|leave|empty|omit|greater|less|higher)|among|und\s+(?:so\s+)?weiter|u\.\s?a|usw|oder\s+(?:andere|ein)|entre\s+o[u]?tr|ou\s+(?:qualquer|outr|un)|o\s+(?:cualquier|otr)|y\s+m[áa]s|e\s+mais|等|以及其他)",
    )
});
/// What follows a list of which some value is not taken beside others: "but not the same as `from`".
static EXCLUSION: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*]*[,;(–—-]*\s*(?:(?:but|and|yet|though)\s+)?(?:(?:it|this)\s+)?(?:(?:must|may|can|should|has\s+to)\s+)?(?:(?:be\s+)?not\s+(?:be\s+)?(?:the\s+(?:same|one)|equal)\b|(?:be\s+)?(?:other\s+than|different\s+from)\b|differ\s+from\b|(?:but|and)\s+not\s+)",
    )
});
/// What follows a token that is compared or named, not offered.
static NAMED_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s)\]*]*(?:fields?|parameters?|params?|properties|objects?|arrays?|keys?|headers?|endpoints?|attributes?|must|are\s+(?:required|mutually)|is\s+(?:required|provided|set|present|specified|used|not)|should|can\s+be|may\s+be|will|has|have|sub|query|body|section|page|events?\s+(?:is|are)|to\s+(?:remove|disable|clear|reset|unset|turn\s+(?:\w+\s+)?off|delete|skip|omit|cancel|opt\s+out|lift|stop|deactivate)\b|for\s+(?:more|details)|feld|parameter|campo|字段|参数|必)",
    )
});

fn in_text(name: &str, kind: &Type, text: &Text) -> Vec<Found> {
    let text = &aside::without_conditions(text);
    // In a list of unknown items they are explained as members.
    let is_array = matches!(kind, Type::Array(None));
    if let Some(explained) = explained(text).filter(|_| !is_array) {
        let is_scale = scale::are_ends(kind, &explained.values);
        return Some(explained).filter(|_| !is_scale).into_iter().collect();
    }
    let is_own = |list: &Range<usize>| !aside::is_of_others(kind, text.around(list).0);
    let mut found: Vec<_> = LIST
        .find_iter(&text.flat)
        .filter(|list| is_own(&list.range()))
        .filter_map(|list| of_tokens(text, &list.range()))
        .collect();
    if found.is_empty() {
        found.extend(plain::read(name, kind, text));
    }
    found
}

fn of_tokens(text: &Text, list: &Range<usize>) -> Option<Found> {
    let (before, after) = text.around(list);
    let after = if ends_in_null(text.tokens_in(list), after) {
        ""
    } else {
        after
    };
    if EXAMPLES.is_match(before) || OPEN_END.is_match(after) || NAMED_AFTER.is_match(after) {
        return None;
    }
    let announcement = ANNOUNCED.find(before).map(|found| found.as_str());
    // "Sort by `name` and `age`" names what all are sorted by.
    let separators = text.flat.get(list.clone()).unwrap_or_default();
    let is_done_by = announcement.is_some_and(|words| words.trim_end().contains(" by"))
        && !announcement.is_some_and(|words| words.trim_end().ends_with(':'));
    if is_done_by && !separators.contains(" or ") {
        return None;
    }
    // "`draft` → `sent` → `paid`" are steps; "`low` → `1`, `high` → `2`" says what stands for what.
    let is_mapped = text.tokens_in(list).len() < 3 || separators.contains([',', ';', '\n']);
    if separators.contains(ARROWS) && is_mapped {
        return None;
    }
    // "is `a` or `b`" and the like say less than "one of `a`, `b`".
    let announced = announcement.is_some_and(|words| words.split_whitespace().count() > 1);
    let least = if announcement.is_some_and(|words| words.trim_end().ends_with(':')) {
        1
    } else {
        2
    };
    let is_bounded = announced && EXCLUSION.is_match(after);
    let tokens = whole_list(text, list, if is_bounded { "" } else { after })?;
    // "`a | b | c`" is a list in itself.
    let joined = match tokens.as_slice() {
        [only] if announced || least == 1 => joined::values(only),
        _ => None,
    };
    let is_one_of_unknown = match tokens.as_slice() {
        [only] => joined::has_parts(&only.text),
        _ => false,
    };
    if joined.is_none() && (is_one_of_unknown || text.tokens_in(list).len() < least) {
        return None;
    }
    let is_other = if announced {
        is_about_names(before)
    } else {
        let context = announcement.map_or(before, |words| {
            before.get(..before.len() - words.len()).unwrap_or(before)
        });
        let conditional = CONDITIONS.is_match(context)
            && !context.trim_end().ends_with(':')
            && !WHETHER.is_match(context);
        let apart = announcement.is_some() || stands_alone(before, after, text, list);
        let is_sample = || !separators.contains(" or ") && open::is_open_noun(before);
        conditional || NAMES.is_match(before) || !apart || is_sample()
    };
    if is_other {
        return None;
    }
    let values = joined.or_else(|| values(&tokens))?;
    if !announced && open::are_specimens(before, &values, after) {
        return None;
    }
    Some(Found {
        values,
        span: tokens.first()?.span.to(tokens.last()?.span),
        announced,
    })
}

/// A text that is nothing but values with what they mean: "`a` = first, `b` = second".
fn explained(text: &Text) -> Option<Found> {
    const SIGNS: [&str; 12] = [
        "=", "-", "–", "—", ":", r"if\b", r"when\b", r"for\b", r"from\b", r"once\b", r"while\b",
        r"until\b",
    ];
    static EXPLAINED: LazyLock<[Pattern; 12]> = LazyLock::new(|| {
        SIGNS.map(|sign| {
            let entry = format!(r"{TOKEN}\s*{sign}\s*[^\x{{E000}}\x{{E001}};=]{{1,80}}");
            pattern(&format!(
                r"^(?:[\w\s]{{1,24}}:)?\s*{entry}(?:[,;.]\s*(?:(?i:and|or)\s+)?{entry})+$"
            ))
        })
    });
    // "`true` if it was lent, `false` if not" says what a truth value means.
    let is_truth = |token: &Token| matches!(token.text.as_str(), "true" | "false");
    if text.tokens.len() < 2
        || text.tokens.iter().all(is_truth)
        || !EXPLAINED.iter().any(|it| it.is_match(&text.flat))
    {
        return None;
    }
    let (before, _) = text.around(&(text.tokens.first()?.at..text.flat.len()));
    let is_other = EXAMPLES.is_match(before) || is_about_names(before);
    values_of(&text.tokens).filter(|_| !is_other)
}

/// True for "`a`, `b`, or `null` if there is none": the condition belongs to `null`.
fn ends_in_null(tokens: &[Token], after: &str) -> bool {
    static IF: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s*]*(?:if|when|while|until|for|unless|before|otherwise|wenn|falls|se|quando|si|cuando)\b[^\x{E000}\x{E001}]*$",
        )
    });
    let is_null = tokens.last().is_some_and(|token| token.text == "null");
    tokens.len() > 2 && is_null && IF.is_match(after)
}

/// Words between the announcement and the list that say what is listed: "one of the parameters `a`, `b`".
fn is_about_names(before: &str) -> bool {
    let tail: String = before
        .chars()
        .rev()
        .take(60)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    NAMES.is_match(&tail)
}

/// What follows a list of which one value is the default.
static DEFAULT_BEHIND: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)^[,(]\s*(?:the\s+)?defaults?\b"));
/// A condition of the last value of a list, to the end of the sentence.
static BOUND_BEHIND: LazyLock<Pattern> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:if|when|while|until|once|after|before|unless|as\s+long\s+as)\b[^\x{E000}\x{E001}]*$",
    )
});

/// True if the list has nothing around it but a label, brackets, or a full stop.
fn stands_alone(before: &str, after: &str, text: &Text, list: &Range<usize>) -> bool {
    let before = before.trim_end_matches(['*', ' ', '\n']);
    let opened = before.is_empty()
        || before.ends_with([':', '(', '[', '：', '（', '–', '—'])
        || before.ends_with(" -");
    let after = after.trim_start_matches(['*', ' ']);
    let separators = text.flat.get(list.clone()).unwrap_or_default();
    let bracket = before.ends_with(['(', '[', '（']);
    let closed = if bracket {
        after.starts_with([')', ']', '）'])
    } else {
        after.is_empty()
            || after.starts_with(['.', '\n', '。', '(', '–', '—', ';'])
            || after.starts_with("- ")
            || DEFAULT_BEHIND.is_match(after)
            // "`a`, `b`: what comes next", "`a`, or `b` if it is old"
            || before.is_empty() && after.starts_with(':') && separators.contains(',')
            || before.is_empty() && separators.contains(" or ") && BOUND_BEHIND.is_match(after)
    };
    // "`a` and `b`" names two things at once.
    let joined = [" and ", " und ", " y ", " e ", " et ", "和"]
        .iter()
        .any(|word| separators.contains(word));
    opened && closed && (bracket || !joined)
}

/// The tokens of the list and those that go on with it later in the sentence; `None` if other tokens follow, because
/// the list may be incomplete then.
fn whole_list(text: &Text, list: &Range<usize>, after: &str) -> Option<Vec<Token>> {
    const JOINTS: [&str; 7] = [" or", " and", " ou", " oder", " o", " y", " e"];
    let mut tokens = text.tokens_in(list).to_vec();
    for token in text.tokens_in(&(list.end..list.end + after.len())) {
        if tokens.iter().any(|known| known.text == token.text) {
            continue;
        }
        let before = text.flat.get(list.end..token.at)?;
        let before = before.trim_end_matches(['*', ' ']);
        // "(`null` if there is none)" says nothing of other values.
        let is_null = token.text == "null" && before.ends_with('(');
        let goes_on = is_null
            || before.ends_with([',', ';', '/', '|', '\n', '、', '，'])
            || JOINTS.iter().any(|joint| before.ends_with(joint));
        if !goes_on {
            return None;
        }
        tokens.push(token.clone());
    }
    Some(tokens)
}

/// A list whose items start with a value: "`x` - meaning".
static FORMATS: LazyLock<Pattern> =
    LazyLock::new(|| pattern(r"(?i)\b(?:formats?|forms?|notations?|patterns?|syntax(?:es)?)\b"));

fn in_items(items: &[Text], lead: &str) -> Option<Found> {
    static ELSEWHERE: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:examples?|beispiele?|ejemplos?|exemplos?|exemples?|notes?|specific|depend(?:s|ing)|var(?:y|ies)|resolved|mapping|mapped|following\s+(?:structure|shape))\b|例如|示例",
        )
    });
    let line = lead.trim_end().rsplit('\n').next().unwrap_or_default();
    let is_other = EXAMPLES.is_match(line.trim_end_matches([':', ' ']))
        || ELSEWHERE.is_match(line)
        || is_about_names(line);
    if items.len() < 2 || is_other {
        return None;
    }
    if items.iter().all(|item| item.tokens_in(&(0..1)).is_empty()) {
        return plain::in_items(items, line);
    }
    let mut tokens = Vec::new();
    for item in items {
        tokens.extend_from_slice(of_item(item)?);
    }
    // "In one of these formats: `space:id`, `space:name`" shows how values are built.
    let is_built = |token: &Token| token.text.contains([':', '/', '+', '@', '#']);
    if FORMATS.is_match(line) && tokens.iter().any(is_built) {
        return None;
    }
    values_of(&tokens)
}

/// The tokens as values that words announce, if all of them can be values.
fn values_of(tokens: &[Token]) -> Option<Found> {
    Some(Found {
        values: values(tokens)?,
        span: tokens.first()?.span.to(tokens.last()?.span),
        announced: true,
    })
}

fn is_value_first(item: &Text) -> bool {
    of_item(item).is_some_and(|tokens| values(tokens).is_some())
}

/// The values at the start of an item, unless it goes on as the description of a member does.
fn of_item(item: &Text) -> Option<&[Token]> {
    static MEANING: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:\*\*|\s)*(?:$|\n|[-–—:：=→(,（]|for\s|if\s|when\s|returns?\s|to\s|is\s|means?\s|will\s)",
        )
    });
    static MEMBER: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:\*\*|\s|[-–—:：(])*(?:string|number|integer|int|boolean|bool|object|array|float|date|uuid|enum|required|optional|obrigatório|pflicht)\b",
        )
    });
    let start = item.flat.find(|c: char| !c.is_whitespace())?;
    let list = LIST.find(&item.flat)?;
    let after = item.flat.get(list.end()..)?;
    // "`Low` → `0.5`": which side the values are on is open.
    if list.as_str().contains(ARROWS) {
        return None;
    }
    let fits = list.start() == start && MEANING.is_match(after) && !MEMBER.is_match(after);
    fits.then(|| item.tokens_in(&list.range()))
}

/// A table whose first column is headed by a word for values.
fn in_table(rows: &[Vec<Text>]) -> Option<Found> {
    static HEAD: LazyLock<Pattern> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:possible |allowed )?values?|status(?:es)?|options?|wert|valor|valeur|值|枚举值|状态)\s*$",
        )
    });
    let (head, rows) = rows.split_first()?;
    if rows.len() < 2 || !HEAD.is_match(&head.first()?.flat) {
        return None;
    }
    if rows
        .iter()
        .all(|row| row.first().is_some_and(|cell| cell.tokens.is_empty()))
    {
        return plain::in_cells(rows.iter().filter_map(|row| row.first()));
    }
    let mut tokens = Vec::new();
    for row in rows {
        match row.first()?.tokens.as_slice() {
            [only] if row.first()?.flat.trim().chars().count() == 1 => tokens.push(only.clone()),
            _ => return None,
        }
    }
    values_of(&tokens)
}

/// The tokens as values; `None` if one of them can be none: a pattern, a call, an address, running text.
fn values(tokens: &[Token]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for token in tokens {
        // "`^1.2`, `1.x`" shows how ranges are written, and several values are none.
        let is_range = token.text.starts_with(['^', '~']);
        if !value::is_value(&token.text) || is_range || joined::is_list(&token.text) {
            return None;
        }
        let value = if token.quoted {
            Value::String(token.text.clone())
        } else {
            value::of_text(&token.text)
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Some(values)
}
