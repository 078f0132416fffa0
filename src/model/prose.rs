//! What the running text of a field says about its values.

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::evidence::{Evidence, Fact};
use super::shape::TextPattern;
use super::types::Format;

/// The facts that the description of a field states, each with its place in the text.
///
/// Precision goes before completeness: what a text only hints at is not here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProseFacts {
    /// The values that it may have: "One of `a` or `b`".
    pub allowed: Option<Fact<Vec<Value>>>,
    /// The words that may stand in the place of a number, or of the values that are listed: "or `me` for yourself".
    pub words: Option<Box<Fact<Vec<String>>>>,
    /// The one value that it always has: "Always `true`".
    pub constant: Option<Fact<Value>>,
    /// The value that stands for none: "Defaults to `10`".
    pub default: Option<Fact<Value>>,
    /// The smallest number: "between 1 and 100".
    pub minimum: Option<Fact<f64>>,
    /// The greatest number.
    pub maximum: Option<Fact<f64>>,
    /// The least number of characters or items: "at least 8 characters".
    pub min_length: Option<Fact<u64>>,
    /// The greatest number of characters or items.
    pub max_length: Option<Fact<u64>>,
    /// The greatest number of characters of each item of a list: "A tag has at most 20 characters".
    pub item_max_length: Option<Fact<u64>>,
    /// Bounds of the value or of its length that contradict each other, and are no facts for that reason: the least, then
    /// the greatest.
    pub contradicting_bounds: Option<(Fact<f64>, Fact<f64>)>,
    /// Its notation: "ISO 8601".
    pub format: Option<Fact<Format>>,
    /// What the whole text matches: "Must match `^[a-z]+$`".
    pub pattern: Option<Box<Fact<TextPattern>>>,
    /// What its text begins with: "Starts with `pay_`".
    pub prefix: Option<Fact<String>>,
    /// Its unit: "in seconds".
    pub unit: Option<Fact<String>>,
    /// Where it is said that it may be `null`.
    pub nullable: Option<Evidence>,
    /// Whether it must be there: false for what is optional or comes with conditions.
    pub required: Option<Fact<bool>>,
    /// Where it is said that its members are of somebody else's choice.
    pub open: Option<Evidence>,
    /// Where it is said that its members have keys of somebody else's choice, so that what is documented describes their
    /// values: "a map of names to teams".
    pub keyed: Option<Evidence>,
    /// Where it is said that it is either one value or a list of them: "pass an array to filter by several".
    pub several: Option<Evidence>,
    /// The values that an OpenAPI file gives as examples, the best first.
    pub samples: Vec<Value>,
    /// True if it is a list that the text also allows to be a single value.
    pub is_single_allowed: bool,
}

impl ProseFacts {
    /// The facts for many fields to hold: most texts state none, and all of those are one.
    pub fn shared(self) -> Arc<Self> {
        static NONE: LazyLock<Arc<ProseFacts>> = LazyLock::new(Arc::default);
        if self == **NONE {
            Arc::clone(&NONE)
        } else {
            Arc::new(self)
        }
    }
}
