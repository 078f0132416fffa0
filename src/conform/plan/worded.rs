//! Values that the text of an input forbids and its shape knows nothing of: a day in the past, one decimal too many, the
//! same item twice.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::pattern::pattern;
use crate::model::shape::ShapeKind;

use super::clock;
use super::input::{Input, Place};
use super::joined;
use super::pieces;
use super::value::{Fault, Refused, is_documented, number};

/// The values, each for another sentence.
pub(super) fn refused(input: &Input, base: Option<&Value>) -> Vec<Refused> {
    let mut values = Vec::from(outside_amounts(input, base));
    values.extend(none_of_several(input));
    values.extend([
        excepted(input),
        coarser(input, base),
        clock::out_of_time(input, base),
        clock::too_far(input, base),
        too_fine(input, base),
        in_parts(input, base),
        twice(input, base),
        beyond_count(input),
        of_another_start(input, base),
        without_tls(input, base),
        in_other_letters(input, base),
        with_forbidden(input, base),
        of_another_beginning(input, base),
        between_steps(input, base),
        blank(input),
        none_of_joined(input),
        none_of_parent(input, base),
    ]);
    values.extend(pieces::refused(input, base).into_iter().map(Some));
    let refused = values.into_iter().flatten().map(|value| Refused {
        value,
        fault: Fault::Beside,
        evidence: None,
    });
    refused.collect()
}

/// A list of what its text says are parts of something that is there already: "Ids of choices of the poll".
fn none_of_parent(input: &Input, base: Option<&Value>) -> Option<Value> {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\s*(?:the\s+)?(?:ids|keys|names|codes|identifiers|numbers)\s+of\s+(?:\w+\s+)?[a-z]+s\s+(?:of|in|on|from|that\s+belong\s+to)\s+(?:the|this|that)\s+[a-z]+\s*(?:[.,;(]|$)
            | ^\s*(?:some|any|one\s+or\s+more|a\s+selection)\s+of\s+(?:the|this|that)\s+[a-z]+['’]s\s+[a-z]+s\s*(?:[.,;(]|$)
            | ^\s*(?:the\s+)?[a-z]+s\s+(?:of|in|from)\s+(?:the|this|that)\s+[a-z]+,\s+by\s+(?:id|key|name|code)\b
            | ^\s*which\s+of\s+the\s+[a-z]+s\s+of\s+(?:the|this|that)\s+[a-z]+\s*(?:[.,;(]|$)",
        )
    });
    let ShapeKind::Array(items) = &input.shape.kind else {
        return None;
    };
    let is_open = items.is_text() && items.constraints.allowed.is_none();
    let is_shown = base
        .and_then(Value::as_array)
        .is_some_and(|it| !it.is_empty());
    let is_said = is_open && is_shown && PARTS.is_match(&input.description);
    is_said.then(|| json!(["no-such-value"]))
}

fn is_number(input: &Input) -> bool {
    matches!(input.shape.kind, ShapeKind::Integer | ShapeKind::Number)
}

/// A number that the text takes out of a range: "from -10 to 10, but not 0".
fn excepted(input: &Input) -> Option<Value> {
    static EXCEPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:but\ not|except|must\ not\ be|cannot\ be|may\ not\ be|other\ than|not\ equal\ to)\ `?(?:0|zero)`?\s*(?:[.;)]|$)
            | (?:^|[.;:,(]\s*|\b(?:must|has\ to)\ be\ )(?:(?:strictly\ )?(?:more|greater|larger|higher|bigger)\ than|above)\ `?(?:0|zero)`?\s*(?:[.,;)]|$|and\ (?:at\ most|up\ to|(?:no|not)\ more|less|below)\b)",
        )
    });
    (is_number(input) && EXCEPT.is_match(&input.description)).then(|| json!(0))
}

