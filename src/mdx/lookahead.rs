//! How far reading may look ahead in vain.
//!
//! Whether a `<` or `{` starts a tag or an expression is known only where that ends, which can be far away or nowhere.
//! A page of nothing but `{` would be read to its end once for each of them. So each look ahead that leads nowhere is
//! counted; when they add up to several times the page, further ones see only a short stretch. Reading a page then
//! costs a multiple of its length whatever it holds, and a real page never notices.

/// What may be looked at in vain before the view is limited: this much, and a multiple of the page.
const ALLOWED: usize = 64 * 1024;
const ALLOWED_TIMES: usize = 8;
/// How far reading sees afterwards.
const SHORT: usize = 256;

/// The number of bytes that may still be looked at in vain.
pub(super) struct Lookahead {
    left: usize,
}

impl Lookahead {
    /// For a page of that length.
    pub(super) fn new(length: usize) -> Self {
        Self {
            left: ALLOWED + ALLOWED_TIMES * length,
        }
    }

    /// True if only short stretches can be looked at.
    pub(super) fn is_short(&self) -> bool {
        self.left == 0
    }

    /// As much of `text` as can be looked at from `at` on.
    pub(super) fn window<'t>(&self, text: &'t str, at: usize) -> &'t str {
        if !self.is_short() {
            return text;
        }
        let end = at.saturating_add(SHORT);
        (end..end + 4)
            .find_map(|end| text.get(..end))
            .unwrap_or(text)
    }

    /// The bytes from `at` to `end` were looked at in vain.
    pub(super) fn in_vain(&mut self, at: usize, end: usize) {
        self.left = self.left.saturating_sub(end.saturating_sub(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_is_whole_until_too_much_was_looked_at_in_vain() {
        let text = "é".repeat(SHORT);
        let mut lookahead = Lookahead::new(text.len());
        assert_eq!(lookahead.window(&text, 0), text);
        lookahead.in_vain(0, ALLOWED);
        assert_eq!(lookahead.window(&text, 0), text);
        lookahead.in_vain(0, ALLOWED_TIMES * text.len());
        assert_eq!(lookahead.window(&text, 2).len(), SHORT + 2);
        assert_eq!(lookahead.window(&text, 2 * SHORT), text);
    }
}
