//! Members that say the same of one thing: counts and their lists, pages, ids of what stands beside them, and sums.

use serde_json::{Map, Value};

use crate::mock::words::{self, parts, singular};
use crate::model::shape::{Member, Shape, ShapeKind};
use crate::model::types::Format;

use super::fits;
use super::paging::{self, Page};

/// Makes the members of an object agree with each other; `listed` is the list of things that the answer is about.
pub(super) fn agree(
    values: &mut Map<String, Value>,
    members: &[Member],
    listed: Option<(&str, Page)>,
) {
    count(values, members, listed);
    if let Some((_, page)) = listed {
        turn(values, members, page);
    }
    refer(values, members);
    add_up(values, members);
    cap(values, members);
    order(values, members);
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
fn set(values: &mut Map<String, Value>, member: &Member, value: impl Into<Value>) {
    let value = value.into();
    if values.contains_key(&member.name) && fits(&member.shape, &value) {
        values.insert(member.name.clone(), value);
    }
}

fn is_number(shape: &Shape) -> bool {
    match &shape.kind {
        ShapeKind::Integer | ShapeKind::Number => true,
        ShapeKind::Union(shapes) => shapes.iter().any(is_number),
        _ => false,
    }
}

/// `count`, `total_users`, and `usersCount` are how many there are in the list beside them.
fn count(values: &mut Map<String, Value>, members: &[Member], listed: Option<(&str, Page)>) {
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
fn is_whole(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0))
}

/// Sets what tells one page of a list from the others.
pub(super) fn turn(values: &mut Map<String, Value>, members: &[Member], page: Page) {
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

/// What is used and what is left make the limit, and parts make the total.
fn add_up(values: &mut Map<String, Value>, members: &[Member]) {
    let find = |names: &[&str]| {
        let mut members = members.iter();
        members.find(|it| names.contains(&words::folded(&it.name).as_str()) && is_number(&it.shape))
    };
    let number = |values: &Map<String, Value>, member: &Member| values.get(&member.name)?.as_f64();
    let used = find(&["used", "usage", "consumed", "spent", "verbraucht"]);
    let left = find(&["remaining", "left", "available", "verbleibend"]);
    let whole = find(&[
        "limit",
        "quota",
        "total",
        "max",
        "allowance",
        "granted",
        "capacity",
    ]);
    if let (Some(used), Some(left), Some(whole)) = (used, left, whole)
        && let Some(limit) = number(values, whole)
    {
        let part = (limit * 0.3).floor().max(0.0);
        put(values, used, part);
        put(values, left, limit - part);
    }
    let (net, tax) = (
        find(&["subtotal", "net", "netamount"]),
        find(&["tax", "vat", "taxamount"]),
    );
    let total = find(&["total", "gross", "totalamount", "grossamount", "grandtotal"]);
    if let (Some(net), Some(tax), Some(total)) = (net, tax, total)
        && let Some(amount) = number(values, net)
    {
        let is_whole = is_whole(values.get(&tax.name)) && is_whole(values.get(&net.name));
        let share = amount * 0.19;
        let share = if is_whole {
            share.round()
        } else {
            (share * 100.0).round() / 100.0
        };
        put(values, tax, share);
        put(values, total, ((amount + share) * 100.0).round() / 100.0);
    }
}

/// No part of an amount is more than all of it: `amount_captured` beside `amount`.
fn cap(values: &mut Map<String, Value>, members: &[Member]) {
    for member in members.iter().filter(|it| is_number(&it.shape)) {
        let parts = parts(&member.name);
        let [whole, _part] = parts.as_slice() else {
            continue;
        };
        let Some(amount) = values.get(whole).filter(|it| it.is_number()).cloned() else {
            continue;
        };
        let own = values.get(&member.name).and_then(Value::as_f64);
        if own > amount.as_f64()
            && matches!(whole.as_str(), "amount" | "total" | "price" | "balance")
        {
            set(values, member, amount);
        }
    }
}

/// A whole number where one stands already, or must stand.
fn put(values: &mut Map<String, Value>, member: &Member, number: f64) {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        set(values, member, number as i64);
    } else {
        set(values, member, number);
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
