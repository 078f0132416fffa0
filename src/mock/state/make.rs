//! Ids and times of new things, in the notation that the examples show.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::Turn;
use super::collections::Collection;
use super::view::member;
use crate::mock::words;
use crate::model::shape::{Shape, ShapeKind};

/// An id that looks like one that is shown; `number` tells it from all others.
///
/// What stands before the last `_` or `-` is kept, letters become letters, and digits digits.
pub(in crate::mock) fn id(shown: &Value, number: u64) -> Value {
    let Value::String(shown) = shown else {
        return shown.clone();
    };
    let seed = words::hash(words::mix(words::SEED, number), shown);
    let is_uuid = shown.len() == 36 && shown.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let kept = match shown.rfind(['_', '-']) {
        Some(at) if !is_uuid && at + 1 < shown.len() => at + 1,
        _ => 0,
    };
    let is_hex = is_uuid || is_hex(shown.get(kept..).unwrap_or_default());
    let mut made = String::with_capacity(shown.len());
    let mut bits = seed;
    for (at, letter) in shown.char_indices() {
        bits = words::hash(bits, "letter");
        let pick = |letters: &str| {
            let count = letters.len() as u64;
            let at = usize::try_from((bits >> 16) % count).unwrap_or_default();
            char::from(letters.as_bytes().get(at).copied().unwrap_or(b'0'))
        };
        made.push(match letter {
            _ if at < kept => letter,
            // The version and the variant of a UUID.
            _ if is_uuid && (at == 14 || at == 19) => letter,
            'a'..='f' | '0'..='9' if is_hex => pick("0123456789abcdef"),
            'A'..='F' if is_hex => pick("0123456789ABCDEF"),
            // A number must not begin with a zero.
            '0'..='9' if at == kept => pick("123456789"),
            '0'..='9' => pick("0123456789"),
            'a'..='z' => pick("abcdefghjkmnpqrstuvwxyz"),
            'A'..='Z' => pick("ABCDEFGHJKMNPQRSTUVWXYZ"),
            other => other,
        });
    }
    Value::from(made)
}

/// An id like the one that is shown that none of these is; `number` tells one round of tries from another.
pub(super) fn free(shown: &Value, taken: &[&Value], number: u64) -> Value {
    if shown.is_number() {
        let most = taken.iter().filter_map(|id| id.as_i64()).max();
        return Value::from(most.unwrap_or_default().saturating_add(1));
    }
    let texts = taken.iter().filter_map(|id| id.as_str());
    if let Some(id) = shown.as_str().and_then(|shown| counted(shown, texts)) {
        return id.into();
    }
    let tries = (1..=64).map(|round| id(shown, number.wrapping_mul(64).wrapping_add(round)));
    let mut free = tries.filter(|id| !taken.contains(&id));
    free.next().unwrap_or_else(|| shown.clone())
}

/// The slug of a new thing, where all examples make it of their names.
pub(super) fn slug(collection: &Collection, sent: &Map<String, Value>) -> Option<Value> {
    let is_slug = matches!(words::folded(&collection.key).as_str(), "slug" | "handle");
    let of = |text: &str| words::parts_of_text(text).join("-");
    let names = ["name", "title", "label"];
    let name = names.into_iter().find(|name| {
        let mut seeds = collection.seeds.iter();
        let is_made = |seed: &Map<String, Value>| {
            let made = seed.get(*name).and_then(Value::as_str).map(of);
            made.as_deref() == Some(collection.id(seed).as_str())
        };
        is_slug && !collection.seeds.is_empty() && seeds.all(is_made)
    })?;
    let slug = of(sent.get(name)?.as_str()?);
    (!slug.is_empty()).then(|| slug.into())
}

