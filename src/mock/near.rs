//! Why a request is not for an operation that looks like it.

use std::collections::BTreeSet;

use http::Method;

use super::Mock;

/// What is said of a path that begins with a host which no server has, if the rest of it is documented.
pub(super) fn other_hosts(mock: &Mock, path: &str) -> Option<String> {
    let (host, rest) = path.trim_start_matches('/').split_once('/')?;
    let rest = format!("/{rest}");
    let found = mock.routes.indexes(&rest);
    if !host.contains('.') || mock.routes.has_host(host) || found.is_empty() {
        return None;
    }
    let hosts = found.iter().filter_map(|index| mock.operations.get(*index));
    let hosts: BTreeSet<&str> = hosts
        .flat_map(|served| &served.ways.hosts)
        .map(|host| host.trim_matches('/'))
        .collect();
    let hosts: Vec<_> = hosts.iter().map(|host| format!("`{host}`")).collect();
    Some(match hosts.as_slice() {
        [] => format!(
            "; `{host}` is the host of no documented server, and `{rest}` is documented without one"
        ),
        hosts => format!(
            "; `{host}` is the host of no documented server, and `{rest}` is documented for {}",
            hosts.join(", ")
        ),
    })
}

/// What a request has that an operation has not, in a few words.
pub(super) fn why_not(method: &Method, path: &str, own_method: &str, template: &str) -> String {
    let mut reasons = Vec::new();
    let (sent, own): (Vec<_>, Vec<_>) = (segments(path).collect(), segments(template).collect());
    if sent.len() == own.len() {
        let pairs = sent.iter().zip(&own);
        let differing = pairs.filter(|(sent, own)| !may_be(sent, own));
        let words = differing.map(|(sent, own)| format!("`{sent}` stands where it has `{own}`"));
        reasons.extend(words.take(3));
    } else {
        let (own, sent) = (count(own.len()), sent.len());
        reasons.push(format!(
            "its path has {own}, and that of the request {sent}"
        ));
    }
    if method.as_str() != own_method {
        reasons.push(format!("its method is {own_method}"));
    }
    reasons.join("; ")
}

fn count(segments: usize) -> String {
    match segments {
        1 => "1 segment".to_owned(),
        _ => format!("{segments} segments"),
    }
}

/// True if a segment may stand where a template has that one; around a parameter there may be words: `{id}.json`.
fn may_be(sent: &str, own: &str) -> bool {
    let parameter = own.split_once('{').zip(own.rsplit_once('}'));
    match parameter {
        Some(((before, _), (_, after))) => sent.starts_with(before) && sent.ends_with(after),
        None => own.starts_with(':') || sent == own,
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_names_what_differs() {
        let why = |method: Method, path: &str| why_not(&method, path, "GET", "/v1/books/{id}");
        assert_eq!(
            why(Method::GET, "/v1/bok/7"),
            "`bok` stands where it has `books`"
        );
        assert_eq!(
            why(Method::POST, "/books"),
            "its path has 3 segments, and that of the request 1; its method is GET"
        );
        assert_eq!(why(Method::POST, "/v1//books/7/"), "its method is GET");
    }
}
