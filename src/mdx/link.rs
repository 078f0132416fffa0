//! Links, as far as they hide a `<` or `{`: destinations, definitions, and bare addresses.
//!
//! ```text
//! resource    = "(" [ destination [ title ] ] ")"
//! definition  = "[" label "]:" destination [ title ] end of line
//! destination = "<" … ">" | text without white space in which parentheses balance
//! title       = '"' … '"' | "'" … "'" | "(" … ")"
//! address     = ( "http://" | "https://" | "www." ) domain [ path ]      a GFM autolink literal
//! ```

/// More parentheses inside each other are no destination, for micromark as well.
const MAX_PARENTHESES: usize = 32;
/// Longer domains, and longer runs of punctuation behind an address, are not looked at.
const MAX_LENGTH: usize = 256;

/// Behind the `(…)` that starts at `at`, if it is the resource of a link.
pub(super) fn resource_end(text: &str, at: usize) -> Option<usize> {
    let mut end = skip_space(text, at + 1);
    if text.get(at..)?.starts_with('(') && !text.get(end..)?.starts_with(')') {
        end = destination_end(text, end)?;
        let title = skip_space(text, end);
        if title > end {
            end = title_end(text, title).map_or(title, |end| skip_space(text, end));
        }
    }
    (text.get(at..)?.starts_with('(') && text.get(end..)?.starts_with(')')).then_some(end + 1)
}

/// Behind the definitions that a paragraph starts with.
pub(super) fn definitions_end(text: &str) -> usize {
    let mut at = 0;
    while let Some(end) = definition_end(text, at) {
        at = end;
    }
    at
}

fn definition_end(text: &str, at: usize) -> Option<usize> {
    let label = text.get(at..)?.strip_prefix('[')?;
    let length = label.find([']', '['])?;
    let after = label.get(length..)?.strip_prefix("]:")?;
    if label.get(..length)?.trim().is_empty() || label.starts_with('^') {
        return None;
    }
    let destination = skip_space(text, text.len() - after.len());
    let end = destination_end(text, destination)?;
    let title = skip_space(text, end);
    let with_title = (title > end).then(|| line_end(text, title_end(text, title)?));
    with_title.flatten().or_else(|| line_end(text, end))
}

/// Behind the line ending at `at`, if only white space stands before it.
fn line_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let blank = rest.trim_start_matches([' ', '\t', '\r']);
    let end = text.len() - blank.len();
    (blank.is_empty() || blank.starts_with('\n')).then(|| (end + 1).min(text.len()))
}

fn destination_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with('<') {
        return closed_by(text, at + 1, &['>'], &['\n', '<']);
    }
    let mut open = 0_usize;
    let mut escaped = false;
    for (offset, c) in rest.char_indices() {
        let ends = c.is_ascii_whitespace() || c == ')' && open == 0 && !escaped;
        match c {
            _ if ends => return (open == 0 && offset > 0).then_some(at + offset),
            _ if c.is_ascii_control() => return None,
            '(' if !escaped && open == MAX_PARENTHESES => return None,
            '(' if !escaped => open += 1,
            ')' if !escaped => open -= 1,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (open == 0 && !rest.is_empty()).then_some(text.len())
}

fn title_end(text: &str, at: usize) -> Option<usize> {
    match text.get(at..)?.chars().next()? {
        quote @ ('"' | '\'') => closed_by(text, at + 1, &[quote], &[]),
        '(' => closed_by(text, at + 1, &[')'], &['(']),
        _ => None,
    }
}

/// Behind the first of the `closing` characters, unless a `forbidden` one comes before; a backslash hides the next.
fn closed_by(text: &str, at: usize, closing: &[char], forbidden: &[char]) -> Option<usize> {
    let mut escaped = false;
    for (offset, c) in text.get(at..)?.char_indices() {
        if !escaped && closing.contains(&c) {
            return Some(at + offset + c.len_utf8());
        }
        if !escaped && forbidden.contains(&c) {
            return None;
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len())
}

/// Behind the bare address whose `://` or `www.` stands at `at`.
pub(super) fn address_end(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = text.split_at_checked(at)?;
    if let Some(domain) = rest.strip_prefix("://") {
        let scheme = ["https", "http"]
            .into_iter()
            .find(|scheme| ends_with(before, scheme))?;
        let outside = before.get(..before.len() - scheme.len())?;
        let first = domain.chars().next()?;
        let starts = !outside.ends_with(|c: char| c.is_ascii_alphabetic());
        if !starts || first.is_whitespace() || first.is_ascii_control() || is_punctuation(first) {
            return None;
        }
        return Some(path_end(text, domain_end(text, at + 3)?));
    }
    let is_www = rest
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let starts = before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "(*_[]~".contains(c));
    if !is_www || !starts || rest.len() == 4 {
        return None;
    }
    Some(path_end(text, domain_end(text, at)?))
}

fn ends_with(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|found| found.eq_ignore_ascii_case(end))
}

