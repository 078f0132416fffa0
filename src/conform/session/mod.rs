//! A plan carried out: requests in an order that lets each find what it needs, and answers judged as they come.
//!
//! ```text
//! examples   creates before what needs them, then what reads and updates
//! positive   what the docs promise to accept; what this makes is data for the lists
//! lists      all, paged, filtered, sorted
//! negative   what the docs promise to refuse; nothing may come of it
//! fuzz       what is drawn from the docs, if asked for
//! ending     actions, deletes, and the removal of all that was made, last made first
//! ```
//!
//! `lists`, `stages`, `kept`, and `ending` hold what is asked about lists, about what may be done when, about what writes
//! leave, and at the end; the other files are the phases themselves, and what all of them use.
//!
//! Nothing here knows sockets or the clock: `send` and `stop` come in as arguments. Requests that do not depend on each other
//! are handed out together, so that `send` may let them be under way at the same time.

mod accepted;
mod apart;
mod beside;
mod bodies;
mod callers;
mod coded;
mod defaults;
mod deferred;
mod echoed;
mod empties;
mod ending;
mod examples;
mod failing;
mod fitted;
mod formulas;
mod fuzz;
mod imports;
mod keeping;
mod kept;
mod keys;
mod lists;
mod methods;
mod nulls;
mod outcome;
mod overlooked;
mod prepared;
mod priced;
mod refused;
mod results;
mod rising;
mod rounded;
mod routing;
mod sending;
mod series;
mod shown;
mod staged;
mod stages;
mod standing;
mod store;
mod tags;
mod telling;
mod unknown;
mod unset;
mod untouched;
mod waiting;
mod yielded;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::chain::{Kind, Role, Slot, identity};
use crate::conform::judge::{self, Case};
use crate::conform::leftover::Leftover;
use crate::conform::message::{Answer, Request, Stop, Unanswered};
use crate::conform::plan::input::Input;
use crate::conform::plan::{Item, Omitted, Phase, Plan, Reason, Variant};
use crate::conform::run::Found;
use crate::diagnostic::{Diagnostic, Part};
use crate::model::{Api, Operation};

use store::{Store, Thing};

/// The status of those who are asked to come back later.
const TOO_MANY: u16 = 429;

/// What came of a request.
pub type Outcome = Result<Answer, Unanswered>;

/// How requests get out, and when to stop.
pub struct Wire<'a> {
    /// Sends requests that do not depend on each other, and gives the answers in the same order.
    pub send: &'a mut dyn FnMut(&[Request]) -> Vec<Outcome>,
    /// Asked before each request that is not for tidying up: what ends the run, if something does.
    pub stop: &'a mut dyn FnMut() -> Option<Stop>,
    /// Told after each request, with what came of it.
    pub progress: &'a mut dyn FnMut(Done, &Exchange),
    /// Waits for what the server does by itself; false if nobody waits.
    pub pause: &'a mut dyn FnMut(Duration) -> bool,
    /// How many requests may be sent, those for tidying up not counted.
    pub max_requests: Option<usize>,
    /// How many requests to hand out at once, at most.
    pub jobs: usize,
    /// What makes the keys of requests new in each run; without it the documented ones are sent.
    pub nonce: Option<u64>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The operations that were exercised so far.
    pub operations: usize,
    /// The requests that were sent.
    pub requests: usize,
    /// What was found, before findings of one cause are put together.
    pub findings: usize,
}

/// A request that was sent, and what came back.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub item: Item,
    /// What came back.
    pub answer: Result<Answer, Unanswered>,
    /// The body, if it is JSON.
    pub body: Option<Value>,
    /// True if the request was accepted: a success that does not say that it is none.
    pub is_success: bool,
}

impl Exchange {
    /// True if the server did at once what was asked; with 202 it only says that it will.
    pub fn is_done(&self) -> bool {
        self.is_success && self.status() != Some(202)
    }

    /// The status of the answer, if there is one.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().ok().map(|answer| answer.status)
    }
}

