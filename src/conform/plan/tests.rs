//! What pages make of requests.

use crate::conform::bindings::Bindings;
use crate::conform::message::Body;
use crate::conform::target::Target;
use crate::conform::tests::{documentation, planned};

use super::{Options, Plan, Reason, Variant, plan};

fn page(api: &str, curl: &str) -> String {
    format!("---\napi: {api}\n---\n\n<RequestExample>\n```bash\n{curl}\n```\n</RequestExample>\n")
}

fn bound(variables: &[(&str, &str)]) -> Bindings {
    let variables = variables.iter();
    Bindings {
        variables: variables
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect(),
        headers: Vec::new(),
        ..Bindings::default()
    }
}

fn of(text: &str, bindings: &Bindings) -> Plan {
    let (_, documentation) = documentation("", &[text]);
    planned(&documentation, bindings)
}

/// Method, URL, headers, and body of the only request.
fn sent(text: &str, variables: &[(&str, &str)]) -> String {
    let plan = of(text, &bound(variables));
    assert!(plan.omitted.is_empty(), "{:?}", plan.omitted);
    let request = &plan.items[0].request;
    let mut text = format!("{} {}", request.method, request.url);
    for (name, value) in &request.headers {
        text = format!("{text} [{name}: {value}]");
    }
    match &request.body {
        Some(Body::Text(body)) => format!("{text} {body}"),
        Some(Body::Parts(parts)) => format!("{text} {parts:?}"),
        None => text,
    }
}

fn reason(text: &str) -> Reason {
    of(text, &Bindings::default()).omitted[0].reason.clone()
}

#[test]
fn a_command_is_sent_as_written_to_another_host() {
    let page = page(
        "POST https://api.example.com/v1/users",
        "curl -X POST 'https://api.example.com/v1/users?dry=a%20b&flag' -H 'X-A: 1' -H 'Host: x' -d '{\"a\": 1}'",
    );
    assert_eq!(
        sent(&page, &[]),
        "POST http://127.0.0.1:1/v1/users?dry=a%20b&flag [X-A: 1] [Content-Type: application/x-www-form-urlencoded] {\"a\": 1}"
    );
}

#[test]
fn method_and_path_are_those_of_the_endpoint() {
    let page = page("GET /users/{id}/", "curl -X POST $HOST/users/u1");
    assert_eq!(sent(&page, &[]), "GET http://127.0.0.1:1/users/u1/");
}

#[test]
fn what_is_bound_takes_the_place_of_its_mark() {
    let page = page(
        "POST /users/{id}",
        "curl -X POST https://h.example/users/<user-id>?k=$KEY -H 'Authorization: Bearer YOUR_TOKEN' -H 'X-Key: {{api-key}}' --json '{\"id\": \"<user-id>\", \"t\": \"<b>\"}'",
    );
    assert_eq!(
        sent(
            &page,
            &[
                ("user_id", "a b"),
                ("id", "u/1"),
                ("YOUR_TOKEN", "tok"),
                ("apiKey", "key"),
                ("key", "q&a")
            ]
        ),
        "POST http://127.0.0.1:1/users/u%2F1?k=q%26a [Authorization: Bearer tok] [X-Key: key] [Content-Type: application/json] [Accept: application/json] {\"id\": \"a b\", \"t\": \"<b>\"}"
    );
}

#[test]
fn what_is_not_bound_is_sent_as_it_stands_but_not_in_a_path() {
    let text = page(
        "GET /users",
        "curl https://h.example/users -H 'Authorization: Bearer <token>'",
    );
    assert!(sent(&text, &[]).ends_with("[Authorization: Bearer <token>]"));
    let plan = of(&text, &Bindings::default());
    assert_eq!(plan.items[0].placeholders, ["token"]);
    // What the user of `-u` would be is not sent beside a header that is given.
    let text = page("GET /users", "curl https://h.example/users -u 'me:$SECRET'");
    assert_eq!(
        of(&text, &Bindings::default()).items[0].placeholders,
        ["SECRET"]
    );
    let given = Bindings {
        headers: vec![("Authorization".to_owned(), "Basic bWU6cw==".to_owned())],
        ..Bindings::default()
    };
    assert!(of(&text, &given).items[0].placeholders.is_empty());
    for id in [":id", "{id}", "<id>", "$ID", "YOUR_ID"] {
        let curl = format!("curl https://h.example/users/{id}");
        let text = page("GET /users/{id}", &curl);
        assert_eq!(reason(&text), Reason::PathValue("id".to_owned()), "{id}");
        assert_eq!(
            sent(&text, &[("id", "7")]),
            "GET http://127.0.0.1:1/users/7"
        );
    }
}

