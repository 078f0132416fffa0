//! Splits one command into words, as a POSIX shell does, up to where the command ends.

use std::ops::Range;

use super::word::Word;
use super::{Decoded, Fault, FaultKind};

/// The words of a command.
#[derive(Debug, Default)]
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    /// The text of a heredoc or of `<<<`, which the command reads as its standard input.
    pub(super) input: Option<Decoded>,
    pub(super) faults: Vec<Fault>,
    /// Where the next command can begin.
    pub(super) end: usize,
}

/// Reads the words from byte `start` on; `ends_at` is the character that ends a command in `$(…)` or backticks.
pub(super) fn command(text: &str, start: usize, ends_at: Option<char>) -> Command {
    let mut lexer = Lexer {
        text,
        at: start,
        ends_at,
        heredoc: None,
        faults: Vec::new(),
    };
    let mut command = Command::default();
    while let Some(char) = lexer.next_token(&command.words) {
        match char {
            '<' | '>' if lexer.placeholder().is_none() => lexer.redirection(&mut command.input),
            '|' | '&' | ';' => break,
            _ if Some(char) == ends_at => break,
            _ => {
                let word = lexer.word();
                if word.range.is_empty() {
                    lexer.bump();
                } else if !lexer.is_descriptor(&word) {
                    command.words.push(word);
                }
            }
        }
    }
    if let Some(delimiter) = lexer.heredoc.take() {
        command.input = Some(lexer.heredoc_lines(&delimiter));
    }
    command.end = lexer.at;
    command.faults = lexer.faults;
    command
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) ends_at: Option<char>,
    /// The delimiter of the heredoc that begins on the next line.
    heredoc: Option<String>,
    pub(super) faults: Vec<Fault>,
}

/// A backslash at the end of a line.
pub(super) struct LineBreak {
    length: usize,
    /// True if no space stands between the backslash and the end of the line.
    pub(super) is_clean: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    pub(super) fn fault(&mut self, kind: FaultKind, range: Range<usize>) {
        self.faults.push(Fault::new(kind, range));
    }

    /// Skips spaces, continued lines, and comments, and returns the first character of the next token.
    fn next_token(&mut self, words: &[Word]) -> Option<char> {
        loop {
            self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
            match self.peek()? {
                '\n' => {
                    if self.heredoc.is_some() || !self.goes_on_without_backslash(words) {
                        return None;
                    }
                    self.at += 1;
                }
                '\\' | '^' | '`' if self.line_break_after_backslash().is_some() => {
                    self.continuation()?;
                }
                '#' => self.at += self.line().len(),
                char => return Some(char),
            }
        }
    }

    /// What is left of the line.
    fn line(&self) -> &'a str {
        self.rest().split('\n').next().unwrap_or_default()
    }

    /// The rest of the line, if a continuation character and nothing else stands on it.
    pub(super) fn line_break_after_backslash(&self) -> Option<LineBreak> {
        let line = self.line();
        let after = line.get(1..)?;
        let is_last = self.at + line.len() == self.text.len();
        after.trim_ascii().is_empty().then(|| LineBreak {
            length: line.len() + usize::from(!is_last),
            is_clean: after.is_empty() || after == "\r",
        })
    }

    pub(super) fn skip_line_break(&mut self) {
        if let Some(line_break) = self.line_break_after_backslash() {
            self.at += line_break.length;
        }
    }

    /// Takes a continuation; nothing if the command ends there all the same.
    fn continuation(&mut self) -> Option<()> {
        let line_break = self.line_break_after_backslash()?;
        let backslash = self.at..self.at + 1;
        let next = self.slice(self.at + line_break.length..self.text.len());
        let next = next.split('\n').next().unwrap_or_default().trim();
        let begins_command = next.starts_with("curl ") || next.starts_with("```");
        if next.is_empty() || begins_command {
            self.fault(FaultKind::DanglingBackslash, backslash);
            self.at += line_break.length;
            return None;
        }
        if !line_break.is_clean {
            self.fault(FaultKind::BrokenContinuation, backslash);
        }
        self.at += line_break.length;
        Some(())
    }

    /// True if the next line can only be a part of this command: it begins with a flag, or has what a flag waits for.
    fn goes_on_without_backslash(&mut self, words: &[Word]) -> bool {
        let next = self.rest().strip_prefix('\n').unwrap_or_default();
        let next = next.trim_start_matches([' ', '\t']);
        let flag = next
            .strip_prefix('-')
            .map(|flag| flag.strip_prefix('-').unwrap_or(flag));
        let begins_flag =
            flag.is_some_and(|flag| flag.starts_with(|char: char| char.is_ascii_alphabetic()));
        let begins_url = ["http://", "https://"]
            .iter()
            .any(|scheme| next.trim_start_matches(['\'', '"']).starts_with(scheme));
        let last = words.last().map_or("", |word| word.text.text());
        let waits = last.starts_with("--data")
            || matches!(last, "-d" | "-H" | "--header" | "-F" | "--form" | "--json");
        let goes_on = begins_flag
            || (begins_url && !words.iter().any(|word| word.text.text().contains("://")))
            || (waits && next.starts_with(['\'', '"', '{']));
        if goes_on {
            let end = self.at - usize::from(self.slice(0..self.at).ends_with('\r'));
            self.fault(FaultKind::MissingContinuation, end..end);
        }
        goes_on
    }

    /// True if a word is the number before a redirection, as in `2>&1`.
    fn is_descriptor(&self, word: &Word) -> bool {
        let is_number = word.text.text().bytes().all(|byte| byte.is_ascii_digit());
        is_number && !word.text.text().is_empty() && matches!(self.peek(), Some('>' | '<'))
    }

    /// Takes a redirection with its target.
    fn redirection(&mut self, input: &mut Option<Decoded>) {
        let rest = self.rest();
        let is_here_string = rest.starts_with("<<<");
        let is_heredoc = rest.starts_with("<<") && !is_here_string;
        self.skip(|byte| matches!(byte, b'<' | b'>' | b'&' | b'-'));
        self.skip(|byte| matches!(byte, b' ' | b'\t'));
        let target = self.word();
        if is_here_string {
            *input = Some(target.text);
        } else if is_heredoc {
            self.heredoc = Some(target.text.text().to_owned());
        }
    }

    pub(super) fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        self.at += self
            .rest()
            .bytes()
            .take_while(|byte| is_skipped(*byte))
            .count();
    }

    /// Takes the lines of a heredoc, from the next line to its delimiter.
    fn heredoc_lines(&mut self, delimiter: &str) -> Decoded {
        let mut body = Decoded::default();
        let line = self.line();
        let mut at = self.at + line.len() + 1;
        let mut end = at;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            let line = rest.split_inclusive('\n').next().unwrap_or_default();
            end = at + line.len();
            if line.trim() == delimiter {
                break;
            }
            body.push(line, at);
            at = end;
        }
        self.at = end.min(self.text.len());
        body
    }
}
