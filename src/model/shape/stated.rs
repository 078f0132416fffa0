//! Constraints as shapes hold them: apart, since most have none and a shape is small without.

use std::ops::{Deref, DerefMut};

use super::Constraints;

/// The constraints of a shape; those of one that has none take no room.
#[derive(Clone, Debug, Default)]
pub struct Stated(Option<Box<Constraints>>);

static NONE: Constraints = Constraints {
    allowed: None,
    words: None,
    constant: None,
    format: None,
    prefix: None,
    pattern: None,
    minimum: None,
    maximum: None,
    min_length: None,
    max_length: None,
};

impl Stated {
    /// True if nothing is stated.
    pub fn is_empty(&self) -> bool {
        **self == NONE
    }
}

impl Deref for Stated {
    type Target = Constraints;

    fn deref(&self) -> &Constraints {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

/// Whatever is only looked at should be so: changing makes room for all constraints.
impl DerefMut for Stated {
    fn deref_mut(&mut self) -> &mut Constraints {
        self.0.get_or_insert_default()
    }
}

impl From<Constraints> for Stated {
    fn from(constraints: Constraints) -> Self {
        Self((constraints != NONE).then(|| Box::new(constraints)))
    }
}

impl PartialEq for Stated {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
