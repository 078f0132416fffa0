//! What pages say of refusals, of children, and of what stays.

use super::*;

#[test]
fn pages_say_in_so_many_words_that_children_go_along() {
    let says = |text: &str| {
        let page = format!("---\napi: DELETE /lists/{{list_id}}\n---\n\n{text}\n");
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        deletes_with(&documentation.api.operations[0], "entry")
            || deletes_with(&documentation.api.operations[0], "note")
    };
    assert!(says("Deletes the list and all its notes."));
    assert!(says("Its notes are deleted as well."));
    assert!(says("Removes the list together with its entries."));
    assert!(!says(
        "Deletes the list and moves its notes to another one."
    ));
    assert!(!says("Deletes the list. Its notes stay."));
}

#[test]
fn texts_say_that_a_value_stays() {
    for text in [
        "The SKU cannot change. You may send the one it has.",
        "Immutable after creation.",
        "Can't be changed later.",
        "Read-only.",
        "The currency is fixed at creation.",
    ] {
        assert!(is_fixed(text), "{text}");
    }
    for text in [
        "The new name.",
        "How many there are; changes with each order.",
        "A fixed price.",
    ] {
        assert!(!is_fixed(text), "{text}");
    }
}

#[test]
fn sentences_say_whether_an_update_leaves_the_rest_alone() {
    let keeps = |text: &str| {
        let page = format!(
            "---\napi: PUT /books/{{id}}\n---\n\n{text}\n\n<ParamField body=\"slug\" type=\"string\" />\n"
        );
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        keeps_the_rest(&documentation.api.operations[0])
    };
    assert!(keeps(
        "What you leave out stays as it was, answered with `200`."
    ));
    assert!(!keeps("A `slug` that you leave out stays as it was."));
}

#[test]
fn what_is_for_a_stage_is_not_refused_there_because_of_some() {
    let stages = ["draft", "open", "paid", "void"].map(str::to_owned);
    let page = "---\napi: POST /invoices/{id}/void\n---\n\nOnly an open invoice can be voided. For a draft, a paid or an already voided invoice the answer is `409`. An open invoice on which a part has been paid is refused with `409`.\n\n<ParamField path=\"id\" type=\"string\" required />\n";
    let (_, documentation) = crate::conform::tests::documentation("", &[page]);
    let operation = &documentation.api.operations[0];
    assert!(!refuses(operation, "open", &stages));
    assert!(refuses(operation, "draft", &stages));
    assert!(refuses(operation, "paid", &stages));
}

#[test]
fn what_is_neither_is_refused() {
    let stages = ["draft", "open", "overdue", "paid"].map(str::to_owned);
    let refused = |text: &str| {
        let page = format!(
            "---\napi: POST /invoices/{{id}}/remind\n---\n\n{text}\n\n<ParamField path=\"id\" type=\"string\" required />\n\n<ResponseExample>\n```json 409\n{{\"error\": \"no\"}}\n```\n</ResponseExample>\n"
        );
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        let operation = &documentation.api.operations[0];
        let stages = stages.iter();
        let all: Vec<String> = stages.clone().cloned().collect();
        stages
            .filter(|stage| refuses(operation, stage, &all))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        refused("`409` if the invoice is neither `open` nor `overdue`."),
        ["draft", "paid"]
    );
    assert_eq!(
        refused("Neither `draft` nor `paid` invoices can be reminded of: `409`."),
        ["draft", "paid"]
    );
}

#[test]
fn sentences_say_what_becomes_of_children() {
    let said = |text: &str| {
        let page = format!("---\ntitle: Delete\napi: DELETE /projects/{{id}}\n---\n\n{text}\n");
        let (_, documentation) = crate::conform::tests::documentation("", &[&page]);
        on_children(&documentation.api.operations[0], "flag")
    };
    assert_eq!(
        said("Deletes the project and its flags."),
        Some(Children::TakenAlong)
    );
    assert_eq!(
        said("A project with flags cannot be deleted: `409`."),
        Some(Children::Held)
    );
    assert_eq!(
        said("Deletes the project, and its flags stay."),
        Some(Children::Kept)
    );
    assert_eq!(
        said("Flags of the project are not deleted; they become unassigned."),
        Some(Children::Kept)
    );
    assert_eq!(
        said("The project disappears together with all of its flags."),
        Some(Children::TakenAlong)
    );
    assert_eq!(said("Deletes the project."), None);
    assert_eq!(
        said("A project with open flags is refused with `409`."),
        None
    );
    assert_eq!(
        said("Deletes the project with all of its flags. This cannot be undone."),
        Some(Children::TakenAlong)
    );
}

#[test]
fn sentences_say_in_which_stages_a_request_is_refused() {
    let stages = ["draft", "open", "paid", "published", "cancelled", "trashed"];
    let stages = stages.map(str::to_owned);
    let refused = |line: &str| {
        let refused = stages.iter();
        let refused = refused.filter(|it| refuses_in(line, it, &stages) == Some(true));
        refused.map(String::as_str).collect::<Vec<_>>()
    };
    let but = |kept: &str| {
        let others = stages.iter().filter(|it| *it != kept);
        others.map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(refused("only drafts can be deleted: `409`"), but("draft"));
    assert_eq!(
        refused("an article that is not in the trash"),
        but("trashed")
    );
    assert_eq!(
        refused("if it is no draft, the answer is `409`"),
        but("draft")
    );
    let two = "the event must be open: an order for a `draft` is refused with `409`";
    assert_eq!(refused(two), but("open"));
    let two = "the event must be on sale: an order for a `draft` is refused with `409`";
    assert_eq!(refused(two), ["draft"]);
    assert_eq!(refused("closed jobs can't be changed any more"), [""; 0]);
    assert_eq!(
        refused("a job has to be open before it can be paid"),
        but("open")
    );
    let first = "a published event has to be cancelled first: until then `409`";
    assert_eq!(refused(first), ["published"]);
    assert_eq!(refused("what is paid cannot be changed"), ["paid"]);
    let until = "possible until it is paid; after that the answer is `409`";
    assert_eq!(refused(until), ["paid"]);
    assert_eq!(
        refused("can be changed until it is published: `409`"),
        ["published"]
    );
    assert!(refused("another one has this name").is_empty());
    let code =
        "if steps are not done, the answer is `409` with `checklist_open`, unless you send `force`";
    assert!(refused(code).is_empty());
    assert_eq!(refused("works for drafts as well"), [""; 0]);
    assert_eq!(
        refused("works for what is `draft` or `open`"),
        ["paid", "published", "cancelled", "trashed"]
    );
    assert_eq!(refused("only drafts can be published: `409`"), but("draft"));
    assert!(refused("only jobs without lines can be cancelled").is_empty());
    let some = "an open invoice on which a part has been paid is refused with `409`";
    assert!(refused(some).is_empty());
    let some = "a published event with orders is refused with `409`";
    assert!(refused(some).is_empty());
    let all = "for a draft, a paid or a trashed one the answer is `409` with the code `not_open`";
    assert_eq!(refused(all), ["draft", "paid", "trashed"]);
    let needed = "a `paid` one has to have a receipt, or the answer is `409`";
    assert!(refused(needed).is_empty());
    assert!(refused("an open job needs a plan, otherwise `409`").is_empty());
    let undone = "a job in status paid cannot be published";
    assert_eq!(refused(undone), ["paid"]);
    assert!(refused("the job cannot be published").is_empty());
    let late = "it turns `paid`, and can no longer be published or cancelled";
    assert_eq!(refused(late), ["paid"]);
}
