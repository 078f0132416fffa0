//! Values that an input is documented to take, and values that it is documented not to take.
//!
//! Every value is held against `model::shape` before it is used, so that nothing is sent as valid or as invalid that the
//! pages see in another way.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::bindings::Bindings;
use crate::conform::pattern::pattern;
use crate::conform::said::normal::Normal;
use crate::conform::said::tolerant;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::Format;
use crate::model::{Evidence, Origin, json};

use super::clock;
use super::input::{Input, Place};
use super::joined;
use super::lengths::{LONGEST, lengths, of_length};
use super::misnoted::{misjoined, misnoted};
use super::sample;
use super::shown::Shown;
use super::worded;

/// A value that is documented not to be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// What is sent.
    pub value: Value,
    /// What is wrong with it.
    pub fault: Fault,
    /// Where the docs say so.
    pub evidence: Option<Evidence>,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Another type.
    Type,
    /// Not one of the documented values.
    Outside,
    /// Too small, too great, too short, or too long.
    Limit,
    /// Another notation.
    Format,
    /// Against what the text says of it: on the wrong side of another input, none of its items, or taken out of a range.
    Beside,
}

impl Fault {
    /// How people call it.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Type => "wrong type",
            Self::Outside => "value outside the set",
            Self::Limit => "beyond the limit",
            Self::Format => "wrong notation",
            Self::Beside => "against the text",
        }
    }
}

/// The values that the docs single out: each allowed one, both truths, and the ends of each range.
pub fn accepted(input: &Input, base: Option<&Value>) -> Vec<Value> {
    let mut values = Vec::new();
    let constraints = &input.shape.constraints;
    if let Some(allowed) = &constraints.allowed {
        values.extend(allowed.value.iter().filter(|it| !it.is_null()).cloned());
    } else {
        match &input.shape.kind {
            ShapeKind::Boolean => values.extend([json!(true), json!(false)]),
            ShapeKind::Integer | ShapeKind::Number => values.extend(ends(&input.shape)),
            ShapeKind::Array(items) => {
                let allowed = items.constraints.allowed.as_ref();
                values.extend(allowed.map(|allowed| Value::Array(allowed.value.clone())));
                if takes_any_text(input, base) && !tolerant::counts_more(&input.description) {
                    values.extend(as_many(&input.shape, items));
                }
                values.extend(repeated(input, base));
                values.extend(turned(input, base));
            }
            ShapeKind::String if is_address(input) => values.extend(turned(input, base)),
            ShapeKind::String
                if input.is_free_text() && !input.is_reference() && !input.is_key_of_request() =>
            {
                let text = base.and_then(Value::as_str).unwrap_or("string");
                let is_body = input.place == Place::Body;
                values.extend(lengths(&input.shape, text, is_body));
                let normal = Normal::of(&input.description);
                let shown = base.and_then(Value::as_str).filter(|it| it.is_ascii());
                let probe = normal.and_then(|it| it.probe(shown?));
                values.extend(probe.map(Value::from));
            }
            _ => {}
        }
    }
    let any = json!("*");
    if input.is_any_version(&any) {
        values.push(any);
    }
    values.retain(|value| is_documented(&input.shape, value) && Some(value) != base);
    values.dedup();
    values.extend(in_capitals(input));
    values
}

fn ends(shape: &Shape) -> Vec<Value> {
    let bounds = [&shape.constraints.minimum, &shape.constraints.maximum];
    let bounds = bounds.into_iter().flatten();
    bounds.filter_map(|bound| number(bound.value)).collect()
}

/// A number as an integer where it has no fraction.
pub(super) fn number(value: f64) -> Option<Value> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        format!("{value:.0}").parse::<i64>().ok().map(Value::from)
    } else {
        serde_json::Number::from_f64(value).map(Value::Number)
    }
}

/// The items of the example, and the first once more, where the text says that such are dropped.
fn repeated(input: &Input, base: Option<&Value>) -> Option<Value> {
    let items = base?.as_array()?;
    let first = items.first().filter(|it| it.is_string())?;
    let is_dropped = Normal::of(&input.description).is_some_and(|it| it.is_distinct);
    let again = items.iter().chain([first]).cloned();
    is_dropped.then(|| Value::Array(again.collect()))
}

/// The first documented value in capital letters, where the text says that case does not matter.
fn in_capitals(input: &Input) -> Option<Value> {
    let allowed = input.shape.constraints.allowed.as_ref()?;
    let first = allowed.value.first()?.as_str()?;
    let capitals = first.to_uppercase();
    let is_body = input.place == Place::Body && capitals != first;
    (is_body && tolerant::takes_any_case(&input.description)).then(|| Value::from(capitals))
}

