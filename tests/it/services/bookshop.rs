//! A shelf of books: create, read, list with filter, order, and pages, change, archive, delete. Bearer token.
//!
//! The server does not know the ids of the examples, and has eight books of its own.

use serde_json::{Value, json};

use super::seed::Seed;
use super::wire::{Reply, Request, Service};

const TOKEN: &str = "Bearer t0ken-of-the-shelf";
const GENRES: [&str; 4] = ["fiction", "poetry", "science", "travel"];

const LIST: &str = "GET /books";
const CREATE: &str = "POST /books";
const GET: &str = "GET /books/{book_id}";
const UPDATE: &str = "PATCH /books/{book_id}";
const ARCHIVE: &str = "POST /books/{book_id}/archive";
const DELETE: &str = "DELETE /books/{book_id}";

/// The books.
pub(crate) struct Bookshop {
    books: Vec<Value>,
    next: u32,
}

impl Default for Bookshop {
    fn default() -> Self {
        let books = [
            ("Harbour lights", "Ines Okoro", 1200, "fiction", true),
            ("A field of stars", "Jon Bell", 2300, "science", true),
            ("Walking north", "Mara Feld", 1800, "travel", false),
            ("Small hours", "Ines Okoro", 900, "poetry", true),
            ("The glass garden", "Tomas Reyes", 1500, "fiction", true),
            ("Rivers and maps", "Mara Feld", 2600, "travel", true),
            ("Counting snow", "Lena Brandt", 1100, "science", false),
            ("Evening trade", "Jon Bell", 700, "fiction", true),
        ];
        let mut shop = Self {
            books: Vec::new(),
            next: 1,
        };
        for (title, author, price, genre, in_stock) in books {
            let body = json!({
                "title": title, "author": author, "price": price, "genre": genre, "in_stock": in_stock,
                "tags": ["classic"],
            });
            shop.add(&body);
        }
        shop.next = 2001;
        shop
    }
}

/// What only a request at random meets.
fn is_unlucky(body: &Value, seed: &Seed) -> bool {
    let price = body["price"].as_f64().unwrap_or_default();
    let title = body["title"].as_str().unwrap_or_default();
    (20_000.0..80_000.0).contains(&price) && seed.is("chance/create-with-a-middling-price-crashes")
        || title.contains('\'') && seed.is("chance/create-with-an-apostrophe-crashes")
        || body["genre"] == "poetry"
            && body["in_stock"] == false
            && seed.is("chance/create-of-poetry-out-of-stock-crashes")
}

impl Service for Bookshop {
    fn answer(&mut self, request: &Request, seed: &Seed) -> Reply {
        let parts = request.parts("/v1");
        let method = request.method.as_str();
        if let ["health"] = parts.as_slice() {
            return health(request, seed);
        }
        let operation = match (method, parts.as_slice()) {
            ("GET", ["books"]) => LIST,
            ("POST", ["books"]) => CREATE,
            ("GET", ["books", _]) => GET,
            ("PATCH", ["books", _]) => UPDATE,
            ("POST", ["books", _, "archive"]) => ARCHIVE,
            ("DELETE", ["books", _]) => DELETE,
            _ => return refusal(404, "no_route", "There is nothing here."),
        };
        if let Some(elsewhere) = elsewhere(operation, seed) {
            return elsewhere;
        }
        if let Some(refusal) = unauthorized(request, operation, seed) {
            return refusal;
        }
        let id = parts.get(1).copied().unwrap_or_default();
        match operation {
            LIST => self.list(request, seed),
            CREATE => self.create(request, seed),
            GET => self.get(id, seed),
            UPDATE => self.update(id, request, seed),
            ARCHIVE => self.archive(id, seed),
            _ => self.delete(id, seed),
        }
    }
}

fn refusal(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(status, json!({"code": code, "message": message}))
}

fn missing() -> Reply {
    refusal(404, "not_found", "There is no book with this id.")
}

fn invalid(message: &str) -> Reply {
    refusal(422, "invalid", message)
}

fn health(request: &Request, seed: &Seed) -> Reply {
    if seed.is("routing/health-is-not-implemented") {
        return refusal(501, "not_implemented", "This is not there yet.");
    }
    let has_token = request.header("authorization").is_some();
    if seed.is("auth/health-needs-a-token") && !has_token {
        return refusal(401, "unauthorized", "The token is missing or wrong.");
    }
    let status = if seed.is("shape/health-status-is-not-the-constant") {
        "healthy"
    } else {
        "ok"
    };
    Reply::json(200, json!({"status": status, "version": "1.4.2"}))
}

