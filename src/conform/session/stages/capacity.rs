//! How many there may be: "An agenda has up to ten items. The eleventh is refused with `409`."
//!
//! A new parent is filled to its limit, and one more is sent. Where nothing has a parent, what there is counts.

use std::sync::LazyLock;

use regex::Regex;

use crate::conform::chain::{Kind, Slot, SlotPlace, split};
use crate::conform::judge::list;
use crate::conform::judge::refusal::{INVALID_VALUE_ACCEPTED, REFUSED_VALUE, UNEXPECTED_REFUSAL};
use crate::conform::judge::state::Found;
use crate::conform::message::describe_status;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Draft, Item, Variant, input};
use crate::model::Operation;
use crate::model::numerals::numeral;

use crate::conform::session::{Exchange, Session};

/// More things are not made to reach a limit.
const MOST: usize = 20;

/// A name of the same form and length as another one, and of a number: letters at its end become others.
fn sequel(known: &str, number: usize) -> Option<String> {
    let is_number = known.bytes().all(|it| it.is_ascii_digit());
    let (first, count) = if is_number { (b'0', 10) } else { (b'a', 26) };
    let letter = |number: usize| {
        let step = u8::try_from(number % count).ok()?;
        Some(char::from(first + step))
    };
    let start = known.len().checked_sub(2)?;
    let head = known.get(..start)?;
    Some(format!(
        "{head}{}{}",
        letter(number / count)?,
        letter(number)?
    ))
}

/// What a page says of how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Capacity {
    most: usize,
    status: u16,
}

impl Session<'_, '_> {
    /// Fills what has a documented limit, and goes beyond it.
    pub(in crate::conform::session) fn check_capacities(&mut self) {
        for (item, role) in self.accepted_of(Kind::Create) {
            let index = item.operation;
            let capacity = self
                .operation(index)
                .and_then(|operation| capacity(operation, &role.noun));
            let Some(capacity) = capacity.filter(|it| it.most <= MOST) else {
                continue;
            };
            let mut slots = role.slots.iter().filter(|slot| role.names_parent(slot));
            let slot = slots.next_back().cloned();
            let known = self.store.things.len();
            self.check_capacity(item, slot.as_ref(), capacity);
            self.empty(slot.as_ref(), known);
        }
    }

    /// Deletes what was filled, and with it what it was filled with.
    fn empty(&mut self, slot: Option<&Slot>, known: usize) {
        let Some(slot) = slot.filter(|slot| slot.place == SlotPlace::Path) else {
            return;
        };
        let made = self.store.things.get(known..).unwrap_or_default();
        let Some(at) = made.iter().position(|it| it.noun == slot.noun) else {
            return;
        };
        let Some(delete) = self.example_of(&slot.noun, Kind::Delete) else {
            return;
        };
        let Ok(prepared) = self.prepared(delete, Some(known + at)) else {
            return;
        };
        let step = Variant::Step("what was filled goes");
        let Some(sent) = self.exchange(Item::new(delete.operation, step, prepared.draft)) else {
            return;
        };
        if self.exchanges.get(sent).is_some_and(Exchange::is_done) {
            for thing in self.store.things.iter_mut().skip(known) {
                thing.is_gone = true;
            }
        }
    }

