//! Commands: each part lies in the text, and a command that is printed again is the same request.

use std::ops::Range;

use fieldproof::model::curl::{Body, Curl, Decoded, commands, to_command};

pub(crate) fn hold(text: &str) {
    for curl in commands(text) {
        lies(&curl, text);
        prints(&curl);
    }
}

fn lies(curl: &Curl, text: &str) {
    let within = |range: &Range<usize>| {
        assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
    };
    within(&curl.range);
    within(&curl.method.range);
    for header in &curl.headers {
        within(&header.name.range);
        within(&header.value.range);
        within(&header.range);
    }
    for variable in &curl.variables {
        within(&variable.range);
    }
    for fault in &curl.faults {
        within(&fault.range);
    }
    if let Some(url) = &curl.url {
        within(&url.range);
        within(&url.path.range);
        for pair in &url.query {
            within(&pair.range);
        }
    }
    if let Some(body) = curl.body.as_ref().and_then(Body::text) {
        for (at, char) in body.text().char_indices() {
            within(&body.range(at..at + char.len_utf8()));
        }
    }
}

/// What is printed is read as the same method, URL, and body.
fn prints(curl: &Curl) {
    let method = &curl.method.value;
    let (Some(url), true) = (&curl.url, method.bytes().all(|it| it.is_ascii_uppercase())) else {
        return;
    };
    if url.scheme.is_none() || url.host.is_none() {
        // Only what looks like a URL makes a command of a word after `curl`.
        return;
    }
    let url = url.text.text();
    let body = curl.body.as_ref().and_then(Body::text);
    let body = body.map(Decoded::text);
    let is_plain = |text: &str| !text.contains(['\0', '\r']);
    if method.is_empty() || !is_plain(url) || !body.is_none_or(is_plain) {
        return;
    }
    let command = to_command(method, url, &[], body);
    let again = commands(&command);
    let [again] = again.as_slice() else {
        panic!("{} commands in {command:?}", again.len());
    };
    assert_eq!(again.method.value, *method, "{command:?}");
    let read = again.url.as_ref().map(|it| it.text.text());
    assert_eq!(read, Some(url), "{command:?}");
    let sent = again.body.as_ref().and_then(Body::text);
    assert_eq!(sent.map(Decoded::text), body, "{command:?}");
}
