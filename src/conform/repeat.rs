//! A request as one line for a shell, so that anybody can repeat it.
//!
//! White space between the parts of a JSON body is left out. A secret is written as `"$NAME"`, which the shell expands.

use std::fmt::Write as _;

use crate::model::curl::quote;
use crate::model::json;

use super::bindings::{Piece, Secrets};
use super::message::{Body, Request};

/// The curl command that sends the same request.
pub fn command(request: &Request, secrets: &Secrets) -> String {
    let implied = if request.body.is_some() {
        "POST"
    } else {
        "GET"
    };
    let mut words = vec!["curl".to_owned()];
    if request.method == "HEAD" && request.body.is_none() {
        words.push("--head".to_owned());
    } else if request.method != implied {
        words.extend(["-X".to_owned(), quote(&request.method)]);
    }
    if request.url.contains(['[', ']']) {
        words.push("-g".to_owned());
    }
    words.push(word(&request.url, secrets));
    for (name, value) in &request.headers {
        let is_boundary = matches!(request.body, Some(Body::Parts(_)))
            && name.eq_ignore_ascii_case("content-type");
        if is_boundary {
            continue;
        }
        // `Name;` is how curl is told to send a header without a value.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        words.extend(["-H".to_owned(), word(&header, secrets)]);
    }
    match &request.body {
        None => {}
        Some(Body::Text(text)) => {
            words.extend(["--data-raw".to_owned(), word(&compact(text), secrets)]);
        }
        Some(Body::Parts(parts)) => {
            for (name, value) in parts {
                let part = format!("{name}={value}");
                words.extend(["--form-string".to_owned(), word(&part, secrets)]);
            }
        }
    }
    words.join(" ")
}

/// A word of the command, with secrets outside the single quotes.
pub fn word(text: &str, secrets: &Secrets) -> String {
    let pieces = secrets.split(text);
    if pieces.len() == 1 {
        return escaped(text);
    }
    pieces
        .into_iter()
        .filter(|piece| *piece != Piece::Text(""))
        .map(|piece| match piece {
            Piece::Text(text) => escaped(text),
            Piece::Secret(name) => format!("\"${name}\""),
        })
        .collect()
}

/// The text quoted on one line; line breaks and the like need the `$'…'` of bash and zsh.
fn escaped(text: &str) -> String {
    if !text.contains(char::is_control) {
        return quote(text);
    }
    let mut quoted = String::from("$'");
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\'' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// JSON without the white space outside of its strings; any other text as it is.
pub(super) fn compact(text: &str) -> String {
    if json::read_strict(text.as_bytes()).is_err() {
        return text.to_owned();
    }
    let mut compact = String::new();
    let (mut is_string, mut is_escaped) = (false, false);
    for character in text.chars() {
        if is_string || !matches!(character, ' ' | '\t' | '\n' | '\r') {
            compact.push(character);
        }
        is_string ^= character == '"' && !is_escaped;
        is_escaped = is_string && character == '\\' && !is_escaped;
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::bindings::Bindings;

    fn request(method: &str, body: Option<&str>) -> Request {
        Request {
            method: method.to_owned(),
            url: "http://127.0.0.1:1/a?b=%20".to_owned(),
            headers: vec![("X-Key".to_owned(), "it's s3cr3t!".to_owned())],
            body: body.map(|text| Body::Text(text.to_owned())),
        }
    }

    #[test]
    fn a_command_is_one_line_and_holds_no_secret() {
        let bindings = Bindings {
            variables: vec![("key".to_owned(), "s3cr3t".to_owned())],
            ..Bindings::default()
        };
        assert_eq!(
            command(&request("GET", None), &bindings.secrets()),
            r#"curl 'http://127.0.0.1:1/a?b=%20' -H 'X-Key: it'\''s '"$KEY"'!'"#
        );
    }

    #[test]
    fn json_loses_the_space_between_its_parts_and_other_text_keeps_it() {
        let secrets = Secrets::default();
        let with = |body| command(&request("PUT", Some(body)), &secrets);
        assert!(
            with("{\n  \"a b\": \"\\\" \",\n  \"c\": [1, 2]\n}")
                .ends_with(r#"--data-raw '{"a b":"\" ","c":[1,2]}'"#)
        );
        assert!(with("a\n'b'").ends_with(r"--data-raw $'a\n\'b\''"));
        assert!(with("a").starts_with("curl -X PUT "));
    }
}
