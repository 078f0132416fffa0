//! What a formula gives for the members of an object.

use serde_json::Value;

use super::{Exception, Formula, Operand, Rounding, Sign, exception};
use crate::model::Field;

/// What a member of an object should be and what it is, if the formula of its field gives something else.
pub(crate) fn differs(
    formula: &Formula,
    field: &Field,
    object: &Value,
    member: &Value,
) -> Option<(String, String)> {
    if let Formula::Joined(names) = formula {
        let parts: Option<Vec<&str>> = names
            .iter()
            .map(|name| object.get(name)?.as_str())
            .collect();
        let (expected, observed) = (parts?.join(" "), member.as_str()?);
        let is_same = expected.trim() == observed.trim();
        return (!is_same).then(|| (expected, observed.to_owned()));
    }
    if let Formula::Same(name) = formula {
        let other = object.get(name)?;
        let is_scalar = |it: &Value| it.is_string() || it.is_number() || it.is_boolean();
        let is_told =
            is_scalar(other) && is_scalar(member) && exception(&field.description).is_none();
        let is_same = number(other).is_some() && number(other) == number(member) || other == member;
        return (is_told && !is_same).then(|| (plain(other), plain(member)));
    }
    let observed = number(member)?;
    let (expected, room) = value_of(formula, object, member)?;
    let room = match formula {
        // Half a unit is all that rounding to the nearest one may lead off.
        Formula::Share {
            rounding: Rounding::Nearest,
            ..
        } if !names_number(&field.description) => room,
        _ => room.max(stated_room(&field.description, member)),
    };
    let is_same = (expected - observed).abs() <= room;
    let is_excepted = || match exception(&field.description) {
        Some(Exception::Value(value)) => number(&value) == Some(observed),
        Some(Exception::Unknown) => true,
        None => false,
    };
    (!is_same && !is_excepted()).then(|| (shown(expected), plain(member)))
}

/// The value that a formula gives for a member of an object, in the notation that the member has; none if that is nothing
/// to count with.
pub(crate) fn given(formula: &Formula, object: &Value, member: &Value) -> Option<Value> {
    match formula {
        Formula::Same(name) => object.get(name).cloned(),
        Formula::Joined(names) => {
            let parts = names.iter().map(|name| object.get(name)?.as_str());
            let parts: Option<Vec<&str>> = parts.collect();
            Some(parts?.join(" ").into())
        }
        _ => {
            let Value::Number(shown) = member else {
                return None;
            };
            let (value, _) = value_of(formula, object, member)?;
            if value < 0.0 {
                return None;
            }
            if shown.is_f64() {
                let rounded = (value * 100.0).round() / 100.0;
                return serde_json::Number::from_f64(rounded).map(Value::Number);
            }
            let whole = format!("{:.0}", value.round());
            whole.parse::<i64>().ok().map(Value::from)
        }
    }
}

/// What a formula gives, and how far off rounding may lead.
fn value_of(formula: &Formula, object: &Value, member: &Value) -> Option<(f64, f64)> {
    match formula {
        Formula::Expression(operands) => {
            let value = evaluated(operands, object)?;
            Some((value, rounding(member, 1.0) + 1e-9 * value.abs()))
        }
        Formula::Sum { list, operands } => {
            let items = object.get(list)?.as_array()?;
            let values: Option<Vec<f64>> =
                items.iter().map(|item| evaluated(operands, item)).collect();
            let values = values?;
            let sum: f64 = values.iter().sum();
            let count = values.len().max(1);
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let room = rounding(member, count as f64);
            Some((sum, room + 1e-9 * sum.abs()))
        }
        Formula::Average { list, operands } => {
            let items = object.get(list)?.as_array()?;
            let values: Option<Vec<f64>> =
                items.iter().map(|item| evaluated(operands, item)).collect();
            let values = values.filter(|values| !values.is_empty())?;
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let count = values.len() as f64;
            // Some servers round, and some cut off.
            Some((values.iter().sum::<f64>() / count, last_place(member)))
        }
        Formula::Count { list } => {
            let items = object.get(list)?.as_array()?;
            #[expect(clippy::cast_precision_loss, reason = "arrays are short")]
            let count = items.len() as f64;
            Some((count, 0.0))
        }
        Formula::Words { text } => {
            let text = object.get(text)?.as_str()?;
            // What else is a word is a matter of taste.
            let is_plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '?' | '!');
            if !text.chars().all(is_plain) {
                return None;
            }
            let words = text.split_whitespace();
            let words = words.filter(|word| word.chars().any(char::is_alphabetic));
            #[expect(clippy::cast_precision_loss, reason = "texts are short")]
            let count = words.count() as f64;
            Some((count, 0.0))
        }
        Formula::Share { rate, of, rounding } => {
            let share = number(object.get(rate)?)? * evaluated(of, object)? / 100.0;
            let unit = last_place(member);
            let room = match rounding {
                Rounding::Nearest => unit / 2.0,
                Rounding::Other => unit,
            };
            Some((share, room + 1e-9 * share.abs().max(1.0)))
        }
        Formula::Joined(_) | Formula::Same(_) => None,
    }
}