/// A text with what it may not have: "it can't contain a slash".
fn with_forbidden(input: &Input, base: Option<&Value>) -> Option<Value> {
    static FORBIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:can(?:no|['’])t|can\snot|must\s?not|may\s?not|mustn['’]t)\s+(?:contain|include|have|hold)\s+(?:an?\s+|any\s+)?
            (?:(?P<word>(?:forward\s+)?slash(?:es)?|spaces?|white-?\s?space|commas?|colons?|semicolons?|line\s?breaks?|newlines?)|`(?P<code>[^`\w\s]{1,2})`)",
        )
    });
    let found = FORBIDDEN.captures(&input.description)?;
    let sign = match (found.name("word"), found.name("code")) {
        (_, Some(code)) => code.as_str().to_owned(),
        (Some(word), _) => {
            let word = word.as_str().to_ascii_lowercase();
            let signs = [
                ("slash", "/"),
                ("semi", ";"),
                ("comma", ","),
                ("colon", ":"),
                ("line", "\n"),
                ("newline", "\n"),
            ];
            let sign = signs.iter().find(|(name, _)| word.contains(name));
            sign.map_or(" ", |(_, sign)| sign).to_owned()
        }
        _ => return None,
    };
    let is_text = input.shape.kind == ShapeKind::String && input.place == Place::Body;
    let shown = base.and_then(Value::as_str).filter(|it| it.len() > 1)?;
    let at = shown.char_indices().nth(1)?.0;
    let (first, rest) = shown.split_at_checked(at)?;
    let value = json!(format!("{first}{sign}{rest}"));
    (is_text && is_documented(&input.shape, &value)).then_some(value)
}

/// A text that begins with a digit, or with a hyphen, where its words say that it begins with a letter.
fn of_another_beginning(input: &Input, base: Option<&Value>) -> Option<Value> {
    static LETTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:starting|beginning|(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:start|begin))\s+with\s+an?\s+(?:(?:lower-?\s?case|upper-?\s?case|small|capital)\s+)?letter\b
            | \b(?:the\s+)?first\s+(?:character\s+|one\s+)?(?:must\s+be|has\s+to\s+be|is)\s+an?\s+(?:\w+\s+)?letter\b",
        )
    });
    static HYPHEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bfirst\s+(?:character\s+|one\s+)?(?:is\s+not|must\s+not\s+be|may\s+not\s+be|cannot\s+be|is\s+never)\s+an?\s+(?:dash|hyphen)\b
            | \b(?:must\s+not|may\s+not|cannot|can['’]t|not)\s+(?:start|begin|starting|beginning)\s+(?:or\s+end(?:ing)?\s+)?with\s+an?\s+(?:dash|hyphen)\b",
        )
    });
    let shown = base?.as_str()?;
    let first = shown.chars().next().filter(char::is_ascii_alphanumeric)?;
    let rest = shown.get(first.len_utf8()..)?;
    let other = match () {
        () if is_letter_first(&LETTER, &input.description) && first.is_alphabetic() => '7',
        () if HYPHEN.is_match(&input.description) => '-',
        () => return None,
    };
    let value = json!(format!("{other}{rest}"));
    (input.shape.kind == ShapeKind::String && is_documented(&input.shape, &value)).then_some(value)
}

/// True if a letter has to be first, and nothing else may be: "with a letter or a digit" names two.
fn is_letter_first(letter: &Regex, text: &str) -> bool {
    letter.find(text).is_some_and(|found| {
        let after = text.get(found.end()..).unwrap_or_default().trim_start();
        let mut words = after.split(|c: char| !c.is_alphanumeric());
        !after.starts_with('/') && words.next() != Some("or")
    })
}

/// Nothing but blanks, where those at the ends are taken off before the length is looked at.
fn blank(input: &Input) -> Option<Value> {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:white-?\s?space|blanks|spaces)\b[^.;]*\b(?:removed|dropped|cut|ignored|stripped|trimmed)\b[^.;]*\b(?:first|before)\b
            | \b(?:cut|strip|trim|remove|drop)s?\s+(?:off\s+)?(?:\w+\s+){0,3}(?:white-?\s?space|blanks|spaces)\b[^.;]*\b(?:first|before)\b
            | \bafter\s+(?:trimming|stripping|cutting\s+off|removing)\b | \b(?:must\s+not|cannot|can['’]t|may\s+not)\s+be\s+(?:empty\s+or\s+)?blank\b | \bonly\s+(?:spaces|blanks|white-?\s?space)\b[^.;]*\b(?:not|no|refused|rejected|invalid|empty)\b",
        )
    });
    let least = input.shape.constraints.min_length.as_ref();
    let is_asked = input.required.is_some() || least.is_some_and(|it| it.value > 0);
    let is_text = input.is_free_text() && input.place == Place::Body;
    (is_text && is_asked && BEFORE.is_match(&input.description)).then(|| json!("   "))
}

/// "An even number", "a multiple of 5", "in steps of 15".
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?P<even>(?:an\s+)?even\s+(?:numbers?|integers?|values?)|must\s+be\s+even)\b
        | \b(?:(?:an?\s+)?multiples?\s+of|divisible\s+by|in\s+(?:steps|increments)\s+of)\s+`?(?P<step>\d{1,4})`?\b",
    )
});

/// How far the numbers are apart that the text allows: 100 of "in steps of 100", else 1.
pub(in crate::conform) fn step_of(input: &Input) -> i64 {
    let found = STEP.captures(&input.description);
    found.map_or(1, |found| match found.name("step") {
        Some(step) => step.as_str().parse().unwrap_or(1),
        None => 2,
    })
}

/// A number between those that the text allows: "an even number", "a multiple of 5", "in steps of 15".
fn between_steps(input: &Input, base: Option<&Value>) -> Option<Value> {
    static ROUNDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:rounded|rounds|nearest|brought|adjusted|aligned|snapped)\b")
    });
    let found = STEP.captures(&input.description)?;
    let step = match found.name("step") {
        Some(step) => step.as_str().parse::<i64>().ok()?,
        None => 2,
    };
    let shown = base.and_then(Value::as_i64).filter(|it| it % step == 0);
    let least = input.shape.constraints.minimum.as_ref();
    let from = shown.or_else(|| number(least?.value.ceil())?.as_i64());
    let from = from.filter(|it| it % step == 0).unwrap_or(step);
    let value = json!(from.checked_add(1)?);
    let is_meant = is_number(input) && step > 1 && !ROUNDED.is_match(&input.description);
    (is_meant && is_documented(&input.shape, &value)).then_some(value)
}

/// One decimal more than the text allows: "no more than two decimals".
fn too_fine(input: &Input, base: Option<&Value>) -> Option<Value> {
    static DECIMALS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:no|not)\s+more\s+than|at\s+most|up\s+to|max(?:imum|\.)?(?:\s+of)?)\s+(?P<count>[1-4]|one|two|three|four)\s+
            (?:decimals?|decimal\s+(?:places?|digits?)|fraction(?:al)?\s+digits?|(?:digits?|places?)\s+(?:after|behind)\s+the\s+(?:decimal\s+)?(?:point|comma))\b",
        )
    });
    let found = DECIMALS.captures(&input.description)?;
    // Halves of halves are the same number in any notation.
    let part = match found.name("count")?.as_str().to_ascii_lowercase().as_str() {
        "1" | "one" => 0.25,
        "2" | "two" => 0.125,
        "3" | "three" => 0.0625,
        _ => 0.031_25,
    };
    let whole = base.and_then(Value::as_f64).unwrap_or(1.0).trunc();
    let value = number(whole + part)?;
    (input.shape.kind == ShapeKind::Number && is_documented(&input.shape, &value)).then_some(value)
}

/// An amount in a text with one digit less than it says: "with two digits after the point".
fn coarser(input: &Input, base: Option<&Value>) -> Option<Value> {
    static EXACT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:^|[.,;]\s*|\b)(?P<before>\w+\s+)?(?:exactly\s+)?(?P<count>[2-4]|two|three|four)\s+
            (?:decimals|decimal\s+(?:places|digits)|(?:digits|places)\s+(?:after|behind)\s+the\s+(?:decimal\s+)?(?:point|comma))\b",
        )
    });
    static BOUND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:at\s+most|at\s+least|up\s+to|(?:no|not)\s+more\s+than|max\w*\.?(?:\s+of)?|optional\w*|or|rounded)\s*$",
        )
    });
    let found = EXACT.captures(&input.description)?;
    let count = found.name("count")?;
    let digits = match count.as_str().to_ascii_lowercase().as_str() {
        "2" | "two" => 2,
        "3" | "three" => 3,
        _ => 4,
    };
    let before = input.description.get(..count.start())?;
    let (whole, part) = base?.as_str()?.rsplit_once('.')?;
    let is_amount = part.len() == digits
        && part.bytes().all(|it| it.is_ascii_digit())
        && whole
            .trim_start_matches('-')
            .bytes()
            .all(|it| it.is_ascii_digit());
    let value = json!(format!("{whole}.{}", part.get(..digits - 1)?));
    let is_meant = input.shape.kind == ShapeKind::String && is_amount && !BOUND.is_match(before);
    (is_meant && is_documented(&input.shape, &value)).then_some(value)
}

/// A word that is none of those of which a text holds several: "separated by commas; the values are `a` and `b`".
fn none_of_joined(input: &Input) -> Option<Value> {
    (!joined::words(input).is_empty()).then(|| json!("no-such-value"))
}

/// No item, and one that is none of those: "one or more of `a`, `b`".
fn none_of_several(input: &Input) -> [Option<Value>; 2] {
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[.;]\s+)(?:one|1)\s+or\s+more\s+of\s+(?:the\s+following:?\s+|these:?\s+)?`[^`]+`\s*(?:,|or\b|and\b)",
        )
    });
    let is_list = matches!(input.shape.kind, ShapeKind::Array(_)) && input.place == Place::Body;
    let allowed = match &input.shape.kind {
        ShapeKind::Array(items) => items.constraints.allowed.as_ref(),
        _ => None,
    };
    if !is_list || !SEVERAL.is_match(&input.description) {
        return [None, None];
    }
    let of = |value: Value| is_documented(&input.shape, &value).then_some(value);
    // What is none of them is sent anyway where they are known.
    let other = of(json!(["no-such-value"])).filter(|_| allowed.is_none());
    [of(json!([])), other]
}

