//! Pages for tests, and runs against answers that are made up.

use crate::model::{self, Documentation};
use crate::source::load::Site;
use crate::source::{SourceFile, Sources};

use super::bindings::Bindings;
use super::message::{Answer, Request, Unanswered};
use super::plan::{Options, Plan, Reason, plan};
use super::run::{Run, run};
use super::session::Wire;
use super::target::Target;

/// The documentation of pages, and of a `docs.json` if its text is not empty.
pub(super) fn documentation(config: &str, pages: &[&str]) -> (Sources, Documentation) {
    let mut sources = Sources::default();
    let config = (!config.is_empty()).then(|| sources.add(SourceFile::new("docs.json", config)));
    let pages = pages.iter().enumerate();
    let pages =
        pages.map(|(index, text)| sources.add(SourceFile::new(format!("{index}.mdx"), *text)));
    let pages = pages.collect();
    let site = Site {
        root: "docs".into(),
        subfolder: String::new(),
        below: String::new(),
        sources,
        pages,
        config,
        skipped: Vec::new(),
        specifications: Vec::new(),
        not_utf8: Vec::new(),
    };
    let documentation = model::read(&site);
    (site.sources, documentation)
}

/// The plan for this machine.
pub(super) fn planned(documentation: &Documentation, bindings: &Bindings) -> Plan {
    let target = Target::parse("http://127.0.0.1:1").unwrap();
    plan(&documentation.api, &target, bindings, &Options::default())
}

pub(super) fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
        cut_at: None,
    }
}

const TWO: [&str; 2] = ["---\napi: GET /a\n---\n", "---\napi: GET /b\n---\n"];

pub(super) fn run_with(
    pages: &[&str],
    send: &mut dyn FnMut(&Request) -> Result<Answer, Unanswered>,
) -> (Vec<&'static str>, Run) {
    run_with_nonce(pages, None, send)
}

fn run_with_nonce(
    pages: &[&str],
    nonce: Option<u64>,
    send: &mut dyn FnMut(&Request) -> Result<Answer, Unanswered>,
) -> (Vec<&'static str>, Run) {
    let (_, documentation) = documentation("", pages);
    let plan = planned(&documentation, &Bindings::default());
    let wire = Wire {
        send: &mut |requests| requests.iter().map(&mut *send).collect(),
        stop: &mut || None,
        progress: &mut |_, _| {},
        pause: &mut |_| false,
        max_requests: None,
        jobs: 1,
        nonce,
    };
    let run = run(&plan, &documentation.api, wire);
    let rules = run.diagnostics.iter().map(|it| it.rule.name).collect();
    (rules, run)
}

#[test]
fn one_cause_of_all_answers_is_one_finding() {
    for (status, rule) in [
        (401, "rejected-credentials"),
        (403, "rejected-credentials"),
        (404, "missing-api"),
        (308, "redirected-api"),
    ] {
        let (rules, run) = run_with(&TWO, &mut |_| Ok(answer(status, "")));
        assert_eq!(rules, [rule], "{status}");
        assert_eq!(run.exercised.len(), 2);
    }
}

#[test]
fn failures_of_a_server_are_counted_one_by_one() {
    let (rules, _) = run_with(&TWO, &mut |_| Ok(answer(500, "")));
    assert_eq!(rules, ["server-error", "server-error"]);
}

#[test]
fn a_server_that_is_not_there_is_no_finding() {
    let mut count = 0;
    let (rules, run) = run_with(&TWO, &mut |_| {
        count += 1;
        Err(Unanswered::Unreachable("refused".to_owned()))
    });
    assert!(rules.is_empty());
    assert_eq!(count, 1);
    assert!(run.unreachable.is_some());
    assert_eq!(run.omitted[0].reason, Reason::Lost);
}

#[test]
fn a_server_that_goes_away_is_one_finding() {
    let mut answers = vec![
        Err(Unanswered::Unreachable("refused".to_owned())),
        Ok(answer(200, "{}")),
    ];
    let pages = ["---\napi: GET /a\n---\n", TWO[1], "---\napi: GET /c\n---\n"];
    let (rules, run) = run_with(&pages, &mut |_| answers.pop().unwrap());
    assert_eq!(rules, ["unanswered-request"]);
    assert_eq!(run.exercised, [0, 1]);
    assert_eq!(run.omitted.len(), 1);
    assert!(run.unreachable.is_none());
}

#[test]
fn one_silent_operation_does_not_end_the_run() {
    let (rules, run) = run_with(&TWO, &mut |request| {
        if request.url.ends_with("/a") {
            return Err(Unanswered::Closed);
        }
        Ok(answer(200, "{}"))
    });
    assert_eq!(rules, ["unanswered-request"]);
    assert_eq!(run.exercised, [0, 1]);
    assert!(run.unreachable.is_none());
}

#[test]
fn keys_of_requests_are_new_in_each_run_and_shown_as_documented() {
    const KEY: &str = "0b9d2f64-3c1e-4f7a-8a55-6c2d9e417f30";
    let page = format!(
        "---\napi: POST /tickets\n---\n\n<ParamField header=\"Idempotency-Key\" type=\"string\" />\n<ParamField body=\"seat\" type=\"string\" required />\n<ResponseField name=\"id\" type=\"string\" required />\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/tickets -H 'Idempotency-Key: {KEY}' -d '{{\"seat\": \"A1\"}}'\n```\n</RequestExample>\n"
    );
    let mut sent: Vec<Vec<String>> = Vec::new();
    for nonce in [Some(1), Some(2), None] {
        let mut keys = Vec::new();
        let mut made = 0;
        let (_, run) = run_with_nonce(&[&page], nonce, &mut |request| {
            keys.extend(request.header("Idempotency-Key").map(str::to_owned));
            made += 1;
            Ok(answer(201, &format!("{{\"id\": \"ticket_{made}\"}}")))
        });
        let first = &run.exchanges[0].item.request;
        assert_eq!(first.header("Idempotency-Key"), Some(KEY));
        sent.push(keys);
    }
    assert!(sent.iter().all(|keys| !keys.is_empty()));
    assert!(sent[0].iter().all(|key| !sent[1].contains(key)));
    assert!(sent[0].iter().all(|key| key.len() == KEY.len()));
    assert_eq!(sent[2][0], KEY);
}
