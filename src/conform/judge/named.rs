//! Which member of the items a filter is about, by its name and by its words.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::split;
use crate::conform::pattern::pattern;
use crate::conform::plan::input::Input;
use crate::model::shape::ShapeKind;
use crate::model::types::Format;

use super::effect::{Relation, at};
use super::moment::Moment;

/// So many items are asked for the names of their members.
const ITEMS: usize = 20;

/// Words at the start or the end of a name that draw a line.
const LINES: &[(&str, Relation)] = &[
    ("after", Relation::AtLeast),
    ("since", Relation::AtLeast),
    ("from", Relation::AtLeast),
    ("start", Relation::AtLeast),
    ("gte", Relation::AtLeast),
    ("min", Relation::AtLeast),
    ("before", Relation::AtMost),
    ("until", Relation::AtMost),
    ("to", Relation::AtMost),
    ("till", Relation::AtMost),
    ("end", Relation::AtMost),
    ("lte", Relation::AtMost),
    ("max", Relation::AtMost),
];

/// Names of members that objects of any kind have.
const COMMON: &[&str] = &[
    "id",
    "type",
    "name",
    "status",
    "state",
    "kind",
    "code",
    "value",
    "key",
    "title",
    "label",
    "description",
    "url",
    "count",
    "date",
    "amount",
];

/// A member of the items, at the root or in an object of theirs.
struct Known {
    /// The way to it, joined by dots.
    way: String,
    /// The letters of its own name.
    letters: String,
    is_nested: bool,
}

/// The member, and how it is to relate to the value.
pub(super) fn filter(input: &Input, name: &str, items: &[Value]) -> Option<(String, Relation)> {
    let known = known(items);
    let bare = name
        .strip_prefix("filter")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name);
    if let Some(member) = without(&input.name).and_then(|name| of_name(&known, &name)) {
        return Some((member, Relation::IsNot));
    }
    if let Some(member) = of_name(&known, bare).or_else(|| of_part(&known, bare)) {
        return Some((member, Relation::Is));
    }
    let (stem, relation) = line(&input.name)?;
    let is_fit = |way: &str| is_comparable(items, way);
    let by_name = of_stem(&known, &stem, is_fit);
    let by_words = || {
        let is_clear = stem.is_empty() && speaks_of_time(input);
        of_words(&known, input, is_fit).filter(|_| is_clear || !stem.is_empty())
    };
    by_name.or_else(by_words).map(|member| (member, relation))
}

