//! How computed members are read and judged.

use serde_json::json;

use super::*;
use crate::conform::tests::documentation;

/// What is wrong with a body, given fields and what they say.
fn wrong(fields: &[(&str, &str, &str)], body: &Value) -> Vec<String> {
    let fields = fields.iter().map(|(name, kind, text)| {
        let inner = match *name {
            "lines" => {
                "<Expandable>\n<ResponseField name=\"amount\" type=\"integer\">Price.</ResponseField>\n<ResponseField name=\"quantity\" type=\"integer\">How many.</ResponseField>\n</Expandable>\n"
            }
            _ => "",
        };
        format!("<ResponseField name=\"{name}\" type=\"{kind}\">\n{text}\n{inner}</ResponseField>\n")
    });
    let fields: String = fields.collect();
    let page = format!("---\ntitle: Order\napi: GET /orders/1\n---\n\n{fields}");
    let (_, documentation) = documentation("", &[&page]);
    let operation = &documentation.api.operations[0];
    of(&operation.responses[0].fields, body, &mut Vec::new())
        .into_iter()
        .map(|it| format!("{} {} {}", it.path, it.expected, it.observed))
        .collect()
}

#[test]
fn totals_are_those_of_their_parts() {
    let fields = [
        ("lines", "object[]", "The lines."),
        (
            "total",
            "integer",
            "Sum of the amounts of all lines, in cents.",
        ),
        (
            "worth",
            "integer",
            "Total of `amount` times `quantity` over all `lines`.",
        ),
        ("mean", "number", "Average amount of the lines."),
        ("line_count", "integer", "Number of lines."),
    ];
    let lines = json!([{"amount": 5, "quantity": 2}, {"amount": 10, "quantity": 1}]);
    let right = json!({"lines": lines, "total": 15, "worth": 20, "mean": 7.5, "line_count": 2});
    assert!(wrong(&fields, &right).is_empty());
    let off = json!({"lines": lines, "total": 20, "worth": 15, "mean": 5, "line_count": 3});
    assert_eq!(
        wrong(&fields, &off),
        ["total 15 20", "worth 20 15", "mean 7.5 5", "line_count 2 3"]
    );
}

#[test]
fn members_beside_each_other_are_put_together() {
    let fields = [
        ("price", "number", "Price of one."),
        ("quantity", "integer", "How many."),
        ("fee", "number", "Fee."),
        ("total", "number", "`price` times `quantity` plus `fee`."),
        ("first", "string", "First name."),
        ("last", "string", "Last name."),
        (
            "name",
            "string",
            "`first` and `last`, with a space between.",
        ),
        ("body", "string", "The text."),
        ("words", "integer", "Number of words in `body`."),
    ];
    let of = |total: f64, name: &str, words: u64| json!({"price": 2.5, "quantity": 4, "fee": 1.0, "total": total, "first": "Ada", "last": "Lind", "name": name, "body": "One, two. Three!", "words": words});
    assert!(wrong(&fields, &of(11.0, "Ada Lind", 3)).is_empty());
    assert_eq!(
        wrong(&fields, &of(10.0, "Ada", 16)),
        ["total 11 10.0", "name Ada Lind Ada", "words 3 16"]
    );
}

#[test]
fn words_that_leave_something_open_compute_nothing() {
    let fields = [
        ("lines", "object[]", "The latest ten lines."),
        ("line_count", "integer", "Number of lines."),
        ("price", "integer", "Price."),
        ("quantity", "integer", "How many."),
        (
            "total",
            "integer",
            "`price` times `quantity` and a discount.",
        ),
        ("gone", "integer", "`price` minus `missing`."),
    ];
    let body =
        json!({"lines": [], "line_count": 40, "price": 2, "quantity": 3, "total": 5, "gone": 1});
    assert!(wrong(&fields, &body).is_empty());
}

