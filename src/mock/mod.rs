//! An API that behaves as its documentation says.
//!
//! [`Mock::new`] prepares everything once: routes, examples as bytes, and the lines that things are documented on.
//! [`reply`] answers a request without touching the world; [`server`] is the only part that knows sockets.
//!
//! ```text
//! HTTP (400) → preflight → path (404) → method (405, OPTIONS) → credentials (401) → media type (415) → syntax (400)
//!            → documented types and requirements (422) → the condition of a change (412)
//!            → the answer asked for (404), else that of the request example, else the usual one
//!            → media type that the client takes (406) → not modified (304) → encoding
//! ```

mod accept;
mod admin;
mod answer;
mod cases;
mod condition;
mod cors;
mod credentials;
mod decode;
mod drift;
mod encode;
mod events;
mod faults;
mod file;
mod form;
mod forward;
mod generate;
mod guessed;
mod header;
mod implied;
mod journal;
mod kinds;
mod lexicon;
mod likeness;
mod limits;
mod message;
mod metrics;
mod near;
mod pairs;
mod parts;
mod places;
mod prefer;
mod problem;
mod promised;
mod protocol;
mod quality;
mod raw;
mod refuse;
pub mod reload;
mod respond;
mod routes;
mod rows;
mod samples;
mod select;
mod sequence;
pub mod server;
mod settings;
mod shared_errors;
mod shown;
mod shown_errors;
mod state;
mod telling;
mod titles;
mod told;
mod unserved;
mod upload;
mod validate;
mod ways;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::model::build::reader::{Other, Slot};
use crate::model::shared::Errors;
use crate::model::{Documentation, Operation};
use crate::source::{FileId, Sources};

use answer::Answer;
use credentials::Required;
use generate::Circumstances;
use lexicon::Lexicon;
use pairs::Pairs;
use places::Places;
use routes::Routes;
use rows::Row;
use select::Choice;
use settings::Behaviour;
use shared_errors::Common;
use told::Told;
use validate::Expected;
use ways::Ways;

pub use admin::Record;
pub use drift::{Counted, Drift, Drifts, Passed, Side};
pub use faults::{Delay, Fault, NoDelay, NoRate, Plan, Rates};
pub use journal::{Bounds, Journal, shown_target};
pub use message::{Pieces, Reply, Request};
pub use metrics::Metrics;
pub use respond::reply;
pub use sequence::Sequences;
pub use settings::{Auth, Exception, Options, Validation};
pub use state::{Keeping, State};
pub use unserved::Unserved;

/// A documented API, ready to answer.
#[derive(Clone, Debug)]
pub struct Mock {
    operations: Vec<Arc<Served>>,
    /// The same with all that is documented, if answers of a server are held against it.
    promised: Vec<Operation>,
    routes: Arc<Routes>,
    places: Places,
    /// What the examples of the site show.
    lexicon: Lexicon,
    /// The errors of all operations, as a page says it.
    common: Common,
    /// The same as the examples of the operations show it, found when it is first asked for.
    shown: OnceLock<Common>,
    /// The statuses that a page lists for errors of all operations.
    listed: Vec<u16>,
    /// How many operations document each status, counted when it is first asked for.
    documenting: OnceLock<BTreeMap<u16, usize>>,
    options: Options,
    unserved: Vec<Unserved>,
    /// True if some operation has answers in turn.
    has_sequences: bool,
}

/// An operation as it is listed when the mock starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The path with the path of the default server.
    pub path: String,
    /// The host of the default server, if it has one.
    pub host: Option<String>,
    /// Where it is documented: `page.mdx:3`.
    pub source: String,
    /// How many further pages document it.
    pub more: usize,
    /// The usual answer in a few words: `201 example`.
    pub answer: String,
}

/// An operation with all that answering it needs.
#[derive(Clone, Debug)]
struct Served {
    /// Without its responses, which the answers are made of.
    operation: Operation,
    name: Arc<str>,
    answers: Vec<Answer>,
    /// The number of the answer to a request that asks for none.
    usual: Option<usize>,
    pairs: Pairs,
    told: Told,
    expected: Expected,
    required: Vec<Required>,
    behaviour: Behaviour,
    ways: Ways,
    /// True if the page says that the newest are listed first.
    is_newest_first: bool,
    /// Refusals that no example shows.
    rows: Vec<Row>,
    /// The statuses of errors that its page lists.
    listed: Vec<u16>,
}

