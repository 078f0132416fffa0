//! The sample site, which the targets that need an API have.

use fieldproof::source::load::Site;

const FILES: &[(&str, &str)] = &[
    ("docs.json", include_str!("../../docs/sample/docs.json")),
    (
        "books/get-book.mdx",
        include_str!("../../docs/sample/books/get-book.mdx"),
    ),
    (
        "books/list-books.mdx",
        include_str!("../../docs/sample/books/list-books.mdx"),
    ),
    (
        "orders/create-order.mdx",
        include_str!("../../docs/sample/orders/create-order.mdx"),
    ),
    (
        "orders/list-orders.mdx",
        include_str!("../../docs/sample/orders/list-orders.mdx"),
    ),
    (
        "orders/update-order.mdx",
        include_str!("../../docs/sample/orders/update-order.mdx"),
    ),
    (
        "snippets/pagination.mdx",
        include_str!("../../docs/sample/snippets/pagination.mdx"),
    ),
    (
        "webhooks/create-webhook.mdx",
        include_str!("../../docs/sample/webhooks/create-webhook.mdx"),
    ),
    (
        "webhooks/delete-webhook.mdx",
        include_str!("../../docs/sample/webhooks/delete-webhook.mdx"),
    ),
];

pub(crate) fn site() -> Site {
    Site::from_files(FILES.iter().copied())
}
