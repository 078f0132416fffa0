//! Members that say the same of one thing: counts and their lists, pages, and ids of what stands beside them.
//!
//! Amounts of money are added up in `sums`; what a status says of times and truths is in `stage`.

use serde_json::{Map, Value};

use crate::mock::words::{self, parts, singular};
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::types::Format;

use super::cast::{self, Person};
use super::fits;
use super::paging::{self, Page};
use super::{choice, measure, stage, sums};

/// Makes the members of an object agree with each other; `listed` is the list of things that the answer is about, `text`
/// what the page says of a member, and `kin` the number of the thing.
pub(super) fn agree<'t>(
    values: &mut Map<String, Value>,
    members: &[Member],
    listed: Option<(&str, Page)>,
    text: &dyn Fn(&Member) -> &'t str,
    kin: u64,
) {
    let counted = sums::counted(members, text);
    count(values, &counted, listed);
    if let Some((_, page)) = listed {
        turn(values, counted.iter().copied(), page);
    }
    refer(values, members);
    adopt(values, members);
    call(values, members, kin);
    sums::add_up(values, members);
    order(values, members);
    measure::settle(values, members, text);
    settle_means(values, members);
    stage::settle(values, members, kin);
    choice::settle(values, members);
}

/// True for objects that say which part of a list is shown.
pub(super) fn is_page(name: &str) -> bool {
    matches!(
        words::folded(name).as_str(),
        "pagination"
            | "paging"
            | "meta"
            | "page"
            | "pageinfo"
            | "metadata"
            | "cursor"
            | "cursors"
            | "links"
            | "pages"
    )
}

/// Puts a value in the place of a member's, if it may stand there.
pub(super) fn set(values: &mut Map<String, Value>, member: &Member, value: impl Into<Value>) {
    let value = value.into();
    if values.contains_key(&member.name) && fits(&member.shape, &value) {
        values.insert(member.name.clone(), value);
    }
}

pub(super) fn is_number(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Integer | ShapeKind::Number => true,
        ShapeKind::Union(shapes) => shapes.iter().any(is_number),
        _ => false,
    }
}

/// `count`, `total_users`, and `usersCount` are how many there are in the list beside them.
fn count(values: &mut Map<String, Value>, members: &[&Member], listed: Option<(&str, Page)>) {
    let lists: Vec<(String, u64)> = values
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_array()?.len() as u64)))
        .collect();
    let only = match (listed, lists.as_slice()) {
        (Some((name, _)), lists) => lists.iter().find(|list| list.0 == name),
        (None, [only]) => Some(only),
        _ => None,
    };
    for member in members.iter().filter(|it| is_number(&it.shape)) {
        let parts = parts(&member.name);
        let last = parts.last().map_or("", String::as_str);
        let first = parts.first().map_or("", String::as_str);
        let is_total = parts.iter().any(|it| it == "total" || it == "gesamt");
        let is_count = matches!(
            last,
            "count" | "counts" | "length" | "returned" | "anzahl" | "total" | "gesamt"
        ) || matches!(first, "num" | "total" | "count" | "number");
        if !is_count || !is_whole(values.get(&member.name)) {
            continue;
        }
        let named = parts.iter().find_map(|part| {
            let part = singular(part);
            lists.iter().find(|list| singular(&list.0) == part)
        });
        let is_bare = parts.iter().all(|it| COUNTING.contains(&it.as_str()));
        let Some((name, length)) = named.or(only.filter(|_| is_bare)) else {
            continue;
        };
        let is_paged = listed.filter(|(listed, _)| listed == name);
        let whole = is_paged
            .filter(|_| is_total)
            .map(|(_, page)| page.total.max(*length));
        set(values, member, whole.unwrap_or(*length));
    }
}

const COUNTING: [&str; 17] = [
    "count", "total", "num", "number", "of", "items", "item", "results", "result", "length",
    "size", "records", "elements", "entries", "returned", "gesamt", "anzahl",
];