/// True for digits and letters that are too many to be hexadecimal by chance.
fn is_hex(text: &str) -> bool {
    let has = |of: fn(&u8) -> bool| text.bytes().any(|it| of(&it));
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let is_long = text.len() >= 16 || text.len() >= 8 && is_mixed;
    is_long && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// More digits than these are not counted up, unless they begin with a zero.
const COUNTED: usize = 3;

/// The next of ids that are counted, such as `usr_1`, `b7`, and `INV-000042`; none if the one that is shown is none.
pub(super) fn counted<'t>(shown: &str, taken: impl Iterator<Item = &'t str>) -> Option<String> {
    let digits = shown.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = shown.split_at_checked(shown.len() - digits)?;
    let is_number = digits > 0 && (digits <= COUNTED || number.starts_with('0') && digits < 12);
    let is_word = before.bytes().all(|it| it.is_ascii_alphabetic());
    if !is_number || !(is_word || before.ends_with(['_', '-'])) {
        return None;
    }
    let numbers = taken.filter_map(|id| id.strip_prefix(before)?.parse::<u64>().ok());
    let numbers = numbers.filter(|number| *number < 1_000_000_000_000);
    let last = numbers.chain(number.parse().ok()).max()?;
    Some(format!("{before}{:0digits$}", last + 1))
}

/// Sets what a new thing counts to nothing, where the example shows a thing that is there already: `member_count` of a
/// group, if no members are sent or shown beside it.
pub(super) fn count(
    thing: &mut Map<String, Value>,
    shown: &Map<String, Value>,
    collection: &Collection,
    told: &[String],
) {
    let id = shown.get(&collection.key);
    let mut seeds = collection.seeds.iter();
    if id.is_none() || !seeds.any(|seed| seed.get(&collection.key) == id) {
        return;
    }
    let nouns = |name: &str| match words::parts(name).split_last() {
        Some((last, rest)) if last == "count" && !rest.is_empty() => Some(rest.concat()),
        _ => None,
    };
    let lists = thing.iter().filter(|(_, value)| value.is_array());
    let lists: Vec<String> = lists.map(|(name, _)| words::folded(name)).collect();
    for (name, value) in thing.iter_mut().filter(|(_, value)| value.is_u64()) {
        let counted = nouns(name).filter(|_| !told.contains(name));
        let is_beside = |noun: &String| lists.iter().any(|list| list.starts_with(noun.as_str()));
        if counted.is_some_and(|noun| !is_beside(&noun)) {
            *value = 0.into();
        }
    }
}

/// Sets the times at which a thing was made, if it is new, and changed.
///
/// `now` counts milliseconds since 1970.
pub(super) fn stamp(thing: &mut Map<String, Value>, is_new: bool, now: u64) {
    for (name, value) in thing.iter_mut() {
        if is_change(name) || is_new && is_creation(name) {
            *value = time(value, now).unwrap_or_else(|| value.clone());
        } else if let ("attributes", Value::Object(inner)) = (name.as_str(), value) {
            stamp(inner, is_new, now);
        }
    }
}

/// Sets the times of a change that were not set before, in the notation that other examples show, or the type allows.
pub(super) fn set(thing: &mut Map<String, Value>, collection: &Collection, turn: &Turn<'_>) {
    let shape = turn.used.view.as_ref().and_then(|view| view.shape.as_ref());
    for (name, value) in thing.iter_mut() {
        if !value.is_null() || !is_change(name) {
            continue;
        }
        let shape = shape.and_then(|shape| member(shape, name));
        let shown = collection.set.get(name).cloned();
        let shown = shown.or_else(|| notation(shape?));
        *value = shown
            .and_then(|shown| time(&shown, turn.now))
            .unwrap_or(Value::Null);
    }
}

/// A time as values of a shape may have it.
fn notation(shape: &Shape) -> Option<Value> {
    match &shape.kind {
        ShapeKind::String => Some("2026-01-01T00:00:00Z".into()),
        ShapeKind::Integer | ShapeKind::Number => Some(1_767_225_600.into()),
        ShapeKind::Union(variants) => variants.iter().find_map(notation),
        _ => None,
    }
}

/// True for the name of the time at which a thing was made.
pub(super) fn is_creation(name: &str) -> bool {
    [
        "created",
        "createdat",
        "createdon",
        "creationdate",
        "datecreated",
        "createddate",
        "createdtime",
        "insertedat",
        "addedat",
        "joinedat",
        "placedat",
        "uploadedat",
        "registeredat",
        "sentat",
        "postedat",
        "requestedat",
        "submittedat",
        "createddatetime",
        "creationtime",
        "creado",
        "creadoen",
        "fechacreacion",
        "criadoem",
        "erstelltam",
    ]
    .contains(&words::folded(name).as_str())
}

