//! The mock against whole sites: every operation answers the requests that its own pages show.
//!
//! The sample site is always looked at. `FIELDPROOF_SITES` names a folder of further sites, one in each folder of it;
//! then every request that is refused is listed, as real pages also contradict themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use fieldproof::mock::{Mock, Options, Reply, Request, reply};
use fieldproof::model::curl::{Body, Curl, PartValue};
use fieldproof::model::json::read_strict;
use fieldproof::model::{self, Operation, Response};
use fieldproof::source::load;

const BOUNDARY: &str = "boundary-of-a-part";

/// What became of the requests of a site.
#[derive(Default)]
struct Tally {
    operations: usize,
    requests: usize,
    answered: usize,
    generated: usize,
    failures: Vec<String>,
    refused: Vec<String>,
}

#[expect(
    clippy::print_stderr,
    reason = "real pages contradict themselves, and what they say is for people to judge"
)]
#[test]
fn every_operation_answers_its_own_request() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sample");
    let mut tally = Tally::default();
    look_at(&sample, &mut tally);
    assert_eq!(tally.refused, [""; 0]);
    if let Some(folder) = std::env::var_os("FIELDPROOF_SITES") {
        for site in sites(Path::new(&folder)) {
            look_at(&site, &mut tally);
        }
    }
    let mut report = format!(
        "{} operations, {} requests, {} answered, {} refused, {} bodies generated\n",
        tally.operations,
        tally.requests,
        tally.answered,
        tally.refused.len(),
        tally.generated
    );
    for refused in &tally.refused {
        let _ = writeln!(report, "refused: {refused}");
    }
    if tally.operations > 7 {
        eprintln!("{report}");
    }
    assert_eq!(tally.failures, [""; 0], "{report}");
}

