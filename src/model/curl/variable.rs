//! What the reader of a page is meant to fill in, in all the ways authors mark it.

use std::ops::Range;

use super::Decoded;

/// A place to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name, without its marks.
    pub name: String,
    /// How it is marked.
    pub form: VariableForm,
    /// Its bytes, marks included.
    pub range: Range<usize>,
}

/// How a variable is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VariableForm {
    /// `$NAME`, `${NAME}`
    Shell,
    /// `$(command)`
    Command,
    /// `<name>`
    Angle,
    /// `{{name}}`
    DoubleBrace,
    /// `{name}`
    Brace,
    /// `:name` as a segment of a path
    Colon,
    /// `YOUR_NAME`, `your-name`, `API_KEY`
    Word,
}

/// How far the closing mark is looked for.
const LONGEST: usize = 120;

/// In what kind of text variables are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `:name` is a variable here.
    Url,
    /// A header, a user, or a part of a form.
    Plain,
    /// JSON and the like, where words in capitals and tags are data.
    Body,
}

/// Appends every variable in a text.
pub(super) fn find(text: &Decoded, place: Place, found: &mut Vec<Variable>) {
    let whole = text.text();
    let mut at = 0;
    while let Some(rest) = whole.get(at..).filter(|rest| !rest.is_empty()) {
        let before = whole
            .get(..at)
            .and_then(|before| before.chars().next_back());
        if let Some((form, name, length)) = variable(rest, before, place) {
            found.push(Variable {
                name: name.to_owned(),
                form,
                range: text.range(at..at + length),
            });
            at += length;
        } else {
            let word = word_length(rest);
            at += if word > 0 {
                word
            } else {
                rest.chars().next().map_or(1, char::len_utf8)
            };
        }
    }
}

type Match<'a> = (VariableForm, &'a str, usize);

fn variable(rest: &str, before: Option<char>, place: Place) -> Option<Match<'_>> {
    match rest.chars().next()? {
        '$' => shell(rest),
        '{' if rest.starts_with("{{") => enclosed(rest, "{{", "}}", VariableForm::DoubleBrace),
        '{' => enclosed(rest, "{", "}", VariableForm::Brace),
        '<' => enclosed(rest, "<", ">", VariableForm::Angle)
            .filter(|(_, _, length)| place != Place::Body || is_alone(rest, before, *length)),
        ':' if place == Place::Url && before == Some('/') => colon(rest),
        _ => word(rest, before, place),
    }
}

fn shell(rest: &str) -> Option<Match<'_>> {
    if let Some((_, name, length)) = enclosed(rest, "${", "}", VariableForm::Shell) {
        return Some((VariableForm::Shell, name, length));
    }
    if let Some(inner) = rest.strip_prefix("$(") {
        let ahead = inner
            .bytes()
            .take(LONGEST)
            .take_while(|byte| *byte != b'\n');
        let length = ahead.into_iter().position(|byte| byte == b')')?;
        return Some((
            VariableForm::Command,
            inner.get(..length)?,
            length + "$()".len(),
        ));
    }
    let name = rest.strip_prefix('$')?;
    let length = name
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    let name = name.get(..length)?;
    let is_name = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    is_name.then_some((VariableForm::Shell, name, length + 1))
}

fn enclosed<'a>(rest: &'a str, open: &str, close: &str, form: VariableForm) -> Option<Match<'a>> {
    let inner = rest.strip_prefix(open)?;
    let is_name = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'$')
    };
    let length = inner.bytes().take(LONGEST).take_while(is_name).count();
    let name = inner.get(..length)?;
    let is_closed = inner.get(length..)?.starts_with(close);
    let trimmed = name.trim();
    let is_name =
        trimmed.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '_' | '$'));
    (is_closed && is_name).then_some((form, trimmed, open.len() + length + close.len()))
}

/// True if a tag makes up a whole value, as `"<id>"`, and is no markup.
fn is_alone(rest: &str, before: Option<char>, length: usize) -> bool {
    let after = rest.get(length..).and_then(|after| after.chars().next());
    let opens = before
        .is_none_or(|char| char.is_whitespace() || matches!(char, '"' | '\'' | ':' | '=' | '['));
    let closes = after.is_none_or(|char| {
        char.is_whitespace() || matches!(char, '"' | '\'' | ',' | '}' | ']' | '&')
    });
    opens && closes
}

fn colon(rest: &str) -> Option<Match<'_>> {
    let name = rest.strip_prefix(':')?;
    let length = name
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    let name = name
        .get(..length)
        .filter(|name| name.starts_with(|char: char| char.is_ascii_alphabetic()))?;
    Some((VariableForm::Colon, name, length + 1))
}

fn word_length(rest: &str) -> usize {
    rest.bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count()
}

/// `YOUR_NAME` in any case, or a word in capitals with an underscore.
fn word(rest: &str, before: Option<char>, place: Place) -> Option<Match<'_>> {
    if before.is_some_and(|char| char.is_alphanumeric() || char == '_') {
        return None;
    }
    let word = rest.get(..word_length(rest))?;
    let is_your = ["your_", "your-"].iter().any(|prefix| {
        let start = word.get(..prefix.len());
        word.len() > prefix.len() && start.is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    });
    let is_capitals = word.contains('_')
        && word.starts_with(|char: char| char.is_ascii_uppercase())
        && word
            .split('_')
            .all(|part| part.contains(|char: char| char.is_ascii_uppercase()))
        && !word.contains(|char: char| char.is_ascii_lowercase() || char == '-');
    (is_your || (is_capitals && place != Place::Body)).then_some((
        VariableForm::Word,
        word,
        word.len(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, place: Place) -> Vec<String> {
        let mut decoded = Decoded::default();
        decoded.push(text, 0);
        let mut found = Vec::new();
        find(&decoded, place, &mut found);
        for variable in &found {
            assert!(text[variable.range.clone()].contains(&variable.name));
        }
        found.into_iter().map(|variable| variable.name).collect()
    }

    #[test]
    fn every_mark_is_known() {
        assert_eq!(
            names("$HOST/a/:id/{b}/{{ c }}/<d e>/YOUR_F?g=${G}", Place::Url),
            ["HOST", "id", "b", "c", "d e", "YOUR_F", "G"]
        );
        assert_eq!(names("Bearer API_KEY", Place::Plain), ["API_KEY"]);
        assert_eq!(
            names("Bearer $(cat token) your-token", Place::Plain),
            ["cat token", "your-token"]
        );
    }

    #[test]
    fn data_is_not_a_variable() {
        assert!(
            names(
                r#"{"s": "IN_PROGRESS", "h": "<p>a</p>", "t": "10:30", "c": "$5"}"#,
                Place::Body
            )
            .is_empty()
        );
        assert!(names("https://h:8080/a:b/JSON/X-Y_z/ORD_12345", Place::Url).is_empty());
        assert_eq!(
            names(r#"{"id": "<id>", "n": {n}, "k": "YOUR_KEY"}"#, Place::Body),
            ["id", "n", "YOUR_KEY"]
        );
    }
}
