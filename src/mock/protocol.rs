//! Requests that HTTP itself tells a server to refuse.
//!
//! <https://www.rfc-editor.org/rfc/rfc9112#name-request-target>

use http::header::HOST;

use super::message::Request;
use super::problem::Problem;

/// What is wrong with a request, whoever answers it.
pub(super) fn refused(request: &Request) -> Option<Problem> {
    let mut hosts = request.headers.get_all(HOST).into_iter();
    if hosts.next().is_some() && hosts.next().is_some() {
        let detail = "the request has more than one `Host` header";
        return Some(Problem::new(400, "repeated-host", detail));
    }
    let path = request.path();
    if path.bytes().any(|byte| matches!(byte, b'.' | b'%')) {
        let mut segments = path.split('/');
        if segments.any(is_dots) {
            let detail =
                "the path has a segment `.` or `..`, which clients resolve before they ask";
            return Some(Problem::new(400, "unresolved-path", detail));
        }
    }
    None
}

/// `.` or `..`, escaped or not.
fn is_dots(segment: &str) -> bool {
    // The longest form is `%2e%2e`.
    (1..=6).contains(&segment.len())
        && matches!(
            segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
            "." | ".."
        )
}
