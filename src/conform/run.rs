//! A plan carried out: each request sent, each answer judged.

use crate::diagnostic::Diagnostic;
use crate::model::Api;

use super::judge::{self, Case, Judged};
use super::message::{Answer, Request, Unanswered};
use super::plan::{Omitted, Plan, Reason};

/// After so many requests without any answer the server is given up.
const PATIENCE: usize = 3;

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
}

/// Sends the requests of a plan one after the other with `send`, and judges the answers.
pub fn run(
    plan: &Plan,
    api: &Api,
    send: &mut dyn FnMut(&Request) -> Result<Answer, Unanswered>,
) -> Run {
    let mut run = Run {
        omitted: plan.omitted.clone(),
        ..Run::default()
    };
    let mut judged = Vec::new();
    let mut silent = Vec::new();
    let mut first_reason = None;
    let mut is_lost = false;
    for item in &plan.items {
        let Some(operation) = api.operations.get(item.operation) else {
            continue;
        };
        let case = Case {
            operation,
            item,
            secrets: &plan.secrets,
        };
        if is_lost {
            run.omit(item.operation, Reason::Lost);
            continue;
        }
        match send(&item.request) {
            Ok(answer) => {
                let verdict = judge::judge(&case, &answer);
                run.compared += usize::from(verdict.is_body_judged);
                run.exercised.push(item.operation);
                judged.push(Judged {
                    case,
                    answer,
                    diagnostics: verdict.diagnostics,
                });
            }
            Err(Unanswered::Unsendable(reason)) => {
                run.omit(item.operation, Reason::Unsendable(reason));
            }
            Err(reason) => {
                silent.push(judge::unanswered(&case, &reason));
                run.exercised.push(item.operation);
                is_lost = matches!(reason, Unanswered::Unreachable(_))
                    || judged.is_empty() && silent.len() >= PATIENCE;
                first_reason.get_or_insert(reason);
            }
        }
    }
    if judged.is_empty() && first_reason.is_some() {
        // Not one answer: nothing says that there is a server at all.
        run.exercised.clear();
        run.unreachable = first_reason;
    } else {
        run.diagnostics = judge::fold(judged);
        run.diagnostics.extend(silent);
    }
    run.omitted.sort_by_key(|omitted| omitted.operation);
    run
}

impl Run {
    fn omit(&mut self, operation: usize, reason: Reason) {
        self.omitted.push(Omitted { operation, reason });
    }
}
