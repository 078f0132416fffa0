//! The documented examples, and what else is needed to send them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Role, SlotPlace};
use crate::conform::judge;
use crate::conform::message::Unanswered;
use crate::conform::pattern::pattern;
use crate::conform::plan::{Item, Phase, Reason, Variant, sample};
use crate::conform::said;

use super::{Exchange, Session, Thing};

/// Creates that need each other in a circle are not followed any further.
const LEVELS: usize = 6;

impl Session<'_, '_> {
    /// Sends the documented examples: creates first, parents before children, then all that changes no more than it says.
    pub(super) fn examples(&mut self) {
        let items = self.plan.items.iter();
        let mut items: Vec<_> = items
            .filter(|item| matches!(item.variant, Variant::Example))
            .collect();
        items.sort_by_key(|item| self.rank(item));
        let kind = |session: &Self, item: &Item| {
            let role = session.role(item.operation)?;
            Some((role.kind, role.slots.len()))
        };
        let mut is_made_by_actions = false;
        for alike in items
            .chunk_by(|one, other| kind(self, one) == kind(self, other))
            .map(<[_]>::to_vec)
            .collect::<Vec<_>>()
        {
            let Some((kind, _)) = alike.first().and_then(|item| kind(self, item)) else {
                continue;
            };
            let is_maker = |session: &Self, item: &&Item| {
                let role = session.role(item.operation);
                role.is_some_and(|role| role.makes(&role.noun))
            };
            let makes = alike.iter().any(|item| is_maker(self, item));
            if makes {
                self.deferred.get_or_insert_default();
            } else {
                self.retry_deferred();
                if !std::mem::replace(&mut is_made_by_actions, true) {
                    self.make_by_actions();
                }
            }
            match kind {
                Kind::Action | Kind::Delete => {}
                Kind::List | Kind::Read | Kind::Look => self.reads(&alike),
                Kind::Create | Kind::Update | Kind::Other => {
                    for item in alike {
                        self.example(item, None);
                    }
                }
            }
        }
        self.retry_deferred();
    }

    /// Sends the examples of operations that read the same kind of thing: they need nothing of each other.
    fn reads(&mut self, items: &[&Item]) {
        let mut prepared = Vec::new();
        for item in items {
            match self.prepared(item, None) {
                Ok(ready) if ready.request.reads() => prepared.push(ready),
                Ok(_) => {
                    self.example(item, None);
                }
                Err(reason) => {
                    self.omitted.entry(item.operation).or_insert(reason);
                }
            }
        }
        let operations: Vec<_> = prepared.iter().map(|item| item.operation).collect();
        let exchanges = self.send_all(prepared);
        for (operation, at) in operations.into_iter().zip(exchanges) {
            if let Some(at) = at {
                self.answered(at);
            } else if let Some(reason) = self.stopped() {
                self.omitted.entry(operation).or_insert(reason);
            }
        }
    }

    /// Creates come first, in the order of what they need; then lists, reads, and all else.
    fn rank(&self, item: &Item) -> (usize, usize, usize) {
        let Some(role) = self.role(item.operation) else {
            return (9, 0, item.operation);
        };
        let needs = self.depth(role, 0);
        let order = match role.kind {
            Kind::Create => 0,
            _ if role.batch.is_some() => 0,
            Kind::List => 1,
            Kind::Read => 2,
            Kind::Look => 3,
            Kind::Update => 4,
            Kind::Other => 5,
            Kind::Action => 6,
            Kind::Delete => 7,
        };
        (order, needs, item.operation)
    }

    /// How many creates have to come before: that of a comment needs a task, and that a project.
    pub(super) fn depth(&self, role: &Role, level: usize) -> usize {
        let needs = role.slots.iter().filter(|slot| slot.noun != role.noun);
        let needs = needs.filter_map(|slot| {
            let mut roles = self.plan.roles.iter();
            let create = roles.find(|it| it.makes(&slot.noun))?;
            let is_deep = level >= LEVELS;
            Some(
                1 + if is_deep {
                    0
                } else {
                    self.depth(create, level + 1)
                },
            )
        });
        needs.max().unwrap_or_default()
    }

