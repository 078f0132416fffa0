//! Which things a list shows: filtered, searched, sorted, and paged by the documented parameters.

use serde_json::{Map, Value};

use super::collections::Collection;
use super::links::Turns;
use super::view::{View, member, text};
use super::wants::{Want, Wants};
use super::{Turn, filter, make, overlay, sorting};
use crate::mock::answer::Answer;
use crate::mock::words;
use crate::model::curl::Curl;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::{Field, Location};

type Thing = Map<String, Value>;

/// Names of what is no filter, in one spelling and in some languages.
pub(super) const LIMIT: [&str; 21] = [
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
    "porpagina",
    "limite",
    "tamanhopagina",
    "tamanopagina",
    "itensporpagina",
    "parpage",
    "proseite",
];
pub(super) const PAGE: [&str; 7] = [
    "page",
    "pagenumber",
    "pageno",
    "pageindex",
    "currentpage",
    "pagina",
    "seite",
];
pub(super) const OFFSET: [&str; 4] = ["offset", "skip", "startindex", "start"];
pub(super) const CURSOR: [&str; 10] = [
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
pub(super) const SORT: [&str; 12] = [
    "sort",
    "sortby",
    "orderby",
    "sortfield",
    "ordering",
    "orden",
    "ordenarpor",
    "ordenar",
    "ordem",
    "tri",
    "trierpar",
    "sortierung",
];
pub(super) const DIRECTION: [&str; 9] = [
    "order",
    "direction",
    "sortorder",
    "sortdirection",
    "sortdir",
    "orderdir",
    "orderdirection",
    "direccion",
    "direcao",
];
pub(super) const SEARCH: [&str; 12] = [
    "q",
    "search",
    "query",
    "keyword",
    "searchterm",
    "buscar",
    "busqueda",
    "busca",
    "pesquisa",
    "recherche",
    "suche",
    "keywords",
];

/// What a request asks of a list.
pub(super) struct Asked<'a> {
    pub(super) parameters: Vec<Parameter<'a>>,
    /// What was sent.
    pub(super) sent: Vec<(String, String)>,
    /// The path and the query of it.
    path: String,
    query: Vec<(String, String)>,
    curls: Vec<&'a Curl>,
}

/// A documented parameter of a list.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) folded: String,
    pub(super) field: &'a Field,
    shape: Option<&'a Shape>,
    /// True if things have a text of that name.
    is_member: bool,
}

impl Parameter<'_> {
    pub(super) fn is_truth(&self) -> bool {
        self.shape.is_some_and(|it| it.kind == ShapeKind::Boolean)
    }

    pub(super) fn default(&self) -> Option<String> {
        self.field.default.as_ref().map(|it| text(&it.value))
    }

    /// True if it is no member, but about the list: its pages, its order, words that things have in them.
    pub(super) fn is_special(&self) -> bool {
        let all: [&[&str]; 7] = [&LIMIT, &PAGE, &OFFSET, &CURSOR, &SORT, &DIRECTION, &SEARCH];
        all.into_iter().any(|names| self.is_of(names))
    }

    /// True for one of these names; `size` of a list of shirts says nothing about pages.
    fn is_of(&self, names: &[&str]) -> bool {
        let is_number = || [LIMIT.as_slice(), &PAGE, &OFFSET].contains(&names);
        names.contains(&self.folded.as_str()) && !(self.is_choice() && is_number())
    }

    /// True for a text, of which only some are allowed or which things have.
    fn is_choice(&self) -> bool {
        let kind = self.shape.map(|shape| &shape.kind);
        let is_number = matches!(kind, Some(ShapeKind::Integer | ShapeKind::Number));
        let allowed = self.shape.and_then(|it| it.constraints.allowed.as_ref());
        !is_number && (allowed.is_some() || self.is_member)
    }
}

