//! The parameters of a request against the documented ones.

use std::cell::LazyCell;

use http::header::{COOKIE, HeaderName};

use crate::model::{Location, Operation, Parameter};

use super::{At, Violation, rejects, text};
use crate::mock::credentials;
use crate::mock::form;
use crate::mock::message::Request;
use crate::mock::places::Places;
use crate::mock::routes::Captured;

/// The parameters of an operation that are judged: those of the path, the query, headers, and cookies, in this order.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    judged: Vec<Judged>,
}

#[derive(Clone, Debug)]
struct Judged {
    /// Its number among the parameters of the operation.
    index: usize,
    /// Its name as it is sent.
    name: String,
    /// The same for a header.
    header: Option<HeaderName>,
}

impl Parameters {
    pub(super) fn of(operation: &Operation) -> Self {
        let locations = [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ];
        let parameters = locations.iter().flat_map(|location| {
            let parameters = operation.parameters.iter().enumerate();
            parameters.filter(|(_, parameter)| parameter.location == *location)
        });
        let judged = parameters.filter_map(|(index, parameter)| {
            let name = parameter.field.name.value.trim();
            let header = match parameter.location {
                Location::Header => Some(judged_header(operation, name)?),
                _ => None,
            };
            (!name.is_empty()).then(|| Judged {
                index,
                name: name.to_owned(),
                header,
            })
        });
        Self {
            judged: judged.collect(),
        }
    }

    /// What is wrong with the parameters of a request.
    pub(super) fn violations(
        &self,
        operation: &Operation,
        request: &Request,
        captured: &Captured,
        places: &Places,
    ) -> Vec<Violation> {
        let query = LazyCell::new(|| form::pairs(request.query()));
        let cookies = LazyCell::new(|| {
            let lines = request.headers_named(COOKIE);
            lines
                .flat_map(|line| form::cookies(&line))
                .collect::<Vec<_>>()
        });
        let in_parts = self.judged.iter().flat_map(|judged| {
            let parameter = operation.parameters.get(judged.index);
            let parameter = parameter.filter(|it| it.location == Location::Query);
            parameter
                .map(|it| judged.parts(it, &query, places))
                .unwrap_or_default()
        });
        let in_parts: Vec<Violation> = in_parts.collect();
        let judged = self.judged.iter().filter_map(|judged| {
            let parameter = operation.parameters.get(judged.index)?;
            match parameter.location {
                Location::Path => judged.violation(parameter, captured, places),
                Location::Query => judged.violation(parameter, &query, places),
                Location::Cookie => judged.violation(parameter, &cookies, places),
                Location::Header => {
                    let sent = judged.sent_as_header(request);
                    judged.violation(parameter, &sent, places)
                }
            }
        });
        judged.chain(in_parts).collect()
    }
}

/// The name of a documented header; `None` if it is none, or has an answer of its own, as content negotiation and
/// credentials have.
fn judged_header(operation: &Operation, name: &str) -> Option<HeaderName> {
    let header: HeaderName = name.parse().ok()?;
    let is_negotiated = matches!(
        header.as_str(),
        "content-type" | "accept" | "content-length" | "host"
    );
    let is_judged = !is_negotiated && !credentials::covers(operation, header.as_str());
    is_judged.then_some(header)
}

impl Judged {
    fn sent_as_header(&self, request: &Request) -> Vec<(String, String)> {
        let values = self
            .header
            .iter()
            .flat_map(|name| request.headers_named(name));
        values
            .map(|value| (self.name.clone(), value.into_owned()))
            .collect()
    }

    /// What is wrong with the parts of an object: `filter[size]`.
    fn parts(
        &self,
        parameter: &Parameter,
        sent: &[(String, String)],
        places: &Places,
    ) -> Vec<Violation> {
        let found = text::part_mismatches(&parameter.shape, &self.name, sent);
        let found = found.into_iter().filter(|(_, it)| rejects(it.evidence));
        let found = found.map(|(keys, mismatch)| {
            let name = format!("{}[{}]", self.name, keys.join("]["));
            Violation::of(At::Parameter(name, parameter.location), &mismatch, places)
        });
        found.collect()
    }

    /// What is wrong with the parameter, where these are sent with their names.
    fn violation(
        &self,
        parameter: &Parameter,
        sent: &[(String, String)],
        places: &Places,
    ) -> Option<Violation> {
        let at = || At::Parameter(self.name.clone(), parameter.location);
        let values = text::values(sent, &self.name);
        if values.is_empty() {
            let is_missing = parameter.field.is_required()
                && parameter.field.default.is_none()
                && parameter.location != Location::Path
                && !text::is_present(sent, &self.name);
            let place = || Some(places.of(parameter.field.name.evidence.span));
            return is_missing.then(|| Violation::missing(at(), &parameter.shape, place()));
        }
        let mismatch = text::mismatch(&parameter.shape, &values)?;
        rejects(mismatch.evidence).then(|| Violation::of(at(), &mismatch, places))
    }
}