    /// Sends an example and judges the answer; the exchange, if there is one.
    pub(super) fn example(&mut self, item: &Item, thing: Option<usize>) -> Option<usize> {
        let operation = item.operation;
        if let Some(reason) = self.stopped() {
            self.omitted.entry(operation).or_insert(reason);
            return None;
        }
        self.look_before(item, thing);
        let prepared = match self.prepared(item, thing) {
            Ok(prepared) => prepared,
            Err(reason) => {
                self.omitted.entry(operation).or_insert(reason);
                return None;
            }
        };
        let mut at = self.send(prepared);
        let is_create = self
            .role(operation)
            .is_some_and(|it| it.kind == Kind::Create);
        if is_create && self.is_out_of_place(at) && !self.speaks_of_repeats(at) {
            at = self.put_in_place(item).unwrap_or(at);
        }
        at = self.sent_later(item, thing, at).unwrap_or(at);
        at = self.sent_to_another(item, thing, at).unwrap_or(at);
        at = self.sent_to_fresh(item, thing, at).unwrap_or(at);
        for is_second_try in [false, true] {
            // What the example makes is there already: another one of the same kind is as good.
            if !is_create || !self.is_conflict(at) {
                break;
            }
            self.make_unique(at, is_second_try);
            if let Ok(again) = self.prepared(item, thing) {
                let other = self.distinct(again);
                at = self.exchange(other).unwrap_or(at);
            }
        }
        if is_create {
            at = self.sent_far_apart(item, at).unwrap_or(at);
            let status = self.exchanges.get(at).and_then(Exchange::status);
            if matches!(status, Some(400 | 404 | 409 | 410 | 422 | 424)) {
                at = self.put_as_shown(item).unwrap_or(at);
            }
        }
        self.answered(at)
    }

    /// Judges the answer to an example, and keeps what it tells; the exchange, if it says something.
    pub(super) fn answered(&mut self, at: usize) -> Option<usize> {
        let exchange = self.exchanges.get(at)?;
        let operation = exchange.item.operation;
        let said_nothing = match &exchange.answer {
            Err(Unanswered::Unsendable(reason)) => Some(Reason::Unsendable(reason.clone())),
            Err(Unanswered::Interrupted) => self.stopped(),
            Ok(answer) if answer.status == super::TOO_MANY => Some(Reason::TooMany),
            _ => None,
        };
        if let Some(reason) = said_nothing {
            self.omitted.insert(operation, reason);
            self.exercised.retain(|it| *it != operation);
            return None;
        }
        if self.is_unknown(at) || self.is_missing_there(at) {
            self.unknown.push(operation);
            return Some(at);
        }
        if self.is_locked(at) {
            self.locked.push(at);
            return Some(at);
        }
        if self.is_unready(at) {
            self.leave_unready(at);
            return Some(at);
        }
        if self.defer(at) {
            return Some(at);
        }
        if self.is_short(at) {
            self.leave_unready(at);
            return Some(at);
        }
        if let Some(name) = self.wanting(at) {
            if let Some(other) = self.sent_without(at, &name) {
                return self.answered(other);
            }
            self.leave_wanting(at, &name);
            return Some(at);
        }
        if self.plan.has(Phase::Examples) {
            self.judge(at);
        }
        let exchange = self.exchanges.get(at)?;
        if exchange.is_success {
            self.accepted.insert(operation, at);
            self.keep(at);
            self.learn(at);
            self.listen(at);
            self.check_stage_named(at);
            self.after_write(at);
            self.check_repeated(at);
            self.check_recurring(at);
        }
        Some(at)
    }

    /// True if the server asks for documented credentials, and the request carries none, or not all that are required.
    fn is_locked(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        let draft = &exchange.item.draft;
        let mut bare = draft.clone();
        bare.without_credentials(operation);
        matches!(exchange.status(), Some(401 | 403))
            && !operation.auth.schemes.is_empty()
            && (bare.request() == draft.request() || draft.lacks_credentials(operation))
    }

