//! A world of books, walked without a socket.

use serde_json::{Value, json};

use super::*;
use crate::mock::Options;
use crate::mock::tests::{mock_of, request};

const LIST: &str = r#"---
api: GET /shops/{shop_id}/books
---

<ParamField query="genre" type="string" />

<ParamField query="sort" type="string" />

<ParamField query="limit" type="integer" default="2" />

<ParamField query="cursor" type="string" />

<ResponseExample>

```json 200
{
  "data": [
    { "id": "book_1a", "title": "Beta", "genre": "crime" },
    { "id": "book_2b", "title": "Alpha", "genre": "poem" },
    { "id": "book_3c", "title": "Gamma", "genre": "crime", "sequel": true }
  ],
  "total": 3,
  "has_more": false,
  "next_cursor": null
}
```

</ResponseExample>
"#;

const CREATE: &str = r#"---
api: POST /shops/{shop_id}/books
---

<ParamField body="title" type="string" required />

<ParamField body="genre" type="string" default="novel" />

<ParamField body="pages" type="integer" />

<ParamField body="secret" type="string" />

<ResponseExample>

```json 201
{ "data": { "id": "book_9z", "title": "Delta", "genre": "crime", "pages": 10, "created_at": "2026-02-11T09:24:00Z" } }
```

</ResponseExample>
"#;

const READ: &str = r#"---
api: GET /shops/{shop_id}/books/{book_id}
---

<ResponseExample>

```json 200
{ "id": "book_1a", "title": "Beta", "genre": "crime", "pages": 10, "updated_at": "2026-02-11T09:24:00Z" }
```

```json 404
{ "code": "no_such_book" }
```

</ResponseExample>
"#;

const UPDATE: &str = r#"---
api: PATCH /shops/{shop_id}/books/{book_id}
---

<ParamField body="pages" type="integer" />

<ResponseExample>

```json 200
{ "id": "book_1a", "title": "Beta", "pages": 12, "updated_at": "2026-02-11T09:24:00Z" }
```

</ResponseExample>
"#;

const DELETE: &str = "---\napi: DELETE /shops/{shop_id}/books/{book_id}\n---\n\n<ResponseExample>\n\n```text 204\n```\n\n</ResponseExample>\n";

const OTHER: &str = "---\napi: POST /shops/{shop_id}/close\n---\n\n<ResponseExample>\n\n```json 200\n{\"closed\": true}\n```\n\n</ResponseExample>\n";

const PAGES: [(&str, &str); 6] = [
    ("list.mdx", LIST),
    ("create.mdx", CREATE),
    ("read.mdx", READ),
    ("update.mdx", UPDATE),
    ("delete.mdx", DELETE),
    ("other.mdx", OTHER),
];

/// 2023-11-14T22:13:20Z
const NOW: u64 = 1_700_000_000_000;

struct World {
    mock: Mock,
    state: State,
}

impl World {
    fn new() -> Self {
        let mock = mock_of(&PAGES, Options::default());
        let state = State::new(&mock);
        Self { mock, state }
    }

    fn reply(&mut self, method: &str, target: &str, body: &str) -> Reply {
        let headers = [("content-type", "application/json")];
        let headers = if body.is_empty() { &[][..] } else { &headers };
        let request = request(method, target, headers, body);
        self.state.apply(&self.mock, &request, NOW)
    }

    fn send(&mut self, method: &str, target: &str, body: &str) -> (u16, Value) {
        let reply = self.reply(method, target, body);
        let body = serde_json::from_slice(&reply.body).unwrap_or_default();
        (reply.status.as_u16(), body)
    }

