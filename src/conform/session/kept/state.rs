//! After a write: is what was sent kept, is it there to be read, and is nothing else changed?

use serde_json::{Map, Value};

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, identity};
use crate::conform::judge::echo;
use crate::conform::judge::effect;
use crate::conform::judge::state::{self, Found};
use crate::conform::plan::{Item, Phase, Variant, sample};
use crate::conform::said::{echoed, filled, progress, promises, sometimes};

use crate::conform::session::{Exchange, Session};

/// What a read is called of a thing that was acted upon.
pub(in crate::conform::session) const ACTED_UPON: &str = "a read of what was acted upon";

impl Session<'_, '_> {
    /// Checks what an accepted request did.
    pub(in crate::conform::session) fn after_write(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        if !self.plan.has(Phase::State) || self.forgets(exchange.item.operation) {
            return;
        }
        let Some(kind) = self
            .plan
            .roles
            .get(exchange.item.operation)
            .map(|role| role.kind)
        else {
            return;
        };
        let is_done = self.exchanges.get(at).is_some_and(Exchange::is_done);
        let is_it = self.check_identity(at);
        if is_it && !is_done && kind == Kind::Create {
            self.check_beginnings(at);
        }
        if !is_it || !is_done && !self.is_begun(at) {
            return;
        }
        let operation = self.exchanges.get(at).map(|it| it.item.operation);
        let role = operation.and_then(|index| self.role(index));
        if role.is_some_and(|role| role.batch.is_some()) {
            self.check_rows(at);
            return;
        }
        match kind {
            Kind::Create => {
                self.check_echo(at);
                self.check_become(at);
                self.check_member_defaults(at);
                self.check_left_out_by_input(at);
                self.check_first_stage(at);
                self.check_beginnings(at);
                self.check_added_at_end(at);
                self.check_taken(at);
                self.check_unique(at);
                self.check_parent_times(at);
                self.check_parent_outcomes(at);
                self.check_led_to(at);
                self.check_member_added(at);
                self.check_addition(at);
                let variant = self.exchanges.get(at).map(|it| &it.item.variant);
                let is_telling = variant.is_none_or(Variant::shows_in_reads);
                let is_new = self.store.things.iter().any(|it| it.made_by == Some(at));
                let is_put = self
                    .exchanges
                    .get(at)
                    .and_then(|it| self.role(it.item.operation));
                let is_put = is_put.is_some_and(|role| role.own_path().is_some());
                if is_put && !is_new {
                    self.check_updated(at);
                } else if is_telling {
                    self.check_created(at);
                }
                self.check_part(at);
                self.check_upsert(at);
                if self.plan.has(Phase::Negative) {
                    self.create_again(at);
                    self.check_key(at, None);
                }
            }
            Kind::Update => {
                self.check_frozen(at);
                self.note_joined(at);
                self.check_echo(at);
                self.check_updated(at);
                self.check_part(at);
            }
            // What an action makes of another kind is there to be read.
            Kind::Action => self.check_created(at),
            _ => {}
        }
    }

    /// True for a create that only begins something, and shows already what it will be.
    fn is_begun(&self, at: usize) -> bool {
        let mut things = self.store.things.iter();
        let is_shown = things.any(|it| it.made_by == Some(at) && it.object.is_object());
        let exchange = self.exchanges.get(at);
        let sent = self.sent(at).unwrap_or_default();
        let shown = self.object(at).unwrap_or_default();
        let is_whole = sent.keys().any(|name| shown.get(name).is_some());
        is_shown && is_whole && exchange.is_some_and(|it| it.is_success)
    }

    /// The members of the body that was sent.
    pub(in crate::conform::session) fn sent(
        &self,
        at: usize,
    ) -> Option<serde_json::Map<String, Value>> {
        self.exchanges.get(at)?.item.draft.content()
    }

