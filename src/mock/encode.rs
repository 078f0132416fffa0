//! Bodies in the encoding that the client likes best: br, gzip, or none.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding>

use std::io::Write as _;
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY};

use super::message::{Reply, Request};
use super::quality;

/// Smaller bodies fit one packet anyway.
const LEAST: usize = 1024;

/// Fast enough for a generated body, and small enough for one that is sent often.
const BROTLI_QUALITY: i32 = 5;

/// A body in other encodings, each made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Encodings {
    gzip: OnceLock<Bytes>,
    br: OnceLock<Bytes>,
}

#[derive(Clone, Copy)]
enum Encoding {
    Gzip,
    Br,
}

/// Encodes the body of a reply as the client asks.
pub(super) fn encode(request: &Request, reply: &mut Reply) {
    if reply.body.len() < LEAST || reply.pieces.is_some() {
        return;
    }
    let Some(accepted) = request.header(ACCEPT_ENCODING) else {
        return;
    };
    let Some(encoding) = preferred(&accepted) else {
        return;
    };
    if !is_text(reply) {
        return;
    }
    let encoded = match (&reply.encodings, encoding) {
        (Some(kept), Encoding::Gzip) => kept.gzip.get_or_init(|| gzip(&reply.body)).clone(),
        (Some(kept), Encoding::Br) => kept.br.get_or_init(|| br(&reply.body)).clone(),
        (None, Encoding::Gzip) => gzip(&reply.body),
        (None, Encoding::Br) => br(&reply.body),
    };
    let name = match encoding {
        Encoding::Gzip => "gzip",
        Encoding::Br => "br",
    };
    reply
        .headers
        .insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    if !reply.headers.contains_key(VARY) {
        let value = HeaderValue::from_static("Accept-Encoding");
        reply.headers.insert(VARY, value);
    }
    reply.set_body(encoded);
}

/// The encoding of the highest quality; br before gzip, as it is smaller. `None` if the body is best left alone.
fn preferred(accepted: &str) -> Option<Encoding> {
    let quality = |name: &str| quality::of(accepted, |token| token.eq_ignore_ascii_case(name));
    let any = quality("*");
    let br = quality("br").or(any).unwrap_or(0);
    let gzip = quality("gzip")
        .or_else(|| quality("x-gzip"))
        .or(any)
        .unwrap_or(0);
    let identity = quality("identity").unwrap_or(0);
    match br.max(gzip) {
        0 => None,
        best if best < identity => None,
        best if br == best => Some(Encoding::Br),
        _ => Some(Encoding::Gzip),
    }
}

fn is_text(reply: &Reply) -> bool {
    let media_type = reply.headers.get(CONTENT_TYPE);
    let media_type = media_type.map_or(&b""[..], HeaderValue::as_bytes);
    media_type.starts_with(b"text/") || media_type.starts_with(b"application/")
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default().into()
}

fn br(body: &[u8]) -> Bytes {
    let mut encoded = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut input = body;
    let _ = brotli::BrotliCompress(&mut input, &mut encoded, &parameters);
    encoded.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(accepted: &str) -> &'static str {
        match preferred(accepted) {
            Some(Encoding::Br) => "br",
            Some(Encoding::Gzip) => "gzip",
            None => "",
        }
    }

    #[test]
    fn the_client_decides() {
        assert_eq!(name("gzip, deflate, br"), "br");
        assert_eq!(name("gzip;q=1, br;q=0.5"), "gzip");
        assert_eq!(name("br;q=0, *"), "gzip");
        assert_eq!(name("identity, gzip;q=0.5"), "");
        assert_eq!(name("deflate"), "");
    }
}
