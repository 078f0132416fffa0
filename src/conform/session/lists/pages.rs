//! Walking over the pages of a list.

use std::collections::HashSet;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Role, identity};
use crate::conform::judge::effect::{self, Effect};
use crate::conform::judge::list;
use crate::conform::plan::input::{self, Input, Place};
use crate::conform::plan::{Draft, Item, Variant, sample};
use crate::conform::said::{outcomes, stated};
use crate::model::shape::ShapeKind;
use crate::model::{Evidence, Location, Operation, Response};
use crate::source::Span;

use crate::conform::session::{Exchange, Session};

/// A walk over more pages is given up.
const PAGES: usize = 40;

/// A list, and the parameters that it takes.
#[derive(Clone)]
pub(in crate::conform::session) struct List<'a> {
    pub(in crate::conform::session) index: usize,
    pub(in crate::conform::session) operation: &'a Operation,
    pub(in crate::conform::session) noun: String,
    /// The member that names an item.
    pub(in crate::conform::session) key: String,
    pub(in crate::conform::session) inputs: Vec<Input>,
    /// The request of all items, without anything that is not required.
    pub(super) base: Draft,
    /// The ids of parents that the path holds.
    parents: Vec<(String, String)>,
}

impl List<'_> {
    /// The things whose ids the path holds: noun and id.
    pub(in crate::conform::session) fn parents(&self) -> &[(String, String)] {
        &self.parents
    }

    /// Gives a parameter a value, which a body in JSON has in its own type.
    fn put(&self, draft: &mut Draft, name: &str, text: &str) {
        let Some(input) = self.inputs.iter().find(|input| input.name == name) else {
            return;
        };
        let is_text = matches!(input.shape.kind, ShapeKind::String) || input.place != Place::Body;
        let typed = serde_json::from_str(text).ok().filter(|_| !is_text);
        draft.set(input, Some(&typed.unwrap_or_else(|| Value::from(text))));
    }

    /// The value that every request of the list has for a parameter.
    pub(in crate::conform::session) fn fixed(&self, input: &Input) -> Option<Value> {
        self.base.value(input)
    }

    fn that(&self, wanted: &Effect) -> Option<&Input> {
        let mut inputs = self.inputs.iter();
        inputs.find(|input| effect::effect(input, &[]) == *wanted)
    }

    /// The parameter that says how many items a page has.
    pub(in crate::conform::session) fn limit(&self) -> Option<&Input> {
        self.that(&Effect::Limit)
    }

    /// The parameter that leads to the next page.
    pub(in crate::conform::session) fn turn(&self) -> Option<&Input> {
        let mut cursors = self.inputs.iter();
        // The way back is no way on.
        let cursor = cursors
            .find(|input| effect::effect(input, &[]) == Effect::Cursor && !input.leads_back());
        cursor
            .or_else(|| self.that(&Effect::Page))
            .or_else(|| self.that(&Effect::Offset))
    }

    /// How many items a request asks for on a page; nothing where pages are not counted.
    pub(in crate::conform::session) fn size(&self, draft: &Draft) -> Option<u64> {
        let limit = self.limit()?;
        let sent = draft.value(limit).or_else(|| limit.default.clone())?;
        let size = sample::plain(&sent).parse().ok()?;
        self.turn().map(|_| size)
    }

    /// What the page says about the order of the items.
    pub(in crate::conform::session) fn order_texts(&self) -> Vec<String> {
        let remarks = self.operation.remarks.iter().map(|it| it.value.clone());
        let way = crate::conform::chain::list_of(self.operation).map(|it| it.way);
        let fields = self.successes().flat_map(|it| &it.fields);
        let all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
        let name = way.and_then(|way| way.last().cloned());
        let items = all.filter(|field| Some(&field.name.value) == name.as_ref());
        let items = items.map(|field| field.description.clone());
        self.operation
            .description
            .iter()
            .cloned()
            .chain(remarks)
            .chain(items)
            .collect()
    }

    /// The text of the page that states the order of these items.
    pub(in crate::conform::session) fn order_sentence(&self, items: &[Value]) -> Option<String> {
        let states = |text: &String| stated::order(std::slice::from_ref(text), items).is_some();
        self.order_texts().into_iter().find(states)
    }

    /// What a page says about whether there is another one, and by which member.
    pub(in crate::conform::session) fn more(&self, body: &Value) -> Option<(String, bool)> {
        let is_cursor = self.that(&Effect::Cursor).is_some();
        let by_next = || list::next_page(body).filter(|_| !is_cursor);
        list::more(body).or_else(by_next)
    }

    /// The greatest documented number of items a page.
    pub(in crate::conform::session) fn largest(&self) -> Option<u64> {
        let most = self.limit()?.shape.constraints.maximum.as_ref()?.value;
        (most >= 1.0).then(|| whole(most))
    }

    /// True if the list is that of things with these parents.
    pub(in crate::conform::session) fn is_for(&self, parents: &[(String, String)]) -> bool {
        self.parents.iter().all(|(noun, id)| {
            let mut known = parents.iter();
            known.any(|(of, known)| of == noun && known == id)
        })
    }

    /// True if a filter that is on by default, or is required, may leave the thing out.
    pub(in crate::conform::session) fn leaves_out(&self, object: &Value) -> bool {
        self.inputs.iter().any(|input| {
            let value = self.fixed(input).or_else(|| input.default.clone());
            match (effect::effect(input, std::slice::from_ref(object)), value) {
                (Effect::Filter(member, relation), Some(value)) => {
                    !effect::passes(object, &member, relation, &value)
                }
                (Effect::Unknown | Effect::Search, _) => input.required.is_some(),
                _ => false,
            }
        })
    }

    /// The nearest of what the items belong to: noun and id.
    pub(in crate::conform::session) fn parent(&self) -> Option<(String, String)> {
        self.parents.last().cloned()
    }

    /// True if something may keep items out although nothing asks for it: a default of a parameter that is not one of
    /// paging or order.
    pub(in crate::conform::session) fn is_narrowed(&self) -> bool {
        self.inputs.iter().any(|input| {
            let effect = effect::effect(input, &[]);
            let is_free = matches!(
                effect,
                Effect::Limit | Effect::Page | Effect::Offset | Effect::Cursor | Effect::Sort
            );
            !is_free && (input.default.is_some() || input.required.is_some())
        })
    }

    /// True if a default of a parameter that filters keeps items out.
    pub(in crate::conform::session) fn is_narrowed_by_default(&self) -> bool {
        self.inputs.iter().any(|input| {
            let effect = effect::effect(input, &[]);
            let is_free = matches!(
                effect,
                Effect::Limit | Effect::Page | Effect::Offset | Effect::Cursor | Effect::Sort
            );
            !is_free && input.default.is_some()
        })
    }

    /// `response.data`, where the items are.
    pub(in crate::conform::session) fn subject(&self) -> String {
        let way = crate::conform::chain::list_of(self.operation)
            .map(|it| it.way)
            .unwrap_or_default();
        let mut subject = "response".to_owned();
        for name in way {
            subject.push('.');
            subject.push_str(&name);
        }
        subject
    }

    /// The subject of a member beside the items.
    pub(in crate::conform::session) fn of_envelope(&self, name: &str) -> String {
        let mut outer = self.successes().flat_map(|it| &it.fields);
        let inside = outer.find(|field| field.children.iter().any(|it| it.name.value == name));
        match inside {
            Some(outer) if !self.is_at_root(name) => {
                format!("response.{}.{name}", outer.name.value)
            }
            _ => format!("response.{name}"),
        }
    }

    fn is_at_root(&self, name: &str) -> bool {
        self.successes()
            .flat_map(|it| &it.fields)
            .any(|field| field.name.value == name)
    }

    /// The field of a member beside the items.
    pub(in crate::conform::session) fn field(&self, name: &str) -> Option<Span> {
        let fields = self.successes().flat_map(|it| &it.fields);
        let mut all = fields.flat_map(|field| std::iter::once(field).chain(&field.children));
        all.find(|field| field.name.value == name)
            .map(|field| field.open)
    }

    fn successes(&self) -> impl Iterator<Item = &Response> {
        self.operation
            .responses
            .iter()
            .filter(|it| it.status.is_success())
    }

    /// Where the default of a parameter is stated.
    pub(in crate::conform::session) fn default_evidence(&self, name: &str) -> Option<Evidence> {
        let mut parameters = self.operation.parameters_in(Location::Query);
        let parameter = parameters.find(|it| it.field.name.value == name);
        let mut members = self.operation.body.iter().flat_map(|body| &body.fields);
        let field = parameter
            .map(|parameter| &parameter.field)
            .or_else(|| members.find(|field| field.name.value == name))?;
        field.default.as_ref().map(|default| default.evidence)
    }
}

