//! How a mock behaves, and for which operations it behaves otherwise.

use std::sync::Arc;

use crate::model::Operation;
use crate::model::route::Template;

use super::faults::{Delay, Plan, Rates};

/// How a mock behaves.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What happens to requests that are not as documented.
    pub validation: Validation,
    /// Whether documented credentials are asked for.
    pub auth: Auth,
    /// The credentials that are taken: a token, a key, or `name:password`. If there are none, any are.
    pub credentials: Vec<String>,
    /// What happens to answers on their way.
    pub plan: Plan,
    /// True if all that is documented of answers is kept, to hold those of a server against it.
    pub is_judge: bool,
    /// What is different for some operations; the last one that applies counts.
    pub exceptions: Vec<Exception>,
}

/// What happens to requests that are not as documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// They are rejected.
    #[default]
    Strict,
    /// They are answered as if they were right, with headers that tell what is wrong.
    Warn,
    /// They are not looked at.
    Off,
}

/// Whether documented credentials are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// A request without them is rejected.
    #[default]
    Strict,
    /// They are not looked at.
    Off,
}

/// What is different for some operations.
#[derive(Clone, Debug, Default)]
pub struct Exception {
    /// `POST /orders`, `/orders/{id}` for all methods, or `/orders/*` for all that is below.
    pub operations: String,
    /// What happens to requests that are not as documented, if it is another thing than usual.
    pub validation: Option<Validation>,
    /// Whether credentials are asked for, if that is unusual.
    pub auth: Option<Auth>,
    /// How long answers take, if it is another time than usual.
    pub delay: Option<Delay>,
    /// How often answers go wrong, where it is another share than usual.
    pub rates: Rates,
    /// The answers that come one after another, by title or status; the last one stays.
    pub answers: Vec<String>,
}

impl Exception {
    /// True if the exception is made for that operation.
    pub fn applies_to(&self, operation: &Operation) -> bool {
        let (method, path) = match self.operations.split_once(char::is_whitespace) {
            Some((method, path)) => (method, path.trim()),
            None => ("*", self.operations.trim()),
        };
        let endpoint = &operation.endpoint.value;
        if method != "*" && !method.eq_ignore_ascii_case(&endpoint.method) {
            return false;
        }
        let paths = [endpoint.path.clone(), operation.joined_path()];
        let identity = |path: &str| Template::parse(path).identity();
        match path.strip_suffix('*') {
            Some(start) => paths.iter().any(|path| path.starts_with(start)),
            None => paths.iter().any(|own| identity(own) == identity(path)),
        }
    }
}

/// How one operation behaves.
#[derive(Clone, Debug)]
pub(super) struct Behaviour {
    pub(super) validation: Validation,
    pub(super) auth: Auth,
    /// What happens to answers, if anything does.
    pub(super) plan: Option<Arc<Plan>>,
    /// The answers that come one after another; none if each request has the same.
    pub(super) answers: Arc<[String]>,
}

impl Options {
    pub(super) fn behaviour(&self, operation: &Operation) -> Behaviour {
        let mut behaviour = Behaviour {
            validation: self.validation,
            auth: self.auth,
            plan: None,
            answers: Arc::default(),
        };
        let mut plan = self.plan.clone();
        for exception in &self.exceptions {
            if exception.applies_to(operation) {
                behaviour.validation = exception.validation.unwrap_or(behaviour.validation);
                behaviour.auth = exception.auth.unwrap_or(behaviour.auth);
                plan.delay = exception.delay.or(plan.delay);
                plan.rates = plan.rates.with(&exception.rates);
                if !exception.answers.is_empty() {
                    behaviour.answers = exception.answers.as_slice().into();
                }
            }
        }
        behaviour.plan = (!plan.is_idle()).then(|| Arc::new(plan));
        behaviour
    }
}