/// True for the name of the time at which a thing was changed.
pub(super) fn is_change(name: &str) -> bool {
    [
        "updated",
        "updatedat",
        "updatedon",
        "modifiedat",
        "lastmodified",
        "lastupdated",
        "dateupdated",
        "updateddate",
        "modifieddate",
        "modifiedon",
        "datemodified",
        "lastmodifiedat",
        "lastupdatedat",
        "actualizadoen",
    ]
    .contains(&words::folded(name).as_str())
}

/// A time in the notation of another one; `None` if that is no time.
pub(super) fn time(shown: &Value, now: u64) -> Option<Value> {
    let milliseconds = i64::try_from(now).ok()?;
    if let Some(number) = shown.as_i64() {
        // Seconds have ten digits in this age, and milliseconds thirteen.
        let is_seconds = (100_000_000..100_000_000_000).contains(&number);
        return Some(
            if is_seconds {
                milliseconds / 1000
            } else {
                milliseconds
            }
            .into(),
        );
    }
    let shown = shown.as_str()?;
    let now = Timestamp::from_millisecond(milliseconds).ok()?;
    let zoned = now.to_zoned(TimeZone::UTC);
    if shown.parse::<Timestamp>().is_ok() {
        let fraction = shown.split_once('.').map_or(0, |(_, rest)| {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        });
        let separator = shown.chars().nth(10).unwrap_or('T');
        let zone = if shown.ends_with('Z') { "Z" } else { "+00:00" };
        let day = zoned.strftime("%Y-%m-%d");
        let digits = fraction.min(9);
        let time = zoned.strftime("%H:%M:%S").to_string();
        let mut text = format!("{day}{separator}{time}");
        if digits > 0 {
            let nanoseconds = format!("{:09}", zoned.subsec_nanosecond());
            text.push('.');
            text.push_str(nanoseconds.get(..digits)?);
        }
        text.push_str(zone);
        return Some(text.into());
    }
    let is_date = shown.len() == 10 && shown.parse::<jiff::civil::Date>().is_ok();
    if is_date {
        return Some(zoned.strftime("%Y-%m-%d").to_string().into());
    }
    let plain = shown.parse::<jiff::civil::DateTime>().ok()?;
    let _ = plain;
    let form = if shown.contains('T') {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    Some(zoned.strftime(form).to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_looks_like_the_one_that_is_shown() {
        let made = |shown: &str| id(&json!(shown), 1).as_str().unwrap().to_owned();
        let book = made("book_7Hq2");
        assert!(book.starts_with("book_") && book.len() == 9 && book != "book_7Hq2");
        let rest: Vec<char> = book.chars().skip(5).collect();
        assert!(rest[0].is_ascii_digit() && rest[1].is_ascii_uppercase());
        let uuid = made("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        assert!(uuid.get(14..15) == Some("4") && uuid.get(8..9) == Some("-"));
        assert!(!made("1042").starts_with('0'));
        assert_ne!(id(&json!("book_7Hq2"), 1), id(&json!("book_7Hq2"), 2));
    }

    #[test]
    fn times_have_the_notation_that_is_shown() {
        let now = 1_700_000_000_123;
        let stamped = |shown: Value| time(&shown, now);
        assert_eq!(
            stamped(json!("2026-02-11T09:24:00Z")),
            Some(json!("2023-11-14T22:13:20Z"))
        );
        assert_eq!(
            stamped(json!("2026-02-11T09:24:00.000Z")),
            Some(json!("2023-11-14T22:13:20.123Z"))
        );
        assert_eq!(
            stamped(json!("2026-02-11T09:24:00+02:00")),
            Some(json!("2023-11-14T22:13:20+00:00"))
        );
        assert_eq!(
            stamped(json!("2026-02-11 09:24:00")),
            Some(json!("2023-11-14 22:13:20"))
        );
        assert_eq!(stamped(json!("2026-02-11")), Some(json!("2023-11-14")));
        assert_eq!(stamped(json!(1_765_000_000)), Some(json!(1_700_000_000)));
        assert_eq!(
            stamped(json!(1_765_000_000_000_u64)),
            Some(json!(1_700_000_000_123_u64))
        );
        assert_eq!(stamped(json!("yesterday")), None);
    }
}
