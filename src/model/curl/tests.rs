//! What the reader makes of commands as people write them.

use proptest::prelude::*;

use super::FaultKind::*;
use super::*;

fn one(text: &str) -> Curl {
    let mut found = commands(text);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

fn body(curl: &Curl) -> &str {
    curl.body.as_ref().unwrap().text().unwrap().text()
}

fn kinds(curl: &Curl) -> Vec<FaultKind> {
    curl.faults.iter().map(|fault| fault.kind).collect()
}

#[track_caller]
fn clean(text: &str) -> Curl {
    let curl = one(text);
    assert_eq!(curl.faults, [], "{text}");
    curl
}

#[test]
fn a_command_over_several_lines_is_one_request() {
    let text = "curl -X POST https://h.example/v1/users \\\n  -H \"Content-Type: application/json\" \\\r\n  -d '{\"a\": 1}'\n";
    let curl = clean(text);
    assert_eq!(
        (curl.method.value.as_str(), curl.method_is_explicit),
        ("POST", true)
    );
    assert_eq!(&text[curl.method.range.clone()], "POST");
    assert_eq!(
        &text[curl.url.as_ref().unwrap().path.range.clone()],
        "/v1/users"
    );
    assert_eq!(
        &text[curl.headers[0].value.range.clone()],
        "application/json"
    );
    assert_eq!(&text[curl.headers[0].name.range.clone()], "Content-Type");
    assert_eq!(body(&curl), "{\"a\": 1}");
    assert_eq!(curl.range, 0..text.len() - 1);
}

#[test]
fn the_method_is_implied_as_in_curl() {
    let method = |text: &str| clean(text).method.value;
    assert_eq!(method("curl https://h"), "GET");
    assert_eq!(method("curl https://h -d a=1"), "POST");
    assert_eq!(method("curl -G https://h -d a=1"), "GET");
    assert_eq!(method("curl -I https://h"), "HEAD");
    assert_eq!(method("curl -T file https://h"), "PUT");
    assert_eq!(method("curl -F a=1 https://h"), "POST");
    assert_eq!(method("curl -XDELETE https://h"), "DELETE");
    assert_eq!(method("curl -sSLXPATCH https://h -d a=1"), "PATCH");
    let implied = clean("curl https://h -d a=1").method;
    assert_eq!(implied.range, 15..17);
}

#[test]
fn arguments_of_other_flags_are_not_the_url() {
    let curl = clean(
        "curl -sS -o out.json --max-time 5 -w '%{http_code}' --compressed --url https://h/x -m5 -kL",
    );
    assert_eq!(curl.url.unwrap().path.value, "/x");
    let curl = one("curl --request=PUT https://h --fnord");
    assert_eq!(curl.method.value, "PUT");
    assert_eq!(kinds(&curl), [GluedArgument, UnknownFlag]);
    assert_eq!(curl.faults[1].message, "unknown flag `--fnord`");
}

#[test]
fn data_flags_join_and_become_a_form() {
    let curl = clean("curl https://h -d 'a=1&b=x%20y' -d c=3 --data-urlencode 'd=x y'");
    assert_eq!(body(&curl), "a=1&b=x%20y&c=3&d=x y");
    let Some(Body::Form(_, pairs)) = &curl.body else {
        panic!()
    };
    let values: Vec<_> = pairs
        .iter()
        .map(|pair| {
            (
                pair.name.value.as_str(),
                pair.value.as_ref().unwrap().value.as_str(),
            )
        })
        .collect();
    assert_eq!(values, [("a", "1"), ("b", "x y"), ("c", "3"), ("d", "x y")]);
    assert_eq!(
        curl.content_type(),
        Some("application/x-www-form-urlencoded")
    );
}

#[test]
fn get_moves_the_data_to_the_query() {
    let curl = clean("curl -G https://h/x?a=1 -d b=2 --data-urlencode 'c=x y'");
    let url = curl.url.unwrap();
    let names: Vec<_> = url
        .query
        .iter()
        .map(|pair| pair.name.value.as_str())
        .collect();
    assert_eq!((names, curl.body), (vec!["a", "b", "c"], None));
}

#[test]
fn other_bodies_are_kept_apart() {
    assert!(
        matches!(clean("curl https://h -d @a.json").body, Some(Body::File(name)) if name.value == "a.json")
    );
    assert_eq!(body(&clean("curl https://h --data-raw @a")), "@a");
    let Some(Body::Multipart(parts)) =
        clean("curl https://h -F 'f=@\"a.png\";type=image/png' -F n=x --form-string s=@y").body
    else {
        panic!()
    };
    assert!(matches!(&parts[0].value, PartValue::File(name) if name.value == "a.png"));
    assert_eq!(parts[0].content_type.as_deref(), Some("image/png"));
    assert!(matches!(&parts[2].value, PartValue::Text(text) if text.value == "@y"));
    let json = clean("curl https://h --json '{}'");
    assert_eq!(json.content_type(), Some("application/json"));
    assert!(json.header("accept").unwrap().implied);
    assert_eq!(
        clean("curl https://h --json '{}' -H 'Accept: x/y'")
            .headers
            .len(),
        2
    );
}

#[test]
fn credentials_and_cookies_are_found() {
    let curl = clean("curl -u sk_1: -b 'a=1; b=2' -A me -e https://r https://h");
    assert_eq!(curl.user.unwrap().value, "sk_1:");
    let names: Vec<_> = curl
        .headers
        .iter()
        .map(|header| header.name.value.as_str())
        .collect();
    assert_eq!(names, ["Cookie", "User-Agent", "Referer"]);
}

#[test]
fn quotes_and_escapes_lead_back_to_the_fence() {
    let text = r#"curl https://h -d '{"a": "it'\''s", "b": "'"$X"'"}' -H $'A:\tb'"#;
    let curl = clean(text);
    assert_eq!(body(&curl), r#"{"a": "it's", "b": "$X"}"#);
    let decoded = curl.body.as_ref().unwrap().text().unwrap();
    let place = decoded.text().find("\"b\"").unwrap();
    assert_eq!(&text[decoded.range(place..place + 3)], "\"b\"");
    assert_eq!(curl.headers[0].value.value, "b");
    let escaped = clean("curl https://h -d \"{\\\"a\\\": \\\"$X\\\"}\"");
    assert_eq!(body(&escaped), r#"{"a": "$X"}"#);
    assert_eq!(
        clean("curl https://h/a\\ b").url.unwrap().path.value,
        "/a b"
    );
}

#[test]
fn all_commands_of_a_fence_are_found() {
    let text = "# curl https://no\n$ curl https://a | jq .\nexport X=$(curl -s https://b) && curl https://c > out 2>&1; time curl https://d\ncurl.exe https://e ^\n  -k\n/usr/bin/curl https://f";
    let hosts: Vec<_> = commands(text)
        .into_iter()
        .map(|curl| curl.url.unwrap().host.unwrap().value)
        .collect();
    assert_eq!(hosts, ["a", "b", "c", "d", "e", "f"]);
    assert!(commands(text).iter().all(|curl| curl.faults.is_empty()));
}

#[test]
fn the_word_alone_is_no_command() {
    for text in [
        "Use curl to call it.",
        "curl is a tool",
        "$ch = curl_init('x');",
        "curl_setopt($ch, X, 'y');",
        "brew install curl",
        "libcurl -x",
        "curl",
    ] {
        assert_eq!(commands(text), [], "{text}");
    }
}

#[test]
fn heredocs_are_the_body() {
    let text = "curl https://h -d @- <<'EOF'\n{\"a\": 1}\nEOF\ncurl https://i";
    let found = commands(text);
    assert_eq!(found.len(), 2);
    assert_eq!(body(&found[0]), "{\"a\": 1}\n");
    assert_eq!(
        found[0].body.as_ref().unwrap().text().unwrap().range(0..8),
        29..37
    );
}

#[test]
fn what_a_shell_would_misread_is_read_with_a_fault() {
    let apostrophe =
        one("curl https://h -d '{\"a\": \"it's the users' one\", \"b\": 2}' -H 'A: b'");
    assert_eq!(
        body(&apostrophe),
        "{\"a\": \"it's the users' one\", \"b\": 2}"
    );
    assert_eq!(
        (kinds(&apostrophe), apostrophe.headers.len()),
        (vec![UnescapedQuote], 1)
    );
    let quotes = one("curl https://h -d \"{\"a\": \"b\"}\"");
    assert_eq!(body(&quotes), "{\"a\": \"b\"}");
    let no_backslash = one("curl https://h\n  -H 'A: b' \\\n  -d 'x'");
    assert_eq!(
        (kinds(&no_backslash), no_backslash.faults[0].range.clone()),
        (vec![MissingContinuation], 14..14)
    );
    assert_eq!(no_backslash.headers.len(), 1);
    assert_eq!(kinds(&one("curl https://h \\\n")), [DanglingBackslash]);
    assert_eq!(kinds(&one("curl https://h \\")), [DanglingBackslash]);
    assert_eq!(kinds(&one("curl https://h \\ \n -k")), [BrokenContinuation]);
    let operator = one("curl https://h/x?a=1&b=2&c=3");
    assert_eq!(
        (kinds(&operator), operator.url.unwrap().query.len()),
        (vec![UnquotedOperator], 3)
    );
    let placeholder = one("curl https://h/<user id>/x");
    assert_eq!(
        (kinds(&placeholder), placeholder.url.unwrap().path.value),
        (vec![UnquotedPlaceholder], "/<user id>/x".into())
    );
    let smart = one("curl https://h -H “A: b”");
    assert_eq!(
        (kinds(&smart), smart.headers[0].value.value.as_str()),
        (vec![SmartQuotes], "b")
    );
    let unclosed = one("curl https://h -d '{\"a\": 1}\n\nText");
    assert_eq!(
        (kinds(&unclosed), body(&unclosed)),
        (vec![UnclosedQuote], "{\"a\": 1}")
    );
    assert_eq!(
        kinds(&one("curl -X POST -H 'A'")),
        [MissingUrl, InvalidHeader]
    );
    assert_eq!(
        kinds(&one("curl https://h x -H")),
        [ExtraArgument, MissingArgument]
    );
}

#[test]
fn a_url_in_braces_is_not_taken_for_a_broken_body() {
    let curl = clean("curl '{{base}}/users' -H 'A: b'");
    assert_eq!(curl.url.unwrap().host.unwrap().value, "{{base}}");
    assert_eq!(curl.variables[0].name, "base");
}

fn assert_sound(text: &str) {
    for curl in commands(text) {
        let within = |range: &Range<usize>| {
            assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
        };
        within(&curl.range);
        within(&curl.method.range);
        for header in &curl.headers {
            within(&header.name.range);
            within(&header.value.range);
            within(&header.range);
        }
        for variable in &curl.variables {
            within(&variable.range);
        }
        for fault in &curl.faults {
            within(&fault.range);
        }
        if let Some(url) = &curl.url {
            within(&url.range);
            within(&url.path.range);
            for pair in &url.query {
                within(&pair.range);
            }
        }
        if let Some(text) = curl.body.as_ref().and_then(Body::text) {
            for (at, char) in text.text().char_indices() {
                within(&text.range(at..at + char.len_utf8()));
            }
        }
    }
}

#[test]
fn long_texts_take_linear_time() {
    for unit in [
        "curl -d 'a'b ",
        "curl -\n",
        "curl '",
        "curl \\\n",
        "$(",
        "<a",
        "curl x <<E\n",
        "\"{\"a",
        "'",
        "curl https://h/?a&b",
        "{{a",
        "it's ",
        "# curl",
    ] {
        let text = format!("curl -d {}", unit.repeat(50_000 / unit.len()));
        let started = std::time::Instant::now();
        commands(&text);
        assert!(started.elapsed().as_secs() < 5, "{unit}");
    }
}

/// Pieces of what people write, in any order.
fn any_scrawl() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "curl ",
        "curl",
        "-d ",
        "-H ",
        "-X",
        "--data",
        "--json ",
        "-G ",
        "-F ",
        "-u ",
        "https://h/",
        "?a=b",
        "&",
        "'",
        "\"",
        "$'",
        "“",
        "\\",
        "\\\n",
        "^\r\n",
        "\n",
        " ",
        "{\"a\": ",
        "}",
        "|",
        ";",
        "<<E\n",
        "<<< ",
        "E\n",
        "<id>",
        "$X",
        "${Y}",
        "$(",
        ")",
        "`",
        "{{x}}",
        ":id",
        "YOUR_KEY",
        "#",
        "é",
        "@f",
        "a=b",
        "%41",
        "\\x4",
        "\\u12",
        "> ",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_string_goes_on_after_an_escaped_quote() {
    let headers = [("A", "'{\"b"), ("C", "")];
    let command = to_command("GET", "https://h.example/", &headers, None);
    let found = commands(&command);
    let values: Vec<_> = found[0]
        .headers
        .iter()
        .map(|header| header.value.value.as_str())
        .collect();
    assert_eq!(values, ["'{\"b", ""]);
}

proptest! {
    #[test]
    fn any_text_is_read_soundly(text in any::<String>()) {
        assert_sound(&format!("curl {text}"));
    }

    #[test]
    fn any_scrawl_is_read_soundly(text in any_scrawl()) {
        assert_sound(&text);
        assert_sound(&format!("curl -d {text}"));
    }

    #[test]
    fn a_printed_command_reads_back(
        method in "[A-Z]{3,7}",
        path in "\\PC{0,12}",
        headers in prop::collection::vec(("[A-Za-z-]{1,8}", "([!-~]([ -~]{0,8}[!-~])?)?"), 0..3),
        body in prop::option::of("(\\PC|[\n\r\t'\"{}\\\\@]){0,20}"),
    ) {
        let url = format!("https://h.example/{path}");
        let pairs: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let command = to_command(&method, &url, &pairs, body.as_deref());
        let found = commands(&command);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(&found[0].faults, &[]);
        prop_assert_eq!(&found[0].method.value, &method);
        prop_assert_eq!(found[0].url.as_ref().unwrap().text.text(), &url);
        let read: Vec<_> = found[0].headers.iter().map(|h| (h.name.value.clone(), h.value.value.clone())).collect();
        prop_assert_eq!(read, headers);
        let sent = found[0].body.as_ref().and_then(Body::text).map(|text| text.text().to_owned());
        prop_assert_eq!(sent, body);
    }
}
