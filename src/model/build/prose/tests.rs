//! Sentences, and what they do and do not state.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::mdx::Prose;
use crate::model::shape::{Shape, ShapeKind};
use crate::model::types::{self, Format};
use crate::source::{Excerpt, SourceFile, Sources, Span};

pub(super) fn facts_of(name: &str, kind: &str, text: &str) -> ProseFacts {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("page.mdx", text));
    let prose = Prose {
        text: Excerpt::verbatim(text, Span::new(file, 0..text.len())),
        inline: false,
    };
    of_passages(name, &types::parse(kind), &passage::passages(&[&prose]))
}

fn facts(text: &str) -> ProseFacts {
    facts_of("field", "string", text)
}

pub(super) fn shape(kind: &str, text: &str) -> Shape {
    let facts = facts_of("field", kind, text);
    let span = Span::new(facts_file(), 0..0);
    let evidence = Evidence::new(span, &crate::model::build::shape::TYPE_STRING);
    let mut shape = Shape::from_type(&types::parse(kind), evidence);
    apply(&facts, &mut shape);
    shape
}

fn facts_file() -> crate::source::FileId {
    Sources::default().add(SourceFile::new("page.mdx", ""))
}

#[track_caller]
fn lists(expected: &Value, texts: &[&str]) {
    for text in texts {
        let allowed = facts(text)
            .allowed
            .map(|allowed| Value::from(allowed.value));
        assert_eq!(allowed.as_ref(), Some(expected), "{text}");
    }
}

#[track_caller]
fn lists_nothing(texts: &[&str]) {
    for text in texts {
        let allowed = facts(text).allowed.map(|allowed| allowed.value);
        assert_eq!(allowed, None, "{text}");
    }
}

#[test]
fn announced_lists_are_allowed_values() {
    lists(
        &json!(["paper", "cloth"]),
        &[
            "One of `paper` or `cloth`.",
            "One of `paper`, `cloth`, but not the same as `cover`.",
            "One of `paper`, `cloth`, and not equal to `cover`.",
            "One of `paper`, `cloth`, other than `cover`.",
            "The binding. Must be one of: `paper`, `cloth`.",
            "Possible values are `paper` and `cloth`",
            "Allowed values: `paper` (the default), `cloth`",
            "Returned values: `paper`, `cloth`",
            "Accepts `paper` or `cloth`.",
            "Options: \"paper\", \"cloth\"",
            "Valid values: 'paper' and 'cloth'.",
            "Supported bindings (one of: paper, cloth)",
            "Possible values:\n\n- `paper` - glued\n- `cloth`: sewn",
            "The binding:\n* **`paper`** – glued\n* **`cloth`** – sewn",
            "| Value | Meaning |\n|---|---|\n| `paper` | glued |\n| `cloth` | sewn |",
            "Can be `paper` or `cloth`.",
            "Between 1 and 2 of `paper` and `cloth`, each at most once.",
            "The bindings: 1 to 2 of `paper`, `cloth`.",
            "At least one of `paper` and `cloth`.",
        ],
    );
}

#[test]
fn lists_are_announced_in_other_languages() {
    lists(
        &json!(["paper", "cloth"]),
        &[
            "Mögliche Werte: `paper`, `cloth`",
            "Der Einband, entweder `paper` oder `cloth`.",
            "Einband: `paper` oder `cloth`",
            "Valores possíveis: `paper` ou `cloth`",
            "Um dos seguintes valores: `paper`, `cloth`",
            "Valores posibles: `paper` o `cloth`",
            "Puede ser `paper` o `cloth`.",
            "Valeurs possibles : `paper`, `cloth`",
            "L'une des valeurs `paper` ou `cloth`",
            "可选值：`paper`、`cloth`",
            "可能的值: `paper` 或 `cloth`。",
        ],
    );
}

#[test]
fn lists_that_stand_alone_are_allowed_values() {
    lists(
        &json!(["paper", "cloth"]),
        &[
            "`paper` or `cloth`",
            "The binding: `paper`, `cloth`",
            "The binding (`paper`, `cloth`)",
            "`paper` | `cloth`",
        ],
    );
}