#[test]
fn shares_are_those_of_what_stands_in_brackets() {
    let fields = [
        ("subtotal", "integer", "Before all."),
        ("discount", "integer", "Taken off."),
        ("fee", "integer", "Added."),
        ("tax_rate", "number", "Tax, in percent."),
        (
            "tax",
            "integer",
            "`tax_rate` of (`subtotal` less `discount`), rounded half up to a whole cent.",
        ),
        ("cut", "integer", "`tax_rate` percent of the `subtotal`."),
        (
            "twice",
            "integer",
            "`tax_rate` times (`subtotal` less `discount`).",
        ),
    ];
    let right = json!({"subtotal": 1000, "discount": 95, "fee": 1, "tax_rate": 10, "tax": 91, "cut": 100, "twice": 9050});
    assert!(
        wrong(&fields, &right).is_empty(),
        "{:?}",
        wrong(&fields, &right)
    );
    let other = json!({"subtotal": 1000, "discount": 95, "fee": 1, "tax_rate": 10, "tax": 100, "cut": 98, "twice": 1});
    assert_eq!(wrong(&fields, &other), ["tax 90.5 100", "cut 100 98"]);
}

#[test]
fn shares_are_products_with_a_hundredth() {
    for text in [
        "`fare` times `levy` / 100, rounded half up.",
        "`fare` × `levy` percent, rounded to the nearest whole cent.",
        "`levy` / 100 times `fare`, rounded half up to a whole cent.",
    ] {
        let fields = [
            ("fare", "integer", "What the ride costs."),
            ("levy", "integer", "In percent."),
            ("due", "integer", text),
        ];
        let of = |due: i64| wrong(&fields, &json!({"fare": 995, "levy": 10, "due": due})).len();
        // 99.5 is rounded to one of two, and 99 is what is left of 99.6 if it is cut off.
        assert_eq!((of(100), of(99), of(101), of(98)), (0, 0, 1, 1), "{text}");
        let cut = json!({"fare": 996, "levy": 10, "due": 99});
        assert_eq!(wrong(&fields, &cut).len(), 1, "{text}");
    }
}

#[test]
fn exceptions_by_state_are_no_mistakes() {
    let of = |text: &str, due: i64| {
        let fields = [
            ("total", "integer", "All."),
            ("paid", "integer", "What came in."),
            ("due", "integer", text),
        ];
        wrong(&fields, &json!({"total": 10, "paid": 4, "due": due})).len()
    };
    let zero = "`total` less `paid`, in cents. `0` when the invoice is `void`.";
    assert_eq!((of(zero, 6), of(zero, 0), of(zero, 5)), (0, 0, 1));
    let word = "`total` minus `paid`. Zero for cancelled orders.";
    assert_eq!((of(word, 6), of(word, 0), of(word, 5)), (0, 0, 1));
    let open = "`total` minus `paid`, unless the order is a draft.";
    assert_eq!((of(open, 6), of(open, 5)), (0, 0));
    let least = "`total` minus `paid`. Never below zero.";
    assert_eq!((of(least, 6), of(least, 5)), (0, 0));
    let plain = "`total` minus `paid`, in cents.";
    assert_eq!((of(plain, 6), of(plain, 5)), (0, 1));
}

/// How bad a total is that is not what the page computes, where the example shows that one.
fn severity(text: &str, shown: u64) -> Option<Severity> {
    use crate::conform::bindings::Bindings;
    use crate::conform::judge::judge;
    use crate::conform::tests::{answer, planned};
    let page = format!(
        "---\napi: GET /carts/1\n---\n\n<ResponseField name=\"price\" type=\"integer\">Price of one.</ResponseField>\n<ResponseField name=\"count\" type=\"integer\">How many.</ResponseField>\n<ResponseField name=\"total\" type=\"integer\">{text}</ResponseField>\n\n```bash\ncurl https://api.example.com/carts/1\n```\n\n```json 200\n{{\"price\": 3, \"count\": 4, \"total\": {shown}}}\n```\n"
    );
    let (_, documentation) = documentation("", &[&page]);
    let plan = planned(&documentation, &Bindings::default());
    let case = Case {
        operation: &documentation.api.operations[0],
        item: plan.items.first()?,
        secrets: &plan.secrets,
        marks_null: plan.marks_null,
        unset: None,
    };
    let body = "{\"price\": 5, \"count\": 2, \"total\": 11}";
    let verdict = judge(&case, &answer(200, body));
    verdict.diagnostics.iter().map(|it| it.severity).max()
}

#[test]
fn sentence_and_example_that_agree_are_a_promise() {
    let text = "`price` times `count`.";
    assert_eq!(severity(text, 12), Some(Severity::Error));
    assert_eq!(severity(text, 0), Some(Severity::Warning));
    assert_eq!(severity(text, 20), Some(Severity::Warning));
}
