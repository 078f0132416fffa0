//! What requests name beside what they make: an order names a product, and may take from its stock.
//!
//! Whatever is refused leaves that as it is. It is read before a row of requests that are to be refused, and after it; if it
//! is another one then, each request is sent once more with a look behind it, which tells the one that does it from what a
//! server does by itself.

use serde_json::Value;

use crate::conform::chain::{Kind, Slot, SlotPlace};
use crate::conform::class::Class;
use crate::conform::judge::echo::{self, Difference};
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::input::Place;
use crate::conform::plan::{Item, Variant, sample};
use crate::conform::said::promises::OF_STATES;
use crate::conform::said::{progress, source};

use super::kept::state::is_clockwork;
use super::{Exchange, Session};

/// More things that one request names are not looked at.
const NAMED: usize = 3;

/// Of one operation no more requests are watched that may ask for more than there is.
const WATCHED: usize = 2;

/// Something that requests name, and what a read showed of it.
#[derive(Clone)]
pub(super) struct Beside {
    /// The read.
    pub(super) item: Item,
    pub(super) noun: String,
    pub(super) value: Value,
}

/// Requests of one operation, one after the other.
pub(super) struct Row {
    pub(super) operation: usize,
    beside: Vec<Beside>,
    /// How many exchanges there were before the first one.
    since: usize,
    /// True for what is one request, sent in different ways.
    is_one: bool,
}

impl Session<'_, '_> {
    /// Looks at what the requests of an operation name, before they are sent.
    pub(super) fn begin_row(&mut self, item: &Item) -> Row {
        let beside = if self.may_be_watched(item.operation) {
            let role = self.role(item.operation);
            let is_spoiling = role.filter(|it| matches!(it.kind, Kind::Delete | Kind::Action));
            let thing = is_spoiling.and_then(|it| self.store.spare(&it.noun, |_| true));
            // What is to be refused may leave out what the others name.
            self.beside(self.example_item(item.operation).unwrap_or(item), thing)
        } else {
            Vec::new()
        };
        Row {
            operation: item.operation,
            beside,
            since: self.exchanges.len(),
            is_one: false,
        }
    }

    /// The same before a request that may ask for more than there is.
    pub(super) fn watch(&mut self, item: &Item) -> Option<Row> {
        let role = self.role(item.operation)?;
        let is_taking = matches!(role.kind, Kind::Create | Kind::Action);
        let Variant::Values(changes) = &item.variant else {
            return None;
        };
        let example = self.example_item(item.operation)?;
        let is_much = changes.iter().any(|(input, value)| {
            let shown = example.draft.value(input).and_then(|it| it.as_f64());
            input.place == Place::Body
                && shown
                    .zip(value.as_f64())
                    .is_some_and(|(shown, sent)| sent > shown)
        });
        let watched = self
            .watched
            .get(&item.operation)
            .copied()
            .unwrap_or_default();
        if !is_taking || !is_much || watched >= WATCHED {
            return None;
        }
        let row = Row {
            is_one: true,
            ..self.begin_row(item)
        };
        (!row.beside.is_empty()).then_some(row)
    }

    fn may_be_watched(&self, index: usize) -> bool {
        self.is_stateful()
            && !self.is_mock
            && self.plan.may_write
            && self.plan.class(index) > Class::Read
    }

    /// What a request names, and reads show: what it is done to, what that was made of, and what ids in it lead to.
    pub(super) fn beside(&mut self, item: &Item, thing: Option<usize>) -> Vec<Beside> {
        let mut found: Vec<Beside> = Vec::new();
        for (noun, read) in self.reads_beside(item, thing) {
            if found.len() == NAMED {
                break;
            }
            let Some((at, is_new)) = self.looked_at(read.clone()) else {
                break;
            };
            let Some(value) = self.shown(at).filter(Value::is_object) else {
                continue;
            };
            if is_new {
                self.judge(at);
            }
            found.push(Beside {
                item: read,
                noun,
                value,
            });
        }
        found
    }

    /// The reads of what a request names.
    fn reads_beside(&self, item: &Item, thing: Option<usize>) -> Vec<(String, Item)> {
        let Some(role) = self.role(item.operation) else {
            return Vec::new();
        };
        let Ok(prepared) = self.prepared(item, thing) else {
            return Vec::new();
        };
        let mut named: Vec<(String, String)> = Vec::new();
        for slot in role.slots.iter().rev() {
            let of_list = prepared.draft.slot_items(slot);
            let ids = of_list.into_iter().chain(prepared.draft.slot(slot));
            named.extend(ids.map(|id| (slot.noun.clone(), id)));
        }
        let belongings = thing.and_then(|at| Some(self.belongings(self.store.things.get(at)?)));
        named.extend(belongings.into_iter().flatten());
        let mut reads: Vec<(String, Item)> = Vec::new();
        for (noun, id) in named {
            let read = self.read_of(&noun, &id);
            let read = read.filter(|read| !reads.iter().any(|(_, it)| it.request == read.request));
            reads.extend(read.map(|read| (noun, read)));
        }
        reads
    }

