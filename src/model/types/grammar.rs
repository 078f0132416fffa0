//! The upper half of the grammar: alternatives, intersections, and what stands before a type.
//!
//! The grammar is written out in the header of the module. Every function reads from the cursor and gives `None` if the
//! text does not fit, which makes the whole text unknown: the grammar never guesses its way past words that it does not know.

use super::Type;
use super::cursor::Cursor;
use super::token::{TokenKind, tokens};
use super::vocabulary::{self, Container, Modifier};

/// Reads all of `text`.
pub(super) fn parse(text: &str) -> Option<Type> {
    let tokens = tokens(text)?;
    Cursor::new(text, &tokens).whole(Cursor::union)
}

/// What stood between two alternatives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Bar,
    /// A word, a comma, or a slash: they also stand in plain speech, so both sides must be understood.
    Speech,
}

/// Alternatives and what binds tighter.
impl Cursor<'_> {
    pub(super) fn union(&mut self) -> Option<Type> {
        self.take_symbol('|');
        let start = *self;
        let mut speech = false;
        let mut alternatives = vec![self.intersection()?];
        while let Some(separator) = self.separator() {
            if separator == Separator::Speech
                && let Some(modifier) = self.take_modifier()
            {
                alternatives = vec![modified(Type::union(alternatives), modifier)];
                continue;
            }
            speech |= separator == Separator::Speech;
            alternatives.push(self.intersection()?);
        }
        if speech
            && alternatives
                .iter()
                .any(|type_| matches!(type_, Type::Unknown(_)))
        {
            return None;
        }
        if self.ends_in_array_of_literal(&start) {
            regroup(&mut alternatives);
        }
        Some(values_or_types(Type::union(alternatives)))
    }

    fn separator(&mut self) -> Option<Separator> {
        if self.take_symbol('|') {
            return Some(Separator::Bar);
        }
        let punctuation = self.take_symbol(',') || self.take_symbol('/');
        let word = self.take_word(|word| vocabulary::is_or(word) || word == "and");
        (punctuation || word).then_some(Separator::Speech)
    }

    /// `"a" | "b"[]`: read as TypeScript does, the brackets belong to `"b"` alone, which nobody means.
    fn ends_in_array_of_literal(&self, start: &Self) -> bool {
        let [.., item, open, close] = self.since(start) else {
            return false;
        };
        matches!(item.kind, TokenKind::Quoted { .. })
            && open.kind == TokenKind::Symbol('[')
            && close.kind == TokenKind::Symbol(']')
    }

    fn intersection(&mut self) -> Option<Type> {
        let first = self.deeper(Self::prefixed)?;
        if self.symbol() != Some('&') {
            return Some(first);
        }
        let mut scalar = is_scalar(&first).then_some(first);
        while self.take_symbol('&') {
            let next = self.deeper(Self::prefixed)?;
            if scalar.is_none() && is_scalar(&next) {
                scalar = Some(next);
            }
        }
        // What is a type and something else besides has members; `string & {}` is a string to editors.
        Some(scalar.unwrap_or(Type::Object))
    }

    fn prefixed(&mut self) -> Option<Type> {
        if self.take_symbol('*') {
            return self.deeper(Self::prefixed);
        }
        if self.take_symbol('…') {
            let items = self.deeper(Self::prefixed)?;
            return Some(if matches!(items, Type::Array(_)) {
                items
            } else {
                Type::array(items)
            });
        }
        if self.take_symbol('?') {
            let inner = self.deeper(Self::prefixed)?;
            return Some(modified(inner, Modifier::Nullable));
        }
        let mut plain = *self;
        if plain.take_word(|word| matches!(word, "a" | "an" | "the")) && plain.word().is_some() {
            *self = plain;
        }
        if let Some(modifier) = self.modifier_before_type() {
            let inner = self.deeper(Self::prefixed)?;
            return Some(modified(inner, modifier));
        }
        match self.container_of() {
            Some(container) => self.deeper(|cursor| cursor.contents_in_words(container)),
            None => self.postfixed(),
        }
    }

    /// `nullable string`: a modifier that is followed by a word is not the type itself.
    fn modifier_before_type(&mut self) -> Option<Modifier> {
        let mut ahead = *self;
        let word = ahead
            .word()
            .filter(|word| !word.eq_ignore_ascii_case("null"))?;
        let modifier = vocabulary::modifier(word)?;
        ahead.skip(1);
        let next = ahead.word()?;
        if vocabulary::is_or(next) || vocabulary::modifier(next).is_some() {
            return None;
        }
        *self = ahead;
        Some(modifier)
    }

    /// `array of`, `list of`, `map of`: moves behind the "of".
    fn container_of(&mut self) -> Option<Container> {
        let mut ahead = *self;
        let word = ahead.word()?.to_lowercase();
        let container = vocabulary::container(&word)
            .or_else(|| vocabulary::container(word.strip_suffix('s')?))?;
        ahead.skip(1);
        if !matches!(container, Container::Array | Container::Map) || !ahead.take_word(is_of) {
            return None;
        }
        *self = ahead;
        Some(container)
    }

    fn contents_in_words(&mut self, container: Container) -> Option<Type> {
        let is_plural = self.plural_ahead();
        let first = self.item()?;
        if container == Container::Array {
            let others = if is_plural {
                self.other_items()?
            } else {
                Vec::new()
            };
            return Some(Type::array(Type::union([first].into_iter().chain(others))));
        }
        if self.take_word(|word| matches!(word, "to" | "and")) {
            let value = self.item()?;
            return Some(Type::Map(Box::new(first), Box::new(value)));
        }
        Some(map_to(first))
    }

    /// `or objects` behind `array of strings`: what stands in the plural is an item, too.
    fn other_items(&mut self) -> Option<Vec<Type>> {
        let mut others = Vec::new();
        loop {
            let mut ahead = *self;
            let is_other = ahead.take_word(vocabulary::is_or) && ahead.plural_ahead();
            if !is_other {
                return Some(others);
            }
            others.push(ahead.item()?);
            *self = ahead;
        }
    }

    /// True for a type in the plural.
    fn plural_ahead(&self) -> bool {
        self.word().is_some_and(|word| {
            vocabulary::phrase(word).is_none() && vocabulary::plural(&word.to_lowercase()).is_some()
        })
    }

    /// A type that may stand in the plural.
    pub(super) fn item(&mut self) -> Option<Type> {
        if let Some(word) = self.word()
            && vocabulary::phrase(word).is_none()
            && self
                .rest()
                .get(1)
                .is_none_or(|next| next.kind != TokenKind::Symbol('<'))
            && self.container_of_ahead().is_none()
            && let Some(type_) = vocabulary::plural(&word.to_lowercase())
        {
            self.skip(1);
            return Some(type_);
        }
        self.prefixed()
    }

    fn container_of_ahead(&self) -> Option<Container> {
        let mut ahead = *self;
        ahead.container_of()
    }

    pub(super) fn take_modifier(&mut self) -> Option<Modifier> {
        let modifier = vocabulary::modifier(self.word()?)?;
        let last = self
            .rest()
            .get(1)
            .is_none_or(|next| matches!(next.kind, TokenKind::Symbol(_)));
        if modifier == Modifier::Nullable && self.word()?.eq_ignore_ascii_case("null") || !last {
            return None;
        }
        self.skip(1);
        Some(modifier)
    }
}