    /// The object that an answer is about.
    pub(in crate::conform::session) fn object(&self, at: usize) -> Option<Value> {
        let exchange = self.exchanges.get(at)?;
        let noun = &self.role(exchange.item.operation)?.noun;
        let body = exchange.body.as_ref()?;
        let key = self.key(noun);
        identity::object(body, &key, noun)
            .or_else(|| identity::wrapped(body))
            .or(Some(body))
            .map(identity::flat)
    }

    /// What was sent is in the answer.
    pub(in crate::conform::session) fn check_echo(&mut self, at: usize) {
        let (Some(exchange), Some(object)) = (self.exchanges.get(at).cloned(), self.object(at))
        else {
            return;
        };
        let Some((index, operation, role)) = self.about(at) else {
            return;
        };
        let Some(sent) = exchange.item.draft.content().filter(|_| self.is_stateful()) else {
            return;
        };
        let is_example = matches!(exchange.item.variant, Variant::Example);
        let sent = echo::named_as(sent, &object);
        let example = self.plan.items.iter().find(|it| it.operation == index);
        let example = example.map_or(&exchange.item.draft, |it| &it.draft);
        for (name, value) in &sent {
            // `{"order": {…}, "reason": "late"}` repeats beside the thing what is none of its own.
            let beside = exchange.body.as_ref().and_then(|body| body.get(name));
            let back = object.get(name).or_else(|| within(&object, name, value));
            let back = back.or(beside);
            if !is_example && sometimes::counts(operation, name) {
                continue;
            }
            self.check_normal_inside(at, name, value, back);
            self.check_lines_kept(at, name, value, back);
            if self.check_normal(at, name, value, back)
                || echo::is_changed_by_others(operation, &sent, name)
            {
                continue;
            }
            // What is lost is no other notation.
            if back.is_some_and(|it| !it.is_null()) && self.comes_back_otherwise(&role.noun, name) {
                continue;
            }
            self.check_order_kept(at, name, value, back);
            self.check_letters_kept(at, name, value, back);
            if back.is_some_and(|back| echo::is_same(value, back)) && !value.is_object() {
                continue;
            }
            let Some(answered) = echo::answered(operation, &role.noun, example, name) else {
                continue;
            };
            // What is asked of an action need not be what the thing has under the same name.
            if role.kind == Kind::Action && promises::keeps(operation, name) {
                continue;
            }
            // What is cleared may have its default.
            let is_default =
                |(default, _): &(Value, _)| back.is_some_and(|it| echo::is_same(default, it));
            if value.is_null() && answered.default.as_ref().is_some_and(is_default) {
                continue;
            }
            // What has no value may get one.
            if value.is_null() && filled::fills_in(operation, name) {
                continue;
            }
            // An object that is cleared is an empty one.
            let is_cleared = back.and_then(Value::as_object).is_some_and(Map::is_empty);
            if value.is_null() && is_cleared {
                continue;
            }
            if back.is_some_and(|back| self.is_written_otherwise(operation, name, value, back)) {
                continue;
            }
            for lost in echo::lost(name, value, back, answered.shape.as_ref()) {
                let (what, observed) = match &lost.back {
                    Some(back) => ("with another", sample::plain(back)),
                    None => ("without the", "nothing".to_owned()),
                };
                let path = &lost.path;
                let message = format!(
                    "{} answers {what} `{path}`{} that was sent",
                    operation.name(),
                    if lost.back.is_some() {
                        " than the one"
                    } else {
                        ""
                    }
                );
                let found =
                    Found::about(&state::INPUT_NOT_KEPT, self.subject_of(at, path), message)
                        .promised_at(answered.span)
                        .seen(sample::plain(&lost.sent), observed)
                        .weak_if(
                            !answered.is_sure(lost.back.as_ref())
                                && !self.is_cut_short(&role.noun, name, &lost),
                        );
                self.found(at, &role.noun, &format!("{index} {path}"), found);
            }
        }
        self.check_renamed(at, operation, &object, &sent);
    }

