//! Types that were read before: most fields of a site share a few.

use std::cell::RefCell;
use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::Type;

/// More types are read each time, since a process may run for long.
const MOST: usize = 4096;

/// Longer ones are hardly ever written twice.
const LONGEST: usize = 64;

thread_local! {
    static KNOWN: RefCell<HashMap<Box<str>, Type, FixedState>> = RefCell::default();
}

/// What `read` makes of a text, which must depend on nothing else.
pub(super) fn or(text: &str, read: impl FnOnce(&str) -> Type) -> Type {
    if text.len() > LONGEST {
        return read(text);
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(text).cloned()) {
        return known;
    }
    let type_ = read(text);
    KNOWN.with_borrow_mut(|known| {
        if known.len() < MOST {
            known.insert(text.into(), type_.clone());
        }
    });
    type_
}
