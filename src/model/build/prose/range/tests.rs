//! Sentences, and which bounds they state.

use crate::model::Fact;
use crate::model::build::prose::tests::{facts_of, shape};

/// Text, and what it says of the least and the most.
type Bounded<'t> = (&'t str, Option<f64>, Option<f64>);

fn assert_bounded(rows: &[Bounded<'_>]) {
    for (text, least, most) in rows {
        let facts = facts_of("field", "integer", text);
        let value = |bound: Option<Fact<f64>>| bound.map(|bound| bound.value);
        assert_eq!(
            (value(facts.minimum), value(facts.maximum)),
            (*least, *most),
            "{text}"
        );
    }
}

#[test]
fn ranges_are_bounds_of_numbers() {
    assert_bounded(&[
        ("Between 1 and 100.", Some(1.0), Some(100.0)),
        (
            "Between 60 (a minute) and 86400 (a day).",
            Some(60.0),
            Some(86400.0),
        ),
        ("Results per page (1-100)", Some(1.0), Some(100.0)),
        ("Range: `0`–`1`", Some(0.0), Some(1.0)),
        ("Min 1, max 1,000.", Some(1.0), Some(1000.0)),
        ("Must be at least 5", Some(5.0), None),
        ("Up to 500 results", None, Some(500.0)),
        ("Maximum of 50 items", None, Some(50.0)),
        ("Zwischen 1 und 100", Some(1.0), Some(100.0)),
        ("Mindestens 3.", Some(3.0), None),
        ("Entre 1 e 100", Some(1.0), Some(100.0)),
        ("máximo: 100", None, Some(100.0)),
        ("最大值为 100", None, Some(100.0)),
        ("每页数量，1 到 50 之间", Some(1.0), Some(50.0)),
        ("Einträge pro Seite, maximal 100", None, Some(100.0)),
        ("Size in bytes, at most 5000", None, Some(5000.0)),
        ("At most 100 pro accounts", None, None),
        ("A 6-digit number", None, None),
        ("Max 100 for the free plan", None, None),
        ("Up to 5 MB", None, None),
        ("Clamped between 5 and 100", None, None),
        ("Max 10. Max 20.", None, None),
        ("2020-01-02", None, None),
        ("Up to 80 characters", None, None),
        ("Must be positive.", Some(1.0), None),
        ("Must be greater than 0", Some(1.0), None),
        ("Cannot be negative.", Some(0.0), None),
        ("Must be positive if `kind` is set", None, None),
        ("Hours it will take: at most 40.", None, Some(40.0)),
        ("How many there are, 50 at most.", None, Some(50.0)),
        ("12 or more.", Some(12.0), None),
        ("20 percent max.", None, Some(20.0)),
        ("0–100 score based on how it went.", Some(0.0), Some(100.0)),
        ("How sure it is (0-1 scale)", Some(0.0), Some(1.0)),
        ("How sure it is, as a float 0–1", Some(0.0), Some(1.0)),
        ("As a decimal between 0 and 1.", Some(0.0), Some(1.0)),
        ("(0-100), or `null` if not set.", Some(0.0), Some(100.0)),
        ("Anything from 5 up to 100.", Some(5.0), Some(100.0)),
        ("1..60", Some(1.0), Some(60.0)),
        ("2 through 52.", Some(2.0), Some(52.0)),
        ("Maximum 50,000 per request.", None, Some(50_000.0)),
        ("Cannot be larger than 500.", None, Some(500.0)),
        ("Limited to 500.", None, Some(500.0)),
        ("Limited to 500 in the free plan.", None, None),
        ("The highest possible value is 250.", None, Some(250.0)),
        ("1-based.", Some(1.0), None),
        ("Starts at 1.", Some(1.0), None),
        ("Starts at 1 for new ones.", None, None),
        ("Index, zero-based; -1 if it is not found.", None, None),
        ("Always positive.", Some(1.0), None),
        ("Always positive, except for refunds.", None, None),
        ("Difference between 2024 and 2025.", None, None),
        ("0 to 1, can exceed 1 for some.", None, None),
        ("0 to 1, rounded to two places.", Some(0.0), Some(1.0)),
        ("Relevance in [0, 1].", Some(0.0), Some(1.0)),
        ("The pair in [3, 9, 27]", None, None),
        ("100, 200, … up to 1000.", None, Some(1000.0)),
        ("20 percent at most if `kind` is set.", None, None),
    ]);
}

#[test]
fn ranges_stand_beside_units_and_other_words() {
    assert_bounded(&[
        ("Frames per second, 1 to 60.", Some(1.0), Some(60.0)),
        ("Visits per day: 1-20", Some(1.0), Some(20.0)),
        (
            "How long it is kept, from 0 to 86400 seconds.",
            Some(0.0),
            Some(86400.0),
        ),
        (
            "How long we hold it, 1 to 1440. 30 if you leave it out.",
            Some(1.0),
            Some(1440.0),
        ),
        ("How long the lease runs (1–36 months).", None, None),
        (
            "Share of the day planned for this, `0` to `100` percent.",
            Some(0.0),
            Some(100.0),
        ),
        (
            "Rate in percent, 0 to 100, with at most two decimal places, such as `8.25`.",
            Some(0.0),
            Some(100.0),
        ),
        (
            "In cents. From 0 to 1000000, and 0 if you leave it out.",
            Some(0.0),
            Some(1_000_000.0),
        ),
        ("Watts, 1–350, kept to one decimal.", Some(1.0), Some(350.0)),
        ("1–1440, instead of `ends_at`.", Some(1.0), Some(1440.0)),
        ("−5 to 10.", Some(-5.0), Some(10.0)),
        ("Page number, from 1.", Some(1.0), None),
        (
            "Optional. 1 or more. If you send it, it is compared.",
            Some(1.0),
            None,
        ),
        ("Free seats on this plan. 1 to 9", Some(1.0), Some(9.0)),
        ("About 5 to 10.", None, None),
        ("1 to 5, or more if asked.", None, None),
    ]);
}

/// Kind, text, and what it says of the fewest and the most.
type Counted<'t> = (&'t str, &'t str, Option<u64>, Option<u64>);

fn assert_counted(rows: &[Counted<'_>]) {
    for (kind, text, least, most) in rows {
        let constraints = shape(kind, text).constraints;
        let value = |bound: Option<Fact<u64>>| bound.map(|bound| bound.value);
        assert_eq!(
            (
                value(constraints.min_length.clone()),
                value(constraints.max_length.clone())
            ),
            (*least, *most),
            "{text}"
        );
    }
}

#[test]
fn lengths_are_counted_in_characters_or_items() {
    assert_counted(&[
        ("string", "Max 80 characters.", None, Some(80)),
        ("string", "1-200 characters", Some(1), Some(200)),
        ("string", "The name (1-200 characters)", Some(1), Some(200)),
        ("string", "Maximum length: 20", None, Some(20)),
        ("string", "Höchstens 20 Zeichen", None, Some(20)),
        ("string", "mínimo 6 caracteres", Some(6), None),
        ("string[]", "Up to 10 items", None, Some(10)),
        ("string[]", "At least 1 tag", Some(1), None),
        ("object[]", "At least 1, at most 100.", Some(1), Some(100)),
        (
            "object[]",
            "What is ordered, 1 to 50 lines.",
            Some(1),
            Some(50),
        ),
        (
            "string[]",
            "2 to 6 names. Two if left out.",
            Some(2),
            Some(6),
        ),
        ("string[]", "Up to 5 short names", None, Some(5)),
        ("string", "1 to 50 lines.", None, None),
        (
            "string",
            "2 to 20 capital letters, digits, and hyphens.",
            Some(2),
            Some(20),
        ),
        (
            "string",
            "Two capital letters, such as `SE`.",
            Some(2),
            Some(2),
        ),
        ("string", "Must not be empty.", Some(1), None),
        (
            "string[]",
            "Cannot be empty when `kind` is set.",
            None,
            None,
        ),
        ("string", "Not longer than 60 characters.", None, Some(60)),
        ("string", "Up to 10 MB", None, None),
        ("string", "文件名，最多 255 个字符", None, Some(255)),
        ("string", "Exactly 4 characters", Some(4), Some(4)),
        (
            "string",
            "The code of the branch. 4 characters.",
            Some(4),
            Some(4),
        ),
        ("string", "The PIN: 5 digits", Some(5), Some(5)),
    ]);
}

#[test]
fn codes_of_countries_and_currencies_have_a_length() {
    for (name, text, length) in [
        ("currency", "ISO 4217 code, like SEK.", Some(3)),
        ("currency", "ISO 4217, such as `SEK`.", Some(3)),
        ("currency", "ISO 4217 code, like SEK, or a name", None),
        ("amount", "ISO 4217 code of the price, and the price", None),
        ("country", "alpha-2 as in ISO 3166-1.", Some(2)),
        ("country", "ISO 3166-1 alpha-3", Some(3)),
        ("version", "alpha-2", None),
    ] {
        let least = facts_of(name, "string", text).min_length;
        assert_eq!(least.map(|it| it.value), length, "{name}: {text}");
    }
}

#[test]
fn lengths_are_counted_in_words_of_many_kinds() {
    assert_counted(&[
        ("string", "Three-letter ISO currency code", Some(3), Some(3)),
        ("string", "The 6-digit code of the mail", Some(6), Some(6)),
        ("string", "The last 4 digits of the card", None, None),
        (
            "string",
            "Two-letter code or name of the country",
            None,
            None,
        ),
        ("string", "A year with 4 digits, and the month", None, None),
        ("string", "Letters, 10 characters minimum", Some(10), None),
        (
            "string",
            "Description, 300 characters at most.",
            None,
            Some(300),
        ),
        ("string", "40 characters or fewer.", None, Some(40)),
        ("string", "The title (80 characters max).", None, Some(80)),
        ("string", "Two decimals at most.", None, None),
        ("string", "Two to five capital letters.", Some(2), Some(5)),
        (
            "string[]",
            "Three labels at most. Without labels it is empty.",
            None,
            Some(3),
        ),
        ("string[]", "One to five tags.", Some(1), Some(5)),
        (
            "string[]",
            "Not more than eight. The order stays.",
            None,
            Some(8),
        ),
        ("integer[]", "Not more than eight.", None, None),
        (
            "string",
            "The text, at least one character and at most 20,000.",
            Some(1),
            None,
        ),
        (
            "string",
            "At least one character that is a digit.",
            None,
            None,
        ),
        (
            "string",
            "Small letters, digits and single dashes, at most 60 characters.",
            None,
            Some(60),
        ),
        (
            "string",
            "3 to 9 characters: capital letters and digits, beginning with a letter or digit.",
            Some(3),
            Some(9),
        ),
        (
            "string",
            "At most 9 characters: capital letters and digits.",
            None,
            Some(9),
        ),
        ("string", "On request: at most 9 characters.", None, None),
        ("string", "Shown to five users at most.", None, None),
        (
            "string",
            "What the shelf is about, up to 500 characters.",
            None,
            Some(500),
        ),
    ]);
}

#[test]
fn lengths_stand_beside_other_things_that_are_said() {
    assert_counted(&[
        ("string", "About 500 characters", None, None),
        ("string", "Up to about 500 characters", None, None),
        (
            "string",
            "Makes it safe to repeat the request. 1 to 64 letters, digits, `-` or `_`.",
            Some(1),
            Some(64),
        ),
        (
            "string",
            "A value of your choice, 1–64 characters, that makes retries safe.",
            Some(1),
            Some(64),
        ),
        (
            "string",
            "What is painted on it. 1–12 of `A-Z`, `0-9`, `-`.",
            Some(1),
            Some(12),
        ),
        (
            "string",
            "Spaces are removed; 2–10 of `A-Z`, `0-9` must remain.",
            None,
            None,
        ),
        (
            "string",
            "Country code: exactly two upper-case letters, such as `IE`.",
            Some(2),
            Some(2),
        ),
        (
            "string[]",
            "What to show, 1 to 10 of them, in the order in which they appear.",
            Some(1),
            Some(10),
        ),
        ("array", "Up to 8.", None, Some(8)),
    ]);
}

#[test]
fn lists_are_counted_beside_what_is_said_of_each_item() {
    for (text, least, most) in [
        (
            "2 to 10 labels of up to 50 characters. No label twice.",
            Some(2),
            Some(10),
        ),
        ("1 to 5 lines of at most 80 characters", Some(1), Some(5)),
        (
            "At most 8 labels of 1 to 24 characters each.",
            None,
            Some(8),
        ),
        ("Up to 8 labels, each at most 24 characters.", None, Some(8)),
        (
            "No more than 8 labels, each 1 to 24 characters long.",
            None,
            Some(8),
        ),
        (
            "Max 8 entries with up to 24 characters each. Kept in order.",
            None,
            Some(8),
        ),
        (
            "At most 8 labels, each with 1 to 24 lower-case letters, digits, or hyphens. Twice counts once.",
            None,
            Some(8),
        ),
        ("At most 8 for each account.", None, None),
        ("Ids of choices. At least one, none twice.", Some(1), None),
        ("One or more.", Some(1), None),
        (
            "At least one of them has to be sent if there is no name.",
            None,
            None,
        ),
    ] {
        let facts = facts_of("choices", "string[]", text);
        let value = |bound: Option<Fact<u64>>| bound.map(|bound| bound.value);
        let found = (value(facts.min_length), value(facts.max_length));
        assert_eq!(found, (least, most), "{text}");
    }
}
