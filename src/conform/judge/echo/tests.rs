//! What is the same value, and what of a request an answer repeats.

use serde_json::json;

use crate::conform::bindings::Bindings;
use crate::conform::tests::{documentation, planned};

use super::*;

#[test]
fn the_text_of_an_input_may_say_that_it_changes_others() {
    let page = r#"---
api: POST /events
---

<ParamField body="start" type="string" required />
<ParamField body="end" type="string" required>
  Must be after `start`.
</ParamField>
<ParamField body="all_day" type="boolean">
  `start` is moved back to midnight, and `end` to the next one.
</ParamField>
"#;
    let (_, documentation) = documentation("", &[page]);
    let operation = &documentation.api.operations[0];
    let sent = |value: Value| value.as_object().cloned().unwrap_or_default();
    let plain = sent(json!({"start": "1", "end": "2"}));
    let all_day = sent(json!({"start": "1", "end": "2", "all_day": true}));
    assert!(!is_changed_by_others(operation, &plain, "start"));
    assert!(is_changed_by_others(operation, &all_day, "start"));
    assert!(is_changed_by_others(operation, &all_day, "end"));
}

#[test]
fn a_default_that_the_answer_shows_where_nothing_is_sent_tells_what_is_repeated() {
    let page = r#"---
api: POST /lamps
---

<ParamField body="room" type="string" required />
<ParamField body="dimmed" type="boolean" default="false" />
<ParamField body="tone" type="string | null" default="null" />
<ParamField body="level" type="integer" default="3" />

<ResponseField name="id" type="string" />
<ResponseField name="room" type="string" />
<ResponseField name="dimmed" type="boolean" />
<ResponseField name="tone" type="string | null" />
<ResponseField name="level" type="integer" />

<RequestExample>
```bash
curl -X POST https://api.example.com/lamps -d '{"room": "hall"}'
```
</RequestExample>

<ResponseExample>
```json 201
{"id": "lmp_1", "room": "hall", "dimmed": false, "tone": null, "level": 5}
```
</ResponseExample>
"#;
    let (_, documentation) = documentation("", &[page]);
    let plan = planned(&documentation, &Bindings::default());
    let operation = &documentation.api.operations[0];
    let draft = &plan.items[0].draft;
    let is_sure = |name: &str, back: Value| {
        let answered = answered(operation, "lamp", draft, name);
        answered.is_some_and(|it| it.is_sure(Some(&back)))
    };
    assert!(is_sure("room", json!("cellar")));
    assert!(is_sure("dimmed", json!(false)));
    assert!(is_sure("tone", json!(null)));
    // What is neither sent nor the default may be another notation.
    assert!(!is_sure("tone", json!("#ffcc00")));
    // The example shows another value than the default.
    assert!(!is_sure("level", json!(3)));
}

#[test]
fn lists_are_alike_if_their_items_are() {
    assert!(is_alike(&json!(["a"]), &json!(["b", "c"])));
    assert!(is_alike(&json!(["a"]), &json!([])));
    assert!(!is_alike(&json!(["a"]), &json!([{"name": "a"}])));
    assert!(!is_alike(&json!("a"), &json!(1)));
}

#[test]
fn values_that_stand_for_each_other_do_not_differ() {
    for (left, right) in [
        (json!(1), json!(1.0)),
        (json!("10.50"), json!(10.5)),
        (json!(" A@b.example"), json!("a@B.example")),
        (json!(["a", "b"]), json!(["b", "a"])),
        (json!(null), json!([])),
        (
            json!("2024-01-31T12:00:00Z"),
            json!("2024-01-31T13:00:00+01:00"),
        ),
    ] {
        assert!(is_same(&left, &right), "{left} {right}");
    }
    for (left, right) in [
        (json!(1), json!(2)),
        (json!("a"), json!(null)),
        (json!(true), json!(false)),
        (json!(["a"]), json!([])),
        (json!("2024-01-31"), json!("2024-02-01")),
    ] {
        assert!(!is_same(&left, &right), "{left} {right}");
    }
}

#[test]
fn only_members_of_both_sides_are_compared() {
    let found = differences(
        &json!({"a": 1, "b": {"c": 1, "d": 2}, "e": 5}),
        &json!({"a": 2, "b": {"c": 3}, "f": 1}),
    );
    let paths: Vec<_> = found.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["a", "b.c"]);
}

#[test]
fn when_a_thing_was_made_is_a_stamp_of_the_server() {
    for name in [
        "created_at",
        "updatedAt",
        "last_modified",
        "lastUpdatedDate",
        "modified",
    ] {
        assert!(is_stamp(name), "{name}");
    }
    for name in ["starts_at", "created_by", "paid_on", "date"] {
        assert!(!is_stamp(name), "{name}");
    }
}