    /// Requests without credentials that were refused say nothing about their operations, unless all requests were.
    pub(super) fn give_up_locked(&mut self, has_one_cause: bool) {
        for at in std::mem::take(&mut self.locked) {
            if has_one_cause {
                self.judge(at);
            } else if let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) {
                self.omitted.insert(index, Reason::NoCredentials);
                self.exercised.retain(|it| *it != index);
            }
        }
    }

    /// Keeps ids that an answer tells of something else: the `job` that an action began.
    fn listen(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some(body) = exchange.body.as_ref().and_then(Value::as_object) else {
            return;
        };
        let inner = body.values().filter_map(Value::as_object).flatten();
        for (name, value) in body.iter().chain(inner) {
            if !(value.is_string() || value.is_number()) {
                continue;
            }
            let name = letters(name);
            let noun = name
                .strip_suffix("id")
                .filter(|stem| !stem.is_empty())
                .unwrap_or(&name);
            let mut slots = self.plan.roles.iter().flat_map(|role| &role.slots);
            if slots.any(|slot| slot.noun == noun) {
                self.told.insert(noun.to_owned(), sample::plain(value));
            }
        }
    }

    /// What the docs promise to refuse, of an operation that could be asked only now.
    pub(super) fn late_variants(&mut self, index: usize) {
        for item in
            self.items(|item| item.operation == index && item.variant.phase() == Phase::Negative)
        {
            self.negative_item(item);
        }
    }

    /// True if a request was refused because of something that is there already.
    pub(super) fn is_conflict(&self, at: usize) -> bool {
        let Some(exchange) = self.exchanges.get(at) else {
            return false;
        };
        let status = exchange.status();
        let is_create = self
            .role(exchange.item.operation)
            .is_some_and(|role| role.kind == Kind::Create);
        let is_other = is_create
            && !exchange.is_success
            && matches!(status, Some(200 | 400 | 422))
            && self.is_taken(exchange);
        status == Some(409) || is_other
    }

    /// True if a refusal says that something is in use, and the page says that there is one of each only.
    fn is_taken(&self, exchange: &super::Exchange) -> bool {
        static TAKEN: LazyLock<Regex> = LazyLock::new(|| {
            pattern(
                r"(?i)\b(?:in\s+use|(?:already|is|are|been)\s+(?:taken|used|registered)|already\s+(?:exists?|there|have|has)|duplicate|repeated|exist\s+yet|not\s+unique|must\s+be\s+unique)\b",
            )
        });
        let body = exchange.body.as_ref().map(ToString::to_string);
        let is_said = body.is_some_and(|body| TAKEN.is_match(&body.replace(['_', '-'], " ")));
        let Some(operation) = self.operation(exchange.item.operation) else {
            return false;
        };
        let fields = operation.body.iter().flat_map(|body| &body.fields);
        let texts = fields.map(|field| field.description.clone());
        let mut texts = texts.chain(said::promises::sentences(operation));
        is_said && texts.any(|it| said::promises::is_about_one_each(&it) || TAKEN.is_match(&it))
    }

    /// Notes what tells the things of a create apart, after it refused to make one of them twice.
    pub(super) fn make_unique(&mut self, at: usize, is_second_try: bool) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(operation), Some(case)) = (self.operation(index), self.case(&exchange.item))
        else {
            return;
        };
        let body = exchange.body.as_ref();
        let named = body.and_then(|body| judge::blame::named_input(&case, body));
        let draft = &exchange.item.draft;
        let role = self.role(index);
        let members = said::once::members(operation, role, draft, named.as_ref(), is_second_try);
        self.unique.insert(index, members);
    }

    /// The request for one more thing: what is there once only is another one, and so is the key that names the request.
    pub(super) fn as_another(&mut self, item: Item) -> Item {
        let mut item = self.distinct(item);
        let key = item.draft.idempotency_key();
        let mut known = self.exchanges.iter();
        let is_used = key.is_some() && known.any(|it| it.item.draft.idempotency_key() == key);
        if !is_used {
            return item;
        }
        item.draft.renew_idempotency_key(self.exchanges.len());
        Item::new(item.operation, item.variant, item.draft)
    }

    /// Keeps what a list shows, for readers of what nobody can create.
    fn learn(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let index = exchange.item.operation;
        let (Some(role), Some(operation)) = (self.plan.roles.get(index), self.operation(index))
        else {
            return;
        };
        if role.kind != Kind::List {
            return;
        }
        let noun = role.noun.clone();
        let key = self.key(&noun);
        let parents: Vec<_> = role
            .slots
            .iter()
            .filter(|slot| slot.place == SlotPlace::Path)
            .filter_map(|slot| {
                let value = exchange.item.draft.path_value(&slot.name)?;
                Some((slot.noun.clone(), value.to_owned()))
            })
            .collect();
        let items = judge::list::items(operation, exchange.body.as_ref());
        let items: Vec<_> = items.into_iter().take(3).cloned().collect();
        // What comes up below something of our own is our own, if nothing else makes it.
        let is_made = |noun: &str| {
            let mut roles = self.plan.roles.iter();
            roles.any(|role| role.kind == Kind::Create && role.noun == noun)
        };
        let is_own = !is_made(&noun)
            && parents.iter().any(|(of, id)| {
                let own = self.store.own(of);
                own.iter().any(|it| it.key().as_ref() == Some(id))
            });
        for object in items {
            self.store.add(Thing {
                parents: parents.clone(),
                is_own,
                ..Thing::own(&noun, object, &key)
            });
        }
    }

    /// True if no answer came, or all answers have one cause, which one finding tells.
    pub(super) fn has_one_cause(&self) -> bool {
        let answered = judge::answered(self.api, &self.plan.secrets, &self.exchanges);
        self.is_lost || answered.is_empty() || judge::cause(&answered).is_some()
    }
}
