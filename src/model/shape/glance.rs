//! The first look at a value that is still a text, for those who receive many and find fault with few: the text is
//! compared while it is read, and nothing is kept of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::quick::{MOST_MEMBERS, Scalar};
use super::{Member, Openness, Shape, ShapeKind};

impl Shape {
    /// True only if `text` is JSON in which [`Shape::mismatches`] finds nothing; false if that is not seen at once.
    ///
    /// ```
    /// use fieldproof::model::shape::{Shape, ShapeKind};
    ///
    /// let integers = Shape::array(Shape::new(ShapeKind::Integer, None), None);
    /// assert!(integers.surely_matches_text(b"[1, 2]"));
    /// assert!(!integers.surely_matches_text(b"[1, 2.5]") && !integers.surely_matches_text(b"[1, 2"));
    /// ```
    pub fn surely_matches_text(&self, text: &[u8]) -> bool {
        // Of values that nothing is said about, the reader would not look at the encoding.
        let Ok(text) = std::str::from_utf8(text) else {
            return false;
        };
        let mut reader = serde_json::Deserializer::from_str(text);
        let look = Look(Some(self)).deserialize(&mut reader);
        look.is_ok() && reader.end().is_ok()
    }
}

/// A value to be looked at, with its shape if anything is said about it; whatever is not surely right is an error.
struct Look<'s>(Option<&'s Shape>);

impl Look<'_> {
    fn scalar<E: Error>(self, scalar: Scalar<'_>) -> Result<(), E> {
        sure(self.0.is_none_or(|shape| shape.surely_takes(scalar)))
    }
}

fn sure<E: Error>(is_sure: bool) -> Result<(), E> {
    if is_sure {
        Ok(())
    } else {
        Err(E::custom("not surely right"))
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of the documented shape")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar(Scalar::Boolean)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        #[expect(clippy::cast_precision_loss, reason = "limits are floats themselves")]
        let value = value as f64;
        self.scalar(Scalar::Number {
            value,
            is_integral: true,
        })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        #[expect(clippy::cast_precision_loss, reason = "limits are floats themselves")]
        let value = value as f64;
        self.scalar(Scalar::Number {
            value,
            is_integral: true,
        })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(Scalar::Number {
            value,
            is_integral: value.fract() == 0.0,
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(Scalar::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let items = match self.0.map(|shape| &shape.kind) {
            None | Some(ShapeKind::Any | ShapeKind::Unknown) => None,
            Some(ShapeKind::Array(items)) => Some(&**items),
            Some(_) => return sure(false),
        };
        let mut count = 0;
        while values.next_element_seed(Look(items))?.is_some() {
            count += 1;
        }
        let constraints = self.0.map(|shape| &shape.constraints);
        sure(constraints.is_none_or(|it| it.surely_hold_around(Some(count))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let (members, is_open) = match self.0.map(|shape| &shape.kind) {
            None | Some(ShapeKind::Any | ShapeKind::Unknown) => (&[][..], true),
            Some(ShapeKind::Object { members, open }) => {
                let is_open = members.is_empty() && *open != Openness::Closed;
                (members.as_slice(), is_open)
            }
            Some(_) => return sure(false),
        };
        sure(members.len() <= MOST_MEMBERS)?;
        let mut seen = 0_u64;
        while let Some(known) = values.next_key_seed(Key(members))? {
            let Some(at) = known else {
                sure(is_open)?;
                values.next_value_seed(Look(None))?;
                continue;
            };
            // Of two members with one name the later counts, which is for the whole comparison to see.
            sure(seen & 1 << at == 0)?;
            seen |= 1 << at;
            values.next_value_seed(Look(members.get(at).map(|member| &member.shape)))?;
        }
        let mut members = members.iter().enumerate();
        sure(members.all(|(at, member)| !member.is_promised() || seen & 1 << at != 0))?;
        let constraints = self.0.map(|shape| &shape.constraints);
        sure(constraints.is_none_or(|it| it.surely_hold_around(None)))
    }
}

/// The name of a member, to be found among the documented ones; of two with one name the later is meant.
struct Key<'s>(&'s [Member]);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Option<usize>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().rposition(|member| member.name == name))
    }
}
