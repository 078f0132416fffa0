//! Bodies of requests that are sent in an encoding: gzip, deflate, and br are read.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding>

use std::io::Read;

use bytes::Bytes;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderValue};

use super::message::{Reply, Request};
use super::problem::Problem;
use super::respond;

/// Turns the body of a request into what it was before it was encoded; one that cannot be read, or becomes larger than
/// `limit` bytes, has an answer of its own.
pub(super) fn unpack(request: &mut Request, limit: u64) -> Result<(), Box<Reply>> {
    if request.body.is_empty() || !request.headers.contains_key(CONTENT_ENCODING) {
        return Ok(());
    }
    let lines: Vec<_> = request.headers_named(CONTENT_ENCODING).collect();
    let lines = lines.join(",");
    // The encodings stand in the order in which they were applied.
    for encoding in lines.split(',').rev() {
        let encoding = encoding.trim().to_ascii_lowercase();
        let packed = request.body.clone();
        let reader: Box<dyn Read + '_> = match encoding.as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(&*packed)),
            "deflate" => Box::new(ZlibDecoder::new(&*packed)),
            "br" => Box::new(brotli::Decompressor::new(&*packed, 4096)),
            _ => return Err(Box::new(unsupported(request, &encoding))),
        };
        let mut plain = Vec::new();
        if reader.take(limit + 1).read_to_end(&mut plain).is_err() {
            let detail = format!("the body is not the {encoding} that `Content-Encoding` says");
            return Err(Box::new(respond::own(
                request,
                Problem::new(400, "unreadable-body", detail),
            )));
        }
        if plain.len() as u64 > limit {
            return Err(Box::new(respond::too_large(request, limit)));
        }
        request.body = Bytes::from(plain);
    }
    Ok(())
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16-3>
fn unsupported(request: &Request, encoding: &str) -> Reply {
    let detail =
        format!("the body is encoded as `{encoding}`, and this mock reads gzip, deflate, and br");
    let problem = Problem::new(415, "unsupported-content-encoding", detail);
    let mut reply = respond::own(request, problem);
    let known = HeaderValue::from_static("gzip, deflate, br");
    reply.headers.insert(ACCEPT_ENCODING, known);
    reply
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn sent(encoding: &'static str, body: Vec<u8>) -> Request {
        let mut request = Request {
            body: body.into(),
            ..Request::default()
        };
        let value = HeaderValue::from_static(encoding);
        request.headers.insert(CONTENT_ENCODING, value);
        request
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn encodings_are_taken_off_in_turn() {
        let mut twice = sent("identity, gzip, x-gzip", gzip(&gzip(b"{}")));
        assert!(unpack(&mut twice, 100).is_ok());
        assert_eq!(&*twice.body, b"{}");
    }

    #[test]
    fn what_cannot_be_read_has_an_answer() {
        let status = |mut request: Request| {
            let refused = unpack(&mut request, 100).unwrap_err();
            refused.status.as_u16()
        };
        assert_eq!(status(sent("gzip", b"{}".to_vec())), 400);
        assert_eq!(status(sent("zstd", b"{}".to_vec())), 415);
        assert_eq!(status(sent("gzip", gzip(&[b' '; 101]))), 413);
    }
}
