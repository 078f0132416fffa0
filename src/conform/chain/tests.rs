//! What operations do with what.

use crate::conform::tests::documentation;

use super::{Kind, roles};

const ID: &str = "<ResponseField name=\"id\" type=\"string\" />\n";
const MANY: &str = "<ResponseField name=\"data\" type=\"object[]\">\n<ResponseField name=\"id\" type=\"string\" />\n</ResponseField>\n";

/// The kind and the noun, and of each slot the name, the noun, and whether it is its own.
type Said = (Kind, String, Vec<(String, String, bool)>);

fn of(lines: &[(&str, &str)]) -> Vec<Said> {
    let pages: Vec<_> = lines
        .iter()
        .map(|(api, rest)| format!("---\napi: {api}\n---\n{rest}"))
        .collect();
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    let (_, documentation) = documentation("", &pages);
    let roles = roles(&documentation.api).into_iter();
    roles
        .map(|role| {
            let slots = role.slots.into_iter();
            (
                role.kind,
                role.noun,
                slots.map(|it| (it.name, it.noun, it.is_own)).collect(),
            )
        })
        .collect()
}

fn slot(name: &str, noun: &str, is_own: bool) -> (String, String, bool) {
    (name.to_owned(), noun.to_owned(), is_own)
}

#[test]
fn methods_and_paths_say_what_is_done() {
    let own = || vec![slot("book_id", "book", true)];
    let book = || "book".to_owned();
    assert_eq!(
        of(&[
            ("POST /v1/books", ID),
            ("GET /v1/books", MANY),
            ("GET /v1/books/{book_id}", ID),
            ("PATCH /v1/books/{book_id}", ID),
            ("POST /v1/books/{book_id}/lend", ID),
            ("DELETE /v1/books/{book_id}", ""),
        ]),
        [
            (Kind::Create, book(), vec![]),
            (Kind::List, book(), vec![]),
            (Kind::Read, book(), own()),
            (Kind::Update, book(), own()),
            (Kind::Action, book(), own()),
            (Kind::Delete, book(), own()),
        ]
    );
}

#[test]
fn children_need_their_parents() {
    let roles = of(&[
        ("POST /books/{book}/reviews", ID),
        ("GET /books/{book}/reviews", MANY),
        ("GET /books/{book}/reviews/{id}", ID),
    ]);
    assert_eq!(
        roles[0],
        (
            Kind::Create,
            "review".to_owned(),
            vec![slot("book", "book", false)]
        )
    );
    assert_eq!(roles[1].0, Kind::List);
    assert_eq!(
        roles[2],
        (
            Kind::Read,
            "review".to_owned(),
            vec![slot("book", "book", false), slot("id", "review", true)]
        )
    );
}

#[test]
fn an_action_is_done_to_what_the_path_names() {
    let into = format!(
        "<ParamField body=\"into_book_id\" type=\"string\" required>\n  The id of another book.\n</ParamField>\n{ID}"
    );
    let roles = of(&[
        ("POST /books", ID),
        ("POST /books/{book_id}/bind", &into),
        (
            "POST /readers",
            "<ResponseField name=\"id\" type=\"string\" />\n",
        ),
        (
            "POST /books/{book_id}/lend",
            &format!("<ParamField body=\"reader_id\" type=\"string\" required />\n{ID}"),
        ),
    ]);
    for role in [&roles[1], &roles[3]] {
        assert_eq!((&role.0, role.1.as_str()), (&Kind::Action, "book"));
        let own: Vec<_> = role.2.iter().filter(|slot| slot.2).collect();
        assert_eq!(own, [&slot("book_id", "book", true)]);
    }
}

#[test]
fn verbs_in_paths_say_what_is_done() {
    let query = "<ParamField query=\"user_id\" type=\"string\" required />\n";
    let roles = of(&[
        ("POST /api/user/create", ID),
        ("GET /api/get-user", &format!("{query}{ID}")),
        (
            "POST /api/user/delete",
            "<ParamField body=\"user_id\" type=\"string\" required />\n",
        ),
    ]);
    assert_eq!(roles[0].0, Kind::Create);
    assert_eq!(
        roles[1],
        (
            Kind::Read,
            "user".to_owned(),
            vec![slot("user_id", "user", true)]
        )
    );
    assert_eq!(
        roles[2],
        (
            Kind::Delete,
            "user".to_owned(),
            vec![slot("user_id", "user", true)]
        )
    );
}

#[test]
fn what_makes_nothing_is_no_create() {
    let roles = of(&[
        (
            "POST /quotes/price",
            "<ResponseField name=\"total\" type=\"number\" />\n",
        ),
        ("GET /health", ""),
    ]);
    assert_eq!(roles[0].0, Kind::Other);
    assert_eq!(roles[1].0, Kind::Look);
}

