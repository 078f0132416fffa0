//! Which part of a list a request asks for.
//!
//! A list has the same things in it each time, and each page of it shows its part.

use crate::mock::words;
use crate::model::{Location, Parameter};

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
    /// What the query asks for, else the documented defaults.
    pub(super) fn of(circumstances: &Circumstances<'_>) -> Self {
        let value = |names: &[&str]| value(circumstances, names);
        let limit = value(&LIMIT).filter(|it| *it > 0).unwrap_or(USUAL);
        let first = default(circumstances.parameters, &NUMBER)
            .filter(|it| *it == 0)
            .unwrap_or(1);
        let number = value(&NUMBER).unwrap_or(first).max(first);
        let cursor = circumstances.query.iter().find_map(|(name, value)| {
            let is_cursor = CURSOR.contains(&words::folded(name).as_str());
            value.strip_prefix(MARK)?.parse().ok().filter(|_| is_cursor)
        });
        let skipped = cursor.or_else(|| value(&OFFSET));
        let offset = skipped.unwrap_or_else(|| (number - first).saturating_mul(limit));
        Self {
            number: skipped.map_or(number, |offset| first + offset / limit),
            limit,
            offset,
            total: TOTAL,
            first,
        }
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

fn value(circumstances: &Circumstances<'_>, names: &[&str]) -> Option<u64> {
    let is_named = |name: &str| names.contains(&words::folded(name).as_str());
    let sent = circumstances.query.iter().find(|(name, _)| is_named(name));
    let sent = sent.and_then(|(_, value)| value.parse().ok());
    sent.or_else(|| default(circumstances.parameters, names))
}

fn default(parameters: &[Parameter], names: &[&str]) -> Option<u64> {
    let mut parameters = parameters.iter();
    let parameter = parameters.find(|it| {
        it.location == Location::Query
            && names.contains(&words::folded(&it.field.name.value).as_str())
    })?;
    let default = &parameter.field.default.as_ref()?.value;
    default.as_u64().or_else(|| default.as_str()?.parse().ok())
}
