//! Says whether braces hold something that is certainly not a JavaScript expression.
//!
//! MDX hands the inside of braces to a JavaScript parser, so prose such as `{ "a": 1 }` or `{user id}` breaks a page.
//! This recognizer knows operators, calls, members, arrays, objects, and conditionals. Whatever else it meets
//! (functions, JSX, regular expressions), it believes to be right: it must never accuse a page that builds.

/// The offset at which `source` stops being an expression, if that is certain.
pub(super) fn fault(source: &str) -> Option<usize> {
    let mut parser = Parser {
        source,
        at: 0,
        depth: 0,
    };
    match parser.sequence() {
        Err(Verdict::Wrong(at)) => Some(at),
        Err(Verdict::Unsure) => None,
        Ok(()) => {
            parser.space();
            (parser.at < source.len()).then_some(parser.at)
        }
    }
}

enum Verdict {
    Wrong(usize),
    Unsure,
}

type Outcome = Result<(), Verdict>;

const MAX_DEPTH: usize = 64;
const PREFIXES: [&str; 5] = ["typeof", "void", "delete", "await", "new"];
const BEYOND: [&str; 6] = ["function", "class", "async", "yield", "import", "super"];
const BINARY: [&str; 39] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "==", "!=", "<=",
    ">=", "&&", "||", "??", "**", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "+",
    "-", "*", "/", "%", "&", "|", "^", ">", "=",
];

