//! Type strings cut into tokens, and the brackets among them paired.

use std::ops::Range;

/// A token and its bytes in the type string.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
    /// The token number of the other bracket, if this is a bracket that has one.
    pub(super) partner: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// Letters, digits, `_`, `$`, and between them `.` and `-`.
    Word,
    /// A number as JSON writes it.
    Number,
    /// Text in quotes, its escapes resolved.
    Quoted { value: String, backticks: bool },
    /// Any other character; `…` for `...`, `⇒` for `=>`, and `|` and `&` for themselves doubled.
    Symbol(char),
}

/// The tokens of `text`; nothing if its round, square, or curly brackets do not pair up.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    // Quotes that are not closed, so that their other half is looked for only once.
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let (kind, length) = next(rest, before, &mut open);
        if let Some(kind) = kind {
            tokens.push(Token {
                kind,
                range: at..at + length,
                partner: None,
            });
        }
        at += length;
    }
    pair(&mut tokens)?;
    Some(tokens)
}

/// The token at the start of `rest`, if it is one, and its length, which is never 0.
fn next(rest: &str, before: Option<char>, open: &mut Vec<char>) -> (Option<TokenKind>, usize) {
    let Some(first) = rest.chars().next() else {
        return (None, 1);
    };
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    let opens = closing_quote(first).filter(|_| !before.is_some_and(char::is_alphanumeric));
    if let Some(close) = opens.filter(|_| !open.contains(&first)) {
        if let Some((kind, length)) = quoted(rest, first, close) {
            return (Some(kind), length);
        }
        open.push(first);
    }
    if let Some(length) = number(rest) {
        return (Some(TokenKind::Number), length);
    }
    if is_word(first) {
        return (Some(TokenKind::Word), word(rest));
    }
    symbol(rest, first)
}

fn symbol(rest: &str, first: char) -> (Option<TokenKind>, usize) {
    for (spelling, symbol) in [("...", '…'), ("=>", '⇒'), ("||", '|'), ("&&", '&')] {
        if rest.starts_with(spelling) {
            return (Some(TokenKind::Symbol(symbol)), spelling.len());
        }
    }
    // Table cells need `\|`, and some authors write it everywhere.
    if first == '\\'
        && rest
            .get(1..2)
            .is_some_and(|next| "|<>[]{}()_*".contains(next))
    {
        return (None, 1);
    }
    let plain = match first {
        '（' => '(',
        '）' => ')',
        '，' | '、' => ',',
        '｜' => '|',
        '：' => ':',
        other => other,
    };
    (Some(TokenKind::Symbol(plain)), first.len_utf8())
}

/// The quote that closes what `quote` opens.
fn closing_quote(quote: char) -> Option<char> {
    match quote {
        '"' | '\'' | '`' => Some(quote),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

fn quoted(rest: &str, first: char, close: char) -> Option<(TokenKind, usize)> {
    let inside = rest.get(first.len_utf8()..)?;
    let mut escaped = false;
    let end = inside.char_indices().find_map(|(at, c)| {
        let closes = c == close && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })?;
    let raw = inside.get(..end)?;
    let length = first.len_utf8() + end + close.len_utf8();
    let value = match rest.get(..length).map(serde_json::from_str::<String>) {
        Some(Ok(value)) => value,
        _ => raw.replace(&format!("\\{close}"), &close.to_string()),
    };
    let backticks = first == '`';
    Some((TokenKind::Quoted { value, backticks }, length))
}

/// The length of the number at the start of `rest`; digits that a word begins with are no number.
fn number(rest: &str) -> Option<usize> {
    let digits = |from: usize| {
        let tail = rest.get(from..).unwrap_or_default();
        tail.bytes().take_while(u8::is_ascii_digit).count()
    };
    let sign = usize::from(rest.starts_with('-'));
    let whole = digits(sign);
    if whole == 0 {
        return None;
    }
    let mut length = sign + whole;
    if rest.get(length..)?.starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if rest.get(length..)?.starts_with(['e', 'E']) {
        let signed = usize::from(rest.get(length + 1..)?.starts_with(['+', '-']));
        let exponent = digits(length + 1 + signed);
        if exponent > 0 {
            length += 1 + signed + exponent;
        }
    }
    let next = rest.get(length..)?.chars().next();
    (!next.is_some_and(|next| is_word(next) && !is_ideograph(next))).then_some(length)
}

/// The Chinese "or", which stands between words without spaces.
const OR: char = '或';

/// The length of the word at the start of `rest`, which starts with a character of a word.
///
/// `string数组` is two words: authors who write ideographs do not put spaces around them.
fn word(rest: &str) -> usize {
    if rest.starts_with(OR) {
        return OR.len_utf8();
    }
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    let mut script = None;
    while let Some((at, c)) = characters.next() {
        let inner = matches!(c, '.' | '-')
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_alphanumeric() && !is_ideograph(*next));
        if !inner
            && (!is_word(c) || c == OR || script.is_some_and(|script| script != is_ideograph(c)))
        {
            break;
        }
        if !inner {
            script = Some(is_ideograph(c));
        }
        end = at + c.len_utf8();
    }
    end
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn is_ideograph(c: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{f900}'..='\u{faff}').contains(&c)
}

/// Gives each bracket its partner. `<` and `>` may stand alone, since they also compare.
fn pair(tokens: &mut [Token]) -> Option<()> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut pairs = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenKind::Symbol(symbol) = token.kind else {
            continue;
        };
        let opening = match symbol {
            '(' | '[' | '{' | '<' => {
                open.push((index, symbol));
                continue;
            }
            ')' => '(',
            ']' => '[',
            '}' => '{',
            '>' if open.last().is_some_and(|(_, top)| *top == '<') => '<',
            _ => continue,
        };
        while opening != '<' && open.last().is_some_and(|(_, top)| *top == '<') {
            open.pop();
        }
        let (start, _) = open.pop().filter(|(_, top)| *top == opening)?;
        pairs.push((start, index));
    }
    for (start, end) in pairs {
        tokens.get_mut(start)?.partner = Some(end);
        tokens.get_mut(end)?.partner = Some(start);
    }
    open.iter().all(|(_, top)| *top == '<').then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexemes(text: &str) -> Vec<&str> {
        tokens(text)
            .expect("brackets pair up")
            .into_iter()
            .map(|token| &text[token.range])
            .collect()
    }

    #[test]
    fn words_keep_inner_dots_and_hyphens() {
        assert_eq!(
            lexemes("date-time a.b ...x"),
            ["date-time", "a.b", "...", "x"]
        );
    }

    #[test]
    fn ideographs_stand_apart_from_letters() {
        assert_eq!(
            lexemes("string数组或null"),
            ["string", "数组", "或", "null"]
        );
        assert_eq!(lexemes("book-或null"), ["book", "-", "或", "null"]);
    }

    #[test]
    fn quotes_open_only_at_the_start_of_a_token() {
        assert_eq!(lexemes("user's 'a b'"), ["user", "'", "s", "'a b'"]);
    }

    #[test]
    fn comparisons_need_no_partner_but_brackets_do() {
        assert!(tokens("integer (> 0)").is_some());
        assert!(tokens("integer (0").is_none());
        assert!(tokens("(a]").is_none());
    }
}
