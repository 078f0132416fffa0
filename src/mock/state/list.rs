//! Which things a list shows: filtered, searched, sorted, and paged by the documented parameters.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::collections::{Collection, View, member, text};
use super::filter;
use crate::mock::words;
use crate::model::{Location, Operation};

type Thing = Map<String, Value>;

const LIMIT: [&str; 11] = [
    "limit",
    "perpage",
    "pagesize",
    "size",
    "take",
    "maxresults",
    "first",
    "pagelimit",
    "itemsperpage",
    "count",
    "rows",
];
const PAGE: [&str; 4] = ["page", "pagenumber", "pageindex", "currentpage"];
const OFFSET: [&str; 4] = ["offset", "skip", "startindex", "start"];
const CURSOR: [&str; 9] = [
    "cursor",
    "after",
    "startingafter",
    "startafter",
    "pagetoken",
    "nexttoken",
    "nextcursor",
    "nextpagetoken",
    "continuationtoken",
];
const SORT: [&str; 4] = ["sort", "sortby", "orderby", "sortfield"];
const DIRECTION: [&str; 5] = [
    "order",
    "direction",
    "sortorder",
    "sortdirection",
    "sortdir",
];
const SEARCH: [&str; 5] = ["q", "search", "query", "keyword", "searchterm"];

/// What a request asks of a list.
pub(super) struct Asked<'a> {
    operation: &'a Operation,
    query: &'a [(String, String)],
}

/// The things of one page, and what is said about the others.
pub(super) struct Page<'t> {
    pub(super) things: Vec<&'t Thing>,
    total: usize,
    /// Where the page starts among all things that were selected.
    start: usize,
    limit: Option<usize>,
    /// The number of the first page.
    first: usize,
    /// The id of the last thing, if there are more after it.
    next: Option<Value>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(operation: &'a Operation, query: &'a [(String, String)]) -> Self {
        Self { operation, query }
    }

    /// The documented parameter of one of these names: the value that was sent, else the documented default.
    fn value(&self, names: &[&str]) -> Option<String> {
        let parameters = self.operation.parameters_in(Location::Query);
        let mut known =
            parameters.filter(|it| names.contains(&words::folded(&it.field.name.value).as_str()));
        let parameter = known.next()?;
        let name = &parameter.field.name.value;
        let mut sent = self.query.iter().filter(|(known, _)| known == name);
        let sent = sent.next().map(|(_, value)| value.clone());
        let default = parameter.field.default.as_ref().map(|it| text(&it.value));
        sent.or(default).filter(|value| !value.is_empty())
    }

    fn number(&self, names: &[&str]) -> Option<usize> {
        self.value(names)?.trim().parse().ok()
    }

    /// The page that is asked for.
    pub(super) fn page<'t>(&self, collection: &Collection, mut things: Vec<&'t Thing>) -> Page<'t> {
        things.retain(|thing| self.takes(thing));
        self.sort(&mut things);
        let total = things.len();
        let limit = self.number(&LIMIT).filter(|limit| *limit > 0);
        let first = self.first_page();
        let start = if let Some(cursor) = self.value(&CURSOR) {
            let id = |thing: &Thing| thing.get(&collection.key).map(text);
            let mut all = things.iter();
            let found = all.position(|thing| id(thing).as_deref() == Some(cursor.as_str()));
            // A cursor that is of no thing starts at the beginning.
            found.map_or(0, |at| at + 1)
        } else if let Some(offset) = self.number(&OFFSET) {
            offset
        } else {
            let page = self.number(&PAGE).unwrap_or(first);
            page.saturating_sub(first)
                .saturating_mul(limit.unwrap_or(total))
        };
        let start = start.min(total);
        let end = limit.map_or(total, |limit| start.saturating_add(limit).min(total));
        let things: Vec<_> = things.drain(start..end).collect();
        let last = things.last().and_then(|thing| thing.get(&collection.key));
        Page {
            next: last.cloned().filter(|_| end < total),
            things,
            total,
            start,
            limit,
            first,
        }
    }

    /// 0 if the page says that pages are counted from there, else 1.
    fn first_page(&self) -> usize {
        let parameters = self.operation.parameters_in(Location::Query);
        let mut pages =
            parameters.filter(|it| PAGE.contains(&words::folded(&it.field.name.value).as_str()));
        let is_zero = pages.next().is_some_and(|page| {
            let default = page.field.default.as_ref();
            let least = page.shape.constraints.minimum.as_ref();
            default.is_some_and(|it| text(&it.value) == "0")
                || least.is_some_and(|it| it.value == 0.0)
        });
        usize::from(!is_zero)
    }

    fn takes(&self, thing: &Thing) -> bool {
        if let Some(wanted) = self.value(&SEARCH) {
            let wanted = wanted.to_lowercase();
            let mut values = thing.values().filter_map(Value::as_str);
            if !values.any(|value| value.to_lowercase().contains(&wanted)) {
                return false;
            }
        }
        let special = [
            &LIMIT[..],
            &PAGE,
            &OFFSET,
            &CURSOR,
            &SORT,
            &DIRECTION,
            &SEARCH,
        ]
        .concat();
        let mut parameters = self.operation.parameters_in(Location::Query);
        parameters.all(|parameter| {
            let name = parameter.field.name.value.as_str();
            if special.contains(&words::folded(name).as_str()) {
                return true;
            }
            let sent = self.query.iter();
            let sent = sent.filter(|(known, _)| known.trim_end_matches("[]") == name);
            let sent: Vec<_> = sent.map(|(_, value)| value.as_str()).collect();
            // What is the default changes nothing when it is sent: `in_stock=false` is every book.
            let default = parameter.field.default.as_ref();
            let is_default = default.is_some_and(|it| sent == [text(&it.value)]);
            sent.is_empty() || is_default || filter::takes(thing, name, &sent)
        })
    }

    fn sort(&self, things: &mut [&Thing]) {
        let Some(sort) = self.value(&SORT) else {
            return;
        };
        let direction = self.value(&DIRECTION).unwrap_or_default();
        let (name, own) = match sort.split_once([':', ' ', ',']) {
            Some((name, direction)) => (name.to_owned(), direction.to_owned()),
            None => (sort.clone(), direction),
        };
        let is_falling = name.starts_with('-') || own.to_lowercase().starts_with("desc");
        let wanted = words::folded(&name);
        let named = |thing: &&Thing| {
            thing
                .keys()
                .find(|own| words::folded(own) == wanted)
                .cloned()
        };
        // A name that no thing has sorts nothing.
        let Some(member) = things.iter().find_map(named) else {
            return;
        };
        things.sort_by(|one, other| {
            let order = compare(one.get(&member), other.get(&member));
            if is_falling { order.reverse() } else { order }
        });
    }
}

fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
        (Some(one), Some(other)) => text(one).cmp(&text(other)),
        (None, None) => Ordering::Equal,
        // What has no such value comes last.
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}

impl Page<'_> {
    /// Sets what an answer says about its page, at its root and in objects beside the things.
    pub(super) fn describe(&self, view: &View, whole: &mut Value) {
        let shape = view.whole.as_ref();
        let names = names(whole);
        let Value::Object(members) = whole else {
            return;
        };
        for (name, value) in members.iter_mut() {
            if view.way.first() == Some(name) && view.way.len() == 1 {
                continue;
            }
            let inner = shape.and_then(|shape| member(shape, name));
            match value {
                Value::Object(members) => {
                    for (name, value) in members {
                        let shape = inner.and_then(|shape| member(shape, name));
                        self.set(
                            name,
                            value,
                            shape.is_none_or(super::Shape::allows_null),
                            &names,
                        );
                    }
                }
                value => self.set(
                    name,
                    value,
                    inner.is_none_or(super::Shape::allows_null),
                    &names,
                ),
            }
        }
    }

    fn set(&self, name: &str, value: &mut Value, may_be_null: bool, names: &[String]) {
        let end = self.start + self.things.len();
        let size = self.limit.unwrap_or(self.total).max(1);
        let pages = self.total.div_ceil(size).max(1);
        let page = self.start / size + self.first;
        let folded = words::folded(name);
        let has_total = names.iter().any(|name| name.starts_with("total"));
        let set = |value: &mut Value, number: usize| {
            if value.is_number() {
                *value = number.into();
            }
        };
        match folded.as_str() {
            "total" | "totalcount" | "totalitems" | "totalresults" | "totalrecords"
            | "totalelements" => {
                set(value, self.total);
            }
            "count" if has_total => set(value, self.things.len()),
            "count" => set(value, self.total),
            "totalpages" | "pagecount" | "pages" | "lastpage" => set(value, pages),
            "page" | "currentpage" | "pagenumber" => set(value, page),
            "limit" | "perpage" | "pagesize" => set(value, self.limit.unwrap_or(self.total)),
            "offset" | "skip" => set(value, self.start),
            "hasmore" | "hasnext" | "hasnextpage" if value.is_boolean() => {
                *value = (end < self.total).into();
            }
            "hasprevious" | "hasprev" | "hasprevpage" | "haspreviouspage" if value.is_boolean() => {
                *value = (self.start > 0).into();
            }
            "nextcursor" | "nexttoken" | "nextpagetoken" | "endcursor" | "cursor" | "after" => {
                *value = match &self.next {
                    Some(id) if value.is_number() && id.is_number() => id.clone(),
                    Some(id) => text(id).into(),
                    None if may_be_null || value.is_null() => Value::Null,
                    None => "".into(),
                };
            }
            "nextpage" if value.is_number() || value.is_null() => {
                *value = if end < self.total {
                    (page + 1).into()
                } else {
                    Value::Null
                };
            }
            _ => {}
        }
    }
}

/// The names of the members at the root and below it, folded.
fn names(whole: &Value) -> Vec<String> {
    let members = whole.as_object().into_iter().flatten();
    let mut names = Vec::new();
    for (name, value) in members {
        names.push(words::folded(name));
        names.extend(
            value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| words::folded(name)),
        );
    }
    names
}
