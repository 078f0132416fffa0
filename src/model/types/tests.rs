//! The type language as its users see it: text in, canonical text out.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[track_caller]
fn reads(pairs: &[(&str, &str)]) {
    for (text, canonical) in pairs {
        let type_ = parse(text);
        assert!(
            type_.is_understood(),
            "`{text}` is not understood: {type_:?}"
        );
        assert_eq!(type_.to_string(), *canonical, "of `{text}`");
    }
}

#[test]
fn words_and_their_aliases_name_the_json_kinds() {
    reads(&[
        ("str", "string"),
        ("Object", "object"),
        ("bool", "boolean"),
        ("long", "integer (int64)"),
        ("float64", "number (double)"),
        ("decimal", "number (decimal)"),
        ("JSON", "any"),
        ("dict", "map<string, any>"),
        ("void", "undefined"),
        ("none", "null"),
        ("字符串", "string"),
    ]);
}

#[test]
fn arrays_are_written_in_many_ways() {
    reads(&[
        ("[]", "array"),
        ("string[][]", "string[][]"),
        ("array of strings", "string[]"),
        ("an array of objects", "object[]"),
        ("list of arrays of ints", "integer[][]"),
        ("array<string>", "string[]"),
        ("Array (objects)", "object[]"),
        ("array (Invoice)", "Invoice[]"),
        ("array (max 10)", "array"),
        ("array[string | string[]]", "(string | string[])[]"),
        ("string array", "string[]"),
        ("object 数组", "object[]"),
        ("string数组", "string[]"),
        ("List[str]", "string[]"),
        ("*List[str]", "string[]"),
        ("...string[]", "string[]"),
        ("...Option", "Option[]"),
        ("set[str]", "string[]"),
        ("[string]", "string[]"),
        ("Tuple[int, ...]", "integer[]"),
        ("array of enums", "enum[]"),
        ("(string | null)[]", "(string | null)[]"),
    ]);
}