/// A sum of money is no count.
pub(super) fn is_whole(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0))
}

/// Sets what tells one page of a list from the others.
pub(super) fn turn<'m>(
    values: &mut Map<String, Value>,
    members: impl IntoIterator<Item = &'m Member>,
    page: Page,
) {
    let last = page.first + page.count().max(1) - 1;
    for member in members {
        let name = words::folded(&member.name);
        let name = name.as_str();
        let is_number = is_number(&member.shape);
        match name {
            "hasmore" | "more" | "hasnext" | "hasnextpage" => set(values, member, page.has_more()),
            "hasprevious" | "hasprev" | "haspreviouspage" | "hasprevpage" => {
                set(values, member, page.offset > 0);
            }
            "pages" | "totalpages" | "pagecount" | "numpages" | "totalpagecount" if is_number => {
                set(values, member, page.count());
            }
            "lastpage" if is_number => set(values, member, last),
            "total" | "totalcount" | "totalitems" | "totalresults" | "totalrecords"
            | "totalelements" | "gesamt"
                if is_number =>
            {
                set(values, member, page.total);
            }
            "count" | "returned" if is_number => set(values, member, page.shown()),
            _ if paging::NUMBER.contains(&name) && is_number => set(values, member, page.number),
            _ if paging::OFFSET.contains(&name) && is_number => set(values, member, page.offset),
            _ if paging::LIMIT.contains(&name) && is_number => set(values, member, page.limit),
            _ if name.starts_with("next") => {
                let next = page.has_more().then(|| page.next_offset());
                goto(values, member, page, next);
            }
            _ if name.starts_with("prev") => {
                let before = page.offset.saturating_sub(page.limit);
                goto(values, member, page, (page.offset > 0).then_some(before));
            }
            _ => {}
        }
    }
}

/// Sets what leads to another page; where there is none, `null` or nothing.
fn goto(values: &mut Map<String, Value>, member: &Member, page: Page, to: Option<u64>) {
    let Some(offset) = to else {
        if member.shape.allows_null() {
            set(values, member, Value::Null);
        } else if !member.required.as_ref().is_some_and(|it| it.value) {
            values.remove(&member.name);
        } else {
            set(values, member, "");
        }
        return;
    };
    let number = page.first + offset / page.limit;
    let name = words::folded(&member.name);
    let is_address = name.ends_with("url")
        || name.ends_with("link")
        || matches!(name.as_str(), "next" | "previous" | "prev")
        || member
            .shape
            .constraints
            .format
            .as_ref()
            .is_some_and(|it| it.value == Format::Uri);
    if is_number(&member.shape) {
        set(
            values,
            member,
            if name.ends_with("offset") {
                offset
            } else {
                number
            },
        );
    } else if is_address {
        let address = format!("https://example.com/?page={number}&limit={}", page.limit);
        set(values, member, address);
    } else {
        set(values, member, Page::cursor(offset));
    }
}

/// `customer_id` is the id of the `customer` beside it.
fn refer(values: &mut Map<String, Value>, members: &[Member]) {
    for member in members {
        let name = words::folded(&member.name);
        let Some(kind) = name.strip_suffix("id").filter(|kind| !kind.is_empty()) else {
            continue;
        };
        let mut beside = values
            .iter()
            .filter(|(name, _)| words::folded(name) == kind);
        let id = beside.find_map(|(_, value)| value.get("id").cloned());
        if let Some(id) = id {
            set(values, member, id);
        }
    }
}

/// The `parent_id` of what is in a thing is the id of that thing.
fn adopt(values: &mut Map<String, Value>, members: &[Member]) {
    let Some(id) = values.get("id").cloned() else {
        return;
    };
    for member in members {
        let ShapeKind::Array(items) = &member.shape.kind else {
            continue;
        };
        let is_parent = |it: &&Member| words::folded(&it.name) == "parentid";
        let Some(parent) = items.members().iter().find(is_parent) else {
            continue;
        };
        let made = values.get_mut(&member.name).and_then(Value::as_array_mut);
        let made = made.into_iter().flatten();
        for item in made.filter_map(Value::as_object_mut) {
            set(item, parent, id.clone());
        }
    }
}

