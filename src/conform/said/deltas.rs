//! What sentences promise about numbers that go up and down: "adds `quantity` to `stock`", "goes up by one with every change".
//! Pure.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::{Field, Operation};

use super::promises::sentences;
use super::touches::names_noun;

/// A member that a request changes by something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Delta {
    /// The member.
    pub(crate) member: String,
    /// By what: an input of the request, else one.
    by: Option<String>,
    is_down: bool,
}

impl Delta {
    /// By how much a request that sends this changes the member of the thing with that id: what the rows of a list say that
    /// name it counts together.
    pub(crate) fn amount(&self, sent: &Map<String, Value>, id: Option<&str>) -> Option<f64> {
        let amount = match &self.by {
            Some(name) => number_of(name, sent)
                .or_else(|| of_rows(name, sent, id.filter(|it| !it.is_empty())?))?,
            None => 1.0,
        };
        Some(if self.is_down { -amount } else { amount })
    }
}

/// The number under a name, in one or in several: "its quantities".
fn number_of(name: &str, members: &Map<String, Value>) -> Option<f64> {
    let wanted = letters(name);
    let is_it = |known: &str| {
        let known = letters(known);
        let of_many = known.strip_suffix('y').map(|stem| format!("{stem}ies"));
        wanted == known || wanted == format!("{known}s") || Some(&wanted) == of_many.as_ref()
    };
    let (_, value) = members.iter().find(|(name, _)| is_it(name))?;
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// What the rows of the only list that has such numbers say of the thing with that id.
fn of_rows(name: &str, members: &Map<String, Value>, id: &str) -> Option<f64> {
    let of_list = |rows: &Vec<Value>| {
        let rows = rows.iter().filter_map(Value::as_object);
        let own = rows.filter(|row| row.values().any(|it| it.as_str() == Some(id)));
        own.map(|row| number_of(name, row)).sum::<Option<f64>>()
    };
    let lists = members.values().filter_map(Value::as_array);
    let mut found = lists.filter_map(of_list).filter(|sum| *sum > 0.0);
    found.next().filter(|_| found.next().is_none())
}

/// The members of the answer whose texts say that they are what a member of something else is afterwards: its own name, and
/// that of the other one. "`stock` of the product after the movement".
pub(crate) fn told_after(operation: &Operation) -> Vec<(String, String)> {
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:the\s+)?(?:new\s+)?`?(?P<member>\w+)`?\s+(?:of\s+(?:the|its)\s+\w+\s+)?(?:(?:right|directly|just)\s+)?(?:after(?:wards)?\b|before\s+(?:plus|minus)\s+the\s+`?\w+`?)",
        )
    });
    let responses = operation.responses.iter();
    let fields = responses
        .filter(|it| it.status.is_success())
        .flat_map(|it| &it.fields);
    let all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
    let told = all.filter_map(|field| {
        let found = AFTER.captures(&field.description)?;
        let member = found.name("member")?.as_str().to_owned();
        Some((field.name.value.clone(), member))
    });
    told.collect()
}