/// The value of the example in letters, or with blanks, of which the text says that they are changed.
fn turned(input: &Input, base: Option<&Value>) -> Option<Value> {
    let normal = Normal::of(&input.description)?;
    let probe = |it: &Value| {
        let text = it.as_str().filter(|it| it.is_ascii())?;
        normal.probe(text).map(Value::from)
    };
    match base? {
        Value::Array(items) if !items.is_empty() => {
            let items: Option<Vec<Value>> = items.iter().map(probe).collect();
            items.map(Value::Array)
        }
        value => probe(value),
    }
}

/// True for the address of an e-mail that the sender chooses.
fn is_address(input: &Input) -> bool {
    let format = input.shape.constraints.format.as_ref();
    input.place == Place::Body && format.is_some_and(|it| it.value == Format::Email)
}

/// As few and as many texts as a list may have, each another one.
fn as_many(shape: &Shape, items: &Shape) -> Vec<Value> {
    let is_short = items.constraints.max_length.as_ref();
    let is_bounded = crate::model::shape::Constraints {
        max_length: None,
        ..(*items.constraints).clone()
    };
    let is_plain = items.kind == ShapeKind::String
        && is_bounded == crate::model::shape::Constraints::default()
        && is_short.is_none_or(|most| most.value >= 6);
    let constraints = &shape.constraints;
    let ends = [&constraints.min_length, &constraints.max_length];
    let ends = ends.into_iter().flatten().map(|it| it.value);
    let ends = ends.filter(|count| is_plain && (1..=20).contains(count));
    // Not in the order of the alphabet: what is sorted on the way shows.
    let texts = |count| {
        (1..=count)
            .rev()
            .map(|number| json!(format!("text{number}")))
    };
    ends.map(|count| Value::Array(texts(count).collect()))
        .collect()
}

/// Values that contradict what is documented, one for each way to do so.
///
/// In a form, as in a query, everything is text.
pub fn refused(input: &Input, base: Option<&Value>, is_json: bool) -> Vec<Refused> {
    let mut found = Vec::new();
    // Who takes a number in quotes takes any text, or tells them apart by the value.
    let quoted = in_quotes(input, base);
    let is_bounded =
        input.shape.constraints.minimum.is_some() || input.shape.constraints.maximum.is_some();
    found.extend(of_another_type(input, is_json).filter(|_| quoted.is_none() || !is_bounded));
    found.extend(quoted);
    found.extend(with_other_item(input, is_json));
    found.extend(without_quotes(input, base, is_json));
    found.extend(outside(input, is_json));
    found.extend(beyond(input, base));
    found.extend(misnoted(input, base));
    found.extend(misjoined(input, base));

    found.retain(|refused| !is_documented(&input.shape, &refused.value));
    // The shape knows nothing of these.
    found.extend(worded::refused(input, base));
    found
}

/// Texts stand for any type outside of a body, so that only numbers and truths can be told from them.
fn of_another_type(input: &Input, is_json: bool) -> Option<Refused> {
    let is_body = input.place == Place::Body && is_json;
    let value = match &input.shape.kind {
        ShapeKind::Integer | ShapeKind::Number => json!("not-a-number"),
        ShapeKind::Boolean => json!("not-a-boolean"),
        // What is none of a set, or in another notation, is sent as a text already.
        _ if input.shape.is_text() && has_other_fault(input) => return None,
        _ if input.shape.is_text() && is_body => json!({"not": "a string"}),
        ShapeKind::Array(_) if is_body => json!("not-an-array"),
        ShapeKind::Object { .. } | ShapeKind::Map(_) if is_body => json!("not-an-object"),
        _ => return None,
    };
    Some(Refused {
        value,
        fault: Fault::Type,
        evidence: input.shape.evidence,
    })
}

/// A list with an item of another type: who reads the list as a whole may trip over what is in it.
fn with_other_item(input: &Input, is_json: bool) -> Option<Refused> {
    let ShapeKind::Array(items) = &input.shape.kind else {
        return None;
    };
    let value = match &items.kind {
        _ if items.is_text() => json!([{"not": "a string"}]),
        ShapeKind::Integer | ShapeKind::Number => json!(["not-a-number"]),
        ShapeKind::Object { .. } => json!(["not-an-object"]),
        _ => return None,
    };
    (input.is_root_member() && is_json).then_some(Refused {
        value,
        fault: Fault::Type,
        evidence: input.shape.evidence,
    })
}