#[test]
fn examples_and_names_are_no_allowed_values() {
    lists_nothing(&[
        "At least one of `title` and `pages` is required.",
        "Up to 3 of the fields `a` and `b`.",
    ]);
    lists_nothing(&[
        "The binding, e.g. `paper` or `cloth`.",
        "A binding such as `paper`, `cloth`",
        "For example: `paper`, `cloth`",
        "The binding (like `paper` or `cloth`)",
        "Der Einband, z.B. `paper` oder `cloth`",
        "El tipo, por ejemplo `paper` o `cloth`",
        "Le type, par exemple `paper` ou `cloth`",
        "O tipo, por exemplo: `paper`, `cloth`",
        "装订，例如 `paper`、`cloth`",
        "Possible values include `paper`, `cloth`",
        "One of `paper`, `cloth`, etc.",
        "Provide either `url` or `html`.",
        "Either `url` or `html` is required.",
        "Needed if `kind` is `paper` or `cloth`.",
        "The fields `title` and `author`.",
        "Comma-separated list. Options: `title`, `author`",
        "An object with:\n- `title` (string) - the title\n- `author` (string) - the author",
        "Examples:\n- `paper` - glued\n- `cloth` - sewn",
        "Must not be one of the reserved names `paper`, `cloth`",
        "Starts with `pa_` or `cl_`.",
        "Format: `YYYY-MM-DD` or `YYYY-MM`",
        "Accepts `field` or `Field`.",
        "`true` if it is in print",
        "See `paper`.",
        "Common shelves: `paper`, `cloth`",
        "Supported formats: PNG, JPG.",
        "Free-form label. Labels in use:\n- `paper`\n- `cloth`",
    ]);
}

#[test]
fn null_among_the_values_makes_the_value_nullable() {
    let facts = facts("The binding: `paper`, `cloth`, or `null` if unknown");
    assert_eq!(
        facts.allowed.map(|allowed| allowed.value),
        Some(vec![json!("paper"), json!("cloth")])
    );
    assert!(facts.nullable.is_some());
}

#[test]
fn a_list_that_leaves_out_the_default_is_no_list() {
    lists_nothing(&["One of `paper`, `cloth`. Defaults to `leather`."]);
    lists_nothing(&["The most per day. Set to `0` or `null` to remove the limit."]);
    lists(
        &json!(["paper", "cloth"]),
        &["One of `paper`, `cloth`. Defaults to `paper`."],
    );
}

#[test]
fn values_that_the_type_cannot_hold_are_dropped() {
    let allowed = |kind, text| {
        let allowed = shape(kind, text).constraints.allowed.clone();
        allowed.map(|fact| fact.value)
    };
    assert_eq!(allowed("integer", "One of `small`, `large`"), None);
    assert_eq!(
        allowed("integer", "One of `1`, `2`"),
        Some(vec![json!(1), json!(2)])
    );
    assert_eq!(allowed("object", "One of `a`, `b`"), None);
    assert_eq!(allowed("boolean", "`true` or `false`"), None);
    assert_eq!(
        allowed("\"x\" | \"y\"", "One of `a`, `b`"),
        Some(vec![json!("x"), json!("y")])
    );
    let ShapeKind::Array(items) = shape("array", "The readers: `name`, `year`").kind else {
        panic!("an array")
    };
    assert!(items.constraints.allowed.is_none());
    let ShapeKind::Array(items) = shape("string[]", "One of `a`, `b`").kind else {
        panic!("an array")
    };
    assert!(items.constraints.allowed.is_some());
}

#[test]
fn constants_hold_without_conditions() {
    for (text, expected) in [
        ("Always `true`.", Some(json!(true))),
        ("Always true", Some(json!(true))),
        ("The kind. Always \"book\".", Some(json!("book"))),
        ("Must be `\"file\"`.", Some(json!("file"))),
        ("Will be `book`", Some(json!("book"))),
        ("Always `true` for successful requests.", Some(json!(true))),
        ("Immer `true`", Some(json!(true))),
        ("Sempre `true`.", Some(json!(true))),
        ("Siempre es `libro`", Some(json!("libro"))),
        ("Toujours `livre`", Some(json!("livre"))),
        ("始终为 `book`", Some(json!("book"))),
        ("Always `true` if it is in print", None),
        ("Will be `book` or `magazine`", None),
        ("Must be `true` when `paid` is set", None),
        ("Not always `true`", None),
        ("If it is in print, always `true`", None),
    ] {
        let constant = facts(text).constant.map(|constant| constant.value);
        assert_eq!(constant, expected, "{text}");
    }
}

