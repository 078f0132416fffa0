//! Values that the text of an input forbids and its shape knows nothing of: a day in the past, one decimal too many, the
//! same item twice.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::conform::pattern::pattern;
use crate::model::shape::ShapeKind;

use super::input::{Input, Place};
use super::value::{Fault, Refused, is_documented, number};

/// The values, each for another sentence.
pub(super) fn refused(input: &Input, base: Option<&Value>) -> Vec<Refused> {
    let mut values = Vec::from(outside_amounts(input, base));
    values.extend(none_of_several(input));
    values.extend([
        excepted(input),
        coarser(input, base),
        out_of_time(input, base),
        too_fine(input, base),
        in_parts(input, base),
        twice(input, base),
        beyond_count(input),
        of_another_start(input, base),
        in_other_letters(input, base),
    ]);
    let refused = values.into_iter().flatten().map(|value| Refused {
        value,
        fault: Fault::Beside,
        evidence: None,
    });
    refused.collect()
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

/// A day or a moment on the wrong side of now: "must not be in the past".
fn out_of_time(input: &Input, base: Option<&Value>) -> Option<Value> {
    static FUTURE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:must|may|can|should)\ ?not|can['’]t|never)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+past\b
            | \b(?:must|has\ to|have\ to|needs\ to)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+future\b
            | \b(?:must|has\ to|needs\ to)\s+be\s+a\s+future\b | \b(?:today|tomorrow|now)\s+or\s+later\b
            | \bnot\s+(?:be\s+)?(?:before|earlier\s+than)\s+today\b",
        )
    });
    static PAST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:(?:must|may|can|should)\ ?not|can['’]t|never)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+future\b
            | \b(?:must|has\ to|have\ to|needs\ to)\s+(?:be|lie)\s+(?:(?:a\s+)?(?:date|day|time)\s+)?in\s+the\s+past\b
            | \b(?:today|now)\s+or\s+earlier\b | \bnot\s+(?:be\s+)?(?:after|later\s+than)\s+today\b",
        )
    });
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\d{4}-\d{2}-\d{2}(?P<time>T\d{2}:\d{2}.*)?$"));
    let (is_future, is_past) = (
        FUTURE.is_match(&input.description),
        PAST.is_match(&input.description),
    );
    let shown = DATE.captures(base?.as_str()?)?;
    let day = match (is_future, is_past) {
        (true, false) => "2001-02-03",
        (false, true) => "2999-02-03",
        _ => return None,
    };
    let time = shown.name("time").map_or("", |time| time.as_str());
    let value = json!(format!("{day}{time}"));
    is_documented(&input.shape, &value).then_some(value)
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

