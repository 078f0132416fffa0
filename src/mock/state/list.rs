//! Which things a list shows: filtered, searched, sorted, and paged by the documented parameters.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::collections::Collection;
use super::links::Turns;
use super::view::{View, member, text};
use super::{Turn, filter, make, overlay};
use crate::mock::answer::Answer;
use crate::mock::words;
use crate::model::curl::Curl;
use crate::model::shape::Shape;
use crate::model::{Field, Location};

type Thing = Map<String, Value>;

const LIMIT: [&str; 14] = [
    "resultsperpage",
    "perpagecount",
    "top",
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
const PAGE: [&str; 5] = ["page", "pagenumber", "pageno", "pageindex", "currentpage"];
const OFFSET: [&str; 4] = ["offset", "skip", "startindex", "start"];
const CURSOR: [&str; 10] = [
    "marker",
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
const SORT: [&str; 5] = ["sort", "sortby", "orderby", "sortfield", "ordering"];
const DIRECTION: [&str; 7] = [
    "order",
    "direction",
    "sortorder",
    "sortdirection",
    "sortdir",
    "orderdir",
    "orderdirection",
];
const SEARCH: [&str; 5] = ["q", "search", "query", "keyword", "searchterm"];

/// What a request asks of a list.
pub(super) struct Asked<'a> {
    parameters: Vec<Parameter<'a>>,
    /// What was sent.
    sent: Vec<(String, String)>,
    /// The query of it.
    query: Vec<(String, String)>,
    curls: Vec<&'a Curl>,
}

/// A documented parameter of a list.
struct Parameter<'a> {
    name: &'a str,
    folded: String,
    field: &'a Field,
    shape: Option<&'a Shape>,
}

impl Parameter<'_> {
    /// True if its text says that a part of the value is enough.
    fn is_about_parts(&self) -> bool {
        let said = self.field.description.to_lowercase();
        ["contains", "containing", "partial", "substring"]
            .iter()
            .any(|word| said.contains(word))
    }
}

/// The things of one page, and what is said about the others.
pub(super) struct Page<'t> {
    pub(super) things: Vec<&'t Thing>,
    pub(super) total: usize,
    /// Where the page starts among all things that were selected; it may be behind them.
    pub(super) start: usize,
    pub(super) limit: Option<usize>,
    /// The number of the page.
    pub(super) number: usize,
    /// How other pages are asked for.
    pub(super) turns: Option<Turns>,
    /// The id of the last thing, if there are more after it.
    pub(super) next: Option<Value>,
}

impl<'a> Asked<'a> {
    /// The query of a request, and the body of one that is no `GET`.
    pub(super) fn new(turn: &Turn<'a>, query: &[(String, String)]) -> Self {
        let operation = &turn.served.operation;
        let query_parameters = operation.parameters_in(Location::Query);
        let query_parameters = query_parameters.map(|it| (&it.field, Some(&it.shape)));
        let body = operation.body.iter().flat_map(|body| {
            let fields = body.fields.iter();
            fields.map(|field| (field, member(&body.shape, &field.name.value)))
        });
        let parameters = query_parameters
            .chain(body)
            .map(|(field, shape)| Parameter {
                name: &field.name.value,
                folded: words::folded(&field.name.value),
                field,
                shape,
            });
        let mut sent = query.to_vec();
        let body = overlay::body(turn.request).into_iter();
        sent.extend(body.map(|(name, value)| (name, text(&value))));
        let examples = operation.request_examples.iter();
        Self {
            parameters: parameters.collect(),
            sent,
            query: query.to_vec(),
            curls: examples.filter_map(|it| it.curl.as_ref()).collect(),
        }
    }