/// What the page of an operation says goes up or down.
pub(crate) fn deltas(operation: &Operation) -> Vec<Delta> {
    const BY: &str = r"(?:`(?P<by>\w+)`|(?P<one>one|1)\b)";
    static ADDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?P<verb>adds?|subtracts?|deducts?|takes?)\s+(?:the\s+)?`(?P<by>\w+)`\s+(?:to|from)\s+(?:the\s+|its\s+)?`(?P<member>\w+)`",
        )
    });
    static RAISES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)\b(?P<verb>raises?|changes?|adjusts?|increases?|increments?|lowers?|decreases?|decrements?|reduces?)\s+(?:the\s+|its\s+)?`(?P<member>\w+)`(?:\s+of\s+(?:the|its)\s+\w+)?\s+by\s+(?:the\s+)?{BY}"
        ))
    });
    static GOES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:`(?P<member>\w+)`|\b(?:the|its)\s+(?P<word>\w+))(?:\s+of\s+(?:the|its)\s+\w+)?\s+(?P<verb>changes|goes\s+up|goes\s+down|rises|falls|grows|is\s+(?:then\s+)?(?:raised|lowered|increased|decreased|reduced))\s+by\s+(?:the\s+)?{BY}"
        ))
    });
    static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:its|the|their)\s+`?(?P<by>\w+)`?\s+(?:of\s+the\s+\w+\s+)?(?:are|is)\s+(?P<verb>taken|subtracted|deducted|added|removed|returned|given\s+back)\s+(?:back\s+)?(?:from|to)\s+(?:the\s+|its\s+)?(?:`(?P<member>\w+)`|(?P<word>\w+)\b)",
        )
    });
    // "| `version` | one higher |" is a row of what an update changes.
    static HIGHER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)`(?P<member>\w+)`\s+(?:is\s+)?(?P<one>one|1)\s+(?P<verb>higher|more|lower|less)\b(?:\s+than\s+before)?\s*(?:[.,;]|$)",
        )
    });
    // "`filled` and `left` of the tank are lower by its quantity", also with "go down by".
    static SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?P<members>`\w+`(?:(?:,\s+|,?\s+and\s+)(?:its\s+|the\s+)?`\w+`)*)(?:\s+(?:of|at|in|for)\s+(?:the|its|that)\s+\w+)?\s+(?:is|are|go(?:es)?|gets?)\s+(?:then\s+)?(?P<verb>lower|less|down|higher|up)\s+by\s+(?:the\s+|its\s+)?(?:`(?P<by>\w+)`|(?P<one>one|1)\b|(?P<word>[a-z]\w*))",
        )
    });
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`(?P<name>\w+)`"));
    let several = |found: Captures<'_>| {
        let verb = found.name("verb").map_or("", |it| it.as_str());
        let is_down = matches!(verb.to_lowercase().as_str(), "lower" | "less" | "down");
        let by = found.name("by").or_else(|| found.name("word"));
        let by = by.map(|it| it.as_str().to_owned());
        let members = found.name("members").map_or("", |it| it.as_str());
        let names = CODE.captures_iter(members);
        let names = names.filter_map(|it| Some(it.name("name")?.as_str().to_owned()));
        let delta = |member| Delta {
            member,
            by: by.clone(),
            is_down,
        };
        names.map(delta).collect::<Vec<_>>()
    };
    let read = |found: Captures<'_>| {
        let verb = found.name("verb")?.as_str().to_lowercase();
        let down = [
            "less", "subtract", "deduct", "take", "lower", "decrea", "decrem", "reduce", "fall",
            "removed",
        ];
        let is_down = down.iter().any(|word| verb.contains(word)) || verb.ends_with("down");
        let member = found.name("member").or_else(|| found.name("word"))?;
        Some(Delta {
            member: member.as_str().to_owned(),
            by: found.name("by").map(|it| it.as_str().to_owned()),
            is_down,
        })
    };
    let texts = sentences(operation).filter(|text| !is_conditional(text));
    let patterns: [&Regex; 5] = [&ADDS, &RAISES, &GOES, &TAKEN, &HIGHER];
    let mut deltas: Vec<Delta> = Vec::new();
    for text in texts {
        let single = patterns.iter().flat_map(|it| it.captures_iter(&text));
        let single = single.filter_map(read);
        let several = SEVERAL.captures_iter(&text).flat_map(several);
        for delta in single.chain(several) {
            if !deltas.iter().any(|known| known.member == delta.member) {
                deltas.push(delta);
            }
        }
    }
    deltas
}

fn is_conditional(text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase());
    // "Even if the values are the same" leaves nothing out.
    let text = text.replace(" even if ", " ").replace(" even when ", " ");
    [
        " if ",
        " unless ",
        " when ",
        " may ",
        " can ",
        " once ",
        " as soon as ",
        " until ",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// A member that counts changes, and whether it goes up by exactly one.
pub(crate) fn counts_changes(field: &Field) -> Option<bool> {
    counting(&field.description).map(|(_, is_by_one)| is_by_one)
}

/// The member of things of a noun that a sentence says to count changes: "A page has a `version` that goes up with each change."
pub(crate) fn counted_in(text: &str, noun: &str) -> Option<(String, bool)> {
    static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"`(?P<name>\w+)`"));
    let (start, is_by_one) = counting(text)?;
    let before = text.get(..start)?;
    let mut names = CODE.captures_iter(before);
    let name = names.next()?.name("name")?.as_str().to_owned();
    let is_one = names.next().is_none();
    (is_one && names_noun(before, noun)).then_some((name, is_by_one))
}