/// The things of one page, and what is said about the others.
pub(super) struct Page<'t> {
    pub(super) things: Vec<&'t Thing>,
    /// What was sent and selects nothing.
    pub(super) ignored: Vec<String>,
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
    pub(super) fn new(
        turn: &Turn<'a>,
        collection: &Collection,
        query: &[(String, String)],
    ) -> Self {
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
                is_member: collection
                    .set
                    .get(&field.name.value)
                    .is_some_and(Value::is_string),
            });
        let mut sent = query.to_vec();
        let body = overlay::body(turn.request).into_iter();
        sent.extend(body.map(|(name, value)| (name, text(&value))));
        let examples = operation.request_examples.iter();
        Self {
            parameters: parameters.collect(),
            sent,
            path: turn.request.uri.path().to_owned(),
            query: query.to_vec(),
            curls: examples.filter_map(|it| it.curl.as_ref()).collect(),
        }
    }

    /// The documented parameter of one of these names.
    fn parameter(&self, names: &[&str]) -> Option<&Parameter<'a>> {
        let mut parameters = self.parameters.iter();
        parameters.find(|it| it.is_of(names))
    }

    /// What was sent for a parameter.
    pub(super) fn sent(&self, parameter: &Parameter<'_>) -> Option<String> {
        let mut sent = self.sent.iter();
        let sent = sent.find(|(known, _)| known == parameter.name);
        sent.map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    }

    /// The documented parameter of one of these names: the value that was sent, else the documented default.
    pub(super) fn value(&self, names: &[&str]) -> Option<String> {
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
                it.is_of(*status) && it.has_body() && (is_told || speaks())
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
        let Wants { wants, ignored } = self.wants(collection);
        things.retain(|thing| wants.iter().all(|want: &Want<'_>| want.takes(thing)));
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
            ignored,
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
        // The pages before and after, and the first, the last, and the own one, as far as they have numbers.
        type Ways = [Option<String>; 2];
        let turns = |names: &[&str], [next, previous]: Ways, others: Option<[usize; 3]>| {
            let parameter = self.parameter(names)?;
            let others = others.map(|others| others.map(|it| it.to_string()));
            let [first, last, own] = others.map_or([None, None, None], |it| it.map(Some));
            Some(Turns {
                parameter: parameter.name.to_owned(),
                path: self.path.clone(),
                query: self.query.clone(),
                next,
                previous,
                own: self.value(names).or(own),
                first,
                last,
            })
        };
        let pages = total.div_ceil(size.max(1)).max(1);
        let has_next = end < total;
        let before = start.checked_sub(size.min(start)).filter(|_| start > 0);
        if let Some(number) = number.filter(|_| self.parameter(&PAGE).is_some()) {
            let after = has_next.then(|| (number + 1).to_string());
            let before = number.checked_sub(1).filter(|_| start > 0);
            let first = self.first_page();
            let numbers = [first, first + pages - 1, number];
            return turns(
                &PAGE,
                [after, before.map(|it| it.to_string())],
                Some(numbers),
            );
        }
        let after = has_next.then(|| end.to_string());
        let starts = [0, (pages - 1).saturating_mul(size), start];
        let ways = [after, before.map(|it| it.to_string())];
        turns(&OFFSET, ways, Some(starts)).or_else(|| turns(&CURSOR, [next.map(text), None], None))
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

    /// True if the newest are listed first where nothing else is asked for.
    pub(super) fn is_newest_first(&self) -> bool {
        let default = || {
            let direction = self.parameter(&DIRECTION)?;
            falls(&text(&direction.field.default.as_ref()?.value))
        };
        self.parameter(&SORT).is_none() && default() == Some(true)
    }

    /// Sorts things, which are in the order that they are listed in where nothing is asked for; false if what is asked
    /// for sorts nothing.
    pub(super) fn sort(
        &self,
        things: &mut [&Thing],
        collection: &Collection,
        is_newest_first: bool,
    ) -> bool {
        let direction = self.value(&DIRECTION).unwrap_or_default();
        // `order=price.desc` says both.
        let both = Some(direction.as_str()).filter(|it| !it.is_empty() && falls(it).is_none());
        let sort = self.value(&SORT);
        let Some(sort) = sort.as_deref().or(both) else {
            self.sort_by_age(things, is_newest_first);
            return true;
        };
        if let "newest" | "oldest" = sort.to_lowercase().as_str() {
            by_age(things, is_newest_first, sort.to_lowercase() == "newest");
            return true;
        }
        let keys = sorting::keys(sort, falls(&direction), collection);
        things.sort_by(|one, other| sorting::order(&keys, one, other));
        let is_sent = |names: &[&str]| self.parameter(names).and_then(|it| self.sent(it)).is_some();
        !keys.is_empty() || !is_sent(&SORT) && !is_sent(&DIRECTION)
    }

    /// Sorts by the time at which things were made, else by the order in which they were.
    fn sort_by_age(&self, things: &mut [&Thing], is_newest_first: bool) {
        let asked = self.value(&DIRECTION).and_then(|it| falls(&it));
        let direction = self.parameter(&DIRECTION);
        let is_sent = direction.and_then(|it| self.sent(it)).is_some();
        let is_alone = is_sent || self.parameter(&SORT).is_none();
        // Examples on several pages have no order of their own.
        let said = is_newest_first.then_some(true);
        let Some(is_falling) = asked.filter(|_| is_alone).or(said) else {
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
        let order = sorting::compare(one.get(&member), other.get(&member));
        if is_falling { order.reverse() } else { order }
    });
}

/// True for the newest first, as a parameter that is about nothing else says it.
pub(super) fn falls(direction: &str) -> Option<bool> {
    match direction.to_lowercase().as_str() {
        "desc" | "descending" | "newest" => Some(true),
        "asc" | "ascending" | "oldest" => Some(false),
        _ => None,
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
