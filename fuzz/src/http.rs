//! Messages as text: a first line, headers, an empty line, and the body.

/// The first line, the headers, and the body of a message.
pub(crate) struct Message<'t> {
    pub(crate) first: &'t str,
    pub(crate) headers: Vec<(&'t str, &'t str)>,
    pub(crate) body: &'t str,
}

/// The messages of an input, each behind a line `%%`; at most as many as a fuzzer needs to make something of them.
pub(crate) fn messages(text: &str) -> Vec<Message<'_>> {
    text.split("\n%%\n").take(8).map(message).collect()
}

fn message(text: &str) -> Message<'_> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    Message {
        first: lines.next().unwrap_or_default(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name, value.trim()))
            .collect(),
        body,
    }
}