/// True if the words of a filter let through what is exactly at the line, false if they do not; nothing if they are silent.
pub(crate) fn is_closed(description: &str) -> Option<bool> {
    const CLOSED: &[&str] = &[
        "or later",
        "or earlier",
        "or more",
        "or less",
        "or higher",
        "or lower",
        "or after",
        "or before",
        "or newer",
        "or older",
        "or equal",
        "at least",
        "at most",
        "inclusive",
        "including",
        "not before",
        "not after",
        "no more than",
        "no less than",
        "up to",
        "on or ",
    ];
    const OPEN: &[&str] = &[
        "before this",
        "before that",
        "before the given",
        "after this",
        "after that",
        "after the given",
        "earlier than",
        "later than",
        "less than",
        "lower than",
        "more than",
        "greater than",
        "higher than",
        "exclusive",
        "excluding",
    ];
    let text = description.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match (has(CLOSED), has(OPEN)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn known(items: &[Value]) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    let mut add = |way: String, name: &str, is_nested: bool| {
        if !known.iter().any(|it| it.way == way) {
            let letters = letters(name);
            known.push(Known {
                way,
                letters,
                is_nested,
            });
        }
    };
    for members in items.iter().take(ITEMS).filter_map(Value::as_object) {
        for (name, value) in members {
            add(name.clone(), name, false);
            for (inner, value) in value.as_object().into_iter().flatten() {
                // `{"relationships": {"author": {"data": {"id": "7"}}}}` names the author.
                let of_other = value.get("data").and_then(|data| data.get("id"));
                let way = match of_other {
                    Some(_) => format!("{name}.{inner}.data.id"),
                    None => format!("{name}.{inner}"),
                };
                add(way, inner, true);
            }
        }
    }
    known
}

/// The member of that name: as it stands, in the plural or singular, with `is` before it, or in an object of the item.
fn of_name(known: &[Known], name: &str) -> Option<String> {
    let single = name.strip_suffix('s').unwrap_or(name);
    let names = [
        name.to_owned(),
        format!("{name}s"),
        format!("{name}es"),
        format!("{}ies", name.strip_suffix('y').unwrap_or(name)),
        single.to_owned(),
        format!("is{name}"),
        format!("has{name}"),
    ];
    let own = names.iter().find_map(|name| {
        let mut own = known.iter().filter(|it| !it.is_nested);
        own.find(|it| it.letters == *name)
    });
    // Names that anything may have say nothing about where they are.
    let is_common = COMMON.contains(&name);
    let nested = || {
        let mut nested = known
            .iter()
            .filter(|it| it.is_nested && it.letters == name && !is_common);
        nested.next().filter(|_| nested.next().is_none())
    };
    let joined = || {
        known
            .iter()
            .find(|it| it.is_nested && letters(&it.way) == name)
    };
    let found = own.or_else(joined).or_else(nested);
    found.map(|it| it.way.clone())
}

/// The member that a name such as `labelContains` or `name_prefix` asks for a part of, or of whose values it gives several.
fn of_part(known: &[Known], name: &str) -> Option<String> {
    const ENDINGS: &[&str] = &[
        "contains",
        "containing",
        "includes",
        "startswith",
        "prefix",
        "like",
        "ilike",
        "matches",
        "equals",
        "eq",
        "exact",
        "in",
    ];
    let mut stems = ENDINGS.iter().filter_map(|it| name.strip_suffix(it));
    stems.find_map(|stem| {
        let mut own = known.iter().filter(|it| !it.is_nested);
        let found = own.find(|it| stem.len() > 1 && it.letters == stem);
        found.map(|it| it.way.clone())
    })
}

/// What a name says is left out: `tags` of `without_tags`.
fn without(name: &str) -> Option<String> {
    let words = split(name);
    let (first, rest) = words.split_first()?;
    let is_not = matches!(
        first.as_str(),
        "without" | "exclude" | "excluding" | "except" | "not"
    );
    (is_not && !rest.is_empty()).then(|| rest.concat())
}

/// What a name says beside the line that it draws: `price` of `min_price`, nothing of `from`.
fn line(name: &str) -> Option<(String, Relation)> {
    let mut words = split(name);
    words.retain(|word| word != "filter");
    let last = words.last().cloned().unwrap_or_default();
    let first = words.first().cloned().unwrap_or_default();
    let is_time = |word: &String| matches!(word.as_str(), "date" | "day" | "time" | "at" | "on");
    let of = |wanted: &str| LINES.iter().find(|(word, _)| *word == wanted);
    let (found, rest) = match (of(&last), of(&first)) {
        (Some(found), _) => (found, words.get(..words.len() - 1)?),
        (None, Some(found)) => (found, words.get(1..)?),
        (None, None) => return None,
    };
    let (word, relation) = found;
    let rest: Vec<_> = rest.iter().filter(|word| !is_time(word)).cloned().collect();
    // `start_date` draws a line, and `start_place` names a place.
    let is_other = matches!(*word, "start" | "end") && !rest.is_empty();
    (!is_other).then(|| (rest.concat(), *relation))
}

/// The only comparable member whose name is the stem, or ends with it: `ticketPrice` for `price`, `createdAt` for `created`.
fn of_stem(known: &[Known], stem: &str, is_fit: impl Fn(&str) -> bool) -> Option<String> {
    let stem = stem.trim_end_matches("at");
    if stem.len() < 2 {
        return None;
    }
    let endings = ["", "at", "on", "date", "time"];
    let exact = |is_nested: bool| {
        known
            .iter()
            .filter(move |it| it.is_nested == is_nested)
            .filter(|it| {
                let mut names = endings.iter().map(|ending| format!("{stem}{ending}"));
                names.any(|name| it.letters == name) && is_fit(&it.way)
            })
    };
    // An object in the item may be another thing with times of its own.
    if let Some(exact) = exact(false).chain(exact(true)).next() {
        return Some(exact.way.clone());
    }
    let mut longer = known
        .iter()
        .filter(|it| it.letters.ends_with(stem) && is_fit(&it.way));
    longer
        .next()
        .filter(|_| longer.next().is_none())
        .map(|it| it.way.clone())
}

/// The only comparable member that the description names, or speaks of: `startsAt` for "events that start on this day".
fn of_words(known: &[Known], input: &Input, is_fit: impl Fn(&str) -> bool) -> Option<String> {
    let text = input.description.to_lowercase();
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .map(letters)
        .filter(|word| word.len() > 2)
        .collect();
    let own = || known.iter().filter(|it| !it.is_nested && is_fit(&it.way));
    let mut named = own().filter(|it| it.letters.len() > 3 && words.contains(&it.letters));
    if let Some(first) = named.next() {
        return named.next().is_none().then(|| first.way.clone());
    }
    let stem = |name: &str| {
        let stem = ["date", "time", "at", "on"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
            .unwrap_or(name);
        stem.trim_end_matches(['s', 'd', 'e']).to_owned()
    };
    let mut spoken = own().filter(|it| {
        let stem = stem(&it.letters);
        stem.len() > 2 && words.iter().any(|word| word.starts_with(&stem))
    });
    let first = spoken.next()?;
    spoken.next().is_none().then(|| first.way.clone())
}

/// True if a parameter takes points in time; `from` may also be the name of a place.
fn speaks_of_time(input: &Input) -> bool {
    const WORDS: &[&str] = &[
        "date", "day", "time", "iso", "yyyy", "later", "earlier", "since", "until", "unix",
    ];
    let format = input.shape.constraints.format.as_ref();
    let is_time = format.is_some_and(|format| {
        matches!(
            format.value,
            Format::Date | Format::DateTime | Format::Iso8601
        )
    });
    let text = input.description.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    is_time || words.any(|word| WORDS.contains(&word))
}

/// True if the items have numbers or points in time there.
fn is_comparable(items: &[Value], way: &str) -> bool {
    let mut values = items.iter().filter_map(|item| at(item, way));
    values.any(|value| match value {
        Value::Number(_) => true,
        Value::String(text) => text.parse::<f64>().is_ok() || Moment::read(text).is_some(),
        _ => false,
    })
}

/// A value of the items as the parameter wants it: a day where it takes days.
pub(super) fn written(input: &Input, value: &Value) -> Option<Value> {
    let Some(moment) = value.as_str().and_then(Moment::read) else {
        let is_number = matches!(input.shape.kind, ShapeKind::Integer | ShapeKind::Number);
        return (value.is_number() || !is_number).then(|| value.clone());
    };
    if !matches!(input.shape.kind, ShapeKind::String) {
        return None;
    }
    let format = input.shape.constraints.format.as_ref().map(|it| &it.value);
    let takes_days = format == Some(&Format::Date)
        || input.description.contains("YYYY-MM-DD") && !input.description.contains("HH")
        || format.is_none() && speaks_of_days(&input.description);
    match format {
        _ if takes_days => Some(Value::from(moment.day().to_string())),
        Some(Format::DateTime) if matches!(moment, Moment::Day(day) if day == moment.day()) => {
            Some(Value::from(format!("{}T00:00:00Z", moment.day())))
        }
        Some(Format::DateTime | Format::Iso8601) | None => Some(value.clone()),
        Some(_) => None,
    }
}

/// True if the words of a filter are about days, and about no times: "First day, by `starts_at`."
fn speaks_of_days(text: &str) -> bool {
    static DAYS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:days?|dates?)\b"));
    static TIMES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:times?|timestamps?|hours?|minutes?|seconds?|instants?|moments?|ISO|RFC|UTC)\b|\dT\d",
        )
    });
    let words = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    DAYS.is_match(&words) && !TIMES.is_match(text)
}