#[test]
fn ids_that_recur_name_what_no_field_documents() {
    let page = |curl: &str, answer: &str| {
        format!(
            "<RequestExample>\n```bash\ncurl {curl}\n```\n</RequestExample>\n\
             <ResponseExample>\n```json 200\n{answer}\n```\n</ResponseExample>\n"
        )
    };
    let url = "https://api.example.com/wallet";
    let one = r#"{"wallet": {"id": "wal_11", "currency": "EUR"}}"#;
    let two = r#"{"wallets": [{"id": "wal_11"}, {"id": "wal_22"}], "currency": "EUR"}"#;
    let entries = r#"{"entries": [{"id": "ent_01", "wallet": "wal_11"}]}"#;
    let sent = r#"-d '{"from": "wal_11", "to": "wal_22", "currency": "EUR"}'"#;
    let roles = of(&[
        (
            "POST /wallet.open",
            &page(&format!("{url}.open -d '{{}}'"), one),
        ),
        ("GET /wallet.list", &page(&format!("{url}.list"), two)),
        (
            "GET /wallet.info",
            &page(&format!("'{url}.info?of=wal_11'"), one),
        ),
        (
            "GET /wallet.entries",
            &page(&format!("'{url}.entries?of=wal_11'"), entries),
        ),
        (
            "POST /wallet.transfer",
            &page(&format!("{url}.transfer {sent}"), one),
        ),
    ]);
    let wallet = || "wallet".to_owned();
    assert_eq!(roles[0], (Kind::Create, wallet(), vec![]));
    assert_eq!(
        roles[2],
        (Kind::Read, wallet(), vec![slot("of", "wallet", true)])
    );
    assert_eq!(
        roles[3],
        (
            Kind::List,
            "entry".to_owned(),
            vec![slot("of", "wallet", false)]
        )
    );
    assert_eq!(
        roles[4],
        (
            Kind::Action,
            wallet(),
            vec![slot("from", "wallet", true), slot("to", "wallet", false)]
        )
    );
}

#[test]
fn rows_that_name_what_others_need_are_sent_before() {
    let page = |curl: &str, status: u16, answer: &str| {
        format!(
            "<RequestExample>\n```bash\ncurl {curl}\n```\n</RequestExample>\n\
             <ResponseExample>\n```json {status}\n{answer}\n```\n</ResponseExample>\n"
        )
    };
    let url = "https://api.example.com";
    let rows = r#"-d '{"rows": [{"code": "BER01", "name": "A"}, {"code": "LYO7", "name": "B"}]}'"#;
    let bid = r#"-d '{"from": "BER01", "to": "LYO7", "note": "A"}'"#;
    let pages = |path: &str| {
        [
            (
                "POST /bids".to_owned(),
                page(&format!("{url}/bids {bid}"), 201, r#"{"id": "bid_77x1"}"#),
            ),
            (
                format!("POST {path}"),
                page(&format!("{url}{path} {rows}"), 200, "{\"results\": []}"),
            ),
            (
                "GET /sites/{code}".to_owned(),
                page(
                    &format!("{url}/sites/LYO7"),
                    200,
                    r#"{"code": "LYO7", "name": "B"}"#,
                ),
            ),
        ]
    };
    let roles_of = |path: &str| {
        let pages = pages(path);
        let lines: Vec<_> = pages
            .iter()
            .map(|(api, rest)| (api.as_str(), rest.as_str()))
            .collect();
        of(&lines)
    };
    for path in ["/sites/import", "/uploads"] {
        let roles = roles_of(path);
        assert_eq!(
            roles[0],
            (
                Kind::Create,
                "bid".to_owned(),
                vec![slot("from", "site", false), slot("to", "site", false)]
            )
        );
        assert_eq!(roles[1], (Kind::Other, "site".to_owned(), vec![]));
    }
    // What only looks makes nothing.
    assert_eq!(roles_of("/sites/validate")[0].2, vec![]);
}

#[test]
fn what_stands_within_a_thing_is_none() {
    let answer = |body: &str| {
        format!(
            "<ResponseField name=\"id\" type=\"string\" />\n\n<ResponseExample>\n```json 200\n{body}\n```\n</ResponseExample>\n"
        )
    };
    let sent = "<ParamField body=\"ways\" type=\"object[]\" required />\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/walks -d '{\"ways\": [{\"over\": \"brg_77a\"}, {\"over\": \"brg_88b\"}], \"map\": \"map_11c\"}'\n```\n</RequestExample>\n";
    let map = r#"{"id": "map_11c", "bridges": [{"id": "brg_77a"}, {"id": "brg_88b"}]}"#;
    let roles = of(&[
        ("POST /maps", &answer(map)),
        ("GET /maps/{map_id}", &answer(map)),
        (
            "POST /walks",
            &format!("{sent}{}", answer(r#"{"id": "wlk_1"}"#)),
        ),
    ]);
    assert_eq!(roles[2].2, [slot("map", "map", false)]);
}

#[test]
fn collections_that_end_in_the_same_word_hold_other_things() {
    let said = of(&[
        ("POST /runs", ID),
        ("GET /runs/{id}", ID),
        ("POST /v1/reports/runs", ID),
        ("GET /v1/reports/runs/{run_id}", ID),
        ("POST /v1/reports/runs/{run_id}/stop", ""),
        // The same things, in another version, and seen by others.
        ("POST /v2/runs", ID),
        ("GET /v2/runs/{id}", ID),
        ("GET /admin/runs", MANY),
        ("GET /admin/runs/{id}", ID),
    ]);
    let nouns: Vec<&str> = said.iter().map(|(_, noun, _)| noun.as_str()).collect();
    let of_reports = ["reportrun"; 3];
    assert_eq!(
        nouns,
        [&["run"; 2][..], &of_reports[..], &["run"; 4][..]].concat()
    );
    assert_eq!(said[4].2, [slot("run_id", "reportrun", true)]);
}