/// A run on its way.
struct Session<'a, 'w> {
    plan: &'a Plan,
    api: &'a Api,
    wire: Wire<'w>,
    store: Store,
    exchanges: Vec<Exchange>,
    diagnostics: Vec<Diagnostic>,
    /// How many stages are over.
    stages: usize,
    /// The stage of each finding, as far as stages are over.
    staged: Vec<usize>,
    /// Members of which a read has shown that they are kept, by operation and by the kind of value.
    confirmed: HashSet<(usize, String, String)>,
    /// The operations whose example was accepted, and the exchange.
    accepted: HashMap<usize, usize>,
    /// The operations of which something was answered.
    exercised: Vec<usize>,
    omitted: BTreeMap<usize, Reason>,
    compared: usize,
    /// Creates that refuse to make the same thing twice, and what is changed to make another one.
    unique: HashMap<usize, Vec<Input>>,
    /// Documented requests that were refused, and may have been too early; `None` when nothing more is to be made.
    deferred: Option<Vec<deferred::Deferred>>,
    /// The creates of which each request has later days than the one before.
    paces: HashMap<usize, apart::Pace>,
    /// The creates for which another thing was tried in the place of one that is full.
    crowded: HashSet<usize>,
    /// How often room was looked for, for what a create is to refuse.
    tried_rooms: HashMap<usize, u8>,
    /// How many requests were watched that may ask for more than there is, by operation.
    watched: HashMap<usize, usize>,
    /// By how many days the moments of an operation are sent later than the page shows them.
    shifted: HashMap<usize, i64>,
    /// Filters whose documented values name what nothing makes: the operation and the name.
    unfit: HashSet<(usize, String)>,
    /// What creates have to name, by operation and noun.
    places: HashMap<(usize, String), stages::places::Place>,
    made: usize,
    sent: usize,
    unanswered: Vec<Unanswered>,
    is_lost: bool,
    /// What ended the run.
    ended: Option<Stop>,
    /// True if what answers is a mock, which takes any credentials.
    is_mock: bool,
    /// True if it is a mock that keeps nothing.
    is_forgetful: bool,
    keeping: keeping::Keeping,
    leftovers: Vec<Leftover>,
    /// Ids that answers about other things tell: by noun.
    told: HashMap<String, String>,
    /// The operations whose example names what the server does not know.
    unknown: Vec<usize>,
    /// Exchanges that were refused for want of credentials.
    locked: Vec<usize>,
    /// Kinds of refusals to tidy up that nothing helps against.
    hopeless: HashSet<String>,
    /// What cannot be deleted although the server says so.
    undeleted: HashSet<String>,
    /// What cannot be read although it was made.
    unreadable: HashSet<String>,
    /// How many items lists have whose pages were all seen, by operation.
    counts: HashMap<usize, usize>,
    /// The things that a list was seen to have: noun and id.
    listed: HashSet<(String, String)>,
    /// Things that no operation deletes.
    undeletable: Vec<usize>,
    /// The creates whose `Location` was looked at.
    located: HashSet<usize>,
    /// The updates of which it is known whether they change other things.
    passed: HashSet<usize>,
    /// The operations of which it is known whether the entries in their answers are listed.
    entered: HashSet<usize>,
    /// How long the run has waited for what the server does by itself.
    waited: Duration,
    /// Times of a change that were as before, by operation and member.
    stuck: HashSet<(usize, String)>,
    /// The reads of which it is known whether they heed `If-None-Match`.
    revalidated: HashSet<usize>,
    /// The lists of which it is known whether their pages keep a filter.
    narrowed: HashSet<usize>,
    /// Things that did not come to an end while the run waited, by the exchange that made them.
    unfinished: HashSet<usize>,
    /// What state checks were about: one finding for one member of one noun.
    reported: HashSet<(String, String)>,
    /// Things that were closed on the way, and those that are used in their place.
    replaced: HashMap<usize, usize>,
    /// Which operation brings things into the state that another one needs, by that one.
    opened_by: HashMap<usize, usize>,
    /// What was refused before things were ready for it.
    put_off: Vec<Item>,
    /// The exchanges that were judged by what their variants promise.
    judged: HashSet<usize>,
}