/// The one member of the items that has the value which the text of a filter shows: "Only votes that picked it, like `c2`".
pub(super) fn by_shown_value(input: &Input, items: &[Value]) -> Option<String> {
    static ONLY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:(?:shows?|lists?|returns?)\s+)?only\s+[^`]*(?:\blike|\bsuch\s+as|\be\.\s?g\.|\bfor\s+example|\(|,)\s*`(?P<value>[A-Za-z][\w.:-]*)`\s*\)?\s*\.?\s*$",
        )
    });
    static NOT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:not|without|except|exclud\w+|never|no|other\s+than|before|after|since|until)\b|n['’]t\b",
        )
    });
    let found = ONLY.captures(&input.description)?;
    let value = found.name("value")?.as_str();
    if !input.is_free_text() || NOT.is_match(&input.description) {
        return None;
    }
    let holds = |it: &Value| match it {
        Value::Array(inner) => inner.iter().any(|it| it == value),
        other => other == value,
    };
    let mut members: Vec<&String> = Vec::new();
    for (name, shown) in items.iter().filter_map(Value::as_object).flatten() {
        if holds(shown) && !members.contains(&name) {
            members.push(name);
        }
    }
    match members.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::plan::input;
    use crate::conform::tests::documentation;

    /// What a query parameter is about, among items of events.
    fn of(name: &str, text: &str) -> Option<(String, Relation)> {
        let field =
            format!("<ParamField query=\"{name}\" type=\"string\">\n  {text}\n</ParamField>");
        let page = format!("---\ntitle: Events\napi: GET /events\n---\n\n{field}\n");
        let (_, documentation) = documentation("", &[&page]);
        let inputs = input::inputs(&documentation.api.operations[0]);
        let items = [json!({
            "kind": "talk",
            "isOutdoor": true,
            "ticketPrice": 5,
            "startsAt": "2024-01-31T12:00:00Z",
            "createdAt": "2024-01-01T12:00:00Z",
            "durationMinutes": 90,
            "facilities": ["stage"],
            "address": {"city": "Bremen"},
            "latest_report": {"finishedAt": "2024-02-01T12:00:00Z", "createdAt": "2024-02-02T12:00:00Z"}
        })];
        filter(&inputs[0], &letters(name), &items)
    }

    #[test]
    fn a_name_leads_to_a_member() {
        let is = |way: &str| Some((way.to_owned(), Relation::Is));
        assert_eq!(of("kinds", ""), is("kind"));
        assert_eq!(of("facility", ""), is("facilities"));
        // The time of the item itself is meant rather than that of a thing in it.
        assert_eq!(
            of("created_before", ""),
            Some(("createdAt".to_owned(), Relation::AtMost))
        );
        assert_eq!(
            of("finished_before", ""),
            Some(("latest_report.finishedAt".to_owned(), Relation::AtMost))
        );
        assert_eq!(of("outdoor", ""), is("isOutdoor"));
        assert_eq!(of("city", ""), is("address.city"));
        assert_eq!(of("kindContains", ""), is("kind"));
        assert_eq!(of("kind_in", ""), is("kind"));
        assert_eq!(of("minutes", ""), None);
        assert_eq!(of("format", ""), None);
    }

    #[test]
    fn words_say_whether_a_line_is_part_of_it() {
        assert_eq!(
            is_closed("Only readings at this time or later."),
            Some(true)
        );
        assert_eq!(is_closed("Only readings before this time."), Some(false));
        assert_eq!(is_closed("Less than or equal to this."), Some(true));
        assert_eq!(is_closed("The start."), None);
    }

    #[test]
    fn a_name_may_say_what_is_left_out() {
        assert_eq!(without("withoutTags").as_deref(), Some("tags"));
        assert_eq!(without("exclude_status").as_deref(), Some("status"));
        assert_eq!(without("not"), None);
        assert_eq!(without("notes"), None);
    }

    #[test]
    fn lines_are_drawn_by_names_and_words() {
        let least = |way: &str| Some((way.to_owned(), Relation::AtLeast));
        let most = |way: &str| Some((way.to_owned(), Relation::AtMost));
        assert_eq!(of("max_price", ""), most("ticketPrice"));
        assert_eq!(of("created_after", ""), least("createdAt"));
        let text = "Only events that start on this day or later.";
        assert_eq!(of("from", text), least("startsAt"));
        assert_eq!(of("start_date", text), least("startsAt"));
        assert_eq!(
            of("to", "Only events that start on this day or earlier."),
            most("startsAt")
        );
        assert_eq!(of("from", "Where the journey starts."), None);
        assert_eq!(
            of("cost_limit", "Only events with a `ticketPrice` up to this."),
            None
        );
    }

    #[test]
    fn a_value_in_the_text_leads_to_the_one_member_that_has_it() {
        let member = |text: &str| {
            let field = format!("<ParamField query=\"choice\" type=\"string\">{text}</ParamField>");
            let page = format!("---\ntitle: Votes\napi: GET /votes\n---\n\n{field}\n");
            let (_, documentation) = documentation("", &[&page]);
            let inputs = input::inputs(&documentation.api.operations[0]);
            let items = [
                json!({"picks": ["c1"], "voter": "v1"}),
                json!({"picks": ["c2"], "voter": "v2"}),
            ];
            by_shown_value(&inputs[0], &items)
        };
        for text in [
            "Only votes that picked it, like `c2`",
            "Only votes for this choice, such as `c1`.",
            "Returns only votes with this pick (`c2`)",
            "Only what was picked, for example `c2`.",
            "Shows only votes of one choice, e.g. `c1`",
        ] {
            assert_eq!(member(text).as_deref(), Some("picks"), "{text}");
        }
        for text in [
            "Only votes that picked another one, like `c9`",
            "Only votes that did not pick it, like `c2`",
            "Only votes since that one, like `v1`",
            "A choice, like `c2`",
        ] {
            assert_eq!(member(text), None, "{text}");
        }
    }
}
