//! A plan carried out, and what came of it.

use crate::diagnostic::Diagnostic;
use crate::model::Api;

use super::exercise::{self, Hollow};
use super::judge;
use super::leftover::Leftover;
use super::message::{Stop, Unanswered};
use super::plan::{Omitted, Plan};
use super::session::{self, Exchange, Wire};

/// What came of a plan.
#[derive(Debug, Default)]
pub struct Run {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
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

/// Sends the requests of a plan, and those that their answers call for, and judges the answers.
pub fn run(plan: &Plan, api: &Api, wire: Wire<'_>) -> Run {
    let outcome = session::run(plan, api, wire);
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
    let shared = judge::shared(&judge::answered(api, &plan.secrets, &outcome.exchanges));
    run.diagnostics = match shared {
        Some(shared) => vec![shared],
        None => judge::fold(judge::without_echoes(outcome.diagnostics)),
    };
    run.hollow = exercise::hollow(api, &outcome.exchanges);
    run.exchanges = outcome.exchanges;
    run
}
