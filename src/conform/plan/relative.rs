//! What the text of an input promises about another one: "must not be below `salary_min`", "has to be after `starts_at`".

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::judge::moment;
use crate::conform::pattern::pattern;

use super::draft::Draft;
use super::input::{Input, Place};
use super::sample;
use super::value::{self, Fault};

/// The name of the other input, and how a value relates to that of the other one if it is one that is to be refused.
fn relation(input: &Input) -> Option<(String, Ordering)> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)(?:
              \b(?P<modal>must|has\ to|have\ to|needs\ to|may|can|cannot|should)\s*(?P<not>not\s+)?(?:(?:be|come|lie|fall|start|begin|end)\s+)?(?P<nor>no\s+)?
              | (?:^|[.;,(]\s*)(?P<bare>(?:dates?|days?|times?|value|number|and)\s+)?(?P<without>not\s+|no\s+|never\s+)?)
            (?P<word>at\ least|at\ most|on\ or\ after|on\ or\ before|below|less\ than|lower\ than|smaller\ than|before|earlier\ than|above|greater\ than|more\ than|larger\ than|higher\ than|bigger\ than|after|later\ than|precede|follow|exceed|≥|>=|≤|<=|>|<)
            \s*(?:or\ equal\ to\s+)?(?:the\s+)?(?:(?:value|date|day|time)\s+(?:of|in)\s+)?`(?P<other>\w+)`(?P<rest>[^.;,()]*)",
        )
    });
    let found = STATED.captures_iter(&input.description).find(|found| {
        // "After `paid_at` nothing can be changed" is about when, and "Earlier than `from`, and you get `400`" about what is
        // refused.
        let is_alone = found.name("rest").is_none_or(|it| is_end(it.as_str()));
        let rest = found
            .name("other")
            .and_then(|it| input.description.get(it.end()..));
        let rest = rest.and_then(|it| it.split(['.', ';']).next());
        let is_refusal = rest.is_some_and(is_of_refusal);
        found.name("modal").is_some() || is_alone && !is_refusal
    })?;
    let word = found.name("word")?.as_str().to_ascii_lowercase();
    let modal = found.name("modal").map_or("", |it| it.as_str());
    let modal = modal.to_ascii_lowercase();
    let is_verb = matches!(word.as_str(), "precede" | "follow" | "exceed");
    let has = |name: &str| found.name(name).is_some();
    let is_not = has("not") || has("nor") || has("without") || modal == "cannot";
    // "May be above `x`" allows, and refuses nothing.
    if !is_not && matches!(modal.as_str(), "may" | "can") || is_verb && modal.is_empty() {
        return None;
    }
    let small = [
        "below",
        "less",
        "lower",
        "smaller",
        "before",
        "earlier",
        "at most",
        "on or before",
        "precede",
        "≤",
        "<",
    ];
    let is_small = small.iter().any(|small| word.starts_with(small));
    let refused = if is_small == is_not {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    Some((found.name("other")?.as_str().to_owned(), refused))
}

/// True if the words behind a relation say that what is so is refused.
fn is_of_refusal(rest: &str) -> bool {
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:4\d\d|refus\w*|reject\w*|errors?|invalid|fails?|not\s+(?:allowed|accepted|permitted))\b",
        )
    });
    REFUSED.is_match(rest)
}