/// True for an object in the place of a text.
pub(super) fn is_object_for_text(input: &Input, refused: &Refused) -> bool {
    refused.fault == Fault::Type && refused.value.is_object() && input.shape.is_text()
}

/// True for a text that can be wrong in another way than by its type and its length.
fn has_other_fault(input: &Input) -> bool {
    let constraints = &input.shape.constraints;
    let is_of_set = constraints.allowed.is_some() && outside(input, true).is_some();
    is_of_set || misnoted(input, None).is_some()
}

/// A number that stands in quotes; servers that take it are many, so that this is a warning at most.
fn in_quotes(input: &Input, base: Option<&Value>) -> Option<Refused> {
    let is_number = matches!(input.shape.kind, ShapeKind::Integer | ShapeKind::Number);
    let shown = base.filter(|base| base.is_number())?;
    (is_number && input.place == Place::Body).then(|| Refused {
        value: json!(shown.to_string()),
        fault: Fault::Type,
        evidence: input.shape.evidence,
    })
}

/// An amount that is documented as a text, as a number.
fn without_quotes(input: &Input, base: Option<&Value>, is_json: bool) -> Option<Refused> {
    let text = base.and_then(Value::as_str)?;
    let (whole, part) = text.split_once('.')?;
    let is_amount = [whole.trim_start_matches('-'), part]
        .iter()
        .all(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    let is_text = input.shape.kind == ShapeKind::String && input.place == Place::Body && is_json;
    let value = number(text.parse().ok()?)?;
    (is_text && is_amount).then_some(Refused {
        value,
        fault: Fault::Type,
        evidence: input.shape.evidence,
    })
}

fn outside(input: &Input, is_json: bool) -> Option<Refused> {
    if let ShapeKind::Array(items) = &input.shape.kind {
        let allowed = items.constraints.allowed.as_ref()?;
        let is_text = allowed.value.iter().all(Value::is_string);
        return (is_text && is_json && input.place == Place::Body).then(|| Refused {
            value: json!(["no-such-value"]),
            fault: Fault::Outside,
            evidence: Some(allowed.evidence),
        });
    }
    let allowed = input.shape.constraints.allowed.as_ref()?;
    let numbers: Vec<i64> = allowed.value.iter().filter_map(Value::as_i64).collect();
    let value = match numbers.iter().max() {
        Some(most) if numbers.len() == allowed.value.len() => json!(most.saturating_add(7)),
        _ if allowed
            .value
            .iter()
            .all(|it| it.is_string() || it.is_null()) =>
        {
            json!(other_word(input, &allowed.value).unwrap_or("no-such-value"))
        }
        _ => return None,
    };
    Some(Refused {
        value,
        fault: Fault::Outside,
        evidence: Some(allowed.evidence),
    })
}

/// A word that is none of the allowed ones, and that the text says is reached in another way: "To set `closed`, use Close."
fn other_word<'i>(input: &'i Input, allowed: &[Value]) -> Option<&'i str> {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:^|[.;(]\s*)(?:to\s+(?:set|get|reach|make\s+it)\s+(?:it\s+)?(?:to\s+)?`(?P<first>\w+)`,?\s+(?:use|call|send)\b
            | `(?P<second>\w+)`\s+(?:cannot|can['’]t|must\s+not|may\s+not|is\s+only|can\s+only)\s+(?:be\s+)?(?:set|chosen|used|sent|reached)\b)",
        )
    });
    let found = ELSEWHERE.captures(&input.description)?;
    let word = found
        .name("first")
        .or_else(|| found.name("second"))?
        .as_str();
    (!allowed.iter().any(|it| it == word) && input.place == Place::Body).then_some(word)
}

