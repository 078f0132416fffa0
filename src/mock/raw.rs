//! Examples that show a whole HTTP response: the headers below the status line.

use http::header::{HeaderName, HeaderValue};

/// The headers of a head, in their order.
pub(super) fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = head.lines().skip(1);
    let headers = lines.filter_map(|line| line.split_once(':'));
    headers.map(|(name, value)| (name.trim(), value.trim()))
}

/// The media type that a head states.
pub(super) fn media_type(head: &str) -> Option<&str> {
    let mut headers = headers(head);
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.map(|(_, value)| value)
}

/// The headers that are sent as they are shown; what is about the connection, or made anew each time, is not.
pub(super) fn sent(head: &str) -> Vec<(HeaderName, HeaderValue)> {
    let headers = headers(head).filter_map(|(name, value)| {
        let name: HeaderName = name.parse().ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    headers.filter(|(name, _)| is_sent(name.as_str())).collect()
}

fn is_sent(name: &str) -> bool {
    let names = [
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
        "server",
        "transfer-encoding",
        "upgrade",
        "vary",
    ];
    !names.contains(&name) && !name.starts_with("access-control-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_follow_the_status_line() {
        let head = "HTTP/1.1 201 Created\nContent-Type: text/csv\nX-A: 1:2\nDate: now\n\n";
        assert_eq!(media_type(head), Some("text/csv"));
        let sent = sent(head);
        let sent: Vec<_> = sent
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .collect();
        assert_eq!(sent, [("x-a", &HeaderValue::from_static("1:2"))]);
    }
}