#[test]
fn defaults_are_values_of_the_field_itself() {
    for (text, expected) in [
        ("Defaults to `20`.", Some(json!(20))),
        ("Default: 10", Some(json!(10))),
        ("(default: false)", Some(json!(false))),
        ("The default is \"asc\".", Some(json!("asc"))),
        ("Defaults to `todo` if omitted.", Some(json!("todo"))),
        ("Standard: `10`", Some(json!(10))),
        ("Standardwert ist `10`", Some(json!(10))),
        ("Padrão: 10", Some(json!(10))),
        ("Por defecto: `10`", Some(json!(10))),
        ("Par défaut : `10`", Some(json!(10))),
        ("默认为 `10`", Some(json!(10))),
        ("Defaults to 30 days before today", None),
        ("The country code defaults to `+1`.", None),
        ("The book (its shelf defaults to `a`)", None),
        ("Expires. The default is 1 hour", None),
        ("Defaults to `a` for readers, `b` for writers", None),
        ("Defaults to the current date", None),
        ("Default: 10x", None),
    ] {
        let default = facts(text).default.map(|default| default.value);
        assert_eq!(default, expected, "{text}");
    }
}

#[test]
fn numbers_keep_the_notation_of_strings() {
    for (kind, text, expected) in [
        ("string", "Always `2.0`", json!("2.0")),
        ("number", "Always `2.50`", json!(2.5)),
        ("number", "Always `2`", json!(2)),
        ("string", "Always `2`", json!("2")),
    ] {
        let constant = shape(kind, text).constraints.constant.clone();
        assert_eq!(constant.map(|fact| fact.value), Some(expected), "{text}");
    }
}

#[test]
fn null_is_allowed_where_the_text_says_so() {
    for text in [
        "`null` if there is none",
        "The year, or null",
        "Nullable.",
        "May be `null`",
        "Set to `null` to clear",
        "`null`, wenn unbekannt",
        "Pode ser nulo",
        "Puede ser null",
        "Peut être null",
        "可为 null",
    ] {
        assert!(facts(text).nullable.is_some(), "{text}");
    }
    for text in [
        "Never `null`.",
        "Cannot be null",
        "Needed if `title` is null",
        "The year",
    ] {
        assert!(facts(text).nullable.is_none(), "{text}");
    }
    let empty = "Labels of the book. Empty if there are none.";
    assert!(facts(empty).nullable.is_some());
    assert!(facts_of("labels", "string[]", empty).nullable.is_none());
    let null = "Labels of the book, `null` if there are none.";
    assert!(facts_of("labels", "string[]", null).nullable.is_some());
}

#[test]
fn presence_is_what_the_text_promises() {
    for (text, expected) in [
        ("The year (optional)", Some(false)),
        ("Only returned when it is in print", Some(false)),
        ("The year, if available", Some(false)),
        ("Omitted: is omitted for drafts", Some(false)),
        (
            "Cursor of the next page. Not present on the last page.",
            Some(false),
        ),
        ("The editor. Left out for drafts.", Some(false)),
        (
            "The answers to choose from. For `choice` only.",
            Some(false),
        ),
        ("Required if `kind` is `book`", Some(false)),
        ("Nur bei Büchern", Some(false)),
        ("Opcional. O ano", Some(false)),
        ("Solo cuando existe el libro (opcional)", Some(false)),
        ("L'année (facultatif)", Some(false)),
        ("可选，年份", Some(false)),
        ("Required. The year", Some(true)),
        ("The year (required)", Some(true)),
        ("Obrigatório. O ano", Some(true)),
        ("The year", None),
        ("When set to `true`, sorts by year", None),
        ("Cannot be undefined", None),
        ("Empty if no shelf is configured", None),
        ("The records required for a loan", None),
        ("Required for loans.", Some(false)),
        ("Returned for backward compatibility", None),
    ] {
        let required = facts(text).required.map(|required| required.value);
        assert_eq!(required, expected, "{text}");
    }
}