/// The last two parts of a domain hold no underscore.
fn domain_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let is_end = |(offset, c): &(usize, char)| match c {
        '.' | '_' => is_trail(rest.get(*offset..).unwrap_or_default()),
        '-' => false,
        _ => c.is_whitespace() || is_punctuation(*c),
    };
    let mut ends = rest.char_indices().take(MAX_LENGTH).filter(is_end);
    let whole = (rest.len() < MAX_LENGTH).then_some(rest.len());
    let length = ends.next().map(|(offset, _)| offset).or(whole)?;
    let domain = rest.get(..length)?;
    let seen = domain.contains(|c| c != '.' && c != '_');
    let plain = domain.rsplit('.').take(2).all(|part| !part.contains('_'));
    (seen && plain).then_some(at + length)
}

fn path_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut open = 0_usize;
    for (offset, c) in rest.char_indices() {
        let ends = match c {
            '(' => {
                open += 1;
                false
            }
            ')' if open > 0 => {
                open -= 1;
                false
            }
            '<' => true,
            '!' | '"' | '&' | '\'' | ')' | '*' | ',' | '.' | ':' | ';' | '?' | ']' | '_' | '~' => {
                is_trail(rest.get(offset..).unwrap_or_default())
            }
            _ => c.is_whitespace(),
        };
        if ends {
            return at + offset;
        }
    }
    text.len()
}

/// True if nothing but closing punctuation stands before the next white space or `<`.
fn is_trail(text: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if text.len() - rest.len() > MAX_LENGTH {
            return false;
        }
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            ']' if after.starts_with(['(', '[']) => return true,
            '!' | '"' | '\'' | ')' | '*' | ',' | '.' | ':' | ';' | '?' | ']' | '_' | '~' => {
                rest = after;
            }
            '&' => {
                let reference = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                match reference.strip_prefix(';') {
                    Some(behind) if reference.len() < after.len() => rest = behind,
                    _ => return false,
                }
            }
            _ => return c == '<' || c.is_whitespace(),
        }
    }
    true
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left behind the address in the text.
    fn behind(text: &str) -> Option<&str> {
        let at = text.find("://").or_else(|| text.find("www."))?;
        Some(&text[address_end(text, at)?..])
    }

    #[test]
    fn addresses_hide_braces() {
        assert_eq!(behind("https://a.b/{user id} c"), Some(" id} c"));
        assert_eq!(behind("(see www.a.b/{x)."), Some(")."));
        assert_eq!(behind("http://a.b{a, c"), Some(", c"));
        assert_eq!(behind("http://a.b/x<1"), Some("<1"));
        assert_eq!(behind("http://a.b/x&amp; c"), Some("&amp; c"));
    }

    #[test]
    fn what_only_looks_like_an_address_hides_nothing() {
        for text in [
            "http://{host",
            "xhttp://a.b",
            "http://a_b.c_d/",
            "awww.a.b",
            "://a",
        ] {
            assert_eq!(behind(text), None, "{text}");
        }
    }

    #[test]
    fn resources_hide_what_they_hold() {
        for text in [
            "()",
            "(<a b>)",
            "(a{b)",
            "(a(b<c)d)",
            "(a \"{\" )",
            "(a 'b'\n)",
            "(\\))",
        ] {
            assert_eq!(resource_end(text, 0), Some(text.len()), "{text}");
        }
        for text in ["(a b)", "(a(b)", "(<a)", "a)", "(a \"b)"] {
            assert_eq!(resource_end(text, 0), None, "{text}");
        }
    }

    #[test]
    fn definitions_end_with_their_line() {
        assert_eq!(definitions_end("[a]: <b>\n[c]: d{ \"{\"\ne"), 21);
        assert_eq!(definitions_end("[]: <b>\n"), 0);
        assert_eq!(definitions_end("[a]: b c\n"), 0);
    }
}