    /// What the example of the answer shows under another name: `reason` as `cancelReason`.
    fn check_renamed(
        &mut self,
        at: usize,
        operation: &crate::model::Operation,
        object: &Value,
        sent: &serde_json::Map<String, Value>,
    ) {
        let Some(index) = self.exchanges.get(at).map(|it| it.item.operation) else {
            return;
        };
        let (Some(example), Some(role)) = (self.example_draft(index), self.role(index)) else {
            return;
        };
        let is_example = self
            .exchanges
            .get(at)
            .is_some_and(|it| matches!(it.item.variant, Variant::Example));
        for (name, member) in echo::renamed(operation, &role.noun, &example) {
            if !is_example && sometimes::counts(operation, &name) {
                continue;
            }
            let (Some(value), Some(back)) = (sent.get(&name), effect::at(object, &member)) else {
                continue;
            };
            if echo::is_same(value, back) {
                continue;
            }
            let message = format!(
                "{} answers with another `{member}` than the `{name}` that was sent",
                operation.name()
            );
            let found = Found::about(
                &state::INPUT_NOT_KEPT,
                self.subject_of(at, &member),
                message,
            )
            .seen(sample::plain(value), sample::plain(back))
            .weak_if(!echoed::is_said_to_be(operation, &name, &member));
            self.found(at, &role.noun, &format!("{index} {name}"), found);
        }
    }

    /// What was created can be read, and is as the answer said.
    fn check_created(&mut self, at: usize) {
        let Some(thing) = self
            .store
            .things
            .iter()
            .position(|it| it.made_by == Some(at))
        else {
            return;
        };
        let Some((noun, created)) = self
            .store
            .things
            .get(thing)
            .map(|it| (it.noun.clone(), it.object.clone()))
        else {
            return;
        };
        if self.is_confirmed(at, None) {
            return;
        }
        let is_moving = self.moves_by_itself(&noun) && progress::is_under_way(&created);
        let read = is_moving.then(|| self.finish(thing)).flatten();
        let read = read.or_else(|| self.read(thing, "a read after the create"));
        let Some(read) = read else {
            return;
        };
        // What is only begun may come later.
        let status = self.exchanges.get(read).and_then(Exchange::status);
        let is_begun = !self.exchanges.get(at).is_some_and(Exchange::is_done);
        if is_begun && matches!(status, Some(404 | 410)) {
            return;
        }
        let Some(status) = self.exchanges.get(read).and_then(Exchange::status) else {
            return;
        };
        if matches!(status, 404 | 410) {
            let name = self
                .exchanges
                .get(read)
                .and_then(|it| self.operation(it.item.operation))
                .map(crate::model::Operation::name);
            self.found(
                read,
                &noun,
                "created",
                Found::about(
                    &state::CREATED_NOT_READABLE,
                    "endpoint",
                    format!(
                        "{} does not know the {noun} that was created before",
                        name.unwrap_or_default()
                    ),
                )
                .seen(
                    "what was created",
                    crate::conform::message::describe_status(status),
                ),
            );
            // What is made after it will not be found either.
            for thing in self
                .store
                .things
                .iter_mut()
                .filter(|it| it.noun == noun && it.is_own)
            {
                thing.is_lost = true;
            }
            self.unreadable.insert(noun);
            return;
        }
        self.judge(read);
        self.check_not_modified(read);
        self.check_location(at, read);
        let is_it = self.check_identity(read);
        let Some(object) = self.object(read).filter(|_| is_it && status < 300) else {
            return;
        };
        let sent = self.sent(at).map(|sent| echo::named_as(sent, &object));
        if let Some(sent) = &sent {
            self.confirm(at, sent, &object);
        }
        let sent = sent.map(Value::Object);
        self.compare(&noun, thing, (&created, at), (&object, read), sent.as_ref());
        self.refresh(thing, object);
    }