struct Parser<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn sequence(&mut self) -> Outcome {
        self.assignment()?;
        while self.take(",") {
            self.assignment()?;
        }
        Ok(())
    }

    fn assignment(&mut self) -> Outcome {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Verdict::Unsure);
        }
        loop {
            self.operand()?;
            if self.take("=>") {
                self.space();
                if self.rest().is_empty() {
                    return Err(Verdict::Wrong(self.at));
                }
                return Err(Verdict::Unsure);
            }
            if self.rest().starts_with('<')
                && !self.rest().starts_with("<=")
                && !self.rest().starts_with("<<")
            {
                self.at += 1;
                continue;
            }
            if self.rest().starts_with('?') && !self.rest().starts_with("??") {
                self.at += 1;
                self.assignment()?;
                if !self.take(":") {
                    return Err(Verdict::Wrong(self.at));
                }
                self.assignment()?;
                break;
            }
            let operator = BINARY
                .iter()
                .find(|operator| self.rest().starts_with(**operator));
            match operator {
                Some(&"...") => return Err(Verdict::Wrong(self.at)),
                Some(operator) => self.at += operator.len(),
                None if self.word("in") || self.word("instanceof") => {}
                None => break,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn operand(&mut self) -> Outcome {
        loop {
            self.space();
            let prefix = ["++", "--", "!", "~", "+", "-"]
                .iter()
                .any(|sign| self.take(sign));
            if !prefix && !PREFIXES.iter().any(|word| self.word(word)) {
                break;
            }
        }
        let start = self.at;
        match self.peek() {
            Some('<') if !self.is_jsx() => return Err(Verdict::Wrong(start)),
            Some('<' | '/') => return Err(Verdict::Unsure),
            Some('(') => self.group(')', Self::sequence)?,
            Some('[') => self.group(']', Self::element)?,
            Some('{') => self.group('}', Self::member)?,
            Some('"' | '\'') => self.string()?,
            Some('`') => self.template()?,
            Some(c) if c.is_ascii_digit() || c == '.' => self.number()?,
            Some(c) if super::tag::is_name_start(c) => {
                if BEYOND.iter().any(|word| self.word(word)) {
                    return Err(Verdict::Unsure);
                }
                self.identifier();
            }
            _ => return Err(Verdict::Wrong(start)),
        }
        self.postfixes()
    }

    fn is_jsx(&self) -> bool {
        let name = self.rest().get(1..).unwrap_or_default().trim_start();
        name.starts_with(|c| c == '>' || super::tag::is_name_start(c))
    }

    fn postfixes(&mut self) -> Outcome {
        loop {
            self.space();
            match self.peek() {
                Some('(') => self.group(')', Self::element)?,
                Some('[') => self.group(']', Self::sequence)?,
                Some('`') => self.template()?,
                Some('.') if !self.rest().starts_with("..") => {
                    self.at += 1;
                    self.space();
                    if !self.peek().is_some_and(super::tag::is_name_start) {
                        return Err(Verdict::Wrong(self.at));
                    }
                    self.identifier();
                }
                Some('?') if self.rest().starts_with("?.") => {
                    self.at += 2;
                    self.space();
                    if self.peek().is_some_and(super::tag::is_name_start) {
                        self.identifier();
                    }
                }
                Some('+') if self.take("++") => {}
                Some('-') if self.take("--") => {}
                _ => return Ok(()),
            }
        }
    }

    /// A bracketed list; `()` and `( … ) =>` lead into functions and are left alone.
    fn group(&mut self, close: char, item: fn(&mut Self) -> Outcome) -> Outcome {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Verdict::Unsure);
        }
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                None => return Err(Verdict::Unsure),
                Some(c) if c == close => break,
                Some(',') => self.at += 1,
                Some(_) => {
                    item(self)?;
                    self.space();
                    if !matches!(self.peek(), Some(c) if c == ',' || c == close) {
                        return Err(Verdict::Wrong(self.at));
                    }
                }
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    fn element(&mut self) -> Outcome {
        self.take("...");
        self.assignment()
    }

    /// A member of an object: `key`, `key: value`, `[key]: value`, `...rest`; methods are left alone.
    fn member(&mut self) -> Outcome {
        self.space();
        if self.take("...") {
            return self.assignment();
        }
        match self.peek() {
            Some('[' | '*') => return Err(Verdict::Unsure),
            Some('"' | '\'') => self.string()?,
            Some(c) if c.is_ascii_digit() => self.number()?,
            Some(c) if super::tag::is_name_start(c) => self.identifier(),
            _ => return Err(Verdict::Wrong(self.at)),
        }
        self.space();
        match self.peek() {
            Some(':') => {
                self.at += 1;
                self.assignment()
            }
            Some(',' | '}') => Ok(()),
            Some('(' | '=') => Err(Verdict::Unsure),
            Some(c) if super::tag::is_name_start(c) => Err(Verdict::Unsure),
            _ => Err(Verdict::Wrong(self.at)),
        }
    }

    fn identifier(&mut self) {
        while self
            .peek()
            .is_some_and(|c| super::tag::is_name_start(c) || c.is_numeric())
        {
            self.bump();
        }
    }

    fn number(&mut self) -> Outcome {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_')
        {
            self.bump();
        }
        let text = self.source.get(start..self.at).unwrap_or_default();
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if plain && (text.matches('.').count() > 1 || text == ".") {
            return Err(Verdict::Wrong(start));
        }
        if !plain
            && !text.starts_with("0x")
            && text
                .bytes()
                .any(|b| b.is_ascii_alphabetic() && b != b'e' && b != b'n')
        {
            return Err(Verdict::Wrong(start));
        }
        Ok(())
    }

    fn string(&mut self) -> Outcome {
        let start = self.at;
        let quote = self.peek();
        self.at += 1;
        while let Some(c) = self.peek() {
            match c {
                '\\' => {
                    self.bump();
                    self.bump();
                }
                '\n' => break,
                _ => {
                    self.bump();
                    if Some(c) == quote {
                        return Ok(());
                    }
                }
            }
        }
        Err(Verdict::Wrong(start))
    }

    fn template(&mut self) -> Outcome {
        match super::expression::template_end(self.source, self.at) {
            Some(end) => {
                self.at = end;
                Ok(())
            }
            None => Err(Verdict::Unsure),
        }
    }

    fn space(&mut self) {
        self.at = super::expression::skip_space(self.source, self.at);
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let followed = self.rest().strip_prefix(word).is_some_and(|after| {
            !after.starts_with(|c: char| super::tag::is_name_start(c) || c.is_numeric())
        });
        if followed {
            self.at += word.len();
        }
        followed
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_not_accused() {
        for source in [
            "a",
            "a.b[0](1, ...c)",
            "a ? b : c",
            "-1.5e3",
            "`x${y}z`",
            "{a: 1, 'b': [2,,3], ...c}",
            "a && <B/>",
            "list.map((x) => x)",
            "() => {}",
            "function () {}",
            "!a || typeof b === 'c'",
            "a < b",
            "new Date()",
            "{name}",
            "\"text\"",
            "/x/.test(y)",
            "a, b",
            "x = 1",
            "a?.b ?? c",
            "async () => 1",
            "(a)",
            "a\n  .b",
        ] {
            assert_eq!(fault(source), None, "{source}");
        }
    }

    #[test]
    fn prose_and_json_in_braces_are_faults() {
        for source in [
            " \"a\": 1 ",
            "user id",
            "...",
            "a b c",
            "a: b",
            "{user.name}",
            "1.2.3",
            "key:",
            "…",
            "a;",
        ] {
            assert!(fault(source).is_some(), "{source}");
        }
    }
}
