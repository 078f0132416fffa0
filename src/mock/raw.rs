//! Examples that show a whole HTTP response: a status line, headers, a blank line, and the body.

/// What is sent of such an example.
pub(super) struct Message<'t> {
    /// The media type, if a header tells it.
    pub(super) media_type: Option<&'t str>,
    pub(super) body: &'t str,
}

/// Reads an example; `None` if it is not a whole response.
pub(super) fn read(text: &str) -> Option<Message<'_>> {
    let text = text.trim_start();
    let line = text.lines().next()?;
    let status = line.strip_prefix("HTTP/")?.split_whitespace().nth(1)?;
    status.parse::<u16>().ok()?;
    let mut media_type = None;
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-type")
        {
            media_type = Some(value.trim());
        }
    }
    // The last line may be one of the headers.
    let is_head_only = !text.contains("\n\n") && !text.contains("\r\n\r\n");
    Some(Message {
        media_type,
        body: if is_head_only { "" } else { rest },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_follows_the_blank_line() {
        let text = "HTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"id\": 1}";
        let message = read(text).unwrap();
        assert_eq!(message.media_type, Some("application/json"));
        assert_eq!(message.body, "{\"id\": 1}");
    }

    #[test]
    fn a_response_may_have_no_body_and_other_text_is_none() {
        assert_eq!(read("HTTP/1.1 204 No Content\nX-A: 1").unwrap().body, "");
        assert!(read("{\"id\": 1}").is_none() && read("HTTP is a protocol").is_none());
    }
}