/// Amounts in texts beyond the ends that the text states: "from `0.01` to `10000.00`".
fn outside_amounts(input: &Input, base: Option<&Value>) -> [Option<Value>; 2] {
    static AMOUNTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:from|between)\s+`?(?P<least>\d+\.\d+)`?\s+(?:to|and)\s+`?(?P<most>\d+\.\d+)`?(?:[.,;\s]|$)",
        )
    });
    static DECIMAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^-?\d+\.\d+$"));
    let text = base.and_then(Value::as_str).unwrap_or_default();
    let is_text = input.shape.kind == ShapeKind::String && DECIMAL.is_match(text);
    let Some(found) = AMOUNTS.captures(&input.description).filter(|_| is_text) else {
        return [None, None];
    };
    let written = |name: &str| found.name(name).map_or("", |it| it.as_str());
    let digits = written("most")
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    let step = 10_f64.powi(-i32::try_from(digits.min(9)).unwrap_or(2));
    let beyond = |name: &str, by: f64| {
        let bound: f64 = written(name).parse().ok()?;
        let value = json!(format!("{:.*}", digits, bound + by));
        is_documented(&input.shape, &value).then_some(value)
    };
    [beyond("least", -step), beyond("most", step)]
}

/// A text that begins in another way than its own words say: "has to begin with `https://`".
fn of_another_start(input: &Input, base: Option<&Value>) -> Option<Value> {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:begin|start)\s+with\s+`(?P<start>[a-z]{2,}(?:://|[-_:]))`\s*(?:[.,;]|$)",
        )
    });
    let found = START.captures(&input.description)?;
    let start = found.name("start")?.as_str();
    let rest = base?.as_str()?.strip_prefix(start)?;
    let other = if start == "https://" { "http://" } else { "zz" };
    let value = json!(format!("{other}{rest}"));
    (input.shape.kind == ShapeKind::String && is_documented(&input.shape, &value)).then_some(value)
}

