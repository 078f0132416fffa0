//! Pages, and the operations that they become.

use crate::model::evidence::Origin;
use crate::model::operation::{Api, Operation};
use crate::model::shape::{Shape, ShapeKind};
use crate::source::load::Site;

pub(super) fn api(pages: &[(&str, &str)]) -> Api {
    crate::model::read(&Site::from_files(pages.iter().copied())).api
}

fn only(page: &str) -> Operation {
    let mut operations = api(&[("page.mdx", page)]).operations;
    assert_eq!(operations.len(), 1);
    operations.remove(0)
}

fn statuses(operation: &Operation) -> Vec<Option<u16>> {
    let responses = operation.responses.iter();
    responses.map(|response| response.status.code()).collect()
}

#[test]
fn a_fence_that_is_an_endpoint_states_one() {
    let operation = only(
        "## Endpoint\n\n```http\nGET https://api.example.com/books/{id}\n```\n\n<ParamField path=\"id\" type=\"string\" />\n",
    );
    assert_eq!(operation.name(), "GET /books/{id}");
    assert!(operation.is_inferred());
    assert_eq!(operation.servers[0].value, "https://api.example.com");
    assert_eq!(operation.parameters.len(), 1);
}

#[test]
fn each_endpoint_of_a_page_takes_what_follows_it() {
    let page = "## GET /books\n\n<ResponseField name=\"books\" type=\"array\" />\n\n## POST /books\n\n\
        <ParamField body=\"title\" type=\"string\" />\n\n<ResponseField name=\"id\" type=\"string\" />\n";
    let operations = api(&[("page.mdx", page)]).operations;
    let names: Vec<_> = operations.iter().map(Operation::name).collect();
    assert_eq!(names, ["GET /books", "POST /books"]);
    assert!(operations[0].body.is_none());
    assert_eq!(operations[0].responses[0].fields[0].name.value, "books");
    assert_eq!(operations[1].responses[0].fields[0].name.value, "id");
}

#[test]
fn a_code_span_below_an_endpoint_heading_states_one() {
    let operation = only(
        "### Endpoint\n\n`DELETE /books/{id}`\n\n<ResponseField name=\"ok\" type=\"boolean\" />\n",
    );
    assert_eq!(operation.name(), "DELETE /books/{id}");
}

#[test]
fn pages_without_fields_state_no_endpoint() {
    let page = "```\nGET /books\n```\n\n```json\n{}\n```\n";
    assert!(api(&[("page.mdx", page)]).operations.is_empty());
    let called =
        "```bash\ncurl https://api.example.com/books\n```\n\n<ResponseField name=\"a\" />\n";
    assert!(api(&[("page.mdx", called)]).operations.is_empty());
}

#[test]
fn fields_on_an_openapi_page_belong_to_its_operation() {
    let operation = only(
        "---\nopenapi: \"api.json post /books\"\n---\n\n<ParamField body=\"title\" type=\"string\" />\n",
    );
    assert_eq!(operation.name(), "POST /books");
    assert_eq!(operation.endpoint.evidence.origin, Origin::Config);
    assert!(!operation.is_inferred());
}

#[test]
fn bare_fences_are_examples_where_no_component_is() {
    let page = "---\napi: GET /books\n---\n\n<ResponseField name=\"id\" type=\"string\" />\n\n\
        ```bash\ncurl https://api.example.com/books\n```\n\n## Response\n\n```json\n{\"id\": \"a\"}\n```\n\n\
        ### 404 Not Found\n\n```json\n{\"error\": \"none\"}\n```\n\n## Webhook payload\n\n```json\n{\"event\": 1}\n```\n";
    let operation = only(page);
    assert_eq!(statuses(&operation), [None, Some(404)]);
    assert_eq!(operation.responses[0].examples[0].origin, Origin::Inferred);
    assert_eq!(operation.request_examples[0].origin, Origin::Inferred);
    let promised = operation.responses[0].shape.as_ref().unwrap().members()[0]
        .required
        .clone();
    assert_eq!(promised.unwrap().evidence.origin, Origin::Inferred);
    let component = format!(
        "{page}\n<ResponseExample>\n\n```json\n{{\"id\": \"b\"}}\n```\n\n</ResponseExample>\n"
    );
    let operation = only(&component);
    // The text still says how errors look.
    assert_eq!(statuses(&operation), [None, Some(404)]);
    assert_eq!(operation.responses[0].examples[0].origin, Origin::Example);
}