/// The ids of what the items belong to that a request has: noun and id.
fn parents_in(role: &Role, draft: &Draft) -> Vec<(String, String)> {
    let slots = role.slots.iter().filter(|slot| !slot.is_own);
    let held = slots.filter_map(|slot| Some((slot.noun.clone(), draft.slot(slot)?)));
    held.collect()
}

/// What a walk over all pages saw.
#[derive(Clone, Debug, Default)]
pub(in crate::conform::session) struct Walk {
    pub(in crate::conform::session) items: Vec<Value>,
    /// The number of items of each page.
    pub(in crate::conform::session) pages: Vec<usize>,
    /// The exchange of each page.
    pub(in crate::conform::session) exchanges: Vec<usize>,
    /// True if the last page was reached.
    pub(in crate::conform::session) is_complete: bool,
    /// True if the pages do not end.
    pub(in crate::conform::session) is_endless: bool,
}

impl Walk {
    /// The ids of the items, or the items themselves where they have none.
    pub(in crate::conform::session) fn ids(&self, list: &List<'_>) -> Vec<String> {
        let items = self.items.iter();
        items
            .map(|item| {
                identity::id(item, &list.key, &list.noun).unwrap_or_else(|| item.to_string())
            })
            .collect()
    }

    /// What is wrong with the pages, given all items.
    pub(in crate::conform::session) fn problem(
        &self,
        all: &Self,
        list: &List<'_>,
    ) -> Option<String> {
        let (ids, all) = (self.ids(list), all.ids(list));
        let mut seen = HashSet::new();
        let repeated = ids.iter().find(|id| !seen.insert(id.as_str()));
        if all.iter().collect::<HashSet<_>>().len() < all.len() {
            return None;
        }
        if let Some(repeated) = repeated {
            return Some(format!("repeat `{repeated}`"));
        }
        if self.is_endless {
            return Some("do not end".to_owned());
        }
        let left_out = all.iter().find(|id| self.is_complete && !ids.contains(id));
        left_out.map(|left_out| format!("leave out `{left_out}`"))
    }
}

