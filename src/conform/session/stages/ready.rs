//! Operations that the page says are refused in some states: what brings another state about is done first.
//!
//! `pay` of an invoice is answered with 409 until `finalize` is done, and `restore` until the thing is deleted. Such an answer
//! to the documented request is no refusal of it.

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, split};
use crate::conform::class::Class;
use crate::conform::judge::{blame, words_about};
use crate::conform::message::describe_status;
use crate::conform::plan::{Item, Reason, Variant};
use crate::conform::said::promises::{OF_STATES, lines_about};
use crate::model::Operation;

use crate::conform::session::{Exchange, Session};

/// What a request is called that makes something to act upon.
pub(in crate::conform::session) const WORDS: &str = "a new one to do it with";

/// More operations are not tried to bring another state about.
const TRIED: usize = 4;

impl<'a> Session<'a, '_> {
    /// True if an answer says that the thing is not in the right state, and the page says that there are such answers.
    pub(in crate::conform::session) fn is_unready(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let is_example = matches!(exchange.item.variant, Variant::Example);
        let is_shown = || is_example && self.is_shown_refusal(exchange);
        let status = exchange.status();
        let Some(status) = status.filter(|it| OF_STATES.contains(it) || is_shown()) else {
            return false;
        };
        let index = exchange.item.operation;
        let (Some(operation), Some(role)) = (self.operation(index), self.role(index)) else {
            return false;
        };
        matches!(role.kind, Kind::Action | Kind::Update | Kind::Delete)
            && documents(operation, status)
            && !is_only_about_repeats(operation, status)
    }

    /// True if an exchange is such a refusal.
    pub(in crate::conform::session) fn is_shown_refusal_of(&self, at: usize) -> bool {
        let exchange = self.exchanges.get(at);
        exchange.is_some_and(|it| self.is_shown_refusal(it))
    }

    /// True if a documented action is refused with the very code that an example of the page shows for that status, and
    /// without a word about an input: `{"code": 2006, "message": "asset is not assigned"}`.
    fn is_shown_refusal(&self, exchange: &Exchange) -> bool {
        const CODES: &[&str] = &["code", "errcode", "error", "errorcode", "reason", "type"];
        let (Some(case), Some(body)) = (self.case(&exchange.item), &exchange.body) else {
            return false;
        };
        let is_action = self
            .role(exchange.item.operation)
            .is_some_and(|role| role.kind == Kind::Action);
        let is_wrong = matches!(exchange.status(), Some(400 | 422));
        if !is_action || !is_wrong || blame::named_input(&case, body).is_some() {
            return false;
        }
        let codes = |value: &Value| {
            let members = value.as_object().into_iter().flatten();
            let inner = members.clone().filter_map(|(_, value)| value.as_object());
            let all = members.chain(inner.flatten());
            let codes = all.filter(|(name, value)| {
                let is_scalar =
                    value.is_number() || value.as_str().is_some_and(|it| !it.contains(' '));
                CODES.contains(&letters(name).as_str()) && is_scalar
            });
            codes.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let own = codes(body);
        let responses = case.operation.responses.iter();
        let responses = responses.filter(|it| it.status.code() == exchange.status());
        let mut shown = responses
            .flat_map(|it| &it.examples)
            .filter_map(|it| it.value());
        !own.is_empty() && shown.any(|it| codes(&it.to_value()) == own)
    }

    /// An operation that was refused because of a state says nothing about itself.
    pub(in crate::conform::session) fn leave_unready(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let status = describe_status(exchange.status().unwrap_or_default());
        if !self.accepted.contains_key(&index) {
            self.omitted.insert(index, Reason::State(status));
            self.exercised.retain(|it| *it != index);
        }
    }

    /// Tries a new thing, and then what may bring it into the state that an operation needs; the exchange, and the thing.
    ///
    /// `before` becomes what a read shows in between.
    pub(in crate::conform::session) fn make_ready(
        &mut self,
        item: &Item,
        thing: usize,
        before: &mut Option<Value>,
    ) -> Option<(usize, usize)> {
        // What is in the right state already need not be brought there.
        for other in self.in_other_stages(item, thing) {
            let at = self.exchange_again(item, other, before)?;
            let status = self.exchanges.get(at).and_then(Exchange::status);
            if !self.is_unready(at) && !matches!(status, Some(404 | 410)) {
                self.use_up(Some(other));
                return self.ready(item, at, other);
            }
        }
        // "An album without tracks is refused": one that has something in it may do.
        if let Some(full) = self.one_with_children(item, thing) {
            let at = self.exchange_again(item, full, before)?;
            if !self.is_unready(at) {
                return self.ready(item, at, full);
            }
        }
        let thing = match self.another(item) {
            Some(other) => {
                let at = self.exchange_again(item, other, before)?;
                if !self.is_unready(at) {
                    return self.ready(item, at, other);
                }
                other
            }
            None => thing,
        };
        for opener in self.openers(item) {
            let Ok(mut prepared) = self.prepared(opener, Some(thing)) else {
                continue;
            };
            if self.refused_alike(prepared.operation, thing).is_some() {
                continue;
            }
            prepared.variant = Variant::Step("what has to be done before");
            let done = self.exchange(prepared)?;
            self.note_action(done);
            if !self.exchanges.get(done).is_some_and(Exchange::is_done) {
                continue;
            }
            let at = self.exchange_again(item, thing, before)?;
            let status = self.exchanges.get(at).and_then(Exchange::status);
            if matches!(status, Some(404 | 410)) {
                if let Some(thing) = self.store.things.get_mut(thing) {
                    thing.is_gone = true;
                }
                return None;
            }
            if !self.is_unready(at) {
                self.opened_by.insert(item.operation, opener.operation);
                return self.ready(item, at, thing);
            }
        }
        // "Only empty wallets can be closed": what was made with no more than it needs may do.
        if let Some(bare) = self.bare_one(item) {
            let at = self.exchange_again(item, bare, before)?;
            if !self.is_unready(at) {
                return self.ready(item, at, bare);
            }
        }
        // "`false` skips the trial": what a choice of the create makes otherwise may begin in the right state.
        let other = self.made_otherwise(item, thing)?;
        let at = self.exchange_again(item, other, before)?;
        (!self.is_unready(at)).then(|| self.ready(item, at, other))?
    }

    /// Exercises an operation once more, on the thing at `thing`; `before` becomes what a read shows of that thing.
    fn exchange_again(
        &mut self,
        item: &Item,
        thing: usize,
        before: &mut Option<Value>,
    ) -> Option<usize> {
        if before.is_some() {
            *before = self.before(Some(thing));
        }
        let again = self.prepared(item, Some(thing)).ok()?;
        self.exchange(again)
    }

    /// The answered exchange and its thing, of an operation that is no longer refused because of a state.
    fn ready(&mut self, item: &Item, at: usize, thing: usize) -> Option<(usize, usize)> {
        self.omitted.remove(&item.operation);
        // Of the documented request alone is the success promised that the page shows.
        let is_example = matches!(item.variant, Variant::Example);
        let at = if is_example { self.answered(at)? } else { at };
        Some((at, thing))
    }

    /// Does to a thing what the page of a delete names as coming first, and sends the delete again.
    pub(in crate::conform::session) fn open_and_send(
        &mut self,
        item: &Item,
        thing: usize,
    ) -> Option<usize> {
        for opener in self.openers(item) {
            let Ok(mut prepared) = self.prepared(opener, Some(thing)) else {
                continue;
            };
            prepared.variant = Variant::Step("what has to be done before");
            let done = self.send(prepared);
            if !self.has_succeeded(done) {
                continue;
            }
            let at = self.send(item.clone());
            if !self.is_unready(at) {
                return Some(at);
            }
        }
        None
    }

    /// Where the same was refused of a thing because of its state, if nothing was accepted since that names the thing.
    pub(super) fn refused_alike(&self, operation: usize, thing: usize) -> Option<usize> {
        let id = self.store.things.get(thing)?.key()?;
        let own = self.role(operation)?.own_path()?;
        for (at, exchange) in self.exchanges.iter().enumerate().rev() {
            let item = &exchange.item;
            let is_read = self.plan.class(item.operation) == Class::Read;
            let is_named = || {
                let request = &item.request;
                request.url.contains(&id) || request.body_text().contains(&id)
            };
            if exchange.is_success && !is_read && is_named() {
                return None;
            }
            let is_refused = exchange.status().is_some_and(|it| OF_STATES.contains(&it));
            let is_alike = item.operation == operation
                && item.draft.slot(own).as_ref() == Some(&id)
                && !item.variant.is_refused();
            if is_refused && is_alike {
                return Some(at);
            }
        }
        None
    }

    /// How the removal of a thing was refused: of another one in the same stage it is for the same reason.
    pub(in crate::conform::session) fn refusal_of(&self, at: usize, thing: usize) -> String {
        let known = self.store.things.get(thing);
        let noun = known.map(|it| it.noun.clone()).unwrap_or_default();
        let stage = known.and_then(|it| self.stage_now(&noun, &it.object));
        let exchange = self.exchanges.get(at);
        let status = exchange.and_then(Exchange::status);
        let body = exchange.and_then(|it| it.body.as_ref());
        let code = body.and_then(crate::conform::said::coded::code_of);
        format!(
            "{noun} {:?} {status:?} {code:?}",
            stage.map(|(_, value, _)| value)
        )
    }

    /// Another thing of our own that something belongs to.
    fn one_with_children(&self, item: &Item, thing: usize) -> Option<usize> {
        let noun = &self.role(item.operation)?.noun;
        let mut things = (0..self.store.things.len()).rev();
        things.find(|at| {
            let known = self.store.things.get(*at);
            let is_own = known.is_some_and(|it| {
                it.noun == *noun && it.made_by.is_some() && !it.is_gone && !it.is_lost
            });
            *at != thing && is_own && self.has_children(*at)
        })
    }

    /// A new thing of the kind that an operation is about: nothing was done to it that may be in the way.
    fn another(&mut self, item: &Item) -> Option<usize> {
        let noun = self.role(item.operation)?.noun.clone();
        self.another_of(&noun)
    }

    /// A new thing of the kind that an operation is about, made with what is required alone.
    fn bare_one(&mut self, item: &Item) -> Option<usize> {
        let noun = &self.role(item.operation)?.noun;
        let mut all = self.plan.items.iter();
        let create = all.find(|it| {
            let role = self.role(it.operation);
            matches!(it.variant, Variant::Minimal)
                && role.is_some_and(|role| role.noun == *noun && role.kind == Kind::Create)
        })?;
        self.made_by(create)
    }

    /// A new thing of a noun.
    pub(in crate::conform::session) fn another_of(&mut self, noun: &str) -> Option<usize> {
        match self.example_of(noun, Kind::Create) {
            Some(create) => self.made_by(create),
            None => self.made_by_action(noun),
        }
    }

    /// What a create makes whose documented request was accepted.
    pub(in crate::conform::session) fn made_by(&mut self, create: &Item) -> Option<usize> {
        if !self.accepted.contains_key(&create.operation) {
            return None;
        }
        let prepared = self.prepared(create, None).ok()?;
        let mut prepared = self.as_another(prepared);
        prepared.variant = Variant::Step(WORDS);
        let mut at = self.exchange(prepared)?;
        // What there may be once only is not known before the first one is made again.
        if self.is_conflict(at) && !self.unique.contains_key(&create.operation) {
            self.make_unique(at, false);
            let prepared = self.prepared(create, None).ok()?;
            let mut prepared = self.as_another(prepared);
            prepared.variant = Variant::Step(WORDS);
            at = self.exchange(prepared)?;
        }
        at = self.sent_far_apart(create, at).unwrap_or(at);
        self.keep(at);
        let mut things = self.store.things.iter();
        things.position(|it| it.made_by == Some(at))
    }

    /// The operations that change the state of the same kind of thing: those that the page names first.
    fn openers(&self, item: &Item) -> Vec<&'a Item> {
        match self.role(item.operation) {
            Some(role) => self.openers_of(item, &role.noun),
            None => Vec::new(),
        }
    }

    /// The operations that change the state of things of a noun: those first that the page of an item names.
    pub(in crate::conform::session) fn openers_of(&self, item: &Item, noun: &str) -> Vec<&'a Item> {
        let Some(operation) = self.operation(item.operation) else {
            return Vec::new();
        };
        let text = all_words(operation);
        let examples = self.plan.items.iter();
        let examples = examples.filter(|it| matches!(it.variant, Variant::Example));
        let others = examples.filter(|it| it.operation != item.operation);
        let mut openers: Vec<_> = others
            .filter_map(|other| {
                let is_alike = self.role(other.operation).filter(|it| it.noun == noun)?;
                let is_named = names(&text, self.operation(other.operation)?);
                let rank = match (is_alike.kind, is_named) {
                    (Kind::Action | Kind::Delete, true) => 0,
                    (Kind::Action, false) => 1,
                    _ => return None,
                };
                Some((rank, other.operation, other))
            })
            .collect();
        openers.sort_by_key(|(rank, index, _)| (*rank, *index));
        openers.into_iter().take(TRIED).map(|(.., it)| it).collect()
    }
}

