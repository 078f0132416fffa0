//! Prints a request as a curl command that can be pasted into a shell.

/// A request as a curl command: one flag on each line, everything quoted that needs it.
///
/// ```
/// use fieldproof::model::curl::to_command;
///
/// let command = to_command("POST", "https://api.example.com/users", &[("Accept", "*/*")], Some("{\"name\": \"O'Neil\"}"));
/// assert_eq!(
///     command,
///     "curl https://api.example.com/users \\\n  -H 'Accept: */*' \\\n  --data-raw '{\"name\": \"O'\\''Neil\"}'",
/// );
/// ```
pub fn to_command(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> String {
    let implied = if body.is_some() { "POST" } else { "GET" };
    let mut lines = vec!["curl".to_owned()];
    let has_body_already = method == "HEAD" && body.is_none();
    if has_body_already {
        lines.push("--head".to_owned());
    } else if method != implied {
        lines.push(format!("-X {}", quote(method)));
    }
    if url.starts_with('-') || url.is_empty() {
        lines.push(format!("--url {}", quote(url)));
    } else {
        lines.push(quote(url));
    }
    let mut command = lines.join(" ");
    for (name, value) in headers {
        // `Name;` is how curl is told to send a header without a value.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        command.push_str(" \\\n  -H ");
        command.push_str(&quote(&header));
    }
    if let Some(body) = body {
        command.push_str(" \\\n  --data-raw ");
        command.push_str(&quote(body));
    }
    command
}

/// A word as a shell takes it: in single quotes, unless it is plain.
pub fn quote(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,=".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
