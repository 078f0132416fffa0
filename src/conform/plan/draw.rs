//! Values at random, the same ones for the same seed.

use serde_json::{Value, json};

use crate::model::shape::{Shape, ShapeKind};

use super::input::{Input, Place};
use super::value::{self, Fault, Refused};

/// Characters that servers are not always ready for, between those that they are.
const CHARACTERS: &[char] = &[
    'a', 'b', 'c', 'Z', '0', '7', ' ', '-', '_', '.', '\'', '"', '\\', '/', '%', '&', '<', '>',
    ';', '{', '}', '$', '\t', 'é', 'ß', '中', '🙂', '\u{202e}', '\u{0}',
];

/// A text is no longer than this unless it has to be.
const LONGEST: u64 = 40;

/// A source of chance: splitmix64, <https://prng.di.unimi.it/splitmix64.c>.
pub(crate) struct Draw {
    state: u64,
}

impl Draw {
    /// Chance that depends on a seed and a name.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        // FNV-1a keeps names apart.
        let state = name
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the count; 0 for none.
    pub(crate) fn one_of(&mut self, count: usize) -> usize {
        let count = count.max(1) as u64;
        usize::try_from(self.next() % count).unwrap_or(0)
    }

    /// One of several.
    pub(crate) fn choice<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let at = self.one_of(things.len());
        things.get(at)
    }

    /// A number from the least to the most.
    fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = most.saturating_sub(least).max(0).unsigned_abs();
        let offset = self.next() % width.saturating_add(1).max(1);
        least.saturating_add_unsigned(offset)
    }

    /// A value that the docs allow; none if the kind of value is not one to draw.
    pub(crate) fn allowed(&mut self, input: &Input) -> Option<Value> {
        // Who repeats a key asks for the answer of before.
        if input.is_key_of_request() {
            return None;
        }
        let mut value = self.of_shape(&input.shape, 0)?;
        if let (Place::Header, Value::String(text)) = (input.place, &mut value) {
            *text = sendable(text);
        }
        value::is_documented(&input.shape, &value).then_some(value)
    }

    fn of_shape(&mut self, shape: &Shape, depth: usize) -> Option<Value> {
        let constraints = &shape.constraints;
        if constraints.constant.is_some() || depth > 2 {
            return None;
        }
        if let Some(allowed) = &constraints.allowed {
            return self.choice(&allowed.value).cloned();
        }
        match &shape.kind {
            ShapeKind::Boolean => Some(json!(self.one_of(2) == 0)),
            ShapeKind::Integer | ShapeKind::Number => {
                let (least, most) = bounds(shape);
                Some(json!(self.between(least, most)))
            }
            ShapeKind::String if constraints.format.is_none() && constraints.pattern.is_none() => {
                let least = constraints.min_length.as_ref().map_or(1, |it| it.value);
                let most = constraints
                    .max_length
                    .as_ref()
                    .map_or(LONGEST, |it| it.value);
                let most = most.clamp(least, least + LONGEST);
                let length = least + self.next() % (most - least + 1);
                let text: String = (0..length)
                    .filter_map(|_| self.choice(CHARACTERS).copied())
                    .collect();
                Some(Value::from(text))
            }
            ShapeKind::Array(items) => {
                let count = self.one_of(4);
                let drawn: Option<Vec<_>> = (0..count)
                    .map(|_| self.of_shape(items, depth + 1))
                    .collect();
                drawn.map(Value::Array)
            }
            _ => None,
        }
    }

    /// One of the values that the docs do not allow, further out than the nearest.
    pub(crate) fn refused(&mut self, input: &Input, known: &[Refused]) -> Option<Refused> {
        let mut refused = self.choice(known)?.clone();
        let (least, most) = bounds(&input.shape);
        if let (Fault::Limit, Some(number)) = (refused.fault, refused.value.as_i64()) {
            let further = self.between(0, 1000);
            let out = if number > most {
                number.saturating_add(further)
            } else if number < least {
                number.saturating_sub(further)
            } else {
                number
            };
            refused.value = json!(out);
        }
        (!value::is_documented(&input.shape, &refused.value)).then_some(refused)
    }
}

/// What a header can hold of a text: visible characters of ASCII, and blanks between them.
fn sendable(text: &str) -> String {
    let visible = |c: char| {
        if c == ' ' || c.is_ascii_graphic() {
            c
        } else {
            '~'
        }
    };
    let text: String = text.chars().map(visible).collect();
    let ends = text.strip_prefix(' ').map(|rest| format!("~{rest}"));
    let text = ends.unwrap_or(text);
    match text.strip_suffix(' ') {
        Some(rest) => format!("{rest}~"),
        None => text,
    }
}

/// The documented bounds of a number; a thousand beside one, or around zero, where there is none.
fn bounds(shape: &Shape) -> (i64, i64) {
    let whole = |bound: f64| super::sample::plain(&json!(bound)).parse::<i64>().ok();
    let least = shape.constraints.minimum.as_ref();
    let least = least.and_then(|it| whole(it.value.ceil()));
    let most = shape.constraints.maximum.as_ref();
    let most = most.and_then(|it| whole(it.value.floor()));
    match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least.saturating_add(1000)),
        (None, Some(most)) => (most.saturating_sub(1000), most),
        (None, None) => (-1000, 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_only_what_can_be_sent() {
        assert_eq!(sendable(" a\u{0}b c\té "), "~a~b c~~~");
        assert_eq!(sendable("a b"), "a b");
    }

    #[test]
    fn the_same_seed_and_name_draw_the_same() {
        let drawn = |seed, name| {
            let mut draw = Draw::new(seed, name);
            (0..8).map(|_| draw.between(-5, 5)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1, "GET /books"), drawn(1, "GET /books"));
        assert_ne!(drawn(1, "GET /books"), drawn(2, "GET /books"));
        assert!(drawn(1, "a").iter().all(|number| (-5..=5).contains(number)));
    }
}
