//! What a field says that is counted, added up, or averaged over all things of a noun: "The sum of the amounts of its lines",
//! "Number of tasks that are not `done`", "Share of tasks that are done, in percent, rounded down". Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;

use crate::conform::judge::effect;

/// What a member of a thing is computed from: all things of a noun that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Total {
    what: What,
    /// Those that count, if not all do.
    filter: Option<Filter>,
    rounding: Rounding,
    /// True if the text says that it is 0 where there are none.
    is_zero_of_none: bool,
}

impl Total {
    /// True if things are only counted, all of them or those in a stage.
    pub(crate) fn is_count(&self) -> bool {
        self.what == What::Count
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// A member of each, added up; the one that holds an amount if none is named.
    Sum(Option<String>),
    Count,
    /// How many of all pass the filter: of 100, or of 1.
    Share(u8),
    /// A member of each, on average.
    Average(String),
    /// The greatest value of a member.
    Highest(String),
    /// The least value of a member.
    Lowest(String),
}

/// The things that count.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Filter {
    values: Vec<String>,
    is_not: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rounding {
    Down,
    Up,
    Nearest,
    Unsaid,
}

/// The total that a text states of things of a noun.
pub(crate) fn read(text: &str, noun: &str) -> Option<Total> {
    const OVER: &str = r"\s+(?:of|over|across|in|among|for)\s+";
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?(?:(?:sum|total)\s+of\s+(?:the\s+|all\s+)*|total\s+)`?(?P<what>\w+)`?{OVER}"
        ))
    });
    static SUM_OF_ALL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^(?:the\s+)?(?:sum|total)\s+of\s+"));
    static ADDED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+|all\s+)*`?(?P<what>\w+)`?{OVER}(?P<rest>[^.;]*?)\s*,?\s*(?:added\s+up|added\s+together|summed\s+up|summed|taken\s+together|together|in\s+total|in\s+all)\b"
        ))
    });
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^(?:the\s+)?(?:(?:total\s+)?(?:number|count)\s+of|how\s+many)\s+")
    });
    static SHARE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^(?:the\s+)?(?:share|percentage|percent|proportion|fraction)\s+of\s+")
    });
    static AVERAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?(?:average|mean)\s+(?:of\s+)?(?:the\s+|all\s+)*`?(?P<what>\w+)`?{OVER}"
        ))
    });
    static EXTREME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^(?:the\s+)?(?P<which>highest|largest|greatest|biggest|maximum|lowest|smallest|minimum)\s+`?(?P<what>\w+)`?{OVER}"
        ))
    });
    let text = text.trim();
    let member = |found: &regex::Captures<'_>| Some(found.name("what")?.as_str().to_owned());
    let behind = |found: &regex::Captures<'_>| {
        let end = found.get(0).map_or(0, |it| it.end());
        things(text.get(end..).unwrap_or_default(), noun)
    };
    let of = |what, filter| Total {
        what,
        filter,
        rounding: rounding(text),
        is_zero_of_none: is_zero_of_none(text),
    };
    if let Some(found) = SHARE.captures(text) {
        let filter = behind(&found)??;
        let lower = text.to_lowercase();
        let whole = if lower.contains("percent") || lower.contains('%') {
            100
        } else {
            1
        };
        return Some(of(What::Share(whole), Some(filter)));
    }
    if let Some(found) = COUNT.captures(text) {
        return Some(of(What::Count, behind(&found)?));
    }
    if let Some(found) = AVERAGE.captures(text) {
        return Some(of(What::Average(member(&found)?), behind(&found)?));
    }
    if let Some(found) = EXTREME.captures(text) {
        let which = found.name("which")?.as_str().to_lowercase();
        let is_low = ["lowest", "smallest", "minimum"].contains(&which.as_str());
        let member = member(&found)?;
        let what = if is_low {
            What::Lowest(member)
        } else {
            What::Highest(member)
        };
        return Some(of(what, behind(&found)?));
    }
    if let Some(found) = SUM.captures(text)
        && let Some(filter) = behind(&found)
    {
        return Some(of(What::Sum(member(&found)), filter));
    }
    if let Some(found) = SUM_OF_ALL.captures(text) {
        return Some(of(What::Sum(None), behind(&found)?));
    }
    let found = ADDED.captures(text)?;
    let filter = things(found.name("rest")?.as_str(), noun)?;
    Some(of(What::Sum(member(&found)), filter))
}

