//! The grammar of brackets behind a word: `array<X>`, `Record<K, V>`, `Literal[…]`, `string<email>`.

use super::Type;
use super::cursor::Cursor;
use super::grammar::{map_to, modified, values_or_types};
use super::note;
use super::primary::Misfit;
use super::token::TokenKind;
use super::vocabulary::{self, Container, Modifier};

impl Cursor<'_> {
    /// A word and the brackets behind it; nothing if there are none that belong to it.
    pub(super) fn generic(&mut self) -> Result<Option<Type>, Misfit> {
        let (Some(word), Some(open)) = (self.word(), self.rest().get(1)) else {
            return Ok(None);
        };
        let container = vocabulary::container(word);
        let mut ahead = *self;
        ahead.skip(1);
        let symbol = match open.kind {
            TokenKind::Symbol(symbol @ ('<' | '['))
                if open.partner.is_some() && !ahead.is_at_empty_bracket() =>
            {
                symbol
            }
            TokenKind::Symbol('(') if container.is_some() => '(',
            _ => return Ok(None),
        };
        *self = ahead;
        let inside = self.bracket().ok_or(Misfit)?;
        let type_ = match container {
            Some(container) => inside.contents(container, symbol),
            None => inside.arguments_of(word, symbol),
        };
        type_.map(Some).ok_or(Misfit)
    }

    fn contents(self, container: Container, symbol: char) -> Option<Type> {
        // In round brackets anything may stand: `array (nullable)`, `array (max 10)`.
        if symbol == '(' && matches!(container, Container::Array | Container::Map) {
            let empty = match container {
                Container::Array => Type::Array(None),
                _ => map_to(Type::Any),
            };
            return match self.list() {
                Some(types)
                    if types
                        .iter()
                        .all(|type_| !matches!(type_, Type::Null | Type::Undefined)) =>
                {
                    filled(container, types)
                }
                _ => note::apply(empty, self),
            };
        }
        match container {
            Container::Literal => note::values(self, &Type::Enum(None)).map(Type::union),
            Container::Enum => note::enumeration(self, self.whole(Self::alone)),
            Container::Tuple
                if self
                    .rest()
                    .last()
                    .is_some_and(|last| last.kind == TokenKind::Symbol('…')) =>
            {
                let first = self.split(|symbol| symbol == ',').into_iter().next()?;
                Some(Type::array(first.whole(Self::alone)?))
            }
            _ => filled(container, self.list()?),
        }
    }

    /// `string<email>`, `ReactElement<Props>`, `Foo[Bar]`.
    fn arguments_of(self, word: &str, symbol: char) -> Option<Type> {
        if let Some(base) = vocabulary::phrase(word) {
            return (symbol == '<').then(|| note::apply(base, self))?;
        }
        if !vocabulary::is_name(word) {
            return None;
        }
        let arguments: Vec<String> = self.list()?.iter().map(ToString::to_string).collect();
        Some(Type::Named(format!("{word}<{}>", arguments.join(", "))))
    }
}

/// What a container makes of the types in its brackets.
fn filled(container: Container, types: Vec<Type>) -> Option<Type> {
    match (container, types.len()) {
        (_, 0) => None,
        (Container::Array, _) => Some(Type::array(Type::union(types))),
        (Container::Map, 2) => {
            let [key, value] = <[Type; 2]>::try_from(types).ok()?;
            Some(Type::Map(Box::new(key), Box::new(value)))
        }
        (Container::Map | Container::Transparent, 1) => {
            let value = types.into_iter().next()?;
            Some(if container == Container::Map {
                map_to(value)
            } else {
                value
            })
        }
        (Container::Tuple, _) => Some(Type::Tuple(types)),
        (Container::Optional, 1) => Some(modified(Type::union(types), Modifier::Nullable)),
        (Container::Union, _) => Some(values_or_types(Type::union(types))),
        _ => None,
    }
}
