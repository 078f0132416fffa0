//! How long something lasts, as the request says: with `"hold_hours": 4` the answer ends four hours after it begins, where the
//! page shows the one beside the other. Pure.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::split;
use crate::conform::message::Answer;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::said::later;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Operation;
use crate::model::answer::subject;
use crate::model::curl::Body;
use crate::model::json::Json;

use super::computed::WRONG_COMPUTATION;
use super::moment::Moment;
use super::{Case, Seen, effect, sample_of};

/// Clocks and rounding differ by less, in seconds.
const ROOM: i64 = 5;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A span that an input sets.
struct Span {
    input: Input,
    /// The seconds of its unit.
    unit: i64,
    from: String,
    /// The names on the way, joined by dots.
    to: String,
    /// True if the text of the input names the end, or that of the end the input.
    is_told: bool,
}

/// How far two points in time are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Apart {
    Seconds(i64),
    /// The end is a day, which begins at another time in other places.
    Days(i64),
}

impl Apart {
    /// True if it is so many seconds.
    fn is(self, wanted: i64) -> bool {
        match self {
            Self::Seconds(seconds) => (seconds - wanted).abs() <= ROOM,
            Self::Days(days) => (days * DAY - wanted).abs() <= DAY,
        }
    }
}

/// Adds a finding for each span of an answer that is another one than was asked for.
pub(super) fn check(case: &Case<'_>, answer: &Answer, value: &Value, into: &mut Vec<Diagnostic>) {
    if case.operation.endpoint.value.method != "POST" || case.item.variant.is_refused() {
        return;
    }
    for span in spans(case.operation) {
        let sent = case.item.draft.value(&span.input);
        let count = sent.or_else(|| span.input.default.clone());
        let Some(count) = count.as_ref().and_then(Value::as_i64) else {
            continue;
        };
        let Some(apart) = apart(value, &span.from, &span.to) else {
            continue;
        };
        let Some(wanted) = count.checked_mul(span.unit) else {
            continue;
        };
        if apart.is(wanted) {
            continue;
        }
        let name = &span.input.name;
        let message = format!(
            "{} with `{name}` as {count} answers with a `{}` that is not that long after `{}`",
            case.operation.name(),
            span.to,
            span.from
        );
        let observed = object(value).and_then(|it| effect::at(it, &span.to));
        let seen = Seen {
            expected: format!("{wanted} seconds after `{}`", span.from),
            observed: observed.map(sample_of).unwrap_or_default(),
            ..Seen::default()
        };
        let finding = case.finding(&WRONG_COMPUTATION, span.input.span, &message, seen);
        let finding = finding.subject(subject(answer.status, &span.to));
        let severity = if span.is_told {
            Severity::Error
        } else {
            Severity::Warning
        };
        into.push(finding.label("documented here").severity(severity));
    }
}

/// The spans of an operation: the documented request has a number, and the answer beside it shows a span of that length.
fn spans(operation: &Operation) -> Vec<Span> {
    let Some(sent) = sent(operation) else {
        return Vec::new();
    };
    let shown: Vec<Value> = operation.shown_successes().map(Json::to_value).collect();
    let inputs = input::inputs(operation).into_iter();
    let inputs = inputs.filter(|it| it.place == Place::Body && it.is_root_member());
    let found = inputs.filter_map(|input| {
        let unit = unit(&input)?;
        let count = sent.get(&input.name).or(input.default.as_ref())?.as_i64()?;
        let wanted = count.checked_mul(unit).filter(|it| *it >= 0)?;
        let first = object(shown.first()?)?.as_object()?;
        let names = |text: &str, name: &str| text.contains(&format!("`{name}`"));
        let mut ends = ends(first).into_iter().filter_map(|to| {
            let last = to.rsplit('.').next().unwrap_or(&to);
            let by_end = described(operation, &to).is_some_and(|it| names(it, &input.name));
            let is_told = names(&input.description, last) || by_end;
            let is_alike = begins_alike(&input.name, last);
            (is_told || is_alike).then_some((is_told, to))
        });
        ends.find_map(|(is_told, to)| {
            let mut starts = first
                .keys()
                .filter(|from| is_birth(from) || names(&input.description, from));
            let is_shown = |from: &str| {
                let mut all = shown.iter();
                all.all(|it| apart(it, from, &to).is_some_and(|it| it.is(wanted)))
            };
            // That nothing is added shows where both are named alone.
            let is_telling = |from: &str| {
                wanted > 0
                    || is_told && names(&input.description, from) && names(&input.description, &to)
            };
            let from = starts.find(|from| **from != to && is_shown(from) && is_telling(from))?;
            Some(Span {
                input: input.clone(),
                unit,
                from: from.clone(),
                to,
                is_told,
            })
        })
    });
    found.collect()
}

