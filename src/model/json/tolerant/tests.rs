//! What the tolerant reader makes of what people write.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::json::{Json, JsonKind, RepairKind::*, read_strict};

/// The first document and the kinds of repair, which must not be a failure.
fn repaired(text: &str) -> (Value, Vec<RepairKind>) {
    let reading = read(text);
    assert_eq!(reading.failure, None, "{text}");
    let kinds = reading.repairs.iter().map(|repair| repair.kind).collect();
    (reading.documents[0].to_value(), kinds)
}

#[track_caller]
fn reads(text: &str, value: Value, kinds: &[RepairKind]) {
    assert_eq!(repaired(text), (value, kinds.to_vec()), "{text}");
}

#[test]
fn valid_text_needs_no_repair() {
    let reading = read(r#" {"a": ["...", 1.0]} "#);
    assert!(reading.is_strict());
    assert_eq!(
        reading.documents[0].get("a").unwrap().items()[0].as_str(),
        Some("...")
    );
}

#[test]
fn commas_are_forgiven() {
    reads(
        r#"{"a": [1, 2,],}"#,
        json!({"a": [1, 2]}),
        &[TrailingComma, TrailingComma],
    );
    reads(
        "{\"a\": 1\n\"b\": \"x\" \"c\": 2}",
        json!({"a": 1, "b": "x", "c": 2}),
        &[MissingComma, MissingComma],
    );
    reads(
        "[{} {}\n3]",
        json!([{}, {}, 3]),
        &[MissingComma, MissingComma],
    );
    reads("[,1,,2]", json!([1, 2]), &[ExtraComma, ExtraComma]);
}

#[test]
fn repairs_know_their_place() {
    let text = "{\"a\": 1\n \"b\": [2,]}";
    let ranges: Vec<_> = read(text)
        .repairs
        .into_iter()
        .map(|repair| repair.range)
        .collect();
    assert_eq!(ranges, [7..7, 16..17]);
}

#[test]
fn comments_are_skipped() {
    reads(
        "{\"a\": 1, // the first\n/* b */ \"b\": 2 # last\n}",
        json!({"a": 1, "b": 2}),
        &[LineComment, BlockComment, LineComment],
    );
    reads(
        "{\"a\": \"http://x\"} // done",
        json!({"a": "http://x"}),
        &[LineComment],
    );
    reads(
        "{\"a\": true // more about it\n}",
        json!({"a": true}),
        &[LineComment],
    );
}

#[test]
fn elisions_stand_for_what_is_left_out() {
    reads("[...]", json!([]), &[Elision]);
    reads("{ ... }", json!({}), &[Elision]);
    reads("[1, 2, …]", json!([1, 2]), &[Elision]);
    reads("[{\"a\": 1}, ...]", json!([{"a": 1}]), &[Elision]);
    reads(
        "{\"a\": {...}, \"b\": [ ... ], ...}",
        json!({"a": {}, "b": []}),
        &[Elision, Elision, Elision],
    );
    reads("{\"a\": 1, \"...\": \"...\"}", json!({"a": 1}), &[Elision]);
    reads("{\"a\": ...}", json!({"a": null}), &[Elision]);
    reads("[1,\n// ... more\n]", json!([1]), &[Elision]);
    reads("[1,\n// more items\n]", json!([1]), &[Elision]);
    reads(
        "{\"a\": 1\n...\n}",
        json!({"a": 1}),
        &[MissingComma, Elision],
    );
    reads(
        "[1\n// ask us for more information\n]",
        json!([1]),
        &[LineComment],
    );
    reads("[ /* ... */ ]", json!([]), &[Elision]);
    reads("{\"a\": 1 // ...\n}", json!({"a": 1}), &[Elision]);
    reads(
        "{\"a\": 1, ...rest, \"b\": 2}",
        json!({"a": 1, "b": 2}),
        &[Elision],
    );
}

#[test]
fn placeholders_stand_for_values() {
    reads(
        "{\"a\": <id>, \"b\": {amount}}",
        json!({"a": "<id>", "b": "{amount}"}),
        &[Placeholder, Placeholder],
    );
    reads("{\"a\": {{x}}}", json!({"a": "{{x}}"}), &[Placeholder]);
    reads(
        "{\"a\": string, \"b\": [int]}",
        json!({"a": "string", "b": ["int"]}),
        &[Placeholder, Placeholder],
    );
    reads(
        "{\"a\": ISODate(\"2020, x\")}",
        json!({"a": "ISODate(\"2020, x\")"}),
        &[Placeholder],
    );
    reads("{\"a\": <a, b>}", json!({"a": "<a, b>"}), &[Placeholder]);
    reads(
        "{\"a\": string | null}",
        json!({"a": "string | null"}),
        &[Placeholder],
    );
    reads(
        "{\"a\": \"x\" | \"y\", \"b\": 1}",
        json!({"a": "x", "b": 1}),
        &[Alternatives],
    );
    reads(
        "{\"a\": \"x\" (required), \"b\": 1}",
        json!({"a": "x", "b": 1}),
        &[StrayText],
    );
    reads(
        "{ name, \"b\": 1}",
        json!({"name": "name", "b": 1}),
        &[Placeholder],
    );
}

#[test]
fn other_languages_are_understood() {
    reads(
        "{a: 1, b_c: 'x'}",
        json!({"a": 1, "b_c": "x"}),
        &[UnquotedKey, UnquotedKey, SingleQuotes],
    );
    reads(
        "[None, True, undefined, NaN]",
        json!([null, true, null, null]),
        &[ForeignLiteral; 4],
    );
    reads(
        "[+1, .5, 007, 1_000]",
        json!([1, 0.5, 7, 1000]),
        &[ForeignNumber; 4],
    );
    reads(
        "{'it': 'it's'}",
        json!({"it": "it's"}),
        &[SingleQuotes, SingleQuotes, UnescapedQuote],
    );
    reads("{“a”: “x”}", json!({"a": "x"}), &[SmartQuotes, SmartQuotes]);
    reads("{\"a\" => 1}", json!({"a": 1}), &[MissingColon]);
}

#[test]
fn strings_are_closed_where_they_seem_to_end() {
    reads(
        "{\"a\": \"say \"hi\" twice\"}",
        json!({"a": "say \"hi\" twice"}),
        &[UnescapedQuote, UnescapedQuote],
    );
    reads(
        "{\"a\": \"x,\n\"b\": 1}",
        json!({"a": "x", "b": 1}),
        &[UnclosedString],
    );
    reads(
        "{\"a\": \"x\ny\"}",
        json!({"a": "x\ny"}),
        &[UnescapedControl],
    );
    reads(
        r#"{"a": "\q\ud800"}"#,
        json!({"a": "q\u{fffd}"}),
        &[InvalidEscape, InvalidEscape],
    );
    reads(
        "{\"a\": \"x",
        json!({"a": "x"}),
        &[Unclosed, UnclosedString],
    );
}

#[test]
fn brackets_are_completed() {
    reads(
        "\"a\": 1,\n\"b\": 2",
        json!({"a": 1, "b": 2}),
        &[MissingBraces],
    );
    reads("\"a\": 1}", json!({"a": 1}), &[MissingOpening]);
    reads("{\"a\": [1}", json!({"a": [1]}), &[MissingClosing]);
    reads("{\"a\": [1", json!({"a": [1]}), &[Unclosed, Unclosed]);
    reads("{\"a\": 1}}", json!({"a": 1}), &[WrongClosing]);
    reads("{\"a\": 1]", json!({"a": 1}), &[WrongClosing]);
    reads(
        "user: {\"a\": 1}",
        json!({"user": {"a": 1}}),
        &[MissingBraces, UnquotedKey],
    );
}

#[test]
fn missing_values_are_placeholders() {
    reads(
        "{\"a\": , \"b\": 1}",
        json!({"a": "", "b": 1}),
        &[MissingValue],
    );
    reads("{\"a\"}", json!({"a": ""}), &[MissingValue]);
    reads("{\"a\" 1}", json!({"a": 1}), &[MissingColon]);
    reads("{\"a\":: 1}", json!({"a": 1}), &[ExtraColon]);
    reads(
        "{\"a: \"x\", \"b:\" 1}",
        json!({"a": "x", "b": 1}),
        &[UnclosedString, MissingColon],
    );
}

#[test]
fn a_value_is_not_looked_for_beyond_the_next_key() {
    reads(
        "{a: // text\n b: 1}",
        json!({"a": "", "b": 1}),
        &[
            UnquotedKey,
            MissingValue,
            MissingComma,
            LineComment,
            UnquotedKey,
        ],
    );
    reads("{\"a\":\n \"b\"}", json!({"a": "b"}), &[]);
}

#[test]
fn braces_around_values_are_an_array_or_too_many() {
    reads(
        "{{\"a\": 1}, {\"a\": 2}}",
        json!([{"a": 1}, {"a": 2}]),
        &[MissingKey, MissingKey],
    );
    reads("{{\"a\": 1}}", json!({"a": 1}), &[MissingKey]);
}

#[test]
fn what_stands_around_the_value_is_skipped() {
    reads("// GET /users\n{\"a\": 1}", json!({"a": 1}), &[Preamble]);
    reads(
        "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"a\": 1}",
        json!({"a": 1}),
        &[Preamble, Preamble],
    );
    reads("data: {\"a\": 1}", json!({"a": 1}), &[Preamble]);
    reads("\u{feff}{\"a\": 1}", json!({"a": 1}), &[ForeignSpace]);
    reads("{\"a\": 1}\n...", json!({"a": 1}), &[StrayText]);
}

#[test]
fn several_documents_are_all_read() {
    let reading = read("{\"a\": 1}\n\nor\n\n{\"a\": 2}");
    assert_eq!(reading.documents.len(), 2);
    let kinds: Vec<_> = reading.repairs.iter().map(|repair| repair.kind).collect();
    assert_eq!(kinds, [StrayText, SeveralDocuments]);
    assert!(reading.duplicates.is_empty());
}

#[test]
fn prose_is_a_failure() {
    for text in [
        "",
        "No content",
        "<html><body>",
        "The request was accepted.",
        "// nothing",
        "Note: nothing",
    ] {
        let reading = read(text);
        assert!(
            reading.documents.is_empty() && reading.failure.is_some(),
            "{text}"
        );
    }
    assert_eq!(
        read("OK").failure.unwrap().message,
        "expected a JSON value, found `O`"
    );
}

#[test]
fn nesting_is_limited() {
    let reading = read(&"[".repeat(100_000));
    assert_eq!(reading.failure.unwrap().at, 127);
    assert!(read(&"{a:".repeat(100_000)).failure.is_some());
}

#[test]
fn long_lines_take_linear_time() {
    for unit in [
        "<",
        "\"a\"x",
        "{",
        "'",
        "[1 2",
        "/*",
        "#\n",
        "\"",
        "{{",
        "“x’",
        "...",
        "a:",
        "(\"",
        "\"a\"x'b'y`c`z",
        "// x\n",
    ] {
        let text = unit.repeat(100_000 / unit.len());
        let started = std::time::Instant::now();
        read(&text);
        read(&format!("[{text}"));
        assert!(started.elapsed().as_secs() < 5, "{unit}");
    }
}

fn assert_sound(json: &Json, within: &std::ops::Range<usize>, text: &str) {
    let range = &json.range;
    assert!(
        range.start <= range.end && within.start <= range.start && range.end <= within.end,
        "{json:?}"
    );
    assert!(text.get(range.clone()).is_some());
    for member in json.members() {
        assert!(
            range.start <= member.key_range.start && member.key_range.end <= range.end,
            "{member:?}"
        );
        assert!(text.get(member.key_range.clone()).is_some());
        assert_sound(&member.value, range, text);
    }
    for item in json.items() {
        assert_sound(item, range, text);
    }
}

fn check(text: &str) {
    let reading = read(text);
    for document in &reading.documents {
        assert_sound(document, &(0..text.len()), text);
        let strict = read_strict(document.to_text().as_bytes()).unwrap();
        assert_eq!(strict.to_value(), document.to_value());
    }
    for repair in &reading.repairs {
        assert!(text.get(repair.range.clone()).is_some(), "{repair:?}");
    }
    assert!(reading.failure.is_some() || !reading.documents.is_empty());
    assert!(!reading.is_strict() || read_strict(text.as_bytes()).is_ok());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Pieces of what people write, in any order.
fn any_scrawl() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "'",
        "“",
        "’",
        "...",
        "…",
        "// ... more\n",
        "// x\n",
        "/*",
        "*/",
        "#",
        "\n",
        " ",
        "1",
        "-",
        "1.50",
        "true",
        "None",
        "<id>",
        "{x}",
        "{{",
        "}}",
        "\\",
        "\\u",
        "d800",
        "|",
        "=>",
        "(",
        ")",
        ";",
        "GET /x",
        "data:",
        "HTTP/1.1",
        "key",
        "\u{a0}",
        "é",
        "`",
        "\t",
        "\r\n",
        "---",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_scrawl_is_read_soundly(text in any_scrawl()) {
        check(&text);
    }

    #[test]
    fn broken_json_is_read_soundly(value in any_json(), at in any::<prop::sample::Index>(), piece in any_scrawl()) {
        let mut text = format!("{value:#}");
        let mut at = at.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &piece);
        check(&text);
    }

    #[test]
    fn valid_json_reads_strictly_to_the_same_value(value in any_json()) {
        for text in [value.to_string(), format!("{value:#}")] {
            let json = read_strict(text.as_bytes()).unwrap();
            assert_sound(&json, &(0..text.len()), &text);
            prop_assert_eq!(&json.to_value(), &value);
            prop_assert!(!matches!(json.kind, JsonKind::Elision | JsonKind::Placeholder(_)));
        }
    }

    #[test]
    fn the_strict_reader_agrees_with_serde_json(text in any_scrawl()) {
        prop_assert_eq!(
            read_strict(text.as_bytes()).map(|json| json.to_value()).ok(),
            serde_json::from_str::<Value>(&text).ok(),
        );
    }
}