/// Operations that are not where they should be.
fn elsewhere(operation: &str, seed: &Seed) -> Option<Reply> {
    let no_route = || refusal(404, "no_route", "There is nothing here.");
    match operation {
        ARCHIVE if seed.is("routing/archive-is-not-there") => Some(no_route()),
        GET if seed.is("routing/get-is-at-another-path") => Some(no_route()),
        UPDATE if seed.is("routing/update-needs-put") => {
            Some(refusal(405, "no_method", "Use PUT.").with("allow", "GET, PUT, DELETE"))
        }
        LIST if seed.is("routing/list-is-moved") => {
            Some(Reply::empty(301).with("location", "/v2/books"))
        }
        _ => None,
    }
}

fn unauthorized(request: &Request, operation: &str, seed: &Seed) -> Option<Reply> {
    let token = request.header("authorization");
    if token == Some(TOKEN) {
        return None;
    }
    let is_open = match operation {
        GET => token.is_none() && seed.is("auth/get-needs-no-token"),
        CREATE => token.is_none() && seed.is("auth/create-needs-no-token"),
        DELETE => token.is_none() && seed.is("auth/delete-needs-no-token"),
        LIST => {
            token.is_some_and(|token| token.starts_with("Bearer "))
                && seed.is("auth/list-takes-any-token")
        }
        _ => false,
    };
    if is_open {
        return None;
    }
    if seed.is("auth/missing-token-answers-403") {
        return Some(refusal(403, "forbidden", "You may not do this."));
    }
    if seed.is("auth/refusal-is-not-in-the-documented-form") {
        return Some(Reply::json(401, json!({"errors": ["no token"]})));
    }
    Some(refusal(
        401,
        "unauthorized",
        "The token is missing or wrong.",
    ))
}

impl Bookshop {
    fn add(&mut self, body: &Value) -> Value {
        let number = self.next;
        self.next += 1;
        let book = json!({
            "id": format!("book_{number:04}"),
            "title": body.get("title").unwrap_or(&json!("Untitled")),
            "author": body["author"],
            "price": body["price"],
            "genre": body["genre"],
            "in_stock": body.get("in_stock").unwrap_or(&json!(true)),
            "tags": body.get("tags").unwrap_or(&json!([])),
            "status": "active",
            "created_at": format!("2026-03-01T{:02}:{:02}:{:02}Z", number / 3600 % 24, number / 60 % 60, number % 60),
        });
        self.books.push(book.clone());
        book
    }

    fn find(&mut self, id: &str) -> Option<&mut Value> {
        self.books.iter_mut().find(|book| book["id"] == id)
    }

    fn list(&mut self, request: &Request, seed: &Seed) -> Reply {
        let genre = request.query("genre");
        if genre.is_some_and(|genre| !GENRES.contains(&genre)) {
            if seed.is("robustness/list-unknown-genre-crashes") {
                return Reply::crash();
            }
            if !seed.is("inputs/list-takes-any-genre") {
                return invalid("There is no such genre.");
            }
        }
        let sort = request.query("sort").unwrap_or_else(|| {
            if seed.is("inputs-effect/list-has-another-default-order") {
                "price"
            } else {
                "created_at"
            }
        });
        if !["created_at", "title", "price"].contains(&sort)
            || sort == "price"
                && request.query("sort").is_some()
                && seed.is("inputs/list-refuses-sort-by-price")
        {
            return invalid("There is no such order.");
        }
        let max_price: Option<i64> = match request.query("max_price").map(str::parse) {
            Some(Err(_)) => return invalid("The price must be an integer."),
            Some(Ok(price)) => Some(price),
            None => None,
        };
        let limit: usize = match request.query("limit").map(str::parse) {
            Some(Ok(50)) if seed.is("inputs/list-refuses-a-limit-of-50") => {
                return invalid("The limit must be between 1 and 50.");
            }
            Some(Ok(0)) if seed.is("inputs/list-takes-a-limit-of-0") => 0,
            Some(Ok(limit @ 1..=50)) => limit,
            Some(_) => return invalid("The limit must be between 1 and 50."),
            None if seed.is("inputs-effect/list-has-another-default-limit") => 7,
            None => 5,
        };
        let limit = if seed.is("inputs-effect/list-ignores-limit") {
            5
        } else if request.query("limit").is_some()
            && seed.is("inputs-effect/list-gives-one-too-many")
        {
            limit + 1
        } else {
            limit
        };
        let mut found: Vec<Value> = self.books.clone();
        found.retain(|book| {
            genre.is_none_or(|genre| book["genre"] == genre)
                || seed.is("inputs-effect/list-ignores-genre")
        });
        found.retain(|book| {
            let price = book["price"].as_i64().unwrap_or_default();
            max_price.is_none_or(|max| {
                if seed.is("inputs-effect/list-takes-max-price-for-min-price") {
                    price >= max
                } else {
                    price <= max || seed.is("inputs-effect/list-ignores-max-price")
                }
            })
        });
        if seed.is("state/create-is-not-listed") {
            found.retain(|book| book["id"].as_str() < Some("book_1000"));
        }
        found.retain(|book| {
            book["deleted"].is_null() || seed.is("state/delete-keeps-the-book-in-the-list")
        });
        match sort {
            _ if request.query("sort").is_some() && seed.is("inputs-effect/list-ignores-sort") => {}
            "title" => {
                found.sort_by_key(|book| book["title"].as_str().map(str::to_owned));
                if seed.is("inputs-effect/list-sorts-by-title-backwards") {
                    found.reverse();
                }
            }
            "price" => found.sort_by_key(|book| book["price"].as_i64()),
            _ => {}
        }
        page(&found, request, limit, seed)
    }

