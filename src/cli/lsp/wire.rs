//! Messages on a byte stream: headers, an empty line, and a body of JSON.
//!
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#baseProtocol>
//!
//! `lsp_server` reads the same, but ends at the first message that is no JSON, and makes room for as many bytes as a
//! header asks for. What cannot be understood is a value here, and the next message is read.

use std::io::{self, BufRead, Read, Write};

use lsp_server::Message;

/// Longer bodies are skipped: no page is as long.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Longer header lines are no header lines.
const LONGEST_LINE: u64 = 4096;

const LENGTH: &str = "content-length:";

/// What came in.
pub(super) enum Incoming {
    Message(Message),
    /// Something that is no message, and why.
    Malformed(String),
}

/// Reads the next message; `None` at the end of the stream.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = headers(from)? else {
        return Ok(None);
    };
    let Ok(length) = length else {
        return Ok(Some(Incoming::Malformed(
            "a message without its length".to_owned(),
        )));
    };
    let mut body = from.take(length);
    if length > LONGEST {
        io::copy(&mut body, &mut io::sink())?;
        let problem = format!("a message of {length} bytes, and {LONGEST} are too many");
        return Ok(Some(Incoming::Malformed(problem)));
    }
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&bytes) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(format!("no message: {error}")),
    }))
}

/// The length of the body, or an error if the headers do not say it; `None` at the end of the stream.
fn headers(from: &mut impl BufRead) -> io::Result<Option<Result<u64, ()>>> {
    let mut length = Err(());
    loop {
        let mut line = Vec::new();
        from.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            return Ok(Some(length));
        }
        // Also behind what a message of a wrong length has left over: so the next one is found again.
        if let Some(at) = line.to_ascii_lowercase().rfind(LENGTH) {
            let value = line.get(at + LENGTH.len()..).unwrap_or_default();
            length = value.trim().parse().map_err(|_| ());
        }
    }
}

/// Writes a message.
pub(super) fn write(message: &Message, to: &mut impl Write) -> io::Result<()> {
    message.write(to)
}

/// Answers something that was no message, which has no number to answer to.
pub(super) fn refuse(problem: &str, to: &mut impl Write) -> io::Result<()> {
    let body = serde_json::json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": {"code": lsp_server::ErrorCode::ParseError as i32, "message": problem},
    })
    .to_string();
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<bool> {
        let mut from = io::BufReader::new(text.as_bytes());
        let mut kinds = Vec::new();
        while let Some(incoming) = read(&mut from).unwrap() {
            kinds.push(matches!(incoming, Incoming::Message(_)));
        }
        kinds
    }

    #[test]
    fn what_is_no_message_is_skipped_and_the_next_one_is_read() {
        let good = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
        assert_eq!(kinds(good), [true]);
        assert_eq!(kinds(&format!("{good}{good}")), [true, true]);
        assert_eq!(
            kinds(&format!("Content-Length: 3\r\n\r\n{{,}}{good}")),
            [false, true]
        );
        assert_eq!(
            kinds(&format!("content-length: x\r\n\r\n{good}")),
            [false, true]
        );
        assert_eq!(kinds(&format!("Other: 1\r\n\r\n{good}")), [false, true]);
        assert_eq!(
            kinds(&format!("Content-Length: 2\r\n\r\n[]{good}")),
            [false, true]
        );
        assert_eq!(
            kinds(&format!("Content-Length: 2\r\n\r\n[] and more{good}")),
            [false, true]
        );
    }

    #[test]
    fn a_length_that_is_a_lie_takes_no_memory() {
        assert_eq!(kinds("Content-Length: 99999999999\r\n\r\n{}"), [false]);
        assert_eq!(kinds("Content-Length: 99\r\n\r\n{}"), [false; 0]);
        assert_eq!(kinds("Content-Length: 99"), [false; 0]);
    }
}
