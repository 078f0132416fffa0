//! The pages that are served, and the request that they document.

use std::fs;

const ORDER: &str = r#"{"customer":{"name":"Mara Feld","email":"mara@example.com"},"items":[{"book_id":"book_7Hq2","quantity":2}],"shipping":"express"}"#;

const PLACED: &str = r#"{
  "id": "order_9Kd4",
  "status": "pending",
  "items": [{ "book_id": "book_7Hq2", "quantity": 2, "unit_price": 1450 }],
  "total": 3395,
  "created_at": "2026-02-11T09:24:00Z"
}"#;

pub(crate) fn page(number: usize) -> String {
    format!(
        r#"---
title: "Create an order"
api: "POST https://api.example.com/v1/shops/{number}/orders"
---

<ParamField header="Idempotency-Key" type="string">
  A text of your choice.
</ParamField>

<ParamField body="customer" type="object" required>
  Who gets the books.

  <Expandable title="customer">
    <ParamField body="name" type="string" required>
      The full name.
    </ParamField>
    <ParamField body="email" type="string" required>
      The address.
    </ParamField>
  </Expandable>
</ParamField>

<ParamField body="items" type="object[]" required>
  The books.

  <Expandable title="item">
    <ParamField body="book_id" type="string" required>
      The id of the book.
    </ParamField>
    <ParamField body="quantity" type="integer" default="1">
      How many copies.
    </ParamField>
  </Expandable>
</ParamField>

<ParamField body="shipping" type="'standard' | 'express'">
  How fast the parcel travels.
</ParamField>

<RequestExample>

```bash cURL
curl -X POST https://api.example.com/v1/shops/{number}/orders \
  -H "Content-Type: application/json" \
  -d '{ORDER}'
```

</RequestExample>

<ResponseExample>

```json 201 Created
{PLACED}
```

```json 422 Wrong
{{ "error": "wrong" }}
```

</ResponseExample>
"#
    )
}

pub(crate) fn site(operations: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..operations {
        fs::write(
            folder.path().join(format!("order-{number}.mdx")),
            page(number),
        )
        .unwrap();
    }
    folder
}

pub(crate) fn request() -> String {
    format!(
        "POST /v1/shops/3/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{ORDER}",
        ORDER.len()
    )
}
