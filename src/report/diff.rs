//! Changes of files as a unified diff, as `git apply` and `patch` take it.

use std::io::{self, Write};

use super::visible::escape;

/// A file before and after a change.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The path, as the user can open it.
    pub path: &'a str,
    /// The text before.
    pub before: &'a str,
    /// The text after.
    pub after: &'a str,
}

/// Writes the diffs of files. For a terminal, what it would obey is made visible; otherwise the bytes are those of the
/// files, so that the diff can be applied.
pub fn write(changes: &[Change<'_>], for_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
    for change in changes {
        let path = escape(change.path);
        let diff = similar::TextDiff::from_lines(change.before, change.after);
        let mut unified = diff.unified_diff();
        let text = unified
            .header(&format!("a/{path}"), &format!("b/{path}"))
            .to_string();
        if for_terminal {
            for line in text.lines() {
                writeln!(out, "{}", escape(line))?;
            }
        } else {
            out.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_nothing_that_it_obeys() {
        let change = Change {
            path: "a\n.mdx",
            before: "one\r\ntwo\u{1b}[2J\n",
            after: "one\r\ntwo\n",
        };
        let written = |for_terminal| {
            let mut out = Vec::new();
            write(&[change], for_terminal, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(written(true).contains("-two\\u{1b}[2J\n+two\n"));
        assert!(written(false).contains(" one\r\n-two\u{1b}[2J\n+two\n"));
        assert!(written(false).starts_with("--- a/a\\n.mdx\n+++ b/a\\n.mdx\n"));
    }
}