    /// The documented read of a thing, whoever made it.
    fn read_of(&self, noun: &str, id: &str) -> Option<Item> {
        let item = self.example_of(noun, Kind::Read)?;
        let role = self.role(item.operation)?;
        let own = role.own_path()?;
        let mut things = self.store.things.iter();
        let thing = things.position(|it| {
            it.noun == noun && !it.is_gone && it.id(&own.name).as_deref() == Some(id)
        });
        let mut draft = self.prepared(item, thing).ok()?.draft;
        let in_path = role.slots.iter().filter(|it| it.place == SlotPlace::Path);
        if thing.is_none() && in_path.count() == 1 {
            draft.set_slot(own, id);
        }
        let is_it = draft.slot(own).as_deref() == Some(id);
        let step = Variant::Step("a read of what a request names");
        is_it.then(|| Item::new(item.operation, step, draft))
    }

    /// Looks at it again after them: what was refused has changed nothing.
    pub(super) fn end_row(&mut self, row: Row) {
        let Row {
            operation,
            beside,
            since,
            is_one,
        } = row;
        let refused = self.refused_since(operation, since, &beside);
        let Some(refused) = refused.filter(|it| !it.is_empty()) else {
            return;
        };
        if is_one {
            // What is wrong by itself does not count.
            let of_state = |at: &usize| {
                let status = self.exchanges.get(*at).and_then(Exchange::status);
                status.is_some_and(|it| OF_STATES.contains(&it))
            };
            if !refused.iter().any(of_state) {
                return;
            }
            *self.watched.entry(operation).or_default() += 1;
        }
        for it in beside {
            if progress::is_under_way(&it.value) || self.moves_by_itself(&it.noun) {
                continue;
            }
            let Some(after) = self.read_beside(&it) else {
                return;
            };
            let Some(difference) = self.lasting_difference(&it, &it.value, &after) else {
                continue;
            };
            match refused.as_slice() {
                [first, rest @ ..] if is_one || rest.is_empty() => {
                    self.changed_by(*first, &it, &difference);
                }
                all => self.tell_changed_beside(&it, all, after),
            }
            return;
        }
    }

    /// Of two things that a request names, one was named before: if that is refused, the other one is as it was.
    pub(super) fn check_all_or_none(&mut self) {
        let mut items = self.accepted_of(Kind::Create);
        items.extend(self.accepted_of(Kind::Action));
        for (item, role) in items {
            if !self.may_be_watched(item.operation) {
                continue;
            }
            let mut slots = role.slots.iter();
            let of_many = |it: &&Slot| !it.is_own && it.place == SlotPlace::Body && it.is_list();
            if let Some(slot) = slots.find(of_many) {
                self.name_one_again(item, slot);
            }
        }
    }

    fn name_one_again(&mut self, item: &Item, slot: &Slot) -> Option<()> {
        let index = item.operation;
        let accepted = self.exchanges.get(*self.accepted.get(&index)?)?;
        let used = accepted.item.draft.slot_items(slot).into_iter().next()?;
        self.read_of(&slot.noun, &used)?;
        let thing = self.another_in_place(index, slot)?;
        let new = self.store.things.get(thing)?.id(&slot.name)?;
        let mut draft = self.prepared(item, None).ok()?.draft;
        draft.set_slot_items(slot, &[new.clone(), used]);
        let step = Variant::Step("a new one beside one that was named before");
        let step = self.as_another(Item::new(index, step, draft));
        let read = self.read_of(&slot.noun, &new)?;
        let (at, _) = self.looked_at(read.clone())?;
        let value = self.shown(at).filter(Value::is_object)?;
        let row = Row {
            operation: index,
            beside: vec![Beside {
                item: read,
                noun: slot.noun.clone(),
                value,
            }],
            since: self.exchanges.len(),
            is_one: false,
        };
        self.stopped().is_none().then_some(())?;
        let at = self.send_once(step);
        if self.has_succeeded(at) {
            self.keep(at);
        }
        self.end_row(row);
        Some(())
    }

