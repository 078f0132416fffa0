//! Why a request is not for an operation that looks like it.

use http::Method;

/// What a request has that an operation has not, in a few words.
pub(super) fn why_not(method: &Method, path: &str, own_method: &str, template: &str) -> String {
    let mut reasons = Vec::new();
    let (sent, own): (Vec<_>, Vec<_>) = (segments(path).collect(), segments(template).collect());
    if sent.len() == own.len() {
        let pairs = sent.iter().zip(&own);
        let differing = pairs.filter(|(sent, own)| !is_parameter(own) && sent != own);
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

fn is_parameter(segment: &str) -> bool {
    segment.contains('{') || segment.starts_with(':')
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
