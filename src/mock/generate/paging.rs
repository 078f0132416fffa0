//! Which part of a list a request asks for.
//!
//! A list has the same things in it each time, and each page of it shows its part.

use serde_json::{Map, Value};

use crate::mock::words;
use crate::model::Location;

use super::Circumstances;

/// How many things there are where a list is made up.
const TOTAL: u64 = 3;

/// How many a page holds if nothing says so.
const USUAL: u64 = 20;

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// From 1, or from 0 where the default is 0.
    pub(super) number: u64,
    pub(super) limit: u64,
    pub(super) offset: u64,
    pub(super) total: u64,
    /// The number of the first page.
    pub(super) first: u64,
}

impl Page {
    /// What the query asks for, else the documented defaults; what the body does where it documents pages; none for all
    /// else that is no `GET`.
    pub(super) fn of(circumstances: &Circumstances<'_>, sent: &Map<String, Value>) -> Option<Self> {
        let is_read = circumstances.operation.starts_with("GET ");
        let mut inputs = circumstances.inputs.iter().filter(|_| !is_read);
        if !is_read && !inputs.any(|it| says_page(&it.name.value)) {
            return None;
        }
        let value = |names: &[&str]| value(circumstances, sent, names);
        let limit = value(&LIMIT).filter(|it| *it > 0).unwrap_or(USUAL);
        let first = default(circumstances, &NUMBER)
            .filter(|it| *it == 0)
            .unwrap_or(1);
        let number = value(&NUMBER).unwrap_or(first).max(first);
        let query = circumstances.query.iter();
        let query = query.map(|(name, value)| (name, value.as_str()));
        let sent = sent.iter().filter(|_| !is_read);
        let sent = sent.filter_map(|(name, value)| Some((name, value.as_str()?)));
        let cursor = query.chain(sent).find_map(|(name, value)| {
            let is_cursor = CURSOR.contains(&words::folded(name).as_str());
            value.strip_prefix(MARK)?.parse().ok().filter(|_| is_cursor)
        });
        let skipped = cursor.or_else(|| value(&OFFSET));
        let offset = skipped.unwrap_or_else(|| (number - first).saturating_mul(limit));
        Some(Self {
            number: skipped.map_or(number, |offset| first + offset / limit),
            limit,
            offset,
            total: TOTAL,
            first,
        })
    }

    /// How many things are shown.
    pub(super) fn shown(&self) -> u64 {
        self.total.saturating_sub(self.offset).min(self.limit)
    }

    pub(super) fn has_more(&self) -> bool {
        self.offset.saturating_add(self.limit) < self.total
    }

    pub(super) fn next_offset(&self) -> u64 {
        self.offset.saturating_add(self.limit)
    }

    pub(super) fn count(&self) -> u64 {
        self.total.div_ceil(self.limit)
    }

    /// Where to go on, as a text that is to be sent back.
    pub(super) fn cursor(offset: u64) -> String {
        format!("{MARK}{offset}")
    }
}

/// What cursors begin with.
const MARK: &str = "cursor_";

pub(super) const LIMIT: [&str; 12] = [
    "limit",
    "pagesize",
    "perpage",
    "size",
    "take",
    "top",
    "maxresults",
    "itemsperpage",
    "pagelimit",
    "first",
    "proseite",
    "count",
];
pub(super) const NUMBER: [&str; 9] = [
    "page",
    "pagenumber",
    "pageno",
    "currentpage",
    "pageindex",
    "seite",
    "pagina",
    "página",
    "p",
];
pub(super) const OFFSET: [&str; 5] = ["offset", "skip", "startindex", "startat", "pageoffset"];
const CURSOR: [&str; 9] = [
    "cursor",
    "after",
    "nextcursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "startingafter",
    "pagecursor",
    "continuationtoken",
];

/// True for a member of a body that says which part of a list is meant, and can say nothing else.
fn says_page(name: &str) -> bool {
    let name = words::folded(name);
    let sizes = [
        "limit",
        "pagesize",
        "perpage",
        "itemsperpage",
        "pagelimit",
        "maxresults",
    ];
    let numbers = ["page", "pagenumber", "pageindex", "offset", "skip"];
    let cursors = [
        "cursor",
        "pagetoken",
        "nexttoken",
        "nextpagetoken",
        "startingafter",
    ];
    let mut known = sizes.iter().chain(&numbers).chain(&cursors);
    known.any(|it| *it == name)
}

fn value(
    circumstances: &Circumstances<'_>,
    sent: &Map<String, Value>,
    names: &[&str],
) -> Option<u64> {
    let is_named = |name: &str| names.contains(&words::folded(name).as_str());
    let in_query = circumstances.query.iter().find(|(name, _)| is_named(name));
    let in_query = in_query.and_then(|(_, value)| value.parse().ok());
    let mut sent = sent.iter();
    let in_body = || {
        sent.find(|(name, _)| is_named(name))
            .and_then(|(_, value)| value.as_u64())
    };
    in_query
        .or_else(in_body)
        .or_else(|| default(circumstances, names))
}

fn default(circumstances: &Circumstances<'_>, names: &[&str]) -> Option<u64> {
    let parameters = circumstances.parameters.iter();
    let parameters = parameters.filter(|it| it.location == Location::Query);
    let inputs = circumstances.inputs.iter();
    let mut fields = parameters.map(|it| &it.field).chain(inputs);
    let field = fields.find(|it| names.contains(&words::folded(&it.name.value).as_str()))?;
    let default = &field.default.as_ref()?.value;
    default.as_u64().or_else(|| default.as_str()?.parse().ok())
}