impl Mock {
    /// Makes a mock of all that a site documents.
    pub fn new(documentation: &Documentation, sources: &Sources, options: Options) -> Self {
        let operations = documentation.api.operations.iter();
        let made = operations.map(|operation| Slot::Made(Box::new(operation.clone())));
        let others = unserved::others(documentation);
        let errors = documentation.api.shared.errors.as_ref();
        let of_all = (others.as_slice(), errors);
        Self::of(made.collect(), of_all, sources, options, None)
    }

    /// Makes a mock of operations; those that are kept are taken from the mock before.
    fn of(
        operations: Vec<Slot>,
        (others, errors): (&[(FileId, Other)], Option<&Errors>),
        sources: &Sources,
        options: Options,
        before: Option<&Self>,
    ) -> Self {
        let places = Places::new(sources);
        let promised = operations.iter().filter(|_| options.is_judge);
        let promised = promised.filter_map(|slot| match slot {
            Slot::Kept(index) => before?.promised.get(*index).cloned(),
            Slot::Made(operation) => Some(Operation::clone(operation)),
        });
        let promised = promised.collect();
        let mut lexicon = before.map_or_else(Lexicon::default, |before| before.lexicon.clone());
        for slot in &operations {
            if let Slot::Made(operation) = slot {
                lexicon.add(operation);
            }
        }
        let operations = operations.into_iter().filter_map(|slot| match slot {
            Slot::Kept(index) => before?.operations.get(index).cloned(),
            Slot::Made(operation) => Some(Arc::new(Served::new(*operation, &places, &options))),
        });
        let operations: Vec<_> = operations.collect();
        add_made(&operations, &mut lexicon);
        let ways = operations.iter().map(|served| &served.ways);
        let known = before.filter(|before| {
            let known = before.operations.iter().map(|served| &served.ways);
            known.eq(ways.clone())
        });
        let routes = match known {
            Some(before) => Arc::clone(&before.routes),
            None => Arc::new(Routes::new(ways)),
        };
        let has_sequences = operations
            .iter()
            .any(|served| !served.behaviour.answers.is_empty());
        Self {
            has_sequences,
            operations,
            promised,
            routes,
            unserved: unserved::list(others, sources, &places),
            common: Common::of(errors, &places),
            shown: OnceLock::new(),
            documenting: OnceLock::new(),
            listed: errors.map(statuses).unwrap_or_default(),
            places,
            lexicon,
            options,
        }
    }

    /// The operations that are served, in the order of their pages.
    pub fn routes(&self) -> Vec<Route> {
        let route = |served: &Arc<Served>| Route {
            method: served.operation.endpoint.value.method.clone(),
            path: served.operation.joined_path(),
            host: served
                .ways
                .hosts
                .first()
                .map(|it| it.trim_matches('/').to_owned()),
            source: served.source(&self.places),
            more: served.operation.pages.len().saturating_sub(1),
            answer: served.usual_answer(),
        };
        self.operations.iter().map(route).collect()
    }

    /// The errors for operations whose own pages document none.
    fn common(&self) -> &Common {
        if self.common.is_known() {
            return &self.common;
        }
        let operations = self.operations.iter().map(Arc::as_ref);
        self.shown.get_or_init(|| Common::shown(operations))
    }

    /// The first of some statuses that the site has for requests which are not as documented: the one that its pages list
    /// for all operations, else the one that most of these document.
    fn usual_of(&self, codes: &'static [u16]) -> Option<u16> {
        let listed = codes.iter().find(|code| self.listed.contains(code));
        listed.copied().or_else(|| {
            let known = self.documenting.get_or_init(|| self.count_documenting());
            // Of two that are as frequent, the first.
            let counts = codes.iter().rev();
            let counts = counts.filter_map(|code| Some((*known.get(code)?, *code)));
            counts.max_by_key(|(count, _)| *count).map(|(_, code)| code)
        })
    }

    /// How many operations document each status.
    fn count_documenting(&self) -> BTreeMap<u16, usize> {
        let mut counts = BTreeMap::new();
        for served in &self.operations {
            let codes = served.answers.iter().filter_map(|it| it.status.code());
            for code in codes.collect::<BTreeSet<u16>>() {
                *counts.entry(code).or_default() += 1;
            }
        }
        counts
    }