/// True if what stands behind the name of the other input adds nothing that the words before need.
fn is_end(rest: &str) -> bool {
    static END: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^\s*(?:$|(?:and|but|or)\b|if\b|when\b|by\b|where\b|\()"));
    END.is_match(rest)
}

/// How many days after the other input a value may be at most: "After `arrival`, max 60 nights".
fn most_days(text: &str) -> Option<i64> {
    static DAYS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:at\s+most|max(?:imum|\.)?(?:\s+of)?|up\s+to|(?:no|not)\s+more\s+than|within)\s+(?P<count>\d{1,4})\s+(?P<unit>nights?|days?|weeks?)(?P<rest>[^.;,]*)
            | \b(?P<behind>\d{1,4})\s+(?P<of>nights?|days?|weeks?)\s+(?:at\s+(?:the\s+)?most|later\s+at\s+most|max(?:imum)?)\b",
        )
    });
    let found = DAYS.captures(text)?;
    let rest = found.name("rest").map_or("", |it| it.as_str());
    let is_of_now = ["ahead", "advance", "now", "today", "future", "past", "ago"]
        .iter()
        .any(|word| rest.contains(word));
    let count = found.name("count").or_else(|| found.name("behind"))?;
    let unit = found.name("unit").or_else(|| found.name("of"))?;
    let count: i64 = count.as_str().parse().ok()?;
    let is_week = unit.as_str().to_ascii_lowercase().starts_with("week");
    (!is_of_now && count > 0).then_some(if is_week { count * 7 } else { count })
}

/// A day that is farther from that of another input than the text allows.
pub(super) fn too_far(
    input: &Input,
    inputs: &[Input],
    valued: impl Fn(&Input) -> Option<Value>,
) -> Option<(Value, Fault)> {
    let (name, refused) = relation(input)?;
    let days = most_days(&input.description).filter(|_| refused == Ordering::Less)?;
    let other = inputs
        .iter()
        .find(|it| it.place == input.place && it.name == name)?;
    let start = valued(other)?;
    let beyond = moved_by(start.as_str()?, days + 1)?;
    let shown = valued(input)?;
    let is_alike = moment::Moment::read(shown.as_str()?).is_some();
    let is_fit = is_alike && value::is_documented(&input.shape, &beyond);
    is_fit.then_some((beyond, Fault::Beside))
}

/// A day or a moment so many days later; what stands behind the day stays.
fn moved_by(text: &str, days: i64) -> Option<Value> {
    let day = moment::moved(text, days)?.to_string();
    let rest = text.get(day.len()..)?;
    Some(Value::from(format!("{day}{rest}")))
}

/// The name of the other input that has to have another value: "must differ from `from`", "any of these, but not the same
/// as `from`".
pub(in crate::conform) fn different(input: &Input) -> Option<String> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:must|has\ to|have\ to|needs\ to)\s+(?:differ\s+from|be\s+(?:different\s+from|other\s+than|another\s+(?:one\s+)?than)|not\s+be\s+(?:the\s+same\s+as|equal\s+to))\s+(?:the\s+)?`(?P<other>\w+)`
            | (?:^|[.;,(]\s*|\bbut\s+|\band\s+)(?:not\s+(?:the\s+same\s+as|equal\s+to)|other\s+than)\s+(?:the\s+)?`(?P<bare>\w+)`\s*(?:[.;)]|$)",
        )
    });
    let found = STATED.captures(&input.description)?;
    let other = found.name("other").or_else(|| found.name("bare"))?;
    Some(other.as_str().to_owned())
}

/// Gives an input another value where it has that of one from which it must differ. The inputs in `kept` stay as they are
/// if the other of the two can be changed; what has no other value is as in `base`.
pub(in crate::conform) fn tell_apart(
    inputs: &[Input],
    draft: &mut Draft,
    base: &Draft,
    kept: &[&Input],
) {
    for input in inputs.iter().filter(|it| it.place != Place::Path) {
        let Some(other) = different(input).and_then(|name| beside(input, inputs, &name)) else {
            continue;
        };
        let Some(value) = draft.value(input).filter(|it| !it.is_null()) else {
            continue;
        };
        if draft.value(other).as_ref() != Some(&value) {
            continue;
        }
        let is_kept = |it: &Input| {
            kept.iter().any(|kept| {
                std::ptr::eq(*kept, it) || kept.name == it.name && kept.place == it.place
            })
        };
        let changed = if is_kept(input) && !is_kept(other) && other.place != Place::Path {
            other
        } else {
            input
        };
        if let Some(another) = another(changed, &value) {
            draft.set(changed, Some(&another));
            continue;
        }
        for it in [changed, input, other] {
            let shown = base.value(it);
            if shown.as_ref() != Some(&value) && draft.set(it, shown.as_ref()) {
                break;
            }
        }
    }
}

