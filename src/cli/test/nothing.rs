//! Runs that exercise nothing: never green, and one sentence that says why.

use fieldproof::conform::message::Stop;
use fieldproof::conform::plan::{Omitted, Reason};
use fieldproof::conform::run::Run;

use crate::cli::Failure;
use crate::cli::docs::Docs;

/// Why not one operation is exercised.
pub(super) fn planned(docs: &Docs, omitted: &[Omitted]) -> Failure {
    let operations = &docs.documentation.api.operations;
    if operations.is_empty() {
        return Failure::NotExercised(format!(
            "nothing is exercised: no page under `{}` has an `api:` line with a method and a URL or path",
            docs.prefix
        ));
    }
    // What was not chosen says nothing about what was.
    let is_chosen = |it: &&Omitted| it.reason != Reason::Unwanted;
    let chosen: Vec<_> = omitted.iter().filter(is_chosen).collect();
    let count = chosen.len();
    let operations = if count == 1 {
        "operation"
    } else {
        "operations"
    };
    let kind = chosen.first().map(|it| it.reason.kind());
    let has_one_kind = chosen.iter().all(|it| Some(it.reason.kind()) == kind);
    let why = match chosen.first().map(|it| &it.reason) {
        None => "--method, --path, and --page together choose no operation".to_owned(),
        Some(Reason::Limit(name)) if has_one_kind => {
            format!("the limit of {name} was reached before the first answer")
        }
        Some(Reason::Interrupted) if has_one_kind => {
            "the run was interrupted before the first answer".to_owned()
        }
        Some(Reason::TooMany) if has_one_kind => {
            "the server turned all requests away with 429 Too Many Requests; send them slower with --rate-limit, or again with --retry".to_owned()
        }
        Some(Reason::Write(_)) if has_one_kind => format!(
            "the {count} {operations} above may change data, and the server is not on this machine; allow it with --allow-writes"
        ),
        Some(Reason::NoCredentials) if has_one_kind => format!(
            "the server asks for credentials for the {count} {operations} above, and none are given; give them with --auth or -H"
        ),
        Some(Reason::UnknownExample(_)) if has_one_kind => format!(
            "the server knows none of the examples of the {count} {operations} above; give values that it knows with --var NAME=VALUE"
        ),
        Some(_) => format!("for the {count} {operations} above there is no request to send"),
    };
    Failure::NotExercised(format!("nothing is exercised: {why}"))
}

/// Why no findings are no good news: the answers say nothing about the pages, or the run was interrupted.
pub(super) fn after(run: &Run) -> Option<String> {
    if let Some(hollow) = &run.hollow {
        return Some(format!("nothing is exercised: {hollow}"));
    }
    let is_interrupted = run.ended == Some(Stop::Interrupted);
    is_interrupted.then(|| "the run was interrupted before its end".to_owned())
}
