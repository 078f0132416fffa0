//! Strings that stand for a value without being one.

/// True for a quoted text that evidently stands for a value: `<string>`, `{{id}}`, `YOUR_KEY`, `...`, `string`.
///
/// Texts that could also be values are not placeholders: `name`, `example`, `test`.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    is_bracketed(text)
        || names_its_type(text)
        || starts_with_your(text)
        || is_shell_variable(text)
        || text.ends_with("...")
        || text.ends_with('…')
        || text.chars().count() >= 3
            && text
                .chars()
                .all(|c| matches!(c, 'x' | 'X' | '*' | '-' | '•'))
}

/// True for `<…>`, `{…}`, `[…]`, `${…}` and only dots: these are no names of members either.
pub(super) fn is_bracketed(text: &str) -> bool {
    let text = text.strip_prefix('$').unwrap_or(text);
    let pairs = [('<', '>'), ('{', '}'), ('[', ']')];
    let inside = pairs
        .iter()
        .find_map(|pair| text.strip_prefix(pair.0)?.strip_suffix(pair.1));
    // Of these, JSON and XML in a string are values, and so are objects and arrays without anything in them.
    let is_name =
        |inside: &str| !inside.trim().is_empty() && !inside.contains(['"', ':', '/', ',']);
    inside.is_some_and(is_name) || matches!(text, "..." | "…")
}

/// What playgrounds and authors write for a value of a type.
fn names_its_type(text: &str) -> bool {
    [
        "string",
        "number",
        "integer",
        "boolean",
        "object",
        "array",
        "uuid",
        "datetime",
        "date-time",
    ]
    .contains(&text)
}

fn starts_with_your(text: &str) -> bool {
    let starts = ["your_", "your-", "my_api", "my-api", "insert_", "replace_"];
    let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
    if !matches!(first, Some(b'y' | b'm' | b'i' | b'r')) && !text.contains('_') {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    starts.iter().any(|start| lower.starts_with(start))
        || lower.contains("_here") && !lower.contains(' ')
}

fn is_shell_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evident_placeholders_are_recognized() {
        for text in [
            "<string>", "{{id}}", "{id}", "${ID}", "$API_KEY", "YOUR_KEY", "your-key", "...",
            "abc...", "string", "xxx-xxxx",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_value_is_none() {
        for text in [
            "",
            "name",
            "active",
            "$5",
            "<p>a</p>",
            "{\"a\":1}",
            "[1,2]",
            "{}",
            "[ ]",
            "Your order",
            "a - b",
            "x",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