    fn check_capacity(&mut self, item: &Item, slot: Option<&Slot>, capacity: Capacity) {
        let parent = match slot {
            Some(slot) => match self.new_parent(slot) {
                Some(id) => Some((slot, id)),
                None => return,
            },
            None => None,
        };
        let Some(first) = self.count_below(item, parent.as_ref()) else {
            return;
        };
        let Some(missing) = capacity.most.checked_sub(first) else {
            return;
        };
        for number in 0..=missing {
            let Ok(prepared) = self.prepared(item, None) else {
                return;
            };
            let mut draft = prepared.draft;
            if let Some((slot, id)) = &parent {
                draft.set_slot(slot, id);
            }
            if !self.name_anew(item.operation, number, &mut draft) {
                return;
            }
            let step = Variant::Step("one more, up to the limit");
            let item = self.as_another(Item::new(item.operation, step, draft));
            let Some(at) = self.exchange(item) else {
                return;
            };
            self.keep(at);
            let status = self.exchanges.get(at).and_then(Exchange::status);
            let is_success = self.exchanges.get(at).is_some_and(|it| it.is_success);
            let count = first + number + 1;
            let is_beyond = number == missing;
            let rule = match status.unwrap_or_default() {
                status if is_success && !is_beyond || is_beyond && status == capacity.status => {
                    continue;
                }
                _ if is_success => &INVALID_VALUE_ACCEPTED,
                // Any other refusal is about something else.
                status if !is_beyond && status == capacity.status => &REFUSED_VALUE,
                400..=428 | 430..=499 if is_beyond => &UNEXPECTED_REFUSAL,
                _ => return,
            };
            let line = describe_status(status.unwrap_or_default());
            let most = capacity.most;
            let name = self.name_of(item_operation(self, at));
            let message = format!(
                "{name} for the {count}. is answered with {line}, and the page says that there are up to {most}"
            );
            let expected = if is_beyond {
                describe_status(capacity.status)
            } else {
                "a success".to_owned()
            };
            let noun = self.about(at).map(|(_, _, role)| role.noun.clone());
            let found = Found::about(rule, "endpoint", message)
                .seen(expected, line)
                .weak_if(true);
            self.found(at, &noun.unwrap_or_default(), "capacity", found);
            return;
        }
    }

    /// Gives what is made under a name of the client's choice one of its own, so that nothing is replaced; false if that
    /// cannot be done.
    fn name_anew(&self, operation: usize, number: usize, draft: &mut Draft) -> bool {
        let Some(role) = self.role(operation) else {
            return false;
        };
        let mut slots = role.slots.iter();
        let own = slots.find(|slot| slot.is_own && slot.place == SlotPlace::Path);
        let Some(own) = own else { return true };
        let known = draft.path_value(&own.name);
        let Some(name) = known.and_then(|known| sequel(known, number)) else {
            return false;
        };
        draft.set_slot(own, &name);
        true
    }

    /// Makes what things are to be put in; its id.
    fn new_parent(&mut self, slot: &Slot) -> Option<String> {
        let create = self.example_of(&slot.noun, Kind::Create)?;
        if !self.accepted.contains_key(&create.operation) {
            return None;
        }
        let prepared = self.prepared(create, None).ok()?;
        let step = Variant::Step("one to be filled");
        let item = self.as_another(Item::new(create.operation, step, prepared.draft));
        let at = self.exchange(item)?;
        self.keep(at);
        let mut things = self.store.things.iter();
        let thing = things.position(|it| it.made_by == Some(at))?;
        self.use_up(Some(thing));
        self.store.things.get(thing)?.id(&slot.name)
    }

    /// How many there are before any is made: what the list shows, else none in what is new.
    fn count_below(&mut self, item: &Item, parent: Option<&(&Slot, String)>) -> Option<usize> {
        let noun = self.role(item.operation)?.noun.clone();
        let Some(example) = self.example_of(&noun, Kind::List).cloned() else {
            return parent.map(|_| 0);
        };
        let (Some((slot, id)), operation) = (parent, self.operation(example.operation)?) else {
            return self.everything(example.operation).map(|items| items.len());
        };
        let mut draft = self.prepared(&example, None).ok()?.draft;
        let role = self.role(example.operation)?;
        let mut own = role.slots.iter();
        let own = own.find(|it| it.noun == slot.noun && role.names_parent(it))?;
        draft.set_slot(own, id);
        for input in input::inputs(operation) {
            let is_query = input.place == input::Place::Query;
            if is_query && input.required.is_none() && !own.is_for(&input) {
                draft.set(&input, None);
            }
        }
        let step = Variant::Step("what is there before it is filled");
        let at = self.exchange(Item::new(example.operation, step, draft))?;
        let exchange = self.exchanges.get(at).filter(|it| it.is_success)?;
        Some(list::array(operation, exchange.body.as_ref())?.len())
    }
}