    fn create(&mut self, request: &Request, seed: &Seed) -> Reply {
        let Some(body) = request.json().filter(Value::is_object) else {
            return invalid("The body must be a JSON object.");
        };
        if is_unlucky(&body, seed) {
            return Reply::crash();
        }
        if let Err(reply) = accept(&body, true, seed) {
            if seed.is("state/refused-create-is-kept") {
                let mut kept = body.clone();
                for (name, value) in [
                    ("title", json!("")),
                    ("author", json!("")),
                    ("price", json!(0)),
                    ("genre", json!("fiction")),
                ] {
                    if kept.get(name).is_none() {
                        kept[name] = value;
                    }
                }
                self.add(&kept);
            }
            return reply;
        }
        let mut kept = body.clone();
        let price = kept["price"].as_str().and_then(|text| text.parse().ok());
        kept["price"] = price.map_or(kept["price"].clone(), |price: i64| json!(price));
        if seed.is("inputs-effect/create-ignores-in-stock") {
            kept["in_stock"] = json!(true);
        }
        if body.get("in_stock").is_none()
            && seed.is("inputs-effect/create-has-another-default-stock")
        {
            kept["in_stock"] = json!(false);
        }
        if seed.is("inputs-effect/create-drops-tags") {
            kept["tags"] = json!([]);
        }
        let mut book = self.add(&kept);
        let id = book["id"].as_str().unwrap_or_default().to_owned();
        if seed.is("state/create-is-not-kept") {
            self.books.pop();
        }
        if seed.is("state/create-keeps-another-title") {
            self.find(&id).unwrap()["title"] = json!("Untitled");
        }
        if seed.is("shape/create-answers-a-date-only") {
            book["created_at"] = json!("2026-03-01");
        }
        if seed.is("shape/create-in-stock-is-a-number") {
            book["in_stock"] = json!(i32::from(book["in_stock"] == true));
        }
        let status = if seed.is("status/create-answers-200") {
            200
        } else {
            201
        };
        let reply = Reply::json(status, book);
        if seed.is("headers/create-has-no-location") {
            return reply;
        }
        let path = if seed.is("headers/create-location-leads-nowhere") {
            "shelf"
        } else {
            "books"
        };
        reply.with("location", &format!("/v1/{path}/{id}"))
    }

    fn get(&mut self, id: &str, seed: &Seed) -> Reply {
        let found = self.find(id).cloned();
        let Some(mut book) = found.filter(|book| book["deleted"].is_null()) else {
            if seed.is("robustness/get-unknown-crashes") {
                return Reply::crash();
            }
            if seed.is("robustness/get-unknown-answers-html") {
                return Reply::text(404, "text/html", "<h1>Not found</h1>");
            }
            if seed.is("status/get-unknown-answers-200") {
                return Reply::json(200, Value::Null);
            }
            if seed.is("status/get-unknown-answers-400") {
                return refusal(400, "not_found", "There is no book with this id.");
            }
            return missing();
        };
        if seed.is("state/get-answers-another-id") {
            book["id"] = json!("book_0001");
        }
        if seed.is("shape/get-price-is-text") {
            book["price"] = json!(book["price"].to_string());
        }
        if seed.is("shape/get-without-author") {
            remove(&mut book, "author");
        }
        if seed.is("shape/get-has-another-member") {
            book["shelf_id"] = json!(4);
        }
        if seed.is("shape/get-spells-created-at-in-camel-case") {
            book["createdAt"] = remove(&mut book, "created_at");
        }
        if seed.is("shape/get-genre-in-capitals") {
            book["genre"] = json!(book["genre"].as_str().unwrap_or_default().to_uppercase());
        }
        if seed.is("shape/get-status-outside-the-set") {
            book["status"] = json!("shelved");
        }
        if seed.is("shape/get-in-an-envelope") {
            book = json!({"data": book});
        }
        let reply = Reply::json(200, book);
        if seed.is("headers/get-is-called-plain-text") {
            return reply.with("content-type", "text/plain");
        }
        reply
    }

