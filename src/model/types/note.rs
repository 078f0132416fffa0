//! What stands in brackets behind a type: `(nullable)`, `(uuid)`, `(enum: a | b)`, `(minutes)`.

use super::cursor::Cursor;
use super::grammar::{bare, modified};
use super::token::TokenKind;
use super::vocabulary;
use super::{Format, Type};

/// `type_` with the note that `inside` reads; nothing if the note cannot belong to it.
pub(super) fn apply(type_: Type, inside: Cursor<'_>) -> Option<Type> {
    let stray_quote =
        |kind: &TokenKind| matches!(kind, TokenKind::Symbol('"' | '\'' | '`' | '“' | '‘'));
    if matches!(type_, Type::Unknown(_))
        || inside.rest().iter().any(|token| stray_quote(&token.kind))
    {
        return None;
    }
    if let Some(values) = stated_values(inside, &type_) {
        return Some(values);
    }
    let mut modifiers = Vec::new();
    let mut texts = Vec::new();
    for part in inside.split(|symbol| symbol == ',') {
        let text = text_of(part);
        match vocabulary::modifier(text) {
            Some(modifier) => modifiers.push(modifier),
            None if text.is_empty() => {}
            None => texts.push(text),
        }
    }
    let noted = if texts.is_empty() {
        type_
    } else {
        with_format(type_, Format::parse(&texts.join(", ")))
    };
    Some(modifiers.into_iter().fold(noted, modified))
}

/// `(enum: a | b)`, `("a" | "b")`, `(0 | 1)` behind a type that takes values.
fn stated_values(inside: Cursor<'_>, type_: &Type) -> Option<Type> {
    let mut behind = inside;
    let stated = behind.take_heading();
    let base = match type_ {
        Type::Array(None) => &Type::Enum(None),
        base => base,
    };
    if !matches!(
        base,
        Type::String(_) | Type::Integer(_) | Type::Number(_) | Type::Enum(_)
    ) {
        return None;
    }
    let values = values(behind, base)?;
    let speaks_of_types = !stated
        && values.iter().any(|value| match value {
            Type::Literal(serde_json::Value::String(text)) => vocabulary::phrase(text).is_some(),
            _ => false,
        });
    if !stated
        && (values.len() < 2 || !behind.is_barred() || speaks_of_types)
        && !matches!(type_, Type::Enum(_))
    {
        return None;
    }
    let union = Type::union(values);
    Some(if matches!(type_, Type::Array(_)) {
        Type::array(union)
    } else {
        union
    })
}

impl Cursor<'_> {
    /// Moves behind `enum:`, `enum`, `one of`, `values:`.
    fn take_heading(&mut self) -> bool {
        let words: Vec<&str> = self
            .rest()
            .iter()
            .take(3)
            .map(|token| self.lexeme(token))
            .collect();
        let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let length = match lower.as_slice() {
            ["one", "of", ":"] => 3,
            ["enum" | "values" | "options", ":", ..] | ["one", "of", ..] => 2,
            ["enum", _, ..] => 1,
            _ => return false,
        };
        self.skip(length);
        true
    }

    /// True if bars stand between the parts, or all of them are quoted: plain speech has neither.
    fn is_barred(&self) -> bool {
        let tokens = self.rest();
        tokens
            .iter()
            .any(|token| token.kind == TokenKind::Symbol('|'))
            || tokens
                .iter()
                .any(|token| matches!(token.kind, TokenKind::Quoted { .. }))
    }
}

/// The values that `inside` lists, as literals that fit `base`; nothing if it is not a list of values.
pub(super) fn values(inside: Cursor<'_>, base: &Type) -> Option<Vec<Type>> {
    let mut values = Vec::new();
    let mut expects_value = true;
    for token in inside.rest() {
        let lexeme = inside.lexeme(token);
        let is_or = matches!(token.kind, TokenKind::Word) && vocabulary::is_or(lexeme);
        if matches!(token.kind, TokenKind::Symbol('|' | ',' | '/')) || is_or && !expects_value {
            if expects_value && !is_or {
                return None;
            }
            expects_value = true;
            continue;
        }
        if !expects_value {
            return None;
        }
        values.push(value(&token.kind, lexeme, base)?);
        expects_value = false;
    }
    (!expects_value).then_some(values)
}

fn value(kind: &TokenKind, lexeme: &str, base: &Type) -> Option<Type> {
    let strings = matches!(base, Type::String(_));
    let numbers = matches!(base, Type::Integer(_) | Type::Number(_));
    let value = match kind {
        TokenKind::Quoted { value, .. } if !numbers => value.clone().into(),
        TokenKind::Word if !numbers => match lexeme {
            "True" | "true" if !strings => true.into(),
            "False" | "false" if !strings => false.into(),
            "None" | "null" => return Some(Type::Null),
            word => word.into(),
        },
        TokenKind::Number if strings => lexeme.into(),
        TokenKind::Number => serde_json::from_str(lexeme).ok()?,
        _ => return None,
    };
    Some(Type::Literal(value))
}

/// What `enum<…>` says: `type_` is what its inside reads as if it were a type.
pub(super) fn enumeration(inside: Cursor<'_>, type_: Option<Type>) -> Option<Type> {
    match type_ {
        Some(Type::Union(parts))
            if parts
                .iter()
                .all(|part| bare(part).is_some() || is_literal(part)) =>
        {
            Some(Type::union(parts.iter().map(|part| match bare(part) {
                Some(word) => Type::Literal(word.into()),
                None => part.clone(),
            })))
        }
        Some(literal @ Type::Literal(_)) => Some(literal),
        Some(type_) if type_.is_understood() => Some(Type::Enum(Some(Box::new(type_)))),
        _ => values(inside, &Type::Enum(None)).map(Type::union),
    }
}

fn is_literal(type_: &Type) -> bool {
    matches!(type_, Type::Literal(_) | Type::Null)
}

/// The format of a base that takes one.
fn with_format(type_: Type, format: Format) -> Type {
    match (type_, format) {
        (Type::String(None), Format::Other(text)) if text.eq_ignore_ascii_case("binary") => {
            Type::File
        }
        (Type::String(None), format) => Type::String(Some(format)),
        (Type::Integer(None), format) => Type::Integer(Some(format)),
        (Type::Number(None), format) => Type::Number(Some(format)),
        (other, _) => other,
    }
}

/// The text that a cursor has left.
fn text_of(cursor: Cursor<'_>) -> &str {
    let (Some(first), Some(last)) = (cursor.rest().first(), cursor.rest().last()) else {
        return "";
    };
    cursor.text(first.range.start..last.range.end)
}