#[test]
fn files_are_not_at_hand() {
    for data in ["-d @body.json", "-T body.json", "-F 'file=@body.json'"] {
        let text = page(
            "POST /a",
            &format!("curl https://h.example/a -X POST {data}"),
        );
        assert_eq!(
            reason(&text),
            Reason::File("body.json".to_owned()),
            "{data}"
        );
    }
}

#[test]
fn forms_and_users_are_encoded_as_curl_does() {
    let text = page(
        "POST /a",
        "curl https://h.example/a -u 'me:p' -d 'a=1 2' --data-urlencode 'b=ä&'",
    );
    assert_eq!(
        sent(&text, &[]),
        "POST http://127.0.0.1:1/a [Authorization: Basic bWU6cA==] [Content-Type: application/x-www-form-urlencoded] a=1%202&b=%C3%A4%26"
    );
    let text = page("POST /a", "curl https://h.example/a -F 'a=1' -F 'b=2'");
    assert!(sent(&text, &[]).ends_with("[(\"a\", \"1\"), (\"b\", \"2\")]"));
}

#[test]
fn a_secret_in_basic_credentials_stays_hidden() {
    let text = page("GET /a", "curl https://h.example/a -u 'me:<password>'");
    let plan = of(&text, &bound(&[("password", "s3cr3t")]));
    let header = plan.items[0].request.header("authorization").unwrap();
    assert_eq!(plan.secrets.hide(header), "Basic $BASIC_CREDENTIALS");
}

#[test]
fn without_a_command_the_least_is_sent() {
    let text = "---\napi: POST /a/{id}\n---\n\
        <ParamField path=\"id\" type=\"string\" />\n\
        <ParamField query=\"q\" type=\"'a' | 'b'\" required />\n\
        <ParamField query=\"r\" type=\"string\" />\n\
        <ParamField header=\"X-B\" type=\"boolean\" required />\n\
        <ParamField body=\"n\" type=\"integer\" required />\n\
        <ParamField body=\"o\" type=\"object\" required>\n\
        <ParamField body=\"e\" type=\"string (email)\" required />\n\
        <ParamField body=\"f\" type=\"string\" />\n\
        </ParamField>\n";
    assert_eq!(
        sent(text, &[("n", "5"), ("id", "x1")]),
        "POST http://127.0.0.1:1/a/x1?q=a [X-B: true] [Content-Type: application/json] {\"n\":5,\"o\":{\"e\":\"user@example.com\"}}"
    );
}

#[test]
fn what_cannot_be_made_up_is_said() {
    let text = "---\napi: POST /a\n---\n<ParamField body=\"n\" type=\"Thing\" required />\n";
    assert_eq!(
        reason(text).to_string(),
        "the required member `n` of the body has no value; give one with --var n=VALUE"
    );
    assert!(sent(text, &[("n", "5")]).ends_with("{\"n\":5}"));
    assert_eq!(
        reason("---\napi: GET /a/:id\n---\n").to_string(),
        "the path parameter `id` has no value; give one with --var id=VALUE"
    );
}

#[test]
fn headers_of_the_user_win() {
    let text = page(
        "GET /a",
        "curl https://h.example/a -H 'authorization: Bearer X'",
    );
    let bindings = Bindings {
        headers: vec![("Authorization".to_owned(), "Bearer mine".to_owned())],
        ..Bindings::default()
    };
    let plan = of(&text, &bindings);
    assert_eq!(plan.items[0].request.headers, bindings.headers);
}

#[test]
fn variables_without_a_use_are_listed() {
    let plan = of(
        &page("GET /a", "curl https://h.example/a/$X"),
        &bound(&[("x", "1"), ("y", "2")]),
    );
    assert_eq!(plan.unused, ["y"]);
}

#[test]
fn other_machines_are_only_read() {
    let pages = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
        .map(|method| format!("---\napi: {method} /a\n---\n"));
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    let (_, documentation) = documentation("", &pages);
    let count = |url: &str, allow_writes| {
        let target = Target::parse(url).unwrap();
        let plan = plan(
            &documentation.api,
            &target,
            &Bindings::default(),
            &Options {
                allow_writes,
                ..Options::default()
            },
        );
        assert!(
            plan.omitted
                .iter()
                .all(|it| matches!(it.reason, Reason::Write(_)))
        );
        let examples = plan
            .items
            .iter()
            .filter(|it| matches!(it.variant, Variant::Example));
        (examples.count(), plan.omitted.len())
    };
    assert_eq!(count("http://localhost", false), (7, 0));
    assert_eq!(count("http://192.168.0.1", false), (3, 4));
    assert_eq!(count("http://192.168.0.1", true), (7, 0));
}

