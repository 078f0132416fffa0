//! The lower half of the grammar: names, phrases, literals, groups, and what stands behind them.

use super::cursor::Cursor;
use super::grammar::{is_of, map_to, modified};
use super::note;
use super::token::TokenKind;
use super::vocabulary::{self, Container, Modifier};
use super::{RecordMember, Type};

/// What stands behind a type cannot belong to it.
pub(super) struct Misfit;

/// Suffixes and what they follow.
impl Cursor<'_> {
    pub(super) fn postfixed(&mut self) -> Option<Type> {
        let mut type_ = self.primary()?;
        while let Some(next) = self.suffix(&type_).ok()? {
            type_ = next;
        }
        Some(type_)
    }

    /// `type_` with the suffix at the cursor, if there is one.
    fn suffix(&mut self, type_: &Type) -> Result<Option<Type>, Misfit> {
        let Some(token) = self.peek() else {
            return Ok(None);
        };
        match token.kind {
            TokenKind::Symbol('[') if self.is_at_empty_bracket() => {
                self.skip(2);
                self.array_of(type_).map(Some)
            }
            TokenKind::Symbol('?') => {
                self.skip(1);
                Ok(Some(modified(type_.clone(), Modifier::Optional)))
            }
            // A mark for "required", in GraphQL and in tables.
            TokenKind::Symbol('!' | '*') => {
                self.skip(1);
                Ok(Some(type_.clone()))
            }
            TokenKind::Symbol('(') => {
                let inside = self.bracket().ok_or(Misfit)?;
                note::apply(type_.clone(), inside).map(Some).ok_or(Misfit)
            }
            TokenKind::Symbol(':') if matches!(type_, Type::Enum(_)) => {
                self.skip(1);
                let values = note::values(self.take_rest(), type_).ok_or(Misfit)?;
                Ok(Some(Type::union(values)))
            }
            TokenKind::Word => self.word_behind(type_),
            _ => Ok(None),
        }
    }

    /// `type_[]`, unless that would be nested too deep to print and read again.
    fn array_of(&mut self, type_: &Type) -> Result<Type, Misfit> {
        match type_ {
            _ if !self.descend() => Err(Misfit),
            // `array[]` is an array written twice, not an array of arrays.
            Type::Array(None) => Ok(Type::Array(None)),
            items => Ok(Type::array(items.clone())),
        }
    }

    fn word_behind(&mut self, type_: &Type) -> Result<Option<Type>, Misfit> {
        if let Some(modifier) = self.take_modifier() {
            return Ok(Some(modified(type_.clone(), modifier)));
        }
        let Some((length, next)) = self.phrase() else {
            return Ok(None);
        };
        let word = self.word().unwrap_or_default();
        if next == Type::Array(None) && vocabulary::container(word) == Some(Container::Array) {
            self.skip(length);
            return self.array_of(type_).map(Some);
        }
        let together = together(type_, next);
        if together.is_some() {
            self.skip(length);
        }
        Ok(together)
    }

    fn primary(&mut self) -> Option<Type> {
        let token = self.peek()?;
        match &token.kind {
            TokenKind::Quoted { value, backticks } => {
                self.skip(1);
                let named = backticks.then(|| vocabulary::phrase(value)).flatten();
                Some(named.unwrap_or_else(|| Type::Literal(value.clone().into())))
            }
            TokenKind::Number => {
                self.skip(1);
                let number: serde_json::Number = serde_json::from_str(self.lexeme(token)).ok()?;
                Some(Type::Literal(number.into()))
            }
            TokenKind::Symbol('(') => self.group(),
            TokenKind::Symbol('{') => self.bracket()?.record(),
            TokenKind::Symbol('[') => {
                let items = self.bracket()?.list()?;
                match <[Type; 1]>::try_from(items) {
                    Ok([only]) => Some(Type::array(only)),
                    Err(items) if items.is_empty() => Some(Type::Array(None)),
                    Err(items) => Some(Type::Tuple(items)),
                }
            }
            TokenKind::Symbol(_) => None,
            TokenKind::Word => self.name(),
        }
    }

    /// `(a | b)`, or the parameters of a function and what it gives.
    fn group(&mut self) -> Option<Type> {
        let inside = self.bracket()?;
        if self.take_symbol('⇒') {
            self.deeper(Self::union)?;
            return Some(Type::Named("function".to_owned()));
        }
        inside.whole(Self::union)
    }

    fn record(self) -> Option<Type> {
        let mut members = Vec::new();
        for mut part in self.split(|symbol| matches!(symbol, ',' | ';')) {
            if part.symbol() == Some('[') {
                part.bracket()?;
                let value = part.take_symbol(':').then(|| part.whole(Self::alone))??;
                return Some(map_to(value)).filter(|_| members.is_empty());
            }
            let token = part.peek()?;
            let name = match &token.kind {
                TokenKind::Quoted { value, .. } => value.clone(),
                TokenKind::Word | TokenKind::Number => part.lexeme(token).to_owned(),
                TokenKind::Symbol(_) => return None,
            };
            part.skip(1);
            let optional = part.take_symbol('?');
            let type_ = part.take_symbol(':').then(|| part.whole(Self::alone))??;
            members.push(RecordMember {
                name,
                optional,
                type_,
            });
        }
        Some(if members.is_empty() {
            Type::Object
        } else {
            Type::Record(members)
        })
    }

    /// The types between the commas.
    pub(super) fn list(self) -> Option<Vec<Type>> {
        let parts = self.split(|symbol| symbol == ',').into_iter();
        parts.map(|part| part.whole(Self::alone)).collect()
    }

    /// A type one level deeper; a word on its own may stand in the plural.
    pub(super) fn alone(&mut self) -> Option<Type> {
        let is_word = self.rest().len() == 1;
        self.deeper(if is_word { Self::item } else { Self::union })
    }

    fn name(&mut self) -> Option<Type> {
        if let Some(type_) = self.generic().ok()? {
            return Some(type_);
        }
        if let Some((length, type_)) = self.media_type().or_else(|| self.phrase()) {
            self.skip(length);
            return Some(type_);
        }
        let word = self.word()?;
        self.skip(1);
        if vocabulary::is_name(word) {
            return Some(Type::Named(word.to_owned()));
        }
        let reserved = vocabulary::is_or(word)
            || is_of(word)
            || word == "and"
            || vocabulary::modifier(word).is_some();
        (!reserved).then(|| Type::Unknown(word.to_owned()))
    }

    /// The longest known phrase at the cursor, and how many tokens it has.
    fn phrase(&self) -> Option<(usize, Type)> {
        let words = self.rest().iter().take(vocabulary::LONGEST_PHRASE);
        let words =
            words.take_while(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number));
        let lexemes: Vec<&str> = words.map(|token| self.lexeme(token)).collect();
        let text_of = |length: usize| lexemes.get(..length).unwrap_or_default().join(" ");
        let lengths = (1..=lexemes.len()).rev();
        lengths
            .filter(|_| self.word().is_some())
            .find_map(|length| Some((length, vocabulary::phrase(&text_of(length))?)))
    }

    fn media_type(&self) -> Option<(usize, Type)> {
        let [class, slash, rest, ..] = self.rest() else {
            return None;
        };
        let range = class.range.start..rest.range.end;
        let adjoins = class.range.end == slash.range.start && slash.range.end == rest.range.start;
        let text = self.text(range).to_lowercase();
        Some((3, vocabulary::media_type(&text).filter(|_| adjoins)?))
    }
}

/// The type that two say together, such as `string date-time` and `User object`.
fn together(first: &Type, second: Type) -> Option<Type> {
    Some(match (first, second) {
        (
            Type::Array(None),
            items @ (Type::Object
            | Type::String(_)
            | Type::Integer(_)
            | Type::Number(_)
            | Type::Boolean),
        ) => Type::array(items),
        (Type::Named(_) | Type::Unknown(_) | Type::String(_) | Type::Any, Type::Object) => {
            Type::Object
        }
        (Type::String(_) | Type::Integer(_) | Type::Number(_), Type::Enum(None)) => {
            Type::Enum(Some(Box::new(first.clone())))
        }
        (Type::String(None), Type::String(format)) => Type::String(format),
        (Type::String(format), Type::String(None)) => Type::String(format.clone()),
        (Type::Integer(None) | Type::Number(_), Type::Integer(format)) => Type::Integer(format),
        (Type::Integer(format), Type::Integer(None) | Type::Number(None)) => {
            Type::Integer(format.clone())
        }
        (Type::Number(None), Type::Number(format)) => Type::Number(format),
        (Type::Number(format), Type::Number(None)) => Type::Number(format.clone()),
        _ => return None,
    })
}