/// The value of an expression, products before sums.
fn evaluated(operands: &[Operand], object: &Value) -> Option<f64> {
    let mut total = 0.0;
    let mut term = 0.0;
    let mut is_first = true;
    for operand in operands {
        let value = number(at(object, &operand.name)?)?;
        match operand.sign {
            _ if is_first => term = value,
            Sign::Times => term *= value,
            Sign::Over => term /= value,
            Sign::Plus => {
                total += term;
                term = value;
            }
            Sign::Minus => {
                total += term;
                term = -value;
            }
        }
        is_first = false;
    }
    Some(total + term).filter(|value| value.is_finite())
}

/// A number, also one that is written as text.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// How far rounding of each of so many values may lead; integers need none.
fn rounding(member: &Value, count: f64) -> f64 {
    match member {
        Value::Number(number) if !number.is_f64() => 0.0,
        _ => 0.011 * count,
    }
}

/// True if a text says with a number how something is rounded: "to 2 places", "to 0.05".
fn names_number(text: &str) -> bool {
    let behind = text.split_once("ound").map_or("", |(_, behind)| behind);
    behind.contains(|c: char| c.is_ascii_digit())
}

/// True for a share that is rounded to the nearest whole number.
pub(crate) fn is_rounded(formula: &Formula) -> bool {
    matches!(
        formula,
        Formula::Share {
            rounding: Rounding::Nearest,
            ..
        }
    )
}

/// What of a share is rounded to the nearest whole number: `0.75` for `12.75`. Nothing for other formulas.
pub(crate) fn left_over(formula: &Formula, object: &Value) -> Option<f64> {
    let Formula::Share {
        rounding: Rounding::Nearest,
        rate,
        of,
    } = formula
    else {
        return None;
    };
    let share = number(object.get(rate)?)? * evaluated(of, object)? / 100.0;
    Some(share.rem_euclid(1.0))
}

/// How far off the rounding may lead that a text states: "rounded to 0.05", "rounded".
fn stated_room(text: &str, member: &Value) -> f64 {
    let text = text.to_lowercase();
    let Some((_, behind)) = text.split_once("round") else {
        return 0.0;
    };
    let is_place = |c: char| c == '`' || c.is_whitespace();
    let mut words = behind.split(is_place).filter(|word| !word.is_empty());
    let step = words.by_ref().take(6).find_map(|word| {
        let number = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        number.parse::<f64>().ok()
    });
    // "Rounded to 2 places" names no step.
    let is_count = words.next().is_some_and(|word| {
        ["place", "digit", "decimal"]
            .iter()
            .any(|it| word.starts_with(it))
    });
    match step.filter(|step| *step > 0.0 && !is_count) {
        Some(step) => step,
        None => last_place(member),
    }
}

/// One unit of the last digit that is shown.
fn last_place(member: &Value) -> f64 {
    let text = plain(member);
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let digits = i32::try_from(digits.min(9)).unwrap_or(0);
    10_f64.powi(-digits)
}

/// What a way of names such as `address.city` leads to.
fn at<'v>(object: &'v Value, way: &str) -> Option<&'v Value> {
    object.get(way).or_else(|| {
        let mut names = way.split('.');
        names.try_fold(object, |value, name| value.get(name))
    })
}

/// A value as it is written, without quotes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A number as people write it.
fn shown(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}