#[test]
fn a_path_in_the_url_stands_for_the_documented_base() {
    let config = r#"{"api": {"mdx": {"server": "https://api.example.com/v1"}}}"#;
    let pages = [
        "---\napi: GET /a\n---\n",
        "---\napi: GET https://api.example.com/v1/b\n---\n",
        "---\napi: GET https://other.example.com/v1/c\n---\n",
    ];
    let (_, documentation) = documentation(config, &pages);
    let urls = |url: &str| {
        let target = Target::parse(url).unwrap();
        let plan = plan(
            &documentation.api,
            &target,
            &Bindings::default(),
            &Options::default(),
        );
        let urls = plan
            .items
            .iter()
            .filter(|it| matches!(it.variant, Variant::Example))
            .map(|item| item.request.url.replace("http://localhost", ""));
        urls.collect::<Vec<_>>()
    };
    assert_eq!(urls("http://localhost"), ["/v1/a", "/v1/b", "/v1/c"]);
    assert_eq!(urls("http://localhost/x"), ["/x/a", "/x/b", "/x/v1/c"]);
    assert_eq!(urls("http://localhost/"), ["/a", "/b", "/v1/c"]);
}

#[test]
fn what_is_bound_in_the_header_of_a_secret_is_one() {
    let text = page(
        "GET /a",
        "curl https://h.example/a -H 'Authorization: Bearer <mine>' -H 'X-Page: <size>'",
    );
    let plan = of(&text, &bound(&[("mine", "s3cr3t"), ("size", "12345")]));
    assert_eq!(plan.secrets.hide("s3cr3t 12345"), "$MINE 12345");
}

