//! Many clients at once, and clients that take their time.

use std::io::{BufReader, Write as _};
use std::net::TcpStream;

use super::*;

const REQUEST: &str = "POST /notes HTTP/1.1\r\nHost: a\r\n\r\n";

/// Connections that the test has open beside those that it counts.
const OTHERS: u64 = 500;

fn status(stream: &mut BufReader<TcpStream>) -> u16 {
    stream.get_mut().write_all(REQUEST.as_bytes()).unwrap();
    Answer::read(stream, "POST").status
}

#[test]
fn thousands_of_connections_are_kept_open() {
    let wanted = 5000;
    let permitted = rlimit::increase_nofile_limit(wanted + OTHERS).unwrap();
    let count = wanted.min(permitted.saturating_sub(OTHERS));
    let mock = Mock::of_page(&["-q", "--head-timeout", "60s"]);
    let mut streams: Vec<_> = (0..count).map(|_| BufReader::new(mock.connect())).collect();
    // All are answered while all are open, and once more, so that none was closed after its answer.
    for _ in 0..2 {
        for stream in &mut streams {
            stream.get_mut().write_all(REQUEST.as_bytes()).unwrap();
        }
        let answers = streams
            .iter_mut()
            .map(|stream| Answer::read(stream, "POST").status);
        assert_eq!(
            answers.filter(|status| *status == 200).count() as u64,
            count
        );
    }
}

#[test]
fn clients_that_never_finish_their_request_hold_up_nobody() {
    let mock = Mock::of_page(&["-q", "--head-timeout", "60s", "--body-timeout", "60s"]);
    let half = |start: &str| {
        let mut stream = mock.connect();
        stream.write_all(start.as_bytes()).unwrap();
        stream
    };
    let head = &REQUEST[..REQUEST.len() - 2];
    let mut slow: Vec<_> = (0..100).map(|_| half(head)).collect();
    let length = "Content-Length: 2\r\n\r\n{";
    let mut slower: Vec<_> = (0..100).map(|_| half(&format!("{head}{length}"))).collect();
    for _ in 0..200 {
        assert_eq!(status(&mut BufReader::new(mock.connect())), 200);
    }
    // They were waited for all the time, and are answered when they come to an end.
    for (stream, end) in [(&mut slow, "\r\n"), (&mut slower, "}")] {
        let stream = &mut stream[0];
        stream.write_all(end.as_bytes()).unwrap();
        assert_eq!(
            Answer::read(&mut BufReader::new(stream), "POST").status,
            200
        );
    }
}
