//! JSON as people write it: values lie inside each other, what is valid is read as `serde_json` has it, and no repair
//! is made where none is needed.

use std::ops::Range;

use fieldproof::model::json::{Json, read, read_strict};
use serde_json::Value;

pub(crate) fn hold(text: &str) {
    let reading = read(text);
    for document in &reading.documents {
        lies(document, &(0..text.len()), text);
        let strict = read_strict(document.to_text().as_bytes());
        assert_eq!(
            strict.map(|it| it.to_value()),
            Ok(document.to_value()),
            "what is printed is another value"
        );
    }
    for repair in &reading.repairs {
        assert!(text.get(repair.range.clone()).is_some(), "{repair:?}");
    }
    assert!(reading.failure.is_some() || !reading.documents.is_empty());
    let strict = read_strict(text.as_bytes())
        .map(|json| json.to_value())
        .ok();
    let other = serde_json::from_str::<Value>(text).ok();
    assert_eq!(strict.is_some(), other.is_some(), "only one can read it");
    if reading.is_strict() {
        assert_eq!(strict, Some(reading.documents[0].to_value()));
    }
}

fn lies(json: &Json, within: &Range<usize>, text: &str) {
    let range = &json.range;
    assert!(
        within.start <= range.start && range.start <= range.end && range.end <= within.end,
        "{json:?} is not inside of {within:?}"
    );
    assert!(text.get(range.clone()).is_some(), "{range:?}");
    for member in json.members() {
        let key = &member.key_range;
        assert!(range.start <= key.start && key.end <= range.end, "{key:?}");
        assert!(text.get(key.clone()).is_some(), "{key:?}");
        lies(&member.value, range, text);
    }
    for item in json.items() {
        lies(item, range, text);
    }
}