/// A documented value other than that one.
fn another(input: &Input, value: &Value) -> Option<Value> {
    let mut accepted = value::accepted(input, Some(value)).into_iter();
    let listed = accepted.find(|it| it != value && !it.is_null());
    let longer = || Some(Value::from(format!("{}-2", value.as_str()?)));
    let is_listed = input.shape.constraints.allowed.is_some();
    let found = listed.or_else(|| longer().filter(|_| !is_listed))?;
    value::is_documented(&input.shape, &found).then_some(found)
}

/// The input of that name in the same object.
fn beside<'a>(input: &Input, inputs: &'a [Input], name: &str) -> Option<&'a Input> {
    let mut others = inputs.iter();
    let other = others.find(|it| it.place == input.place && it.name == name)?;
    let is_near = input.place != Place::Body
        || input.steps.split_last().map(|(_, way)| way)
            == other.steps.split_last().map(|(_, way)| way);
    is_near.then_some(other)
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
    let other = |name: &str| beside(input, inputs, name);
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
            moved_by(text, step)
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

    #[test]
    fn the_other_side_is_told_in_few_words_as_well() {
        for text in [
            "After `first`, max 60 nights.",
            "Date. After `first`.",
            "Last day, not before `first`.",
            "No earlier than `first`.",
            "Must come after `first`.",
            "Must follow `first`.",
            "Cannot precede `first`.",
            "On or after `first`.",
            "> `first`",
            "Must be no earlier than `first`.",
            "Must be after the date of `first`.",
        ] {
            let sent = sent("string", text, &json!("2024-03-01"));
            assert_eq!(sent, Some(json!("2024-02-29")), "{text}");
        }
        for text in [
            "Not after `first`.",
            "No later than `first`",
            "Must not exceed `first`.",
            "<= `first`",
        ] {
            let sent = sent("string", text, &json!("2024-03-01"));
            assert_eq!(sent, Some(json!("2024-03-02")), "{text}");
        }
        for text in [
            "After `first` nothing can be changed.",
            "The day after `first`.",
            "Set by the server after `first`.",
            "Earlier than `first` → `400`.",
            "Before `first` (refused with `422`).",
            "Earlier than `first`, and you get an error.",
            "Replaces `first`.",
        ] {
            assert_eq!(sent("string", text, &json!("2024-03-01")), None, "{text}");
        }
    }

    #[test]
    fn what_must_differ_from_another_input_is_sent_apart_from_it() {
        let page = "---\ntitle: Swap\napi: POST /swaps\n---\n\n<ParamField body=\"first\" type=\"string\">\nOne of `red`, `blue`.\n</ParamField>\n\n<ParamField body=\"last\" type=\"string\">\nOne of `red`, `blue`, but not the same as `first`.\n</ParamField>\n";
        let (_, documentation) = documentation("", &[page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        let valued = |_: &Input| Some(json!("red"));
        let same = refused(&inputs[1], &inputs, valued).map(|(value, _)| value);
        assert_eq!(same, Some(json!("red")));
        assert_eq!(another(&inputs[1], &json!("red")), Some(json!("blue")));
        for text in [
            "Can be other than `first`.",
            "Taken from an item other than `first`.",
            "Not the same as `first` was before.",
        ] {
            assert_eq!(sent("string", text, &json!("red")), None, "{text}");
        }
    }

    #[test]
    fn a_stay_may_have_a_longest() {
        for (text, days) in [
            ("After `first`, max 60 nights.", Some(60)),
            ("Up to 2 weeks.", Some(14)),
            ("Not more than 31 days after `first`.", Some(31)),
            ("31 days later at most", Some(31)),
            ("At most 90 days ahead.", None),
            ("Up to 5 items.", None),
        ] {
            assert_eq!(most_days(text), days, "{text}");
        }
    }
}