/// What came of a session.
#[derive(Debug, Default)]
pub(in crate::conform) struct Course {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) found: Vec<Found>,
    pub(super) exercised: Vec<usize>,
    pub(super) omitted: Vec<Omitted>,
    pub(super) compared: usize,
    pub(super) unreachable: Option<Unanswered>,
    pub(super) leftovers: Vec<Leftover>,
    pub(super) ended: Option<Stop>,
    pub(super) is_mock: bool,
}

/// Carries out a plan.
pub(super) fn run(plan: &Plan, api: &Api, wire: Wire<'_>) -> Course {
    let mut session = Session {
        plan,
        api,
        wire,
        store: Store::default(),
        exchanges: Vec::new(),
        diagnostics: Vec::new(),
        stages: 0,
        staged: Vec::new(),
        confirmed: HashSet::new(),
        accepted: HashMap::new(),
        exercised: Vec::new(),
        omitted: BTreeMap::new(),
        compared: 0,
        unique: HashMap::new(),
        deferred: None,
        paces: HashMap::new(),
        crowded: HashSet::new(),
        tried_rooms: HashMap::new(),
        watched: HashMap::new(),
        shifted: HashMap::new(),
        unfit: HashSet::new(),
        places: HashMap::new(),
        made: 0,
        sent: 0,
        unanswered: Vec::new(),
        is_lost: false,
        ended: None,
        is_mock: false,
        is_forgetful: false,
        keeping: keeping::Keeping::default(),
        leftovers: Vec::new(),
        told: HashMap::new(),
        unknown: Vec::new(),
        locked: Vec::new(),
        hopeless: HashSet::new(),
        undeleted: HashSet::new(),
        unreadable: HashSet::new(),
        counts: HashMap::new(),
        listed: HashSet::new(),
        undeletable: Vec::new(),
        located: HashSet::new(),
        passed: HashSet::new(),
        entered: HashSet::new(),
        waited: Duration::ZERO,
        stuck: HashSet::new(),
        revalidated: HashSet::new(),
        narrowed: HashSet::new(),
        unfinished: HashSet::new(),
        reported: HashSet::new(),
        replaced: HashMap::new(),
        opened_by: HashMap::new(),
        put_off: Vec::new(),
        judged: HashSet::new(),
    };
    session.lend();
    session.examples();
    let has_one_cause = session.has_one_cause();
    session.give_up_locked(has_one_cause);
    session.end_stage();
    if !has_one_cause {
        for stage in [
            Session::check_repeats,
            Session::positive,
            Session::lists,
            Session::check_differences,
            Session::check_heeded,
            Session::check_tags_agree,
            Session::check_writes,
            Session::check_echoed,
            Session::put_back,
            Session::negative,
            Session::fuzz,
            Session::limits,
            Session::ending,
        ] {
            stage(&mut session);
            session.end_stage();
        }
    }
    if !has_one_cause || session.exchanges.len() == 1 {
        session.second_try();
    }
    session.tidy_up();
    if !has_one_cause {
        session.check_series();
        session.check_rising();
        session.check_staged();
        session.check_formulas();
        session.check_prices();
        session.check_ripe();
        session.check_codes();
        session.check_blame();
        session.check_refused_texts();
        session.check_entries_of_errors();
        session.check_failing();
        session.check_overlooked();
    }
    session.end_stage();
    session.outcome()
}