fn item_operation(session: &Session<'_, '_>, at: usize) -> usize {
    session
        .exchanges
        .get(at)
        .map_or(usize::MAX, |it| it.item.operation)
}

/// What the page of a create says of how many there may be, and how one more is refused.
fn capacity(operation: &Operation, noun: &str) -> Option<Capacity> {
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let texts: Vec<&str> = operation
        .description
        .as_deref()
        .into_iter()
        .chain(remarks)
        .collect();
    let title = operation.title.clone().unwrap_or_default();
    let mut stated = texts.iter().filter_map(|text| stated(text, noun, &title));
    let most = stated.next()?;
    if stated.any(|other| other != most) {
        return None;
    }
    let status = texts.iter().find_map(|text| refused_with(text))?;
    Some(Capacity { most, status })
}

/// The number in "has up to ten items", if these are what the operation makes.
fn stated(text: &str, noun: &str, title: &str) -> Option<usize> {
    static MOST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:has|have|holds?|takes?|there\s+(?:is|are|can\s+be)|can\s+have|may\s+have|can\s+hold|limited\s+to|limit\s+of)\s+
            (?:(?:room\s+for|up\s+to|at\s+most|no\s+more\s+than|not\s+more\s+than|a\s+maximum\s+of|a\s+limit\s+of|space\s+for)\s+)+
            (?P<count>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)\s+(?:\w+\s+)?(?P<noun>[a-z]+s)\b(?P<rest>[^.;]*)",
        )
    });
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:per\s+(?:minute|hour|day|second|page|request)|at\s+once|characters|plan|tier|unless|if|when|a\s+day)\b",
        )
    });
    let found = MOST.captures(text)?;
    let word = found.name("noun")?.as_str().to_lowercase();
    if ELSEWHERE.is_match(found.get(0)?.as_str()) {
        return None;
    }
    let single = word.trim_end_matches('s');
    let named = split(title);
    let is_made =
        single == noun || word == noun || named.iter().any(|it| it.trim_end_matches('s') == single);
    let count = found.name("count")?.as_str().to_lowercase();
    let count = numeral(&count).or_else(|| count.parse().ok())?;
    is_made.then_some(count as usize)
}

/// The status in "the eleventh is refused with `409`" and "when it is full, you get a `409`".
fn refused_with(text: &str) -> Option<u16> {
    static BEYOND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)\b(?:full|no\s+(?:more\s+)?room|eleventh|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|thirteenth|sixteenth|\d+(?:th|st|nd|rd)|one\s+more|another\s+one|further|any\s+more|more\s+than\s+that|beyond|exceed\w*|limit\w*|too\s+many|maximum)\b",
        )
    });
    static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?P<status>4\d\d)\b"));
    let found = STATUS.captures(text).filter(|_| BEYOND.is_match(text))?;
    found.name("status")?.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_how_many_there_may_be() {
        let item = |text: &str| stated(text, "agenda", "Add an agenda item");
        assert_eq!(item("An agenda has up to ten items."), Some(10));
        assert_eq!(item("There are at most 12 items."), Some(12));
        assert_eq!(item("It has up to ten speakers."), None);
        assert_eq!(item("There are at most 12 items per page."), None);
        let member = |text: &str| stated(text, "member", "Invite somebody");
        let text = "A project has room for six members, the owner included.";
        assert_eq!(member(text), Some(6));
        assert_eq!(member("A project has six members."), None);
    }

    #[test]
    fn pages_say_how_one_more_is_refused() {
        assert_eq!(
            refused_with("The eleventh is refused with `409 full`."),
            Some(409)
        );
        assert_eq!(refused_with("When it is full, you get a `409`."), Some(409));
        assert_eq!(
            refused_with("409 `limit_reached` There are 5 already"),
            Some(409)
        );
        assert_eq!(refused_with("A name that is taken gives `409`."), None);
    }
}