/// True if a page says when a status comes.
pub(in crate::conform::session) fn documents(operation: &Operation, status: u16) -> bool {
    let mut codes = operation.responses.iter().map(|it| it.status.code());
    codes.any(|code| code == Some(status)) || !words_about(operation, status).is_empty()
}

/// True if the page gives no other reason than that it was done before: that is no reason the first time.
fn is_only_about_repeats(operation: &Operation, status: u16) -> bool {
    const REPEATS: &[&str] = &["already", "again", "twice", "a second time"];
    const STATES: &[&str] = &[
        "only ", "not ", "unless ", "until ", "first", "before ", "must ", "has to ", "have to ",
        "while ", "cannot", "without ", "no ", ", or ",
    ];
    let lines = lines_about(operation, status);
    let has = |line: &String, words: &[&str]| words.iter().any(|word| line.contains(word));
    let is_repeat = |line: &String| has(line, REPEATS) && !has(line, STATES);
    !lines.is_empty() && lines.iter().all(is_repeat)
}

/// All that a page says about an operation and its refusals, in lower case.
pub(super) fn all_words(operation: &Operation) -> String {
    let texts = [&operation.title, &operation.description];
    let texts = texts.into_iter().flatten().cloned();
    let remarks = operation.remarks.iter().map(|it| it.value.clone());
    let refusals = OF_STATES.map(|status| words_about(operation, status));
    let all: Vec<_> = texts.chain(remarks).chain(refusals).collect();
    all.join("\n").to_lowercase()
}

/// True if a text names what an operation does: by the verb of its path or title, by what becomes of things, or by where
/// it puts them, as `trash` in "Moves it to the trash".
fn names(text: &str, operation: &Operation) -> bool {
    let path = operation.endpoint.value.path.trim_end_matches('/');
    let last = path.rsplit('/').next();
    let verb = last
        .filter(|last| !last.contains(['{', ':']))
        .map(str::to_lowercase);
    let title = operation.title.as_deref().unwrap_or_default();
    let title = split(title).into_iter().next();
    let outcomes = operation.outcomes.iter();
    let outcomes = outcomes.filter_map(|it| it.value.value.as_str().map(str::to_lowercase));
    let is_told = |word: &str| {
        let stem = word
            .strip_suffix("ed")
            .unwrap_or(word)
            .trim_end_matches(['e', 'y', 's']);
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        stem.len() > 2 && words.any(|it| it.starts_with(stem))
    };
    let own = all_words(operation);
    let mut places = ["trash", "bin", "archive"].into_iter();
    verb.into_iter()
        .chain(title)
        .chain(outcomes)
        .any(|word| is_told(&word))
        || places.any(|place| own.contains(place) && text.contains(place))
}