#[test]
fn tables_of_statuses_make_errors_known() {
    let operation = only(
        "---\napi: GET /books\n---\n\n| Status | Meaning |\n|---|---|\n| `200` | fine |\n| 404 Not Found | none |\n| **429** | later |\n\n\
         | Year | Books |\n|---|---|\n| 404 | 3 |\n",
    );
    assert_eq!(statuses(&operation), [Some(404), Some(429)]);
    let prose = Origin::Prose;
    assert!(operation.responses.iter().all(|response| {
        matches!(&response.status, crate::model::Status::Code(code) if code.evidence.origin == prose)
    }));
}

const SHELF: &str = "---\ntitle: Shelf\napi: POST /call\n---\n\n<ParamField query=\"a\" type=\"string\" required />\n\n\
    <ParamField query=\"b\" type=\"string\" required />\n\n<ParamField body=\"action\" type=\"string\" required>Must be `shelf`.</ParamField>\n\n\
    <ResponseField name=\"books\" type=\"array\" />\n";
const LOAN: &str = "---\ntitle: Loan\napi: POST /call\n---\n\n<ParamField query=\"a\" type=\"string\" required />\n\n\
    <ParamField body=\"action\" type=\"string\" required>Must be `loan`.</ParamField>\n\n\
    <ParamField body=\"days\" type=\"integer\" />\n\n<ResponseField name=\"due\" type=\"string\" />\n";

#[test]
fn pages_that_differ_are_variants_named_by_their_titles() {
    let operations = api(&[("a.mdx", SHELF), ("b.mdx", LOAN)]).operations;
    let [operation] = operations.as_slice() else {
        panic!("{operations:?}")
    };
    let variants: Vec<_> = operation
        .responses
        .iter()
        .filter_map(|response| Some(response.variant.as_ref()?.value.as_str()))
        .collect();
    assert_eq!(variants, ["Shelf", "Loan"]);
    let required: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            (
                parameter.field.name.value.as_str(),
                parameter.field.is_required(),
            )
        })
        .collect();
    assert_eq!(required, [("a", true), ("b", false)]);
}

#[test]
fn the_members_that_tell_calls_apart_are_kept() {
    let operations = api(&[("a.mdx", SHELF), ("b.mdx", LOAN)]).operations;
    let body = operations[0].body.as_ref().unwrap();
    let ShapeKind::Union(variants) = &body.shape.kind else {
        panic!("{body:?}")
    };
    let actions: Vec<_> = variants
        .iter()
        .filter_map(|variant| {
            let constant = variant.members()[0].shape.constraints.constant.as_ref()?;
            constant.value.as_str()
        })
        .collect();
    assert_eq!(actions, ["shelf", "loan"]);
    assert_eq!(body.fields.len(), 2);
}

#[test]
fn translations_are_no_variants() {
    let other = SHELF.replace("Shelf", "Regal").replace("Must be", "Muss");
    let operations = api(&[("a.mdx", SHELF), ("de/a.mdx", &other)]).operations;
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0].pages.len(), 2);
    assert!(
        operations[0]
            .responses
            .iter()
            .all(|response| response.variant.is_none())
    );
    assert!(matches!(
        operations[0].body.as_ref().unwrap().shape.kind,
        ShapeKind::Object { .. }
    ));
    assert!(operations[0].parameters[1].field.is_required());
}