#[test]
fn maps_and_records_are_objects_with_known_values() {
    reads(&[
        ("Record<string, unknown>", "map<string, any>"),
        ("record<string, array<string>>", "map<string, string[]>"),
        ("map(string)", "map<string, string>"),
        ("list(map(string))", "map<string, string>[]"),
        ("Dict[str, Any]", "map<string, any>"),
        ("map of strings to numbers", "map<string, number>"),
        ("{ [key]: Item }", "map<string, Item>"),
        ("{ a: string; b?: number[] }", "{ a: string, b?: number[] }"),
        ("{ 'a b': 0 | 1 }", r#"{ "a b": 0 | 1 }"#),
        ("A & { b: string }", "object"),
        ("[number, A[]]", "tuple<number, A[]>"),
    ]);
}

#[test]
fn null_and_absence_are_alternatives() {
    reads(&[
        ("string|null", "string | null"),
        ("JSON | Null", "any | null"),
        ("null or string", "null | string"),
        ("Optional[str]", "string | null"),
        ("nullable string", "string | null"),
        ("string (nullable)", "string | null"),
        ("string, nullable", "string | null"),
        ("string (uuid, nullable)", "string (uuid) | null"),
        ("string?", "string | undefined"),
        ("string (optional)", "string | undefined"),
        ("?string", "string | null"),
        ("string, required", "string"),
        ("Unix timestamp | null", "integer (unix time) | null"),
    ]);
    assert!(parse("string?").allows_absence());
    assert!(parse("string or null").allows_null());
}

#[test]
fn alternatives_are_separated_by_bars_words_and_punctuation() {
    reads(&[
        ("string or array or object", "string | array | object"),
        ("string oder object", "string | object"),
        ("string 或 array 或 object", "string | array | object"),
        ("string, number, or null", "string | number | null"),
        ("string/null", "string | null"),
        ("Union[str, List[str]]", "string | string[]"),
        ("int | datetime.datetime", "integer | string (date-time)"),
        ("string | string", "string"),
    ]);
}

#[test]
fn literals_are_values_and_values_are_enumerations() {
    reads(&[
        (r#""a" | "b""#, r#""a" | "b""#),
        ("'~' | '='", r#""~" | "=""#),
        ("`a` | `null`", r#""a" | null"#),
        ("0 | 1", "0 | 1"),
        ("array | false", "array | false"),
        ("Literal['a', 'b', True]", r#""a" | "b" | true"#),
        ("sum | min | max", r#""sum" | "min" | "max""#),
        ("AND | OR | xor", r#""AND" | "OR" | "xor""#),
        (
            "string (enum: active | disabled)",
            r#""active" | "disabled""#,
        ),
        ("string ('a', 'b')", r#""a" | "b""#),
        ("enum: text, date", r#""text" | "date""#),
        ("enum<string>", "enum<string>"),
        ("enum(a, b)", r#""a" | "b""#),
        (r#""a" | "b"[]"#, r#"("a" | "b")[]"#),
        (r#"("a" | "b")[]"#, r#"("a" | "b")[]"#),
    ]);
}

#[test]
fn formats_stand_alone_in_brackets_or_beside_their_type() {
    reads(&[
        ("uuid", "string (uuid)"),
        ("datetime", "string (date-time)"),
        ("timestamp", "string (date-time) | integer (unix time)"),
        ("Unix timestamp", "integer (unix time)"),
        ("ISO 8601 date", "string (ISO 8601)"),
        ("string<email>", "string (email)"),
        ("integer (int64)", "integer (int64)"),
        ("integer (minutes)", "integer (minutes)"),
        ("integer (>= 0)", "integer (>= 0)"),
        ("string (binary)", "file"),
        ("string date-time", "string (date-time)"),
        ("text/csv", "string (csv)"),
        ("image/png", "file"),
        ("audio stream", "file"),
    ]);
}

#[test]
fn names_stand_for_types_defined_elsewhere() {
    reads(&[
        ("Address[]", "Address[]"),
        ("React.ReactNode", "React.ReactNode"),
        ("ReactElement<Props>[]", "ReactElement<Props>[]"),
        ("v2Order", "v2Order"),
        ("User Object", "object"),
        ("(k: number) => Promise<string>", "function"),
    ]);
}

#[test]
fn statuses_are_not_types() {
    assert_eq!(parse("Not Found"), Type::ReasonPhrase("Not Found".into()));
    assert_eq!(
        parse("404 Not Found"),
        Type::ReasonPhrase("404 Not Found".into())
    );
    assert_eq!(parse("success"), Type::ReasonPhrase("success".into()));
}

#[test]
fn what_does_not_fit_stays_as_it_is() {
    for text in [
        "",
        "?",
        "type",
        "mode",
        "dropdown",
        "text area",
        "string (",
        "max 10 chars",
        "<",
        "a/b",
        "string, x",
    ] {
        assert_eq!(parse(text), Type::Unknown(text.into()));
    }
}

#[test]
fn deep_nesting_is_unknown() {
    let deep = format!("{}string{}", "array<".repeat(9999), ">".repeat(9999));
    assert!(matches!(parse(&deep), Type::Unknown(_)));
    assert!(matches!(
        parse(&format!("string{}", "[]".repeat(9999))),
        Type::Unknown(_)
    ));
    assert!(matches!(parse(&"*".repeat(99_999)), Type::Unknown(_)));
    assert!(matches!(parse(&"(".repeat(99_999)), Type::Unknown(_)));
}

#[test]
fn nested_alternatives_are_read_once() {
    let nested = format!("{}a{}", "array<".repeat(30), " | b>".repeat(30));
    assert!(!parse(&nested).is_understood());
}

fn formats() -> impl Strategy<Value = Option<Format>> {
    let known = [
        "uuid",
        "date",
        "date-time",
        "email",
        "unix time",
        "int64",
        "decimal",
        "minutes",
        "max 20",
    ];
    prop::option::of(prop::sample::select(known.to_vec()).prop_map(Format::parse))
}

fn leaves() -> impl Strategy<Value = Type> {
    let plain = [
        Type::Any,
        Type::Null,
        Type::Undefined,
        Type::Boolean,
        Type::Object,
        Type::File,
        Type::Array(None),
        Type::Enum(None),
        Type::Tuple(Vec::new()),
        Type::Named("Address".into()),
        Type::Named("v2.Order_x".into()),
        Type::Enum(Some(Box::new(Type::String(None)))),
    ];
    prop_oneof![
        prop::sample::select(plain.to_vec()),
        formats().prop_map(Type::String),
        formats().prop_map(Type::Integer),
        formats().prop_map(Type::Number),
        any::<String>().prop_map(|text| Type::Literal(text.into())),
        any::<i64>().prop_map(|number| Type::Literal(number.into())),
        any::<bool>().prop_map(|truth| Type::Literal(truth.into())),
        Just(Type::Literal(json!(1.5))),
    ]
}

fn types() -> impl Strategy<Value = Type> {
    leaves().prop_recursive(4, 24, 4, |inner| {
        let member = ("[a-z_ \"é]{1,6}", any::<bool>(), inner.clone());
        let member = member.prop_map(|(name, optional, type_)| RecordMember {
            name,
            optional,
            type_,
        });
        prop_oneof![
            inner.clone().prop_map(Type::array),
            (inner.clone(), inner.clone())
                .prop_map(|(key, value)| Type::Map(Box::new(key), Box::new(value))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Type::Tuple),
            prop::collection::vec(inner, 1..4).prop_map(Type::union),
            prop::collection::vec(member, 1..3).prop_map(Type::Record),
        ]
    })
}

/// Texts made of the words and signs of the language, in any order.
fn soups() -> impl Strategy<Value = String> {
    let pieces = [
        "string",
        "array",
        "of",
        "or",
        "and",
        "|",
        ",",
        "/",
        "(",
        ")",
        "<",
        ">",
        "[",
        "]",
        "[]",
        "{",
        "}",
        ":",
        "?",
        "null",
        "enum",
        "enum:",
        "Foo",
        "foo",
        "BAR",
        "bar",
        "\"a\"",
        "'",
        "\"",
        "`b`",
        "0",
        "-1",
        "...",
        "*",
        "&",
        "map",
        "object",
        "timestamp",
        "unix",
        "uuid",
        "date",
        "nullable",
        "optional",
        "tuple",
        "Literal",
        "error",
        "OK",
        "=>",
        "one",
        "数组",
        "或",
        "int",
        "text/csv",
        ";",
        "a",
        "strings",
        "union",
        "\\",
        "list",
        "record",
        "file",
    ];
    let piece = (
        prop::sample::select(pieces.to_vec()),
        prop::sample::select(vec!["", " "]),
    );
    prop::collection::vec(piece, 0..12).prop_map(|pieces| {
        let words = pieces.iter().map(|(word, space)| format!("{word}{space}"));
        words.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_is_printed_reads_back_as_the_same_type(type_ in types()) {
        prop_assert_eq!(parse(&type_.to_string()), type_);
    }

    #[test]
    fn printing_a_soup_again_changes_nothing(text in soups()) {
        let first = parse(&text);
        prop_assert_eq!(parse(&first.to_string()), first);
    }

    #[test]
    fn printing_any_text_again_changes_nothing(text in any::<String>()) {
        let first = parse(&text);
        prop_assert_eq!(parse(&first.to_string()), first);
        platform(&text);
    }
}