    /// The requests of an operation since then, if all writes that name one of these things were refused.
    fn refused_since(
        &self,
        operation: usize,
        since: usize,
        beside: &[Beside],
    ) -> Option<Vec<usize>> {
        let ids = beside.iter().filter_map(|it| {
            let own = self.role(it.item.operation)?.own_path()?;
            it.item.draft.slot(own)
        });
        let ids: Vec<String> = ids.collect();
        let names_one = |it: &Exchange| {
            let body = it.item.request.body_text();
            let url = &it.item.request.url;
            ids.iter().any(|id| url.contains(id) || body.contains(id))
        };
        let mut refused = Vec::new();
        for (at, exchange) in self.exchanges.iter().enumerate().skip(since) {
            let is_read = exchange.item.request.method == "GET";
            match exchange.status() {
                Some(400..500) if exchange.item.operation == operation => refused.push(at),
                Some(400..500) => {}
                // What is made meanwhile is another thing.
                Some(200..300) if is_read || !names_one(exchange) => {}
                _ if is_read => {}
                _ => return None,
            }
        }
        Some(refused)
    }

    /// What a read shows of it now.
    pub(super) fn read_beside(&mut self, it: &Beside) -> Option<Value> {
        let at = self.exchange(it.item.clone())?;
        self.shown(at)
    }

    /// What is another one than before, and stays so in a second read.
    fn lasting_difference(
        &mut self,
        it: &Beside,
        before: &Value,
        after: &Value,
    ) -> Option<Difference> {
        let all = told_apart(before, after);
        if all.is_empty() {
            return None;
        }
        let again = self.read_beside(it)?;
        let moving = told_apart(after, &again);
        let mut all = all.into_iter();
        all.find(|it| !moving.iter().any(|other| other.path == it.path))
    }

    /// Sends what was refused once more, one by one, until it is seen which of them changes the thing.
    fn tell_changed_beside(&mut self, it: &Beside, refused: &[usize], seen: Value) {
        // Who is nobody may do the least, and comes first.
        let mut refused: Vec<usize> = refused.iter().rev().copied().collect();
        let is_of_caller = |at: &usize| {
            let exchange = self.exchanges.get(*at);
            exchange.is_some_and(|it| it.item.variant.is_of_caller())
        };
        refused.sort_by_key(|at| !is_of_caller(at));
        let mut before = seen;
        for at in refused {
            let Some(item) = self.exchanges.get(at).map(|it| it.item.clone()) else {
                continue;
            };
            let again = self.exchange(item);
            let status = again
                .and_then(|it| self.exchanges.get(it))
                .and_then(Exchange::status);
            let Some(after) = self.read_beside(it) else {
                return;
            };
            let is_refused = matches!(status, Some(400..500));
            if let Some(difference) = self
                .lasting_difference(it, &before, &after)
                .filter(|_| is_refused)
            {
                self.changed_by(at, it, &difference);
                return;
            }
            before = after;
        }
    }

    fn changed_by(&mut self, at: usize, it: &Beside, difference: &Difference) {
        let Some((index, operation, _)) = self.about(at) else {
            return;
        };
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let answer = status.and_then(|it| source::answer(operation, it));
        let path = &difference.path;
        let variant = self.exchanges.get(at).map(|it| it.item.variant.clone());
        let words = match variant {
            Some(Variant::Example | Variant::Step(_)) | None => String::new(),
            Some(variant) => format!(" {}", variant.clause()),
        };
        let message = format!(
            "{}{words} is refused, and has changed `{path}` of the {} that it names",
            operation.name(),
            it.noun
        );
        let subject = format!("response.{path}");
        let found = Found::about(&state::REFUSED_YET_MADE, subject, message)
            .promised_at(answer)
            .seen(
                sample::plain(&difference.left),
                sample::plain(&difference.right),
            );
        let noun = it.noun.clone();
        self.found(at, &noun, &format!("{index} untouched"), found);
    }
}

/// What differs between two reads, but for what moves by itself, and counts what was refused.
pub(super) fn told_apart(before: &Value, after: &Value) -> Vec<Difference> {
    const COUNTING: &[&str] = &[
        "attempt", "fail", "tries", "retr", "refus", "reject", "denied", "error", "request",
        "usage", "hits", "calls", "last", "seen", "uptime", "progress",
    ];
    let found = echo::differences(before, after);
    let mut found: Vec<Difference> = found.into_iter().flat_map(in_items).collect();
    found.retain(|it| {
        let mut names = it.path.split('.').map(str::to_ascii_lowercase);
        let is_time = |value: &Value| value.as_str().is_some_and(is_moment);
        let is_counting = names.any(|name| {
            matches!(name.as_str(), "age" | "now") || COUNTING.iter().any(|it| name.contains(it))
        });
        let are_times = is_time(&it.left) && is_time(&it.right);
        !(is_clockwork(&it.path) || is_counting || are_times)
    });
    found
}

