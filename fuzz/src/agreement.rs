//! A site tested against its own mock: every request has a right answer, and the run ends.

use std::cell::Cell;

use fieldproof::conform::message::{Answer, Request};
use fieldproof::mock::{self, Mock, Options, reply};
use fieldproof::model;
use fieldproof::source::load::Site;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::judge::course;
use super::parts;
use super::reply::is_right;
use super::site::places;

pub(crate) fn hold(text: &str) {
    let site = Site::from_files(parts(text, "page.mdx"));
    let documentation = model::read(&site);
    let mock = Mock::new(&documentation, &site.sources, Options::default());
    assert!(mock.routes().len() <= documentation.api.operations.len());
    let serial = Cell::new(0);
    let (_, run) = course(&documentation.api, &mut |request| {
        serial.set(serial.get() + 1);
        Ok(match arrived(request, serial.get()) {
            Some(request) => {
                let answer = reply(&mock, &request);
                is_right(&request, &answer);
                let headers = answer.headers.iter();
                Answer {
                    status: answer.status.as_u16(),
                    headers: headers
                        .map(|(name, value)| {
                            let value = String::from_utf8_lossy(value.as_bytes());
                            (name.to_string(), value.into_owned())
                        })
                        .collect(),
                    body: answer.body.to_vec(),
                    cut_at: None,
                }
            }
            None => Answer {
                status: 400,
                ..Answer::default()
            },
        })
    });
    places(&documentation.sources, &run.diagnostics);
}

/// The request as it comes out of the wire, unless HTTP cannot carry it.
fn arrived(request: &Request, serial: u64) -> Option<mock::Request> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).ok()?);
    }
    let target = request.url.strip_prefix("http://127.0.0.1:1")?;
    Some(mock::Request {
        method: request.method.parse().ok()?,
        uri: target.parse().ok()?,
        headers,
        body: request.body_text().into_bytes().into(),
        serial,
    })
}