/// The body of the documented request.
fn sent(operation: &Operation) -> Option<Value> {
    let mut commands = operation.request_examples.iter();
    commands.find_map(|it| match it.curl.as_ref()?.body.as_ref()? {
        Body::Raw(text) => serde_json::from_str(text.text()).ok(),
        _ => None,
    })
}

/// The seconds of the unit that an input counts in, by its name or by the one that its text speaks of.
fn unit(input: &Input) -> Option<i64> {
    let text = input.description.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut units: Vec<i64> = words.filter_map(later::seconds).collect();
    units.sort_unstable();
    units.dedup();
    later::unit_of(&input.name).or(match units.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// True if the words of two names begin alike: `expires_in` and `expires_at`, `hold_hours` and `held_until` do not.
fn begins_alike(one: &str, other: &str) -> bool {
    let first = |name: &str| split(name).into_iter().next();
    let words = (first(one), first(other));
    matches!(words, (Some(one), Some(other)) if one == other && one.len() > 3)
}

/// True for the name of the time at which something begins to be there.
fn is_birth(name: &str) -> bool {
    let name = letters(name);
    ["created", "issued", "inserted"]
        .iter()
        .any(|word| name.starts_with(word))
}

/// The object that an answer is, or that all of it is in.
fn object(value: &Value) -> Option<&Value> {
    let members = value.as_object()?;
    match members.values().next() {
        Some(inner) if members.len() == 1 && inner.is_object() => Some(inner),
        _ => Some(value),
    }
}

/// The ways to the texts of an object, and of the objects in it.
fn ends(object: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut ends = Vec::new();
    for (name, value) in object {
        match value {
            Value::Object(inner) => {
                let inner = inner.iter().filter(|(_, value)| value.is_string());
                ends.extend(inner.map(|(last, _)| format!("{name}.{last}")));
            }
            Value::String(_) => ends.push(name.clone()),
            _ => {}
        }
    }
    ends
}

/// What the fields of the successes say of a member.
fn described<'o>(operation: &'o Operation, way: &str) -> Option<&'o str> {
    let responses = operation.responses.iter();
    let mut successes = responses.filter(|it| it.status.is_success());
    successes.find_map(|response| {
        let mut fields = &response.fields;
        let mut found = None;
        for name in way.split('.') {
            let field = fields.iter().find(|it| it.name.value == name)?;
            (found, fields) = (Some(field.description.as_str()), &field.children);
        }
        found
    })
}

/// How far two points in time of an answer are apart that are written with their offset, or the second as a day.
fn apart(value: &Value, from: &str, to: &str) -> Option<Apart> {
    let object = object(value)?;
    let moment = |way: &str| Moment::read(effect::at(object, way)?.as_str()?);
    let (from, to) = (moment(from)?, moment(to)?);
    match (&from, &to) {
        (Moment::Day(_), _) => None,
        (_, Moment::Day(_)) => {
            let days = |seconds: i64| seconds.div_euclid(DAY);
            Some(Apart::Days(days(to.seconds()?) - days(from.seconds()?)))
        }
        _ => Some(Apart::Seconds(to.seconds()? - from.seconds()?)),
    }
}

#[cfg(test)]
mod tests {
    use crate::conform::bindings::Bindings;
    use crate::conform::judge::{Case, judge};
    use crate::conform::plan::Variant;
    use crate::conform::tests::{answer, documentation, planned};
    use crate::diagnostic::Severity;

