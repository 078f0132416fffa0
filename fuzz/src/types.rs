//! Type strings: what is read and printed reads back as the same.

use fieldproof::model::types::{parse, platform};

pub(crate) fn hold(text: &str) {
    let first = parse(text);
    assert_eq!(parse(&first.to_string()), first, "{first}");
    let _ = platform(text);
}