fn beyond(input: &Input, base: Option<&Value>) -> Vec<Refused> {
    // What is brought into the range, and of what only some is counted, is not refused.
    let text = &input.description;
    if tolerant::brings_into_range(text) || tolerant::counts_some(text) {
        return Vec::new();
    }
    let constraints = &input.shape.constraints;
    let mut found = Vec::new();
    let mut add = |value: Option<Value>, evidence: Evidence| {
        if let Some(value) = value {
            found.push(Refused {
                value,
                fault: Fault::Limit,
                evidence: Some(evidence),
            });
        }
    };
    match &input.shape.kind {
        ShapeKind::Integer | ShapeKind::Number => {
            if let Some(least) = &constraints.minimum {
                add(number(least.value.floor() - 1.0), least.evidence);
            }
            if let Some(most) = &constraints.maximum {
                add(number(most.value.ceil() + 1.0), most.evidence);
            }
        }
        ShapeKind::String if constraints.allowed.is_none() => {
            let text = base.and_then(Value::as_str).unwrap_or("string");
            // A header without a value is none to many.
            let fewest = u64::from(input.place == Place::Header);
            if let Some(least) = constraints
                .min_length
                .as_ref()
                .filter(|it| it.value > fewest)
            {
                let value = of_length(text, least.value.min(LONGEST) - 1);
                add(Some(json!(value)), least.evidence);
            }
            let most = constraints.max_length.as_ref();
            if let Some(most) = most.filter(|it| it.value < LONGEST) {
                add(Some(json!(of_length(text, most.value + 1))), most.evidence);
            }
        }
        ShapeKind::Array(items) => {
            let item = base.and_then(|base| base.get(0)).cloned();
            if let (Some(most), Some(item)) = (&constraints.max_length, &item) {
                let count = usize::try_from(most.value).unwrap_or(usize::MAX);
                let many = (count <= 100).then(|| too_many(input, items, base, item, count + 1));
                add(many.flatten(), most.evidence);
            }
            if let (ShapeKind::String, Some(most)) =
                (&items.kind, items.constraints.max_length.as_ref())
            {
                let text = item.as_ref().and_then(Value::as_str).unwrap_or("string");
                let long = of_length(text, most.value.min(LONGEST) + 1);
                add(Some(json!([long])), most.evidence);
            }
            if let Some(least) = constraints.min_length.as_ref().filter(|it| it.value > 0) {
                let count = usize::try_from(least.value - 1).unwrap_or(usize::MAX);
                let fewer = item.filter(|_| count <= 100).map(|item| vec![item; count]);
                add(Some(json!(fewer.unwrap_or_default())), least.evidence);
            }
        }
        _ => {}
    }
    found
}

/// So many items, each another one where such can be made. The same one many times is a single one to some servers, and
/// nothing where the text speaks of items that are there twice.
fn too_many(
    input: &Input,
    items: &Shape,
    base: Option<&Value>,
    item: &Value,
    count: usize,
) -> Option<Value> {
    let numbered = |number: usize| match item {
        Value::String(text) if takes_any_text(input, base) => {
            Some(json!(format!("{text}{number}")))
        }
        Value::Number(first) => {
            let number = i64::try_from(number).ok()?;
            Some(json!(first.as_i64()?.checked_add(number)?))
        }
        _ => None,
    };
    let is_fitting = |it: &Value| is_documented(items, it);
    let others: Option<Vec<Value>> = (0..count)
        .map(|it| numbered(it).filter(is_fitting))
        .collect();
    if let Some(others) = others {
        return Some(Value::Array(others));
    }
    let is_of_each = !tolerant::speaks_of_repeats(&input.description);
    is_of_each.then(|| Value::Array(vec![item.clone(); count]))
}

/// True for a list of texts that are of no notation of their own, as far as its name, its words, and what is shown say: not
/// for locales, addresses, or names of events.
fn takes_any_text(input: &Input, base: Option<&Value>) -> bool {
    static OF_A_KIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[^a-z])(?:codes?|locales?|languages?|countr(?:y|ies)|currenc(?:y|ies)|time\s?zones?|addresses|e-?mails?|recipients?|urls?|uris?|links?|ids?|identifiers?|hosts?|hostnames?|domains?|dates?|phones?|hashes|scopes?|permissions?|events?|regions?|fields?|columns?|attendees?|members?|users?)(?:$|[^a-z])",
        )
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*|[A-Z0-9]{2,4}|.*[@/:.].*|[a-z]+_[A-Za-z0-9]*\d[A-Za-z0-9]*)$",
        )
    });
    let first = input
        .description
        .split(['.', ';'])
        .next()
        .unwrap_or_default();
    let shown = base.and_then(Value::as_array).into_iter().flatten();
    let mut shown = shown.filter_map(Value::as_str).peekable();
    let is_code = shown.peek().is_some() && shown.all(|it| CODE.is_match(it));
    !OF_A_KIND.is_match(&input.name) && !OF_A_KIND.is_match(first) && !is_code
}