#[test]
fn headers_of_answers_are_read_from_fields_tables_and_sentences() {
    let operation = only(
        "---\napi: POST /books\n---\n\nThe `X-Trace` header of the response names the call. Send the `X-Shop` header with \
         each request, or the response says no.\n\n## Response headers\n\n| Header | Description |\n| --- | --- |\n\
         | `Location` | The new book. |\n| `Retry-After` | Seconds to wait, only sent with 429. |\n\n\
         <ResponseField name=\"X-Left\" type=\"integer\">Calls that are left.</ResponseField>\n\n## Response\n\n\
         <ResponseField name=\"id\" type=\"string\" />\n",
    );
    let headers = operation.response_headers.iter();
    let headers: Vec<_> = headers
        .map(|it| (it.name.value.as_str(), it.status, it.is_optional))
        .collect();
    assert_eq!(
        headers,
        [
            ("X-Trace", None, false),
            ("Location", None, false),
            ("Retry-After", Some(429), true),
            ("X-Left", None, false),
        ]
    );
    let fields = &operation.responses[0].fields;
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0].name.value, "id");
}

#[test]
fn parts_of_a_response_stand_below_headings_of_their_own() {
    let operation = only(
        "---\napi: GET /books\n---\n\n### Response\n\n#### Headers\n\n| Header | Type | Description |\n\
         | --- | --- | --- |\n| `X-Total` | integer | Number of books on all pages. |\n\n#### Body\n\nAn array of:\n\n\
         <ResponseField name=\"X-Left\" type=\"string\" />\n\n### Headers\n\n| Header | Description |\n| --- | --- |\n\
         | `X-Shop` | The shop that you ask. |\n",
    );
    let headers = operation.response_headers.iter().map(|it| {
        let kind = it.shape.as_ref().map(Shape::describe);
        (it.name.value.as_str(), kind, it.description.as_str())
    });
    let headers: Vec<_> = headers.collect();
    let total = "Number of books on all pages.";
    assert_eq!(headers[0], ("X-Total", Some("integer".to_owned()), total));
    // Its name says that it is a header, and one that is sent is none of an answer.
    let names = headers.iter().map(|it| it.0);
    assert_eq!(names.collect::<Vec<_>>(), ["X-Total", "X-Left"]);
}

#[test]
fn text_says_what_becomes_of_a_member_unless_it_states_a_condition() {
    let of = |text: &str| {
        let operation = only(&format!(
            "---\napi: POST /books/{{id}}/lend\n---\n\n{text}\n"
        ));
        let outcomes = operation.outcomes.into_iter();
        let outcomes = outcomes.map(|it| format!("{} {}", it.value.member, it.value.value));
        outcomes.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(of("Lends it. Its `lent` becomes `true`."), "lent true");
    assert_eq!(
        of("When the job is `done`, the `state` of the book is `away`."),
        "state \"away\""
    );
    for text in [
        "Lends it and sets its `state` to `away`.",
        "It sets the `state` of the book to `away`, and tells the library.",
        "Changes the `state` to `away`.",
        "Makes a loan with the reader of the book, and sets the `state` of the book to `away`.",
    ] {
        assert_eq!(of(text), "state \"away\"", "{text}");
    }
    for text in [
        "Set `state` to `away` to lend it only if its `state` is `here`.",
        "Send `state` and `until` to `PATCH`.",
        "Only if its `state` is `here`.",
        "The `state` is `here`.",
        "If it is reserved, its `state` becomes `here`.",
        "When `force` is `true`, its `state` becomes `away`.",
        "With `force`, sets the `state` to `away`.",
        "Lends it, and with a reservation sets its `state` to `away`.",
    ] {
        assert_eq!(of(text), "", "{text}");
    }
    assert_eq!(
        of("The `state` is not `away`, and `a` and `b` are equal."),
        ""
    );
}