    fn update(&mut self, id: &str, request: &Request, seed: &Seed) -> Reply {
        if self.find(id).is_none_or(|book| !book["deleted"].is_null()) {
            return missing();
        }
        let Some(body) = request.json().filter(Value::is_object) else {
            return invalid("The body must be a JSON object.");
        };
        if let Err(reply) = accept(&body, false, seed) {
            return reply;
        }
        let Some(book) = self.find(id) else {
            return missing();
        };
        let before = book.clone();
        for name in ["title", "price", "in_stock"] {
            if let Some(value) = body.get(name) {
                if name == "price" && seed.is("inputs-effect/update-ignores-price") {
                    continue;
                }
                book[name] = value.clone();
            }
        }
        if seed.is("state/update-clears-the-tags") {
            book["tags"] = json!([]);
        }
        let changed = book.clone();
        if seed.is("state/update-is-not-kept") {
            *book = before;
        }
        if seed.is("shape/update-answers-the-changes-only") {
            return Reply::json(200, body);
        }
        let status = if seed.is("status/update-answers-202") {
            202
        } else {
            200
        };
        Reply::json(status, changed)
    }

    fn archive(&mut self, id: &str, seed: &Seed) -> Reply {
        let Some(book) = self.find(id).filter(|book| book["deleted"].is_null()) else {
            return missing();
        };
        if seed.is("robustness/archive-hangs-up") {
            return Reply::hangup();
        }
        let mut answer = book.clone();
        answer["status"] = json!("archived");
        if !seed.is("state/archive-is-not-kept") {
            book["status"] = json!("archived");
        }
        if seed.is("shape/archive-tags-are-text") {
            answer["tags"] = json!("rail, europe");
        }
        let reply = Reply::json(200, answer);
        if seed.is("headers/archive-has-no-content-type") {
            return reply.without("content-type");
        }
        reply
    }

    fn delete(&mut self, id: &str, seed: &Seed) -> Reply {
        let Some(book) = self.find(id).filter(|book| book["deleted"].is_null()) else {
            if seed.is("status/delete-unknown-answers-204") {
                return Reply::empty(204);
            }
            return missing();
        };
        if !seed.is("state/delete-keeps-the-book") {
            book["deleted"] = json!(true);
        }
        if seed.is("status/delete-answers-200") {
            return Reply::json(200, json!({"deleted": true}));
        }
        Reply::empty(204)
    }
}

