//! A plan carried out, and what came of it.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Operation};
use crate::source::Sources;

use super::bindings::Secrets;
use super::chain::Role;
use super::exercise::{self, Hollow};
use super::fresh::Keys;
use super::judge;
use super::leftover::Leftover;
use super::message::{Stop, Unanswered};
use super::plan::{Omitted, Plan};
use super::quoted;
use super::replay::{self, Id, Verdict};
use super::session::{self, Course, Exchange, Wire};

/// What came of a plan.
#[derive(Debug, Default)]
pub struct Run {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What was found, before findings of one cause were put together.
    pub found: Vec<Found>,
    /// The finding in the place of all, if all answers have one cause.
    pub cause: Option<Diagnostic>,
    /// The indexes of the operations that were exercised, in the order of the plan.
    pub exercised: Vec<usize>,
    /// The operations that were not, those of the plan included.
    pub omitted: Vec<Omitted>,
    /// In how many answers the body was compared with what is documented.
    pub compared: usize,
    /// Why not one request was answered.
    pub unreachable: Option<Unanswered>,
    /// All that was sent, and what came back, in that order.
    pub exchanges: Vec<Exchange>,
    /// What the run made and could not remove.
    pub leftovers: Vec<Leftover>,
    /// What ended the run before its end.
    pub ended: Option<Stop>,
    /// Why the answers say nothing about the pages, if they do not.
    pub hollow: Option<Hollow>,
    /// True if what answered is a mock of these pages, which keeps nothing that could be looked for.
    pub is_mock: bool,
}

impl Run {
    /// Points findings at the sentences of the pages that they are about, and quotes those.
    pub fn quote(&mut self, sources: &Sources, secrets: &Secrets) {
        let found = self.found.iter_mut().map(|it| &mut it.diagnostic);
        let all = self.diagnostics.iter_mut().chain(found);
        for diagnostic in all.chain(&mut self.cause) {
            quoted::quote(diagnostic, sources, secrets);
        }
    }
}

/// A finding, and the part of the run that it is from.
#[derive(Clone, Debug)]
pub struct Found {
    /// The part, from 0.
    pub stage: usize,
    /// What was found.
    pub diagnostic: Diagnostic,
}

/// Sends the requests of a plan, and those that their answers call for, and judges the answers.
pub fn run(plan: &Plan, api: &Api, wire: Wire<'_>) -> Run {
    let outcome = carried_out(plan, api, wire);
    concluded(plan, api, without_secrets(outcome, &plan.secrets))
}

/// Sends the part of a plan that shows one finding, and looks whether it is still there.
pub fn replay(plan: &Plan, api: &Api, wire: Wire<'_>, id: Id) -> (Run, Verdict) {
    let outcome = without_secrets(carried_out(plan, api, wire), &plan.secrets);
    // What one cause hides in a whole run is asked about here.
    let found = outcome.found.iter().map(|it| it.diagnostic.clone());
    let mut found: Vec<_> = found.collect();
    let run = concluded(plan, api, outcome);
    found.extend(run.cause.clone());
    let verdict = replay::verdict(id, plan, api, &run.exchanges, found);
    (run, verdict)
}

/// Sends what a plan asks for, with keys that are new in this run.
fn carried_out(plan: &Plan, api: &Api, wire: Wire<'_>) -> Course {
    let mut keys = Keys::new(wire.nonce);
    let Wire {
        send,
        stop,
        progress,
        pause,
        ..
    } = wire;
    let wire = Wire {
        send: &mut |requests| keys.send(requests, send),
        stop: &mut *stop,
        progress: &mut *progress,
        pause: &mut *pause,
        ..wire
    };
    session::run(plan, api, wire)
}

/// What servers answer may hold a secret as the name of a member, too.
fn without_secrets(mut outcome: Course, secrets: &Secrets) -> Course {
    for found in &mut outcome.found {
        let diagnostic = &mut found.diagnostic;
        for text in [
            &mut diagnostic.subject,
            &mut diagnostic.label,
            &mut diagnostic.help,
        ] {
            *text = text.take().map(|it| secrets.hide(&it));
        }
        for related in &mut diagnostic.related {
            related.label = secrets.hide(&related.label);
        }
    }
    outcome
}

fn concluded(plan: &Plan, api: &Api, outcome: Course) -> Run {
    let mut run = Run {
        exercised: outcome.exercised,
        omitted: outcome.omitted,
        compared: outcome.compared,
        unreachable: outcome.unreachable,
        leftovers: outcome.leftovers,
        ended: outcome.ended,
        is_mock: outcome.is_mock,
        ..Run::default()
    };
    run.cause = judge::shared(&judge::answered(api, &plan.secrets, &outcome.exchanges));
    let names: Vec<_> = api.operations.iter().map(Operation::name).collect();
    if run.cause.is_none() {
        run.found = outcome.found;
        let prepares = plan.prepares.iter().filter_map(|it| names.get(*it));
        let prepares: HashSet<&str> = prepares.map(String::as_str).collect();
        let is_judged = |it: &Found| {
            let operation = it.diagnostic.operation.as_deref();
            operation.is_none_or(|it| !prepares.contains(it))
        };
        run.found.retain(is_judged);
    }
    run.diagnostics = match &run.cause {
        Some(cause) => vec![cause.clone()],
        None => conclude(run.found.clone(), &names, &plan.roles),
    };
    run.hollow = exercise::hollow(api, &outcome.exchanges);
    run.exchanges = outcome.exchanges;
    run
}

/// Puts findings of one cause together.
///
/// The order in which operations are looked at decides which of several findings stands for the others. It is that of the
/// parts of a run, and within one of what operations do, so that the parts of a run that is cut in shards come out as one.
pub fn conclude(mut found: Vec<Found>, names: &[String], roles: &[Role]) -> Vec<Diagnostic> {
    let ranks: HashMap<&str, (usize, usize)> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let kind = roles
                .get(index)
                .map_or(usize::MAX, |role| role.kind as usize);
            (name.as_str(), (kind, index))
        })
        .collect();
    found.sort_by_key(|it| {
        let operation = it.diagnostic.operation.as_deref().unwrap_or_default();
        (it.stage, ranks.get(operation).copied())
    });
    let found = found.into_iter().map(|it| it.diagnostic);
    judge::fold(judge::without_echoes(found.collect()))
}
