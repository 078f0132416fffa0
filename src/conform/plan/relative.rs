//! What the text of an input promises about another one: "must not be below `salary_min`", "has to be after `starts_at`".

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::moment;
use crate::conform::pattern::pattern;

use super::input::{Input, Place};
use super::sample;
use super::value::{self, Fault};

/// The name of the other input, and how a value relates to that of the other one if it is one that is to be refused.
fn relation(input: &Input) -> Option<(String, Ordering)> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:must|has\ to|have\ to|needs\ to|may|can|cannot|should)\s*(?P<not>not\s+)?be\s+
            (?P<word>at\ least|at\ most|below|less\ than|lower\ than|smaller\ than|before|earlier\ than|above|greater\ than|more\ than|larger\ than|higher\ than|after|later\ than)
            \s+(?:or\ equal\ to\s+)?(?:the\s+)?(?:value\s+of\s+)?`(?P<other>\w+)`",
        )
    });
    let found = STATED.captures(&input.description)?;
    let whole = found.get(0)?;
    let is_not =
        found.name("not").is_some() || whole.as_str().to_ascii_lowercase().starts_with("cannot");
    let is_may = whole.as_str().to_ascii_lowercase();
    // "May be above `x`" allows, and refuses nothing.
    if !is_not && (is_may.starts_with("may") || is_may.starts_with("can")) {
        return None;
    }
    let word = found.name("word")?.as_str().to_ascii_lowercase();
    let is_small = [
        "below", "less", "lower", "smaller", "before", "earlier", "at most",
    ]
    .iter()
    .any(|small| word.starts_with(small));
    let refused = if is_small == is_not {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    Some((found.name("other")?.as_str().to_owned(), refused))
}

/// The name of the other input that has to have another value: "must differ from `from`".
fn different(input: &Input) -> Option<String> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:must|has to|have to|needs to)\s+(?:differ\s+from|be\s+(?:different\s+from|other\s+than|another\s+(?:one\s+)?than)|not\s+be\s+(?:the\s+same\s+as|equal\s+to))\s+(?:the\s+)?`(?P<other>\w+)`",
        )
    });
    let found = STATED.captures(&input.description)?;
    Some(found.name("other")?.as_str().to_owned())
}

/// The name of the list that a value has to be in: "one of the `sizes`".
fn list(input: &Input) -> Option<String> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|[.;:]\s*|\bmust be )(?:one of|an item of|a member of) (?:the |its |these )?`(?P<other>\w+)`",
        )
    });
    let found = STATED.captures(&input.description)?;
    Some(found.name("other")?.as_str().to_owned())
}

/// A value that is to be refused beside that of another input, and what is wrong with it; nothing if none is documented
/// otherwise.
pub(super) fn refused(
    input: &Input,
    inputs: &[Input],
    valued: impl Fn(&Input) -> Option<Value>,
) -> Option<(Value, Fault)> {
    let other = |name: &str| {
        let mut others = inputs.iter();
        let other = others.find(|it| it.place == input.place && it.name == name)?;
        let is_near = input.place != Place::Body
            || input.steps.split_last().map(|(_, way)| way)
                == other.steps.split_last().map(|(_, way)| way);
        is_near.then_some(other)
    };
    let found = if let Some(name) = different(input) {
        (valued(other(&name)?)?, Fault::Beside)
    } else if let Some((name, wanted)) = relation(input) {
        let beyond = moved(&valued(other(&name)?)?, wanted)?;
        (beyond, Fault::Beside)
    } else {
        let listed = valued(other(&list(input)?)?)?;
        let absent = Value::from("no-such-value");
        let is_absent = listed.as_array().is_some_and(|it| !it.contains(&absent));
        is_absent.then_some((absent, Fault::Beside))?
    };
    value::is_documented(&input.shape, &found.0).then_some(found)
}

/// A value on that side of another one.
pub(in crate::conform) fn moved(value: &Value, side: Ordering) -> Option<Value> {
    let step: i64 = if side == Ordering::Less { -1 } else { 1 };
    match value {
        Value::Number(number) if number.is_f64() => {
            let step = if step > 0 { 1.0 } else { -1.0 };
            serde_json::Number::from_f64(number.as_f64()? + step).map(Value::Number)
        }
        Value::Number(number) => Some(Value::from(number.as_i64()?.checked_add(step)?)),
        Value::String(text) => {
            if let Some((whole, digits)) = text.split_once('.')
                && let Ok(whole) = whole.parse::<i64>()
                && digits.chars().all(|c| c.is_ascii_digit())
            {
                return Some(Value::from(format!(
                    "{}.{digits}",
                    whole.checked_add(step)?
                )));
            }
            if let Ok(whole) = text.parse::<i64>() {
                return Some(Value::from(sample::plain(&Value::from(
                    whole.checked_add(step)?,
                ))));
            }
            let day = moment::moved(text, step)?.to_string();
            // The rest says the time of the day, and the offset.
            let rest = text.get(day.len()..)?;
            Some(Value::from(format!("{day}{rest}")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::input;
    use super::*;
    use crate::conform::tests::documentation;

    /// What is sent for `last`, given a value of `first`.
    fn sent(kind: &str, text: &str, first: &Value) -> Option<Value> {
        let page = format!(
            "---\ntitle: Stay\napi: POST /stays\n---\n\n<ParamField body=\"first\" type=\"{kind}\">\nFirst.\n</ParamField>\n\n<ParamField body=\"last\" type=\"{kind}\">\n{text}\n</ParamField>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        refused(&inputs[1], &inputs, |_| Some(first.clone())).map(|(value, _)| value)
    }

    #[test]
    fn what_has_to_be_on_one_side_of_another_is_sent_on_the_other() {
        let not_below = "Must not be below `first`.";
        assert_eq!(sent("integer", not_below, &json!(7)), Some(json!(6)));
        assert_eq!(
            sent("string", not_below, &json!("52000.00")),
            Some(json!("51999.00"))
        );
        let after = "Has to be after `first`.";
        assert_eq!(
            sent("string", after, &json!("2024-03-01")),
            Some(json!("2024-02-29"))
        );
        assert_eq!(
            sent("string", after, &json!("2024-03-01T10:00:00Z")),
            Some(json!("2024-02-29T10:00:00Z"))
        );
        assert_eq!(
            sent("integer", "Must be at most `first`.", &json!(7)),
            Some(json!(8))
        );
        assert_eq!(sent("integer", "May be above `first`.", &json!(7)), None);
        assert_eq!(
            sent("integer", "Must not be below `other`.", &json!(7)),
            None
        );
        assert_eq!(
            sent("string", "One of the `first`.", &json!(["a", "b"])),
            Some(json!("no-such-value"))
        );
        assert_eq!(sent("string", "One of the `first`.", &json!("a")), None);
    }
}