/// Refuses what the pages do not allow.
fn accept(body: &Value, is_new: bool, seed: &Seed) -> Result<(), Reply> {
    let required = ["title", "author", "price", "genre"];
    let mut required = required.into_iter().filter(|_| is_new);
    let invalid = |message| {
        if is_new && seed.is("status/create-invalid-answers-418") {
            return Err(refusal(418, "teapot", "No."));
        }
        Err(invalid(message))
    };
    if is_new && seed.is("inputs/create-refuses-the-example") && body["author"] == "Ada Winter" {
        return invalid("There is no such author.");
    }
    if is_new && body.get("title").is_none() && seed.is("robustness/create-without-title-crashes") {
        return Err(Reply::crash());
    }
    if let Some(name) = required.find(|name| body.get(name).is_none()) {
        let is_taken = name == "title" && seed.is("inputs/create-takes-no-title");
        if !is_taken {
            return invalid(&format!("`{name}` is required."));
        }
    }
    if is_new && seed.is("inputs/create-needs-tags") && body.get("tags").is_none() {
        return invalid("`tags` is required.");
    }
    for name in ["title", "author"] {
        let Some(value) = body.get(name) else {
            continue;
        };
        let length = match value.as_str() {
            Some(text) => text.chars().count(),
            None => return invalid(&format!("`{name}` must be text.")),
        };
        if name == "title" && length > 120 {
            if is_new && seed.is("robustness/create-long-title-crashes") {
                return Err(Reply::crash());
            }
            if !is_new || !seed.is("inputs/create-takes-a-long-title") {
                return invalid("The title has at most 120 characters.");
            }
        }
        if name == "title"
            && is_new
            && length == 120
            && seed.is("inputs/create-refuses-120-characters")
        {
            return invalid("The title has at most 119 characters.");
        }
        if name == "title" && length == 0 {
            return invalid("The title must not be empty.");
        }
    }
    if let Some(price) = body.get("price") {
        let as_text = price.as_str().and_then(|text| text.parse().ok());
        let as_text = as_text.filter(|_| is_new && seed.is("inputs/create-takes-a-price-as-text"));
        let Some(price) = price.as_i64().or(as_text) else {
            return invalid("The price must be an integer.");
        };
        if price < 0 && !(is_new && seed.is("inputs/create-takes-a-negative-price")) {
            return invalid("The price must not be negative.");
        }
        if price == 0 && is_new && seed.is("inputs/create-refuses-a-price-of-0") {
            return invalid("The price must be positive.");
        }
        if price > 100_000 && (is_new || !seed.is("inputs/update-takes-a-high-price")) {
            return invalid("The price is at most 100000.");
        }
    }
    if let Some(genre) = body.get("genre") {
        let is_known = GENRES.iter().any(|known| genre == known);
        let is_taken = is_known || genre.is_string() && seed.is("inputs/create-takes-any-genre");
        if !is_taken {
            return invalid("There is no such genre.");
        }
        if genre == "poetry" && is_new && seed.is("inputs/create-refuses-poetry") {
            return invalid("There is no such genre.");
        }
    }
    if body
        .get("in_stock")
        .is_some_and(|value| !value.is_boolean())
    {
        return invalid("`in_stock` must be true or false.");
    }
    let is_text = |tags: &Value| {
        tags.as_array()
            .is_some_and(|tags| tags.iter().all(Value::is_string))
    };
    if body.get("tags").is_some_and(|tags| !is_text(tags)) {
        return invalid("`tags` must be texts.");
    }
    Ok(())
}

fn remove(value: &mut Value, name: &str) -> Value {
    let members = value.as_object_mut();
    let removed = members.and_then(|members| members.shift_remove(name));
    removed.unwrap_or_default()
}

/// One page of what was found.
fn page(found: &[Value], request: &Request, limit: usize, seed: &Seed) -> Reply {
    let start = match request.query("cursor").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) if start <= found.len() => start,
        Some(_) => return invalid("There is no such cursor."),
    };
    let is_later = start > 0;
    let first = if is_later && seed.is("state/pages-repeat-an-item") {
        start - 1
    } else if is_later && seed.is("state/pages-skip-an-item") {
        start + 1
    } else {
        start
    };
    let mut data: Vec<Value> = found.iter().skip(first).take(limit).cloned().collect();
    for book in &mut data {
        remove(book, "deleted");
    }
    let mut next = start + limit;
    let mut has_more = next < found.len();
    let mut next_cursor = json!(has_more.then(|| next.to_string()));
    if !has_more && seed.is("state/pages-never-end") {
        next = start;
        has_more = true;
        next_cursor = json!(next.to_string());
    }
    if !has_more && seed.is("state/has-more-on-the-last-page") {
        has_more = true;
    }
    let mut total = json!(found.len());
    if seed.is("state/total-is-that-of-the-page") {
        total = json!(data.len());
    }
    if seed.is("shape/list-total-is-text") {
        total = json!(total.to_string());
    }
    for (index, book) in data.iter_mut().enumerate() {
        if seed.is("shape/list-item-without-title") {
            remove(book, "title");
        }
        if index == 1 && seed.is("shape/list-second-item-has-price-as-text") {
            book["price"] = json!(book["price"].to_string());
        }
        if seed.is("shape/list-tags-are-null") {
            book["tags"] = Value::Null;
        }
    }
    if seed.is("shape/list-without-envelope") {
        return Reply::json(200, json!(data));
    }
    let body =
        json!({"data": data, "total": total, "has_more": has_more, "next_cursor": next_cursor});
    if seed.is("robustness/list-is-cut-off") {
        let text = body.to_string();
        return Reply::text(200, "application/json", &text[..text.len() - 9]);
    }
    let reply = Reply::json(200, body);
    if seed.is("headers/list-is-called-html") {
        return reply.with("content-type", "text/html");
    }
    reply
}