#[test]
fn how_far_a_moment_is_away_bounds_no_number() {
    let page = |name: &str, text: &str| {
        format!(
            "---\napi: POST /polls\n---\n\n<ParamField body=\"question\" type=\"string\" required>The question.</ParamField>\n\n<ParamField body=\"{name}\" type=\"integer\">{text}</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://h.example/polls -d '{{\"question\": \"Where?\"}}'\n```\n</RequestExample>\n"
        )
    };
    let sent = |name: &str, text: &str| {
        let plan = of(&page(name, text), &Bindings::default());
        let drafts = plan
            .items
            .iter()
            .filter_map(|item| item.draft.json().cloned());
        let mut values: Vec<_> = drafts.filter_map(|it| it.get(name)?.as_i64()).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    for text in [
        "Closes by itself then. In the future, but no more than 90 days.",
        "Unix time. At least 10 minutes from now.",
        "At most 1 year ahead.",
        "Max. 90 days out.",
    ] {
        assert_eq!(sent("closes_at", text), [0; 0], "{text}");
    }
    assert_eq!(sent("lifetime", "In days, at most 90."), [90, 91]);
}

#[test]
fn an_update_without_an_example_changes_something() {
    let page = "---\napi: PATCH /polls/{id}\n---\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ParamField body=\"owner_id\" type=\"string\">The owner.</ParamField>\n\n<ParamField body=\"question\" type=\"string\">The question.</ParamField>\n";
    assert_eq!(
        sent(page, &[("id", "p_1")]),
        "PATCH http://127.0.0.1:1/polls/p_1 [Content-Type: application/json] {\"question\":\"string\"}"
    );
}

#[test]
fn what_null_does_inside_an_object_says_nothing_of_the_object() {
    let nulls = |text: &str| {
        let page = format!(
            "---\napi: PATCH /polls/{{id}}\n---\n\n<ParamField path=\"id\" type=\"string\" required>The id.</ParamField>\n\n<ParamField body=\"meta\" type=\"object\">{text}</ParamField>\n\n<RequestExample>\n```bash\ncurl -X PATCH https://h.example/polls/p_1 -d '{{\"meta\": {{\"a\": \"b\"}}}}'\n```\n</RequestExample>\n"
        );
        let plan = of(&page, &bound(&[("id", "p_1")]));
        let drafts = plan.items.iter().filter_map(|item| item.draft.json());
        drafts
            .filter(|it| it.get("meta").is_some_and(serde_json::Value::is_null))
            .count()
    };
    for text in [
        "Set a key to `null` to remove it.",
        "Send `null` for a tag to drop it, `null` removes the key.",
        "Keys with `null` are removed. Pass `null` to unset a single property.",
    ] {
        assert_eq!(nulls(text), 0, "{text}");
    }
    assert_eq!(nulls("Free to use, may be `null`. `null` removes it."), 1);
}

#[test]
fn a_member_that_nobody_knows_is_sent_where_such_are_ignored() {
    let sent = |text: &str| {
        let page = format!(
            "---\napi: POST /polls\n---\n\n{text}\n\n<ParamField body=\"question\" type=\"string\" required>The question.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://h.example/polls -d '{{\"question\": \"Where?\"}}'\n```\n</RequestExample>\n"
        );
        let plan = of(&page, &Bindings::default());
        let is_it = |item: &&super::Item| {
            let body = item.draft.json();
            body.is_some_and(|it| it.get("fieldproof_unknown").is_some())
        };
        let items = plan.items.iter().filter(is_it);
        items
            .map(|item| item.variant.is_refused())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        sent("Members that an endpoint does not know are ignored."),
        [false]
    );
    assert_eq!(sent("Unknown members are refused with `422`."), [true]);
    assert_eq!(sent("Unknown API keys are refused with `401`."), [false; 0]);
}

#[test]
fn what_goes_with_another_value_only_leaves_each_value_its_turn() {
    let page = "---\napi: POST /v1/orders/{order_id}/state\n---\n\n<ParamField path=\"order_id\" type=\"string\" required />\n<ParamField body=\"state\" type=\"string\" required>One of `packed`, `void`.</ParamField>\n<ParamField body=\"reason\" type=\"string\">At least 3 characters; only with `void`.</ParamField>\n\n<RequestExample>\n```bash\ncurl -X POST https://api.example.com/v1/orders/o1/state -d '{\"state\": \"void\", \"reason\": \"Too late\"}'\n```\n</RequestExample>\n";
    let plan = of(page, &bound(&[("order_id", "o1")]));
    let values = plan.items.iter();
    let values = values.filter(|it| matches!(it.variant, Variant::Values(_)));
    let bodies: Vec<_> = values.map(|it| it.request.body_text().clone()).collect();
    assert!(
        bodies.contains(&"{\"state\":\"packed\"}".to_owned()),
        "{bodies:?}"
    );
    assert!(
        bodies.contains(&"{\"state\":\"void\",\"reason\":\"Too\"}".to_owned()),
        "{bodies:?}"
    );
}

#[test]
fn further_commands_are_sent_that_send_other_inputs() {
    let bodies = |second: &str| {
        let command = |body: &str| {
            format!("```bash\ncurl -X POST https://api.example.com/notes -d '{body}'\n```\n")
        };
        let page = format!(
            "---\napi: POST /notes\n---\n\n<ParamField body=\"text\" type=\"string\" required />\n<ParamField body=\"later\" type=\"string\">When.</ParamField>\n<ParamField body=\"box_id\" type=\"string\">Where.</ParamField>\n\n<RequestExample>\n{}{}</RequestExample>\n",
            command("{\"text\": \"Hello\"}"),
            command(second)
        );
        let plan = of(&page, &Bindings::default());
        let values = plan.items.iter();
        let values = values.filter(|it| matches!(it.variant, Variant::Values(_)));
        let bodies = values.filter_map(|it| it.draft.json().cloned());
        bodies.collect::<Vec<_>>()
    };
    let later = serde_json::json!({"text": "Soon", "later": "monday"});
    assert!(bodies(&later.to_string()).contains(&later));
    // Which boxes there are the run does not know.
    let boxed = serde_json::json!({"text": "Soon", "box_id": "b_1"});
    assert!(!bodies(&boxed.to_string()).contains(&boxed));
}

#[test]
fn an_id_that_is_cut_off_is_no_value() {
    let page = |id: &str| {
        format!(
            "---\napi: GET /notes/{{note_id}}\n---\n\n```bash\ncurl https://api.example.com/notes/{id}\n```\n"
        )
    };
    let count = |id: &str| of(&page(id), &Bindings::default()).items.len();
    assert!(count("n_1a2b") > 0);
    assert_eq!(count("n_1a2b..."), 0);
    assert_eq!(count("n_1a2b…"), 0);
}