/// An item in capitals where the text gives each small letters alone: "Each has 1 to 30 lower-case letters or digits."
fn in_other_letters(input: &Input, base: Option<&Value>) -> Option<Value> {
    static SMALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\beach\b[^.;]*\b(?:(?:lower-?\s?case|small)\s+(?:ascii\s+|latin\s+)?letters|`a-z`)",
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
mod tests {
    use crate::conform::bindings::Bindings;
    use crate::conform::plan::Variant;
    use crate::conform::tests::{documentation, planned};

    use super::*;

    /// The values that are sent against the text of a field, beside an example.
    fn against(kind: &str, text: &str, shown: &str) -> Vec<Value> {
        let page = format!(
            "---\napi: POST https://api.example.com/things\n---\n\n<ParamField body=\"it\" type=\"{kind}\">{text}</ParamField>\n\n<RequestExample>\n```bash\ncurl https://api.example.com/things -H 'Content-Type: application/json' -d '{{\"it\": {shown}}}'\n```\n</RequestExample>\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let plan = planned(&documentation, &Bindings::default());
        let items = plan.items.iter();
        let values = items.filter_map(|item| match &item.variant {
            Variant::Invalid(_, value, Fault::Beside, _) => Some(value.clone()),
            _ => None,
        });
        values.collect()
    }

    #[test]
    fn days_are_sent_on_the_wrong_side_of_now() {
        let day = |text: &str| against("string", text, "\"2031-05-02\"");
        assert_eq!(
            day("Must not be in the past; today is fine."),
            ["2001-02-03"]
        );
        assert_eq!(day("Has to be in the future."), ["2001-02-03"]);
        assert_eq!(day("Cannot be in the future."), ["2999-02-03"]);
        assert!(day("May be in the past.").is_empty());
        let moment = against(
            "string",
            "Must be in the future.",
            "\"2031-05-02T08:00:00Z\"",
        );
        assert_eq!(moment, ["2001-02-03T08:00:00Z"]);
    }

    #[test]
    fn numbers_are_sent_with_more_decimals_than_are_allowed() {
        let price = |text: &str| against("number", text, "8.5");
        assert_eq!(price("With no more than two decimals."), [json!(8.125)]);
        assert_eq!(price("At most 1 decimal place."), [json!(8.25)]);
        assert!(price("In euros, such as 8.50.").is_empty());
        let count = against("number", "A whole number.", "3");
        assert_eq!(count, [json!(3.5)]);
    }

    #[test]
    fn items_are_sent_twice() {
        let tags = |text: &str| against("string[]", text, "[\"a\", \"b\"]");
        assert_eq!(
            tags("At least one, and none of them twice."),
            [json!(["a", "a"])]
        );
        assert_eq!(tags("Without duplicates."), [json!(["a", "a"])]);
        assert_eq!(tags("Each at most once."), [json!(["a", "a"])]);
        assert!(tags("No duplicates: those are removed.").is_empty());
        assert!(tags("Twice as many as before.").is_empty());
    }

    #[test]
    fn items_are_sent_in_other_letters() {
        let tags = |text: &str| against("string[]", text, "[\"vat\", \"new\"]");
        assert_eq!(
            tags("Up to 10. Each has 1 to 30 lower-case letters, digits or hyphens."),
            [json!(["VAT"])]
        );
        assert_eq!(
            tags("Each tag consists of lowercase letters (`a`-`z`) and digits."),
            [json!(["VAT"])]
        );
        assert!(tags("Each is stored in lower-case letters; others are converted.").is_empty());
        assert!(tags("Each needs at least two lower-case letters.").is_empty());
        assert!(tags("Up to 10 tags.").is_empty());
    }

    #[test]
    fn amounts_in_texts_are_sent_beyond_their_ends() {
        let amount = |text: &str| against("string", text, "\"25.00\"");
        assert_eq!(amount("From `0.01` to `10000.00`."), ["0.00", "10000.01"]);
        assert_eq!(
            amount("An amount from `0.00` to `50.00`."),
            ["-0.01", "50.01"]
        );
        assert!(amount("About `10.00`.").is_empty());
    }

    #[test]
    fn amounts_in_texts_are_sent_with_a_digit_less() {
        let amount = |text: &str| against("string", text, "\"25.50\"");
        assert_eq!(amount("With two digits after the point."), ["25.5"]);
        assert_eq!(amount("Exactly 2 decimals."), ["25.5"]);
        assert!(amount("At most two decimals.").is_empty());
        assert!(amount("With three decimals.").is_empty());
    }

    #[test]
    fn nothing_is_sent_where_more_than_nothing_is_asked_for() {
        let hours = |text: &str| against("number", text, "2.5");
        assert_eq!(hours("Hours: more than 0 and at most 40."), [json!(0)]);
        assert_eq!(hours("Must be greater than zero."), [json!(0)]);
        assert!(hours("If more than 0, it is shown.").is_empty());
    }

    #[test]
    fn texts_are_sent_with_another_start() {
        let url = |text: &str| against("string", text, "\"https://a.example.com\"");
        assert_eq!(
            url("Has to begin with `https://`."),
            ["http://a.example.com"]
        );
        assert!(url("Begins with `https://`.").is_empty());
    }
}
