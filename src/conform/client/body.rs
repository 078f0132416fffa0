//! Bodies of answers, to their end or to the limit: unpacked, and never more of them in memory than the limit.

use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::conform::message::Answer;

/// Reads a body into the answer; what is beyond the limit is left.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    answer: &mut Answer,
) -> Result<(), hyper::Error> {
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        answer.body.extend_from_slice(&data);
        if answer.body.len() > limit {
            answer.body.truncate(limit);
            answer.cut_at = Some(limit);
            break;
        }
    }
    unpack(limit, answer);
    Ok(())
}

/// Unpacks what is gzip or deflate. A body in another encoding, or one that is broken, stays as it came.
fn unpack(limit: usize, answer: &mut Answer) {
    let encoding = answer
        .header("content-encoding")
        .map(str::to_ascii_lowercase);
    let packed = answer.body.as_slice();
    let unpacked = match encoding.as_deref().map(str::trim) {
        Some("gzip" | "x-gzip") => drained(MultiGzDecoder::new(packed), limit),
        Some("deflate") => drained(ZlibDecoder::new(packed), limit),
        _ => None,
    };
    if let Some(mut unpacked) = unpacked {
        if unpacked.len() > limit {
            unpacked.truncate(limit);
            answer.cut_at = Some(limit);
        }
        answer.body = unpacked;
    }
}

/// All that comes out, and one byte beyond the limit if there is more.
fn drained(decoder: impl Read, limit: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Answer {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        Answer {
            headers: vec![("content-encoding".to_owned(), "gzip".to_owned())],
            body: encoder.finish().unwrap(),
            ..Answer::default()
        }
    }

    #[test]
    fn packed_bodies_are_unpacked() {
        let mut answer = gzip(b"{}");
        unpack(100, &mut answer);
        assert_eq!((answer.body.as_slice(), answer.cut_at), (&b"{}"[..], None));
    }

    #[test]
    fn a_bomb_goes_off_to_the_limit_only() {
        let mut answer = gzip(&vec![b' '; 1 << 20]);
        unpack(1000, &mut answer);
        assert_eq!((answer.body.len(), answer.cut_at), (1000, Some(1000)));
    }

    #[test]
    fn what_is_not_packed_as_it_says_stays() {
        let mut answer = gzip(b"{}");
        answer.body = b"{}".to_vec();
        unpack(1000, &mut answer);
        assert_eq!(answer.body, b"{}");
    }
}