impl<'a> Session<'a, '_> {
    /// The list of an operation, if it is one that answers.
    pub(in crate::conform::session) fn list(&self, index: usize) -> Option<List<'a>> {
        let role = self.role(index)?;
        let operation = self.operation(index)?;
        let at = self.accepted.get(&index)?;
        let accepted = self.exchanges.get(*at)?;
        // What may be behind says nothing of what was written a moment ago, and a search without words finds nothing.
        let is_open = outcomes::may_be_behind(operation) || outcomes::needs_a_search(operation);
        if role.kind != Kind::List || is_open {
            return None;
        }
        list::array(operation, accepted.body.as_ref())?;
        let inputs: Vec<_> = input::inputs(operation)
            .into_iter()
            .filter(|input| input.place == Place::Query || input.is_root_member())
            .filter(|it| !outcomes::is_found_late(operation, &it.name, &it.description))
            .collect();
        let mut base = accepted.item.draft.clone();
        for input in inputs.iter().filter(|input| input.required.is_none()) {
            base.set(input, None);
        }
        let parents = parents_in(role, &base);
        Some(List {
            index,
            operation,
            key: self.key(&role.noun),
            noun: role.noun.clone(),
            inputs,
            base,
            parents,
        })
    }

    /// The same list of what belongs to other things.
    pub(in crate::conform::session) fn list_of(
        &self,
        index: usize,
        belongings: &[(String, String)],
    ) -> Option<List<'a>> {
        let mut list = self.list(index)?;
        let role = self.role(index)?;
        for slot in role.slots.iter().filter(|slot| !slot.is_own) {
            let known = belongings.iter().find(|(noun, _)| *noun == slot.noun);
            if let Some((_, id)) = known.filter(|_| list.base.slot(slot).is_some()) {
                list.base.set_slot(slot, id);
            }
        }
        list.parents = parents_in(role, &list.base);
        Some(list)
    }

    /// The first page, as it comes without a limit.
    pub(in crate::conform::session) fn first_page(
        &mut self,
        list: &List<'_>,
        pairs: &[(String, String)],
    ) -> Option<(usize, usize)> {
        let mut draft = list.base.clone();
        for (name, value) in pairs {
            list.put(&mut draft, name, value);
        }
        let step = Variant::Step("the first page of a list");
        let (at, _) = self.looked_at(Item::new(list.index, step, draft))?;
        let exchange = self.exchanges.get(at)?;
        if !exchange.is_success {
            return None;
        }
        let count = list::array(list.operation, exchange.body.as_ref())?.len();
        Some((at, count))
    }

    /// The first page, whatever is asked for: nobody promises that it is a list.
    pub(in crate::conform::session) fn glance(
        &mut self,
        list: &List<'_>,
        pairs: &[(String, String)],
    ) -> Option<Walk> {
        let (at, count) = self.first_page(list, pairs)?;
        let body = self.exchanges.get(at)?.body.as_ref();
        Some(Walk {
            items: list::array(list.operation, body)?.clone(),
            pages: vec![count],
            exchanges: vec![at],
            ..Walk::default()
        })
    }

    /// Reads all pages; nothing if one of them is no list.
    pub(in crate::conform::session) fn walk(
        &mut self,
        list: &List<'_>,
        size: Option<u64>,
        pairs: &[(String, String)],
    ) -> Option<Walk> {
        let mut draft = list.base.clone();
        for (name, value) in pairs {
            list.put(&mut draft, name, value);
        }
        if let (Some(limit), Some(size)) = (list.limit(), size) {
            list.put(&mut draft, &limit.name, &size.to_string());
        }
        let mut walk = Walk::default();
        let mut seen = HashSet::new();
        while walk.pages.len() < PAGES {
            let step = Variant::Step("a page of a list");
            let (at, is_new) = self.looked_at(Item::new(list.index, step, draft.clone()))?;
            let is_success = self.exchanges.get(at)?.is_success;
            if !walk.pages.is_empty() && self.is_beyond(at) {
                // Nobody says what is behind the last page.
                walk.is_complete = true;
                return Some(walk);
            }
            if is_new && walk.pages.is_empty() || !is_success {
                self.judge(at);
            }
            if !is_success {
                return None;
            }
            self.check_repeated(at);
            let body = self.exchanges.get(at)?.body.as_ref()?;
            let items = list::array(list.operation, Some(body))?.clone();
            // A documented member knows better than a header that anybody may have added on the way.
            let link = match list.more(body) {
                Some(_) => Link::Unknown,
                None => self.next_link(at, &walk),
            };
            let turned = turn(list, &mut draft, body, items.len(), &walk, size, link);
            let is_empty_again = items.is_empty() && walk.pages.last() == Some(&0);
            walk.pages.push(items.len());
            walk.exchanges.push(at);
            walk.items.extend(items.iter().map(identity::flat));
            match turned {
                // Nothing comes after nothing.
                Turned::Next(place) if seen.insert(place.clone()) && !is_empty_again => {}
                Turned::Next(_) => {
                    walk.is_endless = true;
                    return Some(walk);
                }
                Turned::Last => {
                    walk.is_complete = true;
                    return Some(walk);
                }
                Turned::Unknown => return Some(walk),
            }
        }
        // Many pages are no pages without end, unless they repeat themselves.
        let ids = walk.ids(list);
        walk.is_endless = ids.iter().collect::<HashSet<_>>().len() < ids.len();
        Some(walk)
    }
}