#[test]
fn notations_are_named_in_the_text() {
    for (name, text, expected) in [
        ("at", "ISO 8601 timestamp", Some(Format::Iso8601)),
        ("at", "The day (YYYY-MM-DD)", Some(Format::Date)),
        ("at", "Zeitstempel nach ISO-8601", Some(Format::Iso8601)),
        ("at", "Unix timestamp in seconds", Some(Format::UnixSeconds)),
        ("at", "Unix timestamp (ms)", Some(Format::UnixMilliseconds)),
        ("id", "UUID of the book", Some(Format::Uuid)),
        ("phone", "In E.164 format", Some(Format::Phone)),
        ("email", "Email of the reader", Some(Format::Email)),
        ("cover_url", "URL of the cover", Some(Format::Uri)),
        ("note", "Email of the reader", None),
        (
            "owner",
            "Email address of who answers for it.",
            Some(Format::Email),
        ),
        ("owner", "Email address, or the name of a team.", None),
        (
            "day",
            "Day of delivery, as `2026-07-15`.",
            Some(Format::Date),
        ),
        ("day", "Day of delivery, as `soon`.", None),
        ("path", "The URL path", None),
        (
            "end",
            "`start` plus `duration_minutes` (ISO 8601).",
            Some(Format::Iso8601),
        ),
        ("length", "Duration (ISO 8601)", Some(Format::Duration)),
        ("id", "UUID or slug", None),
        ("id", "UUID of the bill **or** its number (`INV-...`)", None),
        ("id", "UUID книги или её номер (`B-...`)", None),
        ("id", "Format: `book_<uuid>`", None),
        ("date_format", "Such as ISO 8601", None),
    ] {
        let format = facts_of(name, "string", text)
            .format
            .map(|format| format.value);
        assert_eq!(format, expected, "{text}");
    }
}

#[test]
fn expressions_are_shown() {
    let pattern = |text: &str| {
        let found = facts(text).pattern;
        found.map(|it| it.value.as_str().to_owned())
    };
    for text in [
        "The handle. Must match the pattern `^[a-z]+$`.",
        "Pattern: `/^[a-z]+$/`",
        "The handle (`^[a-z]+$`), at most 9 characters.",
    ] {
        assert_eq!(pattern(text).as_deref(), Some("^[a-z]+$"), "{text}");
    }
    for text in [
        "Each part matches `^[a-z]+$`.",
        "Must not match `^[a-z]+$`.",
        "If it is short, `^[a-z]+$`.",
        "`^[a-z]+$` or `^[0-9]+$`",
        "Begins with `^`, ends with `$`.",
    ] {
        assert_eq!(pattern(text), None, "{text}");
    }
}