/// An address without TLS where the text asks for it: "an `https://` URL", "HTTPS only".
fn without_tls(input: &Input, base: Option<&Value>) -> Option<Value> {
    static TLS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:must|has\s+to|have\s+to|needs?\s+to)\s+(?:be\s+(?:an?\s+)?(?:\w+\s+){0,2}|use\s+)`?https\b
            | \b(?:an?\s+|the\s+)?(?:\w+\s+)?`?https(?:://)?`?[-\s]+(?:url|uri|address|link|endpoint)\b
            | \bhttps\s+only\b | \bonly\s+`?https\b | \bhttps\s+is\s+(?:required|mandatory)\b",
        )
    });
    static EITHER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\bhttp(?:://)?`?\s+(?:or|and)\b|\b(?:or|and)\s+`?http\b"));
    let text = &input.description;
    let is_meant = TLS.is_match(text) && !EITHER.is_match(text);
    let shown = base.map_or(Some("https://example.com/file"), Value::as_str)?;
    let rest = shown.strip_prefix("https://").filter(|_| is_meant)?;
    let value = json!(format!("http://{rest}"));
    // What is forbidden by its start is sent anyway.
    let is_other = of_another_start(input, base).is_none();
    let is_fit = input.shape.kind == ShapeKind::String && input.place == Place::Body;
    (is_fit && is_other && is_documented(&input.shape, &value)).then_some(value)
}

/// An item in capitals where the text gives each small letters alone: "Each has 1 to 30 lower-case letters or digits."
fn in_other_letters(input: &Input, base: Option<&Value>) -> Option<Value> {
    static SMALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:each|every)\b|(?:an?\s+\w+|\w+s)\s+(?:is|are|has|have|of|consists?|may|must)\b)[^.;]*\b(?:(?:lower-?\s?case|small)\s+(?:ascii\s+|latin\s+)?letters|`a-z`)",
        )
    });
    static MORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:at\s+least|must\s+contain|capitals?|upper-?\s?case|any\s+case|case\b[^.;]*\b(?:ignored|matter)|lower-?cased|converted|turned|normali[sz]ed|usually|should)\b",
        )
    });
    let ShapeKind::Array(_) = &input.shape.kind else {
        return None;
    };
    let shown = base?.get(0)?.as_str()?;
    let value = json!([shown.to_uppercase()]);
    let is_meant = SMALL.is_match(&input.description)
        && !MORE.is_match(&input.description)
        && shown.chars().any(char::is_lowercase)
        && !shown.chars().any(char::is_uppercase);
    (is_meant && input.place == Place::Body && is_documented(&input.shape, &value)).then_some(value)
}

/// Half of something that the text calls whole.
fn in_parts(input: &Input, base: Option<&Value>) -> Option<Value> {
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:whole\s+numbers?|no\s+fractions?|no\s+decimals?)\b"));
    let whole = base.and_then(Value::as_f64).unwrap_or(1.0).trunc();
    let is_meant = input.place == Place::Body && is_number(input);
    (is_meant && WHOLE.is_match(&input.description)).then(|| number(whole + 0.5))?
}

/// The same item twice: "no duplicates".
fn twice(input: &Input, base: Option<&Value>) -> Option<Value> {
    static DISTINCT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:no|without|free\ of)\s+(?:duplicates?|repetitions?|repeats)\b
            | \b(?:none|no\s+\w+|not)\b[^.;]*\btwice\b | \b(?:none|no\s+\w+|not)\b[^.;]*\bmore\s+than\s+once\b
            | \beach\s+(?:of\s+them\s+)?(?:at\s+most|only)\s+once\b
            | \b(?:must|have\s+to|has\s+to|need\s+to)\s+(?:all\s+)?be\s+(?:unique|distinct|different)\b",
        )
    });
    static FORGIVING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:ignored|removed|merged|dropped|collapsed|de-?dup\w*|stored\s+once|kept\s+once|no\s+harm|harmless|is\s+fine|are\s+fine|counts?\s+once|sorted|lower-?cased|upper-?cased|trimmed|normali[sz]ed)\b",
        )
    });
    let ShapeKind::Array(_) = &input.shape.kind else {
        return None;
    };
    let item = base?.get(0)?;
    let is_meant = DISTINCT.is_match(&input.description) && !FORGIVING.is_match(&input.description);
    let value = json!([item, item]);
    (is_meant && item.is_string() && is_documented(&input.shape, &value)).then_some(value)
}

/// A place that is beyond all there are: "from 1 to the number of lines".
fn beyond_count(input: &Input) -> Option<Value> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b[01]\s+to\s+(?:one\s+more\s+than\s+)?the\s+(?:\w+\s+)?(?:number|count)\s+of\b",
        )
    });
    let is_whole = input.shape.kind == ShapeKind::Integer;
    let value = json!(9999);
    let is_meant = is_whole && COUNT.is_match(&input.description);
    (is_meant && is_documented(&input.shape, &value)).then_some(value)
}

#[cfg(test)]
mod tests;