/// The differences between the items of two lists that are as long.
fn in_items(difference: Difference) -> Vec<Difference> {
    let Difference { path, left, right } = &difference;
    let (Some(old), Some(new)) = (left.as_array(), right.as_array()) else {
        return vec![difference];
    };
    let are_objects = old.iter().chain(new).all(Value::is_object);
    if old.len() != new.len() || !are_objects {
        return vec![difference];
    }
    let inner = old
        .iter()
        .zip(new)
        .flat_map(|(old, new)| echo::differences(old, new));
    let inner = inner.map(|it| Difference {
        path: format!("{path}[].{}", it.path),
        ..it
    });
    inner.collect()
}

/// "2026-03-04T05:06:07Z"
fn is_moment(text: &str) -> bool {
    text.get(..5)
        .is_some_and(|it| it.ends_with('-') && it.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::told_apart;
    use crate::conform::message::{Answer, Request, Unanswered};
    use crate::conform::tests::{answer, run_with};

    const PAGES: [&str; 3] = [
        "---\napi: POST /jars\n---\n\n<ParamField body=\"label\" type=\"string\" required />\n\n```bash\ncurl -X POST https://api.example.com/jars -d '{\"label\": \"Plum\"}'\n```\n\n```json 201\n{\"id\": \"jar_1\", \"label\": \"Plum\", \"left\": 9}\n```\n",
        "---\napi: GET /jars/{jar_id}\n---\n\n```json 200\n{\"id\": \"jar_1\", \"label\": \"Plum\", \"left\": 9}\n```\n",
        "---\napi: POST /sales\n---\n\n<ParamField body=\"jar_id\" type=\"string\" required />\n<ParamField body=\"count\" type=\"integer\" required>\n\nBetween 1 and 5000.\n\n</ParamField>\n\n```bash\ncurl -X POST https://api.example.com/sales -d '{\"jar_id\": \"jar_1\", \"count\": 2}'\n```\n\n```json 201\n{\"id\": \"sale_1\", \"jar_id\": \"jar_1\", \"count\": 2}\n```\n\n```json 409\n{\"error\": \"not_enough\"}\n```\n\n```json 422\n{\"error\": \"wrong\"}\n```\n",
    ];

    /// How often a server is accused that takes from a jar, by the status, what it refuses to sell.
    fn found(taking: &[u16]) -> usize {
        let mut left = 900;
        let mut sales = 0;
        let mut send = |request: &Request| -> Result<Answer, Unanswered> {
            let sent: Value = serde_json::from_str(&request.body_text()).unwrap_or_default();
            let jar = |left: i64| json!({"id": "jar_1", "label": "Plum", "left": left}).to_string();
            let is_sale = request.url.ends_with("/sales");
            match request.method.as_str() {
                "POST" if is_sale => {
                    let count = sent["count"].as_i64().filter(|it| (1..=5000).contains(it));
                    let status = match count {
                        _ if sent["jar_id"] != json!("jar_1") => 422,
                        Some(count) if count <= left => 201,
                        Some(_) => 409,
                        None => 422,
                    };
                    if taking.contains(&status) {
                        left -= 1;
                    }
                    if status != 201 {
                        return Ok(answer(status, "{\"error\": \"refused\"}"));
                    }
                    let count = count.unwrap_or_default();
                    left -= count;
                    sales += 1;
                    let id = format!("sale_{sales}");
                    let made = json!({"id": id, "jar_id": "jar_1", "count": count});
                    Ok(answer(201, &made.to_string()))
                }
                "POST" => Ok(answer(201, &jar(left))),
                "GET" if request.url.ends_with("/jar_1") => Ok(answer(200, &jar(left))),
                _ => Ok(answer(404, "{\"error\": \"unknown\"}")),
            }
        };
        let rules = run_with(&PAGES, &mut send).0;
        rules.iter().filter(|it| **it == "refused-yet-made").count()
    }

    #[test]
    fn what_is_refused_changes_nothing_that_it_names() {
        assert_eq!(found(&[]), 0);
        assert_eq!(found(&[422]), 1);
        assert_eq!(found(&[409]), 1);
    }

    #[test]
    fn what_moves_by_itself_is_not_told_apart() {
        let before = json!({"left": 1, "updated_at": "a", "failed_attempts": 1, "rows": [{"at": "2026-01-02T03:04:05Z", "held": 1}]});
        let after = json!({"left": 1, "updated_at": "b", "failed_attempts": 2, "rows": [{"at": "2026-01-02T03:04:06Z", "held": 2}]});
        let found = told_apart(&before, &after);
        let paths: Vec<&str> = found.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["rows[].held"]);
    }
}
