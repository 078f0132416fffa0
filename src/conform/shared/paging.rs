//! What guides say of the parameter for the size of pages, given to the lists whose own pages only name it: "`?limit=` says how
//! many you want: 1 to 100, we send 25 if you don't say."

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::shared::Remark;
use crate::model::{Api, Fact, Field};

/// So many sentences behind the one that names a parameter may go on about it.
const BEHIND: usize = 3;

/// What is said of one parameter.
#[derive(Clone, Debug)]
struct Size {
    name: String,
    bounds: Option<(u32, u32)>,
    default: Option<u32>,
    words: Fact<String>,
}

/// Gives the parameters of lists what is said of them.
pub(super) fn give(api: &mut Api, remarks: &[Remark]) {
    let mut sizes: Vec<Size> = Vec::new();
    for at in 0..remarks.len() {
        sizes.extend(of(remarks.get(at..).unwrap_or_default()));
    }
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            add(&sizes, &mut parameter.field, &mut parameter.shape);
        }
        let Some(body) = &mut operation.body else {
            continue;
        };
        let ShapeKind::Object { members, .. } = &mut body.shape.kind else {
            continue;
        };
        for field in &mut body.fields {
            let name = &field.name.value;
            if let Some(member) = members.iter_mut().find(|it| it.name == *name) {
                add(&sizes, field, &mut member.shape);
            }
        }
    }
}

/// Adds what the one text about a parameter says, if its own field says nothing of it.
fn add(sizes: &[Size], field: &mut Field, shape: &mut Shape) {
    let name = letters(&field.name.value);
    let mut own = sizes.iter().filter(|it| it.name == name);
    let is_number = matches!(shape.kind, ShapeKind::Integer | ShapeKind::Number);
    let is_open = is_number
        && shape.constraints.minimum.is_none()
        && shape.constraints.maximum.is_none()
        && !field.description.contains(|c: char| c.is_ascii_digit());
    let (Some(size), None, true) = (own.next(), own.next(), is_open) else {
        return;
    };
    let evidence = size.words.evidence;
    let mut constraints = (*shape.constraints).clone();
    if let Some((least, most)) = size.bounds {
        let fact = |value: u32| Fact {
            value: f64::from(value),
            evidence,
        };
        constraints.minimum = Some(fact(least));
        constraints.maximum = Some(fact(most));
        shape.constraints = constraints.into();
    }
    if field.default.is_none() {
        field.default = size.default.map(|value| Fact {
            value: Value::from(value),
            evidence,
        });
    }
    let words = format!("{} {}", field.description.trim(), size.words.value);
    words.trim().clone_into(&mut field.description);
}

/// What the first of these sentences, and those that go on about it, say of the size of pages.
fn of(remarks: &[Remark]) -> Option<Size> {
    let (first, rest) = remarks.split_first()?;
    let text = plain(&first.text.value);
    let (name, tail) = named(&text)?;
    let mut words = tail;
    for next in rest.iter().take(BEHIND) {
        let text = plain(&next.text.value);
        if next.about != first.about || !goes_on(&text) {
            break;
        }
        words.push(' ');
        words.push_str(&text);
    }
    let bounds = bounds(&words);
    let default = default(&words);
    let is_within = bounds
        .zip(default)
        .is_none_or(|((least, most), it)| (least..=most).contains(&it));
    let is_said = (bounds.is_some() || default.is_some()) && is_within;
    (is_said && !is_of_some(&words)).then_some(Size {
        name,
        bounds,
        default,
        words: Fact {
            value: words,
            evidence: first.text.evidence,
        },
    })
}

/// A sentence with numbers in code as plain ones.
fn plain(text: &str) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"`(?P<number>\d+)`"));
    NUMBER.replace_all(text, "$number").into_owned()
}

/// The parameter that a sentence names, and what stands behind it, up to the next name.
fn named(text: &str) -> Option<(String, String)> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"`[?&]?(?P<name>[A-Za-z][\w-]*)(?:=[^`]*)?`"));
    let mut names = NAME.captures_iter(text).filter_map(|found| {
        let name = letters(found.name("name")?.as_str());
        Some((name, found.get(0)?))
    });
    let (name, whole) = names.find(|(name, _)| is_size(name))?;
    // Two such names are two parameters, or two ways of one.
    if names.any(|(other, _)| is_size(&other) && other != name) {
        return None;
    }
    let tail = text.get(whole.end()..)?;
    let tail = tail.split('`').next().unwrap_or(tail).trim();
    Some((name, tail.to_owned()))
}

fn is_size(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "limit",
        "perpage",
        "pagesize",
        "pagelimit",
        "itemsperpage",
        "maxresults",
        "maxitems",
        "size",
    ];
    NAMES.contains(&name)
}

/// True for a sentence that goes on about the parameter before: "It defaults to 10", "Above 100 is treated as 100".
fn goes_on(text: &str) -> bool {
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:it|its|the\s+(?:default|maximum|most|limit|largest)|default|max(?:imum)?|numbers?|values?|anything|whatever|above|below|more|larger|greater|higher|smaller|at\s+most|up\s+to|without|if\s+you|we|outside|what\s+is)\b",
        )
    });
    GOES_ON.is_match(text) && named(text).is_none()
}