/// The things that words speak of, if they are of a noun: all of them, or those that pass a filter.
///
/// "Tasks", "all its open tasks", "tasks that are not `done`", "invoices whose `status` is `paid`".
#[expect(
    clippy::option_option,
    reason = "no things of that noun, all of them, or some"
)]
fn things(words: &str, noun: &str) -> Option<Option<Filter>> {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:(?:all|its|the|their|of|this|these|every|each)\s+)*(?P<first>`?[\w-]+`?)(?:\s+(?P<second>[\w-]+))?",
        )
    });
    let clause = words.split(['.', ';', '(']).next().unwrap_or_default();
    let found = START.captures(clause)?;
    let first = found.name("first")?;
    // "Number of the version" names one of them.
    let is_many = |word: &str| {
        let word = word.trim_matches('`');
        is_same(word, noun)
            && (letters(word) != noun || clause.contains("each") || clause.contains("every"))
    };
    if is_many(first.as_str()) {
        return rest(clause.get(first.end()..).unwrap_or_default(), None);
    }
    let second = found.name("second").filter(|it| is_many(it.as_str()))?;
    let value = first.as_str().trim_matches('`').to_lowercase();
    let filter = Filter {
        values: vec![value],
        is_not: false,
    };
    rest(clause.get(second.end()..).unwrap_or_default(), Some(filter))
}

/// What the words behind the noun narrow it to.
#[expect(clippy::option_option, reason = "as `things`")]
fn rest(words: &str, filter: Option<Filter>) -> Option<Option<Filter>> {
    const VALUES: &str =
        r"(?P<values>`?[\w-]+`?(?:(?:,\s*|\s+or\s+|\s+nor\s+)`?[\w-]+`?)*)\s*(?:[.,;)]|$)";
    static THAT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\s*,?\s*(?:(?:(?:that|which|who)\s+)?(?:are|is|were|have\s+been)|whose\s+`?(?:state|status|stage)`?\s+is)\s+(?P<not>not\s+|no\s+longer\s+|neither\s+)?(?:yet\s+|still\s+|already\s+|in\s+state\s+)?{VALUES}"
        ))
    });
    static WITH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\s*(?:in|with)\s+(?:the\s+)?(?:state|status|stage)\s+(?P<not>other\s+than\s+)?{VALUES}"
        ))
    });
    // What else narrows them is not read.
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:that|which|who|whose|with|without|except|only|if|not|open|active|paid|excluding|including|plus|minus|times|since|within|last|per|still)\b",
        )
    });
    if let Some(found) = THAT.captures(words).or_else(|| WITH.captures(words)) {
        let values = found.name("values")?.as_str();
        let values = values.split([',', ' ']).filter(|it| !it.is_empty());
        let values = values.filter(|it| !["or", "nor"].contains(it));
        let values = values.map(|it| it.trim_matches('`').to_lowercase());
        let new = Filter {
            values: values.collect(),
            is_not: found.name("not").is_some(),
        };
        return filter.is_none().then_some(Some(new));
    }
    (!SOME.is_match(words)).then_some(filter)
}

fn rounding(text: &str) -> Rounding {
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // "Halves are rounded up" is what becomes of those alone.
    if has(&[
        "halves",
        "half up",
        "half down",
        "half away",
        "half to",
        "half even",
    ]) {
        Rounding::Nearest
    } else if has(&["rounded down", "cut off", "truncated", "rounding down"]) {
        Rounding::Down
    } else if has(&["rounded up", "rounding up"]) {
        Rounding::Up
    } else if has(&["rounded"]) {
        Rounding::Nearest
    } else {
        Rounding::Unsaid
    }
}

fn is_zero_of_none(text: &str) -> bool {
    static ZERO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`?\b0(?:\.0+)?`?\s+(?:if|when|while|as\s+long\s+as|for)\s+(?:there\s+(?:are|is)\s+(?:no|none)|it\s+has\s+(?:no|none)|(?:a|an)\s+(?:empty|\w+\s+without)|no\b|none\b)",
        )
    });
    ZERO.is_match(text)
}