#[test]
fn characters_are_listed() {
    let characters = |text: &str| {
        let format = facts_of("code", "string", text).format?;
        Some(format.value.to_string())
    };
    for (text, expected) in [
        (
            "Lowercase letters, numbers, and dashes only.",
            "lowercase letters, digits, and `-`",
        ),
        (
            "2 to 20 capital letters, digits, and hyphens.",
            "capital letters, digits, and `-`",
        ),
        (
            "The name. May contain letters, digits, and underscores.",
            "letters, digits, and `_`",
        ),
        (
            "3 to 40 small letters, digits, and hyphens, beginning with a letter.",
            "lowercase letters, digits, and `-`",
        ),
        ("Only letters and spaces.", "letters and spaces"),
        (
            "Name of the shelf. A small letter, followed by small letters, digits and dashes. At most 30 characters.",
            "lowercase letters, digits, and `-`",
        ),
        (
            "Small letters, digits and single dashes, at most 60 characters.",
            "lowercase letters, digits, and `-`",
        ),
        ("Two capital letters.", "capital letters"),
        (
            "Safe to repeat the request. 1 to 64 letters, digits, `-` or `_`.",
            "letters, digits, `-`, and `_`",
        ),
        (
            "Unique. 2 to 40 of `a-z`, `0-9`, `-`. One is made if there is none.",
            "lowercase letters, digits, and `-`",
        ),
        (
            "Short name. Two to five capital letters (A–Z). Must be unique.",
            "capital letters",
        ),
        (
            "Of your own. Between 3 and 32 characters: upper-case letters `A` to `Z`, digits and hyphens.",
            "capital letters, digits, and `-`",
        ),
        (
            "2 to 12 characters: `A` to `Z` and `0` to `9`.",
            "capital letters and digits",
        ),
        (
            "Only letters from a to z and digits.",
            "lowercase letters and digits",
        ),
        (
            "4 to 8 characters: A-Z and 0-9 only.",
            "capital letters and digits",
        ),
    ] {
        assert_eq!(characters(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "Must contain letters and digits.",
        "At least one of letters, digits, and hyphens.",
        "No spaces or dots.",
        "Letters and digits; an `@` is stripped.",
        "1–12 of `A-Z`, `0-9`, `-`; lowercase is uppercased.",
        "The numbers of the letters.",
        "A decimal with two digits.",
        "Digits.",
        "Letters, digits, and emojis",
        "Letters and digits if `kind` is `code`",
        "From `a` to `z` in the alphabet.",
    ] {
        assert_eq!(characters(text), None, "{text}");
    }
}

#[test]
fn open_objects_and_units_are_found() {
    for text in [
        "Arbitrary key-value pairs",
        "Any valid JSON",
        "Custom fields of the reader",
        "Beliebige Daten",
        "Campos personalizados",
        "任意键值对",
    ] {
        assert!(facts(text).open.is_some(), "{text}");
    }
    assert!(facts("The reader").open.is_none());
    let unit = facts_of("field", "integer", "The loan in days").unit;
    assert_eq!(unit.map(|unit| unit.value).as_deref(), Some("days"));
}

#[test]
fn evidence_is_the_place_of_the_words() {
    let text = "Über: one of `a`,\n`b`. Defaults to \"a\". Between 1 and `9`.";
    let facts = facts_of("field", "integer", text);
    let place = |span: Span| &text[span.range()];
    assert_eq!(place(facts.allowed.unwrap().evidence.span), "`a`,\n`b`");
    assert_eq!(place(facts.default.unwrap().evidence.span), "\"a\"");
    assert_eq!(
        place(facts.maximum.unwrap().evidence.span),
        "Between 1 and `9`"
    );
}

#[test]
fn a_private_character_in_the_text_shifts_no_place() {
    let text = "null\u{E000}, `null` if none";
    let span = facts(text).nullable.unwrap().span;
    assert!(text.get(span.range()).is_some());
}

fn spans(facts: &ProseFacts) -> Vec<Span> {
    let mut spans = Vec::new();
    spans.extend(facts.allowed.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.constant.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.default.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.minimum.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.maximum.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.min_length.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.max_length.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.format.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.unit.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.nullable.iter().map(|evidence| evidence.span));
    spans.extend(facts.required.iter().map(|fact| fact.evidence.span));
    spans.extend(facts.open.iter().map(|evidence| evidence.span));
    spans
}

proptest! {
    #[test]
    fn no_text_panics_and_all_places_lie_inside(parts in prop::collection::vec(prop::sample::select(vec![
        "One of ", "`a`", "`b`", ", ", " or ", "\"c\"", "'", "\"", "“", "„", "- ", "\n", "\n\n", "(", ")", "é", "或", "。", ". ",
        "null", "`null`", "Always ", "Defaults to ", "between ", "1", "-", "`9`", " and ", "100", "max ", " characters", "ISO 8601",
        "**", "|", "| Value |\n|---|\n", "&amp;", "\\`", "`", "e.g. ", "optional", "arbitrary", "in seconds", "\u{E000}", "\r\n", " ",
    ]), 0..24)) {
        let text = parts.concat();
        let facts = facts_of("field", "integer", &text);
        for span in spans(&facts) {
            prop_assert!(span.start <= span.end && span.end as usize <= text.len());
            prop_assert!(text.get(span.range()).is_some(), "{:?} of {:?}", span, text);
        }
    }

    #[test]
    fn no_characters_panic(text in "\\PC{0,80}") {
        facts(&text);
    }
}
