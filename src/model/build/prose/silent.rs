//! Texts that state nothing: docs say the same of a field on many pages, and most of what they say is no fact.

use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::mem::discriminant;

use foldhash::fast::FixedState;

use crate::model::prose::ProseFacts;
use crate::model::types::Type;

/// Two numbers of a text, so that no other one will have both.
type Key = (u64, u64);

/// More texts are read each time: they take 16 bytes each, and a process may run for long.
const MOST: usize = 100_000;

thread_local! {
    static SILENT: RefCell<HashSet<Key, FixedState>> = RefCell::default();
}

/// What `read` makes of the description of a field, which must depend on nothing else but the places in it.
pub(super) fn known_or(
    name: &str,
    kind: &Type,
    text: &impl Hash,
    read: impl FnOnce() -> ProseFacts,
) -> ProseFacts {
    let key = [1, 2].map(|seed| {
        let mut hasher = FixedState::with_seed(seed).build_hasher();
        (name, text).hash(&mut hasher);
        of_kind(kind, &mut hasher);
        hasher.finish()
    });
    let key = (key[0], key[1]);
    if SILENT.with_borrow(|silent| silent.contains(&key)) {
        return ProseFacts::default();
    }
    let facts = read();
    if facts == ProseFacts::default() {
        SILENT.with_borrow_mut(|silent| {
            if silent.len() < MOST {
                silent.insert(key);
            }
        });
    }
    facts
}

/// The kind, and that of the items of a list: no more of a type decides how a text is read.
fn of_kind(kind: &Type, hasher: &mut impl Hasher) {
    discriminant(kind).hash(hasher);
    if let Type::Array(items) = kind {
        items.as_deref().map(discriminant).hash(hasher);
    }
}