    /// The documented `Location` of something that was created leads to it.
    pub(in crate::conform::session) fn check_location(&mut self, at: usize, read: usize) {
        let (Some(exchange), Some(read)) = (self.exchanges.get(at), self.exchanges.get(read))
        else {
            return;
        };
        let Some(operation) = self.operation(exchange.item.operation) else {
            return;
        };
        let mut headers = operation.response_headers.iter();
        let header = headers.find(|it| it.name.value.eq_ignore_ascii_case("location"));
        let answer = exchange.answer.as_ref().ok();
        let location = answer.and_then(|answer| answer.header("location"));
        let (Some(header), Some(location)) = (header, location.map(str::to_owned)) else {
            return;
        };
        let mut item = read.item.clone();
        let Some(url) = resolved(&exchange.item.request.url, &location) else {
            return;
        };
        if !self.located.insert(exchange.item.operation) || url == item.request.url {
            return;
        }
        item.request.url = url;
        item.variant = Variant::Step("a look at the `Location`");
        let Some(look) = self.exchange(item) else {
            return;
        };
        let status = self.exchanges.get(look).and_then(Exchange::status);
        let is_nothing = status.is_some_and(|status| matches!(status, 404 | 405 | 410));
        let noun = self.role_noun(at);
        let id = |session: &Self, at: usize| {
            let object = session.object(at)?;
            identity::id(&object, &session.key(&noun), &noun)
        };
        let (made, found) = (id(self, at), id(self, look));
        let is_other = made.is_some() && found.is_some() && made != found;
        if !is_nothing && !is_other {
            return;
        }
        let status = match found.filter(|_| is_other) {
            Some(found) => format!("`{found}`"),
            None => crate::conform::message::describe_status(status.unwrap_or_default()),
        };
        let message = format!(
            "{} is answered with `Location: {location}`, where {}",
            operation.name(),
            if is_nothing {
                "nothing is"
            } else {
                "something else is"
            }
        );
        let subject = format!("response.header.{}", header.name.value);
        let found = Found::about(&state::DEAD_LOCATION, subject, message)
            .promised_at(header.name.evidence.span)
            .seen("the URL of what was created", status)
            .weak_if(!header.is_promised());
        self.found(at, &noun, "location", found);
    }

    fn role_noun(&self, at: usize) -> String {
        let operation = self.exchanges.get(at).map(|it| it.item.operation);
        let role = operation.and_then(|operation| self.role(operation));
        role.map(|role| role.noun.clone()).unwrap_or_default()
    }

    /// Compares what a write answered with what a read shows; what differs between two reads is not compared.
    fn compare(
        &mut self,
        noun: &str,
        thing: usize,
        (written, write): (&Value, usize),
        (shown, read): (&Value, usize),
        sent: Option<&Value>,
    ) {
        let found = echo::differences(written, shown);
        if found.is_empty() {
            return;
        }
        let again = self
            .read(thing, "the same read again")
            .and_then(|at| self.object(at));
        let Some(again) = again else {
            return;
        };
        let volatile = echo::differences(shown, &again);
        let has_moved = progress::stage(written) != progress::stage(shown);
        let is_under_way = [written, shown].into_iter().any(progress::is_under_way);
        let moves = self.moves_by_itself(noun);
        for difference in found {
            // What goes on by itself is another one by now; what was sent stays.
            let is_sent = sent.is_some_and(|sent| sent.get(&difference.path).is_some());
            // In the same stage that is how far it is, and what it came to.
            let is_result = difference.right.is_number() || difference.left.is_null();
            if moves && !is_sent && (has_moved || is_under_way && is_result) {
                continue;
            }
            if volatile.iter().any(|it| it.path == difference.path)
                || is_clockwork(&difference.path)
            {
                continue;
            }
            let member = difference.path.clone();
            let value = sent.and_then(|sent| sent.get(&member));
            if value.is_some_and(|value| echo::is_same(value, &difference.right)) {
                // The read is right, and the write was wrong about it: the echo tells.
                continue;
            }
            let write = self
                .exchanges
                .get(write)
                .and_then(|it| self.operation(it.item.operation));
            let write = write.map(crate::model::Operation::name).unwrap_or_default();
            let name = self
                .exchanges
                .get(read)
                .and_then(|it| self.operation(it.item.operation))
                .map(crate::model::Operation::name)
                .unwrap_or_default();
            self.found(
                read,
                noun,
                &member,
                Found::about(
                    &state::READ_DIFFERS,
                    self.subject_of(read, &member),
                    format!("{name} shows another `{member}` than {write} answered with"),
                )
                .seen(
                    sample::plain(&difference.left),
                    sample::plain(&difference.right),
                )
                .between(written, shown)
                .weak_if(value.is_none()),
            );
        }
    }

