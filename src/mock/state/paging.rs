//! What an answer says about the page of a list that it shows.

use http::HeaderMap;
use http::header::HeaderName;
use serde_json::Value;

use super::links;
use super::list::Page;
use super::view::{View, member, text};
use crate::mock::header;
use crate::mock::message::header_value;
use crate::mock::words;
use crate::model::shape::Shape;

impl Page<'_> {
    /// Sets what an answer says about its page, at its root and in objects beside the things.
    pub(super) fn describe(&self, view: &View, whole: &mut Value) {
        let shape = view.whole.as_ref();
        let names = names(whole);
        let unshown = || self.turns.as_ref()?.unshown(whole);
        let address = links::shown(whole).or_else(unshown);
        let lead = |name: &str, value: &mut Value| {
            if let Some(turns) = &self.turns {
                turns.lead(name, value, address.as_deref());
            }
        };
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
                        self.set(name, value, shape.is_none_or(Shape::allows_null), &names);
                        lead(name, value);
                    }
                }
                value => {
                    self.set(name, value, inner.is_none_or(Shape::allows_null), &names);
                    lead(name, value);
                }
            }
        }
    }

    /// Sets what headers such as `X-Total-Count` say about the page.
    pub(super) fn describe_headers(&self, headers: &mut HeaderMap) {
        let bare = |name: &HeaderName| {
            let folded = words::folded(name.as_str());
            let bare = folded.strip_prefix('x').unwrap_or(&folded);
            bare.strip_prefix("pagination").unwrap_or(bare).to_owned()
        };
        let names: Vec<String> = headers.keys().map(bare).collect();
        for (name, value) in headers.iter_mut() {
            let shown = value
                .to_str()
                .ok()
                .and_then(|text| text.parse::<u64>().ok());
            let Some(shown) = shown.map(Value::from) else {
                continue;
            };
            let mut number = shown.clone();
            self.set(&bare(name), &mut number, true, &names);
            if number != shown {
                let number = if number.is_null() {
                    String::new()
                } else {
                    text(&number)
                };
                *value = header_value(&number);
            }
        }
    }

    /// Names the parameters that were sent and select or sort nothing.
    pub(super) fn tell_ignored(&self, is_sorted: bool, headers: &mut HeaderMap) {
        let unknown = self.ignored.iter();
        let unknown = unknown.map(|name| format!("{name} (it selects nothing)"));
        let unsorted =
            (!is_sorted).then(|| "the order (no thing has a member of that name)".to_owned());
        for ignored in unknown.chain(unsorted) {
            headers.append(header::IGNORED, header_value(&ignored));
        }
    }

    fn set(&self, name: &str, value: &mut Value, may_be_null: bool, names: &[String]) {
        let end = self.start.saturating_add(self.things.len());
        let size = self.limit.unwrap_or(self.total).max(1);
        let (pages, page) = (self.total.div_ceil(size), self.number);
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
            "count" | "numberofelements" if has_total => set(value, self.things.len()),
            "count" => set(value, self.total),
            "totalpages" | "pagecount" | "pages" => set(value, pages),
            "lastpage" => set(value, pages.max(1)),
            "page" | "currentpage" | "pagenumber" | "pageno" | "pageindex" => set(value, page),
            // Spring counts pages from 0 here.
            "number" if names.iter().any(|it| it == "totalpages") => set(value, page),
            "first" | "isfirst" | "isfirstpage" | "firstpage" if value.is_boolean() => {
                *value = (self.start == 0).into();
            }
            "last" | "islast" | "islastpage" | "isend" if value.is_boolean() => {
                *value = (end >= self.total).into();
            }
            "empty" if value.is_boolean() => *value = self.things.is_empty().into(),
            // Beside these, `size` is no size of a thing.
            "size"
                if !names
                    .iter()
                    .any(|it| it == "totalpages" || it == "totalelements") => {}
            "limit" | "perpage" | "pagesize" | "size" => match self.limit {
                Some(limit) => set(value, limit),
                None if value.as_u64().is_some_and(|it| it >= self.total as u64) => {}
                None => set(value, self.total),
            },
            "offset" | "skip" | "start" => set(value, self.start),
            "nextoffset" | "nextskip" if value.is_number() || value.is_null() => {
                *value = if end < self.total {
                    end.into()
                } else {
                    Value::Null
                };
            }
            "prevoffset" | "previousoffset" if value.is_number() || value.is_null() => {
                *value = if self.start > 0 {
                    self.start.saturating_sub(size).into()
                } else {
                    Value::Null
                };
            }
            "from" | "to" if names.iter().any(|it| it == "currentpage") => {
                let number = if folded == "from" {
                    self.start + 1
                } else {
                    end
                };
                *value = if self.things.is_empty() {
                    Value::Null
                } else {
                    number.into()
                };
            }
            "hasmore" | "hasnext" | "hasnextpage" | "more" if value.is_boolean() => {
                *value = (end < self.total).into();
            }
            "hasprevious" | "hasprev" | "hasprevpage" | "haspreviouspage" if value.is_boolean() => {
                *value = (self.start > 0).into();
            }
            "nextcursor" | "nexttoken" | "nextpagetoken" | "nextmarker" | "endcursor"
            | "cursor" | "after" => {
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
            "prevpage" | "previouspage" if value.is_number() || value.is_null() => {
                *value = match page.checked_sub(1).filter(|_| self.start > 0) {
                    Some(before) => before.into(),
                    None => Value::Null,
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
