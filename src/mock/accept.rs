//! Whether a client takes a media type.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#name-accept>

use http::header::ACCEPT;

use super::message::Request;
use super::quality;

/// True if the client takes `media_type`, or says nothing.
///
/// Every kind of JSON counts as any other: a page shows that an answer is JSON, and not which kind.
pub(super) fn takes(request: &Request, media_type: &str) -> bool {
    quality_of(request, media_type) > 0
}

/// How much the client wants a media type, in thousandths: all, if it says nothing.
pub(super) fn quality_of(request: &Request, media_type: &str) -> u32 {
    let mut lines = request.headers_named(ACCEPT).peekable();
    if lines.peek().is_none() {
        return 1000;
    }
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let mut best: Option<(u8, u32)> = None;
    for line in lines {
        // What most clients send that do not care.
        if line == "*/*" {
            best = best.max(Some((0, 1000)));
            continue;
        }
        for (range, quality) in quality::entries(&line) {
            if let Some(closeness) = closeness(range, media_type) {
                best = best.max(Some((closeness, quality)));
            }
        }
    }
    best.map_or(0, |(_, quality)| quality)
}

/// True if the client names that media type itself.
pub(super) fn names(request: &Request, media_type: &str) -> bool {
    request.headers_named(ACCEPT).any(|line| {
        quality::of(&line, |range| range.eq_ignore_ascii_case(media_type))
            .is_some_and(|quality| quality > 0)
    })
}

/// How closely a range describes a media type; the closest one decides.
fn closeness(range: &str, media_type: &str) -> Option<u8> {
    if range.eq_ignore_ascii_case(media_type) {
        return Some(3);
    }
    if is_json(range) && is_json(media_type) {
        return Some(2);
    }
    if range == "*/*" || range == "*" {
        return Some(0);
    }
    let group = range.strip_suffix("/*")?;
    let (own, _) = media_type.split_once('/')?;
    own.eq_ignore_ascii_case(group).then_some(1)
}

fn is_json(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    lower.ends_with("/json") || lower.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    fn takes_json(accept: &'static str) -> bool {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
        let request = Request {
            headers,
            ..Request::default()
        };
        takes(&request, "application/json")
    }

    #[test]
    fn the_closest_range_decides() {
        assert!(takes_json("text/html, */*;q=0.1") && takes_json("application/*"));
        assert!(takes_json("application/vnd.api+json") && takes_json("*"));
        assert!(!takes_json("text/csv") && !takes_json("application/json;q=0, */*"));
    }
}