    /// The documented parameter of one of these names.
    fn parameter(&self, names: &[&str]) -> Option<&Parameter<'a>> {
        let mut parameters = self.parameters.iter();
        parameters.find(|it| names.contains(&it.folded.as_str()))
    }

    /// What was sent for a parameter.
    fn sent(&self, parameter: &Parameter<'_>) -> Option<String> {
        let mut sent = self.sent.iter();
        let sent = sent.find(|(known, _)| known == parameter.name);
        sent.map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    }

    /// The documented parameter of one of these names: the value that was sent, else the documented default.
    fn value(&self, names: &[&str]) -> Option<String> {
        let parameter = self.parameter(names)?;
        let sent = self.sent(parameter);
        let default = parameter.field.default.as_ref().map(|it| text(&it.value));
        sent.or(default).filter(|value| !value.is_empty())
    }

    /// The cursor that was sent, where nobody gave it and the page says which error that is.
    pub(super) fn unknown_cursor<'s>(
        &self,
        answers: &'s [Answer],
        view: &View,
        is_known: impl FnOnce(&str) -> bool,
    ) -> Option<(String, &'s Answer)> {
        let parameter = self.parameter(&CURSOR)?;
        let cursor = self.sent(parameter).filter(|it| !filter::is_time(it))?;
        let name = parameter.name.to_lowercase();
        let refusal = [400, 422].iter().find_map(|status| {
            let is_told = parameter.field.description.contains(&status.to_string());
            let mut answers = answers.iter();
            answers.find(|it| {
                let speaks = || {
                    it.json()
                        .is_some_and(|it| it.to_string().to_lowercase().contains(&name))
                };
                it.status.code() == Some(*status) && it.has_body() && (is_told || speaks())
            })
        })?;
        let urls = self.curls.iter().filter_map(|curl| curl.url.as_ref());
        let mut shown = urls
            .flat_map(|url| &url.query)
            .filter_map(|it| it.value.as_ref());
        let is_shown = shown.any(|it| it.value == cursor)
            || parameter.field.description.contains(&cursor)
            || view.template.to_string().contains(&cursor);
        (!is_shown && !is_known(&cursor)).then_some((cursor, refusal))
    }

    fn number(&self, names: &[&str]) -> Option<usize> {
        self.value(names)?.trim().parse().ok()
    }

    /// How many things a page has: what was sent, the documented default, else what the example shows.
    fn limit(&self, view: &View) -> Option<usize> {
        let whole = |text: String| text.trim().parse().ok().filter(|limit| *limit > 0);
        let parameter = self.parameter(&LIMIT);
        let sent = parameter.and_then(|it| whole(self.sent(it)?));
        let default = parameter.and_then(|it| whole(text(&it.field.default.as_ref()?.value)));
        let shown = || {
            // What a command asks for is no default.
            let name = parameter.map(|it| it.name);
            let mut curls = self.curls.iter().filter_map(|curl| curl.url.as_ref());
            let is_asked = curls.any(|url| {
                let mut names = url.query.iter().map(|pair| pair.name.value.as_str());
                names.any(|sent| Some(sent) == name)
            });
            let is_paged = parameter.or_else(|| self.parameter(&PAGE)).is_some();
            shown_limit(&view.template).filter(|_| is_paged && !is_asked)
        };
        sent.or(default).or_else(shown)
    }

    /// The page that is asked for.
    pub(super) fn page<'t>(
        &self,
        view: &View,
        collection: &Collection,
        mut things: Vec<&'t Thing>,
    ) -> Page<'t> {
        let names_day = self.sent.iter().any(|(_, value)| filter::is_time(value));
        let shown = || [&collection.sample].into_iter().chain(&collection.seeds);
        let time = names_day.then(|| filter::time(&shown().collect::<Vec<_>>()));
        let time = time.flatten();
        things.retain(|thing| self.takes(thing, time));
        let total = things.len();
        let limit = self.limit(view);
        let first = self.first_page();
        let size = limit.unwrap_or(total).max(1);
        let mut number = None;
        let start = if let Some(cursor) = self.value(&CURSOR).filter(|it| !filter::is_time(it)) {
            let id = |thing: &Thing| thing.get(&collection.key).map(text);
            let mut all = things.iter();
            let found = all.position(|thing| id(thing).as_deref() == Some(cursor.as_str()));
            // A cursor that is of no thing starts at the beginning.
            found.map_or(0, |at| at + 1)
        } else if let Some(offset) = self.number(&OFFSET) {
            offset
        } else {
            let page = self.number(&PAGE).unwrap_or(first).max(first);
            number = Some(page);
            (page - first).saturating_mul(size)
        };
        let from = start.min(total);
        let end = limit.map_or(total, |limit| from.saturating_add(limit).min(total));
        let things: Vec<_> = things.drain(from..end).collect();
        let last = things.last().and_then(|thing| thing.get(&collection.key));
        let next = last.cloned().filter(|_| end < total);
        Page {
            turns: self.turns(number, (start, end, size), total, next.as_ref()),
            next,
            things,
            total,
            start,
            limit,
            number: number.unwrap_or(start / size + first),
        }
    }

    /// How the pages before and after the one from `start` to `end` are asked for.
    fn turns(
        &self,
        number: Option<usize>,
        (start, end, size): (usize, usize, usize),
        total: usize,
        next: Option<&Value>,
    ) -> Option<Turns> {
        let turns = |names: &[&str], next: Option<String>, previous: Option<String>| {
            let parameter = self.parameter(names)?;
            let own = self.value(names);
            Some(Turns {
                parameter: parameter.name.to_owned(),
                query: self.query.clone(),
                next,
                previous,
                own,
            })
        };
        let has_next = end < total;
        let before = start.checked_sub(size.min(start)).filter(|_| start > 0);
        if let Some(number) = number.filter(|_| self.parameter(&PAGE).is_some()) {
            let after = has_next.then(|| (number + 1).to_string());
            let before = number.checked_sub(1).filter(|_| start > 0);
            return turns(&PAGE, after, before.map(|it| it.to_string()));
        }
        let after = has_next.then(|| end.to_string());
        turns(&OFFSET, after, before.map(|it| it.to_string()))
            .or_else(|| turns(&CURSOR, next.map(text), None))
    }

    /// 0 if the page says that pages are counted from there, else 1.
    fn first_page(&self) -> usize {
        let is_zero = self.parameter(&PAGE).is_some_and(|page| {
            let default = page.field.default.as_ref();
            let least = page.shape.and_then(|it| it.constraints.minimum.as_ref());
            default.is_some_and(|it| text(&it.value) == "0")
                || least.is_some_and(|it| it.value == 0.0)
        });
        usize::from(!is_zero)
    }

    fn takes(&self, thing: &Thing, time: Option<&str>) -> bool {
        if let Some(wanted) = self.value(&SEARCH) {
            let wanted = wanted.to_lowercase();
            if !thing
                .values()
                .any(|value| filter::mentions(value, &wanted, 0))
            {
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
        self.parameters.iter().all(|parameter| {
            let name = parameter.name;
            // What comes after a time is no page.
            let is_after = parameter.folded == "after";
            let is_moment = is_after && self.sent(parameter).is_some_and(|it| filter::is_time(&it));
            if special.contains(&parameter.folded.as_str()) && !is_moment {
                return true;
            }
            let sent = self.sent.iter();
            let bare = name.trim_end_matches("[]");
            let sent = sent.filter(|(known, _)| known.trim_end_matches("[]") == bare);
            let sent: Vec<_> = sent.map(|(_, value)| value.as_str()).collect();
            let default = || Some(text(&parameter.field.default.as_ref()?.value));
            let flag = sent.first().map(|it| (*it).to_owned()).or_else(default);
            if flag.is_some_and(|flag| filter::leaves_out(thing, &parameter.folded, &flag)) {
                return false;
            }
            if parameter.is_about_parts()
                && let Some(value) = filter::named(thing, &parameter.folded)
            {
                return sent.iter().all(|wanted| filter::contains(value, wanted));
            }
            // What is the default changes nothing when it is sent: `in_stock=false` is every book.
            let default = parameter.field.default.as_ref();
            let is_default =
                default.is_some_and(|it| sent == [text(&it.value)] && sent != ["true"]);
            sent.is_empty() || is_default || filter::takes(thing, name, &sent, time)
        })
    }

    /// True if the newest are listed first where nothing else is asked for.
    pub(super) fn is_newest_first(&self) -> bool {
        let default = || {
            let direction = self.parameter(&DIRECTION)?;
            falls(&text(&direction.field.default.as_ref()?.value))
        };
        self.parameter(&SORT).is_none() && default() == Some(true)
    }

    /// Sorts things, which are in the order that they are listed in where nothing is asked for.
    pub(super) fn sort(&self, things: &mut [&Thing], is_newest_first: bool) {
        let Some(sort) = self.value(&SORT) else {
            return self.sort_by_age(things, is_newest_first);
        };
        let direction = self.value(&DIRECTION).unwrap_or_default();
        let (name, own) = match sort.split_once([':', ' ', ',']) {
            Some((name, direction)) => (name.to_owned(), direction.to_owned()),
            None => (sort.clone(), direction),
        };
        let mut is_falling = name.starts_with('-') || own.to_lowercase().starts_with("desc");
        let mut wanted = words::folded(&name);
        let is_known = |wanted: &str, things: &[&Thing]| {
            let mut things = things.iter();
            things.any(|thing| filter::named(thing, wanted).is_some())
        };
        if !is_known(&wanted, things) {
            if let "newest" | "oldest" = wanted.as_str() {
                return by_age(things, is_newest_first, wanted == "newest");
            }
            // `price_desc` is one word of some APIs.
            let ends = [("asc", false), ("desc", true)];
            let end = ends.iter().find_map(|(end, falls)| {
                let rest = wanted.strip_suffix(end)?;
                Some((rest.to_owned(), *falls))
            });
            // A name that no thing has sorts nothing.
            let Some((rest, falls)) = end.filter(|(rest, _)| is_known(rest, things)) else {
                return;
            };
            (wanted, is_falling) = (rest, falls);
        }
        things.sort_by(|one, other| {
            let order = compare(filter::named(one, &wanted), filter::named(other, &wanted));
            if is_falling { order.reverse() } else { order }
        });
    }

    /// Sorts by the time at which things were made, else by the order in which they were.
    fn sort_by_age(&self, things: &mut [&Thing], is_newest_first: bool) {
        let asked = self.value(&DIRECTION).and_then(|it| falls(&it));
        let Some(is_falling) = asked.filter(|_| self.parameter(&SORT).is_none()) else {
            return;
        };
        by_age(things, is_newest_first, is_falling);
    }
}

/// Sorts things, which are in the order that they were made in, or the other way round.
fn by_age(things: &mut [&Thing], is_newest_first: bool, is_falling: bool) {
    if is_falling != is_newest_first {
        things.reverse();
    }
    let creation = |thing: &&Thing| thing.keys().find(|it| make::is_creation(it)).cloned();
    let Some(member) = things.iter().find_map(creation) else {
        return;
    };
    things.sort_by(|one, other| {
        let order = compare(one.get(&member), other.get(&member));
        if is_falling { order.reverse() } else { order }
    });
}

/// True for the newest first, as a parameter that is about nothing else says it.
fn falls(direction: &str) -> Option<bool> {
    match direction.to_lowercase().as_str() {
        "desc" | "descending" | "newest" => Some(true),
        "asc" | "ascending" | "oldest" => Some(false),
        _ => None,
    }
}

fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
        (Some(one), Some(other)) => filter::in_order(&text(one), &text(other)),
        (None, None) => Ordering::Equal,
        // What has no such value comes last.
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}

/// How many things a page has, as an answer tells it.
fn shown_limit(whole: &Value) -> Option<usize> {
    let limit = |members: &Thing| {
        let mut members = members.iter();
        let found = members.find(|(name, _)| {
            ["limit", "perpage", "pagesize"].contains(&words::folded(name).as_str())
        });
        found.and_then(|(_, value)| usize::try_from(value.as_u64()?).ok())
    };
    let members = whole.as_object()?;
    let inner = members.values().filter_map(Value::as_object);
    let mut limits = [members].into_iter().chain(inner).filter_map(limit);
    limits.find(|limit| *limit > 0)
}