/// What a total is over the items, and how far off rounding may lead. Nothing if it cannot be told.
///
/// `documented` are the values that pages document for a member of the items; `shown` is what the server says.
pub(crate) fn value(
    total: &Total,
    items: &[Value],
    shown: &Value,
    documented: impl Fn(&str) -> Option<Vec<String>>,
) -> Option<(f64, f64)> {
    let counted: Vec<&Value> = match &total.filter {
        None => items.iter().collect(),
        Some(_) if items.is_empty() => Vec::new(),
        Some(filter) => passing(filter, items, documented)?,
    };
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    let (count, all) = (counted.len() as f64, items.len() as f64);
    match &total.what {
        What::Count => Some((count, 0.0)),
        What::Sum(_) if counted.is_empty() => Some((0.0, 0.0)),
        What::Sum(word) => {
            let numbers = numbers(&counted, word.as_deref())?;
            Some((numbers.iter().sum(), 0.011 * count))
        }
        What::Share(_) | What::Average(_) if items.is_empty() => {
            total.is_zero_of_none.then_some((0.0, 0.0))
        }
        What::Share(whole) => Some(rounded(total, f64::from(*whole) * count / all, shown)),
        What::Average(word) => {
            let numbers = numbers(&counted, Some(word))?;
            if numbers.is_empty() {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "lists are short")]
            let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
            Some(rounded(total, mean, shown))
        }
        What::Highest(word) => {
            let numbers = numbers(&counted, Some(word))?;
            Some((numbers.into_iter().reduce(f64::max)?, 1e-9))
        }
        What::Lowest(word) => {
            let numbers = numbers(&counted, Some(word))?;
            Some((numbers.into_iter().reduce(f64::min)?, 1e-9))
        }
    }
}

/// A value as the server may round it, and how far off that may be.
fn rounded(total: &Total, value: f64, shown: &Value) -> (f64, f64) {
    let text = match shown {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let unit = 10_f64.powi(-i32::try_from(digits.min(9)).unwrap_or(0));
    let at = |round: fn(f64) -> f64| round(value / unit + 1e-9) * unit;
    match total.rounding {
        Rounding::Down => (at(f64::floor), unit * 1e-3),
        Rounding::Up => ((value / unit - 1e-9).ceil() * unit, unit * 1e-3),
        // Halves go either way.
        Rounding::Nearest => (value, unit * 0.5001),
        Rounding::Unsaid => (value, unit),
    }
}

/// The items that pass a filter, by the member that has such values.
fn passing<'v>(
    filter: &Filter,
    items: &'v [Value],
    documented: impl Fn(&str) -> Option<Vec<String>>,
) -> Option<Vec<&'v Value>> {
    let members = items.first()?.as_object()?;
    let is_documented = |name: &str| {
        let values = documented(name).unwrap_or_default();
        let mut wanted = filter.values.iter();
        wanted.all(|value| values.iter().any(|it| it.eq_ignore_ascii_case(value)))
    };
    let mut texts = members
        .iter()
        .filter(|(name, value)| value.is_string() && is_documented(name));
    if let Some((name, _)) = texts.next() {
        let passes = |item: &&Value| {
            let value = item.get(name).and_then(Value::as_str).unwrap_or_default();
            let is_it = filter
                .values
                .iter()
                .any(|it| it.eq_ignore_ascii_case(value));
            is_it != filter.is_not
        };
        return texts
            .next()
            .is_none()
            .then(|| items.iter().filter(passes).collect());
    }
    let [value] = filter.values.as_slice() else {
        return None;
    };
    let wanted = letters(value);
    let mut truths = members.iter().filter(|(name, value)| {
        let name = letters(name);
        value.is_boolean() && (name == wanted || name.strip_prefix("is") == Some(&wanted))
    });
    let (name, _) = truths.next()?;
    let passes =
        |item: &&Value| (item.get(name).and_then(Value::as_bool) == Some(true)) != filter.is_not;
    Some(items.iter().filter(passes).collect())
}