    /// Reads a thing; the exchange.
    pub(in crate::conform::session) fn read(
        &mut self,
        thing: usize,
        words: &'static str,
    ) -> Option<usize> {
        let noun = self.store.things.get(thing)?.noun.clone();
        let item = self.example_of(&noun, Kind::Read)?;
        let prepared = self.prepared(item, Some(thing)).ok()?;
        if self.is_of_another(&prepared, thing) {
            return None;
        }
        let step = Item::new(item.operation, Variant::Step(words), prepared.draft);
        if words.ends_with("again") || words.contains("after") {
            return self.exchange(step);
        }
        if words == ACTED_UPON {
            return self.looked_at_lately(step);
        }
        self.looked_at(step).map(|(at, _)| at)
    }

    /// True if a request names another thing: one that the user gave for all that are of its kind.
    fn is_of_another(&self, item: &Item, thing: usize) -> bool {
        let role = self.role(item.operation);
        let slot = role.and_then(|role| role.slots.iter().find(|slot| slot.is_own));
        let known = self.store.things.get(thing);
        let named = slot
            .zip(known)
            .and_then(|(slot, known)| Some((item.draft.slot(slot)?, known.id(&slot.name)?)));
        named.is_some_and(|(asked, known)| asked != known)
    }

    /// What a read shows, if it is about what it was asked for.
    pub(in crate::conform::session) fn shown(&mut self, read: usize) -> Option<Value> {
        let is_success = self.exchanges.get(read).is_some_and(|it| it.is_success);
        let is_it = self.check_identity(read);
        self.object(read).filter(|_| is_success && is_it)
    }

    pub(in crate::conform::session) fn refresh(&mut self, thing: usize, object: Value) {
        let as_of = self.exchanges.len();
        let thing = self.store.things.get_mut(thing);
        if let Some(thing) = thing.filter(|it| object.is_object() && it.is_told_by(&object)) {
            thing.object = object;
            thing.additions = 0;
            thing.as_of = as_of;
        }
    }
}

/// True for members that change by themselves: times of change, versions, and counts of reads.
pub(in crate::conform::session) fn is_clockwork(path: &str) -> bool {
    let name = letters(path.rsplit('.').next().unwrap_or_default());
    [
        "updat", "modif", "chang", "version", "revision", "etag", "lastseen", "lastus", "lastread",
        "views", "expires", "ttl",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// The URL that a `Location` names, if it is on the same server.
pub(in crate::conform::session) fn resolved(request: &str, location: &str) -> Option<String> {
    let start = request.find("://")? + 3;
    let end = request
        .get(start..)?
        .find('/')
        .map_or(request.len(), |at| start + at);
    let (origin, path) = request.split_at(end);
    if let Some(rest) = location.strip_prefix(origin) {
        return rest.starts_with('/').then(|| location.to_owned());
    }
    if location.contains("://") || location.starts_with("//") {
        return None;
    }
    if location.starts_with('/') {
        return Some(format!("{origin}{location}"));
    }
    let folder = path.split(['?', '#']).next()?.rsplit_once('/')?.0;
    Some(format!("{origin}{folder}/{location}"))
}

/// The same value in an object of the answer, if it stands in one of them: `on_hand` as `stock.on_hand`.
fn within<'v>(object: &'v Value, name: &str, sent: &Value) -> Option<&'v Value> {
    let inner = object.as_object()?.values().filter(|it| it.is_object());
    let mut found = inner.filter_map(|it| it.get(name));
    found.find(|back| echo::is_same(sent, back))
}