fn bounds(words: &str) -> Option<(u32, u32)> {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?P<least>\d{1,2})\s*(?:to|and|-|–|—|\.\.\.?|…|through)\s*(?P<most>\d{1,5})\b",
        )
    });
    static MOST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:up\s+to|at\s+most|(?:no|not|never)\s+more\s+than|max(?:imum)?(?:\s+(?:is|of|value))*\s*:?)\s+(?P<most>\d{1,5})\b|\b(?P<behind>\d{1,5})\s+(?:at\s+(?:the\s+)?most|max(?:imum)?)\b",
        )
    });
    let number = |text: &str| text.parse::<u32>().ok();
    if let Some(found) = RANGE.captures(words) {
        let least = number(found.name("least")?.as_str())?;
        let most = number(found.name("most")?.as_str())?;
        return (least < most).then_some((least, most));
    }
    let found = MOST.captures(words)?;
    let most = found.name("most").or_else(|| found.name("behind"))?;
    number(most.as_str()).filter(|it| *it > 1).map(|it| (1, it))
}

fn default(words: &str) -> Option<u32> {
    static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\bdefaults?(?:\s+(?:to|is|of|value|size))*\s*:?\s+(?P<first>\d{1,5})\b
            | \b(?P<behind>\d{1,5})\s+(?:\w+\s+)?(?:by\s+default|is\s+the\s+default|unless\s+you
              | (?:if|when)\s+(?:you\s+(?:do\s+not|don['’]t|leave|say\s+nothing|send\s+none|give\s+none)|nothing|none|(?:it\s+is\s+|it['’]s\s+)?(?:omitted|left\s+out|missing|absent|not\s+(?:given|sent|set|there))))\b
            | \bwithout\s+(?:it|one|the\s+parameter|this)\b[^.;\d]*(?P<without>\d{1,5})\b",
        )
    });
    let found = DEFAULT.captures(words)?;
    let names = ["first", "behind", "without"];
    let number = names.iter().find_map(|it| found.name(it))?;
    number.as_str().parse().ok().filter(|it| *it > 0)
}

/// True if what is said holds for some lists, or some callers.
fn is_of_some(words: &str) -> bool {
    static SOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:plans?|tiers?|free|paid|enterprise|depend(?:s|ing)|except|some\s+(?:lists?|endpoints?|methods?)|most\s+(?:lists?|endpoints?|methods?)|usually|typically|normally|may\s+differ|unless\s+(?:otherwise|stated|documented|noted|the)|(?:per|each|every)\s+(?:second|minute|hour|day)|requests)\b",
        )
    });
    SOME.is_match(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::documentation;

    /// Bounds and default that a guide gives the parameter of a list.
    fn given(guide: &str, name: &str) -> (Option<(f64, f64)>, Option<Value>) {
        let guide = format!("---\ntitle: Paging\n---\n\n{guide}\n");
        let list = format!(
            "---\napi: GET /books\n---\n\n<ParamField query=\"{name}\" type=\"integer\" />\n"
        );
        let (_, mut documentation) = documentation("", &[&guide, &list]);
        crate::conform::shared::spread(&mut documentation.api);
        let parameter = &documentation.api.operations[0].parameters[0];
        let constraints = &parameter.shape.constraints;
        let least = constraints.minimum.as_ref().map(|it| it.value);
        let most = constraints.maximum.as_ref().map(|it| it.value);
        let default = parameter.field.default.as_ref();
        (least.zip(most), default.map(|it| it.value.clone()))
    }

    #[test]
    fn guides_say_how_large_pages_are() {
        for (guide, name) in [
            (
                "Ask for more with `?cursor=`. `?limit=` says how many you want: 1 to 100, we send 25 if you don't say.",
                "limit",
            ),
            (
                "The page size is chosen with the query parameter `page_size`, a number from 1 to 100; it is 25 unless you say otherwise.",
                "page_size",
            ),
            (
                "- `limit` is the number of objects to return, between 1 and 100. It defaults to 25.\n- `after` is a cursor.",
                "limit",
            ),
            (
                "With `per_page` you choose how many, `100` at most. The default is `25`.",
                "per_page",
            ),
            (
                "Use `limit` for the size of pages, up to 100 (25 by default).",
                "limit",
            ),
        ] {
            let expected = (Some((1.0, 100.0)), Some(Value::from(25)));
            assert_eq!(given(guide, name), expected, "{guide}");
        }
        let (bounds, default) = given("`page` from 1, `page_size` default 20.", "page_size");
        assert_eq!((bounds, default), (None, Some(Value::from(20))));
    }

    #[test]
    fn what_holds_for_some_lists_is_given_to_none() {
        for guide in [
            "`limit` is usually between 1 and 100.",
            "`limit` goes up to 100 on the free plan.",
            "Most lists take `limit`, from 1 to 100, unless otherwise stated.",
            "The answer has `limit`, `offset`, and 25 items.",
            "You have a `limit` of 100 requests.",
        ] {
            assert_eq!(given(guide, "limit"), (None, None), "{guide}");
        }
        // What brings a number into the range is said beside it.
        let guide = "`limit`: 1 to 100. Above 100 is treated as 100.";
        let guide = format!("---\ntitle: Paging\n---\n\n{guide}\n");
        let list = "---\napi: GET /books\n---\n\n<ParamField query=\"limit\" type=\"integer\" />\n";
        let (_, mut documentation) = documentation("", &[&guide, list]);
        crate::conform::shared::spread(&mut documentation.api);
        let field = &documentation.api.operations[0].parameters[0].field;
        assert!(field.description.contains("treated as 100"));
    }
}