impl Session<'_, '_> {
    /// What the `Link` header says about the next page; nothing where pages have no such header.
    fn next_link(&self, at: usize, walk: &Walk) -> Link {
        let header = |at: usize| {
            let answer = self.exchanges.get(at)?.answer.as_ref().ok()?;
            answer.header("link").map(str::to_owned)
        };
        let was_there = walk.exchanges.iter().any(|at| {
            let header = header(*at);
            header.is_some_and(|header| list::next_link(&header).is_some())
        });
        match header(at) {
            Some(header) => match list::next_link(&header) {
                Some(url) => Link::Next(url.to_owned()),
                None => Link::Last,
            },
            None if was_there => Link::Last,
            None => Link::Unknown,
        }
    }

    /// True if a page is refused as one that is not there.
    fn is_beyond(&self, at: usize) -> bool {
        let status = self.exchanges.get(at).and_then(Exchange::status);
        matches!(status, Some(400 | 404 | 410 | 416 | 422))
    }
}

/// A bound as a count; what is below zero counts as zero.
pub(in crate::conform::session) fn whole(bound: f64) -> u64 {
    sample::plain(&Value::from(bound.max(0.0).floor()))
        .parse()
        .unwrap_or(0)
}

/// What a header says about the next page.
enum Link {
    /// It has this URL.
    Next(String),
    /// There is none.
    Last,
    /// There is no such header.
    Unknown,
}