    /// How bad an answer is that ends at that time, to the documented request.
    fn found(name: &str, text: &str, shown: &str, ends: &str) -> Option<Severity> {
        let page = format!(
            "---\napi: POST /holds\n---\n\n<ParamField body=\"{name}\" type=\"integer\">{text}</ParamField>\n\n```bash\ncurl -X POST https://api.example.com/holds -d '{{\"{name}\": 4}}'\n```\n\n```json 201\n{{\"id\": \"h_1\", \"created_at\": \"2031-05-01T10:00:00Z\", \"holds_until\": \"{shown}\"}}\n```\n"
        );
        let (_, documentation) = documentation("", &[&page]);
        let plan = planned(&documentation, &Bindings::default());
        let item = plan
            .items
            .iter()
            .find(|it| matches!(it.variant, Variant::Example))?;
        let case = Case {
            operation: &documentation.api.operations[0],
            item,
            secrets: &plan.secrets,
            marks_null: plan.marks_null,
            unset: None,
        };
        let body = format!(
            "{{\"id\": \"h_2\", \"created_at\": \"2032-01-01T08:00:00Z\", \"holds_until\": \"{ends}\"}}"
        );
        let verdict = judge(&case, &answer(201, &body));
        let mut found = verdict.diagnostics.iter();
        found
            .find(|it| it.rule.name == "wrong-computation")
            .map(|it| it.severity)
    }

    const SHOWN: &str = "2031-05-01T14:00:00Z";
    const RIGHT: &str = "2032-01-01T12:00:00Z";
    const WRONG: &str = "2032-01-01T20:00:00Z";

    #[test]
    fn a_number_of_hours_is_how_long_it_lasts() {
        for (name, text) in [
            ("hours", "Hours until it ends, at `holds_until`."),
            (
                "ttl",
                "In hours: `holds_until` is so much later than `created_at`.",
            ),
            (
                "length",
                "`holds_until` is exactly this many hours after `created_at`.",
            ),
        ] {
            assert_eq!(found(name, text, SHOWN, RIGHT), None, "{text}");
            let wrong = found(name, text, SHOWN, WRONG);
            assert_eq!(wrong, Some(Severity::Error), "{text}");
        }
        let by_name = found("holds_hours", "", SHOWN, WRONG);
        assert_eq!(by_name, Some(Severity::Warning));
    }

    #[test]
    fn an_end_may_be_a_day_within_an_object() {
        let page = "---\napi: POST /loans\n---\n\n<ParamField body=\"title\" type=\"string\" required>The title.</ParamField>\n\n<ParamField body=\"kept_days\" type=\"integer\" default=\"21\">How many days it may be kept.</ParamField>\n\n<ResponseField name=\"slip\" type=\"object\"><Expandable><ResponseField name=\"back_on\" type=\"string\">The day of the loan plus `kept_days`.</ResponseField></Expandable></ResponseField>\n\n```bash\ncurl -X POST https://api.example.com/loans -d '{\"title\": \"One\", \"kept_days\": 4}'\n```\n\n```json 201\n{\"id\": \"l_1\", \"created_at\": \"2031-05-01T10:00:00Z\", \"slip\": {\"back_on\": \"2031-05-05\"}}\n```\n";
        let (_, documentation) = documentation("", &[page]);
        let plan = planned(&documentation, &Bindings::default());
        let mut items = plan.items.iter();
        let item = items
            .find(|it| matches!(it.variant, Variant::Minimal))
            .unwrap();
        let case = Case {
            operation: &documentation.api.operations[0],
            item,
            secrets: &plan.secrets,
            marks_null: plan.marks_null,
            unset: None,
        };
        let found = |day: &str| {
            let body = format!(
                "{{\"id\": \"l_2\", \"created_at\": \"2032-01-01T08:00:00Z\", \"slip\": {{\"back_on\": \"{day}\"}}}}"
            );
            let verdict = judge(&case, &answer(201, &body));
            let mut found = verdict.diagnostics.iter();
            found
                .find(|it| it.rule.name == "wrong-computation")
                .map(|it| it.severity)
        };
        assert_eq!(found("2032-01-22"), None);
        assert_eq!(found("2032-01-23"), None);
        assert_eq!(found("2032-01-08"), Some(Severity::Error));
    }

    #[test]
    fn what_the_page_does_not_show_is_not_held_against_anybody() {
        let other = "2031-05-01T15:00:00Z";
        assert_eq!(found("holds_hours", "", other, WRONG), None);
        assert_eq!(found("count", "How many there are.", SHOWN, WRONG), None);
    }
}
