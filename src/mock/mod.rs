//! An API that behaves as its documentation says.
//!
//! [`Mock::new`] prepares everything once: routes, examples as bytes, and the lines that things are documented on.
//! [`reply`] answers a request without touching the world; [`server`] is the only part that knows sockets.
//!
//! ```text
//! preflight → path (404) → method (405, OPTIONS) → credentials (401) → media type (415) → syntax (400)
//!           → documented types and requirements (422) → the answer asked for (404), else the usual one
//! ```

mod answer;
mod cors;
mod credentials;
mod form;
mod generate;
mod limits;
mod message;
mod places;
mod prefer;
mod problem;
mod respond;
mod routes;
mod select;
pub mod server;
mod unserved;
mod validate;
mod words;

use crate::model::{Documentation, Operation};
use crate::source::Sources;

use answer::Answer;
use places::Places;
use routes::Routes;
use validate::Accepted;

pub use message::{Reply, Request};
pub use respond::reply;
pub use unserved::Unserved;

/// A documented API, ready to answer.
#[derive(Clone, Debug)]
pub struct Mock {
    operations: Vec<Served>,
    routes: Routes,
    places: Places,
    options: Options,
    unserved: Vec<Unserved>,
}

/// How a mock behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What happens to requests that are not as documented.
    pub validation: Validation,
}

/// What happens to requests that are not as documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// They are rejected.
    #[default]
    Strict,
    /// They are answered as if they were right, with a header that counts what is wrong.
    Warn,
    /// They are not looked at.
    Off,
}

/// An operation as it is listed when the mock starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The path with the path of the default server.
    pub path: String,
    /// Where it is documented: `page.mdx:3`.
    pub source: String,
    /// The usual answer in a few words: `201 example`.
    pub answer: String,
}

/// An operation with all that answering it needs.
#[derive(Clone, Debug)]
struct Served {
    operation: Operation,
    answers: Vec<Answer>,
    accepted: Accepted,
}

impl Mock {
    /// Makes a mock of all that a site documents.
    pub fn new(documentation: &Documentation, sources: &Sources, options: Options) -> Self {
        let places = Places::new(sources);
        let operations = documentation.api.operations.iter().map(|operation| Served {
            answers: answer::answers(operation, &places),
            accepted: Accepted::of(operation),
            operation: operation.clone(),
        });
        Self {
            operations: operations.collect(),
            routes: Routes::new(&documentation.api.operations),
            unserved: unserved::list(documentation, sources, &places),
            places,
            options,
        }
    }

    /// The operations that are served, in the order of their pages.
    pub fn routes(&self) -> Vec<Route> {
        let route = |served: &Served| Route {
            method: served.operation.endpoint.value.method.clone(),
            path: served.operation.joined_path(),
            source: served.source(&self.places),
            answer: served.usual_answer(),
        };
        self.operations.iter().map(route).collect()
    }

    /// The pages that look like those of an operation and are not served.
    pub fn unserved(&self) -> &[Unserved] {
        &self.unserved
    }
}

impl Served {
    /// Where the endpoint is stated.
    fn source(&self, places: &Places) -> String {
        places.of(self.operation.endpoint.evidence.span).to_string()
    }

    fn usual_answer(&self) -> String {
        match select::usual(&self.answers) {
            Some(choice) => format!("{} {}", choice.code, choice.answer.content.describe()),
            None => "200 nothing documented".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