/// Where a text says that something counts changes, and whether by one each.
fn counting(text: &str) -> Option<(usize, bool)> {
    static COUNTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:goes\s+up|increases|increments|rises|grows|counts\s+up|(?:is\s+)?(?:raised|increased|incremented))\s+(?P<one>by\s+(?:one|1)\s+)?(?:with|on|at|by|after|for)\s+(?:each|every|any)\s+(?:change|update|edit|write|modification)",
        )
    });
    let found = COUNTS.captures(text)?;
    Some((found.get(0)?.start(), found.name("one").is_some()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conform::tests::documentation;

    /// What the text of a page changes a member by, if 5 is sent.
    fn of(text: &str) -> Vec<(String, Option<f64>)> {
        let page =
            format!("---\ntitle: Move stock\napi: POST /items/{{id}}/moves\n---\n\n{text}\n");
        let (_, documentation) = documentation("", &[&page]);
        let sent = json!({"quantity": 5});
        let deltas = deltas(&documentation.api.operations[0]).into_iter();
        deltas
            .map(|it| {
                (
                    it.member.clone(),
                    it.amount(sent.as_object().unwrap(), None),
                )
            })
            .collect()
    }

    #[test]
    fn rows_of_one_thing_count_together() {
        let delta = Delta {
            member: "stock".to_owned(),
            by: Some("quantities".to_owned()),
            is_down: true,
        };
        let sent = json!({"rows": [{"of": "a", "quantity": 2}, {"of": "b", "quantity": 5}, {"of": "a", "quantity": 1}]});
        let amount = |id| delta.amount(sent.as_object().unwrap(), Some(id));
        assert_eq!(
            (amount("a"), amount("b"), amount("c")),
            (Some(-3.0), Some(-5.0), None)
        );
    }

    #[test]
    fn sentences_name_what_counts_changes() {
        let counted = |text: &str| counted_in(text, "page");
        assert_eq!(
            counted("A page has a `version`, starting at 1 and incremented with each change."),
            Some(("version".to_owned(), false))
        );
        assert_eq!(
            counted("The `rev` of pages goes up by one on every update."),
            Some(("rev".to_owned(), true))
        );
        assert_eq!(
            counted("A book has a `version` that rises with each change."),
            None
        );
        assert_eq!(counted("Send the `version` of the page."), None);
    }

    #[test]
    fn sentences_say_what_goes_up_and_down() {
        let is = |amount| vec![("stock".to_owned(), Some(amount))];
        assert_eq!(of("Adds `quantity` to the `stock` of the item."), is(5.0));
        assert_eq!(of("Takes `quantity` from `stock`."), is(-5.0));
        assert_eq!(of("Lowers `stock` of the item by `quantity`."), is(-5.0));
        assert_eq!(of("The `stock` changes by `quantity`."), is(5.0));
        assert_eq!(of("The `stock` goes up by one."), is(1.0));
        assert_eq!(of("The stock goes up by one, the rest stays."), is(1.0));
        assert_eq!(of("Its quantity is taken from `stock` at once."), is(-5.0));
        assert_eq!(of("Its quantity is added to `stock` again."), is(5.0));
        assert_eq!(
            of("The quantities are taken from the stock of the items."),
            is(-5.0)
        );
        assert!(of("Its quantity is taken from the stock once it is packed.").is_empty());
        let even = "Each update raises `stock` by 1, even if the values are the same.";
        assert_eq!(of(even), is(1.0));
        assert_eq!(
            of("| Member | After it |\n| --- | --- |\n| `stock` | one higher |\n"),
            is(1.0)
        );
        assert_eq!(of("Afterwards `stock` is one lower than before."), is(-1.0));
        let several = |amount| {
            let names = ["stock", "held"];
            names.map(|it| (it.to_owned(), Some(amount))).to_vec()
        };
        assert_eq!(
            of("`stock` and `held` at its shelf are lower by its quantity."),
            several(-5.0)
        );
        assert!(of("If it is open, the `stock` goes up by one.").is_empty());
        assert!(of("Changes the `stock`.").is_empty());
    }
}