impl<'a> Session<'a, '_> {
    /// What takes many things of a kind: late, since whatever is full would refuse others.
    fn limits(&mut self) {
        let is_asked = self.plan.has(Phase::State) && self.plan.has(Phase::Negative);
        if is_asked && !self.is_forgetful && !self.is_mock {
            self.check_sizes();
            self.check_capacities();
        }
    }

    /// What was found since the last stage is of this one.
    fn end_stage(&mut self) {
        self.staged.resize(self.diagnostics.len(), self.stages);
        self.stages += 1;
    }

    fn operation(&self, index: usize) -> Option<&'a Operation> {
        self.api.operations.get(index)
    }

    fn role(&self, index: usize) -> Option<&'a Role> {
        self.plan.roles.get(index)
    }

    /// What an exchange is about: the number of its operation, that operation, and its role.
    fn about(&self, at: usize) -> Option<(usize, &'a Operation, &'a Role)> {
        let index = self.exchanges.get(at)?.item.operation;
        Some((index, self.operation(index)?, self.role(index)?))
    }

    /// The name of an operation, by its number.
    fn name_of(&self, index: usize) -> String {
        self.operation(index)
            .map(Operation::name)
            .unwrap_or_default()
    }

    /// The items that are wanted, but for those of operations that only prepare for others.
    fn items(&self, is_wanted: impl Fn(&Item) -> bool) -> Vec<&'a Item> {
        self.plan
            .items
            .iter()
            .filter(|item| is_wanted(item) && !self.plan.prepares.contains(&item.operation))
            .collect()
    }

    /// The documented example of an operation.
    fn example_item(&self, operation: usize) -> Option<&'a Item> {
        let mut items = self.plan.items.iter();
        items.find(|it| it.operation == operation && matches!(it.variant, Variant::Example))
    }

    /// The documented example of the operation of a kind on a noun.
    fn example_of(&self, noun: &str, kind: Kind) -> Option<&'a Item> {
        self.plan.items.iter().find(|item| {
            let role = self.plan.roles.get(item.operation);
            matches!(item.variant, Variant::Example)
                && role.is_some_and(|role| role.noun == noun && role.kind == kind)
        })
    }

    /// The documented examples of a kind that were accepted, each with its role.
    fn accepted_of(&self, kind: Kind) -> Vec<(&'a Item, &'a Role)> {
        let items = self.plan.items.iter();
        let examples = items.filter(|it| {
            matches!(it.variant, Variant::Example)
                && self.accepted.contains_key(&it.operation)
                && !self.plan.prepares.contains(&it.operation)
        });
        let examples = examples.filter_map(|it| Some((it, self.role(it.operation)?)));
        examples.filter(|(_, role)| role.kind == kind).collect()
    }

    fn case<'c>(&self, item: &'c Item) -> Option<Case<'c>>
    where
        'a: 'c,
    {
        Some(Case {
            operation: self.operation(item.operation)?,
            item,
            secrets: &self.plan.secrets,
            marks_null: self.plan.marks_null,
            unset: None,
        })
    }

    /// What was found since then only shows again in a run of that part.
    fn belongs_to(&mut self, part: Part, since: usize) {
        for diagnostic in self.diagnostics.iter_mut().skip(since) {
            if let Some(observation) = &mut diagnostic.observation {
                observation.tried.part = part;
                observation.tried.seed = match part {
                    Part::Fuzz => self.plan.seed,
                    _ => 0,
                };
            }
        }
    }

    /// Judges an exchange by what its variant promises.
    fn judge(&mut self, at: usize) {
        self.judged.insert(at);
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let unset = self.unset(exchange);
        let Some(mut case) = self.case(&exchange.item) else {
            return;
        };
        case.unset = Some(&unset);
        match &exchange.answer {
            // Who is asked to come back later was told nothing about the operation.
            Ok(answer) if answer.status == TOO_MANY => {}
            Ok(answer) => {
                let verdict = judge::judge(&case, answer);
                self.compared += usize::from(verdict.is_body_judged);
                self.diagnostics.extend(verdict.diagnostics);
            }
            Err(Unanswered::Unsendable(_) | Unanswered::Interrupted) => {}
            Err(reason) => self.diagnostics.push(judge::unanswered(&case, reason)),
        }
    }

    /// Adds a finding unless the same member of the same thing had one.
    fn report(&mut self, noun: &str, member: &str, diagnostic: Diagnostic) {
        if self.reported.insert((noun.to_owned(), member.to_owned())) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// `response.data.title`: the subject of a member of what an answer is about.
    fn subject_of(&self, at: usize, member: &str) -> String {
        let envelope = || {
            let exchange = self.exchanges.get(at)?;
            let noun = &self.role(exchange.item.operation)?.noun;
            let (name, _) = identity::enveloped(exchange.body.as_ref()?, &self.key(noun), noun)?;
            name.map(str::to_owned)
        };
        match envelope() {
            Some(name) => format!("response.{name}.{member}"),
            None => format!("response.{member}"),
        }
    }

    /// The parameter that names things of a noun: that of the operation that reads them, else of one that changes them.
    fn key(&self, noun: &str) -> String {
        let roles = self.plan.roles.iter();
        let own = roles.flat_map(|role| role.slots.iter().map(move |slot| (role.kind, slot)));
        // What a row of a batch names things by says nothing about single ones.
        let is_single = |slot: &Slot| !slot.name.contains('[');
        let own = own.filter(|(_, slot)| slot.is_own && slot.noun == noun && is_single(slot));
        let first = own.min_by_key(|(kind, _)| *kind);
        first.map_or_else(|| "id".to_owned(), |(_, slot)| slot.name.clone())
    }

    /// Keeps what an accepted create made, or what an accepted request accidentally did.
    fn keep(&mut self, at: usize) {
        let Some(exchange) = self.exchanges.get(at) else {
            return;
        };
        let Some(role) = self.plan.roles.get(exchange.item.operation) else {
            return;
        };
        if role.batch.is_some() && exchange.is_success {
            self.keep_rows(at);
            return;
        }
        if role.kind != Kind::Create || !exchange.is_success {
            return;
        }
        let noun = role.noun.clone();
        let key = self.key(&noun);
        let body = exchange.body.as_ref();
        let object = body
            .and_then(|body| identity::object(body, &key, &noun))
            .map(identity::flat);
        let object = self.new_part(at).or(object);
        let location = exchange.answer.as_ref().ok().and_then(|answer| {
            let location = answer.header("location")?;
            let path = location.split(['?', '#']).next()?;
            path.trim_end_matches('/')
                .rsplit('/')
                .next()
                .map(str::to_owned)
        });
        let named = role
            .own_path()
            .and_then(|slot| exchange.item.draft.slot(slot));
        let location = named.or(location);
        if object.is_none() && location.is_none() {
            self.leave_nameless(at, true);
            return;
        }
        let slots = role.slots.iter().filter(|slot| role.names_parent(slot));
        let parents =
            slots.filter_map(|slot| Some((slot.noun.clone(), exchange.item.draft.slot(slot)?)));
        let parents: Vec<(String, String)> = parents.collect();
        let named = role.slots.iter().filter(|slot| !slot.is_own);
        let named =
            named.filter_map(|slot| Some((slot.noun.clone(), exchange.item.draft.slot(slot)?)));
        let named: Vec<(String, String)> = named.collect();
        // `{"id": "b_7", "card_id": "c_1"}` of what was done to `c_1` is no card.
        let owner = format!("{noun}id");
        let is_of_own = object
            .as_ref()
            .and_then(Value::as_object)
            .is_some_and(|members| {
                let mut owners = members.iter().filter(|(name, _)| letters(name) == owner);
                let mut slots = role.slots.iter().filter(|slot| slot.noun == noun);
                owners.any(|(_, id)| {
                    slots.any(|slot| exchange.item.draft.slot(slot).as_deref() == id.as_str())
                })
            });
        if is_of_own {
            return;
        }
        // What something is added to counts it, and is another one than before.
        for thing in &mut self.store.things {
            let id = thing.key();
            let is_parent =
                |(noun, of): &&(String, String)| *noun == thing.noun && Some(of) == id.as_ref();
            thing.additions += named.iter().filter(is_parent).count();
        }
        let is_lost = self.unreadable.contains(&noun);
        self.store.add(Thing {
            location,
            parents,
            is_lost,
            made_by: Some(at),
            as_of: self.exchanges.len(),
            ..Thing::own(&noun, object.unwrap_or(Value::Null), &key)
        });
    }
}