/// A value for an input that a request does not have yet; none if only the server can know one.
pub fn made_up(input: &Input, bindings: &Bindings, shown: &Shown) -> Option<Value> {
    if let Some(bound) = bindings.value(&input.name) {
        return Some(json!(bound));
    }
    // Which version the server has is not known.
    if input.place == Place::Header && super::input::is_condition(&input.name) {
        return None;
    }
    if input.is_cursor() || input.is_reference() || input.is_key_of_request() || input.deprecated {
        return None;
    }
    // Which moments are near enough depends on the clock of the server.
    if clock::is_away(input) {
        return shown.value(input);
    }
    let allowed = accepted(input, input.default.as_ref());
    if let Some(first) = allowed.first() {
        return Some(first.clone());
    }
    if let Some(default) = &input.default {
        return Some(default.clone());
    }
    if let Some(shown) = shown.value(input) {
        return Some(shown);
    }
    if let Some(word) = joined::words(input).into_iter().next() {
        return Some(json!(word));
    }
    if let Some(day) = clock::day(input) {
        let is_written_so = shown.writes_days() || input.shape.constraints.format.is_some();
        return Some(json!(day)).filter(|it| is_written_so && is_documented(&input.shape, it));
    }
    // What is called a time is one of the day, or any other: only words or examples tell.
    let is_of_day = input.description.contains(':') || input.description.contains("of the day");
    let format = input.shape.constraints.format.as_ref();
    if format.is_some_and(|it| it.value == Format::Time) && !is_of_day {
        return None;
    }
    let value = if input.is_called_base64() && input.shape.kind == ShapeKind::String {
        json!("dGVzdA==")
    } else {
        sample::of_shape(&input.shape, &input.name, bindings).ok()?
    };
    is_documented(&input.shape, &value).then_some(value)
}

/// True if the docs say of the value itself, and not only of its type, that it is taken.
pub fn is_promised(input: &Input, value: &Value, shown: &Shown) -> bool {
    let constraints = &input.shape.constraints;
    // A list of what was made up is of the right kind, and no more is known of it.
    let is_stub = |it: &Value| it.as_str() == Some("string");
    let is_stub = match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_stub),
        _ => matches!(input.shape.kind, ShapeKind::Array(_)) && is_stub(value),
    };
    if is_stub && !shown.has(input, value) {
        return false;
    }
    let is_bounded = match input.shape.kind {
        ShapeKind::Boolean => true,
        ShapeKind::Integer | ShapeKind::Number => {
            constraints.minimum.is_some() || constraints.maximum.is_some()
        }
        _ => constraints.min_length.is_some() || constraints.max_length.is_some(),
    };
    is_bounded
        || input.is_any_version(value)
        || value.is_null()
        || constraints.allowed.is_some()
        || constraints.constant.is_some()
        || constraints.format.is_some()
        || input.default.as_ref() == Some(value)
        || matches!(
            input.shape.kind,
            ShapeKind::Array(_) | ShapeKind::Object { .. } | ShapeKind::Map(_)
        )
        || shown.has(input, value)
}

/// True if the shape takes the value; a value that is neither is nothing to insist on.
pub(crate) fn is_documented(shape: &Shape, value: &Value) -> bool {
    json::read_strict(value.to_string().as_bytes())
        .is_ok_and(|value| shape.mismatches(&value).is_empty())
}

/// True if the type of an input says that it may be `null`, or its text what for: "`null` removes it".
pub(super) fn takes_null(input: &Input) -> bool {
    static CLEARS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`null`\s+(?:to\s+)?(?:removes?|clears?|deletes?|unsets?|unassigns?|resets?)\b|\b(?:removed?|cleared?|deleted?|unset|unassign(?:ed)?)\s+(?:it\s+)?(?:with|by)\s+(?:sending\s+)?`null`",
        )
    });
    // "Set a key to `null` to remove it" is about what is in an object, and not about the object.
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:keys?|values?|entr(?:y|ies)|labels?|tags?|propert(?:y|ies)|members?|fields?|pairs?|single|individual|one)\b[^.;]*`null`|`null`[^.;]*\b(?:values?|keys?|entr(?:y|ies)|labels?|tags?|propert(?:y|ies)|members?|fields?|pairs?)\b",
        )
    });
    let holds = matches!(
        input.shape.kind,
        ShapeKind::Object { .. } | ShapeKind::Map(_)
    );
    let is_inside = holds && INSIDE.is_match(&input.description);
    let is_told = CLEARS.is_match(&input.description) && !is_inside;
    let stated = input.shape.nullable.as_ref();
    stated.is_some_and(|it| it.origin > Origin::Prose || is_told)
        && is_documented(&input.shape, &Value::Null)
}
