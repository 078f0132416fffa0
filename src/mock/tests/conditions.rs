//! Requests that are made on a condition.

use super::*;

const NOTE: &str = "---\napi: GET /notes/{id}\n---\n\n<ResponseExample>\n\n```json 200\n{\"text\": \"a\"}\n```\n\n</ResponseExample>\n";

const CHANGE: &str = r#"---
api: PUT /notes/{id}
---

<ParamField header="If-Match" type="string">
  The tag that the note had when it was read, such as `"v7"`.
</ParamField>

<RequestExample>

```bash
curl -X PUT https://api.example.com/notes/7 -H 'If-Match: "v3"' -d '{"text": "b"}'
```

</RequestExample>

<ResponseExample>

```json 200
{"text": "b"}
```

</ResponseExample>
"#;

fn put(change: &str, tag: &str) -> Reply {
    let mock = mock_of(
        &[("note.mdx", NOTE), ("change.mdx", change)],
        Options::default(),
    );
    let headers = [JSON_TYPE, ("if-match", tag)];
    let request = request("PUT", "/notes/9", &headers, r#"{"text": "c"}"#);
    reply(&mock, &request)
}

#[test]
fn a_change_is_refused_if_the_client_has_another_tag() {
    let mock = mock_of(&[("note.mdx", NOTE)], Options::default());
    let read = reply(&mock, &request("GET", "/notes/9", &[], ""));
    let tag = read.header("etag").unwrap();
    assert_eq!(put(CHANGE, tag).status.as_u16(), 200);
    assert_eq!(put(CHANGE, &format!("\"x\", {tag}")).status.as_u16(), 200);
    assert_eq!(put(CHANGE, "*").status.as_u16(), 200);
    let refused = put(CHANGE, "\"x\"");
    assert_eq!(problem(&refused)["code"], "precondition-failed");
    assert_eq!(refused.status.as_u16(), 412);
}

#[test]
fn the_tags_that_the_page_shows_are_taken() {
    assert_eq!(put(CHANGE, "\"v3\"").status.as_u16(), 200);
    assert_eq!(put(CHANGE, "\"v7\"").status.as_u16(), 200);
}

#[test]
fn the_documented_refusal_is_the_answer() {
    let change = CHANGE.replace(
        "</ResponseExample>",
        "```json 412\n{\"error\": \"changed\"}\n```\n\n</ResponseExample>",
    );
    let refused = put(&change, "\"x\"");
    assert_eq!(
        (refused.status.as_u16(), text(&refused)),
        (412, "{\"error\": \"changed\"}")
    );
}