/// The numbers of a member of the items; those without one are left out.
fn numbers(items: &[&Value], word: Option<&str>) -> Option<Vec<f64>> {
    const AMOUNTS: &[&str] = &[
        "amount", "total", "value", "sum", "price", "cost", "points", "minutes", "hours",
        "quantity", "delta", "change",
    ];
    let first = items.first()?.as_object()?;
    let name = match word {
        Some(word) => {
            let mut names = first.keys().filter(|name| is_same(name, word));
            names.next().filter(|_| names.next().is_none())?
        }
        None => AMOUNTS
            .iter()
            .find_map(|wanted| first.keys().find(|name| letters(name) == *wanted))?,
    };
    let values = items.iter().map(|item| effect::at(item, name));
    let present = values.flatten().filter(|value| !value.is_null());
    present.map(number).collect()
}

/// A number, also one that is written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// True for a word and its plural.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let single = |text: &str| {
        let text = letters(text);
        match text.strip_suffix("ies") {
            Some(stem) if stem.len() > 2 => format!("{stem}y"),
            _ => text.strip_suffix('s').map(str::to_owned).unwrap_or(text),
        }
    };
    single(one) == single(other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn items() -> Vec<Value> {
        vec![
            json!({"state": "todo", "estimate": 2.5, "urgent": true}),
            json!({"state": "doing", "estimate": null, "urgent": false}),
            json!({"state": "done", "estimate": 4, "urgent": false}),
        ]
    }

    /// What a text says of three tasks.
    fn of(text: &str) -> Option<f64> {
        let documented = |name: &str| {
            let values = ["todo", "doing", "done"].map(str::to_owned);
            (name == "state").then(|| values.to_vec())
        };
        let total = read(text, "task")?;
        value(&total, &items(), &json!(0), documented).map(|(value, _)| value)
    }

    #[test]
    fn words_state_totals_of_what_belongs_to_a_thing() {
        assert_eq!(of("The sum of the estimates of its tasks."), Some(6.5));
        assert_eq!(of("Sum of the `estimate` of all tasks."), Some(6.5));
        assert_eq!(
            of("The estimates of all tasks added up; tasks without one count as 0."),
            Some(6.5)
        );
        assert_eq!(of("Total estimate of all tasks."), Some(6.5));
        assert_eq!(of("The number of tasks of the project."), Some(3.0));
        assert_eq!(of("How many tasks it has."), Some(3.0));
        assert_eq!(of("Number of tasks, subtasks included."), Some(3.0));
        assert_eq!(of("The number of projects."), None);
        assert_eq!(of("Number of the current task."), None);
    }

    #[test]
    fn words_say_which_of_them_count() {
        assert_eq!(of("Number of tasks that are not `done`."), Some(2.0));
        assert_eq!(of("Number of tasks that are done."), Some(1.0));
        assert_eq!(of("How many tasks are `done`."), Some(1.0));
        assert_eq!(of("Number of `todo` tasks."), Some(1.0));
        assert_eq!(
            of("How many tasks whose `state` is `todo` or `doing`."),
            Some(2.0)
        );
        assert_eq!(of("Number of tasks with the state `done`."), Some(1.0));
        assert_eq!(of("Number of urgent tasks."), Some(1.0));
        assert_eq!(of("Number of tasks that are overdue."), None);
        assert_eq!(of("The number of tasks created since Monday."), None);
    }

    #[test]
    fn shares_and_averages_are_rounded_as_the_words_say() {
        assert_eq!(
            of("Share of tasks that are done, in percent, rounded down."),
            Some(33.0)
        );
        assert_eq!(
            of("Average `estimate` of all tasks, rounded up."),
            Some(4.0)
        );
        let halves =
            "Mean of the `estimate` of all tasks, rounded to one decimal (halves are rounded up).";
        assert!(of(halves).is_some_and(|it| it < 4.0), "{:?}", of(halves));
        assert_eq!(of("The highest estimate of its tasks."), Some(4.0));
        let empty = |text: &str| {
            let total = read(text, "task")?;
            value(&total, &[], &json!(0), |_| None).map(|(value, _)| value)
        };
        let share = "Percentage of tasks that are done";
        assert_eq!(
            empty(&format!("{share}. `0` if there are no tasks.")),
            Some(0.0)
        );
        assert_eq!(empty(share), None);
        assert_eq!(empty("Number of tasks that are not `done`."), Some(0.0));
    }
}