/// The whole name and the address of a person are those of the names beside them, which may have been sent.
fn call(values: &mut Map<String, Value>, members: &[Member], kin: u64) {
    let named = |names: [&str; 2]| {
        let mut values = values.iter();
        let found = values.find(|(name, _)| names.contains(&words::folded(name).as_str()));
        found
            .and_then(|(_, value)| value.as_str())
            .map(str::to_owned)
    };
    let (Some(first), Some(last)) = (
        named(["firstname", "givenname"]),
        named(["lastname", "familyname"]),
    ) else {
        return;
    };
    let made_up = Person::of(kin);
    if made_up.first == first && made_up.last == last {
        return;
    }
    for member in members {
        let known = values.get(&member.name).and_then(Value::as_str);
        if known == Some(made_up.name().as_str()) {
            set(values, member, format!("{first} {last}"));
        } else if known == Some(made_up.email().as_str()) {
            let plain = |name: &str| cast::slug(name).replace('-', ".");
            let email = format!("{}.{}@example.com", plain(&first), plain(&last));
            set(values, member, email);
        }
    }
}

/// What is between a least and a greatest number stands there: `avg` beside `min` and `max`.
fn settle_means(values: &mut Map<String, Value>, members: &[Member]) {
    for member in members.iter().filter(|it| is_number(&it.shape)) {
        let name = words::folded(&member.name);
        let means = ["average", "avg", "mean", "median", "p50"];
        let Some(word) = means.iter().find(|word| name.contains(**word)) else {
            continue;
        };
        let of = |bound: &str| {
            let wanted = name.replacen(word, bound, 1);
            let mut members = values.iter();
            let found = members.find(|(name, _)| words::folded(name) == wanted);
            found.and_then(|(_, value)| value.as_f64())
        };
        let own = values.get(&member.name).and_then(Value::as_f64);
        let (Some(own), Some(least), Some(most)) = (own, of("min"), of("max")) else {
            continue;
        };
        if own < least || own > most {
            let mean = f64::midpoint(least, most);
            set(values, member, mean.floor() as i64);
            set(values, member, mean);
        }
    }
}

/// The lesser of two bounds comes first.
fn order(values: &mut Map<String, Value>, members: &[Member]) {
    for (low, high) in [
        ("min", "max"),
        ("from", "to"),
        ("start", "end"),
        ("low", "high"),
        ("lower", "upper"),
        ("available", "total"),
        ("used", "total"),
        ("used", "limit"),
        ("used", "quota"),
        ("p50", "p95"),
        ("p95", "p99"),
        ("p50", "p95"),
    ] {
        for member in members {
            let name = words::folded(&member.name);
            if !name.contains(low) {
                continue;
            }
            let wanted = name.replacen(low, high, 1);
            let Some(other) = members.iter().find(|it| words::folded(&it.name) == wanted) else {
                continue;
            };
            let pair = values.get(&member.name).zip(values.get(&other.name));
            let Some((Value::Number(one), Value::Number(two))) = pair else {
                continue;
            };
            let (one, two) = (one.clone(), two.clone());
            if one.as_f64() > two.as_f64() {
                let both = fits(&member.shape, &two.clone().into())
                    && fits(&other.shape, &one.clone().into());
                if both {
                    set(values, member, two);
                    set(values, other, one);
                }
            }
        }
    }
}

/// Sets the numbers of the page in the objects that tell them.
pub(super) fn turn_inner(made: &mut Map<String, Value>, members: &[Member], page: Page) {
    for member in members.iter().filter(|member| is_page(&member.name)) {
        if let (ShapeKind::Object { members, .. }, Some(Value::Object(inner))) =
            (&member.shape.kind, made.get_mut(&member.name))
        {
            turn(inner, members, page);
        }
    }
}
