//! The documented login: a token before the run, and another one when the server no longer takes it.

use std::cell::RefCell;

use fieldproof::conform::bindings::Bindings;
use fieldproof::conform::class::Class;
use fieldproof::conform::client::Client;
use fieldproof::conform::login::{self, Exchange, Login};
use fieldproof::conform::message::{Answer, Request, Unanswered};
use fieldproof::conform::plan::{self, Phase};
use fieldproof::conform::session::Outcome;
use fieldproof::conform::target::Target;
use fieldproof::model::Api;

use crate::cli::Failure;
use crate::cli::config::Config;

/// The token of a run, and how to get another one.
pub(super) struct Session<'a> {
    client: &'a Client,
    login: Login,
    /// What is sent to log in.
    request: Request,
    state: RefCell<State>,
}

struct State {
    exchange: Exchange,
    /// What stood before the token in the first request that was taken.
    scheme: Option<String>,
    /// False once a new token was refused like the one before.
    may_renew: bool,
}

/// What stands for the token where nothing is sent.
const PLANNED: &str = "token-of-the-documented-login";

/// What the configuration says of the token, unless credentials are given in another way.
pub(super) fn wanted<'c>(
    api: &Api,
    config: &'c Config,
    are_given: bool,
    bindings: &Bindings,
) -> Option<&'c str> {
    let (name, _) = login::header(api, PLANNED);
    let mut headers = bindings.headers.iter();
    let is_sent = headers.any(|(known, _)| known.eq_ignore_ascii_case(&name));
    let token = config.test.token.as_deref();
    token.filter(|_| !are_given && !is_sent)
}

/// Binds what stands for the token, for a plan.
pub(super) fn plan_only(api: &Api, token: &str, bindings: &mut Bindings) -> Result<(), Failure> {
    Login::find(api, token).map_err(|error| slip(&error))?;
    bind(api, PLANNED, bindings);
    Ok(())
}

fn slip(error: &login::LoginError) -> Failure {
    Failure::Usage(format!("`test.token`: {error}"))
}

fn bind(api: &Api, token: &str, bindings: &mut Bindings) {
    bindings.headers.push(login::header(api, token));
    bindings.hidden.push(("TOKEN".to_owned(), token.to_owned()));
}

impl<'a> Session<'a> {
    /// Logs in, and binds the token to the header that carries it.
    pub(super) fn begin(
        client: &'a Client,
        (api, target): (&Api, &Target),
        token: &str,
        bindings: &mut Bindings,
    ) -> Result<Self, Failure> {
        let login = Login::find(api, token).map_err(|error| slip(&error))?;
        let options = plan::Options {
            phases: vec![Phase::Examples],
            only: Some(vec![login.operation]),
            // Whoever names it wants it to be sent.
            classes: [(login.operation, Class::Read)].into(),
            ..plan::Options::default()
        };
        let name = api.operations.get(login.operation);
        let name = name.map(fieldproof::model::Operation::name);
        let name = name.unwrap_or_default();
        let plan = plan::plan(api, target, bindings, &options);
        let Some(item) = plan.items.first() else {
            let reason = plan
                .omitted
                .iter()
                .find(|it| it.operation == login.operation);
            let reason = reason.map(|it| it.reason.to_string()).unwrap_or_default();
            return Err(Failure::Usage(format!(
                "the login operation {name} cannot be sent: {reason}"
            )));
        };
        let request = item.request.clone();
        let answer = once(client, &request).map_err(|reason| {
            Failure::Unreachable(format!(
                "{} cannot be tested: {reason}; check the URL, and that the server is running",
                target.origin
            ))
        })?;
        let Some(token) = login.token(&answer) else {
            return Err(Failure::NotExercised(format!(
                "nothing is exercised: the login operation {name} answers {} without a token at `{}`; check the values of its placeholders",
                answer.status_line(),
                login.member()
            )));
        };
        bind(api, &token, bindings);
        Ok(Self {
            client,
            login,
            request,
            state: RefCell::new(State {
                exchange: Exchange::new(token),
                scheme: None,
                may_renew: true,
            }),
        })
    }

    /// Sends requests with the latest token, and once more with a new one where it is refused.
    pub(super) fn send(&self, requests: &[Request]) -> Vec<Outcome> {
        let sent: Vec<_> = {
            let state = self.state.borrow();
            requests.iter().map(|it| state.exchange.sent(it)).collect()
        };
        let outcomes = self.client.send(&sent).into_iter();
        let pairs = requests.iter().zip(outcomes);
        pairs
            .map(|(request, outcome)| {
                let answer = outcome?;
                let answer = self.again(request, answer)?;
                Ok(self.disguised(request, answer))
            })
            .collect()
    }

    fn again(&self, request: &Request, answer: Answer) -> Outcome {
        let mut state = self.state.borrow_mut();
        let Some(scheme) = state.exchange.scheme(request) else {
            return Ok(answer);
        };
        if answer.status != 401 {
            state.scheme.get_or_insert(scheme);
            return Ok(answer);
        }
        // The token in another scheme than the one that was taken is refused on purpose.
        let is_other = state.scheme.as_ref().is_some_and(|it| *it != scheme);
        if is_other || !state.may_renew {
            return Ok(answer);
        }
        let renewed = once(self.client, &self.request).ok();
        let Some(token) = renewed.and_then(|it| self.login.token(&it)) else {
            state.may_renew = false;
            return Ok(answer);
        };
        state.exchange.renew(token);
        let second = once(self.client, &state.exchange.sent(request))?;
        state.may_renew = second.status != 401;
        Ok(second)
    }

    /// The answer without the latest token, and without the one that a login in the middle of the run gave.
    fn disguised(&self, request: &Request, answer: Answer) -> Answer {
        let state = self.state.borrow();
        let is_login = request.url == self.request.url && request.method == self.request.method;
        let given = self.login.token(&answer).filter(|_| is_login);
        let answer = match given {
            Some(token) => state.exchange.disguised(answer, &token),
            None => answer,
        };
        state.exchange.shown(answer)
    }
}

fn once(client: &Client, request: &Request) -> Outcome {
    let answers = client.send(std::slice::from_ref(request));
    let answer = answers.into_iter().next();
    answer.unwrap_or(Err(Unanswered::Interrupted))
}
