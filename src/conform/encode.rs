//! Percent-encoding (RFC 3986).

use std::fmt::Write as _;

/// A name or value of a query or of a form, or a segment of a path.
pub(super) fn component(text: &str) -> String {
    encode(text, b"-._~")
}

/// A name or value of a query, in which `:`, `/`, `,`, and brackets are read as they stand.
pub(super) fn query(text: &str) -> String {
    encode(text, b"-._~:/,[]@")
}

fn encode(text: &str, plain: &[u8]) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The path with what no URL can hold percent-encoded, and all else as it stands.
pub(super) fn path(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"#<>?\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