pub(super) fn map_to(value: Type) -> Type {
    Type::Map(Box::new(Type::String(None)), Box::new(value))
}

/// `type_` with what a modifier says about it.
pub(super) fn modified(type_: Type, modifier: Modifier) -> Type {
    match modifier {
        Modifier::Nullable => Type::union([type_, Type::Null]),
        Modifier::Optional => Type::union([type_, Type::Undefined]),
        Modifier::Other => type_,
    }
}

/// `sum | min | max`: words of which none is a type are values.
pub(super) fn values_or_types(type_: Type) -> Type {
    match type_ {
        Type::Union(words)
            if words
                .iter()
                .all(|word| bare(word).is_some_and(vocabulary::is_value)) =>
        {
            Type::union(
                words
                    .iter()
                    .filter_map(bare)
                    .map(|word| Type::Literal(word.into())),
            )
        }
        other => other,
    }
}

/// The word that an unknown or named type consists of.
pub(super) fn bare(type_: &Type) -> Option<&str> {
    match type_ {
        Type::Unknown(word) | Type::Named(word) if !word.contains('<') => Some(word),
        _ => None,
    }
}

/// Makes `"a" | "b"[]` the array of both.
fn regroup(alternatives: &mut Vec<Type>) {
    let Some(Type::Array(Some(item))) = alternatives.last() else {
        return;
    };
    let item = item.as_ref().clone();
    let Some((_, others)) = alternatives.split_last() else {
        return;
    };
    if !others.is_empty() && others.iter().all(|type_| matches!(type_, Type::Literal(_))) {
        let items = others.iter().cloned().chain([item]);
        *alternatives = vec![Type::array(Type::union(items))];
    }
}

fn is_scalar(type_: &Type) -> bool {
    matches!(
        type_,
        Type::String(_) | Type::Integer(_) | Type::Number(_) | Type::Boolean | Type::Literal(_)
    )
}

pub(super) fn is_of(word: &str) -> bool {
    matches!(word, "of" | "de" | "von" | "di")
}
