//! Work that goes on by itself: whether something is under way, and whether the pages say that it changes without a request.
//! Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::conform::bindings::letters;
use crate::conform::pattern::pattern;
use crate::model::Operation;

/// What is under way is called so.
const UNDER_WAY: &[&str] = &[
    "queued",
    "enqueued",
    "pending",
    "processing",
    "running",
    "inprogress",
    "inqueue",
    "started",
    "starting",
    "waiting",
    "working",
    "building",
    "uploading",
    "importing",
    "exporting",
    "generating",
    "rendering",
    "converting",
    "transcoding",
    "provisioning",
    "creating",
    "deleting",
    "updating",
    "executing",
    "submitted",
    "accepted",
    "scheduled",
    "indexing",
    "analyzing",
    "scanning",
];

/// The member that says how far something is, and what it says.
pub(crate) fn stage(object: &Value) -> Option<(&str, &str)> {
    let members = object.as_object()?;
    let mut stages = members.iter().filter(|(name, _)| is_stage(name));
    stages.find_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
}

fn is_stage(name: &str) -> bool {
    matches!(
        letters(name).as_str(),
        "status" | "state" | "stage" | "phase"
    )
}

/// True if something says of itself that it is under way.
pub(crate) fn is_under_way(object: &Value) -> bool {
    stage(object).is_some_and(|(_, stage)| UNDER_WAY.contains(&letters(stage).as_str()))
}

/// True if the pages say that an operation only begins something: with `202`, or in words.
pub(crate) fn only_begins(operation: &Operation) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:in\s+the\s+background|asynchronous(?:ly)?|poll(?:s|ed|ing)?\b|is\s+queued|are\s+queued|puts?\s+(?:it|them)\s+in(?:to)?\s+(?:a|the)\s+queue)\b",
        )
    });
    let mut codes = operation.responses.iter().map(|it| it.status.code());
    let remarks = operation.remarks.iter().map(|it| it.value.as_str());
    let mut texts = operation.description.as_deref().into_iter().chain(remarks);
    codes.any(|code| code == Some(202)) || texts.any(|text| WORDS.is_match(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stages_say_whether_something_is_under_way() {
        assert!(is_under_way(&json!({"id": "a", "status": "queued"})));
        assert!(is_under_way(&json!({"id": "a", "state": "IN_PROGRESS"})));
        assert!(!is_under_way(&json!({"id": "a", "status": "done"})));
        assert!(!is_under_way(&json!({"id": "a", "status": "published"})));
        assert!(!is_under_way(&json!({"id": "a", "note": "queued"})));
    }

    #[test]
    fn operations_say_that_they_only_begin_something() {
        let begins = |page: &str| {
            let (_, documentation) = crate::conform::tests::documentation("", &[page]);
            only_begins(&documentation.api.operations[0])
        };
        assert!(begins(
            "---\napi: POST /exports\ndescription: Makes a file in the background.\n---\n"
        ));
        assert!(begins(
            "---\napi: POST /exports\n---\n\nThe answer is `202`, and the export is queued.\n\n```json 202\n{\"id\": \"e1\"}\n```\n"
        ));
        assert!(!begins(
            "---\napi: POST /exports\ndescription: Makes a file.\n---\n"
        ));
    }
}