/// Where a walk goes on.
enum Turned {
    /// At the place that the text names.
    Next(String),
    /// Nowhere: that was the last page.
    Last,
    /// Nobody says.
    Unknown,
}

/// The place that the URL of the next page names.
fn by_link(list: &List<'_>, draft: &mut Draft, input: &Input, url: &str) -> Turned {
    let Some(cursor) = list::in_url(url, &input.name) else {
        return Turned::Unknown;
    };
    list.put(draft, &input.name, &cursor);
    Turned::Next(cursor)
}

/// The id of the last item, which is the cursor where there is no other: `starting_after`.
fn last_id(
    list: &List<'_>,
    input: &Input,
    body: &Value,
    more: Option<bool>,
) -> Option<(String, Option<String>)> {
    let name = letters(&input.name);
    let is_id = name == "startingafter" || name == "after" || name == "afterid";
    let items = list::array(list.operation, Some(body))?;
    let id = identity::id(items.last()?, &list.key, &list.noun)?;
    (is_id && more.is_some()).then_some((input.name.clone(), Some(id)))
}

fn turn(
    list: &List<'_>,
    draft: &mut Draft,
    body: &Value,
    count: usize,
    walk: &Walk,
    size: Option<u64>,
    link: Link,
) -> Turned {
    let more = list::has_more(body).or(match &link {
        Link::Next(_) => Some(true),
        Link::Last => Some(false),
        Link::Unknown => None,
    });
    let Some(input) = list.turn() else {
        return if more == Some(true) || size.is_some_and(|size| count as u64 >= size) {
            Turned::Unknown
        } else {
            Turned::Last
        };
    };
    if effect::effect(input, &[]) == Effect::Cursor {
        return match list::next_cursor(body, &input.name)
            .or_else(|| last_id(list, input, body, more))
        {
            Some((_, Some(cursor))) if more != Some(false) => {
                list.put(draft, &input.name, &cursor);
                Turned::Next(cursor)
            }
            Some(_) => Turned::Last,
            None if more == Some(false) => Turned::Last,
            None => match link {
                Link::Next(url) => by_link(list, draft, input, &url),
                _ => Turned::Unknown,
            },
        };
    }
    let total = list::total(body).map(|(_, total)| total);
    let so_far = walk.items.len() + count;
    let default = list
        .limit()
        .and_then(|limit| limit.default.as_ref())
        .and_then(Value::as_u64);
    let full = size.or(default);
    let is_last = count == 0
        || more == Some(false)
        || more.is_none() && matches!(list::next_page(body), Some((_, false)))
        || more.is_none() && full.is_some_and(|full| (count as u64) < full)
        || more.is_none() && full.is_none() && total.is_some_and(|total| so_far as u64 >= total);
    if is_last {
        return Turned::Last;
    }
    if full.is_none() && more.is_none() && total.is_none() {
        return Turned::Unknown;
    }
    let next = if effect::effect(input, &[]) == Effect::Offset {
        so_far as u64
    } else {
        let first = input
            .default
            .as_ref()
            .map(sample::plain)
            .and_then(|text| text.parse::<u64>().ok());
        let is_zero = input
            .shape
            .constraints
            .minimum
            .as_ref()
            .is_some_and(|it| it.value == 0.0);
        let starts_at_zero = is_zero || letters(&input.name) == "pageindex";
        let first = first.unwrap_or(u64::from(!starts_at_zero));
        first + walk.pages.len() as u64 + 1
    };
    list.put(draft, &input.name, &next.to_string());
    Turned::Next(next.to_string())
}
