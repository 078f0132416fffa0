//! Texts of a wanted length.

use serde_json::{Value, json};

use crate::model::shape::Shape;

/// Longer strings are not sent to reach a limit.
pub(super) const LONGEST: u64 = 4096;

/// Texts as short and as long as the docs allow.
pub(super) fn lengths(shape: &Shape, text: &str, is_body: bool) -> Vec<Value> {
    let constraints = &shape.constraints;
    let least = constraints.min_length.as_ref().map(|least| least.value);
    let most = constraints.max_length.as_ref().map(|most| most.value);
    // What may be longer than this shows as well whether it is cut.
    let most = most.map(|most| if is_body { most.min(LONGEST) } else { most });
    let lengths = [least.filter(|least| *least > 0), most];
    let lengths = lengths.into_iter().flatten();
    // More digits make another telephone number, and hardly one that there is.
    let is_number = text.starts_with('+') && text.chars().any(|c| c.is_ascii_digit());
    lengths
        .filter(|length| *length <= LONGEST && !is_number)
        .map(|length| json!(of_length(text, length)))
        .collect()
}

/// The text cut or repeated to a number of characters.
pub(super) fn of_length(text: &str, length: u64) -> String {
    let text = if text.trim().is_empty() { "a" } else { text };
    if let Some(longer) = lengthened(text, length) {
        return longer;
    }
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count = usize::try_from(length)
        .unwrap_or(usize::MAX)
        .min(LONGEST as usize + 1);
    plain.iter().copied().cycle().take(count).collect()
}

/// A longer text of the same notation, where one is seen that does not stand twice in a text: an address, a URL, or a
/// telephone number, whose notations leave room for more letters in one place only.
fn lengthened(text: &str, length: u64) -> Option<String> {
    /// The greatest length of a part of a host name (RFC 1035, section 2.3.4).
    const LABEL: usize = 63;
    let room = usize::try_from(length.min(LONGEST + 1)).ok()?;
    let missing = room.checked_sub(text.chars().count())?;
    if let Some((name, host)) = text.split_once('@').filter(|(_, host)| host.contains('.')) {
        // Labels of letters in front of the host, each with its dot; the last letter has to go before a dot, too.
        let mut labels = String::new();
        let mut missing = missing;
        while missing > 1 {
            let mut letters = LABEL.min(missing - 1);
            if missing - letters - 1 == 1 {
                letters -= 1;
            }
            labels.push_str(&"a".repeat(letters));
            labels.push('.');
            missing -= letters + 1;
        }
        let rest = "a".repeat(missing);
        return Some(format!("{name}{rest}@{labels}{host}"));
    }
    let is_url = text.contains("://");
    is_url.then(|| format!("{text}{}", "a".repeat(missing)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_text_keeps_its_notation() {
        for length in [17, 18, 19, 60, 80, 81, 82, 83, 84, 145, 146, 147, 148, 254] {
            let address = of_length("mira@example.com", length);
            assert_eq!(address.len() as u64, length, "{address}");
            assert_eq!(address.matches('@').count(), 1, "{address}");
            let host = address.split('@').nth(1).unwrap_or_default();
            let mut labels = host.split('.');
            assert!(labels.all(|it| (1..=63).contains(&it.len())), "{address}");
        }
        let url = of_length("https://example.com/a", 30);
        assert_eq!(url, "https://example.com/aaaaaaaaaa");
        assert_eq!(of_length("Low tide", 10), "LowtideLow");
        assert_eq!(of_length("mira@example.com", 4), "mira");
    }
}