    fn titles(&mut self, query: &str) -> Vec<String> {
        let (_, body) = self.send("GET", &format!("/shops/s1/books{query}"), "");
        let things = body["data"].as_array().unwrap().iter();
        things
            .map(|it| it["title"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn what_is_made_is_there_and_what_is_removed_is_gone() {
    let mut world = World::new();
    let (status, made) = world.send(
        "POST",
        "/shops/s1/books",
        r#"{"title": "New", "secret": "s"}"#,
    );
    let thing = &made["data"];
    let id = thing["id"].as_str().unwrap().to_owned();
    assert!(status == 201 && id.starts_with("book_") && id != "book_9z");
    assert_eq!(
        thing,
        &json!({"id": id, "title": "New", "genre": "novel", "pages": 10, "created_at": "2023-11-14T22:13:20Z"})
    );
    let path = format!("/shops/s1/books/{id}");
    let (status, read) = world.send("GET", &path, "");
    assert_eq!(
        (status, &read["title"], &read["secret"]),
        (200, &json!("New"), &Value::Null)
    );
    assert_eq!(world.titles("?limit=9"), ["Beta", "Alpha", "Gamma", "New"]);

    let (_, changed) = world.send("PATCH", &path, r#"{"pages": 99}"#);
    assert_eq!(
        (&changed["pages"], &changed["updated_at"]),
        (&json!(99), &json!("2023-11-14T22:13:20Z"))
    );
    assert_eq!(world.send("GET", &path, "").1["pages"], 99);

    assert_eq!(world.send("DELETE", &path, "").0, 204);
    assert_eq!(
        world.send("GET", &path, ""),
        (404, json!({"code": "no_such_book"}))
    );
    let again = world.reply("DELETE", &path, "");
    assert_eq!(
        (again.status.as_u16(), again.header("mock-state")),
        (404, Some("kept"))
    );
    assert_eq!(world.titles("?limit=9"), ["Beta", "Alpha", "Gamma"]);
}

#[test]
fn things_below_other_parents_are_others_and_a_reset_brings_all_back() {
    let mut world = World::new();
    world.send("DELETE", "/shops/s1/books/book_1a", "");
    assert_eq!(world.send("GET", "/shops/s1/books/book_1a", "").0, 404);
    assert_eq!(world.send("GET", "/shops/s2/books/book_1a", "").0, 200);
    world.state.reset();
    assert_eq!(world.send("GET", "/shops/s1/books/book_1a", "").0, 200);
}

#[test]
fn a_list_is_filtered_sorted_and_paged_as_documented() {
    let mut world = World::new();
    assert_eq!(world.titles("?genre=crime"), ["Beta", "Gamma"]);
    assert_eq!(
        world.titles("?sort=title&limit=3"),
        ["Alpha", "Beta", "Gamma"]
    );
    assert_eq!(
        world.titles("?sort=-title&limit=3"),
        ["Gamma", "Beta", "Alpha"]
    );
    let (_, first) = world.send("GET", "/shops/s1/books", "");
    assert_eq!(
        (&first["total"], &first["has_more"], &first["next_cursor"]),
        (&json!(3), &json!(true), &json!("book_2b"))
    );
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let (_, last) = world.send("GET", "/shops/s1/books?cursor=book_2b", "");
    assert_eq!(
        (&last["has_more"], &last["next_cursor"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        last["data"],
        json!([{"id": "book_3c", "title": "Gamma", "genre": "crime", "sequel": true}])
    );
}

#[test]
fn what_is_no_collection_and_what_is_refused_is_answered_as_without_state() {
    let mut world = World::new();
    let other = world.reply("POST", "/shops/s1/close", "");
    assert_eq!(
        (other.status.as_u16(), other.header("mock-state")),
        (200, None)
    );
    let refused = world.reply("POST", "/shops/s1/books", "{}");
    assert_eq!(refused.status, 422);
    assert_eq!(world.titles("?limit=9").len(), 3);
    let asked = request("GET", "/shops/s1/books/none", &[("prefer", "code=200")], "");
    assert_eq!(world.state.apply(&world.mock, &asked, NOW).status, 200);
}

#[test]
fn a_value_that_may_not_stand_in_an_answer_does_not() {
    let mut world = World::new();
    let body = "title=Form&pages=77";
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("prefer", "handling=lenient"),
    ];
    let made = request("POST", "/shops/s1/books", &headers, body);
    let made = world.state.apply(&world.mock, &made, NOW);
    let made: Value = serde_json::from_slice(&made.body).unwrap();
    assert_eq!(
        (&made["data"]["title"], &made["data"]["pages"]),
        (&json!("Form"), &json!(77))
    );
}

#[test]
fn only_what_a_page_documents_is_changed_and_a_time_that_was_not_set_is() {
    let read = READ.replace(
        "\"updated_at\": \"2026-02-11T09:24:00Z\"",
        "\"updated_at\": null",
    );
    let pages = [
        ("create.mdx", CREATE),
        ("read.mdx", &read),
        ("update.mdx", UPDATE),
    ];
    let mock = mock_of(&pages, Options::default());
    let mut world = World {
        state: State::new(&mock),
        mock,
    };
    let path = "/shops/s1/books/book_1a";
    assert_eq!(world.send("GET", path, "").1["updated_at"], Value::Null);
    let change =
        r#"{"pages": 5, "title": "Other", "id": "x", "created_at": "1999-01-01T00:00:00Z"}"#;
    let headers = [
        ("content-type", "application/json"),
        ("prefer", "handling=lenient"),
    ];
    let changed = request("PATCH", path, &headers, change);
    world.state.apply(&world.mock, &changed, NOW);
    assert_eq!(
        world.send("GET", path, "").1,
        json!({"id": "book_1a", "title": "Beta", "genre": "crime", "pages": 5, "updated_at": "2023-11-14T22:13:20Z"})
    );
}

#[test]
fn pages_that_are_saved_again_keep_what_was_made() {
    let mut world = World::new();
    world.send("POST", "/shops/s1/books", r#"{"title": "New"}"#);
    world.state.follow(&world.mock);
    assert_eq!(world.titles("?limit=9").len(), 4);
}

#[test]
fn an_id_that_no_page_shows_is_answered_as_the_page_does() {
    let mut world = World::new();
    assert_eq!(world.send("GET", "/shops/s1/books/book_0x", "").0, 404);
    // The page of the update documents no such answer, but that of another operation does.
    let update = world.reply("PATCH", "/shops/s1/books/book_0x", r#"{"pages": 1}"#);
    assert_eq!(
        (update.status.as_u16(), update.header("mock-state")),
        (404, Some("kept"))
    );
    world.send("DELETE", "/shops/s1/books/book_1a", "");
    assert_eq!(
        world
            .send("PATCH", "/shops/s1/books/book_1a", r#"{"pages": 1}"#)
            .0,
        404
    );
}

#[test]
fn an_id_that_nobody_made_is_missing_also_where_no_page_says_so() {
    let read = READ.split("```json 404").next().unwrap();
    let pages = [
        ("create.mdx", CREATE),
        ("read.mdx", read),
        ("update.mdx", UPDATE),
    ];
    let mock = mock_of(&pages, Options::default());
    let mut state = State::new(&mock);
    let mut of = |id: &str| {
        let read = request("GET", &format!("/shops/s1/books/{id}"), &[], "");
        let reply = state.apply(&mock, &read, NOW);
        (
            reply.status.as_u16(),
            reply.header("mock-state").map(str::to_owned),
        )
    };
    assert_eq!(of("book_0x"), (404, Some("kept".to_owned())));
    assert_eq!(of("book_1a"), (200, Some("kept".to_owned())));
}

#[test]
fn things_that_are_made_in_other_ways_are_not_missing() {
    let import = CREATE.replace("/books\n", "/books/import\n");
    let pages = [
        ("list.mdx", LIST),
        ("read.mdx", READ),
        ("import.mdx", &import),
    ];
    let mock = mock_of(&pages, Options::default());
    let mut state = State::new(&mock);
    let read = request("GET", "/shops/s1/books/book_0x", &[], "");
    assert_eq!(state.apply(&mock, &read, NOW).status, 200);
}

#[test]
fn a_change_is_on_the_condition_that_the_thing_is_as_it_was_read() {
    let mut world = World::new();
    let path = "/shops/s1/books/book_1a";
    let tag = |world: &mut World| {
        let read = world.reply("GET", path, "");
        read.header("etag").unwrap().to_owned()
    };
    let change = |world: &mut World, tag: &str, pages: u64| {
        let headers = [("content-type", "application/json"), ("if-match", tag)];
        let body = format!("{{\"pages\": {pages}}}");
        let request = request("PATCH", path, &headers, &body);
        world
            .state
            .apply(&world.mock, &request, NOW)
            .status
            .as_u16()
    };
    let before = tag(&mut world);
    assert_eq!(change(&mut world, &before, 99), 200);
    assert_ne!(tag(&mut world), before);
    assert_eq!(change(&mut world, &before, 7), 412);
    assert_eq!(world.send("GET", path, "").1["pages"], 99);

    let known = [("if-none-match", &*tag(&mut world))];
    let again = request("GET", path, &known, "");
    let reply = world.state.apply(&world.mock, &again, NOW);
    assert_eq!((reply.status.as_u16(), reply.body.len()), (304, 0));
}