    /// A name for what is served, the same for all mocks of the same API.
    ///
    /// It is made of the collections that things are kept in, and of the servers, so that pages may change in all else.
    pub fn identity(&self) -> String {
        let state = State::new(self);
        let mut names: Vec<String> = state
            .collections()
            .map(|(path, _)| path.to_owned())
            .collect();
        let servers = self.operations.iter().flat_map(|it| &it.operation.servers);
        names.extend(servers.map(|server| server.value.clone()));
        names.sort_unstable();
        names.dedup();
        format!("{:016x}", words::hash(words::SEED, &names.join("\n")))
    }

    /// The exceptions that are made for no operation, as they are written in the options.
    pub fn idle_exceptions(&self) -> Vec<&str> {
        let is_idle = |exception: &&Exception| {
            let mut operations = self.operations.iter();
            !operations.any(|served| exception.applies_to(&served.operation))
        };
        let exceptions = self.options.exceptions.iter().filter(is_idle);
        exceptions.map(|it| it.operations.as_str()).collect()
    }

    /// The pages that look like those of an operation and are not served.
    pub fn unserved(&self) -> &[Unserved] {
        &self.unserved
    }
}

impl Served {
    fn new(operation: Operation, places: &Places, options: &Options) -> Self {
        let mut answers = answer::answers(&operation, places);
        answers.shrink_to_fit();
        let usual = select::usual(&answers);
        Self {
            name: operation.name().into(),
            told: Told::of(&operation, &answers, usual),
            usual,
            pairs: Pairs::of(&operation, &answers, places),
            answers,
            expected: Expected::of(&operation),
            required: credentials::required(&operation),
            behaviour: options.behaviour(&operation),
            ways: Ways::of(&operation),
            is_newest_first: is_newest_first(&operation),
            rows: rows::told(&operation),
            listed: rows::statuses(&operation),
            operation: Operation {
                responses: Vec::new(),
                response_headers: Vec::new(),
                outcomes: Vec::new(),
                remarks: Vec::new(),
                reasons: Vec::new(),
                listed: Vec::new(),
                sent_in_text: crate::model::SentInText::default(),
                ..operation
            },
        }
    }

    /// The answer to a request that asks for none.
    fn usual(&self) -> Option<Choice<'_>> {
        self.answers.get(self.usual?).map(Choice::of)
    }

    /// Where the endpoint is stated.
    fn source(&self, places: &Places) -> String {
        places.of(self.operation.endpoint.evidence.span).to_string()
    }

    fn usual_answer(&self) -> String {
        match self.usual() {
            Some(choice) => format!("{} {}", choice.code, choice.answer.content.describe()),
            None => "200 nothing documented".to_owned(),
        }
    }
}

/// The statuses that a page lists for errors.
fn statuses(errors: &Errors) -> Vec<u16> {
    errors.kinds.iter().map(|kind| kind.status.value).collect()
}

/// Adds what is made of the fields of pages without examples.
fn add_made(operations: &[Arc<Served>], lexicon: &mut Lexicon) {
    let made = operations.iter().filter_map(|served| {
        let answer = served.usual()?.answer;
        let fields = answer.fields.as_ref().filter(|_| !answer.has_example())?;
        let circumstances = Circumstances {
            operation: &served.name,
            lexicon: Some(lexicon),
            ..Circumstances::default()
        };
        Some((served, generate::generate(fields, circumstances)))
    });
    let made: Vec<_> = made.collect();
    for is_part in [false, true] {
        for (served, value) in &made {
            lexicon.add_made(&served.name, value, is_part);
        }
    }
}

/// True if the page says of its list as it is, not of what parameters ask for, that the newest come first.
fn is_newest_first(operation: &Operation) -> bool {
    let remarks = operation.remarks.iter().map(|remark| &remark.value);
    let mut texts = remarks.chain(&operation.description);
    texts.any(|text| {
        let text = text.to_lowercase();
        let is_said = ["newest first", "most recent first", "latest first"]
            .iter()
            .any(|words| text.contains(words));
        is_said && !text.contains('`') && !text.contains("if ")
    })
}

#[cfg(test)]
mod tests;