/// Every folder with a configuration of a site.
pub(crate) fn sites(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if ["docs.json", "mint.json"]
            .iter()
            .any(|name| folder.join(name).is_file())
        {
            found.push(folder);
            continue;
        }
        let entries = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        folders.extend(entries.filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

fn look_at(site: &Path, tally: &mut Tally) {
    let Ok(loaded) = load::load(site) else {
        return;
    };
    let documentation = model::read(&loaded);
    let mock = Mock::new(&documentation, &loaded.sources, Options::default());
    // A command on a page may be for another operation, which answers it; on two hosts there may be two of one name.
    let answering = |reply: &Reply| -> Vec<&Operation> {
        let operations = documentation.api.operations.iter();
        operations
            .filter(|it| reply.operation.as_deref() == Some(&*it.name()))
            .collect()
    };
    for operation in &documentation.api.operations {
        tally.operations += 1;
        let name = format!("{} {}", site.display(), operation.name());
        let curls = operation
            .request_examples
            .iter()
            .filter_map(|it| it.curl.as_ref());
        for curl in curls {
            let Some(request) = request(operation, curl) else {
                continue;
            };
            tally.requests += 1;
            let reply = reply(&mock, &request);
            judge(&answering(&reply), &name, &reply, tally);
        }
        // What is made of the fields must fit them in every status, also where an example is sent usually.
        for code in operation.responses.iter().filter_map(|it| it.status.code()) {
            let mut request = bare(operation);
            let value = format!("code={code}, dynamic, handling=lenient")
                .parse()
                .unwrap();
            request.headers.insert("prefer", value);
            let reply = reply(&mock, &request);
            judge_body(&answering(&reply), &name, &reply, tally);
        }
        let mut request = bare(operation);
        request
            .headers
            .insert("prefer", "dynamic, handling=lenient".parse().unwrap());
        let reply = reply(&mock, &request);
        judge_body(&answering(&reply), &name, &reply, tally);
    }
}

fn judge(operations: &[&Operation], name: &str, reply: &Reply, tally: &mut Tally) {
    let code = reply.status.as_u16();
    if code >= 500 {
        tally.failures.push(format!("{name}: {code}"));
    } else if code >= 400 {
        let reason = reply.reason.as_deref().unwrap_or_default();
        tally.refused.push(format!("{name}: {code} {reason}"));
    } else {
        tally.answered += 1;
    }
    judge_body(operations, name, reply, tally);
}

/// A body that is made of fields fits one of the shapes of its status.
fn judge_body(operations: &[&Operation], name: &str, reply: &Reply, tally: &mut Tally) {
    if reply.header("mock-reason") != Some("generated-from-fields") || reply.body.is_empty() {
        return;
    }
    tally.generated += 1;
    let body = read_strict(&reply.body).unwrap();
    let code = reply.status.as_u16();
    let responses: Vec<_> = (operations.iter())
        .flat_map(|operation| operation.responses_for(code))
        .collect();
    let shapes = responses
        .iter()
        .filter_map(|it: &&Response| it.shape.as_ref());
    let mismatches = shapes.map(|shape| shape.mismatches(&body));
    if let Some(least) = mismatches.min_by_key(Vec::len)
        && let Some(mismatch) = least.first()
    {
        tally.failures.push(format!(
            "{name}: {mismatch}\n{}",
            String::from_utf8_lossy(&reply.body)
        ));
    }
}

/// A request with nothing in it.
fn bare(operation: &Operation) -> Request {
    let mut path = operation.joined_path();
    path = path.replace(['{', '}'], "");
    Request {
        method: operation.endpoint.value.method.parse().unwrap(),
        uri: plain(&path).parse().unwrap(),
        ..Request::default()
    }
}

/// The request that a curl command sends; `None` if it sends a file that is not part of the page.
fn request(operation: &Operation, curl: &Curl) -> Option<Request> {
    let url = curl.url.as_ref()?;
    let mut target = plain(&url.path.value);
    let query: Vec<_> = url
        .query
        .iter()
        .map(|pair| {
            let value = pair.value.as_ref().map_or("", |value| &value.value);
            format!("{}={}", plain(&pair.name.value), plain(value))
        })
        .collect();
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    let mut request = Request {
        method: curl.method.value.parse().ok()?,
        uri: if target.starts_with('/') {
            target.parse().ok()?
        } else {
            return None;
        },
        ..bare(operation)
    };
    for header in &curl.headers {
        let name: http::HeaderName = header.name.value.parse().ok()?;
        request.headers.append(
            name,
            http::HeaderValue::from_bytes(header.value.value.as_bytes()).ok()?,
        );
    }
    if curl.user.is_some() {
        request
            .headers
            .insert("authorization", "Basic YTpi".parse().unwrap());
    }
    let mut content_type = curl.content_type().map(str::to_owned);
    request.body = match &curl.body {
        None => bytes::Bytes::new(),
        Some(Body::Raw(text) | Body::Form(text, _)) => text.text().to_owned().into(),
        Some(Body::Multipart(parts)) => {
            content_type = Some(format!("multipart/form-data; boundary={BOUNDARY}"));
            let mut body = String::new();
            for part in parts {
                let (file, value) = match &part.value {
                    PartValue::Text(text) => ("", text.value.as_str()),
                    PartValue::File(_) => ("; filename=\"a\"", "a"),
                };
                let _ = write!(
                    body,
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\n\r\n{value}\r\n",
                    part.name.value
                );
            }
            let _ = write!(body, "--{BOUNDARY}--\r\n");
            body.into()
        }
        Some(Body::File(_) | Body::Upload(_)) => return None,
    };
    if let Some(content_type) = content_type.filter(|_| !request.body.is_empty()) {
        request
            .headers
            .insert("content-type", content_type.parse().ok()?);
    }
    Some(request)
}

/// The text with what a target cannot hold percent-encoded.
fn plain(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#?&=".contains(&byte);
    let mut plain = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            plain.push(char::from(byte));
        } else {
            let _ = write!(plain, "%{byte:02X}");
        }
    }
    plain
}
