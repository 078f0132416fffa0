//! The same create once more, where the page says that it makes nothing new then: the answer is about what is there.

use serde_json::Value;

use crate::conform::chain::{Kind, identity};
use crate::conform::class::Class;
use crate::conform::judge::echo;
use crate::conform::judge::state::{self, Found};
use crate::conform::message::describe_status;
use crate::conform::plan::{Draft, Item, Variant, sample};
use crate::conform::said::renewed::{self, Renewal};
use crate::conform::said::upserts;
use crate::model::answer::UNDOCUMENTED_STATUS;

use crate::conform::session::{Exchange, Session, Thing};

impl Session<'_, '_> {
    /// Sends the example of a create again whose page says that this changes what is there already.
    pub(in crate::conform::session) fn check_upsert(&mut self, at: usize) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        if let Some(renewal) = renewed::of(operation) {
            self.check_renewed(at, renewal);
            return;
        }
        let Some(sentence) = upserts::of(operation) else {
            return;
        };
        let exchange = self.exchanges.get(at);
        let is_example = exchange.is_some_and(|it| matches!(it.item.variant, Variant::Example));
        let is_made = |it: &Thing| it.made_by == Some(at);
        let (true, true) = (is_example, self.store.things.iter().any(is_made)) else {
            return;
        };
        let Some(mut draft) = exchange.map(|it| it.item.draft.clone()) else {
            return;
        };
        // What the page names has to be sent, so that it is the same.
        let sent = draft.content().unwrap_or_default();
        let words = sentence.split('`').skip(1).step_by(2);
        let mut inputs = operation.body.iter().flat_map(|body| &body.fields);
        let mut named = words.filter(|name| inputs.any(|it| it.name.value == **name));
        if !named.all(|name| sent.get(name).is_some_and(|it| !it.is_null())) {
            return;
        }
        if draft.idempotency_key().is_some() {
            draft.renew_idempotency_key(self.exchanges.len());
        }
        let noun = role.noun.clone();
        let step = Item::new(index, Variant::Step("the same create again"), draft);
        let Some(again) = self.exchange(step).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        let (Some(first), Some(second)) = (self.object(at), self.object(again)) else {
            return;
        };
        let key = self.key(&noun);
        let id = |object: &Value| identity::id(object, &key, &noun);
        let (Some(old), Some(new)) = (id(&first), id(&second)) else {
            return;
        };
        self.keep(again);
        if old != new {
            let message = format!(
                "{} sent again makes another {noun}, and the page says that the one that is there is meant",
                operation.name()
            );
            let found = Found::about(&state::ACCEPTED_AGAIN, "endpoint", message)
                .said(sentence)
                .seen(format!("the {noun} `{old}`"), format!("the {noun} `{new}`"));
            self.found(
                again,
                &noun,
                &format!("{index} upsert"),
                found.weak_if(true),
            );
            return;
        }
        let members = upserts::kept(&sentence).into_iter();
        let mut moved = members.filter_map(|name| {
            let (old, new) = (first.get(&name)?.clone(), second.get(&name)?.clone());
            (old != new).then_some((name, old, new))
        });
        if let Some((name, old, new)) = moved.next() {
            let message = format!(
                "{} sent again changes `{name}`, and the page says that it stays",
                operation.name()
            );
            let found = Found::about(
                &state::UPDATE_CHANGES_OTHERS,
                self.subject_of(again, &name),
                message,
            )
            .seen(sample::plain(&old), sample::plain(&new))
            .weak_if(true);
            self.found(again, &noun, &format!("{index} upsert {name}"), found);
        }
    }

    /// Sends what was accepted twice more where the page says that the same request again changes nothing.
    pub(in crate::conform::session) fn check_repeats(&mut self) {
        for index in 0..self.api.operations.len() {
            let Some((operation, role)) = self.operation(index).zip(self.role(index)) else {
                return;
            };
            let kinds = [Kind::Create, Kind::Update, Kind::Action];
            let is_of_name = kinds.contains(&role.kind) && !role.slots.is_empty();
            let Some(sentence) = upserts::changes_nothing(operation).filter(|_| is_of_name) else {
                continue;
            };
            let mut exchanges = self.exchanges.iter().rev();
            let last = exchanges.find(|it| {
                let is_example = matches!(it.item.variant, Variant::Example);
                it.item.operation == index && it.is_success && is_example
            });
            let Some(draft) = last.map(|it| it.item.draft.clone()) else {
                continue;
            };
            if self.is_stateful() && draft.idempotency_key().is_none() {
                self.check_repeat(index, &draft, sentence);
            }
        }
    }

    fn check_repeat(&mut self, index: usize, draft: &Draft, sentence: String) -> Option<()> {
        let step = || Item::new(index, Variant::Step("the same once more"), draft.clone());
        let first = self.exchange(step()).filter(|at| self.has_succeeded(*at))?;
        let again = self.exchange(step()).filter(|at| self.has_succeeded(*at))?;
        let (before, after) = (self.object(first)?, self.object(again)?);
        self.keep(again);
        let mut changed = echo::differences(&before, &after).into_iter();
        let changed = changed.find(|it| {
            let name = it.path.rsplit('.').next().unwrap_or(&it.path);
            !echo::is_stamp(name)
        })?;
        let noun = self.role(index)?.noun.clone();
        let message = format!(
            "{} sent again changes `{}`, and the page says that it changes nothing then",
            self.name_of(index),
            changed.path
        );
        let subject = self.subject_of(again, &changed.path);
        let found = Found::about(&state::UPDATE_CHANGES_OTHERS, subject, message)
            .said(sentence)
            .seen(sample::plain(&changed.left), sample::plain(&changed.right))
            .plain_if(true);
        self.found(again, &noun, &format!("{index} repeat"), found);
        Some(())
    }

    /// Looks at writes to what is there already: how they are answered, and what they leave.
    pub(in crate::conform::session) fn check_writes(&mut self) {
        self.check_renewals();
        self.check_replaced();
        self.check_rivals();
    }

    /// What was written to the same place before is answered as what was there, in whatever request it is written again.
    fn check_renewals(&mut self) {
        for index in 0..self.api.operations.len() {
            let Some(operation) = self.operation(index) else {
                return;
            };
            let is_of_name = self.role(index).is_some_and(|role| {
                role.kind == Kind::Update || role.kind == Kind::Create && role.own_path().is_some()
            });
            let Some(renewal) = renewed::of(operation).filter(|_| is_of_name) else {
                continue;
            };
            let writes = self.exchanges.iter().enumerate().filter(|(_, it)| {
                it.is_success && it.item.operation == index && it.item.request.method == "PUT"
            });
            let writes: Vec<(usize, String)> = writes
                .map(|(at, it)| (at, it.item.request.url.clone()))
                .collect();
            let again = writes.iter().enumerate().find_map(|(nth, (at, url))| {
                let mut before = writes.iter().take(nth);
                let (first, _) = before.find(|(_, known)| known == url)?;
                let is_new = self.exchanges.get(*at)?.status() == Some(renewal.first);
                let between = self.exchanges.get(*first..*at)?.iter();
                let mut deletes = between.filter(|it| it.item.request.method == "DELETE");
                let is_free =
                    deletes.any(|it| it.is_success && url.starts_with(&it.item.request.url));
                (is_new && !is_free).then_some(*at)
            });
            if let Some(at) = again {
                let name = self.name_of(index);
                let message =
                    format!("{name} of what is there already is answered as if it was new");
                self.renewed_otherwise(at, message, renewal, renewal.again);
            }
        }
    }

    /// The same action once more, whose page says that it is answered "with `200` instead of `201`" then.
    pub(super) fn check_replayed(&mut self, at: usize) {
        let renewal = self.about(at).and_then(|(_, it, _)| renewed::of(it));
        let is_new = self.exchanges.get(at).and_then(Exchange::status) == Some(201);
        if let Some(renewal) = renewal.filter(|it| it.is_sure && is_new) {
            self.check_renewed(at, renewal);
        }
    }

    /// Sends the example of a write again whose page tells the status of the first from that of the same once more.
    pub(super) fn check_renewed(&mut self, at: usize, renewal: Renewal) {
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let (name, noun) = (operation.name(), role.noun.clone());
        let is_put = role.own_path().is_some();
        let exchange = self.exchanges.get(at);
        let is_example = exchange.is_some_and(|it| matches!(it.item.variant, Variant::Example));
        let made = self
            .store
            .things
            .iter()
            .position(|it| it.made_by == Some(at));
        let (Some(exchange), true) = (exchange, is_example) else {
            return;
        };
        let status = exchange.status();
        let mut draft = exchange.item.draft.clone();
        if draft.idempotency_key().is_some() {
            draft.renew_idempotency_key(self.exchanges.len());
        }
        // Below what the run has made nothing was there before.
        let is_first = is_put && made.is_some_and(|thing| self.was_made_within(thing, at));
        if is_first && status == Some(renewal.again) {
            let message = format!("{name} of what was not there before is answered as if it was");
            self.renewed_otherwise(at, message, renewal, renewal.first);
        }
        let step = Item::new(index, Variant::Step("the same once more"), draft);
        let Some(again) = self.exchange(step).filter(|at| self.has_succeeded(*at)) else {
            return;
        };
        let status = self.exchanges.get(again).and_then(Exchange::status);
        if status == Some(renewal.first) {
            let message = format!("{name} of what is there already is answered as if it was new");
            self.renewed_otherwise(again, message, renewal, renewal.again);
        }
        if let Some(thing) = made {
            self.check_listed_once(again, &noun, thing);
        }
    }

    /// True if everything that a thing belongs to was made by the run, and nothing else was written there before.
    fn was_made_within(&self, thing: usize, at: usize) -> bool {
        let Some(thing) = self.store.things.get(thing) else {
            return false;
        };
        let makers = thing.parents.iter().map(|(noun, id)| {
            let mut things = self.store.things.iter();
            let parent = things.find(|it| it.noun == *noun && it.key().as_ref() == Some(id));
            parent.and_then(|it| it.made_by)
        });
        let makers: Option<Vec<usize>> = makers.collect();
        let Some(makers) = makers.filter(|it| !it.is_empty()) else {
            return false;
        };
        let mut before = self.exchanges.iter().take(at).enumerate();
        before.all(|(other, exchange)| {
            let is_write = self.plan.class(exchange.item.operation) > Class::Read;
            let request = &exchange.item.request;
            let names = |id: &str| {
                let body = exchange.item.draft.json().map(Value::to_string);
                request.url.contains(id) || body.is_some_and(|it| it.contains(id))
            };
            let mut parents = thing.parents.iter();
            makers.contains(&other) || !is_write || !parents.any(|(_, id)| names(id))
        })
    }

    fn renewed_otherwise(&mut self, at: usize, message: String, renewal: Renewal, wanted: u16) {
        let Some((index, _, role)) = self.about(at) else {
            return;
        };
        let noun = role.noun.clone();
        let status = self.exchanges.get(at).and_then(Exchange::status);
        let found = Found::about(&UNDOCUMENTED_STATUS, "endpoint", message)
            .promised_at(renewal.evidence.span)
            .seen(
                describe_status(wanted),
                describe_status(status.unwrap_or_default()),
            )
            .weak_if(!renewal.is_sure);
        self.found(at, &noun, &format!("{index} renewed {wanted}"), found);
    }

    /// What was written twice is in its list once.
    fn check_listed_once(&mut self, at: usize, noun: &str, thing: usize) {
        let Some(list) = self.example_of(noun, Kind::List).map(|it| it.operation) else {
            return;
        };
        let id = self.store.things.get(thing).and_then(Thing::key);
        let Some((list, walk)) = self.everything_beside(list, thing) else {
            return;
        };
        let ids = walk.ids(&list);
        let count = ids.iter().filter(|it| Some(*it) == id.as_ref()).count();
        if count < 2 {
            return;
        }
        let message = format!(
            "{} shows the {noun} {count} times that was written twice, and the page says that the one that is there is replaced",
            list.operation.name()
        );
        let id = id.unwrap_or_default();
        let found = Found::about(&state::ACCEPTED_AGAIN, "endpoint", message)
            .seen(format!("`{id}` once"), format!("`{id}` {count} times"))
            .weak_if(true);
        self.found(at, noun, "written twice", found);
    }
}
