//! A run against a server that answers anything: the answers of the input, in turn.
//!
//! The run ends, its findings lie in the pages, no output shows the secret that was sent, and what `update` proposes can
//! be put into the pages. A first line of an answer is a status, or says why there is none.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::Duration;

use fieldproof::conform::bindings::Bindings;
use fieldproof::conform::message::{Answer, Request, Unanswered};
use fieldproof::conform::plan::{Options, Phase, Plan, plan};
use fieldproof::conform::run::{Run, run};
use fieldproof::conform::session::{Outcome, Wire};
use fieldproof::conform::target::Target;
use fieldproof::conform::{script, update};
use fieldproof::diagnostic::{apply, compatible};
use fieldproof::model::{self, Api, Documentation};

use super::http::{Message, messages};
use super::sample;
use super::site::places;

/// What is sent as the token, and what servers like to repeat.
const SECRET: &str = "tok-5e0e8a91c3";
const MOST_REQUESTS: usize = 400;

static SAMPLE: LazyLock<Documentation> = LazyLock::new(|| model::read(&sample::site()));

pub(crate) fn hold(text: &str) {
    let answers = messages(text);
    let documentation = &*SAMPLE;
    let turn = Cell::new(0);
    let (plan, run) = course(&documentation.api, &mut |_| {
        turn.set(turn.get() + 1);
        answered(&answers[turn.get() % answers.len()])
    });
    places(&documentation.sources, &run.diagnostics);
    let shown = format!("{:?}", run.diagnostics);
    assert!(!shown.contains(SECRET), "the secret is shown: {shown}");
    let update = update::update(
        &documentation.api,
        &documentation.sources,
        &plan.secrets,
        &run,
    );
    let fixes: Vec<_> = update.fixes.iter().map(|(_, fix)| fix).collect();
    let together = compatible(&documentation.sources, &fixes);
    let fixes: Vec<_> = together.iter().map(|index| fixes[*index]).collect();
    let _ = apply(&documentation.sources, &fixes);
    let script = script::of(&plan, &documentation.api, &run, "http://127.0.0.1:1");
    let shown = format!("{script:?}");
    assert!(!shown.contains(SECRET), "the secret is written: {shown}");
}

/// Plans with everything allowed, and runs to the end.
pub(crate) fn course(api: &Api, send: &mut dyn FnMut(&Request) -> Outcome) -> (Plan, Run) {
    let options = Options {
        allow_writes: true,
        phases: [&Phase::DEFAULT[..], &[Phase::Fuzz]].concat(),
        ..Options::default()
    };
    let bindings = Bindings {
        secrets: vec![("token".to_owned(), SECRET.to_owned())],
        ..Bindings::default()
    };
    let Ok(target) = Target::parse("http://127.0.0.1:1") else {
        panic!("the target is no target");
    };
    let plan = plan(api, &target, &bindings, &options);
    let wire = Wire {
        send: &mut |requests| requests.iter().map(&mut *send).collect(),
        stop: &mut || None,
        progress: &mut |_, _| {},
        pause: &mut |_| false,
        max_requests: Some(MOST_REQUESTS),
        jobs: 1,
        nonce: None,
    };
    let run = run(&plan, api, wire);
    (plan, run)
}

fn answered(message: &Message<'_>) -> Outcome {
    let reason = match message.first {
        "closed" => Unanswered::Closed,
        "late" => Unanswered::TimedOut(Duration::from_secs(1)),
        "garbled" => Unanswered::Garbled("no status line".to_owned()),
        "gone" => Unanswered::Unreachable("refused".to_owned()),
        first => {
            let headers = message.headers.iter();
            return Ok(Answer {
                status: first.parse().unwrap_or(200),
                headers: headers
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: message.body.as_bytes().to_vec(),
                cut_at: None,
            });
        }
    };
    Err(reason)
}
